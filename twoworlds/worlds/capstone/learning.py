"""What happens to a person in a class: who comes, who leaves, what two tests and a sheet say.

Scores are made in hundredths of a point and written in whole points, cut at 0 and 100.
"""

import numpy as np

from twoworlds.worlds import lookup
from twoworlds.worlds.blocks import OF_BLOCK
from twoworlds.worlds.capstone.parameters import SESSIONS, TESTS
from twoworlds.worlds.streams import threshold

POINT = 100  # hundredths


def normal(streams, table, column, rows, sd):
    """Normal values with mean 0 and standard deviation `sd` points, in hundredths of a point (n,).

    rows: rows of each town, as from `streams.rows`; so for all that follow.
    """
    return lookup.scaled("normal", streams.words32(table, column, rows), round(sd * POINT))


def by_kind(pair, keen):
    """The threshold of a chance that differs between keen people and others (n,)."""
    first, second = threshold(tuple(pair))
    return np.where(keen, first, second)


def sessions_attended(streams, table, rows, keen, no_show, leaves):
    """Sessions that each person comes to, 0 to SESSIONS; who leaves does not come back (n,)."""
    there = ~streams.happens(table, "no_show", threshold(no_show), rows)
    attended = there.astype(np.int64)
    limit = by_kind(leaves, keen)
    for session in range(1, SESSIONS):
        there = there & ~streams.happens(table, f"leaves_after_{session}", limit, rows)
        attended += there
    return attended


def sessions_expected(keen_share, no_show, leaves):
    """Mean share of the sessions that a person with a place comes to, from the parameters alone."""
    by_person = [
        (1 - no_show) * sum((1 - leave) ** session for session in range(SESSIONS)) / SESSIONS
        for leave in leaves
    ]
    return keen_share * by_person[0] + (1 - keen_share) * by_person[1]


def tests(takers):
    """The tests that were sat: a list of two tables, all entry tests and the second tests.

    takers: a table with `entry_on`, `entry` (points), `second_on`, `second` (points) and `sat`, whether the
    second test was sat.
    """
    sat = takers["sat"]
    entry = {
        OF_BLOCK: takers[OF_BLOCK],
        "person_id": takers["person_id"],
        "test": np.full(len(sat), TESTS.index("entry")),
        "taken_on": takers["entry_on"],
        "score": takers["entry"],
    }
    second = {
        OF_BLOCK: takers[OF_BLOCK][sat],
        "person_id": takers["person_id"][sat],
        "test": np.full(int(sat.sum()), TESTS.index("second")),
        "taken_on": takers["second_on"][sat],
        "score": takers["second"][sat],
    }
    return [entry, second]


def in_points(hundredths):
    """Whole points between 0 and 100."""
    return np.clip(hundredths // POINT, 0, 100)


def stars(streams, table, rows, satisfied):
    """One to five stars: four or five where satisfied (n,)."""
    few, many = streams.below(table, "few_stars", rows, 3), streams.below(table, "many_stars", rows, 2)
    return np.where(satisfied, 4 + many, 1 + few)
