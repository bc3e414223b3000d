"""The redesign of the pipeline page: which account has it from when, and what it does to its work.

An account is in one arm as a whole, since colleagues share the page. The redesign multiplies the records that
the account edits in a week; it changes nothing else.
"""

import numpy as np

from twoworlds.worlds import lookup
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


def make_redesign(parameters, seed, accounts, lives, usage):
    """The account-weeks with what the redesign did to them, the test's arms, and both outcomes.

    Returns (usage, arms, truth): usage as before but for `records_edited`; arms: "account_id", "treated";
    truth: the arms' accounts, and their records over the test with the old and with the new page.
    """
    row = np.searchsorted(accounts["account_id"], usage["account_id"])
    chosen = in_test(parameters, accounts, lives)
    first = chosen & treated(seed, accounts["account_id"])
    starts = np.where(first, parameters.redesign_start, parameters.redesign_for_all)
    factor = multiplier(parameters, (usage["week"] - starts[row]) // 7)
    knows_no_other = (accounts["signed_on"] >= parameters.redesign_for_all)[row]
    factor = np.where(knows_no_other, _MILLION + round(parameters.redesign_steady * _MILLION), factor)
    records = usage["records_edited"]
    shown = {**usage, "records_edited": _times(records, factor)}

    week = (usage["week"] - parameters.redesign_start) // 7
    during = (week >= 0) & (week < parameters.redesign_weeks)
    with_new = _times(records, multiplier(parameters, week))

    def over_test(values):
        # Whole numbers below 2**53 are exact in the floats that bincount sums.
        sums = np.bincount(row[during], weights=values[during], minlength=len(chosen))
        return sums.astype(np.int64)[chosen]

    account_id = accounts["account_id"][chosen]
    truth = {
        "account_id": account_id,
        "records_old_page": over_test(records),
        "records_new_page": over_test(with_new),
    }
    return shown, {"account_id": account_id, "treated": first[chosen]}, truth
