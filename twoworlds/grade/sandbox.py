"""A place where a stranger's code can do no harm: bubblewrap around runner.py, with limits.

Inside there are a Python, the package without its checks and keys, one set of tables, and small folders in
memory to write to. There is no network, no other submission, no key, no truth, no variable of this
process's environment; the processes see one another and nothing else. A wall clock, a limit on memory, on
processes, on files and on what is sent out end what goes on for too long. What ends a sandbox ends everything
in it.

As root the code runs as a user that owns nothing; else as this user, in a user namespace of its own.
"""

import contextlib
import json
import os
import re
import selectors
import shutil
import signal
import site
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from twoworlds.errors import TwoWorldsError
from twoworlds.grade import cgroups, seccomp, values

PACKAGE = Path(__file__).resolve().parent.parent
_OLDEST = (0, 6)  # of bubblewrap: the first whose folders in memory have a size
_FIRST_USER = 1_963_400_000  # numbers of users that no machine gives out; one for each sandbox at a time
_INSIDE = "/course"
_WATCH_SECONDS = 0.2
_MOST_SAID = 4_000  # bytes of bubblewrap's own words that are kept
_HOW_TO_INSTALL = "install it (`apt install bubblewrap`, `dnf install bubblewrap`)"


@dataclass(frozen=True)
class Limits:
    """What one run of one submission may use."""

    seconds: float = 120.0  # by the wall clock, all cells together
    cell_seconds: float = 30.0  # of work, for one cell; by the wall clock it may take half a run
    memory_mb: int = 2048  # all its processes together, and what it writes
    disk_mb: int = 64  # in each of its folders
    processes: int = 64  # threads count too
    output_mb: int = 16  # of answers


@dataclass
class Run:
    """What came of one run. status: "ok"; "time", "memory", "output" (a limit); "ended" (its own code ended
    the process); "failed" (the sandbox could not be set up: `said` tells why)."""

    status: str
    answers: dict = field(default_factory=dict)  # {answer's name: JSON-able form}
    stopped: dict = field(default_factory=dict)  # {answer's name: error of the cell that makes it}
    names: list = field(default_factory=list)  # the submission's other variables
    seconds: float = 0.0
    said: str = ""


# ---------------------------------------------------------------- what the sandbox is made of


def _bound_folders():
    """Folders that a Python and its packages need, as they are on this machine."""
    found = [Path(sys.prefix), Path(sys.base_prefix)]
    paths = [*sys.path, *site.getsitepackages(), sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
    found += [Path(path) for path in paths if path.endswith(("site-packages", "dist-packages"))]
    found = [path.resolve() for path in found if path.is_dir()] + [Path(sys.prefix)]
    return sorted({path for path in found if path != Path("/usr")})


def _within(path, folder):
    return path == folder or folder in path.parents


def _system_arguments():
    """The system's programs and libraries, read-only."""
    arguments = []
    for name in ("usr", "bin", "sbin", "lib", "lib32", "lib64"):
        path = Path("/", name)
        if path.is_symlink():
            arguments += ["--symlink", os.readlink(path), str(path)]
        elif path.is_dir():
            arguments += ["--ro-bind", str(path), str(path)]
    for path in ("/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime", "/nix/store", "/gnu/store"):
        arguments += ["--ro-bind-try", path, path]
    return arguments


def _library_arguments(hidden):
    """Python's own folders, read-only; what must not be seen is covered, wherever it lies in them.

    hidden: folders with keys, truth or other submissions
    """
    arguments, bound = [], _bound_folders()
    for path in hidden:
        if _within(path, Path("/usr")):
            arguments += ["--tmpfs", str(path)]
    # A Python in root's own folder must be reached by the sandbox's user.
    above = {parent for path in bound for parent in path.parents if not _within(parent, Path("/usr"))}
    for parent in sorted(above - {Path("/")}):
        arguments += ["--perms", "0755", "--dir", str(parent)]
    for path in bound:
        arguments += ["--ro-bind", str(path), str(path)]
    for folder in bound:
        for path in hidden:
            if _within(path, folder) and path != folder:
                arguments += ["--tmpfs", str(path)]
        for name in ("_data", "_checks"):  # an installed package carries truth and keys
            for path in folder.glob(f"lib*/python3*/site-packages/twoworlds/{name}"):
                arguments += ["--tmpfs", str(path)]
            if (folder / "twoworlds" / name).is_dir():
                arguments += ["--tmpfs", str(folder / "twoworlds" / name)]
    return arguments


def _readable(folder):
    """Let everybody read a folder of our own: the sandbox's user is nobody."""
    for parent, _, files in os.walk(folder):
        os.chmod(parent, 0o755)
        for file in files:
            os.chmod(Path(parent, file), 0o644)


def missing():
    """Why there can be no sandbox on this machine, in words; "" where there can."""
    if not sys.platform.startswith("linux"):
        return "The sandbox needs Linux"
    program = shutil.which("bwrap")
    if program is None:
        return f"The sandbox needs bubblewrap, which is not installed: {_HOW_TO_INSTALL}"
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.search(r"(\d+)\.(\d+)", said)
    if not version or tuple(map(int, version.groups())) < _OLDEST:
        return f"The sandbox needs bubblewrap {_OLDEST[0]}.{_OLDEST[1]} or newer, this is {said.strip()!r}"
    command = [program, *_namespaces(), *_system_arguments(), "--proc", "/proc", "--dev", "/dev", "true"]
    tried = subprocess.run(command, capture_output=True, text=True, check=False)
    if tried.returncode:
        reason = (tried.stderr.strip().splitlines() or ["no reason given"])[-1]
        return f"This machine does not let bubblewrap make a sandbox ({reason[:150]})"
    return ""


def _namespaces():
    shared = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
    if os.geteuid() == 0:
        # Only the runner's first step needs these: it becomes a user that owns nothing.
        return [*shared, "--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    return [*shared, "--unshare-user", "--uid", "1000", "--gid", "1000"]


class Sandbox:
    """Makes sandboxes; use as a context.

    folder: for what they are made of; made anew, and removed at the end
    trust: run with limits but without walls, for one's own code only
    hidden: folders that no submission may see, should they lie inside Python's own
    Raises TwoWorldsError where the machine has no sandbox and `trust` is not given.
    """

    def __init__(self, folder, limits=None, trust=False, hidden=()):
        self.limits, self.trust = limits or Limits(), trust
        self.stop = threading.Event()  # set: every sandbox at work is ended
        if not trust:
            problem = missing()
            if problem:
                raise TwoWorldsError(
                    f"{problem}. To run the submissions without it, with your own rights and in reach of"
                    " your files, add --trust; do that only with code that you would run yourself."
                )
        self._hidden = [Path(path).resolve() for path in hidden if Path(path).is_dir()]
        self.folder = Path(os.path.abspath(folder))

    def __enter__(self):
        shutil.rmtree(self.folder, ignore_errors=True)  # of a run that was killed
        cgroups.sweep()
        self.folder.mkdir(parents=True)
        try:
            self._furnish()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)

    def _furnish(self):
        """Copy the package without data, keys and checks; let matplotlib look for its fonts, once."""
        import compileall

        left_out = shutil.ignore_patterns("_data", "_checks", "__pycache__", "_*.json")
        shutil.copytree(PACKAGE, self.folder / "lib" / "twoworlds", ignore=left_out)
        compileall.compile_dir(self.folder / "lib", quiet=2)
        shutil.copy(PACKAGE / "grade" / "runner.py", self.folder / "runner.py")
        fonts = self.folder / "fonts"
        fonts.mkdir()
        look = [sys.executable, "-I", "-c", "import matplotlib.font_manager"]
        subprocess.run(look, env={"MPLCONFIGDIR": str(fonts)}, capture_output=True, check=False)
        self._fonts = next(fonts.glob("fontlist*.json"), None)
        _readable(self.folder)
        os.chmod(self.folder, 0o700)
        if not self.trust:
            self._static = [*_system_arguments(), *_library_arguments(self._hidden)]

    def _order(self, cells, names, data, slot):
        limits, inside = self.limits, not self.trust
        home = f"{_INSIDE}/exercises/.home" if inside else str(self.folder / f"run-{slot}" / "home")
        fonts = self._fonts
        return {
            "cells": cells,
            "names": names,
            "cell_seconds": limits.cell_seconds,
            "wall_seconds": limits.seconds / 2,
            # Addresses are more than memory: libraries reserve what they never use.
            "address_bytes": 2 * limits.memory_mb * 2**20 + 2**31,
            "disk_bytes": limits.disk_mb * 2**20,
            "cpu_seconds": int(limits.seconds) + 1,
            "processes": limits.processes if inside else 0,
            "uid": _FIRST_USER + slot if inside and os.geteuid() == 0 else 0,
            "data": f"{_INSIDE}/data" if inside else str(data),
            "library": f"{_INSIDE}/lib" if inside else str(self.folder / "lib"),
            "home": home,
            "fonts": fonts and (f"{_INSIDE}/fonts/{fonts.name}" if inside else str(fonts)),
        }

    def _environment(self, data, home):
        return {
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), "/usr/bin", "/bin"]),
            "HOME": home,
            "IPYTHONDIR": f"{home}/ipython",
            "MPLCONFIGDIR": home,
            "TMPDIR": home if self.trust else "/tmp",
            "LANG": "C.UTF-8",
            "MPLBACKEND": "agg",
            "TWOWORLDS_DATA": data,
            # One thread: the sandboxes themselves run side by side.
            **{f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR")},
        }

    def _command(self, data, home, filters, start, info):
        size = str(self.limits.disk_mb * 2**20)
        writable = ["--perms", "1777", "--size", size, "--tmpfs"]
        arguments = [
            shutil.which("bwrap"),
            *_namespaces(),
            *("--die-with-parent", "--new-session", "--hostname", "sandbox", "--clearenv"),
            # Before Python's folders: they may lie below /tmp, and would be covered.
            *(*writable, "/tmp"),
            *self._static,
            *("--proc", "/proc", "--dev", "/dev"),
            *(*writable, "/dev/shm", "--remount-ro", "/dev"),
            *("--perms", "0755", "--dir", _INSIDE),
            *("--ro-bind", str(self.folder / "lib"), f"{_INSIDE}/lib"),
            *("--ro-bind", str(self.folder / "fonts"), f"{_INSIDE}/fonts"),
            *("--ro-bind", str(self.folder / "runner.py"), f"{_INSIDE}/runner.py"),
            *("--ro-bind", str(data), f"{_INSIDE}/data"),
            *(*writable, f"{_INSIDE}/exercises", "--remount-ro", "/"),
            *("--chdir", f"{_INSIDE}/exercises"),
        ]
        for name, value in self._environment(f"{_INSIDE}/data", home).items():
            arguments += ["--setenv", name, value]
        if filters is not None:
            arguments += ["--seccomp", str(filters)]
        arguments += ["--block-fd", str(start), "--info-fd", str(info)]
        return [*arguments, sys.executable, "-I", "-B", "-X", "utf8", f"{_INSIDE}/runner.py"]

    # ------------------------------------------------------------ one run

    def run(self, cells, names, data, slot=0):
        """Run a notebook's code cells on a folder of tables; returns a Run. Never raises for what they do.

        cells: list of code; names: the answers' names; data: folder with a folder a world, readable by all
        slot: number of this sandbox among those at work, from 0
        """
        order = self._order(cells, names, data, slot)
        with contextlib.ExitStack() as stack:
            given = stack.enter_context(tempfile.TemporaryFile())
            given.write(json.dumps(order).encode("utf-8", "surrogatepass"))
            given.seek(0)
            started = time.monotonic()
            start = self._trusting if self.trust else self._walled
            process, child, group = start(stack, given, order, data, slot)
            watch = _Watch(process, child, group, self, started)
            try:
                status = watch.collect()
            finally:
                watch.end()
            out_of_memory = group is not None and group.ran_out_of_memory()
        answers, stopped, known, begun, ended = values.read_lines(bytes(watch.out))
        if not status:
            status = "ok" if ended else "memory" if out_of_memory else "ended" if begun else "failed"
        said = bytes(watch.said).decode("utf-8", "replace").strip()
        return Run(status, answers, stopped, known, time.monotonic() - started, said)

    def _walled(self, stack, given, order, data, slot):
        """Start bubblewrap; its child begins once it is in its group. (process, child's pidfd, group)"""
        filters, code = None, seccomp.program()
        if code is not None:
            file = stack.enter_context(tempfile.TemporaryFile())
            file.write(code)
            file.seek(0)
            filters = file.fileno()
        start, starter = os.pipe()
        told, info = os.pipe()
        fds = [fd for fd in (filters, start, info) if fd is not None]
        command = self._command(data, order["home"], filters, start, info)
        process = subprocess.Popen(
            command,
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=fds,
            start_new_session=True,
            env={},
        )
        os.close(start)
        os.close(info)
        child, group = (
            None,
            cgroups.Group(cgroups.free_name(slot), self.limits.memory_mb * 2**20, self.limits.processes + 4),
        )
        stack.callback(group.remove)
        with open(told, encoding="ascii") as answer:
            content = answer.read()
        with contextlib.suppress(ValueError, KeyError, OSError):
            pid = json.loads(content)["child-pid"]
            child = os.pidfd_open(pid)
            stack.callback(os.close, child)
            group.add(process.pid, pid)
        with contextlib.suppress(OSError):
            os.write(starter, b"1")
        os.close(starter)
        return process, child, group

    def _trusting(self, stack, given, order, data, slot):
        """Start the runner as it is, in a folder of its own."""
        folder = self.folder / f"run-{slot}"
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "exercises").mkdir(parents=True)
        (folder / "data").symlink_to(data)
        process = subprocess.Popen(
            [sys.executable, "-I", "-B", "-X", "utf8", str(self.folder / "runner.py")],
            stdin=given,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder / "exercises",
            start_new_session=True,
            env=self._environment(str(data), order["home"]),
        )
        return process, None, None


class _Watch:
    """Reads what a running sandbox sends, within its limits, and ends it."""

    def __init__(self, process, child, group, sandbox, started):
        self.process, self.child, self.group, self.limits = process, child, group, sandbox.limits
        self.stop, self.deadline = sandbox.stop, started + sandbox.limits.seconds
        self.out, self.said = bytearray(), bytearray()

    def collect(self):
        """Read until the end. Returns the limit that was met, or ""."""
        most = self.limits.output_mb * 2**20
        with selectors.DefaultSelector() as ready:
            ready.register(self.process.stdout, selectors.EVENT_READ, "out")
            ready.register(self.process.stderr, selectors.EVENT_READ, "said")
            looked = time.monotonic()
            while "out" in {key.data for key in ready.get_map().values()}:
                left = self.deadline - time.monotonic()
                if left <= 0:
                    return "time"
                if self.stop.is_set():
                    return "failed"
                for key, _ in ready.select(min(left, _WATCH_SECONDS)):
                    chunk = os.read(key.fd, 1 << 16)
                    if not chunk:
                        ready.unregister(key.fileobj)
                    elif key.data == "out":
                        self.out += chunk
                    elif len(self.said) < _MOST_SAID:
                        self.said += chunk[:_MOST_SAID]
                if len(self.out) > most:
                    return "output"
                if self.out.endswith(b'{"end": 1}\n'):
                    return ""
                if time.monotonic() - looked > _WATCH_SECONDS:
                    looked = time.monotonic()
                    if self._uses_too_much():
                        return "memory"
        return ""

    def _uses_too_much(self):
        if self.group is not None and "memory" in self.group.kinds:
            return False  # the kernel counts better
        return memory_of_tree(self.process.pid) > self.limits.memory_mb * 2**20

    def end(self):
        """End everything in the sandbox, and wait for it."""
        if self.child is not None:
            with contextlib.suppress(OSError):
                signal.pidfd_send_signal(self.child, signal.SIGKILL)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(5)
        with contextlib.suppress(OSError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()
        self.process.stderr.close()


def memory_of_tree(pid):
    """Bytes that a process and all its descendants hold; what several share counts once where it matters."""
    parents, resident = {}, {}
    for entry in os.listdir("/proc") if os.path.isdir("/proc") else ():
        if entry.isdigit():
            with contextlib.suppress(OSError, ValueError, IndexError):
                fields = Path("/proc", entry, "stat").read_text().rpartition(")")[2].split()
                parents[int(entry)], resident[int(entry)] = int(fields[1]), int(fields[21])
    family = {pid}
    for _ in range(64):
        grown = family | {child for child, parent in parents.items() if parent in family}
        if grown == family:
            break
        family = grown
    page = os.sysconf("SC_PAGE_SIZE")
    total = sum(resident.get(one, 0) for one in family) * page
    return total if total < 2**30 or len(family) < 4 else min(total, _proportional(family))


def _proportional(family):
    """Bytes of some processes, with shared pages divided between those who share them."""
    total = 0
    for one in family:
        with contextlib.suppress(OSError, ValueError):
            for line in Path("/proc", str(one), "smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1]) * 1024
    return total
