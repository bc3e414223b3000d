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
# # Solution 4: how many, and whom
#
# All seven questions of [the exercise](../exercises/04-research.ipynb), answered and discussed. Other routes to the same number are as good. If yours differs in the words that follow and not in the number, you are done.

# %% [markdown] tags=["exercise"]
# # Exercise 4: how many, and whom
#
# Seven questions, from counting to deciding; the last is a plan that no program can grade. They don't build on each other, so begin where you like (question 1 is the shortest, 6 the hardest). About two hours, an estimate. Replace each `...` with your code, run the cell, then run the check below it. A check never shows you the answer; if yours is off, it tries to name what went wrong. Hints are folded away beneath it.
#
# The tables are the ones of [the research chapter](../book/04-research.md). Plain pandas is all you need.

# %%
# Run this cell first. It loads the two companies' tables.
from math import comb

import numpy as np
import pandas as pd

import twoworlds as tw
from twoworlds import Checker

check = Checker("04-research")
swiftfare = tw.load("swiftfare")
pipewright = tw.load("pipewright")
# The day on which Pipewright's research frame was drawn.
frame_day = pd.Timestamp("2025-09-01")

# %% [markdown] question="q1"
# ## Question 1: the customers' score
#
# Inés's head of marketing has a last argument: *never mind those who only looked. Our customers love us.* Take the e-mail of **spring 2025**: `survey_id` 2 in `swiftfare.answers`.
#
# - The base: users who **answered** it, and who had **booked at least once by 5 May 2025**, the frame's day, that day included (`swiftfare.bookings`, any product).
# - Promoters say 9 or 10, detractors 0 to 6.
#
# Store their net promoter score in **points** (from −100 to 100, with all its digits) in `booked_nps`.

# %%
# BEGIN SOLUTION q1
booked_then = swiftfare.bookings.loc[swiftfare.bookings["booked_on"] <= "2025-05-05", "user_id"]
spring = swiftfare.answers[swiftfare.answers["survey_id"] == 2]
score = spring.loc[spring["user_id"].isin(booked_then), "value"]

booked_nps = 100 * ((score >= 9).mean() - (score <= 6).mean())
# END SOLUTION
booked_nps

# %% tags=["check"]
check("q1")

# %% tags=["solution"]
points = 100 * ((score >= 9).astype(int) - (score <= 6).astype(int))
margin = 1.96 * points.std() / len(points) ** 0.5
print(f"{booked_nps:.1f} ± {margin:.1f} points from {len(score):,} answers")

# %% [markdown] tags=["solution"]
# **A narrower frame is a different question, not a better answer.** Customers do score higher than people who only looked. But these are customers *who answered an e-mail*, and among them, too, the happy answered more often. The margin says how much the number would move if the same kind of people answered again. It says nothing of those who didn't.
#
# Fix the frame's day before you look. "Who has booked by now" lets in people who booked *after* the survey, and whether somebody books again is one of the things the score was to tell.

# %% tags=["spec"]
question(
    "q1",
    kind="number",
    name="booked_nps",
    title="Score of customers who answered the spring e-mail",
    unit="points",
    range=(-100, 100),
    right="the right wave, the right base, and both ends of the scale.",
    hints=[
        "Whose bookings count? Those up to 5 May 2025. You need their `user_id`, once each.",
        "`isin` keeps one row an answer; a merge with the bookings makes one row a booking.",
        "The mean of a condition is a share: `(score >= 9).mean()`.",
    ],
    traps={
        "everybody": (
            "100 * ((spring['value'] >= 9).mean() - (spring['value'] <= 6).mean())",
            "you counted everybody who answered. The question asks for those who had booked by then.",
        ),
        "booked later": (
            "v = spring.loc[spring['user_id'].isin(swiftfare.bookings['user_id']), 'value']\n"
            "booked_nps = 100 * ((v >= 9).mean() - (v <= 6).mean())",
            "your base holds people who booked *after* the frame's day, too. Keep bookings up to 5 May 2025.",
        ),
        "by the day of the answer": (
            "first = swiftfare.bookings.groupby('user_id')['booked_on'].min()\n"
            "v = spring.loc[spring['user_id'].map(first) <= spring['answered_on'], 'value']\n"
            "booked_nps = 100 * ((v >= 9).mean() - (v <= 6).mean())",
            "you let in people who booked between the frame's day and their answer. The frame is fixed on 5 May 2025.",
        ),
        "not booked": (
            "v = spring.loc[~spring['user_id'].isin(booked_then), 'value']\n"
            "booked_nps = 100 * ((v >= 9).mean() - (v <= 6).mean())",
            "those are the users who had *not* booked. Turn the condition round.",
        ),
        "a fraction": (
            "(score >= 9).mean() - (score <= 6).mean()",
            "that is the difference of two shares. A score is told in points: times 100.",
        ),
        "mean": ("score.mean()", "that is the mean of the answers. The score is the share of promoters less the share of detractors."),
        "mean times ten": ("10 * score.mean()", "a mean score times ten is no net promoter score: count promoters and detractors."),
        "promoters": ("100 * (score >= 9).mean()", "that is the share of promoters. Take the detractors away."),
        "eight": (
            "100 * ((score >= 8).mean() - (score <= 6).mean())",
            "you counted 8 as a promoter. Promoters say 9 or 10.",
        ),
        "ten only": (
            "100 * ((score > 9).mean() - (score <= 6).mean())",
            "`> 9` leaves only the tens. Promoters say 9 or 10.",
        ),
        "below six": (
            "100 * ((score >= 9).mean() - (score < 6).mean())",
            "a 6 is a detractor, too: 0 to 6, both included.",
        ),
        "seven": (
            "100 * ((score >= 9).mean() - (score <= 7).mean())",
            "you counted 7 as a detractor. Detractors say 0 to 6.",
        ),
        "no middle": (
            "p, d = (score >= 9).sum(), (score <= 6).sum()\nbooked_nps = 100 * (p - d) / (p + d)",
            "you left those in between, 7 and 8, out of the base. They belong in it: everybody who answered.",
        ),
        "counts": (
            "(score >= 9).sum() - (score <= 6).sum()",
            "that is a difference of *counts*. Divide by those who answered.",
        ),
        "keen only": (
            "n = booked_then.value_counts()\nv = spring.loc[spring['user_id'].isin(n.index[n >= 2]), 'value']\n"
            "booked_nps = 100 * ((v >= 9).mean() - (v <= 6).mean())",
            "you kept those who had booked *twice* or more. Once is enough.",
        ),
        "median": ("score.median()", "that is the median answer. The score is the share of promoters less the share of detractors."),
        "all below the line": (
            "100 * ((score >= 9).sum() - (score <= 6).sum()) / len(spring)",
            "above the line you count customers, below it everybody who answered. Both must be the same people.",
        ),
        "autumn": (
            "b = swiftfare.bookings.loc[swiftfare.bookings['booked_on'] <= '2025-11-03', 'user_id']\n"
            "s = swiftfare.answers[swiftfare.answers['survey_id'] == 3]\nv = s.loc[s['user_id'].isin(b), 'value']\n"
            "booked_nps = 100 * ((v >= 9).mean() - (v <= 6).mean())",
            "that is the e-mail of autumn 2025. The question asks for spring 2025.",
        ),
        "autumn, spring's customers": (
            "s = swiftfare.answers[swiftfare.answers['survey_id'] == 3]\nv = s.loc[s['user_id'].isin(booked_then), 'value']\n"
            "booked_nps = 100 * ((v >= 9).mean() - (v <= 6).mean())",
            "that is the e-mail of autumn 2025. The question asks for spring 2025, `survey_id` 2.",
        ),
        "all waves": (
            "s = swiftfare.answers[swiftfare.answers['question'] == 'recommend']\nv = s.loc[s['user_id'].isin(booked_then), 'value']\n"
            "booked_nps = 100 * ((v >= 9).mean() - (v <= 6).mean())",
            "you took all the surveys together, and some people stand in it several times. Keep `survey_id` 2.",
        ),
        "a row a booking": (
            "m = spring.merge(swiftfare.bookings[swiftfare.bookings['booked_on'] <= '2025-05-05'], on='user_id')\n"
            "booked_nps = 100 * ((m['value'] >= 9).mean() - (m['value'] <= 6).mean())",
            "your merge made one row a *booking*, so the keenest travellers speak several times. One answer, one row: use `isin`.",
        ),
        "flights": (
            "fl = swiftfare.bookings[(swiftfare.bookings['booked_on'] <= '2025-05-05') & (swiftfare.bookings['product'].astype(str) == 'flight')]\n"
            "v = spring.loc[spring['user_id'].isin(fl['user_id']), 'value']\n"
            "booked_nps = 100 * ((v >= 9).mean() - (v <= 6).mean())",
            "you kept those who booked a *flight*. A hotel or a holiday is a booking, too.",
        ),
    },
)

# %% [markdown] question="q2"
# ## Question 2: enough accounts for December
#
# Tomas would like to read the December score within **± 10 points** next time. How many accounts must be heard?
#
# - The **audience**: accounts of the frame (`pipewright.contacts`) that were still customers on the survey's first day, 1 December 2025. An account that left on that day or before is out (`pipewright.movements`, `kind == "churn"`).
# - The **spread**: give each December answer (`survey_id` 4 in `pipewright.answers`) +100, 0 or −100, and take the standard deviation as `.std()` gives it.
# - A 95 % margin (1.96), the accounts drawn by lot, with the correction for a finite audience as in the chapter: $n = n_0/(1+(n_0-1)/N)$, with $n_0 = (1.96 \times \text{spread} / \text{margin})^2$.
#
# Store the number of accounts, **rounded up to a whole one**, in `accounts_needed`.

# %%
# BEGIN SOLUTION q2
frame_accounts = pd.Series(pipewright.contacts["account_id"].unique())
churn = pipewright.movements[pipewright.movements["kind"] == "churn"].set_index("account_id")["moved_on"]
gone = frame_accounts.map(churn) <= pd.Timestamp("2025-12-01")
audience = (~gone).sum()

december = pipewright.answers.loc[pipewright.answers["survey_id"] == 4, "value"]
spread = (100 * ((december >= 9).astype(int) - (december <= 6).astype(int))).std()
endless = (1.96 * spread / 10) ** 2

accounts_needed = int(np.ceil(endless / (1 + (endless - 1) / audience)))
# END SOLUTION
accounts_needed

# %% tags=["check"]
check("q2")

# %% tags=["solution"]
print(f"{accounts_needed} of {audience} accounts, {accounts_needed / audience:.0%}; {len(december)} answered. Without the correction: {np.ceil(endless):.0f}.")

# %% [markdown] tags=["solution"]
# **More than there are.** Without the correction the formula asks for more accounts than Pipewright has: a sure sign that it was made for another audience. With it the answer can be had, and is most of them. So don't draw a sample: telephone all, and spend the effort on those who don't answer.
#
# **Round up.** One account fewer, and the margin is above 10.
#
# The formula wants accounts drawn by lot. If the pleased ones answer first, no number is enough: that was Swiftfare's story.

# %% tags=["spec"]
SIZE = """
def size(z=1.96, s=None, m=10, N=None):
    s, N = (spread if s is None else s), (audience if N is None else N)
    e = (z * s / m) ** 2
    return e / (1 + (e - 1) / N)
"""
question(
    "q2",
    kind="number",
    name="accounts_needed",
    title="Accounts to hear for ± 10 points",
    unit="accounts",
    range=(0, 1_000_000),
    right="audience, spread and correction, and rounded up.",
    hints=[
        "Three numbers first: the audience, the spread in points, and the number for an endless audience.",
        "`frame_accounts.map(churn)` gives each account's last day, or nothing; a comparison with nothing is False.",
        "`np.ceil` rounds up.",
    ],
    traps={
        "all of them": ("int(audience)", "that is everybody. The margin would be zero; ± 10 needs fewer."),
        "endless": ("int(np.ceil(endless))", "that is the number for an endless audience, and it is more than there are. The audience is small: correct for it."),
        "rounded down": ("int(endless / (1 + (endless - 1) / audience))", "you rounded *down*: with one account too few the margin is above 10. Round up."),
        "not rounded": ("endless / (1 + (endless - 1) / audience)", "nobody can ask a part of an account. Round up."),
        "a share": (SIZE + "accounts_needed = int(np.ceil(size(s=50)))", "you took the spread of a *share*. A score runs from −100 to 100 and spreads wider: use the December answers."),
        "contacts": (SIZE + "accounts_needed = int(np.ceil(size(N=len(pipewright.contacts))))", "your audience counts *contacts*. One person answers for each account: count accounts."),
        "all customers": (SIZE + "accounts_needed = int(np.ceil(size(N=pipewright.accounts['first_paid_on'].notna().sum())))", "your audience is every account that ever paid. The frame is smaller: the accounts in `pipewright.contacts`."),
        "those who answered": (SIZE + "accounts_needed = int(np.ceil(size(N=len(december))))", "your audience is those who *answered*. It is those who could have been asked."),
        "five": (SIZE + "accounts_needed = int(np.ceil(size(m=5)))", "your margin is 5 points to each side. The question allows 10."),
        "whole width": (SIZE + "accounts_needed = int(np.ceil(size(m=20)))", "you took 10 points for *half* of the margin: ± 10 means 10 to each side."),
        "one standard error": (SIZE + "accounts_needed = int(np.ceil(size(z=1)))", "the 1.96 is missing: that makes a *standard error* of 10, not a 95 % margin."),
        "raw scores": (SIZE + "accounts_needed = int(np.ceil(size(s=december.std())))", "that is the spread of the raw answers, 0 to 10. The margin is in points of the score: give each answer +100, 0 or −100 first."),
        "no square": ("e = 1.96 * spread / 10\naccounts_needed = int(np.ceil(e / (1 + (e - 1) / audience)))", "the square is missing: to halve a margin you need *four* times as many."),
        "variance": ("e = 1.96**2 * spread**2 / 10\naccounts_needed = int(np.ceil(e / (1 + (e - 1) / audience)))", "the spread is squared and the margin is not. Both stand inside the square."),
        "90 per cent": (SIZE + "accounts_needed = int(np.ceil(size(z=1.645)))", "1.645 makes a 90 % margin. The question asks for 95 %."),
        "99 per cent": (SIZE + "accounts_needed = int(np.ceil(size(z=2.576)))", "2.576 makes a 99 % margin. The question asks for 95 %."),
        "whole frame": (SIZE + "accounts_needed = int(np.ceil(size(N=len(frame_accounts))))", "your audience is the whole frame, as in September. Some of its accounts had left by 1 December."),
        "september": (SIZE + "v = pipewright.answers.loc[pipewright.answers['survey_id'] == 1, 'value']\naccounts_needed = int(np.ceil(size(s=(100 * ((v >= 9).astype(int) - (v <= 6).astype(int))).std())))", "that is the spread of *September's* answers. Take December's, `survey_id` 4."),
        "still missing": ("int(np.ceil(endless / (1 + (endless - 1) / audience))) - len(december)", "that is how many *more* than this December. The question asks for all that must be heard."),
        "as a share": ("endless / (1 + (endless - 1) / audience) / audience", "that is a *share* of the audience. Store the number of accounts."),
        "today's correction": ("int(np.ceil(endless * (audience - len(december)) / (audience - 1)))", "you used the correction of *this* December's answers. It depends on the number you look for: use the formula in the question."),
        "today's correction, root": ("int(np.ceil(endless * ((audience - len(december)) / (audience - 1)) ** 0.5))", "you used the margin's correction of *this* December's answers. It depends on the number you look for: use the formula in the question."),
    },
)

# %% [markdown] question="q3"
# ## Question 3: said, and bought
#
# A colleague would sell Swiftfare's flexible pass at 12 euros to people who know the app. How far apart are words and deeds *among those who had booked*?
#
# - **Said**: users who answered the four price questions (`survey_id` 6) and had booked at least once by that survey's `frame_on` (1 June 2025). Of these, the share whose `expensive` price is **above** 12 euros: they say that 12 is not expensive.
# - **Bought**: users who were offered the pass **at 12 euros** (`survey_id` 7, `offered`) and had booked at least once by that survey's `frame_on` (31 August 2025). Of these, the share who `bought`.
#
# Both days are included, any product counts, prices are in cents. Store *said less bought*, a difference of two fractions with all its digits, in `said_less_bought`.

# %%
# BEGIN SOLUTION q3
first_booked_on = swiftfare.bookings.groupby("user_id")["booked_on"].min()


def answers_to(survey, frame_on):
    """One row a user who had booked by that day, one column a question."""
    rows = swiftfare.answers[swiftfare.answers["survey_id"] == survey]
    wide = rows.pivot(index="user_id", columns="question", values="value")
    return wide[wide.index.map(first_booked_on) <= pd.Timestamp(frame_on)]


asked = answers_to(6, "2025-06-01")
offers = answers_to(7, "2025-08-31")
offered_12 = offers[offers["offered"] == 1200]

said_less_bought = (asked["expensive"] > 1200).mean() - offered_12["bought"].mean()
# END SOLUTION
said_less_bought

# %% tags=["check"]
check("q3")

# %% tags=["solution"]
said, bought = (asked["expensive"] > 1200).mean(), offered_12["bought"].mean()
error = (said * (1 - said) / len(asked) + bought * (1 - bought) / len(offered_12)) ** 0.5
print(f"said {said:.0%} of {len(asked)}, bought {bought:.0%} of {len(offered_12)}: {100 * said_less_bought:.0f} ± {196 * error:.0f} points")

# %% [markdown] tags=["solution"]
# **Two questions, two samples, one frame.** The people are not the same, but both groups were drawn by lot, so the gap is one between *asking* and *offering*, not between kinds of people. Filter one side and not the other, and that is gone.
#
# The interval is wide, because an offer at one price reaches only a part of the people. The chapter's curve borrows strength from all five prices; that is what a model is good for.
#
# Those who say "not expensive" have not lied. They answered a question about a price tag, and nobody held one out.

# %% tags=["spec"]
PRICES = """
def wide(survey, keep):
    t = swiftfare.answers[swiftfare.answers["survey_id"] == survey].pivot(index="user_id", columns="question", values="value")
    return t[keep(t.index.map(first_booked_on))]
anybody = lambda day: np.ones(len(day), dtype=bool)
ever = lambda day: day.notna()
june, august = (lambda day: day <= pd.Timestamp("2025-06-01")), (lambda day: day <= pd.Timestamp("2025-08-31"))
def gap(a, o, price=1200, ask="expensive"):
    return (a[ask] > price).mean() - o.loc[o["offered"] == price, "bought"].mean()
"""
question(
    "q3",
    kind="number",
    name="said_less_bought",
    title="Said less bought, at 12 euros, among those who had booked",
    unit="fraction",
    range=(-1, 1),
    right="the same kind of people on both sides, and the same price.",
    hints=[
        "First day of booking: `swiftfare.bookings.groupby(\"user_id\")[\"booked_on\"].min()`.",
        "`pivot(index=\"user_id\", columns=\"question\", values=\"value\")` gives one row a user and one column a question.",
        "Prices are in cents: 12 euros are 1200. Those offered another price are in neither share.",
    ],
    traps={
        "everybody": (PRICES + "said_less_bought = gap(wide(6, anybody), wide(7, anybody))", "you counted everybody who was asked. The question takes those who had booked by the frame's day."),
        "said only": (PRICES + "said_less_bought = gap(asked, wide(7, anybody))", "you filtered those who were asked, but not those who got an offer. Then two kinds of people are compared."),
        "bought only": (PRICES + "said_less_bought = gap(wide(6, anybody), offers)", "you filtered those who got an offer, but not those who were asked. Then two kinds of people are compared."),
        "ever": (PRICES + "said_less_bought = gap(wide(6, ever), wide(7, ever))", "your base holds people who booked *after* the frame's day. Keep first bookings up to `frame_on`."),
        "never": (PRICES + "said_less_bought = gap(wide(6, lambda d: ~(d <= pd.Timestamp('2025-06-01'))), wide(7, lambda d: ~(d <= pd.Timestamp('2025-08-31'))))", "those are the people who had *not* booked. Turn the condition round."),
        "flights": (
            PRICES + "fl = swiftfare.bookings[swiftfare.bookings['product'].astype(str) == 'flight'].groupby('user_id')['booked_on'].min()\n"
            "a = wide(6, anybody)\na = a[a.index.map(fl) <= pd.Timestamp('2025-06-01')]\n"
            "o = wide(7, anybody)\no = o[o.index.map(fl) <= pd.Timestamp('2025-08-31')]\nsaid_less_bought = gap(a, o)",
            "you kept those who had booked a *flight*. A hotel or a holiday is a booking, too.",
        ),
        "one day": (PRICES + "said_less_bought = gap(wide(6, august), offers)", "you used the second survey's day for both. Each survey has a frame of its own."),
        "too expensive": (PRICES + "said_less_bought = gap(asked, offers, ask='too_expensive')", "you counted those for whom 12 is not *too* expensive. The question asks who finds it not expensive: `expensive` above 12."),
        "says expensive": ("(asked['expensive'] <= 1200).mean() - offered_12['bought'].mean()", "that is the share who find 12 *expensive*. They say it is not, if their `expensive` price lies above it."),
        "euros": ("(asked['expensive'] > 12).mean() - offered_12['bought'].mean()", "you compared cents with euros: everybody's price is above 12 cents."),
        "from twelve": ("(asked['expensive'] >= 1200).mean() - offered_12['bought'].mean()", "somebody who names 12 as expensive finds 12 expensive. *Above* 12: `>`, not `>=`."),
        "cheap": ("(asked['cheap'] >= 1200).mean() - offered_12['bought'].mean()", "you used the price named as *cheap*. The question uses `expensive`."),
        "not cheap": ("(asked['cheap'] < 1200).mean() - offered_12['bought'].mean()", "you used the price named as *cheap*. The question uses `expensive`."),
        "any price": ("(asked['expensive'] > 1200).mean() - offers['bought'].mean()", "your buyers were offered other prices, too. Keep the offers at 1200 cents."),
        "up to twelve": ("(asked['expensive'] > 1200).mean() - offers.loc[offers['offered'] <= 1200, 'bought'].mean()", "you kept the lower prices, too. Keep the offers at exactly 1200 cents."),
        "seventeen": (PRICES + "said_less_bought = gap(asked, offers, price=1700)", "that is the gap at 17 euros. The question asks for 12."),
        "ratio": ("(asked['expensive'] > 1200).mean() / offered_12['bought'].mean()", "that is a *ratio* of the shares. The question asks for their difference."),
        "said alone": ("(asked['expensive'] > 1200).mean()", "that is what they said. Take away the share who bought."),
        "bought alone": ("offered_12['bought'].mean()", "that is the share who bought. The question asks for said *less* bought."),
        "base of all offers": ("(asked['expensive'] > 1200).mean() - offered_12['bought'].sum() / (swiftfare.answers['question'] == 'offered').sum()", "the buyers are counted out of all offers at all prices. Their base is those who were offered 12 euros."),
    },
)

# %% [markdown] question="q4"
# ## Question 4: weights for spring
#
# Mend the **spring 2025** e-mail of Swiftfare (`survey_id` 2) by post-stratification, with other strata than the chapter's.
#
# - The **frame**: users with `signed_up_on` up to 5 May 2025, that day included.
# - Six **strata**: how often the user had booked by 5 May 2025 (that day included; never, once, twice or more), times the calendar year of `signed_up_on` (2024, 2025).
# - In each stratum, the net promoter score of those who answered; weighted by the stratum's share of the *frame*.
#
# Store the weighted score, in **points** with all its digits, in `weighted_nps`.

# %%
# BEGIN SOLUTION q4
frame = swiftfare.users[swiftfare.users["signed_up_on"] <= "2025-05-05"].copy()
bookings_then = swiftfare.bookings[swiftfare.bookings["booked_on"] <= "2025-05-05"]
frame["booked"] = frame["user_id"].map(bookings_then.groupby("user_id").size()).fillna(0).clip(upper=2)
frame["year"] = frame["signed_up_on"].dt.year

heard = swiftfare.answers[swiftfare.answers["survey_id"] == 2].merge(frame, on="user_id")
heard["points"] = 100 * ((heard["value"] >= 9).astype(int) - (heard["value"] <= 6).astype(int))
by_stratum = heard.groupby(["booked", "year"])["points"].mean()
of_frame = frame.groupby(["booked", "year"]).size() / len(frame)

weighted_nps = (by_stratum * of_frame).sum()
# END SOLUTION
weighted_nps

# %% tags=["check"]
check("q4")

# %% tags=["solution"]
of_heard = heard.groupby(["booked", "year"]).size() / len(heard)
print(f"raw {heard['points'].mean():.1f}, weighted {weighted_nps:.1f}")
pd.DataFrame({"of the frame": of_frame, "of the answers": of_heard, "score": by_stratum}).round(2)

# %% [markdown] tags=["solution"]
# **It hardly moves.** The answers have nearly the frame's mix of bookings and years, so there is little to weight. That is tempting to read as good news: *our sample is representative*. It is representative of what you know. Within each stratum those who like the app still answer more than those who don't, and no column in the table says so.
#
# **Frame, not answers.** With the shares of the answers as weights you get the raw score back, digit by digit. That is a good test of your code.
#
# A stratum needs answers. Make a hundred strata, and some will rest on three people.

# %% tags=["spec"]
STRATA = """
def weighted(by=("booked", "year"), f=None, what="points", h=None):
    f = frame if f is None else f
    h = heard if h is None else h
    s = f.groupby(list(by)).size() / len(f)
    return (h.groupby(list(by))[what].mean() * s).sum()
def made(until, survey, upper=2, bookings_until=None, column="signed_up_on"):
    f = swiftfare.users[swiftfare.users[column] <= until].copy()
    b = swiftfare.bookings
    b = b[b["booked_on"] <= (until if bookings_until is None else bookings_until)]
    f["booked"] = f["user_id"].map(b.groupby("user_id").size()).fillna(0).clip(upper=upper)
    f["year"] = f[column].dt.year
    h = swiftfare.answers[swiftfare.answers["survey_id"] == survey].merge(f, on="user_id")
    h["points"] = 100 * ((h["value"] >= 9).astype(int) - (h["value"] <= 6).astype(int))
    return f, h
"""
question(
    "q4",
    kind="number",
    name="weighted_nps",
    title="Spring score with weights of the frame",
    unit="points",
    range=(-100, 100),
    right="each stratum speaks with its share of the frame.",
    hints=[
        "Make one table of the frame, one row a user, with the two columns that define the strata.",
        "`map` of a count leaves those without a booking empty: `fillna(0)`. `clip(upper=2)` joins twice and more.",
        "Two Series with the same index, score and share of the frame: multiply and add up.",
    ],
    traps={
        "raw": ("heard['points'].mean()", "that is the raw score: each stratum counts by its *answers*. Weight by its share of the frame."),
        "plain mean": ("by_stratum.mean()", "you gave the six strata equal weights. Each counts by its share of the frame."),
        "bookings only": (STRATA + "weighted_nps = weighted(['booked'])", "you stratified by bookings alone. Use bookings *and* year."),
        "year only": (STRATA + "weighted_nps = weighted(['year'])", "you stratified by year alone. Use bookings *and* year."),
        "two classes": (STRATA + "f, h = made('2025-05-05', 2, upper=1)\nweighted_nps = weighted(f=f, h=h)", "you put once and twice or more together. There are three classes of bookings."),
        "four classes": (STRATA + "f, h = made('2025-05-05', 2, upper=3)\nweighted_nps = weighted(f=f, h=h)", "you made a class of its own for three bookings and more. There are three classes: never, once, twice or more."),
        "frame until now": (STRATA + "f = made('2025-12-31', 2, bookings_until='2025-05-05')[0]\nweighted_nps = weighted(f=f)", "your frame holds people who signed up *after* 5 May 2025. Nobody could ask them."),
        "installs": (STRATA + "f, h = made('2025-05-05', 2, column='installed_on')\nweighted_nps = weighted(f=f, h=h)", "your frame is everybody who *installed*. The e-mail went to those who had signed up."),
        "bookings until now": (STRATA + "f, h = made('2025-05-05', 2, bookings_until='2025-12-31')\nweighted_nps = weighted(f=f, h=h)", "you counted bookings *after* 5 May 2025, too. Strata are fixed on the frame's day."),
        "upside down": ("w = 1 / of_frame\nweighted_nps = (by_stratum * w).sum() / w.sum()", "your weights are turned round: the rarest stratum speaks loudest."),
        "correction on strata": ("w = of_frame / (heard.groupby(['booked', 'year']).size() / len(heard))\nweighted_nps = (by_stratum * w).sum() / w.sum()", "frame over answers is the weight of one *person*. A stratum's mean takes the stratum's share of the frame."),
        "response rates": ("w = heard.groupby(['booked', 'year']).size() / frame.groupby(['booked', 'year']).size()\nweighted_nps = (by_stratum * w).sum() / w.sum()", "you weighted by how readily a stratum *answers*: that makes the trouble worse. Weight by its share of the frame."),
        "a fraction": ("(by_stratum * of_frame).sum() / 100", "that is a fraction. A score is told in points, from −100 to 100."),
        "base of all users": ("(by_stratum * frame.groupby(['booked', 'year']).size()).sum() / len(swiftfare.users)", "your weights don't add up to one: divide by the frame, not by all users."),
        "counts": ("(by_stratum * frame.groupby(['booked', 'year']).size()).sum()", "your weights are counts. Divide by the size of the frame."),
        "promoters": ("(heard.assign(p=100.0 * (heard['value'] >= 9)).groupby(['booked', 'year'])['p'].mean() * of_frame).sum()", "that is the weighted share of promoters. Take the detractors away."),
        "mean answer": ("(heard.groupby(['booked', 'year'])['value'].mean() * of_frame).sum()", "that is the weighted mean of the answers, 0 to 10. Use the net promoter score."),
        "autumn": (STRATA + "f, h = made('2025-11-03', 3)\nweighted_nps = weighted(f=f, h=h)", "that is the e-mail of autumn 2025. The question asks for spring 2025."),
        "removed or not": ("g = frame.assign(gone=frame['uninstalled_on'] <= '2025-05-05')\nh = heard.assign(gone=heard['uninstalled_on'] <= '2025-05-05')\nweighted_nps = (h.groupby(['booked', 'gone'])['points'].mean() * (g.groupby(['booked', 'gone']).size() / len(g))).sum()", "those are the chapter's strata. Here the second column is the year of the sign-up."),
        "the move": ("heard['points'].mean() - (by_stratum * of_frame).sum()", "that is how far the weights *moved* the score. Store the weighted score itself."),
    },
)

# %% [markdown] question="q5"
# ## Question 5: six buyers
#
# Pipewright could have stopped after six interviews with **buyers**. How many themes would it have found?
#
# - Interviews: `pipewright.interviews` with the persona from `pipewright.contacts`; keep the buyers'. The theme *no problem named* is no theme, but such an interview was held and counts as one.
# - Average over **all ways** to choose six of the buyers' interviews that were held. A theme raised in $k$ of the $N$ interviews is missed by six of them with chance $\binom{N-k}{6}/\binom{N}{6}$ (`comb(N - k, 6) / comb(N, 6)`, which is 0 where $N-k$ is below 6).
#
# Store the expected number of *different* themes found, with all its digits, in `six_buyers`.

# %%
# BEGIN SOLUTION q5
interviews = pipewright.interviews.merge(pipewright.contacts[["contact_id", "persona"]], on="contact_id")
buyers = interviews[interviews["persona"] == "buyer"]
held = buyers["interview_id"].nunique()
raised = buyers[buyers["theme"] != "no problem named"]
times = raised.groupby(raised["theme"].astype(str))["interview_id"].nunique()

six_buyers = sum(1 - comb(held - k, 6) / comb(held, 6) for k in times)
# END SOLUTION
six_buyers

# %% tags=["check"]
check("q5")

# %% tags=["solution"]
print(f"six interviews find {six_buyers:.1f} of the {len(times)} themes that {held} buyers raised; anybody raised "
      f"{interviews.loc[interviews['theme'] != 'no problem named', 'theme'].nunique()}")

# %% [markdown] tags=["solution"]
# **Why all ways.** The first six by date are one draw among thousands, and another calendar would have given another number. The formula averages them all, without a simulation.
#
# **Without putting back.** $1-(1-k/N)^6$ treats the six as drawn with repeats, as if you might meet the same buyer twice. With so few interviews that shows.
#
# **Silence is an interview.** In some interviews no problem came up. Leave those out, and buyers look more talkative than they are; count the silence as a theme, and you have found one that isn't there.
#
# Six buyers find little more than half of what all of them raised: their problems are many and come up seldom, so this curve is far from flat. The chapter's twelve for a homogeneous group is no law. And all of it rests on the buyers having been drawn by lot: six whom an account executive recommends are not six of these.

# %% tags=["spec"]
THEMES = """
def found(who, n=6, N=None):
    m = interviews if who is None else interviews[interviews["persona"] == who]
    N = m["interview_id"].nunique() if N is None else N
    r = m[m["theme"] != "no problem named"]
    k = r.groupby(r["theme"].astype(str))["interview_id"].nunique()
    return sum(1 - comb(N - x, n) / comb(N, n) for x in k)
"""
question(
    "q5",
    kind="number",
    name="six_buyers",
    title="Themes that six interviews with buyers find",
    unit="themes",
    range=(0, 40),
    right="every way to choose six, each as likely.",
    hints=[
        "Merge the persona on by `contact_id`, then keep the buyers.",
        "Two things are wanted: how many interviews were held, and in how many of them each theme came up.",
        "Each theme adds its chance to be found, 1 less the chance to be missed.",
    ],
    traps={
        "first six": ("ids = buyers.drop_duplicates('interview_id').sort_values(['held_on', 'interview_id']).head(6)['interview_id']\nsix_buyers = raised.loc[raised['interview_id'].isin(ids), 'theme'].nunique()", "a whole number of themes comes from *one* choice of six, such as the first by date, or from rounding. Average over all ways to choose six, and keep the digits."),
        "all of them": ("len(times)", "those are the themes of *all* the buyers' interviews. The question stops at six."),
        "with repeats": ("(1 - (1 - times / held) ** 6).sum()", "you drew the six with putting back, as if one buyer could be met twice. Use the formula in the question."),
        "sum of themes": ("6 * times.sum() / held", "that is six times the themes of one interview, and counts a theme each time it comes up. Count different themes."),
        "one interview": ("times.sum() / held", "that is what *one* interview finds on average."),
        "proportional": ("len(times) * 6 / held", "themes don't come in proportion to interviews: the first interviews bring most."),
        "users": (THEMES + "six_buyers = found('user')", "those are users. The question asks for buyers."),
        "managers": (THEMES + "six_buyers = found('manager')", "those are managers. The question asks for buyers."),
        "all personas": (THEMES + "six_buyers = found(None)", "you drew six interviews from all personas. Keep the buyers'."),
        "a share": ("sum(1 - comb(held - k, 6) / comb(held, 6) for k in times) / len(times)", "that is a *share* of the buyers' themes. Store their number."),
        "share of all": ("sum(1 - comb(held - k, 6) / comb(held, 6) for k in times) / interviews.loc[interviews['theme'] != 'no problem named', 'theme'].nunique()", "that is a *share* of all themes. Store the number of themes found."),
        "missed": ("sum(comb(held - k, 6) / comb(held, 6) for k in times)", "those are the themes *missed*. Take each chance from 1."),
        "raised by all six": ("sum(comb(int(k), 6) / comb(held, 6) for k in times)", "that is the chance that *all six* raise a theme. Take the chance that all six miss it, and take that from 1."),
        "five": (THEMES + "six_buyers = found('buyer', 5)", "that is for five interviews. The question asks for six."),
        "twelve": (THEMES + "six_buyers = found('buyer', 12)", "that is for twelve interviews. The question asks for six."),
        "rows": (THEMES + "six_buyers = found('buyer', N=len(buyers))", "your N counts *rows*, one a theme. Count interviews: `nunique()`."),
        "no problem is a theme": ("t = buyers.groupby(buyers['theme'].astype(str))['interview_id'].nunique()\nsix_buyers = sum(1 - comb(held - k, 6) / comb(held, 6) for k in t)", "you counted *no problem named* as a theme. It means that none came up."),
        "silent ones left out": (THEMES + "six_buyers = found('buyer', N=raised['interview_id'].nunique())", "your N leaves out the interviews in which no problem was named. They were held, and six of them may be chosen, too."),
        "contacts": (THEMES + "six_buyers = found('buyer', N=(pipewright.contacts['persona'] == 'buyer').sum())", "your N counts all buyers in the frame. Count those who were interviewed."),
        "all interviews": (THEMES + "six_buyers = found('buyer', N=interviews['interview_id'].nunique())", "your N counts the interviews of all personas. Count the buyers'."),
        "other company": ("m = swiftfare.interviews[swiftfare.interviews['profile'] == 'leisure']\nN = m['interview_id'].nunique()\nk = m[m['theme'] != 'no problem named'].groupby(m['theme'].astype(str))['interview_id'].nunique()\nsix_buyers = sum(1 - comb(N - x, 6) / comb(N, 6) for x in k)", "those are Swiftfare's travellers. The question is about Pipewright's buyers."),
        "said six times": ("(times >= 6).sum()", "those are the themes that came up in six interviews or more. The question asks what six interviews find."),
        "all six": ("((times / held) ** 6).sum()", "that is the chance that *all six* raise a theme. One of them is enough."),
    },
)

# %% [markdown] question="q6"
# ## Question 6: the lead, among users, by seat
#
# In the chapter everybody at an account spoke for it. Tomas's designer would count **users alone**: they work with the thing.
#
# - Answers: `question == "first_need"` in `pipewright.answers`, from contacts whose persona is `user`.
# - **Within an account** its users who answered share one voice: an account with three such users, two of them for the mobile app, gives it two thirds.
# - **Between accounts** each counts by its **seats** on the frame's day: the sum of seats over its movements up to 1 September 2025, that day included (`pipewright.movements`; `new` and `expansion` add, `contraction` and `churn` take away). Accounts without a user who answered are left out, above and below the line.
#
# Store the share of the *mobile app* less the share of the *import wizard*, a fraction with all its digits, in `lead_of_mobile`.

# %%
# BEGIN SOLUTION q6
named = pipewright.answers[pipewright.answers["question"] == "first_need"].merge(pipewright.contacts, on="contact_id")
users = named[named["persona"] == "user"]
voice = pd.crosstab(users["account_id"], users["item"].astype(str), normalize="index")

moves = pipewright.movements[pipewright.movements["moved_on"] <= frame_day]
sign = np.where(moves["kind"].isin(["new", "expansion"]), 1, -1)
seats = (moves["seats"] * sign).groupby(moves["account_id"]).sum()[voice.index]

lead = voice["mobile app"] - voice["import wizard"]
lead_of_mobile = (lead * seats).sum() / seats.sum()
# END SOLUTION
lead_of_mobile

# %% tags=["check"]
check("q6")

# %% tags=["solution"]
random = np.random.default_rng(6)
again = random.multinomial(len(seats), np.full(len(seats), 1 / len(seats)), 4000)
draws = (again * seats.to_numpy()) @ lead.to_numpy() / (again @ seats.to_numpy())
low, high = np.quantile(draws, [0.025, 0.975])
worth = seats.sum() ** 2 / (seats**2).sum()
print(f"{100 * lead_of_mobile:+.0f} points ({100 * low:+.0f} to {100 * high:+.0f}), from {len(seats)} accounts, worth {worth:.0f} equal ones")
print(f"by account {100 * lead.mean():+.0f} points")

# %% [markdown] tags=["solution"]
# **Two weights, two meanings.** Within the account a person's weight is one over those who answered. Between accounts it is seats. Give each *user* all the seats of the account, and an account whose five users answered speaks five times: big accounts count twice over.
#
# **Users want the mobile app.** Of course they do: they are on the road. So "by seat, among users" stacks two choices that both favour it. Neither is wrong. But say both aloud, before you know which need they help.
#
# The interval draws accounts, since an account's users speak alike. Weighted by seats the accounts are worth a few dozen equal ones; look at the width before you plan with the middle.

# %% tags=["spec"]
LEADS = """
def lead_by(weight, who="user", until=frame_day, minus="import wizard", column="seats", kinds=None, signed=True):
    u = named if who is None else named[named["persona"] == who]
    v = pd.crosstab(u["account_id"], u["item"].astype(str), normalize="index")
    m = pipewright.movements[pipewright.movements["moved_on"] <= until]
    if kinds: m = m[m["kind"].isin(kinds)]
    s = np.where(m["kind"].isin(["new", "expansion"]), 1, -1) if signed else 1
    w = (m[column] * s).groupby(m["account_id"]).sum().reindex(v.index).fillna(0)
    if weight is not None: w = weight(v)
    return ((v["mobile app"] - v[minus]) * w).sum() / w.sum()
"""
question(
    "q6",
    kind="number",
    name="lead_of_mobile",
    title="Mobile app less import wizard, users by seat",
    unit="fraction",
    range=(-1, 1),
    right="one voice an account, and each by its seats.",
    hints=[
        "`pd.crosstab(..., normalize=\"index\")` gives each account's voice: its rows add up to one.",
        "Seats on a day are the sum of signed movements up to that day.",
        "Sum of lead times seats, over the sum of seats, both over the accounts with an answer.",
    ],
    traps={
        "by account": ("lead.mean()", "you counted each account once. The question counts them by seats."),
        "by person": ("(users['item'] == 'mobile app').mean() - (users['item'] == 'import wizard').mean()", "you counted each *person* once. Share one voice within an account, then weight by its seats."),
        "everybody": (LEADS + "lead_of_mobile = lead_by(None, who=None)", "all personas are in it. The question asks for users alone."),
        "managers": (LEADS + "lead_of_mobile = lead_by(None, who='manager')", "those are managers. The question asks for users."),
        "revenue": (LEADS + "lead_of_mobile = lead_by(None, column='mrr_cents')", "you weighted by *revenue*. The question weights by seats."),
        "turned round": ("-(lead * seats).sum() / seats.sum()", "the sign is turned round: take the mobile app *less* the import wizard."),
        "mobile alone": ("(voice['mobile app'] * seats).sum() / seats.sum()", "that is the mobile app's share. Take the import wizard's away."),
        "seats for each person": ("w = users['account_id'].map(seats)\nx = (users['item'] == 'mobile app').astype(int) - (users['item'] == 'import wizard').astype(int)\nlead_of_mobile = (x * w).sum() / w.sum()", "each *user* carries all the seats of the account, so an account with five answers speaks five times. Share one voice within the account first."),
        "frame's seats below": ("all_seats = (moves['seats'] * sign).groupby(moves['account_id']).sum()\nlead_of_mobile = (lead * seats).sum() / all_seats[all_seats.index.isin(pipewright.contacts['account_id'])].sum()", "below the line stand the seats of the whole frame, above it only accounts with an answer. Both must be the same accounts."),
        "all seats below": ("lead_of_mobile = (lead * seats).sum() / (moves['seats'] * sign).sum()", "below the line stand the seats of all Pipewright. Both lines must hold the accounts with an answer."),
        "end of the data": (LEADS + "lead_of_mobile = lead_by(None, until=pd.Timestamp('2025-12-31'))", "those are the seats at the end of the data. Take them on the frame's day, 1 September 2025."),
        "no sign": (LEADS + "lead_of_mobile = lead_by(None, signed=False)", "you added all movements. `contraction` and `churn` take seats away."),
        "new only": (LEADS + "lead_of_mobile = lead_by(None, kinds=['new'])", "those are the seats at the start of the contract. Add what came and went until the frame's day."),
        "employees": (LEADS + "lead_of_mobile = lead_by(lambda v: pipewright.accounts.set_index('account_id')['employees'][v.index])", "you weighted by *employees*. Most of them have no seat."),
        "contacts": (LEADS + "lead_of_mobile = lead_by(lambda v: pipewright.contacts.groupby('account_id').size()[v.index])", "you weighted by the contacts known at an account. The question weights by seats."),
        "answers": (LEADS + "lead_of_mobile = lead_by(lambda v: named[named['persona'] != ''].groupby('account_id').size()[v.index])", "you weighted by how many people answered. The question weights by seats."),
        "winner takes all": ("top = voice.idxmax(axis=1)\nlead_of_mobile = (seats[top == 'mobile app'].sum() - seats[top == 'import wizard'].sum()) / seats.sum()", "you gave the whole account to its users' first choice. Share the voice: two of three users are two thirds."),
        "over SSO": (LEADS + "lead_of_mobile = lead_by(None, minus='SSO and audit log')", "that is the lead over *SSO and audit log*. The question asks for the import wizard."),
        "ratings": ("r = pipewright.answers[pipewright.answers['question'] == 'need_rating'].merge(pipewright.contacts, on='contact_id')\nr = r[r['persona'] == 'user']\nm = r.groupby(r['item'].astype(str))['value'].mean()\nlead_of_mobile = (m['mobile app'] - m['import wizard']) / 100", "those are the *ratings* from 0 to 100. The question uses `first_need`."),
        "enterprise": ("e = pipewright.accounts.set_index('account_id')['enterprise'][voice.index].to_numpy(bool)\nlead_of_mobile = (lead * seats)[e].sum() / seats[e].sum()", "you kept the enterprise plan alone. The frame holds large accounts on other plans, too."),
        "without five": ("k = ~voice.index.isin(seats.nlargest(5).index)\nlead_of_mobile = (lead * seats)[k].sum() / seats[k].sum()", "you left out the five largest accounts. That is a fair check, but the question counts all."),
        "ratio": ("(voice['mobile app'] * seats).sum() / (voice['import wizard'] * seats).sum()", "that is a *ratio* of two shares. The question asks for their difference."),
    },
)

# %% [markdown] question="q7"
# ## Question 7: the decision
#
# Each company gives you **20,000 euros** and the first quarter of 2026. An interview with a traveller costs 50 euros, one with a person at an account 250; an answer from somebody drawn by lot and followed up by letter and telephone costs 25 euros at Swiftfare and 100 at Pipewright; an e-mail costs nothing. Write **one research plan**, for both companies, of 120 to 300 words, in `plan`:
#
# - **Swiftfare.** Marketing wants a team to build out the referral programme, because the e-mail's score is near 40. Whom do you ask, how many, how?
# - **Pipewright.** The team would build the import wizard, since more accounts name it than anything else. Whom do you ask, how many, and how do you count them?
#
# Say for each company which question the money answers, and **which answer would change the roadmap**. Use numbers: your own from above, or the chapter's.

# %%
# BEGIN SOLUTION q7
plan = """
Swiftfare. The question is whether enough people would recommend us to carry a
referral programme. I would not use the e-mail: promoters answer it more than
twice as often as others, and its thousands of answers are worth fewer than
ten drawn by lot. I draw 600 people by lot from everybody who signed up, those
who left too, and follow up by letter and telephone until nearly all have
answered (15,000 euros). That gives a score within about 7 points. Below 15,
no programme this quarter. 40 interviews, 20 each with leisure and work
travellers (2,000 euros), tell what to mend; more would bring few new themes.
The rest pays for a small offer of the programme itself to users drawn by lot,
since what people say is not what they do. If more than 5 % invite somebody, I
change my mind whatever the score.

Pipewright. The question is what the large accounts need before their
renewals, since most seats and revenue are theirs. I don't sample: all
accounts of the frame can be asked. 48 interviews, twelve each with users,
managers, buyers and approvers (12,000 euros), whom nobody has interviewed
yet, no two from one account. With the remaining 8,000 I hear 80 people who
did not say in September what to build first, buyers before others. I count
first needs by account and by revenue, both decided now. If the mobile app's
lead by revenue holds without the five largest accounts, we build it. If it
does not, the wizard goes first; if approvers name a condition for renewal,
that comes before either.
"""
# END SOLUTION

# %% tags=["check"]
check("q7")

# %% [markdown] tags=["solution"]
# ## Two sample answers
#
# The text above is the **strong** one. What makes it so:
#
# - *It begins with the question*, not with a method. The method follows from who could be missing.
# - *It names the frame*, those who left included, and says how they are reached. At Swiftfare that costs most of the money, and it is the right place for it.
# - *It knows the worth of each part*: a margin for the draw, saturation for the interviews, and no false hope for the e-mail.
# - *The counting is fixed beforehand.* Whoever chooses between account and revenue after seeing the answers chooses the winner.
# - *The thresholds are written down*: below 15, above 5 %, without the five largest. Each could come true, and each would change the roadmap.
#
# What could be better: where the 15 and the 5 % come from, it doesn't say. And administrators are left out of the interviews without a word.
#
# And a **weak** one, as it is often written:
#
# > We will run a mixed-methods study to deeply understand user needs. At Swiftfare an updated NPS survey will go to the full user base; with our reach we expect more than 100,000 responses, which makes the results statistically significant. We will incentivise responses with a voucher. Ten power users will be invited to a co-creation workshop. At Pipewright the audience is small, so quantitative research is not meaningful; instead account managers will suggest eight friendly customers for in-depth interviews until saturation. Users will also be asked how much they would pay for each module. Findings will be triangulated and feed into the roadmap. The remaining budget is used for a best-in-class research platform.
#
# - *"More than 100,000 responses"*: more of the same people. The error was never noise.
# - *The voucher* changes who answers once more, and nobody knows in which direction.
# - *"Power users"* are chosen for liking it.
# - *"Small, so not meaningful"* is the wrong way round: a small audience can be asked almost whole, and then the margin shrinks.
# - *"Friendly customers, suggested by account managers"* are saturated quickly. So is an empty room.
# - *Users are asked for a price* that a buyer pays.
# - *"Feed into the roadmap"*: no answer would change anything.

# %% tags=["spec"]
question(
    "q7",
    kind="decision",
    name="plan",
    title="A research plan for each company",
    words=(120, 300),
    hints=[
        "For each company: the question in one sentence, then whom, how many, how. Then the answer that would change the "
        "roadmap. Then add up the money.",
    ],
    rubric=[
        "Does each half begin with the question that the money answers?",
        "Swiftfare: are those who would *not* answer an e-mail reached, and is the number of people justified by a margin?",
        "Pipewright: does it name the personas, approvers among them, and say why not one more of the same?",
        "Is the way of counting (account, seat, revenue) chosen beforehand, with a reason?",
        "Does it keep apart what people say and what they do?",
        "Does the money add up to no more than 20,000 euros for each company?",
        "Is there, for each company, an answer that could come and would change the roadmap?",
    ],
)
