"""Compare the answer keys of cohorts: two classes must share no number.

    python tests/cohort_trial.py autumn spring ...

Takes cohorts' folders as `python -m twoworlds.cohort` makes them, and the course's own keys. Prints each
computed number that two of them share, counts and labels of rows aside, and how many were compared; status 1
where a whole answer is shared, 2 where a folder is no cohort's.
"""

import itertools
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from twoworlds.check import checkdata, packing  # noqa: E402
from twoworlds.check.values import close, is_number  # noqa: E402
from twoworlds.grade import answers  # noqa: E402

_TOLERANCE = 1e-9


def numbers(spec, answer):
    """{place in the answer: number}: of a table all cells but its keys'."""
    if spec["kind"] == "number":
        return {"": answer}
    keyed = spec.get("keys") or answer["columns"][:-1]
    places = [answer["columns"].index(key) for key in keyed]
    return {
        (*[row[place] for place in places], column): cell
        for row in answer["rows"]
        for column, cell in zip(answer["columns"], row, strict=True)
        if column not in keyed and is_number(cell)
    }


def main(folders):
    slugs = [path.stem for path in sorted((ROOT / "exercises" / "checks").glob("*.json"))]
    contents = {slug: checkdata.read(slug) for slug in slugs}
    found = {"the course": {slug: packing.unpack(content["keys"]) for slug, content in contents.items()}}
    for folder in map(Path, folders):
        keys = folder / "instructor" / "keys"
        found[folder.name] = {path.stem: json.loads(path.read_text()) for path in sorted(keys.glob("*.json"))}
        if not found[folder.name]:
            print(f"{folder} holds no keys: make it with `python -m twoworlds.cohort {folder}`.")
            return 2
    compared, shared, whole = 0, [], []
    for (one, first), (other, second) in itertools.combinations(found.items(), 2):
        for slug in sorted(first.keys() & second.keys()):
            content = contents[slug]
            whole += [(one, other, slug, q) for q in answers.same_answers(content, first[slug], second[slug])]
            for question, spec in content["questions"].items():
                if spec["kind"] not in answers.COMPUTED:
                    continue
                here = numbers(spec, first[slug][question]["answer"])
                there = numbers(spec, second[slug][question]["answer"])
                for place in here.keys() & there.keys():
                    compared += 1
                    if close(here[place], there[place], _TOLERANCE):
                        shared.append((one, other, slug, question, place, here[place]))
    for row in shared:
        print(*row)
    print(f"{len(found)} sets of keys, {compared} pairs of numbers, {len(shared)} equal")
    print(f"{len(whole)} whole answers equal")
    print(*whole, sep="\n")
    return 1 if whole else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
