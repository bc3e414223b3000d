"""Chapter 1, Swiftfare: what a credited install adds, mix against rate, a broken step, invites."""

import numpy as np
import pandas as pd

from twoworlds.worlds.plants.result import Estimate, Plant, Realised, interval

PAID = ("brand_search", "paid_social", "affiliate", "retargeting", "referral")
_WINDOW_END = pd.Timestamp("2025-12-31")
_T59 = 2.001  # 97.5 % point of Student's t with 58 degrees of freedom: 60 areas in two arms

# ---------------------------------------------------------------- the holdouts


def held_and_credited(tables, channel):
    """A channel's holdout: off over on areas (its logarithm and standard error), and the share of the on
    areas' installs that is credited to the channel.

    Each area is one unit: the mean of its log installs in the holdout's weeks, less that in the weeks without
    any holdout. What differs between areas and what all areas share in a week drops out.
    """
    rows = tables["regions"]
    rows = rows.assign(log=np.log(np.maximum(rows["installs"], 0.5)))
    during = rows[rows["holdout"] == channel].groupby("area", observed=True)
    before = rows[rows["holdout"].isna()].groupby("area", observed=True)["log"].mean()
    change = during["log"].mean() - before
    off = during["arm"].first() == "off"
    gap = change[off].mean() - change[~off].mean()
    error = np.sqrt(change[off].var() / off.sum() + change[~off].var() / (~off).sum())
    on = rows[(rows["holdout"] == channel) & (rows["arm"] == "on")]
    return gap, error, on[f"{channel}_installs"].sum() / on["installs"].sum()


def incremental_share(tables, channel):
    """Share of the credited installs that the channel adds: (estimate, low, high).

    Of the installs in the areas that are on, the part that is missing where the channel is off, over the part
    that is credited to it.
    """
    gap, error, credited = held_and_credited(tables, channel)
    ends = [gap, gap + _T59 * error, gap - _T59 * error]
    return tuple(float((1 - np.exp(end)) / credited) for end in ends)


def _share_of(channel):
    def estimate(tables, truth):
        found = incremental_share(tables, channel)
        planted = truth["parameters"]["incremental_share"][PAID.index(channel)]
        return Estimate(f"incremental share of {channel.replace('_', ' ')}", *found, planted)

    def shows(tables):
        """The holdout tells the channel's worth from what is credited, or shows that it is nearly all."""
        share, _, high = incremental_share(tables, channel)
        return high < 1 if channel in ("brand_search", "affiliate", "retargeting") else share > 0.5

    return estimate, shows


# ---------------------------------------------------------------- mix against rate


def mix_and_rate(tables):
    """Visits and installs by source in the quarter's two halves (DataFrame, source x (count, half))."""
    visits = tables["visits"]
    quarter = visits[visits["date"] < "2024-04-01"]
    half = np.where(quarter["date"] < "2024-02-12", "before", "after")
    return quarter.groupby(["source", half], observed=True)[["visits", "installed"]].sum().unstack()


def blended_change(tables, truth):
    """Installs a visit in the second half over the first, all sources together."""
    rows = mix_and_rate(tables)
    blended = rows["installed"].sum() / rows["visits"].sum()
    return Realised(
        "blended conversion, after over before", float(blended["after"] / blended["before"]), 1.17, 1.30
    )


def mix_misleads(tables):
    """Every source's conversion falls and the blended one rises."""
    rows = mix_and_rate(tables)
    rate = rows["installed"] / rows["visits"]
    blended = rows["installed"].sum() / rows["visits"].sum()
    return bool((rate["after"] < rate["before"]).all() and blended["after"] > blended["before"])


# ---------------------------------------------------------------- the broken step


def store_opens(tables):
    """Taps and store pages opened on Android, affiliate against the rest, broken weeks against the ten weeks
    before and after (DataFrame)."""
    visits = tables["visits"]
    rows = visits[(visits["device"] == "android") & visits["date"].between("2025-03-24", "2025-10-26")]
    period = np.where(rows["date"].between("2025-06-02", "2025-08-17"), "broken", "usual")
    source = np.where(rows["source"] == "affiliate", "affiliate", "others")
    return rows.groupby([source, period])[["tapped", "store_opened"]].sum()


def broken_ratio(tables, truth):
    """Step's rate while broken over its usual rate, over the same ratio of the other sources."""
    rows = store_opens(tables)
    rate = rows["store_opened"] / rows["tapped"]
    ratio = rate["affiliate", "broken"] / rate["affiliate", "usual"]
    ratio = ratio / (rate["others", "broken"] / rate["others", "usual"])
    error = ratio * np.sqrt(((1 - rate) / rows["store_opened"]).sum())
    return interval("broken step over the usual one", ratio, error, truth["parameters"]["broken_step"])


def step_stands_out(tables):
    """Only the affiliates' step on Android is below three quarters of its usual rate."""
    visits = tables["visits"]
    rows = visits[visits["date"].between("2025-03-24", "2025-10-26")]
    broken = rows["date"].between("2025-06-02", "2025-08-17").rename("broken")
    sums = rows.groupby(["source", "device", broken], observed=True)[["tapped", "store_opened"]].sum()
    rate = (sums["store_opened"] / sums["tapped"]).unstack("broken")
    low = rate[True] < 0.75 * rate[False]
    return bool(low["affiliate", "android"] and low.sum() == 1)


# ---------------------------------------------------------------- invites


def _clustered_mean(values, clusters):
    """Mean and its standard error, rows of a cluster together."""
    away = (values - values.mean()).groupby(clusters).sum()
    n = len(away)
    return values.mean(), float(np.sqrt((away**2).sum() * n / (n - 1)) / len(values))


def _settled_invites(tables):
    """Invites that ran out inside the window, so that it is known what became of them."""
    invites = tables["invites"]
    return invites[invites["sent_on"] <= _WINDOW_END - pd.Timedelta(days=60)]


def accepted_share(tables, truth):
    """Share of invites that are accepted; an inviter's invites are alike, so the inviter is the unit."""
    rows = _settled_invites(tables)
    found = _clustered_mean(rows["accepted_on"].notna().astype(float), rows["user_id"])
    return interval("invites accepted", *found, truth["parameters"]["invite_accepts"])


def delay_days(tables, truth):
    """Mean of an exponential delay of which whole days are seen, and none after the 60th."""
    rows = _settled_invites(tables)
    rows = rows[rows["accepted_on"].notna()]
    mean, error = _clustered_mean(
        (rows["accepted_on"] - rows["sent_on"]).dt.days.astype(float), rows["user_id"]
    )
    scale = np.linspace(2, 60, 5801)
    stays = np.exp(-1 / scale)
    expected = stays / (1 - stays) - 60 * stays**60 / (1 - stays**60)
    found, low, high = np.interp([mean, mean - 1.96 * error, mean + 1.96 * error], expected, scale)
    planted = truth["parameters"]["invite_delay_days"]
    return Estimate("days from an invite to the install", float(found), float(low), float(high), planted)


def _invites_a_customer(tables, channel):
    """Invites of the first month of customers whose first month is over: mean and standard error."""
    users = tables["users"]
    first = tables["bookings"].groupby("user_id")["booked_on"].min()
    customers = users.loc[users["channel"] == channel, "user_id"]
    first = first[first.index.isin(customers) & (first <= _WINDOW_END - pd.Timedelta(days=30))]
    sent = tables["invites"].groupby("user_id").size().reindex(first.index, fill_value=0)
    return sent.mean(), sent.std() / np.sqrt(len(sent))


def _sent_by(channel, place):
    def estimate(tables, truth):
        planted = truth["parameters"]["invites_a_customer"][place]
        name = f"invites a customer of {channel.replace('_', ' ')}"
        return interval(name, *_invites_a_customer(tables, channel), planted)

    return estimate


def brought_by_invite(tables):
    """Installs by invites for each install, by the inviter's channel (Series); the window's last half-year of
    installs, whose invites are still out, is left aside."""
    users = tables["users"].set_index("user_id")
    users = users[users["installed_on"] < "2025-07-01"]
    accepted = tables["invites"].dropna(subset="accepted_on").groupby("user_id").size()
    return accepted.reindex(users.index, fill_value=0).groupby(users["channel"], observed=True).mean()


def viral_coefficient(tables, truth):
    """Installs by invites for each install, all channels (K)."""
    users = tables["users"]
    users = users[users["installed_on"] < "2025-07-01"]["user_id"]
    accepted = tables["invites"].dropna(subset="accepted_on")
    return Realised("K", float(accepted["user_id"].isin(users).sum() / len(users)), 0.045, 0.075)


def invites_fade(tables):
    """K is far below 1, and those who were invited invite most."""
    brought = brought_by_invite(tables)
    return bool(brought.max() < 0.5 and brought.idxmax() == "referral" and brought["referral"] > 0.15)


# ---------------------------------------------------------------- the cheapest channel


def acquisition_cost(tables):
    """Spend for a first booking by channel, in euros: credited, and incremental with the halo (DataFrame).

    The halo: what a channel brings, brings others by invites, and these invite in their turn. Referral has
    none of its own, since whoever comes by an invite is credited to it already.
    """
    spend = tables["spend"].groupby("channel", observed=True)[["spend_cents", "first_bookings"]].sum()
    share = pd.Series({channel: incremental_share(tables, channel)[0] for channel in PAID})
    brought = brought_by_invite(tables)
    halo = share * brought[list(PAID)] / (1 - brought["referral"])
    halo["referral"] = 0.0
    reported = (spend["spend_cents"] / spend["first_bookings"] / 100).astype(float)
    return pd.DataFrame({"reported": reported, "worth": share + halo}).loc[list(PAID)]


def ranks_agree(tables):
    """Spearman's correlation of reported and incremental cost; a channel without worth costs most."""
    cost = acquisition_cost(tables)
    value_for_money = cost["worth"] / cost["reported"]
    return float(cost["reported"].rank().corr((-value_for_money).rank()))


def ranks_reverse(tables, truth):
    """Whether the cheapest channels are the most expensive."""
    return Realised("reported against incremental cost, rank correlation", ranks_agree(tables), -1.0, -0.7)


def cheapest_is_dearest(tables):
    """The order turns over, and a customer of brand search costs half as much again as one of referral, or
    more."""
    cost = acquisition_cost(tables)
    value_for_money = cost["worth"] / cost["reported"]
    return bool(
        ranks_agree(tables) <= -0.7
        and cost["reported"].idxmin() == "brand_search"
        and value_for_money["referral"] > 1.5 * value_for_money["brand_search"]
    )


# ---------------------------------------------------------------- touches


def knew_before(tables):
    """Whether a customer's way shows an unpaid visit before the install, and the channel (by user).

    Of installs from February 2024 on: visits of the months before the window are not known.
    """
    touches, users = tables["touches"], tables["users"].set_index("user_id")
    own = touches["kind"] == "own_site"
    found = own.groupby(touches["booking_id"] // 100).any().rename("knew")
    rows = users.loc[found.index, ["channel", "installed_on"]].assign(knew=found)
    return rows[rows["installed_on"] >= "2024-02-01"]


def organic_knew(tables, truth):
    """Share of organic customers with an unpaid visit before the install: those who come anyway."""
    knew = knew_before(tables).query("channel == 'organic'")["knew"]
    share = knew.mean()
    error = np.sqrt(share * (1 - share) / len(knew))
    return interval("came anyway and visited before", share, error, truth["parameters"]["knew_before"])


def last_touch_takes_credit(tables):
    """Most customers credited to brand search had come by themselves before; few of paid social had."""
    knew = knew_before(tables).groupby("channel", observed=True)["knew"].mean()
    return bool(knew["brand_search"] > 0.5 and knew["brand_search"] > 2 * knew["paid_social"])


def _plant(name, parameters, tables, estimate, shows, band=None):
    kind = "parameter" if band is None else "realised"
    return Plant(
        name, parameters, tables, kind, band, "01-growth-and-marketing", "swiftfare", estimate, shows
    )


PLANTS = [
    *(
        _plant(f"incremental share, {channel}", ("incremental_share",), ("regions",), *_share_of(channel))
        for channel in PAID
    ),
    _plant(
        "mix against rate", ("mix_visits", "banner_taps"), ("visits",), blended_change, mix_misleads,
        (1.17, 1.30),
    ),
    _plant("broken step", ("broken_step",), ("visits",), broken_ratio, step_stands_out),
    _plant("invites accepted", ("invite_accepts",), ("invites",), accepted_share, invites_fade),
    _plant("invite delay", ("invite_delay_days",), ("invites",), delay_days, invites_fade),
    _plant(
        "invites by the referred", ("invites_a_customer",), ("invites", "users", "bookings"),
        _sent_by("referral", 5), invites_fade,
    ),
    _plant(
        "invites by paid social", ("invites_a_customer",), ("invites", "users", "bookings"),
        _sent_by("paid_social", 2), invites_fade,
    ),
    _plant(
        "K", ("invites_a_customer", "invite_accepts"), ("invites", "users"), viral_coefficient, invites_fade,
        (0.045, 0.075),
    ),
    _plant(
        "cheapest is dearest", ("incremental_share", "install_cents", "invites_a_customer"),
        ("spend", "regions", "invites", "users"), ranks_reverse, cheapest_is_dearest, (-1.0, -0.7),
    ),
    _plant("known before", ("knew_before",), ("touches", "users"), organic_knew, last_touch_takes_credit),
]  # fmt: skip
