# Two commands: `make run` serves the chat, `make test` runs every check. Both install what they need into .venv first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
INDEX ?= .tanya/index

.PHONY: run test check audit docs clean

run: $(INSTALLED)
	$(BIN)/tanya --index $(INDEX) ui --seeds seeds

test: $(INSTALLED) check
	$(BIN)/python -m pytest -m "slow or not slow" -n 2 --durations=10

check: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Known advisories against the pinned dependencies; asks the advisory service of the package index.
audit: $(INSTALLED)
	$(BIN)/python -m pip_audit --requirement constraints.txt --no-deps --disable-pip --strict --progress-spinner off

# The site of docs/, into build/site. Material announces its successor on every build.
docs: $(INSTALLED)
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict

# torch first and alone: asked for by its exact version, pip takes a small CPU build where one is offered.
$(INSTALLED): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt torch
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --editable '.[dev]'
	touch $@

clean:
	rm -rf $(VENV) .tanya
