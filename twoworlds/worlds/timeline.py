"""Days as whole numbers (since 1970-01-01), the observed window, and how arrivals spread over days."""

from datetime import date, timedelta

import numpy as np

from twoworlds.worlds import lookup
from twoworlds.worlds.streams import hash_draws

_EPOCH = date(1970, 1, 1)
NO_DAY = -1  # a date that is not there: unknown, or not yet


def day_number(year, month, day):
    return (date(year, month, day) - _EPOCH).days


WINDOW_START = day_number(2024, 1, 1)
WINDOW_END = day_number(2025, 12, 31)  # the last day observed; nothing after it is known
WINDOW_DAYS = WINDOW_END - WINDOW_START + 1

_FIRST_YEAR, _LAST_YEAR = 2015, 2035
_FIRST_OF_MONTH = np.array(
    [day_number(y, m, 1) for y in range(_FIRST_YEAR, _LAST_YEAR + 1) for m in range(1, 13)], dtype=np.int64
)


# Both of every day from NO_DAY on, to be read instead of searched.
_MONTH_INDEX = np.searchsorted(_FIRST_OF_MONTH, np.arange(NO_DAY, _FIRST_OF_MONTH[-1] + 1), side="right") - 1
_MONTH_OF_YEAR = _MONTH_INDEX % 12


def month_index(days):
    """Months since January 2015 of each day; -1 before, the last month known after."""
    return _MONTH_INDEX.take(np.asarray(days) - NO_DAY, mode="clip")


def month_of_year(days):
    """0 for January to 11 for December."""
    return _MONTH_OF_YEAR.take(np.asarray(days) - NO_DAY, mode="clip")


def weekday(days):
    """0 for Monday to 6 for Sunday."""
    return (np.asarray(days) + 3) % 7


def day_of_month(days):
    """1 to 31."""
    return np.asarray(days) - _FIRST_OF_MONTH[month_index(days)] + 1


def add_months(days, months):
    """The same day of the month, `months` later. Days of the month must be 28 or less."""
    return _FIRST_OF_MONTH[month_index(days) + months] + day_of_month(days) - 1


def iso(day):
    """ISO date of a day number."""
    return (_EPOCH + timedelta(days=int(day))).isoformat()


def day_to_day_noise(seed, name, days):
    """A market's own good and bad days: gamma factors with mean 1 (in millionths), the same at every
    scale."""
    return lookup.value("gamma_60", hash_draws(seed, name, days))


def arrival_days(total, first_day, weights, index):
    """Day on which each of `total` arrivals comes, in order, spread over days by whole-number weights.

    weights: (days,) non-negative integers, from first_day on; index: (n,) positions from 0 to total - 1.
    Returns day numbers (n,). Any block can read any arrival's day: nothing is drawn.
    """
    return first_day + np.searchsorted(arrived_by(total, weights), index, side="right")


def arrived_by(total, weights):
    """How many of `total` arrivals have come by the end of each day (days,), by whole-number weights."""
    # Brought to a million at most, so that the running sum times `total` stays below 2**63.
    weights = weights // (int(weights.max()) // 1_000_000 + 1)
    edges = np.cumsum(weights)
    # edges * total // last, in two parts, so that it fits at the largest scale too.
    last = int(edges[-1])
    whole, rest = divmod(int(total), last)
    return edges * whole + edges * rest // last


def of_spans(chosen, lengths):
    """Whose some of the days are, where the days of several users are laid end to end.

    chosen: (n,) positions among all those days, in order; lengths: (users,) days of each user, one or more.
    Returns the position of the user of each chosen day, and how many days it is after that user's first.
    """
    starts = np.cumsum(lengths) - lengths
    counts = np.diff(np.searchsorted(chosen, starts), append=len(chosen))
    return np.repeat(np.arange(len(lengths)), counts), chosen - np.repeat(starts, counts)


def first_of_month(index):
    """Day number of the first day of a month (months since January 2015)."""
    return int(_FIRST_OF_MONTH[index])
