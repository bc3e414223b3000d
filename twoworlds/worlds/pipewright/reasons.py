"""Why accounts left: the true reason, the one they state on leaving, and the one a later interview brings."""

import numpy as np

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
    n = len(signed["account_id"])
    true = streams.pick("movements", "true_reason", n, parameters.true_reason_share)
    told = pick_by_group(streams.draws("movements", "stated_reason", n), true, parameters.stated_given_true)
    found = pick_by_group(
        streams.draws("movements", "interview_reason", n), true, parameters.interview_given_true
    )
    states = streams.happens("movements", "states_reason", threshold(parameters.states_reason), n)
    interviewed = streams.happens("movements", "interviewed", threshold(parameters.exit_interviewed), n)

    churn = movements["kind"].codes == KINDS.index("churn")
    row = np.searchsorted(signed["account_id"], movements["account_id"])
    stated = np.where(churn & states[row], told[row], _NONE)
    interview = np.where(churn & interviewed[row], found[row], _NONE)
    truth = {
        "movement_id": movements["movement_id"][churn],
        "true_reason": Coded(true[row[churn]], REASONS),
    }
    return Coded(stated, REASONS), Coded(interview, REASONS), truth
