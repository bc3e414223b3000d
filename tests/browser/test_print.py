"""The print edition: pages, contents with their numbers, links, formulas, still pictures, and no controls. A
few pages of the book stand for all.
"""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup

from authoring import book_build, print_edition

LISTED = [
    ("", "book/index"),
    ("Before you start", "book/the-two-companies"),
    ("Chapters", "book/03-retention"),
    ("To keep at hand", "book/summary"),
    ("To keep at hand", "book/references"),
]


@pytest.fixture(scope="module")
def printed(server, browser, tmp_path_factory):
    """(PDF's bytes, page numbers, the page that was printed, its address)."""
    folder = tmp_path_factory.mktemp("print")
    out = folder / "book.pdf"
    numbers = print_edition.make(book_build.SITE, out, browser, LISTED, folder)
    source = folder / "index.html"
    return out.read_bytes(), numbers, BeautifulSoup(source.read_text(encoding="utf-8"), "html.parser"), source


def test_each_page_of_the_book_begins_on_a_page_of_its_own(printed):
    pdf, numbers, _, _ = printed
    assert pdf.startswith(b"%PDF-")
    assert list(numbers) == [print_edition.anchor(page) for _, page in LISTED[1:]]
    starts = list(numbers.values())
    assert starts == sorted(set(starts)) and starts[0] == 3
    assert starts[-1] <= print_edition.pages_in(pdf) < 40


def test_the_summary_takes_one_sheet(printed):
    _, numbers, _, _ = printed
    assert numbers["book-references"] - numbers["book-summary"] == 1


def test_the_contents_name_every_page_and_its_number(printed):
    _, numbers, soup, _ = printed
    entries = soup.select(".tw-contents li")
    assert [int(entry.select_one(".tw-page").get_text()) for entry in entries] == list(numbers.values())
    assert [entry.a["href"] for entry in entries] == [f"#{name}" for name in numbers]


def test_links_inside_the_book_lead_to_a_place_in_the_file(printed):
    pdf, _, soup, _ = printed
    ids = [node["id"] for node in soup.find_all(id=True)]
    assert len(ids) == len(set(ids))
    links = [link["href"] for link in soup.select("a[href]")]
    inside = {link[1:] for link in links if link.startswith("#")}
    assert len(inside) > 10 and inside - set(ids) == set()
    assert all(link.startswith(("#", "http", "mailto:")) for link in links)
    assert set(print_edition.page_numbers(pdf)) >= {name for name in inside if re.fullmatch(r"[\w-]+", name)}


def test_paper_has_pictures_in_place_of_controls_and_formulas_that_are_set(printed, browser):
    _, _, soup, source = printed
    assert soup.select(".tw-live, button, .bd-sidebar-primary, .prev-next-area, .headerlink") == []
    assert not [node for node in soup.find_all("script") if "embed" in (node.get("src") or "")]
    page = browser.new_page()
    page.emulate_media(media="print")
    page.goto(source.as_uri())
    page.evaluate("() => window.MathJax.startup.promise")
    assert page.locator("mjx-container").count() == len(soup.select(".math")) > 3
    stills = page.locator(".tw-interactive .tw-still")
    assert stills.count() >= 3 and all(still.is_visible() for still in stills.all())
    reasons = page.locator(".tw-reason")
    assert reasons.count() > 10 and all(reason.is_visible() for reason in reasons.all())
    missing = "[...document.images].filter(image => !image.complete || !image.naturalWidth).length"
    assert page.evaluate(missing) == 0
    page.close()


def test_the_summary_alone_prints_on_one_sheet(browser, address):
    page = browser.new_page()
    page.goto(f"{address}/book/summary.html")
    assert print_edition.pages_in(page.pdf(prefer_css_page_size=True)) == 1
    page.close()
