"""People with a seat.

A paid seat is given to somebody, kept for a while, given on, and lost when the account gives it back.
"""

import numpy as np

from twoworlds.worlds import lookup, timeline
from twoworlds.worlds.pipewright.contracts import FAR_AWAY, billing_days, is_known
from twoworlds.worlds.pipewright.parameters import ROLES

MOST_MEMBERS = 99_999  # of one account, over time
LEAST_DAYS = 20  # that somebody keeps a seat
MOST_HOLDERS = 60  # of one seat, one after the other: 60 of 20 days and more fill any life


def _paid_seats(accounts, lives):
    """Stretches over which a seat is paid: account row, seat number, first day, first day after; (seats,)."""
    days = billing_days(accounts, lives)
    before = np.concatenate([np.zeros((len(days), 1), dtype=np.int64), lives.seats[:, :-1]], axis=1)
    grown = np.maximum(lives.seats - before, 0)
    grown[~is_known(accounts, lives)] = 0
    row, month = np.nonzero(grown)
    opened = grown[row, month]
    place = np.arange(opened.sum()) - np.repeat(np.cumsum(opened) - opened, opened)
    seat = np.repeat(before[row, month], opened) + place
    row, month = np.repeat(row, opened), np.repeat(month, opened)
    # The last seats in are the first out.
    closes = np.full(len(row), FAR_AWAY)
    for later in range(1, lives.seats.shape[1]):
        ends = (closes == FAR_AWAY) & (later > month) & (lives.seats[row, later] <= seat)
        closes[ends] = days[row[ends], later]
    return row, seat, days[row, month], closes


def make_members(parameters, streams, accounts, lives):
    """The members of a territory, with `row`, the account's position, and `until`, the first day after."""
    account_row, seat, opens, closes = _paid_seats(accounts, lives)
    n = len(seat)
    wait = lookup.scaled("exponential", streams.draws("members", "fill_days", n), parameters.fill_days)
    begins = opens + np.where(seat == 0, 0, wait)  # the first seat is the buyer's own, from the first day
    rows, seats, starts, ends, roles = [], [], [], [], []
    for holder in range(MOST_HOLDERS):
        held = begins < np.minimum(closes, timeline.WINDOW_END + 1)
        if not held.any():
            break
        keeps = lookup.scaled(
            "exponential", streams.draws("members", f"keeps_seat_{holder}", n), parameters.keeps_seat_days
        )
        until = np.minimum(begins + LEAST_DAYS + keeps, closes)
        role = streams.pick("members", f"role_{holder}", n, parameters.role_share)
        rows.append(account_row[held])
        seats.append(seat[held])
        starts.append(begins[held])
        ends.append(until[held])
        roles.append(np.where(seat == 0, ROLES.index("admin"), role)[held])
        gap = lookup.scaled(
            "exponential", streams.draws("members", f"refill_days_{holder}", n), parameters.refill_days
        )
        begins = until + gap
    row, seat, start, until, role = (
        np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)
        for parts in (rows, seats, starts, ends, roles)
    )
    order = np.lexsort((seat, start, row))
    row, start, until, role = row[order], start[order], until[order], role[order]
    count = np.bincount(row, minlength=len(accounts["account_id"]))
    if len(row) and count.max() > MOST_MEMBERS:
        raise ValueError("an account has more than 99,999 members: member numbers would no longer be unique")
    number = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count) + 1
    return {
        "member_id": accounts["account_id"][row] * (MOST_MEMBERS + 1) + number,
        "account_id": accounts["account_id"][row],
        "role": role,
        "seat_from": start,
        "until": until,
        "row": row,
    }


def last_days(members):
    """Last day with the seat, NO_DAY where it is kept beyond the window."""
    last = members["until"] - 1
    return np.where(last <= timeline.WINDOW_END, last, timeline.NO_DAY)
