"""The appendix lesson's counts, the benchmark's own job, and the page that is made from what was measured."""

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from statsmodels.duration.survfunc import SurvfuncRight

from authoring import bench, benchmark_page
from authoring.benchmarks import analysis, measure, run_rivals, two_tables
from twoworlds import generate


@pytest.fixture(scope="module")
def lesson():
    return analysis.lesson_functions()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Swiftfare in two parts."""
    out = tmp_path_factory.mktemp("counts") / "out"
    generate.generate(["swiftfare"], 12, 0.8, out, "parquet")
    return out


def test_parts_add_up_to_the_whole(lesson, folder):
    names = lesson["parts_of"](folder, "days")
    assert len(names) == 2
    whole, added = lesson["count"](folder), lesson["add"]([lesson["count"](folder, name) for name in names])
    for name in ("retention", "survival"):
        assert whole[name].sum() > 0 and np.array_equal(whole[name], added[name])


def test_the_triangle_is_that_of_plain_loops(lesson):
    days = [(1, "2024-01-05"), (1, "2024-02-10"), (1, "2024-02-20"), (1, "2025-12-31"), (2, "2025-10-01"),
            (2, "2025-10-31"), (2, "2025-12-30"), (3, "2024-05-05")]  # fmt: skip
    bookings = [(1, "2024-01-05"), (1, "2024-06-01"), (2, "2025-10-01")]
    first = {1: pd.Timestamp("2024-01-05"), 2: pd.Timestamp("2025-10-01")}
    expected = np.zeros((2, 8, 13), dtype=int)
    for user, start in first.items():
        quarter = (start.year - 2024) * 4 + (start.month - 1) // 3
        for month in range(13):
            begins = start + pd.Timedelta(days=30 * month)
            ends = begins + pd.Timedelta(days=29)
            if ends > pd.Timestamp("2025-12-31"):
                continue
            expected[1, quarter, month] += 1
            expected[0, quarter, month] += any(
                who == user and begins <= pd.Timestamp(day) <= ends for who, day in days
            )
    frames = (
        pd.DataFrame(rows, columns=["user_id", name]).astype({name: "datetime64[us]"})
        for rows, name in ((days, "date"), (bookings, "booked_on"))
    )
    assert np.array_equal(lesson["count_retention"](*frames), expected)


def test_the_survival_curve_is_that_of_statsmodels(lesson, folder):
    users = lesson["read"](folder, "users", ["installed_on", "uninstalled_on"])
    curve = lesson["survival"]({"survival": lesson["count_survival"](users)})
    left = users["uninstalled_on"].notna()
    age = (users["uninstalled_on"].fillna(pd.Timestamp("2025-12-31")) - users["installed_on"]).dt.days
    known = SurvfuncRight(age, left.astype(int))
    assert np.allclose(curve[known.surv_times.astype(int)], known.surv_prob)


def test_wilsons_interval_is_that_of_statsmodels(lesson):
    from statsmodels.stats.proportion import proportion_confint

    share, low, high = lesson["wilson"](37, 120)
    assert share == 37 / 120
    assert (low, high) == pytest.approx(proportion_confint(37, 120, method="wilson"), abs=1e-6)


@pytest.mark.parametrize("method", analysis.METHODS)
def test_every_way_of_counting_gives_the_same(lesson, folder, method):
    counted, whole = analysis.main(method, folder), lesson["count"](folder)
    assert all(np.array_equal(counted[name], whole[name]) for name in whole)


def test_the_two_tables_hold_together():
    users, events = two_tables.make_block(1, 3, 2000)
    assert len(users) == 8 and len(events) == 5
    assert set(events["user_id"]) <= set(users["user_id"])
    assert len(np.unique(events["event_id"])) == len(events["event_id"])
    signed_up = dict(zip(users["user_id"].tolist(), users["signed_up"].tolist(), strict=True))
    begun = np.array([signed_up[user] for user in events["user_id"].tolist()])
    assert (events["at"] >= begun).all() and (events["at"] < two_tables.START + two_tables.SECONDS).all()
    counted = pd.Series(events["user_id"]).value_counts().reindex(users["user_id"], fill_value=0)
    assert np.array_equal(counted, users["events"])
    assert abs(users["events"].mean() - two_tables.MEAN_EVENTS) < 0.6
    order = np.lexsort((events["at"], events["user_id"]))
    assert np.array_equal(order, np.arange(len(order)))


def test_the_two_tables_are_written(tmp_path):
    from pyarrow import dataset

    users = two_tables.BLOCK + 10
    rows = two_tables.main(tmp_path, users)
    found = {name: dataset.dataset(tmp_path / name).to_table() for name in ("users", "events")}
    assert found["users"].num_rows == users and rows == sum(table.num_rows for table in found.values())


def test_a_command_is_measured():
    program = (
        "sum(range(10_000_000)); held = bytearray(80_000_000); print('done'); import time; time.sleep(0.5)"
    )
    found = measure.measure(sys.executable, "-c", program)
    assert found.said.strip() == "done" and found.peak_mb > 80
    assert 0 < found.cpu and found.seconds > 0.5
    with pytest.raises(SystemExit, match="failed"):
        measure.measure(sys.executable, "-c", "raise ValueError")


def test_medians_are_taken_run_by_run():
    runs = [{"rows": 10, "seconds": s, "cpu_seconds": s, "peak_mb": 5, "version": "1"} for s in (1, 2, 5)]
    found = run_rivals._median(runs)
    assert found == {
        "rows": 10, "runs": 3, "seconds": 2, "cpu_seconds": 2, "peak_mb": 5, "rows_a_cpu_second": 5,
        "version": "1",
    }  # fmt: skip


def test_fakers_schema_is_the_whole_dictionary(tmp_path):
    run_rivals.write_schema(tmp_path / "schema.json")
    tables = json.loads((tmp_path / "schema.json").read_text())
    assert {"data-days", "truth-customers", "data-usage"} <= {table["name"] for table in tables}
    assert sum(table["rows"] for table in tables) > 500_000


def test_results_are_kept_part_by_part(tmp_path, monkeypatch):
    monkeypatch.setattr(bench, "RESULTS", tmp_path / "results.json")
    bench.keep("rivals", {"a": 1})
    bench.keep("scales", [2])
    stored = json.loads((tmp_path / "results.json").read_text())
    assert list(stored) == ["scales", "rivals"] and stored["rivals"]["found"] == {"a": 1}


def test_the_page_says_what_is_stored():
    stored = json.loads(Path(benchmark_page.RESULTS).read_text())
    assert list(stored) == list(bench.PARTS)
    page = benchmark_page.page()
    for name, entry in stored["rivals"]["found"].items():
        if name in benchmark_page.NAMES:
            assert f"| {benchmark_page.NAMES[name]} | {entry.get('version', '')} |" in page
    full, faker = (stored["rivals"]["found"][name] for name in ("twoworlds_full", "faker_full"))
    times = full["rows_a_cpu_second"] / faker["rows_a_cpu_second"]
    assert f"{times:.0f} times as many" in page and benchmark_page.full_schema_times_faker() == times
