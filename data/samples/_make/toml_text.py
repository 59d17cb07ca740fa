"""Writes the few shapes of TOML that the truth needs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date


def entries(values: Mapping[str, object]) -> list[str]:
    """Write one line for each name and value."""
    return [f"{name} = {value_text(value)}" for name, value in values.items()]


def value_text(value: object) -> str:
    """Write a value as TOML does; texts are quoted as in JSON."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return "[" + ", ".join(value_text(item) for item in value) + "]"
    if isinstance(value, float):
        return repr(round(value, 4))
    return str(value) if isinstance(value, int) else json.dumps(value, ensure_ascii=False)
