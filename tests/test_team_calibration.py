"""The comparison with peers in simulated companies: no talents among equals, ranges that hold."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARK = Path(__file__).resolve().parent.parent / "benchmarks" / "team.py"


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    spec = importlib.util.spec_from_file_location("benchmark_team", BENCHMARK)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_among_equals_hardly_anybody_is_named(benchmark: ModuleType) -> None:
    found = benchmark.measure(8, 14, 0.0, seed=5)
    assert found["named"] * 8 <= 2  # of 8 x 14 x 5 comparisons
    assert found["inside"] > 0.9


def test_where_people_differ_they_are_named_rightly(benchmark: ModuleType) -> None:
    found = benchmark.measure(8, 14, 0.3, seed=5)
    assert found["named"] > 5
    assert found["wrong"] < 0.05
    assert 0.7 < found["inside"] < 0.88


def test_the_page_says_what_was_measured() -> None:
    page = (BENCHMARK.parent.parent / "docs" / "team.md").read_text(encoding="utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| ") and line[2].isdigit()]
    assert len(rows) == 9
    for row in rows:
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        if cells[1] == "0.00":
            assert float(cells[3].rstrip("%")) <= 5  # companies in which anybody was named
        assert float(cells[6]) > 0.7
