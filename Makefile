# Every target sets up what it needs; a new machine needs Python 3.11 and make.
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

setup: $(VENV)/.ready ## create .venv with all dependencies

$(VENV)/.ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is too old or missing; Tidemark needs Python 3.11 or newer: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 2; }
	@echo "creating $(VENV) (once)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/pip install --quiet --requirement requirements.lock
	@$(BIN)/pip install --quiet --no-deps --editable .
	@touch $@

demo: setup ## simulate the year to date, then run live; FOR=30 ends after 30 s
	@$(BIN)/tidemark demo $(if $(FOR),--for $(FOR))

test: setup ## run all tests; those whose server is missing are skipped with the reason
	@$(BIN)/pytest -n 2 --dist loadgroup --ignore tests/bench

lint: setup ## check style, types and layers
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

format: setup ## format the code
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format --quiet .

bench: setup ## measure speed and memory, each against a baseline of the same run
	@$(BIN)/python -m tests.bench

bench-peers: setup servers ## compare the ledger with its alternatives on one broker
	@$(BIN)/python -m tests.bench.peers

faults: setup ## run the long fault test: 200 faults on three Kafka nodes, 100 kills of the embedded ledger
	@TIDEMARK_TEST_KILLS=100 TIDEMARK_TEST_FAULTS=200 $(BIN)/pytest -s tests/faults

servers: ## install the servers that some tests use: Kafka, Prometheus, Alertmanager, Chromium
	@tests/servers/install.sh

generate: setup ## regenerate the files made from tables: references, rules, routes, dashboards
	@$(BIN)/tidemark schemas write docs/reference
	@$(BIN)/python -m tidemark.deploy.prometheus
	@$(BIN)/python -m tidemark.deploy.prometheus.reference
	@$(BIN)/python -m tidemark.deploy.alertmanager
	@$(BIN)/python -W ignore::DeprecationWarning -m tidemark.deploy.grafana

wheel: setup ## build the wheel into dist/
	@rm -rf build # or files deleted from the tree would stay in the wheel
	@$(BIN)/pip wheel --quiet --no-deps --no-build-isolation --wheel-dir $(DIST) .
	@rm -rf build tidemark.egg-info

clean: ## remove the environment and caches, not the data in var/
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
