"""What was planted in Pipewright's funnel: unit and reason of each number."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FunnelParameters:
    """Leads and trials, website visits, spend by month, invites between members."""
