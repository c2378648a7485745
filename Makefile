# Needs only make and Python >= 3.11. `make PYTHON=python3.12 run` chooses another one; `PORT=9000` the port.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)
PORT ?= 8000
BIN := .venv/bin
export PORT

.PHONY: run core dev check test bench sweep torture migrations lock clean

run: core
	@exec $(BIN)/dure run

core:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later was not found. Install it, or: make PYTHON=/path/to/python run"; exit 1; }
	@$(PYTHON) scripts/bootstrap.py core

dev:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or later was not found. Install it, or: make PYTHON=/path/to/python test"; exit 1; }
	@$(PYTHON) scripts/bootstrap.py dev

check: dev
	@$(BIN)/python scripts/check.py

test: dev
	@$(BIN)/python scripts/browser.py
	@$(BIN)/python -m pytest tests --durations=10

bench: dev
	@$(BIN)/python scripts/bench.py

sweep: dev
	@$(BIN)/python scripts/sweep.py

torture: dev
	@$(BIN)/python -m pytest tests/crash tests/ledger tests/exchange/test_walks.py -q --torture

migrations: dev
	@$(BIN)/python scripts/migrations.py

lock: dev
	@$(BIN)/python scripts/lock.py

clean:
	rm -rf .venv .venv.lock .cache .mypy_cache .ruff_cache
