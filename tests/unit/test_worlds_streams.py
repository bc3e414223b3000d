"""Streams, lookup tables and the timeline: the ground that every value stands on."""

import dataclasses
from datetime import date

import numpy as np
import pytest

from twoworlds.worlds import lookup, streams, timeline

# These numbers are part of the data's contract: were they to move, every table would.
KNOWN_BITS = [5635315472036934382, 3395461837267003991]
KNOWN_HASHES = [13064220246146909046, 16620273376296175820]


def draws(seed=1, world="w", block=0, table="t", column="c", count=1000):
    return streams.BlockStreams(seed, world, block).draws(table, column, count)


@pytest.mark.parametrize(
    "other", [{"seed": 2}, {"world": "v"}, {"block": 1}, {"table": "u"}, {"column": "d"}]
)
def test_each_part_of_the_key_gives_another_stream(other):
    assert not np.array_equal(draws(), draws(**other))


def test_a_stream_does_not_depend_on_how_much_of_it_is_read():
    assert np.array_equal(draws(count=1001)[:7], draws(count=7))


def test_known_bits():
    assert streams.BlockStreams(1234, "swiftfare", 3).bits64("users", "country", 2).tolist() == KNOWN_BITS
    assert streams.row_hash(1234, "a name", [0, 1]).tolist() == KNOWN_HASHES


def test_draws_are_uniform():
    found = draws(count=200_000)
    assert found.min() >= 0 and found.max() < streams.ONE
    counts = np.bincount(found >> 28, minlength=16)
    assert ((counts - 12_500) ** 2 / 12_500).sum() < 37.7  # chi-squared, 15 degrees of freedom, 1 in 1000


def test_pick_follows_the_shares():
    shares = (0.5, 0.3, 0.2)
    picked = streams.BlockStreams(5, "w", 0).pick("t", "c", 100_000, shares)
    assert np.allclose(np.bincount(picked) / 100_000, shares, atol=0.006)
    with pytest.raises(ValueError, match="sum to"):
        streams.cut_points((0.5, 0.6))


def test_row_hash_reads_any_row_alone():
    whole = streams.row_hash(9, "name", np.arange(1000))
    assert streams.row_hash(9, "name", [731])[0] == whole[731]
    assert len(np.unique(whole)) == 1000


def test_lookup_tables_are_those_that_scipy_makes():
    pytest.importorskip("scipy")
    from twoworlds.worlds.build_lookup import build

    rebuilt, committed = build(), np.load(lookup.FILE)
    assert rebuilt.dtype == committed.dtype
    for name in rebuilt.dtype.names:
        # A last digit may differ between versions of SciPy; the committed one counts.
        assert np.abs(rebuilt[name].astype(np.int64) - committed[name]).max() <= 1, name
        assert (np.diff(committed[name]) >= 0).all(), name


def test_lookup_tables_have_the_moments_of_their_names():
    assert lookup.table("gamma_2").mean() / lookup.UNIT == pytest.approx(1, abs=0.002)
    assert lookup.table("beta_0.8_1.8").mean() / lookup.UNIT == pytest.approx(0.8 / 2.6, abs=1e-4)
    assert lookup.table("poisson_0.8").mean() == pytest.approx(0.8, abs=0.001)
    with pytest.raises(KeyError, match="no lookup table"):
        lookup.table("cauchy")


def test_timeline_agrees_with_the_calendar():
    for when in (date(2024, 1, 1), date(2024, 2, 29), date(2025, 12, 31)):
        number = timeline.day_number(when.year, when.month, when.day)
        assert timeline.iso(number) == when.isoformat()
        assert timeline.weekday(number) == when.weekday()
        assert timeline.month_of_year(number) == when.month - 1
        assert timeline.day_of_month(number) == when.day
    start = timeline.day_number(2023, 11, 28)
    assert timeline.iso(timeline.add_months(start, 3)) == "2024-02-28"


def test_arrivals_follow_the_weights_and_start_on_the_first_day():
    weights = np.array([1, 0, 3], dtype=np.int64) * 10**12  # large weights must not overflow
    days = timeline.arrival_days(400, 100, weights, np.arange(400))
    assert (days[0], days[-1]) == (100, 102)
    assert np.bincount(days - 100).tolist() == [100, 0, 300]


def test_parameters_are_frozen():
    from twoworlds.worlds.registry import WORLDS

    for world in WORLDS.values():
        with pytest.raises(dataclasses.FrozenInstanceError):
            world.PARAMETERS.growth = 2
