# Two commands do everything: `make run` starts Leaflets with a demo, `make test` proves it.
# Both need Python 3.11 with venv, and git; what else is missing they install, and say so.
.DEFAULT_GOAL := help
.PHONY: help run test lint bench goldens drill torture locks

help: ## this list
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

run: ## start the site, a press worker, a proof worker and Redis, with a demo campaign; Ctrl-C stops them
	@.ci/setup run
	@.venv/bin/leaflets up --demo

test: lint ## lint, then every test, against real PostgreSQL, Redis and Chromium
	@.venv/bin/pytest -q -n 2 --dist loadscope --no-loadscope-reorder

lint: ## formatting, lint, types and the direction of imports
	@.ci/setup test
	@.venv/bin/ruff format --check --quiet . || { .venv/bin/ruff format --check .; exit 1; }
	@.venv/bin/ruff check --quiet .
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-logo

bench: ## measure the press, the proof as it is typed and the saving of words beside their peers; the queue and the clock
	@.ci/setup bench
	@.venv/bin/leaflets bench

goldens: ## draw the golden page images again; look at them before you commit them
	@.ci/setup test
	@.venv/bin/pytest -q --goldens -m golden

drill: ## 500 orders on three workers; then again with a worker killed every ten seconds and Redis flushed twice
	@.ci/setup test
	@.venv/bin/pytest -q --drill-orders 500 tests/workers/test_drill.py --durations 0

torture: ## type while everything around is killed, cut and closed; MOMENTS=100, and SEED=… plays one run again
	@.ci/setup test
	@cd tests && ../.venv/bin/python -m torture --moments $(or $(MOMENTS),100) $(if $(SEED),--seed $(SEED))

locks: ## pin the newest allowed versions, with hashes, from pyproject.toml
	@.ci/setup test
	@.ci/locks
