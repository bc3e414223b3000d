"""A server that sends the book as a web host would: compressed, and counting what it sends."""

from __future__ import annotations

import gzip
import mimetypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

PACKED = {".html", ".js", ".css", ".svg", ".json", ".txt", ".csv"}


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


@contextmanager
def serving(site: Path) -> Iterator[ThreadingHTTPServer]:
    """A running server of the files below `site` (an absolute path); its `sent` counts body bytes."""
    handler = type("Handler", (CompressingHandler,), {"site": site})
    running = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    running.sent, running.counting = 0, threading.Lock()
    running.daemon_threads = True
    threading.Thread(target=running.serve_forever, daemon=True).start()
    try:
        yield running
    finally:
        running.shutdown()
        running.server_close()
