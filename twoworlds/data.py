"""Loading the two worlds' data, typed by the dictionary and checked against the generator's manifest.

    load("swiftfare")            all tables, each read when it is first asked for
    load("swiftfare", "users")   one table
    load("capstone")             the capstone's company, in the same way
    truth("swiftfare")           what was planted; not for learners before the reveal

Where the data lies: the folder that TWOWORLDS_DATA names, else `data` beside the package (a clone), else the
copy inside an installed package.
"""

import gzip
import hashlib
import io
import json
import os
import zlib
from collections.abc import Mapping
from pathlib import Path

from twoworlds import dictionary
from twoworlds.errors import TwoWorldsError

_PACKAGE = Path(__file__).resolve().parent
REMAKE = "make it again with `python -m twoworlds.generate`, or restore it from the course's repository"


def data_folder():
    """Folder that holds each company's folder and truth/. Raises TwoWorldsError where there is none."""
    named = os.environ.get("TWOWORLDS_DATA")
    if named:
        folder = Path(named).expanduser()
        if not folder.is_dir():
            raise TwoWorldsError(
                f"TWOWORLDS_DATA names {named!r}, which is not a folder: name the folder that holds the data."
            )
        return folder
    for folder in (_PACKAGE.parent / "data", _PACKAGE / "_data"):
        if folder.is_dir():
            return folder
    raise TwoWorldsError(
        "There is no data folder: run `python -m twoworlds.generate`, or set TWOWORLDS_DATA to the folder."
    )


def _check_world(world):
    known = dictionary.world_titles()
    if world not in known:
        raise TwoWorldsError(f"There is no world {world!r}: the worlds are {', '.join(known)}.")


def _check_table(world, table, kept="data"):
    known = dictionary.tables(world, kept)
    if table not in known:
        what = "table" if kept == "data" else "truth table"
        raise TwoWorldsError(f"{world} has no {what} {table!r}: it has {', '.join(known)}.")


def _folder_of(world, kept):
    return data_folder() / world if kept == "data" else data_folder() / "truth" / world


def _manifest(world, kept="data"):
    path = _folder_of(world, kept) / "manifest.json"
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        fits = manifest["world"] == world and all(
            {"file", "rows", "sha256"} <= entry.keys() for entry in manifest["tables"].values()
        )
    except FileNotFoundError:
        raise TwoWorldsError(
            f"{path} is missing, so the data of {world} cannot be trusted: {REMAKE}."
        ) from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        fits = False
    if not fits:
        raise TwoWorldsError(f"{path} is not a manifest of {world}: {REMAKE}.")
    return manifest


def data_digest(world):
    """Digest of all columns of a world (64 hex digits), from its manifest: the same for CSV and Parquet."""
    _check_world(world)
    digest = _manifest(world).get("digest")
    if not isinstance(digest, str):
        raise TwoWorldsError(f"The manifest of {world} has no digest: {REMAKE}.")
    return digest


def _content(path, entry):
    """Bytes of a table's file, unpacked where it is gzipped, once they are what the generator wrote."""
    try:
        content = path.read_bytes()
        if path.suffix == ".gz":
            content = gzip.decompress(content)
    except FileNotFoundError:
        raise TwoWorldsError(f"{path} is missing: {REMAKE}.") from None
    except (OSError, EOFError, zlib.error) as problem:
        raise TwoWorldsError(f"{path} cannot be read ({problem}): {REMAKE}.") from None
    if hashlib.sha256(content).hexdigest() != entry["sha256"]:
        raise TwoWorldsError(
            f"{path} is not the file that the generator wrote (changed, cut short or foreign): {REMAKE}."
        )
    return content


def _typed_csv(content, table):
    import pandas as pd

    as_read = {
        "integer": "int64", "number": "float64", "boolean": "bool", "text": "str", "date": "str",
    }  # fmt: skip
    types = {
        column.name: (
            pd.CategoricalDtype(list(column.values), ordered=column.ordered)
            if column.type == "category"
            else "Int64"
            if column.type == "integer" and column.nullable
            else as_read[column.type]
        )
        for column in table.columns
    }
    # Few dates differ: as categories they are parsed once each.
    types.update({column.name: "category" for column in table.columns if column.type == "date"})
    frame = pd.read_csv(io.BytesIO(content), dtype=types, keep_default_na=False, na_values=[""])
    for column in table.columns:
        if column.type == "date":
            codes = frame[column.name].cat
            days = pd.to_datetime(codes.categories, format="%Y-%m-%d").as_unit("us")
            frame[column.name] = pd.Series(
                days.take(codes.codes, fill_value=pd.NaT, allow_fill=True), index=frame.index
            )
    return frame


def _typed_parquet(contents, table):
    """contents: the bytes of a table's files, one after the other."""
    import pandas as pd

    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise TwoWorldsError(
            "Reading Parquet needs pyarrow: run `pip install pyarrow`, or generate with --format csv."
        ) from None
    parts = [pyarrow.parquet.read_table(io.BytesIO(content)) for content in contents]
    frame = pyarrow.concat_tables(parts).to_pandas(date_as_object=False)
    for column in table.columns:
        if column.type == "category":
            frame[column.name] = frame[column.name].astype(
                pd.CategoricalDtype(list(column.values), ordered=column.ordered)
            )
        elif column.type == "date":
            frame[column.name] = frame[column.name].dt.as_unit("us")
        elif column.type == "integer" and column.nullable:
            frame[column.name] = frame[column.name].astype("Int64")
    return frame


def _read_table(world, table_name, kept="data"):
    table = dictionary.tables(world, kept)[table_name]
    entry = _manifest(world, kept)["tables"].get(table_name)
    if entry is None:
        raise TwoWorldsError(
            f"The data of {world} has no table {table_name!r}: it is of an older course; {REMAKE}."
        )
    path = _folder_of(world, kept) / entry["file"]
    content = _content(path, entry)
    expected = [column.name for column in table.columns]
    try:
        if path.suffix == ".json":  # the list of the table's parts
            listed = [(path.parent / part["file"], part) for part in json.loads(content)]
            frame = _typed_parquet((_content(*part) for part in listed), table)
            found = list(frame.columns)
        else:
            found = content[: content.find(b"\n")].decode("utf-8", "replace").strip().split(",")
            frame = _typed_csv(content, table) if found == expected else None
    except (ValueError, TypeError, KeyError) as problem:
        reason = str(problem).splitlines()[0]
        raise TwoWorldsError(f"{path} does not hold what the dictionary says ({reason}): {REMAKE}.") from None
    if found != expected:
        raise TwoWorldsError(
            f"{path} has the columns {', '.join(found)}, but the dictionary says {', '.join(expected)}:"
            f" {REMAKE}."
        )
    if len(frame) != entry["rows"]:
        raise TwoWorldsError(
            f"{path} has {len(frame)} rows, but its manifest says {entry['rows']}: {REMAKE}."
        )
    return frame


class World(Mapping):
    """The tables of a world, by name: `sf["users"]` or `sf.users`, each read when first asked for."""

    def __init__(self, name):
        self._name = name
        self._frames = {}

    def __getitem__(self, table):
        _check_table(self._name, table)
        if table not in self._frames:
            self._frames[table] = _read_table(self._name, table)
        return self._frames[table]

    def __getattr__(self, table):
        if table.startswith("_"):
            raise AttributeError(table)
        if table not in dictionary.tables(self._name):
            known = ", ".join(dictionary.tables(self._name))
            # AttributeError, so that hasattr and tab completion work; the message is for people.
            raise AttributeError(f"{self._name} has no table {table!r}: it has {known}.")
        return self[table]

    def __iter__(self):
        return iter(dictionary.tables(self._name))

    def __len__(self):
        return len(dictionary.tables(self._name))

    def __contains__(self, table):
        return table in dictionary.tables(self._name)

    def __dir__(self):
        return sorted({*super().__dir__(), *self})

    def __repr__(self):
        lines = [f"{self._name}: {dictionary.world_titles()[self._name]}"]
        lines += [f"  {name}: {table.grain}" for name, table in dictionary.tables(self._name).items()]
        return "\n".join(lines)


def load(world, table=None):
    """A world's tables (see World), or one table as a DataFrame, typed by the dictionary.

    Raises TwoWorldsError, one line that says what to do, for an unknown world or table, and for a file that
    is missing, cut short, changed or not the generator's.
    """
    _check_world(world)
    if table is not None:
        _check_table(world, table)
        return _read_table(world, table)
    manifest = _manifest(world)
    for name in dictionary.tables(world):
        entry = manifest["tables"].get(name)
        if entry is None:
            raise TwoWorldsError(
                f"The data of {world} has no table {name!r}: it is of an older course; {REMAKE}."
            )
        path = _folder_of(world, "data") / entry["file"]
        if not path.is_file():
            raise TwoWorldsError(f"{path} is missing: {REMAKE}.")
    return World(world)


def truth(world, table=None):
    """What was planted in a world, as a dict; or one of its truth tables, as a DataFrame.

    Raises TwoWorldsError where the truth is not there: a class's own data has none.
    """
    _check_world(world)
    if not _folder_of(world, "truth").is_dir():
        raise TwoWorldsError(
            f"The truth of {world} is not in {data_folder()}: ask whoever gave you the data."
        )
    if table is not None:
        _check_table(world, table, "truth")
        return _read_table(world, table, "truth")
    path = _folder_of(world, "truth") / "truth.json"
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise TwoWorldsError(f"{path} is missing or not readable: {REMAKE}.") from None
