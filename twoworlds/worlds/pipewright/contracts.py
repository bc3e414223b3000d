"""An account's life month by month: renewals, departures, seats that come and go; terms and MRR movements."""

from typing import NamedTuple

import numpy as np

from twoworlds.worlds import timeline
from twoworlds.worlds.blocks import OF_BLOCK
from twoworlds.worlds.cells import Coded, take_rows
from twoworlds.worlds.pipewright.accounts import leaving_limits
from twoworlds.worlds.streams import ONE, threshold

KINDS = ("new", "expansion", "contraction", "churn")
STAYS = 10_000  # months of life of an account that stays beyond all that is followed
MOST_MOVEMENTS = 999  # of one account


class Lives(NamedTuple):
    """The accounts' lives, month by month from the signing.

    seats: (n, months + 1) seats paid from the m-th billing day on, 0 once the account has left; territories
        whose accounts are followed for fewer months have the last one's seats to the end
    months: (n,) months until it left, STAYS where it stays
    left_on: (n,) first day without a contract, a day far away where it stays
    """

    seats: np.ndarray
    months: np.ndarray
    left_on: np.ndarray


FAR_AWAY = timeline.day_number(2099, 1, 1)


def _share_of_seats(draws, limits, seats):
    """Seats in a step: a share uniform between the limits, at least one seat."""
    low, high = (round(limit * 1_000_000) for limit in limits)
    return np.maximum(1, seats * (low + (draws * (high - low) >> 32)) // 1_000_000)


def _months_followed(parameters, accounts):
    """Months over which each account is followed (n,): from the territory's first signing to `months_beyond`
    months after the window."""
    signed = timeline.month_index(accounts["signed_on"])
    last_month = timeline.month_index(timeline.WINDOW_END) + parameters.months_beyond
    of_block = accounts[OF_BLOCK]
    starts = np.flatnonzero(np.diff(of_block, prepend=-1))
    return (last_month - np.minimum.reduceat(signed, starts))[of_block]


def make_lives(parameters, streams, accounts):
    """Run every account from its signing to `months_beyond` months after the window."""
    n, named, term = len(accounts["account_id"]), accounts["named_account"], accounts["term_months"]
    followed = _months_followed(parameters, accounts)
    months = int(followed.max())
    inside = np.arange(months) < followed[:, None]
    of_block = np.repeat(accounts[OF_BLOCK], followed)

    def monthly_draws(column):
        """Month by month (months, n); beyond those followed a draw that makes nothing happen."""
        draws = np.full((n, months), ONE)
        draws[inside] = streams.words32("contracts", column, streams.rows(of_block))
        return np.ascontiguousarray(draws.T)

    at_renewal, early = leaving_limits(parameters, accounts)
    expands = np.where(named, threshold(parameters.named_expands), threshold(parameters.expands))
    contracts = np.where(named, 0, threshold(parameters.contracts))
    month = np.arange(1, months + 1)[:, None]
    leaves = monthly_draws("leaves") < np.where(month % term == 0, at_renewal, early)
    grows = monthly_draws("expands") < expands
    shrinks = (monthly_draws("contracts") < contracts) & (month % 12 == 0) & ~grows
    grows_by, shrinks_by = monthly_draws("expansion_size"), monthly_draws("contraction_size")

    left_after = np.where(leaves.any(axis=0), leaves.argmax(axis=0) + 1, STAYS)
    seats = np.zeros((months + 1, n), dtype=np.int64)
    seats[0] = accounts["seats"]
    for month in range(1, months + 1):
        seats[month] = seats[month - 1]
        stays = left_after > month
        who = np.flatnonzero(grows[month - 1] & stays)
        now, by = seats[month, who], grows_by[month - 1, who]
        more = np.where(
            named[who],
            _share_of_seats(by, parameters.named_expansion_size, now),
            _share_of_seats(by, parameters.expansion_size, now),
        )
        seats[month, who] = np.minimum(now + more, accounts["most_seats"][who])
        who = np.flatnonzero(shrinks[month - 1] & stays)
        if len(who):
            now = seats[month, who]
            fewer = _share_of_seats(shrinks_by[month - 1, who], parameters.contraction_size, now)
            seats[month, who] = np.maximum(now - fewer, parameters.least_seats)
    seats = np.ascontiguousarray(seats.T)
    seats[np.arange(months + 1) >= left_after[:, None]] = 0
    left_on = np.full(n, FAR_AWAY)
    known = left_after < STAYS
    left_on[known] = timeline.add_months(accounts["signed_on"][known], left_after[known])
    return Lives(seats, left_after, left_on)


def billing_days(accounts, lives):
    """Day on which the m-th month of each account begins, (n, months + 1)."""
    return timeline.add_months(accounts["signed_on"][:, None], np.arange(lives.seats.shape[1]))


def is_known(accounts, lives):
    """Accounts that were customers on the window's first day or later: those the tables hold."""
    return (lives.left_on > timeline.WINDOW_START) & (accounts["signed_on"] <= timeline.WINDOW_END)


def make_subscriptions(accounts, lives):
    """One row a term that began by the window's end, of the accounts that are known."""
    days = billing_days(accounts, lives)
    month = np.arange(lives.seats.shape[1])
    begins = (month % accounts["term_months"][:, None] == 0) & (lives.seats > 0)
    begins &= (days <= timeline.WINDOW_END) & is_known(accounts, lives)[:, None]
    row, month = np.nonzero(begins)
    term = accounts["term_months"][row]
    number, seats = month // term + 1, lives.seats[row, month]
    return {
        OF_BLOCK: accounts[OF_BLOCK][row],
        "subscription_id": accounts["account_id"][row] * 100 + number,
        "account_id": accounts["account_id"][row],
        "term_number": number,
        "started_on": days[row, month],
        "ends_on": timeline.add_months(accounts["signed_on"][row], month + term) - 1,
        "term_months": term,
        "seats": seats,
        "mrr_cents": seats * accounts["seat_price_cents"][row],
    }


def make_movements(accounts, lives):
    """One row a change of an account's MRR by the window's end, of the accounts that are known."""
    days = billing_days(accounts, lives)
    before = np.concatenate([np.zeros((len(days), 1), dtype=np.int64), lives.seats[:, :-1]], axis=1)
    change = lives.seats - before
    moved = (change != 0) & (days <= timeline.WINDOW_END) & is_known(accounts, lives)[:, None]
    row, month = np.nonzero(moved)
    change, seats = change[row, month], lives.seats[row, month]
    kind = np.where(month == 0, 0, np.where(change > 0, 1, np.where(seats > 0, 2, 3)))
    n = len(row)
    starts = np.flatnonzero(month == 0)
    number = np.arange(n) - np.repeat(starts, np.diff(np.r_[starts, n])) + 1
    if n and number.max() > MOST_MOVEMENTS:
        raise ValueError("an account has more than 999 movements: movement numbers would no longer be unique")
    return {
        OF_BLOCK: accounts[OF_BLOCK][row],
        "movement_id": accounts["account_id"][row] * (MOST_MOVEMENTS + 1) + number,
        "account_id": accounts["account_id"][row],
        "moved_on": days[row, month],
        "kind": Coded(kind, KINDS),
        "mrr_cents": abs(change) * accounts["seat_price_cents"][row],
        "seats": abs(change),
    }


def known_accounts(accounts, lives):
    """The accounts' own table, without those who left before the window."""
    return take_rows(accounts, is_known(accounts, lives))
