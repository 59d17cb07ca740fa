"""Hand-outs on pay: where a pay curve jumps, and why an honest claim pays best."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from salesgoals.claiming.menus import make_menu
from salesgoals.claiming.rules import Gonik, JointBase, Rule
from salesgoals.incentives import PayPlan, example_pay_plan, open_pay_plan
from salesgoals.paying.curve import exact_lines, share_of_pay
from salesgoals.paying.scheme import Group, parts_of
from salesgoals.paying.scheme_file import PAY_FILE
from salesgoals.show.charts_base import round_ticks
from salesgoals.show.handouts.model import Axis, Control, Frame, Handout, Line, Mark, View
from salesgoals.show.numbers import format_share
from salesgoals.words import say
from salesgoals.workspace import Workspace

MOST = 160                  # percent of the goal
JUMP = .02                  # of the target pay within a thousandth of the goal: a cliff
JUST, NEAR = Fraction(1, 10_000), Fraction(5, 100)
NOTHING_MORE = 5e-4
MOST_GROUPS = 4
CLAIMS = range(60, 141, 4)  # percent of the company's number
UNSURE = 30.                # spread of the person for whom the menu was made, percent


def share_paid(plan: PayPlan, group: Group, result: Fraction) -> Fraction:
    """Say what share of the target pay a group gets when all its metrics reach the same result.

    Examples
    --------
    >>> plan = example_pay_plan("before")
    >>> [float(share_paid(plan, plan.group[0], Fraction(at, 100))) for at in (79, 80, 100)]
    [0.0, 0.48, 1.0]
    """
    return sum((Fraction(part.weight) * share_of_pay(exact_lines(plan.curves[part.curve]), result)
                for part in parts_of(group)), Fraction(0))


def plans_to_show(workspace: Workspace) -> Iterator[tuple[str, PayPlan, Group]]:
    """Give the company's own plan by groups, and the invented old plan with its cliffs to compare."""
    own = (workspace.folder / PAY_FILE).is_file()
    plan = open_pay_plan(workspace) if own else example_pay_plan()
    for group in plan.group[:MOST_GROUPS]:
        yield say("handouts.pay.plan_own" if own else "handouts.pay.plan_example",
                  title=str(plan.title), group=str(group.title)), plan, group
    old = example_pay_plan("before")
    yield str(old.title), old, old.group[0]


def corners_of(plan: PayPlan, group: Group) -> tuple[list[Fraction], list[tuple[Fraction, float]]]:
    """List the corners of a group's curve, and of these the jumps with their height."""
    corners = sorted({line.start for part in parts_of(group) for line in exact_lines(plan.curves[part.curve])
                      if 0 < line.start <= Fraction(MOST, 100)})
    heights = [float(share_paid(plan, group, corner) - share_paid(plan, group, corner - JUST))
               for corner in corners]
    return corners, [(corner, height) for corner, height in zip(corners, heights, strict=True)
                     if height > JUMP]


def _jump(corner: Fraction, height: float) -> dict[str, str]:
    return {"at": format_share(float(corner)), "height": format_share(height)}


def pay(workspace: Workspace) -> Handout:
    """Move the result: what does it pay, and where does one more sale pay nothing, or a fortune?"""
    frames, views, names, top = [], [], [], 0.
    for name, plan, group in plans_to_show(workspace):
        names.append(name)
        corners, jumps = corners_of(plan, group)
        places = sorted({Fraction(0), Fraction(MOST, 100), *corners, *(corner - JUST for corner in corners)})
        points = [(float(at), float(share_paid(plan, group, at))) for at in places]
        top = max(top, *(paid for _, paid in points))
        views.append(View(
            lines=[Line(say("handouts.pay.curve"), "forecast", points)],
            marks=[Mark("actual", 1., None, say("handouts.pay.goal")),
                   *(Mark("newcomer", float(corner), float(share_paid(plan, group, corner)),
                          say("handouts.pay.jump", **_jump(corner, height))) for corner, height in jumps)]))
        for result in range(MOST + 1):
            at = Fraction(result, 100)
            paid = float(share_paid(plan, group, at))
            more = float(share_paid(plan, group, at + Fraction(1, 100))) - paid
            near = next((jump for jump in jumps if at < jump[0] <= at + NEAR), None)
            way = "before_jump" if near else "finding_flat" if abs(more) < NOTHING_MORE else "finding"
            words = {"result": format_share(result / 100), "paid": format_share(paid), "more": _points(more)}
            text = say(f"handouts.pay.{way}", **words, **(_jump(*near) if near else {}))
            frames.append(Frame(text, (words["result"], words["paid"], words["more"]), len(views) - 1,
                                [Mark("goal", result / 100, paid)]))
    top = max(top * 1.1, 1.2)
    return Handout(
        [Control(say("handouts.pay.plan"), names, start=len(names) - 1, slider=False),
         Control(say("handouts.pay.result"),
                 [format_share(result / 100) for result in range(MOST + 1)], start=78)],
        [say(f"handouts.pay.number_{name}") for name in ("result", "paid", "more")], frames, views,
        Axis(say("handouts.pay.axis"), 0, MOST / 100, [(step / 5, format_share(step / 5))
                                                       for step in range(MOST // 20 + 1)]),
        Axis(say("handouts.pay.axis_pay"), 0, top, [(value, format_share(value))
                                                    for value in round_ticks(0, top)]),
        say("handouts.pay.assumption"))


def _points(share: float) -> str:
    return say("handouts.points", points=f"{100 * share:.1f}".replace("-", "−"))


def claim_rules() -> list[Rule]:
    """Give the three rules of the hand-out: the company's number is 100."""
    return [Gonik(100.), JointBase(100., scale=1.), make_menu(100., UNSURE)]


def _pay_axis(rule: Rule, claims: np.ndarray) -> Axis:
    every = np.asarray(rule.pay(claims[:, None], claims), float)
    low, high = float(every.min()), float(every.max()) * 1.08
    low = low - .05 * (high - low) if low else 0.
    return Axis(say("handouts.claim.axis_pay"), low, high,
                [(value, f"{value:.0f}".replace("-", "−")) for value in round_ticks(low, high)])


def claim() -> Handout:
    """Claim a number, then set the result: which claim would have paid best?"""
    frames: list[Frame] = []
    views: list[View] = []
    rules = claim_rules()
    claims = np.array(list(CLAIMS), float)
    fine = np.arange(claims[0], claims[-1] + .5, 1.)
    for rule in rules:
        axis = _pay_axis(rule, claims)
        for claimed in claims:
            for result in claims:
                paid = float(rule.pay(claimed, result))
                every = np.asarray(rule.pay(fine, result), float)
                best = float(every.max())
                words = {"claimed": f"{claimed:.0f}", "result": f"{result:.0f}", "paid": f"{paid:.1f}",
                         "lost": f"{best - paid:.1f}", "best": f"{best:.1f}"}
                way = "best" if best - paid < .05 else "low" if claimed < result else "high"
                frames.append(Frame(say(f"handouts.claim.{way}", **words),
                                    (words["paid"], words["best"], words["lost"]),
                                    len(views) + int(np.flatnonzero(claims == result)[0]),
                                    [Mark("goal", float(claimed), paid)]))
        for result in claims:
            every = np.asarray(rule.pay(fine, result), float)
            points = list(zip(fine.tolist(), every.tolist(), strict=True))
            views.append(View(lines=[Line(say("handouts.claim.curve"), "forecast", points)],
                              marks=[Mark("gain", float(result), None, say("handouts.claim.honest"))],
                              y=axis))
    texts = [f"{value:.0f}" for value in claims]
    return Handout(
        [Control(say("handouts.claim.rule"), [say(f"handouts.claim.rule_{rule.name}") for rule in rules],
                 slider=False),
         Control(say("handouts.claim.claimed"), texts, start=texts.index("80")),
         Control(say("handouts.claim.result"), texts, start=texts.index("108"))],
        [say(f"handouts.claim.number_{name}") for name in ("paid", "best", "lost")], frames, views,
        Axis(say("handouts.claim.axis"), float(claims[0]), float(claims[-1]),
             [(float(value), f"{value}") for value in range(60, 141, 20)]),
        views[0].y,
        say("handouts.claim.assumption"))
