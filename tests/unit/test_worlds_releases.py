"""The two release logs: one form, and releases that stand where something else in the tables happened."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import twoworlds as tw
from twoworlds import dictionary
from twoworlds.worlds.registry import WORLDS
from twoworlds.worlds.swiftfare import releases, world
from twoworlds.worlds.swiftfare.research_parameters import LINK_RELEASES

PARAMETERS = world.PARAMETERS


@pytest.fixture(scope="module")
def log():
    return tw.load("swiftfare", "releases")


def test_both_logs_measure_the_same_things_in_the_same_units():
    swiftfare, pipewright = (dictionary.tables(name)["releases"].columns for name in WORLDS)
    theirs = {column.name: column for column in pipewright}
    shared = [column for column in swiftfare if column.name in theirs]
    assert [column.name for column in shared] == [
        "release_id", "name", "live_on", "changes", "lead_hours", "visible", "flagged", "exposed_percent",
        "failed", "recovered_minutes",
    ]  # fmt: skip
    for column in shared:
        other = theirs[column.name]
        assert (column.type, column.unit, column.nullable) == (other.type, other.unit, other.nullable)
    # What has a name of its own in one world means something that the other does not have.
    assert {column.name for column in swiftfare} - set(theirs) == {"area"}
    assert set(theirs) - {column.name for column in swiftfare} == {"design_partners_first"}


def test_the_broken_step_begins_and_ends_with_a_release_of_the_web_site(log):
    site = log[log["area"] == "website"].set_index("name")
    assert list(site.index) == list(LINK_RELEASES)
    assert list(site["live_on"]) == [pd.Timestamp("2025-06-02"), pd.Timestamp("2025-08-18")]
    assert not site["visible"].any() and not site["flagged"].any() and (site["exposed_percent"] == 100).all()
    visits = tw.load("swiftfare", "visits").query("device == 'android' and source == 'affiliate'")
    broken = visits["date"].between(*site["live_on"], inclusive="left")
    sums = visits.groupby(broken)[["tapped", "store_opened"]].sum()
    rate = sums["store_opened"] / sums["tapped"]
    assert rate[True] < 0.5 * rate[False]


def test_nobody_saw_at_the_time_that_the_step_broke():
    harmful, oracle = releases.make_releases(replace(PARAMETERS, change_fails=0.9), 11)
    of_links = np.array([name in LINK_RELEASES for name in harmful["name"]])
    assert of_links.sum() == 2 and not harmful["failed"][of_links].any()
    assert (oracle["chance_fails"] == 0).tolist() == of_links.tolist()
    assert harmful["failed"][~of_links].mean() > 0.9


def test_the_links_releases_follow_the_broken_step():
    later = replace(PARAMETERS, broken_start=PARAMETERS.broken_start + 3)
    found, _ = releases.make_releases(later, 11)
    assert found["live_on"][found["name"].index(LINK_RELEASES[0])] == later.broken_start


def test_releases_differ_from_the_drawn_ones_in_nothing_else():
    found, _ = releases.make_releases(PARAMETERS, 11)
    moved = replace(PARAMETERS, broken_start=PARAMETERS.broken_start + 1, mended_on=PARAMETERS.mended_on + 1)
    other, _ = releases.make_releases(moved, 11)
    own = ("changes", "lead_hours", "visible", "flagged", "exposed_percent", "failed", "recovered_minutes")
    days = [
        made["live_on"][~np.isin(made["live_on"], [*releases.link_days(p), *releases.link_days(q)])]
        for made, p, q in ((found, PARAMETERS, moved), (other, moved, PARAMETERS))
    ]
    assert days[0].tolist() == days[1].tolist()
    for column in own:
        both = [made[column][np.isin(made["live_on"], days[0])] for made in (found, other)]
        assert both[0].tolist() == both[1].tolist(), column
