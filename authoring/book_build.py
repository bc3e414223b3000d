"""Build the book into _build/html: `python -m authoring.book_build`.

Front-end files are brought first, then the engine runs with every warning as an error. Nothing is
executed: pages show what the notebooks hold, so a second build reads only what changed.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from authoring import front_end, slides
from twoworlds.errors import TwoWorldsError

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "_build"
SITE = OUT / "html"
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_PROBLEM = re.compile(r"WARNING|ERROR|CRITICAL|Error:|Exception")

# The address of the whole site leads to the cover at once, with or without scripts.
ENTRY = """<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>One Job, Two Worlds</title>
  <meta http-equiv="refresh" content="0; url={cover}">
  <link rel="canonical" href="{cover}">
</head>
<body><main><h1>One Job, Two Worlds</h1><p><a href="{cover}">Open the book</a></p></main></body>
</html>
"""


def engine_command(source: Path, out: Path) -> list[str]:
    """How the engine is called."""
    return [
        sys.executable, "-c", "from jupyter_book.cli.main import main; main()",
        "build", str(source), "--path-output", str(out.parent), "-W", "--keep-going", "-q",
    ]  # fmt: skip


def problems(text: str, source: Path) -> list[str]:
    """The lines of the engine's output that say what is wrong, once each, with paths from the project's
    folder.
    """
    lines = []
    for line in _COLOUR.sub("", text).splitlines():
        short = line.strip().replace(f"{source}/", "")
        if _PROBLEM.search(short) and not short.startswith("RuntimeError") and short not in lines:
            lines.append(short)
    return lines


def missing_sources(source: Path) -> list[str]:
    """Pages named in _toc.yml that are not there (the engine's own message is hard to read)."""
    toc = (source / "_toc.yml").read_text(encoding="utf-8")
    names = re.findall(r"^\s*-?\s*(?:root|file):\s*(\S+)\s*$", toc, re.M)
    return [
        name
        for name in names
        if not any((source / f"{name}{suffix}").is_file() for suffix in (".md", ".ipynb"))
    ]


def machinery_digest(source: Path) -> str:
    """Changes with the contents, the configuration, the extension or the style: then every page is made anew
    (style sheets are only copied when a page is)."""
    extension, assets = Path(__file__).parent / "sphinx_ext", source / "book" / "_assets"
    code = sorted(
        [*extension.rglob("*.py"), *extension.rglob("*.html"), *assets.glob("*.css"), *assets.glob("*.js")]
    )
    parts = [source / "_toc.yml", source / "_config.yml", *code]
    return hashlib.sha256(b"".join(path.read_bytes() for path in parts)).hexdigest()


def forget_outdated(source: Path, out: Path) -> None:
    """Drop what the engine remembers of pages that were read by other rules (it would show old titles)."""
    stamp, digest = out / ".machinery", machinery_digest(source)
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != digest:
        shutil.rmtree(out / ".doctrees", ignore_errors=True)
        shutil.rmtree(out / "html", ignore_errors=True)
        out.mkdir(parents=True, exist_ok=True)
        stamp.write_text(digest, encoding="utf-8")


def build(source: Path = ROOT, out: Path = OUT, fresh: bool = False) -> Path:
    """Build the book and return the folder of its pages.

    source: folder with _config.yml and _toc.yml; out: a folder named _build; fresh: forget earlier builds
        first.

    Raises TwoWorldsError: one line where something is missing, one a problem where pages have warnings.
    """
    front_end.bring()
    missing = missing_sources(source)
    if missing:
        raise TwoWorldsError(
            f"_toc.yml names {missing[0]}, which does not exist: run `make notebooks`, or mend the name."
        )
    if fresh and out.is_dir():
        shutil.rmtree(out)
    forget_outdated(source, out)
    run = subprocess.run(engine_command(source, out), cwd=source, capture_output=True, text=True)
    if run.returncode:
        found = problems(run.stdout + run.stderr, source)
        if not found:
            found = [line for line in (run.stderr or run.stdout).strip().splitlines() if line.strip()][-3:]
        # pages with warnings are not read again by themselves, and the warning would be lost
        shutil.rmtree(out / ".doctrees", ignore_errors=True)
        raise TwoWorldsError("\n".join(found))
    site = out / "html"
    (site / "index.html").write_text(ENTRY.format(cover="book/index.html"), encoding="utf-8")
    (site / ".nojekyll").touch()
    slides.build(site, source)
    return site


def main(arguments: list[str] | None = None) -> int:
    """Command line: exit status 1 where pages have problems, each on a line of its own."""
    parser = argparse.ArgumentParser(
        prog="python -m authoring.book_build", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--fresh", action="store_true", help="build every page anew")
    options = parser.parse_args(arguments)
    started = time.monotonic()
    print("building the book …", flush=True)
    try:
        site = build(fresh=options.fresh)
    except (TwoWorldsError, OSError) as error:
        print(f"book: {error}", file=sys.stderr)
        return 1
    pages = sum(1 for _ in site.rglob("*.html"))
    print(f"{pages} pages in {time.monotonic() - started:.0f} s: open {site / 'index.html'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
