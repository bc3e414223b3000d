"""Mistakes that any kind of answer can have: nothing there yet, or something that is not a value."""

import difflib

from twoworlds.check.values import type_name
from twoworlds.check.verdict import BLANK, Verdict

_LOOK = 60  # characters of a learner's own value that a message repeats at most


def short(value):
    """A learner's own value, short enough for a sentence."""
    text = repr(value)
    return text if len(text) <= _LOOK else text[: _LOOK - 1] + "…"


def near_name(name, namespace):
    """The learner's variable that was most likely meant, or None."""
    own = [
        other
        for other, value in namespace.items()
        if isinstance(other, str)
        and not other.startswith("_")
        and not callable(value)
        and not _is_module(value)
    ]
    folded = {other.lower().replace("_", ""): other for other in own}
    same = folded.get(name.lower().replace("_", ""))
    if same:
        return same
    words = sorted(name.lower().split("_"))
    for other in own:
        if sorted(other.lower().split("_")) == words:
            return other
    close = difflib.get_close_matches(name, own, 1, 0.75)
    return close[0] if close else None


def _is_module(value):
    return type(value).__name__ == "module"


def missing(name, namespace):
    """No variable of the answer's name."""
    other = near_name(name, namespace)
    if other and namespace[other] is not Ellipsis:
        return Verdict(
            "missing near",
            f"there is no variable `{name}`, but there is one called `{other}`. "
            f"Did you mean that one? The answer has to be called `{name}`.",
        )
    return Verdict(
        "missing",
        f"there is no variable `{name}` yet. Run the cell that makes it. After a restart of the "
        "kernel, run the cells above it too (Restart and Run All does both).",
        BLANK,
    )


def not_a_value(name, value):
    """The verdict on blanks, None, methods and unfinished groups; None where there is a value to judge."""
    if value is Ellipsis:
        return Verdict(
            "blank",
            f"put your code in place of the `...` after `{name} =`, run that cell, then this one.",
            BLANK,
        )
    if value is None:
        return Verdict(
            "none",
            f"`{name}` holds None, which is Python's word for nothing. `print(...)` and "
            "`inplace=True` hand nothing back: store the value itself.",
        )
    if type(value).__name__ == "type" or (
        callable(value)
        and not hasattr(value, "columns")
        and not hasattr(value, "to_numpy")
        and "GroupBy" not in type_name(value)
    ):
        return Verdict(
            "uncalled",
            f"`{name}` holds a function, not what the function gives. "
            "Did the round brackets `()` at its end get lost?",
        )
    kind = type_name(value)
    if "GroupBy" in kind or kind in ("Rolling", "Expanding", "RollingGroupby", "Resampler"):
        return Verdict(
            "unfinished",
            f"`{name}` holds groups with nothing worked out yet ({kind}). Choose a column and "
            "say what to do in each group, such as `.mean()`, `.sum()` or `.nunique()`.",
        )
    if kind in ("generator", "map", "filter", "zip"):
        return Verdict(
            "unfinished",
            f"`{name}` holds a {kind}: a promise of values, not yet made. "
            "Make them with `list(...)`, or sum them up.",
        )
    return None
