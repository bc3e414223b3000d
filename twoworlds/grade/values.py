"""What a sandbox sends, back to values that the checks can judge. Trusts nothing: sizes, types and names are
held within bounds, and only plain data is built.
"""

import datetime
import decimal
import json
import keyword

MOST_DEPTH = 10
MOST_TEXT = 40_000
MOST_LABEL = 200  # characters of a text that is no written answer
MOST_VALUES = 400_000


class ReportError(Exception):
    """The sandbox sent something that is no report."""


class TooLarge:
    """An answer of more values than an answer can have."""

    def __init__(self, kind, shape):
        self.kind, self.shape = kind, shape


def _type_named(name, callable_too):
    """An empty object whose type has the given name: what the checks' words about types need."""
    name = name if isinstance(name, str) and name.isidentifier() and not keyword.iskeyword(name) else "thing"
    members = {"__repr__": lambda self: f"<{name}>"}
    if callable_too:
        members["__call__"] = lambda self: None
    return type(name[:60], (), members)()


class _Decoder:
    def __init__(self):
        self.count = 0

    def value(self, given, depth=0):
        self.count += 1
        if self.count > MOST_VALUES or depth > MOST_DEPTH:
            raise ReportError("too many values")
        if given is None or isinstance(given, (bool, float)):
            return given
        if isinstance(given, int):
            return given if abs(given) < 2**63 else _type_named("int", False)
        if isinstance(given, str):
            return given[:MOST_TEXT] if depth == 0 else given[:MOST_LABEL]
        if not isinstance(given, dict):
            raise ReportError("a value of no kind")
        build = getattr(self, f"_{str(given.get('k')).replace(' ', '_')}", None)
        if build is None:
            raise ReportError("a value of no kind")
        return build(given, depth + 1)

    def _ellipsis(self, given, depth):
        return Ellipsis

    def _float(self, given, depth):
        return float(given["v"])

    def _na(self, given, depth):
        import pandas as pd

        return pd.NA

    def _nat(self, given, depth):
        import pandas as pd

        return pd.NaT

    def _delta(self, given, depth):
        return datetime.timedelta(seconds=float(given["v"]))

    def _date(self, given, depth):
        text = str(given["v"])[:40]
        if given.get("type") == "date":
            return datetime.date.fromisoformat(text)
        return datetime.datetime.fromisoformat(text)

    def _decimal(self, given, depth):
        return decimal.Decimal(str(given["v"])[:60])

    def _complex(self, given, depth):
        return 1j

    def _items(self, given, depth):
        return [self.value(item, depth) for item in _list(given)]

    def _list(self, given, depth):
        return self._items(given["v"], depth)

    def _tuple(self, given, depth):
        return tuple(self._items(given["v"], depth))

    def _set(self, given, depth):
        return set(self._items(given["v"], depth))

    def _dict(self, given, depth):
        pairs = [_list(pair) for pair in _list(given["v"])]
        return {self.value(key, depth): self.value(item, depth) for key, item in pairs}

    def _array(self, given, depth):
        import numpy as np

        values = self._items(given["v"], depth)
        flat = np.empty(len(values), dtype=object)
        flat[:] = values
        return flat.reshape([int(length) for length in _list(given["shape"])])

    def _labels(self, given, depth):
        import pandas as pd

        names = [None if name is None else str(name)[:MOST_LABEL] for name in _list(given["names"])]
        if "range" in given:
            start, stop, step = (int(bound) for bound in given["range"])
            if len(range(start, stop, step)) > MOST_VALUES:
                raise ReportError("too many rows")
            return pd.RangeIndex(start, stop, step, name=names[0])
        values = self._items(given["values"], depth)
        if given["levels"] == 1:
            return pd.Index(values, dtype=object, name=names[0], tupleize_cols=False)
        return pd.MultiIndex.from_tuples(values, names=names)

    def _series(self, given, depth):
        import pandas as pd

        index, values = self._labels(given["index"], depth), self._items(given["v"], depth)
        return pd.Series(values, index=index, dtype=object, name=str(given["name"])[:MOST_LABEL])

    def _frame(self, given, depth):
        import pandas as pd

        index = self._labels(given["index"], depth)
        columns = {
            place: pd.Series(self._items(column, depth), index=index, dtype=object)
            for place, column in enumerate(_list(given["v"]))
        }
        frame = pd.DataFrame(columns, index=index)
        names = self._items(given["columns"], depth)
        nested = given["levels"] > 1
        labels = pd.MultiIndex.from_tuples(names) if nested else pd.Index(names, dtype=object)
        frame.columns = labels
        return frame

    def _too_large(self, given, depth):
        return TooLarge(str(given["type"])[:60], [int(length) for length in _list(given["shape"])][:3])

    def _other(self, given, depth):
        return _type_named(given["type"], given.get("callable") is True)


def _list(given):
    if not isinstance(given, list):
        raise ReportError("no list where one is wanted")
    return given


def decode(given):
    """A value from its JSON-able form (see twoworlds.grade.runner.Encoder). Raises ReportError."""
    try:
        return _Decoder().value(given)
    except ReportError:
        raise
    except Exception as problem:  # a forged report may break in any way; it is then no report
        raise ReportError(type(problem).__name__) from problem


def read_lines(content):
    """(answers {name: JSON-able}, stopped {name: error or None}, names, begun, ended) from a sandbox's lines.

    A torn or senseless line is passed over: a submission that spoils its report spoils its own marks only.
    """
    answers, stopped, names, begun, ended = {}, {}, [], False, False
    for line in content.split(b"\n"):
        try:
            message = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if not isinstance(message, dict):
            continue
        begun, ended = begun or "begin" in message, ended or "end" in message
        for kept, part in ((answers, "answers"), (stopped, "stopped")):
            if isinstance(message.get(part), dict):
                kept.update(message[part])
        if isinstance(message.get("names"), list):
            names = [name[:80] for name in message["names"] if isinstance(name, str)][:300]
    stopped = {name: error[:200] for name, error in stopped.items() if isinstance(error, str)}
    return answers, stopped, names, begun, ended
