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
# # Solution 2: who came alive, and what did it
#
# All seven questions of [the exercise](../exercises/02-activation.ipynb), answered and discussed. Other routes to the same number are as good. If yours differs in the words that follow and not in the number, you are done.

# %% [markdown] tags=["exercise"]
# # Exercise 2: who came alive, and what did it
#
# Seven questions, from counting to deciding; the last is a note that no program can grade. They don't build on each other, so begin where you like (question 1 is the shortest). About two hours, an estimate. Replace each `...` with your code, run the cell, then run the check below it. A check never shows you the answer; if yours is off, it tries to name what went wrong. Hints are folded away beneath it.
#
# The tables are the ones of [the activation chapter](../book/02-activation.md). Plain pandas is all you need.

# %%
# Run this cell first. It loads the two companies' tables.
import numpy as np
import pandas as pd

import twoworlds as tw
from twoworlds import Checker

check = Checker("02-activation")
swiftfare = tw.load("swiftfare")
pipewright = tw.load("pipewright")
window_end = pd.Timestamp("2025-12-31")

# %% [markdown] question="q1"
# ## Question 1: Swiftfare, an activation rate to the letter
#
# The Android team wants a number for Monday: *of our newest installs, how many were activated?* They have written the definition down, all of it:
#
# - **Base:** installs on Android phones (`users["device"]` is `"android"`) with `installed_on` from 1 September 2025 on, whose first three days were observed whole: day 2 no later than `window_end`. The day of the install is day 0.
# - **Activated:** **two or more flight searches in all** on days 0, 1 and 2 together (`days["flight_searches"]` counts the searches of a day).
#
# Store the share of the base that was activated, a fraction between 0 and 1 with all its digits, in `activated`.

# %%
# BEGIN SOLUTION q1
android = swiftfare.users[
    (swiftfare.users["device"] == "android") & (swiftfare.users["installed_on"] >= "2025-09-01")
]
base = android[android["installed_on"] + pd.Timedelta(days=2) <= window_end]

use = swiftfare.days.merge(base[["user_id", "installed_on"]], on="user_id")
first_days = use[(use["date"] - use["installed_on"]).dt.days <= 2]
searches = first_days.groupby("user_id")["flight_searches"].sum()

activated = (searches >= 2).sum() / len(base)
# END SOLUTION
activated

# %% tags=["check"]
check("q1")

# %% tags=["solution"]
print(f"{len(android) - len(base)} of {len(android):,} installs were too young to be asked.")
print(f"One search or more: {(searches >= 1).sum() / len(base):.1%}; two or more: {activated:.1%}.")

# %% [markdown] tags=["solution"]
# **Five things make the number.** The event (a flight search), the count (two), the window (days 0 to 2), the unit (the install) and the base (Android, from September, observed whole). Change any one and the rate moves; the line printed above changes the count alone. A dashboard that says "activation 51 %" has told you none of the five.
#
# **Where people slip.** Everybody opens the app on the day of the install, so who never searched has rows too, with no searches in them. They must stay in the base: filter on `flight_searches > 0` first, and they are gone. Dividing by `len(base)` is safe either way. And the three days are a sum: two days with one search each count as two.

# %% tags=["spec"]
# ruff: noqa: F401 - the setup cell imports what learners may want
COUNT = """
def rate(table=None, since="2025-09-01", last=2, least=2, young=False, column="flight_searches", how="sum", strict=False):
    t = android if table is None else table
    t = t[t["installed_on"] >= since]
    end = t["installed_on"] + pd.Timedelta(days=last)
    t = t if young else t[end < window_end] if strict else t[end <= window_end]
    d = swiftfare.days.merge(t[["user_id", "installed_on"]], on="user_id")
    d = d[(d["date"] - d["installed_on"]).dt.days <= last]
    per = d[d[column] > 0].groupby("user_id")[column].size() if how == "days" else d.groupby("user_id")[column].agg(how)
    return (per >= least).sum() / len(t)
everyone = swiftfare.users
"""
question(
    "q1",
    kind="number",
    name="activated",
    title="Swiftfare's Android installs that were activated",
    unit="fraction",
    range=(0, 1),
    right="event, count, window, unit and base are all as written.",
    hints=[
        "Make the base first: one row an install, three conditions.",
        "Merge the base onto `swiftfare.days`, keep days 0, 1 and 2, and add the flight searches up for each user.",
        "Who never searched belongs in the base. Divide by the rows of your base, and no filter on searches can lose them.",
    ],
    traps={
        'too young': (
            COUNT
            + 'activated = rate(young=True)',
            'installs whose three days were not over when the data ended stand in your base. They have had no time; leave them out above the line and below it.',
        ),
        'young below only': (
            COUNT
            + 'activated = (searches >= 2).sum() / len(android)',
            'you left the young installs out above the line and not below it: the base still holds them.',
        ),
        'those with a search': (
            COUNT
            + 'activated = (searches[searches > 0] >= 2).mean()',
            'your base holds only users who searched at least once. Who never searched still belongs below the line.',
        ),
        'those with a row': (
            COUNT
            + "activated = (first_days[first_days['opens'] > 1].groupby('user_id')['flight_searches'].sum() >= 2).mean()",
            'your base holds only a part of the installs. Divide by all installs of the base, whatever they did.',
        ),
        'one search': (
            COUNT
            + 'activated = rate(least=1)',
            'one search is enough in your count. The definition wants two or more.',
        ),
        'more than two': (
            COUNT
            + 'activated = rate(least=3)',
            'you want *more than* two. Two is enough: `>= 2`.',
        ),
        'day 3 too': (
            COUNT
            + 'activated = rate(last=3)',
            'your window has four days. The install is day 0, so three days are 0, 1 and 2.',
        ),
        'day 3, base of day 2': (
            COUNT
            + "activated = (use[(use['date'] - use['installed_on']).dt.days <= 3].groupby('user_id')['flight_searches'].sum() >= 2).sum() / len(base)",
            'your window has four days. The install is day 0, so three days are 0, 1 and 2.',
        ),
        'two days': (
            COUNT
            + 'activated = rate(last=1)',
            'your window has two days, 0 and 1. Day 2 is missing: `<= 2`.',
        ),
        'two days, base of day 2': (
            COUNT
            + "activated = (use[(use['date'] - use['installed_on']).dt.days < 2].groupby('user_id')['flight_searches'].sum() >= 2).sum() / len(base)",
            'your window has two days, 0 and 1. Day 2 is missing: `<= 2`.',
        ),
        'days 1 to 3': (
            COUNT
            + "activated = (use[(use['date'] - use['installed_on']).dt.days.between(1, 3)].groupby('user_id')['flight_searches'].sum() >= 2).sum() / len(base)",
            'you start at day 1. The day of the install is day 0, and counts.',
        ),
        'without day 0': (
            COUNT
            + "activated = (use[(use['date'] - use['installed_on']).dt.days.between(1, 2)].groupby('user_id')['flight_searches'].sum() >= 2).sum() / len(base)",
            'you leave the day of the install out. It is day 0, and counts.',
        ),
        'the last day': (
            COUNT
            + 'activated = rate(strict=True)',
            'you left out the installs whose day 2 *is* the last day of the data. That day was observed too: `<=`, not `<`.',
        ),
        'every phone': (
            COUNT
            + 'activated = rate(everyone)',
            'your base holds every phone. The Android team asks about its own.',
        ),
        'iPhones': (
            COUNT
            + "activated = rate(everyone[everyone['device'] == 'ios'])",
            'you counted iPhones. The Android team asks about its own.',
        ),
        'on one day': (
            COUNT
            + "activated = rate(how='max')",
            'you want two searches on *one* day. The definition adds the three days up.',
        ),
        'days with a search': (
            COUNT
            + "activated = rate(how='days')",
            'you count *days* with a search, not searches. Somebody who searches five times on one day has searched five times: add `flight_searches` up.',
        ),
        'hotels': (
            COUNT
            + "activated = rate(column='hotel_searches')",
            'you count hotel searches. The definition counts flight searches.',
        ),
        'opens': (
            COUNT
            + "activated = rate(column='opens')",
            'you count how often the app was opened. The definition counts flight searches.',
        ),
        'all searches': (
            COUNT
            + "activated = ((first_days['flight_searches'] + first_days['hotel_searches'] + first_days['holiday_searches']).groupby(first_days['user_id']).sum() >= 2).sum() / len(base)",
            'you count searches of every kind. The definition counts flight searches.',
        ),
        'no window': (
            COUNT
            + "activated = (use.groupby('user_id')['flight_searches'].sum() >= 2).sum() / len(base)",
            'you count searches on any day. Only days 0, 1 and 2 count: give everybody the same time.',
        ),
        'both years': (
            COUNT
            + "activated = rate(everyone[everyone['device'] == 'android'], since='2024-01-01')",
            'your base goes back to the beginning. The team asks about installs from 1 September 2025 on.',
        ),
        'a week': (
            COUNT
            + 'activated = rate(last=6)',
            'you gave everybody a week. The definition gives three days.',
        ),
        'October': (
            COUNT
            + "activated = rate(since='2025-10-01')",
            'your base begins in October. The definition begins on 1 September 2025.',
        ),
        'thirty days observed': (
            COUNT
            + "old = android[android['installed_on'] + pd.Timedelta(days=30) <= window_end]\nactivated = rate(old)",
            'your base asks for 30 days observed, as the chapter does for bookings. Here the window is three days, so day 2 is enough.',
        ),
        'November': (
            COUNT
            + "activated = rate(since='2025-11-01')",
            'your base begins in November. The definition begins on 1 September 2025.',
        ),
        'searches a head': (
            COUNT
            + 'activated = searches.sum() / len(base)',
            'that is the mean number of searches. The question asks for the *share* of installs with two or more.',
        ),
        'share of days': (
            COUNT
            + "activated = (first_days['flight_searches'] >= 2).mean()",
            'you count rows of `days`, and a user has up to three. One row an install first: add the searches up for each user.',
        ),
        'signed up as base': (
            COUNT
            + "activated = (searches >= 2).sum() / base['signed_up_on'].notna().sum()",
            'your base holds those who signed up. It should hold every install.',
        ),
    },
)

# %% [markdown] question="q2"
# ## Question 2: Pipewright, imports by month, without the young
#
# The slide "trials that import data in their first week" ends in December, and the line dips. Some of its last trials were only days old. Make the table again without that fault.
#
# - Look at trials (`pipewright.trials`) with `started_on` from 1 July 2025 on. The day of the start is **day 1**, so the first week is days 1 to 7.
# - A trial is **asked** only if its day 7 lies no later than `window_end`.
# - An asked trial **imported** if its `imported_on` lies within days 1 to 7.
#
# Make a table `imports` with one row a month of the start and three columns: `month` (the number 7 to 12), `asked` (how many trials) and `share` (of the asked trials, the fraction that imported, all digits).

# %%
# BEGIN SOLUTION q2
recent = pipewright.trials[pipewright.trials["started_on"] >= "2025-07-01"]
asked = recent[recent["started_on"] + pd.Timedelta(days=6) <= window_end].copy()
asked["month"] = asked["started_on"].dt.month
asked["imported"] = (asked["imported_on"] - asked["started_on"]).dt.days + 1 <= 7

imports = (
    asked.groupby("month")["imported"].agg(["size", "mean"]).set_axis(["asked", "share"], axis=1).reset_index()
)
# END SOLUTION
imports

# %% tags=["check"]
check("q2")

# %% tags=["solution"]
december = recent[recent["started_on"].dt.month == 12]
in_time = (december["imported_on"] - december["started_on"]).dt.days <= 6
print(f"December with everybody in the base: {in_time.mean():.1%} of {len(december)} trials.")

# %% [markdown] tags=["solution"]
# **What made the dip.** Some of December's trials were less than a week old when the data ended. They stood in the base and had had no time to import. Take them out, above the line and below it, and most of the dip is gone; the months differ by chance as much as that.
#
# Two mends look alike and are not. Dropping December altogether is honest and throws data away. Dropping the trials *that have not imported yet* keeps the quick ones of the last week and drops the slow ones: the share comes out too high.

# %% tags=["spec"]
IMPORTS = """
def by_month(table=None, wait=6, within=6, base="whole", column="imported_on", of="started_on", size="size"):
    t = (recent if table is None else table).copy()
    end = t["started_on"] + pd.Timedelta(days=wait)
    if base == "whole":
        t = t[end <= window_end]
    elif base == "strict":
        t = t[end < window_end]
    elif base == "whole or done":
        t = t[(end <= window_end) | t[column].notna()]
    t["done"] = (t[column] - t["started_on"]).dt.days <= within
    t["month"] = t[of].dt.month
    return t.dropna(subset=["month"]).groupby("month")["done"].agg([size, "mean"]).set_axis(["asked", "share"], axis=1).reset_index().astype({"month": int})
"""
question(
    "q2",
    kind="table",
    name="imports",
    title="Trials that import in their first week, by month",
    keys=["month"],
    unit="fraction",
    right="the young trials are out, above the line and below it.",
    hints=[
        "First the base: which trials have a day 7 inside the data? Day 7 is six days after day 1.",
        "Then a column of true and false: imported within the week. An empty date gives false, which is right here.",
        "`groupby(\"month\")` with size and mean gives both columns.",
    ],
    traps={
        'the young too': (
            IMPORTS
            + "imports = by_month(base='all')",
            'trials whose first week was not over when the data ended stand in your base. They have had no time; December dips because of them.',
        ),
        'young below only': (
            IMPORTS
            + "imports = by_month().assign(asked=by_month(base='all')['asked'])",
            '`asked` counts all trials of the month, also those too young to be asked.',
        ),
        'young below only, share': (
            IMPORTS
            + "found = by_month()\nwhole = by_month(base='all')\nimports = found.assign(asked=whole['asked'], share=found['share'] * found['asked'] / whole['asked'])",
            'you left the young trials out above the line and not below it.',
        ),
        'seven days later': (
            IMPORTS
            + 'imports = by_month(wait=7, within=7)',
            'your week has eight days. The start is day 1, so day 7 is *six* days later.',
        ),
        'eight days within': (
            IMPORTS
            + 'imports = by_month(within=7)',
            'you count an import on day 8. The start is day 1, so day 7 is *six* days later.',
        ),
        'the last day': (
            IMPORTS
            + "imports = by_month(base='strict')",
            'you left out the trials whose day 7 *is* the last day of the data. It was observed too: `<=`, not `<`.',
        ),
        'six days': (
            IMPORTS
            + 'imports = by_month(within=5)',
            'day 7 is missing: it lies six days after day 1.',
        ),
        'ten days': (
            IMPORTS
            + 'imports = by_month(wait=9, within=9)',
            'your window has ten days. The question gives the first week.',
        ),
        'two weeks': (
            IMPORTS
            + 'imports = by_month(wait=13, within=13)',
            'your window has two weeks. The question gives one: days 1 to 7.',
        ),
        'two weeks watched': (
            IMPORTS
            + 'imports = by_month(wait=13)',
            'you ask only trials with two weeks observed. One week is needed, so one week is enough.',
        ),
        'a whole trial': (
            IMPORTS
            + 'imports = by_month(wait=29)',
            'you ask only trials that were over. The first week is all that has to be observed.',
        ),
        'ever': (
            IMPORTS
            + 'imports = by_month(within=9999)',
            'you count an import on any day. Early months had more time for it: count the first week alone.',
        ),
        'only importers': (
            IMPORTS
            + "imports = by_month(recent.dropna(subset=['imported_on']))",
            'your base holds only trials that imported at some time. Those that never did belong in it.',
        ),
        'only importers, all ages': (
            IMPORTS
            + "imports = by_month(recent.dropna(subset=['imported_on']), base='all')",
            'your base holds only trials that imported at some time. Those that never did belong in it.',
        ),
        'young importers kept': (
            IMPORTS
            + "imports = by_month(base='whole or done')",
            'you kept young trials if they had imported already. That keeps the quick ones of the last week and drops the slow ones: age alone decides who is asked.',
        ),
        'month of the import': (
            IMPORTS
            + "imports = by_month(of='imported_on')",
            'your months are those of the *import*. A trial belongs to the month in which it started, also when it never imported.',
        ),
        'activated': (
            IMPORTS
            + "imports = by_month(column='activated_on')",
            'you count activations. The question asks for the data import: `imported_on`.',
        ),
        'paid': (
            IMPORTS
            + "imports = by_month(column='paid_on')",
            'you count payments. The question asks for the data import: `imported_on`.',
        ),
        'count of importers': (
            IMPORTS
            + "imports = by_month(size='sum')",
            'your column `asked` counts those that imported. It should count all that were asked.',
        ),
        'count of dates': (
            IMPORTS
            + "t = asked.groupby('month')\nimports = pd.DataFrame({'asked': t['imported_on'].count(), 'share': t['imported'].mean()}).reset_index()",
            'your column `asked` counts trials with an `imported_on`: `count` skips empty cells. Take the size.',
        ),
        'both years': (
            IMPORTS
            + "imports = by_month(pipewright.trials[pipewright.trials['started_on'].dt.month >= 7])",
            'July to December of *both* years stand in your table. The question begins on 1 July 2025.',
        ),
        'the year before': (
            IMPORTS
            + "imports = by_month(pipewright.trials[pipewright.trials['started_on'].between('2024-07-01', '2024-12-31')])",
            'those are the trials of 2024. The question begins on 1 July 2025.',
        ),
        'complement': (
            IMPORTS
            + "found = by_month()\nimports = found.assign(share=1 - found['share'])",
            'your `share` is the share that did *not* import.',
        ),
        'number of importers': (
            IMPORTS
            + "found = by_month()\nimports = found.assign(share=found['share'] * found['asked'])",
            'your `share` is a number of trials. Divide it by the trials asked.',
        ),
        'assisted only': (
            IMPORTS
            + "imports = by_month(recent[recent['path'] == 'assisted'])",
            'your base holds the assisted trials alone. Every trial counts.',
        ),
        'self-serve only': (
            IMPORTS
            + "imports = by_month(recent[recent['path'] == 'self_serve'])",
            'your base holds the self-serve trials alone. Every trial counts.',
        ),
        'share of all importers': (
            IMPORTS
            + "found = by_month()\nnumber = found['share'] * found['asked']\nimports = found.assign(share=number / number.sum())",
            "your `share` is the month's part of all imports. Divide by the month's own asked trials.",
        ),
        'share of all asked': (
            IMPORTS
            + "found = by_month()\nimports = found.assign(share=found['share'] * found['asked'] / found['asked'].sum())",
            "you divide each month's imports by the trials of *all* months. Each month has a base of its own.",
        ),
    },
)

# %% [markdown] question="q3"
# ## Question 3: Pipewright, how many get there
#
# Tomas wants to know how fast the *newest* trials come alive. Half of them were still running when the data ended, so a plain share won't do.
#
# Take the trials with `started_on` from 1 November 2025 on. Day 1 is the day of the start. For each trial:
#
# - it is **activated on day** `activated_on` − `started_on` + 1, if it has an `activated_on`;
# - if not, it was **watched until** day 30, or until the day of the trial that falls on `window_end`, whichever comes first. (A few paid without being activated; leave their payment aside.)
#
# A trial is **at risk on day d** if it was activated or watched until day d or later. Estimate by Kaplan and Meier the share of trials that are activated **by the end of day 21**: one minus the product, over days 1 to 21, of the shares at risk that are *not* activated on that day.
#
# Store it, a fraction with all its digits, in `alive_by_21`.

# %%
# BEGIN SOLUTION q3
newest = pipewright.trials[pipewright.trials["started_on"] >= "2025-11-01"]
activated_day = (newest["activated_on"] - newest["started_on"]).dt.days + 1
data_ends = (window_end - newest["started_on"]).dt.days + 1
watched = data_ends.clip(upper=30)
time = activated_day.fillna(watched)

not_yet = 1.0
for day in range(1, 22):
    at_risk = (time >= day).sum()
    today = (activated_day == day).sum()
    not_yet = not_yet * (1 - today / at_risk)
alive_by_21 = 1 - not_yet
# END SOLUTION
alive_by_21

# %% tags=["check"]
check("q3")

# %% tags=["solution"]
print(f"Kaplan-Meier {alive_by_21:.1%}; of all trials in the list {(activated_day <= 21).mean():.1%}.")
print(f"{(data_ends < 21).sum()} of the {len(newest)} trials had not reached day 21 when the data ended.")

# %% [markdown] tags=["solution"]
# **Why not the plain share?** Divide the trials activated by day 21 by all trials, and everyone who started at Christmas counts as a failure. Keep only trials that are 21 days old, and you are honest but throw away a third of the newest, which is what Tomas asked about. Kaplan and Meier use each trial for as long as it was watched.
#
# **What it assumes.** That trials which are still running would go on like those of the same day that we could watch. If December's trials were of another kind (many companies are closed at Christmas), the estimate would lean on the wrong ones. It is an assumption about the calendar, not about arithmetic.
#
# With statsmodels: `SurvfuncRight(time, activated_day.notna().astype(int))`, and one minus its value at day 21.

# %% tags=["spec"]
CURVE = """
def reached(table, done, until, last=21, first=1, risk="ge"):
    t = done.fillna(until)
    open_still = 1.0
    for d in range(first, last + 1):
        base = (t >= d).sum() if risk == "ge" else (t > d).sum()
        open_still = open_still * (1 - (done == d).sum() / base) if base else open_still
    return 1 - open_still
def parts(table, start=1, most=30):
    done = (table["activated_on"] - table["started_on"]).dt.days + start
    until = ((window_end - table["started_on"]).dt.days + start).clip(upper=most)
    return table, done, until
"""
question(
    "q3",
    kind="number",
    name="alive_by_21",
    title="Newest trials that are activated by day 21",
    unit="fraction",
    range=(0, 1),
    right="each trial counts for just as long as it was watched.",
    hints=[
        "Make two columns for each trial: the day it was activated (may be empty), and the last day it was watched.",
        "For one day d by hand: how many trials have a time of d or more, and how many were activated on d?",
        "Multiply the shares that were *not* activated, from day 1 to day 21, and take one minus the product.",
    ],
    traps={
        'share of all': (
            CURVE
            + 'alive_by_21 = (activated_day <= 21).mean()',
            'every trial of the list stands in your base to the end. Those that started late in December had no time: they are not failures, they were not watched any longer.',
        ),
        'ever, of all': (
            CURVE
            + 'alive_by_21 = activated_day.notna().mean()',
            'that is the share ever activated, of all trials in the list. Many had no time yet, and day 21 has no part in it.',
        ),
        'old enough only': (
            CURVE
            + 'alive_by_21 = (activated_day[data_ends >= 21] <= 21).mean()',
            'you kept only trials that are 21 days old. That is honest, and throws the newest away; Kaplan and Meier use each for as long as it was watched.',
        ),
        'a whole trial only': (
            CURVE
            + 'alive_by_21 = (activated_day[data_ends >= 30] <= 21).mean()',
            'you kept only trials that are over. Kaplan and Meier use each for as long as it was watched.',
        ),
        'old enough by 22': (
            CURVE
            + 'alive_by_21 = (activated_day[data_ends > 21] <= 21).mean()',
            'you kept only trials that are old enough. Kaplan and Meier use each for as long as it was watched.',
        ),
        'of those that got there': (
            CURVE
            + 'alive_by_21 = (activated_day.dropna() <= 21).mean()',
            'your base holds only trials that were activated. The others took longer, and belong in it for as long as they were watched.',
        ),
        'still going': (
            CURVE
            + 'alive_by_21 = not_yet',
            'that is the share *not* activated by day 21. Take one minus it.',
        ),
        'day 0 first': (
            CURVE
            + 'alive_by_21 = reached(*parts(newest, start=0))',
            'you call the first day day 0. Here it is day 1, so your day 21 is one day too late and your first day is lost.',
        ),
        'day 0 first, counted': (
            CURVE
            + 'alive_by_21 = reached(*parts(newest, start=0), first=0)',
            'you go one day too far: to day 22, or your first day is day 0 and your last 21. Here the first day is day 1 and the last is 21.',
        ),
        'sum of shares': (
            CURVE
            + 'alive_by_21 = sum((activated_day == d).sum() / (time >= d).sum() for d in range(1, 22))',
            'you added the daily shares up. Each is out of those still open, so multiply the shares that were *not* activated.',
        ),
        'exponential': (
            CURVE
            + 'alive_by_21 = 1 - np.exp(-sum((activated_day == d).sum() / (time >= d).sum() for d in range(1, 22)))',
            'that is built on the sum of the daily shares (Nelson and Aalen), and is a little lower. Kaplan and Meier multiply.',
        ),
        'day 20': (
            CURVE
            + 'alive_by_21 = reached(newest, activated_day, watched, last=20)',
            'day 21 is missing: `range(1, 21)` ends at 20.',
        ),
        'day 30': (
            CURVE
            + 'alive_by_21 = reached(newest, activated_day, watched, last=30)',
            'you go on to day 30. The question stops at the end of day 21.',
        ),
        'day 14': (
            CURVE
            + 'alive_by_21 = reached(newest, activated_day, watched, last=14)',
            'you stop at day 14. The question goes on to day 21.',
        ),
        'base without them': (
            CURVE
            + "alive_by_21 = reached(newest, activated_day, watched, risk='gt')",
            'a trial that is activated on day d was at risk on day d. Your base lacks it: `>=`, not `>`.',
        ),
        'censored a day early': (
            CURVE
            + 'alive_by_21 = reached(newest, activated_day, watched - 1)',
            'your trials stop one day too early. The first day is day 1, so the day of `window_end` is the difference in days plus one.',
        ),
        'both years': (
            CURVE
            + 'alive_by_21 = reached(*parts(pipewright.trials))',
            'you took the trials of both years. Tomas asks about those from 1 November 2025 on.',
        ),
        'the whole of 2025': (
            CURVE
            + "alive_by_21 = reached(*parts(pipewright.trials[pipewright.trials['started_on'] >= '2025-01-01']))",
            'you took all trials of 2025. Tomas asks about those from 1 November 2025 on.',
        ),
        'December': (
            CURVE
            + "alive_by_21 = reached(*parts(newest[newest['started_on'] >= '2025-12-01']))",
            'you took December alone. The question begins on 1 November 2025.',
        ),
        'before November': (
            CURVE
            + "alive_by_21 = reached(*parts(pipewright.trials[pipewright.trials['started_on'] < '2025-11-01']))",
            'you took the trials *before* November. Tomas asks about the newest.',
        ),
        'imported': (
            CURVE
            + "done = (newest['imported_on'] - newest['started_on']).dt.days + 1\nalive_by_21 = reached(newest, done, watched)",
            'you count data imports. Activated is `activated_on`.',
        ),
        'everybody at risk': (
            CURVE
            + 'alive_by_21 = 1 - np.prod([1 - (activated_day == d).sum() / len(newest) for d in range(1, 22)])',
            'your base is the same on every day. At risk are only those not yet activated and still watched.',
        ),
        'hazard of day 21': (
            CURVE
            + 'alive_by_21 = (activated_day == 21).sum() / (time >= 21).sum()',
            'that is the share activated *on* day 21. The question asks for all days up to it.',
        ),
        'failures at the end': (
            CURVE
            + 'alive_by_21 = reached(newest, time, watched)',
            'you count trials whose watching ended as if they had been activated. Only those with an `activated_on` were.',
        ),
    },
)

# %% [markdown] question="q4"
# ## Question 4: Swiftfare, which search is the sign?
#
# Three teams (flights, hotels, holidays) each claim that a search in *their* store marks the newcomer who will book. Judge them by what comes afterwards.
#
# - **Base:** users with `installed_on` in 2025 whose day 30 lies no later than `window_end` (the day of the install is day 0), **without a booking on days 0 to 2**.
# - **Event:** at least one search in the store on days 0 to 2 (`days["flight_searches"]`, `"hotel_searches"`, `"holiday_searches"`). A user may do all three.
# - **Outcome:** a first booking, of any product, on days 3 to 30.
#
# Make a table `signs` with one row an event and three columns: `event` (`"flight"`, `"hotel"` or `"holiday"`), `precision` (of those in the base who did it, the share with the outcome) and `recall` (of those in the base with the outcome, the share who did it). Fractions with all digits.

# %%
# BEGIN SOLUTION q4
people = swiftfare.users.loc[swiftfare.users["installed_on"].dt.year == 2025, ["user_id", "installed_on"]]
people = people[people["installed_on"] + pd.Timedelta(days=30) <= window_end]
first_booked_on = swiftfare.bookings.groupby("user_id")["booked_on"].min()
booked_day = (people["user_id"].map(first_booked_on) - people["installed_on"]).dt.days
waiting = people[~(booked_day <= 2)]
books_later = booked_day[waiting.index] <= 30

use = swiftfare.days.merge(waiting, on="user_id")
use = use[(use["date"] - use["installed_on"]).dt.days <= 2]
rows = []
for store in ["flight", "hotel", "holiday"]:
    did = waiting["user_id"].isin(use.loc[use[f"{store}_searches"] > 0, "user_id"])
    rows.append({
        "event": store,
        "precision": books_later[did].mean(),
        "recall": did[books_later].mean(),
    })
signs = pd.DataFrame(rows)
# END SOLUTION
signs

# %% tags=["check"]
check("q4")

# %% tags=["solution"]
print(f"Of all {len(waiting):,} users in the base, {books_later.mean():.1%} book on days 3 to 30.")

# %% [markdown] tags=["solution"]
# **Who wins?** Nobody, and that is usual. The rarer the search, the higher its precision and the lower its recall. None of the three precisions is far above the share that books anyway, which is printed above: these searches hardly mark anyone. An event is judged beside that base rate, never alone.
#
# **Why the landmark.** Leave the early bookers in, and every team looks brilliant: whoever books on day 1 has searched on day 1. That is the booking seen twice.
#
# **And as a lever?** The table can't say. To know whether *making* people look at holidays brings bookings, somebody must be shown holidays by lot.

# %% tags=["spec"]
SIGNS = """
def judge(since="2025-01-01", wait=30, landmark=2, days=2, outcome=30, product=None, swap=False, kind=None, young=False, use_first=0):
    u = swiftfare.users[swiftfare.users["installed_on"] >= since]
    u = u if young else u[u["installed_on"] + pd.Timedelta(days=wait) <= window_end]
    b = swiftfare.bookings if product is None else swiftfare.bookings[swiftfare.bookings["product"] == product]
    day = (u["user_id"].map(b.groupby("user_id")["booked_on"].min()) - u["installed_on"]).dt.days
    if landmark is not None:
        u, day = u[~(day <= landmark)], day[~(day <= landmark)]
    y = day <= outcome
    d = swiftfare.days.merge(u[["user_id", "installed_on"]], on="user_id")
    d = d[(d["date"] - d["installed_on"]).dt.days.between(use_first, days)]
    rows = []
    for store in ["flight", "hotel", "holiday"]:
        e = u["user_id"].isin(d.loc[d[f"{store}_searches"] > 0, "user_id"])
        p, r = y[e].mean(), e[y].mean()
        if kind == "both":
            p = (e & y).mean()
        if kind == "both twice":
            p = r = (e & y).mean()
        if kind == "lift":
            p = p / y.mean()
        if kind == "lift over others":
            p = p / y[~e].mean()
        if kind == "difference":
            p = p - y[~e].mean()
        if kind == "specificity":
            r = (~e)[~y].mean()
        if kind == "false alarms":
            r = e[~y].mean()
        if kind == "reach":
            r = e.mean()
        if kind == "accuracy":
            p = (e == y).mean()
        if kind == "complements":
            p, r = 1 - p, 1 - r
        if kind == "searched more":
            e = u["user_id"].isin(d.groupby("user_id")[f"{store}_searches"].sum().loc[lambda n: n >= 2].index)
            p, r = y[e].mean(), e[y].mean()
        if kind == "rows":
            rowwise = d[f"{store}_searches"] > 0
            later = d["user_id"].isin(u.loc[y, "user_id"])
            p, r = later[rowwise].mean(), rowwise[later].mean()
        rows.append({"event": store, "precision": r if swap else p, "recall": p if swap else r})
    return pd.DataFrame(rows)
"""
question(
    "q4",
    kind="table",
    name="signs",
    title="Three searches as signs of a later booking",
    keys=["event"],
    unit="fraction",
    right="the event stands before the outcome, and both shares have their own base.",
    hints=[
        "Begin with one row a user: the day of the first booking, empty where there is none. Who stays in the base?",
        "For one store: a column of true and false, did the user search there on days 0 to 2?",
        "Precision is the mean of the outcome among those who did it; recall is the mean of *did it* among those with the "
        "outcome.",
    ],
    traps={
        'no landmark': (
            SIGNS
            + 'signs = judge(landmark=None)',
            'users who booked on days 0 to 2 stand in your base. Their search was part of the booking; leave them out and ask who books *afterwards*.',
        ),
        'swapped': (
            SIGNS
            + 'signs = judge(swap=True)',
            'precision and recall are exchanged. Precision divides by those who *did it*; recall by those who *book*.',
        ),
        'searches of 30 days': (
            SIGNS
            + 'signs = judge(days=30)',
            'you count searches up to day 30, also those made for the booking itself. The event is days 0 to 2.',
        ),
        'searches at any time': (
            SIGNS
            + 'signs = judge(days=9999)',
            'you count searches on any day, also those made for the booking itself or after it. The event is days 0 to 2.',
        ),
        'young users': (
            SIGNS
            + 'signs = judge(young=True)',
            'users whose 30 days were not over stand in your base. They count as not booking, and nobody could know.',
        ),
        'both years': (
            SIGNS
            + "signs = judge(since='2024-01-01')",
            'your base holds installs of both years. The question asks for 2025.',
        ),
        'divided by everybody': (
            SIGNS
            + "signs = judge(kind='both')",
            'your precision divides by the whole base. Divide by those who *did it*.',
        ),
        'divided by everybody, twice': (
            SIGNS
            + "signs = judge(kind='both twice')",
            'both of your shares divide by the whole base. Precision divides by those who did it, recall by those who book.',
        ),
        'lift': (
            SIGNS
            + "signs = judge(kind='lift')",
            'you divided the precision by the share that books anyway. That is the lift; the question asks for the precision itself.',
        ),
        'lift over the others': (
            SIGNS
            + "signs = judge(kind='lift over others')",
            'you divided by the share among those who did *not* do it. That is a lift; the question asks for the precision itself.',
        ),
        'difference': (
            SIGNS
            + "signs = judge(kind='difference')",
            'you took the difference to those who did not do it. The question asks for the precision itself.',
        ),
        'specificity': (
            SIGNS
            + "signs = judge(kind='specificity')",
            "your recall is the share of those who don't book that did not do it (the specificity). Recall looks at those who *book*.",
        ),
        'false alarms': (
            SIGNS
            + "signs = judge(kind='false alarms')",
            'your recall looks at those who do *not* book. Recall looks at those who do.',
        ),
        'reach': (
            SIGNS
            + "signs = judge(kind='reach')",
            'your recall is the share of everybody who did it. Recall is among those who *book*.',
        ),
        'accuracy': (
            SIGNS
            + "signs = judge(kind='accuracy')",
            'your precision is the share of all users for whom event and outcome agree (the accuracy). Precision looks only at those who did it.',
        ),
        'complements': (
            SIGNS
            + "signs = judge(kind='complements')",
            'your shares are the complements: those who did *not*.',
        ),
        'flights booked only': (
            SIGNS
            + "signs = judge(product='flight')",
            'you count a booked flight as the outcome. A booking of any product counts, and decides who leaves the base.',
        ),
        'booked at any time': (
            SIGNS
            + 'signs = judge(outcome=9999)',
            'your outcome is a booking at any time after day 2. It ends with day 30, for everybody.',
        ),
        'day 31': (
            SIGNS
            + 'signs = judge(outcome=31, wait=31)',
            'your outcome goes to day 31. It ends with day 30.',
        ),
        'a week as outcome': (
            SIGNS
            + 'signs = judge(outcome=7)',
            'your outcome ends with day 7. It goes on to day 30.',
        ),
        'early bookers in the base': (
            SIGNS
            + "d = swiftfare.days.merge(people, on='user_id')\nd = d[(d['date'] - d['installed_on']).dt.days <= 2]\ny = booked_day.between(3, 30)\nrows = []\nfor k in ['flight', 'hotel', 'holiday']:\n    e = people['user_id'].isin(d.loc[d[k + '_searches'] > 0, 'user_id'])\n    rows.append({'event': k, 'precision': y[e].mean(), 'recall': e[y].mean()})\nsigns = pd.DataFrame(rows)",
            'users who booked on days 0 to 2 stand in your base. They can no longer make a *first* booking on days 3 to 30: leave them out.',
        ),
        'everything to day 3': (
            SIGNS
            + 'signs = judge(landmark=3, days=3)',
            'your line lies after day 3, for the searches and the bookings. It lies after day 2.',
        ),
        'landmark at day 3': (
            SIGNS
            + 'signs = judge(landmark=3)',
            'you left out those who booked on day 3. Days 0 to 2 are left out; day 3 is the first that counts.',
        ),
        'landmark at day 0': (
            SIGNS
            + 'signs = judge(landmark=0)',
            'you left out only those who booked on the day of the install. Days 0 to 2 are left out.',
        ),
        'landmark at day 1': (
            SIGNS
            + 'signs = judge(landmark=1)',
            'you left out those who booked on days 0 and 1. Day 2 is missing.',
        ),
        'searches to day 3': (
            SIGNS
            + 'signs = judge(days=3)',
            'your event runs to day 3. It is days 0 to 2.',
        ),
        'searches of day 0': (
            SIGNS
            + 'signs = judge(days=0)',
            'your event is the day of the install alone. It is days 0 to 2.',
        ),
        'searches to day 1': (
            SIGNS
            + 'signs = judge(days=1)',
            'your event ends with day 1. It is days 0 to 2.',
        ),
        'without day 0': (
            SIGNS
            + 'signs = judge(use_first=1)',
            'your event leaves out the day of the install. It is day 0, and counts.',
        ),
        'two searches': (
            SIGNS
            + "signs = judge(kind='searched more')",
            'you ask for two searches. One is enough.',
        ),
        'rows of days': (
            SIGNS
            + "signs = judge(kind='rows')",
            'you count rows of `days`, and a user has several. One row a user first.',
        ),
        '29 days': (
            SIGNS
            + 'signs = judge(outcome=29)',
            'your outcome ends with day 29. Day 30 belongs to it.',
        ),
    },
)

# %% [markdown] question="q5"
# ## Question 5: Swiftfare, the alert's effect in the panel
#
# The chapter used counts of the whole company. The panel holds some of the same people as rows. Estimate from them what a price alert does to those who set one *because they were asked*: the compliers' effect.
#
# - **Base:** users of `swiftfare.alerts` with an `arm`, `"control"` or `"treatment"` (all others were outside the test). Every one of them had 30 days observed.
# - **Took the alert:** `set_on` is not empty.
# - **Booked:** a first booking no later than 30 days after `installed_on`.
#
# The compliers' effect is the difference between the arms (treatment minus control) in the share that booked, divided by the difference in the share that took the alert. Store it, a fraction with all its digits, in `alert_effect`.

# %%
# BEGIN SOLUTION q5
test = swiftfare.alerts[swiftfare.alerts["arm"].notna()].merge(
    swiftfare.users[["user_id", "installed_on"]], on="user_id"
)
first_booked_on = swiftfare.bookings.groupby("user_id")["booked_on"].min()
test["booked"] = (test["user_id"].map(first_booked_on) - test["installed_on"]).dt.days <= 30
test["took"] = test["set_on"].notna()

arms = test.groupby("arm", observed=True)[["booked", "took"]].mean()
difference = arms.loc["treatment"] - arms.loc["control"]
alert_effect = difference["booked"] / difference["took"]
# END SOLUTION
alert_effect

# %% tags=["check"]
check("q5")

# %% tags=["solution"]
n = test.groupby("arm", observed=True).size()
error = np.sqrt((arms["booked"] * (1 - arms["booked"]) / n).sum()) / difference["took"]
print(
    f"{100 * alert_effect:+.1f} points, 95 % interval {100 * (alert_effect - 1.96 * error):+.1f} to {100 * (alert_effect + 1.96 * error):+.1f}"
)
by_alert = test.groupby("took")["booked"].mean()
print(f"With an alert less without, whatever the arm: {100 * (by_alert[True] - by_alert[False]):+.1f} points.")

# %% [markdown] tags=["solution"]
# **Read the interval first.** The panel's test has some eighteen thousand users, and its interval runs from harm to a large gain. The whole company's, thirty times as many, is under one point either way. Both hold the planted effect. Eighteen thousand users is more than most companies ever test on, and here it settles nothing: a first booking is rare, and only a quarter complied.
#
# **Why divide.** Treatment less control is what *showing the card* did, spread over everybody. Three quarters of them behaved the same with or without the card, so all of the difference belongs to the remaining quarter. That holds only if the card works through the alert and in no other way. A card that also reminds people of the app would break it.
#
# **The tempting number** compares those with an alert and those without, printed above. The lot chose who saw the card; it did not choose who set an alert. Sort by what people *did* and the experiment is gone.

# %% tags=["spec"]
PANEL = """
def split(table, by="arm"):
    return table.groupby(by, observed=True)[["booked", "took"]].mean()
def with_outcome(days):
    wait = (test["user_id"].map(first_booked_on) - test["installed_on"]).dt.days
    return test.assign(booked=wait <= days)
def wald(table):
    m = table.groupby("arm", observed=True)[["booked", "took"]].mean()
    d = m.loc["treatment"] - m.loc["control"]
    return d["booked"] / d["took"]
"""
question(
    "q5",
    kind="number",
    name="alert_effect",
    title="The alert's effect on those who set it when asked",
    unit="fraction",
    range=(-1, 1),
    right="everybody stayed in the arm they were drawn into. One number is not the answer yet: with these few users its interval runs from a loss to a gain (the solution works it out). Say so when you quote it.",
    hints=[
        "One row a user of the test, with three columns: arm, took, booked. Both of the last are true or false.",
        "Group by the arm alone. Never sort by who took the alert: the lot did not decide that.",
        "Two differences, treatment minus control; divide the one by the other.",
    ],
    traps={
        'as treated': (
            PANEL
            + "m = split(test, 'took')\nalert_effect = m['booked'][True] - m['booked'][False]",
            'you compare those with an alert and those without. The lot did not choose them; who plans a trip sets an alert. Compare the *arms*.',
        ),
        'as treated, divided': (
            PANEL
            + "m = split(test, 'took')\nalert_effect = (m['booked'][True] - m['booked'][False]) / difference['took']",
            'you compare those with an alert and those without. The lot did not choose them. Compare the *arms*, then divide.',
        ),
        'intention to treat': (
            PANEL
            + "alert_effect = difference['booked']",
            'that is what *showing the card* did, spread over everybody. The question asks for the effect on the compliers: divide.',
        ),
        'per protocol': (
            PANEL
            + "alert_effect = test.loc[(test['arm'] == 'treatment') & test['took'], 'booked'].mean() - test.loc[(test['arm'] == 'control') & ~test['took'], 'booked'].mean()",
            'you kept only those who did as their arm was meant to (per protocol). That sorts by what people did, and the lot is gone.',
        ),
        'with an alert only': (
            PANEL
            + "alert_effect = test.loc[(test['arm'] == 'treatment') & test['took'], 'booked'].mean() - test.loc[(test['arm'] == 'control') & test['took'], 'booked'].mean()",
            'you compare the arms among those with an alert. They are other people in each arm: keep everybody.',
        ),
        'treated with against all control': (
            PANEL
            + "alert_effect = test.loc[(test['arm'] == 'treatment') & test['took'], 'booked'].mean() - test.loc[test['arm'] == 'control', 'booked'].mean()",
            'you compare a part of one arm with the whole of the other. Keep everybody in the arm they were drawn into.',
        ),
        'within the treatment': (
            PANEL
            + "m = split(test[test['arm'] == 'treatment'], 'took')\nalert_effect = m['booked'][True] - m['booked'][False]",
            'you stay inside one arm and compare those with an alert and those without. The lot decides between the arms: compare those.',
        ),
        'within the control': (
            PANEL
            + "m = split(test[test['arm'] == 'control'], 'took')\nalert_effect = m['booked'][True] - m['booked'][False]",
            'you stay inside one arm and compare those with an alert and those without. The lot decides between the arms: compare those.',
        ),
        "divided by the treated's share": (
            PANEL
            + "alert_effect = difference['booked'] / arms['took']['treatment']",
            'you divide by all of the treatment arm that has an alert. Some would have set one unasked: divide by the *difference* between the arms.',
        ),
        "divided by the control's share": (
            PANEL
            + "alert_effect = difference['booked'] / arms['took']['control']",
            "you divide by the control arm's share with an alert. Those set it unasked: divide by the *difference* between the arms.",
        ),
        'divided by all takers': (
            PANEL
            + "alert_effect = difference['booked'] / test['took'].mean()",
            'you divide by the share with an alert in both arms together. Divide by the *difference* between the arms.',
        ),
        'turned round': (
            PANEL
            + "alert_effect = -difference['booked'] / difference['took']",
            'the sign is turned round: treatment minus control, above the line and below it.',
        ),
        'upside down': (
            PANEL
            + "alert_effect = difference['took'] / difference['booked']",
            'your fraction stands on its head: bookings above, alerts below.',
        ),
        'at any time': (
            PANEL
            + 'alert_effect = wald(with_outcome(9999))',
            'you count bookings at any time. The outcome is a first booking within 30 days.',
        ),
        'a week': (
            PANEL
            + 'alert_effect = wald(with_outcome(7))',
            'you count bookings of the first week. The outcome is a first booking within 30 days.',
        ),
        '29 days': (
            PANEL
            + 'alert_effect = wald(with_outcome(29))',
            'day 30 is missing: no later than 30 days after, so `<= 30`.',
        ),
        '31 days': (
            PANEL
            + 'alert_effect = wald(with_outcome(31))',
            'you count day 31 too. No later than 30 days after: `<= 30`.',
        ),
        'whole company': (
            PANEL
            + "e = swiftfare.arm_days[swiftfare.arm_days['experiment_id'] == 1].groupby('arm', observed=True)[['n', 'taken', 'sum_x']].sum()\nr = e.div(e['n'], axis=0)\nd = r.loc['treatment'] - r.loc['control']\nalert_effect = d['sum_x'] / d['taken']",
            "that is the whole company's effect, from the counts. The question asks for the panel's.",
        ),
        'outsiders as control': (
            PANEL
            + "u = swiftfare.users.merge(swiftfare.alerts, on='user_id', how='left')\nu['booked'] = (u['user_id'].map(first_booked_on) - u['installed_on']).dt.days <= 30\nu['took'] = u['set_on'].notna()\nm = u.assign(shown=u['arm'] == 'treatment').groupby('shown')[['booked', 'took']].mean()\nd = m.loc[True] - m.loc[False]\nalert_effect = d['booked'] / d['took']",
            'users outside the test stand in your control group. They installed at other times; only those with an arm were drawn by lot.',
        ),
        'rows without an arm': (
            PANEL
            + "u = swiftfare.alerts.merge(swiftfare.users[['user_id', 'installed_on']], on='user_id')\nu['booked'] = (u['user_id'].map(first_booked_on) - u['installed_on']).dt.days <= 30\nu['took'] = u['set_on'].notna()\nm = u.assign(shown=u['arm'] == 'treatment').groupby('shown')[['booked', 'took']].mean()\nd = m.loc[True] - m.loc[False]\nalert_effect = d['booked'] / d['took']",
            'rows without an arm stand in your control group. They were outside the test, and all of them have an alert.',
        ),
        "bookers' alerts": (
            PANEL
            + "took = test['took'] & test['booked']\nm = test.assign(both=took).groupby('arm', observed=True)['both'].mean()\nalert_effect = m['treatment'] - m['control']",
            'you count those who did both, set an alert *and* booked. Compare the share that booked, whoever they are.',
        ),
        'booking rate ratio': (
            PANEL
            + "alert_effect = arms['booked']['treatment'] / arms['booked']['control'] - 1",
            "that is how much larger one arm's share is than the other's. The question asks for a difference, divided by a difference.",
        ),
        'ratio of shares': (
            PANEL
            + "alert_effect = arms['booked']['treatment'] / arms['took']['treatment'] - arms['booked']['control'] / arms['took']['control']",
            'you divided first and subtracted afterwards. Two differences first, then one division.',
        ),
        'number of bookings': (
            PANEL
            + "count = test['user_id'].map(swiftfare.bookings.groupby('user_id').size()).fillna(0)\nm = test.assign(booked=count).groupby('arm', observed=True)[['booked', 'took']].mean()\nd = m.loc['treatment'] - m.loc['control']\nalert_effect = d['booked'] / d['took']",
            'you count bookings, however many. The outcome is whether there is one within 30 days.',
        ),
        'sums, not shares': (
            PANEL
            + "m = test.groupby('arm', observed=True)[['booked', 'took']].sum()\nd = m.loc['treatment'] - m.loc['control']\nalert_effect = d['booked'] / d['took']",
            'you subtract *numbers* of people. The arms are not the same size: take shares.',
        ),
        'share of compliers': (
            PANEL
            + "alert_effect = difference['took']",
            'that is the share of compliers: what the card did to *alerts*. It belongs below the line.',
        ),
        'multiplied': (
            PANEL
            + "alert_effect = difference['booked'] * difference['took']",
            "you multiplied. The card's effect is spread over everybody and came from the compliers alone: divide.",
        ),
    },
)

# %% [markdown] question="q6"
# ## Question 6: Pipewright, what help did for those who got it
#
# The chapter standardised *activation* to all trials. The sales director asks about *money*, and about her own trials: of the trials that were assisted, how many more paid than would have alone?
#
# - **Base:** trials with `started_on` in **2024** (all of them were watched for more than 66 days).
# - **Paid:** `paid_on` no later than 66 days after `started_on`.
# - Merge the size of the company from `pipewright.accounts`. Within each size (`small`, `medium`, `large`) take the share that paid among the assisted trials **minus** the share among the self-serve ones (`path`).
# - Average the three differences with weights: the number of **assisted** trials of that size.
#
# Store the weighted average, a fraction with all its digits, in `help_effect`.

# %%
# BEGIN SOLUTION q6
trials = pipewright.trials.merge(pipewright.accounts[["account_id", "size"]], on="account_id")
trials = trials[trials["started_on"].dt.year == 2024].copy()
trials["paid"] = (trials["paid_on"] - trials["started_on"]).dt.days <= 66

cells = trials.groupby(["size", "path"], observed=True)["paid"].agg(["mean", "size"]).unstack()
gaps = cells["mean"]["assisted"] - cells["mean"]["self_serve"]
weights = cells["size"]["assisted"]
help_effect = (gaps * weights).sum() / weights.sum()
# END SOLUTION
help_effect

# %% tags=["check"]
check("q6")

# %% tags=["solution"]
everybody = cells["size"].sum(axis=1)
raw = trials.groupby("path", observed=True)["paid"].mean()
print(f"Weighted by the assisted {100 * help_effect:+.1f} points; by all trials {100 * (gaps * everybody).sum() / everybody.sum():+.1f}.")
print(f"Raw {100 * (raw['assisted'] - raw['self_serve']):+.1f} points.")
print((100 * gaps).round(1).to_string())

# %% [markdown] tags=["solution"]
# **Three numbers, three questions.** The raw difference mixes help with size. The average over *all* trials says what would change if every company got an executive. The average over the *assisted* ones says what the executives did for those they had: fewer small companies among them, and so less, because the gap among large companies is smaller in these data. The sales director asked the last. For the question whom the next executive should help, neither is right: look at the unassisted, size by size.
#
# **In this base nobody reverses.** On payment even the raw difference favours help, because assisted trials of a size pay more than twice as often. The reversal of the chapter was a matter of *how much* help adds against *how different* the sizes are. Standardise in both cases; the sign is not a test of whether you needed to.
#
# **Thin cells.** Few of the large trials go alone, and hardly any of those of 2024 paid. The gap rests on them.

# %% tags=["spec"]
HELP = """
def helped(table=None, since="2024-01-01", before="2025-01-01", days=66, column="paid_on", weights="assisted", by="size"):
    t = pipewright.trials.merge(pipewright.accounts[["account_id", "size", "country", "industry", "source"]], on="account_id") if table is None else table
    t = t[(t["started_on"] >= since) & (t["started_on"] < before)].copy()
    t["y"] = (t[column] - t["started_on"]).dt.days <= days
    g = t.groupby([by, "path"], observed=True)["y"].agg(["mean", "size"]).unstack()
    d = g["mean"]["assisted"] - g["mean"]["self_serve"]
    n = g["size"]
    w = {"assisted": n["assisted"], "self_serve": n["self_serve"], "all": n.sum(axis=1), "none": d * 0 + 1}[weights]
    ok = d.notna()
    return (d * w)[ok].sum() / w[ok].sum()
raw_share = trials.groupby("path", observed=True)["paid"].mean()
"""
question(
    "q6",
    kind="number",
    name="help_effect",
    title="What help did for the trials that got it",
    unit="fraction",
    range=(-1, 1),
    right="like is compared with like, and the weights say for whom.",
    hints=[
        "Six groups, three sizes by two paths: one `groupby` with mean and size, then `unstack`.",
        "Three differences, assisted minus self-serve.",
        "The weights are counts of assisted trials. Sum of products over sum of weights.",
    ],
    traps={
        'raw': (
            HELP
            + "help_effect = raw_share['assisted'] - raw_share['self_serve']",
            'that is the raw difference. Large companies are assisted more often and pay less often: compare within each size first.',
        ),
        'weighted by all': (
            HELP
            + "help_effect = helped(weights='all')",
            'you weighted by *all* trials of a size. That says what help would do for everybody; the sales director asks about those who got it: weight by the assisted.',
        ),
        'weighted by the self-serve': (
            HELP
            + "help_effect = helped(weights='self_serve')",
            'you weighted by the *self-serve* trials. That says what help would do for those who had none; weight by the assisted.',
        ),
        'plain mean': (
            HELP
            + "help_effect = helped(weights='none')",
            'you took the plain mean of the three differences. A size with few trials then counts as much as one with many: weight by the assisted trials.',
        ),
        'activated': (
            HELP
            + "help_effect = helped(column='activated_on', days=13)",
            'you count activations. The sales director asks who *paid*.',
        ),
        'ever activated': (
            HELP
            + "help_effect = helped(column='activated_on')",
            'you count activations. The sales director asks who *paid*.',
        ),
        'imported': (
            HELP
            + "help_effect = helped(column='imported_on')",
            'you count data imports. The sales director asks who *paid*.',
        ),
        '30 days': (
            HELP
            + 'help_effect = helped(days=30)',
            'you gave the trials 30 days to pay. Who is assisted decides later: the question gives 66.',
        ),
        '45 days': (
            HELP
            + 'help_effect = helped(days=45)',
            'you gave the trials 45 days to pay. The question gives 66.',
        ),
        '60 days': (
            HELP
            + 'help_effect = helped(days=60)',
            'you gave the trials 60 days to pay. The question gives 66.',
        ),
        'both years': (
            HELP
            + "help_effect = helped(before='2026-01-01')",
            'trials of 2025 stand in your base, also the young ones that had no 66 days. The question asks for those started in 2024.',
        ),
        'both years, whole': (
            HELP
            + "help_effect = helped(before='2025-10-27')",
            'trials of 2025 stand in your base. The question asks for those started in 2024.',
        ),
        'the year after': (
            HELP
            + "help_effect = helped(since='2025-01-01', before='2026-01-01')",
            'those are the trials of 2025. The question asks for those started in 2024.',
        ),
        'paid in 2024': (
            HELP
            + "y = trials['paid_on'].dt.year == 2024\ng = trials.assign(y=y).groupby(['size', 'path'], observed=True)['y'].agg(['mean', 'size']).unstack()\nd = g['mean']['assisted'] - g['mean']['self_serve']\nw = g['size']['assisted']\nhelp_effect = (d * w).sum() / w.sum()",
            'you count payments of the year 2024. A trial of December pays in 2025: count 66 days for each.',
        ),
        'turned round': (
            HELP
            + 'help_effect = -(gaps * weights).sum() / weights.sum()',
            'the sign is turned round: assisted *minus* self-serve.',
        ),
        'ratio': (
            HELP
            + "help_effect = (cells['mean']['assisted'] * weights).sum() / (cells['mean']['self_serve'] * weights).sum()",
            'that is a *ratio* of two shares. The question asks for a difference.',
        ),
        'ratio less one': (
            HELP
            + "help_effect = (cells['mean']['assisted'] * weights).sum() / (cells['mean']['self_serve'] * weights).sum() - 1",
            'that is how many times more, less one. The question asks for a difference of shares.',
        ),
        'small alone': (
            HELP
            + "help_effect = gaps['small']",
            'you looked at the small companies alone. All three sizes count, weighted.',
        ),
        'medium alone': (
            HELP
            + "help_effect = gaps['medium']",
            'you looked at the medium companies alone. All three sizes count, weighted.',
        ),
        'large alone': (
            HELP
            + "help_effect = gaps['large']",
            'you looked at the large companies alone. All three sizes count, weighted.',
        ),
        'without the large': (
            HELP
            + "w = weights.drop('large')\nhelp_effect = (gaps.drop('large') * w).sum() / w.sum()",
            'you left the large companies out. All three sizes count.',
        ),
        'without the small': (
            HELP
            + "w = weights.drop('small')\nhelp_effect = (gaps.drop('small') * w).sum() / w.sum()",
            'you left the small companies out. All three sizes count.',
        ),
        'by country': (
            HELP
            + "help_effect = helped(by='country')",
            'you compared within countries. What decides who is assisted is the *size* of the company.',
        ),
        'by industry': (
            HELP
            + "help_effect = helped(by='industry')",
            'you compared within industries. What decides who is assisted is the *size* of the company.',
        ),
        'by source': (
            HELP
            + "help_effect = helped(by='source')",
            'you compared within sources. What decides who is assisted is the *size* of the company.',
        ),
        'sum of gaps': (
            HELP
            + 'help_effect = gaps.sum()',
            'you added the three differences up. Average them, with weights.',
        ),
        'not divided by the weights': (
            HELP
            + 'help_effect = (gaps * weights).sum()',
            'you forgot to divide by the sum of the weights.',
        ),
        'divided by all trials': (
            HELP
            + 'help_effect = (gaps * weights).sum() / len(trials)',
            'you divide by the number of all trials. Divide by the sum of the weights you used.',
        ),
        'assisted share': (
            HELP
            + "help_effect = raw_share['assisted']",
            'that is the share of assisted trials that paid. Some would have paid alone: take the difference within each size.',
        ),
        'regression': (
            HELP
            + "x = trials['path'].eq('assisted').astype(float)\nx = x - x.groupby(trials['size'], observed=True).transform('mean')\nhelp_effect = float((x * trials['paid']).sum() / (x * x).sum())",
            "that is a regression's answer, which weights a size by how mixed its paths are. The question weights by the assisted trials.",
        ),
        'payers only': (
            HELP
            + "p = trials[trials['paid']]\nhelp_effect = p['path'].eq('assisted').mean() - p['path'].eq('self_serve').mean()",
            'you look only at trials that paid. Take the share that paid *within* each path and size.',
        ),
    },
)

# %% [markdown] question="q7"
# ## Question 7: the decision
#
# It is four o'clock; the plan locks at five. Write **one note to both planning rounds**, of 120 to 300 words, in `note`:
#
# - **Swiftfare.** The head of growth wants five people for a quarter to put the price alert before every newcomer, since those with an alert book two and a half times as often. What do you do with the card, with the five people, and with the alert as an activation metric?
# - **Pipewright.** There is money for *one* thing: another account executive, or a sprint on the self-serve trial. Which, for which companies, and why? State the cost of one more activated account, and at what cost or at what effect you would decide otherwise.
#
# Use numbers: your own from above, or the chapter's. For each company name one thing that would change your mind.

# %%
# BEGIN SOLUTION q7
note = """
Swiftfare. Leave the card on for everybody, and give the five people something else. Newcomers with an alert book far more
often because those who plan a trip set alerts. The test settles it: showing the card brought 0.2 points more newcomers to a
booking (0.03 to 0.39), where the multiplication had promised nearly five. That is worth some 80,000 euros of margin a year
(11,000 to 146,000): fine for a card that is built, no reason for a team. The alert is no activation metric any
more either: once we ask for it, its share trebles and its precision falls by a third. I would report the share that comes
back on another day in the first week, and call it a sign. A test of another card with a lift of a point or more would change my mind.

Pipewright. Hire the executive, and let her help medium-sized trials, drawn by lot from those that now go alone. Within the
same size help adds 11 points of activation (7 to 15), so one more activated account costs about 6,400 euros (4,800 to 9,700)
at 720 a trial, not the 1,800 of the obvious sum. Among medium companies one more customer costs about what it pays in its
first year; among small ones twice that, so those stay self-serve. The sprint would need only 1.4 points to match her, but a
year of trials shows nothing below nine. Her own lot will be good to eleven points either way in a year, so I watch her
hours first: a medium trial brings 800 euros more with help in its first year (480 to 1,120). If one costs much more than
that, I would take the sprint.
"""
# END SOLUTION

# %% tags=["check"]
check("q7")

# %% [markdown] tags=["solution"]
# ## Two sample answers
#
# The text above is the **strong** one. What makes it so:
#
# - *It decides, and splits what can be split.* The card, the team and the metric get three answers, because they are three questions.
# - *It divides by the difference.* The cost of one more account, not of one account that was assisted.
# - *It says where the money comes back*, by size, and puts the person there.
# - *It takes the sprint seriously.* It says how little the sprint would need, and why that doesn't help.
# - *It buys knowledge*: her trials are drawn by lot, so next year's number needs no promise about sizes.
#
# What could be better: the 720 euros are an assumption, and the note says so only by implication. And "shows nothing below nine" holds for activation; a measure nearer to the change, such as days until the import, might need fewer trials.
#
# And a **weak** one, as it is often written:
#
# > Price alerts are our aha moment: users who set one convert 2.5x better, and the experiment confirmed a statistically significant uplift. We should double down and make the alert a mandatory onboarding step, with alert adoption as the squad's north-star metric. At Pipewright, assisted trials activate at 40 % against 47 % for self-serve, so the high-touch model is not working and product-led growth should be prioritised. The self-serve sprint will raise activation significantly. Sales can be re-assigned to closing. At 1,800 euros per activated account, assistance is also expensive. We will monitor activation monthly and iterate.
#
# - *"Confirmed a statistically significant uplift"* is true and beside the point: a twentieth of what was promised. It reports the sign and hides the size.
# - *"Alert adoption as north star"* sets as a goal the one number that the card has just shown can treble while bookings stand still.
# - *40 against 47* compares large companies with small ones.
# - *"Will raise activation significantly"* has no number, no test, and could not be seen if it were true.
# - *1,800 euros* is the cost of an assisted account that is activated, many of which would have come alive alone. The honest figure is more than three times as high, and then the note should say what an account is worth.
# - *"Monitor monthly"*: the newest month will look worst every time, and somebody will act on it.

# %% tags=["spec"]
question(
    "q7",
    kind="decision",
    name="note",
    title="One note to both planning rounds",
    words=(120, 300),
    hints=[
        "Decide first, in one sentence for each company. Then the two numbers that carry it. Then what would change your "
        "mind.",
    ],
    rubric=[
        "Does the first sentence about each company say what is to be done, or not done?",
        "Swiftfare: is the decision about the team based on the arms of the test, not on who set an alert?",
        "Swiftfare: is the alert judged as a metric apart from the alert as a lever?",
        "Pipewright: are assisted and self-serve trials compared within the same size of company?",
        "Is the cost divided by what help *adds*, with an interval, and is the assumed cost of a trial named?",
        "Is the sprint held against something: the lift it would need, and whether that could be seen?",
        "Is there, for each company, something that could happen and would change your mind?",
    ],
)
