"""Support tickets, account by account. A failed release brings more of them, for a week.

Each paid seat may bring one ticket in a week, with a small chance, so an account's count is all but Poisson.
"""

import numpy as np

from twoworlds.worlds import lookup, timeline
from twoworlds.worlds.cells import Coded
from twoworlds.worlds.pipewright import redesign, releases
from twoworlds.worlds.pipewright.product_parameters import ANSWERERS, SEVERITIES, TICKET_KINDS
from twoworlds.worlds.streams import pick_by_group, threshold

MOST_TICKETS = 9_999  # of one account
_BUG = TICKET_KINDS.index("bug")
_MILLION = lookup.UNIT


def _has_failure(parameters, seed, usage):
    """Account-weeks that begin with a failed release which the account has; (n,) booleans."""
    log, _ = releases.make_releases(parameters, seed)
    place = np.searchsorted(log["live_on"], usage["week"])
    place = np.minimum(place, len(log["live_on"]) - 1)
    failed = (log["live_on"][place] == usage["week"]) & log["failed"][place]
    has = releases.exposed(seed, log["release_id"][place], log["exposed_percent"][place], usage["account_id"])
    # The redesign's test is exposed by its arms.
    test = usage["week"] == parameters.redesign_start
    return failed & np.where(test, redesign.treated(seed, usage["account_id"]), has)


def make_tickets(parameters, streams, accounts, usage):
    """One row a ticket opened in the account-weeks of `usage`."""
    row = np.searchsorted(accounts["account_id"], usage["account_id"])
    by_risk = round(parameters.ticket_rate_by_risk * 10**9) * accounts["risk"] // _MILLION
    rate = (round(parameters.ticket_rate * 10**9) + by_risk)[row]  # thousand-millionths a seat and week
    trouble = _has_failure(parameters, streams.seed, usage)
    ratio = round(parameters.ticket_failed_ratio * 1000)
    limit = (np.where(trouble, rate * ratio // 1000, rate) << 32) // 10**9

    seat = np.repeat(np.arange(len(row)), usage["seats"])  # its account-week
    asks = streams.draws("tickets", "asks", len(seat)) < limit[seat]
    week = seat[asks]
    n = len(week)
    account = row[week]
    on_top = trouble[week] & (streams.below("tickets", "on_top", n, ratio) >= 1000)
    kind = streams.pick("tickets", "kind", n, parameters.ticket_kind_share)
    kind = np.where(on_top, _BUG, kind)
    severity = pick_by_group(streams.draws("tickets", "severity", n), kind, parameters.ticket_severity)
    opened = usage["week"][week] + streams.pick("tickets", "opened_on", n, parameters.ticket_day_share)
    success = threshold(parameters.ticket_success)[accounts["named_account"][account].astype(np.int64)]
    answerer = streams.happens("tickets", "answered_by", success, n).astype(np.int64)
    hours = np.array(parameters.ticket_answer_hours)[severity] * 100
    hours = np.where(accounts["enterprise"][account], hours // 2, hours)
    hours = lookup.scaled("exponential", streams.draws("tickets", "first_answer_hours", n), hours) // 100
    days = np.array(parameters.ticket_close_days)[severity]
    days = hours // 24 + lookup.scaled("exponential", streams.draws("tickets", "closed_on", n), days)
    closed = opened + days

    # In the order of accounts and days.
    order = np.lexsort((np.arange(n), opened, account))
    account, opened, closed = account[order], opened[order], closed[order]
    count = np.bincount(account, minlength=len(accounts["account_id"]))
    if n and count.max() > MOST_TICKETS:
        raise ValueError("an account has more than 9,999 tickets: ticket numbers would no longer be unique")
    number = np.arange(n) - np.repeat(np.cumsum(count) - count, count) + 1
    return {
        "ticket_id": accounts["account_id"][account] * (MOST_TICKETS + 1) + number,
        "account_id": accounts["account_id"][account],
        "opened_on": opened,
        "kind": Coded(kind[order], TICKET_KINDS),
        "severity": Coded(severity[order], SEVERITIES),
        "answered_by": Coded(answerer[order], ANSWERERS),
        "first_answer_hours": hours[order],
        "closed_on": np.where(closed <= timeline.WINDOW_END, closed, timeline.NO_DAY),
    }
