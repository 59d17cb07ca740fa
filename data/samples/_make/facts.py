"""The planted facts, with their size as measured on the true records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from .catalogue import LINES, MISSPELT, PRODUCTS, SEGMENTS
from .company import Company
from .customers import books_by_month, months
from .days import SPRING_FESTIVAL
from .lapses import (
    CROSSED,
    CROSSED_FROM,
    FORGOTTEN,
    FORGOTTEN_FROM,
    LAPSE_START,
    largest,
)
from .sales import Line
from .setting import FIRST_DAY, LAST_DAY, LOG_START, PLAN_START, setting
from .toml_text import entries
from .yardsticks import RESTATED, RESTATED_FACTOR, UPLIFT

Facts = dict[str, dict[str, object] | list[dict[str, object]]]
YEAR_AGO = date(LAST_DAY.year - 1, LAST_DAY.month, LAST_DAY.day)  # the last 12 months start the day after
TWO_YEARS_AGO = date(LAST_DAY.year - 2, LAST_DAY.month, LAST_DAY.day)


def write_facts(folder: Path, company: Company) -> None:
    """Write facts.toml: what was planted, with its size as measured on the true records."""
    text = ["# The planted facts, measured on the true records. Synthetic data: no such company exists.",
            "# \"last_12\" are the 12 months before the plan starts; money in yuan.", ""]
    for name, value in measure_facts(company).items():
        for entry in value if isinstance(value, list) else [value]:
            text += [f"[[{name}]]" if isinstance(value, list) else f"[{name}]", *entries(entry), ""]
    (folder / "facts.toml").write_text("\n".join(text), encoding="utf-8", newline="\n")


def measure_facts(company: Company) -> Facts:
    """Measure what was planted; what a company has not got has no entry."""
    lines, here = company.lines, setting()
    people, departments = here.people, here.departments
    twins, lucky, bus = (here.with_story(story) for story in ("same_name", "lucky_veteran", "bus_factor"))
    facts: Facts = {
        "company": {
            "name": here.company, "name_en": here.company_en, "synthetic": True, "currency": "CNY",
            "first_day": FIRST_DAY, "last_day": LAST_DAY, "plan_start": PLAN_START, "fiscal_year_start": 1,
            "departments": len(set(departments.values())), "teams": len(departments), "people": len(people),
            "people_on_last_day": sum(p.leave is None for p in people), "product_lines": len(LINES),
            "products": len(PRODUCTS), "segments": len(SEGMENTS), "months": len(months()),
            "order_lines": len(lines), "orders": len({x.order_id for x in lines}),
            "accounts": len(company.accounts), "opportunities": len(company.opportunities),
            "activities": len(company.activities), "activity_log_from": LOG_START,
            "sales": _money(lines), **{f"sales_{year}": _money(x for x in lines if x.day.year == year)
                                       for year in (2024, 2025, 2026)},
            "sales_last_12": _money(_last(lines))},
        "same_name": {"name": twins[0].name, "person_ids": [p.person_id for p in twins]} if twins else {},
        "joins": [{"person_id": p.person_id, "name": p.name, "hire_date": p.hire, "ramp": p.story,
                   "months_to_half": p.ramp_midpoint} for p in people if p.ramp_midpoint],
        "leaves": [{"person_id": p.person_id, "name": p.name, "leave_date": p.leave}
                   for p in here.with_story("leaves")],
        "moves": [{"person_id": p.person_id, "name": p.name, "from_team": p.team, "to_team": p.moves[1],
                   "first_day": p.moves[0]} for p in people if p.moves],
        "parental_leave": [{"person_id": p.person_id, "name": p.name, "first_day": p.away[0],
                            "last_day": p.away[1]} for p in people if p.away],
        "zero_months": _zero_months(lines),
        "growing_segment": _growing(lines) if here.growing_segment else {},
        "losing_line": _losing(lines) if here.losing_line else {},
        "lucky_veteran": _lucky(lines) if lucky else {}, "bus_factor": _bus_factor(lines) if bus else {},
        "unfair_goals": _unfair(company), "spring_festival": [
            {"day": day, "month": f"{day:%Y-%m}", "sales": _money(x for x in lines if _same(x.day, day))}
            for day in SPRING_FESTIVAL.values() if day >= FIRST_DAY],
        **_lapses(company), "market_restated": {"first_month": f"{RESTATED:%Y-%m}", "months": 12,
                            "new_base_against_old": RESTATED_FACTOR},
        "misspelt_product": {"product_id": MISSPELT[0], "product": MISSPELT[1],
                                         "written": MISSPELT[2]} if here.dirt.misspelt else {},
        "inflated_goal": [_inflated(company, team) for team in here.inflated],
    }
    return {name: fact for name, fact in facts.items() if fact}


def _lapses(company: Company) -> dict[str, dict[str, object]]:
    """What the activity log shows of 2026 against the months before."""
    books = books_by_month(company.accounts)
    before, after = (LOG_START, LAPSE_START), (LAPSE_START, LAST_DAY)
    planted = setting().lapses
    tired = {p.person_id for p in setting().people
             if p.team_on(LAST_DAY) == planted.tired_team and not p.leave}

    def change(people: set[str], kind: str) -> float:
        """Contacts a week afterwards against before, less one."""
        weeks = []
        for first, last in (before, after):
            count = sum(a.count for a in company.activities
                        if a.person_id in people and a.type == kind and first <= a.day < last)
            weeks.append(count / ((last - first).days / 7))
        return round(weeks[1] / weeks[0] - 1, 4)

    def sold(people: set[str], first: date, last: date) -> int:
        return sum(x.amount for x in company.lines if x.person_id in people and first <= x.day <= last)

    year_ago, end = LAPSE_START.replace(year=LAPSE_START.year - 1), LAST_DAY.replace(year=LAST_DAY.year - 1)
    busy = {planted.busy_person}
    facts: dict[str, dict[str, object]] = {}
    if tired:
        facts["tired_team"] = {
            "team": planted.tired_team, "first_day": LAPSE_START, "person_ids": sorted(tired),
            "visits_change": change(tired, "拜访"), "quotes_change": change(tired, "报价"),
            "sales_change": round(sold(tired, LAPSE_START, LAST_DAY) / sold(tired, year_ago, end) - 1, 4)}
    if planted.busy_person:
        facts["quotes_without_wins"] = {"person_id": planted.busy_person, "first_day": LAPSE_START,
                                        "visits_change": change(busy, "拜访"),
                                        "quotes_change": change(busy, "报价")}
    if planted.silent:
        facts["log_stopped"] = {"person_id": planted.silent[0], "first_day_without": planted.silent[1]}
    if planted.forgetful_person:
        left = largest(books, planted.forgetful_person, FORGOTTEN)
        facts["neglected"] = {"person_id": planted.forgetful_person, "first_day_without": FORGOTTEN_FROM,
                              "account_ids": [account.account_id for account in left]}
    if planted.crossing_person:
        theirs = largest(books, planted.crossed_person, CROSSED)
        seen = {a.account.account_id for a in company.activities if a.account in theirs
                and a.person_id == planted.crossing_person and a.day >= CROSSED_FROM}
        facts["doubly_worked"] = {"owner": planted.crossed_person, "also": planted.crossing_person,
                                  "first_day": CROSSED_FROM, "account_ids": sorted(seen)}
    return facts


def _same(day: date, other: date) -> bool:
    return (day.year, day.month) == (other.year, other.month)


def _money(lines: Iterable[Line]) -> float:
    return sum(line.amount for line in lines) / 100


def _last(lines: Iterable[Line]) -> list[Line]:
    return [line for line in lines if line.day > YEAR_AGO]


def _first(lines: Iterable[Line]) -> list[Line]:
    """The same 12 months a year before the last ones."""
    return [line for line in lines if TWO_YEARS_AGO < line.day <= YEAR_AGO]


def _share(part: float, whole: float) -> float:
    return round(part / whole, 4)


def _growth(lines: list[Line]) -> float:
    return _share(_money(_last(lines)), _money(_first(lines))) - 1


def _zero_months(lines: list[Line]) -> list[dict[str, object]]:
    sold = {(line.person_id, line.day.replace(day=1)) for line in lines}
    found = []
    for person in setting().people:
        empty = [month for month in months() if month >= person.hire and (person.person_id, month) not in sold
                 and not (person.leave and month > person.leave)]
        if empty:
            found.append({"person_id": person.person_id, "name": person.name, "count": len(empty),
                          "months": [f"{month:%Y-%m}" for month in empty]})
    return found


def _growing(lines: list[Line]) -> dict[str, object]:
    big_order, segment = _big_order(lines), setting().growing_segment
    inside = [line for line in lines if line.account.segment == segment]
    outside = [line for line in lines if line.account.segment != segment
               and line.order_id != big_order]
    return {"segment": segment, "sales_last_12": _money(_last(inside)),
            "growth_last_12": _growth(inside),
            "growth_of_others_without_the_big_deal": _growth(outside),
            "share_last_12": _share(_money(_last(inside)), _money(_last(lines)))}


def _margin(lines: list[Line]) -> float:
    amount, cost = sum(line.amount for line in lines), sum(line.cost for line in lines)
    return round(1 - cost / amount, 4)


def _losing(lines: list[Line]) -> dict[str, object]:
    losing = setting().losing_line
    own = [line for line in lines if line.product.line == losing]
    return {"product_line": losing, "sales_growth_last_12": _growth(own),
            **{f"margin_{half}": _margin([x for x in own if _half(x.day) == half])
               for half in sorted({_half(x.day) for x in own})},
            "margin_of_all_others_last_12": _margin(_last(x for x in lines if x.product.line != losing))}


def _half(day: date) -> str:
    return f"{day.year}_h{1 if day.month <= 6 else 2}"


def _big_order(lines: list[Line]) -> str:
    deal = setting().big_deal
    return next((x.order_id for x in lines if deal and x.day == deal.day and x.quantity == deal.quantity
                 and x.product.product_id == "0703"), "")


def _lucky(lines: list[Line]) -> dict[str, object]:
    person, = setting().with_story("lucky_veteran")
    own = [line for line in lines if line.person_id == person.person_id]
    deal = [line for line in own if line.order_id == _big_order(lines)]
    return {"person_id": person.person_id, "name": person.name, "order_id": deal[0].order_id,
            "date": deal[0].day, "amount": _money(deal), "sales_last_12": _money(_last(own)),
            "sales_12_months_before": _money(_first(own)),
            "share_of_own_last_12": _share(_money(deal), _money(_last(own)))}


def _bus_factor(lines: list[Line]) -> dict[str, object]:
    person, = setting().with_story("bus_factor")
    own = [line for line in _last(lines) if line.person_id == person.person_id]
    by_account: dict[str, float] = defaultdict(float)
    for line in own:
        by_account[line.account.account_id] += line.amount / 100
    top = sorted(by_account, key=lambda account: -by_account[account])[:2]
    team = [line for line in _last(lines)
            if setting().person(line.person_id).team_on(line.day) == person.team]
    return {"person_id": person.person_id, "name": person.name, "account_ids": top,
            "two_accounts_share_of_own_last_12": _share(sum(by_account[a] for a in top), _money(own)),
            "share_of_team_last_12": _share(_money(own), _money(team)),
            "share_of_company_last_12": _share(_money(own), _money(_last(lines)))}


def _unfair(company: Company) -> dict[str, object]:
    sold: dict[tuple[str, int, int], int] = defaultdict(int)
    for line in company.lines:
        sold[line.person_id, line.day.year, line.day.month] += line.amount
    goal, actual = defaultdict(int), defaultdict(int)
    for item in company.goals:
        goal[item.year, item.person.person_id] += item.fen
        actual[item.year, item.person.person_id] += sold[item.person.person_id, item.year, item.month.month]
    facts: dict[str, object] = {}
    for year, uplift in UPLIFT.items():
        own = [key for key in goal if key[0] == year and goal[key]]
        whole = sum(goal[key] for key in own)
        facts |= {f"uplift_{year}": uplift / 100, f"goal_{year}": whole / 100,
                  f"attainment_{year}": _share(sum(actual[key] for key in own), whole),
                  f"people_with_goal_{year}": len(own),
                  f"people_at_goal_{year}": sum(actual[key] >= goal[key] for key in own)}
    return facts


def _inflated(company: Company, team: str) -> dict[str, object]:
    """The team's goals of the last year against its sales, beside the others'."""
    year = max(UPLIFT)
    facts: dict[str, object] = {"team": team, "asked_more": (UPLIFT[year] + setting().inflated[team]) / 100,
                                "asked_of_others": UPLIFT[year] / 100}
    for name, inside in (("attainment", True), ("attainment_of_others", False)):
        goal = sum(item.fen for item in company.goals if item.year == year and (item.team == team) == inside)
        own = {(item.person.person_id, item.month) for item in company.goals
               if item.year == year and (item.team == team) == inside}
        sold = sum(x.amount for x in company.lines if (x.person_id, x.day.replace(day=1)) in own)
        facts[name] = _share(sold, goal)
    return facts
