"""What several test files need."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsing import browser, lab, screenshots, watched  # noqa: F401  (fixtures)
from databases import postgres, postgres_url  # noqa: F401
from hypothesis import settings

from salesgoals.words import in_language

PROJECT = Path(__file__).resolve().parent.parent
# A gate must say the same of the same commit twice; at home every run tries other examples.
settings.register_profile("gate", derandomize=True)
if os.environ.get("SALESGOALS_SAME_EXAMPLES"):
    settings.load_profile("gate")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Every test starts in English and cannot leave another language behind."""
    with in_language("en"):
        yield


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of public data beside the project; tests that need it are skipped where it is absent."""
    folder = PROJECT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the public data sets are not beside the project (../shared/data)")
    return folder
