"""The book's own building blocks: opening card, guess, verdict, quiz, two columns, goals, pitfall, Monday,
cover.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import yaml
from docutils import nodes
from docutils.parsers.rst import directives
from docutils.statemachine import StringList
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from . import art
from .html_element import element, raw_html

LOGGER = logging.getLogger(__name__)

COMPANIES = {"swiftfare": "Swiftfare", "pipewright": "Pipewright"}
KINDS = {
    "swiftfare": "flight-booking app, sells to travellers",
    "pipewright": "cloud CRM, sells to companies",
}
VERDICTS = {
    "supported": "Supported",
    "qualified": "Qualified",
    "contradicted": "Contradicted",
    "discussion": "For discussion",
}
CLAIMS_FILE = Path("authoring") / "source_claims.toml"


class Block(SphinxDirective):
    """What all building blocks share."""

    has_content = True
    final_argument_whitespace = True

    def warn(self, message: str) -> None:
        """A warning at this block: the build fails on it."""
        LOGGER.warning(
            "%s: %s", self.name, message, location=self.get_location(), type="book", subtype=self.name
        )

    def parsed(self, text: str | StringList | None = None) -> list[nodes.Node]:
        """Nodes of MyST text (the body where no text is given)."""
        lines = (
            self.content
            if text is None
            else StringList(str(text).splitlines(), source=self.get_source_info()[0])
        )
        holder = nodes.Element()
        self.state.nested_parse(lines, self.content_offset, holder)
        return holder.children

    def inline(self, text: str) -> list[nodes.Node]:
        """Nodes of one line of MyST text, without a paragraph around them."""
        children = self.parsed(text)
        if len(children) == 1 and isinstance(children[0], nodes.paragraph):
            return children[0].children
        return children

    def body_as_yaml(self, kind: type):
        """The body as YAML of the given type, or None after a warning."""
        try:
            data = yaml.safe_load("\n".join(self.content))
        except yaml.YAMLError as error:
            problem = " ".join(str(error).split())
            self.warn(f"the body is no valid YAML (quote text that starts with {{ or holds ': '): {problem}")
            return None
        if not isinstance(data, kind):
            self.warn(f"the body must be a YAML {'list' if kind is list else 'mapping'}")
            return None
        return data

    def anchor(self, node: nodes.Element, name: str) -> None:
        """Let other pages link to this block by `name`."""
        node["names"].append(name)
        self.state.document.note_explicit_target(node, node)


class Opening(Block):
    """The chapter's card: a moment, the decision, and one number at each company, or, where the body has
    `sides`, one under each of the names given there (the capstone's people and firms).
    """

    def run(self) -> list[nodes.Node]:
        data = self.body_as_yaml(dict)
        if data is None:
            return []
        named = {name: (side, ()) for name, side in data.get("sides", {}).items()}
        missing = [key for key in ("decision", *(() if named else COMPANIES)) if key not in data]
        if missing:
            self.warn(f"the card lacks {', '.join(missing)}")
            return []
        head = element("div", classes=("tw-opening-head",))
        if data.get("moment"):
            head += element("p", *self.inline(data["moment"]), classes=("tw-moment",))
        head += element("p", *self.inline(data["decision"]), classes=("tw-decision",))
        sides = element("div", classes=("tw-opening-sides",))
        shown = named or {name: (data[key], (f"tw-{key}",)) for key, name in COMPANIES.items()}
        for name, (side, classes) in shown.items():
            sides += element(
                "div",
                element("p", nodes.Text(name), classes=("tw-company",)),
                element("p", *self.inline(side["number"]), classes=("tw-number",)),
                element("p", *self.inline(side.get("text", "")), classes=("tw-number-text",)),
                classes=("tw-side", *classes),
            )
        return [
            element(
                "section", head, sides, classes=("tw-opening",), aria_label="The decision in this chapter"
            )
        ]


class Guess(Block):
    """Your guess first: a question and a line to write on; nothing is stored or sent."""

    optional_arguments = 1
    option_spec = {"label": directives.unchanged, "lines": directives.nonnegative_int}

    def run(self) -> list[nodes.Node]:
        box = element("div", classes=("tw-guess",))
        box += element("p", nodes.Text("Your guess first"), classes=("tw-kicker",))
        if self.arguments:
            box += element("p", *self.inline(self.arguments[0]), classes=("tw-guess-question",))
        box.extend(self.parsed())
        if self.options.get("lines", 1):
            label = self.options.get("label", "My guess")
            box += element(
                "label",
                element("span", nodes.Text(label)),
                element("input", type="text", autocomplete="off", spellcheck="false"),
                classes=("tw-guess-line",),
            )
        return [box]


def read_claims(root: Path) -> dict[str, str]:
    """The words of each claim and question of the source, by id."""
    with (root / CLAIMS_FILE).open("rb") as handle:
        data = tomllib.load(handle)
    words = {entry["id"]: entry["claim"] for entry in data.get("claim", [])}
    return words | {entry["id"]: entry["question"] for entry in data.get("question", [])}


class SourceBlock(Block):
    """A block about one claim or question of the source, by its id."""

    required_arguments = 1

    def words(self, given: str | None) -> str | None:
        """The claim's words: those given, else those in the list of claims; None after a warning."""
        self.env.note_dependency(str(CLAIMS_FILE))
        known = read_claims(Path(self.env.srcdir))
        identifier = self.arguments[0].strip()
        if identifier not in known:
            self.warn(f"the source has no {identifier!r}")
            return None
        return given or known[identifier]


class Verdict(SourceBlock):
    """The verdict on one claim: its words, an icon with a word, and the reasons."""

    option_spec = {
        "verdict": directives.unchanged_required,
        "word": directives.unchanged,
        "claim": directives.unchanged,
    }

    def run(self) -> list[nodes.Node]:
        identifier = self.arguments[0].strip()
        claim = self.words(self.options.get("claim"))
        kind = self.options.get("verdict", "").strip()
        if kind not in VERDICTS:
            self.warn(f"{identifier} needs `:verdict:` one of {', '.join(VERDICTS)}, not {kind!r}")
        if claim is None or kind not in VERDICTS:
            return []
        sign, word = raw_html(art.verdict_icon(kind)), self.options.get("word", VERDICTS[kind])
        box = element("div", classes=("tw-verdict", f"tw-{kind}"))
        box += element(
            "div",
            element("span", nodes.Text(identifier), classes=("tw-claim-id",)),
            element("span", sign, nodes.Text(word), classes=("tw-verdict-word",)),
            classes=("tw-verdict-head",),
        )  # fmt: skip
        box += element("p", *self.inline(claim), classes=("tw-claim",))
        box.extend(self.parsed())
        self.anchor(box, f"verdict-{identifier.lower()}")
        return [box]


class SourceQuestion(SourceBlock):
    """One of the questions that the source ends on, taken up where it belongs."""

    def run(self) -> list[nodes.Node]:
        identifier = self.arguments[0].strip()
        question = self.words(None)
        if question is None:
            return []
        box = element(
            "div",
            element(
                "div",
                element("span", nodes.Text(identifier), classes=("tw-claim-id",)),
                element("span", nodes.Text("A question of the source"), classes=("tw-verdict-word",)),
                classes=("tw-verdict-head",),
            ),
            element("p", *self.inline(question), classes=("tw-claim",)),
            *self.parsed(),
            classes=("tw-verdict", "tw-discussion"),
        )
        self.anchor(box, f"question-{identifier.lower()}")
        return [box]


class Quiz(Block):
    """Questions whose options open on their reasons: plain HTML, by mouse, touch or keyboard, with or without
    scripts.
    """

    def run(self) -> list[nodes.Node]:
        questions = self.body_as_yaml(list)
        if questions is None:
            return []
        quiz = element("div", classes=("tw-quiz",))
        for number, entry in enumerate(questions, 1):
            problem = self.problem(entry)
            if problem:
                self.warn(f"question {number}: {problem}")
                return []
            quiz += self.question(entry, number)
        return [quiz]

    @staticmethod
    def problem(entry: dict) -> str | None:
        """What is wrong with a question, if anything."""
        if not isinstance(entry, dict) or not entry.get("question") or not entry.get("options"):
            return "needs `question` and `options`"
        if any(not option.get("text") or not option.get("reason") for option in entry["options"]):
            return "every option needs `text` and `reason`"
        if not any(option.get("right") for option in entry["options"]):
            return "no option is marked `right: true`"
        return None

    def question(self, entry: dict, number: int) -> nodes.Node:
        """One question; its options exclude one another, as browsers do for details of one name."""
        group = f"quiz-{self.lineno}-{number}"
        asked = element("p", *self.inline(entry["question"]), classes=("tw-quiz-question",), id=group)
        options = element("div", classes=("tw-options",), role="group", aria_labelledby=group)
        for letter, option in zip("ABCDEFGH", entry["options"], strict=False):
            right = bool(option.get("right"))
            sign = element(
                "span", nodes.Text("Right. " if right else "Not quite. "), classes=("tw-reason-word",)
            )
            options += element(
                "details",
                element(
                    "summary",
                    element("span", nodes.Text(letter), classes=("tw-letter",), aria_hidden="true"),
                    element("span", *self.inline(option["text"]), classes=("tw-option-text",)),
                ),
                element("p", sign, *self.inline(option["reason"]), classes=("tw-reason",)),
                classes=("tw-option", "tw-right" if right else "tw-wrong"),
                name=group,
            )
        return element("div", asked, options, classes=("tw-question",))


class Worlds(Block):
    """Two columns, one a company."""

    def run(self) -> list[nodes.Node]:
        return [element("div", *self.parsed(), classes=("tw-worlds",))]


class World(Block):
    """One company's column."""

    required_arguments = 1
    option_spec = {"title": directives.unchanged}

    def run(self) -> list[nodes.Node]:
        company = self.arguments[0].strip().lower()
        if company not in COMPANIES:
            self.warn(f"no company {company!r}: one of {', '.join(COMPANIES)}")
            return []
        title = self.inline(self.options.get("title", COMPANIES[company]))
        head = element("p", *title, classes=("tw-company",))
        return [element("div", head, *self.parsed(), classes=("tw-world", f"tw-{company}"))]


class Titled(Block):
    """A block with a small heading in the interface's type and no frame."""

    optional_arguments = 1
    kicker = ""
    kind = ""

    def run(self) -> list[nodes.Node]:
        kicker = element("p", nodes.Text(self.kicker), classes=("tw-kicker",))
        box = element("div", kicker, classes=("tw-block", f"tw-{self.kind}"))
        if self.arguments:
            box += element("p", *self.inline(self.arguments[0]), classes=("tw-block-title",))
        box.extend(self.parsed())
        return [box]


class Goals(Titled):
    """What you will be able to do; the argument says how long it takes."""

    kicker = "What you will be able to do"
    kind = "goals"


class Pitfall(Titled):
    """A mistake with a name."""

    kicker = "Pitfall"
    kind = "pitfall"


class Monday(Titled):
    """What to do at work."""

    kicker = "On Monday"
    kind = "monday"


class Cover(Block):
    """The cover: title, promise, the two companies as a pair, and where to go in.

    YAML: title, promise, companies {swiftfare: {line, text}, pipewright: …}, links [{text, to, note}].
    """

    def run(self) -> list[nodes.Node]:
        data = self.body_as_yaml(dict)
        if data is None:
            return []
        pair = element("div", classes=("tw-pair",))
        for company, name in COMPANIES.items():
            side = data["companies"][company]
            pair += element(
                "div",
                raw_html(art.company_art(company)),
                element("p", nodes.Text(name), classes=("tw-company",)),
                element("p", *self.inline(side["line"]), classes=("tw-company-line",)),
                element("p", *self.inline(side["text"]), classes=("tw-company-text",)),
                classes=("tw-side", f"tw-{company}"),
            )
        links = element("ul", classes=("tw-entries",))
        for link in data.get("links", []):
            target = self.inline(f"[{link['text']}]({link['to']})")
            links += element("li", *target, element("span", *self.inline(link.get("note", ""))))
        return [
            element(
                "div",
                element("div", *self.parsed(data["promise"]), classes=("tw-promise",)),
                pair,
                links,
                classes=("tw-cover",),
            )
        ]


class CompanyWord(SphinxRole):
    """{swiftfare}`word` and {pipewright}`word`: the word in the company's colour."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        company = re.sub(r".*:", "", self.name)
        return [nodes.inline(self.rawtext, self.text, classes=["tw-word", f"tw-{company}"])], []


BLOCKS = {
    "opening": Opening, "guess": Guess, "verdict": Verdict, "source-question": SourceQuestion, "quiz": Quiz,
    "worlds": Worlds, "world": World, "goals": Goals, "pitfall": Pitfall, "monday": Monday, "cover": Cover,
}  # fmt: skip


def setup(app) -> None:
    """Register directives and roles."""
    for name, block in BLOCKS.items():
        app.add_directive(name, block)
    for company in COMPANIES:
        app.add_role(company, CompanyWord())
