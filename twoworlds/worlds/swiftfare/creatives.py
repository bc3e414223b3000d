"""Creatives of an advertisement, company-wide: how often shown, how often tapped, in two waves."""

import numpy as np

from twoworlds.worlds.cells import Coded
from twoworlds.worlds.swiftfare.counts import Normals
from twoworlds.worlds.swiftfare.tests_parameters import CREATIVES, MESSAGES

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
