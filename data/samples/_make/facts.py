"""The planted facts, with their size as measured on the true records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from .cast import (
    BY_ID,
    COMPANY,
    COMPANY_EN,
    DEPARTMENTS,
    FIRST_DAY,
    LAST_DAY,
    LOG_START,
    PEOPLE,
    PLAN_START,
    with_story,
)
from .catalogue import GROWING_SEGMENT, LINES, LOSING_LINE, MISSPELT, PRODUCTS, SEGMENTS
from .company import Company
from .customers import books_by_month, months
from .days import SPRING_FESTIVAL
from .lapses import (
    BUSY_PERSON,
    CROSSED,
    CROSSED_FROM,
    CROSSED_PERSON,
    CROSSING_PERSON,
    FORGETFUL_PERSON,
    FORGOTTEN,
    FORGOTTEN_FROM,
    LAPSE_START,
    SILENT_FROM,
    SILENT_PERSON,
    TIRED_TEAM,
    largest,
)
from .sales import BIG_DEAL_DAY, BIG_DEAL_QUANTITY, Line
from .toml_text import entries
from .yardsticks import RESTATED, RESTATED_FACTOR, UPLIFT

YEAR_AGO = date(LAST_DAY.year - 1, LAST_DAY.month, LAST_DAY.day)  # the last 12 months start the day after
TWO_YEARS_AGO = date(LAST_DAY.year - 2, LAST_DAY.month, LAST_DAY.day)


def write_facts(folder: Path, company: Company) -> None:
    """Write facts.toml: what was planted, with its size as measured on the true records."""
    text = ["# The planted facts, measured on the true records. Synthetic data: no such company exists.",
            "# \"last_12\" are the 12 months before the plan starts; money in yuan.", ""]
    for name, value in _facts(company).items():
        for entry in value if isinstance(value, list) else [value]:
            text += [f"[[{name}]]" if isinstance(value, list) else f"[{name}]", *entries(entry), ""]
    (folder / "facts.toml").write_text("\n".join(text), encoding="utf-8", newline="\n")


def _facts(company: Company) -> dict[str, dict[str, object] | list[dict[str, object]]]:
    lines = company.lines
    return {
        "company": {
            "name": COMPANY, "name_en": COMPANY_EN, "synthetic": True, "currency": "CNY",
            "first_day": FIRST_DAY, "last_day": LAST_DAY, "plan_start": PLAN_START, "fiscal_year_start": 1,
            "departments": len(set(DEPARTMENTS.values())), "teams": len(DEPARTMENTS), "people": len(PEOPLE),
            "people_on_last_day": sum(p.leave is None for p in PEOPLE), "product_lines": len(LINES),
            "products": len(PRODUCTS), "segments": len(SEGMENTS), "months": len(months()),
            "order_lines": len(lines), "orders": len({x.order_id for x in lines}),
            "accounts": len(company.accounts), "opportunities": len(company.opportunities),
            "activities": len(company.activities), "activity_log_from": LOG_START,
            "sales": _money(lines), **{f"sales_{year}": _money(x for x in lines if x.day.year == year)
                                       for year in (2024, 2025, 2026)},
            "sales_last_12": _money(_last(lines))},
        "same_name": {"name": with_story("same_name")[0].name,
                      "person_ids": [p.person_id for p in with_story("same_name")]},
        "joins": [{"person_id": p.person_id, "name": p.name, "hire_date": p.hire, "ramp": p.story,
                   "months_to_half": p.ramp_midpoint} for p in PEOPLE if p.ramp_midpoint],
        "leaves": [{"person_id": p.person_id, "name": p.name, "leave_date": p.leave}
                   for p in with_story("leaves")],
        "moves": [{"person_id": p.person_id, "name": p.name, "from_team": p.team, "to_team": p.moves[1],
                   "first_day": p.moves[0]} for p in PEOPLE if p.moves],
        "parental_leave": [{"person_id": p.person_id, "name": p.name, "first_day": p.away[0],
                            "last_day": p.away[1]} for p in PEOPLE if p.away],
        "zero_months": _zero_months(lines), "growing_segment": _growing(lines), "losing_line": _losing(lines),
        "lucky_veteran": _lucky(lines), "bus_factor": _bus_factor(lines),
        "unfair_goals": _unfair(company), "spring_festival": [
            {"day": day, "month": f"{day:%Y-%m}", "sales": _money(x for x in lines if _same(x.day, day))}
            for day in SPRING_FESTIVAL.values() if day >= FIRST_DAY],
        **_lapses(company), "market_restated": {"first_month": f"{RESTATED:%Y-%m}", "months": 12,
                            "new_base_against_old": RESTATED_FACTOR},
        "misspelt_product": {"product_id": MISSPELT[0], "product": MISSPELT[1], "written": MISSPELT[2]},
    }


def _lapses(company: Company) -> dict[str, dict[str, object]]:
    """What the activity log shows of 2026 against the months before."""
    books = books_by_month(company.accounts)
    before, after = (LOG_START, LAPSE_START), (LAPSE_START, LAST_DAY)
    tired = {p.person_id for p in PEOPLE if p.team_on(LAST_DAY) == TIRED_TEAM and not p.leave}

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
    busy = {BUSY_PERSON}
    return {
        "tired_team": {"team": TIRED_TEAM, "first_day": LAPSE_START, "person_ids": sorted(tired),
                       "visits_change": change(tired, "拜访"), "quotes_change": change(tired, "报价"),
                       "sales_change": round(sold(tired, LAPSE_START, LAST_DAY)
                                             / sold(tired, year_ago, end) - 1, 4)},
        "quotes_without_wins": {"person_id": BUSY_PERSON, "first_day": LAPSE_START,
                                "visits_change": change(busy, "拜访"), "quotes_change": change(busy, "报价")},
        "log_stopped": {"person_id": SILENT_PERSON, "first_day_without": SILENT_FROM},
        "neglected": {"person_id": FORGETFUL_PERSON, "first_day_without": FORGOTTEN_FROM,
                      "account_ids": [a.account_id for a in largest(books, FORGETFUL_PERSON, FORGOTTEN)]},
        "doubly_worked": {"owner": CROSSED_PERSON, "also": CROSSING_PERSON, "first_day": CROSSED_FROM,
                          "account_ids": sorted({
                              a.account.account_id for a in company.activities if a.account
                              and a.person_id == CROSSING_PERSON and a.day >= CROSSED_FROM
                              and a.account in largest(books, CROSSED_PERSON, CROSSED)})}}


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
    for person in PEOPLE:
        empty = [month for month in months() if month >= person.hire and (person.person_id, month) not in sold
                 and not (person.leave and month > person.leave)]
        if empty:
            found.append({"person_id": person.person_id, "name": person.name, "count": len(empty),
                          "months": [f"{month:%Y-%m}" for month in empty]})
    return found


def _growing(lines: list[Line]) -> dict[str, object]:
    big_order = _big_order(lines)
    inside = [line for line in lines if line.account.segment == GROWING_SEGMENT]
    outside = [line for line in lines if line.account.segment != GROWING_SEGMENT
               and line.order_id != big_order]
    return {"segment": GROWING_SEGMENT, "sales_last_12": _money(_last(inside)),
            "growth_last_12": _growth(inside),
            "growth_of_others_without_the_big_deal": _growth(outside),
            "share_last_12": _share(_money(_last(inside)), _money(_last(lines)))}


def _margin(lines: list[Line]) -> float:
    amount, cost = sum(line.amount for line in lines), sum(line.cost for line in lines)
    return round(1 - cost / amount, 4)


def _losing(lines: list[Line]) -> dict[str, object]:
    own = [line for line in lines if line.product.line == LOSING_LINE]
    return {"product_line": LOSING_LINE, "sales_growth_last_12": _growth(own),
            **{f"margin_{half}": _margin([x for x in own if _half(x.day) == half])
               for half in sorted({_half(x.day) for x in own})},
            "margin_of_all_others_last_12": _margin(_last(x for x in lines if x.product.line != LOSING_LINE))}


def _half(day: date) -> str:
    return f"{day.year}_h{1 if day.month <= 6 else 2}"


def _big_order(lines: list[Line]) -> str:
    return next(x.order_id for x in lines if x.day == BIG_DEAL_DAY and x.quantity == BIG_DEAL_QUANTITY
                and x.product.product_id == "0703")


def _lucky(lines: list[Line]) -> dict[str, object]:
    person, = with_story("lucky_veteran")
    own = [line for line in lines if line.person_id == person.person_id]
    deal = [line for line in own if line.order_id == _big_order(lines)]
    return {"person_id": person.person_id, "name": person.name, "order_id": deal[0].order_id,
            "date": BIG_DEAL_DAY, "amount": _money(deal), "sales_last_12": _money(_last(own)),
            "sales_12_months_before": _money(_first(own)),
            "share_of_own_last_12": _share(_money(deal), _money(_last(own)))}


def _bus_factor(lines: list[Line]) -> dict[str, object]:
    person, = with_story("bus_factor")
    own = [line for line in _last(lines) if line.person_id == person.person_id]
    by_account: dict[str, float] = defaultdict(float)
    for line in own:
        by_account[line.account.account_id] += line.amount / 100
    top = sorted(by_account, key=lambda account: -by_account[account])[:2]
    team = [line for line in _last(lines) if BY_ID[line.person_id].team_on(line.day) == person.team]
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
