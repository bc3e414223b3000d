"""The private folder of a run of the generator: one run at a time, and what an earlier one left.

    <out>/.making/plan.json       what is being made
    <out>/.making/twoworlds.lock held by the process that makes it, and by nobody once that has ended

A run in parts that was stopped, killed or ran out of disk is gone on with by the next one of the same plan.
"""

import json
import os
import shutil
from pathlib import Path

from twoworlds.errors import TwoWorldsError

NAME = ".making"
_LOCK = "twoworlds.lock"


def _hold(file):
    """Lock an open file for this process, until it closes it or ends. Raises OSError where another holds
    it."""
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def in_words(plan):
    """A plan in a few words."""
    return f"{' and '.join(plan['worlds'])}, seed {plan['seed']}, scale {plan['scale']}, {plan['format']}"


class PrivateFolder:
    """The folder in which a run works, beside what it will replace.

    out: the output folder, which exists; plan: worlds, seed, scale, format, code: JSON-ready; discard:
    whether an unfinished run of another plan may be thrown away. Raises TwoWorldsError where another run is
    at work, or the folder is somebody else's or has parts of another plan.
    """

    def __init__(self, out, plan, discard=False):
        self.path, self.plan = Path(out) / NAME, plan
        self.resumed = False
        if self.path.exists() and not self._is_ours():
            raise TwoWorldsError(
                f"{str(self.path)!r} is not the generator's: move it away, or name another folder with --out."
            )
        self.path.mkdir(exist_ok=True)
        self.lock = open(self.path / _LOCK, "a", encoding="utf-8")
        try:
            _hold(self.lock)
        except OSError:
            self.lock.close()
            raise TwoWorldsError(
                f"Another run is at work in {str(out)!r}: let it end, or name another folder with --out."
            ) from None
        try:
            self._take_up(discard)
        except BaseException:
            self.lock.close()
            raise

    def _is_ours(self):
        if not self.path.is_dir():
            return False
        names = {entry.name for entry in self.path.iterdir()}
        return not names or _LOCK in names

    def _take_up(self, discard):
        """Go on with what is there, or start anew."""
        try:
            earlier = json.loads((self.path / "plan.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            earlier = None
        self.resumed = earlier == self.plan and self.has_parts()
        if self.resumed:
            return
        if earlier and self.has_parts() and not discard:
            try:
                words = in_words(earlier)
            except (KeyError, TypeError):
                words = "of an older version"
            why = "its code has changed since" if words == in_words(self.plan) else "this run is another"
            raise TwoWorldsError(
                f"An unfinished run ({words}) stands in {str(self.path)!r}, and {why}: add --overwrite to"
                " throw it away, or name another folder with --out."
            )
        self.empty()
        (self.path / "plan.json").write_text(json.dumps(self.plan), encoding="utf-8")

    def has_parts(self):
        """Whether at least one part is whole."""
        return any((self.path / "records").glob("*/part-*.json"))

    def empty(self):
        """Remove all but the lock."""
        for entry in list(self.path.iterdir()):
            if entry.name == _LOCK:
                continue
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            else:
                entry.unlink()

    def leave(self):
        """Let go of the folder and keep what is in it, for the next run."""
        self.lock.close()

    def remove(self):
        """Remove the folder and let go of it."""
        if os.name == "nt":  # an open file cannot be removed there
            self.lock.close()
        shutil.rmtree(self.path, ignore_errors=True)
        self.lock.close()
