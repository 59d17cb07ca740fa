"""The hand-out on choosing a system: move the weights, see who comes first."""

from __future__ import annotations

from salesgoals.show.handouts.model import Axis, Control, Frame, Handout, View
from salesgoals.tools import Scoring, example_scores, score_tools
from salesgoals.words import say

MOST = 60  # points of weight
STEP = 5


def weights() -> Handout:
    """Set how much each criterion counts: who is first, and does that hold?"""
    example = example_scores()
    scoring = score_tools(example.scores, example.weights, example.knock_outs)
    steps = list(range(0, MOST + 1, STEP))
    starts = [min(range(len(steps)), key=lambda place: abs(steps[place] - points))
              for points in example.weights.values()]
    out = [row.tool for row in scoring.ranking.itertuples() if row.failed]
    low, high = scoring.scale
    first, second = _first_two(scoring)
    ahead = round(first[1], 2) - round(second[1], 2)  # of the figures as they are shown
    words = {"first": first[0], "second": second[0], "ahead": f"{ahead:.2f}",
             "total": f"{first[1]:.2f}"}
    open_ = bool((scoring.ranking.rank_worst[scoring.ranking["rank"] == 1] > 1).any())
    shown = {name: "{" + name + "}" for name in words}
    numbers = ["{first}", "{total}", "{ahead}"]
    start = Frame(say("handouts.weights.open" if open_ else "handouts.weights.clear", **words),
                  tuple(number.format(**words) for number in numbers))
    return Handout(
        [Control(name, [say("handouts.weights.points", n=step) for step in steps], start=place)
         for name, place in zip(example.weights, starts, strict=True)],
        [say(f"handouts.weights.number_{name}") for name in ("first", "total", "ahead")], [start], [View()],
        Axis(say("handouts.weights.axis", low=f"{low:g}", high=f"{high:g}"), 0, high,
             [(float(value), f"{value}") for value in range(int(high) + 1)]), None,
        say("handouts.weights.assumption", out=say("problem.comma").join(out) or "–"),
        weighing={"steps": steps, "scale": [low, high], "tools": [str(tool) for tool in scoring.means.index],
                  "means": [[None if score != score else float(score) for score in row]
                            for row in scoring.means.to_numpy(float)],
                  "numbers": numbers, "nothing": say("handouts.weights.nothing"),
                  **{way: say(f"handouts.weights.{way}", **shown) for way in ("clear", "open", "tie")}})


def _first_two(scoring: Scoring) -> list[tuple[str, float]]:
    inside = scoring.ranking.dropna(subset=["rank"])
    middle = (inside.lowest + inside.highest) / 2
    return sorted(zip(inside.tool, middle, strict=True), key=lambda pair: -pair[1])[:2]
