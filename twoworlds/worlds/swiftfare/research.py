"""Releases, survey answers and interviews of Swiftfare's users."""

from functools import lru_cache

import numpy as np

from twoworlds.worlds import timeline
from twoworlds.worlds.swiftfare import company, interviews, preferences, releases, surveys
from twoworlds.worlds.swiftfare.research_parameters import SURVEYS


@lru_cache(maxsize=2)
def _whole(parameters, seed):
    """Company-wide tables and their oracle, whole and without a row: they descend from no user."""
    log, chances = releases.make_releases(parameters, seed)
    tables = {
        "surveys": surveys.make_surveys(parameters),
        "interviews": interviews.make_interviews(parameters, seed),
        "releases": log,
    }
    whole = tables, {"release_chances": chances}
    return whole, tuple(company.without_rows(part) for part in whole)


def _company(parameters, streams):
    """The company-wide tables: whole in the first block, without a row in all others."""
    return _whole(parameters, streams.seed)[0 if streams.block == 0 else 1]


def make_research(parameters, streams, scale, parts):
    """All rows of a block. parts: what the block holds already (see world.py). Returns (tables, oracle)."""
    users, n = parts["users"], len(parts["users"]["user_id"])
    signed_up = np.flatnonzero(parts["visits"].signed_up != timeline.NO_DAY)
    score = surveys.true_scores(parameters, streams, parts, signed_up)
    pays_cents = preferences.pays(parameters, streams, n)
    answers, priced = [], np.zeros(n, dtype=bool)
    for survey in surveys.surveys(parameters):
        frame = surveys.in_frame(survey, parts["visits"])
        if len(frame) == 0:
            continue  # half of the blocks hold nobody who had come by then
        if survey.kind == "recommendation":
            found = surveys.recommendation_answers(survey, parameters, streams, parts, frame, score)
        elif survey.kind == "best_worst":
            found = preferences.best_worst_answers(survey, parameters, streams, parts, frame)
        else:
            ask = preferences.named_answers if survey.kind == "price_named" else preferences.offered_answers
            rows, found = ask(survey, parameters, streams, parts, frame, pays_cents)
            priced[rows] = True
        answers.append(found)
    whole, whole_oracle = _company(parameters, streams)
    oracle = {
        "attitudes": {"user_id": users["user_id"][signed_up], "true_score": score[signed_up]},
        "prices": {"user_id": users["user_id"][priced], "pays_cents": pays_cents[priced]},
        **whole_oracle,
    }
    tables = {
        "surveys": whole["surveys"],
        "answers": surveys.stacked(answers),
        "interviews": whole["interviews"],
        "releases": whole["releases"],
    }
    return tables, oracle


def count(tables, oracle):
    """What the truth counts in a block, by survey of the recommendation: whole numbers."""
    people, attitudes = tables["users"], oracle["attitudes"]
    signed_up = people["signed_up_on"][attitudes["user_id"] - people["user_id"][0]]
    score = attitudes["true_score"]
    frames = [
        score[signed_up <= frame_on] for _, kind, _, _, frame_on, _, _ in SURVEYS if kind == "recommendation"
    ]
    return {
        "recommendation_frame": [len(frame) for frame in frames],
        "true_promoters": [int((frame >= surveys.PROMOTER_FROM).sum()) for frame in frames],
        "true_detractors": [int((frame <= surveys.DETRACTOR_TO).sum()) for frame in frames],
    }


def realised(counts):
    """What came of the plants, from the counts: JSON-ready."""
    frames = zip(
        counts["recommendation_frame"], counts["true_promoters"], counts["true_detractors"], strict=True
    )
    return {
        "who_answers": {"true_nps": [round((good - bad) / max(size, 1), 6) for size, good, bad in frames]}
    }
