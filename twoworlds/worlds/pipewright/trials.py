"""Trials, person-day by person-day.

Whether a trial activates is settled before (see prospects.py); here are the imports and the people that make
it so, or not.
"""

import numpy as np

from twoworlds.worlds import lookup, timeline
from twoworlds.worlds.blocks import OF_BLOCK
from twoworlds.worlds.cells import Coded, take_rows
from twoworlds.worlds.pipewright.funnel_parameters import PATHS
from twoworlds.worlds.streams import threshold

TRIAL_DAYS = 30
WITHIN = 14  # days in which an activation counts
PEOPLE = 3  # who must have been active
_NEVER = 10_000  # a day of a trial that does not come
_FIRST_WEEK = 7  # days after the first one in which people come back more often
# Rows to be read, which is faster than comparing: the trial's working days, by the weekday of its first
# (7, TRIAL_DAYS); its days after a day, from none to all (TRIAL_DAYS + 1, TRIAL_DAYS).
_WORKDAYS = (np.arange(7)[:, None] + np.arange(TRIAL_DAYS)) % 7 < 5
_AFTER = np.arange(1, TRIAL_DAYS + 1) > np.arange(TRIAL_DAYS + 1)[:, None]
# What is read of the candidates.
_READ = (
    OF_BLOCK, "account_id", "trial_on", "paid_on", "pays_later", "path", "executive_id", "seats", "activated",
    "activates_self_serve", "activates_assisted",
)  # fmt: skip


def _day_of_first(draws, mean):
    """Day of the trial, 1 to WITHIN."""
    return 1 + np.minimum(WITHIN - 1, lookup.scaled("gamma_1.5", draws, mean))


def _plans(parameters, streams, trials):
    """What each trial would do: people invited, people ever active, day of the import, whether late."""
    n, activated = streams.rows(trials[OF_BLOCK]), trials["activated"]
    low, high = (round(share * 1000) for share in parameters.invited_share)
    share = low + streams.below("trials", "invited", n, high - low)
    people = PEOPLE + np.minimum(parameters.most_invited, trials["seats"] * share // 1000)
    late = ~activated & (trials["paid_on"] == timeline.NO_DAY) & ~trials["pays_later"]
    late &= streams.happens("trials", "late", threshold(parameters.activates_late), n)
    imports = streams.happens("trials", "imports", threshold(parameters.imports_alone), n)

    low, high = (round(share * 1000) for share in parameters.active_share)
    share = low + streams.below("trials", "active", n, high - low)
    few = streams.pick("trials", "few", n, parameters.few_active)
    active = np.where(activated, PEOPLE + (people - PEOPLE) * share // 1000, 1 + few)
    active = np.where(~activated & imports, np.minimum(active, PEOPLE - 1), active)
    active = np.where(late, PEOPLE, active)
    draws = streams.draws("trials", "imported_on", n)
    import_day = _day_of_first(draws, parameters.import_days)
    import_day = np.where(activated | late | imports, import_day, _NEVER)
    return people, np.minimum(active, people), import_day, late


def _active_people(parameters, streams, trials, active, late):
    """One row a person who is ever active. Returns (position of the trial, person from 1, first day)."""
    row = np.repeat(np.arange(len(active)), active)
    # The first person is who began the trial.
    person = np.arange(len(row)) - np.repeat(np.cumsum(active) - active, active) + 1
    draws = streams.draws("trials", "first_day", streams.rows(trials[OF_BLOCK][row]))
    first = _day_of_first(draws, parameters.first_days)
    third_late = streams.below("trials", "late_day", streams.rows(trials[OF_BLOCK]), parameters.late_days)
    first[person == 1] = 1
    makes_late = late[row] & (person == PEOPLE)
    first[makes_late] = WITHIN + 1 + third_late[row[makes_late]]
    least = np.where(makes_late, WITHIN + 1, 1)
    return row, person, _working_day(trials["trial_on"][row], first, least)


def _days_after(day):
    """Which days of a trial come after this one, for each of several: booleans (n, TRIAL_DAYS)."""
    return _AFTER.take(day, axis=0, mode="clip")


def _used_days(parameters, words, starts, people, import_day, ends):
    """On which days each person is active: booleans (people, TRIAL_DAYS).

    words: (people, TRIAL_DAYS) draws; starts, import_day: (trials,); people: see _active_people; ends:
    (trials,) the first day of the trial that is not seen.
    """
    row, person, first = people
    soon, later = (threshold(chance) for chance in parameters.active_again)
    no_longer_new = _days_after(first + _FIRST_WEEK)
    used = (words < later) & no_longer_new | (words < soon) & ~no_longer_new
    used &= _days_after(first)
    used &= _WORKDAYS.take(timeline.weekday(starts)[row], axis=0)
    comes = np.flatnonzero(first <= TRIAL_DAYS)
    used[comes, first[comes] - 1] = True
    # Who began the trial does the import.
    imports = np.flatnonzero((person == 1) & (import_day[row] <= TRIAL_DAYS))
    used[imports, import_day[row[imports]] - 1] = True
    return used & ~_days_after(ends[row] - 1)


def _make_days(parameters, streams, trials, people, active, import_day, ends):
    """One row a person and day of the trials, in the order of trials (so of accounts), days and people."""
    row, person, _ = people
    cells = streams.rows(trials[OF_BLOCK][row]) * TRIAL_DAYS
    words = streams.words32("trial_days", "active", cells).reshape(len(row), TRIAL_DAYS)
    used = np.flatnonzero(_used_days(parameters, words, trials["trial_on"], people, import_day, ends))
    who = used // TRIAL_DAYS
    day = used - who * TRIAL_DAYS + 1
    # Each cell goes to where it stands with days before people; that spares the sorting.
    trial = row[who]
    first_place = (np.cumsum(active) - active) * TRIAL_DAYS
    place = first_place[trial] + (day - 1) * active[trial] + person[who] - 1
    taken, cell_of_place = np.zeros(words.size, dtype=bool), np.empty(words.size, dtype=np.int64)
    taken[place], cell_of_place[place] = True, used
    used = cell_of_place[np.flatnonzero(taken)]
    who = used // TRIAL_DAYS
    day = used - who * TRIAL_DAYS + 1
    trial, person = row[who], person[who]
    records = streams.draws("trial_days", "records", cells, used)
    makes = streams.happens("trial_days", "pipelines", threshold(parameters.makes_pipeline), cells)[used]
    imported_on = import_day[trial]
    return {
        OF_BLOCK: trials[OF_BLOCK][trial],
        "account_id": trials["account_id"][trial],
        "person": person,
        "day": day,
        "records": 1 + lookup.scaled("gamma_2", records, parameters.records_in_trial),
        "imports": ((person == 1) & (day == imported_on)).astype(np.int64),
        "pipelines": (makes & (day >= imported_on)).astype(np.int64),
    }


def make_trials(parameters, streams, candidates):
    """Trials that began in the window, and their person-days. Returns (trials, trial_days, oracle)."""
    chosen = candidates["known"] & candidates["with_trial"]
    chosen &= candidates["trial_on"] >= timeline.WINDOW_START
    trials = take_rows({name: candidates[name] for name in _READ}, np.flatnonzero(chosen))
    starts = trials["trial_on"]
    invited, active, import_day, late = _plans(parameters, streams, trials)
    import_day = _working_day(starts, import_day)
    people = _active_people(parameters, streams, trials, active, late)
    unpaid = trials["paid_on"] == timeline.NO_DAY
    ends = np.where(unpaid, timeline.WINDOW_END + 1, trials["paid_on"]) - starts + 1
    trial_days = _make_days(parameters, streams, trials, people, active, import_day, ends)
    both = np.maximum(import_day, _third_person(people, active))

    def seen(day):
        return np.where((day < _NEVER) & (day < ends), starts + day - 1, timeline.NO_DAY)

    table = {
        OF_BLOCK: trials[OF_BLOCK],
        "account_id": trials["account_id"],
        "started_on": starts,
        "path": Coded(trials["path"], PATHS),
        "executive_id": trials["executive_id"],
        "people_invited": invited,
        "imported_on": seen(import_day),
        "activated_on": seen(both),
        "paid_on": trials["paid_on"],
    }
    told = (OF_BLOCK, "account_id", "activates_self_serve", "activates_assisted", "pays_later")
    return table, trial_days, {name: trials[name] for name in told}


def _working_day(starts, day, least=1):
    """The day of the trial, or the Friday before where it falls on a weekend; the Monday where that is too
    early."""
    weekday = timeline.weekday(starts + day - 1)
    friday = day - np.maximum(0, weekday - 4)
    return np.where(friday >= least, friday, day + 7 - weekday)


def _third_person(people, active):
    """Day on which a trial's third person is active for the first time, _NEVER where there is none. people:
    see _active_people; active: (n,) how many of them each trial has."""
    row, _, first = people
    by_day = np.sort(row * _NEVER + first) % _NEVER  # trial by trial, in the order of days
    third = np.full(len(active), _NEVER)
    enough = active >= PEOPLE
    third[enough] = by_day[(np.cumsum(active) - active)[enough] + PEOPLE - 1]
    return third
