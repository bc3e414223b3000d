"""Firms of some towns: contracts, the classes held at them, their learners, and who renews.

Towns are made together: every table holds its rows town after town, with `blocks.OF_BLOCK` (see there).
"""

import numpy as np

from twoworlds.worlds import lookup, timeline
from twoworlds.worlds.blocks import OF_BLOCK, numbered, together
from twoworlds.worlds.capstone import learning
from twoworlds.worlds.capstone.open_classes import CLASSES_PER_TOWN, PEOPLE_PER_TOWN
from twoworlds.worlds.capstone.parameters import ASKED, BUYERS, COURSES, EXERCISES, SESSIONS
from twoworlds.worlds.streams import threshold
from twoworlds.worlds.timeline import WINDOW_END, WINDOW_START

FIRMS_PER_TOWN = 100
FIRST_SIGNING = 7  # days into the window
HALF_YEAR = 183  # days
CLASS_DAYS = 2  # from the first day of a class at a firm to its last: two sessions a day
FIRM_CLASS = 100  # classes at firms count from here on
MILLION = 1_000_000


def make_firms(parameters, streams):
    """Who signs, and what nobody at Kettleroom sees of them. Returns a table."""
    n = parameters.firms_per_town
    by_town = (len(streams.blocks), n)
    of_block = np.repeat(np.arange(len(streams.blocks)), n)
    rows = streams.rows(of_block)
    signed = WINDOW_START + FIRST_SIGNING + streams.below("firms", "signed_on", rows, parameters.signing_days)
    signed = np.sort(signed.reshape(by_town), axis=1).ravel()
    few, many = parameters.seats_limits
    seats = lookup.scaled(
        parameters.seats_table, streams.words32("firms", "seats", rows), parameters.seats_median
    )
    seats = np.clip(seats, few, many)
    large = (seats >= parameters.large_from).astype(np.int64)
    # Half of a town's firms get the exercise, drawn by lot.
    lot = streams.draws("firms", "exercise", rows).reshape(by_town)
    lot = np.argsort(np.argsort(lot, axis=1, kind="stable"), axis=1).ravel()
    return {
        OF_BLOCK: of_block,
        "firm_id": (streams.blocks[of_block] + 1) * FIRMS_PER_TOWN + 1 + numbered(of_block),
        "buyer": streams.below("firms", "buyer", rows, len(BUYERS)),
        "exercise": lot < n // 2,
        "signed_on": signed,
        "started_on": timeline.add_months(signed - timeline.day_of_month(signed) + 1, 1),
        "seats": seats,
        "active": streams.happens("firms", "active", threshold(parameters.active_share)[large], rows),
        "effect": learning.normal(streams, "firms", "effect", rows, parameters.firm_effect_sd),
    }


def seats_used(parameters, streams, name, firms, row, seats):
    """Seats that contracts use in their first and in their second half year: two arrays (n,). row, seats:
    (n,) position of each contract's firm, and what it pays for."""
    rows = streams.rows(firms[OF_BLOCK])
    active = firms["active"][row]
    band = np.rint(np.array(parameters.used_early) * MILLION).astype(np.int64)[active.astype(np.int64)]
    draws = streams.draws(name, "early", rows, row)
    share = band[:, 0] + ((band[:, 1] - band[:, 0]) * draws >> 32)
    early = np.maximum(1, seats * share // MILLION)
    # Half of the seats and not one less, where a head frees people.
    early = np.where(active, np.maximum(early, -(-seats // 2)), early)
    most = round(parameters.used_later * MILLION)
    share = streams.draws(name, "later", rows, row) * most >> 32
    return early, (seats - early) * share // MILLION


def make_contracts(parameters, streams, firms):
    """First contracts and those that follow. Returns (contracts, chances): contracts is a table, in a town
    by term and firm, with the position of each contract's firm and the seats it uses; chances (n,), in
    millionths, of each firm's first renewal."""
    rows = streams.rows(firms[OF_BLOCK])
    chance = np.rint(np.array(parameters.renews) * MILLION).astype(np.int64)
    least, most = parameters.renewal_lead_days
    few, many = parameters.seats_limits
    row, term, signed, started = np.arange(len(firms["firm_id"])), 1, firms["signed_on"], firms["started_on"]
    seats, parts, first = firms["seats"], [], None
    while len(row):
        # Every firm has its draws in every term, whether or not it is still there.
        name = f"contracts_{term}"
        early, later = seats_used(parameters, streams, name, firms, row, seats)
        ends = timeline.add_months(started, 12) - 1
        parts.append(
            {OF_BLOCK: firms[OF_BLOCK][row], "row": row, "term": np.full(len(row), term),
             "signed_on": signed, "started_on": started, "ends_on": ends, "seats": seats, "early": early,
             "later": later}
        )  # fmt: skip
        renews = chance[(2 * early >= seats).astype(np.int64)]
        if first is None:
            first = renews
        if ends.min() - most > WINDOW_END:
            break  # too early for anybody to sign again
        draws = streams.draws(name, "renews", rows, row) * MILLION >> 32
        signed = ends - least - streams.below(name, "lead", rows, most - least + 1)[row]
        goes_on = (draws < renews) & (signed <= WINDOW_END)
        following = (early + later) * round(100 * parameters.next_seats) // 100
        row, signed = row[goes_on], signed[goes_on]
        started, seats = (ends + 1)[goes_on], np.clip(following, few, many)[goes_on]
        term += 1
    return together(parts), first


def make_classes(parameters, streams, contracts):
    """Classes at firms, held in the window. Returns a table, with the row of the contract and the learners
    in each."""
    used = np.stack([contracts["early"], contracts["later"]], axis=1).ravel()
    classes = -(-used // parameters.firm_places)
    part = np.repeat(np.arange(len(used)), classes)
    contract, half = part >> 1, part & 1
    place = np.arange(len(part)) - (np.cumsum(classes) - classes)[part]
    size = used[part] // classes[part] + (place < used[part] % classes[part])
    of_block = contracts[OF_BLOCK][contract]
    rows = streams.rows(of_block)
    latest = HALF_YEAR - 14 - CLASS_DAYS - 1
    day = 14 + streams.below("firm_classes", "day", rows, latest) + HALF_YEAR * half
    starts = contracts["started_on"][contract] + day
    starts = starts - np.maximum(0, timeline.weekday(starts) - 2)  # from Monday to Wednesday
    course = streams.below("firm_classes", "course", rows, len(COURSES))
    effect = learning.normal(streams, "firm_classes", "effect", rows, parameters.firm_class_sd)
    held = starts + CLASS_DAYS <= WINDOW_END
    of_block = of_block[held]
    first_id = (streams.blocks[of_block] + 1) * CLASSES_PER_TOWN + FIRM_CLASS + 1
    return {
        OF_BLOCK: of_block,
        "class_id": first_id + numbered(of_block),
        "contract": contract[held],
        "course": course[held],
        "starts_on": starts[held],
        "ends_on": starts[held] + CLASS_DAYS,
        "size": size[held],
        "effect": effect[held],
    }


def make_learners(parameters, streams, firms, contracts, classes, numbered_before):
    """People in classes at firms. Returns a table, with the row of the class and of the firm.

    numbered_before: (towns,) people whose numbers come first in each town.
    """
    of_class = np.repeat(np.arange(len(classes["class_id"])), classes["size"])
    firm = contracts["row"][classes["contract"]][of_class]
    of_block = classes[OF_BLOCK][of_class]
    rows = streams.rows(of_block)
    first_id = (streams.blocks + 1) * PEOPLE_PER_TOWN + 1 + numbered_before
    keen = streams.happens("firm_people", "keen", threshold(parameters.keen_share), rows)
    sessions = learning.sessions_attended(
        streams, "firm_people", rows, keen, parameters.firm_no_show, parameters.firm_leaves_after_session
    )
    does = streams.happens("firm_people", "exercise", learning.by_kind(parameters.exercise_done, keen), rows)
    asked = firms["exercise"][firm] & (sessions > 0)
    done = asked & does
    ability = learning.normal(streams, "firm_people", "ability", rows, parameters.ability_sd)
    ability = ability + round(parameters.ability_mean * learning.POINT)
    error = [
        learning.normal(streams, "firm_tests", name, rows, parameters.test_error_sd)
        for name in ("first", "second")
    ]
    effect = round(parameters.firm_class_effect * learning.POINT)
    effect = effect + firms["effect"][firm] + classes["effect"][of_class]
    gain = round(parameters.firm_practice_gain * learning.POINT)
    gain = gain + keen * round(parameters.keen_gain * learning.POINT) + effect * sessions // SESSIONS
    gain = gain + done * round(parameters.exercise_points * learning.POINT)
    second_on = (classes["ends_on"] + parameters.firm_second_test_days)[of_class]
    sat = streams.happens("firm_tests", "sat", threshold(parameters.second_test_share), rows)
    satisfied = streams.happens(
        "firm_answers", "satisfied", learning.by_kind(parameters.firm_satisfied, keen), rows
    )
    sheet = streams.happens("firm_answers", "sheet", threshold(parameters.firm_sheet_share), rows)
    return {
        OF_BLOCK: of_block,
        "person_id": first_id[of_block] + numbered(of_block),
        "of_class": of_class,
        "firm": firm,
        "keen": keen,
        "sessions": sessions,
        # Asked for the exercise, or not: -1 where the firm does not get it, or the person never came.
        "exercise": np.where(asked, np.where(done, EXERCISES.index("done"), EXERCISES.index("not_done")), -1),
        "entry_on": (classes["starts_on"] - 7)[of_class],
        "entry": learning.in_points(ability + error[0]),
        "second": learning.in_points(ability + gain + error[1]),
        "second_on": second_on,
        "sat": sat & (second_on <= WINDOW_END),
        "answers": sheet & (sessions == SESSIONS),
        "stars": learning.stars(streams, "firm_answers", rows, satisfied),
    }


def make_answers(learners, classes):
    """Stars given in the last session of classes at firms. Returns a table."""
    rows = learners["answers"]
    return {
        OF_BLOCK: learners[OF_BLOCK][rows],
        "person_id": learners["person_id"][rows],
        "answered_on": classes["ends_on"][learners["of_class"][rows]],
        "asked": np.full(int(rows.sum()), ASKED.index("last_session")),
        "stars": learners["stars"][rows],
    }
