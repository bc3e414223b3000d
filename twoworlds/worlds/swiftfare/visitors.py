"""Life before the first booking: an interest that fades, days with an open, the sign-up, that booking."""

from typing import NamedTuple

import numpy as np

from twoworlds.worlds import lookup, timeline
from twoworlds.worlds.streams import threshold
from twoworlds.worlds.swiftfare.calendar import booking_weight
from twoworlds.worlds.swiftfare.users import is_ios


class Visits(NamedTuple):
    """What the users of a block did until the first booking.

    row, day: (visits,) position of the user in the block, and day, of each day with an open, in that order
    interest_days: (n,) days after the install over which the interest lasts, 0 where it ends with the first
        day
    signed_up: (n,) day of the sign-up, NO_DAY where none
    first_booking: (n,) day of the first booking, NO_DAY where none
    """

    row: np.ndarray
    day: np.ndarray
    interest_days: np.ndarray
    signed_up: np.ndarray
    first_booking: np.ndarray


def first_success(row, day, success, n):
    """Day of each user's first success, NO_DAY where there is none. row and day are sorted together."""
    first = np.full(n, timeline.NO_DAY, dtype=np.int64)
    row, day = row[success], day[success]
    starts = np.flatnonzero(row[1:] != row[:-1]) + 1
    starts = np.concatenate([[0], starts]) if len(row) else starts
    first[row[starts]] = day[starts]
    return first


def make_visits(parameters, streams, users):
    """Follow each visitor day by day until the interest ends, the first booking, or the window's end."""
    n = len(users["user_id"])
    stays_limit = threshold(parameters.stays_interested)[users["channel"]]
    stays = streams.happens("visitors", "stays_interested", stays_limit, n)
    interest = lookup.value(parameters.interest_table, streams.draws("visitors", "interest_days", n)) * stays

    days_seen = np.minimum(interest, timeline.WINDOW_END - users["installed_on"]) + 1
    row = np.repeat(np.arange(n), days_seen)
    age = np.arange(len(row)) - np.repeat(np.cumsum(days_seen) - days_seen, days_seen)
    opened = streams.happens("visitors", "opens", threshold(parameters.opens_while_interested), len(row))
    opened |= age == 0  # the day of the install
    row, age = row[opened], age[opened]
    day = users["installed_on"][row] + age

    signs_up = streams.happens("visitors", "signs_up", threshold(parameters.signs_up), len(row))
    base = np.array([parameters.books_first, parameters.books_first * parameters.ios_books_first])
    limit = threshold(base)[is_ios(users)[row].astype(np.int64)] * booking_weight(parameters, day) // 10_000
    books = streams.happens("visitors", "books_first", limit, len(row))

    first_booking = first_success(row, day, books, n)
    # A booking needs an account: it is the latest moment to sign up.
    signed_up = first_success(row, day, signs_up | books, n)
    has_booked = first_booking != timeline.NO_DAY
    visitor_still = ~has_booked[row] | (day <= first_booking[row])
    return Visits(row[visitor_still], day[visitor_still], interest, signed_up, first_booking)
