"""What is booked: product, price, margin, days before departure."""

import numpy as np

from twoworlds.worlds import lookup
from twoworlds.worlds.cells import Coded
from twoworlds.worlds.swiftfare.parameters import PRODUCTS
from twoworlds.worlds.swiftfare.users import numbered

MOST_BOOKINGS = 99  # of one user in the window; the highest rate there is makes 99 practically impossible


def make_bookings(parameters, streams, users, customers):
    """The bookings of a block, in the order of users and days. Returns a table with `product` as Coded."""
    row, day = customers.booking_row, customers.booking_day
    n = len(row)
    number = numbered(row)
    if n and number.max() > MOST_BOOKINGS:
        raise ValueError("a user has more than 99 bookings: booking numbers would no longer be unique")
    product = streams.pick("bookings", "product", n, parameters.product_share)
    spread = lookup.value_of(parameters.price_table, product, streams.words32("bookings", "price", n))
    price = np.array(parameters.median_price_cents)[product] * spread // lookup.UNIT
    per_million = np.rint(np.array(parameters.median_margin) * lookup.UNIT).astype(np.int64)[product]
    share = lookup.scaled(parameters.margin_table, streams.words32("bookings", "margin", n), per_million)
    lead = lookup.value_of(parameters.lead_table, product, streams.words32("bookings", "lead_days", n))
    return {
        "booking_id": users["user_id"][row] * (MOST_BOOKINGS + 1) + number,
        "user_id": users["user_id"][row],
        "booked_on": day,
        "product": Coded(product, PRODUCTS),
        "price_cents": price,
        "margin_cents": price * share // lookup.UNIT,
        "lead_days": lead * parameters.days_on_sale // lookup.UNIT,
    }
