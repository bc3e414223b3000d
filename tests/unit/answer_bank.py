"""Banks of learners' answers, wrong and right, and the runner that tries them on the real exercises.

tests/unit/wrong_answers/<slug>.toml and tests/unit/right_answers/<slug>.toml hold one table an answer:

    [[answer]]
    question = "q1"
    note = "counts bookings, not customers"     # the mistake (or the other route), in the author's words
    code = '''
    booked_again = ...
    '''

`code` is what a learner would put in the answer's cell; it runs after the exercise's setup cells, in a
namespace of its own. Code that raises an error is an answer too. <slug>.toml may be split:
<slug>.more.toml belongs to <slug>. A wrong answer must give another value than the right one on the
shipped data, or no check could tell.

    python tests/unit/answer_bank.py        prints what every answer is met with, and the totals
"""

import contextlib
import io
import sys
import tomllib
import types
import warnings
from collections import Counter
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
GENERIC = ("other", "values")  # messages that name no mistake


class Entry(NamedTuple):
    slug: str
    question: str
    note: str
    code: str
    place: str  # file and number, for messages


def entries(bank):
    """All entries of a bank, "wrong_answers" or "right_answers"."""
    found = []
    for path in sorted((HERE / bank).glob("*.toml")):
        slug = path.name.split(".")[0]
        for number, answer in enumerate(tomllib.loads(path.read_text(encoding="utf-8"))["answer"], 1):
            found.append(
                Entry(slug, answer["question"], answer["note"], answer["code"], f"{path.name} {number}")
            )
    return found


class Shell:
    """As much of IPython as the checker's watch needs."""

    def __init__(self, namespace):
        self.user_ns = namespace

    def transform_cell(self, code):
        return code


def setup_code(slug):
    """Code of the exercise's cells before its first question, without the Checker."""
    from authoring import exercise_source
    from twoworlds.check.keys import without_checker

    exercise = exercise_source.read(ROOT / "authoring" / "exercises" / f"{slug}.py")
    cells = [cell for cell in exercise.cells if cell.id.startswith("start-") and cell.type == "code"]
    return "\n".join(without_checker(cell.full) for cell in cells)


def met_with(entry, checks=None):
    """The Result that a learner with this answer sees."""
    from twoworlds.check import Checker
    from twoworlds.check.watch import CellWatch

    namespace = {"__name__": "__main__"}
    check = Checker(entry.slug, folder=checks)
    check._watch = CellWatch(Shell(namespace))
    check._watch.add(spec["name"] for spec in check._checkdata["questions"].values())
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(setup_code(entry.slug), namespace)  # the course's own
        before, during = None, None
        try:
            code = compile(entry.code, "<answer>", "exec")
        except SyntaxError as error:
            before = error
        else:
            try:
                exec(code, namespace)  # the bank's own
            except Exception as error:
                during = error
        info = types.SimpleNamespace(raw_cell=entry.code)
        check._watch.after_cell(
            types.SimpleNamespace(info=info, error_before_exec=before, error_in_exec=during)
        )
    return check(entry.question, namespace)


def main():
    """Print every answer with its verdict, then the totals. Status 1 where a verdict is not as it should
    be.
    """
    sys.path.insert(0, str(ROOT))
    wrong = [(entry, met_with(entry)) for entry in entries("wrong_answers")]
    right = [(entry, met_with(entry)) for entry in entries("right_answers")]
    for entry, result in [*wrong, *right]:
        print(f"{entry.place:28} {entry.question}  {result.code:28} {entry.note}")
    accepted = [entry for entry, result in wrong if result.ok]
    refused = [entry for entry, result in right if not result.ok]
    generic = sum(result.code in GENERIC for _, result in wrong)
    problems = sum(result.state == "problem" for _, result in wrong)
    print(
        f"\nwrong answers: {len(wrong)}; accepted: {len(accepted)}; met by a message of their own:"
        f" {len(wrong) - generic} ({(len(wrong) - generic) / max(1, len(wrong)):.0%}); check stumbled:"
        f" {problems}"
    )
    print(f"right answers: {len(right)}; refused: {len(refused)}")
    print(
        "messages:",
        ", ".join(
            f"{code} {count}" for code, count in Counter(result.code for _, result in wrong).most_common()
        ),
    )
    return 1 if accepted or refused or problems else 0


if __name__ == "__main__":
    sys.exit(main())
