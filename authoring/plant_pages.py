"""The book's pages on the plants: "What is planted" and "Is the truth found?".

The first is made from the list of plants, the second from `authoring/calibration/results.jsonl` alone: no
seed is run again to make a page.
"""

from __future__ import annotations

from functools import cache
from math import exp, pi, sqrt

from authoring import calibration
from authoring.page_parts import (
    NAMES,
    company,
    drawing,
    number,
    parameters,
    percent,
    sentence,
    table,
    table_link,
    value_words,
)
from twoworlds import style

PLANTS_HEAD = """\
# What is planted

:::{admonition} This page gives the surprises away
:class: caution

Each chapter lets you find its surprises first and opens the truth at its end. Here all of them stand side by
side: for teachers, for those who check our work, and for those who have finished. Only the capstone's
company is not among them: its truth stands at the end of its solution.
:::

A **plant** is something that we put into the data on purpose: an effect, a rate, a rule by which somebody is
chosen. It is a named number in the program that makes the two companies, and it acts through the tables; no
table was painted over afterwards. The meaning and reason of every number stand on the page
[Is this data believable?](believable.md). `tw.truth("swiftfare")["parameters"]` and
`tw.truth("pipewright")["parameters"]` give the values.

Plants are of two kinds. The truth of a **parameter** is a number, and an honest estimate of it comes with an
interval of 95 %. A **realised** plant is something that happens in the data, such as a ranking that turns: it
must lie within a band. Whether both are so, with any seed, is the question of
[Is the truth found?](calibration.md).
"""

CALIBRATION_HEAD = """\
# Is the truth found?

A course on data whose truth is known owes you a test: does an honest method find that truth, or only in the
one data set that we ship? So both companies were made again and again, each time from another seed, and each
plant was estimated in each of them by the method that the chapters teach.
"""
NO_RESULTS = "No seed has been tried yet: run `python3 -m authoring calibrate`."


@cache
def _summary() -> calibration.Summary | None:
    results = calibration.read()
    return calibration.summarise(results) if results and results.lines else None


def summary() -> calibration.Summary | None:
    """What the stored results say, or None where there are none."""
    return _summary()


def company_in_words(world: str) -> str:
    """A company's name as plain text."""
    return NAMES.get(world, world.capitalize())


# ---------------------------------------------------------------- what is planted


def chapter_names(slugs) -> dict[str, str]:
    """Chapter of a plant -> its name in the book: a slug is known by the number that it begins with."""
    from authoring.claims_page import CHAPTERS

    by_number = {slug.split("-")[0]: name for slug, name in CHAPTERS.items()}
    return {slug: by_number.get(slug.split("-")[0], slug.replace("-", " ").capitalize()) for slug in slugs}


def _shown(plant) -> str:
    """How often a plant's surprise shows, where seeds have been tried."""
    for one in summary().plants if summary() else ():
        if (one.about["world"], one.about["name"]) == (plant.world, plant.name):
            return f" It shows in {percent(one.shows.value, 1)} of {one.shows.n} seeds."
    return ""


def _first_letter_small(text: str) -> str:
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[:2] == "A " else text


def _planted(plant) -> str:
    values = parameters(plant.world)
    known = [name for name in plant.parameters if hasattr(values, name)]
    return "; ".join(f"`{name}` {value_words(name, getattr(values, name))}" for name in known)


def plant_entry(plant) -> list[str]:
    """A plant as a term and its explanation."""
    question = sentence(plant.estimate)
    surprise = sentence(plant.shows)
    tables = ", ".join(table_link(plant.world, name) for name in plant.tables)
    if plant.band:
        judged = f"a realised plant, to lie between {plant.band[0]:g} and {plant.band[1]:g}"
    else:
        judged = "a parameter, judged by its interval"
    first = f"{question} " if question else ""
    lines = [
        f"{plant.name[:1].upper()}{plant.name[1:]}, {company(plant.world)}",
        f": {first}Planted: {_planted(plant) or 'a rule of the program'}; {judged}. Tables: {tables}.",
        "",
    ]
    if surprise:
        lines += [f"  *The surprise:* {_first_letter_small(surprise)}{_shown(plant)}", ""]
    return lines


def plants_page() -> str:
    """The page "What is planted" as Markdown."""
    from twoworlds.worlds.plants import PLANTS

    lines = [PLANTS_HEAD]
    slugs = sorted({plant.chapter for plant in PLANTS})
    names = chapter_names(slugs)
    for name in dict.fromkeys(names.values()):
        lines += [f"## {name}", ""]
        for plant in PLANTS:
            if names[plant.chapter] == name:
                lines += plant_entry(plant)
    return "\n".join(lines).rstrip() + "\n"


# ---------------------------------------------------------------- is the truth found?


def _rule(least: float, most: float | None = None) -> str:
    return f"{100 * least:g} to {100 * most:g} %" if most else f"{100 * least:g} %"


def _seeds_in_words(seeds: list[int]) -> str:
    whole = seeds == list(range(seeds[0], seeds[-1] + 1))
    return f"{len(seeds)} seeds, {seeds[0]} to {seeds[-1]}{', none left out' if whole else ''}"


def _verdict(found: calibration.Summary) -> list[str]:
    worst = max((max(map(abs, values)) for values in found.agreement.values()), default=0.0)
    lines = [
        f"So far: {_seeds_in_words(found.seeds)}. The shipped data has a seed of its own and is not among"
        " them.",
        "",
        "| Rule | Found |",
        "|---|---|",
        f"| All intervals together hold the truth in {_rule(*calibration.POOLED)} |"
        f" {percent(found.pooled.value, 1)} of {found.pooled.n:,}"
        f" (standard error {number(100 * found.pooled_error, 2)} points) |",
    ]
    judged = [one for one in found.plants if one.about["kind"] == "parameter"]
    good = sum(not one.coverage.outside(*calibration.COVERAGE) for one in judged)
    lines.append(
        f"| Each parameter's intervals do so in {_rule(*calibration.COVERAGE)} | {good} of {len(judged)} |"
    )
    realised = [one for one in found.plants if one.about["kind"] == "realised"]
    good = sum(not one.in_band.outside(calibration.IN_BAND) for one in realised)
    lines.append(
        f"| Each realised plant lies in its band in {_rule(calibration.IN_BAND)} or more |"
        f" {good} of {len(realised)} |"
    )
    lines.append(
        f"| All surprises show together in {_rule(calibration.SHOWS_TOGETHER)} or more |"
        f" {percent(found.together.value, 1)} ({percent(found.together.low, 1)} to"
        f" {percent(found.together.high, 1)}) |"
    )
    lines.append(f"| No row breaks a rule of what is possible | {len(found.violations)} violations |")
    if found.agreement:
        lines.append(
            f"| Panel and company-wide counts agree | {len(found.agreement)} counts a seed, at most"
            f" {number(worst, 2)} standard errors apart |"
        )
    lines.append("")
    if found.broken:
        lines += ["Not every rule holds yet:", "", *(f"- {words}" for words in found.broken), ""]
    return lines


def _parameter_table(found: calibration.Summary) -> list[str]:
    rows = []
    for one in found.plants:
        if one.about["kind"] != "parameter":
            continue
        relative = percent(one.bias / one.truth, 1).replace("-", "\N{MINUS SIGN}") if one.truth else "–"
        rows.append(
            (
                f"{one.about['name']}, {company(one.about['world'])}",
                number(one.truth),
                f"{number(one.bias, 2)} ({number(one.bias_error, 2)})",
                relative,
                number(one.width),
                f"{percent(one.coverage.value, 1)} ({100 * one.coverage.low:.0f} to"
                f" {100 * one.coverage.high:.0f})",
                percent(one.shows.value, 1),
            )
        )
    head = ("Plant", "Truth", "Bias (error)", "Relative", "Width", "Covered", "Shows")
    return table(head, rows, right=(1, 2, 3, 4, 5, 6))


def _realised_table(found: calibration.Summary) -> list[str]:
    rows = []
    for one in found.plants:
        if one.about["kind"] == "realised" and one.quantiles:
            low, high = one.about["band"]
            rows.append(
                (
                    f"{one.about['name']}, {company(one.about['world'])}",
                    f"{low:g} to {high:g}".replace("-", "\N{MINUS SIGN}"),
                    *(number(value) for value in one.quantiles),
                    f"{percent(one.in_band.value, 1)} ({100 * one.in_band.low:.0f} to"
                    f" {100 * one.in_band.high:.0f})",
                    percent(one.shows.value, 1),
                )
            )
    head = ("Plant", "Band", "5 %", "Median", "95 %", "In the band", "Shows")
    return table(head, rows, right=(2, 3, 4, 5, 6)) if rows else []


def calibration_page() -> str:
    """The page "Is the truth found?" as Markdown."""
    found = summary()
    if found is None:
        return f"{CALIBRATION_HEAD}\n{NO_RESULTS}\n"
    lines = [CALIBRATION_HEAD, *_verdict(found), "## Intervals that keep their promise", ""]
    lines += [
        "An interval of 95 % promises to hold the truth in 95 of 100 data sets. Each dot counts how often a"
        " plant's interval did, and its line says how far so few seeds can be trusted.",
        "",
    ]
    for name in drawings():
        if name.startswith("coverage-"):
            lines += drawing(name)
    lines += [
        "The table gives the same in numbers. *Bias* is the mean of estimate less truth, with the standard"
        " error that so many seeds leave; *relative*, that bias as a share of the truth; *width*, the mean"
        " width of the interval; *covered*, the share of intervals that hold the truth, with its own"
        " interval; *shows*, the share of seeds in which the chapter's surprise can be seen.",
        "",
        *_parameter_table(found),
        "",
    ]
    realised = _realised_table(found)
    if realised:
        lines += [
            "## What happens, happens within bands",
            "",
            "A realised plant has no interval. It must lie in its band, and the middle 90 % of seeds say how"
            " far it moves.",
            "",
            *realised,
            "",
        ]
    lines += [
        "## All errors at once",
        "",
        "Divide each estimate's error by its standard error. If the methods are honest and the intervals"
        " right, the errors follow the bell curve that the textbook draws.",
        "",
        *drawing("errors"),
        "Plants of one seed share their data, so these errors are not all independent of each other. Anyone"
        " can repeat the test: `python3 -m authoring calibrate`"
        " makes the seeds again and ends with this page's"
        " sums.",
    ]
    return "\n".join(lines).rstrip() + "\n"


# ---------------------------------------------------------------- figures


def draw_coverage(world: str):
    """Dots: how often each parameter's interval holds the truth. Returns a matplotlib Figure."""
    import matplotlib.pyplot as plt

    found = [one for one in summary().plants if one.about["kind"] == "parameter"]
    found = [one for one in found if one.about["world"] == world]
    least, most = (100 * bound for bound in calibration.COVERAGE)
    within = sum(not one.coverage.outside(*calibration.COVERAGE) for one in found)
    colour = {"swiftfare": style.SWIFTFARE, "pipewright": style.PIPEWRIGHT}.get(world, style.INK)
    fig, ax = plt.subplots(figsize=(style.WIDTH, 1.7 + 0.36 * len(found)))
    ax.axvspan(least, most, color=style.LIGHT, linewidth=0, alpha=0.6)
    ax.axvline(95, color=style.GREY, linewidth=1.2)
    places = range(len(found) - 1, -1, -1)
    low = [100 * one.coverage.low for one in found]
    high = [100 * one.coverage.high for one in found]
    ax.hlines(places, low, high, color=colour, linewidth=1.6)
    ax.plot([100 * one.coverage.value for one in found], places, "o", color=colour)
    ax.set_yticks(list(places), [one.about["name"] for one in found])
    ax.set_ylim(-0.7, len(found) - 0.3)
    ax.set_xlim(min(84, min(low) - 1), 100.8)
    ax.grid(False, axis="y")
    ax.set_xticks([tick for tick in range(0, 101, 5) if tick >= ax.get_xlim()[0]])
    ax.set_xlabel("Intervals that hold the truth, %")
    every = "every plant" if within == len(found) else f"{within} of {len(found)} plants"
    ax.set_title(f"{company_in_words(world)}: intervals keep their promise for {every}")
    worst = min(found, key=lambda one: one.coverage.value)
    style.describe(
        fig,
        f"A dot for each of {len(found)} plants of {company_in_words(world)}, with an interval, against the"
        f" demanded {least:g} to {most:g} per cent. The lowest, {worst.about['name']}, is covered in"
        f" {100 * worst.coverage.value:.1f} per cent of {worst.coverage.n} seeds.",
    )
    return fig


def draw_errors():
    """All errors in standard errors, and the normal curve. Returns a matplotlib Figure."""
    import matplotlib.pyplot as plt
    import numpy as np

    errors = [error for one in summary().plants for error in one.errors]
    beyond = sum(abs(error) > 1.96 for error in errors) / len(errors)
    fig, ax = plt.subplots()
    edges = np.arange(-4, 4.01, 0.25)
    counts, _ = np.histogram(np.clip(errors, -4, 4), edges)
    ax.bar(edges[:-1], 100 * counts / len(errors), width=0.23, align="edge", color=style.GREY, alpha=0.55)
    at = np.linspace(-4, 4, 161)
    ax.plot(at, [100 * 0.25 * exp(-(x**2) / 2) / sqrt(2 * pi) for x in at], color=style.INK)
    ax.annotate(
        "the bell curve", (1.1, 100 * 0.25 * exp(-(1.1**2) / 2) / sqrt(2 * pi)), (1.5, 7.6), color=style.INK
    )
    ax.set_xlabel("Estimate less truth, in standard errors")
    ax.set_ylabel("Share of estimates, %")
    ax.set_title(f"{100 * beyond:.1f} % of errors lie beyond 1.96; honest intervals allow 5 %")
    style.describe(
        fig,
        f"A histogram of {len(errors)} errors in standard errors, under a normal curve that it follows."
        f" {100 * beyond:.1f} per cent lie beyond 1.96 on either side.",
    )
    return fig


def drawings() -> dict:
    """Name -> function that draws it, as far as there are results."""
    found = summary()
    if found is None:
        return {}
    judged = [
        one.about["world"] for one in found.plants if one.about["kind"] == "parameter" and one.coverage.n
    ]
    made = {f"coverage-{world}": lambda world=world: draw_coverage(world) for world in dict.fromkeys(judged)}
    return {**made, "errors": draw_errors} if made else {}
