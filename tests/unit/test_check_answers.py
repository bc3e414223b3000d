"""Every right route is accepted; every kind of mistake is refused, with a message of its own."""

import datetime
import math
from decimal import Decimal
from fractions import Fraction

import check_fixture
import numpy as np
import pandas as pd
import pytest

from twoworlds.check import Checker
from twoworlds.check.verdict import BLANK, NOT_YET, NOTED, PROBLEM


@pytest.fixture(scope="module")
def check(tmp_path_factory):
    folder = tmp_path_factory.mktemp("checks")
    check_fixture.write(folder)
    return Checker("00-fixture", folder=folder)


RIGHT = check_fixture.answers()
NAMES = {question: spec["name"] for question, spec in check_fixture.SPECS.items()}


def result(check, question, value, **others):
    return check(question, {NAMES[question]: value, **others})


# ---- right routes
# -------------------------------------------------------------------------------------------------

SHARE, TOTAL, TABLE, DATES, SERIES = (RIGHT[NAMES[q]] for q in ("share", "total", "table", "dates", "series"))


class ArrowLikeScalar:
    """Behaves as a pyarrow scalar does."""

    def __init__(self, value):
        self.value = value

    def as_py(self):
        return self.value


class ArrowLikeTable:
    """Behaves as a pyarrow or polars table does, as far as a check is concerned."""

    def __init__(self, frame):
        self.frame = frame

    def to_pandas(self):
        return self.frame


RIGHT_ROUTES = {
    "float": ("share", SHARE),
    "numpy scalar": ("share", np.float64(SHARE)),
    "float32": ("share", np.float32(SHARE)),
    "0-d array": ("share", np.array(SHARE)),
    "Decimal": ("share", Decimal(repr(SHARE))),
    "Fraction": ("share", Fraction(SHARE)),
    "arrow scalar": ("share", ArrowLikeScalar(SHARE)),
    "last bits differ": ("share", math.nextafter(SHARE, 1)),
    "large number": ("total", np.float64(TOTAL)),
    "table": ("table", TABLE),
    "other row order": ("table", TABLE.iloc[::-1]),
    "other index": ("table", TABLE.set_axis([5, 5, 9])),
    "other column order": ("table", TABLE[["share", "region"]]),
    "extension dtypes": ("table", TABLE.convert_dtypes()),
    "object dtypes": ("table", TABLE.astype(object)),
    "categorical key": ("table", TABLE.astype({"region": "category"})),
    "Decimals in cells": ("table", TABLE.assign(share=[Decimal(repr(v)) for v in TABLE["share"]])),
    "key in index and in column": ("table", TABLE.set_index("region", drop=False).rename_axis(None)),
    "arrow table": ("table", ArrowLikeTable(TABLE)),
    "ordered table": ("dates", DATES),
    "dates as date objects": ("dates", DATES.assign(day=DATES["day"].dt.date)),
    "dates as periods": ("dates", DATES.assign(day=DATES["day"].dt.to_period("D"))),
    "other date unit": ("dates", DATES.assign(day=DATES["day"].astype("datetime64[s]"))),
    "series": ("series", SERIES),
    "series, other order and name": ("series", SERIES.iloc[::-1].rename("anything")),
    "series, extension dtype": ("series", SERIES.astype("Float64")),
    "label": ("choice", "account"),
    "label, other case": ("choice", " Account "),
    "label, numpy text": ("choice", np.str_("account")),
}


@pytest.mark.parametrize("route", RIGHT_ROUTES)
def test_right_routes_are_accepted(check, route):
    question, value = RIGHT_ROUTES[route]
    found = result(check, question, value)
    assert found.ok and bool(found) and found.code == "right", found
    assert "Not yet" not in repr(found)


def test_arrow_dtypes_are_accepted(check):
    pytest.importorskip("pyarrow")
    assert result(check, "table", TABLE.convert_dtypes(dtype_backend="pyarrow")).ok
    assert result(check, "dates", DATES.convert_dtypes(dtype_backend="pyarrow")).ok


# ---- mistakes
# -----------------------------------------------------------------------------------------------------

WIDE = TABLE.set_index("region").T
MISTAKES = {
    # any kind of answer
    "blank": ("share", ..., "blank"),
    "none": ("share", None, "none"),
    "method": ("share", pd.Series([1.0]).mean, "uncalled"),
    "a type": ("table", pd.DataFrame, "uncalled"),
    "groups": ("share", pd.DataFrame({"a": [1]}).groupby("a"), "unfinished"),
    "series of groups": ("table", TABLE.groupby("region")["share"], "unfinished"),
    "rolling": ("series", SERIES.rolling(2), "unfinished"),
    "generator": ("share", (x for x in [1]), "unfinished"),
    # numbers
    "number as text": ("share", str(SHARE), "text number"),
    "percent as text": ("share", f"{SHARE:.1%}", "text number"),
    "money as text": ("total", "€ 1,234", "text number"),
    "text": ("share", "about a third", "text"),
    "empty text": ("share", "", "text"),
    "bool": ("share", True, "bool"),
    "numpy bool": ("share", np.bool_(False), "bool"),
    "date": ("share", pd.Timestamp("2024-01-01"), "date"),
    "duration": ("total", pd.Timedelta(days=3), "duration"),
    "complex": ("total", 3j, "text"),
    "one in a series": ("share", pd.Series([SHARE]), "one inside"),
    "one in a table": ("share", pd.DataFrame({"a": [SHARE]}), "one inside"),
    "one in an array": ("share", np.array([[SHARE]]), "one inside"),
    "trailing comma": ("share", (SHARE,), "one inside"),
    "one in a list": ("share", [SHARE], "one inside"),
    "one in a dict": ("share", {"late": SHARE}, "one inside"),
    "many": ("share", SERIES, "many"),
    "many in an array": ("share", np.zeros((3, 2)), "many"),
    "many in a list": ("share", [0.1, 0.2], "many"),
    "nothing in a list": ("share", [], "many"),
    "a table for a number": ("total", DATES, "many"),
    "nan": ("share", math.nan, "nan"),
    "pandas NA": ("share", pd.NA, "nan"),
    "NaT": ("share", pd.NaT, "nan"),
    "Decimal nan": ("share", Decimal("nan"), "nan"),
    "masked": ("share", np.ma.masked, "nan"),
    "infinite": ("share", np.inf, "infinite"),
    "minus infinite": ("total", -np.inf, "infinite"),
    "percent": ("share", 100 * SHARE, "percent"),
    "percent, rounded": ("share", round(100 * SHARE, 1), "percent"),
    "complement": ("share", 1 - SHARE, "complement"),
    "complement in percent": ("share", 100 * (1 - SHARE), "complement"),
    "sign": ("share", -SHARE, "sign"),
    "thousands": ("total", TOTAL / 1000, "scale"),
    "millions": ("total", TOTAL * 1e6, "scale"),
    "cents": ("total", TOTAL / 100, "scale"),
    "rounded": ("share", round(SHARE, 3), "rounded"),
    "upside down": ("share", 1 / SHARE, "upside down"),
    "odds": ("share", SHARE / (1 - SHARE), "odds"),
    "count": ("share", 3, "count"),
    "impossible": ("share", 1.7131, "range"),
    "below the range": ("total", -3.5, "range"),
    "near": ("share", SHARE * 1.013, "near"),
    "other": ("share", 0.9137, "other"),
    # tables
    "series for a table": ("table", TABLE.set_index("region")["share"], "series"),
    "array for a table": ("table", TABLE.to_numpy(), "not a table"),
    "dict for a table": ("table", dict(zip(TABLE["region"], TABLE["share"], strict=True)), "not a table"),
    "list for a table": ("table", TABLE.to_dict("records"), "not a table"),
    "number for a table": ("table", 0.3, "not a table"),
    "text for a table": ("table", "north 0.2", "not a table"),
    "two levels": (
        "table",
        TABLE.set_axis(pd.MultiIndex.from_tuples([("region", ""), ("share", "mean")]), axis=1),
        "two levels",
    ),
    "key in index": ("table", TABLE.set_index("region"), "key in index"),
    "nameless key in index": ("table", TABLE.set_index("region").rename_axis(None), "key in index"),
    "column missing": ("table", TABLE[["region"]], "columns"),
    "column misspelled": ("table", TABLE.rename(columns={"share": "Share "}), "columns"),
    "wide": ("table", WIDE, "columns"),
    "column twice": ("table", pd.concat([TABLE, TABLE["share"]], axis=1), "columns"),
    "extra column": ("table", TABLE.assign(orders=1), "extra columns"),
    "no rows": ("table", TABLE.iloc[:0], "empty"),
    "duplicates": ("table", pd.concat([TABLE, TABLE]), "duplicates"),
    "key missing": ("table", TABLE.assign(region=["north", None, "west"]), "key missing"),
    "row missing": ("table", TABLE.iloc[:-1], "rows"),
    "row extra": ("table", pd.concat([TABLE, pd.DataFrame({"region": ["all"], "share": [1.0]})]), "rows"),
    "row replaced": ("table", TABLE.replace({"region": {"west": "West"}}), "rows"),
    "numbers as text": ("table", TABLE.astype({"share": str}), "numbers as text"),
    "percent texts": ("table", TABLE.assign(share=TABLE["share"].map("{:.1%}".format)), "numbers as text"),
    "bools": ("table", TABLE.assign(share=TABLE["share"] > 0.3), "bool"),
    "missing values": ("table", TABLE.assign(share=TABLE["share"].where(TABLE["region"] != "west")), "nan"),
    "rounded values": ("table", TABLE.round(2), "rounded"),
    "percent values": ("table", TABLE.assign(share=TABLE["share"] * 100), "percent"),
    "complements": ("table", TABLE.assign(share=1 - TABLE["share"]), "complement"),
    "signs": ("table", TABLE.assign(share=-TABLE["share"]), "sign"),
    "factor": ("dates", DATES.assign(price=DATES["price"] * 100), "scale"),
    "factor in thousands": ("dates", DATES.assign(price=DATES["price"] / 1000), "scale"),
    "one wrong value": ("table", TABLE.assign(share=[*TABLE["share"][:-1], 0.123]), "values"),
    "all wrong": ("table", TABLE.assign(share=[0.11, 0.22, 0.67]), "values"),
    "lists in cells": ("table", TABLE.assign(share=[[0.1]] * 3), "cells"),
    "reversed order": ("dates", DATES.iloc[::-1], "order"),
    "other order": ("dates", DATES.sort_values("day"), "order"),
    "moved down": (
        "dates",
        DATES.sort_values(["day", "region"]).assign(price=lambda t: t["price"].shift(1, fill_value=1.5)),
        "one row off",
    ),
    "moved up": (
        "dates",
        DATES.sort_values(["day", "region"]).assign(price=lambda t: t["price"].shift(-1, fill_value=1.5)),
        "one row off",
    ),
    # series
    "table for a series": ("series", SERIES.reset_index(), "not a series"),
    "list for a series": ("series", SERIES.tolist(), "not a series"),
    "index lost": ("series", SERIES.reset_index(drop=True), "index lost"),
    "index of two levels": ("series", pd.concat({"a": SERIES}), "index levels"),
    "series rounded": ("series", SERIES.round(2), "rounded"),
    "series short": ("series", SERIES.iloc[1:], "rows"),
    "series cut off": ("series", SERIES.map(lambda value: math.trunc(value * 100) / 100), "rounded"),
    # choices and written answers
    "wrong label": ("choice", "user", "trap:user"),
    "wrong label, other spelling": ("choice", "b2b_seat", "trap:B2B seat"),
    "no option": ("choice", "acount", "not an option"),
    "number for a label": ("choice", 2, "not text"),
    "list for a label": ("choice", ["account"], "not text"),
    "empty label": ("choice", "  ", "blank"),
    "untouched text": ("decision", "\n...\n", "blank"),
    "too short": ("decision", "Keep it.", "short"),
    "too long": ("decision", "word " * 21, "long"),
    "no text": ("decision", 3, "not text"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistakes_are_refused_by_name(check, mistake):
    question, value, code = MISTAKES[mistake]
    found = result(check, question, value)
    assert not found.ok and not bool(found)
    assert found.code == code, found
    assert found.state in (NOT_YET, BLANK)
    assert "Traceback" not in found.message and "wrong!" not in found.message.lower()


def test_every_class_of_mistake_has_words_of_its_own(check):
    said = {}
    for question, value, _ in MISTAKES.values():
        found = result(check, question, value)
        name = NAMES[question]
        said.setdefault(found.code, set()).add(found.message.replace(name, "x")[:60])
    first_words = [words for messages in said.values() for words in messages]
    assert len(first_words) == len(set(first_words))


@pytest.mark.parametrize(
    "question, trap", [(q, trap) for q, traps in check_fixture.TRAPS.items() for trap in traps]
)
def test_traps_are_refused_by_name(check, question, trap):
    namespace = dict(RIGHT)
    code, say = check_fixture.TRAPS[question][trap]
    from twoworlds.check.keys import run_trap

    found = check(question, {NAMES[question]: run_trap(code, NAMES[question], namespace)})
    assert found.code == f"trap:{trap}" and say in found.message


def test_traps_are_known_in_other_dress(check):
    rows = float(RIGHT["orders"]["late"].mean())
    assert result(check, "share", 100 * rows).code == "trap:rows"
    assert result(check, "share", round(rows, 4)).code == "trap:rows"
    wrong = RIGHT["orders"].groupby("region", as_index=False).agg(share=("late", "mean"))
    assert result(check, "table", wrong.assign(share=wrong["share"] * 100)).code == "trap:orders"
    assert result(check, "table", wrong.assign(share=wrong["share"].map(str))).code == "trap:orders"


def test_messages_never_hold_the_answer(check):
    spellings = {f"{SHARE:.3f}", f"{SHARE:.4f}", f"{100 * SHARE:.1f}"}
    for mistake, (question, value, code) in MISTAKES.items():
        own = code in ("text number", "scale", "rounded", "text", "numbers as text") or mistake.startswith(
            "percent"
        )
        if question == "share" and not own:
            assert not any(spelling in result(check, question, value).message for spelling in spellings), (
                mistake
            )


# ---- names, blanks
# ------------------------------------------------------------------------------------------------


def test_an_untouched_exercise_is_not_answered_yet(check):
    for question, name in NAMES.items():
        found = check(question, {name: ... if question != "decision" else "\n...\n"})
        assert found.state == BLANK and "Not answered yet" in repr(found)


@pytest.mark.parametrize("other", ["share_late", "late_Share", "lateshare", "late_shares", "LATE_SHARE"])
def test_a_near_name_is_named(check, other):
    found = check("share", {other: SHARE, "orders": RIGHT["orders"]})
    assert found.code == "missing near" and f"`{other}`" in found.message


def test_a_missing_name_mentions_restart_and_run_all(check):
    found = check("share", {"pd": pd, "orders": RIGHT["orders"]})
    assert found.code == "missing" and "Restart and Run All" in found.message and found.state == BLANK


def test_the_callers_variables_are_read(check):
    namespace = {"check": check, "late_share": SHARE}
    exec("answered = check('share')", namespace)
    assert namespace["answered"].ok


# ---- a decision is never right
# ------------------------------------------------------------------------------------


def test_a_written_answer_is_noted_with_its_rubric_and_never_right(check):
    found = result(check, "decision", RIGHT["memo"])
    assert found.state == NOTED and not found.ok
    assert all(
        line in repr(found) and line in found._repr_html_()
        for line in check_fixture.SPECS["decision"]["rubric"]
    )


# ---- what goes wrong inside a check
# -------------------------------------------------------------------------------


class Hostile:
    """Fails whatever is asked of it."""

    def __getattribute__(self, name):
        if name == "__class__":
            return object.__getattribute__(self, name)
        raise RuntimeError("no")


@pytest.mark.parametrize("question", ["share", "table", "series", "choice", "decision"])
def test_a_failure_of_the_check_is_no_traceback_and_no_right_answer(check, question):
    found = result(check, question, Hostile())
    assert not found.ok and found.state in (PROBLEM, NOT_YET)


def test_a_failure_of_a_judge_is_a_problem(check, monkeypatch):
    from twoworlds.check import judge

    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setitem(judge.KINDS, "number", judge.KINDS["number"]._replace(judge=broken))
    found = result(check, "share", SHARE)
    assert found.state == PROBLEM and not found.ok and "neither" in found.message


def test_dates_and_times_are_kept_apart(check):
    late = DATES.assign(day=DATES["day"] + datetime.timedelta(hours=3))
    assert not result(check, "dates", late).ok
