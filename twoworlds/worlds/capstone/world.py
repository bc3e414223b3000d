"""Kettleroom put together: the tables of its towns, and the truth of the whole company."""

from dataclasses import asdict

import numpy as np

from twoworlds.worlds import lookup, timeline
from twoworlds.worlds.blocks import OF_BLOCK, split, together
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
from twoworlds.worlds.cells import NO_NUMBER, Coded, take_rows
from twoworlds.worlds.streams import BlockStreams
from twoworlds.worlds.timeline import NO_DAY, WINDOW_END

NAME = "capstone"
PARAMETERS = KettleroomParameters()
PART_BLOCKS = 64  # towns in a part: its tables are small


def block_count(scale, parameters=PARAMETERS):
    """How many blocks (towns) the world has at a scale."""
    return max(1, round(parameters.towns * scale))


def make_blocks(seed, scale, blocks, parameters=PARAMETERS):
    """All rows of some towns, made together. blocks: their numbers, one or more.

    Returns a list of (tables, oracle), a town each: dicts from table to its columns (see cells.py).
    """
    streams = BlockStreams(seed, NAME, blocks)
    opened = open_classes.make_open_classes(parameters, streams)
    firms = at_firms.make_firms(parameters, streams)
    contracts, chances = at_firms.make_contracts(parameters, streams, firms)
    classes = at_firms.make_classes(parameters, streams, contracts)
    in_open_classes = np.bincount(opened["people"][OF_BLOCK], minlength=len(blocks))
    learners = at_firms.make_learners(parameters, streams, firms, contracts, classes, in_open_classes)
    people = _people(opened["people"], firms, classes, learners)
    true_of_people = {OF_BLOCK: people[OF_BLOCK], "person_id": people["person_id"]}
    true_of_people |= {name: people.pop(name) for name in ("keen", "brought")}
    tables = {
        "town_weeks": opened["town_weeks"],
        "classes": _classes(streams, opened["classes"], firms, contracts, classes),
        "people": people,
        "tests": _coded(together([*opened["tests"], *learning.tests(learners)]), test=TESTS),
        "answers": _coded(
            together([opened["answers"], at_firms.make_answers(learners, classes)]), asked=ASKED
        ),
        "rebookings": opened["rebookings"],
        "firms": {
            OF_BLOCK: firms[OF_BLOCK],
            "firm_id": firms["firm_id"],
            "town_id": streams.blocks[firms[OF_BLOCK]] + 1,
            "buyer": Coded(firms["buyer"], BUYERS),
            "exercise": firms["exercise"],
        },
        "contracts": _contracts(parameters, firms, contracts),
    }
    oracle = {
        "people": true_of_people,
        "firms": {
            OF_BLOCK: firms[OF_BLOCK],
            "firm_id": firms["firm_id"],
            "active": firms["active"],
            "chance_renews": chances,
        },
    }
    return list(zip(split(tables, len(blocks)), split(oracle, len(blocks)), strict=True))


def make_block(seed, scale, block, parameters=PARAMETERS):
    """All rows of one town. Returns (tables, oracle): dicts from table to its columns (see cells.py)."""
    return make_blocks(seed, scale, [block], parameters)[0]


def _classes(streams, open_to_all, firms, contracts, classes):
    """Classes of both kinds as one table."""
    shared = (OF_BLOCK, "class_id", "course", "starts_on", "ends_on")
    n, k = len(open_to_all["class_id"]), len(classes["class_id"])
    joined = together(
        [
            {
                **{name: open_to_all[name] for name in shared},
                "motion": np.full(n, MOTIONS.index("people")),
                "firm_id": np.full(n, NO_NUMBER),
            },
            {
                **{name: classes[name] for name in shared},
                "motion": np.full(k, MOTIONS.index("firm")),
                "firm_id": firms["firm_id"][contracts["row"][classes["contract"]]],
            },
        ]
    )
    return {
        OF_BLOCK: joined[OF_BLOCK],
        "class_id": joined["class_id"],
        "town_id": streams.blocks[joined[OF_BLOCK]] + 1,
        "motion": Coded(joined["motion"], MOTIONS),
        "course": Coded(joined["course"], COURSES),
        "firm_id": joined["firm_id"],
        "starts_on": joined["starts_on"],
        "ends_on": joined["ends_on"],
    }


def _people(applicants, firms, classes, learners):
    """Applicants and firms' learners as one table, with what is true of them."""
    n, m = len(applicants["person_id"]), len(learners["person_id"])
    joined = together(
        [
            {
                OF_BLOCK: applicants[OF_BLOCK],
                "person_id": applicants["person_id"],
                "class_id": applicants["class_id"],
                "motion": np.full(n, MOTIONS.index("people")),
                "firm_id": np.full(n, NO_NUMBER),
                "applied_on": applicants["applied_on"],
                "source": applicants["source"],
                "lottery": applicants["lottery"],
                "sessions": applicants["sessions"],
                "exercise": np.full(n, -1),
                "keen": applicants["keen"],
                "brought": applicants["brought"],
            },
            {
                OF_BLOCK: learners[OF_BLOCK],
                "person_id": learners["person_id"],
                "class_id": classes["class_id"][learners["of_class"]],
                "motion": np.full(m, MOTIONS.index("firm")),
                "firm_id": firms["firm_id"][learners["firm"]],
                "applied_on": np.full(m, NO_DAY),
                "source": np.full(m, -1),
                "lottery": np.full(m, -1),
                "sessions": learners["sessions"],
                "exercise": learners["exercise"],
                "keen": learners["keen"],
                "brought": np.zeros(m, dtype=bool),
            },
        ]
    )
    return _coded(joined, motion=MOTIONS, source=SOURCES, lottery=LOTTERIES, exercise=EXERCISES)


def _contracts(parameters, firms, contracts):
    """Contracts, a firm's one after the other."""
    contracts = take_rows(contracts, np.argsort(contracts["row"], kind="stable"))
    return {
        OF_BLOCK: contracts[OF_BLOCK],
        "firm_id": firms["firm_id"][contracts["row"]],
        **{name: contracts[name] for name in ("term", "signed_on", "started_on", "ends_on", "seats")},
        "price_cents": contracts["seats"] * parameters.seat_cents,
    }


def _coded(table, **labels):
    return {name: Coded(cells, labels[name]) if name in labels else cells for name, cells in table.items()}


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
