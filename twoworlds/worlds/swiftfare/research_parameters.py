"""What was planted in Swiftfare's research and release log: unit and reason of each number."""

from dataclasses import dataclass

from twoworlds.worlds.timeline import day_number

# A survey: (name, kind, how people were reached, frame, last day of the frame, asked on, closed on). In a
# random sample everybody drawn was asked again, by letter and telephone, until all had answered.
SURVEYS = (
    (
        "Recommendation autumn 2024", "recommendation", "email_to_all", "signed_up",
        day_number(2024, 11, 4), day_number(2024, 11, 4), day_number(2024, 11, 17),
    ),
    (
        "Recommendation spring 2025", "recommendation", "email_to_all", "signed_up",
        day_number(2025, 5, 5), day_number(2025, 5, 5), day_number(2025, 5, 18),
    ),
    (
        "Recommendation autumn 2025", "recommendation", "email_to_all", "signed_up",
        day_number(2025, 11, 3), day_number(2025, 11, 3), day_number(2025, 11, 16),
    ),
    (
        "Recommendation random sample", "recommendation", "random_sample", "signed_up",
        day_number(2025, 11, 3), day_number(2025, 11, 17), day_number(2025, 12, 14),
    ),
    (
        "Features best and worst", "best_worst", "random_sample", "customers",
        day_number(2025, 3, 2), day_number(2025, 3, 3), day_number(2025, 3, 30),
    ),
    (
        "Flexible pass prices named", "price_named", "random_sample", "signed_up",
        day_number(2025, 6, 1), day_number(2025, 6, 2), day_number(2025, 6, 29),
    ),
    (
        "Flexible pass offered", "price_offered", "random_sample", "signed_up",
        day_number(2025, 8, 31), day_number(2025, 9, 1), day_number(2025, 9, 28),
    ),
)  # fmt: skip
SURVEY_KINDS = ("recommendation", "best_worst", "price_named", "price_offered")
REACHED_BY = ("email_to_all", "random_sample")
FRAMES = ("signed_up", "customers")
QUESTIONS = (
    "recommend", "set_1", "set_2", "too_cheap", "cheap", "expensive", "too_expensive", "offered", "bought",
)  # fmt: skip
# What customers chose between. The first suits flight buyers, the second those who also buy beds, the third
# nobody best and nobody badly.
FEATURES = (
    "Seat choice before payment", "Flight and bed in one basket", "Free change of date",
    "Price history", "Shared trip plan", "Weather at the destination", "Packing list", "Gift vouchers",
)  # fmt: skip
# Groups of users by what they did: booked twice or more, once, never, never and uninstalled.
GROUPS = ("repeat", "once", "never", "never_and_gone")
PROFILES = ("leisure", "work")
# What troubles travellers when they book.
THEMES = (
    "hidden fees", "bag rules unclear", "price rises while booking", "too many results", "slow refund",
    "dates not flexible", "children seated apart", "payment fails", "hotel photos mislead",
    "total cost hard to compare", "check-in link missing", "layover too short", "support hard to reach",
    "names cannot be corrected", "reviews not trusted", "no payment in parts", "no alert on a price drop",
    "seat map missing", "transfer not included", "insurance pushed", "gift card refused",
    "wrong currency shown", "loyalty number lost", "slow at the gate", "no company invoice",
    "no change on the same day", "no export of expenses", "trip not shared with colleagues",
)  # fmt: skip
AREAS = ("search", "checkout", "payments", "account", "hotels", "holidays", "messages", "home")
WEBSITE = "website"  # an area beside these: the web site, whose links lead into the stores
# Releases of the web site around the broken step: the one that breaks it, which nobody notices for weeks, and
# the one that mends it.
LINK_RELEASES = ("Affiliate links by redirect", "Affiliate links on Android mended")
# Releases that users could see: (name, area, day).
VISIBLE = (
    ("New welcome page", "account", day_number(2024, 5, 6)),
    ("Saved trips", "account", day_number(2024, 9, 24)),
    ("Night mode", "home", day_number(2024, 11, 19)),
    ("New home screen", "home", day_number(2025, 1, 14)),
    ("Map search", "search", day_number(2025, 2, 3)),
    ("Price alert card", "messages", day_number(2025, 4, 7)),
    ("Seat map", "checkout", day_number(2025, 6, 17)),
    ("Trip timeline", "holidays", day_number(2025, 8, 19)),
    ("Saved filters", "search", day_number(2025, 10, 13)),
)


@dataclass(frozen=True)
class ResearchParameters:
    """Releases, survey answers and interviews of Swiftfare's users."""

    # --- THE PLANT: who answers. How likely are you to recommend us, 0 to 10; asked of all by e-mail. ---
    # Share of promoters (9 or 10) and of detractors (0 to 6) by group (GROUPS). Design choice: 36 % less 30 %
    # in all, a true score near +6; those who left without a booking are the unhappiest.
    promoter_share: tuple[float, ...] = (0.58, 0.42, 0.37, 0.17)
    detractor_share: tuple[float, ...] = (0.13, 0.26, 0.27, 0.50)
    # Score within each class: 0 to 6, 7 to 8, 9 to 10. Design choice.
    detractor_scores: tuple[float, ...] = (0.10, 0.05, 0.07, 0.09, 0.12, 0.27, 0.30)
    passive_scores: tuple[float, ...] = (0.45, 0.55)
    promoter_scores: tuple[float, ...] = (0.45, 0.55)
    # Chance to answer the e-mail: promoters, all others. Design choice for the gap; together about 17 %, near
    # the 13 and 16 % of consumers' e-mail surveys (Satmetrix, "Improving Response Rates for Email Based
    # Surveys", 2015, grade A).
    promoter_answers: float = 0.28
    other_answers: float = 0.11
    # Days from the e-mail to the answer: Poisson with mean 2.5. Design choice.
    answer_lag_table: str = "poisson_2.5"
    # Share of the frame that each random sample draws, in the order of SURVEYS; 0 where all were asked.
    # Design choice: about 400, 320, 400 and 600 people.
    sample_share: tuple[float, ...] = (0.0, 0.0, 0.0, 0.0142, 0.058, 0.0196, 0.0240)
    # Days in which a random sample is reached, each as likely. Design choice: four weeks.
    sample_days: int = 28

    # --- THE PLANT: two tastes. Of four features shown, the best and the worst; each customer sees all eight,
    # in two sets by lot. ---
    # Weight of each feature (FEATURES), times 100: by chance in proportion to it, it is named the best; to
    # its inverse, the worst. Customers who had booked flights alone, then those with a bed or a holiday too.
    # Design choice: each side's favourite is the other side's last, so that the third wins on average.
    feature_weight: tuple[tuple[int, ...], ...] = (
        (1200, 25, 400, 160, 110, 70, 60, 50),
        (25, 1200, 400, 90, 140, 80, 60, 60),
    )

    # --- THE PLANT: what is said and what is paid, for a flexible pass (change or cancel a flight). ---
    # Price that half would really pay, in cents; spread: lognormal, 0.5. Design choice.
    pass_median_cents: int = 1_200
    pass_table: str = "lognormal_0.5"
    # Price named as expensive over the price really paid, at the median, and its spread between people.
    # Design choice: talk is cheap, so half as much again.
    stated_over_true: float = 1.5
    stated_table: str = "lognormal_0.25"
    # Steps from expensive up to too expensive, down to cheap, and on down to too cheap: median of each, in
    # thousandths; spread: lognormal, 0.5. Design choice.
    price_steps: tuple[int, ...] = (350, 550, 600)
    step_table: str = "lognormal_0.5"
    # People name prices in steps of so many cents. Design choice.
    named_cents: int = 50
    # Prices at which the pass was offered, in cents, by lot. Design choice: around the median.
    offered_cents: tuple[int, ...] = (600, 900, 1_200, 1_700, 2_400)

    # --- THE PLANT: saturation. Interviews with travellers about their last booking. ---
    # First interview by profile (PROFILES); interviews of each; days from one to the next. Design choice.
    interviews_start: tuple[int, ...] = (day_number(2025, 2, 4), day_number(2025, 5, 6))
    interviews_each: int = 20
    # Chance that a theme (THEMES) comes up in an interview, by profile. Design choice: 24 themes in each, of
    # which 12 to 20 interviews find about nine tenths, as in homogeneous groups (9 to 17 interviews, Hennink
    # and Kaiser 2021, grade A; 92 % of themes after 12, Guest, Bunce and Johnson 2006, grade B).
    theme_chance: tuple[tuple[float, ...], ...] = (
        (
            0.62, 0.55, 0.50, 0.44, 0.38, 0.34, 0.31, 0.28, 0.26, 0.24, 0.23, 0.22, 0.21, 0.20,
            0.18, 0.17, 0.16, 0.15, 0.14, 0.13, 0.12, 0.11, 0.10, 0.09, 0.0, 0.0, 0.0, 0.0,
        ),
        (
            0.31, 0.20, 0.22, 0.12, 0.28, 0.15, 0.0, 0.24, 0.10, 0.14, 0.27, 0.34, 0.38, 0.21,
            0.0, 0.0, 0.11, 0.18, 0.10, 0.0, 0.09, 0.16, 0.40, 0.32, 0.60, 0.52, 0.45, 0.24,
        ),
    )  # fmt: skip

    # --- THE PLANT: large releases fail. Several small releases a week, after half a year of trains. ---
    # Days of the trains. Design choice: one every four weeks until the teams learnt to ship alone.
    train_days: tuple[int, ...] = tuple(day_number(2024, 1, 15) + 28 * train for train in range(6))
    # Changes in a train: from, to, each number as likely. Design choice.
    train_changes: tuple[int, int] = (40, 90)
    # First day of small releases. Design choice: the middle of 2024.
    weekly_start: int = day_number(2024, 7, 1)
    # Chance of a release on a weekday, Monday to Sunday. Design choice: about four a week. For comparison:
    # low performers 7 a year, elite ones 1,460 (DORA 2019 by way of DevOps.com, grade B).
    releases_on: tuple[float, ...] = (0.95, 0.95, 0.95, 0.95, 0.35, 0.0, 0.0)
    # Changes in a small release beyond the first: Poisson with mean 2.5; in a visible one, so many more.
    small_changes_table: str = "poisson_2.5"
    visible_changes: int = 4
    # Chance that a change breaks something, each on its own, so a release of k fails with 1 - (1 - p) ** k.
    # Design choice: small releases fail in about 7 %, inside DORA's elite band of 0 to 15 % (change failure
    # rate, DORA 2019 by way of DevOps.com, grade B); a train of 65 in three of four.
    change_fails: float = 0.022
    # Share of small releases behind a flag, and share of users (in %) who have them at first, each with its
    # chance. Design choice: a flag opens to few. Without a flag everybody has it.
    flagged_share: float = 0.9
    exposed_percent: tuple[int, ...] = (1, 5, 10, 25, 50)
    exposed_share: tuple[float, ...] = (0.25, 0.35, 0.20, 0.12, 0.08)
    # Minutes from a failure to its end, on average, exponential: behind a flag, small without one, train.
    # Design choice: a flag is switched off, a small release taken back, a train taken apart.
    recovers_minutes: tuple[int, ...] = (45, 240, 1_500)
    # Hours from commit to live, median of a release's changes: small, train; spread: lognormal, 0.6. Design
    # choice: a change for a train waits for half the four weeks.
    lead_hours: tuple[int, ...] = (30, 340)
    lead_hours_table: str = "lognormal_0.6"
