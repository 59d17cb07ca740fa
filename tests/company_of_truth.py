"""The sample company straight from its truth: the same tables without the work of collecting them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from conftest import PROJECT

from salesgoals.tables import TABLES, as_table, empty_table, write_table
from salesgoals.workspace import Workspace, new_workspace, open_workspace

TRUTH = PROJECT / "data" / "samples" / "truth"


def true_tables() -> dict[str, pd.DataFrame]:
    """Read the true tables as canonical ones; those that the truth does not hold are empty."""
    found = {path.stem: pd.read_parquet(path) for path in TRUTH.glob("*.parquet") if path.stem in TABLES}
    assert len(found) >= 8
    return {name: as_table(name, found[name]) if name in found else empty_table(name) for name in TABLES}


def make_true_company(folder: Path) -> Workspace:
    """Write the true tables into a new workspace."""
    workspace = new_workspace(folder, language="zh", company="sample")
    found = [path for path in TRUTH.glob("*.parquet") if path.stem in TABLES]
    assert len(found) >= 8
    for path in found:
        write_table(workspace.folder / "tables", path.stem, pd.read_parquet(path))
    return open_workspace(folder)
