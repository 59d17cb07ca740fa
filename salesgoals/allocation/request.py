"""What is asked of a plan, checked before any work is done: total, months, unit, limits."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from salesgoals.allocation.bounds import Bounds, Organisation, work_out_bounds
from salesgoals.allocation.crew import Crew
from salesgoals.allocation.finder import parse_month
from salesgoals.allocation.limits import read_limits
from salesgoals.problems import Problem, raise_if_any

LONGEST = 60  # months


@dataclass(frozen=True)
class Request:
    """What was asked for, checked: total and unit in currency units."""

    total: int
    start: pd.Timestamp
    months: int
    unit: int


def check_request(total: Any, start: Any, months: Any, unit: Any) -> tuple[Request | None, list[Problem]]:
    """Check total, first month, months and unit, and name everything that is wrong with them.

    Returns
    -------
    tuple of (Request or None, list of Problem)
        A request also when only total or unit are wrong (one unit then stands in for the total), so that
        what else is wrong can be found; None when the months are unknown.

    Examples
    --------
    >>> request, problems = check_request(1050, "2026-01", 12, 100)
    >>> [problem.code for problem in problems]
    ['decompose.total_not_multiple']
    """
    problems = []
    if isinstance(unit, bool) or not isinstance(unit, (int, np.integer)) or unit < 1:
        problems.append(Problem("decompose.unit_wrong", found=unit))
        unit = 1
    amount = unit
    if isinstance(total, bool) or not isinstance(total, (int, float, Decimal, np.number)):
        problems.append(Problem("decompose.total_not_number", found=total))
    elif not math.isfinite(total):
        problems.append(Problem("decompose.total_not_finite", found=total))
    elif total <= 0:
        problems.append(Problem("decompose.total_not_positive", found=total))
    elif total % unit:
        below = int(total // unit * unit)
        problems.append(Problem("decompose.total_not_multiple", total=total, unit=unit, below=below,
                                above=below + int(unit)))
    else:
        amount = int(total)
    month = parse_month(start) if not isinstance(start, bool) else None
    if month is None:
        problems.append(Problem("decompose.start_wrong", found=start))
    whole = not isinstance(months, bool) and isinstance(months, (int, np.integer)) and 1 <= months <= LONGEST
    if not whole:
        problems.append(Problem("decompose.months_wrong", found=months, most=LONGEST))
    asked = Request(amount, month, int(months), int(unit)) if month is not None and whole else None
    return asked, problems


def take_limits(crew: Crew, asked: Request, limits: pd.DataFrame | None, lines: Sequence[str],
                problems: Sequence[Problem] = ()) -> tuple[Bounds, list[Problem]]:
    """Read floors, caps and pins and take them together with the total.

    Parameters
    ----------
    crew : Crew
        The people of the plan.
    asked : Request
        From :func:`check_request`.
    limits : pandas.DataFrame or None
        See :func:`salesgoals.allocation.limits.read_limits`.
    lines : sequence of str
        Product lines of the plan.
    problems : sequence of Problem
        What was found wrong before, to be told together.

    Returns
    -------
    tuple of (Bounds, list of Problem)
        The problems are notes.

    Raises
    ------
    SalesgoalsError
        With everything wrong; contradictions are looked for once every single wish can be read.
    """
    wishes, found = read_limits(limits, crew.people, list(crew.months), lines, asked.unit)
    raise_if_any([*problems, *found])
    bounds = work_out_bounds(Organisation.from_people(crew.people), wishes, crew.present > 0, len(lines),
                             asked.total // asked.unit, asked.unit)
    raise_if_any(bounds.problems)
    return bounds, found
