"""The plants: an honest method finds what was planted, the obvious one does not."""

import json

import numpy as np
import pandas as pd
import pytest

import twoworlds as tw

WINDOW_START, WINDOW_END = pd.Timestamp("2024-01-01"), pd.Timestamp("2025-12-31")


def whole_months(start, end):
    """Whole calendar months from start to end, elementwise."""
    months = (end.dt.year - start.dt.year) * 12 + end.dt.month - start.dt.month
    return months - (end.dt.day < start.dt.day)


# ---------------------------------------------------------------- Swiftfare: retention that climbs


@pytest.fixture(scope="module")
def customers():
    """One row a customer: `last`, last month with an open; `seen`, last month that is complete."""
    sf = tw.load("swiftfare")
    first = sf.bookings.groupby("user_id")["booked_on"].min().rename("first")
    opens = sf.days.merge(first, on="user_id").query("date >= first")
    opens["month"] = (opens["date"] - opens["first"]).dt.days // 30
    seen = ((WINDOW_END - first).dt.days + 1) // 30 - 1
    opens = opens[opens["month"] <= opens["user_id"].map(seen)]
    months = opens.groupby("user_id")["month"].agg(["max", "nunique"])
    table = pd.DataFrame({"seen": seen, "last": months["max"], "active": months["nunique"]})
    return table[table["seen"] >= 0].astype(int)


def test_an_alive_customer_opens_the_app_in_every_month(customers):
    assert (customers["active"] == customers["last"] + 1).all()


def test_months_alive_are_those_of_the_truth(customers):
    oracle = tw.truth("swiftfare", "customers").set_index("user_id").loc[customers.index]
    assert (np.minimum(oracle["months_alive"], customers["seen"]) == customers["last"]).all()


def sbg_loglikelihood(log_parameters, last, seen):
    from scipy.special import betaln

    a, b = np.exp(log_parameters)
    left = last < seen
    return (np.where(left, betaln(a + 1, b + last), betaln(a, b + seen)) - betaln(a, b)).sum()


def curvature(function, at, step=1e-3):
    """Matrix of second derivatives, by central differences."""
    n = len(at)
    steps = np.eye(n) * step
    return np.array(
        [
            [
                (
                    function(at + steps[i] + steps[j])
                    - function(at + steps[i] - steps[j])
                    - function(at - steps[i] + steps[j])
                    + function(at - steps[i] - steps[j])
                )
                / (4 * step**2)
                for j in range(n)
            ]
            for i in range(n)
        ]
    )


def test_sbg_recovers_the_planted_beta(customers):
    from scipy.optimize import minimize

    planted = tw.truth("swiftfare")["plants"]["retention_climbs"]
    last, seen = customers["last"].to_numpy(), customers["seen"].to_numpy()

    def cost(at):
        return -sbg_loglikelihood(at, last, seen)

    found = minimize(cost, [0.0, 0.0], method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-6}).x
    error = np.sqrt(np.diag(np.linalg.inv(curvature(cost, found))))
    assert (error < 0.08).all()
    assert (np.abs(found - np.log([planted["a"], planted["b"]])) < 1.96 * error).all()


def test_retention_climbs_though_nobody_changes(customers):
    planted = tw.truth("swiftfare")["plants"]["retention_climbs"]["retention_by_month"]
    found = []
    for month in range(1, 13):
        alive = customers[(customers["seen"] >= month) & (customers["last"] >= month - 1)]
        found.append((alive["last"] >= month).mean())
        error = np.sqrt(found[-1] * (1 - found[-1]) / len(alive))
        assert abs(found[-1] - planted[month - 1]) < 4 * error, month
    assert found[0] < 0.72 and found[2] > 0.80 and found[11] > 0.92
    # The obvious number, one over the first month's churn, is far below the life that was lived.
    lived = tw.truth("swiftfare", "customers")["months_alive"].mean() + 1
    assert 1 / (1 - found[0]) < 0.5 * lived


def test_visitors_and_uninstalls_are_near_what_is_published():
    sf = tw.load("swiftfare")
    users = sf.users[sf.users["installed_on"] <= WINDOW_END - pd.Timedelta(days=30)].set_index("user_id")
    opened = sf.days[sf.days["user_id"].isin(users.index)]
    age = (opened["date"] - opened["user_id"].map(users["installed_on"])).dt.days
    on_day = {day: opened.loc[age == day, "user_id"].nunique() / len(users) for day in (1, 30)}
    returned = opened.loc[age.between(1, 30), "user_id"].nunique() / len(users)
    gone = ((users["uninstalled_on"] - users["installed_on"]).dt.days <= 30).mean()
    assert on_day[1] == pytest.approx(0.20, abs=0.02)
    assert on_day[30] == pytest.approx(0.03, abs=0.005)
    assert 0.35 < returned < 0.47
    assert gone == pytest.approx(0.32, abs=0.03)


def test_january_is_up():
    bookings = tw.load("swiftfare", "bookings")
    repeat = bookings[bookings.duplicated("user_id")]  # given in the order of users and days
    planted = tw.truth("swiftfare")["parameters"]["booking_season"]
    assert planted[0] == 119 and sum(planted[1:]) == 1100
    # January 2025 against the months around it, by the days they have.
    # The panel grows, so neighbours on both sides count.
    per_day = repeat.groupby(repeat["booked_on"].dt.to_period("M")).size()
    per_day = per_day / per_day.index.days_in_month
    around = per_day["2024-10":"2024-12"].mean() / 2 + per_day["2025-02":"2025-04"].mean() / 2
    season = 0.5 * (94 + 96 + 98) / 3 + 0.5 * (106 + 110 + 102) / 3
    assert per_day["2025-01"] / around == pytest.approx(119 / season, abs=0.15)
    assert per_day["2025-01"] > around


def test_stated_reasons_follow_the_confusion_matrix():
    stated = tw.load("swiftfare", "users").set_index("user_id")["stated_reason"].dropna()
    true = tw.truth("swiftfare", "uninstalls").set_index("user_id")["true_reason"].loc[stated.index]
    found = pd.crosstab(true, stated, normalize="index", dropna=False).to_numpy()
    planted = np.array(tw.truth("swiftfare")["parameters"]["stated_given_true"])
    assert np.abs(found - planted).max() < 0.08


# ---------------------------------------------------------------- Pipewright: renewal months and censoring


@pytest.fixture(scope="module")
def lives():
    """One row an account: months lived, whether it left, months behind it when the window began."""
    pw = tw.load("pipewright")
    accounts = pw.accounts.dropna(subset="first_paid_on").set_index("account_id")
    left = pw.movements.query("kind == 'churn'").set_index("account_id")["moved_on"].reindex(accounts.index)
    start = accounts["first_paid_on"]
    before = start.where(start < WINDOW_START, WINDOW_START)
    return pd.DataFrame(
        {
            "months": whole_months(start, left.fillna(WINDOW_END)),
            "left": left.notna(),
            "entered": whole_months(before, pd.Series(WINDOW_START, index=start.index)),
        }
    )


def kaplan_meier(lives, month):
    """Survival after `month`, and its standard error (Greenwood), with late entry."""
    survival, variance = 1.0, 0.0
    for m in range(1, month + 1):
        at_risk = int(((lives["entered"] < m) & (lives["months"] >= m)).sum())
        gone = int(((lives["entered"] < m) & (lives["months"] == m) & lives["left"]).sum())
        survival *= 1 - gone / at_risk
        variance += gone / (at_risk * (at_risk - gone))
    return survival, survival * variance**0.5


@pytest.mark.parametrize("month", [6, 11, 12, 13, 24])
def test_kaplan_meier_with_late_entry_recovers_the_truth(lives, month):
    planted = tw.truth("pipewright")["plants"]["renewal_months"]["survival_by_month"][month]
    found, error = kaplan_meier(lives, month)
    assert error < 0.03
    assert abs(found - planted) < 1.96 * error


def test_the_hazard_stands_in_the_renewal_months(lives):
    planted = tw.truth("pipewright")["plants"]["renewal_months"]["survival_by_month"]
    assert planted[11] == pytest.approx(0.95, abs=0.01)
    assert planted[12] == pytest.approx(0.74, abs=0.01)
    gone = lives[lives["left"]]["months"]
    assert (gone % 12 == 0).mean() > 0.7


def test_naive_numbers_are_wrong(lives):
    planted = tw.truth("pipewright")["plants"]["renewal_months"]["survival_by_month"][12]
    _, error = kaplan_meier(lives, 12)
    no_late_entry, _ = kaplan_meier(lives.assign(entered=0), 12)
    leavers_only = (lives.loc[lives["left"], "months"] > 12).mean()
    assert no_late_entry - planted > 1.5 * error
    assert leavers_only < planted - 10 * error


def revenue_year(pw, without=()):
    """NRR, GRR, logo retention over 2025, and expansion by account."""
    moves = pw.movements[~pw.movements["account_id"].isin(without)]
    sign = moves["kind"].map({"new": 1, "expansion": 1, "contraction": -1, "churn": -1}).astype(int)
    moves = moves.assign(signed=moves["mrr_cents"] * sign)
    start = moves[moves["moved_on"] < "2025-01-01"].groupby("account_id")["signed"].sum()
    start = start[start > 0]
    year = moves[(moves["moved_on"] >= "2025-01-01") & moves["account_id"].isin(start.index)]
    by_kind = year.groupby(["account_id", "kind"], observed=True)["mrr_cents"].sum().unstack(fill_value=0)
    by_kind = by_kind.reindex(start.index, fill_value=0)
    lost = np.minimum(by_kind["churn"] + by_kind["contraction"], start)
    nrr = 1 + year["signed"].sum() / start.sum()
    grr = 1 - lost.sum() / start.sum()
    logos = (by_kind["churn"] == 0).mean()
    return nrr, grr, logos, by_kind["expansion"].sort_values(ascending=False)


def test_revenue_grows_on_a_handful_while_customers_leave():
    pw = tw.load("pipewright")
    nrr, grr, logos, expansion = revenue_year(pw)
    assert 1.02 < nrr < 1.20
    assert 0.80 < grr < 0.90
    assert 0.73 < logos < 0.81
    top_five = expansion.index[:5]
    assert revenue_year(pw, without=top_five)[0] < 1
    named = pw.accounts.set_index("account_id")["named_account"]
    assert named[top_five].sum() >= 4


def test_seats_are_unequal_and_use_is_daily():
    pw = tw.load("pipewright")
    latest = pw.usage[pw.usage["week"] == pw.usage["week"].max()]
    seats = latest["seats"].sort_values(ascending=False)
    assert 0.35 < seats.iloc[: len(seats) // 10].sum() / seats.sum() < 0.50
    stickiness = pw.usage["mean_daily_active"].sum() / pw.usage["active_members_28d"].sum()
    assert stickiness == pytest.approx(0.5, abs=0.05)


def test_use_declines_before_an_account_leaves():
    pw = tw.load("pipewright")
    left = pw.movements.query("kind == 'churn'").set_index("account_id")["moved_on"]
    usage = pw.usage[pw.usage["account_id"].isin(left.index)]
    weeks = (usage["account_id"].map(left) - usage["week"]).dt.days // 7
    share = usage["active_members"].groupby(weeks).sum() / usage["seats"].groupby(weeks).sum()
    assert share.loc[1:3].mean() < 0.7 * share.loc[16:30].mean()


def test_nothing_is_known_after_the_window():
    """The end of the window cuts nothing short: no rush on its last days, no term that ends with it."""
    pw, sf = tw.load("pipewright"), tw.load("swiftfare")
    per_day = sf.days.groupby("date").size()
    assert per_day.iloc[-7:].mean() == pytest.approx(per_day.iloc[-35:-7].mean(), rel=0.15)
    assert (pw.subscriptions["ends_on"] > WINDOW_END).any()
    assert pw.members["seat_to"].max() <= WINDOW_END
    at_end = (sf.users["uninstalled_on"] == WINDOW_END).sum()
    assert at_end < 4 * (sf.users["uninstalled_on"].dt.year == 2025).sum() / 365


def test_truth_is_json_of_the_shipped_seed():
    text = (tw.data_folder() / "truth" / "swiftfare" / "truth.json").read_text()
    assert json.loads(text) == tw.truth("swiftfare")
