"""A million users of eight columns and ten million events of five, to Parquet, with this course's streams.

    python -m authoring.benchmarks.two_tables FOLDER [USERS]

prints rows and processor seconds as JSON. A block makes its users and their events together: events lie
between the user's sign-up and the window's end, sorted by user and time, and their keys hold.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np

from twoworlds.engines import keep_memory
from twoworlds.worlds import lookup
from twoworlds.worlds.parts import require_pyarrow, write_whole
from twoworlds.worlds.streams import ONE, BlockStreams

BLOCK = 1 << 15  # users in a block
START, SECONDS = 1_704_067_200, 730 * 86_400  # 2024-01-01, two years
COUNTRIES = ("DE", "FR", "GB", "US", "ES", "IT", "NL", "PL", "JP", "BR")
CHANNELS = ("organic", "search", "social", "referral", "affiliate", "television")
DEVICES = ("android", "ios", "web")
KINDS = ("open", "search", "booking", "push")
SHARES = {
    "country": (0.18, 0.12, 0.15, 0.2, 0.08, 0.08, 0.05, 0.06, 0.05, 0.03),
    "channel": (0.34, 0.22, 0.18, 0.12, 0.09, 0.05),
    "device": (0.48, 0.4, 0.12),
    "kind": (0.55, 0.33, 0.04, 0.08),
}
MEAN_EVENTS = 10


def make_block(seed, block, n):
    """Users and events of a block: two dicts of arrays."""
    streams = BlockStreams(seed, "bench", block)
    signed_up = START + np.sort(streams.draws("users", "signed_up", n) * SECONDS >> 32)
    users = {"user_id": block * BLOCK + np.arange(n), "signed_up": signed_up}
    for name in ("country", "channel", "device"):
        users[name] = streams.pick("users", name, n, SHARES[name])
    users["age"] = 18 + lookup.scaled("beta_0.75_4.2", streams.draws("users", "age", n), 60)
    users["referred"] = streams.happens("users", "referred", ONE // 8, n)
    # How many events, from a gamma level with mean 1, and one more for half of the users.
    events_each = lookup.scaled("gamma_2", streams.draws("users", "events", n), 2 * MEAN_EVENTS) // 2
    events_each += streams.happens("users", "one_more", ONE // 2, n)
    users["events"] = events_each
    row = np.repeat(np.arange(n), events_each)
    later = streams.words32("events", "at", len(row)).astype(np.uint64)
    later = (later * (START + SECONDS - signed_up).astype(np.uint64)[row]) >> np.uint64(32)
    packed = row.astype(np.uint64) << np.uint64(32) | later
    packed.sort()  # by user, then by time; the rows stay where they were
    kind = streams.pick("events", "kind", len(row), SHARES["kind"])
    booked = np.flatnonzero(kind == KINDS.index("booking"))
    value = np.zeros(len(row), dtype=np.int64)
    draws = streams.draws("events", "value", len(row), booked)
    value[booked] = lookup.scaled("lognormal_0.6", draws, 18_000)
    events = {
        "event_id": (block << 24) + np.arange(len(row)),
        "user_id": users["user_id"][row],
        "at": signed_up[row] + (packed & np.uint64(0xFFFFFFFF)).astype(np.int64),
        "kind": kind,
        "value_cents": value,
    }
    return users, events


def _arrow(table):
    pa, _ = require_pyarrow()
    labels = {"country": COUNTRIES, "channel": CHANNELS, "device": DEVICES, "kind": KINDS}
    arrays = []
    for name, values in table.items():
        if name in labels:
            codes = pa.Array.from_buffers(
                pa.int8(), len(values), [None, pa.py_buffer(values.astype(np.int8))]
            )
            arrays.append(pa.DictionaryArray.from_arrays(codes, pa.array(labels[name])))
        elif values.dtype == bool:
            bits = pa.py_buffer(np.packbits(values, bitorder="little"))
            arrays.append(pa.Array.from_buffers(pa.bool_(), len(values), [None, bits]))
        else:
            kind = pa.timestamp("s") if name in ("signed_up", "at") else pa.int64()
            arrays.append(pa.Array.from_buffers(kind, len(values), [None, pa.py_buffer(values)]))
    return pa.Table.from_arrays(arrays, names=list(table))


def main(folder, users=1_000_000):
    """Make both tables into a folder. Returns rows."""
    pa, parquet = require_pyarrow()
    keep_memory()
    rows = 0
    for block in range(-(-users // BLOCK)):
        made = make_block(7, block, min(BLOCK, users - block * BLOCK))
        for name, table in zip(("users", "events"), made, strict=True):
            arrow, sink = _arrow(table), pa.BufferOutputStream()
            whole = [field.name for field in arrow.schema if not pa.types.is_dictionary(field.type)]
            parquet.write_table(
                arrow, sink, compression="zstd", compression_level=1,
                write_statistics=arrow.column_names[:1],
                use_dictionary=[name for name in arrow.column_names if name not in whole],
                column_encoding={
                    name: "DELTA_BINARY_PACKED"
                    for name in whole
                    if arrow.schema.field(name).type != pa.bool_()
                },
            )  # fmt: skip
            write_whole(Path(folder) / name / f"part-{block:05d}.parquet", memoryview(sink.getvalue()))
            rows += arrow.num_rows
    return rows


if __name__ == "__main__":
    started = time.process_time()
    made = main(sys.argv[1], *map(int, sys.argv[2:]))
    print(json.dumps({"rows": made, "cpu_seconds": time.process_time() - started}))
