"""The page "The source, claim by claim": every claim with the verdict of its chapter, every question with its
home.

Claims and questions come from `source_claims.toml`; verdicts and answers from the `verdict`,
`source-question` and `further-question` blocks in the book's pages, so the page can't say anything else than
the chapters do.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from authoring.page_parts import cell, table
from twoworlds.errors import TwoWorldsError

ROOT = Path(__file__).resolve().parent.parent
CLAIMS = ROOT / "authoring" / "source_claims.toml"
BOOK = ROOT / "book"
GENERATED = "<!-- Made by `python -m authoring.book_pages`: change its sources, not this page. -->"
CHAPTERS = {
    "01-growth-and-marketing": "Growth and marketing",
    "02-activation": "Activation",
    "03-retention": "Retention",
    "04-research": "Research",
    "05-release-cycles": "Release cycles",
    "06-sales-narrative": "Sales narrative",
    "07-capstone": "Capstone",
    "further-questions": "Further questions",
}
VERDICT_WORDS = {
    "supported": "Supported",
    "qualified": "Qualified",
    "contradicted": "Contradicted",
    "discussion": "For discussion",
}
HEAD = """\
# The source, claim by claim

This book follows a short text: three public answers, written by product managers, to the question
of how B2C and B2B differ. Here is each of its claims in our words, with the chapter that holds it
against the data and the verdict reached there. *Supported* means that the data carry the whole
claim; *qualified*, a part of it, or under a condition; *contradicted*, the opposite; *for
discussion*, that no data could decide it.
"""
QUESTIONS_HEAD = """\
## The questions at the end

The source ends on fifteen questions. None is dropped: each is answered in a chapter, or on the page
of [further questions](further-questions.md), which has the gist of all.
"""

_BLOCK = re.compile(
    r"^(?P<fence>`{3,}|:{3,})\{(?P<kind>verdict|source-question|further-question)\}"
    r"[ \t]+(?P<id>[CQ]\d\d)[ \t]*\n"
    r"(?P<body>.*?)^(?P=fence)[ \t]*$",
    re.M | re.S,
)
_OPTION = re.compile(r"^:(verdict|word|claim):[ \t]*(.+?)[ \t]*$", re.M)
_BOUND = re.compile(r"\{glue:text\}`([^`]*)`")


@dataclass(frozen=True)
class Treated:
    """Where a claim or question is treated: the page's slug, the kind of block, the verdict, the chapter's
    words for it, and whether the block says anything."""

    identifier: str
    page: str
    kind: str = "verdict"
    verdict: str = ""
    word: str = ""
    empty: bool = False

    @property
    def anchor(self) -> str:
        """The name by which other pages link to the block."""
        first = {"verdict": "verdict", "source-question": "question", "further-question": "further"}[
            self.kind
        ]
        return f"{first}-{self.identifier.lower()}"


def source() -> dict:
    """Claims and questions of source_claims.toml. Raises TwoWorldsError where it is missing or broken."""
    try:
        return tomllib.loads(CLAIMS.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise TwoWorldsError(f"authoring/source_claims.toml cannot be read: {error}") from error


def written_pages(folder: Path = BOOK) -> list[Path]:
    """The pages that people write: not those made by code, and not the folder's README."""
    return [
        path
        for path in sorted(folder.glob("*.md"))
        if path.name != "README.md" and not path.read_text(encoding="utf-8").startswith(GENERATED)
    ]


def blocks_on(page: Path) -> list[Treated]:
    """All blocks of a page about claims and questions, in its order."""
    found = []
    for block in _BLOCK.finditer(page.read_text(encoding="utf-8")):
        options = dict(_OPTION.findall(block["body"]))
        words = _OPTION.sub("", block["body"]).strip()
        found.append(
            Treated(
                block["id"],
                page.stem,
                block["kind"],
                options.get("verdict", ""),
                options.get("word", ""),
                not words,
            )
        )
    return found


def treated_on(page: Path) -> list[Treated]:
    """The claims and questions that a page treats itself, in its order."""
    return [block for block in blocks_on(page) if block.kind != "further-question"]


def all_treated(pages: Iterable[Path]) -> dict[str, Treated]:
    """Claim or question id -> where it is treated. Raises TwoWorldsError where two blocks treat one."""
    found: dict[str, Treated] = {}
    for page in pages:
        for treated in treated_on(page):
            if treated.identifier in found:
                other = found[treated.identifier].page
                raise TwoWorldsError(
                    f"{treated.identifier} has two blocks, in book/{other}.md and book/{treated.page}.md: "
                    "keep one."
                )
            found[treated.identifier] = treated
    return found


def placed(pages: Iterable[Path]) -> dict[str, Treated]:
    """As `all_treated`, with the gist on the page of further questions where no page has more."""
    pages = list(pages)
    short = {block.identifier: block for page in pages for block in blocks_on(page)}
    return {**short, **all_treated(pages)}


def gaps(listed: dict, found: dict[str, Treated]) -> list[str]:
    """What is wrong with the treatment of claims and questions, one sentence each; empty where all is well.

    listed: as `source` gives it; found: as `placed` gives it
    """
    known = {entry["id"] for entry in listed["claim"] + listed["question"]}
    wrong = [
        f"{name} in book/{found[name].page}.md is no claim of the source"
        for name in sorted(set(found) - known)
    ]
    for entry in listed["claim"]:
        name, block = entry["id"], found.get(entry["id"])
        if block is None:
            wrong.append(f"{name} has no verdict: book/{entry['chapter']}.md should have one")
        elif block.page != entry["chapter"]:
            wrong.append(f"{name} belongs to {entry['chapter']}, and its verdict stands in {block.page}")
        elif block.verdict not in VERDICT_WORDS:
            wrong.append(f"{name} has the verdict {block.verdict!r}, which is none")
        elif block.empty:
            wrong.append(f"{name} has a verdict without a reason")
    for entry in listed["question"]:
        name, block = entry["id"], found.get(entry["id"])
        if block is None:
            wrong.append(f"{name} has no answer: book/{entry['home']}.md should have one")
        elif block.kind == "source-question" and block.page != entry["home"]:
            wrong.append(f"{name} belongs to {entry['home']}, and its answer stands in {block.page}")
        elif block.empty:
            wrong.append(f"{name} has an empty answer")
    return wrong


def verdict_cell(entry: Treated | None) -> str:
    """The kind of verdict, and the chapter's words for it as a link to its block."""
    if entry is None:
        return "not yet treated"
    kind = VERDICT_WORDS.get(entry.verdict, entry.verdict)
    words = entry.word if entry.word and not _BOUND.search(entry.word) else "the verdict"
    return f"{kind}. {{ref}}`{cell(words)} <{entry.anchor}>`"


def counts(listed: dict, found: dict[str, Treated]) -> list[str]:
    """The table that counts verdicts by kind and chapter."""
    rows, total = [], Counter()
    for slug, name in CHAPTERS.items():
        kinds = Counter(
            found[entry["id"]].verdict
            for entry in listed["claim"]
            if entry["chapter"] == slug and entry["id"] in found
        )
        if kinds:
            rows.append(
                (f"[{name}]({slug}.md)", *(str(kinds[kind]) for kind in VERDICT_WORDS), str(kinds.total()))
            )
            total += kinds
    rows.append(
        ("**All**", *(f"**{total[kind]}**" for kind in VERDICT_WORDS), f"**{total.total()}**"),
    )
    return table(("Chapter", *VERDICT_WORDS.values(), "Claims"), rows, right=tuple(range(1, 6)))


def page() -> str:
    """The page as Markdown. Raises TwoWorldsError where a block is about no claim of the source."""
    listed, found = source(), placed(written_pages())
    unknown = [sentence for sentence in gaps(listed, found) if sentence.endswith("is no claim of the source")]
    if unknown:
        raise TwoWorldsError(f"{unknown[0]}.")
    done = sum(entry["id"] in found for entry in listed["claim"])
    lines = [GENERATED, "", HEAD, f"{done} of {len(listed['claim'])} claims have a verdict:", ""]
    lines += [*counts(listed, found), ""]
    for slug, name in CHAPTERS.items():
        claims = [entry for entry in listed["claim"] if entry["chapter"] == slug]
        if not claims:
            continue
        lines += [f"## {name}", ""]
        if (BOOK / f"{slug}.md").is_file():
            lines += [f"Chapter: [{name}]({slug}.md).", ""]
        rows = [(entry["id"], entry["claim"], verdict_cell(found.get(entry["id"]))) for entry in claims]
        lines += [*table(("Id", "The claim", "Verdict"), rows), ""]
    lines += [QUESTIONS_HEAD, *table(("Id", "The question", "Answered in"), question_rows(listed, found))]
    return "\n".join(lines) + "\n"


def question_rows(listed: dict, found: dict[str, Treated]) -> list[tuple[str, str, str]]:
    """Each question with a link to its answer."""
    rows = []
    for entry in listed["question"]:
        block = found.get(entry["id"])
        name = CHAPTERS.get(block.page, block.page) if block else ""
        home = f"{{ref}}`{name} <{block.anchor}>`" if block else "not yet treated"
        rows.append((entry["id"], entry["question"], home))
    return rows
