"""Asking the book's search page, as a reader does."""

from __future__ import annotations

from urllib.parse import quote

SUMMARY = 'document.querySelector("#search-results .search-summary")?.textContent ?? ""'
FINISHED = f"/matching|did not/.test({SUMMARY})"
# A link of the list as the name of a page.
NAME = r"/^.*?\/(?=(book|notebooks|exercises|solutions)\/)/"
RESULTS = f"""[...document.querySelectorAll("#search-results ul.search > li > a")].map(
    link => new URL(link.href).pathname.replace({NAME}, "").replace(".html", ""))"""


def results(page, start: str, term: str) -> list[str]:
    """The pages that the search lists for a term, best first."""
    page.goto(f"{start}/search.html?q={quote(term)}")
    page.wait_for_function(FINISHED)
    return page.evaluate(RESULTS)
