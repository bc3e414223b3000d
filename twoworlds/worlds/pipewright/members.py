"""People with a seat.

A paid seat is given to somebody, kept for a while, given on, and lost when the account gives it back.
"""

import numpy as np

from twoworlds.worlds import lookup, timeline
from twoworlds.worlds.blocks import OF_BLOCK
from twoworlds.worlds.pipewright.contracts import FAR_AWAY, is_known
from twoworlds.worlds.pipewright.parameters import ROLES
from twoworlds.worlds.streams import place

MOST_MEMBERS = 99_999  # of one account, over time
LEAST_DAYS = 20  # that somebody keeps a seat
MOST_HOLDERS = 60  # of one seat, one after the other: 60 of 20 days and more fill any life


def _moved(change, fewer):
    """Seats that come or go, one by one: account row, month of life, seat number; all (seats,).

    change: (n, months) how many in each month, none where negative; fewer: (n, months) seats without them
    """
    row, month = np.nonzero(change > 0)
    seats = change[row, month]
    lowest = fewer[row, month] - (np.cumsum(seats) - seats)
    return np.repeat(row, seats), np.repeat(month, seats), np.repeat(lowest, seats) + np.arange(seats.sum())


def _paid_seats(accounts, lives):
    """Stretches over which a seat is paid: account row, seat number, first day, first day after; (seats,)."""
    known = np.flatnonzero(is_known(accounts, lives))
    signed_on, now = accounts["signed_on"][known], lives.seats[known]
    before = np.concatenate([np.zeros((len(now), 1), dtype=np.int64), now[:, :-1]], axis=1)
    row, month, seat = _moved(now - before, before)
    lost_row, lost_month, lost_seat = _moved(before - now, now)
    # The last seats in are the first out, so the next loss of a seat of this number ends it.
    most, months = int(now.max(initial=0)) + 1, now.shape[1]
    loss = np.sort((lost_row * most + lost_seat) * months + lost_month)
    loss = np.append(loss, np.iinfo(np.int64).max)
    own = (row * most + seat) * months
    later = loss[np.searchsorted(loss, own + month)] - own
    ends = later < months
    closes = np.full(len(row), FAR_AWAY)
    closes[ends] = timeline.add_months(signed_on[row[ends]], later[ends])
    return known[row], seat, timeline.add_months(signed_on[row], month), closes


def _holders(parameters, streams, of_block, seat, opens, closes):
    """Who holds the seats: position of the seat, first day, first day after, role; (members,) each, the first
    holders of all seats before the second ones and so on."""
    n = streams.rows(of_block)

    def wait(column, at, days):
        return lookup.scaled("exponential", streams.draws("members", column, n, at), days)

    at = np.arange(len(seat))
    # The first seat is the buyer's own, from the first day.
    begins = opens + np.where(seat == 0, 0, wait("fill_days", at, parameters.fill_days))
    nobody = np.zeros(0, dtype=np.int64)
    found = [(nobody, nobody, nobody, nobody)]
    for holder in range(MOST_HOLDERS):
        held = np.flatnonzero(begins < np.minimum(closes[at], timeline.WINDOW_END + 1))
        if not len(held):
            break
        at, begins = at[held], begins[held]
        keeps = wait(f"keeps_seat_{holder}", at, parameters.keeps_seat_days)
        until = np.minimum(begins + LEAST_DAYS + keeps, closes[at])
        role = place(streams.words32("members", f"role_{holder}", n)[at], parameters.role_share)
        found.append((at, begins, until, np.where(seat[at] == 0, ROLES.index("admin"), role)))
        begins = until + wait(f"refill_days_{holder}", at, parameters.refill_days)
    return (np.concatenate(parts) for parts in zip(*found, strict=True))


def make_members(parameters, streams, accounts, lives):
    """The members of a territory, with `row`, the account's position, and `until`, the first day after."""
    account_row, seat, opens, closes = _paid_seats(accounts, lives)
    of_block = accounts[OF_BLOCK]
    at, start, until, role = _holders(parameters, streams, of_block[account_row], seat, opens, closes)
    # By account, first day and number of the seat: no two have all three in common.
    key = account_row[at] * (timeline.WINDOW_END + 1) + start
    order = np.argsort(key * (int(seat.max(initial=0)) + 1) + seat[at], kind="stable")
    row, start, until, role = account_row[at[order]], start[order], until[order], role[order]
    count = np.bincount(row, minlength=len(of_block))
    if len(row) and count.max() > MOST_MEMBERS:
        raise ValueError("an account has more than 99,999 members: member numbers would no longer be unique")
    number = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count) + 1
    account_id = accounts["account_id"][row]
    return {
        OF_BLOCK: of_block[row],
        "member_id": account_id * (MOST_MEMBERS + 1) + number,
        "account_id": account_id,
        "role": role,
        "seat_from": start,
        "until": until,
        "row": row,
    }


def last_days(members):
    """Last day with the seat, NO_DAY where it is kept beyond the window."""
    last = members["until"] - 1
    return np.where(last <= timeline.WINDOW_END, last, timeline.NO_DAY)
