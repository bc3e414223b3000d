"""The plants: what stands in the data on purpose, and an honest way to find each.

`PLANTS` lists them all. An estimator sees the tables as `load` gives them, and of the truth (the dict of
`twoworlds.truth`) only the value that was planted.
"""

from twoworlds.worlds.plants import (
    activation_companies,
    growth_companies,
    growth_consumers,
    releases_accounts,
    releases_experiments,
    releases_log,
    research_companies,
    research_consumers,
    retention_consumers,
    retention_contracts,
    retention_reasons,
    retention_touches,
    sales_creatives,
    sales_deals,
    sales_pipeline,
    sales_time,
)

PLANTS = [
    *growth_consumers.PLANTS,
    *growth_companies.PLANTS,
    *activation_companies.PLANTS,
    *retention_consumers.PLANTS,
    *retention_contracts.PLANTS,
    *retention_reasons.PLANTS,
    *retention_touches.PLANTS,
    *research_consumers.PLANTS,
    *research_companies.PLANTS,
    *releases_experiments.PLANTS,
    *releases_log.PLANTS,
    *releases_accounts.PLANTS,
    *sales_creatives.PLANTS,
    *sales_deals.PLANTS,
    *sales_pipeline.PLANTS,
    *sales_time.PLANTS,
]
