"""The formulas that the lesson on release cycles writes out, held against published values and simulation.

The lesson's own cells are read and run here, so what is tested is what a learner sees.
"""

from pathlib import Path

import jupytext
import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2, norm

LESSON = Path(__file__).resolve().parents[2] / "authoring" / "lessons" / "05-release-cycles.py"
FUNCTIONS = (
    "def units_an_arm",
    "def highest_of_looks",
    "def intraclass_correlation",
    "def chance_a_change_fails",
    "def relative_lift",
)


@pytest.fixture(scope="module")
def lesson():
    """The functions that the lesson defines, by name."""
    found = {"np": np, "pd": pd, "norm": norm, "chi2": chi2}
    for cell in jupytext.read(LESSON, fmt="py:percent").cells:
        for start in FUNCTIONS:
            if cell.cell_type == "code" and start in cell.source:
                function = start + cell.source.split(start)[1]
                lines = function.splitlines()
                body = [line for line in lines[1:] if not line or line.startswith(" ")]
                end = next(
                    (i for i, line in enumerate(lines[1:], 1) if line and not line.startswith(" ")),
                    len(lines),
                )
                assert body
                exec("\n".join(lines[:end]), found)  # the course's own
    assert all(start.removeprefix("def ") in found for start in FUNCTIONS)
    return found


@pytest.mark.parametrize("looks, published", [(2, 0.083), (5, 0.142), (10, 0.193), (20, 0.248)])
def test_looks_raise_false_alarms_as_published(lesson, looks, published):
    """Armitage, McPherson and Rowe (1969), table 2: a bound of 1.96 at every look."""
    assert (lesson["highest_of_looks"](looks) > 1.96).mean() == pytest.approx(published, abs=0.004)


@pytest.mark.parametrize("looks, published", [(2, 2.178), (4, 2.361), (5, 2.413), (10, 2.555)])
def test_the_bound_is_pococks(lesson, looks, published):
    """Pocock (1977), table 1, two-sided 5 %."""
    assert np.quantile(lesson["highest_of_looks"](looks), 0.95) == pytest.approx(published, abs=0.015)


def test_units_an_arm_find_the_effect_four_times_in_five(lesson):
    before, after = 0.30, 0.34
    units = round(lesson["units_an_arm"](before, after))
    random = np.random.default_rng(1)
    one, two = (random.binomial(units, share, 20_000) / units for share in (before, after))
    error = np.sqrt((one * (1 - one) + two * (1 - two)) / units)
    assert (abs(two - one) / error > 1.96).mean() == pytest.approx(0.80, abs=0.015)


def test_the_intraclass_correlation_of_beta_binomial_teams_is_found(lesson):
    random = np.random.default_rng(2)
    icc, mean = 0.15, 0.35
    both = 1 / icc - 1
    size = random.integers(8, 60, 20_000)
    opened = random.binomial(size, random.beta(mean * both, (1 - mean) * both, len(size)))
    assert lesson["intraclass_correlation"](size, opened) == pytest.approx(icc, abs=0.01)


def test_the_design_effect_tells_the_variance_of_a_mean_over_unequal_teams():
    """Eldridge, Ashby and Kerry (2006), the formula of the lesson's section 8."""
    random = np.random.default_rng(3)
    icc, mean = 0.15, 0.35
    size = random.choice([8, 15, 22, 60], 120, p=[0.3, 0.3, 0.3, 0.1])
    both = 1 / icc - 1
    opened = random.binomial(size, random.beta(mean * both, (1 - mean) * both, (20_000, len(size))))
    seen = (opened.sum(axis=1) / size.sum()).var() / (mean * (1 - mean) / size.sum())
    variation = size.std() / size.mean()
    assert seen == pytest.approx(1 + ((1 + variation**2) * size.mean() - 1) * icc, rel=0.04)


def test_the_chance_of_a_change_is_found_and_its_interval_covers(lesson):
    random = np.random.default_rng(4)
    covered, found = 0, []
    for _ in range(300):
        changes = random.integers(1, 60, 120)
        failed = random.random(120) < 1 - (1 - 0.02) ** changes
        best, low, high = lesson["chance_a_change_fails"](
            pd.DataFrame({"changes": changes, "failed": failed})
        )
        found.append(best)
        covered += low <= 0.02 <= high
    assert np.mean(found) == pytest.approx(0.02, rel=0.05)
    assert 0.91 <= covered / 300 <= 0.985


def test_the_lift_from_sums_is_the_lift_from_rows(lesson):
    random = np.random.default_rng(5)
    values = {"control": random.poisson(2.0, 4_000), "treatment": random.poisson(2.2, 5_000)}
    sums = pd.DataFrame(
        [(arm, len(x), x.sum(), (x**2).sum()) for arm, x in values.items()],
        columns=["arm", "n", "sum_x", "sum_xx"],
    )
    lift, error = lesson["relative_lift"](sums)
    drawn = [
        random.choice(values["treatment"], 5_000).mean() / random.choice(values["control"], 4_000).mean() - 1
        for _ in range(2_000)
    ]
    assert lift == pytest.approx(values["treatment"].mean() / values["control"].mean() - 1)
    assert error == pytest.approx(np.std(drawn), rel=0.06)


def test_the_formulas_of_the_exercise_show():
    """Doubled backslashes in a Markdown cell show as letters: "chi", not the Greek letter."""
    exercise = jupytext.read(LESSON.parents[1] / "exercises" / LESSON.name, fmt="py:percent")
    formulas = [cell.source for cell in exercise.cells if cell.cell_type == "markdown" and "$" in cell.source]
    assert formulas
    assert not [source for source in formulas if "\\\\" in source]
