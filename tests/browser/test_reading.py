"""What a reader does with the book: switch to dark, search, open the chapters on a phone, answer the quiz,
read without scripts.
"""

from __future__ import annotations

import pytest

from .conftest import page_names
from .visits import PHONE, WIDE, Visit, open_page


@pytest.fixture
def opened(browser, address):
    """Opens pages and closes them after the test."""
    contexts = []

    def open_one(name, size=WIDE, scheme="light"):
        page = open_page(browser, address, Visit(name), size, scheme)
        contexts.append(page.context)
        return page

    yield open_one
    for context in contexts:
        context.close()


def chapter() -> str:
    """The first chapter that is there."""
    return next(name for name in page_names() if name.startswith("book/01-"))


def theme(page) -> str:
    return page.evaluate("document.documentElement.dataset.theme")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_theme_follows_the_system(opened, scheme):
    assert theme(opened("book/index", scheme=scheme)) == scheme


def test_theme_switch_works_by_keyboard_and_is_remembered(opened):
    page = opened("book/index")
    switch = page.locator(".theme-switch-button:visible").first
    switch.focus()
    seen = set()
    for _ in range(3):
        page.keyboard.press("Enter")
        seen.add((page.evaluate("document.documentElement.dataset.mode"), theme(page)))
        switch.focus()
    assert seen == {("light", "light"), ("dark", "dark"), ("auto", "light")}
    while page.evaluate("document.documentElement.dataset.mode") != "dark":
        switch.focus()
        page.keyboard.press("Enter")
    page.reload(wait_until="networkidle")
    assert theme(page) == "dark"


def test_figures_follow_the_theme(opened):
    light, dark = (opened(chapter(), scheme=scheme) for scheme in ("light", "dark"))
    colour = "getComputedStyle(document.querySelector('article .tw-figure-svg text')).fill"
    assert light.evaluate(colour) != dark.evaluate(colour)


def test_figures_use_the_pages_own_font(opened):
    page = opened(chapter())
    family = page.evaluate(
        "getComputedStyle(document.querySelector('article .tw-figure-svg text')).fontFamily"
    )
    assert "Source Sans 3" in family
    assert page.evaluate(
        "document.fonts.check('16px \"Source Sans 3\"') && document.fonts.check('16px \"Source Serif 4\"')"
    )


def test_lines_are_of_readable_length(opened):
    page = opened(chapter())
    characters = page.evaluate(
        """() => { const paragraphs = [...document.querySelectorAll('article section > p')];
        const text = paragraphs.find(p => p.textContent.length > 400);
        const range = document.createRange(); range.selectNodeContents(text);
        const lines = new Set([...range.getClientRects()].map(box => Math.round(box.bottom / 8))).size;
        return text.textContent.length / lines; }"""
    )
    assert 55 <= characters <= 80


def test_search_finds_a_word(opened):
    page = opened("book/index")
    page.locator(".search-button__button:visible").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.type("Pipewright")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search.html?q=Pipewright*")
    page.wait_for_selector("#search-results li a")
    assert page.locator("#search-results li a").count() >= 2


def test_chapters_open_and_close_on_a_phone(opened):
    page = opened(chapter(), size=PHONE)
    toggle = page.locator(".primary-toggle:visible").first
    toggle.focus()
    page.keyboard.press("Enter")
    link = page.locator(".bd-sidenav a:visible").first
    link.wait_for()
    page.keyboard.press("Escape")
    link.wait_for(state="hidden")


def test_every_quiz_option_answers_by_keyboard(opened):
    page = opened(chapter())
    options = page.locator("details.tw-option").all()
    assert options
    for option in options:
        option.locator("summary").focus()
        page.keyboard.press("Enter")
        assert option.locator(".tw-reason").is_visible()


def test_pages_can_be_read_without_scripts(browser, address):
    context = browser.new_context(java_script_enabled=False, viewport=WIDE)
    page = context.new_page()
    page.goto(f"{address}/{chapter()}.html")
    assert page.locator("article h1").is_visible()
    stills = page.locator(".tw-interactive .tw-still")
    assert stills.count() and all(still.is_visible() for still in stills.all())
    page.locator("details.tw-option summary").first.click()
    assert page.locator("details.tw-option .tw-reason").first.is_visible()
    context.close()


def test_the_sites_address_leads_to_the_cover(browser, address):
    page = browser.new_page()
    page.goto(f"{address}/index.html")
    page.wait_for_url("**/book/index.html")
    assert page.locator(".tw-cover").is_visible()
    page.close()


def test_paper_shows_pictures_and_reasons(opened):
    page = opened(chapter())
    page.emulate_media(media="print")
    assert page.locator(".tw-interactive .tw-still").first.is_visible()
    assert not page.locator(".bd-sidebar-primary").is_visible()
