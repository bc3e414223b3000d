"""Many seeds: worlds in memory, results that can go on, sums and rules; panel and company; the pages."""

import json
from dataclasses import replace

import pandas as pd
import pytest

import twoworlds as tw
from authoring import believable, book_pages, calibrate, calibration, held_against, page_parts, plant_pages
from twoworlds import dictionary
from twoworlds.errors import TwoWorldsError
from twoworlds.generate import generate
from twoworlds.worlds import agreement, frames, validate
from twoworlds.worlds.plants import PLANTS
from twoworlds.worlds.registry import WORLDS

SMALL = 0.1

# ---------------------------------------------------------------- a world in memory


@pytest.mark.parametrize("world", WORLDS)
def test_a_world_in_memory_is_what_load_gives(world, tmp_path, monkeypatch):
    generate([world], seed=7, scale=SMALL, out=tmp_path / "data")
    monkeypatch.setenv("TWOWORLDS_DATA", str(tmp_path / "data"))
    tables, oracle, truth = frames.make_frames(world, 7, SMALL)
    assert list(tables) == list(dictionary.tables(world))
    for name, frame in tables.items():
        pd.testing.assert_frame_equal(frame, tw.load(world, name), check_exact=True)
    for name, frame in oracle.items():
        pd.testing.assert_frame_equal(frame, tw.truth(world, name), check_exact=True)
    assert truth == tw.truth(world)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("world", WORLDS)
def test_no_seed_breaks_a_rule_of_what_is_possible(world, seed):
    tables, oracle, _ = frames.make_frames(world, seed, SMALL)
    assert validate.violations(world, tables) == []
    assert validate.truth_violations(world, oracle) == []


# ---------------------------------------------------------------- the panel and the company


def test_panel_and_company_agree_within_sampling_error():
    tables, share = tw.load("swiftfare"), tw.truth("swiftfare")["parameters"]["panel_share"]
    compared = agreement.comparisons(tables, share)
    assert len(compared) >= 4
    for one in compared:
        assert abs(one.z) < 4, one


def test_another_share_would_be_noticed():
    tables, share = tw.load("swiftfare"), tw.truth("swiftfare")["parameters"]["panel_share"]
    assert all(abs(one.z) > 4 for one in agreement.comparisons(tables, 1.3 * share))


# ---------------------------------------------------------------- results that can go on

ABOUT = {
    "digest": "abc",
    "scale": 1,
    "plants": [
        {"name": "rate", "world": "swiftfare", "chapter": "03-retention", "kind": "parameter",
         "parameters": [], "tables": [], "band": None},
        {"name": "turn", "world": "pipewright", "chapter": "03-retention", "kind": "realised",
         "parameters": [], "tables": [], "band": [1, 3]},
    ],
}  # fmt: skip


def line(seed, low=0.4, high=0.6, value=2.0, shows=1):
    """A seed's line: the first plant's truth is 0.5, its estimate the middle of the interval."""
    plants = [[(low + high) / 2, low, high, 0.5, shows], [value, 1]]
    return {"seed": seed, "plants": plants, "wrong": [], "agree": [["installs", 0.5]]}


@pytest.fixture
def made(tmp_path, monkeypatch):
    """(path of the results, seeds in the order in which they were made), with made-up worlds."""
    seeds = []

    def try_seed(seed, scale=1):
        seeds.append(seed)
        return line(seed)

    monkeypatch.setattr(calibrate, "try_seed", try_seed)
    monkeypatch.setattr(calibration, "about", lambda scale=1: ABOUT)
    return tmp_path / "folder" / "results.jsonl", seeds


def run(path, seeds="3", *more):
    return calibrate.main(["--seeds", seeds, "--processes", "1", "--results", str(path), *more])


def test_a_run_that_was_stopped_goes_on_without_repeats(made, monkeypatch, capsys):
    path, seeds = made
    whole = calibrate.try_seed

    def stops(seed, scale=1):
        if seed == 2:
            raise KeyboardInterrupt
        return whole(seed, scale)

    monkeypatch.setattr(calibrate, "try_seed", stops)
    assert run(path) == 130
    assert list(calibration.read(path).lines) == [1]
    monkeypatch.setattr(calibrate, "try_seed", whole)
    assert run(path) == 0
    assert run(path) == 0
    assert seeds == [1, 2, 3]
    assert run(path, "2-5") == 0
    assert seeds == [1, 2, 3, 4, 5]
    assert "5 seeds" in capsys.readouterr().out


def test_a_torn_last_line_is_made_again(made):
    path, seeds = made
    run(path, "2")
    content = path.read_bytes()
    path.write_bytes(content[:-20])
    assert list(calibration.read(path).lines) == [1]
    run(path, "2")
    assert seeds == [1, 2, 2]
    assert path.read_bytes() == content


def test_results_of_other_worlds_are_begun_anew(made, monkeypatch, capsys):
    path, seeds = made
    run(path, "2")
    monkeypatch.setattr(calibration, "about", lambda scale=1: {**ABOUT, "digest": "def"})
    assert run(path, "2", "--check") == 1
    run(path, "2")
    assert seeds == [1, 2, 1, 2]
    assert "begun anew" in capsys.readouterr().err


def test_a_broken_rule_gives_status_1_and_a_plain_list(made, monkeypatch, capsys):
    path, _ = made
    monkeypatch.setattr(calibrate, "try_seed", lambda seed, scale=1: line(seed, value=4.0))
    assert run(path, "100") == 1
    told = capsys.readouterr().out
    assert "pipewright, turn: in its band in 0 of 100 seeds" in told
    assert run(path, "100", "--check") == 1


@pytest.mark.parametrize(
    "arguments",
    [["--seeds", "none"], ["--seeds", "0"], ["--seeds", "9-3"], ["--processes", "0"],
     ["--scale", "-1"], ["--sedes"]],
)  # fmt: skip
def test_bad_input_gets_one_line_and_status_2(arguments, tmp_path, capsys):
    assert calibrate.main([*arguments, "--results", str(tmp_path / "results.jsonl")]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_a_foreign_file_is_left_alone(tmp_path, capsys):
    path = tmp_path / "notes.txt"
    path.write_text("mine\n", encoding="utf-8")
    with pytest.raises(TwoWorldsError, match="does not hold results"):
        calibration.read(path)
    assert calibrate.main(["--check", "--results", str(path)]) == 2
    assert calibrate.main(["--check", "--results", str(tmp_path / "none.jsonl")]) == 2
    assert path.read_text(encoding="utf-8") == "mine\n"


def test_two_processes_give_what_one_gives(tmp_path):
    """With real worlds, small ones: the lines are the same, in whatever order."""
    found = []
    for processes in (1, 2):
        lines = calibrate.lines_of([1, 2], SMALL, processes)
        found.append(sorted(lines, key=lambda one: one["seed"]))
    assert found[0] == found[1]
    assert all(len(one["plants"]) == len(PLANTS) and one["wrong"] == [] for one in found[0])


def test_a_failing_estimator_is_a_finding():
    def fails(tables, truth):
        raise ZeroDivisionError("nobody left")

    plant = PLANTS[0]._replace(estimate=fails)
    assert calibrate.try_plant(plant, {}, {}) == "ZeroDivisionError: nobody left"
    results = calibration.Results("abc", 1, ABOUT["plants"], {1: {**line(1), "plants": ["why", [2.0, 1]]}})
    summary = calibration.summarise(results)
    assert "swiftfare, rate: seed 1: why" in summary.broken
    assert summary.together.hits == 0


def test_comments_and_layout_leave_the_digest_alone():
    text = '"""Doc."""\n\ndef f(x):\n    """Say."""\n    return x + 1  # why\n'
    other = "def f(\n    x,\n):\n    # because\n    return x + 1\n"
    assert calibration.bare_code(text) == calibration.bare_code(other.replace("(\n    x,\n)", "(x)"))
    assert calibration.bare_code(text) != calibration.bare_code(text.replace("+ 1", "+ 2"))


# ---------------------------------------------------------------- sums and rules


def results_of(lines):
    return calibration.Results("abc", 1, ABOUT["plants"], {one["seed"]: one for one in lines})


def test_sums_by_hand():
    lines = [line(1, 0.4, 0.6), line(2, 0.5, 0.7), line(3, 0.6, 0.8, value=5.0), line(4, 0.3, 0.5, shows=0)]
    summary = calibration.summarise(results_of(lines))
    rate, turn = summary.plants
    assert rate.truth == 0.5
    assert rate.bias == pytest.approx((0 + 0.1 + 0.2 - 0.1) / 4)
    assert rate.bias_error == pytest.approx(0.1290994 / 2, rel=1e-4)
    assert rate.width == pytest.approx(0.2)
    assert (rate.coverage.hits, rate.coverage.n) == (3, 4)
    assert rate.errors == pytest.approx([0, 1.959964, 3.919928, -1.959964], abs=1e-5)
    assert (turn.in_band.hits, turn.quantiles[1]) == (3, 2.0)
    assert (summary.together.hits, summary.together.n) == (3, 4)
    assert (summary.pooled.hits, summary.pooled.n) == (3, 4)


def test_a_share_has_wilsons_interval():
    share = calibration.Share(190, 200)
    assert (share.low, share.high) == pytest.approx((0.910422, 0.972624), abs=1e-5)
    assert calibration.Share(200, 200).high == 1


@pytest.mark.parametrize("covered, good", [(177, False), (178, True), (190, True), (199, True), (200, False)])
def test_coverage_is_judged_at_200_seeds(covered, good):
    lines = [line(seed, *((0.4, 0.6) if seed <= covered else (0.6, 0.8))) for seed in range(1, 201)]
    broken = calibration.summarise(results_of(lines)).broken
    assert good is not any("swiftfare, rate" in words for words in broken)


def test_few_seeds_break_a_rule_only_beyond_doubt():
    assert calibration.summarise(results_of([line(seed) for seed in range(1, 11)])).broken == []
    missed = [line(seed, 0.6, 0.8) for seed in range(1, 11)]
    assert any("swiftfare, rate" in words for words in calibration.summarise(results_of(missed)).broken)


def test_surprises_violations_and_disagreement_break_rules():
    hidden = [line(seed, shows=int(seed > 100)) for seed in range(1, 201)]
    assert any("all surprises" in words for words in calibration.summarise(results_of(hidden)).broken)
    wrong = [{**line(1), "wrong": ["pipewright: a member comes back"]}]
    assert "seed 1: pipewright: a member comes back" in calibration.summarise(results_of(wrong)).broken
    apart = [{**line(seed), "agree": [["installs", 9.0]]} for seed in range(1, 201)]
    assert any("panel and company" in words for words in calibration.summarise(results_of(apart)).broken)
    assert calibration.summarise(results_of([])).broken


# ---------------------------------------------------------------- what is stored, and the pages


def test_stored_results_are_small_and_whole():
    assert calibration.FILE.stat().st_size < 1_000_000
    results = calibration.read()
    assert results.lines and results.scale == 1
    assert list(results.lines) == list(range(1, len(results.lines) + 1))
    assert not any(line["wrong"] for line in results.lines.values())


def test_pages_need_no_seed(monkeypatch):
    monkeypatch.setattr(calibrate, "try_seed", lambda *_: pytest.fail("a seed was run"))
    monkeypatch.setattr(frames, "make_frames", lambda *_: pytest.fail("a world was made"))
    page = plant_pages.calibration_page()
    assert all(one["name"] in page for one in calibration.read().plants)
    plants = plant_pages.plants_page()
    assert all(f"{plant.name[1:]}, " in plants for plant in PLANTS)


def test_every_page_is_in_the_contents():
    contents = (book_pages.ROOT / "_toc.yml").read_text(encoding="utf-8")
    assert [name for name in book_pages.PAGES if f"book/{name.removesuffix('.md')}" not in contents] == []


def test_a_figure_outside_what_is_published_is_explained():
    made = believable.compared()
    assert len(made) >= 20
    for row, found in made:
        assert found.low <= found.value <= found.high and found.n > 0, row.what
        assert row.differs, row.what
        assert row.inside(found) or row.why, f"{row.what}: {found} lies outside, and nothing says why"


def test_a_row_waits_for_its_tables():
    row = held_against.ROWS[0]
    assert row.ready
    assert not replace(row, needs=("no_such_table",)).ready


def test_published_facts_have_a_source_that_may_be_cited():
    for row in held_against.ROWS:
        assert row.fact.grade in ("A", "B") and row.fact.low <= row.fact.high
        assert row.fact.link.startswith("http") and row.fact.source and row.fact.year


@pytest.mark.parametrize(
    "value, words",
    [(0.01234, "0.0123"), (1234.5, "1,234"), (-2.5, "\N{MINUS SIGN}2.50"), (0, "0"), (12345, "12,345")],
)
def test_numbers_are_written_for_readers(value, words):
    assert page_parts.number(value) == words


@pytest.mark.parametrize("world", WORLDS)
def test_most_parameters_have_a_reason(world):
    reasons = page_parts.reasons(world)
    names = page_parts.field_names(world)
    assert sum(bool(reasons.get(name)) for name in names) > 0.75 * len(names)
    assert json.dumps(reasons)
