from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from salesgoals.collect import collect_folder
from salesgoals.overview import describe_records
from salesgoals.tables import TABLES, empty_table
from salesgoals.workspace import new_workspace


def records_of(folder: Path, workspace: Path) -> dict[str, Any]:
    opened = new_workspace(workspace, language="en")
    for path in folder.iterdir():
        shutil.copyfile(path, opened.inbox / path.name)
    return describe_records(collect_folder(opened).tables)


def test_nothing_known_nothing_said() -> None:
    assert describe_records({name: empty_table(name) for name in TABLES}) == {}


def test_known_answers_of_a_crm_export(shared_data: Path, tmp_path: Path) -> None:
    records = records_of(shared_data / "maven_crm", tmp_path / "w")
    deals = records["deals"]
    assert (deals["won"], deals["lost"], deals["open"]) == (4238, 2473, 2089)
    assert round(deals["win_rate"], 4) == 0.6315
    assert deals["won_amount"] == 10_005_534
    assert deals["median_days"] == 45
    assert records["sales"]["by_department"] == {"West": 3568647.0, "Central": 3346293.0, "East": 3090594.0}


def test_known_answers_of_a_warehouse_export(shared_data: Path, tmp_path: Path) -> None:
    records = records_of(shared_data / "adventureworks_dw", tmp_path / "w")
    assert records["sales"]["lines"] == 60_855
    assert records["sales"]["amount"] == pytest.approx(80_450_596.98, abs=0.005)
    goals = records["goals"]
    assert (goals["goals"], goals["matched"]) == (163, 163)
    assert [round(goals[name], 4) for name in ("attainment", "mean", "median")] == [0.8405, 0.8548, 0.8479]
    assert round(goals["share_at_goal"] * 163) == 8
