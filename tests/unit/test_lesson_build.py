"""Lessons: the same bytes on every run, only what readers need, and one line for what is wrong."""

import json
import re
from pathlib import Path
from types import SimpleNamespace

import nbformat
import numpy as np
import pytest

from authoring import lesson_build

LESSON = """\
# ---
# jupyter:
#   kernelspec:
#     display_name: Mine
#     language: python
#     name: some-kernel-of-mine
# ---

# %% [markdown]
# # A small lesson

# %%
import matplotlib.pyplot as plt
import numpy as np
from ipywidgets import IntSlider
from twoworlds import style
from twoworlds.explore import explore

style.use()
unshown = IntSlider(description="never shown")

# %% name="fig-line"
fig, ax = plt.subplots()
ax.plot([1, 2, 3], [1, 3, 2], color=style.SWIFTFARE)
style.describe(fig, "A line that rises and falls.")

# %% tags=["book"]
glue("share", np.float64(0.1) + np.float64(0.2))
glue("customers", np.int64(1200))
hidden = 7

# %% name="interactive" collapsed=true
def draw(k):
    fig, ax = plt.subplots()
    ax.plot([0, k])
    return fig


explore(draw, describe=lambda k: f"A line up to {k}.", play=True, k=[1, 2, 3])

# %% [markdown]
# Two streams, one after the other.

# %%
print("first")
print("second")
7

# %% tags=["book"]
glue("words", "73 days")
"""


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    """A repository with one lesson, built once."""
    root = tmp_path_factory.mktemp("repository")
    write(root, "01-small", LESSON)
    assert run(root) == 0
    return root


@pytest.fixture(scope="module")
def notebook(repository):
    return json.loads((repository / "notebooks" / "01-small.ipynb").read_text(encoding="utf-8"))


def write(root, slug, text):
    path = root / "authoring" / "lessons" / f"{slug}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def run(root, *arguments):
    """The command, with the package of this repository."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(lesson_build.__file__).resolve().parent.parent))
        return lesson_build.main(list(arguments), root=root)


def code_cells(notebook):
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def named(notebook, name):
    return next(cell for cell in notebook["cells"] if cell["metadata"].get("name") == name)


def widget_state(notebook):
    return notebook["metadata"]["widgets"]["application/vnd.jupyter.widget-state+json"]["state"]


def test_a_second_run_gives_the_same_bytes(repository, capsys):
    assert run(repository, "--check") == 0
    stored = {path: path.stat().st_mtime_ns for path in (repository / "notebooks").iterdir()}
    assert run(repository, "01-small") == 0
    assert stored == {path: path.stat().st_mtime_ns for path in (repository / "notebooks").iterdir()}
    assert "01-small: 6 cells, 3 bound values" in capsys.readouterr().out


def test_the_notebook_is_valid_and_says_nothing_of_the_machine(repository, notebook):
    nbformat.validate(nbformat.from_dict(notebook))
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    assert "version" not in notebook["metadata"]["language_info"]
    text = (repository / "notebooks" / "01-small.ipynb").read_text(encoding="utf-8")
    for trace in (str(repository), "/home/", "some-kernel-of-mine", "jupytext", "transient", '"execution":'):
        assert trace not in text


def test_hidden_cells_run_but_are_not_shipped(notebook):
    source = "".join("".join(cell["source"]) for cell in notebook["cells"])
    assert "glue" not in source and "_define_glue" not in source
    last = code_cells(notebook)[-1]
    assert [output["output_type"] for output in last["outputs"]] == ["stream", "execute_result"]
    assert "".join(last["outputs"][0]["text"]) == "first\nsecond\n"
    assert last["outputs"][1]["data"]["text/plain"] in ("7", ["7"])


def test_cells_have_lasting_ids_counts_without_gaps_and_their_names(notebook):
    assert [cell["id"] for cell in notebook["cells"]] == [
        *("cell-01", "cell-02", "fig-line", "interactive", "cell-05", "cell-06")
    ]
    assert [cell["execution_count"] for cell in code_cells(notebook)] == [1, 2, 3, 4]
    assert named(notebook, "interactive")["metadata"] == {"name": "interactive"}


def test_values_are_bound_as_python_writes_them(repository):
    text = (repository / "book" / "bound" / "01-small.json").read_text(encoding="utf-8")
    assert json.loads(text) == {
        "customers": {"text/plain": "1200"},
        "share": {"text/plain": "0.3"},
        "words": {"text/plain": "73 days"},
    }
    assert list(json.loads(text)) == ["customers", "share", "words"]


def test_figures_are_described_svg(notebook):
    (output,) = named(notebook, "fig-line")["outputs"]
    assert set(output["data"]) == {"image/svg+xml", "text/plain"}
    assert 'aria-label="A line that rises and falls."' in "".join(output["data"]["image/svg+xml"])


def test_widget_state_holds_what_is_shown_and_nothing_else(notebook):
    state = widget_state(notebook)
    kinds = [saved["model_name"] for saved in state.values()]
    # three frames and no more, a link for the play button and one for the stack; the unshown slider is gone
    assert kinds.count("HTMLModel") == 3 and kinds.count("LinkModel") == 2 and "IntSliderModel" not in kinds
    mentioned = set(re.findall(r"IPY_MODEL_([0-9A-Za-z_-]+)", json.dumps(state)))
    assert mentioned < set(state)
    (output,) = named(notebook, "interactive")["outputs"]
    shown = output["data"]["application/vnd.jupyter.widget-view+json"]["model_id"]
    assert set(state) - mentioned - {shown} == {
        m for m, saved in state.items() if saved["model_name"] == "LinkModel"
    }


def test_widget_ids_are_numbered_by_appearance_and_differ_between_lessons(notebook):
    ids = sorted(widget_state(notebook))
    stem = ids[0][:-4]
    assert ids == [f"{stem}{number:04d}" for number in range(len(ids))]
    assert stem == "w" + lesson_build.hashlib.sha256(b"01-small").hexdigest()[:6]


def test_check_names_what_differs_and_writes_nothing(tmp_path, capsys):
    write(tmp_path, "01-one", "# %%\n1 + 1\n")
    assert run(tmp_path, "--check") == 1
    assert "notebooks/01-one.ipynb is missing" in capsys.readouterr().out
    assert not list((tmp_path / "notebooks").iterdir())
    assert run(tmp_path) == 0
    stored = (tmp_path / "notebooks" / "01-one.ipynb").read_bytes()
    write(tmp_path, "01-one", "# %%\n1 + 2\n")
    (tmp_path / "notebooks" / "00-gone.ipynb").write_text("{}")
    capsys.readouterr()
    assert run(tmp_path, "--check") == 1
    told = capsys.readouterr().out
    assert "notebooks/01-one.ipynb differs" in told and "notebooks/00-gone.ipynb has no lesson" in told
    assert "bound/01-one.json" not in told
    assert (tmp_path / "notebooks" / "01-one.ipynb").read_bytes() == stored


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("# %%\n1 / 0\n", "fails with ZeroDivisionError: division by zero"),
        ('# %% name="fig-a"\nraise KeyError("x")\n', "cell 'fig-a' fails with KeyError"),
        ("# %%\nfor\n", "fails with SyntaxError"),
        ("# %%\nimport warnings; warnings.warn('mind the gap')\n", "warns:"),
        (
            "# %%\nimport matplotlib.pyplot as plt\nplt.figure().add_subplot()\nobject()\n",
            "shows an object's address",
        ),
        ('# %% name="fig-a"\nx = 1\n', "'fig-a' has a name but shows nothing"),
        (
            '# %% tags=["book"]\nrate = 0.5\n\n# %%\n[rate * k for k in (1, 2)]\n',
            "uses 'rate', which only code hidden cell 0 ('rate = 0.5') defines",
        ),
        ('# %% name="Fig A"\n1\n', "the cell name 'Fig A' won't do"),
        ('# %% name="a"\n1\n# %% name="a"\n2\n', "two cells are named 'a'"),
        ("# %%\nglue('a', 1)\n", "calls glue: tag the cell `book`"),
        ('# %%\n1\n# %% tags=["book"]\nglue("a", 1)\n# %% tags=["book"]\nglue("a", 2)\n', "binds 'a' twice"),
        ("# %%\nimport os; os._exit(3)\n", "ended its Python"),
        ("# %% [markdown]\n# only words\n", "has no code cell"),
        ("", "has no code cell"),
    ],
)
def test_a_bad_lesson_gets_one_line_and_leaves_nothing(tmp_path, capfd, source, says):
    write(tmp_path, "01-bad", source)
    assert run(tmp_path) == 2
    told = capfd.readouterr().err
    assert says in told and "01-bad" in told
    assert len(told.strip().splitlines()) == 1
    assert not (tmp_path / "notebooks" / "01-bad.ipynb").exists() and not (tmp_path / "book").exists()


@pytest.fixture()
def glue(monkeypatch):
    """The glue of the hidden cells, with what it binds collected in `glue.bound`."""
    shell, bound = SimpleNamespace(user_ns={}), {}

    def publish(data):
        bound[data[lesson_build.GLUE]["name"]] = data[lesson_build.GLUE]["text"]

    monkeypatch.setattr("IPython.display.publish_display_data", publish)
    exec(lesson_build.DEFINE_GLUE, {"get_ipython": lambda: shell})
    shell.user_ns["glue"].bound = bound
    return shell.user_ns["glue"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1 + 0.2, "0.3"),
        (2 / 3, "0.666667"),
        (19.7784624304, "19.7785"),
        (19.7784621155, "19.7785"),
        (np.float32(0.5), "0.5"),
        (1e-20, "1e-20"),
        (10**15, "1000000000000000"),
        (np.int8(-3), "-3"),
        ("−4.2 points", "−4.2 points"),
    ],
)
def test_glue_writes_values_as_python_does(glue, value, text):
    glue("a", value)
    assert glue.bound == {"a": text}


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ([1], "not a list"),
        (None, "not a NoneType"),
        (True, "not a bool"),
        (np.bool_(True), "not a bool"),
        (np.array(3.0), "not a ndarray"),
        (1 + 2j, "not a complex"),
        (float("nan"), "got nan"),
        (np.inf, "got inf"),
    ],
)
def test_glue_refuses_what_no_page_can_show(glue, value, says):
    with pytest.raises(ValueError, match=says):
        glue("a", value)
    assert glue.bound == {}


@pytest.mark.parametrize("name", ["a b", "1st", "", "fig-a", 3])
def test_glue_refuses_what_is_no_name(glue, name):
    with pytest.raises(ValueError, match="needs a name"):
        glue(name, 1)


def test_a_lesson_that_is_no_text_gets_one_line(tmp_path, capsys):
    write(tmp_path, "01-bad", "")
    (tmp_path / "authoring" / "lessons" / "01-bad.py").write_bytes(b"\xff\xfe\x00")
    assert run(tmp_path) == 2
    assert "01-bad.py can't be read" in capsys.readouterr().err


def test_a_cell_that_takes_too_long_is_named_with_its_seconds(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(lesson_build, "SECONDS_A_CELL", 1)
    write(tmp_path, "01-slow", '# %% name="long-sum"\nimport time\ntime.sleep(60)\nprint(1)\n')
    assert run(tmp_path) == 2
    assert re.search(
        r"cell 'long-sum' ran for 1 s and was stopped: the limit is 1 s", capsys.readouterr().err
    )


def test_a_lesson_may_warn_and_fail_where_it_says_so(tmp_path):
    write(
        tmp_path,
        "01-free",
        '# %% tags=["may-warn"]\nimport sys; print("mind", file=sys.stderr)\n'
        '# %% tags=["raises-exception"]\n1 / 0\n# %%\n"still here"\n',
    )
    assert run(tmp_path) == 0
    made = json.loads((tmp_path / "notebooks" / "01-free.ipynb").read_text(encoding="utf-8"))
    kinds = [[output["output_type"] for output in cell["outputs"]] for cell in made["cells"]]
    assert kinds == [["stream"], ["error"], ["execute_result"]]
    assert run(tmp_path, "--check") == 0


def test_an_unknown_lesson_gets_one_line(repository, capsys):
    assert run(repository, "07-none") == 2
    assert (
        "there is no lesson '07-none' in authoring/lessons: the lessons are 01-small"
        in capsys.readouterr().err
    )


@pytest.mark.parametrize("address", ["", "https://github.com/someone/course"])
def test_the_install_cell_is_there_only_where_the_course_has_an_address(tmp_path, address):
    (tmp_path / "_config.yml").write_text(f"repository:\n  url: '{address}'\n")
    write(tmp_path, "01-one", "# %% [markdown]\n# # One\n\n# %%\n1 + 1\n")
    assert run(tmp_path) == 0
    made = json.loads((tmp_path / "notebooks" / "01-one.ipynb").read_text(encoding="utf-8"))
    first = code_cells(made)[0]
    assert made["cells"][0]["cell_type"] == "markdown"
    assert ("pip install" in "".join(first["source"])) == bool(address)
    assert (address in "".join(first["source"])) and first["execution_count"] == 1


def test_a_start_up_file_of_the_readers_own_does_not_reach_the_lesson(tmp_path, monkeypatch):
    start = tmp_path / "ipython" / "profile_default" / "startup"
    start.mkdir(parents=True)
    (start / "00-mine.py").write_text("mine = 1\nprint('hello from my start-up file')\n")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    write(tmp_path, "01-one", "# %%\n'mine' in globals()\n")
    assert run(tmp_path) == 0
    made = json.loads((tmp_path / "notebooks" / "01-one.ipynb").read_text(encoding="utf-8"))
    assert "False" in "".join(made["cells"][0]["outputs"][0]["data"]["text/plain"])


def test_lessons_run_from_the_notebooks_folder(tmp_path):
    write(tmp_path, "01-one", "# %%\nfrom pathlib import Path\nPath.cwd().name\n")
    assert run(tmp_path) == 0
    made = json.loads((tmp_path / "notebooks" / "01-one.ipynb").read_text(encoding="utf-8"))
    assert "notebooks" in "".join(made["cells"][0]["outputs"][0]["data"]["text/plain"])
