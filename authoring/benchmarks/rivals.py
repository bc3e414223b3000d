"""Other makers of data, on the same two tables, and Faker on the full schema. Needs nothing of this course.

    python rivals.py METHOD FOLDER [SCHEMA]

runs in a Python of its own (see run_rivals.py) and prints rows, processor seconds and versions as JSON. Each
method does what is usual with its tool, writes Parquet with zstd, and keeps the key from events to users. The
two that work row by row make a part of the job, and their rate is scaled.

Faker on the full schema draws each column by itself, by the type and limits that the data dictionary gives
it (SCHEMA, a JSON file): no relation, no time order, no plant. That is less than the course's generator does.
"""

import json
import os
import sys
import time
from pathlib import Path

USERS, EVENTS_EACH = 1_000_000, 10
START, SECONDS = 1_704_067_200, 730 * 86_400
COUNTRIES = ["DE", "FR", "GB", "US", "ES", "IT", "NL", "PL", "JP", "BR"]
CHANNELS = ["organic", "search", "social", "referral", "affiliate", "television"]
DEVICES = ["android", "ios", "web"]
KINDS = ["open", "search", "booking", "push"]


def _write_rows(rows, path):
    import pyarrow
    from pyarrow import parquet

    path.parent.mkdir(parents=True, exist_ok=True)
    parquet.write_table(pyarrow.Table.from_pylist(rows), path, compression="zstd", compression_level=1)


def faker(folder, users=10_000):
    from faker import Faker

    fake = Faker()
    Faker.seed(7)
    whole, chance, one_of = fake.random_int, fake.pybool, fake.random_element
    table, events = [], []
    for user in range(users):
        signed_up = START + whole(0, SECONDS - 1)
        table.append(
            {"user_id": user, "signed_up": signed_up, "country": one_of(COUNTRIES),
             "channel": one_of(CHANNELS), "device": one_of(DEVICES), "age": whole(18, 78),
             "referred": chance(), "events": EVENTS_EACH}
        )  # fmt: skip
        for event in range(EVENTS_EACH):
            events.append(
                {"event_id": user * 100 + event, "user_id": user,
                 "at": whole(signed_up, START + SECONDS), "kind": one_of(KINDS),
                 "value_cents": whole(0, 50_000)}
            )  # fmt: skip
    _write_rows(table, folder / "users.parquet")
    _write_rows(events, folder / "events.parquet")
    return len(table) + len(events)


def mimesis(folder, users=15_000):
    from mimesis import Choice, Numeric
    from mimesis.random import random

    random.seed(7)
    one_of, whole = Choice(seed=7), Numeric(seed=7).integer_number
    table, events = [], []
    for user in range(users):
        signed_up = whole(START, START + SECONDS - 1)
        table.append(
            {"user_id": user, "signed_up": signed_up, "country": one_of(COUNTRIES),
             "channel": one_of(CHANNELS), "device": one_of(DEVICES), "age": whole(18, 78),
             "referred": one_of([True, False]), "events": EVENTS_EACH}
        )  # fmt: skip
        for event in range(EVENTS_EACH):
            events.append(
                {"event_id": user * 100 + event, "user_id": user, "at": whole(signed_up, START + SECONDS),
                 "kind": one_of(KINDS), "value_cents": whole(0, 50_000)}
            )  # fmt: skip
    _write_rows(table, folder / "users.parquet")
    _write_rows(events, folder / "events.parquet")
    return len(table) + len(events)


def _duckdb(folder, threads):
    import duckdb

    def one_of(values, salt, row):
        listed = ", ".join(f"'{value}'" for value in values)
        return f"([{listed}])[(1 + hash({row}, {salt}) % {len(values)})::BIGINT]"

    signed_up = f"({START} + hash({{}}, 1) % {SECONDS})"
    to_file = "(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(config={"threads": threads}) as connection:
        connection.execute(
            f"""COPY (SELECT i AS user_id,
            make_timestamp({signed_up.format("i")}::BIGINT * 1000000) AS signed_up,
            {one_of(COUNTRIES, 2, "i")} AS country, {one_of(CHANNELS, 3, "i")} AS channel,
            {one_of(DEVICES, 4, "i")} AS device, 18 + hash(i, 5) % 60 AS age, hash(i, 6) % 8 = 0 AS referred,
            {EVENTS_EACH} AS events FROM range({USERS}) t(i)) TO '{folder}/users.parquet' {to_file}"""
        )
        user = f"(i // {EVENTS_EACH})"
        begun = signed_up.format(user)
        connection.execute(
            f"""COPY (SELECT i AS event_id, {user} AS user_id,
            make_timestamp(({begun} + hash(i, 7) % ({START + SECONDS} - {begun}))::BIGINT * 1000000) AS at,
            {one_of(KINDS, 8, "i")} AS kind, (hash(i, 9) % 50000)::BIGINT AS value_cents
            FROM range({USERS * EVENTS_EACH}) t(i)) TO '{folder}/events.parquet' {to_file}"""
        )
    return USERS * (1 + EVENTS_EACH)


def duckdb_one(folder):
    return _duckdb(folder, 1)


def duckdb_two(folder):
    return _duckdb(folder, 2)


def polars(folder):
    import polars as pl

    folder.mkdir(parents=True, exist_ok=True)

    def one_of(values, salt, row):
        return (row.hash(salt) % len(values)).cast(pl.UInt8).replace_strict(
            dict(enumerate(values)), return_dtype=pl.Enum(values)
        )  # fmt: skip

    def signed_up(user):
        return START + (user.hash(1) % SECONDS).cast(pl.Int64)

    def when(seconds):
        return pl.from_epoch(seconds, time_unit="s")

    settings = {"compression": "zstd", "compression_level": 1}
    row = pl.col("user_id")
    pl.select(user_id=pl.int_range(USERS)).select(
        row, signed_up=when(signed_up(row)), country=one_of(COUNTRIES, 2, row),
        channel=one_of(CHANNELS, 3, row), device=one_of(DEVICES, 4, row), age=18 + row.hash(5) % 60,
        referred=row.hash(6) % 8 == 0, events=pl.lit(EVENTS_EACH),
    ).write_parquet(folder / "users.parquet", **settings)  # fmt: skip
    row, user = pl.col("event_id"), pl.col("event_id") // EVENTS_EACH
    begun = signed_up(user)
    room = (START + SECONDS - begun).cast(pl.UInt64)
    pl.select(event_id=pl.int_range(USERS * EVENTS_EACH)).select(
        row, user_id=user, at=when(begun + (row.hash(7) % room).cast(pl.Int64)), kind=one_of(KINDS, 8, row),
        value_cents=(row.hash(9) % 50_000).cast(pl.Int64),
    ).write_parquet(folder / "events.parquet", **settings)  # fmt: skip
    return USERS * (1 + EVENTS_EACH)


def dbldatagen(folder):
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    import dbldatagen as dg
    from pyspark.sql import SparkSession

    spark = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", False)
        .config("spark.driver.memory", "2g")
        .config("spark.sql.parquet.compression.codec", "zstd")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    begun = f"{START} + pmod(hash(user_id, 1), {SECONDS})"
    users = (
        dg.DataGenerator(spark, rows=USERS, partitions=4, randomSeed=7)
        .withColumn("user_id", "long", expr="id")
        .withColumn("signed_up", "timestamp", expr=f"timestamp_seconds({begun})", baseColumn="user_id")
        .withColumn("country", "string", values=COUNTRIES, random=True)
        .withColumn("channel", "string", values=CHANNELS, random=True)
        .withColumn("device", "string", values=DEVICES, random=True)
        .withColumn("age", "int", minValue=18, maxValue=77, random=True)
        .withColumn("referred", "boolean", expr="pmod(hash(user_id, 6), 8) = 0", baseColumn="user_id")
        .withColumn("events", "int", expr=str(EVENTS_EACH))
    )
    users.build().write.mode("overwrite").parquet(str(folder / "users"))
    events = (
        dg.DataGenerator(spark, rows=USERS * EVENTS_EACH, partitions=4, randomSeed=7)
        .withColumn("event_id", "long", expr="id")
        .withColumn("user_id", "long", expr=f"id div {EVENTS_EACH}")
        .withColumn(
            "at", "timestamp",
            expr=f"timestamp_seconds({begun} + pmod(hash(event_id), {START + SECONDS} - ({begun})))",
            baseColumn=["event_id", "user_id"],
        )
        .withColumn("kind", "string", values=KINDS, random=True)
        .withColumn("value_cents", "long", minValue=0, maxValue=50_000, random=True)
    )  # fmt: skip
    events.build().write.mode("overwrite").parquet(str(folder / "events"))
    return USERS * (1 + EVENTS_EACH)


def faker_full(folder, schema, rows=50_000):
    """Every table of the dictionary, in the proportions of the shipped data."""
    from datetime import date

    from faker import Faker

    fake = Faker()
    Faker.seed(7)
    tables = json.loads(Path(schema).read_text(encoding="utf-8"))
    share, made = rows / sum(table["rows"] for table in tables), 0

    def maker(column):
        low, high = column["minimum"], column["maximum"]
        if column["type"] == "category":
            return lambda: fake.random_element(column["values"])
        if column["type"] == "boolean":
            return fake.pybool
        if column["type"] == "date":
            first, last = date(2024, 1, 1), date(2025, 12, 31)
            return lambda: fake.date_between(first, last)
        if column["type"] == "text":
            return fake.company
        if column["type"] == "number":
            return lambda: round(fake.random.uniform(low or 0, high or 100), column["decimals"])
        return lambda: fake.random_int(int(low or 0), int(high if high is not None else 1_000_000))

    for table in tables:
        makers = {column["name"]: maker(column) for column in table["columns"]}
        count = round(table["rows"] * share)
        if count:
            lines = [{name: make() for name, make in makers.items()} for _ in range(count)]
            _write_rows(lines, folder / f"{table['world']}-{table['name']}.parquet")
            made += count
    return made


METHODS = {
    method.__name__: method
    for method in (faker, mimesis, duckdb_one, duckdb_two, polars, dbldatagen, faker_full)
}
_PACKAGE = {"duckdb_one": "duckdb", "duckdb_two": "duckdb", "faker_full": "faker"}
_IMPORTED = {"duckdb": ("duckdb",), "polars": ("polars",), "dbldatagen": ("dbldatagen", "pyspark.sql")}


def _processor_seconds():
    """Of this process and of those that it started (Spark works in another one)."""
    import psutil

    total = 0.0
    for one in [psutil.Process(), *psutil.Process().children(recursive=True)]:
        times = one.cpu_times()
        total += times.user + times.system
    return total


def main(method, folder, *schema):
    from importlib import import_module
    from importlib.metadata import version

    package = _PACKAGE.get(method, method)
    for name in _IMPORTED.get(package, (package, "pyarrow.parquet")):  # not a part of the job
        import_module(name)
    started, before = time.perf_counter(), _processor_seconds()
    rows = METHODS[method](Path(folder), *schema)
    seconds, cpu = time.perf_counter() - started, _processor_seconds() - before
    print(json.dumps({"rows": rows, "seconds": seconds, "cpu_seconds": cpu, "version": version(package)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
