"""From a matplotlib figure to a small, described, deterministic SVG that a page can restyle.

matplotlib writes SVG for print: metadata, a group for each artist, a `*{...}` style rule that would reach the
whole page, ids that two figures share. What leaves this module has none of these. Its ids are its own, its
numbers have two decimals, it carries its description for those who can't see it, and its fonts and colours
stand where a page's style sheet can change them.
"""

import hashlib
import io
import re
from xml.etree import ElementTree
from xml.sax.saxutils import escape

SVG = "{http://www.w3.org/2000/svg}"
XLINK_HREF = "{http://www.w3.org/1999/xlink}href"

# The measures of DejaVu Sans, which comes with matplotlib, place the words; these families draw them.
# DejaVu is the widest of # them, so what fits there fits in any.
FONTS = "Inter,'Helvetica Neue',Arial,'Liberation Sans','DejaVu Sans',sans-serif"

# What matplotlib says on every element though the root says it once.
INHERITED = {("stroke-linejoin", "round"), ("stroke-linecap", "butt"), ("text-anchor", "start")}
REFERENCE = re.compile(r"url\(#([^)]+)\)|^#(.+)$")
NUMBER = re.compile(r"-?\d+\.?\d*(?:e[-+]?\d+)?")
NO_TURN = re.compile(r"^rotate\(-?0(?:\.0*)? [^)]*\)$")


def render(figure, words, *, title=None, variables=None, darker=None, ids=None, size=13.5, dpi=192):
    """SVG text of a figure, without an XML prologue.

    figure:    a matplotlib Figure; it is drawn, not closed
    words:     the description, one or more sentences: becomes the aria-label
    title:     a short name, becomes <title>; the description's own words where there is none
    variables: {"#hex": "--name"}: colours written as `var(--name,#hex)`, for pages; None leaves plain hexes
    darker:    {"#hex": "#hex"}: colours that words take, where the mark's own colour is too light to read
    ids:       what every id begins with; by default a digest of the drawing, so that two figures never
               share one
    size:      the type size that the root states once, in points
    dpi:       dots per inch of the marks drawn as a picture, if any
    """
    root = _draw(figure, size, dpi)
    _flatten(root)
    _tidy(root, size, variables or {}, darker or {})
    if ids is None:
        content = _serialise(root) + words
        ids = "f" + hashlib.sha256(content.encode()).hexdigest()[:8]
    _rename_ids(root, ids)
    width, height = (float(n) for n in root.get("viewBox").split()[2:])
    head = {
        "xmlns": "http://www.w3.org/2000/svg",
        "class": "tw-figure",
        "role": "img",
        "aria-label": words,
        "viewBox": f"0 0 {_short(width)} {_short(height)}",
        # CSS pixels, so that a plain <img> has a natural size; the page may stretch or shrink it
        "width": _short(width * 4 / 3, 0),
        "height": _short(height * 4 / 3, 0),
        **({"style": "max-width:100%;height:auto"} if variables else {}),
        "font-family": FONTS,
        "font-size": _short(size),
        "stroke-linejoin": "round",
    }
    root.attrib.clear()
    root.attrib.update(head)
    name = ElementTree.Element(SVG + "title")
    name.text = title or words
    root.insert(0, name)
    return _serialise(root)


def _draw(figure, size, dpi):
    """The figure as matplotlib writes it, parsed; the same bytes on every run."""
    import matplotlib

    page = io.BytesIO()
    with matplotlib.rc_context(
        {"svg.fonttype": "none", "svg.hashsalt": "twoworlds", "svg.image_inline": True}
    ):
        figure.savefig(page, format="svg", dpi=dpi, bbox_inches=None, metadata={"Date": None})
    return ElementTree.fromstring(page.getvalue())


def _flatten(root):
    """Drop metadata, style rules, shapes that draw nothing, and groups that group nothing."""
    for parent in list(root.iter()):
        kept = []
        for child in parent:
            if child.tag.endswith("}metadata") or child.tag == SVG + "style":
                continue
            if child.tag == SVG + "path" and _draws_nothing(child, parent):
                continue
            kept.append(child)
        parent[:] = kept
    _unwrap(root)


def _draws_nothing(path, parent):
    style = _style(path)
    inert = style.get("fill") == "none" and style.get("stroke", "none") == "none"
    return inert and parent.tag == SVG + "g"


def _unwrap(element):
    children = []
    for child in element:
        _unwrap(child)
        bare = not (set(child.attrib) - {"id"})
        if child.tag == SVG + "g" and bare:
            children.extend(child)
        elif child.tag in (SVG + "g", SVG + "defs") and not len(child):
            continue
        else:
            children.append(child)
    element[:] = children


def _tidy(root, size, variables, darker):
    for element in root.iter():
        style = _style(element)
        words = element.tag in (SVG + "text", SVG + "tspan")
        if words:
            _restyle_words(style, size)
            style["fill"] = darker.get(style.get("fill"), style.get("fill"))
        for name, value in list(style.items()):
            if value is None or (name, value) in INHERITED:
                del style[name]
            elif value in variables:
                style[name] = f"var({variables[value]},{value})"
            elif NUMBER.fullmatch(value):
                style[name] = _short(float(value))
        if style:
            element.set("style", ";".join(f"{name}:{value}" for name, value in style.items()))
        else:
            element.attrib.pop("style", None)
        _tidy_numbers(element)


def _restyle_words(style, size):
    family = style.get("font-family", "")
    # code keeps its own family; all else takes the root's
    if family.startswith("'DejaVu Sans'"):
        del style["font-family"]
    if style.get("font-size") == f"{size:g}px":
        del style["font-size"]
    if style.get("font-weight") in ("700", "bold"):
        style["font-weight"] = "600"


def _tidy_numbers(element):
    if element.get("d"):
        element.set("d", _short_path(element.get("d")))
    for name in ("x", "y", "width", "height"):
        if name in element.attrib and element.tag != SVG + "svg":
            element.set(name, _short(float(element.get(name))))
    turn = element.get("transform")
    if turn is None:
        return
    if NO_TURN.match(turn):
        del element.attrib["transform"]
    else:
        # scales need more places than positions do
        element.set("transform", re.sub(NUMBER, lambda n: _short(float(n.group()), 4), turn))


def _short_path(d):
    """A path with two decimals, no needless spaces, and no repeated L (a line may list its points)."""
    pieces, last = [], ""
    for command, numbers in re.findall(r"([A-Za-z])([^A-Za-z]*(?:e[-+]?\d+[^A-Za-z]*)*)", d):
        points = " ".join(_short(float(n)) for n in numbers.replace(",", " ").split())
        repeated = command == "L" and last in ("M", "L")
        if repeated:
            pieces.append(points if points.startswith("-") else " " + points)
        else:
            pieces.append(command + points)
        last = command
    return "".join(pieces)


def _short(number, places=2):
    text = f"{number:.{places}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _style(element):
    pairs = (part.split(":", 1) for part in element.get("style", "").split(";") if ":" in part)
    return {name.strip(): value.strip() for name, value in pairs}


def _rename_ids(root, beginning):
    """Ids that something points to, numbered by appearance; all others go."""
    wanted = {}
    for element in root.iter():
        for value in element.attrib.values():
            for groups in REFERENCE.findall(value):
                wanted.setdefault(groups[0] or groups[1], f"{beginning}-{len(wanted)}")
    for element in root.iter():
        if "id" in element.attrib:
            if element.get("id") in wanted:
                element.set("id", wanted[element.get("id")])
            else:
                del element.attrib["id"]
        for name, value in element.attrib.items():
            if name != "id" and "#" in value:
                element.set(name, REFERENCE.sub(lambda m: _pointing(m, wanted), value))


def _pointing(match, wanted):
    inside, whole = match.groups()
    return f"url(#{wanted[inside]})" if inside else f"#{wanted[whole]}"


def _serialise(element):
    tag = element.tag.replace(SVG, "")
    attributes = "".join(
        f' {"href" if name == XLINK_HREF else name}="{escape(value, {chr(34): "&quot;"})}"'
        for name, value in element.attrib.items()
        if name != "version"
    )
    inner = escape(element.text or "") if tag in ("text", "tspan", "title") else ""
    inner += "".join(_serialise(child) for child in element)
    return f"<{tag}{attributes}>{inner}</{tag}>" if inner else f"<{tag}{attributes}/>"
