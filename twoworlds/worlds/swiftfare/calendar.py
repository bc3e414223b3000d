"""How likely a booking is on a day: season and weekday, in ten-thousandths of the average day."""

from functools import lru_cache

import numpy as np

from twoworlds.worlds import timeline

_DAYS_KNOWN = timeline.day_number(2030, 1, 1)  # from 1970 on


@lru_cache(maxsize=8)
def _weights(season, weekday):
    """The weight of every day up to _DAYS_KNOWN."""
    days = np.arange(_DAYS_KNOWN)
    # Shares of the week's days are in %, so that the average is 100.
    return np.array(season)[timeline.month_of_year(days)] * (np.array(weekday)[timeline.weekday(days)] * 7)


@lru_cache(maxsize=8)
def _most(season, weekday):
    return int(_weights(season, weekday).max())


def booking_weight(parameters, days):
    """10,000 on an average day; days: (n,) day numbers, 1970 to 2029. Returns int64 (n,)."""
    return _weights(parameters.booking_season, parameters.booking_weekday).take(days)


def most_booking_weight(parameters):
    """The weight of the likeliest day."""
    return _most(parameters.booking_season, parameters.booking_weekday)
