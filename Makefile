# The two commands are `make run` and `make test`; both set up what they need.

VENV   := .venv
PYTHON := $(VENV)/bin/python
READY  := $(VENV)/.ready
TESTED := $(VENV)/.ready-to-test
RUN_PACKAGES  := packaging/packages-run.txt
TEST_PACKAGES := packaging/packages-test.txt
VM_PACKAGES   := packaging/packages-vm.txt
WORDS := $(patsubst %.ts,%.qm,$(wildcard resources/translations/*.ts))

# The same in each run: what is copied onto a stick there is of the 12th of November 2026.
STUDIO := TZ=UTC QT_QPA_PLATFORM=offscreen SOURCE_DATE_EPOCH=1794478476

.PHONY: run test test-vm setup setup-test translations lint bench screenshots install shell-files lock clean help

run: setup ## open the window, with a sample stick and every real one; without a display, the terminal does it
	@packaging/run

setup: $(READY) $(WORDS) ## make .venv with rumpus and rumpus-gui

setup-test: $(TESTED) $(WORDS)

$(READY): requirements.lock pyproject.toml $(RUN_PACKAGES)
	@packaging/install-packages $(RUN_PACKAGES)
	@test -x $(PYTHON) || python3 -m venv $(VENV)
	@echo "Installing the Python packages of requirements.lock into $(VENV)"
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation \
		--config-settings editable_mode=compat -e .
	@touch $@

$(TESTED): $(READY) $(TEST_PACKAGES)
	@packaging/install-packages $(TEST_PACKAGES)
	@touch $@

resources/translations/%.qm: resources/translations/%.ts | $(READY)
	@$(PYTHON) packaging/translations compile

translations: setup ## take what the window says now into resources/translations/*.ts, and compile them
	$(PYTHON) packaging/translations update
	$(PYTHON) packaging/translations compile

test: setup-test lint ## linters, import contracts and every test
	$(PYTHON) -m pytest -q --numprocesses=auto --maxprocesses=4 --dist=loadfile tests

test-vm: setup-test ## real hot-plug: the application in a virtual machine whose sticks are yanked
	@packaging/install-packages $(VM_PACKAGES)
	$(PYTHON) -m pytest -q tests/vm

lint: setup
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	$(VENV)/bin/lint-imports --no-cache

bench: setup-test ## speed and memory beside their peers, as ratios
	$(PYTHON) -m compileall -q core gui  # as an installed package is
	$(PYTHON) tests/bench/compare.py
	$(PYTHON) -m tests.bench.systems
	$(PYTHON) -m tests.bench.writing
	$(PYTHON) -m tests.bench.mount
	QT_QPA_PLATFORM=offscreen $(PYTHON) tests/bench/window.py

screenshots: setup-test ## pictures of every main state of the window, into resources/screenshots
	$(STUDIO) $(PYTHON) -m tests.gui.screenshots
	$(STUDIO) QT_SCALE_FACTOR=2 $(PYTHON) -m tests.gui.screenshots split preview
	$(STUDIO) QT_SCALE_FACTOR=1.5 $(PYTHON) -m tests.gui.screenshots split preview

shell-files: setup ## completion for bash, zsh and fish, and the manual page, into build/shell
	$(PYTHON) packaging/make-shell-files build/shell

install: shell-files ## for everybody on this computer: PREFIX=/usr/local, DESTDIR and RUN_WITH as packaging/install says
	@PREFIX="$(PREFIX)" DESTDIR="$(DESTDIR)" RUN_WITH="$(RUN_WITH)" packaging/install

lock: ## resolve the dependencies anew (needs uv)
	printf 'setuptools>=68\nwheel\n' | uv pip compile --quiet --extra dev --generate-hashes --no-emit-index-url \
		--no-annotate --no-header --python-version 3.11 --output-file requirements.lock pyproject.toml -

clean: ## remove what the targets made
	rm -rf $(VENV) build dist resources/translations/*.qm *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12
