"""Touches before the first booking: sites of others, our own site and app, and the link that was paid for.

The booking is there already, and so are the days with an open. Who would have come anyway is drawn here, with
the share that the holdouts find; it shows in an unpaid visit of our site before the paid link.
"""

import numpy as np

from twoworlds.worlds import lookup, timeline
from twoworlds.worlds.cells import Coded
from twoworlds.worlds.streams import hash_draws, place, threshold
from twoworlds.worlds.swiftfare.bookings import MOST_BOOKINGS
from twoworlds.worlds.swiftfare.growth_parameters import PAID_CHANNELS, TOUCHES
from twoworlds.worlds.swiftfare.users import numbered

_OWN_SITE, _PAID_LINK, _OWN_APP = (TOUCHES.index(kind) for kind in ("own_site", "paid_link", "own_app"))
_DAY_BITS = 20  # a day number fits in 20 bits
_MOST_OUTSIDE = 40  # touches on sites of others before one booking; the tables' sum stays below


def _outside(parameters, streams, n, chosen):
    """Row, days before the booking and kind of each touch on a site of others. chosen: rows, of n."""
    count = sum(
        lookup.value(table, streams.draws("touches", f"outside_{number}", n, chosen))
        for number, table in enumerate(parameters.outside_tables)
    )
    at = np.repeat(np.arange(len(chosen)), count)
    slot = numbered(at) - 1

    def drawn(column):
        return streams.words32_of("touches", column, n, _MOST_OUTSIDE, chosen)[at, slot]

    back = np.minimum(
        lookup.scaled("exponential", drawn("outside_days"), parameters.outside_days),
        parameters.touches_days - 1,
    )
    row, kind = chosen[at], place(drawn("outside_kind"), parameters.outside_share)
    return row, back, kind


def _asked(parameters, streams, users, booked):
    """Customers of the block whose touches were asked for: positions, chosen by a hash."""
    customers = np.flatnonzero(booked != timeline.NO_DAY)
    hashed = hash_draws(streams.seed, "swiftfare.touches.asked", users["user_id"][customers])
    return customers[hashed < threshold(parameters.touches_share)]


def make_touches(parameters, streams, users, visits, channels):
    """The table, and the oracle of who would have come anyway; for customers whom a hash chooses."""
    n, booked = len(users["user_id"]), visits.first_booking
    chosen = _asked(parameters, streams, users, booked)
    installed, channel = users["installed_on"][chosen], users["channel"][chosen]

    brings = np.zeros(len(channels))
    for paid, name in enumerate(PAID_CHANNELS):
        brings[channels.index(name)] = parameters.incremental_share[paid]
    anyway = streams.words32("touches", "brought", n)[chosen] >= threshold(brings)[channel]
    knows = np.where(anyway, threshold(parameters.knew_before), threshold(parameters.knew_before_brought))
    knew = streams.words32("touches", "knew_before", n)[chosen] < knows
    days = lookup.scaled(
        "exponential", streams.draws("touches", "knew_before_days", n, chosen), parameters.knew_before_days
    )
    site_day = installed - np.minimum(1 + days, 30)

    outside_row, back, outside_kind = _outside(parameters, streams, n, chosen)
    is_chosen = np.zeros(n, dtype=bool)
    is_chosen[chosen] = True
    opened = np.flatnonzero(is_chosen.take(visits.row))
    own_row, own_day = visits.row[opened], visits.day[opened]
    age = booked[own_row] - own_day
    own = (age > 0) & (age <= parameters.touches_days)
    own_row, own_day = own_row[own], own_day[own]

    paid = channel != channels.index("organic")
    row = np.concatenate([outside_row, chosen[knew], chosen[paid], own_row])
    day = np.concatenate([booked[outside_row] - back, site_day[knew], installed[paid], own_day])
    codes = np.array([_OWN_SITE, _PAID_LINK, _OWN_APP])
    kind = np.concatenate([outside_kind, np.repeat(codes, [knew.sum(), paid.sum(), len(own_row)])])
    keep = day >= timeline.WINDOW_START
    row, day, kind = row[keep], day[keep], kind[keep]
    order = np.argsort((row << _DAY_BITS | day) * len(TOUCHES) + kind)
    row, day, kind = row[order], day[order], kind[order]
    table = {
        "booking_id": users["user_id"][row] * (MOST_BOOKINGS + 1) + 1,
        "touch": numbered(row),
        "touched_on": day,
        "kind": Coded(kind, TOUCHES),
    }
    return table, {"user_id": users["user_id"][chosen], "comes_anyway": anyway}
