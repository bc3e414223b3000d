"""The test of messages: two framings and four themes, by lot, and who replied.

A message to a company with a deal came shortly before the deal was opened. Framing moves the reply and, far
more slowly and the other way round, the win (see win_model.py); the theme moves neither.
"""

import numpy as np

from twoworlds.worlds import timeline
from twoworlds.worlds.blocks import OF_BLOCK, numbered, together
from twoworlds.worlds.cells import NO_NUMBER, Coded, take_rows
from twoworlds.worlds.pipewright.deals_parameters import FRAMINGS, THEMES
from twoworlds.worlds.pipewright.prospects import share_of_blocks
from twoworlds.worlds.streams import threshold

MOST_MESSAGES = 999  # of a territory


def _working_days(days):
    """The same days; Saturdays and Sundays become the Friday before."""
    return days - np.maximum(0, timeline.weekday(days) - 4)


def make_messages(parameters, streams, scale, blocks, deals):
    """One row a message of the test, in the order of days. Returns a table."""
    tested = np.flatnonzero(deals["tested"])
    with_deal = {name: deals[name][tested] for name in (OF_BLOCK, "theme", "account_id", "opportunity_id")}
    n = streams.rows(with_deal[OF_BLOCK])
    before = 1 + streams.below("messages", "before", n, parameters.message_days)
    with_deal |= {"framing": deals["group"][tested], "sent_on": deals["created_on"][tested] - before}

    of_block, _ = share_of_blocks(streams, round(parameters.other_messages * scale), blocks)
    n, none = streams.rows(of_block), np.full(len(of_block), NO_NUMBER)
    days = parameters.message_end - parameters.message_start + 1
    others = {
        OF_BLOCK: of_block,
        "theme": streams.below("messages", "theme", n, len(THEMES)),
        "account_id": none,
        "opportunity_id": none,
        "framing": streams.below("messages", "framing", n, len(FRAMINGS)),
        "sent_on": parameters.message_start + streams.below("messages", "other_sent_on", n, days),
    }

    rows = together([with_deal, others])
    limit = threshold(parameters.reply_share)[rows["framing"]]
    rows["replied"] = streams.happens("messages", "replied", limit, streams.rows(rows[OF_BLOCK]))
    rows["sent_on"] = _working_days(rows["sent_on"])
    rows = take_rows(rows, np.argsort((rows[OF_BLOCK] << 32) + rows["sent_on"], kind="stable"))
    of_block = rows[OF_BLOCK]
    number = numbered(of_block)
    if number.max(initial=0) >= MOST_MESSAGES:
        raise ValueError("a territory has more than 999 messages: their numbers would no longer be unique")
    return {
        OF_BLOCK: of_block,
        "message_id": (streams.blocks[of_block] + 1) * (MOST_MESSAGES + 1) + 1 + number,
        "sent_on": rows["sent_on"],
        "framing": Coded(rows["framing"], FRAMINGS),
        "theme": Coded(rows["theme"], THEMES),
        "account_id": rows["account_id"],
        "replied": rows["replied"],
        "opportunity_id": rows["opportunity_id"],
    }
