"""Seconds, processor seconds and peak memory of a command and all that it starts."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
_LOOKS_EVERY = 0.1  # seconds


class Measured(NamedTuple):
    """seconds: on the clock; cpu: of processors, of all processes; peak_mb: memory held at one time, all
    processes together (what they share counts in each); said: standard output."""

    seconds: float
    cpu: float
    peak_mb: float
    said: str


def _tree_bytes(process):
    """Bytes that a process and its descendants hold."""
    import psutil

    total = 0
    for one in [process, *process.children(recursive=True)]:
        try:
            total += one.memory_info().rss
        except psutil.Error:
            pass  # it has just ended
    return total


def measure(*command, environment=None):
    """Run a command and measure it. A failure ends the benchmark with what was said."""
    import psutil

    started = time.perf_counter()
    child = subprocess.Popen(
        [str(part) for part in command], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, **(environment or {})},
    )  # fmt: skip
    peak, ended = [0], threading.Event()

    def watch():
        try:
            process = psutil.Process(child.pid)
            while not ended.wait(_LOOKS_EVERY):
                peak[0] = max(peak[0], _tree_bytes(process))
        except psutil.Error:
            pass  # it has just ended

    before = os.times()
    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    said, complaint = child.communicate()
    seconds = time.perf_counter() - started
    ended.set()
    watcher.join()
    if child.returncode:
        sys.stderr.write(said[-2000:] + complaint[-2000:])
        raise SystemExit(f"bench: {command[0]} failed (see above)")
    # The children's processor time, those that they waited for included: nothing else ran below this process.
    after = os.times()
    cpu = after.children_user - before.children_user + after.children_system - before.children_system
    return Measured(seconds, cpu, peak[0] / 1e6, said)
