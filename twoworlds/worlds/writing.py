"""Writing a world's tables as CSV, block by block, into a folder that is still private to the generator."""

import gzip
import hashlib
import json
import os

from twoworlds.worlds import cells

# Bytes of a CSV file; a larger one is gzipped, with a plain sample beside it. So is a smaller one that the
# dictionary calls packed: rows of use by week, which hardly anybody reads one by one.
LARGEST_PLAIN = 5_000_000
LARGEST_PLAIN_TRUTH = (
    100_000  # the same for the truth, which nobody opens in a spreadsheet and which has no samples
)
SAMPLE_ROWS = 1000
_CHUNK = 1 << 20


class _CsvTable:
    """One table as CSV: rows are appended a block at a time; a large file is gzipped at the end."""

    def __init__(self, folder, table):
        self.table, self.folder = table, folder
        self.path = folder / f"{table.name}.csv"
        self.hash, self.rows = hashlib.sha256(), 0
        self.file = open(self.path, "wb")
        self._write(",".join(column.name for column in table.columns) + "\n")

    def _write(self, text):
        content = text.encode()
        self.hash.update(content)
        self.file.write(content)

    def append(self, block):
        texts = [cells.as_text(block[column.name], column) for column in self.table.columns]
        lines = [",".join(row) for row in zip(*texts, strict=True)]
        self.rows += len(lines)
        if lines:
            self._write("\n".join(lines) + "\n")

    def close(self):
        """Finish the file. Returns its manifest entry."""
        _sync(self.file)
        entry = {"file": self.path.name, "rows": self.rows, "sha256": self.hash.hexdigest()}
        largest = LARGEST_PLAIN if self.table.kept == "data" else LARGEST_PLAIN_TRUTH
        if self.table.packed or self.path.stat().st_size > largest:
            if self.table.kept == "data":
                entry["sample"] = self._sample()
            entry["file"] = self._compress()
        return entry

    def _sample(self):
        """1,000 rows, evenly spread over the table, in a plain file for a spreadsheet."""
        wanted = {place * self.rows // SAMPLE_ROWS for place in range(SAMPLE_ROWS)}
        path = self.folder / f"{self.table.name}.sample.csv"
        with open(self.path, "rb") as whole, open(path, "wb") as sample:
            sample.write(whole.readline())
            sample.writelines(line for place, line in enumerate(whole) if place in wanted)
            _sync(sample, close=False)
        return path.name

    def _compress(self):
        path = self.folder / f"{self.path.name}.gz"
        with open(path, "wb") as raw:
            # No name and no time in the header: the same bytes whenever it is made.
            with open(self.path, "rb") as plain, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
                while chunk := plain.read(_CHUNK):
                    packed.write(chunk)
            _sync(raw, close=False)
        self.path.unlink()
        return path.name

    def abandon(self):
        try:
            self.file.close()
        except OSError:
            pass  # what could not be flushed is thrown away with the folder


def _sync(file, close=True):
    """Bring a file to the disk, so that a full one is noticed here."""
    file.flush()
    os.fsync(file.fileno())
    if close:
        file.close()


def write_json(path, value):
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(json.dumps(value, indent=1, ensure_ascii=False) + "\n")
        _sync(file, close=False)


def add_counts(total, more):
    """Add a block's counts (numbers, or lists of them) to those of the blocks before it."""
    for name, value in more.items():
        if isinstance(value, list):
            total[name] = [a + b for a, b in zip(total.get(name, [0] * len(value)), value, strict=True)]
        else:
            total[name] = total.get(name, 0) + value


class ColumnDigests:
    """Digests of all columns of a world's tables that are kept in one folder, block after block."""

    def __init__(self, tables):
        """tables: name -> dictionary's Table."""
        self.tables = tables
        self.of_column = {
            name: {column.name: hashlib.sha256() for column in table.columns}
            for name, table in tables.items()
        }

    def add(self, digests):
        """The digests of the next block, or of several that follow each other: an iterable with bytes for
        each column, in the order of tables and columns."""
        digests = iter(digests)
        for columns in self.of_column.values():
            for whole in columns.values():
                whole.update(next(digests))

    def manifest(self, about, entries):
        """manifest.json's content. about: world, seed, scale, format; entries: by table, its file."""
        everything = hashlib.sha256(about["world"].encode())
        tables = {}
        for name, columns in self.of_column.items():
            digests = {column: whole.hexdigest() for column, whole in columns.items()}
            tables[name] = {**entries[name], "columns": digests}
            for column, digest in digests.items():
                everything.update(f"{name}.{column}:{digest}\n".encode())
        return {**about, "digest": everything.hexdigest(), "tables": tables}


def block_digests(tables, block):
    """Digests of a block's columns (32 bytes each), in the order of tables and columns. Raises ValueError
    where the block's columns are not the dictionary's."""
    for name, table in tables.items():
        columns = [column.name for column in table.columns]
        if list(block[name]) != columns:
            raise ValueError(f"{name}: made {list(block[name])}, but the dictionary has {columns}")
        for column in table.columns:
            yield cells.block_digest(block[name][column.name], column)


class TableSet:
    """All tables of a world that are kept in one folder (data, or truth), as CSV, with their manifest."""

    def __init__(self, folder, tables):
        """folder: an empty folder; tables: name -> dictionary's Table."""
        self.folder, self.tables, self.digests = folder, tables, ColumnDigests(tables)
        self.files = {}
        try:
            for name, table in tables.items():
                self.files[name] = _CsvTable(folder, table)
        except BaseException:
            self.abandon()
            raise

    def append(self, blocks):
        """Add a block: name -> its columns (see cells.py)."""
        self.digests.add(block_digests(self.tables, blocks))
        for name, file in self.files.items():
            file.append(blocks[name])

    def close(self, about):
        """Finish all files and write manifest.json: `about` (world, seed, scale), files, digests."""
        entries = {name: file.close() for name, file in self.files.items()}
        write_json(self.folder / "manifest.json", self.digests.manifest({**about, "format": "csv"}, entries))

    def abandon(self):
        for file in self.files.values():
            file.abandon()
