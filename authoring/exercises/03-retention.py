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

# %% [markdown] tags=["solution"]
# # Solution 3: who stayed, and out of whom
#
# All seven questions of [the exercise](../exercises/03-retention.ipynb), answered and discussed. Other routes to the same number are as good. If yours differs in the words that follow and not in the number, you are done.

# %% [markdown] tags=["exercise"]
# # Exercise 3: who stayed, and out of whom
#
# Seven questions, from counting to deciding; the last is a note that no program can grade. They don't build on each other, so begin where you like: question 6 is the shortest, question 2 the hardest: give it half an hour. About two hours in all, an estimate. Replace each `...` with your code, run the cell, then run the check below it. A check never shows you the answer; if yours is off, it tries to name what went wrong. Hints are folded away beneath it.
#
# The tables are the ones of [the retention chapter](../book/03-retention.md). Plain pandas is all you need.

# %%
# Run this cell first. It loads the two companies' tables.
import numpy as np
import pandas as pd

import twoworlds as tw
from twoworlds import Checker

check = Checker("03-retention")
swiftfare = tw.load("swiftfare")
pipewright = tw.load("pipewright")
window_start = pd.Timestamp("2024-01-01")
window_end = pd.Timestamp("2025-12-31")


def whole_months(start, end):
    """Whole months from each date in `start` to `end` (one date, or one for each).

    The last day of a calendar month completes the month.
    """
    end = pd.Series(end, index=start.index)
    months = 12 * (end.dt.year - start.dt.year) + (end.dt.month - start.dt.month)
    return months - ((end.dt.day < start.dt.day) & ~end.dt.is_month_end)


# %% [markdown] question="q1"
# ## Question 1: Swiftfare, who booked again
#
# Travellers fly a few times a year, so Swiftfare's finance director does not ask who opened the app. She asks: *of the people who booked with us, how many booked again within half a year?*
#
# - A **customer** is a user with at least one booking. The clock starts on the day of the **first** booking: that is day 0.
# - A customer **booked again** if there is at least one booking from **day 1 to day 180**, both included.
# - Only customers whose 180 days were **observed to the end** can be asked: day 180 must lie no later than `window_end`.
#
# Store the share of those customers who booked again, a fraction between 0 and 1 with all its digits, in `booked_again`.

# %%
# BEGIN SOLUTION q1
first_booked_on = swiftfare.bookings.groupby("user_id")["booked_on"].min().rename("first_booked_on")
observed = first_booked_on[first_booked_on + pd.Timedelta(days=180) <= window_end]

bookings = swiftfare.bookings.merge(observed.reset_index(), on="user_id")
day = (bookings["booked_on"] - bookings["first_booked_on"]).dt.days
again = bookings.loc[day.between(1, 180), "user_id"].unique()

booked_again = len(again) / len(observed)
# END SOLUTION
booked_again

# %% tags=["check"]
check("q1")

# %% tags=["solution"]
young = first_booked_on[first_booked_on + pd.Timedelta(days=180) > window_end]
print(f"{len(young):,} of {len(first_booked_on):,} customers were too young to be asked.")

# %% [markdown] tags=["solution"]
# **Why the base decides.** Once the 180 days are fixed, any two analysts agree on who booked again. They differ in the base. A customer who first booked in November has had no half year yet. Left in the base, that customer counts as *lost*. Nobody left: the data ended. The faster a company grows, the more young customers it has, and the worse its retention looks by this mistake.
#
# Two other bases tempt. Everybody who installed: most of them never booked, so this mixes *do people book* with *do customers return*. And all bookings: a customer with five of them would stand in the base five times, and the keenest travellers would speak loudest.
#
# **Why an upper end.** Without `180` the early customers have had two years to return and the late ones half a year. A share means something only when everybody was given the same time.
#
# `.unique()` counts people. Without it you count bookings, and one commuter is worth twenty.

# %% tags=["spec"]
# ruff: noqa: F401 - the setup cell imports what learners may want
EVERYBODY = """
everybody = swiftfare.bookings.merge(first_booked_on.reset_index(), on="user_id")
day_of_all = (everybody["booked_on"] - everybody["first_booked_on"]).dt.days
"""
question(
    "q1",
    kind="number",
    name="booked_again",
    title="Swiftfare customers who booked again within half a year",
    unit="fraction",
    range=(0, 1),
    right="those who could be asked, and nobody else, stand in the base.",
    hints=[
        "Start with one row a customer: `bookings.groupby(\"user_id\")[\"booked_on\"].min()`.",
        "Whose day 180 lies inside the window? Only they belong in the base.",
        "Merge the first booking back onto the bookings, take the days between, keep days 1 to 180, and count "
        "*people*: `nunique()`.",
    ],
    traps={
        "unobserved": (
            EVERYBODY + "booked_again = everybody.loc[day_of_all.between(1, 180), 'user_id'].nunique() "
            "/ len(first_booked_on)",
            "your base holds every customer, also those whose half year was not over when the data ended. They have "
            "not failed to come back; nobody could see it yet. Keep those who could be observed to the end.",
        ),
        "unobserved base": (
            "len(again) / len(first_booked_on)",
            "you filtered the people above the line, but not those below it: the base still holds customers whose "
            "half year was not over when the data ended.",
        ),
        "observed below only": (
            EVERYBODY + "booked_again = everybody.loc[day_of_all.between(1, 180), 'user_id'].nunique() "
            "/ len(observed)",
            "you filtered the people below the line, but not those above it: some are counted as having returned who "
            "are not in the base. Filter first, then count both.",
        ),
        "the last day": (
            "seen = first_booked_on[first_booked_on + pd.Timedelta(days=180) < window_end]\n"
            "booked_again = bookings.loc[day.between(1, 180) & bookings['user_id'].isin(seen.index), 'user_id']"
            ".nunique() / len(seen)",
            "you left out the customers whose day 180 *is* the last day of the data. That day was observed too: "
            "`<=`, not `<`.",
        ),
        "first booking before July": (
            "seen = first_booked_on[first_booked_on < pd.Timestamp('2025-07-01')]\n"
            "booked_again = bookings.loc[day.between(1, 180) & bookings['user_id'].isin(seen.index), 'user_id']"
            ".nunique() / len(seen)",
            "half a year by the calendar is not 180 days. Take `window_end` and count the days back.",
        ),
        "no upper end": (
            "bookings.loc[day >= 1, 'user_id'].nunique() / len(observed)",
            "you count customers who booked again *at any time*. Early customers then get two years and late ones half "
            "a year. Give everybody the same 180 days.",
        ),
        "ever, of everybody": (
            EVERYBODY + "booked_again = everybody.loc[day_of_all >= 1, 'user_id'].nunique() / len(first_booked_on)",
            "you count all customers who ever booked again. Some had two years for it, some had a day. Give everybody "
            "the same 180 days, and ask only those who had them.",
        ),
        "day 0 included": (
            "bookings.loc[day.between(0, 180), 'user_id'].nunique() / len(observed)",
            "you count the first booking itself as a return, and everybody has one. Day 1 is the first that counts.",
        ),
        "179 days": (
            "bookings.loc[(day > 0) & (day < 180), 'user_id'].nunique() / len(observed)",
            "day 180 is missing: `< 180` leaves it out, and the question includes it.",
        ),
        "six times thirty": (
            "bookings.loc[day.between(30, 180), 'user_id'].nunique() / len(observed)",
            "you leave out the first month. A customer who books again in week two has booked again: start at day 1.",
        ),
        "bookings, not people": (
            "day.between(1, 180).sum() / len(observed)",
            "you count *bookings*; one keen traveller counts many times. Count each customer once: `nunique()`, or "
            "drop duplicates first.",
        ),
        "share of bookings": (
            "day.between(1, 180).mean()",
            "that is the share of *bookings* that are repeats. The question counts customers, above the line and "
            "below it.",
        ),
        "bookings as base": (
            "len(again) / len(bookings)",
            "your base counts *bookings*; a customer with five of them stands in it five times. One row a customer "
            "first, then divide.",
        ),
        "installs": (
            "len(again) / len(swiftfare.users)",
            "your base is everybody who installed the app. Most of them never booked; a customer is a user with a "
            "booking.",
        ),
        "since install": (
            "installed = swiftfare.users.set_index('user_id')['installed_on']\n"
            "age = (bookings['booked_on'] - bookings['user_id'].map(installed)).dt.days\n"
            "booked_again = bookings.loc[age.between(1, 180), 'user_id'].nunique() / len(observed)",
            "your clock starts at the install, and the first booking itself counts as a return. The question's clock "
            "starts at the first booking.",
        ),
        "opened": (
            "opens = swiftfare.days.merge(observed.reset_index(), on='user_id')\n"
            "since = (opens['date'] - opens['first_booked_on']).dt.days\n"
            "booked_again = opens.loc[since.between(1, 180), 'user_id'].nunique() / len(observed)",
            "you count customers who *opened the app* again. The question asks who booked again: look in "
            "`swiftfare.bookings`.",
        ),
        "flights only": (
            "flights = bookings['product'].astype(str) == 'flight'\n"
            "booked_again = bookings.loc[flights & day.between(1, 180), 'user_id'].nunique() / len(observed)",
            "you count flights alone. A hotel or a holiday is a booking too.",
        ),
        "all installs, all bookers": (
            EVERYBODY + "booked_again = everybody.loc[day_of_all.between(1, 180), 'user_id'].nunique() / len(swiftfare.users)",
            "your base is everybody who installed the app. Most of them never booked; a customer is a user with a "
            "booking.",
        ),
        "signed up": (
            "len(again) / swiftfare.users['signed_up_on'].notna().sum()",
            "your base is everybody who signed up. Signing up is not booking; a customer is a user with a booking.",
        ),
        "calendar months": (
            "half_year = first_booked_on + pd.DateOffset(months=6)\n"
            "seen = half_year[half_year <= window_end]\n"
            "later = swiftfare.bookings[swiftfare.bookings['user_id'].isin(seen.index)]\n"
            "inside = (later['booked_on'] > later['user_id'].map(first_booked_on)) & (later['booked_on'] <= later['user_id'].map(seen))\n"
            "booked_again = later.loc[inside, 'user_id'].nunique() / len(seen)",
            "you gave everybody six calendar months, which are 181 to 184 days. The question counts 180 days for each.",
        ),
        "gap to the last booking": (
            "(swiftfare.bookings.sort_values(['user_id', 'booked_on']).groupby('user_id')['booked_on'].diff().dt.days <= 180).mean()",
            "you measure from each booking to the one before it, and count bookings. The question counts customers, from "
            "their *first* booking.",
        ),
        "since install, own window": (
            "installed = swiftfare.bookings['user_id'].map(swiftfare.users.set_index('user_id')['installed_on'])\n"
            "seen = installed + pd.Timedelta(days=180) <= window_end\n"
            "age = (swiftfare.bookings['booked_on'] - installed).dt.days[seen]\n"
            "booked_again = age.between(1, 180).groupby(swiftfare.bookings['user_id'][seen]).any().mean()",
            "your clock starts at the install. The question's clock starts at the first booking.",
        ),
        "since sign-up": (
            "signed_up = swiftfare.bookings['user_id'].map(swiftfare.users.set_index('user_id')['signed_up_on'])\n"
            "seen = signed_up <= window_end - pd.Timedelta(days=180)\n"
            "age = (swiftfare.bookings['booked_on'] - signed_up).dt.days[seen]\n"
            "booked_again = age.between(1, 180).groupby(swiftfare.bookings['user_id'][seen]).any().mean()",
            "your clock starts at the sign-up. The question's clock starts at the first booking.",
        ),
        "since first open": (
            "first_open = swiftfare.days.groupby('user_id')['date'].transform('min')\n"
            "seen = first_open + pd.Timedelta(days=180) <= window_end\n"
            "age = (swiftfare.days['date'] - first_open).dt.days[seen]\n"
            "booked_again = age.between(1, 180).groupby(swiftfare.days['user_id'][seen]).any().mean()",
            "you follow everybody who opened the app, and count opens. The question follows customers and counts bookings: "
            "look in `swiftfare.bookings`.",
        ),
        "flights only, own clock": (
            "flights = swiftfare.bookings[swiftfare.bookings['product'].astype(str) == 'flight']\n"
            "first = flights.groupby('user_id')['booked_on'].transform('min')\n"
            "seen = first + pd.Timedelta(days=180) <= window_end\n"
            "booked_again = (flights['booked_on'] - first).dt.days[seen].between(1, 180).groupby(flights['user_id'][seen]).any().mean()",
            "you count flights alone. A hotel or a holiday is a booking too.",
        ),
        "late bookings dropped": (
            "early = swiftfare.bookings[swiftfare.bookings['booked_on'] <= window_end - pd.Timedelta(days=180)]\n"
            "first = early.groupby('user_id')['booked_on'].transform('min')\n"
            "booked_again = (early['booked_on'] - first).dt.days.between(1, 180).groupby(early['user_id']).any().mean()",
            "you left out the *bookings* of the last 180 days. Leave out the *customers* who first booked then, and keep every "
            "booking of the others.",
        ),
        "mean of cohorts": (
            "returned = observed.index.isin(again)\n"
            "booked_again = pd.Series(returned, observed.index).groupby(observed.dt.to_period('M')).mean().mean()",
            "you took the mean of the months' shares. A small month then weighs as much as a large one; the question counts every "
            "customer once.",
        ),
        "mean of countries": (
            "returned = pd.Series(observed.index.isin(again), observed.index)\n"
            "country = observed.index.map(swiftfare.users.set_index('user_id')['country'].astype(str))\n"
            "booked_again = returned.groupby(country).mean().mean()",
            "you took the mean of the countries' shares. A small country then weighs as much as a large one; the question counts "
            "every customer once.",
        ),
        "a whole year": (
            "seen = first_booked_on[first_booked_on + pd.Timedelta(days=365) <= window_end]\n"
            "recent = swiftfare.bookings.merge(seen.reset_index(), on='user_id')\n"
            "gap = (recent['booked_on'] - recent['first_booked_on']).dt.days\n"
            "booked_again = recent.loc[gap.between(1, 365), 'user_id'].nunique() / len(seen)",
            "you gave everybody a whole year. The question gives half of one: 180 days.",
        ),
        "day 180 or later": (
            "bookings.loc[day >= 180, 'user_id'].nunique() / len(observed)",
            "you count those who booked on day 180 or *later*. The question asks for day 1 *to* day 180.",
        ),
        "of those who returned": (
            "bookings.loc[day.between(1, 180), 'user_id'].nunique() / bookings.loc[day >= 1, 'user_id'].nunique()",
            "your base holds only customers who booked twice at some time. Those who never came back belong in it too.",
        ),
        "30 days": (
            "seen = first_booked_on[first_booked_on + pd.Timedelta(days=30) <= window_end]\n"
            "recent = swiftfare.bookings.merge(seen.reset_index(), on='user_id')\n"
            "gap = (recent['booked_on'] - recent['first_booked_on']).dt.days\n"
            "booked_again = recent.loc[gap.between(1, 30), 'user_id'].nunique() / len(seen)",
            "you gave everybody 30 days. The question gives half a year: 180.",
        ),
    },
)

# %% [markdown] question="q2"
# ## Question 2: Pipewright's small accounts, month by month
#
# The hardest of the seven: allow half an hour, or come back to it at the end.
#
# Pipewright's board wants to know how long a *small* account lasts (`accounts["size"]` is `"small"`; the dot won't do, since `.size` means something else in pandas). A company without a `first_paid_on` has never paid: it is no customer, so leave it out. Some had been customers for years when our data begins, on `window_start`. Most are still customers when it ends, on `window_end`.
#
# For each small account, in whole months since it first paid (`whole_months` above does the counting):
#
# - `entered`: its age on `window_start`, and 0 if it first paid later;
# - `months`: its age when it left, or on `window_end` if it has not left. The day of leaving stands in the table `pipewright.movements`, which has a row for each change in what an account pays: the row whose `kind` is `"churn"`, on its `moved_on`. An account has at most one such row.
#
# An account is **at risk in month m** if we were already watching it and it was still there: `entered < m <= months`. It **leaves in month m** if it churned with `months == m`, and was at risk then.
#
# Make a table `small_survival` with the columns `month` (1, 2, ... 24) and `survival`: the Kaplan-Meier share of accounts still there *after* month m, a fraction with all its digits. One row for each of the 24 months, in any order, and no other columns.

# %%
# BEGIN SOLUTION q2
accounts = pipewright.accounts.loc[pipewright.accounts["size"] == "small", ["account_id", "first_paid_on"]]
accounts = accounts[accounts["first_paid_on"].notna()]
churn = pipewright.movements.loc[pipewright.movements["kind"] == "churn", ["account_id", "moved_on"]]
accounts = accounts.merge(churn.rename(columns={"moved_on": "churned_on"}), on="account_id", how="left")

accounts["churned"] = accounts["churned_on"].notna()
accounts["months"] = whole_months(accounts["first_paid_on"], accounts["churned_on"].fillna(window_end))
watched_from = accounts["first_paid_on"].clip(lower=window_start)
accounts["entered"] = whole_months(accounts["first_paid_on"], watched_from)

rows = []
share_left = 1.0
for month in range(1, 25):
    at_risk = (accounts["entered"] < month) & (accounts["months"] >= month)
    leaving = at_risk & accounts["churned"] & (accounts["months"] == month)
    share_left = share_left * (1 - leaving.sum() / at_risk.sum())
    rows.append({"month": month, "survival": share_left})
small_survival = pd.DataFrame(rows)
# END SOLUTION
small_survival

# %% tags=["check"]
check("q2")

# %% tags=["solution"]
after = small_survival.set_index("month")["survival"]
print(f"After 11 months {after[11]:.0%} are left, after 12 months {after[12]:.0%}, after 24 months {after[24]:.0%}.")

# %% [markdown] tags=["solution"]
# **What the curve says.** It is a staircase. Hardly anyone leaves between renewals, because a contract holds them; then a whole step goes at month 12, and another at month 24. A monthly churn rate, spread evenly, would be wrong in every single month: too high in eleven of them, far too low in the twelfth. So the money for keeping accounts belongs before the renewal.
#
# **Why late entry matters.** An account that signed in 2021 was 24 months old or more when our data began. It cannot be counted as at risk in month 1: those that signed beside it and left early are not in our table at all. Count it, and each early month gets a base that is too large, full of accounts that had already proved their loyalty. The curve comes out too high.
#
# **Why nobody is dropped.** Accounts that have not left yet are not missing data. Each says *I stayed at least this long*, and stands in the base for just that long. Drop them and only leavers remain; count them as leavers on the last day and the data's end becomes a wave of churn.
#
# With statsmodels the same numbers come from `SurvfuncRight(months, churned, entry=entered)`, on the accounts with `months > entered`; it lists only the months in which somebody left, so fill the others forward.

# %% tags=["spec"]
CURVE = """
def curve(at_risk_in, leaves_in, table=accounts):
    share, found = 1.0, []
    for m in range(1, 25):
        base, gone = at_risk_in(table, m), leaves_in(table, m)
        share = share * (1 - gone.sum() / base.sum()) if base.sum() else share
        found.append({"month": m, "survival": share})
    return pd.DataFrame(found)
def watched(t, m): return (t["entered"] < m) & (t["months"] >= m)
def left(t, m): return t["churned"] & (t["months"] == m) & (t["entered"] < m)
"""
EVERYONE = '''
everyone = pipewright.accounts[["account_id", "first_paid_on"]].dropna().merge(
    churn.rename(columns={"moved_on": "churned_on"}), on="account_id", how="left")
everyone["churned"] = everyone["churned_on"].notna()
everyone["months"] = whole_months(everyone["first_paid_on"], everyone["churned_on"].fillna(window_end))
everyone["entered"] = whole_months(everyone["first_paid_on"], everyone["first_paid_on"].clip(lower=window_start))
'''
question(
    "q2",
    kind="table",
    name="small_survival",
    title="Survival of Pipewright's small accounts by month",
    keys=["month"],
    unit="fraction",
    right="everybody counts for just as long as we could watch them.",
    hints=[
        "Begin with one row an account: `first_paid_on`, the day of churn if there was one (a left merge), and from "
        "them `entered`, `months` and `churned`.",
        "For one month m, by hand: how many are at risk (`entered < m` and `months >= m`)? How many of those leave in it?",
        "Survival after month m is survival after month m - 1, times the share of those at risk who did not leave.",
    ],
    traps={
        "no late entry": (
            CURVE + "small_survival = curve(lambda t, m: t['months'] >= m, lambda t, m: t['churned'] & (t['months'] == m))",
            "you count old accounts as at risk from their month 1, but we have watched them only since the data began. "
            "Those who left earlier are not in the table, so the early months look too loyal. This is late entry: "
            "`entered < m`.",
        ),
        "late entry off by one": (
            CURVE + "small_survival = curve(lambda t, m: (t['entered'] <= m) & (t['months'] >= m), "
            "lambda t, m: t['churned'] & (t['months'] == m))",
            "an account that is m months old on the first day of the data was not watched *during* month m. It enters "
            "the base in the month after: `entered < m`, not `<=`.",
        ),
        "dropped before the window": (
            CURVE + "new = accounts[accounts['entered'] == 0]\nsmall_survival = curve(watched, left, new)",
            "you left out the accounts that signed before the data began. They were not seen while they were young, but "
            "they can be counted from the age at which we first saw them; that is what `entered` is for.",
        ),
        "signed before 2024 dropped": (
            CURVE + "small_survival = curve(watched, left, accounts[accounts['first_paid_on'] >= window_start])",
            "you left out the accounts that signed before the data began. They were not seen while they were young, but "
            "they can be counted from the age at which we first saw them; that is what `entered` is for.",
        ),
        "nothing over nothing": (
            CURVE + "found = curve(watched, left)\n"
            "found['survival'] = found['survival'].where([bool(left(accounts, m).any()) for m in found['month']])\n"
            "small_survival = found",
            "some months hold a missing value. Nothing divided by nothing has no answer; and where nobody left, the share "
            "that stayed is 1, and survival stays where it was.",
        ),
        "dropped the censored": (
            CURVE + "small_survival = curve(watched, left, accounts[accounts['churned']])",
            "only accounts that left are in your table, so in the end all are gone. Those who are still customers belong "
            "in the base for as long as we watched them.",
        ),
        "censored as churned": (
            CURVE + "small_survival = curve(watched, lambda t, m: (t['months'] == m) & (t['entered'] < m))",
            "you count accounts whose observation ended as if they had left. The data ended, not the contract: only "
            "those with a churn leave.",
        ),
        "before the step": (
            CURVE + "small_survival = pd.DataFrame({'month': range(1, 25), "
            "'survival': curve(watched, left)['survival'].shift(1, fill_value=1.0)})",
            "your row for month m shows survival *before* the leavers of month m are taken away. The question asks for "
            "survival after the month: take the step, then write the row.",
        ),
        "base without the leavers": (
            CURVE + "small_survival = curve(lambda t, m: (t['entered'] < m) & (t['months'] > m), left)",
            "an account that leaves in month m was at risk in month m. Your base lacks the leavers themselves: "
            "`months >= m`, not `>`.",
        ),
        "monthly stay": (
            CURVE + "found = curve(watched, left)\n"
            "found['survival'] = found['survival'] / found['survival'].shift(1, fill_value=1.0)\nsmall_survival = found",
            "each row shows the share that stayed *in that month alone*. Survival multiplies them up, month after month: "
            "`cumprod()`.",
        ),
        "hazard": (
            CURVE + "found = curve(watched, left)\n"
            "found['survival'] = 1 - found['survival'] / found['survival'].shift(1, fill_value=1.0)\n"
            "small_survival = found",
            "that is the share of those at risk who *left* in each month (the hazard). Survival is made of those who "
            "stayed, multiplied up.",
        ),
        "summed hazards": (
            CURVE + "found = curve(watched, left)\n"
            "hazard = 1 - found['survival'] / found['survival'].shift(1, fill_value=1.0)\n"
            "found['survival'] = 1 - hazard.cumsum()\nsmall_survival = found",
            "you added the monthly shares of leavers up. Each month's share is out of those still there, so the shares "
            "that *stayed* are multiplied, not the leavers added.",
        ),
        "share of all": (
            "small_survival = pd.DataFrame([{'month': m, 'survival': "
            "1 - (accounts['churned'] & (accounts['months'] <= m)).mean()} for m in range(1, 25)])",
            "you divide the leavers up to month m by all accounts ever seen. Many of those are not m months old yet, or "
            "were never watched in those months, so too few seem to leave. The base changes from month to month.",
        ),
        "reached that age": (
            "small_survival = pd.DataFrame([{'month': m, 'survival': (accounts['months'] >= m).mean()} "
            "for m in range(1, 25)])",
            "you show the share of accounts that *have reached* the age of m months. An account that signed last week has "
            "not left; it has not had the time. Only those at risk can leave.",
        ),
        "every size": (
            CURVE.replace("table=accounts", "table=None") + EVERYONE + "small_survival = curve(watched, left, everyone)",
            "you followed accounts of every size. The board asks about the small ones.",
        ),
        "medium accounts": (
            CURVE.replace("table=accounts", "table=None") + EVERYONE + '''
medium = pipewright.accounts.loc[pipewright.accounts["size"] == "medium", "account_id"]
small_survival = curve(watched, left, everyone[everyone["account_id"].isin(medium)])
''',
            "you followed the *medium* accounts. The board asks about the small ones.",
        ),
        "cumulative hazard": (
            CURVE + "found = curve(watched, left)\n"
            "hazard = 1 - found['survival'] / found['survival'].shift(1, fill_value=1.0)\n"
            "found['survival'] = np.exp(-hazard.cumsum())\nsmall_survival = found",
            "that is exp(−cumulative hazard), built on the Nelson-Aalen estimate: a relative, and always a little higher. "
            "Kaplan-Meier multiplies the shares that stayed.",
        ),
        "outlived that month": (
            "small_survival = pd.DataFrame([{'month': m, 'survival': (accounts['months'] > m).mean()} "
            "for m in range(1, 25)])",
            "you show the share of accounts *seen* for longer than m months. An account that signed last week has not left; it "
            "has not had the time. Only those at risk can leave.",
        ),
        "contraction as leaving": (
            CURVE.replace("table=accounts", "table=None") + '''
down = pipewright.movements[pipewright.movements["kind"].isin(["churn", "contraction"])][["account_id", "moved_on"]]
shrunk = accounts[["account_id", "first_paid_on", "entered"]].merge(down, on="account_id", how="left")
shrunk["churned"] = shrunk["moved_on"].notna()
shrunk["months"] = whole_months(shrunk["first_paid_on"], shrunk["moved_on"].fillna(window_end))
small_survival = curve(watched, left, shrunk)
''',
            "you took contractions for departures, and an account with two movements stands in your table twice. An account that "
            "gives seats back is still a customer: only `churn` leaves.",
        ),
        "every movement": (
            CURVE.replace("table=accounts", "table=None") + '''
moves = pipewright.movements[["account_id", "moved_on"]]
moved = accounts[["account_id", "first_paid_on", "entered"]].merge(moves, on="account_id", how="left")
moved["churned"] = moved["moved_on"].notna()
moved["months"] = whole_months(moved["first_paid_on"], moved["moved_on"].fillna(window_end))
small_survival = curve(watched, left, moved)
''',
            "you merged *all* movements, so an account stands in your table once a movement, and each counts as leaving. Keep "
            "the kind `churn` before you merge.",
        ),
        "one rate": (
            "rate = accounts['churned'].sum() / (accounts['months'] - accounts['entered']).sum()\n"
            "small_survival = pd.DataFrame({'month': range(1, 25), 'survival': [(1 - rate) ** m for m in range(1, 25)]})",
            "you used one monthly rate for every month. That smooths the renewal away; each month has leavers and a base of its own.",
        ),
        "months of 30 days": (
            CURVE.replace("table=accounts", "table=None") + '''
short = accounts.copy()
short["entered"] = ((window_start - short["first_paid_on"]).dt.days // 30).clip(lower=0)
short["months"] = (short["churned_on"].fillna(window_end) - short["first_paid_on"]).dt.days // 30
small_survival = curve(watched, left, short)
''',
            "your months have 30 days, so twelve of them are over before the year is. Contracts run by the calendar: use "
            "`whole_months`.",
        ),
        "names of months": (
            CURVE.replace("table=accounts", "table=None") + '''
named = accounts.copy()
start, end = named["first_paid_on"], named["churned_on"].fillna(window_end)
named["entered"] = (12 * (2024 - start.dt.year) + 1 - start.dt.month).clip(lower=0)
named["months"] = 12 * (end.dt.year - start.dt.year) + end.dt.month - start.dt.month
small_survival = curve(watched, left, named)
''',
            "you count from month name to month name, whatever the day: 31 January to 1 February is a month then. `whole_months` "
            "counts a month when it is over.",
        ),
        "one month too many": (
            CURVE + "small_survival = curve(watched, left, accounts.assign(months=accounts['months'] + 1))",
            "your months are one too many. `whole_months` gives 12 for an account that left on its first anniversary: no + 1.",
        ),
        "end of the last term": (
            CURVE.replace("table=accounts", "table=None") + '''
ends = accounts["account_id"].map(pipewright.subscriptions.groupby("account_id")["ends_on"].max())
by_term = accounts.assign(churned=ends <= window_end)
by_term["months"] = whole_months(by_term["first_paid_on"], ends.clip(upper=window_end))
small_survival = curve(watched, left, by_term)
''',
            "you take the end of the last term as the day of leaving: a day too early, since the term's last day is still paid. "
            "The movement of kind `churn` has the date.",
        ),
        "months filled with nothing": (
            CURVE + "found = curve(watched, left)\n"
            "quiet = [not bool(left(accounts, m).any()) for m in found['month']]\n"
            "found.loc[quiet, 'survival'] = 0.0\nsmall_survival = found",
            "you wrote 0 for the months in which nobody left. Survival stays where it was then: fill forward.",
        ),
        "multiplied backwards": (
            CURVE + "found = curve(watched, left)\n"
            "stayed = found['survival'] / found['survival'].shift(1, fill_value=1.0)\n"
            "found['survival'] = stayed[::-1].cumprod()\nsmall_survival = found",
            "you multiplied from the last month backwards. Survival begins at month 1 and goes forward.",
        ),
        "only months with leavers": (
            CURVE + "found = curve(watched, left)\n"
            "small_survival = found[[bool(left(accounts, m).any()) for m in found['month']]]",
            "your table holds only the months in which somebody left. In the others survival stays where it was: those "
            "months need their row too, 1 to 24.",
        ),
    },
)

# %% [markdown] question="q3"
# ## Question 3: Swiftfare, "day-7 retention" three times
#
# Growth wants a *day-7 retention* for the weekly mail and doesn't say which. Give them three, so that they have to choose. For each, the clock starts on the day of the **install** (`users["installed_on"]`, day 0), and being there means a row in `swiftfare.days` on that day.
#
# | `retained` | counted | asked: only users of whom we have seen the whole stretch |
# |---|---|---|
# | `"on"` | active on day 7 | day 7 is no later than `window_end` |
# | `"later"` | active on at least one of the days 7 to 90, both included | day 90 is no later than `window_end` |
# | `"within"` | active on at least one of the days 1 to 7, both included | day 7 is no later than `window_end` |
#
# Make a table `three_ways` with the columns `retained` and `share`: three rows, in any order, each share a fraction of the users **asked** for that row, with all its digits.

# %%
# BEGIN SOLUTION q3
users = swiftfare.users[["user_id", "installed_on"]]
opens = swiftfare.days[["user_id", "date"]].merge(users, on="user_id")
opens["day"] = (opens["date"] - opens["installed_on"]).dt.days
days_seen = (window_end - users["installed_on"]).dt.days

rows = []
for name, first, last in [("on", 7, 7), ("later", 7, 90), ("within", 1, 7)]:
    asked = users.loc[days_seen >= last, "user_id"]
    back = opens.loc[opens["day"].between(first, last), "user_id"]
    rows.append({"retained": name, "share": asked.isin(back).mean()})
three_ways = pd.DataFrame(rows)
# END SOLUTION
three_ways

# %% tags=["check"]
check("q3")

# %% tags=["solution"]
shares = three_ways.set_index("retained")["share"]
print(f"{shares['on']:.1%}, {shares['later']:.1%} or {shares['within']:.1%}: the largest is {shares.max() / shares.min():.1f} times the smallest.")

# %% [markdown] tags=["solution"]
# **Three questions, one word.** *On* asks for one appointment that nobody made. *Later* asks whether the app still has a place in the person's life. *Within* asks whether anybody came back at all in the first week, and most of that is day 1. All three have been printed as "retention, day 7".
#
# Which fits Swiftfare? People travel a few times a year, so a single day is nearly all luck. A stretch that matches the natural rhythm says more: *later*, or a bracket of 30 days. A game that wants to be opened daily would choose *on*.
#
# **Why each row has its own base.** *Later* needs 90 days, so users of the last quarter can't be asked. Keep them in, and each is counted as gone because the year ended.

# %% tags=["spec"]
WAYS = """
def ways(stretches, ask=None, opens=opens, users=users, seen=days_seen):
    found = []
    for name, first, last in stretches:
        base = users.loc[seen >= (last if ask is None else ask), "user_id"]
        back = opens.loc[opens["day"].between(first, last), "user_id"]
        found.append({"retained": name, "share": base.isin(back).mean()})
    return pd.DataFrame(found)
RIGHT = [("on", 7, 7), ("later", 7, 90), ("within", 1, 7)]
"""
question(
    "q3",
    kind="table",
    name="three_ways",
    title="Day-7 retention by three definitions",
    keys=["retained"],
    unit="fraction",
    right="three numbers, each with its own base.",
    hints=[
        "Merge the install day onto `swiftfare.days` and take the days between: that is `day`.",
        "Who may be asked depends on the last day of the stretch: 7 for two of the rows, 90 for one.",
        "For a row: the users asked, and `isin` those with an open in the stretch. The mean of that is the share.",
    ],
    traps={
        "everybody asked": (
            WAYS + "three_ways = ways(RIGHT, ask=-1)",
            "your base holds every install, also those whose stretch was not over when the data ended. Nobody could "
            "see yet whether they come back. Ask only users observed to the last day of the row.",
        ),
        "one base for all": (
            WAYS + "three_ways = ways(RIGHT, ask=90)",
            "you asked the same users in all three rows. *Later* needs 90 days; the other two need only 7, and may "
            "count users who came after. Give each row its own base.",
        ),
        "base of seven days": (
            WAYS + "three_ways = ways(RIGHT, ask=7)",
            "users observed for 7 days are asked about 90 in your row `later`. They have had no time to come back: ask "
            "those whose day 90 was observed.",
        ),
        "the last day left out": (
            WAYS + "three_ways = ways(RIGHT, seen=days_seen - 1)",
            "a user whose last day of the stretch *is* the last day of the data was observed too: `<=`, not `<`.",
        ),
        "day 0 counted": (
            WAYS + "three_ways = ways([('on', 7, 7), ('later', 7, 90), ('within', 0, 7)])",
            "your row `within` counts day 0, and everybody opens the app on the day of the install. Begin at day 1.",
        ),
        "after day 7": (
            WAYS + "three_ways = ways([('on', 7, 7), ('later', 8, 90), ('within', 1, 7)])",
            "your row `later` begins after day 7; the question includes that day.",
        ),
        "before day 7": (
            WAYS + "three_ways = ways([('on', 7, 7), ('later', 7, 90), ('within', 1, 6)])",
            "your row `within` ends before day 7; the question includes that day.",
        ),
        "day 6": (
            WAYS + "shifted = opens.assign(day=opens['day'] + 1)\nthree_ways = ways(RIGHT, opens=shifted)",
            "your install day is day 1, so everything is a day off. The install is day 0.",
        ),
        "on day 6": (
            WAYS + "three_ways = ways([('on', 6, 6), ('later', 6, 90), ('within', 1, 6)])",
            "you count day 6 for day 7. The install is day 0, so day 7 is seven days after it: no minus one.",
        ),
        "opens, not people": (
            WAYS + "found = ways(RIGHT)\n"
            "found['share'] = [opens['day'].between(f, l).sum() / (days_seen >= l).sum() for _, f, l in RIGHT]\n"
            "three_ways = found",
            "you count *days with an open*; one keen user counts many times. Count each user once.",
        ),
        "days without an end in the base": (
            WAYS + "found = ways(RIGHT)\n"
            "found['share'] = [opens.loc[opens['day'].between(f, l), 'user_id'].nunique() / (days_seen >= l).sum() for _, f, l in RIGHT]\n"
            "three_ways = found",
            "some users are counted above the line and not below it: they came back, but their stretch was not observed "
            "to the end. Choose who is asked first, then count among them.",
        ),
        "share of those ever back": (
            WAYS + "someone = opens.loc[opens['day'] >= 1, 'user_id'].unique()\n"
            "three_ways = ways(RIGHT, users=users[users['user_id'].isin(someone)], seen=days_seen[users['user_id'].isin(someone)])",
            "your base holds only users who came back at some time. Those who never did were asked too.",
        ),
        "since sign-up": (
            WAYS + '''
signed = swiftfare.users.dropna(subset=["signed_up_on"])
since = swiftfare.days[["user_id", "date"]].merge(signed[["user_id", "signed_up_on"]], on="user_id")
since["day"] = (since["date"] - since["signed_up_on"]).dt.days
three_ways = ways(RIGHT, opens=since, users=signed, seen=(window_end - signed["signed_up_on"]).dt.days)
''',
            "your clock starts at the sign-up, and users who never signed up are missing. The question's clock starts at "
            "the install.",
        ),
        "since first booking": (
            WAYS + '''
booked = swiftfare.bookings.groupby("user_id")["booked_on"].min().reset_index()
since = swiftfare.days[["user_id", "date"]].merge(booked, on="user_id")
since["day"] = (since["date"] - since["booked_on"]).dt.days
three_ways = ways(RIGHT, opens=since, users=booked, seen=(window_end - booked["booked_on"]).dt.days)
''',
            "your clock starts at the first booking. The question's clock starts at the install, and asks everybody who "
            "installed.",
        ),
        "day 30": (
            WAYS + "three_ways = ways([('on', 30, 30), ('later', 30, 90), ('within', 1, 30)])",
            "that is day *30*. The question asks for day 7.",
        ),
        "those who left": (
            WAYS + "three_ways = ways(RIGHT).assign(share=lambda t: 1 - t['share'])",
            "those are the shares that were *not* there. Retention counts those who were.",
        ),
        "two rows exchanged": (
            WAYS + "three_ways = ways([('on', 7, 7), ('later', 1, 7), ('within', 7, 90)])",
            "the rows `later` and `within` hold each other's numbers.",
        ),
        "bookings": (
            WAYS + '''
sold = swiftfare.bookings[["user_id", "booked_on"]].merge(users, on="user_id")
sold["day"] = (sold["booked_on"] - sold["installed_on"]).dt.days
three_ways = ways(RIGHT, opens=sold)
''',
            "you count bookings. The question counts days on which the app was opened: `swiftfare.days`.",
        ),
    },
)

# %% [markdown] question="q4"
# ## Question 4: Pipewright, one year on four slides
#
# Follow the accounts that paid **at the end of 31 December 2023** through 2024, and nobody else. The table is `pipewright.movements`: in each row an account (`account_id`) changes on a day (`moved_on`) what it pays a month, by `mrr_cents`, always a positive number of cents; the `kind` gives the direction. An account's MRR on a day is the sum of its movements up to that day, the day included: `new` and `expansion` add, `contraction` and `churn` take away. `start` is the MRR at the end of 2023-12-31, `end` at the end of 2024-12-31; an account that left ends with 0.
#
# Make a table `money_kept` with the columns `measure` and `share`, and these rows:
#
# - `"logos"`: the share of these accounts whose `end` is above 0;
# - `"gross"`: of each account the smaller of `start` and `end`; their sum over the sum of `start`;
# - `"net"`: the sum of `end` over the sum of `start`;
# - `"net without five"`: the same without the five accounts whose MRR **grew most**, in cents (`end` − `start`), left out above and below the line.

# %%
# BEGIN SOLUTION q4
movements = pipewright.movements
sign = movements["kind"].astype(str).map({"new": 1, "expansion": 1, "contraction": -1, "churn": -1})
change = movements.assign(change=sign * movements["mrr_cents"])

start = change[change["moved_on"] <= "2023-12-31"].groupby("account_id")["change"].sum()
end = change[change["moved_on"] <= "2024-12-31"].groupby("account_id")["change"].sum()
book = pd.DataFrame({"start": start[start > 0]})
book["end"] = end.reindex(book.index)

five = (book["end"] - book["start"]).nlargest(5).index
rest = book.drop(five)
money_kept = pd.DataFrame(
    {
        "measure": ["logos", "gross", "net", "net without five"],
        "share": [
            (book["end"] > 0).mean(),
            book.min(axis=1).sum() / book["start"].sum(),
            book["end"].sum() / book["start"].sum(),
            rest["end"].sum() / rest["start"].sum(),
        ],
    }
)
# END SOLUTION
money_kept

# %% tags=["check"]
check("q4")

# %% tags=["solution"]
kept = money_kept.set_index("measure")["share"]
print(f"Logos {kept['logos']:.0%}, gross {kept['gross']:.0%}, net {kept['net']:.0%}; without five accounts of {len(book)}, net {kept['net without five']:.0%}.")

# %% [markdown] tags=["solution"]
# **Four honest numbers.** None is an error, and they answer different people. *Logos* is for whoever must keep companies: each counts once. *Gross* is for whoever wants to know how leaky the bucket is: nothing new is poured in. *Net* is for investors: what last year's book is worth now. Whoever prints one of them alone has chosen an audience.
#
# **The fourth is a warning, and an unfair one.** If one number hangs on five accounts, it says how five accounts are doing. But these five were picked by the outcome, and dropping the best five lowers any company's number. It shows how much rests on few. As a measure for a board, name the group before the year begins, as the chapter does with the named accounts.
#
# **Why the account's own minimum.** Subtract all contraction and churn of the year from the start, and you also take away money that an account had added in between: it grew in March and left in June, and loses what it never had at the start.

# %% tags=["spec"]
MONEY = """
def shares(b, five_of=None):
    five_of = (b["end"] - b["start"]) if five_of is None else five_of
    r = b.drop(five_of.nlargest(5).index)
    return pd.DataFrame({"measure": ["logos", "gross", "net", "net without five"], "share": [
        (b["end"] > 0).mean(), b[["start", "end"]].min(axis=1).sum() / b["start"].sum(),
        b["end"].sum() / b["start"].sum(), r["end"].sum() / r["start"].sum()]})
def put(name, value):
    found = shares(book)
    found.loc[found["measure"] == name, "share"] = value
    return found
year = change[change["moved_on"].between("2024-01-01", "2024-12-31") & change["account_id"].isin(book.index)]
by_kind = year.groupby(year["kind"].astype(str))["mrr_cents"].sum()
"""
question(
    "q4",
    kind="table",
    name="money_kept",
    title="Logos, gross and net revenue retention of 2024",
    keys=["measure"],
    unit="fraction",
    right="the same accounts above and below every line. But keep the last row off a slide: its five were picked by how the year went. For a board, name the group before the year begins.",
    hints=[
        "Give each movement a sign, then sum by account up to a day: that is the MRR on that day.",
        "Fix the accounts first: those with MRR above 0 at the end of 2023. Look up their `end`, and nobody else's.",
        "For gross: `book[[\"start\", \"end\"]].min(axis=1)`. For the five: `nlargest(5)` of `end - start`, then drop.",
    ],
    traps={
        "new accounts in net": (
            MONEY + "money_kept = put('net', end.sum() / book['start'].sum())",
            "your `net` counts accounts that signed during 2024. Retention follows those that paid at the end of 2023, and "
            "nobody else.",
        ),
        "new accounts throughout": (
            MONEY + "everyone = pd.DataFrame({'start': start, 'end': end}).fillna(0)\nmoney_kept = shares(everyone)",
            "accounts that signed during 2024 are in your table, with a start of 0. Keep those that paid at the end of "
            "2023.",
        ),
        "wrong year": (
            MONEY + '''
s = change[change["moved_on"] <= "2024-12-31"].groupby("account_id")["change"].sum()
e = change[change["moved_on"] <= "2025-12-31"].groupby("account_id")["change"].sum()
later = pd.DataFrame({"start": s[s > 0]})
later["end"] = e.reindex(later.index)
money_kept = shares(later)
''',
            "that is 2025, the year of the chapter. The question follows 2024: from 2023-12-31 to 2024-12-31.",
        ),
        "two years": (
            MONEY + '''
e = change.groupby("account_id")["change"].sum()
money_kept = shares(book.assign(end=e.reindex(book.index)))
''',
            "your `end` lies at the end of the data, two years on. The question ends on 2024-12-31.",
        ),
        "gross from movements": (
            MONEY + "money_kept = put('gross', 1 - (by_kind['contraction'] + by_kind['churn']) / book['start'].sum())",
            "your `gross` takes all of the year's contraction and churn from the start, also money that an account had "
            "added in between. Take each account's smaller of `start` and `end`.",
        ),
        "gross of the total": (
            MONEY + "money_kept = put('gross', min(1, book['end'].sum() / book['start'].sum()))",
            "you took the minimum after the sum, so growth of some accounts pays for losses of others. Take it account by "
            "account, then sum.",
        ),
        "gross without contraction": (
            MONEY + "money_kept = put('gross', book.loc[book['end'] > 0, 'start'].sum() / book['start'].sum())",
            "your `gross` loses the accounts that left, and forgets those that shrank. Of each account count the smaller "
            "of `start` and `end`.",
        ),
        "net without churn": (
            MONEY + "stay = book[book['end'] > 0]\nmoney_kept = put('net', stay['end'].sum() / stay['start'].sum())",
            "your `net` leaves the lost accounts out of the start. They paid then; they belong below the line.",
        ),
        "survivors only": (
            MONEY + "money_kept = shares(book[book['end'] > 0])",
            "only accounts that stayed are in your table, so nothing can be lost. Begin with those that paid at the end of "
            "2023, whatever came of them.",
        ),
        "logos by revenue": (
            MONEY + "money_kept = put('logos', book.loc[book['end'] > 0, 'start'].sum() / book['start'].sum())",
            "your `logos` are weighted by revenue. A logo counts once, however much it pays.",
        ),
        "logos with new ones": (
            MONEY + "money_kept = put('logos', (end > 0).sum() / len(book))",
            "your `logos` count accounts that signed during 2024 above the line. Follow the accounts of 2023 only.",
        ),
        "five by growth rate": (
            MONEY + "money_kept = shares(book, book['end'] / book['start'])",
            "you left out the five that grew most *in per cent*, which are small ones. The question takes the growth in "
            "cents: `end - start`.",
        ),
        "signs forgotten": (
            MONEY + '''
plain = pipewright.movements
s = plain[plain["moved_on"] <= "2023-12-31"].groupby("account_id")["mrr_cents"].sum()
e = plain[plain["moved_on"] <= "2024-12-31"].groupby("account_id")["mrr_cents"].sum()
unsigned = pd.DataFrame({"start": s[s > 0]})
unsigned["end"] = e.reindex(unsigned.index)
money_kept = shares(unsigned)
''',
            "you added all of `mrr_cents`, whatever the kind. `contraction` and `churn` take away: give each movement its "
            "sign, then sum.",
        ),
        "ten left out": (
            MONEY + "r = book.drop((book['end'] - book['start']).nlargest(10).index)\n"
            "money_kept = put('net without five', r['end'].sum() / r['start'].sum())",
            "you left out ten accounts. The question leaves out five.",
        ),
        "five largest": (
            MONEY + "money_kept = shares(book, book['start'])",
            "you left out the five *largest* accounts. The question leaves out the five that grew most.",
        ),
        "five only above": (
            MONEY + "money_kept = put('net without five', rest['end'].sum() / book['start'].sum())",
            "you left the five out above the line and kept them below it. Drop them from both sums.",
        ),
        "five shrunk most": (
            MONEY + "money_kept = shares(book, book['start'] - book['end'])",
            "you left out the five that *lost* most. The question leaves out the five that grew most.",
        ),
        "mean of accounts": (
            MONEY + "ratio = book['end'] / book['start']\n"
            "money_kept = put('net', ratio.mean())",
            "your `net` is a mean of the accounts' own shares: a small account weighs as much as a large one. Sum first, "
            "then divide.",
        ),
        "means throughout": (
            MONEY + "ratio = book['end'] / book['start']\nfound = shares(book)\n"
            "found['share'] = [found['share'][0], ratio.clip(upper=1).mean(), ratio.mean(), ratio.drop(five).mean()]\n"
            "money_kept = found",
            "you took means of the accounts' own shares: a small account weighs as much as a large one. Sum the money "
            "first, then divide.",
        ),
        "what was lost": (
            MONEY + "money_kept = shares(book).assign(share=lambda t: 1 - t['share'])",
            "those are the shares that were *lost* (or, with a minus, won). The question asks what was kept.",
        ),
        "expansion forgotten": (
            MONEY + "money_kept = put('net', 1 - (by_kind['contraction'] + by_kind['churn']) / book['start'].sum())",
            "your `net` forgets expansion: it must hold all MRR of these accounts at the end.",
        ),
    },
)

# %% [markdown] question="q5"
# ## Question 5: Pipewright, do the calls to smaller accounts help?
#
# Customer success called some accounts before their renewal, and the accounts that were called left more often. In `pipewright.touches` each row is a review before a renewal. Keep the reviews whose outcome we can see:
#
# - `renewal_on` is no later than `window_end`, **and**
# - the account had not left before that day (no row of kind `"churn"` in `pipewright.movements` with `moved_on` before `renewal_on`), **and**
# - the account is **small or medium** (`size` in `pipewright.accounts`). The lesson took all sizes; here the question is what the calls do for the smaller ones.
#
# The account **left at the renewal** if it has a `churn` row on `renewal_on` itself. Who gets a call depends on the account's `size` and its `health_band`: six groups together.
#
# In each group take the share that left among those **called** (`touched` is true) minus the share among those **not called**. Then take the mean of the six differences, each weighted by the number of **all** reviews in its group, called or not. If size and health were the only reasons for a call, that would be what calling everybody does, beside calling nobody. (A group in which nobody was called, or everybody, has no difference: leave it out of both sums.) Store it in `call_effect`, as a fraction with its sign (−0.01 would be one point fewer).

# %%
# BEGIN SOLUTION q5
left_on = pipewright.movements.loc[pipewright.movements["kind"] == "churn", ["account_id", "moved_on"]]
reviews = pipewright.touches.merge(left_on, on="account_id", how="left")
reviews = reviews.merge(pipewright.accounts[["account_id", "size"]], on="account_id")
reviews = reviews[(reviews["renewal_on"] <= window_end) & ~(reviews["moved_on"] < reviews["renewal_on"])]
reviews = reviews[reviews["size"].isin(["small", "medium"])]
reviews["left"] = reviews["moved_on"] == reviews["renewal_on"]

groups = reviews.groupby(["size", "health_band", "touched"], observed=True)["left"].agg(["mean", "count"]).unstack()
difference = (groups["mean"][True] - groups["mean"][False]).dropna()
in_group = groups["count"].sum(axis=1)[difference.index]
call_effect = (difference * in_group).sum() / in_group.sum()
# END SOLUTION
call_effect

# %% tags=["check"]
check("q5")

# %% tags=["solution"]
raw = reviews.groupby("touched")["left"].mean()
called = groups["count"][True][difference.index]
for_called = (difference * called).sum() / called.sum()
print(f"Raw difference {100 * (raw[True] - raw[False]):+.1f} points; within the groups {100 * call_effect:+.1f} points.")
random = np.random.default_rng(3)
rows_of = list(reviews.groupby("account_id").indices.values())
drawn_effects = []
for _ in range(300):
    chosen = random.integers(0, len(rows_of), len(rows_of))
    again = reviews.iloc[np.concatenate([rows_of[i] for i in chosen])]
    shares = again.groupby(["size", "health_band", "touched"], observed=True)["left"].agg(["mean", "count"]).unstack()
    gap = (shares["mean"][True] - shares["mean"][False]).dropna()
    weight = shares["count"].sum(axis=1)[gap.index]
    drawn_effects.append((gap * weight).sum() / weight.sum())
low, high = np.quantile(drawn_effects, [0.025, 0.975])
print(f"95 % interval, accounts drawn again: {100 * low:+.1f} to {100 * high:+.1f} points.")
print(f"Weighted by the called alone {100 * for_called:+.1f} points; the smallest comparison rests on {int(groups['count'].min().min())} reviews.")

# %% [markdown] tags=["solution"]
# **Why the raw difference misleads.** Customer success calls the accounts it worries about: small ones, and those in poor health. They would have left more often anyway. The raw difference holds both, the effect of the call and the reason for it. Within a group of the same size and health the reason is (nearly) the same, and the call is what remains.
#
# **Why the weights.** The six differences are answers for six kinds of account. If nothing else decides who is called, then weighted by *all* reviews they say what calling everybody would do, beside calling nobody, and weighted by the *called* what the calls did to those who got one. Both are fair; say which.
#
# **What it does not show.** Compare the two weightings above. They lie points apart, and not because the calls work differently: in some groups hardly anybody was called, in others nearly everybody, so a difference rests on a handful of reviews. Draw accounts again, and the interval reaches some eight points either way: it holds no effect at all. And all of it rests on a promise: that nothing else decides who is called. Here we planted it so. At work, leave some accounts out by lot.

# %% tags=["spec"]
CALLS = """
def effect(r, by=("size", "health_band"), weights="all"):
    g = r.groupby([*by, "touched"], observed=True)["left"].agg(["mean", "count"]).unstack()
    d = g["mean"][True] - g["mean"][False]
    w = {"called": g["count"][True], "all": g["count"].sum(axis=1), "not called": g["count"][False], "none": d * 0 + 1}[weights]
    both = d.notna()
    return (d * w)[both].sum() / w[both].sum()
everything = pipewright.touches.merge(left_on, on="account_id", how="left").merge(pipewright.accounts[["account_id", "size"]], on="account_id")
everything["left"] = everything["moved_on"] == everything["renewal_on"]
large_too = everything[(everything["renewal_on"] <= window_end) & ~(everything["moved_on"] < everything["renewal_on"])]
everything = everything[everything["size"] != "large"]
"""
question(
    "q5",
    kind="number",
    name="call_effect",
    title="What calls do, within size and health",
    unit="fraction",
    range=(-1, 1),
    right="like is compared with like, and the weights say for whom. A few uncalled small accounts in low health decide much of it: drawn again, the accounts move the answer some eight points either way, so treat the sign as open.",
    hints=[
        "Merge the day of the churn onto the reviews (a left merge: most accounts have none), then the size; keep small and medium.",
        "One groupby by size, health band and `touched`, with mean and count of `left`; `unstack` puts called and not "
        "called side by side.",
        "Six differences, six counts of reviews. The weighted mean is sum of products over sum of weights.",
    ],
    traps={
        "raw": (
            CALLS + "call_effect = reviews.loc[reviews['touched'], 'left'].mean() - reviews.loc[~reviews['touched'], 'left'].mean()",
            "that is the raw difference: it holds the effect of the call *and* the reason why these accounts were called. "
            "Compare within size and health.",
        ),
        "large accounts too": (
            CALLS + "call_effect = effect(large_too)",
            "large accounts are in your table too, as in the lesson. The question asks about the small and the medium ones.",
        ),
        "small only": (
            CALLS + "call_effect = effect(reviews[reviews['size'] == 'small'])",
            "only small accounts are in your table. The question asks about the small *and* the medium ones.",
        ),
        "turned round": (
            "-(difference * in_group).sum() / in_group.sum()",
            "the sign is turned round: take called *minus* not called.",
        ),
        "weighted by the called": (
            CALLS + "call_effect = effect(reviews, weights='called')",
            "you weighted each group by its *called* reviews. That says what the calls did to those who got one; the "
            "question asks about all reviews.",
        ),
        "weighted by the uncalled": (
            CALLS + "call_effect = effect(reviews, weights='not called')",
            "you weighted by the reviews *without* a call. The question weights by all reviews of the group.",
        ),
        "plain mean": (
            CALLS + "call_effect = effect(reviews, weights='none')",
            "you took the plain mean of the six differences: a group with two calls then weighs as much as one with "
            "fifty. Weight them by the reviews in the group.",
        ),
        "size only": (
            CALLS + "call_effect = effect(reviews, by=('size',))",
            "you compared within *size* alone. Within a size the sick are still called more often: use size and health "
            "together.",
        ),
        "health only": (
            CALLS + "call_effect = effect(reviews, by=('health_band',))",
            "you compared within *health* alone. Within a health band the small are still called more often: use size and "
            "health together.",
        ),
        "future renewals": (
            CALLS + "call_effect = effect(everything[~(everything['moved_on'] < everything['renewal_on'])])",
            "renewals after `window_end` are in your table, and count as stayed. Nobody knows yet: leave them out.",
        ),
        "left before": (
            CALLS + "call_effect = effect(everything[everything['renewal_on'] <= window_end])",
            "accounts that left in mid-term, before the renewal, are in your table and count as stayed. Leave them out, as "
            "the question says.",
        ),
        "later leavers dropped": (
            CALLS + "seen = everything[everything['renewal_on'] <= window_end]\n"
            "call_effect = effect(seen[seen['moved_on'].isna() | (seen['moved_on'] == seen['renewal_on'])])",
            "you dropped the earlier reviews of accounts that left *later*. At that renewal they stayed: only those that "
            "had left before it go out.",
        ),
        "everything": (
            CALLS + "call_effect = effect(everything)",
            "all reviews are in your table, also those whose renewal lies after the data's end, and those of accounts "
            "that had left before. Keep those with an outcome.",
        ),
        "mid-term as left": (
            CALLS + "wide = everything[everything['renewal_on'] <= window_end]\n"
            "call_effect = effect(wide.assign(left=wide['moved_on'] <= wide['renewal_on']))",
            "you count accounts that left before the renewal as having left at it. The question leaves those reviews out.",
        ),
        "ever left": (
            CALLS + "call_effect = effect(reviews.assign(left=reviews['moved_on'].notna()))",
            "you count accounts that left at *any* time, also at a later renewal. Look at `renewal_on` itself.",
        ),
        "ratio": (
            CALLS + "g = reviews.groupby(['size', 'health_band', 'touched'], observed=True)['left'].agg(['mean', 'count']).unstack()\n"
            "n = g['count'].sum(axis=1)\n"
            "call_effect = (g['mean'][True] * n).sum() / (g['mean'][False] * n).sum()",
            "that is a *ratio* of two shares. The question asks for their difference.",
        ),
        "low health only": (
            CALLS + "call_effect = effect(reviews[reviews['health_band'] == 'low'])",
            "you looked at accounts in low health alone. All six groups count.",
        ),
        "one row an account": (
            CALLS + "call_effect = effect(reviews.drop_duplicates('account_id'))",
            "you kept one review an account. An account with two renewals has two reviews, and both count.",
        ),
        "mean health": (
            CALLS + "call_effect = effect(reviews.assign(health_band=reviews['health'] // 10))",
            "you made health groups of your own. Customer success goes by `health_band`.",
        ),
    },
)

# %% [markdown] question="q6"
# ## Question 6: name the mistake
#
# A colleague at Swiftfare writes: *"Of the customers who booked a hotel at some time in their first year, far more are still here at the end of it than of those who never did. Hotels make people stay. Let's push hotels."*
#
# The data are right and the shares are computed without a slip. What is the first thing wrong with the conclusion? Put one of these labels into `mistake`:
#
# `"censoring"`, `"late entry"`, `"immortal time"`, `"vanity"`, `"mixed ages"`

# %%
# BEGIN SOLUTION q6
mistake = "immortal time"
# END SOLUTION
mistake

# %% tags=["check"]
check("q6")

# %% [markdown] tags=["solution"]
# **Immortal time.** To book a hotel in month eight you must be here in month eight. The group "booked a hotel in the year" has therefore lived through part of the year by definition, and is compared with people who may have left in week two. Staying makes hotels, as much as hotels make staying.
#
# The mend is a landmark: choose a day on which everybody is still there, sort by what they had done *up to that day*, and follow them from it. If the difference is gone, it was made of time. Even then only an experiment tells what a push would do.

# %% tags=["spec"]
question(
    "q6",
    kind="choice",
    name="mistake",
    title="Hotels make people stay",
    right="the group had to survive to get into it.",
    hints=[
        "When must a customer still be here, to be able to book a hotel in month eight?",
    ],
    options={
        "censoring": "tempting, since many stories here are cut off. But all these customers were seen for their whole first year.",
        "late entry": "that is about accounts that were customers before the data begin. Here everybody is seen from the first booking.",
        "immortal time": "the group had to survive to get into it.",
        "vanity": "a vanity number grows with the size of the company. Here are two shares, and size does not move them.",
        "mixed ages": "everybody is compared at the same age: the end of the first year. The groups differ in something else.",
    },
)

# %% [markdown] question="q7"
# ## Question 7: the decision
#
# It is eleven o'clock. Write **one note, half of it to each company's board**, of 120 to 300 words in all, in `note`:
#
# - **Swiftfare.** The head of design wants to write that the new home screen of January 2025 lifted retention, and asks for a second team on the strength of it. What goes under the slide, and what do you say about the team?
# - **Pipewright.** There is money for two people in customer success. Which accounts do they work on, and *when in the contract*? Say what you would do with your answer to question 5; its sign is open.
#
# The check ticks off what a note should have; it is a tick list, not a pass. Use numbers: your own from above, or the chapter's. For each company name one thing that would change your mind.

# %%
# BEGIN SOLUTION q7
note = """
Swiftfare. The share of active customers who come back the next month has risen by about a tenth since early 2024, and the
sentence under the slide should not credit the home screen. Customers of the same age come back as they did before January
2025: the step at the release is small, its interval holds zero, and the ages alone draw the rise. Our customers have grown
older; the ones likely to leave have left. Under the slide I would write: "The base is older. At the same age retention is
unchanged." The second team may be a good idea, but this slide is no reason for it. A test that shows the new screen to half
of the newcomers, with a clear gain in their first three months, would change my mind.

Pipewright. Most of a new account's loss in its first year falls in the twelfth month; use of the seats falls in the
weeks before. So the two new people work on annual accounts from
month nine, well before the notice date, the last day to cancel, the large and the medium first, which pay most of the
money at stake, and move up those whose use is low or falling. The calls look harmful in the raw figures because we call the accounts we worry
about. Among small and medium accounts of the same size and health they no longer do, but the sign is open: the interval
reaches some eight points either way. I would therefore leave half of the accounts on the list without a call, drawn by lot, and count
renewals for a year or two. If those left alone renew as often, the next hire goes elsewhere.
"""
# END SOLUTION

# %% tags=["check"]
check("q7")

# %% [markdown] tags=["solution"]
# ## Two sample answers
#
# The text above is the **strong** one. What makes it so:
#
# - *It decides.* Both paragraphs open with what is to be done, and name who and when. A reader who stops after two lines has the answer.
# - *It compares at the same age*, and says so. That is the one comparison in the data which speaks about the home screen.
# - *It gives the other side its due.* The team may be a good idea; the slide is no argument for it. That keeps the head of design in the room.
# - *It doesn't sell the calls.* The sign turned, the interval is wide; it says both, and buys the missing knowledge with a lot.
# - *Each half names what would change its mind*, and it is something that could happen.
#
# What could be better: the numbers are rough words ("about a tenth"). A board would like to see two of them with their interval.
#
# And a **weak** one, as it is often written:
#
# > Retention at Swiftfare has improved significantly from Q1 2024 to Q3 2025. While correlation is not causation, the new home screen is likely to have contributed and the team should be strengthened. At Pipewright churn is under a fifth a year, which is above benchmark. Data shows that accounts contacted by customer success churn more (a quarter against less than a fifth), so the quality of calls should be reviewed. We recommend hiring a senior customer success manager to work with all accounts proactively throughout the year, and to monitor health scores. Net revenue retention above 100 % shows that customers are very satisfied overall. Further analysis is needed.
#
# - *"Correlation is not causation"*, and then it concludes as if it were. A disclaimer is no analysis: the same-age comparison was one groupby away.
# - *"Significantly"* is right about the slide and says nothing about its cause.
# - *"Under a fifth"* is the pooled monthly rate, compounded: it counts months in which nobody can leave.
# - *The calls* are judged on the raw difference, so the people who visit the sick are blamed for the illness.
# - *"All accounts, throughout the year"* decides nothing. The risk has a month, and the month is known.
# - *Net revenue retention* hangs on five accounts, and is no measure of satisfaction.
# - *Nothing could change its mind.* "Further analysis is needed" could stand under any note.

# %% tags=["spec"]
question(
    "q7",
    kind="decision",
    name="note",
    title="One note, half to each board",
    words=(120, 300),
    hints=[
        "Decide first, in one sentence for each company. Then the two numbers that carry it. Then what would change your "
        "mind.",
    ],
    rubric=[
        "Does the first sentence about each company say what is to be done, or not done?",
        "Swiftfare: is the claim about the home screen held against customers of the *same age*?",
        "Pipewright: does it name which accounts, and the month of the contract, with a reason from the hazard or from use?",
        "Are the calls judged within size and health, with a word on how uncertain that is?",
        "Does each number say who is counted?",
        "Is there, for each company, something that could happen and would change your mind?",
    ],
)
