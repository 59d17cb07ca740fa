"""Smaller companies for the groups of a workshop: who works there and what is planted, all from one seed."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from statistics import median

from .cast import HEADS
from .company import Company
from .facts import TWO_YEARS_AGO, YEAR_AGO, measure_facts
from .lapses import LAPSE_START
from .setting import LAST_DAY, BigDeal, Dirt, Lapses, Person, Setting, setting

COMPANIES = (
    ("青岚净水设备有限公司", "Qinglan Water Equipment"), ("云汐水处理有限公司", "Yunxi Water Treatment"),
    ("沐泉环境科技有限公司", "Muquan Environment"), ("北辰净饮设备有限公司", "Beichen Drinking Water"),
    ("溪禾净水科技有限公司", "Xihe Water Technology"), ("朗源水务设备有限公司", "Langyuan Water Works"),
    ("瑞汀净水有限公司", "Ruiting Clean Water"), ("澜石水处理设备有限公司", "Lanshi Water Equipment"),
    ("雪岭饮水科技有限公司", "Xueling Drinking Water"), ("松涧净水设备有限公司", "Songjian Water Equipment"),
    ("碧湾环保设备有限公司", "Biwan Environment"), ("清和水科技有限公司", "Qinghe Water Science"))
AREAS = (("华东", ("上海", "江苏"), ("浙江", "安徽")), ("华南", ("广东", "福建"), ("广西", "海南")),
         ("华北", ("北京", "天津"), ("河北", "山西")), ("华中", ("湖北", "河南"), ("湖南", "江西")),
         ("西南", ("四川", "重庆"), ("云南", "贵州")), ("东北", ("辽宁", "吉林"), ("黑龙江", "内蒙古")))
SURNAMES = ("陈林黄周吴徐孙朱高何郭罗宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶"
            "阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段")
GIVEN = ("志强", "丽华", "建平", "晓燕", "文涛", "雅婷", "国栋", "慧敏", "明轩", "佳慧", "立群", "思琪",
         "海峰", "玉兰", "子轩", "婉清", "永胜", "春梅", "俊峰", "雨薇", "德明", "秀英", "浩宇", "欣怡",
         "庆华", "若曦", "振东", "巧玲", "天佑", "梦洁", "世杰", "静怡", "启航", "晓丹", "卫东", "红霞",
         "嘉树", "语桐")
#: what can be planted in the records, and in the business
DIRT = ("gbk", "mixed_dates", "misspelt", "same_name", "overlap", "amounts", "refused")
BUSINESS = ("slump", "inflated_goal", "windfall", "falling_price", "growing_segment", "slow_newcomer",
            "fast_newcomer", "two_customers", "log_stopped", "neglected", "doubly_worked")
#: one lucky order hides these: it raises the goal that is set on it, its customer's share and its segment
APART = {"windfall": {"inflated_goal", "two_customers", "growing_segment"}}
DIRT_OF_EACH, BUSINESS_OF_EACH = 3, 5
TEAM_SIZE = 5
NEWCOMERS = {"slow_newcomer": ("slow_ramp", 11.0, 0.8), "fast_newcomer": ("good_ramp", 2.5, 2.3)}
GROWING_SEGMENTS = ("工程商", "餐饮连锁", "企业办公")
LOSING_LINES = ("家用净水机", "商用净水机", "全屋净水系统", "软水机", "管线机")
SLUMP, INFLATED = 0.60, 60
STARS, SLOW = 1.65, 0.5     # sales since hired against a settled colleague's, at least and at most


def choose_planted(seed: int, groups: int) -> list[tuple[str, ...]]:
    """Draw what is planted for each group; as long as the catalogue lasts no two groups have the same."""
    chance = random.Random(f"{seed}|catalogue")
    drawn: list[tuple[str, ...]] = []
    while len(drawn) < groups:
        business = set(chance.sample(BUSINESS, BUSINESS_OF_EACH))
        dirt = set(chance.sample(DIRT, DIRT_OF_EACH))
        kinds = tuple(kind for kind in (*DIRT, *BUSINESS) if kind in business | dirt)
        if kinds not in drawn and not any(kind in business and APART[kind] & business for kind in APART):
            drawn.append(kinds)
    return drawn


def cast_group(seed: int, number: int, planted: Sequence[str], attempt: int = 0) -> Setting:
    """Cast one group's company: three teams of five, with what is planted, and nothing else out of order."""
    chance = random.Random(f"{seed}|group {number}|{attempt}")
    order = list(range(len(COMPANIES)))
    random.Random(f"{seed}|companies").shuffle(order)
    company, english = COMPANIES[order[(number - 1) % len(COMPANIES)]]
    areas = chance.sample(AREAS, 2)
    teams = [(f"{area}{part}组", f"{area}销售部", provinces)
             for area, *both in areas for part, provinces in zip("一二", both, strict=True)][:3]
    tired, inflated = chance.sample([team for team, *_ in teams], 2)
    people = _people(chance, [team for team, *_ in teams])
    people, free = _with_stories(chance, people, planted, tired if "slump" in planted else "")
    lapses = Lapses(tired_team=tired if "slump" in planted else "", slump=SLUMP,
                    silent=(free.pop(), date(2026, 5, 16)) if "log_stopped" in planted else None,
                    forgetful_person=free.pop() if "neglected" in planted else "")
    if "doubly_worked" in planted:
        lapses = replace(lapses, crossed_person=free.pop(), crossing_person=free.pop())
    return Setting(
        company=company, company_en=f"{english} Co., Ltd.", people=tuple(people),
        departments={team: department for team, department, _ in teams},
        regions={team: provinces for team, _, provinces in teams},
        potentials={team: round(chance.uniform(1.15, 1.85), 2) for team, *_ in teams},
        seed=chance.randrange(10 ** 9),
        growing_segment=chance.choice(GROWING_SEGMENTS) if "growing_segment" in planted else "",
        losing_line=chance.choice(LOSING_LINES) if "falling_price" in planted else "",
        big_deal=BigDeal(date(2025, chance.randint(9, 12), chance.choice((11, 12, 16, 17, 18))),
                         chance.randint(8, 14)) if "windfall" in planted else None,
        growth=0.5, two_customers=(1.1, 0.8), lapses=lapses,
        inflated={inflated: INFLATED} if "inflated_goal" in planted else {},
        dirt=Dirt(gbk="gbk" in planted, in_wan="gbk" in planted, mixed_dates="mixed_dates" in planted,
                  misspelt="misspelt" in planted, overlap="overlap" in planted, amounts="amounts" in planted,
                  pivot="refused" in planted, picture="refused" in planted, rows=0.6))


def _people(chance: random.Random, teams: list[str]) -> list[Person]:
    """Fill the teams with settled people: a head each, the others seniors and sellers."""
    numbers = sorted(chance.sample(range(2, 90), TEAM_SIZE * len(teams)))
    names = [first + given for first, given in zip(chance.sample(SURNAMES, len(numbers)),
                                                   chance.sample(GIVEN, len(numbers)), strict=True)]
    heads: set[str] = set()
    people = []
    for place, number in enumerate(numbers):
        team, rank = teams[place % len(teams)], place // len(teams)
        department = team[:2]
        role = ("销售代表" if rank > 1 else "高级销售") if rank else HEADS[department in heads]
        heads |= {department} if not rank else set()
        hire = date(2013 + rank * 2 + chance.randrange(2), chance.randint(1, 12), chance.randint(1, 28))
        strength = round(chance.uniform(1.05, 1.3) if rank < 1 else chance.uniform(0.8, 1.15), 2)
        people.append(Person(f"{number:05d}", names[place], team, role, hire, strength))
    return people


def _with_stories(chance: random.Random, people: list[Person], planted: Sequence[str],
                  tired: str) -> tuple[list[Person], list[str]]:
    """Give people what is planted on single persons, never two things on one and none on the tired team.

    The second result lists the ids of those who have no story yet.
    """
    sellers = [place for place, person in enumerate(people)
               if person.role not in HEADS and person.team != tired]
    chance.shuffle(sellers)
    changed = list(people)

    def tell(place: int, **what: object) -> None:
        changed[place] = replace(changed[place], **what)

    for kind, (story, midpoint, strength) in NEWCOMERS.items():
        if kind in planted:
            hired = date(2025, chance.randint(2, 4), chance.choice((3, 10, 17)))
            tell(sellers.pop(), hire=hired, ramp_midpoint=midpoint, strength=strength, story=story,
                 role="销售代表")
    if "windfall" in planted:
        tell(sellers.pop(), strength=0.8, story="lucky_veteran")
    if "two_customers" in planted:
        head = next(place for place, person in enumerate(people)
                    if person.role in HEADS and person.team != tired)
        tell(head, strength=2.1, story="bus_factor")
    if "same_name" in planted:
        one, other = sellers.pop(), sellers.pop()
        mate = next((place for place in sellers if people[place].team != people[one].team), other)
        tell(one, story="same_name")
        tell(mate, name=people[one].name, story="same_name")
        sellers = [place for place in (*sellers, other) if place != mate]
    return changed, [people[place].person_id for place in sellers]


def is_clear(company: Company) -> bool:
    """Tell whether what was planted stands out from what luck does to every company.

    A group that looks in the right place must not find something else first.
    """
    return all(clear(company) for clear in (_lost, _asked_too_much, _grew, _lucky, _carried, _new))


def _lost(company: Company) -> bool:
    tired, change = setting().lapses.tired_team, _changes(company)
    return not tired or all(change[tired] < other - 0.12 for team, other in change.items() if team != tired)


def _asked_too_much(company: Company) -> bool:
    facts, change = measure_facts(company).get("inflated_goal", []), _changes(company)
    return all(fact["attainment"] < fact["attainment_of_others"] - 0.1 and change[fact["team"]] > -0.2
               for fact in facts)


def _grew(company: Company) -> bool:
    planted = setting().growing_segment
    if not planted:
        return True
    now, before = Counter[str](), Counter[str]()
    for line in company.lines:
        if line.day > TWO_YEARS_AGO:
            (now if line.day > YEAR_AGO else before)[line.account.segment] += line.amount
    growth = {segment: now[segment] / before[segment] - 1 for segment in now}
    own = growth.pop(planted)
    return own > 0.25 and all(own > other + 0.05 for other in growth.values())


def _lucky(company: Company) -> bool:
    fact = measure_facts(company).get("lucky_veteran")
    return not fact or fact["share_of_own_last_12"] > 0.5


def _carried(company: Company) -> bool:
    """The two largest customers of the planted person weigh more than anybody else's."""
    planted = setting().with_story("bus_factor")
    if not planted:
        return True
    bought: dict[str, Counter[str]] = defaultdict(Counter)
    for line in company.lines:
        if line.day > YEAR_AGO:
            bought[line.person_id][line.account.account_id] += line.amount
    share = {person: sum(amount for _, amount in own.most_common(2)) / own.total()
             for person, own in bought.items()}
    own = share.pop(planted[0].person_id)
    return own > max(0.45, *share.values())


def _new(company: Company) -> bool:
    seen = {person.story: _against_settled(company, person)
            for person in setting().people if person.ramp_midpoint}
    return seen.get("good_ramp", STARS) >= STARS and seen.get("slow_ramp", SLOW) <= SLOW


def _changes(company: Company) -> dict[str, float]:
    return {team: _change(company, team) for team in setting().departments}


def _change(company: Company, team: str) -> float:
    """The team's sales of the last half-year against the same months a year before."""
    sold = [sum(line.amount for line in company.lines if first <= line.day <= last
                and setting().person(line.person_id).team_on(line.day) == team)
            for first, last in ((LAPSE_START, LAST_DAY), (LAPSE_START.replace(year=LAST_DAY.year - 1),
                                                          LAST_DAY.replace(year=LAST_DAY.year - 1)))]
    return sold[0] / sold[1] - 1


def _against_settled(company: Company, newcomer: Person) -> float:
    """A newcomer's sales since hired against the median of those who were there before."""
    sold = {person.person_id: 0 for person in setting().people if not person.ramp_midpoint}
    own = 0
    for line in company.lines:
        if line.day >= newcomer.hire:
            if line.person_id in sold:
                sold[line.person_id] += line.amount
            own += line.amount if line.person_id == newcomer.person_id else 0
    return own / median(sold.values())
