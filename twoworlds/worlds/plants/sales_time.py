"""Chapter 6, Pipewright: what the product saves, by case studies and by everybody who was timed."""

from math import sqrt

from twoworlds.worlds.plants.result import Plant, interval


def _saved(tables):
    """Minutes saved a person and week, one number an account that was timed."""
    timed = tables["time_studies"]
    return timed["minutes_before"] - timed["minutes_after"]


def minutes_saved(tables, truth):
    """Mean minutes saved a person and week; every account that was timed counts once."""
    saved = _saved(tables)
    planted = truth["parameters"]["minutes_saved"]
    return interval("minutes saved", saved.mean(), saved.std() / sqrt(len(saved)), planted)


def case_studies_promise_more(tables):
    """Case studies report at least one and a half times the mean."""
    saved = _saved(tables)
    return bool(saved[tables["time_studies"]["in_case_study"]].mean() > 1.5 * saved.mean())


PLANTS = [
    Plant(
        "time saved", ("minutes_saved", "minutes_saved_sd", "case_study_minutes"), ("time_studies",),
        "parameter", None, "06-sales-narrative", "pipewright", minutes_saved, case_studies_promise_more,
    )
]  # fmt: skip
