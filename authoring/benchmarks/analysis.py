"""The appendix lesson's counts on data of several sizes: all at once, part by part, and on two Dask workers.

    python -m authoring.benchmarks.analysis METHOD FOLDER

prints the counts' total as JSON. The functions are the lesson's own, read from its source, so that what is
timed is what a learner sees.
"""

import ast
import json
import sys
import tempfile
from functools import cache
from pathlib import Path

from authoring.benchmarks.measure import ROOT, measure

LESSON = ROOT / "authoring" / "lessons" / "a1-outgrows-the-laptop.py"
METHODS = ("all at once", "part by part", "two workers")
SCALES = (1, 10, 100)


@cache
def lesson_functions():
    """The names that the lesson's functions need, and the functions themselves, without running the rest."""
    tree = ast.parse(LESSON.read_text(encoding="utf-8"))
    kept = [
        node
        for node in tree.body
        if isinstance(node, (ast.Import, ast.ImportFrom, ast.FunctionDef))
        or (isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple))
    ]
    kept = [node for node in kept if "twoworlds" not in ast.unparse(node)]
    found = {}
    exec(compile(ast.Module(kept, []), str(LESSON), "exec"), found)  # the course's own
    return found


def count_part(folder, part):
    """One part's counts, as a worker makes them."""
    return lesson_functions()["count"](folder, part)


def main(method, folder):
    """Count by a method. Returns the counts."""
    lesson, folder = lesson_functions(), Path(folder)
    if method == "all at once":
        return lesson["count"](folder)
    names = lesson["parts_of"](folder, "days")
    if method == "part by part":
        total = lesson["count"](folder, names[0])
        for name in names[1:]:
            total = lesson["add"]([total, lesson["count"](folder, name)])
        return total
    from distributed import Client, LocalCluster, as_completed

    total = None
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, memory_limit=0) as cluster,
        Client(cluster) as client,
    ):
        for future in as_completed([client.submit(count_part, folder, name) for name in names]):
            counted = future.result()
            total = counted if total is None else lesson["add"]([total, counted])
            future.release()
    return total


def run(scales=SCALES):
    """One entry a scale: megabytes on disk, and what each method takes."""
    found = []
    for scale in scales:
        with tempfile.TemporaryDirectory() as temporary:
            out = Path(temporary) / "data"
            command = (sys.executable, "-m", "twoworlds.generate", "swiftfare", "--scale", scale)
            measure(*command, "--format", "parquet", "--out", out)
            size = sum(path.stat().st_size for path in (out / "swiftfare").rglob("*.parquet")) / 1e6
            entry, totals = {"scale": scale, "megabytes": round(size, 1), "methods": {}}, set()
            for method in METHODS:
                taken = measure(sys.executable, "-m", "authoring.benchmarks.analysis", method, out)
                totals.add(taken.said.strip().splitlines()[-1])
                entry["methods"][method] = {
                    "seconds": round(taken.seconds, 2),
                    "cpu_seconds": round(taken.cpu, 2),
                    "peak_mb": round(taken.peak_mb, 1),
                }
                print(f"scale {scale:<6} {method:14} {entry['methods'][method]}", flush=True)
            if len(totals) > 1:
                raise SystemExit(f"bench: the ways of counting disagree at scale {scale}: {totals}")
            found.append(entry)
    return found


if __name__ == "__main__":
    counted = main(*sys.argv[1:])
    print(json.dumps({name: int(values.sum()) for name, values in counted.items()}))
