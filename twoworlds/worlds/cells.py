"""How a block holds its columns, and how a column becomes text and a digest.

A table of a block is a dict from column to array, all of one length:
    integer, boolean   whole numbers or booleans; a whole number that may be missing is -1 there
    date               day numbers, NO_DAY where missing
    category           Coded(codes, labels), code -1 where missing
    number             whole numbers in units of 10 ** -decimals (2.57 with two decimals is held as 257)
    text               a list of str
The type of a column stands in the dictionary.
"""

import hashlib
from functools import cache
from typing import NamedTuple

import numpy as np

from twoworlds.worlds.timeline import NO_DAY, iso

NO_NUMBER = -1  # a whole number that is not there


class Coded(NamedTuple):
    """A category column: codes (n,) into labels (a tuple of str), -1 where missing."""

    codes: np.ndarray
    labels: tuple


def length(cells):
    return len(cells.codes) if isinstance(cells, Coded) else len(cells)


def take(cells, chosen):
    """The chosen rows of a column (chosen: positions or booleans)."""
    if isinstance(cells, Coded):
        return Coded(cells.codes[chosen], cells.labels)
    if isinstance(cells, list):
        positions = np.flatnonzero(chosen) if chosen.dtype == bool else chosen
        return [cells[position] for position in positions]
    return cells[chosen]


def take_rows(table, chosen):
    """The chosen rows of every column of a table."""
    return {name: take(cells, chosen) for name, cells in table.items()}


def as_text(cells, column):
    """A column's cells as the strings that stand in a CSV file: "" where missing."""
    if column.type == "category":
        labels = [*cells.labels, ""]  # code -1 is the last
        return [labels[code] for code in cells.codes.tolist()]
    if column.type == "text":
        for cell in cells:
            if any(mark in cell for mark in ',"\n\r'):
                raise ValueError(f"{column.name}: {cell!r} would need quoting in a CSV file")
        return cells
    if column.type == "date":
        unique, place = np.unique(cells, return_inverse=True)
        texts = ["" if day == NO_DAY else iso(day) for day in unique.tolist()]
        return [texts[position] for position in place.tolist()]
    if column.type == "boolean":
        return ["true" if cell else "false" for cell in cells.tolist()]
    if column.type == "number":
        unit = 10**column.decimals
        return [f"{cell // unit}.{cell % unit:0{column.decimals}d}" for cell in cells.tolist()]
    if column.nullable:
        return ["" if cell == NO_NUMBER else str(cell) for cell in cells.tolist()]
    return [str(cell) for cell in cells.tolist()]


def joined(parts):
    """One column from its cells in several tables."""
    first = parts[0]
    if isinstance(first, Coded):
        return Coded(np.concatenate([part.codes for part in parts]), first.labels)
    if isinstance(first, list):
        return [cell for part in parts for cell in part]
    return np.concatenate(parts)


@cache
def _labels_digest(labels):
    """The digest of a category's labels, to be gone on with for its codes."""
    return hashlib.sha256(("\x1f".join(labels) + "\x1e").encode())


_NOTHING = hashlib.sha256().digest()


def block_digest(cells, column):
    """SHA-256 of a block's column, the same on every machine and whatever the file format (32 bytes)."""
    if column.type == "category":
        digest = _labels_digest(cells.labels).copy()
        digest.update(np.ascontiguousarray(cells.codes, dtype="<i8"))
        return digest.digest()
    if column.type == "text":
        return hashlib.sha256("\x1f".join(cells).encode()).digest()
    if not len(cells):
        return _NOTHING
    return hashlib.sha256(np.ascontiguousarray(cells, dtype="<i8")).digest()


def column_digest(block_digests):
    """Digest of a whole column from its blocks' digests, in the order of blocks (hex)."""
    return hashlib.sha256(b"".join(block_digests)).hexdigest()
