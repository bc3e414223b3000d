"""Chapter 5, Pipewright: experiments by account."""

PLANTS = []
