"""Chapter 1, Swiftfare: channels, holdouts, mix, the broken step, referral."""

PLANTS = []
