"""Exercises for nbgrader and otter: the same questions, nothing given away; the checker judges."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

from authoring import exercise_source, interchange

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "authoring" / "exercises").glob("*.py"))
NBGRADER_SOLUTION = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION\n?", re.S)
NBGRADER_HIDDEN = re.compile(r"### BEGIN HIDDEN TESTS\n.*?### END HIDDEN TESTS\n?", re.S)
OTTER_PROMPT = re.compile(r'""" # BEGIN PROMPT\n(.*?)""" # END PROMPT\n', re.S)
OTTER_SOLUTION = re.compile(r"# BEGIN SOLUTION NO PROMPT\n(.*?)# END SOLUTION\n?", re.S)


@pytest.fixture(params=SOURCES, ids=lambda path: path.stem)
def exercise(request):
    return exercise_source.read(request.param)


def answers(exercise):
    """{question: what its solution assigns, as the source has it}."""
    return {question: cell for cell in exercise.cells for question in cell.answers}


def code(notebook):
    return {cell.id: cell for cell in notebook.cells if cell.cell_type == "code"}


def test_nbgrader_has_each_question_once_with_its_points(exercise):
    notebook = interchange.nbgrader_notebook(exercise)
    settings = [cell.metadata.nbgrader for cell in notebook.cells if "nbgrader" in cell.metadata]
    ids = [setting.grade_id for setting in settings]
    assert len(ids) == len(set(ids))
    graded = [setting for setting in settings if setting.grade]
    checked = [spec for spec in exercise.questions.values() if spec["kind"] != "decision"]
    decisions = len(exercise.questions) - len(checked)
    assert sum(setting.points for setting in graded) == len(checked) + 5 * decisions
    assert all(setting.locked for setting in graded if not setting.solution)


def test_nbgrader_learners_get_the_exercise_and_no_answer(exercise):
    cells = code(interchange.nbgrader_notebook(exercise))
    for question, cell in answers(exercise).items():
        source = cells[cell.id].source + "\n"
        solution = NBGRADER_SOLUTION.search(source)[1]
        released = NBGRADER_SOLUTION.sub("", source)
        assert released.strip() == cell.blank.strip()
        assert NBGRADER_SOLUTION.sub(lambda match: match[1], source).strip().endswith(cell.full.strip())
        assert exercise.questions[question]["name"] in solution
    for cell in cells.values():
        shown = NBGRADER_HIDDEN.sub("", cell.source)
        assert "assert" not in shown or "HIDDEN" not in cell.source


def test_otter_asks_the_same_and_gives_nothing_away(exercise):
    notebook = interchange.otter_notebook(exercise)
    cells = code(notebook)
    for question, cell in answers(exercise).items():
        source = cells[cell.id].source + "\n"
        name = exercise.questions[question]["name"]
        assert OTTER_PROMPT.search(source)[1] == f"{name} = ...\n"
        assert OTTER_SOLUTION.search(source)[1].strip() in cell.full
        if exercise.questions[question]["kind"] != "decision":
            assert f'Checker("{exercise.slug}")("{question}", env)' in cells[f"{question}-test"].source
            compile(cells[f"{question}-test"].source, question, "exec")
    raw = [cell.source.splitlines()[0] for cell in notebook.cells if cell.cell_type == "raw"]
    for part in ("QUESTION", "SOLUTION", "TESTS"):
        assert raw.count(f"# BEGIN {part}") == raw.count(f"# END {part}") > 0
    assert raw.count("# BEGIN QUESTION") == len(exercise.questions)


def test_prompts_keep_their_words(exercise):
    words = [cell.blank.strip() for cell in interchange._shipped(exercise) if cell.type == "markdown"]
    for make in (interchange.nbgrader_notebook, interchange.otter_notebook):
        assert [cell.source.strip() for cell in make(exercise).cells if cell.cell_type == "markdown"] == words


@pytest.mark.parametrize(("tool", "count"), [("nbgrader", 2), ("otter", 1)])
def test_the_command_writes_a_new_folder_only(tmp_path, capsys, tool, count):
    out = tmp_path / "course"
    assert interchange.main([tool, "03-retention", "--out", str(out)]) == 0
    written = [Path(line) for line in capsys.readouterr().out.split()]
    assert len(written) == count and all(path.is_file() for path in written)
    nbformat.validate(nbformat.read(written[0], as_version=4))
    before = written[0].read_bytes()
    assert interchange.main([tool, "03-retention", "--out", str(out)]) == 2
    assert "is not empty" in capsys.readouterr().err and written[0].read_bytes() == before


def test_an_unknown_exercise_gets_one_line(tmp_path, capsys):
    assert interchange.main(["otter", "03-retension", "--out", str(tmp_path / "x")]) == 2
    error = capsys.readouterr().err
    assert "no exercise '03-retension'" in error and error.count("\n") == 1
    assert not (tmp_path / "x").exists()
