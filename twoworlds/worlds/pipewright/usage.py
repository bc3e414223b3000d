"""Use of the product, member by member and week by week, kept as account-weeks."""

from typing import NamedTuple

import numpy as np

from twoworlds.worlds import lookup, timeline
from twoworlds.worlds.blocks import OF_BLOCK
from twoworlds.worlds.pipewright.contracts import is_known
from twoworlds.worlds.pipewright.members import MOST_MEMBERS
from twoworlds.worlds.streams import in_32_bits, place_in_bytes

FIRST_MONDAY = timeline.WINDOW_START  # 1 January 2024 is a Monday
WEEKS = (timeline.WINDOW_END + 1 - FIRST_MONDAY) // 7  # whole weeks in the window
WEEKS_BEFORE = 3  # before the window, for the actives of 28 days in its first weeks
TOTAL_WEEKS = WEEKS_BEFORE + WEEKS
_ORIGIN = FIRST_MONDAY - 7 * WEEKS_BEFORE  # Monday of week 0
_MONDAYS = _ORIGIN + 7 * np.arange(TOTAL_WEEKS)
_MILLION = lookup.UNIT
# What a member-week adds to its account-week: days, an active member, a member active in the weeks before
# only. Packed in one number, the three are summed at once, and exactly, since an account has MOST_MEMBERS at
# most: whole numbers below 2**53 are exact in the floats that bincount adds.
_ACTIVE = 7 * MOST_MEMBERS + 1
_LATELY = _ACTIVE * (MOST_MEMBERS + 1)
_PACKED = np.array([0, *(_ACTIVE + days for days in range(1, 8)), _LATELY], dtype=np.float64)


def runs(first, count):
    """Runs of whole numbers, one after the other: count[i] of them from first[i] on. Both (n,); returns
    (sum of count,)."""
    some = count > 0
    first, count = first[some], count[some]
    starts = np.cumsum(count) - count
    # Steps from number to number, to be added up: half the work of positions less their run's start.
    numbers = np.ones(int(count.sum()), dtype=np.int64)
    numbers[starts] = first
    numbers[starts[1:]] -= first[:-1] + count[:-1] - 1
    return np.cumsum(numbers, out=numbers)


def weeks_of_accounts(accounts, usage):
    """How many account-weeks of `usage` each account has; (n,)."""
    edges = np.searchsorted(usage["account_id"], accounts["account_id"])
    return np.diff(edges, append=len(usage["account_id"]))


def weeks_with_contract(accounts, lives):
    """Whole weeks with a contract inside the window: the first, counted as in `HeldWeeks`, and how many; both
    (n,)."""
    first = np.maximum(WEEKS_BEFORE, -((_ORIGIN - accounts["signed_on"]) // 7))
    behind = np.minimum(TOTAL_WEEKS, (lives.left_on - _ORIGIN) // 7)
    return first, np.maximum(0, behind - first) * is_known(accounts, lives)


def _fixed(share):
    return round(share * _MILLION)


def _habits(parameters, accounts):
    """Share of members who never use it, chance of the others to use it in a week; (n,), in millionths."""
    risk = accounts["risk"]
    never = _fixed(parameters.never_uses) + _fixed(parameters.never_uses_by_risk) * risk // _MILLION
    uses = _fixed(parameters.uses_in_week) - _fixed(parameters.uses_in_week_by_risk) * risk // _MILLION
    return (
        np.minimum(never, _fixed(parameters.never_uses_most)),
        np.maximum(uses, _fixed(parameters.uses_in_week_least)),
    )


def _decline(parameters, mondays, left_on):
    """What is left of the usual use in a week, in millionths: it declines over an account's last weeks."""
    weeks_left = np.maximum(0, (left_on - 7 - mondays) // 7)  # 0 in the last whole week
    lost = _MILLION - _fixed(parameters.decline_to)
    return _MILLION - lost * np.maximum(0, parameters.decline_weeks - weeks_left) // parameters.decline_weeks


def _use_limits(parameters, uses, left_on):
    """Thresholds of the draws that say whether a member uses the product; (n, TOTAL_WEEKS).

    uses, left_on: (n,) chance in a week, in millionths, and first day without a contract
    """
    month = timeline.month_of_year(_MONDAYS + 3)  # by the Thursday
    chance = uses[:, None] * np.array(parameters.use_season) // 100
    limits = ((chance << 32) // _MILLION).take(month, axis=1)
    last_touched = _MONDAYS[-1] + 7 * (parameters.decline_weeks + 1)
    leaving = np.flatnonzero((left_on > _ORIGIN) & (left_on < last_touched))
    chance = chance[leaving].take(month, axis=1) * _decline(parameters, _MONDAYS, left_on[leaving, None])
    limits[leaving] = (chance // _MILLION << 32) // _MILLION
    return limits


class HeldWeeks(NamedTuple):
    """Weeks in which members held their seats from Monday to Sunday: member by member, in the order of weeks.

    first: (members,) a member's first such week, counted from `WEEKS_BEFORE` weeks before the window
    held: (members,) how many such weeks follow each other
    cell: (n,) the account-week of each: position of the account times `TOTAL_WEEKS`, plus the week
    days_used: (n,) 0 to 7, uint8
    """

    first: np.ndarray
    held: np.ndarray
    cell: np.ndarray
    days_used: np.ndarray


def make_member_weeks(parameters, streams, accounts, lives, members):
    """Who used the product in which week, on how many days. Returns HeldWeeks."""
    first = np.maximum(0, -((_ORIGIN - members["seat_from"]) // 7))
    behind = np.minimum(TOTAL_WEEKS, np.maximum(0, (members["until"] - _ORIGIN) // 7))
    held = np.maximum(0, behind - first)
    cell = runs(members["row"] * TOTAL_WEEKS + first, held)

    of_block = members[OF_BLOCK]
    rows = np.bincount(of_block, weights=held, minlength=len(streams.blocks)).astype(np.int64)
    never, uses = _habits(parameters, accounts)
    never_uses = streams.happens(
        "usage", "never_uses", ((never << 32) // _MILLION)[members["row"]], streams.rows(of_block)
    )
    limits = in_32_bits(_use_limits(parameters, uses, lives.left_on))
    active = streams.happens("usage", "active", limits.take(cell), rows)
    active &= np.repeat(~never_uses, held)

    days_used = place_in_bytes(streams.words32("usage", "days_used", rows), parameters.days_used_share)
    days_used += 1
    days_used *= active.view(np.uint8)
    return HeldWeeks(first, held, cell, days_used)


def _active_lately(member_weeks):
    """Whether a member was active in one of the three weeks before, in the same seat; (n,) booleans."""
    active, held = member_weeks.days_used > 0, member_weeks.held
    lately = np.zeros(len(active), dtype=bool)
    for back in range(1, 4):
        lately[back:] |= active[:-back]
    # A member's first weeks again: there, the weeks before are another's.
    starts = np.cumsum(held) - held
    for place in range(3):
        at = starts[held > place] + place
        used = np.zeros(len(at), dtype=bool)
        for back in range(1, place + 1):
            used |= active[at - back]
        lately[at] = used
    return lately


def _sums(member_weeks, cells):
    """Sums over the members in each account-week, packed as in _PACKED; (cells,)."""
    days = member_weeks.days_used
    only_lately = _active_lately(member_weeks) & (days == 0)
    place = days + 8 * only_lately.view(np.uint8)
    return np.bincount(member_weeks.cell, weights=_PACKED.take(place), minlength=cells).astype(np.int64)


def _months_of_life(accounts):
    """Billing days of each account before or on each Monday, less one; (n, TOTAL_WEEKS)."""
    signed = accounts["signed_on"][:, None]
    months = timeline.month_index(_MONDAYS) - timeline.month_index(signed)
    return months - (timeline.day_of_month(_MONDAYS) < timeline.day_of_month(signed))


def make_usage(parameters, streams, accounts, lives, member_weeks):
    """One row an account and whole week with a contract, Monday to Sunday, inside the window."""
    n = len(accounts["account_id"])
    first, weeks = weeks_with_contract(accounts, lives)
    account = np.repeat(np.arange(n), weeks)
    cell = runs(np.arange(n) * TOTAL_WEEKS + first, weeks)

    # Active in the 28 days that end with the week: in this week or one of the three before.
    packed, member_days = np.divmod(_sums(member_weeks, n * TOTAL_WEEKS).take(cell), _ACTIVE)
    lately, active = np.divmod(packed, MOST_MEMBERS + 1)

    rows = streams.rows(accounts[OF_BLOCK])
    pace = lookup.scaled(
        parameters.records_account_table,
        streams.draws("usage", "records_account", rows),
        np.int64(parameters.records_a_day * 1000),
    )
    week_factor = lookup.value(
        parameters.records_week_table, streams.draws("usage", "records_week", rows * TOTAL_WEEKS, cell)
    )
    return {
        OF_BLOCK: accounts[OF_BLOCK][account],
        "account_id": accounts["account_id"][account],
        "week": _ORIGIN + 7 * (cell - TOTAL_WEEKS * account),
        "seats": lives.seats[account, _months_of_life(accounts).take(cell)],  # paid on the Monday
        "active_members": active,
        "active_members_28d": active + lately,
        "mean_daily_active": (member_days * 100 + 3) // 7,  # hundredths, rounded
        "records_edited": member_days * pace[account] // 1000 * week_factor // _MILLION,
    }
