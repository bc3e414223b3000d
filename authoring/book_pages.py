"""Make the book's generated pages, and the figures on them.

    python -m authoring.book_pages            write the pages into book/, their figures into book/drawn/
    python -m authoring.book_pages --check    write nothing; exit status 1 if a page or figure would change

The data page comes from the data dictionary and from the tables themselves; "The source, claim by claim"
from `source_claims.toml` and from the blocks in the chapters (claims_page.py); glossary, formulas and
references from the `.toml` files of these names and from the chapters; the pages on
the plants from their list and from the stored results of `calibrate` (plant_pages.py); "Is this data
believable?" from the tables and from the parameters with their comments (believable.py); the instructor
pages from `authoring/teaching/` (teaching_pages.py); "A room of learners" from its words and from what a
trial measured (teach_room.py); "How fast it is" from the stored results of `bench` (benchmark_page.py).
"""

from __future__ import annotations

import argparse
import csv
import gzip
import sys
from pathlib import Path

from authoring import (
    believable,
    benchmark_page,
    claims_page,
    environment,
    formulas_page,
    glossary_page,
    plant_pages,
    references_page,
    teach_room,
    teaching_pages,
)
from authoring.claims_page import GENERATED
from authoring.page_parts import cell
from twoworlds import dictionary, style
from twoworlds.errors import TwoWorldsError

ROOT = Path(__file__).resolve().parent.parent
BOOK = ROOT / "book"
NAMES = {"swiftfare": "Swiftfare", "pipewright": "Pipewright", "capstone": "Kettleroom"}

DATA_HEAD = """\
# The data

The companies are invented: the two of the chapters, and Kettleroom, which is the capstone's. Their
tables were made by a program, from a seed, and what it planted in them is known. Everything is
observed from 2024-01-01 to 2025-12-31, both included. What comes after is unknown, not cut short.

Files are CSV: a spreadsheet opens them, and so does pandas. The two longest tables are packed
(`.csv.gz`): pandas reads them as they are, and a plain sample of 1,000 rows lies beside each for a
spreadsheet. Dates are ISO dates, money is whole euro cents. In a notebook, `tw.load("swiftfare")`,
`tw.load("pipewright")` and `tw.load("capstone")` read a whole company with the right types, and
`tw.load("swiftfare", "users")` reads one table. Licence: CC0, so take them wherever you like.
"""
DATA_FOOT = """\
## What was planted

The truth lies apart, in `data/truth/`: the generator's parameters, what they came to in these two
years, and what no company could see, such as each customer's own chance of leaving. `load` never
gives it; chapters open it at their end, and so can you, with `tw.truth("swiftfare")` or
`tw.truth("pipewright")`. Kettleroom's truth, `tw.truth("capstone")`, is opened in the capstone's solution
only: it is worth more to you closed until you have handed in your memo.
"""

def data_files(world: str, table: str) -> list[Path]:
    """The files of one table to download: the table itself, and a sample beside a packed one."""
    folder = ROOT / "data" / world
    return [path for name in (f"{table}.csv", f"{table}.csv.gz", f"{table}.sample.csv", f"{table}_sample.csv")
            if (path := folder / name).is_file()]  # fmt: skip


def row_count(path: Path) -> int:
    """Rows of a CSV file, without its header."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8", newline="") as handle:
        return sum(1 for _ in csv.reader(handle)) - 1


def full_file(files: list[Path]) -> Path | None:
    """The file that holds the whole table."""
    return next((path for path in files if "sample" not in path.name), None)


def may_be(column: dictionary.Column) -> str:
    """What a column may hold, in words."""
    parts = []
    if column.values:
        shown = ", ".join(column.values[:8])
        parts.append(shown if len(column.values) <= 8 else f"{shown} and {len(column.values) - 8} more")
        if column.ordered:
            parts[-1] += " (in this order)"
    elif column.minimum is not None and column.maximum is not None:
        parts.append(f"{column.minimum} to {column.maximum}")
    if column.nullable:
        parts.append("may be empty")
    return "; ".join(parts)


def key_words(column: dictionary.Column) -> str:
    """The column's part in keys, in words."""
    words = []
    for part in (part.strip() for part in column.key.split(",") if part.strip()):
        words.append(
            f"points to `{part.split(':')[1].strip()}`"
            if part.startswith("foreign:")
            else "identifies the row"
        )
    return "; ".join(words)


def column_row(column: dictionary.Column) -> str:
    """One line of a table's description."""
    kind = f"{column.type}, {column.unit}" if column.unit else column.type
    notes = "; ".join(part for part in (key_words(column), may_be(column)) if part)
    return f"| `{column.name}` | {cell(kind)} | {cell(column.meaning)} | {cell(notes)} |"


def several(keys: list[str]) -> str:
    """A sentence on a key of several columns."""
    return f" A row is identified by {', '.join(f'`{key}`' for key in keys[:-1])} and `{keys[-1]}` together."


def table_section(table: dictionary.Table) -> list[str]:
    """One table: grain, meaning, rows, files, columns."""
    files = data_files(table.world, table.name)
    whole = full_file(files)
    facts = [f"One row is {table.grain.removeprefix('one row ')}"]
    if whole:
        facts.append(f"{row_count(whole):,} rows")
    links = [f"{{download}}`{path.name} <../{path.relative_to(ROOT).as_posix()}>`" for path in files]
    key = several(table.primary_key) if len(table.primary_key) > 1 else ""
    lines = [
        f"({table.world}-{table.name})=",
        f"### {table.name}",
        "",
        f"{table.meaning}{key}",
        "",
        f"{'. '.join(facts)}. {' '.join(links)}".strip(),
        "",
    ]
    lines += ["| Column | Type | Meaning | Notes |", "|---|---|---|---|"]
    return [*lines, *map(column_row, table.columns), ""]


def data_page() -> str:
    """The data page as Markdown."""
    lines = [GENERATED, "", DATA_HEAD]
    for world, title in dictionary.world_titles().items():
        lines += [f"## {NAMES.get(world, world.capitalize())}", "", title, ""]
        tables = dictionary.tables(world)
        lines += ["| Table | One row is |", "|---|---|"]
        lines += [
            f"| {{ref}}`{name} <{world}-{name}>` | {cell(table.grain.removeprefix('one row '))} |"
            for name, table in tables.items()
        ]
        lines.append("")
        for table in tables.values():
            lines += table_section(table)
    lines.append(DATA_FOOT)
    return "\n".join(lines).rstrip() + "\n"


def marked(make):
    """A page's maker with the line that says where it comes from put before it."""
    return lambda: f"{GENERATED}\n\n{make()}"


PAGES = {
    "data.md": data_page,
    "source-claims.md": claims_page.page,
    "glossary.md": marked(glossary_page.page),
    "formulas.md": marked(formulas_page.page),
    "references.md": marked(references_page.page),
    "plants.md": marked(plant_pages.plants_page),
    "calibration.md": marked(plant_pages.calibration_page),
    "believable.md": marked(believable.page),
    "teach-room.md": marked(teach_room.page),
    "benchmarks.md": marked(benchmark_page.page),
}


def drawn() -> dict[str, str]:
    """Path below book/ -> SVG of every figure on the generated pages."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    made = {}
    with matplotlib.rc_context():
        style.use()
        for name, draw in {
            **plant_pages.drawings(),
            **believable.drawings(),
            **benchmark_page.drawings(),
        }.items():
            figure = draw()
            made[f"drawn/{name}.svg"] = style.to_svg(figure) + "\n"
            plt.close(figure)
    return made


def all_files(figures: bool = True) -> dict[str, str]:
    """Path below book/ -> text of every generated page and, where asked, figure."""
    made = {name: make() for name, make in PAGES.items()}
    return {**made, **teaching_pages.pages(GENERATED), **(drawn() if figures else {})}


def bring_up_to_date(files: dict[str, str], write: bool) -> list[str]:
    """Paths of the files that differ from what is stored, or that are no longer made; written where asked."""
    changed = []
    for name, text in files.items():
        path = BOOK / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            changed.append(f"book/{name}")
            if write:
                path.parent.mkdir(exist_ok=True)
                path.write_text(text, encoding="utf-8", newline="\n")
    if any(name.startswith("drawn/") for name in files):
        for path in sorted((BOOK / "drawn").glob("*.svg")):
            if f"drawn/{path.name}" not in files:
                changed.append(f"book/drawn/{path.name}")
                if write:
                    path.unlink()
    return changed


def main(arguments: list[str] | None = None) -> int:
    """Command line: 0 where all is well, 1 where --check finds a difference, 2 where something is wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m authoring.book_pages", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a page would change")
    options = parser.parse_args(arguments)
    try:
        # A figure's bytes are promised in the locked environment only, a page's everywhere.
        files = all_files(figures=not (options.check and environment.unlocked_packages()))
        changed = bring_up_to_date(files, write=not options.check)
    except (TwoWorldsError, OSError) as error:
        print(f"book pages: {error}", file=sys.stderr)
        return 2
    if options.check and changed:
        print(
            f"book pages: {', '.join(changed)} is not up to date: run `python -m authoring.book_pages`.",
            file=sys.stderr,
        )
        return 1
    print(f"generated pages: {', '.join(changed) if changed else 'unchanged'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
