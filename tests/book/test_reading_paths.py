"""Ways through the book: their hours are those of the chapters, and every chapter says its own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from authoring.claims_page import BOOK, CHAPTERS
from authoring.sphinx_ext.reading_path import Times, chapter_times, hours, minutes

GOALS = "```{{goals}} 60 minutes\n- Say.\n\nBeside this page stand {rest}\n```\n"


@pytest.mark.parametrize(
    ("words", "expected"),
    [("with the code (90 minutes)", 90), ("(two hours)", 120), ("one hour", 60), ("some time", None)],
)
def test_a_time_in_words(words, expected):
    assert minutes(words) == expected


@pytest.mark.parametrize(
    "rest",
    [
        "[the lesson](a.ipynb) with the code (90 minutes) and [the exercise](b.ipynb) (two hours).",
        "[the lesson](a.ipynb), 90 minutes, and [the exercise](b.ipynb): two hours.",
    ],
)
def test_times_are_read_from_the_goals(rest):
    assert chapter_times(GOALS.format(rest=rest)) == Times(60, 90, 120)


def test_one_time_for_each_of_two():
    rest = "[the lesson](a.ipynb) with the code and [the exercise](b.ipynb), about two hours each."
    assert chapter_times(GOALS.format(rest=rest)) == Times(60, 120, 120)


@pytest.mark.parametrize(
    ("text", "words"),
    [("No goals.", "how many minutes"), (GOALS.format(rest="[the lesson](a.ipynb)."), "how long the lesson")],
)
def test_a_missing_time_is_named(text, words):
    with pytest.raises(ValueError, match=words):
        chapter_times(text)


@pytest.mark.parametrize(
    ("total", "words"),
    [(20, "½ hour"), (60, "1 hour"), (100, "1½ hours"), (745, "12½ hours"), (780, "13 hours")],
)
def test_hours(total, words):
    assert hours(total).replace("\N{NO-BREAK SPACE}", " ") == words


def test_the_paths_say_the_chapters_hours(soups):
    tables = soups["book/paths.html"].select("article table")
    assert len(tables) == 5
    for table in tables:
        rows = [row.find_all("td") for row in table.select("tbody tr")]
        taken = [int(re.match(r"\d+", row[2].get_text()).group()) for row in rows[:-1]]
        assert rows[-1][2].get_text() == hours(sum(taken))
    whole = sum(
        sum(vars(chapter_times(path.read_text(encoding="utf-8"))).values())
        for slug in CHAPTERS
        if slug[:2].isdigit() and slug != "07-capstone" and (path := Path(BOOK / f"{slug}.md")).is_file()
    )
    capstone = 240 + 60 + 60  # half a day, an hour and an hour, as its own page says
    assert tables[-1].select("tbody tr")[-1].find_all("td")[2].get_text() == hours(whole + capstone)


def test_each_path_says_what_to_leave_out(soups):
    sections = soups["book/paths.html"].select("article section section")
    assert len(sections) == 5
    assert all("Leave out:" in section.get_text() for section in sections[:4])


def test_the_self_test_leads_to_every_section_of_the_primer(soups):
    page, lesson = soups["book/00-primer.html"], soups["notebooks/00-primer.html"]
    headings = [heading.get_text() for heading in lesson.select("article section section > h2")]
    assert len(headings) == 8
    for number, question in enumerate(page.select(".tw-question"), 1):
        wrong = [reason.get_text(" ") for reason in question.select(".tw-wrong .tw-reason")]
        right = [reason.get_text(" ") for reason in question.select(".tw-right .tw-reason")]
        assert wrong and all(re.search(rf"[Rr]ead section {number}\b", words) for words in wrong), number
        assert len(right) == 1 and f"skip section {number}" in right[0], number
    links = [link["href"] for link in page.select('article table a[href*="notebooks"]')]
    assert len(links) == 8
    assert all(lesson.find(id=link.partition("#")[2]) for link in links)
