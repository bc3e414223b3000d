"""The full schema at several scales, and with one worker and two."""

import json
import statistics
import sys
import tempfile
from pathlib import Path

from authoring.benchmarks.measure import measure

SCALES = (1, 10, 100)
PAIR_SCALE, PAIRS = 20, 3


def _rows(folder):
    """Rows of all tables that a run made, the truth's among them."""
    manifests = [json.loads(path.read_text(encoding="utf-8")) for path in folder.rglob("manifest.json")]
    return sum(entry["rows"] for manifest in manifests for entry in manifest["tables"].values())


def _make(scale, *words):
    """Make both worlds as Parquet. Returns (rows, megabytes on disk, Measured)."""
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
