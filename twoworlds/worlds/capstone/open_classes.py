"""Open classes of some towns: adverts by the week, who applies, the lottery, tests, stars, who comes again.

Towns are made together: every table holds its rows town after town, with `blocks.OF_BLOCK` (see there).
"""

import numpy as np

from twoworlds.worlds import lookup
from twoworlds.worlds.blocks import OF_BLOCK, numbered
from twoworlds.worlds.capstone import learning
from twoworlds.worlds.capstone.parameters import ASKED, LOTTERIES, SESSIONS, SOURCES
from twoworlds.worlds.streams import threshold
from twoworlds.worlds.timeline import WINDOW_END, WINDOW_START

PEOPLE_PER_TOWN = 10_000  # numbers reserved for a town's people, so that every town can count its own
CLASSES_PER_TOWN = 1000
REVISITS = 5  # days over which a class sits its second test
CALLS = 21  # days over which those who left are called


def make_classes(parameters, streams):
    """The class that follows each quarter, six weeks of Mondays. Returns a table; the last one in a town is
    still to come."""
    quarters = parameters.weeks // parameters.quarter_weeks
    of_block = np.repeat(np.arange(len(streams.blocks)), quarters)
    quarter = np.tile(np.arange(quarters), len(streams.blocks))
    town = streams.blocks[of_block]
    first_day = WINDOW_START + 7 * (parameters.quarter_weeks * (1 + quarter) + 1)
    return {
        OF_BLOCK: of_block,
        "class_id": (town + 1) * CLASSES_PER_TOWN + 1 + quarter,
        # In a town the courses go round.
        "course": (town + quarter) % len(parameters.applicants_table),
        "starts_on": first_day,
        "ends_on": first_day + 7 * (SESSIONS - 1),
        "to_come": quarter == quarters - 1,
    }


def make_weeks(parameters, streams, classes):
    """Adverts and applicants by week. Returns a table, with the row of the class that follows, and with
    counts of those who come anyway (base) and of those whom the adverts bring (extra)."""
    towns = len(streams.blocks)
    of_block = np.repeat(np.arange(towns), parameters.weeks)
    week = np.tile(np.arange(parameters.weeks), towns)
    of_class = np.repeat(np.arange(len(classes["class_id"])), parameters.quarter_weeks)
    rows = streams.rows(of_block)
    first, last = parameters.trial_weeks
    trial = (week >= first) & (week <= last)
    lot = streams.happens("town_weeks", "adverts", threshold(parameters.adverts_on_share), rows)
    adverts = lot | ~trial
    course = classes["course"][of_class]
    draws = streams.words32("town_weeks", "applicants", rows)
    base = np.select(
        [course == code for code in range(len(parameters.applicants_table))],
        [lookup.value(name, draws) for name in parameters.applicants_table],
    )
    extra = lookup.value(
        parameters.extra_applicants_table, streams.words32("town_weeks", "extra_applicants", rows)
    )
    cost = lookup.scaled(
        parameters.adverts_spread_table,
        streams.words32("town_weeks", "spend", rows),
        parameters.adverts_week_cents,
    )
    return {
        OF_BLOCK: of_block,
        "town_id": streams.blocks[of_block] + 1,
        "week": WINDOW_START + 7 * week,
        "in_trial": trial,
        "adverts": adverts,
        "spend_cents": np.where(adverts, cost, 0),
        "of_class": of_class,
        "base": base,
        "extra": np.where(adverts, extra, 0),
    }


def make_applicants(parameters, streams, weeks):
    """Who applies, in order of the day. Returns a table, with the row of the class applied for."""
    applicants = weeks["base"] + weeks["extra"]
    week = np.repeat(np.arange(len(applicants)), applicants)
    place = np.arange(len(week)) - (np.cumsum(applicants) - applicants)[week]
    brought = place >= weeks["base"][week]
    of_block = weeks[OF_BLOCK][week]
    rows = streams.rows(of_block)
    weekday = streams.below("people", "weekday", rows, 7)
    tapped = weeks["adverts"][week] & streams.happens(
        "people", "credited_anyway", threshold(parameters.credited_anyway), rows
    )
    searched = streams.happens("people", "search", threshold(parameters.search_share), rows)
    source = np.where(
        brought | tapped,
        SOURCES.index("adverts"),
        np.where(searched, SOURCES.index("search"), SOURCES.index("word_of_mouth")),
    )
    # Within their week only, so that the weeks, classes and towns of the rows stay as they are.
    order = np.argsort(7 * week + weekday, kind="stable")
    return {
        OF_BLOCK: of_block,
        "person_id": (streams.blocks[of_block] + 1) * PEOPLE_PER_TOWN + 1 + numbered(of_block),
        "of_class": weeks["of_class"][week],
        "applied_on": weeks["week"][week] + weekday[order],
        "source": source[order],
        "brought": brought[order],
    }


def draw_lots(parameters, streams, rows, of_class, classes):
    """Each applicant's outcome, as a code of LOTTERIES (n,). of_class: (n,) row of the class applied for,
    sorted."""
    lot = streams.draws("people", "lottery", rows)
    order = np.argsort((of_class << 32) + lot, kind="stable")
    applicants = np.bincount(of_class, minlength=len(classes["class_id"]))
    rank = np.empty(len(of_class), dtype=np.int64)
    rank[order] = np.arange(len(of_class)) - (np.cumsum(applicants) - applicants)[of_class]
    outcome = np.where(rank < parameters.places, LOTTERIES.index("drawn"), LOTTERIES.index("not_drawn"))
    outcome[(applicants <= parameters.places)[of_class]] = LOTTERIES.index("all_placed")
    outcome[classes["to_come"][of_class]] = LOTTERIES.index("to_come")
    return outcome


def make_learning(parameters, streams, rows, people, classes, lottery):
    """What comes of the applicants. Returns a dict of arrays (n,): keen, sessions (-1 without a class),
    entry, second (points), sat (whether the second test was sat), second_on."""
    of_class = people["of_class"]
    keen = streams.happens("people", "keen", threshold(parameters.keen_share), rows)
    come = learning.sessions_attended(
        streams, "people", rows, keen, parameters.no_show, parameters.leaves_after_session
    )
    placed = (lottery == LOTTERIES.index("drawn")) | (lottery == LOTTERIES.index("all_placed"))
    held = lottery != LOTTERIES.index("to_come")

    ability = learning.normal(streams, "people", "ability", rows, parameters.ability_sd)
    ability = ability + round(parameters.ability_mean * learning.POINT)
    error = [
        learning.normal(streams, "tests", name, rows, parameters.test_error_sd)
        for name in ("first", "second")
    ]
    in_town = streams.rows(classes[OF_BLOCK])
    room = learning.normal(streams, "classes", "effect", in_town, parameters.class_effect_sd)
    effect = round(parameters.class_effect * learning.POINT) + room
    practice = np.rint(np.array(parameters.practice_gain) * learning.POINT).astype(np.int64)
    gain = practice[classes["course"]][of_class]
    gain = gain + keen * round(parameters.keen_gain * learning.POINT)
    gain = gain + effect[of_class] * np.where(placed, come, 0) // SESSIONS
    return {
        "keen": keen,
        "sessions": np.where(placed, come, -1),
        "entry": learning.in_points(ability + error[0]),
        "second": learning.in_points(ability + gain + error[1]),
        "sat": held & streams.happens("tests", "sat", threshold(parameters.second_test_share), rows),
        "second_on": classes["starts_on"][of_class]
        + parameters.second_test_days
        + streams.below("tests", "second_on", rows, REVISITS),
    }


def make_answers(parameters, streams, rows, people, classes, learnt):
    """Stars of those in the last session, and of those who left and were called. Returns a table."""
    satisfied = streams.happens(
        "answers", "satisfied", learning.by_kind(parameters.satisfied, learnt["keen"]), rows
    )
    sheet = streams.happens("answers", "sheet", threshold(parameters.sheet_share), rows)
    called = streams.happens("answers", "called", threshold(parameters.called_share), rows)
    reached = streams.happens("answers", "reached", threshold(parameters.reached_share), rows)
    finished = learnt["sessions"] == SESSIONS
    left = (learnt["sessions"] > 0) & ~finished
    answers = (finished & sheet) | (left & called & reached)
    later = 7 + streams.below("answers", "called_on", rows, CALLS)
    day = classes["ends_on"][people["of_class"]] + np.where(finished, 0, later)
    return {
        OF_BLOCK: people[OF_BLOCK][answers],
        "person_id": people["person_id"][answers],
        "answered_on": day[answers],
        "asked": np.where(finished, ASKED.index("last_session"), ASKED.index("call"))[answers],
        "stars": learning.stars(streams, "answers", rows, satisfied)[answers],
    }


def make_rebookings(parameters, streams, rows, people, classes, learnt):
    """Who pays for another course, and when, in the window. Returns a table."""
    again = streams.happens(
        "rebookings", "again", learning.by_kind(parameters.books_again, learnt["keen"]), rows
    )
    draws = streams.words32("rebookings", "wait", rows)
    wait = 1 + lookup.scaled("exponential", draws, parameters.books_again_days)
    day = classes["ends_on"][people["of_class"]] + wait
    shown = again & (learnt["sessions"] > 0) & (day <= WINDOW_END)
    return {
        OF_BLOCK: people[OF_BLOCK][shown],
        "person_id": people["person_id"][shown],
        "booked_on": day[shown],
        "price_cents": np.full(int(shown.sum()), parameters.place_cents),
    }


def make_open_classes(parameters, streams):
    """Everything that is sold to people. Returns a dict of tables, "tests" as a list of two.

    In "people", what is true of them stands beside what the company knows.
    """
    classes = make_classes(parameters, streams)
    weeks = make_weeks(parameters, streams, classes)
    people = make_applicants(parameters, streams, weeks)
    rows = streams.rows(people[OF_BLOCK])
    lottery = draw_lots(parameters, streams, rows, people["of_class"], classes)
    learnt = make_learning(parameters, streams, rows, people, classes, lottery)
    return {
        "town_weeks": {
            name: cells for name, cells in weeks.items() if name not in ("of_class", "base", "extra")
        },
        "classes": {name: cells for name, cells in classes.items() if name != "to_come"},
        "people": {
            OF_BLOCK: people[OF_BLOCK],
            "person_id": people["person_id"],
            "class_id": classes["class_id"][people["of_class"]],
            "applied_on": people["applied_on"],
            "source": people["source"],
            "lottery": lottery,
            "sessions": learnt["sessions"],
            "keen": learnt["keen"],
            "brought": people["brought"],
        },
        "tests": learning.tests({**people, **learnt, "entry_on": people["applied_on"]}),
        "answers": make_answers(parameters, streams, rows, people, classes, learnt),
        "rebookings": make_rebookings(parameters, streams, rows, people, classes, learnt),
    }
