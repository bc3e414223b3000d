"""The A/A test's members, week by week: who used the product, and who opened the forecast page.

Days of use are those that the account-weeks are made of, so both tables agree. Whether a member opens the
forecast page depends on the account: habits are shared.
"""

import numpy as np

from twoworlds.worlds import lookup
from twoworlds.worlds.blocks import OF_BLOCK
from twoworlds.worlds.pipewright.usage import FIRST_MONDAY, TOTAL_WEEKS, WEEKS_BEFORE, runs
from twoworlds.worlds.streams import ONE, hash_draws, threshold


def in_test(parameters, usage):
    """Numbers of the accounts of the right size on the test's first day, in order."""
    least, most = parameters.aa_seats
    first_week = np.flatnonzero(usage["week"] == parameters.aa_start)
    seats = usage["seats"][first_week]
    return usage["account_id"][first_week[(seats >= least) & (seats <= most)]]


def treated(seed, account_id):
    """Whether an account is in the treatment arm, by a hash of its number; (n,) booleans."""
    return hash_draws(seed, "pipewright.arms.aa", account_id) < 1 << 31


def _weeks_with_use(parameters, members, member_weeks, chosen):
    """The test's weeks in which members used the product: member, week, days; (n,) each, member by member.

    chosen: (accounts,) booleans, those in the test. A member holds no seat without a contract, so all stand
    among the account-weeks.
    """
    start = (parameters.aa_start - FIRST_MONDAY) // 7 + WEEKS_BEFORE
    first, held = member_weeks.first, member_weeks.held
    from_week = np.maximum(first, start)
    weeks = np.minimum(first + held, start + parameters.aa_weeks) - from_week
    weeks = np.maximum(0, weeks) * chosen[members["row"]]
    place = runs(np.cumsum(held) - held + from_week - first, weeks)
    used = np.flatnonzero(member_weeks.days_used[place])
    member, place = np.repeat(np.arange(len(held)), weeks)[used], place[used]
    return member, member_weeks.cell[place] % TOTAL_WEEKS, member_weeks.days_used[place].astype(np.int64)


def make_activity(parameters, streams, accounts, members, member_weeks, usage):
    """One row a member and week with use. Returns (table, truth: each account's planted share)."""
    chosen = np.zeros(len(accounts["account_id"]), dtype=bool)
    chosen[np.searchsorted(accounts["account_id"], in_test(parameters, usage))] = True
    share = lookup.value(
        parameters.forecast_table, streams.draws("activity", "share", streams.rows(accounts[OF_BLOCK]))
    )  # millionths
    member, week, days = _weeks_with_use(parameters, members, member_weeks, chosen)
    of_block = members[OF_BLOCK][member]
    n = streams.rows(of_block)

    # A member who opens it does so in one week at least, each of the weeks with use as likely.
    weeks = np.bincount(member, minlength=len(members["row"]))
    some = np.flatnonzero(weeks)
    weeks = weeks[some]
    people = streams.rows(members[OF_BLOCK])
    limit = (share * ONE // lookup.UNIT)[members["row"][some]]
    opens = streams.draws("activity", "opens", people, some) < limit
    sure = streams.draws("activity", "sure_week", people, some) * weeks >> 32
    often = streams.happens("activity", "again", threshold(parameters.forecast_again), n)
    often[np.cumsum(weeks) - weeks + sure] = True
    often &= np.repeat(opens, weeks)
    times = 1 + streams.pick("activity", "times", n, parameters.forecast_times)
    table = {
        OF_BLOCK: of_block,
        "member_id": members["member_id"][member],
        "week": FIRST_MONDAY + 7 * (week - WEEKS_BEFORE),
        "days_active": days,
        "forecasts_opened": times * often,
    }
    truth = {
        OF_BLOCK: accounts[OF_BLOCK][chosen],
        "account_id": accounts["account_id"][chosen],
        "planted_share": share[chosen],
    }
    return table, truth
