"""Who works at the sample company, where and when: the planted people stand out in ``story``."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from .setting import LAST_DAY, BigDeal, Lapses, Person, Setting, setting

HEADS = ("销售经理", "销售主管")     # of departments, of teams


def _person(number: int, name: str, team: str, role: str, hire: str, strength: float,
            **rest: Any) -> Person:
    return Person(f"{number:05d}", name, team, role, date.fromisoformat(hire), strength, **rest)


PEOPLE: tuple[Person, ...] = (
    _person(3, "沈建华", "华东一组", "销售经理", "2012-03-05", 2.30, story="bus_factor"),
    _person(11, "王磊", "华东一组", "高级销售", "2016-07-11", 1.10, story="same_name"),
    _person(14, "刘倩", "华东一组", "高级销售", "2017-04-10", 1.20),
    _person(22, "蒋文博", "华东一组", "销售代表", "2019-09-02", 0.90),
    _person(29, "韩雪", "华东一组", "销售代表", "2020-11-16", 0.95),
    _person(36, "曹阳", "华东一组", "销售代表", "2021-08-23", 0.80),
    _person(43, "彭嘉怡", "华东一组", "销售代表", "2023-02-13", 0.85),
    _person(6, "吴志刚", "华东二组", "销售主管", "2014-05-19", 1.25),
    _person(17, "陈思远", "华东二组", "高级销售", "2018-03-12", 1.15,
            moves=(date(2025, 7, 1), "华南一组"), story="moves"),
    _person(25, "邓丽娟", "华东二组", "销售代表", "2019-12-09", 1.00),
    _person(33, "冯凯", "华东二组", "销售代表", "2021-04-06", 0.75),
    _person(40, "余晓彤", "华东二组", "销售代表", "2022-06-20", 0.90),
    _person(53, "何志远", "华东二组", "销售代表", "2025-06-16", 0.85, ramp_midpoint=9.0, story="slow_ramp"),
    _person(4, "梁伟明", "华南一组", "销售经理", "2013-02-25", 1.35),
    _person(15, "黄淑芬", "华南一组", "高级销售", "2017-10-16", 1.10),
    _person(26, "罗俊杰", "华南一组", "销售代表", "2020-03-23", 0.95),
    _person(34, "谢雨晴", "华南一组", "销售代表", "2021-05-17", 0.85),
    _person(41, "苏家豪", "华南一组", "销售代表", "2022-09-05", 0.80),
    _person(52, "林可欣", "华南一组", "销售代表", "2025-03-03", 1.30, ramp_midpoint=2.5, story="good_ramp"),
    _person(9, "欧阳静", "华南二组", "销售主管", "2015-06-08", 1.20),
    _person(18, "唐立新", "华南二组", "高级销售", "2018-08-20", 1.05),
    _person(27, "覃小兰", "华南二组", "销售代表", "2020-05-25", 0.90),
    _person(31, "马俊", "华南二组", "销售代表", "2020-12-14", 0.70, leave=date(2024, 11, 30), story="leaves"),
    _person(45, "王磊", "华南二组", "销售代表", "2023-03-20", 0.85, story="same_name"),
    _person(48, "许杰", "华南二组", "销售代表", "2023-06-12", 0.60, pace=0.25, story="zero_months"),
    _person(5, "郑海涛", "北方一组", "销售经理", "2013-09-16", 1.30),
    _person(8, "赵国强", "北方一组", "高级销售", "2014-11-03", 0.80, story="lucky_veteran"),
    _person(20, "孟庆雷", "北方一组", "高级销售", "2018-11-26", 1.05),
    _person(28, "田欣悦", "北方一组", "销售代表", "2020-07-13", 0.95),
    _person(37, "周婷", "北方一组", "销售代表", "2021-10-11", 1.00,
            away=(date(2025, 2, 1), date(2025, 5, 31)), story="parental_leave"),
    _person(46, "董浩然", "北方一组", "销售代表", "2023-04-17", 0.75),
    _person(10, "任建军", "北方二组", "销售主管", "2015-08-31", 1.15),
    _person(21, "姜红梅", "北方二组", "高级销售", "2019-01-07", 1.00),
    _person(24, "高敏", "北方二组", "高级销售", "2019-10-28", 1.10, leave=date(2025, 9, 30), story="leaves"),
    _person(38, "史振宇", "北方二组", "销售代表", "2021-11-22", 0.80),
    _person(54, "孙雨桐", "北方二组", "销售代表", "2026-02-24", 0.95, ramp_midpoint=4.0, story="new"),
)
SAMPLE = Setting(
    company="澄川净水设备有限公司", company_en="Chengchuan Water Equipment Co., Ltd.",
    departments={"华东一组": "华东销售部", "华东二组": "华东销售部", "华南一组": "华南销售部",
                 "华南二组": "华南销售部", "北方一组": "北方销售部", "北方二组": "北方销售部"},
    regions={"华东一组": ("上海", "江苏"), "华东二组": ("浙江", "安徽"), "华南一组": ("广东", "福建"),
             "华南二组": ("广西", "湖南"), "北方一组": ("北京", "天津"), "北方二组": ("山东", "陕西")},
    potentials={"华东一组": 1.15, "华东二组": 1.35, "华南一组": 1.25, "华南二组": 1.30, "北方一组": 1.40,
                "北方二组": 1.85},
    people=PEOPLE, big_deal=BigDeal(),
    lapses=Lapses(tired_team="华南二组", busy_person="00028", silent=("00046", date(2026, 5, 16)),
                  forgetful_person="00036", crossed_person="00025", crossing_person="00033"))


def sample(seed: int | None = None) -> Setting:
    """Return the sample company, or the same company with another chance."""
    return SAMPLE if seed is None else replace(SAMPLE, seed=seed)


def manager_of(person: Person) -> str | None:
    """Return the manager's id: the head of the team, for that one the head of the department."""
    team, departments = person.team_on(LAST_DAY), setting().departments
    leaders = [p for p in setting().people if p.role in HEADS]
    own = next(p for p in leaders if p.team == team)
    if own is not person:
        return own.person_id
    if person.role == HEADS[0]:
        return None
    return next(p.person_id for p in leaders if p.role == HEADS[0]
                and departments[p.team] == departments[team])
