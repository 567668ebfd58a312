# make demo: the main job on the sample shop. make test: all tests. Each sets itself up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready

export OPENBLAS_NUM_THREADS = 1

.PHONY: demo test app bench lint types journeys samples clean

demo: $(READY)
	$(BIN)/hoursopt demo --out out/demo

test: $(READY)
	$(BIN)/python -m pytest -n auto --dist loadfile

app: $(READY)
	$(BIN)/hoursopt app data/old-rauma-crafts/shop.toml

bench: $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c .ci/pins.txt -e ".[bench]"
	$(BIN)/python -m benchmarks

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

journeys: $(READY)
	$(BIN)/python -m pytest -m journey tests/journeys

clean:
	rm -rf $(VENV) out build *.egg-info

# The pinned versions of everything, what our packages pull in too, stand in .ci/pins.txt.
$(READY): pyproject.toml .ci/pins.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c .ci/pins.txt -e ".[test]"
	touch $@
