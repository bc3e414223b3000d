"""The built book, once for all tests of this layer."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup

from authoring import book_build

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def site() -> Path:
    """Folder of the built pages. Building fails on any warning, and so do the tests then."""
    return book_build.build()


@pytest.fixture(scope="session")
def soups(site) -> dict[str, BeautifulSoup]:
    """Path below the site -> parsed page, for every page."""
    return {
        path.relative_to(site).as_posix(): BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for path in sorted(site.rglob("*.html"))
        if "_static" not in path.parts
    }


@pytest.fixture(scope="session")
def contents() -> list[str]:
    """Names (without suffix) of all pages in the table of contents."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))

    def files(node):
        for key, value in node.items():
            if key in ("file", "root"):
                yield value
            elif isinstance(value, list):
                for child in value:
                    yield from files(child)

    return list(files(toc))
