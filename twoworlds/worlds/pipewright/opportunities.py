"""Opportunities: one a company that sales looks after; a payer's closes with its first payment.

A deal is opened some time before the day of the decision, as long for those who pay as for those who do not.
Whoever does not pay is then closed long afterwards, or not inside the window.
"""

import numpy as np

from twoworlds.worlds import lookup, timeline
from twoworlds.worlds.cells import Coded, take_rows
from twoworlds.worlds.pipewright.deals_parameters import BUDGETS, FRAMINGS, OUTCOMES, THEMES
from twoworlds.worlds.pipewright.win_model import draw_deals
from twoworlds.worlds.streams import threshold

MOST_DEALS = 999  # of a territory
_WON, _LOST, _NO_DECISION, _OPEN = range(len(OUTCOMES))
_SMALL = 0
_AFTER_TRIAL = 30  # nobody gives a deal up while the trial runs


def _cycle(parameters, draws, medians):
    least, most = parameters.cycle_limits
    return np.clip(lookup.scaled(parameters.cycle_table, draws, medians), least, most)


def _days(parameters, streams, rows, fate):
    """Day on which each deal is opened, and on which it closes, in the window or after it."""
    n, size = len(fate), rows["size"]
    before = _cycle(
        parameters, streams.draws("opportunities", "opened", n), np.array(parameters.won_days)[size]
    )
    created = np.maximum(rows["first_contact_on"], rows["decides_on"] - before)
    medians = np.stack([np.array(parameters.lost_days), np.array(parameters.no_decision_days)])
    lasts = _cycle(
        parameters,
        streams.draws("opportunities", "closed", n),
        medians[np.where(fate == _NO_DECISION, 1, 0), size],
    )
    closes = np.where(rows["with_trial"], np.maximum(created + lasts, rows["trial_on"] + _AFTER_TRIAL), 0)
    closes = np.where(fate == _WON, rows["decides_on"], np.maximum(closes, created + lasts))
    return created, closes


def make_opportunities(parameters, streams, candidates):
    """One row a deal, in the order of opening. candidates: see prospects.py. Returns (deals, table, truth);
    `deals` holds whole numbers that other tables read."""
    rows = take_rows(candidates, candidates["known"] & (candidates["executive_id"] > 0))
    n = len(rows["account_id"])
    won = (rows["paid_on"] != timeline.NO_DAY) | rows["pays_later"]
    silent = streams.happens("opportunities", "no_decision", threshold(parameters.no_decision_share), n)
    fate = np.where(won, _WON, np.where(silent, _NO_DECISION, _LOST))
    created, closes = _days(parameters, streams, rows, fate)
    tested = (created >= parameters.message_start) & (created <= parameters.message_end)
    tested &= rows["size"] != _SMALL
    deals = {
        "account_id": rows["account_id"],
        "executive_id": rows["executive_id"],
        "size": rows["size"],
        "first_contact_on": rows["first_contact_on"],
        "amount_cents": 12 * rows["seats"] * rows["seat_price_cents"],
        "fate": fate,
        "created_on": created,
        "closes_on": closes,
        "tested": tested,
        "theme": streams.below("opportunities", "theme", n, len(THEMES)),
        **draw_deals(parameters, streams.draws("opportunities", "like", n), rows["size"], tested, won),
    }
    inside = (created <= timeline.WINDOW_END) & (closes >= timeline.WINDOW_START)
    deals = take_rows(deals, inside)
    deals = take_rows(deals, np.lexsort((deals["account_id"], deals["created_on"])))
    n = len(deals["account_id"])
    if n > MOST_DEALS:
        raise ValueError("a territory has more than 999 deals: their numbers would no longer be unique")
    deals["opportunity_id"] = (streams.block + 1) * (MOST_DEALS + 1) + 1 + np.arange(n)
    deals["open"] = deals["closes_on"] > timeline.WINDOW_END
    table = {
        "opportunity_id": deals["opportunity_id"],
        "account_id": deals["account_id"],
        "executive_id": deals["executive_id"],
        "created_on": deals["created_on"],
        "amount_cents": deals["amount_cents"],
        "budget_type": Coded(deals["capital"], BUDGETS),
        "pm_joined": deals["pm_joined"] == 1,
        "fit": deals["fit"],
        "framing": Coded(np.where(deals["tested"], deals["group"], -1), FRAMINGS),
        "theme": Coded(np.where(deals["tested"], deals["theme"], -1), THEMES),
        "stakeholders": deals["stakeholders"],
        "outcome": Coded(np.where(deals["open"], _OPEN, deals["fate"]), OUTCOMES),
        "closed_on": np.where(deals["open"], timeline.NO_DAY, deals["closes_on"]),
    }
    still_open = take_rows(deals, deals["open"])
    truth = {
        "opportunity_id": still_open["opportunity_id"],
        "fate": Coded(still_open["fate"], OUTCOMES[:_OPEN]),
        "closes_on": still_open["closes_on"],
    }
    return deals, table, truth
