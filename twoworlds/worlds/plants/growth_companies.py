"""Chapter 1, Pipewright: spend and the wins that follow months later."""

PLANTS = []
