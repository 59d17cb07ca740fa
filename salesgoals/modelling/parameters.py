"""The parameter set of the team model: read, checked, changed one at a time."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from salesgoals.problems import Problem, raise_if_any

MONTHS = 12


@dataclass(frozen=True)
class Parameters:
    """Every number the model rests on; docs/model.md says where each comes from."""

    effort_gain: float
    effort_loss: float
    belief_width: float
    imposed_commitment: float
    leaving_base: float
    leaving_out_of_reach: float
    out_of_reach: float
    leader_tier: float
    ability_spread: float
    month_noise: float
    market_shock: float
    slump_chance: float
    slump_depth: float
    slump_months: float
    slump_months_retro: float
    crm_gain: float
    ramp_start: float
    forecast_error: float
    growth: float

    @property
    def usual_slump(self) -> float:
        """Share of months that people spend in a slump in a usual year."""
        return self.slump_chance / (self.slump_chance + 1 / self.slump_months)

    @property
    def own_luck(self) -> float:
        """Spread (log, nearly) of a person's year at the same ability and effort: months and slumps."""
        part = self.usual_slump
        kept = max(0., 1 - 1 / self.slump_months - self.slump_chance)    # memory from month to month
        apart = np.abs(np.subtract.outer(np.arange(MONTHS), np.arange(MONTHS)))
        in_slump = part * (1 - part) * (kept ** apart).sum() / MONTHS ** 2
        slumps = self.slump_depth ** 2 * in_slump / (1 - self.slump_depth * part) ** 2
        return float(np.sqrt(self.month_noise ** 2 / MONTHS + slumps))

    @property
    def plan_spread(self) -> float:
        """Spread (log) of a person's year around its forecast: own luck, error of the forecast, market."""
        return float(np.sqrt(self.own_luck ** 2 + self.forecast_error ** 2 + self.market_shock ** 2))


@cache
def parameter_table() -> dict[str, dict[str, Any]]:
    """Read the file once: name -> value, low, high, least, most, kind, source."""
    text = resources.files(__package__).joinpath("parameters.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def choose_parameters(changed: Mapping[str, float] | None = None) -> Parameters:
    """Return the shipped set, with some of its numbers changed; refuse what cannot be.

    Examples
    --------
    >>> choose_parameters({"growth": 0}).growth, choose_parameters().effort_gain
    (0.0, 0.2)
    """
    table = parameter_table()
    problems = []
    for name, value in (changed or {}).items():
        if name not in table:
            near = difflib.get_close_matches(str(name), table, 1)
            problems.append(Problem("simulate.parameter_unknown", found=str(name),
                                    near=near[0] if near else next(iter(table))))
        elif not is_number(value) or not table[name]["least"] <= value <= table[name]["most"]:
            problems.append(Problem("simulate.parameter_outside", found=str(value), name=name,
                                    least=float(table[name]["least"]), most=float(table[name]["most"])))
    raise_if_any(problems)
    chosen = {name: float((changed or {}).get(name, entry["value"])) for name, entry in table.items()}
    return Parameters(**chosen)


def is_number(value: Any) -> bool:
    """Tell a finite number from anything else."""
    kind = isinstance(value, (int, float, np.integer, np.floating))
    return kind and not isinstance(value, bool) and bool(np.isfinite(value))


def is_count(value: Any) -> bool:
    """Tell a whole number from anything else."""
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)
