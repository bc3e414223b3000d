"""Life after the first booking: a dropout chance that never changes, active days and repeat bookings."""

from typing import NamedTuple

import numpy as np

from twoworlds.worlds import lookup, timeline
from twoworlds.worlds.streams import threshold
from twoworlds.worlds.swiftfare.calendar import booking_weight


class Customers(NamedTuple):
    """The users of a block who made a first booking inside the window.

    row: (c,) position of the user in the block
    dropout: (c,) chance to leave in a month, in millionths
    months_alive: (c,) months of life after month 0; `months_followed` where the customer outlives the truth's
        horizon
    last_day: (c,) last day of the last month alive, in the window or beyond it
    open_row, open_day: (opens,) position in the block and day of each day with an open
    booking_row, booking_day: (bookings,) the same for bookings, the first ones among them
    bookings_a_year: (c,) own rate of repeat bookings, in millionths
    """

    row: np.ndarray
    dropout: np.ndarray
    months_alive: np.ndarray
    last_day: np.ndarray
    open_row: np.ndarray
    open_day: np.ndarray
    booking_row: np.ndarray
    booking_day: np.ndarray
    bookings_a_year: np.ndarray


def months_of_life(parameters, streams, dropout, n):
    """Months survived after month 0; in each a user leaves with the chance `dropout` (n,), in millionths."""
    months = parameters.months_followed
    draws = streams.draws("customers", "leaves", n * months).reshape(n, months)
    limit = (dropout << 32) // lookup.UNIT
    leaves = draws < limit[:, None]
    return np.where(leaves.any(axis=1), leaves.argmax(axis=1), months)


def make_customers(parameters, streams, visits):
    """Follow each customer day by day, from the first booking to the last month's end or the window's."""
    n, month_days = len(visits.first_booking), parameters.month_days
    # Drawn for every user, customer or not, so that one user's bookings never move another's fate.
    all_dropout = lookup.value(parameters.dropout_table, streams.draws("customers", "dropout", n))
    all_months = months_of_life(parameters, streams, all_dropout, n)
    certain_day = streams.below("customers", "certain_day", n * (parameters.months_followed + 1), month_days)
    certain_day = certain_day.reshape(n, -1)
    activity = lookup.value(parameters.opens_extra_table, streams.draws("customers", "activity", n))
    rate = lookup.value(parameters.bookings_table, streams.draws("customers", "booking_rate", n))

    customers = np.flatnonzero(visits.first_booking != timeline.NO_DAY)
    first, months = visits.first_booking[customers], all_months[customers]
    last_day = first + month_days * (months + 1) - 1

    days_seen = np.minimum(last_day, timeline.WINDOW_END) - first + 1
    row = np.repeat(customers, days_seen)
    age = np.arange(len(row)) - np.repeat(np.cumsum(days_seen) - days_seen, days_seen)
    day = visits.first_booking[row] + age
    month, day_in_month = age // month_days, age % month_days

    # Chances of a day: own activity, and own yearly rate by season and weekday.
    open_limit = threshold(parameters.opens_extra) * activity[row] // lookup.UNIT
    daily_rate = threshold(parameters.bookings_a_year / 365) * rate[row] // lookup.UNIT
    booking_limit = daily_rate * booking_weight(parameters, day) // 10_000
    booked = streams.happens("customers", "books", booking_limit, len(row)) | (age == 0)
    opened = streams.happens("customers", "opens", open_limit, len(row))
    # While alive there is an open in every month; the day of the first booking serves for month 0.
    opened |= booked | ((month > 0) & (day_in_month == certain_day[row, month]))
    return Customers(
        row=customers,
        dropout=all_dropout[customers],
        months_alive=months,
        last_day=last_day,
        open_row=row[opened],
        open_day=day[opened],
        booking_row=row[booked],
        booking_day=day[booked],
        bookings_a_year=rate[customers] * round(parameters.bookings_a_year * 1000) // 1000,
    )
