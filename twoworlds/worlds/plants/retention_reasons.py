"""Chapter 3: the stated reason for leaving, against what an interview finds."""

from math import sqrt

import numpy as np

from twoworlds.worlds.plants.result import Estimate, Plant

_Z = 1.959964


def _both(tables):
    """Churn movements with a stated reason and an interview."""
    return tables["movements"].dropna(subset=["stated_reason", "interview_reason"])


def _planted(parameters):
    """Chance that both name the same reason: each errs on its own, given the true reason."""
    share = np.array(parameters["true_reason_share"])
    told, found = (np.array(parameters[f"{name}_given_true"]) for name in ("stated", "interview"))
    return float((share[:, None] * told * found).sum())


def estimate(tables, truth):
    """Share of the accounts asked twice whose stated reason is the interview's; Wilson's interval."""
    both = _both(tables)
    n = len(both)
    share = float((both["stated_reason"].astype(str) == both["interview_reason"].astype(str)).mean())
    middle = (share + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    half = _Z * sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2)) / (1 + _Z**2 / n)
    name = "stated reason is the interview's"
    return Estimate(name, share, middle - half, middle + half, _planted(truth["parameters"]))


def shows(tables):
    """The form puts the blame on the offer; the interviews find trials that never took root."""
    movements = tables["movements"]
    stated = movements["stated_reason"].value_counts().idxmax()
    found = movements["interview_reason"].value_counts().idxmax()
    return bool(stated == "not_as_offered" and found == "casual_trial")


PLANTS = [
    Plant(
        "stated reasons", ("true_reason_share", "stated_given_true", "interview_given_true"), ("movements",),
        "parameter", None, "03-retention", "pipewright", estimate, shows,
    ),
]  # fmt: skip
