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
# # Solution 1: what a customer costs, and who brought them
#
# All seven questions of [the exercise](../exercises/01-growth-and-marketing.ipynb), answered and discussed. Other routes to the same number are as good. If yours differs in the words that follow and not in the number, you are done.

# %% [markdown] tags=["exercise"]
# # Exercise 1: what a customer costs, and who brought them
#
# Seven questions, from one division to a decision; the last is a note that no program can grade. They don't build on each other, so begin where you like. The sixth is the hardest. About two hours, an estimate. Replace each `...` with your code, run the cell, then run the check below it. A check never shows you the answer; if yours is off, it tries to name what went wrong. Hints are folded away beneath it.
#
# The tables are the ones of [the growth chapter](../book/01-growth-and-marketing.md). Plain pandas is all you need, and `np.log` and `np.exp` once or twice.

# %%
# Run this cell first. It loads the two companies' tables.
import numpy as np
import pandas as pd

import twoworlds as tw
from twoworlds import Checker

check = Checker("01-growth-and-marketing")
swiftfare = tw.load("swiftfare")
pipewright = tw.load("pipewright")

# %% [markdown] question="q1"
# ## Question 1: Swiftfare, the cost of a customer in spring
#
# The agency wants to know what a customer costs, as credited, in the campaigns that are there to bring *installs*.
#
# - Use `swiftfare.spend`: one row a campaign and week, with `spend_cents` (whole cents) and `first_bookings`, the customers credited.
# - Only campaigns whose `goal` in `swiftfare.campaigns` is `"install"`. The two tables share `campaign_id`.
# - Only weeks whose Monday (`week`) lies from **2025-01-06 to 2025-06-30**, both included.
# - For each `channel`: all its spend over all its customers, in **euros**.
#
# Make a table `cac_by_channel` with the columns `channel` and `cac`, one row a channel, in any order, with all digits.

# %%
# BEGIN SOLUTION q1
rows = swiftfare.spend.merge(swiftfare.campaigns[["campaign_id", "goal"]], on="campaign_id")
rows = rows[(rows["goal"] == "install") & rows["week"].between("2025-01-06", "2025-06-30")]
sums = rows.groupby("channel", observed=True)[["spend_cents", "first_bookings"]].sum().reset_index()
sums["cac"] = sums["spend_cents"] / 100 / sums["first_bookings"]
cac_by_channel = sums[["channel", "cac"]]
# END SOLUTION
cac_by_channel

# %% tags=["check"]
check("q1")

# %% [markdown] tags=["solution"]
# **Sum first, divide once.** Spend over customers is a ratio of sums. The mean of the campaigns' own costs gives a small test campaign the same say as the one that takes half the money; the mean of weeks does so with a quiet week in January.
#
# **The slice changes little here, and the order not at all.** Brand search is cheapest, as in the chapter. A slice can make a wrong measure more exact; it can't make it the right one. These are credited customers, whatever the goal of the campaign that got the credit.

# %% tags=["spec"]
# ruff: noqa: F401 - the setup cell imports what learners may want
ROUTE = """
d = swiftfare.spend.merge(swiftfare.campaigns[["campaign_id", "goal"]], on="campaign_id")
d = d[(d["goal"] == "install") & d["week"].between("2025-01-06", "2025-06-30")]
g = d.groupby("channel", observed=True)[["spend_cents", "installs", "clicks", "first_bookings"]].sum().reset_index()
g["cac"] = g["spend_cents"] / 100 / g["first_bookings"]
cac_by_channel = g[["channel", "cac"]]
"""


def route(*changes):
    code = ROUTE
    for old, new in changes:
        assert old in code, old
        code = code.replace(old, new)
    return code


MEAN_OF = """
d = swiftfare.spend.merge(swiftfare.campaigns[["campaign_id", "goal"]], on="campaign_id")
d = d[(d["goal"] == "install") & d["week"].between("2025-01-06", "2025-06-30")]
g = d.groupby(["channel", "{level}"], observed=True)[["spend_cents", "first_bookings"]].sum().reset_index()
g["cac"] = g["spend_cents"] / 100 / g["first_bookings"]
cac_by_channel = g.groupby("channel", observed=True)["cac"].mean().reset_index()
"""
question(
    "q1",
    kind="table",
    name="cac_by_channel",
    title="Credited cost of a Swiftfare customer, spring 2025",
    keys=["channel"],
    unit="euros",
    right="one sum above the line, one below, one division.",
    hints=[
        "Merge `goal` onto the spend by `campaign_id`, then keep the rows you want.",
        "Sum `spend_cents` and `first_bookings` by channel, then divide, and turn cents into euros.",
    ],
    traps={
        "every goal": (
            route(('(d["goal"] == "install") & ', "")),
            "you took campaigns of every goal. The agency asks about those whose goal is an install.",
        ),
        "activate": (
            route(('== "install"', '== "activate"')),
            "you took the campaigns whose goal is to *activate*. The agency asks about those whose goal is an install.",
        ),
        "cents": (route((" / 100", "")), "that is in cents. The question asks for euros."),
        "installs": (
            route(('/ g["first_bookings"]', '/ g["installs"]')),
            "that is the cost of an *install*. A customer has booked: divide by `first_bookings`.",
        ),
        "clicks": (
            route(('/ g["first_bookings"]', '/ g["clicks"]')),
            "that is the cost of a *click*. A customer has booked: divide by `first_bookings`.",
        ),
        "whole window": (
            route((' & d["week"].between("2025-01-06", "2025-06-30")', "")),
            "you took the whole two years. The question asks for the weeks from 6 January to 30 June 2025.",
        ),
        "last week missing": (
            route(('"2025-06-30"', '"2025-06-29"')),
            "the last week is missing. Its Monday, 30 June, is included: `<=`, not `<`.",
        ),
        "first week missing": (
            route(('"2025-01-06"', '"2025-01-07"')),
            "the first week is missing. Its Monday, 6 January, is included: `>=`, not `>`.",
        ),
        "a week too early": (
            route(('"2025-01-06"', '"2024-12-30"')),
            "your period begins a week too early: the Monday of 30 December is not asked for.",
        ),
        "year before": (
            route(("2025-01-06", "2024-01-06"), ("2025-06-30", "2024-06-30")),
            "these are the weeks of 2024. The question asks for 2025.",
        ),
        "year before, from the first week": (
            route(("2025-01-06", "2024-01-01"), ("2025-06-30", "2024-06-30")),
            "these are the weeks of 2024. The question asks for 2025.",
        ),
        "second half": (
            route(("2025-01-06", "2025-07-07"), ("2025-06-30", "2025-12-29")),
            "these are the weeks of the second half of the year. The question asks for January to June.",
        ),
        "upside down": (
            route(
                (
                    'g["spend_cents"] / 100 / g["first_bookings"]',
                    'g["first_bookings"] / (g["spend_cents"] / 100)',
                )
            ),
            "your division is upside down: that is customers for a euro, not euros for a customer.",
        ),
        "mean of campaigns": (
            MEAN_OF.format(level="campaign_id"),
            "you took the mean of the campaigns' own costs, so a small campaign weighs as much as a large one. Sum first, "
            "divide once.",
        ),
        "mean of weeks": (
            MEAN_OF.format(level="week"),
            "you took the mean of the weeks' own costs, so a quiet week weighs as much as a busy one. Sum first, divide once.",
        ),
        "mean of rows": (
            "d = rows.assign(cac=rows['spend_cents'] / 100 / rows['first_bookings'])\n"
            "cac_by_channel = d.groupby('channel', observed=True)['cac'].mean().reset_index()",
            "you divided in each row and took the mean, so a small row weighs as much as a large one. Sum first, divide once.",
        ),
        "every goal but activate": (
            route(('== "install"', '!= "activate"')),
            "you left out one goal, and there are three. The agency asks about campaigns whose goal is an install.",
        ),
    },
)

# %% [markdown] question="q2"
# ## Question 2: two weeks with a banner
#
# On 12 February 2024 a consent banner appeared on Swiftfare's website, and the mix of visitors changed on the same day. What did the *rates* do to one step, on iPhones?
#
# - Use `swiftfare.visits`, only `device` `"ios"`, all six sources.
# - **Before**: the days from 2024-01-29 to 2024-02-11. **After**: from 2024-02-12 to 2024-02-25. All ends included.
# - The step: of visits with a search (`searched`), the share with a tap on the button into the app (`tapped`). So each source has a rate `tapped / searched` and a weight, its share of all `searched`.
# - The **rate part** of the change: weights of *before*, times the change of the rates, summed over the sources.
#
# Store it in `rate_effect`, a fraction (a fall is negative; one percentage point is 0.01) with all its digits.

# %%
# BEGIN SOLUTION q2
ios = swiftfare.visits[swiftfare.visits["device"] == "ios"]
before = (
    ios[ios["date"].between("2024-01-29", "2024-02-11")]
    .groupby("source", observed=True)[["searched", "tapped"]]
    .sum()
)
after = (
    ios[ios["date"].between("2024-02-12", "2024-02-25")]
    .groupby("source", observed=True)[["searched", "tapped"]]
    .sum()
)

rate_before = before["tapped"] / before["searched"]
rate_after = after["tapped"] / after["searched"]
weight_before = before["searched"] / before["searched"].sum()
rate_effect = (weight_before * (rate_after - rate_before)).sum()
# END SOLUTION
rate_effect

# %% tags=["check"]
check("q2")

# %% tags=["solution"]
weight_after = after["searched"] / after["searched"].sum()
mix_effect = ((weight_after - weight_before) * rate_after).sum()
print(
    f"rates {100 * rate_effect:+.1f} points, mix {100 * mix_effect:+.1f} points, together {100 * (rate_effect + mix_effect):+.1f}"
)

# %% [markdown] tags=["solution"]
# **Two numbers that add up to a third.** The step as a whole went up; at an unchanged mix it would have gone down. Whoever reports only the whole praises the banner.
#
# **Why the old weights?** They ask: *the same visitors as before, under the new rates.* New weights ask about the new visitors, and are as good, as long as the mix part is then taken at the old rates. What you may not do is mix the two: the parts no longer add up.

# %% tags=["spec"]
ROUTE = """
v = swiftfare.visits[swiftfare.visits["device"] == "ios"]
cols = ["visits", "searched", "tapped", "store_opened", "installed"]
one = v[v["date"].between("2024-01-29", "2024-02-11")].groupby("source", observed=True)[cols].sum()
two = v[v["date"].between("2024-02-12", "2024-02-25")].groupby("source", observed=True)[cols].sum()
r0, r1 = one["tapped"] / one["searched"], two["tapped"] / two["searched"]
w0, w1 = one["searched"] / one["searched"].sum(), two["searched"] / two["searched"].sum()
rate_effect = (w0 * (r1 - r0)).sum()
"""


def route(*changes):
    code = ROUTE
    for old, new in changes:
        assert old in code, old
        code = code.replace(old, new)
    return code


def other_step(top, bottom):
    return route(
        ('one["tapped"] / one["searched"]', f'one["{top}"] / one["{bottom}"]'),
        ('two["tapped"] / two["searched"]', f'two["{top}"] / two["{bottom}"]'),
    )


question(
    "q2",
    kind="number",
    name="rate_effect",
    title="What the rates did to the tap, iPhones",
    unit="fraction",
    range=(-1, 1),
    right="old weights, change of the rates, summed.",
    hints=[
        "Two tables, before and after: sums of `searched` and `tapped` by `source`.",
        "A rate for each source, before and after. A weight for each source: its share of the searches *before*.",
        "Weight times change of rate, summed over the six sources.",
    ],
    traps={
        "the mix": (
            route(("(w0 * (r1 - r0))", "((w1 - w0) * r1)")),
            "that is the part of the *mix*: the change of the weights. The question asks for the part of the rates.",
        ),
        "the whole change": (
            route(("(w0 * (r1 - r0)).sum()", "(w1 * r1).sum() - (w0 * r0).sum()")),
            "that is the whole change of the step. The question asks for the part that the rates made.",
        ),
        "weights of after": (
            route(("(w0 * (r1", "(w1 * (r1")),
            "your weights are those of *after*. The question takes the mix as it was before.",
        ),
        "unweighted": (
            route(("(w0 * (r1 - r0)).sum()", "(r1 - r0).mean()")),
            "you gave each source the same weight. Referral would then count as much as paid social: weight by the "
            "searches of before.",
        ),
        "no weights": (
            route(("(w0 * (r1 - r0)).sum()", "(r1 - r0).sum()")),
            "you added the sources up without weights. Weight each by its share of the searches of before.",
        ),
        "sign": (
            route(("r1 - r0", "r0 - r1")),
            "the sign is turned: take after minus before, so that a fall is negative.",
        ),
        "weighted by visits": (
            route(
                (
                    'w0, w1 = one["searched"] / one["searched"].sum()',
                    'w0, w1 = one["visits"] / one["visits"].sum()',
                )
            ),
            "your weights are shares of the *visits*. The rate's base is searches, so the weights are shares of the searches.",
        ),
        "both devices": (
            route(('swiftfare.visits[swiftfare.visits["device"] == "ios"]', "swiftfare.visits")),
            "you took both devices. The question asks about iPhones: `device` is `ios`.",
        ),
        "android": (
            route(('"ios"', '"android"')),
            "these are the Android phones. The question asks about iPhones.",
        ),
        "installs a visit": (
            other_step("installed", "visits").replace(
                'one["searched"] / one["searched"].sum()', 'one["visits"] / one["visits"].sum()'
            ),
            "that is the chapter's rate, installs a visit. The question asks for one step: taps of those who searched.",
        ),
        "installs a visit, by searches": (
            other_step("installed", "visits"),
            "that is the chapter's rate, installs a visit. The question asks for one step: taps of those who searched.",
        ),
        "taps a visit": (
            other_step("tapped", "visits"),
            "your base is all visits. The step is asked of visits with a *search*: divide by `searched`.",
        ),
        "the next step": (
            other_step("store_opened", "tapped"),
            "that is the next step of the funnel, from the tap to the store. The question asks for the tap.",
        ),
        "relative": (
            route(("(w0 * (r1 - r0)).sum()", "(w0 * (r1 - r0)).sum() / (w0 * r0).sum()")),
            "that is the change relative to the old rate. The question asks for the difference, as a fraction.",
        ),
        "whole quarter": (
            route(("2024-01-29", "2024-01-01"), ("2024-02-25", "2024-03-31")),
            "you took the whole quarter. The question asks for two weeks on either side.",
        ),
        "a day off": (
            route(
                ('"2024-02-11"', '"2024-02-12"'), ('"2024-02-12", "2024-02-25"', '"2024-02-13", "2024-02-25"')
            ),
            "12 February stands in your *before*. The banner was there on that day: it is the first of *after*.",
        ),
        "the new rate": (
            route(("(w0 * (r1 - r0)).sum()", "(w0 * r1).sum()")),
            "that is the step's new rate at the old mix. Take the old rate away.",
        ),
        "paid only": (
            route(('== "ios"]', '== "ios"].query("source != \'organic\'")')),
            "organic visits are missing. The question takes all six sources.",
        ),
        "mean of days": (
            route(
                (
                    'r0, r1 = one["tapped"] / one["searched"], two["tapped"] / two["searched"]',
                    'v = v.assign(rate=v["tapped"] / v["searched"])\n'
                    'r0 = v[v["date"].between("2024-01-29", "2024-02-11")].groupby("source", observed=True)["rate"].mean()\n'
                    'r1 = v[v["date"].between("2024-02-12", "2024-02-25")].groupby("source", observed=True)["rate"].mean()',
                ),
            ),
            "your rates are means of the days' rates, so a quiet day weighs as much as a busy one. Sum first, divide once.",
        ),
        "mean weights": (
            route(("(w0 * (r1", "((w0 + w1) / 2 * (r1")),
            "your weights are halfway between before and after. The question takes the mix as it was before.",
        ),
        "after too long": (
            route(("2024-02-25", "2024-03-31")),
            "your *after* runs to the end of the quarter. The question ends it on 25 February.",
        ),
        "before too short": (
            route(("2024-01-29", "2024-02-01")),
            "your *before* begins on 1 February. The question begins it on 29 January.",
        ),
        "one week": (
            route(("2024-01-29", "2024-02-05"), ("2024-02-25", "2024-02-18")),
            "you took one week on either side. The question asks for two.",
        ),
    },
)

# %% [markdown] question="q3"
# ## Question 3: customers, not installs
#
# The chapter measures what is lost when a channel is off in *installs*. But Swiftfare pays for customers. Were the installs that paid social added as good as the others? Do the holdout of **paid social** once more, on `first_bookings`.
#
# Use `swiftfare.regions`, one row a week and `area`, and the natural logarithm of `first_bookings` (`np.log`).
#
# - An area's **usual level**: the mean of its logarithms over the weeks in which *nothing* is on trial (`holdout` is empty), up to and including the week of **2025-11-24**. Later weeks are not all in: their 30 days were not over.
# - Its **change**: the mean of its logarithms over the weeks in which `holdout` is `"paid_social"`, less its usual level.
# - The **gap**: the mean change of the 30 areas whose `arm` is `"off"` in those weeks, less the mean change of the 30 that are `"on"`.
#
# Store in `drop` the share of first bookings that is lost where paid social is off: 1 − exp(gap), a fraction with all its digits.

# %%
# BEGIN SOLUTION q3
regions = swiftfare.regions.assign(logged=np.log(swiftfare.regions["first_bookings"]))
quiet = regions[regions["holdout"].isna() & (regions["week"] <= "2025-11-24")]
usual = quiet.groupby("area", observed=True)["logged"].mean()

trial = regions[regions["holdout"] == "paid_social"]
areas = trial.groupby("area", observed=True).agg(logged=("logged", "mean"), arm=("arm", "first"))
areas["change"] = areas["logged"] - usual
change = areas.groupby("arm", observed=True)["change"].mean()

drop = 1 - np.exp(change["off"] - change["on"])
# END SOLUTION
drop

# %% tags=["check"]
check("q3")

# %% tags=["solution"]
scatter = areas.groupby("arm", observed=True)["change"].var()
error = np.sqrt(scatter["off"] / 30 + scatter["on"] / 30)
gap = change["off"] - change["on"]
low, high = 1 - np.exp(gap + 2 * error), 1 - np.exp(gap - 2 * error)
print(f"first bookings lost: {drop:.1%} (about {low:.1%} to {high:.1%})")

# %% [markdown] tags=["solution"]
# **What it says.** Where paid social is off, first bookings fall too, and a little less than installs do (the chapter's figure). That is no riddle: paid social's installs book somewhat less often than the others. Its credited cost counts bookings, so that is in the price already. Had bookings hardly fallen at all, the channel would have bought people who look and leave, and a cost per install would have hidden it.
#
# **Why the usual level?** The areas differ in size, and the season moves all of them. The level takes out the first, the areas that are on take out the second. *Off against on as they are* uses the lot too, and is not biased; it is only far noisier.
#
# **Why not before and after, in the off areas alone?** January is Swiftfare's busiest month. Before and after would hold the season against the channel.

# %% tags=["spec"]
ROUTE = """
r = swiftfare.regions.copy()
r["y"] = np.log(r["first_bookings"])
base = r[r["holdout"].isna() & (r["week"] <= "2025-11-24")].groupby("area", observed=True)["y"].mean()
t = r[r["holdout"] == "paid_social"]
a = t.groupby("area", observed=True).agg(y=("y", "mean"), arm=("arm", "first"))
a["change"] = a["y"] - base
gap = a.loc[a["arm"] == "off", "change"].mean() - a.loc[a["arm"] == "on", "change"].mean()
drop = 1 - np.exp(gap)
"""


def route(*changes):
    code = ROUTE
    for old, new in changes:
        assert old in code, old
        code = code.replace(old, new)
    return code


OTHER = "that is the holdout of another channel. Keep the weeks in which `holdout` is `paid_social`."
question(
    "q3",
    kind="number",
    name="drop",
    title="First bookings lost without paid social",
    unit="fraction",
    range=(-1, 1),
    right="areas compared with themselves, and then with each other.",
    hints=[
        "One number an area for the usual level, one for the nine weeks; subtract.",
        'The arm of an area stands in the rows of the trial: `agg(arm=("arm", "first"))`.',
        "Mean change of the off areas less mean change of the on areas, then 1 − exp of it.",
    ],
    traps={
        "installs": (
            route(('np.log(r["first_bookings"])', 'np.log(r["installs"])')),
            "you measured *installs*. The question asks about first bookings.",
        ),
        "organic": (
            route(('np.log(r["first_bookings"])', 'np.log(r["organic_installs"])')),
            "you measured organic installs. The question asks about first bookings, of all installs.",
        ),
        "brand search": (route(('"paid_social"', '"brand_search"')), OTHER),
        "affiliate": (route(('"paid_social"', '"affiliate"')), OTHER),
        "retargeting": (route(('"paid_social"', '"retargeting"')), OTHER),
        "referral": (route(('"paid_social"', '"referral"')), OTHER),
        "what is left": (
            route(("1 - np.exp(gap)", "np.exp(gap)")),
            "that is what is *left* where the channel is off. The question asks for what is lost.",
        ),
        "logarithms": (
            route(("1 - np.exp(gap)", "-gap")),
            "that is the gap in logarithms. For a gap as wide as this the share lost is another number: 1 − exp(gap).",
        ),
        "gap turned": (
            route(("1 - np.exp(gap)", "1 - np.exp(-gap)")),
            "your gap is turned: take off less on. A loss then makes the gap negative.",
        ),
        "gap turned, loss": (
            route(("1 - np.exp(gap)", "np.exp(-gap) - 1")),
            "your gap is turned: that is how much *more* the on areas had. Take off less on, then 1 − exp(gap).",
        ),
        "no usual level": (
            route(('a["y"] - base', 'a["y"]')),
            "you compared the arms as they are. Compare each area with its own usual level first.",
        ),
        "all weeks": (
            route(('r[r["holdout"].isna() & (r["week"] <= "2025-11-24")]', "r")),
            "your usual level holds the weeks in which channels were on trial, this one among them. Keep the weeks where "
            "`holdout` is empty.",
        ),
        "all weeks that are in": (
            route(('r["holdout"].isna() & ', "")),
            "your usual level holds the weeks in which channels were on trial, this one among them. Keep the weeks where "
            "`holdout` is empty.",
        ),
        "late weeks": (
            route((' & (r["week"] <= "2025-11-24")', "")),
            "your usual level holds the last weeks, whose first bookings are not all in. Stop at the week of 2025-11-24.",
        ),
        "no comparison": (
            route((' - a.loc[a["arm"] == "on", "change"].mean()', "")),
            "you looked at the off areas alone, so the season stands in your number. Take the change of the on areas away.",
        ),
        "before only": (
            route(('(r["week"] <= "2025-11-24")', '(r["week"] < "2025-01-13")')),
            "your usual level comes from the weeks before the trial alone. The question takes all quiet weeks, before and after.",
        ),
        "after only": (
            route(
                ('(r["week"] <= "2025-11-24")', '(r["week"] > "2025-03-10") & (r["week"] <= "2025-11-24")')
            ),
            "your usual level comes from the weeks after the trial alone. The question takes all quiet weeks, before and after.",
        ),
        "incremental share": (
            ROUTE
            + 'on = t[t["arm"] == "on"]\ndrop = drop / (on["paid_social_installs"].sum() / on["installs"].sum())',
            "you divided by what is credited: that is the incremental share. The question stops one step before, at what is lost.",
        ),
        "a rate": (
            route(('np.log(r["first_bookings"])', 'np.log(r["first_bookings"] / r["installs"])')),
            "you measured first bookings *an install*. That asks whether the installs were as good; the question asks how many "
            "bookings are lost.",
        ),
        "sums": (
            's = swiftfare.regions[swiftfare.regions["holdout"] == "paid_social"].groupby("arm", observed=True)["first_bookings"].sum()\n'
            'drop = 1 - s["off"] / s["on"]',
            "you compared the arms' sums as they are, so a large area counts for more, and the areas' own levels stand in your "
            "number. Compare each area with its own usual level.",
        ),
        "counts": (
            route(('np.log(r["first_bookings"])', 'r["first_bookings"].astype(float)')),
            "you left out the logarithm. Without it the gap is a number of bookings, and exp of it means nothing.",
        ),
        "base ten": (
            route(("np.log(", "np.log10(")),
            "your logarithm has the base ten, and exp undoes the natural one. Use `np.log`.",
        ),
        "median": (
            route(
                ('"off", "change"].mean()', '"off", "change"].median()'),
                ('"on", "change"].mean()', '"on", "change"].median()'),
            ),
            "you took the median of the areas. The question asks for the mean of each arm.",
        ),
        "logarithm of the sum": (
            route(
                (
                    'agg(y=("y", "mean"), arm=("arm", "first"))',
                    'agg(y=("first_bookings", "sum"), arm=("arm", "first"))\na["y"] = np.log(a["y"])',
                ),
            ),
            "you summed the bookings first and then took the logarithm. The question takes the mean of the weeks' logarithms.",
        ),
        "the channel's own": (
            route(('np.log(r["first_bookings"])', 'np.log(r["paid_social_installs"] + 1)')),
            "you measured the channel's own installs, and where it is off there are none. Count everybody's first bookings.",
        ),
    },
)

# %% [markdown] question="q4"
# ## Question 4: friends of friends
#
# How many installs does an install by *referral* bring by invites, within 60 days?
#
# - The **base**: users of the panel (`swiftfare.users`) with `channel` `"referral"` and `installed_on` in the year **2024**. All of them, whether they invited or not.
# - Above the line: invites (`swiftfare.invites`) that these users sent (`user_id`) and that were accepted (`accepted_on`) at most **60 days** after the inviter's own install.
#
# Store accepted invites over the base, a number with all its digits, in `k_invited`.

# %%
# BEGIN SOLUTION q4
invited = swiftfare.users[
    (swiftfare.users["channel"] == "referral") & (swiftfare.users["installed_on"].dt.year == 2024)
]
sent = swiftfare.invites.merge(invited[["user_id", "installed_on"]], on="user_id")
days = (sent["accepted_on"] - sent["installed_on"]).dt.days  # empty where nobody accepted
k_invited = (days <= 60).sum() / len(invited)
# END SOLUTION
k_invited

# %% tags=["check"]
check("q4")

# %% tags=["solution"]
print(
    f"One install by referral ends as {1 / (1 - k_invited):.2f} in all, if the friends of friends go on alike."
)

# %% [markdown] tags=["solution"]
# **A loop that fades.** Swiftfare's best inviters bring fewer than three friends for every ten of them. The friends bring as many again, and so on: in all 1/(1 − K). A loop can be worth its money without ever exceeding one.
#
# **Everybody stands in the base.** K is a promise about the *next install*, who may never book and never invite. Over inviters alone the number is far larger, and it is another question: how keen are the keen?
#
# **Why an end of 60 days?** Without one, January's installs have had two years and December's one. With it the number is smaller than the chapter's K, because some people book, and then invite, months after the install. Which end you take is your choice; that all have the same is not.

# %% tags=["spec"]
ROUTE = """
u = swiftfare.users
u = u[(u["channel"] == "referral") & u["installed_on"].between("2024-01-01", "2024-12-31")]
i = swiftfare.invites.dropna(subset=["accepted_on"]).merge(u[["user_id", "installed_on"]], on="user_id")
days = (i["accepted_on"] - i["installed_on"]).dt.days
k_invited = (days <= 60).sum() / len(u)
"""


def route(*changes):
    code = ROUTE
    for old, new in changes:
        assert old in code, old
        code = code.replace(old, new)
    return code


CHANNEL = "your users came by another channel. The question asks about those who came by referral."
question(
    "q4",
    kind="number",
    name="k_invited",
    title="Installs that an install by referral brings",
    range=(0, 20),
    right="every install in the base, every accepted invite of theirs above it.",
    hints=[
        "Base first: how many users came by referral in 2024?",
        "Merge their `installed_on` onto the invites by `user_id`, and count days from it to `accepted_on`.",
        "An invite that nobody accepted has no `accepted_on`; a comparison with an empty value is False.",
    ],
    traps={
        "sent": (
            route(('.dropna(subset=["accepted_on"])', ""), ('i["accepted_on"] - i', 'i["sent_on"] - i')),
            "you count invites *sent*. Only those accepted bring an install.",
        ),
        "sent, no limit": (
            route(('.dropna(subset=["accepted_on"])', ""), ("(days <= 60).sum()", "len(i)")),
            "you count invites *sent*. Only those accepted bring an install.",
        ),
        "inviters as base": (
            route(("/ len(u)", '/ i["user_id"].nunique()')),
            "your base is those whose invites were accepted. All users who came by referral in 2024 belong in it.",
        ),
        "senders as base": (
            route(("/ len(u)", '/ u["user_id"].isin(swiftfare.invites["user_id"]).sum()')),
            "your base is those who sent an invite. All users who came by referral in 2024 belong in it.",
        ),
        "customers as base": (
            route(("/ len(u)", '/ u["user_id"].isin(swiftfare.bookings["user_id"]).sum()')),
            "your base is users who booked. The question takes every install by referral.",
        ),
        "everybody": (
            route(('(u["channel"] == "referral") & ', "")),
            "you took users of every channel. The question asks about those who came by referral.",
        ),
        "all installs as base": (
            route(("/ len(u)", '/ (swiftfare.users["installed_on"] < "2025-01-01").sum()')),
            "your base is installs of every channel. Keep the same users above and below the line.",
        ),
        "paid social": (route(('"referral"', '"paid_social"')), CHANNEL),
        "organic": (route(('"referral"', '"organic"')), CHANNEL),
        "no limit": (
            route(("(days <= 60).sum()", "len(i)")),
            "you count every accepted invite. Either there is no end, or your clock starts at the invite, and no invite lives longer than 60 days. Count the days from the inviter's *install*.",
        ),
        "both years": (
            route((' & u["installed_on"].between("2024-01-01", "2024-12-31")', "")),
            "you took the installs of both years. Those of late 2025 have not had their 60 days: the question takes 2024.",
        ),
        "2025": (
            route(("2024-01-01", "2025-01-01"), ("2024-12-31", "2025-12-31")),
            "these are the installs of 2025. The question takes 2024.",
        ),
        "half a year of installs": (
            route(('"2024-12-31"', '"2024-06-30"')),
            "you took installs of the first half of 2024. The question takes the whole year.",
        ),
        "friends in the panel": (
            route(('dropna(subset=["accepted_on"])', 'dropna(subset=["friend_id"])')),
            "you count friends who are in the panel. It holds three in a hundred: most friends are outside it. Use "
            "`accepted_on`.",
        ),
        "people": (
            route(("(days <= 60).sum()", 'i.loc[days <= 60, "user_id"].nunique()')),
            "you count users who brought *somebody*. One who brought three friends brought three installs.",
        ),
        "30 days": (
            route(("60", "30")),
            "you gave the invites 30 days. The question gives 60, from the inviter's install.",
        ),
        "accepted twice": (
            route(("/ len(u)", '/ len(u) * swiftfare.invites["accepted_on"].notna().mean()')),
            "you multiplied accepted invites by the share accepted once more. Use invites sent times the share, or accepted "
            "invites, not both.",
        ),
        "share accepted": (
            "i = swiftfare.invites.merge(invited[['user_id', 'installed_on']], on='user_id')\nk_invited = i['accepted_on'].notna().mean()",
            "that is the share of invites that are accepted. K counts installs brought for each install.",
        ),
        "the sum": (
            route(
                (
                    "k_invited = (days <= 60).sum() / len(u)",
                    "k_invited = 1 / (1 - (days <= 60).sum() / len(u))",
                )
            ),
            "that is what one install becomes in all, 1/(1 − K). The question asks for K.",
        ),
        "share of installs": (
            "u = swiftfare.users[swiftfare.users['installed_on'] < '2025-01-01']\nk_invited = (u['channel'] == 'referral').mean()",
            "that is the share of installs that came by referral: who *was brought*. K asks how many they bring.",
        ),
        "less than 60": (
            route(("days <= 60", "days < 60")),
            "day 60 is missing: *at most* 60 days is `<=`.",
        ),
        "sent in time": (
            route(('i["accepted_on"] - i', 'i["sent_on"] - i')),
            "you asked that the invite was *sent* within 60 days. The question asks that it was accepted by then.",
        ),
        "from the first booking": (
            route(
                (
                    'i["installed_on"])',
                    'i["user_id"].map(swiftfare.bookings.groupby("user_id")["booked_on"].min()))',
                )
            ),
            "your clock starts at the inviter's first booking. The question's starts at the inviter's install.",
        ),
        "by referrer": (
            "k_invited = swiftfare.users['referrer_id'].isin(invited['user_id']).sum() / len(invited)",
            "you counted friends who are in the panel. It holds three in a hundred of all users: count accepted invites.",
        ),
    },
)

# %% [markdown] question="q5"
# ## Question 5: Pipewright, one owner's cost at ten lags
#
# Demand generation owns two of Pipewright's channels, `"paid_search"` and `"paid_social"`. What did a customer of 2025 cost, if the money was spent L months before?
#
# - **Customers**: accounts (`pipewright.accounts`) whose `source` is one of the two and whose `first_paid_on` lies in **2025**. The same customers for every lag.
# - **Spend** (`pipewright.spend`: `month`, `source`, `spend_cents`): of the same two channels, in the **twelve months** that lie L months before those of 2025. At lag 0 that is January to December 2025; at lag 2, November 2024 to October 2025.
# - **Cost**: that spend over those customers, in **euros**.
#
# Make a table `cost_at_lag` with the columns `lag` (0, 1, ... 9) and `cost`: ten rows in any order, all digits, no other columns.

# %%
# BEGIN SOLUTION q5
demand = ["paid_search", "paid_social"]
spent = pipewright.spend[pipewright.spend["source"].isin(demand)]
customers = pipewright.accounts[pipewright.accounts["source"].isin(demand)]
customers_2025 = (customers["first_paid_on"].dt.year == 2025).sum()

rows = []
for lag in range(10):
    first = pd.Timestamp("2025-01-01") - pd.DateOffset(months=lag)
    last = pd.Timestamp("2025-12-01") - pd.DateOffset(months=lag)
    euros = spent.loc[spent["month"].between(first, last), "spend_cents"].sum() / 100
    rows.append({"lag": lag, "cost": euros / customers_2025})
cost_at_lag = pd.DataFrame(rows)
# END SOLUTION
cost_at_lag

# %% tags=["check"]
check("q5")

# %% tags=["solution"]
print(
    f"{customers_2025} customers: from {cost_at_lag['cost'].max():,.0f} euros at lag 0 to {cost_at_lag['cost'].min():,.0f} at lag 9."
)

# %% [markdown] tags=["solution"]
# **The cost falls with nearly every month of lag.** It must: spend grows, so money of long ago is less money. Choose the lag that makes you look best and you will choose the longest. The lag has to come from somewhere else: from the waves that spend and wins share, or from the days between first contact and contract.
#
# **Five or six months, then.** With the lag of the chapter the owner's customers cost far less than the same-month figure says, and a little less than those of other owners. The chapter's interval for this owner is some thousand euros wide on either side. Don't rank owners on it.

# %% tags=["spec"]
ROUTE = """
m = pd.period_range("2024-01", "2025-12", freq="M")
s = pipewright.spend[pipewright.spend["source"].isin(["paid_search", "paid_social"])]
s = s.groupby(s["month"].dt.to_period("M"))["spend_cents"].sum().reindex(m).to_numpy(float) / 100
a = pipewright.accounts[pipewright.accounts["source"].isin(["paid_search", "paid_social"])]
n = a.groupby(a["first_paid_on"].dt.to_period("M")).size().reindex(m, fill_value=0).to_numpy(float)
wins = n[12:24].sum()
cost_at_lag = pd.DataFrame([{"lag": k, "cost": s[12 - k:24 - k].sum() / wins} for k in range(10)])
"""
SPEND = 's = pipewright.spend[pipewright.spend["source"].isin(["paid_search", "paid_social"])]'
ACCOUNTS = 'a = pipewright.accounts[pipewright.accounts["source"].isin(["paid_search", "paid_social"])]'


def route(*changes):
    code = ROUTE
    for old, new in changes:
        assert old in code, old
        code = code.replace(old, new)
    return code


question(
    "q5",
    kind="table",
    name="cost_at_lag",
    title="Demand generation's cost of a customer, at ten lags",
    keys=["lag"],
    unit="euros",
    right="the customers stand still and the twelve months of money move.",
    hints=[
        "Count the customers once. Only the money changes from lag to lag.",
        "The twelve months at lag L run from January 2025 minus L months to December 2025 minus L months: `pd.DateOffset(months=L)`.",
    ],
    traps={
        "all spend": (
            route((SPEND, "s = pipewright.spend")),
            "your spend is that of all channels, your customers those of two. Keep the same channels above and below.",
        ),
        "all customers": (
            route((ACCOUNTS, "a = pipewright.accounts")),
            "your customers are those of all channels, your spend that of two. Keep the same channels above and below.",
        ),
        "all channels": (
            route((SPEND, "s = pipewright.spend"), (ACCOUNTS, "a = pipewright.accounts")),
            "you took all channels. The question asks about demand generation's two.",
        ),
        "all paid channels": (
            route(
                (SPEND, "s = pipewright.spend"),
                (
                    ACCOUNTS,
                    'a = pipewright.accounts[pipewright.accounts["source"].isin(pipewright.spend["source"])]',
                ),
            ),
            "you took all paid channels. The question asks about demand generation's two.",
        ),
        "search alone": (
            route(('["paid_search", "paid_social"]', '["paid_search"]')),
            "paid social is missing. Demand generation owns both channels.",
        ),
        "social alone": (
            route(('["paid_search", "paid_social"]', '["paid_social"]')),
            "paid search is missing. Demand generation owns both channels.",
        ),
        "social and events": (
            route(('["paid_search", "paid_social"]', '["paid_social", "events"]')),
            "events belong to another owner. Demand generation owns paid search and paid social.",
        ),
        "cents": (route((" / 100", "")), "that is in cents. The question asks for euros."),
        "both years": (
            route(("n[12:24]", "n")),
            "your customers are those of both years. The question counts customers of 2025.",
        ),
        "2024": (
            route(("n[12:24]", "n[:12]")),
            "your customers are not those of all of 2025. Look at the ends of the period: from 1 January to 31 December 2025.",
        ),
        "2024 above and below": (
            route(("n[12:24]", "n[:12]"), ("s[12 - k:24 - k].sum()", "s[:12 - k].sum()")),
            "these are the customers of 2024, and for them not all money lies in the data. The question takes 2025.",
        ),
        "all months": (
            route(("s[12 - k:24 - k].sum() / wins", "s[:24 - k].sum() / n[k:].sum()")),
            "you used every month that has a partner, so each lag has customers of its own. The question keeps the customers "
            "of 2025 for all lags.",
        ),
        "the wins move": (
            route(("s[12 - k:24 - k].sum() / wins", "s[:12].sum() / n[k:12 + k].sum()")),
            "your money stands still and the customers move. The question does it the other way: the customers of 2025 stay.",
        ),
        "a month too far": (
            route(("s[12 - k:24 - k]", "s[11 - k:23 - k]")),
            "your months lie one too far back: at lag 0 they are January to December 2025.",
        ),
        "lag from one": (
            route(('{"lag": k', '{"lag": k + 1')),
            "your lags run from 1 to 10. The question begins at lag 0, the same months.",
        ),
        "mean of months": (
            route(("s[12 - k:24 - k].sum() / wins", "(s[12 - k:24 - k] / n[12:24]).mean()")),
            "you took the mean of the months' own costs, so a month with three customers weighs as much as one with fifteen. "
            "Sum first, divide once.",
        ),
        "upside down": (
            route(("s[12 - k:24 - k].sum() / wins", "wins / s[12 - k:24 - k].sum()")),
            "your division is upside down: that is customers for a euro.",
        ),
        "one month": (
            route(("s[12 - k:24 - k].sum() / wins", "s[23 - k] / n[23]")),
            "you took December alone. The question takes twelve months of money and a year of customers.",
        ),
        "leads": (
            route(
                (
                    ACCOUNTS + '\nn = a.groupby(a["first_paid_on"]',
                    ACCOUNTS.replace("accounts", "leads") + '\nn = a.groupby(a["lead_on"]',
                )
            ),
            "you count leads. Accounts buy, and several leads may come from one: count accounts by `first_paid_on`.",
        ),
        "trials": (
            route(
                (
                    'n = a.groupby(a["first_paid_on"].dt',
                    'a = a.merge(pipewright.trials[["account_id", "started_on"]], on="account_id")\nn = a.groupby(a["started_on"].dt',
                )
            ),
            "you count trials. A customer has paid: use `first_paid_on`.",
        ),
        "spend up to the end": (
            route(("s[12 - k:24 - k]", "s[12 - k:24]")),
            "your money begins L months earlier and still ends in December: more than twelve months. Move both ends.",
        ),
        "forward": (
            route(("s[12 - k:24 - k].sum() / wins", "s[12:24 - k].sum() / wins")),
            "your months begin in January 2025 at every lag. Move both ends back by L months.",
        ),
        "a month's spend": (
            route(("s[12 - k:24 - k].sum() / wins", "s[12 - k:24 - k].mean() / wins")),
            "you set the spend of *one* month, on average, against the customers of a year. Sum the twelve.",
        ),
        "later spend": (
            route(("s[12 - k:24 - k].sum()", "s[k:12 + k].sum()")),
            "your twelve months run the wrong way: at lag 0 they are January to December 2025, and each lag goes one month "
            "further *back*.",
        ),
        "website too": (
            route((ACCOUNTS, ACCOUNTS.replace('"paid_social"]', '"paid_social", "website"]'))),
            "your customers hold more channels than your spend. Keep demand generation's two, above and below.",
        ),
    },
)

# %% [markdown] question="q6"
# ## Question 6: how large a holdout?
#
# Retargeting's holdout could not tell its worth from nothing. The media buyer asks how many areas a new one would need: nine weeks again, half of the areas off, so that the 95 % interval of the **incremental share** reaches 0.05 to either side of the estimate.
#
# For small gaps the share lost is the gap itself with its sign turned, and so the half width of the incremental share is about 1.96 × error / credited. With n areas in all, n/2 in each arm, error² = variance × (2/n + 2/n). Everything else comes from the old holdout, in `swiftfare.regions`:
#
# - **variance**: as in question 3, but with the logarithm of `installs`: each area's mean over the weeks in which `holdout` is `"retargeting"`, less its mean over *all* weeks in which `holdout` is empty (installs need no 30 days, so no week is left out). Take the sample variance (`.var()`) of these changes in each `arm`, and the mean of the two variances.
# - **credited**: of all installs in the areas that are `"on"` in those weeks, the share in `retargeting_installs`.
#
# Store in `areas_needed` the n that makes the half width 0.05: not rounded, with all its digits.

# %%
# BEGIN SOLUTION q6
regions = swiftfare.regions.assign(logged=np.log(swiftfare.regions["installs"]))
usual = regions[regions["holdout"].isna()].groupby("area", observed=True)["logged"].mean()
trial = regions[regions["holdout"] == "retargeting"]
areas = trial.groupby("area", observed=True).agg(logged=("logged", "mean"), arm=("arm", "first"))
areas["change"] = areas["logged"] - usual
variance = areas.groupby("arm", observed=True)["change"].var().mean()

running = trial[trial["arm"] == "on"]
credited = running["retargeting_installs"].sum() / running["installs"].sum()

# half width: 0.05 = 1.96 * sqrt(4 * variance / n) / credited, solved for n
areas_needed = 4 * variance * (1.96 / (0.05 * credited)) ** 2
# END SOLUTION
areas_needed

# %% tags=["check"]
check("q6")

# %% tags=["solution"]
half_width_now = 1.96 * np.sqrt(4 * variance / 60) / credited
print(
    f"with 60 areas ± {half_width_now:.2f}; for ± 0.05 about {areas_needed:,.0f} areas, {areas_needed / 60:.1f} times as many"
)

# %% [markdown] tags=["solution"]
# **Half the width costs four times the areas.** The market has sixty areas as it is cut today, and cutting it finer makes each area noisier. So the honest answer to the media buyer may be: *not in nine weeks.* Longer helps less than you'd hope, since the areas' own drift does not average out like coin flips.
#
# **Small channels are hard to measure.** `credited` stands below the line, squared. A channel with half the credit needs four times the areas for the same interval of its share. That is why a small retargeting budget can live for years on credit that nobody can check, and why "switch it off and see whether anybody notices" is sometimes the better test: at an upper end of about a seventh, it is too dear at any value that the interval allows.

# %% tags=["spec"]
ROUTE = """
r = swiftfare.regions.copy()
r["y"] = np.log(r["installs"])
base = r[r["holdout"].isna()].groupby("area", observed=True)["y"].mean()
t = r[r["holdout"] == "retargeting"]
a = t.groupby("area", observed=True).agg(y=("y", "mean"), arm=("arm", "first"))
a["change"] = a["y"] - base
v = a.groupby("arm", observed=True)["change"].var().mean()
on = t[t["arm"] == "on"]
c = on["retargeting_installs"].sum() / on["installs"].sum()
areas_needed = 4 * v * (1.96 / (0.05 * c)) ** 2
"""


def route(*changes):
    code = ROUTE
    for old, new in changes:
        assert old in code, old
        code = code.replace(old, new)
    return code


question(
    "q6",
    kind="number",
    name="areas_needed",
    title="Areas for a holdout that could tell",
    right="scatter above, credit below, both squared.",
    hints=[
        "First the variance of the changes: one number an area, then `.var()` in each arm, then the mean of the two.",
        "Put error² = 4 × variance / n into half width = 1.96 × error / credited, and solve for n.",
    ],
    traps={
        "one arm": (
            route(("4 * v", "2 * v")),
            "that is the number of areas in *one* arm. The question asks for all.",
        ),
        "credit forgotten": (
            route(("0.05 * c", "0.05")),
            "that would measure the share of *all installs* to ± 0.05. The incremental share is divided by what is credited, "
            "and so is its error.",
        ),
        "whole width": (
            route(("0.05 * c", "0.025 * c")),
            "you took 0.05 for the whole width. It is the distance to either side.",
        ),
        "standard deviation": (
            route((".var().mean()", ".std().mean()")),
            "you put the standard deviation where the variance belongs.",
        ),
        "no square": (
            route((") ** 2", ")")),
            "a square is missing: the error falls with the *root* of the number of areas.",
        ),
        "brand search": (
            route(('"retargeting"', '"brand_search"'), ("retargeting_installs", "brand_search_installs")),
            "these are the figures of brand search's holdout. The media buyer asks about retargeting.",
        ),
        "no 1.96": (
            route(("1.96 / (", "1 / (")),
            "1.96 is missing: one standard error to either side covers two in three, not 95 %.",
        ),
        "no usual level": (
            route(('a["y"] - base', 'a["y"]')),
            "your variance holds the areas' sizes. Take each area's change against its usual level.",
        ),
        "all sixty together": (
            route(('a.groupby("arm", observed=True)["change"].var().mean()', 'a["change"].var()')),
            "you took the variance over all areas, so the gap between the arms stands in it. One variance an arm, then the mean.",
        ),
        "no factor": (
            route(("4 * v", "v")),
            "you have a quarter of the areas. Either the factor of the two arms is missing (2/n + 2/n), or you let the interval reach 0.10 to either side.",
        ),
        "credited everywhere": (
            route(('on = t[t["arm"] == "on"]', "on = t")),
            "your share credited holds the areas where the channel is off. There it has no installs to be credited with.",
        ),
        "credited always": (
            route(('on = t[t["arm"] == "on"]', "on = r")),
            "your share credited comes from the whole table. In the trial's weeks the areas that are on carry the whole budget.",
        ),
        "five": (route(("0.05 * c", "5 * c")), "five points are 0.05 here, not 5."),
        "first bookings": (
            route(('np.log(r["installs"])', 'np.log(r["first_bookings"])')),
            "your variance is that of first bookings. The question takes installs.",
        ),
        "weeks": (
            route(
                (
                    'a.groupby("arm", observed=True)["change"].var().mean()',
                    '(t["y"] - t["area"].map(base).astype(float)).groupby(t["arm"].astype(str)).var().mean()',
                )
            ),
            "your variance is over weeks of areas. The unit is an area: one mean over its nine weeks first.",
        ),
        "all weeks": (
            route(('r[r["holdout"].isna()]', "r")),
            "your usual level holds the weeks in which channels were on trial. Keep those where `holdout` is empty.",
        ),
        "power": (
            route(("1.96 / (", "(1.96 + 0.84) / (")),
            "you added the 0.84 of a test with 80 % power. The question asks for the width of an interval.",
        ),
        "90 %": (route(("1.96", "1.645")), "1.645 belongs to a 90 % interval. The question asks for 95 %."),
        "more areas": (
            ROUTE + "areas_needed = areas_needed - 60",
            "that is how many areas would have to be *added*. The question asks for all of them.",
        ),
        "divided by n": (
            route((".var().mean()", ".var(ddof=0).mean()")),
            "your variance divides by n. The sample variance divides by n − 1: pandas' `.var()` does, NumPy's needs `ddof=1`.",
        ),
        "sum of variances": (
            route((".var().mean()", ".var().sum()")),
            "you added the two variances. The formula's 4 already counts both arms: take their mean.",
        ),
        "paid social": (
            route(('"retargeting"', '"paid_social"'), ("retargeting_installs", "paid_social_installs")),
            "these are the figures of another channel's holdout. The media buyer asks about retargeting.",
        ),
        "quiet weeks to November": (
            route(('r["holdout"].isna()', 'r["holdout"].isna() & (r["week"] <= "2025-11-24")')),
            "you left out the last quiet weeks, as in question 3. Installs need no 30 days: here all quiet weeks count.",
        ),
    },
)

# %% [markdown] question="q7"
# ## Question 7: the decision
#
# It is half past five. Write **one note**, for both companies, of 120 to 300 words, in `note`:
#
# - **Swiftfare.** The finance director wants to double brand search and close referral. You may move 100,000 euros in the next quarter. From where to where, and how will you know whether it worked?
# - **Pipewright.** The board wants to halve the marketing spend, because the cost of a customer rose. What do you tell it about the cost, what about the spend, and what would you ask to be looked at in its place?
#
# Use numbers with their interval: your own from above, or the chapter's. For each company name one thing that would change your mind.

# %%
# BEGIN SOLUTION q7
note = """
Swiftfare. Don't double brand search. It is credited with a quarter of the installs where it runs, and where we switched it
off about three in a hundred were missing: a customer it adds costs some 90 euros (60 to 200), one of referral about 34
(32 to 37). I would move 100,000 euros, half from brand search and half from retargeting, to referral. The
holdouts compared nothing with double, so a little more in referral may work worse than the average. Therefore in
steps: raise referral in thirty areas drawn by lot, leave thirty as they are, look after nine weeks. If added customers there
cost over 60 euros, the money comes back. For retargeting the test can't say more than "at most about a seventh", and at a
seventh an added customer still costs some 90 euros, more than a year's margin.

Pipewright. The cost of a customer has not exploded. Customers come five to six months after the money, and we spend twice
what we spent a year ago. Set against the spend of five months before, a customer of 2025 cost just under 9,000 euros (7,000
to 10,000), no more than those of late 2024 as far as we can tell. Halve the spend now and nothing will happen until spring;
then the wins halve. At about 550 euros of revenue a month payback takes nearly two years and hangs on the first renewal,
which is a reason to look at retention, and at the step nobody owns: two in five who send the form never begin the trial.
Give that step an owner and a test. If customers won from January to May cost more than 11,000 euros aligned, I would cut.
"""
# END SOLUTION

# %% tags=["check"]
check("q7")

# %% [markdown] tags=["solution"]
# ## Two sample answers
#
# The text above is the **strong** one. What makes it so:
#
# - *It decides.* "Don't double brand search" is its first sentence. Then it says what to do with the money, and how.
# - *It knows what the holdout did not test.* A little more is not the same as all or nothing. It buys that knowledge with the next lot.
# - *It uses an interval that is too wide.* Retargeting's share can't be told from nothing; its upper end is enough to decide.
# - *It tells the board when it will be proved wrong or right.* Cutting now shows in spring. That sentence saves a company.
# - *It doesn't hide the bad news.* Payback takes two years and hangs on the renewal.
#
# What it lacks: the two intervals of Pipewright overlap, so "has not exploded" is as far as one can go; it can't say that the cost fell. And nobody has asked what closes when brand search shrinks: a rival may buy the name.
#
# And a **weak** one, as it is often written:
#
# > Our channel analysis shows clear efficiency differences. Brand search delivers customers at 10 euros compared with 33 in referral, so we recommend a data-driven reallocation towards brand search, while keeping a balanced mix. Conversion has increased by a fifth following website improvements, which supports further investment. At Pipewright CAC increased by almost 40 % to 13,000 euros. We should pause under-performing campaigns and focus on quality leads. As K is above zero, virality is an additional growth lever. LTV/CAC is nearly 4 and therefore healthy. We will continue to monitor performance.
#
# - *"Delivers"* is the whole mistake: brand search is credited with them.
# - *"Following website improvements"*: every source's rate fell; the mix rose.
# - *"Increased by almost 40 %"* sets this year's money against last year's customers' money.
# - *"Pause under-performing campaigns"*: those that were just paid for look worst in the same month.
# - *"K is above zero"* is true of anything. Above one would be news, and it is far from it.
# - *"LTV/CAC is nearly 4"* assumes a constant rate of leaving, in a company where nobody can leave for a year.
# - *"We will continue to monitor"* moves no euro, and nothing could change its mind.

# %% tags=["spec"]
question(
    "q7",
    kind="decision",
    name="note",
    title="One note on the budget",
    words=(120, 300),
    hints=[
        "Decide first, in one sentence for each company. Then the two numbers that carry it. Then what would change your mind."
    ],
    rubric=[
        "Does the first sentence about each company say what to do, or not to do?",
        "Swiftfare: are the channels compared by what they add, with an interval?",
        "Does it say what the holdout can't tell about *more* money, and how to find out?",
        "Pipewright: is the spend set against the customers it brought, and is the lag argued for?",
        "Does it say when a cut would show?",
        "Is there, for each company, something that could happen and would change your mind?",
    ],
)
