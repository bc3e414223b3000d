"""Published figures that the two companies are held against: where each was printed, when, and how far to
trust it.

Grade A: read at its publisher, or in a copy of its own document. Grade B: read where somebody else reports
it. Weaker figures are not used.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fact:
    """A published figure: its range (low and high are equal where one number was printed) and source."""

    low: float
    high: float
    source: str
    year: str
    grade: str
    link: str


_YIELDR = (
    "Yieldr via PhocusWire", "2016", "B",
    "https://www.phocuswire.com/Flight-booking-study-shows-potential-missed-opportunity-for-airlines",
)  # fmt: skip
_OPOBNEWS = (
    "AppsFlyer via Opobnews", "about 2017", "B",
    "http://opobnews.com/news/179/app-economy-still-struggling-with-retention/",
)  # fmt: skip
_REDPOINT = (
    "Redpoint survey", "about 2019", "A",
    "https://www.slideshare.net/ttunguz/top-10-learning-about-free-trials",
)  # fmt: skip
_TUNGUZ = ("Tunguz via Watson", "about 2014", "B", "https://richardwatson.co/ideal-customer-size.html")
_KBCM = (
    "KBCM SaaS survey", "2019", "A",
    "https://www.scribd.com/document/486191576/2019-KBCM-SaaS-Survey-pdf",
)  # fmt: skip

DAY_ONE = Fact(
    17, 18, "AppsFlyer via Tourism and Society Think Tank", "2025", "B",
    "https://eng.tourismandsocietytt.com/news-and-newsletter/2025/2025-september/ultimas-noticias/"
    "travel-apps-shift-from-volume-to-value-in-2025",
)  # fmt: skip
DAY_ONE_ORGANIC = Fact(23.9, 23.9, *_OPOBNEWS)
DAY_ONE_PAID = Fact(15.9, 15.9, *_OPOBNEWS)
DAY_THIRTY = Fact(2.7, 3.5, *_OPOBNEWS)
IOS_OVER_ANDROID = Fact(1.4, 1.4, *_OPOBNEWS)
BACK_IN_A_MONTH = Fact(
    35, 47, "Localytics", "2018", "A",
    "https://info.localytics.com/blog/travel-app-users-are-among-the-most-loyal-in-mobile",
)  # fmt: skip
UNINSTALLED = Fact(
    32, 32, "AppsFlyer via Taptica", "2018", "B",
    "https://blog.taptica.com/report-30-day-app-uninstall-rate/",
)  # fmt: skip
USED_ONCE = Fact(
    38, 38, "Localytics", "undated, mid-2010s", "A",
    "https://ebooks.localytics.com/find-5-app-churn-risk-is-a-huge-challenge/",
)  # fmt: skip
SEARCHED = Fact(
    80, 80, "CleverTap via PhocusWire", "2018", "B",
    "https://www.phocuswire.com/clevertap-travel-apps-benchmark",
)  # fmt: skip
LEAD_DAYS = Fact(55, 81, *_YIELDR)
BASKET = Fact(189, 240, *_YIELDR)
MONDAY = Fact(22, 22, *_YIELDR)
FRIDAY = Fact(17, 17, *_YIELDR)
JANUARY = Fact(9, 62, "Criteo", "2017", "A", "https://criteo.com/blog/travel-bookings-surge-after-christmas")
AIR_TRIPS = Fact(
    4.5, 4.5, "A4A and Ipsos via BoardingArea", "2017", "B",
    "https://wildabouttravel.boardingarea.com/2017/03/us-airlines-improved/",
)  # fmt: skip
SECOND_PURCHASE = Fact(
    32, 32, "RJMetrics", "2015", "A",
    "https://www.prnewswire.com/news-releases/new-ecommerce-data-ecommerce-customer-loyalty-is-rare-"
    "300090535.html",
)  # fmt: skip
SURVEY_B2C = Fact(
    13, 16, "Satmetrix", "2015", "A",
    "https://docplayer.net/amp/9615900-Your-top-customer-experience-management-question-answered.html",
)  # fmt: skip

NRR = Fact(
    100, 110, "SaaS Capital, medians by contract value", "2023", "A",
    "https://alexisfairbanks.com/acvs-in-a-multi-year-contract-1486",
)  # fmt: skip
GRR = Fact(
    85, 90, "Bessemer via Product Management Today", "2021", "B",
    "http://www.productmanagementtoday.com/edition/weekly--2021-11-13/?open-article-id=20596609&article-title="
    "-i-developmentcorporate--i----untitled-article&blog-domain=developmentcorporate.com&blog-title="
    "developmentcorporate",
)  # fmt: skip
LOGO_CHURN = Fact(
    10, 10, "Pacific Crest via Insivia", "2016", "B",
    "https://www.insivia.com/quoter/the-median-annual-unit-churn-for-saas-companies-was-10-in-2016/",
)  # fmt: skip
LOGO_CHURN_SMALL = Fact(31, 58, *_TUNGUZ)
LOGO_CHURN_MEDIUM = Fact(11, 22, *_TUNGUZ)
LOGO_CHURN_LARGE = Fact(6, 10, *_TUNGUZ)
EXPANSION_SHARE = Fact(37, 37, *_KBCM)
ANNUAL_TERMS = Fact(80, 80, *_REDPOINT)
CONTRACT_VALUE = Fact(
    20_000, 28_000, "KBCM surveys via forEntrepreneurs", "2017 to 2020", "A",
    "https://www.forentrepreneurs.com/2019-saas-private-survey-results-part-1/?s=",
)  # fmt: skip
UNUSED_SEATS = Fact(
    47, 53, "Zylo", "2025", "A", "https://zylo.com/blog/license-management-license-optimization"
)
TRIAL_ASSISTED = Fact(6.8, 30, *_REDPOINT)
TRIAL_ALONE = Fact(1, 12, *_REDPOINT)
WIN_RATE = Fact(
    30, 30, "Implisit on Salesforce's blog", "2014", "A",
    "http://answers.salesforce.com/blog/2014/08/infographic-7-powerful-predictors-closed-won-opportunity-gp"
    ".html",
)  # fmt: skip
SALES_CYCLE = Fact(
    60, 72, "Bridge Group, medians of two surveys", "2017", "A",
    "http://www.forentrepreneurs.com/2017-saas-ae-metrics-report/",
)  # fmt: skip
NO_DECISION = Fact(
    40, 60, "Dixon and McKenna, Harvard Business Review, via MCC", "about 2022", "B",
    "https://www.managementconsultingconnection.com/marketing/sales/?open-article-id=21809879",
)  # fmt: skip
BUYING_GROUP = Fact(
    5.4, 10.2, "CEB, Challenger", "2014 to 2018", "A",
    "http://info.challengerinc.com/blog/more-b2b-decision-makers-want-in",
)  # fmt: skip
VISIBLE_RELEASES = Fact(
    3, 3, "Salesforce's calendar, in CertifySF", "2026", "B", "https://certifysf.com/sf-release-cycles/"
)
DEPLOYMENTS = Fact(
    7, 1460, "DORA via DevOps.com", "2019 to 2021", "B",
    "https://devops.com/google-dora-report-shows-modest-devops-gains/",
)  # fmt: skip
CHANGE_FAILURES = Fact(
    0, 15, "DORA via DevOps.com, elite teams", "2019", "B",
    "https://devops.com/dora-report-devops-maturity-levels-rise/amp/",
)  # fmt: skip
