"""The redesign of the pipeline page: which account has it from when, and what it does to its work.

An account is in one arm as a whole, since colleagues share the page. The redesign multiplies the records that
the account edits in a week; it changes nothing else.
"""

from functools import lru_cache

import numpy as np

from twoworlds.worlds import lookup, timeline
from twoworlds.worlds.blocks import OF_BLOCK
from twoworlds.worlds.pipewright.usage import weeks_of_accounts
from twoworlds.worlds.streams import hash_draws

_MILLION = lookup.UNIT


def in_test(parameters, accounts, lives):
    """Accounts that pay on the test's first day; (n,) booleans."""
    return (accounts["signed_on"] <= parameters.redesign_start) & (lives.left_on > parameters.redesign_start)


def treated(seed, account_id):
    """Whether an account would be in the treatment arm, by a hash of its number; (n,) booleans."""
    return hash_draws(seed, "pipewright.arms.redesign", account_id) < 1 << 31


def multiplier(parameters, week):
    """What the records edited are multiplied by, in millionths, in each of the weeks with the redesign.

    week: (n,) from 0 on; 1,000,000 in weeks before it (negative ones).
    """
    fading = np.array([*parameters.redesign_fading, 0])[np.clip(week, 0, len(parameters.redesign_fading))]
    steady, aversion = (
        round(share * _MILLION) for share in (parameters.redesign_steady, parameters.redesign_aversion)
    )
    return np.where(week < 0, _MILLION, _MILLION + steady - aversion * fading // _MILLION)


def planted(parameters):
    """What the test is to find, relative to the old design: by week, over the first two and last four."""
    weeks = multiplier(parameters, np.arange(parameters.redesign_weeks)) / _MILLION - 1
    return {
        "by_week": [round(float(value), 6) for value in weeks],
        "first_two_weeks": round(float(weeks[:2].mean()), 6),
        "last_four_weeks": round(float(weeks[-4:].mean()), 6),
    }


def _times(records, factor):
    return (records * factor + _MILLION // 2) // _MILLION


@lru_cache(maxsize=4)
def _factors(parameters):
    """The multiplier on each day of the window: (3, days), for accounts that have the redesign when all have
    it, from the test on, and from their signing on."""
    days = timeline.WINDOW_START + np.arange(timeline.WINDOW_DAYS)
    starts = np.array([[parameters.redesign_for_all], [parameters.redesign_start]])
    no_other = np.full((1, len(days)), _MILLION + round(parameters.redesign_steady * _MILLION))
    factors = np.concatenate([multiplier(parameters, (days - starts) // 7), no_other])
    factors.setflags(write=False)
    return factors


def make_redesign(parameters, seed, accounts, lives, usage):
    """The account-weeks with what the redesign did to them, the test's arms, and both outcomes.

    Returns (usage, arms, truth): usage as before but for `records_edited`; arms: "account_id", "treated";
    truth: the arms' accounts, and their records over the test with the old and with the new page.
    """
    chosen = in_test(parameters, accounts, lives)
    first = chosen & treated(seed, accounts["account_id"])
    history = np.where(accounts["signed_on"] >= parameters.redesign_for_all, 2, first)
    weeks = weeks_of_accounts(accounts, usage)
    place = np.repeat(history * timeline.WINDOW_DAYS - timeline.WINDOW_START, weeks) + usage["week"]
    records = usage["records_edited"]
    shown = {**usage, "records_edited": _times(records, _factors(parameters).ravel().take(place))}

    since = usage["week"] - parameters.redesign_start
    during = np.flatnonzero((since >= 0) & (since < 7 * parameters.redesign_weeks))
    row = np.repeat(np.arange(len(chosen)), weeks)[during]
    old = records[during]

    def over_test(values):
        # Whole numbers below 2**53 are exact in the floats that bincount sums.
        return np.bincount(row, weights=values, minlength=len(chosen)).astype(np.int64)[chosen]

    keys = {OF_BLOCK: accounts[OF_BLOCK][chosen], "account_id": accounts["account_id"][chosen]}
    truth = {
        **keys,
        "records_old_page": over_test(old),
        "records_new_page": over_test(_times(old, multiplier(parameters, since[during] // 7))),
    }
    return shown, {**keys, "treated": first[chosen]}, truth
