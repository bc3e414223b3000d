"""Kettleroom put together: the tables of one town, and the truth of the whole company."""

from dataclasses import asdict

import numpy as np

from twoworlds.worlds import lookup, timeline
from twoworlds.worlds.capstone import firms as at_firms
from twoworlds.worlds.capstone import learning, open_classes
from twoworlds.worlds.capstone.parameters import (
    ASKED,
    BUYERS,
    COURSES,
    EXERCISES,
    LOTTERIES,
    MOTIONS,
    SOURCES,
    TESTS,
    KettleroomParameters,
)
from twoworlds.worlds.cells import NO_NUMBER, Coded
from twoworlds.worlds.streams import BlockStreams
from twoworlds.worlds.timeline import WINDOW_END

NAME = "capstone"
PARAMETERS = KettleroomParameters()


def block_count(scale, parameters=PARAMETERS):
    """How many blocks (towns) the world has at a scale."""
    return max(1, round(parameters.towns * scale))


def make_block(seed, scale, block, parameters=PARAMETERS):
    """All rows of one town. Returns (tables, oracle): dicts from table to its columns (see cells.py)."""
    streams = BlockStreams(seed, NAME, block)
    opened, people, learnt = open_classes.make_open_classes(parameters, streams, block)
    firms = at_firms.make_firms(parameters, streams, block)
    contracts, chances = at_firms.make_contracts(parameters, streams, firms)
    classes = at_firms.make_classes(parameters, streams, block, contracts)
    learners = at_firms.make_learners(parameters, streams, firms, contracts, classes)
    n, m, k = len(people["person_id"]), len(learners["firm"]), len(classes["class_id"])
    quarters = len(opened["classes"]["class_id"])
    person_id = (block + 1) * open_classes.PEOPLE_PER_TOWN + 1 + n + np.arange(m)
    sat = learners["sat"]
    own = opened["people"]
    both = {
        "classes": {
            "class_id": np.r_[opened["classes"]["class_id"], classes["class_id"]],
            "town_id": np.full(quarters + k, block + 1),
            "motion": Coded(np.repeat([0, 1], [quarters, k]), MOTIONS),
            "course": Coded(np.r_[opened["classes"]["course"], classes["course"]], COURSES),
            "firm_id": np.r_[
                np.full(quarters, NO_NUMBER), firms["firm_id"][contracts["row"][classes["contract"]]]
            ],
            "starts_on": np.r_[opened["classes"]["starts_on"], classes["starts_on"]],
            "ends_on": np.r_[opened["classes"]["ends_on"], classes["ends_on"]],
        },
        "people": {
            "person_id": np.r_[people["person_id"], person_id],
            "class_id": np.r_[own["class_id"], classes["class_id"][learners["of_class"]]],
            "motion": Coded(np.repeat([0, 1], [n, m]), MOTIONS),
            "firm_id": np.r_[np.full(n, NO_NUMBER), firms["firm_id"][learners["firm"]]],
            "applied_on": np.r_[own["applied_on"], open_classes.no_days(m)],
            "source": Coded(np.r_[own["source"], np.full(m, -1)], SOURCES),
            "lottery": Coded(np.r_[own["lottery"], np.full(m, -1)], LOTTERIES),
            "sessions": np.r_[own["sessions"], learners["sessions"]],
            "exercise": Coded(np.r_[np.full(n, -1), learners["exercise"]], EXERCISES),
        },
    }
    tests = {
        "person_id": np.r_[person_id, person_id[sat]],
        "test": np.repeat([0, 1], [m, int(sat.sum())]),
        "taken_on": np.r_[classes["starts_on"][learners["of_class"]] - 7, learners["second_on"][sat]],
        "score": np.r_[learners["entry"], learners["second"][sat]],
    }
    answers = at_firms.make_answers(learners, classes, person_id)
    row = contracts["row"]
    order = np.lexsort((contracts["term"], row))
    tables = {
        "town_weeks": opened["town_weeks"],
        **both,
        "tests": _coded(_joined(opened["tests"], tests), "test", TESTS),
        "answers": _coded(_joined(opened["answers"], answers), "asked", ASKED),
        "rebookings": opened["rebookings"],
        "firms": {
            "firm_id": firms["firm_id"],
            "town_id": np.full(len(row[contracts["term"] == 1]), block + 1),
            "buyer": Coded(firms["buyer"], BUYERS),
            "exercise": firms["exercise"],
        },
        "contracts": {
            "firm_id": firms["firm_id"][row][order],
            "term": contracts["term"][order],
            "signed_on": contracts["signed_on"][order],
            "started_on": contracts["started_on"][order],
            "ends_on": contracts["ends_on"][order],
            "seats": contracts["seats"][order],
            "price_cents": (contracts["seats"] * parameters.seat_cents)[order],
        },
    }
    oracle = {
        "people": {
            "person_id": np.r_[people["person_id"], person_id],
            "keen": np.r_[learnt["keen"], learners["keen"]],
            "brought": np.r_[people["brought"], np.zeros(m, dtype=bool)],
        },
        "firms": {
            "firm_id": firms["firm_id"],
            "active": firms["active"],
            "chance_renews": chances,
        },
    }
    return tables, oracle


def _joined(first, second):
    return {name: np.r_[cells, second[name]] for name, cells in first.items()}


def _coded(table, column, labels):
    return {**table, column: Coded(table[column], labels)}


def count_block(tables, oracle):
    """What the truth counts in a block: whole numbers, summed over blocks."""
    contracts = tables["contracts"]
    first = contracts["term"] == 1
    due = contracts["ends_on"][first] <= WINDOW_END
    return {
        "people": int((tables["people"]["motion"].codes == MOTIONS.index("people")).sum()),
        "firms_learners": int((tables["people"]["motion"].codes == MOTIONS.index("firm")).sum()),
        "firms": len(tables["firms"]["firm_id"]),
        "contracts_due": int(due.sum()),
        "chances_of_those_due": int(oracle["firms"]["chance_renews"][due].sum()),
    }


def planted(parameters, counts):
    """What follows from the parameters: the values that honest estimates look for. JSON-ready."""
    keen = parameters.keen_share

    def of_all(pair):
        return keen * pair[0] + (1 - keen) * pair[1]

    waits = 1 + lookup.table("exponential") * parameters.books_again_days // lookup.UNIT
    extra = float(lookup.table(parameters.extra_applicants_table).mean())
    spread = float(lookup.scaled(parameters.adverts_spread_table, np.arange(1 << 12) << 20,
                                 parameters.adverts_week_cents).mean())  # fmt: skip
    come = learning.sessions_expected(keen, parameters.no_show, parameters.leaves_after_session)
    firm_comes = 1 - parameters.firm_no_show
    return {
        "stars_of_all": {"satisfied": round(of_all(parameters.satisfied), 6)},
        "lottery": {
            "points_for_a_place": round(parameters.class_effect * come, 6),
            "share_of_sessions": round(come, 6),
        },
        "exercise": {
            "points_for_the_offer": round(
                parameters.exercise_points * of_all(parameters.exercise_done) * firm_comes, 6
            )
        },
        "again": {
            "change": 0.0,
            "within_180_days": round(of_all(parameters.books_again) * float((waits <= 180).mean()), 6),
        },
        "renewals": {
            "due": counts["contracts_due"],
            "mean_chance": round(
                counts["chances_of_those_due"] / 1_000_000 / max(1, counts["contracts_due"]), 6
            ),
        },
        "use": {"difference": round(parameters.renews[1] - parameters.renews[0], 6)},
        "adverts": {
            "extra_a_week": round(extra, 6),
            "cents_an_extra_applicant": round(spread / extra, 2),
        },
    }


def truth(seed, scale, counts, parameters=PARAMETERS):
    """What was planted and what came of it, as JSON-ready values."""
    return {
        "world": NAME,
        "seed": seed,
        "scale": scale,
        "window": [timeline.iso(timeline.WINDOW_START), timeline.iso(timeline.WINDOW_END)],
        "parameters": asdict(parameters),
        "counts": counts,
        "plants": planted(parameters, counts),
    }
