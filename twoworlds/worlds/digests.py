"""Digests of every column, made without writing a file: the proof that data does not depend on how it is
made.

    python -m twoworlds.worlds.digests --order forward

makes the blocks in groups, as the shipped data's are; `--order reversed` makes them one by one from the last,
and `--order processes` the odd ones in one process and the even ones in another. Each
prints a digest a world; the shipped data's stand in its manifests. Needs NumPy alone, so it runs with any
version.
"""

import argparse
import hashlib
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from twoworlds import dictionary
from twoworlds.generate import DEFAULT_SEED, scale_number, seed_number
from twoworlds.worlds import cells
from twoworlds.worlds.blocks import groups
from twoworlds.worlds.registry import MADE

ORDERS = ("forward", "reversed", "processes")


def block_digests(world, tables, oracle):
    """{"kept.table.column": digest} of one block."""
    found = {}
    for kept, made in (("data", tables), ("truth", oracle)):
        for name, table in dictionary.tables(world, kept).items():
            for column in table.columns:
                found[f"{kept}.{name}.{column.name}"] = cells.block_digest(made[name][column.name], column)
    return found


def _one_by_one(world, seed, scale, blocks):
    """(block, its digests) of blocks that are made one after the other."""
    return [(block, block_digests(world, *MADE[world].make_block(seed, scale, block))) for block in blocks]


def _in_groups(world, seed, scale):
    """(block, its digests) of all blocks, made in the groups that stand in a part."""
    return [
        (block, block_digests(world, *made))
        for group in groups(MADE[world], scale)
        for block, made in zip(group, MADE[world].make_blocks(seed, scale, group), strict=True)
    ]


def column_digests(world, seed=DEFAULT_SEED, scale=1, order="forward"):
    """{"kept.table.column": hex digest} of a whole world, its blocks made in one of ORDERS."""
    blocks = list(range(MADE[world].block_count(scale)))
    if order == "processes":
        # Odd blocks in one fresh process, even ones in another.
        with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
            halves = [pool.submit(_one_by_one, world, seed, scale, blocks[start::2]) for start in (0, 1)]
            parts = [pair for half in halves for pair in half.result()]
    elif order == "reversed":
        parts = _one_by_one(world, seed, scale, blocks[::-1])
    else:
        parts = _in_groups(world, seed, scale)
    by_block = dict(parts)
    return {name: cells.column_digest([by_block[block][name] for block in blocks]) for name in by_block[0]}


def world_digest(columns):
    """One digest (hex) of all columns' digests."""
    return hashlib.sha256(
        "\n".join(f"{name} {columns[name]}" for name in sorted(columns)).encode()
    ).hexdigest()


def main():
    parser = argparse.ArgumentParser(
        prog="python -m twoworlds.worlds.digests", description="Digests of all that is made."
    )
    parser.add_argument("--order", choices=ORDERS, default="forward")
    parser.add_argument("--seed", default=str(DEFAULT_SEED))
    parser.add_argument("--scale", default="1")
    options = parser.parse_args()
    for world in MADE:
        columns = column_digests(world, seed_number(options.seed), scale_number(options.scale), options.order)
        print(world, len(columns), "columns", world_digest(columns))


if __name__ == "__main__":
    main()
