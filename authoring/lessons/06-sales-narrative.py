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
# # Lesson 6: which story sells, and how many sales to promise
#
# This is the code behind [the chapter on the sales narrative](../book/06-sales-narrative.md): the chapter tells the story, this page shows each step. Run the cells from top to bottom, then change them.
#
# **You need** pandas, shares with intervals, and odds. **Time:** about two hours (an estimate, not yet timed in a class). Sections 1 to 3 compare the two companies, 4 to 7 are Swiftfare's headlines, 8 to 15 Pipewright's deals, 16 its interviews; 17 lays the estimates beside the truth.

# %% [markdown]
# ## Set up
#
# The tables come ready typed: dates are dates, money is whole cents.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import statsmodels.api as sm
import statsmodels.formula.api as smf
from scipy import stats
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    proportion_confint,
    proportions_chisquare,
    proportions_ztest,
)

import twoworlds as tw
from twoworlds import style

style.use()
swiftfare = tw.load("swiftfare")
pipewright = tw.load("pipewright")
window_start, window_end = (
    pd.Timestamp("2024-01-01"),
    pd.Timestamp("2025-12-31"),
)

# %% [markdown]
# ## 1. Many small sales, few large ones
#
# A **transaction** is a booking at Swiftfare and a won deal at Pipewright, with its price for a year. We take those closed in the two years. Swiftfare's table is a panel, a random 3 % of the installs; Pipewright's is complete.

# %%
bookings = swiftfare.bookings
deals = pipewright.opportunities.merge(
    pipewright.accounts[["account_id", "size"]], on="account_id"
)
won = deals[deals["outcome"] == "won"]
prices = {
    "Swiftfare": bookings["price_cents"] / 100,
    "Pipewright": won["amount_cents"] / 100,
}
transactions = pd.DataFrame(
    {
        company: {
            "transactions": len(price),
            "median": price.median(),
            "mean": price.mean(),
            "largest": price.max(),
        }
        for company, price in prices.items()
    }
).T.rename_axis("euros")
transactions.round(0).astype(int)

# %% [markdown]
# The panel alone holds some fifty times as many transactions, and Pipewright's middle one is more than twenty times as large. The mean lies far above the median in both: a few large ones pull it up.

# %% name="fig-sizes"
fig, axes = plt.subplots(2, 1, figsize=(style.WIDTH, 3.9), sharex=True)
bins = np.logspace(1, 5.2, 43)
for ax, (company, price), colour in zip(
    axes, prices.items(), [style.SWIFTFARE, style.PIPEWRIGHT], strict=True
):
    ax.hist(
        price,
        bins=bins,
        weights=np.full(len(price), 100 / len(price)),
        color=colour,
    )
    ax.set_xscale("log")
    ax.set_ylabel("Share, %")
    ax.text(10, ax.get_ylim()[1] * 0.8, company, color=colour)
axes[1].set_xticks(
    [10, 100, 1_000, 10_000, 100_000],
    ["10", "100", "1,000", "10,000", "100,000"],
)
axes[1].set_xlabel("Price of a transaction, euros")
axes[0].set_title("Two lists of prices that hardly overlap")
style.describe(
    fig,
    f"Two histograms of the price of a transaction on a logarithmic axis. Swiftfare's bookings centre on "
    f"{prices['Swiftfare'].median():,.0f} euros, Pipewright's won deals on {prices['Pipewright'].median():,.0f}; they hardly overlap.",
)
plt.show()

# %% [markdown]
# How much hangs on a few? For that the unit is the customer: what each traveller spent in 2025, and what each account that still pays at the end of 2025 pays for a year. A bootstrap draws whole customers, again and again, for an interval.

# %%
spent = (
    bookings[bookings["booked_on"] >= "2025-01-01"]
    .groupby("user_id")["price_cents"]
    .sum()
    / 100
)
sign = {"new": 1, "expansion": 1, "contraction": -1, "churn": -1}
movements = pipewright.movements
change = movements["mrr_cents"] * movements["kind"].astype(str).map(sign)
paid = 12 * change.groupby(movements["account_id"]).sum() / 100
paid = paid[paid > 0]


def share_of_largest(amounts, count):
    """Share of the sum that the `count` largest amounts hold."""
    return np.sort(amounts)[::-1][:count].sum() / amounts.sum()


random = np.random.default_rng(6)
concentration = {}
for company, amounts in {"Swiftfare": spent, "Pipewright": paid}.items():
    amounts = amounts.to_numpy()
    for name, count in [("top tenth", len(amounts) // 10), ("top five", 5)]:
        draws = [
            share_of_largest(random.choice(amounts, len(amounts)), count)
            for _ in range(400)
        ]
        concentration[company, name] = (
            share_of_largest(amounts, count),
            *np.quantile(draws, [0.025, 0.975]),
        )
concentration = pd.DataFrame(concentration, index=["share", "low", "high"]).T
concentration.rename_axis(["company", "customers"]).reset_index().set_index(
    "company"
).round(3)

# %% [markdown]
# The tenth that pays most holds a large part of the money in *both*. What differs is how many people that tenth is: at Swiftfare hundreds of travellers, none of whom you would miss; at Pipewright the five largest accounts alone hold a share that a board would notice.

# %% tags=["book"]
for company, short in [("Swiftfare", "sf"), ("Pipewright", "pw")]:
    glue(f"{short}_sales", f"{len(prices[company]):,}")
    glue(f"{short}_median", f"{prices[company].median():,.0f}")
    glue(f"{short}_mean", f"{prices[company].mean():,.0f}")
    for name, ending in [("top tenth", "tenth"), ("top five", "five")]:
        for column in ("share", "low", "high"):
            tail = "" if column == "share" else f"_{column}"
            glue(
                f"{short}_{ending}{tail}",
                f"{100 * concentration.loc[(company, name), column]:.{0 if ending == 'tenth' else 1}f}",
            )
glue("sf_spenders", f"{len(spent):,}")
glue("pw_payers", f"{len(paid):,}")
assert transactions.loc["Swiftfare", "transactions"] > 30 * len(won)
assert prices["Pipewright"].median() > 15 * prices["Swiftfare"].median()
assert (
    concentration.loc[("Pipewright", "top five"), "low"]
    > concentration.loc[("Swiftfare", "top five"), "high"]
)

# %% [markdown]
# ## 2. How long until they buy?
#
# Start a clock at the install and one at the opening of a deal, and ask for the share that has bought by each day. Most never buy. A lost deal stays in the count as *not bought*; only the end of the data cuts a story off. So each day asks those who were followed that long: Kaplan and Meier's estimate.

# %%
first_booking = (
    bookings.groupby("user_id")["booked_on"].min().rename("bought_on")
)
installs = swiftfare.users[["user_id", "installed_on"]].rename(
    columns={"installed_on": "started_on"}
)
installs = installs.merge(first_booking, on="user_id", how="left")
opened = deals.loc[
    deals["created_on"] >= window_start, ["created_on", "outcome", "closed_on"]
].rename(columns={"created_on": "started_on"})
opened["bought_on"] = opened["closed_on"].where(opened["outcome"] == "won")
starters = {"Swiftfare": installs, "Pipewright": opened}
for table in starters.values():
    table["bought"] = table["bought_on"].notna()
    table["days"] = (
        table["bought_on"].fillna(window_end) - table["started_on"]
    ).dt.days
days = np.arange(0, 301)
bought_by = {}
for company, table in starters.items():
    at_risk = np.array([(table["days"] >= day).sum() for day in days])
    buying = np.array(
        [((table["days"] == day) & table["bought"]).sum() for day in days]
    )
    bought_by[company] = 1 - (1 - buying / at_risk).cumprod()
pd.DataFrame(bought_by, index=pd.Index(days, name="day")).loc[
    [0, 7, 30, 60, 90, 120, 300]
].round(3)

# %% [markdown]
# statsmodels says the same (it counts time from 1, so the first day is 1), and adds an interval.

# %%
for company, table in starters.items():
    curve = SurvfuncRight(table["days"] + 1, table["bought"])
    place = np.searchsorted(curve.surv_times, 301, side="right") - 1
    share, error = 1 - curve.surv_prob[place], curve.surv_prob_se[place]
    print(
        f"{company}: bought within 300 days {share:.1%} ({share - 1.96 * error:.1%} to {share + 1.96 * error:.1%})"
    )
    assert abs(share - bought_by[company][-1]) < 1e-9

# %% [markdown]
# About as many of the deals end in a purchase as of the installs. But look at *when*.

# %% name="fig-time"
fig, ax = plt.subplots()
for company, colour, place in [
    ("Swiftfare", style.SWIFTFARE, (70, 88)),
    ("Pipewright", style.PIPEWRIGHT, (105, 62)),
]:
    ax.plot(
        days,
        100 * bought_by[company] / bought_by[company][-1],
        color=colour,
        drawstyle="steps-post",
    )
    ax.text(*place, company, color=colour)
ax.axhline(50, color=style.GREY, lw=1, ls=":")
ax.set_xlim(0, 200)
ax.set_ylim(0, 102)
ax.set_xlabel("Days since the install, or since the deal was opened")
ax.set_ylabel("Of those who buy, have bought, %")
ax.set_title("Half of Swiftfare's buyers buy in days, Pipewright's in months")
halfway = {
    company: int(days[np.argmax(share >= share[-1] / 2)])
    for company, share in bought_by.items()
}
style.describe(
    fig,
    f"Two rising lines, the share of buyers who have bought by each day. Swiftfare's is past half by day {halfway['Swiftfare']}; "
    f"Pipewright's stays near zero for the first weeks and is past half by day {halfway['Pipewright']}.",
)
plt.show()

# %% [markdown]
# So the cycle is shorter in B2C. Or is it the clock? Swiftfare asked a tenth of its customers for the way to their first booking, sites of others included. And Pipewright knows the day on which it first heard of a company. Start both clocks there. The units are a first booking and a won deal; customers who first booked before 2 March 2024 are left out, since their earlier visits lie before the data, and deals opened after May 2025, since only the fast ones among them are closed.

# %%
touches = swiftfare.touches.merge(
    bookings[["booking_id", "user_id", "booked_on", "lead_days"]],
    on="booking_id",
)
touches = touches[touches["booked_on"] >= "2024-03-02"]
trip_days = (
    touches["booked_on"]
    - touches.groupby("booking_id")["touched_on"].transform("min")
).dt.days
research_days = trip_days.groupby(touches["booking_id"]).first()
heard_of = (
    pipewright.leads.dropna(subset=["account_id"])
    .groupby("account_id")["lead_on"]
    .min()
)
won_new = won[won["created_on"].between("2024-03-02", "2025-05-31")]
known_days = (
    won_new["closed_on"] - won_new["account_id"].map(heard_of)
).dt.days
clocks = {
    ("Swiftfare", "from the install"): installs.loc[
        installs["bought"] & (installs["started_on"] <= "2025-03-06"), "days"
    ],
    ("Swiftfare", "from the first look around"): research_days,
    ("Pipewright", "from the opening of the deal"): won_new.pipe(
        lambda table: (table["closed_on"] - table["created_on"]).dt.days
    ),
    ("Pipewright", "from the first lead"): known_days.dropna(),
}
medians = {}
for clock, values in clocks.items():
    values = values.to_numpy()
    draws = [np.median(random.choice(values, len(values))) for _ in range(400)]
    medians[clock] = (
        len(values),
        np.median(values),
        *np.quantile(draws, [0.025, 0.975]),
    )
medians = pd.DataFrame(
    medians, index=["buyers", "median days", "low", "high"]
).T
medians.rename_axis(["company", "clock"]).reset_index().set_index("company")

# %% [markdown]
# The order stays, and the distance shrinks: from more than twenty times to about four. The two clocks still aren't one. A first lead is the day on which *Pipewright* noticed the company, and the company may have looked around before; so four is the least. A cycle has a length only after you have said when it starts.

# %% tags=["book"]
for (company, clock), short in zip(
    clocks, ["sf_install", "sf_look", "pw_deal", "pw_lead"], strict=True
):
    for column in ("median days", "low", "high"):
        tail = "" if column == "median days" else f"_{column}"
        glue(f"{short}{tail}", float(medians.loc[(company, clock), column]))
cycle = medians["median days"].to_numpy()
assert cycle[2] > 18 * cycle[0] and 3 < cycle[3] / cycle[1] < 5.5, (
    "the chapter says more than twenty times by one clock, and about four by the other"
)
glue("sf_buy_300", float(100 * bought_by["Swiftfare"][-1]))
glue("pw_buy_300", float(100 * bought_by["Pipewright"][-1]))
assert (
    medians.loc[("Swiftfare", "from the first look around"), "high"]
    < medians.loc[("Pipewright", "from the opening of the deal"), "low"]
)

# %% [markdown]
# ## 3. Who looks around before buying?
#
# At Swiftfare a **touch** is one contact before a first booking; sites of others are those which a traveller finds alone. At Pipewright `online_visits` counts visits of the committee's people to our site and to pages that compare products, before the deal was opened. The unit is the first booking, and the won deal; then the person.

# %%
outside = ["metasearch", "airline_site", "forum", "map", "travel_blog"]
all_touches = touches.groupby("booking_id").size()
outside_touches = (
    touches["kind"]
    .astype(str)
    .isin(outside)
    .groupby(touches["booking_id"])
    .sum()
)
looked = {
    "Swiftfare, all touches": all_touches,
    "Swiftfare, sites of others": outside_touches,
    "Pipewright, visits of the committee": won["online_visits"],
    "Pipewright, visits a person": won["online_visits"] / won["stakeholders"],
}
research = pd.DataFrame(
    {
        name: (
            counts.mean(),
            counts.mean() - 1.96 * counts.sem(),
            counts.mean() + 1.96 * counts.sem(),
        )
        for name, counts in looked.items()
    },
    index=["mean", "low", "high"],
).T.rename_axis("before a purchase")
research.round(1)

# %% [markdown]
# Travellers do look around a lot. So do companies: a committee makes as many visits before it ever speaks to sales as a traveller has contacts before a booking. It only has more people to make them.

# %% tags=["book"]
for short, name in zip(
    ["sf_touches", "sf_outside", "pw_visits", "pw_person"], looked, strict=True
):
    for column in ("mean", "low", "high"):
        tail = "" if column == "mean" else f"_{column}"
        glue(f"{short}{tail}", float(research.loc[name, column]))
glue("touched_n", f"{len(all_touches):,}")
glue("look_around_none", float(100 * (outside_touches == 0).mean()))
assert (
    0.7
    < research.loc["Pipewright, visits of the committee", "mean"]
    / research.loc["Swiftfare, all touches", "mean"]
    < 1.4
)

# %% [markdown]
# ## 4. Swiftfare: eight headlines
#
# For one week in August 2024 Swiftfare showed eight headlines of one advertisement, each 8,000 times, and counted the taps. The unit is a showing, drawn by lot.

# %% name="headlines"
first_wave = swiftfare.creatives[swiftfare.creatives["wave"] == 1].set_index(
    "headline"
)
headlines = first_wave[["message", "shown", "tapped"]].copy()
headlines["rate, %"] = 100 * headlines["tapped"] / headlines["shown"]
low, high = proportion_confint(
    headlines["tapped"], headlines["shown"], method="wilson"
)
headlines["low"], headlines["high"] = 100 * low, 100 * high
headlines = headlines.sort_values("rate, %", ascending=False)
headlines[["tapped", "rate, %", "low", "high"]].round(2)

# %% [markdown]
# There is a winner. Its lead over the mean of all eight is the number that goes on the slide. Beside it stands a test of the first against the last; even this pair, picked because it lies furthest apart, can't be told from two equals.

# %%
winner = headlines["rate, %"].idxmax()
mean_1 = 100 * first_wave["tapped"].sum() / first_wave["shown"].sum()
lead_1 = 100 * (headlines.loc[winner, "rate, %"] / mean_1 - 1)
loser = headlines["rate, %"].idxmin()
_, p_extremes = proportions_ztest(
    headlines.loc[[winner, loser], "tapped"],
    headlines.loc[[winner, loser], "shown"],
)
print(
    f"{winner}: {lead_1:+.1f} % over the mean\nagainst the last of the eight: p = {p_extremes:.2f}"
)

# %% [markdown]
# ## 5. It goes wrong: the same eight, three weeks later
#
# In September all eight ran again, each 48,000 times. This second wave had no part in the choice of the winner.

# %%
rates = (
    swiftfare.creatives.assign(
        rate=100 * swiftfare.creatives["tapped"] / swiftfare.creatives["shown"]
    )
    .pivot(index="headline", columns="wave", values="rate")
    .loc[headlines.index]
)
second = swiftfare.creatives[swiftfare.creatives["wave"] == 2].set_index(
    "headline"
)
mean_2 = 100 * second["tapped"].sum() / second["shown"].sum()
lead_2 = 100 * (rates.loc[winner, 2] / mean_2 - 1)
again_low, again_high = proportion_confint(
    second.loc[winner, "tapped"], second.loc[winner, "shown"], method="wilson"
)
lead_2_low, lead_2_high = (
    100 * (100 * end / mean_2 - 1) for end in (again_low, again_high)
)
rank_2 = int(rates[2].rank(ascending=False)[winner])
print(
    f"the winner's lead: {lead_1:+.1f} %, then {lead_2:+.1f} % ({lead_2_low:+.1f} to {lead_2_high:+.1f}); place {rank_2} of 8"
)

# %% [markdown]
# The lead is gone. Nobody made an error in August; choosing did it.

# %% name="fig-creatives"
fig, ax = plt.subplots(figsize=(style.WIDTH, 5.8))
places = np.arange(len(headlines))[::-1]
ax.hlines(
    places,
    headlines["low"],
    headlines["high"],
    color=style.SWIFTFARE_TINT,
    lw=7,
)
ax.plot(
    headlines["rate, %"], places, "o", color=style.SWIFTFARE, mfc=style.PAPER
)
ax.plot(rates[2], places, "o", color=style.SWIFTFARE)
ax.vlines(
    [mean_1] * len(places),
    places - 0.2,
    places + 0.2,
    color=style.GREY,
    lw=1.5,
)
for place, name in zip(places, headlines.index, strict=True):
    ax.text(3.42, place + 0.3, name)
ax.set_yticks([])
ax.text(3.42, -0.9, "○ August     ● September     | mean of August")
ax.set_ylim(-1.2, 7.8)
ax.set_xlim(3.4, 4.85)
ax.set_xlabel("Tapped, % of the times shown")
ax.set_title("The winner of August is an also-ran in September")
style.describe(
    fig,
    f"Eight headlines in the order of August, with August's rate and interval, and September's rate. August's winner, "
    f"{winner!r}, falls from {headlines.loc[winner, 'rate, %']:.2f} to {rates.loc[winner, 2]:.2f} per cent; in September all eight lie between "
    f"{rates[2].min():.2f} and {rates[2].max():.2f}.",
)
plt.show()

# %% [markdown]
# ## 6. Why choosing lies: the winner's curse
#
# Suppose all eight were equally good. Draw eight luck terms, keep the largest: the mean of that is the expected lead of a winner that isn't better.

# %%
common = mean_1 / 100
error_of_one = np.sqrt(common * (1 - common) / 8000)
luck = random.standard_normal((20_000, 8))
largest = luck.max(axis=1) - luck.mean(axis=1)
lead_by_luck = 100 * largest.mean() * error_of_one / common
print(
    f"largest of eight: {luck.max(axis=1).mean():.2f} standard errors; a lead of {lead_by_luck:.1f} % from luck alone"
)

# %% [markdown]
# So a winner among eight equals shows about the lead that was on the slide, or more. How much of the *differences* is real? Compare how far the eight rates lie apart with how far luck alone throws them: what is left over is the headlines' own. The share of it is the factor by which to shrink each lead.

# %%
spread_seen = first_wave["tapped"].div(first_wave["shown"]).var()
spread_luck = error_of_one**2
shrink = max(0.0, 1 - spread_luck / spread_seen)
freedom = len(first_wave) - 1
largest_ratio = (
    freedom * spread_seen / spread_luck / stats.chi2.ppf(0.025, freedom)
)
shrink_high = max(0.0, 1 - 1 / largest_ratio)
statistic, p_alike, _ = proportions_chisquare(
    first_wave["tapped"], first_wave["shown"]
)
print(
    f"variance seen over variance by luck: {spread_seen / spread_luck:.2f}\nshrink leads to {shrink:.0%} (0% to {shrink_high:.0%}); all alike: p = {p_alike:.2f}"
)

# %% [markdown]
# The eight differ *less* than luck alone would make them, so the best guess is that nothing of the lead is real. Eight headlines are few to guess a spread from, though: the interval comes from the chi-squared distribution of a variance, and lets about a third of the lead be real. Shrinking says so in August, without a second wave.
#
# One question was fixed before anybody looked, because the source asks it: do headlines that promise the person something (achievement, image, a better situation) draw more taps than those about price, trends and news? One comparison, in the wave that chose nothing. The lot was drawn over showings, so the interval is for *these eight* headlines; other headlines of the same kinds would vary as well.

# %%
promise = (
    second["message"]
    .astype(str)
    .isin(["achievement", "image", "better_situation"])
)
groups = second.groupby(promise)[["tapped", "shown"]].sum()
promise_rate = 100 * groups["tapped"] / groups["shown"]
lift = 100 * (promise_rate[True] / promise_rate[False] - 1)
ends = confint_proportions_2indep(
    groups.loc[True, "tapped"],
    groups.loc[True, "shown"],
    groups.loc[False, "tapped"],
    groups.loc[False, "shown"],
    compare="ratio",
)
lift_low, lift_high = (100 * (end - 1) for end in ends)
print(
    f"{promise_rate[True]:.2f} % against {promise_rate[False]:.2f} %: {lift:+.1f} % ({lift_low:+.1f} to {lift_high:+.1f})"
)

# %% [markdown]
# That points the source's way, and the interval still holds no difference at all. Now see what the number of headlines and the size of the test do to a winner. All settings have the same true spread between headlines, 2 % of the rate.


# %% name="winner-lab"
def a_contest(headlines, shown):
    """Mean lead of the winner shown, its true lead, and how often it is the best: 4,000 contests."""
    draw = np.random.default_rng(headlines)
    true = 0.04 * (1 + 0.02 * draw.standard_normal((4000, headlines)))
    seen = draw.binomial(shown, true) / shown
    place = seen.argmax(axis=1)
    rows = np.arange(4000)
    return (
        100 * (seen.max(axis=1) / 0.04 - 1).mean(),
        100 * (true[rows, place] / 0.04 - 1).mean(),
        100 * (true.argmax(axis=1) == place).mean(),
    )


contests = {
    (count, shown): a_contest(count, shown)
    for count in (2, 4, 8, 16)
    for shown in (8_000, 48_000, 400_000)
}


def draw_contest(count, shown):
    seen, true, best = contests[count, shown]
    fig, ax = plt.subplots(figsize=(style.WIDTH, 2.3))
    ax.barh([1, 0], [seen, true], color=[style.SWIFTFARE_TINT, style.SWIFTFARE])
    ax.set_yticks([1, 0], ["Lead it shows", "Lead it has"])
    for place, value in [(1, seen), (0, true)]:
        ax.text(value + 0.15, place, f"{value:.1f} %", va="center")
    ax.set_xlim(0, 14)
    ax.set_xlabel("Winner's lead over the mean, %")
    ax.set_title(f"The winner is truly the best in {best:.0f} of 100 contests")
    return fig


def words_contest(count, shown):
    seen, true, best = contests[count, shown]
    return (
        f"With {count} headlines shown {shown:,} times each, the winner shows a lead of {seen:.1f} per cent, has one of "
        f"{true:.1f}, and is the best in {best:.0f} of 100 contests."
    )


tw.explore(
    draw_contest,
    describe=words_contest,
    title="What a winner shows, and what it has",
    labels={"count": "Headlines", "shown": "Each shown"},
    start={"count": 8},
    count=[2, 4, 8, 16],
    shown={
        "8,000 times": 8_000,
        "48,000 times": 48_000,
        "400,000 times": 400_000,
    },
)

# %% [markdown]
# More headlines make the lie larger; more showings make it smaller. With a true spread as small as this, eight headlines at 8,000 are a lottery.

# %% tags=["book"]
for name, value, digits in [
    ("lead_1", lead_1, 1),
    ("lead_2", lead_2, 1),
    ("lead_2_low", lead_2_low, 1),
    ("lead_2_high", lead_2_high, 1),
    ("lift", lift, 1),
    ("lift_low", lift_low, 1),
    ("lift_high", lift_high, 1),
]:
    glue(name, f"{value:+.{digits}f}".replace("-", "−"))
glue("lead_1_size", f"{lead_1:.1f}")
glue("lift_size", f"{lift:.1f}")
glue("lift_high_size", f"{lift_high:.1f}")
glue("winner", winner)
glue("winner_rate_1", float(headlines.loc[winner, "rate, %"]))
glue("winner_low_1", float(headlines.loc[winner, "low"]))
glue("winner_high_1", float(headlines.loc[winner, "high"]))
glue("winner_rate_2", float(rates.loc[winner, 2]))
glue("winner_low_2", float(100 * again_low))
glue("winner_high_2", float(100 * again_high))
glue("winner_place_2", rank_2)
glue("mean_1", float(mean_1))
glue("mean_2", float(mean_2))
glue("lead_by_luck", float(lead_by_luck))
glue("error_of_one", float(100 * error_of_one))
glue("largest_of_eight", float(luck.max(axis=1).mean()))
for tail, end in zip(
    ["low", "high"], proportion_confint(4, 20, method="wilson"), strict=True
):
    glue(f"four_of_twenty_{tail}", float(100 * end))
glue("p_extremes", f"{p_extremes:.2f}")
glue("p_alike_percent", float(100 * p_alike))
glue("promise_rate", float(promise_rate[True]))
glue("other_rate", float(promise_rate[False]))
glue("shrink_high", float(100 * shrink_high))
glue("lead_left", f"{shrink_high * lead_1:.1f}")
glue("second_best", float(rates[2].max()))
glue("second_last", float(rates[2].min()))
assert shrink == 0, (
    "the chapter says that the eight differ less than luck alone makes them"
)
assert lead_1 > 4 and lead_2 < 1 and rank_2 >= 5
assert lift_low < 0 < lift, (
    "the chapter says that the planned comparison leans one way and holds zero"
)
assert lead_by_luck > 0.9 * lead_1
seen, true, best = contests[8, 8_000]
glue("contest_shows", float(seen))
glue("contest_has", float(true))
glue("contest_best", float(best))

# %% [markdown]
# ## 7. Audiences, and a number for the headline
#
# "But it works with young people on iPhones." `creative_audiences` splits every headline by age and device: 64 audiences in each wave. Cut any result into enough groups, and some will shine. We test each audience of August against all the rest, and pick the eight best.

# %%
audiences = swiftfare.creative_audiences.astype({"age": str, "device": str})
audiences["rate"] = 100 * audiences["tapped"] / audiences["shown"]
both_waves = audiences.pivot(
    index=["creative_id", "age", "device"],
    columns="wave",
    values=["shown", "tapped", "rate"],
)
shown, tapped = both_waves["shown"], both_waves["tapped"]
p_values = [
    proportions_ztest(
        [taps, tapped[1].sum() - taps], [times, shown[1].sum() - times]
    )[1]
    for taps, times in zip(tapped[1], shown[1], strict=True)
]
lucky = int((np.array(p_values) < 0.05).sum())
kept_by_holm = int(multipletests(p_values, method="holm")[0].sum())
eight = both_waves["rate"][1].nlargest(8).index
leads_of_eight = {
    wave: 100
    * (
        tapped.loc[eight, wave].sum()
        / shown.loc[eight, wave].sum()
        / (tapped[wave].sum() / shown[wave].sum())
        - 1
    )
    for wave in (1, 2)
}
after_low, after_high = (
    100 * (end * shown[2].sum() / tapped[2].sum() - 1)
    for end in proportion_confint(
        tapped.loc[eight, 2].sum(), shown.loc[eight, 2].sum(), method="wilson"
    )
)
print(
    f"{lucky} of {len(p_values)} audiences with p < .05, {kept_by_holm} after Holm's correction"
)
print(
    f"the eight best of August: {leads_of_eight[1]:+.0f} % over all, in September {leads_of_eight[2]:+.0f} % ({after_low:+.0f} to {after_high:+.0f})"
)

# %% [markdown]
# **Holm's correction** asks more of the smallest p-value the more of them you looked at. The lead of the eight best is gone, or nearly. Is any of it real? Ask two plain questions of September: do ages differ, and does any headline do better with one audience than with another?

# %%
second_audiences = audiences[audiences["wave"] == 2]
by_age_group = second_audiences.groupby("age")[["tapped", "shown"]].sum()
by_age_group["rate, %"] = 100 * by_age_group["tapped"] / by_age_group["shown"]
ends = proportion_confint(
    by_age_group["tapped"], by_age_group["shown"], method="wilson"
)
by_age_group["low"], by_age_group["high"] = (100 * end for end in ends)
counts = second_audiences.assign(
    missed=second_audiences["shown"] - second_audiences["tapped"]
)
plain = smf.glm(
    "tapped + missed ~ C(creative_id) + age + device",
    counts,
    family=sm.families.Binomial(),
).fit()
crossed = smf.glm(
    "tapped + missed ~ C(creative_id) * (age + device)",
    counts,
    family=sm.families.Binomial(),
).fit()
freedom = int(plain.df_resid - crossed.df_resid)
p_crossed = stats.chi2.sf(plain.deviance - crossed.deviance, freedom)
print(
    f"a headline for each audience: p = {p_crossed:.2f} ({freedom} degrees of freedom)"
)
by_age_group[["rate, %", "low", "high"]].round(2)

# %% [markdown]
# Younger people tap a little more, whatever the headline. That a headline has an audience of its own, the data don't show. Demographics may say *whom* to show something; here they don't say *what*.
#
# A headline may promise; a number that stands behind it must be true. *Somewhere warm by Friday* wants to know what late travellers pay. The unit is a flight booked a week or less before it leaves; the interval draws whole users, since one may book several.

# %%
late = bookings[
    (bookings["product"].astype(str) == "flight") & (bookings["lead_days"] <= 7)
]
per_user = [
    group.to_numpy() for _, group in late.groupby("user_id")["price_cents"]
]
draws = [
    np.median(
        np.concatenate(
            [
                per_user[i]
                for i in random.integers(0, len(per_user), len(per_user))
            ]
        )
    )
    for _ in range(400)
]
late_price = late["price_cents"].median() / 100
late_low, late_high = np.quantile(draws, [0.025, 0.975]) / 100
flights = bookings[bookings["product"].astype(str) == "flight"]
print(
    f"half of {len(late):,} late flights cost {late_price:.0f} euros or less ({late_low:.0f} to {late_high:.0f})\nof all flights: {flights['price_cents'].median() / 100:.0f}"
)

# %% tags=["book"]
glue("audiences", len(p_values))
glue("audiences_lucky", lucky)
glue("audiences_holm", kept_by_holm)
glue("audiences_then", f"{leads_of_eight[1]:.0f}")
glue("audiences_after", f"{leads_of_eight[2]:.0f}".replace("-", "−"))
glue("audiences_after_low", f"{after_low:+.0f}".replace("-", "−"))
glue("audiences_after_high", f"{after_high:+.0f}".replace("-", "−"))
glue("audience_p", f"{p_crossed:.2f}")
for short, name in zip(
    ["young", "old"],
    [by_age_group.index[0], by_age_group.index[-1]],
    strict=True,
):
    for column, tail in [("rate, %", ""), ("low", "_low"), ("high", "_high")]:
        glue(f"taps_{short}{tail}", float(by_age_group.loc[name, column]))
glue("late_n", f"{len(late):,}")
glue("late_price", float(late_price))
glue("late_low", float(late_low))
glue("late_high", float(late_high))
assert kept_by_holm == 0 and leads_of_eight[2] < 0.67 * leads_of_eight[1]
assert p_crossed > 0.05
assert by_age_group["low"].iloc[0] > by_age_group["high"].iloc[-1]

# %% [markdown]
# ## 8. Pipewright: the message with the most replies
#
# From June 2024 to June 2025 each outgoing message got, by lot, one of two **framings** (what *you* gain, or what your *group* gains) and one of four **themes**: growth, cost, risk, reach. Replies come within days, wins within half a year, and the last of them are in: no won deal took longer. The unit is the message, since messages were what the lot was drawn for, one a firm.

# %%
messages = pipewright.messages.merge(
    deals[["opportunity_id", "outcome"]], on="opportunity_id", how="left"
)
messages["won"] = messages["outcome"].astype(str) == "won"
cells = (
    messages.groupby(["framing", "theme"], observed=True)[["replied", "won"]]
    .mean()
    .mul(100)
)
cells["messages"] = messages.groupby(["framing", "theme"], observed=True).size()
cells = cells.sort_values("replied", ascending=False)
cells.reset_index().set_index("framing").round(1)

# %% [markdown]
# Look at the top of the list by replies, and then at its wins.

# %%
most_replies, most_wins = cells["replied"].idxmax(), cells["won"].idxmax()
by_framing = messages.groupby("framing", observed=True)[["replied", "won"]].agg(
    ["sum", "count"]
)
differences = {}
for outcome in ("replied", "won"):
    counts = by_framing[outcome]
    pair = [
        *counts.loc["group", ["sum", "count"]],
        *counts.loc["individual", ["sum", "count"]],
    ]
    ends = confint_proportions_2indep(*pair, compare="diff", method="wald")
    differences[outcome] = (
        100 * (pair[0] / pair[1] - pair[2] / pair[3]),
        100 * ends[0],
        100 * ends[1],
    )
differences = pd.DataFrame(
    differences, index=["group less individual", "low", "high"]
).T.rename_axis("of 100 messages")
differences.round(1)

# %% [markdown]
# Of a hundred messages the group's framing brings fewer replies and more wins, and both intervals stay away from zero.

# %% name="fig-turnover"
fig, axes = plt.subplots(1, 2, figsize=(style.WIDTH, 3.2))
for ax, outcome, name in zip(
    axes, ["replied", "won"], ["Replied", "Won"], strict=True
):
    counts = by_framing[outcome]
    share = 100 * counts["sum"] / counts["count"]
    low, high = proportion_confint(
        counts["sum"], counts["count"], method="wilson"
    )
    ax.bar(
        ["to you", "to the\ngroup"],
        share[["individual", "group"]],
        color=[style.PIPEWRIGHT_TINT, style.PIPEWRIGHT],
        width=0.6,
    )
    for place, framing in enumerate(["individual", "group"]):
        ax.vlines(
            place,
            100 * low[framing],
            100 * high[framing],
            color=style.INK,
            lw=1.5,
        )
        ax.text(place + 0.06, share[framing] + 0.5, f"{share[framing]:.1f}")
    ax.set_ylim(0, 26)
    ax.set_title(f"{name}, % of messages", fontweight="normal")
fig.suptitle("More replies, fewer deals", x=0.02, ha="left")
style.describe(
    fig,
    "Two pairs of bars. Messages about what you gain get more replies than messages about what the group gains; "
    "of the latter more end in a won deal. "
    + "; ".join(
        f"{outcome}: group less individual {row.iloc[0]:+.1f} points ({row.iloc[1]:+.1f} to {row.iloc[2]:+.1f})"
        for outcome, row in differences.iterrows()
    )
    + ".",
)
plt.show()

# %% [markdown]
# You may wonder how more of the group's messages can be won than were answered. A seller calls on a firm whether or not somebody wrote back. So ask two things: is a deal opened for one framing more often than for the other, and after a reply more often than without one?

# %%
messages["opened"] = messages["opportunity_id"].notna()
openings = pd.concat(
    [
        messages.groupby("framing", observed=True)["opened"].agg(
            ["sum", "count"]
        ),
        messages.groupby("replied")["opened"]
        .agg(["sum", "count"])
        .rename({False: "no reply", True: "a reply"}),
    ]
)
openings["share, %"] = 100 * openings["sum"] / openings["count"]
openings["low"], openings["high"] = (
    100 * end
    for end in proportion_confint(
        openings["sum"], openings["count"], method="wilson"
    )
)
openings.rename_axis("a deal was opened").round(1)

# %% [markdown]
# Alike in both. A reply doesn't bring a deal nearer here, so it is no early sign of one; and since both framings open as many deals, the deals of the two can be compared below.
#
# And the four themes? Each against the other three, for replies and for wins: eight comparisons, so Holm's correction.

# %%
themes = []
for outcome in ("replied", "won"):
    for theme in messages["theme"].cat.categories:
        this = messages["theme"] == theme
        _, p = proportions_ztest(
            [
                messages.loc[this, outcome].sum(),
                messages.loc[~this, outcome].sum(),
            ],
            [this.sum(), (~this).sum()],
        )
        points = (
            messages.loc[this, outcome].mean()
            - messages.loc[~this, outcome].mean()
        )
        themes.append((outcome, theme, 100 * points, p))
themes = pd.DataFrame(
    themes, columns=["outcome", "theme", "points over the rest", "p"]
)
themes["p, Holm"] = multipletests(themes["p"], method="holm")[1]
themes.set_index("outcome").round(2)

# %% [markdown]
# No theme stands out once we count how often we looked; that "cost" leads the first list is the luck of the highest of eight, as with the headlines. How you frame it moves deals here; which of the four you talk about is not seen to.
#
# For the size of the effect among *deals*: the odds of a win, group over individual. By hand first, then with what else is known of a deal held alike.

# %%
tested = deals[
    deals["framing"].notna() & (deals["created_on"] <= "2025-05-31")
].copy()
tested["won"] = (tested["outcome"] == "won").astype(int)
share = tested.groupby("framing", observed=True)["won"].mean()
odds = share / (1 - share)
print(
    f"won: group {share['group']:.1%}, individual {share['individual']:.1%}; odds ratio {odds['group'] / odds['individual']:.2f}"
)

# %% [markdown]
# Now all else alike: fit, budget, people, size, and the product manager. The unit is a deal opened from January 2024 to May 2025, in the test or not.

# %%
mature = deals[deals["created_on"].between(window_start, "2025-05-31")].copy()
mature["won"] = (mature["outcome"] == "won").astype(int)
mature["joined"] = mature["pm_joined"].astype(int)
mature["group_framing"] = (mature["framing"].astype(object) == "group").astype(
    int
)
mature["in_test"] = mature["framing"].notna().astype(int)
mature = mature.astype({"size": str, "budget_type": str})
model = smf.logit(
    "won ~ joined + group_framing + in_test + C(fit) + budget_type + stakeholders + C(size)",
    mature,
).fit(disp=False)
odds_ratios = np.exp(
    pd.concat([model.params, model.conf_int()], axis=1, keys=["odds", "ends"])
)
odds_ratios.columns = ["odds ratio", "low", "high"]
odds_ratios = odds_ratios.rename_axis("term")
odds_ratios.round(2)

# %% [markdown]
# The line `group_framing` is the one we wanted; `joined` and `stakeholders` will be needed below. The unit is a deal opened from January 2024 to May 2025. A few of them are still open and count as not won: none that has been won so far took as long.

# %% tags=["book"]
for outcome in ("replied", "won"):
    for framing in ("individual", "group"):
        counts = by_framing.loc[framing, outcome]
        glue(
            f"{outcome}_{framing}", float(100 * counts["sum"] / counts["count"])
        )
    for column, tail in [
        ("group less individual", ""),
        ("low", "_low"),
        ("high", "_high"),
    ]:
        glue(
            f"framing_{outcome}{tail}",
            f"{differences.loc[outcome, column]:+.1f}".replace("-", "−"),
        )
for outcome, signs in [("replied", -1), ("won", 1)]:
    ends = sorted(signs * differences.loc[outcome, ["low", "high"]])
    glue(f"{outcome}_size", f"{signs * differences.loc[outcome].iloc[0]:.1f}")
    glue(f"{outcome}_size_low", f"{ends[0]:.1f}")
    glue(f"{outcome}_size_high", f"{ends[1]:.1f}")
glue("messages_n", f"{len(messages):,}")
glue(
    "best_cell",
    f"“{most_replies[1]}”, to {'you' if most_replies[0] == 'individual' else 'the group'}",
)
glue("opened_individual", float(openings.loc["individual", "share, %"]))
glue("opened_group", float(openings.loc["group", "share, %"]))
glue("opened_replied", float(openings.loc["a reply", "share, %"]))
glue("opened_silent", float(openings.loc["no reply", "share, %"]))
assert messages["account_id"].dropna().is_unique
for one, other in [("individual", "group"), ("no reply", "a reply")]:
    assert (
        openings.loc[one, "low"] < openings.loc[other, "share, %"]
        and openings.loc[other, "low"] < openings.loc[one, "share, %"]
    ), "the chapter says that deals are opened alike in both"
glue("best_cell_replied", float(cells.loc[most_replies, "replied"]))
glue("best_cell_won", float(cells.loc[most_replies, "won"]))
glue(
    "best_cell_won_place", int(cells["won"].rank(ascending=False)[most_replies])
)
glue(
    "most_wins_cell",
    f"“{most_wins[1]}”, to {'you' if most_wins[0] == 'individual' else 'the group'}",
)
glue("most_wins_replied", float(cells.loc[most_wins, "replied"]))
glue("most_wins_won", float(cells.loc[most_wins, "won"]))
glue("theme_p", f"{themes['p, Holm'].min():.2f}")
glue("deal_won_group", float(100 * share["group"]))
glue("deal_won_individual", float(100 * share["individual"]))
glue("tested_n", f"{len(tested):,}")
glue("longest_won", int((won["closed_on"] - won["created_on"]).dt.days.max()))
for short, term in [
    ("group", "group_framing"),
    ("joined", "joined"),
    ("people", "stakeholders"),
    ("capital", "budget_type[T.operating]"),
]:
    for column, tail in [
        ("odds ratio", ""),
        ("low", "_low"),
        ("high", "_high"),
    ]:
        glue(f"or_{short}{tail}", f"{odds_ratios.loc[term, column]:.2f}")
assert most_replies[0] == "individual" and most_wins[0] == "group"
assert cells["won"].rank(ascending=False)[most_replies] >= 6
assert differences.loc["replied", "high"] < 0 < differences.loc["won", "low"]
assert themes["p, Holm"].min() > 0.05, (
    "the chapter says that no theme stands out"
)
assert (won["closed_on"] - won["created_on"]).dt.days.max() < 200

# %% [markdown]
# ## 9. The committee
#
# Who has to say yes? `stakeholders` (the table) holds one row a role of each closed deal. We take deals opened from January 2024 to the end of 2024. They are all closed; of later ones the slow are missing, and a slow deal is often one in which somebody said no. The unit is a role on a deal's committee.

# %%
decided = deals[deals["created_on"].between(window_start, "2024-12-31")]
assert (decided["outcome"] != "open").all()
people = pipewright.stakeholders.merge(
    decided[["opportunity_id", "outcome", "stakeholders", "size"]],
    on="opportunity_id",
)
roles = people.groupby("role", observed=True)["said_yes"].agg(["sum", "count"])
roles["yes"] = roles["sum"] / roles["count"]
roles["low"], roles["high"] = proportion_confint(
    roles["sum"], roles["count"], method="wilson"
)
roles[["count", "yes", "low", "high"]].round(2)

# %% [markdown]
# One role says yes far less often than any other. A deal is won only where all agree. If they decide independently, the chance of that is the product.

# %%
six = roles["yes"].iloc[:6]
all_six = six.prod()
agreed = people.groupby("opportunity_id")["said_yes"].all()
agreed_won = (
    decided.set_index("opportunity_id")["outcome"][agreed.index[agreed]]
    == "won"
).mean()
print(
    f"all agreed in {agreed.mean():.0%} of deals; of those {agreed_won:.0%} were won"
)
whole = (
    people[people["stakeholders"] == 6]
    .groupby("opportunity_id")["said_yes"]
    .all()
)
whole_low, whole_high = proportion_confint(
    int(whole.sum()), len(whole), method="wilson"
)
print(
    f"six people, by the product: {all_six:.2f}\nthe {len(whole)} committees of six all agreed in {whole.mean():.2f} ({whole_low:.2f} to {whole_high:.2f})"
)

# %% [markdown]
# Independence is a strong thing to assume, and the check says that it does well here. Agreement is needed, not enough: price and time have a say as well.
#
# Now spend an effort in two ways: five points more on each of the five who agree anyway, or twenty points on the one who doesn't. An interval for each draws whole deals.

# %%
friendly = six.index.drop("security")


def efforts(yes):
    """All six agree: as it is, five points on each friendly one, twenty on security."""
    others = yes[friendly].prod()
    return (
        others * yes["security"],
        (yes[friendly] + 0.05).clip(upper=1).prod() * yes["security"],
        others * min(1, yes["security"] + 0.20),
    )


asked_of = people.pivot(
    index="opportunity_id", columns="role", values="said_yes"
)[six.index].astype(float)
answers = asked_of.to_numpy()
draws = []
for _ in range(500):
    drawn = answers[random.integers(0, len(answers), len(answers))]
    draws.append(efforts(pd.Series(np.nanmean(drawn, axis=0), six.index)))
effort_table = pd.DataFrame(
    {"all agree": efforts(six)},
    index=pd.Index(
        ["as it is", "5 points on each of five", "20 points on security"],
        name="effort",
    ),
)
effort_table["low"], effort_table["high"] = np.quantile(
    draws, [0.025, 0.975], axis=0
)
effort_table.round(2)

# %% [markdown]
# Twenty points on one person beat twenty-five spread over five. A chain is lifted at its weakest link, because the others multiply whatever the weakest lets through.

# %% name="committee-lab"
efforts_to = {
    "nobody": "nobody",
    "champion +20": "champion",
    "others +5": "others",
    "security +20": "security",
}
effort_words = {
    "nobody": "No effort",
    "champion": "Twenty points more on the champion",
    "others": "Five points more on everybody but security",
    "security": "Twenty points more on security",
}


def with_effort(size, effort):
    yes = roles["yes"].iloc[:size].copy()
    if effort in ("champion", "security"):
        yes[effort] = min(1, yes[effort] + 0.20)
    elif effort == "others":
        others = yes.index.drop("security")
        yes[others] = (yes[others] + 0.05).clip(upper=1)
    return yes


def draw_committee(size, effort):
    yes = with_effort(size, effort)
    now = roles["yes"].iloc[:size]
    fig, ax = plt.subplots(figsize=(style.WIDTH, 3.9))
    places = np.arange(size)[::-1]
    ax.barh(places, 100 * yes, color=style.PIPEWRIGHT_TINT)
    ax.barh(places, 100 * now, color=style.PIPEWRIGHT)
    for place, value in zip(places, yes, strict=True):
        ax.text(100 * value + 1, place, f"{100 * value:.0f} %", va="center")
    ax.set_yticks(places, [name.replace("_", " ") for name in yes.index])
    ax.set_ylim(-0.6, size - 0.4)
    ax.set_xlim(0, 112)
    ax.set_xticks([0, 25, 50, 75, 100])
    ax.set_xlabel("Says yes, %")
    ax.set_title(f"All {size} agree in {100 * yes.prod():.0f} % of deals")
    return fig


def words_committee(size, effort):
    yes = with_effort(size, effort)
    return (
        f"{effort_words[effort]}, in a committee of {size}: "
        + ", ".join(
            f"{role.replace('_', ' ')} {value:.0%}"
            for role, value in yes.items()
        )
        + f". All agree in {yes.prod():.0%} of deals; without the effort in {roles['yes'].iloc[:size].prod():.0%}."
    )


tw.explore(
    draw_committee,
    describe=words_committee,
    title="Who has to be won?",
    labels={"size": "People", "effort": "The effort goes to"},
    start={"size": 6},
    size=[4, 6, 9],
    effort=efforts_to,
)

# %% [markdown]
# The pale end of a bar is what the effort adds. Now two questions about *who*. Where a deal ended with exactly one no, whose was it? And in the deals that were not won, had the people who would use the product agreed?

# %%
refusals = (
    people[~people["said_yes"]]
    .groupby("opportunity_id")["role"]
    .agg(["size", "first"])
)
lone = refusals.loc[refusals["size"] == 1, "first"].astype(str)
not_won = people[people["outcome"].astype(str) != "won"]
user_yes = not_won.loc[not_won["role"] == "user_lead", "said_yes"]
lone_low, lone_high = proportion_confint(
    (lone == "security").sum(), len(lone), method="wilson"
)
user_low, user_high = proportion_confint(
    user_yes.sum(), len(user_yes), method="wilson"
)
print(
    f"{len(lone)} deals with a single no: security's in {(lone == 'security').mean():.0%} ({lone_low:.0%} to {lone_high:.0%})"
)
print(
    f"{len(user_yes)} deals not won with a user lead: who had agreed in {user_yes.mean():.0%} ({user_low:.0%} to {user_high:.0%})"
)

# %% [markdown]
# The user wanted it, and that was not enough. Who uses, who pays and who can stop it are three people.
#
# Do larger committees buy less often? In the raw table they do. Larger firms have larger committees, though, and firms of each size buy at their own rate.

# %%
bands = pd.cut(
    mature["stakeholders"],
    [1, 4, 5, 6, 9],
    labels=["2 to 4", "5", "6", "7 to 9"],
)
by_people = mature.groupby(bands, observed=True)["won"].agg(["mean", "count"])
by_people["low"], by_people["high"] = proportion_confint(
    mature.groupby(bands, observed=True)["won"].sum(),
    by_people["count"],
    method="wilson",
)
raw_people = smf.logit("won ~ stakeholders", mature).fit(disp=False)
raw_people_or = np.exp(raw_people.params["stakeholders"])
print(
    f"odds of a win with one more person: raw {raw_people_or:.2f},\nlike with like {odds_ratios.loc['stakeholders', 'odds ratio']:.2f} ({odds_ratios.loc['stakeholders', 'low']:.2f} to {odds_ratios.loc['stakeholders', 'high']:.2f})"
)
by_people.rename_axis("people").round(2)

# %% [markdown]
# Like with like, one more person costs little, if anything; the interval holds 1. The raw fall is mostly that of large firms. It matters more *which* people sit there than how many.

# %% tags=["book"]
for role in roles.index:
    for column in ("yes", "low", "high"):
        tail = "" if column == "yes" else f"_{column}"
        glue(f"{role}_yes{tail}", float(100 * roles.loc[role, column]))
glue("decided_n", f"{len(decided):,}")
glue("all_six", float(100 * all_six))
glue("agreed_won", float(100 * agreed_won))
glue("whole_six", float(100 * whole.mean()))
glue("whole_six_low", float(100 * whole_low))
glue("whole_six_high", float(100 * whole_high))
glue("whole_six_n", len(whole))
assert whole_low < all_six < whole_high
for short, name in zip(
    ["now", "five", "security"], effort_table.index, strict=True
):
    for column in ("all agree", "low", "high"):
        tail = "" if column == "all agree" else f"_{column}"
        glue(
            f"effort_{short}{tail}", float(100 * effort_table.loc[name, column])
        )
glue("lone_n", len(lone))
glue("lone_security", float(100 * (lone == "security").mean()))
glue("lone_low", float(100 * lone_low))
glue("lone_high", float(100 * lone_high))
glue("user_yes_lost", float(100 * user_yes.mean()))
glue("user_yes_low", float(100 * user_low))
glue("user_yes_high", float(100 * user_high))
glue("people_median", int(deals["stakeholders"].median()))
glue("people_five_up", float(100 * (deals["stakeholders"] >= 5).mean()))
glue("raw_people_or", f"{raw_people_or:.2f}")
glue("few_won", float(100 * by_people["mean"].iloc[0]))
glue("many_won", float(100 * by_people["mean"].iloc[-1]))
for short, row in [("few", by_people.iloc[0]), ("many", by_people.iloc[-1])]:
    glue(f"{short}_won_low", float(100 * row["low"]))
    glue(f"{short}_won_high", float(100 * row["high"]))
others = roles["yes"].drop("security")
assert roles.loc["security", "high"] < others.min()
assert effort_table["low"].iloc[2] > effort_table["all agree"].iloc[0]
assert effort_table["all agree"].iloc[2] > effort_table["all agree"].iloc[1]
assert abs(all_six - whole.mean()) < 0.12
assert (
    odds_ratios.loc["stakeholders", "high"] > 1
    and by_people["mean"].iloc[0] > by_people["mean"].iloc[-1]
)

# %% [markdown]
# ## 10. What makes it slow
#
# `stages` holds the day on which a deal reached each of four stages: discovery, evaluation, security, and audit (budget, oversight, contract, legal). Where a committee has no security reviewer there is no security stage. We take won deals opened in 2024, and the *mean* days in each stage, since means add up to the whole. A company pays from its **operating** budget, the money for running costs, or its **capital** budget, the money for investments.

# %%
began = pipewright.stages.pivot(
    index="opportunity_id", columns="stage", values="entered_on"
)
path = decided[decided["outcome"] == "won"].join(began, on="opportunity_id")
path["after"] = path["security"].fillna(path["audit"])
stage_days = pd.DataFrame(
    {
        "discovery": (path["evaluation"] - path["discovery"]).dt.days,
        "evaluation": (path["after"] - path["evaluation"]).dt.days,
        "security": (path["audit"] - path["security"]).dt.days.fillna(0),
        "audit": (path["closed_on"] - path["audit"]).dt.days,
    }
)
budget = path["budget_type"].astype(str)
mean_days = stage_days.groupby(budget).mean().rename_axis("budget")
mean_days.assign(
    whole=mean_days.sum(axis=1),
    tenth=stage_days["audit"].groupby(budget).quantile(0.9),
).rename(columns={"tenth": "audit, slowest tenth from"}).round(0)

# %% [markdown]
# Three stages are alike, one is not. How much longer is the audit of a capital budget? Lengths of stages are skewed, so we compare logarithms, within the size of the firm, and turn the difference back into a ratio.

# %%
path["log_audit"] = np.log(stage_days["audit"])
path["capital"] = (budget == "capital").astype(int)
audit = smf.ols(
    "log_audit ~ capital + C(size)", path.astype({"size": str})
).fit()
audit_ratio = np.exp(audit.params["capital"])
audit_low, audit_high = np.exp(audit.conf_int().loc["capital"])
print(
    f"audit, capital over operating: {audit_ratio:.2f} times ({audit_low:.2f} to {audit_high:.2f}), {len(path)} won deals"
)

# %% [markdown]
# The picture puts the stages of each kind of budget in a row.

# %% name="fig-stages"
fig, ax = plt.subplots(figsize=(style.WIDTH, 3.0))
shades = dict(
    zip(
        stage_days.columns,
        [style.LIGHT, style.PIPEWRIGHT_TINT, style.GREY, style.PIPEWRIGHT],
        strict=True,
    )
)
for place, name in enumerate(["capital", "operating"]):
    start = 0
    for stage, length in mean_days.loc[name, stage_days.columns].items():
        ax.barh(place, length, left=start, color=shades[stage], height=0.55)
        ink = style.PAPER if stage in ("audit", "security") else style.INK
        ax.text(
            start + length / 2,
            place,
            f"{length:.0f}",
            ha="center",
            va="center",
            color=ink,
        )
        if place == 1:
            ax.text(
                start,
                1.4 if stage in ("discovery", "security") else 1.75,
                stage,
            )
        start += length
ax.set_yticks([0, 1], ["capital", "operating"])
ax.set_ylim(-0.5, 2.1)
ax.grid(False)
ax.set_xlabel("Mean days in each stage, deals won")
ax.set_title("Capital budgets wait in the audit")
style.describe(
    fig,
    "Two stacked bars of mean days by stage. "
    + " ".join(
        f"{name.capitalize()}: "
        + ", ".join(f"{stage} {length:.0f}" for stage, length in row.items())
        + "."
        for name, row in mean_days.iterrows()
    ),
)
plt.show()

# %% [markdown]
# So the source is right about capital spending, and the paperwork is where it happens. Security costs two weeks in either.

# %% tags=["book"]
for name in ("operating", "capital"):
    glue(f"audit_{name}", float(mean_days.loc[name, "audit"]))
    glue(f"whole_{name}", float(mean_days.loc[name].sum()))
    glue(
        f"audit_{name}_tail",
        float(stage_days["audit"][budget == name].quantile(0.9)),
    )
glue(
    "security_days",
    float(stage_days.loc[path["security"].notna(), "security"].mean()),
)
glue("audit_ratio", f"{audit_ratio:.1f}")
glue("audit_low", f"{audit_low:.1f}")
glue("audit_high", f"{audit_high:.1f}")
glue("path_n", len(path))
assert audit_low > 1.5

# %% [markdown]
# ## 11. Win rate, three ways
#
# "What share of our deals do we win?" The dashboard takes the deals opened in the last six months and divides the won by the closed. Finance takes all closed deals. And we take all deals *opened* in 2024, a cohort in which each has an end.

# %%
closed = deals[deals["outcome"] != "open"]
recent = deals[deals["created_on"] >= "2025-07-01"]
recent_closed = recent[recent["outcome"] != "open"]
win_rates = {}
for name, group in [
    ("opened in the last six months, closed ones", recent_closed),
    ("all closed deals", closed),
    ("opened in 2024, all of them", decided),
]:
    count = int((group["outcome"] == "won").sum())
    low, high = proportion_confint(count, len(group), method="wilson")
    win_rates[name] = (count, len(group), count / len(group), low, high)
win_rates = pd.DataFrame(
    win_rates, index=["won", "of", "rate", "low", "high"]
).T
win_rates = win_rates.astype({"won": int, "of": int}).rename_axis(
    "win rate of deals"
)
win_rates.round(3)

# %% [markdown]
# The first is twice the last. A win takes some seventy days, a loss twice that, so among young deals the closed ones are the won ones. Draw it by the quarter of opening.

# %% name="fig-winrate"
quarter = deals["created_on"].dt.to_period("Q")
by_quarter = pd.DataFrame(
    {
        "won": (deals["outcome"] == "won").groupby(quarter).sum(),
        "closed": (deals["outcome"] != "open").groupby(quarter).sum(),
        "all": deals.groupby(quarter).size(),
    }
).loc["2024Q1":]
by_quarter["closed only"] = 100 * by_quarter["won"] / by_quarter["closed"]
by_quarter["cohort"] = (100 * by_quarter["won"] / by_quarter["all"]).where(
    by_quarter["closed"] == by_quarter["all"]
)
fig, ax = plt.subplots()
ax.plot(
    range(len(by_quarter)), by_quarter["closed only"], "o--", color=style.GREY
)
ax.plot(
    range(len(by_quarter)), by_quarter["cohort"], "o-", color=style.PIPEWRIGHT
)
ax.text(2.6, 58, "closed deals only", color=style.GREY)
ax.text(0, 11, "all deals, once all are closed", color=style.PIPEWRIGHT)
ax.set_xticks(
    range(len(by_quarter)),
    [
        f"Q{q.quarter}\n{q.year}" if q.quarter == 1 else f"Q{q.quarter}"
        for q in by_quarter.index
    ],
)
ax.set_ylim(0, 100)
ax.set_ylabel("Won, %")
ax.set_xlabel("Quarter in which the deal was opened")
ax.set_title("The win rate climbs because losses take longer")
style.describe(
    fig,
    "Two lines by quarter of opening. Of all deals of 2024 about "
    f"{by_quarter['cohort'].mean():.0f} per cent were won, quarter after quarter. Counting closed deals only, the line climbs through 2025 to "
    f"{by_quarter['closed only'].iloc[-1]:.0f} per cent in the last quarter.",
)
plt.show()

# %% [markdown]
# The end of the data has hidden the losses. But did sales get better as well, in 2025? The cohort of 2024 can't say. Count the share won by each age in a way that uses open deals for as long as they were watched: each day's wins over the deals still open that morning, times the share that was still open. That share is the **cumulative incidence**; it knows that a lost deal can't be won any more. By hand first, for deals opened in 2025.

# %%
young = deals[deals["created_on"] >= "2025-01-01"]
age_days = (young["closed_on"].fillna(window_end) - young["created_on"]).dt.days
outcome = young["outcome"].astype(str)
still_open, won_by = 1.0, 0.0
for day in range(181):
    watched = (age_days >= day).sum()
    ends = age_days == day
    won_by += still_open * (ends & (outcome == "won")).sum() / watched
    still_open *= 1 - (ends & (outcome != "open")).sum() / watched
print(f"deals of 2025 won within 180 days: {won_by:.1%}")

# %% [markdown]
# With the library, which counts from day 1, and adds an interval. Of the deals of 2024 all are closed, so theirs is a plain share.

# %%
ending = outcome.map({"open": 0, "won": 1, "lost": 2, "no_decision": 3})
incidence = CumIncidenceRight(age_days + 1, ending)
place = np.searchsorted(incidence.times, 181, side="right") - 1
won_180 = incidence.cinc[0][place]
won_180_low, won_180_high = (
    won_180 + side * 1.96 * incidence.cinc_se[0][place] for side in (-1, 1)
)
in_180 = (decided["outcome"] == "won") & (
    (decided["closed_on"] - decided["created_on"]).dt.days <= 180
)
before_low, before_high = proportion_confint(
    int(in_180.sum()), len(in_180), method="wilson"
)
print(
    f"won within 180 days: opened in 2025 {won_180:.1%} ({won_180_low:.1%} to {won_180_high:.1%}), in 2024 {in_180.mean():.1%} ({before_low:.1%} to {before_high:.1%})"
)
assert abs(won_180 - won_by) < 1e-9

# %% [markdown]
# The two years are alike. Nobody has learnt to sell, and nobody has unlearnt it; deals of the last quarter are the extreme, so no chart should show the closed ones alone.

# %% tags=["book"]
for short, name in zip(
    ["recent", "closed", "cohort"], win_rates.index, strict=True
):
    for column in ("rate", "low", "high"):
        tail = "" if column == "rate" else f"_{column}"
        glue(f"win_{short}{tail}", float(100 * win_rates.loc[name, column]))
glue("recent_n", f"{len(recent):,}")
glue("recent_closed_n", f"{len(recent_closed):,}")
glue("closed_last_quarter", float(by_quarter["closed only"].iloc[-1]))
recent_ratio = win_rates["rate"].iloc[0] / win_rates["rate"].iloc[2]
glue("recent_ratio", float(recent_ratio))
glue(
    "days_won",
    float(
        (closed["closed_on"] - closed["created_on"])
        .dt.days[closed["outcome"] == "won"]
        .median()
    ),
)
lost_days = (decided["closed_on"] - decided["created_on"]).dt.days
glue("days_won_2024", float(lost_days[decided["outcome"] == "won"].median()))
glue("days_lost_2024", float(lost_days[decided["outcome"] == "lost"].median()))
glue(
    "days_none_2024",
    float(lost_days[decided["outcome"] == "no_decision"].median()),
)
glue(
    "no_decision_share",
    float(
        100
        * (decided["outcome"] == "no_decision").sum()
        / (decided["outcome"] != "won").sum()
    ),
)
for tail, value in zip(
    ["", "_low", "_high"], [won_180, won_180_low, won_180_high], strict=True
):
    glue(f"win_2025{tail}", float(100 * value))
assert won_180_low < in_180.mean() < won_180_high, (
    "the chapter says that 2025 is like 2024"
)
assert recent_ratio > 1.6
assert by_quarter["closed only"].loc["2025Q1":].is_monotonic_increasing
assert (
    lost_days[decided["outcome"] == "lost"].median()
    > 1.6 * lost_days[decided["outcome"] == "won"].median()
)

# %% [markdown]
# ## 12. How many of the open deals will be won?
#
# When the data end, on 31 December 2025, many deals are open. The textbook multiplies: open deals times win rate. Two rates were just on offer.

# %%
now_open = deals[deals["outcome"] == "open"].copy()
now_open["age"] = (window_end - now_open["created_on"]).dt.days
textbook_recent = len(now_open) * win_rates["rate"].iloc[0]
textbook_closed = len(now_open) * win_rates["rate"].iloc[1]
print(
    f"{len(now_open)} open deals: {textbook_recent:.0f} or {textbook_closed:.0f} wins"
)

# %% [markdown]
# But an open deal is not any deal. One that is five months old has outlived nearly all wins. So ask the deals of 2024, all of which have ended: *of those that lived longer than this one has, and were of the same size of firm, which share was won?* First one case by hand.

# %%
lasted = (decided["closed_on"] - decided["created_on"]).dt.days
medium = decided["size"].astype(str) == "medium"
for age in (0, 60, 120):
    longer = decided[medium & (lasted > age)]
    print(
        f"medium firm, {age} days old: {(longer['outcome'] == 'won').sum()} of {len(longer)} = {(longer['outcome'] == 'won').mean():.2f}"
    )

# %% [markdown]
# Then for each open deal, and added up. The interval has two parts: the 2024 deals are a sample (draw them again), and each open deal still goes one way or the other (toss for it). It says nothing of a year that sells otherwise than 2024 did; section 11 found no sign of that.


# %%
def chances(ended, pending):
    """Chance of a win of each pending deal, from ended deals of its size of firm that lived longer.

    ended: size, lasted (days), won; pending: size, age (days). Returns an array.
    """
    found = np.zeros(len(pending))
    of, lasted, won = (
        ended[name].to_numpy() for name in ("size", "lasted", "won")
    )
    sizes, ages = pending["size"].to_numpy(), pending["age"].to_numpy()
    for size in ("small", "medium", "large"):
        same, rows = of == size, sizes == size
        order = lasted[same].argsort()
        place = np.searchsorted(lasted[same][order], ages[rows], side="right")
        left = same.sum() - place
        wins = won[same][order]
        wins_left = wins.sum() - np.concatenate([[0], wins.cumsum()])[place]
        found[rows] = wins_left / np.maximum(left, 1)
    return found


def futures(ended, pending, draws=400):
    """Wins and euros a year that come of the pending deals, one row a draw."""
    generator = np.random.default_rng(12)
    euros = pending["amount_cents"].to_numpy() / 100
    ended = ended[["size", "lasted", "won"]].astype({"size": object})
    pending = pending[["size", "age"]].astype({"size": object})
    rows = []
    for _ in range(draws):
        again = ended.iloc[generator.integers(0, len(ended), len(ended))]
        come = generator.random(len(pending)) < chances(again, pending)
        rows.append((come.sum(), euros[come].sum()))
    return pd.DataFrame(rows, columns=["wins", "euros"])


ended = decided.assign(
    lasted=lasted, won=(decided["outcome"] == "won").astype(int)
)
ended, now_open = (table.astype({"size": str}) for table in (ended, now_open))
now_open["chance"] = chances(ended, now_open)
by_age = now_open["chance"].sum()
coming = futures(ended, now_open)
by_age_low, by_age_high = coming["wins"].quantile([0.025, 0.975])
print(f"by age: {by_age:.0f} wins ({by_age_low:.0f} to {by_age_high:.0f})")

# %% [markdown]
# Less than half of the textbook's lower number. Where did the rest go? Group the open deals by age.

# %% name="ages"
age_bands = pd.cut(
    now_open["age"],
    [-1, 30, 60, 90, 120, 400],
    labels=["0 to 30", "31 to 60", "61 to 90", "91 to 120", "over 120"],
)
ages = now_open.groupby(age_bands, observed=True)["chance"].agg(
    ["count", "mean", "sum"]
)
ages["finance"] = ages["count"] * win_rates["rate"].iloc[1]
ages = ages.rename(columns={"count": "open", "mean": "chance", "sum": "by age"})
ages["chance"] = (100 * ages["chance"]).map("{:.1f} %".format)
ages[["open", "chance", "by age", "finance"]].rename_axis("days").round(1)

# %% [markdown]
# Finance gives each open deal the rate of all closed deals: the last column. The old deals are many and dead, and it pays for them in full. In money the same way: the sum of price times chance, and an interval by the same draws, which is wide since few deals hold much of the money.

# %%
money_by_age = (now_open["amount_cents"] * now_open["chance"]).sum() / 100
money_low, money_high = coming["euros"].quantile([0.025, 0.975])
money_textbook = (
    now_open["amount_cents"].sum() / 100 * win_rates["rate"].iloc[1]
)
print(
    f"euros a year: textbook {money_textbook:,.0f}; by age {money_by_age:,.0f} ({money_low:,.0f} to {money_high:,.0f})"
)

# %% [markdown]
# A forecast earns trust by a **backtest**: go back to a day whose future is known by now, use only what was known *then*, and compare. Deals closed later are open again; the ended ones are those opened from January 2024 until 360 days before that day, by when all are closed. The four days share many of their deals, so this is fewer than four tests.


# %%
def backtest(day):
    """What the three forecasts would have said on a day, and what came."""
    day = pd.Timestamp(day)
    known = deals[deals["created_on"] <= day].astype({"size": str})
    was_open = known["closed_on"].isna() | (known["closed_on"] > day)
    pending = known[was_open].assign(age=(day - known["created_on"]).dt.days)
    gone = known[~was_open]
    old = gone[
        gone["created_on"].between(window_start, day - pd.Timedelta(days=360))
    ]
    old = old.assign(
        lasted=(old["closed_on"] - old["created_on"]).dt.days,
        won=(old["outcome"] == "won").astype(int),
    )
    young = gone[gone["created_on"] > day - pd.DateOffset(months=6)]
    low, high = futures(old, pending, 100)["wins"].quantile([0.025, 0.975])
    return {
        "open": len(pending),
        "six months' rate": len(pending) * (young["outcome"] == "won").mean(),
        "all closed": len(pending) * (gone["outcome"] == "won").mean(),
        "by age": chances(old, pending).sum(),
        "low": low,
        "high": high,
        "came": (pending["outcome"] == "won").sum(),
    }


look_days = ["2025-03-31", "2025-04-30", "2025-05-31", "2025-06-30"]
backtests = pd.DataFrame(
    {day: backtest(day) for day in look_days}
).T.rename_axis("on")
backtests.round(0).astype(int)

# %% [markdown]
# The forecast by age lies near what came, the others far above it on each of the four days. Move the day, and the way of counting.

# %% name="forecast-lab"
lab = backtests.copy()
lab.loc["2025-12-31"] = {
    "open": len(now_open),
    "six months' rate": textbook_recent,
    "all closed": textbook_closed,
    "by age": by_age,
    "low": by_age_low,
    "high": by_age_high,
    "came": np.nan,
}
ways = ["six months' rate", "all closed", "by age"]


def draw_forecast(day, way):
    row = lab.loc[day]
    fig, ax = plt.subplots(figsize=(style.WIDTH, 2.4))
    ax.barh(
        [2, 1, 0],
        [row["open"], row[way], row["came"]],
        color=[style.LIGHT, style.PIPEWRIGHT_TINT, style.PIPEWRIGHT],
        height=0.6,
    )
    ax.set_yticks([2, 1, 0], ["Open deals", "Wins forecast", "Wins that came"])
    notes = [
        f"{row['open']:.0f}",
        f"{row[way]:.0f}",
        "not yet known" if np.isnan(row["came"]) else f"{row['came']:.0f}",
    ]
    if way == "by age":
        ax.hlines(1, row["low"], row["high"], color=style.INK, lw=1.5)
        notes[1] += f" ({row['low']:.0f} to {row['high']:.0f})"
    for place, note, value in zip(
        [2, 1, 0],
        notes,
        [
            row["open"],
            max(row[way], row["high"] if way == "by age" else 0),
            row["came"],
        ],
        strict=True,
    ):
        ax.text(np.nan_to_num(value) + 8, place, note, va="center")
    ax.set_xlim(0, 620)
    ax.set_xlabel("Deals")
    if np.isnan(row["came"]):
        ax.set_title(f"{row[way]:.0f} wins promised for 2026")
    else:
        ax.set_title(f"{row[way]:.0f} wins promised, {row['came']:.0f} came")
    return fig


def words_forecast(day, way):
    row = lab.loc[day]
    came = (
        "what comes is not yet known"
        if np.isnan(row["came"])
        else f"{row['came']:.0f} came"
    )
    margin = (
        f" ({row['low']:.0f} to {row['high']:.0f})" if way == "by age" else ""
    )
    return f"On {day} {row['open']:.0f} deals are open. Forecast with “{way}”: {row[way]:.0f} wins{margin}; {came}."


tw.explore(
    draw_forecast,
    describe=words_forecast,
    title="The same pipeline, three promises",
    labels={"day": "On", "way": "Win rate used"},
    day=list(lab.index),
    way=ways,
)

# %% tags=["book"]
glue("open_n", f"{len(now_open):,}")
glue("textbook_recent", float(textbook_recent))
glue("textbook_closed", float(textbook_closed))
glue("forecast_age", float(by_age))
glue("forecast_low", float(by_age_low))
glue("forecast_high", float(by_age_high))
glue("open_old", float(100 * (now_open["age"] > 120).mean()))
glue(
    "chance_old",
    float(100 * now_open.loc[now_open["age"] > 120, "chance"].mean()),
)
glue(
    "chance_young",
    float(100 * now_open.loc[now_open["age"] <= 30, "chance"].mean()),
)
glue("money_textbook", f"{money_textbook / 1e6:.2f}")
glue("money_by_age", f"{money_by_age / 1e6:.2f}")
glue("money_low", f"{money_low / 1e6:.2f}")
glue("money_high", f"{money_high / 1e6:.2f}")
for day in ("2025-03-31", "2025-06-30"):
    short = day[5:7]
    for column, name in [
        ("all closed", "closed"),
        ("by age", "age"),
        ("low", "low"),
        ("high", "high"),
        ("came", "came"),
        ("open", "open"),
    ]:
        glue(f"back_{short}_{name}", f"{backtests.loc[day, column]:.0f}")
glue("back_worst", f"{(backtests['all closed'] / backtests['came']).max():.1f}")
glue("back_least", f"{(backtests['all closed'] / backtests['came']).min():.1f}")
glue(
    "back_inside",
    int(backtests["came"].between(backtests["low"], backtests["high"]).sum()),
)
assert (backtests["all closed"] > 1.8 * backtests["came"]).all()
assert textbook_closed > 1.5 * by_age_high
assert now_open.loc[now_open["age"] > 120, "chance"].mean() < 0.01
assert (
    (backtests["by age"] - backtests["came"]).abs()
    < (backtests["all closed"] - backtests["came"]).abs() / 3
).all()

# %% [markdown]
# ## 13. The product manager who joined the call
#
# Some deals had a product manager in a call. Those were won more often. By hand: the odds, and their ratio.

# %%
share = mature.groupby("joined")["won"].agg(["mean", "count"])
odds = share["mean"] / (1 - share["mean"])
raw_joined = smf.logit("won ~ joined", mature).fit(disp=False)
raw_or = np.exp(raw_joined.params["joined"])
raw_or_low, raw_or_high = np.exp(raw_joined.conf_int().loc["joined"])
print(
    f"won with a product manager {share.loc[1, 'mean']:.1%}, without {share.loc[0, 'mean']:.1%}\nodds ratio {odds[1] / odds[0]:.2f} ({raw_or_low:.2f} to {raw_or_high:.2f})"
)

# %% [markdown]
# Before anybody books more flights: which calls did they join? `fit` is what the executive noted at the opening, before anything else happened.

# %% name="joined"
by_fit = mature.groupby("fit").agg(
    deals=("won", "size"), joined=("joined", "mean")
)
won_by_fit = mature.pivot_table(index="fit", columns="joined", values="won")
by_fit["won without"], by_fit["won with"] = won_by_fit[0], won_by_fit[1]
by_fit.map(lambda value: value if value > 1 else f"{value:.0%}").astype(
    {"deals": int}
)

# %% [markdown]
# They join where the deal looks good anyway. So compare within the same fit: one two-by-two table for each fit, put together by Mantel and Haenszel's weights. By hand, then with the library.

# %%
tables, top, bottom = [], 0, 0
for _, group in mature.groupby("fit"):
    with_pm, without = (
        group[group["joined"] == 1]["won"],
        group[group["joined"] == 0]["won"],
    )
    a, b = with_pm.sum(), (1 - with_pm).sum()
    c, d = without.sum(), (1 - without).sum()
    top += a * d / len(group)
    bottom += b * c / len(group)
    tables.append(np.array([[a, b], [c, d]]))
pooled = sm.stats.StratifiedTable(tables)
fit_or = pooled.oddsratio_pooled
fit_low, fit_high = pooled.oddsratio_pooled_confint()
print(
    f"by hand {top / bottom:.2f}; statsmodels {fit_or:.2f} ({fit_low:.2f} to {fit_high:.2f})"
)
print(
    f"all else alike (section 8): {odds_ratios.loc['joined', 'odds ratio']:.2f} ({odds_ratios.loc['joined', 'low']:.2f} to {odds_ratios.loc['joined', 'high']:.2f})"
)

# %% [markdown]
# Less than it looked, and still above 1. This works only because the reason for joining stands in the table. Had they joined where they had a good feeling that nobody wrote down, no regression would find the truth; only a lot would.

# %% tags=["book"]
glue("pm_won_with", float(100 * share.loc[1, "mean"]))
glue("pm_won_without", float(100 * share.loc[0, "mean"]))
glue("pm_raw", f"{raw_or:.2f}")
glue("pm_raw_low", f"{raw_or_low:.2f}")
glue("pm_raw_high", f"{raw_or_high:.2f}")
glue("pm_fit", f"{fit_or:.2f}")
glue("pm_fit_low", f"{fit_low:.2f}")
glue("pm_fit_high", f"{fit_high:.2f}")
glue("pm_joins_low", float(100 * by_fit.loc[1, "joined"]))
glue("pm_joins_high", float(100 * by_fit.loc[3, "joined"]))
glue("mature_n", f"{len(mature):,}")
assert (
    raw_or > fit_or * 1.1
    and fit_low > 1
    and odds_ratios.loc["joined", "low"] > 1
)

# %% [markdown]
# ## 14. The best seller of the quarter
#
# Sales wants to copy its best people. Rank the account executives by a quarter's deals of 2024, and see them again in the next. All of these deals are closed. Executives serve firms of one size, which buy at different rates, so we take each one's win rate *above that of their size of firm* in the quarter. We take executives with at least six deals in both quarters, of each quarter the best third, and do that three times. The same person may be among the best twice, so the interval clusters by executive.

# %%
year = decided.assign(
    won=(decided["outcome"] == "won").astype(float),
    quarter=decided["created_on"].dt.quarter,
).astype({"size": str})
year["above"] = year["won"] - year.groupby(["quarter", "size"])[
    "won"
].transform("mean")
sellers = year.pivot_table(
    index="executive_id",
    columns="quarter",
    values="above",
    aggfunc=["mean", "count"],
)
best_thirds = []
for quarter_now in (1, 2, 3):
    both = sellers["mean"][[quarter_now, quarter_now + 1]]
    both = both[
        (sellers["count"][[quarter_now, quarter_now + 1]] >= 6).all(axis=1)
    ]
    best = both[quarter_now].nlargest(round(len(both) / 3)).index
    best_thirds.append(
        pd.DataFrame(
            {
                "then": 100 * both.loc[best, quarter_now],
                "after": 100 * both.loc[best, quarter_now + 1],
            }
        )
    )
best_thirds = pd.concat(best_thirds).reset_index()
led = best_thirds["then"].mean()
kept_fit = smf.ols("after ~ 1", best_thirds).fit(
    cov_type="cluster",
    cov_kwds={"groups": best_thirds["executive_id"]},
    use_t=True,
)
kept = kept_fit.params["Intercept"]
kept_low, kept_high = kept_fit.conf_int().loc["Intercept"]
print(
    f"{len(best_thirds)} places in the best third, {best_thirds['executive_id'].nunique()} executives: {led:+.1f} points ahead,\nthen {kept:+.1f} ({kept_low:+.1f} to {kept_high:+.1f}) in the next quarter"
)

# %% [markdown]
# Their lead shrinks or vanishes: **regression to the mean**. How much do they differ at all, beyond luck? As with the headlines: the variance between executives, less what luck would make.

# %%
whole_year = year.groupby(["executive_id", "size"]).agg(
    above=("above", "mean"), deals=("above", "size"), luck=("above", "var")
)
whole_year = whole_year[whole_year["deals"] >= 20]
between = whole_year["above"].var()
by_luck = (whole_year["luck"] / whole_year["deals"]).mean()
print(f"variance between executives over that by luck: {between / by_luck:.2f}")

# %% [markdown]
# A value near 1 or below says that luck alone would make such a league table. Skill may exist; a table of one year is no way to see it.

# %% tags=["book"]
glue("sellers_best_n", len(best_thirds))
glue("sellers_people", int(best_thirds["executive_id"].nunique()))
glue("sellers_led", f"{led:.1f}")
glue("sellers_kept", f"{kept:.1f}".replace("-", "−"))
glue("sellers_kept_low", f"{kept_low:+.1f}".replace("-", "−"))
glue("sellers_kept_high", f"{kept_high:+.1f}".replace("-", "−"))
glue("sellers_ratio", f"{between / by_luck:.1f}")
assert kept < 0.7 * led and kept_low < 0, (
    "the chapter says that the lead of the best shrinks to nothing that can be told"
)

# %% [markdown]
# ## 15. The return, with its uncertainty
#
# In summer 2025 people at customers drawn by lot were timed at reports and typing, with Pipewright, and their time before is on record. Marketing then wrote case studies. The unit is the account.

# %%
timed = pipewright.time_studies.assign(
    saved=lambda table: table["minutes_before"] - table["minutes_after"]
)
saved = timed["saved"].mean()
saved_error = timed["saved"].sem()
saved_low, saved_high = saved - 1.96 * saved_error, saved + 1.96 * saved_error
case_saved = timed.loc[timed["in_case_study"], "saved"].mean()
print(
    f"minutes saved a person and week:\ncase studies {case_saved:.0f} ({timed['in_case_study'].sum()} accounts), all {saved:.0f} ({saved_low:.0f} to {saved_high:.0f}, {len(timed)} accounts)\nnone saved at {(timed['saved'] <= 0).mean():.0%}"
)

# %% [markdown]
# Case studies were chosen *by* their result. They are survivors, like the best seller and the winning headline.
#
# **Return on investment** (ROI) is what comes back, less what it cost, over what it cost. Here for a seat in its first year. Price and use come from Pipewright's tables: what accounts pay a seat, and the share of paid seats used in a week of the last quarter of 2025. The value of an hour, the weeks and the training are the buyer's own figures, assumed here.

# %%
seats_used = (
    pipewright.usage[pipewright.usage["week"] >= "2025-10-01"]
    .groupby("account_id")[["active_members", "seats"]]
    .sum()
    .pipe(lambda table: table["active_members"] / table["seats"])
)
running = pipewright.subscriptions[
    (pipewright.subscriptions["started_on"] <= window_end)
    & (pipewright.subscriptions["ends_on"] >= window_end)
]
seat_price = 12 * running["mrr_cents"] / running["seats"] / 100
inputs = pd.DataFrame(
    {
        "low": [
            saved_low,
            seats_used.quantile(0.25),
            35,
            42,
            seat_price.quantile(0.75),
            5,
        ],
        "base": [saved, seats_used.median(), 45, 44, seat_price.median(), 3],
        "high": [
            saved_high,
            seats_used.quantile(0.75),
            55,
            46,
            seat_price.quantile(0.25),
            2,
        ],
    },
    index=pd.Index(
        [
            "minutes saved a week",
            "share of seats used",
            "euros an hour",
            "weeks",
            "price of a seat",
            "hours of training",
        ],
        name="input",
    ),
)
inputs.round(2)


# %% [markdown]
# Then the formula, and three scenarios: all inputs low, at their base, high. *Low* means low for the return, so a low price stands in the column *high*. The fourth line takes the base, with the case studies' minutes.


# %%
def first_year_roi(minutes, used, hour, weeks, price, training):
    """What comes back of a seat in the first year, less its cost, over its cost."""
    benefit = minutes / 60 * weeks * used * hour
    cost = price + training * hour
    return benefit / cost - 1


base_roi = first_year_roi(*inputs["base"])
scenarios = pd.Series(
    {name: first_year_roi(*inputs[name]) for name in inputs}
    | {"case studies": first_year_roi(case_saved, *inputs["base"][1:])},
    name="ROI in the first year, %",
)
(100 * scenarios).round(0).astype(int).rename_axis("scenario").to_frame()

# %% [markdown]
# *Low* and *high* turn all six the same way at once, which hardly happens. To see which input decides, turn one at a time and leave the others at their base: the widest bar on top. That picture is a **tornado**.

# %% name="fig-tornado"
swings = {}
for name in inputs.index:
    ends = []
    for column in ("low", "high"):
        turned = inputs["base"].copy()
        turned[name] = inputs.loc[name, column]
        ends.append(100 * first_year_roi(*turned))
    swings[name] = ends
tornado = pd.DataFrame(swings, index=["low", "high"]).T
tornado = tornado.loc[
    (tornado["high"] - tornado["low"]).abs().sort_values().index
]
fig, ax = plt.subplots(figsize=(style.WIDTH, 3.6))
for place, row in enumerate(tornado.to_dict("records")):
    left, right = sorted(row.values())
    ax.barh(place, right - left, left=left, color=style.PIPEWRIGHT, height=0.6)
    ax.text(
        left - 1.5,
        place,
        f"{left:.0f}".replace("-", "−"),
        ha="right",
        va="center",
    )
    ax.text(right + 1.5, place, f"{right:.0f}".replace("-", "−"), va="center")
ax.axvline(100 * base_roi, color=style.INK, lw=1)
ax.axvline(0, color=style.GREY, lw=1, ls=":")
ax.set_yticks(
    range(len(tornado)),
    [
        name.replace(" a week", "").replace("share of ", "")
        for name in tornado.index
    ],
)
ax.set_xlim(tornado.min().min() - 14, tornado.max().max() + 14)
ax.grid(False)
ax.set_xlabel("Return in the first year, %")
widest = tornado.index[-1]
ax.set_title(
    f"The return hangs most on the {widest}"
    if not widest.startswith("share")
    else "The return hangs most on the seats used"
)
style.describe(
    fig,
    f"A tornado around a return of {100 * base_roi:.0f} per cent: for each input, the return at its low and its high value. "
    + "; ".join(
        f"{name} {row['low']:.0f} to {row['high']:.0f}"
        for name, row in tornado[::-1].iterrows()
    )
    + ".",
)
plt.show()

# %% [markdown]
# The widest bar depends on the range we gave it, and the ranges are of three kinds: the interval of a mean (minutes), the middle half of the accounts (use, price), and the buyer's own guesses (the rest).
#
# **Payback**, the cost over the benefit of a month, says the same in time. And for how many customers is the return above zero? No draw is needed: each account that was timed has minutes, use and a price of its own. Those that have left since have no price now and are left out. The buyer's figures stay at their base.

# %%
_, _, hour, weeks, _, training = inputs["base"]
accounts_timed = pd.DataFrame(
    {
        "minutes": timed.set_index("account_id")["saved"],
        "used": seats_used,
        "price": seat_price.set_axis(running["account_id"]),
    }
).dropna()
paid_off = {}
for name, used in [
    ("seats as used", accounts_timed["used"]),
    ("every seat in use", 1),
]:
    returns = first_year_roi(
        accounts_timed["minutes"],
        used,
        hour,
        weeks,
        accounts_timed["price"],
        training,
    )
    count = int((returns > 0).sum())
    low, high = proportion_confint(count, len(returns), method="wilson")
    paid_off[name] = (100 * count / len(returns), 100 * low, 100 * high)
paid_off = pd.DataFrame(
    paid_off, index=["return above zero, %", "low", "high"]
).T.rename_axis(f"of {len(accounts_timed)} accounts")
cost = inputs.loc["price of a seat", "base"] + training * hour
payback = 12 / (1 + base_roi)
print(f"payback at the base: {payback:.0f} months")
paid_off.round(0).astype(int)

# %% [markdown]
# About half, which is no poster. It tells the buyer what to do, too: buy no more seats than are used. Set the share used to 1, let the minutes run over their interval, and ask from how many minutes on a seat pays for itself.

# %%
full_use = [
    first_year_roi(minutes, 1, *inputs["base"].iloc[2:])
    for minutes in (saved_low, saved, saved_high)
]
break_even = 60 * cost / (weeks * hour)
print(
    "every paid seat in use: "
    + ", ".join(f"{value:+.0%}" for value in full_use)
    + f"\nnothing gained, nothing lost at {break_even:.0f} minutes a week"
)

# %% [markdown]
# Positive at both ends, *on average over customers*; for a single one it may still be a loss, as the second line of the table says (a part of its spread is the error of timing few people). So the story names the minutes at which it pays, and how many customers reached them. A buyer can check that at home.

# %% tags=["book"]
glue("saved", float(saved))
glue("saved_low", float(saved_low))
glue("saved_high", float(saved_high))
glue("saved_n", len(timed))
glue("saved_none", float(100 * (timed["saved"] <= 0).mean()))
glue("case_saved", float(case_saved))
glue("case_n", int(timed["in_case_study"].sum()))
for name in scenarios.index:
    glue(
        f"roi_{name.replace(' ', '_')}",
        f"{100 * scenarios[name]:+.0f}".replace("-", "−"),
    )
for short, name in zip(["paid", "paid_full"], paid_off.index, strict=True):
    for tail, value in zip(
        ["", "_low", "_high"], paid_off.loc[name], strict=True
    ):
        glue(f"{short}{tail}", float(value))
glue("paid_n", len(accounts_timed))
glue("break_even", float(break_even))
assert 40 < paid_off.iloc[0, 0] < 60 and break_even < saved_low, (
    "the chapter says about half, and that the mean lies above the break-even"
)
for tail, value in zip(["_low", "", "_high"], full_use, strict=True):
    glue(f"roi_used{tail}", f"{100 * value:.0f}")
assert full_use[0] > 0, (
    "the chapter says that the return of the average is above zero"
)
glue("payback", float(payback))
glue("seat_year", f"{inputs.loc['price of a seat', 'base']:,.0f}")
glue("seats_used", float(100 * inputs.loc["share of seats used", "base"]))
glue(
    "widest",
    "the share of seats in use"
    if widest.startswith("share")
    else f"the {widest}",
)
assert case_saved > 2 * saved and scenarios["case studies"] > 1
assert scenarios["low"] < 0 < scenarios["high"]

# %% [markdown]
# ## 16. Whom to talk to
#
# A product manager who talks to people learns their problems (C41). How much, and from whom? In chapter 4's interviews, how many of the themes does one hear in twelve and in twenty talks, with users alone and with people of four kinds? The mean of 300 draws of talks, and the range of 95 in a hundred of them. A talk in which no problem was named counts as a talk, and adds no theme.

# %%
talks = pipewright.interviews.merge(
    pipewright.contacts[["contact_id", "persona"]], on="contact_id"
)
themes_of = talks.groupby("interview_id")["theme"].agg(
    lambda raised: set(raised) - {"no problem named"}
)
all_themes = set().union(*themes_of)
persona_of = talks.groupby("interview_id")["persona"].first().astype(str)


def themes_heard(groups, each):
    """Number of different themes in `each` interviews of every group, drawn at random: mean, and 95 % of the draws."""
    counts = []
    for _ in range(300):
        heard = set()
        for persona in groups:
            pool = themes_of[persona_of == persona]
            heard |= set().union(
                *random.choice(pool.to_numpy(), each, replace=False)
            )
        counts.append(len(heard))
    return np.mean(counts), *np.quantile(counts, [0.025, 0.975])


personas = ["user", "manager", "administrator", "buyer"]
heard = pd.DataFrame(
    {
        "12 talks with users": themes_heard(["user"], 12),
        "20 talks with users": themes_heard(["user"], 20),
        "12 talks, 3 with each of four": themes_heard(personas, 3),
        "20 talks, 5 with each of four": themes_heard(personas, 5),
    },
    index=["themes heard", "low", "high"],
).T
print(
    f"{len(all_themes)} themes in all {len(themes_of)} interviews"
)
heard.rename_axis("interviews").round(1)

# %% [markdown]
# Talking to people teaches, and whom you talk to decides what. More talks with users bring hardly anything new; a buyer's or an administrator's bring what users never say.

# %% tags=["book"]
glue("themes_all", len(all_themes))
for short, name in zip(
    ["users_12", "users_20", "four_12", "four_20"], heard.index, strict=True
):
    for tail, column in [
        ("", "themes heard"),
        ("_low", "low"),
        ("_high", "high"),
    ]:
        glue(f"themes_{short}{tail}", float(heard.loc[name, column]))
assert heard["themes heard"].iloc[2] > heard["themes heard"].iloc[1]

# %% [markdown]
# ## 17. The reveal
#
# Both companies were made, so their truth is on file. Swiftfare's first.

# %% name="reveal-swiftfare"
planted_sf = tw.truth("swiftfare")["parameters"]
true_rates = 100 * pd.Series(planted_sf["creative_rate"], range(1, 9))
winner_id = int(first_wave.loc[winner, "creative_id"])
is_promise = (
    first_wave.set_index("creative_id")["message"]
    .astype(str)
    .isin(["achievement", "image", "better_situation"])
)
true_lift = 100 * (
    true_rates[is_promise[is_promise].index].mean()
    / true_rates[is_promise[~is_promise].index].mean()
    - 1
)
true_lead = 100 * (true_rates[winner_id] / true_rates.mean() - 1)
true_spread = (true_rates / 100).var()
true_share = true_spread / (true_spread + spread_luck)
reveal_sf = pd.DataFrame(
    {
        "lead in August": (f"{lead_1:+.1f} %", f"{true_lead:+.1f} %"),
        "lead in September": (
            f"{lead_2:+.1f} % ({lead_2_low:+.1f} to {lead_2_high:+.1f})",
            f"{true_lead:+.1f} %",
        ),
        "share not luck": (
            f"{100 * shrink:.0f} % (0 to {100 * shrink_high:.0f})",
            f"{100 * true_share:.0f} %",
        ),
        "lead of promises": (
            f"{lift:+.1f} % ({lift_low:+.1f} to {lift_high:+.1f})",
            f"{true_lift:+.1f} %",
        ),
    },
    index=["estimate", "planted"],
).T.rename_axis("Swiftfare")
reveal_sf.map(lambda text: text.replace("-", "−"))

# %% [markdown]
# August's winner was planted as one of the worst. The best is a headline that August put next to last. For Pipewright, *replies* are points, group less you; *odds* are odds ratios of a win, for the group's message, a product manager in the call, one more person on the committee; *capital audit* is how many times as long it takes.

# %% name="reveal-pipewright"
planted_pw = tw.truth("pipewright")["parameters"]
fates = tw.truth("pipewright", "opportunity_fates")
comes = int((fates["fate"].astype(str) == "won").sum())
rows = [
    (
        "replies, group",
        *differences.loc["replied"].map("{:+.1f}".format),
        f"{100 * (planted_pw['reply_share'][1] - planted_pw['reply_share'][0]):+.1f}",
    ),
    *[
        (
            name,
            *odds_ratios.loc[term].map("{:.2f}".format),
            f"{planted_pw[key]:.2f}",
        )
        for name, term, key in [
            ("odds, group", "group_framing", "group_odds"),
            ("odds, manager", "joined", "pm_odds"),
            ("odds, one more", "stakeholders", "committee_odds"),
        ]
    ],
    (
        "security's yes",
        *roles.loc["security", ["yes", "low", "high"]].map("{:.2f}".format),
        f"{planted_pw['says_yes'][3]:.2f}",
    ),
    *[
        (name, *(f"{value:.{digits}f}" for value in values))
        for name, digits, *values in [
            (
                "capital audit",
                1,
                audit_ratio,
                audit_low,
                audit_high,
                planted_pw["capital_audit"],
            ),
            ("open deals won", 0, by_age, by_age_low, by_age_high, comes),
            (
                "minutes saved",
                0,
                saved,
                saved_low,
                saved_high,
                planted_pw["minutes_saved"],
            ),
        ]
    ],
]
reveal_pw = pd.DataFrame(
    [
        (name, f"{estimate} ({low} to {high})", truth)
        for name, estimate, low, high, truth in rows
    ],
    columns=["Pipewright", "estimate", "planted"],
).set_index("Pipewright")
reveal_pw.map(lambda text: text.replace("-", "−"))

# %% [markdown]
# The intervals hold what was planted. Lay the obvious numbers beside this table: the textbook's forecast, the raw odds ratio, the minutes of the case studies.

# %% tags=["book"]
glue("true_winner_place", int(true_rates.rank(ascending=False)[winner_id]))
best_true = first_wave[first_wave["creative_id"] == true_rates.idxmax()].index[
    0
]
glue("true_best", best_true)
glue("true_best_place_1", int(rates[1].rank(ascending=False)[best_true]))
glue("true_lead", f"{true_lead:+.1f}".replace("-", "−"))
glue("true_lift", f"{true_lift:+.1f}".replace("-", "−"))
glue("true_group", f"{planted_pw['group_odds']:.2f}")
glue("true_pm", f"{planted_pw['pm_odds']:.2f}")
glue("true_people", f"{planted_pw['committee_odds']:.2f}")
glue("true_security", float(100 * planted_pw["says_yes"][3]))
glue("true_audit", f"{planted_pw['capital_audit']:.1f}")
glue("true_wins", comes)
glue("true_minutes", float(planted_pw["minutes_saved"]))
glue("true_skill", f"{planted_pw['skill_spread']:.2f}")
for low, high, truth in [
    (by_age_low, by_age_high, comes),
    (*odds_ratios.loc["joined", ["low", "high"]], planted_pw["pm_odds"]),
    (
        *odds_ratios.loc["group_framing", ["low", "high"]],
        planted_pw["group_odds"],
    ),
    (
        *odds_ratios.loc["stakeholders", ["low", "high"]],
        planted_pw["committee_odds"],
    ),
    (*roles.loc["security", ["low", "high"]], planted_pw["says_yes"][3]),
    (audit_low, audit_high, planted_pw["capital_audit"]),
    (saved_low, saved_high, planted_pw["minutes_saved"]),
    (lift_low, lift_high, true_lift),
    (0, shrink_high, true_share),
    (lead_2_low, lead_2_high, true_lead),
    (
        *differences.loc["replied", ["low", "high"]],
        100 * (planted_pw["reply_share"][1] - planted_pw["reply_share"][0]),
    ),
]:
    assert low <= truth <= high, (
        "the chapter says that the intervals hold the truth"
    )
assert true_rates.rank(ascending=False)[winner_id] >= 7
