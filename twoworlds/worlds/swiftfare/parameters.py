"""What was planted in Swiftfare. Every number that shapes its data stands here, with its unit and its reason.

A published figure is quoted only where it measures the same thing; all else says "design choice".
"""

from dataclasses import dataclass

from twoworlds.worlds.streams import Keys
from twoworlds.worlds.swiftfare.growth_parameters import GrowthParameters
from twoworlds.worlds.swiftfare.research_parameters import ResearchParameters
from twoworlds.worlds.swiftfare.tests_parameters import TestsParameters

CHANNELS = ("organic", "brand_search", "paid_social", "affiliate", "retargeting", "referral")
COUNTRIES = ("GB", "DE", "FR", "ES", "IT", "NL")
QUARTERS = ("North", "East", "South", "West")
REGIONS = tuple(f"{country} {quarter}" for country in COUNTRIES for quarter in QUARTERS)
DEVICES = ("android", "ios")
PRODUCTS = ("flight", "hotel", "holiday")
REASONS = (
    "bad_experience", "poor_interface", "not_as_offered", "casual_trial", "technical_error", "unexplained",
)  # fmt: skip


@dataclass(frozen=True)
class SwiftfareParameters(TestsParameters, GrowthParameters, ResearchParameters, Keys):
    """Sizes, calendar, hazards and prices of Swiftfare at scale 1."""

    __hash__ = Keys._made_hash

    # --- the panel ---
    # Installs in the panel over the window. Design choice: with 60,000 the retention triangle is steady in
    # every cell.
    panel_installs: int = 60_000
    # Share of all the company's installs that the panel holds. Design choice: 2,000,000 installs in all.
    panel_share: float = 0.03
    # Users in a block, the unit in which data is made. Not a property of the company; changing it changes the
    # data.
    users_per_block: int = 4096

    # --- installs: when, where, how ---
    # Installs a day at the window's end over those at its start. Design choice: a young company, growing by
    # 60 % in two years.
    growth: float = 1.6
    # Installs by month, January to December, 100 = average. Highest in July and August, a second peak in
    # January: YouAppi on AppsFlyer data, "The Hidden Growth Driver Behind Summer Travel App Installs" (2026,
    # grade B, no figures given).
    install_season: tuple[int, ...] = (110, 98, 97, 97, 99, 104, 117, 115, 95, 90, 88, 90)
    # Installs by weekday, Monday to Sunday, 100 = average. Design choice.
    install_weekday: tuple[int, ...] = (101, 98, 97, 97, 98, 103, 106)
    # Share of installs by channel (CHANNELS). Design choice.
    channel_share: tuple[float, ...] = (0.36, 0.12, 0.24, 0.12, 0.06, 0.10)
    # Share of installs by country (COUNTRIES). Design choice.
    country_share: tuple[float, ...] = (0.26, 0.22, 0.17, 0.14, 0.12, 0.09)
    # Share of a country's installs by quarter (QUARTERS). Design choice.
    quarter_share: tuple[float, ...] = (0.29, 0.21, 0.27, 0.23)
    # Share of installs on iOS by country. Design choice: Android leads everywhere but in Britain.
    ios_share: tuple[float, ...] = (0.52, 0.37, 0.36, 0.26, 0.31, 0.41)

    # --- a visitor, before the first booking ---
    # Chance to stay interested past the day of the install, by channel. Chosen so that about 20 % of installs
    # open the app on day 1, organic more than paid: 23.9 % of organic and 15.9 % of paid installs of travel
    # apps on Android (AppsFlyer via Opobnews, about 2017, grade B); 18 % of all (Business of Apps, 2024,
    # grade B).
    stays_interested: tuple[float, ...] = (0.57, 0.55, 0.41, 0.43, 0.49, 0.59)
    # A visitor who stays keeps the interest for at least d days with chance d ** -0.5, so the hazard of
    # losing it falls with age. Chosen so that about 3 % open the app on day 30: 2.8 % (Business of Apps,
    # 2024, grade B), 2.7 to 3.5 % (AppsFlyer via Opobnews, about 2017, grade B).
    interest_table: str = "days_of_interest_0.5"
    # Chance to open the app on a day while interested. Design choice, with the two figures above.
    opens_while_interested: float = 0.41
    # Chance to sign up on a day with an open. Design choice.
    signs_up: float = 0.30
    # Chance to make the first booking on a day with an open, on Android, before season and weekday. Design
    # choice: about 15 % of installs book within 30 days. Published rates are per visit or per visitor of a
    # web site, which is not this.
    books_first: float = 0.053
    # The same on iOS, over Android: 1.4 times likelier to buy (AppsFlyer via Opobnews, about 2017, grade B).
    ios_books_first: float = 1.4

    # --- a customer, after the first booking ---
    # THE PLANT. Each customer has a chance p of their own to leave in a month (30 days from the first
    # booking, and so on), which never changes: p ~ Beta(0.8, 1.8). Design choice: retention of 69 %, 78
    # %, 83 % in months 1, 2 and 3 by sorting alone (Fader and Hardie 2007, "How to project customer
    # retention"). No release, price or season touches it.
    dropout_a: float = 0.8
    dropout_b: float = 1.8
    dropout_table: str = "beta_0.8_1.8"
    # Days in a customer month. Design choice: 30, so that every month is as long as the next.
    month_days: int = 30
    # Months that the truth follows a customer, beyond the window too. Not a property of the company.
    months_followed: int = 60
    # In each month a living customer opens the app on one day that is certain, and on any other day with this
    # chance, on average. Design choice: about 3.5 active days a month.
    opens_extra: float = 0.08
    # How much that chance differs between customers: gamma with shape 2 and mean 1. Design choice.
    opens_extra_table: str = "gamma_2"
    # Repeat bookings a year while alive, on average. Design choice: about three trips a year.
    bookings_a_year: float = 3.0
    # How much that rate differs between customers: gamma with shape 1.5 and mean 1. Design choice.
    bookings_table: str = "gamma_1.5"

    # --- calendar of bookings ---
    # Bookings a day by month, January to December; the other eleven months average 100. January 19 % up,
    # worldwide average (Criteo, "Travel Bookings Surge Just After Christmas", 2017, grade A); the rest is a
    # design choice.
    booking_season: tuple[int, ...] = (119, 106, 110, 102, 102, 102, 100, 96, 94, 94, 96, 98)
    # Share of bookings by weekday, Monday to Sunday, %. Monday 22, Friday 17 (Yieldr via PhocusWire, 2016,
    # grade B); the rest is a design choice.
    booking_weekday: tuple[int, ...] = (22, 16, 15, 14, 17, 7, 9)

    # --- what is bought (PRODUCTS) ---
    # Share of bookings by product. Design choice.
    product_share: tuple[float, ...] = (0.63, 0.27, 0.10)
    # Median price in cents (euro). Flights average 189 to 240 EUR (Hopper and Yieldr via PhocusWire, 2016,
    # grade B): a median of 182 with the spread below averages 218. Hotels and holidays: design choice.
    median_price_cents: tuple[int, ...] = (18_200, 21_000, 108_000)
    # Spread of prices: lognormal, with these standard deviations of the logarithm (0.6, 0.6, 0.5). Design
    # choice.
    price_table: tuple[str, ...] = ("lognormal_0.6", "lognormal_0.6", "lognormal_0.5")
    # Margin as a share of the price, median. Design choice: thin on flights, thicker on beds.
    median_margin: tuple[float, ...] = (0.045, 0.15, 0.11)
    # Spread of that share between bookings: lognormal, 0.25. Design choice.
    margin_table: str = "lognormal_0.25"
    # Days from booking to departure: a Beta share of the 355 days that are on sale, with mean about 54, 39
    # and 96. Flights average 55 (scheduled) to 81 (low-cost) days, and the fullest bucket is 0 to 10 (Yieldr
    # via PhocusWire, 2016, grade B).
    days_on_sale: int = 355
    lead_table: tuple[str, ...] = ("beta_0.75_4.2", "beta_0.7_5.6", "beta_1.3_3.5")

    # --- what is done on a day with an open ---
    # Opens beyond the first: Poisson with mean 0.8. Design choice.
    opens_table: str = "poisson_0.8"
    # Searches by product, on any day with an open: Poisson with means 1.3, 0.5 and 0.2. Design choice.
    searches_table: tuple[str, ...] = ("poisson_1.3", "poisson_0.5", "poisson_0.2")
    # Searches for the product that is booked, on the day of the booking: at least one, and Poisson 2.5 more.
    # Design choice.
    searches_booking_table: str = "poisson_2.5"

    # --- leaving for good ---
    # Chance to uninstall once the interest is gone, or once a customer has left. Chosen so that about 32 % of
    # installs are gone within 30 days: travel apps (AppsFlyer via Taptica, 2018, grade B). Over 50 % of all
    # apps (AppsFlyer, 2024, grade A).
    uninstalls_visitor: float = 0.42
    uninstalls_customer: float = 0.35
    # Days from the end of the interest to the uninstall: 1 and an exponential number with this mean. Design
    # choice.
    uninstall_lag_days: int = 7
    # Chance that someone who uninstalls states a reason. Design choice.
    states_reason: float = 0.30
    # True reason (REASONS) of those who never came back after the first day, of other visitors, of customers.
    # Design choice: one-day visitors were trying, those who came back met faults, customers had a bad trip.
    true_reason_once: tuple[float, ...] = (0.08, 0.13, 0.17, 0.42, 0.10, 0.10)
    true_reason_visitor: tuple[float, ...] = (0.14, 0.20, 0.20, 0.16, 0.18, 0.12)
    true_reason_customer: tuple[float, ...] = (0.38, 0.10, 0.14, 0.04, 0.16, 0.18)
    # Stated reason (columns) given the true one (rows). Design choice: people tell the easy story. Half of
    # the technical errors are told as a bad experience or a poor interface, and a quarter of
    # "not as offered" as a casual trial.
    stated_given_true: tuple[tuple[float, ...], ...] = (
        (0.66, 0.08, 0.06, 0.06, 0.02, 0.12),
        (0.16, 0.50, 0.04, 0.12, 0.04, 0.14),
        (0.12, 0.06, 0.40, 0.26, 0.02, 0.14),
        (0.02, 0.04, 0.04, 0.74, 0.01, 0.15),
        (0.30, 0.22, 0.02, 0.04, 0.34, 0.08),
        (0.10, 0.06, 0.06, 0.28, 0.02, 0.48),
    )
