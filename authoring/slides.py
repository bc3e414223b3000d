"""Slides of every chapter, from the lesson's stored outputs: `python -m authoring.slides`.

They land in _build/html/slides/ and open from a disk with the network off. Figures and interactives are the
lesson's own, numbers the ones that it bound; what is said stands in the speaker's notes (key S). The book's
build makes them too, so that instructor pages can link to them.
"""

from __future__ import annotations

import re
import sys
from html import escape
from pathlib import Path

from markdown_it import MarkdownIt

from authoring import front_end, teaching_source
from authoring.sphinx_ext.lean import WIDGET_MANAGER
from authoring.sphinx_ext.lessons import WIDGET_VIEW, Lesson, read_lesson
from authoring.sphinx_ext.outputs import output_html
from authoring.sphinx_ext.widgets import needed_models, state_script
from authoring.teaching_source import Slide, Step, Teaching
from twoworlds.errors import TwoWorldsError

ROOT = Path(__file__).resolve().parent.parent
STATIC = "../_static"
_COMPANY = re.compile(r"\{(swiftfare|pipewright)\}`([^`]+)`")
_MARKDOWN = MarkdownIt("commonmark", {"typographer": True}).enable(["table", "smartquotes", "replacements"])

PAGE = """<!DOCTYPE html>
<html lang="en" data-theme="light" data-mode="light">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · slides · One Job, Two Worlds</title>
<link rel="icon" href="{static}/favicon.svg">
<link rel="stylesheet" href="{static}/vendor/reveal/reveal.css">
<link rel="stylesheet" href="{static}/course.css">
<link rel="stylesheet" href="{static}/slides.css">
</head>
<body>
<div class="reveal"><main class="slides">
{sections}
</main></div>
{state}
<script src="{static}/vendor/reveal/reveal.js" defer></script>
<script src="{static}/vendor/reveal/notes.js" defer></script>
{manager}
<script src="{static}/course.js" defer></script>
<script src="{static}/slides.js" defer></script>
</body>
</html>
"""


def markdown(text: str) -> str:
    """A slide's words as HTML; a company's name has its colour, as on the pages."""
    coloured = _COMPANY.sub(
        lambda match: f'<span class="tw-word tw-{match[1]}">{escape(match[2])}</span>', text
    )
    return _MARKDOWN.render(coloured)


def notes(step: Step, lesson: Lesson) -> str:
    """What the speaker sees: the step's minutes, what to do, say, ask and expect."""
    fill = teaching_source.filled
    parts = [f"<p><strong>{escape(step.title)}</strong> ({step.minutes} minutes)</p>"]
    parts.append(markdown(fill(step.do, lesson)))
    if step.say:
        parts.append(markdown("\n".join(f"- {fill(point, lesson)}" for point in step.say)))
    for label, text in (("Ask", step.ask), ("Expect", step.expect), ("When late", step.cut)):
        if text:
            parts.append(markdown(f"**{label}.** {fill(text, lesson)}"))
    return f'<aside class="notes">{"".join(parts)}</aside>'


def shown(slide: Slide, lesson: Lesson, place: int) -> str:
    """The slide's output as HTML, or nothing."""
    if not slide.output:
        return ""
    bundles = lesson.cell_outputs(slide.output)
    return "".join(
        output_html(bundle, f"slide-{place}-{number}", f"{slide.title}: table")
        for number, bundle in enumerate(bundles)
    )


def section(slide: Slide, step: Step, lesson: Lesson, place: int, first: bool) -> str:
    """One slide. The first of a step carries the step's notes."""
    fill = teaching_source.filled
    picture = shown(slide, lesson, place)
    kind = "tw-slide-picture" if picture else "tw-slide-words"
    words = f'<div class="tw-slide-text">{markdown(fill(slide.text, lesson))}</div>' if slide.text else ""
    body = f'<div class="tw-slide-output">{picture}</div>' if picture else ""
    level = "h1" if place == 1 else "h2"
    title = markdown(fill(slide.title, lesson)).strip().removeprefix("<p>").removesuffix("</p>")
    aside = notes(step, lesson) if first else ""
    content = f"<{level}>{title}</{level}>{words}{body}"
    return f'<section><div class="tw-slide {kind}">{content}</div>{aside}</section>'


def question(step: Step, lesson: Lesson) -> str:
    """The live prompt, on a slide of its own before the slides that answer it."""
    words = markdown(teaching_source.filled(step.ask, lesson))
    return f'<section><div class="tw-slide tw-slide-ask">{words}</div>{notes(step, lesson)}</section>'


def deck(teaching: Teaching, title: str, root: Path = ROOT) -> str:
    """All slides of a chapter as one HTML page."""
    lesson = read_lesson(root, teaching.slug)
    sections, models, place = [], [], 0
    for step in teaching.steps:
        asked = bool(step.ask and step.slides and place)
        if asked:
            sections.append(question(step, lesson))
        for number, slide in enumerate(step.slides):
            place += 1
            sections.append(section(slide, step, lesson, place, first=number == 0 and not asked))
            for bundle in lesson.cell_outputs(slide.output) if slide.output else []:
                if WIDGET_VIEW in bundle:
                    models.append(bundle[WIDGET_VIEW]["model_id"])
    manager = f'<script src="{STATIC}/{WIDGET_MANAGER}" defer></script>' if models else ""
    state = state_script(needed_models(lesson.state, models)) if models else ""
    return PAGE.format(
        title=escape(title), static=STATIC, sections="\n".join(sections), state=state, manager=manager
    )


def chapter_title(slug: str, root: Path = ROOT) -> str:
    """The title of a chapter's page."""
    text = (root / "book" / f"{slug}.md").read_text(encoding="utf-8")
    return re.search(r"^# (.+)$", text, re.M)[1]


def build(site: Path, root: Path = ROOT) -> list[Path]:
    """Write every chapter's slides below the site. Raises TwoWorldsError."""
    folder = site / "slides"
    written = []
    for path in teaching_source.sources(root):
        folder.mkdir(parents=True, exist_ok=True)
        teaching = teaching_source.read(path, root)
        target = folder / f"{teaching.slug}.html"
        target.write_text(deck(teaching, chapter_title(teaching.slug, root), root), encoding="utf-8")
        written.append(target)
    return written


def main() -> int:
    """Command line: exit status 2 and one line where something is wrong."""
    from authoring import book_build

    try:
        front_end.bring()
        if not (book_build.SITE / "_static").is_dir():
            book_build.build()
        for path in build(book_build.SITE):
            print(path.relative_to(ROOT))
    except TwoWorldsError as error:
        print(f"slides: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
