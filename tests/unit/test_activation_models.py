"""The estimators that the activation lesson writes out, held against published figures and arithmetic.

The lesson's own cells are read and run here, so what is tested is what a learner sees.
"""

from pathlib import Path

import jupytext
import numpy as np
import pandas as pd
import pytest
from statsmodels.duration.survfunc import SurvfuncRight
from statsmodels.stats.proportion import proportion_confint

LESSON = Path(__file__).resolve().parents[2] / "authoring" / "lessons" / "02-activation.py"


@pytest.fixture(scope="module")
def lesson():
    """The functions that the lesson defines, by name."""
    found = {"np": np, "pd": pd, "SurvfuncRight": SurvfuncRight, "proportion_confint": proportion_confint}
    for cell in jupytext.read(LESSON, fmt="py:percent").cells:
        if cell.cell_type != "code":
            continue
        for name in ("wald", "standardised", "days_to_value", "judge", "cost_of_one_more"):
            start = cell.source.find(f"def {name}(")
            if start >= 0:
                body = cell.source[start:]
                exec(body[: body.find("\n\n\n")] if "\n\n\n" in body else body, found)  # the course's own
    return found


def strata(*rows):
    """Cells as `standardised` wants them, from (yes_1, n_1, yes_0, n_0)."""
    return pd.DataFrame(rows, columns=["yes_1", "n_1", "yes_0", "n_0"])


def test_kidney_stones_are_the_published_reversal(lesson):
    """Charig and others (1986), BMJ 292: stones below and above 2 cm, open surgery against keyhole.

    Successes 81 of 87 and 192 of 263 by open surgery (78 % in all), 234 of 270 and 55 of 80 by keyhole
    (83 %); within either size open surgery does better.
    """
    stones = strata((81, 87, 234, 270), (192, 263, 55, 80))
    raw = stones["yes_1"].sum() / stones["n_1"].sum() - stones["yes_0"].sum() / stones["n_0"].sum()
    assert raw == pytest.approx(0.78 - 0.826, abs=0.001)
    effect, error = lesson["standardised"](stones)
    by_hand = (357 * (81 / 87 - 234 / 270) + 343 * (192 / 263 - 55 / 80)) / 700
    assert effect == pytest.approx(by_hand) and effect > 0
    # Julious and Mullee (1994), BMJ 309, give 93, 73, 87 and 69 %
    assert effect == pytest.approx((357 * (0.93 - 0.87) + 343 * (0.73 - 0.69)) / 700, abs=0.008)
    assert error > 0


def test_weights_of_the_treated_are_those_of_the_treated(lesson):
    stones = strata((81, 87, 234, 270), (192, 263, 55, 80))
    by_hand = (87 * (81 / 87 - 234 / 270) + 263 * (192 / 263 - 55 / 80)) / 350
    assert lesson["standardised"](stones, weights="treated")[0] == pytest.approx(by_hand)


def test_the_standardised_interval_covers(lesson):
    """Two strata of unlike make-up, an effect of 12 points: 95 of 100 intervals hold it, give or take."""
    random, held = np.random.default_rng(0), 0
    for _ in range(1000):
        a, b = random.binomial([250, 1200], [0.68, 0.56])
        c, d = random.binomial([570, 140], [0.26, 0.14])
        effect, error = lesson["standardised"](strata((a, 250, b, 1200), (c, 570, d, 140)))
        held += abs(effect - 0.12) < 1.96 * error
    assert 930 <= held <= 970


def arms(control, treatment):
    return pd.DataFrame([control, treatment], index=["control", "treatment"], columns=["n", "taken", "sum_x"])


def test_vitamin_a_compliers_are_the_published_ones(lesson):
    """Sommer and Zeger (1991), Statistics in Medicine 10: vitamin A in Sumatra, by village.

    Survivors 12,048 of 12,094 of those given it (of whom 9,675 took it) and 11,514 of 11,588 of those not;
    Imbens and Rubin (1997), Annals of Statistics 25, give an effect of 2.6 and on compliers 3.2 in a
    thousand.
    """
    found = lesson["wald"](arms((11_588, 0, 11_514), (12_094, 9_675, 12_048)))["estimate"]
    assert found["shown the card"] == pytest.approx(0.0026, abs=0.0001)
    assert found["share of compliers"] == pytest.approx(0.80, abs=0.001)
    ratio = found["an alert, on compliers"] / found["shown the card"]
    assert ratio == pytest.approx(3.2 / 2.6, abs=0.03)


def test_the_compliers_effect_is_two_stage_least_squares(lesson):
    random = np.random.default_rng(1)
    lot = random.integers(0, 2, 4000)
    kind = random.choice(3, 4000, p=[0.12, 0.25, 0.63])  # always, when asked, never
    took = (kind == 0) | ((kind == 1) & (lot == 1))
    booked = random.random(4000) < np.array([0.32, 0.14, 0.12])[kind] + 0.05 * (took & (kind == 1))
    counts = arms(*[((lot == z).sum(), took[lot == z].sum(), booked[lot == z].sum()) for z in (0, 1)])
    first = np.column_stack([np.ones(4000), lot])
    fitted = first @ np.linalg.lstsq(first, took.astype(float), rcond=None)[0]
    second = np.linalg.lstsq(np.column_stack([np.ones(4000), fitted]), booked.astype(float), rcond=None)[0][1]
    assert lesson["wald"](counts)["estimate"]["an alert, on compliers"] == pytest.approx(second)


def test_the_compliers_interval_covers(lesson):
    """Shares as they were planted, a fifth of the company: the truth lies in 95 of 100, give or take."""
    random, held, n = np.random.default_rng(2), 0, 60_000
    takes, books = np.array([0.12, 0.25, 0.63]), np.array([0.315, 0.14, 0.1195])
    for _ in range(1000):
        rows = []
        for z in (0, 1):
            kinds = random.multinomial(n, takes)
            sum_x = random.binomial(kinds, books + np.array([0, 0.015 * z, 0])).sum()
            rows.append((n, kinds[0] + z * kinds[1], sum_x))
        row = lesson["wald"](arms(*rows)).loc["an alert, on compliers"]
        held += abs(row["estimate"] - 0.015) < 1.96 * row["error"]
    assert 930 <= held <= 970


def test_the_median_of_the_leukaemia_trial_is_the_published_one(lesson):
    """Freireich and others (1963), weeks in remission on 6-MP: the Kaplan-Meier median is 23."""
    ended = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    watched = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    table = pd.DataFrame(
        {"watched_days": ended + watched, "got_there": [True] * len(ended) + [False] * len(watched)}
    )
    assert lesson["days_to_value"](table)[0] == 23


def test_precision_and_recall_have_their_own_base(lesson):
    event = pd.Series([True] * 6 + [False] * 4)
    outcome = pd.Series([True] * 3 + [False] * 3 + [True] + [False] * 3)
    shares = lesson["judge"](event, outcome)["share"]
    assert shares.to_list() == pytest.approx([0.6, 3 / 6, 3 / 4])


def test_the_dear_end_of_a_cost_comes_from_the_small_end_of_the_effect(lesson):
    found = lesson["cost_of_one_more"](720, 0.12, 0.08, 0.18)
    assert found.to_list() == pytest.approx([6000, 4000, 9000])
