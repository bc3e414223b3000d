"""The command `python -m twoworlds.generate`, with good input and bad."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from twoworlds import generate
from twoworlds.errors import TwoWorldsError

ROOT = Path(generate.__file__).parents[1]


def run(*arguments, folder=None, before=None):
    return subprocess.run(
        [sys.executable, "-m", "twoworlds.generate", *arguments],
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])},
        preexec_fn=before,
        timeout=120,
    )


def refused(result):
    """The one line of a refusal."""
    assert result.returncode == 2
    lines = result.stderr.strip().splitlines()
    said = [line for line in lines if line.startswith("error: ")]
    assert len(said) == 1 and lines[-1] == said[0] and "Traceback" not in result.stderr
    return said[0]


def everything(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--scale", "0"], "--scale"),
        (["--scale=-1"], "--scale"),
        (["--scale", "big"], "--scale"),
        (["--scale", "nan"], "--scale"),
        (["--scale", "inf"], "--scale"),
        (["--scale"], "--scale"),
        (["--seed", "-3"], "--seed"),
        (["--seed", "lucky"], "--seed"),
        (["--seed", "1.5"], "--seed"),
        (["--seed", str(2**64)], "--seed"),
        (["--format", "xlsx"], "--format"),
        (["--engine", "cloud"], "--engine"),
        (["--out", ""], "--out"),
        (["--speed", "9"], "--speed"),
        (["atlantis"], "atlantis"),
        (["swiftfare", "pipewright"], "pipewright"),
    ],
)
def test_bad_words_are_refused_in_one_line(tmp_path, monkeypatch, capsys, arguments, word):
    monkeypatch.chdir(tmp_path)
    assert generate.main(arguments) == 2
    said = capsys.readouterr().err.strip()
    assert said.startswith("error: ") and len(said.splitlines()) == 1 and word in said
    assert list(tmp_path.iterdir()) == []


def test_the_command_writes_a_world_that_loads(tmp_path, monkeypatch):
    result = run("pipewright", "--scale", "0.1", "--seed", "5", "--out", "mine", folder=tmp_path)
    assert result.returncode == 0 and "blocks" in result.stderr
    made = everything(tmp_path / "mine")
    assert {name.split("/")[0] for name in made} == {"pipewright", "truth"}
    assert not list((tmp_path / "mine").glob(".making-*"))

    import twoworlds as tw
    from twoworlds.worlds import validate

    monkeypatch.setenv("TWOWORLDS_DATA", str(tmp_path / "mine"))
    assert validate.violations("pipewright", tw.load("pipewright")) == []
    assert tw.truth("pipewright")["seed"] == 5
    with pytest.raises(TwoWorldsError, match="swiftfare.*missing"):
        tw.load("swiftfare")

    # Once more, elsewhere: the same bytes. Here again: only with --overwrite.
    generate.generate(["pipewright"], 5, 0.1, tmp_path / "again")
    assert everything(tmp_path / "again") == made
    said = refused(run("pipewright", "--scale", "0.1", "--out", "mine", folder=tmp_path))
    assert "--overwrite" in said and everything(tmp_path / "mine") == made
    assert (
        run("pipewright", "--scale", "0.1", "--out", "mine", "--overwrite", folder=tmp_path).returncode == 0
    )
    assert (
        json.loads((tmp_path / "mine/pipewright/manifest.json").read_text())["seed"] == generate.DEFAULT_SEED
    )


@pytest.mark.parametrize("place", ["photo.jpg", "pipewright/notes.txt", "truth/pipewright/notes.txt"])
def test_other_peoples_files_are_left_alone(tmp_path, place):
    stranger = tmp_path / "out" / place
    stranger.parent.mkdir(parents=True)
    stranger.write_text("mine")
    with pytest.raises(TwoWorldsError, match=stranger.name):
        generate.generate(["pipewright"], 1, 0.1, tmp_path / "out", overwrite=True)
    assert everything(tmp_path / "out") == {place: b"mine"}


def test_a_file_in_place_of_the_folder(tmp_path):
    (tmp_path / "out").write_text("a file")
    with pytest.raises(TwoWorldsError, match="is a file"):
        generate.generate(["pipewright"], 1, 0.1, tmp_path / "out")
    with pytest.raises(TwoWorldsError, match="cannot be written"):
        generate.generate(["pipewright"], 1, 0.1, tmp_path / "out" / "deeper")
    assert (tmp_path / "out").read_text() == "a file"


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder that nobody may write to")
def test_a_folder_that_cannot_be_written():
    # Not even the machine's owner may make a folder there.
    assert "cannot be written" in refused(
        run("pipewright", "--scale", "0.1", "--out", "/proc/self/twoworlds")
    )


def test_a_full_disk_leaves_nothing(tmp_path):
    def small_files_only():
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    said = refused(
        run("pipewright", "--scale", "0.2", "--out", "new/out", folder=tmp_path, before=small_files_only)
    )
    assert "disk is full" in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("file_format", ["csv", "parquet"])
def test_a_full_disk_leaves_earlier_data_as_it_was(tmp_path, file_format):
    if file_format == "parquet":
        pytest.importorskip("pyarrow")
    out = tmp_path / "out"
    generate.generate(["pipewright"], 1, 0.1, out)
    earlier = everything(out)

    def small_files_only():
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    result = run(
        "--scale", "0.2", "--out", str(out), "--format", file_format, "--overwrite", before=small_files_only
    )
    assert "disk is full" in refused(result)
    assert everything(out) == earlier
    assert [path.name for path in sorted(out.iterdir())] == ["pipewright", "truth"]


def test_a_move_that_fails_is_undone(tmp_path, monkeypatch):
    out = tmp_path / "out"
    generate.generate(["pipewright"], 1, 0.1, out)
    earlier = everything(out)
    rename, calls = os.rename, []

    def fails_at_the_fourth(source, target):
        calls.append(target)
        if len(calls) == 4:
            raise OSError(28, "No space left on device")
        rename(source, target)

    monkeypatch.setattr(os, "rename", fails_at_the_fourth)
    with pytest.raises(TwoWorldsError, match="disk is full"):
        generate.generate(["pipewright"], 2, 0.1, out, overwrite=True)
    assert everything(out) == earlier


def test_parquet_holds_the_same_values(tmp_path, monkeypatch):
    pytest.importorskip("pyarrow")
    import pandas as pd

    import twoworlds as tw

    frames, found = {}, {}
    for file_format in ("csv", "parquet"):
        generate.generate(["swiftfare", "pipewright"], 3, 0.02, tmp_path / file_format, file_format)
        monkeypatch.setenv("TWOWORLDS_DATA", str(tmp_path / file_format))
        found[file_format] = [tw.data_digest(world) for world in ("swiftfare", "pipewright")]
        frames[file_format] = {
            (world, name): frame
            for world in ("swiftfare", "pipewright")
            for name, frame in tw.load(world).items()
        }
    assert found["csv"] == found["parquet"]
    for key, frame in frames["csv"].items():
        pd.testing.assert_frame_equal(frame, frames["parquet"][key])


def test_parquet_without_pyarrow_is_one_line(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(TwoWorldsError, match="pip install pyarrow"):
        generate.generate(["pipewright"], 1, 0.1, tmp_path / "out", "parquet")
    assert list(tmp_path.iterdir()) == []
