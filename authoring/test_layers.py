"""Run the course's tests, layer by layer: `make test`, or `python3 -m authoring test [LAYER ...] [--fail-
fast]`.

Each layer is announced, timed and counted; all of them run unless --fail-fast is given. The last line
holds the totals. Byte-for-byte promises (lessons' stored outputs, generated files) hold in the locked
environment; with other versions the lessons are run without comparing outputs, and the drift layer is
skipped by name.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from authoring import environment

ROOT = environment.ROOT


@dataclass
class Count:
    """How many tests of a layer passed, failed and were skipped, and the names of what failed."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    failures: list = field(default_factory=list)

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        self.failures += other.failures

    def record(self, name, good):
        """Count one check that is not pytest's."""
        if good:
            self.passed += 1
        else:
            self.failed += 1
            self.failures.append(name)

    def words(self):
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def settings():
    """The environment variables that tests run with: the shipped data, and text as UTF-8."""
    kept = {name: value for name, value in os.environ.items() if name != "TWOWORLDS_DATA"}
    return {**kept, "PYTHONUTF8": "1"}


def run_module(*arguments):
    """Run a module of this Python. True where it ended well."""
    return subprocess.call([sys.executable, "-m", *map(str, arguments)], cwd=ROOT, env=settings()) == 0


def read_report(path, status, what):
    """Count the tests in a JUnit report of pytest's.

    A run that ended without a report, ended badly with no failure in it, or ran nothing is one failure, named
    by `what`.
    """
    count = Count()
    try:
        cases = list(ElementTree.parse(path).iter("testcase"))
    except (OSError, ElementTree.ParseError):
        return Count(failed=1, failures=[f"{what}: pytest stopped before its report"])
    for case in cases:
        name = f"{case.get('classname')}::{case.get('name')}"
        if case.find("failure") is not None or case.find("error") is not None:
            count.record(name, False)
        elif case.find("skipped") is not None:
            count.skipped += 1
        else:
            count.record(name, True)
    if not cases:
        count.record(f"{what}: no test was found", False)
    elif status and not count.failed:
        count.record(f"{what}: pytest ended with status {status}", False)
    return count


def run_pytest(*arguments, fail_fast=False):
    """Run pytest and count what it reports."""
    with tempfile.TemporaryDirectory() as temporary:
        report = Path(temporary) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *map(str, arguments)]
        status = subprocess.call([*command, "-x"] if fail_fast else command, cwd=ROOT, env=settings())
        return read_report(report, status, " ".join(map(str, arguments[-1:])))


def lint(fail_fast):
    """Style and spelling."""
    count = Count()
    count.record("ruff", run_module("ruff", "check", "--quiet", "--output-format=concise", "."))
    count.record("codespell", run_module("codespell_lib"))
    return count


def unit(fail_fast):
    """The package and the build, function by function."""
    return run_pytest("-n", "2", "--dist", "loadfile", "tests/unit", fail_fast=fail_fast)


def notebooks(fail_fast):
    """Every lesson gives the outputs it is stored with; every exercise and solution runs."""
    changed = environment.unlocked_packages()
    if changed:
        print(f"  not the locked environment ({', '.join(changed[:4])} ...): outputs are not compared")
    count, compared, run_only = Count(), [], []
    for folder in ("notebooks", "exercises", "solutions"):
        found = sorted((ROOT / folder).glob("*.ipynb"))
        # An empty folder is a failure and not a layer with nothing to do.
        count.record(f"{folder}/: holds no notebook", bool(found))
        (compared if folder == "notebooks" and not changed else run_only).extend(found)
    for option, paths in (("--nbval", compared), ("--nbval-lax", run_only)):
        if paths and not (fail_fast and count.failed):
            # Whole notebooks go to one worker each: their cells share a kernel.
            spread = ("-n", str(min(2, len(paths))), "--dist", "loadfile")
            count.add(
                run_pytest(
                    *spread,
                    option,
                    "--nbval-current-env",
                    "-p",
                    "no:cacheprovider",
                    *paths,
                    fail_fast=fail_fast,
                )
            )
    return count


def files_below(folder):
    """Bytes of each file below a folder, by its path there; notes for people (README.md) aside."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "README.md" and not path.name.startswith(".")
    }


def changed_files(stored, remade):
    """Paths that differ between two results of `files_below`, each with how."""
    lines = [f"{path}: no longer made" for path in stored.keys() - remade.keys()]
    lines += [f"{path}: made, but not stored" for path in remade.keys() - stored.keys()]
    lines += [f"{path}: changed" for path in stored.keys() & remade.keys() if stored[path] != remade[path]]
    return sorted(lines)


def data_is_fresh():
    """True where making the tables anew gives the stored bytes; else says what differs."""
    with tempfile.TemporaryDirectory() as temporary:
        remade = Path(temporary) / "data"
        if not run_module("twoworlds.generate", "--out", remade):
            return False
        stored = files_below(ROOT / "data")
        lines = changed_files(stored, files_below(remade))
    for line in lines:
        print(f"  data/{line}")
    if lines:
        print("  run: make data")
    return bool(stored) and not lines


def drift(fail_fast):
    """Remaking what is generated changes no byte."""
    count = Count()
    if environment.unlocked_packages():
        print("  skipped: bytes are promised in the locked environment only (make test sets it up)")
        return Count(skipped=5)
    count.record("data: stored files differ from remade ones", data_is_fresh())
    for module in ("authoring.lesson_build", "authoring.exercise_build", "authoring.book_pages"):
        if fail_fast and count.failed:
            break
        count.record(f"{module} --check: stored files differ from remade ones", run_module(module, "--check"))
    if not (fail_fast and count.failed):
        what = "calibrate --check: the stored results are of other worlds or plants, or break a rule"
        count.record(what, run_module("authoring.calibrate", "--check"))
    return count


def book(fail_fast):
    """The book builds without a warning and keeps its promises."""
    return run_pytest("tests/book", fail_fast=fail_fast)


def browser(fail_fast):
    """The built pages as a reader meets them, in a real Chromium."""
    return run_pytest("tests/browser", fail_fast=fail_fast)


LAYERS = {layer.__name__: layer for layer in (lint, unit, notebooks, drift, book, browser)}


def main(arguments=None):
    """Run the layers. Returns 0 where nothing failed, 1 where something did."""
    parser = argparse.ArgumentParser(prog="python3 -m authoring test", description=__doc__.splitlines()[0])
    parser.add_argument(
        "layers", nargs="*", metavar="LAYER", help=f"{', '.join(LAYERS)}; all of them by default"
    )
    parser.add_argument("--fail-fast", action="store_true", help="stop at the first failure")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.layers if name not in LAYERS]
    if unknown:
        parser.error(f"no layer is called {unknown[0]}: use one of {', '.join(LAYERS)}")
    total, started = Count(), time.monotonic()
    summary = []
    for name in [name for name in LAYERS if name in (options.layers or LAYERS)]:
        print(f"\n== {name}: {LAYERS[name].__doc__}", flush=True)
        layer_started = time.monotonic()
        count = LAYERS[name](options.fail_fast)
        total.add(count)
        summary.append(f"{name:10} {count.words():40} {time.monotonic() - layer_started:6.0f} s")
        print(f"== {summary[-1]}", flush=True)
        if options.fail_fast and total.failed:
            break
    print("\n" + "\n".join(summary))
    for name in total.failures:
        print(f"FAILED {name}")
    print(f"all layers in {time.monotonic() - started:.0f} s")
    print(total.words(), flush=True)
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main())
