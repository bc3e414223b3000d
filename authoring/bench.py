"""Time the parts that people wait for: `make bench`.

    waits      import, loading, one check, one exercise's build, making the data, building the book
    scales     all companies at scales 1, 10 and 100: rows a second and a processor second, peak memory
    together   Pipewright's blocks one by one, and a part's blocks in one go
    workers    one Dask worker and two, in turns
    analysis   the appendix lesson's counts at scales 1, 10 and 100, all at once, by part, on two workers
    rivals     a million users and ten million events with other makers of data, which are installed into a
               folder that is thrown away; only when named, or with --rivals

Each short part is timed several times and the median is shown. What is measured is kept in
authoring/benchmarks/results.json, part by part; `make pages` makes the book's page from it. The book is
removed and built again, so leave other builds alone meanwhile.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from authoring import environment
from authoring.benchmarks import analysis, run_rivals, scale

ROOT = environment.ROOT
REPEATS = 5
RESULTS = ROOT / "authoring" / "benchmarks" / "results.json"
PARTS = ("waits", "scales", "together", "workers", "analysis", "rivals")


def median_seconds(action, repeats=REPEATS):
    """Median of the seconds that `action()` takes."""
    seconds = []
    for _ in range(repeats):
        started = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds)


def run(*arguments):
    """Run a module of this Python in silence; a failure ends the benchmark with what was said."""
    result = subprocess.run(
        [sys.executable, "-m", *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if result.returncode:
        sys.stderr.write(result.stdout[-2000:] + result.stderr[-2000:])
        raise SystemExit(f"bench: {arguments[0]} failed (see above)")


def import_seconds(statement):
    """Median seconds of an import in a fresh Python, the Python's own start left out."""
    program = f"import time; start = time.perf_counter(); {statement}; print(time.perf_counter() - start)"
    times = [
        float(
            subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
        )
        for _ in range(REPEATS)
    ]
    return statistics.median(times)


def package_times():
    """(part, seconds) for what a learner's notebook does."""
    import twoworlds
    from twoworlds import Checker

    yield "import twoworlds", import_seconds("import twoworlds")
    yield "from twoworlds import Checker", import_seconds("from twoworlds import Checker")
    worlds = sorted(path.parent.name for path in (ROOT / "data").glob("*/manifest.json"))
    for world in worlds:
        # Each table, read: a world alone may put that off until a table is asked for.
        tables = sorted({path.name.split(".")[0] for path in (ROOT / "data" / world).glob("*.csv*")})
        yield (
            f"load every table of {world}",
            median_seconds(lambda w=world, names=tables: [twoworlds.load(w, name) for name in names]),
        )
    for path in sorted((ROOT / "exercises" / "checks").glob("*.json")):
        questions = json.loads(path.read_text(encoding="utf-8"))["questions"]
        check = Checker(path.stem)
        for question, spec in questions.items():
            # A wrong number: the longest way through the checker.
            answer = {spec["name"]: 0.123456}
            check(question, answer)
            yield (
                f"check {path.stem} {question}",
                median_seconds(lambda c=check, q=question, a=answer: c(q, a), repeats=50),
            )


def build_times():
    """(part, seconds) for what an author waits for."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "data"
        yield "make the course's data", median_seconds(lambda: run("twoworlds.generate", "--out", out), 1)
    slug = sorted(path.stem for path in (ROOT / "authoring" / "exercises").glob("*.py"))[0]
    yield (
        f"build the exercise {slug}",
        median_seconds(lambda: run("authoring.exercise_build", "--check", slug), 1),
    )
    shutil.rmtree(ROOT / "_build", ignore_errors=True)
    yield "build the book, cold", median_seconds(lambda: run("authoring.book_build"), 1)
    yield "build the book, warm", median_seconds(lambda: run("authoring.book_build"), 1)


def environment_megabytes():
    """Size of this Python's environment."""
    files = (Path(parent) / name for parent, _, names in os.walk(sys.prefix) for name in names)
    return sum(path.lstat().st_size for path in files) / 1e6


def show(part, seconds):
    amount = f"{seconds:8.2f} s" if seconds >= 1 else f"{seconds * 1000:8.2f} ms"
    print(f"{part:40} {amount}", flush=True)


def measure_waits(quick=False):
    """The parts that people wait for: part -> seconds, and the environment's megabytes."""
    found = {}
    for times in (package_times,) if quick else (package_times, build_times):
        for part, seconds in times():
            show(part, seconds)
            found[part] = round(seconds, 6)
    megabytes = environment_megabytes()
    print(f"{'environment':40} {megabytes:8.0f} MB")
    return {"seconds": found, "environment_mb": round(megabytes)}


def measure_scales():
    """All companies at several scales, with what a row costs."""
    found = []
    for entry in scale.at_scales():
        found.append(entry)
        rate = entry["rows"] / entry["cpu_seconds"] / 1e6
        print(
            f"scale {entry['scale']:<6} {entry['rows'] / 1e6:8.2f} million rows, {rate:.2f} million a"
            f" processor second, {entry['rows'] / entry['seconds'] / 1e6:.2f} million a second,"
            f" {entry['peak_mb']:.0f} MB",
            flush=True,
        )
    return found


def measure_together():
    """Blocks one by one, and together."""
    found = scale.alone_and_together()
    print(
        f"{found['blocks']} blocks together {found['ms_together']:.1f} ms each, alone"
        f" {found['ms_alone']:.1f} ms"
    )
    return found


def measure_workers():
    """One worker and two."""
    found = scale.one_worker_and_two()
    print(f"two workers are {found['times_faster']:.2f} times as fast as one")
    return found


def keep(part, found):
    """Write a part's results beside those of the other parts."""
    stored = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    stored[part] = {
        "python": sys.version.split()[0],
        "cores": os.cpu_count(),
        # How many processes waited for those cores when the part ended: one a core is a full machine.
        "load": round(os.getloadavg()[1], 1) if hasattr(os, "getloadavg") else None,
        "found": found,
    }
    ordered = {name: stored[name] for name in PARTS if name in stored}
    RESULTS.write_text(json.dumps(ordered, indent=1) + "\n", encoding="utf-8")


def main(arguments=None):
    """Measure and keep. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python3 -m authoring bench", description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", help=f"{', '.join(PARTS)}; all but the last where none is named")
    parser.add_argument("--rivals", action="store_true", help="the other makers of data too")
    parser.add_argument(
        "--quick", action="store_true", help="only the short waits, and nothing is kept: a first look"
    )
    options = parser.parse_args(arguments)
    unknown = [part for part in options.parts if part not in PARTS]
    if unknown:
        parser.error(f"no part is called {unknown[0]}: use {', '.join(PARTS)}")
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores")
    if options.quick:
        measure_waits(quick=True)
        return 0
    chosen = options.parts or (() if options.rivals else PARTS[:-1])
    measures = {
        "waits": measure_waits, "scales": measure_scales, "together": measure_together,
        "workers": measure_workers, "analysis": analysis.run, "rivals": run_rivals.run,
    }  # fmt: skip
    for part in PARTS:
        if part in chosen or (part == "rivals" and options.rivals):
            print(f"\n{part}")
            keep(part, measures[part]())
    return 0


if __name__ == "__main__":
    sys.exit(main())
