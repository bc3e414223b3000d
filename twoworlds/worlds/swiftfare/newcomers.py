"""What the whole company expects of its newcomers: the chance of a first booking within 30 days."""

import numpy as np

from twoworlds.worlds import lookup, timeline
from twoworlds.worlds.streams import ONE, threshold
from twoworlds.worlds.swiftfare.alerts import BOOKS_WITHIN
from twoworlds.worlds.swiftfare.calendar import booking_weight


def _by_day(parameters, books):
    """Chance to book on the first day, and later were the interest certain to last past it (days, 2)."""
    days = timeline.WINDOW_START + np.arange(timeline.WINDOW_DAYS + BOOKS_WITHIN)
    limit = threshold(books) * booking_weight(parameters, days) // 10_000
    chance = limit / ONE
    # Nothing after the window is seen.
    chance[timeline.WINDOW_DAYS :] = 0.0
    first = chance[: timeline.WINDOW_DAYS]
    interest = lookup.table(parameters.interest_table)
    still, later = 1 - first, np.zeros(timeline.WINDOW_DAYS)
    for age in range(1, BOOKS_WITHIN + 1):
        lasts = int((interest >= age).sum()) / lookup.SLICES
        today = parameters.opens_while_interested * chance[age : age + timeline.WINDOW_DAYS]
        later = later + lasts * (still * today)
        still = still * (1 - today)
    return np.stack([first, later], axis=1)


def booking_chances(parameters, installs):
    """Chance of a first booking within 30 days, seen by the window's end: (weeks, countries, channels).

    installs: (days,) of the whole company; a week's chance is the mean over its installs.
    """
    weeks = timeline.WINDOW_DAYS // 7
    n = installs[: weeks * 7].reshape(weeks, 7)
    by_device = []
    for books in (parameters.books_first, parameters.books_first * parameters.ios_books_first):
        by_day = _by_day(parameters, books)[: weeks * 7].reshape(weeks, 7, 2)
        total, people = np.zeros((weeks, 2)), np.zeros(weeks)
        for day in range(7):  # in order, so that the last digit is the same everywhere
            total = total + n[:, day, None] * by_day[:, day]
            people = people + n[:, day]
        by_device.append(total / np.maximum(people, 1)[:, None])
    android, ios = by_device
    stays = np.array(parameters.stays_interested)
    share = np.array(parameters.ios_share)[None, :, None]
    first = (1 - share) * android[:, None, None, 0] + share * ios[:, None, None, 0]
    later = (1 - share) * android[:, None, None, 1] + share * ios[:, None, None, 1]
    return first + stays * later
