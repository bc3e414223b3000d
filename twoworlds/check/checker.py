"""The object a learner calls: `check = Checker("03-retention")`, then `check("q1")`."""

import sys

from twoworlds.check import checkdata, keys, watch
from twoworlds.check.result import Result, Summary
from twoworlds.check.verdict import NOT_YET, NOTED, PROBLEM, Verdict
from twoworlds.errors import TwoWorldsError

_RESTART = "Still at odds? Restart and Run All: an earlier cell may have left an old value behind."


class Checker:
    """Checks the answers of one exercise against the data in use.

    exercise: its slug, such as "03-retention"
    folder:   where the check data lies; by default beside the exercises, or inside the installed package
    Raises TwoWorldsError where there is no such exercise, or its check data is missing or damaged.
    """

    def __init__(self, exercise, folder=None):
        self.exercise = str(exercise)
        self._checkdata = checkdata.read(self.exercise, folder)
        self._results, self._tries = {}, {}
        self._watch = watch.current()
        if self._watch:
            self._watch.add(spec["name"] for spec in self._checkdata["questions"].values())

    @property
    def questions(self):
        """The exercise's question ids, in order."""
        return list(self._checkdata["questions"])

    def __repr__(self):
        return f"Checker for {self.exercise}: {', '.join(self.questions)}"

    def __call__(self, question, namespace=None):
        """Check one answer; returns a Result that shows itself in a notebook and prints as text.

        namespace: where the answer stands; by default the caller's variables
        Raises TwoWorldsError for an unknown question, and where the data is missing.
        """
        spec = checkdata.question_of(self._checkdata, self.exercise, question)
        if namespace is None:
            namespace = sys._getframe(1).f_globals
        try:
            verdict = self._judge(question, spec, namespace)
        except TwoWorldsError:
            raise
        except Exception as error:  # a check must not end in a traceback, and must not call an answer right
            verdict = Verdict(
                "problem",
                f"the check itself stumbled over `{spec['name']}` ({type(error).__name__}), so "
                "your answer counts neither as right nor as wrong. Restart and Run All; if it happens "
                "again, please tell the authors, with your answer's code.",
                PROBLEM,
            )
        return self._record(question, spec, verdict)

    def _judge(self, question, spec, namespace):
        # Late: the first check, not the import of the package, pays for the judges.
        from twoworlds.check.common import missing, not_a_value
        from twoworlds.check.judge import KINDS

        name = spec["name"]
        stopped = self._watch.stopped(name) if self._watch else None
        if name not in namespace:
            if stopped:
                return Verdict(
                    "error",
                    f"the cell that makes `{name}` stopped with an error ({stopped.error}). "
                    "Mend that first; its last line says what is the matter.",
                )
            return missing(name, namespace)
        value = namespace[name]
        if stopped:
            return self._stale(name, value, stopped)
        verdict = not_a_value(name, value)
        if verdict:
            return verdict
        return KINDS[spec["kind"]].judge(spec, self._keys(question), value)

    def _stale(self, name, value, stopped):
        if value is Ellipsis:
            return Verdict(
                "error",
                f"the cell that makes `{name}` stopped with an error ({stopped.error}). "
                "Mend that first; its last line says what is the matter.",
            )
        return Verdict(
            "stale",
            f"the cell that makes `{name}` stopped with an error the last time it ran "
            f"({stopped.error}), so `{name}` still holds an older value. Mend the cell, then Restart and "
            "Run All.",
        )

    def _keys(self, question):
        return keys.keys_for(self.exercise, self._checkdata)[question]

    def _record(self, question, spec, verdict):
        hints = ()
        if verdict.state == NOT_YET:
            self._tries[question] = self._tries.get(question, 0) + 1
            hints = list(spec.get("hints", ()))
            if verdict.code in ("other", "values", "near") and self._watch:
                hints.append(_RESTART)
        rubric = spec.get("rubric", ()) if verdict.state == NOTED else ()
        result = Result(question, spec["title"], verdict, hints, rubric, self._tries.get(question, 1))
        self._results[question] = result
        return result

    def summary(self):
        """Where you stand: a table of all questions with their latest verdicts."""
        rows = [
            (question, spec["title"], self._results.get(question))
            for question, spec in self._checkdata["questions"].items()
        ]
        return Summary(self.exercise, rows)
