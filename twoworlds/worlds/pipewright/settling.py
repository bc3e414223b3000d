"""The deals of a territory with their days, settled among those of the whole company."""

from functools import lru_cache

import numpy as np

from twoworlds.worlds import timeline
from twoworlds.worlds.pipewright import accounts as signing
from twoworlds.worlds.pipewright import census, executives, pipeline

_GROUP = 8  # territories that are settled in one go: those of a part (see parts.py)
_OF_COMPANY = ("account_id", "executive_id", "size", "fate", "seats", "seat_price_cents")
_OF_ARM = ("fit", "pm_joined", "capital", "group", "stakeholders", "yes")  # in the test of messages, or out


@lru_cache(maxsize=2)
def _settle_group(parameters, seed, scale, group):
    """The settled deals of territories that follow each other: a list of dicts."""
    blocks = range(signing.territories(parameters, scale))[group * _GROUP : (group + 1) * _GROUP]
    loads = census.whole(parameters, seed, scale)["loads"]
    parts = pipeline.own_deals(parameters, seed, scale, blocks)
    own = pipeline.joined(parts)
    tested, opened, entered, closes = pipeline.rounds(
        parameters, executives.capacities(parameters, scale), own, loads
    )
    arm, rows = tested.astype(np.int64), np.arange(len(tested))
    whole = {
        **{name: own[name] for name in _OF_COMPANY},
        **{name: own[name][arm, rows] for name in _OF_ARM},
        "tested": tested,
        "created_on": opened,
        "closes_on": closes,
        "entered": np.where(entered < closes[:, None], entered, pipeline.NEVER),
    }
    edges = np.cumsum([0] + [len(part["fate"]) for part in parts])
    return [
        {name: values[first:last] for name, values in whole.items()}
        for first, last in zip(edges[:-1], edges[1:], strict=True)
    ]


def settle(parameters, seed, scale, block):
    """The deals of a territory: a dict of arrays, an entry a deal."""
    group, place = divmod(block, _GROUP)
    return _settle_group(parameters, seed, scale, group)[place]


def accounts_with_deal(settled):
    """Accounts of a territory with which a deal was opened by the window's end. settled: see settle."""
    return settled["account_id"][settled["created_on"] <= timeline.WINDOW_END]
