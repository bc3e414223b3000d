"""What was planted in Pipewright's research: unit and reason of each number."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ResearchParameters:
    """Contacts, survey answers and interviews at Pipewright's accounts."""
