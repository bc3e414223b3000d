"""The glossary page, from `glossary.toml`; and which terms the chapters define that it lacks."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from authoring.claims_page import BOOK, CHAPTERS

ROOT = Path(__file__).resolve().parent.parent
TERMS = ROOT / "authoring" / "glossary.toml"
PRIMER = {"00-primer": "the primer"}
HEAD = """\
# Glossary

Every term that the chapters define, in one or two sentences, with the chapter that explains it. Other
names for the same thing stand beside it, and the search finds them too.
"""
_BOLD = re.compile(r"(?<![*\\])\*\*([^*\n]+?)\*\*(?!\*)")


@dataclass(frozen=True)
class Term:
    """One entry: its name, other names, the slug of the chapter that explains it, and the definition."""

    name: str
    also: tuple[str, ...]
    chapter: str
    text: str


@cache
def _read(path: Path) -> dict:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def terms() -> list[Term]:
    """All entries, in the order of the alphabet."""
    entries = [
        Term(entry["term"], tuple(entry.get("also", ())), entry["chapter"], entry["text"])
        for entry in _read(TERMS)["term"]
    ]
    return sorted(entries, key=lambda term: term.name.casefold())


def left_out() -> set[str]:
    """Words that chapters set in bold and that are no terms."""
    return {word.casefold() for word in _read(TERMS)["left_out"]}


def bold_terms(text: str) -> set[str]:
    """What a page sets in bold, in small letters. A phrase with a full stop is a heading inside a paragraph,
    no term.
    """
    found = {" ".join(match.casefold().split()) for match in _BOLD.findall(text)}
    return {word.rstrip(",:;") for word in found if not word.endswith((".", "?", "!"))}


def missing_terms(pages: Iterable[Path]) -> list[str]:
    """Bold terms of the pages that are neither in the glossary nor left out, one sentence each."""
    known = {name.casefold() for term in terms() for name in (term.name, *term.also)} | left_out()
    return [
        f"{page.stem} defines {word!r}: add it to authoring/glossary.toml, or to its `left_out`"
        for page in pages
        for word in sorted(bold_terms(page.read_text(encoding="utf-8")) - known)
    ]


def chapter_link(slug: str) -> str:
    """Where a term is explained, as a link where the page exists."""
    name = {**CHAPTERS, **PRIMER}[slug]
    return f"[{name}]({slug}.md)" if (BOOK / f"{slug}.md").is_file() else name


def page() -> str:
    """The page as Markdown, without its first line."""
    lines = [HEAD, "```{glossary}"]
    for term in terms():
        lines += [term.name, *term.also, f"  {term.text} {chapter_link(term.chapter)}.", ""]
    return "\n".join([*lines[:-1], "```", ""])
