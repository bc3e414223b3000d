# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Lesson 7: how to start
#
# The capstone has no lesson: you have had six. This page only gets you into the data. It shows what a row is in each table, how the tables join, and how the numbers on Maren's slide come about. What is the matter with them is [your job](../book/07-capstone.md), in [the exercise](../exercises/07-capstone.ipynb).
#
# **Time:** a quarter of an hour.

# %% [markdown]
# ## Set up

# %%
import matplotlib.pyplot as plt
import pandas as pd

import twoworlds as tw
from twoworlds import style

style.use()
kettleroom = tw.load("capstone")
window_end = pd.Timestamp("2025-12-31")
kettleroom

# %% [markdown]
# ## What a row is
#
# Read the line of each table above, then its columns on [the data page](../book/data.md). Two things are easy to miss. `people` holds both kinds, those who applied for themselves and those sent by a firm; `motion` tells them apart. And `tests` holds scores of people who never got a place.

# %%
people = kettleroom.people
people.groupby(["motion", "lottery"], observed=True, dropna=False).size().rename("people").to_frame()

# %% [markdown]
# Learners sent by a firm took part in no lottery, so theirs is empty (`NaN`). `sessions` is empty where there was no place, and 0 where there was one that nobody took. Those are different people.

# %%
in_open = people[people["motion"] == "people"]
in_open["sessions"].value_counts(dropna=False).sort_index().rename("people").to_frame().rename_axis("sessions attended")

# %% [markdown]
# ## How the tables join
#
# `person_id`, `class_id`, `firm_id` are the keys; a class knows its town. Here is one person's story, from four tables.

# %%
somebody = kettleroom.rebookings["person_id"].iloc[0]
story = (
    people[people["person_id"] == somebody]
    .merge(kettleroom.classes[["class_id", "course", "starts_on", "ends_on"]], on="class_id")
    .merge(kettleroom.rebookings, on="person_id", how="left")
    .merge(kettleroom.answers[["person_id", "stars"]], on="person_id", how="left")
)
told = ["applied_on", "lottery", "course", "starts_on", "ends_on", "sessions", "stars", "booked_on"]
story[told].astype(str).T.rename_axis("column").set_axis(["this person"], axis=1)

# %% [markdown]
# The scores have two rows a person. `pivot` lays them side by side; somebody without a second test has a gap.

# %%
scores = kettleroom.tests.pivot(index="person_id", columns="test", values="score")
scores.isna().sum().rename("without this test").to_frame()

# %% [markdown]
# ## The slide
#
# Maren made it herself, from the same tables, in an afternoon. Each number is computed without a slip. First, what she says of people.

# %%
sheets = kettleroom.answers[kettleroom.answers["asked"] == "last_session"].merge(people[["person_id", "motion"]], on="person_id")
open_sheets = sheets[sheets["motion"] == "people"]
satisfied = (open_sheets["stars"] >= 4).mean()

gain = (scores["second"] - scores["entry"]).dropna().rename("gain")
tested = people.merge(gain, left_on="person_id", right_index=True)
finished = tested[(tested["motion"] == "people") & (tested["sessions"] == 6)]

adverts = in_open[in_open["source"] == "adverts"]
credited_cost = kettleroom.town_weeks["spend_cents"].sum() / 100 / len(adverts)
print(f"{satisfied:.0%} satisfied, {finished['gain'].mean():.0f} points gained, {credited_cost:.0f} euros an applicant from adverts")

# %% [markdown]
# Then a picture that worries her.

# %% name="fig-slide"
came = in_open[in_open["sessions"] >= 1].merge(kettleroom.classes[["class_id", "ends_on"]], on="class_id")
came["booked_again"] = came["person_id"].isin(kettleroom.rebookings["person_id"])
by_class = came.groupby("ends_on")["booked_again"].agg(["mean", "size"])

fig, ax = plt.subplots(figsize=(style.WIDTH, 3))
labels = [f"{day:%b %Y}" for day in by_class.index]
ax.bar(labels, 100 * by_class["mean"], color=style.GREY, width=0.65)
for place, share in enumerate(100 * by_class["mean"]):
    ax.text(place, share + 0.8, f"{share:.0f}", ha="center")
ax.set_ylabel("Booked again, %")
ax.set_xlabel("Classes that ended in")
ax.tick_params(axis="x", labelrotation=35)
ax.set_ylim(0, 42)
ax.grid(False, axis="x")
ax.set_title("Maren's worry: of later classes, fewer have come back")
style.describe(
    fig,
    f"Seven bars, one for the classes of each quarter: the share of their learners who have booked another course falls from "
    f"{100 * by_class['mean'].iloc[0]:.0f} per cent of those of {labels[0]} to {100 * by_class['mean'].iloc[-1]:.0f} per cent of those of {labels[-1]}.",
)
plt.show()

# %% [markdown]
# Last, what she says of firms.

# %%
contracts = kettleroom.contracts
first = contracts[contracts["term"] == 1].copy()
first["renewed"] = first["firm_id"].isin(contracts.loc[contracts["term"] == 2, "firm_id"])
answered = first[first["renewed"] | (first["ends_on"] <= window_end)]
by_deed = tested[tested["exercise"].notna()].groupby("exercise", observed=True)["gain"].mean()
print(f"{answered['renewed'].mean():.0%} of the {len(answered)} firms with an answer renewed;"
      f" the exercise: {by_deed['done'] - by_deed['not_done']:+.0f} points")

# %% tags=["book"]
at_firms = people[people["motion"] == "firm"]
firm_sheets = sheets[sheets["motion"] == "firm"]
late = came["ends_on"] >= "2025-01-01"
glue("towns", kettleroom.firms["town_id"].nunique())
glue("tables", {7: "Seven", 8: "Eight", 9: "Nine"}[len(kettleroom)])
glue("applicants", f"{len(in_open):,}")
glue("open_classes", int(in_open.loc[in_open["lottery"] != "to_come", "class_id"].nunique()))
glue("placed", f"{int(in_open['sessions'].notna().sum()):,}")
glue("not_drawn", f"{int((in_open['lottery'] == 'not_drawn').sum()):,}")
glue("to_come", int((in_open["lottery"] == "to_come").sum()))
glue("firms", len(kettleroom.firms))
glue("firm_learners", f"{len(at_firms):,}")
glue("firm_classes", int((kettleroom.classes["motion"] == "firm").sum()))
glue("first_seats", f"{int(first['seats'].sum()):,}")
glue("largest_seats", int(first["seats"].max()))
glue("satisfied", 100 * satisfied)
glue("sheets", len(open_sheets))
glue("finisher_gain", finished["gain"].mean())
glue("deed_gain", by_deed["done"] - by_deed["not_done"])
glue("credited_cost", credited_cost)
glue("again_2024", 100 * came.loc[~late, "booked_again"].mean())
glue("again_2025", 100 * came.loc[late, "booked_again"].mean())
glue("renewed_answered", 100 * answered["renewed"].mean())
glue("answered", len(answered))
glue("trial_weeks", int(kettleroom.town_weeks.query("in_trial")["week"].nunique()))
glue("tests", f"{len(kettleroom.tests):,}")
glue("rows", f"{sum(len(frame) for frame in kettleroom.values()):,}")
# What the slide must show, or the brief makes no sense.
assert satisfied > 0.85 and finished["gain"].mean() > 12 and by_deed["done"] > by_deed["not_done"]
assert came.loc[late, "booked_again"].mean() < came.loc[~late, "booked_again"].mean()

# %% [markdown]
# ## Now you
#
# All of it is true, and you would not want to say any of it on Thursday. Before you compute, write down for each number: *of whom? compared with whom? seen until when? what is the unit?* Then open [the exercise](../exercises/07-capstone.ipynb).
