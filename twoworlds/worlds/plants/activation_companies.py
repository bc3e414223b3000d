"""Chapter 2, Pipewright: assisted and self-serve trials."""

PLANTS = []
