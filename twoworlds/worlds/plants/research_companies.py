"""Chapter 4, Pipewright: needs by persona, team and account."""

PLANTS = []
