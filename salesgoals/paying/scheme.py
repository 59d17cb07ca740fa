"""What a pay plan says: groups of people, what each is paid for, and the curves from result to pay."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from salesgoals.words import language

MONTHS_OF = {"month": 1, "quarter": 3, "half": 6, "year": 12}
FEN = Decimal("0.01")
MOST = 1_000_000_000_000  # of any amount: beyond it a number is a slip, and fen could no longer be told


def _decimal(value: Any) -> Any:
    """Take whole numbers as they are; TOML decimals arrive as exact decimals already."""
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _both(value: Any) -> Any:
    """Take one text for both languages."""
    return {"zh": value, "en": value} if isinstance(value, str) else value


Number = Annotated[Decimal, BeforeValidator(_decimal)]
Amount = Annotated[Number, Field(le=MOST)]
Salary = Annotated[Amount, Field(gt=0)]


class Entry(BaseModel):
    """Any part of a pay plan: unknown or mistyped entries are refused, nothing can be changed later."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Words(Entry):
    """A text of the plan's author in both languages; one text stands for both."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)

    def __str__(self) -> str:
        return self.zh if language() == "zh" else self.en


Title = Annotated[Words, BeforeValidator(_both)]


class Tier(Entry):
    """From which result on what is paid: per further point (marginal) or on everything (retroactive)."""

    start: Number = Field(alias="from", ge=0, le=10)
    rate: Number = Field(ge=0, le=20)


class Curve(Entry):
    """Share of the target pay by result, 1 at a result of 100 %."""

    kind: Literal["marginal", "retroactive"] = "marginal"
    threshold: Number = Field(Decimal(0), ge=0, le=1)
    pay_at_threshold: Number = Field(Decimal(0), ge=0, le=1)
    tiers: list[Tier] = []
    cap: Number | None = Field(None, ge=1, le=20)


class Who(Entry):
    """Whom a group is for; every condition given must hold, and without any it is everybody left."""

    tenure_below: int | None = Field(default=None, ge=1, le=600)
    goal_at_least: Amount | None = Field(default=None, gt=0)
    teams: list[str] = []
    people: list[str] = []


class Measure(Entry):
    """One thing that counts, with its weight and its curve."""

    metric: str = Field(min_length=1)
    weight: Number = Field(gt=0, le=1)
    curve: str


class TeamPart(Entry):
    """The part of pay that depends on the sales of the whole team."""

    weight: Number = Field(gt=0, le=1)
    curve: str


class Prize(Entry):
    """So much for each, at most so much: a prize beside the target pay."""

    title: Title
    metric: str = Field(min_length=1)
    each: Amount = Field(gt=0)
    at_most: Amount = Field(gt=0)


class Milestone(Entry):
    """Something to learn or to do once, worth points."""

    key: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: Title
    points: int = Field(ge=1, le=1_000_000)


class Reward(Entry):
    """What so many points bring, once: money, or something to learn."""

    points: int = Field(ge=1, le=1_000_000)
    title: Title
    pay: Amount = Field(Decimal(0), ge=0)


class Group(Entry):
    """People who are paid by the same rules."""

    key: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    title: Title
    why: Title | None = None
    who: Who = Who()
    period: Literal["month", "quarter", "half", "year"] = "year"
    cumulative: bool = True
    target_pay: Amount | None = Field(None, gt=0)
    salary_share: Number | None = Field(None, gt=0, le=5)
    share_of_goal: Number | None = Field(None, gt=0, le=1)
    metrics: list[Measure] = []
    team_part: TeamPart | None = None
    prizes: list[Prize] = []
    milestones: list[Milestone] = []
    rewards: list[Reward] = []

    @property
    def steady(self) -> bool:
        """Whether what has been reached since the start counts, so that no period starts from nothing."""
        return self.cumulative or self.period == "year"


class Clawback(Entry):
    """Sales that come back, or stay unpaid, within so many days are taken out of the result again."""

    within_days: int = Field(ge=1, le=1000)


class PayPlan(Entry):
    """A pay plan as ``incentives.toml`` states it.

    Parameters
    ----------
    title : Words
        Its name, in both languages.
    paid_after_days : int
        So many days after the end of a period it is paid.
    budget : Decimal, optional
        What it may cost over the plan's period, in currency units.
    clawback : Clawback, optional
        Without it what comes back stays paid.
    curves : dict of str to Curve
        The curves that groups name.
    group : list of Group
        In order: a person belongs to the first group whose conditions hold.
    salaries : dict of str to Decimal
        Yearly salary by person id, for groups whose target pay is a share of it.
    """

    title: Title
    paid_after_days: int = Field(30, ge=0, le=400)
    budget: Amount | None = Field(None, gt=0)
    clawback: Clawback | None = None
    curves: dict[str, Curve]
    group: list[Group] = Field(min_length=1)
    salaries: dict[str, Salary] = {}

    def group_of(self, key: str) -> Group:
        """Return one group's rules."""
        return next(group for group in self.group if group.key == key)

    def only(self, groups: set[str], people: set[str]) -> PayPlan:
        """Cut the plan to some groups and people: nobody else's rules or salary stay in it."""
        kept = [group for group in self.group if group.key in groups]
        kept = [group.model_copy(update={"who": Who()}) for group in kept]
        used = {part.curve for group in kept for part in parts_of(group)}
        return self.model_copy(update={
            "group": kept, "budget": None,
            "curves": {name: curve for name, curve in self.curves.items() if name in used},
            "salaries": {key: value for key, value in self.salaries.items() if key in people}})


def parts_of(group: Group) -> list[Measure | TeamPart]:
    """List everything in a group that has a weight and a curve."""
    return [*group.metrics, *([group.team_part] if group.team_part else [])]
