# make run    read the sample briefing         make test   run every test
# make check  lint, types, import rules        make bench  measure, beside floors and peers
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
LOCK := $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header
ARGS ?=

.PHONY: run test check format bench picture lock wheel clean

run: .venv/run.stamp
	@$(BIN)/briefing $(ARGS)

# Many tests wait for programs: of two processes for two cores, one would be idle.
test: .venv/dev.stamp
	@scripts/debian-packages tmux screen mosh-server=mosh ssh=openssh-client sshd=openssh-server node=nodejs npm
	@$(BIN)/python -m pytest -n 3 --dist loadgroup $(ARGS)

check: .venv/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: .venv/dev.stamp
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/dev.stamp
	@$(BIN)/python -m benchmarks $(ARGS)

picture: .venv/dev.stamp
	@$(BIN)/python scripts/picture.py docs/reader.svg

wheel: .venv/dev.stamp
	@$(BIN)/python -m hatchling build -t wheel

# The locks hold versions and hashes and no address: pip asks whatever index it is set up with.
lock: .venv/dev.stamp
	$(PIP) install uv
	$(LOCK) --extra serve pyproject.toml -o requirements/run.lock
	$(LOCK) requirements/build.in -o requirements/build.lock
	$(LOCK) --extra serve --group dev -c requirements/run.lock pyproject.toml -o requirements/dev.lock

clean:
	rm -rf .venv dist .mypy_cache .pytest_cache .ruff_cache .hypothesis

.venv/bin/python:
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || scripts/debian-packages --must =python3-venv
	@$(PYTHON) -m venv .venv

# Build tools come from the lock too, so that nothing unpinned is fetched for the build.
.venv/run.stamp: requirements/run.lock requirements/build.lock pyproject.toml | .venv/bin/python
	@echo "Setting up .venv (once) ..."
	@$(PIP) install --require-hashes -r requirements/run.lock -r requirements/build.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev.stamp: requirements/dev.lock .venv/run.stamp
	@$(PIP) install --require-hashes -r requirements/dev.lock
	@touch $@
