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


def months_of_life(parameters, streams, dropout, n, chosen):
    """Months survived after month 0; in each a user leaves with the chance `dropout`, in millionths.

    Drawn for all n users of the block, read for the chosen ones (positions). dropout: of these.
    """
    months = parameters.months_followed
    draws = streams.words32("customers", "leaves", n * months).reshape(n, months)[chosen]
    limit = (dropout << 32) // lookup.UNIT
    leaves = draws < limit[:, None]
    return np.where(leaves.any(axis=1), leaves.argmax(axis=1), months)


def make_customers(parameters, streams, visits):
    """Follow each customer day by day, from the first booking to the last month's end or the window's."""
    n, month_days = len(visits.first_booking), parameters.month_days
    customers = np.flatnonzero(visits.first_booking != timeline.NO_DAY)
    # Drawn for every user, customer or not, so that one user's bookings never move another's fate.
    dropout = lookup.value(parameters.dropout_table, streams.draws("customers", "dropout", n, customers))
    months = months_of_life(parameters, streams, dropout, n, customers)
    certain = streams.words32("customers", "certain_day", n * (parameters.months_followed + 1))
    certain_day = certain.reshape(n, -1)[customers].astype(np.int64) * month_days >> 32
    certain_day = certain_day.astype(np.int32).ravel()
    activity = lookup.value(
        parameters.opens_extra_table, streams.draws("customers", "activity", n, customers)
    )
    rate = lookup.value(parameters.bookings_table, streams.draws("customers", "booking_rate", n, customers))

    first = visits.first_booking[customers]
    last_day = first + month_days * (months + 1) - 1

    days_seen = np.minimum(last_day, timeline.WINDOW_END) - first + 1
    # Days of all customers, in narrow numbers: there are many. place: position among the customers.
    place = np.repeat(np.arange(len(customers), dtype=np.int32), days_seen)
    age = np.arange(len(place), dtype=np.int32) - (np.cumsum(days_seen) - days_seen).astype(np.int32)[place]
    day = first.astype(np.int32)[place] + age
    month = age // np.int32(month_days)
    day_in_month = age - month * np.int32(month_days)

    # Chances of a day: own activity, and own yearly rate by season and weekday.
    open_limit = (threshold(parameters.opens_extra) * activity // lookup.UNIT)[place]
    daily_rate = (threshold(parameters.bookings_a_year / 365) * rate // lookup.UNIT)[place]
    booking_limit = daily_rate * booking_weight(parameters, day) // 10_000
    booked = streams.happens("customers", "books", booking_limit, len(place)) | (age == 0)
    opened = streams.happens("customers", "opens", open_limit, len(place))
    # While alive there is an open in every month; the day of the first booking serves for month 0.
    certain = certain_day[place * np.int32(parameters.months_followed + 1) + month]
    opened |= booked | ((month > 0) & (day_in_month == certain))
    return Customers(
        row=customers,
        dropout=dropout,
        months_alive=months,
        last_day=last_day,
        open_row=customers[place[opened]],
        open_day=day[opened].astype(np.int64),
        booking_row=customers[place[booked]],
        booking_day=day[booked].astype(np.int64),
        bookings_a_year=rate * round(parameters.bookings_a_year * 1000) // 1000,
    )
