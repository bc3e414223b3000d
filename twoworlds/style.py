"""How the course's figures look: one palette, one width, one type size, and a description in words for each.

    from twoworlds import style
    style.use()                                   # once, at the top of a notebook
    fig, ax = plt.subplots()
    ...
    style.describe(fig, "Two lines from month 1 to 12. Swiftfare's climbs from 69 to 90 per cent; ...")

Everything else is plain matplotlib. `use()` also works in plain Python, where it only sets matplotlib's
parameters.
"""

import re
import sys
import warnings
from weakref import WeakKeyDictionary

from twoworlds import svg
from twoworlds.errors import TwoWorldsError

# The vermilion and blue of Okabe and Ito's palette, told apart by every kind of colour vision.
SWIFTFARE = "#D55E00"
SWIFTFARE_TINT = "#F6D3B8"
SWIFTFARE_TEXT = (
    "#A84300"  # words in orange: contrast on white above 4.5; set by itself when a word is orange
)
PIPEWRIGHT = "#0072B2"
PIPEWRIGHT_TINT = "#BCDAEC"
INK = "#1F2428"
GREY = "#5F676E"
LIGHT = "#DFE2E5"
ACCENT = "#8A6A00"  # a dark gold: the one thing that a figure points at and that belongs to neither company
PAPER = "#FFFFFE"  # one step off matplotlib's own white, so that a page can tell the sheet from a white mark

# Hexes as they stand in an SVG (lower case), and the CSS variable that a page sets for each.
CSS_VARIABLES = {
    SWIFTFARE.lower(): "--tw-swiftfare",
    SWIFTFARE_TINT.lower(): "--tw-swiftfare-tint",
    SWIFTFARE_TEXT.lower(): "--tw-swiftfare-text",
    PIPEWRIGHT.lower(): "--tw-pipewright",
    PIPEWRIGHT_TINT.lower(): "--tw-pipewright-tint",
    INK.lower(): "--tw-ink",
    GREY.lower(): "--tw-grey",
    LIGHT.lower(): "--tw-light",
    ACCENT.lower(): "--tw-accent",
    PAPER.lower(): "--tw-paper",
}
DARKER_WORDS = {SWIFTFARE.lower(): SWIFTFARE_TEXT.lower()}

WIDTH, HEIGHT = (
    6.25,
    3.9,
)  # inches: 600 px by 374; a change of height is fine, the width is the same in every figure
TEXT_SIZE = 13.5  # points: 18 px at the natural size, still above 10 px in a phone's column of 343
HEAVY = 200_000  # characters of SVG beyond which a figure has too many marks to be drawn as lines

_descriptions = WeakKeyDictionary()
_pictures = WeakKeyDictionary()


def use():
    """Set matplotlib's parameters, and in a notebook show every figure as a described SVG.

    What a user's own matplotlibrc says is set aside, so that a figure is the same on every machine.
    """
    import matplotlib

    # IPython's own plotting support, if it is there, must be in place first: it would replace our formatter
    # later.
    shell = _shell()
    if shell is not None:
        _show_described(shell)
    matplotlib.rcdefaults()
    matplotlib.rcParams.update(_parameters())
    _register_colour_maps()


def _parameters():
    from cycler import cycler

    return {
        "figure.figsize": (WIDTH, HEIGHT),
        "figure.constrained_layout.use": True,
        "figure.constrained_layout.wspace": 0.06,
        "figure.facecolor": PAPER,
        "savefig.facecolor": PAPER,
        "axes.facecolor": "none",
        "font.family": "sans-serif",
        "font.sans-serif": ["DejaVu Sans"],
        "font.size": TEXT_SIZE,
        "text.color": INK,
        "axes.titlesize": TEXT_SIZE,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "axes.titlepad": 14,
        "axes.titlecolor": INK,
        "figure.titlesize": TEXT_SIZE,
        "figure.titleweight": "bold",
        "axes.labelsize": TEXT_SIZE,
        "axes.labelcolor": GREY,
        "axes.labelpad": 7,
        "xtick.labelsize": TEXT_SIZE,
        "ytick.labelsize": TEXT_SIZE,
        "xtick.labelcolor": GREY,
        "ytick.labelcolor": GREY,
        # no tick marks: the labels sit where the grid lines end
        "xtick.bottom": False,
        "ytick.left": False,
        "xtick.major.pad": 6,
        "ytick.major.pad": 6,
        "axes.grid": True,
        "axes.grid.axis": "y",
        "axes.axisbelow": True,
        "grid.color": LIGHT,
        "grid.linewidth": 0.9,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.spines.left": False,
        "axes.edgecolor": GREY,
        "axes.linewidth": 0.9,
        # a line without a company is ink, then grey, then the accent
        "axes.prop_cycle": cycler(color=[INK, GREY, ACCENT]),
        "lines.linewidth": 2.4,
        "lines.solid_capstyle": "round",
        "lines.markersize": 6.5,
        "patch.linewidth": 0,
        "patch.facecolor": GREY,
        "legend.frameon": False,
        "legend.fontsize": TEXT_SIZE,
        "axes.unicode_minus": True,
        "svg.fonttype": "none",
        "svg.hashsalt": "twoworlds",
    }


def _register_colour_maps():
    """`cmap="swiftfare"` and `cmap="pipewright"`: from white to the company's colour, for shares."""
    import matplotlib
    from matplotlib.colors import LinearSegmentedColormap

    for name, tint, full in (
        ("swiftfare", SWIFTFARE_TINT, SWIFTFARE),
        ("pipewright", PIPEWRIGHT_TINT, PIPEWRIGHT),
    ):
        if name not in matplotlib.colormaps:
            shades = LinearSegmentedColormap.from_list(name, ["#ffffff", tint, full])
            matplotlib.colormaps.register(shades, name=name)


def describe(fig, words):
    """Say in words what a figure shows, for those who cannot see it: what the marks are, and what they do.

    fig:   a matplotlib Figure
    words: one or two sentences, with the numbers that matter
    Raises TwoWorldsError for anything else.
    """
    from matplotlib.figure import Figure

    if not isinstance(fig, Figure):
        raise TwoWorldsError(
            f'describe needs a figure first, then its words, and got {_a(fig)}: write describe(fig, "...").'
        )
    if not isinstance(words, str) or not words.strip():
        raise TwoWorldsError("describe needs words: say what the figure shows, in one or two sentences.")
    _descriptions[fig] = " ".join(words.split())


def description(fig):
    """The words given to `describe`, or None."""
    return _descriptions.get(fig)


def as_png(fig, dpi=192):
    """Draw a figure's marks as one picture, for when they are too many to be shapes; its words stay words.

    fig: a matplotlib Figure, after its marks are drawn
    dpi: dots per inch of the picture; 192 is sharp on a screen of double density
    """
    for ax in fig.axes:
        for mark in [*ax.lines, *ax.collections, *ax.patches]:
            mark.set_rasterized(True)
    _pictures[fig] = dpi


def to_svg(fig, words=None, *, themed=False, ids=None):
    """The figure as SVG text: described, with ids of its own, without metadata.

    words:  the description; by default the one given to `describe`
    themed: True is for HTML: colours as `var(--tw-...,#hex)`, shrinks with its column; False: plain hexes
    ids:    what its ids begin with, see `svg.render`
    """
    title = _fit_titles(fig)
    words = words or description(fig) or title or "A figure without a description."
    return svg.render(
        fig,
        words,
        title=title,
        variables=CSS_VARIABLES if themed else None,
        darker=DARKER_WORDS,
        ids=ids,
        size=TEXT_SIZE,
        dpi=_pictures.get(fig, 192),
    )


def untheme(drawn):
    """A themed SVG with plain hexes, as `to_svg` without `themed` gives it."""
    plain = re.sub(r"var\(--tw-[a-z-]+,(#[0-9a-f]{6})\)", r"\1", drawn)
    return plain.replace(' style="max-width:100%;height:auto"', "", 1)


def _fit_titles(fig):
    """Break titles that are wider than their axes; returns the figure's title on one line, or None."""
    titles = []
    heading = fig.get_suptitle()
    if heading:
        titles.append(heading)
    placed = False
    for ax in fig.axes:
        text = ax.get_title(loc="left")
        titles.append(text)
        if not text or "\n" in text:
            continue
        prop = _title_text(ax, text).get_fontproperties()
        columns = ax.get_subplotspec().get_gridspec().ncols if ax.get_subplotspec() else 1
        points = 72 * fig.get_figwidth()
        if _width(text, prop) < 0.8 * points / columns:
            continue
        if not placed:
            fig.draw_without_rendering()
            placed = True
        box = ax.get_position()
        last_column = box.x1 > 1 - 0.5 / columns
        room = points * ((0.99 if last_column else box.x1) - box.x0)
        ax.set_title(_broken(text, prop, room), loc="left")
    return next((" ".join(title.split()) for title in titles if title.strip()), None)


def _title_text(ax, words):
    from matplotlib.text import Text

    return next(part for part in ax.get_children() if isinstance(part, Text) and part.get_text() == words)


def _width(text, prop):
    from matplotlib.textpath import text_to_path

    return text_to_path.get_text_width_height_descent(text, prop, ismath="$" in text)[0]


def _broken(text, prop, room):
    """Text broken into as few lines as fit, all about equally long: no last word on a line of its own."""
    fewest = _filled(text, prop, room)
    narrow = room
    while narrow > 0.4 * room:
        narrow *= 0.95
        tried = _filled(text, prop, narrow)
        if len(tried) > len(fewest) or any(_width(line, prop) > room for line in tried):
            break
        fewest = tried
    return "\n".join(fewest)


def _filled(text, prop, room):
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and _width(longer, prop) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _shell():
    """The IPython shell this runs in, or None."""
    if "IPython" not in sys.modules:
        return None
    return sys.modules["IPython"].get_ipython()


def _show_described(shell):
    from matplotlib.figure import Figure

    try:
        import matplotlib_inline.backend_inline  # noqa: F401  its import sets the figure formats once and for all
    except ImportError:
        pass
    formatters = shell.display_formatter.formatters
    for kind in ("image/png", "image/jpeg", "application/pdf"):
        formatters[kind].pop(Figure, None)
    formatters["image/svg+xml"].for_type(Figure, _shown)
    formatters["text/plain"].for_type(
        Figure, lambda fig, page, cycle: page.text(description(fig) or "A figure.")
    )


def _shown(fig):
    if description(fig) is None:
        warnings.warn(
            "this figure has no description, so a part of your readers will not know what it shows: "
            'add style.describe(fig, "...").',
            stacklevel=2,
        )
    drawn = to_svg(fig)
    if len(drawn) > HEAVY and fig not in _pictures:
        warnings.warn(
            f"this figure takes {len(drawn) // 1000:,} kB, for its many marks: "
            "call style.as_png(fig) before it is shown.",
            stacklevel=2,
        )
    return drawn


def _a(thing):
    return f"a {type(thing).__name__}"
