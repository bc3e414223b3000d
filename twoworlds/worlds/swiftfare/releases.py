"""The release log: company-wide, small releases several a week after half a year of trains.

The log is drawn on its own but for two releases of the web site: those on the days on which the affiliates'
step breaks and is mended.
"""

import numpy as np

from twoworlds.worlds import lookup, timeline
from twoworlds.worlds.cells import NO_NUMBER, Coded
from twoworlds.worlds.streams import cut_points, hash_draws, threshold
from twoworlds.worlds.swiftfare.research_parameters import AREAS, LINK_RELEASES, VISIBLE, WEBSITE

_FLAGGED, _SMALL, _TRAIN = 0, 1, 2  # rows of `recovers_minutes`
_QUIET_DAYS = 12  # before a year's end nothing ships
_MILLION = 1_000_000


def chance_fails(parameters, changes):
    """Chance, in millionths, that at least one of a release's changes breaks something (changes: (n,))."""
    unharmed, chances = 1.0, [0]
    for _ in range(int(changes.max())):
        unharmed *= 1 - parameters.change_fails
        chances.append(int(round((1 - unharmed) * _MILLION)))
    return np.array(chances, dtype=np.int64)[changes]


def link_days(parameters):
    """Days of LINK_RELEASES."""
    return parameters.broken_start, parameters.mended_on


def _days(parameters, draws_of):
    """Days with a release, in order."""
    days = np.arange(timeline.WINDOW_START, timeline.WINDOW_END + 1)
    limit = threshold(np.array(parameters.releases_on))[timeline.weekday(days)]
    quiet = (timeline.month_of_year(days) == 11) & (timeline.day_of_month(days) > 31 - _QUIET_DAYS)
    small = (days >= parameters.weekly_start) & ~quiet & (draws_of("ships", days) < limit)
    planned = [*parameters.train_days, *(day for _, _, day in VISIBLE), *link_days(parameters)]
    forced = np.isin(days, planned)
    return days[small | forced]


def make_releases(parameters, seed):
    """One row a release. Returns (table, oracle: planted chances to fail)."""

    def draws_of(column, days):
        return hash_draws(seed, f"swiftfare.releases.{column}", days)

    day = _days(parameters, draws_of)
    n = len(day)
    is_train = np.isin(day, parameters.train_days)
    seen = {visible_day: (name, area) for name, area, visible_day in VISIBLE}
    visible = np.array([one in seen for one in day.tolist()])

    small = 1 + lookup.value(parameters.small_changes_table, draws_of("changes", day))
    low, high = parameters.train_changes
    large = low + (draws_of("train_changes", day) * (high - low + 1) >> 32)
    changes = np.where(is_train, large, small + parameters.visible_changes * visible)

    of_links = np.isin(day, link_days(parameters))
    flagged = (
        ~is_train & ~of_links & (visible | (draws_of("flagged", day) < threshold(parameters.flagged_share)))
    )
    step = np.searchsorted(cut_points(parameters.exposed_share), draws_of("exposed", day), side="right")
    exposed = np.where(flagged, np.array(parameters.exposed_percent)[step], 100)

    # What the redirect broke nobody saw at the time, so that the log has no failure there; nor has the mend.
    chance = np.where(of_links, 0, chance_fails(parameters, changes))
    failed = draws_of("failed", day) < (chance << 32) // _MILLION
    kind = np.where(is_train, _TRAIN, np.where(flagged, _FLAGGED, _SMALL))
    mean = np.array(parameters.recovers_minutes)[kind]
    minutes = 1 + lookup.scaled("exponential", draws_of("recovered", day), mean)
    lead = np.array(parameters.lead_hours)[is_train.astype(np.int64)]
    area = draws_of("area", day) * len(AREAS) >> 32
    names = [f"Release {number + 1}" for number in range(n)]
    for place in np.flatnonzero(visible).tolist():
        name, of_area = seen[int(day[place])]
        names[place], area[place] = name, AREAS.index(of_area)
    area = np.where(is_train, -1, area)
    for place, name in zip(np.flatnonzero(of_links).tolist(), LINK_RELEASES, strict=True):
        names[place], area[place] = name, len(AREAS)
    table = {
        "release_id": np.arange(n) + 1,
        "name": names,
        "area": Coded(area, (*AREAS, WEBSITE)),
        "live_on": day,
        "changes": changes,
        "lead_hours": 1 + lookup.scaled(parameters.lead_hours_table, draws_of("lead", day), lead),
        "visible": visible,
        "flagged": flagged,
        "exposed_percent": exposed,
        "failed": failed,
        "recovered_minutes": np.where(failed, minutes, NO_NUMBER),
    }
    return table, {"release_id": table["release_id"], "chance_fails": chance}
