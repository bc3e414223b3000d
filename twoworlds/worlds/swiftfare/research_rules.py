"""What must hold in the tables of Swiftfare's research."""

import pandas as pd

from twoworlds.worlds.swiftfare.research_parameters import FEATURES

_QUESTIONS = {
    "recommendation": {"recommend"},
    "best_worst": {"set_1", "set_2"},
    "price_named": {"too_cheap", "cheap", "expensive", "too_expensive"},
    "price_offered": {"offered", "bought"},
}


def _count(what, wrong):
    """A sentence where any of a Series of booleans is true."""
    if wrong.any():
        yield f"{what}: {int(wrong.sum())} rows"


def violations(tables):
    """Sentences, one for each rule that is broken; none where all is well."""
    yield from _answer_violations(tables)
    yield from _preference_violations(tables)
    yield from _interview_violations(tables["interviews"])
    yield from _release_violations(tables["releases"])


def _answer_violations(tables):
    """Who answers which survey, and when."""
    surveys, answers = tables["surveys"].set_index("survey_id"), tables["answers"]
    yield from _count("survey that closes before it asks", surveys["closed_on"] < surveys["asked_on"])
    yield from _count("survey asked before its frame was known", surveys["asked_on"] < surveys["frame_on"])
    of_survey = surveys.loc[answers["survey_id"]].set_axis(answers.index)
    open_then = answers["answered_on"].between(of_survey["asked_on"], of_survey["closed_on"])
    yield from _count("answer outside its survey's days", ~open_then)
    signed_up = answers["user_id"].map(tables["users"].set_index("user_id")["signed_up_on"])
    first = answers["user_id"].map(tables["bookings"].groupby("user_id")["booked_on"].min())
    since = signed_up.where(of_survey["frame"] == "signed_up", first)
    yield from _count("answer from outside the frame", ~(since <= of_survey["frame_on"]))
    asked = of_survey["kind"].astype(str).map(_QUESTIONS)
    questions = answers["question"].astype(str)
    strange = [question not in known for question, known in zip(questions, asked, strict=True)]
    yield from _count("question of another kind of survey", pd.Series(strange, index=answers.index))
    about = of_survey["kind"] == "best_worst"
    yield from _count("item without a set, or a set without one", answers["item"].notna() != about)
    days = answers.groupby(["survey_id", "user_id"])["answered_on"].nunique()
    yield from _count("user who answers a survey on two days", days > 1)


def _preference_violations(tables):
    """What the values of each kind of question may be."""
    answers = tables["answers"]
    score = answers["question"] == "recommend"
    yield from _count("score above 10 or below 0", score & ~answers["value"].between(0, 10))
    bought = answers["question"] == "bought"
    yield from _count("offer neither taken nor left", bought & ~answers["value"].isin([0, 1]))

    sets = answers[answers["item"].notna()]
    by_set = sets.groupby(["survey_id", "user_id", "question"], observed=True)["value"]
    wrong = (by_set.max() != 1) | (by_set.min() != -1) | (by_set.sum() != 0) | (by_set.count() != 4)
    yield from _count("set without four features, one best and one worst", wrong)
    seen = sets.groupby(["survey_id", "user_id"])["item"].nunique()
    yield from _count("customer who did not see every feature once", seen != len(FEATURES))

    prices = answers[answers["question"].isin(_QUESTIONS["price_named"])].copy()
    prices["question"] = prices["question"].astype(str)
    named = prices.pivot(index=["survey_id", "user_id"], columns="question", values="value")
    if not named.empty:
        rises = named["too_cheap"].le(named["cheap"]) & named["cheap"].le(named["expensive"])
        rises &= named["expensive"].le(named["too_expensive"])  # false where a price is missing
        yield from _count("prices that do not rise", ~rises)
    offers = answers[answers["question"].isin(_QUESTIONS["price_offered"])]
    both = offers.groupby(["survey_id", "user_id"]).size()
    yield from _count("offer without price or answer", both != 2)


def _interview_violations(interviews):
    each = interviews.groupby("interview_id")
    for column in ("held_on", "profile"):
        different = each[column].nunique() > 1
        yield from _count(f"interview with more than one {column}", different)
    nothing = (interviews["theme"] == "no problem named").groupby(interviews["interview_id"]).any()
    yield from _count("interview with a problem and without", nothing & (each.size() > 1))
    ordered = interviews.sort_values("interview_id").groupby("profile", observed=True)["held_on"].diff()
    yield from _count("interviews out of order", ordered < pd.Timedelta(0))


def _release_violations(releases):
    yield from _count(
        "end of a failure without one, or none of one",
        releases["failed"] != releases["recovered_minutes"].notna(),
    )
    hidden = ~releases["flagged"] & (releases["exposed_percent"] != 100)
    yield from _count("hidden from some without a flag", hidden)
    yield from _count("releases out of order", releases["live_on"].diff() < pd.Timedelta(0))
    yield from _count("release at a weekend", releases["live_on"].dt.day_of_week > 4)
    yield from _count("release name used twice", releases["name"].duplicated())
