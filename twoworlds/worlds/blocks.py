"""Several blocks of a world made together, which spares the cost of many small arrays.

A table then holds its rows block after block and carries one column more, OF_BLOCK: the position of each
row's block among those that are made (sorted). `split` gives each block its own rows back.
"""

import numpy as np

from twoworlds.worlds.cells import Coded, joined, length, take_rows

OF_BLOCK = "of_block"


def groups(world, scale, *parameters):
    """The blocks of a world (a module, see registry.py) at a scale in the groups in which they are made: a
    range each."""
    blocks, size = range(world.block_count(scale, *parameters)), world.PART_BLOCKS
    for first in range(0, len(blocks), size):
        yield blocks[first : first + size]


def together(parts):
    """Several tables with the same columns as one: block after block, and in a block part after part."""
    table = {name: joined([part[name] for part in parts]) for name in parts[0]}
    order = np.argsort(table[OF_BLOCK], kind="stable")
    return take_rows(table, order)


def numbered(of_block):
    """Place of each row in its own block, from 0. of_block: (n,), sorted."""
    return np.arange(len(of_block)) - np.searchsorted(of_block, of_block)


def only_in_first(streams, table):
    """A company-wide table: whole in the world's first block, without a row in all others."""
    rows = length(next(iter(table.values())))
    if streams.blocks[0] != 0:
        table, rows = take_rows(table, np.zeros(rows, dtype=bool)), 0
    return {**table, OF_BLOCK: np.zeros(rows, dtype=np.int64)}


def _rows_between(column, first, last):
    if isinstance(column, Coded):
        return Coded(column.codes[first:last], column.labels)
    return column[first:last]


def split(tables, blocks):
    """Tables (name -> columns, OF_BLOCK among them) of so many blocks, as a list: the tables of each."""
    found = [{} for _ in range(blocks)]
    for name, table in tables.items():
        edges = np.searchsorted(table[OF_BLOCK], np.arange(blocks + 1)).tolist()
        columns = [(column, cells) for column, cells in table.items() if column != OF_BLOCK]
        for block, first, last in zip(found, edges[:-1], edges[1:], strict=True):
            block[name] = {column: _rows_between(cells, first, last) for column, cells in columns}
    return found
