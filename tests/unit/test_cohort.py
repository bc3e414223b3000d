"""A class's own folder: what is in which half, what a seed must show, and that nothing is half-written."""

import json
import tomllib

import pytest

from twoworlds import cohort
from twoworlds.check import Checker, checkdata, keys, packing
from twoworlds.errors import TwoWorldsError
from twoworlds.grade import answers

SLUG = "03-retention"
EXERCISES = sorted(path.stem for path in (cohort.ROOT / "exercises" / "checks").glob("*.json"))


def test_every_surprise_that_is_listed_is_one_and_belongs_to_a_question():
    listed = tomllib.loads(cohort.TAUGHT.read_text(encoding="utf-8"))
    for slug in EXERCISES:
        questions = checkdata.read(slug)["questions"]
        found = cohort.taught(slug)
        assert found, slug
        assert {question for question, _ in found if question} <= set(questions)
        assert {plant.chapter for question, plant in found} == {slug}
    assert set(listed) <= set(EXERCISES)


def test_an_exercise_that_is_not_listed_asks_for_its_whole_chapter(tmp_path, monkeypatch):
    (tmp_path / "taught.toml").write_text("", encoding="utf-8")
    monkeypatch.setattr(cohort, "TAUGHT", tmp_path / "taught.toml")
    assert len(cohort.taught(SLUG)) > 15


def test_a_cohort_s_checks_know_the_answers_and_no_solution(tmp_path, monkeypatch):
    content = checkdata.read(SLUG)
    found = packing.unpack(content["keys"])
    made = cohort.cohort_checks(content, found, content["data_digests"])
    (tmp_path / f"{SLUG}.json").write_text(json.dumps(made), encoding="utf-8")
    text = (tmp_path / f"{SLUG}.json").read_text(encoding="utf-8")
    assert packing.unpack(made["program"]) == [] and content["program"] not in text
    check = Checker(SLUG, folder=tmp_path)
    assert check("q1", {"booked_again": found["q1"]["answer"]}).ok
    monkeypatch.setattr(keys, "digests_in_use", lambda worlds: dict.fromkeys(worlds, "0"))
    with pytest.raises(TwoWorldsError, match="your class's own data"):
        check("q1", {"booked_again": 0.5})


def test_a_cohort_s_notebook_names_its_data_first_and_keeps_no_output():
    for folder in ("exercises", "solutions"):
        notebook = json.loads((cohort.ROOT / folder / f"{SLUG}.ipynb").read_text(encoding="utf-8"))
        made = cohort.cohort_notebook(notebook, "../data", "checks")
        code = [cell for cell in made["cells"] if cell["cell_type"] == "code"]
        assert code[0]["source"].endswith('os.path.abspath("checks")')
        assert len(code) == 1 + sum(cell["cell_type"] == "code" for cell in notebook["cells"])
        assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
        assert not [cell for cell in made["cells"] if "](../" in cell["source"]]


def test_a_key_reads_as_words():
    content = checkdata.read(SLUG)
    words = cohort.key_in_words(content, packing.unpack(content["keys"]))
    assert "`booked_again = 0." in words and "| month | survival |" in words
    assert all(f"## {question}:" in words for question in content["questions"])


@pytest.mark.parametrize(
    "words",
    [["a/b"], [""], ["autumn", "--seed", "x"], ["autumn", "--exercises", "99-none"], ["there"], []],
    ids=" ".join,
)
def test_bad_input_is_one_line_and_nothing_is_written(words, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there").mkdir()
    assert cohort.main(words) == 2
    said = capsys.readouterr().err
    assert said.startswith("error: ") and said.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["there"]


class Tables:
    """Stands in for the making of a seed's data: seeds up to 9 hide a surprise."""

    def __init__(self, monkeypatch):
        self.tried = []

        def generate(seed, folder):
            self.tried.append(seed)
            folder.mkdir(parents=True)
            (folder / "seed").write_text(str(seed), encoding="utf-8")

        def absent(slugs):
            hidden = self.tried[-1] <= 9
            return [f"{SLUG} q5: pipewright, success contacts does not show"] if hidden else []

        monkeypatch.setattr(cohort, "_generate", generate)
        monkeypatch.setattr(cohort, "absent", absent)
        monkeypatch.setattr(answers, "work_out", lambda content, folder: packing.unpack(content["keys"]))


def test_a_seed_that_hides_a_surprise_is_refused_with_one_that_works(tmp_path, monkeypatch, capsys):
    tables = Tables(monkeypatch)
    status = cohort.main(["autumn", "--seed", "7", "--out", str(tmp_path / "new"), "--exercises", SLUG])
    said = capsys.readouterr().err.splitlines()[-1]
    assert status == 2
    assert "success contacts does not show" in said and "--seed 10" in said
    assert tables.tried == [7, 8, 9, 10]
    assert list(tmp_path.iterdir()) == []


def test_what_fails_late_leaves_nothing(tmp_path, monkeypatch, capsys):
    Tables(monkeypatch)

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cohort, "_held_back", fail)
    assert cohort.main(["autumn", "--seed", "11", "--out", str(tmp_path / "new"), "--exercises", SLUG]) == 2
    assert "No space left" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_a_cohort_s_two_halves(tmp_path, monkeypatch):
    """A whole cohort of one exercise: its halves, its numbers, and a check in the learner's half."""
    made = cohort.make("autumn", None, tmp_path, [SLUG])
    learner, instructor = made / "learner", made / "instructor"
    assert sorted(path.name for path in made.iterdir()) == ["instructor", "learner"]
    assert sorted(path.name for path in learner.iterdir()) == ["README.md", "data", "exercises"]
    about = json.loads((instructor / "cohort.json").read_text(encoding="utf-8"))
    seeds = {str(about["seed"]), str(about["held_back_seed"])}
    told = [
        path for path in learner.rglob("*") if path.is_file() and path.suffix in (".json", ".md", ".ipynb")
    ]
    texts = {path: path.read_text(encoding="utf-8") for path in told}
    assert [path for path, text in texts.items() if any(seed in text for seed in seeds)] == []
    assert not [path for path in learner.rglob("*") if "truth" in path.name or "key" in path.name]
    found = json.loads((instructor / "keys" / f"{SLUG}.json").read_text(encoding="utf-8"))
    content = checkdata.read(SLUG)
    assert answers.same_answers(content, found, packing.unpack(content["keys"])) == []
    assert answers.same_answers(content, found, answers.work_out(content, instructor / "held-back")) == []
    monkeypatch.setenv("TWOWORLDS_DATA", str(learner / "data"))
    check = Checker(SLUG, folder=learner / "exercises" / "checks")
    assert check("q1", {"booked_again": found["q1"]["answer"]}).ok
    assert not check("q1", {"booked_again": packing.unpack(content["keys"])["q1"]["answer"]}).ok
    assert cohort.absent([SLUG]) == []
