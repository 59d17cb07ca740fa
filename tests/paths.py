"""Where the project is, and its benchmarks as modules."""

import importlib.util
import sys
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent


def load_benchmark(name: str) -> Any:
    """Load a script of ``benchmarks/``; what it puts on the path of imports is taken off again."""
    found = importlib.util.spec_from_file_location(f"{name}_benchmark", PROJECT / "benchmarks" / f"{name}.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    before = list(sys.path)
    found.loader.exec_module(module)
    sys.path[:] = before
    return module
