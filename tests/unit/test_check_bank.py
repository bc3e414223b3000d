"""The banks of answers on the real exercises: no wrong one accepted, no right one refused."""

import os
import subprocess
import sys
from collections import Counter

import answer_bank
import pytest

from authoring import exercise_source
from twoworlds import data
from twoworlds.check import Checker, keys, packing

WRONG, RIGHT = answer_bank.entries("wrong_answers"), answer_bank.entries("right_answers")
SLUGS = sorted(path.stem for path in (answer_bank.ROOT / "authoring" / "exercises").glob("[0-9]*.py"))


def name_of(entry):
    return f"{entry.place} {entry.question}"


@pytest.fixture(scope="module")
def met():
    """What each wrong answer is met with, worked out once."""
    return {entry: answer_bank.met_with(entry) for entry in WRONG}


@pytest.mark.parametrize("entry", WRONG, ids=name_of)
def test_a_wrong_answer_is_refused_without_a_stumble(met, entry):
    result = met[entry]
    assert not result.ok, f"accepted, though it {entry.note}"
    assert result.state != "problem", result.message


@pytest.mark.parametrize("entry", RIGHT, ids=name_of)
def test_another_right_route_is_accepted(entry):
    result = answer_bank.met_with(entry)
    assert result.ok, f"refused as {result.code}, though it is {entry.note}: {result.message}"


def test_the_wrong_answers_are_many_and_mostly_named(met):
    assert len(WRONG) >= 60
    codes = Counter(result.code for result in met.values())
    assert sum(codes[code] for code in answer_bank.GENERIC) <= 0.25 * len(WRONG), codes


@pytest.mark.parametrize("slug", SLUGS)
def test_every_question_has_right_routes(slug):
    questions = exercise_source.read(answer_bank.ROOT / "authoring" / "exercises" / f"{slug}.py").questions
    counted = {question for question, spec in questions.items() if spec["kind"] != "decision"}
    assert counted <= {entry.question for entry in RIGHT if entry.slug == slug}


# ---- traps and other data
# -----------------------------------------------------------------------------------------


def every_trap():
    for slug in SLUGS:
        exercise = exercise_source.read(answer_bank.ROOT / "authoring" / "exercises" / f"{slug}.py")
        for question, spec in exercise.questions.items():
            for trap in spec.get("traps", {}):
                yield pytest.param(slug, question, trap, id=f"{slug} {question} {trap}")


@pytest.fixture(scope="module")
def solved():
    """slug -> (namespace of the solution, {question: {trap: live value}})."""
    found = {}
    for slug in SLUGS:
        exercise = exercise_source.read(answer_bank.ROOT / "authoring" / "exercises" / f"{slug}.py")
        namespace, traps = {}, {}
        for cell in exercise_source.program(exercise):
            exec(cell["code"], namespace)  # the course's own
            for question, codes in cell["traps"].items():
                name = exercise.questions[question]["name"]
                traps[question] = {trap: keys.run_trap(code, name, namespace) for trap, code in codes.items()}
        found[slug] = namespace, traps
    return found


@pytest.mark.parametrize("slug, question, trap", list(every_trap()))
def test_every_trap_is_met_by_its_own_name(solved, slug, question, trap):
    check = Checker(slug)
    name = check._checkdata["questions"][question]["name"]
    assert check(question, {name: solved[slug][1][question][trap]}).code == f"trap:{trap}"


@pytest.mark.parametrize("slug", SLUGS)
def test_stored_keys_are_those_of_the_shipped_data(slug):
    check = Checker(slug)
    content = check._checkdata
    assert keys.digests_in_use(content["data_digests"]) == content["data_digests"]
    again = keys.run_program(packing.unpack(content["program"]), content["questions"])
    stored = packing.unpack(content["keys"])
    for question, spec in content["questions"].items():
        if spec["kind"] in ("number", "table", "series"):
            from twoworlds.check.judge import KINDS

            gap = KINDS[spec["kind"]].distance(spec, again[question]["answer"], stored[question]["answer"])
            assert gap < 1e-9


@pytest.mark.slow
@pytest.mark.parametrize("slug", SLUGS)
def test_keys_follow_the_data_in_use(slug, solved, tmp_path, monkeypatch):
    """A class's own data: answers for it are right, answers for the shipped data are not."""
    shipped = solved[slug][0]
    subprocess.run(
        [sys.executable, "-m", "twoworlds.generate", "--seed", "2", "--out", str(tmp_path / "data")],
        cwd=answer_bank.ROOT,
        check=True,
        capture_output=True,
    )
    monkeypatch.setenv("TWOWORLDS_DATA", str(tmp_path / "data"))
    assert all(data.data_digest(world) for world in os.listdir(tmp_path / "data") if world != "truth")
    check = Checker(slug)
    namespace = {}
    for cell in packing.unpack(check._checkdata["program"]):
        exec(cell["code"], namespace)  # the course's own
    for question, spec in check._checkdata["questions"].items():
        if spec["kind"] != "decision":
            assert check(question, namespace).ok, question
        if spec["kind"] in ("number", "table", "series"):
            assert not check(question, shipped).ok, f"{question}: an answer for other data is accepted"
