# The commands of the project. Needs Python 3.12 or later somewhere, and nothing else.
#   make report            simulate the case and write its report      (CASE=nykoping)
#   make test              the tests of every day, under eight minutes (JOBS=2 processes)
# Another Python: make install PYTHON=/path/to/python3.12

CASE ?= nykoping
JOBS ?= 2
VENV := .venv
RUN := $(VENV)/bin/python
INSTALLED := $(VENV)/.installed

RECENT := import sys; sys.exit(sys.version_info < (3, 12))
FIND_PYTHON = for candidate in python3.13 python3.12 "$$HOME"/.pyenv/versions/3.1[2-9]*/bin/python \
	"$$(pyenv which python 2>/dev/null)" "$$(uv python find '>=3.12' 2>/dev/null)" python3 python; do \
	[ -n "$$candidate" ] && "$$candidate" -c '$(RECENT)' 2>/dev/null && { echo "$$candidate"; break; }; done
PYTHON ?= $(shell $(FIND_PYTHON))

.PHONY: help install report test test-all check lab bench docs lock
.DEFAULT_GOAL := help

help:
	@echo "make install | report | test | test-all | check | lab | bench | docs | lock"

install: $(INSTALLED)

$(INSTALLED): requirements.lock pyproject.toml
	@"$(PYTHON)" -c '$(RECENT)' 2>/dev/null || { \
		echo "Python 3.12 or later was not found (looked at: $(if $(PYTHON),$(PYTHON),PATH, pyenv, uv))."; \
		echo "Install it, or name it: make install PYTHON=/path/to/python3.12"; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot make virtual environments. On Debian: apt-get install python3-venv"; exit 1; }
	"$(PYTHON)" -m venv $(VENV)
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(RUN) -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

report: install
	$(RUN) -m sim report $(CASE)

test: install
	$(RUN) -m pytest -n $(JOBS)

test-all: install
	$(RUN) -m pytest -n $(JOBS) -m "slow or not slow"

check: install
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy
	$(RUN) -m sim odd --check
	$(RUN) -m sim bench --check
	$(RUN) -m sim data check

lab: install
	$(RUN) -m sim lab

bench: install
	$(RUN) -m sim bench

docs: install
	$(RUN) -m sim odd
	$(RUN) -m sim bench --page

# Needs uv. No index, link or folder of this machine is written into the file.
lock:
	printf '%s\n' '# Exact versions for every platform; written by "make lock" from pyproject.toml.' > requirements.lock.new
	uv pip compile --quiet --universal --generate-hashes --python-version 3.12 --all-extras --no-header \
		--no-annotate --no-emit-index-url --no-emit-find-links pyproject.toml >> requirements.lock.new
	mv requirements.lock.new requirements.lock
