"""Invites that users of the panel send, and who of the panel came by one.

A friend is in the panel as rarely as anyone: 3 times in a hundred. The friend's block makes the invites by
which its own users came; the inviter's block makes all the others. So each invite is made once, and no block
needs more of another than its visitors.
"""

from collections import OrderedDict
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from twoworlds.worlds import lookup, timeline
from twoworlds.worlds.cells import NO_NUMBER
from twoworlds.worlds.streams import BlockStreams, hash_draws, threshold
from twoworlds.worlds.swiftfare import users as installs
from twoworlds.worlds.swiftfare import visitors

MONTH = 30  # days after the first booking in which invites are sent: a customer's month 0
_IDS = 100  # invites are numbered inside a user; the last number is the invite by which the user came
_BLOCKS_KEPT = 512  # of which the customers are remembered: 20 kB a block
_BEFORE = 90  # days before the invite in which its sender may have installed


class Came(NamedTuple):
    """Users who came by an invite from the panel: row in the block, inviter's user_id and day it was sent."""

    row: np.ndarray
    inviter: np.ndarray
    sent_on: np.ndarray


@lru_cache(maxsize=8)
def _in_time(mean_days, most_days):
    """How many slices of the delays end before the invite runs out."""
    return int((lookup.table("exponential") * mean_days < most_days * lookup.UNIT).sum())


def _delay(parameters, draws):
    """Days from an invite to the install, before the invite runs out (n,). draws: int64."""
    in_time = _in_time(parameters.invite_delay_days, parameters.invite_days)
    return lookup.scaled("exponential", draws * in_time // lookup.SLICES, parameters.invite_delay_days)


def _lag(parameters, draws):
    """Days from the first booking to an invite (n,)."""
    return np.minimum(lookup.scaled("exponential", draws, parameters.invite_lag_days), MONTH - 1)


class _Customers(NamedTuple):
    """Customers of a block: row in it, in order, channel and day of the first booking."""

    row: np.ndarray
    channel: np.ndarray
    booked: np.ndarray


_kept = OrderedDict()  # (parameters, seed, world, scale, block) -> its customers, lately read


def _keep(key, channel, first_booking):
    """Remember a block's customers, and forget those that nobody has read for longest."""
    row = np.flatnonzero(first_booking != timeline.NO_DAY)
    found = _kept[key] = _Customers(row, channel[row], first_booking[row])
    while len(_kept) > _BLOCKS_KEPT:
        _kept.popitem(last=False)
    return found


def _customers(parameters, seed, world, scale, block):
    """The customers of another block."""
    key = parameters, seed, world, scale, block
    if key in _kept:
        _kept.move_to_end(key)
        return _kept[key]
    streams = BlockStreams(seed, world, block)
    people = installs.make_users(parameters, streams, scale)
    return _keep(key, people["channel"], visitors.first_bookings(parameters, streams, people))


def _inviter(parameters, streams, scale, start, sent_on, draw, before):
    """Index of a customer who may have sent an invite on that day, -1 where none is found.

    The first one from index `start` on, in its block, who made the first booking in the month up to that day
    and came before index `before`; whoever sends more invites is the likelier one.
    """
    width = parameters.users_per_block
    block = start // width
    row, channel, booked = _customers(parameters, streams.seed, streams.world, scale, block)
    could = np.flatnonzero((booked <= sent_on) & (booked > sent_on - MONTH) & (row < before - block * width))
    coins = hash_draws(streams.seed, "swiftfare.invites.inviter", row[could] + draw)
    most = max(parameters.invites_a_customer)
    sends = threshold(tuple(invites / most for invites in parameters.invites_a_customer))
    rows = row[could[coins < sends[channel[could]]]]
    if len(rows) == 0:
        return -1
    return block * width + int(rows[np.argmin((rows - start % width) % width)])


def make_came(parameters, streams, scale, users, first_booking, referral):
    """Which users of the block came by an invite of a user of the panel. first_booking: their own;
    referral: that channel's code."""
    n = len(users["user_id"])
    _keep((parameters, streams.seed, streams.world, scale, streams.block), users["channel"], first_booking)
    by_invite = threshold(parameters.panel_share * parameters.referral_by_invite)
    comes = streams.happens("users", "inviter_in_panel", by_invite, n) & (users["channel"] == referral)
    rows = np.flatnonzero(comes)
    delay = _delay(parameters, streams.draws("users", "invite_delay", n, rows))
    sent_on = users["installed_on"][rows] - delay
    place = streams.draws("users", "inviter", n, rows)
    by_day = installs.installed_by(parameters, streams.seed, scale)
    found = []
    for row, sent, draw in zip(rows.tolist(), sent_on.tolist(), place.tolist(), strict=True):
        day = sent - timeline.WINDOW_START
        if day < 0:
            continue
        # Installs of the panel before the first day on which the sender may have come, and by the day itself.
        low = int(by_day[day - _BEFORE - 1]) if day > _BEFORE else 0
        index = int(users["user_id"][row]) - 1
        high = min(int(by_day[day]), index)
        if high <= low:
            continue
        start = low + (draw * (high - low) >> 32)
        inviter = _inviter(parameters, streams, scale, start, sent, draw, index)
        if inviter >= 0:
            found.append((row, inviter + 1, sent))
    return Came(*np.array(found, dtype=np.int64).reshape(-1, 3).T)


def referrers(came, n):
    """The column `referrer_id` (n,)."""
    found = np.full(n, NO_NUMBER, dtype=np.int64)
    found[came.row] = came.inviter
    return found


def _sent(parameters, streams, channel, customers):
    """Invites that the customers send to friends outside the panel: a friend inside is made with the friend.

    channel: (n,) of all users of the block, for whom the draws are made, customers or not, so that one user's
    booking moves no other's invites; customers: (c,) positions. Returns position of the sender and slot of
    each invite, in order, and whether it is accepted.
    """
    n, slots = len(channel), parameters.most_invites
    level = lookup.value(parameters.invites_table, streams.draws("invites", "level", n, customers))
    each = threshold(tuple(sent / slots for sent in parameters.invites_a_customer))[channel[customers]]
    words = streams.words32("invites", "sends", n * slots).reshape(n, slots).take(customers, axis=0)
    place, slot = np.divmod(np.flatnonzero(words < (each * level // lookup.UNIT)[:, None]), slots)
    row = customers[place]

    third = streams.below("invites", "friends", n, 3)[row]
    spread = parameters.invite_accepts_spread
    chances = tuple(parameters.invite_accepts + spread * step for step in (-1, 0, 1))
    words = streams.words32("invites", "accepts", n * slots)[row * slots + slot]
    taken = words < threshold(chances)[third]
    of_taken = np.flatnonzero(taken)
    elsewhere = _by_slot(parameters, streams, "elsewhere", n, row[of_taken], slot[of_taken])
    keeps = np.ones(len(row), dtype=bool)
    keeps[of_taken] = elsewhere < threshold(1 - parameters.panel_share)
    return row[keeps], slot[keeps], taken[keeps]


def _by_slot(parameters, streams, column, n, row, slot):
    """Draws of a column that has one for each slot of each of n users, for a few of these, in order."""
    first = np.diff(row, prepend=-1) != 0
    words = streams.words32_of("invites", column, n, parameters.most_invites, row[first])
    return words[np.cumsum(first) - 1, slot].astype(np.int64)


def make_invites(parameters, streams, users, first_booking, came):
    """The table: invites that the block's customers sent, then those by which its users came."""
    n, slots = len(users["user_id"]), parameters.most_invites
    customers = np.flatnonzero(first_booking != timeline.NO_DAY)
    row, slot, taken = _sent(parameters, streams, users["channel"], customers)
    lag = streams.words32("invites", "lag", n * slots)[row * slots + slot]
    sent_on = first_booking[row] + _lag(parameters, lag)
    of_taken = np.flatnonzero(taken)
    delay = _by_slot(parameters, streams, "delay", n, row[of_taken], slot[of_taken])
    accepted = sent_on[of_taken] + _delay(parameters, delay)
    accepted_on = np.full(len(row), timeline.NO_DAY)
    accepted_on[of_taken] = np.where(accepted <= timeline.WINDOW_END, accepted, timeline.NO_DAY)
    user_id = users["user_id"][row]
    inside = np.flatnonzero(sent_on <= timeline.WINDOW_END)
    friends = users["user_id"][came.row]
    sent = {
        "invite_id": user_id * _IDS + installs.numbered(row),
        "user_id": user_id,
        "sent_on": sent_on,
        "accepted_on": accepted_on,
        "friend_id": np.full(len(row), NO_NUMBER),
    }
    followed = {
        "invite_id": friends * _IDS + _IDS - 1,
        "user_id": came.inviter,
        "sent_on": came.sent_on,
        "accepted_on": users["installed_on"][came.row],
        "friend_id": friends,
    }
    return {name: np.concatenate([sent[name][inside], followed[name]]) for name in sent}
