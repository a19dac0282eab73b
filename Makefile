# The commands of this project; `make` alone lists them. CONTRIBUTING.md says when to use which.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory

PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
TEMPLATES := tracker/web/templates
# Extra words for pytest and for the lock, as in `make test ARGS="-k dates"` or `make lock ARGS=--upgrade`.
ARGS ?=

.PHONY: help
help: ## List these commands
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

.PHONY: run
run: ## Install, load incidents.yaml and serve on 127.0.0.1 (PORT=8000)
	@requirements/environment.sh base
	@$(BIN)/tracker db upgrade
	@$(BIN)/tracker gazetteer build --if-needed
	@$(BIN)/tracker import incidents.yaml --publish
	@TRACKER_DEVELOPMENT=yes exec $(BIN)/tracker serve --host 127.0.0.1 --port $(PORT)

.PHONY: test
test: lint ## Run every check and every test, on SQLite, on PostgreSQL and in Chromium
	@requirements/system.sh postgresql chromium pango
	$(BIN)/tracker check incidents.yaml
	$(BIN)/pytest -n auto --maxprocesses 8 --dist worksteal $(ARGS)

.PHONY: test-deep
test-deep: environment ## Run the long counts that `make test` leaves out
	@requirements/system.sh postgresql chromium pango
	$(BIN)/pytest -n auto --maxprocesses 8 --dist worksteal -m deep --hypothesis-profile deep $(ARGS)

.PHONY: lint
lint: environment ## Check style, types, the floors of the package and the templates
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint $(TEMPLATES) --lint --check --quiet

.PHONY: format
format: environment ## Rewrite code and templates in the project's style
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	$(BIN)/djlint $(TEMPLATES) --reformat --quiet || true

.PHONY: messages
messages: environment ## Collect the messages of the interface, renew the catalogues and compile them
	$(BIN)/python requirements/messages.py

.PHONY: lock
lock: environment ## Renew requirements/*.txt from pyproject.toml (ARGS=--upgrade takes newer versions)
	requirements/lock.sh $(ARGS)

# The virtual environment with everything that the checks need.
.PHONY: environment
environment:
	@requirements/environment.sh dev
