# Two targets matter: `make run` (a conversation) and `make test` (every check).
# VAULT=/path/to/vault make run   talks with a vault that exists.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9
export UV_PROJECT_ENVIRONMENT := $(VENV)

.PHONY: run test format lint types layers unit benchmark clean

run: $(VENV)/.ready-run
	@$(BIN)/commonplace chat $(if $(VAULT),--vault "$(VAULT)")

test: lint types layers unit

lint: $(VENV)/.ready-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.ready-test
	$(BIN)/pyright

layers: $(VENV)/.ready-test
	$(BIN)/lint-imports

unit: $(VENV)/.ready-test
	$(BIN)/pytest -n auto

format: $(VENV)/.ready-test
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) dist .pytest_cache .ruff_cache .hypothesis

$(BIN)/uv:
	@echo "Setting up Commonplace in $(VENV) (once, about a minute) ..." >&2
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || \
		{ echo "Commonplace needs Python 3.11 to 3.13; type: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) >&2
	@$(BIN)/python -m pip install -qq --disable-pip-version-check uv==$(UV_VERSION) >&2

$(VENV)/.ready-run: pyproject.toml uv.lock | $(BIN)/uv
	@$(BIN)/uv sync --quiet --frozen --inexact --no-dev >&2
	@touch $@

$(VENV)/.ready-test: pyproject.toml uv.lock | $(BIN)/uv
	@$(BIN)/uv sync --quiet --frozen --inexact >&2
	@touch $@ $(VENV)/.ready-run
