"""What the CRM systems gave away: customers, opportunities, the activity log; and the market's figures."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

from .customers import Account
from .draws import stream
from .pipeline import STAGES, Activity, Opportunity
from .setting import setting
from .tally import Tally, repeat_some
from .yardsticks import MarketMonth

CHINA_TIME = timezone(timedelta(hours=8))
STATUS = {"open": "进行中", "won": "赢单", "lost": "输单"}


def _utc(moment: datetime | date) -> datetime:
    """Turn a moment or the start of a day in China into world time, as cloud systems store it."""
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day)
    return moment.replace(tzinfo=CHINA_TIME).astimezone(UTC)


def export_accounts(folder: Path, accounts: list[Account]) -> Tally:
    """Write accounts.csv (UTF-8 with BOM): potential as number, as 85万, as 1,200,000元, or unknown."""
    tally = Tally("accounts.csv", "accounts", layout={"header": 1})
    chance = stream("accounts export")
    with (folder / tally.file).open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file)
        table.writerow(["客户编号", "客户名称", "客户类型", "所在地区", "负责人工号", "负责人",
                        "年采购潜力（元）"])
        for account in accounts:
            owner = setting().person(account.owners[-1][1])
            shape = chance.choices(("plain", "in_wan", "with_yuan"), (80, 12, 8))[0]
            potential = account.potential
            if potential is None:
                text = chance.choice(("", "-", "—"))
                tally.written["potential_unknown"] += 1
            else:
                text = {"plain": str(potential), "in_wan": f"{potential // 10_000}万",
                        "with_yuan": f"{potential:,}元"}[shape]
                tally.written[f"potential_{shape}"] += 1
            table.writerow([account.account_id, account.name, account.segment, account.region,
                            owner.person_id, owner.name, text])
            tally.keep((potential or 0) * 100)
    return tally


def export_opportunities(folder: Path, opportunities: list[Opportunity]) -> Tally:
    """Write opportunities_fxiaoke.csv: times in milliseconds since 1970, days at midnight in China."""
    tally = Tally("opportunities_fxiaoke.csv", "opportunities", layout={"header": 1})
    chance = stream("opportunities export")
    rows = repeat_some(chance, opportunities, chance.sample(opportunities, 3))
    with (folder / tally.file).open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["商机编号", "商机名称", "客户编号", "客户名称", "负责人工号", "负责人", "产品编码",
                        "产品名称", "销售阶段", "赢率(%)", "预计金额(元)", "创建时间", "结单日期",
                        "商机状态"])
        for row, (deal, repeated) in enumerate(rows, 2):
            fen = (deal.amount or 0) * 100
            if repeated:
                tally.set_aside("duplicate", row, deal.opportunity_id, fen=fen)
            else:
                tally.keep(fen)
                tally.written["amount_unknown"] += deal.amount is None
                tally.written["wrong_month_in_world_time"] += _utc(deal.closed).month != deal.closed.month
                tally.written["wrong_day_in_world_time"] += _utc(deal.created).day != deal.created.day
            owner = setting().person(deal.person_id)
            table.writerow([
                deal.opportunity_id, f"{deal.account.name}-{deal.product.name}", deal.account.account_id,
                deal.account.name, owner.person_id, owner.name, deal.product.product_id, deal.product.name,
                deal.stage, STAGES[deal.stage], "" if deal.amount is None else deal.amount,
                round(_utc(deal.created).timestamp() * 1000), round(_utc(deal.closed).timestamp() * 1000),
                STATUS[deal.status]])
    return tally


def export_activities(folder: Path, activities: list[Activity]) -> Tally:
    """Write activities_jiandaoyun.tsv: the day as world time, so that it reads 16:00 of the day before."""
    tally = Tally("activities_jiandaoyun.tsv", "activities", layout={"header": 1})
    with (folder / tally.file).open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, delimiter="\t", lineterminator="\n")
        table.writerow(["活动日期", "工号", "客户编号", "活动类型", "次数"])
        for activity in activities:
            moment = _utc(activity.day)
            table.writerow([f"{moment:%Y-%m-%dT%H:%M:%S.000Z}", activity.person_id,
                            activity.account.account_id if activity.account else "", activity.type,
                            activity.count])
            tally.keep()
            tally.written["wrong_month_in_world_time"] += moment.month != activity.day.month
            tally.written["count"] += activity.count
    return tally


def export_market(folder: Path, market: list[MarketMonth]) -> Tally:
    """Write market_index.csv: months as 2024年1月, levels in hundred million yuan, growth in per cent."""
    tally = Tally("market_index.csv", "market", layout={"header": 1})
    with (folder / tally.file).open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["月份", "细分市场", "市场规模（亿元）", "同比增速", "数据来源"])
        for row in market:
            table.writerow([f"{row.month.year}年{row.month.month}月", row.segment, f"{row.level / 100:.2f}",
                            f"{row.growth / 10:.1f}%", "水处理行业协会（虚构）"])
            tally.keep()
    return tally
