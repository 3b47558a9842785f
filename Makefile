# make demo [PAGES=FOLDER]  install into .venv and run the main job on the inputs in examples/ (and on pages of yours)
# make test   install what the tests need and run them all
# make lint   format check, lint and types
# make wheel  build dist/*.whl
# make models DATA=FOLDER [SIZE=small]  train and pack the models that ship, from the public data sets in FOLDER
# make constraints  write constraints.txt anew from .venv

PYTHON ?= python3
ROOT := $(patsubst %/,%,$(dir $(abspath $(lastword $(MAKEFILE_LIST)))))
VENV ?= $(ROOT)/.venv
OUT ?= $(ROOT)/out/demo
MADE ?= $(ROOT)/out/make
SIZE ?= mini
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c $(ROOT)/constraints.txt
NEEDS := $(ROOT)/pyproject.toml $(ROOT)/constraints.txt

export TOKENIZERS_PARALLELISM = false
export HF_HUB_OFFLINE = 1

.PHONY: demo test lint wheel models clean
.DEFAULT_GOAL := demo

demo: $(VENV)/.installed
	$(BIN)/python $(ROOT)/examples/demo.py --output $(OUT) $(if $(PAGES),--pages '$(PAGES)')

test: $(VENV)/.installed-test
	cd $(ROOT) && $(BIN)/python -m pytest

lint: $(VENV)/.installed-lint
	cd $(ROOT) && $(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy

wheel: $(VENV)/.installed-lint
	cd $(ROOT) && $(BIN)/python -m build --wheel --outdir dist

models: $(VENV)/.installed
	$(if $(DATA),,$(error Say where the public data sets are: make models DATA=FOLDER))
	$(BIN)/python -m tabtext make $(ROOT)/recipes/*.yaml --data '$(DATA)' --size $(SIZE) --output '$(MADE)'

clean:
	rm -rf $(VENV) $(ROOT)/out $(ROOT)/dist

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10) and "Python 3.10 or newer is needed; set PYTHON=")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(NEEDS) | $(BIN)/python
	$(PIP) -e '$(ROOT)[tables,zstd]'
	touch $@

$(VENV)/.installed-test: $(NEEDS) | $(BIN)/python
	$(PIP) -e '$(ROOT)[test]'
	touch $@ $(VENV)/.installed

$(VENV)/.installed-lint: $(NEEDS) | $(BIN)/python
	$(PIP) -e '$(ROOT)[test,lint]'
	touch $@ $(VENV)/.installed-test $(VENV)/.installed
