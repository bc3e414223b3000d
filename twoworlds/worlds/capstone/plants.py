"""What is planted in Kettleroom, and an honest way to find each.

Apart from the plants of the two companies: `make calibrate` and the pages "What is planted" and "Is the truth
found?" are about those, and the capstone's truth stands in its solution. tests/unit/test_worlds_capstone.py
makes this company with seeds 1 to 40 and holds these plants to the same rules.
"""

from math import sqrt

import numpy as np
import pandas as pd

from twoworlds.worlds.plants.result import Estimate, Plant, Realised, interval

WINDOW_END = pd.Timestamp("2025-12-31")
PLACES_DRAWN = ("drawn", "not_drawn")
SLUG, WORLD = "07-capstone", "capstone"


def t_interval(name, values, truth, estimate=None):
    """Mean of independent values with Student's 95 % interval."""
    from scipy import stats

    n = len(values)
    middle = np.mean(values) if estimate is None else estimate
    reach = stats.t.ppf(0.975, n - 1) * np.std(values, ddof=1) / sqrt(n)
    return Estimate(name, float(middle), float(middle - reach), float(middle + reach), float(truth))


# ---------------------------------------------------------------- people


def starters(tables):
    """People who came to a session of an open class, with `finished` and their stars, where there are any."""
    people = tables["people"]
    came = people[(people["motion"] == "people") & (people["sessions"].fillna(0) > 0)]
    stars = tables["answers"].set_index("person_id")["stars"]
    return came.assign(finished=came["sessions"] == 6, stars=came["person_id"].map(stars))


def satisfied(tables, truth):
    """Share satisfied of all who came to a class, those who left weighted by how many they are."""
    rows = starters(tables)
    share = rows["finished"].mean()
    part, variance = {}, 0.0
    for finished, weight in ((True, share), (False, 1 - share)):
        answers = rows.loc[rows["finished"] == finished, "stars"].dropna() >= 4
        part[finished] = answers.mean()
        variance += weight**2 * answers.mean() * (1 - answers.mean()) / len(answers)
    variance += (part[True] - part[False]) ** 2 * share * (1 - share) / len(rows)
    estimate = share * part[True] + (1 - share) * part[False]
    return interval("satisfied, of all who came", estimate, sqrt(variance),
                    truth["plants"]["stars_of_all"]["satisfied"])  # fmt: skip


def sheets_flatter(tables):
    """The sheets of the last session promise at least fifteen points more than all who came."""
    rows = starters(tables)
    sheets = (rows.loc[rows["finished"], "stars"].dropna() >= 4).mean()
    return bool(sheets > satisfied(tables, _NO_TRUTH).estimate + 0.15)


def gains(tables):
    """People with both tests: gain in points."""
    scores = tables["tests"].pivot(index="person_id", columns="test", values="score")
    gain = (scores["second"] - scores["entry"]).dropna()
    people = tables["people"].set_index("person_id")
    return people.loc[gain.index].assign(gain=gain)


def lotteries(tables):
    """By lottery: gain of the drawn less gain of the others (`effect`), and the weight of each."""
    rows = gains(tables)
    rows = rows[rows["lottery"].isin(PLACES_DRAWN)]
    by = rows.groupby(["class_id", "lottery"], observed=True)["gain"].agg(["mean", "size"]).unstack()
    drawn, other = (by.xs(name, axis=1, level=1) for name in PLACES_DRAWN)
    found = pd.DataFrame({"effect": drawn["mean"] - other["mean"]})
    found["weight"] = drawn["size"] * other["size"] / (drawn["size"] + other["size"])
    return found.dropna()


def place_effect(tables, truth):
    """Points that being drawn for a class adds, between applicants of the same lottery; unit: the lottery."""
    found = lotteries(tables)
    weight = found["weight"] / found["weight"].sum()
    estimate = (weight * found["effect"]).sum()
    n = len(found)
    error = sqrt((weight**2 * (found["effect"] - estimate) ** 2).sum() * n / (n - 1))
    return interval("points for a place", estimate, error, truth["plants"]["lottery"]["points_for_a_place"])


def finishers_flatter(tables):
    """Those who finish gain more than twice as much between the tests as a place adds."""
    rows = gains(tables)
    finished = rows[(rows["motion"] == "people") & (rows["sessions"] == 6)]["gain"].mean()
    return bool(finished > 2 * place_effect(tables, _NO_TRUTH).estimate)


def returns(tables):
    """Those who came: the class's last day, whether 180 days were `seen`, and who booked `again`, `ever`."""
    rows = starters(tables)
    ends = rows["class_id"].map(tables["classes"].set_index("class_id")["ends_on"])
    booked = rows["person_id"].map(tables["rebookings"].set_index("person_id")["booked_on"])
    rows = rows.assign(ended_on=ends, again=(booked - ends).dt.days.le(180), ever=booked.notna())
    return rows.assign(seen=ends + pd.Timedelta(days=180) <= WINDOW_END)


def again_change(tables, truth):
    """Change in the share who book again within 180 days, from the classes of 2024 to those of 2025."""
    rows = returns(tables)
    rows = rows[rows["seen"]]
    late = rows["ended_on"] >= "2025-01-01"
    parts = [rows.loc[late == side, "again"] for side in (False, True)]
    error = sqrt(sum(part.mean() * (1 - part.mean()) / len(part) for part in parts))
    change = parts[1].mean() - parts[0].mean()
    return interval("change in who books again", change, error, truth["plants"]["again"]["change"])


def calendar_falls(tables):
    """Ever booked again falls by at least five points from the classes of 2024 to all those of 2025."""
    rows = returns(tables)
    late = rows["ended_on"] >= "2025-01-01"
    return bool(rows.loc[late, "ever"].mean() < rows.loc[~late, "ever"].mean() - 0.05)


def trial_weeks(tables):
    """Town-weeks of the trial with the number of applicants and of those credited to the adverts."""
    people = tables["people"]
    people = people[people["motion"] == "people"]
    town = people["class_id"].map(tables["classes"].set_index("class_id")["town_id"])
    week = people["applied_on"] - pd.to_timedelta(people["applied_on"].dt.day_of_week, unit="D")
    counted = people.assign(town_id=town, week=week, credited=people["source"] == "adverts")
    counted = counted.groupby(["town_id", "week"])["credited"].agg(applicants="size", credited="sum")
    weeks = tables["town_weeks"].query("in_trial")
    return weeks.join(counted, on=["town_id", "week"]).fillna({"applicants": 0, "credited": 0})


def extra_applicants(tables, truth):
    """Applicants whom a week of adverts adds in a town; unit: the town-week, which was drawn by lot."""
    weeks = trial_weeks(tables)
    on, off = (weeks.loc[weeks["adverts"] == side, "applicants"] for side in (True, False))
    error = sqrt(on.var() / len(on) + off.var() / len(off))
    return interval("extra applicants a week", on.mean() - off.mean(), error,
                    truth["plants"]["adverts"]["extra_a_week"])  # fmt: skip


def credit_flatters(tables):
    """The adverts are credited with at least a quarter more applicants than they add."""
    weeks = trial_weeks(tables)
    credited = weeks.loc[weeks["adverts"], "credited"].mean()
    return bool(credited > 1.25 * extra_applicants(tables, _NO_TRUTH).estimate)


# ---------------------------------------------------------------- firms


def firm_gains(tables):
    """Learners at firms with both tests, with `offered`: whether their firm gets the exercise."""
    rows = gains(tables).query("motion == 'firm'")
    return rows.assign(offered=rows["firm_id"].map(tables["firms"].set_index("firm_id")["exercise"]))


def exercise_effect(tables, truth):
    """Points that the offer of the exercise adds; unit: the firm, which was drawn by lot."""
    from scipy import stats

    means = firm_gains(tables).groupby("firm_id").agg(gain=("gain", "mean"), offered=("offered", "first"))
    with_it, without = (means.loc[means["offered"] == side, "gain"] for side in (True, False))
    parts = [part.var() / len(part) for part in (with_it, without)]
    degrees = sum(parts) ** 2 / sum(
        p**2 / (len(g) - 1) for p, g in zip(parts, (with_it, without), strict=True)
    )
    reach = stats.t.ppf(0.975, degrees) * sqrt(sum(parts))
    estimate = with_it.mean() - without.mean()
    planted = truth["plants"]["exercise"]["points_for_the_offer"]
    return Estimate("points for the exercise", estimate, estimate - reach, estimate + reach, planted)


def doers_flatter(tables):
    """Those who hand the exercise in gain at least two points more than the offer adds, and learners as
    units make the interval at least a tenth too narrow."""
    rows = firm_gains(tables)
    offered = rows[rows["offered"]]
    gain = offered.groupby("exercise", observed=True)["gain"].mean()
    found = exercise_effect(tables, _NO_TRUTH)
    parts = [rows.loc[rows["offered"] == side, "gain"] for side in (True, False)]
    narrow = 2 * 1.96 * sqrt(sum(part.var() / len(part) for part in parts))
    wider = found.high - found.low > 1.1 * narrow
    return bool(gain["done"] - gain["not_done"] > found.estimate + 2 and wider)


def first_contracts(tables):
    """First contracts: `renewed`, `due` by the window's end, and the share of seats used in six months."""
    contracts = tables["contracts"]
    first = contracts[contracts["term"] == 1].set_index("firm_id")
    again = contracts.loc[contracts["term"] == 2, "firm_id"]
    classes = tables["classes"].query("motion == 'firm'")
    sizes = tables["people"].groupby("class_id").size()
    start = classes["firm_id"].map(first["started_on"])
    early = classes[classes["starts_on"] < start + pd.DateOffset(months=6)]
    used = early["class_id"].map(sizes).groupby(early["firm_id"].astype(int)).sum()
    used = used.reindex(first.index, fill_value=0)
    return first.assign(
        renewed=first.index.isin(again),
        due=first["ends_on"] <= WINDOW_END,
        used=used,
        use=used / first["seats"],
    )


def renewal_rate(tables, truth):
    """Share of first contracts that came due and were renewed, with Wilson's interval; unit: the firm."""
    from statsmodels.stats.proportion import proportion_confint

    due = first_contracts(tables).query("due")
    low, high = proportion_confint(due["renewed"].sum(), len(due), method="wilson")
    planted = truth["plants"]["renewals"]["mean_chance"]
    return Estimate("renewal rate", float(due["renewed"].mean()), low, high, planted)


def early_news_is_good(tables):
    """Of the contracts with an answer known, more are renewed than of those that came due."""
    rows = first_contracts(tables)
    known = rows[rows["due"] | rows["renewed"]]
    return bool(known["renewed"].mean() > rows.loc[rows["due"], "renewed"].mean())


def use_difference(tables, truth):
    """Renewal rate of firms that used half of their seats in six months, less that of the others, with
    Newcombe's interval."""
    from statsmodels.stats.proportion import confint_proportions_2indep

    due = first_contracts(tables).query("due")
    counts = []
    for side in (True, False):
        part = due.loc[(2 * due["used"] >= due["seats"]) == side, "renewed"]
        counts += [int(part.sum()), len(part)]
    low, high = confint_proportions_2indep(*counts, method="newcomb")
    difference = counts[0] / counts[1] - counts[2] / counts[3]
    return Estimate("renewal by use", difference, low, high, truth["plants"]["use"]["difference"])


def use_precedes_renewal(tables):
    """Firms that use half of their seats renew more often, and stars tell less than use does."""
    due = first_contracts(tables).query("due")
    people = tables["people"].set_index("person_id")["firm_id"]
    stars = tables["answers"].assign(firm_id=tables["answers"]["person_id"].map(people)).dropna()
    liked = (stars["stars"] >= 4).groupby(stars["firm_id"].astype(int)).mean().reindex(due.index)
    some = liked.notna()
    use = np.corrcoef(2 * due["used"] >= due["seats"], due["renewed"])[0, 1]
    return bool(use > abs(np.corrcoef(liked[some], due.loc[some, "renewed"])[0, 1]))


def top_tenth(tables, truth):
    """Share of the seats of first contracts that the tenth of firms with the most hold."""
    seats = first_contracts(tables)["seats"].sort_values(ascending=False)
    share = seats.head(len(seats) // 10).sum() / seats.sum()
    return Realised("seats of the largest tenth", float(share), *_TOP_TENTH)


def seats_are_not_firms(tables):
    """Of due contracts, the share of seats used in six months lies below the mean of the firms' shares."""
    due = first_contracts(tables).query("due")
    return bool(due["used"].sum() / due["seats"].sum() < due["use"].mean())


class _Nothing(dict):
    """A truth for estimators that are asked for their estimate alone."""

    def __missing__(self, _key):
        return _Nothing()

    def __float__(self):
        return float("nan")


_NO_TRUTH = _Nothing()
_TOP_TENTH = (0.28, 0.55)

PLANTS = [
    Plant(
        "stars of all",
        ("keen_share", "satisfied", "leaves_after_session", "no_show"),
        ("people", "answers"),
        "parameter",
        None,
        SLUG,
        WORLD,
        satisfied,
        sheets_flatter,
    ),
    Plant(
        "a place by lot",
        ("class_effect", "practice_gain", "keen_gain", "places"),
        ("people", "tests"),
        "parameter",
        None,
        SLUG,
        WORLD,
        place_effect,
        finishers_flatter,
    ),
    Plant(
        "who books again",
        ("books_again", "books_again_days"),
        ("people", "classes", "rebookings"),
        "parameter",
        None,
        SLUG,
        WORLD,
        again_change,
        calendar_falls,
    ),
    Plant(
        "adverts by lot",
        ("extra_applicants_table", "credited_anyway", "adverts_on_share"),
        ("town_weeks", "people"),
        "parameter",
        None,
        SLUG,
        WORLD,
        extra_applicants,
        credit_flatters,
    ),
    Plant(
        "exercise by lot",
        ("exercise_points", "exercise_done", "firm_effect_sd"),
        ("people", "tests", "firms"),
        "parameter",
        None,
        SLUG,
        WORLD,
        exercise_effect,
        doers_flatter,
    ),
    Plant(
        "renewals due",
        ("renews", "renewal_lead_days"),
        ("contracts",),
        "parameter",
        None,
        SLUG,
        WORLD,
        renewal_rate,
        early_news_is_good,
    ),
    Plant(
        "use before renewal",
        ("renews", "active_share", "used_early"),
        ("contracts", "classes", "people"),
        "parameter",
        None,
        SLUG,
        WORLD,
        use_difference,
        use_precedes_renewal,
    ),
    Plant(
        "many seats in few firms",
        ("seats_table", "active_share", "large_from"),
        ("contracts", "classes", "people"),
        "realised",
        _TOP_TENTH,
        SLUG,
        WORLD,
        top_tenth,
        seats_are_not_firms,
    ),
]
