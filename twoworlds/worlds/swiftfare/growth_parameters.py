"""What was planted in Swiftfare's growth: unit and reason of each number."""

from dataclasses import dataclass


@dataclass(frozen=True)
class GrowthParameters:
    """Campaigns and spend, holdouts by region, invites, website visits, touches before a booking."""
