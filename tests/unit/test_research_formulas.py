"""The formulas that the research lesson writes out, held against published values and against brute force.

The lesson's own cells are read and run here, so what is tested is what a learner sees.
"""

from itertools import combinations
from math import sqrt
from pathlib import Path

import jupytext
import numpy as np
import pandas as pd
import pytest
from scipy.special import gammaln
from statsmodels.discrete.conditional_models import ConditionalLogit

LESSON = Path(__file__).resolve().parents[2] / "authoring" / "lessons" / "04-research.py"
WANTED = (
    "def worth(", "def needed(", "def log_choose", "def themes_there", "def stops_at", "def share_between",
    "def meet(", "def twenty_surveys", "def worth_of", "def first_choices",
)  # fmt: skip


def function_text(source, name):
    """The text of one function of a cell."""
    after = source[source.index(name) :].splitlines()
    body = [after[0]]
    for line in after[1:]:
        if line and not line[0].isspace() and not line.startswith(")"):
            break
        body.append(line)
    return "\n".join(body)


@pytest.fixture(scope="module")
def lesson():
    """The functions that the lesson defines, by name."""
    found = {
        "np": np, "pd": pd, "sqrt": sqrt, "gammaln": gammaln, "ConditionalLogit": ConditionalLogit,
        "TRUE_SHARES": np.array([0.30, 0.34, 0.36]), "POINTS": np.array([-100, 0, 100]), "TRUE_SCORE": 6.0,
    }  # fmt: skip
    notebook = jupytext.read(LESSON, fmt="py:percent")
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    names = (*WANTED, "def chance_missed", "def themes_found")
    for name in names:
        source = next(source for source in cells if name in source)
        exec(function_text(source, name), found)  # the course's own
    return found


@pytest.mark.parametrize("audience, people", [(100, 80), (1_000, 278), (10_000, 370)])
def test_needed_is_the_published_table(lesson, audience, people):
    """Dimensional Research (2009): a share within 5 points, rounded to the nearest; ours is rounded up."""
    assert lesson["needed"](audience, 5, 50) in (people, people + 1)


def test_needed_is_the_smallest_number_within_the_margin(lesson):
    for audience in (30, 127, 900):
        people = lesson["needed"](audience, 10, 82)
        margins = [1.96 * 82 / sqrt(n) * sqrt((audience - n) / (audience - 1)) for n in (people - 1, people)]
        assert margins[1] <= 10 < margins[0]


def test_the_finite_correction_is_the_variance_over_all_samples():
    """All samples of three of seven, one by one: variance of their means is S²/n (N−n)/N."""
    people = np.array([-100, -100, 0, 0, 100, 100, 100])
    means = [people[list(chosen)].mean() for chosen in combinations(range(7), 3)]
    by_formula = people.var(ddof=0) / 3 * (7 - 3) / (7 - 1)
    assert np.var(means) == pytest.approx(by_formula)


def test_worth_is_the_number_by_lot_with_the_same_error(lesson):
    """A lot has no bias, so it is worth its own number; with bias alone it is spread² over bias²."""
    assert lesson["worth"](80, 0, 80 / sqrt(400)) == pytest.approx(400)
    assert lesson["worth"](80, 40, 0) == pytest.approx(4)


def test_mengs_product_is_the_error():
    """Meng (2018), equation 2.3, on made-up answers: an identity, so to the last digit."""
    random = np.random.default_rng(1)
    answer = random.choice([-100.0, 0.0, 100.0], 5_000)
    heard = random.random(5_000) < np.where(answer > 0, 0.3, 0.1)
    share = heard.mean()
    product = np.corrcoef(heard, answer)[0, 1] * sqrt((1 - share) / share) * answer.std()
    assert product == pytest.approx(answer[heard].mean() - answer.mean(), abs=1e-9)


def test_themes_found_is_the_mean_over_all_ways(lesson):
    """Hurlbert (1971): every choice of four of nine interviews, one by one."""
    raised = pd.DataFrame(np.random.default_rng(2).random((9, 12)) < 0.25)
    found = [raised.iloc[list(chosen)].any().sum() for chosen in combinations(range(9), 4)]
    assert lesson["themes_found"](raised, 4) == pytest.approx(np.mean(found))
    assert lesson["themes_found"](raised, 9) == pytest.approx(raised.any().sum())


def test_chaos_estimate_by_hand_and_on_themes_that_are_known(lesson):
    by_hand = pd.DataFrame(np.eye(4, dtype=bool))  # four interviews, four themes, each raised once
    assert lesson["themes_there"](by_hand) == (4, 4 + 3 / 4 * 4 * 3 / 2)
    random = np.random.default_rng(3)
    groups = [pd.DataFrame(random.random((10, 40)) < 0.15) for _ in range(300)]
    estimates = [lesson["themes_there"](raised)[1] for raised in groups]
    assert np.mean(estimates) == pytest.approx(40, abs=2)


def test_the_stop_rule_follows_its_words(lesson):
    """Ten themes by interview four, none in the first run: stop at six. One in it, then none: eight."""
    raised = np.zeros((12, 12), dtype=bool)
    raised[:4, :10] = True
    assert lesson["stops_at"](raised) == (6, 10)
    raised[5, 10] = True
    assert lesson["stops_at"](raised) == (8, 11)


def test_share_between_accounts_finds_what_was_put_in(lesson):
    """Spread 9 between accounts and 12 within: 36 % of the variance, with accounts of two to six people."""
    random = np.random.default_rng(4)
    found = []
    for _ in range(60):
        size = random.integers(2, 7, 300)
        rows = pd.DataFrame({"block": np.repeat(np.arange(300), size)})
        level = random.normal(0, 9, 300) + np.repeat(random.normal(0, 4.5, 6), 50)
        rows["value"] = level[rows["block"]] + random.normal(0, 12, len(rows))
        of_block = rows.groupby("block")["value"]
        square = of_block.var() * (size - 1)
        blocks = pd.DataFrame({"n": size, "mean": of_block.mean(), "square": square})
        blocks["item_industry"] = np.repeat(np.arange(6), 50)
        found.append(lesson["share_between"](blocks))
    assert np.mean(found) == pytest.approx(0.36, abs=0.015)


def test_two_lines_meet_where_they_meet(lesson):
    prices = np.arange(5, 40.5, 0.5)
    lesson["prices"] = prices
    falling, rising = pd.Series(1 - prices / 40, prices), pd.Series(prices / 40, prices)
    assert lesson["meet"](falling, rising) == pytest.approx(20)
    assert lesson["meet"](falling, rising * 2) == pytest.approx(40 / 3)


def test_the_sampling_machine_covers_and_misleads_as_it_says(lesson):
    for audience, answers in ((127, 100), (2_000_000, 400)):
        true, mean, margin = lesson["twenty_surveys"](audience, answers, 1.0, draws=2_000)
        assert (np.abs(mean - true) <= margin).mean() == pytest.approx(0.95, abs=0.02)
    true, mean, margin = lesson["twenty_surveys"](127, 400, 2.5)
    assert np.all(mean == true) and np.all(margin == 0), "who asks all misses nobody"
    _, biased, _ = lesson["twenty_surveys"](2_000_000, 5_000, 2.5, draws=2_000)
    assert biased.mean() == pytest.approx(100 * (0.36 * 2.5 - 0.30) / (0.36 * 2.5 + 0.64), abs=0.2)


@pytest.mark.parametrize("audience, answers", [(127, 50), (127, 100), (2_000_000, 400)])
def test_answers_drawn_by_lot_are_worth_their_number(lesson, audience, answers):
    """400 tries leave some 7 per cent of noise in the mean squared error; twice that is allowed."""
    assert lesson["worth_of"](audience, answers, 1.0) == pytest.approx(answers, rel=0.15)


def test_asking_everybody_is_worth_everybody(lesson):
    assert lesson["worth_of"](127, 400, 2.5) == pytest.approx(127)


def test_first_choices_find_the_weights_that_were_put_in(lesson):
    """Best of four in proportion to weight, worst of the rest in inverse proportion (Marley and Louviere)."""
    names = ["A", "B", "C", "D", "E", "F", "G", "Gift vouchers"]
    weight = np.array([8.0, 4.0, 3.0, 2.0, 2.0, 1.5, 1.0, 1.0])
    random, rows = np.random.default_rng(5), []
    for user in range(1_500):
        order = random.permutation(8)
        for question, shown in zip(("set_1", "set_2"), np.split(order, 2), strict=True):
            best = random.choice(shown, p=weight[shown] / weight[shown].sum())
            left = shown[shown != best]
            worst = random.choice(left, p=(1 / weight[left]) / (1 / weight[left]).sum())
            rows += [(user, question, names[f], int(f == best) - int(f == worst)) for f in shown]
    lesson["choices"] = pd.DataFrame(rows, columns=["user_id", "question", "item", "value"])
    shares, _ = lesson["first_choices"](range(1_500))
    assert np.abs(shares[names].to_numpy() - weight / weight.sum()).max() < 0.02
