"""The odds of a win of a deal, and what a deal was like given that it was won or not.

Odds of a win are a base, by size of firm, times one factor for each of fit, product manager, kind of budget,
framing of the message and people in the committee. Who wins is settled elsewhere: what the deal was like is
drawn given the outcome by Bayes' rule, over all the combinations there are. Rows are then exactly those of a
world in which the deal came first and its outcome afterwards.
"""

from functools import lru_cache
from itertools import product
from math import fsum
from typing import NamedTuple

import numpy as np

from twoworlds.worlds.pipewright.parameters import SIZES
from twoworlds.worlds.pipewright.prospects import path_and_activation
from twoworlds.worlds.streams import cut_points

_HALVINGS = 60


class Grid(NamedTuple):
    """All combinations for a size of firm, in or out of the test of messages.

    columns: name -> (k,) whole numbers; cuts: (2, k - 1) cut points in draws, of the deals not won and won;
    wins: size of the committee -> chance of a win.
    """

    columns: dict
    cuts: np.ndarray
    wins: dict


def win_shares(parameters):
    """Share of the deals of each size of firm that are won, as the funnel makes it: a list of floats."""
    found = []
    assisted = path_and_activation(parameters)[:, 2:]
    for size, (trial, talks, direct) in enumerate(
        zip(parameters.trial_pays, parameters.talks_pay, parameters.buys_without_trial, strict=True)
    ):
        unpaid, paid = (fsum(assisted[2 * size + pays].tolist()) for pays in (0, 1))
        won = direct + (1 - direct) * paid
        other = direct * (1 - talks) / talks + (1 - direct) * unpaid * (1 - trial) / trial
        found.append(won / (won + other))
    return found


def _combinations(parameters, size, tested):
    """(fit, pm, budget, framing, people), share and factor on the odds, one entry a combination."""
    rows = []
    people = range(len(parameters.committee_share[size]))
    groups = (0, 1) if tested else (0,)
    for fit, pm, capital, group, more in product(range(3), (0, 1), (0, 1), groups, people):
        joins, paid = parameters.pm_joins[fit], parameters.capital_share
        share = parameters.fit_share[fit] * (joins if pm else 1 - joins) * (paid if capital else 1 - paid)
        share *= parameters.committee_share[size][more] * (0.5 if tested else 1.0)
        factor = parameters.fit_odds[fit] * (parameters.pm_odds if pm else 1.0)
        factor *= (parameters.capital_odds if capital else 1.0) * (parameters.group_odds if group else 1.0)
        for _ in range(more):
            factor *= parameters.committee_odds
        rows.append((fit + 1, pm, capital, group, parameters.committee_least[size] + more, share, factor))
    return rows


def _chances(base, rows):
    return [base * row[-1] / (1 + base * row[-1]) for row in rows]


@lru_cache(maxsize=16)
def grid(parameters, size, tested):
    """The combinations of a size of firm (position in SIZES). tested: whether framings are drawn. A Grid."""
    rows, target = _combinations(parameters, size, tested), win_shares(parameters)[size]
    low, high = 0.0, 16.0
    for _ in range(_HALVINGS):  # the base with which as many win as the funnel says
        base = (low + high) / 2
        mean = fsum(row[-2] * chance for row, chance in zip(rows, _chances(base, rows), strict=True))
        low, high = (base, high) if mean < target else (low, base)
    chances = _chances(base, rows)
    won = [row[-2] * chance for row, chance in zip(rows, chances, strict=True)]
    lost = [row[-2] * (1 - chance) for row, chance in zip(rows, chances, strict=True)]
    wins = {}
    for people in {row[4] for row in rows}:
        inside = [place for place, row in enumerate(rows) if row[4] == people and row[-2] > 0]
        if inside:
            wins[people] = fsum(won[place] for place in inside) / fsum(rows[place][-2] for place in inside)
    names = ("fit", "pm_joined", "capital", "group", "stakeholders")
    return Grid(
        {name: np.array([row[place] for row in rows]) for place, name in enumerate(names)},
        np.stack([cut_points([part / fsum(parts) for part in parts]) for parts in (lost, won)]),
        wins,
    )


def draw_deals(parameters, draws, size, tested, won):
    """What each deal was like, given its outcome. draws, size, tested, won: (n,). Returns name -> (n,)."""
    found = {name: np.zeros(len(draws), dtype=np.int64) for name in grid(parameters, 0, False).columns}
    for code in range(len(SIZES)):
        for test in (False, True):
            these = np.flatnonzero((size == code) & (tested == test))
            made = grid(parameters, code, test)
            place = (draws[these, None] >= made.cuts[won[these].astype(np.int64)]).sum(axis=1)
            for name, values in made.columns.items():
                found[name][these] = values[place]
    return found
