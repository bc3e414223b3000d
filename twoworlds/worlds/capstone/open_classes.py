"""Open classes of one town: adverts by the week, who applies, the lottery, tests, stars, who comes again."""

import numpy as np

from twoworlds.worlds import lookup
from twoworlds.worlds.capstone import learning
from twoworlds.worlds.capstone.parameters import ASKED, LOTTERIES, SESSIONS, SOURCES
from twoworlds.worlds.streams import threshold
from twoworlds.worlds.timeline import NO_DAY, WINDOW_END, WINDOW_START

PEOPLE_PER_TOWN = 10_000  # numbers reserved for a town's people, so that every town can count its own
CLASSES_PER_TOWN = 1000
REVISITS = 5  # days over which a class sits its second test
CALLS = 21  # days over which those who left are called


def quarters(parameters):
    return parameters.weeks // parameters.quarter_weeks


def course_of(parameters, town):
    """Course on offer in each quarter of a town: they go round."""
    return (town + np.arange(quarters(parameters))) % len(parameters.applicants_table)


def class_days(parameters):
    """First and last day of the class that follows each quarter: Mondays, six weeks (two arrays)."""
    first = WINDOW_START + 7 * (parameters.quarter_weeks * (1 + np.arange(quarters(parameters))) + 1)
    return first, first + 7 * (SESSIONS - 1)


def make_weeks(parameters, streams, town):
    """Adverts and applicants by week. Returns (table, base, extra): counts (weeks,) of those who come anyway
    and of those whom the adverts bring."""
    week = np.arange(parameters.weeks)
    first, last = parameters.trial_weeks
    trial = (week >= first) & (week <= last)
    lot = streams.happens("town_weeks", "adverts", threshold(parameters.adverts_on_share), len(week))
    adverts = lot | ~trial
    course = course_of(parameters, town)[week // parameters.quarter_weeks]
    draws = streams.draws("town_weeks", "applicants", len(week))
    base = np.select(
        [course == code for code in range(len(parameters.applicants_table))],
        [lookup.value(name, draws) for name in parameters.applicants_table],
    )
    extra = lookup.value(
        parameters.extra_applicants_table, streams.draws("town_weeks", "extra_applicants", len(week))
    )
    cost = lookup.scaled(
        parameters.adverts_spread_table,
        streams.draws("town_weeks", "spend", len(week)),
        parameters.adverts_week_cents,
    )
    table = {
        "town_id": np.full(len(week), town + 1),
        "week": WINDOW_START + 7 * week,
        "in_trial": trial,
        "adverts": adverts,
        "spend_cents": np.where(adverts, cost, 0),
    }
    return table, base, np.where(adverts, extra, 0)


def make_applicants(parameters, streams, town, adverts, base, extra):
    """Who applies, in order of the day. Returns a dict of arrays (n,)."""
    week = np.repeat(np.arange(parameters.weeks), base + extra)
    place = np.arange(len(week)) - np.repeat(np.cumsum(base + extra) - base - extra, base + extra)
    brought = place >= base[week]
    n = len(week)
    day = WINDOW_START + 7 * week + streams.below("people", "weekday", n, 7)
    tapped = adverts[week] & streams.happens(
        "people", "credited_anyway", threshold(parameters.credited_anyway), n
    )
    searched = streams.happens("people", "search", threshold(parameters.search_share), n)
    names = {name: code for code, name in enumerate(SOURCES)}
    source = np.where(
        brought | tapped,
        names["adverts"],
        np.where(searched, names["search"], names["word_of_mouth"]),
    )
    order = np.lexsort((place, day))
    found = {"applied_on": day, "quarter": week // parameters.quarter_weeks, "brought": brought}
    found = {name: cells[order] for name, cells in (found | {"source": source}).items()}
    return found | {"person_id": (town + 1) * PEOPLE_PER_TOWN + 1 + np.arange(n)}


def draw_lots(parameters, streams, quarter):
    """Each applicant's outcome, as a code of LOTTERIES (n,); the last quarter's class is still to come."""
    n = len(quarter)
    codes = {name: code for code, name in enumerate(LOTTERIES)}
    lot = streams.draws("people", "lottery", n)
    order = np.lexsort((np.arange(n), lot, quarter))
    applicants = np.bincount(quarter, minlength=quarters(parameters))
    before = np.cumsum(applicants) - applicants
    rank = np.empty(n, dtype=np.int64)
    rank[order] = np.arange(n) - before[quarter[order]]
    outcome = np.where(rank < parameters.places, codes["drawn"], codes["not_drawn"])
    outcome = np.where(applicants[quarter] <= parameters.places, codes["all_placed"], outcome)
    return np.where(quarter == quarters(parameters) - 1, codes["to_come"], outcome)


def make_learning(parameters, streams, town, people, lottery):
    """What comes of the applicants. Returns a dict of arrays (n,): keen, sessions (-1 without a class),
    entry, second (points), sat (whether the second test was sat), second_on."""
    n, quarter = len(lottery), people["quarter"]
    keen = streams.happens("people", "keen", threshold(parameters.keen_share), n)
    come = learning.sessions_attended(
        streams, "people", keen, parameters.no_show, parameters.leaves_after_session
    )
    placed = np.isin(lottery, [LOTTERIES.index("drawn"), LOTTERIES.index("all_placed")])
    held = lottery != LOTTERIES.index("to_come")
    taught = np.where(placed, come, 0)

    ability = learning.normal(streams, "people", "ability", n, parameters.ability_sd)
    ability = ability + round(parameters.ability_mean * learning.POINT)
    error = [
        learning.normal(streams, "tests", name, n, parameters.test_error_sd) for name in ("first", "second")
    ]
    room = learning.normal(streams, "classes", "effect", quarters(parameters), parameters.class_effect_sd)
    effect = round(parameters.class_effect * learning.POINT) + room
    practice = np.rint(np.array(parameters.practice_gain) * learning.POINT).astype(np.int64)
    gain = practice[course_of(parameters, town)[quarter]]
    gain = gain + keen * round(parameters.keen_gain * learning.POINT)
    gain = gain + effect[quarter] * taught // SESSIONS
    first_day, _ = class_days(parameters)
    return {
        "keen": keen,
        "sessions": np.where(placed & held, taught, -1),
        "entry": learning.in_points(ability + error[0]),
        "second": learning.in_points(ability + gain + error[1]),
        "sat": held & streams.happens("tests", "sat", threshold(parameters.second_test_share), n),
        "second_on": first_day[quarter]
        + parameters.second_test_days
        + streams.below("tests", "second_on", n, REVISITS),
    }


def make_answers(parameters, streams, people, learnt):
    """Stars of those in the last session, and of those who left and were called. Returns a table."""
    n = len(learnt["keen"])
    _, last_day = class_days(parameters)
    satisfied = streams.happens(
        "answers", "satisfied", learning.by_kind(parameters.satisfied, learnt["keen"]), n
    )
    sheet = streams.happens("answers", "sheet", threshold(parameters.sheet_share), n)
    called = streams.happens("answers", "called", threshold(parameters.called_share), n)
    reached = streams.happens("answers", "reached", threshold(parameters.reached_share), n)
    finished = learnt["sessions"] == SESSIONS
    left = (learnt["sessions"] > 0) & ~finished
    answers = (finished & sheet) | (left & called & reached)
    later = 7 + streams.below("answers", "called_on", n, CALLS)
    day = last_day[people["quarter"]] + np.where(finished, 0, later)
    return {
        "person_id": people["person_id"][answers],
        "answered_on": day[answers],
        "asked": np.where(finished, ASKED.index("last_session"), ASKED.index("call"))[answers],
        "stars": learning.stars(streams, "answers", satisfied)[answers],
    }


def make_rebookings(parameters, streams, people, learnt):
    """Who pays for another course, and when, in the window. Returns a table."""
    n = len(learnt["keen"])
    _, last_day = class_days(parameters)
    again = streams.happens(
        "rebookings", "again", learning.by_kind(parameters.books_again, learnt["keen"]), n
    )
    draws = streams.draws("rebookings", "wait", n)
    wait = 1 + lookup.scaled("exponential", draws, parameters.books_again_days)
    day = last_day[people["quarter"]] + wait
    shown = again & (learnt["sessions"] > 0) & (day <= WINDOW_END)
    return {
        "person_id": people["person_id"][shown],
        "booked_on": day[shown],
        "price_cents": np.full(int(shown.sum()), parameters.place_cents),
    }


def make_open_classes(parameters, streams, town):
    """Everything of a town that is sold to people. Returns (tables, people, learnt)."""
    weeks, base, extra = make_weeks(parameters, streams, town)
    people = make_applicants(parameters, streams, town, weeks["adverts"], base, extra)
    lottery = draw_lots(parameters, streams, people["quarter"])
    learnt = make_learning(parameters, streams, town, people, lottery)
    first_day, last_day = class_days(parameters)
    number = np.arange(quarters(parameters))
    class_id = (town + 1) * CLASSES_PER_TOWN + 1 + number
    sat = learnt["sat"]
    tables = {
        "town_weeks": weeks,
        "classes": {
            "class_id": class_id,
            "course": course_of(parameters, town),
            "starts_on": first_day,
            "ends_on": last_day,
        },
        "people": {
            "class_id": class_id[people["quarter"]],
            "applied_on": people["applied_on"],
            "source": people["source"],
            "lottery": lottery,
            "sessions": learnt["sessions"],
        },
        "tests": {
            "person_id": np.r_[people["person_id"], people["person_id"][sat]],
            "test": np.r_[np.zeros(len(sat), np.int64), np.ones(int(sat.sum()), np.int64)],
            "taken_on": np.r_[people["applied_on"], learnt["second_on"][sat]],
            "score": np.r_[learnt["entry"], learnt["second"][sat]],
        },
        "answers": make_answers(parameters, streams, people, learnt),
        "rebookings": make_rebookings(parameters, streams, people, learnt),
    }
    return tables, people, learnt


def no_days(count):
    """Dates that are not there (n,)."""
    return np.full(count, NO_DAY)
