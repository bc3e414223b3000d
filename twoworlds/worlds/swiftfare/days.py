"""Days with an open: how often, and what was searched."""

import numpy as np

from twoworlds.worlds import lookup
from twoworlds.worlds.swiftfare.parameters import PRODUCTS


def _places(n, visits, customers):
    """Where the days of visitors and those of customers come to stand, in the order of users and days.

    A user's days as a customer follow those as a visitor, and the day of the first booking is the last of
    these and the first of those. Returns (n,) days of each user, and the positions of both kinds of days.
    """
    before, since = np.bincount(visits.row, minlength=n), np.bincount(customers.open_row, minlength=n)
    count = before + since
    count[customers.row] -= 1
    end = np.cumsum(count)
    to_visits = end - count - (np.cumsum(before) - before)
    to_opens = end - np.cumsum(since)
    return (
        count,
        np.arange(len(visits.row)) + np.repeat(to_visits, before),
        np.arange(len(customers.open_row)) + np.repeat(to_opens, since),
    )


def make_days(parameters, streams, users, visits, customers, bookings):
    """One row a user and day with an open, in the order of users and days."""
    count, visits_place, opens_place = _places(len(users["user_id"]), visits, customers)
    n = int(count.sum())
    day = np.empty(n, dtype=np.int64)
    day[visits_place] = visits.day
    day[opens_place] = customers.open_day

    bookings_place = opens_place[customers.booking_open]
    more = lookup.value(
        parameters.searches_booking_table, streams.words32("days", "searches_booking", len(bookings_place))
    )
    days = {
        "user_id": np.repeat(users["user_id"], count),
        "date": day,
        "opens": 1 + lookup.value(parameters.opens_table, streams.words32("days", "opens", n)),
    }
    for code, product in enumerate(PRODUCTS):
        column = f"{product}_searches"
        searches = lookup.value(parameters.searches_table[code], streams.words32("days", column, n))
        of_product = bookings["product"].codes == code
        searches[bookings_place[of_product]] += (
            1 + more[of_product]
        )  # one booking a day at most, so no place repeats
        days[column] = searches
    return days
