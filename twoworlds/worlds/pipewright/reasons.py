"""Why accounts left: the true reason, the one they state on leaving, and the one a later interview brings."""

import numpy as np

from twoworlds.worlds.blocks import OF_BLOCK
from twoworlds.worlds.cells import Coded
from twoworlds.worlds.pipewright.contracts import KINDS
from twoworlds.worlds.pipewright.parameters import REASONS
from twoworlds.worlds.streams import pick_by_group, threshold

_NONE = -1  # no reason: no churn, no answer


def make_reasons(parameters, streams, signed, movements):
    """Reasons of a territory's movements.

    Drawn once an account, since an account leaves once. Returns (stated, interviewed, truth): two Coded
    columns in the order of the movements, and the columns of the truth's table, one row a churn.
    """
    n = streams.rows(signed[OF_BLOCK])
    true = streams.pick("movements", "true_reason", n, parameters.true_reason_share)
    told = pick_by_group(streams.draws("movements", "stated_reason", n), true, parameters.stated_given_true)
    found = pick_by_group(
        streams.draws("movements", "interview_reason", n), true, parameters.interview_given_true
    )
    states = streams.happens("movements", "states_reason", threshold(parameters.states_reason), n)
    interviewed = streams.happens("movements", "interviewed", threshold(parameters.exit_interviewed), n)

    kind = movements["kind"].codes
    churn = np.flatnonzero(kind == KINDS.index("churn"))
    row = np.searchsorted(signed["account_id"], movements["account_id"][churn])

    def of_departures(reasons):
        column = np.full(len(kind), _NONE)
        column[churn] = reasons[row]
        return Coded(column, REASONS)

    truth = {
        OF_BLOCK: movements[OF_BLOCK][churn],
        "movement_id": movements["movement_id"][churn],
        "true_reason": Coded(true[row], REASONS),
    }
    stated, interview = np.where(states, told, _NONE), np.where(interviewed, found, _NONE)
    return of_departures(stated), of_departures(interview), truth
