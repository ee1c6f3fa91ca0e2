# Becontree. `make` alone prints this help. Needs python3 (3.11+), pip and make; nothing else, and no root.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
UV_VERSION := 0.13.9
UV := .tools/uv-$(UV_VERSION)/bin/uv
BIN := .venv/bin
export UV_PYTHON_DOWNLOADS := never
export UV_LINK_MODE ?= copy
PORT ?= 8000

.PHONY: help setup setup-dev demo serve test check docs format locks translations clean

help: ## Print this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# pip install --target needs neither the venv module nor leave to touch the system's packages; uv makes the rest.
$(UV):
	@echo "Fetching uv $(UV_VERSION) into .tools ..."
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --no-warn-script-location \
	  --root-user-action=ignore --target .tools/uv-$(UV_VERSION) "uv==$(UV_VERSION)"

# Compiled at once, so that it starts quickly even where Python may not write what it compiles.
.venv/runtime.stamp: $(UV) requirements/runtime.txt requirements/build.txt pyproject.toml
	@echo "Setting up .venv (what Becontree needs to run) ..."
	@test -x $(BIN)/python || $(UV) venv --quiet --python $(PYTHON) .venv
	@test -e .venv/dev.stamp || $(UV) pip sync --quiet --require-hashes requirements/runtime.txt
	@test ! -e .venv/dev.stamp || $(UV) pip install --quiet --require-hashes -r requirements/runtime.txt
	@$(UV) pip install --quiet --require-hashes -r requirements/build.txt
	@$(UV) pip install --quiet --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q -x '/tests/' src .venv/lib/python3*/site-packages/numpy
	@touch $@

.venv/dev.stamp: .venv/runtime.stamp requirements/dev.txt
	@echo "Adding what tests, checks and documentation need ..."
	@$(UV) pip install --quiet --require-hashes -r requirements/dev.txt
	@touch $@

setup: .venv/runtime.stamp ## Set up what is needed to run
setup-dev: .venv/dev.stamp ## Set up what is needed to test and check as well

translations: setup-dev ## Renew the catalogues of translations and say what is missing
	@BECONTREE_MODE=test DJANGO_SETTINGS_MODULE=becontree.web.settings_test BECONTREE_HOME="$$(mktemp -d)" $(BIN)/becontree manage translations

demo: setup ## Serve the example borough at http://127.0.0.1:8000
	@$(BIN)/becontree demo --port $(PORT)

serve: setup ## Serve the council's own installation (settings from the environment)
	@$(BIN)/becontree serve --port $(PORT)

test: setup-dev ## Run the whole test suite on SQLite, and on PostgreSQL where there is one
	@.ci/test

check: setup-dev ## Lint, types, import contracts, templates, migrations, stale pages
	@.ci/check

docs: setup-dev ## Build the documentation into docs/_build
	@$(BIN)/sphinx-build --quiet --fail-on-warning docs docs/_build/html && echo "docs/_build/html/index.html"

format: setup-dev ## Format the code
	@$(BIN)/ruff format src tests benchmarks && $(BIN)/ruff check --fix src tests benchmarks

locks: $(UV) ## Renew the hash-pinned requirement files (maintainers)
	@$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --upgrade requirements/build.in -o requirements/build.txt
	@$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --upgrade pyproject.toml -o requirements/runtime.txt
	@$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --upgrade pyproject.toml requirements/dev.in -c requirements/runtime.txt -o requirements/dev.txt

clean: ## Remove what set-up made here
	@rm -rf .venv .tools .pytest_cache .mypy_cache .ruff_cache docs/_build
