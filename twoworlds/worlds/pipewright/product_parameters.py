"""What was planted in Pipewright's product: unit and reason of each number."""

from dataclasses import dataclass

from twoworlds.worlds.timeline import day_number

ARMS = ("control", "treatment")
OUTCOMES = ("records_edited", "forecast_opened")
TICKET_KINDS = ("how_to", "bug", "access", "data", "billing")
SEVERITIES = ("low", "normal", "high")
ANSWERERS = ("support", "success")
# What came out to everybody, in the order of days; the redesign's own day is `redesign_for_all`.
VISIBLE_NAMES = (
    "Mail sync", "Team inbox", "Forecast page", "Approval steps",
    "Quote builder", "Audit log", "Pipeline redesign", "Field permissions",
)  # fmt: skip


@dataclass(frozen=True)
class ProductParameters:
    """Releases, experiments by account, member activity, support tickets."""

    # --- releases. A deploy every two weeks, one a quarter that everybody sees ---
    # Salesforce has three major releases a year, Workday two (2026, grade B), Reltio two to three with a
    # deploy every two weeks beside them (2026, grade A). Ours shows something new once a quarter.
    release_first: int = day_number(2024, 1, 8)
    release_every: int = 14
    release_visible: tuple[int, ...] = (
        day_number(2024, 2, 19), day_number(2024, 6, 10), day_number(2024, 8, 19), day_number(2024, 11, 25),
        day_number(2025, 2, 17), day_number(2025, 6, 9), day_number(2025, 9, 15), day_number(2025, 12, 8),
    )  # fmt: skip
    # Changes in a release, from and to: a deploy, a visible release. Design choice: a quarter's work at once.
    release_changes: tuple[int, ...] = (4, 16)
    release_changes_visible: tuple[int, ...] = (40, 90)
    # Hours from a change's commit to its release: medians of a deploy and of a visible release, lognormal
    # (0.5). Design choice: nine days, more than half the way to the next deploy, and 55 days, more than half
    # a quarter.
    release_lead_hours: int = 216
    release_lead_hours_visible: int = 1_320
    release_lead_table: str = "lognormal_0.5"
    # Share of deploys behind a flag, and the shares of accounts (%) that get a flagged one at first, each as
    # likely. Visible releases go to all on one day. Design choice.
    release_flagged: float = 0.60
    release_exposed: tuple[int, ...] = (5, 10, 25)
    # Share of visible releases that design partners used first. Design choice.
    release_partners_first: float = 0.70
    # THE PLANT: chance that one change breaks something. Each change may, so k of them fail together with
    # chance 1 - (1 - p) ** k. Design choice: 20 % of deploys fail, 75 % of visible releases. Teams at their
    # best report up to 15 % of deployments, the worst 46 to 60 % (DORA, 2019, grade B).
    change_fails: float = 0.022
    # Minutes until a failed release works again: medians with a flag to turn off, of another deploy, of a
    # visible release; lognormal (0.6). Design choice: two hours, eight, a day.
    recovers_minutes: tuple[int, ...] = (120, 480, 1_440)
    recovers_table: str = "lognormal_0.6"

    # --- THE PLANT: a redesign of the pipeline page that is unwelcome at first. All accounts that pay on the
    # first day, each whole account in one arm. ---
    redesign_start: int = day_number(2025, 3, 3)
    redesign_weeks: int = 12
    # Relative change of the records edited that stays; the first days' loss on top of it, which fades; days
    # in which that loss falls to 37 %. Design choice: two weeks show -6 %, the last four +6 %.
    redesign_steady: float = 0.06
    redesign_aversion: float = 0.20
    redesign_scale_days: int = 14
    # What is left of the loss, in millionths: mean over the days of each week, from the first on, of
    # exp(-day / redesign_scale_days), where the first day with the redesign is day 1. Nothing later.
    redesign_fading: tuple[int, ...] = (
        759_168, 460_459, 279_282, 169_393, 102_742, 62_316, 37_797, 22_925, 13_905, 8_434, 5_115, 3_103,
        1_882, 1_141, 692, 420, 255, 154, 94, 57, 34, 21, 13, 8, 5, 3,
    )  # fmt: skip
    # After the test the treated keep the redesign; all others get it in this visible release, and go through
    # the same. Accounts that sign later know nothing else: they have what stays, without the loss.
    redesign_for_all: int = day_number(2025, 9, 15)

    # --- THE PLANT: an A/A test, and members of one account who are alike. ---
    # Accounts with paid seats from so many to so many on the first day. Design choice: about 120 of them. The
    # giants have contracts that rule tests out; with them the figures would hang on three or four accounts.
    aa_start: int = day_number(2024, 9, 2)
    aa_weeks: int = 8
    aa_seats: tuple[int, ...] = (16, 150)
    # Share of members (of those who use the product at all in these weeks) who open the forecast page: beta
    # between accounts with this mean and this intraclass correlation, so its shapes are 1.98 and 3.68.
    # Design choice: a design effect near 5, so that a test of members rejects four A/A splits in ten.
    forecast_opens: float = 0.35
    forecast_icc: float = 0.15
    forecast_table: str = "beta_1.98_3.68"
    # Of those who open it: chance of another week, and times in a week (1, 2, 3). Design choice.
    forecast_again: float = 0.45
    forecast_times: tuple[float, ...] = (0.55, 0.30, 0.15)

    # --- support tickets ---
    # Tickets a paid seat and week: at no risk, and so much more for each unit of the account's risk. Design
    # choice.
    ticket_rate: float = 0.0048
    ticket_rate_by_risk: float = 0.0012
    # THE PLANT: tickets in the week that begins with a failed release, over an ordinary week's, in accounts
    # that have the release. What comes on top is bugs. Design choice.
    ticket_failed_ratio: float = 2.5
    # Kinds (TICKET_KINDS), severities (SEVERITIES) by kind, Monday to Sunday. Design choice.
    ticket_kind_share: tuple[float, ...] = (0.38, 0.24, 0.16, 0.14, 0.08)
    ticket_severity: tuple[tuple[float, ...], ...] = (
        (0.60, 0.36, 0.04), (0.15, 0.50, 0.35), (0.20, 0.55, 0.25), (0.30, 0.50, 0.20), (0.45, 0.50, 0.05),
    )  # fmt: skip
    ticket_day_share: tuple[float, ...] = (0.22, 0.20, 0.19, 0.18, 0.16, 0.03, 0.02)
    # Chance that customer success answers, of ordinary and of named accounts. Design choice: a large customer
    # writes to the person it knows.
    ticket_success: tuple[float, ...] = (0.06, 0.70)
    # Hours to the first answer by severity, exponential means. Enterprise accounts wait half as long. Design
    # choice.
    ticket_answer_hours: tuple[int, ...] = (20, 9, 3)
    # Days from opening to closing by severity, exponential means. Design choice.
    ticket_close_days: tuple[int, ...] = (6, 4, 2)
