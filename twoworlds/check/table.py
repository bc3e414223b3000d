"""Judge a table: by its key columns and the values beside them, whatever the order of rows and columns."""

import difflib
from typing import NamedTuple

from twoworlds.check.common import short
from twoworlds.check.values import (
    NotPlainError,
    a_type,
    close,
    decimals_of_rounding,
    is_number,
    number_in_text,
    plain,
    rounded_for_storage,
)
from twoworlds.check.verdict import RIGHT, Verdict

DEFAULT_TOLERANCE = 1e-6
_NAMED = 3  # how many rows a message names at most


class Grid(NamedTuple):
    """A table in plain Python: column names, and rows as lists of plain values."""

    columns: list
    rows: list

    def column(self, name):
        place = self.columns.index(name)
        return [row[place] for row in self.rows]

    def by_key(self, keys, columns):
        """{key values: {column: value}}, for the given value columns."""
        places = [self.columns.index(key) for key in keys]
        others = [(column, self.columns.index(column)) for column in columns]
        return {
            tuple(row[place] for place in places): {column: row[place] for column, place in others}
            for row in self.rows
        }


def is_table(value):
    """True for a pandas DataFrame and whatever behaves as one."""
    return (
        hasattr(value, "columns")
        and hasattr(value, "index")
        and hasattr(value, "iloc")
        and hasattr(value, "shape")
    )


def is_series(value):
    return (
        hasattr(value, "index")
        and hasattr(value, "iloc")
        and hasattr(value, "to_numpy")
        and not is_table(value)
    )


def plain_column(values):
    """A pandas column (or index) as a list of plain values. Raises NotPlainError where a cell holds a list or
    an object.
    """
    return [plain(value) for value in values.tolist()]


def grid_of(frame, columns=None):
    """Grid of a DataFrame's columns (all, or those given)."""
    names = list(frame.columns) if columns is None else columns
    by_column = [plain_column(frame.iloc[:, list(frame.columns).index(name)]) for name in names]
    return Grid(list(names), [list(row) for row in zip(*by_column, strict=True)])


def freeze(value):
    """A right answer or trap as check data keeps it: {"columns": [...], "rows": [[...]]}. Raises
    ValueError.
    """
    if not is_table(value):
        raise ValueError(f"a table is wanted, not {a_type(value)}")
    grid = grid_of(value)
    return {
        "columns": [str(column) for column in grid.columns],
        "rows": [[rounded_for_storage(cell) for cell in row] for row in grid.rows],
    }


def thaw(frozen):
    return Grid(list(frozen["columns"]), frozen["rows"])


def distance(one, other, keys):
    """Largest gap between two frozen tables' numbers; infinite where rows or other values differ."""
    return grid_distance(thaw(one), thaw(other), keys)


def grid_distance(one, other, keys):
    columns = [column for column in one.columns if column not in keys]
    if any(column not in other.columns for column in columns):
        return float("inf")
    left, right = one.by_key(keys, columns), other.by_key(keys, columns)
    if set(left) != set(right):
        return float("inf")
    gap = 0.0
    for key, cells in left.items():
        for column, cell in cells.items():
            facing = right[key][column]
            if is_number(cell) and is_number(facing):
                gap = max(gap, abs(cell - facing))
            elif not close(cell, facing, 0):
                return float("inf")
    return gap


def judge(spec, keys, value):
    """Verdict on `value`. spec: name, keys (columns), tolerance, unit, ordered, extra_columns, traps;
    keys: frozen tables.
    """
    name, want = spec["name"], thaw(keys["answer"])
    if is_series(value):
        return _series(spec, want, value)
    if not is_table(value) and hasattr(value, "to_pandas"):
        value = value.to_pandas()
    if not is_table(value):
        return _not_a_table(name, value)
    verdict = _columns(spec, want, value)
    if verdict:
        return verdict
    try:
        have = grid_of(value, want.columns)
    except NotPlainError as error:
        return Verdict(
            "cells",
            f"`{name}` has cells that hold {a_type_named(str(error))} each, not one value. "
            "Each cell of a table holds one number, date or word.",
        )
    return judge_grid(spec, keys, want, have)


def a_type_named(name):
    return f"an {name}" if name[:1].lower() in "aeiou" else f"a {name}"


def judge_grid(spec, keys, want, have):
    """Verdict on a Grid with the wanted columns, in the wanted order of columns."""
    name, key_columns = spec["name"], spec["keys"]
    tolerance = spec.get("tolerance", DEFAULT_TOLERANCE)
    value_columns = [column for column in want.columns if column not in key_columns]
    if not have.rows:
        return Verdict(
            "empty",
            f"`{name}` has its columns but no rows: a filter or a merge left nothing. "
            "Look at the table before and after each step.",
        )
    verdict = _keys(spec, want, have)
    if verdict:
        return verdict
    wanted, given = want.by_key(key_columns, value_columns), have.by_key(key_columns, value_columns)
    if set(wanted) == set(given) and _same(wanted, given, tolerance):
        if spec.get("ordered"):
            verdict = _order(name, list(wanted), list(given))
            if verdict:
                return verdict
        return Verdict("right", spec.get("right", "that is it."), RIGHT)
    return (
        _named_trap(spec, keys, given, tolerance)
        or _rows(name, key_columns, wanted, given, tolerance)
        or _cells(spec, wanted, given, value_columns, tolerance)
    )


def _same(wanted, given, tolerance):
    return all(
        close(given[key][column], cell, tolerance)
        for key, cells in wanted.items()
        for column, cell in cells.items()
    )


# ---- shape
# ------------------------------------------------------------------------------------------------------


def _series(spec, want, value):
    name = spec["name"]
    values = [column for column in want.columns if column not in spec["keys"]]
    return Verdict(
        "series",
        f"`{name}` is a Series: one column beside an index. A table is wanted, with the columns "
        f"{_list(want.columns)}. `.reset_index(name={values[0]!r})` makes one; look at the other column's "
        "name afterwards.",
    )


def _not_a_table(name, value):
    kind = type(value).__name__
    if kind == "Styler":
        return Verdict(
            "not a table",
            f"`{name}` is a table dressed for showing (`.style`). Store the table itself; "
            "dress it in the next line.",
        )
    how = {
        "dict": " `pd.DataFrame(...)` makes a table of it.",
        "list": " `pd.DataFrame(...)` makes a table of it.",
        "ndarray": " `pd.DataFrame(..., columns=[...])` makes a table of it.",
    }.get(kind, "")
    return Verdict("not a table", f"`{name}` is {a_type(value)}; a table (DataFrame) is wanted.{how}")


def _list(names):
    return ", ".join(f"`{name}`" for name in names)


def _columns(spec, want, frame):
    name, have = spec["name"], list(frame.columns)
    if getattr(frame.columns, "nlevels", 1) > 1:
        return Verdict(
            "two levels",
            f"the columns of `{name}` have {frame.columns.nlevels} levels of names. Name the "
            'results as you make them: `.agg(new_name=("column", "mean"))`.',
        )
    lost = [column for column in want.columns if column not in have]
    in_index = [column for column in lost if column in list(frame.index.names)]
    if in_index:
        return Verdict(
            "key in index",
            f"{_list(in_index)} is the index of `{name}`, not one of its columns. "
            "`.reset_index()` makes it one.",
        )
    if lost:
        return _lost_columns(spec, want, frame, lost)
    twice = sorted({str(column) for column in want.columns if have.count(column) > 1})
    if twice:
        return Verdict(
            "columns", f"`{name}` has more than one column called {_list(twice)}. Keep one of them."
        )
    extra = [column for column in have if column not in want.columns]
    if extra and not spec.get("extra_columns"):
        return Verdict(
            "extra columns",
            f"`{name}` has more than was asked for: {_list(extra[:5])}. Keep {_list(want.columns)} alone.",
        )
    return None


def _lost_columns(spec, want, frame, lost):
    name, have = spec["name"], [str(column) for column in frame.columns]
    spare = [column for column in have if column not in want.columns]
    folded = {column.strip().lower().replace(" ", "_"): column for column in spare}
    pairs = []
    for column in lost:
        near = difflib.get_close_matches(column.lower(), list(folded), 1, 0.7)
        if near:
            pairs.append(f"`{column}` (is it your {folded[near[0]]!r}?)")
        else:
            pairs.append(f"`{column}`")
    key_lost = lost == [column for column in lost if column in spec["keys"]]
    if key_lost and not spare and frame.index.names == [None] and len(lost) == 1:
        rows = {row[want.columns.index(lost[0])] for row in want.rows}
        try:
            index = set(plain_column(frame.index))
        except NotPlainError:
            index = set()
        if len(index & rows) > len(rows) / 2:
            return Verdict(
                "key in index",
                f"`{lost[0]}` is the index of `{name}`, not one of its columns. "
                f"`.rename_axis({lost[0]!r}).reset_index()` makes it one.",
            )
    has = f"It has {_list(have)}." if have else "It has no columns at all."
    return Verdict("columns", f"`{name}` lacks the column {' and '.join(pairs)}. {has}")


# ---- rows
# -------------------------------------------------------------------------------------------------------


def _show_key(key_columns, key):
    return ", ".join(f"{column} {_show(value)}" for column, value in zip(key_columns, key, strict=True))


def _show(value):
    if is_number(value) and float(value).is_integer():
        return f"{value:.0f}"
    return "a missing value" if value is None else str(value)


def _keys(spec, want, have):
    name, key_columns = spec["name"], spec["keys"]
    for column in key_columns:
        wanted, given = want.column(column), have.column(column)
        if any(value is None for value in given) and None not in wanted:
            return Verdict(
                "key missing",
                f"column `{column}` of `{name}` has missing values. Each row needs its "
                f"`{column}`: look at the merge or the shift that made it.",
            )
        if all(is_number(value) for value in wanted) and any(isinstance(value, str) for value in given):
            return Verdict(
                "key as text",
                f"column `{column}` of `{name}` holds text such as {short(given[0])}; "
                "numbers are wanted. `.astype(int)` turns it back.",
            )
    places = [have.columns.index(column) for column in key_columns]
    seen, twice = set(), []
    for row in have.rows:
        key = tuple(row[place] for place in places)
        if key in seen and key not in twice:
            twice.append(key)
        seen.add(key)
    if twice:
        return Verdict(
            "duplicates",
            f"`{name}` has more than one row for {_show_key(key_columns, twice[0])}"
            f"{_and_more(len(twice) - 1)}. One row each is wanted: a merge may have multiplied them, or a "
            "group is split in two.",
        )
    return None


def _and_more(count):
    return f" (and {count:,} more)" if count > 0 else ""


def _sorted_keys(keys):
    return sorted(keys, key=lambda key: tuple((str(type(part)), part) for part in key))


def _rows(name, key_columns, wanted, given, tolerance):
    gone = [key for key in wanted if key not in given]
    more = [key for key in given if key not in wanted]
    if not gone and not more:
        return None
    parts = []
    if gone:
        parts.append(
            "these are missing: "
            + "; ".join(_show_key(key_columns, key) for key in gone[:_NAMED])
            + _and_more(len(gone) - _NAMED)
        )
    if more:
        shown = _sorted_keys(more)[:_NAMED]
        parts.append(
            "these were not asked for: "
            + "; ".join(_show_key(key_columns, key) for key in shown)
            + _and_more(len(more) - _NAMED)
        )
    shared = [key for key in wanted if key in given]
    agree = shared and all(
        close(given[key][column], cell, tolerance) for key in shared for column, cell in wanted[key].items()
    )
    rest = " The values in the other rows are right." if agree else ""
    return Verdict(
        "rows",
        f"`{name}` has {len(given):,} rows where {len(wanted):,} are wanted; {', and '.join(parts)}.{rest}",
    )


def _order(name, wanted, given):
    if wanted == given:
        return None
    if wanted == given[::-1]:
        return Verdict(
            "order",
            f"every row of `{name}` is right, and they stand the wrong way round. "
            "`ascending=False` (or leaving it out) turns them.",
        )
    return Verdict(
        "order",
        f"every row of `{name}` is right, but their order is not the one asked for. "
        "`.sort_values(...)` puts them in order.",
    )


# ---- values
# -----------------------------------------------------------------------------------------------------


def _numbers(given):
    """`given` with numbers written as text read as numbers, to look through the dress at the value."""
    return {
        key: {
            column: (number_in_text(cell) or (cell,))[0] if isinstance(cell, str) else cell
            for column, cell in cells.items()
        }
        for key, cells in given.items()
    }


def _named_trap(spec, keys, given, tolerance):
    """The author's traps: exactly, in per cent, rounded, or as text."""
    say = {trap["id"]: trap["say"] for trap in spec.get("traps", [])}
    traps = {}
    for identity, frozen in keys["traps"].items():
        grid = thaw(frozen)
        columns = [column for column in grid.columns if column not in spec["keys"]]
        traps[identity] = grid.by_key(spec["keys"], columns)
    read = _numbers(given)
    for identity, wrong in traps.items():
        if set(wrong) == set(given) and _same(wrong, read, tolerance):
            return Verdict(f"trap:{identity}", say[identity])
    hundredth = {
        key: {column: cell / 100 if is_number(cell) else cell for column, cell in cells.items()}
        for key, cells in read.items()
    }
    for identity, wrong in traps.items():
        if set(wrong) != set(given):
            continue
        if spec.get("unit") == "fraction" and _same(wrong, hundredth, tolerance):
            return Verdict(
                f"trap:{identity}", f"{say[identity]} (Besides, fractions are wanted, not per cent.)"
            )
        answer = thaw(keys["answer"])
        answer = answer.by_key(
            spec["keys"], [column for column in answer.columns if column not in spec["keys"]]
        )
        if set(answer) == set(given) and _rounded(answer, read, tolerance) is not None:
            continue
        decimals = _rounded(wrong, read, tolerance)
        if decimals is not None and decimals >= 2:
            return Verdict(f"trap:{identity}", f"{say[identity]} (Besides, keep every digit: you rounded.)")
    return None


def _rounded(wanted, given, tolerance):
    """The fewest decimals to which all of `given` may have been rounded from `wanted`; None where they
    were not.
    """
    most = 0
    for key, cells in wanted.items():
        for column, cell in cells.items():
            value = given[key].get(column)
            if close(value, cell, tolerance):
                continue
            if not is_number(value) or not is_number(cell):
                return None
            decimals = decimals_of_rounding(value, cell)
            if decimals is None:
                return None
            most = max(most, decimals)
    return most


def _cells(spec, wanted, given, value_columns, tolerance):
    """All keys agree, some values do not: the first column that differs gets its message."""
    name, key_columns = spec["name"], spec["keys"]
    for column in value_columns:
        want = {key: cells[column] for key, cells in wanted.items()}
        have = {key: given[key][column] for key in wanted}
        if all(close(have[key], cell, tolerance) for key, cell in want.items()):
            continue
        return (
            _dressed(name, column, want, have, tolerance)
            or _shape_of_difference(spec, column, want, have, tolerance)
            or _first_difference(name, key_columns, column, want, have, tolerance)
        )
    raise AssertionError("called for a table without a difference")


def _dressed(name, column, want, have, tolerance):
    """Text, truth values and missing values where numbers are wanted."""
    numeric = any(is_number(cell) for cell in want.values())
    if numeric and any(isinstance(cell, str) for cell in have.values()):
        read = {
            key: number_in_text(cell)[0] if isinstance(cell, str) and number_in_text(cell) else cell
            for key, cell in have.items()
        }
        same = all(
            close(read[key], cell, tolerance)
            or (is_number(read[key]) and decimals_of_rounding(read[key], cell) is not None)
            for key, cell in want.items()
        )
        looks = (
            "The values look right, but Python cannot calculate with text" if same else "Numbers are wanted"
        )
        example = short(next(cell for cell in have.values() if isinstance(cell, str)))
        return Verdict(
            "numbers as text",
            f"column `{column}` of `{name}` holds text such as {example}. {looks}: leave "
            'out `str(...)`, `.map("{...}".format)` and the per cent sign, or use `pd.to_numeric`.',
        )
    if numeric and any(isinstance(cell, bool) for cell in have.values()):
        return Verdict(
            "bool",
            f"column `{column}` of `{name}` holds True and False; numbers are wanted. "
            "Is there a `.mean()` or a `.sum()` to come?",
        )
    gaps = [key for key, cell in have.items() if cell is None and want[key] is not None]
    if gaps:
        return Verdict(
            "nan",
            f"column `{column}` of `{name}` has {len(gaps):,} missing "
            f"value{'s' if len(gaps) > 1 else ''} (NaN) where the answer has none. A `shift`, a merge or a "
            "division by nothing leaves such gaps.",
        )
    filled = [key for key, cell in want.items() if cell is None and have[key] is not None]
    if filled:
        return Verdict(
            "filled",
            f"column `{column}` of `{name}` has a value where nothing can be known. "
            "Leave such cells empty; `fillna(0)` says more than the data does.",
        )
    return None


def _shape_of_difference(spec, column, want, have, tolerance):
    """Differences that run through the whole column have names."""
    name = spec["name"]
    if not all(is_number(cell) for cell in want.values()) or not all(
        is_number(cell) for cell in have.values()
    ):
        return None
    fraction = spec.get("unit") == "fraction"

    def all_close(mend):
        return all(close(mend(have[key]), cell, tolerance) for key, cell in want.items())

    pairs = {
        key: decimals_of_rounding(have[key], cell)
        for key, cell in want.items()
        if not close(have[key], cell, tolerance)
    }
    if all(decimals is not None for decimals in pairs.values()):
        return Verdict(
            "rounded",
            f"column `{column}` of `{name}` is right, but rounded. Keep every digit; round only "
            "what you show.",
        )
    if all_close(lambda cell: cell / 100):
        return (
            Verdict(
                "percent",
                f"column `{column}` of `{name}` is in per cent; fractions between 0 and 1 are wanted. "
                "Leave out the `* 100`.",
            )
            if fraction
            else Verdict(
                "scale",
                f"column `{column}` of `{name}` is too large by a factor of 100. Cents, or whole money?",
            )
        )
    if fraction and all_close(lambda cell: 1 - cell):
        return Verdict(
            "complement",
            f"column `{column}` of `{name}` counts the others: what you have and what is asked "
            "for add up to 1.",
        )
    if all_close(lambda cell: -cell):
        return Verdict(
            "sign", f"column `{column}` of `{name}` has the right sizes with the sign turned round."
        )
    for power in (3, 6, -2, -3, -6):
        if all_close(lambda cell, factor=10.0**power: cell / factor):
            size = "large" if power > 0 else "small"
            return Verdict(
                "scale",
                f"column `{column}` of `{name}` is too {size} by a factor of {10 ** abs(power):,}: "
                "look at the units.",
            )
    return _moved(name, column, want, have, tolerance)


def _moved(name, column, want, have, tolerance):
    """Every value stands one row too early or too late."""
    order = _sorted_keys(want)
    if len(order) < 4:
        return None
    values = [want[key] for key in order]
    if len(set(values)) < 3:
        return None
    given = [have[key] for key in order]
    for where, earlier, later in (("late", given[1:], values[:-1]), ("early", given[:-1], values[1:])):
        if all(close(cell, facing, tolerance) for cell, facing in zip(earlier, later, strict=True)):
            return Verdict(
                "one row off",
                f"column `{column}` of `{name}` holds the right values one row too {where}. "
                "Does the count start at 0 or at 1, and is a `shift` one too many?",
            )
    return None


def _first_difference(name, key_columns, column, want, have, tolerance):
    order = _sorted_keys(want)
    differing = [key for key in order if not close(have[key], want[key], tolerance)]
    first, right = differing[0], len(order) - len(differing)
    where = _show_key(key_columns, first)
    if right == 0:
        text = (
            f"no value in column `{column}` of `{name}` agrees, from {where} on. Take that first row and work"
            " it out by hand."
        )
    else:
        text = (
            f"{right:,} of the {len(order):,} values in column `{column}` of `{name}` agree. The first that"
            f" does not is at {where}: work that one out by hand."
        )
    return Verdict("values", text)
