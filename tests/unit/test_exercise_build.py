"""The build: one source makes exercise, solution and check data, the same bytes each time; bad sources
stop it.
"""

import json
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from authoring import exercise_build, exercise_source
from twoworlds.check import Checker, packing

ROOT = Path(__file__).resolve().parents[2]

SOURCE = '''# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Exercise 9: orders

# %%
import pandas as pd
from twoworlds import Checker

check = Checker("09-orders")
orders = pd.DataFrame({"city": ["a", "b", "a", "c"], "days": [3, 5, 4, 9]})

# %% [markdown] question="q1"
# **Question 1.** What is the mean of `days`?

# %%
# BEGIN SOLUTION q1
mean_days = orders["days"].mean()
# END SOLUTION
mean_days

# %% tags=["check"]
check("q1")

# %% [markdown] tags=["solution"]
# The mean is the sum over the count.

# %% tags=["spec"]
question("q1", kind="number", name="mean_days", title="Mean days", hints=["Look for a method."],
         traps={"median": ("orders['days'].median()", "that is the median."),
                "sum": ("mean_days = orders['days'].sum()", "that is the sum.")})

# %% [markdown] question="q2"
# **Question 2.** Mean days by city.

# %%
# BEGIN SOLUTION q2
by_city = orders.groupby("city", as_index=False).agg(days=("days", "mean"))
by_city["days"] += 0 * mean_days
# END SOLUTION

# %% tags=["check"]
check("q2")

# %% tags=["spec"]
question("q2", kind="table", name="by_city", title="By city", keys=["city"],
         traps={"max": ("orders.groupby('city', as_index=False).agg(days=('days', 'max'))",
                        "that is the slowest.")})

# %% [markdown] question="q3"
# **Question 3.** What would you do?

# %%
# BEGIN SOLUTION q3
memo = """
Ask the three cities why they differ before doing anything at all.
"""
# END SOLUTION

# %% tags=["check"]
check("q3")

# %% tags=["spec"]
question("q3", kind="decision", name="memo", title="What to do", words=(5, 60), rubric=["Does it decide?"])
'''


@pytest.fixture
def course(tmp_path, monkeypatch):
    """A course of one exercise in a folder of its own; returns a function that writes its source."""
    (tmp_path / "authoring" / "exercises").mkdir(parents=True)
    monkeypatch.setattr(exercise_build, "ROOT", tmp_path)
    monkeypatch.setattr(exercise_build, "repository_setting", lambda: None)

    def write(text=SOURCE, slug="09-orders"):
        path = tmp_path / "authoring" / "exercises" / f"{slug}.py"
        path.write_text(text, encoding="utf-8")
        return path

    write.root = tmp_path
    return write


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The three files of SOURCE, made once."""
    folder = tmp_path_factory.mktemp("course")
    path = folder / "09-orders.py"
    path.write_text(SOURCE, encoding="utf-8")
    files = exercise_build.build(path, "https://github.com/owner/course")
    return {file.relative_to(exercise_build.ROOT).as_posix(): text for file, text in files.items()}


def cells(text):
    return {cell["id"]: cell for cell in json.loads(text)["cells"]}


def test_the_exercise_is_blank_and_the_solution_is_full(made):
    exercise, solution = cells(made["exercises/09-orders.ipynb"]), cells(made["solutions/09-orders.ipynb"])
    assert "".join(exercise["q1-answer"]["source"]) == "mean_days = ...\nmean_days"
    assert "".join(exercise["q2-answer"]["source"]) == "by_city = ..."
    assert "".join(exercise["q3-answer"]["source"]) == 'memo = """\n...\n"""'
    assert "mean()" in "".join(solution["q1-answer"]["source"])
    assert "q1-solution" in solution and "q1-solution" not in exercise
    for text in (made["exercises/09-orders.ipynb"], made["solutions/09-orders.ipynb"]):
        assert "SOLUTION" not in text and "median" not in text
        nbformat.validate(nbformat.reads(text, 4))


def test_outputs_are_stored_in_the_solution_alone(made):
    assert not any(cell.get("outputs") for cell in cells(made["exercises/09-orders.ipynb"]).values())
    solution = cells(made["solutions/09-orders.ipynb"])
    shown = {
        name: "".join(solution[f"{name}-check"]["outputs"][0]["data"]["text/plain"])
        for name in ("q1", "q2", "q3")
    }
    assert shown["q1"].startswith("✓") and shown["q2"].startswith("✓") and shown["q3"].startswith("✎")
    assert "execution" not in made["solutions/09-orders.ipynb"].replace("execution_count", "")


def test_cell_ids_come_from_questions_not_from_positions(course):
    before = [cell.id for cell in exercise_source.read(course()).cells]
    assert before[:4] == ["start-text", "start-code", "q1-text", "q1-answer"] and len(set(before)) == len(
        before
    )
    longer = SOURCE.replace('# %% tags=["check"]\ncheck("q1")', '# %%\n1\n\n# %% tags=["check"]\ncheck("q1")')
    after = [cell.id for cell in exercise_source.read(course(longer)).cells]
    assert set(after) - set(before) == {"q1-code"} and [name for name in after if name != "q1-code"] == before


def test_the_install_cell_stands_only_where_there_is_an_address(made, course):
    install = cells(made["exercises/09-orders.ipynb"])["start-install"]
    text = "".join(install["source"])
    assert "git+https://github.com/owner/course" in text and text.startswith("try:\n    import twoworlds\n")
    without = exercise_build.notebook_of(exercise_source.read(course()), False, None)
    assert "%pip" not in nbformat.writes(without)


def test_check_data_checks(made, tmp_path):
    (tmp_path / "09-orders.json").write_text(made["exercises/checks/09-orders.json"], encoding="utf-8")
    check = Checker("09-orders", folder=tmp_path)
    assert check("q1", {"mean_days": 5.25}).ok
    assert check("q1", {"mean_days": 4.5}).code == "trap:median"
    assert check("q1", {"mean_days": 21}).code == "trap:sum"
    stored = json.loads(made["exercises/checks/09-orders.json"])
    assert "5.25" not in json.dumps(stored["questions"])
    assert packing.unpack(stored["keys"])["q1"]["answer"] == 5.25


def test_twice_gives_the_same_bytes_and_check_names_what_differs(course, capsys):
    course()
    assert exercise_build.main([]) == 0
    files = [path for path in course.root.rglob("*") if path.suffix in (".ipynb", ".json")]
    first = {path: path.read_bytes() for path in files}
    assert len(first) == 3
    assert exercise_build.main(["--check"]) == 0
    solution = course.root / "solutions" / "09-orders.ipynb"
    solution.write_bytes(first[solution].replace(b"5.25", b"5.26"))
    (course.root / "exercises" / "08-gone.ipynb").write_text("{}")
    capsys.readouterr()
    assert exercise_build.main(["--check"]) == 1
    said = capsys.readouterr().out
    assert "differs from its source: solutions/09-orders.ipynb" in said
    assert "has no source: exercises/08-gone.ipynb" in said and "checks" not in said
    assert solution.read_bytes() != first[solution], "--check writes nothing"
    assert exercise_build.main([]) == 0
    assert {path: path.read_bytes() for path in files} == first
    assert not (course.root / "exercises" / "08-gone.ipynb").exists()
    assert not list(course.root.rglob("*.part"))


BAD = {
    "bad header": ("#     display_name: Python 3\n", "", "cannot be read"),
    "no such method": ('orders["days"].mean()\n# END', 'orders["days"].meen()\n# END', "solution fails"),
    "name not assigned": ("mean_days = orders", "mean_dais = orders", "does not assign `mean_days`"),
    "not closed": ("# END SOLUTION\nmean_days", "mean_days", "is not closed"),
    "no python": ('mean_days = orders["days"]', 'mean_days = = orders["days"]', "no Python"),
    "indented": (
        "# BEGIN SOLUTION q2\nby_city = ",
        "if True:\n    # BEGIN SOLUTION q2\n    by_city = ",
        "indented",
    ),
    "unknown question": ("# BEGIN SOLUTION q2", "# BEGIN SOLUTION q7", "names no question"),
    "no check cell": ('check("q2")', "pass", "no cell tagged `check`"),
    "unknown kind": ('kind="number"', 'kind="poem"', "none of number"),
    "no title": ('title="Mean days", ', "", "lacks title"),
    "unknown word": ('title="Mean days"', 'title="Mean days", margin=1', "knows no margin"),
    "no keys": (', keys=["city"]', "", "needs keys"),
    "two specs": ('question("q2"', 'question("q1"', "two specs"),
    "trap near the answer": (
        "orders['days'].median()",
        "orders['days'].mean() + 2e-6",
        "'median' lies within 3",
    ),
    "trap on a trap": (
        "orders['days'].median()",
        "orders['days'].sum()",
        "'sum' lies within 3 tolerances of trap",
    ),
    "trap that fails": ("orders['days'].median()", "orders['dais'].median()", "trap 'median' fails"),
    "trap of another kind": ("orders['days'].median()", "orders['days']", "trap 'median' fails"),
    "message judges": ("that is the median.", "Wrong! Try again.", "name the mistake"),
    "hint gives it away": ("Look for a method.", "It is 5.25.", "gives the answer away"),
    "spec fails": ('question("q2", kind', 'question("q2", 1 / 0, kind', "spec cell fails"),
    "blank breaks the run": (
        "# END SOLUTION\nmean_days",
        "# END SOLUTION\nround(mean_days)",
        "untouched exercise stops",
    ),
    "solution warns": (
        "# END SOLUTION\nmean_days",
        "# END SOLUTION\nimport warnings; warnings.warn('old')",
        "warns",
    ),
}


@pytest.mark.filterwarnings("ignore:old")
@pytest.mark.parametrize("case", BAD)
def test_a_bad_source_is_one_line_and_touches_no_file(course, capsys, case):
    old, new, words = BAD[case]
    assert SOURCE.count(old) >= 1
    course(SOURCE.replace(old, new, 1))
    assert exercise_build.main([]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and words in said and "09-orders" in said
    assert not (course.root / "exercises").exists() and not (course.root / "solutions").exists()


def test_a_source_that_is_not_there_is_one_line(capsys):
    assert exercise_build.main(["10-nothing"]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "03-retention" in said


def test_a_folder_that_cannot_be_written_leaves_nothing_behind(course, capsys):
    course()
    (course.root / "solutions").write_text("a file stands where the folder should")
    assert exercise_build.main([]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    made = [path for path in course.root.rglob("*") if path.suffix in (".ipynb", ".json", ".part")]
    assert not made


# ---- the course's own exercises
# -----------------------------------------------------------------------------------

SLUGS = sorted(path.stem for path in (ROOT / "authoring" / "exercises").glob("[0-9]*.py"))


def test_there_are_exercises():
    assert "03-retention" in SLUGS


@pytest.mark.parametrize("slug", SLUGS)
def test_committed_exercises_hold_no_answer_and_no_output(slug):
    exercise = nbformat.read(ROOT / "exercises" / f"{slug}.ipynb", 4)
    source = exercise_source.read(ROOT / "authoring" / "exercises" / f"{slug}.py")
    for cell in exercise.cells:
        assert not cell.get("outputs") and "SOLUTION" not in cell.source
    names = {spec["name"] for spec in source.questions.values()}
    answers = "\n".join(cell.source for cell in exercise.cells if "answer" in cell.metadata.get("tags", []))
    assert all(f"{name} = ..." in answers or f'{name} = """' in answers for name in names)


@pytest.mark.parametrize("slug", SLUGS)
def test_committed_solutions_are_right_in_every_check(slug):
    solution = nbformat.read(ROOT / "solutions" / f"{slug}.ipynb", 4)
    checks = [cell for cell in solution.cells if "check" in cell.metadata.get("tags", [])]
    assert checks
    for cell in checks:
        assert cell.outputs[0].data["text/plain"].startswith(("✓", "✎")), cell.id


def test_the_command_runs_as_a_module():
    ran = subprocess.run(
        [sys.executable, "-m", "authoring.exercise_build", "no-such"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 2 and ran.stderr.count("\n") == 1
