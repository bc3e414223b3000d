"""Where the course is published: the address that launch buttons point to."""

from __future__ import annotations

import re
import subprocess
from functools import lru_cache
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
_GITHUB = re.compile(
    r"(?:https?://(?:[^@/\s]+@)?github\.com/|ssh://git@github\.com/|git@github\.com:)"
    r"(?P<owner>[\w.-]+)/(?P<name>[\w.-]+?)(?:\.git)?/?$"
)


def github_address(text: str) -> str | None:
    """`https://github.com/owner/name` for any spelling of a GitHub remote, else None."""
    match = _GITHUB.match(text.strip())
    return f"https://github.com/{match['owner']}/{match['name']}" if match else None


def _repository(root: Path) -> dict:
    path = root / "_config.yml"
    config = yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return (config or {}).get("repository") or {}


def repository_setting(root: Path = ROOT) -> str | None:
    """The address in `_config.yml` (`repository: url:`), or None where it is empty or no GitHub address."""
    return github_address(str(_repository(root).get("url") or ""))


@lru_cache(maxsize=4)
def _origin(root: Path) -> str:
    command = ["git", "-C", str(root), "config", "--get", "remote.origin.url"]
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=10).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""


def repository_address(root: Path = ROOT) -> str | None:
    """The setting, else the git remote `origin` where it is a GitHub address, else None."""
    return repository_setting(root) or github_address(_origin(root))


def repository_branch(root: Path = ROOT) -> str:
    """The branch that readers get (`repository: branch:`, else main)."""
    return str(_repository(root).get("branch") or "main")
