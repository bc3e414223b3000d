"""Surveys of the panel: who could be asked, who answered, and what.

A random sample draws each user of the frame with the same chance, and everybody drawn answers. Of those asked
by e-mail, promoters answer more often than others.
"""

from typing import NamedTuple

import numpy as np

from twoworlds.worlds import lookup, timeline
from twoworlds.worlds.cells import Coded
from twoworlds.worlds.streams import pick_by_group, threshold
from twoworlds.worlds.swiftfare.research_parameters import (
    FEATURES,
    FRAMES,
    QUESTIONS,
    REACHED_BY,
    SURVEY_KINDS,
    SURVEYS,
)

NO_ITEM = -1
PROMOTER_FROM, DETRACTOR_TO = 9, 6


class Survey(NamedTuple):
    """An entry of SURVEYS, with its number and the share of the frame that was drawn (0: all asked)."""

    number: int
    name: str
    kind: str
    reached_by: str
    frame: str
    frame_on: int
    asked_on: int
    closed_on: int
    share: float


def surveys(parameters):
    """All surveys, in the order of numbers."""
    shares = parameters.sample_share
    return [Survey(place + 1, *entry, shares[place]) for place, entry in enumerate(SURVEYS)]


def make_surveys(parameters):
    """The table of surveys."""
    every = surveys(parameters)

    def coded(field, labels):
        return Coded(np.array([labels.index(getattr(survey, field)) for survey in every]), labels)

    return {
        "survey_id": np.array([survey.number for survey in every]),
        "name": [survey.name for survey in every],
        "kind": coded("kind", SURVEY_KINDS),
        "reached_by": coded("reached_by", REACHED_BY),
        "frame": coded("frame", FRAMES),
        "frame_on": np.array([survey.frame_on for survey in every]),
        "asked_on": np.array([survey.asked_on for survey in every]),
        "closed_on": np.array([survey.closed_on for survey in every]),
    }


def in_frame(survey, visits):
    """Which users of the block could be asked (n,)."""
    since = visits.signed_up if survey.frame == "signed_up" else visits.first_booking
    return (since != timeline.NO_DAY) & (since <= survey.frame_on)


def drawn(survey, streams, visits):
    """Positions in the block of those that a random sample drew, in order."""
    n = len(visits.signed_up)
    chosen = streams.happens("answers", f"drawn_{survey.number}", threshold(survey.share), n)
    return np.flatnonzero(chosen & in_frame(survey, visits))


def reached_on(survey, parameters, streams, rows, n):
    """Day of the answer of each user that a random sample drew (rows: positions in the block of n)."""
    late = streams.below("answers", f"reached_{survey.number}", n, parameters.sample_days)
    return survey.asked_on + late[rows]


def answer_rows(survey, user_id, answered_on, question, value, item=NO_ITEM):
    """Answers to one survey as a table's columns; question and item: positions, or arrays of them."""
    n = len(user_id)
    return {
        "survey_id": np.full(n, survey.number),
        "user_id": user_id,
        "answered_on": answered_on,
        "question": Coded(np.broadcast_to(question, n).astype(np.int64), QUESTIONS),
        "item": Coded(np.broadcast_to(item, n).astype(np.int64), FEATURES),
        "value": value,
    }


def stacked(parts):
    """Several tables of answers as one."""
    table = {}
    for name, first in parts[0].items():
        if isinstance(first, Coded):
            table[name] = Coded(np.concatenate([part[name].codes for part in parts]), first.labels)
        else:
            table[name] = np.concatenate([part[name] for part in parts])
    return table


def true_scores(parameters, streams, parts):
    """How likely each user would really recommend Swiftfare, 0 to 10 (n,): a trait, drawn given what the user
    did in the whole window."""
    visits, bookings, left = parts["visits"], parts["bookings"], parts["left"]
    first_id, n = parts["users"]["user_id"][0], len(visits.signed_up)
    booked = np.bincount(bookings["user_id"] - first_id, minlength=n)
    gone = left["day"] != timeline.NO_DAY
    group = np.where(booked > 1, 0, np.where(booked == 1, 1, np.where(gone, 3, 2)))
    shares = [
        (*(bad * share for share in parameters.detractor_scores),
         *((1 - bad - good) * share for share in parameters.passive_scores),
         *(good * share for share in parameters.promoter_scores))
        for good, bad in zip(parameters.promoter_share, parameters.detractor_share, strict=True)
    ]  # fmt: skip
    return pick_by_group(streams.draws("attitudes", "true_score", n), group, shares)


def recommendation_answers(survey, parameters, streams, parts, score):
    """Answers to "how likely are you to recommend us"."""
    users, visits, n = parts["users"], parts["visits"], len(score)
    if survey.reached_by == "random_sample":
        rows = drawn(survey, streams, visits)
        day = reached_on(survey, parameters, streams, rows, n)
    else:
        limit = np.where(score >= PROMOTER_FROM, parameters.promoter_answers, parameters.other_answers)
        answers = streams.happens("answers", f"answers_{survey.number}", threshold(limit), n)
        rows = np.flatnonzero(answers & in_frame(survey, visits))
        lag = lookup.value(parameters.answer_lag_table, streams.draws("answers", f"lag_{survey.number}", n))
        day = survey.asked_on + lag[rows]
    return answer_rows(survey, users["user_id"][rows], day, QUESTIONS.index("recommend"), score[rows])
