"""Chapter 4, Swiftfare: who answers a survey, and what weights can mend; saturation."""

from math import comb, sqrt

import numpy as np

from twoworlds.worlds.plants import research_preferences
from twoworlds.worlds.plants.research_preferences import answers_to
from twoworlds.worlds.plants.result import Estimate, Plant, Realised, interval

_LAST_EMAIL, _SAMPLE = "Recommendation autumn 2025", "Recommendation random sample"
_Z = 1.959964
_BIAS_BAND = (0.28, 0.40)
_WORTH_BAND = (4.0, 7.5)
_MENDED_BAND = (0.05, 0.18)
_SATURATION_BAND = (0.79, 1.0)

# ---------------------------------------------------------------- who answers


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
    net, error, _ = _nps(answers_to(tables, _SAMPLE)["value"])
    return interval("net promoter score of the random sample", net, error, _true_nps(truth))


def survey_bias(tables, truth):
    """Net promoter score of those who answered the e-mail, over the true one."""
    net, _, _ = _nps(answers_to(tables, _LAST_EMAIL)["value"])
    return Realised("e-mail survey's score over the true one", net - _true_nps(truth), *_BIAS_BAND)


def worth(tables, truth):
    """How many answers of a random sample the e-mail's thousands are worth: variance over squared bias."""
    net, error, n = _nps(answers_to(tables, _LAST_EMAIL)["value"])
    return Realised(
        "answers that the e-mail's are worth", error**2 * n / (net - _true_nps(truth)) ** 2, *_WORTH_BAND
    )


def survey_misleads(tables):
    """The e-mail's thousands and the sample's few hundred tell two different stories, both sure of it."""
    many, many_error, _ = _nps(answers_to(tables, _LAST_EMAIL)["value"])
    few, few_error, _ = _nps(answers_to(tables, _SAMPLE)["value"])
    return bool(many - _Z * many_error > few + _Z * few_error)


def _chance_to_answer(promoters, parameter, name):
    def estimate(tables, truth):
        sample = answers_to(tables, _SAMPLE)
        sample = sample[(sample["value"] >= 9) == promoters]
        share, n = sample["user_id"].isin(answers_to(tables, _LAST_EMAIL)["user_id"]).mean(), len(sample)
        middle = (share + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
        half = _Z * sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2)) / (1 + _Z**2 / n)
        return Estimate(
            f"{name} who answer", share, middle - half, middle + half, truth["parameters"][parameter]
        )

    estimate.__doc__ = (
        f"Chance that {name} answer the e-mail: of those in the random sample, the share who had answered it"
        " (Wilson)."
    )
    return estimate


def weighted_nps(tables):
    """The e-mail's score with strata weighted as in the frame (post-stratification): bookings so far (none,
    one, more), and uninstalled or not."""
    frame_on = tables["surveys"].set_index("name").loc[_LAST_EMAIL, "frame_on"]
    users, bookings = tables["users"], tables["bookings"]
    frame = users[users["signed_up_on"] <= frame_on].set_index("user_id")
    booked = bookings[bookings["booked_on"] <= frame_on].groupby("user_id").size()
    stratum = 2 * booked.reindex(frame.index, fill_value=0).clip(upper=2)
    stratum = stratum + (frame["uninstalled_on"] <= frame_on)
    weight = stratum.value_counts(normalize=True)
    answers = answers_to(tables, _LAST_EMAIL)
    by_stratum = answers.groupby(answers["user_id"].map(stratum))["value"].apply(lambda own: _nps(own)[0])
    return float((by_stratum * weight).sum())


def mended_by_weights(tables, truth):
    """Share of the e-mail's error that weights by what the users did can mend."""
    raw, true = _nps(answers_to(tables, _LAST_EMAIL)["value"])[0], _true_nps(truth)
    return Realised("error mended by weights", (raw - weighted_nps(tables)) / (raw - true), *_MENDED_BAND)


def weights_leave_most(tables):
    """Weighted, the e-mail's score comes down, and still lies above the random sample's whole interval."""
    raw, weighted = _nps(answers_to(tables, _LAST_EMAIL)["value"])[0], weighted_nps(tables)
    few, few_error, _ = _nps(answers_to(tables, _SAMPLE)["value"])
    return bool(raw > weighted > few + _Z * few_error)


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


def themes_of_ten(tables, truth):
    """Themes that ten interviews find among leisure travellers, averaged over all ways to choose ten of those
    that were held; one interview is one unit (jackknife)."""
    few = 10
    rows, held = _by_interview(tables, "leisure")
    raised = np.zeros((held, rows["theme"].cat.categories.size), dtype=bool)
    raised[rows["place"], rows["theme"].cat.codes] = True

    def found(kept):
        n = len(kept)
        missed = np.array([comb(n - k, few) / comb(n, few) for k in range(n + 1)])
        return float((1 - missed[kept.sum(axis=0)]).sum())

    without = np.array([found(np.delete(raised, place, axis=0)) for place in range(held)])
    error = sqrt((held - 1) / held * ((without - without.mean()) ** 2).sum())
    chance = np.array(truth["parameters"]["theme_chance"][0])
    return interval("themes of ten interviews", found(raised), error, (1 - (1 - chance) ** few).sum())


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
        "promoters who answer", ("promoter_answers",), _EMAIL, "parameter", None, "04-research", "swiftfare",
        _chance_to_answer(True, "promoter_answers", "promoters"), survey_misleads,
    ),
    Plant(
        "others who answer", ("other_answers",), _EMAIL, "parameter", None, "04-research", "swiftfare",
        _chance_to_answer(False, "other_answers", "those who are no promoters"), survey_misleads,
    ),
    Plant(
        "what weights mend", ("promoter_share", "detractor_share", "promoter_answers", "other_answers"),
        (*_EMAIL, "users", "bookings"), "realised", _MENDED_BAND, "04-research", "swiftfare",
        mended_by_weights, weights_leave_most,
    ),
    *research_preferences.PLANTS,
    Plant(
        "themes an interview", ("theme_chance",), ("interviews",), "parameter", None,
        "04-research", "swiftfare", themes_an_interview, one_segment_misses_the_other,
    ),
    Plant(
        "themes of ten interviews", ("theme_chance",), ("interviews",), "parameter", None,
        "04-research", "swiftfare", themes_of_ten, one_segment_misses_the_other,
    ),
    Plant(
        "saturation", ("theme_chance", "interviews_each"), ("interviews",), "realised", _SATURATION_BAND,
        "04-research", "swiftfare", found_by_twelve, one_segment_misses_the_other,
    ),
]  # fmt: skip
