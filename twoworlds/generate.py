"""Make the data of the two worlds.

    python -m twoworlds.generate                           both worlds and the capstone's company, into ./data
    python -m twoworlds.generate swiftfare --seed 7 --scale 2 --out my-data
    python -m twoworlds.generate pipewright --format parquet --out my-data

Everything is written to a private folder beside the output first and moved into place at the end, so what is
seen is whole. Bad input, a folder that cannot be written, a full disk: one line, exit status 2, nothing
changed.
"""

import argparse
import errno
import json
import math
import os
import shutil
import sys
import tempfile
from pathlib import Path

from twoworlds import dictionary
from twoworlds.errors import TwoWorldsError

DEFAULT_SEED = 1234  # of the shipped data
LARGEST_SEED = 2**64 - 1
LARGEST_SCALE = 1000
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
    """A scale: a number above 0, up to LARGEST_SCALE. Raises TwoWorldsError."""
    try:
        scale = float(text)
    except ValueError:
        scale = math.nan
    if not 0 < scale <= LARGEST_SCALE:
        raise TwoWorldsError(
            f"--scale {text!r} is not a number above 0, up to {LARGEST_SCALE}: 1 is the course's size, 2 is"
            " twice as many users."
        )
    return int(scale) if scale == int(scale) else scale


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
        "--scale", default="1", help="size: 1 as in the course (default), 2 twice as many users and accounts"
    )
    parser.add_argument("--out", default="data", metavar="DIR", help="folder for the data (default: ./data)")
    parser.add_argument("--format", default="csv", help="csv (default) or parquet")
    parser.add_argument("--engine", default="local", help="local: this machine, one block after the other")
    parser.add_argument(
        "--overwrite", action="store_true", help="replace what the generator wrote there earlier"
    )
    return parser


def _say(text):
    print(text, file=sys.stderr, flush=True)


class _Progress:
    """One line that counts on a terminal; a line every quarter elsewhere."""

    def __init__(self, world, total):
        self.world, self.total, self.shown = world, total, 0
        self.live = sys.stderr.isatty()

    def done(self, count):
        quarter = 4 * count // self.total
        if self.live:
            print(f"\r{self.world}: {count} of {self.total} blocks", end="", file=sys.stderr, flush=True)
        elif quarter > self.shown:
            _say(f"{self.world}: {count} of {self.total} blocks")
        self.shown = quarter

    def end(self):
        if self.live:
            print(file=sys.stderr)


def add_counts(total, more):
    """Add a block's counts (numbers, or lists of them) to those of the blocks before it."""
    for name, value in more.items():
        if isinstance(value, list):
            total[name] = [a + b for a, b in zip(total.get(name, [0] * len(value)), value, strict=True)]
        else:
            total[name] = total.get(name, 0) + value


def make_world(name, seed, scale, file_format, data_folder, truth_folder):
    """Write all tables of a world into two folders that exist and are empty."""
    from twoworlds.worlds.registry import MADE
    from twoworlds.worlds.writing import TableSet, write_json

    world = MADE[name]
    about = {"world": name, "seed": seed, "scale": scale}
    blocks = world.block_count(scale)
    progress, counts, sets = _Progress(name, blocks), {}, []
    try:
        tables = TableSet(data_folder, dictionary.tables(name), file_format)
        sets.append(tables)
        oracle = TableSet(truth_folder, dictionary.tables(name, "truth"), file_format)
        sets.append(oracle)
        for block in range(blocks):
            block_tables, block_oracle = world.make_block(seed, scale, block)
            tables.append(block_tables)
            oracle.append(block_oracle)
            add_counts(counts, world.count_block(block_tables, block_oracle))
            progress.done(block + 1)
        tables.close(about)
        oracle.close(about)
        write_json(truth_folder / "truth.json", world.truth(seed, scale, counts))
    except BaseException:
        for unfinished in sets:
            unfinished.abandon()
        raise
    finally:
        progress.end()


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
            *(entry["file"] for entry in entries),
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
    allowed = {*dictionary.world_titles(), *_OWN_FOLDERS, *_COMPANIONS}
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


def generate(worlds, seed=DEFAULT_SEED, scale=1, out="data", file_format="csv", overwrite=False):
    """Make worlds (names) and put them into `out`: <world>/ and truth/<world>/. Returns the folder.

    Raises TwoWorldsError, and then leaves `out` as it was.
    """
    out = Path(os.path.abspath(out))
    targets = [folder for name in worlds for folder in (out / name, out / "truth" / name)]
    private = None
    created = []
    try:
        _check_output(out, targets, overwrite)
        if file_format == "parquet":
            from twoworlds.worlds.writing import require_pyarrow

            require_pyarrow()
        created = _new_folders(out / "truth")
        out.mkdir(parents=True, exist_ok=True)
        # Inside the output folder, so that moving into place is a rename; hidden, and gone at the end.
        private = Path(tempfile.mkdtemp(prefix=".making-", dir=out))
        moves = []
        for name in worlds:
            made = private / name, private / f"truth-{name}"
            for folder in made:
                folder.mkdir()
            make_world(name, seed, scale, file_format, *made)
            moves += zip(made, (out / name, out / "truth" / name), strict=True)
        _move_into_place(moves, private)
        created = []
    except OSError as problem:
        raise TwoWorldsError(_in_words(problem, out)) from None
    except MemoryError:
        raise TwoWorldsError("The memory is full: choose a smaller --scale.") from None
    finally:
        if private is not None:
            shutil.rmtree(private, ignore_errors=True)
        for folder in created:  # on failure: what this run created, and nothing else
            try:
                folder.rmdir()
            except OSError:
                pass
    return out


def run(arguments):
    """Parse and generate. Raises TwoWorldsError."""
    options = _parser().parse_args(arguments)
    known = list(dictionary.world_titles())
    if options.world is not None and options.world not in known:
        raise TwoWorldsError(
            f"There is no world {options.world!r}: name {' or '.join(known)}, or none for all."
        )
    if options.format not in ("csv", "parquet"):
        raise TwoWorldsError(f"--format {options.format!r} is unknown: choose csv or parquet.")
    if options.engine != "local":
        raise TwoWorldsError(f"--engine {options.engine!r} is unknown: choose local.")
    if not options.out.strip():
        raise TwoWorldsError("--out is empty: name a folder.")
    worlds = [options.world] if options.world else known
    seed, scale = seed_number(options.seed), scale_number(options.scale)
    out = generate(worlds, seed, scale, options.out, options.format, options.overwrite)
    _say(f"{', '.join(worlds)}: seed {seed}, scale {scale}, in {out}")


def main(arguments=None):
    """The command. Returns the exit status: 0, or 2 after one line on standard error."""
    try:
        run(sys.argv[1:] if arguments is None else arguments)
    except TwoWorldsError as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("error: stopped; nothing was written.", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
