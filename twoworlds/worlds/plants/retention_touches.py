"""Chapter 3: contacts before a renewal look harmful, and save accounts."""

from math import exp, log, sqrt

import pandas as pd

from twoworlds.worlds.plants.result import Estimate, Plant

_Z = 1.959964
_WINDOW_END = pd.Timestamp("2025-12-31")


def renewals(tables):
    """Reviews whose renewal came inside the window and was reached, with the account's size and `left`."""
    churn = tables["movements"].query("kind == 'churn'").set_index("account_id")["moved_on"]
    rows = tables["touches"].merge(tables["accounts"][["account_id", "size"]], on="account_id")
    gone = rows["account_id"].map(churn)
    rows["left"] = gone == rows["renewal_on"]
    return rows[(rows["renewal_on"] <= _WINDOW_END) & ~(gone < rows["renewal_on"])]


def _ratio(rows):
    """Mantel and Haenszel's risk ratio over strata of size and health, and the standard error of its
    logarithm (Greenland and Robins 1985)."""
    above = below = spread = 0.0
    for _, part in rows.groupby(["size", "health_band"], observed=True):
        touched = part[part["touched"]]
        n, n1 = len(part), len(touched)
        left, left1 = int(part["left"].sum()), int(touched["left"].sum())
        above += left1 * (n - n1) / n
        below += (left - left1) * n1 / n
        spread += (n1 * (n - n1) * left - left1 * (left - left1) * n) / n**2
    return above / below, sqrt(spread / (above * below))


def estimate(tables, truth):
    """Chance to leave with the contact over the chance without, like with like."""
    ratio, error = _ratio(renewals(tables))
    low, high = (exp(log(ratio) + sign * _Z * error) for sign in (-1, 1))
    planted = truth["parameters"]["touched_leaves_ratio"]
    return Estimate("leaving with the contact over leaving without", ratio, low, high, planted)


def shows(tables):
    """Contacted accounts leave more often; like with like, they leave less often."""
    rows = renewals(tables)
    by_touch = rows.groupby("touched")["left"].mean()
    return bool(by_touch[True] > by_touch[False] and _ratio(rows)[0] < 1)


PLANTS = [
    Plant(
        "success contacts", ("touched_leaves_ratio", "touched_share"), ("touches", "movements", "accounts"),
        "parameter", None, "03-retention", "pipewright", estimate, shows,
    ),
]  # fmt: skip
