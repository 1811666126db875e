# The same commands for people and for CI. `make help` lists them.
PYTHON := .venv/bin/python
BIN := .venv/bin
.DEFAULT_GOAL := help
.PHONY: help setup setup-tests services assets demo test check fix bench shots stop lock messages
.NOTPARALLEL:

help:  ## this list
	@sed -n 's/^\([a-z][a-z-]*\):.*##\(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22

setup:  ## install what is missing: system packages, .venv, the browser's part of the pages, catalogues
	@bash scripts/bootstrap.sh demo

setup-tests:
	@bash scripts/bootstrap.sh tests

services: setup  ## start the project's own PostgreSQL and mosquitto (or check the ones named in the environment)
	@$(PYTHON) scripts/cluster.py start
	@$(PYTHON) scripts/broker.py start

demo: setup  ## load the demo county, do the main job, start the site and its sensors (HEADLESS=1 stops before the site; PORT=8001; REPLAY=file.csv)
	@$(PYTHON) scripts/demo.py

test: setup-tests  ## run every test (ARGS="-k workbook" for some, ARGS="-n 0" one after another)
	@$(PYTHON) scripts/cluster.py start
	@$(BIN)/pytest -n 2 --dist load $(ARGS)

check: setup-tests  ## style, types, layers, dead code, migrations, catalogues
	@$(PYTHON) scripts/cluster.py start
	@$(PYTHON) scripts/check.py

fix:  ## put right what tools can put right
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

var/stamps/bench: requirements-bench.lock
	@echo "==> The libraries that the benches compare with, each checked against its hash"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

bench: setup-tests var/stamps/bench  ## measure (ONLY=assess.country for one)
	@$(PYTHON) scripts/cluster.py start
	@$(PYTHON) -m bench $(ONLY)

shots: setup-tests  ## a picture of every page, role, language and width, in var/shots (after make demo; ROLE=analyst for one)
	@$(PYTHON) scripts/cluster.py start
	@$(PYTHON) scripts/shots.py $(ROLE)

messages:  ## bring new words into the catalogues, and compile them
	@$(PYTHON) scripts/messages.py collect
	@$(PYTHON) scripts/messages.py compile

lock:  ## choose versions anew within the ranges of pyproject.toml
	@bash scripts/lock.sh

stop:  ## end the site and the project's own mosquitto and PostgreSQL
	@$(PYTHON) scripts/server.py stop
	@$(PYTHON) scripts/broker.py stop
	@$(PYTHON) scripts/cluster.py stop
