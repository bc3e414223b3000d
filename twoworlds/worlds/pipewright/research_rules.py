"""What must hold in the tables of Pipewright's research."""

import pandas as pd

from twoworlds.worlds.pipewright.research_parameters import NO_THEME

_WHO = {
    "recommend": ("administrator",),
    "fair_price": ("user", "buyer"),
}
_SEATS = ("user", "manager", "administrator")


def _count(what, wrong):
    if wrong.any():
        yield f"{what}: {int(wrong.sum())} rows"


def violations(tables):
    """Sentences, one for each rule that is broken; none where all is well."""
    contacts, surveys = tables["contacts"], tables["surveys"].set_index("survey_id")
    frame_on = surveys["frame_on"].iloc[0]
    churn = tables["movements"].query("kind == 'churn'").set_index("account_id")["moved_on"]
    accounts = tables["accounts"].set_index("account_id").loc[contacts["account_id"]].set_axis(contacts.index)
    left = contacts["account_id"].map(churn)
    yield from _count("contact outside the frame", ~(accounts["enterprise"] | (accounts["size"] == "large")))
    customer = (accounts["first_paid_on"] <= frame_on) & ~(left <= frame_on)
    yield from _count("contact of no customer on the frame's day", ~customer)
    number = contacts.groupby("account_id").size()
    yield from _count("account with fewer than 4 or more than 12 contacts", ~number.between(4, 12))

    seated = contacts[contacts["member_id"].notna()]
    members = tables["members"].set_index("member_id").loc[seated["member_id"]].set_axis(seated.index)
    yield from _count("seat at another account", members["account_id"] != seated["account_id"])
    held = (members["seat_from"] <= frame_on) & ~(members["seat_to"] < frame_on)
    yield from _count("seat not held on the frame's day", ~held)
    yield from _count("seat with two contacts", seated["member_id"].duplicated())
    yield from _count("seat of a buyer or approver", ~seated["persona"].isin(_SEATS))
    since = (frame_on - members["seat_from"]).dt.days // 30
    yield from _count("longer with the seat than with the company", seated["tenure_months"] < since)

    answers = tables["answers"]
    person = contacts.set_index("contact_id").loc[answers["contact_id"]].set_axis(answers.index)
    survey = surveys.loc[answers["survey_id"]].set_axis(answers.index)
    open_then = answers["answered_on"].between(survey["asked_on"], survey["closed_on"])
    yield from _count("answer outside the days of its survey", ~open_then)
    gone = person["account_id"].map(churn)
    yield from _count("answer after the churn", answers["answered_on"] >= gone)
    about_needs = answers["question"].isin(["first_need", "need_rating"])
    yield from _count("item where there is none, or none", answers["item"].notna() != about_needs)
    kind = answers["question"].map(
        {
            "recommend": "recommendation",
            "first_need": "needs",
            "need_rating": "needs",
            "fair_price": "price_named",
        }
    )
    yield from _count("question of another survey", kind.astype(str) != survey["kind"].astype(str))
    for question, personas in _WHO.items():
        asked = (answers["question"] == question) & ~person["persona"].isin(personas)
        yield from _count(f"{question} asked of somebody else", asked)
    most = answers["question"].map({"recommend": 10, "first_need": 1, "need_rating": 100}).astype(float)
    yield from _count("value beyond its scale", answers["value"] > most)

    interviews = tables["interviews"]
    of_whom = contacts.set_index("contact_id").loc[interviews["contact_id"]].set_axis(interviews.index)
    gone = of_whom["account_id"].map(churn)
    yield from _count("interview after the churn", interviews["held_on"] >= gone)
    yield from _count("interview before the frame", interviews["held_on"] < frame_on)
    yield from _count("interview at a week's end", interviews["held_on"].dt.day_of_week > 4)
    talks = interviews.groupby("interview_id").agg(
        days=("held_on", "nunique"), people=("contact_id", "nunique"), who=("contact_id", "first"),
        themes=("theme", "size"), none=("theme", lambda themes: (themes == NO_THEME).any()),
    )  # fmt: skip
    yield from _count(
        "interview on two days or with two people", (talks["days"] != 1) | (talks["people"] != 1)
    )
    yield from _count("person interviewed twice", pd.Series(talks["who"]).duplicated())
    yield from _count("no problem named, and a theme", talks["none"] & (talks["themes"] > 1))
