"""Judge one number."""

import math

from twoworlds.check.common import short
from twoworlds.check.values import (
    NotPlainError,
    a_type,
    close,
    decimals_of_rounding,
    is_number,
    number_in_text,
    plain,
)
from twoworlds.check.verdict import RIGHT, Verdict

DEFAULT_TOLERANCE = 1e-6


def freeze(value):
    """A right answer or trap as check data keeps it: a float. Raises NotPlainError or ValueError."""
    number = plain(value)
    if not is_number(number) or not math.isfinite(number):
        raise ValueError(f"a finite number is wanted, not {short(value)}")
    return number


def distance(one, other):
    """How far two frozen answers lie apart, in the unit of the tolerance."""
    return abs(one - other)


def judge(spec, keys, value):
    """Verdict on `value`. spec: name, tolerance, unit, range, traps; keys: answer (float), traps {id:
    float}.
    """
    name = spec["name"]
    try:
        number = plain(value)
    except NotPlainError:
        return _not_one_number(spec, keys, value)
    if isinstance(number, bool):
        return Verdict(
            "bool",
            f"`{name}` is {number}: a yes or a no. A number is wanted, such as how many or what "
            "share are True.",
        )
    if isinstance(number, str):
        if not isinstance(value, str):
            return Verdict("date", f"`{name}` is a date ({short(value)}); a number is wanted.")
        return _text(spec, keys, value, number)
    if number is None:
        return Verdict(
            "nan",
            f"`{name}` is a missing value (NaN). Either one got into the sum, or nothing was "
            "divided by nothing: look at what went in.",
        )
    return judge_number(spec, keys, number)


def judge_number(spec, keys, number):
    """Verdict on a float, which may be infinite."""
    name, answer = spec["name"], keys["answer"]
    tolerance = spec.get("tolerance", DEFAULT_TOLERANCE)
    fraction = spec.get("unit") == "fraction"
    if math.isinf(number):
        return Verdict(
            "infinite", f"`{name}` is infinite: something was divided by nothing. Look at the base."
        )
    if close(number, answer, tolerance):
        return Verdict("right", spec.get("right", "that is it."), RIGHT)

    trap = _named_trap(spec, keys, number, tolerance)
    if trap:
        return trap
    # A difference of shares is given in points, and may be below zero.
    signed = fraction and (spec.get("range") or (0, 1))[0] < 0
    unit = "in points" if signed else "in per cent"
    wanted = "a fraction with its sign" if signed else "a fraction between 0 and 1"
    if fraction and close(number / 100, answer, tolerance):
        return Verdict(
            "percent",
            f"`{name}` is {unit}. The question asks for {wanted}: leave "
            "out the `* 100`, and multiply only when you print it.",
        )
    # Rounding comes before the shapes below: 0.5 would otherwise be its own complement.
    decimals = decimals_of_rounding(number, answer)
    if decimals is not None:
        return Verdict(
            "rounded",
            f"you have it, but rounded ({_count(decimals, 'decimal')}). Keep every digit in "
            f"`{name}`; round only what you print.",
        )
    if fraction and decimals_of_rounding(number, 100 * answer) is not None:
        return Verdict(
            "percent",
            f"`{name}` is {unit}, and rounded. The question asks for {wanted}, with every "
            "digit: leave out the `* 100` and the rounding.",
        )
    if fraction and close(1 - number, answer, tolerance):
        return Verdict(
            "complement",
            f"`{name}` is the share of the *others*: those the question does not ask for. "
            "What is 1 minus your number?",
        )
    if fraction and close(1 - number / 100, answer, tolerance):
        return Verdict(
            "complement",
            f"`{name}` is the share of the *others*, in per cent. The question asks for the "
            "rest, as a fraction between 0 and 1.",
        )
    if answer and close(-number, answer, tolerance):
        return Verdict(
            "sign",
            f"the size of `{name}` is right, its sign is not. Which of the two do you take away from which?",
        )
    scaled = _scale(spec, answer, number, tolerance)
    if scaled:
        return scaled
    if answer and number and close(1 / number, answer, tolerance):
        return Verdict(
            "upside down", f"`{name}` is upside down: the base is above the line and the part below it."
        )
    if fraction and number > 0 and close(number / (1 + number), answer, tolerance):
        return Verdict(
            "odds", f"`{name}` divides the ones by the others (odds). A share divides the ones by *all*."
        )
    return _out_of_range(spec, number) or _near(spec, answer, number)


def _count(number, word):
    return f"{number or 'no'} {word}" + ("" if number == 1 else "s")


def _named_trap(spec, keys, number, tolerance):
    """The author's traps: exactly, in per cent, or rounded to two decimals and more."""
    say = {trap["id"]: trap["say"] for trap in spec.get("traps", [])}
    fraction = spec.get("unit") == "fraction"
    for identity, wrong in keys["traps"].items():
        if close(number, wrong, tolerance):
            return Verdict(f"trap:{identity}", say[identity])
    for identity, wrong in keys["traps"].items():
        if fraction and close(number / 100, wrong, tolerance):
            return Verdict(
                f"trap:{identity}", f"{say[identity]} (Besides, a fraction is wanted: leave out `* 100`.)"
            )
    for identity, wrong in keys["traps"].items():
        decimals = decimals_of_rounding(number, wrong)
        # Few decimals could be anybody's; the right answer, so rounded, has the better claim.
        if decimals is not None and decimals >= 3 and decimals_of_rounding(number, keys["answer"]) is None:
            return Verdict(f"trap:{identity}", f"{say[identity]} (Besides, keep every digit: you rounded.)")
    return None


def _scale(spec, answer, number, tolerance):
    if not answer:
        return None
    for power in (3, 6, 2, -3, -6, -2):
        factor = 10.0**power
        if close(number / factor, answer, max(tolerance, 1e-6 * abs(answer))):
            size = "too large" if power > 0 else "too small"
            hint = {2: "cents and whole money, or per cent and fractions", 3: "thousands", 6: "millions"}[
                abs(power)
            ]
            return Verdict(
                "scale",
                f"`{spec['name']}` is {size} by a factor of {10 ** abs(power):,}. Look at the units: {hint}?",
            )
    return None


def _out_of_range(spec, number):
    low, high = spec.get("range") or (None, None)
    if low is None and high is None:
        return None
    low, high = (-math.inf if low is None else low), (math.inf if high is None else high)
    if low <= number <= high:
        return None
    name = spec["name"]
    if spec.get("unit") == "fraction" and number > 1 and float(number).is_integer():
        return Verdict(
            "count",
            f"`{name}` is {number:,.0f}: a count, where a share is asked for. Divide it by the "
            "size of the whole group.",
        )
    bounds = (
        f"between {low:g} and {high:g}"
        if math.isfinite(low) and math.isfinite(high)
        else (f"{low:g} or more" if math.isfinite(low) else f"{high:g} or less")
    )
    return Verdict(
        "range", f"`{name}` is {number:.4g}, but it can only be {bounds}. Look at what you divide by what."
    )


def _near(spec, answer, number):
    name = spec["name"]
    if answer and abs(number - answer) < 0.05 * abs(answer):
        return Verdict(
            "near",
            f"`{name}` is close, but not the same. A few rows too many or too few: look at the "
            "edges of each filter (`<` or `<=`?), at missing values, and at rows counted twice.",
        )
    return Verdict(
        "other",
        f"`{name}` is {number:.4g}, and that is not what the question asks for. Say your steps "
        "aloud: who is counted, out of whom, and when?",
    )


def _text(spec, keys, value, text):
    name = spec["name"]
    found = number_in_text(text)
    if found is None:
        return Verdict(
            "text", f"`{name}` is text ({short(value)}). A number is wanted, without quotation marks."
        )
    number, in_percent = found
    inner = judge_number(spec, keys, number)
    fraction = spec.get("unit") == "fraction"
    value_is_right = (
        inner.is_right
        or inner.code in ("rounded", "percent")
        or (in_percent and decimals_of_rounding(100 * number, 100 * keys["answer"]) is not None)
    )
    looks = (
        "The value looks right, but Python cannot calculate with text"
        if value_is_right
        else "Store it as a number"
    )
    shape = ", such as 0.25 and not '25%'" if fraction else ""
    return Verdict(
        "text number",
        f"`{name}` is the text {short(value)}, not a number. {looks}: leave out the "
        f"quotation marks, `str(...)` and f-strings{shape}.",
    )


def _only_item(value):
    """The one value inside a container of one; raises NotPlainError where there are more, or none."""
    if isinstance(value, dict):
        value = list(value.values())
    if hasattr(value, "to_numpy"):
        value = value.to_numpy()
    if hasattr(value, "ravel") and hasattr(value, "tolist"):
        value = value.ravel().tolist()
    if isinstance(value, (list, tuple, set, frozenset)) and len(value) == 1:
        return plain(next(iter(value)))
    raise NotPlainError(type(value).__name__)


def _not_one_number(spec, keys, value):
    name, kind = spec["name"], type(value).__name__
    if "timedelta" in kind.lower():
        return Verdict(
            "duration",
            f"`{name}` is a length of time. Turn it into a number first, for example with "
            "`.dt.days` on the column.",
        )
    if kind == "complex":
        return Verdict("text", f"`{name}` is a complex number; a plain one is wanted.")
    try:
        inner = _only_item(value)
    except NotPlainError:
        inner = None
    if is_number(inner):
        looks = " The number inside is right." if judge_number(spec, keys, inner).is_right else ""
        if isinstance(value, tuple):
            return Verdict(
                "one inside",
                f"`{name}` is a tuple: the comma at the end of the line made it one.{looks} "
                "Take the comma away.",
            )
        return Verdict(
            "one inside",
            f"`{name}` is {a_type(value)} with one number in it.{looks} Take the number out, "
            "for example with `.item()`.",
        )
    size = getattr(value, "shape", None) or (len(value) if hasattr(value, "__len__") else None)
    if isinstance(size, tuple):
        size = " by ".join(f"{length:,}" for length in size)
    of = f" of {size} values" if size not in (None, "") else ""
    return Verdict(
        "many",
        f"`{name}` is {a_type(value)}{of}; one number is wanted. A step is missing that makes many "
        "into one, such as `.mean()`, `.sum()` or `len(...)`.",
    )
