"""Data beyond one machine: parts, other orders and workers, runs that end early, and what is refused."""

import dataclasses
import errno
import json
import os
import pickle
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from twoworlds import dictionary, engines, generate, progress, unfinished
from twoworlds.errors import TwoWorldsError
from twoworlds.worlds import cells, parts, timeline, writing
from twoworlds.worlds.pipewright import census
from twoworlds.worlds.pipewright import world as pipewright
from twoworlds.worlds.registry import WORLDS
from twoworlds.worlds.swiftfare import world as swiftfare

ROOT = Path(generate.__file__).parents[1]
SCALE, SEED = 2.5, 21  # five parts of Swiftfare, three of Pipewright
WORLDS_MADE = list(dictionary.world_titles())


class Shuffled(engines.LocalEngine):
    """A local engine that does the jobs in an order of its own, some of them twice."""

    def __init__(self, order):
        super().__init__()
        self.order = order

    def run(self, function, jobs):
        jobs = list(jobs)
        for place in self.order(range(len(jobs))):
            function(jobs[place])  # as if the worker that did it had been lost
            yield function(jobs[place])


def digests(out):
    """Every digest of columns, and the truth, of what was made in a folder."""
    found = {}
    for path in sorted(Path(out).rglob("*.json")):
        name = path.relative_to(out).as_posix()
        if path.name == "manifest.json":
            manifest = json.loads(path.read_text())
            found[name] = (
                manifest["digest"],
                {table: (entry["rows"], entry["columns"]) for table, entry in manifest["tables"].items()},
            )
        elif path.name == "truth.json":
            found[name] = path.read_text()
    return found


def everything(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.parquet")}


@pytest.fixture(scope="module")
def in_parts(tmp_path_factory):
    out = tmp_path_factory.mktemp("in-parts") / "out"
    generate.generate(WORLDS_MADE, SEED, SCALE, out, "parquet")
    return out


def command(*words):
    return [sys.executable, "-m", "twoworlds.generate", *map(str, words)]


def settings():
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}


def run(*words):
    return subprocess.run(command(*words), capture_output=True, text=True, env=settings(), timeout=240)


def refused(result):
    """The one line of a refusal."""
    said = [line for line in result.stderr.splitlines() if line.startswith("error: ")]
    assert result.returncode == 2 and len(said) == 1 and "Traceback" not in result.stderr
    return said[0]


# ------------------------------------------------------------------------------------------- the same data


def test_a_table_is_a_dataset_of_parts(in_parts):
    from pyarrow import dataset

    listed = json.loads((in_parts / "swiftfare/days/_parts.json").read_text())
    assert [part["file"] for part in listed] == [f"part-0000{part}.parquet" for part in range(5)]
    manifest = json.loads((in_parts / "swiftfare/manifest.json").read_text())
    whole = dataset.dataset(in_parts / "swiftfare/days").to_table()
    assert whole.num_rows == manifest["tables"]["days"]["rows"] == sum(part["rows"] for part in listed)
    # A table of the whole company has one part, which is enough.
    assert [path.name for path in (in_parts / "swiftfare/regions").glob("*.parquet")] == [
        "part-00000.parquet"
    ]
    assert not list(in_parts.rglob(".*"))


def test_csv_and_parts_have_the_same_digests(in_parts, tmp_path):
    generate.generate(WORLDS_MADE, SEED, SCALE, tmp_path / "csv")
    assert digests(tmp_path / "csv") == digests(in_parts)


@pytest.mark.parametrize(
    "order",
    [reversed, lambda places: random.Random(3).sample(places, len(places))],
    ids=["reversed", "shuffled"],
)
def test_the_order_of_parts_does_not_matter(in_parts, tmp_path, order):
    out = tmp_path / "out"
    generate.generate(
        WORLDS_MADE, SEED, SCALE, out, "parquet", make_engine=lambda: Shuffled(order)
    )
    assert digests(out) == digests(in_parts) and everything(out) == everything(in_parts)


@pytest.mark.parametrize("workers", [1, 2])
def test_one_worker_and_two_make_the_same(in_parts, tmp_path, workers):
    out = tmp_path / "out"
    result = run("--seed", SEED, "--scale", SCALE, "--engine", "dask", "--workers", workers, "--out", out)
    assert result.returncode == 0, result.stderr
    assert digests(out) == digests(in_parts)


def test_what_was_made_in_parts_loads(in_parts, monkeypatch):
    import twoworlds as tw
    from twoworlds.worlds import validate

    monkeypatch.setenv("TWOWORLDS_DATA", str(in_parts))
    assert validate.violations("swiftfare", tw.load("swiftfare")) == []
    assert len(tw.truth("swiftfare", "customers")) > 0


def test_a_part_that_was_changed_is_not_loaded(in_parts, tmp_path, monkeypatch):
    import shutil

    import twoworlds as tw

    shutil.copytree(in_parts, tmp_path / "data")
    part = tmp_path / "data/swiftfare/users/part-00001.parquet"
    part.write_bytes(part.read_bytes()[:-1] + b"x")
    monkeypatch.setenv("TWOWORLDS_DATA", str(tmp_path / "data"))
    with pytest.raises(TwoWorldsError, match="part-00001.parquet is not the file"):
        tw.load("swiftfare", "users")


# ------------------------------------------------------------------------------------- what parts stand on


def test_the_census_does_not_depend_on_how_territories_are_grouped():
    blocks = range(pipewright.block_count(SCALE))
    whole = census.whole(pipewright.PARAMETERS, SEED, SCALE)
    known = {}
    groups = [blocks[:3], blocks[3:11], blocks[11:]]
    prepared = [census.prepare(pipewright.PARAMETERS, SEED, SCALE, group) for group in groups]
    for _ in range(census.ROUNDS):
        counted = [census.count(pipewright.PARAMETERS, SCALE, part, known) for part in reversed(prepared)]
        known = census.learn(known, {name: sum(part[name] for part in counted) for name in counted[0]})
    assert known.keys() == whole.keys() == {"loads", "trials"}
    assert all(np.array_equal(known[name], whole[name]) for name in whole)


def test_the_census_takes_the_same_room_at_any_scale():
    small, large = (census.whole(pipewright.PARAMETERS, 3, scale) for scale in (0.1, SCALE))
    assert {name: array.shape for name, array in small.items()} == {
        name: array.shape for name, array in large.items()
    }


def test_a_remembered_census_is_read():
    known = census.whole(pipewright.PARAMETERS, 4, 0.1)
    doubled = {**known, "trials": 2 * known["trials"]}
    pipewright.remember_census(5, 0.1, doubled)
    tables, _ = pipewright.make_block(5, 0.1, 0)
    assert tables["visits"]["trials_started"].sum() == doubled["trials"].sum()
    census._remembered.clear()


def test_the_largest_scale_fits():
    """Keys stay unique and in 64 bits, days in the window, at scale 10,000."""
    last = swiftfare.block_count(generate.LARGEST_SCALE) - 1
    tables, _ = swiftfare.make_block(9, generate.LARGEST_SCALE, last)
    users, bookings = tables["users"], tables["bookings"]
    assert users["user_id"].max() == swiftfare.PARAMETERS.panel_installs * generate.LARGEST_SCALE
    assert users["installed_on"].min() > timeline.WINDOW_END - 7  # the last to install
    assert users["installed_on"].max() <= timeline.WINDOW_END
    assert len(np.unique(bookings["booking_id"])) == len(bookings["booking_id"])
    assert bookings["booking_id"].min() > 0
    for table in tables.values():
        for column in table.values():
            if isinstance(column, np.ndarray) and column.dtype != bool:
                assert column.min(initial=0) >= -1


def test_arrivals_are_exact_where_a_product_would_overflow():
    weights = np.arange(1, 731) ** 2 * 1_000_000
    total = 20_000_000_000
    scaled = weights // (int(weights.max()) // 1_000_000 + 1)
    edges = [int(edge) for edge in np.cumsum(scaled)]
    expected = [edge * total // edges[-1] for edge in edges]
    assert timeline.arrived_by(total, weights).tolist() == expected


def test_months_and_days_are_those_of_a_search():
    days = np.r_[-1, 0, 16_000:24_200, 60_000]
    expected = np.searchsorted(timeline._FIRST_OF_MONTH, days, side="right") - 1
    assert np.array_equal(timeline.month_index(days), expected)
    assert np.array_equal(timeline.month_of_year(days), expected % 12)


@pytest.mark.parametrize("world", [swiftfare, pipewright], ids=lambda world: world.NAME)
def test_parameters_keep_a_hash_that_is_not_sent_along(world):
    here = world.PARAMETERS
    assert hash(here) == hash(dataclasses.replace(here)) and here == dataclasses.replace(here)
    there = pickle.loads(pickle.dumps(here))
    assert "_hash" in here.__dict__ and "_hash" not in there.__dict__ and there == here


def test_arrow_arrays_hold_the_cells():
    import pyarrow as pa

    def column(kind, **more):
        return dictionary.Column("c", kind, "", **more)

    codes = cells.Coded(np.array([1, -1, 0]), ("é", "b"))
    for described, held, expected in [
        (column("integer"), np.array([3, -1]), [3, -1]),
        (column("integer", nullable=True), np.array([3, -1, 4]), [3, None, 4]),
        (column("boolean"), np.array([True, False, True]), [True, False, True]),
        (column("number", decimals=2), np.array([257, 100]), [2.57, 1.0]),
        (column("text", nullable=True), ["née", "", "b"], ["née", None, "b"]),
        (column("text"), [], []),
        (column("category", values=("b", "é")), codes, ["b", None, "é"]),
    ]:
        made = parts._arrow_array(pa, described, held)
        made.validate(full=True)
        assert made.to_pylist() == expected
    days = parts._arrow_array(pa, column("date", nullable=True), np.array([19723, timeline.NO_DAY]))
    assert [str(day) for day in days.to_pylist()] == ["2024-01-01", "None"]


def test_counts_add_up():
    total = {}
    for more in ({"a": 1, "b": [1, 2]}, {"a": 2, "b": [10, 20]}):
        writing.add_counts(total, more)
    assert total == {"a": 3, "b": [11, 22]}


# ---------------------------------------------------------------------------------- runs that end too early


def start(out, *words):
    return subprocess.Popen(command(*words, "--out", out), stderr=subprocess.PIPE, text=True, env=settings())


def wait_for_parts(out, world, count):
    """Until so many parts of an unfinished run are whole."""
    records = out / unfinished.NAME / "records" / world
    end = time.monotonic() + 120
    while len(list(records.glob("part-*.json"))) < count:
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_killed_run_goes_on_and_gives_the_same(tmp_path):
    words = ("swiftfare", "--seed", 8, "--scale", 5, "--format", "parquet")
    out = tmp_path / "out"
    killed = start(out, *words)
    wait_for_parts(out, "swiftfare", 2)
    killed.kill()
    killed.communicate()
    assert killed.returncode == -signal.SIGKILL and not (out / "swiftfare").exists()
    # A part whose file was cut short is made again.
    cut = out / unfinished.NAME / "swiftfare" / "days" / "part-00000.parquet"
    cut.write_bytes(cut.read_bytes()[:1000])
    again = run(*words, "--out", out)
    assert again.returncode == 0 and "are there from an earlier run" in again.stderr
    assert sorted(path.name for path in out.iterdir()) == ["swiftfare", "truth"]
    generate.generate(["swiftfare"], 8, 5, tmp_path / "whole", "parquet")
    assert digests(out) == digests(tmp_path / "whole") and everything(out) == everything(tmp_path / "whole")


def test_a_worker_that_dies_is_done_without(in_parts, tmp_path):
    import psutil

    out = tmp_path / "out"
    running = start(out, "--seed", SEED, "--scale", SCALE, "--engine", "dask", "--workers", 2)
    end = time.monotonic() + 120
    while not (out / unfinished.NAME / "swiftfare" / "days").exists():
        assert time.monotonic() < end and running.poll() is None
        time.sleep(0.02)
    workers = [
        child
        for child in psutil.Process(running.pid).children(recursive=True)
        if any("spawn_main" in word for word in child.cmdline())
    ]
    assert workers
    workers[0].kill()
    _, said = running.communicate(timeout=240)
    assert running.returncode == 0, said
    assert digests(out) == digests(in_parts)


def fail_after(writes, monkeypatch):
    """From the n-th file on, the disk is full."""
    write, done = parts.write_whole, []

    def full(path, content):
        done.append(path)
        if len(done) > writes:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(path, content)

    monkeypatch.setattr(parts, "write_whole", full)


def test_a_full_disk_keeps_the_parts_that_are_whole(in_parts, tmp_path, monkeypatch):
    out = tmp_path / "out"
    with monkeypatch.context() as patched:
        fail_after(35, patched)  # the first part has 27 files and a record
        with pytest.raises(TwoWorldsError, match="disk is full.*same words again go on from there"):
            generate.generate(["swiftfare"], SEED, SCALE, out, "parquet")
    assert [path.name for path in out.iterdir()] == [unfinished.NAME]
    assert parts.is_whole(out / unfinished.NAME, "swiftfare", 0)
    generate.generate(["swiftfare"], SEED, SCALE, out, "parquet")
    assert digests(out) == {name: value for name, value in digests(in_parts).items() if "swiftfare" in name}


def test_a_disk_that_is_full_at_once_leaves_nothing(tmp_path, monkeypatch):
    fail_after(3, monkeypatch)
    with pytest.raises(TwoWorldsError, match="disk is full") as problem:
        generate.generate(["swiftfare"], 1, 0.1, tmp_path / "new" / "out", "parquet")
    assert "go on" not in str(problem.value) and list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten_unasked(in_parts):
    before = everything(in_parts)
    said = refused(run("swiftfare", "--seed", 1, "--format", "parquet", "--out", in_parts))
    assert "--overwrite" in said and everything(in_parts) == before


def interrupted(out, seed=SEED, monkeypatch=None):
    """Leave an unfinished run with one whole part."""
    with pytest.MonkeyPatch.context() as patched:
        fail_after(35, patched)
        with pytest.raises(TwoWorldsError, match="disk is full"):
            generate.generate(["swiftfare"], seed, SCALE, out, "parquet")


def test_an_unfinished_run_is_not_thrown_away_unasked(tmp_path):
    interrupted(tmp_path, seed=1)
    with pytest.raises(TwoWorldsError, match=r"unfinished run \(swiftfare, seed 1,.*--overwrite"):
        generate.generate(["swiftfare"], 2, SCALE, tmp_path, "parquet")
    assert parts.is_whole(tmp_path / unfinished.NAME, "swiftfare", 0)
    generate.generate(["pipewright"], 2, 0.1, tmp_path, "parquet", overwrite=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pipewright", "truth"]


def test_parts_of_another_version_are_not_mixed_in(tmp_path, monkeypatch):
    interrupted(tmp_path)
    monkeypatch.setattr(parts, "code_key", lambda: "another")
    with pytest.raises(TwoWorldsError, match="its code has changed since"):
        generate.generate(["swiftfare"], SEED, SCALE, tmp_path, "parquet")
    with pytest.raises(TwoWorldsError, match="another version"):
        parts.make_part({"code": "a third"})


def test_two_runs_never_share_a_folder(tmp_path):
    plan = {"worlds": ["swiftfare"], "seed": 1, "scale": 1, "format": "csv", "code": "x"}
    first = unfinished.PrivateFolder(tmp_path, plan)
    said = refused(run("pipewright", "--scale", 0.1, "--out", tmp_path))
    assert "Another run is at work" in said
    first.remove()
    assert run("pipewright", "--scale", 0.1, "--out", tmp_path).returncode == 0


def test_a_private_folder_of_somebody_else_is_left_alone(tmp_path):
    (tmp_path / unfinished.NAME).mkdir()
    (tmp_path / unfinished.NAME / "notes.txt").write_text("mine")
    with pytest.raises(TwoWorldsError, match="is not the generator's"):
        generate.generate(["pipewright"], 1, 0.1, tmp_path, "parquet", overwrite=True)
    assert (tmp_path / unfinished.NAME / "notes.txt").read_text() == "mine"


# ------------------------------------------------------------------------------------------------- clusters


def test_a_scheduler_that_does_not_answer(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(engines, "ANSWERS_WITHIN", 1)
    out = tmp_path / "out"
    assert generate.main(["--scheduler", "tcp://127.0.0.1:9", "--out", str(out)]) == 2
    said = capsys.readouterr().err.strip().splitlines()
    assert len(said) == 1 and "does not answer" in said[0] and "127.0.0.1:9" in said[0]
    assert not out.exists()


def test_a_scheduler_that_runs_is_used_and_left_running(in_parts, tmp_path, monkeypatch):
    from distributed import Client, LocalCluster

    with LocalCluster(
        n_workers=1, threads_per_worker=1, dashboard_address=None, memory_limit=0, silence_logs=50
    ) as cluster:
        out = tmp_path / "out"
        result = run("swiftfare", "--seed", SEED, "--scale", SCALE, "--scheduler", cluster.scheduler_address,
                     "--out", out)  # fmt: skip
        assert result.returncode == 0, result.stderr
        made = digests(out)
        assert made == {name: digests(in_parts)[name] for name in made}
        with Client(cluster, set_as_default=False) as client:
            assert client.submit(sum, (1, 2)).result() == 3
        # A folder that the workers do not see, and a cluster without workers.
        engine = engines.DaskEngine(scheduler=cluster.scheduler_address)
        monkeypatch.setattr(engines, "_look", _sees_nothing)
        with pytest.raises(TwoWorldsError, match="does not see"):
            engine.check_workers(tmp_path)
        cluster.scale(0)
        monkeypatch.setattr(engines, "WORKERS_WITHIN", 1)
        while engine.client.scheduler_info(n_workers=-1)["workers"]:
            time.sleep(0.05)
        with pytest.raises(TwoWorldsError, match="has no workers"):
            engine.check_workers(tmp_path)
        with pytest.raises(TwoWorldsError, match="no worker for 1 seconds"):
            list(engine.run(sum, [(1, 2)]))
        engine.close()


def _sees_nothing(path):
    return None, parts.code_key()


def test_a_cluster_that_goes_away_midway():
    engine = engines.DaskEngine(workers=1)
    running = engine.run(time.sleep, [0, 60])
    next(running)
    engine.cluster.close()
    with pytest.raises(TwoWorldsError, match="went away"):
        next(running)
    engine.close()


def test_dask_that_is_not_installed_is_one_line(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(TwoWorldsError, match="pip install 'dask"):
        engines.DaskEngine()


# ---------------------------------------------------------------------------------------------------- words


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--scale", "0.09"], "0.1"),
        (["--scale", "10001"], "10000"),
        (["--engine", "dask", "--format", "csv"], "Parquet"),
        (["--scheduler", "garbage"], "garbage"),
        (["--scheduler", "nonsense://host:1"], "nonsense"),
        (["--scheduler", ""], "--scheduler"),
        (["--engine", "local", "--scheduler", "tcp://host:1"], "--engine dask"),
        (["--workers", "2"], "--engine dask"),
        (["--engine", "dask", "--workers", "0"], "--workers"),
        (["--engine", "dask", "--workers", "many"], "--workers"),
        (["--workers", "2", "--scheduler", "tcp://host:1"], "--workers"),
        (["--seed", "7.0", "--engine", "dask"], "--seed"),
    ],
)
def test_bad_words_are_refused_in_one_line(tmp_path, monkeypatch, capsys, arguments, word):
    monkeypatch.chdir(tmp_path)
    assert generate.main(arguments) == 2
    said = capsys.readouterr().err.strip()
    assert said.startswith("error: ") and len(said.splitlines()) == 1 and word in said
    assert list(tmp_path.iterdir()) == []


def test_below_scale_one_the_command_says_what_fades(tmp_path, capsys):
    assert generate.main(["pipewright", "--scale", "0.1", "--out", str(tmp_path / "out")]) == 0
    assert "surprises fade" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "expected"),
    [([], "csv"), (["--engine", "dask"], "parquet"), (["--format", "parquet"], "parquet")],
)
def test_the_usual_format(words, expected):
    options = generate._parser().parse_args(words)
    assert generate._ways(options, 1)[0] == expected
    assert generate._ways(options, generate.LARGEST_CSV + 1)[0] == "parquet"


def test_the_bar_says_how_far_it_is(capsys, monkeypatch):
    bar = progress.Progress("swiftfare", 200, done=50)
    monkeypatch.setattr(bar, "started", bar.started - 60)
    bar.add(50)
    assert "[############............] 100 of 200 blocks" in bar.line()
    assert bar.line().rstrip().endswith("2:00 left")
    bar.add(100)
    assert "left" not in bar.line()
    assert capsys.readouterr().err.splitlines() == [
        "swiftfare: 100 of 200 blocks", "swiftfare: 200 of 200 blocks"
    ]  # fmt: skip
    bar.live = True
    bar.add(0)
    bar.end()
    assert capsys.readouterr().err.startswith("\rswiftfare [####")


def test_every_world_has_parts():
    for name, world in WORLDS.items():
        blocks = [
            block for part in range(parts.part_count(name, 3)) for block in parts.part_blocks(name, 3, part)
        ]
        assert blocks == list(range(world.block_count(3)))
