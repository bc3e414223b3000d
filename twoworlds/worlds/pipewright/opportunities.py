"""Opportunities: one a company that sales looks after; a payer's closes with its first payment. And their
stages. The days are those of pipeline.py."""

import numpy as np

from twoworlds.worlds import lookup, timeline
from twoworlds.worlds.cells import Coded, take_rows
from twoworlds.worlds.pipewright.deals_parameters import (
    BUDGETS,
    COMMITTEE_ROLES,
    FRAMINGS,
    OUTCOMES,
    STAGES,
    THEMES,
)
from twoworlds.worlds.pipewright.pipeline import OPEN

MOST_DEALS = 999  # of a territory


def _online_visits(parameters, streams, people):
    """Visits of all of a committee, those of each of its people added up (n,)."""
    roles = len(COMMITTEE_ROLES)
    draws = streams.draws("opportunities", "online_visits", len(people) * roles).reshape(-1, roles)
    own = lookup.value(parameters.online_visits_table, draws)
    return np.where(np.arange(roles) < people[:, None], own, 0).sum(axis=1)


def _stages(deals):
    """One row a stage that a deal has reached inside the window."""
    row, stage = np.nonzero(deals["entered"] <= timeline.WINDOW_END)
    return {
        "opportunity_id": deals["opportunity_id"][row],
        "stage": Coded(stage, STAGES),
        "entered_on": deals["entered"][row, stage],
    }


def make_opportunities(parameters, streams, settled):
    """One row a deal, in the order of opening. settled: the territory's deals, see pipeline.py. Returns
    (deals, opportunities, stages, truth); `deals` holds whole numbers that other tables read."""
    n = len(settled["fate"])
    created, closes = settled["created_on"], settled["closes_on"]
    deals = {
        **settled,
        "amount_cents": 12 * settled["seats"] * settled["seat_price_cents"],
        "theme": streams.below("opportunities", "theme", n, len(THEMES)),
        "online_visits": _online_visits(parameters, streams, settled["stakeholders"]),
    }
    deals = take_rows(deals, (created <= timeline.WINDOW_END) & (closes >= timeline.WINDOW_START))
    deals = take_rows(deals, np.lexsort((deals["account_id"], deals["created_on"])))
    n = len(deals["fate"])
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
        "online_visits": deals["online_visits"],
        "stakeholders": deals["stakeholders"],
        "outcome": Coded(np.where(deals["open"], OPEN, deals["fate"]), OUTCOMES),
        "closed_on": np.where(deals["open"], timeline.NO_DAY, deals["closes_on"]),
    }
    still_open = take_rows(deals, deals["open"])
    truth = {
        "opportunity_id": still_open["opportunity_id"],
        "fate": Coded(still_open["fate"], OUTCOMES[:OPEN]),
        "closes_on": still_open["closes_on"],
    }
    return deals, table, _stages(deals), truth
