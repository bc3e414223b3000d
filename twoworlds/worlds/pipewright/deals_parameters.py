"""What was planted in Pipewright's deals: unit and reason of each number."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DealsParameters:
    """Account executives, opportunities, their stages and stakeholders, outreach messages."""

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
