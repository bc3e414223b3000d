"""What was planted in Pipewright. Every number that shapes its data stands here, with unit and reason.

A published figure is quoted only where it measures the same thing; all else says "design choice".
"""

from dataclasses import dataclass

from twoworlds.worlds.pipewright.deals_parameters import DealsParameters
from twoworlds.worlds.pipewright.funnel_parameters import FunnelParameters
from twoworlds.worlds.pipewright.product_parameters import ProductParameters
from twoworlds.worlds.pipewright.research_parameters import ResearchParameters
from twoworlds.worlds.streams import Keys

INDUSTRIES = (
    "manufacturing", "software", "logistics", "construction", "business services",
    "healthcare", "wholesale", "education",
)  # fmt: skip
COUNTRIES = ("US", "GB", "DE", "NL", "FR", "SE", "ES", "IE")
SIZES = ("small", "medium", "large")
ROLES = ("admin", "sales rep", "sales manager", "marketing", "service")
TERMS = (1, 12, 24)
REASONS = (
    "bad_experience", "poor_interface", "not_as_offered", "casual_trial", "technical_error", "unexplained",
)  # fmt: skip
HEALTH_BANDS = ("low", "middle", "high")


@dataclass(frozen=True)
class PipewrightParameters(FunnelParameters, DealsParameters, ProductParameters, ResearchParameters, Keys):
    """Sizes, contracts, hazards and use of Pipewright at scale 1."""

    __hash__ = Keys._made_hash

    # --- the accounts ---
    # Accounts that ever signed, from July 2021 to the window's end. Design choice: about 900 of them are
    # customers in the window (some 300 signed before it, 25 a month sign in it); the others left before 2024
    # and stand in no table.
    accounts_signed: int = 975
    # Accounts in a territory, in the order of signing. A territory is made as one block and has one named
    # account. Design choice.
    accounts_per_territory: int = 75
    # First month of signing, months since January 2015 (78 = July 2021). Design choice.
    first_month: int = 78
    # New accounts in the first and in the last month, relative to each other. Design choice: 6 grow to 30 a
    # month.
    signed_first_month: int = 6
    signed_last_month: int = 30
    # Share of accounts by industry (INDUSTRIES) and by country (COUNTRIES). Design choice.
    industry_share: tuple[float, ...] = (0.18, 0.17, 0.12, 0.11, 0.16, 0.08, 0.12, 0.06)
    country_share: tuple[float, ...] = (0.34, 0.19, 0.15, 0.09, 0.09, 0.05, 0.05, 0.04)
    # Employees: lognormal with this median and a standard deviation of the logarithm of 1.15. Design choice.
    median_employees: int = 70
    employees_table: str = "lognormal_1.15"
    # Employees from which an account is medium, and large: the European Union's limits of company size.
    size_limits: tuple[int, ...] = (50, 250)
    # Chance of the enterprise plan by size (SIZES). Design choice: about 160 enterprise accounts.
    enterprise_share: tuple[float, ...] = (0.0, 0.11, 0.86)

    # --- contracts ---
    # Share of terms (TERMS, months) by size. Chosen so that most are annual: 80 % of firms that sell at
    # 15,000 to 50,000 USD a year use annual contracts (Redpoint survey, about 2019, grade A; ours are worth
    # less).
    term_share: tuple[tuple[float, ...], ...] = ((0.12, 0.84, 0.04), (0.04, 0.87, 0.09), (0.0, 0.76, 0.24))
    # Seats at the signing: median, spread with the company's size (0.6) and without (0.5). Design choice:
    # with the growth below, the top tenth of accounts hold 40 to 50 % of seats by the window's end.
    median_seats: int = 9
    seats_by_size_table: str = "lognormal_0.6"
    seats_own_table: str = "lognormal_0.5"
    least_seats: int = 2
    most_seats: int = 3000
    # Most seats as a share of employees. Design choice: not everybody sells.
    seats_of_employees: float = 0.8
    # Price a seat and month in cents (euro): standard, enterprise. Design choice.
    seat_price_cents: tuple[int, ...] = (3_900, 5_900)
    # Discount from so many seats on, as a share of the price. Design choice.
    discount_from_seats: tuple[int, ...] = (25, 75, 250)
    discount: tuple[float, ...] = (0.08, 0.15, 0.22)
    # Haggling: lognormal spread (0.15) of an account's price around the list. Design choice.
    haggling_table: str = "lognormal_0.15"

    # --- leaving. THE PLANT: the hazard stands in the renewal months ---
    # Chance to leave at a renewal, annual and 24-month terms, by size, for an account of average risk. Chosen
    # for S(12) about .74 over all terms. Smaller firms leave more, as in rules of thumb by segment (Tunguz
    # via Watson, about 2014, grade B: 31 to 58 % a year for small firms, 11 to 22 % for medium, 6 to 10 % for
    # enterprise). Annual logo churn of private SaaS firms has a median of 10 % (Pacific Crest via Insivia,
    # 2016, grade B): ours is higher, since most accounts are small.
    leaves_at_renewal: tuple[float, ...] = (0.40, 0.22, 0.05)
    # The same for terms of one month, where every month is a renewal. The same rules of thumb give 3 to 7 % a
    # month for small firms and 0.5 to 1 % for enterprise. Medium firms, 1 to 2 % there, leave more often
    # here: design choice, since those who take a monthly term keep the door open.
    leaves_monthly: tuple[float, ...] = (0.050, 0.030, 0.010)
    # Chance to leave in any other month (insolvency, takeover, quarrel). Design choice, for S(11) about .95.
    leaves_early: float = 0.0022
    # How much the risk differs between accounts: gamma with shape 2 and mean 1, on every chance above. Design
    # choice.
    risk_table: str = "gamma_2"
    # No chance to leave exceeds this. Design choice.
    most_leaving: float = 0.85
    # Chance of the named accounts to leave at a renewal. Design choice: somebody looks after them, and none
    # has left. At one in fifty, a year's revenue hung on a single departure in one seed of seven.
    named_leaves_at_renewal: float = 0.0
    # Months beyond the window that are followed, so that those who will leave soon use the product less
    # already. Nothing of those months stands in a table.
    months_beyond: int = 6

    # --- growing and shrinking ---
    # Chance of an expansion in a month, ordinary and named accounts. Design choice, for NRR above 100 % that
    # stands on a handful.
    expands: float = 0.07
    named_expands: float = 0.85
    # Size of an expansion as a share of seats: from, to. Design choice.
    expansion_size: tuple[float, ...] = (0.08, 0.24)
    named_expansion_size: tuple[float, ...] = (0.06, 0.12)
    # Chance to give seats back at the anniversary, and the share given back: from, to. Design choice, for GRR
    # near 85 %.
    contracts: float = 0.09
    contraction_size: tuple[float, ...] = (0.10, 0.35)

    # --- people with a seat ---
    # Share of roles (ROLES) beside the first admin. Design choice.
    role_share: tuple[float, ...] = (0.03, 0.63, 0.13, 0.12, 0.09)
    # Days until a paid seat is given to somebody, and until it is given on: exponential means. Design choice.
    fill_days: int = 12
    refill_days: int = 16
    # Days that somebody keeps a seat, while the account keeps it: 20, and exponential with this mean. Design
    # choice: people change jobs after two and a half years.
    keeps_seat_days: int = 900

    # --- use ---
    # Share of members who never use their seat: a base, and so much more for each unit of the account's risk
    # (at most the limit). Design choice: 47 to 53 % of licences go unused in a month over all software of a
    # firm (Zylo, 2024 and 2025, grade A); a CRM is a daily tool, so ours is lower.
    never_uses: float = 0.08
    never_uses_by_risk: float = 0.11
    never_uses_most: float = 0.60
    # Chance of the others to use it at all in a week: at no risk, and so much less for each unit of risk (at
    # least the limit).
    uses_in_week: float = 0.94
    uses_in_week_by_risk: float = 0.06
    uses_in_week_least: float = 0.50
    # Days used in such a week, 1 to 7: shares. Design choice, so that mean daily actives over the actives of
    # 28 days is near one half: reps work on weekdays.
    days_used_share: tuple[float, ...] = (0.07, 0.09, 0.15, 0.25, 0.34, 0.07, 0.03)
    # Use by month, January to December, % of the usual. Design choice: August and the year's end are quiet.
    use_season: tuple[int, ...] = (99, 101, 101, 100, 100, 100, 96, 88, 101, 101, 100, 84)
    # Weeks over which use declines before an account leaves, and what is left of it in the last one. Design
    # choice.
    decline_weeks: int = 12
    decline_to: float = 0.40
    # Records that somebody edits on a day with use: mean; it differs between accounts (lognormal 0.5) and
    # weeks (0.25). Design choice.
    records_a_day: int = 14
    records_account_table: str = "lognormal_0.5"
    records_week_table: str = "lognormal_0.25"

    # --- reasons for leaving. THE PLANT: what is stated is not what was so ---
    # Share of true reasons (REASONS) of accounts that leave. Design choice: most never took root.
    true_reason_share: tuple[float, ...] = (0.10, 0.14, 0.16, 0.40, 0.12, 0.08)
    # Chance that an account that leaves states a reason. Design choice: a form in the way of a cancellation.
    states_reason: float = 0.85
    # Stated reason (columns) given the true one (rows). Design choice, so that about half of the stated
    # reasons are true: nobody likes to say that the tool was bought and never used, so the seller is blamed.
    stated_given_true: tuple[tuple[float, ...], ...] = (
        (0.60, 0.10, 0.12, 0.02, 0.06, 0.10),
        (0.08, 0.62, 0.14, 0.02, 0.04, 0.10),
        (0.05, 0.05, 0.74, 0.02, 0.02, 0.12),
        (0.06, 0.18, 0.44, 0.16, 0.04, 0.12),
        (0.14, 0.14, 0.12, 0.02, 0.48, 0.10),
        (0.06, 0.08, 0.24, 0.04, 0.02, 0.56),
    )
    # Share of accounts that left and were interviewed by a researcher afterwards, whatever they stated, and
    # the reason found (columns) given the true one (rows). Design choice: a talk with the whole team finds
    # the reason in nine of ten cases, and says so where it does not.
    exit_interviewed: float = 0.40
    interview_given_true: tuple[tuple[float, ...], ...] = (
        (0.90, 0.02, 0.02, 0.02, 0.02, 0.02),
        (0.02, 0.90, 0.02, 0.02, 0.02, 0.02),
        (0.02, 0.02, 0.90, 0.02, 0.02, 0.02),
        (0.02, 0.02, 0.02, 0.90, 0.02, 0.02),
        (0.02, 0.02, 0.02, 0.02, 0.90, 0.02),
        (0.02, 0.02, 0.02, 0.02, 0.02, 0.90),
    )

    # --- customer success before a renewal. THE PLANT: contacts look harmful, and save accounts ---
    # Weeks from the health review to the Monday of the renewal's week. Design choice: longer than
    # `decline_weeks`, so that health is measured before a departure at that renewal casts its shadow.
    review_weeks_before: int = 14
    # Whole weeks before the review whose use makes the health score. Design choice.
    health_weeks: int = 8
    # Health (active members over seats, %) from which it is middle, and high. Design choice.
    health_limits: tuple[int, ...] = (62, 76)
    # Chance of a contact by size (rows) and health (columns). Design choice: the unwell are called first, and
    # small firms, which nobody else looks after. It depends on what stands in the tables and on nothing else.
    touched_share: tuple[tuple[float, ...], ...] = (
        (0.85, 0.60, 0.30), (0.70, 0.35, 0.12), (0.45, 0.20, 0.06),
    )  # fmt: skip
    # Days after the review within which the contact is made. Design choice.
    touch_days: int = 20
    # Chance to leave at the renewal with the contact over the chance without. Design choice: it saves three
    # in ten who would leave. The chance over both is `leaves_at_renewal` times the risk, as without this
    # plant, so survival and revenue are what they are (see touches.py); where the chance without would pass
    # 1, it is 1, and the contact does a little less.
    touched_leaves_ratio: float = 0.70
