"""What was planted in Pipewright's funnel: unit and reason of each number."""

from dataclasses import dataclass

PATHS = ("self_serve", "assisted")
SOURCES = (
    "website", "referral", "paid_search", "paid_social", "events", "partner", "outbound",
)  # fmt: skip
PAID_SOURCES = SOURCES[2:]  # the channels that money is spent on
OWNERS = ("product_marketing", "demand_generation", "partner", "sales")
# Who answers for a source, by position in SOURCES.
OWNER_OF_SOURCE = (
    "product_marketing", "product_marketing", "demand_generation", "demand_generation",
    "product_marketing", "partner", "sales",
)  # fmt: skip
LEAD_ROLES = ("owner", "sales manager", "operations", "marketing", "it")


@dataclass(frozen=True)
class FunnelParameters:
    """Leads and trials, website visits, spend by month, invites between members."""

    # --- how companies come: a trial, or talks with sales alone ---
    # Share of accounts that bought without a trial, by size (SIZES). Design choice: the larger the company,
    # the more often it buys by a demonstration and a contract.
    buys_without_trial: tuple[float, ...] = (0.25, 0.50, 0.70)
    # Share of trials that pay, by size. Chosen so that conversion by path lies between the quartiles of a
    # survey (Redpoint, about 2019, grade A): about 14 % assisted (6.8 to 30, median 15.5), about 8 % not
    # assisted (1 to 12, median 4). Small firms pay for what they tried; large ones go on to talks.
    trial_pays: tuple[float, ...] = (0.115, 0.155, 0.035)
    # Share of companies in talks without a trial that buy, by size. Design choice: with the assisted trials,
    # of which not each becomes an opportunity, for a win rate near 24 % of opportunities.
    talks_pay: tuple[float, ...] = (0.36, 0.36, 0.36)
    # Days from the trial's start to the decision: least, most, by path (PATHS). Design choice: activation
    # comes in the first 14 days, the decision afterwards; who is assisted decides later.
    trial_decides: tuple[tuple[int, int], ...] = ((15, 36), (24, 64))
    # Days from the first contact to the trial (assisted or not), and to the decision where there is no trial:
    # the least, the mean of what is added (gamma with shape 2), the most. Design choice: four to five months
    # from contact to contract where sales takes part.
    contact_before_trial: tuple[tuple[int, int, int], ...] = ((0, 40, 150), (20, 75, 220))
    contact_before_decision: tuple[int, int, int] = (75, 65, 300)

    # --- THE PLANT: assistance looks harmful, and activates ---
    # Share of trials that an account executive assists, by size. Design choice: executives go where the money
    # is. It depends on size and on nothing else.
    assisted_share: tuple[float, ...] = (0.15, 0.45, 0.80)
    # Chance that a trial activates without assistance, by size. Activated: data imported and three people or
    # more active, within 14 days. Design choice: large firms have more to import and more to persuade.
    # About 44 % over all: near the 42.6 % of sign-ups in CRM and sales software (Userpilot, 2024, grade A),
    # where each firm has a definition of its own.
    activates: tuple[float, ...] = (0.56, 0.31, 0.14)
    # What assistance adds to that chance, in every size. Design choice: 12 points.
    assisted_activates: float = 0.12
    # How much more often a trial pays when activated, and when assisted; within a size. Design choice.
    activated_pays_ratio: float = 5.0
    assisted_pays_ratio: float = 2.0

    # --- sources ---
    # Share of decisions, %, of companies that came through a channel with spend; by month of the decision,
    # January 2024 to May 2026 (those after the last as the last). Design choice: most came by word of
    # mouth at first; then marketing buys growth, in waves of eight months, by which the lag can be found.
    paid_share_percent: tuple[int, ...] = (
        33, 40, 43, 40, 34, 27, 24, 27, 34, 42, 45, 42,
        37, 30, 28, 33, 44, 56, 63, 61, 53, 44, 41, 48,
        62, 78, 84, 84, 78,
    )  # fmt: skip
    # Share of each channel with spend among them (PAID_SOURCES), and of the website among the others; the
    # rest came by word of mouth. Design choice.
    paid_source_share: tuple[float, ...] = (0.34, 0.20, 0.16, 0.14, 0.16)
    website_share: float = 0.62

    # --- what happens in a trial ---
    # People invited beyond three: a share of the seats wanted, from, to; and the most. Design choice.
    invited_share: tuple[float, float] = (0.15, 0.70)
    most_invited: int = 22
    # Share of the people beyond three who become active where the trial activates: from, to. Design choice.
    active_share: tuple[float, float] = (0.15, 0.60)
    # Share of other trials that activate after the 14 days, and in how many days more. Design choice, so that
    # a little more than half of trials reach their value in 30 days.
    activates_late: float = 0.27
    late_days: int = 14
    # Share of the rest that import data, and then have one or two people; and people active beside the first
    # where there is no import: shares of 0, 1, 2, 3. Design choice.
    imports_alone: float = 0.40
    few_active: tuple[float, ...] = (0.45, 0.30, 0.15, 0.10)
    # Days until the import, and until a person's first day: means before the cut at 14 days. Design choice.
    import_days: int = 5
    first_days: int = 5
    # Chance to be active again on a later working day, in the first week and afterwards. Design choice.
    active_again: tuple[float, float] = (0.26, 0.07)
    # Records made on a day: mean beside the first. Chance to make a pipeline on a day after the import.
    # Design choice.
    records_in_trial: int = 7
    makes_pipeline: float = 0.10

    # --- leads ---
    # More leads of the same company beside its first: shares of 0, 1, 2, by size. Design choice: leads are
    # people, and companies buy.
    more_leads: tuple[tuple[float, ...], ...] = ((0.93, 0.06, 0.01), (0.84, 0.13, 0.03), (0.70, 0.22, 0.08))
    # Leads in the window, at scale 1, of companies that went no further. Design choice: the table holds leads
    # that marketing called ready, not every address it has.
    other_leads: int = 1_500
    # Share of the leads' roles (LEAD_ROLES). Design choice.
    lead_role_share: tuple[float, ...] = (0.28, 0.30, 0.18, 0.16, 0.08)

    # --- the website. THE PLANT: the drop at the hand-off ---
    # Chance of a visit to see the prices, of those to send the form, of a form to become a trial. Design
    # choice, so that about 6 % of visits become a trial: 5 to 10 % where no card is asked for ("Lean
    # Analytics", data of Totango, grade A). Product marketing owns the first two steps, product the last.
    visit_sees_pricing: float = 0.30
    pricing_sends_form: float = 0.32
    form_starts_trial: float = 0.62

    # --- spend. THE PLANT: customers come five months after the money ---
    # Months from the spend to the customers it brings. Design choice.
    spend_lag_months: int = 5
    # Cost of a customer by channel (PAID_SOURCES), euro cents. Design choice: about 9,000 euros over all, so
    # that marketing and sales spend 1.5 euros for one of a new contract's first year (a new customer is worth
    # about 6,000 a year): between medians of 1.14 (KeyBanc, 2019, all new contracts) and 1.76 (Benchmarkit,
    # 2023, new customers), both grade A.
    customer_costs_cents: tuple[int, ...] = (750_000, 950_000, 1_200_000, 650_000, 1_100_000)

    # --- invites. THE PLANT: seats spread inside an account, hardly between companies ---
    # Invites to other companies, an account and quarter: quantile table and its mean. Design choice.
    outside_invites_table: str = "poisson_0.2"
    outside_invites_mean: float = 0.2
    # Trials at other companies that a customer brings in a year. Design choice: three in a hundred, far from
    # a loop that feeds itself.
    customer_brings_trials: float = 0.03
    # Invites inside that nobody takes up, % of those taken up, on average. Design choice.
    unanswered_percent: int = 30
