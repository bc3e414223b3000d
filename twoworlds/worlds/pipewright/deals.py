"""Account executives, opportunities, their stages and stakeholders, outreach messages."""

import numpy as np

from twoworlds.worlds.cells import length, take_rows
from twoworlds.worlds.pipewright import executives


def _only_first_block(block, table):
    """A company-wide table: whole in the first block, without a row elsewhere."""
    return table if block == 0 else take_rows(table, np.zeros(length(next(iter(table.values()))), dtype=bool))


def make_deals(parameters, streams, scale, parts):
    """All rows of a block. parts: what the block holds already (see world.py). Returns (tables, oracle)."""
    team, skills = executives.make_executives(parameters, streams.seed)
    tables = {"executives": _only_first_block(streams.block, team)}
    return tables, {"executive_skills": _only_first_block(streams.block, skills)}
