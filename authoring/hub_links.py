"""Links that put a learner into an exercise, in the browser.

    python -m authoring.hub_links --repository https://github.com/you/one-job --hub https://hub.example.org

Prints a link an exercise: for a JupyterHub that has nbgitpuller where --hub is given, for Binder where it is
not. Without --repository the address of `_config.yml`, or of the git remote `origin`, is taken.
"""

from __future__ import annotations

import argparse
import re
import sys
from urllib.parse import quote, urlencode

from authoring import site

# What stands on the page until the course has an address.
ANY_REPOSITORY = "https://github.com/OWNER/COURSE"
ANY_HUB = "https://hub.example.org"

_ADDRESS = re.compile(r"https?://[\w.-]+(:\d+)?(/[\w.~-]+)*/?|file:///[\w./~-]+")


class AddressError(ValueError):
    """An address that can't be used; str() is the sentence to show."""


def plain_address(text: str) -> str:
    """An address without the slash at its end. Raises AddressError where it is no address of a place."""
    if not _ADDRESS.fullmatch(text):
        raise AddressError(f"{text!r} is no address: give it whole, such as {ANY_REPOSITORY}")
    return text.rstrip("/")


def folder(repository: str) -> str:
    """The name of the folder that a learner gets: the repository's own name."""
    return plain_address(repository).rsplit("/", 1)[1].removesuffix(".git")


def exercises() -> list[str]:
    """The slugs of all exercises, in the course's order."""
    return sorted(path.stem for path in (site.ROOT / "exercises").glob("*.ipynb"))


def pull_link(hub: str, repository: str, branch: str, path: str) -> str:
    """The nbgitpuller link that logs in, brings the learner's copy up to date and opens a file of it.

    hub: address of the JupyterHub; path: of the file in the repository. Raises AddressError.
    https://nbgitpuller.readthedocs.io/en/latest/topic/url-options.html
    """
    name = folder(repository)
    asked = {
        "repo": plain_address(repository),
        "branch": branch,
        # Said, not guessed: from an address that ends with .git another folder would be made.
        "targetPath": name,
        "urlpath": f"lab/tree/{name}/{quote(path)}",
    }
    return f"{plain_address(hub)}/hub/user-redirect/git-pull?{urlencode(asked)}"


def hub_links(hub: str, repository: str, branch: str = "main") -> dict[str, str]:
    """Exercise -> its nbgitpuller link."""
    return {slug: pull_link(hub, repository, branch, f"exercises/{slug}.ipynb") for slug in exercises()}


def binder_links(repository: str, branch: str = "main") -> dict[str, str]:
    """Exercise -> its Binder link. Raises AddressError where the repository is not on GitHub."""
    # Here, since it brings the book's engine with it, which a hub does not have.
    from authoring.sphinx_ext.launch import launch_links

    address = site.github_address(repository)
    if address is None:
        raise AddressError(f"{repository!r} is not on GitHub: Binder's short links know GitHub only")
    return {
        slug: launch_links(address, None, branch, f"exercises/{slug}.ipynb")[0]["url"] for slug in exercises()
    }


def main(arguments: list[str] | None = None) -> int:
    """Command line: 0, or 2 where an address is missing or can't be used."""
    parser = argparse.ArgumentParser(
        prog="python -m authoring.hub_links", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--repository", help="address of the course's repository")
    parser.add_argument("--hub", help="address of your JupyterHub; without it the links are Binder's")
    parser.add_argument("--branch", default=site.repository_branch(), help="branch that learners get")
    options = parser.parse_args(arguments)
    repository = options.repository or site.repository_address()
    try:
        if not repository:
            raise AddressError("no address of the repository is known: give --repository")
        if options.hub:
            links = hub_links(options.hub, repository, options.branch)
        else:
            links = binder_links(repository, options.branch)
    except AddressError as error:
        print(f"hub links: {error}", file=sys.stderr)
        return 2
    for slug, link in links.items():
        print(f"{slug}\n  {link}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
