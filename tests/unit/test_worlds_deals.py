"""Pipewright's deals, their committees and the test of messages: possible, and planted."""

from dataclasses import replace

import numpy as np
import pytest

from twoworlds.worlds import validate
from twoworlds.worlds.cells import Coded
from twoworlds.worlds.frames import make_frames
from twoworlds.worlds.pipewright import committees, win_model, world
from twoworlds.worlds.pipewright.deals_parameters import COMMITTEE_ROLES
from twoworlds.worlds.plants import sales_deals as plants
from twoworlds.worlds.plants.result import Estimate
from twoworlds.worlds.streams import ONE

PARAMETERS = world.PARAMETERS
OWN = {"opportunities", "stakeholders", "messages"}


@pytest.fixture(scope="module")
def made():
    """Tables, truth tables and truth of the shipped seed."""
    return make_frames("pipewright", 20_240_101)


@pytest.fixture(scope="module")
def tables(made):
    return made[0]


@pytest.mark.parametrize("plant", plants.PLANTS, ids=lambda plant: plant.name)
def test_the_plant_is_found_and_its_surprise_shows(plant, tables, made):
    found = plant.estimate(tables, made[2])
    if isinstance(found, Estimate):
        # Wider than the interval: calibration over many seeds judges coverage.
        assert abs(found.estimate - found.truth) < found.high - found.low
    else:
        assert found.holds
    assert plant.shows(tables)
    assert set(plant.parameters) <= set(made[2]["parameters"])
    assert set(plant.tables) <= set(tables)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_rules_hold(seed):
    made, oracle, _ = make_frames("pipewright", seed, scale=0.3)
    assert validate.violations("pipewright", made) == []
    assert validate.truth_violations("pipewright", oracle) == []


def test_the_rules_see_what_is_wrong(tables):
    deals = tables["opportunities"]
    late = deals.assign(closed_on=deals["closed_on"].where(deals["outcome"] != "won", deals["created_on"]))
    said = list(validate.deals_rules.violations({**tables, "opportunities": late}))
    assert any("first payment" in sentence for sentence in said)
    people = tables["stakeholders"]
    said = list(validate.deals_rules.violations({**tables, "stakeholders": people.assign(said_yes=False)}))
    assert any("said no" in sentence for sentence in said)
    sent = tables["messages"].assign(framing="group")
    said = list(validate.deals_rules.violations({**tables, "messages": sent}))
    assert any("differs" in sentence for sentence in said)


def test_every_payer_of_sales_has_a_won_deal(tables):
    deals = tables["opportunities"].set_index("account_id")
    trials = tables["trials"]
    paid = tables["accounts"].set_index("account_id")["first_paid_on"].dropna()
    assisted = trials.loc[trials["executive_id"].notna(), "account_id"]
    customers = assisted[assisted.isin(paid.index)]
    assert len(customers) > 100
    assert (deals.loc[customers, "outcome"] == "won").all()
    assert 2_000 <= len(deals) <= 2_500


def test_open_deals_have_a_fate_after_the_window(made):
    deals, fates = made[0]["opportunities"], made[1]["opportunity_fates"]
    still_open = deals.loc[deals["outcome"] == "open", "opportunity_id"]
    assert set(still_open) == set(fates["opportunity_id"])
    assert (fates["closes_on"] > validate.WINDOW_END).all()
    assert (fates["fate"] == "won").any() and (fates["fate"] != "won").any()


def test_messages_fill_each_cell(tables):
    cells = tables["messages"].groupby(["framing", "theme"], observed=True).size()
    assert len(cells) == 8 and cells.min() >= 180


# ---------------------------------------------------------------- the model of wins


def chances(parameters, size, tested):
    """Chance of a win of each combination, by Bayes' rule from what deals won and not won are like."""
    made = win_model.grid(parameters, size, tested)
    lost, won = np.diff(np.c_[np.zeros(2), made.cuts, np.full(2, ONE)], axis=1)
    share = win_model.win_shares(parameters)[size]
    joint = share * won, (1 - share) * lost
    return made.columns, joint[0] / np.maximum(1, sum(joint)), sum(joint)


@pytest.mark.parametrize(
    ("name", "field", "low", "high"),
    [
        ("pm_joined", "pm_odds", 0, 1),
        ("group", "group_odds", 0, 1),
        ("capital", "capital_odds", 0, 1),
        ("stakeholders", "committee_odds", 5, 6),
    ],
)
@pytest.mark.parametrize("flat", [False, True])
def test_the_odds_ratio_is_the_planted_one(name, field, low, high, flat):
    parameters = replace(PARAMETERS, **{field: 1.0}) if flat else PARAMETERS
    columns, chance, weight = chances(parameters, 1, True)
    same = np.ones(len(chance), dtype=bool)
    for other, values in columns.items():
        if other != name:
            same &= values == (5 if other == "stakeholders" else 1)
    one, two = (chance[same & (columns[name] == value)][0] for value in (high, low))
    assert one / (1 - one) / (two / (1 - two)) == pytest.approx(getattr(parameters, field), rel=1e-4)
    # The lot for the framing favours no kind of deal.
    for fit in (1, 2, 3):
        inside = columns["fit"] == fit
        assert weight[inside & (columns["group"] == 1)].sum() == pytest.approx(
            weight[inside].sum() / 2, rel=1e-6
        )


def test_as_many_win_as_the_funnel_says(tables):
    deals = plants._opened(tables, plants._ALL_CLOSED)
    planted = dict(zip(("small", "medium", "large"), win_model.win_shares(PARAMETERS), strict=True))
    found = deals.groupby("size", observed=True)["won"].agg(["mean", "size"])
    for size, share in planted.items():
        error = np.sqrt(share * (1 - share) / found.loc[size, "size"])
        assert abs(found.loc[size, "mean"] - share) < 4 * error


def test_roles_say_yes_as_planted_over_all_deals(tables):
    share, count = plants._yes(tables)
    for role, chance in zip(COMMITTEE_ROLES, PARAMETERS.says_yes, strict=True):
        assert abs(share[role] - chance) < 4 * np.sqrt(chance * (1 - chance) / count[role])


def test_committees_agree_more_often_than_they_buy():
    with pytest.raises(ValueError, match="agree less often"):
        committees._all_yes_though_not_won(replace(PARAMETERS, says_yes=(0.5,) * len(COMMITTEE_ROLES)))


def test_odds_move_no_other_table_and_no_outcome():
    other = replace(PARAMETERS, pm_odds=1.0, group_odds=1.0, reply_share=(0.1, 0.1))
    plain, moved = (world.make_block(5, 0.2, 1, parameters)[0] for parameters in (PARAMETERS, other))
    for table in plain:
        for column, cells in plain[table].items():
            if table in OWN and column not in ("outcome", "closed_on", "created_on", "amount_cents"):
                continue
            again = moved[table][column]
            if isinstance(cells, Coded):
                cells, again = cells.codes, again.codes
            assert np.array_equal(cells, again), (table, column)
    assert not np.array_equal(plain["opportunities"]["pm_joined"], moved["opportunities"]["pm_joined"])
