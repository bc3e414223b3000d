"""Runs a notebook's code inside the sandbox, and sends out what its answers hold. Judges nothing.

Not imported by the grader: the sandbox runs this file by its path. Once a submission's code has begun,
nothing in this process can be trusted; all that comes out of it are values, and the other side judges them.

Standard input: one JSON object, see `main`. Standard output: JSON, a line each:
{"begin": 1}, {"answers": {name: value}, "stopped": {name: error}} after each cell that touched an answer,
the same with "final" and "names" at the end, {"end": 1}.
"""

import datetime
import decimal
import fractions
import json
import math
import os
import re
import resource
import shutil
import signal
import sys
from pathlib import Path

MOST_CELLS = 200_000  # values in all answers together
MOST_TEXT = 40_000  # characters of one text
MOST_DEPTH = 5
MOST_NAMES = 300


class _TooLongError(KeyboardInterrupt):
    """A cell has used its time. KeyboardInterrupt, so that `except Exception` does not hold it up."""


class _TooLargeError(Exception):
    """More values than an answer can have."""


# ---------------------------------------------------------------- values as JSON


class Encoder:
    """Values to JSON-able ones: numbers, text, dates, tables; anything else by the name of its type."""

    def __init__(self):
        self.count = 0

    def value(self, given, depth=0):
        """JSON-able form of a value; see twoworlds.grade.values.decode for the reverse."""
        self.count += 1
        if self.count > MOST_CELLS:
            raise _TooLargeError
        if given is None or isinstance(given, bool):
            return given
        if given is Ellipsis:
            return {"k": "ellipsis"}
        if isinstance(given, str):
            return str(given)[:MOST_TEXT]
        if isinstance(given, int):
            return int(given) if abs(given) < 2**63 else self._other(given)
        if isinstance(given, float):
            number = float(given)
            return number if math.isfinite(number) else {"k": "float", "v": repr(number)}
        return self._less_plain(given, depth)

    def _less_plain(self, given, depth):
        if type(given).__name__ in ("NAType", "NaTType"):
            return {"k": "na"} if type(given).__name__ == "NAType" else {"k": "nat"}
        if type(given).__name__ == "Timedelta" or isinstance(given, datetime.timedelta):
            return {"k": "delta", "v": given.total_seconds(), "type": type(given).__name__}
        if isinstance(given, (datetime.datetime, datetime.date)):
            return {"k": "date", "v": given.isoformat(), "type": type(given).__name__}
        if isinstance(given, decimal.Decimal):
            return {"k": "decimal", "v": str(given)[:60]}
        if isinstance(given, fractions.Fraction):
            return float(given)
        if isinstance(given, complex):
            return {"k": "complex"}
        if type(given).__name__ == "Period":
            return {"k": "date", "v": given.start_time.isoformat(), "type": "Period"}
        if hasattr(given, "as_py"):
            return self.value(given.as_py(), depth + 1)
        if depth > MOST_DEPTH:
            return self._other(given)
        return self._container(given, depth + 1)

    def _container(self, given, depth):
        for kind, name in ((list, "list"), (tuple, "tuple"), (set, "set"), (frozenset, "set")):
            if isinstance(given, kind):
                return {"k": name, "v": [self.value(item, depth) for item in given]}
        if isinstance(given, dict):
            return {
                "k": "dict",
                "v": [[self.value(a, depth), self.value(b, depth)] for a, b in given.items()],
            }
        module = type(given).__module__.split(".")[0]
        if module == "numpy" and hasattr(given, "dtype"):
            if type(given).__name__ == "datetime64":
                return self.value(given.astype("datetime64[us]").item(), depth)
            if type(given).__name__ == "timedelta64":
                return {"k": "delta", "v": 0.0, "type": "timedelta64"}
            if getattr(given, "shape", None) == ():
                return self.value(given.item(), depth)
            return {"k": "array", "shape": list(given.shape), "v": self._list(given.ravel().tolist(), depth)}
        pandas = sys.modules.get("pandas")
        if hasattr(given, "to_pandas"):
            given = given.to_pandas()
        if pandas and isinstance(given, pandas.DataFrame):
            return self._frame(given, depth)
        if pandas and isinstance(given, pandas.Series):
            index, values = self._index(given.index, depth), self._list(given.tolist(), depth)
            return {"k": "series", "index": index, "v": values, "name": str(given.name)[:200]}
        if pandas and isinstance(given, (pandas.Index, pandas.api.extensions.ExtensionArray)):
            values = self._list(given.tolist(), depth)
            return {"k": "array", "shape": [len(given)], "v": values, "type": type(given).__name__}
        return self._other(given)

    def _list(self, values, depth):
        return [self.value(item, depth) for item in values]

    def _frame(self, frame, depth):
        if frame.shape[0] * frame.shape[1] > MOST_CELLS:
            raise _TooLargeError
        columns = [self._list(frame.iloc[:, place].tolist(), depth) for place in range(frame.shape[1])]
        names = self._list(frame.columns.tolist(), depth)
        return {
            "k": "frame",
            "columns": names,
            "levels": frame.columns.nlevels,
            "index": self._index(frame.index, depth),
            "v": columns,
        }

    def _index(self, index, depth):
        names = [None if name is None else str(name)[:200] for name in index.names]
        if type(index).__name__ == "RangeIndex":
            return {"range": [index.start, index.stop, index.step], "names": names}
        return {"values": self._list(index.tolist(), depth), "levels": index.nlevels, "names": names}

    def _other(self, given):
        marks = {name: hasattr(given, name) for name in ("columns", "to_numpy")}
        return {
            "k": "other",
            "type": type(given).__name__[:60],
            "callable": callable(given) and not any(marks.values()),
        }


def encoded(given):
    """JSON-able form of one answer, whatever it is."""
    try:
        return Encoder().value(given)
    except _TooLargeError:
        shape = getattr(given, "shape", None)
        size = list(shape) if isinstance(shape, tuple) else [len(given)]
        return {"k": "too large", "type": type(given).__name__[:60], "shape": size}
    except Exception as problem:
        return {"k": "other", "type": type(given).__name__[:60], "callable": False, "why": str(problem)[:100]}


# ---------------------------------------------------------------- the notebook


class _Silent:
    """Stands in for a check's result: there are no keys in here. True, so that a learner's own `assert` on it
    does not stop the cell."""

    ok, code, state, message = True, "marked elsewhere", "marked elsewhere", "marked elsewhere"

    def __bool__(self):
        return True

    def __repr__(self):
        return "(marked elsewhere)"


class SilentChecker:
    """Stands in for twoworlds.Checker, so that a submission's own checks do no harm. Marks nothing."""

    def __init__(self, exercise="", folder=None):
        self.exercise, self.questions = exercise, []

    def __call__(self, question=None, namespace=None):
        return _Silent()

    def summary(self):
        return _Silent()


def _shell():
    """IPython without a kernel: magics and `display` work, and nothing is drawn."""
    from IPython.core.interactiveshell import InteractiveShell

    class Shell(InteractiveShell):
        def enable_gui(self, gui=None):
            """There is no screen in here: `%matplotlib inline` is as good as nothing."""

    shell = Shell.instance()
    shell.history_manager.enabled = False
    return shell


class Notebook:
    """Runs cells one after the other, as Restart and Run All would, but past a cell that stops."""

    def __init__(self, order, send):
        import pandas  # noqa: F401 - here, where its time is not the first cell's

        import twoworlds
        from twoworlds import check, data
        from twoworlds.check import watch

        # Whatever folder the notebook names, on the learner's own machine: the data is here.
        data.data_folder = lambda: Path(order["data"])
        twoworlds.Checker = check.Checker = SilentChecker
        self.names, self.send = order["names"], send
        self.cell_seconds, self.wall_seconds = order["cell_seconds"], order["wall_seconds"]
        self.owner = os.getpid()
        self.shell = _shell()
        self.space = self.shell.user_ns
        self.watch = watch.current()
        self.watch.add(self.names)
        self.seen = {}

    def run(self, cells):
        """Run all cells, and send what the answers hold after each that touched one, and at the end."""
        before = set(self.space)
        for code in cells:
            self._cell(code)
            if os.getpid() != self.owner:
                os._exit(0)  # a copy that the submission made of this process goes no further
            touched = [name for name in self.names if self._touched(name, code)]
            if touched:
                self._report(touched, {})
        known = [name for name in self.space if name not in before and not name.startswith("_")]
        values = [name for name in known if not callable(self.space[name])]
        own = [name for name in values if type(self.space[name]).__name__ != "module"]
        self._report(self.names, {"final": 1, "names": [name[:80] for name in own[:MOST_NAMES]]})

    def _cell(self, code):
        def too_long(number, frame):
            raise _TooLongError("stopped at the time limit of a cell")

        # A busy machine is not the learner's fault: what counts is the time that the cell itself worked, and
        # by the wall clock only what no work can take. Every second again, should the cell catch the first.
        for signal_number, timer, seconds in (
            (signal.SIGPROF, signal.ITIMER_PROF, self.cell_seconds),
            (signal.SIGALRM, signal.ITIMER_REAL, self.wall_seconds),
        ):
            signal.signal(signal_number, too_long)
            signal.setitimer(timer, seconds, 1)
        try:
            self.shell.run_cell(code, store_history=False, silent=False)
        except BaseException as problem:  # SystemExit and what the shell does not hold: the next cell follows
            del problem
        finally:
            for timer in (signal.ITIMER_PROF, signal.ITIMER_REAL):
                signal.setitimer(timer, 0)

    def _touched(self, name, code):
        there = name in self.space
        moved = there and self.seen.get(name) != id(self.space[name])
        return moved or re.search(rf"\b{re.escape(name)}\b", code) is not None

    def _report(self, names, more):
        answers, stopped = {}, {}
        for name in names:
            if name in self.space:
                self.seen[name] = id(self.space[name])
                answers[name] = encoded(self.space[name])
            at = self.watch.stopped(name)
            stopped[name] = at.error if at else None
        self.send({"answers": answers, "stopped": stopped, **more})


def _limit(what, most):
    """Lower a limit of this process and its children; a lower one that is there already stays."""
    _, hard = resource.getrlimit(what)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    try:
        resource.setrlimit(what, (most, most))
    except (ValueError, OSError):
        pass  # macOS knows no such limit; there is no sandbox there either


def _enter(order):
    """Give up what is not needed: rights, memory, processes, files."""
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_AS, order["address_bytes"])
    _limit(resource.RLIMIT_FSIZE, order["disk_bytes"])
    _limit(resource.RLIMIT_NOFILE, 256)
    _limit(resource.RLIMIT_CPU, order["cpu_seconds"])
    if order.get("processes"):
        _limit(resource.RLIMIT_NPROC, order["processes"])
    if order.get("uid"):
        os.setgroups([])
        os.setresgid(order["uid"], order["uid"], order["uid"])
        os.setresuid(order["uid"], order["uid"], order["uid"])


def main():
    """order: cells [code], names [answers' names], cell_seconds (of work), wall_seconds, address_bytes,
    disk_bytes, cpu_seconds, processes, uid (0: stay), data (folder), library (folder of the package), home,
    fonts (file or None)."""
    order = json.loads(sys.stdin.buffer.read())
    out = os.dup(1)
    os.set_inheritable(out, False)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    _enter(order)
    sys.path.insert(0, order["library"])
    home = Path(order["home"])
    home.mkdir(parents=True, exist_ok=True)
    if order.get("fonts"):
        # matplotlib's list of fonts, so that no run has to look for them again.
        shutil.copy(order["fonts"], home)
    owner = os.getpid()

    def send(message):
        if os.getpid() != owner:
            return
        rest = json.dumps(message).encode("utf-8") + b"\n"
        while rest:
            rest = rest[os.write(out, rest) :]

    notebook = Notebook(order, send)
    # Until here an error is ours, and is said; from here on nobody listens.
    os.dup2(nothing, 2)
    send({"begin": 1})
    notebook.run(order["cells"])
    send({"end": 1})
    # Threads, exit handlers and children of the submission have no say in how this ends.
    os._exit(0)


if __name__ == "__main__":
    main()
