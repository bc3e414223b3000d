"""Answers on their way out of the sandbox: the other side must judge them as if they had never travelled."""

import datetime
import decimal
import fractions
import json

import check_fixture
import numpy as np
import pandas as pd
import pytest

from twoworlds.check import Checker
from twoworlds.grade import runner, values


def travelled(value):
    return values.decode(json.loads(json.dumps(runner.encoded(value))))


@pytest.fixture(scope="module")
def check(tmp_path_factory):
    folder = tmp_path_factory.mktemp("checks")
    check_fixture.write(folder)
    return Checker("00-fixture", folder=folder)


def nested_frame():
    return pd.DataFrame({("a", "b"): [1.0], ("a", "c"): [2.0]})


RIGHT = check_fixture.answers()
BY_REGION, BY_DAY, MEAN = RIGHT["by_region"], RIGHT["by_day"], RIGHT["mean_price"]
SHARE = RIGHT["late_share"]
GIVEN = {
    "share": [
        *(
            SHARE,
            np.float64(SHARE),
            SHARE * 100,
            round(SHARE, 2),
            1 - SHARE,
            -SHARE,
            str(SHARE),
            f"{SHARE:.1%}",
        ),
        *(True, np.bool_(True), None, ..., float("nan"), float("inf"), np.nan, pd.NA, pd.NaT, 3, np.int64(3)),
        *(
            (SHARE,),
            [SHARE],
            {"a": SHARE},
            {SHARE},
            [SHARE, 1],
            np.array([SHARE]),
            np.array(SHARE),
            np.zeros((2, 2)),
        ),
        *(pd.Series([SHARE]), MEAN, BY_REGION, pd.Timestamp("2024-01-01"), datetime.date(2024, 1, 1)),
        *(pd.Timedelta("3D"), decimal.Decimal("0.5"), fractions.Fraction(1, 3), 1j),
        *(
            len,
            print,
            str,
            BY_REGION.groupby("region"),
            (x for x in "ab"),
            map(str, [1]),
            object(),
            "",
            "words",
        ),
        *(
            pd.Index([1, 2]),
            range(3),
            pd.Period("2024-01"),
            np.datetime64("2024-01-01"),
            pd.Interval(0, 1),
        ),
    ],
    "table": [
        *(
            BY_REGION,
            BY_REGION.set_index("region"),
            BY_REGION.iloc[::-1],
            BY_REGION.iloc[:2],
            BY_REGION.iloc[:0],
        ),
        *(BY_REGION.assign(share=BY_REGION["share"] * 100), BY_REGION.assign(share=1 - BY_REGION["share"])),
        *(BY_REGION.round(2), BY_REGION.rename(columns={"share": "Share"}), BY_REGION.assign(more=1)),
        *(BY_REGION.astype(str), BY_REGION.assign(region=BY_REGION["region"].astype("category"))),
        *(pd.concat([BY_REGION, BY_REGION]), BY_REGION["share"], BY_REGION.set_index("region")["share"]),
        *(
            BY_REGION.to_dict(),
            BY_REGION.to_numpy(),
            BY_REGION.values.tolist(),
            nested_frame(),
            BY_REGION.style,
        ),
        *(BY_REGION.assign(share=None), BY_REGION.assign(share=[[1]] * 3), 3.0, "north", None, ...),
        pd.concat([BY_REGION, BY_REGION[["share"]]], axis=1),
    ],
    "dates": [
        *(BY_DAY, BY_DAY.sort_values("day"), BY_DAY.assign(day=BY_DAY["day"].astype(str))),
        *(BY_DAY.assign(day=BY_DAY["day"].dt.date), BY_DAY.set_index(["day", "region"])),
        BY_DAY.assign(day=BY_DAY["day"].dt.to_period("D")),
    ],
    "series": [
        *(
            MEAN,
            MEAN.rename("other"),
            MEAN * 2,
            MEAN.reset_index(drop=True),
            MEAN.reset_index(),
            MEAN.to_frame(),
        ),
        *(MEAN.to_dict(), MEAN.tolist(), pd.concat({"a": MEAN}), MEAN.iloc[::-1], MEAN.astype("Float64")),
    ],
    "choice": ["account", "user", "Account", "acount", "", "...", 3, None, ["account"], ...],
    "decision": [RIGHT["memo"], "too short", "word " * 50, "\n...\n", 3, None, ["a"]],
}


@pytest.mark.parametrize(
    "question, value",
    [
        pytest.param(question, value, id=f"{question} {place}")
        for question, found in GIVEN.items()
        for place, value in enumerate(found)
    ],
)
def test_an_answer_that_travelled_is_met_with_the_same_verdict(check, question, value):
    name = check_fixture.SPECS[question]["name"]
    here, there = check(question, {name: value}), check(question, {name: travelled(value)})
    assert (there.code, there.state) == (here.code, here.state)


def test_a_trick_number_is_judged_by_what_it_holds(check):
    class Always(float):
        def __eq__(self, other):
            return True

        def __sub__(self, other):
            return 0.0

        __hash__ = float.__hash__

    assert not check("share", {"late_share": travelled(Always(9.0))}).ok


def test_what_is_too_large_is_named_and_not_sent():
    sent = runner.encoded(pd.DataFrame({"a": range(300_000)}))
    assert len(json.dumps(sent)) < 200
    assert values.decode(sent).shape == [300_000, 1]


@pytest.mark.parametrize(
    "forged",
    [
        {"k": "frame"},
        {
            "k": "frame",
            "columns": [1],
            "levels": 1,
            "index": {"range": [0, 10**12, 1], "names": [None]},
            "v": [],
        },
        {"k": "array", "shape": [10**9], "v": [1]},
        {"k": "__class__"},
        {"k": None},
        {"k": "date", "v": "tomorrow"},
        {"k": "float", "v": "one"},
        {"k": "set", "v": [{"k": "list", "v": []}]},
        {"k": "dict", "v": [1]},
        [1, 2],
    ],
    ids=str,
)
def test_a_forged_value_is_no_value(forged):
    try:
        values.decode(forged)
    except values.ReportError as problem:
        assert str(problem)
    else:
        raise AssertionError(f"decoded: {forged}")


def test_deep_and_endless_forgeries_are_refused():
    nest = 1
    for _ in range(50):
        nest = {"k": "list", "v": [nest]}
    for forged in (nest, {"k": "list", "v": [0] * (values.MOST_VALUES + 1)}):
        try:
            values.decode(forged)
        except values.ReportError:
            continue
        raise AssertionError("decoded")


def test_a_type_s_forged_name_becomes_no_code():
    made = values.decode({"k": "other", "type": "x', (), {}) or exit(", "callable": True})
    assert type(made).__name__ == "thing" and callable(made)


def test_torn_and_senseless_lines_are_passed_over():
    lines = [
        b'{"begin": 1}',
        b"\xff\xfe",
        b"[" * 10_000,
        b"null",
        b'{"answers": 3, "stopped": {"a": 4, "b": "Error"}, "names": ["x", 4]}',
        b'{"answers": {"a": 1.5}}',
        b'{"answers": {"a": 2',
    ]
    answers, stopped, names, begun, ended = values.read_lines(b"\n".join(lines))
    assert answers == {"a": 1.5}
    assert stopped == {"b": "Error"}
    assert names == ["x"]
    assert begun and not ended
