"""Swiftfare: a flight-booking app that sells to travellers (B2C)."""
