"""Chapter 5, Swiftfare: large releases fail; small ones come soon, hurt few and are soon mended."""

from math import exp

import numpy as np

from twoworlds.worlds.plants.result import Estimate, Plant, Realised

_Z = 1.959964
_TRAIN = 40  # changes from which a release is a train
_HURT_BAND = (0.05, 0.45)
_CADENCE_BAND, _LEAD_BAND, _HARM_BAND = (3.5, 4.5), (5.0, 22.0), (0.0, 0.25)


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


def recovery_time(tables, truth):
    """Mean minutes to recover behind a flag: exponential times, so twice their sum is chi-squared. One failed
    release is one unit."""
    from scipy.stats import chi2

    rows = tables["releases"]
    minutes = rows.loc[rows["failed"] & rows["flagged"], "recovered_minutes"].astype(float)
    # They are counted from 1, in whole minutes: what is exponential lies half a minute lower on average.
    total, n = float((minutes - 0.5).sum()), len(minutes)
    low, high = (float(2 * total / chi2.ppf(share, 2 * n)) for share in (0.975, 0.025))
    planted = truth["parameters"]["recovers_minutes"][0]
    return Estimate("minutes to recover behind a flag", total / n, low, high, planted)


def _split(tables):
    """Releases: trains, and the small ones."""
    rows = tables["releases"]
    return rows[rows["changes"] >= _TRAIN], rows[rows["changes"] < _TRAIN]


def cadence(tables, truth):
    """Small releases a week, from the first to the last."""
    _, small = _split(tables)
    weeks = ((small["live_on"].max() - small["live_on"].min()).days + 1) / 7
    return Realised("small releases a week", len(small) / weeks, *_CADENCE_BAND)


def lead_time(tables, truth):
    """Median time from commit to live, of trains over small releases."""
    trains, small = _split(tables)
    ratio = trains["lead_hours"].median() / small["lead_hours"].median()
    return Realised("lead time, trains over small releases", float(ratio), *_LEAD_BAND)


def _harm(rows):
    """Hours of failure a change, each counted by the share of users whom it met."""
    hours = rows["recovered_minutes"].astype(float) / 60 * rows["exposed_percent"] / 100
    return float(hours.sum() / rows["changes"].sum())


def harm(tables, truth):
    """Harm a change, small releases over trains: hours of failure by the share of users whom they met."""
    trains, small = _split(tables)
    return Realised("harm a change, small over trains", _harm(small) / _harm(trains), *_HARM_BAND)


def small_does_less_harm(tables):
    """There are more failures among small releases than among trains, and far less harm a change."""
    trains, small = _split(tables)
    more = small["failed"].sum() > trains["failed"].sum()
    return bool(more and _harm(small) < 0.5 * _harm(trains))


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
    Plant(
        "recovery behind a flag", ("recovers_minutes",), ("releases",), "parameter", None,
        "05-release-cycles", "swiftfare", recovery_time, small_does_less_harm,
    ),
    Plant(
        "small releases a week", ("releases_on", "weekly_start"), ("releases",), "realised", _CADENCE_BAND,
        "05-release-cycles", "swiftfare", cadence, small_does_less_harm,
    ),
    Plant(
        "lead time of a train", ("lead_hours", "lead_hours_table"), ("releases",), "realised", _LEAD_BAND,
        "05-release-cycles", "swiftfare", lead_time, small_does_less_harm,
    ),
    Plant(
        "harm a change", ("recovers_minutes", "exposed_percent", "change_fails"), ("releases",), "realised",
        _HARM_BAND, "05-release-cycles", "swiftfare", harm, small_does_less_harm,
    ),
]  # fmt: skip
