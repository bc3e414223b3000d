"""Pipewright's log of releases: company-wide, read by every block, since a failure brings tickets."""

from functools import lru_cache

import numpy as np

from twoworlds.worlds import lookup, timeline
from twoworlds.worlds.cells import NO_NUMBER
from twoworlds.worlds.pipewright.product_parameters import VISIBLE_NAMES
from twoworlds.worlds.streams import ONE, hash_draws, threshold

_FLAGGED, _PLAIN, _VISIBLE = 0, 1, 2  # positions in `recovers_minutes`


def _from_to(draws, limits):
    low, high = limits
    return low + (draws * (high - low + 1) >> 32)


def chance_to_fail(parameters, changes):
    """1 - (1 - p) ** changes, by repeated products. Returns floats (n,)."""
    holds = np.cumprod(np.r_[1.0, np.full(int(changes.max()), 1 - parameters.change_fails)])
    return 1 - holds[changes]


@lru_cache(maxsize=2)
def make_releases(parameters, seed):
    """All releases in the order of days. Returns (table, oracle): dicts of arrays, to be read only."""
    live = np.arange(parameters.release_first, timeline.WINDOW_END + 1, parameters.release_every)
    number = np.arange(1, len(live) + 1)

    def draws(column):
        return hash_draws(seed, f"pipewright.releases.{column}", number)

    visible = np.isin(live, parameters.release_visible)
    test = live == parameters.redesign_start
    changes = np.where(
        visible,
        _from_to(draws("changes"), parameters.release_changes_visible),
        _from_to(draws("changes"), parameters.release_changes),
    )
    median = np.where(visible, parameters.release_lead_hours_visible, parameters.release_lead_hours)
    lead = np.maximum(1, lookup.scaled(parameters.release_lead_table, draws("lead"), median))
    flagged = ~visible & ((draws("flagged") < threshold(parameters.release_flagged)) | test)
    few = np.array(parameters.release_exposed)[draws("exposed") * len(parameters.release_exposed) >> 32]
    exposed = np.where(test, 50, np.where(flagged, few, 100))
    chance = chance_to_fail(parameters, changes)
    failed = draws("breaks") < threshold(chance)
    sort = np.where(visible, _VISIBLE, np.where(flagged, _FLAGGED, _PLAIN))
    minutes = np.array(parameters.recovers_minutes)[sort]
    minutes = np.maximum(1, lookup.scaled(parameters.recovers_table, draws("recovers"), minutes))
    names = iter(VISIBLE_NAMES)
    table = {
        "release_id": number,
        "name": [
            next(names) if seen else "Pipeline redesign test" if tried else f"Deploy {deploy}"
            for deploy, seen, tried in zip(number.tolist(), visible.tolist(), test.tolist(), strict=True)
        ],
        "live_on": live,
        "changes": changes,
        "lead_hours": lead,
        "visible": visible,
        "flagged": flagged,
        "exposed_percent": exposed,
        "design_partners_first": visible & (draws("partners") < threshold(parameters.release_partners_first)),
        "failed": failed,
        "recovered_minutes": np.where(failed, minutes, NO_NUMBER),
    }
    oracle = {"release_id": number, "chance_fails": np.rint(chance * lookup.UNIT).astype(np.int64)}
    return table, oracle


def exposed(seed, release_id, share, account_id):
    """Whether an account has a release from its first day on. All (n,); share in %."""
    keys = release_id * 1_000_000 + account_id
    return hash_draws(seed, "pipewright.releases.has", keys) * 100 < share * ONE
