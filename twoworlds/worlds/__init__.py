"""How the two worlds are made. Nothing in a lesson imports this: lessons read the files that it writes.

    streams.py    random bits, keyed by seed, world, table, column and block
    lookup.py     quantile tables, committed as integers in lookup_tables.npy; build_lookup.py rebuilds them
    timeline.py   day numbers, months, and how many arrive on which day
    cells.py      how a column of a block is held, written and digested
    blocks.py     several blocks made together: how their rows stand, and how they come apart again
    swiftfare/    parameters, then one module a group of tables, then world.py, which puts them together
    pipewright/   the same
    capstone/     the same, small, with its own rules and plants
    writing.py    tables as CSV files, with a manifest
    parts.py      tables as Parquet, in parts that any process makes on its own
    frames.py     a world in memory, as `load` would give it
    digests.py    a digest of every column, to compare orders, processes, machines and versions
    plants/       the list of plants, with an honest estimator of each
    validate.py   keys, ranges, possible times: what must hold in any data made

A world is made in *blocks*: a fixed number of users (or accounts) and all that descends from them, together.
A block depends on the seed, the scale and its own number, and on nothing that another block made, so blocks
may be made in any order and in any number of processes. What a territory of Pipewright must know of all
others is counted ahead, in whole numbers that add up (pipewright/census.py). A value is reached by raw bits,
integers, plain arithmetic and committed tables, never by `exp`, `log`, `power` or a distribution of NumPy,
whose last digit may differ between versions and machines.

Where blocks are small (Pipewright's territories, the capstone's towns), those of a part are made together:
one call a module, for the rows of all of them. A table then has a column OF_BLOCK, wherever it goes, and each
number of rows that a stream is asked for is `streams.rows` of it, one a block. A test makes the same blocks
alone, and compares every value.

To add a table: write its module, call it in `world.py`, and describe it in `twoworlds/dictionary.toml`.
Give each random column a name of its own: a name is a key, so that no other value moves.
"""
