"""The full schema at several scales, and with one worker and two."""

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

from authoring.benchmarks.measure import measure

SCALES = (1, 10, 100)
PAIR_SCALE, PAIRS = 50, 3  # large enough that starting the workers is a small part of it
BLOCKS_SCALE, TURNS, SEED = 20, 3, 7


def _rows(folder):
    """Rows of all tables that a run made, the truth's among them."""
    manifests = [json.loads(path.read_text(encoding="utf-8")) for path in folder.rglob("manifest.json")]
    return sum(entry["rows"] for manifest in manifests for entry in manifest["tables"].values())


def _make(scale, *words):
    """Make all companies as Parquet. Returns (rows, megabytes on disk, Measured)."""
    with tempfile.TemporaryDirectory() as temporary:
        out = Path(temporary) / "data"
        command = (sys.executable, "-m", "twoworlds.generate", "--scale", scale, "--format", "parquet")
        found = measure(*command, "--out", out, *words)
        size = sum(path.stat().st_size for path in out.rglob("*.parquet"))
        return _rows(out), size / 1e6, found


def at_scales(scales=SCALES):
    """One entry a scale: rows, seconds, processor seconds, peak memory."""
    for scale in scales:
        rows, size, found = _make(scale)
        yield {
            "scale": scale, "rows": rows, "megabytes": round(size, 1), "seconds": round(found.seconds, 2),
            "cpu_seconds": round(found.cpu, 2), "peak_mb": round(found.peak_mb, 1),
        }  # fmt: skip


def alone_and_together(scale=BLOCKS_SCALE, turns=TURNS):
    """Processor milliseconds that a block of Pipewright takes when made alone, and with the others of its
    part: medians of several parts, which take turns so that none is made twice."""
    from twoworlds.worlds.blocks import groups
    from twoworlds.worlds.pipewright import world

    def milliseconds(make, group):
        started = time.process_time()
        make(group)
        return 1000 * (time.process_time() - started) / len(group)

    def one_by_one(group):
        for block in group:
            world.make_block(SEED, scale, block)

    of_parts = [group for group in groups(world, scale) if len(group) == world.PART_BLOCKS]
    world.make_block(SEED, scale, 0)  # what all blocks need is counted once
    alone, together = [], []
    for turn in range(1, 2 * turns, 2):
        alone.append(milliseconds(one_by_one, of_parts[turn]))
        together.append(milliseconds(lambda g: world.make_blocks(SEED, scale, g), of_parts[turn + 1]))
    return {
        "blocks": world.PART_BLOCKS, "scale": scale, "ms_alone": round(statistics.median(alone), 3),
        "ms_together": round(statistics.median(together), 3),
    }  # fmt: skip


def one_worker_and_two(scale=PAIR_SCALE, pairs=PAIRS):
    """Seconds with one Dask worker and with two, in turns, and how many times faster two are."""
    seconds, cpu = {1: [], 2: []}, {1: [], 2: []}
    for _ in range(pairs):
        for workers in (1, 2):
            _, _, found = _make(scale, "--engine", "dask", "--workers", workers)
            seconds[workers].append(round(found.seconds, 2))
            cpu[workers].append(round(found.cpu, 2))
    ratios = [one / two for one, two in zip(seconds[1], seconds[2], strict=True)]
    return {
        "scale": scale, "seconds_one": seconds[1], "seconds_two": seconds[2], "cpu_one": cpu[1],
        "cpu_two": cpu[2], "times_faster": round(statistics.median(ratios), 3),
    }  # fmt: skip
