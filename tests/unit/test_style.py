"""Figures: described, deterministic, restylable, and small."""

import re
import subprocess
import sys
import warnings
from xml.etree import ElementTree

import matplotlib
import pytest

matplotlib.use("agg")

import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402

from twoworlds import style  # noqa: E402
from twoworlds.errors import TwoWorldsError  # noqa: E402

WORDS = 'Two lines; "Swiftfare" climbs & Pipewright falls.'


@pytest.fixture(autouse=True)
def course_style():
    style.use()
    yield
    plt.close("all")


def two_lines(title="Half of the rise is people leaving, not people staying, in both of the two worlds"):
    fig, ax = plt.subplots()
    ax.plot([1, 2, 3], [60, 80, 90], color=style.SWIFTFARE, marker="o")
    ax.plot([1, 2, 3], [99, 98, 70], color=style.PIPEWRIGHT)
    ax.text(3, 90, "Swiftfare", color=style.SWIFTFARE)
    ax.set_title(title)
    ax.set_ylabel("Still here, %")
    style.describe(fig, WORDS)
    return fig


def ids_of(drawn):
    return re.findall(r'\bid="([^"]+)"', drawn)


def contrast(one, other):
    def light(colour):
        channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_palette_is_distinct_from_matplotlibs_own_colours():
    own = set(matplotlib.rcParamsDefault["axes.prop_cycle"].by_key()["color"])
    own |= {matplotlib.colors.to_hex(value) for value in matplotlib.colors.BASE_COLORS.values()}
    own |= {matplotlib.colors.to_hex(value) for value in matplotlib.colors.CSS4_COLORS.values()}
    assert len(set(style.CSS_VARIABLES)) == len(set(style.CSS_VARIABLES.values())) == 10
    assert not own & set(style.CSS_VARIABLES)


@pytest.mark.parametrize("name", ["SWIFTFARE_TEXT", "PIPEWRIGHT", "INK", "GREY", "ACCENT"])
def test_words_can_be_read_on_paper(name):
    assert contrast(getattr(style, name), style.PAPER) >= 4.5


def test_a_figure_carries_its_description_and_its_title():
    root = ElementTree.fromstring(style.to_svg(two_lines()))
    assert root.get("role") == "img"
    assert root.get("aria-label") == WORDS
    title = root.find("{http://www.w3.org/2000/svg}title").text
    assert title == "Half of the rise is people leaving, not people staying, in both of the two worlds"


def test_the_same_figure_gives_the_same_bytes():
    assert style.to_svg(two_lines()) == style.to_svg(two_lines())


def test_a_new_process_gives_the_same_bytes(tmp_path):
    script = tmp_path / "draw.py"
    script.write_text(
        "import matplotlib; matplotlib.use('agg')\n"
        "import hashlib, sys; sys.path.insert(0, sys.argv[1])\n"
        "import test_style as t\n"
        "t.style.use(); print(hashlib.sha256(t.style.to_svg(t.two_lines()).encode()).hexdigest())\n"
    )
    folder = str(__import__("pathlib").Path(__file__).parent)
    runs = {
        subprocess.run(
            [sys.executable, script, folder],
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(runs) == 1


def test_using_the_style_twice_says_nothing():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        style.use()
        style.use()


def test_ids_are_unique_and_every_reference_has_its_target():
    one, other = style.to_svg(two_lines("One")), style.to_svg(two_lines("Other"))
    assert ids_of(one) and not set(ids_of(one)) & set(ids_of(other))
    assert len(ids_of(one)) == len(set(ids_of(one)))
    targets = {a or b for a, b in re.findall(r'url\(#([^)]+)\)|href="#([^"]+)"', one)}
    assert targets == set(ids_of(one))


def test_nothing_in_a_figure_reaches_outside_of_it():
    drawn = style.to_svg(two_lines())
    for foreign in ("<metadata", "<style", "Matplotlib", "<!--", "<?xml", "rdf:", "2025-", "DejaVu Sans', "):
        assert foreign not in drawn


def test_colours_are_hexes_in_notebooks_and_variables_in_html():
    plain, themed = style.to_svg(two_lines(), ids="a"), style.to_svg(two_lines(), themed=True, ids="a")
    assert "stroke:#d55e00" in plain and "var(" not in plain
    assert "stroke:var(--tw-swiftfare,#d55e00)" in themed
    assert not re.search(r":#[0-9a-f]{6}", themed)
    assert style.untheme(themed) == plain


def test_words_in_orange_are_darkened():
    drawn = style.to_svg(two_lines())
    assert re.search(r"<text[^>]*fill:#a84300[^>]*>Swiftfare</text>", drawn)


def test_a_long_title_is_broken_to_fit_and_a_short_one_is_not():
    fig = two_lines()
    style.to_svg(fig)
    lines = fig.axes[0].get_title(loc="left").split("\n")
    assert 2 <= len(lines) <= 3
    assert min(map(len, lines)) > 0.5 * max(map(len, lines)), "no last word on a line of its own"
    fig.canvas.draw()
    box = fig.axes[0].get_tightbbox()
    assert box.x1 <= fig.bbox.x1 + 1
    short = two_lines("Short")
    style.to_svg(short)
    assert short.axes[0].get_title(loc="left") == "Short"


def test_a_users_own_settings_are_set_aside():
    matplotlib.rcParams.update({"font.size": 30, "axes.grid": False, "figure.figsize": (2, 2)})
    style.use()
    assert tuple(matplotlib.rcParams["figure.figsize"]) == (style.WIDTH, style.HEIGHT)
    assert matplotlib.rcParams["font.size"] == style.TEXT_SIZE
    assert matplotlib.rcParams["axes.grid"]


def test_type_can_be_read_on_a_phone():
    column_of_a_phone, points = 343, 72
    assert style.TEXT_SIZE * column_of_a_phone / (style.WIDTH * points) >= 10
    assert style.WIDTH * points * 4 / 3 <= 700


@pytest.mark.parametrize("words", ["", "  ", None, 3])
def test_describe_wants_words(words):
    with pytest.raises(TwoWorldsError, match="needs words"):
        style.describe(plt.figure(), words)


def test_describe_wants_a_figure():
    fig, ax = plt.subplots()
    with pytest.raises(TwoWorldsError, match="needs a figure first.*Axes"):
        style.describe(ax, WORDS)
    assert style.description(fig) is None


def test_many_marks_become_a_picture_and_words_stay_words():
    def cloud():
        fig, ax = plt.subplots()
        ax.scatter(*np.random.default_rng(1).normal(size=(2, 5000)), s=2)
        ax.set_title("A cloud")
        style.describe(fig, "A round cloud of dots.")
        return fig

    shapes = style.to_svg(cloud())
    fig = cloud()
    style.as_png(fig, dpi=72)
    drawn = style.to_svg(fig)
    assert "data:image/png;base64," in drawn and ">A cloud</text>" in drawn
    assert len(drawn) < len(shapes) / 2
    assert 'aria-label="A round cloud of dots."' in drawn


class TestInANotebook:
    @pytest.fixture()
    def shell(self):
        from IPython.core.interactiveshell import InteractiveShell

        shell = InteractiveShell.instance()
        style.use()
        yield shell
        InteractiveShell.clear_instance()

    def test_a_figure_is_shown_as_svg_and_words_only(self, shell):
        data, _ = shell.display_formatter.format(two_lines())
        assert set(data) == {"image/svg+xml", "text/plain"}
        assert data["text/plain"] == WORDS
        assert data["image/svg+xml"] == style.to_svg(two_lines())

    def test_a_figure_without_description_warns(self, shell):
        fig, ax = plt.subplots()
        with pytest.warns(UserWarning, match="has no description"):
            shell.display_formatter.format(fig)

    def test_a_figure_with_description_does_not_warn(self, shell):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            shell.display_formatter.format(two_lines())

    def test_too_many_marks_warn_until_they_are_a_picture(self, shell):
        fig, ax = plt.subplots()
        ax.scatter(*np.random.default_rng(1).normal(size=(2, 6000)), s=2)
        style.describe(fig, WORDS)
        with pytest.warns(UserWarning, match="as_png"):
            shell.display_formatter.format(fig)
        style.as_png(fig)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            shell.display_formatter.format(fig)


def test_style_is_light_to_import():
    code = "import sys; import twoworlds.style; print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
