# `make demo` shows the product, `make test` proves it. Both make their own virtual environment.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# Leaves out the parts of llama.cpp that are not used: servers, tools, images.
LLAMA_FLAGS := -DLLAVA_BUILD=OFF -DMTMD_BUILD=OFF -DLLAMA_CURL=OFF -DLLAMA_BUILD_TOOLS=OFF -DLLAMA_BUILD_EXAMPLES=OFF \
	-DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_SERVER=OFF -DLLAMA_BUILD_COMMON=OFF

.PHONY: help demo test redis lint types imports check bench plugins constraints clean

help:
	@echo "make demo     the whole product in a minute: no key and no model needed"
	@echo "make test     lint, types, import rules and all tests"
	@echo "make bench    what a guarded call costs"
	@echo "make plugins  detectors that need torch, with the real libraries (gigabytes)"
	@echo "make clean    remove the virtual environment and caches"

demo: $(VENV)/.base $(VENV)/.llama
	@$(BIN)/hybrid-guard demo

test: $(VENV)/.base $(VENV)/.llama $(VENV)/.dev redis
	@test ! -e $(VENV)/.no-llama || { echo "llama.cpp is missing: the tests run the real one; see $(VENV)/llama.log" >&2; exit 1; }
	@$(MAKE) --no-print-directory check

# The tests run a real Redis server of their own, which pip cannot install.
redis:
	@command -v redis-server >/dev/null || test "$$(id -u)" != 0 || ! command -v apt-get >/dev/null || \
		$(SHELL) tools/with_progress "installing redis-server" tools/install_redis
	@command -v redis-server >/dev/null || \
		{ echo "redis-server is missing: the tests run the real one; install it (apt-get install redis-server)" >&2; exit 1; }

check: lint types imports
	@$(BIN)/python -m pytest

lint:
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types:
	@$(BIN)/mypy

imports:
	@$(BIN)/lint-imports

bench: $(VENV)/.base $(VENV)/.llama $(VENV)/.dev redis
	@$(BIN)/python -m pytest bench --benchmark-enable --benchmark-only --benchmark-columns=median,iqr,rounds --benchmark-sort=name

plugins: $(VENV)/.base $(VENV)/.dev
	@$(SHELL) tools/with_progress "installing gliner, transformers and torch" $(PIP) install --editable ".[gliner,transformers]"
	@$(BIN)/python -m pytest tests/plugins

$(VENV)/.base: constraints.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' || \
		{ echo "Python 3.11, 3.12 or 3.13 is needed: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(SHELL) tools/with_progress "installing what hybrid-guard needs" \
		$(PIP) install --no-deps --require-hashes -r constraints.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.llama: constraints-llama-cpp.txt $(VENV)/.base
	@rm -f $(VENV)/.no-llama
	@CMAKE_ARGS="$(CMAKE_ARGS) $(LLAMA_FLAGS)" $(SHELL) tools/with_progress \
		"compiling llama.cpp (minutes, the first time)" \
		$(PIP) install --log $(VENV)/llama.log --no-deps --require-hashes -r constraints-llama-cpp.txt || \
		{ touch $(VENV)/.no-llama; echo "llama.cpp could not be compiled (is there a C++ compiler? see $(VENV)/llama.log):" \
		"the demo's local lane will be a scripted server" >&2; }
	@touch $@

$(VENV)/.dev: constraints-dev.txt $(VENV)/.base
	@$(SHELL) tools/with_progress "installing what the tests need" $(PIP) install --no-deps --require-hashes -r constraints-dev.txt
	@touch $@

constraints:
	@$(PYTHON) tools/constraints.py

clean:
	@rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .benchmarks .coverage .import_linter_cache
