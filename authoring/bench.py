"""Time the parts that people wait for: `make bench`.

Import, loading, one check, making the data, building the book. Each short part is timed several times and the
median is shown. The book is removed and built again, so leave other builds alone meanwhile.
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

ROOT = environment.ROOT
REPEATS = 5


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
        yield "make both worlds' data", median_seconds(lambda: run("twoworlds.generate", "--out", out), 1)
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


def main(arguments=None):
    """Print the table. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python3 -m authoring bench", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--quick", action="store_true", help="leave out making the data and building the book"
    )
    options = parser.parse_args(arguments)
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores")
    for part, seconds in package_times():
        show(part, seconds)
    if not options.quick:
        for part, seconds in build_times():
            show(part, seconds)
        print(f"{'environment':40} {environment_megabytes():8.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
