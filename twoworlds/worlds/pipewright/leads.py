"""Leads: people who left their name, from companies that went on to a trial or to talks, and from others."""

import numpy as np

from twoworlds.worlds import timeline
from twoworlds.worlds.cells import NO_NUMBER, Coded, take_rows
from twoworlds.worlds.pipewright import accounts as signing
from twoworlds.worlds.pipewright.funnel_parameters import LEAD_ROLES, SOURCES
from twoworlds.worlds.pipewright.prospects import draw_sources
from twoworlds.worlds.streams import pick_by_group

MOST_LEADS = 99_999  # of a territory
_WEBSITE = SOURCES.index("website")


def _of_candidates(parameters, streams, candidates):
    """The first lead of each company, and more of its people afterwards."""
    n = len(candidates["account_id"])
    more = pick_by_group(streams.draws("leads", "more", n), candidates["size"], parameters.more_leads)
    row = np.repeat(np.arange(n), 1 + more)
    number = np.arange(len(row)) - np.repeat(np.cumsum(1 + more) - (1 + more), 1 + more)
    contact = candidates["first_contact_on"][row]
    later = 1 + streams.below("leads", "later", len(row), (candidates["decides_on"][row] - contact))
    # A company that is not known yet has left its names all the same.
    account = np.where(candidates["known"], candidates["account_id"], NO_NUMBER)
    return {
        "account_id": account[row],
        "lead_on": contact + np.where(number > 0, later, 0),
        "source": np.where(number > 0, _WEBSITE, candidates["source"][row]),
    }


def _others(parameters, streams, scale, blocks):
    """Leads of companies that went no further."""
    total = round(parameters.other_leads * scale)
    n = total * (streams.block + 1) // blocks - total * streams.block // blocks
    days = np.arange(timeline.WINDOW_START, timeline.WINDOW_END + 1)
    edges = np.cumsum(signing.signing_weights(parameters, days))
    place = streams.draws("leads", "other_lead_on", n) * int(edges[-1]) >> 32
    lead_on = days[np.searchsorted(edges, place, side="right")]
    would_decide = lead_on + parameters.contact_before_decision[0] + parameters.contact_before_decision[1]
    return {
        "account_id": np.full(n, NO_NUMBER),
        "lead_on": lead_on,
        "source": draw_sources(parameters, streams, "leads", would_decide),
    }


def make_leads(parameters, streams, scale, candidates, blocks):
    """One row a lead of the window, in the order of days. Returns a table."""
    parts = _of_candidates(parameters, streams, candidates), _others(parameters, streams, scale, blocks)
    rows = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    role = streams.pick("leads", "role", len(rows["lead_on"]), parameters.lead_role_share)
    inside = (rows["lead_on"] >= timeline.WINDOW_START) & (rows["lead_on"] <= timeline.WINDOW_END)
    rows = take_rows(rows | {"role": role}, inside)
    rows = take_rows(rows, np.argsort(rows["lead_on"], kind="stable"))
    n = len(rows["lead_on"])
    if n > MOST_LEADS:
        raise ValueError("a territory has more than 99,999 leads: lead numbers would no longer be unique")
    return {
        "lead_id": (streams.block + 1) * (MOST_LEADS + 1) + 1 + np.arange(n),
        "account_id": rows["account_id"],
        "lead_on": rows["lead_on"],
        "source": Coded(rows["source"], SOURCES),
        "role": Coded(rows["role"], LEAD_ROLES),
    }
