"""A real Chromium, a server that compresses, and one visit to every page whose findings the tests judge.

CHROMIUM names the browser (else it is looked for on PATH). Without one the layer is skipped with a line
that says so, or fails where REQUIRE_BROWSER=1.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
import yaml

from authoring import book_build, front_end

from .serving import serving
from .visits import started, visit_pages

ROOT = Path(__file__).resolve().parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
BROWSERS_AT_ONCE = max(1, min(4, os.cpu_count() or 1))
MISSING = "REQUIRE_BROWSER=1, but there is no Chromium: install one or set CHROMIUM"
REPORT = pytest.StashKey[list[str]]()


def chromium() -> str | None:
    """Where the browser is."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named if Path(named).is_file() else None
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def pytest_collection_modifyitems(config, items):
    """Without a browser: skip with a reason, unless one is required."""
    here = [item for item in items if Path(__file__).parent in Path(item.fspath).parents]
    if here and not chromium() and os.environ.get("REQUIRE_BROWSER") != "1":
        reason = "no Chromium: install one or name it in the environment variable CHROMIUM"
        for item in here:
            item.add_marker(pytest.mark.skip(reason=reason))


def pytest_terminal_summary(terminalreporter, config):
    """Print the table of measurements."""
    for line in config.stash.get(REPORT, []):
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def site() -> Path:
    """The folder of the built book."""
    return book_build.build().resolve()


@pytest.fixture(scope="session")
def server(site):
    """The running server; `sent` counts body bytes."""
    with serving(site) as running:
        yield running


@pytest.fixture(scope="session")
def address(server) -> str:
    """The site's address."""
    return f"http://127.0.0.1:{server.server_port}"


@pytest.fixture(scope="session")
def browser():
    """The browser."""
    executable = chromium()
    if not executable:
        pytest.fail(MISSING)
    with started(executable) as running:
        yield running


def page_names() -> list[str]:
    """Every page of the table of contents, and the search page."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    names = [toc["root"]]
    waiting = list(toc["parts"])
    while waiting:
        entry = waiting.pop(0)
        names += [entry["file"]] if "file" in entry else []
        waiting = entry.get("chapters", []) + entry.get("sections", []) + waiting
    return [*names, "search"]


def pytest_generate_tests(metafunc):
    """Tests that ask for `page_name` run once a page."""
    if "page_name" in metafunc.fixturenames:
        metafunc.parametrize("page_name", page_names())


@pytest.fixture(scope="session")
def visits(site, request):
    """Page -> what was found on it. Each core visits a share of the pages, with a browser and server."""
    executable = chromium()
    if not executable:
        pytest.fail(MISSING)
    names = page_names()
    shares = [names[first::BROWSERS_AT_ONCE] for first in range(BROWSERS_AT_ONCE)]
    with ProcessPoolExecutor(BROWSERS_AT_ONCE, multiprocessing.get_context("spawn")) as pool:
        visiting = [pool.submit(visit_pages, executable, site, share, front_end.AXE) for share in shares]
        seen = {name: visit for share in visiting for name, visit in share.result().items()}
    found = {name: seen[name] for name in names}
    request.config.stash[REPORT] = report(found)
    return found


def row(name: str, visit) -> tuple:
    """One page's measurements."""
    alive = f"{len(visit.controls) - len(visit.dead)}/{len(visit.controls)}"
    counts = (len(visit.other_hosts), len(visit.console), len(visit.axe["light"]), len(visit.axe["dark"]))
    return (name, f"{visit.weight / 1000:.0f}", f"{visit.limit / 1000:.0f}", *counts, visit.overflow, alive)


def report(found) -> list[str]:
    """The measurements as a table."""
    head = (
        "page",
        "kB gzip",
        "limit",
        "other hosts",
        "console",
        "axe light",
        "axe dark",
        "overflow 320",
        "controls alive",
    )
    rows = [row(name, visit) for name, visit in found.items()]
    widths = [max(len(str(row[column])) for row in [head, *rows]) for column in range(len(head))]
    return [
        "",
        "Pages in Chromium",
        *(
            "  ".join(str(cell).ljust(width) for cell, width in zip(row, widths, strict=True))
            for row in [head, *rows]
        ),
    ]
