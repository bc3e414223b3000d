"""Invented company names, each used once. They mean nobody: any likeness to a real firm is an accident."""

from math import gcd

import numpy as np

from twoworlds.worlds.pipewright.parameters import INDUSTRIES
from twoworlds.worlds.streams import hash_draws, name_key

_FIRST = (
    "Alder", "Amber", "Ashen", "Barley", "Birch", "Bracken", "Bramble", "Brindle", "Cinder", "Clover",
    "Copper", "Coral", "Dapple", "Drift", "Elder", "Ember", "Fallow", "Fen", "Fern", "Flax", "Flint",
    "Frost", "Gorse", "Granite", "Hazel", "Heather", "Heron", "Hollow", "Holly", "Ivy", "Juniper",
    "Kestrel", "Lark", "Larch", "Linden", "Lupin", "Maple", "Marl", "Marsh", "Meadow", "Mill", "Moss",
    "Oaken", "Otter", "Pebble", "Pine", "Plover", "Quill", "Reed", "Rook", "Rowan", "Russet", "Saffron",
    "Sedge", "Slate", "Sorrel", "Spruce", "Starling", "Sterling", "Tallow", "Tansy", "Teasel", "Thistle",
    "Thorn", "Timber", "Umber", "Velvet", "Walnut", "Wheat", "Willow", "Winter", "Wren", "Yarrow", "Yew",
)  # fmt: skip
_SECOND = (
    "acre", "bank", "beck", "bourne", "bridge", "brook", "burn", "by", "combe", "cote", "croft", "dale",
    "den", "dyke", "fell", "field", "fold", "ford", "gate", "grove", "ham", "haven", "hithe", "holm",
    "hurst", "keld", "lea", "lock", "mere", "moor", "more", "ness", "pool", "port", "ridge", "rigg",
    "scar", "shaw", "side", "stead", "stone", "thorpe", "tide", "toft", "vale", "wade", "wath", "well",
    "wick", "worth",
)  # fmt: skip
_ENDING = {
    "manufacturing": ("Works", "Engineering", "Tooling", "Components", "Industries"),
    "software": ("Software", "Systems", "Digital", "Labs", "Data"),
    "logistics": ("Logistics", "Freight", "Haulage", "Shipping", "Transport"),
    "construction": ("Construction", "Builders", "Contractors", "Joinery", "Structures"),
    "business services": ("Partners", "Consulting", "Services", "Associates", "Advisers"),
    "healthcare": ("Care", "Clinics", "Dental", "Medical", "Health"),
    "wholesale": ("Supply", "Trading", "Wholesale", "Merchants", "Foods"),
    "education": ("Academy", "Learning", "Training", "Colleges", "Tutors"),
}
_WORDS = [first + second for first in _FIRST for second in _SECOND]
_STEMS = len(_WORDS)
_ALL_ENDINGS = [ending for name in INDUSTRIES for ending in _ENDING[name]]
_ENDINGS_EACH = len(_ALL_ENDINGS) // len(INDUSTRIES)  # as many for each industry
# Before a stem that is used again: in the first lap nothing, and so on.
_LAP = ("", "New ", "North ", "Great ", "South ", "Little ", "Old ", "East ", "West ", "Upper ", "Lower ")


def _stride():
    """A step through all stems that visits each once: near the golden ratio, coprime to their number."""
    step = _STEMS * 618 // 1000
    while gcd(step, _STEMS) != 1:
        step += 1
    return step


def company_names(seed, account_ids, industry):
    """A name for each account, unique over the world (a list). industry: positions in INDUSTRIES."""
    start, step = name_key(f"pipewright.names.{seed}") % _STEMS, _stride()
    draws = hash_draws(seed, "pipewright.accounts.name_ending", account_ids)
    stems = (start + account_ids * step) % _STEMS
    endings = industry * _ENDINGS_EACH + (draws * _ENDINGS_EACH >> 32)
    round_again, lap = np.divmod(account_ids // _STEMS, len(_LAP))
    names = [
        f"{_LAP[before]}{_WORDS[stem]} {_ALL_ENDINGS[ending]}"
        for before, stem, ending in zip(lap.tolist(), stems.tolist(), endings.tolist(), strict=True)
    ]
    for place in np.flatnonzero(round_again).tolist():  # a world that has used up the laps counts
        names[place] += f" {round_again[place] + 1}"
    return names
