"""Invites that customers send: many inside the account, almost none to another company."""

import numpy as np

from twoworlds.worlds import lookup, timeline
from twoworlds.worlds.pipewright.contracts import is_known
from twoworlds.worlds.streams import threshold

_FIRST_MONTH = int(timeline.month_index(timeline.WINDOW_START))
QUARTERS = (int(timeline.month_index(timeline.WINDOW_END)) - _FIRST_MONTH + 1) // 3
_MOST_OUTSIDE = 8  # invites of an account in a quarter: beyond the table's last quantile


def make_invites(parameters, streams, accounts, lives, members):
    """One row an account and quarter through which it was a customer from the first day to the last."""
    n = len(accounts["account_id"])
    starts = np.array([timeline.first_of_month(_FIRST_MONTH + 3 * q) for q in range(QUARTERS + 1)])
    whole = (accounts["signed_on"][:, None] <= starts[:-1]) & (lives.left_on[:, None] >= starts[1:])
    whole &= is_known(accounts, lives)[:, None]

    # New members: every seat but the first of an account was offered by an invite.
    quarter = np.searchsorted(starts, members["seat_from"], side="right") - 1
    inside = (quarter >= 0) & (quarter < QUARTERS)
    joined = np.bincount(members["row"][inside] * QUARTERS + quarter[inside], minlength=n * QUARTERS)
    waiting = streams.below(
        "invites", "waiting", n * QUARTERS, joined * parameters.unanswered_percent // 50 + 1
    )
    outside = lookup.value(
        parameters.outside_invites_table, streams.draws("invites", "outside", n * QUARTERS)
    )
    outside = np.minimum(outside, _MOST_OUTSIDE)
    per_invite = threshold(parameters.customer_brings_trials / (4 * parameters.outside_invites_mean))
    draws = streams.draws("invites", "trials", n * QUARTERS * _MOST_OUTSIDE).reshape(-1, _MOST_OUTSIDE)
    trials = ((draws < per_invite) & (np.arange(_MOST_OUTSIDE) < outside[:, None])).sum(axis=1)
    row, quarter = np.nonzero(whole)
    cell = row * QUARTERS + quarter
    return {
        "account_id": accounts["account_id"][row],
        "quarter": starts[quarter],
        "sent_inside": (joined + waiting)[cell],
        "joined_inside": joined[cell],
        "sent_outside": outside[cell],
        "trials_outside": trials[cell],
    }
