"""Chapter 3's plants on a made world: intervals hold what was planted, bands hold, surprises show."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from twoworlds.worlds import frames, lookup
from twoworlds.worlds.pipewright import world as pipewright
from twoworlds.worlds.plants import retention_consumers, retention_contracts
from twoworlds.worlds.plants.result import Estimate
from twoworlds.worlds.swiftfare import world as swiftfare


@pytest.fixture(scope="module")
def worlds():
    return {world: frames.make_frames(world, 1234) for world in ("swiftfare", "pipewright")}


@pytest.mark.parametrize("plant", retention_consumers.PLANTS, ids=lambda plant: plant.name)
def test_a_plant_is_found_and_shows(plant, worlds):
    tables, _, truth = worlds[plant.world]
    found = plant.estimate(tables, truth)
    if isinstance(found, Estimate):
        # Wider than the interval: calibration over many seeds judges coverage.
        assert found.low < found.estimate < found.high
        assert abs(found.estimate - found.truth) < found.high - found.low
    else:
        assert (found.low_band, found.high_band) == plant.band
        assert found.holds
    assert plant.shows(tables)
    assert set(plant.tables) <= set(tables)
    assert set(plant.parameters) <= set(truth["parameters"])


def test_months_of_life_are_those_of_the_truth(worlds):
    tables, oracle, _ = worlds["swiftfare"]
    months = retention_consumers.months_of_life(tables)
    # Nobody's life ends early in the tables: an alive customer opens the app in every month.
    hidden = oracle["customers"].set_index("user_id").loc[months.index]
    assert (hidden["months_alive"].clip(upper=months["seen"]) == months["last"]).all()


def plants_of(module):
    return {plant.name: plant for plant in module.PLANTS}


def test_where_all_customers_are_alike_nothing_climbs(monkeypatch):
    original, share = lookup.table, round(0.15 * lookup.UNIT)

    def alike(name):
        found = original(name)
        return np.full_like(found, share) if name == swiftfare.PARAMETERS.dropout_table else found

    monkeypatch.setattr(lookup, "table", alike)
    tables, _, _ = frames.make_frames("swiftfare", 5, 0.5)
    plants = plants_of(retention_consumers)
    for name in ("dropout, a", "blended retention"):
        assert not plants[name].shows(tables)
    assert not plants["blended retention"].estimate(tables, None).holds
    assert not plants["life against the naive lifetime"].estimate(tables, None).holds


def test_a_naive_lifetime_needs_the_share_of_the_first_month_alone(worlds):
    months = retention_consumers.months_of_life(worlds["swiftfare"][0])
    old = months[months["seen"] >= 18]
    loss = ((months["seen"] >= 1) & (months["last"] == 0)).sum() / (months["seen"] >= 1).sum()
    expected = (old["last"] + 1).mean() * loss
    found = retention_consumers.lived_over_naive(worlds["swiftfare"][0], None).value
    assert found == pytest.approx(expected)


def test_second_bookings_are_counted_by_hand():
    booked = [("2024-01-05", 1), ("2024-03-01", 1), ("2025-06-01", 1), ("2024-02-01", 2), ("2025-03-01", 3)]
    bookings = pd.DataFrame(booked, columns=["booked_on", "user_id"])
    bookings["booked_on"], bookings["booking_id"] = pd.to_datetime(bookings["booked_on"]), range(5)
    # The third customer's year is not over when the window ends, so two are counted.
    assert retention_consumers._books_again({"bookings": bookings}, 1) == pytest.approx(1 / 2)
    # The first one's third booking comes more than a year after the second.
    assert retention_consumers._books_again({"bookings": bookings}, 2) == 0


def test_without_more_leaving_at_renewals_there_is_no_cliff():
    calm = replace(
        pipewright.PARAMETERS, leaves_at_renewal=(0.0022,) * 3, leaves_monthly=(0.0022,) * 3,
        named_leaves_at_renewal=0.0022,
    )  # fmt: skip
    tables, _, truth = frames.make_frames("pipewright", 1234, parameters=calm)
    plants = plants_of(retention_contracts)
    assert not plants["customers after 11 months"].shows(tables)
    assert not plants["departures at renewals"].shows(tables)
    assert plants["customers after 12 months"].estimate(tables, truth).covers


def test_without_a_decline_use_does_not_fall():
    steady = replace(pipewright.PARAMETERS, decline_to=1.0)
    tables, _, _ = frames.make_frames("pipewright", 1234, parameters=steady)
    plant = plants_of(retention_contracts)["use before leaving"]
    assert not plant.shows(tables) and not plant.estimate(tables, None).holds
