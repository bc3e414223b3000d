"""Account executives, opportunities, their stages and stakeholders, the test of messages, time studies."""

import numpy as np

from twoworlds.worlds.cells import length, take_rows
from twoworlds.worlds.pipewright import accounts as signing
from twoworlds.worlds.pipewright import (
    committees,
    executives,
    messages,
    opportunities,
    settling,
    time_studies,
)


def _only_first_block(block, table):
    """A company-wide table: whole in the first block, without a row elsewhere."""
    return table if block == 0 else take_rows(table, np.zeros(length(next(iter(table.values()))), dtype=bool))


def make_deals(parameters, streams, scale, parts):
    """All rows of a block. parts: what the block holds already (see world.py). Returns (tables, oracle)."""
    team, skills = executives.make_executives(parameters, streams.seed, scale)
    settled = settling.settle(parameters, streams.seed, scale, streams.block)
    deals, table, stages, fates = opportunities.make_opportunities(parameters, streams, settled)
    blocks = signing.territories(parameters, scale)
    tables = {
        "executives": _only_first_block(streams.block, team),
        "opportunities": table,
        "stages": stages,
        "stakeholders": committees.make_stakeholders(deals),
        "messages": messages.make_messages(parameters, streams, scale, blocks, deals),
        "time_studies": time_studies.make_time_studies(
            parameters, streams, parts["accounts"], parts["lives"]
        ),
    }
    oracle = {"executive_skills": _only_first_block(streams.block, skills), "opportunity_fates": fates}
    return tables, oracle


def counts(oracle):
    """What the truth counts of a block's deals: those still open, and how many of them will be won."""
    fate = oracle["opportunity_fates"]["fate"]
    won = fate.codes == fate.labels.index("won")
    return {"deals_open": len(fate.codes), "deals_open_won_later": int(won.sum())}
