"""The saved state of just those widgets that a page shows. No Sphinx here."""

from __future__ import annotations

import hashlib
import json
import re

from .lessons import WIDGET_STATE, WIDGET_VIEW
from .svg import unique_ids

_MODEL = re.compile(r"IPY_MODEL_([0-9A-Za-z_-]+)")


def needed_models(state: dict[str, dict], shown: list[str]) -> dict[str, dict]:
    """The models that the shown ones reach, directly or through others, and links between those.

    Raises KeyError where a model is shown whose state was not saved (the output would be blank).
    """
    needed: dict[str, dict] = {}
    waiting = list(shown)
    while True:
        while waiting:
            model = waiting.pop()
            if model in needed:
                continue
            needed[model] = state[model]
            waiting += [found for found in _MODEL.findall(json.dumps(state[model])) if found in state]
        # nothing refers to a link; it matters where both its ends are on the page
        waiting = [
            model
            for model, saved in state.items()
            if model not in needed
            and saved.get("model_name") in ("LinkModel", "DirectionalLinkModel")
            and _ends(saved) <= set(needed)
        ]
        if not waiting:
            return needed


def _ends(link: dict) -> set[str]:
    """The two models that a link joins."""
    return {
        model for key in ("source", "target") for model in _MODEL.findall(json.dumps(link["state"].get(key)))
    }


def frames_with_own_ids(state: dict[str, dict]) -> dict[str, dict]:
    """HTML widgets hold frames drawn alike: give the ids inside each frame its model's own prefix."""
    changed = {}
    for model, saved in state.items():
        value = saved.get("state", {}).get("value")
        if isinstance(value, str) and "<svg" in value:
            prefix = "w" + hashlib.sha256(model.encode()).hexdigest()[:8]
            saved = {**saved, "state": {**saved["state"], "value": unique_ids(value, prefix)}}
        changed[model] = saved
    return changed


def script_safe(data: object) -> str:
    """JSON that can stand inside a script element."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("</", "<\\/").replace("<!--", "\\u003c!--")


def state_script(state: dict[str, dict]) -> str:
    """The script element that the widget manager reads."""
    content = {"version_major": 2, "version_minor": 0, "state": frames_with_own_ids(state)}
    return f'<script type="{WIDGET_STATE}">{script_safe(content)}</script>'


def view_script(view: dict) -> str:
    """The script element in whose place the widget manager shows one widget."""
    return f'<script type="{WIDGET_VIEW}">{script_safe(view)}</script>'
