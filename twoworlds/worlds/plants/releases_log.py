"""Chapter 5, Swiftfare: large releases fail, and small ones behind a flag hurt few."""

from math import exp

import numpy as np

from twoworlds.worlds.plants.result import Estimate, Plant, Realised

_Z = 1.959964
_TRAIN = 40  # changes from which a release is a train
_HURT_BAND = (0.05, 0.45)


def change_fails(tables, truth):
    """Chance that a change breaks something, by maximum likelihood: a release of k fails with
    1 - (1 - p) ** k, so the complementary log-log of its chance is a constant and log k. One release is one
    unit; the interval is of the constant, -log(1 - p) on a log scale.
    """
    import statsmodels.api as sm

    rows = tables["releases"]
    family = sm.families.Binomial(link=sm.families.links.CLogLog())
    fit = sm.GLM(
        rows["failed"].astype(float), np.ones(len(rows)), family=family, offset=np.log(rows["changes"])
    ).fit()
    level, error = float(fit.params.iloc[0]), float(fit.bse.iloc[0])
    found, low, high = (1 - exp(-exp(level + sign * _Z * error)) for sign in (0, -1, 1))
    return Estimate("chance that a change fails", found, low, high, truth["parameters"]["change_fails"])


def hurt_by_small(tables, truth):
    """Share of users who had a small release that failed, on average over those that failed."""
    rows = tables["releases"]
    small = rows[rows["failed"] & (rows["changes"] < _TRAIN)]
    return Realised(
        "users hurt by a small release that fails", small["exposed_percent"].mean() / 100, *_HURT_BAND
    )


def trains_fail(tables):
    """Trains fail several times as often as small releases, though both ship the same kind of change."""
    rows = tables["releases"]
    by_size = rows.groupby(rows["changes"] >= _TRAIN)["failed"].mean()
    return bool(by_size[True] > 3 * by_size[False])


PLANTS = [
    Plant(
        "large releases fail", ("change_fails", "train_changes", "small_changes_table"), ("releases",),
        "parameter", None, "05-release-cycles", "swiftfare", change_fails, trains_fail,
    ),
    Plant(
        "flags limit the damage", ("flagged_share", "exposed_percent", "exposed_share"), ("releases",),
        "realised", _HURT_BAND, "05-release-cycles", "swiftfare", hurt_by_small, trains_fail,
    ),
]  # fmt: skip
