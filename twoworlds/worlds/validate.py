"""What must hold in any data that the generator makes: keys, ranges, possible times, dictionary and tables in
step.

`violations(world, tables)` returns a list of sentences, empty where all is well. The checks that need only
the dictionary are the same for every table; those that need the world's own sense stand in `_SWIFTFARE` and
`_PIPEWRIGHT`.
"""

import pandas as pd

from twoworlds import dictionary
from twoworlds.worlds.pipewright import deals_rules, funnel_rules, product_rules
from twoworlds.worlds.pipewright import research_rules as pipewright_research_rules
from twoworlds.worlds.swiftfare import growth_rules
from twoworlds.worlds.swiftfare import research_rules as swiftfare_research_rules

WINDOW_START, WINDOW_END = pd.Timestamp("2024-01-01"), pd.Timestamp("2025-12-31")
# Names that only the truth may carry.
ORACLE_COLUMNS = {
    "monthly_dropout",
    "months_alive",
    "true_reason",
    "risk",
    "odds_of_skill",
    "leaves_at_renewal",
    "leaves_other_month",
    "left_on",
    "taker",
    "books_without_card",
    "books_with_card",
    "assigned",
    "planted_mean",
    "planted_rate",
    "true_score",
    "pays_cents",
    "chance_fails",
    "records_old_page",
    "records_new_page",
    "planted_share",
    "comes_anyway",
    "pays_later",
    "activates_self_serve",
    "activates_assisted",
    "own_need",
    "true_first_need",
    "need_source",
    "september_score",
    "december_score",
    "fate",
    "closes_on",
}


def _column_violations(name, column, values):
    missing = int(values.isna().sum())
    if missing and not column.nullable:
        yield f"{name}.{column.name}: {missing} cells are missing"
    held = values.dropna()
    if column.type == "category":
        strange = set(held.astype(str)) - set(column.values)
        if strange:
            yield f"{name}.{column.name}: holds {sorted(strange)[0]!r}, which the dictionary does not know"
        return
    if column.type in ("boolean", "text"):
        return
    for bound, beyond in ((column.minimum, "below"), (column.maximum, "above")):
        if bound is None or held.empty:
            continue
        limit = pd.Timestamp(bound) if column.type == "date" else bound
        count = int(((held < limit) if beyond == "below" else (held > limit)).sum())
        if count:
            yield f"{name}.{column.name}: {count} cells are {beyond} {bound}"


def _dictionary_violations(described, tables):
    if list(tables) != list(described):
        yield f"tables are {list(tables)}, the dictionary says {list(described)}"
    for name, table in described.items():
        if name not in tables:
            continue
        frame = tables[name]
        expected = [column.name for column in table.columns]
        if list(frame.columns) != expected:
            yield f"{name}: columns are {list(frame.columns)}, the dictionary says {expected}"
            continue
        hidden = ORACLE_COLUMNS & set(expected)
        if table.kept == "data" and hidden:
            yield f"{name}: {sorted(hidden)[0]} belongs to the truth"
        repeated = int(frame.duplicated(table.primary_key).sum())
        if repeated:
            yield f"{name}: {repeated} rows repeat the key {table.primary_key}"
        for column in table.columns:
            yield from _column_violations(name, column, frame[column.name])
        for column, (parent, parent_column) in table.foreign_keys.items():
            held = frame[column].dropna()
            orphans = int((~held.isin(tables[parent][parent_column])).sum())
            if orphans:
                yield f"{name}.{column}: {orphans} rows point to no row of {parent}"


def _count(what, wrong):
    """A sentence where any of a Series of booleans is true."""
    if wrong.any():
        yield f"{what}: {int(wrong.sum())} rows"


def _swiftfare_violations(tables):
    users = tables["users"].set_index("user_id")
    days, bookings = tables["days"], tables["bookings"]
    yield from _count("sign-up before the install", users["signed_up_on"] < users["installed_on"])
    yield from _count(
        "uninstall on or before the day of the install", users["uninstalled_on"] <= users["installed_on"]
    )
    yield from _count("uninstall on or before the sign-up", users["uninstalled_on"] <= users["signed_up_on"])
    yield from _count(
        "reason without an uninstall", users["stated_reason"].notna() & users["uninstalled_on"].isna()
    )
    yield from _count(
        "region of another country", users["region"].astype(str).str[:2] != users["country"].astype(str)
    )
    yield from _count("users out of the order of installs", users["installed_on"].diff() < pd.Timedelta(0))
    of_day = users.loc[days["user_id"]].set_axis(days.index)
    yield from _count("open before the install", days["date"] < of_day["installed_on"])
    yield from _count("open on or after the uninstall", days["date"] >= of_day["uninstalled_on"])
    opened = pd.MultiIndex.from_frame(days[["user_id", "date"]])
    installs = pd.MultiIndex.from_arrays([users.index, users["installed_on"]])
    yield from _count("no open on the day of the install", pd.Series(~installs.isin(opened)))
    of_booking = users.loc[bookings["user_id"]].set_axis(bookings.index)
    signed_up = bookings["booked_on"] >= of_booking["signed_up_on"]  # false where never signed up
    yield from _count("booking before the sign-up", ~signed_up)
    yield from _count(
        "booking on or after the uninstall", bookings["booked_on"] >= of_booking["uninstalled_on"]
    )
    yield from _count("two bookings on one day", bookings.duplicated(["user_id", "booked_on"]))
    yield from _count("margin above the price", bookings["margin_cents"] > bookings["price_cents"])
    with_day = bookings.merge(
        days, how="left", left_on=["user_id", "booked_on"], right_on=["user_id", "date"]
    )
    yield from _count("booking on a day without an open", with_day["opens"].isna())
    searched = sum(
        with_day[f"{product}_searches"].where(with_day["product"] == product, 0)
        for product in ("flight", "hotel", "holiday")
    )
    yield from _count("booking without a search for it", searched < 1)
    yield from _test_violations(tables)


def _test_violations(tables):
    """Swiftfare's experiments, price alerts and creatives."""
    users, alerts = tables["users"].set_index("user_id"), tables["alerts"]
    tests = tables["experiments"].set_index("experiment_id")
    yield from _count("experiment that ends before it starts", tests["ended_on"] < tests["started_on"])
    installed = users["installed_on"].loc[alerts["user_id"]].set_axis(alerts.index)
    set_on = alerts["set_on"]
    yield from _count("alert not on the day of the install", set_on.notna() & (set_on != installed))
    yield from _count("neither in the test nor with an alert", set_on.isna() & alerts["arm"].isna())
    card = tests[tests["name"] == "Price alert card"].iloc[0]
    inside = installed.between(card["started_on"], card["ended_on"])
    yield from _count("arm outside the card's test, or none inside", inside != alerts["arm"].notna())
    sums = tables["arm_days"]
    shown = tables["creatives"]
    yield from _count("creative that ends before it starts", shown["ended_on"] < shown["started_on"])
    yield from _count("creative tapped more often than shown", shown["tapped"] > shown["shown"])
    parts = tables["creative_audiences"]
    yield from _count("audience that taps more often than it is shown", parts["tapped"] > parts["shown"])
    keys = ["creative_id", "wave"]
    whole = shown.set_index(keys)[["shown", "tapped"]]
    differs = parts.groupby(keys)[["shown", "tapped"]].sum().reindex(whole.index) != whole
    yield from _count("creative whose audiences do not add up", differs.any(axis=1))
    of_test = tests.loc[sums["experiment_id"]].set_axis(sums.index)
    outside = ~sums["date"].between(of_test["started_on"], of_test["ended_on"])
    yield from _count("arm-day outside its experiment", outside)
    days = (tests["ended_on"] - tests["started_on"]).dt.days + 1
    rows = sums.groupby("experiment_id").size().reindex(tests.index, fill_value=0)
    yield from _count("experiment without both arms on each of its days", rows != 2 * days)
    yield from _count("more taken than counted", sums["taken"] > sums["n"])
    booking = of_test["outcome"] == "booked_within_30_days"
    yield from _count("more bookings than units", booking & (sums["sum_x"] > sums["n"]))
    yield from _count("square of 0 or 1 is another", booking & (sums["sum_x"] != sums["sum_xx"]))
    none = of_test["covariate"] == "none"
    some = (sums[["sum_z", "sum_zz", "sum_xz"]] != 0).any(axis=1)
    yield from _count("sums of a covariate that there is not", none & some)
    for value in "xz":
        least = sums[f"sum_{value}"] ** 2 - sums["n"]  # the sums are rounded to whole numbers
        squares = sums["n"] * sums[f"sum_{value}{value}"]
        yield from _count(f"sum of squares of {value} below what the sum asks for", squares < least)


def _pipewright_violations(tables):
    accounts = tables["accounts"].set_index("account_id")
    movements, terms = tables["movements"], tables["subscriptions"]
    members, usage = tables["members"], tables["usage"]
    churn = movements[movements["kind"] == "churn"].set_index("account_id")["moved_on"]
    new = movements[movements["kind"] == "new"].set_index("account_id")["moved_on"]
    if new.index.has_duplicates or churn.index.has_duplicates:
        yield "an account is new or churns twice"
        return
    left = churn.reindex(accounts.index)
    yield from _count("account that left before the window", left <= WINDOW_START)
    paid = accounts["first_paid_on"]
    differs = paid.fillna(WINDOW_START) != new.reindex(accounts.index).fillna(WINDOW_START)
    differs |= paid.isna() != new.reindex(accounts.index).isna()
    yield from _count("first payment is not the new movement", differs)
    for name in ("members", "subscriptions", "usage"):
        without = tables[name]["account_id"].map(paid).isna()
        yield from _count(f"{name} of an account that has not paid", without)
    yield from _count("name used twice", accounts["name"].duplicated().to_frame()["name"])
    limits = pd.cut(accounts["employees"], [0, 49, 249, 10**9], labels=["small", "medium", "large"])
    yield from _count("size does not fit the employees", limits.astype(str) != accounts["size"].astype(str))

    def left_on(frame):
        return churn.reindex(frame["account_id"]).set_axis(frame.index)

    yield from _count("movement after the churn", movements["moved_on"] > left_on(movements))
    yield from _count("term that begins on or after the churn", terms["started_on"] >= left_on(terms))
    yield from _count("member after the churn", members["seat_to"].fillna(WINDOW_END) >= left_on(members))
    yield from _count(
        "member before the first payment",
        members["seat_from"] < accounts["first_paid_on"].loc[members["account_id"]].set_axis(members.index),
    )
    yield from _count("member who leaves before coming", members["seat_to"] < members["seat_from"])
    yield from _count("usage after the churn", usage["week"] + pd.Timedelta(days=6) >= left_on(usage))
    yield from _count("week that is not a Monday", usage["week"].dt.day_of_week != 0)
    yield from _count("more active members than seats", usage["active_members"] > usage["seats"])
    yield from _count(
        "fewer actives in 28 days than in the week", usage["active_members_28d"] < usage["active_members"]
    )
    yield from _count(
        "more active members a day than in the week",
        usage["mean_daily_active"] > usage["active_members"] + 0.005,
    )
    yield from _count(
        "records without an active member", (usage["records_edited"] > 0) & (usage["active_members"] == 0)
    )

    sign = movements["kind"].map({"new": 1, "expansion": 1, "contraction": -1, "churn": -1}).astype(int)
    running = pd.DataFrame(
        {
            "mrr": (movements["mrr_cents"] * sign).groupby(movements["account_id"]).cumsum(),
            "seats": (movements["seats"] * sign).groupby(movements["account_id"]).cumsum(),
        }
    )
    gone = movements["kind"] == "churn"
    yield from _count("MRR or seats after a churn", (running[gone] != 0).any(axis=1))
    yield from _count("no MRR or seats while a customer", (running[~gone] <= 0).any(axis=1))

    # A term: follows the one before, lasts its months, and starts with what the movements add up to.
    terms = terms.sort_values(["account_id", "term_number"])
    before = terms.groupby("account_id")[["term_number", "ends_on"]].shift()
    follows = before["term_number"].isna() | (
        (terms["term_number"] == before["term_number"] + 1)
        & (terms["started_on"] == before["ends_on"] + pd.Timedelta(days=1))
    )
    yield from _count("term that does not follow the one before", ~follows)
    behind = terms["ends_on"] + pd.Timedelta(days=1)
    lasted = (
        (behind.dt.year - terms["started_on"].dt.year) * 12 + behind.dt.month - terms["started_on"].dt.month
    )
    yield from _count(
        "term of another length",
        (lasted != terms["term_months"]) | (behind.dt.day != terms["started_on"].dt.day),
    )
    known = movements.assign(**running).sort_values("moved_on")
    at_start = pd.merge_asof(
        terms.sort_values("started_on"), known[["account_id", "moved_on", "mrr", "seats"]],
        left_on="started_on", right_on="moved_on", by="account_id", suffixes=("", "_moved"),
    )  # fmt: skip
    yield from _count("term whose MRR is not the movements' sum", at_start["mrr_cents"] != at_start["mrr"])
    yield from _count(
        "term whose seats are not the movements' sum", at_start["seats"] != at_start["seats_moved"]
    )
    last = terms.groupby("account_id")["ends_on"].max()
    stays = last.index.difference(churn.index)
    yield from _count("account that stays without a running term", last[stays] < WINDOW_END)
    for reason in ("stated_reason", "interview_reason"):
        yield from _count(f"{reason} without a churn", movements[reason].notna() & ~gone)
    yield from _touch_violations(tables["touches"], terms, left_on)


def _touch_violations(touches, terms, left_on):
    """touches: one row a review; left_on: frame with account_id -> day of its churn, row by row."""
    late = touches["touched_on"] - touches["reviewed_on"]
    yield from _count("touch without its day", touches["touched"] != touches["touched_on"].notna())
    yield from _count("touch on or before its review", late <= pd.Timedelta(0))
    yield from _count("touch on or after the renewal", touches["touched_on"] >= touches["renewal_on"])
    yield from _count("review that is not on a Monday", touches["reviewed_on"].dt.day_of_week != 0)
    yield from _count("review after the churn", touches["reviewed_on"] >= left_on(touches))
    ends = terms["ends_on"] + pd.Timedelta(days=1)
    real = pd.MultiIndex.from_arrays([terms["account_id"], ends])
    asked = pd.MultiIndex.from_frame(touches[["account_id", "renewal_on"]])
    unknown = ~asked.isin(real) & (touches["renewal_on"] <= WINDOW_END)
    yield from _count("review of a renewal that no term comes to", unknown)


_OWN = {
    "swiftfare": (
        _swiftfare_violations,
        growth_rules.violations,
        swiftfare_research_rules.violations,
    ),
    "pipewright": (
        _pipewright_violations,
        funnel_rules.violations,
        deals_rules.violations,
        product_rules.violations,
        pipewright_research_rules.violations,
    ),
}


def violations(world, tables):
    """Everything wrong with a world's tables (name -> DataFrame, as `load` gives them), in sentences."""
    found = list(_dictionary_violations(dictionary.tables(world), tables))
    return found or [sentence for own in _OWN[world] for sentence in own(tables)]


def truth_violations(world, oracle):
    """Everything wrong with a world's truth tables (name -> DataFrame), by the dictionary."""
    return list(_dictionary_violations(dictionary.tables(world, "truth"), oracle))
