"""Interviews with people of the research frame, and the themes that came up."""

import numpy as np

from twoworlds.worlds.blocks import OF_BLOCK, numbered
from twoworlds.worlds.cells import Coded
from twoworlds.worlds.pipewright.research_parameters import NO_THEME, PERSONAS, THEME_NAMES
from twoworlds.worlds.streams import threshold

MOST_INTERVIEWS = 99  # in one territory


def _chosen(parameters, streams, people):
    """Positions of the people who are asked for an interview: so many of each territory and persona."""
    territories = len(streams.blocks)
    limits = np.tile(threshold(parameters.interviews_more), territories)
    more = streams.happens("interviews", "more", limits, np.full(territories, len(PERSONAS)))
    wanted = np.tile(parameters.interviews_certain, territories) + more
    draws = streams.draws("interviews", "chosen", streams.rows(people[OF_BLOCK]))
    kind = people[OF_BLOCK] * len(PERSONAS) + people["persona"]
    order = np.argsort((kind << 32) + draws, kind="stable")
    kind = kind[order]
    return order[numbered(kind) < wanted[kind]]


def make_interviews(parameters, streams, frame, people, contact_id):
    """One row an interview and theme."""
    n, at = streams.rows(people[OF_BLOCK]), _chosen(parameters, streams, people)
    day = streams.below("interviews", "held_on", n, 5 * parameters.interview_weeks)[at]
    day = parameters.interviews_from + day // 5 * 7 + day % 5
    held = day < frame["left_on"][people["account"][at]]
    at, day = at[held], day[held]
    order = np.lexsort((at, day, people[OF_BLOCK][at]))
    at, day = at[order], day[order]

    chance = threshold(parameters.theme_chances())[people["persona"][at]]
    words = streams.words32("interviews", "theme", n * len(THEME_NAMES)).reshape(-1, len(THEME_NAMES))[at]
    raised = words < chance
    raised = np.column_stack([raised, ~raised.any(axis=1)])
    interview, theme = np.nonzero(raised)
    of_block = people[OF_BLOCK][at]
    interview_id = streams.blocks[of_block] * (MOST_INTERVIEWS + 1) + numbered(of_block) + 1
    return {
        OF_BLOCK: of_block[interview],
        "interview_id": interview_id[interview],
        "contact_id": contact_id[at[interview]],
        "held_on": day[interview],
        "theme": Coded(theme, (*THEME_NAMES, NO_THEME)),
    }
