"""What happens to a person in a class: who comes, who leaves, what two tests and a sheet say.

Scores are made in hundredths of a point and written in whole points, cut at 0 and 100.
"""

import numpy as np

from twoworlds.worlds import lookup
from twoworlds.worlds.capstone.parameters import SESSIONS
from twoworlds.worlds.streams import threshold

POINT = 100  # hundredths


def normal(streams, table, column, count, sd):
    """Normal values with mean 0 and standard deviation `sd` points, in hundredths of a point (n,)."""
    draws = streams.draws(table, column, count)
    return lookup.value("normal", draws) * round(sd * POINT) // lookup.UNIT


def by_kind(pair, keen):
    """The threshold of a chance that differs between keen people and others (n,)."""
    first, second = threshold(list(pair))
    return np.where(keen, first, second)


def sessions_attended(streams, table, keen, no_show, leaves):
    """Sessions that each person comes to, 0 to SESSIONS; who leaves does not come back (n,)."""
    n = len(keen)
    there = ~streams.happens(table, "no_show", threshold(no_show), n)
    attended = there.astype(np.int64)
    for session in range(1, SESSIONS):
        there = there & ~streams.happens(table, f"leaves_after_{session}", by_kind(leaves, keen), n)
        attended += there
    return attended


def sessions_expected(keen_share, no_show, leaves):
    """Mean share of the sessions that a person with a place comes to, from the parameters alone."""
    by_person = [
        (1 - no_show) * sum((1 - leave) ** session for session in range(SESSIONS)) / SESSIONS
        for leave in leaves
    ]
    return keen_share * by_person[0] + (1 - keen_share) * by_person[1]


def in_points(hundredths):
    """Whole points between 0 and 100."""
    return np.clip(hundredths // POINT, 0, 100)


def stars(streams, table, satisfied):
    """One to five stars: four or five where satisfied (n,)."""
    n = len(satisfied)
    few, many = streams.below(table, "few_stars", n, 3), streams.below(table, "many_stars", n, 2)
    return np.where(satisfied, 4 + many, 1 + few)
