"""Who installs the app: when, where, through which channel, on what."""

from functools import lru_cache

import numpy as np

from twoworlds.worlds import timeline
from twoworlds.worlds.streams import pick_by_group
from twoworlds.worlds.swiftfare.parameters import DEVICES, QUARTERS


def panel_size(parameters, scale):
    """Installs in the panel at a scale (a positive number)."""
    return max(1, round(parameters.panel_installs * scale))


def install_weights(parameters, seed):
    """Relative number of installs on each day of the window: growth, season, weekday, good and bad days."""
    days = timeline.WINDOW_START + np.arange(timeline.WINDOW_DAYS)
    per_mille = (
        1000 + np.arange(timeline.WINDOW_DAYS) * round((parameters.growth - 1) * 1000) // timeline.WINDOW_DAYS
    )
    season = np.array(parameters.install_season)[timeline.month_of_year(days)]
    week = np.array(parameters.install_weekday)[timeline.weekday(days)]
    return per_mille * season * week * timeline.day_to_day_noise(seed, "swiftfare.installs", days)


@lru_cache(maxsize=4)
def installed_by(parameters, seed, scale):
    """How many of the panel have come by the end of each day of the window (days,), read only."""
    found = timeline.arrived_by(panel_size(parameters, scale), install_weights(parameters, seed))
    found.setflags(write=False)
    return found


def _install_days(parameters, seed, scale, first, after):
    """Day of each install from position `first` on to that before `after`, in order."""
    by_day = np.clip(installed_by(parameters, seed, scale), first, after)
    return np.repeat(timeline.WINDOW_START + np.arange(len(by_day)), np.diff(by_day, prepend=first))


def make_users(parameters, streams, scale):
    """The installs of a block: a dict of arrays (n,) of numbers, days, positions in the parameters' lists."""
    size, width = panel_size(parameters, scale), parameters.users_per_block
    first, after = streams.block * width, min((streams.block + 1) * width, size)
    n = after - first
    country = streams.pick("users", "country", n, parameters.country_share)
    quarter = streams.pick("users", "quarter", n, parameters.quarter_share)
    device_shares = [(1 - share, share) for share in parameters.ios_share]
    return {
        "user_id": np.arange(first, after)
        + 1,  # in the order of installs, so that a referrer's number is the smaller one
        "installed_on": _install_days(parameters, streams.seed, scale, first, after),
        "country": country,
        "region": country * len(QUARTERS) + quarter,
        "channel": streams.pick("users", "channel", n, parameters.channel_share),
        "device": pick_by_group(streams.draws("users", "device", n), country, device_shares),
    }


def firsts(rows):
    """Position of the first row of each user (rows: sorted positions of users)."""
    starts = np.ones(len(rows), dtype=bool)
    np.not_equal(rows[1:], rows[:-1], out=starts[1:])
    return np.flatnonzero(starts)


def numbered(rows):
    """Number of each row inside its user, from 1 on (rows: sorted positions of users)."""
    starts = firsts(rows)
    return np.arange(1, len(rows) + 1) - np.repeat(starts, np.diff(starts, append=len(rows)))


def is_ios(users):
    return users["device"] == DEVICES.index("ios")
