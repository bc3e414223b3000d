"""Pipewright's reasons for leaving and contacts before a renewal: possible, planted, and found again."""

import numpy as np
import pandas as pd
import pytest

import twoworlds as tw
from twoworlds.worlds import validate
from twoworlds.worlds.plants import retention_reasons, retention_touches


@pytest.fixture(scope="module")
def tables():
    return dict(tw.load("pipewright"))


@pytest.mark.parametrize("plant", [retention_reasons, retention_touches])
def test_a_plant_shows_and_is_near_its_truth(tables, plant):
    found = plant.estimate(tables, tw.truth("pipewright"))
    assert plant.shows(tables)
    # Wider than the interval: calibration over many seeds judges coverage.
    assert abs(found.estimate - found.truth) < found.high - found.low


def test_what_happened_is_the_outcome_under_the_contact_made(tables):
    oracle = tw.truth("pipewright", "touches")
    rows = retention_touches.renewals(tables).merge(oracle, on=["account_id", "renewal_on"])
    assert rows["reaches_renewal"].all()
    made = np.where(rows["touched"], rows["leaves_touched"], rows["leaves_untouched"])
    assert (made == rows["left"]).all()
    assert not (rows["leaves_touched"] & ~rows["leaves_untouched"]).any()


def test_the_split_chances_average_to_the_accounts_own(tables):
    oracle = tw.truth("pipewright", "touches")
    own = tw.truth("pipewright", "accounts").set_index("account_id")["leaves_at_renewal"]
    share = oracle["chance_touched"]
    mean = share * oracle["chance_leaves_touched"] + (1 - share) * oracle["chance_leaves_untouched"]
    assert np.abs(mean - oracle["account_id"].map(own)).max() < 1e-4


def spoil_touch(tables):
    tables["touches"].loc[tables["touches"]["touched"].idxmax(), "touched_on"] = pd.NaT


def spoil_review(tables):
    tables["touches"].loc[0, "renewal_on"] += pd.Timedelta(days=1)


def spoil_reason(tables):
    place = (tables["movements"]["kind"] != "churn").idxmax()
    tables["movements"].loc[place, "stated_reason"] = "casual_trial"


@pytest.mark.parametrize("spoil", [spoil_touch, spoil_review, spoil_reason])
def test_validation_finds_what_is_spoiled(tables, spoil):
    tables = {name: frame.copy() for name, frame in tables.items()}
    spoil(tables)
    assert validate.violations("pipewright", tables)
