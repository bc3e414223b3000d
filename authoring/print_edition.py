"""The book on paper: `python -m authoring.print_edition` writes _build/one-job-two-worlds.pdf.

The built pages are put one after the other into a single page, without navigation and with the first
picture of each control in its place; Chromium prints it. Links inside the book lead to their place in the
file. The table of contents gets its page numbers in a second pass, read from the first one's file.

    python -m authoring.print_edition [--notebooks] [--out FILE]

Exit status: 0 done, 1 the book has problems, 2 something is missing (one line says what).
"""

from __future__ import annotations

import argparse
import os
import posixpath
import re
import shutil
import sys
import time
from pathlib import Path
from urllib.parse import unquote, urlsplit

import yaml
from bs4 import BeautifulSoup, Tag

from authoring import book_build
from twoworlds.errors import TwoWorldsError

ROOT = Path(__file__).resolve().parent.parent
PDF = ROOT / "_build" / "one-job-two-worlds.pdf"
FOLDER = ROOT / "_build" / "print"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
# The page from which style sheets and the typesetting of formulas are taken: it must show a formula.
HEAD_PAGE = "book/03-retention"
NOT_ON_PAPER = (
    "script, .headerlink, .tw-live, .tw-guess-line, .tw-launch, .tw-deck, button, .prev-next-area, "
    ".tw-entries, noscript, .toctree-wrapper"
)
FOOTER = (
    '<div style="width:100%;font:8pt sans-serif;color:#666;text-align:center">'
    '<span class="pageNumber"></span></div>'
)
STYLE = """
body { background: #fff; }
.tw-leaf.tw-front { break-before: auto; padding-top: 45mm !important; }
.tw-front h1 { font-size: 40pt !important; line-height: 1.05; margin: 0 0 10mm !important; }
.tw-contents { break-before: page; }
.tw-contents { break-after: page; }
.tw-contents h1 { font-size: 20pt; }
.tw-contents p { font: 600 9.5pt/1.3 var(--tw-sans); color: #555; margin: 5mm 0 1mm; }
.tw-contents ol { list-style: none; margin: 0; padding: 0; }
.tw-contents li { display: flex; gap: 3mm; margin: 0; padding: 0.5mm 0; font: 400 11pt/1.35 var(--tw-serif); }
.tw-contents li a { flex: 1; color: inherit; text-decoration: none !important; }
.tw-contents .tw-page { width: 12mm; text-align: right; font-family: var(--tw-sans); }
.tw-leaf { break-before: page; }
"""


def browser_program() -> str:
    """Where Chromium is: the one that CHROMIUM names, else the first on PATH. Raises TwoWorldsError."""
    named = os.environ.get("CHROMIUM")
    found = (named if Path(named).is_file() else None) if named else None
    found = found or next(filter(None, map(shutil.which, BROWSERS)), None)
    if not found:
        raise TwoWorldsError(
            "there is no Chromium: install one, or name it in the environment variable CHROMIUM"
        )
    return found


def contents(notebooks: bool, toc: Path = ROOT / "_toc.yml") -> list[tuple[str, str]]:
    """(part, page) in the book's order. notebooks: lessons, exercises and solutions too."""
    read = yaml.safe_load(toc.read_text(encoding="utf-8"))
    found = [("", read["root"])]

    def walk(part: str, entries: list[dict]) -> None:
        for entry in entries:
            if notebooks or entry["file"].startswith("book/"):
                found.append((part, entry["file"]))
            walk(part, entry.get("sections", []))

    for part in read["parts"]:
        walk(part["caption"], part["chapters"])
    return found


def anchor(page: str, identifier: str = "") -> str:
    """The name of a page, or of a place on it, inside the one page that is printed."""
    name = page.replace("/", "-")
    return f"{name}--{identifier}" if identifier else name


def resolved(page: str, address: str) -> str:
    """The path below the site that a page's relative address leads to, without suffix for pages."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(address)))


def leaf(soup: BeautifulSoup, page: str, included: set[str], assets: str) -> Tag:
    """A page's article, ready to stand in one file with all others.

    included: pages that are in the file; a link to any other becomes plain text
    assets:   how to reach the site's folder from the file
    """
    article = soup.select_one("article.bd-article")
    for part in article.select(NOT_ON_PAPER):
        part.decompose()
    for part in article.find_all("details"):
        part["open"] = ""
        part.attrs.pop("name", None)
    for node in article.find_all(attrs={"src": True}):
        if not urlsplit(node["src"]).scheme:
            node["src"] = assets + resolved(page, node["src"])
    for node in article.find_all(id=True):
        # Ids inside a drawing differ from page to page already, and the drawing refers to them.
        if node.name == "svg" or not node.find_parent("svg"):
            node["id"] = anchor(page, node["id"])
    for name in ("aria-labelledby", "aria-describedby", "for"):
        for node in article.find_all(attrs={name: True}):
            node[name] = anchor(page, node[name])
    for link in article.find_all("a", href=True):
        redirect(link, page, included)
    article["id"] = anchor(page)
    article["class"] = [*article.get("class", []), "tw-leaf"]
    return article


def redirect(link: Tag, page: str, included: set[str]) -> None:
    """Lead a link to its place in the one file; unwrap it where that page is not in it."""
    address = urlsplit(link["href"])
    if address.scheme:
        return
    target = resolved(page, address.path).removesuffix(".html") if address.path else page
    if target in included and not link.has_attr("download"):
        link["href"] = f"#{anchor(target, unquote(address.fragment))}"
    else:
        link.unwrap()


def head(soup: BeautifulSoup, page: str, assets: str) -> str:
    """Style sheets, and the scripts that set formulas, from a built page."""
    kept = []
    for node in soup.select('link[rel="stylesheet"], link[rel="preload"][as="style"]'):
        if not urlsplit(node["href"]).scheme:
            node["href"] = assets + resolved(page, urlsplit(node["href"]).path)
        kept.append(str(node))
    for node in soup.find_all("script"):
        if "mathjax" in (node.get("src") or ""):
            node["src"] = assets + resolved(page, urlsplit(node["src"]).path)
            kept.append(str(node))
        elif "window.MathJax" in (node.string or ""):
            kept.append(str(node))
    return "\n".join(kept)


def one_page(site: Path, folder: Path, listed: list[tuple[str, str]], numbers: dict[str, int]) -> str:
    """The listed pages as one HTML page, the first of them as its cover.

    listed:  as `contents` gives it
    numbers: name of a page's place -> its number on paper, once known
    """
    assets = posixpath.join(os.path.relpath(site, folder).replace(os.sep, "/"), "")
    included = {page for _, page in listed}
    leaves, entries, last = [], [], None
    for part, page in listed:
        soup = BeautifulSoup((site / f"{page}.html").read_text(encoding="utf-8"), "html.parser")
        title = soup.select_one("article h1")
        title = title.get_text().removesuffix("#").strip()
        whole = leaf(soup, page, included, assets)
        if page == listed[0][1]:
            whole["class"].append("tw-front")
        else:
            if part != last:
                entries.append(f"{'</ol>' if last else ''}<p>{part}</p><ol>")
                last = part
            number = numbers.get(anchor(page), "")
            entries.append(
                f'<li><a href="#{anchor(page)}">{title}</a><span class="tw-page">{number}</span></li>'
            )
        leaves.append(str(whole))
    cover, *rest = leaves
    start = BeautifulSoup((site / f"{HEAD_PAGE}.html").read_text(encoding="utf-8"), "html.parser")
    listing = f'<nav class="tw-contents"><h1>Contents</h1>{"".join(entries)}</ol></nav>'
    return (
        '<!DOCTYPE html>\n<html lang="en" data-theme="light" data-mode="light">\n<head>'
        '<meta charset="utf-8"><title>One Job, Two Worlds</title>\n'
        f"{head(start, HEAD_PAGE, assets)}\n<style>{STYLE}</style></head>\n"
        f'<body class="tw-printed"><main class="bd-main"><div class="bd-article-container">{cover}{listing}'
        f"{''.join(rest)}</div></main></body></html>\n"
    )


def page_numbers(pdf: bytes) -> dict[str, int]:
    """Name of a place -> number of its page, for the links of a file that Chromium printed.

    Chromium writes the table of pages and of places as plain objects. Raises TwoWorldsError where it doesn't.
    """
    objects = {
        int(number): body
        for number, body in re.findall(rb"(?m)^(\d+) 0 obj\s(.*?)\bendobj", pdf, re.S)
        if b"stream" not in body[:2000]
    }
    kids = {number: re.findall(rb"(\d+) 0 R", found[1]) for number, body in objects.items()
            if (found := re.search(rb"/Kids \[(.*?)\]", body, re.S)) and b"/Type /Pages" in body}  # fmt: skip
    children = {int(child) for found in kids.values() for child in found}
    roots = [number for number in kids if number not in children]
    if len(roots) != 1:
        raise TwoWorldsError("the printed file has no single table of pages")

    def leaves(number: int) -> list[int]:
        below = kids.get(number)
        return [number] if below is None else [leaf for child in below for leaf in leaves(int(child))]

    order = {number: place for place, number in enumerate(leaves(roots[0]), 1)}
    places: dict[str, int] = {}
    for body in objects.values():
        for name, target in re.findall(rb"/([^\s/\[\]()<>]+) \[(\d+) 0 R\s*/XYZ", body):
            if int(target) in order:
                words = re.sub(rb"#([0-9A-Fa-f]{2})", lambda match: bytes([int(match[1], 16)]), name)
                places[words.decode("utf-8", "replace")] = order[int(target)]
    return places


def pages_in(pdf: bytes) -> int:
    """How many pages a printed file has."""
    return len(re.findall(rb"/Type /Page\b(?!s)", pdf))


def print_page(browser, source: Path, out: Path) -> None:
    """Print one HTML file, its formulas set, to a PDF file."""
    page = browser.new_page(color_scheme="light", reduced_motion="reduce")
    try:
        page.route(re.compile(r"^https?:"), lambda route: route.abort())
        page.goto(source.as_uri(), wait_until="load", timeout=120_000)
        page.evaluate("() => window.MathJax?.startup?.promise")
        page.evaluate("document.fonts.ready")
        page.pdf(
            path=str(out),
            prefer_css_page_size=True,
            print_background=True,
            display_header_footer=True,
            header_template="<span></span>",
            footer_template=FOOTER,
            outline=True,
            tagged=True,
        )
    finally:
        page.close()


def make(
    site: Path, out: Path, browser, listed: list[tuple[str, str]], folder: Path = FOLDER
) -> dict[str, int]:
    """Print the listed pages of the built site, as `contents` gives them.

    Returns the page numbers that the table of contents shows.
    Raises TwoWorldsError where the numbers can't be found, or the second pass moved a page.
    """
    folder.mkdir(parents=True, exist_ok=True)
    out.parent.mkdir(parents=True, exist_ok=True)
    source = folder / "index.html"
    source.write_text(one_page(site, folder, listed, {}), encoding="utf-8")
    print_page(browser, source, out)
    names = [anchor(page) for _, page in listed[1:]]
    first = page_numbers(out.read_bytes())
    missing = [name for name in names if name not in first]
    if missing:
        raise TwoWorldsError(f"the printed file does not say on which page {missing[0]} is")
    source.write_text(one_page(site, folder, listed, first), encoding="utf-8")
    print_page(browser, source, out)
    second = page_numbers(out.read_bytes())
    moved = [name for name in names if second.get(name) != first[name]]
    if moved:
        raise TwoWorldsError(f"{moved[0]} moved to another page when the numbers were put in")
    return {name: first[name] for name in names}


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(
        prog="python -m authoring.print_edition", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--notebooks", action="store_true", help="lessons, exercises and solutions too")
    parser.add_argument("--out", type=Path, default=PDF, metavar="FILE", help="where to write the PDF file")
    options = parser.parse_args(arguments)
    started = time.monotonic()
    try:
        program = browser_program()
        from playwright.sync_api import sync_playwright

        print("building the book …", flush=True)
        site = book_build.build()
        print("printing it, twice: the second time with page numbers …", flush=True)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
            make(site, options.out, browser, contents(options.notebooks))
            browser.close()
    except ImportError:
        print("print: playwright is missing: run `make print`, which brings it", file=sys.stderr)
        return 2
    except (TwoWorldsError, OSError) as error:
        print(f"print: {error}", file=sys.stderr)
        return 2
    pdf = options.out.read_bytes()
    seconds = time.monotonic() - started
    print(f"{pages_in(pdf)} pages, {len(pdf) / 1e6:.1f} MB, {seconds:.0f} s: {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
