"""What a learner's processes take: memory and processor time, read from Linux. Used by hub_trial.py."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

import psutil

MIB = 2**20


@dataclass(frozen=True)
class Taken:
    """What a process and its children take.

    rss_mib, pss_mib: memory now; pages that several share count whole, or divided among them
    peak_mib:         the most that each process ever held, added up: never less than was held at once
    cpu_seconds:      processor time so far, children that have ended included
    """

    rss_mib: float
    pss_mib: float
    peak_mib: float
    cpu_seconds: float


def most_resident(pid: int) -> float:
    """The most memory, in MiB, that a process ever had resident."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(re.search(r"^VmHWM:\s+(\d+) kB", status, re.M)[1]) / 1024


def taken(process: psutil.Process) -> Taken:
    """What the process and all below it take now."""
    rss = pss = peak = seconds = 0.0
    for one in [process, *process.children(recursive=True)]:
        memory, times = one.memory_full_info(), one.cpu_times()
        rss += memory.rss / MIB
        pss += memory.pss / MIB
        peak += most_resident(one.pid)
        seconds += times.user + times.system + times.children_user + times.children_system
    return Taken(rss, pss, peak, seconds)


def alone(process: psutil.Process) -> Taken:
    """What the process takes without its children."""
    memory, times = process.memory_full_info(), process.cpu_times()
    return Taken(memory.rss / MIB, memory.pss / MIB, most_resident(process.pid), times.user + times.system)


def servers(folder: Path) -> dict[str, psutil.Process]:
    """Learner -> server, for the servers whose home lies in this folder: nobody else's."""
    found = {}
    for process in psutil.process_iter(["cmdline"]):
        if not any("singleuser" in word for word in process.info["cmdline"] or []):
            continue
        try:
            settings = process.environ()
        except psutil.Error:
            continue
        if settings.get("HOME", "").startswith(str(folder)):
            found[settings["JUPYTERHUB_USER"]] = process
    return found


def on_disk(folder: Path) -> float:
    """MiB that a folder takes on the disk."""
    blocks = 0
    for parent, folders, files in os.walk(folder):
        blocks += sum(os.lstat(os.path.join(parent, name)).st_blocks for name in [*folders, *files])
    return blocks * 512 / MIB
