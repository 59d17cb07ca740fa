"""Events in which goals go up or down: the market, goals out of reach, somebody's wish."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from salesgoals.adjusting.base import Base
from salesgoals.adjusting.case import NOBODY, PEERS, TEAM, Asked, Case, together, unchanged
from salesgoals.adjusting.events import MarketShock, OutOfReach, Wish
from salesgoals.adjusting.market import exposure
from salesgoals.adjusting.prospect import chance_of_missing, level_with_chance
from salesgoals.allocation.allocate import Array
from salesgoals.allocation.limits import parse_amount
from salesgoals.claiming.agreeing import EVERYBODY
from salesgoals.problems import Problem, raise_if_any


def ask_shock(case: Case, event: MarketShock) -> Asked:
    """Let goals and expected sales follow the market, each person's as far as it is hit."""
    asked, base = unchanged(case), case.base
    if not (math.isfinite(event.change) and event.change > -1):
        asked.problems.append(Problem("adjust.shock_size", found=event.change))
    hit, whole, problems = exposure(case.tables, base, event.by, event.of)
    asked.problems += problems
    if event.total not in ("moves", "kept"):
        asked.problems.append(Problem("adjust.choice", name="total", found=event.total, known="moves, kept"))
    if asked.problems:
        return asked
    asked.wished *= 1 + event.change * hit[:, None, :]
    before, after = int(base.cells.sum()), float(asked.wished.sum())
    if event.total == "kept" and after > 0:
        asked.wished *= before / after
    touched = [int(at) for at in np.nonzero(np.abs(asked.wished - base.cells).sum((1, 2)) > 1e-9)[0]]
    asked.groups = [(touched, round(float(asked.wished[touched].sum())))]
    factor = 1 + event.change * pd.Series(whole, index=case.people.person_id)
    expected = case.prospect.people.copy()
    earlier = expected.to_come - expected["rest"]
    to_come = earlier + expected["rest"] * factor
    expected["sd"] *= (to_come / expected.to_come).where(expected.to_come > 0, 1.)
    expected["to_come"] = to_come
    for name in ("rest", "rest_sd"):
        expected[name] *= factor
    asked.prospect = case.prospect.with_people(expected)
    return asked


def ask_reach(case: Case, event: OutOfReach) -> Asked:
    """Bring goals that are out of reach down to a stated chance."""
    asked, base = unchanged(case), case.base
    asked.problems += [Problem("goal.chance_outside", found=value) for value in (event.limit, event.chance)
                       if not 0 < value < 1]
    choices = (("total", event.total, "lowered, kept"), ("counts", event.counts, "rest, whole"))
    asked.problems += [Problem("adjust.choice", name=name, found=value, known=known)
                       for name, value, known in choices if value not in known.split(", ")]
    looked_at, _ = together(lambda: case.places(event.who), lambda: raise_if_any(asked.problems))
    known = case.prospect.people
    own = base.cells.sum((1, 2))
    goal = base.money(own + base.past.to_numpy(float))
    missing = pd.Series(goal - known.so_far.to_numpy(), index=known.index)
    now = chance_of_missing(known.to_come, known.sd, missing)
    level = np.zeros(len(own))
    for at, row in enumerate(known.itertuples()):
        if event.counts == "whole":
            level[at] = row.so_far + level_with_chance(row.to_come, row.sd, event.chance) - base.money(
                base.past.to_numpy(float))[at]
        else:
            level[at] = row.since + level_with_chance(row.rest, row.rest_sd, event.chance)
    level = np.maximum(np.floor(level / base.unit + 1e-9), 0)
    low = [at for at in looked_at if now[at] < event.limit and level[at] < own[at]]
    asked.notes += _reach_notes(case, event, looked_at, now, low)
    if not low:
        return asked
    for at in low:
        asked.wished[at] *= level[at] / own[at]
        asked.groups.append(([at], int(level[at])))
    need = int(sum(own[at] - level[at] for at in low))
    if event.total == "kept":
        others = [at for at in case.people.index if at not in low and not case.is_vacant(at)]
        room = np.array([max(level[at] - own[at], 0) if now[at] == now[at] else 0. for at in others])
        if room.sum() < need:
            asked.problems.append(Problem("adjust.no_room", need=need * base.unit, chance=event.chance,
                                          room=float(room.sum()) * base.unit))
            return asked
        takes = room / room.sum() * need
        _add(asked, base, others, takes)
        asked.groups.append((others, int(own[others].sum()) + need))
    return asked


def _reach_notes(case: Case, event: OutOfReach, looked_at: list[int], now: Array,
                 low: list[int]) -> list[Problem]:
    hopeless = [at for at in looked_at if now[at] < event.limit]
    unknown = [at for at in looked_at if now[at] != now[at]]
    notes = [Problem("adjust.reach_found", level="note", count=len(hopeless), n=len(looked_at),
                     limit=event.limit, lowered=len(low))]
    if len(hopeless) > len(low):
        notes.append(Problem("adjust.reach_rest_fine", level="note", n=len(hopeless) - len(low),
                             chance=event.chance))
    if unknown:
        notes.append(Problem("adjust.reach_unknown", level="doubt", n=len(unknown)))
    return notes


def _add(asked: Asked, base: Base, places: list[int], takes: Array) -> None:
    """Raise goals by so many units each, in the pattern of their own; of all, where they have none."""
    pattern = base.cells.sum(0).astype(float)
    for at, more in zip(places, takes, strict=True):
        own = asked.wished[at].sum()
        asked.wished[at] += more * (asked.wished[at] / own if own > 0 else pattern / pattern.sum())


def ask_wish(case: Case, event: Wish) -> Asked:
    """Change the goal of a person, a team or everybody, and let others absorb the difference or not."""
    asked, base = unchanged(case), case.base
    mine, _, _ = together(lambda: case.places(event.who),
                          lambda: case.check_named(event.absorbed, PEERS, NOBODY),
                          lambda: raise_if_any(_wanted(event.amount, 0., base.unit)[1]))
    own, past = int(base.cells[mine].sum()), int(base.past.to_numpy()[mine].sum())
    wanted, _ = _wanted(event.amount, (own + past) * base.unit, base.unit)
    peers = [at for at in case.people.index if at not in mine and not case.is_vacant(at)]
    if event.absorbed == PEERS and len(mine) == 1:
        peers = case.places(TEAM, mine[0], mine) or peers
    elif event.absorbed not in (PEERS, EVERYBODY, NOBODY):
        peers = case.places(event.absorbed, None, mine)
    if event.absorbed != NOBODY and not peers:
        asked.problems.append(Problem("adjust.nobody_left", node=event.who))
    if wanted is None:
        return asked
    left = wanted - past
    if left < 0:
        asked.problems.append(Problem("adjust.wish_past", node=event.who, wish=wanted * base.unit,
                                      past=past * base.unit))
    carried = int(base.cells[peers].sum())
    if event.absorbed != NOBODY and peers and carried < left - own:
        asked.problems.append(Problem("adjust.absorb_too_little", need=(left - own) * base.unit,
                                      most=carried * base.unit))
    if asked.problems:
        return asked
    if own:
        asked.wished[mine] *= left / own
    else:
        _add(asked, base, mine, np.full(len(mine), left / len(mine)))
    asked.groups = [(mine, left)]
    if event.absorbed != NOBODY:
        if carried:
            asked.wished[peers] *= (carried - (left - own)) / carried
        else:
            _add(asked, base, peers, np.full(len(peers), (own - left) / len(peers)))
        asked.groups.append((peers, carried - (left - own)))
    return asked


def _wanted(amount: Any, now: float, unit: float) -> tuple[int | None, list[Problem]]:
    """Read a wished amount, or a change such as ``+10%``, in units."""
    text = str(amount).strip().replace("\uff05", "%").replace("\uff0b", "+").replace("\u2212", "-")
    if text.endswith("%"):
        share = parse_amount(text[:-1].lstrip("+"))
        signed = text[0] in "+-"
        if share is None or not math.isfinite(share) or not signed or share < -100:
            return None, [Problem("adjust.amount", found=amount)]
        return round(now * (1 + share / 100) / unit), []
    value = parse_amount(amount)
    if value is None or not math.isfinite(value) or value < 0:
        return None, [Problem("adjust.amount", found=amount)]
    if abs(value / unit - round(value / unit)) > 1e-9:
        below = math.floor(value / unit) * unit
        return None, [Problem("adjust.amount_not_multiple", found=amount, unit=unit, below=below,
                              above=below + unit)]
    return round(value / unit), []
