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
# **You need** pandas and the idea of a share with an interval. The cells with regressions and likelihoods may be run without being followed; a line at each says what comes out. **Time:** about two hours (an estimate, not yet timed in a class). Sections 1 to 8 are Swiftfare's customers, 9 to 12 Pipewright's accounts; 13 to 19 stand each on its own.

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
from scipy.special import betaln, gammaln, hyp2f1
from statsmodels.duration.survfunc import SurvfuncRight, survdiff
from statsmodels.stats.proportion import proportion_confint
from statsmodels.tools.numdiff import approx_hess

import twoworlds as tw
from twoworlds import style

style.use()
swiftfare = tw.load("swiftfare")
pipewright = tw.load("pipewright")
window_start, window_end = pd.Timestamp("2024-01-01"), pd.Timestamp("2025-12-31")

# %% [markdown]
# ## 1. Swiftfare: "day-30 retention", four times
#
# Before we count who stayed, we have to say what staying is. Everybody starts on the day of the install, day 0, and everybody opens the app on that day. Who is *retained on day 30*?

# %%
installed = swiftfare.users[["user_id", "installed_on"]].rename(
    columns={"installed_on": "started_on"}
)
since_install = swiftfare.days[["user_id", "date"]].merge(installed, on="user_id")
since_install["day"] = (since_install["date"] - since_install["started_on"]).dt.days
since_install[["user_id", "day"]].head()

# %% [markdown]
# Four definitions are in use, and each needs its own base: a user may be asked only if the days in question have been observed. "That day or later" has no end of its own, so we give it one: a year.


# %%
def four_ways(starts, opens, day):
    """Retention on `day` by four definitions: users counted, users asked.

    starts: user_id, started_on; opens: user_id, day (days since the start).
    """
    observed = (window_end - starts["started_on"]).dt.days
    counted = []
    for name, first, last in [
        ("on that day", day, day),
        ("in the 30 days from it", day, day + 29),
        ("that day or later, in a year", day, 365),
        ("at least once up to it", 1, day),
    ]:
        asked = starts.loc[observed >= last, "user_id"]
        back = opens.loc[opens["day"].between(first, last), "user_id"].unique()
        counted.append((name, asked.isin(back).sum(), len(asked)))
    table = pd.DataFrame(counted, columns=["retained", "back", "asked"])
    table["share"] = table["back"] / table["asked"]
    table["low"], table["high"] = proportion_confint(
        table["back"], table["asked"], method="wilson"
    )
    return table.set_index("retained")


day_30 = four_ways(installed, since_install, 30)
day_30.round(3)

# %% [markdown]
# Nobody has made an error, and the largest number is more than ten times the smallest. The intervals are narrow; size doesn't help where a definition is missing.
#
# Now the same from another start: the first booking in place of the install.

# %%
first_booking = (
    swiftfare.bookings.groupby("user_id")["booked_on"]
    .min()
    .rename("started_on")
    .reset_index()
)
since_booking = swiftfare.days[["user_id", "date"]].merge(
    first_booking, on="user_id"
)
since_booking["day"] = (since_booking["date"] - since_booking["started_on"]).dt.days
from_booking = four_ways(first_booking, since_booking, 30)
from_booking.round(3)

# %% [markdown]
# Turn the three screws yourself: the definition, the day, and where the clock starts.

# %% name="definition-lab"
clocks = {
    "the install": (installed, since_install),
    "the first booking": (first_booking, since_booking),
}
ways = {
    (clock, day): four_ways(*clocks[clock], day)
    for clock in clocks
    for day in (1, 7, 14, 30, 60, 90)
}


def draw_ways(clock, day):
    table = ways[clock, day][::-1]
    fig, ax = plt.subplots(figsize=(style.WIDTH, 2.7))
    names = [name.replace(", ", ",\n") for name in table.index]
    ax.barh(names, 100 * table["share"], color=style.SWIFTFARE)
    for place, share in enumerate(table["share"]):
        ax.text(100 * share + 1.5, place, f"{share:.1%}", va="center")
    ax.set_xlim(0, 112)
    ax.set_xticks([0, 25, 50, 75, 100])
    ax.set_xlabel("Retained, %")
    most, least = table["share"].max(), table["share"].min()
    ax.set_title(f"Day {day}: {least:.0%} or {most:.0%}")
    return fig


def words_ways(clock, day):
    shares = ", ".join(
        f"{name} {share:.1%}" for name, share in ways[clock, day]["share"].items()
    )
    return f"Four bars, retention on day {day} since {clock}: {shares}."


tw.explore(
    draw_ways,
    describe=words_ways,
    title="One app, one truth, one day",
    labels={"clock": "The clock starts at", "day": "Day"},
    clock=list(clocks),
    start={"day": 30},
    day=[1, 7, 14, 30, 60, 90],
)

# %% [markdown]
# A number called "day-30 retention" without its definition, its start and its base can be nearly anything. From here on we use the second definition, in months of 30 days, from the first booking.

# %% tags=["book"]
for short, name in [
    ("on", "on that day"),
    ("bracket", "in the 30 days from it"),
    ("later", "that day or later, in a year"),
    ("within", "at least once up to it"),
]:
    for column in ("share", "low", "high"):
        ending = "" if column == "share" else f"_{column}"
        glue(f"day30_{short}{ending}", float(100 * day_30.loc[name, column]))
    glue(f"day30_{short}_booked", float(100 * from_booking.loc[name, "share"]))
assert day_30["share"].max() > 10 * day_30["share"].min(), (
    "the chapter says that the definitions differ by a factor of ten"
)
glue(
    "uninstalled_30",
    float(
        100
        * (
            (
                swiftfare.users["uninstalled_on"] - swiftfare.users["installed_on"]
            ).dt.days
            <= 30
        )[
            swiftfare.users["installed_on"] <= window_end - pd.Timedelta(days=30)
        ].mean()
    ),
)

# %% [markdown]
# ## 2. Swiftfare: the number on the slide
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
# It climbs from quarter to quarter. A product team could live on that slide for a long time.
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
ax.set_title("Swiftfare keeps more of its customers, quarter by quarter")
style.describe(
    fig,
    f"Line with a 95 per cent band, by quarter. The share of active Swiftfare customers who are active again the next month "
    f"climbs from {slide['mean'].iloc[0]:.0%} in the first quarter of 2024 to {slide['mean'].iloc[-1]:.0%} in the third quarter of 2025.",
)
plt.show()

# %% tags=["book"]
assert slide["mean"].diff().min() > -0.01, (
    "the chapter says that the slide climbs from quarter to quarter"
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
# ## 3. It goes wrong: the same customers, by age
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
triangle.iloc[:, [0, 1, 3, 6, 9, 12]].rename(columns="month {}".format).map(
    "{:.0f}".format, na_action="ignore"
).fillna("")

# %% [markdown]
# Read a column downwards: the same age, other calendar days. Month 1 speaks plainly, since nearly all customers of 2024 lived it before the release. So pool the customers of each year who are old enough:

# %%
years = []
for month in (1, 3, 6):
    asked = customers[customers["months_observed"] > month]
    here = asked["user_id"].isin(active.loc[active["month"] == month, "user_id"])
    for year, part in here.groupby(asked["first_booked_on"].dt.year):
        low, high = proportion_confint(part.sum(), len(part), method="wilson")
        years.append((month, year, len(part), part.mean(), low, high))
same_month = pd.DataFrame(
    years, columns=["month", "first booked in", "asked", "active", "low", "high"]
).set_index(["month", "first booked in"])
same_month.round(3)

# %% [markdown]
# At the same age the two years' customers are about equally likely to be here, as far as this table reaches. The later columns of the triangle need other groups: customers of 2024 live their month 9 in 2025, all but the earliest. Sort by the day on which the month *begins*:

# %%
later_ages = []
for month in (6, 9):
    asked = customers[customers["months_observed"] > month]
    begins = asked["first_booked_on"] + pd.to_timedelta(30 * month, unit="D")
    here = asked["user_id"].isin(active.loc[active["month"] == month, "user_id"])
    groups = here.groupby(begins >= "2025-01-01").agg(["mean", "count"])
    change_then = groups["mean"][True] - groups["mean"][False]
    margin = (
        1.96
        * (groups["mean"] * (1 - groups["mean"]) / groups["count"]).sum() ** 0.5
    )
    later_ages.append(
        (month, change_then, change_then - margin, change_then + margin)
    )
later_ages = pd.DataFrame(
    later_ages, columns=["month", "after less before", "low", "high"]
).set_index("month")
(100 * later_ages).round(1)

# %% [markdown]
# They rise a little, and zero lies in the interval of each. These are two columns of many; whoever picks the column picks the answer. The regression in section 4 uses all ages at once, and carries the claim.
#
# Now read a row from left to right, as a rate: each month divided by the month before. That is, of those active at one age, the share active one month later.

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
# The two lines lie on each other, at the ages that both years have. Nothing here says that 2025 treats a customer better.

# %% [markdown]
# ## 4. How much of the rise is age?
#
# Give every customer month the *overall* share for its age, whatever the quarter. The average of those, by quarter, is what the slide would show if nothing but age had changed. (At ages that only the months after the release have reached, this line can't help but fit. The ages that both sides share decide, below.)

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
# `C(age)` gives each age a level of its own, so only differences within an age are left; `clip(upper=18)` puts the few months beyond 18 into one level. `years` is what remains for the calendar.
#
# A trend is not the question, though. The home screen shipped in January 2025: is there a step at that date? A month's *answer* falls in the month after it, so a month counts as "after" when that next month begins after the release. By the month's own beginning the answer differs a little; both are printed.

# %%
def step_at_release(days_until_the_answer):
    same_age["after_release"] = (
        same_age["began"] + pd.Timedelta(days=days_until_the_answer) >= "2025-01-01"
    ).astype(float)
    step = smf.ols("kept ~ C(age) + after_release", same_age).fit(
        cov_type="cluster", cov_kwds={"groups": same_age["user_id"]}
    )
    return (
        100 * step.params["after_release"],
        *(100 * step.conf_int().loc["after_release"]),
    )


by_own_month = step_at_release(0)
jump, jump_low, jump_high = step_at_release(30)
for name, found in [
    ("the month's own beginning", by_own_month),
    ("its answer", (jump, jump_low, jump_high)),
]:
    print(
        "After the release, at the same age, by {}: {:+.1f} points (95 % interval {:+.1f} to {:+.1f})".format(
            name, *found
        )
    )

# %% [markdown]
# The step is read off the ages that both sides of the release have; an age seen on one side only goes into its own level. And it is *one* step for all ages. Four steps, one for each stretch of ages, show what that hides:

# %%
same_age["ages"] = pd.cut(
    same_age["month"], [-1, 0, 2, 5, 99], labels=["0", "1 to 2", "3 to 5", "6 on"]
).astype(str)
four_steps = smf.ols("kept ~ C(age) + after_release:C(ages)", same_age).fit(
    cov_type="cluster", cov_kwds={"groups": same_age["user_id"]}
)
steps_by_age = four_steps.conf_int().filter(like="after_release", axis=0)
steps_by_age.insert(0, "step", four_steps.params[steps_by_age.index])
steps_by_age.columns = ["step", "low", "high"]
steps_by_age.index = ["age 0", "ages 1 to 2", "ages 3 to 5", "age 6 on"]
(100 * steps_by_age).round(1)

# %% [markdown]
# None of the four intervals leaves zero out. The steps seem to grow with age, and that is a question for another test, not a finding: it was looked for after the fact.

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
glue("kept_age_6", float(100 * by_age.loc[6, "mean"]))
glue("kept_age_12", float(100 * by_age.loc[12, "mean"]))
for year in (2024, 2025):
    for column in ("active", "low", "high"):
        ending = "" if column == "active" else f"_{column}"
        glue(
            f"month_1_{year}{ending}",
            float(100 * same_month.loc[(1, year), column]),
        )
assert same_month.loc[1, "low"].max() < same_month.loc[1, "high"].min(), (
    "the chapter says that month 1 is the same for both years"
)
for month in (6, 9):
    for column, name in [("", "after less before"), ("_low", "low"), ("_high", "high")]:
        glue(
            f"month_{month}_change{column}",
            f"{100 * later_ages.loc[month, name]:+.1f}".replace("-", "−"),
        )
assert later_ages.loc[9, "low"] < 0 < later_ages.loc[9, "after less before"], (
    "the chapter says that month 9 rises a little, within its interval"
)
assert (steps_by_age["low"] < 0).all() and (steps_by_age["high"] > 0).all(), (
    "the lesson says that none of the four intervals leaves zero out"
)
assert by_own_month[1] < 0 < by_own_month[2]
assert (pipewright.accounts["first_paid_on"].dropna() < window_start).mean() > 1 / 3
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
# ## 5. Why age helps: sorting
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
# (`minimize` looks for the best pair, `approx_hess` measures how fast the fit gets worse around it; the faster, the narrower the interval.) Month 0 is active by definition, so a customer with *t* active months has survived *t* − 1 chances to leave. One who left after *t* active months tells us S(t−1) − S(t); one who is still here, after *t* months all observed, tells us only S(t−1). Add up the logarithms and look for the *a* and *b* that make the data most likely.


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
# ## 7. The reveal: what we planted at Swiftfare
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
# ## 8. When will they book again? BG/NBD, and a holdout
#
# sBG counts who is *here*. The finance director wants bookings. The usual model where nobody tells you that they leave is the **BG/NBD** (Fader, Hardie and Lee, 2005). Each customer books at a rate of their own (a Gamma distribution with $r$, $\alpha$) and may drop out after any booking with a chance of their own (a Beta with $a$, $b$). It needs three numbers a customer: repeat bookings $x$, the week of the last one $t_x$, and the weeks observed $T$.
#
# We let it see the data up to the end of 2024 and keep 2025 for the test.

# %%
calibration_end = pd.Timestamp("2024-12-31")
seen = swiftfare.bookings[swiftfare.bookings["booked_on"] <= calibration_end]
history = seen.groupby("user_id")["booked_on"].agg(["min", "max", "count"])
history["x"] = history["count"] - 1
history["t_x"] = (history["max"] - history["min"]).dt.days / 7
history["T"] = (calibration_end - history["min"]).dt.days / 7
history[["x", "t_x", "T"]].describe().round(1)

# %% [markdown]
# The likelihood has two parts: the customer is still alive at $T$, or dropped out right after the booking at $t_x$. (Somebody without a repeat booking has not been at risk of dropping out, in this model.) We work with logarithms, since the products of many small numbers would vanish.


# %% name="bgnbd-likelihood"
def bgnbd_log_likelihood(x, t_x, T, r, alpha, a, b):
    """Log-likelihood of each customer's repeat purchases.

    Fader, Hardie and Lee (2005), Marketing Science 24(2), equation 6.
    """
    buys = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    alive = betaln(a, b + x) - betaln(a, b) + buys - (r + x) * np.log(alpha + T)
    gone = (
        betaln(a + 1, b + np.maximum(x, 1) - 1)
        - betaln(a, b)
        + buys
        - (r + x) * np.log(alpha + t_x)
    )
    return np.logaddexp(alive, np.where(x > 0, gone, -np.inf))


def bgnbd_expected(t, x, t_x, T, r, alpha, a, b):
    """Purchases to expect in the next t weeks of a customer with this history (equation 10)."""
    step = hyp2f1(r + x, b + x, a + b + x - 1, t / (alpha + T + t))
    while_alive = (a + b + x - 1) / (a - 1)
    while_alive *= 1 - ((alpha + T) / (alpha + T + t)) ** (r + x) * step
    odds_gone = a / (b + np.maximum(x, 1) - 1)
    odds_gone *= ((alpha + T) / (alpha + t_x)) ** (r + x)
    return while_alive / (1 + np.where(x > 0, odds_gone, 0))


print(
    f"one check against the paper's authors: {bgnbd_expected(39, 2, 30.43, 38.86, 0.243, 4.414, 0.793, 2.426):.3f} (published: 1.226)"
)

# %% [markdown]
# A formula this long deserves a test before it is used. Fader and Hardie publish what it must give for a customer of the CD shop CDNOW, and it does.

# %%
x, t_x, T = (history[name].to_numpy() for name in ("x", "t_x", "T"))
fitted = minimize(
    lambda logs: -bgnbd_log_likelihood(x, t_x, T, *np.exp(logs)).sum(),
    x0=np.zeros(4),
    method="L-BFGS-B",
)
bgnbd = np.exp(fitted.x)
print("r = {:.2f}, alpha = {:.2f}, a = {:.2f}, b = {:.2f}".format(*bgnbd))

# %% [markdown]
# Now 2025, which the model has not seen. How many bookings does it expect of these customers, and how many came? Beside it the naive forecast: all customers go on at their common rate of 2024, repeat bookings over weeks watched.

# %% name="holdout"
weeks_ahead = (window_end - calibration_end).days / 7
later = swiftfare.bookings[swiftfare.bookings["booked_on"] > calibration_end]
history["came"] = later.groupby("user_id")["booking_id"].count()
history["came"] = history["came"].fillna(0)
history["expected"] = bgnbd_expected(weeks_ahead, x, t_x, T, *bgnbd)
history["same rate"] = history["x"].sum() / history["T"].sum() * weeks_ahead
history["repeats in 2024"] = pd.cut(
    history["x"],
    [-1, 0, 1, 2, np.inf],
    labels=["none", "one", "two", "three or more"],
)
holdout = history.groupby("repeats in 2024", observed=True).agg(
    customers=("x", "size"),
    same_rate=("same rate", "sum"),
    expected=("expected", "sum"),
    came=("came", "sum"),
)
holdout.loc["all"] = holdout.sum()
holdout.rename(columns={"same_rate": "same rate"}).round(0).astype(int)

# %% [markdown]
# The total is off, and off in a pattern: too many from those without a repeat booking, too few from the keen. That is the mark of a **misspecified** model. It lets people leave only right after a repeat booking, so somebody who booked once stays for ever; we know that these leave at the end of any month, booking or not. So its $a$ and $b$ are no readings of the world, whatever their intervals. As a forecast it is still far better than that crude line.
#
# That is what a holdout is for. It judges what a model says about people it has not seen, and doesn't ask whether the model is true.

# %% tags=["book"]
came, expected, same_rate = (
    holdout.loc["all", name] for name in ("came", "expected", "same_rate")
)
glue("holdout_came", f"{came:,.0f}")
glue("holdout_expected", f"{expected:,.0f}")
glue("holdout_same_rate", f"{same_rate:,.0f}")
glue("holdout_customers", f"{len(history):,}")
for short, name in [("none", "none"), ("many", "three or more")]:
    glue(f"holdout_{short}_expected", f"{holdout.loc[name, 'expected']:,.0f}")
    glue(f"holdout_{short}_came", f"{holdout.loc[name, 'came']:,.0f}")
assert holdout.loc["none", "expected"] > holdout.loc["none", "came"]
assert (
    holdout.loc["three or more", "expected"] < holdout.loc["three or more", "came"]
)
assert abs(expected - came) < abs(same_rate - came) / 3, (
    "the chapter says that the model is far better than the naive forecast"
)

# %% [markdown]
# ## 9. Pipewright: the same question, other clocks
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
# The first spreads the risk over months in which almost nobody leaves. The second counts an account that signed last month as loyal. Both forget that a young account has not yet been asked.
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
# months in which nobody left keep the value before them
band = band.reindex(range(1, int(band.index.max()) + 1)).ffill().fillna(1.0)
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
seen_leaving["at_term_end"] = seen_leaving["months"] % seen_leaving["term"] == 0
seen_leaving.groupby("term")["at_term_end"].agg(["mean", "count"]).round(2)

# %% [markdown]
# A term of one month ends every month, so those accounts can't leave at any other time. Of the annual ones about a tenth left in mid-term, and the others waited for the end. The curve mixes the terms; on annual terms alone:

# %%
annual = watched[watched["account_id"].map(term_months) == 12]
annual_km = SurvfuncRight(
    annual["months"], annual["churned"].astype(int), entry=annual["entered"]
)
annual_survival = pd.Series(annual_km.surv_prob, annual_km.surv_times)
annual_survival = annual_survival.reindex(range(1, 25)).ffill().fillna(1.0)
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
# ### Which of these numbers is for the year ahead?
#
# Tomas has to say how many of today's accounts he will lose in 2026. The loss in an account's first twelve months is no answer: more than half of his accounts are older than that. What he needs are the terms that *come due* in 2026, times the share of such terms that is not renewed. First terms and later ones differ, so each has its own share.


# %%
def terms_due(first_day, last_day, known_on):
    """Terms of a year or two that end in the period, of accounts that still paid on `known_on`."""
    gone = accounts.loc[accounts["churned_on"] <= known_on, "account_id"]
    due_then = terms[
        (terms["term_months"] > 1)
        & (terms["started_on"] <= known_on)
        & terms["ends_on"].between(first_day, last_day)
        & ~terms["account_id"].isin(gone)
    ]
    return due_then.assign(
        term=np.where(due_then["term_number"] == 1, "first", "later"),
        lost=~due_then["renewed"],
    )


due_2024 = terms_due("2023-12-31", "2024-12-30", pd.Timestamp("2023-12-31"))
due_2025 = terms_due("2024-12-31", "2025-12-30", pd.Timestamp("2024-12-31"))
due_2026 = terms_due("2025-12-31", "2026-12-30", window_end)
ahead = pd.concat([due_2024, due_2025]).groupby("term")["lost"].agg(["size", "mean"])
ahead.columns = ["came due so far", "share lost"]
ahead["due in 2026"] = due_2026["term"].value_counts()
ahead["to lose"] = ahead["share lost"] * ahead["due in 2026"]
ahead.round(2)

# %% [markdown]
# A first term is lost more often than a later one. (A term's last day is still paid, so those that end on 31 December fall into the next year.) The sum of the last column is Tomas's number. Its interval has two parts: the shares are estimates, so draw accounts again; and even with known shares the outcome is a matter of luck, so draw the renewals too.


# %%
def losses_ahead(past, coming):
    """Terms to lose among those coming due: the expectation and a 95 % interval."""
    counts = past.groupby(["account_id", "term"])["lost"].agg(["size", "sum"])
    counts = counts.unstack(fill_value=0)
    due, lost = counts["size"].to_numpy(), counts["sum"].to_numpy()
    to_come = coming["term"].value_counts()[["first", "later"]].to_numpy()
    drawn = []
    for _ in range(2000):
        again = random.integers(0, len(counts), len(counts))
        shares = lost[again].sum(axis=0) / due[again].sum(axis=0)
        drawn.append(random.binomial(to_come, shares).sum())
    expected = (to_come * lost.sum(axis=0) / due.sum(axis=0)).sum()
    return expected, *np.quantile(drawn, [0.025, 0.975])


lost_2026, lost_2026_low, lost_2026_high = losses_ahead(
    pd.concat([due_2024, due_2025]), due_2026
)
print(
    f"{len(due_2026)} terms come due in 2026; to expect: {lost_2026:.0f} lost (95 % interval {lost_2026_low:.0f} to {lost_2026_high:.0f})"
)

# %% [markdown]
# A forecast deserves a test. Stand on the last day of 2024, with the shares of 2024 alone, and forecast 2025:

# %%
test_expected, test_low, test_high = losses_ahead(due_2024, due_2025)
test_came = int(due_2025["lost"].sum())
print(
    f"expected {test_expected:.0f} of {len(due_2025)} terms lost ({test_low:.0f} to {test_high:.0f}); {test_came} came"
)

# %% [markdown]
# One year is one test, no more, and it fell short: the interval held what came, but the share lost had drifted upwards. The shares of 2025 alone would give more for 2026:

# %%
newest_2026, newest_low, newest_high = losses_ahead(due_2025, due_2026)
print(
    f"with the shares of 2025 alone: {newest_2026:.0f} ({newest_low:.0f} to {newest_high:.0f})"
)
pd.DataFrame(
    {
        "2024": due_2024.groupby("term")["lost"].mean(),
        "2025": due_2025.groupby("term")["lost"].mean(),
    }
).round(3)

# %% [markdown]
# And the list is not whole: accounts on monthly terms, and those whose two years end later, stand outside it. What was lost among the monthly ones in a year, and how much of all losses of 2025 did the list hold?


# %%
def paying_on(date):
    gone = accounts["churned_on"] <= date
    return accounts[(accounts["first_paid_on"] <= date) & ~gone]


def on_monthly_terms(date):
    so_far = terms[terms["started_on"] <= date]
    latest = so_far.groupby("account_id")["term_months"].last()
    paying = paying_on(date)
    return paying[paying["account_id"].map(latest) == 1]


year_ends = [pd.Timestamp("2023-12-31"), pd.Timestamp("2024-12-31")]
monthly_past = [
    on_monthly_terms(date)["churned_on"] <= date + pd.DateOffset(years=1)
    for date in year_ends
]
monthly_share_lost = pd.concat(monthly_past).mean()
monthly_now = len(on_monthly_terms(window_end))
lost_monthly = monthly_share_lost * monthly_now
lost_all_2026 = lost_2026 + lost_monthly
lost_all_2025 = paying_on(year_ends[1])["churned_on"].notna().sum()
print(
    f"monthly: {monthly_now} accounts, {monthly_share_lost:.0%} lost in a year, so {lost_monthly:.0f}; all together {lost_all_2026:.0f}"
)
print(f"the list held {test_came} of the {lost_all_2025} losses of 2025")

# %% [markdown]
# Where is the money? The same sum by size, with what the accounts pay a month today. Each size and kind of term has its own share.

# %%
signs = {"new": 1, "expansion": 1, "contraction": -1, "churn": -1}
pays_now = (
    (
        pipewright.movements["mrr_cents"]
        * pipewright.movements["kind"].astype(str).map(signs)
    )
    .groupby(pipewright.movements["account_id"])
    .sum()
    / 100
)
size_of = accounts.set_index("account_id")["size"].astype(str)
past_terms = pd.concat([due_2024, due_2025])
past_terms["size"] = past_terms["account_id"].map(size_of)
coming = due_2026.assign(
    size=due_2026["account_id"].map(size_of),
    pays=due_2026["account_id"].map(pays_now),
)
shares_by_size = past_terms.groupby(["size", "term"])["lost"].mean().rename("share")
coming = coming.join(shares_by_size, on=["size", "term"])
coming["euros"] = coming["share"] * coming["pays"]
by_size_2026 = coming.groupby("size").agg(
    due=("share", "size"), to_lose=("share", "sum"), euros_a_month=("euros", "sum")
)
by_size_2026.round(0)

# %% [markdown]
# Small accounts are half of the losses and a fifth of the money. An hour spent on a large or a medium account protects more of it.
#
# The renewal rate is one step of the curve. What goes *before* that step? Take the accounts on a first annual term and compare, week by week, the share of paid seats that somebody used: those that did not renew against those that did.

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
    [3, 12, 26, 39, 45, 51],
    labels=["4 to 12", "13 to 26", "27 to 39", "40 to 45", "46 to 51"],
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
    columns={False: "did not renew", True: "renewed"}
).rename_axis(columns=None)
use_before.map("{:.0%}".format)

# %% [markdown]
# And the gap between the two groups, renewed minus left, in points, with intervals over accounts:

# %%
gaps_in_use = by_account.groupby(["weeks of the term", "renewed"], observed=True).agg(
    ["mean", "var", "count"]
)
gaps_in_use["error"] = gaps_in_use["var"] / gaps_in_use["count"]
gap = gaps_in_use["mean"].unstack().diff(axis=1)[True]
gap_margin = 1.96 * gaps_in_use["error"].groupby("weeks of the term", observed=True).sum() ** 0.5
use_gap = 100 * pd.DataFrame(
    {"gap": gap, "low": gap - gap_margin, "high": gap + gap_margin}
)
use_gap.round(0)

# %% [markdown]
# For most of the term a few points lie between the two groups. From about week 40 the leavers' use falls, some twelve weeks ahead of the loss. That the one *causes* the other is not shown: both may follow from a decision made earlier.
#
# An average falls; how many *accounts* show it? Flag an account whose use in weeks 40 to 43 lies more than ten points below its use in weeks 27 to 39.

# %%
usual = weekly[weekly["week_of_term"].between(27, 39)]
recent = weekly[weekly["week_of_term"].between(40, 43)]
fall = (
    usual.groupby(["renewed", "account_id"])["seats_used"].mean()
    - recent.groupby(["renewed", "account_id"])["seats_used"].mean()
).dropna()
flagged = (fall > 0.1).groupby("renewed").agg(["mean", "sum", "count"])
flagged.round(2)

# %% [markdown]
# At week 43 fewer than half of those that will not renew show it. Waiting for the sign misses the others.

# %% [markdown]
# ## 10. By size, and by phone
#
# Do all kinds of account leave alike? Stratify: one curve for each size, and the **log-rank test**, which asks at every age whether one group loses more than its share of those at risk.

# %%
sizes = (
    pd.DataFrame(
        {
            str(size): SurvfuncRight(
                part["months"], part["churned"].astype(int), entry=part["entered"]
            ).summary()["Surv prob"]
            for size, part in watched.groupby("size", observed=True)
        }
    )
    .reindex(range(1, 25))
    .ffill()
    .fillna(1.0)
    .rename_axis("month")
)
test, p_value = survdiff(
    watched["months"],
    watched["churned"].astype(int),
    watched["size"].astype(str),
    entry=watched["entered"],
)
print(f"log-rank: chi-squared {test:.1f}, p = {p_value:.1g}")
sizes.loc[[11, 12, 24]].round(2)

# %% [markdown]
# Size decides much. The same question to Swiftfare's customers, by phone: share still active in month 6, with intervals.

# %%
half_year_old = customers[customers["months_observed"] > 6].merge(
    swiftfare.users[["user_id", "device"]], on="user_id"
)
half_year_old["active"] = half_year_old["user_id"].isin(
    active.loc[active["month"] == 6, "user_id"]
)
by_device = half_year_old.groupby("device", observed=True)["active"].agg(
    ["sum", "count", "mean"]
)
by_device["low"], by_device["high"] = proportion_confint(
    by_device["sum"], by_device["count"], method="wilson"
)
by_device[["count", "mean", "low", "high"]].round(3)

# %% [markdown]
# There the groups hardly differ. An average is a fair picture of one company and hides three businesses in the other.

# %% [markdown]
# ## 11. What the observation date does
#
# Two questions first. The accounts don't change; only the day on which we look does.
#
# 1. Which of three curves stays near where it is when the data end earlier: Kaplan-Meier, "of all accounts in the list", or "of those that have finished"?
# 2. What does the honest curve lose when there are fewer data?


# %% name="date-lab"
def three_curves(date):
    """Survival by month as it looks on `date`: Kaplan-Meier with late entry, and two naive shares."""
    listed = accounts[accounts["first_paid_on"] <= date]
    gone = listed["churned"] & (listed["churned_on"] <= date)
    end = listed["churned_on"].where(gone, date)
    age, entered = whole_months(listed["first_paid_on"], end), listed["entered"]
    curves = {"Kaplan-Meier": [1.0], "of all listed": [1.0], "of those gone": [1.0]}
    for month in range(1, 25):
        at_risk = (entered < month) & (age >= month)
        loss = (at_risk & gone & (age == month)).sum() / max(at_risk.sum(), 1)
        curves["Kaplan-Meier"].append(curves["Kaplan-Meier"][-1] * (1 - loss))
        curves["of all listed"].append(1 - (gone & (age <= month)).mean())
        curves["of those gone"].append((age[gone] > month).mean())
    return pd.DataFrame(curves)


looks = {
    f"{date:%B %Y}": three_curves(date)
    for date in pd.date_range("2024-09-30", "2025-12-31", freq="QE")
}


def draw_date(data_end_in):
    curves = looks[data_end_in]
    fig, ax = plt.subplots(figsize=(style.WIDTH, 3.4))
    for name, colour, dash in [
        ("of all listed", style.GREY, "--"),
        ("of those gone", style.GREY, ":"),
        ("Kaplan-Meier", style.PIPEWRIGHT, "-"),
    ]:
        ax.step(
            curves.index,
            100 * curves[name],
            where="post",
            color=colour,
            linestyle=dash,
        )
        ax.text(24.3, 100 * curves[name].iloc[-1], name, color=colour, va="center")
    ax.set_xlim(0, 31)
    ax.set_xticks(range(0, 25, 6))
    ax.set_ylim(0, 102)
    ax.set_xlabel("Months since the account first paid")
    ax.set_ylabel("Accounts still paying, %")
    year = curves.loc[12]
    ax.set_title(
        f"After a year: {year['Kaplan-Meier']:.0%}, or {year['of all listed']:.0%}, or {year['of those gone']:.0%}"
    )
    return fig


def words_date(data_end_in):
    year = looks[data_end_in].loc[12]
    return (
        f"Data to the end of {data_end_in}. Still paying after twelve months: Kaplan-Meier {year['Kaplan-Meier']:.0%}, "
        f"of all accounts listed {year['of all listed']:.0%}, of those gone {year['of those gone']:.0%}."
    )


tw.explore(
    draw_date,
    describe=words_date,
    title="The same accounts, looked at on another day",
    labels={"data_end_in": "The data end in"},
    play=True,
    data_end_in=list(looks),
)

# %% [markdown]
# Kaplan-Meier wavers, as an estimate does, and stays near where it is. The dashed line sinks as the list grows older: its base is full of accounts that were never asked. The dotted one holds only leavers.

# %% tags=["book"]
for size in ("small", "medium", "large"):
    glue(f"size_{size}_12", float(100 * sizes.loc[12, size]))
glue("log_rank_p", "below 0.001" if p_value < 0.001 else f"{p_value:.3f}")
assert p_value < 0.01 and sizes.loc[12].is_monotonic_increasing
for device in ("android", "ios"):
    for column in ("mean", "low", "high"):
        ending = "" if column == "mean" else f"_{column}"
        glue(f"device_{device}{ending}", float(100 * by_device.loc[device, column]))
assert by_device["low"].max() < by_device["high"].min(), (
    "the chapter says that phones hardly differ"
)
first_look, last_look = list(looks)[0], list(looks)[-1]
glue("look_first_listed", float(100 * looks[first_look].loc[12, "of all listed"]))
glue("look_last_listed", float(100 * looks[last_look].loc[12, "of all listed"]))
glue("look_first_km", float(100 * looks[first_look].loc[12, "Kaplan-Meier"]))
glue("look_last_km", float(100 * looks[last_look].loc[12, "Kaplan-Meier"]))
glue("look_first_month", first_look)
glue("look_last_gone", float(100 * looks[last_look].loc[12, "of those gone"]))
assert (
    looks[first_look].loc[12, "of all listed"]
    > looks[last_look].loc[12, "of all listed"] + 0.03
), "the chapter says that the share of all listed sinks with the date"
assert all(
    look.loc[12, "of those gone"] < 0.5 < look.loc[12, "Kaplan-Meier"]
    for look in looks.values()
)

# %% [markdown]
# ## 12. The reveal: what we planted at Pipewright
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
# ## 13. Three slides from one list: logos, gross and net revenue
#
# Accounts are one thing, money another. Take the accounts that paid on the last day of 2024 and follow *them alone* through 2025. **MRR** is monthly recurring revenue; the running sum of an account's movements is its MRR.

# %%
movements = pipewright.movements.copy()
sign = {"new": 1, "expansion": 1, "contraction": -1, "churn": -1}
movements["change"] = movements["mrr_cents"] * movements["kind"].astype(str).map(
    sign
)
at_start = (
    movements[movements["moved_on"] <= "2024-12-31"]
    .groupby("account_id")["change"]
    .sum()
)
book = at_start[at_start > 0].rename("start").to_frame()
in_2025 = movements[movements["moved_on"] > "2024-12-31"]
book["end"] = (
    book["start"]
    .add(in_2025.groupby("account_id")["change"].sum())
    .fillna(book["start"])
)
(book / 100).describe().loc[["count", "mean", "50%", "max"]].round(0)

# %% [markdown]
# Three shares, all called retention:
#
# - **logo retention**: accounts that still pay, whatever they pay;
# - **gross revenue retention** (GRR): of each account, what is kept of its MRR at the start, and never more than that;
# - **net revenue retention** (NRR): all their MRR at the end, expansion included, over all of it at the start.
#
# GRR cannot pass 100 %. NRR can.

# %% name="money"
book["kept"] = book[["start", "end"]].min(axis=1)
named = pipewright.accounts.loc[pipewright.accounts["named_account"], "account_id"]
is_named = book.index.isin(named)


def three_retentions(part):
    start = part["start"].sum()
    return pd.Series(
        {
            "logos": (part["end"] > 0).mean(),
            "gross": part["kept"].sum() / start,
            "net": part["end"].sum() / start,
        }
    )


money = three_retentions(book).rename("share").to_frame()
money.loc["net without named"] = three_retentions(book[~is_named])["net"]
draws = []
for _ in range(1000):
    rows = random.integers(0, len(book), len(book))
    drawn = three_retentions(book.iloc[rows])
    others = book.iloc[rows[~is_named[rows]]]
    drawn["net without named"] = three_retentions(others)["net"]
    draws.append(drawn)
money["low"], money["high"] = (
    pd.DataFrame(draws).quantile([0.025, 0.975])[money.index].to_numpy()
)
money.round(3)

# %% [markdown]
# More than a fifth of the companies leave in a year, and the money grows. Who carries that? The last row leaves out the **named accounts**, those with an account manager of their own. They were named for the size of what they signed, before the year began, so the list is not picked by how the year went.

# %%
print(
    f"{is_named.sum()} of {len(book)} accounts are named; they hold {1 - book.loc[~is_named, 'start'].sum() / book['start'].sum():.0%} of the revenue at the start"
)

# %% [markdown]
# Where a handful of accounts decides the sum, drawing accounts again moves it much: compare the two intervals of net. People also like to leave out "our five best". Here they are, as a warning:

# %%
grown = (book["end"] - book["start"]).sort_values(ascending=False)
gains = grown[grown > 0]
five = grown.index[:5]
without_five = three_retentions(book.drop(five))["net"]
print(
    f"without the five that grew most: {without_five:.0%}; the ten that grew most bring {gains.iloc[:10].sum() / gains.sum():.0%} of all growth"
)

# %% [markdown]
# Those five were picked *by their growth*, and any company looks worse without its best. Choose the group first, then count.

# %% name="fig-money"
fig, ax = plt.subplots(figsize=(style.WIDTH, 2.8))
names = ["Accounts", "Gross revenue", "Net revenue", "Net, less named"]
places = range(len(money))[::-1]
ax.hlines(
    places,
    100 * money["low"],
    100 * money["high"],
    color=style.PIPEWRIGHT_TINT,
    lw=7,
)
ax.plot(100 * money["share"], places, "o", color=style.PIPEWRIGHT)
for place, share in zip(places, money["share"], strict=True):
    ax.text(100 * share, place + 0.22, f"{share:.0%}", ha="center")
ax.axvline(100, color=style.GREY, linestyle="--", lw=1)
ax.set_yticks(places, names)
ax.set_ylim(-0.5, 3.7)
ax.set_xlabel("Kept after a year, %")
ax.set_title("More than a fifth of the logos leave, and revenue grows")
style.describe(
    fig,
    f"Four shares with 95 per cent intervals. Accounts that stayed {money.loc['logos', 'share']:.0%}, gross revenue kept "
    f"{money.loc['gross', 'share']:.0%}, net revenue {money.loc['net', 'share']:.0%}; without the named accounts, net is {money.loc['net without named', 'share']:.0%}.",
)
plt.show()

# %% tags=["book"]
for name in ("logos", "gross", "net", "net without named"):
    for column in ("share", "low", "high"):
        ending = "" if column == "share" else f"_{column}"
        glue(
            f"money_{name.replace(' ', '_')}{ending}",
            float(100 * money.loc[name, column]),
        )
glue("money_n", f"{len(book):,}")
glue("money_top_ten", float(100 * gains.iloc[:10].sum() / gains.sum()))
assert (
    money.loc["logos", "share"]
    < money.loc["gross", "share"]
    < 1
    < money.loc["net", "share"]
)
assert 0.75 < money.loc["logos", "share"] < 0.8, "the figure says more than a fifth"
assert money.loc["net without named", "share"] < 1, (
    "the chapter says that without the named accounts the revenue shrinks"
)
glue("money_without_five", float(100 * without_five))
glue("money_named_n", int(is_named.sum()))
glue(
    "money_named_share",
    float(100 * book.loc[is_named, "start"].sum() / book["start"].sum()),
)
glue("money_logos_lost", float(100 * (1 - money.loc["logos", "share"])))
glue("money_logos_lost_low", float(100 * (1 - money.loc["logos", "high"])))
glue("money_logos_lost_high", float(100 * (1 - money.loc["logos", "low"])))

# %% [markdown]
# ## 14. Which cycle is shorter?
#
# How often do people *use* it? Of the people active in four weeks, which share is active on an average day? (**Stickiness**, DAU over MAU.) `ratio` divides one sum by another and gives an interval over users or accounts. Pipewright's usage table has both counts by account and week. For Swiftfare we count, in windows of 28 days, the days on which each active customer came.


# %%
def ratio(top, bottom):
    """Sum of `top` over sum of `bottom`, with a 95 % interval; one element a unit."""
    share = top.sum() / bottom.sum()
    margin = 1.96 * ((top - share * bottom) ** 2).sum() ** 0.5 / bottom.sum()
    return pd.Series(
        {"share": share, "low": share - margin, "high": share + margin}
    )


by_account_use = pipewright.usage.groupby("account_id")[
    ["mean_daily_active", "active_members_28d"]
].sum()
visits = since_booking[since_booking["day"] >= 0]
visits = visits.assign(window=visits["day"] // 28)
visits = visits[
    visits["started_on"] + pd.to_timedelta(28 * (visits["window"] + 1), unit="D")
    <= window_end + pd.Timedelta(days=1)
]
by_user_use = visits.groupby("user_id").agg(
    days=("day", "size"), windows=("window", "nunique")
)
stickiness = pd.DataFrame(
    {
        "Swiftfare, customers": ratio(
            by_user_use["days"], 28 * by_user_use["windows"]
        ),
        "Pipewright, members": ratio(
            by_account_use["mean_daily_active"],
            by_account_use["active_members_28d"],
        ),
    }
).T
stickiness.round(3)

# %% [markdown]
# Work has five days in seven, so the ceiling there is about 71 %, and Pipewright reaches two-thirds of it. Now the other cycle, from payment to payment. At Swiftfare there is a trap: the gaps that we *see* are short ones, since the long ones are cut off by the end of the data or by leaving.

# %%
gaps = (
    swiftfare.bookings.sort_values(["user_id", "booked_on"])
    .groupby("user_id")["booked_on"]
    .diff()
    .dt.days.dropna()
)
repeats = swiftfare.bookings.merge(
    lasted[["user_id", "first_booked_on", "months"]], on="user_id"
)
day = (repeats["booked_on"] - repeats["first_booked_on"]).dt.days
repeats = repeats[(day > 0) & (day < 30 * repeats["months"])]
payments = pd.DataFrame(
    {
        "repeats": repeats.groupby("user_id")["booking_id"].count(),
        "days": 30.0 * lasted.set_index("user_id")["months"],
    }
).fillna({"repeats": 0})
days_a_booking = ratio(payments["days"], payments["repeats"])
print(f"median gap between two bookings seen: {gaps.median():.0f} days")
print(
    "days of active life for each repeat booking: {:.0f} ({:.0f} to {:.0f})".format(
        *days_a_booking
    )
)

# %% [markdown]
# At Pipewright the decision to pay again comes once a term.

# %%
term_share = accounts["account_id"].map(term_months).value_counts(normalize=True)
term_share.rename_axis("months in a term").round(2)

# %% tags=["book"]
for short, name in [("sf", "Swiftfare, customers"), ("pw", "Pipewright, members")]:
    glue(f"sticky_{short}", float(100 * stickiness.loc[name, "share"]))
    glue(f"sticky_{short}_low", float(100 * stickiness.loc[name, "low"]))
    glue(f"sticky_{short}_high", float(100 * stickiness.loc[name, "high"]))
    glue(f"sticky_{short}_days", float(1 / stickiness.loc[name, "share"]))
glue("gap_seen", float(gaps.median()))
glue("days_a_booking", float(days_a_booking["share"]))
glue("days_a_booking_low", float(days_a_booking["low"]))
glue("days_a_booking_high", float(days_a_booking["high"]))
glue("term_12_share", float(100 * term_share[12]))
assert (
    stickiness.loc["Pipewright, members", "low"]
    > 2 * stickiness.loc["Swiftfare, customers", "high"]
)
assert (
    gaps.median() < 0.6 * days_a_booking["share"] and days_a_booking["high"] < 250
)

# %% [markdown]
# ## 15. Swiftfare's KPI board, and which numbers on it are vain
#
# The source lists what a B2C product manager watches by week and by month. Here is all of it: installs and uninstalls, app opens, the flight, hotel and holiday stores (searches), bookings, orders (here in euros: an order holds one booking), the share of one-time users, churn and the active base.


# %%
def board(period):
    """The KPI board by "M" (calendar month) or "W" (week)."""
    users, days, sales = swiftfare.users, swiftfare.days, swiftfare.bookings
    by_day = days.groupby(days["date"].dt.to_period(period))
    by_sale = sales.groupby(sales["booked_on"].dt.to_period(period))
    gone = users["uninstalled_on"].dropna().dt.to_period(period)
    table = pd.DataFrame(
        {
            "installs": users.groupby(
                users["installed_on"].dt.to_period(period)
            ).size(),
            "uninstalls": gone.value_counts(),
            "app opens": by_day["opens"].sum(),
            "flight store": by_day["flight_searches"].sum(),
            "hotel store": by_day["hotel_searches"].sum(),
            "holidays": by_day["holiday_searches"].sum(),
            "bookings": by_sale.size(),
            "orders, euros": by_sale["price_cents"].sum() // 100,
        }
    )
    nth = sales.sort_values(["user_id", "booked_on"]).groupby("user_id").cumcount()
    sold = sales["booked_on"].dt.to_period(period)
    ever, twice = (
        sold[nth == n].value_counts().sort_index().cumsum() for n in (0, 1)
    )
    table["one-time share"] = 1 - twice / ever
    return table


monthly = board("M")
monthly.iloc[[6, 12, 18, 23]].T.round(2)

# %% [markdown]
# The same by week, the last three whole ones:

# %%
board("W").iloc[-4:-1].T.round(2)

# %% [markdown]
# **Active base**: users with at least one open in the month. It is made of the *new*, of those *kept* from the month before, and of those *resurrected* after a month of silence. Those active last month and not in this one are the *lost*; over last month's base they are the **churn** of the app.

# %%
present = swiftfare.days.assign(month=swiftfare.days["date"].dt.to_period("M"))
present = (
    present[["user_id", "month"]]
    .drop_duplicates()
    .sort_values(["user_id", "month"])
)
before = present.groupby("user_id")["month"].shift()
present["part"] = np.select(
    [before.isna(), before == present["month"] - 1], ["new", "kept"], "resurrected"
)
base = present.groupby(["month", "part"]).size().unstack(fill_value=0)
base["active base"] = base.sum(axis=1)
base["lost"] = base["active base"].shift() - base["kept"]
base["churn"] = base["lost"] / base["active base"].shift()
base.iloc[[6, 12, 18, 23]].round(3)

# %% [markdown]
# Those active are not all customers: some have the app and never booked. What share of the active base had booked by the end of the month?

# %%
booked_since = present["user_id"].map(
    customers.set_index("user_id")["first_booked_on"]
)
present["has_booked"] = booked_since.dt.to_period("M") <= present["month"]
halves = {"before": ("2024-07", "2024-12"), "after": ("2025-07", "2025-12")}
booked_share = {
    name: present.loc[
        present["month"].between(pd.Period(first), pd.Period(last)), "has_booked"
    ].mean()
    for name, (first, last) in halves.items()
}
booked_share

# %% [markdown]
# Which of them tell you that something got *better*? Compare the second half of 2025 with the second half of 2024, the same season. Then the same for each active user.

# %% name="vanity"
both = monthly.join(base[["active base", "churn"]])
before_half, after_half = (
    both.loc["2024-07":"2024-12"].mean(),
    both.loc["2025-07":"2025-12"].mean(),
)
vanity = pd.DataFrame({"2024, 2nd half": before_half, "2025, 2nd half": after_half})
vanity["change, %"] = 100 * (after_half / before_half - 1)
per_user = (
    after_half
    / after_half["active base"]
    / (before_half / before_half["active base"])
)
vanity["per active user, %"] = 100 * (per_user - 1)
shares = ["one-time share", "churn"]
no_ratio = [*shares, "installs", "uninstalls", "active base"]
vanity.loc[no_ratio, "per active user, %"] = np.nan
shown = vanity.rename_axis("mean of the months").astype(object)
for name in vanity.index:
    digits = "{:.2f}" if name in shares else "{:,.0f}"
    shown.loc[name, vanity.columns[:2]] = [
        digits.format(v) for v in vanity.loc[name].iloc[:2]
    ]
    shown.loc[name, vanity.columns[2:]] = [
        "" if np.isnan(v) else f"{v:+.0f}" for v in vanity.loc[name].iloc[2:]
    ]
shown

# %% [markdown]
# How sure is the rise for each active user? Draw users again, for bookings:

# %%
in_half = {
    name: (
        swiftfare.bookings[
            swiftfare.bookings["booked_on"]
            .dt.to_period("M")
            .between(pd.Period(first), pd.Period(last))
        ]
        .groupby("user_id")
        .size(),
        present[present["month"].between(pd.Period(first), pd.Period(last))]
        .groupby("user_id")
        .size(),
    )
    for name, (first, last) in halves.items()
}
drawn_users = pd.DataFrame(
    {
        (name, what): found
        for name, pair in in_half.items()
        for what, found in zip(("booked", "active"), pair, strict=True)
    }
).fillna(0)
values = drawn_users.to_numpy()
per_user_draws = []
for _ in range(400):
    again = np.bincount(
        random.integers(0, len(values), len(values)), minlength=len(values)
    )
    was_booked, was_active, is_booked, is_active = again @ values
    per_user_draws.append((is_booked / is_active) / (was_booked / was_active) - 1)
bookings_low, bookings_high = np.quantile(per_user_draws, [0.025, 0.975])
print(
    f"bookings for each active user: {vanity.loc['bookings', 'per active user, %']:+.1f} % ({100 * bookings_low:+.1f} to {100 * bookings_high:+.1f})"
)

# %% [markdown]
# Every count went up, uninstalls too. For each active user they rose a few per cent; but those who have booked are now more of the active base, and they use more. That mixes too. The counts are **vanity** numbers: they grow with the installs, and could have grown while the product got worse. Churn of the app and the share of one-time users fell, and that sounds real. But both mix ages, like the slide. Hold the age still:

# %%
nth = swiftfare.bookings.sort_values(["user_id", "booked_on"])
second = nth[nth.groupby("user_id").cumcount() == 1].set_index("user_id")[
    "booked_on"
]
ages = customers.assign(
    to_second=(
        customers["user_id"].map(second) - customers["first_booked_on"]
    ).dt.days,
    observed=(window_end - customers["first_booked_on"]).dt.days,
)
one_time = pd.DataFrame(
    {
        f"after {days_old} days": (~(ages["to_second"] <= days_old))
        .where(ages["observed"] >= days_old)
        .groupby(ages["cohort"].astype(str))
        .agg(lambda asked: asked.mean() if asked.notna().all() else np.nan)
        for days_old in (30, 90, 180, 360)
    }
).dropna(how="all")
one_time.map("{:.2f}".format, na_action="ignore").fillna("")

# %% [markdown]
# Along a row the share of one-time users falls, since everybody has had more time. Down a column it stays. The KPI fell because the customers grew older.

# %% tags=["book"]
counts = [
    "installs",
    "uninstalls",
    "app opens",
    "flight store",
    "hotel store",
    "holidays",
    "bookings",
    "orders, euros",
    "active base",
]
assert (vanity.loc[counts, "change, %"] > 10).all(), (
    "the chapter says that all counts rose"
)
per_active = vanity["per active user, %"].dropna()
assert 0 < per_active.min() and per_active.max() < 7, (
    "the chapter says that all rose by a few per cent for each active user"
)
glue("kpi_least_per_user", float(per_active.min()))
glue("kpi_bookings_per_user", float(vanity.loc["bookings", "per active user, %"]))
glue("kpi_bookings_low", float(100 * bookings_low))
glue("kpi_bookings_high", float(100 * bookings_high))
glue("kpi_booked_before", float(100 * booked_share["before"]))
glue("kpi_booked_after", float(100 * booked_share["after"]))
for short, name in [
    ("installs", "installs"),
    ("uninstalls", "uninstalls"),
    ("opens", "app opens"),
    ("bookings", "bookings"),
    ("flight", "flight store"),
    ("hotel", "hotel store"),
    ("holidays", "holidays"),
    ("orders", "orders, euros"),
]:
    glue(f"kpi_{short}", float(vanity.loc[name, "change, %"]))
glue("kpi_most_per_user", float(per_active.max()))
glue("kpi_one_time_before", float(100 * before_half["one-time share"]))
glue("kpi_one_time_after", float(100 * after_half["one-time share"]))
glue("kpi_churn_before", float(100 * before_half["churn"]))
glue("kpi_churn_after", float(100 * after_half["churn"]))
glue("kpi_active", f"{base['active base'].iloc[-1]:,.0f}")
glue("kpi_new", f"{base['new'].iloc[-1]:,.0f}")
glue("kpi_kept", f"{base['kept'].iloc[-1]:,.0f}")
glue("kpi_resurrected", f"{base['resurrected'].iloc[-1]:,.0f}")
glue("one_time_30", float(100 * one_time["after 30 days"].mean()))
glue("one_time_360", float(100 * one_time["after 360 days"].mean()))
assert one_time["after 90 days"].max() - one_time["after 90 days"].min() < 0.1

# %% [markdown]
# ## 16. Why do customers stay? Ask the survivors, and be misled
#
# A favourite recipe: look at the customers who stayed, see what they did, and get the others to do it. Take all customers old enough for a month 12, and ask who booked a second time.

# %% name="survivors"
old = customers.loc[
    customers["months_observed"] > 12, ["user_id", "first_booked_on"]
]
old["still here"] = old["user_id"].isin(
    active.loc[active["month"] == 12, "user_id"]
)
to_second = (old["user_id"].map(second) - old["first_booked_on"]).dt.days
old["booked again in the year"] = to_second < 360
old["booked again in the first month"] = to_second < 30


def still_here_by(column):
    table = old.groupby(column)["still here"].agg(["sum", "count", "mean"])
    table["low"], table["high"] = proportion_confint(
        table["sum"], table["count"], method="wilson"
    )
    return table[["count", "mean", "low", "high"]]


survivors = pd.concat(
    {
        name.removeprefix("booked again "): still_here_by(name).rename(
            {True: "booked again", False: "did not"}
        )
        for name in ("booked again in the year", "booked again in the first month")
    },
    names=["second booking", "customers"],
)
survivors.reset_index().set_index("second booking").round(3)

# %% [markdown]
# Those who booked again within the year are far likelier to be here at its end. But to book in month seven you must be here in month seven: the group was chosen by its own survival. That is **immortal time**.
#
# The mend is a **landmark**: sort people by what they did *while all were still there*. In the first month nobody can have left. Sorted by that month's second booking, the two groups are alike.

# %%
first_month = still_here_by("booked again in the first month")["mean"]
counts_first = still_here_by("booked again in the first month")["count"]
landmark = first_month[True] - first_month[False]
landmark_margin = (
    1.96 * (first_month * (1 - first_month) / counts_first).sum() ** 0.5
)
print(
    f"landmark difference: {100 * landmark:+.1f} points ({100 * (landmark - landmark_margin):+.1f} to {100 * (landmark + landmark_margin):+.1f})"
)

# %% [markdown]
# The truth folder agrees: a customer's own booking rate and own chance of leaving were drawn apart from each other.

# %%
rates = tw.truth("swiftfare", "customers")
print(
    f"planted correlation of booking rate and chance of leaving, seen in these customers: {rates['bookings_a_year'].corr(rates['monthly_dropout']):+.3f}"
)

# %% [markdown]
# Does *depth of use* tell who will stay? At Swiftfare: customers by the number of days on which they came in month 0, and the share active in month 1.

# %%
depth = active.loc[active["month"] == 0, ["user_id"]].merge(
    visits[visits["day"] < 30]
    .groupby("user_id")["day"]
    .size()
    .rename("days")
    .reset_index()
)
depth = depth.merge(customers[customers["months_observed"] > 1], on="user_id")
depth["kept"] = depth["user_id"].isin(active.loc[active["month"] == 1, "user_id"])
depth["days in month 0"] = pd.cut(
    depth["days"], [0, 1, 3, 5, 31], labels=["1", "2 to 3", "4 to 5", "6 or more"]
)
by_depth = depth.groupby("days in month 0", observed=True)["kept"].agg(
    ["sum", "count", "mean"]
)
by_depth["low"], by_depth["high"] = proportion_confint(
    by_depth["sum"], by_depth["count"], method="wilson"
)
by_depth[["count", "mean", "low", "high"]].round(3)

# %% [markdown]
# Flat. At Pipewright the **health** of an account is what it uses of what it pays: active members over paid seats, reviewed fourteen weeks before the renewal. Here is the share that then left at the renewal.

# %% name="health"
gone = pipewright.movements.loc[
    pipewright.movements["kind"] == "churn", ["account_id", "moved_on"]
]
reviews = pipewright.touches.merge(gone, on="account_id", how="left").merge(
    pipewright.accounts[["account_id", "size"]], on="account_id"
)
reviews = reviews[
    (reviews["renewal_on"] <= window_end)
    & ~(reviews["moved_on"] < reviews["renewal_on"])
]
reviews["left"] = (reviews["moved_on"] == reviews["renewal_on"]).astype(int)
by_health = reviews.groupby("health_band", observed=True)["left"].agg(
    ["sum", "count", "mean"]
)
by_health["low"], by_health["high"] = proportion_confint(
    by_health["sum"], by_health["count"], method="wilson"
)
by_health[["count", "mean", "low", "high"]].round(3)

# %% [markdown]
# So use tells something here, fourteen weeks ahead. Now read it the other way. Most accounts in low health renewed; and of those that left, how many were in low health?

# %%
left_by_health = reviews.loc[reviews["left"] == 1, "health_band"]
print(left_by_health.value_counts(normalize=True).round(2).to_string())

# %% [markdown]
# A warning sign, and no verdict on an account. Small accounts are more often in low health and leave more often anyway, so look within each size too:

# %%
by_size_and_health = reviews.groupby(["size", "health_band"], observed=True)["left"].agg(
    ["mean", "count"]
)
by_size_and_health.unstack().round(2)

# %% [markdown]
# The difference low less high, within each size:

# %%
within_size = by_size_and_health["mean"].unstack()
spread_of = (
    by_size_and_health["mean"]
    * (1 - by_size_and_health["mean"])
    / by_size_and_health["count"]
).unstack()
low_less_high = pd.DataFrame({"difference": within_size["low"] - within_size["high"]})
size_margin = 1.96 * (spread_of["low"] + spread_of["high"]) ** 0.5
low_less_high["low"] = low_less_high["difference"] - size_margin
low_less_high["high"] = low_less_high["difference"] + size_margin
(100 * low_less_high).round(0)

# %% [markdown]
# It points the same way in every size; only among the medium accounts is it clear. (The tables leave out the few accounts that left between review and renewal, and renewals that lie past the data's end.)

# %% tags=["book"]
naive = survivors.loc["in the year", "mean"]
glue("survivor_again", float(100 * naive["booked again"]))
glue("survivor_not", float(100 * naive["did not"]))
glue("landmark_again", float(100 * first_month[True]))
glue("landmark_not", float(100 * first_month[False]))
glue("landmark", f"{100 * landmark:+.1f}".replace("-", "−"))
glue("landmark_low", f"{100 * (landmark - landmark_margin):+.1f}".replace("-", "−"))
glue(
    "landmark_high", f"{100 * (landmark + landmark_margin):+.1f}".replace("-", "−")
)
assert naive["booked again"] > 2 * naive["did not"]
assert abs(landmark) < 2 * landmark_margin
for short, name in [("one", "1"), ("many", "6 or more")]:
    for column in ("mean", "low", "high"):
        ending = "" if column == "mean" else f"_{column}"
        glue(f"depth_{short}{ending}", float(100 * by_depth.loc[name, column]))
assert by_depth["low"].max() < by_depth["high"].min(), (
    "the chapter says that depth tells nothing"
)
for name in ("low", "high"):
    for column in ("mean", "low", "high"):
        ending = "" if column == "mean" else f"_{column}"
        glue(f"health_{name}{ending}", float(100 * by_health.loc[name, column]))
assert by_health.loc["low", "mean"] > by_health.loc["high", "mean"]
glue("left_in_low", float(100 * (left_by_health == "low").mean()))
for size in ("small", "medium", "large"):
    for band_name in ("low", "high"):
        glue(
            f"health_{size}_{band_name}",
            float(100 * by_size_and_health.loc[(size, band_name), "mean"]),
        )
    assert (
        by_size_and_health.loc[(size, "low"), "mean"]
        > by_size_and_health.loc[(size, "high"), "mean"]
    ), "the chapter says that low health leaves more often in every size"
for size in ("small", "medium", "large"):
    for column in ("difference", "low", "high"):
        ending = "" if column == "difference" else f"_{column}"
        glue(
            f"health_{size}_gap{ending}",
            f"{100 * low_less_high.loc[size, column]:.0f}".replace("-", "−"),
        )
assert (low_less_high["low"] > 0).to_dict() == {
    "small": False,
    "medium": True,
    "large": False,
}, "the chapter says that it is clear among the medium accounts only"
assert (by_health.loc["low", "mean"] < 0.4) and (left_by_health == "low").mean() < 0.5

# %% [markdown]
# ## 17. Why do they say they leave?
#
# The source names six reasons; both companies use them as codes. What leavers *state* stands in the tables. Pipewright also interviewed some of the accounts that left, **drawn by lot**.

# %%
left_accounts = pipewright.movements[pipewright.movements["kind"] == "churn"].copy()
left_accounts["stated"] = (
    left_accounts["stated_reason"].astype(object).fillna("no answer")
)
heard = left_accounts.dropna(subset=["interview_reason"])
pd.crosstab(heard["stated"], heard["interview_reason"].astype(str))

# %% [markdown]
# A row is what accounts said in the form; a column is what the interview found. If people said what was so, the numbers would lie where row and column bear the same name.
#
# The mend uses both sources. The form is large and biased, the interviews are few and fair. For each stated answer take the interviews' mix, and weight it by how often that answer was given.

# %% name="reasons"
mix = pd.crosstab(
    heard["stated"], heard["interview_reason"].astype(str), normalize="index"
)
weights = left_accounts["stated"].value_counts(normalize=True).reindex(mix.index)
weights = weights / weights.sum()  # answers that no interview met have no mix
answered = left_accounts.dropna(subset=["stated_reason"])
reasons = pd.DataFrame(
    {
        "stated": answered["stated_reason"]
        .astype(str)
        .value_counts(normalize=True),
        "mended": weights @ mix,
    }
)
draws = []
for _ in range(400):
    again = left_accounts.iloc[
        random.integers(0, len(left_accounts), len(left_accounts))
    ]
    met = again.dropna(subset=["interview_reason"])
    drawn = pd.crosstab(
        met["stated"], met["interview_reason"].astype(str), normalize="index"
    )
    share = again["stated"].value_counts().reindex(drawn.index)
    draws.append((share / share.sum()) @ drawn)
draws = pd.DataFrame(draws).fillna(0).reindex(columns=reasons.index, fill_value=0)
reasons["low"], reasons["high"] = draws.quantile([0.025, 0.975]).to_numpy()
reasons = reasons.fillna(0).sort_values("mended", ascending=False)
reasons.round(2)

# %% [markdown]
# The form's favourite is *not as offered*. The interviews' favourite is *casual trial*: a company that bought a year to have a look, and never meant to stay. Nobody likes to write that in a form. The roadmap that follows from the one is not the roadmap that follows from the other.
#
# Now the truth beside them, reason by reason.

# %% name="fig-reasons"
true_reason = tw.truth("pipewright", "departures")["true_reason"].astype(str)
reasons["planted"] = true_reason.value_counts(normalize=True)
fig, ax = plt.subplots(figsize=(style.WIDTH, 3.4))
places = np.arange(len(reasons))[::-1]
ax.hlines(
    places,
    100 * reasons["low"],
    100 * reasons["high"],
    color=style.PIPEWRIGHT_TINT,
    lw=7,
)
ax.plot(100 * reasons["mended"], places, "o", color=style.PIPEWRIGHT)
ax.plot(100 * reasons["stated"], places, "x", color=style.INK)
ax.plot(
    100 * reasons["planted"], places, "|", color=style.INK, markersize=16, mew=2
)
ax.text(1, -1, "× stated   ● mended   | planted", va="center")
ax.set_ylim(-1.5, 5.5)
ax.set_yticks(places, [name.replace("_", " ") for name in reasons.index])
ax.set_xlim(0)
ax.set_xlabel("Share of the accounts that left, %")
ax.set_title("What leavers write is not why they leave")
style.describe(
    fig,
    "Six reasons, stated, mended and planted, in per cent. "
    + "; ".join(
        f"{name.replace('_', ' ')}: {100 * row.stated:.0f}, {100 * row.mended:.0f}, {100 * row.planted:.0f}"
        for name, row in reasons.iterrows()
    )
    + ".",
)
plt.show()

# %% [markdown]
# At Swiftfare the app asks at the uninstall; about three in ten answer, and nobody was interviewed. But behaviour stands beside the answer: did they ever book?

# %%
bookings_made = swiftfare.bookings.groupby("user_id")["booking_id"].count()
removed = swiftfare.users.dropna(subset=["uninstalled_on"]).copy()
removed["bookings"] = pd.cut(
    removed["user_id"].map(bookings_made).fillna(0),
    [-1, 0, np.inf],
    labels=["never booked", "booked"],
)
removed = removed.merge(tw.truth("swiftfare", "uninstalls"), on="user_id")
app_reasons = pd.concat(
    {
        name: pd.crosstab(
            removed[column].dropna().astype(str),
            removed["bookings"],
            normalize="columns",
        )
        for name, column in [
            ("stated", "stated_reason"),
            ("planted", "true_reason"),
        ]
    },
    axis=1,
)
app_reasons.columns = [
    f"{group}: {source}" for source, group in app_reasons.columns
]
app_reasons.sort_index(axis=1).rename_axis("reason").round(2)

# %% [markdown]
# People who booked leave over bad experience; people who never did leave because they were only looking. The uninstall form shows that much. But it hides things too: the *technical errors* of those who booked are stated far less often than they were so, and idle curiosity far more often.

# %% tags=["book"]
for name in reasons.index:
    for column in ("stated", "mended", "low", "high", "planted"):
        glue(f"reason_{name}_{column}", float(100 * reasons.loc[name, column]))
glue("reason_left_n", f"{len(left_accounts):,}")
glue("reason_interviews", f"{len(heard):,}")
glue("reason_answered", float(100 * len(answered) / len(left_accounts)))
glue("app_answered", float(100 * removed["stated_reason"].notna().mean()))
assert reasons["stated"].idxmax() == "not_as_offered"
assert reasons["mended"].idxmax() == "casual_trial" == reasons["planted"].idxmax()
inside = int(reasons["planted"].between(reasons["low"], reasons["high"]).sum())
assert inside >= 4
glue(
    "reasons_inside",
    {
        6: "all six reasons",
        5: "five of the six reasons",
        4: "four of the six reasons",
    }[inside],
)
for short, name in [
    ("bad", "bad_experience"),
    ("casual", "casual_trial"),
    ("tech", "technical_error"),
]:
    for group in ("never booked", "booked"):
        for source in ("stated", "planted"):
            glue(
                f"app_{short}_{group.split()[0]}_{source}",
                float(100 * app_reasons.loc[name, f"{group}: {source}"]),
            )
booked_stated = app_reasons["booked: stated"]
assert booked_stated.idxmax() == "bad_experience"
assert (
    booked_stated["technical_error"]
    < 0.7 * app_reasons.loc["technical_error", "booked: planted"]
)
assert (
    booked_stated["casual_trial"]
    > 2 * app_reasons.loc["casual_trial", "booked: planted"]
)
assert app_reasons["never booked: stated"].idxmax() == "casual_trial"

# %% [markdown]
# ## 18. Customer success: the calls that look harmful
#
# Some weeks before a renewal, customer success calls some accounts. Compare the accounts called with those that were not. The unit is a review before a renewal; the errors are clustered by account, since some accounts have two.

# %%
reviews["called"] = reviews["touched"].astype(int)
raw_calls = smf.ols("left ~ called", reviews).fit(
    cov_type="cluster", cov_kwds={"groups": reviews["account_id"]}
)
raw_call = 100 * raw_calls.params["called"]
raw_call_low, raw_call_high = 100 * raw_calls.conf_int().loc["called"]
print(
    f"left at the renewal: called minus not called {raw_call:+.1f} points ({raw_call_low:+.1f} to {raw_call_high:+.1f})"
)
reviews.groupby("touched")["left"].agg(["mean", "count"]).round(3)

# %% [markdown]
# The accounts that were called leave *more* often. Before anybody stops the calls: who gets one?

# %%
reviews.pivot_table(
    index="size", columns="health_band", values="called", observed=True
).round(2)

# %% [markdown]
# Small accounts in poor health get the calls, and those leave most anyway. Doctors see sick people. So compare within: accounts of the same size *and* the same health. By hand first, one difference a cell, weighted by the reviews in the cell.

# %% name="calls"
cells = (
    reviews.groupby(["size", "health_band", "called"], observed=True)["left"]
    .agg(["mean", "count"])
    .unstack()
)
calls = pd.DataFrame(
    {
        "reviews": cells["count"].sum(axis=1),
        "called": cells["count"][1],
        "left, not called": cells["mean"][0],
        "left, called": cells["mean"][1],
    }
)
calls["difference"] = calls["left, called"] - calls["left, not called"]
by_hand = (calls["difference"] * calls["reviews"]).sum() / calls["reviews"].sum()
print(f"weighted difference: {100 * by_hand:+.1f} points")
calls.reset_index().set_index("size").round(2)

# %% [markdown]
# Then with a regression that has a level for each cell. It gives more weight to cells in which both kinds are frequent, and an interval.

# %%
within = smf.ols(
    "left ~ called + C(size) * C(health_band)",
    reviews.astype({"size": str, "health_band": str}),
).fit(cov_type="cluster", cov_kwds={"groups": reviews["account_id"]})
mended_call = 100 * within.params["called"]
mended_low, mended_high = 100 * within.conf_int().loc["called"]
print(
    f"called minus not called, same size and health: {mended_call:+.1f} points ({mended_low:+.1f} to {mended_high:+.1f})"
)

# %% [markdown]
# The sign has turned: most of what looked like harm goes with size and health, the reasons for a call. Whether the calls help, these reviews alone can't settle: look at the width of the interval. It works only because both reasons for a call, size and health, stand in the table. A reason that nobody wrote down would stay in the difference.
#
# The truth holds both outcomes of every review, with the call and without.

# %%
both_outcomes = tw.truth("pipewright", "touches").merge(
    reviews[["account_id", "renewal_on"]], on=["account_id", "renewal_on"]
)
true_call = (
    100
    * (
        both_outcomes["chance_leaves_touched"]
        - both_outcomes["chance_leaves_untouched"]
    ).mean()
)
print(f"planted: {true_call:+.1f} points")

# %% tags=["book"]
for name, value in [
    ("raw_call", raw_call),
    ("raw_call_low", raw_call_low),
    ("raw_call_high", raw_call_high),
    ("mended_call", mended_call),
    ("mended_low", mended_low),
    ("mended_high", mended_high),
    ("true_call", true_call),
    ("by_hand_call", 100 * by_hand),
]:
    glue(name, f"{value:+.1f}".replace("-", "−"))
glue("review_n", f"{len(reviews):,}")
share_called = reviews.pivot_table(
    index="size", columns="health_band", values="called", observed=True
)
glue("called_sick", float(100 * share_called.loc["small", "low"]))
glue("called_sound", float(100 * share_called.loc["large", "high"]))
assert raw_call > 0 and mended_call < raw_call - 3, (
    "the chapter says that the calls look harmful, and that size and health explain it"
)
assert mended_low < true_call < mended_high and true_call < 0

# %% [markdown]
# ## 19. What is a kept customer worth, beside a new one?
#
# Make the two companies comparable: count only customers won since January 2024, as if both had opened then. Of what these brought in 2025, how much came from customers won in 2024, and how much from those won in 2025? A gain of one per cent in the one or the other is worth just that.

# %%
sales_2025 = swiftfare.bookings[
    swiftfare.bookings["booked_on"] >= "2025-01-01"
].merge(customers[["user_id", "first_booked_on"]], on="user_id")
sales_2025["won"] = sales_2025["first_booked_on"].dt.year
sf_worth = sales_2025.pivot_table(
    index="user_id",
    columns="won",
    values="margin_cents",
    aggfunc="sum",
    fill_value=0,
)
month_ends = pd.date_range("2025-01-31", "2025-12-31", freq="ME")
mrr = sum(
    movements[movements["moved_on"] <= date]
    .groupby("account_id")["change"]
    .sum()
    .reindex(accounts["account_id"], fill_value=0)
    for date in month_ends
)
won = accounts.set_index("account_id")["first_paid_on"].dt.year
pw_worth = pd.DataFrame({year: mrr.where(won == year, 0) for year in (2024, 2025)})
worth = pd.DataFrame(
    {
        "Swiftfare, margin": ratio(sf_worth[2024], sf_worth[2025]),
        "Pipewright, revenue": ratio(pw_worth[2024], pw_worth[2025]),
    }
).T
worth.rename(
    columns={"share": "euros from 2024's customers, for each from 2025's"}
).round(2)

# %% [markdown]
# Had nobody left, and had both years won alike, the ratio would be about 2: last year's customers had all of 2025, this year's half of it on average. Pipewright's is not far below, Swiftfare's a long way. Mind what stands here: margin at the one and revenue at the other; customers of 2025 have had half a year on average, those of 2024 all of it; and what this year's customers bring includes what they bought again. What either costs is another question.

# %% tags=["book"]
for short, name in [("sf", "Swiftfare, margin"), ("pw", "Pipewright, revenue")]:
    for column in ("share", "low", "high"):
        ending = "" if column == "share" else f"_{column}"
        glue(f"worth_{short}{ending}", f"{worth.loc[name, column]:.2f}")
assert (
    worth.loc["Swiftfare, margin", "high"]
    < 1
    < worth.loc["Pipewright, revenue", "low"]
)

# %% [markdown]
# ## 20. Side by side
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
running = running[running["account_id"].isin(alive["account_id"])]
soon = running[running["ends_on"] <= pd.Timestamp("2026-03-31")]
glue("accounts_alive", f"{len(alive):,}")
assert (alive["first_paid_on"] < "2025-01-01").mean() > 0.5, (
    "the lesson says that more than half of the accounts are older than a year"
)
glue("due_soon", f"{soon['account_id'].nunique():,}")
glue("due_january", int((soon["ends_on"] < "2026-02-01").sum()))
glue("due_february", int((soon["ends_on"] < "2026-03-01").sum()))
use_late, use_early = use_before.loc["46 to 51"], use_before.loc["4 to 12"]
assert use_late["did not renew"] < use_late["renewed"] - 0.1, (
    "the chapter says that use falls before the renewal"
)
for span, short in [("40 to 45", "40"), ("27 to 39", "27")]:
    glue(f"use_{short}_leavers", float(100 * use_before.loc[span, "did not renew"]))
    glue(f"use_{short}_stayers", float(100 * use_before.loc[span, "renewed"]))
    for column in ("gap", "low", "high"):
        ending = "" if column == "gap" else f"_{column}"
        glue(f"use_{short}_gap{ending}", float(use_gap.loc[span, column]))
assert use_gap.loc["40 to 45", "low"] > use_gap.loc["27 to 39", "high"], (
    "the chapter says that use falls from week 40"
)
glue("flag_leavers", float(100 * flagged.loc[False, "mean"]))
glue("flag_stayers", float(100 * flagged.loc[True, "mean"]))
assert flagged.loc[False, "mean"] < 0.5
glue("monthly_now", int(monthly_now))
glue("lost_monthly", float(lost_monthly))
glue("lost_all_2026", int(round(lost_all_2026, -1)))
glue("lost_all_2025", int(lost_all_2025))
glue("newest_2026", float(newest_2026))
glue("share_lost_2024", float(100 * due_2024["lost"].mean()))
glue("share_lost_2025", float(100 * due_2025["lost"].mean()))
by_other_rates = [
    len(alive) * share
    for share in (
        lost_a_year_from_monthly,
        lost_of_ever_signed,
        1 - money.loc["logos", "share"],
    )
]
assert all(lost_2026_low < number < lost_2026_high for number in by_other_rates), (
    "the chapter says that the other rates give numbers inside the interval"
)
glue("other_rates_least", float(min(by_other_rates)))
glue("other_rates_most", float(max(by_other_rates)))
for size in ("small", "medium", "large"):
    glue(f"lose_{size}", float(by_size_2026.loc[size, "to_lose"]))
    glue(
        f"lose_{size}_euros",
        float(by_size_2026.loc[size, "euros_a_month"] / 1000),
    )


def lot_margin(share_left_out):
    """Half the 95 % interval, in points, of called less not called among the terms of 2026."""
    lost = past_terms["lost"].mean()
    called, uncalled = (
        len(due_2026) * (1 - share_left_out),
        len(due_2026) * share_left_out,
    )
    return 196 * (lost * (1 - lost) * (1 / called + 1 / uncalled)) ** 0.5


glue("lot_half", float(lot_margin(0.5)))
glue("lot_fifth", float(lot_margin(0.2)))
annual_leaving = seen_leaving[seen_leaving["term"] == 12]
glue("at_renewal_annual", float(100 * annual_leaving["at_term_end"].mean()))
glue("at_renewal_annual_n", int(len(annual_leaving)))
glue("mid_term_annual_n", int((~annual_leaving["at_term_end"]).sum()))
glue("due_2026", int(len(due_2026)))
glue("due_2026_first", int(ahead.loc["first", "due in 2026"]))
glue("loss_first", float(100 * ahead.loc["first", "share lost"]))
glue("loss_later", float(100 * ahead.loc["later", "share lost"]))
glue("lost_2026", float(lost_2026))
glue("lost_2026_low", float(lost_2026_low))
glue("lost_2026_high", float(lost_2026_high))
glue("test_expected", float(test_expected))
glue("test_low", float(test_low))
glue("test_high", float(test_high))
glue("test_came", test_came)
assert test_low <= test_came <= test_high, (
    "the chapter says that the forecast's interval held 2025"
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
glue("use_leavers_late", float(100 * use_late["did not renew"]))
glue("use_stayers_late", float(100 * use_late["renewed"]))
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
