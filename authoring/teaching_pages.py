"""The instructor pages: one a chapter, from authoring/teaching/<slug>.toml (see teaching_source.py), and
one on the whole course, from authoring/teaching/overview.md.
"""

from __future__ import annotations

from pathlib import Path

from authoring import exercise_source, teaching_source
from authoring.page_parts import table
from authoring.slides import chapter_title
from authoring.teaching_source import Step, Teaching

ROOT = Path(__file__).resolve().parent.parent
HEAD = """\
---
lesson: {slug}
---
{mark}

# Teach it: {title}

<p><a class="tw-deck" href="../slides/{slug}.html">Open the slides</a></p>

Read [the chapter]({slug}.md) first, and do [the exercise](../exercises/{slug}.ipynb) yourself. The
slides show the lesson's own figures and interactives; they need no network. The key S opens a window
for you alone, with what stands on this page, step by step. [How to teach the course](teach.md) has the
plans for half a day, six weeks and a term.
"""
SESSIONS = "<!-- sessions -->"
ESTIMATE = (
    "The minutes are an estimate, from the words and the questions, not from classes. "
    "[The form](teach.md#a-form-for-real-timings) collects yours."
)


def page(teaching: Teaching, mark: str, root: Path = ROOT) -> str:
    """One instructor page as Markdown. mark: the line that says the page is made by code."""
    title = short_title(teaching.slug, root)
    parts = [HEAD.format(slug=teaching.slug, mark=mark, title=title)]
    parts += ["## Aims", "", "After this session a learner can:", "", *bullets(teaching.aims), ""]
    parts += ["## Before the class", "", *bullets(teaching.before), ""]
    parts += [f"## The plan: {teaching.minutes} minutes", "", ESTIMATE, "", *plan(teaching), ""]
    for start, step in zip(teaching.starts(), teaching.steps, strict=True):
        parts += step_section(start, step)
    parts += ["## What they will believe", "", *misconceptions(teaching, root), ""]
    parts += ["## When you are late", "", *bullets(cuts(teaching)), ""]
    return "\n".join(parts).rstrip() + "\n"


def short_title(slug: str, root: Path = ROOT) -> str:
    """The chapter's title up to its colon, in small letters."""
    name = chapter_title(slug, root).partition(":")[0]
    return name[0].lower() + name[1:]


def bullets(lines) -> list[str]:
    """A list; each line may hold several sentences."""
    return [f"- {' '.join(line.split())}" for line in lines]


def plan(teaching: Teaching) -> list[str]:
    """The plan as a table: when, what, how long."""
    rows = [
        (str(start), step.title, f"{step.minutes}", "yes" if step.ask else "")
        for start, step in zip(teaching.starts(), teaching.steps, strict=True)
    ]
    return table(("At minute", "What", "Minutes", "A question to the room"), rows, right=(0, 2))


def step_section(start: int, step: Step) -> list[str]:
    """What the instructor does, says and asks in a step."""
    lines = [f"### At minute {start}: {step.title}", "", step.do.strip(), ""]
    if step.say:
        lines += [*bullets(step.say), ""]
    if step.ask:
        lines += [f"**Ask, and wait:** {' '.join(step.ask.split())}", ""]
    if step.expect:
        lines += [f"**You will hear:** {' '.join(step.expect.split())}", ""]
    return lines


def misconceptions(teaching: Teaching, root: Path) -> list[str]:
    """Each misconception, the question that uncovers it, and what the check says to it."""
    questions = exercise_source.read(root / "authoring" / "exercises" / f"{teaching.slug}.py").questions
    lines = []
    for entry in teaching.misconceptions:
        number = list(questions).index(entry.question) + 1
        where = f"Question {number} of the exercise uncovers it"
        lines += [f"**“{entry.says.strip()}”** {where}.", ""]
        if entry.trap:
            words = questions[entry.question]["traps"][entry.trap][1]
            lines += [f"The check says: *{' '.join(words.split())}*", ""]
        lines += [entry.answer.strip(), ""]
    return lines


def cuts(teaching: Teaching) -> list[str]:
    """What each step says about being late."""
    return [f"*{step.title}.* {step.cut}" for step in teaching.steps if step.cut]


def overview(all_teaching: list[Teaching], mark: str, root: Path = ROOT) -> str:
    """The page on teaching the whole course: overview.md with the table of sessions in it."""
    rows = [
        (
            f"[{short_title(teaching.slug, root).capitalize()}](teach-{teaching.slug}.md)",
            f"{teaching.minutes}",
            f"{sum(bool(step.ask) for step in teaching.steps)}",
            f'<a href="../slides/{teaching.slug}.html">{len(teaching.slides)} slides</a>',
        )
        for teaching in all_teaching
    ]
    sessions = table(("Session", "Minutes", "Questions to the room", "Slides"), rows, right=(1, 2))
    text = (root / "authoring" / "teaching" / "overview.md").read_text(encoding="utf-8")
    return f"{mark}\n\n" + text.replace(SESSIONS, "\n".join(sessions))


def pages(mark: str, root: Path = ROOT) -> dict[str, str]:
    """{file below book/: text} of all instructor pages."""
    all_teaching = [teaching_source.read(path, root) for path in teaching_source.sources(root)]
    found = {f"teach-{teaching.slug}.md": page(teaching, mark, root) for teaching in all_teaching}
    return {"teach.md": overview(all_teaching, mark, root), **found}
