"""Chapter 4, Swiftfare: who answers, what is said and what is paid, two tastes, saturation."""

from math import exp, pi, sqrt

import numpy as np

from twoworlds.worlds.plants.result import Estimate, Plant, Realised, interval

_LAST_EMAIL, _SAMPLE = "Recommendation autumn 2025", "Recommendation random sample"
_Z = 1.959964
_BIAS_BAND = (0.28, 0.40)
_WORTH_BAND = (4.0, 7.5)
_SATURATION_BAND = (0.79, 1.0)

# ---------------------------------------------------------------- who answers


def _answers(tables, survey):
    """A survey's answers: the table's rows of the survey of that name."""
    surveys = tables["surveys"].set_index("name")["survey_id"]
    return tables["answers"][tables["answers"]["survey_id"] == surveys[survey]]


def _nps(scores):
    """Promoters less detractors as a share of all who answered, its standard error, and how many."""
    promoters, detractors = (scores >= 9).mean(), (scores <= 6).mean()
    net = promoters - detractors
    return net, sqrt((promoters + detractors - net**2) / len(scores)), len(scores)


def _true_nps(truth):
    # The random sample draws from the frame of the last e-mail: the last of the truth's list.
    return truth["plants"]["who_answers"]["true_nps"][-1]


def sampled_nps(tables, truth):
    """Net promoter score of the random sample, in which everybody answered."""
    net, error, _ = _nps(_answers(tables, _SAMPLE)["value"])
    return interval("net promoter score of the random sample", net, error, _true_nps(truth))


def survey_bias(tables, truth):
    """Net promoter score of those who answered the e-mail, over the true one."""
    net, _, _ = _nps(_answers(tables, _LAST_EMAIL)["value"])
    return Realised("e-mail survey's score over the true one", net - _true_nps(truth), *_BIAS_BAND)


def worth(tables, truth):
    """How many answers of a random sample the e-mail's thousands are worth: variance over squared bias."""
    net, error, n = _nps(_answers(tables, _LAST_EMAIL)["value"])
    return Realised(
        "answers that the e-mail's are worth", error**2 * n / (net - _true_nps(truth)) ** 2, *_WORTH_BAND
    )


def survey_misleads(tables):
    """The e-mail's thousands and the sample's few hundred tell two different stories, both sure of it."""
    many, many_error, _ = _nps(_answers(tables, _LAST_EMAIL)["value"])
    few, few_error, _ = _nps(_answers(tables, _SAMPLE)["value"])
    return bool(many - _Z * many_error > few + _Z * few_error)


# ---------------------------------------------------------------- what is said and what is paid


def _median_paid(tables):
    """Logarithm of the price that half would pay, from offers taken or not (probit on the price's logarithm),
    and its standard error (delta method)."""
    import statsmodels.api as sm

    wide = _answers(tables, "Flexible pass offered").pivot(
        index="user_id", columns="question", values="value"
    )
    design = sm.add_constant(np.log(wide["offered"].astype(float)))
    fit = sm.Probit(wide["bought"].astype(float), design).fit(disp=False)
    level, slope = fit.params
    gradient = np.array([-1 / slope, level / slope**2])
    return -level / slope, sqrt(gradient @ fit.cov_params().to_numpy() @ gradient)


def _median_named(tables):
    """Logarithm of the median price named as expensive, and its standard error (normal logarithms)."""
    rows = _answers(tables, "Flexible pass prices named")
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


# ---------------------------------------------------------------- two tastes


def _scores(tables):
    """Best less worst over times shown, by taste and feature (DataFrame: flight buyers, bed buyers)."""
    rows = _answers(tables, "Features best and worst")
    asked_on = tables["surveys"].set_index("name").loc["Features best and worst", "frame_on"]
    bookings = tables["bookings"][tables["bookings"]["booked_on"] <= asked_on]
    beds = bookings.loc[bookings["product"] != "flight", "user_id"].unique()
    taste = np.where(rows["user_id"].isin(beds), "bed", "flight")
    return rows.groupby([taste, "item"], observed=True)["value"].mean().unstack(0)


def nobodys_first(tables, truth):
    """Score, best less worst, of the feature that wins over all, less that of the better favourite."""
    rows = _answers(tables, "Features best and worst").groupby("item", observed=True)["value"].mean()
    favourites = _scores(tables).idxmax().unique()
    return Realised(
        "winner over all, over the two favourites",
        rows.max() - rows.reindex(favourites).max() if len(favourites) > 1 else -1.0,
        0.0, 1.0,
    )  # fmt: skip


def average_likes_nobodys_choice(tables):
    """The feature that wins over all is the first choice of neither taste."""
    rows = _answers(tables, "Features best and worst").groupby("item", observed=True)["value"].mean()
    return bool(rows.idxmax() not in set(_scores(tables).idxmax()))


# ---------------------------------------------------------------- saturation


def _by_interview(tables, profile):
    """Rows of a profile's interviews that name a problem, with the interview's place, from 0."""
    rows = tables["interviews"][tables["interviews"]["profile"] == profile]
    rows = rows.assign(place=rows["interview_id"] - rows["interview_id"].min())
    return rows[rows["theme"] != "no problem named"], rows["interview_id"].nunique()


def themes_an_interview(tables, truth):
    """Themes that an interview with a leisure traveller brings up, on average. One interview is one unit."""
    rows, held = _by_interview(tables, "leisure")
    found = rows.groupby("interview_id").size().reindex(range(1, held + 1), fill_value=0)
    planted = sum(truth["parameters"]["theme_chance"][0])
    return interval("themes an interview", found.mean(), found.std() / sqrt(held), planted)


def found_by_twelve(tables, truth):
    """Share of all the themes there are among leisure travellers that the first twelve interviews find."""
    rows, _ = _by_interview(tables, "leisure")
    there = sum(chance > 0 for chance in truth["parameters"]["theme_chance"][0])
    found = rows.loc[rows["place"] < 12, "theme"].nunique()
    return Realised("themes found by twelve interviews", found / there, *_SATURATION_BAND)


def one_segment_misses_the_other(tables):
    """Twenty interviews in one segment leave a fifth or more of the other's themes unheard."""
    leisure, work = (set(_by_interview(tables, profile)[0]["theme"]) for profile in ("leisure", "work"))
    return len(work - leisure) >= 0.15 * len(work)


_EMAIL = ("surveys", "answers")
PLANTS = [
    Plant(
        "random sample", ("promoter_share", "detractor_share", "sample_share"), _EMAIL, "parameter", None,
        "04-research", "swiftfare", sampled_nps, survey_misleads,
    ),
    Plant(
        "who answers", ("promoter_answers", "other_answers"), _EMAIL, "realised", _BIAS_BAND,
        "04-research", "swiftfare", survey_bias, survey_misleads,
    ),
    Plant(
        "what thousands are worth", ("promoter_answers", "other_answers"), _EMAIL, "realised", _WORTH_BAND,
        "04-research", "swiftfare", worth, survey_misleads,
    ),
    Plant(
        "stated price", ("stated_over_true",), _EMAIL, "parameter", None,
        "04-research", "swiftfare", stated_over_true, talk_is_cheap,
    ),
    Plant(
        "price paid", ("pass_median_cents",), _EMAIL, "parameter", None,
        "04-research", "swiftfare", median_paid, talk_is_cheap,
    ),
    Plant(
        "two tastes", ("feature_weight",), (*_EMAIL, "bookings"), "realised", (0.0, 1.0),
        "04-research", "swiftfare", nobodys_first, average_likes_nobodys_choice,
    ),
    Plant(
        "themes an interview", ("theme_chance",), ("interviews",), "parameter", None,
        "04-research", "swiftfare", themes_an_interview, one_segment_misses_the_other,
    ),
    Plant(
        "saturation", ("theme_chance", "interviews_each"), ("interviews",), "realised", _SATURATION_BAND,
        "04-research", "swiftfare", found_by_twelve, one_segment_misses_the_other,
    ),
]  # fmt: skip
