"""Make exercises/<slug>.ipynb, solutions/<slug>.ipynb and exercises/checks/<slug>.json from
authoring/exercises/<slug>.py.

    python -m authoring.exercise_build [--check] [slug ...]

The answers blank in the exercise; the solution run, its outputs stored; the check data with the keys for
the shipped data. Every trap must lie more than three tolerances from the answer and from the other traps.
With --check nothing is written: status 1 where a file differs from its source. Bad source: one line,
status 2, and no file is touched.
"""

import argparse
import itertools
import json
import os
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from authoring import exercise_source
from authoring.exercise_source import SourceError
from authoring.site import repository_setting
from twoworlds.check import checkdata, keys, packing
from twoworlds.check.checker import Checker
from twoworlds.check.judge import KINDS
from twoworlds.check.verdict import BLANK, NOTED, RIGHT
from twoworlds.errors import TwoWorldsError

ROOT = Path(__file__).resolve().parent.parent
_IMPORTS = str(ROOT)  # where kernels find `twoworlds`, installed or not
APART = 3  # tolerances between a trap and anything it could be taken for
_TIMEOUT = 600  # seconds a cell may run
_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
_STORED_TAGS = ("check", "solution", "answer")


def install_cell(address):
    """The cell that makes a notebook run on Colab: installs the package where it is not there yet."""
    return "\n".join(
        [
            "try:",
            "    import twoworlds",
            "except ImportError:",
            f'    %pip install -q "twoworlds @ git+{address}"',
        ]
    )


def notebook_of(exercise, filled, address):
    """The exercise (filled=False) or the solution (True), without outputs."""
    cells = []
    for cell in exercise.cells:
        if ("solution" in cell.tags and not filled) or ("exercise" in cell.tags and filled):
            continue
        if address and cell.type == "code" and not any(made["cell_type"] == "code" for made in cells):
            cells.append(_notebook_cell("code", "start-install", install_cell(address), ["install"]))
        tags = [tag for tag in cell.tags if tag in _STORED_TAGS]
        if cell.answers:
            tags.append("answer")
        cells.append(_notebook_cell(cell.type, cell.id, cell.full if filled else cell.blank, tags))
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata = nbformat.from_dict({"kernelspec": _KERNEL, "language_info": {"name": "python"}})
    nbformat.validate(notebook)
    return notebook


def _notebook_cell(kind, identity, text, tags):
    make = nbformat.v4.new_markdown_cell if kind == "markdown" else nbformat.v4.new_code_cell
    cell = make(text, id=identity)
    if tags:
        cell.metadata["tags"] = tags
    return cell


def check_data(exercise):
    """Check data of an exercise, as a dict: runs the solution on the shipped data. Raises SourceError."""
    program = exercise_source.program(exercise)
    here = os.getcwd()
    os.chdir(ROOT)
    try:
        found = keys.run_program(program, exercise.questions)
        digests = keys.digests_in_use(exercise.worlds)
    except TwoWorldsError:
        raise
    except Exception as error:
        raise SourceError(f"{exercise.slug}: the solution fails ({type(error).__name__}: {error})") from error
    finally:
        os.chdir(here)
    questions = {}
    for identity, spec in exercise.questions.items():
        _check_traps(exercise.slug, identity, spec, found.setdefault(identity, {"answer": None, "traps": {}}))
        _check_words(exercise.slug, identity, spec, found[identity]["answer"])
        stored = {key: value for key, value in spec.items() if key not in ("traps", "range")}
        if "range" in spec:
            stored["range"] = list(spec["range"])
        stored["traps"] = [{"id": trap, "say": say} for trap, (_, say) in spec.get("traps", {}).items()]
        questions[identity] = stored
    return {
        "format": checkdata.FORMAT,
        "exercise": exercise.slug,
        "data_digests": digests,
        "questions": questions,
        "keys": packing.pack(_rounded(found)),
        "program": packing.pack(program),
    }


def _rounded(found):
    """Numbers to 12 digits, so that the last bits of a machine's arithmetic are in no file."""
    from twoworlds.check.values import rounded_for_storage

    if isinstance(found, dict):
        return {key: _rounded(value) for key, value in found.items()}
    if isinstance(found, list):
        return [_rounded(value) for value in found]
    return rounded_for_storage(found)


def _check_traps(slug, identity, spec, keyed):
    """Raises SourceError where a trap fails, or lies too near the answer or another trap."""
    kind = KINDS[spec["kind"]]
    lacking = sorted(set(spec.get("traps", {})) - set(keyed["traps"]))
    if lacking:
        raise SourceError(f"{slug}: {identity}: trap {lacking[0]!r} fails, or gives no {spec['kind']}")
    least = APART * spec.get("tolerance", kind.tolerance)
    named = [
        ("the answer", keyed["answer"]),
        *((f"trap {trap!r}", value) for trap, value in keyed["traps"].items()),
    ]
    for (one, first), (other, second) in itertools.combinations(named, 2):
        if kind.distance(spec, first, second) <= least:
            raise SourceError(
                f"{slug}: {identity}: {other} lies within {APART} tolerances of {one}; learners could "
                "not be told apart"
            )
    if spec["kind"] == "choice" and keyed["answer"] not in spec["options"]:
        raise SourceError(f"{slug}: {identity}: the answer {keyed['answer']!r} is none of the options")


def _check_words(slug, identity, spec, answer):
    """Raises SourceError where a message gives the number away."""
    if not isinstance(answer, float):
        return
    spellings = {f"{answer:.{digits}f}" for digits in (2, 3, 4)} | {f"{100 * answer:.1f}"}
    words = [say for _, say in spec.get("traps", {}).values()] + list(spec.get("hints", []))
    for text in words:
        if any(spelling in text for spelling in spellings):
            raise SourceError(f"{slug}: {identity}: a message gives the answer away: {text[:50]!r}")


def run_notebook(notebook, checks_folder, what):
    """Run a notebook in a fresh kernel, in a folder that holds nothing of the course. Raises SourceError."""
    environment = {
        **os.environ,
        "TWOWORLDS_CHECKS": str(checks_folder),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYTHONPATH": os.pathsep.join([_IMPORTS, *filter(None, [os.environ.get("PYTHONPATH")])]),
    }
    client = NotebookClient(
        notebook,
        timeout=_TIMEOUT,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
        resources={"metadata": {"path": str(checks_folder)}},
    )
    try:
        client.execute(env=environment)
    except CellExecutionError as error:
        raise SourceError(
            f"{what} stops with {error.ename}: {str(error.evalue).splitlines()[0] if error.evalue else ''}"
        ) from error
    notebook.metadata = nbformat.from_dict({"kernelspec": _KERNEL, "language_info": {"name": "python"}})
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            if output.output_type == "stream" and output.name == "stderr":
                raise SourceError(f"{what}, cell {cell.id}: warns: {output.text.strip().splitlines()[-1]}")
    return notebook


def _assert_states(exercise, checks_folder):
    """The solution's answers are right, and untouched ones are blank. Raises SourceError."""
    check = Checker(exercise.slug, folder=checks_folder)
    namespace = {}
    for cell in exercise_source.program(exercise):
        exec(compile(cell["code"], "<solution>", "exec"), namespace)  # the course's own code
    for identity, spec in exercise.questions.items():
        result = check(identity, namespace)
        if result.state not in (RIGHT, NOTED):
            raise SourceError(
                f"{exercise.slug}: {identity}: the solution's own answer is not accepted ({result.code})"
            )
        if check(identity, {spec["name"]: "\n...\n" if spec["kind"] == "decision" else ...}).state != BLANK:
            raise SourceError(f"{exercise.slug}: {identity}: an untouched answer is not met as blank")


def build(path, address):
    """{path of a file to write: its text} for one source. Raises SourceError or TwoWorldsError."""
    exercise = exercise_source.read(path)
    content = json.dumps(check_data(exercise), indent=1, ensure_ascii=False) + "\n"
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, f"{exercise.slug}.json").write_text(content, encoding="utf-8")
        _assert_states(exercise, folder)
        blank = notebook_of(exercise, False, address)
        tried = nbformat.reads(nbformat.writes(blank), 4)
        run_notebook(tried, folder, f"{exercise.slug}: the untouched exercise")
        solution = run_notebook(
            notebook_of(exercise, True, address), folder, f"{exercise.slug}: the solution"
        )
    return {
        ROOT / "exercises" / "checks" / f"{exercise.slug}.json": content,
        ROOT / "exercises" / f"{exercise.slug}.ipynb": nbformat.writes(blank) + "\n",
        ROOT / "solutions" / f"{exercise.slug}.ipynb": nbformat.writes(solution) + "\n",
    }


def orphans(sources):
    """Generated files whose source is gone."""
    slugs = {path.stem for path in sources}
    made = [
        *ROOT.glob("exercises/*.ipynb"),
        *ROOT.glob("solutions/*.ipynb"),
        *ROOT.glob("exercises/checks/*.json"),
    ]
    return sorted(path for path in made if path.stem not in slugs)


def _sources(slugs):
    folder = ROOT / "authoring" / "exercises"
    sources = sorted(folder.glob("[0-9]*.py"))
    for slug in slugs:
        if slug not in {path.stem for path in sources}:
            listed = ", ".join(path.stem for path in sources) or "none"
            raise SourceError(f"there is no source {slug!r} in authoring/exercises; there is {listed}")
    return [path for path in sources if not slugs or path.stem in slugs], sources


def _write(files):
    """All files or none: each is written beside its place first, then moved there."""
    moves = []
    try:
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_name(f".{path.name}.part")
            moves.append((part, path))
            part.write_text(text, encoding="utf-8", newline="\n")
        for part, path in moves:
            part.replace(path)
    finally:
        for part, _ in moves:
            part.unlink(missing_ok=True)


def main(arguments=None):
    """Run the command; returns its exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m authoring.exercise_build", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--check", action="store_true", help="write nothing; status 1 where a file differs")
    parser.add_argument("slugs", nargs="*", metavar="slug", help="exercises to make (default: all)")
    options = parser.parse_args(arguments)
    try:
        chosen, everything = _sources(options.slugs)
        files, address = {}, repository_setting()
        for number, path in enumerate(chosen, 1):
            print(
                f"{path.stem} ({number} of {len(chosen)}): running the solution and the untouched exercise",
                flush=True,
            )
            files.update(build(path, address))
        stale = [] if options.slugs else orphans(everything)
        if options.check:
            return _report(files, stale)
        _write(files)
        for path in stale:
            path.unlink()
    except (SourceError, TwoWorldsError, OSError) as error:
        print(f"exercise_build: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    print(f"{len(files)} files written")
    return 0


def _report(files, stale):
    differing = [
        f"differs from its source: {path.relative_to(ROOT)}"
        for path, text in files.items()
        if not path.is_file() or path.read_bytes() != text.encode("utf-8")
    ]
    differing += [f"has no source: {path.relative_to(ROOT)}" for path in stale]
    for line in differing:
        print(line)
    if differing:
        print("Run `python -m authoring.exercise_build` and commit what it makes.")
        return 1
    print(f"{len(files)} files are as their sources make them")
    return 0


if __name__ == "__main__":
    sys.exit(main())
