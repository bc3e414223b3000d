"""Chapter 6, Pipewright: messages, committees, forecasts."""

from math import exp, sqrt

import numpy as np
import pandas as pd

from twoworlds.worlds.plants.result import Estimate, Plant, Realised, interval

_Z = 1.959964
_CHAPTER, _WORLD = "06-sales-narrative", "pipewright"
# Deals opened in 2024 are all closed a year later.
_FIRST, _ALL_CLOSED = pd.Timestamp("2024-01-01"), pd.Timestamp("2024-12-31")
# Of the deals opened until then, next to none is still to be won.
_MATURE = pd.Timestamp("2025-05-31")
_RECENT = pd.Timestamp("2025-07-01")
_RECENT_BAND = (1.7, 2.7)


def _opened(tables, last, first=_FIRST):
    """Deals opened between two days, with `won` and the firm's size."""
    deals = tables["opportunities"]
    deals = deals[deals["created_on"].between(first, last)]
    size = tables["accounts"].set_index("account_id")["size"]
    return deals.assign(won=(deals["outcome"] == "won").astype(int), size=deals["account_id"].map(size))


def _logit(x, y, steps=12):
    """Coefficients of a logistic regression, by Newton's method, and their standard errors."""
    coefficients = np.zeros(x.shape[1])
    for _ in range(steps):
        chance = 1 / (1 + np.exp(-x @ coefficients))
        information = (x * (chance * (1 - chance))[:, None]).T @ x
        coefficients = coefficients + np.linalg.solve(information, x.T @ (y - chance))
    return coefficients, np.sqrt(np.diag(np.linalg.inv(information)))


def _odds_ratio(tables, name):
    """Odds ratio of a column of the model of wins, like with like, with its interval."""
    deals = _opened(tables, _MATURE)
    columns = {
        "one": np.ones(len(deals)),
        "pm_joined": deals["pm_joined"],
        "group": deals["framing"] == "group",
        "tested": deals["framing"].notna(),
        "fit_2": deals["fit"] == 2,
        "fit_3": deals["fit"] == 3,
        "capital": deals["budget_type"] == "capital",
        "stakeholders": deals["stakeholders"],
        "medium": deals["size"] == "medium",
        "large": deals["size"] == "large",
    }
    x = np.column_stack([np.asarray(values, dtype=float) for values in columns.values()])
    found, errors = _logit(x, deals["won"].to_numpy(dtype=float))
    place = list(columns).index(name)
    return tuple(exp(found[place] + sign * _Z * errors[place]) for sign in (0, -1, 1))


def _raw_odds_ratio(deals, by):
    """Odds of a win where `by` holds over the odds where it does not."""
    share = deals.groupby(by)["won"].mean()
    odds = share / (1 - share)
    return float(odds.loc[True] / odds.loc[False])


def pm_joined(tables, truth):
    """Odds of a win with a product manager over those without, like with like."""
    planted = truth["parameters"]["pm_odds"]
    return Estimate("odds of a win with a product manager", *_odds_ratio(tables, "pm_joined"), planted)


def pm_looks_better(tables):
    """The raw odds ratio is larger by a tenth or more than the one of like with like."""
    raw = _raw_odds_ratio(_opened(tables, _MATURE), "pm_joined")
    return raw > 1.1 * _odds_ratio(tables, "pm_joined")[0]


def group_framing(tables, truth):
    """Odds of a win with the framing for the group over those with the individual one."""
    planted = truth["parameters"]["group_odds"]
    return Estimate("odds of a win with the group's framing", *_odds_ratio(tables, "group"), planted)


def _replies(tables):
    """Share of replies and number of messages, by framing."""
    found = tables["messages"].groupby("framing", observed=True)["replied"].agg(["mean", "size"])
    return found["mean"], found["size"]


def replies_turn_over(tables):
    """The individual framing gets more replies, the group's more wins."""
    deals = _opened(tables, _MATURE)
    won = deals.groupby("framing", observed=True)["won"].mean()
    replied, _ = _replies(tables)
    return bool(replied["individual"] > replied["group"] and won["group"] > won["individual"])


def reply_difference(tables, truth):
    """Replies to the individual framing less those to the group's."""
    share, count = _replies(tables)
    error = sqrt(sum(share[name] * (1 - share[name]) / count[name] for name in share.index))
    individual, group = truth["parameters"]["reply_share"]
    return interval(
        "replies, individual less group", share["individual"] - share["group"], error, individual - group
    )


def _closed_only(tables):
    """Win rate of the deals opened in the last six months, closed ones only; and of all opened in 2024."""
    recent = _opened(tables, pd.Timestamp("2025-12-31"), _RECENT)
    return recent.loc[recent["outcome"] != "open", "won"].mean(), _opened(tables, _ALL_CLOSED)["won"].mean()


def recent_win_rate(tables, truth):
    """Recent closed deals' win rate over that of a whole year's deals, followed to the end."""
    recent, cohort = _closed_only(tables)
    return Realised("recent closed deals' win rate over the cohort's", float(recent / cohort), *_RECENT_BAND)


def recent_looks_better(tables):
    """Closed deals of the last six months show at least one and a half times the cohort's win rate."""
    recent, cohort = _closed_only(tables)
    return bool(recent > 1.5 * cohort)


def _yes(tables):
    """Share of yes and number asked by role, over the deals opened in 2024: all of them are closed."""
    deals = _opened(tables, _ALL_CLOSED)["opportunity_id"]
    people = tables["stakeholders"]
    people = people[people["opportunity_id"].isin(deals)]
    found = people.groupby("role", observed=True)["said_yes"].agg(["mean", "size"])
    return found["mean"], found["size"]


def security_says_yes(tables, truth):
    """Chance that the security reviewer agrees."""
    share, count = _yes(tables)
    error = sqrt(share["security"] * (1 - share["security"]) / count["security"])
    return interval(
        "yes of the security reviewer", share["security"], error, truth["parameters"]["says_yes"][3]
    )


def security_binds(tables):
    """Security says yes least often; 20 points more there bring more than 5 on each of the other five."""
    share, count = _yes(tables)
    six = share[count.nlargest(6).index]
    others = six.drop("security")
    now = others.prod()
    elsewhere = np.minimum(others + 0.05, 1).prod() * six["security"]
    return bool(six.idxmin() == "security" and now * (six["security"] + 0.20) > elsewhere)


def committee_size(tables, truth):
    """Odds of a win with one more on the committee, like with like."""
    planted = truth["parameters"]["committee_odds"]
    return Estimate(
        "odds of a win with one more on the committee", *_odds_ratio(tables, "stakeholders"), planted
    )


def large_committees_buy_less(tables):
    """Deals with six or more people are won less often than those with four or fewer."""
    deals = _opened(tables, _MATURE)
    many, few = deals["stakeholders"] >= 6, deals["stakeholders"] <= 4
    return bool(deals.loc[many, "won"].mean() < deals.loc[few, "won"].mean())


def online_visits(tables, truth):
    """Visits before the opening for each person on the committee."""
    deals = tables["opportunities"]
    visits, people = deals["online_visits"], deals["stakeholders"]
    value = visits.sum() / people.sum()
    error = sqrt(((visits - value * people) ** 2).sum()) / people.sum()
    return interval("visits a person", value, error, truth["parameters"]["online_visits_mean"])


def companies_look_up_too(tables):
    """Half of the companies that bought had made eight visits or more before the deal was opened."""
    deals = tables["opportunities"]
    return bool(deals.loc[deals["outcome"] == "won", "online_visits"].median() >= 8)


PLANTS = [
    Plant(
        "product manager joins", ("pm_odds", "pm_joins", "fit_odds"), ("opportunities", "accounts"),
        "parameter", None, _CHAPTER, _WORLD, pm_joined, pm_looks_better,
    ),
    Plant(
        "framing and wins", ("group_odds",), ("opportunities", "messages", "accounts"), "parameter", None,
        _CHAPTER, _WORLD, group_framing, replies_turn_over,
    ),
    Plant(
        "framing and replies", ("reply_share",), ("messages", "opportunities", "accounts"), "parameter", None,
        _CHAPTER, _WORLD, reply_difference, replies_turn_over,
    ),
    Plant(
        "closed-only win rate", ("stage_days", "lost_days", "no_decision_days"),
        ("opportunities", "accounts"), "realised", _RECENT_BAND, _CHAPTER, _WORLD, recent_win_rate,
        recent_looks_better,
    ),
    Plant(
        "size of the committee", ("committee_odds", "committee_share"), ("opportunities", "accounts"),
        "parameter", None, _CHAPTER, _WORLD, committee_size, large_committees_buy_less,
    ),
    Plant(
        "visits before a purchase", ("online_visits_mean",), ("opportunities",), "parameter", None, _CHAPTER,
        _WORLD, online_visits, companies_look_up_too,
    ),
    Plant(
        "security reviewer", ("says_yes",), ("stakeholders", "opportunities", "accounts"), "parameter", None,
        _CHAPTER, _WORLD, security_says_yes, security_binds,
    ),
]  # fmt: skip
