"""Answers to the exercises, checked at once: a wrong one is met by the name of its mistake.

    from twoworlds import Checker
    check = Checker("03-retention")
    check("q1")

Needs nothing but the standard library; pandas is looked at only where the learner's answer is a pandas
object.
"""

from twoworlds.check.checker import Checker
from twoworlds.check.result import Result, Summary

__all__ = ["Checker", "Result", "Summary"]
