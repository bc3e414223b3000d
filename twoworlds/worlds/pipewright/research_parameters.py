"""What was planted in Pipewright's research: unit and reason of each number."""

from dataclasses import dataclass

from twoworlds.worlds.timeline import day_number

PERSONAS = ("user", "manager", "administrator", "buyer", "approver")
TEAMS = ("sales", "marketing", "service", "operations")
NEEDS = (
    "import wizard", "mobile app", "SSO and audit log", "report builder", "e-mail sync", "workflow rules",
    "offline mode", "custom fields",
)  # fmt: skip
RATED = 3  # the first three needs are rated, too
SOURCES = ("persona", "account", "size")
SURVEYS = (
    ("Would you recommend us? September", "recommendation"),
    ("What should we build first?", "needs"),
    ("What is a seat worth?", "price_named"),
    ("Would you recommend us? December", "recommendation"),
)
# Themes of interviews, by the persona that meets them; the first ones are met by all.
THEMES = (
    ("all", ("slow list views", "duplicate contacts", "too many clicks", "search misses records")),
    ("user", (
        "no use on the road", "logging calls by hand", "mail not attached", "reminders get lost",
        "no template for follow-ups", "calendar out of step",
    )),
    ("manager", (
        "forecast not trusted", "pipeline stages unclear", "no view of the team", "reports built in sheets",
        "quotas kept elsewhere", "coaching has no place", "handover between reps",
    )),
    ("administrator", (
        "imports fail silently", "fields cannot be locked", "rights too coarse", "no test copy",
        "integrations break", "no undo for mass edits",
    )),
    ("buyer", (
        "seats paid and not used", "invoice by cost centre", "renewal date unknown",
        "price rises with growth", "value hard to prove",
    )),
    ("approver", (
        "single sign-on asked for", "no audit log", "data kept abroad", "leavers keep their access",
    )),
)  # fmt: skip
THEME_NAMES = tuple(name for _, names in THEMES for name in names)
NO_THEME = "no problem named"


@dataclass(frozen=True)
class ResearchParameters:
    """Contacts, survey answers and interviews at Pipewright's accounts."""

    # --- the frame: enterprise plan, or large ---
    # Day on which the frame was drawn: customers on that day. Design choice, late enough for about 140.
    frame_on: int = day_number(2025, 9, 1)
    # Contacts of an account: least, most, and seats for one contact more. Design choice: 4 to 12.
    least_contacts: int = 4
    most_contacts: int = 12
    seats_a_contact: int = 10
    # Personas in the order in which an account's contacts are known (positions in PERSONAS). Design choice:
    # any account has an administrator, a buyer, a user and a manager.
    contact_personas: tuple[int, ...] = (2, 3, 0, 1, 4, 0, 0, 1, 0, 0, 0, 0)
    # Share of teams (TEAMS) by persona. Design choice; finance and IT count as operations.
    team_share: tuple[tuple[float, ...], ...] = (
        (0.66, 0.19, 0.15, 0.0), (0.62, 0.20, 0.18, 0.0), (0.0, 0.0, 0.0, 1.0), (0.25, 0.0, 0.0, 0.75),
        (0.0, 0.0, 0.0, 1.0),
    )  # fmt: skip
    # Months with the company before the seat, or of those without a seat: exponential mean. Design choice.
    tenure_months: int = 30

    # --- surveys (SURVEYS) ---
    # First day of each survey, and days it was open. Design choice.
    asked_on: tuple[int, ...] = (
        day_number(2025, 9, 1), day_number(2025, 9, 15), day_number(2025, 10, 6), day_number(2025, 12, 1)
    )  # fmt: skip
    open_days: int = 21
    # THE PLANT: nobody lies, there are just few. Chance that an account's administrator answers. Design
    # choice: 60 of 140 after reminders by the account manager; a mail alone brings 32 % (Satmetrix, 2015,
    # grade A, business customers asked about the relationship).
    recommends_answered: float = 0.44
    # Share of administrators who score 9 or 10, 7 or 8, and 0 to 6. Design choice. Answering does not depend
    # on the score.
    recommends_share: tuple[float, ...] = (0.42, 0.33, 0.25)
    # Share of scores (0 to 6) of those who score low. Design choice.
    low_score_share: tuple[float, ...] = (0.03, 0.03, 0.05, 0.08, 0.13, 0.28, 0.40)
    # Share of administrators who score in December as in September; the others score afresh. Design choice:
    # nothing changes between the waves, so any change is chance.
    score_kept: float = 0.90

    # --- THE PLANT: who counts decides which need is first ---
    # Chance to answer the survey of needs by persona. Design choice.
    needs_answered: tuple[float, ...] = (0.60, 0.60, 0.75, 0.45, 0.55)
    # A contact names the need of their persona, of their account, or of firms of its size (SOURCES): shares.
    need_source_share: tuple[float, ...] = (0.20, 0.40, 0.40)
    # Seats from which an account is middling, and big; shares of needs (NEEDS) by that size, which an
    # account's own need is drawn from, too. Design choice: small accounts want their data in, big ones have
    # people on the road and a security department.
    need_seat_limits: tuple[int, ...] = (28, 70)
    need_share_by_seats: tuple[tuple[float, ...], ...] = (
        (0.72, 0.05, 0.03, 0.06, 0.05, 0.04, 0.02, 0.03),
        (0.14, 0.53, 0.13, 0.06, 0.04, 0.04, 0.03, 0.03),
        (0.01, 0.63, 0.22, 0.05, 0.02, 0.03, 0.02, 0.02),
    )
    # Shares of needs by persona. Design choice.
    need_share_by_persona: tuple[tuple[float, ...], ...] = (
        (0.12, 0.52, 0.02, 0.06, 0.16, 0.04, 0.06, 0.02),
        (0.16, 0.30, 0.04, 0.32, 0.06, 0.06, 0.03, 0.03),
        (0.26, 0.18, 0.20, 0.08, 0.06, 0.12, 0.02, 0.08),
        (0.22, 0.18, 0.14, 0.32, 0.04, 0.06, 0.02, 0.02),
        (0.06, 0.04, 0.76, 0.04, 0.02, 0.04, 0.02, 0.02),
    )

    # --- THE PLANT: needs differ by level ---
    # Rating of the first RATED needs, 0 to 100: mean; standard deviation between industries, between
    # accounts of an industry and between people of an account. Design choice: of what persona, team and
    # industry leave, 36 % stands between accounts.
    rating_mean: int = 52
    rating_sd: tuple[float, ...] = (4.5, 9.0, 12.0)
    # What is added by persona (rows) and by team (rows), for each rated need. Design choice.
    rating_by_persona: tuple[tuple[int, ...], ...] = (
        (-3, 8, -6), (0, 3, -4), (8, -6, 3), (-2, -2, 0), (-5, -7, 14)
    )  # fmt: skip
    rating_by_team: tuple[tuple[int, ...], ...] = ((0, 4, 0), (3, -3, 0), (0, 0, 0), (0, 0, 0))

    # --- THE PLANT: users cannot price what their firm buys ---
    # Chance to answer the survey of prices: users, buyers. Design choice.
    price_answered: tuple[float, ...] = (0.55, 0.50)
    # What users name for a seat and month over what buyers of the same account name. Design choice: a user
    # thinks of the price of an app, a buyer of the budget. Buyers name what the account pays, on average of
    # the logarithm.
    users_price_ratio: float = 0.60
    # How much the named price differs between accounts and between people: lognormal. Design choice.
    price_account_table: str = "lognormal_0.15"
    price_person_table: str = "lognormal_0.25"

    # --- THE PLANT: one persona knows a third of the themes ---
    # First week of interviews, and how many weeks. Design choice.
    interviews_from: int = day_number(2025, 9, 8)
    interview_weeks: int = 12
    # Interviews in a sales territory by persona: certain ones, and the chance of one more. Design choice:
    # about 24 with users and 17 with each of managers, administrators and buyers; nobody asks the approvers.
    interviews_certain: tuple[int, ...] = (2, 1, 1, 1, 0)
    interviews_more: tuple[float, ...] = (0.0, 0.4, 0.4, 0.4, 0.0)
    # Chance that a theme comes up: a theme of all; a persona's own themes, in turn; a theme of another
    # persona. Design choice, so that users alone know a third of the themes.
    theme_of_all: float = 0.26
    theme_own: tuple[float, ...] = (0.50, 0.36, 0.26, 0.20, 0.14, 0.09)
    theme_of_others: float = 0.006

    def theme_chances(self):
        """Chance that a theme comes up, by persona (rows, as PERSONAS) and theme (as THEME_NAMES)."""
        return tuple(
            tuple(
                self.theme_of_all
                if owner == "all"
                else self.theme_own[place % len(self.theme_own)]
                if owner == persona
                else self.theme_of_others
                for owner, names in THEMES
                for place in range(len(names))
            )
            for persona in PERSONAS
        )
