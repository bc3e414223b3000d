"""Experiments on the whole company, as counts: per test, day and arm the units, their sum, sum of squares.

Company-wide tables belong to no user, so the first block holds them whole.
"""

from typing import NamedTuple

import numpy as np

from twoworlds.worlds import timeline
from twoworlds.worlds.cells import Coded
from twoworlds.worlds.swiftfare.counts import Normals, paired_sums, sums
from twoworlds.worlds.swiftfare.tests_parameters import ARMS, COVARIATES, OUTCOMES, UNITS
from twoworlds.worlds.swiftfare.users import install_weights, panel_size

NUDGE, FEATURE, CUPED, SRM, FIRST_AA = 1, 2, 3, 4, 5
_MILLION = 1_000_000


class Plan(NamedTuple):
    """A planned test: who counts, what is counted, what is known of the units from before."""

    name: str
    unit: str
    outcome: str
    covariate: str
    start: int
    days: int


def plans(parameters):
    """Every test by its number, in the order of numbers."""
    p = parameters
    found = {
        NUDGE: Plan(
            "Price alert card", "newcomer", "booked_within_30_days", "none", p.nudge_start, p.nudge_days
        ),
        FEATURE: Plan("Map search", "active_day", "searches", "none", p.feature_start, p.feature_days),
        CUPED: Plan(
            "Saved filters", "customer", "searches_14_days", "searches_before", p.cuped_start, p.cuped_days
        ),
        SRM: Plan(
            "New welcome page", "newcomer", "booked_within_30_days", "phone_years", p.srm_start, p.srm_days
        ),
    }
    for test in range(p.aa_tests):
        found[FIRST_AA + test] = Plan(
            f"A/A {test + 1}", "active_day", "searches", "none", p.aa_start, p.aa_days
        )
    return found


def make_experiments(parameters):
    """The table of tests."""
    all_plans = plans(parameters)
    start = np.array([plan.start for plan in all_plans.values()])

    def coded(field, labels):
        codes = [labels.index(getattr(plan, field)) for plan in all_plans.values()]
        return Coded(np.array(codes, dtype=np.int64), labels)

    return {
        "experiment_id": np.array(list(all_plans)),
        "name": [plan.name for plan in all_plans.values()],
        "unit": coded("unit", UNITS),
        "outcome": coded("outcome", OUTCOMES),
        "covariate": coded("covariate", COVARIATES),
        "started_on": start,
        "ended_on": start + [plan.days - 1 for plan in all_plans.values()],
        "planned_treatment_percent": np.full(len(all_plans), 50),
    }


def company_installs(parameters, seed, scale):
    """Installs of the whole company on each day of the window: what the panel is a sample of."""
    total = round(panel_size(parameters, scale) / parameters.panel_share)
    return np.diff(np.r_[0, timeline.arrived_by(total, install_weights(parameters, seed))])


def company_active(parameters, scale, days):
    """Active users expected on each day in the whole company."""
    month = timeline.month_index(days) - timeline.month_index(timeline.WINDOW_START)
    in_panel = np.array(parameters.active_a_day)[month]
    return np.rint(in_panel * scale / parameters.panel_share).astype(np.int64)


def feature_lift(parameters, age):
    """Relative lift `age` whole days after the start: what stays and what fades, without an exponential."""
    # exp(-1 / scale) by its series, whose terms are plain arithmetic; then by repeated products.
    step, term = 1.0, 1.0
    for order in range(1, 20):
        term = term * -(1 / parameters.feature_scale_days) / order
        step += term
    fading = np.cumprod(np.r_[1.0, np.full(int(age.max()), step)])[age]
    return parameters.feature_steady + parameters.feature_novelty * fading


def _units(parameters, seed, scale, test, plan):
    """Units that enter a test on each of its days, both arms together (days,)."""
    days = plan.start + np.arange(plan.days)
    if plan.unit == "newcomer":
        return company_installs(parameters, seed, scale)[days - timeline.WINDOW_START]
    if plan.unit == "customer":
        left = np.cumprod(np.r_[1.0, np.full(plan.days, 1 - parameters.cuped_enters)])
        return np.rint(-np.diff(left) * parameters.cuped_customers * scale).astype(np.int64)
    active = company_active(parameters, scale, days)
    if test >= FIRST_AA:
        active = active // parameters.aa_tests
    # Active users vary from day to day as counts do.
    shock = Normals(seed, "arm_days", test * 1000 + np.arange(plan.days)).of("units")
    return np.maximum(0, np.rint(active + np.sqrt(active) * shock)).astype(np.int64)


def _nudge(parameters, normals, n, treated):
    """Who sets an alert, and who books: by kind of user, so that intent drives both."""
    always, complies, never = parameters.taker_share
    by_always, by_complier, by_never = parameters.books_30_days
    with_alert = by_complier + parameters.alert_effect
    takes = np.where(treated, always + complies, always)
    taken = normals.binomial("taken", n, takes)
    books_taken = np.where(
        treated, (always * by_always + complies * with_alert) / (always + complies), by_always
    )
    others = (complies * by_complier + never * by_never) / (complies + never)
    books_other = np.where(treated, by_never, others)
    x = normals.binomial("books_taken", taken, books_taken)
    x = x + normals.binomial("books_other", n - taken, books_other)
    return taken, x, takes * books_taken + (1 - takes) * books_other


def _one_test(parameters, seed, scale, test, plan):
    """Rows of one test, in the order of days and arms, and their planted means."""
    day = np.repeat(plan.start + np.arange(plan.days), 2)
    arm = np.tile([0, 1], plan.days)
    treated, age = arm == 1, day - plan.start
    together = _units(parameters, seed, scale, test, plan)
    normals = Normals(seed, "arm_days", (test * 1000 + age) * 2 + arm)
    first = Normals(seed, "arm_days", test * 1000 + np.arange(plan.days)).binomial("arm", together, 0.5)
    n = np.empty(len(day), dtype=np.int64)
    n[0::2], n[1::2] = first, together - first
    assigned = n
    zero = np.zeros(len(n), dtype=np.int64)
    taken, z, zz, xz = np.where(treated, n, 0), zero, zero, zero
    if test == NUDGE:
        taken, x, mean = _nudge(parameters, normals, n, treated)
        xx = x
    elif test == SRM:
        lost = np.where(treated, normals.binomial("lost", n, parameters.srm_lost), 0)
        n = n - lost
        taken = np.where(treated, n, 0)
        share = parameters.srm_lost * treated
        mean = np.full(len(n), parameters.srm_books) + parameters.srm_effect * treated
        seen = (mean - share * parameters.srm_lost_books) / (1 - share)
        x = xx = normals.binomial("books", n, seen)
        years = (parameters.phone_years_mean - share * parameters.phone_years_lost) / (1 - share)
        z, zz, _ = sums(normals, "sum_z", n, years, parameters.phone_years_sd)
        xz = np.rint(x * (z / np.maximum(n, 1))).astype(np.int64)  # none among those who are left
    elif test == CUPED:
        mean = parameters.cuped_mean + parameters.cuped_effect * treated
        x, xx, z, zz, xz = paired_sums(
            normals, n, (mean, parameters.cuped_sd), (parameters.before_mean, parameters.before_sd),
            parameters.cuped_correlation,
        )  # fmt: skip
    else:
        effect = feature_lift(parameters, age) if test == FEATURE else np.full(len(n), parameters.aa_effect)
        if test >= FIRST_AA:
            taken = zero
        mean = parameters.searches_mean * (1 + effect * treated)
        x, xx, _ = sums(normals, "sum_x", n, mean, parameters.searches_sd)
    rows = {
        "experiment_id": np.full(len(n), test), "date": day, "arm": arm, "n": n, "taken": taken,
        "sum_x": x, "sum_xx": xx, "sum_z": z, "sum_zz": zz, "sum_xz": xz,
    }  # fmt: skip
    planted = {
        "experiment_id": rows["experiment_id"], "date": day, "arm": arm, "assigned": assigned,
        "planted_mean": np.rint(mean * _MILLION).astype(np.int64),
    }  # fmt: skip
    return rows, planted


def make_arm_days(parameters, seed, scale):
    """All arm-days. Returns (table, oracle: planted means and units assigned)."""
    made = [_one_test(parameters, seed, scale, test, plan) for test, plan in plans(parameters).items()]
    tables = []
    for part in zip(*made, strict=True):
        table = {name: np.concatenate([rows[name] for rows in part]) for name in part[0]}
        table["arm"] = Coded(table["arm"], ARMS)
        tables.append(table)
    return tables
