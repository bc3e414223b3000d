"""Customer success before a renewal: the health review, and who is then called.

The contact saves accounts, and yet no contract moves. The chance to leave at a renewal is the mean over
accounts with and without the contact; it is split into the two chances it is made of,

    p = share * p_touched + (1 - share) * p_untouched      with p_touched = ratio * p_untouched

where `share` is the chance of a contact at the account's health and size. Whether this account was contacted
is then drawn from what Bayes' rule gives for its known outcome. Contact, outcome and risk have the same joint
distribution as if the contact had been drawn first by health and size alone and the outcome afterwards.
"""

import numpy as np

from twoworlds.worlds import lookup, timeline
from twoworlds.worlds.blocks import OF_BLOCK
from twoworlds.worlds.cells import Coded
from twoworlds.worlds.pipewright.accounts import leaving_limits
from twoworlds.worlds.pipewright.contracts import is_known
from twoworlds.worlds.pipewright.parameters import HEALTH_BANDS, TERMS
from twoworlds.worlds.pipewright.usage import FIRST_MONDAY, WEEKS_BEFORE, weeks_with_contract
from twoworlds.worlds.streams import ONE

_MILLION = lookup.UNIT
_SHORTEST = min(term for term in TERMS if term >= 12)  # months of a term with reviews


def _health(parameters, accounts, lives, usage, row, reviewed_on):
    """Active members over seats in the whole weeks before the reviews, in %.

    row, reviewed_on: (n,) position of the account, a Monday, whose own week is not over. Returns (positions
    of the reviews with all `health_weeks` before them, their health).
    """
    first, weeks = weeks_with_contract(accounts, lives)
    before = (reviewed_on - FIRST_MONDAY) // 7 + WEEKS_BEFORE - parameters.health_weeks - first[row]
    full = np.flatnonzero((before >= 0) & (before + parameters.health_weeks <= weeks[row]))
    start = (np.cumsum(weeks) - weeks)[row[full]] + before[full]
    read = start[:, None] + np.arange(parameters.health_weeks)
    active, seats = (usage[name][read].sum(axis=1) for name in ("active_members", "seats"))
    return full, 100 * active // np.maximum(1, seats)


def _renewals(parameters, accounts, lives):
    """Renewals of annual and longer terms whose review falls into the window: account row, month of life,
    day of the renewal, day of the review; accounts that still have a contract at the review."""
    known = np.flatnonzero((accounts["term_months"] >= _SHORTEST) & is_known(accounts, lives))
    term, signed_on = accounts["term_months"][known, None], accounts["signed_on"][known, None]
    month = term * np.arange(1, (lives.seats.shape[1] - 1) // _SHORTEST + 1)
    # Later months than those that are followed lie beyond the window, as reviews must not.
    days = timeline.add_months(signed_on, np.minimum(month, lives.seats.shape[1] - 1))
    review = (days // 7 * 7 + 4) - 7 * parameters.review_weeks_before  # day 4 was a Monday
    chosen = (review >= timeline.WINDOW_START) & (review + parameters.touch_days <= timeline.WINDOW_END)
    chosen &= (review < lives.left_on[known, None]) & (month < lives.seats.shape[1])
    row, place = np.nonzero(chosen)
    return known[row], month[row, place], days[row, place], review[row, place]


def make_touches(parameters, streams, accounts, lives, usage):
    """One row a health review. Returns (table, truth): dicts of columns."""
    row, month, renewal, review = _renewals(parameters, accounts, lives)
    full, health = _health(parameters, accounts, lives, usage, row, review)
    row, month, renewal, review = (part[full] for part in (row, month, renewal, review))
    of_block = accounts[OF_BLOCK][row]
    n = streams.rows(of_block)
    band = np.searchsorted(np.array(parameters.health_limits), health, side="right")
    share = np.rint(np.array(parameters.touched_share) * _MILLION).astype(np.int64)
    share = share[accounts["size"][row], band]

    at_renewal = (leaving_limits(parameters, accounts)[0] * _MILLION // ONE)[row]
    ratio = round(parameters.touched_leaves_ratio * _MILLION)
    untouched = at_renewal * _MILLION // (_MILLION - share * (_MILLION - ratio) // _MILLION)
    untouched = np.minimum(untouched, _MILLION)
    touched = (at_renewal * _MILLION - (_MILLION - share) * untouched) // share
    left = lives.months[row] == month
    early = lives.months[row] < month  # gone between review and renewal: the contact played no part
    given_left = share * touched // np.maximum(1, at_renewal)
    given_stays = share * (_MILLION - touched) // np.maximum(1, _MILLION - at_renewal)
    chance = np.where(early, share, np.where(left, given_left, given_stays))
    contacted = streams.happens("touches", "touched", (chance << 32) // _MILLION, n)
    later = 1 + streams.below("touches", "touched_on", n, parameters.touch_days)

    # What would have been: the contact may save an account, and never drives one away.
    other = streams.draws("touches", "other_outcome", n) * _MILLION >> 32
    still_leaves = other * np.maximum(1, untouched) < touched * _MILLION
    saved = other * np.maximum(1, _MILLION - touched) < (untouched - touched) * _MILLION
    leaves_untouched = np.where(contacted & ~left, saved, left)
    leaves_touched = np.where(~contacted & left, still_leaves, left)
    keys = {OF_BLOCK: of_block, "account_id": accounts["account_id"][row], "renewal_on": renewal}
    table = {
        **keys,
        "reviewed_on": review,
        "health": health,
        "health_band": Coded(band, HEALTH_BANDS),
        "touched": contacted,
        "touched_on": np.where(contacted, review + later, timeline.NO_DAY),
    }
    truth = {
        **keys,
        "chance_touched": share,
        "chance_leaves_touched": touched,
        "chance_leaves_untouched": untouched,
        "reaches_renewal": ~early,
        "leaves_touched": leaves_touched & ~early,
        "leaves_untouched": leaves_untouched & ~early,
    }
    return table, truth
