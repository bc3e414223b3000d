"""Chapter 3, Swiftfare: retention that climbs by sorting, and three retentions from one truth."""

import numpy as np
import pandas as pd

from twoworlds.worlds.plants.result import Estimate, Plant, Realised

_Z = 1.959964
_WINDOW_END = pd.Timestamp("2025-12-31")
_DAY_1, _DAY_30, _WITHIN_30 = (0.18, 0.22), (0.025, 0.035), (0.35, 0.47)
_LIVED = (1.75, 2.15)
_BLENDED, _SECOND = (0.08, 0.20), (0.44, 0.52)

# ---------------------------------------------------------------- months of life


def months_of_life(tables):
    """One row a customer: `last`, last 30-day month with an open; `seen`, last month that is complete."""
    first = tables["bookings"].groupby("user_id")["booked_on"].min()
    days = tables["days"]
    started = days["user_id"].map(first)
    age = (days["date"] - started).dt.days
    seen = ((_WINDOW_END - first).dt.days + 1) // 30 - 1
    month = age[age >= 0] // 30  # a visitor who never booked has no age
    user = days.loc[month.index, "user_id"]
    inside = month <= user.map(seen)
    last = month[inside].groupby(user[inside]).max()
    return pd.DataFrame({"seen": seen, "last": last}).query("seen >= 0").astype(int)


def _likelihood(a, b, months):
    """Shifted beta-geometric (Fader and Hardie 2007): left after `last` months, or still there at `seen`."""
    from scipy.special import betaln

    left = months["last"] < months["seen"]
    of_one = np.where(left, betaln(a + 1, b + months["last"]), betaln(a, b + months["seen"])) - betaln(a, b)
    return float((of_one * months["customers"]).sum())


def _fitted(tables):
    """Logarithms of a and b by maximum likelihood, and their covariance. One customer is one unit."""
    from scipy.optimize import minimize

    months = months_of_life(tables).value_counts().rename("customers").reset_index()

    def cost(at):
        return -_likelihood(*np.exp(at), months)

    found = minimize(cost, [0.0, 0.5], method="Nelder-Mead", options={"xatol": 1e-5, "fatol": 1e-6}).x
    step, curve = 1e-3 * np.eye(2), np.empty((2, 2))
    for i in range(2):
        for j in range(2):
            ends = (found + s * step[i] + t * step[j] for s in (1, -1) for t in (1, -1))
            curve[i, j] = sum(sign * cost(at) for sign, at in zip((1, -1, -1, 1), ends, strict=True)) / 4e-6
    return found, np.linalg.inv(curve)


def _of_beta(position, name):
    def estimate(tables, truth):
        found, covariance = _fitted(tables)
        error = np.sqrt(covariance[position, position])
        low, high = np.exp(found[position] + np.array([-1, 1]) * _Z * error)
        return Estimate(
            f"{name} of the dropout",
            np.exp(found[position]),
            low,
            high,
            truth["parameters"][f"dropout_{name}"],
        )

    estimate.__doc__ = f"{name} of the customers' monthly chances to leave, Beta(a, b), by the sBG model."
    return estimate


def mean_dropout(tables, truth):
    """Mean chance to leave in the first month, a over a + b, by the sBG model (delta method)."""
    (log_a, log_b), covariance = _fitted(tables)
    share = 1 / (1 + np.exp(log_b - log_a))
    gradient = share * (1 - share) * np.array([1, -1])
    error = np.sqrt(gradient @ covariance @ gradient)
    a, b = truth["parameters"]["dropout_a"], truth["parameters"]["dropout_b"]
    return Estimate("mean dropout", share, share - _Z * error, share + _Z * error, a / (a + b))


def _monthly(months, month):
    alive = months[(months["seen"] >= month) & (months["last"] >= month - 1)]
    return (alive["last"] >= month).mean()


def retention_climbs(tables):
    """Of those still there, more stay in month 3 than in month 1, and more still in month 12."""
    months = months_of_life(tables)
    first, third, twelfth = (_monthly(months, month) for month in (1, 3, 12))
    return bool(first + 0.05 < third and third + 0.05 < twelfth)


def lived_over_naive(tables, truth):
    """Months that old customers were seen to live, over one divided by the first month's loss."""
    months = months_of_life(tables)
    old = months[months["seen"] >= 18]
    lived = (old["last"] + 1).mean()
    return Realised("months lived over the naive lifetime", lived * (1 - _monthly(months, 1)), *_LIVED)


# ---------------------------------------------------------------- the number on the slide


def _by_quarter(tables):
    """Share of customer months that are followed by another, by the quarter in which they began, from 1."""
    months, first = months_of_life(tables), tables["bookings"].groupby("user_id")["booked_on"].min()
    months = months[months["seen"] >= 1]
    last, seen = months["last"].to_numpy(), months["seen"].to_numpy()
    asked = np.minimum(last, seen - 1) + 1  # months of which it can be asked
    row = np.repeat(np.arange(len(months)), asked)
    month = np.arange(len(row)) - np.repeat(np.cumsum(asked) - asked, asked)
    began = first.reindex(months.index).to_numpy()[row] + month * np.timedelta64(30, "D")
    began = pd.DatetimeIndex(began)
    return pd.Series(month < last[row]).groupby((began.year - 2024) * 4 + began.quarter).mean()


def blended_rise(tables, truth):
    """Rise of blended monthly retention from the first quarter to the seventh, the last with enough months
    behind it."""
    share = _by_quarter(tables)
    return Realised("rise of blended retention", float(share[7] - share[1]), *_BLENDED)


def slide_climbs(tables):
    """The blended rate climbs by more than 8 points, though at the same age nobody stays longer."""
    share = _by_quarter(tables)
    return bool(share[7] - share[1] > 0.08)


def _books_again(tables, number):
    """Share of customers who book again within a year of booking `number` (1: the first), of those whose year
    after it is seen."""
    bookings = tables["bookings"].sort_values(["user_id", "booked_on", "booking_id"])
    place = bookings.groupby("user_id").cumcount() + 1
    this, following = (
        bookings[place == which].set_index("user_id")["booked_on"] for which in (number, number + 1)
    )
    this = this[this <= _WINDOW_END - pd.Timedelta(days=365)]
    return float(((following.reindex(this.index) - this).dt.days <= 365).mean())


def second_booking(tables, truth):
    """Share of customers who book a second time within a year of the first."""
    return Realised("second booking within a year", _books_again(tables, 1), *_SECOND)


def bookers_sort(tables):
    """Who has booked twice books again more often than who has booked once, though nobody changed."""
    return _books_again(tables, 2) > _books_again(tables, 1)


# ---------------------------------------------------------------- three retentions


def _shares(tables):
    """Shares of installs, seen for 30 days, that opened on day 1, on day 30, and on any of days 1 to 30."""
    users = tables["users"].set_index("user_id")["installed_on"]
    users = users[users <= _WINDOW_END - pd.Timedelta(days=30)]
    days = tables["days"]
    age = (days["date"] - days["user_id"].map(users)).dt.days
    within = days.loc[age.between(1, 30), "user_id"].nunique()
    return tuple(found / len(users) for found in ((age == 1).sum(), (age == 30).sum(), within))


def _share_of(position, name, band):
    def estimate(tables, truth):
        return Realised(name, float(_shares(tables)[position]), *band)

    estimate.__doc__ = f"Share of installs that opened the app {name}."
    return estimate


def definitions_disagree(tables):
    """Retention by any of 30 days is ten times and more that of day 30: same people, same opens."""
    _, on_day, within = _shares(tables)
    return within > 10 * on_day


def _plant(name, parameters, tables, estimate, shows, band=None):
    kind = "parameter" if band is None else "realised"
    return Plant(name, parameters, tables, kind, band, "03-retention", "swiftfare", estimate, shows)


_LIFE, _USE = ("bookings", "days"), ("users", "days")
_BETA = ("dropout_a", "dropout_b")
_INTEREST = ("stays_interested", "interest_table", "opens_while_interested")
PLANTS = [
    _plant("dropout, a", ("dropout_a",), _LIFE, _of_beta(0, "a"), retention_climbs),
    _plant("dropout, b", ("dropout_b",), _LIFE, _of_beta(1, "b"), retention_climbs),
    _plant("mean dropout", _BETA, _LIFE, mean_dropout, retention_climbs),
    _plant("life against the naive lifetime", _BETA, _LIFE, lived_over_naive, retention_climbs, _LIVED),
    _plant("blended retention", _BETA, _LIFE, blended_rise, slide_climbs, _BLENDED),
    _plant("second booking", _BETA, ("bookings",), second_booking, bookers_sort, _SECOND),
    _plant(
        "opened on day 1", _INTEREST, _USE, _share_of(0, "on day 1", _DAY_1), definitions_disagree, _DAY_1
    ),
    _plant(
        "opened on day 30", _INTEREST, _USE, _share_of(1, "on day 30", _DAY_30), definitions_disagree, _DAY_30
    ),
    _plant(
        "opened within 30 days", _INTEREST, _USE, _share_of(2, "within 30 days", _WITHIN_30),
        definitions_disagree, _WITHIN_30,
    ),
]  # fmt: skip
