"""`load`, `truth` and the package's front door."""

import gzip
import json
import shutil
import subprocess
import sys
import time
from types import ModuleType

import pandas as pd
import pytest

import twoworlds as tw
from twoworlds import dictionary, generate
from twoworlds.errors import TwoWorldsError


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return generate.generate(["swiftfare", "pipewright"], 1, 0.02, tmp_path_factory.mktemp("made") / "data")


@pytest.fixture
def data(made, tmp_path, monkeypatch):
    """A copy of small data, which a test may spoil."""
    folder = tmp_path / "data"
    shutil.copytree(made, folder)
    monkeypatch.setenv("TWOWORLDS_DATA", str(folder))
    return folder


def one_line(function, *arguments):
    with pytest.raises(TwoWorldsError) as caught:
        function(*arguments)
    message = str(caught.value)
    assert len(message.splitlines()) == 1 and message.endswith(".")
    return message


def test_a_world_is_a_mapping_with_attributes(data):
    sf = tw.load("swiftfare")
    described = list(dictionary.tables("swiftfare"))
    assert list(sf) == described and len(sf) == len(described) and "users" in sf
    assert sf.users is sf["users"] and "users" in dir(sf) and "one row a booking" in repr(sf)
    assert not hasattr(sf, "voyages")
    with pytest.raises(AttributeError, match="it has users, days, bookings"):
        _ = sf.voyages
    assert "users" in one_line(sf.__getitem__, "voyages")


@pytest.mark.parametrize("world", ["swiftfare", "pipewright"])
def test_columns_are_typed_by_the_dictionary(data, world):
    for name, table in dictionary.tables(world).items():
        frame = tw.load(world, name)
        for column in table.columns:
            values = frame[column.name]
            if column.type == "date":
                assert pd.api.types.is_datetime64_dtype(values)
            elif column.type == "category":
                assert list(values.cat.categories) == list(column.values)
                assert values.cat.ordered == column.ordered
            elif column.type == "integer":
                assert values.dtype == ("Int64" if column.nullable else "int64")
            elif column.type == "boolean":
                assert values.dtype == "bool"
            elif column.type == "number":
                assert values.dtype == "float64"
            assert values.notna().all() or column.nullable


@pytest.mark.parametrize("world", ["swiftfare", "pipewright"])
def test_a_world_loads_in_under_two_seconds(world):
    start = time.perf_counter()
    rows = sum(len(frame) for frame in tw.load(world).values())
    assert rows > 10_000
    assert time.perf_counter() - start < 2


def test_unknown_names(data):
    assert "swiftfare, pipewright" in one_line(tw.load, "atlantis")
    assert "users, days, bookings" in one_line(tw.load, "swiftfare", "voyages")
    assert "customers" in one_line(tw.truth, "swiftfare", "users")
    # The truth's tables are none of load's.
    assert "customers" in one_line(tw.load, "swiftfare", "customers")
    assert "atlantis" in one_line(tw.data_digest, "atlantis")


def test_missing_folder_world_table_and_manifest(data, monkeypatch):
    (data / "swiftfare" / "users.csv").unlink()
    assert "users.csv is missing" in one_line(tw.load, "swiftfare")
    assert "users.csv is missing" in one_line(tw.load, "swiftfare", "users")
    (data / "swiftfare" / "manifest.json").unlink()
    assert "manifest.json is missing" in one_line(tw.load, "swiftfare")
    shutil.rmtree(data / "truth")
    assert "ask whoever gave you the data" in one_line(tw.truth, "swiftfare")
    monkeypatch.setenv("TWOWORLDS_DATA", str(data / "nowhere"))
    assert "TWOWORLDS_DATA" in one_line(tw.load, "pipewright")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(path.read_bytes()[:-40]),
        lambda path: path.write_bytes(path.read_bytes().replace(b"android", b"toaster", 1)),
        lambda path: path.write_bytes(b"PK\x03\x04 a spreadsheet"),
        lambda path: path.write_bytes(b""),
        lambda path: shutil.copy(path.with_name("bookings.csv"), path),
    ],
    ids=["cut short", "changed", "foreign", "empty", "another table"],
)
def test_a_spoiled_file(data, spoil):
    spoil(data / "swiftfare" / "users.csv")
    assert "is not the file that the generator wrote" in one_line(tw.load, "swiftfare", "users")


@pytest.mark.parametrize("content", [b"", b"\x1f\x8b\x08", b"user_id,date\n1,2\n"])
def test_a_spoiled_gzip_file(data, content):
    plain = data / "swiftfare" / "days.csv"
    packed = data / "swiftfare" / "days.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    plain.unlink()
    path = data / "swiftfare" / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["tables"]["days"]["file"] = packed.name
    path.write_text(json.dumps(manifest))
    assert len(tw.load("swiftfare", "days")) == manifest["tables"]["days"]["rows"]
    packed.write_bytes(content or packed.read_bytes()[:500])
    assert "days.csv.gz" in one_line(tw.load, "swiftfare", "days")


@pytest.mark.parametrize(
    "content", ["", "[]", '{"world": "pipewright"}', '{"world": "swiftfare", "tables": 3}']
)
def test_a_spoiled_manifest(data, content):
    (data / "swiftfare" / "manifest.json").write_text(content)
    assert "manifest" in one_line(tw.load, "swiftfare")
    assert "manifest" in one_line(tw.data_digest, "swiftfare")


def test_a_file_with_other_columns(data):
    """The manifest may be right and the dictionary newer: then the header tells."""
    import hashlib

    path = data / "swiftfare" / "users.csv"
    content = path.read_bytes().replace(b"device", b"gadget", 1)
    path.write_bytes(content)
    manifest = json.loads((data / "swiftfare" / "manifest.json").read_text())
    manifest["tables"]["users"]["sha256"] = hashlib.sha256(content).hexdigest()
    (data / "swiftfare" / "manifest.json").write_text(json.dumps(manifest))
    assert "gadget" in one_line(tw.load, "swiftfare", "users")


def test_digest_tells_data_apart(data, monkeypatch):
    small = tw.data_digest("swiftfare")
    monkeypatch.delenv("TWOWORLDS_DATA")
    assert len(small) == 64 and small != tw.data_digest("swiftfare") != tw.data_digest("pipewright")


def test_truth_of_the_shipped_data_is_for_the_reveal():
    assert tw.truth("swiftfare")["plants"]["retention_climbs"]["a"] == 0.8
    customers = tw.load("pipewright", "accounts").dropna(subset="first_paid_on")
    assert len(tw.truth("pipewright", "accounts")) > len(customers)


def test_importing_the_package_is_light():
    code = (
        "import sys, time; t = time.perf_counter(); import twoworlds; print(time.perf_counter() - t, 'pandas'"
        " in sys.modules)"
    )
    seconds, heavy = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert float(seconds) < 0.05 and heavy == "False"


@pytest.mark.parametrize(
    "first",
    ["import twoworlds.explore", "from twoworlds import explore", "import twoworlds as tw; tw.explore"],
)
def test_explore_is_a_module_that_can_be_called(first):
    """Function and module have one name; whichever is asked for first, both uses work."""
    code = (
        f"{first}\n"
        "import twoworlds, inspect, twoworlds.explore as module\n"
        "from twoworlds import explore\n"
        "assert explore is module is twoworlds.explore and callable(explore)\n"
        "assert inspect.signature(explore) == inspect.signature(module.explore)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, timeout=60)


def test_public_names_are_reachable():
    assert set(tw.__all__) <= set(dir(tw))
    assert (
        isinstance(tw.style, ModuleType) and callable(tw.Checker) and issubclass(tw.TwoWorldsError, Exception)
    )
    with pytest.raises(AttributeError, match="no attribute"):
        _ = tw.nonsense
