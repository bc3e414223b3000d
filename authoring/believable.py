"""The book's page "Is this data believable?": figures of the two companies beside published ones, and every
number that has none, with its reason."""

from __future__ import annotations

from authoring import believable_figures, held_against
from authoring.page_parts import (
    NAMES,
    drawing,
    field_names,
    number,
    parameters,
    reasons,
    table,
    value_words,
)

HEAD = """\
# Is this data believable?

The two companies are invented, and you should not take our word that they look like companies. This page
holds them against what firms and researchers have published, wherever the definition is alike. Ours is
computed from the tables that you can load, with an interval of 95 %.

*Inside* means that our interval meets the published range. Where only one number was printed, without any
error, a tenth on both sides counts as the range. *Grade A* was read at its publisher or in a copy of its
own document, *grade B* in somebody else's report. Published figures are no law either: they come from
vendors' own customers, from different years, and they disagree among themselves. Money is in euros here and
often in dollars there.
"""
FIGURES_HEAD = """\
## What product managers know without a table

Averages are easily met. Shapes are harder: most users come once, few pay much, and the calendar shows in
everything.
"""
REST_HEAD = """\
## Every number, and why it is what it is

All that was planted or chosen, with its meaning and reason as they stand beside it in the program. Numbers
with no source are design choices: what makes a chapter's question worth asking, within what is plausible.
Anyone may change one and make the data again. Names that end in `_table` point to a table of a
distribution.
"""


def compared() -> list[tuple[held_against.Row, held_against.Found]]:
    """Every row whose tables exist, with our figure."""
    return [(row, row.compute(believable_figures.world(row.world))) for row in held_against.ROWS if row.ready]


def _in_unit(value: float, unit: str) -> str:
    if unit == "%":
        return f"{number(value)} %"
    return f"{number(value)} {unit}" if unit in ("EUR", "days") else number(value)


def _published(row: held_against.Row) -> str:
    fact = row.fact
    low, high = (f"{bound:,.0f}" if bound >= 1000 else f"{bound:g}" for bound in (fact.low, fact.high))
    unit = f" {row.unit}" if row.unit in ("%", "EUR", "days") else ""
    return f"{low if fact.low == fact.high else f'{low} to {high}'}{unit}"


def verdict(row: held_against.Row, found: held_against.Found) -> str:
    """Inside, above or below."""
    if row.inside(found):
        return "inside"
    return "above" if found.value > row.fact.high else "below"


def _rows_of(world: str, made) -> list[str]:
    rows, notes = [], []
    for row, found in made:
        if row.world != world:
            continue
        fact = row.fact
        ours = f"{_in_unit(found.value, row.unit)} ({number(found.low)} to {number(found.high)})"
        words = verdict(row, found)
        rows.append((row.what, _published(row), ours, words if words == "inside" else f"**{words}**"))
        why = f" **Why {words}:** {row.why}" if words != "inside" else ""
        source = f"[{fact.source}]({fact.link}), {fact.year}, grade {fact.grade}."
        notes += [row.what, f": {source} {row.differs} Ours counts {found.n:,}.{why}", ""]
    return [
        *table(("Figure", "Published", "Ours", "Verdict"), rows),
        "",
        "Where the published figures come from, and how ours differ in definition:",
        "",
        *notes,
    ]


def _rest(world: str) -> list[str]:
    """Parameters that share a comment stand together."""
    values, why = parameters(world), reasons(world)
    groups: dict[str, list[str]] = {}
    for name in field_names(world):
        # Without words of their own, fields stand by the first part of their name.
        key = why.get(name) or f"?{name.split('_')[0]}"
        groups.setdefault(key, []).append(f"`{name}` {value_words(name, getattr(values, name))}")
    rows = [("; ".join(names), "" if why.startswith("?") else why) for why, names in groups.items()]
    return [
        f":::{{dropdown}} {NAMES[world]}: {len(field_names(world))} numbers and lists",
        *table(("What and how much", "Meaning and reason"), rows),
        ":::",
        "",
    ]


def page() -> str:
    """The page "Is this data believable?" as Markdown."""
    made = compared()
    inside = sum(row.inside(found) for row, found in made)
    lines = [HEAD, f"**{inside} of {len(made)} figures lie inside** the published range.", ""]
    for world in NAMES:
        lines += [f"## {NAMES[world]}", "", *_rows_of(world, made)]
    lines.append(FIGURES_HEAD)
    for name in drawings():
        lines += drawing(name)
    lines.append(REST_HEAD)
    for world in NAMES:
        lines += _rest(world)
    return "\n".join(lines).rstrip() + "\n"


def drawings() -> dict:
    """Name -> function that draws it."""
    return believable_figures.drawings()
