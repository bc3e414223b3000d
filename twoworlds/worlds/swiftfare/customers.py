"""Life after the first booking: a dropout chance that never changes, active days and repeat bookings."""

from typing import NamedTuple

import numpy as np

from twoworlds.worlds import lookup, timeline
from twoworlds.worlds.streams import in_32_bits, threshold
from twoworlds.worlds.swiftfare.calendar import booking_weight, most_booking_weight


class Customers(NamedTuple):
    """The users of a block who made a first booking inside the window.

    row: (c,) position of the user in the block
    dropout: (c,) chance to leave in a month, in millionths
    months_alive: (c,) months of life after month 0; `months_followed` where the customer outlives the truth's
        horizon
    last_day: (c,) last day of the last month alive, in the window or beyond it
    open_row, open_day: (opens,) position in the block and day of each day with an open
    booking_row, booking_day: (bookings,) the same for bookings, the first ones among them
    booking_open: (bookings,) position of each booking's day among the days with an open
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
    booking_open: np.ndarray
    bookings_a_year: np.ndarray


def months_of_life(parameters, streams, dropout, n, chosen):
    """Months survived after month 0; in each a user leaves with the chance `dropout`, in millionths.

    Drawn for all n users of the block, read for the chosen ones (positions). dropout: of these.
    """
    months = parameters.months_followed
    draws = streams.words32("customers", "leaves", n * months).reshape(n, months).take(chosen, axis=0)
    # A last column that always leaves, for those who outlive the horizon.
    leaves = np.ones((len(chosen), months + 1), dtype=bool)
    np.less(draws, in_32_bits((dropout << 32) // lookup.UNIT)[:, None], out=leaves[:, :months])
    return leaves.argmax(axis=1)


def _booking_days(parameters, streams, rate, first, days_seen):
    """Positions of the days with a booking among all days of the customers, the first bookings among them.

    rate: (c,) own rate over the average, in millionths; first: (c,) day of the first booking.
    """
    daily = threshold(parameters.bookings_a_year / 365) * rate // lookup.UNIT
    words = streams.words32("customers", "books", int(days_seen.sum()))
    # No day is likelier than the year's likeliest: nearly all days are out before the calendar is read.
    most = in_32_bits(daily * most_booking_weight(parameters) // 10_000)
    could = words < np.repeat(most, days_seen)
    could[np.cumsum(days_seen) - days_seen] = True
    at = np.flatnonzero(could)
    place, age = timeline.of_spans(at, days_seen)
    limit = daily[place] * booking_weight(parameters, first[place] + age) // 10_000
    return at[(words[at] < limit) | (age == 0)]


def _certain_days(parameters, streams, n, customers, days_seen):
    """Positions, among all days of the customers, of the one day of each month that has an open for certain.

    Month 0 is left out: the day of the first booking serves for it.
    """
    month_days = parameters.month_days
    months = np.arange(1, -(-timeline.WINDOW_DAYS // month_days))
    words = streams.words32("customers", "certain_day", n * (parameters.months_followed + 1))
    words = words.reshape(n, -1)[customers, 1 : len(months) + 1]
    age = months * month_days + (words.astype(np.int64) * month_days >> 32)
    starts = np.cumsum(days_seen) - days_seen
    return (starts[:, None] + age)[age < days_seen[:, None]]


def make_customers(parameters, streams, visits):
    """Follow each customer day by day, from the first booking to the last month's end or the window's."""
    n = len(visits.first_booking)
    customers = np.flatnonzero(visits.first_booking != timeline.NO_DAY)

    # Drawn for every user, customer or not, so that one user's bookings never move another's fate.
    def own(table, column):
        return lookup.value(table, streams.draws("customers", column, n, customers))

    dropout = own(parameters.dropout_table, "dropout")
    months = months_of_life(parameters, streams, dropout, n, customers)
    activity = own(parameters.opens_extra_table, "activity")
    rate = own(parameters.bookings_table, "booking_rate")

    first = visits.first_booking[customers]
    last_day = first + parameters.month_days * (months + 1) - 1
    # The days of all customers are many, and few are of interest: they are held as positions among them all.
    days_seen = np.minimum(last_day, timeline.WINDOW_END) - first + 1
    booked_at = _booking_days(parameters, streams, rate, first, days_seen)
    open_limit = in_32_bits(threshold(parameters.opens_extra) * activity // lookup.UNIT)
    opened = streams.happens("customers", "opens", np.repeat(open_limit, days_seen), int(days_seen.sum()))
    opened[_certain_days(parameters, streams, n, customers, days_seen)] = True
    opened[booked_at] = True
    opened_at = np.flatnonzero(opened)
    place, age = timeline.of_spans(opened_at, days_seen)
    row, day = customers[place], first[place] + age
    booking_open = np.searchsorted(opened_at, booked_at)
    return Customers(
        row=customers,
        dropout=dropout,
        months_alive=months,
        last_day=last_day,
        open_row=row,
        open_day=day,
        booking_row=row[booking_open],
        booking_day=day[booking_open],
        booking_open=booking_open,
        bookings_a_year=rate * round(parameters.bookings_a_year * 1000) // 1000,
    )
