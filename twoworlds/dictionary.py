"""The data dictionary (dictionary.toml) as objects: what each table and column is.

The one place that says it: it types what `load` reads, tells the generator how to write, and is what
validation and the book's data page are made from.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("dictionary.toml")
TYPES = ("integer", "date", "category", "boolean", "number", "text")


@dataclass(frozen=True)
class Column:
    """A column: type (one of TYPES), unit, key ("primary", "foreign: table.column" or ""), limits."""

    name: str
    type: str
    meaning: str
    unit: str = ""
    key: str = ""
    nullable: bool = False
    minimum: int | float | str | None = None
    maximum: int | float | str | None = None
    values: tuple[str, ...] = ()
    ordered: bool = False
    decimals: int = 0


@dataclass(frozen=True)
class Table:
    """A table: `kept` is "data" for what `load` gives, "truth" for what only `truth` gives; `packed`: its
    file is gzipped, whatever its size."""

    world: str
    name: str
    grain: str
    meaning: str
    columns: tuple[Column, ...]
    kept: str = "data"
    packed: bool = False

    def column(self, name):
        """The column of that name. Raises KeyError."""
        return {column.name: column for column in self.columns}[name]

    @property
    def primary_key(self):
        """Names of the columns that together identify a row."""
        return [column.name for column in self.columns if "primary" in column.key]

    @property
    def foreign_keys(self):
        """Column -> (table, column) that it points to."""
        found = {}
        for column in self.columns:
            for part in column.key.split(","):
                if part.strip().startswith("foreign:"):
                    found[column.name] = tuple(part.split(":")[1].strip().split("."))
        return found


@cache
def world_titles():
    """World -> what it is, in a line."""
    return {world["name"]: world["meaning"] for world in _read()["world"]}


@cache
def _read():
    with open(FILE, "rb") as file:
        return tomllib.load(file)


@cache
def tables(world, kept="data"):
    """Name -> Table, of one world, in the dictionary's order. An unknown world has none."""
    found = {}
    for entry in _read()["table"]:
        if entry["world"] != world or entry.get("kept", "data") != kept:
            continue
        columns = tuple(
            Column(**{**column, "values": tuple(column.get("values", ()))}) for column in entry["column"]
        )
        about = {name: value for name, value in entry.items() if name != "column"}
        found[entry["name"]] = Table(columns=columns, **about)
    return found
