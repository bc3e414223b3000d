"""The shipped data: whole, possible, in step with the dictionary, and the same however it is made."""

import json

import numpy as np
import pandas as pd
import pytest

import twoworlds as tw
from twoworlds import dictionary
from twoworlds.generate import DEFAULT_SEED
from twoworlds.worlds import digests, validate
from twoworlds.worlds.registry import WORLDS

NAMES = list(WORLDS)


@pytest.fixture(scope="module")
def worlds():
    return {name: dict(tw.load(name)) for name in NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_shipped_data_holds(worlds, name):
    assert validate.violations(name, worlds[name]) == []
    oracle = {table: tw.truth(name, table) for table in dictionary.tables(name, "truth")}
    assert validate.truth_violations(name, oracle) == []


def break_id(tables):
    tables["bookings"].loc[5, "user_id"] = 10**7


def break_time(tables):
    tables["bookings"].loc[5, "booked_on"] = pd.Timestamp("2023-12-31")


def break_key(tables):
    tables["days"].loc[1] = tables["days"].loc[0]


def break_sign_up(tables):
    user = tables["bookings"].loc[0, "user_id"]
    tables["users"].loc[tables["users"]["user_id"] == user, "signed_up_on"] = pd.NaT


def break_columns(tables):
    tables["users"]["true_reason"] = "casual_trial"


@pytest.mark.parametrize("spoil", [break_id, break_time, break_key, break_sign_up, break_columns])
def test_validation_finds_what_is_spoiled_in_swiftfare(worlds, spoil):
    tables = {name: frame.copy() for name, frame in worlds["swiftfare"].items()}
    spoil(tables)
    assert validate.violations("swiftfare", tables)


def spoil_movement(tables):
    tables["movements"].loc[3, "mrr_cents"] += 1


def spoil_usage(tables):
    tables["usage"].loc[0, "active_members"] = tables["usage"].loc[0, "seats"] + 1


def spoil_renewal(tables):
    movements, terms = tables["movements"], tables["subscriptions"]
    left = movements[movements["kind"] == "churn"].iloc[0]
    place = terms.index[terms["account_id"] == left["account_id"]][-1]
    terms.loc[place, "started_on"] = left["moved_on"]


@pytest.mark.parametrize("spoil", [spoil_movement, spoil_usage, spoil_renewal])
def test_validation_finds_what_is_spoiled_in_pipewright(worlds, spoil):
    tables = {name: frame.copy() for name, frame in worlds["pipewright"].items()}
    spoil(tables)
    assert validate.violations("pipewright", tables)


@pytest.mark.parametrize("name", NAMES)
def test_no_truth_in_what_load_gives(worlds, name):
    shown = {column for frame in worlds[name].values() for column in frame.columns}
    hidden = {
        column.name
        for table in dictionary.tables(name, "truth").values()
        for column in table.columns
        if column.key == ""
    }
    # What the truth repeats from the tables so that it can be read alone is no secret.
    open_to_all = {"size", "term_months", "named_account"}
    assert not shown & (hidden - open_to_all)


def test_the_dictionary_is_well_formed():
    for name in NAMES:
        for kept in ("data", "truth"):
            for table in dictionary.tables(name, kept).values():
                assert table.primary_key and table.grain and table.meaning
                for column in table.columns:
                    assert column.type in dictionary.TYPES and column.meaning.endswith((".", "?"))
                    assert (column.type == "category") == bool(column.values)
                    assert (column.type == "number") == (column.decimals > 0)


@pytest.mark.parametrize("name", NAMES)
def test_the_shipped_files_are_what_the_default_seed_makes(name):
    made = digests.column_digests(name, DEFAULT_SEED)
    for kept, folder in (("data", tw.data_folder()), ("truth", tw.data_folder() / "truth")):
        manifest = json.loads((folder / name / "manifest.json").read_text())
        assert (manifest["seed"], manifest["scale"]) == (DEFAULT_SEED, 1)
        for table, entry in manifest["tables"].items():
            for column, digest in entry["columns"].items():
                assert made[f"{kept}.{table}.{column}"] == digest, (table, column)


@pytest.mark.parametrize("name", NAMES)
def test_any_order_and_two_processes_make_the_same(name):
    forward = digests.column_digests(name, 77, 0.4)
    assert digests.column_digests(name, 77, 0.4, "reversed") == forward
    assert digests.column_digests(name, 77, 0.4, "processes") == forward
    assert digests.column_digests(name, 78, 0.4) != forward


def test_scale_grows_the_panel():
    small, large = [WORLDS["swiftfare"].make_block(3, scale, 0)[0]["users"] for scale in (0.01, 0.05)]
    assert (len(small["user_id"]), len(large["user_id"])) == (600, 3000)
    assert WORLDS["swiftfare"].block_count(4) == -(-240_000 // 4096)
    # Who a user is does not depend on how many others there are; when they come does.
    assert np.array_equal(small["country"].codes, large["country"].codes[:600])


@pytest.mark.parametrize(
    ("world", "table", "day"), [("swiftfare", "days", "date"), ("pipewright", "usage", "week")]
)
def test_large_and_packed_files_are_gzipped_with_a_sample(world, table, day):
    folder = tw.data_folder() / world
    entry = json.loads((folder / "manifest.json").read_text())["tables"][table]
    assert entry["file"] == f"{table}.csv.gz"
    sample = pd.read_csv(folder / entry["sample"], parse_dates=[day])
    whole = tw.load(world, table)
    assert len(sample) == 1000
    assert len(sample.merge(whole)) == 1000
    assert (folder / entry["file"]).read_bytes()[4:8] == bytes(4)  # no time in the gzip header


def test_all_other_tables_are_plain_and_the_data_is_small():
    packed = {path.name for path in tw.data_folder().rglob("*.gz") if "truth" not in path.parts}
    assert packed == {"days.csv.gz", "usage.csv.gz"}
    sizes = [path.stat().st_size for path in tw.data_folder().rglob("*") if path.is_file()]
    assert max(sizes) <= 5_000_000
    assert sum(sizes) < 15_000_000


def test_company_names_are_unique_at_a_large_scale():
    from twoworlds.worlds.pipewright.names import company_names

    ids = np.arange(1, 20_000)
    assert len(set(company_names(1, ids, ids % 8))) == len(ids)
