"""Installs and first bookings of the whole company by week, marketing area and channel; the holdouts.

The week's installs are those of the company's days, split among countries, channels and areas as a sample
of units would be. In a holdout the channel is off in half of a country's areas and its budget is spent in the
other half: there its installs grow in step, so that the country's counts are those of any other week. What
the channel does not add comes by itself where it is off, as organic, and is missing from organic where it is
on.
"""

from typing import NamedTuple

import numpy as np

from twoworlds.worlds import timeline
from twoworlds.worlds.cells import Coded
from twoworlds.worlds.streams import ONE, hash_draws
from twoworlds.worlds.swiftfare import website
from twoworlds.worlds.swiftfare.counts import Normals
from twoworlds.worlds.swiftfare.experiments import company_installs
from twoworlds.worlds.swiftfare.growth_parameters import HOLDOUT_ARMS, PAID_CHANNELS
from twoworlds.worlds.swiftfare.newcomers import booking_chances

WEEKS = timeline.WINDOW_DAYS // 7


class Counts(NamedTuple):
    """installs, first_bookings: (weeks, countries, areas, channels); holdout: (weeks,) position in
    PAID_CHANNELS, -1 where none; off: (paid channels, countries, areas), booleans."""

    installs: np.ndarray
    first_bookings: np.ndarray
    holdout: np.ndarray
    off: np.ndarray


def split(normals, column, total, weights):
    """Counts (..., slots) that sum to total (...), each unit in a slot with chance by weight (..., slots).

    normals: one set of Normals a slot, with a row for each total.
    """
    tail = np.cumsum(weights[..., ::-1], axis=-1)[..., ::-1]
    left, found = total, []
    for slot in range(weights.shape[-1] - 1):
        chance = weights[..., slot] / np.maximum(tail[..., slot], 1e-12)
        count = normals[slot].binomial(column, left.ravel(), chance.ravel()).reshape(left.shape)
        found.append(count)
        left = left - count
    return np.stack([*found, left], axis=-1)


def _normals(seed, shape, slots):
    """Normals for each slot, with rows that no other slot has."""
    row = np.arange(int(np.prod(shape)))
    return [Normals(seed, "regions", row * 64 + slot) for slot in range(slots)]


def channel_shares(parameters, installs):
    """Share of the company's installs by week and channel (WEEKS, channels).

    Over the whole window they are those of the panel; while a step of the web site is broken its channel has
    fewer, and the others more.
    """
    share = np.tile(np.array(parameters.channel_share), (WEEKS, 1))
    lost, place = website.installs_lost(parameters)
    day = timeline.WINDOW_START + 7 * np.arange(WEEKS)
    broken = (day >= parameters.broken_start) & (day < parameters.mended_on)
    part = int(installs[broken].sum()) / max(int(installs.sum()), 1)
    base = share[0, place] / (1 - lost * part)
    own = np.where(broken, base * (1 - lost), base)
    others = (1 - own) / (1 - share[0, place])
    share = share * others[:, None]
    share[:, place] = own
    return share


def _areas_off(parameters, seed, countries):
    """Which areas are off in each channel's holdout (paid channels, countries, areas): by lot, one of two
    neighbours, which are of one size; so the budget of the areas that are on is about doubled everywhere."""
    pairs = parameters.areas_a_country // 2
    ids = np.arange(len(PAID_CHANNELS) * countries * pairs)
    first = hash_draws(seed, "swiftfare.regions.off", ids) < ONE // 2
    off = np.stack([first, ~first], axis=1)
    return off.reshape(len(PAID_CHANNELS), countries, 2 * pairs)


def _holdout_weeks(parameters):
    found = np.full(WEEKS, -1)
    for channel, start in enumerate(parameters.holdout_start):
        first = (start - timeline.WINDOW_START) // 7
        found[first : first + parameters.holdout_weeks] = channel
    return found


def count_regions(parameters, seed, scale):
    """All counts of the company by week, area and channel."""
    countries, areas = len(parameters.country_share), parameters.areas_a_country
    channels = len(parameters.channel_share)
    daily = company_installs(parameters, seed, scale)
    weekly = daily[: WEEKS * 7].reshape(WEEKS, 7).sum(axis=1)
    share = channel_shares(parameters, weekly)

    of_country = split(
        _normals(seed, (WEEKS,), countries), "country", weekly,
        np.tile(np.array(parameters.country_share), (WEEKS, 1)),
    )  # fmt: skip
    of_channel = split(
        _normals(seed, (WEEKS, countries), channels), "channel", of_country,
        np.repeat(share[:, None, :], countries, axis=1),
    )  # fmt: skip

    # What an area weighs: its size, and the week's own demand.
    size = 70 + (hash_draws(seed, "swiftfare.regions.size", np.arange(countries * areas) // 2) * 61 >> 32)
    shock = Normals(seed, "regions", np.arange(WEEKS * countries * areas)).of("demand")
    demand = (1 + parameters.area_noise * shock).reshape(WEEKS, countries, areas)
    area = size.reshape(countries, areas) * demand
    weights = np.repeat(area[..., None], channels, axis=-1)
    chance = np.repeat(booking_chances(parameters, daily)[:, :, None, :], areas, axis=2)

    off = _areas_off(parameters, seed, countries)
    holdout = _holdout_weeks(parameters)
    for held in range(len(PAID_CHANNELS)):
        weeks = np.flatnonzero(holdout == held)
        here = area[weeks]
        on = np.where(off[held], 0.0, here)
        more = np.cumsum(here, axis=2)[..., -1:] / np.cumsum(on, axis=2)[..., -1:] - 1
        weights[weeks, :, :, held + 1] = on
        # Installs that pass between the channel and organic, over the organic ones there would be.
        anyway = 1 - parameters.incremental_share[held]
        ratio = share[weeks, held + 1] / share[weeks, 0]
        passed = anyway * ratio[:, None, None] * np.where(off[held], 1.0, -more)
        weights[weeks, :, :, 0] = here * (1 + passed)
        own, other = chance[weeks, :, :, 0], chance[weeks, :, :, held + 1]
        chance[weeks, :, :, 0] = (own + passed * other) / (1 + passed)

    by_area = split(
        _normals(seed, (WEEKS, countries, channels), areas), "area", of_channel,
        np.moveaxis(weights, 2, 3),
    )  # fmt: skip
    installs = np.moveaxis(by_area, 3, 2)
    rows = Normals(seed, "regions", np.arange(installs.size))
    booked = rows.binomial("first_bookings", installs.ravel(), np.clip(chance, 0.0, 1.0).ravel())
    return Counts(installs, booked.reshape(installs.shape), holdout, off)


def area_names(parameters, countries):
    """Names of all areas, by country."""
    return tuple(
        f"{country} {area + 1:02d}" for country in countries for area in range(parameters.areas_a_country)
    )


def make_regions(parameters, counts, countries, channels):
    """The table: one row a week and area."""
    names = area_names(parameters, countries)
    n = len(names)
    installs = counts.installs.reshape(WEEKS * n, -1)
    held = np.repeat(counts.holdout, n)
    off = counts.off.reshape(len(PAID_CHANNELS), n)[counts.holdout].reshape(-1)
    return {
        "week": np.repeat(timeline.WINDOW_START + 7 * np.arange(WEEKS), n),
        "area": Coded(np.tile(np.arange(n), WEEKS), names),
        "installs": installs.sum(axis=1),
        **{f"{channel}_installs": installs[:, place] for place, channel in enumerate(channels)},
        "first_bookings": counts.first_bookings.reshape(WEEKS * n, -1).sum(axis=1),
        "holdout": Coded(held, PAID_CHANNELS),
        "arm": Coded(np.where(held < 0, -1, np.where(off, 0, 1)), HOLDOUT_ARMS),
    }
