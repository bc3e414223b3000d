"""Company-wide tables: they descend from no user, so the first block holds them whole."""

from functools import lru_cache

import numpy as np

from twoworlds.worlds.cells import take_rows
from twoworlds.worlds.swiftfare import creatives, experiments


@lru_cache(maxsize=2)
def _whole(parameters, seed, scale):
    """The tables and their oracle: whole, and without a row."""
    arm_days, arms = experiments.make_arm_days(parameters, seed, scale)
    shown, rates = creatives.make_creatives(parameters, seed, scale)
    tables = {
        "experiments": experiments.make_experiments(parameters),
        "arm_days": arm_days,
        "creatives": shown,
        "creative_audiences": creatives.make_audiences(parameters, seed, shown),
    }
    whole = tables, {"arms": arms, "creative_rates": rates}
    return whole, tuple(without_rows(part) for part in whole)


def make_company(parameters, seed, scale, block):
    """The company-wide tables and their oracle: whole in the first block, without a row in all others."""
    return _whole(parameters, seed, scale)[0 if block == 0 else 1]


def without_rows(tables):
    """The same tables with all their columns and no row."""
    return {name: take_rows(table, np.zeros(0, dtype=np.int64)) for name, table in tables.items()}
