"""Slides as a room sees them: from a disk, network off, every word on the screen, every control alive."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from .visits import PATIENCE, PICTURE

ROOT = Path(__file__).resolve().parents[2]
DECKS = sorted(path.stem for path in (ROOT / "authoring" / "teaching").glob("*.toml"))
CONTROLS = "[role=slider], select, .widget-toggle-buttons button:not(.mod-active)"
SCREEN = {"width": 1280, "height": 720}
# The parts of a slide that stick out below or beside it; what scrolls, and the insides of pictures, aside.
SPILLED = """() => {
    const slide = Reveal.getCurrentSlide().querySelector('.tw-slide'), edge = slide.getBoundingClientRect();
    const outside = part => {
        const box = part.getBoundingClientRect();
        return box.bottom > edge.bottom + 1 || box.right > edge.right + 1;
    };
    return [...slide.querySelectorAll('*')]
        .filter(part => part.checkVisibility() && !part.closest('.tw-scroll, svg g') && outside(part))
        .map(part => part.outerHTML.slice(0, 90));
}"""
CHANGED = f"before => ({PICTURE})(document.querySelector('section.present .tw-interactive')) !== before"


@pytest.fixture(params=DECKS)
def deck(request, browser, site):
    """A deck opened from the disk, other hosts blocked; what went wrong is in `deck.wrong`."""
    context = browser.new_context(viewport=SCREEN, reduced_motion="reduce")
    page = context.new_page()
    page.wrong = []

    def guard(route):
        if urlsplit(route.request.url).scheme in ("file", "data", "blob"):
            route.continue_()
        else:
            page.wrong.append(route.request.url)
            route.abort()

    page.route("**/*", guard)
    page.on("console", lambda message: page.wrong.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    page.goto((site / "slides" / f"{request.param}.html").as_uri())
    page.wait_for_function("window.Reveal && Reveal.isReady()")
    if page.locator(".tw-live").count():
        page.wait_for_function(
            "[...document.querySelectorAll('.tw-live')].every(box => box.querySelector('.jupyter-widgets'))"
        )
    yield page
    context.close()


def test_a_deck_fits_its_screen_and_its_controls_move(deck):
    slides = deck.evaluate("Reveal.getTotalSlides()")
    moved, spilled = 0, {}
    for number in range(1, slides + 1):
        found = deck.evaluate(SPILLED)
        if found:
            spilled[number] = found[:2]
        box = deck.locator("section.present .tw-interactive")
        if box.count():
            control = box.locator(CONTROLS).first
            before = box.first.evaluate(PICTURE)
            control.focus()
            if control.get_attribute("role") == "slider":
                last = control.get_attribute("aria-valuenow") == control.get_attribute("aria-valuemax")
                deck.keyboard.press("ArrowLeft" if last else "ArrowRight")
            elif control.evaluate("part => part.tagName") == "SELECT":
                last = control.evaluate("menu => menu.selectedIndex === menu.options.length - 1")
                deck.keyboard.press("ArrowUp" if last else "ArrowDown")
            else:
                deck.keyboard.press("Enter")
            deck.wait_for_function(CHANGED, arg=before, timeout=PATIENCE)
            assert deck.evaluate("Reveal.getIndices().h") == number - 1, "the arrow key turned the slide too"
            moved += 1
        deck.evaluate("Reveal.next()")
    assert spilled == {}
    assert moved == deck.locator(".tw-interactive").count() > 0
    assert deck.wrong == []
