"""Price alerts of the panel: who was asked to set one, who did, and both outcomes.

The bookings are there already. What is drawn here is the user's arm and kind *given* what they did, by
Bayes' rule: the rows are then those of an experiment in which arm and kind came first and the booking after.
"""

import numpy as np

from twoworlds.worlds import timeline
from twoworlds.worlds.cells import Coded, take_rows
from twoworlds.worlds.streams import ONE, pick_by_group
from twoworlds.worlds.swiftfare.tests_parameters import ARMS, TAKERS

_ALWAYS, _COMPLIER = 0, 1
BOOKS_WITHIN = 30  # days after the install


def _cells(parameters):
    """Share and chance to book of the six kinds of arm and taker, control first: two arrays (6,)."""
    share = np.tile(parameters.taker_share, 2) / 2
    books = np.tile(parameters.books_30_days, 2)
    books[len(TAKERS) + _COMPLIER] += parameters.alert_effect
    return share, books


def _given_outcome(share, books):
    """Chances of each kind, for those who did not book and those who did (2, kinds)."""
    without, with_booking = share * (1 - books), share * books
    return np.stack([without / without.sum(), with_booking / with_booking.sum()])


def make_alerts(parameters, streams, users, first_booking):
    """Rows of those who were in the nudge's test or set an alert. Returns (table, oracle of the test)."""
    n = len(users["user_id"])
    installed = users["installed_on"]
    booked = (first_booking != timeline.NO_DAY) & (first_booking - installed <= BOOKS_WITHIN)
    outcome = booked.astype(np.int64)
    age = installed - parameters.nudge_start
    in_test = (age >= 0) & (age < parameters.nudge_days)

    share, books = _cells(parameters)
    draws = streams.draws("alerts", "kind", n)
    kind_in_test = pick_by_group(draws, outcome, _given_outcome(share, books))
    # Outside the test nobody is asked: as in the control arm.
    control = slice(0, len(TAKERS))
    kind_outside = pick_by_group(draws, outcome, _given_outcome(share[control] * 2, books[control]))
    arm, taker = kind_in_test // len(TAKERS), kind_in_test % len(TAKERS)
    taker = np.where(in_test, taker, kind_outside)
    nudged = in_test & (arm == 1)
    sets = (taker == _ALWAYS) | (nudged & (taker == _COMPLIER))

    # The outcome in the other arm: an alert only ever adds a booking.
    base = parameters.books_30_days[_COMPLIER]
    keeps = base / (base + parameters.alert_effect)
    gains = parameters.alert_effect / (1 - base)
    coin = streams.draws("alerts", "other_arm", n)
    complier = taker == _COMPLIER
    without = booked & ~(complier & nudged & (coin >= keeps * ONE))
    with_nudge = booked | (complier & ~nudged & (coin < gains * ONE))

    table = {
        "user_id": users["user_id"],
        "arm": Coded(np.where(in_test, arm, -1), ARMS),
        "set_on": np.where(sets, installed, timeline.NO_DAY),
    }
    oracle = {
        "user_id": users["user_id"],
        "taker": Coded(taker, TAKERS),
        "books_without_card": without,
        "books_with_card": with_nudge,
    }
    return take_rows(table, in_test | sets), take_rows(oracle, in_test)
