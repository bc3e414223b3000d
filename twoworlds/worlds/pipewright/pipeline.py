"""The pipeline of the whole company: when each deal is opened, how long it stays in each stage, when it ends.

The first stage waits for the executive, whose time is shared by all of the deals that are open: so a deal's
days depend on those of the others, in all territories. They are settled together, in rounds: from empty
desks, open deals are counted by executive and day, and the waiting is made anew, until both agree but for a
day here and there. What a territory needs of all others is these counts alone, the *loads*: whole numbers
that sum over territories in any order, and that take the same room however many territories there are.

A deal that is won ends with the first payment, whose day stands. Its stages are laid before that day, and
never before the first contact. Any other deal is opened as if it could be won, passes the stages as a won one
does, and stays in the one where somebody says no until it is closed, long afterwards or not in the window.
"""

from collections import OrderedDict

import numpy as np

from twoworlds.worlds import lookup, timeline
from twoworlds.worlds.blocks import OF_BLOCK, together
from twoworlds.worlds.cells import take_rows
from twoworlds.worlds.pipewright import accounts as signing
from twoworlds.worlds.pipewright import committees, executives, prospects
from twoworlds.worlds.pipewright.deals_parameters import COMMITTEE_ROLES, OUTCOMES, STAGES
from twoworlds.worlds.pipewright.win_model import draw_deals
from twoworlds.worlds.streams import BlockStreams, threshold

WON, LOST, NO_DECISION, OPEN = range(len(OUTCOMES))
FIRST, SECURITY, AUDIT = 0, STAGES.index("security"), STAGES.index("audit")
NEVER = 2**40  # a day that does not come
_SMALL = 0
# What is read of the prospects.
_READ = (
    OF_BLOCK, "account_id", "executive_id", "size", "first_contact_on", "decides_on", "with_trial",
    "trial_on", "paid_on", "pays_later", "seats", "seat_price_cents",
)  # fmt: skip
_AFTER_TRIAL = 30  # nobody gives a deal up while the trial runs
_ROUNDS = 6  # from the fifth on, one deal in fifty still moves by a day or two
_SECURITY_ROLE = COMMITTEE_ROLES.index("security")
# What a Saturday and a Sunday become, in even and in odd weeks: never to Wednesday, so that two days that are
# three apart never meet.
_NEAR_WORKDAY = np.array([[0, 0, 0, 0, 0, -1, 1], [0, 0, 0, 0, 0, -2, 2]])
_NEXT_WORKDAY = np.array([0, 0, 0, 0, 0, 2, 1])


def _workday(days):
    return days + _NEAR_WORKDAY[(days + 3) // 7 % 2, timeline.weekday(days)]


def _own(parameters, streams, candidates, upcoming):
    """What the territories' deals are before anybody waits: a dict of arrays, one entry a deal. Entries with
    a first axis of two hold what is so out of the test of messages, and in it."""
    looked_after = take_rows(candidates, candidates["known"] & (candidates["executive_id"] > 0))
    rows = together([{name: part[name] for name in _READ} for part in (looked_after, upcoming)])
    n, size = streams.rows(rows[OF_BLOCK]), rows["size"]
    won = (rows["paid_on"] != timeline.NO_DAY) | rows["pays_later"]
    silent = streams.happens("opportunities", "no_decision", threshold(parameters.no_decision_share), n)
    fate = np.where(won, WON, np.where(silent, NO_DECISION, LOST))
    pace = lookup.value(parameters.pace_table, streams.draws("stages", "pace", n))
    days = [
        lookup.scaled(parameters.stage_table, streams.draws("stages", name, n), np.array(median)[size] * pace)
        for name, median in zip(STAGES, parameters.stage_days, strict=True)
    ]
    medians = np.stack([np.array(parameters.lost_days), np.array(parameters.no_decision_days)])
    lasts = lookup.scaled(
        parameters.cycle_table,
        streams.draws("opportunities", "closed", n),
        medians[np.where(fate == NO_DECISION, 1, 0), size],
    )
    draws, answers = streams.draws("opportunities", "like", n), committees.answer_draws(streams, n)
    both = []
    for inside in (False, True):
        tested = np.full(len(size), inside)
        like = draw_deals(parameters, draws, size, tested, won)
        yes = committees.find_answers(
            parameters, answers, {"fate": fate, "size": size, "tested": tested, **like}
        )
        both.append(like | {"yes": yes, "last_stage": committees.last_stage(yes, like["stakeholders"])})
    return {
        **rows,
        "fate": fate,
        "stage_days": np.stack(days, axis=1),  # in millionths
        "lasts": np.clip(lasts, *parameters.cycle_limits),
        **{name: np.stack([like[name] for like in both]) for name in both[0]},
    }


def _planned(parameters, own, wait, capital, people):
    """Whole days in each stage (n, stages), with the waiting of the first, in thousandths of its length."""
    days = own["stage_days"].copy()
    days[:, FIRST] = days[:, FIRST] // 1000 * wait
    days[:, AUDIT] = np.where(
        capital == 1, days[:, AUDIT] // 1000 * round(1000 * parameters.capital_audit), days[:, AUDIT]
    )
    days = np.maximum(parameters.least_stage_days, (days + lookup.UNIT // 2) // lookup.UNIT)
    days[:, SECURITY] = np.where(people > _SECURITY_ROLE, days[:, SECURITY], 0)
    return days


def _opened(own, planned):
    """Day on which each deal is opened: a working day, not before the first contact."""
    contact = own["first_contact_on"]
    opened = _workday(np.maximum(contact, own["decides_on"] - planned.sum(axis=1)))
    return np.where(opened < contact, contact + _NEXT_WORKDAY[timeline.weekday(contact)], opened)


def _entered(parameters, own, planned, opened, last_stage, won):
    """Day on which each stage begins (n, stages), NEVER where a deal does not reach it."""
    available = own["decides_on"] - opened
    front = np.cumsum(planned[:, :AUDIT], axis=1)
    # A deal that is won by a day that stands has less time, now and then, than it would take: audits last as
    # long as they last, and all before them is hurried.
    audit = np.minimum(planned[:, AUDIT], available - AUDIT * parameters.least_stage_days)
    left = np.where(won, available - audit, front[:, -1])
    front = front * left[:, None] // front[:, -1:]
    # However hurried, a stage has its least days.
    least = np.where(planned[:, :AUDIT] > 0, parameters.least_stage_days, 0)
    front[:, 0] = np.maximum(front[:, 0], least[:, 0])
    for stage in range(1, AUDIT):
        front[:, stage] = np.maximum(front[:, stage], front[:, stage - 1] + least[:, stage])
    front[:, -1] = np.minimum(front[:, -1], left)
    for stage in range(AUDIT - 2, -1, -1):
        front[:, stage] = np.minimum(front[:, stage], front[:, stage + 1] - least[:, stage + 1])
    entered = _workday(np.column_stack([opened, opened[:, None] + front]))
    reached = np.arange(len(STAGES)) <= np.where(won, AUDIT, last_stage)[:, None]
    reached[:, SECURITY] &= planned[:, SECURITY] > 0
    return np.where(reached, entered, NEVER)


def _closes(parameters, own, opened, entered):
    """Day on which each deal ends, in the window or after it."""
    at_last = np.where(entered == NEVER, 0, entered).max(axis=1) + parameters.least_last_stage_days
    lasts = np.maximum(opened + own["lasts"], at_last)
    lasts = np.maximum(lasts, np.where(own["with_trial"], own["trial_on"] + _AFTER_TRIAL, 0))
    lasts = _workday(np.minimum(lasts, opened + parameters.cycle_limits[1]))
    return np.where(own["fate"] == WON, own["decides_on"], lasts)


# Loads are counted on these days: before the first, no deal is opened by which another's waiting is read.
FIRST_DAY, LAST_DAY = timeline.WINDOW_START - 1500, timeline.WINDOW_END + 1500
_DAYS = LAST_DAY - FIRST_DAY + 1
COUNTED_ROUNDS = _ROUNDS - 1  # the last round reads, and is not counted
_KEPT = 2  # groups of territories that are remembered
_KINDS = ("signed", "candidates", "upcoming", "own")
# What the rounds read of a deal.
_COUNTED = (
    "executive_id", "size", "first_contact_on", "decides_on", "with_trial", "trial_on", "fate", "stage_days",
    "lasts", "capital", "stakeholders", "last_stage",
)  # fmt: skip


def count_changes(executive, opened, closes, executives_count):
    """Deals opened less deals ended, by executive and day: (executives, _DAYS) whole numbers, to be summed.

    executive: (n,) from 1; opened, closes: (n,) day numbers. What lies before the days counts on the first.
    """
    changes = np.zeros((executives_count, _DAYS), dtype=np.int32)  # they travel between machines
    for days, sign in ((opened, 1), (closes, -1)):
        inside = days <= LAST_DAY
        np.add.at(changes, (executive[inside] - 1, np.maximum(days[inside] - FIRST_DAY, 0)), sign)
    return changes


def _round(parameters, own, wait):
    """The deals' days with this waiting (n,): (tested, opened, entered, closes)."""
    rows, won = np.arange(len(wait)), own["fate"] == WON
    # Who gets a message is told by the day on which the deal would be opened with one.
    planned = [
        _planned(parameters, own, wait, own["capital"][test], own["stakeholders"][test]) for test in (0, 1)
    ]
    opened = _opened(own, planned[1])
    tested = (opened >= parameters.message_start) & (opened <= parameters.message_end)
    tested &= own["size"] != _SMALL
    opened = np.where(tested, opened, _opened(own, planned[0]))
    at = tested.astype(np.int64)
    chosen = np.stack(planned)[at, rows]
    entered = _entered(parameters, own, chosen, opened, own["last_stage"][at, rows], won)
    return tested, opened, entered, _closes(parameters, own, opened, entered)


def rounds(parameters, capacity, own, loads):
    """One round, and another for each of the loads; the last one's days. loads: (rounds, executives, _DAYS)
    open deals by executive and day, round by round."""
    executive = own["executive_id"] - 1
    found = _round(parameters, own, np.full(len(executive), 1000))
    slows = round(1000 * parameters.load_slows)
    for load in loads:
        opened = found[1]
        if len(opened) and not FIRST_DAY <= opened.min() <= opened.max() <= LAST_DAY:
            raise ValueError("a deal is opened on a day on which no loads are counted")
        others = load[executive, opened - FIRST_DAY] - 1
        over = np.maximum(0, 1000 * others // capacity[executive] - 1000)
        found = _round(parameters, own, 1000 + slows * over // 1000)
    return found


_kept = OrderedDict()  # (parameters, seed, scale, blocks) -> what territories are, lately made or recalled


def _keep(key, found):
    _kept[key] = found
    while len(_kept) > _KEPT:
        _kept.popitem(last=False)
    return found


def territories(parameters, seed, scale, blocks):
    """Some territories' accounts, prospects, upcoming prospects (see accounts.py and prospects.py), and deals
    before anybody waits: four dicts of arrays, which nobody may change. blocks: a sequence of numbers."""
    key = parameters, seed, scale, tuple(blocks)
    if key in _kept:
        _kept.move_to_end(key)
        return _kept[key]
    of_all = signing.territories(parameters, scale)
    streams = BlockStreams(seed, "pipewright", blocks)
    signed = signing.make_accounts(parameters, streams, scale)
    candidates = prospects.make_prospects(parameters, streams, scale, signed, of_all)
    upcoming = prospects.make_upcoming(parameters, streams, scale, of_all)
    return _keep(key, (signed, candidates, upcoming, _own(parameters, streams, candidates, upcoming)))


def pack(parameters, seed, scale, blocks):
    """All that is made of some territories before the rounds, as one dict of arrays, to be kept in a file."""
    made = zip(_KINDS, territories(parameters, seed, scale, blocks), strict=True)
    return {f"{kind}.{name}": values for kind, rows in made for name, values in rows.items()}


def unpack(parameters, seed, scale, blocks, packed):
    """Remember some territories from what `pack` gave, in place of making them again."""
    found = {kind: {} for kind in _KINDS}
    for name, values in packed.items():
        kind, column = name.split(".")
        found[kind][column] = values
    _keep((parameters, seed, scale, tuple(blocks)), tuple(found.values()))


def prepare(parameters, seed, scale, blocks):
    """What the rounds read of the deals of these territories: a dict of arrays, to be kept from one round to
    the next, in memory or in a file."""
    own = territories(parameters, seed, scale, blocks)[3]
    return {name: own[name] for name in _COUNTED}


def count_loads(parameters, scale, prepared, loads):
    """A round's changes by executive and day (see count_changes) of the deals of `prepare`, the loads of the
    rounds before it being known; over all territories they sum to what `next_load` takes."""
    _, opened, _, closes = rounds(parameters, executives.capacities(parameters, scale), prepared, loads)
    count = executives.executive_count(parameters)
    return count_changes(prepared["executive_id"], opened, closes, count)


def next_load(changes):
    """Open deals by executive and day, from the changes of all territories together."""
    return np.cumsum(changes, axis=1, dtype=np.int64)
