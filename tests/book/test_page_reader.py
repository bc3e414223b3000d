"""The page reader on a book of two pages made for the test: what it shows, what it warns of, and when it
reads again.
"""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
SVG = (
    '<?xml version="1.0"?><!DOCTYPE svg><svg width="400pt" height="200pt" viewBox="0 0 400 200" role="img" '
    'aria-label="An orange line climbs."><defs><clipPath id="c1"><path d="M0 0h9v9z"/></clipPath></defs>'
    '<path clip-path="url(#c1)" style="stroke: #d55e00" d="M0 0L9 9"/>'
    "<text style=\"font: 12px 'DejaVu Sans', sans-serif; text-anchor: middle\">Swiftfare</text></svg>"
)
TABLE = "<style>x</style><table><tr><th></th><th>a</th></tr></table>"
CONFIG = """
extensions = ["myst_nb", "authoring.sphinx_ext"]
html_theme = "sphinx_book_theme"
nb_execution_mode = "off"
myst_enable_extensions = ["colon_fence"]
"""


def shown(data):
    return {"output_type": "display_data", "data": data, "metadata": {}}


def code(name, *outputs):
    return {
        "cell_type": "code", "id": name, "metadata": {"name": name}, "source": "1", "execution_count": 1,
        "outputs": list(outputs),
    }  # fmt: skip


def model(**state):
    return {"model_module": "@jupyter-widgets/controls", "model_name": "HTMLModel", "state": state}


def write_lesson(root: Path, value="0.6912"):
    """A lesson with a figure, a table, a widget of two models joined by a link, and a widget that no page
    shows.
    """
    for folder in ("notebooks", "book/bound", "authoring"):
        (root / folder).mkdir(parents=True, exist_ok=True)
    state = {
        "box": model(children=["IPY_MODEL_one", "IPY_MODEL_two"]),
        "one": model(value="<svg><g id='x'></g></svg>"),
        "two": model(value="two"),
        "join": {
            "model_name": "LinkModel",
            "state": {"source": ["IPY_MODEL_one", "value"], "target": ["IPY_MODEL_two", "value"]},
        },
        "other": model(value="a widget of another page"),
    }
    notebook = {
        "cells": [
            code("figure", shown({"image/svg+xml": SVG, "text/plain": "A figure."})),
            code("again", shown({"image/svg+xml": SVG, "text/plain": "A figure."})),
            code("silent", shown({"image/svg+xml": "<svg width='1pt'></svg>"})),
            code("table", shown({"text/html": TABLE})),
            code("widget", shown({VIEW: {"model_id": "box"}, "image/svg+xml": SVG, "text/plain": "Frame."})),
        ],
        "metadata": {"widgets": {STATE: {"state": state}}},
        "nbformat": 4, "nbformat_minor": 5,
    }  # fmt: skip
    (root / "notebooks" / "03-x.ipynb").write_text(json.dumps(notebook))
    bound = {
        "share": {"text/plain": value},
        "days": {"text/plain": "'73 days'"},
        "count": {"text/plain": "21955"},
    }
    (root / "book" / "bound" / "03-x.json").write_text(json.dumps(bound))
    (root / "authoring" / "source_claims.toml").write_text(
        '[[claim]]\nid = "C20"\nchapter = "03-x"\nclaim = "Cycles are shorter"\n'
    )


def build(root: Path, page: str, excluded=("notebooks", "book", "out"), shown_page="index"):
    """Build one page on the lesson; returns (soup, warnings, names of pages read)."""
    for name, text in (("conf.py", CONFIG), ("index.md", page)):
        if not (root / name).is_file() or (root / name).read_text() != text:
            (root / name).write_text(text)
    warnings, status = io.StringIO(), io.StringIO()
    with patch_docutils(str(root)), docutils_namespace(), redirect_stderr(io.StringIO()):
        app = Sphinx(
            str(root), str(root), str(root / "out"), str(root / "doctrees"), "html",
            status=status, warning=warnings,
            confoverrides={"exclude_patterns": list(excluded)},
        )  # fmt: skip
        read = []
        app.connect("source-read", lambda app, name, source: read.append(name))
        app.build()
    html = (root / "out" / f"{shown_page}.html").read_text(encoding="utf-8")
    return BeautifulSoup(html, "html.parser"), warnings.getvalue(), read


@pytest.fixture
def lesson(tmp_path):
    write_lesson(tmp_path)
    return tmp_path


QUIZ = "```{quiz}\n- question: Why?\n  options:\n    - text: A\n"
HEAD = "---\nlesson: 03-x\n---\n# A page\n\n"


def test_values_and_formats(lesson):
    names = ["share:.1%", "days", "count:,.0f", "share:+.2f", "03-x/share:.2f"]
    text = ", ".join(f"{{glue:text}}`{name}`" for name in names)
    soup, warnings, _ = build(lesson, HEAD + text + "\n")
    assert warnings == ""
    assert [value.get_text() for value in soup.select(".tw-value")] == [
        "69.1%",
        "73 days",
        "21,955",
        "+0.69",
        "0.69",
    ]


def test_a_page_may_draw_on_several_lessons(lesson):
    for name in ("notebooks/{}.ipynb", "book/bound/{}.json"):
        (lesson / name.format("04-y")).write_text((lesson / name.format("03-x")).read_text())
    (lesson / "book" / "bound" / "04-y.json").write_text('{"share": {"text/plain": "0.25"}}')
    page = "---\nlessons:\n  - 03-x\n  - 04-y\n---\n# A page\n\n" + ", ".join(
        f"{{glue:text}}`{name}`" for name in ("share:.2f", "03-x/share:.2f", "04-y/share:.0%")
    )

    def shown(soup):
        return [value.get_text() for value in soup.select(".tw-value")]

    soup, warnings, _ = build(lesson, page + "\n")
    assert warnings == ""
    assert shown(soup) == ["0.69", "0.69", "25%"]
    (lesson / "book" / "bound" / "04-y.json").write_text('{"share": {"text/plain": "0.5"}}')
    soup, _, read = build(lesson, page + "\n")
    assert read == ["index"]
    assert shown(soup) == ["0.69", "0.69", "50%"]
    _, warnings, _ = build(lesson, page + ", {glue:text}`04-y/days`\n")
    assert "lesson 04-y binds no value named 'days'" in warnings


def test_the_gist_of_a_question_links_to_the_answer_once_there_is_one(lesson):
    claims = (lesson / "authoring" / "source_claims.toml").read_text()
    question = '\n[[question]]\nid = "Q01"\nhome = "03-x"\nquestion = "Which tool?"\n'
    (lesson / "authoring" / "source_claims.toml").write_text(claims + question)
    page = HEAD + "```{further-question} Q01\nAsk for the unit.\n```\n"
    soup, warnings, _ = build(lesson, page)
    assert warnings == ""
    box = soup.select_one("#further-q01")
    assert "Which tool?" in box.get_text() and not box.find("a")
    answer = "# X\n\n```{source-question} Q01\nAt length.\n```\n"
    (lesson / "book" / "03-x.md").write_text(answer)
    soup, warnings, _ = build(
        lesson, page + "\n```{toctree}\nbook/03-x\n```\n", excluded=("notebooks", "out")
    )
    assert warnings == ""
    assert soup.select_one("#further-q01 a")["href"] == "book/03-x.html#question-q01"


def test_a_chapter_answers_to_the_names_of_its_terms(lesson):
    (lesson / "authoring" / "glossary.toml").write_text(
        '[[term]]\nterm = "smallest effect"\nalso = ["MDE"]\nchapter = "03-x"\ntext = "What it can find."\n'
    )
    (lesson / "book" / "03-x.md").write_text("# X\n\nText.\n")
    page = "# A book\n\n```{toctree}\nbook/03-x\n```\n"
    soup, warnings, _ = build(lesson, page, excluded=("notebooks", "out"), shown_page="book/03-x")
    assert warnings == ""
    assert soup.select_one("meta[name=keywords]")["content"] == "effect, mde, smallest"
    index = (lesson / "out" / "searchindex.js").read_text()
    assert '"mde"' in index or "mde:" in index
    assert '"smallest effect": "book/03-x"' in (lesson / "out" / "_static" / "language_data.js").read_text()


def test_an_address_keeps_its_plain_ampersand(lesson):
    soup, _, _ = build(lesson, HEAD + "[far](https://example.org/?a=1&article-title=2)\n")
    assert soup.select_one("article a[href^=http]")["href"] == "https://example.org/?a=1&article-title=2"


def test_negative_numbers_get_a_true_minus(lesson):
    write_lesson(lesson, value="-0.5")
    soup, _, _ = build(lesson, HEAD + "{glue:text}`share:.1f`\n")
    assert soup.select_one(".tw-value").get_text() == "\N{MINUS SIGN}0.5"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{glue:text}`nothing`", "binds no value named 'nothing'"),
        ("{glue:text}`days:.1f`", "does not fit the format"),
        ("{glue:text}`04-y/share`", "not in the `lessons:`"),
        ("```{lesson-output} nothing\n```", "no cell named 'nothing'"),
        ("```{lesson-output} silent\n```", "has no description"),
        ("```{lesson-output} table\n:output: 2\n```", "has 1 outputs"),
        ("```{verdict} C99\n:verdict: supported\nWords.\n```", "no 'C99'"),
        ("```{verdict} C20\n:verdict: perhaps\nWords.\n```", "needs `:verdict:`"),
        (QUIZ + "      right: true\n```", "needs `text` and `reason`"),
        (QUIZ + "      reason: B\n```", "no option is marked"),
        ("```{opening}\ndecision: What?\n```", "the card lacks"),
        ("```{opening}\n{glue}: [\n```", "no valid YAML"),
    ],
)  # fmt: skip
def test_mistakes_are_warnings(lesson, text, words):
    _, warnings, _ = build(lesson, HEAD + text + "\n")
    assert words in warnings
    assert "index.md" in warnings


def test_a_missing_lesson_is_a_warning(tmp_path):
    write_lesson(tmp_path)
    _, warnings, _ = build(tmp_path, "---\nlesson: 09-none\n---\n# A page\n\n{glue:text}`share`\n")
    assert "there is no notebooks/09-none.ipynb" in warnings


def test_figures_are_inlined_and_follow_the_page(lesson):
    soup, warnings, _ = build(
        lesson, HEAD + "```{lesson-output} figure\nIt climbs.\n```\n\n```{lesson-output} again\n```\n"
    )
    assert warnings == ""
    first, second = soup.select("article svg")
    assert first["role"] == "img" and first["aria-label"] == "An orange line climbs."
    assert "var(--tw-swiftfare, #d55e00)" in str(first)
    assert "DejaVu" not in str(first)
    assert "width" not in first.attrs
    ids = [node["id"] for drawing in (first, second) for node in drawing.select("[id]")]
    assert len(ids) == len(set(ids)) == 2
    assert f"url(#{ids[0]})" in str(first)
    assert "It climbs." in soup.select_one("figcaption").get_text()


def test_tables_scroll_in_their_own_box(lesson):
    soup, _, _ = build(lesson, HEAD + "```{lesson-output} table\n```\n")
    box = soup.select_one(".tw-scroll")
    assert box["tabindex"] == "0" and box["aria-label"]
    assert not box.select("th:empty") and "<style" not in str(box)


def test_the_page_carries_the_state_of_shown_widgets_only(lesson):
    soup, warnings, _ = build(lesson, HEAD + "```{lesson-output} widget\n```\n")
    assert warnings == ""
    scripts = soup.select(f'script[type="{STATE}"]')
    assert len(scripts) == 1
    state = json.loads(scripts[0].string)["state"]
    assert set(state) == {"box", "one", "two", "join"}
    assert len(soup.select(f'script[type="{VIEW}"]')) == 1
    assert soup.select_one(".tw-still svg")["aria-label"] == "An orange line climbs."


def test_a_changed_lesson_reads_the_page_again_and_an_unchanged_one_does_not(lesson):
    page = HEAD + "{glue:text}`share:.2f`\n"
    build(lesson, page)
    assert build(lesson, page)[2] == []
    write_lesson(lesson, value="0.75")
    soup, _, read = build(lesson, page)
    assert read == ["index"]
    assert soup.select_one(".tw-value").get_text() == "0.75"


def test_a_verdict_shows_word_sign_and_claim(lesson):
    soup, warnings, _ = build(
        lesson, HEAD + "```{verdict} C20\n:verdict: qualified\nBecause.\n```\n\n{ref}`there <verdict-c20>`\n"
    )
    assert warnings == ""
    box = soup.select_one("#verdict-c20")
    assert box.select_one(".tw-verdict-word").get_text() == "Qualified"
    assert box.select_one("svg")["aria-hidden"] == "true"
    assert "Cycles are shorter" in box.get_text()
    assert soup.select_one('a[href="#verdict-c20"]')


def test_a_quiz_gives_a_reason_for_every_option_without_scripts(lesson):
    text = QUIZ + "      reason: No, because.\n    - text: B\n      right: true\n      reason: Yes.\n```\n"
    soup, _, _ = build(lesson, HEAD + text)
    options = soup.select(".tw-quiz details")
    assert [option.select_one(".tw-reason").get_text() for option in options] == [
        "Not quite. No, because.",
        "Right. Yes.",
    ]
    assert len({option["name"] for option in options}) == 1


def launch_buttons(root):
    """Words and addresses of the launch buttons on a notebook's page."""
    notebook = json.loads((root / "notebooks" / "03-x.ipynb").read_text())
    title = {"cell_type": "markdown", "id": "t", "metadata": {}, "source": "# Lesson"}
    notebook["cells"] = [title]
    (root / "notebooks" / "03-x.ipynb").write_text(json.dumps(notebook))
    page = "# A book\n\n```{toctree}\nnotebooks/03-x\n```\n"
    soup, _, _ = build(root, page, excluded=("book", "out"), shown_page="notebooks/03-x")
    return [(link.get_text(strip=True), link["href"]) for link in soup.select("a.tw-launch")]


def test_a_notebooks_page_has_no_button_without_an_address_and_both_with_the_setting(lesson):
    assert launch_buttons(lesson) == []
    (lesson / "_config.yml").write_text("repository:\n  url: https://github.com/someone/one-job\n")
    buttons = launch_buttons(lesson)
    assert [words for words, _ in buttons] == ["Open in Binder", "Open in Colab"]
    assert "mybinder.org/v2/gh/someone/one-job/main" in buttons[0][1]
    assert buttons[1][1].endswith("github/someone/one-job/blob/main/notebooks/03-x.ipynb")
