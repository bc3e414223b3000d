"""What is found on a page by a reader with a wide screen, a dark one, a phone, and no mouse."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from .serving import serving

WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 375, "height": 812}
TEXT_LIMIT, MATHS_LIMIT, WIDGET_LIMIT = 300_000, 600_000, 1_100_000
PATIENCE = 4000  # milliseconds until a control must have moved its picture
NARROWEST = 320  # a text that is zoomed to four times its size on a screen of 1280

# Everything that can be seen inside an interactive, as one string.
PICTURE = """box => [...box.querySelectorAll('svg, table, .tw-explore-words, img')]
    .filter(part => part.checkVisibility()).map(part => part.outerHTML).join('')"""


@dataclass
class Visit:
    """Findings on one page: gzip bytes of the first load and their limit, and lists of what is wrong."""

    name: str
    weight: int = 0
    limit: int = TEXT_LIMIT
    other_hosts: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    axe: dict[str, list[str]] = field(default_factory=lambda: {"light": [], "dark": [], "phone": []})
    overflow: int = 0
    controls: list[str] = field(default_factory=list)
    dead: list[str] = field(default_factory=list)


@contextmanager
def started(executable: str) -> Iterator:
    """A running Chromium."""
    # Imported here, since without a browser the layer is skipped and needs no driver either.
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield browser
        browser.close()


def visit_pages(executable: str, site: Path, names: list[str], axe: Path) -> dict[str, Visit]:
    """Visit pages with a browser and a server of their own; returns name -> Visit."""
    with serving(site) as server, started(executable) as browser:
        address = f"http://127.0.0.1:{server.server_port}"
        return {name: visit_page(browser, server, address, name, axe) for name in names}


def open_page(browser, address: str, visit: Visit, size: dict, scheme: str):
    """A page in a context of its own, other hosts blocked and noted. Close its context when done."""
    context = browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()

    def guard(route):
        if urlsplit(route.request.url).netloc == urlsplit(address).netloc or route.request.url.startswith(
            "data:"
        ):
            route.continue_()
        else:
            visit.other_hosts.append(route.request.url)
            route.abort()

    page.route("**/*", guard)
    page.on(
        "console", lambda message: visit.console.append(message.text) if message.type == "error" else None
    )
    page.on("pageerror", lambda error: visit.console.append(str(error)))
    page.goto(f"{address}/{visit.name}.html", wait_until="networkidle")
    if page.locator(".tw-live").count():
        page.wait_for_function(
            "[...document.querySelectorAll('.tw-live')].every(box => box.querySelector('.jupyter-widgets'))"
        )
    return page


def findings(page, axe: Path) -> list[str]:
    """axe-core's findings with all folded text open, one line a rule and element."""
    page.evaluate(
        "for (const part of document.querySelectorAll('article details')) "
        "{ part.removeAttribute('name'); part.open = true; }"
    )
    page.add_script_tag(path=str(axe))
    result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [f"{rule['id']}: {node['html'][:160]}" for rule in result["violations"] for node in rule["nodes"]]


def visit_page(browser, server, address: str, name: str, axe: Path) -> Visit:
    """All findings on one page."""
    visit = Visit(name)
    before = server.sent
    page = open_page(browser, address, visit, WIDE, "light")
    visit.weight = server.sent - before
    if page.locator(".tw-live").count():
        visit.limit = WIDGET_LIMIT
    elif page.locator("article mjx-container").count():
        visit.limit = MATHS_LIMIT
    try_controls(page, visit)
    visit.axe["light"] = findings(page, axe)
    page.context.close()
    page = open_page(browser, address, visit, WIDE, "dark")
    visit.axe["dark"] = findings(page, axe)
    page.context.close()
    page = open_page(browser, address, visit, PHONE, "light")
    visit.axe["phone"] = findings(page, axe)
    for width in (PHONE["width"], NARROWEST):
        page.set_viewport_size({**PHONE, "width": width})
        over = page.evaluate(f"document.documentElement.scrollWidth - {width}")
        visit.overflow = max(visit.overflow, over)
    page.context.close()
    return visit


def moved(page, box, before: str) -> bool:
    """True as soon as the interactive shows something else."""
    for _ in range(PATIENCE // 50):
        if box.evaluate(PICTURE) != before:
            return True
        page.wait_for_timeout(50)
    return False


def press(page, visit: Visit, box, control, what: str, *keys: str) -> None:
    """Reach a control by focus, press keys, and note whether the picture moved."""
    visit.controls.append(what)
    control.scroll_into_view_if_needed()
    control.focus()
    before = box.evaluate(PICTURE)
    for key in keys:
        page.keyboard.press(key)
    if not before or not moved(page, box, before):
        visit.dead.append(what)


def try_controls(page, visit: Visit) -> None:
    """Move every slider, menu, choice and play button of every interactive by keyboard."""
    for number, box in enumerate(page.locator(".tw-interactive").all(), 1):
        for slider in box.locator("[role=slider]").all():
            key = (
                "ArrowLeft"
                if slider.evaluate("s => s.getAttribute('aria-valuenow') === s.getAttribute('aria-valuemax')")
                else "ArrowRight"
            )
            press(page, visit, box, slider, f"{number}: slider {slider.get_attribute('aria-label')}", key)
        for menu in box.locator("select").all():
            last = menu.evaluate("menu => menu.selectedIndex === menu.options.length - 1")
            press(
                page,
                visit,
                box,
                menu,
                f"{number}: menu {menu.get_attribute('aria-label')}",
                "ArrowUp" if last else "ArrowDown",
            )
        for group in box.locator(".widget-toggle-buttons").all():
            for choice in group.locator("button:not(.mod-active)").all():
                press(page, visit, box, choice, f"{number}: choice {choice.inner_text()}", "Enter")
        for play in box.locator(".widget-play").all():
            button = play.locator("button").first
            press(page, visit, box, button, f"{number}: {button.get_attribute('aria-label')}", "Enter")
            page.keyboard.press("Enter")
