# make run      sets up and opens Daybook: your own book once it holds a file, else the demo
# make test     sets up and runs the whole gate: lint, types, tests
PYTHON ?= python3
TEST := .venv-test/bin/python
.PHONY: run demo test setup-test test-vendure torture check-schemas benchmarks screenshots

run:
	@$(PYTHON) .ci/setup.py .venv requirements.txt
	@exec .venv/bin/python app.py --demo

demo:
	@$(PYTHON) .ci/setup.py .venv requirements.txt
	@exec .venv/bin/python app.py --data data/demo --demo

setup-test:
	@$(PYTHON) .ci/setup.py .venv-test tests/requirements.txt --browser

test: setup-test
	@$(TEST) -m ruff check .
	@$(TEST) -m mypy
	@$(TEST) -m pytest

# The long suites: hundreds of kills, thousands of mutated files.
torture: setup-test
	@$(TEST) -m pytest -m slow
	@DAYBOOK_MUTATIONS=2000 $(TEST) -m pytest tests/connectors/test_mutations.py

# Against a real Vendure server: needs Node 20 with npm, and shared/servers/vendure beside the project.
test-vendure: setup-test
	@$(TEST) -m pytest -m vendure -rs -s tests/test_vendure_server.py

# Names that connectors ask for, against what the platforms publish (needs the package indexes of Python and npm).
check-schemas: setup-test
	@$(TEST) -m tests.schemas

# Writes docs/benchmarks.md.
benchmarks: setup-test
	@$(TEST) -m tests.benchmarks --out docs/benchmarks.md

# Writes docs/img/<page>-<lang>-<width>.png from the demo book.
screenshots: setup-test
	@$(TEST) -m tests.screenshots
