"""The cliff: a little more goal, and suddenly hardly anybody reaches it. From the team model."""

from __future__ import annotations

from functools import cache
from itertools import product

import pandas as pd

from salesgoals.show.handouts.model import Axis, Control, Frame, Handout, Line, Mark, View
from salesgoals.show.numbers import format_growth, format_share
from salesgoals.simulate import Team, TeamPolicy, level_curve
from salesgoals.words import say

TEAM = Team(20, 3, 4)
SPLITS = {"last_year": .10, "uniform": .10, "tiered": .10, "equal_chance": .5}  # the slider moves the level
LEVELS = tuple(level / 100 for level in range(70, 131, 2))
TEAMS, SEED = 300, 1


@cache
def curve_of(split: str, co_created: bool, retro: bool, crm: bool) -> pd.DataFrame:
    """Give the cliff of one way to work, as the team model tells it."""
    return level_curve(TEAM, TeamPolicy(split, SPLITS[split], co_created=co_created, retro=retro, crm=crm),
                       LEVELS, TEAMS, SEED)


def cliff() -> Handout:
    """Move the goal's level and the way to work: who reaches it, what is sold, who leaves?"""
    frames, views = [], []
    for split, co_created, retro, crm in product(SPLITS, (False, True), (False, True), (False, True)):
        curve = curve_of(split, co_created, retro, crm)
        best = curve.sales.max()
        points = {name: list(zip(curve.goal, curve[name], strict=True)) for name in curve.columns}
        views.append(View(lines=[
            Line(say("handouts.cliff.share"), "goal", points["share_at_goal"]),
            Line(say("handouts.cliff.sales"), "forecast", points["sales"]),
            Line(say("handouts.cliff.turnover"), "actual", points["turnover"], dashed=True)]))
        for row in curve.itertuples():
            told = {"goal": format_growth(row.goal - 1), "share": format_share(row.share_at_goal),
                    "sales": format_growth(row.sales - 1), "best": format_growth(best - 1),
                    "turnover": format_share(row.turnover)}
            low, high = format_share(row.low), format_share(row.high)
            frames.append(Frame(
                say("handouts.cliff.finding", **told),
                (told["share"], say("handouts.cliff.between", low=low, high=high), told["sales"],
                 told["turnover"]), len(views) - 1,
                [Mark("goal", row.goal, row.share_at_goal), Mark("forecast", row.goal, row.sales),
                 Mark("actual", row.goal, row.turnover)]))
    yes_no = [say("handouts.no"), say("handouts.yes")]
    ways = [Control(say(f"handouts.cliff.{name}"), yes_no, slider=False)
            for name in ("co_created", "retro", "crm")]
    return Handout(
        [Control(say("handouts.cliff.split"), [say(f"handouts.cliff.split_{name}") for name in SPLITS],
                 start=list(SPLITS).index("uniform"), slider=False),
         *ways,
         Control(say("handouts.cliff.level"), [format_growth(level - 1) for level in LEVELS],
                 start=min(range(len(LEVELS)), key=lambda place: abs(LEVELS[place] - 1.02)))],
        [say(f"handouts.cliff.number_{name}") for name in ("share", "between", "sales", "turnover")],
        frames, views,
        Axis(say("handouts.cliff.axis"), LEVELS[0], LEVELS[-1],
             [(level / 100, format_growth(level / 100 - 1)) for level in range(70, 131, 10)]),
        Axis("", 0, 1.4, [(step / 5, format_share(step / 5)) for step in range(8)]),
        say("handouts.cliff.assumption", people=TEAM.people, newcomers=TEAM.newcomers, leaders=TEAM.leaders,
            teams=TEAMS))
