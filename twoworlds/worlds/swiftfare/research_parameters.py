"""What was planted in Swiftfare's research: unit and reason of each number."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ResearchParameters:
    """Releases, survey answers and interviews of Swiftfare's users."""
