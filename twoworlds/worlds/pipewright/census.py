"""What each territory must know of all others: the executives' loads, and the trials of every week.

Both are counts: whole numbers of a fixed size that sum over territories in any order, on any number of
machines. The loads take several rounds (see pipeline.py). Whoever makes the world in parts counts part by
part, keeps what `prepare` gives between the rounds, and says the result to `remember`; elsewhere the first
territory that asks has everything counted here.
"""

from collections import OrderedDict

import numpy as np

from twoworlds.worlds import timeline
from twoworlds.worlds.pipewright import accounts as signing
from twoworlds.worlds.pipewright import pipeline
from twoworlds.worlds.pipewright.funnel_parameters import SOURCES

ROUNDS = pipeline.COUNTED_ROUNDS
WEEKS = -(-timeline.WINDOW_DAYS // 7)  # the last is cut by the window's end
BLOCKS_TOGETHER = 16  # territories that are counted, and made, in one go
_remembered = OrderedDict()


def count_trials(candidates):
    """Trials that began in each week, by source: (weeks, sources). candidates: see prospects.py."""
    chosen = candidates["known"] & candidates["with_trial"]
    chosen &= candidates["trial_on"] >= timeline.WINDOW_START
    week = (candidates["trial_on"][chosen] - timeline.WINDOW_START) // 7
    cell = week * len(SOURCES) + candidates["source"][chosen]
    return np.bincount(cell, minlength=WEEKS * len(SOURCES)).reshape(WEEKS, len(SOURCES))


def prepare(parameters, seed, scale, blocks):
    """What the counting reads of these territories: a dict of arrays, to be kept from one round to the next,
    in memory or in a file."""
    candidates = pipeline.territories(parameters, seed, scale, blocks)[1]
    return {**pipeline.prepare(parameters, seed, scale, blocks), "trials": count_trials(candidates)}


def count(parameters, scale, prepared, known):
    """The counts of a part of the territories in one round, to be summed over all parts: a dict of arrays.

    prepared: see `prepare`; known: what the rounds before have given, {} in the first.
    """
    changes = pipeline.count_loads(parameters, scale, prepared, known.get("loads", ()))
    return {"changes": changes} | ({} if known else {"trials": prepared["trials"]})


def learn(known, sums):
    """What is known after a round, from what was known before and the sums over all parts."""
    load = pipeline.next_load(sums["changes"])[None]
    loads = np.concatenate([known["loads"], load]) if known else load
    return {"loads": loads, "trials": known["trials"] if known else sums["trials"]}


def remember(parameters, seed, scale, known):
    """Keep what all rounds have given, for the territories that are made afterwards."""
    _remembered[parameters, seed, scale] = known
    while len(_remembered) > 2:
        _remembered.popitem(last=False)


def whole(parameters, seed, scale):
    """What is known of the whole company: {"loads": (rounds, executives, days), "trials": (weeks, sources)}.

    What was remembered, or else counted here.
    """
    key = parameters, seed, scale
    if key not in _remembered:
        blocks = range(signing.territories(parameters, scale))
        parts = [
            prepare(parameters, seed, scale, blocks[first : first + BLOCKS_TOGETHER])
            for first in range(0, len(blocks), BLOCKS_TOGETHER)
        ]
        known = {}
        for _ in range(ROUNDS):
            counted = [count(parameters, scale, part, known) for part in parts]
            known = learn(known, {name: sum(part[name] for part in counted) for name in counted[0]})
        remember(parameters, seed, scale, known)
    return _remembered[key]
