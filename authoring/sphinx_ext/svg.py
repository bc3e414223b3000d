"""Make a stored SVG figure part of the page: colours from the page's theme, its font, and ids that no
other figure has.

No Sphinx here, only text in and text out.
"""

from __future__ import annotations

import re
from html import escape, unescape

from twoworlds.style import CSS_VARIABLES

# What the page sets in CSS; named here once for figures.
FONT_VARIABLE = "var(--tw-figure-font)"

_PROLOGUE = re.compile(r"^.*?(?=<svg\b)", re.S)
_METADATA = re.compile(r"<metadata>.*?</metadata>", re.S)
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_HEX = re.compile(r"#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b")
_ID = re.compile(r'\bid="([^"]+)"')
_FONT_SHORTHAND = re.compile(r"(\bfont:\s*[^;\"]*?\d+(?:\.\d+)?px)\s+[^;\"]+")
_FONT_FAMILY = re.compile(r"(\bfont-family:\s*)[^;\"]+")
_OPENING = re.compile(r"<svg\b[^>]*>")
_LABEL = re.compile(r'\baria-label="([^"]*)"')


def description(svg: str) -> str:
    """The words in the figure's aria-label, or an empty string."""
    opening = _OPENING.search(svg)
    label = _LABEL.search(opening.group()) if opening else None
    return unescape(label.group(1)).strip() if label else ""


def follow_theme(svg: str) -> str:
    """Palette colours become CSS variables (with the colour itself where a page knows none)."""
    variables = {colour.lower(): name for colour, name in CSS_VARIABLES.items()}

    def replace(match: re.Match) -> str:
        name = variables.get(match.group().lower())
        return f"var({name}, {match.group()})" if name else match.group()

    # ids and references to them may look like colours: only style values and colour attributes are touched
    def in_value(match: re.Match) -> str:
        return _HEX.sub(replace, match.group())

    return re.sub(r'\b(?:style|fill|stroke|stop-color|color)="[^"]*"', in_value, svg)


def follow_font(svg: str) -> str:
    """Text takes the page's font for figures; sizes and weights stay."""
    svg = _FONT_SHORTHAND.sub(rf"\1 {FONT_VARIABLE}", svg)
    return _FONT_FAMILY.sub(rf"\1{FONT_VARIABLE}", svg)


def unique_ids(svg: str, prefix: str) -> str:
    """Every id, and every reference to one, carries the prefix."""
    known = set(_ID.findall(svg))
    svg = _ID.sub(lambda match: f'id="{prefix}-{match.group(1)}"', svg)

    def reference(match: re.Match) -> str:
        return f"{match.group(1)}{prefix}-{match.group(2)}" if match.group(2) in known else match.group()

    return re.sub(r'(url\(#|href="#|aria-labelledby="|aria-describedby=")([^")]+)', reference, svg)


def scale_to_width(svg: str) -> str:
    """The figure keeps its size in points as a maximum and shrinks with the column; its height follows."""
    opening = _OPENING.search(svg).group()
    width = re.search(r'\bwidth="([\d.]+)(?:pt|px)?"', opening)
    changed = re.sub(r'\s(?:width|height|version)="[^"]*"', "", opening)
    if width:
        pixels = float(width.group(1)) * (4 / 3 if f'{width.group(1)}pt"' in opening else 1)
        style = f"max-width:{pixels:.0f}px"
        if ' style="' in changed:
            changed = changed.replace(' style="', f' style="{style};', 1)
        else:
            changed = changed.replace("<svg", f'<svg style="{style}"', 1)
    return svg.replace(opening, changed, 1)


def inline(svg: str, prefix: str, alternative: str = "") -> str:
    """The figure ready for the page.

    svg:         text of an SVG file or of a stored output
    prefix:      unique on the page
    alternative: what it shows, where the figure does not say so itself
    Returns an `<svg>` element with role="img" and an aria-label. Raises ValueError where there is no SVG or
    no description.
    """
    if "<svg" not in svg:
        raise ValueError("this is no SVG figure")
    svg = _COMMENT.sub("", _METADATA.sub("", _PROLOGUE.sub("", svg, count=1)))
    words = description(svg) or alternative.strip()
    if not words:
        raise ValueError("the figure has no description: give it one with style.describe(fig, …)")
    opening = _OPENING.search(svg).group()
    plain = re.sub(r'\s(?:role|aria-label|class)="[^"]*"', "", opening)
    label = escape(" ".join(words.split()))
    named = plain.replace("<svg", f'<svg class="tw-figure-svg" role="img" aria-label="{label}"', 1)
    svg = svg.replace(opening, named, 1)
    # Who comes from the search has words highlighted: the engine's script fails on a title, which has no box.
    svg = svg.replace("<title>", '<title class="nohighlight">')
    svg = unique_ids(follow_font(follow_theme(svg)), prefix)
    return re.sub(r"\n\s*", "\n", scale_to_width(svg)).strip()
