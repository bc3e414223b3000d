"""One output of a notebook as HTML for a page: figure, table, widget or text. No Sphinx here."""

from __future__ import annotations

import hashlib
import re
from html import escape

from . import svg
from .lessons import WIDGET_VIEW
from .widgets import view_script

_STYLE = re.compile(r"<style\b.*?</style>", re.S)
_INDEX_NAME_ROW = re.compile(
    r"(?P<head><tr[^>]*>\s*<th>\s*</th>(?:(?!</tr>).)*</tr>)\s*<tr[^>]*>\s*<th>(?P<name>[^<]+)</th>(?:\s*<th>\s*</th>)+\s*</tr>",
    re.S,
)
_EMPTY_HEADER = re.compile(r"<th([^>]*)>\s*(?:<p>\s*</p>)?\s*</th>")


class UnfitOutputError(ValueError):
    """An output that a page cannot show; str() says why."""


def prefix_for(text: str, where: str) -> str:
    """A short id prefix that is the same in every build and differs between two places of one page."""
    return "f" + hashlib.sha256(f"{where}\0{text}".encode()).hexdigest()[:8]


def one_header_row(table: str) -> str:
    """pandas gives an index's name a row of its own: it moves into the empty corner above the index."""
    match = _INDEX_NAME_ROW.search(table)
    if not match:
        return table
    head, name = match.group("head"), match.group("name")
    return table.replace(
        match.group(), re.sub(r"<th>\s*</th>", lambda _: f"<th>{name}</th>", head, count=1), 1
    )


def table_html(table: str, label: str = "Table") -> str:
    """A pandas table in a box of its own that scrolls, by touch and by keyboard, where the page is narrow.

    An empty header cell says nothing to a screen reader: it becomes an ordinary cell.
    """
    table = _EMPTY_HEADER.sub(r"<td\1></td>", one_header_row(_STYLE.sub("", table)))
    table = re.sub(r'\sborder="\d+"', "", table)
    return (
        f'<div class="tw-scroll" role="group" tabindex="0" aria-label="{escape(label)}">{table.strip()}</div>'
    )


def widget_html(view: dict, figure: str, words: str) -> str:
    """A widget, and what stands in its place on paper and without JavaScript: its first frame or its
    description.
    """
    fallback = figure or f"<p>{escape(words)}</p>"
    return (
        f'<div class="tw-interactive"><div class="tw-still">{fallback}</div>'
        f'<div class="tw-live">{view_script(view)}</div></div>'
    )


def output_html(bundle: dict, where: str, label: str = "Table") -> str:
    """The richest form of an output that a page can show.

    bundle: mime type -> data, as stored in the notebook
    where:  names the place on the page (for ids)
    label:  names a table for screen readers
    Raises UnfitOutputError where nothing can be shown or a picture has no description.
    """
    words = str(bundle.get("text/plain", "")).strip()
    drawing = bundle.get("image/svg+xml", "")
    if drawing:
        try:
            drawing = svg.inline(drawing, prefix_for(drawing, where), words if WIDGET_VIEW in bundle else "")
        except ValueError as error:
            raise UnfitOutputError(str(error)) from error
    if WIDGET_VIEW in bundle:
        return widget_html(bundle[WIDGET_VIEW], drawing, words)
    if drawing:
        return drawing
    if "text/html" in bundle:
        html = bundle["text/html"]
        return table_html(html, label) if "<table" in html else html
    if "image/png" in bundle:
        if not bundle.get("alt"):
            raise UnfitOutputError("the picture has no description")
        data = bundle["image/png"].replace("\n", "")
        return f'<img class="tw-picture" src="data:image/png;base64,{data}" alt="{escape(bundle["alt"])}">'
    if words:
        return f'<pre class="tw-text">{escape(words)}</pre>'
    raise UnfitOutputError("the output has no form that a page can show")
