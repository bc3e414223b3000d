"""Chapter 6, Pipewright: what makes a sale slow, what will become of the open deals, who sells well."""

from math import exp, sqrt

import numpy as np
import pandas as pd

from twoworlds.worlds.plants.result import Estimate, Plant, Realised, interval

_Z = 1.959964
_CHAPTER, _WORLD = "06-sales-narrative", "pipewright"
_FIRST, _ALL_CLOSED = pd.Timestamp("2024-01-01"), pd.Timestamp("2024-12-31")
_END = pd.Timestamp("2025-12-31")
# Of the deals opened until then, next to none is still to be won; and none is still in its first stage.
_MATURE, _DISCOVERED = pd.Timestamp("2025-05-31"), pd.Timestamp("2025-08-31")
_FORECAST_BAND = (1.5, 3.4)
_KEPT_BAND = (-0.6, 0.8)


def _deals(tables):
    """Deals, each with its size of firm, the days on which its stages began, `won`, and `lasted` in days."""
    deals = tables["opportunities"]
    size = tables["accounts"].set_index("account_id")["size"].astype(str)
    began = tables["stages"].pivot(index="opportunity_id", columns="stage", values="entered_on")
    deals = deals.assign(
        size=deals["account_id"].map(size),
        won=(deals["outcome"] == "won").astype(int),
        lasted=(deals["closed_on"] - deals["created_on"]).dt.days,
    )
    return deals.join(began, on="opportunity_id")


# ---------------------------------------------------------------- what makes it slow


def audit_of_capital(tables, truth):
    """Days in audit of won deals, capital over operating budgets: ratio of geometric means within a size of
    firm. Deals opened in 2024: all are closed, so nothing is cut off."""
    deals = _deals(tables)
    deals = deals[(deals["won"] == 1) & deals["created_on"].between(_FIRST, _ALL_CLOSED)]
    days = np.log((deals["closed_on"] - deals["audit"]).dt.days)
    capital = (deals["budget_type"] == "capital").astype(float)
    within = deals["size"]
    days = days - days.groupby(within).transform("mean")
    capital = capital - capital.groupby(within).transform("mean")
    slope = (capital * days).sum() / (capital**2).sum()
    rest = ((days - slope * capital) ** 2).sum() / (len(days) - 1 - within.nunique())
    error = sqrt(rest / (capital**2).sum())
    planted = truth["parameters"]["capital_audit"]
    return Estimate(
        "audit of a capital budget", *(exp(slope + sign * _Z * error) for sign in (0, -1, 1)), planted
    )


def capital_takes_longer(tables):
    """Won deals from a capital budget took longer, by the median from opening to end."""
    deals = _deals(tables)
    took = deals[deals["won"] == 1].groupby("budget_type", observed=True)["lasted"].median()
    return bool(took["capital"] > took["operating"])


def _crowding(deals, capacity):
    """Open deals of the executive on the day of each deal's opening, without it, over capacity less 1; 0
    where the desk is not full."""
    ended = deals["closed_on"].fillna(_END + pd.Timedelta(days=1))
    found = pd.Series(0.0, deals.index)
    for executive, his in deals.groupby("executive_id"):
        began = np.searchsorted(np.sort(his["created_on"]), his["created_on"], side="right")
        over = np.searchsorted(np.sort(ended[his.index]), his["created_on"], side="right")
        found[his.index] = (began - over - 1) / capacity[executive] - 1
    return found.clip(lower=0)


def _slowed(tables):
    """Slope of the first stage's length on crowding, in shares of its length, and its standard error.

    Deals of all sizes have the same first stage but for the crowding: the logarithm of its days is a constant
    plus log(1 + slope x crowding), by Gauss and Newton.
    """
    deals = _deals(tables)
    crowding = _crowding(deals, tables["executives"].set_index("executive_id")["capacity"])
    chosen = deals["created_on"].between(_FIRST, _DISCOVERED) & deals["evaluation"].notna()
    # Deals that were won hurried through it where the day of the first contact left no more time.
    chosen &= deals["won"] == 0
    days = np.log((deals["evaluation"] - deals["created_on"]).dt.days[chosen].to_numpy(dtype=float))
    over = crowding[chosen].to_numpy()
    level, slope = days.mean(), 0.0
    for _ in range(20):
        rest = days - level - np.log1p(slope * over)
        x = np.column_stack([np.ones(len(over)), over / (1 + slope * over)])
        step = np.linalg.solve(x.T @ x, x.T @ rest)
        level, slope = level + step[0], max(slope + step[1], -0.2)
    # Robust: whole days scatter the logarithm of a short stage more than that of a long one.
    bread = np.linalg.inv(x.T @ x)
    covariance = bread @ ((x * rest[:, None]).T @ (x * rest[:, None])) @ bread
    return slope, sqrt(covariance[1, 1])


def crowded_desks(tables, truth):
    """How much longer the first stage lasts at twice the capacity."""
    return interval("first stage of a crowded desk", *_slowed(tables), truth["parameters"]["load_slows"])


def crowding_shows(tables):
    """Deals opened at desks half over capacity and more took longer to the second stage than others."""
    deals = _deals(tables)
    crowding = _crowding(deals, tables["executives"].set_index("executive_id")["capacity"])
    days = (deals["evaluation"] - deals["created_on"]).dt.days
    return bool(days[crowding >= 0.5].median() > days[crowding < 0.5].median())


# ---------------------------------------------------------------- what will become of the open deals


def _forecasts(tables):
    """Wins to be expected of the open deals: (naive, by age, standard error of the latter).

    Naive: their number times the win rate of all closed ones. By age: each one's share of wins among the
    deals of 2024, of its size of firm, that lived longer than it has by now. The error is that of the shares,
    by their influence, and of the wins themselves.
    """
    deals = _deals(tables)
    is_open = deals["outcome"] == "open"
    naive = is_open.sum() * deals.loc[~is_open, "won"].mean()
    expected, variance = 0.0, 0.0
    known = deals[deals["created_on"].between(_FIRST, _ALL_CLOSED)]
    for size, now in deals[is_open].groupby("size"):
        before = known[known["size"] == size]
        lives = before["lasted"].to_numpy()[:, None] > (_END - now["created_on"]).dt.days.to_numpy()
        count = np.maximum(1, lives.sum(axis=0))
        won = before["won"].to_numpy()[:, None]
        share = (lives * won).sum(axis=0) / count
        expected += share.sum()
        influence = (lives * (won - share) / count).sum(axis=1)
        variance += (share * (1 - share)).sum() + (influence**2).sum()
    return float(naive), float(expected), sqrt(variance)


def naive_forecast(tables, truth):
    """Naive forecast over the open deals that are won in the end."""
    naive, _, _ = _forecasts(tables)
    value = naive / truth["counts"]["deals_open_won_later"]
    return Realised("naive forecast over what comes", value, *_FORECAST_BAND)


def forecast_by_age(tables, truth):
    """Open deals that are won in the end, by the age of each."""
    _, expected, error = _forecasts(tables)
    return interval("wins of the open deals", expected, error, truth["counts"]["deals_open_won_later"])


def naive_promises_more(tables):
    """The naive forecast is at least 1.4 times the one by age."""
    naive, expected, _ = _forecasts(tables)
    return naive > 1.4 * expected


# ---------------------------------------------------------------- who sells well


def _leads(tables):
    """By executive and quarter of opening: deals, and wins above what their size of firm had then."""
    deals = _deals(tables)
    deals = deals[deals["created_on"].between(_FIRST, _MATURE)]
    quarter = deals["created_on"].dt.to_period("Q")
    usual = deals.groupby([quarter, "size"])["won"].transform("mean")
    rows = deals.assign(above=deals["won"] - usual, variance=usual * (1 - usual), quarter=quarter)
    return rows.groupby(["executive_id", "quarter", "size"])[["above", "variance"]].agg(["sum", "size"])


def skill(tables, truth):
    """Spread of skill between executives: standard deviation of the logarithm of the odds, by the Q-profile
    method (Viechtbauer 2007, Statistics in Medicine 26): the spreads with which the executives' leads differ
    neither too much nor too little."""
    from scipy.optimize import brentq
    from scipy.stats import chi2

    by = _leads(tables).droplevel("quarter")
    by = pd.DataFrame({"above": by["above", "sum"], "variance": by["variance", "sum"]})
    by = by.groupby(level=["executive_id", "size"]).sum().reset_index()
    by = by[by["variance"] > 1]
    lead, error = by["above"] / by["variance"], 1 / by["variance"]  # of the log-odds, one step of Newton's

    def differ(spread):
        weight = 1 / (error + spread**2)
        mean = (weight * lead).groupby(by["size"]).transform("sum")
        mean = mean / weight.groupby(by["size"]).transform("sum")
        return float((weight * (lead - mean) ** 2).sum())

    free = len(by) - by["size"].nunique()

    def spread_at(chance):
        limit = chi2.ppf(chance, free)
        return 0.0 if differ(0.0) <= limit else brentq(lambda spread: differ(spread) - limit, 0, 20)

    estimate = spread_at(chi2.cdf(free, free))
    return Estimate(
        "spread of skill", estimate, spread_at(0.975), spread_at(0.025), truth["parameters"]["skill_spread"]
    )


def _lead_and_next(tables):
    """Win rate of each quarter's best third above that of their size of firm: then, and in the next
    quarter."""
    by = _leads(tables)["above"].groupby(level=["executive_id", "quarter"]).sum()
    by = by[by["size"] >= 6]
    rate = (by["sum"] / by["size"]).unstack("quarter")
    then, after = [], []
    for now, later in zip(rate.columns[:-2], rate.columns[1:-1], strict=True):  # the last is not whole
        both = rate[[now, later]].dropna()
        best = both[now].nlargest(round(len(both) / 3)).index
        then += both.loc[best, now].tolist()
        after += both.loc[best, later].tolist()
    if not then:  # a world so small that nobody had deals enough
        return float("nan"), float("nan")
    return float(np.mean(then)), float(np.mean(after))


def lead_kept(tables, truth):
    """Share of the best third's lead that is left in the next quarter."""
    then, after = _lead_and_next(tables)
    return Realised("lead of the best third that is left", after / then, *_KEPT_BAND)


def best_fall_back(tables):
    """The best third of a quarter leads by less in the next."""
    then, after = _lead_and_next(tables)
    return after < 0.8 * then


PLANTS = [
    Plant(
        "audit of capital budgets", ("capital_audit", "stage_days"), ("stages", "opportunities", "accounts"),
        "parameter", None, _CHAPTER, _WORLD, audit_of_capital, capital_takes_longer,
    ),
    Plant(
        "crowded desks", ("load_slows", "executive_capacity"), ("stages", "opportunities", "executives"),
        "parameter", None, _CHAPTER, _WORLD, crowded_desks, crowding_shows,
    ),
    Plant(
        "naive forecast", ("stage_days", "lost_days", "no_decision_days"), ("opportunities", "accounts"),
        "realised", _FORECAST_BAND, _CHAPTER, _WORLD, naive_forecast, naive_promises_more,
    ),
    Plant(
        "forecast by age", ("stage_days", "lost_days", "no_decision_days"), ("opportunities", "accounts"),
        "parameter", None, _CHAPTER, _WORLD, forecast_by_age, naive_promises_more,
    ),
    Plant(
        "skill of executives", ("skill_spread",), ("opportunities", "executives", "accounts"), "parameter",
        None, _CHAPTER, _WORLD, skill, best_fall_back,
    ),
    Plant(
        "best sellers fall back", ("skill_spread",), ("opportunities", "executives", "accounts"), "realised",
        _KEPT_BAND, _CHAPTER, _WORLD, lead_kept, best_fall_back,
    ),
]  # fmt: skip
