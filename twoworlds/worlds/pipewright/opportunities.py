"""Opportunities: one a company that sales looks after; a payer's closes with its first payment. And their
stages. The days are those of pipeline.py."""

import numpy as np

from twoworlds.worlds import lookup, timeline
from twoworlds.worlds.blocks import OF_BLOCK, numbered
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


def _online_visits(parameters, streams, n, people, chosen):
    """Visits of all of a committee, those of each of its people added up (chosen,). n: deals of each block;
    people: (chosen,); chosen: positions of the deals that are looked at."""
    roles = len(COMMITTEE_ROLES)
    words = streams.words32("opportunities", "online_visits", n * roles).reshape(-1, roles)[chosen]
    own = lookup.value(parameters.online_visits_table, words)
    return np.where(np.arange(roles) < people[:, None], own, 0).sum(axis=1)


def _stages(deals):
    """One row a stage that a deal has reached inside the window."""
    row, stage = np.nonzero(deals["entered"] <= timeline.WINDOW_END)
    return {
        OF_BLOCK: deals[OF_BLOCK][row],
        "opportunity_id": deals["opportunity_id"][row],
        "stage": Coded(stage, STAGES),
        "entered_on": deals["entered"][row, stage],
    }


def make_opportunities(parameters, streams, settled):
    """One row a deal, in the order of opening. settled: the territories' deals, see settling.py. Returns
    (deals, opportunities, stages, truth); `deals` holds whole numbers that other tables read."""
    created, closes = settled["created_on"], settled["closes_on"]
    shown = np.flatnonzero((created <= timeline.WINDOW_END) & (closes >= timeline.WINDOW_START))
    # Stable: on a day they stand in the order of accounts, as they do in `settled`.
    order = np.argsort((settled[OF_BLOCK][shown] << 32) + created[shown], kind="stable")
    shown, n = shown[order], streams.rows(settled[OF_BLOCK])
    deals = take_rows(settled, shown)
    deals["amount_cents"] = 12 * deals["seats"] * deals["seat_price_cents"]
    deals["theme"] = streams.draws("opportunities", "theme", n, shown) * len(THEMES) >> 32
    deals["online_visits"] = _online_visits(parameters, streams, n, deals["stakeholders"], shown)
    of_block = deals[OF_BLOCK]
    number = numbered(of_block)
    if number.max(initial=0) >= MOST_DEALS:
        raise ValueError("a territory has more than 999 deals: their numbers would no longer be unique")
    deals["opportunity_id"] = (streams.blocks[of_block] + 1) * (MOST_DEALS + 1) + 1 + number
    deals["open"] = deals["closes_on"] > timeline.WINDOW_END
    table = {
        OF_BLOCK: of_block,
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
    names = (OF_BLOCK, "opportunity_id", "fate", "closes_on")
    still_open = take_rows({name: deals[name] for name in names}, deals["open"])
    truth = {
        OF_BLOCK: still_open[OF_BLOCK],
        "opportunity_id": still_open["opportunity_id"],
        "fate": Coded(still_open["fate"], OUTCOMES[:OPEN]),
        "closes_on": still_open["closes_on"],
    }
    return deals, table, _stages(deals), truth
