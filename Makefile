# One command each; every one sets up what it needs and can be run again without harm.
#   make demo    messy sample exports -> tables -> goals -> reports
#   make cases   the three case studies in both languages, their figures beside the model's
#   make test    all checks and tests
#   make lab     the lessons in JupyterLab
#   make bench   speed and memory beside peers, measured side by side
#   make handouts    pages whose sliders need no installation
#   make wheelhouse  a folder for a USB stick: install on Windows and Mac without a network
#   make lite        the lessons in a browser; PYODIDE=folder of a Pyodide distribution
#   make build   lesson editions and sample exports from their sources
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
# Language of the lessons that "make lab" opens: zh on a Chinese system, else en; or make lab LESSONS=zh
LESSONS ?= $(if $(filter zh%,$(LANG)),zh,en)
# Tests wait for browsers and servers now and then: one worker more than there are processors on a small machine
WORKERS ?= 3
export PYTHONUTF8 = 1

.PHONY: demo cases test lab bench handouts wheelhouse lite build coverage clean
.DEFAULT_GOAL := demo

$(READY): requirements.txt pyproject.toml
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || \
	  { echo "Python 3.11 or newer is needed; found:"; $(PYTHON) --version; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: $(READY)
	@$(BIN)/salesgoals demo demo

cases: $(READY)
	@$(BIN)/salesgoals cases case_pages

test: $(READY)
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python data/samples/make_samples.py --check
	$(BIN)/python case_studies/make_cases.py --check
	$(BIN)/python tools/build_notebooks.py --check
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadscope
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadscope --nbval-lax --nbval-current-env \
	  teaching notebooks/zh/9*.ipynb notebooks/en/9*.ipynb

lab: $(READY)
	$(BIN)/jupyter lab --LabApp.extension_manager=readonly --LabApp.app_settings_dir=tools/lab \
	  --ServerApp.root_dir=. notebooks/$(LESSONS)/00_start_here.ipynb

$(VENV)/.ready-bench: $(READY) requirements-bench.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-bench.txt
	@touch $@

bench: $(VENV)/.ready-bench
	$(BIN)/python benchmarks/run.py

coverage: $(VENV)/.ready-bench
	$(BIN)/python benchmarks/coverage.py --markdown docs/coverage.md
	$(BIN)/python benchmarks/fairness.py --markdown docs/fairness.md
	$(BIN)/python benchmarks/cycles.py --markdown docs/cycles.md
	$(BIN)/python benchmarks/control.py --companies 20 --markdown docs/control.md
	$(BIN)/python benchmarks/retro.py --markdown docs/retro.md
	$(BIN)/python benchmarks/model.py --write

handouts: $(READY)
	@$(BIN)/salesgoals handouts build/handouts

wheelhouse: $(READY)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.8"
	$(BIN)/python tools/wheelhouse.py --to build/usb

# Where Pyodide lies, such as build/pyodide, and what else to say: LITE=--basic or LITE=--fill
PYODIDE ?= build/pyodide
LITE    ?=
lite: $(READY)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[lite]" --no-build-isolation
	$(BIN)/python tools/jupyterlite.py --pyodide $(PYODIDE) --to build/lite $(LITE)

build: $(READY)
	$(BIN)/python data/samples/make_samples.py
	$(BIN)/python case_studies/make_cases.py
	$(BIN)/python tools/build_notebooks.py

clean:
	rm -rf demo case_pages workspaces build .pytest_cache .mypy_cache .ruff_cache .hypothesis
