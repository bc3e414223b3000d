"""Pipewright put together: the tables of one territory, and the truth of a whole world."""

from dataclasses import asdict

import numpy as np

from twoworlds.worlds import lookup, timeline
from twoworlds.worlds.blocks import OF_BLOCK, split
from twoworlds.worlds.cells import Coded, take_rows
from twoworlds.worlds.pipewright import accounts as signing
from twoworlds.worlds.pipewright import (
    census,
    contracts,
    deals,
    funnel,
    market,
    members,
    pipeline,
    product,
    prospects,
    reasons,
    redesign,
    research,
    settling,
    touches,
    usage,
)
from twoworlds.worlds.pipewright.funnel_parameters import SOURCES
from twoworlds.worlds.pipewright.names import company_names
from twoworlds.worlds.pipewright.parameters import (
    COUNTRIES,
    INDUSTRIES,
    ROLES,
    SIZES,
    TERMS,
    PipewrightParameters,
)
from twoworlds.worlds.streams import ONE, BlockStreams

NAME = "pipewright"
PARAMETERS = PipewrightParameters()
PART_BLOCKS = census.BLOCKS_TOGETHER  # territories in a part: its tables are many and small
CENSUS_ROUNDS, learn_census = census.ROUNDS, census.learn
TRUTH_MONTHS = 36


def block_count(scale, parameters=PARAMETERS):
    """How many blocks (territories) the world has at a scale."""
    return signing.territories(parameters, scale)


def prepare_census(seed, scale, blocks, parameters=PARAMETERS):
    """What the census reads of some blocks (see census.py): a dict of arrays."""
    return census.prepare(parameters, seed, scale, blocks)


def count_census(scale, prepared, known, parameters=PARAMETERS):
    """The counts of some blocks in one round of the census: a dict of arrays, to be summed."""
    return census.count(parameters, scale, prepared, known)


def remember_census(seed, scale, known, parameters=PARAMETERS):
    """Keep the finished census for the blocks that are made afterwards."""
    census.remember(parameters, seed, scale, known)


def pack_blocks(seed, scale, blocks, parameters=PARAMETERS):
    """What some blocks are before the census, as a dict of arrays: kept, it need not be made again."""
    return pipeline.pack(parameters, seed, scale, blocks)


def unpack_blocks(seed, scale, blocks, packed, parameters=PARAMETERS):
    """Read what pack_blocks has given, before the blocks are made."""
    pipeline.unpack(parameters, seed, scale, blocks, packed)


def make_block(seed, scale, block, parameters=PARAMETERS):
    """All rows of one territory. Returns (tables, oracle): dicts from table to its columns (see cells.py)."""
    return make_blocks(seed, scale, [block], parameters)[0]


def make_blocks(seed, scale, blocks, parameters=PARAMETERS):
    """All rows of some territories. Returns a list of what `make_block` gives for each."""
    streams = BlockStreams(seed, NAME, blocks)
    signed, candidates, upcoming, _ = pipeline.territories(parameters, seed, scale, blocks)
    lives = contracts.make_lives(parameters, streams, signed)
    people = members.make_members(parameters, streams, signed, lives)
    known = contracts.is_known(signed, lives)
    settled = settling.settle(parameters, seed, scale, blocks)
    upcoming = take_rows(upcoming, np.isin(upcoming["account_id"], settling.accounts_with_deal(settled)))
    shown = prospects.all_companies(take_rows(signed, known), candidates, upcoming)
    movements = contracts.make_movements(signed, lives)
    stated, interviewed, departures = reasons.make_reasons(parameters, streams, signed, movements)
    member_weeks = usage.make_member_weeks(parameters, streams, signed, lives, people)
    weeks = usage.make_usage(parameters, streams, signed, lives, member_weeks)
    weeks, arms, true_arms = redesign.make_redesign(parameters, seed, signed, lives, weeks)
    reviews, true_reviews = touches.make_touches(parameters, streams, signed, lives, weeks)
    tables = {
        "accounts": {
            OF_BLOCK: shown[OF_BLOCK],
            "account_id": shown["account_id"],
            "name": company_names(seed, shown["account_id"], shown["industry"]),
            "industry": Coded(shown["industry"], INDUSTRIES),
            "country": Coded(shown["country"], COUNTRIES),
            "size": Coded(shown["size"], SIZES),
            "employees": shown["employees"],
            "enterprise": shown["enterprise"],
            "named_account": shown["named_account"],
            "first_paid_on": shown["signed_on"],
            "source": Coded(shown["source"], SOURCES),
        },
        "members": {
            OF_BLOCK: people[OF_BLOCK],
            "member_id": people["member_id"],
            "account_id": people["account_id"],
            "role": Coded(people["role"], ROLES),
            "seat_from": people["seat_from"],
            "seat_to": members.last_days(people),
        },
        "subscriptions": contracts.make_subscriptions(signed, lives),
        "movements": {**movements, "stated_reason": stated, "interview_reason": interviewed},
        "usage": weeks,
        "touches": reviews,
    }
    at_renewal, early = signing.leaving_limits(parameters, signed)
    oracle = {
        "accounts": {
            OF_BLOCK: signed[OF_BLOCK],
            "account_id": signed["account_id"],
            "signed_on": signed["signed_on"],
            "size": Coded(signed["size"], SIZES),
            "term_months": signed["term_months"],
            "named_account": signed["named_account"],
            "risk": signed["risk"],
            "leaves_at_renewal": at_renewal * lookup.UNIT >> 32,
            "leaves_other_month": early * lookup.UNIT >> 32,
            "left_on": np.where(lives.left_on < contracts.FAR_AWAY, lives.left_on, timeline.NO_DAY),
            "in_tables": known,
        },
        "departures": departures,
        "touches": true_reviews,
    }
    parts = {
        "accounts": signed, "lives": lives, "members": people, "usage": weeks, "movements": movements,
        "member_weeks": member_weeks, "redesign": (arms, true_arms), "settled": settled,
    }  # fmt: skip
    parts |= {"prospects": prospects.known_prospects(candidates), "candidates": candidates}
    for make in (funnel.make_funnel, deals.make_deals, product.make_product, research.make_research):
        more_tables, more_oracle = make(parameters, streams, scale, parts)
        tables |= more_tables
        oracle |= more_oracle
    return list(zip(split(tables, len(blocks)), split(oracle, len(blocks)), strict=True))


def count_block(tables, oracle):
    """What the truth counts in a block: whole numbers, summed over blocks."""
    shown, everyone = tables["accounts"], oracle["accounts"]
    paying = shown["first_paid_on"] != timeline.NO_DAY
    return {
        "accounts_in_tables": len(shown["account_id"]),
        "accounts_paying": int(paying.sum()),
        "accounts_signed_before_window": int((shown["first_paid_on"][paying] < timeline.WINDOW_START).sum()),
        "accounts_left_before_window": int((~everyone["in_tables"]).sum()),
        "named_accounts_in_tables": int(shown["named_account"].sum()),
        "enterprise_accounts": int((shown["enterprise"] & paying).sum()),
        "churned_in_window": int((tables["movements"]["kind"].codes == contracts.KINDS.index("churn")).sum()),
        **deals.counts(oracle),
        **research.counts(oracle),
    }


def survival_by_month(parameters=PARAMETERS, size=None):
    """True share of accounts that are still customers after each month, 0 to TRUTH_MONTHS, from the
    parameters alone.

    Mean over sizes, terms and risks (of one size, where `size` is a position in SIZES). The named accounts,
    one in a territory, are taken as large ones. Returns a list of floats.
    """
    shares = signing.size_shares(parameters)
    named_share = 0.0 if size is not None else 1 / parameters.accounts_per_territory
    months = np.arange(TRUTH_MONTHS + 1)
    risk = lookup.table(parameters.risk_table)
    total = np.zeros(TRUTH_MONTHS + 1)
    for code in range(len(SIZES)) if size is None else [size]:
        share = (shares[code] - (named_share if code == len(SIZES) - 1 else 0)) if size is None else 1.0
        for term, term_share in zip(TERMS, parameters.term_share[code], strict=True):
            n = len(risk)
            alike = {
                "size": np.full(n, code),
                "risk": risk,
                "named_account": np.zeros(n, dtype=bool),
                "term_months": np.full(n, term),
            }
            at_renewal, early = (limits / ONE for limits in signing.leaving_limits(parameters, alike))
            hazard = np.where((months[1:] % term == 0)[:, None], at_renewal, early)
            survival = np.concatenate([[1.0], np.cumprod(1 - hazard, axis=0).mean(axis=1)])
            total += share * term_share * survival
    if named_share:
        for term, term_share in zip(TERMS, parameters.term_share[-1], strict=True):
            total += named_share * term_share * (1 - parameters.named_leaves_at_renewal) ** (months // term)
    return [round(float(value), 6) for value in total]


def truth(seed, scale, counts, parameters=PARAMETERS):
    """What was planted and what came of it, as JSON-ready values."""
    return {
        "world": NAME,
        "seed": seed,
        "scale": scale,
        "window": [timeline.iso(timeline.WINDOW_START), timeline.iso(timeline.WINDOW_END)],
        "parameters": asdict(parameters),
        "counts": counts,
        "plants": {
            "renewal_months": {
                "survival_by_month": survival_by_month(parameters),
                "survival_by_month_and_size": {
                    name: survival_by_month(parameters, size) for size, name in enumerate(SIZES)
                },
            },
            "redesign": redesign.planted(parameters),
            "lagged_cost": {"customer_cost_euro": market.mean_customer_cost(parameters) / 100},
            **research.planted(parameters, counts),
        },
    }
