"""Launch buttons, the address they come from, and the front-end files."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import stat
import subprocess
from pathlib import Path

import pytest

from authoring import front_end, site
from authoring.sphinx_ext.launch import launch_links
from twoworlds.errors import TwoWorldsError

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = "https://github.com/someone/one-job"


@pytest.mark.parametrize(
    "text",
    [
        "https://github.com/someone/one-job", "https://github.com/someone/one-job.git", "https://github.com/someone/one-job/",
        "git@github.com:someone/one-job.git", "ssh://git@github.com/someone/one-job.git", "https://u:p@github.com/someone/one-job",
    ],
)  # fmt: skip
def test_every_spelling_of_a_github_address(text):
    assert site.github_address(text) == ADDRESS


@pytest.mark.parametrize(
    "text",
    ["", "/srv/git/course.git", "https://gitlab.com/a/b", "https://github.com.evil.org/a/b", "github.com/a"],
)
def test_other_addresses_give_none(text):
    assert site.github_address(text) is None


def test_setting_comes_before_the_remote(tmp_path):
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    assert site.repository_address(tmp_path) is None
    subprocess.run(
        ["git", "-C", str(tmp_path), "remote", "add", "origin", "git@github.com:fork/one-job.git"], check=True
    )
    site._origin.cache_clear()
    assert site.repository_address(tmp_path) == "https://github.com/fork/one-job"
    assert site.repository_setting(tmp_path) is None
    (tmp_path / "_config.yml").write_text(f"repository:\n  url: {ADDRESS}\n  branch: trunk\n")
    assert site.repository_address(tmp_path) == site.repository_setting(tmp_path) == ADDRESS
    assert site.repository_branch(tmp_path) == "trunk"


def test_no_address_no_button():
    assert launch_links(None, None, "main", "exercises/03-retention.ipynb") == []


def test_a_remote_gives_binder_alone():
    links = launch_links(ADDRESS, None, "main", "exercises/03-retention.ipynb")
    assert [link["label"] for link in links] == ["Binder"]
    assert links[0]["url"] == (
        "https://mybinder.org/v2/gh/someone/one-job/main?urlpath=lab%2Ftree%2Fexercises%2F03-retention.ipynb"
    )


def test_the_setting_gives_colab_too():
    links = launch_links(ADDRESS, ADDRESS, "main", "exercises/03-retention.ipynb")
    assert [link["label"] for link in links] == ["Binder", "Colab"]
    assert links[1]["url"] == (
        "https://colab.research.google.com/github/someone/one-job/blob/main/exercises/03-retention.ipynb"
    )


def test_lock_names_digests_and_no_addresses():
    text = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    packages = json.loads(text)["packages"]
    assert '"resolved"' not in text
    assert all("integrity" in entry for name, entry in packages.items() if name)
    assert set(front_end.locked_packages()) >= {"@jupyter-widgets/html-manager", "mathjax", "axe-core"}


def test_a_changed_download_is_refused():
    good = b"the package"
    digest = "sha512-" + base64.b64encode(hashlib.sha512(good).digest()).decode()
    front_end.check_integrity("mathjax", good, digest)
    with pytest.raises(TwoWorldsError, match="does not match package-lock.json"):
        front_end.check_integrity("mathjax", good + b"!", digest)


def test_offline_says_what_to_do_and_leaves_nothing(tmp_path, monkeypatch):
    npm = tmp_path / "bin" / "npm"
    npm.parent.mkdir()
    npm.write_text("#!/bin/sh\necho 'npm error code ENOTFOUND' >&2\nexit 1\n")
    npm.chmod(npm.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{npm.parent}{os.pathsep}/bin{os.pathsep}/usr/bin")
    vendor = tmp_path / "assets" / "vendor"
    with pytest.raises(TwoWorldsError, match="connect to the network") as caught:
        front_end.bring(vendor, say=lambda text: None)
    assert "\n" not in str(caught.value)
    assert not vendor.exists() and list(vendor.parent.iterdir()) == []


def test_files_that_are_there_are_not_fetched_again(monkeypatch):
    front_end.bring(say=lambda text: None)
    monkeypatch.setattr(front_end, "fetch_packages", lambda *_: pytest.fail("fetched although current"))
    assert front_end.bring() is False


def test_no_vendored_file_is_committed():
    run = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "book/_assets/vendor", "node_modules"],
        capture_output=True,
        text=True,
    )
    if run.returncode:
        pytest.skip("this copy is no git repository")
    assert run.stdout == ""
