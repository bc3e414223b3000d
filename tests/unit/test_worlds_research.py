"""Swiftfare's surveys, interviews and release log: possible, planted, found again; older values unmoved."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import twoworlds as tw
from twoworlds import dictionary, generate
from twoworlds.worlds import cells, validate
from twoworlds.worlds.plants import releases_log, research_consumers, research_preferences
from twoworlds.worlds.plants.result import Estimate
from twoworlds.worlds.swiftfare import releases, research, world
from twoworlds.worlds.swiftfare.research_parameters import QUESTIONS

PARAMETERS = world.PARAMETERS
OWN = [*research_consumers.PLANTS, *releases_log.PLANTS]
TABLES = ("surveys", "answers", "interviews", "releases")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Folder with the whole world, as shipped."""
    folder = tmp_path_factory.mktemp("research")
    generate.generate(["swiftfare"], generate.DEFAULT_SEED, 1, folder)
    return folder


@pytest.fixture(scope="module")
def loaded(made):
    """(tables, truth, truth tables) of that world."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TWOWORLDS_DATA", str(made))
        oracle = {name: tw.truth("swiftfare", name) for name in ("attitudes", "prices", "release_chances")}
        return dict(tw.load("swiftfare")), tw.truth("swiftfare"), oracle


@pytest.fixture(scope="module")
def tables(loaded):
    return loaded[0]


def test_the_tables_hold_and_are_small(tables, made):
    assert validate.violations("swiftfare", tables) == []
    sizes = [(made / "swiftfare" / f"{name}.csv").stat().st_size for name in TABLES]
    assert sum(sizes) < 700_000


@pytest.mark.parametrize("plant", OWN, ids=lambda plant: plant.name)
def test_the_plant_is_found_and_its_surprise_shows(plant, loaded):
    tables, truth, _ = loaded
    assert set(plant.parameters) <= set(truth["parameters"]) and set(plant.tables) <= set(tables)
    found = plant.estimate(tables, truth)
    if isinstance(found, Estimate):
        # Wider than the interval: calibration over many seeds judges coverage.
        assert abs(found.estimate - found.truth) < found.high - found.low
    else:
        assert found.holds and (found.low_band, found.high_band) == plant.band
    assert plant.shows(tables)


def test_a_block_stands_for_itself_and_only_the_first_holds_the_company():
    first, last = [world.make_block(4, 0.15, block)[0] for block in (0, 2)]
    for name in ("surveys", "interviews", "releases"):
        column = next(iter(first[name]))
        assert len(first[name][column]) and not len(last[name][column])
    again = world.make_block(4, 0.15, 2)[0]
    assert (again["answers"]["value"] == last["answers"]["value"]).all()


def test_older_values_do_not_depend_on_the_new_ones(monkeypatch):
    found = world.make_block(4, 0.15, 1)
    monkeypatch.setattr(world.research, "make_research", lambda *_: ({}, {}))
    older = world.make_block(4, 0.15, 1)
    for kept, tables, before in zip(("data", "truth"), found, older, strict=True):
        described = dictionary.tables("swiftfare", kept)
        for name, table in before.items():
            for column in described[name].columns:
                own = cells.block_digest(table[column.name], column)
                assert cells.block_digest(tables[name][column.name], column) == own, column.name


# ---------------------------------------------------------------- who answers


def test_answers_are_true_and_the_sample_is_whole(loaded):
    tables, _, oracle = loaded
    score = oracle["attitudes"].set_index("user_id")["true_score"]
    said = tables["answers"][tables["answers"]["question"] == "recommend"]
    assert (said["value"].to_numpy() == score[said["user_id"]].to_numpy()).all()
    sample = research_preferences.answers_to(tables, "Recommendation random sample")
    assert 330 < len(sample) < 470
    assert len(said) == pytest.approx(10_000, rel=0.1)


def test_the_data_defect_identity_holds(loaded):
    tables, _, oracle = loaded
    frame = tables["users"].query("signed_up_on <= '2025-11-03'")["user_id"]
    score = oracle["attitudes"].set_index("user_id")["true_score"][frame]
    value = np.where(score >= 9, 1, np.where(score <= 6, -1, 0))
    answered = frame.isin(
        research_preferences.answers_to(tables, "Recommendation autumn 2025")["user_id"]
    ).to_numpy()
    share, correlation = answered.mean(), np.corrcoef(answered, value)[0, 1]
    error = value[answered].mean() - value.mean()
    assert error == pytest.approx(correlation * np.sqrt((1 - share) / share) * value.std())
    effective = share / ((1 - share) * correlation**2)
    assert effective == pytest.approx(value.var() / error**2)
    # The plant takes the variance from the answers, which are a little more alike than everybody is.
    worth = research_consumers.worth(tables, loaded[1]).value
    assert worth / effective == pytest.approx(value[answered].var() / value.var(), rel=1e-3)


def blocks_of(parameters, seed=3, scale=0.5):
    """Answers, and truth of the recommendation, over the blocks of a world with these parameters."""
    found = [world.make_block(seed, scale, block, parameters) for block in range(4)]
    return pd.DataFrame(
        {
            name: np.concatenate([getattr(tables["answers"][name], "codes", tables["answers"][name])
                                  for tables, _ in found])
            for name in ("survey_id", "user_id", "question", "item", "value")
        }
    ), np.concatenate([oracle["attitudes"]["true_score"] for _, oracle in found])  # fmt: skip


def test_who_answers_alike_errs_by_chance_alone():
    alike = replace(PARAMETERS, promoter_answers=0.2, other_answers=0.2)
    answers, score = blocks_of(alike)
    said = answers.loc[answers["survey_id"] == 3, "value"]
    error = [(values >= 9).mean() - (values <= 6).mean() for values in (said, score)]
    assert abs(error[0] - error[1]) < 0.08
    answers, score = blocks_of(PARAMETERS)
    said = answers.loc[answers["survey_id"] == 3, "value"]
    assert (said >= 9).mean() - (said <= 6).mean() > (score >= 9).mean() - (score <= 6).mean() + 0.2


# ---------------------------------------------------------------- tastes and prices


def test_equal_weights_have_no_favourite():
    equal = replace(PARAMETERS, feature_weight=((100,) * 8,) * 2)
    answers, _ = blocks_of(equal)
    assert np.abs(answers[answers["item"] >= 0].groupby("item")["value"].mean()).max() < 0.25


def test_the_offer_is_taken_by_those_who_would_pay_and_talk_is_dearer(loaded):
    tables, _, oracle = loaded
    pays = oracle["prices"].set_index("user_id")["pays_cents"]
    offers = research_preferences.answers_to(tables, "Flexible pass offered")
    offers = offers.pivot(index="user_id", columns="question", values="value")
    assert ((pays[offers.index] >= offers["offered"]) == (offers["bought"] == 1)).all()
    honest = replace(PARAMETERS, stated_over_true=1.0)
    answers = [
        found.loc[found["question"] == QUESTIONS.index("expensive"), "value"].median()
        for found, _ in (blocks_of(honest), blocks_of(PARAMETERS))
    ]
    assert answers[1] / answers[0] == pytest.approx(1.5, abs=0.08)


# ---------------------------------------------------------------- interviews and releases


def test_all_interviews_are_known_even_without_a_theme():
    silent = replace(PARAMETERS, theme_chance=((0.0,) * 28,) * 2)
    parts = research._whole(silent, 5)[0][0]["interviews"]
    assert len(parts["interview_id"]) == 40 and set(parts["theme"].codes) == {28}


def test_a_release_fails_by_its_size_alone():
    changes = np.array([1, 8, 96])
    planted = 1 - (1 - PARAMETERS.change_fails) ** changes
    assert releases.chance_fails(PARAMETERS, changes) / 1e6 == pytest.approx(planted, abs=1e-6)
    sound, _ = releases.make_releases(replace(PARAMETERS, change_fails=0.0), 7)
    assert not sound["failed"].any() and (sound["recovered_minutes"] == -1).all()


def test_the_home_screen_is_among_the_visible_releases(tables):
    seen = tables["releases"][tables["releases"]["visible"]].set_index("name")
    assert seen.loc["New home screen", "live_on"] == pd.Timestamp("2025-01-14")
    tests = tables["experiments"].set_index("name")["started_on"]
    for name in set(seen.index) & set(tests.index):
        assert seen.loc[name, "live_on"] == tests[name], name


def test_no_release_touches_a_customers_dropout(loaded):
    calm = replace(PARAMETERS, change_fails=0.5, train_days=PARAMETERS.train_days[:1])
    oracles = [world.make_block(8, 0.2, 1, parameters)[1]["customers"] for parameters in (PARAMETERS, calm)]
    for column, values in oracles[0].items():
        assert (values == oracles[1][column]).all()


# ---------------------------------------------------------------- rules


def spoil_time(tables):
    tables["answers"].loc[0, "answered_on"] += pd.Timedelta(days=60)


def spoil_question(tables):
    tables["answers"].loc[0, "question"] = "cheap"


def spoil_set(tables):
    place = (tables["answers"]["item"].notna() & (tables["answers"]["value"] == 1)).idxmax()
    tables["answers"].loc[place, "value"] = 0


def spoil_price(tables):
    place = (tables["answers"]["question"] == "too_cheap").idxmax()
    tables["answers"].loc[place, "value"] = 10**6


def spoil_frame(tables):
    user = tables["answers"].loc[0, "user_id"]
    tables["users"].loc[tables["users"]["user_id"] == user, "signed_up_on"] = pd.NaT


def spoil_interview(tables):
    tables["interviews"].loc[0, "profile"] = "work"


def spoil_failure(tables):
    tables["releases"].loc[(~tables["releases"]["failed"]).idxmax(), "failed"] = True


def spoil_exposure(tables):
    tables["releases"].loc[0, "exposed_percent"] = 5


@pytest.mark.parametrize(
    "spoil",
    [
        spoil_time, spoil_question, spoil_set, spoil_price, spoil_frame, spoil_interview, spoil_failure,
        spoil_exposure,
    ],
)  # fmt: skip
def test_validation_finds_what_is_spoiled(tables, spoil):
    spoiled = {name: frame.copy() for name, frame in tables.items()}
    spoil(spoiled)
    assert validate.violations("swiftfare", spoiled)
