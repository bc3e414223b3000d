"""Chapter 6, Pipewright: messages, committees, forecasts."""

PLANTS = []
