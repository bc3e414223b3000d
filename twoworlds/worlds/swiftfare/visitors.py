"""Life before the first booking: an interest that fades, days with an open, the sign-up, that booking."""

from typing import NamedTuple

import numpy as np

from twoworlds.worlds import lookup, timeline
from twoworlds.worlds.streams import threshold
from twoworlds.worlds.swiftfare.calendar import booking_weight, most_booking_weight
from twoworlds.worlds.swiftfare.users import firsts, is_ios


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


class _Opens(NamedTuple):
    """Days with an open until the interest ends, as if nobody booked: user by user.

    count: (n,) how many of each user, the day of the install among them
    start: (n,) position of each user's first one
    at, shift: (opens,) and (n,) numbers whose sum is the day, at[open] + shift[user]
    """

    count: np.ndarray
    start: np.ndarray
    at: np.ndarray
    shift: np.ndarray


def _interest(parameters, streams, users):
    n = len(users["user_id"])
    stays_limit = threshold(parameters.stays_interested)[users["channel"]]
    stays = streams.happens("visitors", "stays_interested", stays_limit, n)
    return lookup.value(parameters.interest_table, streams.words32("visitors", "interest_days", n)) * stays


def _opens(parameters, streams, users, interest):
    days_seen = np.minimum(interest, timeline.WINDOW_END - users["installed_on"]) + 1
    limit = threshold(parameters.opens_while_interested)
    opened = streams.happens("visitors", "opens", limit, int(days_seen.sum()))
    installs = np.cumsum(days_seen) - days_seen
    opened[installs] = True
    count = np.add.reduceat(opened.view(np.int8), installs, dtype=np.int16).astype(np.int64)
    start = np.cumsum(count) - count
    return _Opens(count, start, np.flatnonzero(opened), users["installed_on"] - installs)


def _first_bookings(parameters, streams, users, opens):
    """Who books (rows, in order), and the position of the first booking among the opens."""
    chances = (parameters.books_first, parameters.books_first * parameters.ios_books_first)
    limits = threshold(chances)
    words = streams.words32("visitors", "books_first", len(opens.at))
    # Nearly all opens are out before device and calendar are looked at.
    could = np.flatnonzero(words < int(limits.max()) * most_booking_weight(parameters) // 10_000)
    row = np.repeat(np.arange(len(opens.count)), opens.count).take(could)
    day = opens.at.take(could) + opens.shift.take(row)
    limit = limits[is_ios(users).astype(np.int64)].take(row) * booking_weight(parameters, day) // 10_000
    books = np.flatnonzero(words.take(could) < limit)
    first = books[firsts(row.take(books))]
    return row[first], could[first]


def first_bookings(parameters, streams, users):
    """Day of the first booking of each user of a block (n,), NO_DAY where there is none."""
    opens = _opens(parameters, streams, users, _interest(parameters, streams, users))
    rows, booked = _first_bookings(parameters, streams, users, opens)
    return _by_user(rows, opens.at[booked] + opens.shift[rows], len(opens.count))


def _by_user(rows, days, n):
    """A day for each of n users, NO_DAY for those who are not among the rows."""
    found = np.full(n, timeline.NO_DAY, dtype=np.int64)
    found[rows] = days
    return found


def make_visits(parameters, streams, users):
    """Follow each visitor day by day until the interest ends, the first booking, or the window's end."""
    n = len(users["user_id"])
    interest = _interest(parameters, streams, users)
    opens = _opens(parameters, streams, users, interest)
    buyers, booked = _first_bookings(parameters, streams, users, opens)
    visits = opens.count.copy()
    visits[buyers] = booked - opens.start[buyers] + 1

    end = np.cumsum(visits)
    place = np.arange(end[-1]) + np.repeat(opens.start - (end - visits), visits)
    row = np.repeat(np.arange(n), visits)
    day = opens.at.take(place) + np.repeat(opens.shift, visits)

    signs_up = streams.happens("visitors", "signs_up", threshold(parameters.signs_up), len(opens.at))
    signs_up = signs_up.take(place)
    # A booking needs an account: it is the latest moment to sign up.
    signs_up[end[buyers] - 1] = True
    signed_up = np.flatnonzero(signs_up)
    signed_up = signed_up[firsts(row.take(signed_up))]
    return Visits(
        row=row,
        day=day,
        interest_days=interest,
        signed_up=_by_user(row[signed_up], day[signed_up], n),
        first_booking=_by_user(buyers, day[end[buyers] - 1], n),
    )
