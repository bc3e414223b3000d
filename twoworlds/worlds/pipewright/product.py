"""Releases, experiments by account, member activity, support tickets."""

import numpy as np

from twoworlds.worlds.cells import Coded, length, take_rows
from twoworlds.worlds.pipewright import activity, releases, tickets
from twoworlds.worlds.pipewright.product_parameters import ARMS, OUTCOMES

REDESIGN, AA = 1, 2


def _company_wide(table, block):
    """A table that descends from no account: whole in the first block, without a row in all others."""
    if block == 0:
        return dict(table)
    return take_rows(table, np.zeros(length(next(iter(table.values()))), dtype=bool))


def make_experiments(parameters):
    """The table of tests."""
    starts = np.array([parameters.redesign_start, parameters.aa_start])
    weeks = np.array([parameters.redesign_weeks, parameters.aa_weeks])
    return {
        "experiment_id": np.array([REDESIGN, AA]),
        "name": ["Pipeline redesign", "A/A"],
        "unit": Coded(np.array([0, 0]), ("account",)),
        "outcome": Coded(np.array([0, 1]), OUTCOMES),
        "started_on": starts,
        "ended_on": starts + 7 * weeks - 1,
        "planned_treatment_percent": np.array([50, 50]),
    }


def make_product(parameters, streams, scale, parts):
    """All rows of a block. parts: what the block holds already (see world.py). Returns (tables, oracle)."""
    accounts, usage = parts["accounts"], parts["usage"]
    log, chances = releases.make_releases(parameters, streams.seed)
    tests = make_experiments(parameters)
    arms, both_outcomes = parts["redesign"]
    used, shares = activity.make_activity(
        parameters, streams, accounts, parts["members"], parts["member_weeks"], usage
    )
    in_aa = shares["account_id"]
    tables = {
        "releases": _company_wide(log, streams.block),
        "experiments": _company_wide(tests, streams.block),
        "arms": {
            "experiment_id": np.repeat([REDESIGN, AA], [len(arms["account_id"]), len(in_aa)]),
            "account_id": np.r_[arms["account_id"], in_aa],
            "arm": Coded(
                np.r_[arms["treated"], activity.treated(streams.seed, in_aa)].astype(np.int64), ARMS
            ),
        },
        "activity": used,
        "tickets": tickets.make_tickets(parameters, streams, accounts, usage),
    }
    oracle = {
        "releases": _company_wide(chances, streams.block),
        "redesign": both_outcomes,
        "forecast_shares": shares,
    }
    return tables, oracle
