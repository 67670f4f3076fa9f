# `make demo` and `make test` set themselves up in .venv; all they need is a Python of 3.11 or newer and pip's package index.
.DEFAULT_GOAL := help
.PHONY: help demo test test-all check docs docs-outputs coverage bench python clean
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
JOBS ?= auto
# loadfile: the code blocks of a page stay together, as later ones use the names of earlier ones.
PYTEST := $(BIN)/python -m pytest -q -n $(JOBS) --dist loadfile
PIP := $(BIN)/python -m pip --quiet --quiet --disable-pip-version-check
DEMO := bpmn_samples/building_approval/building_approval.bpmn simulations/building_approval/as_is.toml

# Prints the first Python that is new enough and can make virtual environments; `make PYTHON=...` names the only one to try.
PYTHON ?= python3 python3.15 python3.14 python3.13 python3.12 python3.11 python
FIND_PYTHON = for python in $(PYTHON); do \
		"$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$python" && exit 0; \
	done; \
	echo "No Python >= 3.11 with the modules venv and ensurepip was found (Debian: apt-get install python3 python3-venv)." >&2; \
	echo "Tried: $(PYTHON). Name another one: make PYTHON=/path/to/python3 $(MAKECMDGOALS)" >&2; exit 1

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*  ## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | while IFS="$$(printf '\t')" read -r name what; do \
		printf '  make %-14s%s\n' "$$name" "$$what"; done

demo: $(VENV)/.test  ## handoff delays of the building approval service as it is today
	@$(BIN)/bpmnmap handoffs $(DEMO)

test: $(VENV)/.test  ## the fast tests, the docstrings' examples, the docs' code blocks
	@$(PYTEST)

test-all: $(VENV)/.test  ## all tests, the slow ones too
	@$(PYTEST) -m ''

check: $(VENV)/.dev  ## ruff, mypy --strict, make test
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(MAKE) test

docs: $(VENV)/.docs  ## the documentation as HTML in docs/_build/html
	@$(BIN)/python -m sphinx -q -W --keep-going -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

docs-outputs: $(VENV)/.test  ## run the docs' code blocks and write what they print below them
	@$(BIN)/python -m tests.docs.outputs

coverage: $(VENV)/.dev  ## which lines the fast tests do not reach
	@$(BIN)/python -m coverage erase
	@$(BIN)/python -m coverage run -m pytest -q
	@$(BIN)/python -m coverage combine -q
	@$(BIN)/python -m coverage report

bench: $(VENV)/.test  ## benchmarks: asserted counts, printed ratios
	@for file in benchmarks/bench_*.py; do echo "== $$file"; $(BIN)/python "$$file" || exit 1; done

python:  ## the Python that the environment is made with
	@$(FIND_PYTHON)

clean:  ## remove the environment and everything built
	@rm -rf $(VENV) build dist docs/_build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage .coverage.*

# .venv/.NAME: the package and its dependency group NAME are installed as pyproject.toml says.
$(VENV)/.test $(VENV)/.dev $(VENV)/.docs: $(VENV)/.%: $(VENV)/.python pyproject.toml
	@echo "Installing bpmnmap and its group '$*' into $(VENV) ..." >&2
	@$(PIP) install --editable . --group $*
	@touch $@

# `--group` is known to pip from 25.1 on.
$(VENV)/.python:
	@python=$$($(FIND_PYTHON)) && rm -rf $(VENV) && "$$python" -m venv $(VENV)
	@$(PIP) install --upgrade 'pip>=25.1'
	@touch $@
