"""How likely a booking is on a day: season and weekday, in ten-thousandths of the average day."""

import numpy as np

from twoworlds.worlds import timeline


def booking_weight(parameters, days):
    """10,000 on an average day; days: (n,) day numbers. Returns int64 (n,)."""
    season = np.array(parameters.booking_season)[timeline.month_of_year(days)]
    week = (
        np.array(parameters.booking_weekday)[timeline.weekday(days)] * 7
    )  # shares in %, so the average is 100
    return season * week
