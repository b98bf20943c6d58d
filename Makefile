# Two commands are enough: `make lab` opens the workbench, `make test` runs every check. Both prepare .venv first and
# need nothing but Python 3.11 or newer with its venv module. `make help` lists the rest.

PYTHON ?= $(shell for name in python3.11 python3.12 python3.13 python3 python; do \
	$$name -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$name; break; }; done)
BIN := .venv/bin
READY := .venv/ready
CHECK := $(BIN)/python -m tools.check
PEERS := .cache/peers
STEPS := lint types layers tests knots js bundle-check browser cases notebooks

.DEFAULT_GOAL := help
.PHONY: help setup lab test $(STEPS) bench format bundle wheel clean distclean
.NOTPARALLEL:

help:  ## this list
	@awk -F ':.*## ' '/^[a-z -]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "  one check by itself: make $(STEPS)"

setup: $(READY)  ## prepare .venv

$(READY): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "kanlab needs Python 3.11 or newer with its venv module; PYTHON=/path/to/python names one."; exit 1; }
	@echo "== set-up: .venv with $(PYTHON) (once, a few minutes on a slow line)"
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -e '.[lab,test,dev]' -c constraints.txt
	@touch $@

lab: $(READY)  ## open JupyterLab on the first tutorial (KANLAB_LAB_PORT=8890 and LAB_FLAGS=... change how)
	@$(BIN)/kanlab lab notebooks $(if $(KANLAB_LAB_PORT),--port $(KANLAB_LAB_PORT)) --flags='$(LAB_FLAGS)'

test: $(READY)  ## every check; with CI=true nothing is skipped
	@$(CHECK)

$(STEPS): $(READY)
	@$(CHECK) $@

bench: $(PEERS)/ready  ## measure against other KANs and the paper (BENCH="layer network --again"; about an hour for all but symbolic)
	@$(PEERS)/bin/python -m benchmarks $(BENCH)

$(PEERS)/ready: benchmarks/requirements.txt benchmarks/requirements-needs.txt pyproject.toml constraints.txt
	@echo "== set-up: $(PEERS), an environment with kanlab and its rivals (once, a few minutes on a slow line)"
	@$(PYTHON) -m venv $(PEERS)
	@$(PEERS)/bin/python -m pip install -qq --disable-pip-version-check -e . -c constraints.txt
	@$(PEERS)/bin/python -m pip install -qq --disable-pip-version-check --no-deps -r benchmarks/requirements.txt
	@$(PEERS)/bin/python -m pip install -qq --disable-pip-version-check -r benchmarks/requirements-needs.txt -c constraints.txt
	@touch $@

format: $(READY)  ## put Python and TypeScript into the project's style
	@$(BIN)/ruff check --fix --exit-zero .
	@$(BIN)/ruff format .
	@$(BIN)/python -m tools.npm biome check --write .

bundle: $(READY)  ## build the browser side into kanlab/widgets/static/
	@$(BIN)/python -m tools.npm node build.mjs

wheel: $(READY)  ## build dist/kanlab-*.whl
	@$(BIN)/python -m pip wheel -qq --no-deps --no-build-isolation --wheel-dir dist .
	@ls -l dist/*.whl

clean:  ## remove what runs and builds leave behind
	@rm -rf build dist *.egg-info .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -not -path './.venv/*' -not -path './js/node_modules/*' -prune -exec rm -rf {} +

distclean: clean  ## remove the set-up too
	@rm -rf .venv .cache js/node_modules
