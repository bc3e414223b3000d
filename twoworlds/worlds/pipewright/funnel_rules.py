"""What must hold in the tables of Pipewright's funnel."""

import pandas as pd

WINDOW_END = pd.Timestamp("2025-12-31")
TRIAL_DAYS, PEOPLE = 30, 3


def _count(what, wrong):
    """A sentence where any of a Series of booleans is true."""
    if wrong.any():
        yield f"{what}: {int(wrong.sum())} rows"


def violations(tables):
    """Sentences, one for each rule that is broken; none where all is well."""
    accounts, trials = tables["accounts"].set_index("account_id"), tables["trials"]
    new = accounts["first_paid_on"] >= "2024-01-01"
    yield from _count("new customer without a source", accounts["source"].isna() & new)
    unpaid = accounts["first_paid_on"].isna()
    yield from _count("prospect without a source", accounts["source"].isna() & unpaid)
    yield from _count("old customer with a source", accounts["source"].notna() & ~new & ~unpaid)
    yield from _trial_violations(accounts, trials)
    yield from _day_violations(trials.set_index("account_id"), tables["trial_days"])
    yield from _lead_violations(accounts, tables)
    yield from _count_violations(tables)
    yield from _invite_violations(accounts, tables)


def _trial_violations(accounts, trials):
    start, paid = trials["started_on"], trials["paid_on"]
    own = trials["account_id"].map(accounts["first_paid_on"])
    other = (paid != own) & ~(paid.isna() & own.isna())
    yield from _count("payment of a trial is not the account's first", other)
    yield from _count("trial that starts on a weekend", start.dt.day_of_week > 4)
    yield from _count("paid within the first fortnight", paid - start < pd.Timedelta(days=15))
    assisted = trials["path"] == "assisted"
    yield from _count(
        "executive without assistance, or none with it", assisted != trials["executive_id"].notna()
    )
    last = start + pd.Timedelta(days=TRIAL_DAYS - 1)
    for name in ("imported_on", "activated_on"):
        yield from _count(
            f"{name} before the trial or after it", ~trials[name].between(start, last) & trials[name].notna()
        )
        yield from _count(f"{name} on or after the payment", trials[name] >= paid)
    without = trials["activated_on"].notna() & ~(trials["activated_on"] >= trials["imported_on"])
    yield from _count("activation without an import", without)


def _day_violations(trials, days):
    """trials: by account_id."""
    of_day = trials.loc[days["account_id"]].set_axis(days.index)
    date = of_day["started_on"] + pd.to_timedelta(days["day"] - 1, unit="D")
    yield from _count("use after the window", date > WINDOW_END)
    yield from _count("use on or after the payment", date >= of_day["paid_on"])
    yield from _count("person beyond those invited", days["person"] > of_day["people_invited"])
    yield from _count(
        "import on another day",
        (days["imports"] == 1) != (date == of_day["imported_on"]) & (days["person"] == 1),
    )
    yield from _count(
        "pipeline before the import", (days["pipelines"] > 0) & ~(date >= of_day["imported_on"])
    )
    # Activation, again from the rows.
    first = days.groupby(["account_id", "person"])["day"].min().sort_values(kind="stable")
    third = first[first.groupby("account_id").cumcount() == PEOPLE - 1].droplevel("person")
    third = trials["started_on"] + pd.to_timedelta(third.reindex(trials.index) - 1, unit="D")
    both = third.where(third >= trials["imported_on"], trials["imported_on"])
    both = both.where(third.notna() & trials["imported_on"].notna())
    other = (both != trials["activated_on"]) & ~(both.isna() & trials["activated_on"].isna())
    yield from _count("activation that the days do not show", other)
    founders = days[(days["person"] == 1) & (days["day"] == 1)]["account_id"]
    yield from _count("trial that nobody began", pd.Series(~trials.index.isin(founders)))


def _lead_violations(accounts, tables):
    leads = tables["leads"]
    paid = leads["account_id"].map(accounts["first_paid_on"])
    yield from _count("lead after the first payment", leads["lead_on"] > paid)
    yield from _count(
        "leads out of the order of days",
        leads.groupby(leads["lead_id"] // 100_000)["lead_on"].diff() < pd.Timedelta(0),
    )


def _count_violations(tables):
    visits, trials = tables["visits"], tables["trials"]
    steps = ["visits", "pricing_visits", "forms_sent", "trials_started"]
    for wide, narrow in zip(steps, steps[1:], strict=False):
        yield from _count(f"more {narrow} than {wide}", visits[narrow] > visits[wide])
    yield from _count("week that is not a Monday", visits["week"].dt.day_of_week != 0)
    source = trials["account_id"].map(tables["accounts"].set_index("account_id")["source"]).astype(str)
    week = trials["started_on"] - pd.to_timedelta(trials["started_on"].dt.day_of_week, unit="D")
    real = trials.groupby([week, source]).size()
    counted = visits.set_index(["week", visits["source"].astype(str)])["trials_started"]
    yield from _count(
        "trials of a week that the website does not count",
        counted != real.reindex(counted.index, fill_value=0),
    )
    if counted.sum() != len(trials):
        yield f"the website counts {counted.sum()} trials, the table has {len(trials)}"
    spend = tables["spend"]
    paid = spend["source"].map(tables["channels"].set_index("source")["paid"]).astype(bool)
    yield from _count("spend on a channel without any", ~paid)
    yield from _count("month that does not start on its first day", spend["month"].dt.day != 1)


def _invite_violations(accounts, tables):
    invites = tables["invites"]
    start = invites["account_id"].map(accounts["first_paid_on"])
    yield from _count("invites before the first payment", ~(start <= invites["quarter"]))
    churn = tables["movements"].query("kind == 'churn'").set_index("account_id")["moved_on"]
    left = churn.reindex(invites["account_id"]).set_axis(invites.index)
    behind = invites["quarter"] + pd.DateOffset(months=3)
    yield from _count("invites of an account that has left", left < behind)
    yield from _count("more joined than invited", invites["joined_inside"] > invites["sent_inside"])
    yield from _count("more trials than invites", invites["trials_outside"] > invites["sent_outside"])
    seats = tables["members"].groupby(
        ["account_id", tables["members"]["seat_from"].dt.to_period("Q").dt.start_time]
    ).size()  # fmt: skip
    own = pd.MultiIndex.from_frame(invites[["account_id", "quarter"]])
    joined = pd.Series(seats.reindex(own, fill_value=0).to_numpy(), index=invites.index)
    yield from _count("joined inside is not the new members", joined != invites["joined_inside"])
