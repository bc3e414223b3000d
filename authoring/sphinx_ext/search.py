"""The search: chapters answer to all names of the terms that they explain, and stand before pages of data.

Names come from the glossary (`authoring/glossary.toml`): those of a chapter become its keywords, which the
engine's index holds. The order of results is made by `search_scorer.js`.
"""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

from docutils import nodes
from sphinx.transforms import SphinxTransform

SCORER = Path(__file__).parent / "search_scorer.js"
GLOSSARY = Path("authoring") / "glossary.toml"
_WORD = re.compile(r"\w{2,}")


def names(root: Path) -> dict[str, str]:
    """Each name of the glossary, in small letters -> slug of the chapter that explains it."""
    path = root / GLOSSARY
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["term"] if path.is_file() else []
    return {
        name.casefold(): entry["chapter"]
        for entry in entries
        for name in (entry["term"], *entry.get("also", []))
    }


def keywords(root: Path, slug: str) -> list[str]:
    """The words in all names of the terms that a chapter explains: the index takes keywords one by one."""
    found = [word for name, chapter in names(root).items() if chapter == slug for word in _WORD.findall(name)]
    return sorted(set(found))


class Keywords(SphinxTransform):
    """Give a page of the book the names of its terms."""

    default_priority = 880

    def apply(self, **_kwargs) -> None:
        folder, _, slug = self.env.docname.rpartition("/")
        if folder != "book":
            return
        self.env.note_dependency(str(GLOSSARY))
        words = keywords(Path(self.env.srcdir), slug)
        if words:
            self.document.insert(0, nodes.meta(name="keywords", content=", ".join(words)))


def use_scorer(app, config) -> None:
    """The order of results, with what the glossary says of terms and chapters put before it."""
    explained = {name: f"book/{slug}" for name, slug in names(Path(app.srcdir)).items()}
    made = Path(app.doctreedir) / SCORER.name
    made.parent.mkdir(parents=True, exist_ok=True)
    known = json.dumps(explained, ensure_ascii=False)
    made.write_text(f"const EXPLAINED = {known};\n{SCORER.read_text(encoding='utf-8')}", encoding="utf-8")
    config.html_search_scorer = str(made)


def setup(app) -> None:
    """Register the transform, and the order of results."""
    app.add_transform(Keywords)
    app.connect("config-inited", use_scorer)
