"""Chapter 3, Pipewright: renewal months; revenue, seats and logos that disagree; who stays."""

from math import exp, log, sqrt

import numpy as np
import pandas as pd

from twoworlds.worlds.plants.result import Estimate, Plant, Realised

_Z = 1.959964
_WINDOW_START, _WINDOW_END = pd.Timestamp("2024-01-01"), pd.Timestamp("2025-12-31")
_YEAR = pd.Timestamp("2025-01-01")  # revenue is followed over 2025, from its first day


def _whole_months(start, end):
    months = (end.dt.year - start.dt.year) * 12 + end.dt.month - start.dt.month
    return (months - (end.dt.day < start.dt.day)).to_numpy()


# ---------------------------------------------------------------- renewal months


def lives(tables):
    """One row a customer: `months` seen, `left`, `entered` (months of life when the window began)."""
    accounts = tables["accounts"]
    accounts = accounts[accounts["first_paid_on"].notna()]
    churn = tables["movements"].query("kind == 'churn'").set_index("account_id")["moved_on"]
    start, left = accounts["first_paid_on"], accounts["account_id"].map(churn)
    before = start.where(start < _WINDOW_START, _WINDOW_START)
    return pd.DataFrame(
        {
            "months": _whole_months(start, left.fillna(_WINDOW_END)),
            "left": left.notna().to_numpy(),
            "entered": _whole_months(before, pd.Series(_WINDOW_START, index=start.index)),
        }
    )


def kaplan_meier(rows, month):
    """Survival after `month` with late entry, and its interval (Greenwood, on the log-minus-log scale)."""
    survival, spread = 1.0, 0.0
    for m in range(1, month + 1):
        in_sight = (rows["entered"] < m) & (rows["months"] >= m)
        at_risk = int(in_sight.sum())
        gone = int((in_sight & rows["left"] & (rows["months"] == m)).sum())
        survival *= 1 - gone / at_risk
        spread += gone / (at_risk * (at_risk - gone))
    width = _Z * sqrt(spread) / abs(log(survival))
    return survival, survival ** exp(width), survival ** exp(-width)


def _survival(month):
    def estimate(tables, truth):
        planted = truth["plants"]["renewal_months"]["survival_by_month"][month]
        return Estimate(f"customers after {month} months", *kaplan_meier(lives(tables), month), planted)

    return estimate


def cliff_shows(tables):
    """Few leave in eleven months, many in the twelfth."""
    rows = lives(tables)
    eleven, twelve = kaplan_meier(rows, 11)[0], kaplan_meier(rows, 12)[0]
    return eleven > 0.92 and eleven - twelve > 0.12


def _renewal_share(tables):
    """Share of departures that fall on the day a term ends."""
    churn = tables["movements"].query("kind == 'churn'")
    ends = tables["subscriptions"][["account_id", "ends_on"]]
    on_end = churn.merge(ends.assign(moved_on=ends["ends_on"] + pd.Timedelta(days=1)), how="inner")
    return len(on_end) / len(churn)


def renewal_share(tables, truth):
    return Realised("share of departures at a renewal", _renewal_share(tables), 0.80, 0.97)


def renewals_show(tables):
    """Most departures fall on a renewal."""
    return _renewal_share(tables) > 0.75


def leavers_only(tables):
    """Share of accounts that stayed beyond 12 months, of those that left: the censored ones are dropped."""
    rows = lives(tables)
    return float((rows.loc[rows["left"], "months"] > 12).mean())


def censored_dropped(tables, truth):
    return Realised("customers after 12 months, of leavers only", leavers_only(tables), 0.20, 0.46)


def pooled_yearly_churn(tables):
    """Departures over account-months in the window, as if every month were alike, over twelve months."""
    rows = lives(tables)
    monthly = rows["left"].sum() / (rows["months"] - rows["entered"]).sum()
    return float(1 - (1 - monthly) ** 12)


def pooled_churn(tables, truth):
    return Realised("pooled monthly churn, over a year", pooled_yearly_churn(tables), 0.155, 0.22)


def naive_numbers_show(tables):
    """Dropping who stays makes survival absurd; one rate for all months hides the first renewal."""
    kept, _, _ = kaplan_meier(lives(tables), 12)
    return leavers_only(tables) < kept - 0.2 and pooled_yearly_churn(tables) < 1 - kept


# ---------------------------------------------------------------- revenue and logos


def revenue_year(tables, without=()):
    """Customers on 1 January 2025 and their MRR twelve months on, in cents: at the start, expansion,
    contraction, churn (DataFrame, account_id -> four columns)."""
    moves = tables["movements"]
    moves = moves[~moves["account_id"].isin(without)]
    sign = np.where(moves["kind"].isin(["new", "expansion"]), 1, -1)
    before = moves["moved_on"] < _YEAR
    start = (moves["mrr_cents"] * sign)[before].groupby(moves["account_id"]).sum()
    start = start[start > 0]
    year = moves[~before & moves["account_id"].isin(start.index)]
    kinds = ["expansion", "contraction", "churn"]
    moved = year.groupby(["account_id", "kind"], observed=True)["mrr_cents"].sum().unstack(fill_value=0)
    moved = moved.reindex(index=start.index, columns=kinds, fill_value=0).fillna(0)
    return moved.assign(start=start)


def retention_rates(rows):
    """NRR, GRR and logo retention of customers (rows from `revenue_year`).

    GRR is taken account by account: what an account keeps of its MRR, and nothing for what it adds.
    """
    end = rows["start"] + rows["expansion"] - rows["contraction"] - rows["churn"]
    kept = np.minimum(end, rows["start"])
    start = rows["start"].sum()
    return float(end.sum() / start), float(kept.sum() / start), float((rows["churn"] == 0).mean())


def _rates(tables):
    """NRR, GRR, logos; NRR without the five accounts that expanded most."""
    rows = revenue_year(tables)
    top = rows["expansion"].nlargest(5).index
    return *retention_rates(rows), retention_rates(rows.drop(index=top))[0]


def _rate(name, place, low, high):
    return lambda tables, truth: Realised(name, _rates(tables)[place], low, high)


def handful_shows(tables):
    """Revenue grows while customers leave, and it stands on five accounts."""
    nrr, grr, logos, without = _rates(tables)
    return bool(nrr > 1 > without and grr < 0.95 and logos < 0.85)


# ---------------------------------------------------------------- use


def _seats_used(tables):
    """Seats used (%) 14 weeks and more before a renewal, mean of the accounts that stay and that leave."""
    churn = tables["movements"].query("kind == 'churn'").set_index("account_id")["moved_on"]
    rows = tables["touches"]
    gone = rows["account_id"].map(churn)
    rows = rows.assign(left=gone == rows["renewal_on"])
    rows = rows[(rows["renewal_on"] <= _WINDOW_END) & ~(gone < rows["renewal_on"])]
    by_end = rows.groupby("left")["health"].mean()
    return by_end[False], by_end[True]


def seats_used(tables, truth):
    stay, leave = _seats_used(tables)
    return Realised("seats used before a renewal: stays less leaves, points", float(stay - leave), 2, 12)


def seats_used_show(tables):
    """Those that leave had used fewer of their seats, a quarter before the renewal."""
    stay, leave = _seats_used(tables)
    return bool(stay - leave > 1)


def _stickiness(tables):
    usage = tables["usage"]
    return float(usage["mean_daily_active"].sum() / usage["active_members_28d"].sum())


def stickiness(tables, truth):
    return Realised("mean daily actives over actives of 28 days", _stickiness(tables), 0.45, 0.60)


def stickiness_shows(tables):
    """Half of the month's members are there on an ordinary day: use is daily, whatever the contract."""
    return _stickiness(tables) > 0.4


def _fall_before_leaving(tables):
    """Active share of seats in the last three weeks before leaving, over that of weeks 16 to 30 before it."""
    churn = tables["movements"].query("kind == 'churn'").set_index("account_id")["moved_on"]
    usage = tables["usage"]
    weeks = (usage["account_id"].map(churn) - usage["week"]).dt.days // 7
    late, usual = (usage[weeks.between(*ends)] for ends in ((1, 3), (16, 30)))
    late, usual = (part["active_members"].sum() / part["seats"].sum() for part in (late, usual))
    return float(late / usual)


def fall_before_leaving(tables, truth):
    """Use of seats in the last three weeks before an account leaves, over its use a quarter of a year and
    more before."""
    return Realised("use before leaving, over the usual", _fall_before_leaving(tables), 0.40, 0.50)


def fall_shows(tables):
    """Use falls by more than a third before an account leaves."""
    return _fall_before_leaving(tables) < 2 / 3


# ---------------------------------------------------------------- those who stay


def _leaves_by_renewal(tables, most=3):
    """Share of annual terms that end in leaving, by the term's number, `most` and more together."""
    terms = tables["subscriptions"]
    churn = tables["movements"].query("kind == 'churn'").set_index("account_id")["moved_on"]
    behind = terms["ends_on"] + pd.Timedelta(days=1)
    gone = terms["account_id"].map(churn)
    reached = (terms["term_months"] == 12) & (behind > _WINDOW_START) & (behind <= _WINDOW_END)
    reached &= ~(gone < behind)
    return (gone == behind)[reached].groupby(terms.loc[reached, "term_number"].clip(upper=most)).mean()


def sorting(tables, truth):
    first, later = _leaves_by_renewal(tables).loc[[1, 3]]
    return Realised("leaves at the third renewal and later over the first", float(later / first), 0.3, 0.95)


def sorting_shows(tables):
    """Who has renewed before leaves less often, though nobody's chance to leave ever changed."""
    first, later = _leaves_by_renewal(tables, most=2)
    return bool(later < first)


def _plant(name, parameters, tables, kind, band, estimate, shows):
    return Plant(name, parameters, tables, kind, band, "03-retention", "pipewright", estimate, shows)


_LIVES = ("accounts", "movements")
_LEAVING = ("leaves_at_renewal", "leaves_monthly", "leaves_early", "risk_table", "term_share")
_REVENUE = ("expands", "named_expands", "named_expansion_size", "contracts", "leaves_at_renewal")

PLANTS = [
    _plant("customers after 11 months", _LEAVING, _LIVES, "parameter", None, _survival(11), cliff_shows),
    _plant("customers after 12 months", _LEAVING, _LIVES, "parameter", None, _survival(12), cliff_shows),
    _plant(
        "departures at renewals", _LEAVING, ("movements", "subscriptions"), "realised", (0.80, 0.97),
        renewal_share, renewals_show,
    ),
    _plant(
        "censored accounts dropped", _LEAVING, _LIVES, "realised", (0.20, 0.46), censored_dropped,
        naive_numbers_show,
    ),
    _plant(
        "pooled monthly churn", _LEAVING, _LIVES, "realised", (0.155, 0.22), pooled_churn, naive_numbers_show
    ),
    _plant(
        "net revenue retention", _REVENUE, ("movements",), "realised", (1.0, 1.3),
        _rate("NRR over 2025", 0, 1.0, 1.3), handful_shows,
    ),
    _plant(
        "gross revenue retention", _REVENUE, ("movements",), "realised", (0.80, 0.91),
        _rate("GRR over 2025", 1, 0.80, 0.91), handful_shows,
    ),
    _plant(
        "logo retention", _REVENUE, ("movements",), "realised", (0.73, 0.82),
        _rate("logos over 2025", 2, 0.73, 0.82), handful_shows,
    ),
    _plant(
        "net revenue retention without five", _REVENUE, ("movements",), "realised", (0.85, 1.0),
        _rate("NRR over 2025 without the five that expanded most", 3, 0.85, 1.0), handful_shows,
    ),
    _plant(
        "seats used before a renewal", ("never_uses_by_risk", "uses_in_week_by_risk", "decline_weeks"),
        ("touches", "movements"), "realised", (2, 12), seats_used, seats_used_show,
    ),
    _plant(
        "use before leaving", ("decline_weeks", "decline_to"), ("usage", "movements"), "realised",
        (0.40, 0.50), fall_before_leaving, fall_shows,
    ),
    _plant(
        "stickiness", ("uses_in_week", "days_used_share"), ("usage",), "realised", (0.45, 0.60), stickiness,
        stickiness_shows,
    ),
    _plant(
        "who stays is sorted", ("risk_table", "leaves_at_renewal"), ("subscriptions", "movements"),
        "realised", (0.3, 0.95), sorting, sorting_shows,
    ),
]  # fmt: skip
