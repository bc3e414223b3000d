"""Leads and trials, website visits, spend by month, invites between members."""

from twoworlds.worlds.pipewright import accounts as signing
from twoworlds.worlds.pipewright import invites, leads, market, trials


def make_funnel(parameters, streams, scale, parts):
    """All rows of some blocks. parts: what these hold already (see world.py). Returns (tables, oracle)."""
    candidates, blocks = parts["candidates"], signing.territories(parameters, scale)
    tried, trial_days, oracle = trials.make_trials(parameters, streams, candidates)
    tables = {
        "trials": tried,
        "trial_days": trial_days,
        "leads": leads.make_leads(parameters, streams, scale, candidates, blocks),
        "invites": invites.make_invites(
            parameters, streams, parts["accounts"], parts["lives"], parts["members"]
        ),
        **market.make_market(parameters, streams, scale),
    }
    return tables, {"trials": oracle}
