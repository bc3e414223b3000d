"""Make a class's own folder: data with a seed of its own, its exercises, and apart from them the answers.

    python -m twoworlds.cohort autumn                  a random seed, the folder ./autumn
    python -m twoworlds.cohort autumn --seed 7 --out classes --exercises 03-retention 04-research

autumn/learner/ is for the class: tables without truth and without the seed, exercises, and checks that know
the answers for these tables but hold no solution. autumn/instructor/ is for you: seed, truth, answer keys,
solutions, and the held-back data that `python -m twoworlds.grade EXERCISE SUBMISSIONS --data autumn` marks
on.

A seed must show every surprise that the exercises teach. One that does not is refused, with what is absent
and a seed that works; nothing is written then, and the exit status is 2. Without --seed one that works is
drawn; that is also the safer way, since a seed which can be guessed gives the truth away.
"""

import argparse
import contextlib
import io
import json
import os
import re
import secrets
import shutil
import sys
import tempfile
import tomllib
from pathlib import Path

from twoworlds import __version__, data, dictionary
from twoworlds.check import checkdata, packing
from twoworlds.errors import TwoWorldsError
from twoworlds.generate import generate, seed_number
from twoworlds.grade import answers

PACKAGE = Path(__file__).resolve().parent
ROOT = PACKAGE.parent
TAUGHT = PACKAGE / "taught.toml"
_TRIES = 40  # seeds that are tried before giving up
_FIRST_CELL = """\
# Your class has data of its own: it lies in data/, beside the folder of this notebook.
import os

os.environ["TWOWORLDS_DATA"] = os.path.abspath("{data}")
os.environ["TWOWORLDS_CHECKS"] = os.path.abspath("{checks}")"""


def _say(text):
    print(text, file=sys.stderr, flush=True)


# ---------------------------------------------------------------- what a seed must show


def label(plant):
    """A plant's name, with its company's."""
    return f"{plant.world}, {plant.name}"


def planted():
    """Every plant: those of the two companies, and those of the capstone's."""
    from twoworlds.worlds.capstone import plants as capstone
    from twoworlds.worlds.plants import PLANTS

    return [*PLANTS, *capstone.PLANTS]


def taught(slug):
    """[(question or "", Plant)] whose surprise an exercise teaches."""
    listed = tomllib.loads(TAUGHT.read_text(encoding="utf-8")).get(slug)
    if listed is None:
        return [("", plant) for plant in planted() if plant.chapter == slug]
    by_label = {label(plant): plant for plant in planted()}
    return [(question, by_label[name]) for question, names in listed.items() for name in names]


def absent(slugs):
    """Sentences on the surprises of some exercises that the data in use does not show."""
    tables = {world: data.load(world) for world in dictionary.world_titles()}
    shown, missing = {}, {}
    for slug in slugs:
        for question, plant in taught(slug):
            if plant.shows not in shown:
                shown[plant.shows] = bool(plant.shows(tables[plant.world]))
            if not shown[plant.shows]:
                surprise = " ".join((plant.shows.__doc__ or "").split("\n\n")[0].split()).rstrip(".")
                words = f" ({surprise})" if surprise else ""
                # Several plants may stand behind one surprise: it is absent once.
                what = f"{slug} {question}: {label(plant)} does not show{words}"
                missing.setdefault((slug, question, plant.shows), what)
    return list(missing.values())


def _generate(seed, folder):
    """Make every company; the generator's own lines of progress would be too many here."""
    with contextlib.redirect_stderr(io.StringIO()):
        generate(list(dictionary.world_titles()), seed, 1, folder)


class Tried:
    """A seed's tables in a private folder, the exercises' keys on them, and what speaks against the seed.

    problems: sentences on surprises that do not show, and on solutions that fail; near: {(slug, question,
    trap)} of wrong routes that come to the right answer on this data
    """

    def __init__(self, seed, contents, folder):
        """contents: {slug: check data}; folder: a new one, for this seed alone."""
        self.seed, self.folder, self.keys = seed, folder, {}
        self.problems, self.near = [], set()
        _generate(seed, folder)
        with answers.data_in_use(folder):
            self.problems += absent(contents)
        for slug, content in contents.items():
            if self.problems:
                return
            try:
                self.keys[slug] = answers.work_out(content, folder)
            except TwoWorldsError as problem:
                self.problems.append(f"{slug}: {problem}")
            else:
                self.near |= near_traps(slug, content, self.keys[slug])


def near_traps(slug, content, keys):
    """{(slug, question, trap)} of wrong routes that come to the right answer with these keys."""
    return {(slug, *pair) for pair in answers.traps_too_near(content, keys)}


def _next_that_works(seed, contents, private):
    """The first seed after `seed` that shows everything, or None."""
    for step in range(1, _TRIES + 1):
        _say(f"seed {seed + step}: looking whether it shows what the exercises teach")
        tried = Tried(seed + step, contents, private / f"seed-{seed + step}")
        shutil.rmtree(tried.folder, ignore_errors=True)
        if not tried.problems:
            return seed + step
    return None


def _chosen(seed, contents, private):
    """The seed's Tried; without a seed, that of a random one that works. Raises TwoWorldsError."""
    if seed is not None:
        _say(f"seed {seed}: making its data, and looking for what the exercises teach")
        tried = Tried(seed, contents, private / f"seed-{seed}")
        if not tried.problems:
            return tried
        other = _next_that_works(seed, contents, private)
        advice = f"seed {other} shows everything: --seed {other}" if other else "leave --seed out"
        more = f" (and {len(tried.problems) - 3} more)" if len(tried.problems) > 3 else ""
        raise TwoWorldsError(
            f"Seed {seed} can't teach these exercises: {'; '.join(tried.problems[:3])}{more}."
            f" Instead, {advice}."
        )
    for number in range(1, _TRIES + 1):
        seed = secrets.randbits(63)
        _say(f"random seed {number}: making its data, and looking for what the exercises teach")
        tried = Tried(seed, contents, private / f"seed-{seed}")
        if not tried.problems:
            return tried
        shutil.rmtree(tried.folder, ignore_errors=True)
    raise TwoWorldsError(f"{_TRIES} random seeds could not teach these exercises: name fewer --exercises.")


def _held_back(tried, contents, private):
    """(seed, folder) of data to mark on: every computed answer is another than on the class's own, and no
    wrong route comes to the right answer on both."""
    for _ in range(_TRIES):
        seed = secrets.randbits(63)
        _say("making the held-back data")
        folder = private / f"seed-{seed}"
        _generate(seed, folder)
        clash = []
        for slug, content in contents.items():
            keys = answers.work_out(content, folder)
            clash += answers.same_answers(content, tried.keys[slug], keys)
            clash += near_traps(slug, content, keys) & tried.near
        if not clash:
            return seed, folder
        shutil.rmtree(folder, ignore_errors=True)
    raise TwoWorldsError(f"{_TRIES} random seeds gave no held-back data with other answers than the class's.")


# ---------------------------------------------------------------- what is written


def _write_json(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def cohort_notebook(notebook, data_path, checks_path):
    """A notebook of the course for a cohort: first of all its data; no stored output, no dead link."""
    cells = []
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            # The chapters and the other notebooks stay with the course.
            cell = {**cell, "source": re.sub(r"\[([^]]+)\]\(\.\./[^)]*\)", r"\1", source)}
        elif cell["cell_type"] == "code":
            cell = {**cell, "source": source, "outputs": [], "execution_count": None}
        if cell["cell_type"] == "code" and not any(made["cell_type"] == "code" for made in cells):
            first = _FIRST_CELL.format(data=data_path, checks=checks_path)
            cells.append({"cell_type": "code", "id": "start-cohort", "metadata": {}, "source": first})
            cells[-1] |= {"outputs": [], "execution_count": None}
        cells.append(cell)
    return {**notebook, "cells": cells}


def cohort_checks(content, keys, digests):
    """Check data for a cohort's learners: the keys for their data, packed, and no solution."""
    return {**content, "data_digests": digests, "keys": packing.pack(keys), "program": packing.pack([])}


def key_in_words(content, keys):
    """An answer key to read, as Markdown."""
    lines = [f"# Answers: {content['exercise']}", ""]
    for question, spec in content["questions"].items():
        answer = keys.get(question, {}).get("answer")
        lines += [f"## {question}: {spec['title']}", ""]
        if spec["kind"] == "decision":
            lines += ["Read by a person, against:", "", *(f"- {line}" for line in spec.get("rubric", ()))]
        elif isinstance(answer, dict):
            lines += [f"`{spec['name']}`:", "", f"| {' | '.join(answer['columns'])} |"]
            lines += [f"|{'---|' * len(answer['columns'])}"]
            lines += [f"| {' | '.join(map(str, row))} |" for row in answer["rows"]]
        else:
            lines += [f"`{spec['name']} = {answer!r}`"]
        lines.append("")
    return "\n".join(lines)


def _read_notebook(folder, slug):
    try:
        return json.loads((ROOT / folder / f"{slug}.ipynb").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise TwoWorldsError(
            f"{folder}/{slug}.ipynb is not there: a cohort is made in a clone of the course."
        ) from None


def _write_learner(folder, tried, contents):
    answers.stage(tried.folder, folder / "data")
    with answers.data_in_use(folder / "data"):
        digests = {world: data.data_digest(world) for world in dictionary.world_titles()}
    for slug, content in contents.items():
        used = {world: digests[world] for world in content["data_digests"]}
        notebook = cohort_notebook(_read_notebook("exercises", slug), "../data", "checks")
        _write_json(folder / "exercises" / f"{slug}.ipynb", notebook)
        checks = cohort_checks(content, tried.keys[slug], used)
        _write_json(folder / "exercises" / "checks" / f"{slug}.json", checks)
    listed = "\n".join(f"- `exercises/{slug}.ipynb`" for slug in contents)
    (folder / "README.md").write_text(
        f"""# Your exercises

{listed}

They stand on data made for your class alone, in `data/`: the numbers in the book are of other data, so
yours will differ. Keep the folders together, and open the notebooks where they lie, in a Python that has the
course's package. The first cell of each names your data; run it first. The checks tell you at once whether an
answer is right for your data.

Hand in the notebook itself, after *Restart and run all cells*. It is run again on other data of the same kind
when it is marked. So let the code work out the answer: a number that is typed in earns nothing.
""",
        encoding="utf-8",
    )


def _write_instructor(folder, name, tried, held_back, contents):
    seed, tables = held_back
    about = {"name": name, "seed": tried.seed, "held_back_seed": seed, "scale": 1, "package": __version__}
    _write_json(folder / "cohort.json", {**about, "exercises": list(contents)})
    shutil.copytree(tried.folder / "truth", folder / "truth")
    answers.stage(tables, folder / "held-back")
    for slug, content in contents.items():
        _write_json(folder / "keys" / f"{slug}.json", tried.keys[slug])
        words = key_in_words(content, tried.keys[slug])
        (folder / "keys" / f"{slug}.md").write_text(words, encoding="utf-8")
        paths = "../../learner/data", "../../learner/exercises/checks"
        notebook = cohort_notebook(_read_notebook("solutions", slug), *paths)
        _write_json(folder / "solutions" / f"{slug}.ipynb", notebook)
    first = next(iter(contents))
    (folder / "README.md").write_text(
        f"""# {name}, for the instructor

Give the class `learner/`, all of it and nothing else. Keep this folder to yourself:

- `cohort.json`: the two seeds. Whoever knows the first can make the truth again.
- `truth/`: what was planted in the class's data.
- `keys/`: the answers on the class's data, to read (`.md`) and for programs (`.json`).
- `solutions/`: the solutions, to be run on the class's data. Their words speak of the course's own data.
- `held-back/`: the second data set that marks are given on.

To mark, in a clone of the course:

    python -m twoworlds.grade {first} SUBMISSIONS --data {name} --out grades.csv
{_near_in_words(tried)}""",
        encoding="utf-8",
    )


def _near_in_words(tried):
    """A paragraph on wrong routes that the learners' checks can't tell from the right one, if any."""
    if not tried.near:
        return ""
    listed = "\n".join(f"- {slug} {question}: {trap}" for slug, question, trap in sorted(tried.near))
    return f"""
On the class's data some wrong routes happen to come to the right answer, so the learners' checks accept
them. On the held-back data they don't, so they earn no point; you may want to say so:

{listed}
"""


# ---------------------------------------------------------------- the command


class _Parser(argparse.ArgumentParser):
    def error(self, message):
        raise TwoWorldsError(f"{message[:1].upper()}{message[1:]} (--help shows the options).")


def _parser():
    parser = _Parser(
        prog="python -m twoworlds.cohort",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("name", help="of the class: letters, digits, - and _; its folder is called so")
    parser.add_argument("--seed", help="whole number (default: a random one that works)")
    parser.add_argument("--out", default=".", metavar="DIR", help="where the folder goes (default: here)")
    parser.add_argument(
        "--exercises", nargs="+", metavar="EXERCISE", help="those that you will teach (default: all)"
    )
    return parser


def _contents(slugs):
    """{slug: check data}. Raises TwoWorldsError."""
    place = next((folder for folder in checkdata.folders() if folder.is_dir()), None)
    known = sorted(path.stem for path in place.glob("*.json")) if place else []
    contents = {slug: answers.exercise_content(slug) for slug in dict.fromkeys(slugs or known)}
    if not contents:
        raise TwoWorldsError("There are no exercises here: run this in a clone of the course.")
    for slug in contents:
        _read_notebook("exercises", slug)
        _read_notebook("solutions", slug)
    return contents


def make(name, seed, out, slugs=None):
    """Make a cohort's folder; returns it. Raises TwoWorldsError, and then leaves nothing behind."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,60}", name):
        raise TwoWorldsError(f"{name!r} can't name a folder everywhere: use letters, digits, - and _.")
    out = Path(os.path.abspath(out))
    if os.path.lexists(out / name):
        raise TwoWorldsError(f"{str(out / name)!r} is there already: choose another name, or move it away.")
    contents = _contents(slugs)
    fresh = not out.exists()
    private = None
    try:
        out.mkdir(parents=True, exist_ok=True)
        private = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=out))
        tried = _chosen(seed, contents, private)
        held_back = _held_back(tried, contents, private)
        made = private / "made"
        _write_learner(made / "learner", tried, contents)
        _write_instructor(made / "instructor", name, tried, held_back, contents)
        made.rename(out / name)
    except OSError as problem:
        reason = problem.strerror or problem
        raise TwoWorldsError(
            f"{str(out)!r} cannot be written ({reason}): name a folder with --out."
        ) from None
    finally:
        if private is not None:
            shutil.rmtree(private, ignore_errors=True)
            if fresh and not any(out.iterdir()):
                out.rmdir()
    return out / name


def main(arguments=None):
    """The command. Returns the exit status: 0, or 2 after one line on standard error."""
    try:
        options = _parser().parse_args(sys.argv[1:] if arguments is None else arguments)
        seed = None if options.seed is None else seed_number(options.seed)
        folder = make(options.name, seed, options.out, options.exercises)
    except TwoWorldsError as problem:
        print(f"error: {problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("error: stopped; nothing was written.", file=sys.stderr)
        return 2
    print(f"{folder}: give the class {folder / 'learner'}, and keep {folder / 'instructor'} to yourself")
    return 0


if __name__ == "__main__":
    sys.exit(main())
