# Everything happens in .venv; nothing outside this folder is changed
# (but for Chromium, when the machine has none and the tests need one).
PYTHON ?= python3
PORT ?= 8155
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test setup lint bench lock screenshots clean

demo: $(VENV)/app.stamp
	@$(BIN)/deskbell demo --port $(PORT)

test: setup lint
	@scripts/chromium >/dev/null
	@DESKBELL_CHROMIUM="$$(scripts/chromium)" $(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile

setup: $(VENV)/dev.stamp

lint: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

bench: setup
	@$(BIN)/python -m scripts.bench

screenshots: setup
	@DESKBELL_CHROMIUM="$$(scripts/chromium)" $(BIN)/python -m scripts.screenshots

# Pins every dependency with its hashes. The files name packages and versions, never a host.
lock: setup
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--no-annotate --no-emit-index-url --no-emit-find-links pyproject.toml -o requirements/app.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
		--no-annotate --no-emit-index-url --no-emit-find-links --group dev pyproject.toml -o requirements/dev.txt

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Deskbell needs Python 3.11 or newer; try make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/app.stamp: $(VENV)/bin/python requirements/app.txt pyproject.toml
	@echo "Installing Deskbell into $(VENV) (once; about a minute) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/app.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

$(VENV)/dev.stamp: $(VENV)/app.stamp requirements/dev.txt
	@echo "Installing the tools for tests …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

clean:
	@rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
