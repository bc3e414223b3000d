"""The figures of "Is this data believable?": what somebody who knows the trade would look for first."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from authoring.held_against import WINDOW_END, contract_values, deals_followed
from twoworlds import dictionary, style

MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


@cache
def world(name: str):
    """The shipped tables of a world, read once."""
    import twoworlds

    return twoworlds.load(name)


def _bars(at, heights, colour, width=0.82, figsize=(style.WIDTH, style.HEIGHT)):
    import matplotlib.pyplot as plt

    fig, ax = plt.subplots(figsize=figsize)
    ax.bar(at, heights, width=width, color=colour)
    return fig, ax


def lead_times():
    """Days from booking to departure, flights, in buckets of ten."""
    days = world("swiftfare")["bookings"].query("product == 'flight'")["lead_days"]
    shares = 100 * (days // 10).clip(upper=20).value_counts(normalize=True).reindex(range(21), fill_value=0)
    fig, ax = _bars(shares.index * 10 + 5, shares, style.SWIFTFARE, width=8.6)
    ax.set_xticks(range(0, 201, 50), ["0", "50", "100", "150", "200+"])
    ax.set_xlabel("Days from booking to departure")
    ax.set_ylabel("Share of flights, %")
    late, early = 100 * (days < 10).mean(), 100 * (days >= 100).mean()
    ax.set_title(
        f"{late:.0f} % of flights are booked within ten days, and {early:.0f} % over a hundred ahead"
    )
    style.describe(
        fig,
        f"Bars that fall from {shares[0]:.0f} per cent of flights booked less than ten days ahead, with a"
        f" long tail:"
        f" {early:.0f} per cent are booked 100 days ahead or more. The median is {days.median():.0f}.",
    )
    return fig


def weekdays():
    """Bookings by weekday."""
    day = world("swiftfare")["bookings"]["booked_on"].dt.day_of_week
    shares = 100 * day.value_counts(normalize=True).sort_index()
    fig, ax = _bars(range(7), shares, style.SWIFTFARE)
    ax.set_xticks(range(7), [name[:3] for name in DAYS])
    ax.set_ylabel("Share of bookings, %")
    weekend = shares[5] + shares[6]
    ax.set_title(
        f"{DAYS[shares.idxmax()]} brings {shares.max():.0f} % of bookings, the weekend {weekend:.0f} %"
    )
    style.describe(
        fig,
        f"Seven bars. Monday has {shares[0]:.0f} per cent of bookings, Friday {shares[4]:.0f}, Saturday"
        f" {shares[5]:.0f}, Sunday {shares[6]:.0f}.",
    )
    return fig


def months():
    """Bookings a day by month, two years."""
    import matplotlib.pyplot as plt

    month = world("swiftfare")["bookings"]["booked_on"].dt.to_period("M")
    a_day = month.value_counts().sort_index()
    a_day = a_day / a_day.index.days_in_month
    fig, ax = plt.subplots()
    ax.plot(range(len(a_day)), a_day, color=style.SWIFTFARE, marker="o", markersize=4)
    ax.set_ylim(0, None)
    ax.set_xticks([0, 6, 12, 18], ["Jan\n2024", "Jul", "Jan\n2025", "Jul"])
    ax.set_ylabel("Bookings a day, in the panel")
    up = 100 * (a_day[pd.Period("2025-01")] / a_day[pd.Period("2024-12")] - 1)
    ax.set_title(f"A young company grows, and January stands out: {up:.0f} % above December")
    style.describe(
        fig,
        f"A line of bookings a day over 24 months that rises from {a_day.iloc[0]:.0f} to"
        f" {a_day.iloc[-1]:.0f}, with a step up of {up:.0f} per cent in January 2025.",
    )
    return fig


def bookings_a_customer():
    """How many customers made at least so many bookings."""
    import matplotlib.pyplot as plt

    bookings = world("swiftfare")["bookings"]
    by_user = bookings.groupby("user_id")["booked_on"].agg(["min", "size"])
    count = by_user.loc[by_user["min"] <= WINDOW_END - pd.Timedelta(days=365), "size"]
    most = int(count.max())
    reach = [100 * (count >= at).mean() for at in range(1, most + 1)]
    fig, ax = plt.subplots()
    ax.plot(range(1, most + 1), reach, color=style.SWIFTFARE, marker="o", markersize=4)
    ax.set_yscale("log")
    ax.set_yticks([0.1, 1, 10, 100], ["0.1", "1", "10", "100"])
    ax.minorticks_off()
    ax.set_ylim(0.02, 150)
    ax.set_xlabel("Bookings, or more")
    ax.set_ylabel("Share of customers, % (log scale)")
    once, top = 100 * (count == 1).mean(), count.sort_values(ascending=False)
    tenth = 100 * top.iloc[: len(top) // 10].sum() / top.sum()
    ax.set_title(f"{once:.0f} % of customers book once; a tenth of them makes {tenth:.0f} % of bookings")
    style.describe(
        fig,
        f"A line on a log scale that falls almost straight from 100 per cent with one booking to a few in a"
        f" thousand with ten or more; the most is {most}. Customers who could be watched for a year or more.",
    )
    return fig


def active_days():
    """Days with an open in the first 30 days."""
    users = world("swiftfare")["users"].set_index("user_id")["installed_on"]
    users = users[users <= WINDOW_END - pd.Timedelta(days=30)]
    days = world("swiftfare")["days"]
    days = days[days["user_id"].isin(users.index)]
    first = days[(days["date"] - days["user_id"].map(users)).dt.days < 30]
    count = first.groupby("user_id").size().reindex(users.index, fill_value=0).clip(upper=12)
    shares = 100 * count.value_counts(normalize=True).sort_index().reindex(range(1, 13), fill_value=0)
    fig, ax = _bars(shares.index, shares, style.SWIFTFARE)
    ax.set_xticks([1, 3, 6, 9, 12], ["1", "3", "6", "9", "12+"])
    ax.set_xlabel("Days with an open, in the first 30")
    ax.set_ylabel("Share of installs, %")
    ax.set_title(
        f"{shares[1]:.0f} % of installs are used on one day, {100 * (count >= 6).mean():.0f} % on six or more"
    )
    style.describe(
        fig,
        f"Bars that fall steeply: {shares[1]:.0f} per cent of installs open the app on one day of the first"
        f" 30, {shares[2]:.0f} per cent on two, {100 * (count >= 6).mean():.0f} per cent on six or more.",
    )
    return fig


def _log_histogram(values, edges, colour, labels):
    import matplotlib.pyplot as plt

    counts, _ = np.histogram(values, edges)
    fig, ax = plt.subplots()
    ax.bar(edges[:-1], 100 * counts / len(values), width=np.diff(edges) * 0.94, align="edge", color=colour)
    ax.set_xscale("log")
    ax.minorticks_off()
    ax.set_xticks(list(labels), list(labels.values()))
    return fig, ax


def contract_sizes():
    """Annual contract value, on a log scale."""
    values = contract_values(world("pipewright"))
    edges = np.geomspace(500, 1_000_000, 34)
    labels = {1_000: "1,000", 10_000: "10,000", 100_000: "100,000", 1_000_000: "1,000,000"}
    fig, ax = _log_histogram(values.clip(500, 999_999), edges, style.PIPEWRIGHT, labels)
    ax.set_xlabel("Annual contract value, EUR (log scale)")
    ax.set_ylabel("Share of contracts, %")
    ordered = values.sort_values(ascending=False)
    tenth = 100 * ordered.iloc[: len(ordered) // 10].sum() / ordered.sum()
    ax.set_title(
        f"Contracts: the median is {values.median():,.0f} EUR, and a tenth brings {tenth:.0f} % of revenue"
    )
    style.describe(
        fig,
        f"A bell on a log scale with a long right side, from about {values.min():,.0f} to"
        f" {values.max():,.0f} EUR a year."
        f" The largest tenth of {len(values)} contracts brings {tenth:.0f} per cent of their value.",
    )
    return fig


def seats():
    """Seats an account, on a log scale."""
    usage = world("pipewright")["usage"]
    held = usage.loc[usage["week"] == usage["week"].max(), "seats"]
    edges = np.geomspace(1.5, 3000, 28)
    labels = {2: "2", 10: "10", 100: "100", 1000: "1,000"}
    fig, ax = _log_histogram(held.clip(upper=2999), edges, style.PIPEWRIGHT, labels)
    ax.set_xlabel("Paid seats (log scale)")
    ax.set_ylabel("Share of accounts, %")
    ordered = held.sort_values(ascending=False)
    tenth = 100 * ordered.iloc[: len(ordered) // 10].sum() / ordered.sum()
    ax.set_title(
        f"Half of the accounts hold {held.median():.0f} seats at most, a tenth holds {tenth:.0f} % of all"
    )
    style.describe(
        fig,
        f"A histogram of seats an account on a log scale, highest near {held.median():.0f} and with a tail to"
        f" {held.max():,}. The top tenth of {len(held)} accounts holds {tenth:.0f} per cent of the seats.",
    )
    return fig


def use_by_month():
    """Share of paid seats used in a week, by month."""
    import matplotlib.pyplot as plt

    usage = world("pipewright")["usage"]
    by = usage.groupby(usage["week"].dt.month)[["active_members", "seats"]].sum()
    share = 100 * by["active_members"] / by["seats"]
    fig, ax = plt.subplots()
    ax.plot(range(12), share, color=style.PIPEWRIGHT, marker="o", markersize=4)
    ax.set_ylim(0, 100)
    ax.set_xticks(range(0, 12, 2), MONTHS[::2])
    ax.set_ylabel("Seats used in a week, %")
    low = pd.Timestamp(2025, int(share.idxmin()), 1).month_name()
    ax.set_title(f"Work has its own calendar: use dips in August, and is lowest in {low}")
    style.describe(
        fig,
        f"A line over the months of the year near {share.median():.0f} per cent of paid seats used in a week,"
        f" lower in August ({share[8]:.0f}) and in December ({share[12]:.0f}).",
    )
    return fig


def cycles():
    """Days from opening to win by the size of the deal."""
    import matplotlib.pyplot as plt

    deals = deals_followed(world("pipewright"))
    won = deals[deals["outcome"] == "won"]
    euros, days = won["amount_cents"] / 100, (won["closed_on"] - won["created_on"]).dt.days
    quarter = pd.qcut(euros, 4, labels=False)
    middle = pd.DataFrame({"euros": euros, "days": days}).groupby(quarter).median()
    fig, ax = plt.subplots()
    ax.scatter(euros, days, s=12, color=style.PIPEWRIGHT, alpha=0.3, linewidths=0)
    ax.plot(middle["euros"], middle["days"], color=style.PIPEWRIGHT, marker="o", markersize=7)
    ax.set_xscale("log")
    ax.minorticks_off()
    ax.set_xticks([1_000, 10_000, 100_000], ["1,000", "10,000", "100,000"])
    ax.set_ylim(0, None)
    ax.set_xlabel("Price of a year, EUR (log scale)")
    ax.set_ylabel("Days from opening to win")
    first, last = middle["days"].iloc[0], middle["days"].iloc[-1]
    ax.set_title(f"The smallest quarter of deals takes {first:.0f} days, the largest {last:.0f}")
    style.describe(
        fig,
        f"One dot a deal that was won, {len(won)} in all, price against days. They scatter from"
        f" {days.min():.0f} to {days.max():.0f} days; the medians of four quarters by price rise from"
        f" {first:.0f} to {last:.0f} days.",
    )
    return fig


FIGURES = {
    "lead-times": ("swiftfare", ("bookings",), lead_times),
    "weekdays": ("swiftfare", ("bookings",), weekdays),
    "months": ("swiftfare", ("bookings",), months),
    "active-days": ("swiftfare", ("users", "days"), active_days),
    "bookings-a-customer": ("swiftfare", ("bookings",), bookings_a_customer),
    "contract-sizes": ("pipewright", ("subscriptions", "movements"), contract_sizes),
    "seats": ("pipewright", ("usage",), seats),
    "use-by-month": ("pipewright", ("usage",), use_by_month),
    "cycles": ("pipewright", ("opportunities",), cycles),
}


def drawings() -> dict:
    """Name -> function that draws it, of figures whose tables exist."""
    return {
        name: draw
        for name, (company, needs, draw) in FIGURES.items()
        if set(needs) <= set(dictionary.tables(company))
    }
