"""A small exercise on small data, for the tests of grading: number, table, choice, written answer."""

import json

from twoworlds.check import checkdata, packing
from twoworlds.generate import generate
from twoworlds.grade import answers

SLUG = "00-small"
SETUP = """import pandas as pd
import twoworlds as tw
from twoworlds import Checker
check = Checker("00-small")
pipewright = tw.load("pipewright")
accounts = pipewright.accounts"""
RIGHT = {
    "q1": "paid_share = float(accounts['first_paid_on'].notna().mean())",
    "q2": (
        "by_size = (accounts.groupby('size', observed=True, as_index=False)\n"
        "           .agg(share=('first_paid_on', lambda day: day.notna().mean())))"
    ),
    "q3": "unit = 'account'",
    "q4": "note = 'Keep the annual plan, since nine in ten stay until the renewal comes.'",
}
NAMES = {"q1": "paid_share", "q2": "by_size", "q3": "unit", "q4": "note"}
QUESTIONS = {
    "q1": {"kind": "number", "name": "paid_share", "title": "Share that paid", "unit": "fraction"}
    | {"range": [0, 1], "hints": ["Missing days are no payments."], "right": "that is the share."}
    | {"traps": [{"id": "unpaid", "say": "you count those that never paid."}]},
    "q2": {"kind": "table", "name": "by_size", "title": "By size", "unit": "fraction", "keys": ["size"]}
    | {"traps": []},
    "q3": {"kind": "choice", "name": "unit", "title": "Who signs", "traps": []}
    | {"options": {"user": "a user uses it.", "account": "yes."}},
    "q4": {"kind": "decision", "name": "note", "title": "What to do", "words": [5, 40], "traps": []}
    | {"rubric": ["Does it decide?", "Does it name a number?"]},
}
TRAPS = {"q1": {"unpaid": "accounts['first_paid_on'].isna().mean()"}}


def program():
    cells = [
        {"code": "import twoworlds as tw\nimport pandas as pd", "answers": [], "traps": {}},
        {"code": "accounts = tw.load('pipewright').accounts", "answers": [], "traps": {}},
    ]
    for question in NAMES:
        traps = {question: TRAPS[question]} if question in TRAPS else {}
        cells.append({"code": RIGHT[question], "answers": [question], "traps": traps})
    return cells


def content():
    """Check data whose stored keys are of data that no test uses, so that they are worked out."""
    blank = {question: {"answer": None, "traps": {}} for question in QUESTIONS}
    return {
        "format": checkdata.FORMAT,
        "exercise": SLUG,
        "data_digests": {"pipewright": "0" * 64},
        "questions": QUESTIONS,
        "keys": packing.pack(blank),
        "program": packing.pack(program()),
    }


def write_checks(folder):
    """Write the check data into a folder, for TWOWORLDS_CHECKS."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{SLUG}.json").write_text(json.dumps(content()), encoding="utf-8")
    return folder


def write_data(folder, seed):
    """Small tables of Pipewright, with truth beside them."""
    generate(["pipewright"], seed, 0.05, folder)
    return folder


def answer_on(folder, question="q1"):
    """The right answer on a folder of tables."""
    return answers.work_out(content(), folder)[question]["answer"]


def cells(**given):
    """Code of a submission: the setup, then each question's answer: right, or as given (None: left blank)."""
    made = [SETUP]
    for question, name in NAMES.items():
        blank = f'{name} = """\n...\n"""' if question == "q4" else f"{name} = ..."
        code = given.get(question, RIGHT[question])
        made += [blank if code is None else code, f'check("{question}")']
    return made
