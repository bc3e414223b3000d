"""Swiftfare's experiments, alerts, creatives: possible, in step with the panel, true to the plants."""

import numpy as np
import pandas as pd
import pytest

import twoworlds as tw
from twoworlds.worlds import lookup, validate
from twoworlds.worlds.plants import releases_experiments as plants
from twoworlds.worlds.plants import sales_creatives
from twoworlds.worlds.plants.result import Estimate
from twoworlds.worlds.swiftfare import creatives, experiments
from twoworlds.worlds.swiftfare.counts import Normals, paired_sums
from twoworlds.worlds.swiftfare.world import PARAMETERS


@pytest.fixture(scope="module")
def tables():
    return dict(tw.load("swiftfare"))


@pytest.fixture(scope="module")
def truth():
    return tw.truth("swiftfare")


OWN = [*plants.PLANTS, *sales_creatives.PLANTS]


@pytest.mark.parametrize("plant", OWN, ids=lambda plant: plant.name)
def test_the_plant_is_found_and_its_surprise_shows(plant, tables, truth):
    found = plant.estimate(tables, truth)
    if isinstance(found, Estimate):
        # One interval in twenty misses; none of the shipped data may miss by half its width more.
        half = (found.high - found.low) / 2
        assert found.low - half / 2 <= found.truth <= found.high + half / 2
    else:
        assert found.holds
    assert plant.shows(tables)


def test_every_plant_names_parameters_and_tables_that_there_are(tables, truth):
    for plant in OWN:
        assert set(plant.parameters) <= set(truth["parameters"])
        assert set(plant.tables) <= set(tables)


def test_panel_and_company_agree(tables):
    company = plants.arm_sums(tables, "Price alert card")
    alerts = tables["alerts"].set_index("user_id")
    users = tables["users"].set_index("user_id")
    first = tables["bookings"].groupby("user_id")["booked_on"].min()
    booked = (first.reindex(users.index) - users["installed_on"]).dt.days <= 30
    panel = alerts[alerts["arm"].notna()]
    # Installs come by the same days, so the counts differ by rounding alone.
    assert abs(company["n"].sum() * PARAMETERS.panel_share - len(panel)) < 5
    for arm in ("control", "treatment"):
        own = panel[panel["arm"] == arm]
        for share, of_company in (
            (own["set_on"].notna().mean(), company.loc[arm, "taken"] / company.loc[arm, "n"]),
            (booked[own.index].mean(), company.loc[arm, "sum_x"] / company.loc[arm, "n"]),
        ):
            assert abs(share - of_company) < 3.5 * np.sqrt(share * (1 - share) / len(own))
    test = tables["experiments"].set_index("name").loc["Map search"]
    days = tables["days"]
    days = days[days["date"].between(test["started_on"], test["ended_on"])]
    counted = plants.arm_sums(tables, "Map search")["n"].sum() * PARAMETERS.panel_share
    assert len(days) == pytest.approx(counted, rel=0.05)


def test_both_outcomes_are_kept_and_the_one_seen_is_one_of_them(tables):
    oracle = tw.truth("swiftfare", "takers").set_index("user_id")
    users = tables["users"].set_index("user_id").loc[oracle.index]
    first = tables["bookings"].groupby("user_id")["booked_on"].min().reindex(oracle.index)
    booked = (first - users["installed_on"]).dt.days <= 30
    nudged = tables["alerts"].set_index("user_id")["arm"].loc[oracle.index] == "treatment"
    assert (booked == oracle["books_with_card"].where(nudged, oracle["books_without_card"])).all()
    differs = oracle["books_with_card"] != oracle["books_without_card"]
    assert set(oracle.loc[differs, "taker"]) == {"complier"}
    compliers = oracle[oracle["taker"] == "complier"]
    gain = (compliers["books_with_card"].astype(int) - compliers["books_without_card"]).mean()
    assert gain == pytest.approx(PARAMETERS.alert_effect, abs=0.008)


def test_the_truth_has_both_arms_means(tables):
    arms = tw.truth("swiftfare", "arms").merge(tables["arm_days"])
    assert len(arms) == len(tables["arm_days"])
    lost = arms["assigned"] - arms["n"]
    mismatch = (arms["experiment_id"] == experiments.SRM) & (arms["arm"] == "treatment")
    assert (lost[~mismatch] == 0).all() and lost[mismatch].sum() > 0


def break_alert(tables):
    tables["alerts"].loc[tables["alerts"]["set_on"].first_valid_index(), "set_on"] -= pd.Timedelta(days=1)


def break_arm(tables):
    tables["alerts"].loc[tables["alerts"]["arm"].first_valid_index(), "arm"] = None


def break_day(tables):
    tables["arm_days"].loc[0, "date"] -= pd.Timedelta(days=1)


def break_squares(tables):
    tables["arm_days"].loc[len(tables["arm_days"]) - 1, "sum_xx"] = 1


def break_taps(tables):
    tables["creatives"].loc[0, "tapped"] = tables["creatives"].loc[0, "shown"] + 1


def break_taken(tables):
    tables["arm_days"].loc[0, "taken"] = tables["arm_days"].loc[0, "n"] + 1


def break_audience(tables):
    tables["creative_audiences"].loc[0, "tapped"] += 1


SPOILS = [break_alert, break_arm, break_day, break_squares, break_taken, break_taps, break_audience]


@pytest.mark.parametrize("spoil", SPOILS)
def test_validation_finds_what_is_spoiled(tables, spoil):
    spoiled = {name: frame.copy() for name, frame in tables.items()}
    spoil(spoiled)
    assert validate.violations("swiftfare", spoiled)


def test_no_creative_has_an_audience_of_its_own():
    """Over many seeds each audience taps as planted, and as unevenly as chance makes it."""
    made = [creatives.make_creatives(PARAMETERS, seed, 1)[0] for seed in range(400)]
    parts = [creatives.make_audiences(PARAMETERS, seed, table) for seed, table in enumerate(made)]
    shown, tapped = parts[0]["shown"], np.array([part["tapped"] for part in parts])
    shares = np.array(PARAMETERS.audience_age_share)
    by_age = np.array(PARAMETERS.audience_age_taps)
    by_age = by_age / (shares * by_age).sum()
    rate = np.array(PARAMETERS.creative_rate)[parts[0]["creative_id"] - 1] * by_age[parts[0]["age"].codes]
    expected, spread = shown * rate, np.sqrt(shown * rate * (1 - rate))
    assert np.abs((tapped.mean(axis=0) - expected) / (spread / 20)).max() < 4.5
    assert tapped.std(axis=0) / spread == pytest.approx(np.ones(len(shown)), abs=0.16)


def test_counts_have_their_mean_and_spread():
    normals = Normals(5, "any", np.arange(20_000))
    assert lookup.table("normal").sum() == pytest.approx(0, abs=5000)
    counts = normals.binomial("a", np.full(20_000, 400), 0.3)
    assert counts.mean() == pytest.approx(120, abs=0.3)
    assert counts.std() == pytest.approx(84**0.5, rel=0.03)
    n = np.full(20_000, 500)
    x, xx, z, zz, xz = (a.astype(float) for a in paired_sums(normals, n, (9, 6), (16, 10), 0.7))
    assert ((xx - x * x / n) / n).mean() == pytest.approx(36, rel=0.01)
    assert ((zz - z * z / n) / n).mean() == pytest.approx(100, rel=0.01)
    assert ((xz - x * z / n) / n).mean() == pytest.approx(42, rel=0.01)
    assert np.corrcoef(x, z)[0, 1] == pytest.approx(0.7, abs=0.02)


def test_a_large_company_has_more_and_an_empty_one_nothing_impossible():
    small, large = [experiments.make_arm_days(PARAMETERS, 3, scale)[0] for scale in (0.001, 2)]
    assert (small["taken"] <= small["n"]).all() and (small["n"] >= 0).all()
    assert (small["sum_x"][small["n"] == 0] == 0).all()
    assert large["n"].sum() > 1000 * small["n"].sum()


def test_the_novelty_fades_as_an_exponential():
    age = np.array([0, 6, 30])
    planted = 0.01 + 0.11 * np.exp(-age / 6)
    assert experiments.feature_lift(PARAMETERS, age) == pytest.approx(planted, abs=1e-12)
