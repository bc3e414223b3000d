"""The primer: every answer that it unfolds runs after its lesson and says what the section teaches."""

from __future__ import annotations

import ast
import contextlib
import io
import re
from pathlib import Path

import jupytext
import pytest

ROOT = Path(__file__).resolve().parents[2]
LESSON = ROOT / "authoring" / "lessons" / "00-primer.py"
ANSWER = re.compile(r"<details><summary>An answer</summary>\s+```python\n(.*?)```", re.S)


def value_of(code, names):
    """Run code as a cell: the value of its last expression."""
    *before, last = ast.parse(code).body
    exec(compile(ast.Module(before, []), "answer", "exec"), names)
    return eval(compile(ast.Expression(last.value), "answer", "eval"), names)


@pytest.fixture(scope="module")
def lesson():
    """The lesson's names after its last shipped cell, and the answers in order."""
    cells = jupytext.read(LESSON).cells
    names = {"__name__": "primer"}
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in cells:
            if cell.cell_type == "code" and "book" not in cell.metadata.get("tags", []):
                exec(compile(cell.source, "lesson", "exec"), names)
    text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return names, ANSWER.findall(text), text


def test_every_section_ends_with_something_to_try_and_an_answer(lesson):
    _, answers, text = lesson
    sections = re.split(r"^## \d\. ", text, flags=re.M)[1:]
    assert len(sections) == len(answers) == 8
    for section in sections:
        assert section.count("**Try it.**") == 1
        assert section.count("<details>") == section.count("</details>") == 1


def test_the_answers_are_right(lesson):
    names, answers, _ = lesson
    got = [value_of(code, dict(names)) for code in answers]
    users, bookings = names["users"], names["bookings"]
    accounts, trials = names["accounts"], names["trials"]

    hotels = sum(product == "hotel" for product in bookings["product"])
    assert got[0] == pytest.approx(hotels / len(bookings))

    begun = zip(trials["started_on"].dt.year, trials["path"], strict=True)
    assert got[1] == sum(year == 2025 and path == "assisted" for year, path in begun)

    assert got[2]["accounts"].to_dict() == accounts["size"].value_counts().to_dict()
    large = sorted(accounts.loc[accounts["size"] == "large", "employees"])
    middle = (large[(len(large) - 1) // 2] + large[len(large) // 2]) / 2
    assert got[2].loc["large", "employees"] == middle

    device = dict(zip(users["user_id"], users["device"], strict=True))
    assert got[3]["ios"] == sum(device[user] == "ios" for user in bookings["user_id"])
    assert got[3].sum() == len(bookings)

    assert got[4] == pytest.approx(sum(day == day for day in users["signed_up_on"]) / len(users))

    rows = trials[names["had_time"]]
    assisted = rows[rows["path"] == "assisted"]
    assert got[5] == pytest.approx(assisted["paid_on"].count() / len(assisted))

    # Wilson's own formula, with 1.96 squared being 3.8415.
    centre, half = (4 + 3.8415 / 2) / 23.8415, 1.96 * (20 * 0.2 * 0.8 + 3.8415 / 4) ** 0.5 / 23.8415
    assert got[6] == pytest.approx((centre - half, centre + half), abs=1e-4)

    assert got[7][0] > 20 and got[7][1] == 1
