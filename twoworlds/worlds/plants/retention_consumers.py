"""Chapter 3, Swiftfare: retention that climbs by sorting; reasons for leaving."""

PLANTS = []
