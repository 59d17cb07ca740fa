"""A workspace of the sample company's true tables, for tests that do not want to read exports first."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from paths import PROJECT

from salesgoals.tables import TABLES, write_table
from salesgoals.workspace import Workspace, new_workspace, open_workspace

TRUTH = PROJECT / "data" / "samples" / "truth"


def true_workspace(folder: Path, language: str = "en") -> Workspace:
    workspace = new_workspace(folder, language=language, company="Sample", currency="CNY")
    for name in TABLES:
        if (TRUTH / f"{name}.parquet").exists():
            write_table(workspace.folder / "tables", name, pd.read_parquet(TRUTH / f"{name}.parquet"))
    return open_workspace(folder)
