"""Companies that might buy in the window: those that paid, and those that tried or talked and did not.

Who paid is there already. A company that did not pay has a day of decision, as common as signings are by the
odds of its size, and everything before that day is drawn backwards in the same way for both. Path and
activation are drawn *given* that the trial paid or not, by Bayes' rule: the rows are then those of a world in
which the path came first, then the activation, then the payment.
"""

from functools import lru_cache

import numpy as np

from twoworlds.worlds import lookup, timeline
from twoworlds.worlds.blocks import OF_BLOCK, numbered, together
from twoworlds.worlds.cells import NO_NUMBER, take_rows
from twoworlds.worlds.pipewright import accounts as signing
from twoworlds.worlds.pipewright import executives
from twoworlds.worlds.pipewright.funnel_parameters import PAID_SOURCES, SOURCES
from twoworlds.worlds.streams import ONE, pick_by_group, threshold

_SELF_SERVE, _ASSISTED = 0, 1
_TABLE = "prospects"


@lru_cache(maxsize=64)
def _signed_between(parameters, scale, first, last):
    """Signings to be expected from a day to another, both included."""
    before = timeline.first_of_month(parameters.first_month)
    days = np.arange(before, max(last, timeline.WINDOW_END) + 1)
    weights = signing.signing_weights(parameters, days)
    inside = int(weights[(days >= first) & (days <= last)].sum())
    return (
        signing.accounts_signed(parameters, scale) * inside / int(weights[days <= timeline.WINDOW_END].sum())
    )


def _longest(parameters):
    """Days after the window in which those who tried, and those who talked, may still decide."""
    return max(most for _, most in parameters.trial_decides), parameters.contact_before_decision[2]


@lru_cache(maxsize=4)
def _kinds(parameters, scale):
    """Companies to be expected that do not pay in the window: array (way, stretch, size); way: with a trial,
    without; stretch: decision in the window, after it."""
    share = signing.size_shares(parameters)
    direct, end = np.array(parameters.buys_without_trial), timeline.WINDOW_END
    inside = _signed_between(parameters, scale, timeline.WINDOW_START, end)
    found = []
    for way, pays, most in (
        (1 - direct, np.array(parameters.trial_pays), _longest(parameters)[0]),
        (direct, np.array(parameters.talks_pay), _longest(parameters)[1]),
    ):
        after = _signed_between(parameters, scale, end + 1, end + most)
        found.append([inside * share * way * (1 - pays) / pays, after * share * way / pays])
    found = np.array(found)
    found.setflags(write=False)
    return found


@lru_cache(maxsize=4)
def unpaid_count(parameters, scale):
    """Numbers given to companies that did not pay in the window, those whose trial begins after it among
    them."""
    return round(float(_kinds(parameters, scale).sum()))


def _days_by_weight(parameters, first, last, draws):
    """Days from first to last, as likely as signings are on them."""
    days = np.arange(first, last + 1)
    edges = np.cumsum(signing.signing_weights(parameters, days))
    return days[np.searchsorted(edges, draws * int(edges[-1]) >> 32, side="right")]


def _companies_of(parameters, streams, table, size, n):
    """Companies of these sizes. table: name of the streams; n: rows of each block."""
    # A stature of that size: the slices of the employees' table are sorted.
    slices = np.rint(np.r_[0, np.cumsum(signing.size_shares(parameters))] * lookup.SLICES).astype(np.int64)
    place = streams.draws(table, "stature", n)
    low, width = slices[size], slices[size + 1] - slices[size]
    stature = ((low << 32) + place * width) // lookup.SLICES
    return signing.make_companies(parameters, streams, table, stature, n)


def share_of_blocks(streams, total, blocks):
    """The territories' share of `total` rows that are dealt out to all `blocks` of the world in turn. Returns
    (position of each row's block, number of each row among all, from 0)."""
    edges = total * np.stack([streams.blocks, streams.blocks + 1]) // blocks
    of_block = np.repeat(np.arange(len(streams.blocks)), edges[1] - edges[0])
    return of_block, edges[0][of_block] + numbered(of_block)


def _make_unpaid(parameters, streams, scale, blocks):
    """Companies of some territories that do not pay in the window. Returns a dict of arrays (n,)."""
    of_block, index = share_of_blocks(streams, unpaid_count(parameters, scale), blocks)
    n = streams.rows(of_block)
    kinds = _kinds(parameters, scale)
    kind = streams.pick("unpaid", "kind", n, (kinds / kinds.sum()).ravel().tolist())
    way, rest = np.divmod(kind, kinds.shape[1] * kinds.shape[2])
    later, size = np.divmod(rest, kinds.shape[2])

    draws = streams.draws("unpaid", "decides_on", n)
    decides_on = _days_by_weight(parameters, timeline.WINDOW_START, timeline.WINDOW_END, draws)
    for code, most in enumerate(_longest(parameters)):
        after = _days_by_weight(parameters, timeline.WINDOW_END + 1, timeline.WINDOW_END + most, draws)
        decides_on = np.where((later == 1) & (way == code), after, decides_on)
    pays = np.stack([threshold(parameters.trial_pays), threshold(parameters.talks_pay)])[way, size]
    return {
        OF_BLOCK: of_block,
        "account_id": signing.accounts_signed(parameters, scale) + 1 + index,
        **_companies_of(parameters, streams, "unpaid", size, n),
        "decides_on": decides_on,
        "paid_on": np.full(len(index), timeline.NO_DAY),
        "pays_later": (later == 1) & streams.happens("unpaid", "pays_later", pays, n),
        "with_trial": way == 0,
    }


def _of_payers(parameters, streams, signed):
    """The accounts that signed in the window, in the same form."""
    chosen = signed["signed_on"] >= timeline.WINDOW_START
    direct = streams.happens(
        _TABLE,
        "with_trial",
        threshold(parameters.buys_without_trial)[signed["size"]],
        streams.rows(signed[OF_BLOCK]),
    )
    kept = (
        OF_BLOCK, "account_id", "industry", "country", "size", "employees", "enterprise", "seats",
        "most_seats", "seat_price_cents",
    )  # fmt: skip
    return {
        **{name: signed[name][chosen] for name in kept},
        "decides_on": signed["signed_on"][chosen],
        "paid_on": signed["signed_on"][chosen],
        "pays_later": np.zeros(int(chosen.sum()), dtype=bool),
        "with_trial": ~direct[chosen],
    }


@lru_cache(maxsize=4)
def path_and_activation(parameters):
    """Chance of (path, activation) of a trial, by size and whether it pays: (2 * sizes, 4); the row is
    2 * size + pays, the column 2 * path + activated."""
    rows = []
    for size, pays in enumerate(parameters.trial_pays):
        share, base = parameters.assisted_share[size], parameters.activates[size]
        helped = base + parameters.assisted_activates
        first = np.array([(1 - share) * (1 - base), (1 - share) * base, share * (1 - helped), share * helped])
        ratio = np.array([1.0, parameters.activated_pays_ratio])
        ratio = np.concatenate([ratio, ratio * parameters.assisted_pays_ratio])
        chance = ratio * (pays / float(first @ ratio))
        rows += [first * (1 - chance) / (1 - pays), first * chance / pays]
    return np.array(rows)


def _wait(table_draws, limits):
    """Days: the least, and gamma with shape 2 and a mean on top, at most the most."""
    least, mean, most = limits
    return np.minimum(least + lookup.scaled("gamma_2", table_draws, mean), most)


def draw_sources(parameters, streams, table, decides_on, n):
    """Source of each company, by the month of its decision: positions in SOURCES. n: rows of each block."""
    month = timeline.month_index(decides_on) - timeline.month_index(timeline.WINDOW_START)
    paid_share = np.array(parameters.paid_share_percent)
    percent = paid_share[np.clip(month, 0, len(paid_share) - 1)]
    paid = streams.draws(table, "paid_source", n) * 100 < percent * ONE
    channel = streams.pick(table, "channel", n, parameters.paid_source_share)
    website = streams.happens(table, "website", threshold(parameters.website_share), n)
    return np.where(paid, len(SOURCES) - len(PAID_SOURCES) + channel, np.where(website, 0, 1))


def _other_path(parameters, streams, size, path, activated, n):
    """Whether each trial activates without and with assistance: assistance never keeps one from it. n: rows
    of each block."""
    base, added = np.array(parameters.activates)[size], parameters.assisted_activates
    coin = streams.draws(_TABLE, "other_path", n) / ONE
    without = activated & ~((path == _ASSISTED) & (coin >= base / (base + added)))
    helped = activated | ((path == _SELF_SERVE) & (coin < added / (1 - base)))
    return without, helped


def _way_to_decision(parameters, streams, table, rows, pays):
    """Path of each company, whether it activates, the day on which its trial starts and of its first contact,
    given whether it pays. table: name of the streams. Returns four arrays (n,)."""
    n, size, with_trial = streams.rows(rows[OF_BLOCK]), rows["size"], rows["with_trial"]
    both = pick_by_group(streams.draws(table, "path", n), 2 * size + pays, path_and_activation(parameters))
    path, activated = np.divmod(both, 2)
    path = np.where(with_trial, path, _ASSISTED)
    activated = with_trial & (activated == 1)

    least, most = np.array(parameters.trial_decides).T
    lasts = least[path] + streams.below(table, "trial_decides", n, (most - least + 1)[path])
    starts = rows["decides_on"] - lasts
    starts -= np.maximum(0, timeline.weekday(starts) - 4)  # a trial starts on a working day
    draws = streams.draws(table, "contact", n)
    before = [_wait(draws, limits) for limits in parameters.contact_before_trial]
    contact = starts - np.where(path == _ASSISTED, before[_ASSISTED], before[_SELF_SERVE])
    contact = np.where(
        with_trial, contact, rows["decides_on"] - _wait(draws, parameters.contact_before_decision)
    )
    return path, activated, starts, contact


def make_prospects(parameters, streams, scale, signed, blocks):
    """Companies of some territories with a decision in the window or after it, one row each. Returns a dict
    of arrays (n,), each territory's payers first; `known` tells who stands in the tables (the others come
    after the window)."""
    rows = together(
        [_of_payers(parameters, streams, signed), _make_unpaid(parameters, streams, scale, blocks)]
    )
    n = streams.rows(rows[OF_BLOCK])
    size, with_trial = rows["size"], rows["with_trial"]
    pays = (rows["paid_on"] != timeline.NO_DAY) | rows["pays_later"]
    path, activated, starts, contact = _way_to_decision(parameters, streams, _TABLE, rows, pays)
    known = np.where(with_trial, starts, contact) <= timeline.WINDOW_END
    # Whoever tried by himself before the window, and did not pay, is forgotten; sales remembers its own.
    known &= (starts >= timeline.WINDOW_START) | (path == _ASSISTED) | (rows["paid_on"] != timeline.NO_DAY)
    without, helped = _other_path(parameters, streams, size, path, activated, n)
    executive = executives.assign(
        parameters, streams.seed, rows["account_id"], contact, size, rows["paid_on"] != timeline.NO_DAY
    )
    return {
        **rows,
        "path": path,
        "activated": activated,
        "trial_on": np.where(with_trial, starts, timeline.NO_DAY),
        "first_contact_on": contact,
        "source": draw_sources(parameters, streams, _TABLE, rows["decides_on"], n),
        "executive_id": np.where(path == _ASSISTED, executive, NO_NUMBER),
        "activates_self_serve": with_trial & without,
        "activates_assisted": with_trial & helped,
        "known": known,
    }


def make_upcoming(parameters, streams, scale, blocks):
    """Companies of some territories with which sales is in talks at the window's end, and whose trial,
    assisted, begins after it. The same arrays as those of make_prospects."""
    share, direct = signing.size_shares(parameters), np.array(parameters.buys_without_trial)
    pay, end = np.array(parameters.trial_pays), timeline.WINDOW_END
    last = end + parameters.trial_decides[_ASSISTED][1] + parameters.contact_before_trial[_ASSISTED][2]
    expected = _signed_between(parameters, scale, end + 1, last) * share * (1 - direct) / pay
    total = round(float(expected.sum()))
    of_block, index = share_of_blocks(streams, total, blocks)
    n = streams.rows(of_block)
    size = streams.pick("upcoming", "size", n, (expected / expected.sum()).tolist())
    rows = {
        OF_BLOCK: of_block,
        "account_id": signing.accounts_signed(parameters, scale)
        + 1
        + unpaid_count(parameters, scale)
        + index,
        **_companies_of(parameters, streams, "upcoming", size, n),
        "decides_on": _days_by_weight(parameters, end + 1, last, streams.draws("upcoming", "decides_on", n)),
        "paid_on": np.full(len(index), timeline.NO_DAY),
        "pays_later": streams.happens("upcoming", "pays_later", threshold(pay)[size], n),
        "with_trial": np.ones(len(index), dtype=bool),
    }
    path, activated, starts, contact = _way_to_decision(
        parameters, streams, "upcoming", rows, rows["pays_later"]
    )
    chosen = (path == _ASSISTED) & (starts > end) & (contact <= end)
    rows |= {"path": path, "activated": activated, "trial_on": starts, "first_contact_on": contact}
    rows["source"] = draw_sources(parameters, streams, "upcoming", rows["decides_on"], n)
    rows = take_rows(rows, chosen)
    rows["executive_id"] = executives.assign(
        parameters, streams.seed, rows["account_id"], rows["first_contact_on"], rows["size"],
        np.zeros(len(rows["size"]), dtype=bool),
    )  # fmt: skip
    return rows | {"known": np.ones(len(rows["size"]), dtype=bool)}


def known_prospects(rows):
    """The prospects that stand in the tables, as other parts read them: who, what they want, when."""
    known = take_rows(rows, rows["known"])
    names = {"seats_wanted": "seats", "price": "seat_price_cents"}
    same = (
        OF_BLOCK, "account_id", "industry", "country", "size", "employees", "enterprise", "first_contact_on",
        "with_trial", "trial_on", "decides_on", "paid_on", "source", "path", "activated", "executive_id",
    )  # fmt: skip
    return {name: known[name] for name in same} | {new: known[old] for new, old in names.items()}


def all_companies(shown, rows, upcoming):
    """The accounts' own columns: those that paid, and behind them those that have not. shown: accounts that
    are customers in the window; rows, upcoming: see make_prospects and make_upcoming."""
    unpaid = take_rows(rows, rows["known"] & (rows["paid_on"] == timeline.NO_DAY))
    source = np.full(len(shown["account_id"]), -1)  # nobody wrote it down before 2024
    new = shown["signed_on"] >= timeline.WINDOW_START
    source[new] = rows["source"][rows["paid_on"] != timeline.NO_DAY]
    others = [
        {**part, "named_account": np.zeros(len(part["size"]), dtype=bool), "signed_on": part["paid_on"]}
        for part in (unpaid, upcoming)
    ]
    names = (
        OF_BLOCK, "account_id", "industry", "country", "size", "employees", "enterprise", "named_account",
        "signed_on", "source",
    )  # fmt: skip
    parts = (shown | {"source": source}, *others)
    return together([{name: part[name] for name in names} for part in parts])
