"""Grade a class of 200 and more, many of it hostile, and count what is misjudged.

    python tests/grading_trial.py [--exercise SLUG] [--folder DIR] [--only hostile|learners] [--jobs N]

Right answers by other routes and wrong ones come from the banks beside the unit tests, one answer a
notebook; blank and hostile ones are made here.
Prints seconds a submission and every misjudged one; status 1 where there
is one. Needs bubblewrap. Takes some twenty minutes on two cores.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "unit")]

import answer_bank  # noqa: E402
import grading_class  # noqa: E402
import hostile_notebooks  # noqa: E402

from twoworlds.check import checkdata, packing  # noqa: E402


def cells_of(slug):
    """[(cell's id, code)] of the untouched exercise."""
    notebook = json.loads((ROOT / "exercises" / f"{slug}.ipynb").read_text(encoding="utf-8"))
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    return [(cell["id"], "".join(cell["source"])) for cell in cells]


def filled(slug, answers):
    """Code of the exercise's cells with some answers filled in: {question: code}."""
    return [
        answers.get(identity.removesuffix("-answer"), code) if identity.endswith("-answer") else code
        for identity, code in cells_of(slug)
    ]


def typed_in(slug, question):
    """Code that assigns the shipped data's answer to a number question."""
    content = checkdata.read(slug)
    answer = packing.unpack(content["keys"])[question]["answer"]
    return f"{content['questions'][question]['name']} = {answer!r}"


def learners(slug):
    """{id: (code cells, {question: points})}."""
    content = checkdata.read(slug)
    graded = [question for question, spec in content["questions"].items() if spec["kind"] != "decision"]
    found = {}
    for number in range(8):
        found[f"blank-{number}"] = (filled(slug, {}), dict.fromkeys(graded, 0))
    for bank, points in (("right_answers", 1), ("wrong_answers", 0)):
        for number, entry in enumerate(answer_bank.entries(bank)):
            if entry.slug == slug and entry.question in graded:
                expected = {question: points * (question == entry.question) for question in graded}
                cells = filled(slug, {entry.question: entry.code})
                found[f"{bank[:5]}-{number}-{entry.question}"] = (cells, expected)
    solution = json.loads((ROOT / "solutions" / f"{slug}.ipynb").read_text(encoding="utf-8"))
    cells = ["".join(cell["source"]) for cell in solution["cells"] if cell["cell_type"] == "code"]
    found["solution"] = (cells, dict.fromkeys(graded, 1))
    return found


def exercise_under_attack(slug):
    """The exercise's first number question, and its written answer. Returns (Exercise, question)."""
    questions = checkdata.read(slug)["questions"]
    question = next(identity for identity, spec in questions.items() if spec["kind"] == "number")
    note = next(spec["name"] for spec in questions.values() if spec["kind"] == "decision")
    name = questions[question]["name"]
    right = next(
        entry
        for entry in answer_bank.entries("right_answers")
        if entry.slug == slug and entry.question == question
    )
    setup = dict(cells_of(slug))["start-code"]
    attacked = hostile_notebooks.Exercise(
        setup, name, right.code, typed_in(slug, question), f"{name} = 0.123456", note
    )
    return attacked, question


def judge_attacks(attacks, rows, marks, work, question):
    """Sentences about attacks that did not go as they must."""
    wrong = []
    for name, attack in attacks.items():
        row = rows.get(name) or rows.get(name + attack.suffix)
        if row is None:
            wrong.append(f"{name}: no row")
            continue
        if float(row[question] or 0) != attack.points:
            wrong.append(f"{name}: {row[question]} points, not {attack.points}; {row['status']}")
        if attack.status not in row["status"]:
            wrong.append(f"{name}: status {row['status']!r}, not {attack.status!r}")
        if attack.silent and hostile_notebooks.NOTHING not in marks[row["id"]]:
            wrong.append(f"{name}: {marks[row['id']][:200]}")
        if attack.absent:
            from twoworlds.grade.reports import report_name

            report = work / "reports" / report_name(row["id"])
            pages = report.read_text() + (work / "written.html").read_text()
            wrong += [f"{name}: {text} stands on a page" for text in attack.absent if text in pages]
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--exercise", default="03-retention")
    parser.add_argument("--folder", type=Path, help="for the class and its marks (default: a temporary one)")
    parser.add_argument("--only", choices=("hostile", "learners"))
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument(
        "--time", type=float, default=60, help="seconds a run may take (default: %(default)g)"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        return trial(options, (options.folder or Path(temporary)).resolve())


def trial(options, folder):
    """Make the class, grade it, judge the marks. Returns the exit status."""
    slug, sent = options.exercise, folder / "submissions"
    sent.mkdir(parents=True, exist_ok=True)
    port, reached = grading_class.listener()
    attacked, question = exercise_under_attack(slug)
    class_of = {} if options.only == "hostile" else learners(slug)
    attacks = {} if options.only == "learners" else hostile_notebooks.attacks(attacked, port)
    for identity, (cells, _) in class_of.items():
        (sent / f"{identity}.ipynb").write_text(hostile_notebooks.notebook(cells), encoding="utf-8")
    for name, attack in attacks.items():
        if not os.path.lexists(sent / f"{name}{attack.suffix}"):
            hostile_notebooks.write(sent, name, attack)
    before = (
        grading_class.digests(sent),
        grading_class.digests(ROOT / "twoworlds"),
        grading_class.digests(ROOT / "exercises"),
    )
    command = [sys.executable, "-m", "twoworlds.grade", slug, str(sent), "--out", str(folder / "grades.csv")]
    command += ["--jobs", str(options.jobs), "--time", str(options.time), "--cell-time", "6"]
    started = time.monotonic()
    status = subprocess.call(command, cwd=ROOT, env={**os.environ, "A_SECRET_TOKEN": "x"})
    seconds = time.monotonic() - started
    if status:
        print(f"the grader ended with status {status}")
        return 1
    after = (
        grading_class.digests(sent),
        grading_class.digests(ROOT / "twoworlds"),
        grading_class.digests(ROOT / "exercises"),
    )
    with open(folder / "grades.csv", encoding="utf-8", newline="") as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}
    work = folder / "grades-files"
    records = [json.loads(line) for line in (work / "state.jsonl").read_text().splitlines()[1:]]
    notes = {
        record["id"]: " ".join(mark.get("text", "") for mark in record["marks"].values())
        for record in records
    }
    wrong = judge_attacks(attacks, rows, notes, work, question)
    for identity, (_, expected) in class_of.items():
        row = rows.get(identity, {})
        got = {one: float(row.get(one) or 0) for one in expected}
        if got != expected or row.get("status") != "graded":
            off = {one: (got[one], points) for one, points in expected.items() if got[one] != points}
            wrong.append(f"{identity}: (given, due) {off}; {row.get('status')}")
    harm = [text for text, found in (("files changed", before != after), ("reached the host", reached[0]),
                                     ("processes left", grading_class.strangers())) if found]  # fmt: skip
    times = sorted(record["seconds"] for record in records if record["seconds"])
    print(
        f"{len(rows)} submissions ({len(attacks)} hostile) in {seconds:.0f} s:"
        f" {seconds / len(rows):.1f} s each;"
        f" by itself the median took {times[len(times) // 2]:.1f} s, the longest {times[-1]:.1f} s"
    )
    print(f"misjudged: {len(wrong)}; harm done: {', '.join(harm) or 'none'}")
    print("\n".join(wrong))
    return 1 if wrong or harm else 0


if __name__ == "__main__":
    sys.exit(main())
