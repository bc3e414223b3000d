"""Surveys of the research frame: the score of each account, needs by person, and what a seat is worth."""

import numpy as np

from twoworlds.worlds import lookup
from twoworlds.worlds.cells import NO_NUMBER, Coded
from twoworlds.worlds.pipewright.parameters import INDUSTRIES
from twoworlds.worlds.pipewright.research_parameters import NEEDS, PERSONAS, RATED, SOURCES, SURVEYS
from twoworlds.worlds.streams import hash_draws, pick_by_group, threshold

QUESTIONS = ("recommend", "first_need", "need_rating", "fair_price")
_RECOMMEND, _FIRST_NEED, _NEED_RATING, _FAIR_PRICE = range(len(QUESTIONS))
_HIGHEST = 100
_MILLION = lookup.UNIT


def surveys(parameters, block):
    """The surveys: company-wide, so made with the first block."""
    held = len(SURVEYS) if block == 0 else 0
    names, kinds = zip(*SURVEYS, strict=True)
    labels = tuple(dict.fromkeys(kinds))
    asked = np.array(parameters.asked_on[:held], dtype=np.int64)
    return {
        "survey_id": np.arange(1, held + 1),
        "name": list(names[:held]),
        "kind": Coded(np.array([labels.index(kind) for kind in kinds[:held]], dtype=np.int64), labels),
        "frame_on": np.full(held, parameters.frame_on),
        "asked_on": asked,
        "closed_on": asked + parameters.open_days - 1,
    }


def _scores(parameters, streams, n):
    """What each administrator scores, in September and in December; two (n,) arrays, 0 to 10."""
    found = []
    for wave in ("september", "december"):
        kind = streams.pick("scores", f"kind_{wave}", n, parameters.recommends_share)
        coin = streams.below("scores", f"half_{wave}", n, 2)
        low = streams.pick("scores", f"low_{wave}", n, parameters.low_score_share)
        found.append(np.where(kind == 0, 9 + coin, np.where(kind == 1, 7 + coin, low)))
    keeps = streams.happens("scores", "kept", threshold(parameters.score_kept), n)
    return found[0], np.where(keeps, found[0], found[1])


def _first_needs(parameters, streams, frame, people):
    """Need that each contact would name first, where it comes from, and each account's own need."""
    band = np.searchsorted(np.array(parameters.need_seat_limits), frame["seats"], side="right")
    own_draws = streams.draws("needs", "own_need", len(band))
    own = pick_by_group(own_draws, band, parameters.need_share_by_seats)
    account, n = people["account"], len(people["account"])
    source = streams.pick("needs", "source", n, parameters.need_source_share)
    draws = streams.draws("needs", "first_need", n)
    by_persona = pick_by_group(draws, people["persona"], parameters.need_share_by_persona)
    by_size = pick_by_group(draws, band[account], parameters.need_share_by_seats)
    return np.choose(source, [by_persona, own[account], by_size]), source, own


def _ratings(parameters, streams, frame, people):
    """Rating of the first RATED needs, 0 to 100; (contacts, RATED)."""
    industry_sd, account_sd, person_sd = (round(sd * 1000) for sd in parameters.rating_sd)
    items = np.arange(RATED)
    market = hash_draws(
        streams.seed, "pipewright.needs.industry", np.arange(len(INDUSTRIES) * RATED)
    ).reshape(-1, RATED)
    shape = (len(frame["row"]), RATED)
    firm = streams.draws("needs", "rating_account", shape[0] * RATED).reshape(shape)
    person = streams.draws("needs", "rating_person", len(people["account"]) * RATED).reshape(-1, RATED)
    thousandths = lookup.value("normal", market) * industry_sd // _MILLION
    thousandths = thousandths[frame["industry"]] + lookup.value("normal", firm) * account_sd // _MILLION
    thousandths = thousandths[people["account"]] + lookup.value("normal", person) * person_sd // _MILLION
    level = parameters.rating_mean + np.array(parameters.rating_by_persona)[people["persona"]][:, items]
    level = level + np.array(parameters.rating_by_team)[people["team"]][:, items]
    return np.clip(level + (thousandths + 500) // 1000, 0, _HIGHEST)


def _prices(parameters, streams, frame, people):
    """What each contact would name as a fair price of a seat and month, in cents, in whole euros."""
    account, n = people["account"], len(people["account"])
    own = streams.draws("prices", "account", len(frame["row"]))
    price = lookup.scaled(parameters.price_account_table, own, frame["price"])[account]
    price = lookup.scaled(parameters.price_person_table, streams.draws("prices", "person", n), price)
    ratio = np.where(
        people["persona"] == PERSONAS.index("user"), round(parameters.users_price_ratio * 100), 100
    )
    return np.maximum(1, (price * ratio // 100 + 50) // 100) * 100


def make_answers(parameters, streams, frame, people, contact_id):
    """One row an answer. Returns (answers, truth of the frame, truth of the contacts): dicts of columns."""
    account, persona, n = people["account"], people["persona"], len(people["account"])
    left_on = frame["left_on"][account]

    def answered(survey, chance):
        """Who answers a survey, and when; customers on the day of the answer alone."""
        says = streams.happens("answers", f"answered_{survey}", chance, n)
        day = parameters.asked_on[survey] + streams.below("answers", f"day_{survey}", n, parameters.open_days)
        return says & (left_on > day), day

    administrator = persona == PERSONAS.index("administrator")
    scores = _scores(parameters, streams, len(frame["row"]))
    first, source, own = _first_needs(parameters, streams, frame, people)
    ratings = _ratings(parameters, streams, frame, people)
    prices = _prices(parameters, streams, frame, people)

    parts = []  # survey, contact's position, day, question, item, value

    def add(survey, who, day, question, item, value):
        at = np.flatnonzero(who)
        parts.append(
            [np.full(len(at), survey + 1), at, day[at], np.full(len(at), question), item[at], value[at]]
        )

    nothing = np.full(n, -1)
    for survey, score in ((0, scores[0]), (3, scores[1])):
        says, day = answered(survey, threshold(parameters.recommends_answered))
        add(survey, says & administrator, day, _RECOMMEND, nothing, score[account])
    says, day = answered(1, threshold(parameters.needs_answered)[persona])
    add(1, says, day, _FIRST_NEED, first, np.ones(n, dtype=np.int64))
    for item in range(RATED):
        add(1, says, day, _NEED_RATING, np.full(n, item), ratings[:, item])
    user, buyer = parameters.price_answered
    chance = {PERSONAS.index("user"): user, PERSONAS.index("buyer"): buyer}
    chances = threshold([chance.get(code, 0.0) for code in range(len(PERSONAS))])
    says, day = answered(2, chances[persona])
    add(2, says, day, _FAIR_PRICE, nothing, prices)

    survey, at, day, question, item, value = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((item, question, at, survey))
    answers = {
        "survey_id": survey[order],
        "contact_id": contact_id[at[order]],
        "answered_on": day[order],
        "question": Coded(question[order], QUESTIONS),
        "item": Coded(item[order], NEEDS),
        "value": value[order],
    }
    asked = frame["left_on"] > parameters.asked_on[3]
    of_frame = {
        "account_id": frame["account_id"],
        "own_need": Coded(own, NEEDS),
        "september_score": scores[0],
        "december_score": np.where(asked, scores[1], NO_NUMBER),
    }
    of_contacts = {
        "contact_id": contact_id,
        "true_first_need": Coded(first, NEEDS),
        "need_source": Coded(source, SOURCES),
    }
    return answers, of_frame, of_contacts
