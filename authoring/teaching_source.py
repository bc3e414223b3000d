"""Read how a chapter is taught: authoring/teaching/<slug>.toml.

One source makes the chapter's instructor page and its slides:

    minutes = 90                    what the session takes; the steps must add up to it
    before = ["..."]                what to prepare
    aims = ["..."]                  what learners can do afterwards

    [[step]]
    title, minutes                  a line of the plan
    do = "..."                      what the instructor does
    say = ["..."]                   talking points
    ask = "..."                     a live prompt, put before the answer is shown
    expect = "..."                  what a room says to it, and what to make of it
    cut = "..."                     what to leave out when late

    [[step.slide]]
    title                           states the point
    text = "..."                    Markdown, few words
    output = "fig-slide"            a named cell of the lesson: figure, table or interactive

    [[misconception]]
    says, answer                    what a learner believes, and what to say
    question, trap                  the question of the exercise that uncovers it, and its trap
                                    that names it (where there is one)

In every text, {glue:text}`name:.0f` is a number that the lesson bound, as on the pages.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from authoring import exercise_source
from authoring.sphinx_ext.lessons import Lesson, UnknownNameError, read_lesson
from twoworlds.errors import TwoWorldsError

ROOT = Path(__file__).resolve().parent.parent
BOUND = re.compile(r"\{glue:text\}`([^`:]+)(?::([^`]*))?`")
LONGEST_SLIDE = 60  # words: more is read, not heard


@dataclass(frozen=True)
class Slide:
    """One slide: a title that states the point, a few words, and an output of the lesson ("" for none)."""

    title: str
    text: str = ""
    output: str = ""


@dataclass(frozen=True)
class Step:
    """One line of the plan, with what is said, asked and shown in it."""

    title: str
    minutes: int
    do: str
    say: tuple[str, ...] = ()
    ask: str = ""
    expect: str = ""
    cut: str = ""
    slides: tuple[Slide, ...] = ()


@dataclass(frozen=True)
class Misconception:
    """What a learner believes, the question that uncovers it, and what to say."""

    says: str
    question: str
    answer: str
    trap: str = ""


@dataclass(frozen=True)
class Teaching:
    """How one chapter is taught."""

    slug: str
    minutes: int
    before: tuple[str, ...]
    aims: tuple[str, ...]
    steps: tuple[Step, ...]
    misconceptions: tuple[Misconception, ...]

    @property
    def slides(self) -> list[Slide]:
        """All slides, in order."""
        return [slide for step in self.steps for slide in step.slides]

    def starts(self) -> list[int]:
        """Minutes from the beginning of the session to that of each step."""
        return [sum(step.minutes for step in self.steps[:place]) for place in range(len(self.steps))]


def sources(root: Path = ROOT) -> list[Path]:
    """The files that say how chapters are taught, in the order of the chapters."""
    return sorted((root / "authoring" / "teaching").glob("*.toml"))


def filled(text: str, lesson: Lesson) -> str:
    """The text with each bound number in its place. Raises UnknownNameError or ValueError."""
    return BOUND.sub(lambda match: lesson.value(match[1].strip(), (match[2] or "").strip()), text)


def read(path: Path, root: Path = ROOT) -> Teaching:
    """Read and check one source. Raises TwoWorldsError: one line that says what is wrong with which part."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise TwoWorldsError(f"{path.name} can't be read: {error}") from error
    try:
        teaching = _teaching(path.stem, raw)
    except (KeyError, TypeError) as error:
        raise TwoWorldsError(f"{path.name} has a part that does not fit: {error}") from error
    _check(teaching, path.name, root)
    return teaching


def _teaching(slug: str, raw: dict) -> Teaching:
    known = {"minutes", "before", "aims", "step", "misconception"}
    if raw.keys() - known:
        raise TypeError(f"unknown {', '.join(sorted(raw.keys() - known))}")
    steps = []
    for step in raw["step"]:
        slides = tuple(Slide(**slide) for slide in step.pop("slide", []))
        steps.append(Step(**{**step, "say": tuple(step.get("say", ())), "slides": slides}))
    return Teaching(
        slug=slug,
        minutes=raw["minutes"],
        before=tuple(raw["before"]),
        aims=tuple(raw["aims"]),
        steps=tuple(steps),
        misconceptions=tuple(Misconception(**entry) for entry in raw["misconception"]),
    )


def _check(teaching: Teaching, name: str, root: Path) -> None:
    def wrong(what: str) -> None:
        raise TwoWorldsError(f"{name}: {what}")

    total = sum(step.minutes for step in teaching.steps)
    if total != teaching.minutes:
        wrong(f"the steps take {total} minutes, the session {teaching.minutes}: make them agree")
    lesson = read_lesson(root, teaching.slug)
    for text in _texts(teaching):
        try:
            filled(text, lesson)
        except (UnknownNameError, ValueError) as error:
            wrong(f"{error} (in {text[:40]!r})")
    for slide in teaching.slides:
        words = len(re.sub(r"[#*|>-]", " ", filled(slide.text, lesson)).split())
        if words > LONGEST_SLIDE:
            wrong(f"slide {slide.title!r} has {words} words: at most {LONGEST_SLIDE}")
        if slide.output:
            try:
                lesson.cell_outputs(slide.output)
            except UnknownNameError as error:
                wrong(str(error))
    questions = exercise_source.read(
        root / "authoring" / "exercises" / f"{teaching.slug}.py"
    ).questions
    for entry in teaching.misconceptions:
        if entry.question not in questions:
            wrong(f"the exercise has no question {entry.question!r}")
        if entry.trap and entry.trap not in questions[entry.question].get("traps", {}):
            wrong(f"{entry.question} has no trap {entry.trap!r}")


def _texts(teaching: Teaching) -> list[str]:
    texts = [*teaching.before, *teaching.aims]
    for step in teaching.steps:
        texts += [step.title, step.do, *step.say, step.ask, step.expect, step.cut]
        texts += [part for slide in step.slides for part in (slide.title, slide.text)]
    return texts + [part for entry in teaching.misconceptions for part in (entry.says, entry.answer)]
