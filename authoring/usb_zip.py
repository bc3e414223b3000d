"""The book for a USB stick: `python -m authoring.usb_zip` writes _build/one-job-two-worlds.zip.

Unpack it anywhere and open index.html: no server, no network. The zip holds the built pages, the same bytes
on every run, less a hint to the browser that only a server can follow.

    python -m authoring.usb_zip [--out FILE]

Exit status: 0 done, 1 the book has problems.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
import zipfile
from pathlib import Path

from authoring import book_build
from twoworlds.errors import TwoWorldsError

ROOT = Path(__file__).resolve().parent.parent
ZIP = ROOT / "_build" / "one-job-two-worlds.zip"
FOLDER = "one-job-two-worlds"
README = """\
One Job, Two Worlds
===================

Open index.html in a browser. The book needs no network: search, controls, formulas and quizzes all work from
this folder. The tables are in it, too: see "The data" in the book.

Text CC BY 4.0, code MIT, data CC0: see the licence files beside this one.
"""
LICENCES = ("LICENSE", "LICENSE-text", "LICENSE-data")
_PRELOAD = re.compile(r'[ \t]*<link rel="preload"[^>]*\bcrossorigin\b[^>]*>\n?')
# The time that all files in the zip bear: the earliest that the format knows.
WHEN = (1980, 1, 1, 0, 0, 0)


def left_out(name: str) -> bool:
    """Files of the site that no reader needs."""
    return name == ".nojekyll" or name == "objects.inv" or name.startswith(("_sources/", ".doctrees/"))


def content(path: Path) -> bytes:
    """A file as it goes into the zip: a page loses the preloading of fonts, which a browser refuses to do
    from a folder, loudly.
    """
    data = path.read_bytes()
    if path.suffix != ".html":
        return data
    return _PRELOAD.sub("", data.decode("utf-8")).encode("utf-8")


def files(site: Path) -> dict[str, bytes]:
    """Name inside the zip's folder -> bytes."""
    found = {
        path.relative_to(site).as_posix(): path for path in sorted(site.rglob("*")) if path.is_file()
    }
    made = {name: content(path) for name, path in found.items() if not left_out(name)}
    licences = {f"{name}.txt": (ROOT / name).read_bytes() for name in LICENCES}
    return {"README.txt": README.encode("utf-8"), **licences, **made}


def pack(site: Path, out: Path) -> int:
    """Write the zip; returns the number of its files. The old one stays until the new one is whole."""
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_suffix(".part")
    held = files(site)
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, data in held.items():
            entry = zipfile.ZipInfo(f"{FOLDER}/{name}", WHEN)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    part.replace(out)
    return len(held)


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m authoring.usb_zip", description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=ZIP, metavar="FILE", help="where to write the zip")
    options = parser.parse_args(arguments)
    started = time.monotonic()
    print("building the book …", flush=True)
    try:
        count = pack(book_build.build(), options.out)
    except (TwoWorldsError, OSError) as error:
        print(f"zip: {error}", file=sys.stderr)
        return 1
    size, seconds = options.out.stat().st_size / 1e6, time.monotonic() - started
    print(f"{count} files, {size:.1f} MB, {seconds:.0f} s: {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
