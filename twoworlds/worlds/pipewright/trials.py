"""Trials, person-day by person-day.

Whether a trial activates is settled before (see prospects.py); here are the imports and the people that make
it so, or not.
"""

import numpy as np

from twoworlds.worlds import lookup, timeline
from twoworlds.worlds.cells import Coded, take_rows
from twoworlds.worlds.pipewright.funnel_parameters import PATHS
from twoworlds.worlds.streams import threshold

TRIAL_DAYS = 30
WITHIN = 14  # days in which an activation counts
PEOPLE = 3  # who must have been active
_NEVER = 10_000  # a day of a trial that does not come


def _day_of_first(draws, mean):
    """Day of the trial, 1 to WITHIN."""
    return 1 + np.minimum(WITHIN - 1, lookup.scaled("gamma_1.5", draws, mean))


def _plans(parameters, streams, trials):
    """What each trial would do: people invited, people ever active, day of the import, whether late."""
    n, activated = len(trials["account_id"]), trials["activated"]
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


def make_trials(parameters, streams, candidates):
    """Trials that began in the window, and their person-days. Returns (trials, trial_days, oracle)."""
    chosen = candidates["known"] & candidates["with_trial"]
    chosen &= candidates["trial_on"] >= timeline.WINDOW_START
    trials = take_rows(candidates, chosen)
    n, starts = len(trials["account_id"]), trials["trial_on"]
    people, active, import_day, late = _plans(parameters, streams, trials)
    import_day = _working_day(starts, import_day)

    # One row an active person; the first is who began the trial.
    row = np.repeat(np.arange(n), active)
    person = np.arange(len(row)) - np.repeat(np.cumsum(active) - active, active) + 1
    first = _day_of_first(streams.draws("trials", "first_day", len(row)), parameters.first_days)
    third_late = WITHIN + 1 + streams.below("trials", "late_day", n, parameters.late_days)
    first = np.where(person == 1, 1, first)
    first = np.where(late[row] & (person == PEOPLE), third_late[row], first)
    first = _working_day(starts[row], first, np.where(late[row] & (person == PEOPLE), WITHIN + 1, 1))

    # All days of the trial, of which few are used.
    day = np.arange(1, TRIAL_DAYS + 1)
    draws = streams.draws("trial_days", "active", len(row) * TRIAL_DAYS).reshape(len(row), TRIAL_DAYS)
    age = day - first[:, None]
    chance = np.array(threshold(parameters.active_again))[(age > 7).astype(np.int64)]
    weekday = timeline.weekday(starts[row][:, None] + day - 1)
    used = (age == 0) | ((age > 0) & (weekday < 5) & (draws < chance))
    imports = (person == 1)[:, None] & (day == import_day[row][:, None])
    date = starts[row][:, None] + day - 1
    ends = np.where(trials["paid_on"] == timeline.NO_DAY, timeline.WINDOW_END + 1, trials["paid_on"])
    used = (used | imports) & (date < ends[row][:, None])
    who, place = np.nonzero(used)
    records = 1 + lookup.scaled("gamma_2", streams.draws("trial_days", "records", row.size * TRIAL_DAYS)
                                .reshape(used.shape)[who, place], parameters.records_in_trial)  # fmt: skip
    makes = streams.draws("trial_days", "pipelines", row.size * TRIAL_DAYS).reshape(used.shape)[who, place]
    trial_days = {
        "account_id": trials["account_id"][row[who]],
        "person": person[who],
        "day": day[place],
        "records": records,
        "imports": imports[who, place].astype(np.int64),
        "pipelines": ((makes < threshold(parameters.makes_pipeline)) & (day[place] >= import_day[row[who]]))
        .astype(np.int64),
    }  # fmt: skip
    order = np.lexsort((trial_days["person"], trial_days["day"], trial_days["account_id"]))
    trial_days = take_rows(trial_days, order)

    third = _third_person(first, row, person, n)
    both = np.maximum(import_day, third)

    def seen(day):
        date = starts + day - 1
        return np.where((day < _NEVER) & (date < ends), date, timeline.NO_DAY)

    table = {
        "account_id": trials["account_id"],
        "started_on": starts,
        "path": Coded(trials["path"], PATHS),
        "executive_id": trials["executive_id"],
        "people_invited": people,
        "imported_on": seen(import_day),
        "activated_on": seen(both),
        "paid_on": trials["paid_on"],
    }
    oracle = {
        "account_id": trials["account_id"],
        "activates_self_serve": trials["activates_self_serve"],
        "activates_assisted": trials["activates_assisted"],
        "pays_later": trials["pays_later"],
    }
    return table, trial_days, oracle


def _working_day(starts, day, least=1):
    """The day of the trial, or the Friday before where it falls on a weekend; the Monday where that is too
    early."""
    weekday = timeline.weekday(starts + day - 1)
    friday = day - np.maximum(0, weekday - 4)
    return np.where(friday >= least, friday, day + 7 - weekday)


def _third_person(first, row, person, n):
    """Day on which a trial's third person is active for the first time, _NEVER where there is none."""
    order = np.lexsort((first, row))
    place = np.arange(len(row)) - np.searchsorted(row[order], row[order])
    third = np.full(n, _NEVER)
    is_third = place == PEOPLE - 1
    third[row[order][is_third]] = first[order][is_third]
    return third
