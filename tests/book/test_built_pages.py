"""The built book: all pages are there, every link and anchor resolves, every picture says what it shows."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import yaml

from authoring import book_pages
from authoring import site as course_site

ROOT = Path(__file__).resolve().parents[2]
GLUE = re.compile(r"\{glue:text\}`([^`]+)`")


def chapter_sources():
    """Markdown pages with their front matter's lesson."""
    for path in sorted((ROOT / "book").glob("*.md")):
        text = path.read_text(encoding="utf-8")
        matter = re.match(r"\A---\n(.*?)\n---\n", text, re.S)
        if path.name != "README.md" and matter:
            yield path, yaml.safe_load(matter.group(1)) or {}, text


def test_every_page_of_the_contents_is_built(soups, contents):
    assert contents
    assert [name for name in contents if f"{name}.html" not in soups] == []


def test_links_and_anchors_resolve(site, soups):
    broken = []
    for name, soup in soups.items():
        for tag, attribute in (("a", "href"), ("link", "href"), ("script", "src"), ("img", "src")):
            for node in soup.find_all(tag, attrs={attribute: True}):
                link = urlsplit(node[attribute])
                if link.scheme in ("http", "https", "mailto", "data"):
                    continue
                target = (site / name).parent / unquote(link.path) if link.path else site / name
                target = target.resolve()
                if not target.is_file():
                    broken.append(f"{name}: {node[attribute]}")
                elif link.fragment and target.suffix == ".html":
                    page = soups[target.relative_to(site).as_posix()]
                    if not page.find(id=unquote(link.fragment)) and not page.find(
                        attrs={"name": link.fragment}
                    ):
                        broken.append(f"{name}: no anchor {node[attribute]}")
    assert broken == []


def test_style_sheets_find_their_files(site):
    missing = []
    for sheet in site.rglob("_static/**/*.css"):
        for address in re.findall(r"url\(\s*['\"]?([^'\")]+)", sheet.read_text(encoding="utf-8")):
            if (
                not address.startswith(("data:", "#"))
                and not (sheet.parent / address.split("?")[0].split("#")[0]).is_file()
            ):
                missing.append(f"{sheet.name}: {address}")
    assert missing == []


def test_nothing_is_loaded_from_another_host(soups):
    foreign = [
        f"{name}: {node.get('src') or node.get('href')}"
        for name, soup in soups.items()
        for node in soup.select(
            "script[src], img[src], iframe[src], source[src], link[href]:not([rel=canonical])"
        )
        if urlsplit(node.get("src") or node.get("href")).scheme in ("http", "https")
    ]
    assert foreign == []


def test_ids_are_unique_on_each_page(soups):
    doubled = []
    for name, soup in soups.items():
        ids = [node["id"] for node in soup.find_all(id=True)]
        doubled += [f"{name}: {identifier}" for identifier in sorted({i for i in ids if ids.count(i) > 1})]
    assert doubled == []


def test_every_picture_says_what_it_shows(soups):
    silent = []
    pictures = 0
    for name, soup in soups.items():
        for image in soup.select("article img"):
            pictures += 1
            if len((image.get("alt") or "").split()) < 3:
                silent.append(f"{name}: {image.get('src', '')[:60]}")
        for drawing in soup.select("article svg:not([aria-hidden=true])"):
            pictures += 1
            if drawing.get("role") != "img" or len((drawing.get("aria-label") or "").split()) < 3:
                silent.append(f"{name}: svg {drawing.get('aria-label')!r}")
    assert pictures > 0
    assert silent == []


def test_no_two_figures_of_a_page_share_their_words(soups):
    shared = []
    for name, soup in soups.items():
        labels = [drawing["aria-label"] for drawing in soup.select("article svg[aria-label]")]
        shared += [
            f"{name}: {label[:60]}" for label in sorted({one for one in labels if labels.count(one) > 1})
        ]
    assert shared == []


def test_every_bound_number_of_a_page_reaches_it(soups):
    pages = list(chapter_sources())
    assert pages
    for path, matter, text in pages:
        names = GLUE.findall(text)
        shown = soups[f"book/{path.stem}.html"].select("article .tw-value")
        lessons = matter.get("lessons") or [matter.get("lesson")]
        bound = {}
        for slug in filter(None, lessons):
            values = json.loads((ROOT / "book" / "bound" / f"{slug}.json").read_text(encoding="utf-8"))
            bound |= {f"{slug}/{name}": value for name, value in values.items()}
        first = lessons[0]
        for name in names:
            key = name.partition(":")[0].strip()
            assert (key if "/" in key else f"{first}/{key}") in bound, (
                f"{path.name}: {key} is bound to nothing"
            )
        assert len(shown) == len(names), path.name
        assert all(value.get_text(strip=True) and "?" not in value.get_text() for value in shown), path.name


def test_chapters_draw_their_numbers_from_the_data():
    for path, matter, text in chapter_sources():
        if matter.get("lesson") == path.stem:
            assert len(GLUE.findall(text)) >= 20, f"{path.name} binds few numbers"


def test_generated_pages_are_up_to_date():
    assert book_pages.main(["--check"]) == 0


def test_data_page_names_every_column(soups):
    from twoworlds import dictionary

    page = soups["book/data.html"]
    shown = {code.get_text() for code in page.select("article td code")}
    columns = [
        column.name
        for world in dictionary.world_titles()
        for table in dictionary.tables(world).values()
        for column in table.columns
    ]
    assert columns
    assert sorted(set(columns) - shown) == []


def test_downloads_of_every_table_are_part_of_the_site(site, soups):
    from twoworlds import dictionary

    links = [link["href"] for link in soups["book/data.html"].select("article a[download]")]
    names = {Path(link).name.split(".")[0] for link in links}
    tables = {name for world in dictionary.world_titles() for name in dictionary.tables(world)}
    assert tables <= names
    assert all((site / "book" / link).resolve().is_file() for link in links)


def test_launch_buttons_only_with_an_address(soups):
    """No dead button: pages of this clone have one exactly if it has a GitHub address."""
    for name, soup in soups.items():
        buttons = soup.select("a.tw-launch")
        notebook = name.startswith(("notebooks/", "exercises/", "solutions/"))
        if notebook and course_site.repository_address():
            assert [link.get_text(strip=True) for link in buttons][0] == "Open in Binder", name
        else:
            assert buttons == [], name


@pytest.mark.parametrize("part", ["fontawesome.js", "sphinx-thebe", "unpkg", "jsdelivr", "cdnjs"])
def test_heavy_or_foreign_parts_are_gone(soups, part):
    assert [name for name, soup in soups.items() if soup.find(src=re.compile(part))] == []


def test_widget_manager_and_mathjax_only_where_needed(soups):
    for name, soup in soups.items():
        scripts = " ".join(node["src"] for node in soup.select("script[src]"))
        has_widget = bool(soup.select('script[type="application/vnd.jupyter.widget-view+json"]'))
        has_maths = bool(soup.select("article .math"))
        assert ("html-manager" in scripts) == has_widget, name
        assert ("mathjax" in scripts) == has_maths, name
