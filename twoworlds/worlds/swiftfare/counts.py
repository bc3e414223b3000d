"""Company-wide counts and sums, made as such: what a great many units would add up to.

A count of n units with chance p is near its normal limit, so it is reached by a normal quantile from a table.
Square roots are exact in IEEE arithmetic; nothing else but plain arithmetic is used.
"""

import numpy as np

from twoworlds.worlds import lookup
from twoworlds.worlds.streams import hash_draws


class Normals:
    """Normal numbers keyed by seed, purpose and row: the same whichever rows are made.

    rows: (n,) whole numbers that identify the rows for ever.
    """

    def __init__(self, seed, table, rows):
        self.seed, self.table, self.rows = seed, table, np.asarray(rows)

    def of(self, column):
        """Standard normal numbers (n,), for one purpose."""
        draws = hash_draws(self.seed, f"swiftfare.{self.table}.{column}", self.rows)
        return lookup.value("normal", draws) / lookup.UNIT

    def binomial(self, column, n, p):
        """Counts (n,) of successes among n units with chance p each (numbers or arrays)."""
        n = np.asarray(n)
        count = np.rint(n * p + np.sqrt(n * p * (1 - p)) * self.of(column)).astype(np.int64)
        return np.clip(count, 0, n)


def sums(normals, column, n, mean, sd):
    """Sum and sum of squares of n whole-number values with this mean and standard deviation.

    Returns (sum, sum of squares, the standard normal number behind the sum).
    """
    shock = normals.of(column)
    total = np.rint(n * mean + np.sqrt(n) * sd * shock).astype(np.int64)
    total = np.maximum(total, 0)
    spread = _spread(normals, f"{column}_squares", n, sd)
    return total, _squares(total, n, spread), shock


def _spread(normals, column, n, sd):
    """Sum of squares about the mean; its relative error is that of a normal sample."""
    return n * sd**2 * np.maximum(0.0, 1 + np.sqrt(2 / np.maximum(n, 1)) * normals.of(column))


def _squares(total, n, spread):
    return np.rint(spread + total * (total / np.maximum(n, 1))).astype(np.int64)


def paired_sums(normals, n, x, z, correlation):
    """Sums of two values of the same units; x, z: (mean, sd). Returns the sums x, xx, z, zz, xz."""
    common, own = normals.of("sum_z"), normals.of("sum_x")
    rest = np.sqrt(1 - correlation**2)
    sum_z = np.rint(n * z[0] + np.sqrt(n) * z[1] * common).astype(np.int64)
    sum_x = np.rint(n * x[0] + np.sqrt(n) * x[1] * (correlation * common + rest * own)).astype(np.int64)
    sum_z, sum_x = np.maximum(sum_z, 0), np.maximum(sum_x, 0)
    # The slope of x on z and the spread about that line are independent of each other and of z's spread.
    spread_z = _spread(normals, "sum_zz", n, z[1])
    error = rest * x[1] / np.sqrt(np.maximum(spread_z, 1.0))  # of the slope
    slope = correlation * x[1] / z[1] + error * normals.of("sum_xz")
    about_line = _spread(normals, "sum_xx", n, x[1] * rest)
    cross = slope * spread_z
    at_mean = sum_x * (sum_z / np.maximum(n, 1))
    return (
        sum_x, _squares(sum_x, n, about_line + slope * cross),
        sum_z, _squares(sum_z, n, spread_z), np.rint(cross + at_mean).astype(np.int64),
    )  # fmt: skip
