"""Account executives: who sells to whom, and since when. Any block can read who has an account.

An executive's skill multiplies the odds of a win. Who pays is settled elsewhere, so the executive is drawn
given that outcome by Bayes' rule, as if the executive had come first and the outcome afterwards.
"""

from functools import lru_cache

import numpy as np

from twoworlds.worlds import lookup, timeline
from twoworlds.worlds.cells import Coded
from twoworlds.worlds.pipewright.parameters import SIZES
from twoworlds.worlds.streams import hash_draws, name_key

_FIRST = (
    "Ada", "Ben", "Carla", "David", "Elena", "Felix", "Grace", "Hugo", "Ines", "Jonas", "Karen", "Leo",
    "Maya", "Nils", "Olga", "Paul", "Rosa", "Simon", "Tara", "Victor",
)  # fmt: skip
_LAST = (
    "Abbott", "Berg", "Carver", "Dunn", "Ellis", "Frost", "Garner", "Hale", "Ives", "Jansen", "Keller",
    "Lowe", "Marsh", "Noble", "Olsen", "Parry", "Quinn", "Reeve", "Sutton", "Tate", "Vance", "Wells",
)  # fmt: skip


def executive_count(parameters):
    return len(parameters.executive_segment)


@lru_cache(maxsize=4)
def _skills(parameters, seed):
    """Odds of a win over those of an average executive, in millionths (n,)."""
    ids = np.arange(1, executive_count(parameters) + 1)
    normal = lookup.value("normal", hash_draws(seed, "pipewright.executives.skill", ids))
    return lookup.UNIT + normal * round(1000 * parameters.skill_spread) // 1000


def _names(seed, count):
    """First and last names, none used twice."""
    first, last = (name_key(f"pipewright.executives.{part}.{seed}") for part in ("first", "last"))
    return [
        f"{_FIRST[(first + 7 * row) % len(_FIRST)]} {_LAST[(last + 5 * row) % len(_LAST)]}"
        for row in range(count)
    ]


def capacities(parameters, scale):
    """Open deals that each executive can look after, whole numbers (n,): at a larger scale a row stands for
    a team of that many times the people."""
    return np.maximum(1, np.rint(np.array(parameters.executive_capacity) * scale)).astype(np.int64)


def make_executives(parameters, seed, scale):
    """The whole company's executives, in the order of starting. Returns (table, truth)."""
    ids = np.arange(1, executive_count(parameters) + 1)
    started = np.array([timeline.first_of_month(month) for month in parameters.executive_first_month])
    table = {
        "executive_id": ids,
        "name": _names(seed, len(ids)),
        "segment": Coded(np.array([SIZES.index(name) for name in parameters.executive_segment]), SIZES),
        "started_on": started,
        "capacity": capacities(parameters, scale),
    }
    return table, {"executive_id": ids, "odds_of_skill": _skills(parameters, seed)}


def assign(parameters, seed, account_ids, days, sizes, paid):
    """Executive of each account, by a hash of its number alone: every block and table reads the same one.

    days: (n,) day on which the account is given to somebody; sizes: (n,) positions in SIZES; paid: (n,)
    booleans, whether it became a customer in the window. Whoever serves the size and has started is as likely
    as the share of capacity, and, by Bayes' rule, as the skill makes the outcome. Returns (n,) executive_id.
    """
    days, sizes, paid = np.asarray(days), np.asarray(sizes), np.asarray(paid).astype(bool)
    odds = _skills(parameters, seed) * round(1000 * parameters.usual_win_odds) // 1000
    wins = odds * lookup.UNIT // (lookup.UNIT + odds)  # chance of a win, in millionths
    segment = np.array([SIZES.index(name) for name in parameters.executive_segment])
    started = np.array([timeline.first_of_month(month) for month in parameters.executive_first_month])
    weight = np.array(parameters.executive_capacity) * np.where(paid[:, None], wins, lookup.UNIT - wins)
    weight = weight * ((segment == sizes[:, None]) & (started <= days[:, None]))
    edges = np.cumsum(weight, axis=1)
    if len(edges) and not edges[:, -1].all():
        raise ValueError("an account came before anybody who serves its size had started")
    drawn = hash_draws(seed, "pipewright.executives.assign", account_ids)
    # Of a total below 2**31, so that the product stays below 2**63.
    place = drawn * edges[:, -1] >> 32
    return (edges <= place[:, None]).sum(axis=1) + 1
