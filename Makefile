# Every target sets up what it needs; a bare machine needs Python 3.11 and make.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
FOR ?=
DIST ?= dist
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint format bench bench-peers faults servers generate wheel clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'

setup: $(VENV)/.ready ## .venv with everything in it

$(VENV)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Tidemark needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 2; }
	@echo "setting up $(VENV) (once)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --requirement requirements.lock
	@$(BIN)/pip install --quiet --no-deps --editable .
	@touch $@

demo: setup ## fill the year to date, then run live; FOR=30 ends after 30 s
	@$(BIN)/tidemark demo $(if $(FOR),--for $(FOR))

test: setup ## all tests; what needs a missing server is skipped with the reason
	@$(BIN)/pytest -n 2 --dist loadgroup --ignore tests/bench

lint: setup ## style, types, layers
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

format: setup ## format the code
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format --quiet .

bench: setup ## speed and memory, each against a baseline of the same run
	@$(BIN)/python -m tests.bench

bench-peers: setup servers ## the ledger against its alternatives, on one broker
	@$(BIN)/python -m tests.bench.peers

faults: setup ## the long fault run: 200 faults on three Kafka nodes, 100 kills of the embedded ledger
	@TIDEMARK_TEST_KILLS=100 TIDEMARK_TEST_FAULTS=200 $(BIN)/pytest -s tests/faults

servers: ## the servers that some tests use: Kafka, Prometheus, Alertmanager, Chromium
	@tests/servers/install.sh

generate: setup ## regenerate what comes from tables: references, rules, routes, dashboards
	@$(BIN)/tidemark schemas write docs/reference
	@$(BIN)/python -m tidemark.deploy.prometheus
	@$(BIN)/python -m tidemark.deploy.prometheus.reference
	@$(BIN)/python -m tidemark.deploy.alertmanager
	@$(BIN)/python -W ignore::DeprecationWarning -m tidemark.deploy.grafana

wheel: setup ## the wheel, in dist/; build/ goes first, or what is gone from the tree would stay in it
	@rm -rf build
	@$(BIN)/pip wheel --quiet --no-deps --no-build-isolation --wheel-dir $(DIST) .
	@rm -rf build tidemark.egg-info

clean: ## remove the environment and caches, not the data in var/
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
