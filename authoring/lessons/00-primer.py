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
# # The primer: pandas, shares and intervals
#
# Eight short sections on the course's own data. Take [the self-test](../book/00-primer.md) first: it tells you which of them you need. Each ends with something to try, and an answer to unfold.
#
# **You need** to have written some Python: names, lists, calling a function. **Time:** ten minutes a section (an estimate: cells and words, not yet timed in a class).

# %%
import numpy as np
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

import twoworlds as tw

users = tw.load("swiftfare", "users")
bookings = tw.load("swiftfare", "bookings")
accounts = tw.load("pipewright", "accounts")
trials = tw.load("pipewright", "trials")

# %% [markdown]
# ## 1. A table, and what one row is
#
# A table in pandas is a **DataFrame**: rows, and columns with names. Before anything else, say what one row *is*. In `users` it is a person who installed the app; in `bookings` it is a booking. `shape` gives rows and columns, `head` the first rows.

# %%
users.shape, bookings.shape

# %%
columns = ["user_id", "installed_on", "channel", "device", "signed_up_on"]
users[columns].head(4).set_index("user_id")

# %% [markdown]
# One column is a **Series**. `value_counts` counts its values; `normalize=True` gives shares of the rows.

# %%
users["device"].value_counts(normalize=True).round(3).rename("share").to_frame()

# %% [markdown]
# **Try it.** Which share of the *bookings* is a hotel? Say first what one row is.
#
# <details><summary>An answer</summary>
#
# ```python
# bookings["product"].value_counts(normalize=True)["hotel"]
# ```
#
# It is a share of bookings, not of people: who books often counts often.
#
# </details>

# %% [markdown]
# ## 2. Filter: a column of true and false
#
# A comparison gives a Series of true and false. Put it in square brackets, and the rows that are true stay. Join conditions with `&` (and), `|` (or), `~` (not), each in brackets of its own.

# %%
from_paid_social = users["channel"] == "paid_social"
on_ios = users["device"] == "ios"
len(users[from_paid_social & on_ios])

# %% [markdown]
# A date compares with a text that names a day. Both ends of a period are part of what you say: *from* the first of March *until* the last.

# %%
from_the_first = users["installed_on"] >= "2025-03-01"
until_the_last = users["installed_on"] <= "2025-03-31"
in_march = from_the_first & until_the_last
int(in_march.sum())

# %% [markdown]
# `sum` counted the true ones, since true counts 1 and false 0.
#
# **Try it.** How many trials began in 2025 and were assisted?
#
# <details><summary>An answer</summary>
#
# ```python
# ((trials["started_on"] >= "2025-01-01") & (trials["path"] == "assisted")).sum()
# ```
#
# The data end on the last day of 2025, so one end is enough here. In your own data write both.
#
# </details>

# %% [markdown]
# ## 3. Group, then sum up
#
# `groupby` cuts the rows into groups, and what follows is done in each. Read it aloud: *for each channel, the number of users*.

# %%
by_channel = users.groupby("channel", observed=True)
by_channel["user_id"].count().rename("users").to_frame()

# %% [markdown]
# `agg` takes several sums at once, each with a name of yours. Money is in whole cents, so divide by 100.

# %%
by_product = bookings.groupby("product", observed=True).agg(
    bookings=("booking_id", "count"),
    customers=("user_id", "nunique"),
    mean_price=("price_cents", "mean"),
)
by_product["mean_price"] = (by_product["mean_price"] / 100).round(0)
by_product

# %% [markdown]
# `count` counts rows, `nunique` counts different values: here bookings, and people. The two columns answer different questions.
#
# **Try it.** For each size of account, how many accounts are there, and what is the median number of employees?
#
# <details><summary>An answer</summary>
#
# ```python
# accounts.groupby("size", observed=True).agg(
#     accounts=("account_id", "count"), employees=("employees", "median")
# )
# ```
#
# </details>

# %% [markdown]
# ## 4. Join two tables
#
# The trials don't know how large the company is; the accounts do. `merge` brings the two together by a **key**, a column that both have. `how="left"` keeps every row of the first table, whether it finds a partner or not.

# %%
sizes = accounts[["account_id", "size"]]
trials_with_size = trials.merge(sizes, on="account_id", how="left")
len(trials), len(trials_with_size)

# %% [markdown]
# Look at the number of rows before and after. It must not grow here: an account stands once in `accounts`. Where the key stands several times in the second table, rows are multiplied, and every sum after that is wrong. `validate="many_to_one"` makes pandas say so.

# %%
by_size = trials_with_size.groupby(["size", "path"], observed=True)
by_size["account_id"].count().rename("trials").to_frame()

# %% [markdown]
# **Try it.** Give each booking its user's device, and count bookings by device.
#
# <details><summary>An answer</summary>
#
# ```python
# with_device = bookings.merge(
#     users[["user_id", "device"]], on="user_id", how="left", validate="many_to_one"
# )
# with_device.groupby("device", observed=True)["booking_id"].count()
# ```
#
# The other way round, `users.merge(bookings, ...)` would have a row a booking, too, and would drop or blank the users who never booked.
#
# </details>

# %% [markdown]
# ## 5. Dates, and what is missing
#
# A date less a date is a duration; `.dt.days` makes whole days of it. What is missing is `NaT` for a date and `NaN` for a number. Missing means something: who never signed up has no day of sign-up.

# %%
days_to_sign_up = (users["signed_up_on"] - users["installed_on"]).dt.days
described = days_to_sign_up.describe()[["count", "mean", "50%", "max"]]
described.round(1).rename("days").rename_axis("of the users").to_frame()

# %% [markdown]
# `count` is smaller than the number of users: most functions leave the missing out and say nothing. So this is the median *of those who signed up*. And somebody who installed yesterday has had no time yet. That trap has a chapter of its own.
#
# **Try it.** Which share of the users has signed up at all?
#
# <details><summary>An answer</summary>
#
# ```python
# users["signed_up_on"].notna().mean()
# ```
#
# The mean of true and false is the share of true.
#
# </details>

# %% [markdown]
# ## 6. A share is a count over a base
#
# A **share** (or rate, or proportion) has a numerator, a base, and a unit that is counted in both. Change the base, and you have another number, though nothing in the world has changed. Of Pipewright's trials: which share was paid for?

# %%
ends = pd.Timestamp("2025-12-31")
had_time = trials["started_on"] <= ends - pd.Timedelta(days=90)
paid = trials["paid_on"].notna()
bases = {
    "of all trials": paid.mean(),
    "of trials with 90 days behind them": paid[had_time].mean(),
    "of those that were activated": paid[had_time & trials["activated_on"].notna()].mean(),
}
shares = (100 * pd.Series(bases)).round(1).rename("paid, %")
shares.rename_axis("base").to_frame()

# %% [markdown]
# All three are right. Which one do you mean? Two more words, since they are often mixed up: from 10 to 12 % is a rise of two **points**, and a rise of 20 **per cent**.
#
# **Try it.** Of the trials with 90 days behind them, which share of the *assisted* was paid for?
#
# <details><summary>An answer</summary>
#
# ```python
# paid[had_time & (trials["path"] == "assisted")].mean()
# ```
#
# </details>

# %% [markdown]
# ## 7. An interval around a share
#
# Draw 50 of the trials by lot, and look at the share that was paid for. Draw another 50: another share. The spread of such shares is the **standard error**,
#
# $$\sqrt{\frac{p\,(1-p)}{n}}$$
#
# for a share $p$ of $n$ units. About 1.96 of them to each side make the **95 % interval**.

# %%
p = paid[had_time].mean()
for n in (50, 500, int(had_time.sum())):
    error = np.sqrt(p * (1 - p) / n)
    print(f"n = {n:5d}: {100 * p:.1f} % ± {100 * 1.96 * error:.1f} points")

# %% [markdown]
# Four times the units, half the interval. What does the 95 % mean? If you draw again and again and compute an interval each time, 95 of 100 of these intervals hold the true share. Let us see whether they do.

# %%
luck = np.random.default_rng(7)
answers = paid[had_time].to_numpy()
held = 0
for _ in range(1_000):
    drawn = luck.choice(answers, size=200, replace=False)
    low, high = proportion_confint(drawn.sum(), drawn.size, method="wilson")
    held += low <= answers.mean() <= high
held_share = 100 * held / 1_000
print(f"{held_share:.1f} % of the intervals hold the share of all trials")

# %% [markdown]
# Close to 95. We used **Wilson's** interval from statsmodels in place of the plain formula: it behaves near 0 and 1 and with few units, where the plain one can reach below zero.
#
# **Try it.** 4 of 20 deals were won. What is the interval of the win rate?
#
# <details><summary>An answer</summary>
#
# ```python
# proportion_confint(4, 20, method="wilson")
# ```
#
# From about 8 to 42 %. Twenty deals can't give you a win rate.
#
# </details>

# %% [markdown]
# ## 8. What is one unit?
#
# The formula takes each unit for separate evidence. Weeks of one account are not separate: a company where everybody uses the CRM this week does so next week, too. Here is the share of paid seats in use, one row an account and week. Compare the interval over rows with one in which *accounts* are drawn. To draw with replacement, again and again, and look at the spread, is the **bootstrap**.

# %%
usage = tw.load("pipewright", "usage")
in_use = 100 * usage["active_members"] / usage["seats"]
over_rows = 1.96 * in_use.std() / np.sqrt(len(in_use))

by_account = in_use.groupby(usage["account_id"]).agg(["sum", "count"]).to_numpy()
means = []
for _ in range(1_000):
    again = by_account[luck.integers(0, len(by_account), len(by_account))]
    means.append(again[:, 0].sum() / again[:, 1].sum())
over_accounts = 1.96 * np.std(means)

print(f"{len(in_use):,} rows, {len(by_account)} accounts")
print(f"seats in use: {in_use.mean():.1f} %")
print(f"± {over_rows:.2f} over rows, ± {over_accounts:.2f} over accounts")

# %% [markdown]
# The honest interval is the wider one. So the course says with each interval what was counted: users, accounts, areas, months.
#
# **Try it.** How many rows has an account in `usage`, and how many in `trials`? Where would you draw accounts rather than rows?
#
# <details><summary>An answer</summary>
#
# ```python
# len(usage) / usage["account_id"].nunique(), len(trials) / trials["account_id"].nunique()
# ```
#
# In `usage`. Where there is one row an account, as in `trials`, rows *are* accounts.
#
# </details>

# %% tags=["book"]
low, high = proportion_confint(4, 20, method="wilson")
glue("users_n", f"{len(users):,}")
glue("bookings_n", f"{len(bookings):,}")
glue("customers_n", f"{bookings['user_id'].nunique():,}")
glue("trials_n", f"{len(trials):,}")
glue("accounts_n", f"{len(accounts):,}")
glue("signed_up", 100 * users["signed_up_on"].notna().mean())
glue("paid_all", 100 * bases["of all trials"])
glue("paid_time", 100 * bases["of trials with 90 days behind them"])
glue("paid_active", 100 * bases["of those that were activated"])
glue("in_use", f"{in_use.mean():.0f}")
glue("over_rows", f"{over_rows:.1f}")
glue("over_accounts", f"{over_accounts:.1f}")
glue("usage_rows", f"{len(in_use):,}")
glue("usage_accounts", f"{len(by_account):,}")
glue("few_low", 100 * low)
glue("few_high", 100 * high)
glue("margin_50", 196 * np.sqrt(p * (1 - p) / 50))
glue("margin_200", 196 * np.sqrt(p * (1 - p) / 200))
# The page and the text say so.
assert over_accounts > 3 * over_rows
assert 93 < held_share < 97
assert bases["of all trials"] < bases["of trials with 90 days behind them"]
assert len(trials_with_size) == len(trials)
