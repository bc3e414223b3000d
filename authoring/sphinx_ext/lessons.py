"""What a lesson offers to pages: its bound values and the outputs of its named cells. No Sphinx and no
kernel here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
WIDGET_STATE = "application/vnd.jupyter.widget-state+json"


class UnknownNameError(KeyError):
    """A page asks for something that its lesson does not have; str() is the sentence to show."""

    def __str__(self) -> str:
        return self.args[0]


@dataclass(frozen=True)
class Lesson:
    """One lesson's stored results.

    slug:    such as "03-retention"
    values:  bound name -> text
    outputs: name of a cell -> its rich outputs, each a dict mime type -> data ("alt": a bitmap's description)
    state:   widget model id -> its saved state
    """

    slug: str
    values: dict[str, str]
    outputs: dict[str, list[dict]]
    state: dict[str, dict] = field(repr=False)

    def value(self, name: str, spec: str = "") -> str:
        """A bound value as text, formatted with a Python format spec where one is given.

        Raises UnknownNameError, or ValueError where the value is no number or the spec does not fit.
        """
        if name not in self.values:
            raise UnknownNameError(f"lesson {self.slug} binds no value named {name!r}")
        text = self.values[name]
        if not spec:
            return text
        number = float(text)
        whole = int(number) if spec[-1] in "dnbcoxX" and number.is_integer() else number
        return format(whole, spec).replace("-", "\N{MINUS SIGN}")

    def cell_outputs(self, name: str) -> list[dict]:
        """The rich outputs of a named cell. Raises UnknownNameError where it is missing or shows nothing."""
        if not self.outputs.get(name):
            known = ", ".join(sorted(self.outputs)) or "none"
            raise UnknownNameError(
                f"lesson {self.slug} has no cell named {name!r} with an output (there are: {known})"
            )
        return self.outputs[name]


def lesson_files(root: Path, slug: str) -> list[Path]:
    """The files that a page on this lesson depends on."""
    return [root / "notebooks" / f"{slug}.ipynb", root / "book" / "bound" / f"{slug}.json"]


def joined(text: str | list[str]) -> str:
    """Notebook text, which may be stored as a list of lines."""
    return text if isinstance(text, str) else "".join(text)


def plain_value(text: str) -> str:
    """A bound value without the quotes of a Python string."""
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        return text[1:-1]
    return text


def rich_output(output: dict) -> dict:
    """A notebook output as mime type -> data, with a bitmap's description under "alt"."""
    bundle = {mime: data if isinstance(data, dict) else joined(data) for mime, data in output["data"].items()}
    described = output.get("metadata", {}).get("image/png", {}).get("alt")
    return {**bundle, "alt": described} if described else bundle


def read_lesson(root: Path, slug: str) -> Lesson:
    """Read a lesson's notebook and bound values. Raises UnknownNameError where either file is missing."""
    for path in lesson_files(root, slug):
        if not path.is_file():
            name = path.relative_to(root)
            raise UnknownNameError(f"there is no {name}: remake the lessons, or mend `lesson:`")
    stamps = tuple(path.stat().st_mtime_ns for path in lesson_files(root, slug))
    return _read(root, slug, stamps)


@lru_cache(maxsize=32)
def _read(root: Path, slug: str, _stamps: tuple[int, ...]) -> Lesson:
    notebook_path, bound_path = lesson_files(root, slug)
    notebook = json.loads(notebook_path.read_text(encoding="utf-8"))
    bound = json.loads(bound_path.read_text(encoding="utf-8"))
    outputs = {}
    for cell in notebook["cells"]:
        name = cell.get("metadata", {}).get("name")
        if cell["cell_type"] != "code" or not name:
            continue
        outputs[name] = [
            rich_output(output)
            for output in cell["outputs"]
            if output["output_type"] in ("display_data", "execute_result")
        ]
    saved = notebook["metadata"].get("widgets", {}).get(WIDGET_STATE, {})
    return Lesson(
        slug=slug,
        values={name: plain_value(joined(bundle["text/plain"])) for name, bundle in bound.items()},
        outputs=outputs,
        state=saved.get("state", {}),
    )
