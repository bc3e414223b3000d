"""Pipewright's research frame and contracts: possible, planted, and found again."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import twoworlds as tw
from twoworlds import dictionary, generate
from twoworlds.worlds import validate
from twoworlds.worlds.pipewright import world
from twoworlds.worlds.pipewright.research_parameters import NEEDS, PERSONAS
from twoworlds.worlds.plants import research_companies, retention_contracts
from twoworlds.worlds.plants.result import Estimate

OWN = [*research_companies.PLANTS, *retention_contracts.PLANTS]
RESEARCH = ("contacts", "surveys", "answers", "interviews")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The shipped seed, made anew: (tables, truth, truth's tables)."""
    folder = tmp_path_factory.mktemp("worlds") / "made"
    generate.generate(["pipewright"], out=str(folder))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TWOWORLDS_DATA", str(folder))
        tables = dict(tw.load("pipewright"))
        oracle = {name: tw.truth("pipewright", name) for name in dictionary.tables("pipewright", "truth")}
        return tables, tw.truth("pipewright"), oracle


def whole_world(**changes):
    """A column of four blocks joined, under other parameters: function of table and column."""
    parameters = replace(world.PARAMETERS, **changes)
    blocks = [world.make_block(7, 1, block, parameters)[0] for block in range(4)]

    def column(table, name):
        parts = [block[table][name] for block in blocks]
        return np.concatenate([getattr(part, "codes", part) for part in parts])

    return column


def test_nothing_impossible(made):
    assert validate.violations("pipewright", made[0]) == []
    assert validate.truth_violations("pipewright", made[2]) == []


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


def test_answers_are_those_of_the_truth(made):
    tables, truth, oracle = made
    answers, contacts = tables["answers"], tables["contacts"].set_index("contact_id")
    own = oracle["contacts"].set_index("contact_id")["true_first_need"].astype(str)
    first = answers[answers["question"] == "first_need"]
    assert (first["item"].astype(str) == first["contact_id"].map(own)).all()
    frame = oracle["research_frame"].set_index("account_id")
    for survey, name in ((1, "september"), (4, "december")):
        heard = answers[answers["survey_id"] == survey]
        score = heard["contact_id"].map(contacts["account_id"]).map(frame[f"{name}_score"])
        assert (heard["value"] == score).all()
        everyone = frame[f"{name}_score"].dropna()
        true = 100 * ((everyone >= 9).mean() - (everyone <= 6).mean())
        planted = truth["plants"]["research_frame"]["net_promoter_score"][name]
        assert true == pytest.approx(planted, abs=1e-3)
    assert truth["plants"]["research_frame"]["accounts"] == len(frame)
    assert set(frame.index) == set(contacts["account_id"])


def test_a_seat_is_held_by_a_contact_of_its_role(made):
    contacts, members = made[0]["contacts"], made[0]["members"].set_index("member_id")["role"]
    seated = contacts.dropna(subset="member_id")
    role = seated["member_id"].map(members).astype(str)
    assert (role[seated["persona"] == "administrator"] == "admin").all()
    assert (role[(seated["persona"] == "user") & (seated["team"] == "sales")] == "sales rep").all()
    inside = contacts["persona"].isin(["user", "manager", "administrator"])
    assert contacts.loc[inside, "member_id"].notna().mean() > 0.7


def test_prices_follow_the_parameter():
    told = {ratio: whole_world(users_price_ratio=ratio) for ratio in (0.6, 1.0)}

    def users_over_buyers(column):
        asked = column("answers", "question") == 3
        value = column("answers", "value")[asked]
        contact = column("answers", "contact_id")[asked]
        persona = dict(
            zip(
                column("contacts", "contact_id").tolist(), column("contacts", "persona").tolist(), strict=True
            )
        )
        who = np.array([persona[one] for one in contact.tolist()])
        return np.median(value[who == PERSONAS.index("user")]) / np.median(
            value[who == PERSONAS.index("buyer")]
        )

    assert users_over_buyers(told[0.6]) == pytest.approx(0.6, abs=0.12)
    assert users_over_buyers(told[1.0]) == pytest.approx(1.0, abs=0.15)


def test_needs_follow_size_no_longer_where_only_the_persona_speaks():
    column = whole_world(need_source_share=(1.0, 0.0, 0.0), need_share_by_persona=((1.0,) + (0.0,) * 7,) * 5)
    item = column("answers", "item")[column("answers", "question") == 1]
    assert (item == NEEDS.index("import wizard")).all()


def test_without_themes_an_interview_says_so():
    column = whole_world(theme_of_all=0.0, theme_own=(0.0,), theme_of_others=0.0)
    interviews, themes = column("interviews", "interview_id"), column("interviews", "theme")
    assert len(interviews) == len(set(interviews.tolist())) > 10
    assert len(set(themes.tolist())) == 1


def test_research_moves_nothing_else():
    usual = world.make_block(7, 1, 2)[0]
    changes = {"frame_on": world.PARAMETERS.frame_on - 60, "most_contacts": 9, "theme_of_all": 0.5}
    other = world.make_block(7, 1, 2, replace(world.PARAMETERS, **changes))[0]
    for table in set(usual) - set(RESEARCH):
        for name, cells in usual[table].items():
            one, two = (getattr(part, "codes", part) for part in (cells, other[table][name]))
            assert np.array_equal(one, two), (table, name)


def test_themes_expected_are_those_of_the_chances(made):
    saturation = made[1]["plants"]["saturation"]
    chances = np.array(saturation["theme_chances"])
    users = 1 - (1 - chances[0]) ** 9
    assert users.mean() == pytest.approx(saturation["found_in_9_users"], abs=1e-5)
    four = 1 - np.prod((1 - chances[:4]) ** 12, axis=0)
    assert four.mean() == pytest.approx(saturation["found_in_48_of_four_personas"], abs=1e-5)


def spoil_seat(tables):
    contacts = tables["contacts"]
    row = contacts.index[contacts["persona"] == "buyer"][0]
    contacts.loc[row, "member_id"] = contacts["member_id"].dropna().iloc[0]


def spoil_day(tables):
    tables["answers"].loc[0, "answered_on"] = pd.Timestamp("2025-08-01")


def spoil_value(tables):
    row = tables["answers"].index[tables["answers"]["question"] == "recommend"][0]
    tables["answers"].loc[row, "value"] = 11


def spoil_interview(tables):
    tables["interviews"].loc[0, "held_on"] = pd.Timestamp("2025-08-01")


@pytest.mark.parametrize("spoil", [spoil_seat, spoil_day, spoil_value, spoil_interview])
def test_validation_finds_what_is_spoiled(made, spoil):
    tables = {name: frame.copy() for name, frame in made[0].items()}
    spoil(tables)
    assert validate.violations("pipewright", tables)
