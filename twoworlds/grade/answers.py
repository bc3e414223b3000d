"""The right answers for a set of tables, worked out by the course's own solution, and what to ask of them."""

import contextlib
import hashlib
import io
import json
import os
from pathlib import Path

from twoworlds import data
from twoworlds.check import checkdata, keys, packing
from twoworlds.check.judge import KINDS
from twoworlds.errors import TwoWorldsError

COMPUTED = ("number", "table", "series")  # kinds whose answers come from the data
APART = 3  # tolerances, as the exercises' build asks


def exercise_content(slug):
    """Check data of an exercise, with its solution. Raises TwoWorldsError."""
    content = checkdata.read(slug)
    if not packing.unpack(content["program"]):
        raise TwoWorldsError(
            f"The check data of {slug} holds no solution: it is a cohort's. Run this in the course's folder."
        )
    return content


@contextlib.contextmanager
def data_in_use(folder):
    """Let `load` read a folder of tables for a while."""
    before = os.environ.get("TWOWORLDS_DATA")
    os.environ["TWOWORLDS_DATA"] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ["TWOWORLDS_DATA"]
        else:
            os.environ["TWOWORLDS_DATA"] = before


def work_out(content, folder):
    """{question: {"answer", "traps"}} for a folder of tables. Raises TwoWorldsError."""
    # The checks' word of progress is for notebooks.
    with data_in_use(folder), contextlib.redirect_stdout(io.StringIO()):
        return keys.keys_for(content["exercise"], content)


def digest(content, folder):
    """Digest of an exercise on a folder of tables: another solution or other data, another digest."""
    with data_in_use(folder):
        in_use = keys.digests_in_use(content["data_digests"])
    text = json.dumps([content["exercise"], content["questions"], content["program"], in_use], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def work_out_once(content, folder, cache):
    """As `work_out`; kept in a folder, since a class is graded more than once. Raises TwoWorldsError."""
    file = Path(cache, f"{content['exercise']}-{digest(content, folder)[:16]}.json")
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        found = json.loads(json.dumps(work_out(content, folder)))
    Path(cache).mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part")
    part.write_text(json.dumps(found), encoding="utf-8")
    part.replace(file)
    return found


def _tolerance(spec):
    return spec.get("tolerance", KINDS[spec["kind"]].tolerance)


def traps_too_near(content, found):
    """[(question, trap)] whose trap cannot be told from the answer on this data."""
    near = []
    for question, spec in content["questions"].items():
        if spec["kind"] not in COMPUTED:
            continue
        for trap, value in found[question]["traps"].items():
            gap = KINDS[spec["kind"]].distance(spec, found[question]["answer"], value)
            if gap <= APART * _tolerance(spec):
                near.append((question, trap))
    return near


def same_answers(content, one, other):
    """Questions with one and the same right answer on two sets of tables; choices aside."""
    return [
        question
        for question, spec in content["questions"].items()
        if spec["kind"] in COMPUTED
        and KINDS[spec["kind"]].distance(spec, one[question]["answer"], other[question]["answer"])
        <= APART * _tolerance(spec)
    ]


def stage(source, target):
    """Copy a folder's tables, readable by all, without truth and without the seed that would give it away."""
    source, target = Path(source), Path(target)
    for world in sorted(path.name for path in source.iterdir() if (path / "manifest.json").is_file()):
        made = target / world
        made.mkdir(parents=True)
        for path in sorted((source / world).iterdir()):
            if path.name == "manifest.json":
                manifest = json.loads(path.read_text(encoding="utf-8"))
                manifest.pop("seed", None)
                (made / path.name).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
            elif path.is_file() and not path.is_symlink():
                (made / path.name).write_bytes(path.read_bytes())
    for parent, _, files in os.walk(target):
        os.chmod(parent, 0o755)
        for file in files:
            os.chmod(Path(parent, file), 0o644)
    return target


def check_data_folder(folder, content):
    """Raises TwoWorldsError where a folder does not hold the exercise's worlds."""
    with data_in_use(folder):
        data.data_folder()
        keys.digests_in_use(content["data_digests"])
