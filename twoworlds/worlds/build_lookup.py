"""Rebuild the lookup tables: `python -m twoworlds.worlds.build_lookup` (needs SciPy).

Run it after adding a table to `TABLES`. A table that is already there must not change: every stored value
that passes through it would move.
"""

import numpy as np

from twoworlds.worlds.lookup import FILE, SLICES, UNIT

LONGEST_INTEREST = 1095  # days: three years, beyond any window


def _middles():
    return (np.arange(SLICES) + 0.5) / SLICES


def _fixed(values):
    return np.rint(np.asarray(values) * UNIT)


def _exponential():
    return _fixed(-np.log1p(-_middles()))


def _gamma(shape):
    """Gamma with mean 1."""
    from scipy import stats

    return _fixed(stats.gamma.ppf(_middles(), shape) / shape)


def _beta(a, b):
    from scipy import stats

    return _fixed(stats.beta.ppf(_middles(), a, b))


def _lognormal(sigma):
    """Lognormal with median 1."""
    from scipy import stats

    return _fixed(np.exp(sigma * stats.norm.ppf(_middles())))


def _normal():
    from scipy import stats

    return _fixed(stats.norm.ppf(_middles()))


def _poisson(mean):
    from scipy import stats

    return stats.poisson.ppf(_middles(), mean)


def _days_of_interest(exponent):
    """Whole days, at least 1: a share d ** -exponent has d or more, so the hazard falls with age."""
    return np.minimum(np.floor((1 - _middles()) ** (-1 / exponent) + 1e-9), LONGEST_INTEREST)


# Name -> how it is made. Add at will; never change one.
TABLES = {
    "exponential": _exponential,
    "gamma_1.5": lambda: _gamma(1.5),
    "gamma_2": lambda: _gamma(2),
    "gamma_60": lambda: _gamma(60),
    "beta_0.8_1.8": lambda: _beta(0.8, 1.8),
    "beta_0.75_4.2": lambda: _beta(0.75, 4.2),
    "beta_0.7_5.6": lambda: _beta(0.7, 5.6),
    "beta_1.3_3.5": lambda: _beta(1.3, 3.5),
    "beta_1.98_3.68": lambda: _beta(1.98, 3.68),
    "lognormal_0.15": lambda: _lognormal(0.15),
    "lognormal_0.25": lambda: _lognormal(0.25),
    "lognormal_0.5": lambda: _lognormal(0.5),
    "lognormal_0.6": lambda: _lognormal(0.6),
    "lognormal_1.15": lambda: _lognormal(1.15),
    "poisson_0.2": lambda: _poisson(0.2),
    "poisson_0.5": lambda: _poisson(0.5),
    "poisson_0.8": lambda: _poisson(0.8),
    "poisson_1.3": lambda: _poisson(1.3),
    "poisson_2.5": lambda: _poisson(2.5),
    "normal": _normal,
    "days_of_interest_0.5": lambda: _days_of_interest(0.5),
}


def build():
    """All tables as one structured array: a field a table, (4096,) each, little-endian 32-bit integers."""
    tables = np.zeros(SLICES, dtype=[(name, "<i4") for name in TABLES])
    for name, make in TABLES.items():
        tables[name] = make()
    return tables


if __name__ == "__main__":
    np.save(FILE, build())
    print(f"{len(TABLES)} lookup tables written to {FILE.name}")
