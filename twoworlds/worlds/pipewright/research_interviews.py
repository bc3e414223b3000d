"""Interviews with people of the research frame, and the themes that came up."""

import numpy as np

from twoworlds.worlds.cells import Coded
from twoworlds.worlds.pipewright.research_parameters import NO_THEME, PERSONAS, THEME_NAMES
from twoworlds.worlds.streams import threshold

MOST_INTERVIEWS = 99  # in one territory


def make_interviews(parameters, streams, frame, people, contact_id):
    """One row an interview and theme."""
    n = len(contact_id)
    draws = streams.draws("interviews", "chosen", n)
    extra = streams.happens("interviews", "more", threshold(parameters.interviews_more), len(PERSONAS))
    chosen = []
    for persona, certain in enumerate(parameters.interviews_certain):
        at = np.flatnonzero(people["persona"] == persona)
        chosen.append(at[np.argsort(draws[at], kind="stable")][: certain + int(extra[persona])])
    at = np.concatenate(chosen)
    day = streams.below("interviews", "held_on", n, 5 * parameters.interview_weeks)[at]
    day = parameters.interviews_from + day // 5 * 7 + day % 5
    held = day < frame["left_on"][people["account"][at]]
    at, day = at[held], day[held]
    order = np.lexsort((at, day))
    at, day = at[order], day[order]

    chance = threshold(parameters.theme_chances())[people["persona"][at]].reshape(len(at), len(THEME_NAMES))
    draws = streams.draws("interviews", "theme", n * len(THEME_NAMES)).reshape(n, len(THEME_NAMES))[at]
    raised = draws < chance
    raised = np.column_stack([raised, ~raised.any(axis=1)])
    interview, theme = np.nonzero(raised)
    return {
        "interview_id": streams.block * (MOST_INTERVIEWS + 1) + interview + 1,
        "contact_id": contact_id[at[interview]],
        "held_on": day[interview],
        "theme": Coded(theme, (*THEME_NAMES, NO_THEME)),
    }
