"""What must hold in the tables of Pipewright's product."""

import pandas as pd

_WEEK = pd.Timedelta(days=7)
_FAR = pd.Timestamp("2099-01-01")


def _count(what, wrong):
    """A sentence where any of a Series of booleans is true."""
    if wrong.any():
        yield f"{what}: {int(wrong.sum())} rows"


def violations(tables):
    """Sentences, one for each rule that is broken; none where all is well."""
    movements = tables["movements"]
    churn = movements[movements["kind"] == "churn"].set_index("account_id")["moved_on"]
    yield from _release_violations(tables["releases"])
    yield from _arm_violations(tables, churn)
    yield from _activity_violations(tables)
    yield from _ticket_violations(tables["tickets"], tables["accounts"], churn)


def _release_violations(releases):
    yield from _count("release out of the order of days", releases["live_on"].diff() <= pd.Timedelta(0))
    yield from _count("flag on a release that all see", releases["flagged"] & releases["visible"])
    yield from _count(
        "release without a flag that not all have", ~releases["flagged"] & (releases["exposed_percent"] < 100)
    )
    yield from _count(
        "minutes to recover without a failure, or none with one",
        releases["failed"] != releases["recovered_minutes"].notna(),
    )
    yield from _count(
        "design partners of a release that nobody sees",
        releases["design_partners_first"] & ~releases["visible"],
    )


def _arm_violations(tables, churn):
    tests, arms = tables["experiments"].set_index("experiment_id"), tables["arms"]
    yield from _count("experiment that ends before it starts", tests["ended_on"] < tests["started_on"])
    whole = (tests["ended_on"] - tests["started_on"]).dt.days % 7 != 6
    yield from _count("experiment that is not of whole weeks", whole)
    starts = tests["started_on"].loc[arms["experiment_id"]].set_axis(arms.index)
    first = tables["accounts"].set_index("account_id")["first_paid_on"].loc[arms["account_id"]]
    left = churn.reindex(arms["account_id"]).set_axis(arms.index)
    paid_before = first.set_axis(arms.index) <= starts  # false where the account never paid
    yield from _count("arm of an account that does not pay yet", ~paid_before)
    yield from _count("arm of an account that has left", left <= starts)


def _activity_violations(tables):
    activity, usage = tables["activity"], tables["usage"]
    members = tables["members"].set_index("member_id").loc[activity["member_id"]].set_axis(activity.index)
    test = tables["experiments"].set_index("name").loc["A/A"]
    arms = tables["arms"]
    inside = arms.loc[arms["experiment_id"] == test["experiment_id"], "account_id"]
    week = activity["week"]
    outside = ~week.between(test["started_on"], test["ended_on"]) | (week.dt.day_of_week != 0)
    yield from _count("activity outside the test's weeks", outside)
    yield from _count("activity of an account outside the test", ~members["account_id"].isin(inside))
    kept_to = members["seat_to"].fillna(_FAR)
    no_seat = (members["seat_from"] > week) | (kept_to < week + _WEEK - pd.Timedelta(days=1))
    yield from _count("activity of a member without a seat", no_seat)

    days = activity["days_active"].groupby([members["account_id"], week]).agg(["size", "sum"])
    told = usage[usage["week"].between(test["started_on"], test["ended_on"])]
    told = told[told["account_id"].isin(inside)].set_index(["account_id", "week"])
    days = days.reindex(told.index, fill_value=0)
    yield from _count("active members that usage does not tell", days["size"] != told["active_members"])
    apart = (days["sum"] / 7 - told["mean_daily_active"]).abs() > 0.0051
    yield from _count("days of use that usage does not tell", apart)


def _ticket_violations(tickets, accounts, churn):
    first = accounts.set_index("account_id")["first_paid_on"].loc[tickets["account_id"]]
    left = churn.reindex(tickets["account_id"]).set_axis(tickets.index)
    yield from _count("ticket before the first payment", tickets["opened_on"] < first.set_axis(tickets.index))
    yield from _count("ticket on or after the churn", tickets["opened_on"] >= left)
    closed = tickets["closed_on"].fillna(_FAR)
    yield from _count("ticket closed before it was opened", closed < tickets["opened_on"])
    answered = tickets["opened_on"] + pd.to_timedelta(tickets["first_answer_hours"] // 24, unit="D")
    yield from _count("ticket closed before its first answer", closed < answered)
    wrong = tickets["ticket_id"] // 10_000 != tickets["account_id"]
    yield from _count("ticket with another account's number", wrong)
