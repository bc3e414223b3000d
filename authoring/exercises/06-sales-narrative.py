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
# # Solution 6: how many sales to promise
#
# All seven questions of [the exercise](../exercises/06-sales-narrative.ipynb), answered and discussed. Other routes to the same number are as good. If yours differs in the words that follow and not in the number, you are done.

# %% [markdown] tags=["exercise"]
# # Exercise 6: how many sales to promise
#
# Seven questions, from counting to deciding; the last is a note that no program can grade. They don't build on each other; question 6 is the longest. About two hours, an estimate. Replace each `...` with your code, run the cell, then run the check below it. A check never shows you the answer; if yours is off, it tries to name what went wrong. Hints are folded away beneath it.
#
# The tables are the ones of [the chapter on the sales narrative](../book/06-sales-narrative.md). Plain pandas is all you need.

# %%
# Run this cell first. It loads the two companies' tables.
import numpy as np
import pandas as pd

import twoworlds as tw
from twoworlds import Checker

check = Checker("06-sales-narrative")
swiftfare = tw.load("swiftfare")
pipewright = tw.load("pipewright")
window_start = pd.Timestamp("2024-01-01")
window_end = pd.Timestamp("2025-12-31")

# %% [markdown] question="q1"
# ## Question 1: Swiftfare, the top tenth of 2024
#
# Swiftfare's chief executive wants to know how much of the money hangs on a few travellers. The table is `swiftfare.bookings`, the columns `user_id`, `booked_on` and `price_cents`.
#
# - Count bookings of **2024**: `booked_on` from 1 January to 31 December 2024, flights, hotels and holidays alike.
# - A **customer** is a user with at least one booking in 2024; add up the prices of each customer's bookings of that year.
# - The **top tenth** are the customers with the largest sums: as many as the number of customers divided by ten, rounded down.
#
# Store the top tenth's share of all the euros of 2024, a fraction between 0 and 1 with all its digits, in `top_tenth`.

# %%
# BEGIN SOLUTION q1
bookings = swiftfare.bookings
in_2024 = bookings[bookings["booked_on"] <= "2024-12-31"]
spent = in_2024.groupby("user_id")["price_cents"].sum().sort_values(ascending=False)

top_tenth = spent.head(len(spent) // 10).sum() / spent.sum()
# END SOLUTION
top_tenth

# %% tags=["check"]
check("q1")

# %% tags=["solution"]
print(f"{len(spent) // 10:,} of {len(spent):,} customers; the five largest hold {spent.head(5).sum() / spent.sum():.1%}.")

# %% [markdown] tags=["solution"]
# **Why customers.** The top tenth of *bookings* holds about as much, by chance of this company. The questions differ: one asks about dear trips, the other about dear travellers. A traveller can be talked to; a trip is over.
#
# **Why a tenth says little alone.** At Pipewright the top tenth holds about half of the revenue, not so much more. But a tenth is some seventy accounts there, and hundreds of travellers here. Ask for the five largest as well.

# %% tags=["spec"]
# ruff: noqa: F401 - the setup cell imports what learners may want
question(
    "q1",
    kind="number",
    name="top_tenth",
    title="Swiftfare: the top tenth's share of 2024's euros",
    unit="fraction",
    range=(0, 1),
    right="the largest customers, of those who booked that year.",
    hints=[
        "Keep the bookings of 2024, then `groupby(\"user_id\")[\"price_cents\"].sum()`: one row a customer.",
        "Sort from large to small. How many rows is a tenth, rounded down?",
    ],
    traps={
        "2025": (
            "other = bookings[bookings['booked_on'] > '2024-12-31'].groupby('user_id')['price_cents'].sum()\n"
            "top_tenth = other.nlargest(len(other) // 10).sum() / other.sum()",
            "those are the bookings of 2025. The lesson asked for that year; here it is 2024.",
        ),
        "both years": (
            "both = bookings.groupby('user_id')['price_cents'].sum()\n"
            "top_tenth = both.nlargest(len(both) // 10).sum() / both.sum()",
            "you added up both years. Keep the bookings of 2024 first.",
        ),
        "bookings": (
            "in_2024['price_cents'].nlargest(len(in_2024) // 10).sum() / in_2024['price_cents'].sum()",
            "that is the dearest tenth of the *bookings*. The question asks for customers: add up each one's bookings first.",
        ),
        "a tenth of the users": (
            "spent.head(len(swiftfare.users) // 10).sum() / spent.sum()",
            "you took a tenth of *all users*. Most of them booked nothing; a customer has a booking in 2024.",
        ),
        "a tenth of the bookings' number": (
            "spent.head(len(in_2024) // 10).sum() / spent.sum()",
            "you took as many customers as a tenth of the *bookings*. Count the rows after adding up by customer.",
        ),
        "a tenth of both years' customers": (
            "spent.head(bookings['user_id'].nunique() // 10).sum() / spent.sum()",
            "you took a tenth of the customers of both years. Count those of 2024.",
        ),
        "margin": (
            "margin = in_2024.groupby('user_id')['margin_cents'].sum()\n"
            "top_tenth = margin.nlargest(len(margin) // 10).sum() / margin.sum()",
            "you added up the margin. The question asks for the price that travellers pay.",
        ),
        "counts": (
            "often = in_2024.groupby('user_id').size()\n"
            "top_tenth = often.nlargest(len(often) // 10).sum() / often.sum()",
            "you counted bookings. The question asks for their price: `sum()` of `price_cents`.",
        ),
        "the keenest": (
            "often = in_2024.groupby('user_id').size().nlargest(len(spent) // 10).index\n"
            "top_tenth = spent[often].sum() / spent.sum()",
            "you took the customers who booked most often. The question asks for those who paid most.",
        ),
        "the smallest": (
            "spent.tail(len(spent) // 10).sum() / spent.sum()",
            "those are the customers who paid *least*. Sort from large to small.",
        ),
        "a tenth of the sign-ups": (
            "spent.head(swiftfare.users['signed_up_on'].notna().sum() // 10).sum() / spent.sum()",
            "you took a tenth of all who *signed up*. A customer has a booking in 2024.",
        ),
        "deals": (
            "wins = pipewright.opportunities.query(\"outcome == 'won' and '2024-01-01' <= closed_on <= '2024-12-31'\")['amount_cents']\n"
            "top_tenth = wins.nlargest(len(wins) // 10).sum() / wins.sum()",
            "those are Pipewright's deals. The question is about Swiftfare's travellers.",
        ),
        "flights": (
            "flights = in_2024[in_2024['product'].astype(str) == 'flight'].groupby('user_id')['price_cents'].sum()\n"
            "top_tenth = flights.nlargest(len(flights) // 10).sum() / flights.sum()",
            "you kept flights alone. Hotels and holidays are bookings too.",
        ),
        "of both years' euros": (
            "spent.head(len(spent) // 10).sum() / bookings['price_cents'].sum()",
            "above the line stand euros of 2024, below it those of both years.",
        ),
        "above the 90th percentile by mean": (
            "spent[spent > spent.mean()].sum() / spent.sum()",
            "those are the customers above the mean, and far more than a tenth.",
        ),
        "a hundredth": (
            "spent.head(len(spent) // 100).sum() / spent.sum()",
            "that is the top *hundredth*: `// 10`, not `// 100`.",
        ),
        "a fifth": (
            "spent.head(len(spent) // 5).sum() / spent.sum()",
            "that is the top *fifth*. A tenth is `// 10`.",
        ),
        "largest booking": (
            "dear = in_2024.groupby('user_id')['price_cents'].max()\n"
            "top_tenth = dear.nlargest(len(dear) // 10).sum() / dear.sum()",
            "you took each customer's *largest* booking. Add up all of them: `sum()`, not `max()`.",
        ),
        "mean booking": (
            "dear = in_2024.groupby('user_id')['price_cents'].mean()\n"
            "top_tenth = dear.nlargest(len(dear) // 10).sum() / dear.sum()",
            "you took each customer's *mean* booking. Add them up: `sum()`, not `mean()`.",
        ),
    },
)

# %% [markdown] question="q2"
# ## Question 2: Swiftfare, which kind of headline leads?
#
# The eight headlines belong to six kinds, in the column `message` of `swiftfare.creatives`; some kinds have two headlines. The design team would rather know the kind than the headline.
#
# - A kind's **rate** in a wave: taps of all its headlines over the times they were shown, in that wave.
# - Its **lead**: that rate, over the rate of *all eight* headlines in the same wave, minus 1. A lead of 0.02 means 2 % more taps.
#
# Make a table `leads` with the columns `message`, `august` (wave 1) and `september` (wave 2), both leads as fractions with all their digits. One row a kind, in any order, no other columns.

# %%
# BEGIN SOLUTION q2
creatives = swiftfare.creatives
kinds = creatives.groupby(["message", "wave"], observed=True)[["tapped", "shown"]].sum()
kind_rate = (kinds["tapped"] / kinds["shown"]).unstack("wave")
waves = creatives.groupby("wave")[["tapped", "shown"]].sum()
wave_rate = waves["tapped"] / waves["shown"]

kind_lead = kind_rate / wave_rate - 1
kind_lead.columns = ["august", "september"]

leads = kind_lead.reset_index()
# END SOLUTION
leads

# %% tags=["check"]
check("q2")

# %% tags=["solution"]
print(leads.set_index("message").corr().iloc[0, 1].round(2), "is the correlation of August's leads with September's")

# %% [markdown] tags=["solution"]
# **What to see.** Put the two columns side by side. The kind that leads in August does not lead in September, and the leads of September are smaller all round: six times as many showings leave less room for luck. The correlation of the two columns is what a test should have: if August knew something, it would be near 1.
#
# **Why pool the kind's taps.** A rate is taps over showings. The mean of two rates is the same only where both were shown equally often, as here; add taps and showings first, and you are right in every test.

# %% tags=["spec"]
question(
    "q2",
    kind="table",
    name="leads",
    title="Leads of the six kinds of headline, by wave",
    unit="fraction",
    keys=["message"],
    right="each kind against all eight of its own wave.",
    hints=[
        "Add up `tapped` and `shown` by `message` and `wave`, then divide; `unstack(\"wave\")` puts the waves side by side.",
        "The rate of all eight in a wave is one number a wave: divide each column by its own.",
    ],
    traps={
        "no minus one": (
            "(kind_lead + 1).reset_index().astype({'message': str})",
            "that is the ratio of the two rates. A lead is the ratio minus 1.",
        ),
        "points": (
            "(kind_lead * wave_rate.to_numpy()).reset_index().astype({'message': str})",
            "that is a difference of rates, in points. The lead is a ratio, minus 1.",
        ),
        "plain rates": (
            "kind_rate.set_axis(['august', 'september'], axis=1).reset_index().astype({'message': str})",
            "those are the rates themselves. How far does each lie above the rate of all eight?",
        ),
        "both waves together": (
            "(kind_rate / (creatives['tapped'].sum() / creatives['shown'].sum()) - 1)"
            ".set_axis(['august', 'september'], axis=1).reset_index().astype({'message': str})",
            "you compare with the mean of both waves. Each wave has a mean of its own; the weeks differ.",
        ),
        "mean of the kinds": (
            "(kind_rate / kind_rate.mean() - 1)"
            ".set_axis(['august', 'september'], axis=1).reset_index().astype({'message': str})",
            "you compare with the mean of the six *kinds*, in which a kind with one headline weighs as much as one with two. "
            "Take all eight headlines.",
        ),
        "swapped": (
            "kind_lead.set_axis(['september', 'august'], axis=1).reset_index().astype({'message': str})",
            "the two waves are swapped: wave 1 is August.",
        ),
        "others": (
            "rest = kinds.groupby('wave').transform('sum') - kinds\n"
            "leads = ((kinds['tapped'] / kinds['shown']) / (rest['tapped'] / rest['shown']) - 1).unstack('wave')"
            ".set_axis(['august', 'september'], axis=1).reset_index().astype({'message': str})",
            "you compare each kind with the *others*. The question compares it with all eight, its own among them.",
        ),
        "over the best": (
            "(kind_rate / kind_rate.max() - 1)"
            ".set_axis(['august', 'september'], axis=1).reset_index().astype({'message': str})",
            "you compare with the best kind. The lead is over the mean of all eight.",
        ),
        "against price": (
            "(kind_rate / kind_rate.loc['price'] - 1)"
            ".set_axis(['august', 'september'], axis=1).reset_index().astype({'message': str})",
            "you compare with the headline about price. The lead is over the mean of all eight.",
        ),
        "change between waves": (
            "kind_lead.assign(september=kind_lead['september'] - kind_lead['august']).reset_index().astype({'message': str})",
            "your second column is the *change* of the lead. The question asks for September's own.",
        ),
        "september against august": (
            "(kind_rate / wave_rate[1] - 1)"
            ".set_axis(['august', 'september'], axis=1).reset_index().astype({'message': str})",
            "September's rates stand over August's mean. Each wave has a mean of its own.",
        ),
        "august against september": (
            "(kind_rate / wave_rate[2] - 1)"
            ".set_axis(['august', 'september'], axis=1).reset_index().astype({'message': str})",
            "August's rates stand over September's mean. Each wave has a mean of its own.",
        ),
        "taps": (
            "taps = kinds['tapped'].unstack('wave')\n"
            "leads = (taps / taps.mean() - 1).set_axis(['august', 'september'], axis=1).reset_index().astype({'message': str})",
            "you compare *taps*. A kind with two headlines was shown twice as often: divide by `shown` first.",
        ),
        "share of taps": (
            "taps = kinds['tapped'].unstack('wave')\n"
            "leads = (taps / taps.sum()).set_axis(['august', 'september'], axis=1).reset_index().astype({'message': str})",
            "that is each kind's share of the taps, which grows with how often it was shown.",
        ),
        "logarithm": (
            "np.log(kind_lead + 1).reset_index().astype({'message': str})",
            "that is the logarithm of the ratio: close to the lead for small ones, and not it. Take the ratio minus 1.",
        ),
        "best headline of the kind": (
            "single = (creatives['tapped'] / creatives['shown']).groupby([creatives['message'], creatives['wave']], observed=True)"
            ".max().unstack('wave')\n"
            "leads = (single / wave_rate - 1).set_axis(['august', 'september'], axis=1).reset_index().astype({'message': str})",
            "you took the *better* headline of each kind: a winner's curse of your own making. Pool both.",
        ),
        "first headline of the kind": (
            "single = (creatives['tapped'] / creatives['shown']).groupby([creatives['message'], creatives['wave']], observed=True)"
            ".first().unstack('wave')\n"
            "leads = (single / wave_rate - 1).set_axis(['august', 'september'], axis=1).reset_index().astype({'message': str})",
            "you kept only the first headline of each kind. Pool both.",
        ),
    },
)

# %% [markdown] question="q3"
# ## Question 3: Pipewright, the win rate in euros
#
# A win rate of deals counts a small deal like a large one. For the budget Tomas wants it in euros, for **medium** firms.
#
# - The table is `pipewright.opportunities`; the firm's `size` stands in `pipewright.accounts`, joined by `account_id`.
# - Take the deals of medium firms **opened in 2024** (`created_on` from 1 January to 31 December). All of them are closed.
# - Of the euros asked for in these deals (`amount_cents`), which share was in deals that were **won**? A deal that ended in `lost` or in `no_decision` was not won.
#
# Store it, a fraction with all its digits, in `euros_won`.

# %%
# BEGIN SOLUTION q3
deals = pipewright.opportunities.merge(
    pipewright.accounts[["account_id", "size"]], on="account_id"
)
medium = deals[(deals["size"] == "medium") & deals["created_on"].between("2024-01-01", "2024-12-31")]
asked = medium.groupby("outcome", observed=True)["amount_cents"].sum()

euros_won = asked["won"] / asked.sum()
# END SOLUTION
euros_won

# %% tags=["check"]
check("q3")

# %% tags=["solution"]
print(f"by deals {(medium['outcome'] == 'won').mean():.3f}, by euros {euros_won:.3f}, {len(medium)} deals")

# %% [markdown] tags=["solution"]
# **Why euros.** Whoever multiplies the pipeline's *euros* by the win rate of *deals* assumes that dear deals are won as often as cheap ones. Compare the two numbers above before you do.
#
# **Why the day of opening.** Deals closed in 2024 are a mixture: old losses opened in 2023 and young wins. A cohort by opening, all of it closed, is the only base in which each deal stands once with its end.
#
# **Why `no_decision` counts.** Not deciding is how nearly half of the deals end that are not won. Leave it out and you measure how good you are once somebody decides.

# %% tags=["spec"]
question(
    "q3",
    kind="number",
    name="euros_won",
    title="Euros won, medium firms, deals opened in 2024",
    unit="fraction",
    range=(0, 1),
    right="a cohort by opening, weighted by euros.",
    hints=[
        "Merge `size` from `pipewright.accounts`, keep medium firms and `created_on` in 2024.",
        "`groupby(\"outcome\")[\"amount_cents\"].sum()`: which of these belong below the line?",
    ],
    traps={
        "deals": (
            "(medium['outcome'] == 'won').mean()",
            "you counted *deals*, each of them once. The question weighs them by euros.",
        ),
        "all sizes": (
            "every = deals[deals['created_on'].between('2024-01-01', '2024-12-31')]\n"
            "euros_won = every.loc[every['outcome'] == 'won', 'amount_cents'].sum() / every['amount_cents'].sum()",
            "you took firms of every size. Keep the medium ones.",
        ),
        "won by the year's end": (
            "early = medium[(medium['outcome'] == 'won') & (medium['closed_on'] <= '2024-12-31')]\n"
            "euros_won = early['amount_cents'].sum() / medium['amount_cents'].sum()",
            "you left out what was won after 2024. The deals were *opened* in 2024; they may be won later.",
        ),
        "joined": (
            "them = medium[medium['pm_joined']]\n"
            "euros_won = them.loc[them['outcome'] == 'won', 'amount_cents'].sum() / them['amount_cents'].sum()",
            "those are the deals that a product manager joined. Take all of the medium firms' deals.",
        ),
        "large": (
            "every = deals[(deals['size'] == 'large') & deals['created_on'].between('2024-01-01', '2024-12-31')]\n"
            "euros_won = every.loc[every['outcome'] == 'won', 'amount_cents'].sum() / every['amount_cents'].sum()",
            "those are the large firms. The question is about the medium ones.",
        ),
        "small": (
            "every = deals[(deals['size'] == 'small') & deals['created_on'].between('2024-01-01', '2024-12-31')]\n"
            "euros_won = every.loc[every['outcome'] == 'won', 'amount_cents'].sum() / every['amount_cents'].sum()",
            "those are the small firms. The question is about the medium ones.",
        ),
        "closed in 2024": (
            "every = deals[(deals['size'] == 'medium') & deals['closed_on'].between('2024-01-01', '2024-12-31')]\n"
            "euros_won = every.loc[every['outcome'] == 'won', 'amount_cents'].sum() / every['amount_cents'].sum()",
            "you took the deals *closed* in 2024. Take those *opened* in 2024: `created_on`.",
        ),
        "no decision left out": (
            "asked['won'] / (asked['won'] + asked['lost'])",
            "you left out the deals that ended without a decision. They were not won either: they belong below the line.",
        ),
        "won or lost": (
            "asked['won'] / asked['lost']",
            "you divided the won by the lost. Below the line stand *all* deals opened in 2024.",
        ),
        "lost only": (
            "asked['lost'] / asked.sum()",
            "that is the share that was lost. The question asks for the won.",
        ),
        "all closed": (
            "every = deals[(deals['size'] == 'medium') & (deals['outcome'] != 'open')]\n"
            "euros_won = every.loc[every['outcome'] == 'won', 'amount_cents'].sum() / every['amount_cents'].sum()",
            "you took all closed deals of both years. Among those opened late, the closed ones are mostly the won ones.",
        ),
        "all": (
            "every = deals[deals['size'] == 'medium']\n"
            "euros_won = every.loc[every['outcome'] == 'won', 'amount_cents'].sum() / every['amount_cents'].sum()",
            "your base holds all years, and deals that are still open. Keep those opened in 2024.",
        ),
        "2025": (
            "every = deals[(deals['size'] == 'medium') & (deals['created_on'] >= '2025-01-01')]\n"
            "euros_won = every.loc[every['outcome'] == 'won', 'amount_cents'].sum() / every['amount_cents'].sum()",
            "you took deals opened in 2025, many of which are still open. Take those of 2024.",
        ),
        "2025, closed": (
            "every = deals[(deals['size'] == 'medium') & (deals['created_on'] >= '2025-01-01') & (deals['outcome'] != 'open')]\n"
            "euros_won = every.loc[every['outcome'] == 'won', 'amount_cents'].sum() / every['amount_cents'].sum()",
            "you took the closed deals of 2025: mostly the ones that were won quickly. Take those opened in 2024.",
        ),
        "until 2024": (
            "every = deals[(deals['size'] == 'medium') & (deals['created_on'] <= '2024-12-31')]\n"
            "euros_won = every.loc[every['outcome'] == 'won', 'amount_cents'].sum() / every['amount_cents'].sum()",
            "you have deals opened before 2024 as well. Of those the table holds only the ones that were still open in 2024.",
        ),
        "mean over mean": (
            "medium.loc[medium['outcome'] == 'won', 'amount_cents'].mean() / medium['amount_cents'].mean()",
            "you divided a mean by a mean: how dear won deals are beside all. Divide the sums.",
        ),
        "all sizes, deals": (
            "(deals.loc[deals['created_on'].between('2024-01-01', '2024-12-31'), 'outcome'] == 'won').mean()",
            "you counted deals of every size. The question weighs the medium firms' deals by euros.",
        ),
        "of all sizes' euros": (
            "asked['won'] / deals.loc[deals['created_on'].between('2024-01-01', '2024-12-31'), 'amount_cents'].sum()",
            "above the line stand medium firms, below it firms of every size.",
        ),
        "all but small": (
            "every = deals[(deals['size'] != 'small') & deals['created_on'].between('2024-01-01', '2024-12-31')]\n"
            "euros_won = every.loc[every['outcome'] == 'won', 'amount_cents'].sum() / every['amount_cents'].sum()",
            "you kept the large firms as well. Keep the medium ones alone.",
        ),
        "all sizes, all closed": (
            "every = deals[deals['outcome'] != 'open']\n"
            "euros_won = every.loc[every['outcome'] == 'won', 'amount_cents'].sum() / every['amount_cents'].sum()",
            "you took all closed deals, of every size and year. Keep medium firms and deals opened in 2024.",
        ),
        "first half": (
            "every = medium[medium['created_on'] <= '2024-06-30']\n"
            "euros_won = every.loc[every['outcome'] == 'won', 'amount_cents'].sum() / every['amount_cents'].sum()",
            "you took the first half of 2024. The question asks for the whole year.",
        ),
        "won and open": (
            "every = deals[(deals['size'] == 'medium') & deals['created_on'].between('2024-01-01', '2024-12-31')]\n"
            "euros_won = every.loc[every['outcome'] == 'no_decision', 'amount_cents'].sum() / every['amount_cents'].sum()",
            "that is the share that ended without a decision. The question asks for the won.",
        ),
    },
)

# %% [markdown] question="q4"
# ## Question 4: Pipewright, where deals die
#
# `pipewright.stages` has a row for each stage that a deal has reached, with the day it was entered: `opportunity_id`, `stage`, `entered_on`. A deal that is not won ends in the **last** stage it reached.
#
# - Take the deals of `pipewright.opportunities` that were opened in **2024** and were **not won**: `outcome` is `lost` or `no_decision`. Firms of every size.
# - Of these deals, which share ended in the stage `security`?
#
# The unit is the deal. Store the share, a fraction with all its digits, in `ended_in_security`.

# %%
# BEGIN SOLUTION q4
opened = pipewright.opportunities[
    pipewright.opportunities["created_on"].between("2024-01-01", "2024-12-31")
]
not_won = opened[opened["outcome"].isin(["lost", "no_decision"])]
last_stage = (
    pipewright.stages.sort_values("entered_on").groupby("opportunity_id")["stage"].last()
)
ended_in = not_won["opportunity_id"].map(last_stage)

ended_in_security = (ended_in == "security").mean()
# END SOLUTION
ended_in_security

# %% tags=["check"]
check("q4")

# %% tags=["solution"]
print(ended_in.astype(str).value_counts(normalize=True).round(2).to_string())

# %% [markdown] tags=["solution"]
# **Reached is not ended.** Many deals pass through security and go on. Counting the deals that *have* a security row answers how many got so far, not how many stopped there.
#
# **A stage is not a cause.** A deal also stays in `security` when nobody there has said no, and nobody has said anything. Hold it against `stakeholders`: who said no? The two tables agree often, not always.

# %% tags=["spec"]
question(
    "q4",
    kind="number",
    name="ended_in_security",
    title="Deals opened in 2024, not won, that ended in the security review",
    unit="fraction",
    range=(0, 1),
    right="the last stage, of the deals that were not won.",
    hints=[
        "One row a deal first: sort `stages` by `entered_on`, then `groupby(\"opportunity_id\")[\"stage\"].last()`.",
        "The base is the deals opened in 2024 with the outcome `lost` or `no_decision`.",
    ],
    traps={
        "reached": (
            "not_won['opportunity_id'].isin(pipewright.stages.loc[pipewright.stages['stage'] == 'security', 'opportunity_id']).mean()",
            "that is the share that *reached* security. Many went on from there: take each deal's last stage.",
        ),
        "won in the base": (
            "(ended_in == 'security').sum() / len(opened)",
            "your base holds the won deals too. The question divides by the deals that were not won.",
        ),
        "rows": (
            "rows = pipewright.stages[pipewright.stages['opportunity_id'].isin(not_won['opportunity_id'])]\n"
            "ended_in_security = (rows['stage'] == 'security').mean()",
            "you counted rows of `stages`; a deal has several. Keep one row a deal, its last.",
        ),
        "lost only": (
            "(ended_in[not_won['outcome'] == 'lost'] == 'security').mean()",
            "you left out the deals that ended without a decision. They were not won either.",
        ),
        "no decision only": (
            "(ended_in[not_won['outcome'] == 'no_decision'] == 'security').mean()",
            "you left out the deals that were lost. Both kinds were not won.",
        ),
        "any year": (
            "every = pipewright.opportunities[pipewright.opportunities['outcome'].isin(['lost', 'no_decision'])]\n"
            "ended_in_security = (every['opportunity_id'].map(last_stage) == 'security').mean()",
            "you took the deals of all years. Keep those opened in 2024.",
        ),
        "open ones too": (
            "every = pipewright.opportunities[pipewright.opportunities['outcome'] != 'won']\n"
            "ended_in_security = (every['opportunity_id'].map(last_stage) == 'security').mean()",
            "your base holds open deals, which have not ended. Keep those opened in 2024 that were lost or not decided.",
        ),
        "2025": (
            "every = pipewright.opportunities[pipewright.opportunities['outcome'].isin(['lost', 'no_decision'])"
            " & (pipewright.opportunities['created_on'] >= '2025-01-01')]\n"
            "ended_in_security = (every['opportunity_id'].map(last_stage) == 'security').mean()",
            "you took deals opened in 2025, of which the slow ones are missing. Take those of 2024.",
        ),
        "closed in 2024": (
            "every = pipewright.opportunities[pipewright.opportunities['outcome'].isin(['lost', 'no_decision'])"
            " & pipewright.opportunities['closed_on'].between('2024-01-01', '2024-12-31')]\n"
            "ended_in_security = (every['opportunity_id'].map(last_stage) == 'security').mean()",
            "you took the deals *closed* in 2024. Take those opened in 2024: `created_on`.",
        ),
        "said no": (
            "no = pipewright.stakeholders[(pipewright.stakeholders['role'] == 'security') & ~pipewright.stakeholders['said_yes']]\n"
            "ended_in_security = not_won['opportunity_id'].isin(no['opportunity_id']).mean()",
            "those are the deals in which the security reviewer said no. Some of them ended in another stage: use `stages`.",
        ),
        "audit": (
            "(ended_in == 'audit').mean()",
            "that is the share that ended in `audit`.",
        ),
        "evaluation": (
            "(ended_in == 'evaluation').mean()",
            "that is the share that ended in `evaluation`.",
        ),
        "of those that reached it": (
            "reached = not_won['opportunity_id'].isin(pipewright.stages.loc[pipewright.stages['stage'] == 'security', 'opportunity_id'])\n"
            "ended_in_security = (ended_in[reached] == 'security').mean()",
            "your base holds only the deals that got as far as security. The question asks of all that were not won.",
        ),
        "count": (
            "(ended_in == 'security').sum()",
            "that is a number of deals. The question asks for a share.",
        ),
        "first stage": (
            "first = pipewright.stages.sort_values('entered_on').groupby('opportunity_id')['stage'].first()\n"
            "ended_in_security = (not_won['opportunity_id'].map(first) == 'security').mean()",
            "you took each deal's *first* stage, and all begin with discovery. Take the last.",
        ),
        "all deals in the base": (
            "(ended_in == 'security').sum() / len(pipewright.opportunities)",
            "your base holds every deal of the table. Divide by the deals opened in 2024 that were not won.",
        ),
        "entered in 2024": (
            "rows = pipewright.stages[pipewright.stages['entered_on'].between('2024-01-01', '2024-12-31')]\n"
            "ended_in_security = (rows.sort_values('entered_on').groupby('opportunity_id')['stage'].last() == 'security').mean()",
            "you kept the *stages* entered in 2024, and won deals among them. Choose the deals first: opened in 2024, not won.",
        ),
        "large": (
            "size = not_won['account_id'].map(pipewright.accounts.set_index('account_id')['size'].astype(str))\n"
            "ended_in_security = (ended_in[size == 'large'] == 'security').mean()",
            "you kept large firms alone. The question asks for firms of every size.",
        ),
        "lost of those in security": (
            "(not_won.loc[ended_in == 'security', 'outcome'] == 'lost').mean()",
            "you turned it round: of those that ended in security, which share was lost. The base is all that were not won.",
        ),
        "has a reviewer": (
            "has = pipewright.stakeholders.loc[pipewright.stakeholders['role'] == 'security', 'opportunity_id']\n"
            "ended_in_security = (ended_in[not_won['opportunity_id'].isin(has)] == 'security').mean()",
            "your base holds only deals with a security reviewer. The question asks of all that were not won.",
        ),
        "won deals": (
            "won = opened[opened['outcome'] == 'won']\n"
            "ended_in_security = won['opportunity_id'].isin(pipewright.stages.loc[pipewright.stages['stage'] == 'security', 'opportunity_id']).mean()",
            "those are the won deals that passed through security. The question is about the deals that were not won.",
        ),
        "share of all ends": (
            "every = pipewright.opportunities[pipewright.opportunities['outcome'] != 'open']\n"
            "ended_in_security = ((every['opportunity_id'].map(last_stage) == 'security') & (every['outcome'] != 'won')).mean()",
            "your base holds all closed deals, won ones and all years. Keep those opened in 2024 that were not won.",
        ),
    },
)

# %% [markdown] question="q5"
# ## Question 5: Pipewright, what the product managers' calls brought
#
# The chapter gave an odds ratio. A board understands points better: *of the deals in which a product manager joined, how many more were won in a hundred than without?*
#
# The table is `pipewright.opportunities`: `created_on`, `outcome`, `pm_joined` and `fit` (1, 2 or 3).
#
# - Take the deals **opened in 2024**. A deal counts as won if its outcome is `won`, else as not won.
# - Within each `fit`: the share won with a product manager, minus the share won without.
# - The mean of these three differences, **weighted by the number of deals that a product manager joined** in that fit.
#
# Store it as a fraction with all its digits (0.05 is five points) in `pm_points`.

# %%
# BEGIN SOLUTION q5
year = pipewright.opportunities[
    pipewright.opportunities["created_on"].between("2024-01-01", "2024-12-31")
].copy()
year["won"] = year["outcome"] == "won"
cells = year.groupby(["fit", "pm_joined"])["won"].agg(["mean", "size"]).unstack("pm_joined")
difference = cells["mean"][True] - cells["mean"][False]
joined = cells["size"][True]

pm_points = (difference * joined).sum() / joined.sum()
# END SOLUTION
pm_points

# %% tags=["check"]
check("q5")

# %% tags=["solution"]
shares = year.groupby("pm_joined")["won"].mean()
print(f"raw {100 * (shares[True] - shares[False]):.1f} points, within fit {100 * pm_points:.1f}")
cells["mean"].round(3)

# %% tags=["solution"]
# An interval, which the question did not ask for: draw the deals again, 300 times.
random = np.random.default_rng(5)
drawn_points = []
for _ in range(300):
    drawn = year.iloc[random.integers(0, len(year), len(year))]
    table = drawn.groupby(["fit", "pm_joined"])["won"].agg(["mean", "size"]).unstack()
    joined = table["size"][True]
    drawn_points.append(((table["mean"][True] - table["mean"][False]) * joined).sum() / joined.sum())
low, high = np.quantile(drawn_points, [0.025, 0.975])
print(f"{100 * pm_points:.1f} points ({100 * low:.1f} to {100 * high:.1f})")

# %% [markdown] tags=["solution"]
# **Why within fit.** Product managers joined where the deal looked good. The raw difference pays them for the look.
#
# **Why these weights.** The question asks about the deals they *joined*, so the joined deals say how much each fit counts. Weighted by the deals they did *not* join, the same three differences answer another question: what would joining the rest bring? With so few deals a cell neither is known to the point: see the interval.
#
# **And still not proof.** `fit` is what was written down. A good feeling that nobody wrote down would be in the answer, and no weight takes it out.

# %% tags=["spec"]
question(
    "q5",
    kind="number",
    name="pm_points",
    title="Points that product managers brought, within fit",
    unit="fraction",
    range=(-1, 1),
    right="like with like, for the deals they joined.",
    hints=[
        "`groupby([\"fit\", \"pm_joined\"])` gives six cells, with a share and a number each.",
        "Three differences; multiply each by its number of joined deals, add up, divide by all joined deals.",
    ],
    traps={
        "raw": (
            "year.groupby('pm_joined')['won'].mean()[True] - year.groupby('pm_joined')['won'].mean()[False]",
            "that is the raw difference. They joined where the fit was high: compare within each fit.",
        ),
        "plain mean": (
            "difference.mean()",
            "you took the plain mean of three differences. Weight each by the deals that a product manager joined.",
        ),
        "all deals": (
            "size = cells['size'].sum(axis=1)\npm_points = (difference * size).sum() / size.sum()",
            "you weighted by *all* deals of the fit. The question is about the deals that were joined.",
        ),
        "regression": (
            "design = np.column_stack([year['pm_joined'].astype(float), pd.get_dummies(year['fit'])]).astype(float)\n"
            "pm_points = float(np.linalg.lstsq(design, year['won'].astype(float), rcond=None)[0][0])",
            "that is what a regression on `fit` gives. It weights the three differences by how precise they are; the question "
            "weights them by the deals that were joined.",
        ),
        "relative": (
            "size = cells['size'][True]\npm_points = ((cells['mean'][True] / cells['mean'][False] - 1) * size).sum() / size.sum()",
            "you divided by the share won without: that is *per cent more*. The question asks for points, a difference.",
        ),
        "not joined": (
            "size = cells['size'][False]\npm_points = (difference * size).sum() / size.sum()",
            "you weighted by the deals that were *not* joined: what joining the rest might bring. Use the joined ones.",
        ),
        "all years": (
            "every = pipewright.opportunities.assign(won=pipewright.opportunities['outcome'] == 'won')\n"
            "c = every.groupby(['fit', 'pm_joined'])['won'].agg(['mean', 'size']).unstack('pm_joined')\n"
            "pm_points = ((c['mean'][True] - c['mean'][False]) * c['size'][True]).sum() / c['size'][True].sum()",
            "you took the deals of all years, open ones among them. Keep those opened in 2024.",
        ),
        "closed deals": (
            "every = pipewright.opportunities.assign(won=pipewright.opportunities['outcome'] == 'won').query(\"outcome != 'open'\")\n"
            "c = every.groupby(['fit', 'pm_joined'])['won'].agg(['mean', 'size']).unstack('pm_joined')\n"
            "pm_points = ((c['mean'][True] - c['mean'][False]) * c['size'][True]).sum() / c['size'][True].sum()",
            "you took all closed deals. Keep those opened in 2024, all of which are closed.",
        ),
        "2025": (
            "every = pipewright.opportunities.assign(won=pipewright.opportunities['outcome'] == 'won').query(\"created_on >= '2025-01-01'\")\n"
            "c = every.groupby(['fit', 'pm_joined'])['won'].agg(['mean', 'size']).unstack('pm_joined')\n"
            "pm_points = ((c['mean'][True] - c['mean'][False]) * c['size'][True]).sum() / c['size'][True].sum()",
            "you took deals opened in 2025. Take those of 2024, whose ends are known.",
        ),
        "no decision left out": (
            "every = year[year['outcome'] != 'no_decision']\n"
            "c = every.groupby(['fit', 'pm_joined'])['won'].agg(['mean', 'size']).unstack('pm_joined')\n"
            "pm_points = ((c['mean'][True] - c['mean'][False]) * c['size'][True]).sum() / c['size'][True].sum()",
            "you left out the deals that ended without a decision. They count as not won.",
        ),
        "sign": (
            "-(difference * joined).sum() / joined.sum()",
            "you took *without* minus *with*. It is the other way round.",
        ),
        "best fit": (
            "difference[3]",
            "that is the difference in the best fit alone.",
        ),
        "low fit": (
            "difference[1]",
            "that is the difference in the lowest fit alone.",
        ),
        "middle fit": (
            "difference[2]",
            "that is the difference in the middle fit alone.",
        ),
        "odds": (
            "p, q = year.groupby('pm_joined')['won'].mean().reindex([True, False])\npm_points = p / (1 - p) / (q / (1 - q))",
            "that is a ratio of odds. The question asks for a difference of shares.",
        ),
        "ratio": (
            "p, q = year.groupby('pm_joined')['won'].mean().reindex([True, False])\npm_points = p / q - 1",
            "that is a ratio of shares, and raw. The question asks for differences within each fit.",
        ),
        "closed in 2024": (
            "every = pipewright.opportunities.assign(won=pipewright.opportunities['outcome'] == 'won')\n"
            "every = every[every['closed_on'].between('2024-01-01', '2024-12-31')]\n"
            "c = every.groupby(['fit', 'pm_joined'])['won'].agg(['mean', 'size']).unstack('pm_joined')\n"
            "pm_points = ((c['mean'][True] - c['mean'][False]) * c['size'][True]).sum() / c['size'][True].sum()",
            "you took the deals *closed* in 2024. Take those opened in 2024: `created_on`.",
        ),
        "share won with": (
            "year.loc[year['pm_joined'], 'won'].mean()",
            "that is the share won with a product manager. Take off what would have been won without, within each fit.",
        ),
        "who they join": (
            "year.loc[year['won'], 'pm_joined'].mean() - year.loc[~year['won'], 'pm_joined'].mean()",
            "you compared how often a product manager joined among won and other deals. Turn it round: how often was a deal won?",
        ),
        "won as weights": (
            "size = year[year['won']].groupby('fit').size()\npm_points = (difference * size).sum() / size.sum()",
            "you weighted by the *won* deals. Weight by the deals that a product manager joined.",
        ),
        "within budget": (
            "c = year.groupby(['budget_type', 'pm_joined'], observed=True)['won'].agg(['mean', 'size']).unstack('pm_joined')\n"
            "pm_points = ((c['mean'][True] - c['mean'][False]) * c['size'][True]).sum() / c['size'][True].sum()",
            "you compared within the kind of budget. They joined by `fit`: compare within that.",
        ),
        "lost": (
            "every = year.assign(won=year['outcome'] == 'lost')\n"
            "c = every.groupby(['fit', 'pm_joined'])['won'].agg(['mean', 'size']).unstack('pm_joined')\n"
            "pm_points = ((c['mean'][True] - c['mean'][False]) * c['size'][True]).sum() / c['size'][True].sum()",
            "you compared the share that was *lost*. The question asks for the won.",
        ),
        "until May 2025": (
            "every = pipewright.opportunities.assign(won=pipewright.opportunities['outcome'] == 'won')\n"
            "every = every[every['created_on'].between('2024-01-01', '2025-05-31')]\n"
            "c = every.groupby(['fit', 'pm_joined'])['won'].agg(['mean', 'size']).unstack('pm_joined')\n"
            "pm_points = ((c['mean'][True] - c['mean'][False]) * c['size'][True]).sum() / c['size'][True].sum()",
            "you took the lesson's period, until May 2025. The question asks for deals opened in 2024.",
        ),
        "within size": (
            "sized = year.merge(pipewright.accounts[['account_id', 'size']], on='account_id')\n"
            "c = sized.groupby(['size', 'pm_joined'], observed=True)['won'].agg(['mean', 'size']).unstack('pm_joined')\n"
            "pm_points = ((c['mean'][True] - c['mean'][False]) * c['size'][True]).sum() / c['size'][True].sum()",
            "you compared within the *size* of the firm. They joined by `fit`: compare within that.",
        ),
    },
)

# %% [markdown] question="q6"
# ## Question 6: Pipewright, a forecast as of 31 May 2025
#
# A backtest: pretend it is the evening of **31 May 2025**. How many of the deals open on that day will be won?
#
# - Tables: `pipewright.opportunities` (`created_on`, `closed_on`, `outcome`) and the firm's `size` from `pipewright.accounts`.
# - **Open on that day**: opened on or before 31 May 2025, and not closed by then (`closed_on` is empty, or *after* 31 May 2025). What became of it later is not known that evening.
# - A deal's **age**: days from `created_on` to 31 May 2025.
# - The **past** to learn from: deals opened from 1 January to 31 May **2024**. All of them are closed. How long one lasted: days from `created_on` to `closed_on`.
# - The **chance** of an open deal: of the past deals of the same size of firm that lasted *longer than* the open deal's age, the share that was won. If none lasted longer, the chance is 0.
#
# Make a table `forecast` with the columns `size` (small, medium, large), `open_deals` (how many are open on that day) and `wins` (the sum of their chances, with all its digits): three rows, in any order, no other columns.

# %%
# BEGIN SOLUTION q6
day = pd.Timestamp("2025-05-31")
sized = pipewright.opportunities.merge(
    pipewright.accounts[["account_id", "size"]], on="account_id"
)
past = sized[sized["created_on"].between("2024-01-01", "2024-05-31")].copy()
past["lasted"] = (past["closed_on"] - past["created_on"]).dt.days
pending = sized[
    (sized["created_on"] <= day)
    & (sized["closed_on"].isna() | (sized["closed_on"] > day))
].copy()
pending["age"] = (day - pending["created_on"]).dt.days


def chance(size, age):
    longer = past[(past["size"] == size) & (past["lasted"] > age)]
    return (longer["outcome"] == "won").mean() if len(longer) else 0.0


pending["chance"] = [chance(size, age) for size, age in zip(pending["size"], pending["age"], strict=True)]
by_size = pending.groupby("size", observed=True)["chance"].agg(["size", "sum"])
forecast = pd.DataFrame(
    {
        "size": by_size.index.astype(str),
        "open_deals": by_size["size"].to_numpy(),
        "wins": by_size["sum"].to_numpy(),
    }
)
# END SOLUTION
forecast

# %% tags=["check"]
check("q6")

# %% tags=["solution"]
came = pending[pending["outcome"] == "won"].groupby("size", observed=True).size()
rate = (past["outcome"] == "won").groupby(past["size"], observed=True).mean()
forecast.assign(
    textbook=forecast["size"].map(rate * by_size["size"]).round(1),
    came=forecast["size"].map(came),
).round(1)

# %% [markdown] tags=["solution"]
# **What the age does.** The column `textbook` gives each open deal the win rate of all past deals of its size. It counts an open deal of ten months as if it had been opened this morning. The forecast by age asks only the past deals that were still open at that age; `came` says what happened by the end of 2025.
#
# **What was known that evening.** Two leaks are easy. Using `outcome` to find the open deals: a deal closed in July was open in May. And learning from deals that had not ended by then. A backtest with a leak is always good.
#
# **How good?** Three rows are no proof. The sums by size rest on some tens of past deals each, and on tosses of a coin. The lesson puts an interval on it.

# %% tags=["spec"]
CHANCES = """
def summed(past, pending, longer=lambda lasted, age: lasted > age, by=True):
    rows = []
    for size in ['small', 'medium', 'large']:
        known = past[past['size'] == size] if by else past
        asked = pending[pending['size'] == size]
        chances = []
        for age in asked['age']:
            left = known[longer(known['lasted'], age)]
            chances.append((left['outcome'] == 'won').mean() if len(left) else 0.0)
        rows.append((size, len(asked), float(sum(chances))))
    return pd.DataFrame(rows, columns=['size', 'open_deals', 'wins'])
def with_lasted(deals):
    return deals.assign(lasted=(deals['closed_on'] - deals['created_on']).dt.days)
"""
question(
    "q6",
    kind="table",
    name="forecast",
    title="Wins to expect of the deals open on 31 May 2025",
    keys=["size"],
    right="known that evening, of the same size, and older than the open deal.",
    hints=[
        "Two groups of deals: `past` (opened January to May 2024, with `lasted`) and `pending` (open on the day, with `age`).",
        "Write a function of size and age: filter `past`, then the share won. Call it for each row of `pending`.",
        "Which deals were open on 31 May? Not those with `outcome == \"open\"`: that is December's view.",
    ],
    traps={
        "textbook": (
            CHANCES + "share = (past['outcome'] == 'won').groupby(past['size'], observed=True).mean()\n"
            "forecast = pd.DataFrame({'size': share.index.astype(str), 'open_deals': by_size['size'].to_numpy(), 'wins': (share * by_size['size']).to_numpy()})",
            "you gave every open deal the same chance, whatever its age. An old open deal has outlived most wins.",
        ),
        "textbook, one rate": (
            CHANCES + "share = (past['outcome'] == 'won').mean()\n"
            "forecast = pd.DataFrame({'size': by_size.index.astype(str), 'open_deals': by_size['size'].to_numpy(), 'wins': (share * by_size['size']).to_numpy()})",
            "you gave every open deal one and the same chance. Ask the past deals of its size that lasted longer than its age.",
        ),
        "open in December": (
            CHANCES + "forecast = summed(past, pending[pending['outcome'] == 'open'])",
            "you took deals that are open at the *end of the data*. On 31 May many more were open: use `closed_on`.",
        ),
        "all open in December": (
            CHANCES + "now = sized[sized['outcome'] == 'open'].assign(age=lambda d: (window_end - d['created_on']).dt.days)\n"
            "forecast = summed(past, now)",
            "that is a forecast for the end of the data. Go back to 31 May 2025: which deals were open then, and how old?",
        ),
        "age in December": (
            CHANCES + "forecast = summed(past, pending.assign(age=(window_end - pending['created_on']).dt.days))",
            "every chance came to 0. Count the ages to 31 May 2025, not to the end of the data, and leave the chances unrounded.",
        ),
        "all sizes": (
            CHANCES + "forecast = summed(past, pending, by=False)",
            "you learn from past deals of every size. Firms of each size buy at their own pace: keep the same size.",
        ),
        "whole of 2024": (
            CHANCES + "forecast = summed(with_lasted(sized[sized['created_on'].between('2024-01-01', '2024-12-31')]), pending)",
            "you learn from the whole of 2024. Some of those deals had not ended on 31 May 2025: nobody knew yet.",
        ),
        "all closed by then": (
            CHANCES + "forecast = summed(with_lasted(sized[(sized['closed_on'] <= day)]), pending)",
            "you learn from all deals closed by that day. Among the young of them, the closed are mostly the won: take the "
            "deals *opened* from January to May 2024.",
        ),
        "all closed": (
            CHANCES + "forecast = summed(with_lasted(sized[sized['outcome'] != 'open']), pending)",
            "you learn from all closed deals, also those closed after that evening. Take those opened from January to May 2024.",
        ),
        "what came": (
            CHANCES + "won = pending.assign(won=(pending['outcome'] == 'won')).groupby('size', observed=True)['won'].agg(['size', 'sum'])\n"
            "forecast = pd.DataFrame({'size': won.index.astype(str), 'open_deals': won['size'].to_numpy(), 'wins': won['sum'].to_numpy().astype(float)})",
            "that is what *came*. The forecast must do without it: sum the chances.",
        ),
        "or as long": (
            CHANCES + "forecast = summed(past, pending, lambda lasted, age: lasted >= age)",
            "you kept past deals that lasted *exactly* as long as the open deal's age. The question says longer: `>`.",
        ),
        "shorter": (
            CHANCES + "forecast = summed(past, pending, lambda lasted, age: lasted <= age)",
            "you asked the past deals that lasted *shorter*. An open deal has already outlived those.",
        ),
        "strictly shorter": (
            CHANCES + "forecast = summed(past, pending, lambda lasted, age: lasted < age)",
            "you asked the past deals that lasted *shorter*. An open deal has already outlived those.",
        ),
        "past of 2025": (
            CHANCES + "forecast = summed(with_lasted(sized[sized['created_on'].between('2025-01-01', '2025-05-31')]), pending)",
            "you learn from deals opened in 2025, which nobody had seen end that evening. Take January to May 2024.",
        ),
        "any decision": (
            CHANCES + "forecast = summed(past.assign(outcome=np.where(past['outcome'] == 'no_decision', 'none', 'won')), pending)",
            "you counted every decision as a win. A lost deal has been decided, too.",
        ),
        "opened this year": (
            CHANCES + "forecast = summed(past, pending[pending['created_on'] >= '2025-01-01'])",
            "you kept deals opened in 2025 only. Those of 2024 that were still open on 31 May count as well.",
        ),
        "over all past": (
            CHANCES + "rows = []\nfor size in ['small', 'medium', 'large']:\n"
            "    known, asked_now = past[past['size'] == size], pending[pending['size'] == size]\n"
            "    rows.append((size, len(asked_now), float(sum(((known['lasted'] > age) & (known['outcome'] == 'won')).mean() for age in asked_now['age']))))\n"
            "forecast = pd.DataFrame(rows, columns=['size', 'open_deals', 'wins'])",
            "you divided by *all* past deals of the size. Divide by those that lasted longer: they are the ones like it.",
        ),
        "opened later too": (
            CHANCES + "later = sized[sized['closed_on'].isna() | (sized['closed_on'] > day)]\n"
            "forecast = summed(past, later.assign(age=(day - later['created_on']).dt.days))",
            "you kept deals opened *after* 31 May. That evening they did not exist.",
        ),
        "mean age": (
            CHANCES + "mean = pending.groupby('size', observed=True)['age'].transform('mean')\n"
            "forecast = summed(past, pending.assign(age=mean))",
            "you used one mean age for all deals of a size. The chance falls steeply with age: take each deal's own.",
        ),
        "mean chance": (
            CHANCES + "made = summed(past, pending)\nforecast = made.assign(wins=made['wins'] / made['open_deals'])",
            "you took the *mean* of the chances. The number of wins to expect is their sum.",
        ),
        "euros": (
            CHANCES + "worth = (pending['chance'] * pending['amount_cents'] / 100).groupby(pending['size'], observed=True).sum()\n"
            "forecast = pd.DataFrame({'size': by_size.index.astype(str), 'open_deals': by_size['size'].to_numpy(), 'wins': worth.to_numpy()})",
            "those are euros. The question asks for the number of deals won.",
        ),
        "bands of age": (
            CHANCES + "forecast = summed(past, pending.assign(age=pending['age'] // 30 * 30))",
            "you rounded the ages down to months, which makes the deals younger. Take each age to the day.",
        ),
        "from the window": (
            CHANCES + "forecast = summed(past.assign(lasted=(past['closed_on'] - window_start).dt.days), pending)",
            "you counted how long past deals lasted from the start of the data. Count from the day each was opened.",
        ),
        "closed ones only": (
            CHANCES + "forecast = summed(past, pending[pending['closed_on'].notna()])",
            "you left out the deals that are open to this day. They were open on 31 May too.",
        ),
        "June": (
            CHANCES + "june = pd.Timestamp('2025-06-30')\nthen = sized[(sized['created_on'] <= june) & (sized['closed_on'].isna() | (sized['closed_on'] > june))]\n"
            "forecast = summed(past, then.assign(age=(june - then['created_on']).dt.days))",
            "that is 30 June, a day of the lesson. The question asks for 31 May.",
        ),
        "no decision left out": (
            CHANCES + "forecast = summed(past[past['outcome'] != 'no_decision'], pending)",
            "you left out past deals that ended without a decision. They were open as long as any, and were not won.",
        ),
        "won last longer": (
            CHANCES + "rows = []\nfor size in ['small', 'medium', 'large']:\n"
            "    known, asked_now = past[past['size'] == size], pending[pending['size'] == size]\n"
            "    wins = known[known['outcome'] == 'won']\n"
            "    rows.append((size, len(asked_now), float(sum((wins['lasted'] > age).mean() for age in asked_now['age']))))\n"
            "forecast = pd.DataFrame(rows, columns=['size', 'open_deals', 'wins'])",
            "you divided by the *won* past deals: of the wins, how many came later? The question divides by all that lasted longer.",
        ),
    },
)

# %% [markdown] question="q7"
# ## Question 7: the decision
#
# It is five o'clock. Write **one page, half of it to each company's chief executive**, of 150 to 350 words in all, in `note`:
#
# - **Swiftfare.** Which headline is printed tonight, and what do you say about the 6 % lead? Write the one line of the story itself, and a number behind it.
# - **Pipewright.** Which message goes out, on which of the committee's people is the effort spent, and how many of the open deals will be won? Write the one line of the story for a buyer who must defend the purchase, with a number and its uncertainty.
#
# Use numbers: your own from above, or the chapter's. For each company name one thing that would change your mind.

# %%
# BEGIN SOLUTION q7
note = """
Swiftfare. Print "Somewhere warm by Friday". Credit no headline with a lead: August's winner showed 6 % and fell behind the
mean when all eight ran again, since of eight equal headlines with 8,000 showings each the luckiest shows about 8 %. What we
fixed beforehand was the kind: headlines that promise a person something drew 3 % more taps than those on price and news, with
an interval from nothing to 6 %. The story is "Somewhere warm by Friday. Half of our flights at a week's notice cost 178 euros
or less", true of our late bookings to some five euros. A wave with 400,000 showings each in which another headline leads by
more than its margin would change my mind.

Pipewright. Send the message that speaks of the group, though it gets fewer replies: about 12 in a hundred answer, against 20,
but a hundred of them bring six or seven sales more (4 to 9). The effort goes to the security reviewers, who agree in 55 of 100
deals while all other roles agree in 89 or more: a review pack before the evaluation ends, and our engineer in that call. Of
the 518 open deals expect 52 wins, and plan with 37; the dashboard's 248 divides by closed deals only. Don't hire against it.
The line for the buyer: "Customers drawn by lot saved half an hour a week on average (23 to 37 minutes). A seat in use pays for
itself from 19 minutes on. Time your team for a month before you sign." The case studies' 86 minutes stay out; they were chosen
for being high. The pack goes to half of the
deals, by lot: if security then agrees no more often within two quarters, I would stop it.
"""
# END SOLUTION

# %% tags=["check"]
check("q7")

# %% [markdown] tags=["solution"]
# ## Two sample answers
#
# The text above is the **strong** one. What makes it so:
#
# - *It decides in its first words*, at both companies, and a reader who stops there knows what happens tonight.
# - *It gives up the lead in public*, with the reason and its size. Whoever printed the winner would have had to explain September.
# - *Both stories are written out*, and each stands on a number that was measured for it, with its margin.
# - *The forecast has a number to promise and a lower one to plan with*, and says what was wrong with the dashboard's.
# - *The effort has an address*: a role, a paper, a moment in the deal.
# - *It leaves out the best number it has*, the case studies, and says why.
#
# What could be better: the choice of the headline rests on its kind, and the interval of that holds zero. It says "from nothing", and could say plainly that a coin would have done nearly as well.
#
# And a **weak** one, as it is often written:
#
# > Our creative testing shows that "A new line to the islands opens" outperforms the average by 6 % and we recommend rolling it out globally. In B2B, personalised outreach is key: our individually framed cost message achieved a best-in-class reply rate of 22 %, so sales should adopt it across the board. With a win rate of 48 % in the last two quarters and 518 open opportunities we forecast 248 new customers. Product managers should join every demo, since win rates nearly double when they do. Customers save on average 86 minutes per user and week, an ROI of over 200 %. We suggest learning from our top sellers and scaling their approach.
#
# - *"Outperforms by 6 %"* is the highest of eight noisy numbers, after the second wave took it back.
# - *"Best-in-class reply rate"*: a reply is not a sale, and this message has the fewest wins of the eight.
# - *"48 %"* divides by the deals that happened to be closed; the deals of 2024, all closed, say 22.
# - *"Nearly double"* is the raw comparison. Within the same fit it is less, and joining *every* call is another question than joining these.
# - *"On average 86 minutes"* is the average of the studies that were chosen for being good.
# - *"Top sellers"*: chosen by their result, like everything else in this note. There is no interval in it, and nothing that could change its mind.

# %% tags=["spec"]
question(
    "q7",
    kind="decision",
    name="note",
    title="One page, half to each chief executive",
    words=(150, 350),
    hints=[
        "Decide first, in one sentence for each company. Then the line of the story, with its number and margin. Then what "
        "would change your mind.",
    ],
    rubric=[
        "Does the first sentence about each company say what happens tonight?",
        "Swiftfare: is the 6 % lead given up or shrunk, with the second wave or the number of contestants as the reason?",
        "Is each story written out as a line that a reader would see, with a number that was measured for it and its margin?",
        "Pipewright: is the message chosen by wins, not by replies, and the effort given to a role that can stop the deal?",
        "Is the forecast one that knows the age of the deals, with a range, and a word on what was wrong with the larger number?",
        "Is nothing in it that was chosen by its result (winner, best seller, case study) without saying so?",
        "Is there, for each company, something that could happen and would change your mind?",
    ],
)
