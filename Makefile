# Everything you need day to day. `make` alone lists it.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help demo run test check bench soak messages pins clean

help:  ## list these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(READY)  ## talk to the bot inside a simulated Discord, in your browser
	@$(BIN)/bonbang demo

run: $(READY)  ## run the bot on Discord (wants DISCORD_TOKEN, see README)
	@$(BIN)/bonbang run

test: $(READY)  ## run every test
	@$(BIN)/pytest -n auto --dist worksteal

check: $(READY)  ## style, types, the direction of imports, and what all is built on
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/pyright
	@$(BIN)/lint-imports
	@$(BIN)/python -m tools.supply

bench: $(READY)  ## measure everything and write BENCHMARKS.md (a quarter of an hour, on a quiet machine)
	@$(BIN)/python -m tools.bench

soak: $(READY)  ## kill the bot 500 times while it announces, and count (an hour or so)
	@$(BIN)/python -m tools.soak --kills 500

messages: $(READY)  ## gather what members read, for translators (bot/i18n/locales)
	@$(BIN)/pybabel -q extract -F babel.cfg -k gettext_noop -k locale_str --no-location --sort-output \
		--project=Bonbang --copyright-holder="The Bonbang authors" -o bot/i18n/messages.pot bot cogs
	@for file in bot/i18n/locales/*.po; do \
		language=$$(basename $$file .po | tr - _); \
		$(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete \
			-i bot/i18n/messages.pot -o $$file -l $$language; \
	done

pins: $(READY)  ## renew constraints.txt from pyproject.toml
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-header --no-annotate --upgrade --quiet \
		--output-file constraints.txt
	@$(MAKE) --no-print-directory $(READY)
	@$(BIN)/python -m tools.supply --write

clean:  ## remove the virtual environment and caches
	rm -rf .venv build *.egg-info .pytest_cache .ruff_cache .hypothesis

# The packages first, each against its hash; then Bonbang itself, which needs nothing more. What pip
# and setuptools have to say is kept in a log, and shown if they fail.
$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Bonbang needs Python 3.11 or newer; try: make PYTHON=python3.12"; exit 1; }
	@echo "Setting up .venv (once; takes a minute or two) ..."
	@$(PYTHON) -m venv .venv
	@$(PIP) install --require-hashes -r constraints.txt >.venv/setup.log 2>&1 \
		&& $(PIP) install --no-deps --no-build-isolation -e . >>.venv/setup.log 2>&1 \
		|| { tail -n 20 .venv/setup.log; echo "Setup failed; see .venv/setup.log."; exit 1; }
	@touch $(READY)
