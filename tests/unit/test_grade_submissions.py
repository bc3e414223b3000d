"""Finding and reading a class's notebooks: every layout, and everything that is no notebook."""

import json
import os
import zipfile

import hostile_notebooks
import pytest

from twoworlds.errors import TwoWorldsError
from twoworlds.grade import submissions
from twoworlds.grade.submissions import Submissions, code_cells

NOTEBOOK = hostile_notebooks.notebook(["x = 1", "y = 2"])


def status(found, one):
    """What a submission's row would say, and its code where it can be run."""
    try:
        return "", code_cells(found.read(one))
    except submissions.NotReadableError as problem:
        return str(problem), None


def put(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(NOTEBOOK, encoding="utf-8")


LAYOUTS = {
    "files": (["anna.ipynb", "ben.ipynb"], ["anna", "ben"]),
    "folders": (["anna/03-retention.ipynb", "ben/work.ipynb"], ["anna", "ben"]),
    "nbgrader": (["anna/ex3/a.ipynb", "ben/ex3/b.ipynb"], ["anna", "ben"]),
    "one wrapper": (["class/anna.ipynb", "class/ben.ipynb"], ["anna", "ben"]),
    "wrapped folders": (["class/anna/a.ipynb", "class/ben/b.ipynb"], ["anna", "ben"]),
    "checkpoints": (["anna/a.ipynb", "anna/.ipynb_checkpoints/a-checkpoint.ipynb"], ["anna"]),
    "the exercise among others": (
        ["anna/03-retention.ipynb", "anna/scratch.ipynb", "ben.ipynb"],
        ["anna", "ben"],
    ),
    "one learner": (["anna.ipynb"], ["anna"]),
    "hidden": (["anna.ipynb", ".DS_Store", "__MACOSX/anna.ipynb"], ["anna"]),
    "a file and a folder": (["anna.ipynb", "anna/a.ipynb"], ["anna", "anna (2)"]),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip"])
def test_every_layout_is_found(tmp_path, layout, packed):
    names, identities = LAYOUTS[layout]
    put(tmp_path / "class", *names)
    source = tmp_path / "class"
    if packed:
        source = tmp_path / "class.zip"
        with zipfile.ZipFile(source, "w") as archive:
            for name in names:
                archive.writestr(name, NOTEBOOK)
    found = Submissions(source, "03-retention")
    assert sorted(one.id for one in found.all) == identities
    assert all(status(found, one) == ("", ["x = 1", "y = 2"]) for one in found.all)


def test_what_is_no_notebook_gets_a_status(tmp_path):
    exercise = hostile_notebooks.Exercise("", "a", "", "", "", "note")
    attacks = {name: attack for name, attack in hostile_notebooks.attacks(exercise).items() if attack.raw}
    put(tmp_path, "right.ipynb")
    ids = {hostile_notebooks.write(tmp_path, name, attack): attack for name, attack in attacks.items()}
    found = Submissions(tmp_path, "03-retention")
    said = {one.id: status(found, one)[0] for one in found.all}
    assert said.pop("right") == ""
    assert said.keys() == ids.keys()
    assert {name: said[name] for name, attack in ids.items() if attack.status not in said[name]} == {}
    assert (tmp_path / "a 200 MB notebook.ipynb").stat().st_blocks * 512 < 10**6


def test_a_link_is_not_followed_though_it_was_a_file_when_listed(tmp_path):
    put(tmp_path, "anna.ipynb", "ben.ipynb")
    found = Submissions(tmp_path, "03-retention")
    (tmp_path / "anna.ipynb").unlink()
    (tmp_path / "anna.ipynb").symlink_to("ben.ipynb")
    assert status(found, found.all[0])[0].startswith("cannot be read")


def test_a_zip_s_links_bombs_and_strange_names(tmp_path):
    source = tmp_path / "class.zip"
    with zipfile.ZipFile(source, "w", zipfile.ZIP_DEFLATED) as archive:
        link = zipfile.ZipInfo("link.ipynb")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("bomb.ipynb", b" " * (submissions.LARGEST + 1))
        archive.writestr("../../up.ipynb", NOTEBOOK)
        archive.writestr("/etc/root.ipynb", NOTEBOOK)
    found = Submissions(source, "03-retention")
    said = {one.id: status(found, one)[0] for one in found.all}
    assert said["link"] == "a link, not a file"
    assert said["bomb"].startswith("too large")
    assert said["up"] == said["etc"] == ""
    assert sorted(path.name for path in tmp_path.iterdir()) == ["class.zip"]


def test_a_damaged_zip_entry_is_one_row(tmp_path):
    source = tmp_path / "class.zip"
    with zipfile.ZipFile(source, "w") as archive:
        archive.writestr("anna.ipynb", NOTEBOOK)
        archive.writestr("ben.ipynb", NOTEBOOK)
    content = bytearray(source.read_bytes())
    place = content.find(b"x = 1")
    content[place : place + 5] = b"x = 7"  # no longer what its checksum says
    source.write_bytes(content)
    found = Submissions(source, "03-retention")
    assert [status(found, one)[0][:20] for one in found.all] == ["cannot be unpacked (", ""]


def test_who_is_missing_gets_a_row_and_a_stranger_is_named(tmp_path):
    put(tmp_path / "class", "anna.ipynb", "zoe.ipynb")
    roster = tmp_path / "class.csv"
    roster.write_text("name,id\nAnna A.,anna\nBen B.,ben\n", encoding="utf-8")
    found = Submissions(tmp_path / "class", "03-retention", submissions.read_roster(roster))
    assert {one.id: one.problem for one in found.all} == {"anna": "", "zoe": "", "ben": "missing"}
    assert found.strangers == ["zoe"]


@pytest.mark.parametrize("make", ["nothing", "empty folder", "no zip"])
def test_no_submissions_is_one_line(tmp_path, make):
    path = tmp_path / "class"
    if make == "empty folder":
        path.mkdir()
    elif make == "no zip":
        path.write_text("words", encoding="utf-8")
    with pytest.raises(TwoWorldsError) as raised:
        Submissions(path, "03-retention")
    assert "\n" not in str(raised.value)


def test_names_are_shown_without_tricks():
    assert submissions.shown("a\x1b[31m\u202eb\n") == "a?[31m?b?"
    assert len(submissions.shown("x" * 500)) == 120
    assert submissions.shown(os.fsdecode(b"\xff")) == "?"


def test_sources_as_lists_and_markdown_cells():
    cells = [
        {"cell_type": "markdown", "source": "words"},
        {"cell_type": "code", "source": ["a = 1\n", "b = 2"]},
    ]
    assert code_cells(json.dumps({"nbformat": 4, "cells": cells}).encode()) == ["a = 1\nb = 2"]
