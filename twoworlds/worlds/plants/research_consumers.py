"""Chapter 4, Swiftfare: who answers a survey."""

PLANTS = []
