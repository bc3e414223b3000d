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
# # Lesson 3: who stayed, and who was counted
#
# This is the code behind [the retention chapter](../book/03-retention.md): the chapter tells the story, this page shows each step. Run the cells from top to bottom, then change them.
#
# **You need** pandas and the idea of a share with an interval. **Time:** about 40 minutes (an estimate: cells and words, not yet timed in a class).

# %% [markdown]
# ## Set up
#
# The two companies' tables come ready typed: dates are dates, money is whole cents.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import statsmodels.formula.api as smf
from scipy.optimize import minimize
from scipy.special import betaln
from statsmodels.duration.survfunc import SurvfuncRight
from statsmodels.stats.proportion import proportion_confint
from statsmodels.tools.numdiff import approx_hess

import twoworlds as tw
from twoworlds import style

style.use()
swiftfare = tw.load("swiftfare")
pipewright = tw.load("pipewright")
window_start, window_end = pd.Timestamp("2024-01-01"), pd.Timestamp("2025-12-31")

# %% [markdown]
# ## 1. Swiftfare: the number on the slide
#
# A **customer** is a user who has booked at least once. We start each customer's clock at the first booking and count in *customer months* of 30 days, so that month 0 means the same for everybody.

# %%
customers = (
    swiftfare.bookings.groupby("user_id")["booked_on"]
    .min()
    .rename("first_booked_on")
    .reset_index()
)
customers["months_observed"] = (
    (window_end - customers["first_booked_on"]).dt.days + 1
) // 30
customers.head()

# %% [markdown]
# `months_observed` is the number of *whole* customer months before the data ends. A month that is cut short by the end of the data is not counted: we can't know yet who will open the app in it.
#
# Next: in which customer months was each customer active? Active means: opened the app on at least one day of the month.

# %%
opens = swiftfare.days[["user_id", "date"]].merge(customers, on="user_id")
opens["month"] = (opens["date"] - opens["first_booked_on"]).dt.days // 30
active = opens.loc[
    (opens["month"] >= 0) & (opens["month"] < opens["months_observed"]),
    ["user_id", "month"],
].drop_duplicates()
active.groupby("month")["user_id"].count().head()

# %% [markdown]
# The slide asks one question of every active customer month: *was the customer active in the next month too?* We may ask it only where the next month has been observed whole. For that reason the slide ends with the third quarter of 2025: of the months begun later, most are not yet followed by a whole one.

# %%
months_active = active.groupby("user_id")["month"].max().rename("last_month")
next_month = active.assign(month=active["month"] - 1, kept=True)
customer_months = active.merge(
    next_month, on=["user_id", "month"], how="left"
).merge(customers, on="user_id")
customer_months["kept"] = customer_months["kept"].notna()
customer_months = customer_months[
    customer_months["month"] + 1 < customer_months["months_observed"]
]
customer_months["began"] = customer_months["first_booked_on"] + pd.to_timedelta(
    30 * customer_months["month"], unit="D"
)
customer_months["quarter"] = customer_months["began"].dt.to_period("Q")
customer_months = customer_months[customer_months["quarter"] <= "2025Q3"]
len(customer_months)

# %% [markdown]
# One line of pandas then gives the slide: of the customer months that began in a quarter, the share whose customer came back in the next.

# %%
slide = customer_months.groupby("quarter")["kept"].agg(["mean", "count"])
slide

# %% [markdown]
# It climbs in every quarter. A product team could live on that slide for a long time.
#
# An interval belongs beside each share. One customer gives many customer months, so we draw whole *customers*, again and again, and see how far the shares move (a bootstrap by customer).

# %%
by_customer = (
    customer_months.groupby(["user_id", "quarter"])["kept"]
    .agg(["sum", "count"])
    .unstack(fill_value=0)
)
kept_counts, month_counts = (
    by_customer["sum"].to_numpy(),
    by_customer["count"].to_numpy(),
)
random = np.random.default_rng(3)
draws = []
for _ in range(400):
    weights = np.bincount(
        random.integers(0, len(by_customer), len(by_customer)),
        minlength=len(by_customer),
    )
    draws.append((weights @ kept_counts) / (weights @ month_counts))
slide["low"], slide["high"] = np.quantile(draws, [0.025, 0.975], axis=0)
slide.round(3)

# %% [markdown]
# The last steps are smaller than their intervals; the whole rise is far larger. So something rose. The question is what.

# %% name="fig-slide"
fig, ax = plt.subplots()
quarter_labels = [
    f"{q.quarter}Q\n{q.year}" if q.quarter == 1 else f"{q.quarter}Q"
    for q in slide.index
]
ax.fill_between(
    range(len(slide)),
    100 * slide["low"],
    100 * slide["high"],
    color=style.SWIFTFARE_TINT,
    lw=0,
)
ax.plot(range(len(slide)), 100 * slide["mean"], color=style.SWIFTFARE, marker="o")
ax.set_xticks(range(len(slide)), quarter_labels)
ax.set_ylabel("Active again the next month, %")
ax.set_title("Swiftfare keeps more of its customers every quarter")
style.describe(
    fig,
    f"Line with a 95 per cent band, by quarter. The share of active Swiftfare customers who are active again the next month "
    f"climbs from {slide['mean'].iloc[0]:.0%} in the first quarter of 2024 to {slide['mean'].iloc[-1]:.0%} at the end of 2025.",
)
plt.show()

# %% tags=["book"]
assert slide["mean"].is_monotonic_increasing, (
    "the chapter says that no quarter is worse than the one before"
)
glue("slide_first", float(100 * slide["mean"].iloc[0]))
glue("slide_first_low", float(100 * slide["low"].iloc[0]))
glue("slide_first_high", float(100 * slide["high"].iloc[0]))
glue("slide_last", float(100 * slide["mean"].iloc[-1]))
glue("slide_last_low", float(100 * slide["low"].iloc[-1]))
glue("slide_last_high", float(100 * slide["high"].iloc[-1]))
glue("customers", f"{len(customers):,}")
glue("customers_asked", f"{customer_months['user_id'].nunique():,}")
glue("customer_months", f"{len(customer_months):,}")
year_ago = slide.index[-1] - 4
glue("slide_year_ago", float(100 * slide.loc[year_ago, "mean"]))

# %% [markdown]
# ## 2. It goes wrong: the same customers, by age
#
# A **cohort** is a group that started together: here, everyone whose first booking fell in the same quarter. Put each cohort in a row and the customer's age, in months, in the columns. That is the **retention triangle**. A cell is filled only when the *whole* cohort is old enough for it; otherwise its youngest members would be missing.

# %% name="triangle"
customers["cohort"] = customers["first_booked_on"].dt.to_period("Q")
at_age = {}
for month in range(0, 13):
    active_then = customers["user_id"].isin(
        active.loc[active["month"] == month, "user_id"]
    )
    by_cohort = pd.DataFrame(
        {"active": active_then, "old_enough": customers["months_observed"] > month}
    ).groupby(customers["cohort"])
    whole_cohort_is_old_enough = by_cohort["old_enough"].all()
    at_age[month] = by_cohort["active"].mean().where(whole_cohort_is_old_enough)
triangle = 100 * pd.DataFrame(at_age).dropna(how="all")
triangle.iloc[:, [0, 1, 2, 3, 6, 9, 12]].rename(columns="month {}".format).map(
    "{:.0f}".format, na_action="ignore"
).fillna("")

# %% [markdown]
# Read a column downwards. Customers who started in 2024 and customers who started in 2025 are, at the same age, about equally likely to be here: the columns move within their noise.
#
# Now read a row from left to right, as step-to-step rates: of those active at one age, the share active one month later.

# %%
by_age = customer_months.groupby("month")["kept"].agg(["mean", "count"])
by_age.head(13).round(3)

# %% [markdown]
# There is the climb, steep at first. It runs with the customer's *age*, not with the calendar. And in 2025 the typical customer in the table is older than in 2024, since the table holds installs from January 2024 on.

# %% name="fig-age"
fig, ax = plt.subplots()
ages = by_age.head(13)
for year, colour, dash in [(2024, style.GREY, "--"), (2025, style.SWIFTFARE, "-")]:
    part = (
        customer_months[customer_months["began"].dt.year == year]
        .groupby("month")["kept"]
        .agg(["mean", "count"])
    )
    part = part[part["count"] >= 100].head(13)
    ax.plot(
        part.index,
        100 * part["mean"],
        color=colour,
        linestyle=dash,
        marker="o",
        markersize=4,
    )
    ax.text(
        part.index[-1] + 0.25,
        100 * part["mean"].iloc[-1],
        f"begun in {year}",
        color=colour,
        va="center",
    )
ax.set_xlabel("Customer's age, months since the first booking")
ax.set_ylabel("Active again the next month, %")
ax.set_title("At the same age, 2025 is where 2024 was")
style.describe(
    fig,
    f"Two lines by customer's age, months begun in 2024 and in 2025. They lie on each other: both climb from about "
    f"{ages['mean'].iloc[0]:.0%} in the first month to about {ages['mean'].iloc[-1]:.0%} a year later.",
)
plt.show()

# %% [markdown]
# The two lines lie on each other. Whatever lifted the slide, it was not that 2025 treats a customer better.

# %% [markdown]
# ## 3. How much of the rise is age?
#
# Give every customer month the *overall* share for its age, whatever the quarter. The average of those, by quarter, is what the slide would show if nothing but age had changed.

# %%
customer_months["by_age_alone"] = customer_months["month"].map(by_age["mean"])
slide["by_age_alone"] = customer_months.groupby("quarter")["by_age_alone"].mean()
slide["left_over"] = slide["mean"] - slide["by_age_alone"]
slide[["mean", "by_age_alone", "left_over"]].round(3)

# %% name="fig-age-alone"
fig, ax = plt.subplots()
ax.plot(range(len(slide)), 100 * slide["mean"], color=style.SWIFTFARE, marker="o")
ax.plot(
    range(len(slide)), 100 * slide["by_age_alone"], color=style.INK, linestyle="--"
)
ax.annotate(
    "the slide",
    (3, 100 * slide["mean"].iloc[3]),
    xytext=(-8, 12),
    textcoords="offset points",
    color=style.SWIFTFARE,
    ha="right",
)
ax.annotate(
    "age alone",
    (5, 100 * slide["by_age_alone"].iloc[5]),
    xytext=(6, -20),
    textcoords="offset points",
    color=style.INK,
)
ax.set_xticks(range(len(slide)), quarter_labels)
ax.set_ylabel("Active again the next month, %")
ax.set_title("The customers' age alone draws the slide")
style.describe(
    fig,
    f"Two lines by quarter that almost coincide: the slide, from {slide['mean'].iloc[0]:.0%} to {slide['mean'].iloc[-1]:.0%}, "
    f"and what the customers' age alone would give, from {slide['by_age_alone'].iloc[0]:.0%} to {slide['by_age_alone'].iloc[-1]:.0%}.",
)
plt.show()

# %% [markdown]
# What is left over can be estimated, with an interval. Compare customer months *of the same age*, and ask how the share kept changes with each calendar year. The unit is the customer month; the errors are clustered by customer.

# %%
customer_months["years"] = (
    customer_months["began"] - window_start
).dt.days / 365.25
same_age = customer_months.assign(
    age=customer_months["month"].clip(upper=18),
    kept=customer_months["kept"].astype(float),
)
fit = smf.ols("kept ~ C(age) + years", same_age).fit(
    cov_type="cluster", cov_kwds={"groups": same_age["user_id"]}
)
change = 100 * fit.params["years"]
change_low, change_high = 100 * fit.conf_int().loc["years"]
print(
    f"Change a year, at the same age: {change:+.1f} points (95 % interval {change_low:+.1f} to {change_high:+.1f})"
)

# %% [markdown]
# A trend is not the question, though. The home screen shipped in January 2025: is there a step at that date?

# %%
same_age["after_release"] = (same_age["began"] >= "2025-01-01").astype(float)
step = smf.ols("kept ~ C(age) + after_release", same_age).fit(
    cov_type="cluster", cov_kwds={"groups": same_age["user_id"]}
)
jump = 100 * step.params["after_release"]
jump_low, jump_high = 100 * step.conf_int().loc["after_release"]
print(
    f"After the release, at the same age: {jump:+.1f} points (95 % interval {jump_low:+.1f} to {jump_high:+.1f})"
)

# %% [markdown]
# Without the age in the model, the same data show the slide's rise:

# %%
any_age = smf.ols("kept ~ years", same_age).fit(
    cov_type="cluster", cov_kwds={"groups": same_age["user_id"]}
)
raw, (raw_low, raw_high) = (
    100 * any_age.params["years"],
    100 * any_age.conf_int().loc["years"],
)
print(
    f"Change a year, ages mixed: {raw:+.1f} points (95 % interval {raw_low:+.1f} to {raw_high:+.1f})"
)

# %% tags=["book"]
glue("rise_points", float(100 * (slide["mean"].iloc[-1] - slide["mean"].iloc[0])))
glue(
    "rise_by_age",
    float(100 * (slide["by_age_alone"].iloc[-1] - slide["by_age_alone"].iloc[0])),
)
glue("jump", f"{jump:+.1f}".replace("-", "−"))
glue("jump_low", f"{jump_low:+.1f}".replace("-", "−"))
glue("jump_high", f"{jump_high:+.1f}".replace("-", "−"))
glue("jump_widest", f"{max(abs(jump_low), abs(jump_high)):.1f}")
glue(
    "over_a_year_old",
    float(
        100
        * (
            customer_months.loc[customer_months["quarter"] == "2025Q3", "month"]
            >= 12
        ).mean()
    ),
)
rates_2024 = (
    customer_months[customer_months["began"].dt.year == 2024]
    .groupby("month")["kept"]
    .mean()
)
in_2025 = customer_months[
    (customer_months["began"].dt.year == 2025)
    & customer_months["month"].isin(rates_2024.index[:11])
]
glue("from_2024_rates", float(100 * in_2025["month"].map(rates_2024).mean()))
glue("seen_2025", float(100 * in_2025["kept"].mean()))
glue(
    "year_old_n",
    f"{(customers['first_booked_on'] <= window_end - pd.Timedelta(days=365)).sum():,}",
)
old_cohort = customers[customers["cohort"] == triangle.index[0]]
share_12 = triangle.iloc[0, 12] / 100
half_width = 196 * (share_12 * (1 - share_12) / len(old_cohort)) ** 0.5
glue("cell_half_width", float(half_width))
glue("kept_age_6", float(100 * by_age.loc[6, "mean"]))
glue("kept_age_12", float(100 * by_age.loc[12, "mean"]))
assert (triangle[12].max() - triangle[12].min()) < 2 * half_width, (
    "the chapter says that month 12 moves within its noise"
)
assert (pipewright.accounts["first_paid_on"] < window_start).mean() > 1 / 3
glue("same_age_change", f"{change:+.1f}".replace("-", "−"))
glue("same_age_low", f"{change_low:+.1f}".replace("-", "−"))
glue("same_age_high", f"{change_high:+.1f}".replace("-", "−"))
glue("mixed_change", f"{raw:+.1f}")
glue("mixed_low", f"{raw_low:+.1f}")
glue("mixed_high", f"{raw_high:+.1f}")
for month in (0, 1, 2, 5, 11):
    glue(f"kept_age_{month}", float(100 * by_age.loc[month, "mean"]))
mature = customers[customers["months_observed"] > 12]
still_here = mature["user_id"].isin(active.loc[active["month"] == 12, "user_id"])
still_se = (still_here.mean() * (1 - still_here.mean()) / len(mature)) ** 0.5
glue("still_12", float(100 * still_here.mean()))
glue("still_12_low", float(100 * (still_here.mean() - 1.96 * still_se)))
glue("still_12_high", float(100 * (still_here.mean() + 1.96 * still_se)))
glue("still_12_n", f"{len(mature):,}")
booked_again = swiftfare.bookings.groupby("user_id")["booking_id"].count()
in_first_year = swiftfare.bookings.merge(customers, on="user_id")
in_first_year = in_first_year[
    (in_first_year["booked_on"] > in_first_year["first_booked_on"])
    & (
        in_first_year["booked_on"]
        <= in_first_year["first_booked_on"] + pd.Timedelta(days=365)
    )
]
year_old = customers[
    customers["first_booked_on"] <= window_end - pd.Timedelta(days=365)
]
again = year_old["user_id"].isin(in_first_year["user_id"])
again_se = (again.mean() * (1 - again.mean()) / len(again)) ** 0.5
glue("again_year", float(100 * again.mean()))
glue("again_year_low", float(100 * (again.mean() - 1.96 * again_se)))
glue("again_year_high", float(100 * (again.mean() + 1.96 * again_se)))

# %% [markdown]
# ## 4. Why age helps: sorting
#
# If every customer had the same chance of leaving, the share kept would not depend on age. So customers differ. Let each customer have a chance of leaving a month, *p*, which **never changes**, and let *p* vary from customer to customer like a Beta distribution with parameters *a* and *b*. Of those who started, the share still here after *t* months is then
#
# $$S(t) = \frac{B(a, b + t)}{B(a, b)}$$
#
# where $B$ is the beta function. This is the **shifted-beta-geometric** model (Fader and Hardie, 2007). First by hand: how many customers left in each month, and how many are still here when their data ends?

# %%
lasted = customers.merge(months_active, on="user_id")
lasted["months"] = lasted["last_month"] + 1
lasted["left"] = lasted["months"] < lasted["months_observed"]
left_after = lasted[lasted["left"]].groupby("months")["user_id"].count()
still_here = (
    lasted[~lasted["left"] & (lasted["months_observed"] > 0)]
    .groupby("months")["user_id"]
    .count()
)
pd.DataFrame({"left": left_after, "still here at the end": still_here}).head(8)

# %% [markdown]
# Month 0 is active by definition, so a customer with *t* active months has survived *t* − 1 chances to leave. One who left after *t* active months tells us S(t−1) − S(t); one who is still here, after *t* months all observed, tells us only S(t−1). Add up the logarithms and look for the *a* and *b* that make the data most likely.


# %%
def log_survival(t, a, b):
    return betaln(a, b + t) - betaln(a, b)


def minus_log_likelihood(log_ab):
    a, b = np.exp(log_ab)
    t = left_after.index.to_numpy()
    left_probability = np.exp(log_survival(t - 1, a, b)) - np.exp(
        log_survival(t, a, b)
    )
    here = log_survival(still_here.index.to_numpy() - 1, a, b)
    return -(
        left_after.to_numpy() @ np.log(left_probability)
        + still_here.to_numpy() @ here
    )


best = minimize(minus_log_likelihood, x0=[0.0, 0.0], method="BFGS")
a, b = np.exp(best.x)
covariance = np.linalg.inv(approx_hess(best.x, minus_log_likelihood))
log_se = np.sqrt(np.diag(covariance))
a_low, a_high = np.exp(best.x[0] + np.array([-1.96, 1.96]) * log_se[0])
b_low, b_high = np.exp(best.x[1] + np.array([-1.96, 1.96]) * log_se[1])
print(
    f"a = {a:.2f} (95 % interval {a_low:.2f} to {a_high:.2f}), b = {b:.2f} ({b_low:.2f} to {b_high:.2f})"
)

# %% [markdown]
# Two numbers now stand for the whole base. Hold the fitted curve against the months we can see, and against the shortcut: one churn rate, the first month's, for everybody. (The curve's interval comes from drawing plausible pairs of *a* and *b*.)

# %%
months = np.arange(0, 25)
model = np.exp(log_survival(months, a, b))
plausible_ab = np.exp(random.multivariate_normal(best.x, covariance, 2000))
plausible_curves = np.exp(
    log_survival(months, plausible_ab[:, [0]], plausible_ab[:, [1]])
)
model_low, model_high = np.quantile(plausible_curves, [0.025, 0.975], axis=0)
still_active_at = pd.Series(
    {
        m: (lasted.loc[lasted["months_observed"] > m, "months"] > m).mean()
        for m in months[:-1]
    }
)
first_month_churn = 1 - still_active_at[1]
one_rate = (1 - first_month_churn) ** months
pd.DataFrame(
    {"seen": still_active_at, "sBG": model[:-1], "one rate for all": one_rate[:-1]}
).loc[[1, 3, 6, 12, 23]].round(3)

# %% name="fig-sbg"
fig, ax = plt.subplots()
ax.plot(months, 100 * one_rate, color=style.GREY, linestyle="--")
ax.plot(months, 100 * model, color=style.SWIFTFARE)
ax.plot(
    still_active_at.index,
    100 * still_active_at,
    color=style.SWIFTFARE,
    marker="o",
    markersize=4,
    linestyle="none",
)
ax.annotate(
    "one churn rate for all",
    (8, 100 * one_rate[8]),
    xytext=(4, 3),
    textcoords="offset points",
    color=style.GREY,
)
ax.text(6.5, 100 * model[4], "a rate of their own for each", color=style.SWIFTFARE)
ax.set_xlabel("Months since the first booking")
ax.set_ylabel("Customers still active, %")
ax.set_ylim(0, 100)
ax.set_title("One churn rate for everybody writes off the loyal")
style.describe(
    fig,
    f"Share of customers still active by months since the first booking. Dots from the data and the fitted curve agree: "
    f"{still_active_at[12]:.0%} are left after twelve months. A constant churn rate would leave {one_rate[12]:.1%}.",
)
plt.show()

# %% [markdown]
# The grey line is what the first month's loss means if you say it of everyone, every month. It is wrong by the whole business: by month 12 it has hardly a customer left.

# %% [markdown]
# ## 5. The reveal: what we planted at Swiftfare
#
# These data are invented, so the truth is known. Until now we have not looked.

# %% name="reveal-swiftfare"
truth = tw.truth("swiftfare")["parameters"]
planted_a, planted_b = truth["dropout_a"], truth["dropout_b"]
swiftfare_reveal = pd.DataFrame(
    {
        "planted": [
            planted_a,
            planted_b,
            np.exp(log_survival(12, planted_a, planted_b)),
        ],
        "estimate": [a, b, model[12]],
        "low": [a_low, b_low, model_low[12]],
        "high": [a_high, b_high, model_high[12]],
    },
    index=pd.Index(["a", "b", "active after 12 months"], name="parameter"),
)
swiftfare_reveal.round(2)

# %% [markdown]
# The truth folder also keeps each customer's own chance of leaving. It never changed. Watch the average of *those who are still there*:

# %%
oracle = tw.truth("swiftfare", "customers").merge(
    lasted[["user_id", "months", "months_observed"]], on="user_id"
)
own_chance = pd.Series(
    {
        m: oracle.loc[
            (oracle["months_observed"] > m) & (oracle["months"] > m),
            "monthly_dropout",
        ].mean()
        for m in range(0, 19)
    }
)
own_chance.round(3)

# %% name="fig-sorting"
fig, axes = plt.subplots(1, 3, sharey=True, figsize=(style.WIDTH, 3.0))
bins = np.linspace(0, 1, 21)
for ax, month in zip(axes, (0, 3, 12), strict=True):
    here = oracle.loc[
        (oracle["months_observed"] > month) & (oracle["months"] > month),
        "monthly_dropout",
    ]
    ax.hist(
        here,
        bins=bins,
        weights=np.full(len(here), 100 / len(here)),
        color=style.SWIFTFARE_TINT,
        edgecolor=style.SWIFTFARE,
    )
    ax.axvline(here.mean(), color=style.INK, lw=1.5)
    ax.annotate(
        f"mean {here.mean():.2f}",
        (here.mean(), 1),
        xycoords=("data", "axes fraction"),
        xytext=(4, -10),
        textcoords="offset points",
    )
    ax.set_xlabel(f"still here in month {month}")
axes[0].set_ylabel("Customers, %")
fig.suptitle("Nobody changed: the likely leavers left", x=0.01, ha="left")
fig.supxlabel(
    "Each customer's own, constant chance of leaving in a month",
    fontsize=style.TEXT_SIZE,
)
style.describe(
    fig,
    f"Three histograms of customers' own constant chance of leaving a month. At month 0 it spreads over the whole range, mean {own_chance[0]:.2f}. "
    f"Among those still here in month 3 the mean is {own_chance[3]:.2f}, in month 12 it is {own_chance[12]:.2f}: the high chances have gone.",
)
plt.show()

# %% tags=["book"]
glue("sbg_a", f"{a:.2f}")
glue("sbg_a_low", f"{a_low:.2f}")
glue("sbg_a_high", f"{a_high:.2f}")
glue("sbg_b", f"{b:.2f}")
glue("sbg_b_low", f"{b_low:.2f}")
glue("sbg_b_high", f"{b_high:.2f}")
glue("planted_a", f"{truth['dropout_a']:g}")
glue("planted_b", f"{truth['dropout_b']:g}")
glue("one_rate_12", float(100 * one_rate[12]))
glue("seen_12", float(100 * still_active_at[12]))
glue("first_month_churn", float(100 * first_month_churn))
glue("own_chance_0", float(100 * own_chance[0]))
glue("own_chance_3", float(100 * own_chance[3]))
glue("own_chance_12", float(100 * own_chance[12]))

# %% [markdown]
# ## 6. Two questions, then a control
#
# Before you move anything, answer for yourself:
#
# 1. If all customers had the *same* chance of leaving, what would the share kept look like at month 1, 6 and 12?
# 2. If customers differ a lot, does the *average* first-month loss tell you how many are left after a year?
#
# Then let the customers differ, from "not at all" to "extremely", at the same average.

# %% name="sorting-lab"
spreads = {"not at all": 1e6, "a little": 12.0, "a lot": 4.0, "extremely": 1.6}


def cohort_curve(average, spread):
    """Share kept from each month to the next, for a Beta spread of constant chances of leaving."""
    concentration = spreads[spread]
    lab_a, lab_b = average * concentration, (1 - average) * concentration
    age = np.arange(0, 13)
    return age, (lab_b + age) / (lab_a + lab_b + age)


def draw(average, spread):
    age, kept = cohort_curve(average, spread)
    fig, ax = plt.subplots(figsize=(style.WIDTH, 3.2))
    ax.plot(age, 100 * kept, color=style.SWIFTFARE, marker="o", markersize=4)
    ax.axhline(100 * (1 - average), color=style.GREY, linestyle="--", lw=1)
    ax.set_ylim(40, 101)
    ax.set_xlabel("Customer's age, months")
    ax.set_ylabel("Active again the next month, %")
    left = np.prod(kept[:-1])
    ax.set_title(
        f"After a year {left:.1%} are left"
        if left < 0.1
        else f"After a year {left:.0%} are left"
    )
    return fig


def words(average, spread):
    age, kept = cohort_curve(average, spread)
    return (
        f"Customers differ {spread}; their average chance of leaving is {average:.0%} a month. The share kept goes from {kept[0]:.0%} at month 0 to {kept[6]:.0%} at month 6 "
        f"and {kept[12]:.0%} at month 12; after a year {np.prod(kept[:-1]):.1%} are left."
    )


tw.explore(
    draw,
    describe=words,
    title="What differences between customers do to a cohort",
    labels={
        "average": "Average chance of leaving in a month",
        "spread": "Customers differ",
    },
    average={f"{percent} %": percent / 100 for percent in (10, 20, 30, 40, 50)},
    spread=list(spreads),
)

# %% [markdown]
# At "not at all" the curve is flat: no sorting, no climb. The more customers differ, the steeper the climb and the more are left after a year, though the first month looks the same.

# %% [markdown]
# ## 7. Pipewright: the same question, other clocks
#
# A Pipewright customer is an *account*: a company that pays for a term, mostly a year. Leaving is seen on the day it happens, when a term is not renewed. The unit of everything below is the account.

# %%
accounts = pipewright.accounts.loc[
    pipewright.accounts["first_paid_on"].notna(),
    ["account_id", "first_paid_on", "size"],
]
churn = pipewright.movements.loc[
    pipewright.movements["kind"] == "churn", ["account_id", "moved_on"]
].rename(columns={"moved_on": "churned_on"})
accounts = accounts.merge(churn, on="account_id", how="left")
accounts["churned"] = accounts["churned_on"].notna()
last_seen = accounts["churned_on"].fillna(window_end)


def whole_months(start, end):
    months = 12 * (end.dt.year - start.dt.year) + (end.dt.month - start.dt.month)
    return months - ((end.dt.day < start.dt.day) & ~end.dt.is_month_end)


accounts["months"] = whole_months(accounts["first_paid_on"], last_seen)
observed_from = accounts["first_paid_on"].where(
    accounts["first_paid_on"] > window_start, window_start
)
accounts["entered"] = whole_months(accounts["first_paid_on"], observed_from)
accounts[["months", "entered", "churned"]].describe().round(1)

# %% [markdown]
# `months` is how old the account was when it left or when the data ended. `entered` is how old it was when our data *began*: more than a third of the accounts signed before 2024, and those that signed and left before 2024 are not in the table at all.
#
# Two obvious numbers, both wrong. First: one monthly churn rate, compounded over a year.

# %%
account_months = (accounts["months"] - accounts["entered"]).sum()
monthly_churn = accounts["churned"].sum() / account_months
lost_a_year_from_monthly = 1 - (1 - monthly_churn) ** 12
print(
    f"{monthly_churn:.2%} of account-months end in churn; in a year that makes {lost_a_year_from_monthly:.1%} lost"
)

# %% [markdown]
# Second: of all accounts in the list, the share that has left.

# %%
lost_of_ever_signed = accounts["churned"].mean()
print(f"{lost_of_ever_signed:.1%} of the accounts in the table have left")

# %% [markdown]
# The first spreads the risk over months in which nobody *can* leave. The second counts an account that signed last month as loyal. Both forget that a young account has not yet been asked.
#
# The mend is the **Kaplan-Meier** estimate. Month by month: of the accounts at risk (already observed, not yet gone, old enough), which share left? Multiply the shares that stayed.
#
# $$\hat S(t) = \prod_{i \le t} \left(1 - \frac{d_i}{n_i}\right)$$
#
# with $d_i$ accounts lost at month $i$ and $n_i$ accounts at risk then. By hand once:

# %%
months = np.arange(1, 25)
at_risk = np.array(
    [((accounts["entered"] < m) & (accounts["months"] >= m)).sum() for m in months]
)
left = np.array(
    [
        (
            (accounts["months"] == m)
            & accounts["churned"]
            & (accounts["entered"] < m)
        ).sum()
        for m in months
    ]
)
hazard = pd.Series(left / at_risk, months)
survival = (1 - hazard).cumprod()
pd.DataFrame(
    {"at risk": at_risk, "left": left, "hazard": hazard, "survival": survival},
    index=months,
).loc[[1, 6, 11, 12, 13, 23, 24]].round(3)

# %% [markdown]
# Then with the library practitioners use. `entry` is the late entry: an account counts as at risk only from the age at which we began to watch it.

# %%
watched = accounts[accounts["months"] > accounts["entered"]]
km = SurvfuncRight(
    watched["months"], watched["churned"].astype(int), entry=watched["entered"]
)
from_library = pd.Series(km.surv_prob, km.surv_times)
log_log = 1.96 * km.surv_prob_se / (km.surv_prob * np.log(km.surv_prob))
band = pd.DataFrame(
    {
        "survival": km.surv_prob,
        "low": km.surv_prob ** np.exp(-log_log),
        "high": km.surv_prob ** np.exp(log_log),
    },
    index=pd.Index(km.surv_times, name="month"),
)
band.loc[[11, 12]].round(3)

# %% name="fig-renewal"
fig, ax = plt.subplots()
steps = pd.concat(
    [
        pd.DataFrame({"survival": 1.0, "low": 1.0, "high": 1.0}, index=[0]),
        band[band.index <= 24],
    ]
)
steady = (1 - monthly_churn) ** np.arange(0, 25)
ax.fill_between(
    steps.index,
    100 * steps["low"],
    100 * steps["high"],
    step="post",
    color=style.PIPEWRIGHT_TINT,
    lw=0,
)
ax.step(steps.index, 100 * steps["survival"], where="post", color=style.PIPEWRIGHT)
ax.plot(np.arange(0, 25), 100 * steady, color=style.GREY, linestyle="--")
ax.text(0.2, 76, "one monthly rate", color=style.GREY)
ax.text(13, 62, "Kaplan-Meier", color=style.PIPEWRIGHT)
ax.set_xticks(range(0, 25, 3))
ax.set_ylim(40, 101)
ax.set_xlabel("Months since the account first paid")
ax.set_ylabel("Accounts still paying, %")
ax.set_title("Nothing happens, and then it is renewal month")
style.describe(
    fig,
    f"Step curve of Pipewright accounts still paying, with a 95 per cent band. It stays near {survival[11]:.0%} until month 11, "
    f"drops to {survival[12]:.0%} at month 12, and drops again at month 24. A dashed line, one monthly rate for all, slides evenly between.",
)
plt.show()

# %% [markdown]
# The line stays flat for eleven months and falls off a step. Then it is flat again.

# %%
seen_leaving = accounts[
    accounts["churned"] & (accounts["months"] > accounts["entered"])
]
term_months = pipewright.subscriptions.groupby("account_id")["term_months"].first()
seen_leaving = seen_leaving.assign(term=seen_leaving["account_id"].map(term_months))
at_renewal = (seen_leaving["months"] % seen_leaving["term"] == 0).mean()
print(f"{at_renewal:.0%} of the accounts that left did so at the end of a term")

# %% [markdown]
# The accounts have terms of one month, a year or two years, and the curve mixes them. On annual terms alone:

# %%
annual = watched[watched["account_id"].map(term_months) == 12]
annual_km = SurvfuncRight(
    annual["months"], annual["churned"].astype(int), entry=annual["entered"]
)
annual_survival = pd.Series(annual_km.surv_prob, annual_km.surv_times)
annual_survival.loc[[11, 12]].round(3)

# %% [markdown]
# There is a simpler number that a CRM's own product manager would keep: of the annual terms that *came due*, the share that was renewed. It needs no curve, since each term that came due has answered.

# %%
terms = pipewright.subscriptions.sort_values(["account_id", "term_number"])
terms["renewed"] = terms.groupby("account_id")["term_number"].shift(-1).notna()
due = terms[
    (terms["term_months"] == 12)
    & terms["ends_on"].between(window_start, window_end, inclusive="left")
]
first_due = due[due["term_number"] == 1]
for name, part in [("all annual terms", due), ("first annual terms", first_due)]:
    low, high = proportion_confint(
        part["renewed"].sum(), len(part), method="wilson"
    )
    print(
        f"{name}: {len(part)} came due, {part['renewed'].mean():.0%} renewed (95 % interval {low:.0%} to {high:.0%})"
    )

# %% [markdown]
# The renewal rate is one step of the curve. When is that loss *decided*? Take the accounts on a first annual term and compare, week by week, the share of paid seats that somebody used: those that left at month 12 against those that stayed.

# %% name="use-before"
first_terms = accounts.merge(
    first_due[["account_id", "started_on", "renewed"]], on="account_id"
)
first_terms = first_terms[first_terms["started_on"] >= window_start]
weekly = pipewright.usage.merge(
    first_terms[["account_id", "started_on", "renewed"]], on="account_id"
)
weekly["week_of_term"] = (weekly["week"] - weekly["started_on"]).dt.days // 7
weekly["seats_used"] = weekly["active_members"] / weekly["seats"]
spans = pd.cut(
    weekly["week_of_term"],
    [3, 12, 26, 38, 45, 51],
    labels=["4 to 12", "13 to 26", "27 to 38", "39 to 45", "46 to 51"],
)
by_account = weekly.groupby(
    [spans.rename("weeks of the term"), "renewed", "account_id"], observed=True
)["seats_used"].mean()
use_before = (
    by_account.groupby(["weeks of the term", "renewed"], observed=True)
    .mean()
    .unstack()
)
use_before = use_before.rename(
    columns={False: "left at month 12", True: "renewed"}
).rename_axis(columns=None)
use_before.map("{:.0%}".format)

# %% [markdown]
# For most of the term a few points lie between the two groups. Then the leavers' use falls. The loss is booked at month 12 and decided before it.

# %% [markdown]
# ## 8. The reveal: what we planted at Pipewright
#
# The truth folder holds the survival that the mechanism implies for the whole population of accounts.

# %% name="reveal-pipewright"
planted = tw.truth("pipewright")["plants"]["renewal_months"]["survival_by_month"]
pipewright_reveal = pd.DataFrame(
    {
        "planted": [planted[11], planted[12]],
        "estimate": band.loc[[11, 12], "survival"].to_numpy(),
        "low": band.loc[[11, 12], "low"].to_numpy(),
        "high": band.loc[[11, 12], "high"].to_numpy(),
        "finance": [(1 - monthly_churn) ** 11, (1 - monthly_churn) ** 12],
        "sales": 1 - lost_of_ever_signed,
    },
    index=pd.Index(
        ["after 11 months", "after 12 months"], name="share still paying"
    ),
)
pipewright_reveal.map("{:.1%}".format)

# %% [markdown]
# `estimate` is Kaplan-Meier's. The planted survival lies in its interval at both ages. Finance's line is too kind at the year and wrong in every month of it; sales's number is no survival at all, since it has no age.

# %% [markdown]
# ## 9. Side by side
#
# One more pair of numbers makes the two clocks comparable. Of those lost within a year, which share went in the first month, and which in the twelfth?


# %%
def share_of_the_years_loss(survival, month):
    """Of those lost by month 12, the share lost in one month (survival: by month, from 1.0 at month 0)."""
    return (survival[month - 1] - survival[month]) / (1 - survival[12])


swiftfare_survival = model
pipewright_survival = np.concatenate([[1.0], survival.to_numpy()])
pd.DataFrame(
    {
        "Swiftfare": [
            share_of_the_years_loss(swiftfare_survival, m) for m in (1, 12)
        ],
        "Pipewright": [
            share_of_the_years_loss(pipewright_survival, m) for m in (1, 12)
        ],
    },
    index=pd.Index(["in month 1", "in month 12"], name="lost"),
).map("{:.0%}".format)

# %% [markdown]
# More than a third of Swiftfare's loss in a year falls in the first month. Most of Pipewright's falls in the twelfth.

# %% tags=["book"]
glue("panel_installs", f"{len(swiftfare.users):,}")
glue("monthly_churn", float(100 * monthly_churn))
glue("monthly_times_twelve", float(100 * lost_a_year_from_monthly))
glue("left_ever_signed", float(100 * lost_of_ever_signed))
glue("accounts", f"{len(accounts):,}")
glue("signed_before", f"{(accounts['first_paid_on'] < window_start).sum():,}")
assert (
    share_of_the_years_loss(swiftfare_survival, 1) > 1 / 3
    and share_of_the_years_loss(pipewright_survival, 12) > 0.75
)
glue("annual_11", float(100 * annual_survival[11]))
glue("annual_12", float(100 * annual_survival[12]))
glue("renewed_first", float(100 * first_due["renewed"].mean()))
glue("renewed_first_n", f"{len(first_due):,}")
first_low, first_high = proportion_confint(
    first_due["renewed"].sum(), len(first_due), method="wilson"
)
glue("renewed_first_low", float(100 * first_low))
glue("renewed_first_high", float(100 * first_high))
glue("renewed_all", float(100 * due["renewed"].mean()))
alive = accounts[~accounts["churned"]]
running = pipewright.subscriptions[
    (pipewright.subscriptions["ends_on"] >= window_end)
    & (pipewright.subscriptions["term_months"] > 1)
]
soon = running[running["ends_on"] <= window_end + pd.DateOffset(months=3)]
glue("accounts_alive", f"{len(alive):,}")
glue("due_soon", f"{soon['account_id'].nunique():,}")
glue("due_soon_first", f"{(soon['term_number'] == 1).sum():,}")
use_late, use_early = use_before.loc["46 to 51"], use_before.loc["4 to 12"]
assert use_late["left at month 12"] < use_late["renewed"] - 0.1, (
    "the chapter says that use falls before the renewal"
)
late = by_account.loc["46 to 51"].groupby("renewed").agg(["mean", "std", "count"])
late["margin"] = 1.96 * late["std"] / late["count"] ** 0.5
for name, renewed in [("leavers", False), ("stayers", True)]:
    glue(f"use_{name}_n", int(late.loc[renewed, "count"]))
    glue(
        f"use_{name}_low",
        float(100 * (late.loc[renewed, "mean"] - late.loc[renewed, "margin"])),
    )
    glue(
        f"use_{name}_high",
        float(100 * (late.loc[renewed, "mean"] + late.loc[renewed, "margin"])),
    )
glue("use_leavers_late", float(100 * use_late["left at month 12"]))
glue("use_stayers_late", float(100 * use_late["renewed"]))
glue("at_renewal", float(100 * at_renewal))
for month in (11, 12):
    for name, column in [("", "survival"), ("_low", "low"), ("_high", "high")]:
        glue(f"km_{month}{name}", float(100 * band.loc[month, column]))
    glue(f"planted_{month}", float(100 * planted[month]))
    glue(f"model_{month}", float(100 * model[month]))
    glue(f"model_{month}_low", float(100 * model_low[month]))
    glue(f"model_{month}_high", float(100 * model_high[month]))
for month in (1, 12):
    glue(
        f"sf_loss_month_{month}",
        float(100 * share_of_the_years_loss(swiftfare_survival, month)),
    )
    glue(
        f"pw_loss_month_{month}",
        float(100 * share_of_the_years_loss(pipewright_survival, month)),
    )
inside = [band.loc[m, "low"] <= planted[m] <= band.loc[m, "high"] for m in (11, 12)]
assert all(inside), (
    "the chapter says that the Kaplan-Meier interval holds the planted survival"
)
assert change_low < 0 < change_high and jump_low < 0 < jump_high, (
    "the chapter says that no change is seen at the same age"
)
glue("lost_12_km", float(100 * (1 - band.loc[12, "survival"])))
