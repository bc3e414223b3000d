"""Judge what a sandbox sent, with the course's own checks and keys that no submission can reach.

A question earns its point when the answer is right on the data that was handed out and on data held back: a
number that was typed in is right on one of them only.
"""

from twoworlds.check.checker import Checker
from twoworlds.check.verdict import NOT_YET, NOTED, PROBLEM, Verdict
from twoworlds.check.watch import Stopped
from twoworlds.grade import values

#: status of a run -> what the report says of it
STATUSES = {
    "ok": "",
    "time": "stopped at the time limit",
    "memory": "stopped at the memory limit",
    "output": "stopped: its answers are too large",
    "ended": "ended by its own code",
}
TYPED_IN = "other data"
_TYPED_IN_WORDS = (
    "this is right on the data that was handed out, and not on other data of the same kind. A number that was"
    " typed in does that, and so does a step that fits one data set only."
)


class _Stops:
    """Stands in for the checker's watch: the errors of cells come from the sandbox."""

    def __init__(self, errors):
        self._errors = errors

    def stopped(self, name):
        return Stopped(self._errors[name]) if name in self._errors else None


class _Other:
    """A variable of the submission's that is no answer."""


class KeyedChecker(Checker):
    """A Checker with keys worked out in advance, for answers that were made elsewhere."""

    def __init__(self, content, keys, run):
        """content: check data; keys: {question: {"answer", "traps"}}; run: sandbox.Run."""
        self.exercise, self._checkdata = content["exercise"], content
        self._results, self._tries = {}, {}
        self._watch, self._own_keys, self._run = _Stops(run.stopped), keys, run
        self._space = {name: _Other() for name in run.names}

    def _keys(self, question):
        return self._own_keys[question]

    def mark(self, question):
        """(Result, the answer's value) for one question."""
        spec = self._checkdata["questions"][question]
        name, space = spec["name"], dict(self._space)
        space.pop(name, None)
        if name in self._run.answers:
            try:
                space[name] = values.decode(self._run.answers[name])
            except values.ReportError:
                said = f"what the notebook reports of `{name}` is no value that a program could have sent."
                return self._record(question, spec, Verdict("no report", said, PROBLEM)), None
        given = space.get(name)
        if isinstance(given, values.TooLarge):
            size = " by ".join(f"{length:,}" for length in given.shape)
            said = f"`{name}` is of type {given.kind}, {size}: too large for an answer. A step is missing."
            return self._record(question, spec, Verdict("too large", said, NOT_YET)), None
        return self(question, space), given


def mark(content, handed, held_back):
    """Marks of a submission, a dict a question: points (1, 0, or None where a person has to read), code and
    state of the verdict, html (the message as a learner sees it), and text for a written answer.

    content: check data; handed, held_back: (Run, keys) on the two sets of tables; held_back: None where no
    point was to be had
    """
    first = KeyedChecker(content, handed[1], handed[0])
    second = KeyedChecker(content, held_back[1], held_back[0]) if held_back else None
    marks = {}
    for question, spec in content["questions"].items():
        result, given = first.mark(question)
        if spec["kind"] == "decision":
            text = given if isinstance(given, str) and result.state in (NOTED, NOT_YET) else ""
            marks[question] = {**_shown(result), "points": None, "text": text.strip()}
            continue
        points = 0
        if result.ok and second is not None:
            other, _ = second.mark(question)
            points = int(other.ok)
            if not other.ok:
                because = " On the other data: " + other.message if other.code in ("error", "stale") else ""
                verdict = Verdict(TYPED_IN, _TYPED_IN_WORDS + because, NOT_YET)
                result = first._record(question, spec, verdict)
        marks[question] = {**_shown(result), "points": points}
    return marks


def _shown(result):
    return {"code": result.code, "state": result.state, "html": result._repr_html_(), "say": result.message}


def has_right_answer(content, run, keys):
    """Whether any question's answer is right on this data: else the held-back data need not be tried."""
    checker = KeyedChecker(content, keys, run)
    return any(
        checker.mark(question)[0].ok
        for question, spec in content["questions"].items()
        if spec["kind"] != "decision"
    )


def no_marks(content):
    """Marks of a submission that could not be run."""
    return {
        question: {
            "points": None if spec["kind"] == "decision" else 0,
            "code": "not run",
            "state": "",
            "html": "",
            "say": "",
        }
        for question, spec in content["questions"].items()
    }
