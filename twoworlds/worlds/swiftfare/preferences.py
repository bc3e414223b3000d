"""What travellers prefer and would pay: best and worst features, prices named, prices offered."""

import numpy as np

from twoworlds.worlds import lookup
from twoworlds.worlds.swiftfare.parameters import PRODUCTS
from twoworlds.worlds.swiftfare.research_parameters import FEATURES, QUESTIONS
from twoworlds.worlds.swiftfare.surveys import answer_rows, drawn, reached_on

_SETS, _SHOWN = 2, 4  # sets that a customer sees, features in each
_INVERSE = 1_000_000  # whole-number weights of the worst: this over the weight of the best


def has_bed(survey, parts):
    """Which users of the block had booked a hotel or a holiday by the survey's frame day (n,)."""
    bookings, users = parts["bookings"], parts["users"]
    bed = (bookings["product"].codes != PRODUCTS.index("flight")) & (bookings["booked_on"] <= survey.frame_on)
    found = np.zeros(len(users["user_id"]), dtype=bool)
    found[bookings["user_id"][bed] - users["user_id"][0]] = True
    return found


def _choose(weights, draws):
    """Position chosen in each row, by chance in proportion to whole-number weights (rows, k)."""
    edges = np.cumsum(weights, axis=1)
    return (edges <= (draws * edges[:, -1] >> 32)[:, None]).sum(axis=1)


def best_worst_answers(survey, parameters, streams, parts, frame):
    """1 for the best of a set, -1 for its worst, 0 for the others. frame: those who could be asked."""
    users, n = parts["users"], len(parts["users"]["user_id"])
    rows = drawn(survey, streams, n, frame)
    day = reached_on(survey, parameters, streams, rows, n)
    order = streams.words32_of("answers", "feature_order", n, len(FEATURES), rows)
    item = np.argsort(order, axis=1, kind="stable").reshape(-1, _SHOWN)  # two sets a customer, one by one
    taste = np.repeat(has_bed(survey, parts)[rows].astype(np.int64), _SETS)
    weight = np.array(parameters.feature_weight)[taste[:, None], item]
    draws = [
        streams.words32("answers", f"feature_{end}", n * _SETS)
        .reshape(n, _SETS)[rows]
        .ravel()
        .astype(np.int64)
        for end in ("best", "worst")
    ]
    sets = np.arange(len(item))
    best = _choose(weight, draws[0])
    inverse = _INVERSE // weight
    inverse[sets, best] = 0
    worst = _choose(inverse, draws[1])
    value = np.zeros(item.shape, dtype=np.int64)
    value[sets, best] = 1
    value[sets, worst] = -1
    question = QUESTIONS.index("set_1") + np.repeat(sets % _SETS, _SHOWN)
    user_id = np.repeat(users["user_id"][rows], len(FEATURES))
    return answer_rows(survey, user_id, np.repeat(day, len(FEATURES)), question, value.ravel(), item.ravel())


def pays(parameters, streams, n):
    """The most that each user of the block would really pay for the pass, in cents (n,)."""
    draws = streams.draws("prices", "pays_cents", n)
    return lookup.scaled(parameters.pass_table, draws, parameters.pass_median_cents)


def named_answers(survey, parameters, streams, parts, frame, pays_cents):
    """Four prices named: too cheap to be good, cheap, expensive, too expensive; each at least the last.

    frame: positions of those who could be asked.
    """
    n = len(pays_cents)
    rows = drawn(survey, streams, n, frame)
    day = reached_on(survey, parameters, streams, rows, n)

    def spread(column, table):
        return lookup.value(table, streams.draws("prices", column, n, rows))

    more = round(parameters.stated_over_true * 1000)
    expensive = pays_cents[rows] * more // 1000 * spread("named", parameters.stated_table) // lookup.UNIT
    up, down, further = (
        1000 + spread(f"step_{place}", parameters.step_table) * step // lookup.UNIT
        for place, step in enumerate(parameters.price_steps)
    )
    cheap = expensive * 1000 // down
    named = np.column_stack([cheap * 1000 // further, cheap, expensive, expensive * up // 1000])
    unit = parameters.named_cents
    named = np.maximum((named + unit // 2) // unit, 1) * unit
    question = np.tile(QUESTIONS.index("too_cheap") + np.arange(4), len(rows))
    user_id = np.repeat(parts["users"]["user_id"][rows], 4)
    return rows, answer_rows(survey, user_id, np.repeat(day, 4), question, named.ravel())


def offered_answers(survey, parameters, streams, parts, frame, pays_cents):
    """A real offer of the pass at a price by lot: the price, and 1 where it was bought. frame: positions of
    those who could be asked."""
    n = len(pays_cents)
    rows = drawn(survey, streams, n, frame)
    day = reached_on(survey, parameters, streams, rows, n)
    draws = streams.draws("prices", "offered", n, rows)
    offered = np.array(parameters.offered_cents)[draws * len(parameters.offered_cents) >> 32]
    value = np.column_stack([offered, pays_cents[rows] >= offered])
    question = np.tile(QUESTIONS.index("offered") + np.arange(2), len(rows))
    user_id = np.repeat(parts["users"]["user_id"][rows], 2)
    return rows, answer_rows(survey, user_id, np.repeat(day, 2), question, value.ravel())
