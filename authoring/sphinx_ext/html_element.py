"""A document node that is written as one HTML element with given attributes, around whatever it holds."""

from __future__ import annotations

from html import escape

from docutils import nodes


class HtmlElement(nodes.General, nodes.TextElement):
    """`tag` names the element, `html` is a dict of its attributes (value None: the bare attribute)."""


def element(
    tag: str, *children: nodes.Node, classes: tuple[str, ...] = (), **attributes: str | None
) -> HtmlElement:
    """An HTML element node; a trailing underscore in an attribute's name is dropped, other underscores become
    dashes.
    """
    names = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
    return HtmlElement("", "", *children, tag=tag, html=names, classes=list(classes))


def raw_html(text: str) -> nodes.raw:
    """Ready HTML as a node."""
    return nodes.raw("", text, format="html")


def visit_html_element(translator, node: HtmlElement) -> None:
    """Write the opening tag."""
    attributes = dict(node["html"])
    if node["classes"]:
        attributes["class"] = " ".join(node["classes"])
    if node["ids"]:
        attributes["id"] = node["ids"][0]
    written = "".join(
        f" {name}" if value is None else f' {name}="{escape(str(value))}"'
        for name, value in attributes.items()
    )
    translator.body.append(f"<{node['tag']}{written}>")


def depart_html_element(translator, node: HtmlElement) -> None:
    """Write the closing tag."""
    translator.body.append(f"</{node['tag']}>")


def skip_tag(translator, node: HtmlElement) -> None:
    """Builders other than HTML show what stands inside."""


def setup(app) -> None:
    """Register the node."""
    other = (skip_tag, skip_tag)
    app.add_node(
        HtmlElement, html=(visit_html_element, depart_html_element), latex=other, text=other, gettext=other
    )
