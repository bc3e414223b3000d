"""A bound on the memory and the processes of a whole sandbox, where the machine lets us set one.

Limits of a single process do not add up: sixty processes of two gigabytes are within them. A group also
gets one share of the processor, however many processes it has, so that a neighbour is not starved. Where
no group can be made (no rights, another system) the sandbox's watch on memory (sandbox.py) is what remains.
"""

import contextlib
import os
import time
from pathlib import Path


def _places(own="/proc/self/cgroup", mounts="/proc/mounts"):
    """{controller: folder of this process's own group}; "" stands for the one hierarchy of version 2."""
    try:
        lines = Path(own).read_text().split()
        mounted = [line.split() for line in Path(mounts).read_text().splitlines()]
    except OSError:
        return {}
    paths = {}
    for line in lines:
        _, names, path = line.split(":", 2)
        for name in names.split(","):
            paths[name] = path.lstrip("/")
    found = {}
    for _, folder, kind, options, *_ in mounted:
        if kind == "cgroup2" and "" in paths:
            found[""] = Path(folder, paths[""])
        elif kind == "cgroup":
            for name in {"memory", "pids", "cpu"} & set(options.split(",")) & set(paths):
                found[name] = Path(folder, paths[name])
    return found


class Group:
    """One sandbox's group. `kinds` names what it bounds: of "memory", "pids" and "cpu", or nothing."""

    def __init__(self, name, memory_bytes, processes, places=None):
        self.folders, self.kinds = [], set()
        places = _places() if places is None else places
        if set(places) - {""}:
            self._first_version(name, memory_bytes, processes, places)
        elif "" in places:
            self._second_version(name, memory_bytes, processes, places[""])

    def _make(self, folder, settings):
        """Make a group; {file: value}. Removed again, and False, where one setting is refused."""
        try:
            folder.mkdir()
            for file, value in settings.items():
                (folder / file).write_text(str(value))
        except OSError:
            with contextlib.suppress(OSError):
                folder.rmdir()
            return False
        self.folders.append(folder)
        return True

    def _first_version(self, name, memory_bytes, processes, places):
        wanted = {
            "memory": {"memory.limit_in_bytes": memory_bytes},
            "pids": {"pids.max": processes},
            "cpu": {"cpu.shares": 1024},
        }
        for kind in sorted(set(wanted) & set(places)):
            if self._make(places[kind] / name, wanted[kind]):
                self.kinds.add(kind)
                if kind == "memory":
                    with contextlib.suppress(OSError):  # only where the kernel counts swap
                        file = self.folders[-1] / "memory.memsw.limit_in_bytes"
                        file.write_text(str(memory_bytes))

    def _second_version(self, name, memory_bytes, processes, own):
        # A group with processes of its own may have no children with limits: make a sister.
        parent = own.parent if (own / "cgroup.type").exists() else own
        settings = {"memory.max": memory_bytes, "pids.max": processes}
        if self._make(parent / name, settings):
            self.kinds = {"memory", "pids"}
            with contextlib.suppress(OSError):
                (self.folders[-1] / "memory.swap.max").write_text("0")

    def add(self, *pids):
        """Put processes into the group. False, with no bound left, where that is refused."""
        try:
            for folder in self.folders:
                for pid in pids:
                    (folder / "cgroup.procs").write_text(str(pid))
        except OSError:
            self.kinds = set()
            return False
        return True

    def ran_out_of_memory(self):
        """True where the kernel ended a process of the group for its memory."""
        for folder in self.folders:
            for file in ("memory.oom_control", "memory.events"):
                with contextlib.suppress(OSError):
                    for line in (folder / file).read_text().splitlines():
                        if line.startswith("oom_kill ") and int(line.split()[1]):
                            return True
        return False

    def remove(self):
        """Remove the group, once its last process has gone."""
        for folder in self.folders:
            for _ in range(50):
                try:
                    folder.rmdir()
                    break
                except FileNotFoundError:
                    break
                except OSError:
                    time.sleep(0.02)
        self.folders = []


def free_name(slot):
    """A name for a group that no other run uses."""
    return f"twoworlds-{os.getpid()}-{slot}"


def sweep():
    """Remove the groups of runs that were killed."""
    for place in _places().values():
        for parent in (place, place.parent):
            for folder in parent.glob("twoworlds-*-*"):
                if not os.path.exists(f"/proc/{folder.name.split('-')[1]}"):
                    with contextlib.suppress(OSError):
                        folder.rmdir()
