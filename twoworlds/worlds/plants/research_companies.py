"""Chapter 4, Pipewright: few accounts, needs by persona and level, and what users cannot know."""

from math import sqrt

import numpy as np
import pandas as pd

from twoworlds.worlds.plants.result import Estimate, Plant, Realised, interval

_SEED = 20_250_901  # of the orders of interviews that are tried
_ORDERS = 200

# ---------------------------------------------------------------- few accounts


def wave(tables, month):
    """Scores of a wave (Series) and how many accounts were asked: the frame less those that had left."""
    surveys = tables["surveys"]
    recommends = surveys[surveys["kind"] == "recommendation"]
    survey = recommends[recommends["asked_on"].dt.month == month].iloc[0]
    churn = tables["movements"].query("kind == 'churn'").set_index("account_id")["moved_on"]
    frame = pd.Series(tables["contacts"]["account_id"].unique())
    asked = int((~(frame.map(churn) <= survey["asked_on"])).sum())
    answers = tables["answers"]
    return answers.loc[answers["survey_id"] == survey["survey_id"], "value"].astype(int), asked


def net_promoter_score(scores, asked):
    """Promoters less detractors in points, its standard error, and the error without the correction for a
    finite population."""
    n = len(scores)
    point = 100 * ((scores >= 9).astype(int) - (scores <= 6).astype(int))
    error = point.std() / sqrt(n)
    return point.mean(), error * sqrt(1 - n / asked), error


def _score(month, name):
    def estimate(tables, truth):
        found, error, _ = net_promoter_score(*wave(tables, month))
        planted = truth["plants"]["research_frame"]["net_promoter_score"][name]
        return interval(f"net promoter score of the frame in {name}", found, error, planted)

    return estimate


def few_answers_show(tables):
    """Under a hundred answers, and the frame is so small that the correction narrows the interval by a
    sixth."""
    scores, asked = wave(tables, 9)
    _, error, without = net_promoter_score(scores, asked)
    return bool(len(scores) < 100 and error < 5 / 6 * without and 1.96 * error > 8)


def answers_of_wave(tables, truth):
    return Realised("accounts that answered in September", len(wave(tables, 9)[0]), 44, 82)


def change_between_waves(tables, truth):
    """December less September over the margin that two samples alone allow."""
    (first, first_error, _), (second, second_error, _) = (
        net_promoter_score(*wave(tables, month)) for month in (9, 12)
    )
    margin = 1.96 * sqrt(first_error**2 + second_error**2)
    return Realised(
        "change between two waves over its margin", float(abs(second - first) / margin), 0.0, 1.25
    )


def waves_show(tables):
    """A change of a dozen points between two waves is within what chance alone brings."""
    errors = [net_promoter_score(*wave(tables, month))[1] for month in (9, 12)]
    return bool(1.96 * sqrt(errors[0] ** 2 + errors[1] ** 2) > 12)


# ---------------------------------------------------------------- who counts


def _weights(tables):
    """MRR and seats of each account on the frame's day (DataFrame)."""
    moves = tables["movements"]
    moves = moves[moves["moved_on"] <= tables["surveys"]["frame_on"].iloc[0]]
    sign = np.where(moves["kind"].isin(["new", "expansion"]), 1, -1)
    signed = moves[["mrr_cents", "seats"]].mul(sign, axis=0)
    return signed.groupby(moves["account_id"]).sum()


def needs(tables):
    """Share of each need, counted by account, by seat and by revenue (DataFrame, need x way of counting).

    An account's answers count together as one: its weight is spread over its people who answered.
    """
    answers = tables["answers"]
    first = answers[answers["question"] == "first_need"]
    account = first["contact_id"].map(tables["contacts"].set_index("contact_id")["account_id"])
    by_account = pd.crosstab(account, first["item"].astype(str), normalize="index")
    held = _weights(tables).loc[by_account.index]
    return pd.DataFrame(
        {
            "account": by_account.mean(),
            "seat": by_account.mul(held["seats"], axis=0).sum() / held["seats"].sum(),
            "revenue": by_account.mul(held["mrr_cents"], axis=0).sum() / held["mrr_cents"].sum(),
        }
    )


def wizard_by_account(tables, truth):
    found = needs(tables)
    return Realised("import wizard, by account", float(found.loc["import wizard", "account"]), 0.32, 0.56)


def _lead(way, low, high):
    def estimate(tables, truth):
        found = needs(tables)[way]
        lead = found["mobile app"] - found["import wizard"]
        return Realised(f"mobile app less import wizard, by {way}", float(lead), low, high)

    return estimate


def needs_turn(tables):
    """The import wizard leads by account, the mobile app by seat and by revenue."""
    top = needs(tables).idxmax()
    return bool(
        top["account"] == "import wizard" and top["seat"] == "mobile app" and top["revenue"] == "mobile app"
    )


# ---------------------------------------------------------------- levels


def _ratings(tables):
    contacts, accounts = tables["contacts"], tables["accounts"]
    rows = tables["answers"]
    rows = rows[rows["question"] == "need_rating"][["contact_id", "item", "value"]]
    rows = rows.merge(contacts[["contact_id", "account_id", "persona", "team"]], on="contact_id")
    rows = rows.merge(accounts[["account_id", "industry"]], on="account_id")
    rows["item"] = rows["item"].astype(str)
    return rows


def between_accounts(rows):
    """Share of a rating's variance between accounts of an industry, when persona and team are taken out; and
    its interval (unbalanced groups as if all had the harmonic mean of sizes: Thomas and Hultquist 1978)."""
    from scipy.stats import f

    y = rows["value"].to_numpy(float)
    group, names = pd.factorize(rows["item"] + rows["account_id"].astype(str))
    size = np.bincount(group)
    who = pd.get_dummies(rows["item"] + rows["persona"].astype(str), dtype=float)
    team = pd.get_dummies(rows["item"] + rows["team"].astype(str), dtype=float)
    x = np.column_stack([who, team])

    def mean(values):
        return np.bincount(group, values) / size

    inside = x - np.column_stack([mean(column) for column in x.T])[group]
    slope, _, rank, _ = np.linalg.lstsq(inside, y - mean(y)[group], rcond=None)
    within_df = len(y) - len(names) - rank
    within = ((y - mean(y)[group] - inside @ slope) ** 2).sum() / within_df

    level = mean(y - x @ slope)
    first = rows.drop_duplicates(["item", "account_id"])
    industry = first["item"] + first["industry"].astype(str)
    between_df = len(names) - industry.nunique()
    apart = level - pd.Series(level).groupby(industry.to_numpy()).transform("mean").to_numpy()
    between = (apart**2).sum() / between_df
    people = 1 / (1 / size).mean()

    def share(ratio):
        return (ratio - 1) / (ratio + people - 1)

    ratio = between * people / within
    limits = [share(ratio / f.ppf(q, between_df, within_df)) for q in (0.975, 0.025)]
    return share(ratio), *limits


def rating_share(tables, truth):
    planted = truth["plants"]["needs_by_level"]["share_between_accounts"]
    found = between_accounts(_ratings(tables))
    return Estimate("share of a need's rating between accounts", *(float(value) for value in found), planted)


def levels_show(tables):
    """People of an account are alike, and not the same: a quarter to a half stands between accounts."""
    return 0.2 < between_accounts(_ratings(tables))[0] < 0.55


def _approvers_rating(tables):
    """What approvers rate SSO above the others of their own account: mean of accounts, and its error."""
    rows = _ratings(tables)
    rows = rows[rows["item"] == "SSO and audit log"]
    approver = rows["persona"] == "approver"
    theirs = rows[approver].groupby("account_id")["value"].mean()
    users = rows[rows["persona"] == "user"].groupby("account_id")["value"].mean()
    apart = (theirs - users).dropna()
    return float(apart.mean()), float(apart.std() / sqrt(len(apart)))


def approvers_rating(tables, truth):
    place = 2  # of SSO and audit log among the needs that were rated
    by_persona, by_team = (truth["parameters"][f"rating_by_{level}"] for level in ("persona", "team"))
    if any(team[place] for team in by_team):
        raise ValueError("SSO is planted by team, too: compare people of one team")
    planted = by_persona[4][place] - by_persona[0][place]
    return interval("SSO's rating, approvers less users", *_approvers_rating(tables), planted)


def approvers_show(tables):
    """What the security approver wants most, users hardly want."""
    found, error = _approvers_rating(tables)
    return found - 1.96 * error > 0


# ---------------------------------------------------------------- prices


def _price_ratio(tables):
    """Logarithm of what users name over what buyers of the same account name: mean of accounts, its error."""
    answers, contacts = tables["answers"], tables["contacts"].set_index("contact_id")
    rows = answers[answers["question"] == "fair_price"]
    who = contacts.loc[rows["contact_id"]]
    named = np.log(rows["value"].to_numpy(float))
    by_account = pd.Series(named).groupby(
        [who["account_id"].to_numpy(), who["persona"].astype(str).to_numpy()]
    )
    pairs = by_account.mean().unstack()[["user", "buyer"]].dropna()
    apart = pairs["user"] - pairs["buyer"]
    return apart.mean(), apart.std() / sqrt(len(apart))


def price_ratio(tables, truth):
    found, error = _price_ratio(tables)
    limits = np.exp([found, found - 1.96 * error, found + 1.96 * error])
    planted = truth["parameters"]["users_price_ratio"]
    return Estimate("price that users name over buyers'", *(float(value) for value in limits), planted)


def prices_show(tables):
    """Users would have the firm charge a fifth less than buyers would, at least."""
    return bool(np.exp(_price_ratio(tables)[0]) < 0.8)


# ---------------------------------------------------------------- themes


def _theme_rows(tables):
    """Themes raised (interview x theme, booleans), and the persona of each interview (Series)."""
    rows = tables["interviews"]
    themes = [name for name in rows["theme"].cat.categories if name != "no problem named"]
    raised = pd.crosstab(rows["interview_id"], rows["theme"].astype(str)).reindex(
        columns=themes, fill_value=0
    )
    contact = rows.groupby("interview_id")["contact_id"].first()
    persona = contact.map(tables["contacts"].set_index("contact_id")["persona"]).astype(str)
    return raised.to_numpy(bool), persona.loc[raised.index].to_numpy()


def _missed(raised, n):
    """Chance that n of the interviews, drawn at random, miss each theme."""
    total, held = len(raised), raised.sum(axis=0)
    missed = np.ones(raised.shape[1])
    for step in range(n):
        missed *= np.maximum(0, total - held - step) / (total - step)
    return missed


def _found_by(raised, persona, plan):
    """Share of all themes in so many interviews a persona (plan), expected over the orders in which those
    that were held could have been, and its standard error (jackknife over interviews)."""

    def share(kept):
        return 1 - np.prod([_missed(raised[kept & (persona == who)], n) for who, n in plan.items()], axis=0)

    everything = np.ones(len(raised), dtype=bool)
    found = share(everything).mean()
    spread = 0.0
    for who in plan:
        places = np.flatnonzero(persona == who)
        left_out = []
        for place in places:
            everything[place] = False
            left_out.append(share(everything).mean())
            everything[place] = True
        spread += (len(places) - 1) / len(places) * ((np.array(left_out) - np.mean(left_out)) ** 2).sum()
    return found, sqrt(spread)


def users_alone(tables, truth):
    planted = truth["plants"]["saturation"]["found_in_9_users"]
    return interval(
        "themes in 9 interviews with users", *_found_by(*_theme_rows(tables), {"user": 9}), planted
    )


def four_personas(tables, truth):
    raised, persona = _theme_rows(tables)
    plan = {who: 12 for who in ("user", "manager", "administrator", "buyer")}
    plan = {who: min(n, int((persona == who).sum())) for who, n in plan.items()}
    found = 1 - np.prod([_missed(raised[persona == who], n) for who, n in plan.items()], axis=0)
    return Realised("themes in 48 interviews, split evenly", float(found.mean()), 0.76, 0.92)


def _stops(raised, persona, personas):
    """Where the rule stops (four interviews, then runs of two that bring at most 5 % more), and what share
    of the themes is found by then: means over random orders, personas in turn."""
    random = np.random.default_rng(_SEED)
    places = [np.flatnonzero(persona == who) for who in personas]
    length = min(len(of_one) for of_one in places)
    stops, shares = [], []
    for _ in range(_ORDERS):
        order = np.stack([random.permutation(of_one)[:length] for of_one in places], axis=1).ravel()
        found = np.maximum.accumulate(raised[order], axis=0).sum(axis=1)
        run = found[5:] - found[3:-2]
        done = np.flatnonzero(run <= 0.05 * found[3])
        stop = 6 + (done[0] if len(done) else len(run) - 1)
        stops.append(stop)
        shares.append(found[stop - 1] / raised.shape[1])
    return float(np.mean(stops)), float(np.mean(shares))


_FOUR = ("user", "manager", "administrator", "buyer")


def _stop_plant(name, personas, place, low, high):
    def estimate(tables, truth):
        return Realised(name, _stops(*_theme_rows(tables), personas)[place], low, high)

    return estimate


def one_persona_shows(tables):
    """The rule stops after a dozen interviews with users, and most themes are still unheard."""
    rows = _theme_rows(tables)
    (stop, alone), (_, four) = _stops(*rows, ("user",)), _stops(*rows, _FOUR)
    return stop < 13 and alone < 0.45 and four - alone > 0.1


def _plant(name, parameters, tables, kind, band, estimate, shows):
    return Plant(name, parameters, tables, kind, band, "04-research", "pipewright", estimate, shows)


_SCORES = ("recommends_share", "recommends_answered", "score_kept")
_ASKED = ("answers", "contacts", "surveys", "movements")
_FIRST = ("need_share_by_seats", "need_share_by_persona", "need_source_share")
_THEMES = ("theme_of_all", "theme_own", "theme_of_others")

PLANTS = [
    _plant(
        "score in September", _SCORES, _ASKED, "parameter", None, _score(9, "september"), few_answers_show
    ),
    _plant("score in December", _SCORES, _ASKED, "parameter", None, _score(12, "december"), waves_show),
    _plant(
        "accounts that answer", ("recommends_answered", "frame_on"), _ASKED, "realised", (44, 82),
        answers_of_wave, few_answers_show,
    ),
    _plant(
        "change between two waves", _SCORES, _ASKED, "realised", (0.0, 1.25), change_between_waves, waves_show
    ),
    _plant(
        "first need by account", _FIRST, _ASKED, "realised", (0.32, 0.56), wizard_by_account, needs_turn
    ),
    _plant(
        "first need by seat", _FIRST, _ASKED, "realised", (0.05, 0.50), _lead("seat", 0.05, 0.50), needs_turn
    ),
    _plant(
        "first need by revenue", _FIRST, _ASKED, "realised", (0.05, 0.50), _lead("revenue", 0.05, 0.50),
        needs_turn,
    ),
    _plant(
        "needs by level", ("rating_sd",), ("answers", "contacts", "accounts"), "parameter", None,
        rating_share, levels_show,
    ),
    _plant(
        "needs by persona", ("rating_by_persona",), ("answers", "contacts", "accounts"), "parameter", None,
        approvers_rating, approvers_show,
    ),
    _plant(
        "prices that users name", ("users_price_ratio",), ("answers", "contacts"), "parameter", None,
        price_ratio, prices_show,
    ),
    _plant(
        "themes of users alone", _THEMES, ("interviews", "contacts"), "parameter", None, users_alone,
        one_persona_shows,
    ),
    _plant(
        "themes of four personas", _THEMES, ("interviews", "contacts"), "realised", (0.76, 0.92),
        four_personas, one_persona_shows,
    ),
    _plant(
        "stop with users alone", _THEMES, ("interviews", "contacts"), "realised", (6.5, 12.0),
        _stop_plant("interviews with users until the rule stops", ("user",), 0, 6.5, 12.0), one_persona_shows,
    ),
    _plant(
        "found by users at the stop", _THEMES, ("interviews", "contacts"), "realised", (0.20, 0.42),
        _stop_plant("themes found when the rule stops, users", ("user",), 1, 0.20, 0.42), one_persona_shows,
    ),
    _plant(
        "found by four personas at the stop", _THEMES, ("interviews", "contacts"), "realised", (0.45, 0.75),
        _stop_plant("themes found when the rule stops, four personas", _FOUR, 1, 0.45, 0.75),
        one_persona_shows,
    ),
]  # fmt: skip
