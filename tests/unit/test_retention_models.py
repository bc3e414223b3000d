"""The models that the retention lesson writes out, held against published values and against arithmetic.

The lesson's own cells are read and run here, so what is tested is what a learner sees. The published example
of BG/NBD is CDNOW, a sample of 2,357 buyers of a CD shop. Its owners state no licence for the data, so they
are not shipped. Tested instead, and always: the log-likelihoods and the expected purchases that the authors
print for single buyers, numerical integration, and whether the fit finds the published estimates again in
buyers who are simulated with them.
"""

from pathlib import Path

import jupytext
import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import minimize
from scipy.special import beta as beta_function
from scipy.special import betaln, gamma, gammaln, hyp2f1
from statsmodels.tools.numdiff import approx_hess

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


@pytest.mark.parametrize(
    "x, t_x, published",
    [
        (0, 0.0, -0.5538),
        (1, 1.71, -4.4711),
        (2, 30.43, -9.4596),
        (5, 24.43, -17.3593),
        (7, 29.43, -21.8644),
        (10, 34.14, -27.3144),
    ],
)
def test_the_log_likelihood_of_single_cdnow_buyers_is_the_published_one(lesson, x, t_x, published):
    """Fader and Hardie's spreadsheet note (brucehardie.com/notes/004): buyers watched for 38.86 weeks.

    They print from unrounded estimates; with three digits of each the third digit of the value may move.
    """
    assert lesson["bgnbd_log_likelihood"](x, t_x, 38.86, **CDNOW) == pytest.approx(published, rel=2.5e-3)


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


def simulated_buyers(r, alpha, a, b, buyers, weeks, random):
    """Repeat purchases and the week of the last: buy at a rate, and perhaps leave after a purchase."""
    rate, chance = random.gamma(r, 1 / alpha, buyers), random.beta(a, b, buyers)
    x, t_x = np.zeros(buyers), np.zeros(buyers)
    clock, alive = np.zeros(buyers), rate > 1e-12  # slower buyers never come, and would overflow the clock
    while alive.any():
        clock = clock + random.exponential(1 / np.maximum(rate, 1e-12))
        alive &= clock <= weeks
        x, t_x = x + alive, np.where(alive, clock, t_x)
        alive &= random.random(buyers) >= chance
    return x, t_x


@pytest.mark.parametrize(
    "true, weeks",
    [(tuple(CDNOW.values()), (27.0, 38.86)), ((0.8, 6.0, 1.2, 3.0), (60.0, 60.0))],
    ids=["the published estimates of CDNOW", "keener buyers"],
)
def test_the_fit_finds_the_parameters_of_simulated_buyers(lesson, true, weeks):
    """As many buyers as in CDNOW's whole list of 23,570; each estimate within three standard errors."""
    random = np.random.default_rng(20)
    watched = random.uniform(*weeks, 23_570)
    x, t_x = simulated_buyers(*true, len(watched), watched, random)

    def minus_log_likelihood(logs):
        return -lesson["bgnbd_log_likelihood"](x, t_x, watched, *np.exp(logs)).sum()

    fit = minimize(minus_log_likelihood, np.zeros(4), method="L-BFGS-B", options={"ftol": 1e-12})
    errors = np.sqrt(np.diag(np.linalg.inv(approx_hess(fit.x, minus_log_likelihood))))
    assert errors.max() < 0.2  # an interval that holds everything would test nothing
    assert np.abs(fit.x - np.log(true)) / errors == pytest.approx(0, abs=3)


def test_the_survival_of_sbg_is_the_product_of_its_retention_rates(lesson):
    """Closed form against the recursion, both in Fader and Hardie (2007), at the size of their estimates."""
    share = np.exp(lesson["log_survival"](np.array([1, 2, 3]), 0.668, 3.806))
    by_hand = np.cumprod([(3.806 + t - 1) / (0.668 + 3.806 + t - 1) for t in (1, 2, 3)])
    assert share == pytest.approx(by_hand, rel=1e-12)
