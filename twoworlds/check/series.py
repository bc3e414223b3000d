"""Judge a Series: as a table of two columns, its index and its values."""

from twoworlds.check import table
from twoworlds.check.values import NotPlainError, a_type, plain, rounded_for_storage
from twoworlds.check.verdict import Verdict


def _key_columns(index):
    names = list(index.names)
    return ["index" if len(names) == 1 else f"level {place}" for place, _ in enumerate(names)]


def grid_of(series):
    """Grid with the index's levels and a column `value`."""
    keys = [list(key) if isinstance(key, tuple) else [key] for key in series.index.tolist()]
    values = table.plain_column(series)
    columns = [*_key_columns(series.index), "value"]
    return table.Grid(columns, [[*map(plain, key), value] for key, value in zip(keys, values, strict=True)])


def freeze(value):
    """A right answer or trap as check data keeps it. Raises ValueError where it is no Series."""
    if not table.is_series(value):
        raise ValueError(f"a Series is wanted, not {a_type(value)}")
    grid = grid_of(value)
    return {
        "columns": grid.columns,
        "rows": [[rounded_for_storage(cell) for cell in row] for row in grid.rows],
    }


def distance(one, other):
    return table.distance(one, other, one["columns"][:-1])


def judge(spec, keys, value):
    """Verdict on `value`; the Series' own name does not matter."""
    name, want = spec["name"], table.thaw(keys["answer"])
    if table.is_table(value):
        columns = len(list(value.columns))
        how = "`.squeeze()` makes one" if columns == 1 else "choose one column with single square brackets"
        return Verdict(
            "not a series", f"`{name}` is a table; one column with its index (a Series) is wanted: {how}."
        )
    if not table.is_series(value):
        return Verdict(
            "not a series",
            f"`{name}` is {a_type(value)}; a Series is wanted, whose index says what each "
            "value belongs to. `pd.Series(values, index=...)` makes one.",
        )
    if value.index.nlevels != len(want.columns) - 1:
        return Verdict(
            "index levels",
            f"the index of `{name}` has {value.index.nlevels} levels where "
            f"{len(want.columns) - 1} are wanted. Look at what you grouped by.",
        )
    try:
        have = grid_of(value)
    except NotPlainError as error:
        return Verdict(
            "cells", f"`{name}` holds {table.a_type_named(str(error))} in each place, not one value."
        )
    spec = {**spec, "keys": want.columns[:-1]}
    if (
        type(value.index).__name__ == "RangeIndex"
        and want.rows
        and not all(row[0] == place for place, row in enumerate(want.rows))
    ):
        if {row[0] for row in want.rows} != set(map(float, value.index)):
            return Verdict(
                "index lost",
                f"the index of `{name}` only counts 0, 1, 2 …; it should say what each value "
                "belongs to. Was there a `.reset_index(drop=True)` or a `.to_numpy()` too many?",
            )
    return table.judge_grid(spec, keys, want, have)
