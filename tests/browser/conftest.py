"""A real Chromium, a server that compresses, and one visit to every page whose findings the tests judge.

CHROMIUM names the browser (else it is looked for on PATH). Without one the layer is skipped with a line
that says so, or fails where REQUIRE_BROWSER=1.
"""

from __future__ import annotations

import gzip
import mimetypes
import os
import shutil
import threading
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import yaml

from authoring import book_build, front_end

from .visits import visit_pages

ROOT = Path(__file__).resolve().parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
PACKED = {".html", ".js", ".css", ".svg", ".json", ".txt", ".csv"}
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


@lru_cache(maxsize=512)
def packed(path: Path) -> bytes:
    """A file as a web server would send it."""
    data = path.read_bytes()
    return gzip.compress(data, 6, mtime=0) if path.suffix in PACKED else data


class CompressingHandler(BaseHTTPRequestHandler):
    """Serves the site with gzip and adds up the bytes of bodies sent."""

    protocol_version = "HTTP/1.1"
    site: Path

    def do_GET(self):  # noqa: N802  the name that http.server asks for
        path = (self.site / unquote(urlsplit(self.path).path).lstrip("/")).resolve()
        found = path.is_file() and self.site in path.parents
        body = packed(path) if found else b"not found"
        with self.server.counting:
            self.server.sent += len(body)
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", mimetypes.guess_type(path.name)[0] or "application/octet-stream")
        self.send_header("Content-Length", str(len(body)))
        if found and path.suffix in PACKED:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Quiet."""


@pytest.fixture(scope="session")
def server():
    """The running server; `sent` counts body bytes."""
    site = book_build.build()
    handler = type("Handler", (CompressingHandler,), {"site": site.resolve()})
    running = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    running.sent, running.counting = 0, threading.Lock()
    running.daemon_threads = True
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield running
    running.shutdown()


@pytest.fixture(scope="session")
def address(server) -> str:
    """The site's address."""
    return f"http://127.0.0.1:{server.server_port}"


@pytest.fixture(scope="session")
def browser():
    """The browser."""
    executable = chromium()
    if not executable:
        pytest.fail("REQUIRE_BROWSER=1, but there is no Chromium: install one or set CHROMIUM")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield running
        running.close()


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
def visits(browser, server, address, request):
    """Page -> what was found on it."""
    found = visit_pages(browser, server, address, page_names(), front_end.AXE)
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
        "overflow 375",
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
