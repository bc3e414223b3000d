"""Launch buttons for notebooks: Binder wherever the course has a GitHub address, Colab where the setting
names it.

Colab opens one file without the repository, so its notebooks carry an install cell; they have it only
when the address is set.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from authoring import site

FOLDERS = ("notebooks/", "exercises/", "solutions/")


def launch_links(address: str | None, setting: str | None, branch: str, path: str) -> list[dict[str, str]]:
    """Buttons (label, url) for one notebook; none without an address.

    address: https://github.com/owner/name or None; setting: the same where `_config.yml` names it
    path:    of the notebook in the repository
    """
    links = []
    if address:
        repository = address.removeprefix("https://github.com/")
        opened = quote(f"lab/tree/{path}", safe="")
        links.append(
            {
                "label": "Binder",
                "url": f"https://mybinder.org/v2/gh/{repository}/{quote(branch, safe='')}?urlpath={opened}",
            }
        )
    if setting:
        repository = setting.removeprefix("https://github.com/")
        links.append(
            {
                "label": "Colab",
                "url": f"https://colab.research.google.com/github/{repository}/blob/{quote(branch)}/{path}",
            }
        )
    return links


def add_links(app, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Give the page's template its launch buttons."""
    root = Path(app.srcdir)
    links: list[dict[str, str]] = []
    if doctree is not None and pagename.startswith(FOLDERS) and app.env.doc2path(pagename).endswith(".ipynb"):
        links = launch_links(
            site.repository_address(root),
            site.repository_setting(root),
            site.repository_branch(root),
            f"{pagename}.ipynb",
        )
    context["launch_links"] = links


def rebuild_when_address_changes(app, config) -> None:
    """A new address changes every notebook page: make it part of the book's configuration."""
    root = Path(app.srcdir)
    config.launch_address = (
        f"{site.repository_address(root)} {site.repository_setting(root)} {site.repository_branch(root)}"
    )


def setup(app) -> None:
    """Register the events."""
    app.add_config_value("launch_address", "", "html", str)
    app.connect("config-inited", rebuild_when_address_changes)
    app.connect("html-page-context", add_links)
