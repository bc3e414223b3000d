"""A small exercise with one question of every kind, on data of its own, for the tests of the checker."""

import json
import os

from twoworlds.check import checkdata, keys, packing

#: multiplies the fixture's data: another value stands for another data set
FACTOR = "TWOWORLDS_TEST_FACTOR"

SETUP = f"""
import os
import pandas as pd
factor = int(os.environ.get("{FACTOR}", "1"))
orders = pd.DataFrame({{
    "region": ["north", "south", "west", "north", "south", "west", "north"],
    "day": pd.to_datetime(["2024-01-01", "2024-01-01", "2024-01-02", "2024-01-02", "2024-01-03", "2024-01-03",
                           "2024-01-03"]),
    "price": [101.37, 77.7, 250.123, 12.5, 60.04, 88.88, 41.19],
    "late": [True, False, False, True, True, False, False],
}})
orders["price"] = orders["price"] * factor + (factor - 1) * pd.Series(range(7))
"""

SOLUTIONS = {
    "share": "late_share = float(orders.loc[orders['late'], 'price'].sum() / orders['price'].sum())",
    "total": "revenue = float(orders['price'].sum() * 100)",
    "table": (
        "by_region = orders.groupby('region', as_index=False).agg(\n"
        "    share=('price', lambda p: p.sum() / orders['price'].sum()))"
    ),
    "dates": (
        "by_day = (orders.groupby(['day', 'region'], as_index=False).agg(price=('price', 'sum'))\n"
        "          .sort_values('price', ascending=False, ignore_index=True))"
    ),
    "series": "mean_price = orders.groupby('region')['price'].mean()",
    "choice": "unit = 'account'",
}

SPECS = {
    "share": {
        "kind": "number",
        "name": "late_share",
        "title": "Late share",
        "unit": "fraction",
        "range": [0, 1],
        "hints": ["First hint.", "Second hint with `code`."],
        "right": "every euro in its place.",
    },
    "total": {"kind": "number", "name": "revenue", "title": "Revenue", "range": [0, None], "hints": []},
    "table": {
        "kind": "table",
        "name": "by_region",
        "title": "Shares",
        "unit": "fraction",
        "keys": ["region"],
        "hints": ["Group by region."],
    },
    "dates": {
        "kind": "table",
        "name": "by_day",
        "title": "By day",
        "keys": ["day", "region"],
        "ordered": True,
    },
    "series": {"kind": "series", "name": "mean_price", "title": "Mean price"},
    "choice": {
        "kind": "choice",
        "name": "unit",
        "title": "Who signs",
        "options": {
            "user": "a user uses it, and signs nothing.",
            "account": "yes.",
            "B2B seat": "a seat is paid.",
        },
    },
    "decision": {
        "kind": "decision",
        "name": "memo",
        "title": "What to do",
        "words": [5, 20],
        "rubric": ["Does it name a decision?", "Does it name a number?"],
    },
}

TRAPS = {
    "share": {
        "rows": ("float(orders['late'].mean())", "you count orders, not money."),
        "others": (
            (
                "late_share = orders.loc[orders['late'], 'price'].sum() / orders.loc[~orders['late'],"
                " 'price'].sum() / 2"
            ),
            "your base is twice the orders in time.",
        ),
    },
    "table": {
        "orders": (
            "orders.groupby('region', as_index=False).agg(share=('late', 'mean'))",
            "you average `late`.",
        ),
        "first rows": (
            "orders.head(2).assign(share=0.25)[['region', 'share']]",
            "you took the first orders only.",
        ),
    },
    "series": {
        "sum": ("orders.groupby('region')['price'].sum()", "you summed; the question asks for the mean.")
    },
}


def program():
    cells = [{"code": SETUP, "answers": [], "traps": {}}]
    for question, code in SOLUTIONS.items():
        traps = {trap: pair[0] for trap, pair in TRAPS.get(question, {}).items()}
        cells.append({"code": code, "answers": [question], "traps": {question: traps} if traps else {}})
    return cells


def specs():
    found = {}
    for question, spec in SPECS.items():
        traps = [{"id": trap, "say": say} for trap, (_, say) in TRAPS.get(question, {}).items()]
        found[question] = {**spec, "traps": traps}
    return found


def content():
    """Check data of the fixture, with the keys of factor 1."""
    before = os.environ.pop(FACTOR, None)
    try:
        found = keys.run_program(program(), specs())
    finally:
        if before is not None:
            os.environ[FACTOR] = before
    found["decision"] = {"answer": None, "traps": {}}
    return {
        "format": checkdata.FORMAT,
        "exercise": "00-fixture",
        "data_digests": {},
        "questions": specs(),
        "keys": packing.pack(found),
        "program": packing.pack(program()),
    }


def write(folder, **changes):
    """Write the fixture's check data into a folder; returns the file's path."""
    path = folder / "00-fixture.json"
    path.write_text(json.dumps({**content(), **changes}), encoding="utf-8")
    return path


def answers():
    """The namespace after a right run of the fixture's solution."""
    namespace = {}
    for cell in program():
        exec(cell["code"], namespace)  # the code above
    namespace["memo"] = "Keep the annual plan, since nine in ten stay until the renewal comes."
    return namespace
