"""What was planted in Swiftfare's experiments and price alerts: unit and reason of each number."""

from dataclasses import dataclass

from twoworlds.worlds.timeline import day_number

TAKERS = ("always", "complier", "never")
ARMS = ("control", "treatment")
UNITS = ("newcomer", "active_day", "customer")
OUTCOMES = ("booked_within_30_days", "searches", "searches_14_days")
COVARIATES = ("none", "searches_before", "phone_years")

MESSAGES = ("achievement", "image", "better_situation", "trend", "news", "price")
AGES = ("18-29", "30-44", "45-59", "60+")
DEVICES_SHOWN = ("android", "ios")
CREATIVES = (
    ("achievement", "Ten countries before thirty"), ("achievement", "Plan a whole trip in ten minutes"),
    ("image", "The photograph that nobody else has"), ("image", "Travel like someone who knows"),
    ("better_situation", "Somewhere warm by Friday"), ("trend", "Where your city flies this spring"),
    ("news", "A new line to the islands opens"), ("price", "The same flight for less"),
)  # fmt: skip


@dataclass(frozen=True)
class TestsParameters:
    """Experiments run on the whole company, and the price-alert nudge."""

    __test__ = False  # no test class, whatever its name

    # Active users a day, in the panel, by month of the window. Not chosen but measured: the mean of thirty
    # seeds' panels, so that its own error is small beside one panel's. Company-wide tests take these over the
    # panel's share of installs.
    active_a_day: tuple[int, ...] = (
        151, 208, 246, 276, 304, 338, 383, 416, 406, 404, 410, 421,
        468, 478, 491, 505, 524, 551, 600, 632, 615, 602, 605, 616,
    )  # fmt: skip
    # Mean and standard deviation of all searches on a day with an open. Measured in the same panels.
    searches_mean: float = 2.235
    searches_sd: float = 1.712

    # --- THE PLANT: the price-alert nudge. A card on the first day asks newcomers to set an alert. ---
    nudge_start: int = day_number(2025, 4, 7)
    nudge_days: int = 182
    # Shares who set an alert anyway, only when asked, never (TAKERS). Design choice: a quarter comply, so
    # that the effect's interval is under +-1 point with all the company's newcomers.
    taker_share: tuple[float, ...] = (0.12, 0.25, 0.63)
    # Chance of a first booking within 30 days by kind of user, without an alert for those who comply. Design
    # choice: a latent intent to travel drives both, so that alert setters book 2.5 times as often.
    books_30_days: tuple[float, ...] = (0.315, 0.14, 0.1195)
    # What an alert adds for those who set it only when asked. Design choice: 1.5 points.
    alert_effect: float = 0.015

    # --- THE PLANT: a feature with novelty. Searches an active day, whole company. ---
    feature_start: int = day_number(2025, 2, 3)
    feature_days: int = 56
    # Relative lift that stays, relative lift of the first day that fades, days in which it falls to 37 %.
    # Design choice: two weeks show about 5 %, of which 1 % stays.
    feature_steady: float = 0.01
    feature_novelty: float = 0.11
    feature_scale_days: float = 6.0

    # --- THE PLANT: A/A tests. Two arms that are treated alike, each test on a slice of its own. ---
    aa_start: int = day_number(2024, 10, 7)
    aa_days: int = 28
    aa_tests: int = 40
    # Planted effect of every A/A test. Design choice: what A/A means.
    aa_effect: float = 0.0

    # --- THE PLANT: what the weeks before tell (CUPED). Searches in 14 days from the entry, by customer. ---
    cuped_start: int = day_number(2025, 10, 13)
    cuped_days: int = 28
    cuped_customers: int = 60_000
    # Share of customers still outside who enter on a day. Design choice.
    cuped_enters: float = 0.12
    cuped_mean: float = 9.0
    cuped_sd: float = 6.0
    before_mean: float = 16.0
    before_sd: float = 10.0
    # Correlation of a customer's searches after and before. Design choice: 0.7 cuts the interval to 71 %.
    cuped_correlation: float = 0.7
    # Searches that the change adds, a customer. Design choice: hidden without the weeks before.
    cuped_effect: float = 0.09

    # --- THE PLANT: a sample-ratio mismatch. ---
    srm_start: int = day_number(2024, 5, 6)
    srm_days: int = 56
    # Share of the treatment arm lost by a redirect that fails on old phones. Design choice: 50 to 50 planned,
    # 50.9 to 49.1 counted.
    srm_lost: float = 0.0354
    # Chance to book within 30 days: of all, and of those who are lost. Design choice.
    srm_books: float = 0.15
    srm_lost_books: float = 0.02
    # True effect of the change on booking. Design choice: none, so what shows is the loss.
    srm_effect: float = 0.0
    # Age of the phone in years: mean and standard deviation of all, mean of the lost. Design choice.
    phone_years_mean: float = 3.0
    phone_years_sd: float = 1.5
    phone_years_lost: float = 5.0

    # --- THE PLANT: the winner's curse. Eight creatives (CREATIVES), shown in two waves of seven days. ---
    creative_start: tuple[int, ...] = (day_number(2024, 8, 19), day_number(2024, 9, 9))
    creative_days: int = 7
    # Times each was shown in the first wave and in the second. Design choice: 8,000 leave chance to pick the
    # winner; the second wave is large enough to show it.
    creative_shown: tuple[int, ...] = (8_000, 48_000)
    # Chance of a tap by creative (CREATIVES). Design choice: nearly alike, 4 % and up to 2.5 % of that more
    # or less.
    creative_rate: tuple[float, ...] = (0.0409, 0.0404, 0.041, 0.0397, 0.0401, 0.0394, 0.039, 0.0395)
    # Shares of the audience by age (AGES) and by device (DEVICES_SHOWN); chance of a tap by age, over that
    # of 30 to 44. Design choice: the young tap more on whatever is shown. THE PLANT: no creative does better
    # with one audience than with another, so the audience in which it shines owes that to luck.
    audience_age_share: tuple[float, ...] = (0.28, 0.34, 0.24, 0.14)
    audience_device_share: tuple[float, ...] = (0.55, 0.45)
    audience_age_taps: tuple[float, ...] = (1.06, 1.0, 0.96, 0.92)
