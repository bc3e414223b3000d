"""Price alerts of the panel: who was asked to set one, who did, and both outcomes.

The bookings are there already. What is drawn here is the user's arm and kind *given* what they did, by
Bayes' rule: the rows are then those of an experiment in which arm and kind came first and the booking after.
"""

from functools import lru_cache

import numpy as np

from twoworlds.worlds import timeline
from twoworlds.worlds.cells import Coded
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
    chances = np.stack([without / without.sum(), with_booking / with_booking.sum()])
    return tuple(map(tuple, chances.tolist()))


@lru_cache(maxsize=8)
def _chances(parameters):
    """Chances given the outcome: of arm and kind inside the nudge's test, and of the kind outside of it."""
    share, books = _cells(parameters)
    # Outside the test nobody is asked: as in the control arm.
    control = slice(0, len(TAKERS))
    return _given_outcome(share, books), _given_outcome(share[control] * 2, books[control])


def _both_outcomes(parameters, streams, n, rows, booked, complier, nudged):
    """Whether each user of the test books without the card and with it: an alert only ever adds a booking.

    rows: (t,) positions in the block of n; booked, complier, nudged: (t,) booleans.
    """
    base = parameters.books_30_days[_COMPLIER]
    keeps = base / (base + parameters.alert_effect)
    gains = parameters.alert_effect / (1 - base)
    coin = streams.draws("alerts", "other_arm", n, rows)
    without = booked & ~(complier & nudged & (coin >= keeps * ONE))
    with_card = booked | (complier & ~nudged & (coin < gains * ONE))
    return without, with_card


def make_alerts(parameters, streams, users, first_booking):
    """Rows of those who were in the nudge's test or set an alert. Returns (table, oracle of the test)."""
    n = len(users["user_id"])
    installed = users["installed_on"]
    booked = (first_booking != timeline.NO_DAY) & (first_booking - installed <= BOOKS_WITHIN)
    outcome = booked.astype(np.int64)
    age = installed - parameters.nudge_start
    in_test = (age >= 0) & (age < parameters.nudge_days)
    tested, others = np.flatnonzero(in_test), np.flatnonzero(~in_test)

    chances, chances_outside = _chances(parameters)
    draws = streams.draws("alerts", "kind", n)
    kind = pick_by_group(draws[tested], outcome[tested], chances)
    arm, taker = np.full(n, -1), np.empty(n, dtype=np.int64)
    arm[tested], taker[tested] = np.divmod(kind, len(TAKERS))
    taker[others] = pick_by_group(draws[others], outcome[others], chances_outside)
    nudged, complier = arm == 1, taker == _COMPLIER
    sets = (taker == _ALWAYS) | (nudged & complier)

    without, with_card = _both_outcomes(
        parameters, streams, n, tested, booked[tested], complier[tested], nudged[tested]
    )
    shown = np.flatnonzero(in_test | sets)
    table = {
        "user_id": users["user_id"][shown],
        "arm": Coded(arm[shown], ARMS),
        "set_on": np.where(sets[shown], installed[shown], timeline.NO_DAY),
    }
    oracle = {
        "user_id": users["user_id"][tested],
        "taker": Coded(taker[tested], TAKERS),
        "books_without_card": without,
        "books_with_card": with_card,
    }
    return table, oracle
