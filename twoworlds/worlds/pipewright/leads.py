"""Leads: people who left their name, from companies that went on to a trial or to talks, and from others."""

from functools import lru_cache

import numpy as np

from twoworlds.worlds import timeline
from twoworlds.worlds.blocks import OF_BLOCK, numbered, together
from twoworlds.worlds.cells import NO_NUMBER, Coded, take_rows
from twoworlds.worlds.pipewright import accounts as signing
from twoworlds.worlds.pipewright.funnel_parameters import LEAD_ROLES, SOURCES
from twoworlds.worlds.pipewright.prospects import draw_sources, share_of_blocks
from twoworlds.worlds.streams import pick_by_group

MOST_LEADS = 99_999  # of a territory
_WEBSITE = SOURCES.index("website")


def _of_candidates(parameters, streams, candidates):
    """The first lead of each company, and more of its people afterwards."""
    draws = streams.draws("leads", "more", streams.rows(candidates[OF_BLOCK]))
    leads = 1 + pick_by_group(draws, candidates["size"], parameters.more_leads)
    row = np.repeat(np.arange(len(leads)), leads)
    of_block = candidates[OF_BLOCK][row]
    is_first = np.zeros(len(row), dtype=bool)
    is_first[np.cumsum(leads) - leads] = True
    contact = candidates["first_contact_on"]
    spans = (candidates["decides_on"] - contact)[row]
    later = 1 + streams.below("leads", "later", streams.rows(of_block), spans)
    # A company that is not known yet has left its names all the same.
    account = np.where(candidates["known"], candidates["account_id"], NO_NUMBER)
    return {
        OF_BLOCK: of_block,
        "account_id": account[row],
        "lead_on": contact[row] + np.where(is_first, 0, later),
        "source": np.where(is_first, candidates["source"][row], _WEBSITE),
    }


@lru_cache(maxsize=4)
def _signings_so_far(parameters):
    """Signings to be expected by the end of each day of the window, relative to each other (days,)."""
    edges = np.cumsum(
        signing.signing_weights(parameters, np.arange(timeline.WINDOW_START, timeline.WINDOW_END + 1))
    )
    edges.setflags(write=False)
    return edges


def _others(parameters, streams, scale, blocks):
    """Leads of companies that went no further."""
    of_block, _ = share_of_blocks(streams, round(parameters.other_leads * scale), blocks)
    n, edges = streams.rows(of_block), _signings_so_far(parameters)
    place = streams.draws("leads", "other_lead_on", n) * int(edges[-1]) >> 32
    lead_on = timeline.WINDOW_START + np.searchsorted(edges, place, side="right")
    would_decide = lead_on + parameters.contact_before_decision[0] + parameters.contact_before_decision[1]
    return {
        OF_BLOCK: of_block,
        "account_id": np.full(len(of_block), NO_NUMBER),
        "lead_on": lead_on,
        "source": draw_sources(parameters, streams, "leads", would_decide, n),
    }


def make_leads(parameters, streams, scale, candidates, blocks):
    """One row a lead of the window, in the order of days. Returns a table."""
    rows = together(
        [_of_candidates(parameters, streams, candidates), _others(parameters, streams, scale, blocks)]
    )
    rows["role"] = streams.pick("leads", "role", streams.rows(rows[OF_BLOCK]), parameters.lead_role_share)
    lead_on = rows["lead_on"]
    inside = np.flatnonzero((lead_on >= timeline.WINDOW_START) & (lead_on <= timeline.WINDOW_END))
    order = np.argsort((rows[OF_BLOCK][inside] << 32) + lead_on[inside], kind="stable")
    rows = take_rows(rows, inside[order])
    of_block = rows[OF_BLOCK]
    number = numbered(of_block)
    if number.max(initial=0) >= MOST_LEADS:
        raise ValueError("a territory has more than 99,999 leads: lead numbers would no longer be unique")
    return {
        OF_BLOCK: of_block,
        "lead_id": (streams.blocks[of_block] + 1) * (MOST_LEADS + 1) + 1 + number,
        "account_id": rows["account_id"],
        "lead_on": rows["lead_on"],
        "source": Coded(rows["source"], SOURCES),
        "role": Coded(rows["role"], LEAD_ROLES),
    }
