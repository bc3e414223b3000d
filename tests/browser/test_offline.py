"""The zip for a USB stick: unpacked into a folder and opened from there, every host blocked, it works."""

from __future__ import annotations

import re
import zipfile

import pytest

from authoring import book_build, usb_zip

from .conftest import page_names
from .searching import results
from .visits import PATIENCE, PICTURE, WIDE


@pytest.fixture(scope="module")
def zipped(server, tmp_path_factory):
    """The zip of the built site."""
    out = tmp_path_factory.mktemp("stick") / "book.zip"
    usb_zip.pack(book_build.SITE, out)
    return out


@pytest.fixture(scope="module")
def start(zipped):
    """The unpacked folder's address."""
    zipfile.ZipFile(zipped).extractall(zipped.parent)
    return (zipped.parent / usb_zip.FOLDER).as_uri()


@pytest.fixture
def stick(browser, start):
    """A page that may open files of the folder and nothing else; what it asked for, and what went wrong."""
    context = browser.new_context(viewport=WIDE, reduced_motion="reduce")
    page, asked, wrong = context.new_page(), [], []

    def guard(route):
        if re.match(r"file:|data:|blob:", route.request.url):
            route.continue_()
        else:
            asked.append(route.request.url)
            route.abort()

    page.route("**/*", guard)
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    yield page, asked, wrong
    context.close()


def chapter() -> str:
    """The first chapter with formulas and controls."""
    return next(name for name in page_names() if name.startswith("book/01"))


def test_the_zip_is_whole_and_the_same_on_every_run(zipped, tmp_path):
    usb_zip.pack(book_build.SITE, tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == zipped.read_bytes()
    names = set(zipfile.ZipFile(zipped).namelist())
    assert all(name.startswith(f"{usb_zip.FOLDER}/") for name in names)
    wanted = [*(f"{name}.html" for name in page_names()), "README.txt", "LICENSE-data.txt", "index.html"]
    assert [name for name in wanted if f"{usb_zip.FOLDER}/{name}" not in names] == []
    assert zipped.stat().st_size < 20e6


def test_the_first_page_opens_the_cover(stick, start):
    page, asked, wrong = stick
    page.goto(f"{start}/index.html")
    page.wait_for_url("**/book/index.html")
    assert page.locator(".tw-cover").is_visible()
    assert (asked, wrong) == ([], [])


def test_formulas_controls_and_quiz_work_from_a_folder(stick, start):
    page, asked, wrong = stick
    page.goto(f"{start}/{chapter()}.html", wait_until="load")
    page.wait_for_selector("article mjx-container")
    page.wait_for_selector(".tw-live .jupyter-widgets")
    assert page.locator("article mjx-container").count() == page.locator("article .math").count()
    box = page.locator(".tw-live").first
    before = box.evaluate(PICTURE)
    control = box.locator("[role=slider], select, .widget-toggle-button").first
    control.focus()
    page.keyboard.press("ArrowRight" if control.get_attribute("role") == "slider" else "ArrowDown")
    moved = f"([box, before]) => ({PICTURE})(box) !== before"
    page.wait_for_function(moved, arg=[box.element_handle(), before], timeout=PATIENCE)
    option = page.locator("details.tw-option").first
    option.locator("summary").click()
    assert option.locator(".tw-reason").is_visible()
    assert page.evaluate("document.fonts.check('16px \"Source Serif 4\"')")
    assert (asked, wrong) == ([], [])


def test_the_search_works_from_a_folder(stick, start):
    page, asked, wrong = stick
    found = results(page, start, "churn")
    assert "book/03-retention" in found[:5]
    page.locator("#search-results ul.search > li > a").first.click()
    page.wait_for_selector("article h1")
    assert (asked, wrong) == ([], [])


def test_a_table_can_be_taken_from_the_folder(start, zipped):
    links = [name for name in zipfile.ZipFile(zipped).namelist() if "/_downloads/" in name]
    assert any(name.endswith((".csv", ".csv.gz")) for name in links)
