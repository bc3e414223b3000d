"""What many seeds say of the plants: where it is kept, how it is summed up, and the rules that must hold.

The file holds a line that says what was tried (worlds and plants, by a digest), then a line a seed. The
book's page "Is the truth found?" is made from it alone.
"""

from __future__ import annotations

import ast
import hashlib
import io
import json
import os
import re
import tempfile
import tokenize
from dataclasses import dataclass, field
from pathlib import Path
from statistics import NormalDist, fmean, stdev

from twoworlds.errors import TwoWorldsError

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "authoring" / "calibration" / "results.jsonl"

# The rules. With fewer seeds a share has a wide interval: then a rule is broken only if all of it is outside.
ENOUGH_SEEDS = 200
COVERAGE = (0.89, 0.995)
POOLED = (0.94, 0.96)
IN_BAND = 0.90
SHOWS_TOGETHER = 0.80
FAR_APART = 4  # standard errors between panel and company
AGREES = 0.99

_Z = NormalDist().inv_cdf(0.975)


# ---------------------------------------------------------------- what was tried


def bare_code(text: str) -> str:
    """Python without comments, docstrings and spaces: what changes when the meaning may have changed."""
    lines = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            if isinstance(node.value.value, str):
                for number in range(node.lineno - 1, node.end_lineno):
                    lines[number] = ""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    return re.sub(r"\s+", "", "".join(lines))


def described_plants() -> list[dict]:
    """The plants as they are listed, in words and numbers."""
    from twoworlds.worlds.plants import PLANTS

    return [
        {
            "name": plant.name,
            "world": plant.world,
            "chapter": plant.chapter,
            "kind": plant.kind,
            "parameters": list(plant.parameters),
            "tables": list(plant.tables),
            "band": list(plant.band) if plant.band else None,
        }
        for plant in PLANTS
    ]


def about(scale: float = 1) -> dict:
    """What would be tried now: digest of both worlds (every value of one seed, what was planted), of the
    estimators and of the rules; scale; plants."""
    from twoworlds.worlds import agreement, digests, plants, validate
    from twoworlds.worlds.registry import WORLDS

    found = hashlib.sha256(json.dumps([scale, described_plants()]).encode())
    for name, world in WORLDS.items():
        # Small, but every table and column of it: a value that moved moves here too.
        found.update(digests.world_digest(digests.column_digests(name, 1, 0.1)).encode())
        found.update(repr(world.PARAMETERS).encode())
    folder = Path(validate.__file__).parent
    code = [*Path(plants.__file__).parent.glob("*.py"), *folder.glob("*/*_rules.py")]
    for path in sorted([*code, Path(validate.__file__), Path(agreement.__file__)]):
        found.update(bare_code(path.read_text(encoding="utf-8")).encode())
    return {"digest": found.hexdigest()[:16], "scale": scale, "plants": described_plants()}


# ---------------------------------------------------------------- the file


@dataclass(frozen=True)
class Results:
    """What a file holds: what was tried, and a line a seed."""

    digest: str
    scale: float
    plants: list[dict]
    lines: dict[int, dict]


def begin(path: Path, about: dict) -> None:
    """Put a file with its first line and no seeds in place, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, private = tempfile.mkstemp(prefix=".results-", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(json.dumps(about, ensure_ascii=False, separators=(",", ":")) + "\n")
        os.chmod(private, 0o644)
        os.replace(private, path)
    except BaseException:
        Path(private).unlink(missing_ok=True)
        raise


def append(path: Path, line: dict) -> None:
    """Add a seed's line: on the disk when this returns, and torn at worst at its end."""
    text = json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"
    with open(path, "rb+") as file:
        content = file.read()
        # A line that an earlier run could not finish is dropped; its seed is made again.
        file.seek(content.rfind(b"\n") + 1)
        file.truncate()
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())


def read(path: Path = FILE) -> Results | None:
    """What a file holds, a torn last line aside; None where there is no file. Raises TwoWorldsError."""
    try:
        whole, _, _ = path.read_bytes().rpartition(b"\n")
    except FileNotFoundError:
        return None
    try:
        first, *rest = [json.loads(line) for line in whole.splitlines()]
        lines = {line["seed"]: line for line in rest}
        return Results(first["digest"], first["scale"], first["plants"], dict(sorted(lines.items())))
    except (ValueError, KeyError, TypeError) as problem:
        raise TwoWorldsError(f"{path} does not hold results of calibrate: move it away.") from problem


# ---------------------------------------------------------------- the sums


@dataclass(frozen=True)
class Share:
    """A share of n, with Wilson's 95 % interval."""

    hits: int
    n: int

    @property
    def value(self) -> float:
        return self.hits / self.n if self.n else float("nan")

    def _bound(self, sign: int) -> float:
        if not self.n:
            return float("nan")
        middle = (self.value + _Z**2 / (2 * self.n)) / (1 + _Z**2 / self.n)
        spread = self.value * (1 - self.value) / self.n + _Z**2 / (4 * self.n**2)
        return min(1.0, max(0.0, middle + sign * _Z * spread**0.5 / (1 + _Z**2 / self.n)))

    @property
    def low(self) -> float:
        return self._bound(-1)

    @property
    def high(self) -> float:
        return self._bound(1)

    def outside(self, least: float, most: float = 1.0) -> bool:
        """Whether the share breaks a rule: by itself with enough seeds, else with all of its interval."""
        low, high = (self.value, self.value) if self.n >= ENOUGH_SEEDS else (self.low, self.high)
        return high < least or low > most


@dataclass(frozen=True)
class PlantSummary:
    """One plant over all seeds. Parameter plants: truth, bias (with its standard error), width, coverage,
    errors in standard errors. Realised plants: quantiles of 5, 50, 95 %, and the share in the band."""

    about: dict
    failed: list[str]
    shows: Share
    truth: float = float("nan")
    bias: float = float("nan")
    bias_error: float = float("nan")
    width: float = float("nan")
    coverage: Share = Share(0, 0)
    errors: list[float] = field(default_factory=list)
    quantiles: tuple[float, ...] = ()
    in_band: Share = Share(0, 0)


@dataclass(frozen=True)
class Summary:
    """Everything that the seeds say; `broken` lists the rules that do not hold, in sentences."""

    seeds: list[int]
    plants: list[PlantSummary]
    pooled: Share
    pooled_error: float
    together: Share
    violations: list[str]
    agreement: dict[str, list[float]]
    broken: list[str]


def quantile(values: list[float], share: float) -> float:
    """Quantile by straight lines between the values in order."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def summarise_plant(plant: dict, by_seed: dict[int, list | str]) -> PlantSummary:
    """One plant's lines, seed -> what was found, summed up."""
    failed = [f"seed {seed}: {found}" for seed, found in by_seed.items() if isinstance(found, str)]
    found = [one for one in by_seed.values() if not isinstance(one, str)]
    shows = Share(sum(one[-1] for one in found), len(by_seed))
    if not found:
        return PlantSummary(plant, failed, shows)
    if plant["kind"] == "realised":
        low, high = plant["band"]
        values = [one[0] for one in found]
        return PlantSummary(
            plant, failed, shows,
            quantiles=tuple(quantile(values, share) for share in (0.05, 0.5, 0.95)),
            in_band=Share(sum(low <= value <= high for value in values), len(by_seed)),
        )  # fmt: skip
    off = [estimate - truth for estimate, _, _, truth, _ in found]
    widths = [high - low for _, low, high, _, _ in found]
    return PlantSummary(
        plant, failed, shows,
        truth=fmean(one[3] for one in found),
        bias=fmean(off),
        bias_error=stdev(off) / len(off) ** 0.5 if len(off) > 1 else float("nan"),
        width=fmean(widths),
        coverage=Share(sum(low <= truth <= high for _, low, high, truth, _ in found), len(by_seed)),
        errors=[one / width * 2 * _Z for one, width in zip(off, widths, strict=True) if width > 0],
    )  # fmt: skip


def summarise(results: Results) -> Summary:
    """All that the results say, and the rules that they break."""
    lines = results.lines
    plants = [
        summarise_plant(plant, {seed: line["plants"][place] for seed, line in lines.items()})
        for place, plant in enumerate(results.plants)
    ]
    judged = [plant for plant in plants if plant.about["kind"] == "parameter"]
    pooled = Share(sum(one.coverage.hits for one in judged), sum(one.coverage.n for one in judged))
    # The plants of one seed share their data: the error of the pooled share is that between seeds.
    by_seed = []
    for line in lines.values():
        kinds = zip(results.plants, line["plants"], strict=True)
        held = [
            not isinstance(found, str) and found[1] <= found[3] <= found[2]
            for plant, found in kinds
            if plant["kind"] == "parameter"
        ]
        by_seed.append(fmean(held) if held else 1.0)
    pooled_error = stdev(by_seed) / len(by_seed) ** 0.5 if len(by_seed) > 1 else float("nan")
    together = Share(
        sum(all(not isinstance(one, str) and one[-1] for one in line["plants"]) for line in lines.values()),
        len(lines),
    )
    violations = [f"seed {seed}: {sentence}" for seed, line in lines.items() for sentence in line["wrong"]]
    agreement: dict[str, list[float]] = {}
    for line in lines.values():
        for what, z in line["agree"]:
            agreement.setdefault(what, []).append(z if z is not None else float("inf"))
    summary = Summary(list(lines), plants, pooled, pooled_error, together, violations, agreement, [])
    summary.broken.extend(broken_rules(summary))
    return summary


def label(plant: dict) -> str:
    """A plant's name, with its company's."""
    return f"{plant['world']}, {plant['name']}"


def broken_rules(summary: Summary) -> list[str]:
    """The rules that do not hold, in sentences."""
    if not summary.seeds:
        return ["There is no seed to judge by."]
    found = []
    for one in summary.plants:
        name = label(one.about)
        found += [f"{name}: {words}" for words in one.failed]
        if one.about["kind"] == "parameter" and one.coverage.outside(*COVERAGE):
            found.append(
                f"{name}: {one.coverage.hits} of {one.coverage.n} intervals hold the truth"
                f" ({_percent(one.coverage)}), not {100 * COVERAGE[0]:g} to {100 * COVERAGE[1]:g} %"
            )
        if one.about["kind"] == "realised" and one.in_band.outside(IN_BAND):
            found.append(
                f"{name}: in its band in {one.in_band.hits} of {one.in_band.n} seeds"
                f" ({_percent(one.in_band)}), not in {100 * IN_BAND:g} %"
            )
    pooled = summary.pooled
    if pooled.n:
        low = high = pooled.value
        if len(summary.seeds) < ENOUGH_SEEDS:
            margin = _Z * summary.pooled_error if len(summary.seeds) > 1 else 1.0
            low, high = min(pooled.low, low - margin), max(pooled.high, high + margin)
        if high < POOLED[0] or low > POOLED[1]:
            found.append(
                f"all intervals together: {100 * pooled.value:.1f} % hold the truth,"
                f" not {100 * POOLED[0]:g} to {100 * POOLED[1]:g} %"
            )
    if summary.together.outside(SHOWS_TOGETHER):
        found.append(
            f"all surprises together: they show in {_percent(summary.together)} of seeds,"
            f" not in {100 * SHOWS_TOGETHER:g} %"
        )
    found += summary.violations
    compared = [z for values in summary.agreement.values() for z in values]
    if compared:
        near = Share(sum(abs(z) < FAR_APART for z in compared), len(compared))
        if near.outside(AGREES):
            found.append(
                f"panel and company: within {FAR_APART} standard errors in {_percent(near)} of counts"
            )
    return found


def _percent(share: Share) -> str:
    return f"{100 * share.value:.1f} %, 95 % interval {100 * share.low:.1f} to {100 * share.high:.1f}"


def in_words(summary: Summary) -> str:
    """The summary as plain text: a table of the plants, then the rules that are broken."""
    head = ("plant", "truth", "bias", "width", "covers %", "in band %", "shows %")
    rows = [head]
    for one in summary.plants:
        parameter = one.about["kind"] == "parameter"
        middle = f"{one.quantiles[1]:.4g}" if one.quantiles else "-"
        rows.append(
            (
                label(one.about),
                f"{one.truth:.4g}" if parameter else middle,
                f"{one.bias:+.2g}" if parameter else "-",
                f"{one.width:.3g}" if parameter else "-",
                f"{100 * one.coverage.value:.1f}" if parameter else "-",
                "-" if parameter else f"{100 * one.in_band.value:.1f}",
                f"{100 * one.shows.value:.1f}",
            )
        )
    widths = [max(len(row[place]) for row in rows) for place in range(len(head))]
    text = [
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(row[1:], widths[1:], strict=True))]
        )
        for row in rows
    ]
    text += ["", f"{len(summary.seeds)} seeds"]
    if summary.pooled.n:
        text.append(
            f"all intervals together: {100 * summary.pooled.value:.1f} % hold the truth"
            f" (standard error {100 * summary.pooled_error:.1f})"
        )
    text.append(f"all surprises together show in {_percent(summary.together)}")
    text.append(f"violations: {len(summary.violations)}")
    for what, values in summary.agreement.items():
        text.append(f"panel and company, {what}: |z| at most {max(map(abs, values)):.1f}")
    text += ["", "these rules do not hold:" if summary.broken else "every rule holds"]
    return "\n".join([*text, *(f"  {sentence}" for sentence in summary.broken)])
