"""Slides as a room sees them: from a disk, with the network off, every word on the screen, every control alive."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from .visits import PATIENCE, PICTURE

ROOT = Path(__file__).resolve().parents[2]
DECKS = sorted(path.stem for path in (ROOT / "authoring" / "teaching").glob("*.toml"))
SCREEN = {"width": 1280, "height": 720}
FITS = """() => { const box = Reveal.getCurrentSlide().querySelector('.tw-slide').getBoundingClientRect();
    const inside = [...Reveal.getCurrentSlide().querySelectorAll('.tw-slide *')].filter(part => part.checkVisibility());
    return inside.filter(part => !part.closest('.tw-scroll, svg svg, svg g, .jupyter-widgets .widget-html *'))
        .filter(part => part.getBoundingClientRect().bottom > box.bottom + 1 || part.getBoundingClientRect().right > box.right + 1)
        .map(part => part.outerHTML.slice(0, 90)); }"""


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
        found = deck.evaluate(FITS)
        if found:
            spilled[number] = found[:2]
        box = deck.locator("section.present .tw-interactive")
        if box.count():
            control = box.locator("[role=slider], .widget-toggle-buttons button:not(.mod-active)").first
            before = box.first.evaluate(PICTURE)
            control.focus()
            last = control.evaluate(
                "s => s.getAttribute('aria-valuenow') === s.getAttribute('aria-valuemax') && s.hasAttribute('aria-valuemax')"
            )
            slider = control.get_attribute("role") == "slider"
            deck.keyboard.press(("ArrowLeft" if last else "ArrowRight") if slider else "Enter")
            deck.wait_for_function(
                f"before => ({PICTURE})(document.querySelector('section.present .tw-interactive')) !== before",
                arg=before,
                timeout=PATIENCE,
            )
            assert deck.evaluate("Reveal.getIndices().h") == number - 1, "the arrow key turned the slide too"
            moved += 1
        deck.evaluate("Reveal.next()")
    assert spilled == {}
    assert moved == deck.locator(".tw-interactive").count() > 0
    assert deck.wrong == []
