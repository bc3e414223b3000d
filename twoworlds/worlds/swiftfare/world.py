"""Swiftfare put together: the tables of one block, and the truth of a whole world."""

from dataclasses import asdict

import numpy as np

from twoworlds.worlds import lookup, timeline
from twoworlds.worlds.cells import Coded, take_rows
from twoworlds.worlds.streams import BlockStreams
from twoworlds.worlds.swiftfare import (
    alerts,
    bookings,
    company,
    customers,
    days,
    growth,
    leaving,
    research,
    users,
    visitors,
)
from twoworlds.worlds.swiftfare.parameters import (
    CHANNELS,
    COUNTRIES,
    DEVICES,
    REASONS,
    REGIONS,
    SwiftfareParameters,
)

NAME = "swiftfare"
PARAMETERS = SwiftfareParameters()
PART_BLOCKS = 8  # blocks in a part: some 170,000 days with an open, a file of half a megabyte


def block_count(scale, parameters=PARAMETERS):
    """How many blocks the world has at a scale."""
    return -(-users.panel_size(parameters, scale) // parameters.users_per_block)


def make_block(seed, scale, block, parameters=PARAMETERS):
    """All rows of one block. Returns (tables, oracle): dicts from table to its columns (see cells.py)."""
    streams = BlockStreams(seed, NAME, block)
    people = users.make_users(parameters, streams, scale)
    visits = visitors.make_visits(parameters, streams, people)
    buyers = customers.make_customers(parameters, streams, visits)
    booked = bookings.make_bookings(parameters, streams, people, buyers)
    left = leaving.make_uninstalls(parameters, streams, people, visits, buyers)
    tables = {
        "users": {
            "user_id": people["user_id"],
            "installed_on": people["installed_on"],
            "country": Coded(people["country"], COUNTRIES),
            "region": Coded(people["region"], REGIONS),
            "channel": Coded(people["channel"], CHANNELS),
            "device": Coded(people["device"], DEVICES),
            "signed_up_on": visits.signed_up,
            "uninstalled_on": left["day"],
            "stated_reason": Coded(left["stated_reason"], REASONS),
        },
        "days": days.make_days(parameters, streams, people, visits, buyers, booked),
        "bookings": booked,
    }
    asked, takers = alerts.make_alerts(parameters, streams, people, visits.first_booking)
    company_tables, company_oracle = company.make_company(parameters, seed, scale, block)
    tables |= {"alerts": asked, **company_tables}
    oracle = {
        "customers": {
            "user_id": people["user_id"][buyers.row],
            "first_booked_on": visits.first_booking[buyers.row],
            "monthly_dropout": buyers.dropout,
            "months_alive": buyers.months_alive,
            "bookings_a_year": buyers.bookings_a_year,
        },
        "uninstalls": take_rows(
            {
                "user_id": people["user_id"],
                "true_reason": Coded(left["true_reason"], REASONS),
            },
            np.flatnonzero(left["day"] != timeline.NO_DAY),
        ),
        "takers": takers,
        **company_oracle,
    }
    parts = {"users": people, "visits": visits, "customers": buyers, "bookings": booked, "left": left}
    for make in (growth.make_growth, research.make_research):
        more_tables, more_oracle = make(parameters, streams, scale, parts)
        for name, columns in more_tables.items():
            tables[name] = tables.get(name, {}) | columns
        oracle |= more_oracle
    return tables, oracle


def make_blocks(seed, scale, blocks, parameters=PARAMETERS):
    """What `make_block` gives for each of some blocks, one after the other: its arrays are long enough."""
    for block in blocks:
        yield make_block(seed, scale, block, parameters)


def _alive_after(months_alive):
    """How many customers live for 0, 1 and so on up to 60 months at least."""
    ended = np.bincount(months_alive, minlength=61)
    return np.cumsum(ended[::-1])[::-1][:61].tolist()


def count_block(tables, oracle):
    """What the truth counts in a block: whole numbers, summed over blocks."""
    people = tables["users"]
    installed, gone = people["installed_on"], people["uninstalled_on"]
    full_month = installed <= timeline.WINDOW_END - 30
    first = (
        oracle["customers"]["first_booked_on"]
        - installed[oracle["customers"]["user_id"] - people["user_id"][0]]
    )
    buyers_full = full_month[oracle["customers"]["user_id"] - people["user_id"][0]]
    counts = {
        "installs": len(installed),
        "installs_seen_30_days": int(full_month.sum()),
        "uninstalled_within_30_days": int(
            (full_month & (gone != timeline.NO_DAY) & (gone - installed <= 30)).sum()
        ),
        "first_booking_within_30_days": int((buyers_full & (first <= 30)).sum()),
        "customers": len(first),
        "customers_alive_after": _alive_after(oracle["customers"]["months_alive"]),
    }
    return counts | research.count(tables, oracle)


def truth(seed, scale, counts, parameters=PARAMETERS):
    """What was planted and what came of it, as JSON-ready values."""
    planted = np.arange(1, 61)
    survival, share = [1.0], lookup.table(parameters.dropout_table) / lookup.UNIT
    stays = np.ones_like(share)
    for _ in planted:
        stays = stays * (1 - share)
        survival.append(round(float(stays.mean()), 6))
    alive = counts["customers_alive_after"]
    return {
        "world": NAME,
        "seed": seed,
        "scale": scale,
        "window": [timeline.iso(timeline.WINDOW_START), timeline.iso(timeline.WINDOW_END)],
        "parameters": asdict(parameters),
        "counts": counts,
        "plants": {
            "retention_climbs": {
                "a": parameters.dropout_a,
                "b": parameters.dropout_b,
                "survival_by_month": survival,
                "retention_by_month": [
                    round(later / earlier, 6) for earlier, later in zip(survival, survival[1:], strict=False)
                ],
                "survival_of_these_customers": [round(a / alive[0], 6) for a in alive],
            },
            **research.realised(counts),
        },
    }
