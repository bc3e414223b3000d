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


_CHOSEN = 8  # audiences that a marketer would write home about, of 64


def _audiences(tables):
    """Counts by wave of the audiences (creative, age, device) that did best in the first wave, and of all:
    (DataFrame with columns (shown or tapped, wave), the same of all)."""
    rows = tables["creative_audiences"].set_index(["creative_id", "age", "device", "wave"]).unstack("wave")
    rate = rows["tapped"] / rows["shown"]
    return rows.loc[rate[1].nlargest(_CHOSEN).index], rows


def best_audiences(tables, truth):
    """Rate of the eight best audiences of the first wave, from the second alone."""
    best, _ = _audiences(tables)
    shown, tapped = best["shown", 2], best["tapped", 2]
    rate = tapped.sum() / shown.sum()
    planted = truth["parameters"]
    ages = tables["creative_audiences"]["age"].cat.categories
    by_age = dict(zip(ages, planted["audience_age_taps"], strict=True))
    shares = zip(planted["audience_age_share"], planted["audience_age_taps"], strict=True)
    mean = sum(share * taps for share, taps in shares)
    chance = [planted["creative_rate"][creative - 1] * by_age[age] / mean for creative, age, _ in best.index]
    truth_rate = float((chance * shown).sum() / shown.sum())
    return interval("rate of the best audiences", rate, np.sqrt(rate * (1 - rate) / shown.sum()), truth_rate)


def best_audiences_shrink(tables):
    """The best audiences' lead over all is less than two thirds of what it was when shown again."""
    best, every = _audiences(tables)
    lead = {
        wave: best["tapped", wave].sum() / best["shown", wave].sum()
        / (every["tapped", wave].sum() / every["shown", wave].sum()) - 1
        for wave in (1, 2)
    }  # fmt: skip
    return bool(lead[2] < 2 / 3 * lead[1])


PLANTS = [
    Plant(
        "winner's curse", ("creative_rate",), ("creatives",), "parameter", None, "06-sales-narrative",
        "swiftfare", winners_rate, winner_shrinks,
    ),
    Plant(
        "best audiences", ("audience_age_taps", "creative_rate"), ("creative_audiences",), "parameter", None,
        "06-sales-narrative", "swiftfare", best_audiences, best_audiences_shrink,
    ),
]  # fmt: skip
