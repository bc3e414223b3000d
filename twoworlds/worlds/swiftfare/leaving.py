"""Leaving for good: the uninstall, its true reason, and the reason that is stated."""

import numpy as np

from twoworlds.worlds import lookup, timeline
from twoworlds.worlds.streams import pick_by_group, threshold

NO_REASON = -1


def make_uninstalls(parameters, streams, users, visits, customers):
    """Returns a dict of arrays (n,): `day` (NO_DAY where none inside the window), `true_reason` and
    `stated_reason` (positions in REASONS, NO_REASON where none)."""
    n = len(users["user_id"])
    is_customer = visits.first_booking != timeline.NO_DAY
    end = users["installed_on"] + visits.interest_days
    end[customers.row] = customers.last_day

    limit = np.where(
        is_customer, threshold(parameters.uninstalls_customer), threshold(parameters.uninstalls_visitor)
    )
    uninstalls = streams.happens("users", "uninstalls", limit, n)
    rows = np.flatnonzero(uninstalls)
    lag = streams.words32("users", "uninstall_lag", n)[rows]
    day = end[rows] + 1 + lookup.scaled("exponential", lag, parameters.uninstall_lag_days)
    seen = np.flatnonzero(day <= timeline.WINDOW_END)
    rows, day = rows[seen], day[seen]

    kind = np.where(is_customer[rows], 2, np.where(visits.interest_days[rows] > 0, 1, 0))
    shares = (parameters.true_reason_once, parameters.true_reason_visitor, parameters.true_reason_customer)
    true_reason = pick_by_group(streams.draws("users", "true_reason", n, rows), kind, shares)
    states = streams.happens("users", "states_reason", threshold(parameters.states_reason), n)[rows]
    told = pick_by_group(
        streams.draws("users", "stated_reason", n, rows), true_reason, parameters.stated_given_true
    )
    none = np.full(n, NO_REASON, dtype=np.int64)
    left = {"day": np.full(n, timeline.NO_DAY), "true_reason": none, "stated_reason": none.copy()}
    left["day"][rows] = day
    left["true_reason"][rows] = true_reason
    left["stated_reason"][rows] = np.where(states, told, NO_REASON)
    return left
