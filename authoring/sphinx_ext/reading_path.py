"""A way through the book with its hours: the directive `{reading-path}`. Minutes come from the chapters' own
goals blocks, so a path can't promise other hours than its chapters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from docutils import nodes

from .components import Block

PARTS = ("page", "lesson", "exercise")
_GOALS = re.compile(
    r"^(`{3,}|:{3,})\{goals\}[ \t]*(?P<minutes>\d+) minutes[^\n]*\n(?P<body>.*?)^\1[ \t]*$", re.M | re.S
)
_TIME = re.compile(r"(?P<number>\d+|one|two|three|four) (?P<unit>minutes?|hours?)")
_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4}


@dataclass(frozen=True)
class Times:
    """Minutes that a chapter says it takes."""

    page: int
    lesson: int
    exercise: int


def minutes(words: str) -> int | None:
    """The first time named in some words, in minutes."""
    match = _TIME.search(words)
    if not match:
        return None
    number = _NUMBERS.get(match["number"]) or int(match["number"])
    return number * (60 if match["unit"].startswith("hour") else 1)


def chapter_times(text: str) -> Times:
    """Times from a chapter's goals block: of the page in its head; of lesson and exercise after their links.

    Raises ValueError where one is not said.
    """
    goals = _GOALS.search(text)
    if not goals:
        raise ValueError("the goals don't say how many minutes the page takes")
    found = {}
    for part in ("lesson", "exercise"):
        after = re.search(rf"\[the {part}\]\([^)]*\)(?P<words>[^\[]*)", goals["body"])
        each = re.search(r"([^,.]*) each\b", goals["body"])
        found[part] = minutes(after["words"]) if after else None
        found[part] = found[part] or (minutes(each[1]) if each else None)
        if not found[part]:
            raise ValueError(f"the goals don't say how long the {part} takes")
    return Times(int(goals["minutes"]), **found)


def hours(total: int) -> str:
    """Minutes as hours, to the nearest half."""
    halves = max(1, round(total / 30))
    whole, half = divmod(halves, 2)
    return f"{whole or ''}{'½' if half else ''}\N{NO-BREAK SPACE}{'hours' if halves > 2 else 'hour'}"


class ReadingPath(Block):
    """A table of steps with their times, and the sum. The body is a YAML list of steps, each with `to` (a
    page) and `why`; a chapter has `parts` (some of page, lesson, exercise), another page `minutes`.
    """

    def run(self) -> list[nodes.Node]:
        steps = self.body_as_yaml(list)
        if steps is None:
            return []
        lines, total = ["| Step | For | Time |", "|---|---|---:|"], 0
        for step in steps:
            try:
                words, taken = self.step(step)
            except (OSError, KeyError, ValueError) as error:
                self.warn(f"{step}: {error}")
                return []
            total += taken
            lines.append(f"| {words} | {step['why']} | {taken}\N{NO-BREAK SPACE}min |")
        lines.append(f"| **In all** | | **{hours(total)}** |")
        return self.parsed("\n".join(lines))

    def step(self, step: dict) -> tuple[str, int]:
        """A step's links, and its minutes."""
        name = step["to"]
        if "minutes" in step:
            return f"[]({name})", int(step["minutes"])
        root = Path(self.env.srcdir)
        relative = Path("book") / name
        self.env.note_dependency(str(relative))
        times = chapter_times((root / relative).read_text(encoding="utf-8"))
        links = {
            "page": f"[]({name})",
            "lesson": f"[the lesson](../notebooks/{Path(name).stem}.ipynb)",
            "exercise": f"[the exercise](../exercises/{Path(name).stem}.ipynb)",
        }
        parts = step["parts"]
        if not parts or set(parts) - set(PARTS):
            raise ValueError(f"`parts` are some of {', '.join(PARTS)}")
        return ", ".join(links[part] for part in parts), sum(getattr(times, part) for part in parts)


def setup(app) -> None:
    """Register the directive."""
    app.add_directive("reading-path", ReadingPath)
