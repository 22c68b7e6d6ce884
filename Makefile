# Every command makes its own virtual environment in .venv first; nothing else on the machine is touched.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test lint bench lock clean

demo: .venv/.ready ## the whole service with sample answers, on an embedded database
	@$(BIN)/surveyapp demo $(ARGS)

test: .venv/.ready lint ## all tests; ARGS="-k words" narrows them
	@sh .setup/tools.sh
	@$(BIN)/python -m pytest -n auto $(ARGS)

lint: .venv/.ready
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports --no-cache

bench: .venv/.ready ## ratios against baselines of the same run
	@$(BIN)/python -m tests.bench $(ARGS)

lock: ## pins every package again, for every Python from 3.11 on
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --all-extras \
	  --no-emit-package surveyapp --no-annotate --no-header pyproject.toml .setup/build.in -o requirements.lock

clean:
	rm -rf .venv var

.venv/.ready: requirements.lock pyproject.toml .setup/environment.py
	@$(PYTHON) .setup/environment.py
