"""The search finds what people would type: the right page is among the first results."""

from __future__ import annotations

import csv
from pathlib import Path

from .searching import results

FIRST = 5
TERMS = Path(__file__).with_name("search_terms.csv")
# The engine's own search for many terms on one page; its results come worst first.
ASK = """terms => terms.map(term => {
    history.replaceState(null, "", "?q=" + encodeURIComponent(term));
    return Search._performSearch(...Search._parseQuery(term)).reverse().map(([name]) => name); })"""


def terms() -> list[tuple[str, str]]:
    """(what people type, the page they need)."""
    with TERMS.open(encoding="utf-8", newline="") as handle:
        return [(row["term"], row["page"]) for row in csv.DictReader(handle)]


def test_each_term_finds_its_page_among_the_first_results(browser, address):
    assert len(terms()) >= 30
    page = browser.new_page()
    page.goto(f"{address}/search.html?q=churn")
    page.wait_for_function("typeof Search === 'object' && Search._index")
    found = page.evaluate(ASK, [term for term, _ in terms()])
    page.close()
    missed = [
        f"{term}: {names[:FIRST]} and not {wanted}"
        for (term, wanted), names in zip(terms(), found, strict=True)
        if wanted not in names[:FIRST]
    ]
    assert missed == []


def test_the_search_page_shows_the_same_order(browser, address):
    page = browser.new_page()
    shown = results(page, address, "magic number")
    assert set(shown[:2]) == {"book/glossary", "book/02-activation"}
    page.close()


def test_a_word_that_nobody_wrote_finds_nothing(browser, address):
    page = browser.new_page()
    assert results(page, address, "xylophonist") == []
    page.close()
