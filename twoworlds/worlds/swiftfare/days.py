"""Days with an open: how often, and what was searched."""

import numpy as np

from twoworlds.worlds import lookup
from twoworlds.worlds.swiftfare.parameters import PRODUCTS

_DAY_BITS = 20  # a day number fits in 20 bits: (row, day) packs into one sortable integer


def make_days(parameters, streams, users, visits, customers, bookings):
    """One row a user and day with an open, in the order of users and days."""
    packed = np.concatenate(
        [
            visits.row << _DAY_BITS | visits.day,
            customers.open_row << _DAY_BITS | customers.open_day,
        ]
    )
    packed.sort()
    # The day of the first booking belongs to the visitor and to the customer.
    packed = packed[np.concatenate([packed[:1] >= 0, packed[1:] != packed[:-1]])]
    row, day = packed >> _DAY_BITS, packed & ((1 << _DAY_BITS) - 1)
    n = len(packed)

    bookings_place = np.searchsorted(packed, customers.booking_row << _DAY_BITS | customers.booking_day)
    more = lookup.value(
        parameters.searches_booking_table, streams.draws("days", "searches_booking", len(bookings_place))
    )
    days = {
        "user_id": users["user_id"][row],
        "date": day,
        "opens": 1 + lookup.value(parameters.opens_table, streams.draws("days", "opens", n)),
    }
    for code, product in enumerate(PRODUCTS):
        column = f"{product}_searches"
        searches = lookup.value(parameters.searches_table[code], streams.draws("days", column, n))
        of_product = bookings["product"].codes == code
        searches[bookings_place[of_product]] += (
            1 + more[of_product]
        )  # one booking a day at most, so no place repeats
        days[column] = searches
    return days
