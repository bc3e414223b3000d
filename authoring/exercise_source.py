"""Read one exercise's source: authoring/exercises/<slug>.py, jupytext py:percent.

What may stand in it, besides plain Markdown and code cells:

- `# %% [markdown] question="q1"` begins question q1; all cells up to the next `question=` belong to it.
  `question="end"` (or any other word that is no question) begins a part that belongs to none.
- `# BEGIN SOLUTION q1` ... `# END SOLUTION` inside a code cell: the exercise gets `name = ...` in its place.
- tags: `check` (the cell that calls check), `spec` (what is right and what is not, see `question` below;
in neither
  notebook), `solution` (in the solution only), `exercise` (in the exercise only).
- `%pip`, display lines after a blank answer and the like must not stop an untouched exercise: the build
runs it.

In a `spec` cell: question("q1", kind="number", name="stayed", title="...", hints=[...], traps={id: (code,
words)}, right="words for a right answer", tolerance=1e-6, unit="fraction", range=(0, 1)); for tables also
keys=[...], ordered=True, extra_columns=True; for choices options={label: words}; for decisions words=(30,
400), rubric=[...]. A trap's code is an expression, or statements that assign the answer's name; it runs after
the question's solution.
"""

import ast
import re
from typing import NamedTuple

import jupytext

from twoworlds.check.judge import KINDS
from twoworlds.check.keys import without_checker

_BLOCK = re.compile(
    r"^(?P<indent>[ \t]*)# BEGIN SOLUTION[ \t]*(?P<question>[\w-]*)[ \t]*\n(?P<body>.*?)"
    r"^[ \t]*# END SOLUTION[ \t]*(?:\n|\Z)",
    re.MULTILINE | re.DOTALL,
)
_REQUIRED = ("kind", "name", "title")
_ALLOWED = {
    "number": {"tolerance", "unit", "range", "traps"},
    "table": {"tolerance", "unit", "keys", "ordered", "extra_columns", "traps"},
    "series": {"tolerance", "unit", "ordered", "traps"},
    "choice": {"options"},
    "decision": {"words", "rubric"},
}
_COMMON = {"kind", "name", "title", "hints", "right"}
_BANNED = ("wrong!", "incorrect")
LEFT_OUT = {
    "check",
    "spec",
    "solution",
    "exercise",
}  # tags of cells that the solution's program does not need


class SourceError(Exception):
    """The source breaks a rule; the message is one line that says which and where."""


class Cell(NamedTuple):
    """One cell: `id` from its question and role; `blank` and `full` are its two texts."""

    id: str
    type: str
    tags: tuple
    blank: str
    full: str
    answers: tuple  # questions whose solution stands in it


class Exercise(NamedTuple):
    """A source, read: cells without `spec`, and {question: spec} in the order of the source."""

    slug: str
    cells: list
    questions: dict
    worlds: list


def read(path):
    """Exercise from a source file. Raises SourceError."""
    try:
        notebook = jupytext.read(path, fmt="py:percent")
    except Exception as error:  # jupytext and nbformat raise many kinds
        first = (str(error).strip().splitlines() or [""])[0]
        raise SourceError(f"{path.name}: cannot be read ({type(error).__name__}: {first})") from error
    questions = _questions(path.name, notebook)
    cells, counts, part = [], {}, "start"
    for raw in notebook.cells:
        part = raw.metadata.get("question", part)
        tags = tuple(raw.metadata.get("tags", []))
        if "spec" in tags:
            continue
        cells.append(_cell(path.name, raw, tags, part, questions, counts))
    for question, spec in questions.items():
        homes = [cell for cell in cells if question in cell.answers]
        if spec["kind"] != "decision" and len(homes) != 1:
            raise SourceError(
                f"{path.name}: {question} needs one `# BEGIN SOLUTION {question}`, it has {len(homes)}"
            )
        if not any("check" in cell.tags and f'"{question}"' in cell.full for cell in cells):
            raise SourceError(
                f'{path.name}: {question} has no cell tagged `check` that calls check("{question}")'
            )
    return Exercise(path.stem, cells, questions, _worlds(cells))


def _cell(file, raw, tags, part, questions, counts):
    text = raw.source.rstrip("\n") + "\n"
    answers = []

    def stub(match):
        question = match["question"]
        if question not in questions:
            raise SourceError(f"{file}: `# BEGIN SOLUTION {question}` names no question of a spec cell")
        if match["indent"]:
            raise SourceError(f"{file}: {question}: a solution block must not be indented")
        name = questions[question]["name"]
        if not _assigns(file, question, match["body"], name):
            raise SourceError(f"{file}: {question}: the solution does not assign `{name}`")
        answers.append(question)
        return f'{name} = """\n...\n"""\n' if questions[question]["kind"] == "decision" else f"{name} = ...\n"

    blank = _BLOCK.sub(stub, text).rstrip("\n")
    full = _BLOCK.sub(lambda match: match["body"], text).rstrip("\n")
    if re.search(r"(BEGIN|END) SOLUTION", blank + full):
        raise SourceError(f"{file}: a solution block in part {part!r} is not closed, or is closed twice")
    role = _role(raw.cell_type, tags, answers)
    number = counts[part, role] = counts.get((part, role), 0) + 1
    identity = f"{part}-{role}" + (f"-{number}" if number > 1 else "")
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", identity):
        raise SourceError(f"{file}: question={part!r}: use letters, digits, - and _ only")
    return Cell(identity, raw.cell_type, tags, blank, full, tuple(answers))


def _role(cell_type, tags, answers):
    if answers:
        return "answer"
    for tag in ("check", "solution", "exercise"):
        if tag in tags:
            return tag
    return "text" if cell_type == "markdown" else "code"


def _assigns(file, question, code, name):
    try:
        tree = ast.parse(code)
    except SyntaxError as error:
        raise SourceError(f"{file}: {question}: the solution is no Python ({error.msg})") from error
    return any(
        isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)
        for node in ast.walk(tree)
    )


def _questions(file, notebook):
    questions = {}

    def question(identity, **spec):
        if identity in questions:
            raise SourceError(f"{file}: {identity} has two specs")
        questions[identity] = _checked_spec(file, identity, spec)

    for cell in notebook.cells:
        if "spec" in cell.metadata.get("tags", []):
            try:
                exec(
                    compile(cell.source, file, "exec"), {"question": question}
                )  # the course's own
            except SourceError:
                raise
            except Exception as error:
                raise SourceError(f"{file}: a spec cell fails ({type(error).__name__}: {error})") from error
    if not questions:
        raise SourceError(f"{file}: no spec cell, so no question")
    return questions


def _checked_spec(file, identity, spec):
    where = f"{file}: {identity}"
    lacking = [key for key in _REQUIRED if not isinstance(spec.get(key), str) or not spec[key]]
    if lacking:
        raise SourceError(f"{where}: the spec lacks {', '.join(lacking)}")
    kind = spec["kind"]
    if kind not in KINDS:
        raise SourceError(f"{where}: kind {kind!r} is none of {', '.join(KINDS)}")
    unknown = sorted(set(spec) - _COMMON - _ALLOWED[kind])
    if unknown:
        raise SourceError(f"{where}: a {kind} question knows no {', '.join(unknown)}")
    if not spec["name"].isidentifier():
        raise SourceError(f"{where}: {spec['name']!r} is no variable's name")
    if kind == "table" and not spec.get("keys"):
        raise SourceError(f"{where}: a table needs keys=[...], the columns that tell its rows apart")
    if kind == "choice" and len(spec.get("options", {})) < 2:
        raise SourceError(f"{where}: a choice needs options={{label: why it tempts}}, two or more")
    if kind == "decision" and not spec.get("rubric"):
        raise SourceError(f"{where}: a decision needs rubric=[...], what to hold the answer against")
    traps = spec.get("traps", {})
    for trap, pair in traps.items():
        if not (
            isinstance(pair, tuple)
            and len(pair) == 2
            and all(isinstance(part, str) and part for part in pair)
        ):
            raise SourceError(f"{where}: trap {trap!r} is not a pair (code, words)")
    words = (
        [say for _, say in traps.values()]
        + list(spec.get("hints", []))
        + list(spec.get("options", {}).values())
    )
    for text in words:
        if any(banned in text.lower() for banned in _BANNED):
            raise SourceError(f"{where}: a message says {text[:40]!r}: name the mistake, do not judge")
    return spec


def _worlds(cells):
    """The worlds that the exercise loads, from its calls of `load("...")`."""
    worlds = set()
    for cell in cells:
        if cell.type == "code":
            worlds.update(re.findall(r"\bload\(\s*[\"'](\w+)[\"']", cell.full))
    return sorted(worlds)


def program(exercise):
    """The solution as check data carries it: see twoworlds.check.keys.run_program."""
    cells = []
    for cell in exercise.cells:
        if cell.type != "code" or LEFT_OUT & set(cell.tags):
            continue
        code = "\n".join(line for line in cell.full.splitlines() if not line.lstrip().startswith(("%", "!")))
        traps = {
            question: {trap: pair[0] for trap, pair in exercise.questions[question].get("traps", {}).items()}
            for question in cell.answers
        }
        cells.append(
            {
                "code": without_checker(code),
                "answers": list(cell.answers),
                "traps": {question: found for question, found in traps.items() if found},
            }
        )
    return cells
