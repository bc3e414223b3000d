# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Lesson 2: who came alive, and what brought them to life
#
# This is the code behind [the activation chapter](../book/02-activation.md): the chapter tells the story, this page shows each step. Run the cells from top to bottom, then change them.
#
# **You need** pandas and the idea of a share with an interval. **Time:** about 90 minutes (an estimate: cells and words, not yet timed in a class). Sections 1 to 8 are Swiftfare's newcomers, 9 to 16 Pipewright's trials.

# %% [markdown]
# ## Set up
#
# The two companies' tables come ready typed: dates are dates, money is whole cents.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import statsmodels.formula.api as smf
from scipy.stats import binomtest
from statsmodels.duration.survfunc import SurvfuncRight
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    proportion_confint,
    proportion_effectsize,
)

import twoworlds as tw
from twoworlds import style

style.use()
swiftfare = tw.load("swiftfare")
pipewright = tw.load("pipewright")
window_end = pd.Timestamp("2025-12-31")

# %% [markdown]
# ## 1. Swiftfare: the way from the site to a ticket
#
# The website's table counts visits of the whole company, step by step. Each step is counted among the visits that made the step before. Read down the column: each number is divided by the one above it.

# %%
site_steps = ["visits", "searched", "tapped", "store_opened", "installed"]
site = swiftfare.visits[site_steps].sum().rename("visits").to_frame()
site["of the step before"] = site["visits"] / site["visits"].shift()
site.rename_axis("step").round(3)

# %% [markdown]
# The site loses most people at the tap that leads into the app. From the install on we follow *users*, one row each, in the panel. For each user: on which day after the install came the sign-up, the first flight search, the first booking? Day 0 is the day of the install.

# %%
users = swiftfare.users[["user_id", "installed_on", "signed_up_on"]].copy()
opens = swiftfare.days.merge(
    users[["user_id", "installed_on"]], on="user_id"
)
opens["day"] = (opens["date"] - opens["installed_on"]).dt.days
first_search = (
    opens[opens["flight_searches"] > 0].groupby("user_id")["day"].min()
)
first_booking = swiftfare.bookings.groupby("user_id")["booked_on"].min()

users["sign-up"] = (users["signed_up_on"] - users["installed_on"]).dt.days
users["flight search"] = users["user_id"].map(first_search)
users["booking"] = (
    users["user_id"].map(first_booking) - users["installed_on"]
).dt.days
users["days_observed"] = (window_end - users["installed_on"]).dt.days
users[["sign-up", "flight search", "booking", "days_observed"]].head()

# %% [markdown]
# `days_observed` is the last day after the install that lies inside the data. An empty cell means: not by the end of the data.
#
# We give every newcomer the same time, 30 days, and ask only those whose 30 days were observed whole. The unit is the user.

# %% name="funnel"
newcomers = users[users["days_observed"] >= 30].copy()
rows = []
for step in ["sign-up", "flight search", "booking"]:
    done = (newcomers[step] <= 30).sum()
    low, high = proportion_confint(done, len(newcomers), method="wilson")
    rows.append(
        (step, done, 100 * done / len(newcomers), 100 * low, 100 * high)
    )
funnel = pd.DataFrame(
    rows, columns=["within 30 days", "users", "%", "low", "high"]
).set_index("within 30 days")
funnel.assign(users=funnel["users"].map("{:,}".format)).round(1)

# %% [markdown]
# The source's order is: create a login, then search, then book. But more people search than sign up. So which comes first?

# %% name="order"
both = newcomers[
    (newcomers["sign-up"] <= 30) | (newcomers["flight search"] <= 30)
].copy()
gap = both["flight search"].fillna(9999) - both["sign-up"].fillna(9999)
order = pd.Series(
    np.select(
        [gap < 0, gap == 0],
        ["search before sign-up, or no sign-up", "both on the same day"],
        "sign-up before search, or no search",
    )
).value_counts(normalize=True)
(100 * order).round(1).rename_axis("of those who did either").rename(
    "%"
).to_frame()

# %% [markdown]
# Only a minority sign up first. The login is no gate to the search; at Swiftfare it is the gate to the *payment*: nobody books without one.

# %% tags=["book"]
glue("panel_newcomers", f"{len(newcomers):,}")
for short, step in [
    ("signup", "sign-up"),
    ("search", "flight search"),
    ("book", "booking"),
]:
    for ending, column in [("", "%"), ("_low", "low"), ("_high", "high")]:
        glue(f"funnel_{short}{ending}", float(funnel.loc[step, column]))
glue(
    "order_search",
    float(100 * order["search before sign-up, or no sign-up"]),
)
glue(
    "order_signup",
    float(100 * order["sign-up before search, or no search"]),
)
assert order["sign-up before search, or no search"] < 0.35, (
    "the chapter says that a minority signs up first"
)
glue(
    "site_installed",
    float(100 * site["visits"].iloc[-1] / site["visits"].iloc[0]),
)
glue("site_tapped", float(100 * site["of the step before"]["tapped"]))
assert site["of the step before"].idxmin() == "tapped"
booked_by_day = (newcomers["booking"] <= 0).sum() / (
    newcomers["booking"] <= 30
).sum()
glue("book_day_0", float(100 * booked_by_day))

# %% [markdown]
# ## 2. The newest month looks worse than it is
#
# A rate by month is the first thing on every slide. We need one for each company. At Swiftfare: newcomers who book within 30 days. At Pipewright a trial is **activated** when data has been imported and three different people have used the product; count it within the first 14 days.

# %%
trials = pipewright.trials.merge(
    pipewright.accounts[["account_id", "size"]], on="account_id"
)
trials["days_observed"] = (window_end - trials["started_on"]).dt.days + 1
trials["activated_day"] = (
    trials["activated_on"] - trials["started_on"]
).dt.days + 1
trials["activated"] = trials["activated_day"] <= 14
trials[
    ["path", "size", "days_observed", "activated_day", "activated"]
].head()

# %% [markdown]
# Pipewright's tables call the first day of a trial day 1, so `days_observed` counts days: 14 or more means that the 14 days were seen whole.
#
# Now make two slides of the same starts. `then` is what the query said on the last day of the month in question; `later` is the same query when every start of that month has had its whole window. Only the day of looking differs.


# %%
def then_and_later(started_on, reached_on, in_time, window_over_on):
    """Share that got there, by month: as seen then, and when all had their time."""
    table = pd.DataFrame({"month": started_on.dt.to_period("M")})
    table["then"] = in_time & (reached_on <= table["month"].dt.end_time)
    table["later"] = in_time
    shares = table.groupby("month").mean()
    # a month has a later value only when its youngest start had its whole window
    whole = window_over_on.groupby(table["month"]).max() <= window_end
    shares["later"] = shares["later"].where(whole)
    return 100 * shares


slides = {
    "Swiftfare": then_and_later(
        users["installed_on"],
        users["user_id"].map(first_booking),
        users["booking"] <= 30,
        users["installed_on"] + pd.Timedelta(days=30),
    ),
    "Pipewright": then_and_later(
        trials["started_on"],
        trials["activated_on"],
        trials["activated"],
        trials["started_on"] + pd.Timedelta(days=13),
    ),
}
pd.concat(slides, axis=1).loc["2025-08":].round(1)

# %% [markdown]
# Read along a row: the same newcomers, the same trials, and a higher number when they have had their time. (The last months have no `later` yet.)

# %% name="fig-young"
fig, ax = plt.subplots(figsize=(style.WIDTH, 3.6))
places = np.arange(12)
for company, colour, height in [
    ("Swiftfare", style.SWIFTFARE, 21),
    ("Pipewright", style.PIPEWRIGHT, 57),
]:
    year = slides[company].loc["2025-01":]
    ax.plot(places, year["later"], color=colour, marker="o", markersize=4)
    ax.plot(
        places,
        year["then"],
        color=colour,
        linestyle=":",
        marker="o",
        markersize=4,
    )
    event = (
        "booked in 30 days"
        if company == "Swiftfare"
        else "activated in 14 days"
    )
    ax.text(-0.2, height, f"{company}: {event}", color=colour)
ax.text(-0.2, 4, "dotted: as seen at the month's end", color=style.GREY)
ax.set_xticks(places[::2], [f"{month:%b}" for month in year.index[::2]])
ax.set_ylim(0, 63)
ax.set_xlabel("Month of the start, 2025")
ax.set_ylabel("Got there, %")
ax.set_title("At its end every month looks worse than it is")
drop = {
    name: (table["later"] - table["then"]).loc["2025"].mean()
    for name, table in slides.items()
}
style.describe(
    fig,
    f"For each company two lines by month of 2025: the share as the query showed it at the month's end, dotted, and as it is when all have had their time. "
    f"The dotted line lies lower in every month, on average by {drop['Swiftfare']:.0f} points at Swiftfare and by {drop['Pipewright']:.0f} at Pipewright.",
)
plt.show()

# %% [markdown]
# Every single month looks like a collapse on its last day, and recovers. So the rule for a rate of this kind: a start enters the base only when its whole window has been observed, above the line and below it.

# %% tags=["book"]
for short, company in [("sf", "Swiftfare"), ("pw", "Pipewright")]:
    year = slides[company].loc["2025-01":]
    glue(f"{short}_then", float(year["then"].mean()))
    glue(f"{short}_drop", float((year["later"] - year["then"]).mean()))
    assert (year["later"] - year["then"]).min() > 0, (
        "the figure says always"
    )
october = pd.Period("2025-10")
for short, company in [("sf", "Swiftfare"), ("pw", "Pipewright")]:
    for column in ("then", "later"):
        glue(
            f"{short}_october_{column}",
            float(slides[company].loc[october, column]),
        )

# %% [markdown]
# ## 3. Is the sign-up a good activation event?
#
# An **activation event** is an early act that should tell who will get something out of the product. Two shares judge it against what comes later, here the booking within 30 days:
#
# - **precision**: of those who did it, the share that booked;
# - **recall**: of those who booked, the share that had done it.
#
# By hand, from one table of counts:

# %%
signed_up = newcomers["sign-up"] <= 30
searched = newcomers["flight search"] <= 30
booked = newcomers["booking"] <= 30
counts = pd.crosstab(
    signed_up.map({True: "signed up", False: "did not"}),
    booked.map({True: "booked", False: "did not book"}),
    rownames=[""],
    colnames=[""],
)
precision = (
    counts.loc["signed up", "booked"] / counts.loc["signed up"].sum()
)
recall = counts.loc["signed up", "booked"] / counts["booked"].sum()
print(counts.to_string())
print(f"precision {precision:.1%}, recall {recall:.1%}")

# %% [markdown]
# A recall of 100 % is no praise: the app asks for a login before it takes money, so whoever books has signed up, by construction. And seven in ten who sign up don't book. As a function, for any event and any outcome, with intervals:


# %%
def judge(event, outcome):
    """Reach, precision and recall; event and outcome: true or false by user."""
    together = (event & outcome).sum()
    rows = []
    for name, top, bottom in [
        ("reach", event.sum(), len(event)),
        ("precision", together, event.sum()),
        ("recall", together, outcome.sum()),
    ]:
        low, high = proportion_confint(top, bottom, method="wilson")
        rows.append((name, top / bottom, low, high))
    return pd.DataFrame(
        rows, columns=["measure", "share", "low", "high"]
    ).set_index("measure")


pd.concat(
    {
        "sign-up, for a search": judge(signed_up, searched),
        "sign-up, for a booking": judge(signed_up, booked),
        "search, for a booking": judge(searched, booked),
    },
    names=["event and outcome"],
).round(3)

# %% [markdown]
# Read the first three rows: nearly everyone who signs up also searches, and more than four in ten of those who search never sign up. The sign-up misses them.
#
# One thing is unfair in all of these. Somebody who books on day 3 has signed up *for the booking*; the event is half of the outcome. To ask what an event tells about the *future*, stop the clock at the end of a short window, keep those who have not booked yet, and look at what they do afterwards. That is a **landmark**.

# %%
running = opens.sort_values(["user_id", "day"])
running["so_far"] = running.groupby("user_id")["flight_searches"].cumsum()
third_search = (
    running[running["so_far"] >= 3].groupby("user_id")["day"].min()
)
second_visit = opens[opens["day"] >= 1].groupby("user_id")["day"].min()
with_alert = swiftfare.alerts.loc[
    swiftfare.alerts["set_on"].notna(), "user_id"
]

users["three searches"] = users["user_id"].map(third_search)
users["came back"] = users["user_id"].map(second_visit)
users["price alert"] = np.where(
    users["user_id"].isin(with_alert), 0.0, np.nan
)
users[["three searches", "came back", "price alert"]].describe().loc[
    ["count", "50%"]
]

# %% [markdown]
# Each column holds the day on which the user did it for the first time; a price alert is always set on day 0. Now the landmark: the event up to the end of the window, the booking after it and up to day 30.


# %%
def landmark(event, last_day):
    """Judge an event of days 0 to `last_day` by the bookings after it, to day 30."""
    open_still = users[
        (users["days_observed"] >= 30) & ~(users["booking"] <= last_day)
    ]
    return judge(
        open_still[event] <= last_day,
        open_still["booking"].between(last_day + 1, 30),
    )


candidates = [
    "sign-up",
    "flight search",
    "three searches",
    "came back",
    "price alert",
]
ranking = pd.DataFrame(
    {event: landmark(event, 6)["share"] for event in candidates}
).T.sort_values("precision", ascending=False)
ranking.rename_axis("event in days 0 to 6").round(3)

# %% [markdown]
# The base is now everybody who has not booked by day 6. Of these, those who came back on another day are the likeliest to book, and nearly all later bookers are among them. The sign-up, without the bookings it was made for, says little. The price alert is a decent sign too. (Some of those with an alert had been asked to set one; section 6 comes to that.)
#
# Which is the best activation event? That depends on what you want it for. As a *sign*, take the one with high precision and recall. Whether it is also a *lever* is another question, and the next three sections ask it of the alert, because for the alert there is an experiment.

# %% tags=["book"]
glue("signup_precision", float(100 * precision))
glue(
    "signup_search_precision",
    float(100 * judge(signed_up, searched).loc["precision", "share"]),
)
glue(
    "signup_search_recall",
    float(100 * judge(signed_up, searched).loc["recall", "share"]),
)
signup_booking = judge(signed_up, booked)
for ending in ("low", "high"):
    glue(
        f"signup_precision_{ending}",
        float(100 * signup_booking.loc["precision", ending]),
    )
    glue(
        f"signup_search_recall_{ending}",
        float(100 * judge(signed_up, searched).loc["recall", ending]),
    )
assert recall == 1, "the chapter says that recall is 100 % by construction"
for short, event in [
    ("signup", "sign-up"),
    ("back", "came back"),
    ("alert", "price alert"),
]:
    for measure in ("reach", "precision", "recall"):
        glue(
            f"mark_{short}_{measure}",
            float(100 * ranking.loc[event, measure]),
        )
not_booked = users[
    (users["days_observed"] >= 30) & ~(users["booking"] <= 6)
]
glue("mark_base", float(100 * not_booked["booking"].between(7, 30).mean()))
assert ranking["precision"].idxmax() == "came back"
assert ranking["recall"].drop("came back").max() < 0.99
assert (
    ranking.loc["sign-up", "precision"]
    < ranking.loc["price alert", "precision"]
)

# %% [markdown]
# ## 4. Build the definition yourself
#
# Two questions first.
#
# 1. Which event has the highest recall whatever the window, and why is that no reason to choose it?
# 2. Which of these events may you *push*, on the strength of these bars?

# %% name="builder-swiftfare"
marks = {
    (event, last): landmark(event, last)
    for event in candidates
    for last in (1, 3, 6)
}
names_of_events = {
    "sign-up": "signed up",
    "flight search": "searched flights",
    "three searches": "searched three times",
    "came back": "came back another day",
    "price alert": "set a price alert",
}


def draw_event(event, last):
    table = 100 * marks[event, last][::-1]
    fig, ax = plt.subplots(figsize=(style.WIDTH, 2.5))
    ax.barh(
        [
            "of those who book\nlater, did it",
            "of those who did it,\nbook later",
            "did it",
        ],
        table["share"],
        color=[style.SWIFTFARE_TINT, style.SWIFTFARE, style.GREY],
    )
    for place, share in enumerate(table["share"]):
        ax.text(share + 1.5, place, f"{share:.0f} %", va="center")
    ax.set_xlim(0, 112)
    ax.set_xticks([0, 25, 50, 75, 100])
    ax.set_xlabel("Newcomers who had not booked by then, %")
    ax.set_title(
        f"Precision {table.loc['precision', 'share']:.0f} %, recall {table.loc['recall', 'share']:.0f} %"
    )
    return fig


def words_event(event, last):
    table = marks[event, last]["share"]
    tried = (
        "This one has been tried at random: see the card's test."
        if event == "price alert"
        else "Nobody has tried it at random."
    )
    return (
        f"{names_of_events[event].capitalize()} in days 0 to {last}: {table['reach']:.0%} of newcomers who had not booked by then; "
        f"{table['precision']:.0%} of these book later, up to day 30; of the later bookers {table['recall']:.0%} had done it. {tried}"
    )


tw.explore(
    draw_event,
    describe=words_event,
    title="An activation event, judged by the bookings that come after it",
    labels={"event": "The event", "last": "Its window"},
    event={names_of_events[event]: event for event in candidates},
    last={"days 0 and 1": 1, "days 0 to 3": 3, "days 0 to 6": 6},
)

# %% [markdown]
# The flight search catches most of the later bookers in every window, because most newcomers search on the first day, bookers or not: its precision lies little above the base rate. And no bar says what happens when you push.
#
# The longer the window, the more of the later bookers an event catches, and the later you learn it. Nearly everybody who comes to book later has come back by day 6; that is close to saying that one has to come in order to buy.

# %% tags=["book"]
recalls = pd.DataFrame(
    {
        last: {
            event: marks[event, last].loc["recall", "share"]
            for event in candidates
        }
        for last in (1, 3, 6)
    }
)
assert (recalls.idxmax() == "flight search").all(), (
    "the chapter says that the search catches most in every window"
)
glue("mark_search_recall", float(100 * recalls.loc["flight search"].min()))
searching = marks["flight search", 6]["share"]
glue("mark_search_reach", float(100 * searching["reach"]))
glue("mark_search_precision", float(100 * searching["precision"]))

# %% [markdown]
# ## 5. The magic number
#
# Swiftfare's head of growth has looked through such tables and found the price alert: set on the first day, known at once. Of the newcomers who were never shown the card that asks for an alert, how many booked within 30 days, with an alert and without?

# %% name="association"
newcomers = users[users["days_observed"] >= 30].merge(
    swiftfare.alerts, on="user_id", how="left"
)
newcomers["alert"] = newcomers["set_on"].notna()
newcomers["booked"] = newcomers["booking"] <= 30
not_asked = newcomers[newcomers["arm"] != "treatment"]
association = not_asked.groupby("alert")["booked"].agg(
    ["sum", "count", "mean"]
)
association["low"], association["high"] = proportion_confint(
    association["sum"], association["count"], method="wilson"
)
gap_low, gap_high = confint_proportions_2indep(
    *association.loc[True, ["sum", "count"]],
    *association.loc[False, ["sum", "count"]],
    method="newcomb",
)
gap = association.loc[True, "mean"] - association.loc[False, "mean"]
ratio = association.loc[True, "mean"] / association.loc[False, "mean"]
print(
    f"{ratio:.1f} times as often; {100 * gap:+.1f} points ({100 * gap_low:+.1f} to {100 * gap_high:+.1f})"
)
association.rename({False: "no alert", True: "alert on day 0"}).rename_axis(
    "newcomers"
).round(3)

# %% [markdown]
# A difference of this size is found in every product. The alert is set on the first day and the booking comes afterwards, so it isn't that bookers had more time. Whoever books on day 0 did both on one day, though, so try the landmark too: leave out the bookings of day 0.

# %%
later = not_asked[not_asked["booking"].fillna(99) > 0]
later.groupby("alert")["booked"].agg(["count", "mean"]).round(3)

# %% [markdown]
# It stays more than twice. The head of growth multiplies: the card raises the share with an alert by so many points, and each alert is worth so many points of bookings.

# %% [markdown]
# ## 6. The experiment
#
# For half a year the card was shown to every second newcomer, by lot, over the whole company. `arm_days` holds counts by day and arm: newcomers (`n`), those who set an alert (`taken`), those who booked within 30 days (`sum_x`).

# %%
card = swiftfare.experiments.set_index("name").loc["Price alert card"]
days_of_test = swiftfare.arm_days[
    swiftfare.arm_days["experiment_id"] == card["experiment_id"]
]
arms = days_of_test.groupby("arm", observed=True)[
    ["n", "taken", "sum_x"]
].sum()
arms["alert"] = arms["taken"] / arms["n"]
arms["booked"] = arms["sum_x"] / arms["n"]
print(f"{card['started_on']:%d %B} to {card['ended_on']:%d %B %Y}")
arms.round(4)

# %% [markdown]
# The last newcomers of the test came early in October, so all have had their 30 days. The card works on alerts. Before reading on: were the arms filled evenly? Half and half was planned.

# %%
even = binomtest(int(arms.loc["treatment", "n"]), int(arms["n"].sum()), 0.5)
print(f"share in treatment {even.statistic:.4f}, p = {even.pvalue:.3f}")

# %% [markdown]
# A little uneven, and not alarming among the many tests a company runs: the usual alarm for a **sample-ratio mismatch** stands at p below 0.001. Now three differences, by hand.
#
# - What does *showing the card* do to bookings? That is the **intention to treat** (ITT): treatment less control, everybody counted in the arm they were drawn into.
# - What does the card do to *alerts*? That is the first stage. It is also the share of **compliers**: people who set an alert if asked, and not otherwise.
# - What does an *alert* do to those compliers? If the card can move bookings only by way of an alert, all of the ITT comes from them, so divide it by their share: the **compliers' effect**, or Wald estimate.


# %%
def wald(arms):
    """Effect of showing, share of compliers, effect on compliers; with errors.

    arms: counts by arm ("treatment", "control") with n, taken and sum_x
    """
    booked, took = arms["sum_x"] / arms["n"], arms["taken"] / arms["n"]
    shown = booked["treatment"] - booked["control"]
    compliers = took["treatment"] - took["control"]
    shown_error = np.sqrt((booked * (1 - booked) / arms["n"]).sum())
    compliers_error = np.sqrt((took * (1 - took) / arms["n"]).sum())
    return pd.DataFrame(
        {
            "estimate": [shown, compliers, shown / compliers],
            # the share of compliers is known so well that its error adds next to nothing
            "error": [
                shown_error,
                compliers_error,
                shown_error / compliers,
            ],
        },
        index=[
            "shown the card",
            "share of compliers",
            "an alert, on compliers",
        ],
    )


experiment = wald(arms)
experiment["low"] = experiment["estimate"] - 1.96 * experiment["error"]
experiment["high"] = experiment["estimate"] + 1.96 * experiment["error"]
(100 * experiment).round(2).rename_axis("points")

# %% [markdown]
# Then with the library, for the first row:

# %%
booked_counts = (
    arms.loc[["treatment", "control"], ["sum_x", "n"]].to_numpy().ravel()
)
itt_low, itt_high = confint_proportions_2indep(
    *booked_counts, method="newcomb"
)
print(
    f"shown the card: {100 * itt_low:+.2f} to {100 * itt_high:+.2f} points"
)

# %% [markdown]
# Newcomers of one day may be alike: a sale, a holiday. So draw whole *days* again and again, both arms together, and see whether the interval of the compliers' effect widens.

# %%
by_day = days_of_test.pivot(
    index="date", columns="arm", values=["n", "taken", "sum_x"]
)
random = np.random.default_rng(2)
draws = []
for _ in range(1000):
    days = by_day.iloc[random.integers(0, len(by_day), len(by_day))].sum()
    booked_share = days["sum_x"] / days["n"]
    alert_share = days["taken"] / days["n"]
    draws.append(
        (booked_share["treatment"] - booked_share["control"])
        / (alert_share["treatment"] - alert_share["control"])
    )
day_low, day_high = np.quantile(draws, [0.025, 0.975])
print(
    f"an alert, on compliers: {100 * day_low:+.2f} to {100 * day_high:+.2f} points, by day"
)

# %% [markdown]
# It hardly changes. Three numbers side by side: what the association promised for the card, and what came.

# %% name="fig-lever"
promised = gap * experiment.loc["share of compliers", "estimate"]
fig, ax = plt.subplots(figsize=(style.WIDTH, 3.0))
rows = [
    ("alert: association", gap, gap_low, gap_high, style.GREY),
    (
        "alert: experiment",
        *experiment.loc[
            "an alert, on compliers", ["estimate", "low", "high"]
        ],
        style.SWIFTFARE,
    ),
    (
        "card: promised",
        promised,
        promised * gap_low / gap,
        promised * gap_high / gap,
        style.GREY,
    ),
    (
        "card: experiment",
        *experiment.loc["shown the card", ["estimate", "low", "high"]],
        style.SWIFTFARE,
    ),
]
for place, (_, middle, low, high, colour) in zip(
    [3.2, 2.2, 0.8, -0.2], rows, strict=True
):
    ax.plot(
        [100 * low, 100 * high],
        [place, place],
        color=colour,
        lw=6,
        alpha=0.35,
        solid_capstyle="butt",
    )
    ax.plot(100 * middle, place, "o", color=colour)
    digits = 1 if abs(middle) > 0.02 else 2
    ax.text(
        100 * high + 0.5,
        place,
        f"{100 * middle:+.{digits}f}",
        va="center",
        color=style.INK,
    )
ax.axvline(0, color=style.GREY, lw=1)
ax.set_yticks([3.2, 2.2, 0.8, -0.2], [row[0] for row in rows])
ax.set_xlim(-0.7, 24)
ax.set_ylim(-0.8, 3.8)
ax.set_xlabel("More newcomers who book within 30 days, points")
ax.set_title("A twentieth of what the magic number promised")
style.describe(
    fig,
    f"Four differences in points, with intervals. With an alert rather than without: {100 * gap:+.1f} by association, "
    f"{100 * experiment.loc['an alert, on compliers', 'estimate']:+.1f} by the experiment. Showing the card: "
    f"{100 * promised:+.1f} promised, {100 * experiment.loc['shown the card', 'estimate']:+.2f} in the experiment.",
)
plt.show()

# %% [markdown]
# The experiment leaves a small gain, and it is a gain: both intervals lie above zero. The rest of the association was never the alert's doing.

# %% tags=["book"]
glue("alert_with", float(100 * association.loc[True, "mean"]))
glue("alert_without", float(100 * association.loc[False, "mean"]))
for name, kind in [("with", True), ("without", False)]:
    for ending in ("low", "high"):
        glue(
            f"alert_{name}_{ending}",
            float(100 * association.loc[kind, ending]),
        )
    glue(f"alert_{name}_n", f"{int(association.loc[kind, 'count']):,}")
glue("alert_ratio", float(ratio))
landmark_shares = later.groupby("alert")["booked"].mean()
glue(
    "alert_later_ratio",
    float(landmark_shares[True] / landmark_shares[False]),
)
assert landmark_shares[True] / landmark_shares[False] > 2
glue("alert_gap", float(100 * gap))
glue("alert_gap_low", float(100 * gap_low))
glue("alert_gap_high", float(100 * gap_high))
glue("promised", float(100 * promised))
glue("test_n", f"{int(arms['n'].sum()):,}")
glue("test_p", float(even.pvalue))
assert even.pvalue > 0.001
for short, row in [
    ("itt", "shown the card"),
    ("compliers", "share of compliers"),
    ("late", "an alert, on compliers"),
]:
    for ending, column in [
        ("", "estimate"),
        ("_low", "low"),
        ("_high", "high"),
    ]:
        glue(f"{short}{ending}", float(100 * experiment.loc[row, column]))
for arm in ("control", "treatment"):
    glue(f"arm_{arm}_alert", float(100 * arms.loc[arm, "alert"]))
    glue(f"arm_{arm}_booked", float(100 * arms.loc[arm, "booked"]))
    glue(f"arm_{arm}_n", f"{int(arms.loc[arm, 'n']):,}")
glue("late_day_low", float(100 * day_low))
glue("late_day_high", float(100 * day_high))
glue(
    "late_share",
    float(100 * experiment.loc["an alert, on compliers", "estimate"] / gap),
)
assert (
    0.02 < experiment.loc["an alert, on compliers", "estimate"] / gap < 0.08
), "the figure says a twentieth"
assert 0.045 < promised < 0.05, "the chapter says nearly five points"
assert arms["taken"].sum() > 100_000, "the quiz says so"
assert experiment.loc["shown the card", "low"] > 0, (
    "the chapter says that the card helps a little"
)
width = 1.96 * 2 * experiment.loc["an alert, on compliers", "error"]
assert abs((day_high - day_low) / width - 1) < 0.3, (
    "drawing days changes little"
)

# %% [markdown]
# ## 7. Where did the difference go?
#
# Look at the same people in the panel, where we have rows: the newcomers of the test, by arm and by whether they set an alert.

# %% name="who-sets"
in_test = newcomers[newcomers["arm"].notna()]
groups = in_test.groupby(["arm", "alert"], observed=True)["booked"].agg(
    ["sum", "count", "mean"]
)
groups["low"], groups["high"] = proportion_confint(
    groups["sum"], groups["count"], method="wilson"
)
who = groups.reset_index()
who["group"] = who["arm"].map(
    {"control": "not asked", "treatment": "asked"}
).astype(str) + who["alert"].map({True: ", alert", False: ", no alert"})
who = who.set_index("group")
(100 * who[["mean", "low", "high"]]).round(1).join(
    who["count"].map("{:,}".format).rename("users")
).rename(columns={"mean": "%"}).rename_axis("who booked")

# %% [markdown]
# Three times as many have an alert when asked, and *having one means less*: the booking rate of those with an alert falls by about a third. The people who set an alert unasked were going to travel. The card brought in others, who were not. A measure that is pushed stops measuring what it did.
#
# By hand we can say who they are. Unasked setters stand in the control arm. Those who refuse stand in the treatment arm without an alert. What remains are the compliers, and their booking rate follows by subtraction. (The unit is the user; the interval comes from drawing users.)


# %%
def three_kinds(table):
    """Booking rates without the card: set an alert anyway, when asked, never."""
    arm = {name: part for name, part in table.groupby("arm", observed=True)}
    anyway = arm["control"]["alert"].mean()
    never = (~arm["treatment"]["alert"]).mean()
    books_never = (
        arm["treatment"].loc[~arm["treatment"]["alert"], "booked"].mean()
    )
    without = arm["control"].loc[~arm["control"]["alert"], "booked"].mean()
    complies = 1 - anyway - never
    books_complier = (
        without * (1 - anyway) - books_never * never
    ) / complies
    books_anyway = (
        arm["control"].loc[arm["control"]["alert"], "booked"].mean()
    )
    return pd.Series(
        {
            "anyway": books_anyway,
            "when asked": books_complier,
            "never": books_never,
        }
    )


kinds = three_kinds(in_test).rename("booked").to_frame()
draws = pd.DataFrame(
    [
        three_kinds(
            in_test.iloc[random.integers(0, len(in_test), len(in_test))]
        )
        for _ in range(300)
    ]
)
kinds["low"], kinds["high"] = draws.quantile([0.025, 0.975])[
    kinds.index
].to_numpy()
kinds.rename_axis("sets an alert").round(3)

# %% [markdown]
# Those who set an alert unasked book about twice as often as either of the others. That is **intent**: the plan to travel causes the alert and the booking. An experiment cuts the first arrow, since the lot does not know who plans to travel.

# %% tags=["book"]
for short, group in [
    ("asked_alert", "asked, alert"),
    ("asked_none", "asked, no alert"),
    ("free_alert", "not asked, alert"),
    ("free_none", "not asked, no alert"),
]:
    for ending, column in [
        ("", "mean"),
        ("_low", "low"),
        ("_high", "high"),
    ]:
        glue(f"{short}{ending}", float(100 * who.loc[group, column]))
assert who.loc["asked, alert", "high"] < who.loc["not asked, alert", "low"]
for short, kind in [
    ("anyway", "anyway"),
    ("asked", "when asked"),
    ("never", "never"),
]:
    for ending, column in [
        ("", "booked"),
        ("_low", "low"),
        ("_high", "high"),
    ]:
        glue(f"kind_{short}{ending}", float(100 * kinds.loc[kind, column]))
assert (
    kinds.loc["anyway", "booked"]
    > 1.7 * kinds.loc[["when asked", "never"], "booked"].max()
)

# %% [markdown]
# What is the card worth in a year, shown to every newcomer? Extra first bookings are the ITT times the newcomers of a year; Swiftfare keeps a margin of each.

# %%
first_bookings = newcomers.loc[newcomers["booked"], ["user_id"]].merge(
    swiftfare.bookings.sort_values(
        ["user_id", "booked_on"]
    ).drop_duplicates("user_id"),
    on="user_id",
)
margin = first_bookings["margin_cents"].mean() / 100
newcomers_a_year = arms["n"].sum() * 365 / len(by_day)
card_worth = (
    experiment.loc["shown the card", ["estimate", "low", "high"]]
    * newcomers_a_year
)
print(
    f"{newcomers_a_year:,.0f} newcomers a year; margin of a first booking {margin:.1f} euros"
)
pd.DataFrame(
    {"first bookings": card_worth, "margin, euros": card_worth * margin}
).round(-1).astype(int)

# %% [markdown]
# That is for the card, which is built. What could a team add? At the very most it brings an alert to everybody who has refused one so far. Suppose they gained what the compliers gained:

# %%
refused = 1 - arms.loc["treatment", "alert"]
at_most = (
    refused
    * experiment.loc["an alert, on compliers", ["estimate", "low", "high"]]
)
print(
    f"{refused:.0%} refused; at most {100 * at_most['estimate']:.2f} points more ({100 * at_most['low']:.2f} to {100 * at_most['high']:.2f})"
)

# %% [markdown]
# Half a point, if nobody refused any longer and the refusers gained as much as the compliers. The slide promised about ten times that.
#
# Nobody brings in everybody. Say that a second screen wins over the same share of those without an alert as the card did, and hold the margin of a year against five people for a quarter, at the 90,000 euros a year that section 16 assumes for one person.

# %%
won_over = (
    experiment.loc["share of compliers", "estimate"]
    / (1 - arms.loc["control", "alert"])
)
second_card = (
    won_over
    * refused
    * experiment.loc["an alert, on compliers", ["estimate", "low", "high"]]
)
second_card_euros = second_card * newcomers_a_year * margin
team_cost = 5 * 90_000 / 4  # five people for a quarter, an assumption
print(
    f"won over: {won_over:.0%} of those without; {second_card_euros['estimate']:,.0f} euros a year "
    f"({second_card_euros['low']:,.0f} to {second_card_euros['high']:,.0f}); the team costs {team_cost:,.0f}"
)

# %% [markdown]
# About half of what the team costs comes back in a year; even the upper end of the interval doesn't cover it.

# %% tags=["book"]
glue("refused", float(100 * refused))
glue("won_over", float(100 * won_over))
glue("team_cost", f"{round(team_cost, -3):,.0f}")
for ending, column in [("", "estimate"), ("_low", "low"), ("_high", "high")]:
    glue(
        f"second_card{ending}",
        f"{round(float(second_card_euros[column]), -3):,.0f}",
    )
assert second_card_euros["high"] < team_cost
assert 0.35 < second_card_euros["estimate"] / team_cost < 0.65
for ending, column in [
    ("", "estimate"),
    ("_low", "low"),
    ("_high", "high"),
]:
    glue(f"at_most{ending}", float(100 * at_most[column]))
assert 5 < promised / at_most["estimate"] < 15

# %% [markdown]
# ## 8. The reveal: what we planted at Swiftfare
#
# The truth folder says what kind each newcomer of the panel's test was, and what they would have done in either arm. The parameters are those of the whole company.

# %% name="reveal-swiftfare"
planted = tw.truth("swiftfare")["parameters"]
anyway, complies, never = planted["taker_share"]
books = planted["books_30_days"]
reveal_swiftfare = pd.DataFrame(
    {
        "planted": [planted["alert_effect"], complies, *books],
        "estimate": [
            *experiment.loc[
                ["an alert, on compliers", "share of compliers"], "estimate"
            ],
            *kinds["booked"],
        ],
        "low": [
            *experiment.loc[
                ["an alert, on compliers", "share of compliers"], "low"
            ],
            *kinds["low"],
        ],
        "high": [
            *experiment.loc[
                ["an alert, on compliers", "share of compliers"], "high"
            ],
            *kinds["high"],
        ],
    },
    index=pd.Index(
        [
            "alert's effect",
            "compliers",
            "book: anyway",
            "book: if asked",
            "book: never",
        ],
        name="share, %",
    ),
)
def with_interval_in_words(table):
    """Shares as per cent; low and high put together in one column."""
    per_cent = (100 * table).map("{:.1f}".format)
    words = per_cent["low"] + " to " + per_cent["high"]
    return per_cent.drop(columns=["low", "high"]).assign(interval=words)


with_interval_in_words(reveal_swiftfare)

# %% [markdown]
# The first row is what an alert adds for compliers, in points; the second is how many comply. The last three say how many book, with no card shown, of those who set an alert anyway, if asked, or never; so `book: if asked` is what compliers do *without* an alert. The planted effect lies in its interval, and far below the association.

# %% tags=["book"]
glue("true_late", float(100 * planted["alert_effect"]))
glue("true_compliers", float(100 * complies))
glue("true_anyway", float(100 * books[0]))
glue("card_bookings", f"{round(float(card_worth['estimate']), -2):,.0f}")
glue("card_bookings_low", f"{round(float(card_worth['low']), -1):,.0f}")
glue("card_bookings_high", f"{round(float(card_worth['high']), -2):,.0f}")
for ending, column in [
    ("", "estimate"),
    ("_low", "low"),
    ("_high", "high"),
]:
    glue(
        f"card_euros{ending}",
        f"{round(float(card_worth[column] * margin), -3):,.0f}",
    )
glue(
    "card_promised_bookings",
    f"{round(float(promised * newcomers_a_year), -3):,.0f}",
)
glue(
    "card_promised_euros",
    f"{round(float(promised * newcomers_a_year * margin), -3):,.0f}",
)
glue("newcomers_a_year", f"{newcomers_a_year / 1e6:.1f}")
inside = (reveal_swiftfare["low"] <= reveal_swiftfare["planted"]) & (
    reveal_swiftfare["planted"] <= reveal_swiftfare["high"]
)
assert inside["alert's effect"], (
    "the chapter says that the interval holds the planted effect"
)
assert (
    reveal_swiftfare.loc["alert's effect", "planted"]
    > reveal_swiftfare.loc["alert's effect", "estimate"]
), "the chapter says: in its upper half"
glue(
    "reveal_inside",
    f"{int(inside.sum())} of the {len(inside)}"
    if not inside.all()
    else "all five",
)

# %% [markdown]
# ## 9. Pipewright: people, accounts, and the mean of accounts
#
# A trial is a company's, and the people in it are many. How many are active in the first 14 days? Three fair questions, three bases. First the people of each trial:

# %%
asked = trials[trials["days_observed"] >= 14].copy()
early = pipewright.trial_days[pipewright.trial_days["day"] <= 14]
asked["people_active"] = (
    asked["account_id"]
    .map(early.groupby("account_id")["person"].nunique())
    .fillna(0)
)
asked[["people_invited", "people_active", "activated"]].describe().loc[
    ["count", "mean", "50%", "max"]
].round(1)

# %% [markdown]
# Now three rates. The first two count the same thing, people who used the product at least once; only the weights differ. The third counts accounts, by the definition above. Intervals come from drawing whole accounts.


# %%
def three_rates(table):
    """Share of people, mean of the accounts' shares, share of accounts."""
    return pd.Series(
        {
            "people": table["people_active"].sum()
            / table["people_invited"].sum(),
            "mean of accounts' shares": (
                table["people_active"] / table["people_invited"]
            ).mean(),
            "accounts": table["activated"].mean(),
        }
    )


rates = three_rates(asked).rename("share").to_frame()
draws = pd.DataFrame(
    [
        three_rates(asked.iloc[random.integers(0, len(asked), len(asked))])
        for _ in range(400)
    ]
)
rates["low"], rates["high"] = draws.quantile([0.025, 0.975])[
    rates.index
].to_numpy()
rates.rename_axis("rate of").round(3)

# %% [markdown]
# Ten points lie between the first two, and nobody has made an error. Large companies invite more people and use less of them. In the first rate a company counts by its heads, in the second each counts once:

# %%
by_size = asked.groupby("size", observed=True).apply(three_rates)
by_size["people invited, mean"] = asked.groupby("size", observed=True)[
    "people_invited"
].mean()
by_size.round(2)

# %% [markdown]
# The company buys, not the person. So the rate to steer by is the accounts'; the people's rate tells support how many heads will write to them.
#
# ## 10. Build this definition too
#
# Two questions first.
#
# 1. Give people 30 days in place of 7. Which of the three units gains most?
# 2. Can a change of unit turn "large companies do badly" into "large companies do fine"?


# %%
def active_people(event, days):
    """Trials seen for `days` days, and how many of their people did the event."""
    use = pipewright.trial_days[pipewright.trial_days["day"] <= days]
    people = use.groupby(["account_id", "person"]).agg(
        days=("day", "nunique"), records=("records", "sum")
    )
    did = {
        "came once": people["days"] >= 1,
        "came on two days": people["days"] >= 2,
        "made ten records": people["records"] >= 10,
    }[event]
    seen = trials[trials["days_observed"] >= days].copy()
    seen["did"] = (
        seen["account_id"]
        .map(people[did].groupby("account_id").size())
        .fillna(0)
    )
    import_day = (seen["imported_on"] - seen["started_on"]).dt.days + 1
    seen["account did"] = (seen["did"] >= 3) & (import_day <= days)
    return seen


def unit_rate(table, unit):
    """The rate of one unit: people, the mean of accounts' shares, or accounts."""
    if unit == "people":
        return table["did"].sum() / table["people_invited"].sum()
    if unit == "accounts' mean":
        return (table["did"] / table["people_invited"]).mean()
    return table["account did"].mean()


units = ["people", "accounts' mean", "accounts"]
built = {}
for event in ["came once", "came on two days", "made ten records"]:
    for days in (7, 14, 30):
        seen = active_people(event, days)
        parts = {"all": seen} | {
            str(size): part
            for size, part in seen.groupby("size", observed=True)
        }
        for unit in units:
            built[event, days, unit] = {
                name: 100 * unit_rate(part, unit)
                for name, part in parts.items()
            }
pd.DataFrame(
    {unit: built["came once", 14, unit] for unit in units}
).rename_axis("trials").round(1)

# %% [markdown]
# An account "did it" when three of its people did, and data was imported. Now the control:

# %% name="builder-pipewright"
of_what = {
    "people": "of the people invited",
    "accounts' mean": "of an account's people, on average",
    "accounts": "of the accounts",
}


def draw_built(event, days, unit):
    shares = built[event, days, unit]
    names = list(shares)[::-1]
    fig, ax = plt.subplots(figsize=(style.WIDTH, 2.6))
    ax.barh(
        names,
        [shares[name] for name in names],
        color=[
            style.PIPEWRIGHT if name == "all" else style.PIPEWRIGHT_TINT
            for name in names
        ],
    )
    for place, name in enumerate(names):
        ax.text(
            shares[name] + 1.5, place, f"{shares[name]:.0f} %", va="center"
        )
    ax.set_xlim(0, 100)
    ax.set_xlabel("Active, %")
    ax.set_title(f"{shares['all']:.0f} % {of_what[unit]}")
    return fig


def words_built(event, days, unit):
    shares = ", ".join(
        f"{name} {share:.0f}"
        for name, share in built[event, days, unit].items()
    )
    return f"Four bars, {event} in the first {days} days, per cent {of_what[unit]}: {shares}."


tw.explore(
    draw_built,
    describe=words_built,
    title="One set of trials, three units",
    labels={"event": "A person", "days": "Within days", "unit": "Count"},
    event=["came once", "came on two days", "made ten records"],
    days=[7, 14, 30],
    unit=units,
)

# %% [markdown]
# Three screws, and the same trials score from below a tenth to well over a half. A rate without its event, its window and its unit is no rate.

# %% tags=["book"]
for short, name in [
    ("people", "people"),
    ("mean", "mean of accounts' shares"),
    ("accounts", "accounts"),
]:
    for ending, column in [
        ("", "share"),
        ("_low", "low"),
        ("_high", "high"),
    ]:
        glue(f"rate_{short}{ending}", float(100 * rates.loc[name, column]))
assert (
    rates.loc["people", "high"]
    < rates.loc["mean of accounts' shares", "low"]
)
for size in ("small", "large"):
    glue(f"people_{size}", float(100 * by_size.loc[size, "people"]))
    glue(
        f"invited_{size}", float(by_size.loc[size, "people invited, mean"])
    )
glue("trials", f"{len(trials):,}")
glue("trials_asked", f"{len(asked):,}")
glue("built_least", float(min(found["all"] for found in built.values())))
glue("built_most", float(max(found["all"] for found in built.values())))
glue(
    "built_people_gain",
    float(
        built["came once", 30, "people"]["all"]
        - built["came once", 7, "people"]["all"]
    ),
)
glue(
    "built_accounts_gain",
    float(
        built["came once", 30, "accounts"]["all"]
        - built["came once", 7, "accounts"]["all"]
    ),
)
assert min(found["all"] for found in built.values()) < 10
assert max(found["all"] for found in built.values()) > 55

# %% [markdown]
# ## 11. Time to value
#
# How many days does a trial take until it is activated? The query everybody writes takes the trials that got there, and their mean.

# %%
got_there = trials["activated_day"].dropna()
print(
    f"{len(got_there):,} of {len(trials):,} trials got there; mean {got_there.mean():.1f} days, median {got_there.median():.0f} days"
)

# %% [markdown]
# Four in ten are missing from it: those that never came alive, and those whose trial was not over when the data ended. A trial that has not got there by day 30 took *longer than 30 days*, and that is knowledge too. Write down for each trial how long it was watched (until it was activated; else until it paid, its 30 days were over, or the data ended) and whether it got there. Then go day by day, as in Kaplan and Meier's estimate: of the trials still open and still watched, which share is activated today?

# %%
paid_day = (trials["paid_on"] - trials["started_on"]).dt.days
last_day = trials["days_observed"].clip(upper=30)
last_day = last_day.where(
    trials["paid_on"].isna(), np.minimum(last_day, paid_day)
)
trials["watched_days"] = trials["activated_day"].fillna(last_day)
trials["got_there"] = trials["activated_day"].notna()

still_open, by_hand = 1.0, {}
for day in range(1, 31):
    at_risk = trials["watched_days"] >= day
    today = at_risk & trials["got_there"] & (trials["watched_days"] == day)
    still_open *= 1 - today.sum() / at_risk.sum()
    by_hand[day] = 1 - still_open
by_hand = pd.Series(by_hand).rename("got there").rename_axis("day")
by_hand.loc[[7, 14, 20, 21, 30]].round(3)

# %% [markdown]
# The **median time to value** is the day on which half have got there. With the library, and an interval for it:


# %%
def days_to_value(table):
    """Median day and its interval; missing where half never get there."""
    curve = SurvfuncRight(
        table["watched_days"], table["got_there"].astype(int)
    )
    return [curve.quantile(0.5), *curve.quantile_ci(0.5)]


groups = {"all trials": trials} | {
    str(size): part for size, part in trials.groupby("size", observed=True)
}
to_value = pd.DataFrame(
    {
        name: [
            *days_to_value(part),
            part["activated_day"].mean(),
            len(part),
        ]
        for name, part in groups.items()
    },
    index=[
        "median day",
        "low",
        "high",
        "mean of those who got there",
        "trials",
    ],
).T
to_value.round(1).astype(object).fillna("over 30").rename_axis("trials of")

# %% [markdown]
# Half of all trials need some three weeks, twice as long as the mean of those that made it. And among the large companies half never get there within the trial: their median lies beyond the 30 days, where nobody looked.

# %% name="fig-value"
fig, ax = plt.subplots(figsize=(style.WIDTH, 3.4))
for name, dash in [("small", "-"), ("medium", "--"), ("large", ":")]:
    curve = SurvfuncRight(
        groups[name]["watched_days"], groups[name]["got_there"].astype(int)
    )
    days = np.r_[0, curve.surv_times, 30]
    shares = 100 * (1 - np.r_[1, curve.surv_prob, curve.surv_prob[-1]])
    ax.step(
        days, shares, where="post", color=style.PIPEWRIGHT, linestyle=dash
    )
    ax.text(30.5, shares[-1], name, color=style.PIPEWRIGHT, va="center")
ax.axhline(50, color=style.GREY, lw=1)
ax.text(0.3, 52, "half of the trials", color=style.GREY)
ax.axvline(got_there.mean(), color=style.GREY, linestyle="--", lw=1)
ax.text(
    got_there.mean() + 0.4,
    3,
    "mean of those who got there",
    color=style.GREY,
)
ax.set_xlim(0, 36)
ax.set_xticks([0, 7, 14, 21, 28])
ax.set_ylim(0, 75)
ax.set_xlabel("Day of the trial")
ax.set_ylabel("Activated by then, %")
ax.set_title("On the mean day fewer than half are there")
style.describe(
    fig,
    f"Three rising curves of trials activated by day, small, medium and large companies. Half of the small ones are there on day {to_value.loc['small', 'median day']:.0f}, "
    f"half of the medium on day {to_value.loc['medium', 'median day']:.0f}, and of the large never in 30 days. A dashed line at day {got_there.mean():.0f}: the mean of those who got there.",
)
plt.show()

# %% [markdown]
# One choice hides here. The few trials that paid without being activated stop being watched on that day; one could also say that they will never get there. Try it: the median does not move by more than a day or so.

# %%
kept_on = trials.assign(
    watched_days=trials["activated_day"].fillna(
        trials["days_observed"].clip(upper=30)
    )
)
print(
    f"paid without: {(trials['paid_on'].notna() & ~trials['got_there']).sum()} trials; "
    f"median if they are watched on: day {days_to_value(kept_on)[0]:.0f}"
)

# %% tags=["book"]
glue("not_there_n", f"{len(trials) - len(got_there):,}")
glue("got_there_mean", float(got_there.mean()))
glue("got_there_n", f"{len(got_there):,}")
glue("got_there_share", float(100 * len(got_there) / len(trials)))
for ending, column in [
    ("", "median day"),
    ("_low", "low"),
    ("_high", "high"),
]:
    glue(f"value_median{ending}", float(to_value.loc["all trials", column]))
glue("value_small", float(to_value.loc["small", "median day"]))
glue("value_medium", float(to_value.loc["medium", "median day"]))
assert (
    np.isnan(to_value.loc["large", "median day"])
    or to_value.loc["large", "median day"] > 30
)
large_curve = SurvfuncRight(
    groups["large"]["watched_days"],
    groups["large"]["got_there"].astype(int),
)
glue("value_large_30", float(100 * (1 - large_curve.surv_prob[-1])))
for ending, side in [("_low", 1), ("_high", -1)]:
    glue(
        f"value_large_30{ending}",
        float(
            100
            * (
                1
                - large_curve.surv_prob[-1]
                - side * 1.96 * large_curve.surv_prob_se[-1]
            )
        ),
    )
# the figure's title: on the mean day no size has half its trials there
for part in groups.values():
    curve = SurvfuncRight(part["watched_days"], part["got_there"].astype(int))
    assert curve.surv_prob[curve.surv_times <= got_there.mean()][-1] > 0.5
assert to_value.loc["all trials", "median day"] > 1.6 * got_there.mean()
# the quiz says: day 8, four in ten, more than twice as long
assert got_there.median() == 8
assert 0.38 < 1 - len(got_there) / len(trials) < 0.45
assert to_value.loc["all trials", "median day"] > 2 * got_there.median()
assert (
    abs(
        days_to_value(kept_on)[0] - to_value.loc["all trials", "median day"]
    )
    <= 2
)

# %% [markdown]
# ## 12. Self-serve or assisted: the raw table
#
# Some trials go alone (**self-serve**), others with an account executive, the sales person who looks after a prospect (**assisted**). The unit is the trial; a company tries once. Only trials with 14 days observed.


# %%
def with_interval(table, of):
    """Share of `of` by path, and the difference with its interval."""
    counts = table.groupby("path", observed=True)[of].agg(["sum", "count"])
    assisted, alone = counts.loc["assisted"], counts.loc["self_serve"]
    low, high = confint_proportions_2indep(
        assisted["sum"],
        assisted["count"],
        alone["sum"],
        alone["count"],
        method="newcomb",
    )
    share = counts["sum"] / counts["count"]
    return pd.Series(
        {
            "self-serve": share["self_serve"],
            "assisted": share["assisted"],
            "difference": share["assisted"] - share["self_serve"],
            "low": low,
            "high": high,
            "trials": len(table),
        }
    )


raw = with_interval(asked, "activated")
(100 * raw.drop("trials")).round(1).rename("points").to_frame().rename_axis(
    "activated within 14 days"
)

# %% [markdown]
# The trials that got help came alive less often, and the interval leaves little room for chance. Look within each size before anybody is sent home.

# %% name="by-size"
sizes = pd.DataFrame(
    {
        str(size): with_interval(part, "activated")
        for size, part in asked.groupby("size", observed=True)
    }
).T
sizes["assisted share"] = (
    asked["path"].eq("assisted").groupby(asked["size"].astype(str)).mean()
)
shown = pd.concat([sizes, raw.rename("all").to_frame().T])
shown.loc["all", "assisted share"] = asked["path"].eq("assisted").mean()
(
    100 * shown[["self-serve", "assisted", "difference", "assisted share"]]
).round(1).join(shown["trials"].astype(int)).rename_axis("size")

# %% [markdown]
# In every size the assisted do better; in all together they do worse. That is **Simpson's reversal**. The last column but one gives the reason: executives go where the money is, to the large companies, and large companies come alive less often with anybody's help.
#
# To compare like with like, take the difference within each size and average the three, weighted by the trials of that size. The result is a **standardised** difference: what would change if *all* these trials were assisted rather than none.


# %%
def standardised(cells, weights="all"):
    """Difference between two groups within strata, averaged; with its standard error.

    cells: one row a stratum, with yes_1, n_1 (treated) and yes_0, n_0 (not)
    weights: "all" rows of a stratum, or its "treated" rows alone
    """
    p_1, p_0 = cells["yes_1"] / cells["n_1"], cells["yes_0"] / cells["n_0"]
    size = cells["n_1"] + cells["n_0"] if weights == "all" else cells["n_1"]
    weight = size / size.sum()
    variance = (
        p_1 * (1 - p_1) / cells["n_1"] + p_0 * (1 - p_0) / cells["n_0"]
    )
    return (weight * (p_1 - p_0)).sum(), np.sqrt(
        (weight**2 * variance).sum()
    )


def strata(table, of):
    """Counts by size and path, as `standardised` wants them."""
    counts = (
        table.groupby(["size", "path"], observed=True)[of]
        .agg(["sum", "count"])
        .unstack()
    )
    return pd.DataFrame(
        {
            "yes_1": counts["sum"]["assisted"],
            "n_1": counts["count"]["assisted"],
            "yes_0": counts["sum"]["self_serve"],
            "n_0": counts["count"]["self_serve"],
        }
    )


effect, error = standardised(strata(asked, "activated"))
effect_low, effect_high = effect - 1.96 * error, effect + 1.96 * error
print(
    f"assisted less self-serve, same size: {100 * effect:+.1f} points ({100 * effect_low:+.1f} to {100 * effect_high:+.1f})"
)

# %% [markdown]
# Then with the library: a regression with a level for each size, and errors that allow each share its own spread. It weights by how mixed a size is, so the number differs a little.

# %%
for_regression = pd.DataFrame(
    {
        "y": asked["activated"].astype(int),
        "assisted": asked["path"].eq("assisted").astype(int),
        "company_size": asked["size"].astype(str),
    }
)
regression = smf.ols("y ~ assisted + C(company_size)", for_regression).fit(
    cov_type="HC1"
)
slope = 100 * regression.params["assisted"]
slope_low, slope_high = 100 * regression.conf_int().loc["assisted"]
print(
    f"regression: {slope:+.1f} points ({slope_low:+.1f} to {slope_high:+.1f})"
)

# %% [markdown]
# One more doubt. An executive has many trials; if some executives are better than others, the trials of one are alike, and an interval over trials is too narrow. Take each executive as a cluster, and each self-serve trial as one of its own:

# %%
own_cluster = (
    asked["executive_id"]
    .astype("float")
    .fillna(pd.Series(-1.0 - np.arange(len(asked)), asked.index))
)
by_executive = smf.ols(
    "y ~ assisted + C(company_size)", for_regression
).fit(cov_type="cluster", cov_kwds={"groups": own_cluster})
executive_low, executive_high = (
    100 * by_executive.conf_int().loc["assisted"]
)
print(
    f"clustered by executive: {100 * by_executive.params['assisted']:+.1f} points ({executive_low:+.1f} to {executive_high:+.1f})"
)

# %% [markdown]
# The interval stays about as wide: these executives help alike. (Fourteen clusters are few for such an error, so take it as a check, no more.)
#
# All three say: help helps, by some eleven or twelve points. It rests on one promise, that within a size nothing else decides who gets an executive. Here we planted it so. At work you would ask sales, and let a lot decide for some.

# %% name="fig-reversal"
fig, ax = plt.subplots(figsize=(style.WIDTH, 3.4))
rows = [*sizes.index[::1], "all"]
places = {"small": 4, "medium": 3, "large": 2, "all": 0.6}
for name in rows:
    row, place = shown.loc[name], places[name]
    ax.annotate(
        "",
        (100 * row["assisted"], place),
        (100 * row["self-serve"], place),
        arrowprops={
            "arrowstyle": "->",
            "color": style.PIPEWRIGHT if name != "all" else style.INK,
            "lw": 2,
        },
    )
    side = 1 if row["assisted"] > row["self-serve"] else -1
    ax.text(
        100 * row["self-serve"] - side * 1,
        place,
        f"{100 * row['self-serve']:.0f}",
        va="center",
        ha="right" if side > 0 else "left",
        color=style.GREY,
    )
    ax.text(
        100 * row["assisted"] + side * 1,
        place,
        f"{100 * row['assisted']:.0f}",
        va="center",
        ha="left" if side > 0 else "right",
        color=style.PIPEWRIGHT if name != "all" else style.INK,
    )
ax.axhline(1.3, color=style.LIGHT, lw=1)
ax.set_yticks(list(places.values()), list(places))
ax.set_ylim(0, 4.7)
ax.set_xlim(0, 80)
ax.set_xlabel("Activated within 14 days, %: from self-serve to assisted")
ax.set_title("Up in every size, and down in all together")
style.describe(
    fig,
    "Four arrows from the self-serve to the assisted share of activated trials. "
    + "; ".join(
        f"{name}: {100 * shown.loc[name, 'self-serve']:.0f} to {100 * shown.loc[name, 'assisted']:.0f} per cent"
        for name in rows
    )
    + ". The three sizes point up, all together points down.",
)
plt.show()

# %% tags=["book"]
for short, column in [("alone", "self-serve"), ("assisted", "assisted")]:
    glue(f"raw_{short}", float(100 * raw[column]))
    for size in sizes.index:
        glue(f"{size}_{short}", float(100 * sizes.loc[size, column]))
for name, value in [
    ("raw_gap", raw["difference"]),
    ("raw_gap_low", raw["low"]),
    ("raw_gap_high", raw["high"]),
    ("effect", effect),
    ("effect_low", effect_low),
    ("effect_high", effect_high),
    ("slope", slope / 100),
    ("slope_low", slope_low / 100),
    ("slope_high", slope_high / 100),
]:
    glue(name, f"{100 * value:+.1f}".replace("-", "−"))
for size in sizes.index:
    for ending, column in [
        ("", "difference"),
        ("_low", "low"),
        ("_high", "high"),
    ]:
        glue(
            f"gap_{size}{ending}",
            f"{100 * sizes.loc[size, column]:+.0f}".replace("-", "−"),
        )
    glue(f"share_{size}", float(100 * sizes.loc[size, "assisted share"]))
    glue(f"trials_{size}", f"{int(sizes.loc[size, 'trials']):,}")
small_share = (
    asked["size"].eq("small").groupby(asked["path"], observed=True).mean()
)
assert small_share["self_serve"] > 0.5 > small_share["assisted"], (
    "the chapter says that most of those alone are small, and most assisted not"
)
assert raw["high"] < 0 < sizes["difference"].min(), (
    "the chapter says that the sign turns in every size"
)
assert (
    0.6 < (executive_high - executive_low) / (slope_high - slope_low) < 1.5
)
assert (
    effect_low > 0.05 and 0.10 < effect < 0.13 and 0.10 < slope / 100 < 0.13
)

# %% [markdown]
# Both stories of this lesson have one shape. Draw it, with an arrow from each cause to what it moves: the arrow we want to know runs along the bottom, and something above it moves both ends.

# %% name="fig-arrows"
fig, ax = plt.subplots(figsize=(style.WIDTH, 2.5))
ax.axis("off")
ax.set_xlim(0, 10)
ax.set_ylim(-0.5, 3.1)
for left, colour, before, choice, outcome in [
    (0.0, style.SWIFTFARE, "intent", "alert", "booking"),
    (5.4, style.PIPEWRIGHT, "size", "executive", "activation"),
]:
    spots = {
        before: (left + 2.3, 2.4),
        choice: (left + 0.8, 0.6),
        outcome: (left + 3.7, 0.6),
    }
    for start, end, line in [
        (before, choice, style.GREY),
        (before, outcome, style.GREY),
        (choice, outcome, colour),
    ]:
        ax.annotate(
            "",
            spots[end],
            spots[start],
            arrowprops={
                "arrowstyle": "->",
                "color": line,
                "lw": 2,
                "shrinkA": 38 if start == choice else 14,
                "shrinkB": 36 if start == choice else 14,
            },
        )
    for name, (across, up) in spots.items():
        ink = style.GREY if name == before else colour
        ax.text(across, up, name, ha="center", va="center", color=ink)
ax.annotate(
    "",
    (0.8, 0.35),
    (0.8, -0.2),
    arrowprops={"arrowstyle": "->", "color": style.INK, "lw": 2},
)
ax.text(
    1.0, -0.25, "the lot, by way of the card", va="center", color=style.INK
)
ax.set_title("What stands before the choice moves both")
style.describe(
    fig,
    "Two triangles of arrows. Swiftfare: intent points to the alert and to the booking, the alert points to the booking, and the lot "
    "points to the alert by way of the card. Pipewright: size points to the executive and to the activation, the executive points to the activation.",
)
plt.show()

# %% [markdown]
# At Swiftfare nobody wrote intent down, and a lot gives the alert a cause that intent knows nothing of. At Pipewright there is no lot, and size is in the table: hold it still.

# %% [markdown]
# ## 13. Turn the assignment yourself
#
# The activation rates of the six groups stay as measured. What you move is who gets an executive. Two questions first.
#
# 1. Give executives to all sizes alike. What does the raw gap become?
# 2. Can the raw gap be made *larger* than the gap within any size?

# %% name="reversal-lab"
n_trials = {size: sizes.loc[size, "trials"] for size in sizes.index}


def raw_gap_if(small, large):
    """Raw shares if so many % of small and large trials were assisted."""
    assisted_share = {
        "small": small / 100,
        "medium": sizes.loc["medium", "assisted share"],
        "large": large / 100,
    }
    found = {}
    for path, share_of in [
        ("assisted", lambda s: assisted_share[s]),
        ("self-serve", lambda s: 1 - assisted_share[s]),
    ]:
        weight = pd.Series(
            {size: n_trials[size] * share_of(size) for size in n_trials}
        )
        found[path] = 100 * (weight * sizes[path]).sum() / weight.sum()
    return found["self-serve"], found["assisted"]


def draw_reversal(small, large):
    alone, helped = raw_gap_if(small, large)
    fig, ax = plt.subplots(figsize=(style.WIDTH, 3.1))
    for name, place in places.items():
        start, end = (
            (alone, helped)
            if name == "all"
            else 100 * sizes.loc[name, ["self-serve", "assisted"]]
        )
        colour = style.INK if name == "all" else style.PIPEWRIGHT
        ax.annotate(
            "",
            (end, place),
            (start, place),
            arrowprops={"arrowstyle": "->", "color": colour, "lw": 2},
        )
    ax.text(
        max(alone, helped) + 2,
        places["all"],
        f"{helped - alone:+.0f} points".replace("-", "−"),
        va="center",
    )
    ax.set_yticks(list(places.values()), list(places))
    ax.set_ylim(0, 4.7)
    ax.set_xlim(0, 80)
    ax.set_xlabel("Activated, %: from self-serve to assisted")
    ax.set_title(
        f"The raw gap is {helped - alone:+.0f} points; within sizes nothing moved".replace(
            "-", "−"
        )
    )
    return fig


def words_reversal(small, large):
    alone, helped = raw_gap_if(small, large)
    return (
        f"{small} per cent of small and {large} per cent of large trials assisted: all together {alone:.0f} per cent of the self-serve "
        f"and {helped:.0f} per cent of the assisted are activated, a gap of {helped - alone:+.0f} points. The arrows of the three sizes stay where they are."
    ).replace("-", "−")


tw.explore(
    draw_reversal,
    describe=words_reversal,
    title="Who gets an executive decides the sign",
    labels={
        "small": "Small trials assisted, %",
        "large": "Large trials assisted, %",
    },
    small=[round(100 * sizes.loc["small", "assisted share"]), 30, 50, 80],
    large=[round(100 * sizes.loc["large", "assisted share"]), 50, 30, 15],
)

# %% [markdown]
# With 50 and 50 every size is helped about equally often, and the raw gap tells nearly the truth. Help the small and leave the large alone, and it flatters the executives as wildly as it slandered them before.

# %% tags=["book"]
even_alone, even_helped = raw_gap_if(50, 50)
turned_alone, turned_helped = raw_gap_if(80, 15)
glue("lab_even", f"{even_helped - even_alone:+.0f}".replace("-", "−"))
glue("lab_turned", f"{turned_helped - turned_alone:+.0f}".replace("-", "−"))
assert (
    8 < even_helped - even_alone < 15 and turned_helped - turned_alone > 20
)

# %% [markdown]
# ## 14. The reveal: what we planted at Pipewright
#
# The truth folder holds, for each trial, whether it would be activated alone and whether with an executive.

# %% name="reveal-pipewright"
truth = tw.truth("pipewright", "trials").merge(asked, on="account_id")
helped_by = truth["activates_assisted"].astype(int) - truth[
    "activates_self_serve"
].astype(int)
true_effect = helped_by.mean()
planted = tw.truth("pipewright")["parameters"]
reveal_pipewright = pd.DataFrame(
    {
        "planted": [planted["activates"][i] for i in range(3)]
        + [planted["assisted_activates"]],
        "of these trials": [
            *truth.groupby("size", observed=True)[
                "activates_self_serve"
            ].mean(),
            true_effect,
        ],
        "estimate": [*sizes["self-serve"], effect],
        "low": [
            *proportion_confint(
                strata(asked, "activated")["yes_0"],
                strata(asked, "activated")["n_0"],
                method="wilson",
            )[0],
            effect_low,
        ],
        "high": [
            *proportion_confint(
                strata(asked, "activated")["yes_0"],
                strata(asked, "activated")["n_0"],
                method="wilson",
            )[1],
            effect_high,
        ],
    },
    index=pd.Index(
        ["small, alone", "medium, alone", "large, alone", "what help adds"],
        name="activated",
    ),
)
print(
    f"had all these trials been helped rather than none: {100 * true_effect:+.1f} points"
)
with_interval_in_words(reveal_pipewright.drop(columns="of these trials")).rename(
    index={"what help adds": "help adds"}
).rename_axis("activated, %")

# %% [markdown]
# The line above the table is the truth for these very trials; help was planted to add the same in every size. The three gaps within sizes differ only by chance. Whoever had moved the executives from the large companies to the medium ones on the strength of those gaps would have followed noise.

# %% tags=["book"]
glue("true_effect", f"{100 * true_effect:+.1f}".replace("-", "−"))
glue("planted_effect", f"{100 * planted['assisted_activates']:+.0f}")
assert effect_low < planted["assisted_activates"] < effect_high, (
    "the chapter says that the interval holds the planted effect"
)
assert raw["high"] < planted["assisted_activates"]
inside = (reveal_pipewright["low"] <= reveal_pipewright["planted"]) & (
    reveal_pipewright["planted"] <= reveal_pipewright["high"]
)
glue(
    "pw_inside",
    f"{int(inside.sum())} of the {len(inside)}"
    if not inside.all()
    else "all four",
)

# %% [markdown]
# ## 15. From the trial to the payment, "within a given time"
#
# A trial converts when the company pays. How long may it take? Count the same two paths with three clocks. The base: trials whose window was observed whole.


# %% name="clocks"
def converted(days):
    """Paid within so many days, of trials watched that long."""
    watched = trials[trials["days_observed"] > days].copy()
    watched["paid"] = (
        watched["paid_on"] - watched["started_on"]
    ).dt.days <= days
    found = with_interval(watched, "paid")
    found["same size"], spread = standardised(strata(watched, "paid"))
    found["same size, low"] = found["same size"] - 1.96 * spread
    found["same size, high"] = found["same size"] + 1.96 * spread
    return found


clocks = pd.DataFrame(
    {days: converted(days) for days in (30, 45, 66)}
).T.rename_axis("paid within days")
(
    100
    * clocks[
        [
            "self-serve",
            "assisted",
            "same size",
            "same size, low",
            "same size, high",
        ]
    ]
).round(1)

# %% [markdown]
# At 30 days the executives look useless, at 66 they win by a wide margin, on the same companies. Whoever is assisted decides later. After 66 days nobody pays in these tables: that window is long enough. And nobody pays in the first two weeks, so what we call activation stands before every payment; no payment is half of its own sign. When do those pay who pay? Only trials watched for more than 66 days are asked; of the younger ones only the quick payers are known yet.

# %%
days_to_pay = (trials["paid_on"] - trials["started_on"]).dt.days
days_to_pay[trials["days_observed"] > 66].groupby(
    trials["path"], observed=True
).describe()[
    ["count", "min", "50%", "max"]
]

# %% [markdown]
# By month of the start, as a table for the slide. The last column says whether the month is whole, that is, whether its youngest trial has had its 66 days.

# %%
months = trials.assign(
    paid=days_to_pay <= 66, whole=trials["days_observed"] > 66
).groupby(trials["started_on"].dt.to_period("M"))
cohorts = months.agg(
    trials=("paid", "size"), paid=("paid", "mean"), whole=("whole", "all")
)
cohorts["low"], cohorts["high"] = proportion_confint(
    months["paid"].sum(), months["paid"].size(), method="wilson"
)
cohorts.tail(6)[["trials", "paid", "low", "high", "whole"]].round(3)

# %% [markdown]
# October to December are not whole, and fall to nothing in December. Now by use: does a trial that was activated in its first 14 days pay more often? Within each size, with all 66 days observed.

# %% name="by-use"
whole = trials[trials["days_observed"] > 66].copy()
whole["paid"] = (whole["paid_on"] - whole["started_on"]).dt.days <= 66
by_use = (
    whole.groupby(["size", "activated"], observed=True)["paid"]
    .agg(["sum", "count"])
    .unstack()
)
by_use = by_use.swaplevel(axis=1)
by_use = pd.DataFrame(
    {
        name: by_use[kind]["sum"] / by_use[kind]["count"]
        for name, kind in [("not activated", False), ("activated", True)]
    }
)
by_use["times"] = by_use["activated"] / by_use["not activated"]
overall = whole.groupby("activated")["paid"].agg(["sum", "count", "mean"])
overall["low"], overall["high"] = proportion_confint(
    overall["sum"], overall["count"], method="wilson"
)
print(overall[["count", "mean", "low", "high"]].round(3).to_string())
by_use.round(3)

# %% [markdown]
# Activated trials pay several times as often in every size. As a *sign* that is excellent. As a *lever* it is the price alert again: nobody has been activated by lot. The assisted path has the better standing, since we know what decides who gets it.

# %% [markdown]
# One more look at the claim's own picture, a lead who gets a trial from an executive and then pays. By which road did the customers come? Companies that first paid from April 2024 on: a trial of theirs would have begun inside the data.

# %% name="roads"
signed = pipewright.accounts[
    pipewright.accounts["first_paid_on"] >= "2024-04-01"
].merge(
    pipewright.trials[["account_id", "path"]], on="account_id", how="left"
)
roads = (
    signed["path"]
    .astype(object)
    .fillna("no trial, talks with sales")
    .value_counts(normalize=True)
)
roads_low, roads_high = proportion_confint(
    roads * len(signed), len(signed), method="wilson"
)
pd.DataFrame(
    {"% of new customers": roads, "low": roads_low, "high": roads_high}
).rename_axis("road").mul(100).round(0).astype(int)

# %% [markdown]
# The claim's road is one of three, and brings fewer than a third.

# %% tags=["book"]
for days in (30, 66):
    for short, column in [
        ("alone", "self-serve"),
        ("assisted", "assisted"),
    ]:
        glue(f"paid_{days}_{short}", float(100 * clocks.loc[days, column]))
    for short, column in [
        ("same", "same size"),
        ("same_low", "same size, low"),
        ("same_high", "same size, high"),
    ]:
        glue(
            f"paid_{days}_{short}",
            f"{100 * clocks.loc[days, column]:+.1f}".replace("-", "−"),
        )
assert (
    clocks.loc[30, "same size, high"] < 0 < clocks.loc[66, "same size, low"]
)
assert days_to_pay.max() == 66, "the chapter says that nobody pays later"
assert days_to_pay.min() > 14, "activated within 14 days, then paid"
glue("pay_first", float(days_to_pay.min()))
glue(
    "pay_median_alone",
    float(
        days_to_pay[
            (trials["path"] == "self_serve") & (trials["days_observed"] > 66)
        ].median()
    ),
)
glue(
    "pay_median_assisted",
    float(
        days_to_pay[
            (trials["path"] == "assisted") & (trials["days_observed"] > 66)
        ].median()
    ),
)
for short, kind in [("use", True), ("nouse", False)]:
    for ending, column in [
        ("", "mean"),
        ("_low", "low"),
        ("_high", "high"),
    ]:
        glue(
            f"paid_{short}{ending}", float(100 * overall.loc[kind, column])
        )
assert by_use["times"].min() > 3
glue(
    "use_times",
    float(overall.loc[True, "mean"] / overall.loc[False, "mean"]),
)
for short, road in [
    ("none", "no trial, talks with sales"),
    ("alone", "self_serve"),
    ("assisted", "assisted"),
]:
    glue(f"road_{short}", float(100 * roads[road]))
    glue(f"road_{short}_low", float(100 * roads_low[road]))
    glue(f"road_{short}_high", float(100 * roads_high[road]))
assert roads["assisted"] < 1 / 3
glue("road_n", f"{len(signed):,}")
glue(
    "trials_assisted_share",
    float(100 * trials["path"].eq("assisted").mean()),
)

# %% [markdown]
# ## 16. What does one more activated account cost?
#
# The tables hold no salaries, so this section needs assumptions, and they stand together here to be changed. Finance gives Tomas these: an executive who does little else costs 90,000 euros a year and can help through 125 trials. That is 720 euros a trial; we will also try 480 and 1,080.

# %%
EXECUTIVE_A_YEAR = 90_000  # euros, an assumption of the scene
TRIALS_A_YEAR = 125  # trials that one executive can assist in a year, an assumption of the scene
cost_a_trial = EXECUTIVE_A_YEAR / TRIALS_A_YEAR
print(f"{cost_a_trial:,.0f} euros for an assisted trial")
assisted_2025 = trials[
    (trials["path"] == "assisted") & (trials["started_on"] >= "2025-01-01")
]
load = assisted_2025.groupby("executive_id").size()
print(
    f"in 2025: {len(load)} executives, {load.mean():.0f} trials each, the busiest {load.max()}"
)

# %% [markdown]
# Hold the assumption against the second line: today's executives help with far fewer, beside their other deals, and only the busiest comes near it. Whether help works as well when one person gives it to so many is part of the promise.
#
# The obvious sum divides that by the share of assisted trials that are activated. But some of those would have come alive alone. What the money buys is the *difference*. So divide by the effect, and turn its interval over.


# %% name="cost"
def cost_of_one_more(cost, effect, low, high):
    """Euros for each extra success; low and high from the effect's interval."""
    return pd.Series(
        {"cost": cost / effect, "low": cost / high, "high": cost / low}
    )


paid_66 = clocks.loc[66]
costs = pd.DataFrame(
    {
        f"{cost:,.0f} euros a trial": {
            "activated, the obvious sum": cost / raw["assisted"],
            **{
                f"one more activated{ending}": value
                for ending, value in zip(
                    ["", ", low", ", high"],
                    cost_of_one_more(cost, effect, effect_low, effect_high),
                    strict=True,
                )
            },
            "one more customer": cost / paid_66["same size"],
        }
        for cost in (480, cost_a_trial, 1_080)
    }
)
costs.round(-1).astype(int).rename_axis("euros for")

# %% [markdown]
# One more activated account costs more than three times what the obvious sum says, and the interval is wide: from the middle of one column to the middle of the next.
#
# Is it worth it? An activated account is not yet money; a customer is. Take the extra customers of help within each size (66 days), and beside their cost what a new customer that came by a trial pays in its first year.

# %% name="worth"
new = pipewright.movements[pipewright.movements["kind"] == "new"].merge(
    trials[["account_id", "size"]], on="account_id"
)
first_year = (
    12 * new.groupby(new["size"].astype(str))["mrr_cents"].mean() / 100
)
by_size_paid = pd.DataFrame(
    {
        str(size): with_interval(part, "paid")
        for size, part in whole.groupby("size", observed=True)
    }
).T
worth = pd.DataFrame(
    {
        "points more": (100 * by_size_paid["difference"]).round(1),
        "cost of one more": cost_a_trial / by_size_paid["difference"],
        "low": cost_a_trial / by_size_paid["high"],
        "high": cost_a_trial / by_size_paid["low"],
        "first year": first_year,
    }
).rename_axis("size")
worth = worth.loc[["small", "medium", "large"]]
euros = worth.drop(columns="points more").round(-2).map("{:,.0f}".format)
pd.DataFrame(
    {
        "more": worth["points more"],
        "cost": euros["cost of one more"],
        "interval": euros["low"] + " to " + euros["high"],
        "year 1": euros["first year"],
    }
)

# %% [markdown]
# `more` is what help adds to the share that pays, in points; `cost` the euros for one more customer; `year 1` what one pays in its first year. For a small company, one more customer costs about twice what it pays in its first year. For a medium one the two are about even; for a large one the first year covers it, if the estimate holds: its interval allows more than twice the cost. (Large self-serve trials are few, and hardly any pays.)
#
# The table's interval is that of the effect alone; it takes the first year's payment as known, and the same on both paths. So turn it round: up to which cost of a trial does help pay within the first year? Give each trial what its company paid in that year, nothing if it did not pay, and compare the *mean euros a trial* within each size. The interval then holds both: how many more pay, and how unequally they pay.

# %%
paid_in_year = 12 * new.groupby("account_id")["mrr_cents"].sum() / 100
whole["euros"] = (
    whole["account_id"].map(paid_in_year).where(whole["paid"], 0.0)
)
euros_by = whole.groupby(["size", "path"], observed=True)["euros"].agg(
    ["mean", "var", "count"]
)
mean = euros_by["mean"].unstack()
more_euros = mean["assisted"] - mean["self_serve"]
euros_error = np.sqrt(
    (euros_by["var"] / euros_by["count"]).unstack().sum(axis=1)
)
break_even = pd.DataFrame(
    {
        "euros a trial": more_euros,
        "low": more_euros - 1.96 * euros_error,
        "high": more_euros + 1.96 * euros_error,
    }
)
break_even.index = break_even.index.astype(str)
break_even.round(-1).astype(int).rename_axis("help pays up to")

# %% [markdown]
# Turned round once more: how many trials must an executive of 90,000 euros help with, so that one among medium companies costs no more than that?

# %%
must_help = (EXECUTIVE_A_YEAR / break_even.loc["medium"]).rename(
    {"euros a trial": "trials a year", "low": "high", "high": "low"}
)
must_help.round(0).astype(int)

# %% [markdown]
# That can be checked soon, with a time sheet. (The first year holds payments, with no cost of serving them, and no renewals; [chapter 3](../book/03-retention.md) says how many renew.)
#
# Last, the alternative. For the same money a team could spend a **sprint** on making the self-serve path easier. Nobody has tried, so no table holds its effect. But we can say how large it must be to match one executive in its first year, and whether anybody could see it.

# %%
extra = TRIALS_A_YEAR * np.array([effect, effect_low, effect_high])
alone_a_year = int(
    (
        (trials["path"] == "self_serve")
        & (trials["started_on"] >= "2025-01-01")
    ).sum()
)
match = 100 * extra / alone_a_year
print(
    f"one executive: {extra[0]:.0f} more activated accounts a year ({extra[1]:.0f} to {extra[2]:.0f})"
)
print(
    f"a sprint matches that by {match[0]:.1f} points ({match[1]:.1f} to {match[2]:.1f}) on {alone_a_year:,} self-serve trials"
)

# %% [markdown]
# And what could a test see? With a year's self-serve trials in two arms, the smallest lift found four times in five (power 80 %, level 5 %):

# %%
size_of_effect = NormalIndPower().solve_power(
    nobs1=alone_a_year / 2, power=0.8, alpha=0.05
)
base = raw["self-serve"]
lifts = np.arange(0.001, 0.3, 0.0005)
visible = (
    100
    * lifts[
        np.argmax(
            proportion_effectsize(base + lifts, base) >= size_of_effect
        )
    ]
)
print(f"smallest lift that a year of trials shows: {visible:.1f} points")

# %% [markdown]
# The sprint needs a point or two to be worth its money, and the company could not see less than eight or nine in a year. Its gain would stay, while an executive is paid every year. But whoever chooses it has no estimate to go by, and would get none from activations in a year; a measure closer to the change, days until the import, might show more. Swiftfare, with its hundreds of thousands, sees a fifth of a point. That is the difference between the two jobs in one line.

# %% tags=["book"]
glue("executive_cost", f"{EXECUTIVE_A_YEAR:,}")
glue("load_n", len(load))
glue("load_mean", float(load.mean()))
glue("load_most", int(load.max()))
for ending in ("trials a year", "low", "high"):
    glue(
        "must_help" + ("" if ending == "trials a year" else f"_{ending}"),
        float(must_help[ending]),
    )
# today's executives, at the whole salary, would not pay anywhere
assert EXECUTIVE_A_YEAR / load.mean() > break_even["euros a trial"].max()
assert must_help["trials a year"] < TRIALS_A_YEAR
assert 1.7 < must_help["trials a year"] / load.mean() < 2.4, "twice"
assert break_even.loc["small", "high"] < cost_a_trial, (
    "the chapter says that small companies don't pay help back in a year"
)
glue("executive_trials", TRIALS_A_YEAR)
glue("cost_a_trial", f"{cost_a_trial:,.0f}")
middle = costs[f"{cost_a_trial:,.0f} euros a trial"]
glue(
    "cost_obvious",
    f"{round(float(middle['activated, the obvious sum']), -1):,.0f}",
)
glue("cost_more", f"{round(float(middle['one more activated']), -2):,.0f}")
glue(
    "cost_more_low",
    f"{round(float(middle['one more activated, low']), -2):,.0f}",
)
glue(
    "cost_more_high",
    f"{round(float(middle['one more activated, high']), -2):,.0f}",
)
glue("cost_more_cheap", f"{round(float(costs.iloc[1, 0]), -2):,.0f}")
glue("cost_more_dear", f"{round(float(costs.iloc[1, 2]), -2):,.0f}")
glue(
    "cost_customer", f"{round(float(middle['one more customer']), -2):,.0f}"
)
assert (
    3
    < middle["one more activated"] / middle["activated, the obvious sum"]
    < 4.5
)
for size in worth.index:
    glue(
        f"worth_{size}_cost",
        f"{round(float(worth.loc[size, 'cost of one more']), -2):,.0f}",
    )
    glue(
        f"worth_{size}_year",
        f"{round(float(worth.loc[size, 'first year']), -2):,.0f}",
    )
    for ending in ("low", "high"):
        glue(
            f"worth_{size}_{ending}",
            f"{round(float(worth.loc[size, ending]), -2):,.0f}",
        )
    glue(
        f"worth_{size}_points",
        f"{worth.loc[size, 'points more']:+.0f}".replace("-", "−"),
    )
back = worth["first year"] / worth["cost of one more"]
assert (
    0.4 < back["small"] < 0.6 and 0.8 < back["medium"] < 1.4 and back["large"] > 1
), "the chapter says which size pays its help back"
glue("extra", f"{extra[0]:.0f}")
glue("extra_low", f"{extra[1]:.0f}")
glue("extra_high", f"{extra[2]:.0f}")
glue("alone_a_year", f"{alone_a_year:,}")
glue("match", float(match[0]))
glue("match_low", float(match[1]))
glue("match_high", float(match[2]))
glue("visible", float(visible))
assert match[2] < 3 and visible > 7
medium_alone = trials[
    (trials["path"] == "self_serve")
    & (trials["size"] == "medium")
    & (trials["started_on"] >= "2025-01-01")
]
glue("medium_alone_n", f"{len(medium_alone):,}")
large_alone = trials[
    (trials["path"] == "self_serve")
    & (trials["size"] == "large")
    & (trials["started_on"] >= "2025-01-01")
]
glue("large_alone_n", f"{len(large_alone):,}")
for ending, column in [
    ("", "euros a trial"),
    ("_low", "low"),
    ("_high", "high"),
]:
    glue(
        f"break_even{ending}",
        f"{round(float(break_even.loc['medium', column]), -1):,.0f}",
    )
# a lot over one year's medium trials, half of them helped: how well would it know the effect?
arm = len(medium_alone) / 2
lot_error = np.sqrt(
    sum(
        share * (1 - share) / arm
        for share in sizes.loc["medium", ["self-serve", "assisted"]]
    )
)
glue("lot_half", float(100 * 1.96 * lot_error))
assert 0.75 < 1.96 * lot_error / effect < 1.25, (
    "the chapter says: about as much as help adds"
)
assert len(medium_alone) / 2 > must_help["trials a year"], (
    "the half that she draws must be enough for her"
)
glue("medium_drawn_n", f"{arm:.0f}")

# %% [markdown]
# ## 17. Side by side
#
# The last pair of numbers for the chapter's table: the half-width of a 95 % interval for the effect of something tried on everybody, at either company.

# %%
half_widths = pd.Series(
    {
        "Swiftfare, showing the card": 1.96
        * experiment.loc["shown the card", "error"],
        "Pipewright, help": 1.96 * error,
    }
)
(100 * half_widths).round(2).rename("points, plus or minus").rename_axis(
    "effect"
).to_frame()

# %% [markdown]
# Twenty times wider, and not for want of care: the one has hundreds of thousands of newcomers, the other three thousand trials.

# %% tags=["book"]
glue("half_sf", float(100 * half_widths.iloc[0]))
glue("half_pw", float(100 * half_widths.iloc[1]))
assert 12 < half_widths.iloc[1] / half_widths.iloc[0] < 30
