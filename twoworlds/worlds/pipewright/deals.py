"""Account executives, opportunities and their stakeholders, the test of messages."""

import numpy as np

from twoworlds.worlds.cells import length, take_rows
from twoworlds.worlds.pipewright import accounts as signing
from twoworlds.worlds.pipewright import committees, executives, messages, opportunities


def _only_first_block(block, table):
    """A company-wide table: whole in the first block, without a row elsewhere."""
    return table if block == 0 else take_rows(table, np.zeros(length(next(iter(table.values()))), dtype=bool))


def make_deals(parameters, streams, scale, parts):
    """All rows of a block. parts: what the block holds already (see world.py). Returns (tables, oracle)."""
    team, skills = executives.make_executives(parameters, streams.seed)
    deals, table, fates = opportunities.make_opportunities(parameters, streams, parts["candidates"])
    blocks = signing.territories(parameters, scale)
    tables = {
        "executives": _only_first_block(streams.block, team),
        "opportunities": table,
        "stakeholders": committees.make_stakeholders(parameters, streams, deals),
        "messages": messages.make_messages(parameters, streams, scale, blocks, deals),
    }
    oracle = {"executive_skills": _only_first_block(streams.block, skills), "opportunity_fates": fates}
    return tables, oracle
