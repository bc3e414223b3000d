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
# Both questions of [the exercise](../exercises/03-retention.ipynb), answered and discussed. Other routes to the same number are as good. If yours differs in the words that follow and not in the number, you are done.

# %% [markdown] tags=["exercise"]
# # Exercise 3: who stayed, and out of whom
#
# Two questions, one from each company. Replace each `...` with your code, run the cell, then run the check below it. A check never shows you the answer; if yours is off, it tries to name what went wrong. Hints are folded away beneath it.
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
# Travellers fly a few times a year, so Swiftfare's finance lead does not ask who opened the app. She asks: *of the people who booked with us, how many booked again within half a year?*
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
# Pipewright's board wants to know how long a *small* account lasts (`accounts["size"]` is `"small"`; the dot won't do, since `.size` means something else in pandas). Some had been customers for years when our data begins, on `window_start`. Most are still customers when it ends, on `window_end`.
#
# For each small account, in whole months since it first paid (`whole_months` above does the counting):
#
# - `entered`: its age on `window_start`, and 0 if it first paid later;
# - `months`: its age when it left (its movement of kind `churn`), or on `window_end` if it has not left.
#
# An account is **at risk in month m** if we were already watching it and it was still there: `entered < m <= months`. It **leaves in month m** if it churned with `months == m`, and was at risk then.
#
# Make a table `small_survival` with the columns `month` (1, 2, ... 24) and `survival`: the Kaplan-Meier share of accounts still there *after* month m, a fraction with all its digits. One row for each of the 24 months, in any order, and no other columns.

# %%
# BEGIN SOLUTION q2
accounts = pipewright.accounts.loc[pipewright.accounts["size"] == "small", ["account_id", "first_paid_on"]]
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
everyone = pipewright.accounts[["account_id", "first_paid_on"]].merge(
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
