# Everything here can be repeated: what is done already is not done again.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ASSETS := web/static/dist/.stamp
FRONTEND := pyproject.toml $(addprefix web/frontend/,package-lock.json build.mjs hatch_build.py) \
  $(wildcard web/frontend/src/*)
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
COMPILE := var/lock/bin/pip-compile --quiet --generate-hashes --strip-extras --no-header --allow-unsafe \
  --no-emit-index-url --no-emit-trusted-host --no-emit-find-links

.PHONY: help setup setup-dev run test test-random test-faults check browser bench lock clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1|/p' Makefile | while IFS='|' read -r name what; do \
	  printf '%-18s %s\n' "$$name" "$$what"; done

run: setup ## set up, then serve the demo; prints the address and the sign-ins
	@$(BIN)/sccif run --demo $(ARGS)

test: setup-dev browser check ## set up, check, and run every test (ARGS="-k word" for some)
	@SCCIF_FAULT_ROUNDS=$${SCCIF_FAULT_ROUNDS:-25} SCCIF_RANDOM_MODELS=$${SCCIF_RANDOM_MODELS:-2000} \
	  $(BIN)/python -m pytest -n 2 $(ARGS)

test-random: setup-dev ## run 20,000 random processes (SCCIF_RANDOM_MODELS) in memory and reloaded
	@SCCIF_RANDOM_MODELS=$${SCCIF_RANDOM_MODELS:-20000} $(BIN)/python -m pytest -n 2 \
	  tests/engine/spiff/test_random_models.py tests/engine/runtime/test_random_cases_from_rows.py $(ARGS)

test-faults: setup-dev ## kill what runs 500 times (SCCIF_FAULT_ROUNDS) and see that nothing is lost; ten minutes
	@SCCIF_FAULT_ROUNDS=$${SCCIF_FAULT_ROUNDS:-500} $(BIN)/python -m pytest tests/engine/faults $(ARGS)

check: setup-dev ## lint, types, layers, models and guidance; no tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/sccif check bpmn/
	$(BIN)/sccif guidance

bench: setup-dev ## the benchmarks, as ratios to the floor
	@$(BIN)/sccif bench

setup: $(ASSETS) ## environment, locked packages and browser assets

setup-dev: $(VENV)/.packages-dev $(ASSETS)

browser: $(VENV)/.packages-dev ## find or install the Chromium that the journeys drive
	@$(BIN)/python tests/journeys/browser.py

lock: ## work out the locks again from pyproject.toml
	@test -x var/lock/bin/pip-compile || { $(PYTHON) -m venv var/lock && var/lock/bin/pip -q install pip-tools; }
	$(COMPILE) --upgrade --output-file requirements.lock pyproject.toml
	$(COMPILE) --upgrade --extra dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml

clean: ## remove what was installed and built; the database in var/ stays
	rm -rf $(VENV) web/static/dist web/frontend/node_modules var/lock

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Python 3.11 or newer is needed; say which with: make PYTHON=/path/to/python3" >&2; exit 1; }
	@echo "Making the environment $(VENV)"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "On Debian and Ubuntu install it with: apt-get install python3-venv" >&2; exit 1; }

# Two steps, so that running it needs no test tools. Every file is checked against its hash.
$(VENV)/.packages: requirements.lock | $(BIN)/python
	@echo "Installing the packages of $<"
	@$(PIP) install --require-hashes --no-deps -r $<
	@touch $@

$(VENV)/.packages-dev: requirements-dev.lock $(VENV)/.packages
	@echo "Installing the packages of $<"
	@$(PIP) install --require-hashes --no-deps -r $<
	@touch $@

# Installs engine and web in place; the build hook makes the browser assets (Node comes as a wheel).
$(ASSETS): $(VENV)/.packages $(FRONTEND)
	@echo "Building the browser assets"
	@$(PIP) install --no-deps --editable .
	@touch $@
