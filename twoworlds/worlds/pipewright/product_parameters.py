"""What was planted in Pipewright's product: unit and reason of each number."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ProductParameters:
    """Releases, experiments by account, member-days, support tickets."""
