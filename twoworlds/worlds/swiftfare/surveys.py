"""Surveys of the panel: who could be asked, who answered, and what.

A random sample draws each user of the frame with the same chance, and everybody drawn answers. Of those asked
by e-mail, promoters answer more often than others.
"""

from functools import lru_cache
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


@lru_cache(maxsize=8)
def surveys(parameters):
    """All surveys, in the order of numbers (a tuple)."""
    shares = parameters.sample_share
    return tuple(Survey(place + 1, *entry, shares[place]) for place, entry in enumerate(SURVEYS))


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
    """Positions in the block of those who could be asked, in order."""
    since = visits.signed_up if survey.frame == "signed_up" else visits.first_booking
    return np.flatnonzero((since != timeline.NO_DAY) & (since <= survey.frame_on))


def drawn(survey, streams, n, frame):
    """Those of the frame that a random sample drew. frame: positions in the block of n."""
    chosen = streams.happens("answers", f"drawn_{survey.number}", threshold(survey.share), n)
    return frame[chosen[frame]]


def reached_on(survey, parameters, streams, rows, n):
    """Day of the answer of each user that a random sample drew (rows: positions in the block of n)."""
    draws = streams.draws("answers", f"reached_{survey.number}", n, rows)
    return survey.asked_on + (draws * parameters.sample_days >> 32)


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


@lru_cache(maxsize=1)
def _no_answers():
    nobody = np.zeros(0, dtype=np.int64)
    return answer_rows(Survey(0, *SURVEYS[0], 0.0), nobody, nobody, 0, nobody)


def stacked(parts):
    """Several tables of answers as one."""
    table, parts = {}, parts or [_no_answers()]
    for name, first in parts[0].items():
        if isinstance(first, Coded):
            table[name] = Coded(np.concatenate([part[name].codes for part in parts]), first.labels)
        else:
            table[name] = np.concatenate([part[name] for part in parts])
    return table


@lru_cache(maxsize=8)
def _score_shares(parameters):
    """Share of each score, by group."""
    return tuple(
        (*(bad * share for share in parameters.detractor_scores),
         *((1 - bad - good) * share for share in parameters.passive_scores),
         *(good * share for share in parameters.promoter_scores))
        for good, bad in zip(parameters.promoter_share, parameters.detractor_share, strict=True)
    )  # fmt: skip


def true_scores(parameters, streams, parts, rows):
    """How likely some users would really recommend Swiftfare, 0 to 10: a trait, drawn given what the user
    did in the whole window. rows: their positions in the block. Returns (n,), for others without meaning."""
    bookings, left, n = parts["bookings"], parts["left"], len(parts["visits"].signed_up)
    booked = np.bincount(bookings["user_id"] - parts["users"]["user_id"][0], minlength=n)[rows]
    gone = left["day"][rows] != timeline.NO_DAY
    group = np.where(booked > 1, 0, np.where(booked == 1, 1, np.where(gone, 3, 2)))
    score = np.zeros(n, dtype=np.int64)
    draws = streams.draws("attitudes", "true_score", n, rows)
    score[rows] = pick_by_group(draws, group, _score_shares(parameters))
    return score


def recommendation_answers(survey, parameters, streams, parts, frame, score):
    """Answers to "how likely are you to recommend us". frame: positions of those who could be asked."""
    users, n = parts["users"], len(score)
    if survey.reached_by == "random_sample":
        rows = drawn(survey, streams, n, frame)
        day = reached_on(survey, parameters, streams, rows, n)
    else:
        limits = threshold((parameters.other_answers, parameters.promoter_answers))
        limit = limits[(score[frame] >= PROMOTER_FROM).astype(np.int64)]
        rows = frame[streams.words32("answers", f"answers_{survey.number}", n)[frame] < limit]
        lag = streams.words32("answers", f"lag_{survey.number}", n)[rows]
        day = survey.asked_on + lookup.value(parameters.answer_lag_table, lag)
    return answer_rows(survey, users["user_id"][rows], day, QUESTIONS.index("recommend"), score[rows])
