# `make` lists what can be made. Everything runs in .venv, which `make setup` makes once and after every change
# of constraints.txt. Another interpreter: make setup PYTHON=/path/to/python3

VENV := .venv
PY := $(VENV)/bin/python
STAMP := $(VENV)/.installed
SAMPLES := out/samples
REPORTS := out/demo
DEMO_SETTINGS := --set parts.*.test_set.images=1000
TYPED := autograder theory report
# Tests run in as many processes as there are cores, up to four.
TESTS := -n auto --maxprocesses 4

CANDIDATES := python3.13 python3.12 python3.11 python3.10 python3 \
	/usr/bin/python3 /usr/local/bin/python3 /opt/homebrew/bin/python3

.DEFAULT_GOAL := help
.PHONY: help setup demo test check slow book bench clean

help:  ## list what can be made
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' $(firstword $(MAKEFILE_LIST))

setup: $(STAMP)  ## make .venv with everything in it (once; a few minutes, some GB for PyTorch)

demo: setup  ## grade the sample submissions: a table here, pages in out/demo
	@rm -rf $(SAMPLES) $(REPORTS)
	@$(PY) -m autograder.release.samples $(SAMPLES)
	@for folder in $(SAMPLES)/*/; do part=$$(basename $$folder); \
		$(PY) -m autograder grade $$folder*.zip --part $$part --out $(REPORTS)/$$part $(DEMO_SETTINGS) || exit 1; \
	done

test: setup  ## run our quick tests, among them the public tests against the solutions
	@$(PY) -m pytest -q $(TESTS) -m "not slow"

check: setup  ## what a change must pass: format, lint, types, skeletons, audit, quick tests
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@$(PY) -m mypy $(TYPED)
	@$(PY) -m autograder skeleton --check
	@$(PY) -m autograder audit
	@$(MAKE) --no-print-directory test

slow: setup  ## run all tests, slow ones too
	@$(PY) -m pytest -q $(TESTS)

book: setup  ## build two books, offline: for students in _build/students/_build/html, for the staff in _build/html
	@$(VENV)/bin/jupyter-book build . -W --keep-going --quiet --toc _toc_students.yml --path-output _build/students
	@$(VENV)/bin/jupyter-book build . -W --keep-going --quiet

bench: setup  ## measure: one table a question, in benchmarks/
	@for script in benchmarks/*.py; do echo "== $$script"; PYTHONPATH=. $(PY) "$$script" || exit 1; done

clean:  ## remove what was made, .venv excepted
	@rm -rf out .cache _build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -not -path './$(VENV)/*' -prune -exec rm -rf {} +

# Student code runs under a user of its own where the grader is root: that user should be able to read the
# interpreter, which one below root's home cannot be. So such an interpreter is the second choice.
define CHOOSE
import os, sys
from pathlib import Path
import ctypes, ensurepip, ssl, venv
executable = Path(os.path.realpath(sys.executable))
readable = os.geteuid() != 0 or all(folder.stat().st_mode & 0o001 for folder in executable.parents)
if not (3, 10) <= sys.version_info[:2] <= (3, 13) or not (readable or sys.argv[1] == "any"):
    sys.exit(1)
print(sys.executable)
endef
export CHOOSE

define NO_PYTHON
No Python 3.10 to 3.13 was found that can make an environment (with the modules venv, ensurepip and ssl).
  Debian, Ubuntu:  apt-get install python3 python3-venv
  macOS:           brew install python@3.12
  elsewhere:       make setup PYTHON=/path/to/python3
endef
export NO_PYTHON

$(STAMP): constraints.txt pyproject.toml
	@python=; \
	for rule in readable any; do for candidate in $(or $(PYTHON),$(CANDIDATES)); do \
		test -n "$$python" || python=$$("$$candidate" -c "$$CHOOSE" $$rule 2>/dev/null) || python=; \
	done; done; \
	test -n "$$python" || { echo "$$NO_PYTHON" >&2; exit 2; }; \
	$(PY) -m pip --version >/dev/null 2>&1 || { \
		echo "Making $(VENV) with $$python"; "$$python" -m venv --clear $(VENV); }
	@echo "Installing what constraints.txt pins; PyTorch alone takes a few minutes"
	@$(PY) -m pip install --quiet --disable-pip-version-check --upgrade -c constraints.txt pip
	@$(PY) -m pip install --quiet --disable-pip-version-check -c constraints.txt --group dev
	@touch $@
