"""Swiftfare's experiments: novelty, peeking, sample ratio, the weeks before; and the price-alert nudge."""

import numpy as np
import pandas as pd

from twoworlds.worlds.plants.result import Plant, Realised, interval

SUMS = ["n", "taken", "sum_x", "sum_xx", "sum_z", "sum_zz", "sum_xz"]


def arm_sums(tables, name, first_day=0, last_day=10_000):
    """Sums of a test by arm, over days counted from its start, both included (DataFrame, arm -> sums)."""
    test = tables["experiments"].set_index("name").loc[name]
    rows = tables["arm_days"]
    rows = rows[rows["experiment_id"] == test["experiment_id"]]
    age = (rows["date"] - test["started_on"]).dt.days
    return rows[age.between(first_day, last_day)].groupby("arm", observed=True)[SUMS].sum()


def difference(arms):
    """Treatment's mean over control's: difference and its standard error."""
    mean = arms["sum_x"] / arms["n"]
    variance = (arms["sum_xx"] / arms["n"] - mean**2) / (arms["n"] - 1)
    return mean["treatment"] - mean["control"], float(np.sqrt(variance.sum()))


def relative_lift(arms):
    """Treatment's mean over control's, less 1, and its standard error (delta method)."""
    mean = arms["sum_x"] / arms["n"]
    variance = (arms["sum_xx"] / arms["n"] - mean**2) / (arms["n"] - 1)
    ratio = mean["treatment"] / mean["control"]
    return ratio - 1, float(ratio * np.sqrt((variance / mean**2).sum()))


# ---------------------------------------------------------------- novelty


def steady_lift(tables, truth):
    """Lift from the fifth week on, when the novelty has worn off."""
    return interval(
        "feature's steady lift",
        *relative_lift(arm_sums(tables, "Map search", 28)),
        truth["parameters"]["feature_steady"],
    )


def _daily_lift(tables):
    test = tables["experiments"].set_index("name").loc["Map search"]
    rows = tables["arm_days"][tables["arm_days"]["experiment_id"] == test["experiment_id"]]
    days = []
    for date, of_day in rows.groupby("date"):
        days.append(((date - test["started_on"]).days, *relative_lift(of_day.set_index("arm"))))
    return np.array(days).T


def _fit_decay(tables):
    from scipy.optimize import curve_fit

    day, lift, error = _daily_lift(tables)

    def curve(day, steady, novelty, scale):
        return steady + novelty * np.exp(-day / scale)

    found, covariance = curve_fit(curve, day, lift, [0.0, 0.1, 7.0], error, absolute_sigma=True)
    return found, np.sqrt(np.diag(covariance))


def novelty_lift(tables, truth):
    """First day's fading lift, from the fitted curve."""
    found, error = _fit_decay(tables)
    return interval("feature's novelty", found[1], error[1], truth["parameters"]["feature_novelty"])


def novelty_scale(tables, truth):
    """Days in which the novelty falls to 37 %: the interval is of its logarithm, as a scale's should be."""
    from math import exp, log

    found, error = _fit_decay(tables)
    of_log = interval("", log(found[2]), error[2] / found[2], 0)
    planted = truth["parameters"]["feature_scale_days"]
    return interval("feature's days of novelty", found[2], 0, planted)._replace(
        low=exp(of_log.low), high=exp(of_log.high)
    )


def two_weeks_mislead(tables):
    """Two weeks show a clear lift more than twice what stays."""
    early, early_error = relative_lift(arm_sums(tables, "Map search", 0, 13))
    late, _ = relative_lift(arm_sums(tables, "Map search", 28))
    return early - 1.96 * early_error > 0.02 and early > 2 * late


# ---------------------------------------------------------------- peeking


def _aa_z(tables):
    """z of each A/A test at each daily look, all days so far together (DataFrame, day x test)."""
    names = tables["experiments"].set_index("experiment_id")["name"]
    rows = tables["arm_days"][tables["arm_days"]["experiment_id"].map(names).str.startswith("A/A")]
    sums = rows.pivot_table(
        index=["experiment_id", "date"], columns="arm", values=["n", "sum_x", "sum_xx"], observed=True
    )
    sums = sums.groupby(level="experiment_id").cumsum()
    mean = sums["sum_x"] / sums["n"]
    variance = (sums["sum_xx"] / sums["n"] - mean**2) / (sums["n"] - 1)
    z = (mean["treatment"] - mean["control"]) / np.sqrt(variance.sum(axis=1))
    return z.unstack("experiment_id")


def aa_effect(tables, truth):
    """Mean effect of all A/A tests: nothing."""
    names = tables["experiments"].set_index("experiment_id")["name"]
    rows = tables["arm_days"][tables["arm_days"]["experiment_id"].map(names).str.startswith("A/A")]
    arms = rows.groupby("arm", observed=True)[SUMS].sum()
    return interval("A/A effect", *difference(arms), truth["parameters"]["aa_effect"])


def peeking_rejects(tables, truth):
    """Share of A/A tests that are significant at some daily look."""
    share = (_aa_z(tables).abs() > 1.96).any().mean()
    return Realised("A/A tests rejected by peeking", float(share), 0.10, 0.45)


def peeking_misleads(tables):
    """Daily looks reject more than twice as many A/A tests as the one look that was planned."""
    rejected = _aa_z(tables).abs() > 1.96
    return bool(rejected.any().sum() >= 2 * rejected.iloc[-1].sum() and rejected.any().mean() > 0.1)


# ---------------------------------------------------------------- the weeks before (CUPED)


def cuped_difference(arms):
    """Difference after the covariate's share is taken out, and its standard error."""
    n = arms["n"].sum()
    # One slope for both arms, from the spread within arms.
    xz = (arms["sum_xz"] - arms["sum_x"] * arms["sum_z"] / arms["n"]).sum()
    zz = (arms["sum_zz"] - arms["sum_z"] ** 2 / arms["n"]).sum()
    xx = (arms["sum_xx"] - arms["sum_x"] ** 2 / arms["n"]).sum()
    slope = xz / zz
    mean = (arms["sum_x"] - slope * arms["sum_z"]) / arms["n"]
    variance = (xx - slope * xz) / (n - 3)
    return mean["treatment"] - mean["control"], float(np.sqrt(variance * (1 / arms["n"]).sum()))


def cuped_effect(tables, truth):
    """Effect of the change, with the weeks before taken out."""
    return interval(
        "searches added by saved filters",
        *cuped_difference(arm_sums(tables, "Saved filters")),
        truth["parameters"]["cuped_effect"],
    )


def cuped_correlation(tables, truth):
    """Correlation of after and before, within arms; the interval by Fisher's transformation."""
    arms = arm_sums(tables, "Saved filters")
    xz = (arms["sum_xz"] - arms["sum_x"] * arms["sum_z"] / arms["n"]).sum()
    zz = (arms["sum_zz"] - arms["sum_z"] ** 2 / arms["n"]).sum()
    xx = (arms["sum_xx"] - arms["sum_x"] ** 2 / arms["n"]).sum()
    r = xz / np.sqrt(xx * zz)
    margin = 1.96 / np.sqrt(arms["n"].sum() - 4)
    planted = truth["parameters"]["cuped_correlation"]
    return interval("searches after and before, correlation", r, 0, planted)._replace(
        low=float(np.tanh(np.arctanh(r) - margin)), high=float(np.tanh(np.arctanh(r) + margin))
    )


def cuped_narrows(tables):
    """The weeks before make the interval a quarter narrower or more."""
    arms = arm_sums(tables, "Saved filters")
    return cuped_difference(arms)[1] < 0.75 * difference(arms)[1]


# ---------------------------------------------------------------- sample-ratio mismatch


def control_share(tables, truth):
    """Control's share of the units counted, against one half less those who are lost."""
    n = arm_sums(tables, "New welcome page")["n"]
    share = n["control"] / n.sum()
    planted = 1 / (2 - truth["parameters"]["srm_lost"])
    return interval("control's share of a 50:50 test", share, np.sqrt(share * (1 - share) / n.sum()), planted)


def ratio_mismatch_shows(tables):
    """The planned split is beyond belief (chi-square above 10.8, 1 in 1,000), the lost had older phones."""
    arms = arm_sums(tables, "New welcome page")
    chi_square = ((arms["n"] - arms["n"].sum() / 2) ** 2).sum() / (arms["n"].sum() / 2)
    years = arms["sum_z"] / arms["n"]
    seeming, _ = difference(arms)
    return bool(chi_square > 10.8 and years["treatment"] < years["control"] and seeming > 0)


# ---------------------------------------------------------------- the price-alert nudge


def compliers_effect(tables, truth):
    """Effect of an alert on those who set it when asked: effect of the card over alerts that it brought."""
    arms = arm_sums(tables, "Price alert card")
    effect, error = difference(arms)
    takes = arms["taken"] / arms["n"]
    brought = takes["treatment"] - takes["control"]
    # The error of `brought` adds nothing that matters: it is below a hundredth of `brought`.
    return interval(
        "alert's effect on compliers", effect / brought, error / brought, truth["parameters"]["alert_effect"]
    )


def compliers_share(tables, truth):
    """Share who set an alert only when asked."""
    arms = arm_sums(tables, "Price alert card")
    takes = arms["taken"] / arms["n"]
    error = np.sqrt((takes * (1 - takes) / arms["n"]).sum())
    planted = truth["parameters"]["taker_share"][1]
    return interval("compliers", takes["treatment"] - takes["control"], error, planted)


def _booked_by_alert(tables):
    """Share of the panel not shown the card that booked within 30 days: without and with an alert."""
    users = tables["users"].set_index("user_id")
    users = users[users["installed_on"] <= pd.Timestamp("2025-12-01")]
    first = tables["bookings"].groupby("user_id")["booked_on"].min().reindex(users.index)
    booked = (first - users["installed_on"]).dt.days <= 30
    alerts = tables["alerts"].set_index("user_id").reindex(users.index)
    asked = alerts["arm"] == "treatment"
    return booked[~asked].groupby(alerts.loc[~asked, "set_on"].notna()).mean()


def alert_association(tables, truth):
    """How many times as often those with an alert book, in the panel."""
    share = _booked_by_alert(tables)
    return Realised("alert's association", float(share[True] / share[False]), 2.3, 2.7)


def association_misleads(tables):
    """Those with an alert book far more, by 10 points or more; the experiment leaves less than a third."""
    share = _booked_by_alert(tables)
    arms = arm_sums(tables, "Price alert card")
    takes = arms["taken"] / arms["n"]
    effect = difference(arms)[0] / (takes["treatment"] - takes["control"])
    return bool(share[True] - share[False] > 0.10 and effect < 0.05)


def _plant(name, parameters, tables, chapter, estimate, shows, band=None):
    kind = "parameter" if band is None else "realised"
    return Plant(name, parameters, tables, kind, band, chapter, "swiftfare", estimate, shows)


_TESTS = ("experiments", "arm_days")
_RELEASES, _ACTIVATION = "05-release-cycles", "02-activation"
PLANTS = [
    _plant("steady lift", ("feature_steady",), _TESTS, _RELEASES, steady_lift, two_weeks_mislead),
    _plant("novelty", ("feature_novelty",), _TESTS, _RELEASES, novelty_lift, two_weeks_mislead),
    _plant("days of novelty", ("feature_scale_days",), _TESTS, _RELEASES, novelty_scale, two_weeks_mislead),
    _plant("A/A effect", ("aa_effect",), _TESTS, _RELEASES, aa_effect, peeking_misleads),
    _plant(
        "peeking", ("aa_tests", "aa_days"), _TESTS, _RELEASES,
        peeking_rejects, peeking_misleads, (0.10, 0.45),
    ),
    _plant("effect by CUPED", ("cuped_effect",), _TESTS, _RELEASES, cuped_effect, cuped_narrows),
    _plant("before and after", ("cuped_correlation",), _TESTS, _RELEASES, cuped_correlation, cuped_narrows),
    _plant("sample ratio", ("srm_lost",), _TESTS, _RELEASES, control_share, ratio_mismatch_shows),
    _plant(
        "compliers' effect", ("alert_effect",), _TESTS, _ACTIVATION, compliers_effect, association_misleads
    ),
    _plant("compliers", ("taker_share",), _TESTS, _ACTIVATION, compliers_share, association_misleads),
    _plant(
        "alert's association", ("books_30_days", "taker_share"), ("users", "bookings", "alerts"), _ACTIVATION,
        alert_association, association_misleads, (2.3, 2.7),
    ),
]  # fmt: skip
