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
# # Solution 5: what to ship, and when to believe a test
#
# All seven questions of [the exercise](../exercises/05-release-cycles.ipynb), answered and discussed. Other routes to the same number are as good. If yours differs in the words that follow and not in the number, you are done.

# %% [markdown] tags=["exercise"]
# # Exercise 5: what to ship, and when to believe a test
#
# Seven questions, from counting to deciding; the last is a note that no program can grade. They don't build on each other; question 6 is the hardest. About two hours, an estimate. Replace each `...` with your code, run the cell, then run the check below it. A check never shows you the answer; if yours is off, it tries to name what went wrong. Hints are folded away beneath it.
#
# The tables are the ones of [the chapter on release cycles](../book/05-release-cycles.md). Plain pandas is all you need.

# %%
# Run this cell first. It loads the two companies' tables.
import numpy as np
import pandas as pd
from scipy.stats import norm

import twoworlds as tw
from twoworlds import Checker

check = Checker("05-release-cycles")
swiftfare = tw.load("swiftfare")
pipewright = tw.load("pipewright")

# %% [markdown] question="q1"
# ## Question 1: Pipewright, hours lost
#
# Support says that 2025 was a bad year for releases; engineering says it was a calm one. Give them one number: the **hours lost for a hundred changes**.
#
# The table is `pipewright.releases`, one row a release. A release that failed (`failed`) cost `recovered_minutes`, for `exposed_percent` % of the accounts. One *hour lost* is an hour in which all accounts are without; so a failure that lasts two hours for a quarter of the accounts costs half an hour.
#
# - Count **all** releases that went live (`live_on`) in **2025**, deploys and visible ones, failed or not.
# - Add up their hours lost, divide by all the `changes` they held, and give it for 100 changes.
#
# Store it in `hours_lost`, in hours, with all its digits.

# %%
# BEGIN SOLUTION q1
log = pipewright.releases
log = log[log["live_on"].dt.year == 2025]
hours = log["recovered_minutes"].astype(float).fillna(0) / 60 * log["exposed_percent"] / 100
hours_lost = 100 * hours.sum() / log["changes"].sum()
# END SOLUTION
hours_lost

# %% tags=["check"]
check("q1")

# %% tags=["solution"]
by_sight = (
    log.assign(hours=hours)
    .groupby("visible")
    .agg(
        releases=("name", "size"),
        failed=("failed", "sum"),
        hours=("hours", "sum"),
        changes=("changes", "sum"),
    )
)
by_sight.round(1)

# %% [markdown] tags=["solution"]
# **Who carries the number?** The few visible releases: most of the hours come from them, though deploys fail as well. That is what the weight by exposure and by time is for. Count failures, and a deploy that five per cent of the accounts had for an hour weighs as much as a day's outage for all.
#
# **Why for a hundred changes, not for a release?** A team can halve its failures for each release by cutting each release in two. For the same work done, nothing would have changed. Changes are not alike either, but they are nearer to *work done*.
#
# **Why all releases, not only those that failed?** Leave out the good ones and you have the mean bad day. That is a fine question, and another one.

# %% tags=["spec"]
ROUTE = """log = pipewright.releases
log = log[log["live_on"].dt.year == 2025]
hours = log["recovered_minutes"].astype(float).fillna(0) / 60 * log["exposed_percent"] / 100
hours_lost = 100 * hours.sum() / log["changes"].sum()
"""
question(
    "q1",
    kind="number",
    name="hours_lost",
    title="Pipewright's hours lost for a hundred changes, 2025",
    unit="hours",
    right="each failure weighed by whom it met, and for how long.",
    hints=[
        'Keep the rows with `live_on` in 2025: `log["live_on"].dt.year == 2025`.',
        "Hours lost by a release: minutes over 60, times the share exposed. An empty `recovered_minutes` costs nothing.",
        "Add up the hours, add up the changes of *all* these releases, divide, times 100.",
    ],
    traps={
        "no exposure": (
            ROUTE.replace(' * log["exposed_percent"] / 100', ""),
            "you count every failure as if all accounts had it. Weigh it by the share that was exposed.",
        ),
        "minutes": (
            ROUTE.replace(" / 60", ""),
            "those are minutes. The question asks for hours.",
        ),
        "one change": (
            ROUTE.replace("100 * hours.sum()", "hours.sum()"),
            "that is for *one* change. The question asks for a hundred.",
        ),
        "releases": (
            ROUTE.replace('log["changes"].sum()', "len(log)"),
            "you divide by releases. Divide by the changes they held.",
        ),
        "hours a release": (
            ROUTE.replace('100 * hours.sum() / log["changes"].sum()', "hours.mean()"),
            "that is the mean of the releases. Add up the hours, and divide by the changes.",
        ),
        "both years": (
            ROUTE.replace('log = log[log["live_on"].dt.year == 2025]\n', ""),
            "you count both years. The question asks for releases that went live in 2025.",
        ),
        "2024": (
            ROUTE.replace("== 2025", "== 2024"),
            "that is the year 2024.",
        ),
        "failed only": (
            ROUTE.replace(
                'log = log[log["live_on"].dt.year == 2025]',
                'log = log[(log["live_on"].dt.year == 2025) & log["failed"]]',
            ),
            "your base holds only the changes of releases that failed. The good ones were shipped, too.",
        ),
        "visible": (
            ROUTE.replace(".dt.year == 2025]", '.dt.year == 2025]\nlog = log[log["visible"]]'),
            "you count the visible releases alone. Deploys are releases, too.",
        ),
        "deploys": (
            ROUTE.replace(".dt.year == 2025]", '.dt.year == 2025]\nlog = log[~log["visible"]]'),
            "you count the deploys alone. Visible releases are releases, too.",
        ),
        "flagged": (
            ROUTE.replace(".dt.year == 2025]", '.dt.year == 2025]\nlog = log[log["flagged"]]'),
            "you count flagged releases alone. All that went live count.",
        ),
        "unflagged": (
            ROUTE.replace(".dt.year == 2025]", '.dt.year == 2025]\nlog = log[~log["flagged"]]'),
            "you count unflagged releases alone. All that went live count.",
        ),
        "swiftfare": (
            ROUTE.replace("pipewright.releases", "swiftfare.releases"),
            "that is Swiftfare's log. The question is about Pipewright.",
        ),
        "mean ratio": (
            ROUTE.replace('hours.sum() / log["changes"].sum()', '(hours / log["changes"]).mean()'),
            "you took a rate for each release and then their mean. A small release then weighs as much as a large one: divide the sums.",
        ),
        "failures": (
            ROUTE.replace("hours.sum()", 'log["failed"].sum()'),
            "you count failures. Weigh each by its hours and by the share exposed.",
        ),
        "lead": (
            ROUTE.replace('log["recovered_minutes"].astype(float).fillna(0) / 60', 'log["lead_hours"]'),
            "`lead_hours` is the time before a change goes live. What a failure costs stands in `recovered_minutes`.",
        ),
        "not divided": (
            ROUTE.replace('100 * hours.sum() / log["changes"].sum()', "hours.sum()"),
            "that is the sum of the hours. Put it over the changes, for a hundred of them.",
        ),
        "mean recovery": (
            ROUTE.replace('100 * hours.sum() / log["changes"].sum()', 'hours[log["failed"]].mean()'),
            "that is the mean failure. The question asks for the hours lost over the changes shipped.",
        ),
        "hidden share": (
            ROUTE.replace('log["exposed_percent"] / 100', '(1 - log["exposed_percent"] / 100)'),
            "you weigh by the share that was *spared*. `exposed_percent` had the release.",
        ),
    },
)

# %% [markdown] question="q2"
# ## Question 2: how many weeks?
#
# Swiftfare's growth team has an idea that should lift the share of newcomers who book within 30 days by **3 % of itself** (a relative lift: a share of 20 % would become 20.6 %). How many weeks must newcomers enter the test?
#
# - **The share now**, $p_1$: in the test named `"Price alert card"` (find its `experiment_id` in `swiftfare.experiments`), over all days of the `control` arm in `swiftfare.arm_days`: sum of `sum_x` (those who booked) over sum of `n` (newcomers). $p_2$ is 3 % higher.
# - **The size**: a two-sided test at 5 % that finds the lift with 80 % power: $n = (z_{.975} + z_{.80})^2\,v/(p_2 - p_1)^2$ newcomers **an arm**, where $v = p_1 q_1 + p_2 q_2$, $q = 1 - p$, and `norm.ppf(0.975)` gives $z_{.975}$.
# - **The pace**: as many newcomers a week, in both arms together, as in that test: the mean number a day over all its days, times 7. Half go to each arm.
#
# The 30 days in which the last newcomers may book come on top: leave them out. Store the weeks in `weeks_needed`, with decimals.

# %%
# BEGIN SOLUTION q2
card = swiftfare.experiments.set_index("name").loc["Price alert card", "experiment_id"]
rows = swiftfare.arm_days[swiftfare.arm_days["experiment_id"] == card]
control = rows[rows["arm"] == "control"]
p1 = control["sum_x"].sum() / control["n"].sum()
p2 = 1.03 * p1
z = norm.ppf(0.975) + norm.ppf(0.8)
n = z**2 * (p1 * (1 - p1) + p2 * (1 - p2)) / (p2 - p1) ** 2
a_week = 7 * rows.groupby("date")["n"].sum().mean()
weeks_needed = 2 * n / a_week
# END SOLUTION
weeks_needed

# %% tags=["check"]
check("q2")

# %% tags=["solution"]
for lift in (0.10, 0.05, 0.03, 0.01):
    p3 = (1 + lift) * p1
    needed = z**2 * (p1 * (1 - p1) + p3 * (1 - p3)) / (p3 - p1) ** 2
    print(f"a lift of {lift:.0%}: {2 * needed / a_week:6.1f} weeks")

# %% [markdown] tags=["solution"]
# **What the table says.** A third of the lift needs nine times the weeks. Between "a few days" and "longer than the quarter" lie lifts that sound much alike in a meeting. So ask for the smallest lift *worth having* before you ask for the weeks. That is a question about money, and no formula answers it.
#
# **Why decide it beforehand?** After the test, the power for the effect you have just seen is a mere translation of its p-value and tells you nothing new.
#
# The plan is not done with the weeks: each newcomer is followed for 30 days, so the answer comes a month after the last one has entered. And a test that ends after ten days shows people's first ten days.

# %% tags=["spec"]
ROUTE = """card = swiftfare.experiments.set_index("name").loc["Price alert card", "experiment_id"]
rows = swiftfare.arm_days[swiftfare.arm_days["experiment_id"] == card]
control = rows[rows["arm"] == "control"]
p1 = control["sum_x"].sum() / control["n"].sum()
p2 = 1.03 * p1
z = norm.ppf(0.975) + norm.ppf(0.8)
n = z**2 * (p1 * (1 - p1) + p2 * (1 - p2)) / (p2 - p1) ** 2
a_week = 7 * rows.groupby("date")["n"].sum().mean()
weeks_needed = 2 * n / a_week
"""
question(
    "q2",
    kind="number",
    name="weeks_needed",
    title="Weeks to find a relative lift of 3 %",
    unit="weeks",
    tolerance=0.01,
    right="asked before the test, as it should be.",
    hints=[
        "Three numbers first: the control's share, the share you hope for, and the newcomers of a week.",
        "`norm.ppf(0.975) + norm.ppf(0.8)` is about 2.8; square the sum.",
        "n is for one arm. A week's newcomers are shared by two.",
    ],
    traps={
        "one arm": (
            ROUTE.replace("2 * n / a_week", "n / a_week"),
            "you count one arm. Both arms share the newcomers of a week.",
        ),
        "points": (
            ROUTE.replace("p2 = 1.03 * p1", "p2 = p1 + 0.03"),
            "you added three *points*. A relative lift of 3 % multiplies the share by 1.03.",
        ),
        "fall": (
            ROUTE.replace("p2 = 1.03 * p1", "p2 = 0.97 * p1"),
            "you let the share fall by 3 %. The idea should lift it.",
        ),
        "one-sided": (
            ROUTE.replace("norm.ppf(0.975)", "norm.ppf(0.95)"),
            "`norm.ppf(0.95)` belongs to a one-sided test. Two-sided at 5 % leaves 2.5 % on each side.",
        ),
        "no power": (
            ROUTE.replace(" + norm.ppf(0.8)", ""),
            "you left out the power. With 1.96 errors alone a true lift is missed every second time.",
        ),
        "power 90": (
            ROUTE.replace("norm.ppf(0.8)", "norm.ppf(0.9)"),
            "that is a power of 90 %. The question asks for 80.",
        ),
        "power 95": (
            ROUTE.replace("norm.ppf(0.8)", "norm.ppf(0.95)"),
            "that is a power of 95 %. The question asks for 80.",
        ),
        "days": (
            ROUTE.replace("a_week = 7 *", "a_week ="),
            "those are days. The question asks for weeks.",
        ),
        "control pace": (
            ROUTE.replace("a_week = 7 * rows", "a_week = 7 * control"),
            "your week holds the control's newcomers only. Both arms' newcomers come through the door.",
        ),
        "one variance": (
            ROUTE.replace("(p1 * (1 - p1) + p2 * (1 - p2))", "(p1 * (1 - p1))"),
            "one variance is missing: each arm has its own, and they add up.",
        ),
        "not squared": (
            ROUTE.replace("(p2 - p1) ** 2", "(p2 - p1)"),
            "the difference must be squared. Half the effect needs four times as many.",
        ),
        "z not squared": (
            ROUTE.replace("n = z**2 *", "n = z *"),
            "the sum of the two z must be squared.",
        ),
        "z squared apart": (
            ROUTE.replace(
                "z = norm.ppf(0.975) + norm.ppf(0.8)\n",
                "z = np.sqrt(norm.ppf(0.975) ** 2 + norm.ppf(0.8) ** 2)\n",
            ),
            "you squared the two z and then added. Add first, then square.",
        ),
        "takers": (
            ROUTE.replace('control["sum_x"].sum()', 'control["taken"].sum()'),
            "`taken` counts those who set an alert. Those who booked stand in `sum_x`.",
        ),
        "treatment": (
            ROUTE.replace('== "control"]', '== "treatment"]'),
            "that is the share of the *treatment* arm. The share now is the control.",
        ),
        "both arms": (
            ROUTE.replace('rows[rows["arm"] == "control"]', "rows"),
            "your share mixes both arms. The share now is the control.",
        ),
        "four arms": (
            ROUTE.replace("2 * n / a_week", "4 * n / a_week"),
            "you need n in each of two arms, and both arms share a week's newcomers. You halved the week or doubled the arms once too often.",
        ),
        "another test": (
            ROUTE.replace("Price alert card", "New welcome page"),
            "that is the test of the welcome page. Take the price-alert card.",
        ),
        "users needed": (
            ROUTE.replace("weeks_needed = 2 * n / a_week", "weeks_needed = n"),
            "that is the number of newcomers in an arm. How many weeks do both arms take?",
        ),
        "both users": (
            ROUTE.replace("weeks_needed = 2 * n / a_week", "weeks_needed = 2 * n"),
            "that is the number of newcomers. Divide by the newcomers of a week.",
        ),
        "month to book": (
            ROUTE.replace("weeks_needed = 2 * n / a_week", "weeks_needed = 2 * n / a_week + 30 / 7"),
            "you added the 30 days to book. They come on top, and the question leaves them out.",
        ),
        "the lesson's lift": (
            ROUTE.replace("p2 = 1.03 * p1", "p2 = 1.05 * p1"),
            "that is a lift of 5 %, as in the chapter. The question asks for 3.",
        ),
        "absolute of p2": (
            ROUTE.replace("p2 = 1.03 * p1", "p2 = 1.3 * p1"),
            "that is a lift of 30 %. Three per cent more is times 1.03.",
        ),
    },
)

# %% [markdown] question="q3"
# ## Question 3: count the arms on day 14
#
# The test `"New welcome page"` was planned to give each newcomer either arm with the same chance. Somebody looks after two weeks: is the split still believable?
#
# Take `swiftfare.arm_days` for that test, days **1 to 14** (day 1 is the test's `started_on` in `swiftfare.experiments`, day 14 included). With the newcomers counted in each arm, $O$, and those expected, $E$ (half of all counted), compute $\chi^2 = \sum (O - E)^2 / E$ over the two arms.
#
# Store it in `chi_square`, with all its digits.

# %%
# BEGIN SOLUTION q3
test = swiftfare.experiments.set_index("name").loc["New welcome page"]
rows = swiftfare.arm_days[swiftfare.arm_days["experiment_id"] == test["experiment_id"]]
day = (rows["date"] - test["started_on"]).dt.days + 1
n = rows[day <= 14].groupby("arm", observed=True)["n"].sum()
expected = n.sum() / 2
chi_square = ((n - expected) ** 2 / expected).sum()
# END SOLUTION
chi_square

# %% tags=["check"]
check("q3")

# %% tags=["solution"]
from scipy.stats import chi2

print(
    f"chi-square {chi_square:.1f}: as far or farther by chance in {chi2.sf(chi_square, 1):.1e} of fair splits"
)
print(f"treatment's share: {n['treatment'] / n.sum():.2%}")

# %% [markdown] tags=["solution"]
# **What to do with it.** The rule of the lesson is 1 in 1,000, which is a chi-square of 10.8 with two arms. Compare, and if it is passed, don't read the outcome. Not "with caution", not "we adjust for it": those who are missing are missing for a reason, and the reason is likely to have to do with the outcome.
#
# **Why not 1 in 20?** Because you make this check on each test, each day. At 1 in 20 it would cry so often that nobody would listen. A real leak is soon far beyond 1 in 1,000, as here.
#
# A check that needs two weeks and two counts costs nothing. Run it before the first look at any outcome.

# %% tags=["spec"]
ROUTE = """test = swiftfare.experiments.set_index("name").loc["New welcome page"]
rows = swiftfare.arm_days[swiftfare.arm_days["experiment_id"] == test["experiment_id"]]
day = (rows["date"] - test["started_on"]).dt.days + 1
n = rows[day <= 14].groupby("arm", observed=True)["n"].sum()
expected = n.sum() / 2
chi_square = ((n - expected) ** 2 / expected).sum()
"""
question(
    "q3",
    kind="number",
    name="chi_square",
    title="Sample ratio of the welcome page after 14 days",
    right="counted before any outcome is read.",
    hints=[
        "Two numbers are enough: newcomers in control and in treatment, days 1 to 14.",
        "Expected in each arm: half of their sum.",
        "Square the distance of each arm from it, divide by it, add up both.",
    ],
    traps={
        "whole test": (
            ROUTE.replace("rows[day <= 14].groupby", "rows.groupby"),
            "you counted the whole test. The question stops after day 14.",
        ),
        "one arm": (
            ROUTE.replace(
                "((n - expected) ** 2 / expected).sum()", '(n["control"] - expected) ** 2 / expected'
            ),
            "one arm is missing from the sum. Both arms are off, by as much.",
        ),
        "13 days": (
            ROUTE.replace("day <= 14", "day < 14"),
            "day 14 is missing: it is included.",
        ),
        "day 0": (
            ROUTE.replace(".dt.days + 1", ".dt.days"),
            "you took 15 days: the first day is day 1, so `+ 1`.",
        ),
        "one week": (
            ROUTE.replace("day <= 14", "day <= 7"),
            "that is one week. The question asks for fourteen days.",
        ),
        "16 days": (
            ROUTE.replace("day <= 14", "day <= 16"),
            "you went beyond day 14.",
        ),
        "abs": (
            ROUTE.replace("(n - expected) ** 2", "abs(n - expected)"),
            "the difference from what was expected must be squared.",
        ),
        "p-value": (
            ROUTE.replace(
                "chi_square = ((n - expected) ** 2 / expected).sum()",
                "from scipy.stats import chi2\nchi_square = chi2.sf(((n - expected) ** 2 / expected).sum(), 1)",
            ),
            "that is the p-value. The question asks for the chi-square itself.",
        ),
        "root": (
            ROUTE.replace(
                "chi_square = ((n - expected) ** 2 / expected).sum()",
                "chi_square = ((n - expected) ** 2 / expected).sum() ** 0.5",
            ),
            "that is its root, a z. The question asks for the square.",
        ),
        "bookings": (
            ROUTE.replace('["n"].sum()', '["sum_x"].sum()'),
            "you counted those who booked. The check is made *before* any outcome: count the newcomers, `n`.",
        ),
        "another test": (
            ROUTE.replace("New welcome page", "Price alert card"),
            "that is the test of the price-alert card.",
        ),
        "shares": (
            ROUTE.replace("expected = n.sum() / 2", "n = n / n.sum()\nexpected = 0.5"),
            "you used shares. A chi-square needs counts: two per cent off is nothing among a hundred and much among a hundred thousand.",
        ),
        "observed below": (
            ROUTE.replace("/ expected).sum()", "/ n).sum()"),
            "you divide by what was observed. Divide by what was expected.",
        ),
        "yates": (
            ROUTE.replace("(n - expected) ** 2", "(abs(n - expected) - 0.5) ** 2"),
            "you took Yates's correction of one half. The question's formula has none.",
        ),
        "table test": (
            ROUTE.replace(
                "chi_square = ((n - expected) ** 2 / expected).sum()",
                'outcome = rows[day <= 14].groupby("arm", observed=True)["sum_x"].sum()\nfrom scipy.stats import chi2_contingency\nchi_square = chi2_contingency([outcome, n - outcome], correction=False)[0]',
            ),
            "that compares the share who booked. The split is checked before any outcome.",
        ),
        "day by day": (
            ROUTE.replace(
                'n = rows[day <= 14].groupby("arm", observed=True)["n"].sum()\nexpected = n.sum() / 2\nchi_square = ((n - expected) ** 2 / expected).sum()',
                'n = rows[day <= 14].pivot_table(index="date", columns="arm", values="n", observed=True)\nexpected = n.sum(axis=1) / 2\nchi_square = (n.sub(expected, axis=0) ** 2).div(expected, axis=0).sum().sum()',
            ),
            "you added up a chi-square for each day. Add up the newcomers of all days first.",
        ),
        "not divided": (
            ROUTE.replace("((n - expected) ** 2 / expected).sum()", "((n - expected) ** 2).sum()"),
            "the squares must be divided by what was expected.",
        ),
        "all expected": (
            ROUTE.replace("n.sum() / 2", "n.sum()"),
            "you expect everybody in each arm. Half of all is expected.",
        ),
        "difference": (
            ROUTE.replace(
                "((n - expected) ** 2 / expected).sum()",
                '(n["control"] - n["treatment"]) ** 2 / n["treatment"]',
            ),
            "you compared the arms with each other. Compare each with half of all.",
        ),
    },
)

# %% [markdown] question="q4"
# ## Question 4: a bound from your own A/A tests
#
# Swiftfare's teams look at their tests once a week. You want a bound for |z| that makes up for four looks, and you want it from the company's own A/A tests, not from a book.
#
# - Take the 40 tests whose `name` begins with `"A/A"`. Day 1 is `started_on`.
# - Look at each at the end of days **7, 14, 21 and 28**, each time at **all days so far**. With `n`, `sum_x`, `sum_xx` added up in each arm: the mean is `sum_x / n`, the variance `(sum_xx - n * mean**2) / (n - 1)`, and $z$ is the treatment's mean less the control's, over the root of the two arms' `variance / n` added up.
# - For each test take the **largest |z|** of its four looks.
# - Your bound is the largest value that **leaves two of the 40 tests (5 %) above it**: the third largest of these 40.
#
# Store it in `home_bound`, with all its digits.

# %%
# BEGIN SOLUTION q4
names = swiftfare.experiments[["experiment_id", "name", "started_on"]]
rows = swiftfare.arm_days.merge(names, on="experiment_id")
rows = rows[rows["name"].str.startswith("A/A")]
rows["day"] = (rows["date"] - rows["started_on"]).dt.days + 1
sums = rows.pivot_table(
    index=["experiment_id", "day"], columns="arm", values=["n", "sum_x", "sum_xx"], observed=True
)
sums = sums.groupby(level="experiment_id").cumsum()
mean = sums["sum_x"] / sums["n"]
var = (sums["sum_xx"] - sums["n"] * mean**2) / (sums["n"] - 1)
z = (mean["treatment"] - mean["control"]) / np.sqrt((var / sums["n"]).sum(axis=1))
z = z.unstack("experiment_id")
highest = z.loc[[7, 14, 21, 28]].abs().max()
home_bound = highest.sort_values(ascending=False).iloc[2]
# END SOLUTION
home_bound

# %% tags=["check"]
check("q4")

# %% tags=["solution"]
steps = np.random.default_rng(4).standard_normal((100_000, 4)).cumsum(axis=1) / np.sqrt([1, 2, 3, 4])
print(
    f"yours {home_bound:.2f}, by theory {np.quantile(np.abs(steps).max(axis=1), 0.95):.2f}, without any looks in between 1.96"
)
random = np.random.default_rng(5)
drawn = [np.sort(random.choice(highest, len(highest)))[-3] for _ in range(4_000)]
print(f"yours, 95 %: {np.quantile(drawn, 0.025):.2f} to {np.quantile(drawn, 0.975):.2f}")

# %% [markdown] tags=["solution"]
# **Yours and the theory's.** They need not agree: forty tests say little about the outermost two, and the interval shows how little. The theory (Pocock's bound for four equal looks) knows only one thing: without an effect, z at the looks moves like a sum of independent steps. Use the theory's bound, and use the A/A tests to see whether your *errors* are right: if z at the end scatters with a standard deviation far from 1, no bound will save you.
#
# **What you pay.** With the higher bound a true effect must be larger to be called, or the test must run longer. What you get is the right to stop early, once a week, without fooling yourself. Look once at the end if you don't need that right.

# %% tags=["spec"]
ROUTE = """names = swiftfare.experiments[["experiment_id", "name", "started_on"]]
rows = swiftfare.arm_days.merge(names, on="experiment_id")
rows = rows[rows["name"].str.startswith("A/A")]
rows["day"] = (rows["date"] - rows["started_on"]).dt.days + 1
sums = rows.pivot_table(index=["experiment_id", "day"], columns="arm", values=["n", "sum_x", "sum_xx"], observed=True)
sums = sums.groupby(level="experiment_id").cumsum()
mean = sums["sum_x"] / sums["n"]
var = (sums["sum_xx"] - sums["n"] * mean**2) / (sums["n"] - 1)
z = (mean["treatment"] - mean["control"]) / np.sqrt((var / sums["n"]).sum(axis=1))
z = z.unstack("experiment_id")
highest = z.loc[[7, 14, 21, 28]].abs().max()
home_bound = highest.sort_values(ascending=False).iloc[2]
"""
question(
    "q4",
    kind="number",
    name="home_bound",
    title="A bound for four looks, from forty A/A tests",
    tolerance=0.0005,
    right="forty tests of nothing, and two of them above it.",
    hints=[
        'Make a table with one row a test and day, and columns for each arm; then `groupby(level="experiment_id").cumsum()`.',
        "Work out z for each row, then keep days 7, 14, 21 and 28.",
        "`abs()`, the maximum of each test, sort, and take the third from above.",
    ],
    traps={
        "daily": (
            ROUTE.replace("z.loc[[7, 14, 21, 28]].abs()", "z.abs()"),
            "you look every day. The teams look at the end of four weeks.",
        ),
        "end": (
            ROUTE.replace("z.loc[[7, 14, 21, 28]]", "z.loc[[28]]"),
            "you look only at the end. There are four looks.",
        ),
        "week alone": (
            ROUTE.replace(
                'sums = sums.groupby(level="experiment_id").cumsum()',
                "sums = sums.groupby([sums.index.get_level_values(0), (sums.index.get_level_values(1) - 1) // 7 * 7 + 7]).sum()",
            ),
            "you look at each week by itself. A look takes all days so far.",
        ),
        "day alone": (
            ROUTE.replace('sums = sums.groupby(level="experiment_id").cumsum()\n', ""),
            "you look at single days. A look takes all days so far: `cumsum`, by test.",
        ),
        "sign": (
            ROUTE.replace(".abs().max()", ".max()"),
            "you lost the negative z. A loss can be called, too: take |z|.",
        ),
        "negative": (
            ROUTE.replace(".abs().max()", ".min().abs()"),
            "you took the lowest z. Take the largest |z|, on either side.",
        ),
        "second": (
            ROUTE.replace("iloc[2]", "iloc[1]"),
            "above that value lies one test. Leave two above.",
        ),
        "first": (
            ROUTE.replace("iloc[2]", "iloc[0]"),
            "above the largest lies none. Leave two above.",
        ),
        "fourth": (
            ROUTE.replace("iloc[2]", "iloc[3]"),
            "three tests lie above that value. Leave two above.",
        ),
        "quantile": (
            ROUTE.replace("highest.sort_values(ascending=False).iloc[2]", "highest.quantile(0.95)"),
            "`quantile` puts its answer between two tests. The question asks for the third largest itself.",
        ),
        "theory": (
            "2.361",
            "that is the bound of theory. The question asks for the one from these 40 tests.",
        ),
        "usual": (
            "1.96",
            "1.96 is the bound for one look. The question asks what four looks need.",
        ),
        "days 1 8": (
            ROUTE.replace("[7, 14, 21, 28]", "[8, 15, 22, 28]"),
            "your looks are a day late: the end of the first week is day 7.",
        ),
        "days 6": (
            ROUTE.replace("[7, 14, 21, 28]", "[6, 13, 20, 27]"),
            "your looks are a day early. Day 1 is the first, so a week ends with day 7.",
        ),
        "mean": (
            ROUTE.replace("highest.sort_values(ascending=False).iloc[2]", "highest.mean()"),
            "that is the mean of the largest |z|. The bound leaves only two tests above.",
        ),
        "median": (
            ROUTE.replace("highest.sort_values(ascending=False).iloc[2]", "highest.median()"),
            "that leaves half of the tests above. Leave two.",
        ),
        "all values": (
            ROUTE.replace(
                "highest = z.loc[[7, 14, 21, 28]].abs().max()",
                "highest = z.loc[[7, 14, 21, 28]].abs().stack()",
            ),
            "you ranked all 160 looks together. First the largest of each test, then the rank.",
        ),
        "no root": (
            ROUTE.replace('np.sqrt((var / sums["n"]).sum(axis=1))', '(var / sums["n"]).sum(axis=1)'),
            "the error is the *root* of the sum of variances.",
        ),
        "no n": (
            ROUTE.replace('np.sqrt((var / sums["n"]).sum(axis=1))', "np.sqrt(var.sum(axis=1))"),
            "you divided by the spread of active days, not by the error of a mean: each variance over its arm's n.",
        ),
        "errors added": (
            ROUTE.replace('np.sqrt((var / sums["n"]).sum(axis=1))', 'np.sqrt(var / sums["n"]).sum(axis=1)'),
            "you added the two errors. Add their squares, then take the root.",
        ),
        "one arm error": (
            ROUTE.replace('np.sqrt((var / sums["n"]).sum(axis=1))', 'np.sqrt((var / sums["n"])["control"])'),
            "your error is the control's alone. Both means are uncertain.",
        ),
        "smallest": (
            ROUTE.replace("ascending=False", "ascending=True"),
            "you counted from the bottom.",
        ),
    },
)

# %% [markdown] question="q5"
# ## Question 5: how sure, after four weeks?
#
# At Pipewright somebody stops the A/A test after four weeks and asks for the error bar. Each account is in one arm as a whole.
#
# - The test is named `"A/A"` in `pipewright.experiments`; which account is in which arm stands in `pipewright.arms` (keep that test's rows). `pipewright.activity` has one row a member and `week` (a Monday), `pipewright.members` says which account a member belongs to.
# - Keep the **first four weeks**: `week` from `started_on`, before `started_on` plus four weeks.
# - A member counts if there is a row in these weeks, and **opened** the forecast page if `forecasts_opened` adds up to more than 0.
# - **One value an account**: the share of its members who opened it. The difference is the treatment's mean of these shares less the control's. Its **standard error** is $\sqrt{s_T^2/k_T + s_C^2/k_C}$, where $s^2$ is the variance of the shares in an arm (`var`, so over $k - 1$) and $k$ its number of accounts.
#
# Store that standard error in `account_error`, as a fraction (not in points), with all its digits.

# %%
# BEGIN SOLUTION q5
test = pipewright.experiments.set_index("name").loc["A/A"]
arms = pipewright.arms[pipewright.arms["experiment_id"] == test["experiment_id"]]
rows = pipewright.activity[pipewright.activity["week"] < test["started_on"] + pd.Timedelta(weeks=4)]
people = (rows.groupby("member_id")["forecasts_opened"].sum() > 0).rename("opened").reset_index()
people = people.merge(pipewright.members[["member_id", "account_id"]], on="member_id").merge(
    arms, on="account_id"
)
share = people.groupby(["arm", "account_id"], observed=True)["opened"].mean()
by_arm = share.groupby("arm", observed=True).agg(["var", "count"])
account_error = np.sqrt((by_arm["var"] / by_arm["count"]).sum())
# END SOLUTION
account_error

# %% tags=["check"]
check("q5")

# %% tags=["solution"]
overall = people["opened"].mean()
members_in = people.groupby("arm", observed=True).size()
member_error = np.sqrt(overall * (1 - overall) * (1 / members_in).sum())
print(
    f"by account {account_error:.4f}; members as if independent {member_error:.4f}: {account_error / member_error:.1f} times too small"
)
print(f"smallest effect by account: {100 * 2.8 * account_error:.0f} points")

# %% [markdown] tags=["solution"]
# **Why one value an account.** The coin was tossed for accounts. Colleagues share a manager and a way of working, so the fortieth member of a team tells little that the first did not. Who counts members draws an error bar that is too short, and calls out effects that are not there.
#
# **What is lost?** Weights: an account of nine speaks as loudly as one of eighty. If you need the mean *member*, keep the members and cluster the errors by account; the lesson does both, and the errors come out alike.
#
# **What it means for Pipewright.** Look at the smallest effect. A test of this size can tell a revolution from nothing. For anything smaller, use the accounts' own past, or go and talk to them.

# %% tags=["spec"]
ROUTE = """test = pipewright.experiments.set_index("name").loc["A/A"]
arms = pipewright.arms[pipewright.arms["experiment_id"] == test["experiment_id"]]
rows = pipewright.activity[pipewright.activity["week"] < test["started_on"] + pd.Timedelta(weeks=4)]
people = (rows.groupby("member_id")["forecasts_opened"].sum() > 0).rename("opened").reset_index()
people = people.merge(pipewright.members[["member_id", "account_id"]], on="member_id").merge(arms, on="account_id")
share = people.groupby(["arm", "account_id"], observed=True)["opened"].mean()
by_arm = share.groupby("arm", observed=True).agg(["var", "count"])
account_error = np.sqrt((by_arm["var"] / by_arm["count"]).sum())
"""
question(
    "q5",
    kind="number",
    name="account_error",
    title="Standard error of the A/A test after four weeks, by account",
    unit="fraction",
    right="the coin was tossed for accounts, and accounts are counted.",
    hints=[
        "Three steps: one row a member (did the sum of `forecasts_opened` pass 0?), one share an account, one variance an arm.",
        "Merge `members` for the account and `arms` (of this test) for the arm.",
        '`groupby("arm").agg(["var", "count"])` of the accounts\' shares has all you need.',
    ],
    traps={
        "members": (
            ROUTE.replace(
                'share = people.groupby(["arm", "account_id"], observed=True)["opened"].mean()',
                'share = people.set_index("arm")["opened"].astype(int)',
            ),
            "you counted members as if each had been drawn alone. The coin was tossed for accounts: one value each.",
        ),
        "members pooled": (
            ROUTE.replace(
                'account_error = np.sqrt((by_arm["var"] / by_arm["count"]).sum())',
                'p = people["opened"].mean()\naccount_error = np.sqrt(p * (1 - p) * (1 / people.groupby("arm", observed=True).size()).sum())',
            ),
            "you counted members as if each had been drawn alone. The coin was tossed for accounts: one value each.",
        ),
        "eight weeks": (
            ROUTE.replace(
                'rows = pipewright.activity[pipewright.activity["week"] < test["started_on"] + pd.Timedelta(weeks=4)]',
                'rows = pipewright.activity[pipewright.activity["week"].between(test["started_on"], test["ended_on"])]',
            ),
            "you took all eight weeks. The question stops after four.",
        ),
        "five weeks": (
            ROUTE.replace('["week"] <', '["week"] <='),
            "you took five weeks: the week that begins after four weeks is the fifth.",
        ),
        "three weeks": (
            ROUTE.replace("weeks=4", "weeks=3"),
            "you took three weeks.",
        ),
        "no root": (
            ROUTE.replace(
                'np.sqrt((by_arm["var"] / by_arm["count"]).sum())', '(by_arm["var"] / by_arm["count"]).sum()'
            ),
            "that is the variance. The error is its root.",
        ),
        "spread": (
            ROUTE.replace('np.sqrt((by_arm["var"] / by_arm["count"]).sum())', 'np.sqrt(by_arm["var"].sum())'),
            "you left out the number of accounts. That is the spread of accounts, not the error of a mean.",
        ),
        "added": (
            ROUTE.replace(
                'np.sqrt((by_arm["var"] / by_arm["count"]).sum())',
                'np.sqrt(by_arm["var"] / by_arm["count"]).sum()',
            ),
            "you added the two errors. Add their squares, then take the root.",
        ),
        "difference": (
            ROUTE.replace(
                'account_error = np.sqrt((by_arm["var"] / by_arm["count"]).sum())',
                'means = share.groupby("arm", observed=True).mean()\naccount_error = means["treatment"] - means["control"]',
            ),
            "that is the difference itself. The question asks how sure it is.",
        ),
        "mean of errors": (
            ROUTE.replace(
                'np.sqrt((by_arm["var"] / by_arm["count"]).sum())',
                'np.sqrt(by_arm["var"] / by_arm["count"]).mean()',
            ),
            "you took the mean of the two errors. For a difference add their squares, then take the root.",
        ),
        "half interval": (
            ROUTE.replace("account_error = np", "account_error = 1.96 * np"),
            "that is half an interval. The question asks for one standard error.",
        ),
        "times opened": (
            ROUTE.replace(
                '(rows.groupby("member_id")["forecasts_opened"].sum() > 0)',
                'rows.groupby("member_id")["forecasts_opened"].sum()',
            ),
            "you averaged how *often* members opened it. The question asks whether they did: more than 0.",
        ),
        "members below": (
            ROUTE.replace(
                'agg(["var", "count"])',
                'agg(["var"])\nby_arm["count"] = people.groupby("arm", observed=True).size()',
            ),
            "you divide by members. What was drawn is accounts, so divide by accounts.",
        ),
        "population variance": (
            ROUTE.replace(
                'np.sqrt((by_arm["var"] / by_arm["count"]).sum())',
                'np.sqrt((by_arm["var"] * (by_arm["count"] - 1) / by_arm["count"] ** 2).sum())',
            ),
            "your variance is over k. Take it over k - 1, as `var` does (`ddof=1`).",
        ),
        "one arm": (
            ROUTE.replace(
                '(by_arm["var"] / by_arm["count"]).sum()', '(by_arm["var"] / by_arm["count"])["treatment"]'
            ),
            "that is the error of the treatment's mean. The control's mean is uncertain, too.",
        ),
        "control arm": (
            ROUTE.replace(
                '(by_arm["var"] / by_arm["count"]).sum()', '(by_arm["var"] / by_arm["count"])["control"]'
            ),
            "that is the error of the control's mean. The treatment's mean is uncertain, too.",
        ),
        "all one": (
            ROUTE.replace(
                'account_error = np.sqrt((by_arm["var"] / by_arm["count"]).sum())',
                "account_error = np.sqrt(share.var() / len(share))",
            ),
            "that is the error of one mean over all accounts. The question is about a difference of two means.",
        ),
        "rows opened": (
            ROUTE.replace(
                'people = (rows.groupby("member_id")["forecasts_opened"].sum() > 0).rename("opened").reset_index()',
                'people = rows.assign(opened=rows["forecasts_opened"] > 0)',
            ),
            "your row is a member *and week*. One row a member first: did the sum pass 0?",
        ),
        "pooled": (
            ROUTE.replace(
                'np.sqrt((by_arm["var"] / by_arm["count"]).sum())',
                'np.sqrt(share.var() * (1 / by_arm["count"]).sum())',
            ),
            "you took one variance for both arms. Let each arm have its own.",
        ),
        "redesign": (
            ROUTE.replace('.loc["A/A"]', '.loc["Pipeline redesign"]').replace(
                'rows = pipewright.activity[pipewright.activity["week"] < test["started_on"] + pd.Timedelta(weeks=4)]',
                'rows = pipewright.activity[pipewright.activity["week"] < pd.Timestamp("2024-09-30")]',
            ),
            "those are the arms of the redesign. Take the A/A test.",
        ),
    },
)

# %% [markdown] question="q6"
# ## Question 6: does the redesign pay everywhere?
#
# The last four weeks of the redesign's test show a gain. Before it goes to all, sales asks: for accounts of every size?
#
# Build it from `pipewright.usage`, one row an account and `week`, for the accounts in the test `"Pipeline redesign"` (`pipewright.experiments`, `pipewright.arms`). Week 1 of the test begins on `started_on`; week 0 is the one before it, and so on backwards.
#
# - An account's **pace** in a stretch of weeks: its `records_edited` over its days of use, both added up over the stretch. The days of use of a week are 7 times `mean_daily_active`.
# - Its **change**: the logarithm (`np.log`) of its pace in weeks **9 to 12** over its pace in the eight weeks **-7 to 0**.
# - Left out are accounts without a row in each of weeks 9 to 12, those with fewer than four rows in weeks -7 to 0, and those with no record edited in a stretch.
# - For each `size` in `pipewright.accounts` (small, medium, large): the treatment's mean change less the control's, and its standard error $\sqrt{s_T^2/k_T + s_C^2/k_C}$ as in question 5, one value an account. The interval is the difference plus or minus 1.96 errors.
# - Turn the three numbers into relative effects with `np.expm1` **at the end**.
#
# Store a table `effect_by_size` with the columns `size`, `effect`, `low`, `high`, as fractions with all their digits. (With `.size` pandas means something else: write `["size"]`.)

# %%
# BEGIN SOLUTION q6
test = pipewright.experiments.set_index("name").loc["Pipeline redesign"]
arms = pipewright.arms.loc[pipewright.arms["experiment_id"] == test["experiment_id"], ["account_id", "arm"]]
use = pipewright.usage.merge(arms, on="account_id")
use["w"] = (use["week"] - test["started_on"]).dt.days // 7 + 1
use["days"] = 7 * use["mean_daily_active"]


def pace(low, high, least):
    g = use[use["w"].between(low, high)].groupby("account_id")
    s = g[["records_edited", "days"]].sum()
    keep = (g.size() >= least) & (s["records_edited"] > 0)
    return (s["records_edited"] / s["days"])[keep]


change = np.log(pace(9, 12, 4) / pace(-7, 0, 4)).dropna().rename("change").reset_index()
change = change.merge(arms, on="account_id").merge(
    pipewright.accounts[["account_id", "size"]], on="account_id"
)
rows = []
for size, part in change.groupby("size", observed=True):
    a = part.groupby("arm", observed=True)["change"].agg(["mean", "var", "count"])
    gap = a.loc["treatment", "mean"] - a.loc["control", "mean"]
    error = np.sqrt((a["var"] / a["count"]).sum())
    rows.append((size, np.expm1(gap), np.expm1(gap - 1.96 * error), np.expm1(gap + 1.96 * error)))
effect_by_size = pd.DataFrame(rows, columns=["size", "effect", "low", "high"])
# END SOLUTION
effect_by_size

# %% tags=["check"]
check("q6")

# %% tags=["solution"]
everybody = change.groupby("arm", observed=True)["change"].agg(["mean", "var", "count"])
gap = everybody.loc["treatment", "mean"] - everybody.loc["control", "mean"]
print(f"all sizes together: {np.expm1(gap):+.1%}")
effect_by_size.set_index("size").map("{:+.1%}".format)

# %% [markdown] tags=["solution"]
# **How to read three intervals.** Don't ask which of them holds zero; ask whether they differ from each other. A group with few accounts has a wide interval, and a wide interval that reaches zero is no sign that the redesign fails there. All three are compatible with one common effect. We planted just that: the redesign does the same to every size.
#
# **What to tell sales.** "We see no difference between sizes; with so few large accounts we could have missed one." That is less than they hoped for, and all that is there. A promise for each size would need several times the accounts.
#
# **Why logarithms, why the own past.** Accounts differ by a factor of ten in how much they edit, and a ratio to one's own past does away with that. The logarithm makes half and double equally far from nothing. `expm1` comes last: the mean of ratios is not the ratio of means.

# %% tags=["spec"]
ROUTE = """test = pipewright.experiments.set_index("name").loc["Pipeline redesign"]
arms = pipewright.arms.loc[pipewright.arms["experiment_id"] == test["experiment_id"], ["account_id", "arm"]]
use = pipewright.usage.merge(arms, on="account_id")
use["w"] = (use["week"] - test["started_on"]).dt.days // 7 + 1
use["days"] = 7 * use["mean_daily_active"]

def pace(low, high, least):
    g = use[use["w"].between(low, high)].groupby("account_id")
    s = g[["records_edited", "days"]].sum()
    keep = (g.size() >= least) & (s["records_edited"] > 0)
    return (s["records_edited"] / s["days"])[keep]

change = np.log(pace(9, 12, 4) / pace(-7, 0, 4)).dropna().rename("change").reset_index()
change = change.merge(arms, on="account_id").merge(pipewright.accounts[["account_id", "size"]], on="account_id")
rows = []
for size, part in change.groupby("size", observed=True):
    a = part.groupby("arm", observed=True)["change"].agg(["mean", "var", "count"])
    gap = a.loc["treatment", "mean"] - a.loc["control", "mean"]
    error = np.sqrt((a["var"] / a["count"]).sum())
    rows.append((size, np.expm1(gap), np.expm1(gap - 1.96 * error), np.expm1(gap + 1.96 * error)))
effect_by_size = pd.DataFrame(rows, columns=["size", "effect", "low", "high"])
"""
question(
    "q6",
    kind="table",
    name="effect_by_size",
    title="Effect of the redesign in weeks 9 to 12, by size of account",
    keys=["size"],
    unit="fraction",
    right="each account against its own past, one value each.",
    hints=[
        "Number the weeks first: `(week - started_on).dt.days // 7 + 1`.",
        "Write a function that gives each account's pace over a stretch, and use it twice. The logarithm of the ratio is the change.",
        'Merge the arms and the sizes, then `groupby` size and arm, `agg(["mean", "var", "count"])`. `np.expm1` comes last.',
    ],
    traps={
        "first weeks": (
            ROUTE.replace("pace(9, 12, 4)", "pace(1, 2, 2)"),
            "those are the first two weeks. Take weeks 9 to 12.",
        ),
        "all weeks": (
            ROUTE.replace("pace(9, 12, 4)", "pace(1, 12, 12)"),
            "those are all twelve weeks. Take weeks 9 to 12.",
        ),
        "week zero": (
            ROUTE.replace("// 7 + 1", "// 7"),
            "your weeks start at 0, so your stretches lie a week late. The week of `started_on` is week 1.",
        ),
        "weeks 8 to 11": (
            ROUTE.replace("pace(9, 12, 4)", "pace(8, 11, 4)"),
            "you took weeks 8 to 11. The last four of twelve are 9 to 12.",
        ),
        "logs": (
            ROUTE.replace(
                "np.expm1(gap), np.expm1(gap - 1.96 * error), np.expm1(gap + 1.96 * error)",
                "gap, gap - 1.96 * error, gap + 1.96 * error",
            ),
            "those are differences of logarithms. `np.expm1` makes relative effects of them.",
        ),
        "no past": (
            ROUTE.replace(" / pace(-7, 0, 4)", ""),
            "you compare paces, not changes. Divide each account by its own eight weeks before.",
        ),
        "reversed": (
            ROUTE.replace(
                'a.loc["treatment", "mean"] - a.loc["control", "mean"]',
                'a.loc["control", "mean"] - a.loc["treatment", "mean"]',
            ),
            "that is control less treatment.",
        ),
        "records": (
            ROUTE.replace('(s["records_edited"] / s["days"])', 's["records_edited"]'),
            "you compare records, not records a day of use. (Over stretches of four and eight weeks, too.)",
        ),
        "ninety": (
            ROUTE.replace("1.96 * error", "norm.ppf(0.95) * error"),
            "your interval is one of 90 %. The question takes 1.96 errors.",
        ),
        "ends exchanged": (
            ROUTE.replace('columns=["size", "effect", "low", "high"]', 'columns=["size", "effect", "high", "low"]'),
            "your `low` lies above your `high`: they have changed places.",
        ),
        "one error": (
            ROUTE.replace("1.96 * error", "error"),
            "your interval is one error wide on each side. Take 1.96.",
        ),
        "spread": (
            ROUTE.replace('a["var"] / a["count"]', 'a["var"]'),
            "you left out the number of accounts: a variance over its count, for each arm.",
        ),
        "exp before": (
            ROUTE.replace("np.log(pace(9, 12, 4) / pace(-7, 0, 4))", "(pace(9, 12, 4) / pace(-7, 0, 4) - 1)"),
            "you averaged ratios. Take logarithms first, `expm1` at the end.",
        ),
        "exp, not expm1": (
            ROUTE.replace("np.expm1", "np.exp"),
            "`np.exp` gives a ratio. `np.expm1` takes the one off.",
        ),
        "four before": (
            ROUTE.replace("pace(-7, 0, 4)", "pace(-3, 0, 4)"),
            "you took four weeks before. The question takes eight, -7 to 0.",
        ),
        "week before missing": (
            ROUTE.replace("pace(-7, 0, 4)", "pace(-8, -1, 4)"),
            "your eight weeks end a week early: week 0 is the one before the test.",
        ),
        "all kept": (
            ROUTE.replace("pace(9, 12, 4) / pace(-7, 0, 4)", "pace(9, 12, 1) / pace(-7, 0, 1)"),
            "you kept accounts that were not there for the whole stretch, or hardly before. Leave them out as the question says.",
        ),
        "eight asked": (
            ROUTE.replace("pace(-7, 0, 4)", "pace(-7, 0, 8)"),
            "you asked for all eight weeks before. Four are enough.",
        ),
        "mean of weeks": (
            ROUTE.replace(
                'return (s["records_edited"] / s["days"])[keep]',
                'weekly = use[use["w"].between(low, high) & (use["days"] > 0)]\n    return (weekly["records_edited"] / weekly["days"]).groupby(weekly["account_id"]).mean()[keep]',
            ),
            "you averaged the weeks' paces. Add up records and days over the stretch, then divide.",
        ),
        "totals": (
            ROUTE.replace(
                "rows.append((size, np.expm1(gap), np.expm1(gap - 1.96 * error), np.expm1(gap + 1.96 * error)))",
                'm = part.groupby("arm", observed=True)["change"].median()\n    gap = m["treatment"] - m["control"]\n    rows.append((size, np.expm1(gap), np.expm1(gap - 1.96 * error), np.expm1(gap + 1.96 * error)))',
            ),
            "you took medians. The question asks for means of the changes.",
        ),
        "members": (
            ROUTE.replace(
                'use["days"] = 7 * use["mean_daily_active"]', 'use["days"] = use["active_members"]'
            ),
            "you divided by members. Days of use are 7 times `mean_daily_active`.",
        ),
        "seats": (
            ROUTE.replace('use["days"] = 7 * use["mean_daily_active"]', 'use["days"] = use["seats"]'),
            "you divided by seats. Days of use are 7 times `mean_daily_active`.",
        ),
    },
)

# %% [markdown] question="q7"
# ## Question 7: the decision
#
# It is the Friday after both tests have ended. Write **one note to both teams**, of 150 to 320 words, in `note`:
#
# - **Swiftfare.** How long does a test run before somebody may call it, who may look in between, and what may stop it early? What lift of the map goes into the plan?
# - **Pipewright.** Does the redesign go out, to whom first, and how? And what will you *never* learn from a test there, and learn in another way?
#
# Use numbers: your own from above, or the chapter's. For each company name one thing that would make you stop.

# %%
# BEGIN SOLUTION q7
note = """
Swiftfare. The first two weeks of a test never decide: the map showed six per cent more searches (5.4 to 6.7) in its first
fortnight and half a per cent (0.1 to 1.0) in its last four weeks. About half a per cent goes into the plan. The map goes to all
but a twentieth of users, who keep the old list until autumn, so that we see what stays. The length of a test is set beforehand
from the lift that would pay: three per cent more bookings takes nine weeks of newcomers and a month to wait, one per cent well
over a year, and so we don't test it. Anybody may look on Mondays, but nobody calls a win before the end: a bound of 2.4 for four
looks protects from luck, and the map was beyond it on its first Monday. Errors or complaints beyond that bound stop a test, and
so does a split of the arms that chance makes less than once in a thousand.

Pipewright. The redesign goes out. Its first two weeks looked bad, six per cent fewer edits (3 to 9); weeks nine to twelve
brought over seven per cent more (5 to 11). First to five per cent of accounts behind a flag, with a note a month before and the
old page for three weeks; then a quarter, then all, never in the last week of a quarter. We see no difference between
sizes, but could have missed one. What we shall never learn from a test here is a small effect: with all accounts and twelve weeks
we find about three per cent, for a share of members about eleven points. For those we watch eight design
partners work. We stop if accounts that have the page edit less in weeks seven and eight than before, or if tickets double in any stage.
"""
# END SOLUTION

# %% tags=["check"]
check("q7")

# %% [markdown] tags=["solution"]
# ## Two sample answers
#
# The text above is the **strong** one. What makes it so:
#
# - *It sets rules that can be followed on Monday*: weeks, who may look, what stops a test.
# - *It knows what a bound is for.* By a bound alone the map would have been called a week after it began.
# - *It plans with what stays*, and gives both the early and the late number, so that nobody is surprised later.
# - *It ships the redesign though the two-week number is bad*, and takes care of the two bad weeks: notice, the old page, no end of quarter.
# - *It says what a test can't find*, in numbers, and who will be asked instead.
# - *It names what would stop it*, and both things can happen.
#
# What could be better: nobody has worked out what a twentieth of users can show by autumn, or how often tickets double by chance in a stage of thirty accounts. "Two weeks never decide" is a lesson from two tests; the next feature may fade more slowly. And searches are not bookings: the note should say who counts those.
#
# And a **weak** one, as it is often written:
#
# > At Swiftfare, map search drove a statistically significant uplift of 6 % in searches (p < 0.001), so we will roll it out to 100 % and bank the gain. Going forward all tests will run for two weeks to keep velocity high, and PMs will monitor results daily and stop as soon as significance is reached. At Pipewright the redesign significantly reduced productivity, so it should be rolled back. Since B2B has fewer users, we should analyse at member level to get more statistical power. Releases there should be fewer and larger, because customers dislike change. If results are not significant we will extend the test until they are.
#
# - *"Bank the gain"*: the p-value says the first two weeks were no accident. It says nothing about the weeks after them.
# - *"Stop as soon as significance is reached"*: with daily looks more than a quarter of tests of nothing get there.
# - *"Rolled back"*: it judges the redesign by the days on which people looked for their buttons.
# - *"At member level"*: that is no power, only an error bar that is too short. Four A/A tests in ten would be called.
# - *"Fewer and larger"*: each change breaks as often in a large release, and more is broken at once, for everybody.
# - *"Extend the test until they are"* is peeking with patience.
# - *Nothing would stop it.*

# %% tags=["spec"]
question(
    "q7",
    kind="decision",
    name="note",
    title="One note on how we test and ship",
    words=(150, 320),
    hints=[
        "Write the rules first: how long, who looks, what bound. Then the two decisions. Then what would make you stop.",
    ],
    rubric=[
        "Swiftfare: is the lift in the plan the one that stays, not the one of the first two weeks?",
        "Is the length of a test set before it starts, from the smallest lift worth having?",
        "Is there a rule for looking early, with a bound that makes up for it, and does the rule keep an effect that fades from being called?",
        "Pipewright: does the note judge the redesign by what stays, and take care of the bad weeks?",
        "Is the account the unit, and is it said what a test there can't find, and how it will be learnt instead?",
        "Is there, for each company, something that could happen and would make you stop?",
    ],
)
