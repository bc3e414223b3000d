"""Pipewright's funnel: prospects beside payers, trials, leads, money, invites; and the plants in them."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import twoworlds as tw
from twoworlds import generate
from twoworlds.worlds import timeline, validate
from twoworlds.worlds.pipewright import accounts as signing
from twoworlds.worlds.pipewright import market, prospects
from twoworlds.worlds.pipewright.world import NAME, PARAMETERS
from twoworlds.worlds.plants import activation_companies, growth_companies
from twoworlds.worlds.plants.result import Estimate
from twoworlds.worlds.streams import BlockStreams

OWN = [*growth_companies.PLANTS, *activation_companies.PLANTS]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The world of the default seed: (tables, truth, truth's table of trials)."""
    out = tmp_path_factory.mktemp("funnel") / "data"
    generate.generate([NAME], generate.DEFAULT_SEED, 1, out)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TWOWORLDS_DATA", str(out))
        return dict(tw.load(NAME)), tw.truth(NAME), tw.truth(NAME, "trials")


@pytest.fixture(scope="module")
def tables(made):
    return made[0]


def candidates(parameters, seed=11):
    """The prospects of every territory, as one dict of arrays."""
    blocks, parts = signing.territories(parameters, 1), []
    for block in range(blocks):
        streams = BlockStreams(seed, NAME, block)
        signed = signing.make_accounts(parameters, streams, 1)
        parts.append(prospects.make_prospects(parameters, streams, 1, signed, blocks))
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


@pytest.mark.parametrize("plant", OWN, ids=lambda plant: plant.name)
def test_the_plant_is_found_and_its_surprise_shows(plant, made):
    tables, truth, _ = made
    found = plant.estimate(tables, truth)
    if isinstance(found, Estimate):
        half = (found.high - found.low) / 2
        assert found.low - half / 2 <= found.truth <= found.high + half / 2
    else:
        assert found.holds
    assert plant.shows(tables)
    assert set(plant.parameters) <= set(truth["parameters"])
    assert set(plant.tables) <= set(tables)


@pytest.mark.parametrize(("seed", "scale"), [(5, 0.1), (6, 0.01), (7, 1)])
def test_everything_made_is_possible(seed, scale, tmp_path, monkeypatch):
    generate.generate([NAME], seed, scale, tmp_path / "data")
    monkeypatch.setenv("TWOWORLDS_DATA", str(tmp_path / "data"))
    assert validate.violations(NAME, dict(tw.load(NAME))) == []


def test_the_company_has_the_size_it_should(tables):
    accounts, trials = tables["accounts"], tables["trials"]
    assert 2_900 < len(trials) < 3_400
    paid = accounts["first_paid_on"].notna()
    assert (
        880 < paid.sum() < 960
        and (accounts.loc[paid, "account_id"] < accounts.loc[~paid, "account_id"].min()).all()
    )
    assert not tables["members"]["account_id"].isin(accounts.loc[~paid, "account_id"]).any()


def test_conversion_lies_where_surveys_put_it(tables):
    trials = tables["trials"]
    ripe = trials[trials["started_on"] < "2025-10-15"]
    share = ripe["paid_on"].notna().groupby(ripe["path"], observed=True).mean()
    assert 0.068 < share["assisted"] < 0.30 and 0.01 < share["self_serve"] < 0.12
    visits = tables["visits"].sum(numeric_only=True)
    assert 0.05 < visits["trials_started"] / visits["visits"] < 0.10


def test_what_happened_is_the_outcome_on_the_path_taken(made):
    tables, _, oracle = made
    rows = activation_companies.watched_trials(tables).merge(oracle, on="account_id")
    assisted = rows["path"] == "assisted"
    assert (
        rows["activated"] == rows["activates_assisted"].where(assisted, rows["activates_self_serve"])
    ).all()
    assert not (rows["activates_self_serve"] & ~rows["activates_assisted"]).any()
    gain = rows["activates_assisted"].mean() - rows["activates_self_serve"].mean()
    assert gain == pytest.approx(PARAMETERS.assisted_activates, abs=0.03)


def test_without_the_effect_assistance_does_nothing():
    rows = candidates(replace(PARAMETERS, assisted_activates=0.0))
    rows = pd.DataFrame(rows).query("with_trial and known")
    by_size = rows.groupby(["size", "path"])["activated"].agg(["mean", "size"]).unstack("path")
    gap, n = by_size["mean"][1] - by_size["mean"][0], by_size["size"].sum(axis=1)
    assert abs((gap * n).sum() / n.sum()) < 0.06
    assert (rows["activates_self_serve"] == rows["activates_assisted"]).all()


def test_payers_are_as_they_would_be_had_activation_come_first():
    """Activation by path and size, over payers and others together, is what was planted."""
    rows = pd.concat([pd.DataFrame(candidates(PARAMETERS, seed)) for seed in (21, 22, 23)])
    rows = rows[rows["with_trial"] & rows["known"]]
    found = rows.groupby(["path", "size"])["activated"].agg(["mean", "size"])
    base = np.array(PARAMETERS.activates)
    planted = np.concatenate([base, base + PARAMETERS.assisted_activates])
    error = np.sqrt(planted * (1 - planted) / found["size"])
    assert (np.abs(found["mean"] - planted) < 3.5 * error).all()
    share = rows.groupby("size")["path"].mean()
    assert np.abs(share - np.array(PARAMETERS.assisted_share)).max() < 0.03


def test_who_comes_does_not_move_who_pays():
    """More or fewer prospects leave every payer's row as it is."""
    other = replace(PARAMETERS, trial_pays=(0.2, 0.2, 0.2), other_leads=10, invited_share=(0.2, 0.3))
    one, two = candidates(PARAMETERS), candidates(other)
    paid = {name: [rows[name][rows["paid_on"] != timeline.NO_DAY] for rows in (one, two)] for name in one}
    for name in ("account_id", "paid_on", "size", "seats", "industry"):
        assert np.array_equal(*paid[name])
    assert len(one["account_id"]) != len(two["account_id"])


def test_spend_runs_ahead_of_the_customers_it_brings():
    spend = market.make_spend(PARAMETERS, 3, 1)["spend_cents"]
    other = market.make_spend(replace(PARAMETERS, spend_lag_months=0), 3, 1)["spend_cents"]
    months = [part.reshape(market.MONTHS, -1).sum(axis=1) for part in (spend, other)]
    assert np.corrcoef(months[0][:-5], months[1][5:])[0, 1] > 0.9
    assert months[0][12:].sum() > 1.3 * months[1][12:].sum()


def spoil_activation(tables):
    place = tables["trials"]["activated_on"].first_valid_index()
    tables["trials"].loc[place, "activated_on"] = pd.NaT


def spoil_executive(tables):
    place = (tables["trials"]["path"] == "self_serve").idxmax()
    tables["trials"].loc[place, "executive_id"] = 1


def spoil_payment(tables):
    place = tables["trials"]["paid_on"].first_valid_index()
    tables["trials"].loc[place, "paid_on"] += pd.Timedelta(days=1)


def spoil_counts(tables):
    tables["visits"].loc[0, "trials_started"] += 1


def spoil_invites(tables):
    tables["invites"].loc[0, "joined_inside"] += 1


def spoil_members(tables):
    unpaid = tables["accounts"].loc[tables["accounts"]["first_paid_on"].isna(), "account_id"].iloc[0]
    tables["members"].loc[0, "account_id"] = unpaid


@pytest.mark.parametrize(
    "spoil",
    [spoil_activation, spoil_executive, spoil_payment, spoil_counts, spoil_invites, spoil_members],
)
def test_validation_finds_what_is_spoiled(tables, spoil):
    tables = {name: frame.copy() for name, frame in tables.items()}
    spoil(tables)
    assert validate.violations(NAME, tables)
