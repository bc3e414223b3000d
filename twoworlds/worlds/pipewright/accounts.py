"""Who signs: when, how large, on which plan and term, at what risk of leaving."""

import numpy as np

from twoworlds.worlds import lookup, timeline
from twoworlds.worlds.pipewright.parameters import TERMS
from twoworlds.worlds.streams import pick_by_group, threshold

FIRST_BILLING_DAY, LAST_BILLING_DAY = 1, 28  # so that every month has the day, and months count exactly


def accounts_signed(parameters, scale):
    """Accounts that ever signed at a scale (a positive number), those who left long ago among them."""
    return max(1, round(parameters.accounts_signed * scale))


def _signing_days(parameters, seed, total, index):
    """Day of signing of the accounts at `index`: growing month by month, on working days up to the 28th."""
    first_day = timeline.first_of_month(parameters.first_month)
    days = first_day + np.arange(timeline.WINDOW_END - first_day + 1)
    month = timeline.month_index(days) - parameters.first_month
    last_month = int(month[-1])
    rise = parameters.signed_last_month - parameters.signed_first_month
    weights = 1000 * parameters.signed_first_month + 1000 * rise * month // last_month
    open_day = (timeline.weekday(days) < 5) & (timeline.day_of_month(days) <= LAST_BILLING_DAY)
    weights = weights * open_day * timeline.day_to_day_noise(seed, "pipewright.signings", days)
    return timeline.arrival_days(total, first_day, weights, index)


def make_accounts(parameters, streams, scale):
    """The accounts of a territory, those who left before the window among them. Returns a dict of arrays
    (n,)."""
    total, width = accounts_signed(parameters, scale), parameters.accounts_per_territory
    index = np.arange(streams.block * width, min((streams.block + 1) * width, total))
    n = len(index)
    stature = streams.draws("accounts", "stature", n)  # one draw moves employees and seats together
    employees = np.maximum(4, lookup.scaled(parameters.employees_table, stature, parameters.median_employees))
    size = np.searchsorted(np.array(parameters.size_limits), employees, side="right")
    seats = lookup.scaled(parameters.seats_by_size_table, stature, parameters.median_seats * 1000)
    seats = lookup.scaled(parameters.seats_own_table, streams.draws("accounts", "seats", n), seats) // 1000
    most = np.minimum(parameters.most_seats, employees * round(parameters.seats_of_employees * 100) // 100)
    seats = np.maximum(parameters.least_seats, np.minimum(seats, most))
    enterprise = streams.happens("accounts", "enterprise", threshold(parameters.enterprise_share)[size], n)
    term = pick_by_group(streams.draws("accounts", "term", n), size, parameters.term_share)

    price = np.array(parameters.seat_price_cents)[enterprise.astype(np.int64)]
    discounts = np.array([0, *(round(share * 100) for share in parameters.discount)])
    band = np.searchsorted(np.array(parameters.discount_from_seats), seats, side="right")
    price = price * (100 - discounts[band]) // 100
    price = lookup.scaled(parameters.haggling_table, streams.draws("accounts", "haggling", n), price)

    named = np.zeros(n, dtype=bool)
    named[int(seats.argmax())] = True  # the territory's largest signing; the earliest of equals
    return {
        "account_id": index + 1,
        "industry": streams.pick("accounts", "industry", n, parameters.industry_share),
        "country": streams.pick("accounts", "country", n, parameters.country_share),
        "size": size,
        "employees": employees,
        "enterprise": enterprise,
        "named_account": named,
        "signed_on": _signing_days(parameters, streams.seed, total, index),
        "term_months": np.array(TERMS)[term],
        "seats": seats,
        "most_seats": np.maximum(most, seats),
        "seat_price_cents": price // 10 * 10,
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
