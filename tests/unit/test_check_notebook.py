"""The check as a learner meets it: in a notebook's kernel, in HTML, in a terminal, and how fast."""

import html.parser
import subprocess
import sys
import time
from pathlib import Path

import check_fixture
import nbformat
import pytest
from nbclient import NotebookClient

from twoworlds.check import Checker
from twoworlds.check.result import STATES

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def check(tmp_path):
    check_fixture.write(tmp_path)
    return Checker("00-fixture", folder=tmp_path)


# ---- a real kernel
# ------------------------------------------------------------------------------------------------


def run_cells(folder, cells):
    """Texts that the cells show, each run in one kernel; errors do not stop the run."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    client = NotebookClient(
        notebook,
        timeout=120,
        kernel_name="python3",
        allow_errors=True,
        resources={"metadata": {"path": str(folder)}},
    )
    client.execute()
    shown = []
    for cell in notebook.cells:
        texts = []
        for output in cell.outputs:
            if output.output_type == "error":
                texts.append("\n".join(output.traceback))
            elif "data" in output:
                texts.append(output.data.get("text/plain", ""))
            else:
                texts.append(output.get("text", ""))
        shown.append("\n".join(texts))
    return shown


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    """One kernel, one story: each cell's output by the cell's text."""
    folder = tmp_path_factory.mktemp("notebook")
    check_fixture.write(folder)
    right = check_fixture.answers()["late_share"]
    cells = [
        f"import sys; sys.path.insert(0, {str(ROOT)!r})",
        f"from twoworlds import Checker; check = Checker('00-fixture', folder={str(folder)!r})",
        "check('share')  # nothing yet",
        "late_share = orderz['late'].mean()",
        "check('share')  # stopped",
        f"late_share = {right!r}",
        "check('share')  # mended",
        "late_share = orderz['late'].mean()  # again",
        "check('share')  # stale",
        f"late_share = {right!r}\nprint(nothing_of_that_name)",
        "check('share')  # assigned before the error",
        "late_share = = 3",
        "check('share')  # no python",
        f"late_share = {right!r}  # well again",
        "check('share')  # well again",
        "check('shrae')",
        f"Checker('04-nowhere', folder={str(folder)!r})",
        "check.summary()",
    ]
    return dict(zip(cells, run_cells(folder, cells), strict=True))


def test_a_cell_that_stopped_is_named(session):
    shown = session["check('share')  # stopped"]
    assert "stopped with an error (NameError: name 'orderz' is not defined)" in " ".join(shown.split())


def test_an_old_right_value_behind_a_stopped_cell_is_not_right(session):
    shown = " ".join(session["check('share')  # stale"].split())
    assert "Not yet" in shown and "older value" in shown and "Restart and Run All" in shown
    assert "older value" in " ".join(session["check('share')  # no python"].split())


def test_a_value_that_was_assigned_counts(session):
    for cell in ("mended", "assigned before the error", "well again"):
        assert session[f"check('share')  # {cell}"].startswith("✓"), cell


def test_errors_of_the_course_are_one_line_in_a_notebook(session):
    cells = [cell for cell in session if "shrae" in cell or "nowhere" in cell]
    assert len(cells) == 2
    for cell in cells:
        assert session[cell].startswith("There is no") and "\n" not in session[cell]


def test_the_summary_stands_in_the_notebook(session):
    assert "1 of 7 right" in session["check.summary()"]


# ---- how it looks
# -------------------------------------------------------------------------------------------------


class Outline(html.parser.HTMLParser):
    """Tags that are open and never closed, all attributes, and the words a screen reader meets."""

    def __init__(self, text):
        super().__init__()
        self.open, self.attributes, self.words, self.hidden = [], [], [], 0
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.open.append(tag)
        self.attributes += [(tag, *pair) for pair in attributes]
        self.hidden += ("aria-hidden", "true") in attributes

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        self.hidden -= self.hidden and tag == "span"

    def handle_data(self, data):
        if not self.hidden:
            self.words.append(data)


def all_states(check):
    right = check_fixture.answers()
    yield check("share", right)
    yield check("share", {"late_share": 0.9})
    yield check("share", {"late_share": ...})
    yield check("decision", right)


def test_html_is_whole_polite_and_needs_no_colour(check):
    for found in all_states(check):
        outline = Outline(found._repr_html_())
        assert not outline.open
        assert ("div", "role", "status") in outline.attributes and (
            "div",
            "aria-live",
            "polite",
        ) in outline.attributes
        assert STATES[found.state][1] in " ".join(outline.words)
        styles = [value for _, name, value in outline.attributes if name == "style"]
        colours = [
            part for style in styles for part in style.split(";") if part.startswith(("color:", "background"))
        ]
        assert all(part.endswith(("inherit", "transparent")) for part in colours), (
            "text keeps the page's own colours"
        )


def test_bars_stand_out_on_white_and_on_dark():
    def luminance(colour):
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        parts = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    for _, _, bar in STATES.values():
        for page in ("#ffffff", "#111111", "#1e1e1e"):
            light, dark = sorted((luminance(bar), luminance(page)), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 3, (bar, page)


def test_hints_are_folded_in_html_and_come_one_by_one_in_text(check):
    first, second = check("share", {"late_share": 0.9}), check("share", {"late_share": 0.8})
    assert first._repr_html_().count("<details") == 2 and "<code" in first._repr_html_()
    assert "First hint" in repr(first) and "Second hint" not in repr(first)
    assert "Second hint" in repr(second)


def test_learners_text_cannot_break_the_page(check):
    found = check("share", {"late_share": "<script>alert(1)</script>"})
    assert "<script" not in found._repr_html_()


def test_the_summary_lists_every_question(check):
    right = check_fixture.answers()
    check("share", right), check("total", {"revenue": 1}), check("decision", right)
    summary = check.summary()
    text = repr(summary)
    assert "1 of 7 right, 1 written" in text
    assert [line.split()[1] for line in text.splitlines()[1:]] == check.questions
    outline = Outline(summary._repr_html_())
    assert (
        not outline.open and [tag for tag, name, _ in outline.attributes if name == "scope"].count("th") == 10
    )
    words = " ".join(outline.words)
    assert all(word in words for word in ("Right", "Not yet", "Noted", "Not checked yet"))


# ---- how fast
# -----------------------------------------------------------------------------------------------------


def test_import_is_light():
    code = (
        "import sys, time; start = time.process_time(); from twoworlds import Checker; "
        "took = time.process_time() - start; "
        "heavy = [name for name in ('pandas', 'numpy', 'IPython', 'matplotlib') if name in sys.modules]; "
        "print(took, *heavy)"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout
        for _ in range(3)
    ]
    assert all(len(run.split()) == 1 for run in runs), f"the checker imports {runs[0].split()[1:]}"
    assert min(float(run) for run in runs) < 0.05


@pytest.mark.parametrize("question, most", [("share", 0.005), ("table", 0.02)])
def test_a_check_is_quick(check, question, most):
    right = check_fixture.answers()
    times = []
    for _ in range(20):
        start = time.perf_counter()
        check(question, right)._repr_html_()
        times.append(time.perf_counter() - start)
    assert sorted(times)[10] < most
