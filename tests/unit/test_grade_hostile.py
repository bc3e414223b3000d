"""A small class with hostile notebooks in it, graded by the command in a real sandbox.

Needs bubblewrap and a machine that lets it work: skipped with a line that says so without, unless
REQUIRE_SANDBOX=1. tests/grading_trial.py does the same with a class of two hundred and every attack.
"""

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import grade_fixture
import grading_class
import hostile_notebooks
import pytest

from twoworlds.grade import reports, sandbox

ROOT = Path(__file__).resolve().parents[2]
PROBLEM = sandbox.missing()
pytestmark = pytest.mark.skipif(
    bool(PROBLEM) and os.environ.get("REQUIRE_SANDBOX") != "1", reason=f"no sandbox: {PROBLEM}"
)
#: those of hostile_notebooks that are tried here; the trial tries them all
ATTACKS = (
    "typed in", "edits the checks", "shows a right result", "reads the keys", "reads other submissions",
    "looks at other processes", "reads the environment", "reads the host's files", "writes outside",
    "opens a socket", "makes namespaces", "kills its parents", "kills its group", "leaves at once",
    "leaves processes behind", "forges the report", "sends nonsense", "floods the report",
    "answers with a monster", "writes a script into its answer", "fills the disk", "loops for ever",
    "bombs with forks", "bombs from the shell", "bombs the memory", "a 200 MB notebook", "broken JSON",
    "a link to a neighbour", "a pipe",
)  # fmt: skip
LEARNERS = {
    "right": ({}, {"q1": 1, "q2": 1, "q3": 1}),
    "blank": (dict.fromkeys(grade_fixture.NAMES), {"q1": 0, "q2": 0, "q3": 0}),
    "wrong": ({"q1": "paid_share = accounts['first_paid_on'].isna().mean()"}, {"q1": 0, "q2": 1, "q3": 1}),
    "raises": ({"q2": "by_size = 1 / 0"}, {"q1": 1, "q2": 0, "q3": 1}),
    "by another route": (
        {"q1": "paid_share = sum(day == day for day in accounts['first_paid_on']) / len(accounts)"},
        {"q1": 1, "q2": 1, "q3": 1},
    ),
    "names a folder at home": (
        {
            "q1": "import os\nos.environ['TWOWORLDS_DATA'] = '/class/anna/data'\n"
            "paid_share = tw.load('pipewright')['accounts']['first_paid_on'].notna().mean()"
        },
        {"q1": 1, "q2": 1, "q3": 1},
    ),
    "magics": (
        {"q1": "%matplotlib inline\n!true\n" + grade_fixture.RIGHT["q1"]},
        {"q1": 1, "q2": 1, "q3": 1},
    ),
}


def command(place, *more):
    """The grader's command line for the small exercise."""
    words = [sys.executable, "-m", "twoworlds.grade", grade_fixture.SLUG, str(place / "class")]
    words += ["--out", str(place / "grades.csv"), "--data", str(place / "handed")]
    words += ["--held-back", str(place / "held-back"), "--jobs", "2"]
    return [*words, "--time", "60", "--cell-time", "3", "--memory", "700", *more]


def grade(place, *more):
    checks = {"TWOWORLDS_CHECKS": str(place / "checks"), "A_SECRET_TOKEN": "x"}
    kept = {name: value for name, value in os.environ.items() if name != "TWOWORLDS_DATA"}
    return subprocess.run(
        command(place, *more), cwd=ROOT, env={**kept, **checks}, capture_output=True, text=True
    )


def rows_of(place):
    with open(place / "grades.csv", encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def records_of(place):
    lines = (place / "grades-files" / "state.jsonl").read_text(encoding="utf-8").splitlines()[1:]
    return {record["id"]: record for record in map(json.loads, lines)}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A class, graded: (its folder, attacks by id, what the host saw)."""
    place = tmp_path_factory.mktemp("graded")
    grade_fixture.write_checks(place / "checks")
    grade_fixture.write_data(place / "handed", 1)
    grade_fixture.write_data(place / "held-back", 2)
    sent = place / "class"
    sent.mkdir()
    for name, (given, _) in LEARNERS.items():
        text = hostile_notebooks.notebook(grade_fixture.cells(**given))
        (sent / f"{name}.ipynb").write_text(text, encoding="utf-8")
    typed_in = f"paid_share = {grade_fixture.answer_on(place / 'handed')!r}"
    exercise = hostile_notebooks.Exercise(
        grade_fixture.SETUP, "paid_share", grade_fixture.RIGHT["q1"], typed_in, "paid_share = 0.123", "note"
    )
    port, reached = grading_class.listener()
    every = hostile_notebooks.attacks(exercise, port)
    attacks = {hostile_notebooks.write(sent, name, every[name]): every[name] for name in ATTACKS}
    before = grading_class.digests(sent), grading_class.digests(ROOT / "twoworlds")
    done = grade(place)
    assert done.returncode == 0, done.stderr
    after = grading_class.digests(sent), grading_class.digests(ROOT / "twoworlds")
    harm = {"changed": before != after, "reached": reached[0], "left": grading_class.strangers()}
    return place, attacks, harm


@pytest.mark.slow
def test_learners_get_the_marks_they_earned(graded):
    rows = rows_of(graded[0])
    for name, (_, due) in LEARNERS.items():
        assert {question: rows[name][question] for question in due} == {
            question: str(points) for question, points in due.items()
        }, name
        assert rows[name]["status"] == "graded"
        assert rows[name]["total"] == str(sum(due.values()))
        assert rows[name]["q4"] == ""


@pytest.mark.slow
@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_changes_no_mark_and_learns_nothing(graded, name):
    place, attacks, _ = graded
    attack, row = attacks[name], rows_of(place)[name]
    assert (row["q1"], row["q2"], row["q3"]) == (str(attack.points), "0", "0"), row["status"]
    assert attack.status in row["status"]
    note = records_of(place)[name]["marks"]["q4"].get("text", "")
    assert note == hostile_notebooks.NOTHING or not attack.silent, note
    pages = (place / "grades-files" / "reports" / reports.report_name(name)).read_text(encoding="utf-8")
    pages += (place / "grades-files" / "written.html").read_text(encoding="utf-8")
    assert [text for text in attack.absent if text in pages] == []


@pytest.mark.slow
def test_the_host_is_as_it_was(graded):
    assert graded[2] == {"changed": False, "reached": 0, "left": []}
    assert not (graded[0] / "grades-files" / "sandbox").exists()


@pytest.mark.slow
def test_messages_name_the_mistake_and_what_was_typed_in(graded):
    records = records_of(graded[0])
    assert records["wrong"]["marks"]["q1"]["code"] == "trap:unpaid"
    assert records["raises"]["marks"]["q2"]["code"] == "error"
    assert "ZeroDivisionError" in records["raises"]["marks"]["q2"]["say"]
    assert records["typed in"]["marks"]["q1"]["code"] == "other data"
    summary = (graded[0] / "grades-files" / "summary.html").read_text(encoding="utf-8")
    assert "you count those that never paid" in summary and "broken JSON" in summary


@pytest.mark.slow
def test_a_killed_run_goes_on_where_it_was(graded):
    place = graded[0]
    before, state = rows_of(place), place / "grades-files" / "state.jsonl"
    lines = state.read_bytes().splitlines(keepends=True)
    again = [line for line in lines[1:] if json.loads(line)["id"] in ("right", "broken JSON")]
    kept = [line for line in lines if line not in again]
    state.write_bytes(b"".join(kept) + again[0][:20])  # the last line torn
    done = grade(place)
    assert f"{len(kept) - 1} of {len(lines) - 1} are marked already" in done.stderr
    assert rows_of(place) == before


@pytest.mark.slow
def test_scores_of_written_answers_are_kept_and_added(graded):
    place = graded[0]
    sheet = place / "grades-files" / "written.csv"
    with open(sheet, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["score"] = "2.5" if row["id"] == "right" else ""
    with open(sheet, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    assert grade(place).returncode == 0
    assert (rows_of(place)["right"]["q4"], rows_of(place)["right"]["total"]) == ("2.5", "5.5")
    assert "2.5" in sheet.read_text(encoding="utf-8")


@pytest.mark.slow
def test_other_data_or_a_slip_is_one_line_and_changes_nothing(graded):
    place = graded[0]
    before = (place / "grades.csv").read_bytes()
    for more in (
        ["--time", "61"],
        ["--data", str(place / "nowhere")],
        ["--jobs", "0"],
        ["--held-back", "no"],
    ):
        done = grade(place, *more)
        assert done.returncode == 2 and len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert (place / "grades.csv").read_bytes() == before


@pytest.mark.slow
def test_trust_runs_without_walls_and_marks_the_same(graded, tmp_path):
    for name in ("checks", "handed", "held-back"):
        shutil.copytree(graded[0] / name, tmp_path / name)
    (tmp_path / "class").mkdir()
    for name in ("right", "blank", "wrong"):
        shutil.copy(graded[0] / "class" / f"{name}.ipynb", tmp_path / "class")
    done = grade(tmp_path, "--trust")
    assert done.returncode == 0, done.stderr
    assert [row["total"] for row in rows_of(tmp_path).values()] == ["0", "3", "2"]
