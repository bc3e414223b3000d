"""Show the book on this machine and rebuild it as you write: `make serve`.

Pages are rebuilt when a file below book/, notebooks/ or the two configuration files changes; reload the
page to see it. The server listens on this machine only.
"""

import argparse
import subprocess
import sys
import threading
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

from authoring import environment

ROOT = environment.ROOT
SITE = ROOT / "_build" / "html"
WATCHED = ("book", "notebooks", "authoring/sphinx_ext", "_config.yml", "_toc.yml")
# Brought or written by the build itself: watching these would never let it rest.
IGNORED = ("book/_assets/vendor", "__pycache__")
PAUSE_SECONDS = 0.7


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves files that are never kept by the browser's cache, and reports only what is missing."""

    def end_headers(self):
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_request(self, code="-", size="-"):
        if str(code) == "404":
            print(f"  not found: {self.path}", flush=True)


def newest_times():
    """When each watched file was last changed, by path."""
    times = {}
    for name in WATCHED:
        start = ROOT / name
        for path in [start, *start.rglob("*")] if start.is_dir() else [start]:
            relative = path.relative_to(ROOT).as_posix()
            if not any(part in relative for part in IGNORED):
                # A file may go away between the listing and this look.
                try:
                    times[relative] = path.stat().st_mtime_ns if path.is_file() else 0
                except OSError:
                    continue
    return times


def build():
    """Build the book. True where it worked; what went wrong has been printed."""
    return subprocess.call([sys.executable, "-m", "authoring.book_build"], cwd=ROOT) == 0


def main(arguments=None):
    """Build, serve, watch. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python3 -m authoring serve", description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=8000, help="8000 by default; 0 takes a free one")
    options = parser.parse_args(arguments)
    try:
        server = ThreadingHTTPServer(("127.0.0.1", options.port), partial(QuietHandler, directory=str(SITE)))
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        print(
            f"serve: port {options.port} can't be used ({reason}): give another with --port", file=sys.stderr
        )
        return 2
    seen = newest_times()
    if not build():
        return 1
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"The book is at http://127.0.0.1:{server.server_port}/ (Ctrl+C ends)", flush=True)
    try:
        while True:
            time.sleep(PAUSE_SECONDS)
            now = newest_times()
            if now != seen:
                seen = now
                print("Something changed: rebuilding", flush=True)
                build()
    except KeyboardInterrupt:
        server.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
