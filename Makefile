# Two targets matter: `make run` (a conversation) and `make test` (every check).
# VAULT=/path/to/vault make run   talks with a vault that exists.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9
export UV_PROJECT_ENVIRONMENT := $(VENV)

PLUGIN := obsidian-plugin
CHROMIUM ?= $(shell command -v chromium || command -v chromium-browser || command -v google-chrome || echo /usr/bin/chromium)
export CHROMIUM

.PHONY: run test test-vllm format lint types layers unit plugin plugin-test benchmark test-window clean

run: $(VENV)/.ready-run
	@$(BIN)/commonplace chat $(if $(VAULT),--vault "$(VAULT)")

test: lint types layers plugin unit plugin-test

lint: $(VENV)/.ready-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.ready-test
	$(BIN)/pyright

layers: $(VENV)/.ready-test
	$(BIN)/lint-imports

unit: $(VENV)/.ready-test
	$(BIN)/pytest -n auto || $(BIN)/pytest --last-failed -n 0

plugin: $(PLUGIN)/node_modules/.ready
	cd $(PLUGIN) && npm run --silent build

plugin-test: plugin $(VENV)/.ready-test $(CHROMIUM)
	cd $(PLUGIN) && npm run --silent lint && npm run --silent types && npm run --silent test

# With a real vLLM, on a GPU: make test-vllm, or make VLLM=/path/to/vllm test-vllm
test-vllm: $(VENV)/.ready-test
	$(BIN)/pytest -n 0 -s --timeout 1200 --vllm "$(or $(VLLM),vllm)" tests/integration/test_walkthrough_vllm.py

format: $(VENV)/.ready-test
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) $(PLUGIN)/node_modules $(PLUGIN)/dist dist .pytest_cache .ruff_cache .hypothesis

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

$(PLUGIN)/node_modules/.ready: $(PLUGIN)/package.json $(PLUGIN)/package-lock.json
	@command -v npm >/dev/null || { echo "The plugin is built with Node.js 20 or later and npm; install them first." >&2; exit 1; }
	cd $(PLUGIN) && npm ci --silent
	@touch $@

# The plugin's tests drive a real browser. On Debian as root it is installed; elsewhere it is asked for.
/usr/bin/chromium:
	@test "$$(id -u)" = 0 && command -v apt-get >/dev/null || \
		{ echo "The plugin's tests need Chromium; install it, or type: make CHROMIUM=/path/to/chromium test" >&2; exit 1; }
	apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null

# The window on a screen of its own (Xvfb), with Qt. On Debian as root what it needs is installed; elsewhere see the list.
WINDOW_NEEDS := xvfb xauth xdotool imagemagick libegl1 libgl1 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-xinerama0 libxcb-xkb1 libxkbcommon-x11-0 libxkbfile1 libnss3 libasound2 libxcomposite1 libxdamage1 libxrandr2 libxtst6 libdbus-1-3
test-window: plugin $(VENV)/.ready-test
	@if test "$$(id -u)" = 0 && command -v apt-get >/dev/null; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(WINDOW_NEEDS) >/dev/null; fi
	$(BIN)/uv sync --quiet --frozen --inexact --extra window
	$(BIN)/pytest -n 0 --window tests/clients/test_window.py
