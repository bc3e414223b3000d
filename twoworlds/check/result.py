"""How an answer's verdict looks: HTML in a notebook, text in a terminal.

Meaning is never in colour alone: each state has a word and a symbol. Text takes the colour of the page it
stands on, so that it reads in light and dark JupyterLab, Colab and VS Code; only the bar at the left has a
colour of its own, chosen to stand out (contrast above 3) on white and on near-black alike.
"""

import html
import re
import textwrap

from twoworlds.check.verdict import BLANK, NOT_YET, NOTED, PROBLEM, RIGHT

#: state -> symbol, words, colour of the bar
STATES = {
    RIGHT: ("✓", "Right", "#2f8f5b"),
    NOT_YET: ("↻", "Not yet", "#c06a1b"),
    BLANK: ("○", "Not answered yet", "#7f7f7f"),
    NOTED: ("✎", "Noted", "#4a7fc1"),
    PROBLEM: ("!", "Could not check", "#c2456b"),
}
NOT_CHECKED = ("·", "Not checked yet")

_CODE_STYLE = "background:transparent;color:inherit;font-family:monospace;font-size:.95em;padding:0"
_BOX_STYLE = (
    "border-left:4px solid {colour};padding:.35em .9em;margin:.3em 0;"
    "max-width:44em;line-height:1.5;font-family:sans-serif;font-size:14px"
)
_TEXT_WIDTH = 92


def to_html(text):
    """Escape a message; words in `backticks` become code."""
    escaped = html.escape(text, quote=False)
    return re.sub(r"`([^`]+)`", rf'<code style="{_CODE_STYLE}">\1</code>', escaped)


def _wrap(text, first="", rest="   "):
    return textwrap.fill(
        text,
        _TEXT_WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


class Result:
    """One answer, checked. `ok` and `bool(result)` are True only where the answer is right.

    `code` names the mistake ("right", "blank", "percent", "trap:left", ...), `message` is the sentence shown.
    """

    def __init__(self, question, title, verdict, hints=(), rubric=(), attempt=1):
        self.question, self.title = question, title
        self.code, self.message, self.state = verdict
        self.hints, self.rubric, self.attempt = tuple(hints), tuple(rubric), attempt
        self.ok = self.state == RIGHT

    def __bool__(self):
        return self.ok

    def __repr__(self):
        symbol, words, _ = STATES[self.state]
        lines = [_wrap(f"{symbol} {self.question} · {words}: {self.message}")]
        # A terminal cannot fold, so each try uncovers one hint more.
        shown = self.hints[: self.attempt]
        lines += [_wrap(hint, f"   Hint {number}: ", "           ") for number, hint in enumerate(shown, 1)]
        if len(shown) < len(self.hints):
            lines.append("   (One more hint after your next try.)")
        lines += [_wrap(line, "   [ ] ", "       ") for line in self.rubric]
        return "\n".join(lines)

    def _repr_html_(self):
        symbol, words, colour = STATES[self.state]
        parts = [
            (
                '<div role="status" aria-live="polite" class="tw-check"'
                f' style="{_BOX_STYLE.format(colour=colour)}">'
            ),
            (
                f'<div><span aria-hidden="true">{symbol}</span> <strong>{html.escape(self.question)} ·'
                f" {words}:</strong> {to_html(self.message)}</div>"
            ),
        ]
        for number, hint in enumerate(self.hints, 1):
            name = "Hint" if len(self.hints) == 1 else f"Hint {number} of {len(self.hints)}"
            parts.append(
                f'<details style="margin:.25em 0 0"><summary style="cursor:pointer">{name}</summary>'
                f'<div style="padding:.1em 0 .2em 1.1em">{to_html(hint)}</div></details>'
            )
        if self.rubric:
            items = "".join(f"<li>{to_html(line)}</li>" for line in self.rubric)
            parts.append(
                '<details style="margin:.25em 0 0"><summary style="cursor:pointer">Read your answer again '
                f'beside these points</summary><ul style="margin:.2em 0">{items}</ul></details>'
            )
        return "".join(parts) + "</div>"


class Summary:
    """Where the learner stands: one row a question, with the latest verdict."""

    def __init__(self, exercise, rows):
        """rows: list of (question, title, Result or None), in the order of the exercise."""
        self.exercise, self.rows = exercise, list(rows)

    def _words(self, result):
        symbol, words = STATES[result.state][:2] if result is not None else NOT_CHECKED
        return symbol, words

    def _count(self):
        right = sum(1 for *_, result in self.rows if result is not None and result.ok)
        written = sum(1 for *_, result in self.rows if result is not None and result.state == NOTED)
        total = len(self.rows)
        more = f", {written} written" if written else ""
        return f"{self.exercise}: {right} of {total} right{more}"

    def __repr__(self):
        lines = [self._count()]
        widest = max([len(question) for question, *_ in self.rows], default=0)
        longest = max([len(self._words(result)[1]) for *_, result in self.rows], default=0)
        for question, title, result in self.rows:
            symbol, words = self._words(result)
            lines.append(f"{symbol} {question:<{widest}}  {words:<{longest}}  {title}".rstrip())
        return "\n".join(lines)

    def _repr_html_(self):
        cell = "padding:.2em .9em .2em 0;text-align:left;background:transparent;color:inherit"
        body = []
        for question, title, result in self.rows:
            symbol, words = self._words(result)
            body.append(
                '<tr style="background:transparent"><th scope="row"'
                f' style="{cell}">{html.escape(question)}</th><td style="{cell}">{to_html(title)}</td><td'
                f' style="{cell}"><span aria-hidden="true">{symbol}</span> {words}</td></tr>'
            )
        heads = "".join(
            f'<th scope="col" style="{cell}">{head}</th>' for head in ("Question", "About", "So far")
        )
        return (
            '<div role="status" aria-live="polite" class="tw-check"'
            f' style="{_BOX_STYLE.format(colour="#7f7f7f")}">'
            '<table style="border-collapse:collapse;border:0;margin:0">'
            f'<caption style="text-align:left;font-weight:bold;color:inherit;padding:0 0 .3em">'
            f"{html.escape(self._count())}</caption>"
            f"<thead><tr>{heads}</tr></thead><tbody>{''.join(body)}</tbody></table></div>"
        )
