"""Firms of one town: contracts, the classes held at them, their learners, and who renews."""

import numpy as np

from twoworlds.worlds import lookup, timeline
from twoworlds.worlds.capstone import learning
from twoworlds.worlds.capstone.open_classes import CLASSES_PER_TOWN
from twoworlds.worlds.capstone.parameters import ASKED, BUYERS, COURSES, EXERCISES, SESSIONS
from twoworlds.worlds.streams import threshold
from twoworlds.worlds.timeline import WINDOW_END, WINDOW_START

FIRMS_PER_TOWN = 100
FIRST_SIGNING = 7  # days into the window
HALF_YEAR = 183  # days
CLASS_DAYS = 2  # from the first day of a class at a firm to its last: two sessions a day
FIRM_CLASS = 100  # classes at firms count from here on
MILLION = 1_000_000


def make_firms(parameters, streams, town):
    """Who signs, and what nobody at Kettleroom sees of them. Returns a dict of arrays (n,)."""
    n = parameters.firms_per_town
    signed = WINDOW_START + FIRST_SIGNING + streams.below("firms", "signed_on", n, parameters.signing_days)
    signed = np.sort(signed)
    few, many = parameters.seats_limits
    seats = lookup.scaled(parameters.seats_table, streams.draws("firms", "seats", n), parameters.seats_median)
    seats = np.clip(seats, few, many)
    large = (seats >= parameters.large_from).astype(np.int64)
    # Half of a town's firms get the exercise, drawn by lot.
    lot = np.argsort(np.argsort(streams.draws("firms", "exercise", n), kind="stable"))
    return {
        "firm_id": (town + 1) * FIRMS_PER_TOWN + 1 + np.arange(n),
        "buyer": streams.below("firms", "buyer", n, len(BUYERS)),
        "exercise": lot < n // 2,
        "signed_on": signed,
        "started_on": timeline.add_months(signed - timeline.day_of_month(signed) + 1, 1),
        "seats": seats,
        "active": streams.happens("firms", "active", threshold(list(parameters.active_share))[large], n),
        "effect": learning.normal(streams, "firms", "effect", n, parameters.firm_effect_sd),
    }


def seats_used(parameters, streams, name, firms, seats):
    """Seats that a contract uses in its first and in its second half year: two arrays (n,)."""
    n = len(seats)
    band = np.rint(np.array(parameters.used_early) * MILLION).astype(np.int64)[firms["active"].astype(int)]
    share = band[:, 0] + ((band[:, 1] - band[:, 0]) * streams.draws(name, "early", n) >> 32)
    early = np.maximum(1, seats * share // MILLION)
    # Half of the seats and not one less, where a head frees people.
    early = np.where(firms["active"], np.maximum(early, -(-seats // 2)), early)
    most = round(parameters.used_later * MILLION)
    share = streams.draws(name, "later", n) * most >> 32
    return early, (seats - early) * share // MILLION


def make_contracts(parameters, streams, firms):
    """First contracts and those that follow. Returns (contracts, chances): contracts is a dict of arrays, a
    row a contract, with the position of its firm and the seats it uses; chances (n,), in millionths, of each
    firm's first renewal."""
    n = len(firms["firm_id"])
    chance = np.rint(np.array(parameters.renews) * MILLION).astype(np.int64)
    least, most = parameters.renewal_lead_days
    row, term, signed, started = np.arange(n), 1, firms["signed_on"], firms["started_on"]
    seats, parts, first = firms["seats"], [], None
    while len(row):
        name = f"contracts_{term}"
        early, later = (
            used[row] for used in seats_used(parameters, streams, name, firms, _spread(seats, row, n))
        )
        ends = timeline.add_months(started, 12) - 1
        parts.append(
            {"row": row, "term": np.full(len(row), term), "signed_on": signed, "started_on": started,
             "ends_on": ends, "seats": seats, "early": early, "later": later}
        )  # fmt: skip
        renews = chance[(2 * early >= seats).astype(np.int64)]
        if first is None:
            first = renews
        draws = streams.draws(name, "renews", n)[row] * MILLION >> 32
        lead = least + streams.below(name, "lead", n, most - least + 1)[row]
        goes_on = (draws < renews) & (ends - lead <= WINDOW_END)
        few, many = parameters.seats_limits
        following = (early + later) * round(100 * parameters.next_seats) // 100
        row, signed = row[goes_on], (ends - lead)[goes_on]
        started, seats = (ends + 1)[goes_on], np.clip(following, few, many)[goes_on]
        term += 1
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}, first


def _spread(values, row, n):
    """Values of some firms, at the places of all; the rest have one seat (n,)."""
    wide = np.ones(n, dtype=np.int64)
    wide[row] = values
    return wide


def make_classes(parameters, streams, town, contracts):
    """Classes at firms, held in the window. Returns a dict of arrays (n,), with the row of the contract and
    the learners in each."""
    used = np.stack([contracts["early"], contracts["later"]], axis=1).ravel()
    contract = np.repeat(np.arange(len(contracts["row"])), 2)
    half = np.tile([0, 1], len(contracts["row"]))
    classes = -(-used // parameters.firm_places)
    part = np.repeat(np.arange(len(used)), classes)
    place = np.arange(len(part)) - np.repeat(np.cumsum(classes) - classes, classes)
    size = used[part] // classes[part] + (place < used[part] % classes[part])
    latest = HALF_YEAR - 14 - CLASS_DAYS - 1
    day = 14 + streams.below("firm_classes", "day", len(part), latest) + HALF_YEAR * half[part]
    starts = contracts["started_on"][contract[part]] + day
    starts = starts - np.maximum(0, timeline.weekday(starts) - 2)  # from Monday to Wednesday
    held = starts + CLASS_DAYS <= WINDOW_END
    course = streams.below("firm_classes", "course", len(part), len(COURSES))
    effect = learning.normal(streams, "firm_classes", "effect", len(part), parameters.firm_class_sd)
    n = int(held.sum())
    return {
        "class_id": (town + 1) * CLASSES_PER_TOWN + FIRM_CLASS + 1 + np.arange(n),
        "contract": contract[part][held],
        "course": course[held],
        "starts_on": starts[held],
        "ends_on": starts[held] + CLASS_DAYS,
        "size": size[held],
        "effect": effect[held],
    }


def make_learners(parameters, streams, firms, contracts, classes):
    """People in classes at firms. Returns a dict of arrays (n,)."""
    of_class = np.repeat(np.arange(len(classes["class_id"])), classes["size"])
    firm = contracts["row"][classes["contract"][of_class]]
    n = len(of_class)
    keen = streams.happens("firm_people", "keen", threshold(parameters.keen_share), n)
    sessions = learning.sessions_attended(
        streams, "firm_people", keen, parameters.firm_no_show, parameters.firm_leaves_after_session
    )
    does = streams.happens("firm_people", "exercise", learning.by_kind(parameters.exercise_done, keen), n)
    asked = firms["exercise"][firm] & (sessions > 0)
    done = asked & does
    ability = learning.normal(streams, "firm_people", "ability", n, parameters.ability_sd)
    ability = ability + round(parameters.ability_mean * learning.POINT)
    error = [
        learning.normal(streams, "firm_tests", name, n, parameters.test_error_sd)
        for name in ("first", "second")
    ]
    effect = round(parameters.firm_class_effect * learning.POINT)
    effect = effect + firms["effect"][firm] + classes["effect"][of_class]
    gain = round(parameters.firm_practice_gain * learning.POINT)
    gain = gain + keen * round(parameters.keen_gain * learning.POINT) + effect * sessions // SESSIONS
    gain = gain + done * round(parameters.exercise_points * learning.POINT)
    second_on = classes["ends_on"][of_class] + parameters.firm_second_test_days
    sat = streams.happens("firm_tests", "sat", threshold(parameters.second_test_share), n)
    satisfied = streams.happens(
        "firm_answers", "satisfied", learning.by_kind(parameters.firm_satisfied, keen), n
    )
    sheet = streams.happens("firm_answers", "sheet", threshold(parameters.firm_sheet_share), n)
    return {
        "of_class": of_class,
        "firm": firm,
        "keen": keen,
        "sessions": sessions,
        # Asked for the exercise, or not: -1 where the firm does not get it, or the person never came.
        "exercise": np.where(asked, np.where(done, EXERCISES.index("done"), EXERCISES.index("not_done")), -1),
        "entry": learning.in_points(ability + error[0]),
        "second": learning.in_points(ability + gain + error[1]),
        "second_on": second_on,
        "sat": sat & (second_on <= WINDOW_END),
        "answers": sheet & (sessions == SESSIONS),
        "stars": learning.stars(streams, "firm_answers", satisfied),
    }


def make_answers(learners, classes, person_id):
    """Stars given in the last session of classes at firms. Returns a table."""
    rows = learners["answers"]
    return {
        "person_id": person_id[rows],
        "answered_on": classes["ends_on"][learners["of_class"]][rows],
        "asked": np.full(int(rows.sum()), ASKED.index("last_session")),
        "stars": learners["stars"][rows],
    }
