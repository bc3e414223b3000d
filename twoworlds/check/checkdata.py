"""Find and read check data: exercises/checks/<slug>.json in a clone, twoworlds/_checks/<slug>.json in a
wheel.
"""

import json
import os
from pathlib import Path

from twoworlds.check import packing
from twoworlds.errors import TwoWorldsError

FORMAT = 1
_PACKAGE = Path(__file__).resolve().parent.parent


def folders():
    """Where check data may lie, best first. The environment variable TWOWORLDS_CHECKS overrides both."""
    override = os.environ.get("TWOWORLDS_CHECKS")
    if override:
        return [Path(override)]
    return [_PACKAGE.parent / "exercises" / "checks", _PACKAGE / "_checks"]


def read(slug, folder=None):
    """Check data of one exercise, as a dict. Raises TwoWorldsError where it is unknown, missing or
    damaged.
    """
    places = [Path(folder)] if folder else folders()
    place = next((place for place in places if place.is_dir()), None)
    if place is None:
        raise TwoWorldsError(
            f"The exercises' check data is missing (no folder {places[0]}). Clone the course again, "
            "or run `python -m authoring.exercise_build`."
        )
    known = sorted(path.stem for path in place.glob("*.json"))
    if slug not in known:
        raise TwoWorldsError(_unknown("exercise", slug, known))
    path = place / f"{slug}.json"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        _validate(content)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise TwoWorldsError(
            f"The check data {path} is damaged ({type(error).__name__}). Get the file again with "
            f"`git checkout -- {path.name}` in its folder, or make it with "
            f"`python -m authoring.exercise_build {slug}`."
        ) from error
    return content


def _validate(content):
    """Raises ValueError, KeyError, TypeError or AttributeError where something is not as the build writes
    it.
    """
    from twoworlds.check.judge import KINDS  # late: the judges are not needed to import the checker

    if content["format"] != FORMAT:
        raise ValueError("another format")
    keys = packing.unpack(content["keys"])
    program = packing.unpack(content["program"])
    if not all(isinstance(cell["code"], str) for cell in program):
        raise ValueError("program")
    content["data_digests"].items()
    for question, spec in content["questions"].items():
        if spec["kind"] not in KINDS or not spec["name"].isidentifier() or not isinstance(spec["title"], str):
            raise ValueError(question)
        if "answer" not in keys[question] or not isinstance(keys[question]["traps"], dict):
            raise ValueError(question)
        said = {trap["id"] for trap in spec.get("traps", []) if isinstance(trap["say"], str)}
        if set(keys[question]["traps"]) - said:
            raise ValueError(question)


def _unknown(what, given, known):
    import difflib  # late: only a slip of the pen needs it

    near = difflib.get_close_matches(str(given), known, 1, 0.5)
    listed = ", ".join(known) or "none"
    meant = f" Did you mean {near[0]!r}?" if near else ""
    return f"There is no {what} {str(given)[:60]!r}; there is {listed}.{meant}"


def question_of(content, exercise, question):
    """Spec of one question. Raises TwoWorldsError for an unknown one."""
    known = list(content["questions"])
    if not isinstance(question, str) or question not in known:
        raise TwoWorldsError(_unknown(f"question in exercise {exercise} called", question, known))
    return content["questions"][question]
