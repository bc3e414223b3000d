# Every command of the course. Each calls `python3 -m authoring`, which makes the environment it needs by itself.
# Another Python: make book PYTHON=python3.12        Options: make test ARGS="unit --fail-fast"
PYTHON ?= python3
ARGS ?=
COMMANDS = book print zip serve test lint lab data notebooks pages calibrate bench lock clean

.PHONY: help $(COMMANDS)
# One after the other, even under -j: they share the environment and the build folder.
.NOTPARALLEL:

help:
	@$(PYTHON) -m authoring

$(COMMANDS):
	@$(PYTHON) -m authoring $@ $(ARGS)
