"""Account executives, opportunities, their stages and stakeholders, the test of messages, time studies."""

from twoworlds.worlds.blocks import only_in_first
from twoworlds.worlds.pipewright import accounts as signing
from twoworlds.worlds.pipewright import committees, executives, messages, opportunities, time_studies


def make_deals(parameters, streams, scale, parts):
    """All rows of some blocks. parts: what these hold already (see world.py). Returns (tables, oracle)."""
    team, skills = executives.make_executives(parameters, streams.seed, scale)
    deals, table, stages, fates = opportunities.make_opportunities(parameters, streams, parts["settled"])
    blocks = signing.territories(parameters, scale)
    tables = {
        "executives": only_in_first(streams, team),
        "opportunities": table,
        "stages": stages,
        "stakeholders": committees.make_stakeholders(deals),
        "messages": messages.make_messages(parameters, streams, scale, blocks, deals),
        "time_studies": time_studies.make_time_studies(
            parameters, streams, parts["accounts"], parts["lives"]
        ),
    }
    oracle = {"executive_skills": only_in_first(streams, skills), "opportunity_fates": fates}
    return tables, oracle


def counts(oracle):
    """What the truth counts of a block's deals: those still open, and how many of them will be won."""
    fate = oracle["opportunity_fates"]["fate"]
    won = fate.codes == fate.labels.index("won")
    return {"deals_open": len(fate.codes), "deals_open_won_later": int(won.sum())}
