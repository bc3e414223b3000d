"""A world as Parquet, in parts: each part holds a fixed number of blocks, and is made on its own.

    <folder>/swiftfare/days/part-00000.parquet     a table is a folder of parts, a dataset to any tool
    <folder>/swiftfare/days/_parts.json            its parts, with rows and SHA-256 of each
    <folder>/records/swiftfare/part-00000.json     digests and counts of a part; written last

A file appears under its name only once it is whole, and the record after all files of its part. So parts may
be made in any order, by any number of processes that see the folder, twice where one was lost, and a run that
was killed goes on where it was. Parquet files differ between versions of pyarrow: the digests of the columns
are what stays the same (see digests.py).
"""

import base64
import hashlib
import json
import math
import os
import uuid
from functools import lru_cache
from pathlib import Path

import numpy as np

from twoworlds import dictionary
from twoworlds.errors import TwoWorldsError
from twoworlds.worlds import cells, writing
from twoworlds.worlds.registry import MADE
from twoworlds.worlds.timeline import NO_DAY

KEPT = ("data", "truth")
LIST = "_parts.json"  # readers of datasets pass over names that begin so
_DIGEST_BYTES = 32
_PACKAGE = Path(__file__).resolve().parent


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


@lru_cache(maxsize=1)
def code_key():
    """A key of the code that makes the data: parts of two versions never stand side by side."""
    digest = hashlib.sha256()
    files = [*_PACKAGE.rglob("*.py"), *_PACKAGE.rglob("*.npy"), dictionary.FILE]
    for path in sorted(files):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def part_count(world, scale):
    """How many parts a world has at a scale."""
    return -(-MADE[world].block_count(scale) // MADE[world].PART_BLOCKS)


def part_blocks(world, scale, part):
    """The blocks of a part (a range)."""
    size = MADE[world].PART_BLOCKS
    return range(MADE[world].block_count(scale))[part * size : (part + 1) * size]


def world_folder(folder, world, kept):
    """Where a world's tables are made, below the private folder of a run."""
    return Path(folder) / (world if kept == "data" else f"truth-{world}")


def _name(part, ending):
    return f"part-{part:05d}.{ending}"


def write_whole(path, content):
    """Write a file (bytes) that appears only when it is whole; other processes may be writing the same."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}")
    try:
        with open(beside, "wb") as file:
            file.write(content)
        os.replace(beside, path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


# ------------------------------------------------------------------------------------------------ Parquet


def _arrow_type(pa, column):
    kinds = {
        "integer": pa.int64(), "date": pa.date32(), "boolean": pa.bool_(), "number": pa.float64(),
        "text": pa.string(), "category": pa.dictionary(pa.int32(), pa.string()),
    }  # fmt: skip
    return kinds[column.type]


def _bits(pa, values):
    """Booleans as Arrow packs them, eight to a byte."""
    return pa.py_buffer(np.packbits(np.asarray(values, dtype=bool), bitorder="little"))


def _flat(pa, kind, values, missing=None):
    """An Arrow array over a NumPy array, without pyarrow's own conversion, which imports pandas first."""
    gaps = 0 if missing is None else int(missing.sum())
    valid = _bits(pa, ~missing) if gaps else None
    return pa.Array.from_buffers(kind, len(values), [valid, pa.py_buffer(np.ascontiguousarray(values))], gaps)


def _texts(pa, texts, missing=None):
    """Strings as an Arrow array."""
    encoded = [text.encode() for text in texts]
    ends = np.cumsum([0, *map(len, encoded)]).astype(np.int32)
    gaps = 0 if missing is None else int(missing.sum())
    valid = _bits(pa, ~missing) if gaps else None
    buffers = [valid, pa.py_buffer(ends), pa.py_buffer(b"".join(encoded))]
    return pa.Array.from_buffers(pa.string(), len(texts), buffers, gaps)


def _arrow_array(pa, column, held):
    """A column's cells as an Arrow array."""
    kind = _arrow_type(pa, column)
    if column.type == "category":
        codes = np.asarray(held.codes, dtype=np.int32)
        indices = _flat(pa, pa.int32(), codes, codes < 0)
        return pa.DictionaryArray.from_arrays(indices, _texts(pa, held.labels))
    if column.type == "text":
        return _texts(
            pa, held, np.array([not text for text in held], dtype=bool) if column.nullable else None
        )
    values = np.asarray(held)
    if column.type == "date":
        return _flat(pa, kind, values.astype(np.int32), values == NO_DAY if column.nullable else None)
    if column.type == "number":
        return _flat(pa, kind, values / 10**column.decimals)
    if column.type == "boolean":
        return pa.Array.from_buffers(kind, len(values), [None, _bits(pa, values)], 0)
    values = values.astype(np.int64, copy=False)
    return _flat(pa, kind, values, values == cells.NO_NUMBER if column.nullable else None)


def _parquet(table, blocks):
    """A table of a part as the bytes of a Parquet file, and its rows. blocks: its columns, block by block."""
    pa, parquet = require_pyarrow()
    arrays = [
        _arrow_array(pa, column, cells.joined([block[column.name] for block in blocks]))
        for column in table.columns
    ]
    schema = pa.schema([(column.name, _arrow_type(pa, column)) for column in table.columns])
    whole = [column.name for column in table.columns if column.type in ("integer", "date")]
    sink = pa.BufferOutputStream()
    parquet.write_table(
        pa.Table.from_arrays(arrays, schema=schema),
        sink,
        compression="zstd",
        compression_level=1,
        # Readers skip parts by the key; no other column is sorted.
        write_statistics=[table.columns[0].name],
        # Differences of whole numbers take less room and less time than a dictionary of them.
        use_dictionary=[column.name for column in table.columns if column.type in ("category", "text")],
        column_encoding={name: "DELTA_BINARY_PACKED" for name in whole},
    )
    return memoryview(sink.getvalue()), len(arrays[0])


# -------------------------------------------------------------------------------------------------- parts


def _record_path(folder, world, part):
    return Path(folder) / "records" / world / _name(part, "json")


def _check_code(job):
    if job["code"] != code_key():
        raise TwoWorldsError(
            "A worker has another version of the course's package than this machine: install the same there."
        )


def make_part(job):
    """Make a part's files and its record. job: folder, world, seed, scale, part, code (see code_key).

    Returns the number of blocks made. Raises OSError, or TwoWorldsError where the code differs.
    """
    _check_code(job)
    name, part = job["world"], job["part"]
    world, folder = MADE[name], Path(job["folder"])
    blocks = part_blocks(name, job["scale"], part)
    if census_rounds(name):
        known = _read_census(str(folder / "census" / name / "whole.arrays"))
        world.remember_census(job["seed"], job["scale"], known)
        _recall(job, blocks)
    described = {kept: dictionary.tables(name, kept) for kept in KEPT}
    held = {kept: [] for kept in KEPT}
    digests, counts = [], {}
    for made in world.make_blocks(job["seed"], job["scale"], blocks):
        for kept, tables in zip(KEPT, made, strict=True):
            digests += writing.block_digests(described[kept], tables)
            held[kept].append(tables)
        writing.add_counts(counts, world.count_block(*made))
    files = {}
    for kept in KEPT:
        for table in described[kept].values():
            of_blocks = [tables[table.name] for tables in held[kept]]
            first = table.columns[0].name
            # The first part has the columns, be it without a row.
            if part == 0 or any(cells.length(one[first]) for one in of_blocks):
                content, rows = _parquet(table, of_blocks)
                path = world_folder(folder, name, kept) / table.name / _name(part, "parquet")
                write_whole(path, content)
                files[f"{kept}.{table.name}"] = [rows, hashlib.sha256(content).hexdigest()]
    record = {"files": files, "counts": counts, "digests": base64.b64encode(b"".join(digests)).decode()}
    write_whole(_record_path(folder, name, part), json.dumps(record).encode())
    _packed_path(job).unlink(missing_ok=True)
    return len(blocks)


def read_record(folder, world, part):
    """What was noted of a part that is whole, None where it is not."""
    try:
        return json.loads(_record_path(folder, world, part).read_bytes())
    except (OSError, ValueError):
        return None


def is_whole(folder, world, part):
    """Whether a part was made by an earlier run, and its files are what that run wrote."""
    record = read_record(folder, world, part)
    if record is None:
        return False
    for name, (_, sha256) in record["files"].items():
        kept, table = name.split(".")
        try:
            content = (world_folder(folder, world, kept) / table / _name(part, "parquet")).read_bytes()
        except OSError:
            return False
        if hashlib.sha256(content).hexdigest() != sha256:
            return False
    return True


def finish_world(folder, name, seed, scale):
    """Write manifests, lists of parts and the truth of a world whose parts are all made. Reads one record
    after the other, so that memory does not grow with the scale."""
    world, counts = MADE[name], {}
    described = {kept: dictionary.tables(name, kept) for kept in KEPT}
    digests = {kept: writing.ColumnDigests(tables) for kept, tables in described.items()}
    width = {kept: sum(len(table.columns) for table in described[kept].values()) for kept in KEPT}
    lists = {(kept, table): [] for kept in KEPT for table in described[kept]}
    for part in range(part_count(name, scale)):
        record = read_record(folder, name, part)
        writing.add_counts(counts, record["counts"])
        # Stored block by block; each column takes its own of all blocks at once.
        stored = np.frombuffer(base64.b64decode(record["digests"]), np.uint8)
        by_column = stored.reshape(-1, sum(width.values()), _DIGEST_BYTES).swapaxes(0, 1)
        by_column = [column.tobytes() for column in by_column]
        digests["data"].add(by_column[: width["data"]])
        digests["truth"].add(by_column[width["data"] :])
        for key, (rows, sha256) in record["files"].items():
            lists[tuple(key.split("."))].append([_name(part, "parquet"), rows, sha256])
    about = {"world": name, "seed": seed, "scale": scale, "format": "parquet"}
    for kept in KEPT:
        target, entries = world_folder(folder, name, kept), {}
        for table in described[kept]:
            parts = [
                {"file": file, "rows": rows, "sha256": sha256} for file, rows, sha256 in lists[kept, table]
            ]
            content = (json.dumps(parts, indent=0) + "\n").encode()
            write_whole(target / table / LIST, content)
            entries[table] = {
                "file": f"{table}/{LIST}",
                "rows": sum(part["rows"] for part in parts),
                "sha256": hashlib.sha256(content).hexdigest(),
                "parts": len(parts),
            }
        writing.write_json(target / "manifest.json", digests[kept].manifest(about, entries))
    writing.write_json(world_folder(folder, name, "truth") / "truth.json", world.truth(seed, scale, counts))


# ------------------------------------------------------------------------------------------------- census


def _bundle(arrays):
    """A dict of arrays as bytes: a line that names them, then their bytes one after the other. A tenth of
    what NumPy's own archive takes for many small arrays."""
    arrays = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    named = [[name, array.dtype.str, array.shape] for name, array in arrays.items()]
    return b"".join([json.dumps(named).encode(), b"\n", *(array.tobytes() for array in arrays.values())])


def _read_bundle(path):
    """The arrays of a bundle, read only. Raises OSError, or ValueError where it is not whole."""
    content = Path(path).read_bytes()
    at = content.index(b"\n") + 1
    arrays = {}
    for name, kind, shape in json.loads(content[: at - 1]):
        count = math.prod(shape)
        arrays[name] = np.frombuffer(content, np.dtype(kind), count, at).reshape(shape)
        at += count * np.dtype(kind).itemsize
    return arrays


@lru_cache(maxsize=2)
def _read_census(path):
    return _read_bundle(path)


def _prepared_path(job):
    return Path(job["folder"]) / "census" / job["world"] / _name(job["part"], "arrays")


def _packed_path(job):
    return Path(job["folder"]) / "packed" / job["world"] / _name(job["part"], "arrays")


def _recall(job, blocks):
    """Read what the census has made of a part's blocks already, where that is still there."""
    try:
        packed = _read_bundle(_packed_path(job))
    except (OSError, ValueError):
        return  # it is made again
    MADE[job["world"]].unpack_blocks(job["seed"], job["scale"], blocks, packed)


def count_part(job):
    """One round of the census over a part's blocks. job: as for make_part, and "known": the file with what
    the rounds before have given, None in the first. Returns a dict of arrays, to be summed over parts."""
    _check_code(job)
    known = _read_census(job["known"]) if job["known"] else {}
    world, path = MADE[job["world"]], _prepared_path(job)
    try:
        prepared = _read_bundle(path)
    except (OSError, ValueError):
        blocks = part_blocks(job["world"], job["scale"], job["part"])
        prepared = world.prepare_census(job["seed"], job["scale"], blocks)
        write_whole(_packed_path(job), _bundle(world.pack_blocks(job["seed"], job["scale"], blocks)))
        write_whole(path, _bundle(prepared))
    return world.count_census(job["scale"], prepared, known)


def census_rounds(name):
    """Rounds of a world's census, 0 where its blocks need know nothing of each other."""
    return getattr(MADE[name], "CENSUS_ROUNDS", 0)


def take_census(folder, name, seed, scale, run):
    """Count what each block of a world must know of all others, where it must know something, and store it.

    run: takes a function and a list of jobs, and yields what each gives, in any order.
    """
    world, place = MADE[name], Path(folder) / "census" / name
    if not census_rounds(name) or (place / "whole.arrays").exists():
        return
    known, said = {}, None
    for number in range(census_rounds(name)):
        jobs = [
            {
                "folder": str(folder), "world": name, "seed": seed, "scale": scale, "part": part,
                "code": code_key(), "known": said,
            }
            for part in range(part_count(name, scale))
        ]  # fmt: skip
        sums = {}
        for counted in run(count_part, jobs):
            for key, values in counted.items():
                sums[key] = sums[key] + values if key in sums else values
        known = world.learn_census(known, sums)
        said = str(place / f"round-{number + 1}-{uuid.uuid4().hex[:8]}.arrays")
        write_whole(Path(said), _bundle(known))
    write_whole(place / "whole.arrays", _bundle(known))
    for file in [*place.glob("part-*.arrays"), *place.glob("round-*.arrays")]:
        file.unlink()
