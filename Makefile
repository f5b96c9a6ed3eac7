# make demo   the whole way on this machine, no internet needed; Ctrl-C ends it
# make test   the tests
# make check  everything that CI runs
# Each sets itself up from nothing (python3 with venv is enough) and is quick when nothing changed.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# The tests start hundreds of processes: each would compile all of ours anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test check format lint types imports dependencies lock bench clean

demo: $(READY)
	@# On a terminal one watches until Ctrl-C; elsewhere it ends by itself.
	@if [ -t 1 ]; then $(BIN)/tribunwatch demo; else $(BIN)/tribunwatch demo --once; fi

test: $(READY)
	$(BIN)/pytest

check: $(READY) lint types imports dependencies
	$(BIN)/pytest -n 4 --dist loadfile --no-loadscope-reorder --hypothesis-profile=repeatable --cov --cov-report=term --cov-fail-under=90

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(READY)
	$(BIN)/mypy

imports: $(READY)
	$(BIN)/lint-imports

dependencies: $(READY)
	$(BIN)/deptry .

format: $(READY)
	$(BIN)/ruff check --fix --exit-zero .
	$(BIN)/ruff format .

bench: $(READY)
	$(BIN)/python bench/startup.py
	$(BIN)/python bench/extract.py
	$(BIN)/python bench/crawl.py
	$(BIN)/python bench/match.py
	$(BIN)/python bench/mutation.py
	$(BIN)/python bench/agreement.py
	$(BIN)/python bench/search.py
	$(BIN)/python bench/freshness.py
	$(BIN)/python bench/service.py
	$(BIN)/python bench/kills.py
	$(BIN)/python bench/faults.py
	$(BIN)/python bench/families.py

# One lock serves Python 3.11 to 3.13; it names versions and hashes, and no index.
lock: $(READY)
	$(BIN)/python -m pip install --quiet 'uv>=0.13,<1'
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-header --no-annotate --quiet --upgrade --output-file requirements-dev.lock

$(READY): pyproject.toml requirements-dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Tribunwatch needs Python 3.11 or later: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' \
		|| { echo "Python's venv is missing: apt-get install python3-venv"; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage .peers build dist
