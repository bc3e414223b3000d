"""The source, claim by claim: all of it is there, and the page says what the chapters say."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from authoring import claims_page
from authoring.claims_page import VERDICT_WORDS, Treated

IDS = [f"C{number:02d}" for number in range(1, 57)] + [f"Q{number:02d}" for number in range(1, 16)]


@pytest.fixture(scope="module")
def listed():
    return claims_page.source()


@pytest.fixture(scope="module")
def found():
    return claims_page.placed(claims_page.written_pages())


@pytest.fixture(scope="module")
def rows(soups):
    """Id -> the cells of its row on the claims page."""
    cells = [row.find_all("td") for row in soups["book/source-claims.html"].select("article table tr")]
    return {
        row[0].get_text(strip=True): row
        for row in cells
        if row and re.fullmatch(r"[CQ]\d\d", row[0].get_text(strip=True))
    }


def plain(node):
    """A node's text with the apostrophes that sources have."""
    return " ".join(node.get_text(" ").replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split())


def box_of(soups, link):
    """The block that a link of the claims page leads to."""
    page, _, anchor = link["href"].partition("#")
    return soups[f"book/{page}"].find(id=anchor)


def test_the_list_holds_every_claim_and_question_of_the_source(listed):
    assert [entry["id"] for entry in listed["claim"]] == IDS[:56]
    assert [entry["id"] for entry in listed["question"]] == IDS[56:]


def test_every_claim_has_a_verdict_and_every_question_an_answer(listed, found):
    assert claims_page.gaps(listed, found) == []


def test_every_claim_and_question_has_its_row(rows, listed):
    assert sorted(rows) == sorted(IDS)
    for entry in listed["claim"]:
        assert plain(rows[entry["id"]][1]) == entry["claim"]


def test_the_page_says_what_the_chapters_say(soups, rows):
    for name in IDS[:56]:
        kind, link = rows[name][2].get_text(strip=True).split(".")[0], rows[name][2].a
        box = box_of(soups, link)
        assert box is not None, f"{name}: {link['href']}"
        assert box.select_one(".tw-claim-id").get_text(strip=True) == name
        shown = [VERDICT_WORDS[word] for word in VERDICT_WORDS if f"tw-{word}" in box["class"]]
        assert shown == [kind], name


def test_every_question_leads_to_its_answer(soups, rows):
    for name in IDS[56:]:
        box = box_of(soups, rows[name][2].a)
        assert box is not None and len(box.get_text(" ").split()) > 40, name


def test_further_questions_holds_all_with_its_id_as_an_anchor(soups, listed):
    page = soups["book/further-questions.html"]
    for entry in listed["question"]:
        section = page.find(id=entry["id"].lower())
        assert section is not None, entry["id"]
        section = section if section.name == "section" else section.find_parent("section")
        # The words of the question in our paraphrase, and an answer of a paragraph.
        assert entry["question"] in plain(section)
        assert len(section.get_text(" ").split()) > 60, entry["id"]
        if entry["home"] not in ("further-questions", "07-capstone"):
            assert section.select_one(f'a[href="{entry["home"]}.html#question-{entry["id"].lower()}"]')


def test_weights_of_every_list_of_criteria_make_a_hundred(soups):
    tables = soups["book/further-questions.html"].select("article table")
    assert len(tables) >= 5
    for table in tables:
        weights = [int(row.find_all("td")[1].get_text()) for row in table.select("tbody tr")]
        assert sum(weights) == 100, table.get_text(" ")[:80]


def test_the_counts_are_those_of_the_chapters(soups):
    page = soups["book/source-claims.html"]
    total = page.select_one("article table tbody tr:last-child")
    shown = [int(cell.get_text()) for cell in total.find_all("td")[1:]]
    boxes = [
        box for name, soup in soups.items() if name.startswith("book/") for box in soup.select(".tw-verdict")
    ]
    verdicts = [box for box in boxes if (box.get("id") or "").startswith("verdict-c")]
    counted = [sum(f"tw-{word}" in box["class"] for box in verdicts) for word in VERDICT_WORDS]
    assert shown == [*counted, 56]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda found: found.pop("C07"), "C07 has no verdict"),
        (lambda found: found.update(C07=replace(found["C07"], page="02-activation")), "C07 belongs to 01"),
        (lambda found: found.update(C07=replace(found["C07"], verdict="perhaps")), "which is none"),
        (lambda found: found.update(C07=replace(found["C07"], empty=True)), "without a reason"),
        (lambda found: found.pop("Q05"), "Q05 has no answer"),
        (lambda found: found.update(Q05=replace(found["Q05"], empty=True)), "Q05 has an empty answer"),
        (lambda found: found.update(Q05=replace(found["Q05"], page="03-retention")), "Q05 belongs to"),
        (lambda found: found.update(C99=Treated("C99", "03-retention")), "C99 in book/03-retention.md"),
    ],
)
def test_each_gap_is_named(listed, found, change, words):
    changed = dict(found)
    change(changed)
    wrong = claims_page.gaps(listed, changed)
    assert len(wrong) == 1 and words in wrong[0]


def test_a_claim_may_not_have_two_verdicts(tmp_path):
    for name in ("01-a", "02-b"):
        (tmp_path / f"{name}.md").write_text(
            "```{verdict} C01\n:verdict: supported\nSo it is.\n```\n", encoding="utf-8"
        )
    with pytest.raises(claims_page.TwoWorldsError, match="C01 has two blocks"):
        claims_page.placed(sorted(tmp_path.glob("*.md")))


def test_a_chapters_answer_comes_before_the_gist(tmp_path):
    (tmp_path / "further-questions.md").write_text(
        "```{further-question} Q01\nIn short.\n```\n\n```{further-question} Q02\nIn short.\n```\n",
        encoding="utf-8",
    )
    (tmp_path / "01-a.md").write_text("```{source-question} Q01\nAt length.\n```\n", encoding="utf-8")
    found = claims_page.placed(sorted(tmp_path.glob("*.md")))
    assert (found["Q01"].page, found["Q01"].anchor) == ("01-a", "question-q01")
    assert (found["Q02"].page, found["Q02"].anchor) == ("further-questions", "further-q02")
