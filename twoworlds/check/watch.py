"""Remember, in a notebook, whether the cell that assigns an answer stopped with an error the last time it
ran.

Without this, an old right value hides behind a cell that no longer runs.
"""

import ast
import re
import sys
from typing import NamedTuple


class Stopped(NamedTuple):
    """The last cell that assigns the name stopped with an error before it got to the assignment."""

    error: str  # type and message, one line


class CellWatch:
    """Listens to IPython's cells; asks nothing of them and keeps no code."""

    def __init__(self, shell):
        self._shell = shell
        self._stopped = {}  # name -> Stopped, or None where the last run went well
        self._names = set()

    def add(self, names):
        self._names.update(names)

    def stopped(self, name):
        """Stopped, or None."""
        return self._stopped.get(name)

    def after_cell(self, result):
        """IPython's event post_run_cell. Never raises: a learner's cell must not suffer from it."""
        try:
            self._note(result)
        except Exception:
            return

    def _note(self, result):
        code = getattr(getattr(result, "info", None), "raw_cell", None) or ""
        names = [name for name in self._names if re.search(rf"\b{name}\b", code)]
        if not names:
            return
        error = result.error_before_exec or result.error_in_exec
        lines = _lines_of_assignment(self._shell, code)
        for name in names:
            if (
                lines is None
            ):  # the cell cannot be read as Python: look for an assignment at the start of a line
                if re.search(rf"^\s*{name}\s*=(?!=)", code, re.MULTILINE):
                    self._stopped[name] = Stopped(_one_line(error)) if error else None
            elif name in lines:
                reached = _line_of_error(error, self._shell.user_ns) if error else None
                assigned = error is None or (reached is not None and reached > lines[name])
                self._stopped[name] = None if assigned else Stopped(_one_line(error))


def _lines_of_assignment(shell, code):
    """{name: last line of its last assignment at the top of the cell}; None where the code cannot be
    parsed.
    """
    try:
        tree = ast.parse(shell.transform_cell(code))
    except (SyntaxError, ValueError):
        return None
    lines = {}
    for statement in tree.body:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                lines[node.id] = statement.end_lineno
    return lines


def _line_of_error(error, namespace):
    """Line of the cell (1-based) at which `error` passed through it."""
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_globals is namespace and trace.tb_frame.f_code.co_name.startswith("<"):
            return trace.tb_lineno
        trace = trace.tb_next
    return None


def _one_line(error):
    text = str(error).strip().splitlines()
    first = text[0].strip() if text else ""
    return f"{type(error).__name__}: {first[:100]}" if first else type(error).__name__


_watch = None


def current():
    """The one CellWatch of this IPython session; None outside IPython. Nothing is imported that is not
    there yet.
    """
    global _watch
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython and hasattr(ipython, "get_ipython") else None
    if shell is None:
        return None
    if _watch is None or _watch._shell is not shell:
        _watch = CellWatch(shell)
        shell.events.register("post_run_cell", _watch.after_cell)
    return _watch
