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

_OWN_SITE, _PAID_LINK, _OWN_APP = (TOUCHES.index(kind) for kind in ("own_site", "paid_link", "own_app"))
_MOST_OUTSIDE = 40  # touches on sites of others before one booking; the tables' sum stays below


def _outside(parameters, streams, n, chosen):
    """Row, days before the booking and kind of each touch on a site of others. chosen: rows, of n."""
    count = sum(
        lookup.value(table, streams.draws("touches", f"outside_{number}", n, chosen))
        for number, table in enumerate(parameters.outside_tables)
    )
    at, slot = np.nonzero(np.arange(_MOST_OUTSIDE) < count[:, None])

    def drawn(column):
        return streams.words32_of("touches", column, n, _MOST_OUTSIDE, chosen)[at, slot]

    back = np.minimum(
        lookup.scaled("exponential", drawn("outside_days"), parameters.outside_days),
        parameters.touches_days - 1,
    )
    row, kind = chosen[at], place(drawn("outside_kind"), parameters.outside_share)
    return row, back, kind


def make_touches(parameters, streams, users, visits, channels):
    """The table, and the oracle of who would have come anyway; for customers whom a hash chooses."""
    n = len(users["user_id"])
    installed, booked = users["installed_on"], visits.first_booking
    asked = hash_draws(streams.seed, "swiftfare.touches.asked", users["user_id"])
    chosen = (asked < threshold(parameters.touches_share)) & (booked != timeline.NO_DAY)

    brings = np.zeros(len(channels))
    for paid, channel in enumerate(PAID_CHANNELS):
        brings[channels.index(channel)] = parameters.incremental_share[paid]
    anyway = ~streams.happens("touches", "brought", threshold(brings)[users["channel"]], n)
    knows = np.where(anyway, threshold(parameters.knew_before), threshold(parameters.knew_before_brought))
    knew = streams.happens("touches", "knew_before", knows, n)
    days = lookup.scaled(
        "exponential", streams.draws("touches", "knew_before_days", n), parameters.knew_before_days
    )
    site_day = installed - np.minimum(1 + days, 30)

    outside_row, back, outside_kind = _outside(parameters, streams, n, np.flatnonzero(chosen))
    open_age = booked[visits.row] - visits.day
    opened = (open_age > 0) & (open_age <= parameters.touches_days)
    site, paid = np.flatnonzero(knew), np.flatnonzero(users["channel"] != channels.index("organic"))
    row = np.concatenate([outside_row, site, paid, visits.row[opened]])
    day = np.concatenate([booked[outside_row] - back, site_day[site], installed[paid], visits.day[opened]])
    kind = np.concatenate(
        [outside_kind, *(np.full(len(part), code) for part, code in (
            (site, _OWN_SITE), (paid, _PAID_LINK), (visits.row[opened], _OWN_APP)
        ))]
    )  # fmt: skip
    keep = chosen[row] & (day >= timeline.WINDOW_START)
    row, day, kind = row[keep], day[keep], kind[keep]
    order = np.lexsort((kind, day, row))
    row, day, kind = row[order], day[order], kind[order]
    starts = np.searchsorted(row, row)
    table = {
        "booking_id": users["user_id"][row] * (MOST_BOOKINGS + 1) + 1,
        "touch": np.arange(len(row)) - starts + 1,
        "touched_on": day,
        "kind": Coded(kind, TOUCHES),
    }
    return table, {"user_id": users["user_id"][chosen], "comes_anyway": anyway[chosen]}
