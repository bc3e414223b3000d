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
    lag = 1 + lookup.scaled(
        "exponential", streams.draws("users", "uninstall_lag", n), parameters.uninstall_lag_days
    )
    day = end + lag
    seen = uninstalls & (day <= timeline.WINDOW_END)

    kind = np.where(is_customer, 2, np.where(visits.interest_days > 0, 1, 0))
    shares = (parameters.true_reason_once, parameters.true_reason_visitor, parameters.true_reason_customer)
    true_reason = pick_by_group(streams.draws("users", "true_reason", n), kind, shares)
    told = pick_by_group(
        streams.draws("users", "stated_reason", n), true_reason, parameters.stated_given_true
    )
    states = streams.happens("users", "states_reason", threshold(parameters.states_reason), n)
    return {
        "day": np.where(seen, day, timeline.NO_DAY),
        "true_reason": np.where(seen, true_reason, NO_REASON),
        "stated_reason": np.where(seen & states, told, NO_REASON),
    }
