"""What must hold in the tables of Pipewright's deals."""

import pandas as pd

from twoworlds.worlds.pipewright.deals_parameters import COMMITTEE_ROLES, ROLE_STAGES, STAGES


def _count(what, wrong):
    """A sentence where any of a Series of booleans is true."""
    if wrong.any():
        yield f"{what}: {int(wrong.sum())} rows"


def _opportunity_violations(tables):
    deals, accounts = tables["opportunities"], tables["accounts"].set_index("account_id")
    won, open_ = deals["outcome"] == "won", deals["outcome"] == "open"
    yield from _count("two deals of an account", deals["account_id"].duplicated())
    yield from _count("deal closed on or before its opening", deals["closed_on"] <= deals["created_on"])
    yield from _count("open deal with an end, or a closed one without", open_ != deals["closed_on"].isna())
    paid = deals["account_id"].map(accounts["first_paid_on"])
    yield from _count("won deal that is not closed on the first payment", won & (deals["closed_on"] != paid))
    yield from _count("payment of a deal that is not won", ~won & paid.notna())
    new = tables["movements"].query("kind == 'new'").set_index("account_id")["mrr_cents"]
    amount = 12 * deals["account_id"].map(new)
    yield from _count("won deal at another price", won & (deals["amount_cents"] != amount))
    team = tables["executives"].set_index("executive_id")
    started = deals["executive_id"].map(team["started_on"])
    yield from _count("deal opened before its executive started", deals["created_on"] < started)
    segment = deals["executive_id"].map(team["segment"]).astype(str)
    size = deals["account_id"].map(accounts["size"]).astype(str)
    yield from _count("deal with the executive of another size", segment != size)
    half = deals["framing"].isna() != deals["theme"].isna()
    yield from _count("framing without a theme, or a theme without a framing", half)
    trial = tables["trials"].set_index("account_id")["executive_id"].dropna()
    other = deals["account_id"].map(trial)
    wrong = other.notna() & (other != deals["executive_id"])
    yield from _count("trial and deal with two executives", wrong.fillna(False))


def _stage_violations(tables):
    deals, stages = tables["opportunities"].set_index("opportunity_id"), tables["stages"]
    yield from _count("stage that begins on a weekend", stages["entered_on"].dt.day_of_week > 4)
    ended = deals["closed_on"].dropna()
    yield from _count("deal that ends on a weekend", ended.dt.day_of_week > 4)
    began = stages.pivot(index="opportunity_id", columns="stage", values="entered_on")
    began = began.reindex(index=deals.index, columns=list(STAGES)).astype("datetime64[us]")
    yield from _count("first stage not on the day of the opening", began[STAGES[0]] != deals["created_on"])
    last = deals["closed_on"].fillna(pd.Timestamp("2026-01-01"))
    late = began.ge(last, axis=0).any(axis=1)
    yield from _count("stage that begins on or after the end of its deal", late)
    shifted = began.ffill(axis=1).shift(axis=1)
    yield from _count("stage that does not follow the one before", (began <= shifted).any(axis=1))
    with_reviewer = deals["stakeholders"] > COMMITTEE_ROLES.index("security")
    reviewed, audited = began["security"].notna(), began["audit"].notna()
    yield from _count("security review without a reviewer", reviewed & ~with_reviewer)
    yield from _count("audit before a security review", audited & with_reviewer & ~reviewed)
    yield from _count("audit or review before an evaluation", audited & began["evaluation"].isna())
    yield from _count("won deal without an audit", (deals["outcome"] == "won") & ~audited)
    people = tables["stakeholders"]
    stage_of = dict(zip(COMMITTEE_ROLES, ROLE_STAGES, strict=True))
    no = people.loc[~people["said_yes"]]
    ends = no["role"].astype(str).map(stage_of).groupby(no["opportunity_id"]).min()
    reached = stages["stage"].astype(str).map({name: place for place, name in enumerate(STAGES)})
    reached = reached.groupby(stages["opportunity_id"]).max().reindex(ends.index)
    yield from _count("deal that went on after a no", reached > ends)


def _time_violations(tables):
    timed, accounts = tables["time_studies"], tables["accounts"].set_index("account_id")
    gone = tables["movements"].query("kind == 'churn'").set_index("account_id")["moved_on"]
    on = timed["measured_on"]
    paid = timed["account_id"].map(accounts["first_paid_on"])
    yield from _count("timed before half a year as a customer", ~(paid <= on - pd.Timedelta(days=180)))
    yield from _count("timed after the churn", timed["account_id"].map(gone) <= on)
    yield from _count("timed on a weekend", on.dt.day_of_week > 4)


def _committee_violations(tables):
    deals, people = tables["opportunities"].set_index("opportunity_id"), tables["stakeholders"]
    closed = deals[deals["outcome"] != "open"]
    asked = people.groupby("opportunity_id")["said_yes"].agg(["size", "all"]).reindex(deals.index)
    yield from _count("stakeholders of an open deal", asked["size"].drop(closed.index).notna())
    differs = asked["size"].loc[closed.index] != closed["stakeholders"]
    yield from _count("committee of another size", differs)
    won = closed.index[closed["outcome"] == "won"]
    yield from _count("won deal to which somebody said no", ~asked["all"].loc[won].astype(bool))


def _message_violations(tables):
    deals, sent = tables["opportunities"].set_index("opportunity_id"), tables["messages"]
    yield from _count("message on a weekend", sent["sent_on"].dt.day_of_week > 4)
    with_deal = sent[sent["opportunity_id"].notna()]
    half = sent["opportunity_id"].isna() != sent["account_id"].isna()
    yield from _count("message to a company without its deal", half)
    of_deal = deals.loc[with_deal["opportunity_id"]].set_axis(with_deal.index)
    other = of_deal["account_id"] != with_deal["account_id"].astype(int)
    for name in ("framing", "theme"):
        other |= of_deal[name].astype(str) != with_deal[name].astype(str)
    yield from _count("message that differs from its deal's", other)
    yield from _count("message after the deal was opened", with_deal["sent_on"] >= of_deal["created_on"])
    tested = set(deals.index[deals["framing"].notna()])
    if tested != set(with_deal["opportunity_id"]) or with_deal["opportunity_id"].duplicated().any():
        yield "deals in the test of messages are not those with one message"


def violations(tables):
    """Sentences, one for each rule that is broken; none where all is well."""
    yield from _opportunity_violations(tables)
    yield from _stage_violations(tables)
    yield from _committee_violations(tables)
    yield from _message_violations(tables)
    yield from _time_violations(tables)
