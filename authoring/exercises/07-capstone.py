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

# %% [markdown] tags=["solution"]
# # Solution 7: does the teaching work?
#
# The capstone's seven numbers, answered and discussed, two memos, and at the very end the truth. **Close this page if your own memo is not written yet.** There is no second capstone, and you can be surprised only once.
#
# Other routes to the same number are as good. If yours differs in the words that follow and not in the number, you are done.

# %% [markdown] tags=["exercise"]
# # Exercise 7: does the teaching work?
#
# This is the capstone: seven numbers that are checked, and a memo that people judge. [The brief](../book/07-capstone.md) tells you what Kettleroom needs, how the memo is judged, and which chapter to go back to for each number. The questions don't build on each other; 2 and 3 are the longest. Plan half a day for the numbers and an hour for the memo (an estimate, not yet timed in a class).
#
# Replace each `...` with your code, run the cell, then run the check below it. A check never shows you the answer; if yours is off, it tries to name what went wrong. Hints are folded away beneath it. You are on your own here, so try without them first.

# %%
# Run this cell first. It loads Kettleroom's tables.
import numpy as np
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

import twoworlds as tw
from twoworlds import Checker

check = Checker("07-capstone")
kettleroom = tw.load("capstone")
window_end = pd.Timestamp("2025-12-31")

# %% [markdown] question="q1"
# ## Question 1: people, how many are satisfied
#
# The slide counts the sheets of the last session. You want **all who came**.
#
# - Take the people who came to **at least one** session of an **open** class (`motion` is `people`, `sessions` is 1 or more). They **finished** if they came to all 6.
# - **Satisfied** are four or five `stars` in `kettleroom.answers`.
# - Some of them gave no answer. The answers of those who finished stand for all who finished, the answers of those who left for all who left.
#
# Store the share satisfied of all who came, a fraction between 0 and 1 with all its digits, in `satisfied_all`.

# %%
# BEGIN SOLUTION q1
people, answers = kettleroom.people, kettleroom.answers
came = people[(people["motion"] == "people") & (people["sessions"] >= 1)]
finished = (came["sessions"] == 6).mean()

stars = came.merge(answers, on="person_id")
satisfied = (stars["stars"] >= 4).groupby((stars["sessions"] == 6).astype(bool)).mean()

satisfied_all = finished * satisfied[True] + (1 - finished) * satisfied[False]
# END SOLUTION
satisfied_all

# %% tags=["check"]
check("q1")

# %% tags=["solution"]
n = (stars["sessions"] == 6).value_counts()
parts = [finished**2 * satisfied[True] * (1 - satisfied[True]) / n[True],
         (1 - finished)**2 * satisfied[False] * (1 - satisfied[False]) / n[False],
         (satisfied[True] - satisfied[False])**2 * finished * (1 - finished) / len(came)]
satisfied_error = np.sqrt(sum(parts))
print(f"{len(came)} came, {finished:.0%} finished. Satisfied: {satisfied[True]:.0%} of those who finished,"
      f" {satisfied[False]:.0%} of those who left.")
print(f"All who came: {satisfied_all:.1%} ({satisfied_all - 1.96 * satisfied_error:.1%}"
      f" to {satisfied_all + 1.96 * satisfied_error:.1%}).")

# %% [markdown] tags=["solution"]
# **Who was asked.** The sheet goes round in the last session, so it asks those who stayed, and people stay where they like it. It is the survivors' story of [the retention chapter](../book/03-retention.md) with a pencil. No number of sheets mends it.
#
# **Why weights.** Half of those who left were called, and not all were reached, so they are too few among the answers. Pooling the answers moves the number half of the way. The weights give each group the share that it has *in the class*. It takes for granted that the leavers who were reached are like those who were not: the call list was drawn by lot, and who picks up the telephone was not.
#
# **Still not teaching.** The number is honest now, and it says that people liked it. Whether they learnt anything is question 2.

# %% tags=["spec"]
# ruff: noqa: F401 - the setup cell imports what learners may want
question(
    "q1",
    kind="number",
    name="satisfied_all",
    title="Satisfied, of all who came to an open class",
    unit="fraction",
    range=(0, 1),
    right="those who left count for as many as they are.",
    hints=[
        "Two groups: those who finished and those who left. You need the size of each among all who *came*, and the share satisfied of each among those who *answered*.",
        "`came.merge(answers, on=\"person_id\")` holds those who answered. Group by `sessions == 6`.",
    ],
    traps={
        "the sheets alone": (
            "satisfied[True]",
            "those are the sheets of the last session: you asked the people who stayed. Those who left count too.",
        ),
        "those who left": (
            "satisfied[False]",
            "that is the share of those who left. Both groups count, each for as many as it has.",
        ),
        "all answers alike": (
            "(stars['stars'] >= 4).mean()",
            "you pooled the answers. Those who left were called by lot and reached in part, so they are too few among the answers: weigh each group by how many *came*.",
        ),
        "silence as a no": (
            "(stars['stars'] >= 4).sum() / len(came)",
            "whoever gave no answer counts as not satisfied. Nobody knows: let each group's answers stand for the group.",
        ),
        "plain mean": (
            "satisfied.mean()",
            "you took the plain mean of the two shares. The groups are not of one size: weigh them by how many came.",
        ),
        "weights turned round": (
            "(1 - finished) * satisfied[True] + finished * satisfied[False]",
            "the weights are turned round: those who finished got the weight of those who left.",
        ),
        "those who never came": (
            "placed = people[(people['motion'] == 'people') & people['sessions'].notna()]\n"
            "w = (placed['sessions'] == 6).mean()\n"
            "satisfied_all = w * satisfied[True] + (1 - w) * satisfied[False]",
            "people who had a place and never came are among your leavers. Nobody asked them; the question counts those who came at least once.",
        ),
        "all applicants": (
            "applied = people[people['motion'] == 'people']\n"
            "w = (applied['sessions'] == 6).sum() / len(applied)\n"
            "satisfied_all = w * satisfied[True] + (1 - w) * satisfied[False]",
            "your base holds everybody who applied, also those who got no place. Take those who came to a session.",
        ),
        "firms' learners too": (
            "every = people[people['sessions'] >= 1]\n"
            "w = (every['sessions'] == 6).mean()\n"
            "both = every.merge(answers, on='person_id')\n"
            "s = (both['stars'] >= 4).groupby((both['sessions'] == 6).astype(bool)).mean()\n"
            "satisfied_all = w * s[True] + (1 - w) * s[False]",
            "learners of firms are in your table too. The question is about the people who pay for themselves: `motion` is `people`.",
        ),
        "all sheets, firms too": (
            "(answers.loc[answers['asked'] == 'last_session', 'stars'] >= 4).mean()",
            "those are the sheets of open classes and of firms together, from the people who stayed. Take the open classes, and let those who left count too.",
        ),
        "every answer, firms too": (
            "(answers['stars'] >= 4).mean()",
            "those are all answers of the table, firms' learners included, and those who left are too few among them. Take the open classes and weigh the two groups by how many came.",
        ),
        "five stars": (
            "best = (stars['stars'] == 5).groupby((stars['sessions'] == 6).astype(bool)).mean()\n"
            "satisfied_all = finished * best[True] + (1 - finished) * best[False]",
            "you counted five stars only. Four count as satisfied too.",
        ),
        "three stars": (
            "three = (stars['stars'] >= 3).groupby((stars['sessions'] == 6).astype(bool)).mean()\n"
            "satisfied_all = finished * three[True] + (1 - finished) * three[False]",
            "you counted three stars as satisfied. Four or five are.",
        ),
        "more than four": (
            "four = (stars['stars'] <= 4).groupby((stars['sessions'] == 6).astype(bool)).mean()\n"
            "satisfied_all = finished * four[True] + (1 - finished) * four[False]",
            "the comparison of the stars is turned round. Four or more are satisfied.",
        ),
        "five sessions will do": (
            "w = (came['sessions'] >= 5).mean()\n"
            "s = (stars['stars'] >= 4).groupby((stars['sessions'] >= 5).astype(bool)).mean()\n"
            "satisfied_all = w * s[True] + (1 - w) * s[False]",
            "you let five sessions pass for finished. They finished if they came to all six.",
        ),
        "mean stars": (
            "m = stars['stars'].groupby((stars['sessions'] == 6).astype(bool)).mean()\n"
            "satisfied_all = finished * m[True] + (1 - finished) * m[False]",
            "that is a mean of the stars. The question asks for a share of people: those with four or five.",
        ),
        "share who finish": (
            "finished",
            "that is the share who *finished*. Staying is not being satisfied.",
        ),
    },
)

# %% [markdown] question="q2"
# ## Question 2: people, what a place adds
#
# Where more people apply than there are places, the twelve places are drawn by lot, and everybody gets both tests: that is an experiment in each such class.
#
# - Take applicants whose `lottery` is `drawn` or `not_drawn` and who sat **both** tests. Their **gain** is the second score less the entry score. Nobody is left out for staying away or leaving: who was drawn counts as drawn.
# - Within each lottery (`class_id`) with at least one of both, take the mean gain of the drawn less that of the not drawn.
# - Average these differences, each weighted by $d\,u/(d+u)$, with $d$ drawn and $u$ not drawn people in it. It gives most weight to lotteries that can tell most. (A regression with a level of its own for each lottery comes to the same.)
#
# Store it, in points, in `place_points`.

# %%
# BEGIN SOLUTION q2
scores = kettleroom.tests.pivot(index="person_id", columns="test", values="score")
gain = (scores["second"] - scores["entry"]).dropna().rename("gain")
tested = kettleroom.people.merge(gain, left_on="person_id", right_index=True)

lots = tested[tested["lottery"].isin(["drawn", "not_drawn"])]
by = lots.groupby(["class_id", "lottery"], observed=True)["gain"].agg(["mean", "size"]).unstack()
difference = by["mean"]["drawn"] - by["mean"]["not_drawn"]
weight = by["size"]["drawn"] * by["size"]["not_drawn"] / by["size"].sum(axis=1)

place_points = (difference * weight).sum() / weight[difference.notna()].sum()
# END SOLUTION
place_points

# %% tags=["check"]
check("q2")

# %% tags=["solution"]
lottery_count = int(difference.notna().sum())
share = weight[difference.notna()] / weight[difference.notna()].sum()
spread = (share**2 * (difference.dropna() - place_points) ** 2).sum()
place_error = np.sqrt(spread * lottery_count / (lottery_count - 1))
done = tested[(tested["motion"] == "people") & (tested["sessions"] == 6)]
every = kettleroom.people[kettleroom.people["lottery"].isin(["drawn", "not_drawn"])]
sat = every["person_id"].isin(gain.index).groupby(every["lottery"].astype(str)).mean()
print(f"{lottery_count} lotteries: {place_points:.1f} points for a place"
      f" ({place_points - 1.96 * place_error:.1f} to {place_points + 1.96 * place_error:.1f}).")
print(f"Those who finished gained {done['gain'].mean():.1f} points, those not drawn"
      f" {lots.loc[lots['lottery'] == 'not_drawn', 'gain'].mean():.1f} without any class.")
print(f"The second test was sat by {sat['drawn']:.0%} of the drawn and {sat['not_drawn']:.0%} of the others.")

# %% [markdown] tags=["solution"]
# **Gaining is not being taught.** People who got no place gained too: the second time one knows the test, works with spreadsheets every day, reads a book. Before and after credits the class with all of it. And those who *finished* are those who would have learnt more anyway.
#
# **As drawn, not as done.** Compare those who came with those who didn't, and you compare the keen with the rest; the lot is wasted. Compared *as drawn* (the trade's word is *intention to treat*), the answer is what **offering a place** does, absentees included. It is smaller than what a full course does, and it is what Kettleroom can sell: nobody can sell attendance.
#
# **Within the lottery.** The chance of a place differs from class to class, and so does what people gain without one. Pooled over all classes, the crowded course has more of the losers, and its low gains make the winners look better. Each lottery is fair only inside.
#
# **Who is missing.** A lot protects those who are measured only if the same kind of people is missing on both sides. Here the second test was sat by about as many of the drawn as of the others; had the losers stayed away in numbers, the lot would be worth little. Look at this before the effect.
#
# **The unit is the lottery.** The drawn of one class sit in one room with one trainer. So the interval is made over lotteries.

# %% tags=["spec"]
LOTS = """
def within(rows, weights="best", key="class_id", value="gain"):
    b = rows.groupby([key, "lottery"], observed=True)[value].agg(["mean", "size"]).unstack()
    d = b["mean"]["drawn"] - b["mean"]["not_drawn"]
    n1, n0 = b["size"]["drawn"], b["size"]["not_drawn"]
    w = {"best": n1 * n0 / (n1 + n0), "all": n1 + n0, "drawn": n1, "other": n0, "product": n1 * n0, "none": n1 * 0 + 1}[weights]
    return (d * w).sum() / w[d.notna()].sum()
open_tested = tested[tested["motion"] == "people"]
lost = lots[lots["lottery"] == "not_drawn"]
"""
question(
    "q2",
    kind="number",
    name="place_points",
    title="Points that a place adds, within lotteries",
    unit="points",
    right="drawn against not drawn, in the same lottery, whatever they did afterwards.",
    hints=[
        "`tests.pivot(index=\"person_id\", columns=\"test\", values=\"score\")` puts both scores in a row; those without a second test have no gain.",
        "One groupby by `class_id` and `lottery`, with mean and size of the gain; `unstack` puts drawn and not drawn side by side.",
        "Then a difference and a weight a lottery. Weighted mean: sum of products over the sum of weights.",
    ],
    traps={
        "the finishers' gain": (
            LOTS + "place_points = open_tested.loc[open_tested['sessions'] == 6, 'gain'].mean()",
            "that is what those who finished gained between the tests. People without a place gained too: compare with them.",
        ),
        "gain of the drawn": (
            LOTS + "place_points = lots.loc[lots['lottery'] == 'drawn', 'gain'].mean()",
            "that is what the drawn gained, before and after. What would they have gained without a place? Those not drawn tell you.",
        ),
        "gain of the others": (
            LOTS + "place_points = lost['gain'].mean()",
            "that is what people gain without a class. You need what a place adds to it.",
        ),
        "pooled": (
            LOTS + "place_points = lots.loc[lots['lottery'] == 'drawn', 'gain'].mean() - lost['gain'].mean()",
            "you pooled the lotteries. The chance of a place differs from class to class, and so do the gains: compare within each `class_id` first.",
        ),
        "pooled, all placed too": (
            LOTS + "place_points = open_tested.loc[open_tested['lottery'].isin(['drawn', 'all_placed']), 'gain'].mean() - lost['gain'].mean()",
            "people of classes without a lottery are among your drawn. They were drawn by nobody; and compare within each `class_id`.",
        ),
        "finishers against losers": (
            LOTS + "place_points = open_tested.loc[open_tested['sessions'] == 6, 'gain'].mean() - lost['gain'].mean()",
            "you compare those who *finished* with those not drawn. Staying to the end is a choice; the lot was not. Keep all who were drawn, and compare within each `class_id`.",
        ),
        "finishers, within": (
            LOTS + "place_points = within(lots[(lots['lottery'] == 'not_drawn') | (lots['sessions'] == 6)])",
            "of the drawn you kept those who finished. Then the keen are compared with everybody. Who was drawn counts as drawn.",
        ),
        "those who came, within": (
            LOTS + "place_points = within(lots[(lots['lottery'] == 'not_drawn') | (lots['sessions'] >= 1)])",
            "you left out the drawn who never came. They were drawn all the same: the question asks what a *place* adds.",
        ),
        "as they did": (
            LOTS + "as_done = lots.assign(lottery=np.where((lots['sessions'] == 6).fillna(False), 'drawn', 'not_drawn'))\n"
            "place_points = within(as_done)",
            "you sorted people by what they *did* (finished or not), not by what was *drawn*. That compares the keen with the rest.",
        ),
        "came against the rest": (
            LOTS + "as_done = lots.assign(lottery=np.where((lots['sessions'] >= 1).fillna(False), 'drawn', 'not_drawn'))\n"
            "place_points = within(as_done)",
            "you sorted people by whether they *came*, not by what was *drawn*. Who was drawn counts as drawn.",
        ),
        "plain mean": (
            LOTS + "place_points = within(lots, 'none')",
            "you took the plain mean of the differences. A lottery with one loser then weighs as much as one with thirty: use the weights of the question.",
        ),
        "by people": (
            LOTS + "place_points = within(lots, 'all')",
            "you weighted by the number of people. The question's weight is drawn times not drawn over their sum.",
        ),
        "by the drawn": (
            LOTS + "place_points = within(lots, 'drawn')",
            "you weighted by the drawn alone. The question's weight is drawn times not drawn over their sum.",
        ),
        "by the others": (
            LOTS + "place_points = within(lots, 'other')",
            "you weighted by those not drawn. The question's weight is drawn times not drawn over their sum.",
        ),
        "the product": (
            LOTS + "place_points = within(lots, 'product')",
            "you weighted by drawn *times* not drawn, and did not divide by their sum: a large lottery then weighs far too much.",
        ),
        "gain of all who came": (
            LOTS + "place_points = open_tested.loc[open_tested['sessions'] >= 1, 'gain'].mean()",
            "that is what those who came gained between the tests. People without a place gained too: compare with them, as drawn.",
        ),
        "second test alone": (
            LOTS + "second = kettleroom.people.merge(scores, left_on='person_id', right_index=True).dropna(subset='second')\n"
            "place_points = within(second[second['lottery'].isin(['drawn', 'not_drawn'])], value='second')",
            "you compared the *second scores*. The lot makes that fair too, but the question takes the gain, which leaves out how able people were before.",
        ),
        "entry test": (
            LOTS + "entries = kettleroom.people.merge(scores, left_on='person_id', right_index=True)\n"
            "place_points = within(entries[entries['lottery'].isin(['drawn', 'not_drawn'])], value='entry')",
            "that is the difference of the *entry* scores. It tells whether the lot was fair; the question asks for the gain.",
        ),
        "turned round": (
            "-(difference * weight).sum() / weight[difference.notna()].sum()",
            "the sign is turned round: take drawn *minus* not drawn.",
        ),
        "missing as nought": (
            LOTS + "blank = kettleroom.people.merge((scores['second'].fillna(0) - scores['entry']).rename('gain'), left_on='person_id', right_index=True)\n"
            "place_points = within(blank[blank['lottery'].isin(['drawn', 'not_drawn'])])",
            "a second test that was not sat counts as nought points. Take only those who sat both.",
        ),
        "by course": (
            LOTS + "with_course = lots.merge(kettleroom.classes[['class_id', 'course']], on='class_id').astype({'course': str})\n"
            "place_points = within(with_course, key='course')",
            "you compared within a *course*. Each lottery is one class: group by `class_id`.",
        ),
        "by town": (
            LOTS + "with_town = lots.merge(kettleroom.classes[['class_id', 'town_id']], on='class_id')\n"
            "place_points = within(with_town, key='town_id')",
            "you compared within a *town*. Each lottery is one class: group by `class_id`.",
        ),
        "per full course": (
            LOTS + "place_points = within(lots) / (lots.loc[lots['lottery'] == 'drawn', 'sessions'].mean() / 6)",
            "you divided by the sessions attended: that is what a full course would do. The question asks for a place, absentees included.",
        ),
    },
)

# %% [markdown] question="q3"
# ## Question 3: firms, does the exercise help, and how sure are you?
#
# Half of each town's firms, drawn by lot, offer their learners a follow-up exercise (`exercise` in `kettleroom.firms`). Both ways of counting are in use; show them side by side.
#
# - Take learners of firms (`motion` is `firm`) who sat both tests, with their gain. **Offered** are those whose firm has the exercise, whether they did it or not.
# - Unit **learner**: each learner's gain counts. Unit **firm**: first the mean gain of each firm's learners, then each firm's mean counts once.
# - For each unit: `points`, the mean of the offered less the mean of the others; then `low` and `high`, that less and plus 1.96 standard errors, where the error is $\sqrt{s_1^2/n_1 + s_0^2/n_0}$, with $s$ the standard deviation (dividing by $n-1$) and $n$ the number of units in each group.
#
# Store a table with two rows and the columns `unit` (`learner`, `firm`), `points`, `low` and `high` in `exercise`.

# %%
# BEGIN SOLUTION q3
scores = kettleroom.tests.pivot(index="person_id", columns="test", values="score")
gain = (scores["second"] - scores["entry"]).dropna().rename("gain")
learners = kettleroom.people[kettleroom.people["motion"] == "firm"]
learners = learners.merge(gain, left_on="person_id", right_index=True)
learners = learners.drop(columns="exercise").merge(kettleroom.firms[["firm_id", "exercise"]], on="firm_id")
firms = learners.groupby("firm_id").agg(gain=("gain", "mean"), exercise=("exercise", "first"))


def compared(units):
    """Difference of the means, offered less not, with its interval."""
    offered, others = units.loc[units["exercise"], "gain"], units.loc[~units["exercise"], "gain"]
    points = offered.mean() - others.mean()
    error = np.sqrt(offered.var() / len(offered) + others.var() / len(others))
    return {"points": points, "low": points - 1.96 * error, "high": points + 1.96 * error}


exercise = pd.DataFrame([{"unit": "learner", **compared(learners)}, {"unit": "firm", **compared(firms)}])
# END SOLUTION
exercise

# %% tags=["check"]
check("q3")

# %% tags=["solution"]
asked = kettleroom.people.merge(gain, left_on="person_id", right_index=True).dropna(subset="exercise")
by_deed = asked.groupby("exercise", observed=True)["gain"].agg(["mean", "size"]).round(1)
print(f"{len(learners):,} learners, {len(firms)} firms with a second test")
by_deed

# %% [markdown] tags=["solution"]
# **The lot fell on firms**, so firms are what you have many or few of. Colleagues share a trade, a head and a trainer, and are alike; a thousand of them are worth a few dozen firms. Counted as strangers, they give an interval that is too short by a third or more, and here that decides: by learners the exercise "works", by firms the interval holds zero. It is [the A/A lesson](../book/05-release-cycles.md) in a new coat.
#
# **Those who did it gained far more.** Of course: the keen did it, and the keen gain more with or without it. That comparison says who does exercises.
#
# **Not shown is not nothing.** The interval reaches from a little harm to a gain that would be worth having. The honest sentence is "we can't tell with this many firms", and the exercise costs little. Keep the lot going; don't sell it.

# %% tags=["spec"]
TWO = """
def interval(a, b, z=1.96, ddof=1):
    d = a.mean() - b.mean()
    e = z * np.sqrt(a.var(ddof=ddof) / len(a) + b.var(ddof=ddof) / len(b))
    return {"points": d, "low": d - e, "high": d + e}
def split(u, **k):
    return interval(u.loc[u["exercise"], "gain"], u.loc[~u["exercise"], "gain"], **k)
def table(first, second):
    return pd.DataFrame([{"unit": "learner", **first}, {"unit": "firm", **second}])
deeds = kettleroom.people.merge(gain, left_on="person_id", right_index=True).dropna(subset="exercise")
deeds = deeds.assign(exercise=deeds["exercise"].astype(str) == "done")
"""
question(
    "q3",
    kind="table",
    name="exercise",
    keys=["unit"],
    title="The exercise: points and interval, by learner and by firm",
    unit="points",
    right="the lot fell on firms, and the firm's row is the one to quote.",
    hints=[
        "Two columns are called `exercise`: in `people` what a learner *did*, in `firms` what was *drawn*. The question is about the second.",
        "One function for both rows: it takes a table with `gain` and a True/False column, and returns three numbers.",
        "For firms: `groupby(\"firm_id\").agg(gain=(\"gain\", \"mean\"), exercise=(\"exercise\", \"first\"))`, then the same function.",
    ],
    traps={
        "doers against the rest": (
            TWO + "exercise = table(split(deeds), split(deeds.groupby(['firm_id', 'exercise'])['gain'].mean().reset_index()))",
            "you compared those who *did* the exercise with those who didn't. The keen do exercises. Compare what was drawn: the firm's `exercise`.",
        ),
        "doers against firms without": (
            TWO + "d = pd.concat([deeds[deeds['exercise']], learners[~learners['exercise']]])\n"
            "d['exercise'] = d['exercise'].astype(bool)\n"
            "exercise = table(split(d), split(d.groupby('firm_id').agg(gain=('gain', 'mean'), exercise=('exercise', 'first'))))",
            "of the offered you kept those who did it. The keen do exercises; whoever was offered it counts, done or not.",
        ),
        "classes as units": (
            TWO + "c = learners.groupby('class_id').agg(gain=('gain', 'mean'), exercise=('exercise', 'first'))\n"
            "exercise = table(split(learners), split(c))",
            "your firm's row counts *classes*. A firm has several, and the lot fell on the firm: one mean a firm.",
        ),
        "learners twice": (
            TWO + "exercise = table(split(learners), split(learners))",
            "both rows count learners. For the firm's row, take one mean a firm first.",
        ),
        "firms twice": (
            TWO + "exercise = table(split(firms), split(firms))",
            "both rows count firms. In the learner's row each learner's gain counts.",
        ),
        "rows swapped": (
            TWO + "exercise = table(split(firms), split(learners))",
            "the two rows are swapped: `learner` counts learners, `firm` counts firms.",
        ),
        "divided by n": (
            TWO + "exercise = table(split(learners, ddof=0), split(firms, ddof=0))",
            "your standard deviation divides by n. The question divides by n − 1, as `.std()` of pandas does; NumPy's needs `ddof=1`.",
        ),
        "no 1.96": (
            TWO + "exercise = table(split(learners, z=1), split(firms, z=1))",
            "your interval is one standard error wide on each side. The question takes 1.96.",
        ),
        "two errors": (
            TWO + "exercise = table(split(learners, z=2), split(firms, z=2))",
            "you took 2 standard errors. The question takes 1.96.",
        ),
        "90 per cent": (
            TWO + "exercise = table(split(learners, z=1.645), split(firms, z=1.645))",
            "you took 1.645 standard errors: that is an interval of 90 %. The question takes 1.96.",
        ),
        "turned round": (
            TWO + "f = lambda u: u.assign(exercise=~u['exercise'])\nexercise = table(split(f(learners)), split(f(firms)))",
            "the sign is turned round: take the offered *minus* the others.",
        ),
        "second scores": (
            TWO + "l2 = learners.assign(gain=learners['person_id'].map(scores['second']))\n"
            "exercise = table(split(l2), split(l2.groupby('firm_id').agg(gain=('gain', 'mean'), exercise=('exercise', 'first'))))",
            "you compared the second scores. The question takes the gain: second less entry.",
        ),
        "the spread, not the error": (
            TWO + "def wide(u):\n"
            "    a, b = u.loc[u['exercise'], 'gain'], u.loc[~u['exercise'], 'gain']\n"
            "    d, e = a.mean() - b.mean(), 1.96 * np.sqrt(a.var() + b.var())\n"
            "    return {'points': d, 'low': d - e, 'high': d + e}\n"
            "exercise = table(wide(learners), wide(firms))",
            "your interval is that of single units, not of a difference of means: divide each variance by its number of units.",
        ),
        "finishers only": (
            TWO + "l6 = learners[learners['sessions'] == 6]\n"
            "exercise = table(split(l6), split(l6.groupby('firm_id').agg(gain=('gain', 'mean'), exercise=('exercise', 'first'))))",
            "you kept learners who came to all six sessions. All with both tests count.",
        ),
        "firms in proportion": (
            TWO + "n = learners.groupby('firm_id').size()\n"
            "def weighted(u):\n"
            "    d = split(learners)['points']\n"
            "    e = split(u)\n"
            "    r = (e['high'] - e['low']) / 2\n"
            "    return {'points': d, 'low': d - r, 'high': d + r}\n"
            "exercise = table(split(learners), weighted(firms))",
            "in the firm's row you took the learners' difference. There each firm counts once, large or small.",
        ),
    },
)

# %% [markdown] question="q4"
# ## Question 4: people, do fewer come back?
#
# The slide shows that fewer people of each later class have booked another course, and calls it fatigue. Ask at the same age.
#
# - Take the people who came to **at least one** session of an **open** class. The clock starts on the class's last day, `ends_on`: that is day 0.
# - A person **came back** if there is a row in `kettleroom.rebookings` with `booked_on` from **day 1 to day 180**, both included.
# - Only classes whose day 180 lies **no later than** `window_end` can be asked.
# - Take the share who came back of the classes that ended in **2025**, less that of those that ended in **2024**.
#
# Store the change, a fraction with all its digits, negative if it fell, in `again_change`.

# %%
# BEGIN SOLUTION q4
came = kettleroom.people.query("motion == 'people' and sessions >= 1")
came = came.merge(kettleroom.classes[["class_id", "ends_on"]], on="class_id")
came = came.merge(kettleroom.rebookings, on="person_id", how="left")
came["back"] = (came["booked_on"] - came["ends_on"]).dt.days.between(1, 180)

asked = came[came["ends_on"] + pd.Timedelta(days=180) <= window_end]
back = asked.groupby(asked["ends_on"].dt.year)["back"].mean()

again_change = back[2025] - back[2024]
# END SOLUTION
again_change

# %% tags=["check"]
check("q4")

# %% tags=["solution"]
counted = asked.groupby(asked["ends_on"].dt.year)["back"].agg(["mean", "size"])
again_error = np.sqrt((counted["mean"] * (1 - counted["mean"]) / counted["size"]).sum())
print(f"Change {again_change:+.1%} ({again_change - 1.96 * again_error:+.1%} to {again_change + 1.96 * again_error:+.1%}).")
ever = came["booked_on"].notna().groupby(came["ends_on"].dt.date).mean()
came.groupby(came["ends_on"].dt.date).agg(people=("back", "size"), within_180_days=("back", "mean")).assign(so_far=ever).round(2)

# %% [markdown] tags=["solution"]
# **The classes differ in age.** Whoever sat in a class that ended in May 2024 has had a year and a half to book; whoever sat in one that ended in November, seven weeks. *So far* falls in any company that is looked at today. Within the same 180 days hardly anything moves, and the interval is about six points to each side: a small fall can't be ruled out, the slide's can.
#
# The last two classes drop out, and it hurts to leave out the newest. They have not failed to come back; nobody could see it yet.

# %% tags=["spec"]
BACK = """
def change(rows, column="back"):
    m = rows.groupby(rows["ends_on"].dt.year)[column].mean()
    return m[2025] - m[2024]
days = (came["booked_on"] - came["ends_on"]).dt.days
ever = came.assign(back=came["booked_on"].notna())
seen = came["ends_on"] + pd.Timedelta(days=180) <= window_end
"""
question(
    "q4",
    kind="number",
    name="again_change",
    title="Change in the share who come back within 180 days",
    unit="fraction",
    range=(-1, 1),
    right="everybody was given the same 180 days.",
    hints=[
        "Merge `ends_on` from the classes, then `booked_on` with a *left* merge: most people have none.",
        "`between(1, 180)` on the days between is False where there is no booking. Which classes were seen for 180 days?",
    ],
    traps={
        "so far": (
            BACK + "again_change = change(ever)",
            "you count whoever booked *so far*. Early classes had a year and a half for it, late ones weeks. Give everybody the same 180 days, and ask only those who had them.",
        ),
        "so far, of old classes": (
            BACK + "again_change = change(ever[seen])",
            "you ask the right classes, and count bookings at *any* time: those of 2024 had longer. Stop at day 180.",
        ),
        "unseen days": (
            BACK + "again_change = change(came)",
            "classes are in your table whose 180 days were not over when the data ended. They have not failed to come back: leave them out.",
        ),
        "turned round": (
            BACK + "again_change = -change(asked)",
            "the sign is turned round: take 2025 *minus* 2024.",
        ),
        "finishers": (
            BACK + "again_change = change(asked[asked['sessions'] == 6])",
            "you kept those who finished. All who came to at least one session count.",
        ),
        "no-shows too": (
            "p = kettleroom.people[(kettleroom.people['motion'] == 'people') & kettleroom.people['sessions'].notna()]\n"
            "p = p.merge(kettleroom.classes[['class_id', 'ends_on']], on='class_id').merge(kettleroom.rebookings, on='person_id', how='left')\n"
            "p['back'] = (p['booked_on'] - p['ends_on']).dt.days.between(1, 180)\n"
            "p = p[p['ends_on'] + pd.Timedelta(days=180) <= window_end]\n"
            "m = p.groupby(p['ends_on'].dt.year)['back'].mean()\n"
            "again_change = m[2025] - m[2024]",
            "people who had a place and never came are in your base. Take those who came to at least one session.",
        ),
        "applicants": (
            "p = kettleroom.people[kettleroom.people['motion'] == 'people']\n"
            "p = p.merge(kettleroom.classes[['class_id', 'ends_on']], on='class_id').merge(kettleroom.rebookings, on='person_id', how='left')\n"
            "p['back'] = (p['booked_on'] - p['ends_on']).dt.days.between(1, 180)\n"
            "p = p[p['ends_on'] + pd.Timedelta(days=180) <= window_end]\n"
            "m = p.groupby(p['ends_on'].dt.year)['back'].mean()\n"
            "again_change = m[2025] - m[2024]",
            "your base holds everybody who applied, also those who got no place. Take those who came to a session.",
        ),
        "among those who booked": (
            BACK + "again_change = change(asked[asked['booked_on'].notna()])",
            "your table holds only those who *booked*; the merge dropped the others. Everybody who came stands below the line: a left merge.",
        ),
        "ratio": (
            "back[2025] / back[2024]",
            "that is a *ratio* of two shares. The question asks for their difference.",
        ),
        "relative": (
            "back[2025] / back[2024] - 1",
            "that is the change *relative* to 2024. The question asks for the plain difference of two shares.",
        ),
        "one year's share": (
            "back[2025]",
            "that is the share of 2025 alone. The question asks for the change from 2024.",
        ),
        "the other year's share": (
            "back[2024]",
            "that is the share of 2024 alone. The question asks for the change to 2025.",
        ),
        "both years together": (
            "asked['back'].mean()",
            "that is the share of both years together. The question asks for the change between them.",
        ),
        "clock from the start": (
            "s = asked.merge(kettleroom.classes[['class_id', 'starts_on']], on='class_id')\n"
            "s['back'] = (s['booked_on'] - s['starts_on']).dt.days.between(1, 180)\n"
            "m = s.groupby(s['ends_on'].dt.year)['back'].mean()\n"
            "again_change = m[2025] - m[2024]",
            "your clock starts with the class's *first* day. It starts on its last day, `ends_on`.",
        ),
        "ninety days": (
            BACK + "again_change = change(asked.assign(back=(asked['booked_on'] - asked['ends_on']).dt.days.between(1, 90)))",
            "you stopped at day 90. The question gives everybody 180 days.",
        ),
        "year of the booking": (
            "y = asked['booked_on'].dt.year[asked['back']].value_counts()\n"
            "again_change = y[2025] / len(asked) - y[2024] / len(asked)",
            "you sorted by the year of the *booking*. Sort people by the year in which their class ended.",
        ),
    },
)

# %% [markdown] question="q5"
# ## Question 5: firms, how many renew?
#
# A contract is **renewed** if the firm has a next one. The firm is the unit.
#
# - Take **first** contracts (`term` 1) that **came due**: `ends_on` no later than `window_end`. For all others nobody knows.
# - Take the share of them that were renewed, and **Wilson's** interval of 95 % for it: `proportion_confint(renewed, n, method="wilson")`, imported above.
#
# Store a Series with the index `rate`, `low` and `high`, fractions, in `renewal`.

# %%
# BEGIN SOLUTION q5
contracts = kettleroom.contracts
first = contracts[contracts["term"] == 1].copy()
first["renewed"] = first["firm_id"].isin(contracts.loc[contracts["term"] == 2, "firm_id"])
due = first[first["ends_on"] <= window_end]

low, high = proportion_confint(due["renewed"].sum(), len(due), method="wilson")
renewal = pd.Series({"rate": due["renewed"].mean(), "low": low, "high": high})
# END SOLUTION
renewal

# %% tags=["check"]
check("q5")

# %% tags=["solution"]
known = first[(first["ends_on"] <= window_end) | first["renewed"]]
print(f"{len(due)} of {len(first)} first contracts came due; {len(known)} have an answer,"
      f" of which {known['renewed'].mean():.0%} are yes.")
print(f"Of all first contracts {first['renewed'].mean():.0%} are renewed. Of the seats that came due,"
      f" {due.loc[due['renewed'], 'seats'].sum() / due['seats'].sum():.0%} belong to firms that renewed.")

# %% [markdown] tags=["solution"]
# **Three bases.** Divide by *all* contracts, and young ones count as lost. Divide by those *with an answer*, and early yeses come in while an early no does not exist: a firm that will not renew says so by letting the contract end. Only those that came due have answered either way.
#
# **Firms or seats?** Of the seats fewer are kept than of the firms, since large firms use fewer of theirs. Finance should see both; they answer different questions.
#
# **Some fifty firms** leave an interval of some twenty-four points. That is what a young B2B company knows, and a slide without it says more than anybody can know.

# %% tags=["spec"]
RATE = """
def wilson(rows, method="wilson", alpha=0.05):
    k, n = int(rows["renewed"].sum()), len(rows)
    lo, hi = proportion_confint(k, n, alpha=alpha, method=method)
    return pd.Series({"rate": k / n, "low": lo, "high": hi})
"""
question(
    "q5",
    kind="series",
    name="renewal",
    title="First contracts renewed, of those that came due",
    unit="fraction",
    right="every firm in the base has given its answer.",
    hints=[
        "A firm renewed if it stands in the rows with `term` 2.",
        "Only contracts with `ends_on <= window_end` have been answered either way.",
        "`pd.Series({\"rate\": ..., \"low\": ..., \"high\": ...})`.",
    ],
    traps={
        "all contracts": (
            RATE + "renewal = wilson(first)",
            "contracts that still run are in your base, and count as lost. Take those that came due.",
        ),
        "with an answer": (
            RATE + "renewal = wilson(first[(first['ends_on'] <= window_end) | first['renewed']])",
            "you took contracts whose answer is known. Early yeses are signed months ahead; an early no does not exist. Take those that came due.",
        ),
        "the last day": (
            RATE + "renewal = wilson(first[first['ends_on'] < window_end])",
            "you left out the contracts that end on the very last day of the data. They came due: `<=`, not `<`.",
        ),
        "terms alike": (
            RATE + "c = contracts.assign(renewed=contracts['firm_id'].isin(contracts.loc[contracts['term'] == 2, 'firm_id']))\n"
            "renewal = wilson(c)",
            "second contracts are in your base too. Take first contracts that came due.",
        ),
        "seats": (
            "k, n = due.loc[due['renewed'], 'seats'].sum(), due['seats'].sum()\n"
            "lo, hi = proportion_confint(k, n, method='wilson')\n"
            "renewal = pd.Series({'rate': k / n, 'low': lo, 'high': hi})",
            "you counted *seats*. A firm signs for all of its seats at once: the unit is the firm, and seats make the interval far too short.",
        ),
        "normal interval": (
            RATE + "renewal = wilson(due, method='normal')",
            "the rate is right, and the interval is the simple one, rate plus and minus 1.96 errors. The question asks for Wilson's.",
        ),
        "exact interval": (
            RATE + "renewal = wilson(due, method='beta')",
            "the rate is right, and the interval is the exact one (Clopper and Pearson). The question asks for Wilson's.",
        ),
        "Agresti's": (
            RATE + "renewal = wilson(due, method='agresti_coull')",
            "the rate is right, and the interval is Agresti and Coull's. The question asks for Wilson's.",
        ),
        "followed, of all": (
            RATE + "k, n = int((contracts['term'] == 2).sum()), len(contracts)\n"
            "lo, hi = proportion_confint(k, n, method='wilson')\n"
            "renewal = pd.Series({'rate': k / n, 'low': lo, 'high': hi})",
            "second contracts are in your base too. Take first contracts that came due.",
        ),
        "90 per cent": (
            RATE + "renewal = wilson(due, alpha=0.10)",
            "the rate is right, and the interval is one of 90 %. The question asks for 95 %.",
        ),
        "lost": (
            RATE + "renewal = wilson(due.assign(renewed=~due['renewed']))",
            "that is the share that was *lost*. The question asks for the share renewed.",
        ),
        "signed in 2024": (
            RATE + "renewal = wilson(first[first['started_on'] < '2024-07-01'])",
            "you took the contracts of the first half year. All that came due by `window_end` count.",
        ),
        "begun by the end": (
            RATE + "second = contracts[(contracts['term'] == 2) & (contracts['started_on'] <= window_end)]\n"
            "renewal = wilson(due.assign(renewed=due['firm_id'].isin(second['firm_id'])))",
            "you count a renewal only if the next contract has *begun*. It is renewed once the next one is signed.",
        ),
    },
)

# %% [markdown] question="q6"
# ## Question 6: firms, what comes before a renewal?
#
# Use that is counted over the whole year comes partly after the buyer has made up their mind. So look early.
#
# - Take the **first contracts that came due**, as in question 5, with `renewed`.
# - **Used early** are the people sent to classes at the firm whose `starts_on` lies before `started_on` plus six months (`pd.DateOffset(months=6)`). Each person in `kettleroom.people` uses one seat, whether they came or not.
# - A firm **uses its seats** if those people are at least **half** of the contract's `seats`.
# - Take the share renewed of the firms that use their seats, less that of the others.
#
# Store the difference, a fraction with all its digits, in `use_gap`.

# %%
# BEGIN SOLUTION q6
contracts = kettleroom.contracts
first = contracts[contracts["term"] == 1].copy()
first["renewed"] = first["firm_id"].isin(contracts.loc[contracts["term"] == 2, "firm_id"])

sent = kettleroom.people.merge(kettleroom.classes[["class_id", "starts_on"]], on="class_id")
sent = sent.merge(first[["firm_id", "started_on"]], on="firm_id")
early = sent[sent["starts_on"] < sent["started_on"] + pd.DateOffset(months=6)]
first["used"] = first["firm_id"].map(early.groupby("firm_id").size()).fillna(0)

due = first[first["ends_on"] <= window_end]
renewed = due.groupby(2 * due["used"] >= due["seats"])["renewed"].mean()

use_gap = renewed[True] - renewed[False]
# END SOLUTION
use_gap

# %% tags=["check"]
check("q6")

# %% tags=["solution"]
from statsmodels.stats.proportion import confint_proportions_2indep

uses = 2 * due["used"] >= due["seats"]
table = due.groupby(uses)["renewed"].agg(["sum", "size"])
use_low, use_high = confint_proportions_2indep(*table.loc[True], *table.loc[False], method="newcomb")
print(f"{100 * use_gap:.0f} points more renew ({100 * use_low:.0f} to {100 * use_high:.0f}; {table['size'][True]} firms against {table['size'][False]}).")
known_use = first[first["started_on"] + pd.DateOffset(months=6) <= window_end]
uses_now = 2 * known_use["used"] >= known_use["seats"]
now_low, now_high = proportion_confint(uses_now.sum(), len(uses_now), method="wilson")
print(f"Of the {len(known_use)} firms whose six months are over, {uses_now.mean():.0%} use their seats ({now_low:.0%} to {now_high:.0%}).")
print(f"Of the seats due, {due['used'].sum() / due['seats'].sum():.0%} were used early; the mean firm used {(due['used'] / due['seats']).mean():.0%}.")
liked = kettleroom.answers.merge(kettleroom.people[["person_id", "firm_id"]], on="person_id").dropna(subset="firm_id")
liked = (liked["stars"] >= 4).groupby(liked["firm_id"]).mean()
large = first["seats"] >= 20
print(f"{large.sum()} of {len(first)} firms have 20 seats or more, and {first.loc[large, 'seats'].sum() / first['seats'].sum():.0%} of the seats.")
print(f"Satisfied learners: {due['firm_id'].map(liked)[due['renewed']].mean():.0%} at firms that renewed,"
      f" {due['firm_id'].map(liked)[~due['renewed']].mean():.0%} at those that left.")
due.assign(seats_20_or_more=due["seats"] >= 20, uses_its_seats=uses).groupby(["seats_20_or_more", "uses_its_seats"])["renewed"].agg(["mean", "size"]).round(2)

# %% [markdown] tags=["solution"]
# **The buyer is not in the room.** Whoever signs sees an invoice for seats, and who was missing from the office. What learners put on their sheets differs little between firms that renew and firms that leave.
#
# **Early, because of time.** Count use over the whole year, and you count classes held after the renewal was signed. Six months is before the earliest signature, so use can only come first. Even so it *precedes* the renewal; whether a nudge to use the seats would make a firm renew is another question, and a lot would answer it.
#
# **Size could be behind it:** large firms use fewer of their seats, and they might leave for other reasons. Within a size the gap stands, as the table shows; but look at the counts before you quote it.
#
# **Few firms hold the seats.** The mean firm uses more of its seats than the seats, taken together, are used: a handful of large firms let theirs lie. Which of the two numbers you steer by decides whom you call.

# %% tags=["spec"]
USE = """
def gap(f, used="used", strict=False):
    u = f[used] * 2 > f["seats"] if strict else f[used] * 2 >= f["seats"]
    m = f.groupby(u)["renewed"].mean()
    return m[True] - m[False]
def with_used(rows):
    f = first.assign(used=first["firm_id"].map(rows.groupby("firm_id").size()).fillna(0))
    return f[f["ends_on"] <= window_end]
ends = sent["firm_id"].map(first.set_index("firm_id")["ends_on"])
"""
question(
    "q6",
    kind="number",
    name="use_gap",
    title="Renewal by early use of the seats",
    unit="fraction",
    range=(-1, 1),
    right="use is measured before the answer, and the firm is the unit. The interval is wide: see the solution once your memo is written.",
    hints=[
        "Merge `starts_on` from the classes onto the people, and `started_on` from the contracts by firm.",
        "Keep the early ones and count people by firm; put the count beside the contract with `map`.",
        "At least half: `2 * used >= seats`. Then one groupby, two shares.",
    ],
    traps={
        "the whole year": (
            USE + "use_gap = gap(with_used(sent[sent['starts_on'] <= ends]))",
            "you counted classes after the first six months too. Part of that use comes when the renewal is signed already, or only if it is: stop at six months.",
        ),
        "not due": (
            USE + "use_gap = gap(first)",
            "contracts that still run are in your table, and count as not renewed. Take those that came due.",
        ),
        "with an answer": (
            USE + "use_gap = gap(first[(first['ends_on'] <= window_end) | first['renewed']])",
            "you took contracts whose answer is known; among those that still run, only yeses are. Take those that came due.",
        ),
        "more than half": (
            USE + "use_gap = gap(due, strict=True)",
            "you took *more* than half. Firms with exactly half use their seats too: `>=`.",
        ),
        "turned round": (
            "renewed[False] - renewed[True]",
            "the sign is turned round: firms that use their seats *minus* the others.",
        ),
        "those who came": (
            USE + "use_gap = gap(with_used(early[early['sessions'] >= 1]))",
            "you counted only people who came. A person who was sent uses up a seat, whether they came or not.",
        ),
        "those who finished": (
            USE + "use_gap = gap(with_used(early[early['sessions'] == 6]))",
            "you counted only people who came to all sessions. Each person who was sent uses up a seat.",
        ),
        "seats as units": (
            USE + "u = 2 * due['used'] >= due['seats']\n"
            "share = (due['seats'] * due['renewed']).groupby(u).sum() / due['seats'].groupby(u).sum()\n"
            "use_gap = share[True] - share[False]",
            "you weighted by seats. A firm renews as one: each firm counts once.",
        ),
        "ratio": (
            "renewed[True] / renewed[False]",
            "that is a *ratio* of two shares. The question asks for their difference.",
        ),
        "the share of the users": (
            "renewed[True]",
            "that is the share renewed of the firms that use their seats. Take the others' share off.",
        ),
        "the share of the others": (
            "renewed[False]",
            "that is the share renewed of the others. Take it off the share of the firms that use their seats.",
        ),
        "difference in use": (
            "share = due['used'] / due['seats']\n"
            "use_gap = share[due['renewed']].mean() - share[~due['renewed']].mean()",
            "that is the difference in *use* between firms that renewed and firms that left. Turn it: the difference in *renewal* between firms that use their seats and the others.",
        ),
        "three months": (
            USE + "use_gap = gap(with_used(sent[sent['starts_on'] < sent['started_on'] + pd.DateOffset(months=3)]))",
            "you stopped after three months. The question gives each firm six.",
        ),
        "nine months": (
            USE + "use_gap = gap(with_used(sent[sent['starts_on'] < sent['started_on'] + pd.DateOffset(months=9)]))",
            "you counted nine months. By then some renewals were signed: the question stops at six.",
        ),
    },
)

# %% [markdown] question="q7"
# ## Question 7: people, what an advert really costs
#
# The slide divides what the adverts cost by the applicants credited to them. In the trial (`in_trial`) each town's week was switched on or off by lot.
#
# - Take all **town-weeks of the trial**. Count the applicants of each: people with `applied_on` in that week (Monday to Sunday), for a class in that town (`town_id` of `kettleroom.classes`), whatever they are credited to. A week with nobody counts as 0.
# - **Extra** applicants of a week: the mean of the weeks with adverts less the mean of the weeks without.
# - **Cost** of a week: the mean of `spend_cents` over the trial's weeks with adverts, in **euros**.
#
# Store the cost of one extra applicant, in euros with all its digits, in `extra_cost`.

# %%
# BEGIN SOLUTION q7
applied = kettleroom.people[kettleroom.people["motion"] == "people"]
applied = applied.merge(kettleroom.classes[["class_id", "town_id"]], on="class_id")
applied["week"] = applied["applied_on"] - pd.to_timedelta(applied["applied_on"].dt.day_of_week, unit="D")
count = applied.groupby(["town_id", "week"]).size().rename("applicants")

trial = kettleroom.town_weeks.query("in_trial").join(count, on=["town_id", "week"])
trial["applicants"] = trial["applicants"].fillna(0)
on, off = trial[trial["adverts"]], trial[~trial["adverts"]]

extra_cost = on["spend_cents"].mean() / 100 / (on["applicants"].mean() - off["applicants"].mean())
# END SOLUTION
extra_cost

# %% tags=["check"]
check("q7")

# %% tags=["solution"]
extra = on["applicants"].mean() - off["applicants"].mean()
extra_error = np.sqrt(on["applicants"].var() / len(on) + off["applicants"].var() / len(off))
extra_low, extra_high = extra - 1.96 * extra_error, extra + 1.96 * extra_error
euros = on["spend_cents"].mean() / 100
credited = applied[applied["source"] == "adverts"].merge(on[["town_id", "week"]], on=["town_id", "week"])
print(f"{extra:.2f} extra applicants a town and week ({extra_low:.2f} to {extra_high:.2f}), for {euros:.0f} euros:"
      f" {extra_cost:.0f} euros each ({euros / extra_high:.0f} to {euros / extra_low:.0f}).")
print(f"Credited: {len(credited) / len(on):.2f} a town and week, {euros / (len(credited) / len(on)):.0f} euros each.")
held = kettleroom.people[kettleroom.people["lottery"].isin(["drawn", "not_drawn", "all_placed"])]
drawn_lots = held.groupby("class_id")["lottery"].agg(lambda one: (one == "drawn").any())
print(f"{drawn_lots.sum()} of {len(drawn_lots)} open classes had more applicants than places.")

# %% [markdown] tags=["solution"]
# **Credit is not cause.** Many who tap on an advert would have applied anyway; with the adverts off they come by another door. The lot shows it: the weeks without adverts lose fewer applicants than the adverts are credited with. It is [the growth chapter's](../book/01-growth-and-marketing.md) holdout, by the week in place of the region.
#
# **And then?** Most open classes are full, and the extra applicants join a lottery. An applicant who gets no place pays nothing. Before anybody buys more of them, ask what a *place* is worth and where one is free. No table here answers what an advert does for a full class: it makes the queue longer.
#
# **What it leaves open.** A week without adverts may only put off an application to the next week; then the lot by the week overrates them, and a lot by longer stretches would tell.
#
# The interval of the cost is lopsided, since the extra applicants stand below the line. Turn round the ends of *their* interval; don't put an error on the ratio.

# %% tags=["spec"]
ADS = """
def cost(t, column="applicants"):
    a, b = t[t["adverts"]], t[~t["adverts"]]
    return a["spend_cents"].mean() / 100 / (a[column].mean() - b[column].mean())
def counted(rows, weeks):
    n = rows.groupby(["town_id", "week"]).size().rename("k")
    return weeks.join(n, on=["town_id", "week"]).fillna({"k": 0})
weeks = kettleroom.town_weeks
spent = on["spend_cents"].mean() / 100
"""
question(
    "q7",
    kind="number",
    name="extra_cost",
    title="Cost of one extra applicant",
    unit="euros",
    right="weeks with adverts against weeks without, as drawn. Its interval is lopsided: turn round the ends of the extra applicants' interval.",
    hints=[
        "The Monday of a date: `date - pd.to_timedelta(date.dt.day_of_week, unit=\"D\")`.",
        "Join the counts to the trial's rows of `town_weeks`, so that weeks with nobody stay in, as 0.",
    ],
    traps={
        "credited": (
            ADS + "c = counted(applied[applied['source'] == 'adverts'], on)\nextra_cost = spent / c['k'].mean()",
            "you divided by the applicants *credited* to the adverts. Many would have come anyway: compare weeks with adverts and without.",
        ),
        "credited, all weeks": (
            ADS + "extra_cost = weeks['spend_cents'].sum() / 100 / (applied['source'] == 'adverts').sum()",
            "that is what the slide does: all euros over all *credited* applicants. Compare weeks with adverts and without, in the trial.",
        ),
        "all applicants": (
            ADS + "extra_cost = spent / on['applicants'].mean()",
            "you divided by *all* applicants of a week with adverts. Take off those who come without.",
        ),
        "all euros, all applicants": (
            ADS + "extra_cost = weeks['spend_cents'].sum() / 100 / len(applied)",
            "all euros over all applicants is a mean cost. The question asks what one *extra* applicant costs: compare weeks with adverts and without, in the trial.",
        ),
        "cents": (
            "on['spend_cents'].mean() / (on['applicants'].mean() - off['applicants'].mean())",
            "that is in cents. The question asks for euros.",
        ),
        "empty weeks lost": (
            ADS + "t = weeks.query('in_trial').merge(count.reset_index(), on=['town_id', 'week'])\nextra_cost = cost(t)",
            "weeks without any applicant are missing from your table; the merge dropped them. They count as 0.",
        ),
        "outside the trial": (
            ADS + "extra_cost = cost(counted(applied, weeks), 'k')",
            "weeks outside the trial are in your table. There the adverts always ran, and no lot was drawn: keep `in_trial`.",
        ),
        "trial against the rest": (
            ADS + "all_weeks = counted(applied, weeks)\n"
            "extra_cost = weeks.loc[weeks['adverts'], 'spend_cents'].mean() / 100 / (all_weeks.loc[~all_weeks['in_trial'], 'k'].mean() - off['applicants'].mean())",
            "you compared weeks outside the trial with weeks inside. Only inside it were they drawn by lot.",
        ),
        "sums, not means": (
            ADS + "extra_cost = on['spend_cents'].sum() / 100 / (on['applicants'].sum() - off['applicants'].sum())",
            "you took sums. There are not as many weeks with adverts as without: compare the means of a week.",
        ),
        "mean over all weeks": (
            ADS + "extra_cost = trial['spend_cents'].mean() / 100 / (on['applicants'].mean() - off['applicants'].mean())",
            "your cost is a mean over all weeks of the trial, also those without adverts. Take the weeks with adverts.",
        ),
        "credited less the rest": (
            ADS + "c = counted(applied[applied['source'] == 'adverts'], trial)\n"
            "extra_cost = spent / (c.loc[c['adverts'], 'k'].mean() - counted(applied[applied['source'] != 'adverts'], off)['k'].mean())",
            "you took the credited of the weeks with adverts less the others of the weeks without. Count *all* applicants in both.",
        ),
        "those with a place": (
            ADS + "extra_cost = cost(counted(applied[applied['lottery'].isin(['drawn', 'all_placed'])], weeks.query('in_trial')), 'k')",
            "you counted those who got a place. Adverts bring applicants; the number of places does not change.",
        ),
        "turned over": (
            "(on['applicants'].mean() - off['applicants'].mean()) * 100 / on['spend_cents'].mean()",
            "that is extra applicants for a euro. Turn it over.",
        ),
        "extra alone": (
            "on['applicants'].mean() - off['applicants'].mean()",
            "that is the extra applicants of a week. Divide the cost of a week by it.",
        ),
        "cost of a week": (
            ADS + "extra_cost = spent",
            "that is what a week of adverts costs. Divide it by the extra applicants.",
        ),
    },
)

# %% [markdown] question="q8"
# ## Question 8: the memo
#
# Maren Holt, who founded Kettleroom, meets her investor on Thursday. Write her **one page**, 250 to 500 words, in `memo`. [The brief](../book/07-capstone.md) says how it is judged; in short:
#
# - **One measure for people, one for firms**, on which Kettleroom steers from now on. Say of each who is counted, over what time, and the number today with its interval. Defend it against the number on the slide that it replaces.
# - **Three decisions:** more money for adverts, yes or no; the exercise for all firms, yes or no; one person to look after firms, and if so, which firms, and when in the contract.
# - **For each decision**, what could happen that would change your mind.
#
# The check ticks off what a memo should have. Then swap it with somebody and use the peer-review sheet of the brief, before you open the solution.

# %%
# BEGIN SOLUTION q8
memo = """
Maren, say this on Thursday: a place in our open classes adds 6 points of 100 to what people can do, and firms that use their
seats early renew more often. Leave out "93 % satisfied" and "19 points".

PEOPLE. Steer by the points that a place adds: gain of applicants drawn for a class less gain of those not drawn, within the
same lottery, ten weeks after the start, absentees included. Today 5.9 (4.9 to 7.0). The slide's 19 is what those who finished
gained, and those with no class gained 8 by themselves. The 93 % are the sheets of the last session; 44 % had left by then, and
of all who came 70 % (66 to 74 %) are satisfied. So the teaching works, and we lose too many on the way.

FIRMS. Steer by the share of firms that use half of their seats within six months: today 65 % of 77 firms (54 to 75 %). It
comes before the answer. Of the 53 first contracts that came due we renewed 72 % (58 to 82 %), and 33 points more (7 to 56)
where the seats were in use early. The 76 % on the slide counts every early yes and cannot count an early no. Learners' stars
hardly differ between firms that stay and leave; the buyer is not in the room.

1. ADVERTS: no more money now. An extra applicant costs 76 euros (56 to 118), not the 48 on the slide, and 73 of 84 classes
had more applicants than places: we would buy a longer queue. Classes with free places, where the same lot shows that extra
applicants fill them for less than a place earns, would change my mind.

2. EXERCISE: not for all yet. Those who do it gain 8 points more, but they are the keen ones. By lot over 83 firms it is 1.7
points (-0.4 to 3.8), which holds zero. Keep the lot for another year; an interval above zero would change my mind.

3. FIRMS: yes, hire one person, for half a year first. They work with firms of 20 seats or more that have used
less than half by month four: 40 of our 96 firms are that large, and hold 81 % of the seats. Half of these get the calls, by
lot. If they fill no more seats than the others, the post ends.

"Fewer come back" is not so: within 180 days the share changed by -1 point (-8 to 5) from 2024 to 2025. The late classes are
young.
"""
# END SOLUTION

# %% tags=["check"]
check("q8")

# %% tags=["solution"]
# The memo's numbers are those of the questions above, rounded: if the data change, this stops.
import re

firm_row = exercise.set_index("unit").loc["firm"]
deed_gap = by_deed.loc["done", "mean"] - by_deed.loc["not_done", "mean"]
slide_cost = kettleroom.town_weeks["spend_cents"].sum() / 100 / (applied["source"] == "adverts").sum()
counts = [lottery_count, len(firms), len(due), drawn_lots.sum(), len(drawn_lots), large.sum(), len(first), len(uses_now)]
computed = [
    place_points, place_points - 1.96 * place_error, place_points + 1.96 * place_error, *firm_row,
    *(100 * np.array([satisfied_all, satisfied_all - 1.96 * satisfied_error, satisfied_all + 1.96 * satisfied_error, satisfied[True]])),
    *(100 * renewal), 100 * use_gap, 100 * use_low, 100 * use_high, 100 * known["renewed"].mean(),
    extra_cost, euros / extra_high, euros / extra_low, slide_cost, done["gain"].mean(), deed_gap,
    lots.loc[lots["lottery"] == "not_drawn", "gain"].mean(), 100 * (1 - finished), 100 * again_change,
    100 * (again_change - 1.96 * again_error), 100 * (again_change + 1.96 * again_error),
    100 * first.loc[large, "seats"].sum() / first["seats"].sum(), 100 * uses_now.mean(), 100 * now_low, 100 * now_high,
]
shown = {f"{number:.{digits}f}" for number in computed for digits in (0, 1)} | {str(count) for count in counts}
chosen = {"100", "20", "1", "2", "3", "2024", "2025", "180"}  # scales, dates and numbers of the decisions
said = set(re.findall(r"-?\d+(?:\.\d+)?", memo))
assert said <= shown | chosen, said - shown - chosen

# %% [markdown] tags=["solution"]
# ## Two sample memos
#
# The text above is the **strong** one. What makes it so:
#
# - *The first sentence can be said aloud* on Thursday, and the second says what to leave out. Maren needs nothing else if the taxi is early.
# - *Each measure says who is counted*: drawn less not drawn, in the same lottery; firms, not seats. You could hand the sentence to an engineer.
# - *It measures teaching by a comparison.* The gain is set against people who got no class, by lot, so that no story about keen people can explain it.
# - *It replaces a number, and says what was wrong with the old one* in a line, without scolding whoever made it.
# - *The firms' measure is early enough to act on.* Renewal comes once a year for each firm; use at month six comes before the answer. It also says what the measure is not: use comes first, and nothing here shows that filling seats makes a firm renew. That is why the third decision is a lot.
# - *Every decision can be lost.* For each there is something that could happen.
#
# What it lacks: the two measures could disagree (a firm may fill seats with people who learn nothing), and a guard against that, such as the points gained at firms, is missing. Nothing is said about *why* so many leave, which is the next question. And a reader from finance will ask for seats beside firms: of the seats due, fewer were kept than of the firms.
#
# And a **weak** one, as it is often written:
#
# > Kettleroom is validating strongly across both motions. In B2C, our north-star metric is satisfaction: 93 % of learners are satisfied, which is best in class. Learning outcomes are excellent, with an average improvement of 19 points. The follow-up exercise drives a further 8 points (p < 0.001, n = 400) and should be rolled out to all customers immediately. A concern is loyalty, as the rebooking rate has declined in each cohort; we recommend a loyalty programme. Marketing is efficient at a CAC of 48 euros, so we propose doubling the budget. In B2B, 76 % of customers who made a decision have renewed. As learners love the product we will add an NPS survey for them and hire a customer success manager to look after all accounts proactively. We will continue to monitor all KPIs closely and iterate based on data.
#
# - *"93 % of learners"*: of the sheets. Those who had left were not in the room. (Question 1.)
# - *"An average improvement of 19 points"*: of those who finished, before and after. People without any class improved by 8. (Question 2.)
# - *"Drives a further 8 points (p < 0.001, n = 400)"*: the keen do exercises. The small p says that the keen differ from the rest. The unit is the firm, and there are not 400 of them. (Question 3.)
# - *"Declined in each cohort"*: the cohorts have not had the same time. A loyalty programme would cure a calendar. (Question 4.)
# - *"Customers who made a decision"*: only a yes can be made early. (Question 5.)
# - *"Learners love the product"*, so an NPS for them: they don't buy it. (Question 6.)
# - *"CAC of 48 euros"*: credit. And a doubled budget for classes that are full. (Question 7.)
# - *"All accounts, proactively", "monitor all KPIs"*: nothing is chosen. Two measures were asked for. *Nothing could change its mind.*
#
# It is well written, has more numbers than the strong one, and each of them is on the slide. That is how it happens.

# %% tags=["spec"]
question(
    "q8",
    kind="decision",
    name="memo",
    title="The memo",
    words=(250, 500),
    hints=[
        "Write the sentence that Maren can say aloud first. Then the two measures, each with who, when and the number. Then the three decisions.",
        "For each number ask: of whom? compared with whom? how sure?",
    ],
    rubric=[
        "Is there *one* measure for people and *one* for firms, each with who is counted and over what time?",
        "Does the measure for people show what the *teaching* adds, and not only what became of those who were taught?",
        "Does the measure for firms count what a firm decides by, and can it be seen early enough to act on?",
        "Does each number that carries a decision have an interval, and the right unit behind it?",
        "Is each number of the slide that is replaced named, with what is the matter with it?",
        "Are all three decisions made, with who, when or how much?",
        "Is there, for each decision, something that could happen and would change your mind?",
        "Does it say what the data can *not* tell, and how it could become known?",
    ],
)

# %% [markdown] tags=["solution"] question="end"
# ## The truth
#
# Kettleroom is made, and here is what was planted. Each row has the estimate above, its interval, and the value in the program. An interval of 95 % may miss: one in twenty does.

# %% tags=["solution"]
planted = tw.truth("capstone")["plants"]
estimates = {
    "satisfied, of all who came": (satisfied_all, satisfied_all - 1.96 * satisfied_error, satisfied_all + 1.96 * satisfied_error,
                                   planted["stars_of_all"]["satisfied"]),
    "points that a place adds": (place_points, place_points - 1.96 * place_error, place_points + 1.96 * place_error,
                                 planted["lottery"]["points_for_a_place"]),
    "points for the exercise, by firm": (*exercise.set_index("unit").loc["firm"], planted["exercise"]["points_for_the_offer"]),
    "change in who comes back": (again_change, again_change - 1.96 * again_error, again_change + 1.96 * again_error,
                                 planted["again"]["change"]),
    "renewed, of those due": (*renewal, planted["renewals"]["mean_chance"]),
    "renewal by early use": (use_gap, use_low, use_high, planted["use"]["difference"]),
    "extra applicants a week": (extra, extra_low, extra_high, planted["adverts"]["extra_a_week"]),
}
reveal = pd.DataFrame(estimates, index=["estimate", "low", "high", "planted"]).T.rename_axis("what").round(2)
assert reveal["planted"].between(reveal["low"], reveal["high"]).all()
reveal

# %% [markdown] tags=["solution"]
# **How it works inside.** Six in ten people are *keen*, and nobody at Kettleroom sees it. The keen seldom leave, are nearly always satisfied, and gain points by themselves, with or without a class. That one hidden thing makes the sheets splendid, the finishers brilliant and the exercise a wonder. The class itself adds eight points if you come to all six sessions; a place adds less, as people miss some.
#
# The exercise *does* work: it adds points to those who do it, and fewer than half do. A company of this size can't show it. So "roll it out now" would have been right by luck, and "it doesn't work" a mistake: the interval said neither.
#
# Everybody comes back at the same pace, whenever their class was. Firms renew by the seats used in their first half year and by nothing else: not by stars, not by points. What fills seats is a head who frees people for class, and large firms have one less often.
#
# In this company filling seats *would* make a firm renew, since that is how we made it. Your data could not tell you: firms that fill seats might be better-run firms that renew anyway. At work nobody shows you the program. That is why the memo asked for a lot.
#
# All of it stands in `tw.truth("capstone")["parameters"]`, each number with its reason in `parameters.py` of `twoworlds/worlds/capstone`. The methods above were tried on forty such companies, made with other seeds; a test of the course repeats it each time.
