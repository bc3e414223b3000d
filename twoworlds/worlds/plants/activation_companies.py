"""Chapter 2, Pipewright: assistance that looks harmful; people and accounts; time to value."""

from math import sqrt

import numpy as np
import pandas as pd

from twoworlds.worlds.plants.result import Plant, Realised, interval

WINDOW_END = pd.Timestamp("2025-12-31")
WITHIN = 14  # days in which an activation counts
TRIAL_DAYS = 30


def watched_trials(tables):
    """Trials whose first 14 days lie in the window, with the account's size and `activated`."""
    trials = tables["trials"].merge(tables["accounts"][["account_id", "size"]], on="account_id")
    trials = trials[trials["started_on"] + pd.Timedelta(days=WITHIN - 1) <= WINDOW_END]
    days = (trials["activated_on"] - trials["started_on"]).dt.days
    return trials.assign(activated=days < WITHIN)  # false where it never did


def raw_gap(tables):
    """Activated share of assisted trials less that of self-serve ones."""
    share = watched_trials(tables).groupby("path", observed=True)["activated"].mean()
    return float(share["assisted"] - share["self_serve"])


def standardised_gap(tables):
    """The same within each size, weighted by the sizes of all trials; with its standard error."""
    trials = watched_trials(tables)
    cells = trials.groupby(["size", "path"], observed=True)["activated"].agg(["mean", "size"]).unstack("path")
    share, n = cells["mean"], cells["size"]
    weight = n.sum(axis=1) / n.to_numpy().sum()
    gap = share["assisted"] - share["self_serve"]
    variance = (share * (1 - share) / (n - 1)).sum(axis=1)
    return float((weight * gap).sum()), sqrt(float((weight**2 * variance).sum())), gap


def assisted_effect(tables, truth):
    """What assistance adds to activation, like with like."""
    return interval(
        "assistance on activation", *standardised_gap(tables)[:2], truth["parameters"]["assisted_activates"]
    )


def raw_assisted(tables, truth):
    """The raw gap, which has the wrong sign."""
    return Realised("assisted less self-serve, raw", raw_gap(tables), -0.12, -0.01)


def reversal_shows(tables):
    """Assisted trials activate less; in every size they activate more."""
    return bool(raw_gap(tables) < 0 and (standardised_gap(tables)[2] > 0).all())


# ---------------------------------------------------------------- people and accounts


def three_rates(tables):
    """Activation of people, of accounts, and the mean over accounts of the share of people: who was active
    in the first 14 days over who was invited."""
    trials = watched_trials(tables)
    early = tables["trial_days"][tables["trial_days"]["day"] <= WITHIN]
    active = early.groupby("account_id")["person"].nunique().reindex(trials["account_id"]).fillna(0)
    active, invited = active.to_numpy(), trials["people_invited"].to_numpy()
    return active.sum() / invited.sum(), float(trials["activated"].mean()), float((active / invited).mean())


def people_and_accounts(tables, truth):
    """Accounts' rate less people's rate."""
    people, accounts, _ = three_rates(tables)
    return Realised("activation of accounts less that of people", accounts - people, 0.04, 0.12)


def rates_differ(tables):
    """Three definitions, three numbers; people's is the lowest."""
    people, accounts, mean = three_rates(tables)
    return bool(accounts - people > 0.03 and mean - people > 0.03)


# ---------------------------------------------------------------- time to value


def time_to_value(tables):
    """Days to activation: the median with trials still open counted (Kaplan and Meier), and the mean of
    those that got there."""
    trials = tables["trials"]
    ends = trials["started_on"] + pd.Timedelta(days=TRIAL_DAYS - 1)
    ends = ends.where(trials["paid_on"].isna(), np.minimum(ends, trials["paid_on"] - pd.Timedelta(days=1)))
    ends = np.minimum(ends, WINDOW_END)
    reached = trials["activated_on"].notna()
    days = (trials["activated_on"].fillna(ends) - trials["started_on"]).dt.days + 1
    survival = 1.0
    for day in range(1, TRIAL_DAYS + 1):
        survival *= 1 - (reached & (days == day)).sum() / max(1, (days >= day).sum())
        if survival <= 0.5:
            return day, float(days[reached].mean())
    return TRIAL_DAYS + 1, float(days[reached].mean())


def median_to_value(tables, truth):
    return Realised("median days to value", time_to_value(tables)[0], 17, 28)


def completers_mislead(tables):
    """The mean of those that got there is far below the median of all."""
    median, mean = time_to_value(tables)
    return bool(mean < 0.7 * median)


# ---------------------------------------------------------------- seats


def seats_of_top_tenth(tables):
    """Share of seats that the largest tenth of accounts hold in the last week."""
    usage = tables["usage"]
    seats = usage.loc[usage["week"] == usage["week"].max(), "seats"].sort_values(ascending=False)
    return float(seats.iloc[: len(seats) // 10].sum() / seats.sum())


def top_tenth(tables, truth):
    return Realised("seats of the top tenth of accounts", seats_of_top_tenth(tables), 0.35, 0.53)


_TRIALS = ("trials", "accounts")
_PLACE = ("02-activation", "pipewright")
PLANTS = [
    Plant(
        "assisted activation", ("assisted_activates", "activates", "assisted_share"), _TRIALS, "parameter",
        None, *_PLACE, assisted_effect, reversal_shows,
    ),
    Plant(
        "raw gap of assistance", ("assisted_activates", "activates", "assisted_share"), _TRIALS, "realised",
        (-0.12, -0.01), *_PLACE, raw_assisted, reversal_shows,
    ),
    Plant(
        "people and accounts", ("invited_share", "active_share", "few_active"), (*_TRIALS, "trial_days"),
        "realised", (0.04, 0.12), *_PLACE, people_and_accounts, rates_differ,
    ),
    Plant(
        "time to value", ("activates_late", "late_days", "first_days", "import_days"), ("trials",),
        "realised", (17, 28), *_PLACE, median_to_value, completers_mislead,
    ),
    Plant(
        "seats of the largest", ("seats_by_size_table", "named_expands"), ("usage",), "realised",
        (0.35, 0.53), *_PLACE, top_tenth, lambda tables: seats_of_top_tenth(tables) > 0.3,
    ),
]  # fmt: skip
