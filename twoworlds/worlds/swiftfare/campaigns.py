"""Campaigns: who owns which, with what goal; and which campaign a paid install is credited to.

Campaigns begin on Mondays and end on Sundays, so that a week has one set of them.
"""

from functools import lru_cache

import numpy as np

from twoworlds.worlds import timeline
from twoworlds.worlds.cells import NO_NUMBER, Coded
from twoworlds.worlds.streams import ONE
from twoworlds.worlds.swiftfare.growth_parameters import PAID_CHANNELS
from twoworlds.worlds.swiftfare.tests_parameters import MESSAGES

OWNERS = ("product_marketing", "performance_marketing", "product", "agency")
GOALS = ("install", "activate", "return")
WEEKS = timeline.WINDOW_DAYS // 7  # whole weeks of the window, Monday to Sunday
_OPEN = WEEKS + 1  # runs on beyond the window

# Name, channel, owner, goal, message, first week, week after the last, weight in the channel. Invented. Every
# channel has a campaign in every week.
_PMM, _PERF, _PROD, _AGENCY = OWNERS
CAMPAIGNS = (
    ("Our name alone", "brand_search", _PERF, "install", "price", 0, _OPEN, 6),
    ("Our name and flights", "brand_search", _AGENCY, "activate", "price", 0, 52, 4),
    ("Our name and hotels", "brand_search", _PERF, "activate", "better_situation", 52, _OPEN, 3),
    ("Our name misspelt", "brand_search", _AGENCY, "install", "price", 26, _OPEN, 1),
    ("Winter sun", "paid_social", _AGENCY, "install", "better_situation", 0, 11, 5),
    ("First trip on us", "paid_social", _PMM, "activate", "price", 0, 26, 3),
    ("Ten countries", "paid_social", _PMM, "install", "achievement", 11, 30, 5),
    ("City weekends", "paid_social", _PERF, "install", "trend", 20, 52, 4),
    ("Late summer", "paid_social", _AGENCY, "activate", "better_situation", 30, 40, 5),
    ("Travel like a local", "paid_social", _PMM, "install", "image", 40, 66, 4),
    ("New year new map", "paid_social", _AGENCY, "install", "achievement", 52, 60, 5),
    ("Spring lines", "paid_social", _PERF, "activate", "news", 60, 74, 4),
    ("Photographs of summer", "paid_social", _PMM, "install", "image", 66, 88, 5),
    ("Plan in ten minutes", "paid_social", _PERF, "install", "achievement", 74, _OPEN, 4),
    ("Autumn escapes", "paid_social", _AGENCY, "activate", "better_situation", 88, _OPEN, 4),
    ("Deal pages", "affiliate", _PERF, "install", "price", 0, _OPEN, 5),
    ("Student portals", "affiliate", _AGENCY, "install", "achievement", 0, 60, 3),
    ("Travel writers", "affiliate", _PMM, "activate", "trend", 13, 78, 3),
    ("Loyalty shops", "affiliate", _AGENCY, "activate", "price", 52, _OPEN, 3),
    ("Family guides", "affiliate", _PMM, "install", "better_situation", 70, _OPEN, 2),
    ("Searched and left", "retargeting", _PERF, "activate", "price", 0, _OPEN, 5),
    ("Still dreaming", "retargeting", _AGENCY, "activate", "better_situation", 0, 44, 3),
    ("Fares have moved", "retargeting", _PERF, "activate", "news", 30, _OPEN, 3),
    ("Seen on the site", "retargeting", _AGENCY, "install", "trend", 44, 92, 2),
    ("Come back and save", "retargeting", _PMM, "return", "price", 60, _OPEN, 2),
    ("Give ten get ten", "referral", _PROD, "install", "price", 0, 48, 6),
    ("Share a trip", "referral", _PROD, "activate", "image", 0, _OPEN, 3),
    ("Give fifteen get five", "referral", _PROD, "install", "price", 48, _OPEN, 5),
    ("Travel together", "referral", _PMM, "activate", "better_situation", 26, 84, 2),
    ("Family plan", "referral", _PMM, "install", "achievement", 70, _OPEN, 2),
)  # fmt: skip


def make_campaigns():
    """The table of campaigns, the same for every seed."""
    first = np.array([campaign[5] for campaign in CAMPAIGNS])
    after = np.array([campaign[6] for campaign in CAMPAIGNS])

    def coded(place, labels):
        return Coded(np.array([labels.index(campaign[place]) for campaign in CAMPAIGNS]), labels)

    return {
        "campaign_id": np.arange(len(CAMPAIGNS)) + 1,
        "name": [campaign[0] for campaign in CAMPAIGNS],
        "channel": coded(1, PAID_CHANNELS),
        "owner": coded(2, OWNERS),
        "goal": coded(3, GOALS),
        "message": coded(4, MESSAGES),
        "started_on": timeline.WINDOW_START + 7 * first,
        "ended_on": np.where(after == _OPEN, timeline.NO_DAY, timeline.WINDOW_START + 7 * after - 1),
    }


def weights():
    """Weight of each campaign in each week, the last one cut short by the window (weeks, campaigns)."""
    week = np.arange(WEEKS + 1)[:, None]
    first, after, weight = (np.array([campaign[place] for campaign in CAMPAIGNS]) for place in (5, 6, 7))
    return np.where((week >= first) & (week < after), weight, 0)


def of_channel(channel):
    """Positions of a paid channel's campaigns."""
    return np.array([place for place, campaign in enumerate(CAMPAIGNS) if campaign[1] == channel])


@lru_cache(maxsize=8)
def _credits(channels):
    """Inner cut points of the campaigns' shares in a channel and week (cuts, channels * weeks), and the
    campaigns of a channel in that order (channels, cuts + 1). A cut that no draw reaches fills up."""
    all_weights, of_channels = weights(), {channel: of_channel(channel) for channel in PAID_CHANNELS}
    most = max(map(len, of_channels.values()))
    cuts = np.full((most, len(channels), WEEKS + 1), ONE)
    ids = np.full((len(channels), most + 1), NO_NUMBER)
    for channel, places in of_channels.items():
        reached = np.cumsum(all_weights[:, places], axis=1)
        code = channels.index(channel)
        cuts[: len(places), code] = (reached * ONE // reached[:, -1:]).T
        ids[code, : len(places)] = places + 1
    return cuts.reshape(most, -1), ids


def credited_campaigns(streams, users, channels):
    """The campaign of each user's install (n,), NO_NUMBER for organic ones. channels: names by code."""
    n, channel = len(users["user_id"]), users["channel"]
    draws = streams.draws("users", "campaign", n)
    week = (users["installed_on"] - timeline.WINDOW_START) // 7
    cuts, ids = _credits(channels)
    reached = draws >= cuts.take(channel * (WEEKS + 1) + week, axis=1)
    return ids[channel, reached.sum(axis=0)]
