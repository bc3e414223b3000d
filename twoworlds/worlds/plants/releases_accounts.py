"""Chapter 5, Pipewright: experiments by account."""

import numpy as np
import pandas as pd

from twoworlds.worlds.plants.result import Estimate, Plant, Realised, interval

SPLITS = 1000  # of the A/A test's accounts, drawn anew
POWER = 2.8  # standard errors that an effect must have, to be found four times in five
WEEKS_BEFORE = 8

# ---------------------------------------------------------------- the redesign


def account_changes(tables, first_week, last_week):
    """Each account's change of records edited a day of use, as a logarithm, with its arm.

    Weeks are counted from 0, the test's first; both are included. They are compared with the account's own
    eight weeks before the test (as many of them as there are). Accounts that leave before the last week are
    left out; the arms have nothing to do with who leaves. Days of use are those of all members together.
    """
    test = tables["experiments"].set_index("name").loc["Pipeline redesign"]
    arms = tables["arms"][tables["arms"]["experiment_id"] == test["experiment_id"]]
    usage = tables["usage"][tables["usage"]["account_id"].isin(arms["account_id"])]
    week = (usage["week"] - test["started_on"]).dt.days // 7

    def sums(low, high):
        rows = usage[week.between(low, high)].assign(days=usage["mean_daily_active"] * 7)
        groups = rows.groupby("account_id")
        found = groups[["records_edited", "days"]].sum()
        found["weeks"] = groups.size()
        return found[found["records_edited"] > 0]

    before, after = sums(-WEEKS_BEFORE, -1), sums(first_week, last_week)
    before = before[before["weeks"] >= WEEKS_BEFORE // 2]
    after = after[after["weeks"] == last_week - first_week + 1]
    pace = (after["records_edited"] / after["days"]) / (before["records_edited"] / before["days"])
    change = np.log(pace.dropna()).rename("change").reset_index()
    return change.merge(arms[["account_id", "arm"]], on="account_id")


def _difference(values, arm):
    """Mean of the treated less mean of the others, and its standard error; a value an account."""
    parts = [values[arm == name] for name in ("treatment", "control")]
    error = np.sqrt(sum(part.var() / len(part) for part in parts))
    return parts[0].mean() - parts[1].mean(), error


def _effect(tables, first_week, last_week):
    changes = account_changes(tables, first_week, last_week)
    return _difference(changes["change"], changes["arm"])


def _relative(name, found, planted):
    """A difference of logarithms as a relative effect, with its interval."""
    return Estimate(name, *(float(np.expm1(found[0] + z * found[1])) for z in (0, -1.96, 1.96)), planted)


def first_two_weeks(tables, truth):
    """Effect on records edited in the test's first two weeks."""
    planted = truth["plants"]["redesign"]["first_two_weeks"]
    return _relative("redesign, first two weeks", _effect(tables, 0, 1), planted)


def last_four_weeks(tables, truth):
    """Effect on records edited in the test's last four weeks."""
    planted = truth["plants"]["redesign"]["last_four_weeks"]
    return _relative("redesign, last four weeks", _effect(tables, 8, 11), planted)


def two_weeks_mislead(tables):
    """The first two weeks show a loss, the last four a gain."""
    return bool(_effect(tables, 0, 1)[0] < 0 < _effect(tables, 8, 11)[0])


def smallest_effect_of_all(tables, truth):
    """Smallest effect on records, in %, that all accounts can show: four weeks against eight before."""
    changes = account_changes(tables, 8, 11)
    spread = changes.groupby("arm", observed=True)["change"].std().mean()
    return Realised("smallest effect, all accounts", 200 * POWER * spread / np.sqrt(len(changes)), 3.0, 6.0)


# ---------------------------------------------------------------- the A/A test


def members_in_test(tables):
    """One row a member of the A/A test who used the product: account, and whether the forecast was opened."""
    opened = tables["activity"].groupby("member_id")["forecasts_opened"].sum() > 0
    found = opened.rename("opened").reset_index()
    return found.merge(tables["members"][["member_id", "account_id"]], on="member_id")


def _counts(tables):
    """Members and those who opened the forecast, by account (two arrays)."""
    groups = members_in_test(tables).groupby("account_id")["opened"]
    return groups.size().to_numpy(), groups.sum().to_numpy()


def design_effect(sizes, icc):
    """How many times the variance of independent members, where accounts differ in size."""
    return 1 + ((sizes**2).sum() / sizes.sum() - 1) * icc


def alike(tables, truth):
    """Intraclass correlation: beta-binomial likelihood, with the interval of its profile."""
    from scipy.special import betaln

    n, opened = _counts(tables)
    icc = np.geomspace(0.04, 0.45, 100)[:, None, None]
    mean = np.linspace(0.20, 0.55, 71)[None, :, None]
    both = 1 / icc - 1
    a, b = mean * both, (1 - mean) * both
    counts, where = np.unique(np.stack([opened, n - opened]), axis=1, return_counts=True)
    likelihood = ((betaln(a + counts[0], b + counts[1]) - betaln(a, b)) * where).sum(axis=2).max(axis=1)
    inside = icc.ravel()[likelihood > likelihood.max() - 1.92]
    best = icc.ravel()[likelihood.argmax()]
    planted = truth["parameters"]["forecast_icc"]
    return Estimate("members alike", float(best), float(inside[0]), float(inside[-1]), planted)


def redrawn_splits(tables):
    """Share of A/A splits by account, drawn anew, that a test of members rejects, and a test of accounts."""
    n, opened = _counts(tables)
    accounts, half = len(n), len(n) // 2
    order = np.argsort(np.random.default_rng(0).random((SPLITS, accounts)), axis=1)
    treated = order < half
    rejected = []
    # As if each member had been drawn on its own.
    size, sum_ = treated @ n, treated @ opened
    pooled = opened.sum() / n.sum()
    gap = sum_ / size - (opened.sum() - sum_) / (n.sum() - size)
    error = np.sqrt(pooled * (1 - pooled) * (1 / size + 1 / (n.sum() - size)))
    rejected.append(float((abs(gap) > 1.96 * error).mean()))
    # One value an account.
    share = opened / n
    means, variance = [], 0.0
    for arm, size in ((treated, half), (~treated, accounts - half)):
        means.append(arm @ share / size)
        variance = variance + (arm @ share**2 / size - means[-1] ** 2) / (size - 1)
    rejected.append(float((abs(means[0] - means[1]) > 1.98 * np.sqrt(variance)).mean()))
    return rejected


def members_rejected(tables, truth):
    return Realised("A/A splits that members reject", redrawn_splits(tables)[0], 0.30, 0.55)


def accounts_rejected(tables, truth):
    return Realised("A/A splits that accounts reject", redrawn_splits(tables)[1], 0.02, 0.09)


def wrong_unit_misleads(tables):
    """Members reject A/A splits four times as often as they should and more, accounts as often as they
    should."""
    members, accounts = redrawn_splits(tables)
    return members > 0.20 and accounts < 0.09


def smallest_effect_of_largest(tables, truth):
    """Smallest effect, in points, that the A/A test's members can show, by the design effect."""
    n, opened = _counts(tables)
    share = opened.sum() / n.sum()
    independent = n.sum() / design_effect(n, alike(tables, truth).estimate)
    found = 200 * POWER * np.sqrt(share * (1 - share) / independent)
    return Realised("smallest effect, largest accounts", float(found), 9.0, 16.0)


# ---------------------------------------------------------------- releases and tickets


def change_fails(tables, truth):
    """Chance that one change breaks something: likelihood of 1 - (1 - p) ** changes, profile interval."""
    log = tables["releases"]
    chance = np.geomspace(0.002, 0.2, 400)
    holds = log["changes"].to_numpy() * np.log1p(-chance)[:, None]
    likelihood = np.where(log["failed"], np.log(-np.expm1(holds)), holds).sum(axis=1)
    inside = chance[likelihood > likelihood.max() - 1.92]
    planted = truth["parameters"]["change_fails"]
    return Estimate("change that fails", float(chance[likelihood.argmax()]), inside[0], inside[-1], planted)


def blast(tables):
    """Failures and hours lost, each counted by the share of accounts that it met, by visible or not."""
    log = tables["releases"]
    failed = log[log["failed"]]
    hours = failed["recovered_minutes"].astype(float) / 60 * failed["exposed_percent"] / 100
    return pd.DataFrame(
        {
            "rate": log.groupby("visible")["failed"].mean(),
            "hours": hours.groupby(failed["visible"]).sum() / log.groupby("visible").size(),
        }
    )


def large_releases_hurt(tables):
    """A visible release fails more often than a deploy, and costs five times the hours and more."""
    found = blast(tables).fillna(0)
    return bool(
        found.loc[True, "rate"] > found.loc[False, "rate"]
        and found.loc[True, "hours"] > 5 * found.loc[False, "hours"]
    )


def lead_time(tables, truth):
    """Median time from commit to live, of visible releases over deploys."""
    median = tables["releases"].groupby("visible")["lead_hours"].median()
    return Realised("lead time, visible over deploys", float(median[True] / median[False]), 3.5, 11.0)


def visible_takes_longer(tables):
    """A change waits three times as long for a visible release as for a deploy, and longer."""
    return bool(lead_time(tables, None).value > 3)


def _ticket_weeks(tables):
    """Tickets and paid seats a week, with the share of accounts (%) that a release failed for."""
    weeks = tables["usage"].groupby("week")["seats"].sum().to_frame()
    opened = tables["tickets"]["opened_on"]
    monday = opened - pd.to_timedelta(opened.dt.day_of_week, unit="D")
    weeks["tickets"] = monday.value_counts().reindex(weeks.index, fill_value=0)
    failed = tables["releases"][tables["releases"]["failed"]].set_index("live_on")["exposed_percent"]
    weeks["exposed"] = failed.reindex(weeks.index, fill_value=0)
    return weeks


def failure_brings_tickets(tables, truth):
    """Tickets a seat in weeks with a release that failed for all, over weeks without a failure.

    Weeks with a release that failed for some are left out. The error allows for a spread between weeks
    beyond that of counts.
    """
    weeks = _ticket_weeks(tables)
    rate, variance = {}, 0.0
    parts = {share: weeks[weeks["exposed"] == share] for share in (0, 100)}
    for share, part in parts.items():
        rate[share] = part["tickets"].sum() / part["seats"].sum()
    expected = pd.concat([part["seats"] * rate[share] for share, part in parts.items()])
    seen = pd.concat([part["tickets"] for part in parts.values()])
    spread = max(1.0, float(((seen - expected) ** 2 / expected).sum() / (len(seen) - 2)))
    variance = spread * sum(1 / max(1, part["tickets"].sum()) for part in parts.values())
    ratio, planted = rate[100] / rate[0], truth["parameters"]["ticket_failed_ratio"]
    low, high = (float(ratio * np.exp(sign * 1.96 * np.sqrt(variance))) for sign in (-1, 1))
    return interval("tickets after a failure", ratio, 0, planted)._replace(low=low, high=high)


def failure_shows(tables):
    """A release that fails for all brings half as many tickets again, and more."""
    weeks = _ticket_weeks(tables)
    sums = weeks.groupby(weeks["exposed"] == 100)[["tickets", "seats"]].sum()
    rates = sums["tickets"] / sums["seats"]
    return bool(rates.get(True, 0) > 1.5 * rates[False])


def _plant(name, parameters, tables, estimate, shows, band=None):
    kind = "parameter" if band is None else "realised"
    return Plant(name, parameters, tables, kind, band, "05-release-cycles", "pipewright", estimate, shows)


_REDESIGN = ("redesign_aversion", "redesign_steady", "redesign_scale_days")
_RECORDS, _MEMBERS = ("experiments", "arms", "usage"), ("activity", "members")
PLANTS = [
    _plant("redesign at first", _REDESIGN, _RECORDS, first_two_weeks, two_weeks_mislead),
    _plant("redesign later", _REDESIGN, _RECORDS, last_four_weeks, two_weeks_mislead),
    _plant(
        "effect that all can show", ("redesign_weeks",), _RECORDS, smallest_effect_of_all, two_weeks_mislead,
        (3.0, 6.0),
    ),
    _plant("members alike", ("forecast_icc",), _MEMBERS, alike, wrong_unit_misleads),
    _plant(
        "A/A by member", ("forecast_icc", "aa_seats"), _MEMBERS, members_rejected, wrong_unit_misleads,
        (0.30, 0.55),
    ),
    _plant(
        "A/A by account", ("forecast_icc", "aa_seats"), _MEMBERS, accounts_rejected,
        wrong_unit_misleads, (0.02, 0.09),
    ),
    _plant(
        "effect that the largest can show", ("forecast_icc", "forecast_opens"), _MEMBERS,
        smallest_effect_of_largest, wrong_unit_misleads, (9.0, 16.0),
    ),
    _plant("change that fails", ("change_fails",), ("releases",), change_fails, large_releases_hurt),
    _plant(
        "lead time of a visible release", ("release_lead_hours", "release_lead_hours_visible"),
        ("releases",), lead_time, visible_takes_longer, (3.5, 11.0),
    ),
    _plant(
        "tickets after a failure", ("ticket_failed_ratio",), ("tickets", "releases", "usage"),
        failure_brings_tickets, failure_shows,
    ),
]  # fmt: skip
