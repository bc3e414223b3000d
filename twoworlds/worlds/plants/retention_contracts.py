"""Chapter 3, Pipewright: renewal months; revenue, seats and logos that disagree."""

PLANTS = []
