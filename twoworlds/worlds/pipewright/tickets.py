"""Support tickets, account by account. A failed release brings more of them, for a week.

Each paid seat may bring one ticket in a week, with a small chance, so an account's count is all but Poisson.
"""

import numpy as np

from twoworlds.worlds import lookup, timeline
from twoworlds.worlds.blocks import OF_BLOCK
from twoworlds.worlds.cells import Coded
from twoworlds.worlds.pipewright import redesign, releases
from twoworlds.worlds.pipewright.product_parameters import ANSWERERS, SEVERITIES, TICKET_KINDS
from twoworlds.worlds.pipewright.usage import weeks_of_accounts
from twoworlds.worlds.streams import in_32_bits, pick_by_group, threshold

MOST_TICKETS = 9_999  # of one account
_BUG = TICKET_KINDS.index("bug")
_MILLION = lookup.UNIT


def _with_failure(parameters, seed, usage):
    """Account-weeks that begin with a failed release which the account has; positions."""
    log, _ = releases.make_releases(parameters, seed)
    failed_on = log["live_on"][log["failed"]]
    week = np.flatnonzero(np.isin(usage["week"], failed_on))
    monday, account_id = usage["week"][week], usage["account_id"][week]
    place = np.searchsorted(log["live_on"], monday)
    has = releases.exposed(seed, log["release_id"][place], log["exposed_percent"][place], account_id)
    # The redesign's test is exposed by its arms.
    test = monday == parameters.redesign_start
    return week[np.where(test, redesign.treated(seed, account_id), has)]


def _asked(parameters, streams, accounts, usage):
    """The account-weeks of the tickets: positions, in order, and whether each is one on top of the usual, for
    a failed release; (n,) each."""
    weeks = weeks_of_accounts(accounts, usage)
    by_risk = round(parameters.ticket_rate_by_risk * 10**9) * accounts["risk"] // _MILLION
    rate = round(parameters.ticket_rate * 10**9) + by_risk  # thousand-millionths a seat and week
    ratio = round(parameters.ticket_failed_ratio * 1000)
    trouble = _with_failure(parameters, streams.seed, usage)
    limit = np.repeat((rate << 32) // 10**9, weeks)
    limit[trouble] = np.repeat((rate * ratio // 1000 << 32) // 10**9, weeks)[trouble]

    seats = usage["seats"]
    before = np.concatenate([[0], np.cumsum(seats)])
    rows = np.diff(before[np.searchsorted(usage[OF_BLOCK], np.arange(len(streams.blocks) + 1))])
    asks = streams.happens("tickets", "asks", np.repeat(in_32_bits(limit), seats), rows)
    week = np.searchsorted(before, np.flatnonzero(asks), side="right") - 1
    in_trouble = np.zeros(len(limit), dtype=bool)
    in_trouble[trouble] = True
    on_top = streams.below("tickets", "on_top", streams.rows(usage[OF_BLOCK][week]), ratio) >= 1000
    return week, on_top & in_trouble[week]


def make_tickets(parameters, streams, accounts, usage):
    """One row a ticket opened in the account-weeks of `usage`."""
    week, on_top = _asked(parameters, streams, accounts, usage)
    of_block = usage[OF_BLOCK][week]
    n = streams.rows(of_block)
    account = np.searchsorted(accounts["account_id"], usage["account_id"][week])
    kind = streams.pick("tickets", "kind", n, parameters.ticket_kind_share)
    kind[on_top] = _BUG
    severity = pick_by_group(streams.draws("tickets", "severity", n), kind, parameters.ticket_severity)
    opened = usage["week"][week] + streams.pick("tickets", "opened_on", n, parameters.ticket_day_share)
    success = threshold(parameters.ticket_success)[accounts["named_account"].astype(np.int64)]
    answerer = streams.happens("tickets", "answered_by", success[account], n).astype(np.int64)
    hours = np.array(parameters.ticket_answer_hours)[severity] * 100
    hours = np.where(accounts["enterprise"][account], hours // 2, hours)
    hours = lookup.scaled("exponential", streams.draws("tickets", "first_answer_hours", n), hours) // 100
    days = np.array(parameters.ticket_close_days)[severity]
    days = hours // 24 + lookup.scaled("exponential", streams.draws("tickets", "closed_on", n), days)
    closed = opened + days

    # In the order of accounts and days. Blocks and accounts are in order already.
    order = np.argsort(account * (timeline.WINDOW_END + 1) + opened, kind="stable")
    opened, closed = opened[order], closed[order]
    count = np.bincount(account, minlength=len(accounts["account_id"]))
    if len(week) and count.max() > MOST_TICKETS:
        raise ValueError("an account has more than 9,999 tickets: ticket numbers would no longer be unique")
    number = np.arange(len(week)) - np.repeat(np.cumsum(count) - count, count) + 1
    account_id = accounts["account_id"][account]
    return {
        OF_BLOCK: of_block,
        "ticket_id": account_id * (MOST_TICKETS + 1) + number,
        "account_id": account_id,
        "opened_on": opened,
        "kind": Coded(kind[order], TICKET_KINDS),
        "severity": Coded(severity[order], SEVERITIES),
        "answered_by": Coded(answerer[order], ANSWERERS),
        "first_answer_hours": hours[order],
        "closed_on": np.where(closed <= timeline.WINDOW_END, closed, timeline.NO_DAY),
    }
