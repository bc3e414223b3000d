"""One table of the kinds of answers: how each is frozen into check data, measured apart, and judged."""

from typing import NamedTuple

from twoworlds.check import choice, number, series, table


class Kind(NamedTuple):
    """freeze(value): JSON-able key; judge(spec, keys, value): Verdict; distance(spec, one, other): gap
    between keys.
    """

    freeze: object
    judge: object
    distance: object
    tolerance: float = 0.0


KINDS = {
    "number": Kind(
        number.freeze,
        number.judge,
        lambda spec, one, other: number.distance(one, other),
        number.DEFAULT_TOLERANCE,
    ),
    "table": Kind(
        table.freeze,
        table.judge,
        lambda spec, one, other: table.distance(one, other, spec["keys"]),
        table.DEFAULT_TOLERANCE,
    ),
    "series": Kind(
        series.freeze,
        series.judge,
        lambda spec, one, other: series.distance(one, other),
        table.DEFAULT_TOLERANCE,
    ),
    "choice": Kind(
        choice.freeze_choice,
        choice.judge_choice,
        lambda spec, one, other: 0.0 if one == other else float("inf"),
    ),
    "decision": Kind(lambda value: None, choice.judge_decision, lambda spec, one, other: float("inf")),
}
