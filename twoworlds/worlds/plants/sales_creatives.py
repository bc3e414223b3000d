"""Swiftfare's creatives: the winner of a test owes a part of its lead to luck."""

import numpy as np

from twoworlds.worlds.plants.result import Plant, interval


def _rates(tables):
    """Share tapped and times shown by creative and wave (DataFrames, creative x wave)."""
    rows = tables["creatives"].set_index(["creative_id", "wave"])
    return (rows["tapped"] / rows["shown"]).unstack("wave"), rows["shown"].unstack("wave")


def winners_rate(tables, truth):
    """Rate of the first wave's winner, from the second wave alone, which had no part in the choice."""
    rate, shown = _rates(tables)
    winner = rate[1].idxmax()
    again = rate.loc[winner, 2]
    error = np.sqrt(again * (1 - again) / shown.loc[winner, 2])
    return interval("winner's rate", again, error, truth["parameters"]["creative_rate"][winner - 1])


def winner_shrinks(tables):
    """The winner's lead over the mean of all is smaller when shown again."""
    rate, _ = _rates(tables)
    lead = rate.loc[rate[1].idxmax()] / rate.mean() - 1
    return bool(lead[2] < lead[1])


PLANTS = [
    Plant(
        "winner's curse", ("creative_rate",), ("creatives",), "parameter", None, "06-sales-narrative",
        "swiftfare", winners_rate, winner_shrinks,
    )
]  # fmt: skip
