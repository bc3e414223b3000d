"""Run the other makers of data in a Python of their own, which is thrown away, and this course's job beside
them: `make bench ARGS="--rivals"`."""

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from authoring.benchmarks import scale
from authoring.benchmarks.measure import measure
from authoring.environment import python_in
from twoworlds import dictionary

HERE = Path(__file__).parent
PACKAGES = ("faker", "mimesis", "duckdb", "polars", "pyarrow", "psutil")
SPARK_PACKAGES = ("dbldatagen", "pyspark", "jmespath", "pyparsing", "pandas<3")
METHODS = ("faker", "mimesis", "duckdb_one", "duckdb_two", "polars", "dbldatagen", "faker_full")
SLOW = ("dbldatagen",)  # once: minutes a run
REPEATS = 3
FULL_SCALE = 20  # of the full schema that is held against Faker's


def _install(folder):
    """A Python with the rivals. Returns its path and the methods that can run there."""
    print("bench: installing the others into a folder that is thrown away", flush=True)
    venv.create(folder, with_pip=True)
    python, methods = python_in(folder), list(METHODS)
    install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*map(str, install), *PACKAGES], check=True)
    if shutil.which("java") is None:
        print("bench: dbldatagen is left out, since Spark needs Java and this machine has none", flush=True)
        methods.remove("dbldatagen")
    elif subprocess.run([*map(str, install), *SPARK_PACKAGES], check=False).returncode:
        print("bench: dbldatagen is left out, since Spark could not be installed", flush=True)
        methods.remove("dbldatagen")
    return python, methods


def write_schema(path):
    """Every table with its columns and its rows in the shipped data, as JSON for Faker."""
    tables = []
    for world in dictionary.world_titles():
        for kept, folder in (("data", "data"), ("truth", "data/truth")):
            manifest = HERE.parents[1] / folder / world / "manifest.json"
            rows = json.loads(manifest.read_text(encoding="utf-8"))["tables"]
            for name, table in dictionary.tables(world, kept).items():
                columns = [
                    {"name": column.name, "type": column.type, "values": column.values,
                     "minimum": column.minimum, "maximum": column.maximum, "decimals": column.decimals}
                    for column in table.columns
                ]  # fmt: skip
                tables.append(
                    {"world": world, "name": f"{kept}-{name}", "rows": rows[name]["rows"], "columns": columns}
                )
    path.write_text(json.dumps(tables), encoding="utf-8")


def _once(command, temporary, schema=None):
    """One run: rows, seconds, processor seconds, peak memory."""
    out = Path(temporary) / "made"
    found = measure(*command, out, *([schema] if schema else []))
    shutil.rmtree(out, ignore_errors=True)
    said = json.loads(found.said.strip().splitlines()[-1])
    return {"seconds": found.seconds, **said, "peak_mb": found.peak_mb}


def full_schema():
    """All companies with all tables, in the same turn as Faker's, with the start of Python and all."""
    (entry,) = scale.at_scales([FULL_SCALE])
    return {name: entry[name] for name in ("rows", "seconds", "cpu_seconds", "peak_mb")}


def _say(name, found):
    rate = found["rows"] / found["cpu_seconds"] / 1e6
    print(f"{name:14} {rate:8.3f} million rows a processor second", flush=True)


def run(repeats=REPEATS):
    """Every method in turns, so that a busy minute of the machine meets all of them. Returns method -> its
    medians."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        python, methods = _install(folder / "python")
        schema = folder / "schema.json"
        write_schema(schema)
        runs = {name: [] for name in ("twoworlds", "twoworlds_full", *methods)}
        for turn in range(repeats):
            for name, found in runs.items():
                if turn and name in SLOW:
                    continue
                if name == "twoworlds_full":
                    found.append(full_schema())
                    _say(name, found[-1])
                    continue
                if name == "twoworlds":
                    command = (sys.executable, "-m", "authoring.benchmarks.two_tables")
                else:
                    command = (python, HERE / "rivals.py", name)
                found.append(_once(command, folder, schema if name == "faker_full" else None))
                _say(name, found[-1])
    return {name: _median(found) for name, found in runs.items()}


def _median(found):
    """Medians of several runs of one method."""
    result = {"rows": found[0]["rows"], "runs": len(found)}
    for name in ("seconds", "cpu_seconds", "peak_mb"):
        result[name] = round(statistics.median(run[name] for run in found), 3)
    result["rows_a_cpu_second"] = round(statistics.median(run["rows"] / run["cpu_seconds"] for run in found))
    if "version" in found[0]:
        result["version"] = found[0]["version"]
    return result
