"""The measuring command itself: the promised rates hold, and it says so when the public sets are missing."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from conftest import PROJECT


@pytest.fixture(scope="module")
def alarms() -> ModuleType:
    sys.path.insert(0, str(PROJECT / "benchmarks"))
    try:
        return importlib.import_module("alarms")
    finally:
        sys.path.remove(str(PROJECT / "benchmarks"))


def test_the_promised_rates_of_pace_are_kept(alarms: ModuleType) -> None:
    """At most 6 % of good months, at least 57, 77 and 95 % of bad ones; bounds two standard errors wider."""
    for deals, least in ((10, .57), (60, .77), (400, .95)):
        units = 300 if deals == 400 else 1200
        false, found, _ = alarms.measure_months(deals, units, True)[0]["**P(reach) < 10 %**"]
        assert false <= .06 + 2 * (.06 * .94 / (.6 * units)) ** .5
        assert found >= least - 2 * (least * (1 - least) / units) ** .5


def test_the_printed_page_keeps_the_promise() -> None:
    """docs/alarms.md holds the figures of the full run, which is too long for a test."""
    text = (PROJECT / "docs" / "alarms.md").read_text(encoding="utf-8")
    row = next(line for line in text.splitlines() if line.startswith("| **P(reach) < 10 %** |"))
    cells = [tuple(map(float, cell.split("/"))) for cell in row.split("|")[2:5]]
    assert all(false <= .06 for false, _ in cells)
    assert all(found >= least for (_, found), least in zip(cells, (.57, .77, .95), strict=True))
    weekly = next(line for line in text.splitlines() if line.startswith("| **EWMA** |"))
    false, _, found = (float(cell) for cell in weekly.split("|")[2:5])
    assert false <= 8
    assert found >= .80


def test_weekly_rules_are_counted_as_by_hand(alarms: ModuleType) -> None:
    rows = {row[0]: row[1:] for row in alarms.measure_weeks("rate", 120, .3, 400)}
    assert float(rows["below usual"][0]) > 300
    assert float(rows["**EWMA**"][0]) <= 8 + 3
    assert float(rows["**EWMA**"][2]) >= .80


def test_public_months_are_measured(alarms: ModuleType, shared_data: Path) -> None:
    deals, before = alarms.read_deals(shared_data)["CRM wins, 3 offices"]
    assert len(deals) == 4238
    row = alarms.measure_public_months(deals, before)
    assert row["months"] == 15
    assert np.isclose(row["deals"], 131, atol=3)
    assert row["linear found"] > row["pace found"] > .3


def test_without_the_sets_the_page_says_so(alarms: ModuleType, tmp_path: Path) -> None:
    text = alarms.page({10: 200, 60: 60, 400: 20}, 20, tmp_path / "nowhere")
    assert "Not measured" in text
    assert "**P(reach) < 10 %**" in text
