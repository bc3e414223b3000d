"""The list of references, from `references.toml`: works and published figures, each with the pages that
cite it.

The pages are found by a piece of each title, so the list says what the pages say. Figures that the data
are held against come from `published_facts.py`.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from authoring import published_facts
from authoring.claims_page import CHAPTERS, written_pages

ROOT = Path(__file__).resolve().parent.parent
REFERENCES = ROOT / "authoring" / "references.toml"
NAMES = {**CHAPTERS, "00-primer": "Primer"}
HEAD = """\
# References

All works and published figures that the book cites, once each, with the pages that cite them.
"""
FIGURES_HEAD = """\
## Published figures

Benchmarks change with the definition and with who was asked. The page that cites one says how it was
defined, and where nobody says so, that too.
"""
FACTS_HEAD = """\
## Figures that the data are held against

The two companies are made, so [Is this data believable?](believable.md) holds them against published
figures. Grade A: read at its publisher, or in a copy of its own document. Grade B: read where somebody
else reports it. Weaker figures are not used.
"""
_NOTE = re.compile(r"^\[\^(?P<name>[\w-]+)\]:[ \t]*(?P<text>.+)$", re.M)
_READING = re.compile(r"^## Further reading[ \t]*\n(?P<body>.*?)(?=^## |^\[\^|\Z)", re.M | re.S)


@dataclass(frozen=True)
class Reference:
    """One work or published figure."""

    key: str
    kind: str
    authors: str
    title: str
    year: str
    where: str = ""
    link: str = ""
    holds: str = ""

    def cited_in(self, text: str) -> bool:
        """Whether a page's text cites it."""
        return plain(self.holds or self.title) in plain(text)


def plain(text: str) -> str:
    """Text without emphasis and with simple quotes, for comparing titles."""
    for sign, simple in (("*", ""), ("\N{RIGHT SINGLE QUOTATION MARK}", "'"), ("_", "")):
        text = text.replace(sign, simple)
    return " ".join(text.split()).casefold()


@cache
def _read() -> dict:
    return tomllib.loads(REFERENCES.read_text(encoding="utf-8"))


def references() -> list[Reference]:
    """All entries, by author and year."""
    listed = [Reference(**entry) for entry in _read()["reference"]]
    return sorted(listed, key=lambda one: (first_author(one).casefold(), one.year))


def first_author(one: Reference) -> str:
    """The surname of a work's first author; a publisher's whole name where it gave figures."""
    first = one.authors.split(",")[0].split(" and ")[0]
    return first if one.kind == "figures" else first.split()[-1]


def citations(text: str) -> dict[str, str]:
    """Name -> text of each footnote and each line of further reading on a page."""
    found = {match["name"]: match["text"] for match in _NOTE.finditer(text)}
    reading = _READING.search(text)
    for number, line in enumerate(re.findall(r"^- (.+)$", reading["body"], re.M) if reading else []):
        found[f"further reading {number + 1}"] = line
    return found


def missing(pages) -> list[str]:
    """Citations of the pages that no entry of the list holds, one sentence each."""
    remarks = set(_read()["remarks"])
    return [
        f"{page.stem}, {name}: {text[:70]} … is not in authoring/references.toml"
        for page in pages
        for name, text in citations(page.read_text(encoding="utf-8")).items()
        if f"{page.stem} {name}" not in remarks and not any(one.cited_in(text) for one in references())
    ]


def citing_pages(one: Reference) -> list[str]:
    """Links to the pages that cite an entry, in the book's order."""
    pages = {page.stem: page.read_text(encoding="utf-8") for page in written_pages()}
    order = [slug for slug in NAMES if slug in pages]
    return [f"[{NAMES[slug]}]({slug}.md)" for slug in order if one.cited_in(pages[slug])]


def short(key: str) -> str:
    """Author and year, as a link to the entry."""
    one = next(one for one in references() if one.key == key)
    several = "," in one.authors or " and " in one.authors
    return f"{{ref}}`{first_author(one)}{' and others' if several else ''}, {one.year} <reference-{key}>`"


def line(one: Reference) -> str:
    """One entry as a line of a list."""
    title = f"[{one.title}]({one.link})" if one.link else f"*{one.title}*"
    parts = [part for part in (one.authors, title, one.where, one.year) if part]
    cited = citing_pages(one)
    return f"{', '.join(parts)}. Cited in {', '.join(cited)}." if cited else f"{', '.join(parts)}."


def facts() -> list[str]:
    """The figures of published_facts.py: one line for each source and year."""
    seen = {}
    for fact in vars(published_facts).values():
        if isinstance(fact, published_facts.Fact):
            words = f"- [{fact.source}]({fact.link}), {fact.year}. Grade {fact.grade}."
            seen[(fact.source, fact.year)] = words
    return [seen[key] for key in sorted(seen, key=lambda key: key[0].casefold())]


def page() -> str:
    """The page as Markdown, without its first line."""
    lines = [HEAD, "## Works", ""]
    for kind in ("work", "figures"):
        if kind == "figures":
            lines += [FIGURES_HEAD]
        for one in references():
            if one.kind == kind:
                lines += [f"(reference-{one.key})=", line(one), ""]
    return "\n".join([*lines, FACTS_HEAD, *facts()]) + "\n"
