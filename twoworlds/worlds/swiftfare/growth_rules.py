"""What must hold in the tables of Swiftfare's growth."""

import pandas as pd

STEPS = ("visits", "searched", "tapped", "store_opened", "installed")
PAID = ("brand_search", "paid_social", "affiliate", "retargeting", "referral")
_ALL = ("organic", *PAID)


def _count(what, wrong):
    """A sentence where any of a Series of booleans is true."""
    if wrong.any():
        yield f"{what}: {int(wrong.sum())} rows"


def violations(tables):
    """Sentences, one for each rule that is broken; none where all is well."""
    yield from _campaign_violations(tables)
    yield from _region_violations(tables)
    yield from _visit_violations(tables)
    yield from _invite_violations(tables)
    yield from _touch_violations(tables)


def _outside(days, campaigns, last_day):
    """Days that do not lie inside their campaign (campaigns: rows in step with days)."""
    return (days < campaigns["started_on"]) | (last_day > campaigns["ended_on"])


def _campaign_violations(tables):
    campaigns, spend = tables["campaigns"].set_index("campaign_id"), tables["spend"]
    users = tables["users"]
    yield from _count("campaign that ends before it starts", campaigns["ended_on"] < campaigns["started_on"])
    paid = users["channel"] != "organic"
    yield from _count(
        "paid install without a campaign, or another with one", paid != users["campaign_id"].notna()
    )
    bought = users[users["campaign_id"].notna()]
    own = campaigns.loc[bought["campaign_id"].astype(int)].set_axis(bought.index)
    yield from _count(
        "campaign of another channel", own["channel"].astype(str) != bought["channel"].astype(str)
    )
    outside = _outside(bought["installed_on"], own, bought["installed_on"])
    yield from _count("install credited to a campaign that does not run", outside)
    own = campaigns.loc[spend["campaign_id"]].set_axis(spend.index)
    yield from _count("spend in another channel", own["channel"].astype(str) != spend["channel"].astype(str))
    yield from _count(
        "spend while the campaign does not run",
        _outside(spend["week"], own, spend["week"] + pd.Timedelta(days=6)),
    )
    yield from _count("week of spend that is not a Monday", spend["week"].dt.day_of_week != 0)
    yield from _count("more clicks than impressions", spend["clicks"] > spend["impressions"])
    yield from _count("more installs than clicks", spend["installs"] > spend["clicks"])
    yield from _count("more first bookings than installs", spend["first_bookings"] > spend["installs"])


def _region_violations(tables):
    regions, spend = tables["regions"], tables["spend"]
    yield from _count("week of a region that is not a Monday", regions["week"].dt.day_of_week != 0)
    parts = regions[[f"{channel}_installs" for channel in _ALL]].sum(axis=1)
    yield from _count("installs that are not the channels' sum", parts != regions["installs"])
    yield from _count("more first bookings than installs", regions["first_bookings"] > regions["installs"])
    yield from _count("arm without a holdout", regions["arm"].isna() != regions["holdout"].isna())
    arms = regions.groupby(["area", "holdout"], observed=True)["arm"].nunique()
    yield from _count("area that changes its arm", arms != 1)
    by_week = regions.groupby("week")
    of_spend = spend.groupby(["week", "channel"], observed=True)["installs"].sum().unstack("channel")
    for channel in PAID:
        credited = f"{channel}_installs"
        off = (regions["holdout"] == channel) & (regions["arm"] == "off")
        yield from _count("installs of a channel that is off", off & (regions[credited] > 0))
        yield from _count("areas and campaigns that disagree", by_week[credited].sum() != of_spend[channel])


def _visit_violations(tables):
    visits, regions = tables["visits"], tables["regions"]
    for before, after in zip(STEPS, STEPS[1:], strict=False):
        yield from _count(f"more {after} than {before}", visits[after] > visits[before])
    week = visits["date"] - pd.to_timedelta(visits["date"].dt.day_of_week, unit="D")
    by_site = visits.groupby([week, "source"], observed=True)["installed"].sum().unstack("source")
    for channel in _ALL:
        all_installs = regions.groupby("week")[f"{channel}_installs"].sum()
        more = by_site[channel].reindex(all_installs.index) > all_installs
        yield from _count("more installs from the site than in all", more)


def _invite_violations(tables):
    users, invites = tables["users"].set_index("user_id"), tables["invites"]
    first = tables["bookings"].groupby("user_id")["booked_on"].min()
    booked = invites["user_id"].map(first)
    yield from _count("invite of a user who has not booked", ~(invites["sent_on"] >= booked))
    yield from _count("invite after the first month", invites["sent_on"] >= booked + pd.Timedelta(days=30))
    gone = invites["user_id"].map(users["uninstalled_on"])
    yield from _count("invite on or after the uninstall", invites["sent_on"] >= gone)
    late = invites["accepted_on"] - invites["sent_on"]
    yield from _count("invite accepted before it was sent", late < pd.Timedelta(0))
    yield from _count("invite accepted after it ran out", late >= pd.Timedelta(days=60))
    met = invites[invites["friend_id"].notna()].astype({"friend_id": int}).set_index("friend_id")
    friends = users.loc[met.index]
    yield from _count("user who came by two invites", pd.Series(met.index.duplicated()))
    yield from _count("friend who did not install on the day", met["accepted_on"] != friends["installed_on"])
    yield from _count("friend of another channel", friends["channel"] != "referral")
    referred = users["referrer_id"].dropna().astype(int)
    yield from _count("referrer who came later", pd.Series(referred >= referred.index))
    if not referred.sort_index().equals(met["user_id"].astype(int).sort_index().rename("referrer_id")):
        yield "the users' referrers are not the senders of their invites"


def _touch_violations(tables):
    users, touches = tables["users"].set_index("user_id"), tables["touches"]
    bookings = tables["bookings"].set_index("booking_id")
    own = bookings.loc[touches["booking_id"]].set_axis(touches.index)
    first = tables["bookings"].groupby("user_id")["booking_id"].min()
    yield from _count("touch before a later booking", touches["booking_id"] != own["user_id"].map(first))
    yield from _count("touch after the booking", touches["touched_on"] > own["booked_on"])
    number = touches.groupby("booking_id").cumcount() + 1
    yield from _count("touches not in the order of days", touches["touch"] != number)
    gap = touches.groupby("booking_id")["touched_on"].diff()
    yield from _count("touches not in the order of days", gap < pd.Timedelta(0))
    installed = own["user_id"].map(users["installed_on"])
    kind = touches["kind"]
    yield from _count(
        "unpaid visit after the install", (kind == "own_site") & (touches["touched_on"] >= installed)
    )
    paid = kind == "paid_link"
    yield from _count(
        "paid link on another day than the install", paid & (touches["touched_on"] != installed)
    )
    channel = own["user_id"].map(users["channel"])
    yield from _count("paid link of an organic user", paid & (channel == "organic"))
    opened = pd.MultiIndex.from_frame(tables["days"][["user_id", "date"]])
    asked = pd.MultiIndex.from_arrays([own["user_id"], touches["touched_on"]])
    yield from _count("own app on a day without an open", (kind == "own_app") & ~asked.isin(opened))
