"""Invites that users of the panel send, and who of the panel came by one.

A friend is in the panel as rarely as anyone: 3 times in a hundred. The friend's block makes the invites by
which its own users came; the inviter's block makes all the others. So each invite is made once, and no block
needs more of another than its visitors.
"""

from collections import OrderedDict
from typing import NamedTuple

import numpy as np

from twoworlds.worlds import lookup, timeline
from twoworlds.worlds.cells import NO_NUMBER
from twoworlds.worlds.streams import BlockStreams, hash_draws, threshold
from twoworlds.worlds.swiftfare import users as installs
from twoworlds.worlds.swiftfare import visitors

MONTH = 30  # days after the first booking in which invites are sent: a customer's month 0
_IDS = 100  # invites are numbered inside a user; the last number is the invite by which the user came
_BLOCKS_KEPT = 512  # of whom the newcomers are remembered: 20 kB a block
_BEFORE = 90  # days before the invite in which its sender may have installed


class Came(NamedTuple):
    """Users who came by an invite from the panel: row in the block, inviter's user_id and day it was sent."""

    row: np.ndarray
    inviter: np.ndarray
    sent_on: np.ndarray


def _delay(parameters, draws):
    """Days from an invite to the install, before the invite runs out (n,)."""
    in_time = (
        lookup.table("exponential") * parameters.invite_delay_days < parameters.invite_days * lookup.UNIT
    )
    draws = draws * int(in_time.sum()) // lookup.SLICES
    return lookup.scaled("exponential", draws, parameters.invite_delay_days)


def _lag(parameters, draws):
    """Days from the first booking to an invite (n,)."""
    return np.minimum(lookup.scaled("exponential", draws, parameters.invite_lag_days), MONTH - 1)


_kept = OrderedDict()  # (parameters, seed, world, scale, block) -> channel and first booking, lately read


def _keep(key, channel, first_booking):
    """Remember a block's newcomers, and forget those that nobody has read for longest."""
    found = _kept[key] = channel.astype(np.int8), first_booking.astype(np.int32)
    while len(_kept) > _BLOCKS_KEPT:
        _kept.popitem(last=False)
    return found


def _newcomers(parameters, seed, world, scale, block):
    """Channel and first booking of another block's users."""
    key = parameters, seed, world, scale, block
    if key in _kept:
        _kept.move_to_end(key)
        return _kept[key]
    streams = BlockStreams(seed, world, block)
    people = installs.make_users(parameters, streams, scale)
    first_booking = visitors.make_visits(parameters, streams, people).first_booking
    return _keep(key, people["channel"], first_booking)


def _inviter(parameters, streams, scale, start, sent_on, draw, before):
    """Index of a customer who may have sent an invite on that day, -1 where none is found.

    The first one from index `start` on, in its block, who made the first booking in the month up to that day
    and came before index `before`; whoever sends more invites is the likelier one.
    """
    width = parameters.users_per_block
    block = start // width
    channel, booked = _newcomers(parameters, streams.seed, streams.world, scale, block)
    could = (booked != timeline.NO_DAY) & (booked <= sent_on) & (booked > sent_on - MONTH)
    could &= block * width + np.arange(len(booked)) < before
    rows = np.flatnonzero(could)
    sends = np.array(parameters.invites_a_customer)
    coins = hash_draws(streams.seed, "swiftfare.invites.inviter", rows + draw)
    rows = rows[coins < threshold(sends / sends.max())[channel[rows]]]
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
    sent_on = users["installed_on"] - _delay(parameters, streams.draws("users", "invite_delay", n))
    place = streams.draws("users", "inviter", n)
    # Installs of the panel by the end of each day; none before the window.
    size = installs.panel_size(parameters, scale)
    by_day = np.r_[0, timeline.arrived_by(size, installs.install_weights(parameters, streams.seed))]
    found = []
    for row in np.flatnonzero(comes & (sent_on >= timeline.WINDOW_START)).tolist():
        day = int(sent_on[row]) - timeline.WINDOW_START
        low, high = int(by_day[max(0, day - _BEFORE)]), int(by_day[day + 1])
        index = int(users["user_id"][row]) - 1
        high = min(high, index)
        if high <= low:
            continue
        start = low + (int(place[row]) * (high - low) >> 32)
        inviter = _inviter(parameters, streams, scale, start, int(sent_on[row]), int(place[row]), index)
        if inviter >= 0:
            found.append((row, inviter + 1, int(sent_on[row])))
    return Came(*np.array(found, dtype=np.int64).reshape(-1, 3).T)


def referrers(came, n):
    """The column `referrer_id` (n,)."""
    found = np.full(n, NO_NUMBER, dtype=np.int64)
    found[came.row] = came.inviter
    return found


def make_invites(parameters, streams, users, first_booking, came):
    """The table: invites that the block's customers sent, then those by which its users came."""
    n, slots = len(users["user_id"]), parameters.most_invites
    customers = np.flatnonzero(first_booking != timeline.NO_DAY)

    # Drawn for every user, customer or not, so that one user's booking moves no other's invites.
    def by_slot(column):
        return streams.words32("invites", column, n * slots).reshape(n, slots)[customers]

    level = lookup.value(parameters.invites_table, streams.draws("invites", "level", n, customers))
    each = threshold(np.array(parameters.invites_a_customer) / slots)[users["channel"][customers]]
    sends = by_slot("sends") < (each * level // lookup.UNIT)[:, None]
    third = streams.below("invites", "friends", n, 3)[customers]
    chances = parameters.invite_accepts + parameters.invite_accepts_spread * (np.arange(3) - 1)
    taken = by_slot("accepts") < threshold(chances)[third][:, None]
    # A friend in the panel is made with the friend.
    elsewhere = threshold(1 - parameters.panel_share)
    sends &= ~taken | (by_slot("elsewhere") < elsewhere)

    place, slot = np.nonzero(sends)
    row = customers[place]
    flat = row * slots + slot
    sent_on = first_booking[row] + _lag(parameters, streams.draws("invites", "lag", n * slots, flat))
    accepted = sent_on + _delay(parameters, streams.draws("invites", "delay", n * slots, flat))
    seen = taken[place, slot] & (accepted <= timeline.WINDOW_END)
    inside = sent_on <= timeline.WINDOW_END
    number = np.cumsum(sends, axis=1)[place, slot]
    friends = users["user_id"][came.row]
    return {
        "invite_id": np.r_[(users["user_id"][row] * _IDS + number)[inside], friends * _IDS + _IDS - 1],
        "user_id": np.r_[users["user_id"][row][inside], came.inviter],
        "sent_on": np.r_[sent_on[inside], came.sent_on],
        "accepted_on": np.r_[
            np.where(seen, accepted, timeline.NO_DAY)[inside], users["installed_on"][came.row]
        ],
        "friend_id": np.r_[np.full(int(inside.sum()), NO_NUMBER), friends],
    }
