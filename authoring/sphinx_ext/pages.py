"""Pages that show their lesson's results: the role `{glue:text}` and the directive `{lesson-output}`.
Pages made by code show drawings of their own: the directive `{drawing}`.

A page names its lesson in the front matter (`lesson: 03-retention`, or `lessons: [...]`). Values and
outputs come from the stored notebook: nothing runs while the book is built. A page is read again when
its lesson changes.
"""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from docutils import nodes
from docutils.parsers.rst import directives
from myst_nb.ext.glue.domain import NbGlueDomain
from sphinx.transforms import SphinxTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from . import svg
from .html_element import element, raw_html
from .lessons import WIDGET_VIEW, Lesson, UnknownNameError, lesson_files, read_lesson
from .outputs import UnfitOutputError, output_html, prefix_for
from .widgets import needed_models, state_script

LOGGER = logging.getLogger(__name__)
_FRONT_MATTER = re.compile(r"\A---\s*\n(.*?)\n---\s*(?:\n|\Z)", re.S)


def front_matter(path: Path) -> dict:
    """The YAML at the head of a Markdown page (empty where there is none)."""
    match = _FRONT_MATTER.match(path.read_text(encoding="utf-8"))
    found = yaml.safe_load(match.group(1)) if match else {}
    return found if isinstance(found, dict) else {}


def page_lessons(env) -> list[str]:
    """Slugs of the lessons that the page being read draws on: its front matter, else the lesson of the same
    name.
    """
    if "tw_lessons" not in env.temp_data:
        path = Path(env.doc2path(env.docname))
        matter = front_matter(path) if path.suffix == ".md" else {}
        slugs = matter.get("lessons") or [matter.get("lesson") or path.stem]
        env.temp_data["tw_lessons"] = [str(slug) for slug in slugs]
    return env.temp_data["tw_lessons"]


def find_lesson(env, name: str) -> tuple[Lesson, str]:
    """The lesson that `name` belongs to, and the name inside it (`slug/name`, or the page's first lesson)."""
    lessons = page_lessons(env)
    slug, _, inner = name.rpartition("/")
    slug = slug or lessons[0]
    if slug not in lessons:
        raise UnknownNameError(f"{slug!r} is not in the `lessons:` of this page")
    root = Path(env.srcdir)
    for path in lesson_files(root, slug):
        env.note_dependency(str(path.relative_to(root)))
    return read_lesson(root, slug), inner


class BoundValue(SphinxRole):
    """{glue:text}`name` or {glue:text}`name:.1f`: a value that the lesson computed."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        name, _, spec = self.text.partition(":")
        try:
            lesson, inner = find_lesson(self.env, name.strip())
            text = lesson.value(inner, spec.strip())
        except UnknownNameError as error:
            LOGGER.warning("%s", error, location=self.get_location(), type="lesson", subtype="value")
            text = f"[{name}?]"
        except ValueError as error:
            message = f"{name!r} does not fit the format {spec!r}: {error}"
            LOGGER.warning(message, location=self.get_location(), type="lesson", subtype="format")
            text = f"[{name}?]"
        return [nodes.inline(self.rawtext, text, classes=["tw-value"])], []


class LessonDomain(NbGlueDomain):
    """The engine's glue domain, with values that need no kernel and no executed page."""

    roles = {**NbGlueDomain.roles, "text": BoundValue()}


class LessonOutput(SphinxDirective):
    """```{lesson-output} cell-name```: figure, table or widget of a named cell; the body is the caption."""

    required_arguments = 1
    has_content = True
    option_spec = {
        "name": directives.unchanged,
        "output": directives.positive_int,
        "class": directives.class_option,
    }

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0]
        try:
            lesson, inner = find_lesson(self.env, name)
            bundles = lesson.cell_outputs(inner)
            if "output" in self.options:
                if self.options["output"] > len(bundles):
                    count = len(bundles)
                    raise UnknownNameError(f"cell {inner!r} of lesson {lesson.slug} has {count} outputs")
                bundles = [bundles[self.options["output"] - 1]]
            caption = self.caption()
            label = caption.astext() if caption is not None else f"Table: {inner.replace('-', ' ')}"
            pieces = [
                output_html(bundle, f"{self.env.docname} {self.lineno} {n}", label)
                for n, bundle in enumerate(bundles)
            ]
        except (UnknownNameError, UnfitOutputError) as error:
            text = f"{name}: {error}" if isinstance(error, UnfitOutputError) else str(error)
            LOGGER.warning("%s", text, location=self.get_location(), type="lesson", subtype="output")
            return []
        self.note_widgets(lesson, bundles)
        content = [raw_html(piece) for piece in pieces]
        classes = ["tw-figure", *self.options.get("class", [])]
        if caption is None:
            node = element("div", *content, classes=tuple(classes))
        else:
            node = nodes.figure("", *content, caption, classes=classes)
        self.set_source_info(node)
        self.add_name(node)
        return [node]

    def caption(self) -> nodes.caption | None:
        """The body as one caption."""
        if not self.content:
            return None
        parsed = nodes.Element()
        self.state.nested_parse(self.content, self.content_offset, parsed)
        paragraph = next(iter(parsed.findall(nodes.paragraph)), None)
        return nodes.caption("", "", *paragraph.children) if paragraph is not None else None

    def note_widgets(self, lesson: Lesson, bundles: list[dict]) -> None:
        """Remember which widgets this page shows, for the state at its end."""
        shown = self.env.temp_data.setdefault("tw_widgets", {})
        for bundle in bundles:
            if WIDGET_VIEW in bundle:
                shown.setdefault(lesson.slug, []).append(bundle[WIDGET_VIEW]["model_id"])


class Drawing(SphinxDirective):
    """```{drawing} name```: a figure that `authoring.book_pages` drew into book/drawn/name.svg."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        relative = Path("book") / "drawn" / f"{self.arguments[0]}.svg"
        self.env.note_dependency(str(relative))
        try:
            drawn = (Path(self.env.srcdir) / relative).read_text(encoding="utf-8")
            content = svg.inline(drawn, prefix_for(drawn, f"{self.env.docname} {self.lineno}"))
        except (OSError, ValueError) as error:
            message = f"{relative}: {error}"
            LOGGER.warning(message, location=self.get_location(), type="lesson", subtype="drawing")
            return []
        return [element("div", raw_html(content), classes=("tw-figure",))]


class WidgetState(SphinxTransform):
    """Put the saved state of the shown widgets at the end of the page."""

    default_priority = 850

    def apply(self, **_kwargs) -> None:
        models: dict[str, dict] = {}
        for slug, shown in self.env.temp_data.pop("tw_widgets", {}).items():
            lesson = read_lesson(Path(self.env.srcdir), slug)
            try:
                models |= needed_models(lesson.state, shown)
            except KeyError as error:
                message = (
                    f"lesson {slug} shows a widget whose state is not saved ({error}): remake the lesson"
                )
                LOGGER.warning(message, location=self.document, type="lesson", subtype="widget")
        if models:
            self.document.append(raw_html(state_script(models)))


class NumbersKeepTheirUnit(SphinxTransform):
    """A number and the per cent sign after it stay on one line."""

    default_priority = 860

    def apply(self, **_kwargs) -> None:
        for text in list(self.document.findall(nodes.Text)):
            if " %" not in text or isinstance(text.parent, nodes.literal | nodes.literal_block | nodes.raw):
                continue
            kept = re.sub(r"(?<=\d) %", "\N{NO-BREAK SPACE}%", text)
            before = text.parent[text.parent.index(text) - 1] if text.parent.index(text) else None
            if kept.startswith(" %") and isinstance(before, nodes.inline) and "tw-value" in before["classes"]:
                kept = "\N{NO-BREAK SPACE}" + kept[1:]
            if kept != text:
                text.parent.replace(text, nodes.Text(kept))


def setup(app) -> None:
    """Register role, directive and transform; must come after myst_nb."""
    app.add_domain(LessonDomain, override=True)
    app.add_directive("lesson-output", LessonOutput)
    app.add_directive("drawing", Drawing)
    app.add_transform(WidgetState)
    app.add_transform(NumbersKeepTheirUnit)
