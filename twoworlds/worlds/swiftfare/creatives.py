"""Creatives of an advertisement, company-wide: how often shown, how often tapped, in two waves, to whom."""

import numpy as np

from twoworlds.worlds.cells import Coded
from twoworlds.worlds.swiftfare.counts import Normals
from twoworlds.worlds.swiftfare.tests_parameters import AGES, CREATIVES, DEVICES_SHOWN, MESSAGES

_MILLION = 1_000_000


def make_creatives(parameters, seed, scale):
    """One row a creative and wave. Returns (table, oracle: planted chances of a tap)."""
    count = len(CREATIVES)
    number = np.tile(np.arange(count), 2)
    wave = np.repeat([0, 1], count)
    rates = np.array(parameters.creative_rate)
    shown = np.rint(np.array(parameters.creative_shown)[wave] * scale).astype(np.int64)
    start = np.array(parameters.creative_start)[wave]
    kinds = np.array([MESSAGES.index(kind) for kind, _ in CREATIVES])
    normals = Normals(seed, "creatives", wave * count + number)
    table = {
        "creative_id": number + 1,
        "wave": wave + 1,
        "message": Coded(kinds[number], MESSAGES),
        "headline": [CREATIVES[place][1] for place in number.tolist()],
        "started_on": start,
        "ended_on": start + parameters.creative_days - 1,
        "shown": shown,
        "tapped": normals.binomial("tapped", shown, rates[number]),
    }
    oracle = {
        "creative_id": np.arange(count) + 1,
        "planted_rate": np.rint(rates * _MILLION).astype(np.int64),
    }
    return table, oracle


def make_audiences(parameters, seed, made):
    """The same counts by age and device. made: the table of make_creatives. Returns a table."""
    devices = len(DEVICES_SHOWN)
    share = np.outer(parameters.audience_age_share, parameters.audience_device_share).ravel()
    taps = share * np.repeat(parameters.audience_age_taps, devices)
    cells, rows = len(share), len(made["shown"])
    so_far = np.rint(np.outer(made["shown"], np.cumsum(share))).astype(np.int64)
    shown = np.diff(so_far, axis=1, prepend=0)
    tapped, left = np.zeros_like(shown), made["tapped"].copy()
    for cell in range(cells):
        normals = Normals(seed, "creative_audiences", np.arange(rows) * cells + cell)
        chance = taps[cell] / taps[cell:].sum()  # 1 for the last, which gets what is left
        tapped[:, cell] = np.minimum(normals.binomial("tapped", left, min(chance, 1.0)), left)
        left = left - tapped[:, cell]
    row, cell = np.divmod(np.arange(rows * cells), cells)
    return {
        "creative_id": made["creative_id"][row],
        "wave": made["wave"][row],
        "age": Coded(cell // devices, AGES),
        "device": Coded(cell % devices, DEVICES_SHOWN),
        "shown": shown.ravel(),
        "tapped": tapped.ravel(),
    }
