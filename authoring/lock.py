"""Resolve pyproject.toml into exact versions: `python3 -m authoring lock [--upgrade]`.

Writes requirements.txt, one lock for every supported Python and system, and binder/requirements.txt, the
part of it that learners need. Versions stay as they are unless pyproject.toml asks for others, or
--upgrade is given. The resolver, uv, is installed for this one run in a folder of its own.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from authoring import environment

ROOT = environment.ROOT
BINDER = ROOT / "binder" / "requirements.txt"
PINNED = re.compile(r"[a-z0-9][a-z0-9.-]*==[^\s/;]+( ; [^/:]+)?")
LOCK_HEADER = """\
# The locked environment, for Python 3.11 to 3.13. Made from pyproject.toml by `make lock`: don't edit.
"""
BINDER_HEADER = """\
# What learners need on Binder, at the versions of ../requirements.txt. Made by `make lock`: don't edit.
# The package itself, read from the clone: the tables in data/ are the tables in use.
-e .
"""


def resolve(uv, arguments, output):
    """Run uv's resolver with `output` as the versions to prefer. Returns the pinned lines."""
    command = [
        uv, "pip", "compile", "pyproject.toml", "--universal", "--fork-strategy", "fewest",
        "--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links", "--quiet",
        *arguments, "--output-file", output,
    ]  # fmt: skip
    subprocess.run([str(part) for part in command], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    lines = Path(output).read_text(encoding="utf-8").splitlines()
    strange = [line for line in lines if not PINNED.fullmatch(line)]
    if strange:
        raise SystemExit(f"lock: the resolver gave a line that is no exact version: {strange[0]}")
    return lines


def main(arguments=None):
    """Write both files. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python3 -m authoring lock", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--upgrade", action="store_true", help="take the newest versions that fit, not the present ones"
    )
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        print("lock: fetching the resolver", flush=True)
        venv.create(folder / "tool", with_pip=True)
        tool = folder / "tool" / ("Scripts" if os.name == "nt" else "bin")
        install = [tool / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "uv"]
        subprocess.run(list(map(str, install)), check=True)
        upgrade = ["--upgrade"] if options.upgrade else []
        full = folder / "full.txt"
        if environment.LOCK.exists():
            shutil.copyfile(environment.LOCK, full)
        print("lock: resolving for every supported Python", flush=True)
        everything = ["--python-version", "3.11", "--extra", "book", "--extra", "test", *upgrade]
        locked = resolve(tool / "uv", everything, full)
        # The learners' part: the package's own dependencies and JupyterLab, at the versions just found.
        asked = folder / "learners.in"
        asked.write_text("jupyterlab\n", encoding="utf-8")
        learners = ["--python-version", "3.12", "--constraint", full, asked]
        shown = resolve(tool / "uv", learners, folder / "binder.txt")
    # Only now, with both at hand, so that they never disagree.
    environment.LOCK.write_text(LOCK_HEADER + "\n".join(locked) + "\n", encoding="utf-8")
    BINDER.write_text(BINDER_HEADER + "\n".join(shown) + "\n", encoding="utf-8")
    print(f"lock: {len(locked)} packages in requirements.txt, {len(shown)} in binder/requirements.txt")
    return 0


if __name__ == "__main__":
    sys.exit(main())
