"""Time studies: what people at some customers needed for reports and typing, before and with Pipewright.

Which customers were timed is a matter of lot. Which of them marketing writes about is not.
"""

import numpy as np

from twoworlds.worlds import lookup, timeline
from twoworlds.worlds.blocks import OF_BLOCK
from twoworlds.worlds.cells import take_rows
from twoworlds.worlds.pipewright.contracts import is_known
from twoworlds.worlds.streams import threshold

_HALF_A_YEAR = 182


def _normal(streams, column, n):
    return lookup.value("normal", streams.draws("time_studies", column, n))


def make_time_studies(parameters, streams, accounts, lives):
    """One row an account that was timed. Returns a table."""
    day, n = parameters.timed_on, streams.rows(accounts[OF_BLOCK])
    last = day + parameters.timed_days
    held = is_known(accounts, lives) & (accounts["signed_on"] <= day - _HALF_A_YEAR) & (lives.left_on > last)
    chosen = held & streams.happens("time_studies", "timed", threshold(parameters.timed_share), n)
    least, most = parameters.people_timed
    people = least + streams.below("time_studies", "people", n, most - least + 1)
    people = np.minimum(people, accounts["seats"])
    draws = streams.draws("time_studies", "before", n)
    before = lookup.scaled(parameters.minutes_before_table, draws, parameters.minutes_before)
    own = _normal(streams, "account", n) * round(1000 * parameters.minutes_saved_sd) // 1000
    error = _normal(streams, "people_timed", n) * round(1000 * parameters.minutes_person_sd) // 1000
    error = np.rint(error / np.sqrt(people)).astype(np.int64)
    saved = round(lookup.UNIT * parameters.minutes_saved) + own + error
    saved = (saved + lookup.UNIT // 2) // lookup.UNIT
    on = day + streams.below("time_studies", "measured_on", n, parameters.timed_days)
    on -= np.maximum(0, timeline.weekday(on) - 4)
    table = {
        OF_BLOCK: accounts[OF_BLOCK],
        "account_id": accounts["account_id"],
        "measured_on": on,
        "people_timed": people,
        "minutes_before": before,
        "minutes_after": np.maximum(0, before - saved),
        "in_case_study": saved >= parameters.case_study_minutes,
    }
    return take_rows(table, chosen)
