"""Lessons, exercises and solutions as pages: their stored outputs get the same figures, tables and widgets
as chapters.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

from .html_element import raw_html
from .lessons import WIDGET_STATE, WIDGET_VIEW, rich_output
from .outputs import UnfitOutputError, output_html, table_html
from .widgets import needed_models, state_script

_MARKDOWN_TABLE = re.compile(r'<table class="[^"]*\btable\b[^"]*"[^>]*>.*?</table>', re.S)
LOGGER = logging.getLogger(__name__)


def shown_bundles(notebook: dict) -> list[dict]:
    """The rich outputs in the order in which the engine lays them out, less those whose cell hides them."""
    bundles = []
    for cell in notebook["cells"]:
        tags = set(cell.get("metadata", {}).get("tags", []))
        if cell["cell_type"] != "code" or tags & {
            "remove-output",
            "remove_output",
            "remove-cell",
            "remove_cell",
        }:
            continue
        bundles += [
            rich_output(output)
            for output in cell["outputs"]
            if output["output_type"] in ("display_data", "execute_result")
        ]
    return bundles


class NotebookOutputs(SphinxTransform):
    """Replace the engine's rendering of rich outputs with the book's own."""

    default_priority = 100  # before images are collected

    def apply(self, **_kwargs) -> None:
        path = Path(self.env.doc2path(self.env.docname))
        if path.suffix != ".ipynb":
            return
        notebook = json.loads(path.read_text(encoding="utf-8"))
        boxes = [
            node for node in self.document.findall(nodes.container) if node.get("nb_element") == "mime_bundle"
        ]
        bundles = shown_bundles(notebook)
        if len(boxes) != len(bundles):
            LOGGER.warning(
                "%d outputs on the page, %d in the file", len(boxes), len(bundles), location=self.document
            )
            return
        shown = []
        for number, (box, bundle) in enumerate(zip(boxes, bundles, strict=True)):
            if set(bundle) == {"text/plain"}:
                continue  # the engine shows plain results well
            try:
                html = output_html(bundle, f"{self.env.docname} {number}", f"Table {number + 1}")
            except UnfitOutputError as error:
                LOGGER.warning("output %d: %s", number + 1, error, location=self.document)
                continue
            if WIDGET_VIEW in bundle:
                shown.append(bundle[WIDGET_VIEW]["model_id"])
            box.replace_self(raw_html(f'<div class="tw-output">{html}</div>'))
        self.carry_state(notebook, shown)

    def carry_state(self, notebook: dict, shown: list[str]) -> None:
        """The state of the shown widgets alone, in place of everything the notebook saved."""
        self.env.nb_metadata.get(self.env.docname, {}).pop("js_files", None)
        if not shown:
            return
        saved = notebook["metadata"].get("widgets", {}).get(WIDGET_STATE, {}).get("state", {})
        try:
            models = needed_models(saved, shown)
        except KeyError as error:
            LOGGER.warning(
                "a widget's state is not saved (%s): remake the notebook", error, location=self.document
            )
            return
        self.document.append(raw_html(state_script(models)))


def scrolling_tables(app, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Tables written in Markdown get the same scrolling box as those from data, and no empty header."""
    body = context.get("body")
    if body and '<table class="' in body:
        context["body"] = _MARKDOWN_TABLE.sub(lambda match: table_html(match.group()), body)


def setup(app) -> None:
    """Register the transform."""
    app.add_transform(NotebookOutputs)
    app.connect("html-page-context", scrolling_tables)
