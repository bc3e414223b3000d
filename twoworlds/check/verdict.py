"""What a judge says about one answer, before it is dressed for the screen."""

from typing import NamedTuple

RIGHT, NOT_YET, BLANK, NOTED, PROBLEM = "right", "not yet", "blank", "noted", "problem"


class Verdict(NamedTuple):
    """`code` is the name of the mistake (stable, used by tests and grading); `say` is the sentence for the
    learner.
    """

    code: str
    say: str
    state: str = NOT_YET

    @property
    def is_right(self):
        return self.state == RIGHT
