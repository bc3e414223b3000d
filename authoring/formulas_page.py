"""The sheet of formulas, from `formulas.toml`. Displayed formulas are copied from the chapters, so that sheet
and chapter can't differ.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from authoring import references_page
from authoring.claims_page import BOOK, CHAPTERS
from authoring.glossary_page import chapter_link
from twoworlds.errors import TwoWorldsError

ROOT = Path(__file__).resolve().parent.parent
FORMULAS = ROOT / "authoring" / "formulas.toml"
HEAD = """\
# Formulas

Every formula of the book, with what its letters mean and when it may be used. The link behind each leads
to the chapter that works it out, in words first.
"""
_DISPLAYED = re.compile(r"^\$\$(.+?)\$\$", re.M | re.S)


@cache
def displayed(slug: str) -> tuple[str, ...]:
    """The displayed formulas of a chapter, without the signs around them."""
    path = BOOK / f"{slug}.md"
    if not path.is_file():
        return ()
    found = _DISPLAYED.findall(path.read_text(encoding="utf-8"))
    return tuple(" ".join(formula.split()).rstrip(".,") for formula in found)


def entries() -> list[dict]:
    """All entries of formulas.toml, in their order."""
    return tomllib.loads(FORMULAS.read_text(encoding="utf-8"))["formula"]


def formula_of(entry: dict) -> str:
    """The entry's formula. Raises TwoWorldsError where its chapter displays no such formula, or several."""
    if "formula" in entry:
        return entry["formula"]
    found = [formula for formula in displayed(entry["chapter"]) if entry["holds"] in formula]
    if len(found) != 1:
        raise TwoWorldsError(
            f"formulas.toml: {entry['chapter']} displays {len(found)} formulas with {entry['holds']!r}: "
            "mend `holds`."
        )
    return found[0]


def not_on_the_sheet() -> list[str]:
    """Displayed formulas of the chapters that no entry copies."""
    used = {(entry["chapter"], formula_of(entry)) for entry in entries()}
    return [
        f"{slug}: {formula}"
        for slug in CHAPTERS
        for formula in displayed(slug)
        if (slug, formula) not in used
    ]


def block(entry: dict) -> list[str]:
    """One formula: its name, the formula, and a line each for letters, use, chapter and source."""
    lines = [f"### {entry['name']}", "", f"$${formula_of(entry)}$$", "", f"*Letters:* {entry['symbols']}."]
    lines += ["", f"*When:* {entry['when']}", "", f"*Worked out in:* {chapter_link(entry['chapter'])}."]
    if "source" in entry:
        lines[-1] += f" Source: {references_page.short(entry['source'])}."
    return [*lines, ""]


def page() -> str:
    """The page as Markdown, without its first line."""
    lines, last = [HEAD], None
    for entry in entries():
        if entry["chapter"] != last:
            last = entry["chapter"]
            lines += [f"## {CHAPTERS.get(last, 'Shares')}", ""]
        lines += block(entry)
    return "\n".join(lines).rstrip() + "\n"
