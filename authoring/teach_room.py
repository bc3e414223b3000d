"""The book's page "A room of learners": its words from teach_room.md, its numbers from `hub/measured.json`
(what tests/hub_trial.py measured) and `hub/values.yaml`, and the sizes that follow from them.

Rules of size are `Choices`: each is a design choice, said on the page.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from math import ceil, floor
from pathlib import Path

import yaml

from authoring import hub_links, site
from authoring.page_parts import number, percent, table
from twoworlds.errors import TwoWorldsError

ROOT = Path(__file__).resolve().parent.parent
WORDS = Path(__file__).resolve().parent / "teach_room.md"
MEASURED = ROOT / "hub" / "measured.json"
# A trial without hub/jupyter_server_config.py, in which kernels took each other's ports.
PORTS = ROOT / "hub" / "measured-ports.json"
VALUES = ROOT / "hub" / "values.yaml"
REQUIREMENTS = ROOT / "hub" / "requirements.txt"
CLASSES = (30, 300, 3000)  # learners at work at the same time

_PLACE = re.compile(r"\{\{ *([a-z_]+) *\}\}")
_BYTES = re.compile(r"(\d+(?:\.\d+)?)([KMGT]?)i?")
_MIB = {"": 2**-20, "K": 2**-10, "M": 1, "G": 2**10, "T": 2**20}


@dataclass(frozen=True)
class Choices:
    """What no measurement can say."""

    # Room above the hungriest learner of the trial, as a factor. TLJH's makers advise 1.2 to 1.4.
    margin: float = 1.3
    # Minutes in which a whole class may log in, start and run one exercise from top to bottom, all at once.
    minutes: float = 5
    # A machine of a cluster: cores, GiB.
    node_cores: int = 8
    node_gib: int = 32
    # What a machine's own system keeps for itself: memory in GiB, disk in GiB.
    system_gib: int = 2
    system_disk_gib: int = 20
    # Learners' servers on one machine of a cluster, at most: Kubernetes takes 110 pods, some are its own.
    most_on_a_node: int = 100
    # Cores of the smallest single server.
    least_cores: int = 2


@dataclass(frozen=True)
class Learner:
    """What one learner takes.

    peak_mib:    memory of server and kernel
    cpu_seconds: processor time to arrive and do an exercise
    guarantee_mib, guarantee_cores: what a cluster keeps free for each
    home_gib:    disk
    """

    peak_mib: float
    cpu_seconds: float
    guarantee_mib: float
    guarantee_cores: float
    home_gib: float


@dataclass(frozen=True)
class Size:
    """What a class needs: machines, and cores, memory and disk of all of them together, in GiB."""

    machines: int
    cores: int
    memory_gib: int
    disk_gib: int
    on_a_machine: int


def mib(text: str) -> float:
    """A size such as "512M" or "1Gi" in MiB: the chart and JupyterHub count in powers of two. Raises
    ValueError."""
    match = _BYTES.fullmatch(str(text))
    if not match:
        raise ValueError(f"{text!r} is no size such as 512M or 1Gi")
    return float(match[1]) * _MIB[match[2]]


def cores_needed(learners: int, cpu_seconds: float, choices: Choices) -> int:
    """Cores that let a class arrive and run an exercise, all at once, in the minutes chosen."""
    return ceil(learners * cpu_seconds / (60 * choices.minutes))


def one_server(learners: int, learner: Learner, hub_mib: float, choices: Choices) -> Size:
    """One machine for all: memory for the hungriest, with the margin. hub_mib: hub and proxy together."""
    memory = choices.system_gib + (hub_mib + learners * learner.peak_mib * choices.margin) / 1024
    cores = max(choices.least_cores, cores_needed(learners, learner.cpu_seconds, choices))
    disk = choices.system_disk_gib + learners * learner.home_gib
    return Size(1, cores, ceil(memory), ceil(disk), learners)


def cluster(learners: int, learner: Learner, hub_mib: float, choices: Choices) -> Size:
    """Machines of one kind: what is guaranteed must fit on each. hub_mib: what the hub asks for."""
    by_memory = floor((choices.node_gib - choices.system_gib) * 1024 / learner.guarantee_mib)
    by_cores = floor(choices.node_cores / learner.guarantee_cores)
    on_a_node = min(by_memory, by_cores, choices.most_on_a_node)
    places = learners + ceil(hub_mib / learner.guarantee_mib)
    cores = cores_needed(learners, learner.cpu_seconds, choices)
    machines = max(ceil(places / on_a_node), ceil(cores / choices.node_cores))
    return Size(
        machines,
        machines * choices.node_cores,
        machines * choices.node_gib,
        ceil(learners * learner.home_gib + machines * choices.system_disk_gib),
        on_a_node,
    )


def read() -> tuple[dict, dict]:
    """What was measured, and the values of the chart. Raises TwoWorldsError where one can't be read."""
    try:
        measured = json.loads(MEASURED.read_text(encoding="utf-8"))
        values = yaml.safe_load(VALUES.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise TwoWorldsError(f"hub/measured.json or hub/values.yaml cannot be read: {error}") from error
    return measured, values


def learner(measured: dict, values: dict) -> Learner:
    """The learner that the trial found, at the most that anybody took."""
    seconds, server = measured["cpu_seconds"], values["singleuser"]
    return Learner(
        peak_mib=measured["memory_mib"]["peak_rss"]["most"],
        cpu_seconds=sum(seconds[part]["most"] for part in ("arrive", "work"))
        + seconds["hub_a_learner"]
        + seconds["proxy_a_learner"],
        guarantee_mib=mib(server["memory"]["guarantee"]),
        guarantee_cores=server["cpu"]["guarantee"],
        home_gib=mib(server["storage"]["capacity"]) / 1024,
    )


def sizes(measured: dict, values: dict, choices: Choices) -> dict[int, Size]:
    """Learners at the same time -> what they need: one server for the smallest class, a cluster above."""
    one, memory = learner(measured, values), measured["memory_mib"]
    asked = mib(values["hub"]["resources"]["requests"]["memory"])
    first, *rest = CLASSES
    return {
        first: one_server(first, one, memory["hub"] + memory["proxy"], choices),
        **{count: cluster(count, one, asked, choices) for count in rest},
    }


def size_table(found: dict[int, Size]) -> str:
    """The sizes as a Markdown table."""
    rows = [
        (
            f"{count:,}",
            "one server" if size.machines == 1 else f"{size.machines:,} machines",
            f"{size.cores:,}",
            f"{size.memory_gib:,}",
            f"{size.disk_gib:,}",
        )
        for count, size in found.items()
    ]
    head = ("Learners at once", "Machines", "Cores", "Memory, GiB", "Disk, GiB")
    return "\n".join(table(head, rows, right=(0, 2, 3, 4)))


def _row(what: str, found: dict, unit: str) -> tuple[str, str, str]:
    digits = 3 if unit == "MiB" else 2
    return f"{what}, {unit}", *(number(float(found[name]), digits) for name in ("median", "most"))


def measured_table(measured: dict) -> str:
    """What was measured, as a Markdown table: the learner in the middle, and the one who took most."""
    memory, wall, seconds = (measured[name] for name in ("memory_mib", "wall_seconds", "cpu_seconds"))
    rows = [
        _row("Memory, JupyterLab open and nothing run", memory["idle_pss"], "MiB"),
        _row("Memory, exercise done and its kernel kept", memory["worked_pss"], "MiB"),
        _row("Memory at the peak, nothing shared", memory["peak_rss"], "MiB"),
        _row("Processor time to log in, start and open", seconds["arrive"], "s"),
        _row("Processor time to pull and run the exercise", seconds["work"], "s"),
        _row("Waiting for the server to start", wall["start_server"], "s"),
        _row("Waiting for the link to pull the course", wall["follow_link"], "s"),
        _row("Waiting for the exercise, top to bottom", wall["do_exercise"], "s"),
        _row("Disk for the learner's copy", measured["disk_mib"]["home"], "MiB"),
    ]
    return "\n".join(table(("Per learner", "Middle", "Most"), rows, right=(1, 2)))


def links_block(links: dict[str, str]) -> str:
    """Links as lines that can be copied."""
    return "\n".join(links.values())


def pinned(name: str) -> str:
    """The version of a package in hub/requirements.txt."""
    return re.search(rf"^{name}==(\S+)$", REQUIREMENTS.read_text(encoding="utf-8"), re.M)[1]


def numbers(choices: Choices) -> dict[str, str]:
    """Name -> text, for every place in the words."""
    measured, values = read()
    without = json.loads(PORTS.read_text(encoding="utf-8"))
    server, machine, memory = values["singleuser"], measured["machine"], measured["memory_mib"]
    found = sizes(measured, values, choices)
    largest = CLASSES[-1]
    repository = site.repository_setting() or hub_links.ANY_REPOSITORY
    branch = site.repository_branch()
    day = date.fromisoformat(measured["date"])
    hub_minutes = largest * measured["cpu_seconds"]["hub_a_learner"] / 60
    return {
        "size_table": size_table(found),
        "measured_table": measured_table(measured),
        "learners": str(measured["learners"]),
        "solved": str(measured["solved"]),
        "cells": number(measured["cells"]),
        "checks": number(measured["checks"]),
        "day": f"{day.day} {day:%B %Y}",
        "cores": str(machine["cores"]),
        "memory": str(machine["memory_gib"]),
        "load_before": number(round(machine["load_before"])),
        "load_highest": number(round(machine["load_highest"])),
        "arrived": number(round(measured["wall_seconds"]["all_arrived"])),
        "worked": number(round(measured["wall_seconds"]["all_worked"])),
        "ports_failed": str(len(without["failures"])),
        "ports_learners": str(without["learners"]),
        "could_fail": percent(could_fail(measured["learners"])),
        "hub_memory": number(round(memory["hub"] + memory["proxy"])),
        "hub_seconds": number(float(measured["cpu_seconds"]["hub_a_learner"]), 2),
        "hub_minutes": number(round(hub_minutes)),
        "largest": f"{largest:,}",
        "environment_gib": number(measured["disk_mib"]["environment"] / 1024, 2),
        "hungriest": max(measured["exercises"], key=lambda slug: measured["exercises"][slug]["peak_rss_mib"]),
        "margin": f"{100 * (choices.margin - 1):.0f} %",
        "minutes": f"{choices.minutes:g}",
        "node_cores": str(choices.node_cores),
        "node_gib": str(choices.node_gib),
        "on_a_node": str(found[largest].on_a_machine),
        "home": f"{mib(server['storage']['capacity']) / 1024:g} GiB",
        "limit": server["memory"]["limit"],
        "limit_words": f"{mib(server['memory']['limit']):,.0f} MiB",
        "guarantee_words": f"{mib(server['memory']['guarantee']):,.0f} MiB",
        "cpu_limit": f"{server['cpu']['limit']:g}",
        "cpu_guarantee": f"{server['cpu']['guarantee']:g}",
        "cull_seconds": str(values["cull"]["timeout"]),
        "cull_minutes": f"{values['cull']['timeout'] / 60:g}",
        "password": str(values["hub"]["config"]["NativeAuthenticator"]["minimum_password_length"]),
        "jupyterhub": pinned("jupyterhub"),
        "chart": chart_version(),
        "repository": repository,
        "hub": hub_links.ANY_HUB,
        "links": links_block(hub_links.hub_links(hub_links.ANY_HUB, repository, branch)),
    }


def could_fail(learners: int) -> float:
    """The largest share of failures that so many learners without one leave possible, with 95 % confidence
    (the exact binomial bound)."""
    return 1 - 0.05 ** (1 / learners)


def chart_version() -> str:
    """The chart's version that hub/values.yaml is for, from its own command."""
    return re.search(r"--version (\d+\.\d+\.\d+)", VALUES.read_text(encoding="utf-8"))[1]


def filled(words: str, places: dict[str, str]) -> str:
    """Words with each {{ name }} replaced. Raises TwoWorldsError where a name is unknown or not asked for."""
    asked = set(_PLACE.findall(words))
    for problem, names in (("no number", asked - places.keys()), ("no use for", places.keys() - asked)):
        if names:
            raise TwoWorldsError(f"authoring/teach_room.md has {problem}: {', '.join(sorted(names))}")
    return _PLACE.sub(lambda match: places[match[1]], words)


def page() -> str:
    """The page "A room of learners" as Markdown."""
    return filled(WORDS.read_text(encoding="utf-8"), numbers(Choices()))
