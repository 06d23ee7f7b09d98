# Rauk: `make run` starts everything, `make test` tests everything. Needs Python 3.11 or newer and git, nothing else.

SHELL := /bin/sh
PORT ?= 8000
export PORT
unexport VIRTUAL_ENV PYTHONHOME PYTHONPATH
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
PY := $(BIN)/python
PIP := $(PY) -m pip install -qq --disable-pip-version-check --no-input --require-hashes --no-deps
# What production would have in its environment, for the checks that ask.
IN_PRODUCTION := DATABASE_URL=postgresql://rauk@postgres/rauk REDIS_URL=redis://redis/0 ALLOWED_HOSTS=rauk.example \
	SECRET_KEY=made-up-for-the-check-of-the-settings-only-0123456789-abcdefghij

.PHONY: help run setup setup-dev test check bench messages states lock format clean

help:
	@echo "make run     startar Rauk på http://127.0.0.1:$(PORT)/ (PORT=8123 make run väljer en annan port)"
	@echo "make setup   installerar det som behövs i .venv"
	@echo "make test    kör alla tester"
	@echo "make check   granskar koden"
	@echo "make bench   mäter och skriver bench/RESULTS.md"
	@echo "make format  formaterar koden"
	@echo "make messages  samlar det som saknar engelska"
	@echo "make states  ritar om docs/states.md"
	@echo "make lock    låser beroendena på nytt efter en ändring i pyproject.toml"

run: .venv/base.stamp
	@exec $(PY) manage.py develop --port "$(PORT)"

setup: .venv/base.stamp

setup-dev: .venv/dev.stamp

test: .venv/dev.stamp
	@exec $(PY) -m pytest -n 2 --dist loadgroup $(PYTEST)

check: .venv/dev.stamp
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --check --quiet .
	git ls-files -z '*.py' | xargs -0 $(BIN)/django-upgrade --target-version 5.2 --check
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet templates
	$(PY) manage.py makemigrations --check --dry-run
	$(IN_PRODUCTION) $(PY) -W error manage.py check --deploy --fail-level WARNING

bench: .venv/dev.stamp
	@exec $(PY) -m bench

# Needs gettext (Debian: apt install gettext).
messages: .venv/dev.stamp
	@exec $(PY) manage.py messages

states: .venv/dev.stamp
	@exec $(PY) manage.py draw_states

format: .venv/dev.stamp
	@$(PY) -m ruff check --fix --quiet . ; $(PY) -m ruff format --quiet .

lock: .venv/dev.stamp
	@$(PY) -m pip install --quiet --disable-pip-version-check uv
	@for kind in base dev; do \
		$(PY) -m uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
			--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
			$$([ $$kind = dev ] && echo "--group dev --constraint requirements/base.txt") \
			--output-file requirements/$$kind.txt || exit 1; \
	done

clean:
	@rm -rf .venv .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@echo "Klart. Databasen i var/ är kvar."

# The first Python that is new enough, whatever it is called.
.venv/made.stamp:
	@python=; for name in python3 python3.14 python3.13 python3.12 python3.11 python; do \
		if $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$$name; break; fi; \
	done; \
	if [ -z "$$python" ]; then echo "Rauk behöver Python 3.11 eller nyare, och här finns ingen sådan." >&2; exit 1; fi; \
	if ! $$python -c 'import ensurepip, venv' 2>/dev/null; then \
		echo "Python saknar venv. På Debian och Ubuntu: apt install python3-venv" >&2; exit 1; fi; \
	$$python -m venv --clear .venv && touch $@

.venv/base.stamp: requirements/base.txt | .venv/made.stamp
	@echo "Installerar …"
	@$(PIP) -r requirements/base.txt
	@touch $@

.venv/dev.stamp: requirements/dev.txt | .venv/base.stamp
	@echo "Installerar verktygen för test och granskning …"
	@$(PIP) -r requirements/dev.txt
	@touch $@
