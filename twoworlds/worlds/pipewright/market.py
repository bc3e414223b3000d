"""Company-wide counts of the funnel: channels, what they cost by month, visits to the website by week.

What a month's spend brings is known: the customers to be expected some months later, at the channel's cost.
So the spend is made from those, and from nothing that happened to come true.
"""

from functools import lru_cache

import numpy as np

from twoworlds.worlds import lookup, timeline
from twoworlds.worlds.blocks import only_in_first
from twoworlds.worlds.cells import Coded
from twoworlds.worlds.pipewright import accounts as signing
from twoworlds.worlds.pipewright import census
from twoworlds.worlds.pipewright.funnel_parameters import OWNER_OF_SOURCE, OWNERS, PAID_SOURCES, SOURCES
from twoworlds.worlds.streams import hash_draws

_FIRST_MONTH = int(timeline.month_index(timeline.WINDOW_START))
MONTHS = int(timeline.month_index(timeline.WINDOW_END)) - _FIRST_MONTH + 1
_FREE = len(SOURCES) - len(PAID_SOURCES)


def make_channels():
    """Every source, who answers for it, whether money is spent on it."""
    codes = np.arange(len(SOURCES))
    return {
        "source": Coded(codes, SOURCES),
        "owner": Coded(np.array([OWNERS.index(owner) for owner in OWNER_OF_SOURCE]), OWNERS),
        "paid": codes >= _FREE,
    }


def _customers_to_come(parameters, scale):
    """Customers to be expected from channels with spend in each month of the window and the months of the
    lag behind it; floats (months,)."""
    first_day = timeline.first_of_month(parameters.first_month)
    last_day = timeline.first_of_month(_FIRST_MONTH + MONTHS + parameters.spend_lag_months) - 1
    days = np.arange(first_day, last_day + 1)
    weights = signing.signing_weights(parameters, days)
    month = timeline.month_index(days) - _FIRST_MONTH
    known = int(weights[days <= timeline.WINDOW_END].sum())
    inside = month >= 0
    by_month = np.zeros(MONTHS + parameters.spend_lag_months, dtype=np.int64)
    np.add.at(by_month, month[inside], weights[inside])
    percent = np.array(parameters.paid_share_percent)[: len(by_month)]
    return signing.accounts_signed(parameters, scale) * by_month * percent / (100 * known)


def mean_customer_cost(parameters):
    """Planted cost of a customer over all channels with spend, in cents."""
    costs = zip(parameters.paid_source_share, parameters.customer_costs_cents, strict=True)
    return float(sum(share * cost for share, cost in costs))


def make_spend(parameters, seed, scale):
    """One row a month and channel with spend."""
    to_come = _customers_to_come(parameters, scale)[parameters.spend_lag_months :]
    month = np.repeat(np.arange(MONTHS), len(PAID_SOURCES))
    channel = np.tile(np.arange(len(PAID_SOURCES)), MONTHS)
    cost = np.array(parameters.customer_costs_cents)[channel]
    share = np.array(parameters.paid_source_share)[channel]
    noise = lookup.value(
        "gamma_60", hash_draws(seed, "pipewright.spend.noise", month * len(PAID_SOURCES) + channel)
    )
    euros = np.rint(to_come[month] * share * cost * noise / lookup.UNIT / 100).astype(np.int64)
    return {
        "month": np.array([timeline.first_of_month(_FIRST_MONTH + m) for m in range(MONTHS)])[month],
        "source": Coded(channel + _FREE, SOURCES),
        "spend_cents": euros * 100,
    }


def _tries(seed, column, done, chance):
    """How many tried where `done` came through, each with this chance: whole numbers, at least `done`.

    done: (weeks, sources). The tries of a week that failed are drawn together, near their normal limit, and
    spread over its sources.
    """
    per_week = done.sum(axis=1)
    normal = lookup.value("normal", hash_draws(seed, f"pipewright.visits.{column}", np.arange(len(done))))
    mean, spread = per_week * (1 - chance) / chance, np.sqrt(per_week * (1 - chance)) / chance
    failed = np.maximum(0, mean + spread * normal / lookup.UNIT)
    weights = 2 * done + 1
    so_far = np.cumsum(weights, axis=1) / weights.sum(axis=1, keepdims=True)
    edges = np.rint(failed[:, None] * so_far).astype(np.int64)
    return done + np.diff(edges, axis=1, prepend=0)


def make_visits(parameters, seed, scale):
    """One row a week and source: people at each step from the website to the product."""
    trials = census.whole(parameters, seed, scale)["trials"]
    forms = _tries(seed, "forms", trials, parameters.form_starts_trial)
    pricing = _tries(seed, "pricing", forms, parameters.pricing_sends_form)
    visits = _tries(seed, "visits", pricing, parameters.visit_sees_pricing)
    week, source = np.divmod(np.arange(trials.size), len(SOURCES))
    return {
        "week": timeline.WINDOW_START + 7 * week,
        "source": Coded(source, SOURCES),
        "visits": visits.ravel(),
        "pricing_visits": pricing.ravel(),
        "forms_sent": forms.ravel(),
        "trials_started": trials.ravel(),
    }


@lru_cache(maxsize=2)
def _whole(parameters, seed, scale):
    return {
        "channels": make_channels(),
        "visits": make_visits(parameters, seed, scale),
        "spend": make_spend(parameters, seed, scale),
    }


def make_market(parameters, streams, scale):
    """The company-wide tables: whole in the world's first block, without a row in all others."""
    whole = _whole(parameters, streams.seed, scale)
    return {name: only_in_first(streams, table) for name, table in whole.items()}
