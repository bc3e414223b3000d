"""Use of the product, member by member and week by week, kept as account-weeks."""

from typing import NamedTuple

import numpy as np

from twoworlds.worlds import lookup, timeline
from twoworlds.worlds.pipewright.contracts import billing_days, is_known

FIRST_MONDAY = timeline.WINDOW_START  # 1 January 2024 is a Monday
WEEKS = (timeline.WINDOW_END + 1 - FIRST_MONDAY) // 7  # whole weeks in the window
WEEKS_BEFORE = 3  # before the window, for the actives of 28 days in its first weeks
_MILLION = lookup.UNIT


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


class MemberWeeks(NamedTuple):
    """Weeks in which a member held the seat from Monday to Sunday, member by member in the order of weeks.

    member: (n,) position of the member; row: (n,) position of the account; week: (n,) counted from
    `WEEKS_BEFORE` weeks before the window; days_used: (n,) 0 to 7
    """

    member: np.ndarray
    row: np.ndarray
    week: np.ndarray
    days_used: np.ndarray


def make_member_weeks(parameters, streams, accounts, lives, members):
    """Who used the product in which week, on how many days."""
    total_weeks = WEEKS_BEFORE + WEEKS
    origin = FIRST_MONDAY - 7 * WEEKS_BEFORE

    # Member-weeks in which the seat was held from Monday to Sunday.
    first = np.maximum(0, -((origin - members["seat_from"]) // 7))
    behind = np.minimum(total_weeks, np.maximum(0, (members["until"] - origin) // 7))
    held = np.maximum(0, behind - first)
    member = np.repeat(np.arange(len(held)), held)
    week = np.arange(len(member)) - np.repeat(np.cumsum(held) - held, held) + first[member]
    row = members["row"][member]
    monday = origin + 7 * week

    never, uses = _habits(parameters, accounts)
    never_uses = streams.draws("usage", "never_uses", len(held)) < (never[members["row"]] << 32) // _MILLION
    season = np.array(parameters.use_season)[timeline.month_of_year(monday + 3)]  # by the Thursday
    chance = uses[row] * season // 100 * _decline(parameters, monday, lives.left_on[row]) // _MILLION
    active = streams.happens("usage", "active", (chance << 32) // _MILLION, len(member)) & ~never_uses[member]
    days_used = active * (1 + streams.pick("usage", "days_used", len(member), parameters.days_used_share))
    return MemberWeeks(member, row, week, days_used)


def make_usage(parameters, streams, accounts, lives, member_weeks):
    """One row an account and whole week with a contract, Monday to Sunday, inside the window."""
    n, total_weeks = len(accounts["account_id"]), WEEKS_BEFORE + WEEKS
    origin = FIRST_MONDAY - 7 * WEEKS_BEFORE
    member, row, week, days_used = member_weeks
    active = days_used > 0

    # Active in the 28 days that end with the week: in this week or one of the three before, in the same seat.
    active_28 = active.copy()
    for back in range(1, 4):
        active_28[back:] |= active[:-back] & (member[back:] == member[:-back])

    cell = row * total_weeks + week
    cells = n * total_weeks

    def per_cell(values):
        # Whole numbers below 2**53 are exact in the floats that bincount sums.
        return np.bincount(cell, weights=values, minlength=cells).astype(np.int64)

    account, week = np.divmod(np.arange(cells), total_weeks)
    monday = origin + 7 * week
    shown = (week >= WEEKS_BEFORE) & is_known(accounts, lives)[account]
    shown &= (monday >= accounts["signed_on"][account]) & (monday + 7 <= lives.left_on[account])
    account, monday = account[shown], monday[shown]
    member_days = per_cell(days_used)[shown]

    # Seats paid on the Monday.
    days = billing_days(accounts, lives)
    month = np.stack(
        [np.searchsorted(days[a], origin + 7 * np.arange(total_weeks), side="right") for a in range(n)]
    )
    month = np.maximum(month.ravel()[shown] - 1, 0)

    pace = lookup.scaled(
        parameters.records_account_table,
        streams.draws("usage", "records_account", n),
        np.int64(parameters.records_a_day * 1000),
    )
    week_factor = lookup.value(parameters.records_week_table, streams.draws("usage", "records_week", cells))[
        shown
    ]
    return {
        "account_id": accounts["account_id"][account],
        "week": monday,
        "seats": lives.seats[account, month],
        "active_members": per_cell(active)[shown],
        "active_members_28d": per_cell(active_28)[shown],
        "mean_daily_active": (member_days * 100 + 3) // 7,  # hundredths, rounded
        "records_edited": member_days * pace[account] // 1000 * week_factor // _MILLION,
    }
