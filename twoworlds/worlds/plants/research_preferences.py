"""Chapter 4, Swiftfare: what is said and what is paid; two tastes whose average is nobody's."""

from math import exp, pi, sqrt

import numpy as np

from twoworlds.worlds.plants.result import Estimate, Plant, Realised, interval

_Z = 1.959964
_NAMED = "Flexible pass prices named"
_PRICE_POINT_BAND = (0.9, 1.3)
_FLIGHTS, _BEDS = 0, 1  # rows of `feature_weight`


def answers_to(tables, survey):
    """A survey's answers: the table's rows of the survey of that name."""
    surveys = tables["surveys"].set_index("name")["survey_id"]
    return tables["answers"][tables["answers"]["survey_id"] == surveys[survey]]


# ---------------------------------------------------------------- what is said and what is paid


def _median_paid(tables):
    """Logarithm of the price that half would pay, from offers taken or not (probit on the price's logarithm),
    and its standard error (delta method)."""
    import statsmodels.api as sm

    wide = answers_to(tables, "Flexible pass offered").pivot(
        index="user_id", columns="question", values="value"
    )
    design = sm.add_constant(np.log(wide["offered"].astype(float)))
    fit = sm.Probit(wide["bought"].astype(float), design).fit(disp=False)
    level, slope = fit.params
    gradient = np.array([-1 / slope, level / slope**2])
    return -level / slope, sqrt(gradient @ fit.cov_params().to_numpy() @ gradient)


def _median_named(tables):
    """Logarithm of the median price named as expensive, and its standard error (normal logarithms)."""
    rows = answers_to(tables, _NAMED)
    named = np.log(rows.loc[rows["question"] == "expensive", "value"].astype(float))
    return named.median(), sqrt(pi / 2) * named.std() / sqrt(len(named))


def stated_over_true(tables, truth):
    """Median price named as expensive over the price at which half really buy."""
    (said, said_error), (paid, paid_error) = _median_named(tables), _median_paid(tables)
    gap, error = said - paid, sqrt(said_error**2 + paid_error**2)
    low, high = (exp(gap + sign * _Z * error) for sign in (-1, 1))
    return Estimate(
        "price named over price paid", exp(gap), low, high, truth["parameters"]["stated_over_true"]
    )


def median_paid(tables, truth):
    """Price of the flexible pass that half would pay, in cents, from the offers."""
    paid, error = _median_paid(tables)
    low, high = (exp(paid + sign * _Z * error) for sign in (-1, 1))
    return Estimate(
        "price that half would pay", exp(paid), low, high, truth["parameters"]["pass_median_cents"]
    )


def talk_is_cheap(tables):
    """The price named lies above the price paid, beyond chance."""
    (said, said_error), (paid, paid_error) = _median_named(tables), _median_paid(tables)
    return said - paid > _Z * sqrt(said_error**2 + paid_error**2)


# ---------------------------------------------------------------- four prices


def crossing(tables, falling, rising):
    """Price in cents at which as many find a pass `falling` as find it `rising` (van Westendorp 1976): on the
    line between the last price where more do of the first and the next one.

    Both are questions of the survey of prices: a price is too cheap for those who named it or more, and too
    expensive for those who named it or less.
    """
    rows = answers_to(tables, _NAMED)
    named = {
        question: np.sort(rows.loc[rows["question"] == question, "value"].to_numpy(float))
        for question in (falling, rising)
    }
    price = np.unique(np.concatenate(list(named.values())))
    n = len(named[falling])
    still = (n - np.searchsorted(named[falling], price, side="left")) / n
    already = np.searchsorted(named[rising], price, side="right") / n
    gap = still - already  # falls with the price
    place = int(np.flatnonzero(gap <= 0)[0])
    before, after = gap[place - 1], gap[place]
    return float(price[place - 1] + (price[place] - price[place - 1]) * before / (before - after))


def price_point(tables, truth):
    """Van Westendorp's optimal price, where as many find the pass too cheap as too expensive, over the price
    that half would really pay."""
    ratio = crossing(tables, "too_cheap", "too_expensive") / truth["parameters"]["pass_median_cents"]
    return Realised("optimal price of four questions over the price paid", ratio, *_PRICE_POINT_BAND)


# ---------------------------------------------------------------- two tastes


def _scores(tables):
    """Best less worst over times shown, by taste and feature (DataFrame: flight buyers, bed buyers)."""
    rows = answers_to(tables, "Features best and worst")
    asked_on = tables["surveys"].set_index("name").loc["Features best and worst", "frame_on"]
    bookings = tables["bookings"][tables["bookings"]["booked_on"] <= asked_on]
    beds = bookings.loc[bookings["product"] != "flight", "user_id"].unique()
    taste = np.where(rows["user_id"].isin(beds), "bed", "flight")
    return rows.groupby([taste, "item"], observed=True)["value"].mean().unstack(0)


def nobodys_first(tables, truth):
    """Score, best less worst, of the feature that wins over all, less that of the better favourite."""
    rows = answers_to(tables, "Features best and worst").groupby("item", observed=True)["value"].mean()
    favourites = _scores(tables).idxmax().unique()
    return Realised(
        "winner over all, over the two favourites",
        rows.max() - rows.reindex(favourites).max() if len(favourites) > 1 else -1.0,
        0.0, 1.0,
    )  # fmt: skip


def average_likes_nobodys_choice(tables):
    """The feature that wins over all is the first choice of neither taste."""
    rows = answers_to(tables, "Features best and worst").groupby("item", observed=True)["value"].mean()
    return bool(rows.idxmax() not in set(_scores(tables).idxmax()))


# ---------------------------------------------------------------- best and worst, as a choice model


def sets_of(tables, taste):
    """Sets shown to customers who had booked flights alone (0), or a bed or a holiday too (1).

    Returns items, best, worst: (sets, 4), (sets,), (sets,), positions.
    """
    rows = answers_to(tables, "Features best and worst")
    asked_on = tables["surveys"].set_index("name").loc["Features best and worst", "frame_on"]
    bookings = tables["bookings"][tables["bookings"]["booked_on"] <= asked_on]
    beds = bookings.loc[bookings["product"] != "flight", "user_id"]
    rows = rows[rows["user_id"].isin(beds) == bool(taste)]
    rows = rows.sort_values(["user_id", "question"], kind="stable")
    value = rows["value"].to_numpy().reshape(-1, 4)
    return rows["item"].cat.codes.to_numpy().reshape(-1, 4), value.argmax(axis=1), value.argmin(axis=1)


def choice_fit(items, best, worst, count):
    """Multinomial logit of the best of four and, by the inverse weights, of the worst of the other three
    (Marley and Louviere 2005).

    Returns (logarithms of the weights, the first 0; their covariance), by Newton's method.
    """
    shown = np.eye(count)[items][:, :, 1:]
    left = np.ones(items.shape, dtype=bool)
    left[np.arange(len(items)), best] = False
    design, free = np.concatenate([shown, -shown]), np.concatenate([np.ones_like(left), left])
    chosen, row = np.concatenate([best, worst]), np.arange(2 * len(items))
    at = np.zeros(count - 1)
    for _ in range(25):
        weight = np.exp(design @ at) * free
        share = weight / weight.sum(axis=1, keepdims=True)
        mean = (share[:, :, None] * design).sum(axis=1)
        gradient = (design[row, chosen] - mean).sum(axis=0)
        around = design - mean[:, None, :]
        information = np.einsum("sk,ski,skj->ij", share, around, around)
        step = np.linalg.solve(information, gradient)
        at = at + step
        if np.abs(step).max() < 1e-8:
            break
    covariance = np.zeros((count, count))
    covariance[1:, 1:] = np.linalg.inv(information)
    return np.r_[0.0, at], covariance


def _favourite(taste, name):
    def estimate(tables, truth):
        planted = np.log(truth["parameters"]["feature_weight"][taste])
        count, top = len(planted), int(planted.argmax())
        found, covariance = choice_fit(*sets_of(tables, taste), count)
        contrast = np.eye(count)[top] - 1 / count
        error = sqrt(contrast @ covariance @ contrast)
        return interval(f"favourite of {name}", contrast @ found, error, contrast @ planted)

    estimate.__doc__ = (
        f"What {name} want most: logarithm of its weight less the mean of all eight, by a logit of best and"
        " worst."
    )
    return estimate


_ASKED = ("surveys", "answers")
_WITH_BOOKINGS = (*_ASKED, "bookings")


def _plant(name, parameters, tables, estimate, shows, band=None):
    kind = "parameter" if band is None else "realised"
    return Plant(name, parameters, tables, kind, band, "04-research", "swiftfare", estimate, shows)


_FOUR_PRICES = ("stated_over_true", "price_steps", "pass_median_cents")
PLANTS = [
    _plant("stated price", ("stated_over_true",), _ASKED, stated_over_true, talk_is_cheap),
    _plant("price paid", ("pass_median_cents",), _ASKED, median_paid, talk_is_cheap),
    _plant("four prices", _FOUR_PRICES, _ASKED, price_point, talk_is_cheap, _PRICE_POINT_BAND),
    _plant(
        "two tastes", ("feature_weight",), _WITH_BOOKINGS, nobodys_first, average_likes_nobodys_choice,
        (0.0, 1.0),
    ),
    _plant(
        "favourite of flight buyers", ("feature_weight",), _WITH_BOOKINGS,
        _favourite(_FLIGHTS, "those who had booked flights alone"), average_likes_nobodys_choice,
    ),
    _plant(
        "favourite of bed buyers", ("feature_weight",), _WITH_BOOKINGS,
        _favourite(_BEDS, "those who had booked a bed or a holiday too"), average_likes_nobodys_choice,
    ),
]  # fmt: skip
