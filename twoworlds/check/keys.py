"""The right answers: stored for the shipped data, worked out again for any other.

Check data carries each exercise's own solution. Where the data in use is not the data the keys were stored
for, the solution runs once in a namespace of its own, and its answers become the keys.
"""

import ast
import contextlib
import io
import sys
import threading
import warnings

from twoworlds.check import packing
from twoworlds.errors import TwoWorldsError

_PATIENCE = 1.0  # seconds before a word of progress is shown
_worked_out = {}  # (exercise, its program, data digests) -> keys, for the life of the process


def run_trap(code, name, namespace):
    """Value of a trap: an expression, or statements that assign the answer's name. The namespace stays as
    it was.
    """
    private = dict(namespace)
    private.pop(name, None)
    try:
        expression = compile(code.strip(), "<trap>", "eval")
    except SyntaxError:
        exec(compile(code, "<trap>", "exec"), private)  # the course's own code
        return private[name]
    return eval(expression, private)  # the course's own code


def run_program(program, specs):
    """Run a solution, cell by cell; freeze its answers and traps.

    program: list of {"code": text, "answers": [question, ...], "traps": {question: {trap: code}}}
    specs:   {question: spec}; only kind, name and keys are read
    Returns {question: {"answer": frozen, "traps": {id: frozen}}}. Raises whatever the solution raises; a
    trap that fails on this data is left out, since it then is nobody's answer.
    """
    from twoworlds.check.judge import KINDS  # late: stored keys need no judge

    namespace = {"__name__": "__twoworlds_solution__"}
    found = {}
    for cell in program:
        exec(compile(cell["code"], "<solution>", "exec"), namespace)  # the course's own code
        for question in cell["answers"]:
            spec = specs[question]
            kind = KINDS[spec["kind"]]
            answer = kind.freeze(namespace[spec["name"]])
            traps = {}
            for identity, code in cell["traps"].get(question, {}).items():
                with contextlib.suppress(Exception):
                    traps[identity] = kind.freeze(run_trap(code, spec["name"], namespace))
            found[question] = {"answer": answer, "traps": traps}
    return found


def without_checker(code):
    """A setup cell without the lines that make the Checker: the solution runs with no checks in it."""
    tree = ast.parse(code)
    drop = set()
    for statement in tree.body:
        if any(isinstance(node, ast.Name) and node.id == "Checker" for node in ast.walk(statement)):
            drop.add(statement)
        if isinstance(statement, ast.ImportFrom) and any(
            alias.name == "Checker" for alias in statement.names
        ):
            statement.names = [alias for alias in statement.names if alias.name != "Checker"]
            if not statement.names:
                drop.add(statement)
    tree.body = [statement for statement in tree.body if statement not in drop]
    return ast.unparse(tree)


def digests_in_use(worlds):
    """{world: digest of the data that `load` would read now}. Raises TwoWorldsError where data is missing."""
    if not worlds:
        return {}
    from twoworlds import data  # late: reading data needs pandas, checking does not

    return {world: data.data_digest(world) for world in worlds}


def keys_for(exercise, checkdata):
    """{question: {"answer", "traps"}} for the data in use, stored or worked out. Raises TwoWorldsError."""
    in_use = digests_in_use(checkdata["data_digests"])
    if in_use == checkdata["data_digests"]:
        return packing.unpack(checkdata["keys"])
    identity = (exercise, checkdata["program"], tuple(sorted(in_use.items())))
    if identity not in _worked_out:
        _worked_out[identity] = _work_out(exercise, checkdata)
    return _worked_out[identity]


def _work_out(exercise, checkdata):
    program = packing.unpack(checkdata["program"])
    if not program:  # a cohort's checks: the keys for its own data, and no solution
        raise TwoWorldsError(
            f"The checks of exercise {exercise} are for your class's own data, and other data is in use. Run"
            " the notebook's first cell, which names your data, then the others."
        )
    screen = sys.stdout

    def say():
        print(
            "This is not the data the course came with. Working out its answers, once …",
            file=screen,
            flush=True,
        )

    word = threading.Timer(_PATIENCE, say)
    word.daemon = True
    word.start()
    try:
        with _no_side_effects():
            return run_program(program, checkdata["questions"])
    except TwoWorldsError:
        raise
    except Exception as error:
        raise TwoWorldsError(
            f"The answers of exercise {exercise} cannot be worked out from the data in use"
            f" ({type(error).__name__}: {str(error).splitlines()[0] if str(error) else 'no message'}). Make"
            " the data again with `python -m twoworlds.generate`, or unset TWOWORLDS_DATA to use the"
            " course's own."
        ) from error
    finally:
        word.cancel()


@contextlib.contextmanager
def _no_side_effects():
    """Nothing printed, no warning shown, no figure left open for the notebook to draw."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    open_before = set(pyplot.get_fignums()) if pyplot else set()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    pyplot = sys.modules.get("matplotlib.pyplot")
    for number in set(pyplot.get_fignums()) - open_before if pyplot else ():
        pyplot.close(number)
