"""What a graded class is handed back: marks for a gradebook, a page a learner, a sheet to read, a summary."""

import csv
import hashlib
import html
import io
import os
import re
from collections import Counter
from pathlib import Path

from twoworlds.check.result import to_html
from twoworlds.errors import TwoWorldsError

_STYLE = """
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 48em; margin: 2em auto; padding: 0 1em }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; vertical-align: top }
th, td { padding: .3em .8em .3em 0 }
thead th { border-bottom: 2px solid } td.n, th.n { text-align: right; font-variant-numeric: tabular-nums }
h2 { margin: 1.6em 0 .3em; font-size: 1.1em } 
.text { white-space: pre-wrap; border-left: 3px solid #7f7f7f; padding-left: 1em }
caption { text-align: left; font-weight: bold; padding: .8em 0 .3em } main { overflow-wrap: break-word }
"""


def page(title, body):
    """A whole page that loads and runs nothing, whatever stands in it."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{html.escape(title)}</title><style>{_STYLE}</style></head><body><main>"
        f"<h1>{html.escape(title)}</h1>{body}</main></body></html>\n"
    )


def write_whole(path, text):
    """Put a file in place, whole or not at all."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(text, encoding="utf-8", newline="", errors="replace")
        os.replace(part, path)
    except OSError as problem:
        part.unlink(missing_ok=True)
        raise TwoWorldsError(f"{path} cannot be written ({problem.strerror}).") from None


def report_name(identity):
    """A file name for a learner's report that no other learner's can be."""
    safe = re.sub(r"[^\w.-]+", "_", identity, flags=re.ASCII).lstrip(".")[:60]
    return (
        f"{safe}.html"
        if safe == identity
        else f"{safe}-{hashlib.sha256(identity.encode()).hexdigest()[:8]}.html"
    )


def _cell(value):
    """A cell that a spreadsheet takes for what it is: text that looks like a formula is quoted."""
    text = "" if value is None else str(value)
    return (
        f"'{text}"
        if text[:1] in ("=", "+", "-", "@", "\t", "\r") and not isinstance(value, (int, float))
        else text
    )


def _csv(rows):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([[_cell(value) for value in row] for row in rows])
    return out.getvalue()


def total(record, written):
    """Points of one submission: of the checks, and of the read answers where they have been scored."""
    points = [mark["points"] for mark in record["marks"].values() if mark["points"] is not None]
    return sum(points) + sum(score for (identity, _), score in written.items() if identity == record["id"])


def grades(records, content, written):
    """The gradebook's CSV: id, a column a question, total, status. A decision is empty until it is scored."""
    questions = list(content["questions"])
    rows = [["id", *questions, "total", "status"]]
    for record in records:
        points = [
            written.get((record["id"], question), record["marks"][question]["points"])
            for question in questions
        ]
        shown = [_number(value) for value in points]
        rows.append([record["id"], *shown, _number(total(record, written)), record["status"]])
    return _csv(rows)


def _number(value):
    return int(value) if isinstance(value, float) and value.is_integer() else value


def report(record, content, written):
    """A learner's page: every question with its message, hints folded away."""
    checked = [mark for mark in record["marks"].values() if mark["points"] is not None]
    parts = [
        f"<p>{html.escape(content['exercise'])}: {sum(mark['points'] for mark in checked)} of {len(checked)} "
        f"questions that a program can mark.</p>"
    ]
    if record["status"] != "graded":
        parts.append(f"<p><strong>Status: {html.escape(record['status'])}.</strong></p>")
    for question, spec in content["questions"].items():
        mark = record["marks"][question]
        parts.append(f"<h2>{html.escape(question)} · {to_html(spec['title'])}</h2>{mark['html']}")
        if mark["points"] is None and mark["html"]:
            score = written.get((record["id"], question))
            read = "Read by a person" + (
                f": {_number(score)} points." if score is not None else ", not by a program."
            )
            parts.append(f"<p>{read}</p>")
        elif mark["html"]:
            parts.append(f"<p>Points: {mark['points']}</p>")
    return page(f"Report: {record['id']}", "".join(parts))


def _rows(head, rows, caption):
    heads = "".join(f'<th scope="col"{" class=n" if number else ""}>{name}</th>' for name, number in head)
    body = "".join(
        "<tr>"
        + "".join(
            f"<td{' class=n' if number else ''}>{value}</td>"
            for (_, number), value in zip(head, row, strict=True)
        )
        + "</tr>"
        for row in rows
    )
    return f"<table><caption>{caption}</caption><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


def misconceptions(records, content):
    """[(question, code, message, how many)], most frequent first within a question; right answers aside."""
    found, said = Counter(), {}
    for record in records:
        for question, mark in record["marks"].items():
            if mark["code"] not in ("right", "noted", "not run"):
                found[question, mark["code"]] += 1
                said.setdefault((question, mark["code"]), mark["say"])
    order = {question: place for place, question in enumerate(content["questions"])}
    return sorted(
        (
            (question, code, _message(content, question, code, said), count)
            for (question, code), count in found.items()
        ),
        key=lambda row: (order[row[0]], -row[3], row[1]),
    )


def _message(content, question, code, said):
    """Words for a mistake: the trap's own, else an example of what a learner was told."""
    if code.startswith("trap:"):
        for trap in content["questions"][question].get("traps", []):
            if f"trap:{trap['id']}" == code:
                return trap["say"]
    return said[question, code]


def summary(records, content, strangers=()):
    """The class on one page: shares right, mistakes by name, and what was not run."""
    run = [
        record for record in records if any(mark["code"] != "not run" for mark in record["marks"].values())
    ]
    rows = []
    for question, spec in content["questions"].items():
        marks = [record["marks"][question] for record in run]
        if spec["kind"] == "decision":
            right = f"{sum(bool(mark.get('text')) for mark in marks)} written"
        else:
            count = sum(mark["points"] for mark in marks)
            right = f"{count} ({100 * count / len(marks):.0f} %)" if marks else "0"
        blank = sum(mark["state"] == "blank" for mark in marks)
        rows.append([html.escape(question), to_html(spec["title"]), right, blank])
    head = [("Question", False), ("About", False), ("Right", True), ("Blank", True)]
    parts = [f"<p>{len(records)} submissions, {len(run)} of them run.</p>", _rows(head, rows, "Questions")]
    mistakes = [
        [html.escape(question), f"<code>{html.escape(code)}</code><br>{to_html(say)}", count]
        for question, code, say, count in misconceptions(run, content)
        if code != "blank"
    ]
    head = [("Question", False), ("Mistake, and what the learner is told", False), ("Learners", True)]
    parts.append(_rows(head, mistakes, "Mistakes by name"))
    odd = [
        [html.escape(record["id"]), html.escape(record["status"])]
        for record in records
        if record["status"] != "graded"
    ]
    if odd:
        parts.append(_rows([("Submission", False), ("Status", False)], odd, "Not graded as they are"))
    if strangers:
        parts.append(f"<p>Not on the roster: {html.escape(', '.join(strangers))}.</p>")
    return page(f"Class summary, {content['exercise']}", "".join(parts))


# ---------------------------------------------------------------- written answers

_SHEET = ["id", "question", "words", "score", "text"]


def read_scores(path, content):
    """{(id, question): score} from the sheet of written answers. Raises TwoWorldsError for a score that is no
    number: it would be lost without a word."""
    try:
        content_bytes = Path(path).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeError) as problem:
        raise TwoWorldsError(f"{path} cannot be read ({problem}): save it as a CSV in UTF-8.") from None
    reader = csv.DictReader(io.StringIO(content_bytes, newline=""))
    if not {"id", "question", "score"} <= set(reader.fieldnames or ()):
        raise TwoWorldsError(f"{path} lacks a column: it needs id, question and score, with commas between.")
    scores = {}
    for row in reader:
        text = (row["score"] or "").strip()
        if text:
            try:
                scores[
                    row["id"].removeprefix("'") if row["id"][1:2] in "=+-@" else row["id"], row["question"]
                ] = float(text.replace(",", "."))
            except ValueError:
                raise TwoWorldsError(
                    f"{path}: the score {text[:20]!r} of {row['id']} is no number: mend it, and run again."
                ) from None
    return scores


def sheet(records, content, scores):
    """The CSV of written answers, with the scores that are in already."""
    rows = [_SHEET]
    for record in records:
        for question, mark in record["marks"].items():
            if mark.get("text"):
                score = scores.get((record["id"], question))
                rows.append([record["id"], question, len(mark["text"].split()), _number(score), mark["text"]])
    return _csv(rows)


def reading_page(records, content, file):
    """The same on a page, question by question, beside the rubric."""
    parts = [
        f"<p>Scores go into the column <code>score</code> of <code>{html.escape(file)}</code>;"
        " then run the command again.</p>"
    ]
    for question, spec in content["questions"].items():
        if spec["kind"] != "decision":
            continue
        points = "".join(f"<li>{to_html(line)}</li>" for line in spec.get("rubric", ()))
        parts.append(f"<h2>{html.escape(question)} · {to_html(spec['title'])}</h2><ul>{points}</ul>")
        for record in records:
            text = record["marks"][question].get("text")
            if text:
                words = len(text.split())
                parts.append(
                    f"<h3>{html.escape(record['id'])} ({words} words)</h3>"
                    f"<div class=text>{html.escape(text)}</div>"
                )
    return page(f"Written answers, {content['exercise']}", "".join(parts))
