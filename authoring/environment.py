"""The course's own Python environment: made once from requirements.txt, then used by every command.

Standard library only: this module runs before anything is installed, and on Pythons older than those the
course supports, so that it can say so in one line.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.txt"
# npm for machines without one: the book's front-end files come through it.
NODE_LOCK = ROOT / "authoring" / "requirements-node.txt"
# What an editable install depends on besides the source itself.
PACKAGE_FILES = (ROOT / "pyproject.toml", ROOT / "authoring" / "wheel_data.py")
SUPPORTED = ((3, 11), (3, 12), (3, 13))
MARKER = "made-by-authoring"
STAMP = "authoring-stamp.json"


class SetupError(Exception):
    """The environment can't be made. The message is one line that says what is wrong and what to do."""


def folder():
    """The environment's folder: `.venv` in the clone, or the folder that TWOWORLDS_VENV names."""
    return Path(os.environ.get("TWOWORLDS_VENV") or ROOT / ".venv").absolute()


def python_in(environment):
    """The Python inside an environment's folder."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def digest(*paths):
    """One SHA-256 over the bytes of some files."""
    total = hashlib.sha256()
    for path in paths:
        # Line ends differ between systems; what the file says does not.
        total.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return total.hexdigest()


def supported_names():
    return ", ".join("{}.{}".format(*version) for version in SUPPORTED)


def base_python():
    """Path and version of a supported Python outside any virtual environment.

    It is the one that runs this command where that is supported, else the newest supported one on the path.
    Raises SetupError where there is none.
    """
    if sys.version_info[:2] in SUPPORTED:
        return getattr(sys, "_base_executable", None) or sys.executable, "{}.{}".format(*sys.version_info[:2])
    for version in reversed(SUPPORTED):
        name = "python{}.{}".format(*version)
        path = shutil.which(name)
        # A version manager may answer for a Python that it does not have: ask before trusting the name.
        if path and subprocess.run([path, "-c", ""], capture_output=True, check=False).returncode == 0:
            return path, name[len("python") :]
    raise SetupError(
        "this is Python {}.{}; the course needs {}: install one of them and run the command with it, "
        "for example python3.12 -m authoring book".format(*sys.version_info[:2], supported_names())
    )


def wanted_stamp(version):
    """What an up-to-date environment for this Python version was made from."""
    stamp = {"python": version, "lock": digest(LOCK), "package": digest(*PACKAGE_FILES), "root": str(ROOT)}
    return stamp if shutil.which("npm") else {**stamp, "node": digest(NODE_LOCK)}


def read_stamp(environment):
    try:
        return json.loads((environment / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def write_stamp(environment, stamp):
    temporary = environment / (STAMP + ".new")
    temporary.write_text(json.dumps(stamp, indent=1) + "\n", encoding="utf-8")
    temporary.replace(environment / STAMP)


def say(text):
    print(text, file=sys.stderr, flush=True)


def run_quietly(arguments, failure):
    """Run a command; where it fails, show the end of what it said and raise SetupError with `failure`."""
    result = subprocess.run(
        arguments,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if result.returncode:
        say("\n".join(result.stdout.strip().splitlines()[-15:]))
        raise SetupError(failure)


def count_locked():
    lines = LOCK.read_text(encoding="utf-8").splitlines()
    return sum(1 for line in lines if "==" in line and not line.startswith("#"))


def install_lock(python):
    """Install the locked packages, with a line of progress now and then."""
    total = count_locked()
    process = subprocess.Popen(
        [str(python), "-m", "pip", "install", "--disable-pip-version-check", "-r", str(LOCK)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    last_lines, collected, told = [], 0, time.monotonic()
    for line in process.stdout:
        last_lines = [*last_lines[-14:], line.rstrip()]
        if line.startswith("Collecting "):
            collected += 1
            if time.monotonic() - told > 5:
                say(f"  fetched {collected} of about {total} packages")
                told = time.monotonic()
        elif line.startswith("Installing collected packages"):
            say("  fetched them all; installing")
    if process.wait():
        say("\n".join(last_lines))
        raise SetupError("the packages could not be installed (see above): check the network, then run again")


def install_node(python):
    """Install Node.js with its npm into the environment, from a Python package."""
    say("  no npm on this machine: fetching one")
    run_quietly(
        [str(python), "-m", "pip", "install", "--disable-pip-version-check", "-r", str(NODE_LOCK)],
        "Node.js could not be installed (see above): install npm yourself, then run again",
    )


def install_package(python):
    """Install the `twoworlds` package itself, editable: the source in the clone is the source in use."""
    run_quietly(
        [
            str(python),
            "-m",
            "pip",
            "install",
            "--disable-pip-version-check",
            "--no-deps",
            "--no-build-isolation",
            "--editable",
            str(ROOT),
        ],
        "the twoworlds package could not be installed (see above): mend pyproject.toml, then run again",
    )


def make(environment, base):
    """Make the environment's folder anew from a base Python, up to and with the locked packages."""
    if environment.exists():
        if not (environment / MARKER).exists():
            raise SetupError(
                f"{environment} was not made by this command: move it away, or name another folder "
                "in TWOWORLDS_VENV"
            )
        shutil.rmtree(environment)
    say(f"Making the course's Python environment in {environment} (once; a minute or two)")
    environment.mkdir(parents=True)
    # Before anything else, so that an interrupted setup is known as ours and made again.
    (environment / MARKER).write_text("Made from requirements.txt; safe to delete.\n", encoding="utf-8")
    run_quietly(
        [base, "-m", "venv", str(environment)],
        "Python could not make a virtual environment (see above): on Debian and Ubuntu, install python3-venv",
    )
    install_lock(python_in(environment))


def ensure():
    """Bring the environment up to date and return the path of its Python.

    Nothing happens where it was made from the present requirements.txt, pyproject.toml and Python version.
    Raises SetupError.
    """
    base, version = base_python()
    environment = folder()
    wanted, found = wanted_stamp(version), read_stamp(environment)
    # An npm of the machine's own, found later, is no reason to make anything anew.
    if {**found, **wanted} == found and python_in(environment).exists():
        return python_in(environment)
    started = time.monotonic()
    try:
        locked = (
            all(found.get(key) == wanted[key] for key in ("python", "lock"))
            and python_in(environment).exists()
        )
        if not locked:
            make(environment, base)
        if "node" in wanted and (not locked or found.get("node") != wanted["node"]):
            install_node(python_in(environment))
        (environment / STAMP).unlink(missing_ok=True)
        install_package(python_in(environment))
        write_stamp(environment, wanted)
    except OSError as error:
        raise SetupError(f"{environment} can't be written: {error.strerror or error}") from None
    say(f"Environment ready after {time.monotonic() - started:.0f} s")
    return python_in(environment)


def unlocked_packages():
    """Names of locked packages that this Python lacks or holds in another version.

    Empty in the locked environment. Needs the `packaging` library, which every build environment has.
    """
    from importlib.metadata import PackageNotFoundError
    from importlib.metadata import version as installed_version

    from packaging.requirements import Requirement

    differing = []
    for line in LOCK.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        requirement = Requirement(line)
        if requirement.marker and not requirement.marker.evaluate():
            continue
        try:
            if not requirement.specifier.contains(installed_version(requirement.name), prereleases=True):
                differing.append(requirement.name)
        except PackageNotFoundError:
            differing.append(requirement.name)
    return differing
