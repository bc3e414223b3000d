"""Quantile tables: the way from a uniform draw to a normal, gamma, beta, lognormal or Poisson value.

Each table holds the quantiles at the middles of 4,096 equal slices, in fixed point. They are committed
(lookup_tables.npy), so that no logarithm or power is taken on the way to a stored value; `build_lookup.py`
makes them again with SciPy, and a test compares the two.
"""

from functools import cache
from pathlib import Path

import numpy as np

SLICES = 4096
UNIT = 1_000_000  # fixed point of all tables but the Poisson ones, which hold counts, and `days_of_interest`
FILE = Path(__file__).with_name("lookup_tables.npy")


@cache
def _tables():
    return np.load(FILE, allow_pickle=False)


@cache
def table(name):
    """The whole table, (4096,) int64, read only. Raises KeyError, naming the tables there are, for an unknown
    name."""
    tables = _tables()
    if name not in tables.dtype.names:
        raise KeyError(f"no lookup table {name!r}; there are {', '.join(tables.dtype.names)}")
    values = tables[name].astype(np.int64)
    values.setflags(write=False)
    return values


def value(name, draws):
    """The table's values, int64 (n,) in its fixed point, for draws (n,) from 0 to 2**32 - 1."""
    return table(name).take(np.asarray(draws) >> 20)


@cache
def _side_by_side(names):
    return np.stack([table(name) for name in names])


def value_of(names, which, draws):
    """The value of each draw from a table of its own. names: a tuple; which: (n,) positions in it."""
    return _side_by_side(names)[which, np.asarray(draws) >> 20]


def scaled(name, draws, size):
    """`size` (whole number, or an array of them) times the table's value, rounded down to whole units."""
    return value(name, draws) * size // UNIT
