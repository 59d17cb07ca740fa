"""Reading ``incentives.toml``: every mistake in it is named at once, in the reader's language."""

from __future__ import annotations

import difflib
import tomllib
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from salesgoals.paying.scheme import Curve, Group, PayPlan, parts_of
from salesgoals.problems import Problem, SalesgoalsError, raise_if_any
from salesgoals.words import say
from salesgoals.workspace import Workspace, writing

PAY_FILE = "incentives.toml"
EXAMPLES = {"new": "example.toml", "before": "example_before.toml"}
WAYS = ("target_pay", "salary_share", "share_of_goal")
#: what nobody can tell of a group while one of these entries is wrong or misspelt
CANNOT_TELL = {"pay.target_ways": set(WAYS), "pay.weights": {"metrics", "team_part"},
               "pay.reward_out_of_reach": {"milestones"}}


def read_pay_plan(path: str | Path) -> PayPlan:
    """Read a pay plan and check it; every mistake is named at once.

    Parameters
    ----------
    path : str or Path
        A TOML file such as ``incentives.toml``; ``salesgoals pay WORKSPACE --example`` writes one to start
        from.

    Returns
    -------
    PayPlan

    Raises
    ------
    SalesgoalsError
        If the file is missing, is no TOML, has unknown, missing or mistyped entries, or rules that cannot
        hold together: weights that do not sum to 1, a curve that falls, a curve that does not exist.
    """
    path = Path(path)
    if not path.is_file():
        raise SalesgoalsError(Problem("pay.no_file", file=path.name, folder=str(path.parent)))
    return parse_pay_plan(path.read_bytes(), path.name)


def open_pay_plan(workspace: Workspace, or_example: bool = False) -> PayPlan:
    """Open a company's pay plan.

    Parameters
    ----------
    workspace : Workspace
        Its ``incentives.toml`` is read.
    or_example : bool
        Take the invented example where the company has none; its title says that it is one.

    Returns
    -------
    PayPlan
    """
    path = workspace.folder / PAY_FILE
    if or_example and not path.is_file():
        return example_pay_plan()
    return read_pay_plan(path)


def example_pay_plan(which: str = "new") -> PayPlan:
    """Open an invented pay plan: ``"new"`` with groups, or ``"before"``, one commission for everybody.

    Examples
    --------
    >>> [group.key for group in example_pay_plan().group]
    ['newcomers', 'leading', 'sellers']
    """
    return parse_pay_plan(_example(which), EXAMPLES[which])


def write_example_plan(workspace: Workspace) -> Path:
    """Put the invented example plan into a workspace, to be edited; never overwrites one.

    Raises
    ------
    SalesgoalsError
        If the workspace has a pay plan already.
    """
    path = workspace.folder / PAY_FILE
    if path.exists():
        raise SalesgoalsError(Problem("pay.exists", file=PAY_FILE, folder=str(workspace.folder)))
    with writing(path) as draft:
        draft.write_bytes(_example("new"))
    return path


def _example(which: str) -> bytes:
    return (resources.files("salesgoals.paying") / EXAMPLES[which]).read_bytes()


def parse_pay_plan(content: bytes, file: str = PAY_FILE) -> PayPlan:
    """Read a pay plan from the bytes of its file, see :func:`read_pay_plan`."""
    try:
        raw = tomllib.loads(content.decode("utf-8-sig"), parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError) as error:  # no TOML, or a number beyond all measure
        raise SalesgoalsError(Problem("pay.unreadable", file=file, found=str(error))) from error
    try:
        plan = PayPlan.model_validate(raw)
    except ValidationError as error:
        details = error.errors()
        found = [_problem(detail, raw, file) for detail in details]
        found += _further(raw, [detail["loc"] for detail in details], file)
        raise SalesgoalsError(found) from error
    raise_if_any(_contradictions(plan.curves, plan.group, set(plan.curves), file))
    return plan


def _further(raw: dict[str, Any], wrong: list[tuple[Any, ...]], file: str) -> list[Problem]:
    """Name what cannot hold together in a file with mistakes of form, as far as it can be told."""
    named = raw["curves"] if isinstance(raw.get("curves"), dict) else {}
    curves = {name: curve for name, part in named.items() if (curve := _sound(Curve, part)) is not None}
    groups, untold = [], set()
    for place, part in enumerate(raw["group"] if isinstance(raw.get("group"), list) else []):
        mistakes = [loc[2:] for loc in wrong if loc[:2] == ("group", place) and len(loc) > 2]
        group = _sound(Group, _without(part, mistakes)) if isinstance(part, dict) else None
        if group is not None:
            groups.append(group)
            meant = {difflib.get_close_matches(str(loc[0]), Group.model_fields, 1, cutoff=0.)[0]
                     for loc in mistakes}
            untold |= {(group.key, code) for code, entries in CANNOT_TELL.items() if meant & entries}
    return [problem for problem in _contradictions(curves, groups, set(named), file)
            if (problem.values.get("group"), problem.code) not in untold]


def _sound(model: type[Any], part: Any) -> Any:
    """Read one part by itself; None where its form is wrong."""
    try:
        return model.model_validate(part)
    except ValidationError:
        return None


def _without(part: dict[str, Any], mistakes: list[tuple[Any, ...]]) -> dict[str, Any]:
    """Leave out the entries, and the items of lists, that have a mistake of form."""
    items = {loc[:2] for loc in mistakes if len(loc) > 1 and isinstance(loc[1], int)}
    whole = {loc[0] for loc in mistakes if loc[:2] not in items}
    return {name: [item for number, item in enumerate(value) if (name, number) not in items]
            if isinstance(value, list) else value for name, value in part.items() if name not in whole}


def _problem(detail: Any, raw: dict[str, Any], file: str) -> Problem:
    """Say one mistake of form: where it stands, what was found, what is allowed."""
    place = detail["loc"]
    name = _spell(place, raw)
    if detail["type"] == "extra_forbidden":
        allowed = _entries(place[:-1])
        near = difflib.get_close_matches(str(place[-1]), allowed, 1, cutoff=0.)
        return Problem("pay.unknown", file=file, name=name, nearest=near[0], allowed=", ".join(allowed))
    if detail["type"] == "missing":
        return Problem("pay.missing", file=file, name=name)
    return Problem("pay.wrong", file=file, name=name, found=_shown(detail["input"]), allowed=_allowed(detail))


def _spell(place: tuple[Any, ...], raw: Any) -> str:
    """Name a place as a reader finds it: groups by their key, other entries of a list by their number."""
    told: list[str] = []
    for part in place:
        if isinstance(part, int):
            raw = raw[part] if isinstance(raw, list) and part < len(raw) else None
            key = raw.get("key") if isinstance(raw, dict) else None
            told[-1] += f"[{key if isinstance(key, str) else part + 1}]"
        else:
            raw = raw.get(part) if isinstance(raw, dict) else None
            told.append(str(part))
    return ".".join(told)


def _entries(place: tuple[Any, ...]) -> list[str]:
    """List the entries that may stand at a place."""
    model: Any = PayPlan
    for part in place:
        if isinstance(part, int) or not (isinstance(model, type) and issubclass(model, BaseModel)):
            continue
        found = next((field for name, field in model.model_fields.items()
                      if part in (name, field.alias)), None)
        model = _model_in(found.annotation) if found else model
    return [field.alias or name for name, field in model.model_fields.items()]


def _model_in(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for inner in get_args(annotation) if (found := _model_in(inner))), None)


def _allowed(detail: Any) -> str:
    context, kind = detail.get("ctx", {}), detail["type"]
    for mark, sign in (("ge", "≥"), ("gt", ">"), ("le", "≤"), ("lt", "<")):
        if mark in context:
            return f"{sign} {context[mark]}"
    if "expected" in context:
        return str(context["expected"]).replace(" or ", ", ")
    kinds = {"is_instance_of": "number", "decimal_type": "number", "finite_number": "number",
             "int_type": "whole", "string_type": "text", "string_too_short": "text", "list_type": "list",
             "too_short": "list", "bool_type": "flag", "string_pattern_mismatch": "key"}
    return say(f"pay.kind_{kinds.get(kind, 'table')}")


def _shown(value: Any) -> str:
    """Show a value as the file writes it: a text in quotes is no number."""
    text = f'"{value}"' if isinstance(value, str) else str(value)
    text = text.lower() if isinstance(value, bool) else text
    return text if len(text) <= 40 else text[:39] + "…"


def _contradictions(curves: dict[str, Curve], groups: list[Group], names: set[str],
                    file: str) -> list[Problem]:
    """Name rules that cannot hold together; ``names`` are those of all curves in the file."""
    found = [problem for name, curve in curves.items() for problem in _curve_faults(name, curve)]
    found += [problem for group in groups for problem in _group_faults(group, names)]
    keys = [group.key for group in groups]
    found += [Problem("pay.group_twice", group=key) for key in dict.fromkeys(keys) if keys.count(key) > 1]
    for problem in found:
        problem.values["file"] = file
    return found


def _curve_faults(name: str, curve: Curve) -> list[Problem]:
    found = []
    starts = [tier.start for tier in curve.tiers]
    if starts != sorted(set(starts)):
        found.append(Problem("pay.tiers_order", curve=name, found=", ".join(map(str, starts))))
    if curve.kind == "marginal":
        if starts and starts[0] < 1:
            found.append(Problem("pay.tier_below_goal", curve=name, found=starts[0]))
        if curve.threshold == 1 and curve.pay_at_threshold not in (0, 1):
            found.append(Problem("pay.threshold_at_goal", curve=name, found=curve.pay_at_threshold))
        return found
    rates = [tier.rate for tier in curve.tiers]
    if curve.threshold or curve.pay_at_threshold:
        found.append(Problem("pay.retroactive_threshold", curve=name))
    at_goal = [tier.rate for tier in curve.tiers if tier.start <= 1]
    if not at_goal or at_goal[-1] != 1:
        found.append(Problem("pay.retroactive_goal", curve=name, found=at_goal[-1] if at_goal else 0))
    if rates != sorted(rates):
        found.append(Problem("pay.curve_falls", curve=name, found=", ".join(map(str, rates))))
    return found


def _group_faults(group: Group, names: set[str]) -> list[Problem]:
    found = []
    ways = [way for way in WAYS if getattr(group, way) is not None]
    if len(ways) != 1:
        found.append(Problem("pay.target_ways", group=group.key, found=", ".join(ways) or "-",
                             allowed=", ".join(WAYS)))
    weights = [part.weight for part in parts_of(group)]
    if sum(weights) != 1:
        found.append(Problem("pay.weights", group=group.key, found=sum(weights, Decimal(0)),
                             parts=" + ".join(map(str, weights)) or "-"))
    for part in parts_of(group):
        if part.curve not in names:
            near = difflib.get_close_matches(part.curve, sorted(names), 1, cutoff=0.) or ["-"]
            found.append(Problem("pay.no_curve", group=group.key, found=part.curve, nearest=near[0]))
    metrics = [measure.metric for measure in group.metrics]
    found += [Problem("pay.metric_twice", group=group.key, found=name)
              for name in dict.fromkeys(metrics) if metrics.count(name) > 1]
    most = sum(milestone.points for milestone in group.milestones)
    found += [Problem("pay.reward_out_of_reach", group=group.key, found=reward.points, most=most)
              for reward in group.rewards if reward.points > most]
    keys = [milestone.key for milestone in group.milestones]
    found += [Problem("pay.milestone_twice", group=group.key, found=key)
              for key in dict.fromkeys(keys) if keys.count(key) > 1]
    return found
