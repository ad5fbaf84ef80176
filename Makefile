# Everything runs from .venv, which the first target that needs it builds. Only Python 3.11 or newer and make are assumed.
PYTHON ?= python3
BIN := .venv/bin
# Tests start many processes, and each would compile all modules anew where this is set.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup demo test test-slow properties lint types contracts check bench faults lock clean messages

.venv/ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch .venv/ready

setup: .venv/ready

demo: setup
	$(BIN)/plaudit demo

# Three workers also where there are two cores: some tests wait for a clock or a socket.
test: setup
	$(BIN)/python -m pytest -n 3 -m "not slow"

test-slow: setup
	$(BIN)/python -m pytest -m slow

# Two thousand histories of every kind of rule, told to a bot and judged by the oracle; takes an hour or more.
properties: setup
	PROPERTIES=all $(BIN)/python -m pytest -n 2 tests/properties

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/mypy

contracts: setup
	$(BIN)/lint-imports

check: lint types contracts test

bench: setup
	$(BIN)/python -m bench

# Texts that are new or gone, into the catalogues: docs/how-to/languages.md
messages: setup
	$(BIN)/python -m bot.messages

# For maintainers: needs pip-tools' successor `uv` on the PATH.
lock:
	uv pip compile --universal --python-version 3.11 --extra dev --generate-hashes --no-emit-index-url --no-annotate --no-header -o requirements.lock pyproject.toml

clean:
	rm -rf .venv build *.egg-info
