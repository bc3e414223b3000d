"""Surveys of the research frame: the score of each account, needs by person, and what a seat is worth."""

import numpy as np

from twoworlds.worlds import lookup
from twoworlds.worlds.blocks import OF_BLOCK, together
from twoworlds.worlds.cells import NO_NUMBER, Coded
from twoworlds.worlds.pipewright.parameters import INDUSTRIES
from twoworlds.worlds.pipewright.research_parameters import NEEDS, PERSONAS, RATED, SOURCES, SURVEYS
from twoworlds.worlds.streams import hash_draws, pick_by_group, threshold

QUESTIONS = ("recommend", "first_need", "need_rating", "fair_price")
_RECOMMEND, _FIRST_NEED, _NEED_RATING, _FAIR_PRICE = range(len(QUESTIONS))
_HIGHEST = 100
_MILLION = lookup.UNIT


def surveys(parameters):
    """The surveys, of the whole company."""
    names, kinds = zip(*SURVEYS, strict=True)
    labels = tuple(dict.fromkeys(kinds))
    asked = np.array(parameters.asked_on)
    return {
        "survey_id": np.arange(1, len(SURVEYS) + 1),
        "name": list(names),
        "kind": Coded(np.array([labels.index(kind) for kind in kinds]), labels),
        "frame_on": np.full(len(SURVEYS), parameters.frame_on),
        "asked_on": asked,
        "closed_on": asked + parameters.open_days - 1,
    }


def _scores(parameters, streams, n):
    """What each administrator scores, in September and in December; two arrays, 0 to 10. n: rows of each
    block."""
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
    own_draws = streams.draws("needs", "own_need", streams.rows(frame[OF_BLOCK]))
    own = pick_by_group(own_draws, band, parameters.need_share_by_seats)
    account, n = people["account"], streams.rows(people[OF_BLOCK])
    source = streams.pick("needs", "source", n, parameters.need_source_share)
    draws = streams.draws("needs", "first_need", n)
    by_persona = pick_by_group(draws, people["persona"], parameters.need_share_by_persona)
    by_size = pick_by_group(draws, band[account], parameters.need_share_by_seats)
    return np.choose(source, [by_persona, own[account], by_size]), source, own


def _ratings(parameters, streams, frame, people):
    """Rating of the first RATED needs, 0 to 100; (contacts, RATED)."""
    industry_sd, account_sd, person_sd = (round(sd * 1000) for sd in parameters.rating_sd)
    market = hash_draws(
        streams.seed, "pipewright.needs.industry", np.arange(len(INDUSTRIES) * RATED)
    ).reshape(-1, RATED)
    frames, n = streams.rows(frame[OF_BLOCK]), streams.rows(people[OF_BLOCK])
    firm = streams.words32("needs", "rating_account", frames * RATED).reshape(-1, RATED)
    person = streams.words32("needs", "rating_person", n * RATED).reshape(-1, RATED)
    thousandths = lookup.value("normal", market) * industry_sd // _MILLION
    thousandths = thousandths[frame["industry"]] + lookup.value("normal", firm) * account_sd // _MILLION
    thousandths = thousandths[people["account"]] + lookup.value("normal", person) * person_sd // _MILLION
    level = parameters.rating_mean + np.array(parameters.rating_by_persona)[people["persona"], :RATED]
    level = level + np.array(parameters.rating_by_team)[people["team"], :RATED]
    return np.clip(level + (thousandths + 500) // 1000, 0, _HIGHEST)


def _prices(parameters, streams, frame, people):
    """What each contact would name as a fair price of a seat and month, in cents, in whole euros."""
    account, n = people["account"], streams.rows(people[OF_BLOCK])
    own = streams.draws("prices", "account", streams.rows(frame[OF_BLOCK]))
    price = lookup.scaled(parameters.price_account_table, own, frame["price"])[account]
    price = lookup.scaled(parameters.price_person_table, streams.draws("prices", "person", n), price)
    ratio = np.where(
        people["persona"] == PERSONAS.index("user"), round(parameters.users_price_ratio * 100), 100
    )
    return np.maximum(1, (price * ratio // 100 + 50) // 100) * 100


def make_answers(parameters, streams, frame, people, contact_id):
    """One row an answer. Returns (answers, truth of the frame, truth of the contacts): dicts of columns."""
    account, persona, n = people["account"], people["persona"], streams.rows(people[OF_BLOCK])
    left_on = frame["left_on"][account]

    def answers_to(survey, chance, question, item, value):
        """The answers to one survey, in the order of contacts; customers on the day of the answer alone.

        chance: (contacts,) to answer at all, as limits of draws; question: (k,); item, value: (contacts, k),
        or (contacts,) where there is one question.
        """
        says = streams.happens("answers", f"answered_{survey}", chance, n)
        day = parameters.asked_on[survey] + streams.below("answers", f"day_{survey}", n, parameters.open_days)
        who = np.flatnonzero(says & (left_on > day))
        each = np.repeat(who, len(question))
        return {
            OF_BLOCK: people[OF_BLOCK][each],
            "survey_id": np.full(len(each), survey + 1),
            "contact_id": contact_id[each],
            "answered_on": day[each],
            "question": Coded(np.tile(question, len(who)), QUESTIONS),
            "item": Coded(item[who].ravel(), NEEDS),
            "value": value[who].ravel(),
        }

    scores = _scores(parameters, streams, streams.rows(frame[OF_BLOCK]))
    first, source, own = _first_needs(parameters, streams, frame, people)
    ratings = _ratings(parameters, streams, frame, people)
    prices = _prices(parameters, streams, frame, people)

    administrator = persona == PERSONAS.index("administrator")
    of_administrators = np.where(administrator, threshold(parameters.recommends_answered), 0)
    of_needs = threshold(parameters.needs_answered)[persona]
    questions = [_FIRST_NEED] + [_NEED_RATING] * RATED
    needs = np.column_stack([first, np.broadcast_to(np.arange(RATED), ratings.shape)])
    ratings = np.column_stack([np.ones(len(persona), dtype=np.int64), ratings])
    user, buyer = parameters.price_answered
    chance = {PERSONAS.index("user"): user, PERSONAS.index("buyer"): buyer}
    of_prices = threshold(tuple(chance.get(code, 0.0) for code in range(len(PERSONAS))))[persona]
    nothing = np.full(len(persona), -1)
    answers = together(
        [
            answers_to(0, of_administrators, [_RECOMMEND], nothing, scores[0][account]),
            answers_to(1, of_needs, questions, needs, ratings),
            answers_to(2, of_prices, [_FAIR_PRICE], nothing, prices),
            answers_to(3, of_administrators, [_RECOMMEND], nothing, scores[1][account]),
        ]
    )
    still_customer = frame["left_on"] > parameters.asked_on[3]
    of_frame = {
        OF_BLOCK: frame[OF_BLOCK],
        "account_id": frame["account_id"],
        "own_need": Coded(own, NEEDS),
        "september_score": scores[0],
        "december_score": np.where(still_customer, scores[1], NO_NUMBER),
    }
    of_contacts = {
        OF_BLOCK: people[OF_BLOCK],
        "contact_id": contact_id,
        "true_first_need": Coded(first, NEEDS),
        "need_source": Coded(source, SOURCES),
    }
    return answers, of_frame, of_contacts
