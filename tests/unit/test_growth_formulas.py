"""The formulas that the growth lesson writes out, held against counting and against arithmetic.

The lesson's own cells are read and run here, so what is tested is what a learner sees.
"""

from pathlib import Path

import jupytext
import numpy as np
import pandas as pd
import pytest
from scipy import stats

LESSON = Path(__file__).resolve().parents[2] / "authoring" / "lessons" / "01-growth-and-marketing.py"


def cell_with(text):
    """Source of the lesson's first code cell that holds `text`."""
    for cell in jupytext.read(LESSON, fmt="py:percent").cells:
        if cell.cell_type == "code" and text in cell.source:
            return cell.source
    raise AssertionError(f"no cell of the lesson holds {text!r}")


def function(name, **given):
    """One function of the lesson, alone, with the names it needs."""
    import ast

    source = cell_with(f"def {name}(")
    found = next(node for node in ast.parse(source).body if getattr(node, "name", None) == name)
    namespace = {"np": np, "pd": pd, "stats": stats, **given}
    exec(ast.get_source_segment(source, found), namespace)  # the course's own
    return namespace[name]


@pytest.mark.parametrize("k", [0.06, 0.3, 0.6, 0.9, 1, 1.1])
@pytest.mark.parametrize("cycle", [3, 14, 30])
def test_installs_of_a_loop_are_those_counted_round_by_round(k, cycle):
    rounds = 6
    counted, newest = 1000.0, 1000.0
    for _ in range(rounds):
        newest *= k
        counted += newest
    assert function("installs_after")(rounds * cycle, k, cycle) == pytest.approx(counted)


def test_a_loop_below_one_comes_to_rest():
    assert function("installs_after")(100_000, 0.6, 3) == pytest.approx(1000 / (1 - 0.6))


def test_mix_and_rate_add_up_to_the_whole_change_and_part_where_they_should():
    split = function("mix_and_rate")
    before = np.array([[100.0, 10.0], [300.0, 9.0]])
    after = np.array([[300.0, 24.0], [100.0, 2.0]])
    rate, mix = split(before, after)
    whole = after[:, 1].sum() / after[:, 0].sum() - before[:, 1].sum() / before[:, 0].sum()
    assert rate + mix == pytest.approx(whole)
    assert rate < 0 < mix
    assert split(before, 2 * before) == pytest.approx((0, 0))
    same_rates = np.array([[300.0, 30.0], [100.0, 3.0]])
    assert split(before, same_rates)[0] == pytest.approx(0)


def test_broken_step_takes_the_others_ups_and_downs_out():
    ratio = function("step_ratio")
    usual = np.array([[1000.0, 900.0], [5000.0, 4500.0]])
    broken = np.array([[1000.0, 270.0], [5000.0, 4050.0]])
    assert ratio(usual, broken) == pytest.approx(0.3 / 0.9)


def test_interval_of_a_ratio_over_months_covers_as_it_says():
    """Months of money and Poisson customers at a known cost: 95 of 100 intervals hold it."""
    interval = function("ratio_interval")
    random = np.random.default_rng(7)
    held = 0
    for _ in range(1000):
        money = random.uniform(40_000, 250_000, 19)
        _, low, high = interval(money, random.poisson(money / 9_000))
        held += low <= 9_000 <= high
    assert 0.93 < held / 1000 < 0.97


def test_same_month_cost_is_too_high_by_growth_to_the_power_of_the_lag():
    """The sentence of section 11: spend that grows by g a month, customers L months later."""
    growth, lag, cost = 0.08, 5, 9_000
    spend = 50_000 * (1 + growth) ** np.arange(24)
    wins = np.full(24, np.nan)
    wins[lag:] = spend[:-lag] / cost
    same_month = spend[12:].sum() / wins[12:].sum()
    assert same_month / cost == pytest.approx((1 + growth) ** lag)
