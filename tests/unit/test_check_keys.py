"""Keys: stored for the shipped data, worked out for any other; unknown and damaged check data in one line."""

import json

import check_fixture
import pytest

from twoworlds.check import Checker, keys, packing
from twoworlds.errors import TwoWorldsError


@pytest.fixture
def other_data(tmp_path, monkeypatch):
    """Check data whose digests are not those of the data in use, and data three times as dear."""
    check_fixture.write(tmp_path, data_digests={"fixture": "shipped"})
    monkeypatch.setattr(keys, "digests_in_use", lambda worlds: dict.fromkeys(worlds, "another"))
    monkeypatch.setattr(keys, "_worked_out", {})
    monkeypatch.setenv(check_fixture.FACTOR, "3")
    return tmp_path


def test_stored_keys_are_used_for_the_shipped_data(tmp_path, monkeypatch):
    check_fixture.write(tmp_path, data_digests={"fixture": "shipped"}, program=packing.pack([]))
    monkeypatch.setattr(keys, "digests_in_use", lambda worlds: dict.fromkeys(worlds, "shipped"))
    assert Checker("00-fixture", folder=tmp_path)("total", check_fixture.answers()).ok


def test_keys_are_worked_out_for_other_data(other_data, monkeypatch):
    check = Checker("00-fixture", folder=other_data)
    there = check_fixture.answers()
    monkeypatch.delenv(check_fixture.FACTOR)
    shipped = check_fixture.answers()
    monkeypatch.setenv(check_fixture.FACTOR, "3")
    for question in ("share", "total", "table", "dates", "series", "choice"):
        assert check(question, there).ok
    for question in ("share", "total", "table", "dates", "series"):
        assert not check(question, shipped).ok, f"{question}: an answer for other data is accepted"
    rows = float(there["orders"]["late"].mean())
    assert check("share", {"late_share": rows}).code == "trap:rows"


def test_keys_are_worked_out_once_a_process(other_data, monkeypatch):
    runs = []
    real = keys.run_program
    monkeypatch.setattr(keys, "run_program", lambda *given: runs.append(1) or real(*given))
    for _ in range(3):
        Checker("00-fixture", folder=other_data)("total", check_fixture.answers())
    assert len(runs) == 1


def test_long_work_says_so_and_nothing_else_is_printed(other_data, monkeypatch, capsys):
    noisy = [
        {"code": "print('secret'); import time; time.sleep(.3)", "answers": [], "traps": {}},
        *check_fixture.program(),
    ]
    check_fixture.write(other_data, data_digests={"fixture": "shipped"}, program=packing.pack(noisy))
    monkeypatch.setattr(keys, "_PATIENCE", 0.05)
    assert Checker("00-fixture", folder=other_data)("total", check_fixture.answers()).ok
    printed = capsys.readouterr().out
    assert "Working out its answers" in printed and "secret" not in printed


def test_the_learners_variables_are_left_alone(other_data):
    namespace = check_fixture.answers()
    before = dict(namespace)
    Checker("00-fixture", folder=other_data)("total", namespace)
    assert namespace.keys() == before.keys() and all(namespace[name] is before[name] for name in before)


def test_a_solution_that_fails_on_other_data_is_one_line(other_data):
    broken = packing.pack([{"code": "1 / 0", "answers": [], "traps": {}}])
    check_fixture.write(other_data, data_digests={"fixture": "shipped"}, program=broken)
    with pytest.raises(TwoWorldsError) as caught:
        Checker("00-fixture", folder=other_data)("total", check_fixture.answers())
    assert "\n" not in str(caught.value) and "ZeroDivisionError" in str(caught.value)


def test_a_trap_that_meets_the_answer_on_other_data_does_not_refuse_it():
    spec = {**check_fixture.specs()["share"]}
    from twoworlds.check import number

    assert number.judge(spec, {"answer": 0.4, "traps": {"rows": 0.4}}, 0.4).is_right


def test_a_trap_that_fails_on_other_data_is_left_out():
    program = check_fixture.program()
    program[1]["traps"]["share"]["rows"] = "orders['no such column'].mean()"
    found = keys.run_program(program, check_fixture.specs())
    assert set(found["share"]["traps"]) == {"others"}


def test_traps_leave_the_solutions_namespace_alone():
    namespace = {"answer": 2, "half": 1}
    assert keys.run_trap("half = half * 5\nanswer = half", "answer", namespace) == 5
    assert keys.run_trap("half + 1", "answer", namespace) == 2
    assert namespace == {"answer": 2, "half": 1}


# ---- unknown and damaged
# ------------------------------------------------------------------------------------------


def one_line(action):
    with pytest.raises(TwoWorldsError) as caught:
        action()
    message = str(caught.value)
    assert message and "\n" not in message
    return message


def test_an_unknown_exercise_names_the_known_ones(tmp_path):
    check_fixture.write(tmp_path)
    message = one_line(lambda: Checker("00-fixtrue", folder=tmp_path))
    assert "Did you mean '00-fixture'" in message


@pytest.mark.parametrize("question", ["shar", "q17", "", None, 3, ["share"]])
def test_an_unknown_question_names_the_known_ones(tmp_path, question):
    check_fixture.write(tmp_path)
    assert "share, total" in one_line(lambda: Checker("00-fixture", folder=tmp_path)(question, {}))


def test_a_missing_folder_says_what_to_do(tmp_path):
    assert "Clone the course again" in one_line(lambda: Checker("00-fixture", folder=tmp_path / "none"))


def test_the_folder_can_be_set(tmp_path, monkeypatch):
    check_fixture.write(tmp_path)
    monkeypatch.setenv("TWOWORLDS_CHECKS", str(tmp_path))
    assert "share" in Checker("00-fixture").questions


def damaged_versions():
    whole = check_fixture.content()
    text = json.dumps(whole)
    yield "empty", ""
    yield "cut", text[: len(text) // 2]
    yield "not json", "<html>404</html>"
    yield "a list", "[]"
    yield "null", "null"
    yield "other format", json.dumps({**whole, "format": 99})
    yield "keys cut", json.dumps({**whole, "keys": whole["keys"][:-9]})
    yield "keys not text", json.dumps({**whole, "keys": 3})
    yield "program cut", json.dumps({**whole, "program": whole["program"][:50]})
    yield "no questions", json.dumps({key: value for key, value in whole.items() if key != "questions"})
    strange = {**whole["questions"], "share": {**whole["questions"]["share"], "kind": "poem"}}
    yield "unknown kind", json.dumps({**whole, "questions": strange})
    yield "question without key", json.dumps({**whole, "questions": {"q9": whole["questions"]["share"]}})
    quiet = {**whole["questions"], "share": {**whole["questions"]["share"], "traps": []}}
    yield "trap without words", json.dumps({**whole, "questions": quiet})


@pytest.mark.parametrize("name, text", list(damaged_versions()), ids=[name for name, _ in damaged_versions()])
def test_damaged_check_data_is_one_line(tmp_path, name, text):
    (tmp_path / "00-fixture.json").write_text(text, encoding="utf-8")
    assert "is damaged" in one_line(lambda: Checker("00-fixture", folder=tmp_path))


def test_check_data_that_is_not_text_is_one_line(tmp_path):
    (tmp_path / "00-fixture.json").write_bytes(b"\xff\xfe\x00garbage")
    assert "is damaged" in one_line(lambda: Checker("00-fixture", folder=tmp_path))


def test_check_data_cannot_be_read_by_accident(tmp_path):
    text = check_fixture.write(tmp_path).read_text(encoding="utf-8")
    answer = check_fixture.answers()["late_share"]
    assert "groupby" not in text and f"{answer:.4f}" not in text
