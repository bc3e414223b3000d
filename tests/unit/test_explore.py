"""Interactives: every combination of the controls shows its own described picture; limits; weight."""

import gzip
import itertools
import json
import re

import matplotlib
import pytest

matplotlib.use("agg")

import ipywidgets  # noqa: E402
import matplotlib.pyplot as plt  # noqa: E402
import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

from twoworlds import style  # noqa: E402
from twoworlds.errors import TwoWorldsError  # noqa: E402
from twoworlds.explore import MOST_FRAMES, explore  # noqa: E402


@pytest.fixture(autouse=True)
def clean():
    style.use()
    yield
    plt.close("all")
    ipywidgets.Widget.close_all()


def small(**values):
    fig, ax = plt.subplots()
    ax.plot([0, 1], [0, 1], color=style.SWIFTFARE)
    return fig


def table(**values):
    return pd.DataFrame({"share": [0.5, 0.25]}, index=pd.Index(["small", "large"], name="size"))


def words(**values):
    return "It shows " + ", ".join(f"{name} {value}" for name, value in values.items()) + "."


class Page:
    """What a browser does with saved widgets: follows links, shows one child of each stack."""

    def __init__(self, explorer):
        self.state = ipywidgets.Widget.get_manager_state()["state"]
        self.root = explorer.model_id
        self.links = [
            [self._end(saved["state"][key]) for key in ("source", "target")]
            for saved in self.state.values()
            if saved["model_name"] == "LinkModel"
        ]

    @staticmethod
    def _end(pair):
        return pair[0].removeprefix("IPY_MODEL_"), pair[1]

    def of(self, model):
        return self.state[model]["state"]

    def controls(self):
        return [
            m for m in self._below(self.root) if "tw-explore-control" in self.of(m).get("_dom_classes", ())
        ]

    def play(self):
        return [m for m in self._below(self.root) if self.state[m]["model_name"] == "PlayModel"]

    def _below(self, model):
        yield model
        for child in self.of(model).get("children", ()):
            yield from self._below(child.removeprefix("IPY_MODEL_"))

    def set(self, model, name, value):
        if self.of(model)[name] == value:
            return
        self.of(model)[name] = value
        for ends in self.links:
            for here, there in (ends, ends[::-1]):
                if here == (model, name):
                    self.set(*there, value)

    def shown(self):
        frames = next(m for m in self._below(self.root) if "tw-explore-frames" in self.of(m)["_dom_classes"])
        while self.state[frames]["model_name"] == "StackModel":
            frames = self.of(frames)["children"][self.of(frames)["selected_index"]].removeprefix("IPY_MODEL_")
        return self.of(frames)["value"]


VALUES = {
    "leaving": [0.1, 0.2, 0.30000000000000004],
    "company": ["Swiftfare", "Pipewright"],
    "plan": [f"a plan with a longish name, {letter}" for letter in "abcd"],
}


@pytest.mark.parametrize("draw", [small, table])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_every_combination_of_the_controls_shows_its_own_picture(draw, count):
    parameters = dict(itertools.islice(VALUES.items(), count))
    if count == 3 and draw is small:
        parameters["plan"] = parameters["plan"][:2]
    page = Page(explore(draw, describe=words, **parameters))
    controls = page.controls()
    assert len(controls) == count
    places = [range(len(values)) for values in parameters.values()]
    # from the last to the first, so that no picture is right only because nothing moved
    for combination in reversed(list(itertools.product(*places))):
        for control, place in zip(controls, combination, strict=True):
            page.set(control, "index", place)
        values = {
            name: given[place] for (name, given), place in zip(parameters.items(), combination, strict=True)
        }
        expected = words(**values)
        if draw is small:
            assert f'role="img" aria-label="{expected}"' in page.shown()
            assert re.search(r'<p class="tw-explore-words"[^>]*>' + re.escape(expected), page.shown())
        else:
            assert f">{expected}</caption>" in page.shown()


def test_numbers_make_a_slider_and_words_make_buttons_or_a_list():
    page = Page(explore(table, describe=words, **VALUES))
    kinds = [page.state[control]["model_name"] for control in page.controls()]
    assert kinds == ["SelectionSliderModel", "ToggleButtonsModel", "DropdownModel"]
    assert [list(page.of(c)["_options_labels"]) for c in page.controls()][0] == ["0.1", "0.2", "0.3"]
    assert [page.of(c)["description"] for c in page.controls()] == ["Leaving", "Company", "Plan"]


def test_a_dict_names_values():
    seen = []

    def draw(share, spread):
        seen.append((share, spread))
        return table()

    page = Page(
        explore(draw, describe=words, share={"5 %": 0.05, "10 %": 0.1}, spread={"alike": 1, "unlike": 9})
    )
    assert seen == [(0.05, 1), (0.05, 9), (0.1, 1), (0.1, 9)]
    names = [page.state[control]["model_name"] for control in page.controls()]
    assert names == ["SelectionSliderModel", "ToggleButtonsModel"]


def test_labels_name_the_controls():
    page = Page(explore(table, describe=words, labels={"a": "Chance of leaving"}, a=[1, 2], due_month=[1, 2]))
    assert [page.of(c)["description"] for c in page.controls()] == ["Chance of leaving", "Due month"]


@pytest.mark.parametrize(("play", "moved"), [(True, 0), ("month", 1)])
def test_play_runs_through_a_parameter(play, moved):
    page = Page(explore(table, describe=words, play=play, company=["a", "b"], month=[1, 2, 3]))
    (button,) = page.play()
    assert page.of(button)["max"] == [1, 2][moved]
    page.set(button, "value", 1)
    expected = [{"company": "b", "month": 1}, {"company": "a", "month": 2}][moved]
    assert words(**expected) in page.shown()
    page.set(page.controls()[moved], "index", 0)
    assert page.of(button)["value"] == 0, "the button goes on from where the reader moved the control to"


def test_the_reader_begins_where_start_says():
    made = explore(small, describe=words, play="b", start={"b": 3}, a=["x", "y"], b=[1, 2, 3])
    page = Page(made)
    assert [page.of(control)["index"] for control in page.controls()] == [0, 2]
    assert words(a="x", b=3) in page.shown()
    assert page.of(page.play()[0])["value"] == 2
    assert made._repr_mimebundle_()["text/plain"] == words(a="x", b=3)
    assert f'aria-label="{words(a="x", b=3)}"' in made._repr_mimebundle_()["image/svg+xml"]
    page.set(page.controls()[0], "index", 1)
    assert words(a="y", b=3) in page.shown()


def test_only_links_that_the_browser_follows():
    page = Page(explore(table, describe=words, play=True, a=[1, 2], b=[1, 2]))
    kinds = {saved["model_name"] for saved in page.state.values()}
    assert "LinkModel" in kinds and not kinds & {"OutputModel", "DirectionalLinkModel", "ImageModel"}


def test_where_no_widget_runs_the_first_picture_and_its_words_are_shown():
    bundle = explore(small, describe=words, a=[1, 2])._repr_mimebundle_()
    assert bundle["text/plain"] == "It shows a 1."
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"]
    drawn = bundle["image/svg+xml"]
    assert drawn.startswith("<svg ") and 'aria-label="It shows a 1."' in drawn and "var(" not in drawn
    of_tables = explore(table, describe=words, a=[1, 2])._repr_mimebundle_()
    assert of_tables["text/html"].startswith("<table") and "image/svg+xml" not in of_tables


def test_frames_have_ids_of_their_own_and_are_the_same_on_every_run():
    def frames():
        page = Page(explore(small, describe=words, a=[1, 2, 3], b=["x", "y"]))
        drawn = [s["state"]["value"] for s in page.state.values() if s["model_name"] == "HTMLModel"]
        ipywidgets.Widget.close_all()
        return drawn

    first = frames()
    ids = [one for frame in first for one in re.findall(r'\bid="([^"]+)"', frame)]
    assert len(ids) >= 6 and len(ids) == len(set(ids))
    assert first == frames()


def test_sixty_frames_weigh_less_than_100_kb():
    months = np.arange(0, 13)

    def draw(leaving, spread):
        fig, ax = plt.subplots()
        kept = 100 * (1 - leaving) ** (months / spread)
        ax.fill_between(months, 0, kept, color=style.SWIFTFARE_TINT, lw=0)
        ax.plot(months, kept, color=style.SWIFTFARE, marker="o")
        fine = np.linspace(0, 12, 150)
        ax.plot(fine, 100 * np.exp(-fine * leaving), color=style.PIPEWRIGHT)
        ax.set_ylim(0, 100)
        ax.set_title(f"After a year, {kept[-1]:.0f} of 100 are left")
        return fig

    explore(draw, describe=words, leaving=list(np.linspace(0.05, 0.6, 12)), spread=[1, 1.5, 2, 3, 4])
    state = json.dumps(ipywidgets.Widget.get_manager_state()["state"])
    assert len(gzip.compress(state.encode())) < 100_000


def test_no_figure_stays_open_and_a_learners_own_stays():
    mine = plt.figure()
    explore(small, describe=words, a=[1, 2, 3])
    assert plt.get_fignums() == [mine.number]


def test_no_figure_stays_open_when_draw_fails():
    def draw(a):
        plt.subplots()
        raise KeyError("share")

    with pytest.raises(TwoWorldsError):
        explore(draw, describe=words, a=[1, 2])
    assert plt.get_fignums() == []


def test_tables_are_accessible():
    def draw(a):
        return pd.DataFrame(
            {
                "left": [1200, -3],
                "share": [0.5, None],
                "day": pd.to_datetime(["2024-01-31", None]),
                "<b>": ["&", True],
            },
            index=pd.Index(["small", "large"], name="size"),
        )

    shown = explore(draw, describe=words, a=[1, 2])._repr_mimebundle_()["text/html"]
    assert '<th scope="col">size</th>' in shown and '<th scope="row">small</th>' in shown
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", shown)
    assert cells == ["1,200", "0.5", "2024-01-31", "&amp;", "−3", "–", "–", "yes"]
    assert "&lt;b&gt;" in shown and "<th></th>" not in shown


def nothing(**values):
    return None


def several(**values):
    return plt.subplots()


def broken(**values):
    return 1 / 0


def nameless(**values):
    return table().rename_axis(None)


def one_sentence(**values):
    return "A chart."


MANY = list(range(MOST_FRAMES + 1))


@pytest.mark.parametrize(
    ("draw", "describe", "parameters", "says"),
    [
        (small, words, {}, "needs one to three parameters"),
        (small, words, {"a": [1, 2], "b": [1, 2], "c": [1, 2], "d": [1, 2]}, "up to 3 parameters and got 4"),
        (small, words, {"a": MANY}, "151 values make 151 pictures, and a page carries at most 150"),
        (small, words, {"a": MANY[:13], "b": MANY[:12]}, "13 x 12 values make 156 pictures"),
        (small, words, {"a": []}, "'a' has no values"),
        (small, words, {"a": [1]}, "'a' has one value"),
        (small, words, {"a": "abc"}, "'a' needs a list of values"),
        (small, words, {"a": 3}, "'a' needs a list of values"),
        (small, words, {"a": [1, 1.0000000001]}, "two values of the parameter 'a' read '1'"),
        (small, words, {"a": [1, 2], "play": "b"}, "play names 'b'"),
        (small, words, {"a": [1, 2], "labels": {"b": "B"}}, "labels names 'b'"),
        (small, words, {"a": [1, 2], "start": {"b": 1}}, "start names 'b'"),
        (small, words, {"a": [1, 2], "start": {"a": 3}}, "start gives a the value 3"),
        (nothing, words, {"a": [1, 2]}, "draw(a=1) returns nothing"),
        (several, words, {"a": [1, 2]}, "draw(a=1) returns several things"),
        (broken, words, {"a": [1, 2]}, "draw(a=1) fails with ZeroDivisionError (division by zero)"),
        (nameless, words, {"a": [1, 2]}, "name its index"),
        (small, broken, {"a": [1, 2]}, "describe(a=1) fails with ZeroDivisionError"),
        (small, nothing, {"a": [1, 2]}, "describe(a=1) gives no words"),
        (small, one_sentence, {"a": [1, 2]}, "the same words for every picture"),
        (small(), words, {"a": [1, 2]}, "two functions"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(draw, describe, parameters, says):
    with pytest.raises(TwoWorldsError) as caught:
        explore(draw, describe=describe, **parameters)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 220


def test_the_most_frames_are_allowed():
    drawn = []
    explore(lambda a, b: drawn.append((a, b)) or table(), describe=words, a=MANY[:15], b=MANY[:10])
    assert len(drawn) == MOST_FRAMES
