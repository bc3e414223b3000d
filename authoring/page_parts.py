"""What the pages made by code share: numbers, tables, links to tables, and parameters with their reasons."""

from __future__ import annotations

import inspect
import math
import re
from dataclasses import fields
from functools import cache
from pathlib import Path

from twoworlds import dictionary

NAMES = {"swiftfare": "Swiftfare", "pipewright": "Pipewright"}
_A_DAY = re.compile(r"(?:^|_)(?:start|on|day|from|until|end)s?$")


def number(value: float, digits: int = 3) -> str:
    """A number for reading: so many significant digits, thousands apart, a real minus sign."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not math.isfinite(value):
        return "–"
    if value == 0:
        return "0"
    if isinstance(value, int):
        text = f"{value:,}"
    else:
        places = max(0, digits - 1 - math.floor(math.log10(abs(value))))
        text = f"{value:,.{min(places, 8)}f}"
    return text.replace("-", "\N{MINUS SIGN}")


def percent(share: float, places: int = 0) -> str:
    """A share as a percentage."""
    return f"{100 * share:.{places}f} %" if math.isfinite(share) else "–"


def cell(text: str) -> str:
    """Text that may stand in a Markdown table."""
    return " ".join(str(text).split()).replace("|", "\\|")


def table(head: tuple[str, ...], rows: list[tuple[str, ...]], right: tuple[int, ...] = ()) -> list[str]:
    """A Markdown table. right: columns of numbers."""
    rule = ["---:" if place in right else "---" for place in range(len(head))]
    return [f"| {' | '.join(map(cell, row))} |" for row in (head, rule, *rows)]


def company(world: str) -> str:
    """A company's name in its colour."""
    return f"{{{world}}}`{NAMES[world]}`" if world in NAMES else world.capitalize()


def table_link(world: str, name: str) -> str:
    """A link to a table's place on the data page."""
    known = dictionary.tables(world)
    return f"{{ref}}`{name} <{world}-{name}>`" if name in known else f"`{name}`"


def drawing(name: str) -> list[str]:
    """The block that shows a drawing on a page."""
    return [f"```{{drawing}} {name}", "```", ""]


def sentence(function) -> str:
    """The first sentence of a function's docstring, or nothing."""
    text = " ".join((inspect.getdoc(function) or "").split()) if inspect.isfunction(function) else ""
    return re.split(r"(?<=[.?!])\s", text, maxsplit=1)[0]


# ---------------------------------------------------------------- parameters


def _numbers_in(value) -> int:
    return sum(map(_numbers_in, value)) if isinstance(value, tuple | list) else 1


def _plain(value) -> str:
    if isinstance(value, bool | int):
        return number(value)
    if isinstance(value, float):
        # As it was planted: all of its digits.
        return f"{value:g}".replace("-", "\N{MINUS SIGN}") if abs(value) < 1e5 else number(value)
    if isinstance(value, tuple | list):
        return ", ".join(map(_plain, value))
    return f"`{value}`"


def value_words(name: str, value) -> str:
    """A parameter's value in words: a day as its date, a long list by its size."""
    if isinstance(value, tuple | list) and _numbers_in(value) > 12:
        nested = isinstance(value[0], tuple | list)
        return f"a table of {len(value)} × {len(value[0])}" if nested else f"a list of {len(value)}"
    if isinstance(value, tuple | list) and value and isinstance(value[0], tuple | list):
        return "; ".join(map(_plain, value))
    days = value if isinstance(value, tuple | list) else (value,)
    if _A_DAY.search(name) and all(isinstance(day, int) and 15_000 < day < 25_000 for day in days):
        from twoworlds.worlds.timeline import iso

        return ", ".join(map(iso, days))
    return _plain(value)


@cache
def parameters(world: str):
    """The world's parameters, a frozen dataclass."""
    from twoworlds.worlds.registry import MADE

    return MADE[world].PARAMETERS


@cache
def reasons(world: str) -> dict[str, str]:
    """Field -> the comment above it, where its meaning, unit and reason stand. A comment serves all fields
    that follow it without a blank line or another comment between."""
    found: dict[str, str] = {}
    for kind in type(parameters(world)).__mro__:
        if kind is not object:
            found = {**_reasons_of(kind), **found}
    return found


def _reasons_of(kind: type) -> dict[str, str]:
    path = Path(inspect.getfile(kind))
    own = inspect.get_annotations(kind)
    lines = path.read_text(encoding="utf-8").splitlines()
    first = next(place for place, line in enumerate(lines) if line.startswith(f"class {kind.__name__}"))
    found, words, open_comment = {}, [], False
    for line in lines[first + 1 :]:
        bare = line.strip()
        if bare and not line.startswith((" ", "#")) and not bare.startswith((")", "#")):
            break
        if bare.startswith("#"):
            words = words if open_comment else []
            # A heading names a group of fields, not one of them.
            if not bare.startswith("# ---"):
                words.append(bare.lstrip("# "))
            open_comment = True
            continue
        open_comment = False
        match = re.match(r"    (\w+)\s*:", line)
        if not bare:
            words = []
        elif match and match[1] in own:
            found[match[1]] = " ".join(words)
    return found


def field_names(world: str) -> list[str]:
    """All parameters of a world, in their order."""
    return [field.name for field in fields(parameters(world))]
