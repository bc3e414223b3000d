"""Pipewright's releases, experiments by account and tickets: possible, in step with use, and planted."""

from dataclasses import replace
from math import exp

import numpy as np
import pandas as pd
import pytest

import twoworlds as tw
from twoworlds import generate
from twoworlds.worlds import lookup, timeline, validate
from twoworlds.worlds.cells import Coded
from twoworlds.worlds.pipewright import redesign, releases, world
from twoworlds.worlds.plants import releases_accounts as plants
from twoworlds.worlds.plants.result import Estimate

PARAMETERS = world.PARAMETERS


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Tables, truth and truth tables of the shipped seed, made anew."""
    out = tmp_path_factory.mktemp("product") / "data"
    generate.generate(["pipewright"], out=str(out))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TWOWORLDS_DATA", str(out))
        names = ("releases", "redesign", "forecast_shares")
        oracle = {name: tw.truth("pipewright", name) for name in names}
        return dict(tw.load("pipewright")), tw.truth("pipewright"), oracle


@pytest.fixture(scope="module")
def tables(made):
    return made[0]


@pytest.fixture(scope="module")
def oracle(made):
    return made[2]


@pytest.mark.parametrize("plant", plants.PLANTS, ids=lambda plant: plant.name)
def test_the_plant_is_found_and_its_surprise_shows(plant, tables, made):
    found = plant.estimate(tables, made[1])
    if isinstance(found, Estimate):
        # Wider than the interval: calibration over many seeds judges coverage.
        assert abs(found.estimate - found.truth) < found.high - found.low
    else:
        assert found.holds
    assert plant.shows(tables)
    assert set(plant.parameters) <= set(made[1]["parameters"])
    assert set(plant.tables) <= set(tables)


def test_the_rules_hold(tables):
    assert validate.violations("pipewright", tables) == []


# ---------------------------------------------------------------- the redesign


def test_the_fading_is_that_of_an_exponential():
    scale = PARAMETERS.redesign_scale_days
    for week, fading in enumerate(PARAMETERS.redesign_fading):
        days = range(7 * week + 1, 7 * week + 8)
        assert fading == round(1e6 * sum(exp(-day / scale) for day in days) / 7)
    assert PARAMETERS.redesign_fading[-1] < 10


def test_the_multiplier_crosses_one_in_the_third_week():
    factor = redesign.multiplier(PARAMETERS, np.array([-1, 0, 1, 2, 40])) / 1e6
    assert factor[0] == 1 and factor[1] < factor[2] < 1 < factor[3] < factor[4]
    assert factor[4] == pytest.approx(1 + PARAMETERS.redesign_steady, abs=1e-6)


def blocks(seed, parameters):
    return [world.make_block(seed, 0.2, block, parameters)[0] for block in range(3)]


def test_without_its_effect_the_redesign_moves_nothing_and_with_it_only_records():
    still = blocks(5, replace(PARAMETERS, redesign_steady=0.0, redesign_aversion=0.0))
    changed = False
    for plain, moved in zip(still, blocks(5, PARAMETERS), strict=True):
        for name in ("members", "movements", "touches", "arms", "tickets", "activity"):
            for column, cells in plain[name].items():
                other = moved[name][column]
                if isinstance(cells, Coded):
                    cells, other = cells.codes, other.codes
                assert np.array_equal(cells, other), (name, column)
        for column in plain["usage"].keys() - {"records_edited"}:
            assert np.array_equal(plain["usage"][column], moved["usage"][column])
        before = plain["usage"]["week"] < PARAMETERS.redesign_start
        records = plain["usage"]["records_edited"], moved["usage"]["records_edited"]
        assert np.array_equal(records[0][before], records[1][before])
        changed |= not np.array_equal(*records)
    assert changed


def test_what_an_account_did_is_the_outcome_of_its_arm(tables, oracle):
    test = tables["experiments"].set_index("name").loc["Pipeline redesign"]
    arms = tables["arms"].query("experiment_id == @test.experiment_id").set_index("account_id")["arm"]
    both = oracle["redesign"].set_index("account_id")
    assert both.index.equals(arms.index)
    usage = tables["usage"]
    usage = usage[usage["week"].between(test["started_on"], test["ended_on"])]
    done = usage.groupby("account_id")["records_edited"].sum().reindex(arms.index, fill_value=0)
    assert (done == both["records_new_page"].where(arms == "treatment", both["records_old_page"])).all()


def test_the_arms_are_alike_before_and_all_paying_accounts_are_in(tables):
    changes = plants.account_changes(tables, 0, 1)
    assert changes["change"].std() < 0.3
    usage, test = tables["usage"], tables["experiments"].set_index("name").loc["Pipeline redesign"]
    arms = tables["arms"].query("experiment_id == @test.experiment_id")
    paying = usage.loc[usage["week"] == test["started_on"], "account_id"]
    assert paying.isin(arms["account_id"]).mean() > 0.98
    assert abs((arms["arm"] == "treatment").mean() - 0.5) < 3 * 0.5 / np.sqrt(len(arms))


# ---------------------------------------------------------------- the A/A test


def test_the_beta_has_the_planted_mean_and_correlation():
    share = lookup.table(PARAMETERS.forecast_table) / lookup.UNIT
    assert share.mean() == pytest.approx(PARAMETERS.forecast_opens, abs=0.001)
    icc = share.var() / (share.mean() * (1 - share.mean()))
    assert icc == pytest.approx(PARAMETERS.forecast_icc, abs=0.001)


def test_members_open_the_forecast_as_often_as_their_account_is_planted_to(tables, oracle):
    planted = oracle["forecast_shares"].set_index("account_id")["planted_share"]
    members = plants.members_in_test(tables)
    expected = members["account_id"].map(planted)
    error = np.sqrt((expected * (1 - expected)).sum()) / len(members)
    assert abs((members["opened"] - expected).mean()) < 3.5 * error
    assert 100 < members["account_id"].nunique() < 150


# ---------------------------------------------------------------- releases and tickets


def test_chance_to_fail_is_that_of_independent_changes(tables, oracle):
    chance = 1 - (1 - PARAMETERS.change_fails) ** tables["releases"]["changes"]
    assert oracle["releases"]["chance_fails"].to_numpy() == pytest.approx(chance.to_numpy(), abs=1e-6)
    log, _ = releases.make_releases(replace(PARAMETERS, change_fails=0.0), 3)
    assert not log["failed"].any() and (log["recovered_minutes"] == -1).all()


def test_releases_keep_their_calendar(tables):
    log = tables["releases"]
    assert (log["live_on"].diff().dropna() == pd.Timedelta(days=14)).all()
    assert log["visible"].sum() == len(PARAMETERS.release_visible)
    by_quarter = log[log["visible"]]["live_on"].dt.to_period("Q").value_counts()
    assert (by_quarter == 1).all() and len(by_quarter) == 8
    assert log.set_index("name").loc["Pipeline redesign test", "exposed_percent"] == 50
    assert log.set_index("name").loc["Pipeline redesign", "live_on"] == pd.Timestamp("2025-09-15")


def test_without_its_effect_a_failure_brings_no_tickets():
    def tickets(ratio):
        made = blocks(8, replace(PARAMETERS, ticket_failed_ratio=ratio))
        return np.concatenate([block["tickets"]["opened_on"] for block in made])

    log, _ = releases.make_releases(PARAMETERS, 8)
    failed = log["live_on"][log["failed"]]
    few, many = tickets(1.0), tickets(2.5)
    in_failed = [np.isin(days - timeline.weekday(days), failed).sum() for days in (few, many)]
    assert in_failed[1] > 1.2 * in_failed[0]
    assert len(many) - len(few) == in_failed[1] - in_failed[0]


def break_exposure(tables):
    tables["releases"].loc[tables["releases"]["visible"].idxmax(), "exposed_percent"] = 5


def break_recovery(tables):
    tables["releases"].loc[tables["releases"]["failed"].idxmax(), "recovered_minutes"] = pd.NA


def break_week(tables):
    tables["activity"].loc[0, "week"] += pd.Timedelta(days=7 * 20)


def break_days(tables):
    days = tables["activity"]["days_active"]
    tables["activity"].loc[(days < 7).idxmax(), "days_active"] += 1


def break_member(tables):
    tables["activity"] = tables["activity"].drop(index=0)


def break_arm(tables):
    late = tables["accounts"]["account_id"].iloc[-1]
    tables["arms"].loc[tables["arms"].index[-1], "account_id"] = late


def break_ticket(tables):
    tables["tickets"].loc[tables["tickets"]["closed_on"].first_valid_index(), "closed_on"] = pd.Timestamp(
        "2024-01-01"
    )


@pytest.mark.parametrize(
    "spoil",
    [break_exposure, break_recovery, break_week, break_days, break_member, break_arm, break_ticket],
)
def test_validation_finds_what_is_spoiled(tables, spoil):
    spoiled = {name: frame.copy() for name, frame in tables.items()}
    spoil(spoiled)
    assert validate.violations("pipewright", spoiled)
