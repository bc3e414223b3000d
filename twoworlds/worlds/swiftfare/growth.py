"""Campaigns and spend, holdouts by region, invites, website visits, touches before a booking."""


def make_growth(parameters, streams, scale, parts):
    """All rows of a block. parts: what the block holds already (see world.py). Returns (tables, oracle)."""
    return {}, {}
