"""The plants: what stands in the data on purpose, and an honest way to find each.

`PLANTS` lists them all. An estimator sees the tables as `load` gives them, and of the truth (the dict of
`twoworlds.truth`) only the value that was planted.
"""

from twoworlds.worlds.plants import (
    releases_experiments,
    retention_reasons,
    retention_touches,
    sales_creatives,
)

PLANTS = [
    *releases_experiments.PLANTS,
    *sales_creatives.PLANTS,
    *retention_reasons.PLANTS,
    *retention_touches.PLANTS,
]
