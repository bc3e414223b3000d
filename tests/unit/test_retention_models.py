"""The models that the retention lesson writes out, held against published values and against arithmetic.

The lesson's own cells are read and run here, so what is tested is what a learner sees. The published example
of BG/NBD is CDNOW, a sample of 2,357 buyers of a CD shop. Its data are not shipped, since nobody states a
licence for them; published values of the formulas are used instead, and the likelihood is held against
numerical integration and against simulated buyers. Whoever has the summary (columns x or frequency, t_x or
recency, T) can name it in CDNOW_SUMMARY, and the published estimates are tested too.
"""

import os
from pathlib import Path

import jupytext
import numpy as np
import pandas as pd
import pytest
from scipy.integrate import quad
from scipy.optimize import minimize
from scipy.special import beta as beta_function
from scipy.special import betaln, gamma, gammaln, hyp2f1

LESSON = Path(__file__).resolve().parents[2] / "authoring" / "lessons" / "03-retention.py"
CDNOW = {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}  # Fader, Hardie and Lee (2005), table 2


@pytest.fixture(scope="module")
def lesson():
    """The functions that the lesson defines, by name."""
    found = {"np": np, "betaln": betaln, "gammaln": gammaln, "hyp2f1": hyp2f1}
    for cell in jupytext.read(LESSON, fmt="py:percent").cells:
        if cell.cell_type == "code" and "def bgnbd_log_likelihood" in cell.source:
            exec(cell.source, found)  # the course's own
        elif cell.cell_type == "code" and "def log_survival" in cell.source:
            exec(cell.source.split("def minus_log_likelihood")[0], found)
    return found


def test_expected_purchases_of_cdnow_customer_1_are_the_published_ones(lesson):
    """Fader and Hardie's spreadsheet note of 2005: x = 2, t_x = 30.43, T = 38.86 gives 1.226 in 39 weeks."""
    assert lesson["bgnbd_expected"](39, 2, 30.43, 38.86, **CDNOW) == pytest.approx(1.226, abs=5e-4)


def test_expected_purchases_of_a_new_cdnow_customer_are_the_published_ones(lesson):
    """The same note: purchases expected up to week t, printed to four digits from unrounded estimates."""
    weeks = np.array([0.1429, 1.0, 3.0, 31.8571, 32.0, 78.0])
    published = np.array([0.0078, 0.0532, 0.1506, 1.0405, 1.0437, 1.8576])
    assert lesson["bgnbd_expected"](weeks, 0, 0, 0, **CDNOW) == pytest.approx(published, rel=3e-3, abs=5e-5)


@pytest.mark.parametrize("x, t_x, T", [(0, 0.0, 38.86), (1, 1.71, 38.86), (2, 30.43, 38.86), (5, 12.0, 20.0)])
def test_the_likelihood_is_the_integral_over_rates_and_chances(lesson, x, t_x, T):
    """The closed form against the definition: buying at a rate, dropping out after a purchase."""
    r, alpha, a, b = CDNOW.values()

    def rates(time):
        return quad(
            lambda rate: rate**x * np.exp(-rate * time)
            * alpha**r * rate ** (r - 1) * np.exp(-alpha * rate) / gamma(r),
            0, np.inf, limit=500,
        )[0]  # fmt: skip

    stays_x_times = beta_function(a, b + x) / beta_function(a, b)
    leaves_after_x = beta_function(a + 1, b + x - 1) / beta_function(a, b) if x else 0.0
    wanted = stays_x_times * rates(T) + leaves_after_x * rates(t_x)
    assert np.exp(lesson["bgnbd_log_likelihood"](x, t_x, T, **CDNOW)) == pytest.approx(wanted, rel=1e-5)


def test_the_fit_finds_the_parameters_of_simulated_buyers(lesson):
    random = np.random.default_rng(20)
    true = np.array([0.8, 6.0, 1.2, 3.0])
    buyers, weeks = 12_000, 60.0
    rate, chance = random.gamma(true[0], 1 / true[1], buyers), random.beta(true[2], true[3], buyers)
    x, t_x = np.zeros(buyers), np.zeros(buyers)
    clock, alive = np.zeros(buyers), np.ones(buyers, bool)
    while alive.any():
        clock = clock + random.exponential(1 / rate)
        alive &= clock <= weeks
        x, t_x = x + alive, np.where(alive, clock, t_x)
        alive &= random.random(buyers) >= chance
    fit = minimize(
        lambda logs: -lesson["bgnbd_log_likelihood"](x, t_x, weeks, *np.exp(logs)).sum(),
        np.zeros(4),
        method="L-BFGS-B",
    )
    assert np.exp(fit.x) == pytest.approx(true, rel=0.15)


@pytest.mark.skipif(not os.environ.get("CDNOW_SUMMARY"), reason="CDNOW's data are not shipped")
def test_the_fit_of_cdnow_is_the_published_one(lesson):
    table = pd.read_csv(os.environ["CDNOW_SUMMARY"]).rename(columns={"frequency": "x", "recency": "t_x"})
    columns = [table[name].to_numpy() for name in ("x", "t_x", "T")]
    fit = minimize(
        lambda logs: -lesson["bgnbd_log_likelihood"](*columns, *np.exp(logs)).sum(),
        np.zeros(4),
        method="L-BFGS-B",
    )
    assert np.exp(fit.x) == pytest.approx(list(CDNOW.values()), abs=2e-3)
    assert -fit.fun == pytest.approx(-9582.4, abs=0.1)


def test_the_survival_of_sbg_is_the_product_of_its_retention_rates(lesson):
    """Closed form against the recursion, both in Fader and Hardie (2007), at the size of their estimates."""
    share = np.exp(lesson["log_survival"](np.array([1, 2, 3]), 0.668, 3.806))
    by_hand = np.cumprod([(3.806 + t - 1) / (0.668 + 3.806 + t - 1) for t in (1, 2, 3)])
    assert share == pytest.approx(by_hand, rel=1e-12)
