# Two commands do everything on a fresh machine: `make e2e` and `make test`.
# Each first makes .venv from the lock file and lets `seatrial doctor --fix` see to Docker and the images.

.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
UV_VERSION := 0.13.9
BIN := .venv/bin
SEATRIAL := $(BIN)/seatrial
export TESTCONTAINERS_RYUK_DISABLED := true

## e2e: run the example pipeline three times, the last by local mode, and compare (or yours: make e2e PIPELINE=path [SEEDS=seeds.toml] [ARGS="-p Name=Value"])
.PHONY: e2e
e2e: ready
ifdef PIPELINE
	@$(SEATRIAL) run "$(PIPELINE)" $(if $(SEEDS),--seeds "$(SEEDS)") $(ARGS)
else
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh examples/breast_cancer/e2e.sh
endif

## test: every check and every test, in real containers
.PHONY: test
test: check ready
	@$(BIN)/pytest $(ARGS)

## check: format, lint, types and the walls between the rooms; no Docker needed
.PHONY: check
check: .venv/.ready
	@$(BIN)/ruff format --check --quiet . || { echo "format: run '$(BIN)/ruff format'"; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@walls=$$($(BIN)/lint-imports --no-cache) && echo "$$walls" | tail -n 1 || { echo "$$walls"; exit 1; }

## bench: measure against bare containers and SageMaker's local mode, and write docs/benchmarks.md (ten minutes)
.PHONY: bench
bench: ready
	@$(BIN)/python -m benchmarks $(ARGS)

## bench-quick: the same without local mode, fewer times; needs no SDK, writes nothing (two minutes)
.PHONY: bench-quick
bench-quick: ready
	@$(BIN)/python -m benchmarks --quick $(ARGS)

## images: build every image that seatrial brings
.PHONY: images
images: ready
	@$(SEATRIAL) images build

## clean: remove this project's containers, volumes, images and state (asks nothing; keeps .venv)
.PHONY: clean
clean: .venv/.ready
	@$(SEATRIAL) clean --all --yes

## help: this list
.PHONY: help
help:
	@sed -n 's/^## \([a-z0-9-]*\): \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

.PHONY: ready
ready: .venv/.ready
	@$(SEATRIAL) doctor --fix --quiet

# The interpreter's venv module is a package of its own on Debian and Ubuntu.
.venv/.ready: pyproject.toml uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null || \
	  { echo "seatrial needs Python 3.10 or newer; point to one with: make PYTHON=/path/to/python3"; exit 3; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "installing python3-venv"; apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null; \
	  else echo "Python's venv module is missing; type: sudo apt-get install python3-venv"; exit 3; fi
	@echo "making .venv from uv.lock"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip --upgrade >/dev/null
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@$(BIN)/uv sync --quiet --frozen --inexact --all-extras --python $(BIN)/python
	@touch $@
