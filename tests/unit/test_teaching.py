"""How chapters are taught: sources that can't contradict their chapter; pages and slides from them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from authoring import slides, teaching_pages, teaching_source
from authoring.sphinx_ext.lessons import WIDGET_VIEW, read_lesson
from twoworlds.errors import TwoWorldsError

ROOT = Path(__file__).resolve().parents[2]
CHAPTERS = sorted(path.stem for path in (ROOT / "authoring" / "teaching").glob("*.toml"))

SOURCE = """
minutes = 20
before = ["Open the slides."]
aims = ["Say what was counted."]

[[step]]
title = "Two numbers"
minutes = 5
do = "Read the scene."
say = ["It was {glue:text}`slide_first:.0f` %."]
cut = "Nothing."
[[step.slide]]
title = "It is {glue:text}`slide_last:.0f` %"
text = "{swiftfare}`Swiftfare` *climbs*."
output = "fig-slide"

[[step]]
title = "The lab"
minutes = 15
do = "Move it."
ask = "What happens if nobody differs?"
expect = "A flat line."
[[step.slide]]
title = "They differ"
output = "sorting-lab"

[[misconception]]
says = "Everybody counts."
question = "q1"
trap = "unobserved"
answer = "Only who could be seen."
"""


@pytest.fixture
def source(tmp_path):
    """Writes a source for the retention chapter, with parts replaced, and reads it."""

    def read(*changes):
        text = SOURCE
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        path = tmp_path / "03-retention.toml"
        path.write_text(text, encoding="utf-8")
        return teaching_source.read(path, ROOT)

    return read


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("minutes = 15", "minutes = 10"), "the steps take 15 minutes, the session 20"),
        (("`slide_first:.0f`", "`slide_fist:.0f`"), "binds no value named 'slide_fist'"),
        (("`slide_last:.0f`", "`slide_last:.0q`"), "(in "),
        (('"fig-slide"', '"fig-side"'), "no cell named 'fig-side'"),
        (('"q1"', '"q9"'), "the exercise has no question 'q9'"),
        (('"unobserved"', '"unseen"'), "q1 has no trap 'unseen'"),
        (("*climbs*", "climbs " * 61), "has 63 words: at most 60"),
        (("minutes = 20", "minuets = 20"), "minuets"),
        (('before = ["Open the slides."]', ""), "before"),
        (('[[step]]\ntitle = "Two', '[[step]]\nsings = 1\ntitle = "Two'), "sings"),
        (("minutes = 20", "minutes = "), "can't be read"),
    ],
)
def test_a_source_that_does_not_fit_gets_one_line(source, change, says):
    with pytest.raises(TwoWorldsError) as caught:
        source(change)
    assert says in str(caught.value) and "\n" not in str(caught.value).strip()


def test_the_page_has_the_plan_the_prompts_and_what_the_check_says(source):
    page = teaching_pages.page(source(), "<!-- made -->")
    assert "| 0 | Two numbers | 5 |  |" in page and "| 5 | The lab | 15 | yes |" in page
    assert "**Ask, and wait:** What happens if nobody differs?" in page
    assert "Question 1 of the exercise uncovers it" in page
    assert "They have not failed to come back" in page
    assert "- *Two numbers.* Nothing." in page
    assert "{glue:text}`slide_first:.0f`" in page, "numbers stay bound on the page"


def test_slides_hold_the_lessons_outputs_its_numbers_and_the_notes(source):
    lesson = read_lesson(ROOT, "03-retention")
    soup = BeautifulSoup(slides.deck(source(), "Retention"), "html.parser")
    sections = soup.select(".slides > section")
    assert len(sections) == 3
    assert sections[0].h1.get_text() == f"It is {lesson.value('slide_last', '.0f')} %"
    assert sections[0].select_one("svg[role=img]") and sections[0].select_one("span.tw-swiftfare")
    assert lesson.value("slide_first", ".0f") in sections[0].select_one("aside.notes").get_text()
    assert "What happens if nobody differs?" in sections[1].get_text()
    assert "A flat line." in sections[1].select_one("aside.notes").get_text()
    assert sections[2].find("script", type=WIDGET_VIEW) and not sections[2].select_one("aside.notes")
    state = soup.find("script", type="application/vnd.jupyter.widget-state+json")
    assert "jslink" in state.string.lower() or "LinkModel" in state.string


def test_slides_ask_nothing_of_other_hosts(source):
    deck = slides.deck(source(), "Retention")
    assert re.findall(r'(?:src|href)="(https?:)?//', deck) == []


def test_every_chapter_with_an_exercise_can_be_taught():
    exercises = sorted(path.stem for path in (ROOT / "authoring" / "exercises").glob("0[1-6]-*.py"))
    assert exercises and CHAPTERS[: len(exercises)] == exercises


@pytest.mark.parametrize("slug", CHAPTERS)
def test_each_chapter_has_what_a_class_needs(slug):
    teaching = teaching_source.read(ROOT / "authoring" / "teaching" / f"{slug}.toml", ROOT)
    lesson = read_lesson(ROOT, slug)
    assert 3 <= len(teaching.aims) <= 6 and len(teaching.steps) >= 6 and len(teaching.misconceptions) >= 4
    assert sum(bool(step.ask) for step in teaching.steps) >= 3, "prompts before reveals"
    assert sum(bool(step.cut) for step in teaching.steps) >= 2, "what to leave out when late"
    assert len(teaching.slides) >= 10
    live = {name for name, found in lesson.outputs.items() if any(WIDGET_VIEW in each for each in found)}
    shown = {slide.output for slide in teaching.slides}
    page = (ROOT / "book" / f"{slug}.md").read_text(encoding="utf-8")
    on_page = {name for name in live if f"{{lesson-output}} {name}\n" in page}
    assert on_page and on_page <= shown, f"interactives of the page that no slide shows: {on_page - shown}"
