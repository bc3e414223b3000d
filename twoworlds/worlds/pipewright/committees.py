"""Stakeholders: who sat on the committee of a deal, and who said yes.

A deal is won only where all say yes, and not always then: price and time have a say too. Who said yes in a
deal that was not won is drawn given that it was not, by Bayes' rule, so that over all deals each role says
yes as often as planted, and one independently of the other.
"""

from functools import lru_cache

import numpy as np

from twoworlds.worlds.blocks import OF_BLOCK
from twoworlds.worlds.cells import Coded
from twoworlds.worlds.pipewright.deals_parameters import COMMITTEE_ROLES, OUTCOMES, ROLE_STAGES, STAGES
from twoworlds.worlds.pipewright.parameters import SIZES
from twoworlds.worlds.pipewright.win_model import grid
from twoworlds.worlds.streams import ONE, threshold


def all_say_yes(parameters, people):
    """Chance that all of a committee say yes."""
    found = 1.0
    for chance in parameters.says_yes[:people]:
        found *= chance
    return found


@lru_cache(maxsize=2)
def _all_yes_though_not_won(parameters):
    """Chance that all said yes in a deal that was not won, as a limit for draws: (size, tested, people)."""
    limits = np.zeros((len(SIZES), 2, len(COMMITTEE_ROLES) + 1), dtype=np.int64)
    for size in range(len(SIZES)):
        for tested in (0, 1):
            for people, wins in grid(parameters, size, bool(tested)).wins.items():
                agree = all_say_yes(parameters, people)
                if agree < wins:
                    raise ValueError(f"committees of {people} agree less often than they buy")
                limits[size, tested, people] = threshold((agree - wins) / (1 - wins))
    limits.setflags(write=False)
    return limits


@lru_cache(maxsize=2)
def _refusals(parameters):
    """Chance of a no where somebody has to say it and nobody has so far, as limits for draws (people, roles);
    and where somebody has (roles,)."""
    chance = np.array(parameters.says_yes)
    # Chance that everybody from a role on says yes, by size of the committee.
    rest = np.ones((len(chance) + 1, len(chance) + 1))
    for size in range(1, len(chance) + 1):
        for role in range(size - 1, -1, -1):
            rest[size, role] = chance[role] * rest[size, role + 1]
    people, roles = np.arange(len(chance) + 1)[:, None], np.arange(len(chance))
    still = (1 - chance) / (1 - rest[:, :-1] + (roles >= people))
    return tuple(np.minimum(np.rint(no * ONE).astype(np.int64), ONE) for no in (still, 1 - chance))


def answer_draws(streams, n):
    """What the answers are drawn from: (1 + roles, n), first that of all together. n: rows of each block."""
    return [streams.draws("stakeholders", name, n) for name in ("all", *COMMITTEE_ROLES)]


def find_answers(parameters, draws, deals):
    """Who would say yes. draws: see answer_draws; deals: `fate`, `size`, `tested`, `stakeholders`, each (n,).
    Returns booleans (n, roles); only those of the first `stakeholders` roles count."""
    people, won = deals["stakeholders"], deals["fate"] == OUTCOMES.index("won")
    limit = _all_yes_though_not_won(parameters)[deals["size"], deals["tested"].astype(np.int64), people]
    agreed = won | (draws[0] < limit)
    still, after = _refusals(parameters)
    yes, refused = np.zeros((len(won), len(after)), dtype=bool), np.zeros(len(won), dtype=bool)
    for role in range(len(after)):
        # As long as nobody has said no, somebody still has to.
        no = np.where(refused, after[role], still[people, role])
        yes[:, role] = agreed | (draws[1 + role] >= no)
        refused |= ~yes[:, role] & (role < people)
    return yes


def last_stage(yes, people):
    """Stage in which a deal that is not won ends: that of the first no; the last where all agree, since price
    and contract come there. yes: see find_answers; people: (n,). Returns positions in STAGES (n,)."""
    stage = np.array(ROLE_STAGES)
    no = ~yes & (np.arange(len(stage)) < people[:, None])
    return np.where(no, stage, len(STAGES) - 1).min(axis=1)


def make_stakeholders(deals):
    """One row a role of a closed deal. deals: see opportunities.py. Returns a table."""
    roles = np.arange(len(COMMITTEE_ROLES))
    row, role = np.nonzero((roles < deals["stakeholders"][:, None]) & ~deals["open"][:, None])
    return {
        OF_BLOCK: deals[OF_BLOCK][row],
        "opportunity_id": deals["opportunity_id"][row],
        "role": Coded(role, COMMITTEE_ROLES),
        "said_yes": deals["yes"][row, role],
    }
