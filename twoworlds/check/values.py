"""Learners' values brought to plain Python, whatever library they come from.

Works by what a value can do, not by its class, so that nothing has to be imported: NumPy scalars and 0-d
arrays have `.item()`, pyarrow scalars `.as_py()`, pandas columns `.tolist()`.
"""

import datetime
import math
import numbers
import re

SIGNIFICANT_DIGITS = (
    12  # floats in check data are rounded to these, so that every machine writes the same file
)


class NotPlainError(Exception):
    """The value is not one number, date, truth value, text or missing value."""


def type_name(value):
    """What a learner would call the type."""
    name = type(value).__name__
    return {"str": "text", "ellipsis": "...", "NoneType": "None", "ndarray": "array"}.get(name, name)


def a_type(value):
    name = type_name(value)
    return f"an {name}" if name[:1].lower() in "aeiou" else f"a {name}"


def plain(value):
    """One value as float, bool, str (dates as ISO text) or None for a missing one. Raises NotPlainError for
    anything else.
    """
    if value is None or type(value).__name__ in ("NAType", "NaTType", "MaskedConstant"):
        return None
    if isinstance(value, (bool, str)):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, numbers.Real):  # int, float, Fraction, NumPy's integers and floats
        number = float(value)
        return None if math.isnan(number) else number
    if type(value).__name__ == "Decimal":
        return None if value.is_nan() else float(value)
    if isinstance(value, datetime.datetime):
        midnight = (value.hour, value.minute, value.second, value.microsecond) == (0, 0, 0, 0)
        return value.date().isoformat() if midnight else value.isoformat()
    if isinstance(value, datetime.date):
        return value.isoformat()
    if type(value).__name__ == "Period":
        return plain(value.start_time.to_pydatetime())
    if hasattr(value, "as_py"):
        return plain(value.as_py())
    if type(value).__name__ == "datetime64":
        return plain(value.astype("datetime64[us]").item())
    if getattr(value, "shape", None) == () and hasattr(value, "item"):
        inner = value.item()
        if inner is not value:
            return plain(inner)
    raise NotPlainError(type_name(value))


def is_number(value):
    """True for a plain number (not a truth value)."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def rounded_for_storage(value):
    """Floats to 12 significant digits; everything else as it is."""
    if isinstance(value, float) and math.isfinite(value):
        return float(f"{value:.{SIGNIFICANT_DIGITS}g}")
    return value


def close(one, other, tolerance):
    """True where two plain values are the same; numbers may differ by `tolerance` or one part in 10^9."""
    if is_number(one) and is_number(other):
        if math.isinf(one) or math.isinf(other):
            return one == other
        return abs(one - other) <= max(tolerance, 1e-9 * abs(other))
    if isinstance(one, str) and isinstance(other, str):
        return one.strip() == other.strip()
    return type(one) is type(other) and one == other


_NUMBER_IN_TEXT = re.compile(r"([-+]?(?:\d[\d.,]*|\.\d+)(?:[eE][-+]?\d+)?)\s*(%|percent|per cent)?")


def number_in_text(text):
    """(number, was it a percentage) in a text such as '27 %', '1,234.5' or '€ 3'; None where there is
    none.
    """
    bare = text.strip().replace("\u00a0", "").replace("_", "").strip("€$£ ")
    match = _NUMBER_IN_TEXT.fullmatch(bare)
    if not match:
        return None
    digits = match.group(1)
    if digits.count(",") == 1 and "." not in digits and not re.search(r",\d{3}$", digits):
        digits = digits.replace(",", ".")  # a decimal comma
    try:
        number = float(digits.replace(",", ""))
    except ValueError:
        return None
    return (number / 100 if match.group(2) else number), bool(match.group(2))


def decimals_of_rounding(value, full, most=6):
    """How many decimals `full` was rounded (or cut) to, to give `value`; None where it was not.

    For numbers up to 1 only two decimals and more count: 0.3 may be anybody's.
    """
    for decimals in range(0 if abs(full) > 1 else 2, most + 1):
        step = 10.0**-decimals
        cut = math.trunc(full / step) * step
        for candidate in (round(full, decimals), cut):
            if abs(value - candidate) < 1e-9 * max(1.0, abs(full)) and candidate != 0:
                return decimals
    return None
