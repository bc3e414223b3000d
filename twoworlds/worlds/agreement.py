"""The panel and the company's own counts are two views of one company: they agree within sampling error.

Swiftfare's panel is a random share of all installs; experiments count the whole company. What both can count
is compared here, a test of theirs at a time.
"""

from typing import NamedTuple

import numpy as np
import pandas as pd


class Comparison(NamedTuple):
    """One count of the company: from the panel divided by its share, from the company-wide table, and the
    standard error of their difference."""

    what: str
    from_panel: float
    from_company: float
    error: float

    @property
    def z(self):
        """Difference in standard errors."""
        return (self.from_panel - self.from_company) / self.error


def _counted(tables, tests):
    """Units counted by arm, over all days of some tests (Series, arm -> units)."""
    rows = tables["arm_days"]
    rows = rows[rows["experiment_id"].isin(tests["experiment_id"])]
    return rows.groupby("arm", observed=True)["n"].sum()


def newcomers(tables, share):
    """Installs in the days of each test of newcomers.

    Twice the control arm stands for both arms: what a fault takes from the treatment arm is not in question.
    """
    installed = tables["users"]["installed_on"]
    tests = tables["experiments"]
    for _, test in tests[tests["unit"] == "newcomer"].iterrows():
        panel = int(installed.between(test["started_on"], test["ended_on"]).sum())
        control = int(_counted(tables, test.to_frame().T)["control"])
        # A share of the installs is in the panel (binomial), and half of them in the control arm.
        error = np.sqrt(panel * (1 - share) / share**2 + 2 * control)
        yield Comparison(f"installs during {test['name']}", panel / share, 2 * control, float(error))


def active_days(tables, share):
    """Active days in the days of each test of active days; tests that start together share them out."""
    days, tests = tables["days"], tables["experiments"]
    for start, together in tests[tests["unit"] == "active_day"].groupby("started_on"):
        inside = days[days["date"].between(start, together["ended_on"].max())]
        of_user = inside.groupby("user_id").size()
        company = int(_counted(tables, together).sum())
        # The panel samples users, who bring all their days with them.
        error = np.sqrt((of_user**2).sum() * (1 - share) / share**2 + company)
        name = together["name"].iloc[0] if len(together) == 1 else f"{len(together)} tests at once"
        what = f"active days during {name} ({pd.Timestamp(start).date()})"
        yield Comparison(what, len(inside) / share, company, float(error))


def comparisons(tables, share):
    """Every comparison that Swiftfare's tables allow. share: of all installs, that the panel holds."""
    return [*newcomers(tables, share), *active_days(tables, share)]
