# Rauk: `make run` starts everything, `make test` tests everything. Needs Python 3.11 or newer and git, nothing else.

SHELL := /bin/sh
PORT ?= 8000
export PORT
unexport VIRTUAL_ENV PYTHONHOME PYTHONPATH PYTHONDONTWRITEBYTECODE
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
PY := $(BIN)/python
PIP := $(PY) -m pip install -qq --disable-pip-version-check --no-input --require-hashes --no-deps
LOCK := $(PY) -m uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"
# What production would have in its environment, for the checks that ask.
IN_PRODUCTION := DATABASE_URL=postgresql://rauk@postgres/rauk REDIS_URL=redis://redis/0 ALLOWED_HOSTS=rauk.example \
	SECRET_KEY=made-up-for-the-check-of-the-settings-only-0123456789-abcdefghij

# One more than the smallest machine has cores, since tests that start processes wait for them much of the time.
PARALLEL := -n 3 --dist worksteal

.PHONY: help run setup setup-dev test test-fast test-long check check-types check-style check-layers check-templates \
	check-migrations check-settings bench bench-imports bench-savings bench-catalogue messages states lock format clean

help:
	@echo "make run       start Rauk at http://127.0.0.1:$(PORT)/ (PORT=8123 make run takes another port)"
	@echo "make setup     install what it needs into .venv"
	@echo "make test      run every test"
	@echo "make test-fast run those without browser and processes (PYTEST=--lf: what failed the last time)"
	@echo "make test-long run every test with everything that it can try, which takes far longer"
	@echo "make check     lint, check types and layers"
	@echo "make bench     measure, and write bench/RESULTS.md"
	@echo "make bench-imports measure how quickly a region's files come in"
	@echo "make bench-savings measure how quickly the register of savings is computed"
	@echo "make bench-catalogue measure the catalogue on a million items, which take minutes to make"
	@echo "make format    format the code"
	@echo "make messages  collect the sentences that lack English"
	@echo "make states    draw docs/states.md and docs/permissions.md again"
	@echo "make lock      lock the dependencies again after a change in pyproject.toml"
	@echo "make clean     remove .venv and caches; the database in var/ stays"

run: .venv/laptop.stamp
	@exec $(PY) -m devservers --port "$(PORT)"

setup: .venv/laptop.stamp

setup-dev: .venv/dev.stamp

test: .venv/dev.stamp
	@exec $(PY) -m pytest $(PARALLEL) $(PYTEST)

test-fast: .venv/dev.stamp
	@exec $(PY) -m pytest $(PARALLEL) -m "not browser and not processes" $(PYTEST)

test-long: .venv/dev.stamp
	@LONG=1 exec $(PY) -m pytest $(PARALLEL) $(PYTEST)

# Two at a time: the types take as long as all the others together.
check: .venv/dev.stamp
	@exec $(MAKE) -j 2 check-types check-style check-layers check-templates check-migrations check-settings

check-types: .venv/dev.stamp
	$(BIN)/mypy .

check-style: .venv/dev.stamp
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --check --quiet .
	git ls-files -z '*.py' | xargs -0 $(BIN)/django-upgrade --target-version 5.2 --check

check-layers: .venv/dev.stamp
	$(BIN)/lint-imports

check-templates: .venv/dev.stamp
	$(BIN)/djlint --lint --quiet templates

check-migrations: .venv/dev.stamp
	$(PY) manage.py makemigrations --check --dry-run

check-settings: .venv/dev.stamp
	$(IN_PRODUCTION) $(PY) -W error manage.py check --deploy --fail-level WARNING

bench: .venv/dev.stamp
	@exec $(PY) -m bench

bench-imports: .venv/dev.stamp
	@exec $(PY) -m bench.imports

bench-savings: .venv/dev.stamp
	@exec $(PY) -m bench.savings

bench-catalogue: .venv/dev.stamp
	@exec $(PY) -m bench.catalogue

# Needs gettext (Debian: apt install gettext).
messages: .venv/dev.stamp
	@exec $(PY) manage.py messages

states: .venv/dev.stamp
	$(PY) manage.py draw_states && $(PY) manage.py draw_permissions

format: .venv/dev.stamp
	@$(PY) -m ruff check --fix --quiet . ; $(PY) -m ruff format --quiet .

lock: .venv/dev.stamp
	@$(PY) -m pip install --quiet --disable-pip-version-check uv
	@$(LOCK) --output-file requirements/base.txt
	@$(LOCK) --group laptop --constraint requirements/base.txt --output-file requirements/laptop.txt
	@$(LOCK) --group dev --constraint requirements/laptop.txt --output-file requirements/dev.txt

clean:
	@rm -rf .venv .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@echo "Done. The database in var/ is still there."

# The first Python that is new enough, whatever it is called.
.venv/made.stamp:
	@python=; for name in python3 python3.14 python3.13 python3.12 python3.11 python; do \
		if $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$$name; break; fi; \
	done; \
	if [ -z "$$python" ]; then echo "Rauk needs Python 3.11 or newer, and there is none here." >&2; exit 1; fi; \
	if ! $$python -c 'import ensurepip, venv' 2>/dev/null; then \
		echo "Python has no venv here. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; fi; \
	$$python -m venv --clear .venv && touch $@

.venv/laptop.stamp: requirements/laptop.txt | .venv/made.stamp
	@echo "Installing …"
	@$(PIP) -r requirements/laptop.txt
	@touch $@

.venv/dev.stamp: requirements/dev.txt | .venv/laptop.stamp
	@echo "Installing the tools for tests and checks …"
	@$(PIP) -r requirements/dev.txt
	@touch $@
