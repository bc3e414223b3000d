"""Make both worlds with many seeds and ask of each plant whether it is found: `make calibrate`.

    python3 -m authoring calibrate                    seeds 1 to 200, as many processes as cores
    python3 -m authoring calibrate --seeds 20         seeds 1 to 20
    python3 -m authoring calibrate --seeds 301-340    these
    python3 -m authoring calibrate --check            make nothing: judge what is stored, and say if it is old

No seed is left out: they are counted from 1, whatever they give. A seed takes a line in
`authoring/calibration/results.jsonl`; stop and start as you like, what is there is not made again. The file
is begun anew when worlds, plants or rules have changed. Exit status 1 where a rule of `calibration.py` is
broken.
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
import os
import re
import signal
import sys
import time
from pathlib import Path

from authoring import calibration
from twoworlds.errors import TwoWorldsError

SEEDS = "200"
LARGEST_SEED = 2**64 - 1
# One process a core: the libraries' own threads would only stand in each other's way.
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS")


def seed_range(text: str) -> range:
    """Seeds of "200" (1 to 200) or "301-340". Raises TwoWorldsError."""
    match = re.fullmatch(r"(?:([0-9]+)-)?([0-9]+)", text, re.ASCII)
    first, last = (int(match[1] or 1), int(match[2])) if match else (1, 0)
    if not first <= last <= LARGEST_SEED:
        raise TwoWorldsError(
            f"--seeds {text!r} names no seeds: give how many, or the first and last: 301-340."
        )
    return range(first, last + 1)


def short(value) -> float | None:
    """A number with six significant digits; None where there is none."""
    value = float(value)
    return float(f"{value:.6g}") if math.isfinite(value) else None


def try_plant(plant, tables, truth) -> list | str:
    """[estimate, low, high, truth, shows] or [value, shows] of one plant in one world; words where it
    fails."""
    from twoworlds.worlds.plants.result import Estimate

    try:
        found, shows = plant.estimate(tables, truth), int(bool(plant.shows(tables)))
    except Exception as problem:  # an estimator may fail in any way: it is a finding, not our end
        return f"{type(problem).__name__}: {problem}"
    if isinstance(found, Estimate) != (plant.kind == "parameter"):
        return f"a plant of kind {plant.kind} gave {type(found).__name__}"
    values = [short(number) for number in (found[1:5] if isinstance(found, Estimate) else found[1:2])]
    return "no finite number" if None in values else [*values, shows]


def try_seed(seed: int, scale: float = 1) -> dict:
    """Make both worlds of a seed in memory, and find every plant in them. Returns one line of the results."""
    from twoworlds.worlds import agreement, validate
    from twoworlds.worlds.frames import make_frames
    from twoworlds.worlds.plants import PLANTS
    from twoworlds.worlds.registry import WORLDS

    plants, wrong, agree = [None] * len(PLANTS), [], []
    for name in WORLDS:
        tables, oracle, truth = make_frames(name, seed, scale)
        wrong += [f"{name}: {sentence}" for sentence in validate.violations(name, tables)]
        wrong += [f"{name}, truth: {sentence}" for sentence in validate.truth_violations(name, oracle)]
        if name == "swiftfare":
            share = truth["parameters"]["panel_share"]
            agree = [[one.what, short(one.z)] for one in agreement.comparisons(tables, share)]
        for place, plant in enumerate(PLANTS):
            if plant.world == name:
                plants[place] = try_plant(plant, tables, truth)
    return {"seed": seed, "plants": plants, "wrong": wrong, "agree": agree}


def _job(task: tuple[int, float]) -> dict:
    return try_seed(*task)


def _quiet() -> None:
    """A worker leaves the interrupt to the process that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def lines_of(seeds: list[int], scale: float, processes: int):
    """The results of seeds, in the order in which they are done; each worker holds one seed's worlds."""
    tasks = [(seed, scale) for seed in seeds]
    processes = min(processes, len(tasks))
    if processes <= 1:
        yield from map(_job, tasks)
        return
    # Fresh processes: none inherits what this one holds.
    with multiprocessing.get_context("spawn").Pool(processes, _quiet, maxtasksperchild=50) as pool:
        yield from pool.imap_unordered(_job, tasks)


class Progress:
    """Seeds done and minutes left, on standard error."""

    def __init__(self, total: int):
        self.total, self.done, self.started = total, 0, time.monotonic()
        self.live = sys.stderr.isatty()

    def step(self) -> None:
        self.done += 1
        each = (time.monotonic() - self.started) / self.done
        left = each * (self.total - self.done)
        text = f"{self.done} of {self.total} seeds, {each:.1f} s each, {left / 60:.1f} minutes left"
        if self.live:
            print(f"\r{text}   ", end="" if self.done < self.total else "\n", file=sys.stderr, flush=True)
        elif self.done == self.total or self.done * 10 // self.total > (self.done - 1) * 10 // self.total:
            print(text, file=sys.stderr, flush=True)


def run(seeds: range, processes: int, scale: float, path: Path) -> calibration.Results:
    """Make the seeds that are not there yet. Returns all that is there."""
    about = calibration.about(scale)
    results = calibration.read(path)
    if results is None or results.digest != about["digest"]:
        if results is not None and results.lines:
            print("worlds, plants or rules have changed: the results are begun anew", file=sys.stderr)
        calibration.begin(path, about)
        results = calibration.read(path)
    waiting = [seed for seed in seeds if seed not in results.lines]
    if waiting:
        progress = Progress(len(waiting))
        for line in lines_of(waiting, scale, processes):
            calibration.append(path, line)
            progress.step()
    return calibration.read(path)


def parsed(arguments: list[str] | None) -> argparse.Namespace:
    """The options. Raises TwoWorldsError."""

    class Parser(argparse.ArgumentParser):
        def error(self, message):
            raise TwoWorldsError(f"{message} (--help shows the options).")

    parser = Parser(
        prog="python3 -m authoring calibrate",
        description=__doc__.splitlines()[0],
        allow_abbrev=False,
    )
    parser.add_argument(
        "--seeds", default=SEEDS, help=f"how many, from 1 on, or FIRST-LAST (default {SEEDS})"
    )
    parser.add_argument(
        "--processes", type=int, default=os.cpu_count() or 1, help="how many at once (default: cores)"
    )
    parser.add_argument("--scale", default="1", help="size of the worlds (default: 1, as in the course)")
    parser.add_argument(
        "--results", type=Path, default=calibration.FILE, metavar="FILE", help="where they go"
    )
    parser.add_argument("--check", action="store_true", help="make nothing: judge what is stored")
    options = parser.parse_args(arguments)
    if options.processes < 1:
        raise TwoWorldsError(f"--processes {options.processes} is not 1 or more.")
    return options


def main(arguments: list[str] | None = None) -> int:
    """The command: 0 where every rule holds, 1 where one is broken, 2 after a line on bad input."""
    for name in THREADS:
        os.environ.setdefault(name, "1")
    from twoworlds.generate import scale_number

    path = None
    try:
        options = parsed(arguments)
        seeds, scale, path = seed_range(options.seeds), scale_number(options.scale), options.results
        if options.check:
            results = calibration.read(path)
            if results is None:
                raise TwoWorldsError(f"{path} holds no results: run `python3 -m authoring calibrate`.")
            if results.digest != calibration.about(results.scale)["digest"]:
                print("The results are of other worlds, plants or rules: run `make calibrate`.")
                return 1
        else:
            results = run(seeds, options.processes, scale, path)
    except (TwoWorldsError, OSError) as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nstopped; the seeds that were done are kept: the same command goes on.", file=sys.stderr)
        return 130
    summary = calibration.summarise(results)
    print(calibration.in_words(summary))
    return 1 if summary.broken else 0


if __name__ == "__main__":
    sys.exit(main())
