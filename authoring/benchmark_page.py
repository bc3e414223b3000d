"""The page "How fast it is", made from authoring/benchmarks/results.json, and its figure."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from authoring.page_parts import drawing, number, table
from twoworlds import style
from twoworlds.errors import TwoWorldsError

RESULTS = Path(__file__).resolve().parent / "benchmarks" / "results.json"
MILLION = 1_000_000
NAMES = {
    "twoworlds": "this course",
    "faker": "Faker",
    "mimesis": "mimesis",
    "duckdb_one": "DuckDB, one thread",
    "duckdb_two": "DuckDB, two threads",
    "polars": "Polars",
    "dbldatagen": "dbldatagen",
}
HEAD = """\
# How fast it is

`make bench` measures what you wait for, and how the generator of the companies' data does at
other sizes and beside other makers of data. This page is made from what it measured last. Times depend
on the machine; ratios less so. **Processor seconds** add up the time of all cores that were at work:
unlike the clock they hardly change when other programs share the machine, so rates are given by them.
"""


@cache
def results() -> dict:
    """What `make bench` has stored, part by part. Raises TwoWorldsError where it cannot be read."""
    try:
        return json.loads(RESULTS.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TwoWorldsError(f"authoring/benchmarks/results.json cannot be read: {error}") from error


def rate(entry: dict) -> float:
    """Rows a processor second."""
    return entry["rows"] / entry["cpu_seconds"]


def full_schema_times_faker() -> float:
    """How many rows of the full schema the generator makes while Faker makes one, measured in turns."""
    found = results()["rivals"]["found"]
    return found["twoworlds_full"]["rows_a_cpu_second"] / found["faker_full"]["rows_a_cpu_second"]


def two_tables_over(name: str) -> float:
    """This course's rate on the two tables over another maker's."""
    found = results()["rivals"]["found"]
    return found["twoworlds"]["rows_a_cpu_second"] / found[name]["rows_a_cpu_second"]


def _machine(part: str) -> str:
    entry = results()[part]
    busy = f", with a load of {number(entry['load'], 2)}" if entry["load"] is not None else ""
    return f"Measured with Python {entry['python']} on {entry['cores']} cores{busy}."


def _scales() -> list[str]:
    found = results()["scales"]["found"]
    rows = [
        (
            number(entry["scale"]), number(entry["rows"] / MILLION), number(rate(entry) / MILLION),
            number(entry["rows"] / entry["seconds"] / MILLION), number(entry["peak_mb"]),
            number(entry["megabytes"]),
        )
        for entry in found
    ]  # fmt: skip
    ten, hundred = found[-2], found[-1]
    memory = 100 * (hundred["peak_mb"] / ten["peak_mb"] - 1)
    cost = 100 * (rate(ten) / rate(hundred) - 1)
    head = (
        "Scale", "Million rows", "Million rows a processor second", "Million rows a second", "Memory, MB",
        "Parquet, MB",
    )  # fmt: skip
    return [
        "## Three companies, all tables",
        "",
        "The full schema of the two companies and of the capstone's, the truth included, as Parquet, with one"
        " process:"
        " `python -m twoworlds.generate --scale 100 --format parquet --out my-data`.",
        "",
        *table(head, rows, right=tuple(range(len(head)))),
        "",
        f"From scale {number(ten['scale'])} to {number(hundred['scale'])} the memory changes by"
        f" {number(memory, 2)} %, and what a row costs by {number(cost, 2)} %: whatever grows with the data"
        f" is written and let go. {_machine('scales')}",
        "",
        "What does not grow: tables of the whole company. Marketing weeks, regions, experiments' daily"
        " counts, releases, executives and the like have the same rows at every scale, with larger numbers"
        " in them, and the first block of a company holds them whole.",
        "",
        *_together(),
    ]


def _together() -> list[str]:
    if "together" not in results():
        return []
    found = results()["together"]["found"]
    return [
        "Why the rate is what it is: data are made in blocks, 75 accounts of Pipewright for instance, each"
        " from random numbers of its own, so that any order of blocks gives the same rows. But on 75 numbers"
        " most of what a step of NumPy costs is the call. So a part's blocks are made together, in long"
        f" arrays, and come out bit for bit as they do alone. Made {number(found['blocks'])} at a"
        f" time, a block takes {number(found['ms_together'], 2)} milliseconds; made alone,"
        f" {number(found['ms_alone'], 2)}. {_machine('together')}",
        "",
    ]


def _workers() -> list[str]:
    found = results()["workers"]["found"]
    pairs = len(found["seconds_one"])
    return [
        f"With two Dask workers it went {number(found['times_faster'])} times as fast as with one, their"
        f" start included (scale {number(found['scale'])}, median of {pairs} pairs in turns)."
        f" {_machine('workers')}",
        "",
    ]


def _rivals() -> list[str]:
    found = results()["rivals"]["found"]
    mine = found["twoworlds"]["rows_a_cpu_second"]
    order = sorted((name for name in NAMES if name in found), key=lambda n: -found[n]["rows_a_cpu_second"])
    rows = [
        (
            NAMES[name], found[name].get("version", ""),
            number(found[name]["rows_a_cpu_second"] / MILLION),
            number(found[name]["rows_a_cpu_second"] / mine, 2), number(found[name]["peak_mb"]),
        )
        for name in order
    ]  # fmt: skip
    head = ("Maker", "Version", "Million rows a processor second", "This course = 1", "Memory, MB")
    absent = [NAMES[name] for name in NAMES if name not in found]
    left_out = f" {absent[0]} is missing: it could not be run there." if absent else ""
    return [
        "## Beside others",
        "",
        "One job for all: a million users of eight columns and ten million events of five, with a key from"
        " event to user and no event before the sign-up, as Parquet. Faker and mimesis work row by row: they"
        " make a part of it, and their rate is what counts. All ran in one go and in turns, each with what"
        " is usual for it.",
        "",
        *drawing("benchmarks"),
        "",
        *table(head, rows, right=(2, 3, 4)),
        "",
        f"And the full schema: Faker, drawing each column by itself with neither keys nor plants, makes"
        f" {number(found['faker_full']['rows_a_cpu_second'], 2)} rows a processor second; the generator, in"
        f" the same turns, {number(found['twoworlds_full']['rows_a_cpu_second'], 2)}, which is"
        f" {number(full_schema_times_faker(), 2)} times as many."
        f" {_machine('rivals')}{left_out}",
        "",
        "The comparison is of speed alone. DuckDB and Polars are for asking questions, and were asked to"
        " make rows by hashing a counter; Faker and mimesis write names and addresses, for which this course"
        " has no use.",
        "",
    ]


def _waits() -> list[str]:
    found = results()["waits"]["found"]

    def show(seconds):
        return f"{number(seconds)} s" if seconds >= 1 else f"{number(1000 * seconds)} ms"

    checks = [seconds for part, seconds in found["seconds"].items() if part.startswith("check ")]
    rows = [
        (part, show(seconds)) for part, seconds in found["seconds"].items() if not part.startswith("check ")
    ]
    rows.append((f"one check, the slowest of {len(checks)}", show(max(checks))))
    return [
        "## What you wait for",
        "",
        *table(("Part", "Time"), rows, right=(1,)),
        "",
        f"The locked environment takes {number(found['environment_mb'])} MB. {_machine('waits')}",
        "",
    ]


def page() -> str:
    """The page as Markdown, without its first line."""
    sections = {"scales": _scales, "workers": _workers, "rivals": _rivals, "waits": _waits}
    # A part that nobody has measured yet is left out: building the book is itself one of the waits.
    lines = [line for part, section in sections.items() if part in results() for line in section()]
    return "\n".join([HEAD, *lines]).rstrip() + "\n"


def benchmarks():
    """Rows a processor second of each maker, as bars."""
    import matplotlib.pyplot as plt

    found = results()["rivals"]["found"]
    order = sorted((name for name in NAMES if name in found), key=lambda n: found[n]["rows_a_cpu_second"])
    rates = [found[name]["rows_a_cpu_second"] / MILLION for name in order]
    fig, ax = plt.subplots(figsize=(style.WIDTH, style.HEIGHT))
    colours = [style.ACCENT if name == "twoworlds" else style.LIGHT for name in order]
    ax.barh(range(len(order)), rates, color=colours)
    for place, value in enumerate(rates):
        ax.annotate(number(value, 2), (value, place), xytext=(4, 0), textcoords="offset points", va="center")
    ax.set_yticks(range(len(order)), [NAMES[name] for name in order])
    ax.set_xlabel("Million rows a processor second")
    ax.set_xlim(0, 1.15 * max(rates))
    one = two_tables_over("duckdb_one")
    level = "rows as fast as DuckDB does" if 0.9 < one < 1.1 else f"{number(one, 2)} times the rows of DuckDB"
    ax.set_title(f"On two plain tables this course makes {level} on one thread")
    said = "; ".join(
        f"{NAMES[name]} {number(value, 2)}"
        for name, value in zip(reversed(order), reversed(rates), strict=True)
    )
    style.describe(fig, f"Bars, in million rows a processor second: {said}.")
    return fig


def drawings() -> dict:
    """Figure's name -> function that draws it."""
    return {"benchmarks": benchmarks}
