"""Leads and trials, website visits, spend by month, invites between members."""


def make_funnel(parameters, streams, scale, parts):
    """All rows of a block. parts: what the block holds already (see world.py). Returns (tables, oracle)."""
    return {}, {}
