"""Customer success before a renewal: the health review, and who is then called.

The contact saves accounts, and yet no contract moves. The chance to leave at a renewal is the mean over
accounts with and without the contact; it is split into the two chances it is made of,

    p = share * p_touched + (1 - share) * p_untouched      with p_touched = ratio * p_untouched

where `share` is the chance of a contact at the account's health and size. Whether this account was contacted
is then drawn from what Bayes' rule gives for its known outcome. Contact, outcome and risk have the same joint
distribution as if the contact had been drawn first by health and size alone and the outcome afterwards.
"""

import numpy as np

from twoworlds.worlds import lookup, timeline
from twoworlds.worlds.cells import Coded
from twoworlds.worlds.pipewright.accounts import leaving_limits
from twoworlds.worlds.pipewright.contracts import billing_days, is_known
from twoworlds.worlds.pipewright.parameters import HEALTH_BANDS
from twoworlds.worlds.streams import ONE

_MILLION = lookup.UNIT


def _health(parameters, usage, account_id, reviewed_on):
    """Active members over seats in the whole weeks before a review, in %, and how many such weeks there are.

    account_id, reviewed_on: (n,). Returns two (n,) arrays of whole numbers; health is 0 without a week.
    """
    key = usage["account_id"] * 100_000 + usage["week"]  # sorted: the table goes by account and week
    behind = np.searchsorted(key, account_id * 100_000 + reviewed_on)  # the reviews' own week is not over
    start = np.searchsorted(key, account_id * 100_000 + reviewed_on - 7 * parameters.health_weeks)
    active, seats = (np.r_[0, np.cumsum(usage[name])] for name in ("active_members", "seats"))
    paid = seats[behind] - seats[start]
    return 100 * (active[behind] - active[start]) // np.maximum(1, paid), behind - start


def _renewals(parameters, accounts, lives):
    """Renewals of annual and longer terms whose review falls into the window: account row, month of life,
    day of the renewal, day of the review; accounts that still have a contract at the review."""
    days = billing_days(accounts, lives)
    month = np.arange(days.shape[1])
    term = accounts["term_months"][:, None]
    review = (days // 7 * 7 + 4) - 7 * parameters.review_weeks_before  # day 4 was a Monday
    chosen = (month > 0) & (term >= 12) & (month % term == 0) & is_known(accounts, lives)[:, None]
    chosen &= (review >= timeline.WINDOW_START) & (review + parameters.touch_days <= timeline.WINDOW_END)
    chosen &= review < lives.left_on[:, None]
    row, month = np.nonzero(chosen)
    return row, month, days[row, month], review[row, month]


def make_touches(parameters, streams, accounts, lives, usage):
    """One row a health review. Returns (table, truth): dicts of columns."""
    row, month, renewal, review = _renewals(parameters, accounts, lives)
    health, weeks = _health(parameters, usage, accounts["account_id"][row], review)
    full = weeks == parameters.health_weeks
    row, month, renewal, review, health = (part[full] for part in (row, month, renewal, review, health))
    n = len(row)
    band = np.searchsorted(np.array(parameters.health_limits), health, side="right")
    share = np.rint(np.array(parameters.touched_share) * _MILLION).astype(np.int64)
    share = share[accounts["size"][row], band]

    at_renewal = (leaving_limits(parameters, accounts)[0] * _MILLION // ONE)[row]
    ratio = round(parameters.touched_leaves_ratio * _MILLION)
    untouched = at_renewal * _MILLION // (_MILLION - share * (_MILLION - ratio) // _MILLION)
    untouched = np.minimum(untouched, _MILLION)
    touched = (at_renewal * _MILLION - (_MILLION - share) * untouched) // share
    left = lives.months[row] == month
    early = lives.months[row] < month  # gone between review and renewal: the contact played no part
    given_left = share * touched // np.maximum(1, at_renewal)
    given_stays = share * (_MILLION - touched) // np.maximum(1, _MILLION - at_renewal)
    chance = np.where(early, share, np.where(left, given_left, given_stays))
    contacted = streams.happens("touches", "touched", (chance << 32) // _MILLION, n)
    later = 1 + streams.below("touches", "touched_on", n, parameters.touch_days)

    # What would have been: the contact may save an account, and never drives one away.
    other = streams.draws("touches", "other_outcome", n) * _MILLION >> 32
    still_leaves = other * np.maximum(1, untouched) < touched * _MILLION
    saved = other * np.maximum(1, _MILLION - touched) < (untouched - touched) * _MILLION
    leaves_untouched = np.where(contacted & ~left, saved, left)
    leaves_touched = np.where(~contacted & left, still_leaves, left)
    keys = {"account_id": accounts["account_id"][row], "renewal_on": renewal}
    table = {
        **keys,
        "reviewed_on": review,
        "health": health,
        "health_band": Coded(band, HEALTH_BANDS),
        "touched": contacted,
        "touched_on": np.where(contacted, review + later, timeline.NO_DAY),
    }
    truth = {
        **keys,
        "chance_touched": share,
        "chance_leaves_touched": touched,
        "chance_leaves_untouched": untouched,
        "reaches_renewal": ~early,
        "leaves_touched": leaves_touched & ~early,
        "leaves_untouched": leaves_untouched & ~early,
    }
    return table, truth
