"""Kettleroom, the capstone's company: possible, the same however made, its truth found in 40 seeds."""

import json
from statistics import fmean

import pandas as pd
import pytest

import twoworlds as tw
from authoring import page_parts
from twoworlds import dictionary, generate
from twoworlds.worlds import digests, frames, validate
from twoworlds.worlds.capstone import plants, rules
from twoworlds.worlds.capstone.parameters import KettleroomParameters
from twoworlds.worlds.registry import MADE, WORLDS

NAME = "capstone"
SEEDS = range(1, 41)
LARGEST_BYTES = 1_000_000


@pytest.fixture(scope="module")
def shipped():
    return dict(tw.load(NAME))


def oracle():
    return {table: tw.truth(NAME, table) for table in dictionary.tables(NAME, "truth")}


# ---------------------------------------------------------------- the shipped data


def test_the_shipped_data_holds_and_is_small(shipped):
    assert rules.violations(shipped) == []
    assert validate.truth_violations(NAME, oracle()) == []
    assert 5 <= len(shipped) <= 9
    files = [*(tw.data_folder() / NAME).iterdir(), *(tw.data_folder() / "truth" / NAME).iterdir()]
    assert sum(file.stat().st_size for file in files) < LARGEST_BYTES


def test_the_shipped_files_are_what_the_default_seed_makes():
    made = digests.column_digests(NAME, generate.DEFAULT_SEED)
    for kept, folder in (("data", tw.data_folder()), ("truth", tw.data_folder() / "truth")):
        manifest = json.loads((folder / NAME / "manifest.json").read_text())
        assert (manifest["seed"], manifest["scale"]) == (generate.DEFAULT_SEED, 1)
        for table, entry in manifest["tables"].items():
            for column, digest in entry["columns"].items():
                assert made[f"{kept}.{table}.{column}"] == digest, (table, column)


def test_no_truth_in_what_load_gives(shipped):
    hidden = {c.name for t in dictionary.tables(NAME, "truth").values() for c in t.columns if not c.key}
    assert hidden == rules.HIDDEN
    assert not hidden & {column for frame in shipped.values() for column in frame.columns}


def test_the_dictionary_is_well_formed():
    for kept in ("data", "truth"):
        for table in dictionary.tables(NAME, kept).values():
            assert table.primary_key and table.grain and table.meaning
            for column in table.columns:
                assert column.type in dictionary.TYPES and column.meaning.endswith(".")
                assert (column.type == "category") == bool(column.values)
                assert (column.type == "number") == (column.decimals > 0)


def test_every_parameter_has_a_reason():
    assert set(page_parts.field_names(NAME)) <= set(page_parts.reasons(NAME))


def test_it_is_made_beside_the_two_worlds_and_not_among_those_of_the_chapters():
    assert list(MADE) == [*WORLDS, NAME] == list(dictionary.world_titles())


# ---------------------------------------------------------------- spoiled data is noticed


def break_key(tables):
    tables["people"].loc[3, "class_id"] = 10**6


def break_lottery(tables):
    drawn = tables["people"].index[tables["people"]["lottery"] == "not_drawn"][0]
    tables["people"].loc[drawn, "lottery"] = "drawn"


def break_call(tables):
    called = tables["answers"].index[tables["answers"]["asked"] == "call"][0]
    tables["answers"].loc[called, "asked"] = "last_session"


def break_test(tables):
    second = tables["tests"].index[tables["tests"]["test"] == "second"][0]
    tables["tests"].loc[second, "taken_on"] = pd.Timestamp("2024-01-02")


def break_renewal(tables):
    second = tables["contracts"].index[tables["contracts"]["term"] == 2][0]
    tables["contracts"].loc[second, "started_on"] += pd.Timedelta(days=1)


def break_seats(tables):
    classes = tables["classes"]
    firm = classes.loc[classes["motion"] == "firm", "firm_id"].iloc[0]
    tables["contracts"].loc[tables["contracts"]["firm_id"] == firm, "seats"] = 1


def break_week(tables):
    tables["town_weeks"].loc[0, "adverts"] = False


def break_secret(tables):
    tables["people"]["keen"] = True


@pytest.mark.parametrize(
    "spoil",
    [break_key, break_lottery, break_call, break_test, break_renewal, break_seats, break_week, break_secret],
)
def test_the_rules_find_what_is_spoiled(shipped, spoil):
    tables = {name: frame.copy() for name, frame in shipped.items()}
    spoil(tables)
    assert rules.violations(tables)


# ---------------------------------------------------------------- the same however it is made


def test_any_order_and_two_processes_make_the_same():
    forward = digests.column_digests(NAME, 77, 0.4)
    assert digests.column_digests(NAME, 77, 0.4, "reversed") == forward
    assert digests.column_digests(NAME, 77, 0.4, "processes") == forward
    assert digests.column_digests(NAME, 78, 0.4) != forward


def test_in_memory_it_is_what_load_gives(tmp_path, monkeypatch):
    generate.generate([NAME], seed=7, scale=0.2, out=tmp_path / "data")
    monkeypatch.setenv("TWOWORLDS_DATA", str(tmp_path / "data"))
    tables, hidden, truth = frames.make_frames(NAME, 7, 0.2)
    for name, frame in tables.items():
        pd.testing.assert_frame_equal(frame, tw.load(NAME, name), check_exact=True)
    for name, frame in hidden.items():
        pd.testing.assert_frame_equal(frame, tw.truth(NAME, name), check_exact=True)
    assert truth == tw.truth(NAME)


def test_a_larger_company_has_more_towns_and_the_same_first_ones():
    small, large = (frames.make_frames(NAME, 5, scale)[0]["people"] for scale in (0.2, 0.5))
    assert len(large) > 2 * len(small)
    pd.testing.assert_frame_equal(large.iloc[: len(small)], small)


# ---------------------------------------------------------------- mechanisms


def test_the_lots_know_nothing_of_the_person(shipped):
    keen = oracle()["people"].set_index("person_id")["keen"]
    people = shipped["people"].assign(keen=shipped["people"]["person_id"].map(keen))
    drawn, other = (people.loc[people["lottery"] == name, "keen"] for name in ("drawn", "not_drawn"))
    error = (drawn.var() / len(drawn) + other.var() / len(other)) ** 0.5
    assert abs(drawn.mean() - other.mean()) < 4 * error
    assert (shipped["firms"].groupby("town_id")["exercise"].sum() == 4).all()


def test_keen_people_stay_and_nobody_else_says_so(shipped):
    keen = oracle()["people"].set_index("person_id")["keen"]
    came = plants.starters(shipped)
    finished = came["finished"].groupby(came["person_id"].map(keen)).mean()
    assert finished[True] > finished[False] + 0.5


@pytest.mark.parametrize(
    "change, plant",
    [
        ({"class_effect": 0.0}, "a place by lot"),
        ({"extra_applicants_table": "poisson_0.2"}, "adverts by lot"),
        ({"renews": (0.6, 0.6)}, "use before renewal"),
        ({"satisfied": (0.5, 0.5)}, "stars of all"),
    ],
)
def test_another_parameter_is_what_the_estimate_finds(change, plant):
    """Not painted on: what is planted otherwise is found otherwise."""
    tables, _, truth = frames.make_frames(NAME, 3, 1, KettleroomParameters(**change))
    assert rules.violations(tables) == []
    usual = frames.make_frames(NAME, 3)[2]
    listed = {one.name: one for one in plants.PLANTS}[plant]
    found = listed.estimate(tables, truth)
    before = listed.estimate(tables, usual)
    assert abs(found.truth - before.truth) > (found.high - found.low) / 4
    reach = (found.high - found.low) / 2
    assert abs(found.estimate - found.truth) < 1.6 * reach


# ---------------------------------------------------------------- the truth is found


@pytest.fixture(scope="module")
def many():
    """Plant -> a line a seed: (estimate, whether the surprise shows)."""
    found = {plant.name: [] for plant in plants.PLANTS}
    for seed in SEEDS:
        tables, hidden, truth = frames.make_frames(NAME, seed)
        assert rules.violations(tables) == [], seed
        assert validate.truth_violations(NAME, hidden) == [], seed
        for plant in plants.PLANTS:
            found[plant.name].append((plant.estimate(tables, truth), plant.shows(tables)))
    return found


@pytest.mark.slow
def test_each_interval_holds_the_truth_about_as_often_as_it_says(many):
    covered = {plant.name: [one.covers for one, _ in many[plant.name]]
               for plant in plants.PLANTS if plant.kind == "parameter"}  # fmt: skip
    # Of 40 honest intervals of 95 %, 33 or fewer hold the truth once in a thousand times.
    assert all(sum(held) > 33 for held in covered.values()), {k: sum(v) for k, v in covered.items()}
    every = [held for one in covered.values() for held in one]
    assert 0.92 <= fmean(every) <= 0.98


@pytest.mark.slow
def test_the_estimates_are_right_on_average(many):
    for plant in plants.PLANTS:
        if plant.kind != "parameter":
            continue
        found = [one for one, _ in many[plant.name]]
        reach = fmean((one.high - one.low) / 2 for one in found)
        off = fmean(one.estimate - one.truth for one in found)
        # Half a half-width is over three standard errors of the mean of 40.
        assert abs(off) < reach / 2 * 0.7, plant.name


@pytest.mark.slow
def test_the_surprises_show_together_in_most_seeds(many):
    for plant in plants.PLANTS:
        assert fmean(shows for _, shows in many[plant.name]) >= 0.85, plant.name
        if plant.kind == "realised":
            assert fmean(one.holds for one, _ in many[plant.name]) >= 0.9
    together = [all(many[plant.name][place][1] for plant in plants.PLANTS) for place, _ in enumerate(SEEDS)]
    assert fmean(together) >= 0.75
