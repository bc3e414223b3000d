"""The deals of some territories with their days, settled among those of the whole company."""

import numpy as np

from twoworlds.worlds import timeline
from twoworlds.worlds.blocks import OF_BLOCK
from twoworlds.worlds.pipewright import census, executives, pipeline

_OF_COMPANY = (OF_BLOCK, "account_id", "executive_id", "size", "fate", "seats", "seat_price_cents")
_OF_ARM = ("fit", "pm_joined", "capital", "group", "stakeholders", "yes")  # in the test of messages, or out


def settle(parameters, seed, scale, blocks):
    """The deals of some territories: a dict of arrays, an entry a deal. blocks: a sequence of numbers."""
    loads = census.whole(parameters, seed, scale)["loads"]
    own = pipeline.territories(parameters, seed, scale, blocks)[3]
    tested, opened, entered, closes = pipeline.rounds(
        parameters, executives.capacities(parameters, scale), own, loads
    )
    arm, rows = tested.astype(np.int64), np.arange(len(tested))
    return {
        **{name: own[name] for name in _OF_COMPANY},
        **{name: own[name][arm, rows] for name in _OF_ARM},
        "tested": tested,
        "created_on": opened,
        "closes_on": closes,
        "entered": np.where(entered < closes[:, None], entered, pipeline.NEVER),
    }


def accounts_with_deal(settled):
    """Accounts with which a deal was opened by the window's end. settled: see settle."""
    return settled["account_id"][settled["created_on"] <= timeline.WINDOW_END]
