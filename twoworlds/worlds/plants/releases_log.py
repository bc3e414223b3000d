"""Chapter 5, Swiftfare: releases, small and large."""

PLANTS = []
