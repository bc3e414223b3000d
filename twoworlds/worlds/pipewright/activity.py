"""The A/A test's members, week by week: who used the product, and who opened the forecast page.

Days of use are those that the account-weeks are made of, so both tables agree. Whether a member opens the
forecast page depends on the account: habits are shared.
"""

import numpy as np

from twoworlds.worlds import lookup
from twoworlds.worlds.pipewright.usage import FIRST_MONDAY, WEEKS_BEFORE
from twoworlds.worlds.streams import ONE, hash_draws, threshold


def in_test(parameters, usage):
    """Numbers of the accounts of the right size on the test's first day, in order."""
    least, most = parameters.aa_seats
    size = (usage["seats"] >= least) & (usage["seats"] <= most)
    return usage["account_id"][size & (usage["week"] == parameters.aa_start)]


def treated(seed, account_id):
    """Whether an account is in the treatment arm, by a hash of its number; (n,) booleans."""
    return hash_draws(seed, "pipewright.arms.aa", account_id) < 1 << 31


def make_activity(parameters, streams, accounts, members, member_weeks, usage):
    """One row a member and week with use. Returns (table, truth: each account's planted share)."""
    chosen = np.isin(accounts["account_id"], in_test(parameters, usage))
    share = lookup.value(
        parameters.forecast_table, streams.draws("activity", "share", len(chosen))
    )  # millionths

    member, row, week, days = member_weeks
    first = (parameters.aa_start - FIRST_MONDAY) // 7 + WEEKS_BEFORE
    kept = chosen[row] & (days > 0) & (week >= first) & (week < first + parameters.aa_weeks)
    # An account that leaves in mid-week has no account-week there.
    key = usage["account_id"] * 100_000 + usage["week"]
    monday = FIRST_MONDAY + 7 * (week - WEEKS_BEFORE)
    kept[kept] = np.isin(accounts["account_id"][row[kept]] * 100_000 + monday[kept], key)
    member, row, monday, days = member[kept], row[kept], monday[kept], days[kept]
    n = len(member)

    # A member who opens it does so in one week at least, each of the weeks with use as likely.
    people = len(members["member_id"])
    opens = streams.draws("activity", "opens", people) < (share[members["row"]] * ONE // lookup.UNIT)
    starts = np.flatnonzero(np.r_[True, member[1:] != member[:-1]]) if n else np.zeros(0, dtype=np.int64)
    weeks = np.diff(np.r_[starts, n])
    place = np.arange(n) - np.repeat(starts, weeks)
    sure = np.repeat(streams.draws("activity", "sure_week", people)[member[starts]] * weeks >> 32, weeks)
    again = streams.happens("activity", "again", threshold(parameters.forecast_again), n)
    times = 1 + streams.pick("activity", "times", n, parameters.forecast_times)
    table = {
        "member_id": members["member_id"][member],
        "week": monday,
        "days_active": days,
        "forecasts_opened": np.where(opens[member] & ((place == sure) | again), times, 0),
    }
    truth = {"account_id": accounts["account_id"][chosen], "planted_share": share[chosen]}
    return table, truth
