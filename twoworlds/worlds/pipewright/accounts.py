"""Who signs: when, how large, on which plan and term, at what risk of leaving."""

from functools import lru_cache

import numpy as np

from twoworlds.worlds import lookup, timeline
from twoworlds.worlds.blocks import OF_BLOCK, numbered
from twoworlds.worlds.pipewright.parameters import TERMS
from twoworlds.worlds.streams import pick_by_group, threshold

FIRST_BILLING_DAY, LAST_BILLING_DAY = 1, 28  # so that every month has the day, and months count exactly


def accounts_signed(parameters, scale):
    """Accounts that ever signed at a scale (a positive number), those who left long ago among them."""
    return max(1, round(parameters.accounts_signed * scale))


def territories(parameters, scale):
    """How many territories the accounts fill; the last may be smaller."""
    return -(-accounts_signed(parameters, scale) // parameters.accounts_per_territory)


def signing_weights(parameters, days):
    """Signings to be expected on each day, relative to each other: growing month by month, on working days up
    to the 28th. days: (n,); those after the window go on growing. Returns whole numbers (n,)."""
    month = timeline.month_index(days) - parameters.first_month
    last_month = int(timeline.month_index(timeline.WINDOW_END)) - parameters.first_month
    rise = parameters.signed_last_month - parameters.signed_first_month
    weights = 1000 * parameters.signed_first_month + 1000 * rise * month // last_month
    return weights * ((timeline.weekday(days) < 5) & (timeline.day_of_month(days) <= LAST_BILLING_DAY))


def _signing_days(parameters, seed, total, index):
    """Day of signing of the accounts at `index`."""
    first_day = timeline.first_of_month(parameters.first_month)
    days = first_day + np.arange(timeline.WINDOW_END - first_day + 1)
    noise = timeline.day_to_day_noise(seed, "pipewright.signings", days)
    return timeline.arrival_days(total, first_day, signing_weights(parameters, days) * noise, index)


@lru_cache(maxsize=4)
def size_shares(parameters):
    """Share of signed accounts by size: exact, over all slices of the table."""
    employees = lookup.table(parameters.employees_table) * parameters.median_employees // lookup.UNIT
    size = np.searchsorted(np.array(parameters.size_limits), employees, side="right")
    shares = np.bincount(size, minlength=len(parameters.size_limits) + 1) / lookup.SLICES
    shares.setflags(write=False)
    return shares


def make_companies(parameters, streams, table, stature, n):
    """What a company is, and what it would buy, from its stature: draws (n,) that move employees and seats
    together. table: name of the streams; n: rows of each block. Returns a dict of arrays (n,)."""
    employees = np.maximum(4, lookup.scaled(parameters.employees_table, stature, parameters.median_employees))
    size = np.searchsorted(np.array(parameters.size_limits), employees, side="right")
    seats = lookup.scaled(parameters.seats_by_size_table, stature, parameters.median_seats * 1000)
    seats = lookup.scaled(parameters.seats_own_table, streams.draws(table, "seats", n), seats) // 1000
    most = np.minimum(parameters.most_seats, employees * round(parameters.seats_of_employees * 100) // 100)
    seats = np.maximum(parameters.least_seats, np.minimum(seats, most))
    enterprise = streams.happens(table, "enterprise", threshold(parameters.enterprise_share)[size], n)

    price = np.array(parameters.seat_price_cents)[enterprise.astype(np.int64)]
    discounts = np.array([0, *(round(share * 100) for share in parameters.discount)])
    band = np.searchsorted(np.array(parameters.discount_from_seats), seats, side="right")
    price = price * (100 - discounts[band]) // 100
    price = lookup.scaled(parameters.haggling_table, streams.draws(table, "haggling", n), price)
    return {
        "industry": streams.pick(table, "industry", n, parameters.industry_share),
        "country": streams.pick(table, "country", n, parameters.country_share),
        "size": size,
        "employees": employees,
        "enterprise": enterprise,
        "seats": seats,
        "most_seats": np.maximum(most, seats),
        "seat_price_cents": price // 10 * 10,
    }


def make_accounts(parameters, streams, scale):
    """The accounts of some territories, those who left before the window among them. Returns a dict of arrays
    (n,)."""
    total, width = accounts_signed(parameters, scale), parameters.accounts_per_territory
    each = np.minimum(width, total - streams.blocks * width)
    of_block = np.repeat(np.arange(len(each)), each)
    index = streams.blocks[of_block] * width + numbered(of_block)
    n = streams.rows(of_block)
    stature = streams.draws("accounts", "stature", n)  # one draw moves employees and seats together
    companies = make_companies(parameters, streams, "accounts", stature, n)
    term = pick_by_group(streams.draws("accounts", "term", n), companies["size"], parameters.term_share)
    # The territory's largest signing; the earliest of equals.
    by_seats = np.lexsort((-companies["seats"], of_block))
    named = np.zeros(len(index), dtype=bool)
    named[by_seats[np.cumsum(each) - each]] = True
    return {
        OF_BLOCK: of_block,
        "account_id": index + 1,
        **companies,
        "named_account": named,
        "signed_on": _signing_days(parameters, streams.seed, total, index),
        "term_months": np.array(TERMS)[term],
        "risk": lookup.value(parameters.risk_table, streams.draws("accounts", "risk", n)),  # millionths
    }


def leaving_limits(parameters, accounts):
    """Chance to leave of each account, as draws' thresholds: (at a renewal (n,), in any other month (n,))."""
    size, risk, named = accounts["size"], accounts["risk"], accounts["named_account"]
    yearly = threshold(parameters.leaves_at_renewal)[size]
    monthly = threshold(parameters.leaves_monthly)[size]
    at_renewal = np.where(accounts["term_months"] == 1, monthly, yearly) * risk // lookup.UNIT
    at_renewal = np.minimum(at_renewal, threshold(parameters.most_leaving))
    at_renewal = np.where(named, threshold(parameters.named_leaves_at_renewal), at_renewal)
    early = threshold(parameters.leaves_early) * risk // lookup.UNIT
    return at_renewal, np.where(named, 0, early)
