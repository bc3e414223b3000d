"""Releases, experiments by account, member activity, support tickets."""

import numpy as np

from twoworlds.worlds.blocks import OF_BLOCK, only_in_first, together
from twoworlds.worlds.cells import Coded
from twoworlds.worlds.pipewright import activity, releases, tickets
from twoworlds.worlds.pipewright.product_parameters import ARMS, OUTCOMES

REDESIGN, AA = 1, 2


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


def _arms(experiment, tested, treated):
    """The accounts of a test and their arms. tested: table with the accounts; treated: (n,) booleans."""
    return {
        OF_BLOCK: tested[OF_BLOCK],
        "experiment_id": np.full(len(treated), experiment),
        "account_id": tested["account_id"],
        "arm": Coded(treated.astype(np.int64), ARMS),
    }


def make_product(parameters, streams, scale, parts):
    """All rows of some blocks. parts: what they hold already (see world.py). Returns (tables, oracle)."""
    accounts, usage = parts["accounts"], parts["usage"]
    log, chances = releases.make_releases(parameters, streams.seed)
    tests = make_experiments(parameters)
    arms, both_outcomes = parts["redesign"]
    used, shares = activity.make_activity(
        parameters, streams, accounts, parts["members"], parts["member_weeks"], usage
    )
    in_aa = _arms(AA, shares, activity.treated(streams.seed, shares["account_id"]))
    tables = {
        "releases": only_in_first(streams, log),
        "experiments": only_in_first(streams, tests),
        "arms": together([_arms(REDESIGN, arms, arms["treated"]), in_aa]),
        "activity": used,
        "tickets": tickets.make_tickets(parameters, streams, accounts, usage),
    }
    oracle = {
        "releases": only_in_first(streams, chances),
        "redesign": both_outcomes,
        "forecast_shares": shares,
    }
    return tables, oracle
