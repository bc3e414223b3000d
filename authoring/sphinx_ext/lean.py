"""Light pages: no script, style or font that the page does not use.

The theme sends 1.5 MB of icon script with every page. Here its icon fonts are cut down to the signs
that the built book shows, scripts load where they are needed, and rules for icons that nobody sees are
left out of its style sheet.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

from sphinx.util import logging

from authoring.front_end import shrink_font

from .lessons import WIDGET_VIEW

LOGGER = logging.getLogger(__name__)

THEME_CSS = Path("_static/styles/pydata-sphinx-theme.css")
ICON_FONTS = Path("_static/vendor/fontawesome/webfonts")
NEVER_USED = [
    Path("_static/scripts/fontawesome.js"), Path("_static/scripts/fontawesome.js.LICENSE.txt"),
    Path("_static/scripts/fontawesome.js.map"), Path("_static/styles/pydata-sphinx-theme.css.map"),
    Path("_static/scripts/bootstrap.js.map"), Path("_static/scripts/pydata-sphinx-theme.js.map"),
]  # fmt: skip
WIDGET_MANAGER = "vendor/html-manager/embed.js"
# File (by the end of its name) -> what a page must hold to need it.
NEEDED_FOR = {
    "design-tabs.js": ("sd-tab-set",),
    "sphinx-design.min.css": ('class="sd-', " sd-"),
    "togglebutton.js": ("toggle", "dropdown admonition"),
    "togglebutton.css": ("toggle", "dropdown admonition"),
    "clipboard.min.js": ('class="highlight',),
    "copybutton.js": ('class="highlight',),
    "copybutton.css": ('class="highlight',),
    "tex-chtml.js": ('class="math', "class='math"),
    "exercise.css": ('class="exercise', 'class="solution'),
}
# Never of use here: tab sets' old names, the kernel that the book has not, and the theme's translations.
DROPPED = ("thebe.css", "sphinx-thebe.js", "sphinx-thebe.css", "translations.js")

_ICON_RULE = re.compile(r"((?:\.fa-[a-z0-9-]+:before,?)+)\{content:\"([^\"]*)\"\}")
_ICON_CLASS = re.compile(r"\bfa-([a-z0-9-]+)")
_ICON_TEXT = re.compile(r"[\ue000-\uf8ff]")
_ICON_ESCAPE = re.compile(r"\\(f[0-9a-f]{3}|e[0-9a-f]{3})\b")


def needed(filename: str, body: str) -> bool:
    """True where the page's HTML makes use of the script or style sheet."""
    name = filename.split("?")[0].rsplit("/", 1)[-1]
    if name in DROPPED:
        return False
    marks = NEEDED_FOR.get(name)
    return marks is None or any(mark in body for mark in marks)


def file_name(asset) -> str:
    """A script's or style sheet's name, as Sphinx keeps it."""
    return str(getattr(asset, "filename", asset) or "")


def choose_assets(app, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Leave out what this page does not use."""
    body = context.get("body") or ""
    if WIDGET_VIEW in body:
        app.add_js_file(WIDGET_MANAGER, loading_method="defer")
    for key in ("script_files", "css_files"):
        if key in context:
            context[key] = [asset for asset in context[key] if needed(file_name(asset), body)]


def icon_codes(css: str) -> dict[str, str]:
    """{icon's name: its character} as the theme's style sheet has them."""
    codes = {}
    for selectors, content in _ICON_RULE.findall(css):
        character = chr(int(content[1:], 16)) if re.fullmatch(r"\\[0-9a-f]+", content) else content[-1]
        for name in re.findall(r"\.fa-([a-z0-9-]+):before", selectors):
            codes[name] = character
    return codes


def used_icons(out: Path) -> set[str]:
    """Names of icons in any built page."""
    names: set[str] = set()
    for page in out.rglob("*.html"):
        names.update(_ICON_CLASS.findall(page.read_text(encoding="utf-8")))
    return names


def icons_in_styles(out: Path, css: str) -> set[str]:
    """Characters that style sheets print by themselves (an admonition's sign, a menu's arrow)."""
    texts = [_ICON_RULE.sub("", css)]
    for path in (out / "_static").rglob("*.css"):
        if path.name != THEME_CSS.name and "vendor" not in path.parts:
            texts.append(path.read_text(encoding="utf-8"))
    joined = "\n".join(texts)
    return set(_ICON_TEXT.findall(joined)) | {chr(int(code, 16)) for code in _ICON_ESCAPE.findall(joined)}


def lean_css(css: str, names: set[str]) -> str:
    """The theme's style sheet without rules for unseen icons and without the second font format."""

    def keep(match: re.Match) -> str:
        selectors = [part for part in match.group(1).split(",") if part[4:].removesuffix(":before") in names]
        return f'{",".join(selectors)}{{content:"{match.group(2)}"}}' if selectors else ""

    css = _ICON_RULE.sub(keep, css)
    css = re.sub(r",url\([^)]*\.ttf\) format\(\"truetype\"\)", "", css)
    return re.sub(r"/\*# sourceMappingURL=[^*]*\*/", "", css)


def lean_icons(app, exception) -> None:
    """When all pages are written: cut the theme's style sheet and icon fonts to what they use."""
    out = Path(app.outdir)
    style_sheet = out / THEME_CSS
    if exception or app.builder.format != "html" or not style_sheet.is_file():
        return
    for name in NEVER_USED:
        (out / name).unlink(missing_ok=True)
    css = style_sheet.read_text(encoding="utf-8")
    names = used_icons(out)
    characters = {code for name, code in icon_codes(css).items() if name in names} | icons_in_styles(out, css)
    cache = Path(app.doctreedir).parent / ".icons"
    for font in sorted((out / ICON_FONTS).glob("*.woff2")):
        font.write_bytes(cached_font(font.read_bytes(), characters, cache))
    for other in (out / ICON_FONTS).glob("*.ttf"):
        other.unlink()
    style_sheet.write_text(lean_css(css, names), encoding="utf-8")
    LOGGER.info("icons: %d signs kept", len(characters))


def cached_font(data: bytes, characters: set[str], cache: Path) -> bytes:
    """The font with these characters; cut once, then kept for the next build."""
    recipe = hashlib.sha256(data + json.dumps(sorted(characters)).encode()).hexdigest()[:24]
    path = cache / f"{recipe}.woff2"
    if not path.is_file():
        cache.mkdir(parents=True, exist_ok=True)
        path.write_bytes(shrink_font(data, [ord(character) for character in characters]))
    return path.read_bytes()


def setup(app) -> None:
    """Register the events; the choice of assets comes after every extension has added its own."""
    app.connect("html-page-context", choose_assets, priority=900)
    app.connect("build-finished", lean_icons, priority=900)
