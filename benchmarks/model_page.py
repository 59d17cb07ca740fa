"""Write docs/model.md from what benchmarks/model.py has measured."""

from __future__ import annotations

from typing import Any

import pandas as pd
from model import NEAR, Figure, Run

from salesgoals.simulate import model_parameters
from salesgoals.words import in_language

SPLITS = {"last_year": "own last year and {level:+.0%}; newcomers the others' median, {newcomers:+.0%}",
          "uniform": "last year's mean and {level:+.0%}, the same for everybody",
          "tiered": "last year's mean and {level:+.0%}; leading sellers {leaders:+.0%}, newcomers "
          "{newcomers:+.0%}",
          "equal_chance": "a chance of {level:.0%} for everybody, from a forecast"}
HABITS = {"co_created": "co-created", "crm": "CRM", "retro": "retrospectives"}

MODEL = r"""# The team model: formulas, evidence, fit, weak points

Written by `python benchmarks/model.py --write` from the model that ships (`salesgoals/simulate.py`, its
engine room `salesgoals/modelling/`) and from the published figures in `case_studies/*/case.toml`. `make
test` recomputes the main tables and fails when they do not agree.

**What it is for.** To show what a way of setting goals *can* do to a team, with numbers that can be changed
and argued about. **What it is not.** Evidence that it did. The published figures are a vendor's,
unverified; the model has enough freedom to tell them, and says so below.

## One year of one person

1. **Usual sales.** A person sells `a` in a usual year: 1 for most, `leader_tier` for leading sellers, times
   a personal factor (log-normal, spread `ability_spread`), times `1 + growth` this year. A newcomer sells
   `ramp_start` of a full month in the first month, rising evenly to 1 in the twelfth. *Capacity* of a team
   is the sum of what its people sell at usual effort, ramp included.
2. **Goals.** *Decree*: the person's own last year and the level on top. Last year is `a` without this
   year's growth times `exp(own luck x N(0, 1))`, where `own luck = sqrt(month_noise^2 / 12 + what slumps
   add)`, about .067; last year's market is not in it. A newcomer, who has no last year, stands in the table
   with the others' median and gets that, less 20 %, and the level. *One size*: the mean of this table,
   newcomers included, and the level on top, the same for everybody. *Tiers*: that, +20 % for leading sellers
   and -20 % for newcomers. *Equal chance*: a forecast, which is the person's capacity times
   `exp(forecast_error x N(0, 1))` (it knows growth and ramp), times `exp(-z x spread)`, where `z` is the
   normal quantile of the planned chance and `spread = sqrt(forecast_error^2 + own luck^2 + market_shock^2)`.
3. **Belief.** On the first of each month the person compares the pace still needed with the own usual pace:
   `r = (goal - sold so far) / (usual sales of the months left)`. The chance they give themselves is `p =
   Phi(-ln r / belief_width)`: an even chance where the pace needed is the usual one.
4. **Effort.** `e = 1 + c x effort_gain x 4p(1-p) - effort_loss x (1-p)^2`. Effort is highest for a goal
   that is hard and believable (p about 1/2), usual for a goal that is safe, and falls where the goal looks
   lost. `c` is commitment: 1 for goals set together, `imposed_commitment` for imposed ones.
5. **Sales of the month** = usual month x ramp x `e` x luck of the month (log-normal, `month_noise`) x luck
   of the market (one draw a team and year, `market_shock`) x (1 - `slump_depth` while in a slump) x (1 +
   `crm_gain` with a CRM) / (1 - `slump_depth` x `u`). Log-normal luck has the mean 1. A slump begins with
   `slump_chance` a month and lasts `slump_months` on average, `slump_months_retro` with monthly
   retrospectives; on the first of January the usual share `u = slump_chance / (slump_chance + 1 /
   slump_months)` of the people are in one, with retrospectives, too. Dividing by `1 - slump_depth x u` makes
   usual slumps a part of usual sales: without retrospectives they cost nothing extra.
6. **Leaving.** `F` is the share of the year in which `p` was below `out_of_reach`. The person leaves with
   probability `1 - exp(-(leaving_base + leaving_out_of_reach x F))`, at the end of the year.
7. **Counting.** Share at goal = people with sales >= goal; attainment = sales / goal of the team; sales and
   goal are told as shares of capacity.

Two policies always meet the same luck, so their difference is the policy's.

**One team through the years** (`play_years`, which draws the cases' exports): the same formulas for one team.
A usual year without goals comes first; its real sales are last year's table for the year after. Everybody who
leaves is replaced by a newcomer on the first of January, so a year that drives people away leaves a team with
more newcomers than the composition above. A year's goals may come from elsewhere, such as the package's own
plan; then only the habits of the policy count.
"""


def write_page(found: dict[str, Any]) -> str:
    """Put the page together."""
    figures: list[Figure] = found["figures"]
    return "\n".join([
        MODEL, *_parameters(), *_stories(found["runs"]), *_seven(found), *_fit(found),
        *_sensitivity(found, figures),
        *_removed(found), *_cliff(found), *_shapley(found), *_readings(found), *_weak(found)])


def _table(heads: list[str], rows: list[list[str]]) -> list[str]:
    lines = [f"| {' | '.join(row)} |" for row in (heads, *rows)]
    return [lines[0], f"|{'---|' * len(heads)}", *lines[1:], ""]


def _parameters() -> list[str]:
    with in_language("en"):
        table = model_parameters()
    counts = table.kind.value_counts()
    return ["## The numbers", "",
            f"{len(table)} numbers, one set for all cases: {counts.evidence} whose direction is evidence, "
            f"{counts.assumption} assumptions, {counts.fitted} fitted. Low and high say how far a "
            f"number could well be",
            "off. It is a quiet business: many small deals, steady people, small slumps.", "",
            *_table(["parameter", "value", "low", "high", "kind", "meaning", "source"],
                    [[row.parameter, f"{row.value:g}", f"{row.low:g}", f"{row.high:g}", row.kind, row.meaning,
                      row.source] for row in table.itertuples()])]


def _stories(runs: dict[str, Run]) -> list[str]:
    rows = []
    for run, (team, policy) in runs.items():
        told = SPLITS[policy.split].format(level=policy.level, leaders=policy.leaders,
                                           newcomers=policy.newcomers)
        habits = ", ".join(said for name, said in HABITS.items() if getattr(policy, name)) or "-"
        who = f"{team.people} people, {team.newcomers} newcomers, {team.leaders} leading"
        rows.append([run, who, told, habits])
    return ["## Teams and policies of the three cases", "",
            "Sizes and composition are assumptions: the article gives none.", "",
            *_table(["", "team", "goals", "habits"], rows)]


def _name(run: str, measure: str) -> str:
    said = {"share_at_goal": "share at goal", "turnover": "turnover", "turnover_newcomers": "newcomers' "
    "turnover"}
    return f"{run}: {said[measure]}"


def _seven(found: dict[str, Any]) -> list[str]:
    table: pd.DataFrame = found["seven"]
    rows = [[_name(row.run, row.measure), f"{row.published:.2f}", f"{row.mean:.3f}",
             f"{row.low:.2f} to {row.high:.2f}", "yes" if row.inside else "NO", "yes" if row.near else "NO",
             f"{row.other_low:.3f} to {row.other_high:.3f}"]
            for row in table.itertuples()]
    return ["## The seven published figures", "",
            f"{found['teams']:,} teams each, seed 1; the last column are the means with seeds 2 to 5.", "",
            *_table(["figure", "published", "mean", "90 % of single teams", "inside", f"within {NEAR}",
                     "other seeds"], rows),
            "A single team varies so much (second but last columns) that one team's year says little "
            "about a policy.",
            ""]


def _fit(found: dict[str, Any]) -> list[str]:
    plain = found["removed"].iloc[0]
    a, b, c = (found["runs"][f"{letter} before"][1].level for letter in "ABC")
    chance = found["runs"]["A after"][1].level
    rows = [
        ["A's old level", f"{plain.A:+.1%}", f"{a:+.0%}", "A before: share at goal"],
        ["B's level, before and after", f"{plain.B:+.1%}", f"{b:+.0%}", "B after: share at goal"],
        ["C's old level", f"{plain.C:+.1%}", f"{c:+.0%}", "C before: share at goal"],
        ["planned chance, A and C after", f"{plain.chance:.3f}", f"{chance:.2f}",
         "A after and C after: share at goal (least squares)"],
        ["`leaving_out_of_reach`", f"{plain.leaving:.2f}",
         f"{model_parameters().set_index('parameter').value['leaving_out_of_reach']:.2f}",
         "A after: turnover, B after: newcomers' turnover (least squares)"]]
    business = [[row.name_, f"{row.A:+.0%}", f"{row.B:+.0%}", f"{row.C:+.0%}", f"{row.chance:.2f}",
                 f"{row.leaving:.1f}", f"{row.miss:.3f}", _worst(row.whose)]
                for row in found["business"].rename(columns={"name": "name_"}).itertuples()]
    return ["## What was fitted, and what that proves", "",
            "Five numbers, each found by a search of its own (leaving does not feed back on sales, so "
            "the searches do not",
            "disturb each other), then rounded:", "",
            *_table(["number", "found", "shipped", "chosen so that the model tells"], rows),
            "Seven figures, five free numbers: **only two agreements are not made by choice.** One "
            "planned chance has to",
            "serve both A and C afterwards, and one hazard of leaving both turnovers. The three old "
            "levels are pure choice:",
            "for each published share there is a level that gives it. `effort_gain` and `imposed_commitment` "
            "were left at",
            "round values: with these two free as well there would be seven numbers for seven figures, and "
            "no test at all.",
            "That the levels are plausible (a tenth more than last",
            "year against 8 % growth) is the reader's judgement, not a result.", "",
            "The same fit with other assumptions about the business; the agreement does not pick one of "
            "them:", "",
            *_table(["business", "A", "B", "C", "chance", "leaving", "worst miss", "whose"], business)]


def _worst(whose: str) -> str:
    letter, when, measure = whose.split()
    return _name(f"{letter} {when}", measure)


def _sensitivity(found: dict[str, Any], figures: list[Figure]) -> list[str]:
    heads = ["parameter", "value", *(_name(figure.run, figure.measure) for figure in figures), "out",
             "after a new fit"]
    rows = []
    for row in found["sensitivity"].itertuples():
        moves = [f"{100 * move:+.0f}" if abs(move) >= .005 else "0" for move in row.moves]
        out = ", ".join(_name(figures[place].run, figures[place].measure) for place in row.out) or "-"
        again = "-" if row.again != row.again else f"{row.again:.3f}"
        rows.append([row.parameter, f"{row.value:g}", *moves, out, again])
    table = found["sensitivity"]
    stand = int((table.out.map(len) == 0).sum())
    again = table.again.dropna()
    return ["## Sensitivity", "",
            "Each parameter alone at its low and its high value, levels kept: how many points of a "
            "hundred each figure moves,",
            f"and which published figures the mean then misses by more than {NEAR}. Last column: the "
            f"worst miss when the",
            "five free numbers are found anew.", "",
            *_table(heads, rows),
            f"With the levels kept, {stand} of {len(table)} changes leave all seven within {NEAR}. "
            f"After a new fit "
            f"{int((again <= NEAR).sum())} of {len(again)} do (worst {again.max():.3f}): what an "
            f"assumption changes, the",
            "level of the goal takes back. So the seven figures hardly tell which assumptions are right.", ""]


def _removed(found: dict[str, Any]) -> list[str]:
    rows = [[row.name_, f"{row.miss:.3f}", _worst(row.whose), "no" if row.miss > NEAR else "yes"]
            for row in found["removed"].rename(columns={"name": "name_"}).itertuples()]
    return ["## What removing a mechanism does", "", "Each is switched off and the five numbers are "
    "found anew.", "",
            *_table(["removed", "worst miss", "whose", f"still within {NEAR}"], rows),
            "Needed by the figures: that effort answers the goal, and that CRM and retrospectives "
            "together do something (C",
            "gains more than A with the same planned chance). Not identified: what a hopeless goal does "
            "to effort, ramp,",
            "leading sellers, and whether it is CRM or retrospectives. They rest on the sources named "
            "above or on",
            "judgement.", ""]


def _cliff(found: dict[str, Any]) -> list[str]:
    rows = [[f"{row.goal:.0%}", f"{row.share_at_goal:.3f}", f"{row.low:.2f} to {row.high:.2f}",
             f"{row.sales:.3f}",
             f"{row.turnover:.3f}"] for row in found["cliff"].itertuples()]
    return ["## The cliff", "",
            "A's new policy, only the level of the goal is moved (100 % is capacity):", "",
            *_table(["goal / capacity", "share at goal", "90 % of teams", "sales / capacity", "turnover"],
                    rows),
            "Share at goal is a cliff, sales are a hill: most is sold with goals about at capacity or "
            "just below. A doubled",
            "goal sells less than no goal at all. A high share at goal is therefore easy to get: ask "
            "for less.", ""]


def _shapley(found: dict[str, Any]) -> list[str]:
    said = {"goal_level": "level of the goal", "split": "who carries what", "co_creation": "co-creation",
            "crm": "CRM", "retro": "retrospectives"}
    rows = []
    for letter, table in found["shapley"].items():
        rows += [[letter, said[row.factor], *(f"{value:+.3f}" for value in (
            row.share_at_goal, row.sales, row.turnover, row.turnover_newcomers))]
            for row in table[(table.drop(columns="factor") != 0).any(axis=1)].itertuples()]
        total = table.drop(columns="factor").sum()
        rows.append([letter, "**whole change**", *(f"{value:+.3f}" for value in (
            total.share_at_goal, total.sales, total.turnover, total.turnover_newcomers))])
    return ["## What came from what", "",
            "Shapley's value: each factor's mean effect over all orders of changing them; exact, adds "
            "up.", "",
            *_table(["case", "factor", "share at goal", "sales / capacity", "turnover", "newcomers' "
            "turnover"], rows),
            "About half of the rise of A and C is a lower goal. In this model a new split hardly moves "
            "the share of A",
            "and C (people of a quiet business are alike, and last year's table knows them), but "
            "newcomers stay. B's new",
            "split asks for exactly the same total: its gain in sales is small, its real gain is that "
            "newcomers stay.",
            f"A with the old way and only a total as low as the new one: share at goal "
            f"{found['only_lower']:.2f}.", ""]


def _readings(found: dict[str, Any]) -> list[str]:
    rows = []
    for run, table in found["outcomes"].items():
        means = table.set_index("measure")["mean"]
        rows.append([run, f"{means.share_at_goal:.2f}", f"{means.attainment:.2f}", f"{means.goal:.2f}",
                     f"{means.sales:.2f}", f"{means.turnover:.2f}", f"{means.turnover_newcomers:.2f}"])
    luck = [f"{letter}: the old way alone reaches {new:.2f} by luck with chance {share:.3f}; the share "
    f"of one team varies"
            f" by {spread:.2f} (standard deviation). With last year's market in last year's table: chance "
            f"{wider:.3f}, {wide:.2f}." for letter, new, share, spread, wider, wide in found["luck"]]
    return ["## Two readings of 达标率, and luck", "",
            "The article does not say whether 达标率 means people at goal / people or amount / goal. The "
            "cases read it as people",
            "at goal. Read as amount / goal it would need other levels: 45 % means a goal of more than "
            "twice what was sold.",
            "",
            *_table(["", "people at goal", "amount / goal", "goal / capacity", "sales / capacity", "turnover",
                     "newcomers' turnover"], rows),
            *(f"- {line}" for line in luck), ""]


def _weak(found: dict[str, Any]) -> list[str]:
    before = found["outcomes"]["A before"].set_index("measure")["mean"]
    b = found["outcomes"]["B before"].set_index("measure")["mean"]
    return ["## Weak points", "",
            f"- Newcomers under a decree: {before.turnover_newcomers:.0%} leave in A's old year, "
            f"{b.turnover_newcomers:.0%} in",
            "  B's. Both are high: the median, even less 20 %, is more than a ramping person sells, and "
            "the model's",
            "  newcomers know it from the first day. Nobody has published these figures.",
            "- Months are steadier than real people's (measured elsewhere: 40 % error of a person's "
            "month). With noisier",
            "  months the fit is as good (table above), with lower goals.",
            "- Last year's table holds everybody's own luck of last year, but not last year's market. With "
            "it the means of",
            "  the old ways hardly move, but single teams vary far more (above), and luck explains more. The "
            "drawn team of",
            "  a case has it in its table.",
            "- The forecast is a little better than those measured on public series.",
            "- Who leaves has sold the whole year; nobody is replaced within it, customers do not go "
            "with them.",
            "- Nobody games: no sandbagging, no ratchet, no deals moved over the year's end, no price "
            "cuts, no pay.",
            "- CRM and retrospectives cost nothing here: no time, no money. Co-creation always works.",
            "- One year, no learning: what a missed goal does to the year after is not in the model.",
            "- 90 % of single teams is luck within the model. It does not contain the doubt about the "
            "model itself; the",
            "  sensitivity table is the place to look for that.", ""]
