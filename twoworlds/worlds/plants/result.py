"""What an estimator of a plant gives back."""

from typing import NamedTuple


class Estimate(NamedTuple):
    """A parameter plant, estimated: value, 95 % interval, what was planted."""

    name: str
    estimate: float
    low: float
    high: float
    truth: float

    @property
    def covers(self):
        """Whether the interval holds the truth."""
        return self.low <= self.truth <= self.high


class Realised(NamedTuple):
    """A realised plant: its value in this data, and the band in which it is to lie."""

    name: str
    value: float
    low_band: float
    high_band: float

    @property
    def holds(self):
        """Whether the value lies in the band."""
        return self.low_band <= self.value <= self.high_band


class Plant(NamedTuple):
    """An entry of the list of plants.

    name: what is planted; parameters: fields of the world's parameters; tables: what it acts through; kind:
    "parameter" or "realised"; band: (low, high) where realised, None where an interval is judged; chapter:
    slug; world: name; estimate: function (tables, truth) -> Estimate or Realised; shows: function (tables) ->
    bool, whether the surprise can be seen.
    """

    name: str
    parameters: tuple[str, ...]
    tables: tuple[str, ...]
    kind: str
    band: tuple[float, float] | None
    chapter: str
    world: str
    estimate: callable
    shows: callable


def interval(name, estimate, error, truth):
    """Estimate with its 95 % interval, 1.96 standard errors on both sides."""
    return Estimate(
        name, float(estimate), float(estimate - 1.96 * error), float(estimate + 1.96 * error), float(truth)
    )
