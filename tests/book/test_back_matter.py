"""Glossary, formulas and references: nothing that the chapters define, display or cite is missing."""

from __future__ import annotations

import re

import pytest

from authoring import formulas_page, glossary_page, references_page
from authoring.claims_page import BOOK, CHAPTERS, written_pages
from twoworlds.errors import TwoWorldsError


@pytest.fixture(scope="module")
def chapters():
    found = [BOOK / f"{slug}.md" for slug in CHAPTERS if re.match(r"\d\d-", slug)]
    return [path for path in found if path.is_file()]


# Glossary


def test_every_term_that_a_chapter_defines_is_in_the_glossary(chapters):
    assert len(chapters) >= 6
    assert glossary_page.missing_terms(chapters) == []


def test_a_term_that_is_missing_is_named(tmp_path):
    (tmp_path / "01-a.md").write_text(
        "A **flumble** is what **cohort** is not. **A heading.** **Churn**, too.\n", encoding="utf-8"
    )
    (wrong,) = glossary_page.missing_terms(tmp_path.glob("*.md"))
    assert wrong.startswith("01-a defines 'flumble'")


def test_each_name_stands_once_and_each_term_in_its_chapter():
    names = [name.casefold() for term in glossary_page.terms() for name in (term.name, *term.also)]
    assert len(names) == len(set(names)) > 150
    assert not set(names) & glossary_page.left_out()
    for term in glossary_page.terms():
        words = (BOOK / f"{term.chapter}.md").read_text(encoding="utf-8").casefold()
        assert any(name.casefold() in words for name in (term.name, *term.also)), term.name


def test_the_glossary_shows_every_term_with_a_link_to_its_chapter(soups):
    page = soups["book/glossary.html"]
    shown = {references_page.plain(entry.get_text()).rstrip("#") for entry in page.select("dl.glossary dt")}
    for term in glossary_page.terms():
        assert {references_page.plain(name) for name in (term.name, *term.also)} <= shown
    definitions = page.select("dl.glossary dd")
    assert len(definitions) == len(glossary_page.terms())
    assert all(text.select_one("a[href]") and len(text.get_text().split()) > 5 for text in definitions)


# Formulas


def test_every_displayed_formula_is_on_the_sheet(soups):
    assert formulas_page.not_on_the_sheet() == []
    shown = soups["book/formulas.html"].select("article div.math")
    assert len(shown) == len(formulas_page.entries()) >= 25


def test_a_formula_that_no_chapter_displays_is_refused():
    entry = {"name": "x", "chapter": "03-retention", "holds": "no such letters"}
    with pytest.raises(TwoWorldsError, match="displays 0 formulas"):
        formulas_page.formula_of(entry)
    with pytest.raises(TwoWorldsError, match="displays [2-9] formulas"):
        formulas_page.formula_of({**entry, "holds": "="})


def test_each_formula_says_letters_use_and_place(soups):
    sections = soups["book/formulas.html"].select("article section section section")
    assert len(sections) == len(formulas_page.entries())
    for section in sections:
        words = section.get_text(" ")
        assert "Letters:" in words and "When:" in words, words[:60]
        assert section.select_one('a[href$=".html"]'), words[:60]


# References


def test_every_citation_stands_in_the_references():
    pages = written_pages()
    cited = [name for page in pages for name in references_page.citations(page.read_text(encoding="utf-8"))]
    assert len(cited) > 40
    assert references_page.missing(pages) == []


def test_every_reference_is_cited_and_shown(soups):
    words = references_page.plain(soups["book/references.html"].get_text(" "))
    keys = [one.key for one in references_page.references()]
    assert len(keys) == len(set(keys))
    for one in references_page.references():
        assert references_page.citing_pages(one), f"no page cites {one.key}"
        assert references_page.plain(one.title.strip("'")) in words, one.key


def test_a_citation_that_is_missing_is_named(tmp_path):
    page = tmp_path / "01-a.md"
    page.write_text(
        "Text[^new].\n\n## Further reading\n\n- Ron Kohavi, Diane Tang and Ya Xu, *Trustworthy Online "
        "Controlled Experiments*, 2020.\n\n[^new]: Ann Other, “A paper”, 1999.\n",
        encoding="utf-8",
    )
    (wrong,) = references_page.missing([page])
    assert wrong.startswith("01-a, new: Ann Other")


def test_every_figure_that_the_data_are_held_against_is_listed(soups):
    from authoring import published_facts

    links = {link["href"] for link in soups["book/references.html"].select("article a[href^=http]")}
    facts = [fact for fact in vars(published_facts).values() if isinstance(fact, published_facts.Fact)]
    sources = {(fact.source, fact.year): fact.link for fact in facts}
    assert len(sources) > 15
    assert {link for link in sources.values() if link not in links} == set()
