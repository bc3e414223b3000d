"""Invites that customers send: many inside the account, almost none to another company."""

import numpy as np

from twoworlds.worlds import lookup, timeline
from twoworlds.worlds.blocks import OF_BLOCK
from twoworlds.worlds.pipewright.contracts import is_known
from twoworlds.worlds.streams import threshold

_FIRST_MONTH = int(timeline.month_index(timeline.WINDOW_START))
QUARTERS = (int(timeline.month_index(timeline.WINDOW_END)) - _FIRST_MONTH + 1) // 3
_STARTS = np.array([timeline.first_of_month(_FIRST_MONTH + 3 * quarter) for quarter in range(QUARTERS + 1)])
_MOST_OUTSIDE = 8  # invites of an account in a quarter: beyond the table's last quantile


def _joined(members, cells):
    """New members of each account and quarter; (cells,)."""
    quarter = (timeline.month_index(members["seat_from"]) - _FIRST_MONTH) // 3
    inside = (quarter >= 0) & (quarter < QUARTERS)
    return np.bincount(members["row"][inside] * QUARTERS + quarter[inside], minlength=cells)


def _trials(parameters, streams, cells, cell, outside):
    """Trials that come of the invites to other companies; (n,).

    cells: accounts and quarters in each block; cell, outside: (n,) position among all of them, and invites
    """
    per_invite = threshold(parameters.customer_brings_trials / (4 * parameters.outside_invites_mean))
    some = np.flatnonzero(outside)
    words = streams.words32("invites", "trials", cells * _MOST_OUTSIDE).reshape(-1, _MOST_OUTSIDE)[cell[some]]
    brings = (words < per_invite) & (np.arange(_MOST_OUTSIDE) < outside[some, None])
    trials = np.zeros(len(cell), dtype=np.int64)
    trials[some] = brings.sum(axis=1)
    return trials


def make_invites(parameters, streams, accounts, lives, members):
    """One row an account and quarter through which it was a customer from the first day to the last."""
    whole = (accounts["signed_on"][:, None] <= _STARTS[:-1]) & (lives.left_on[:, None] >= _STARTS[1:])
    whole &= is_known(accounts, lives)[:, None]
    row, quarter = np.nonzero(whole)
    cell, cells = row * QUARTERS + quarter, streams.rows(accounts[OF_BLOCK]) * QUARTERS

    # New members: every seat but the first of an account was offered by an invite.
    joined = _joined(members, whole.size)[cell]
    most_waiting = joined * parameters.unanswered_percent // 50
    waiting = streams.draws("invites", "waiting", cells, cell) * (most_waiting + 1) >> 32
    outside = lookup.value(parameters.outside_invites_table, streams.draws("invites", "outside", cells, cell))
    outside = np.minimum(outside, _MOST_OUTSIDE)
    return {
        OF_BLOCK: accounts[OF_BLOCK][row],
        "account_id": accounts["account_id"][row],
        "quarter": _STARTS[quarter],
        "sent_inside": joined + waiting,
        "joined_inside": joined,
        "sent_outside": outside,
        "trials_outside": _trials(parameters, streams, cells, cell, outside),
    }
