"""The book's own Sphinx extension: lessons on pages, inline figures, building blocks, light and accessible
pages.

pages            {glue:text} and {lesson-output}: a lesson's results without a kernel
notebook_pages   the same rendering for lessons, exercises and solutions
components       opening card, guess, verdict, quiz, ...
matter           blocks of the front and back matter
reading_path     ways through the book, with the chapters' own hours
search           chapters answer to all names of their terms
launch           Binder and Colab buttons
lean             what a page does not use, it does not load
templates/       the few theme templates that are changed, for calm and for accessibility
"""

from __future__ import annotations

from pathlib import Path

from . import components, html_element, launch, lean, matter, notebook_pages, pages, reading_path, search

TEMPLATES = Path(__file__).parent / "templates"


def use_templates(app, config) -> None:
    """Our templates come before the theme's."""
    config.templates_path = [str(TEMPLATES), *config.templates_path]


def setup(app) -> dict:
    """Register all parts."""
    app.connect("config-inited", use_templates)
    for part in (html_element, pages, notebook_pages, components, matter, reading_path, search, launch, lean):
        part.setup(app)
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": True}
