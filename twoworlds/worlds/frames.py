"""A world made in memory: its tables as DataFrames, the same in every value and type as `load` gives them.

For work that needs many worlds and keeps none, such as `make calibrate`: no file is written and none is read.
"""

import json

import numpy as np
import pandas as pd

from twoworlds import dictionary
from twoworlds.worlds.blocks import groups
from twoworlds.worlds.cells import NO_NUMBER
from twoworlds.worlds.registry import MADE
from twoworlds.worlds.timeline import NO_DAY
from twoworlds.worlds.writing import add_counts


def _category(parts, column):
    """Codes into the dictionary's values, whatever the order of the generator's own labels; a label that the
    dictionary does not know is missing, as for `load`."""
    known = {label: code for code, label in enumerate(column.values)}
    codes = []
    for part in parts:
        # Code -1, missing, reads the last.
        places = np.array([*(known.get(label, -1) for label in part.labels), -1])
        codes.append(places[part.codes])
    kind = pd.CategoricalDtype(list(column.values), ordered=column.ordered)
    return pd.Categorical.from_codes(np.concatenate(codes), dtype=kind)


def _date(cells):
    days = cells.astype("datetime64[D]")
    days[cells == NO_DAY] = np.datetime64("NaT")
    return days.astype("datetime64[us]")


def _cells(parts, column):
    """A whole column of the type that `load` gives it, from its blocks' cells."""
    if column.type == "category":
        return _category(parts, column)
    if column.type == "text":
        return pd.array([text or None for part in parts for text in part], dtype="str")
    cells = np.concatenate([np.asarray(part) for part in parts])
    if column.type == "boolean":
        return cells.astype(bool)
    cells = cells.astype(np.int64)
    if column.type == "date":
        return _date(cells)
    if column.type == "number":
        # One correctly rounded division gives the number that its decimals in a file are read as.
        return cells / 10**column.decimals
    if column.nullable:
        return pd.arrays.IntegerArray(cells, cells == NO_NUMBER)
    return cells


def frame(blocks, table):
    """One table as a DataFrame. blocks: its columns (see cells.py), block by block; table: dictionary's."""
    return pd.DataFrame(
        {column.name: _cells([block[column.name] for block in blocks], column) for column in table.columns}
    )


def make_frames(name, seed, scale=1, parameters=None):
    """A whole world in memory.

    name: world; seed: whole number; scale: size, 1 as in the course; parameters: the world's own where None.
    Returns (tables, oracle, truth): DataFrames by table as `load` and `truth` give them, and the dict of
    `truth`.
    """
    world = MADE[name]
    given = () if parameters is None else (parameters,)
    tables, oracle, counts = [], [], {}
    for group in groups(world, scale, *given):
        for made, hidden in world.make_blocks(seed, scale, group, *given):
            add_counts(counts, world.count_block(made, hidden))
            tables.append(made)
            oracle.append(hidden)
    frames = [
        {
            table: frame([block[table] for block in blocks], described)
            for table, described in dictionary.tables(name, kept).items()
        }
        for blocks, kept in ((tables, "data"), (oracle, "truth"))
    ]
    # As it stands in truth.json: lists in place of tuples.
    truth = json.loads(json.dumps(world.truth(seed, scale, counts, *given)))
    return *frames, truth
