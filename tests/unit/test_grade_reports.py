"""What a graded class is handed back, and the state that survives a kill: without a sandbox."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import grade_fixture
import pytest

from twoworlds.errors import TwoWorldsError
from twoworlds.grade import __main__ as command
from twoworlds.grade import answers, cgroups, marking, reports, sandbox, seccomp
from twoworlds.grade.sandbox import Run
from twoworlds.grade.state import State

CONTENT = grade_fixture.content()
SIZES = {"columns": ["size", "share"], "rows": [["large", 0.5], ["small", 0.25]]}


def keys(share):
    found = {
        "q1": {"answer": share, "traps": {"unpaid": 1 - share}},
        "q2": {"answer": SIZES, "traps": {}},
        "q3": {"answer": "account", "traps": {}},
        "q4": {"answer": None, "traps": {}},
    }
    return found


def run(**given):
    return Run("ok", {grade_fixture.NAMES[question]: value for question, value in given.items()})


def record(identity, marks, status="graded"):
    return {"id": identity, "digest": "d", "ran": True, "status": status, "seconds": 1.0, "marks": marks}


def marks_of(first, second=None):
    return marking.mark(CONTENT, (first, keys(0.3)), (second, keys(0.4)) if second else None)


def points(marks):
    return {question: mark["points"] for question, mark in marks.items()}


def test_a_point_needs_both_sets_of_data():
    assert points(marks_of(run(q1=0.3), run(q1=0.4)))["q1"] == 1
    assert points(marks_of(run(q1=0.3), run(q1=0.3)))["q1"] == 0
    assert points(marks_of(run(q1=0.4), run(q1=0.4)))["q1"] == 0
    assert points(marks_of(run(q1=0.3)))["q1"] == 0
    assert marks_of(run(q1=0.3), run(q1=0.3))["q1"]["code"] == "other data"


def test_a_choice_is_a_choice_and_a_decision_is_left_to_a_person():
    marks = marks_of(
        run(q3="account", q4="We keep the annual plan, for nine in ten stay."), run(q3="account")
    )
    assert points(marks) == {"q1": 0, "q2": 0, "q3": 1, "q4": None}
    assert marks["q4"]["text"].startswith("We keep")


def test_a_stopped_cell_hides_no_old_value():
    stale = Run("ok", {"paid_share": 0.3}, {"paid_share": "ValueError: no"})
    assert marks_of(stale, run(q1=0.4))["q1"]["code"] == "stale"


def test_a_forged_value_is_a_problem_and_no_point():
    mark = marks_of(run(q1={"k": "frame"}), run(q1=0.4))["q1"]
    assert (mark["points"], mark["code"], mark["state"]) == (0, "no report", "problem")


def test_the_gradebook_holds_numbers_and_no_formulas():
    marks = marks_of(run(q1=0.3, q4="a decision of five words"), run(q1=0.4))
    text = reports.grades([record("=cmd()", marks), record("anna", marks)], CONTENT, {("anna", "q4"): 2.0})
    rows = list(csv.reader(io.StringIO(text)))
    assert rows == [
        ["id", "q1", "q2", "q3", "q4", "total", "status"],
        ["'=cmd()", "1", "0", "0", "", "1", "graded"],
        ["anna", "1", "0", "0", "2", "3", "graded"],
    ]


def test_pages_run_nothing_that_a_learner_wrote():
    bad = "<script>alert(1)</script> and four words more"
    marks = marks_of(run(q1=bad, q3=bad, q4=bad))
    one = record("<b>anna</b>", marks, "<i>odd</i>")
    pages = [
        reports.report(one, CONTENT, {}),
        reports.summary([one], CONTENT, ["<u>x</u>"]),
        reports.reading_page([one], CONTENT, "written.csv"),
    ]
    for page in pages:
        assert not [tag for tag in ("<script", "<b>", "<i>", "<u>") if tag in page]
        assert "default-src 'none'" in page


def test_reports_of_different_learners_have_different_files():
    names = ["anna", "Anna", "a/b", "a_b", "..", "x" * 300, "x" * 301, "ä", "a b"]
    files = [reports.report_name(name) for name in names]
    assert len(set(files)) == len(names)
    assert all("/" not in file and not file.startswith(".") and len(file) < 90 for file in files)


def test_the_summary_counts_mistakes_by_name():
    wrong = record("a", marks_of(run(q1=0.7)))
    found = reports.misconceptions([wrong, {**wrong, "id": "b"}, record("c", marks_of(run()))], CONTENT)
    assert ("q1", "trap:unpaid", "you count those that never paid.", 2) in found
    assert ("q1", "missing") in {(question, code) for question, code, *_ in found}


def test_scores_come_back_from_the_sheet(tmp_path):
    marks = marks_of(run(q4="=SUM(A1) and four words"))
    records = [record("anna", marks), record("-ben", marks)]
    sheet = tmp_path / "written.csv"
    sheet.write_text(
        reports.sheet(records, CONTENT, {("anna", "q4"): 1.5, ("-ben", "q4"): 3}), encoding="utf-8"
    )
    assert reports.read_scores(sheet, CONTENT) == {("anna", "q4"): 1.5, ("-ben", "q4"): 3.0}
    assert "'=SUM" in sheet.read_text(encoding="utf-8")
    assert reports.read_scores(tmp_path / "none.csv", CONTENT) == {}
    sheet.write_text(sheet.read_text(encoding="utf-8").replace("1.5", "good"), encoding="utf-8")
    with pytest.raises(TwoWorldsError, match="no number"):
        reports.read_scores(sheet, CONTENT)


def test_the_state_survives_a_torn_line_and_refuses_other_data(tmp_path):
    path, about = tmp_path / "state.jsonl", {"exercise": "x"}
    one, two = record("a", {}), record("b", {})
    with State(path, about) as state:
        state.add(one)
        state.add(two)
    path.write_bytes(path.read_bytes()[:-10])
    with State(path, about) as state:
        assert list(state.done) == [("a", "d")]
        state.add(two)
        with pytest.raises(TwoWorldsError, match="Another run"):
            State(path, about).__enter__()
    with pytest.raises(TwoWorldsError, match="another exercise"):
        State(path, {"exercise": "y"}).__enter__()
    with State(path, {"exercise": "y"}, again=True) as state:
        assert state.done == {}
    assert json.loads(path.read_text(encoding="utf-8")) == {"exercise": "y"}


# ---------------------------------------------------------------- the keys


def test_keys_are_worked_out_for_the_data_and_kept(tmp_path):
    folders = [grade_fixture.write_data(tmp_path / str(seed), seed) for seed in (1, 2)]
    found = [answers.work_out_once(CONTENT, folder, tmp_path / "keys") for folder in folders]
    assert answers.same_answers(CONTENT, *found) == []
    assert answers.same_answers(CONTENT, found[0], found[0]) == ["q1", "q2"]
    assert answers.traps_too_near(CONTENT, found[0]) == []
    assert len(list((tmp_path / "keys").iterdir())) == 2
    assert answers.work_out_once(CONTENT, folders[0], tmp_path / "keys") == found[0]


def test_staged_tables_hold_neither_truth_nor_seed(tmp_path):
    source = grade_fixture.write_data(tmp_path / "data", 1)
    staged = answers.stage(source, tmp_path / "staged")
    assert [path.name for path in staged.iterdir()] == ["pipewright"]
    assert "seed" not in json.loads((staged / "pipewright" / "manifest.json").read_text(encoding="utf-8"))
    with answers.data_in_use(staged):
        from twoworlds import data

        assert len(data.load("pipewright", "accounts")) > 0


# ---------------------------------------------------------------- the sandbox's parts


def test_the_filter_is_whole_jumps_inside_and_ends_in_a_verdict():
    import struct

    for machine in ("x86_64", "aarch64"):
        code = seccomp.program(machine)
        lines = list(struct.iter_unpack("<HBBI", code))
        for place, (kind, yes, no, _) in enumerate(lines):
            assert place + max(yes, no) + 1 < len(lines) or kind == 0x06
        assert [line[0] for line in lines[-2:]] == [0x06, 0x06]
    assert seccomp.program("riscv64") is None


def test_a_group_is_a_folder_with_limits(tmp_path):
    """As the kernel's files, in folders of our own: the second version, with a group of our own."""
    own = tmp_path / "own"
    own.mkdir()
    (own / "cgroup.type").write_text("domain")
    group = cgroups.Group("twoworlds-1-0", 1000, 7, {"": own})
    made = tmp_path / "twoworlds-1-0"
    assert group.kinds == {"memory", "pids"}
    assert ((made / "memory.max").read_text(), (made / "pids.max").read_text()) == ("1000", "7")
    assert group.add(5) and (made / "cgroup.procs").read_text() == "5"
    (made / "memory.events").write_text("oom 1\noom_kill 1\n")
    assert group.ran_out_of_memory()


def test_without_rights_there_is_no_group(tmp_path):
    group = cgroups.Group("x", 1000, 7, {"memory": tmp_path / "nowhere"})
    assert group.kinds == set() and group.add(1) and not group.ran_out_of_memory()


def test_memory_of_a_family_counts_the_children():
    code = "import subprocess, sys, time\nb = bytearray(30_000_000)\nprint(1, flush=True)\ntime.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as process:
        process.stdout.readline()
        assert 30e6 < sandbox.memory_of_tree(process.pid) < 300e6
        process.kill()


def test_without_bubblewrap_the_command_says_so_and_writes_nothing(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("TWOWORLDS_CHECKS", str(grade_fixture.write_checks(tmp_path / "checks")))
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "anna.ipynb").write_text("{}", encoding="utf-8")
    out = tmp_path / "grades.csv"
    status = command.main([grade_fixture.SLUG, str(tmp_path / "class"), "--out", str(out)])
    said = capsys.readouterr().err
    assert status == 2 and not out.exists()
    assert said.startswith("error: The sandbox needs") and "--trust" in said and said.count("\n") == 1


@pytest.mark.parametrize(
    "words",
    [["99-none", "x"], ["00-small", "no-folder"], ["00-small"], ["00-small", ".", "--jobs", "many"]],
    ids=" ".join,
)
def test_bad_input_is_one_line(words, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("TWOWORLDS_CHECKS", str(grade_fixture.write_checks(tmp_path / "checks")))
    monkeypatch.chdir(tmp_path)
    assert command.main(words) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert [path.name for path in Path(tmp_path).iterdir()] == ["checks"]
