"""Spend, clicks, installs and first bookings by campaign and week, whole company.

A channel's installs and first bookings are the sums over its areas, split among the campaigns of the week;
the plan of spend follows the installs expected, not those that came.
"""

import numpy as np

from twoworlds.worlds import timeline
from twoworlds.worlds.cells import Coded
from twoworlds.worlds.swiftfare import campaigns
from twoworlds.worlds.swiftfare.counts import Normals
from twoworlds.worlds.swiftfare.growth_parameters import PAID_CHANNELS
from twoworlds.worlds.swiftfare.regions import WEEKS


def _share_out(normals, total, installs):
    """First bookings among campaigns, in turn: never more than a campaign has installs."""
    left, people, found = total, installs.sum(axis=1), []
    for place in range(installs.shape[1]):
        own = installs[:, place]
        drawn = normals[place].binomial("first_bookings", left, own / np.maximum(people, 1))
        people = people - own
        count = np.clip(drawn, np.maximum(left - people, 0), np.minimum(own, left))
        found.append(count)
        left = left - count
    return np.stack(found, axis=1)


def make_spend(parameters, seed, counts, split):
    """The table, one row a campaign and week that it runs, in the order of weeks and campaigns.

    counts: of the regions; split: the function that splits a total by weights.
    """
    all_weights = campaigns.weights()[:WEEKS]
    weekly = counts.installs.sum(axis=(1, 2, 3))
    shape = all_weights.shape
    table = {
        name: np.zeros(shape, dtype=np.int64)
        for name in ("spend_cents", "impressions", "clicks", "installs", "first_bookings")
    }
    channel_of = np.zeros(shape[1], dtype=np.int64)
    for paid, channel in enumerate(PAID_CHANNELS):
        places = campaigns.of_channel(channel)
        channel_of[places] = paid
        weights = all_weights[:, places]
        rows = np.arange(WEEKS)
        normals = [Normals(seed, "spend", rows * 64 + place) for place in places.tolist()]
        own = counts.installs[..., paid + 1].sum(axis=(1, 2))
        installs = split(normals, "installs", own, weights.astype(np.float64))
        booked = counts.first_bookings[..., paid + 1].sum(axis=(1, 2))
        table["installs"][:, places] = installs
        table["first_bookings"][:, places] = _share_out(normals, booked, installs)
        expected = (weekly * parameters.channel_share[paid + 1])[:, None] * (
            weights / weights.sum(axis=1, keepdims=True)
        )

        def near(name, mean, normals=normals):
            """A plan and how far the week leaves it."""
            away = np.stack([normal.of(name) for normal in normals], axis=1)
            return np.rint(mean * (1 + parameters.spend_noise * away)).astype(np.int64)

        clicks = near("clicks", expected / parameters.installs_a_click[paid])
        clicks = np.maximum(clicks, installs)
        shown = near(
            "impressions",
            expected / parameters.installs_a_click[paid] / parameters.clicks_an_impression[paid],
        )
        table["spend_cents"][:, places] = near("spend_cents", expected * parameters.install_cents[paid])
        table["clicks"][:, places] = clicks
        table["impressions"][:, places] = np.maximum(shown, clicks)
    week, place = np.nonzero(all_weights)
    return {
        "week": timeline.WINDOW_START + 7 * week,
        "campaign_id": place + 1,
        "channel": Coded(channel_of[place], PAID_CHANNELS),
        **{name: cells[week, place] for name, cells in table.items()},
    }
