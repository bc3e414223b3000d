"""Find a class's notebooks in a folder or a zip, and read their code. No link is followed."""

import json
import os
import re
import stat
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from twoworlds.errors import TwoWorldsError

LARGEST = 20 * 2**20  # bytes of a notebook
LARGEST_CODE = 2 * 2**20  # characters of all its code
_MOST_CELLS = 2_000
_MOST_ENTRIES = 50_000
_DEEPEST = 8  # folders below a submission's own
_IGNORED = ("__MACOSX", ".ipynb_checkpoints", "__pycache__", "Thumbs.db", "desktop.ini")


class NotReadableError(Exception):
    """A submission that cannot be run; the message is its status."""


@dataclass(frozen=True)
class Submission:
    """One learner's. file: where the notebook lies, as it is shown; problem: its status where there is
    nothing to run."""

    id: str
    file: str
    place: object = None  # what `read` needs
    problem: str = ""


class _Folder:
    """A folder's files, links named as such and never followed."""

    def __init__(self, path):
        self.path = path

    def entries(self):
        """{relative path (parts): "file", "link" or "other"}."""
        found = {}
        for parent, folders, files in os.walk(self.path, followlinks=False):
            here = Path(parent).relative_to(self.path).parts
            for name in sorted([*folders, *files]):
                mode = os.lstat(Path(parent, name)).st_mode
                kind = "link" if stat.S_ISLNK(mode) else "file" if stat.S_ISREG(mode) else "other"
                if not (kind == "other" and name in folders):
                    found[(*here, name)] = kind
                elif not any(True for _ in os.scandir(Path(parent, name))):
                    found[(*here, name)] = "empty"
            folders[:] = (
                [name for name in sorted(folders) if name not in _IGNORED] if len(here) < _DEEPEST else []
            )
            if len(found) > _MOST_ENTRIES:
                raise TwoWorldsError(
                    f"{self.path} holds more than {_MOST_ENTRIES:,} files: is it the right folder?"
                )
        return found

    def read(self, parts):
        """A file's bytes. Raises NotReadableError or OSError."""
        # Without O_NOFOLLOW the file could have become a link since it was listed; O_NONBLOCK: or a pipe.
        descriptor = os.open(Path(self.path, *parts), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with open(descriptor, "rb") as file:
            about = os.fstat(descriptor)
            if not stat.S_ISREG(about.st_mode):
                raise NotReadableError("not a file")
            if about.st_size > LARGEST:
                raise NotReadableError(_too_large(about.st_size))
            return file.read(LARGEST + 1)


class _Zip:
    """A zip's files, read one by one; nothing is unpacked to the disk."""

    def __init__(self, path):
        try:
            self.archive = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError) as problem:
            raise TwoWorldsError(f"{path} is not a zip file that can be read ({problem}).") from None
        self.members = {}

    def entries(self):
        found = {}
        listed = self.archive.infolist()
        if len(listed) > _MOST_ENTRIES:
            raise TwoWorldsError(f"The zip holds more than {_MOST_ENTRIES:,} files: is it the right one?")
        for member in listed:
            parts = tuple(
                part for part in PurePosixPath(member.filename).parts if part not in ("/", "..", ".")
            )
            if parts and not member.is_dir() and not set(parts) & set(_IGNORED):
                mode = member.external_attr >> 16
                found[parts] = "link" if stat.S_ISLNK(mode) else "file"
                self.members[parts] = member
        return found

    def read(self, parts):
        member = self.members[parts]
        if member.file_size > LARGEST:
            raise NotReadableError(_too_large(member.file_size))
        try:
            with self.archive.open(member) as file:
                return file.read(LARGEST + 1)  # whatever size the zip claims
        except Exception as problem:  # a damaged member: zipfile, zlib and lzma raise many kinds
            raise NotReadableError(f"cannot be unpacked ({type(problem).__name__})") from None


def _too_large(size):
    return f"too large ({size / 2**20:,.0f} MB; {LARGEST // 2**20} MB at most)"


def shown(name):
    """A file's name as it may stand on a page or in a table: no control characters, not too long."""
    text = name.encode("utf-8", "replace").decode("utf-8", "replace")
    return re.sub(r"[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2066-\u2069]", "?", text)[:120] or "?"


class Submissions:
    """All submissions of a folder or zip: a file `anna.ipynb`, or a folder `anna/` with one notebook in it.

    Raises TwoWorldsError where there is no such folder or zip, or nothing in it.
    """

    def __init__(self, path, exercise, roster=()):
        path = Path(path)
        if path.is_dir():
            self.source = _Folder(path)
        elif path.is_file():
            self.source = _Zip(path)
        else:
            raise TwoWorldsError(f"{str(path)!r} is neither a folder nor a zip file of submissions.")
        self.exercise = exercise
        self.all = self._found() + []
        if not self.all and not roster:
            raise TwoWorldsError(f"{str(path)!r} holds no submission: one notebook or one folder each.")
        there = {one.id for one in self.all}
        self.all += [
            Submission(shown(name), "", None, "missing") for name in roster if shown(name) not in there
        ]
        self.strangers = sorted(there - {shown(name) for name in roster}) if roster else []

    def _found(self):
        entries = {
            parts: kind
            for parts, kind in self.source.entries().items()
            if not any(part.startswith(".") or part in _IGNORED for part in parts)
        }
        groups = self._groups(entries)
        found, used = [], set()
        for top, members in sorted(groups.items()):
            name = shown(top[:-6] if () in members and top.lower().endswith(".ipynb") else top)
            identity, number = name, 2
            while identity in used:
                identity, number = f"{name} ({number})", number + 1
            used.add(identity)
            found.append(self._one(identity, top, members))
        return found

    def _groups(self, entries):
        """{top entry: {rest of the path: kind}}; a folder that wraps all others is passed through."""
        self.prefix = ()
        while True:
            groups = {}
            for parts, kind in entries.items():
                rest = parts[len(self.prefix) :]
                groups.setdefault(rest[0], {})[rest[1:]] = kind
            if len(groups) != 1:
                return groups
            [(top, members)] = groups.items()
            notebooks = [rest for rest in members if rest and rest[-1].endswith(".ipynb") and len(rest) == 1]
            if () in members or not (len(notebooks) > 1 or any(len(rest) > 1 for rest in members)):
                return groups
            if len({rest[0] for rest in members}) == 1 and len(members) == 1:
                return groups
            self.prefix = (*self.prefix, top)

    def _one(self, identity, top, members):
        """The submission of one top entry."""
        if members.get(()) == "link" or (len(members) == 1 and "link" in members.values()):
            return Submission(identity, shown(top), None, "a link, not a file")
        if () in members:
            if members[()] == "file" and top.lower().endswith(".ipynb"):
                return Submission(identity, shown(top), (*self.prefix, top))
            problem = "no notebook" if members[()] == "empty" else "not a notebook"
            return Submission(identity, shown(top), None, problem)
        files = [
            rest for rest, kind in members.items() if rest[-1].lower().endswith(".ipynb") and kind == "file"
        ]
        named = [rest for rest in files if rest[-1] == f"{self.exercise}.ipynb"]
        if len(files) > 1 and len(named) == 1:
            files = named
        if len(files) == 1:
            return Submission(identity, shown("/".join((top, *files[0]))), (*self.prefix, top, *files[0]))
        links = any(kind == "link" for kind in members.values())
        if not files:
            return Submission(identity, shown(top), None, "a link, not a file" if links else "no notebook")
        return Submission(
            identity, shown(top), None, f"{len(files)} notebooks, and none has the exercise's name"
        )

    def read(self, submission):
        """A notebook's bytes. Raises NotReadableError."""
        if submission.problem:
            raise NotReadableError(submission.problem)
        try:
            content = self.source.read(submission.place)
        except OSError as problem:
            raise NotReadableError(f"cannot be read ({problem.strerror})") from None
        if len(content) > LARGEST:
            raise NotReadableError(f"too large (more than {LARGEST // 2**20} MB)")
        return content


def code_cells(content):
    """The code of a notebook's cells, in order. Raises NotReadableError."""
    try:
        notebook = json.loads(content)
    except (ValueError, RecursionError):
        raise NotReadableError("not a notebook (broken JSON)") from None
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list) or notebook.get("nbformat") != 4:
        raise NotReadableError("not a notebook of format 4")
    found = []
    for cell in cells:
        if not isinstance(cell, dict) or cell.get("cell_type") != "code":
            continue
        source = cell.get("source")
        if isinstance(source, list) and all(isinstance(line, str) for line in source):
            source = "".join(source)
        if not isinstance(source, str):
            raise NotReadableError("not a notebook (a cell without code)")
        found.append(source)
    if not found:
        raise NotReadableError("a notebook without code")
    if len(found) > _MOST_CELLS or sum(map(len, found)) > LARGEST_CODE:
        raise NotReadableError("too much code")
    return found


def read_roster(path):
    """Ids of a class, from a text file: one a line, or the column `id` of a CSV. Raises TwoWorldsError."""
    import csv

    try:
        lines = Path(path).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeError) as problem:
        raise TwoWorldsError(f"--roster {str(path)!r} cannot be read ({problem}).") from None
    rows = [row for row in csv.reader(lines) if any(cell.strip() for cell in row)]
    place = 0
    if rows and "id" in [cell.strip().lower() for cell in rows[0]]:
        place = [cell.strip().lower() for cell in rows.pop(0)].index("id")
    found = [row[place].strip() for row in rows if len(row) > place and row[place].strip()]
    if not found:
        raise TwoWorldsError(f"--roster {str(path)!r} holds no ids: one a line, or a CSV with a column id.")
    return list(dict.fromkeys(found))
