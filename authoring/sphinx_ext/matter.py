"""Building blocks of the front and back matter: a question of the source that another page answers.

And one mend of the engine that lists of sources need: it writes the `&` of an address twice as an entity.
"""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

from docutils import nodes
from sphinx.transforms import SphinxTransform

from .components import SourceBlock
from .html_element import element


def page_that_answers(root: Path, identifier: str) -> str | None:
    """Slug of the page in book/ with a `source-question` block for this question, or None."""
    block = re.compile(rf"^[`:]{{3,}}\{{source-question\}}[ \t]+{identifier}[ \t]*$", re.M)
    for path in sorted((root / "book").glob("*.md")):
        if block.search(path.read_text(encoding="utf-8")):
            return path.stem
    return None


class FurtherQuestion(SourceBlock):
    """```{further-question} Q01```: a question that a chapter takes up. The body is the answer in short; a
    link to the chapter's answer follows as soon as the chapter has one.
    """

    def run(self) -> list[nodes.Node]:
        identifier = self.arguments[0].strip()
        question = self.words(None)
        if question is None:
            return []
        root = Path(self.env.srcdir)
        for path in sorted((root / "book").glob("*.md")):
            self.env.note_dependency(str(path.relative_to(root)))
        box = element(
            "div",
            element("p", *self.inline(question), classes=("tw-claim",)),
            *self.parsed(),
            classes=("tw-verdict", "tw-discussion"),
        )
        if page_that_answers(root, identifier):
            label = f"question-{identifier.lower()}"
            box += element("p", *self.inline(f"{{ref}}`Read the chapter's answer <{label}>`."))
        self.anchor(box, f"further-{identifier.lower()}")
        return [box]


class PlainAddresses(SphinxTransform):
    """An address holds `&` itself; the page's writer makes an entity of it, once."""

    default_priority = 870

    def apply(self, **_kwargs) -> None:
        for link in self.document.findall(nodes.reference):
            if "&amp;" in link.get("refuri", ""):
                link["refuri"] = unescape(link["refuri"])


def setup(app) -> None:
    """Register directive and transform."""
    app.add_directive("further-question", FurtherQuestion)
    app.add_transform(PlainAddresses)
