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
# # Lesson 4: how many, and whom
#
# This is the code behind [the research chapter](../book/04-research.md): the chapter tells the story, this page shows each step. Run the cells from top to bottom, then change them.
#
# **You need** pandas, and the idea of a share with an interval. **Time:** about 90 minutes (an estimate: cells and words, not yet timed in a class). Sections 1 to 5 are about who answers and how many are enough; 6 to 8 about who counts; 9 and 10 about interviews; 11 and 12 about preferences and prices. From 6 on each part stands on its own.

# %% [markdown]
# ## Set up
#
# The two companies' tables come ready typed: dates are dates, money is whole cents.

# %%
from math import sqrt

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import statsmodels.api as sm
import statsmodels.formula.api as smf
from scipy.special import gammaln
from scipy.stats import norm
from statsmodels.discrete.conditional_models import ConditionalLogit
from statsmodels.stats.proportion import (
    proportion_confint,
    samplesize_confint_proportion,
)

import twoworlds as tw
from twoworlds import style

style.use()
swiftfare = tw.load("swiftfare")
pipewright = tw.load("pipewright")

# %% [markdown]
# ## 1. Swiftfare: what the e-mail says
#
# Three times, Swiftfare mailed one question to everybody who had signed up: *how likely are you to recommend us, from 0 to 10?* Those who say 9 or 10 are called **promoters**, those who say 0 to 6 **detractors**. The **net promoter score** (NPS) is the share of the first less the share of the second, in points.

# %%
surveys = swiftfare.surveys.set_index("survey_id")
surveys[["name", "reached_by", "frame_on", "asked_on", "closed_on"]]

# %% [markdown]
# `frame_on` says who could be asked: everybody who had signed up by that day. That list is the **frame**. (Our tables hold a random 3 % of Swiftfare's installs, so its frame here is a 3 % sample of the company's.)
#
# Give each answer +100, 0 or −100; then the score is a plain mean, and its standard error is that of any mean. The **margin** is half of the 95 % interval, 1.96 standard errors. The unit is a person: each answers a survey once.

# %%
recommend = swiftfare.answers[swiftfare.answers["question"] == "recommend"].copy()
recommend["points"] = 100 * (
    (recommend["value"] >= 9).astype(int) - (recommend["value"] <= 6).astype(int)
)
scores = recommend.groupby("survey_id")["points"].agg(["mean", "std", "count"])
scores["margin"] = 1.96 * scores["std"] / scores["count"] ** 0.5
scores["frame"] = [
    (swiftfare.users["signed_up_on"] <= surveys.loc[survey, "frame_on"]).sum()
    for survey in scores.index
]
scores["answered"] = scores["count"] / scores["frame"]
scores.index = surveys.loc[scores.index, "name"]
scores.round(2)

# %% [markdown]
# Three e-mails, three scores near 40, and thousands of answers each. The fourth row is another kind of survey: people of the same frame *drawn by lot*, and asked by letter and telephone until every one of them had answered. There are a few hundred of them, and they say something else.

# %% name="fig-two-scores"
fig, ax = plt.subplots(figsize=(style.WIDTH, 3.1))
labels = {
    "Recommendation autumn 2024": "E-mail,\nautumn 2024",
    "Recommendation spring 2025": "E-mail,\nspring 2025",
    "Recommendation autumn 2025": "E-mail,\nautumn 2025",
    "Recommendation random sample": "Drawn by lot,\nautumn 2025",
}
places = np.arange(len(scores))[::-1]
ax.hlines(
    places,
    scores["mean"] - scores["margin"],
    scores["mean"] + scores["margin"],
    color=style.SWIFTFARE_TINT,
    lw=9,
)
ax.plot(scores["mean"], places, "o", color=style.SWIFTFARE)
for place, row in zip(places, scores.itertuples(), strict=True):
    ax.text(54, place, f"{row.count:,} answers", va="center", ha="left")
ax.axvline(0, color=style.GREY, lw=0.9)
ax.set_yticks(places, [labels[name] for name in scores.index])
ax.set_xlim(-10, 84)
ax.set_xticks([0, 20, 40])
ax.set_ylim(-0.6, 3.6)
ax.grid(axis="x")
ax.grid(axis="y", visible=False)
ax.set_xlabel("Net promoter score, points")
ax.set_title("Thousands say 40, four hundred say 7")
style.describe(
    fig,
    "Four scores with 95 per cent intervals. "
    + "; ".join(
        f"{name}: {row['mean']:.0f}, plus or minus {row['margin']:.0f}, from {row['count']:,.0f} answers"
        for name, row in scores.iterrows()
    )
    + ".",
)
plt.show()

# %% [markdown]
# The intervals are not even near each other. Both surveys asked the same question of the same frame within six weeks. The small one is not noisy enough to explain it: somebody is missing from the large one.
#
# These two rows go through the rest of the lesson, so they get names.

# %%
email = scores.loc["Recommendation autumn 2025"]
by_lot = scores.loc["Recommendation random sample"]
print(f"apart by {email['mean'] - by_lot['mean']:.0f} points; the margins are {email['margin']:.1f} and {by_lot['margin']:.1f}")

# %% tags=["book"]
for name, row in [
    ("email", email),
    ("lot", by_lot),
    ("email_first", scores.loc["Recommendation autumn 2024"]),
    ("email_spring", scores.loc["Recommendation spring 2025"]),
]:
    glue(f"{name}_nps", float(row["mean"]))
    glue(f"{name}_low", f"{row['mean'] - row['margin']:.0f}".replace("-", "−"))
    glue(f"{name}_high", float(row["mean"] + row["margin"]))
    glue(f"{name}_margin", float(row["margin"]))
    glue(f"{name}_n", f"{row['count']:,.0f}")
    glue(f"{name}_answered", float(100 * row["answered"]))
glue("frame_sf", f"{email['frame']:,.0f}")
assert email["mean"] - email["margin"] > by_lot["mean"] + by_lot["margin"] + 10
assert round(by_lot["mean"]) == 7 and 390 < by_lot["count"] < 450, (
    "the figure's title says that four hundred say 7"
)
assert abs(scores["mean"].iloc[:3] - 40).max() < 4

# %% [markdown]
# ## 2. Who answered?
#
# We can look. Some of those drawn by lot (the *draw*, from here on) had also answered the e-mail two weeks before. Since everybody drawn was heard, they tell us how likely each kind of person is to answer an e-mail.

# %%
answers_email = recommend[recommend["survey_id"] == 3]
answers_lot = recommend[recommend["survey_id"] == 4].copy()
answers_lot["answered_email"] = answers_lot["user_id"].isin(answers_email["user_id"])
answers_lot["kind"] = pd.cut(
    answers_lot["value"],
    [-1, 6, 8, 10],
    labels=["detractor", "in between", "promoter"],
)
who_answers = answers_lot.groupby("kind", observed=True)["answered_email"].agg(
    ["sum", "count", "mean"]
)
who_answers["low"], who_answers["high"] = proportion_confint(
    who_answers["sum"], who_answers["count"], method="wilson"
)
who_answers.round(3)

# %% [markdown]
# A promoter answers an e-mail more than twice as often as anybody else. Nobody cheated; happy people click. But a survey in which the answer decides who answers is a survey of those people.
#
# Run it forward: take the kinds as the draw finds them, let each answer the e-mail at its own rate, and see what the e-mail would say.

# %%
present = who_answers["count"] / who_answers["count"].sum()
clicked = present * who_answers["mean"]
clicked = clicked / clicked.sum()
pd.DataFrame({"in the frame, by lot": present, "among the clicks": clicked}).round(2)

# %% [markdown]
# From a population with about as many detractors as promoters comes a mailbox with twice as many promoters. More e-mails would bring more of the same.

# %% tags=["book"]
for kind in ("promoter", "in between", "detractor"):
    short = kind.replace(" ", "_")
    for column in ("mean", "low", "high"):
        ending = "" if column == "mean" else f"_{column}"
        glue(f"answers_{short}{ending}", float(100 * who_answers.loc[kind, column]))
forward = float(100 * (clicked["promoter"] - clicked["detractor"]))
glue("forward_nps", forward)
assert who_answers.loc["promoter", "low"] > who_answers.loc["detractor", "high"]
assert who_answers.loc["promoter", "mean"] > 2 * who_answers.loc["detractor", "mean"]
assert clicked["promoter"] > 1.9 * clicked["detractor"]
others = answers_lot[answers_lot["kind"] != "promoter"]["answered_email"]
glue("answers_others", float(100 * others.mean()))
others_low, others_high = proportion_confint(others.sum(), len(others), method="wilson")
glue("answers_others_low", float(100 * others_low))
glue("answers_others_high", float(100 * others_high))

# %% [markdown]
# ## 3. What are thousands of answers worth?
#
# The error of a survey has two parts: **noise**, which shrinks as more people answer, and **bias**, which does not. Their squares add up: mean squared error = bias² + variance.
#
# A random sample of $m$ people has only noise, $\sigma^2/m$. So the e-mail's thousands are worth as many random answers as would make the same error: $m = \sigma^2 / (\text{bias}^2 + \text{variance})$. Its bias can be estimated: e-mail less lot.


# %%
def worth(spread, bias, noise):
    """Answers of a random sample that would err as much: spread² over bias² + noise² (all in points)."""
    return spread**2 / (bias**2 + noise**2)


bias = email["mean"] - by_lot["mean"]
bias_margin = sqrt(email["margin"] ** 2 + by_lot["margin"] ** 2)
noise = email["std"] / sqrt(email["count"])
worth_now = [
    worth(by_lot["std"], b, noise)
    for b in (bias, bias + bias_margin, bias - bias_margin)
]
print(f"bias {bias:.1f} points ({bias - bias_margin:.1f} to {bias + bias_margin:.1f})")
print(
    "worth {:.1f} random answers ({:.1f} to {:.1f})".format(*worth_now)
)

# %% [markdown]
# Thousands of answers, worth about half a dozen. (The two surveys share some people, so the interval is a little too wide; the few hundred of the draw decide it.)
#
# Where does it come from? Meng (2018) takes the error apart into three factors, exactly:
#
# $$\text{error} = \rho \times \sqrt{\frac{1-f}{f}} \times \sigma$$
#
# with $f$ the share of the frame that answered, $\sigma$ the spread of the scores in the frame, and $\rho$ the correlation between *answering* and *the answer*, over everybody in the frame, which he calls the **data defect correlation**. Drawing by lot makes $\rho$ zero but for chance. Solve for it.

# %%
f = email["answered"]
defect = bias / (by_lot["std"] * sqrt((1 - f) / f))
for size in (1_000, 10_000, 100_000, 1_000_000):
    print(f"{size:>9,} answers from {size / f:>11,.0f} people: worth {f / ((1 - f) * defect**2):.1f}")
print(f"data defect correlation {defect:.2f}")

# %% [markdown]
# A correlation of one fifth does not look like much. As long as the same *share* answers in the same way, a thousand answers and a million are worth the same handful. Only a larger share, or a smaller correlation, mends it.

# %% tags=["book"]
glue("bias_now", float(bias))
glue("bias_low", float(bias - bias_margin))
glue("bias_high", float(bias + bias_margin))
glue("worth_now", f"{worth_now[0]:.0f}")
glue("worth_low", f"{worth_now[1]:.0f}")
glue("worth_high", f"{worth_now[2]:.0f}")
glue("defect", f"{defect:.2f}")
assert worth_now[0] < 9 and worth_now[2] < 20

# %% [markdown]
# ## 4. Can weights mend it?
#
# The standard repair is **post-stratification**. Cut the frame into strata by something you know of *everybody*, take the score within each stratum, and weight by the stratum's share of the frame. What do we know of everybody? How often they had booked, and whether they have removed the app.

# %%
frame_on = surveys.loc[3, "frame_on"]
frame = swiftfare.users[swiftfare.users["signed_up_on"] <= frame_on].set_index(
    "user_id"
)
bookings_then = swiftfare.bookings[swiftfare.bookings["booked_on"] <= frame_on]
booked = bookings_then.groupby("user_id").size().reindex(frame.index, fill_value=0)
frame["booked"] = booked.clip(upper=2).map({0: "never", 1: "once", 2: "twice or more"})
frame["app"] = np.where(frame["uninstalled_on"] <= frame_on, "removed", "kept")
answered = answers_email.merge(frame[["booked", "app"]], on="user_id")
strata = pd.DataFrame(
    {
        "of the frame": frame.groupby(["booked", "app"]).size() / len(frame),
        "of the answers": answered.groupby(["booked", "app"]).size() / len(answered),
        "score": answered.groupby(["booked", "app"])["points"].mean(),
    }
)
strata.reset_index().set_index("booked").round(2)

# %% [markdown]
# It is a good stratification by the usual test: the score differs a great deal between strata, from below zero to 70, and those who removed the app are under-represented. So weight.

# %%
weighted = (strata["of the frame"] * strata["score"]).sum()
print(f"raw {email['mean']:.1f}, weighted {weighted:.1f}, by lot {by_lot['mean']:.1f}")

# %% [markdown]
# An interval for it: draw the people who answered again, many times, and weight each time.

# %%
random = np.random.default_rng(4)
codes = answered.groupby(["booked", "app"]).ngroup().to_numpy()
points = answered["points"].to_numpy()
shares = strata["of the frame"].to_numpy()
draws = []
for _ in range(1000):
    chosen = random.integers(0, len(codes), len(codes))
    people = np.bincount(codes[chosen], minlength=len(shares))
    total = np.bincount(codes[chosen], points[chosen], minlength=len(shares))
    draws.append(shares @ (total / people))
weighted_low, weighted_high = np.quantile(draws, [0.025, 0.975])
mended = (email["mean"] - weighted) / (email["mean"] - by_lot["mean"])
print(f"weighted {weighted:.1f} ({weighted_low:.1f} to {weighted_high:.1f})")
print(f"{mended:.0%} of the distance to the draw's score is mended")

# %% [markdown]
# Weights mend what the strata know: that too few who left answered. They can't mend what happens *within* a stratum, where the happy still click more. The new interval is as narrow as before, and no nearer to honest. Weights never announce what they missed.
#
# One way out is left: *never mind those who only looked; our customers love us.* So ask customers alone, in both surveys.

# %%
by_customer = {}
for name, rows in [("e-mail", answers_email), ("by lot", answers_lot)]:
    never = rows["user_id"].map(frame["booked"]) == "never"
    for who, own in rows["points"].groupby(np.where(never, "never booked", "customers")):
        by_customer[who, name] = (own.mean(), 1.96 * own.std() / sqrt(len(own)), len(own))
by_customer = pd.DataFrame(by_customer, index=["score", "margin", "answers"]).T
by_customer.sort_index().round(0).astype(int)

# %% [markdown]
# Customers are happier than people who only looked, whichever survey you ask. But a narrower frame is no cure: among customers, too, the e-mail is far above the draw.

# %% tags=["book"]
for short, who in [("customers", "customers"), ("lookers", "never booked")]:
    score, margin, people = by_customer.loc[(who, "by lot")]
    glue(f"{short}_nps", f"{score:.0f}".replace("-", "−"))
    glue(f"{short}_low", f"{score - margin:.0f}".replace("-", "−"))
    glue(f"{short}_high", f"{score + margin:.0f}".replace("-", "−"))
    glue(f"{short}_n", int(people))
    glue(f"{short}_email", float(by_customer.loc[(who, "e-mail"), "score"]))
customers_score, customers_margin, _ = by_customer.loc[("customers", "by lot")]
assert customers_score - customers_margin > 0
flattered = by_customer.loc[("customers", "e-mail"), "score"] - customers_score
assert abs(flattered - (email["mean"] - by_lot["mean"])) < 6, "customers are flattered as much as all"
assert answered.groupby("app")["points"].mean().diff().iloc[-1] < -10, "those who removed the app score lower"
assert customers_score + customers_margin + 10 < by_customer.loc[("customers", "e-mail"), "score"]
glue("weighted_nps", float(weighted))
glue("weighted_low", float(weighted_low))
glue("weighted_high", float(weighted_high))
glue("mended_share", float(100 * mended))
assert 0.02 < mended < 0.25
assert weighted_low > by_lot["mean"] + by_lot["margin"]
glue(
    "gone_frame",
    float(100 * strata["of the frame"].xs("removed", level="app").sum()),
)
glue(
    "gone_answers",
    float(100 * strata["of the answers"].xs("removed", level="app").sum()),
)
assert strata["score"].min() < 0 and strata["score"].max() > 65

# %% [markdown]
# ## 5. How many must answer?
#
# Say you draw by lot. A share $p$ from $n$ people has the margin $1.96\sqrt{p(1-p)/n}$. Turn it round for a margin of 5 points, with the $p$ that is worst, one half.

# %%
n_0 = 1.96**2 * 0.5 * 0.5 / 0.05**2
print(f"by hand {n_0:.1f}; statsmodels {samplesize_confint_proportion(0.5, 0.05):.1f}")

# %% [markdown]
# Where is the size of the audience in it? Nowhere. It enters only when you ask a large part of a small audience: who has been asked leaves no doubt. That is the **finite population correction**: the variance shrinks by $(N-n)/(N-1)$, and the number needed becomes $n = n_0 / (1 + (n_0-1)/N)$.


# %%
def needed(audience, margin, spread):
    """People to draw by lot from an audience for a mean within ± margin, in 95 % of draws.

    margin and spread (the standard deviation of one answer) in the same unit; rounded up.
    """
    endless = (1.96 * spread / margin) ** 2
    return int(np.ceil(endless / (1 + (endless - 1) / audience)))


pw_frame = pipewright.contacts["account_id"].nunique()
audiences = [pw_frame, 1_000, 10_000, 100_000, 2_000_000]
how_many = pd.DataFrame(
    {
        "a share, ± 5 points": [needed(n, 5, 50) for n in audiences],
        "a score, ± 5 points": [needed(n, 5, by_lot["std"]) for n in audiences],
    },
    index=pd.Index(audiences, name="audience"),
)
how_many

# %% [markdown]
# Read down a column: from ten thousand to two million the number hardly moves. But for Pipewright's frame it is most of the accounts. And a net promoter score is dearer than a share, since it runs from −100 to 100.

# %% name="fig-needed"
fig, ax = plt.subplots()
sizes = np.unique(np.geomspace(pw_frame, 2_000_000, 60).astype(int))
for spread, words in [(by_lot["std"], "a score"), (50, "a share")]:
    line = [needed(n, 5, spread) for n in sizes]
    ax.plot(sizes, line, color=style.INK)
    ax.text(2.6e6, line[-1], words, va="center", ha="left")
    ax.plot(sizes[0], line[0], "o", color=style.PIPEWRIGHT)
    ax.plot(sizes[-1], line[-1], "o", color=style.SWIFTFARE)
ax.text(170, 45, "Pipewright", color=style.PIPEWRIGHT)
ax.text(
    1.9e6,
    needed(2_000_000, 5, by_lot["std"]) + 90,
    "Swiftfare",
    color=style.SWIFTFARE,
    ha="right",
)
ax.set_xscale("log")
ax.set_xlim(90, 3e7)
ax.set_xticks([100, 10_000, 1_000_000], ["100", "10,000", "1 million"])
ax.minorticks_off()
ax.set_ylim(0, 1400)
ax.set_xlabel("People in the audience")
ax.set_ylabel("To ask by lot for ± 5 points")
ax.set_title("Above ten thousand, the audience stops mattering")
style.describe(
    fig,
    "Two lines: how many to ask for a margin of 5 points, by size of the audience. Both rise and then lie flat: a share from "
    f"{how_many.iloc[0, 0]} of {pw_frame} to {how_many.iloc[-1, 0]} of 2 million; a net promoter score from "
    f"{how_many.iloc[0, 1]} of {pw_frame} to {how_many.iloc[-1, 1]:,} of 2 million.",
)
plt.show()

# %% [markdown]
# So a large audience doesn't *need* a larger sample. It *offers* one, and the offer is dangerous when it comes by e-mail. Try it: each picture shows twenty surveys of the same people.

# %% name="sampling-machine"
TRUE_SHARES = np.array([0.30, 0.34, 0.36])  # detractors, in between, promoters
POINTS = np.array([-100, 0, 100])
TRUE_SCORE = TRUE_SHARES @ POINTS


def twenty_surveys(audience, answers, keenness, draws=20):
    """Scores and margins of surveys of one audience; promoters answer `keenness` times as readily."""
    lot = np.random.default_rng(20)
    asked = min(answers, audience)
    promoters, detractors = (round(share * audience) for share in TRUE_SHARES[[2, 0]])
    people = np.repeat(
        POINTS, [detractors, audience - detractors - promoters, promoters]
    )
    ready = np.where(people == 100, keenness, 1.0)
    if audience > 10_000:  # hardly anybody would be drawn twice
        chance = TRUE_SHARES * [1, 1, keenness]
        counts = lot.multinomial(asked, chance / chance.sum(), size=draws)
    else:
        waited = lot.exponential(1 / ready, (draws, audience))  # the first to answer
        first = people[np.argsort(waited, axis=1)[:, :asked]]
        counts = np.stack([(first == p).sum(axis=1) for p in POINTS], axis=1)
    mean = counts @ POINTS / asked
    spread = np.sqrt(counts @ POINTS**2 / asked - mean**2)
    correction = sqrt((audience - asked) / (audience - 1))
    return people.mean(), mean, 1.96 * spread / sqrt(asked) * correction


def worth_of(audience, answers, keenness):
    """How many, drawn by lot from the same audience, would err as much (in mean square)."""
    true, mean, _ = twenty_surveys(audience, answers, keenness, draws=400)
    error = ((mean - true) ** 2).mean()
    variance = TRUE_SHARES @ POINTS**2 - TRUE_SCORE**2
    # error = variance / m * (audience - m) / (audience - 1), solved for m
    return variance * audience / (error * (audience - 1) + variance)


audience_sizes = {"127 accounts": 127, "2 million users": 2_000_000}
keen = {"as readily": 1.0, "1.2 times": 1.2, "2.5 times": 2.5}
machine = {
    (audience, answers, promoters): (
        twenty_surveys(audience_sizes[audience], answers, keen[promoters]),
        worth_of(audience_sizes[audience], answers, keen[promoters]),
    )
    for audience in audience_sizes
    for answers in (50, 100, 400, 5_000)
    for promoters in keen
}


def in_words(audience, answers, promoters):
    (true, mean, margin), value = machine[audience, answers, promoters]
    held = int((np.abs(mean - true) <= margin + 1e-9).sum())
    everybody = answers >= audience_sizes[audience]
    return held, "all of them" if everybody else f"{value:,.0f} drawn by lot"


def draw_machine(audience, answers, promoters):
    (true, mean, margin), _ = machine[audience, answers, promoters]
    held, value = in_words(audience, answers, promoters)
    colour = style.PIPEWRIGHT if "accounts" in audience else style.SWIFTFARE
    fig, ax = plt.subplots(figsize=(style.WIDTH, 3.3))
    ax.plot([-0.7, 19.7], [true, true], color=style.INK, lw=1.2)
    ax.text(20, true, "truth", va="center")
    ax.vlines(range(20), mean - margin, mean + margin, color=colour, lw=2.5)
    ax.plot(range(20), mean, "o", color=colour, markersize=4)
    ax.set_xlim(-0.7, 23)
    ax.set_ylim(-45, 75)
    ax.set_yticks([-40, 0, 40])
    ax.set_xticks([])
    ax.set_xlabel("Twenty surveys, one beside the other")
    ax.set_ylabel("Score, points")
    ax.set_title(f"{held} of 20 hold the truth; worth {value}")
    return fig


def words_machine(audience, answers, promoters):
    (true, mean, margin), _ = machine[audience, answers, promoters]
    held, value = in_words(audience, answers, promoters)
    asked = min(answers, audience_sizes[audience])
    return (
        f"Twenty surveys of {asked:,} answers each from {audience}; promoters answer {promoters} as others do. Scores lie "
        f"around {mean.mean():.0f} with margins of {margin.mean():.1f}; the truth is {true:.0f}. {held} intervals hold it. "
        f"Each survey is worth {value}."
    ).replace("1.2 times as", "1.2 times as readily as").replace(
        "2.5 times as", "2.5 times as readily as"
    ).replace("as readily as others", "as readily as others")


tw.explore(
    draw_machine,
    describe=words_machine,
    title="The sampling machine",
    labels={
        "audience": "Audience",
        "answers": "Answers",
        "promoters": "Promoters answer",
    },
    audience=list(audience_sizes),
    answers=[50, 100, 400, 5_000],
    promoters=list(keen),
)

# %% [markdown]
# With everybody answering alike, about 19 of 20 intervals hold the truth, at both companies and at every size. Let promoters answer 1.2 times as readily, a difference nobody would notice, and at fifty answers you won't see it either; at five thousand every interval is narrow and wrong. With 127 accounts you can do what Swiftfare can't: ask them all.

# %% tags=["book"]
glue("lot_spread", float(by_lot["std"]))
glue("needed_share_pw", int(how_many.iloc[0, 0]))
glue("needed_share_sf", int(how_many.iloc[-1, 0]))
glue("needed_share_10k", int(how_many.iloc[2, 0]))
glue("needed_score_pw", int(how_many.iloc[0, 1]))
glue("needed_score_sf", f"{how_many.iloc[-1, 1]:,}")
glue("needed_share_pw_percent", float(100 * how_many.iloc[0, 0] / pw_frame))
glue("needed_score_pw_percent", float(100 * how_many.iloc[0, 1] / pw_frame))
glue("frame_pw", int(pw_frame))
assert how_many.iloc[-1, 0] - how_many.iloc[2, 0] < 20
_, machine_mean, _ = twenty_surveys(2_000_000, 5_000, 2.5)
glue("machine_keen", float(machine_mean.mean()))
held_by = {key: in_words(*key)[0] for key in machine}
assert min(held_by[a, n, "as readily"] for a in audience_sizes for n in (50, 100, 400)) >= 17
assert held_by["2 million users", 5_000, "1.2 times"] == 0
assert held_by["2 million users", 50, "1.2 times"] >= 15
assert 40 < machine["127 accounts", 50, "as readily"][1] < 60

# %% [markdown]
# ## 6. Pipewright: a score that fell
#
# Pipewright's frame is the accounts on the enterprise plan or with 250 employees or more, on 1 September 2025. It asked the administrator of each, in September and again in December. The unit is an account: one person answers for each. Accounts that had left by the first day of a survey were not asked.

# %%
pw_surveys = pipewright.surveys.set_index("survey_id")
contacts = pipewright.contacts
left_on = (
    pipewright.movements[pipewright.movements["kind"] == "churn"]
    .set_index("account_id")["moved_on"]
)
in_frame = pd.Series(contacts["account_id"].unique())
waves = []
for survey in (1, 4):
    asked_on = pw_surveys.loc[survey, "asked_on"]
    asked = (~(in_frame.map(left_on) <= asked_on)).sum()
    wave = pipewright.answers[pipewright.answers["survey_id"] == survey]["value"]
    points = 100 * ((wave >= 9).astype(int) - (wave <= 6).astype(int))
    margin = 1.96 * points.std() / sqrt(len(wave))
    waves.append((points.mean(), len(wave), asked, margin))
waves = pd.DataFrame(
    waves,
    columns=["score", "answers", "asked", "margin, endless"],
    index=pd.Index(["September", "December"], name="wave"),
)
waves["margin"] = waves["margin, endless"] * (
    (waves["asked"] - waves["answers"]) / (waves["asked"] - 1)
) ** 0.5
waves.round(1)

# %% [markdown]
# The finite population correction takes a fifth to a quarter off the margin: half of the accounts were heard, and they leave no doubt. (It assumes that those who answered are as good as drawn by lot. At Swiftfare that was the whole trouble; here we can't check it before the reveal.)
#
# Now the change. The errors of the two waves add up as squares.

# %%
fell = waves.loc["December", "score"] - waves.loc["September", "score"]
fell_margin = sqrt((waves["margin"] ** 2).sum())
print(f"change {fell:+.1f} points ({fell - fell_margin:+.1f} to {fell + fell_margin:+.1f})")

# %% [markdown]
# A fall of ten points is well within what two small samples do by themselves. (Some accounts answered both times, and an account that liked Pipewright in September mostly does in December. So the two errors partly cancel, and this margin is a little too wide.)
#
# Better evidence: the accounts that answered *both* times. Each is its own comparison. Few of them moved, and a margin from a handful of moves is not to be trusted; an interval for the *share* that moved is.

# %%
of_wave = (
    pipewright.answers[pipewright.answers["question"] == "recommend"]
    .merge(contacts[["contact_id", "account_id"]], on="contact_id")
    .pivot(index="account_id", columns="survey_id", values="value")
)
both = of_wave.dropna()
pair_points = 100 * ((both >= 9).astype(int) - (both <= 6).astype(int))
change = pair_points[4] - pair_points[1]
moved_low, moved_high = proportion_confint((change != 0).sum(), len(change), method="wilson")
print(f"{len(both)} accounts answered both times; {(change > 0).sum()} went up and {(change < 0).sum()} down")
print(f"share that moved {(change != 0).mean():.0%} ({moved_low:.0%} to {moved_high:.0%})")

# %% [markdown]
# Among the same accounts hardly anything moved. The fall comes mostly from *other* accounts having answered.

# %% name="fig-waves"
fig, ax = plt.subplots(figsize=(style.WIDTH, 3.1))
for place, (_, row) in enumerate(waves.iterrows()):
    ax.vlines(
        place,
        row["score"] - row["margin"],
        row["score"] + row["margin"],
        color=style.PIPEWRIGHT_TINT,
        lw=9,
    )
    ax.plot(place, row["score"], "o", color=style.PIPEWRIGHT)
    ax.text(place + 0.09, row["score"], f"{row['score']:.0f}", va="center")
ax.set_xticks(
    [0, 1],
    [
        f"{name}\n{row['answers']:.0f} of {row['asked']:.0f}"
        for name, row in waves.iterrows()
    ],
)
ax.set_xlim(-0.6, 1.6)
ax.set_ylim(-10, 60)
ax.set_ylabel("Score, points")
ax.set_title("Ten points down, and no news in it")
style.describe(
    fig,
    "Two scores with wide intervals. "
    + "; ".join(
        f"{name} {row['score']:.0f}, plus or minus {row['margin']:.0f}, {row['answers']:.0f} of {row['asked']:.0f} accounts"
        for name, row in waves.iterrows()
    )
    + ". The intervals overlap.",
)
plt.show()

# %% [markdown]
# The two intervals share most of their length. A score that is asked of a few dozen accounts should be read once a year, and not explained each quarter.

# %% tags=["book"]
for short, name in [("sep", "September"), ("dec", "December")]:
    row = waves.loc[name]
    glue(f"{short}_score", float(row["score"]))
    glue(f"{short}_margin", float(row["margin"]))
    glue(f"{short}_endless", float(row["margin, endless"]))
    glue(f"{short}_low", float(row["score"] - row["margin"]))
    glue(f"{short}_high", float(row["score"] + row["margin"]))
    glue(f"{short}_n", int(row["answers"]))
    glue(f"{short}_asked", int(row["asked"]))


def signed(value, digits=0):
    return f"{value:+.{digits}f}".replace("-", "−").replace("+0.0", "0.0")


glue("fell", signed(fell))
glue("fell_low", signed(fell - fell_margin))
glue("fell_high", signed(fell + fell_margin))
glue("fell_points", float(abs(fell)))
glue("fell_margin", float(fell_margin))
glue("pairs_n", len(both))
glue("pairs_moved", int((change != 0).sum()))
glue("pairs_up", ["none", "one", "two", "three"][int((change > 0).sum())])
glue("pairs_down", ["none", "one", "two", "three"][int((change < 0).sum())])
glue("moved_low", float(100 * moved_low))
glue("moved_high", float(100 * moved_high))
assert -13 < fell < -7, "the chapter and the figure say ten points down"
assert fell + fell_margin > 0 and (change != 0).mean() < 0.15
correction = 1 - (waves["margin"] / waves["margin, endless"])
assert correction.between(0.15, 0.33).all()

# %% [markdown]
# ## 7. Pipewright: who counts?
#
# In September everybody known at the frame's accounts, four to twelve people each, was asked: *what should we build first?* Start with one voice for each account, shared among its people who answered.

# %%
first_need = pipewright.answers[
    pipewright.answers["question"] == "first_need"
].merge(contacts, on="contact_id")
first_need["item"] = first_need["item"].astype(str)
by_account = pd.crosstab(
    first_need["account_id"], first_need["item"], normalize="index"
)
by_account.mean().sort_values(ascending=False).head(3).round(3)

# %% [markdown]
# The import wizard, clearly. Now what each account holds on the frame's day: its seats and its monthly recurring revenue (MRR). Both are sums of movements up to that day.

# %%
frame_day = pw_surveys.loc[1, "frame_on"]
moves = pipewright.movements[pipewright.movements["moved_on"] <= frame_day]
sign = moves["kind"].isin(["new", "expansion"]) * 2 - 1
held = (
    moves[["seats", "mrr_cents"]]
    .mul(sign, axis=0)
    .groupby(moves["account_id"])
    .sum()
    .loc[by_account.index]
)
weights = pd.DataFrame(
    {
        "account": 1.0,
        "seat": held["seats"].astype(float),
        "revenue": held["mrr_cents"].astype(float),
    }
)
needs = pd.DataFrame(
    {
        way: by_account.mul(weights[way], axis=0).sum() / weights[way].sum()
        for way in weights
    }
).sort_values("account", ascending=False)
needs.round(3)

# %% [markdown]
# Count accounts, and the import wizard leads. Count seats or revenue, and the mobile app does; even single sign-on (SSO) with an audit log passes the wizard. Nobody's answer has changed.
#
# An interval for the lead. The unit drawn again is the account, since its people speak alike and carry one weight. All accounts of the frame have at least one answer, and yet there is chance in it: others of their people could have answered, and next year's accounts will be others. So the interval speaks of accounts *like* these.

# %%
random = np.random.default_rng(7)
n_accounts = len(by_account)
again = random.multinomial(n_accounts, np.full(n_accounts, 1 / n_accounts), 4000)
lead = (by_account["mobile app"] - by_account["import wizard"]).to_numpy()
leads = {}
for way in weights:
    w = weights[way].to_numpy()
    draws = (again * w) @ lead / (again @ w)
    low, high = np.quantile(draws, [0.025, 0.975])
    leads[way] = (w @ lead / w.sum(), low, high, w.sum() ** 2 / (w**2).sum())
leads = pd.DataFrame(
    leads, index=["mobile less wizard", "low", "high", "worth, accounts"]
).T
leads.round(2)

# %% [markdown]
# The lead turns, and both intervals keep off zero. But look at the last column: weighting has a price. With a few accounts holding most seats, the frame is worth some two dozen equal accounts (Kish's effective size, the square of the sum of weights over the sum of squares). Try it without the five largest.

# %%
without_five = {}
for way in ("seat", "revenue"):
    w = weights[way].to_numpy()
    rest = np.argsort(np.argsort(-w)) >= 5
    draws = (again[:, rest] * w[rest]) @ lead[rest] / (again[:, rest] @ w[rest])
    low, high = np.quantile(draws, [0.025, 0.975])
    without_five[way] = (w[~rest].sum() / w.sum(), w[rest] @ lead[rest] / w[rest].sum(), low, high)
without_five = pd.DataFrame(
    without_five, index=["held by five", "lead without them", "low", "high"]
).T
without_five.round(2)

# %% [markdown]
# Without five accounts the app's lead is no longer sure, in seats as in euros. That belongs on the slide. And what do those five say, the ones that pay most?

# %%
payers = weights["revenue"].nlargest(5).index
by_account.loc[payers, ["mobile app", "import wizard", "SSO and audit log"]].round(2)

# %% [markdown]
# None of them names the wizard. But most of them name SSO more often than the app. Five accounts are no sample, and need none: they can be rung up.
#
# Why does it turn at all? Sort the accounts by size.

# %% name="needs-by-size"
size = pd.cut(
    held["seats"], [0, 27, 69, np.inf], labels=["up to 27", "28 to 69", "70 and more"]
)
by_size = by_account[["import wizard", "mobile app", "SSO and audit log"]]
by_size = by_size.groupby(size.rename("seats"), observed=True).mean()
by_size.insert(0, "accounts", size.value_counts())
in_per_cent = (100 * by_size.drop(columns="accounts")).round(0).astype(int)
in_per_cent.columns = ["wizard", "app", "SSO"]  # all in per cent
in_per_cent.insert(0, "accounts", by_size["accounts"])
in_per_cent

# %% [markdown]
# Small accounts want their data in; middling ones have people on the road; the large ones have a security department. "What do our customers want" has three answers, and the weighting chooses one of them for you.

# %% name="fig-needs"
fig, ax = plt.subplots(figsize=(style.WIDTH, 3.6))
shown = {
    "import wizard": style.PIPEWRIGHT,
    "mobile app": style.INK,
    "SSO and audit log": style.GREY,
}
for need, colour in shown.items():
    line = 100 * needs.loc[need, ["account", "seat", "revenue"]]
    ax.plot(range(3), line, color=colour, marker="o")
    lift = 1.6 if need == "SSO and audit log" else -1.6 if need == "import wizard" else 0
    ax.text(2.1, line.iloc[-1] + lift, need, color=colour, va="center")
ax.set_xticks(range(3), ["by\naccount", "by\nseat", "by\nrevenue"])
ax.set_xlim(-0.2, 3.6)
ax.set_ylim(0, 50)
ax.set_ylabel("Named first, %")
ax.set_title("Who is counted decides what is first")

style.describe(
    fig,
    "Three lines from counting by account to by seat and by revenue. "
    + "; ".join(
        f"{need} {100 * needs.loc[need, 'account']:.0f}, {100 * needs.loc[need, 'seat']:.0f}, {100 * needs.loc[need, 'revenue']:.0f} per cent"
        for need in shown
    )
    + ".",
)
plt.show()

# %% [markdown]
# The lines cross between the first column and the second. Which column is right depends on what the quarter has to do.

# %% tags=["book"]
for short, need in [
    ("wizard", "import wizard"),
    ("mobile", "mobile app"),
    ("sso", "SSO and audit log"),
]:
    for way in weights:
        glue(f"{short}_{way}", float(100 * needs.loc[need, way]))
    for column, label in [
        ("small", "up to 27"),
        ("middle", "28 to 69"),
        ("big", "70 and more"),
    ]:
        glue(f"{short}_{column}", float(100 * by_size.loc[label, need]))
for way in weights:
    glue(f"lead_{way}", signed(100 * leads.loc[way, "mobile less wizard"]))
    glue(f"lead_{way}_low", signed(100 * leads.loc[way, "low"]))
    glue(f"lead_{way}_high", signed(100 * leads.loc[way, "high"]))
glue("worth_seats", f"{leads.loc['seat', 'worth, accounts']:.0f}")
for way in ("seat", "revenue"):
    glue(f"five_{way}", float(100 * without_five.loc[way, "held by five"]))
    glue(f"five_{way}_lead", signed(100 * without_five.loc[way, "lead without them"]))
    glue(f"five_{way}_low", signed(100 * without_five.loc[way, "low"]))
    glue(f"five_{way}_high", signed(100 * without_five.loc[way, "high"]))
assert (without_five["low"] < 0).all() and (without_five["high"] > 0).all()
payers_name = by_account.loc[payers, ["mobile app", "import wizard", "SSO and audit log"]]
assert (payers_name["import wizard"] == 0).all()
payers_sso = int((payers_name.idxmax(axis=1) == "SSO and audit log").sum())
assert payers_sso >= 3
glue("payers_sso", ["none", "one", "two", "three", "four", "all"][payers_sso])
glue("worth_revenue", f"{leads.loc['revenue', 'worth, accounts']:.0f}")
glue("needs_people", len(first_need))
glue("needs_asked", int(contacts["contact_id"].nunique()))
assert n_accounts == pw_frame, "everybody's account has at least one answer"
glue("big_accounts", int(by_size.loc["70 and more", "accounts"]))
glue("small_accounts", int(by_size.loc["up to 27", "accounts"]))
assert leads.loc["account", "high"] < 0 < leads.loc["seat", "low"]
assert leads.loc["revenue", "low"] > 0
assert needs.loc["SSO and audit log", "seat"] > needs.loc["import wizard", "seat"]
assert needs["account"].idxmax() == "import wizard"
assert list(by_size[["import wizard", "mobile app", "SSO and audit log"]].idxmax(axis=1))[
    :2
] == ["import wizard", "mobile app"]

# %% [markdown]
# ## 8. Pipewright: persona, team, account, industry
#
# A **persona** is a kind of person with a job to do: at Pipewright users, managers, administrators, buyers and approvers (in IT or security, who must agree). The same people also rated three needs from 0 to 100: *how much would your team gain from it?*

# %%
ratings = (
    pipewright.answers[pipewright.answers["question"] == "need_rating"]
    .merge(contacts, on="contact_id")
    .merge(pipewright.accounts[["account_id", "industry"]], on="account_id")
)
for column in ("item", "persona", "team", "industry"):
    ratings[column] = ratings[column].astype(str)
ratings.pivot_table(index="persona", columns="item", values="value").round(0)

# %% [markdown]
# Approvers rate SSO far above everybody else. Compare them with the users *of their own account*, so that a careful firm is not mistaken for a careful person. The unit is the account.

# %%
sso = ratings[ratings["item"] == "SSO and audit log"].pivot_table(
    index="account_id", columns="persona", values="value"
)
apart = (sso["approver"] - sso["user"]).dropna()
apart_margin = 1.96 * apart.std() / sqrt(len(apart))
print(f"{apart.mean():+.1f} ± {apart_margin:.1f} points, {len(apart)} accounts")

# %% [markdown]
# How much of the difference between people's ratings is a matter of persona, of team, of account, of industry? By hand, one level at a time: the share of the variance that lies *between* the groups of a level.

# %%
ratings["centred"] = ratings["value"] - ratings.groupby("item")["value"].transform(
    "mean"
)
total = (ratings["centred"] ** 2).sum()
between = {}
for level in ("persona", "team", "account_id", "industry"):
    of_group = ratings.groupby(["item", level])["centred"].transform("mean")
    between[level] = (of_group**2).sum() / total
pd.Series(between, name="between groups, by hand").round(2)

# %% [markdown]
# Half of it between accounts? That overstates. With four people an account, the accounts' means differ by luck even where accounts don't matter. A **mixed model** takes the luck out: levels with few groups (persona, team) get an effect each, levels with many (industry, account) get a variance.

# %%
ratings["item_industry"] = ratings["item"] + ratings["industry"]
ratings["item_account"] = ratings["item"] + ratings["account_id"].astype(str)


def fitted(formula):
    """A mixed model with accounts within industries; what its named levels predict; their variance."""
    model = smf.mixedlm(
        formula,
        ratings,
        groups="item_industry",
        re_formula="1",
        vc_formula={"account": "0 + C(item_account)"},
    ).fit()
    fixed = pd.Series(model.predict(ratings), index=ratings.index)
    return model, fixed, (fixed - fixed.groupby(ratings["item"]).transform("mean")).var()


_, _, of_persona = fitted("value ~ C(item) * C(persona)")
mixed, fixed, of_both = fitted("value ~ C(item) * (C(persona) + C(team))")
levels = pd.Series(
    {
        "persona": of_persona,
        "team, beyond persona": of_both - of_persona,
        "industry": mixed.cov_re.iloc[0, 0],
        "account": mixed.vcomp[0],
        "person": mixed.scale,
    },
    name="variance",
)
(levels / levels.sum()).round(2)

# %% [markdown]
# The largest part is the person: two users in one team of one company differ. Then the account, more than persona and team together. The team's share by hand was mostly the persona's, since all approvers sit in one team; beyond the persona it adds next to nothing. The industry's part rests on eight industries and is rough. The model thinks in a way that an interview plan should copy: people within accounts within industries.
#
# An interval for the account's part, of what persona, team and industry leave: draw accounts again, within their industries, and compare two kinds of spread as in an analysis of variance.

# %%
adjusted = ratings["value"] - fixed
by_block = pd.DataFrame(
    {
        "n": adjusted.groupby(ratings["item_account"]).size(),
        "mean": adjusted.groupby(ratings["item_account"]).mean(),
        "square": adjusted.groupby(ratings["item_account"]).apply(
            lambda own: ((own - own.mean()) ** 2).sum()
        ),
    }
).join(
    ratings.drop_duplicates("item_account").set_index("item_account")[
        ["item_industry", "account_id", "industry"]
    ]
)


def share_between(blocks):
    """Variance between accounts of an industry, over that plus the variance inside accounts."""
    inside = blocks["square"].sum() / (blocks["n"] - 1).sum()
    industry = blocks.groupby("item_industry")["mean"]
    apart = blocks["mean"] - industry.transform("mean")
    spread = (apart**2).sum() / (len(blocks) - industry.ngroups)
    people = 1 / (1 / blocks["n"]).mean()
    outside = spread - inside / people
    return outside / (outside + inside)


random = np.random.default_rng(8)
of_account = {account: rows for account, rows in by_block.groupby("account_id")}
of_industry = by_block.drop_duplicates("account_id").groupby("industry")["account_id"]
draws = []
for _ in range(200):
    drawn = np.concatenate(
        [random.choice(own, len(own)) for _, own in of_industry]
    )
    draws.append(share_between(pd.concat([of_account[account] for account in drawn])))
account_share = share_between(by_block)
# accounts drawn twice spread less than accounts drawn once: that shift of the draws is taken out
centre = np.mean(draws) - account_share
share_low, share_high = np.quantile(draws, [0.025, 0.975]) - centre
print(f"between accounts {account_share:.2f} ({share_low:.2f} to {share_high:.2f})")

# %% [markdown]
# About a third stands between accounts. So the second person of the same account tells you less than the first person of another; and one person is a poor witness of the account.

# %% tags=["book"]
level_share = 100 * levels / levels.sum()
glue("level_persona", float(level_share["persona"]))
glue("level_team", float(level_share["team, beyond persona"]))
glue("level_industry", float(level_share["industry"]))
glue("level_account", float(level_share["account"]))
glue("level_person", float(level_share["person"]))
glue("account_share", float(100 * account_share))
glue("account_share_low", float(100 * share_low))
glue("account_share_high", float(100 * share_high))
glue("by_hand_account", float(100 * between["account_id"]))
glue("sso_apart", f"{apart.mean():.0f}")
glue("sso_apart_low", f"{apart.mean() - apart_margin:.0f}")
glue("sso_apart_high", f"{apart.mean() + apart_margin:.0f}")
glue("sso_apart_n", len(apart))
glue("raters", int(ratings["contact_id"].nunique()))
assert level_share["person"] > level_share["account"] > level_share.iloc[:2].sum()
assert 0 < level_share["team, beyond persona"] < 3
assert level_share["account"] > level_share["industry"]
assert apart.mean() - apart_margin > 0
approver_need = pd.crosstab(first_need["persona"], first_need["item"], normalize="index")
glue("approver_sso", float(100 * approver_need.loc["approver", "SSO and audit log"]))

# %% [markdown]
# ## 9. How many interviews?
#
# An interview does not count people; it collects **themes**, here problems that come up. So the question is not how wide an interval is, but how many themes are still unheard. Swiftfare held twenty interviews with leisure travellers and twenty with people who fly for work. One row an interview, one column a theme:


# %%
def raised_in(interviews):
    """True where a theme came up (interviews x themes); an interview without any is a row of False."""
    table = pd.crosstab(interviews["interview_id"], interviews["theme"].astype(str))
    return table.drop(columns="no problem named", errors="ignore") > 0


sf_interviews = swiftfare.interviews
leisure = raised_in(sf_interviews[sf_interviews["profile"] == "leisure"])
work = raised_in(sf_interviews[sf_interviews["profile"] == "work"])
leisure.mean().sort_values(ascending=False).head(6)

# %% [markdown]
# Count the new themes as the interviews come in, and the curve depends on their order. So average over all orders. A theme raised in $k$ of $N$ interviews is missed by $n$ of them, drawn by lot, with chance $\binom{N-k}{n}/\binom{N}{n}$: all $n$ must come from the $N-k$ without it. Add up what is not missed.


# %%
def log_choose(n, k):
    return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)


def chance_missed(raised, n):
    """Chance, for each theme, that n of the interviews drawn at random all miss it (Hurlbert 1971)."""
    held, times = len(raised), raised.sum(axis=0).to_numpy()
    without = held - times
    missed = np.zeros(len(times))
    possible = without >= n
    missed[possible] = np.exp(
        log_choose(without[possible], n) - log_choose(held, n)
    )
    return missed


def themes_found(raised, n):
    """Themes that n interviews find, on average over all ways to choose n of those held."""
    return (1 - chance_missed(raised, n)).sum()


pd.DataFrame(
    {
        name: [themes_found(raised, n) for n in (1, 6, 12, 20)]
        for name, raised in [("leisure", leisure), ("work", work)]
    },
    index=pd.Index([1, 6, 12, 20], name="interviews"),
).round(1)

# %% [markdown]
# Six interviews find most, twelve nearly all, and eight more add one or two. That is **saturation**: what published studies of homogeneous groups report, too. How many themes did nobody raise? Chao (1987) estimates them from the rare ones: with $Q_1$ themes raised once and $Q_2$ raised twice in $N$ interviews, about $\frac{N-1}{N}\frac{Q_1(Q_1-1)}{2(Q_2+1)}$ more are there.


# %%
def themes_there(raised):
    """Themes heard and themes there, by Chao's estimate (Chao2, bias-corrected; Chao 1987)."""
    times, n = raised.sum(axis=0), len(raised)
    once, twice = (times == 1).sum(), (times == 2).sum()
    heard = (times > 0).sum()
    return int(heard), heard + (n - 1) / n * once * (once - 1) / (2 * (twice + 1))


for name, raised in [("leisure", leisure), ("work", work)]:
    heard, there = themes_there(raised)
    print(f"{name}: {heard} heard, about {there:.1f} there")
only_work = set(work.columns) - set(leisure.columns)
print("raised by work travellers alone:", ", ".join(sorted(only_work)))

# %% [markdown]
# Each group is nearly exhausted, and Chao's estimate agrees. And yet twenty more interviews with leisure travellers would never have brought the company invoice. Saturated is a word about the people you asked.
#
# Pipewright interviewed four personas, and took them from the frame by lot.

# %%
pw_interviews = pipewright.interviews.merge(
    contacts[["contact_id", "persona"]], on="contact_id"
)
pw_raised = raised_in(pw_interviews)
persona = (
    pw_interviews.drop_duplicates("interview_id")
    .set_index("interview_id")["persona"]
    .astype(str)
    .loc[pw_raised.index]
)
by_persona = {
    who: pw_raised[persona == who]
    for who in ("user", "manager", "administrator", "buyer")
}
pd.DataFrame(
    {
        "interviews": {who: len(own) for who, own in by_persona.items()},
        "themes heard": {who: themes_there(own)[0] for who, own in by_persona.items()},
        "there, by Chao": {
            who: round(themes_there(own)[1], 1) for who, own in by_persona.items()
        },
    }
).rename_axis("persona")

# %% [markdown]
# Each persona alone looks nearly exhausted. Together they raise more than twice as many.

# %%
heard_pw, there_pw = themes_there(pw_raised)
print(f"{len(pw_raised)} interviews: {heard_pw} themes heard, about {there_pw:.1f} there by Chao")

# %% tags=["book"]
glue("leisure_6", float(themes_found(leisure, 6)))
glue("leisure_12", float(themes_found(leisure, 12)))
glue("leisure_20", int(themes_there(leisure)[0]))
glue("leisure_there", float(themes_there(leisure)[1]))
glue("leisure_12_share", float(100 * themes_found(leisure, 12) / themes_there(leisure)[1]))
glue("leisure_6_share", float(100 * themes_found(leisure, 6) / themes_there(leisure)[1]))
glue("work_20", int(themes_there(work)[0]))
glue("only_work", len(only_work))
glue("both_profiles", len(set(work.columns) | set(leisure.columns)))
assert by_persona["user"][["slow list views", "duplicate contacts"]].any().all()
glue("pw_heard", heard_pw)
glue("pw_there", float(there_pw))
glue("pw_interviews", len(pw_raised))
glue("users_heard", themes_there(by_persona["user"])[0])
glue("users_there", float(themes_there(by_persona["user"])[1]))
glue("users_interviews", len(by_persona["user"]))
glue("leisure_top", leisure.mean().idxmax())
top_themes = leisure.mean().sort_values(ascending=False)
for place in range(3):
    low, high = proportion_confint(
        leisure[top_themes.index[place]].sum(), len(leisure), method="wilson"
    )
    glue(f"theme_{place + 1}", top_themes.index[place])
    glue(f"theme_{place + 1}_share", f"{20 * top_themes.iloc[place]:.0f}")
    glue(f"theme_{place + 1}_low", float(100 * low))
    glue(f"theme_{place + 1}_high", float(100 * high))
assert themes_found(leisure, 12) > 0.8 * themes_there(leisure)[1]
assert set(top_themes.index[:3]) == {
    "bag rules unclear",
    "hidden fees",
    "price rises while booking",
} and top_themes.iloc[2] > 0.5
assert "no company invoice" in only_work
assert heard_pw > 2 * max(themes_there(own)[0] for own in by_persona.values())

# %% [markdown]
# ## 10. When to stop
#
# A rule that is easy to keep (after Guest, Namey and Chen, 2020): hold four interviews, the *base*. Then go on in runs of two, and stop when a run brings no more than 5 % of the base's themes. Where does it stop, and with how much? The order of the interviews is chance, so try five hundred.


# %%
def in_turn(personas, random):
    """The interviews of the personas in random order, one persona after the other in turn."""
    orders = [random.permutation(by_persona[who].to_numpy()) for who in personas]
    shortest = min(len(order) for order in orders)
    return np.stack([order[:shortest] for order in orders], axis=1).reshape(
        -1, pw_raised.shape[1]
    )


def stops_at(raised, base=4, run=2, share=0.05):
    """Interviews held and themes found when a run brings at most `share` of the base's themes."""
    found = np.maximum.accumulate(raised, axis=0).sum(axis=1)
    n = base
    while n + run <= len(found):
        n += run
        if found[n - 1] - found[n - run - 1] <= share * found[base - 1]:
            break
    return n, found[n - 1]


plans = {
    "users": ["user"],
    "users, managers": ["user", "manager"],
    "four personas": list(by_persona),
}
random = np.random.default_rng(10)
stops = {}
for plan, who in plans.items():
    tries = np.array([stops_at(in_turn(who, random)) for _ in range(500)])
    stops[plan] = [*tries.mean(axis=0), *np.quantile(tries[:, 0], [0.05, 0.95])]
stops = pd.DataFrame(
    stops, index=["interviews", "themes found", "nine in ten from", "to"]
).T.rename_axis("asked in turn")
stops.insert(2, "of those heard", stops["themes found"] / heard_pw)
stops.round(2)

# %% [markdown]
# With users alone the rule stops early, content, with about a third of what is known by now. The rule did its work: among *users* little was left. Asked in turn, four personas take it half as far again in interviews, and to twice the themes. The rule can't know whom you left out; nor can Chao.
#
# It stops anywhere from 8 to 24 interviews there, since a run of two hears two of the four personas, and two quiet interviews end it. Let a run be a whole round, one interview with each.

# %%
random = np.random.default_rng(10)
rounds = np.array(
    [stops_at(in_turn(list(by_persona), random), run=4) for _ in range(500)]
)
round_low, round_high = np.quantile(rounds[:, 0], [0.05, 0.95])
print(f"stops after {rounds[:, 0].mean():.0f} interviews (nine in ten orders: {round_low:.0f} to {round_high:.0f})")
print(f"with {rounds[:, 1].mean():.0f} themes of the {heard_pw} that anybody raised")

# %% [markdown]
# Dearer, and it hears nearly all. A run must give every persona a chance to speak.
#
# Twelve interviews, or twenty-four: spend them on one persona or on all?

# %% name="saturation-lab"
EACH = {name: len(who) for name, who in plans.items()}


def found_by_plan(plan, n):
    """Themes found by n interviews spread evenly over the plan's personas; None where fewer were held."""
    who = plans[plan]
    counts = [n // len(who) + (place < n % len(who)) for place in range(len(who))]
    if any(count > len(by_persona[own]) for own, count in zip(who, counts, strict=True)):
        return None
    missed = np.ones(pw_raised.shape[1])
    for own, count in zip(who, counts, strict=True):
        missed *= chance_missed(by_persona[own], count)
    return (1 - missed).sum()


lines = {
    plan: [(n, found_by_plan(plan, n)) for n in range(1, 49)] for plan in plans
}
lines = {
    plan: [(n, found) for n, found in line if found is not None]
    for plan, line in lines.items()
}


def at(plan, interviews):
    """(interviews held, themes found): as many as asked for, or as many as there were."""
    return [pair for pair in lines[plan] if pair[0] <= interviews][-1]


def draw_saturation(plan, interviews):
    fig, ax = plt.subplots(figsize=(style.WIDTH, 3.5))
    for name, line in lines.items():
        mine = name == plan
        ax.plot(
            *zip(*line, strict=True),
            color=style.PIPEWRIGHT if mine else style.LIGHT,
            lw=2.5 if mine else 2,
            zorder=3 if mine else 2,
        )
        last, most = line[-1]
        ax.text(
            last,
            most - 2,
            name,
            ha="right",
            va="top",
            color=style.PIPEWRIGHT if mine else style.GREY,
        )
    n, found = at(plan, interviews)
    ax.plot(n, found, "o", color=style.PIPEWRIGHT, markersize=9, zorder=4)
    ax.axhline(heard_pw, color=style.GREY, lw=1.2, ls="--")
    ax.text(48, heard_pw + 0.6, "heard from anybody", ha="right", color=style.GREY)
    ax.set_xlim(0, 49)
    ax.set_xticks([4, 12, 24, 36, 48])
    ax.set_ylim(0, 33)
    ax.set_yticks([0, 10, 20])
    ax.set_xlabel("Interviews")
    ax.set_ylabel("Themes found")
    ax.set_title(f"{n} interviews, {plan}: {found:.0f} themes")
    return fig


def words_saturation(plan, interviews):
    n, found = at(plan, interviews)
    more = "" if n == interviews else f" No more than {n} could be held that way."
    return (
        f"Three curves of themes found by interviews; the one for {plan} stands out. {n} interviews find {found:.1f} of the "
        f"{heard_pw} themes that anybody raised.{more}"
    )


tw.explore(
    draw_saturation,
    describe=words_saturation,
    title="Whom do you ask next?",
    labels={"plan": "Asked", "interviews": "Interviews"},
    plan=list(plans),
    interviews=[4, 8, 12, 16, 24, 36, 48],
)

# %% [markdown]
# Four interviews, one with each persona, already find nearly as many themes as eight with users. And the curve of users flattens far below the line. A flat curve says: *change whom you ask*, before it says: *stop*.

# %% tags=["book"]
for short, plan in [("users", "users"), ("four", "four personas")]:
    glue(f"stop_{short}", float(stops.loc[plan, "interviews"]))
    glue(f"stop_{short}_share", float(100 * stops.loc[plan, "of those heard"]))
    glue(f"stop_{short}_found", float(stops.loc[plan, "themes found"]))
    glue(f"stop_{short}_low", int(stops.loc[plan, "nine in ten from"]))
    glue(f"stop_{short}_high", int(stops.loc[plan, "to"]))
assert (stops.loc["four personas", ["nine in ten from", "to"]] == [8, 24]).all(), "the lesson says so"
glue("round_stop", float(rounds[:, 0].mean()))
glue("round_low", int(round_low))
glue("round_high", int(round_high))
glue("round_found", float(rounds[:, 1].mean()))
assert rounds[:, 1].mean() > 0.8 * heard_pw
for n in (4, 12, 48):
    glue(f"four_{n}", float(at("four personas", n)[1]))
for n in (4, 8, 12, 16):
    glue(f"users_{n}", float(at("users", n)[1]))
as_much = next(n for n, found in lines["four personas"] if found >= stops.loc["users", "themes found"])
glue("four_as_much", as_much)
assert at("four personas", 4)[1] > at("users", 8)[1] - 1
assert stops.loc["four personas", "themes found"] > 1.7 * stops.loc["users", "themes found"]
assert 1.4 < stops.loc["four personas", "interviews"] / stops.loc["users", "interviews"] < 2

# %% [markdown]
# ## 11. One method for preferences: best and worst
#
# Ask people what they want, and they want everything. **Best-worst scaling** (MaxDiff) makes them choose: here are four features, which is best for you and which worst? Swiftfare asked customers drawn by lot; each saw all eight features in two sets of four. The score is counted: times best less times worst, over times shown.

# %%
choices = swiftfare.answers[swiftfare.answers["survey_id"] == 5].copy()
choices["item"] = choices["item"].astype(str)
best_worst = choices.groupby("item")["value"].mean().sort_values(ascending=False)
print(f"{choices['user_id'].nunique()} customers")
best_worst.round(2)

# %% [markdown]
# *Free change of date* wins by a distance. Intervals, with customers drawn again (each gives eight rows):

# %%
per_customer = choices.pivot(index="user_id", columns="item", values="value")
random = np.random.default_rng(11)
n_customers = len(per_customer)
again = random.multinomial(n_customers, np.full(n_customers, 1 / n_customers), 2000)
draws = again @ per_customer.to_numpy() / n_customers
best_worst = pd.DataFrame(
    {
        "score": per_customer.mean(),
        "low": np.quantile(draws, 0.025, axis=0),
        "high": np.quantile(draws, 0.975, axis=0),
    }
).sort_values("score", ascending=False)
best_worst.head(3).round(2)

# %% [markdown]
# Who are these customers? Some had booked only flights by then, others a bed or a holiday too. Count them apart.

# %%
asked_from = surveys.loc[5, "frame_on"]
before = swiftfare.bookings[swiftfare.bookings["booked_on"] <= asked_from]
with_bed = before.loc[before["product"] != "flight", "user_id"].unique()
books = np.where(per_customer.index.isin(with_bed), "beds too", "flights only")
by_taste = per_customer.groupby(books).mean().T
by_taste.insert(0, "all", best_worst["score"])
by_taste.sort_values("all", ascending=False).head(4).round(2)

# %% [markdown]
# Intervals for each kind's favourite, with its own customers drawn again:

# %%
taste_intervals = {}
for taste in ("flights only", "beds too"):
    own = per_customer[books == taste]
    again = random.multinomial(len(own), np.full(len(own), 1 / len(own)), 2000)
    low, high = np.quantile(again @ own.to_numpy() / len(own), [0.025, 0.975], axis=0)
    both_ends = pd.DataFrame({"score": own.mean(), "low": low, "high": high})
    taste_intervals[taste] = both_ends.loc[own.mean().idxmax()]
    print(f"{taste}, {len(own)} customers: {own.mean().idxmax()}")
pd.DataFrame(taste_intervals).T.round(2)

# %% name="fig-tastes"
fig, ax = plt.subplots(figsize=(style.WIDTH, 3.9))
order = by_taste.sort_values("all").index
places = np.arange(len(order))
ax.hlines(
    places,
    by_taste.loc[order].min(axis=1),
    by_taste.loc[order].max(axis=1),
    color=style.LIGHT,
    lw=5,
)
ax.plot(by_taste.loc[order, "all"], places, "|", color=style.INK, markersize=15, mew=3)
ax.plot(by_taste.loc[order, "flights only"], places, "o", color=style.SWIFTFARE)
ax.plot(
    by_taste.loc[order, "beds too"],
    places,
    "o",
    markerfacecolor=style.PAPER,
    color=style.SWIFTFARE,
    mew=2,
)
ax.text(-0.85, len(order) - 0.1, "● flights only   ○ beds too   | all", va="center")
short_names = {
    "Seat choice before payment": "Seat before paying",
    "Flight and bed in one basket": "One basket",
    "Weather at the destination": "Weather there",
}
ax.set_yticks(places, [short_names.get(name, name) for name in order])
ax.set_xlim(-0.9, 0.9)
ax.set_ylim(-0.6, len(order) + 0.4)
ax.set_xticks([-0.5, 0, 0.5], ["−0.5", "0", "0.5"])
ax.grid(axis="x")
ax.grid(axis="y", visible=False)
ax.set_xlabel("Best less worst, over times shown")
ax.set_title("The winner over all is nobody's favourite")
style.describe(
    fig,
    "Eight features with a score for all and for two kinds of customer. "
    + "; ".join(
        f"{name}: all {by_taste.loc[name, 'all']:.2f}, flights only {by_taste.loc[name, 'flights only']:.2f}, beds too {by_taste.loc[name, 'beds too']:.2f}"
        for name in order[::-1]
    )
    + ".",
)
plt.show()

# %% [markdown]
# Each kind has a favourite which the other kind likes least of all, and the winner over all is the first choice of neither. Is it a bad choice, then? A score ranks; it doesn't say how many would take a thing first. For that practitioners fit a **choice model**: each feature has a weight, and is chosen from a set with a chance in proportion to it (and as the worst, in inverse proportion). `ConditionalLogit` fits the logarithms of the weights; the unit of the likelihood is a choice.


# %%
def first_choices(customers):
    """Share of each feature's weight, in per cent, from the best and the worst of each set of four."""
    rows = choices[choices["user_id"].isin(customers)]
    shown = pd.get_dummies(rows["item"], dtype=float).drop(columns="Gift vouchers")
    shown_in = rows["user_id"] * 2 + (rows["question"] == "set_2")
    left = rows["value"] < 1  # the worst is chosen among the other three
    fit = ConditionalLogit(
        np.concatenate([rows["value"] == 1, rows.loc[left, "value"] == -1]).astype(int),
        pd.concat([shown, -shown[left]]),
        groups=np.concatenate([shown_in, -shown_in[left]]),
    ).fit(disp=False)
    weight = np.exp(pd.concat([fit.params, pd.Series({"Gift vouchers": 0.0})]))
    return weight / weight.sum(), fit


tastes = pd.Series(books, per_customer.index)
model_shares, fits = {}, {}
for taste in ("flights only", "beds too"):
    model_shares[taste], fits[taste] = first_choices(tastes.index[tastes == taste])
model_shares = pd.DataFrame(model_shares)
model_shares["all"] = model_shares @ [
    (tastes == taste).mean() for taste in ("flights only", "beds too")
]
model_shares.sort_values("all", ascending=False).head(4).round(2)

# %% [markdown]
# An interval from the fit: draw the logarithms of the weights from their estimated normal distribution, and turn each draw into shares. (It takes a customer's four choices as independent, once the kind of customer is known.)

# %%
random = np.random.default_rng(13)
share_draws = {}
for taste, fit in fits.items():
    logs = random.multivariate_normal(fit.params, fit.cov_params(), 2000)
    drawn = pd.DataFrame(np.exp(logs), columns=fit.params.index).assign(**{"Gift vouchers": 1.0})
    share_draws[taste] = drawn.div(drawn.sum(axis=1), axis=0)
share_draws["all"] = sum((tastes == taste).mean() * share_draws[taste] for taste in fits)
first_named = pd.DataFrame(
    {
        "all, free change of date": share_draws["all"]["Free change of date"],
        "flights only, seat choice": share_draws["flights only"]["Seat choice before payment"],
        "beds too, one basket": share_draws["beds too"]["Flight and bed in one basket"],
    }
).quantile([0.025, 0.975]).set_axis(["low", "high"])
first_named.T.round(2)

# %% [markdown]
# By first choices the winner comes third: somewhat more than one in five would name it first of all eight, in either group. The two favourites would each be named by more than half of one group. So the same answers give two roadmaps. If you can build one thing, and nobody may be annoyed, build the compromise; if you build what makes people choose you, build the favourites, one after the other. The method can't decide that.

# %% tags=["book"]
winner = best_worst.index[0]
favourites = {taste: by_taste[taste].idxmax() for taste in ("flights only", "beds too")}
assert winner == "Free change of date"
assert favourites == {
    "flights only": "Seat choice before payment",
    "beds too": "Flight and bed in one basket",
}
assert by_taste.loc[favourites["flights only"], "beds too"] == by_taste["beds too"].min()
assert by_taste.loc[favourites["beds too"], "flights only"] == by_taste["flights only"].min()
assert list(model_shares["all"].nlargest(3).index)[2] == winner
assert best_worst["low"].iloc[0] > best_worst["high"].iloc[1]
glue("maxdiff_n", len(per_customer))
glue("winner_score", f"{best_worst['score'].iloc[0]:.2f}")
glue("winner_low", f"{best_worst['low'].iloc[0]:.2f}")
glue("winner_high", f"{best_worst['high'].iloc[0]:.2f}")
glue("second_score", f"{best_worst['score'].iloc[1]:.2f}")
glue("winner_first", float(100 * model_shares.loc[winner, "all"]))
for short, column in [("winner", 0), ("flights", 1), ("beds", 2)]:
    glue(f"{short}_first_low", float(100 * first_named.iloc[0, column]))
    glue(f"{short}_first_high", float(100 * first_named.iloc[1, column]))
for short, taste in [("flights", "flights only"), ("beds", "beds too")]:
    for column, value in taste_intervals[taste].items():
        glue(f"own_{short}_{column}", f"{value:.2f}")
    assert taste_intervals[taste]["low"] > best_worst["high"].iloc[0]
for short, taste in [("flights", "flights only"), ("beds", "beds too")]:
    glue(f"favourite_{short}", float(100 * model_shares.loc[favourites[taste], taste]))
    glue(f"winner_{short}", float(100 * model_shares.loc[winner, taste]))
    glue(f"other_{short}", f"{by_taste[taste].min():.2f}".replace("-", "−"))
glue("with_bed", float(100 * (tastes == "beds too").mean()))

# %% [markdown]
# ## 12. One method for prices: four questions
#
# Swiftfare thinks of selling a flexible pass: change or cancel one flight. Van Westendorp (1976) asks four prices of each person: at which is it *too cheap* to be good, *cheap*, *expensive*, *too expensive*? Then count, for each price, who finds it so.

# %%
named = (
    swiftfare.answers[swiftfare.answers["survey_id"] == 6]
    .pivot(index="user_id", columns="question", values="value")
    .div(100)
)
named.columns = named.columns.astype(str)
prices = np.arange(5, 40.5, 0.5)
curves = pd.DataFrame(
    {
        "too cheap": [(named["too_cheap"] >= p).mean() for p in prices],
        "cheap": [(named["cheap"] >= p).mean() for p in prices],
        "expensive": [(named["expensive"] <= p).mean() for p in prices],
        "too expensive": [(named["too_expensive"] <= p).mean() for p in prices],
    },
    index=pd.Index(prices, name="euros"),
)
print(f"{len(named)} people drawn by lot")
curves.loc[[10, 15, 20, 25]].round(2)

# %% [markdown]
# Where a falling curve meets a rising one, the method names a price. *Too cheap* and *too expensive* meet at what it calls the **optimal price point**; *too cheap* with *expensive*, and *cheap* with *too expensive*, give the ends of the acceptable range.


# %%
def meet(falling, rising):
    """Price at which two curves meet, on the straight line between the two nearest prices."""
    gap = (falling - rising).to_numpy()
    after = int(np.flatnonzero(gap <= 0)[0])
    step = prices[after] - prices[after - 1]
    return prices[after - 1] + step * gap[after - 1] / (gap[after - 1] - gap[after])


def optimal_price(people):
    """Where "too cheap" and "too expensive" meet among these people, one row each."""
    too_cheap = people["too_cheap"].to_numpy()[:, None] >= prices
    too_expensive = people["too_expensive"].to_numpy()[:, None] <= prices
    return meet(pd.Series(too_cheap.mean(axis=0)), pd.Series(too_expensive.mean(axis=0)))


optimal = optimal_price(named)
range_from = meet(curves["too cheap"], curves["expensive"])
range_to = meet(curves["cheap"], curves["too expensive"])
print(f"optimal {optimal:.2f}, acceptable from {range_from:.2f} to {range_to:.2f} euros")

# %% [markdown]
# It looks like an answer. What does it leave out? Nobody has been asked to pay. In September Swiftfare *offered* the pass to other people drawn by lot, at one of five prices drawn by lot.

# %%
offers = (
    swiftfare.answers[swiftfare.answers["survey_id"] == 7]
    .pivot(index="user_id", columns="question", values="value")
    .astype(float)
)
offers.columns = offers.columns.astype(str)
taken = offers.groupby(offers["offered"] / 100)["bought"].agg(["sum", "count", "mean"])
taken["low"], taken["high"] = proportion_confint(
    taken["sum"], taken["count"], method="wilson"
)
taken["not expensive, they said"] = [(named["expensive"] > p).mean() for p in taken.index]
taken["euros a head"] = taken.index * taken["mean"]
taken.round(2)

# %% [markdown]
# At 17 euros more than half say "not expensive", and about a quarter buy. A smooth demand curve through the five prices: a probit on the logarithm of the price, which assumes that what people would pay is lognormal.


# %%
def demand(rows):
    """(price that half would pay, price with most revenue a head, intercept, slope) from offers taken or not."""
    design = sm.add_constant(np.log(rows["offered"].to_numpy() / 100))
    level, slope = sm.Probit(rows["bought"].to_numpy(), design).fit(disp=False).params
    grid = np.arange(4, 30, 0.1)
    revenue = grid * norm.cdf(level + slope * np.log(grid))
    return np.exp(-level / slope), grid[revenue.argmax()], level, slope


def revenue_at(price, level, slope):
    """Euros for each person who is offered the pass at this price."""
    return price * norm.cdf(level + slope * np.log(price))


half_pay, best_price, level, slope = demand(offers)
random = np.random.default_rng(12)
draws = []
for _ in range(300):
    people = offers.iloc[random.integers(0, len(offers), len(offers))]
    asked = named.iloc[random.integers(0, len(named), len(named))]
    half, best, *line = demand(people)
    method = optimal_price(asked)
    less = 1 - revenue_at(method, *line) / revenue_at(best, *line)
    draws.append([half, best, asked["expensive"].median(), method, less])
draws = np.array(draws)
said_over_paid = named["expensive"].median() / half_pay
half_low, half_high = np.quantile(draws[:, 0], [0.025, 0.975])
best_low, best_high = np.quantile(draws[:, 1], [0.025, 0.975])
ratio_low, ratio_high = np.quantile(draws[:, 2] / draws[:, 0], [0.025, 0.975])
optimal_low, optimal_high = np.quantile(draws[:, 3], [0.025, 0.975])
lost = 1 - revenue_at(optimal, level, slope) / revenue_at(best_price, level, slope)
lost_low, lost_high = np.quantile(draws[:, 4], [0.025, 0.975])
print(f"half would pay {half_pay:.2f} ({half_low:.2f} to {half_high:.2f})")
print(f"most revenue at {best_price:.1f} ({best_low:.1f} to {best_high:.1f}) euros")
print(f"named expensive over paid {said_over_paid:.2f} ({ratio_low:.2f} to {ratio_high:.2f})")
print(f"the method's optimal price {optimal:.2f} ({optimal_low:.2f} to {optimal_high:.2f})")
print(f"there {lost:.0%} less revenue a head ({lost_low:.0%} to {lost_high:.0%})")

# %% name="fig-prices"
fig, ax = plt.subplots()
grid = np.arange(5, 30.1, 0.25)
said = [100 * (named["expensive"] > p).mean() for p in grid]
ax.plot(grid, said, color=style.GREY)
ax.text(17.5, 66, "say: not expensive", color=style.GREY)
ax.plot(grid, 100 * norm.cdf(level + slope * np.log(grid)), color=style.SWIFTFARE)
ax.vlines(
    taken.index, 100 * taken["low"], 100 * taken["high"], color=style.SWIFTFARE_TINT, lw=7
)
ax.plot(taken.index, 100 * taken["mean"], "o", color=style.SWIFTFARE)
ax.text(17.8, 31, "buy", color=style.SWIFTFARE)
ax.axvline(optimal, color=style.INK, lw=1, ls="--")
ax.text(optimal + 0.3, 96, "method's optimal price")
ax.set_xlim(5, 30)
ax.set_ylim(0, 104)
ax.set_xlabel("Price of the pass, euros")
ax.set_ylabel("Share of people, %")
ax.set_title("Saying is cheaper than paying")
style.describe(
    fig,
    "Two falling lines by price. Those who say that a price is not expensive lie far above those who buy: "
    + "; ".join(
        f"at {price:.0f} euros {100 * row['not expensive, they said']:.0f} and {100 * row['mean']:.0f} per cent"
        for price, row in taken.iterrows()
    )
    + f". The method's optimal price is {optimal:.2f} euros.",
)
plt.show()

# %% [markdown]
# The method's price lies above the one with most revenue, since talk is cheap; and where its curves meet says nothing of revenue, costs or competitors. Use it to find the range in which to test offers.
#
# At Pipewright another trap comes first: the wrong person. Users and buyers of the same accounts were asked for a fair price of a seat and month. Compare within the account, on the logarithm.

# %%
fair = pipewright.answers[pipewright.answers["question"] == "fair_price"].merge(
    contacts, on="contact_id"
)
fair["log_price"] = np.log(fair["value"].astype(float))
pairs = fair.pivot_table(
    index="account_id", columns="persona", values="log_price", observed=True
)[["user", "buyer"]].dropna()
gap = pairs["user"] - pairs["buyer"]
gap_margin = 1.96 * gap.std() / sqrt(len(gap))
user_ratio = np.exp([gap.mean(), gap.mean() - gap_margin, gap.mean() + gap_margin])
print("users over buyers {:.2f} ({:.2f} to {:.2f})".format(*user_ratio), f"in {len(gap)} accounts")
fair.groupby("persona", observed=True)["value"].median().div(100)

# %% [markdown]
# Users would have the firm charge little more than half of what buyers find fair. They are not lying: a user thinks of the price of an app, a buyer of a budget. Who doesn't pay can't price.

# %% tags=["book"]
glue("vw_n", len(named))
glue("optimal", f"{optimal:.2f}")
glue("range_from", f"{range_from:.2f}")
glue("range_to", f"{range_to:.2f}")
glue("half_pay", f"{half_pay:.2f}")
glue("half_low", f"{half_low:.2f}")
glue("half_high", f"{half_high:.2f}")
glue("best_price", f"{best_price:.2f}")
glue("best_low", f"{best_low:.2f}")
glue("best_high", f"{best_high:.2f}")
glue("ratio", f"{said_over_paid:.2f}")
glue("ratio_low", f"{ratio_low:.2f}")
glue("ratio_high", f"{ratio_high:.2f}")
glue("vw_lost", float(100 * lost))
glue("vw_lost_low", float(100 * lost_low))
glue("vw_lost_high", float(100 * lost_high))
glue("optimal_low", f"{optimal_low:.2f}")
glue("optimal_high", f"{optimal_high:.2f}")
said_low, said_high = proportion_confint(
    (named["expensive"] > 17).sum(), len(named), method="wilson"
)
glue("said_17_low", float(100 * said_low))
glue("said_17_high", float(100 * said_high))
glue("offers_n", len(offers))
glue("said_17", float(100 * taken.loc[17, "not expensive, they said"]))
glue("paid_17", float(100 * taken.loc[17, "mean"]))
glue("paid_17_low", float(100 * taken.loc[17, "low"]))
glue("paid_17_high", float(100 * taken.loc[17, "high"]))
glue("user_ratio", f"{user_ratio[0]:.2f}")
glue("user_ratio_low", f"{user_ratio[1]:.2f}")
glue("user_ratio_high", f"{user_ratio[2]:.2f}")
glue("pairs_priced", len(gap))
for who in ("user", "buyer"):
    glue(f"fair_{who}", f"{fair.loc[fair['persona'] == who, 'value'].median() / 100:.0f}")
assert 0.5 < taken.loc[17, "not expensive, they said"] < 0.65
assert 0.2 < taken.loc[17, "mean"] < 0.3
assert best_high < optimal and ratio_low > 1 and user_ratio[2] < 0.8

# %% [markdown]
# ## 13. The reveal
#
# We made both companies, so we can look. First who would have answered what at Swiftfare: the truth holds a score for everybody who signed up.

# %%
attitudes = tw.truth("swiftfare", "attitudes").set_index("user_id")["true_score"]
everybody = attitudes.loc[frame.index]
true_points = 100 * ((everybody >= 9).astype(int) - (everybody <= 6).astype(int))
responded = frame.index.isin(answers_email["user_id"])
rho = np.corrcoef(responded, true_points)[0, 1]
f = responded.mean()
true_nps = true_points.mean()
identity = rho * sqrt((1 - f) / f) * true_points.std(ddof=0)
print(f"true score {true_nps:.1f}; the e-mail errs by {email['mean'] - true_nps:.2f}")
print(f"Meng's product {identity:.2f}; the correlation in it {rho:.3f}")
print(f"worth {f / ((1 - f) * rho**2):.1f} answers of a random sample")
true_customers = true_points[(frame["booked"] != "never").to_numpy()].mean()
print(f"true score of customers {true_customers:.1f}")

# %% [markdown]
# Meng's product is the error, digit by digit: it is an identity, not a model. The draw's interval holds the truth, and the e-mail's thousands of answers are worth fewer than ten.
#
# And did the e-mails at least show the *change* from wave to wave?

# %% name="reveal-waves"
true_waves = []
for survey in (1, 2, 3):
    then = swiftfare.users["signed_up_on"] <= surveys.loc[survey, "frame_on"]
    own = attitudes.loc[swiftfare.users.loc[then, "user_id"]]
    true_waves.append(100 * ((own >= 9).mean() - (own <= 6).mean()))
reveal_waves = pd.DataFrame(
    {
        "e-mail": scores["mean"].iloc[:3].map("{:.1f}".format),
        "true": [f"{value:.1f}" for value in true_waves],
    }
)
reveal_waves.index = pd.Index(
    ["autumn 2024", "spring 2025", "autumn 2025"], name="Swiftfare, wave"
)
reveal_waves

# %% [markdown]
# The level is far off and the change is not: both columns stand still. A thermometer that is thirty degrees too high still shows a fever, for as long as it stays thirty degrees too high. That it does is an assumption, and only another draw can test it.
#
# Pipewright's two waves, from the scores that every administrator would have given. Were those who answered as good as drawn by lot? Now it can be checked: the share of each kind that answered.

# %%
truth_frame = tw.truth("pipewright", "research_frame")
true_pw = {
    wave: 100 * ((own >= 9).mean() - (own <= 6).mean())
    for wave, own in [
        ("September", truth_frame["september_score"]),
        ("December", truth_frame["december_score"].dropna()),
    ]
}
heard_of = {}
for survey, wave in [(1, "September"), (4, "December")]:
    own = truth_frame.set_index("account_id")[f"{wave.lower()}_score"].dropna()
    answered_by = pipewright.answers.loc[pipewright.answers["survey_id"] == survey, "contact_id"]
    accounts_heard = contacts.loc[contacts["contact_id"].isin(answered_by), "account_id"]
    kinds = pd.cut(own, [-1, 6, 8, 10], labels=["detractor", "in between", "promoter"])
    heard_of[wave] = own.index.to_series().isin(accounts_heard).groupby(kinds, observed=True).mean()
pd.DataFrame(heard_of).round(2)

# %% [markdown]
# In September all kinds answered alike. In December more than half of the detractors did, and a third of the promoters. Nobody planted that: the world draws who answers without a look at the score. It is what chance does to a few dozen, and it is the whole fall.
#
# Now all the estimates of this lesson that have a planted truth, side by side.

# %% name="reveal-estimates"
true_contacts = tw.truth("pipewright", "contacts").merge(
    contacts[["contact_id", "account_id"]], on="contact_id"
)
true_by_account = pd.crosstab(
    true_contacts["account_id"],
    true_contacts["true_first_need"].astype(str),
    normalize="index",
).loc[by_account.index]
true_lead = {
    way: (true_by_account["mobile app"] - true_by_account["import wizard"])
    @ weights[way]
    / weights[way].sum()
    for way in weights
}
planted = {
    company: tw.truth(company)["parameters"] for company in ("swiftfare", "pipewright")
}
levels_planted = planted["pipewright"]["rating_sd"]
planted_share = levels_planted[1] ** 2 / (levels_planted[1] ** 2 + levels_planted[2] ** 2)
personas, third = ["user", "manager", "administrator", "buyer", "approver"], 2
by_persona_planted = planted["pipewright"]["rating_by_persona"]
planted_apart = (
    by_persona_planted[personas.index("approver")][third]
    - by_persona_planted[personas.index("user")][third]
)
plus = "{:+.0f}".format
customers_found, customers_apart = by_customer.loc[("customers", "by lot"), ["score", "margin"]]
rows = [
    ("Swiftfare, by lot", by_lot["mean"], by_lot["mean"] - by_lot["margin"], by_lot["mean"] + by_lot["margin"], true_nps, plus),
    ("Customers, by lot", customers_found, customers_found - customers_apart, customers_found + customers_apart, true_customers, plus),
    ("Promoters reply, %", *(100 * who_answers.loc["promoter", ["mean", "low", "high"]]), 100 * planted["swiftfare"]["promoter_answers"], "{:.0f}".format),
    ("Pipewright, Sept.", waves.loc["September", "score"], waves.loc["September", "score"] - waves.loc["September", "margin"], waves.loc["September", "score"] + waves.loc["September", "margin"], true_pw["September"], plus),
    ("Pipewright, Dec.", waves.loc["December", "score"], waves.loc["December", "score"] - waves.loc["December", "margin"], waves.loc["December", "score"] + waves.loc["December", "margin"], true_pw["December"], plus),
    ("App by account", *(100 * leads.loc["account"].iloc[:3]), 100 * true_lead["account"], plus),
    ("App by seat", *(100 * leads.loc["seat"].iloc[:3]), 100 * true_lead["seat"], plus),
    ("App by revenue", *(100 * leads.loc["revenue"].iloc[:3]), 100 * true_lead["revenue"], plus),
    ("Account's part, %", 100 * account_share, 100 * share_low, 100 * share_high, 100 * planted_share, "{:.0f}".format),
    ("Approvers on SSO", apart.mean(), apart.mean() - apart_margin, apart.mean() + apart_margin, planted_apart, plus),
    ("Half would pay, €", half_pay, half_low, half_high, planted["swiftfare"]["pass_median_cents"] / 100, "{:.1f}".format),
    ("Named over paid", said_over_paid, ratio_low, ratio_high, planted["swiftfare"]["stated_over_true"], "{:.2f}".format),
    ("Users over buyers", *user_ratio, planted["pipewright"]["users_price_ratio"], "{:.2f}".format),
]  # fmt: skip
reveal = pd.DataFrame(
    [
        (name, words(found), f"{words(low)} to {words(high)}", words(true))
        for name, found, low, high, true, words in rows
    ],
    columns=["estimate", "found", "95 % interval", "true"],
).set_index("estimate")[["found", "true", "95 % interval"]]
reveal = reveal.replace("-", "−", regex=True)
reveal

# %% [markdown]
# Pipewright's score did not fall in those three months. It rose by a few points, while the survey showed ten points down.
#
# The themes, last. How many are there, who would have raised them, and what did nobody hear?

# %%
true_themes = np.array(planted["swiftfare"]["theme_chance"])
print("Swiftfare, leisure:", int((true_themes[0] > 0).sum()), "themes there,", themes_there(leisure)[0], "heard")
all_themes = [
    theme
    for theme in pipewright.interviews["theme"].cat.categories
    if theme != "no problem named"
]
unheard = [theme for theme in all_themes if theme not in pw_raised.columns]
print(f"Pipewright: {len(all_themes)} themes there, {heard_pw} heard; never heard:", ", ".join(unheard))

# %% [markdown]
# Most of the unheard ones are the approvers', whom nobody interviewed, and they are the ones that can stop a renewal. Chao's estimate of what is missing was near zero, because it asks how rare the *heard* themes are. No formula speaks for a person who was never in the room.

# %% tags=["book"]
glue("true_nps", float(true_nps))
glue("true_defect", f"{rho:.2f}")
glue("true_worth", f"{f / ((1 - f) * rho**2):.1f}")
glue("identity", f"{identity:.1f}")
glue("email_error", f"{email['mean'] - true_nps:.1f}")
glue("true_sep", float(true_pw["September"]))
glue("true_dec", float(true_pw["December"]))
glue("true_rise", float(true_pw["December"] - true_pw["September"]))
glue("themes_pw", len(all_themes))
glue("unheard_n", len(unheard))
assert {"no audit log", "single sign-on asked for"} <= set(unheard)
glue("stop_users_true", float(100 * stops.loc["users", "themes found"] / len(all_themes)))
glue("stop_four_true", float(100 * stops.loc["four personas", "themes found"] / len(all_themes)))
glue("themes_leisure", int((true_themes[0] > 0).sum()))
glue("true_lead_account", signed(100 * true_lead["account"]))
glue("true_lead_seat", signed(100 * true_lead["seat"]))
glue("true_lead_revenue", signed(100 * true_lead["revenue"]))
inside = [low <= true <= high for _, _, low, high, true, _ in rows]
glue("reveal_words", "All thirteen" if sum(inside) == 13 else "Twelve of thirteen")
assert len(rows) == 13 and sum(inside) >= 12
glue("true_customers", float(true_customers))
for kind, short in [("promoter", "promoters"), ("detractor", "detractors")]:
    glue(f"heard_{short}", float(100 * heard_of["December"][kind]))
assert heard_of["December"]["detractor"] > 0.5 and heard_of["December"]["promoter"] < 0.4
assert heard_of["September"].max() - heard_of["September"].min() < 0.1
glue("monday_margin", float(1.96 * by_lot["std"] / sqrt(45)))
assert abs(identity - (email["mean"] - true_nps)) < 0.01
assert by_lot["mean"] - by_lot["margin"] < true_nps < by_lot["mean"] + by_lot["margin"]
assert true_pw["December"] > true_pw["September"] and fell < 0
of_approvers = {
    "single sign-on asked for",
    "no audit log",
    "data kept abroad",
    "leavers keep their access",
} & set(unheard)
glue("unheard_approvers", ["none", "one", "two", "three", "four"][len(of_approvers)])
assert len(of_approvers) > len(unheard) / 2 and len(of_approvers) >= 3
assert max(abs(np.diff(true_waves))) < 3 and there_pw - heard_pw < 1.5
for taste, place in [("flights only", 0), ("beds too", 1)]:
    weight = np.array(planted["swiftfare"]["feature_weight"][place])
    glue(
        f"favourite_planted_{taste.split()[0]}",
        float(100 * weight.max() / weight.sum()),
    )
