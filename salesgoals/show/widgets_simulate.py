"""Try ways of setting goals on a team: share, sales and turnover side by side, and the place on the cliff."""

from __future__ import annotations

from typing import Any

import ipywidgets
import pandas as pd

from salesgoals.show.charts_simulate import chart_cliff
from salesgoals.show.html import Column, escape, write_table
from salesgoals.show.numbers import format_growth, format_share
from salesgoals.show.widgets import draw_picture, like_an_output
from salesgoals.simulate import (
    LEVELS,
    MOST_LEVEL_OF_CAPACITY,
    SPLITS,
    Team,
    TeamPolicy,
    level_curve,
    outcome_table,
    simulate_teams,
)
from salesgoals.words import in_language, language, say

TEAMS = 400             # few enough to answer at once; means are then right to about a point
LEAST, MOST, FIRST = -30, 40, 11        # percent of growth on last year's table
LEAST_CHANCE, MOST_CHANCE, FIRST_CHANCE = 30, 90, 58
SHOWN = ("share_at_goal", "sales", "turnover", "turnover_newcomers")
HABITS = ("co_created", "retro", "crm")
USUAL_TEAM = Team(20, 3, 4)
WIDE = ipywidgets.Layout(width="560px")
NAMED = {"description_width": "150px"}


def try_policies(team: Team | None = None, before: TeamPolicy | None = None,
                 seed: int = 1) -> ipywidgets.VBox:
    """Give controls for how goals are set and followed; below them stand share, sales and turnover.

    Parameters
    ----------
    team : Team, optional
        By default 20 people, 3 of them newcomers, 4 leading sellers.
    before : TeamPolicy, optional
        Where the controls stand at first, and what later settings are compared with.
    seed : int
        Of the model's luck.

    Returns
    -------
    ipywidgets.VBox
        Controls, a sentence, a table and the cliff.
    """
    spoken = language()
    team = team or USUAL_TEAM
    start = before or TeamPolicy("last_year", FIRST / 100)
    planned = start.split == "equal_chance"
    tiers = {"leaders": format_growth(start.leaders), "newcomers": format_growth(start.newcomers)}
    split = ipywidgets.Dropdown(options=[(say(f"simulate.split.{name}", **tiers), name) for name in SPLITS],
                                value=start.split, description=say("simulate.choose_split"), style=NAMED,
                                layout=WIDE)
    level = ipywidgets.IntSlider(
        value=FIRST if planned else round(100 * start.level), continuous_update=False, layout=WIDE,
        min=min(LEAST, round(100 * start.level)), max=max(MOST, round(100 * start.level)),
        description=say("simulate.choose_level"), readout_format="+d", style=NAMED)
    chance = ipywidgets.IntSlider(
        value=round(100 * start.level) if planned else FIRST_CHANCE, min=1 if planned else LEAST_CHANCE,
        max=99 if planned else MOST_CHANCE, continuous_update=False, layout=WIDE,
        description=say("simulate.choose_chance"), style=NAMED)
    habits = {name: ipywidgets.Checkbox(value=getattr(start, name), indent=False,
                                        description=say(f"simulate.habit.{name}"),
                                        layout=ipywidgets.Layout(width="auto",
                                                                 margin="0 24px 0 0")) for name in HABITS}
    shown = ipywidgets.HTML()
    base = simulate_teams(team, start, TEAMS, seed)

    def draw(_: Any = None) -> None:
        fair = split.value == "equal_chance"
        level.disabled, chance.disabled = fair, not fair
        policy = TeamPolicy(split.value, (chance if fair else level).value / 100, start.leaders,
                            start.newcomers, **{name: box.value for name, box in habits.items()})
        now = simulate_teams(team, policy, TEAMS, seed)
        goal = float(now.goal.mean())
        curve = level_curve(team, policy, levels_around(goal), TEAMS // 2, seed)
        with in_language(spoken):
            told = say("simulate.told", goal=format_share(goal), share=format_share(now.share_at_goal.mean()),
                       sales=format_share(now.sales.mean()), turnover=format_share(now.turnover.mean()))
            shown.value = (f"<p><strong>{escape(told)}</strong></p>" + like_an_output(_table(now, base))
                           + draw_picture(chart_cliff(curve, goal)))

    for control in (split, level, chance, *habits.values()):
        control.observe(draw, "value")
    draw()
    return ipywidgets.VBox([split, level, chance, ipywidgets.HBox(list(habits.values())), shown])


def levels_around(goal: float) -> list[float]:
    """Give the levels of the cliff, down or up to where the goal stands, so that it can be marked."""
    inside = LEVELS[0] <= goal <= LEVELS[-1]
    return sorted([*LEVELS, *([] if inside else [min(goal, MOST_LEVEL_OF_CAPACITY)])])


def _table(now: pd.DataFrame, base: pd.DataFrame) -> str:
    """Write each measure now, between what single teams lie, and where it stood at first."""
    table = outcome_table(now).set_index("measure")
    rows = [name for name in SHOWN if name in table.index]
    found = table.loc[rows]
    return write_table([
        Column("", [say(f"simulate.measure.{name}") for name in rows], number=False),
        Column(say("simulate.column_now"), [format_share(mean) for mean in found["mean"]]),
        Column(say("simulate.column_range"),
               [say("simulate.range", low=format_share(row.low), high=format_share(row.high))
                for row in found.itertuples()]),
        Column(say("simulate.column_first"), [format_share(base[name].mean()) for name in rows])])
