"""Writing a world's tables, block by block, into a folder that is still private to the generator."""

import gzip
import hashlib
import json
import os

from twoworlds.errors import TwoWorldsError
from twoworlds.worlds import cells
from twoworlds.worlds.timeline import NO_DAY

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


class _ParquetTable:
    """One table as a Parquet file, a row group a block."""

    def __init__(self, folder, table):
        self.pa, self.parquet = require_pyarrow()
        self.table, self.path, self.rows = table, folder / f"{table.name}.parquet", 0
        self.schema = self.pa.schema([(column.name, self._type(column)) for column in table.columns])
        self.file = open(self.path, "wb")
        self.writer = self.parquet.ParquetWriter(self.file, self.schema, compression="zstd")

    def _type(self, column):
        kinds = {
            "integer": self.pa.int64(), "date": self.pa.date32(), "boolean": self.pa.bool_(),
            "number": self.pa.float64(), "text": self.pa.string(),
            "category": self.pa.dictionary(self.pa.int32(), self.pa.string()),
        }  # fmt: skip
        return kinds[column.type]

    def _array(self, block_cells, column):
        import numpy as np

        kind = self._type(column)
        if column.type == "category":
            codes = np.asarray(block_cells.codes, dtype=np.int32)
            indices = self.pa.array(codes, mask=codes < 0)
            return self.pa.DictionaryArray.from_arrays(indices, self.pa.array(block_cells.labels))
        if column.type == "date":
            days = np.asarray(block_cells, dtype=np.int32)
            return self.pa.array(days, self.pa.int32(), mask=days == NO_DAY).cast(kind)
        if column.type == "number":
            return self.pa.array(np.asarray(block_cells) / 10**column.decimals)
        if column.type == "integer" and column.nullable:
            numbers = np.asarray(block_cells)
            return self.pa.array(numbers, kind, mask=numbers == cells.NO_NUMBER)
        return self.pa.array(block_cells, kind)

    def append(self, block):
        arrays = [self._array(block[column.name], column) for column in self.table.columns]
        self.rows += len(arrays[0])
        self.writer.write_table(self.pa.Table.from_arrays(arrays, schema=self.schema))

    def close(self):
        self.writer.close()
        _sync(self.file)
        digest = hashlib.sha256()
        with open(self.path, "rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
        return {"file": self.path.name, "rows": self.rows, "sha256": digest.hexdigest()}

    def abandon(self):
        for thing in (self.writer, self.file):
            try:
                thing.close()
            except Exception:  # the folder is thrown away, whatever the writer says
                pass


def require_pyarrow():
    """The modules pyarrow and pyarrow.parquet. Raises TwoWorldsError where they are not installed."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise TwoWorldsError(
            "--format parquet needs pyarrow: run `pip install pyarrow`, or choose --format csv."
        ) from None
    return pyarrow, pyarrow.parquet


_FORMATS = {"csv": _CsvTable, "parquet": _ParquetTable}


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


class TableSet:
    """All tables of a world that are kept in one folder (data, or truth): files, digests, manifest."""

    def __init__(self, folder, tables, file_format):
        """folder: an empty folder; tables: name -> dictionary's Table; file_format: "csv" or "parquet"."""
        self.folder, self.tables, self.file_format = folder, tables, file_format
        self.digests = {name: {column.name: [] for column in table.columns} for name, table in tables.items()}
        self.files = {}
        try:
            for name, table in tables.items():
                self.files[name] = _FORMATS[file_format](folder, table)
        except BaseException:
            self.abandon()
            raise

    def append(self, blocks):
        """Add a block: name -> columns. Raises ValueError where tables or columns differ from the
        dictionary's."""
        if blocks.keys() != self.tables.keys():
            raise ValueError(f"made {sorted(blocks)}, but the dictionary has {sorted(self.tables)}")
        for name, table in self.tables.items():
            columns = [column.name for column in table.columns]
            if list(blocks[name]) != columns:
                raise ValueError(f"{name}: made {list(blocks[name])}, but the dictionary has {columns}")
            for column in table.columns:
                self.digests[name][column.name].append(cells.block_digest(blocks[name][column.name], column))
            self.files[name].append(blocks[name])

    def close(self, about):
        """Finish all files and write manifest.json: `about` (world, seed, scale), files, digests."""
        entries, everything = {}, hashlib.sha256(about["world"].encode())
        for name, file in self.files.items():
            columns = {column: cells.column_digest(parts) for column, parts in self.digests[name].items()}
            entries[name] = {**file.close(), "columns": columns}
            for column, digest in columns.items():
                everything.update(f"{name}.{column}:{digest}\n".encode())
        write_json(
            self.folder / "manifest.json",
            {**about, "format": self.file_format, "digest": everything.hexdigest(), "tables": entries},
        )

    def abandon(self):
        for file in self.files.values():
            file.abandon()
