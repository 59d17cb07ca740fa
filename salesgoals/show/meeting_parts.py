"""What meetings show, as people read it: who climbed out of a low, who leads the contest, the agenda."""

from __future__ import annotations

from typing import Any

import pandas as pd

from salesgoals.show.html import Column, Part, escape, write_list, write_table
from salesgoals.show.numbers import NOTHING, format_growth, format_month, format_share
from salesgoals.show.process_parts import person_names
from salesgoals.words import say

TOP = 3


def show_stories(stories: pd.DataFrame) -> Part:
    """Tell who climbed out of a clear low and by what; where nobody did by more than luck, say so.

    Parameters
    ----------
    stories : pandas.DataFrame
        From :func:`salesgoals.meetings.success_stories`.
    """
    if stories.empty:
        return Part(f"<p>{escape(say('progress.no_story'))}</p>")
    return Part(write_list([_story(row) for row in stories.itertuples()]))


def _story(row: Any) -> str:
    text = say("progress.story", name=row.person, low=format_month(row.low_from),
               was=format_share(row.low / row.usual_low), now=format_share(row.now / row.usual_now))
    return text + say(f"progress.story_{row.reason}" if row.reason_clear else "progress.story_unknown")


def show_contest(contest: pd.DataFrame, rows: int = 10) -> Part:
    """Show the top of the contest; whoever stands further down is told the own place alone.

    Parameters
    ----------
    contest : pandas.DataFrame
        From :func:`salesgoals.meetings.contest`.
    rows : int
        How many at most.
    """
    if contest.empty:
        return Part(f"<p>{escape(say('progress.no_contest'))}</p>")
    named = contest.assign(person=contest.person_id.astype(str).map(person_names(contest)))
    return Part(_places(named[named.public].head(rows), "rank")
                + f'<p class="quiet">{escape(say("progress.contest_note", n=int(contest.of.iloc[0])))}</p>')


def show_team_contest(contest: pd.DataFrame) -> Part:
    """Show the first three of one team among themselves; nothing for teams of fewer than four."""
    if contest.empty or contest.team_of.max() <= TOP:
        return Part("")
    top = contest[contest.team_rank <= TOP].sort_values("team_rank", kind="stable")
    return Part(_places(top, "team_rank") + f'<p class="quiet">{escape(say("progress.contest_how"))}</p>')


def show_own_place(contest: pd.DataFrame) -> Part:
    """Tell one person the own place, and nobody else's."""
    if contest.empty:
        return Part("")
    row = contest.iloc[0]
    lines = [say("progress.own_place", rank=int(row["rank"]), of=int(row.of), team_rank=int(row.team_rank),
                 team_of=int(row.team_of), points=f"{row.points:.0f}"), say("progress.contest_how")]
    return Part("".join(f"<p>{escape(line)}</p>" for line in lines))


def _places(shown: pd.DataFrame, rank: str) -> str:
    columns = [Column(say("progress.place"), [str(int(value)) for value in shown[rank]]),
               Column(say("progress.unit"), shown.person.astype(str).tolist(), number=False, one_line=True),
               Column(say("progress.team"), shown.team.fillna(NOTHING).astype(str).tolist(), number=False),
               Column(say("progress.points"), [f"{value:.0f}" for value in shown.points],
                      bars=(shown.points / 100).tolist(), tint="plain"),
               Column(say("progress.fair_pace"), [format_share(value) for value in shown.pace])]
    for name in ("progress", "process"):
        if shown[name].notna().any():
            columns.append(Column(say(f"progress.contest_{name}"),
                                  [NOTHING if pd.isna(value) else format_growth(value - 1)
                                   for value in shown[name]]))
    return write_table(columns)
