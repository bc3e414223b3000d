"""Visits of the web site, whole company: counts by day, source and device, step by step to the install."""

import numpy as np

from twoworlds.worlds import timeline
from twoworlds.worlds.cells import Coded
from twoworlds.worlds.swiftfare.counts import Normals
from twoworlds.worlds.swiftfare.experiments import company_installs
from twoworlds.worlds.swiftfare.parameters import CHANNELS

WEEKS = timeline.WINDOW_DAYS // 7  # whole weeks


def _ios_share(parameters):
    """Share of iOS in the whole company."""
    total = 0.0
    for country, ios in zip(parameters.country_share, parameters.ios_share, strict=True):
        total += country * ios
    return total


def installs_lost(parameters):
    """Share of the channel's installs lost while its step is broken, and the channel's position."""
    place = CHANNELS.index(parameters.broken_source)
    ends_in_install = parameters.visit_searches[place] * parameters.search_taps[place]
    ends_in_install = ends_in_install * parameters.tap_opens_store * parameters.store_installs
    by_site = parameters.visits_an_install[place] * ends_in_install / parameters.channel_share[place]
    ios = _ios_share(parameters)
    device = ios if parameters.broken_device == "ios" else 1 - ios
    return by_site * device * (1 - parameters.broken_step), place


def _at_most(installed, week, source, most):
    """Installs by the site, brought down where a week would have more of them than of all; that happens in a
    very small company alone. most: (weeks, sources)."""
    sums = np.zeros((WEEKS + 1, most.shape[1]), dtype=np.int64)
    np.add.at(sums, (week, source), installed)
    most = np.concatenate([most, sums[WEEKS:]])  # of the days after the last whole week nothing is known
    beyond = (sums > most)[week, source]
    return np.where(beyond, installed * most[week, source] // np.maximum(sums[week, source], 1), installed)


def make_visits(parameters, seed, scale, channels, devices, most):
    """The table: one row a day, source and device. most: all installs of the company (weeks, sources)."""
    count, sources = timeline.WINDOW_DAYS, len(channels)
    row = np.arange(count * sources * len(devices))
    age, source, device = row // (sources * len(devices)), row // len(devices) % sources, row % len(devices)
    day = timeline.WINDOW_START + age
    normals = Normals(seed, "visits", row)

    mixed = (day >= parameters.mix_start) & (day <= parameters.mix_end)
    broken = (
        (day >= parameters.broken_start) & (day < parameters.mended_on)
        & (source == channels.index(parameters.broken_source))
        & (device == devices.index(parameters.broken_device))
    )  # fmt: skip
    ios = _ios_share(parameters)
    expected = company_installs(parameters, seed, scale)[age] * np.array(parameters.visits_an_install)[source]
    expected = expected * np.where(device == devices.index("ios"), ios, 1 - ios)
    expected = expected * np.where(mixed, np.array(parameters.mix_visits)[source], 1.0)
    expected = expected * (1 + parameters.visits_noise * normals.of("demand"))
    visits = np.rint(expected + np.sqrt(np.maximum(expected, 0)) * normals.of("visits"))
    visits = np.maximum(visits, 0).astype(np.int64)

    searched = normals.binomial("searched", visits, np.array(parameters.visit_searches)[source])
    taps = np.array(parameters.search_taps)[source] * np.where(mixed, parameters.banner_taps, 1.0)
    tapped = normals.binomial("tapped", searched, taps)
    store = Normals(seed, "visits", np.arange(count)).of("store")[age]
    opens = parameters.tap_opens_store * (1 + parameters.store_noise * store)
    opens = np.clip(opens, 0.0, 1.0) * np.where(broken, parameters.broken_step, 1.0)
    opened = normals.binomial("store_opened", tapped, opens)
    installed = normals.binomial("installed", opened, parameters.store_installs)
    return {
        "date": day,
        "source": Coded(source, channels),
        "device": Coded(device, devices),
        "visits": visits,
        "searched": searched,
        "tapped": tapped,
        "store_opened": opened,
        "installed": _at_most(installed, age // 7, source, most),
    }
