"""The test of messages: two framings and four themes, by lot, and who replied.

A message to a company with a deal came shortly before the deal was opened. Framing moves the reply and, far
more slowly and the other way round, the win (see win_model.py); the theme moves neither.
"""

import numpy as np

from twoworlds.worlds import timeline
from twoworlds.worlds.cells import NO_NUMBER, Coded, take_rows
from twoworlds.worlds.pipewright.deals_parameters import FRAMINGS, THEMES
from twoworlds.worlds.streams import threshold

MOST_MESSAGES = 999  # of a territory


def _working_days(days):
    """The same days; Saturdays and Sundays become the Friday before."""
    return days - np.maximum(0, timeline.weekday(days) - 4)


def make_messages(parameters, streams, scale, blocks, deals):
    """One row a message of the test, in the order of days. Returns a table."""
    tested = take_rows(deals, deals["tested"])
    n = len(tested["account_id"])
    total = round(parameters.other_messages * scale)
    others = total * (streams.block + 1) // blocks - total * streams.block // blocks
    before = 1 + streams.below("messages", "before", n, parameters.message_days)
    days = parameters.message_end - parameters.message_start + 1
    other_on = parameters.message_start + streams.below("messages", "other_sent_on", others, days)
    none = np.full(others, NO_NUMBER)
    rows = {
        "sent_on": _working_days(np.r_[tested["created_on"] - before, other_on]),
        "framing": np.r_[tested["group"], streams.below("messages", "framing", others, len(FRAMINGS))],
        "theme": np.r_[tested["theme"], streams.below("messages", "theme", others, len(THEMES))],
        "account_id": np.r_[tested["account_id"], none],
        "opportunity_id": np.r_[tested["opportunity_id"], none],
    }
    n += others
    limit = threshold(parameters.reply_share)[rows["framing"]]
    rows["replied"] = streams.happens("messages", "replied", limit, n)
    rows = take_rows(rows, np.argsort(rows["sent_on"], kind="stable"))
    if n > MOST_MESSAGES:
        raise ValueError("a territory has more than 999 messages: their numbers would no longer be unique")
    return {
        "message_id": (streams.block + 1) * (MOST_MESSAGES + 1) + 1 + np.arange(n),
        "sent_on": rows["sent_on"],
        "framing": Coded(rows["framing"], FRAMINGS),
        "theme": Coded(rows["theme"], THEMES),
        "account_id": rows["account_id"],
        "replied": rows["replied"],
        "opportunity_id": rows["opportunity_id"],
    }
