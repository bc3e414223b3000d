"""The rows of "Is this data believable?": each computes a figure from the shipped tables and names its
published counterpart.

A row is a small function of a world's tables that returns a `Found`. What it needs and is not there yet is
left out. `differs` says how our figure differs in definition, `why` explains a figure outside the published
range.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from authoring import published_facts as facts
from authoring.published_facts import Fact
from twoworlds import dictionary

WINDOW_END = pd.Timestamp("2025-12-31")
_Z = 1.959964
ROUNDING = 0.1  # of a single published figure, on both sides: nobody prints its error


@dataclass(frozen=True)
class Found:
    """Our figure with its 95 % interval, and how many were counted."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Row:
    """One comparison. unit: "%", or a word; needs: the tables that it reads."""

    what: str
    world: str
    unit: str
    fact: Fact
    needs: tuple[str, ...]
    differs: str
    why: str
    compute: Callable

    @property
    def ready(self) -> bool:
        """Whether the tables that it reads exist."""
        return set(self.needs) <= set(dictionary.tables(self.world))

    def inside(self, found: Found) -> bool:
        """Whether our interval meets the published range; a single figure is taken a tenth wider."""
        low, high = self.fact.low, self.fact.high
        if low == high:
            low, high = low * (1 - ROUNDING), high * (1 + ROUNDING)
        return found.low <= high and found.high >= low


ROWS: list[Row] = []


def row(what: str, world: str, unit: str, fact: Fact, *needs: str, differs: str = "", why: str = ""):
    """List a function (tables) -> Found as a row."""

    def listed(compute):
        ROWS.append(Row(what, world, unit, fact, needs, differs, why, compute))
        return compute

    return listed


# ---------------------------------------------------------------- intervals


def share(happened: pd.Series) -> Found:
    """Share of a Series of booleans, %, with Wilson's interval."""
    n, hits = len(happened), int(happened.sum())
    p = hits / n
    middle = (p + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    half = _Z * (p * (1 - p) / n + _Z**2 / (4 * n**2)) ** 0.5 / (1 + _Z**2 / n)
    return Found(100 * p, 100 * (middle - half), 100 * (middle + half), n)


def ratio(above: pd.Series, below: pd.Series, times: float = 1, n: int | None = None) -> Found:
    """Sum over sum, times a constant; one row a unit that was sampled, so that its rows hang together."""
    value = above.sum() / below.sum()
    error = ((above - value * below) ** 2).sum() ** 0.5 / below.sum()
    count = int(below.sum()) if n is None else n
    return Found(*(times * (value + sign * _Z * error) for sign in (0, -1, 1)), count)


def median(values: pd.Series) -> Found:
    """Median, with the interval of order statistics."""
    ordered = np.sort(values.dropna().to_numpy())
    n = len(ordered)
    reach = _Z * n**0.5 / 2
    low, high = max(0, int(n / 2 - reach)), min(n - 1, int(np.ceil(n / 2 + reach)))
    return Found(float(np.median(ordered)), float(ordered[low]), float(ordered[high]), n)


# ---------------------------------------------------------------- Swiftfare


def _installed(tables, days):
    """Users who could be watched for so many days after the install."""
    users = tables["users"]
    return users[users["installed_on"] <= WINDOW_END - pd.Timedelta(days=days)].set_index("user_id")


def opened_on_day(tables, day, users=None) -> Found:
    """Share of installs that open the app on a day, counted from the install."""
    users = _installed(tables, day) if users is None else users
    opened = tables["days"][tables["days"]["user_id"].isin(users.index)]
    age = (opened["date"] - opened["user_id"].map(users["installed_on"])).dt.days
    return share(users.index.to_series().isin(opened.loc[age == day, "user_id"]))


@row(
    "Open the app on the day after the install", "swiftfare", "%", facts.DAY_ONE, "users", "days",
    differs="Theirs: travel apps in six European markets.",
    why="Ours is set between the older figures for organic and for paid installs, next two rows.",
)  # fmt: skip
def day_one(tables):
    return opened_on_day(tables, 1)


def _android(tables, channels):
    users = _installed(tables, 1)
    return users[(users["device"] == "android") & users["channel"].isin(channels)]


@row(
    "The same, Android, organic installs", "swiftfare", "%", facts.DAY_ONE_ORGANIC, "users", "days",
    differs="Theirs counts rolling days from the install, ours calendar days.",
)  # fmt: skip
def day_one_organic(tables):
    return opened_on_day(tables, 1, _android(tables, ["organic"]))


@row(
    "The same, Android, paid installs", "swiftfare", "%", facts.DAY_ONE_PAID, "users", "days",
    differs="Ours takes the two channels that are advertising and nothing else: paid social and display.",
    why="Our paid newcomers are a little keener.",
)  # fmt: skip
def day_one_paid(tables):
    return opened_on_day(tables, 1, _android(tables, ["paid_social", "display"]))


@row(
    "Open the app on day 30", "swiftfare", "%", facts.DAY_THIRTY, "users", "days",
    differs="Theirs: Android, paid to organic.",
    why="Ours holds iOS users too, and customers who were kept.",
)  # fmt: skip
def day_thirty(tables):
    return opened_on_day(tables, 30)


@row(
    "Come back within 30 days of the install", "swiftfare", "%", facts.BACK_IN_A_MONTH, "users", "days",
    differs="Theirs: any return in the month, travel and lifestyle apps, 2016 and 2018.",
)  # fmt: skip
def back_in_a_month(tables):
    users = _installed(tables, 30)
    opened = tables["days"][tables["days"]["user_id"].isin(users.index)]
    age = (opened["date"] - opened["user_id"].map(users["installed_on"])).dt.days
    return share(users.index.to_series().isin(opened.loc[age.between(1, 30), "user_id"]))


@row(
    "Uninstall within 30 days", "swiftfare", "%", facts.UNINSTALLED, "users",
    differs="Travel and entertainment apps. Over all apps the same firm later printed more than 50 %.",
)  # fmt: skip
def uninstalled(tables):
    users = _installed(tables, 30)
    return share((users["uninstalled_on"] - users["installed_on"]).dt.days <= 30)


@row(
    "Open the app on one day only", "swiftfare", "%", facts.USED_ONCE, "users", "days",
    differs="Theirs counts sessions, ours days; ours are installs watched for 90 days or more.",
    why="A session is shorter than a day, and theirs saw a shorter time: but ours does lose more at once."
    " That follows from the day-one figures above, which are later.",
)  # fmt: skip
def used_once(tables):
    users = _installed(tables, 90)
    active = tables["days"].groupby("user_id").size().reindex(users.index, fill_value=0)
    return share(active == 1)


@row(
    "New users who search on the first day", "swiftfare", "%", facts.SEARCHED, "users", "days",
    differs="Theirs: customers of one vendor; a new user takes 44 minutes to the search.",
)  # fmt: skip
def searched(tables):
    first = tables["days"].drop_duplicates("user_id")
    columns = [name for name in first.columns if name.endswith("_searches")]
    return share(first[columns].sum(axis=1) > 0)


@row(
    "Buyers within 30 days, iOS over Android", "swiftfare", "times", facts.IOS_OVER_ANDROID, "users",
    "bookings", differs="Theirs: installs that buy, no limit of time given.",
)  # fmt: skip
def ios_over_android(tables):
    users = _installed(tables, 30)
    first = tables["bookings"].groupby("user_id")["booked_on"].min().reindex(users.index)
    booked = (first - users["installed_on"]).dt.days <= 30
    by = booked.groupby(users["device"], observed=True).agg(["mean", "count"])
    value = by["mean"]["ios"] / by["mean"]["android"]
    error = float(((1 - by["mean"]) / (by["mean"] * by["count"])).sum() ** 0.5)
    return Found(value, *(value * np.exp(sign * _Z * error) for sign in (-1, 1)), len(users))


def _flights(tables):
    bookings = tables["bookings"]
    return bookings[bookings["product"] == "flight"]


@row(
    "Days from booking to departure, mean of flights", "swiftfare", "days", facts.LEAD_DAYS, "bookings",
    differs="Theirs: 7 million sales of one winter, from scheduled carriers (55) to low-cost ones (81).",
    why="Ours lies at the lower end, near the scheduled carriers.",
)  # fmt: skip
def lead_days(tables):
    by_user = _flights(tables).groupby("user_id")["lead_days"].agg(["sum", "count"])
    return ratio(by_user["sum"], by_user["count"])


@row(
    "Price of a flight booking, mean", "swiftfare", "EUR", facts.BASKET, "bookings",
    differs="Theirs: return flights.",
)  # fmt: skip
def basket(tables):
    by_user = _flights(tables).groupby("user_id")["price_cents"].agg(["sum", "count"])
    return ratio(by_user["sum"], by_user["count"], 1 / 100)


def booked_on_weekday(tables, weekday) -> Found:
    """Share of bookings on a weekday (0 for Monday), %."""
    hit = tables["bookings"]["booked_on"].dt.day_of_week == weekday
    by_user = hit.groupby(tables["bookings"]["user_id"]).agg(["sum", "count"])
    return ratio(by_user["sum"], by_user["count"], 100)


@row("Bookings made on a Monday", "swiftfare", "%", facts.MONDAY, "bookings", differs="Theirs: flights.")
def monday(tables):
    return booked_on_weekday(tables, 0)


@row("Bookings made on a Friday", "swiftfare", "%", facts.FRIDAY, "bookings", differs="Theirs: flights.")
def friday(tables):
    return booked_on_weekday(tables, 4)


@row(
    "January's bookings a day over the other months', more", "swiftfare", "%", facts.JANUARY, "bookings",
    differs="Ours: January 2025 against the six months on either side, since the company grows.",
)  # fmt: skip
def january(tables):
    month = tables["bookings"]["booked_on"].dt.to_period("M")
    around = month.between(pd.Period("2024-07"), pd.Period("2025-07"))
    is_january = month == pd.Period("2025-01")
    users = tables["bookings"]["user_id"]
    others = [one for one in pd.period_range("2024-07", "2025-07", freq="M") if one.month != 1]
    in_january = is_january.groupby(users).sum() / 31
    in_others = (around & ~is_january).groupby(users).sum() / sum(one.days_in_month for one in others)
    found = ratio(in_january, in_others, 100, n=int(around.sum()))
    return Found(found.value - 100, found.low - 100, found.high - 100, found.n)


@row(
    "Bookings a year while a customer", "swiftfare", "a year", facts.AIR_TRIPS, "bookings", "days",
    differs="Theirs: all air trips of Americans who fly, with any seller; ours: what one app sells.",
    why="A traveller books elsewhere too, so theirs is a ceiling for one app.",
)  # fmt: skip
def bookings_a_year(tables):
    first = tables["bookings"].groupby("user_id")["booked_on"].min()
    last = tables["days"].groupby("user_id")["date"].max().reindex(first.index)
    years = ((last - first).dt.days + 15) / 365.25  # the last open lies half a month before the end, about
    repeats = tables["bookings"].groupby("user_id").size() - 1
    return ratio(repeats, years.clip(upper=2), n=len(first))


@row(
    "Customers who book again within a year", "swiftfare", "%", facts.SECOND_PURCHASE, "bookings",
    differs="Theirs: customers of web shops, which is not travel.",
    why="Our customers who stay travel about three times a year; shops sell to many who want one thing once.",
)  # fmt: skip
def second_purchase(tables):
    bookings = tables["bookings"].sort_values(["user_id", "booked_on"])
    order = bookings.groupby("user_id").cumcount()
    first = bookings[order == 0].set_index("user_id")["booked_on"]
    second = bookings[order == 1].set_index("user_id")["booked_on"].reindex(first.index)
    seen = first <= WINDOW_END - pd.Timedelta(days=365)
    return share(((second - first).dt.days <= 365)[seen])


@row(
    "Answers to an e-mail survey, of those asked", "swiftfare", "%", facts.SURVEY_B2C, "users", "surveys",
    "answers", differs="Theirs: surveys of consumers by e-mail.",
    why="Set a little higher, so that thousands answer and still mislead.",
)  # fmt: skip
def survey_answers(tables):
    surveys = tables["surveys"]
    mailed = surveys[(surveys["reached_by"] == "email_to_all") & (surveys["kind"] == "recommendation")].iloc[
        0
    ]
    answers = tables["answers"]
    replied = answers.loc[answers["survey_id"] == mailed["survey_id"], "user_id"]
    users = tables["users"]
    asked = users.loc[users["signed_up_on"] <= mailed["frame_on"], "user_id"]
    return share(asked.isin(replied))


@row(
    "Releases that failed", "swiftfare", "%", facts.CHANGE_FAILURES, "releases",
    differs="Theirs: the best of four groups of teams; the last group has 46 to 60 %.",
    why="We are no elite team.",
)  # fmt: skip
def releases_failed(tables):
    return share(tables["releases"]["failed"])


# ---------------------------------------------------------------- Pipewright


def revenue_year(tables) -> pd.DataFrame:
    """Accounts that paid on 1 January 2025: MRR then, MRR lost and gained over 2025, `left`, size."""
    moves = tables["movements"]
    sign = moves["kind"].map({"new": 1, "expansion": 1, "contraction": -1, "churn": -1}).astype(int)
    moves = moves.assign(signed=moves["mrr_cents"] * sign)
    start = moves[moves["moved_on"] < "2025-01-01"].groupby("account_id")["signed"].sum()
    start = start[start > 0]
    year = moves[(moves["moved_on"] >= "2025-01-01") & moves["account_id"].isin(start.index)]
    by_kind = year.groupby(["account_id", "kind"], observed=False)["mrr_cents"].sum().unstack(fill_value=0)
    by_kind = by_kind.reindex(start.index, fill_value=0)
    lost = np.minimum(by_kind["churn"] + by_kind["contraction"], start)
    change = year.groupby("account_id")["signed"].sum().reindex(start.index, fill_value=0)
    size = tables["accounts"].set_index("account_id")["size"].reindex(start.index)
    return pd.DataFrame(
        {
            "start": start,
            "end": start + change,
            "kept": start - lost,
            "left": by_kind["churn"] > 0,
            "size": size,
        }
    )


@row(
    "Net revenue retention, 2025", "pipewright", "%", facts.NRR, "movements", "accounts",
    differs="Theirs: medians over firms, by contract value; ours is one firm's.",
)  # fmt: skip
def net_revenue(tables):
    year = revenue_year(tables)
    return ratio(year["end"], year["start"], 100, n=len(year))


@row(
    "Gross revenue retention, 2025", "pipewright", "%", facts.GRR, "movements", "accounts",
    differs="Theirs: what an investor's cloud firms reach.",
)  # fmt: skip
def gross_revenue(tables):
    year = revenue_year(tables)
    return ratio(year["kept"], year["start"], 100, n=len(year))


@row(
    "Accounts lost in 2025", "pipewright", "%", facts.LOGO_CHURN, "movements", "accounts",
    differs="Theirs: the median private SaaS firm, whose customers are larger.",
    why="Most of our accounts are small, and small firms leave more: the next three rows.",
)  # fmt: skip
def logos_lost(tables):
    return share(revenue_year(tables)["left"])


def logos_lost_of(tables, size) -> Found:
    """Share of accounts of a size lost in 2025, %."""
    year = revenue_year(tables)
    return share(year.loc[year["size"] == size, "left"])


_RULE_OF_THUMB = "Theirs is a rule of thumb, quoted by the month and brought to a year."


@row(
    "The same, small firms", "pipewright", "%", facts.LOGO_CHURN_SMALL, "movements", "accounts",
    differs=_RULE_OF_THUMB, why="Annual terms give fewer occasions to leave than monthly ones.",
)  # fmt: skip
def logos_lost_small(tables):
    return logos_lost_of(tables, "small")


@row(
    "The same, medium firms", "pipewright", "%", facts.LOGO_CHURN_MEDIUM, "movements", "accounts",
    differs=_RULE_OF_THUMB,
)  # fmt: skip
def logos_lost_medium(tables):
    return logos_lost_of(tables, "medium")


@row(
    "The same, large firms", "pipewright", "%", facts.LOGO_CHURN_LARGE, "movements", "accounts",
    differs=_RULE_OF_THUMB, why="Somebody looks after the named ones, and two-year terms end less often.",
)  # fmt: skip
def logos_lost_large(tables):
    return logos_lost_of(tables, "large")


@row(
    "Expansion's share of new revenue, 2025", "pipewright", "%", facts.EXPANSION_SHARE, "movements",
    differs="Theirs: new and expansion bookings of private SaaS firms above 5 million USD a year.",
    why="A planted handful of large accounts grows every month, so that net revenue retention passes 100 %.",
)  # fmt: skip
def expansion_share(tables):
    moves = tables["movements"]
    moves = moves[(moves["moved_on"] >= "2025-01-01") & moves["kind"].isin(["new", "expansion"])]
    grown = moves["mrr_cents"].where(moves["kind"] == "expansion", 0).groupby(moves["account_id"]).sum()
    return ratio(grown, moves.groupby("account_id")["mrr_cents"].sum(), 100, n=len(grown))


@row(
    "Annual terms, of first terms", "pipewright", "%", facts.ANNUAL_TERMS, "subscriptions",
    differs="Theirs: firms that use annual contracts, at 15,000 to 50,000 USD a year; ours: contracts.",
)  # fmt: skip
def annual_terms(tables):
    terms = tables["subscriptions"]
    return share(terms.loc[terms["term_number"] == 1, "term_months"] == 12)


def contract_values(tables) -> pd.Series:
    """Annual value of each term that ran at the window's end, EUR."""
    terms = tables["subscriptions"]
    gone = tables["movements"].query("kind == 'churn'").set_index("account_id")["moved_on"]
    left = terms["account_id"].map(gone)
    running = (terms["started_on"] <= WINDOW_END) & (terms["ends_on"] >= WINDOW_END) & ~(left <= WINDOW_END)
    return terms.loc[running, "mrr_cents"] * 12 / 100


@row(
    "Annual contract value, median", "pipewright", "EUR", facts.CONTRACT_VALUE, "subscriptions", "movements",
    differs="Theirs is in USD, a median over firms.",
    why="Pipewright sells a few seats to small firms; its large contracts reach the published values.",
)  # fmt: skip
def contract_value(tables):
    return median(contract_values(tables))


@row(
    "Paid seats unused in 28 days", "pipewright", "%", facts.UNUSED_SEATS, "usage",
    differs="Theirs: all software that large firms rent, in 30 days; ours: one tool, last week of the data.",
    why="A CRM is a daily tool for those who sell, so fewer of its seats lie idle.",
)  # fmt: skip
def unused_seats(tables):
    week = tables["usage"][tables["usage"]["week"] == tables["usage"]["week"].max()].set_index("account_id")
    return ratio((week["seats"] - week["active_members_28d"]).clip(lower=0), week["seats"], 100)


def old_trials(tables, path):
    """Trials of a path that started four months or more before the window's end: time enough to pay."""
    trials = tables["trials"]
    return trials[(trials["path"] == path) & (trials["started_on"] <= WINDOW_END - pd.Timedelta(days=120))]


@row(
    "Assisted trials that pay", "pipewright", "%", facts.TRIAL_ASSISTED, "trials",
    differs="Theirs: from the lower to the upper quarter of firms; ours: trials four months old and more.",
)  # fmt: skip
def assisted_trials_pay(tables):
    return share(old_trials(tables, "assisted")["paid_on"].notna())


@row(
    "Self-serve trials that pay", "pipewright", "%", facts.TRIAL_ALONE, "trials",
    differs="Theirs: from the lower to the upper quarter of firms; ours: trials four months old and more.",
)  # fmt: skip
def self_serve_trials_pay(tables):
    return share(old_trials(tables, "self_serve")["paid_on"].notna())


def deals_followed(tables) -> pd.DataFrame:
    """Deals opened in 2024: all are closed by the window's end, so none is cut off."""
    deals = tables["opportunities"]
    return deals[deals["created_on"].between("2024-01-01", "2024-12-31") & (deals["outcome"] != "open")]


@row(
    "Opportunities that are won", "pipewright", "%", facts.WIN_RATE, "opportunities",
    differs="Theirs: opportunities in the CRMs of many firms, a median; ours: all opened in 2024, followed to"
    " the end.",
    why="Our large firms, a third of all deals, seldom buy.",
)  # fmt: skip
def deals_won(tables):
    return share(deals_followed(tables)["outcome"] == "won")


@row(
    "Deals that end without a decision", "pipewright", "%", facts.NO_DECISION, "opportunities",
    differs="Theirs: from recorded sales calls; ours: of all deals opened in 2024.",
)  # fmt: skip
def deals_undecided(tables):
    return share(deals_followed(tables)["outcome"] == "no_decision")


@row(
    "Days from the opening to the win, median", "pipewright", "days", facts.SALES_CYCLE, "opportunities",
    differs="Theirs: medians over firms that sell at 25,000 and 35,000 USD; ours: deals opened in 2024.",
    why="A third of our deals is paid from capital budgets, which are audited for longer.",
)  # fmt: skip
def sales_cycle(tables):
    deals = deals_followed(tables)
    deals = deals[deals["outcome"] == "won"]
    return median((deals["closed_on"] - deals["created_on"]).dt.days)


@row(
    "People on the committee, mean", "pipewright", "people", facts.BUYING_GROUP, "opportunities",
    differs="Theirs: purchases of large firms, 5.4 people in 2014 and 10.2 in 2018.",
    why="A fifth of our deals is with firms of fewer than 50 people, where two to four decide.",
)  # fmt: skip
def buying_group(tables):
    people = tables["opportunities"]["stakeholders"]
    error = _Z * people.std() / len(people) ** 0.5
    return Found(people.mean(), people.mean() - error, people.mean() + error, len(people))


@row(
    "Deploys that failed", "pipewright", "%", facts.CHANGE_FAILURES, "releases",
    differs="Theirs: the best of four groups of teams; the last group has 46 to 60 %.",
    why="Large deploys, two weeks apart, break more often than small ones.",
)  # fmt: skip
def deploys_failed(tables):
    return share(tables["releases"]["failed"])


@row(
    "Visible releases a year", "pipewright", "a year", facts.VISIBLE_RELEASES, "releases",
    differs="Theirs: one vendor's calendar; others print two. Ours counts two years, without an error.",
    why="Pipewright is smaller, and shows something new every quarter.",
)  # fmt: skip
def visible_releases(tables):
    a_year = float(tables["releases"]["visible"].sum() / 2)
    return Found(a_year, a_year, a_year, len(tables["releases"]))
