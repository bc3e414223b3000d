"""What was planted in Pipewright's deals: unit and reason of each number."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DealsParameters:
    """Account executives, opportunities, their stages and stakeholders, outreach messages."""
