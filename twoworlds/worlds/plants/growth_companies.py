"""Chapter 1, Pipewright: money now and customers later; the drop at the hand-off; invites."""

from math import sqrt

import numpy as np
import pandas as pd

from twoworlds.worlds.plants.result import Estimate, Plant, Realised

_Z = 1.959964
_MONTHS = pd.period_range("2024-01", "2025-12", freq="M")


def months_of_money(tables):
    """Spend (euros) and customers won through channels with spend, by month (two arrays)."""
    spend = tables["spend"]
    spend = spend.groupby(spend["month"].dt.to_period("M"))["spend_cents"].sum().reindex(_MONTHS) / 100
    channels = tables["channels"].set_index("source")["paid"]
    accounts = tables["accounts"]
    won = accounts[accounts["source"].map(channels).astype("boolean").fillna(False)]
    wins = won.groupby(won["first_paid_on"].dt.to_period("M")).size().reindex(_MONTHS, fill_value=0)
    return spend.to_numpy(), wins.to_numpy()


def cost_at_lag(tables, lag):
    """Cost of a customer with wins set against the spend of `lag` months before, and its standard error.

    A ratio of two sums over months; the error comes from the months' own scatter about it.
    """
    spend, wins = months_of_money(tables)
    spend, wins = spend[: len(spend) - lag], wins[lag:]
    cost, n = spend.sum() / wins.sum(), len(wins)
    scatter = ((spend - cost * wins) ** 2).sum() * n / (n - 1)
    return cost, sqrt(scatter) / wins.sum(), n


def lagged_cost(tables, truth):
    """Cost of a customer, wins set against the spend that brought them."""
    from scipy import stats

    lag = truth["parameters"]["spend_lag_months"]
    cost, error, n = cost_at_lag(tables, lag)
    wide = float(stats.t.ppf(0.975, n - 1)) * error
    planted = truth["plants"]["lagged_cost"]["customer_cost_euro"]
    return Estimate("cost of a customer, five months aligned", cost, cost - wide, cost + wide, planted)


def best_lag(tables, longest=9):
    """The lag, 0 to `longest` months, under which the months' wins are most likely (Poisson), each lag
    judged on the same months."""
    spend, wins = months_of_money(tables)
    own = wins[longest:]
    fits = []
    for lag in range(longest + 1):
        before = spend[longest - lag : len(spend) - lag]
        expected = before * own.sum() / before.sum()
        fits.append((own * np.log(expected) - expected).sum())
    return int(np.argmax(fits))


def found_lag(tables, truth):
    """Months between spend and wins, by the likeliest lag."""
    return Realised("months from spend to customer", best_lag(tables), 4, 6)


def same_month_cost(tables, truth):
    """Spend of 2025 over the spend that brought the customers of 2025."""
    spend, _ = months_of_money(tables)
    lag = truth["parameters"]["spend_lag_months"]
    apart = spend[12:24].sum() / spend[12 - lag : 24 - lag].sum()
    return Realised("same-month cost over aligned cost, 2025", float(apart), 1.3, 1.65)


def cost_seems_to_explode(tables):
    """Same-month cost of a customer rises from 2024 to the last half-year, and is far above the aligned."""
    spend, wins = months_of_money(tables)
    before, now = (spend[part].sum() / wins[part].sum() for part in (slice(0, 12), slice(18, 24)))
    return bool(now > before and now > 1.2 * cost_at_lag(tables, 5)[0])


# ---------------------------------------------------------------- the hand-off


def _wilson(name, count, n, truth):
    share = count / n
    middle = (share + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    half = _Z * sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2)) / (1 + _Z**2 / n)
    return Estimate(name, share, middle - half, middle + half, truth)


def hand_off(tables, truth):
    """Share of the forms sent that become a trial."""
    steps = tables["visits"][["forms_sent", "trials_started"]].sum()
    planted = truth["parameters"]["form_starts_trial"]
    return _wilson("forms that become a trial", steps["trials_started"], steps["forms_sent"], planted)


def many_lost_at_hand_off(tables):
    """Nearly four in ten of those who ask for a trial never begin it."""
    steps = tables["visits"][["forms_sent", "trials_started"]].sum()
    return bool(steps["trials_started"] < 0.70 * steps["forms_sent"])


# ---------------------------------------------------------------- invites


def trials_brought(tables, truth):
    """Trials that a customer brings in a year, between companies; exact Poisson interval."""
    from scipy import stats

    count, years = int(tables["invites"]["trials_outside"].sum()), len(tables["invites"]) / 4
    low = stats.chi2.ppf(0.025, 2 * count) / 2 if count else 0.0
    high = stats.chi2.ppf(0.975, 2 * count + 2) / 2
    planted = truth["parameters"]["customer_brings_trials"]
    return Estimate("trials a customer brings in a year", count / years, low / years, high / years, planted)


def spreads_inside(tables):
    """Inside an account invites bring people by the dozen; between companies almost nobody."""
    sums = tables["invites"][["joined_inside", "trials_outside"]].sum()
    return bool(sums["joined_inside"] > 50 * sums["trials_outside"])


_MONEY = ("spend", "accounts", "channels")
PLANTS = [
    Plant(
        "lagged cost of a customer", ("customer_costs_cents", "paid_source_share", "spend_lag_months"),
        _MONEY, "parameter", None, "01-growth-and-marketing", "pipewright", lagged_cost,
        cost_seems_to_explode,
    ),
    Plant(
        "lag of spend", ("spend_lag_months", "paid_share_percent"), _MONEY, "realised", (4, 6),
        "01-growth-and-marketing", "pipewright", found_lag, lambda tables: best_lag(tables) >= 3,
    ),
    Plant(
        "same-month cost", ("spend_lag_months", "paid_share_percent"), _MONEY, "realised", (1.3, 1.65),
        "01-growth-and-marketing", "pipewright", same_month_cost, cost_seems_to_explode,
    ),
    Plant(
        "hand-off", ("form_starts_trial",), ("visits",), "parameter", None, "01-growth-and-marketing",
        "pipewright", hand_off, many_lost_at_hand_off,
    ),
    Plant(
        "invites between companies", ("customer_brings_trials", "outside_invites_mean"), ("invites",),
        "parameter", None, "01-growth-and-marketing", "pipewright", trials_brought, spreads_inside,
    ),
]  # fmt: skip
