"""People at the accounts of the research frame: who they are, and which seat they hold."""

import numpy as np

from twoworlds.worlds import lookup
from twoworlds.worlds.cells import NO_NUMBER, Coded
from twoworlds.worlds.pipewright.contracts import billing_days, is_known
from twoworlds.worlds.pipewright.parameters import ROLES, SIZES
from twoworlds.worlds.pipewright.research_parameters import PERSONAS, TEAMS
from twoworlds.worlds.streams import pick_by_group

MOST_CONTACTS = 99  # of one account
_ROLE_OF_TEAM = tuple(ROLES.index(role) for role in ("sales rep", "marketing", "service", "admin"))


def _rank(groups):
    """Place of each row among the rows of its group, from 0, in the order given."""
    order = np.argsort(groups, kind="stable")
    kept = groups[order]
    starts = np.flatnonzero(np.r_[True, kept[1:] != kept[:-1]]) if len(kept) else np.zeros(0, dtype=np.int64)
    rank = np.empty(len(groups), dtype=np.int64)
    rank[order] = np.arange(len(groups)) - np.repeat(starts, np.diff(np.r_[starts, len(groups)]))
    return rank


def make_frame(parameters, accounts, lives):
    """The accounts of the frame: `row` among the territory's accounts, `seats` on the frame's day, and what
    else the research needs of them."""
    day = parameters.frame_on
    held = is_known(accounts, lives) & (accounts["signed_on"] <= day) & (lives.left_on > day)
    row = np.flatnonzero(held & (accounts["enterprise"] | (accounts["size"] == SIZES.index("large"))))
    month = (billing_days(accounts, lives)[row] <= day).sum(axis=1) - 1
    return {
        "row": row,
        "account_id": accounts["account_id"][row],
        "industry": accounts["industry"][row],
        "seats": lives.seats[row, month],
        "price": accounts["seat_price_cents"][row],
        "left_on": lives.left_on[row],
    }


def _seat_holder(parameters, streams, frame, members, account, role):
    """Position among the members of a holder of the role's seat, another for each contact; -1 where none is
    left. account: (n,) position in the frame; role: (n,) role looked for, -1 for nobody."""
    day = parameters.frame_on
    in_frame = np.isin(members["row"], frame["row"])
    held = np.flatnonzero((members["seat_from"] <= day) & (members["until"] > day) & in_frame)
    draws = streams.draws("contacts", "seat", len(members["row"]))[held]
    held = held[np.argsort(draws, kind="stable")]
    place = np.searchsorted(frame["row"], members["row"][held]) * len(ROLES) + members["role"][held]
    key = place * 100_000 + _rank(place)
    order = np.argsort(key)
    asked = account * len(ROLES) + role
    wanted = asked * 100_000 + _rank(np.where(role < 0, -1, asked))
    at = np.searchsorted(key[order], wanted)
    found = (role >= 0) & (at < len(key))
    at = np.where(found, at, 0)
    found[found] = key[order][at[found]] == wanted[found]
    return np.where(found, held[order][at] if len(held) else -1, -1)


def make_contacts(parameters, streams, frame, members):
    """One row a contact. Returns (table, people); people: position of the account in the frame, codes of
    persona and team."""
    more = streams.below("contacts", "number", len(frame["row"]), 3)
    number = parameters.least_contacts + frame["seats"] // parameters.seats_a_contact + more
    number = np.minimum(number, parameters.most_contacts)
    account = np.repeat(np.arange(len(number)), number)
    place = np.arange(len(account)) - np.repeat(np.cumsum(number) - number, number)
    persona = np.array(parameters.contact_personas)[place]
    n = len(account)
    team = pick_by_group(streams.draws("contacts", "team", n), persona, parameters.team_share)

    role = np.array(_ROLE_OF_TEAM)[team]
    leads_sales = (persona == PERSONAS.index("manager")) & (team == TEAMS.index("sales"))
    role = np.where(leads_sales, ROLES.index("sales manager"), role)
    role = np.where(persona >= PERSONAS.index("buyer"), -1, role)  # buyers and approvers hold no seat
    holder = _seat_holder(parameters, streams, frame, members, account, role)
    linked = holder >= 0
    at = np.where(linked, holder, 0)
    months = lookup.scaled("exponential", streams.draws("contacts", "tenure", n), parameters.tenure_months)
    if len(members["row"]):
        months = months + np.where(linked, (parameters.frame_on - members["seat_from"][at]) // 30, 0)
        member = np.where(linked, members["member_id"][at], NO_NUMBER)
    else:
        member = np.full(n, NO_NUMBER)
    account_id = frame["account_id"][account]
    table = {
        "contact_id": account_id * (MOST_CONTACTS + 1) + place + 1,
        "account_id": account_id,
        "persona": Coded(persona, PERSONAS),
        "team": Coded(team, TEAMS),
        "member_id": member,
        "tenure_months": months,
    }
    return table, {"account": account, "persona": persona, "team": team}
