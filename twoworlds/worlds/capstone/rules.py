"""What must hold in any data of Kettleroom: keys and ranges by the dictionary, and the company's own sense.

Not in `validate.py`, whose text is part of what `make calibrate` has tried with the two other companies.
"""

import pandas as pd

from twoworlds import dictionary
from twoworlds.worlds import validate
from twoworlds.worlds.capstone.parameters import SESSIONS

WINDOW_END = validate.WINDOW_END
HIDDEN = {"keen", "brought", "active", "chance_renews"}


def _count(what, wrong):
    if wrong.any():
        yield f"{what}: {int(wrong.sum())} rows"


def _people(tables):
    people, classes = tables["people"], tables["classes"].set_index("class_id")
    held = classes.loc[people["class_id"]].set_axis(people.index)
    at_firm = people["motion"] == "firm"
    placed = people["lottery"].isin(["drawn", "all_placed"]) | at_firm
    yield from _count("motion other than the class's", people["motion"] != held["motion"])
    yield from _count("firm other than the class's", people["firm_id"].fillna(0) != held["firm_id"].fillna(0))
    yield from _count("learner of a firm without one", at_firm != people["firm_id"].notna())
    for name in ("applied_on", "source", "lottery"):
        yield from _count(f"{name} of a learner at a firm, or missing", at_firm == people[name].notna())
    yield from _count("sessions without a place, or none with one", placed != people["sessions"].notna())
    yield from _count("application after the class begins", people["applied_on"] >= held["starts_on"])
    to_come = people["lottery"] == "to_come"
    yield from _count(
        "decided before the class, or undecided after", to_come != (held["starts_on"] > WINDOW_END)
    )
    sizes = people[people["lottery"].isin(["drawn", "all_placed"])].groupby("class_id").size()
    yield from _count("more than twelve places given", sizes > 12)
    lots = people[people["lottery"].isin(["drawn", "not_drawn"])].groupby("class_id")["lottery"]
    yield from _count("lottery that leaves places free", lots.agg(lambda one: (one == "drawn").sum()) != 12)
    offered = people["firm_id"].map(tables["firms"].set_index("firm_id")["exercise"]).eq(True)
    came = people["sessions"].fillna(0) > 0
    yield from _count(
        "exercise not offered, or offered without a word", (offered & came) != people["exercise"].notna()
    )


def _records(tables):
    people = tables["people"].set_index("person_id")
    classes = tables["classes"].set_index("class_id")
    people = people.join(classes[["starts_on", "ends_on"]], on="class_id")
    tests, answers = tables["tests"], tables["answers"]
    of_test = people.loc[tests["person_id"]].set_axis(tests.index)
    second = tests["test"] == "second"
    yield from _count(
        "entry test after the class begins", ~second & (tests["taken_on"] >= of_test["starts_on"])
    )
    yield from _count("second test before the class ends", second & (tests["taken_on"] <= of_test["ends_on"]))
    entries = tests[~second].groupby("person_id").size().reindex(people.index, fill_value=0)
    yield from _count("person without one entry test", entries != 1)
    of_answer = people.loc[answers["person_id"]].set_axis(answers.index)
    finished = of_answer["sessions"] == SESSIONS
    yield from _count("sheet of somebody who left", (answers["asked"] == "last_session") != finished)
    yield from _count("answer of somebody who never came", of_answer["sessions"].fillna(0) < 1)
    yield from _count("answer before the last session", answers["answered_on"] < of_answer["ends_on"])
    again = tables["rebookings"]
    of_again = people.loc[again["person_id"]].set_axis(again.index)
    yield from _count("rebooking of somebody who never came", of_again["sessions"].fillna(0) < 1)
    yield from _count("rebooking before the class ended", again["booked_on"] <= of_again["ends_on"])
    yield from _count("rebooking of a firm's learner", of_again["motion"] == "firm")
    weeks = tables["town_weeks"]
    yield from _count(
        "money without adverts, or adverts for nothing", weeks["adverts"] != (weeks["spend_cents"] > 0)
    )
    yield from _count("week without adverts outside the trial", ~weeks["adverts"] & ~weeks["in_trial"])
    yield from _count("week that is not a Monday", weeks["week"].dt.day_of_week != 0)


def _contracts(tables):
    contracts = tables["contracts"].sort_values(["firm_id", "term"])
    before = contracts.groupby("firm_id")[["term", "ends_on"]].shift()
    later = before["term"].notna()
    yield from _count("first contract that is not the first", ~later & (contracts["term"] != 1))
    follows = contracts["started_on"] == before["ends_on"] + pd.Timedelta(days=1)
    yield from _count("contract that does not follow the one before", later & ~follows)
    lead = (before["ends_on"] - contracts["signed_on"]).dt.days
    yield from _count("renewal signed too early or too late", later & ~lead.between(20, 150))
    year = contracts["started_on"] + pd.DateOffset(months=12) - pd.Timedelta(days=1)
    yield from _count("contract of another length", year != contracts["ends_on"])
    yield from _count("contract signed after it starts", contracts["signed_on"] >= contracts["started_on"])
    firms = set(tables["firms"]["firm_id"])
    if firms != set(contracts["firm_id"]):
        yield "firms and contracts do not agree"
    classes = tables["classes"][tables["classes"]["motion"] == "firm"]
    sizes = tables["people"].groupby("class_id").size()
    held = classes.drop(columns="ends_on").merge(contracts, on="firm_id")
    held = held[held["starts_on"].between(held["started_on"], held["ends_on"])]
    yield from _count("class at a firm outside its contracts", ~classes["class_id"].isin(held["class_id"]))
    used = held.assign(n=held["class_id"].map(sizes)).groupby(["firm_id", "term"])["n"].sum()
    paid = contracts.set_index(["firm_id", "term"])["seats"].reindex(used.index)
    yield from _count("more seats used than paid for", used > paid)


def violations(tables):
    """Everything wrong with the tables (name -> DataFrame, as `load` gives them), in sentences."""
    found = list(validate._dictionary_violations(dictionary.tables("capstone"), tables))
    shown = {column for frame in tables.values() for column in frame.columns}
    found += [f"{column} belongs to the truth" for column in sorted(shown & HIDDEN)]
    return found or [sentence for own in (_people, _records, _contracts) for sentence in own(tables)]
