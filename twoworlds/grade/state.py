"""What has been graded so far, a line a submission, so that a run that was killed goes on where it was."""

import contextlib
import json
import os
from pathlib import Path

from twoworlds.errors import TwoWorldsError


class State:
    """The file of finished submissions; use as a context, since one run at a time may hold it.

    about: what the marks depend on (exercise, keys, limits); a file about something else is refused, unless
    `again` begins it anew. Raises TwoWorldsError.
    """

    def __init__(self, path, about, again=False):
        self.path, self.about, self.again = Path(path), about, again
        self.done = {}  # (id, digest of the notebook) -> record

    def __enter__(self):
        self._file = open(self.path, "ab+")
        try:
            self._lock()
            self._read()
        except BaseException:
            self._file.close()
            raise
        return self

    def _lock(self):
        try:
            import fcntl
        except ImportError:  # Windows: nothing is locked there
            return
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise TwoWorldsError(
                f"Another run is grading into {self.path.parent}: wait for its end."
            ) from None

    def _read(self):
        self._file.seek(0)
        whole, _, torn = self._file.read().rpartition(b"\n")
        lines = []
        for line in whole.splitlines():
            with contextlib.suppress(ValueError):
                lines.append(json.loads(line))
        if self.again or not lines:
            self._file.truncate(0)
            self._write(self.about)
            return
        if lines[0] != self.about:
            raise TwoWorldsError(
                f"{self.path.parent} holds marks of another exercise, other data or other limits: name"
                " another --out, or add --again to mark everybody anew."
            )
        if torn:  # a line that a killed run could not finish
            self._file.truncate(len(whole) + 1)
        self.done = {(record["id"], record["digest"]): record for record in lines[1:]}

    def _write(self, record):
        self._file.seek(0, os.SEEK_END)
        self._file.write(json.dumps(record, ensure_ascii=True, separators=(",", ":")).encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def add(self, record):
        """Keep a finished submission: on the disk when this returns."""
        self._write(record)
        self.done[record["id"], record["digest"]] = record

    def __exit__(self, *_):
        self._file.close()
