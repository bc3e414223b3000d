"""Make the data of the two worlds.

    python -m twoworlds.generate                           both worlds and the capstone's company, into ./data
    python -m twoworlds.generate swiftfare --seed 7 --scale 2 --out my-data
    python -m twoworlds.generate pipewright --scale 100 --out my-data           Parquet, in parts
    python -m twoworlds.generate --scale 100 --engine dask --out my-data        on all cores of this machine
    python -m twoworlds.generate --scale 1000 --scheduler tcp://host:8786 --out /shared/my-data

Everything is written to a private folder inside the output first and moved into place at the end, so what is
seen is whole. Bad input, a folder that cannot be written, a full disk: one line, exit status 2, nothing
changed. Parquet is made in parts, and a run that ends early leaves those that are whole: the same words go on
from there, and give the same data.
"""

import argparse
import errno
import json
import math
import os
import re
import sys
from pathlib import Path

from twoworlds import dictionary, unfinished
from twoworlds.engines import DaskEngine, LocalEngine
from twoworlds.errors import TwoWorldsError
from twoworlds.progress import Progress

DEFAULT_SEED = 1234  # of the shipped data
LARGEST_SEED = 2**64 - 1
SMALLEST_SCALE, LARGEST_SCALE = 0.1, 10_000
LARGEST_CSV = 10  # the scale above which tables are Parquet unless asked for as CSV
_ADDRESS = re.compile(r"((tcp|tls|ws|wss)://)?([\w.-]+|\[[0-9a-fA-F:]+\]):\d{1,5}")  # host and port
# What may stand in an output folder beside the generator's own folders.
_OWN_FOLDERS = {"truth"}
_COMPANIONS = {"README.md", "LICENSE", "LICENSE.md", "LICENSE.txt"}


class _Parser(argparse.ArgumentParser):
    def error(self, message):
        raise TwoWorldsError(f"{message[:1].upper()}{message[1:]} (--help shows the options).")


def seed_number(text):
    """A seed: a whole number from 0 to 2**64 - 1. Raises TwoWorldsError."""
    if not text.isascii() or not text.isdigit() or int(text) > LARGEST_SEED:
        raise TwoWorldsError(
            f"--seed {text!r} is not a whole number from 0 to {LARGEST_SEED}: give one, such as --seed 7."
        )
    return int(text)


def scale_number(text):
    """A scale: a number from SMALLEST_SCALE to LARGEST_SCALE. Raises TwoWorldsError."""
    try:
        scale = float(text)
    except ValueError:
        scale = math.nan
    if not SMALLEST_SCALE <= scale <= LARGEST_SCALE:
        raise TwoWorldsError(
            f"--scale {text!r} is not a number from {SMALLEST_SCALE} to {LARGEST_SCALE}: 1 is the course's"
            " size, 2 is twice as many users."
        )
    return int(scale) if scale == int(scale) else scale


def worker_number(text):
    """How many worker processes: a whole number from 1 to 1024. Raises TwoWorldsError."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 1024:
        raise TwoWorldsError(f"--workers {text!r} is not a whole number from 1 to 1024.")
    return int(text)


def _parser():
    worlds = list(dictionary.world_titles())
    parser = _Parser(
        prog="python -m twoworlds.generate",
        description="Make the data of the two worlds.",
        allow_abbrev=False,
    )
    parser.add_argument("world", nargs="?", help=f"{' or '.join(worlds)}; all where none is named")
    parser.add_argument(
        "--seed", default=str(DEFAULT_SEED), help="whole number; the shipped data has %(default)s"
    )
    parser.add_argument(
        "--scale",
        default="1",
        help=f"size: 1 as in the course (default), 2 twice as many users and accounts; {SMALLEST_SCALE} to"
        f" {LARGEST_SCALE}",
    )
    parser.add_argument("--out", default="data", metavar="DIR", help="folder for the data (default: ./data)")
    parser.add_argument(
        "--format",
        help=f"csv (default up to scale {LARGEST_CSV}) or parquet, in parts (default above, and with dask)",
    )
    parser.add_argument(
        "--engine", help="local: this machine, one block after the other (default); dask: several processes"
    )
    parser.add_argument("--workers", help="processes of --engine dask on this machine; default: one a core")
    parser.add_argument(
        "--scheduler", metavar="ADDRESS", help="a Dask scheduler that runs, such as tcp://host:8786"
    )
    parser.add_argument(
        "--overwrite", action="store_true", help="replace what the generator wrote there earlier"
    )
    return parser


def _say(text):
    print(text, file=sys.stderr, flush=True)


def make_world(name, seed, scale, data_folder, truth_folder):
    """Write all tables of a world as CSV into two folders that exist and are empty."""
    from twoworlds.worlds.blocks import groups
    from twoworlds.worlds.registry import MADE
    from twoworlds.worlds.writing import TableSet, add_counts, write_json

    world = MADE[name]
    about = {"world": name, "seed": seed, "scale": scale}
    blocks = world.block_count(scale)
    progress, counts, sets = Progress(name, blocks), {}, []
    try:
        tables = TableSet(data_folder, dictionary.tables(name))
        sets.append(tables)
        oracle = TableSet(truth_folder, dictionary.tables(name, "truth"))
        sets.append(oracle)
        for group in groups(world, scale):
            for block_tables, block_oracle in world.make_blocks(seed, scale, group):
                tables.append(block_tables)
                oracle.append(block_oracle)
                add_counts(counts, world.count_block(block_tables, block_oracle))
                progress.add(1)
        tables.close(about)
        oracle.close(about)
        write_json(truth_folder / "truth.json", world.truth(seed, scale, counts))
    except BaseException:
        for unfinished in sets:
            unfinished.abandon()
        raise
    finally:
        progress.end()


def _take_census(name, seed, scale, folder, engine):
    """Count what the blocks of a world must know of each other, where they must, and show how far it is."""
    from twoworlds.worlds import parts

    steps = parts.census_rounds(name) * parts.part_count(name, scale)
    progress = Progress(f"{name}, counting ahead", steps, "steps")

    def run(function, jobs):
        for counted in engine.run(function, jobs):
            progress.add(1)
            yield counted

    try:
        parts.take_census(folder, name, seed, scale, run)
    finally:
        progress.end()


def make_world_in_parts(name, seed, scale, folder, engine):
    """Write all tables of a world as Parquet, in parts, into a private folder; parts that an earlier run has
    left whole are kept."""
    from twoworlds.worlds import parts

    numbers = range(parts.part_count(name, scale))
    missing = [part for part in numbers if not parts.is_whole(folder, name, part)]
    blocks = {part: len(parts.part_blocks(name, scale, part)) for part in numbers}
    total, left = sum(blocks.values()), sum(blocks[part] for part in missing)
    if left < total:
        _say(f"{name}: {total - left} of {total} blocks are there from an earlier run")
    if missing:
        _take_census(name, seed, scale, folder, engine)
    jobs = [
        {"folder": str(folder), "world": name, "seed": seed, "scale": scale, "part": part,
         "code": parts.code_key()}
        for part in missing
    ]  # fmt: skip
    progress = Progress(name, total, done=total - left)
    try:
        for made in engine.run(parts.make_part, jobs):
            progress.add(made)
    finally:
        progress.end()
    parts.finish_world(folder, name, seed, scale)


def _strangers(folder, manifest_files):
    """Files of a folder that an earlier run of the generator did not write."""
    return sorted(entry.name for entry in folder.iterdir() if entry.name not in manifest_files)


def _written_files(folder):
    """Names of the files that the generator wrote into a folder, by its manifest (none without one)."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        entries = manifest["tables"].values()
        return {
            "manifest.json",
            "truth.json",
            *(entry["file"].split("/")[0] for entry in entries),
            *(entry["sample"] for entry in entries if "sample" in entry),
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return set()


def _check_output(out, targets, overwrite):
    """Refuse a folder with files that are not the generator's, or that would be overwritten unasked."""
    if not out.exists():
        return
    if not out.is_dir():
        raise TwoWorldsError(f"--out {str(out)!r} is a file: name a folder.")
    allowed = {*dictionary.world_titles(), *_OWN_FOLDERS, *_COMPANIONS, unfinished.NAME}
    foreign = sorted(entry.name for entry in out.iterdir() if entry.name not in allowed)
    if foreign:
        raise TwoWorldsError(
            f"{str(out)!r} holds other files ({foreign[0]}{', ...' if len(foreign) > 1 else ''}): name an"
            " empty or a new folder with --out."
        )
    for target in targets:
        if not target.exists():
            continue
        strangers = _strangers(target, _written_files(target)) if target.is_dir() else [target.name]
        if strangers:
            raise TwoWorldsError(
                f"{str(target)!r} holds {strangers[0]!r}, which the generator did not write: move it away, or"
                " name another folder with --out."
            )
        if any(target.iterdir()) and not overwrite:
            raise TwoWorldsError(
                f"{str(target)!r} holds data already: add --overwrite to replace it, or name another folder"
                " with --out."
            )


def _move_into_place(moves, private):
    """Put every made folder where it belongs; should one move fail, undo the others.

    moves: (made folder, target) pairs on one file system. private: folder for what is replaced meanwhile.
    """
    done = []
    try:
        for number, (made, target) in enumerate(moves):
            target.parent.mkdir(parents=True, exist_ok=True)
            aside = private / f"replaced-{number}"
            replaced = target.exists()
            if replaced:
                os.rename(target, aside)
            try:
                os.rename(made, target)
            except BaseException:
                if replaced:
                    os.rename(aside, target)
                raise
            done.append((made, target, aside if replaced else None))
    except BaseException:
        for made, target, aside in reversed(done):
            os.rename(target, made)
            if aside is not None:
                os.rename(aside, target)
        raise


def _new_folders(path):
    """Folders on the way to `path`, itself included, that are not there yet; the deepest first."""
    missing = []
    while not path.exists():
        missing.append(path)
        path = path.parent
    return missing


def _in_words(problem, out):
    """What an operating system's error means for whoever runs the generator."""
    if problem.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return (
            "The disk is full, or files may not grow that large: make room, or name another place than"
            f" {str(out)!r} with --out."
        )
    reason = problem.strerror or str(problem)
    return f"{str(out)!r} cannot be written ({reason}): name a folder that you may write to with --out."


def _make_all(private, worlds, seed, scale, file_format, engine):
    """Make every world in the private folder. Returns (made folder, world, "data" or "truth") triples."""
    from twoworlds.worlds.parts import KEPT, world_folder

    for name in worlds:
        folders = [world_folder(private, name, kept) for kept in KEPT]
        for folder in folders:
            folder.mkdir(exist_ok=True)
        if file_format == "csv":
            make_world(name, seed, scale, *folders)
        else:
            make_world_in_parts(name, seed, scale, private, engine)
    return [(world_folder(private, name, kept), name, kept) for name in worlds for kept in KEPT]


def generate(
    worlds,
    seed=DEFAULT_SEED,
    scale=1,
    out="data",
    file_format="csv",
    overwrite=False,
    make_engine=LocalEngine,
):
    """Make worlds (names) and put them into `out`: <world>/ and truth/<world>/. Returns the folder.

    make_engine: gives an engine for Parquet (see engines.py). Raises TwoWorldsError, and then leaves `out` as
    it was, but for the parts that are whole, in a hidden folder: the next run goes on with them.
    """
    from twoworlds.worlds.parts import code_key, require_pyarrow

    out = Path(os.path.abspath(out))
    targets = [folder for name in worlds for folder in (out / name, out / "truth" / name)]
    private, engine, created = None, None, []
    try:
        _check_output(out, targets, overwrite)
        if file_format == "parquet":
            require_pyarrow()
        created = _new_folders(out / "truth")
        out.mkdir(parents=True, exist_ok=True)
        plan = {
            "worlds": list(worlds),
            "seed": seed,
            "scale": scale,
            "format": file_format,
            "code": code_key(),
        }
        # Inside the output folder, so that moving into place is a rename; hidden, and gone at the end.
        private = unfinished.PrivateFolder(out, plan, discard=overwrite)
        if file_format == "parquet":
            engine = make_engine()
            if hasattr(engine, "check_workers"):
                engine.check_workers(private.path)
        made = _make_all(private.path, worlds, seed, scale, file_format, engine)
        places = {"data": out, "truth": out / "truth"}
        _move_into_place([(folder, places[kept] / name) for folder, name, kept in made], private.path)
        private.empty()
        created = []
    except OSError as problem:
        raise TwoWorldsError(_in_words(problem, out) + _what_is_kept(private)) from None
    except MemoryError:
        raise TwoWorldsError(
            "The memory is full: choose a smaller --scale." + _what_is_kept(private)
        ) from None
    except TwoWorldsError as problem:
        raise TwoWorldsError(f"{problem}{_what_is_kept(private)}") from None
    finally:
        if engine is not None:
            engine.close()
        if private is not None:
            if private.has_parts():
                private.leave()
            else:
                private.remove()
        for folder in created:  # on failure: what this run created, and nothing else
            try:
                folder.rmdir()
            except OSError:
                pass
    return out


def _what_is_kept(private):
    """A sentence on the parts that a run leaves for the next one."""
    if private is None or not private.has_parts():
        return ""
    return " The parts that are whole are kept: the same words again go on from there."


def run(arguments):
    """Parse and generate. Raises TwoWorldsError."""
    options = _parser().parse_args(arguments)
    known = list(dictionary.world_titles())
    if options.world is not None and options.world not in known:
        raise TwoWorldsError(
            f"There is no world {options.world!r}: name {' or '.join(known)}, or none for all."
        )
    if not options.out.strip():
        raise TwoWorldsError("--out is empty: name a folder.")
    worlds = [options.world] if options.world else known
    seed, scale = seed_number(options.seed), scale_number(options.scale)
    file_format, make_engine = _ways(options, scale)
    if scale < 1:
        _say(
            f"Scale {scale} is below 1: with fewer users and accounts some surprises fade, and numbers wander"
            " further from the course's."
        )
    out = generate(worlds, seed, scale, options.out, file_format, options.overwrite, make_engine)
    _say(f"{', '.join(worlds)}: seed {seed}, scale {scale}, in {out}")


def _ways(options, scale):
    """The format, and what makes the engine, that the words ask for. Raises TwoWorldsError."""
    engine = options.engine or ("local" if options.scheduler is None else "dask")
    if engine not in ("local", "dask"):
        raise TwoWorldsError(f"--engine {engine!r} is unknown: choose local or dask.")
    if engine == "local" and (options.scheduler is not None or options.workers is not None):
        word = "--scheduler" if options.scheduler is not None else "--workers"
        raise TwoWorldsError(f"{word} goes with --engine dask.")
    if options.scheduler is not None and not _ADDRESS.fullmatch(options.scheduler):
        raise TwoWorldsError(
            f"--scheduler {options.scheduler!r} is no address: give one such as tcp://host:8786."
        )
    if options.scheduler is not None and options.workers is not None:
        raise TwoWorldsError("--workers is for this machine: a scheduler that runs has workers of its own.")
    workers = worker_number(options.workers) if options.workers is not None else None
    usual = "parquet" if engine == "dask" or scale > LARGEST_CSV else "csv"
    file_format = usual if options.format is None else options.format
    if file_format not in ("csv", "parquet"):
        raise TwoWorldsError(f"--format {file_format!r} is unknown: choose csv or parquet.")
    if engine == "dask" and file_format == "csv":
        raise TwoWorldsError("--engine dask writes Parquet, in parts: leave --format out, or choose parquet.")
    if engine == "local":
        return file_format, LocalEngine
    return file_format, lambda: DaskEngine(workers, options.scheduler)


def main(arguments=None):
    """The command. Returns the exit status: 0, or 2 after one line on standard error."""
    try:
        run(sys.argv[1:] if arguments is None else arguments)
    except TwoWorldsError as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(
            "error: stopped; nothing was changed. Parts that are whole are kept: the same words again go on.",
            file=sys.stderr,
        )
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
