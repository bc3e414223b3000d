"""The formulas of the lesson on the sales narrative, held against published values and arithmetic.

The lesson's own cells are read and run here, so what is tested is what a learner sees.
"""

from pathlib import Path

import jupytext
import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats
from scipy.integrate import quad
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

LESSON = Path(__file__).resolve().parents[2] / "authoring" / "lessons" / "06-sales-narrative.py"
# Admissions at Berkeley in 1973 by department: men admitted, men not, women admitted, women not
# (Bickel, Hammel and O'Connell, Science 187, 1975).
BERKELEY = [
    (512, 313, 89, 19), (353, 207, 17, 8), (120, 205, 202, 391),
    (138, 279, 131, 244), (53, 138, 94, 299), (22, 351, 24, 317),
]  # fmt: skip


@pytest.fixture(scope="module")
def cells():
    return [cell.source for cell in jupytext.read(LESSON, fmt="py:percent").cells if cell.cell_type == "code"]


def functions(cells, *names):
    """The functions of these names as the lesson defines them, and nothing else of their cells."""
    import ast

    found = {"np": np, "pd": pd}
    for source in cells:
        for node in ast.parse(source).body:
            if isinstance(node, ast.FunctionDef) and node.name in names:
                exec(compile(ast.Module([node], []), "lesson", "exec"), found)  # the course's own
    return [found[name] for name in names]


@pytest.fixture(scope="module")
def pipeline():
    """Ended and pending deals with ties, an age beyond all, and one size without a win."""
    random = np.random.default_rng(1)
    ended = pd.DataFrame(
        {
            "size": random.choice(["small", "medium", "large"], 300),
            "lasted": random.integers(5, 60, 300),
            "won": random.integers(0, 2, 300),
        }
    )
    ended.loc[ended["size"] == "large", "won"] = 0
    pending = pd.DataFrame(
        {
            "size": random.choice(["small", "medium", "large"], 80),
            "age": random.integers(0, 70, 80),
            "amount_cents": 100_00,
        }
    )
    return ended, pending


def test_the_chance_of_an_open_deal_is_the_share_won_of_those_that_lived_longer(cells, pipeline):
    ended, pending = pipeline
    (chances,) = functions(cells, "chances")
    by_hand = []
    for size, age in zip(pending["size"], pending["age"], strict=True):
        longer = ended[(ended["size"] == size) & (ended["lasted"] > age)]
        by_hand.append(longer["won"].mean() if len(longer) else 0.0)
    assert chances(ended, pending) == pytest.approx(by_hand)
    assert 0 < sum(by_hand) < len(by_hand)


def test_the_forecast_finds_the_wins_of_deals_like_those_it_learnt_from(cells):
    """Over many pipelines of one process, the forecast by age is right on average and covers as it says."""
    chances, futures = functions(cells, "chances", "futures")
    random = np.random.default_rng(5)
    gaps, inside = [], []
    for _ in range(40):
        n = 700
        deals = pd.DataFrame(
            {"size": "small", "opened": random.integers(0, 500, n), "won": random.random(n) < 0.3}
        )
        middle = np.where(deals["won"], 60, 130)
        deals["lasted"] = np.rint(middle * np.exp(0.4 * random.standard_normal(n))).astype(int)
        ended = deals[deals["opened"] < 250]
        pending = deals[(deals["opened"] >= 250) & (deals["opened"] + deals["lasted"] > 500)]
        pending = pending.assign(age=500 - pending["opened"], amount_cents=100)
        ended = ended.assign(won=ended["won"].astype(int))
        wins = futures(ended, pending[["size", "age", "amount_cents"]], draws=80)["wins"]
        low, high = wins.quantile([0.025, 0.975])
        gaps.append(chances(ended, pending).sum() - pending["won"].sum())
        inside.append(low <= pending["won"].sum() <= high)
    assert abs(np.mean(gaps)) < 3 * np.std(gaps) / np.sqrt(len(gaps))
    assert np.mean(inside) > 0.85


def test_the_pooled_odds_ratio_of_berkeley_is_the_published_one(cells, capsys):
    """Mantel and Haenszel's estimate for the six departments is 0.905."""
    rows = []
    for department, counts in enumerate(BERKELEY):
        for (joined, won), count in zip([(1, 1), (1, 0), (0, 1), (0, 0)], counts, strict=True):
            rows += [{"fit": department, "joined": joined, "won": won}] * count
    source = next(cell for cell in cells if "StratifiedTable" in cell)
    found = {"np": np, "sm": sm, "mature": pd.DataFrame(rows)}
    exec(source.split("print(")[0], found)  # the course's own
    assert found["top"] / found["bottom"] == pytest.approx(0.9047, abs=5e-4)
    assert found["fit_or"] == pytest.approx(found["top"] / found["bottom"])


def test_the_largest_of_eight_is_what_the_lesson_draws(cells):
    """Mean of the largest of eight standard normals: 1.4236 (Tippett's table)."""
    exact = quad(lambda x: x * 8 * stats.norm.pdf(x) * stats.norm.cdf(x) ** 7, -8, 8)[0]
    assert exact == pytest.approx(1.4236, abs=1e-4)
    source = next(cell for cell in cells if "largest = luck.max" in cell)
    found = {"np": np, "random": np.random.default_rng(6), "mean_1": 4.0}
    exec(source.split("print(")[0], found)  # the course's own
    assert found["luck"].max(axis=1).mean() == pytest.approx(exact, abs=0.02)
    assert found["lead_by_luck"] == pytest.approx(100 * exact * np.sqrt(0.96 / (0.04 * 8000)), rel=0.02)


def test_a_contest_with_more_headlines_shows_more_and_with_more_showings_lies_less(cells):
    (contest,) = functions(cells, "a_contest")
    small, many, long = contest(4, 8_000), contest(16, 8_000), contest(4, 400_000)
    assert many[0] - many[1] > small[0] - small[1] > long[0] - long[1] > 0
    assert long[2] > small[2] > many[2]


def test_wilsons_interval_is_the_published_one():
    """Newcombe (1998), Statistics in Medicine 17, method 3: 81 of 263 gives 0.2553 to 0.3662."""
    assert proportion_confint(81, 263, method="wilson") == pytest.approx((0.2553, 0.3662), abs=5e-5)


def test_holms_correction_is_the_step_down_of_the_paper():
    """Holm (1979): the smallest p times m, the next times m - 1, and never below the one before."""
    p = np.array([0.01, 0.04, 0.03, 0.005])
    order, running = np.argsort(p), 0.0
    by_hand = np.empty(4)
    for place, which in enumerate(order):
        running = max(running, min(1.0, (4 - place) * p[which]))
        by_hand[which] = running
    assert by_hand == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert multipletests(p, method="holm")[1] == pytest.approx(by_hand)


def test_the_return_is_what_comes_back_less_the_cost_over_the_cost(cells):
    (roi,) = functions(cells, "first_year_roi")
    # An hour a week at half use, 40 weeks of 50 euros: 1,000; a seat for 400 and two hours of training: 500.
    assert roi(60, 0.5, 50, 40, 400, 2) == pytest.approx(1.0)
    assert roi(0, 1, 50, 40, 400, 2) == -1


def test_the_share_of_the_largest(cells):
    (share,) = functions(cells, "share_of_largest")
    assert share(np.array([1, 5, 3, 1]), 2) == pytest.approx(0.8)


def some_deals(n, random, follow):
    """Deals of one process, 30 % won in about 60 days, the rest lost in about 130; `follow`: days watched."""
    wins = random.random(n) < 0.3
    lasted = np.rint(np.where(wins, 60, 130) * np.exp(0.3 * random.standard_normal(n)))
    created = pd.Timestamp("2025-01-01") + pd.to_timedelta(random.integers(0, follow, n), unit="D")
    closed = pd.Series(created + pd.to_timedelta(lasted, unit="D"))
    end = pd.Timestamp("2025-01-01") + pd.Timedelta(days=follow)
    outcome = pd.Series(np.where(wins, "won", "lost")).where(closed <= end, "open")
    table = pd.DataFrame(
        {"created_on": created, "closed_on": closed.where(closed <= end), "outcome": outcome}
    )
    return table, end, wins & (lasted <= 180)


def test_the_cumulative_incidence_finds_the_share_won_though_many_deals_are_open(cells):
    """By hand on deals of which a third is open; the rate of the closed ones is far above."""
    source = next(cell for cell in cells if "won_by +=" in cell)
    found = []
    for seed in range(20):
        table, end, truly = some_deals(900, np.random.default_rng(seed), 365)
        names = {"pd": pd, "deals": table, "window_end": end}
        exec(source.split("print(")[0], names)  # the course's own
        closed = table[table["outcome"] != "open"]
        found.append((names["won_by"] - truly.mean(), (closed["outcome"] == "won").mean() - truly.mean()))
    gaps, naive = np.array(found).T
    assert abs(gaps.mean()) < 3 * gaps.std() / np.sqrt(len(gaps))
    assert naive.mean() > 0.05


def test_the_upper_end_of_the_share_that_is_not_luck_covers(cells):
    """Eight rates with a true spread as large as luck's: the share is a half, and the upper end holds it."""
    source = next(cell for cell in cells if "shrink_high =" in cell)
    random = np.random.default_rng(3)
    luck = np.sqrt(0.04 * 0.96 / 8000)
    holds = []
    for _ in range(400):
        true = 0.04 + luck * random.standard_normal(8)
        wave = pd.DataFrame({"tapped": random.binomial(8000, true), "shown": 8000})
        names = {"stats": stats, "first_wave": wave, "error_of_one": luck, "max": max}
        exec(source.split("statistic,")[0], names)  # the course's own
        holds.append(names["shrink_high"] >= 0.5)
    assert 0.955 < np.mean(holds) < 0.995
