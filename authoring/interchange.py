"""An exercise as other graders want it: an nbgrader course or an otter assignment, from the same source.

    python -m authoring.interchange nbgrader --out DIR [slug ...]
    python -m authoring.interchange otter --out DIR [slug ...]

nbgrader: DIR becomes a course (nbgrader_config.py and source/<slug>/<slug>.ipynb): then, in DIR,
`nbgrader generate_assignment <slug>`. otter: DIR/<slug>/<slug>.ipynb is a master notebook: then
`otter assign <slug>.ipynb dist`. Each question that a program can check gives one point, the written decision
is graded by hand. Both tools run a submission in a kernel with all the rights of whoever starts them, and see
the right answer there: for strangers' notebooks use `python -m twoworlds.grade`.

Nothing is overwritten: a folder that is there already ends the command with one line and exit status 2.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import nbformat

from authoring import exercise_source
from authoring.exercise_source import Cell, Exercise
from twoworlds.errors import TwoWorldsError

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "authoring" / "exercises"
DECISION_POINTS = 5

NBGRADER_CONFIG = '''"""Settings of the course "One Job, Two Worlds" for nbgrader."""

c = get_config()  # noqa: F821  nbgrader defines it
c.CourseDirectory.course_id = "one-job-two-worlds"
c.ClearSolutions.code_stub = {"python": "# Your code here, with as many lines as you like"}
c.ExecutePreprocessor.timeout = 600
'''
OTTER_CONFIG = """# ASSIGNMENT CONFIG
name: {slug}
init_cell: true
export_cell: false
check_all_cell: false
run_tests: false
tests:
  ok_format: false
generate: true
"""


def solution_of(cell: Cell, name: str) -> tuple[str, str, str]:
    """Text before the answer, the answer's own lines, and text after it, of a cell with a blank in it."""
    decision = f'{name} = """\n...\n"""'
    stub = decision if decision in cell.blank else f"{name} = ..."
    before, _, after = cell.blank.partition(stub)
    return before, cell.full[len(before) : len(cell.full) - len(after)], after


def _code(text: str, identity: str, **metadata) -> nbformat.NotebookNode:
    return nbformat.v4.new_code_cell(text.rstrip("\n"), id=identity, metadata=metadata)


def _words(text: str, identity: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_markdown_cell(text.rstrip("\n"), id=identity)


def _raw(text: str, identity: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_raw_cell(text.rstrip("\n"), id=identity)


def _shipped(exercise: Exercise) -> list[Cell]:
    """The cells of the exercise itself: what only the solution has is left out."""
    return [cell for cell in exercise.cells if "solution" not in cell.tags]


def _notebook(cells: list) -> nbformat.NotebookNode:
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata = nbformat.from_dict(
        {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    )
    nbformat.validate(notebook)
    return notebook


def _verdict(exercise: Exercise, question: str, namespace: str, indent: str = "") -> str:
    """Code that lets a fresh checker judge the answer, and fails with the name of the mistake."""
    lines = [
        "from twoworlds import Checker",
        f'verdict = Checker("{exercise.slug}")("{question}", {namespace})',
        "assert verdict.ok, verdict.message",
    ]
    return "\n".join(indent + line for line in lines)


# -------------------------------------------------------------------------------------------- nbgrader


def _nbgrader(identity: str, **settings) -> dict:
    plain = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
    return {"nbgrader": {**plain, "grade_id": identity, **settings}}


def nbgrader_notebook(exercise: Exercise) -> nbformat.NotebookNode:
    """The instructor's version: solutions and hidden tests between nbgrader's marks."""
    cells = []
    for cell in _shipped(exercise):
        if cell.type == "markdown":
            cells.append(_words(cell.blank, cell.id))
        elif cell.answers:
            cells.append(_nbgrader_answer(exercise, cell))
        elif "check" in cell.tags and _checked(exercise, cell):
            cells.append(_nbgrader_check(exercise, cell))
        else:
            locked = _nbgrader(cell.id, locked=True)
            cells.append(_code(cell.blank, cell.id, **locked))
    return _notebook(cells)


def _checked(exercise: Exercise, cell: Cell) -> str:
    """The question that a check cell asks about, or nothing where a program can't judge it."""
    for question, spec in exercise.questions.items():
        if f'"{question}"' in cell.full and spec["kind"] != "decision":
            return question
    return ""


def _nbgrader_answer(exercise: Exercise, cell: Cell):
    question = cell.answers[0]
    spec = exercise.questions[question]
    before, answer, after = solution_of(cell, spec["name"])
    blank = f'{spec["name"]} = """\n...\n"""' if spec["kind"] == "decision" else f"{spec['name']} = ..."
    text = f"{before}{blank}\n### BEGIN SOLUTION\n{answer.rstrip()}\n### END SOLUTION\n{after.lstrip()}"
    by_hand = {"grade": True, "points": DECISION_POINTS} if spec["kind"] == "decision" else {}
    return _code(text, cell.id, **_nbgrader(cell.id, solution=True, **by_hand))


def _nbgrader_check(exercise: Exercise, cell: Cell):
    question = _checked(exercise, cell)
    hidden = _verdict(exercise, question, "globals()")
    shown = cell.blank.rstrip("\n")
    text = f"{shown}\n### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS\n"
    return _code(text, cell.id, **_nbgrader(cell.id, grade=True, locked=True, points=1))


# ----------------------------------------------------------------------------------------------- otter


def otter_notebook(exercise: Exercise) -> nbformat.NotebookNode:
    """The master notebook: questions, solutions and tests between otter's raw cells."""
    cells = [_raw(OTTER_CONFIG.format(slug=exercise.slug), "assignment-config")]
    waiting: list = []
    for cell in _shipped(exercise):
        if cell.type == "markdown":
            cells += waiting
            waiting = [_words(cell.blank, cell.id)]
        elif cell.answers:
            cells += _otter_question(exercise, cell, waiting)
            waiting = []
        elif "check" not in cell.tags:
            cells += [*waiting, _code(cell.blank, cell.id)]
            waiting = []
    return _notebook(cells + waiting)


def _otter_question(exercise: Exercise, cell: Cell, prompt: list) -> list:
    question = cell.answers[0]
    spec = exercise.questions[question]
    before, answer, after = solution_of(cell, spec["name"])
    by_hand = spec["kind"] == "decision"
    points = DECISION_POINTS if by_hand else 1
    config = f"# BEGIN QUESTION\nname: {question}\npoints: {points}\nmanual: {str(by_hand).lower()}\n"
    prompt_lines = f'""" # BEGIN PROMPT\n{spec["name"]} = ...\n""" # END PROMPT\n'
    solution = f"# BEGIN SOLUTION NO PROMPT\n{answer.rstrip()}\n# END SOLUTION\n"
    text = f"{before}{prompt_lines}{solution}{after.lstrip()}"
    parts = [
        _raw(config, f"{question}-begin"),
        *prompt,
        _raw("# BEGIN SOLUTION", f"{question}-begin-solution"),
        _code(text, cell.id),
        _raw("# END SOLUTION", f"{question}-end-solution"),
    ]
    if not by_hand:
        test = f"def test_{question}(env):\n{_verdict(exercise, question, 'env', '    ')}"
        parts += [
            _raw("# BEGIN TESTS", f"{question}-begin-tests"),
            _code(test, f"{question}-test"),
            _raw("# END TESTS", f"{question}-end-tests"),
        ]
    return [*parts, _raw("# END QUESTION", f"{question}-end")]


# --------------------------------------------------------------------------------------------- command


def write(tool: str, slugs: list[str], out: Path) -> list[Path]:
    """Write exercises for a tool. Raises TwoWorldsError where something is in the way or unknown."""
    if out.exists() and any(out.iterdir()):
        raise TwoWorldsError(f"{out} is not empty: name a new folder with --out.")
    known = [path.stem for path in sorted(SOURCES.glob("*.py"))]
    for slug in slugs:
        if slug not in known:
            raise TwoWorldsError(f"there is no exercise {slug!r}: there are {', '.join(known)}.")
    make = {"nbgrader": nbgrader_notebook, "otter": otter_notebook}[tool]
    exercises = [exercise_source.read(SOURCES / f"{slug}.py") for slug in slugs or known]
    notebooks = {exercise.slug: make(exercise) for exercise in exercises}
    written = []
    for slug, notebook in notebooks.items():
        folder = out / "source" / slug if tool == "nbgrader" else out / slug
        folder.mkdir(parents=True)
        path = folder / f"{slug}.ipynb"
        nbformat.write(notebook, path)
        written.append(path)
    if tool == "nbgrader":
        (out / "nbgrader_config.py").write_text(NBGRADER_CONFIG, encoding="utf-8")
        written.append(out / "nbgrader_config.py")
    return written


def main(arguments: list[str] | None = None) -> int:
    """Command line: exit status 2 and one line where something is wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m authoring.interchange", description=__doc__.splitlines()[0]
    )
    parser.add_argument("tool", choices=("nbgrader", "otter"))
    parser.add_argument("slug", nargs="*", help="exercises; all of them by default")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new folder")
    options = parser.parse_args(arguments)
    try:
        for path in write(options.tool, options.slug, options.out):
            print(path)
    except (TwoWorldsError, exercise_source.SourceError, OSError) as error:
        print(f"interchange: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
