# Everything you need day to day. `make` alone lists it.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

# .venv holds one of three sets of packages: what the bot runs on, with what the demo adds, or with
# what tests and checks add. A stamp says which are installed.
RUN := .venv/.run-ready
DEMO := .venv/.demo-ready
DEV := .venv/.dev-ready

.DEFAULT_GOAL := help
.PHONY: help demo run test check bench soak fuzz memory messages pins clean

help:  ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(DEMO)  ## try the bot in a simulated Discord, in your browser
	@$(BIN)/bonbang demo

run: $(RUN)  ## run the bot on Discord (needs DISCORD_TOKEN, see README)
	@$(BIN)/bonbang run

test: $(DEV)  ## run every test
	@$(BIN)/pytest -n auto --dist worksteal

check: $(DEV)  ## check style, types, imports, licences and known vulnerabilities
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/pyright
	@$(BIN)/lint-imports
	@$(BIN)/python -m tools.supply

bench: $(DEV)  ## measure everything and write BENCHMARKS.md (a quarter of an hour, on a quiet machine)
	@$(BIN)/python -m tools.bench

soak: $(DEV)  ## kill the bot 500 times while it announces, and count (an hour or so)
	@$(BIN)/python -m tools.soak --kills 500

fuzz: $(DEV)  ## send the bot 10,000 malformed gateway events, and count (a minute or so)
	@$(BIN)/python -m tools.gateway_fuzz --payloads 10000

memory: $(DEV)  ## check that memory stays flat over 50 refreshes and 50,000 interactions (five minutes)
	@$(BIN)/python -m tools.memory_soak

messages: $(DEV)  ## collect the texts that users read, for translators (bot/i18n/locales)
	@$(BIN)/pybabel -q extract -F babel.cfg -k gettext_noop -k pgettext_noop:1c,2 -k locale_str --no-location --sort-output \
		--project=Bonbang --copyright-holder="The Bonbang authors" -o bot/i18n/messages.pot bot cogs
	@for file in bot/i18n/locales/*.po; do \
		language=$$(basename $$file .po | tr - _); \
		$(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete \
			-i bot/i18n/messages.pot -o $$file -l $$language; \
	done

# The largest set first; the others take their versions from it.
COMPILE = $(BIN)/uv pip compile pyproject.toml --group build --universal --python-version 3.11 \
	--only-binary :all: --generate-hashes --no-emit-index-url --no-header --no-annotate --upgrade --quiet

pins: $(DEV)  ## update the lock files in requirements/ from pyproject.toml
	@$(COMPILE) --all-extras --output-file requirements/dev.txt
	@$(COMPILE) --extra demo --constraints requirements/dev.txt --output-file requirements/demo.txt
	@$(COMPILE) --constraints requirements/dev.txt --output-file requirements/run.txt
	@$(MAKE) --no-print-directory $(DEV)
	@$(BIN)/python -m tools.supply --write

clean:  ## remove the virtual environment and caches
	rm -rf .venv build *.egg-info .pytest_cache .ruff_cache .hypothesis

# Install a set: its packages, each against its hash and without running any of its code; then
# Bonbang itself, which needs nothing more. The output of pip and setuptools is kept in a log, and
# shown if they fail. The stamps of smaller sets are set too, so `make run` after `make test`
# installs nothing.
SETS_run := run
SETS_demo := run demo
SETS_dev := run demo dev

$(RUN) $(DEMO) $(DEV): .venv/.%-ready: requirements/%.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Bonbang needs Python 3.11 or newer; try: make PYTHON=python3.12"; exit 1; }
	@echo "Setting up .venv (once; takes about a minute) ..."
	@$(PYTHON) -m venv .venv
	@$(PIP) install --require-hashes --only-binary :all: -r $< >.venv/setup.log 2>&1 \
		&& $(PIP) install --no-deps --no-build-isolation -e . >>.venv/setup.log 2>&1 \
		|| { tail -n 20 .venv/setup.log; echo "Setup failed; see .venv/setup.log."; exit 1; }
	@touch $(SETS_$*:%=.venv/.%-ready)
