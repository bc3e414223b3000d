"""What was planted in Kettleroom. Every number that shapes its data stands here, with unit and reason.

No published figure is followed: all are design choices, made so that each question of the capstone is worth
asking with as little data as a young company has.
"""

from dataclasses import dataclass

COURSES = ("data", "spreadsheets", "planning")
MOTIONS = ("people", "firm")
LOTTERIES = ("drawn", "not_drawn", "all_placed", "to_come")
SOURCES = ("adverts", "search", "word_of_mouth")
EXERCISES = ("done", "not_done")
TESTS = ("entry", "second")
ASKED = ("last_session", "call")
BUYERS = ("owner", "head_of_department", "human_resources")
SESSIONS = 6


@dataclass(frozen=True)
class KettleroomParameters:
    """Parameters of the capstone's company. Chances and shares are fractions, scores are points of 100."""

    # ---- towns and weeks
    # Towns with a rented room, at scale 1; a town is a block.
    towns: int = 12
    # Weeks of the window, in quarters of thirteen: who applies in a quarter is placed in the class after it.
    weeks: int = 104
    quarter_weeks: int = 13
    # First and last week of the adverts' trial (from 0): the first half of 2025.
    trial_weeks: tuple[int, int] = (52, 77)
    # Chance that a town's adverts run in a week of the trial; in other weeks they always run.
    adverts_on_share: float = 0.5
    # What a week of adverts costs in a town, in euro cents, and its spread.
    adverts_week_cents: int = 6000
    adverts_spread_table: str = "lognormal_0.25"
    # Applicants a week and town who come anyway, by the course on offer (tables of Poisson counts).
    applicants_table: tuple[str, ...] = ("poisson_1.3", "poisson_0.8", "poisson_0.5")
    # Applicants whom a week of adverts brings and who would not have come without it.
    extra_applicants_table: str = "poisson_0.8"
    # Share of those who come anyway and yet tap on an advert first: the credit that it does not deserve.
    credited_anyway: float = 0.55
    # Share of search among the others; the rest is word of mouth.
    search_share: float = 0.4

    # ---- people
    # Share of learners who are keen; the others came with a passing interest. Nobody at the company sees it.
    keen_share: float = 0.6
    # Points on the entry test: mean and spread of what people know, and a test's own error.
    ability_mean: float = 42.0
    ability_sd: float = 9.0
    test_error_sd: float = 6.0
    # Points that keen people gain by themselves, with or without a class, since they read and practise.
    keen_gain: float = 6.0
    # Share of second tests that are sat, the same for all: a voucher is paid for it.
    second_test_share: float = 0.92

    # ---- open classes
    # Places in an open class; with more applicants the places are drawn by lot.
    places: int = 12
    # Days from the first session to the second test.
    second_test_days: int = 70
    # Points gained between the tests without any class, by course: practice with the test, and daily work.
    practice_gain: tuple[float, ...] = (2.0, 5.0, 9.0)
    # Points that all six sessions of a class add; fewer sessions add their part.
    class_effect: float = 8.0
    # Spread of that number between classes: a trainer's good and bad rooms.
    class_effect_sd: float = 2.5
    # Chance of never coming, though placed.
    no_show: float = 0.05
    # Chance of leaving for good after each session: keen, others.
    leaves_after_session: tuple[float, ...] = (0.03, 0.35)
    # Share satisfied (four or five stars): keen, others. Whether they stay to the end plays no part.
    satisfied: tuple[float, ...] = (0.97, 0.25)
    # Share of those in the last session who fill in the sheet.
    sheet_share: float = 0.9
    # Share of those who left early who are called, by lot, and of these who are reached.
    called_share: float = 0.5
    reached_share: float = 0.8
    # Share who ever pay for another course: keen, others; and the mean wait in days after the class ends.
    # The same for every class, so that any trend is made by the calendar.
    books_again: tuple[float, ...] = (0.5, 0.08)
    books_again_days: int = 150
    # Price of a place, in euro cents.
    place_cents: int = 34000

    # ---- firms
    # Firms that sign in a town in the window; the day of signing is even over its first 690 days.
    firms_per_town: int = 8
    signing_days: int = 690
    # Seats of a first contract: median and spread; fewest and most.
    seats_median: int = 12
    seats_table: str = "lognormal_1.15"
    seats_limits: tuple[int, int] = (5, 200)
    # Price of a seat, in euro cents.
    seat_cents: int = 21000
    # Seats from which a firm counts as large; share with a head who frees people for class: small, large.
    large_from: int = 20
    active_share: tuple[float, ...] = (0.75, 0.3)
    # Share of the seats used in the first six months: from and to, without and with such a head.
    used_early: tuple[tuple[float, float], ...] = ((0.05, 0.45), (0.5, 0.95))
    # Largest share of the seats then left that is used in the second half year.
    used_later: float = 0.6
    # Places in a class at a firm.
    firm_places: int = 10
    # Chance to renew: less than half of the seats used in the first six months, half or more. Whether the
    # learners are satisfied, or learn, plays no part: they are not the buyer.
    renews: tuple[float, ...] = (0.35, 0.85)
    # Renewals are signed so many days before the end of the contract, from and to.
    renewal_lead_days: tuple[int, int] = (20, 150)
    # Seats of the next contract over those used in the last one.
    next_seats: float = 1.1
    # Firms' learners: chance of never coming; of leaving after each session; share satisfied, in company
    # time and politely; points without a class, and by a class; spread between firms and between classes.
    firm_no_show: float = 0.04
    firm_leaves_after_session: tuple[float, ...] = (0.01, 0.05)
    firm_satisfied: tuple[float, ...] = (0.95, 0.75)
    firm_sheet_share: float = 0.95
    firm_practice_gain: float = 5.0
    firm_class_effect: float = 8.0
    firm_effect_sd: float = 3.0
    firm_class_sd: float = 2.0
    # Days from the last session at a firm to the second test there.
    firm_second_test_days: int = 56
    # The exercise that half of the firms get by lot: share who do it (keen, others), and points for those.
    exercise_done: tuple[float, ...] = (0.7, 0.1)
    exercise_points: float = 4.0
