"""Interviews with travellers, and the themes that came up. The travellers were recruited off the panel."""

import numpy as np

from twoworlds.worlds.cells import Coded
from twoworlds.worlds.streams import hash_draws, threshold
from twoworlds.worlds.swiftfare.research_parameters import PROFILES, THEMES

NOTHING = "no problem named"
LABELS = (*THEMES, NOTHING)
_STEPS = (2, 5)  # a Tuesday and a Thursday: two days on, then five


def make_interviews(parameters, seed):
    """One row an interview and theme that came up in it; an interview without any has NOTHING. A table."""
    each = parameters.interviews_each
    number = np.arange(each * len(PROFILES))
    profile, place = number // each, number % each
    start = np.array(parameters.interviews_start)[profile]
    held = start + place // 2 * sum(_STEPS) + place % 2 * _STEPS[0]

    rows = number[:, None] * len(LABELS) + np.arange(len(THEMES))
    draws = hash_draws(seed, "swiftfare.interviews.theme", rows.ravel()).reshape(rows.shape)
    raised = draws < threshold(np.array(parameters.theme_chance))[profile]
    raised = np.column_stack([raised, ~raised.any(axis=1)])
    interview, theme = np.nonzero(raised)
    return {
        "interview_id": number[interview] + 1,
        "held_on": held[interview],
        "profile": Coded(profile[interview], PROFILES),
        "theme": Coded(theme, LABELS),
    }
