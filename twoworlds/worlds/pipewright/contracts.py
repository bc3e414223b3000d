"""An account's life month by month: renewals, departures, seats that come and go; terms and MRR movements."""

from typing import NamedTuple

import numpy as np

from twoworlds.worlds import timeline
from twoworlds.worlds.cells import Coded, take_rows
from twoworlds.worlds.pipewright.accounts import leaving_limits
from twoworlds.worlds.streams import threshold

KINDS = ("new", "expansion", "contraction", "churn")
STAYS = 10_000  # months of life of an account that stays beyond all that is followed
MOST_MOVEMENTS = 999  # of one account


class Lives(NamedTuple):
    """The accounts' lives, month by month from the signing.

    seats: (n, months + 1) seats paid from the m-th billing day on, 0 once the account has left
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


def _step_sizes(draws, named, ordinary_limits, named_limits, seats):
    return np.where(
        named, _share_of_seats(draws, named_limits, seats), _share_of_seats(draws, ordinary_limits, seats)
    )


def make_lives(parameters, streams, accounts):
    """Run every account from its signing to `months_beyond` months after the window."""
    n, named, term = len(accounts["account_id"]), accounts["named_account"], accounts["term_months"]
    last_month = timeline.month_index(timeline.WINDOW_END) + parameters.months_beyond
    months = int(last_month - timeline.month_index(accounts["signed_on"]).min())
    at_renewal, early = leaving_limits(parameters, accounts)
    expands = np.where(named, threshold(parameters.named_expands), threshold(parameters.expands))
    contracts = np.where(named, 0, threshold(parameters.contracts))

    def monthly_draws(column):
        return streams.draws("contracts", column, n * months).reshape(n, months).T

    leaves, grows, shrinks = monthly_draws("leaves"), monthly_draws("expands"), monthly_draws("contracts")
    grows_by, shrinks_by = monthly_draws("expansion_size"), monthly_draws("contraction_size")

    seats = np.zeros((n, months + 1), dtype=np.int64)
    seats[:, 0] = accounts["seats"]
    left_after = np.full(n, STAYS)
    for month in range(1, months + 1):
        now = seats[:, month - 1]
        alive = now > 0
        renewal = month % term == 0
        leaving = alive & (leaves[month - 1] < np.where(renewal, at_renewal, early))
        left_after[leaving] = month
        stays = alive & ~leaving
        growing = stays & (grows[month - 1] < expands)
        more = _step_sizes(
            grows_by[month - 1], named, parameters.expansion_size, parameters.named_expansion_size, now
        )
        shrinking = stays & ~growing & (month % 12 == 0) & (shrinks[month - 1] < contracts)
        fewer = _share_of_seats(shrinks_by[month - 1], parameters.contraction_size, now)
        then = now + np.where(growing, np.minimum(more, accounts["most_seats"] - now), 0)
        then = then - np.where(shrinking, np.minimum(fewer, now - parameters.least_seats), 0)
        seats[:, month] = np.where(stays, then, 0)
    left_on = np.full(n, FAR_AWAY)
    known = left_after < STAYS
    left_on[known] = timeline.add_months(accounts["signed_on"][known], left_after[known])
    return Lives(seats, left_after, left_on)


def billing_days(accounts, lives):
    """Day on which the m-th month of each account begins, (n, months + 1)."""
    n, width = lives.seats.shape
    months = np.tile(np.arange(width), n)
    return timeline.add_months(np.repeat(accounts["signed_on"], width), months).reshape(n, width)


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
