# `make help` lists what there is. Every target can be run again; what is done is not done twice.
SHELL := /bin/bash
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
BIN := .venv/bin
MADE := .venv/made
CATALOGUES := $(wildcard recruit/translations/*/LC_MESSAGES/*.po)

.PHONY: help demo test lint fmt run wheel extract

help: ## Show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

demo: $(MADE)/ready ## Fill a worked example and serve it (ARGS="--no-serve" only writes the files)
	@$(BIN)/recruit demo $(ARGS)

run: $(MADE)/ready ## Serve the application with the settings of the environment
	@$(BIN)/recruit serve $(ARGS)

test: lint ## Run every check and every test
	@$(BIN)/python -m pytest -n 2 --dist loadgroup $(ARGS)

lint: $(MADE)/tools ## Check style, types and the direction of imports
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/djlint templates --lint --quiet

fmt: $(MADE)/tools ## Put every file in the house's format
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

wheel: $(MADE)/ready ## Build the package that a server installs, in dist/
	@$(BIN)/python -m hatchling build -t wheel

extract: $(MADE)/tools ## Collect the texts of code and pages into the catalogues
	@mkdir -p build
	@$(BIN)/pybabel -q extract -F babel.cfg -k _l -k lazy_gettext --no-location --sort-output --project Recruit -o build/messages.pot .
	@$(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete -w 100 -i build/messages.pot -d recruit/translations

$(MADE)/venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null
	@mkdir -p $(MADE) && touch $@

$(MADE)/packages: requirements.txt requirements-build.txt | $(MADE)/venv
	@echo "Installing the packages …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements.txt -r requirements-build.txt
	@touch $@

$(MADE)/installed: $(MADE)/packages pyproject.toml
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(MADE)/assets: package-lock.json build_assets.py | $(MADE)/packages
	@$(BIN)/python build_assets.py
	@touch $@

$(MADE)/catalogues: $(CATALOGUES) | $(MADE)/packages
	@if [ -n "$(CATALOGUES)" ]; then for domain in messages flask_security; do $(BIN)/pybabel -q compile -d recruit/translations -D $$domain; done; fi
	@touch $@

$(MADE)/system: | $(MADE)/venv
	@./ensure_system libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
	@touch $@

$(MADE)/ready: $(MADE)/installed $(MADE)/assets $(MADE)/catalogues $(MADE)/system
	@touch $@

$(MADE)/tools: $(MADE)/ready requirements-dev.txt
	@echo "Installing the test tools …"
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.txt
	@./ensure_system chromium poppler-utils nginx-light
	@touch $@
