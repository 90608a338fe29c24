# Everything there is to do here. The environment is .venv; whatever needs it makes it, once.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := -m pip --disable-pip-version-check --quiet

# An environment knows its own place by heart: in a checkout that was moved or copied it is made anew.
MADE := $(VENV)/.made-$(shell pwd | cksum | cut -d ' ' -f 1)
RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev

.PHONY: help demo install test check bench flows pins
.DEFAULT_GOAL := help

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

demo: $(RUNTIME) ## try Regulars in the browser: four example businesses, no account needed [PORT=8080]
	@$(if $(PORT),PORT='$(PORT)') $(BIN)/regulars demo

install: $(DEV) ## make the environment and nothing else
	@echo 'Ready: .venv/bin/regulars'

test: $(DEV) ## run the tests on a PostgreSQL of their own, or on DATABASE_URL
	$(BIN)/pytest -n auto --dist loadfile

check: $(DEV) ## look at format, style, types, and who imports whom
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(RUNTIME) ## messages, free times and points a second, each beside its floor
	$(BIN)/python -m bench.turn
	$(BIN)/python -m bench.ledger
	$(BIN)/python -m bench.openings

flows: $(RUNTIME) ## draw every flow into docs/flows/
	$(BIN)/regulars flows

pins: $(MADE) ## renew constraints.txt with the newest versions that pyproject.toml allows
	$(BIN)/python -m venv --clear build/pins
	build/pins/bin/python $(PIP) install --editable '.[dev]'
	{ head -n 2 constraints.txt && build/pins/bin/python -m pip freeze --exclude-editable; } > build/constraints.txt
	mv build/constraints.txt constraints.txt
	rm -rf build/pins

$(MADE):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Regulars needs Python 3.11 or newer, and '$(PYTHON)' is none." \
	    "Name another one: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv; ensurepip.version()' 2>/dev/null || { \
	  echo "'$(PYTHON)' cannot make virtual environments yet." \
	    "On Debian and Ubuntu install what is missing: sudo apt install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(RUNTIME): pyproject.toml constraints.txt $(MADE)
	@echo "Installing Regulars into $(VENV) (once, about a minute) ..."
	@$(BIN)/python $(PIP) install --editable . --constraint constraints.txt
	@touch $@

$(DEV): $(RUNTIME)
	@echo "Installing what the tests and checks need ..."
	@$(BIN)/python $(PIP) install --editable '.[dev]' --constraint constraints.txt
	@touch $@
