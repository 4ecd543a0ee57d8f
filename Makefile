# `make demo` and `make test` do everything, from a fresh clone with Python, make and a C compiler.

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
CASE := fixtures/cases/deficient-demo

# For another kind of machine: `make wheelhouse PLATFORM=win_amd64 PYTHON_VERSION=3.13`.
PLATFORM :=
PYTHON_VERSION := 3.12

.PHONY: demo test lint types layers units bench bench-reading fuzz fixtures docs wheelhouse clean
.DEFAULT_GOAL := demo

demo: $(VENV)/.installed
	@$(BIN)/archive-check check $(CASE) || [ $$? -eq 1 ]

# Apart from one another, so that `make --keep-going test` tells all that is wrong.
test: lint types layers units

lint: $(VENV)/.developing
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet .

types: $(VENV)/.developing
	@$(BIN)/mypy --no-error-summary

layers: $(VENV)/.developing
	@$(BIN)/lint-imports --no-logo >$(VENV)/layers.txt || { cat $(VENV)/layers.txt; exit 1; }

units: $(VENV)/.developing
	@$(BIN)/pytest -n 2

bench: $(VENV)/.developing
	@$(BIN)/python -m compileall -q archive_check  # as where it is installed
	@$(BIN)/python -m bench

bench-reading: $(VENV)/.developing
	@$(BIN)/python -m bench.reading

fuzz: $(VENV)/.developing
	@$(PIP) install --editable '.[fuzz]'
	@$(BIN)/python -m fuzz

fixtures: $(VENV)/.developing
	@$(BIN)/python -m fixtures.make

docs: $(VENV)/.developing
	@$(BIN)/python -m docs.write

wheelhouse: | $(BIN)/python
	@$(BIN)/python .ci/wheelhouse.py wheelhouse $(if $(PLATFORM),$(PLATFORM) $(PYTHON_VERSION))

clean:
	rm -rf $(VENV) build dist wheelhouse *.egg-info

$(VENV)/.installed: pyproject.toml | $(BIN)/python
	@echo "Installing archive-check into $(VENV) ..." >&2
	@$(PIP) install --editable '.[ocr]'
	@$(BIN)/python -m compileall -q archive_check
	@touch $@

$(VENV)/.developing: pyproject.toml | $(BIN)/python
	@echo "Installing archive-check and what its tests need into $(VENV) ..." >&2
	@$(PIP) install --editable '.[ocr,dev]'
	@touch $(VENV)/.installed $@

$(BIN)/python:
	@sh .ci/make-venv $(VENV)
