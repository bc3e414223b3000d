"""What was planted in Pipewright's deals: unit and reason of each number."""

from dataclasses import dataclass

from twoworlds.worlds import timeline

OUTCOMES = ("won", "lost", "no_decision", "open")
BUDGETS = ("operating", "capital")
FRAMINGS = ("individual", "group")
THEMES = ("growth", "cost", "risk", "reach")
STAGES = ("discovery", "evaluation", "security", "audit")
# In the order in which they join: a committee of four has the first four.
COMMITTEE_ROLES = (
    "champion", "buyer", "user_lead", "security", "finance", "procurement", "legal", "it", "sponsor",
)  # fmt: skip
# Stage in which each of them is asked, as a position in STAGES: where a no ends the deal.
ROLE_STAGES = (0, 3, 1, 2, 3, 3, 3, 1, 1)


@dataclass(frozen=True)
class DealsParameters:
    """Account executives, opportunities with their stages and stakeholders, messages, time saved."""

    # --- account executives ---
    # Size of firm that each one serves; first month, months since January 2015 (78 = July 2021); deals that
    # one can look after at a time. Design choice: smaller deals ask for less, and the team grows.
    executive_segment: tuple[str, ...] = (
        "small", "medium", "large", "medium", "small", "small", "medium",
        "large", "small", "medium", "small", "medium", "large", "small",
    )  # fmt: skip
    executive_first_month: tuple[int, ...] = (78, 78, 78, 84, 88, 96, 99, 103, 106, 108, 112, 115, 118, 121)
    executive_capacity: tuple[int, ...] = (60, 50, 36, 50, 60, 60, 50, 36, 60, 50, 60, 50, 36, 60)
    # Spread of skill: standard deviation of the factor on the odds of a win. Design choice: small, so that
    # the best of a year owes the most of it to luck.
    skill_spread: float = 0.10
    # Odds of a win at average skill: 24 in 100 opportunities. Design choice. Near a median of 30 %
    # over 21,000 opportunities (Implisit, 2014, grade A).
    usual_win_odds: float = 0.3158

    # --- opportunities. THE PLANT: one model of the odds of a win ---
    # Shares of the bands of fit (1 to 3), and odds of a win over those of the first. Design choice.
    fit_share: tuple[float, ...] = (0.40, 0.35, 0.25)
    fit_odds: tuple[float, ...] = (1.0, 1.9, 3.6)
    # Chance that a product manager joins, by fit; odds of a win with one over without. Design choice: product
    # managers go where the deal looks good, so that the raw comparison flatters them.
    pm_joins: tuple[float, ...] = (0.15, 0.35, 0.65)
    pm_odds: float = 1.6
    # Share of deals paid from a capital budget, and their odds of a win over those of an operating one.
    # Design choice.
    capital_share: float = 0.30
    capital_odds: float = 0.75
    # Size of the committee by size of firm: the smallest, and shares from there on. Design choice: six in the
    # middle, after surveys of vendors (CEB and Gartner: 5 to 10, later 5 to 16); too many roles to tell apart
    # beyond nine.
    committee_least: tuple[int, ...] = (2, 3, 5)
    committee_share: tuple[tuple[float, ...], ...] = (
        (0.40, 0.35, 0.25, 0.0, 0.0), (0.10, 0.20, 0.30, 0.25, 0.15), (0.15, 0.25, 0.30, 0.20, 0.10),
    )  # fmt: skip
    # Odds of a win with one more in the committee. Design choice.
    committee_odds: float = 0.92
    # Days from the opening to the loss, and to the end without a decision: medians by size of firm;
    # lognormal. Design choice: a loss takes about twice a win, and nobody hurries to close what has died.
    lost_days: tuple[int, ...] = (110, 145, 170)
    no_decision_days: tuple[int, ...] = (150, 190, 220)
    cycle_table: str = "lognormal_0.5"
    # Least and most days from the opening to such an end. Design choice: after a year without an answer a
    # deal is closed.
    cycle_limits: tuple[int, int] = (7, 360)
    # Share of deals not won that end without a decision. Chosen so that 40 to 60 in 100 of all deals do
    # (Dixon and McKenna, about 2022, grade B).
    no_decision_share: float = 0.56

    # --- stages. THE PLANTS: capital budgets are audited for longer; a crowded desk makes deals wait ---
    # Median days in each stage (STAGES), by size of firm, for an operating budget and an executive with time.
    # Design choice, for wins near medians of 60 and 72 days (Bridge Group, 2017, grade A).
    stage_days: tuple[tuple[int, ...], ...] = ((12, 12, 12), (20, 23, 26), (10, 14, 18), (12, 13, 16))
    # Lognormal spread of each stage, and of a deal's pace, which all of its stages share. Design choice.
    stage_table: str = "lognormal_0.5"
    pace_table: str = "lognormal_0.25"
    # Least days in a stage, and in the stage in which a deal ends without a win. Design choice.
    least_stage_days: int = 3
    least_last_stage_days: int = 10
    # Time in audit and legal of a capital budget over that of an operating one. Design choice: investments
    # are reported on, audited and signed higher up.
    capital_audit: float = 2.5
    # How much longer the first stage lasts where the executive has twice as many open deals as capacity.
    # Design choice: almost in proportion, as in any queue.
    load_slows: float = 0.8

    # --- what the company's people look up by themselves ---
    # Visits a person on the committee before the opening: quantile table and its mean. Design choice: as many
    # as a traveller has contacts before a first booking, give or take.
    online_visits_table: str = "poisson_2.5"
    online_visits_mean: float = 2.5

    # --- messages. THE PLANT: the framing with the most replies loses the deals ---
    # First and last day on which a deal may be opened to be in the test. Medium and large firms are in it.
    message_start: int = timeline.day_number(2024, 6, 3)
    message_end: int = timeline.day_number(2025, 6, 1)
    # Odds of a win of the framing for the group over the individual one. Design choice: 16 and 26 wins in
    # 100, so that some 400 deals an arm can tell.
    group_odds: float = 2.0
    # Chance of a reply, by framing (FRAMINGS). Design choice.
    reply_share: tuple[float, ...] = (0.19, 0.12)
    # Messages of the test, at scale 1, to people of firms with which no deal was opened. Design choice.
    other_messages: int = 1_000
    # Days from the message to the opening of the deal, at most. Design choice.
    message_days: int = 14

    # --- stakeholders. THE PLANT: the security reviewer binds ---
    # Chance of a yes by role (COMMITTEE_ROLES); a deal is won only where all say yes. Design choice.
    says_yes: tuple[float, ...] = (0.97, 0.90, 0.95, 0.55, 0.90, 0.95, 0.95, 0.93, 0.96)

    # --- time saved. THE PLANT: case studies promise more than the product keeps ---
    # Day by which an account must have been a customer for half a year to be timed, share of those accounts
    # that were timed, by lot, and days in which it was done. Design choice: about a hundred.
    timed_on: int = timeline.day_number(2025, 6, 2)
    timed_share: float = 0.22
    timed_days: int = 60
    # People timed at an account: least, most. Design choice.
    people_timed: tuple[int, int] = (3, 9)
    # Minutes a person and week on reports and typing before: median and lognormal spread. Design choice.
    minutes_before: int = 210
    minutes_before_table: str = "lognormal_0.25"
    # Minutes saved a person and week: mean; standard deviation between accounts; between people of an account
    # (how far the mean of those timed may be off). Design choice: half an hour, and for some nothing.
    minutes_saved: float = 30.0
    minutes_saved_sd: float = 28.0
    minutes_person_sd: float = 50.0
    # Measured minutes from which marketing writes a case study. Design choice: the best sixth or so.
    case_study_minutes: int = 65
