"""The print edition without a browser: links, ids and contents of the one page; page numbers of a PDF."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from authoring import print_edition
from twoworlds.errors import TwoWorldsError

PAGE = """<html><body><article class="bd-article"><section id="a">
<h1>A<a class="headerlink" href="#a">#</a></h1>
<a href="../notebooks/01.html">lesson</a> <a href="02.html#part">there</a> <a href="#a">here</a>
<a href="https://example.org/x">far</a> <img src="../_images/x.png" alt="three words here">
<svg id="fig"><g id="k"></g><use href="#k"/></svg>
<div class="tw-live">slider</div><details name="q"><summary id="s">A</summary></details>
</section></article></body></html>"""
PDF = b"""%PDF-1.4
1 0 obj
<</Type /Pages /Count 3 /Kids [2 0 R 5 0 R]>>
endobj
2 0 obj
<</Type /Pages /Parent 1 0 R /Count 2 /Kids [3 0 R 4 0 R]>>
endobj
3 0 obj
<</Type /Page /Parent 2 0 R>>
endobj
4 0 obj
<</Type /Page /Parent 2 0 R>>
endobj
5 0 obj
<</Type /Page /Parent 1 0 R>>
endobj
6 0 obj
<</book-a [3 0 R /XYZ 0 800 0] /book-b [5 0 R /XYZ 0 800 0] /a#20b [4 0 R /XYZ 0 1 0]>>
endobj
"""


@pytest.fixture
def leaf():
    soup = BeautifulSoup(PAGE, "html.parser")
    return print_edition.leaf(soup, "book/01", {"book/01", "book/02"}, "../html/")


def test_links_are_led_into_the_file_or_unwrapped(leaf):
    assert [link["href"] for link in leaf.select("a")] == [
        "#book-02--part",
        "#book-01--a",
        "https://example.org/x",
    ]
    assert "lesson" in leaf.get_text()


def test_ids_are_the_pages_own_and_drawings_keep_theirs(leaf):
    assert leaf["id"] == "book-01" and leaf.section["id"] == "book-01--a"
    assert leaf.svg["id"] == "book-01--fig" and leaf.svg.g["id"] == "k"


def test_what_paper_cannot_use_is_gone_and_folded_text_is_open(leaf):
    assert leaf.select(".tw-live, .headerlink") == []
    assert leaf.details.has_attr("open") and not leaf.details.has_attr("name")
    assert leaf.img["src"] == "../html/_images/x.png"


def test_page_numbers_are_read_through_the_tree_of_pages():
    assert print_edition.page_numbers(PDF) == {"book-a": 1, "a b": 2, "book-b": 3}
    assert print_edition.pages_in(PDF) == 3


def test_a_file_without_pages_is_refused():
    with pytest.raises(TwoWorldsError, match="no single table"):
        print_edition.page_numbers(b"%PDF-1.4\n")


def test_the_contents_follow_the_book(tmp_path):
    toc = tmp_path / "_toc.yml"
    toc.write_text(
        "root: book/index\nparts:\n  - caption: One\n    chapters:\n      - file: book/01\n"
        "        sections:\n          - file: notebooks/01\n"
        "  - caption: Two\n    chapters:\n      - file: solutions/01\n",
        encoding="utf-8",
    )
    assert print_edition.contents(False, toc) == [("", "book/index"), ("One", "book/01")]
    assert [page for _, page in print_edition.contents(True, toc)] == [
        "book/index", "book/01", "notebooks/01", "solutions/01",
    ]  # fmt: skip


def test_without_a_browser_one_line_says_so(monkeypatch, capsys):
    monkeypatch.setenv("CHROMIUM", "/nowhere")
    monkeypatch.setattr(print_edition.shutil, "which", lambda name: None)
    assert print_edition.main([]) == 2
    assert capsys.readouterr().err.count("\n") == 1
