"""Judge a choice between labels, and a written answer (which is never judged right or wrong)."""

import difflib

from twoworlds.check.common import short
from twoworlds.check.values import NotPlainError, a_type, plain
from twoworlds.check.verdict import BLANK, NOTED, RIGHT, Verdict

DEFAULT_WORDS = (30, 400)


def _fold(label):
    return " ".join(str(label).replace("_", " ").replace("-", " ").lower().split())


def freeze_choice(value):
    """A right answer as check data keeps it: its label."""
    label = plain(value)
    if not isinstance(label, str):
        raise ValueError(f"a label (text) is wanted, not {short(value)}")
    return label


def judge_choice(spec, keys, value):
    """Verdict on a label. spec: name, options {label: why it tempts}, right; keys: answer (the label)."""
    name, options = spec["name"], spec["options"]
    listed = ", ".join(f"`{label!r}`" for label in options)
    try:
        given = plain(value)
    except NotPlainError:
        return Verdict(
            "not text", f"`{name}` is {a_type(value)}; one of these labels is wanted, as text: {listed}."
        )
    if not isinstance(given, str):
        return Verdict(
            "not text",
            f"`{name}` is {short(value)}; one of these labels is wanted, in quotation marks: {listed}.",
        )
    if not given.strip() or set(given.strip()) <= {".", "…"}:
        return Verdict("blank", f"write one of these in `{name}`: {listed}.", BLANK)
    folded = {_fold(label): label for label in options}
    label = folded.get(_fold(given))
    if label is None:
        near = difflib.get_close_matches(_fold(given), list(folded), 1, 0.7)
        meant = f" Did you mean `{folded[near[0]]!r}`?" if near else ""
        return Verdict("not an option", f"{short(given)} is not one of the labels. They are {listed}.{meant}")
    if label == keys["answer"]:
        return Verdict("right", spec.get("right", "that is it."), RIGHT)
    return Verdict(f"trap:{label}", options[label])


def judge_decision(spec, keys, value):
    """Verdict on a written answer: only whether there is one, and its length in words. Never right, never
    wrong.
    """
    name = spec["name"]
    fewest, most = spec.get("words") or DEFAULT_WORDS
    if not isinstance(value, str):
        return Verdict(
            "not text",
            f"`{name}` is {a_type(value)}; a written answer is wanted, between triple quotation marks.",
        )
    words = [word for word in value.split() if any(character.isalnum() for character in word)]
    if not words:
        return Verdict(
            "blank",
            f"write your answer between the quotation marks after `{name} =`, run that cell, then this one.",
            BLANK,
        )
    if len(words) < fewest:
        return Verdict(
            "short",
            f"{len(words)} words so far; aim for {fewest} to {most}. Say what you would do, what "
            "speaks for it, and what would change your mind.",
        )
    if len(words) > most:
        return Verdict("long", f"{len(words)} words; your reader has time for {most}. What can go?")
    return Verdict(
        "noted",
        f"{len(words)} words. No program can grade a decision, so this check does not: hold it "
        "against the points below, then read the two samples in the solution.",
        NOTED,
    )
