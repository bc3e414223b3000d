"""Interactives that live with and without Python: every picture is drawn once, controls swap it.

    explore(draw, describe=words, leaving=[0.1, 0.2, 0.3], spread=["all alike", "very different"])

shows a slider and a pair of buttons above the picture `draw(leaving=0.1, spread="all alike")`. Moving a
control swaps the picture in the browser; nothing is computed then. So the same object works in a live
notebook, in a saved one, and on a static page.
"""

import hashlib
import math
import sys
from html import escape
from numbers import Integral, Number, Real

import ipywidgets as widgets

from twoworlds import style
from twoworlds.errors import TwoWorldsError

MOST_FRAMES = 150
MOST_PARAMETERS = 3
SECONDS_A_STEP = 0.9

# Few and short choices stand side by side as buttons; more go into a list that opens.
MOST_BUTTONS, MOST_LETTERS_IN_BUTTONS = 5, 44

# Heard, not seen, also where no style sheet reaches (JupyterLab, Colab).
HEARD_ONLY = "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)"
PLACEHOLDER = "frame-ids-"


class Explorer(widgets.VBox):
    """What `explore` returns; where widgets don't run, its first picture and its words are shown."""

    def __init__(self, children, first, words, **more):
        super().__init__(children, **more)
        self._first = {**first, "text/plain": words}

    def _repr_mimebundle_(self, **kwargs):
        return {**(super()._repr_mimebundle_(**kwargs) or {}), **self._first}


def explore(draw, *, describe, title=None, play=False, labels=None, start=None, **parameters):
    """Controls above a picture or a table, computed for every combination of the parameters' values.

    draw:       function of the parameters, by name; returns a matplotlib Figure or a pandas DataFrame. A
                table's index is shown if it has a name; its numbers have at most three decimals, give
                text for any other form
    describe:   function of the parameters, by name; returns in words what that picture shows. A table's
                words are its caption
    title:      a line above the controls
    play:       True adds a button that runs through the first parameter; or the name of the parameter to
                run through
    labels:     {"parameter": "what the reader sees"}; by default the parameter's name with spaces
    start:      {"parameter": value} where the reader begins; by default at each parameter's first value
    parameters: one to three, each a list of values or a dict {"label": value}. Numbers make a
                slider, text makes buttons or a list. At most 150 combinations
    Returns an Explorer (an ipywidgets VBox). Raises TwoWorldsError where any of this does not hold, or
    where `draw` or `describe` fails.
    """
    if not callable(draw) or not callable(describe):
        raise TwoWorldsError(
            "explore needs two functions, draw and describe: pass their names, without brackets."
        )
    labels = labels or {}
    choices = _started(_choices(parameters, labels), start or {})
    played = _played(play, choices)
    frames = _frames(draw, describe, choices)
    shown = frames[_shown_first(choices)]

    controls = [_control(choice) for choice in choices]
    rows = list(controls)
    links = []
    if played is not None:
        rows[played], play_link = _with_play(controls[played], choices[played])
        links.append(play_link)
    stack = _stacks(frames, choices, controls, links)
    stack.add_class("tw-explore-frames")
    heading = (
        [widgets.HTML(f'<p class="tw-explore-title" style="font-weight:600;margin:0">{escape(title)}</p>')]
        if title
        else []
    )
    body = [*heading, widgets.VBox(rows).add_class("tw-explore-controls"), stack]
    explorer = Explorer(body, shown["static"], shown["words"]).add_class("tw-explore")
    explorer.links = links  # kept alive with the widget they belong to
    return explorer


# ---------------------------------------------------------------------------------------------- parameters


def _choices(parameters, labels):
    """[{"name", "label", "labels", "values", "numbers"}] in the order given."""
    if not parameters:
        raise TwoWorldsError(
            "explore needs one to three parameters: add one with its values, such as month=[1, 2, 3]."
        )
    if len(parameters) > MOST_PARAMETERS:
        raise TwoWorldsError(
            f"explore takes up to {MOST_PARAMETERS} parameters and got {len(parameters)}: "
            "fix some of them in draw, or make two interactives."
        )
    strangers = sorted(set(labels) - set(parameters))
    if strangers:
        raise TwoWorldsError(
            f"labels names {strangers[0]!r}, which is no parameter: use one of {', '.join(parameters)}."
        )
    choices = [_choice(name, given, labels.get(name)) for name, given in parameters.items()]
    frames = math.prod(len(choice["values"]) for choice in choices)
    if frames > MOST_FRAMES:
        sizes = " x ".join(str(len(choice["values"])) for choice in choices)
        raise TwoWorldsError(
            f"{sizes} values make {frames} pictures, and a page carries at most {MOST_FRAMES}: "
            "give fewer values, or fewer parameters."
        )
    return choices


def _choice(name, given, label):
    if isinstance(given, (str, bytes)) or not hasattr(given, "__iter__"):
        raise TwoWorldsError(
            f"the parameter {name!r} needs a list of values, such as {name}=[1, 2, 3], and got {given!r}."
        )
    if isinstance(given, dict):
        names, values = [str(key) for key in given], list(given.values())
    else:
        values = list(given)
        names = [_written(value) for value in values]
    if len(values) < 2:
        have = "one value" if values else "no values"
        raise TwoWorldsError(f"the parameter {name!r} has {have}: give it two or more, or fix it in draw.")
    twice = next((one for one in names if names.count(one) > 1), None)
    if twice is not None:
        raise TwoWorldsError(
            f"two values of the parameter {name!r} read {twice!r}: give a dict of labels that differ."
        )
    numbers = all(isinstance(value, Real) and not isinstance(value, bool) for value in values)
    # a dict may give numbers names, such as "all alike": those are choices, not places on a scale
    numbers = numbers and all(any(letter.isdigit() for letter in one) for one in names)
    shown = label or name.replace("_", " ").capitalize()
    return {"name": name, "label": shown, "labels": names, "values": values, "numbers": numbers}


def _started(choices, start):
    """The choices, each with the place ("first") of the value that is shown first."""
    names = [choice["name"] for choice in choices]
    strangers = sorted(set(start) - set(names))
    if strangers:
        raise TwoWorldsError(
            f"start names {strangers[0]!r}, which is no parameter: use one of {', '.join(names)}."
        )
    for choice in choices:
        wanted = start.get(choice["name"], choice["values"][0])
        if wanted not in choice["values"]:
            raise TwoWorldsError(
                f"start gives {choice['name']} the value {wanted!r}, which it does not take: "
                f"use one of {', '.join(choice['labels'])}."
            )
        choice["first"] = choice["values"].index(wanted)
    return choices


def _shown_first(choices):
    """The number of the frame that is shown first, the last parameter running fastest."""
    number = 0
    for choice in choices:
        number = number * len(choice["values"]) + choice["first"]
    return number


def _written(value):
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Integral):
        return f"{int(value):,}".replace("-", "−")
    if isinstance(value, Number):
        return f"{value:.6g}".replace("-", "−")
    return str(value)


def _played(play, choices):
    if play is False or play is None:
        return None
    names = [choice["name"] for choice in choices]
    if play is True:
        return 0
    if play in names:
        return names.index(play)
    raise TwoWorldsError(
        f"play names {play!r}, which is no parameter: use True, or one of {', '.join(names)}."
    )


# ---------------------------------------------------------------------------------------------- controls


def _control(choice):
    """A slider for numbers, buttons for a few words, a list for more; each is linked by its index."""
    options = list(zip(choice["labels"], range(len(choice["labels"])), strict=True))
    style_of_label = {"description_width": "initial"}
    letters = sum(map(len, choice["labels"]))
    if choice["numbers"]:
        control = widgets.SelectionSlider(
            options=options,
            value=choice["first"],
            description=choice["label"],
            style=style_of_label,
            layout={"width": "100%", "max_width": "600px"},
        )
    elif len(options) <= MOST_BUTTONS and letters <= MOST_LETTERS_IN_BUTTONS:
        control = widgets.ToggleButtons(
            options=options,
            value=choice["first"],
            description=choice["label"],
            style={**style_of_label, "button_width": "auto"},
        )
    else:
        control = widgets.Dropdown(
            options=options,
            value=choice["first"],
            description=choice["label"],
            style=style_of_label,
            layout={"width": "max-content"},
        )
    return control.add_class("tw-explore-control")


def _with_play(control, choice):
    button = widgets.Play(
        value=choice["first"],
        min=0,
        max=len(choice["values"]) - 1,
        interval=int(1000 * SECONDS_A_STEP),
        show_repeat=False,
        description=choice["label"],
    )
    row = widgets.HBox([button, control], layout={"width": "100%", "max_width": "600px"}).add_class(
        "tw-explore-play"
    )
    return row, widgets.jslink((button, "value"), (control, "index"))


def _stacks(frames, choices, controls, links):
    """Stacks within stacks, one level a parameter; each control selects in every stack of its level."""
    shared = {"layout": widgets.Layout(width="auto", margin="0"), "style": widgets.HTML().style}
    level = [widgets.HTML(frame["html"], **shared) for frame in frames]
    layout = widgets.Layout(width="100%")
    for choice, control in reversed(list(zip(choices, controls, strict=True))):
        size = len(choice["values"])
        level = [
            widgets.Stack(level[start : start + size], selected_index=choice["first"], layout=layout)
            for start in range(0, len(level), size)
        ]
        links.extend(widgets.jslink((control, "index"), (stack, "selected_index")) for stack in level)
    return level[0]


# ---------------------------------------------------------------------------------------------- frames


def _frames(draw, describe, choices):
    """Every combination, the last parameter running fastest: [{"html", "static", "words"}]."""
    frames = []
    for number, values in enumerate(_combinations(choices)):
        words = _words(describe, values)
        frames.append(_frame(draw, values, words, f"{PLACEHOLDER}{number}"))
    if len({frame["words"] for frame in frames}) == 1:
        raise TwoWorldsError(
            "describe gives the same words for every picture: say what differs, with the numbers in it."
        )
    # ids that no other interactive on the page has
    digest = hashlib.sha256("".join(frame["html"] for frame in frames).encode()).hexdigest()[:6]
    for frame in frames:
        frame["html"] = frame["html"].replace(PLACEHOLDER, f"x{digest}-")
    shown = frames[_shown_first(choices)]
    if shown["static"] is None:
        still = style.untheme(shown["figure"]).replace(PLACEHOLDER, f"s{digest}-")
        shown["static"] = {"image/svg+xml": still}
    return frames


def _combinations(choices):
    combinations = [{}]
    for choice in choices:
        combinations = [
            {**so_far, choice["name"]: value} for so_far in combinations for value in choice["values"]
        ]
    return combinations


def _call(values):
    return ", ".join(f"{name}={value!r}" for name, value in values.items())


def _words(describe, values):
    try:
        words = describe(**values)
    except Exception as error:
        raise TwoWorldsError(
            f"describe({_call(values)}) fails with {_one_line(error)}: mend describe."
        ) from error
    if not isinstance(words, str) or not words.strip():
        raise TwoWorldsError(
            f"describe({_call(values)}) gives no words: return a sentence that says what the picture shows."
        )
    return " ".join(words.split())


def _frame(draw, values, words, ids):
    open_before = _open_figures()
    try:
        try:
            drawn = draw(**values)
        except Exception as error:
            raise TwoWorldsError(
                f"draw({_call(values)}) fails with {_one_line(error)}: mend draw, or leave that value out."
            ) from error
        kind = type(drawn).__name__
        if kind == "DataFrame" and hasattr(drawn, "itertuples"):
            table = _table(drawn, words, values)
            return {"html": table, "static": {"text/html": table}, "words": words}
        if hasattr(drawn, "savefig") and hasattr(drawn, "axes"):
            return _figure_frame(drawn, words, ids)
        raise TwoWorldsError(
            f"draw({_call(values)}) returns {_named(drawn)}: "
            "return a matplotlib figure or a pandas DataFrame."
        )
    finally:
        _close_figures(open_before)


def _figure_frame(figure, words, ids):
    themed = style.to_svg(figure, words, themed=True, ids=ids)
    html = f'{themed}<p class="tw-explore-words" style="{HEARD_ONLY}">{escape(words)}</p>'
    return {"html": html, "static": None, "figure": themed, "words": words}


def _open_figures():
    pyplot = sys.modules.get("matplotlib.pyplot")
    return set(pyplot.get_fignums()) if pyplot else set()


def _close_figures(but):
    """Close what a draw left open: it would fill the learner's memory, and the cell's output."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    for number in _open_figures() - but:
        pyplot.close(number)


def _one_line(error):
    text = " ".join(str(error).split())
    return f"{type(error).__name__} ({text})" if text else type(error).__name__


def _named(thing):
    if thing is None:
        return "nothing"
    if isinstance(thing, tuple):
        return "several things"
    return f"a {type(thing).__name__}"


# ---------------------------------------------------------------------------------------------- tables


def _table(frame, words, values):
    """A table as HTML: caption, column heads, and a head for each row where the index has a name."""
    named = any(name is not None for name in frame.index.names)
    counted = frame.index.nlevels == 1 and list(frame.index) == list(range(len(frame)))
    if not named and not counted:
        raise TwoWorldsError(
            f"the table of draw({_call(values)}) has rows without a heading: "
            'name its index, as in table.rename_axis("month").'
        )
    if frame.columns.nlevels > 1:
        raise TwoWorldsError(
            f"the table of draw({_call(values)}) has columns in levels: give each column one name."
        )
    heads = frame.reset_index() if named else frame
    row_heads = frame.index.nlevels if named else 0
    columns = [_column(heads.iloc[:, place]) for place in range(heads.shape[1])]
    right = ' style="text-align:right"'
    lines = [
        '<table class="tw-table"><caption style="caption-side:top;text-align:left">'
        f"{escape(words)}</caption><thead><tr>"
    ]
    for (_, numeric), name in zip(columns, heads.columns, strict=True):
        lines.append(f'<th scope="col"{right if numeric else ""}>{escape(str(name))}</th>')
    lines.append("</tr></thead><tbody>")
    for row in range(len(heads)):
        lines.append("<tr>")
        for place, (cells, numeric) in enumerate(columns):
            tag, scope = ("th", ' scope="row"') if place < row_heads else ("td", "")
            lines.append(f"<{tag}{scope}{right if numeric else ''}>{escape(cells[row])}</{tag}>")
        lines.append("</tr>")
    lines.append("</tbody></table>")
    return "".join(lines)


def _column(series):
    """(cells as text, whether they are numbers): one number of decimals a column, as few as tell its values
    apart to a thousandth."""
    import pandas as pd

    numeric = pd.api.types.is_numeric_dtype(series) and not pd.api.types.is_bool_dtype(series)
    whole = pd.api.types.is_integer_dtype(series)
    places = 0
    if numeric and not whole:
        known = [float(value) for value in series.dropna() if math.isfinite(value)]
        places = next((d for d in range(3) if all(round(v, 3) == round(v, d) for v in known)), 3)
    return [_cell(value, numeric, places) for value in series], numeric


def _cell(value, numeric, places):
    import pandas as pd

    if pd.isna(value):
        return "–"
    if numeric:
        return f"{value:,.{places}f}".replace("-", "−")
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat() if value == value.normalize() else str(value)
    return _written(value)
