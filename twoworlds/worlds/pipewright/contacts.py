"""People at the accounts of the research frame: who they are, and which seat they hold."""

import numpy as np

from twoworlds.worlds import lookup, timeline
from twoworlds.worlds.blocks import OF_BLOCK, numbered
from twoworlds.worlds.cells import NO_NUMBER, Coded
from twoworlds.worlds.pipewright.contracts import is_known
from twoworlds.worlds.pipewright.parameters import ROLES, SIZES
from twoworlds.worlds.pipewright.research_parameters import PERSONAS, TEAMS
from twoworlds.worlds.streams import pick_by_group

MOST_CONTACTS = 99  # of one account
_ROLE_OF_TEAM = tuple(ROLES.index(role) for role in ("sales rep", "marketing", "service", "admin"))


def make_frame(parameters, accounts, lives):
    """The accounts of the frame: `row` among the accounts, `seats` on the frame's day, and what else the
    research needs of them."""
    day = parameters.frame_on
    held = is_known(accounts, lives) & (accounts["signed_on"] <= day) & (lives.left_on > day)
    row = np.flatnonzero(held & (accounts["enterprise"] | (accounts["size"] == SIZES.index("large"))))
    signed_on = accounts["signed_on"][row]
    # Months begun since the one that began with the signing.
    month = timeline.month_index(day) - timeline.month_index(signed_on)
    month -= timeline.day_of_month(signed_on) > timeline.day_of_month(day)
    return {
        OF_BLOCK: accounts[OF_BLOCK][row],
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
    in_frame = np.full(max(members["row"].max(initial=-1), frame["row"].max(initial=-1)) + 1, -1)
    in_frame[frame["row"]] = np.arange(len(frame["row"]))
    held = in_frame[members["row"]] >= 0
    held &= (members["seat_from"] <= day) & (members["until"] > day)
    held = np.flatnonzero(held)
    # Seats of an account and role stand together, in the order of their draws.
    draws = streams.draws("contacts", "seat", streams.rows(members[OF_BLOCK]), held)
    seat = in_frame[members["row"][held]] * len(ROLES) + members["role"][held]
    held = held[np.argsort((seat << 32) + draws, kind="stable")]
    seats = np.bincount(seat, minlength=len(frame["row"]) * len(ROLES))
    first = np.cumsum(seats) - seats

    asks = np.flatnonzero(role >= 0)
    asked = account[asks] * len(ROLES) + role[asks]
    order = np.argsort(asked, kind="stable")
    asks, asked = asks[order], asked[order]
    turn = numbered(asked)
    gets = turn < seats[asked]
    found = np.full(len(role), -1)
    found[asks[gets]] = held[(first[asked] + turn)[gets]]
    return found


def make_contacts(parameters, streams, frame, members):
    """One row a contact. Returns (table, people); people: position of the account in the frame, codes of
    persona and team."""
    more = streams.below("contacts", "number", streams.rows(frame[OF_BLOCK]), 3)
    number = parameters.least_contacts + frame["seats"] // parameters.seats_a_contact + more
    number = np.minimum(number, parameters.most_contacts)
    account = np.repeat(np.arange(len(number)), number)
    of_block = frame[OF_BLOCK][account]
    place = np.arange(len(account)) - np.repeat(np.cumsum(number) - number, number)
    persona = np.array(parameters.contact_personas)[place]
    n = streams.rows(of_block)
    team = pick_by_group(streams.draws("contacts", "team", n), persona, parameters.team_share)

    role = np.array(_ROLE_OF_TEAM)[team]
    leads_sales = (persona == PERSONAS.index("manager")) & (team == TEAMS.index("sales"))
    role[leads_sales] = ROLES.index("sales manager")
    role[persona >= PERSONAS.index("buyer")] = -1  # buyers and approvers hold no seat
    holder = _seat_holder(parameters, streams, frame, members, account, role)
    linked = np.flatnonzero(holder >= 0)
    holder = holder[linked]
    months = lookup.scaled("exponential", streams.draws("contacts", "tenure", n), parameters.tenure_months)
    months[linked] += (parameters.frame_on - members["seat_from"][holder]) // 30
    member = np.full(len(account), NO_NUMBER)
    member[linked] = members["member_id"][holder]
    account_id = frame["account_id"][account]
    table = {
        OF_BLOCK: of_block,
        "contact_id": account_id * (MOST_CONTACTS + 1) + place + 1,
        "account_id": account_id,
        "persona": Coded(persona, PERSONAS),
        "team": Coded(team, TEAMS),
        "member_id": member,
        "tenure_months": months,
    }
    return table, {OF_BLOCK: of_block, "account": account, "persona": persona, "team": team}
