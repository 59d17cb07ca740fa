"""The customers: each has a segment, a size, a first and last month, and an owner that may change."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from random import Random

from .catalogue import SEGMENT_SHARES, SEGMENTS
from .draws import pick, spread, stream
from .setting import FIRST_DAY, LAST_DAY, Person, setting

ANNUAL_SALES = 4_000_000  # yuan a year of a settled seller of strength 1, to size the potential

BRANDS = [first + second for first in "澄泓瑞恒嘉盛康宏明润安泰华源佳丰博雅鑫隆"
          for second in "泉达源丰禾利悦诚和美"]
KINDS = {"经销商": ("净水经营部", "水处理商行", "家电商贸", "环保设备店"),
         "工程商": ("机电工程公司", "建设安装公司", "暖通工程公司"),
         "餐饮连锁": ("餐饮管理公司", "茶饮", "小吃连锁", "咖啡"),
         "学校医院": ("中学", "实验小学", "职业学院", "医院"),
         "企业办公": ("信息技术公司", "商务服务公司", "物业服务公司"),
         "制造企业": ("电子厂", "食品厂", "制药公司", "涂装公司")}


@dataclass
class Account:
    """One customer; ``owners`` lists the first month of each owner, oldest first."""

    name: str
    segment: str
    region: str
    weight: float
    opened: date
    closed: date | None
    owners: list[tuple[date, str]]
    account_id: str = ""
    potential: int | None = field(default=None)

    def owner(self, month: date) -> str | None:
        """Return who looks after the customer in a month (its first day); None outside its life."""
        if month < self.opened or (self.closed and month > self.closed):
            return None
        return next((owner for since, owner in reversed(self.owners) if since <= month), None)


Books = dict[tuple[str, date], list[Account]]


def months(first: date = FIRST_DAY, last: date = LAST_DAY) -> list[date]:
    """List the first days of the months from first to last."""
    span = (last.year - first.year) * 12 + last.month - first.month + 1
    return [date(first.year + (first.month - 1 + n) // 12, (first.month - 1 + n) % 12 + 1, 1)
            for n in range(span)]


def books_by_month(accounts: list[Account]) -> Books:
    """List the customers of each person in each month."""
    books: Books = {}
    for month in months():
        for account in accounts:
            owner = account.owner(month)
            if owner:
                books.setdefault((owner, month), []).append(account)
    return books


def make_accounts() -> list[Account]:
    """Return every customer, with ids and potential, in the order of the ids."""
    brands, taken = _brands(), set()
    accounts = [account for person in setting().people for account in _book(person, brands, taken)]
    _hand_over(accounts)
    accounts.sort(key=lambda account: (account.opened, account.name))
    chance = stream("ids and potential")
    number = 208
    for account in accounts:
        number += 1 + chance.randrange(4)
        account.account_id = f"{number:06d}"
        account.potential = _potential(account)
    return accounts


def _brands() -> list[str]:
    brands = list(BRANDS)
    stream("brands").shuffle(brands)
    return brands


def _book(person: Person, brands: list[str], taken: set[str]) -> list[Account]:
    chance = stream("book", person.person_id)
    newcomer = person.hire > FIRST_DAY
    size = 26 if not newcomer else 20
    start = person.hire.replace(day=1)
    window = months(max(FIRST_DAY, start), min(LAST_DAY, person.leave or LAST_DAY))
    book: list[Account] = []
    while len(book) < size:
        segment = pick(chance, list(SEGMENTS), list(SEGMENT_SHARES.values()))
        region = chance.choice(setting().regions[person.team])
        name = f"{region}{chance.choice(brands)}{chance.choice(KINDS[segment])}"
        if name in taken:
            continue
        taken.add(name)
        old = chance.random() < (0.66 if not newcomer else 0.30)
        opened = FIRST_DAY if old else chance.choice(window[1:13] if newcomer else window[1:])
        if newcomer and old:
            opened = start
        closed = chance.choice(window[3:]) if opened == FIRST_DAY and chance.random() < 0.2 else None
        book.append(Account(name, segment, region, spread(chance, 1.0), opened, closed,
                            [(opened, person.person_id)]))
    if person.story == "bus_factor":
        _concentrate(book)
    if person.name == "刘倩":  # a tea shop that is really called None
        book[0] = Account("None", "餐饮连锁", "上海", 1.4, FIRST_DAY, None, [(FIRST_DAY, person.person_id)])
    return book


def _concentrate(book: list[Account]) -> None:
    """Two customers carry more than half of this book."""
    first, second = [account for account in book if account.opened == FIRST_DAY][:2]
    rest = sum(account.weight for account in book if account not in (first, second))
    first.segment, second.segment = "经销商", "餐饮连锁"
    first.name, second.name = "上海瀚海净水总经销", "江苏百味源餐饮集团"
    first.weight, second.weight = (share * rest for share in setting().two_customers)
    first.closed = second.closed = None


def _hand_over(accounts: list[Account]) -> None:
    """Pass customers on: to newcomers when they start, to colleagues when someone leaves or moves."""
    chance = stream("hand over")
    for newcomer in (p for p in setting().people if p.hire > FIRST_DAY):
        start = newcomer.hire.replace(day=1)
        givers = _colleagues(newcomer, newcomer.team, start)
        inherited = [a for a in accounts if a.owners[0] == (start, newcomer.person_id) and a.opened == start]
        for account in inherited:
            account.opened = FIRST_DAY
            account.owners = [(FIRST_DAY, chance.choice(givers)), (start, newcomer.person_id)]
    for person in setting().with_story("leaves"):
        start = months(person.leave, LAST_DAY)[1]
        _give_away(accounts, person, start, _colleagues(person, person.team, start), chance)
    for person in (p for p in setting().people if p.moves):
        start, team = person.moves
        _give_away(accounts, person, start, _colleagues(person, person.team, start), chance)
        for giver in _colleagues(person, team, start):
            book = [a for a in accounts if a.owner(start) == giver and not a.closed]
            for account in sorted(book, key=lambda a: -a.weight)[2:9:2]:
                account.owners.append((start, person.person_id))


def _colleagues(person: Person, team: str, month: date) -> list[str]:
    return [p.person_id for p in setting().people if p is not person and p.team_on(month) == team
            and p.hire < month and not p.leave]


def _give_away(accounts: list[Account], person: Person, month: date, receivers: list[str],
               chance: Random) -> None:
    for account in accounts:
        if account.owners[-1][1] == person.person_id:
            if account.opened >= month:  # would have been opened later: never came about
                account.opened = FIRST_DAY
                account.owners = [(FIRST_DAY, person.person_id)]
            account.owners.append((month, chance.choice(receivers)))


def _potential(account: Account) -> int | None:
    """Guess what the customer buys a year from all suppliers, in yuan; unknown for one in ten."""
    chance = stream("potential", account.account_id)
    owner = setting().person(account.owners[-1][1])
    room = setting().potentials[owner.team_on(LAST_DAY)] * (1.5 if account.segment == "餐饮连锁" else 1.0)
    guess = ANNUAL_SALES / 26 * account.weight * room * spread(chance, 0.35) * 1.2
    if chance.random() < 0.1:
        return None
    step = 10_000 if guess < 1_000_000 else 50_000
    return max(20_000, round(guess / step) * step)
