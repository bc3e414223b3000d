"""What was planted in Swiftfare's growth: unit and reason of each number."""

from dataclasses import dataclass

from twoworlds.worlds.timeline import day_number

PAID_CHANNELS = ("brand_search", "paid_social", "affiliate", "retargeting", "referral")
HOLDOUT_ARMS = ("off", "on")
OUTSIDE = ("metasearch", "airline_site", "forum", "map", "travel_blog")
TOUCHES = (*OUTSIDE, "own_site", "paid_link", "own_app")


@dataclass(frozen=True)
class GrowthParameters:
    """Campaigns and spend, holdouts by region, invites, website visits, touches before a booking."""

    # --- spend, whole company ---
    # Cents (euro) for an install that is credited to the channel (PAID_CHANNELS). Chosen so that a first
    # booking within 30 days costs about 10, 32.5, 25, 12.5 and 33.3 euros: a booking was 45 USD where an
    # install was 6 USD (Liftoff, 2015, grade A, paid and optimised traffic; dearer than ours); an install
    # by Apple's search ads is 2.58 USD on average of all apps (SplitMetrics, 2024, grade A).
    install_cents: tuple[int, ...] = (157, 434, 341, 184, 550)
    # How much a week's spend and clicks leave their plan: standard deviation, relative. Design choice.
    spend_noise: float = 0.06
    # Installs a click, clicks an impression, by paid channel. Design choice but for search ads: 8.73 % of
    # impressions are clicked in travel (WordStream, 2025, grade B).
    installs_a_click: tuple[float, ...] = (0.30, 0.11, 0.14, 0.20, 0.35)
    clicks_an_impression: tuple[float, ...] = (0.0873, 0.011, 0.02, 0.007, 0.09)

    # --- THE PLANT: what an install that is credited to a paid channel adds (PAID_CHANNELS). ---
    # Share of the credited installs that would not have come without the channel; the others would have come
    # by themselves, as organic ones. Design choice: the ads that stand before people who were coming anyway
    # add least. Ads on a brand's own name had no measurable short-term benefit at eBay (Blake, Nosko and
    # Tadelis 2015).
    incremental_share: tuple[float, ...] = (0.10, 0.85, 0.45, 0.15, 0.95)
    # First days of the five holdouts, nine weeks each, on Mondays, each in a quarter of its own: Q2 2024,
    # Q1 2025, Q4 2024, Q3 2024, Q4 2025. Design choice: first the channel that the budget talk is about.
    holdout_start: tuple[int, ...] = (
        day_number(2024, 4, 8), day_number(2025, 1, 13), day_number(2024, 10, 7), day_number(2024, 7, 8),
        day_number(2025, 10, 6),
    )  # fmt: skip
    holdout_weeks: int = 9
    # Marketing areas of a country, in pairs of one size, of which one is switched off. Design choice: 60
    # areas, 30 off.
    areas_a_country: int = 10
    # How much an area's demand leaves its usual level in a week: standard deviation, relative. Design choice.
    area_noise: float = 0.04

    # --- visits of the web site, whole company ---
    # Visits by source (CHANNELS) for each install of the company. Design choice: seven visits an install,
    # most of them from paid social.
    visits_an_install: tuple[float, ...] = (2.0, 0.4, 4.0, 0.6, 0.24, 0.125)
    # Share of visits with a flight search; of these, with a tap on "go on in the app"; by source. Design
    # choice: 1 to 12 % of visits end in an install.
    visit_searches: tuple[float, ...] = (0.50, 0.60, 0.25, 0.40, 0.50, 0.60)
    search_taps: tuple[float, ...] = (0.18, 0.30, 0.095, 0.15, 0.20, 0.40)
    # Share of taps that open the app's page in the store; of pages opened, with an install. Design choice.
    tap_opens_store: float = 0.92
    store_installs: float = 0.55
    # How much the store's page leaves its usual share on a day, in all sources alike. Design choice.
    store_noise: float = 0.02
    # How much a source's visits leave their expected number on a day. Design choice.
    visits_noise: float = 0.05

    # --- THE PLANT: mix against rate. From here to the quarter's end a consent banner costs taps in every
    # source alike, while paid social links straight to the store and brand search to the web site. ---
    mix_start: int = day_number(2024, 2, 12)
    mix_end: int = day_number(2024, 3, 31)
    # Taps under the banner over taps without it. Design choice: a fall that every source shows.
    banner_taps: float = 0.82
    # Visits over the usual ones, by source. Design choice: the blended rate rises by a fifth.
    mix_visits: tuple[float, ...] = (1.0, 2.0, 0.3, 1.0, 1.0, 1.0)

    # --- THE PLANT: the broken step. On Android, a tap on an affiliate's link opens the store's page more
    # rarely, until a release mends the link. ---
    broken_source: str = "affiliate"
    broken_device: str = "android"
    broken_start: int = day_number(2025, 6, 2)
    # Monday on which the mending release is live.
    mended_on: int = day_number(2025, 8, 18)
    # Share of taps that open the store's page while broken, over the usual share. Design choice.
    broken_step: float = 0.35

    # --- THE PLANT: invites. A customer may invite friends in the first month after the first booking. ---
    # Invites sent by a customer, by the customer's own channel (CHANNELS). Design choice: who was brought by
    # a friend brings friends, and who came through paid social a few; then an install brings .06 installs by
    # invites (K), one by referral .27 and one by paid social .09. With the share each channel adds, and with
    # what the invited bring in their turn, the halo is .35 for referral and .10 for paid social.
    invites_a_customer: tuple[float, ...] = (0.2, 0.2, 1.9, 0.2, 0.2, 4.9)
    # How much that differs between customers: gamma with shape 1.5 and mean 1. Design choice.
    invites_table: str = "gamma_1.5"
    # Most invites of a customer: what the app allows. Design choice.
    most_invites: int = 40
    # Days from the first booking to an invite: exponential with this mean, at most 29. Design choice.
    invite_lag_days: int = 6
    # Chance that an invite is accepted; a third of inviters each lies this much below, at, above it. Design
    # choice: friends are well chosen.
    invite_accepts: float = 0.30
    invite_accepts_spread: float = 0.12
    # Days from the invite to the friend's install: exponential with this mean, before the invite runs out.
    # Design choice: with the lag above, a cycle of about two weeks.
    invite_delay_days: int = 9
    invite_days: int = 60
    # Share of referral installs that follow a personal invite; the others follow a link shared in public.
    # Chosen so that they are as many as the invites accepted.
    referral_by_invite: float = 0.5

    # --- touches before the first booking ---
    # Share of customers whose touches were asked for. Design choice: a table that a spreadsheet opens.
    touches_share: float = 0.10
    # Touches on sites of others before a first booking: the sum of these, 5.8 on average. Design choice:
    # published counts are of pages, 141 in the 45 days before a booking (Expedia and Luth, 2023, grade B).
    outside_tables: tuple[str, ...] = ("poisson_2.5", "poisson_2.5", "poisson_0.8")
    # Share of these by kind (OUTSIDE). Design choice.
    outside_share: tuple[float, ...] = (0.35, 0.22, 0.14, 0.13, 0.16)
    # Days from a touch to the booking: exponential with this mean, at most 44: 38 days of research (Expedia
    # and Luth, 2023, grade B) are rarely all used.
    outside_days: int = 13
    touches_days: int = 45
    # THE PLANT. Chance of an unpaid visit of the web site before the day of the install: of those who would
    # have come anyway, and of those whom the channel brought. Design choice: the last touch is paid, an
    # earlier one shows who was coming.
    knew_before: float = 0.80
    knew_before_brought: float = 0.10
    # Days from that visit to the install: 1 and an exponential number with this mean, at most 30 in all.
    knew_before_days: int = 6
