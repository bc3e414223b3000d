"""Campaigns and spend, holdouts by region, invites, website visits, touches before a booking."""

from functools import lru_cache

from twoworlds.worlds.swiftfare import campaigns, company, invites, paths, regions, spend, website
from twoworlds.worlds.swiftfare.parameters import CHANNELS, COUNTRIES, DEVICES


@lru_cache(maxsize=2)
def whole_company(parameters, seed, scale):
    """The tables of the whole company, which belong to no block: whole, and without a row."""
    counts = regions.count_regions(parameters, seed, scale)
    most = counts.installs.sum(axis=(1, 2))
    whole = {
        "campaigns": campaigns.make_campaigns(),
        "spend": spend.make_spend(parameters, seed, counts, regions.split),
        "regions": regions.make_regions(parameters, counts, COUNTRIES, CHANNELS),
        "visits": website.make_visits(parameters, seed, scale, CHANNELS, DEVICES, most),
    }
    return whole, company.without_rows(whole)


def make_growth(parameters, streams, scale, parts):
    """All rows of a block. parts: what the block holds already (see world.py). Returns (tables, oracle).

    Of `users` it gives the columns that it adds.
    """
    whole = whole_company(parameters, streams.seed, scale)[0 if streams.block == 0 else 1]
    people, first_booking = parts["users"], parts["visits"].first_booking
    came = invites.make_came(parameters, streams, scale, people, first_booking, CHANNELS.index("referral"))
    touches, arrivals = paths.make_touches(parameters, streams, people, parts["visits"], CHANNELS)
    more = {
        "users": {
            "campaign_id": campaigns.credited_campaigns(streams, people, CHANNELS),
            "referrer_id": invites.referrers(came, len(people["user_id"])),
        },
        "touches": touches,
        "invites": invites.make_invites(parameters, streams, people, first_booking, came),
    }
    return more | whole, {"arrivals": arrivals}
