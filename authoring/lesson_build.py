"""From authoring/lessons/<slug>.py to notebooks/<slug>.ipynb and book/bound/<slug>.json.

The notebook has its outputs stored; the JSON holds the values that the page shows.

    python -m authoring.lesson_build [--check] [slug ...]

Each lesson runs once, in a fresh Python, from the notebooks folder. Cells tagged `book` run too but are not
shipped: they call `glue("name", value)`, which binds a value to the page. The result is the same bytes on
every run. --check remakes the lessons without writing, and names what differs. Exit status: 0 done, 1 --check
found a difference, 2 a lesson is wrong (one line says why).
"""

import argparse
import asyncio
import hashlib
import json
import logging
import os
import re
import symtable
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import jupytext
import nbformat
from IPython.core.inputtransformer2 import TransformerManager
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from authoring import site
from authoring.exercise_build import install_cell

ROOT = Path(__file__).resolve().parent.parent
SECONDS_A_CELL = 15
GLUE = "application/vnd.twoworlds.glue+json"
WIDGET_STATE = "application/vnd.jupyter.widget-state+json"
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
ADDRESS = re.compile(r"(?:object|at) 0x[0-9a-fA-F]{6,}")
MODEL = re.compile(r"IPY_MODEL_([0-9A-Za-z_-]+)")
LINKS = ("LinkModel", "DirectionalLinkModel")

# Tags that the build reads; all others pass through to the notebook's readers.
BOOK, MAY_WARN = "book", "may-warn"  # nbclient itself knows "raises-exception"

# What every notebook says of its language: nothing that differs between Python versions.
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
    },
}

# Runs in the lesson's Python before its first cell. The names stay out of the way of the lesson's own.
DEFINE_GLUE = f'''
def _define_glue():
    import math, numbers
    from IPython.display import publish_display_data
    seen = set()
    def glue(name, value):
        """Bind a number or a text to a name that the page can show."""
        if not isinstance(name, str) or not name.isidentifier():
            raise ValueError(f"glue needs a name of letters, digits and underscores, not {{name!r}}")
        if name in seen:
            raise ValueError(f"glue binds {{name!r}} twice: give the second value a name of its own")
        if isinstance(value, str):
            text = value
        elif type(value).__name__ in ("bool", "bool_") or not isinstance(value, numbers.Real):
            raise ValueError(f"glue({{name!r}}) needs a number or a text, not a {{type(value).__name__}}")
        elif isinstance(value, numbers.Integral):
            text = repr(int(value))
        elif not math.isfinite(value):
            raise ValueError(f"glue({{name!r}}) got {{float(value)}}, which no page should show")
        else:
            # An optimiser's last digits differ between processors; six are more than any page shows.
            text = repr(float(f"{{float(value):.6g}}"))
        seen.add(name)
        publish_display_data({{"{GLUE}": {{"name": name, "text": text}}}})
    get_ipython().user_ns["glue"] = glue
_define_glue()
del _define_glue
'''


class LessonError(Exception):
    """A lesson that cannot be built: one line that says which, where and why."""


@dataclass(frozen=True)
class Built:
    """What one source makes: the notebook's and the bound values' text, and two counts for the report."""

    notebook: str
    bound: str
    cells: int
    values: int


# ------------------------------------------------------------------------------------------------ one lesson


def build(source, folder, *, root=ROOT):
    """Run a lesson and return what to write.

    source: the lesson's text file, in jupytext's py:percent form
    folder: the folder to run in (the notebooks folder); made if absent
    root:   the repository, put on the lesson's import path and asked for its address
    Raises LessonError where the source, or its run, is not as a lesson should be.
    """
    slug = source.stem
    notebook = _read(source)
    _refuse_hidden_names(notebook, slug)
    _lay_out(notebook, site.repository_setting(root))
    notebook.cells.insert(0, nbformat.v4.new_code_cell(DEFINE_GLUE, metadata={"tags": [BOOK]}))
    client = _run(notebook, folder, root, slug)
    bound = _bound(notebook, slug)
    client.set_widgets_metadata()
    state = notebook.metadata.get("widgets", {}).get(WIDGET_STATE, {}).get("state", {})
    notebook.cells = [cell for cell in notebook.cells if BOOK not in _tags(cell)]
    _check_outputs(notebook, slug)
    widgets = _tidy_widgets(notebook, state, slug)
    notebook.metadata = nbformat.from_dict({**METADATA, **widgets})
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    return Built(
        notebook=_notebook_text(notebook),
        bound=json.dumps(bound, ensure_ascii=False, indent=1, sort_keys=True) + "\n",
        cells=len(notebook.cells),
        values=len(bound),
    )


def _read(source):
    try:
        notebook = jupytext.reads(source.read_text(encoding="utf-8"), fmt="py:percent")
    except (OSError, UnicodeDecodeError) as error:
        raise LessonError(
            f"{source.name} can't be read ({_one_line(error)}): mend or remove the file"
        ) from error
    except Exception as error:  # jupytext lets the errors of several parsers through
        raise LessonError(
            f"{source.name} is no py:percent file ({_one_line(error)}): cells begin with `# %%`"
        ) from error
    if not any(cell.cell_type == "code" and cell.source.strip() for cell in notebook.cells):
        raise LessonError(f"{source.name} has no code cell: begin one with `# %%`")
    names = set()
    for cell in notebook.cells:
        name = cell.metadata.get("name")
        if name is None:
            continue
        if (
            not isinstance(name, str)
            or not NAME.fullmatch(name)
            or len(name) > 48
            or name.startswith("cell-")
        ):
            raise LessonError(
                f"{source.name}: the cell name {name!r} won't do: "
                "use lower-case words with hyphens, such as fig-sorting"
            )
        if name in names:
            raise LessonError(f"{source.name}: two cells are named {name!r}: names are unique in a lesson")
        names.add(name)
    return notebook


def _refuse_hidden_names(notebook, slug):
    """A shipped cell may not use what only a hidden cell defines: readers don't have the hidden cells."""
    shown, hidden = set(), {}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        defined, used = _global_names(cell.source)
        if BOOK in _tags(cell):
            hidden.update(dict.fromkeys(defined - shown, _cell_name(notebook, cell)))
            continue
        missing = sorted((used & hidden.keys()) - defined - shown)
        if missing:
            raise LessonError(
                f"lesson {slug}, {_cell_name(notebook, cell)} uses {missing[0]!r}, which only "
                f"{hidden[missing[0]]} defines: define it in a cell that readers have"
            )
        shown |= defined


def _global_names(source):
    """The module's names that a cell defines, and those that it uses, functions and comprehensions included.

    Both are empty where the cell doesn't parse: running it says so better.
    """
    try:
        tables = [symtable.symtable(TransformerManager().transform_cell(source), "cell", "exec")]
    except SyntaxError:
        return set(), set()
    top, used = tables[0], set()
    while tables:
        table = tables.pop()
        tables.extend(table.get_children())
        used |= {
            symbol.get_name()
            for symbol in table.get_symbols()
            if symbol.is_referenced() and (table is top or symbol.is_global())
        }
    defined = {
        symbol.get_name() for symbol in top.get_symbols() if symbol.is_assigned() or symbol.is_imported()
    }
    return defined, used


def _lay_out(notebook, address):
    """Add the cell that Colab needs; give shipped cells lasting ids, and only the metadata readers need."""
    if address:
        first = next(place for place, cell in enumerate(notebook.cells) if cell.cell_type == "code")
        install = nbformat.v4.new_code_cell(install_cell(address), metadata={"tags": ["install"]})
        notebook.cells.insert(first, install)
    shipped = 0
    for cell in notebook.cells:
        kept = {key: cell.metadata[key] for key in ("name", "tags") if cell.metadata.get(key)}
        cell.metadata = nbformat.from_dict(kept)
        if BOOK in _tags(cell):
            continue
        shipped += 1
        cell.id = kept.get("name", f"cell-{shipped:02d}")


class _ThisPython(AsyncKernelManager):
    """Starts the Python that runs the build, whether or not a kernel of that name is installed on the
    machine."""

    @property
    def kernel_spec(self):
        return KernelSpec(
            argv=[
                *(sys.executable, "-Xfrozen_modules=off", "-m", "ipykernel_launcher"),
                *("-f", "{connection_file}", "--log-level=ERROR"),
            ],
            display_name="Python 3",
            language="python",
        )


def _run(notebook, folder, root, slug):
    folder.mkdir(parents=True, exist_ok=True)
    client = NotebookClient(
        notebook,
        kernel_manager_class=_ThisPython,
        timeout=SECONDS_A_CELL,
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(folder)}},
        log=_quiet_log(),
    )
    with tempfile.TemporaryDirectory(prefix="lesson-") as profile:
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, [str(root), os.environ.get("PYTHONPATH")])),
            "PYTHONHASHSEED": "0",
            # a reader's own start-up files must not reach the lesson
            "IPYTHONDIR": profile,
            "NO_COLOR": "1",
        }
        environment.pop("MPLBACKEND", None)
        asyncio.run(_run_cells(client, notebook, environment, slug))
    return client


async def _run_cells(client, notebook, environment, slug):
    client.reset_execution_trackers()
    async with client.async_setup_kernel(env=environment):
        number = 0
        for place, cell in enumerate(notebook.cells):
            if cell.cell_type != "code":
                continue
            hidden = BOOK in _tags(cell)
            started = time.perf_counter()
            try:
                await client.async_execute_cell(cell, place, store_history=not hidden)
            except CellTimeoutError:
                seconds = time.perf_counter() - started
                raise LessonError(
                    f"lesson {slug}, {_cell_name(notebook, cell)} ran for {seconds:.0f} s and was stopped: "
                    f"the limit is {SECONDS_A_CELL} s, do less there or in several cells"
                ) from None
            except CellExecutionError as error:
                what = _one_line(f"{error.ename}: {error.evalue}" if error.evalue else error.ename)
                raise LessonError(f"lesson {slug}, {_cell_name(notebook, cell)} fails with {what}") from None
            except DeadKernelError:
                raise LessonError(
                    f"lesson {slug}, {_cell_name(notebook, cell)} ended its Python: "
                    "does it exit, or run out of memory?"
                ) from None
            # counted here: a hidden or an empty cell must leave no gap in what the reader sees
            if not hidden:
                number += 1
                cell.execution_count = number
                for output in cell.outputs:
                    if output.output_type == "execute_result":
                        output.execution_count = number


def _quiet_log():
    log = logging.getLogger("authoring.lesson_build.kernel")
    log.setLevel(logging.CRITICAL)
    return log


def _tags(cell):
    return cell.metadata.get("tags", [])


def _cell_name(notebook, cell):
    if cell.metadata.get("name"):
        return f"cell {cell.metadata['name']!r}"
    first = next((line.strip() for line in cell.source.splitlines() if line.strip()), "")
    kind = "hidden cell" if BOOK in _tags(cell) else "cell"
    # the cell that defines glue comes first and is not the author's
    place = [c for c in notebook.cells if c.cell_type == "code"].index(cell)
    return f"code {kind} {place} ({first[:40]!r})"


def _one_line(error):
    return " ".join(re.sub(r"\x1b\[[0-9;]*m", "", str(error)).split())[:300]


# ------------------------------------------------------------------------------------------------ outputs


def _bound(notebook, slug):
    """{"name": {"text/plain": text}} of what the hidden cells bound."""
    bound = {}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        kept = []
        for output in cell.outputs:
            glued = output.get("data", {}).get(GLUE)
            if glued is None:
                kept.append(output)
            elif BOOK not in _tags(cell):
                raise LessonError(
                    f"lesson {slug}, {_cell_name(notebook, cell)} calls glue: "
                    "tag the cell `book`, readers have no glue"
                )
            else:
                bound[glued["name"]] = {"text/plain": glued["text"]}
        cell.outputs = kept
        _refuse_stderr(notebook, cell, slug)
    return bound


def _refuse_stderr(notebook, cell, slug):
    if MAY_WARN in _tags(cell):
        return
    for output in cell.outputs:
        if output.output_type == "stream" and output.name == "stderr":
            raise LessonError(
                f"lesson {slug}, {_cell_name(notebook, cell)} warns: {_one_line(output.text)} "
                f"(mend the cause, or tag the cell `{MAY_WARN}` if the warning is the lesson)"
            )


def _check_outputs(notebook, slug):
    """What a shipped cell shows must be the same tomorrow, and a named cell must show something."""
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        if cell.metadata.get("name") and not cell.outputs:
            raise LessonError(
                f"lesson {slug}, {_cell_name(notebook, cell)} has a name but shows nothing a page could use"
            )
        for output in cell.outputs:
            output.pop("transient", None)
            text = output.get("text", "") + "".join(
                value
                for key, value in output.get("data", {}).items()
                if key in ("text/plain", "text/html") and isinstance(value, str)
            )
            if ADDRESS.search(text):
                raise LessonError(
                    f"lesson {slug}, {_cell_name(notebook, cell)} shows an object's address, "
                    "which changes with every run: end the cell with plt.show(), or show a part of the object"
                )
            if output.output_type != "stream":
                output.metadata = nbformat.from_dict({})


# ------------------------------------------------------------------------------------------------ widgets


def _tidy_widgets(notebook, state, slug):
    """Keep only the widgets that are shown, with ids that are the same on every run; returns metadata."""
    shown = [view["model_id"] for view in _views(notebook)]
    missing = [model for model in shown if model not in state]
    if missing:
        raise LessonError(f"lesson {slug} shows a widget that it has closed: show it before it is closed")
    order = _reachable(shown, state)
    if not order:
        return {}
    stem = "w" + hashlib.sha256(slug.encode()).hexdigest()[:6]
    names = {model: f"{stem}{number:04d}" for number, model in enumerate(order)}
    kept = {names[model]: _renamed(_lean(state[model]), names) for model in order}
    for view in _views(notebook):
        view["model_id"] = names[view["model_id"]]
    return {"widgets": {WIDGET_STATE: {"state": kept, "version_major": 2, "version_minor": 0}}}


def _views(notebook):
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            view = output.get("data", {}).get(WIDGET_VIEW)
            if view is not None:
                yield view


def _reachable(shown, state):
    """Model ids in order of appearance: what is shown, what that refers to, then the links between them."""
    order, seen = [], set()

    def add(model):
        waiting = [model]
        while waiting:
            here = waiting.pop()
            if here in seen or here not in state:
                continue
            seen.add(here)
            order.append(here)
            waiting.extend(reversed(_mentioned(state[here])))

    for model in shown:
        add(model)
    # nothing refers to a link; it belongs here when both of its ends do
    for model, saved in state.items():
        if saved["model_name"] in LINKS and set(_mentioned(saved)) <= seen:
            add(model)
    return order


def _mentioned(saved):
    return MODEL.findall(json.dumps(saved["state"], sort_keys=True))


def _lean(saved):
    """A layout or a style says nothing for what it leaves open; the browser fills that in."""
    if not saved["model_name"].endswith(("LayoutModel", "StyleModel")):
        return saved
    return {**saved, "state": {key: value for key, value in saved["state"].items() if value is not None}}


def _renamed(saved, names):
    text = MODEL.sub(
        lambda found: f"IPY_MODEL_{names.get(found.group(1), found.group(1))}",
        json.dumps(saved, sort_keys=True),
    )
    return json.loads(text)


def _notebook_text(notebook):
    text = nbformat.writes(notebook, version=nbformat.NO_CONVERT)
    return text if text.endswith("\n") else text + "\n"


# ------------------------------------------------------------------------------------------------ the command


def main(arguments=None, root=ROOT):
    """Build or check lessons; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m authoring.lesson_build", description="Run the lessons and store them."
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing; name the files that would change"
    )
    parser.add_argument(
        "slugs", nargs="*", metavar="slug", help="lessons such as 03-retention; all without one"
    )
    options = parser.parse_args(arguments)
    sources = {path.stem: path for path in sorted((root / "authoring" / "lessons").glob("*.py"))}
    unknown = [slug for slug in options.slugs if slug not in sources]
    if unknown:
        known = ", ".join(sources) or "none yet"
        print(
            f"there is no lesson {unknown[0]!r} in authoring/lessons: the lessons are {known}",
            file=sys.stderr,
        )
        return 2
    try:
        differing = _stale(root, sources) if not options.slugs else []
        for slug in options.slugs or sources:
            differing += _one(sources[slug], root, options.check)
    except LessonError as error:
        print(_one_line(error), file=sys.stderr)
        return 2
    except OSError as error:
        print(f"can't write {error.filename}: {error.strerror}", file=sys.stderr)
        return 2
    if options.check and differing:
        for path, why in differing:
            print(f"{path.relative_to(root)} {why}")
        return 1
    return 0


def _one(source, root, check):
    """Build one lesson, then write it or compare it; returns [(path, what differs)]."""
    started = time.perf_counter()
    built = build(source, root / "notebooks", root=root)
    results = {
        root / "notebooks" / f"{source.stem}.ipynb": built.notebook,
        root / "book" / "bound" / f"{source.stem}.json": built.bound,
    }
    differing = []
    for path, text in results.items():
        stored = path.read_bytes() if path.is_file() else None
        if stored != text.encode("utf-8"):
            differing.append((path, "is missing" if stored is None else "differs from what its lesson makes"))
            if not check:
                _write(path, text)
    seconds = time.perf_counter() - started
    print(f"{source.stem}: {built.cells} cells, {built.values} bound values, {seconds:.1f} s", flush=True)
    return differing


def _stale(root, sources):
    """Made files whose lesson is gone."""
    made = [*(root / "notebooks").glob("*.ipynb"), *(root / "book" / "bound").glob("*.json")]
    return [
        (path, "has no lesson in authoring/lessons: remove it")
        for path in sorted(made)
        if path.stem not in sources
    ]


def _write(path, text):
    """Write a whole file or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


if __name__ == "__main__":
    sys.exit(main())
