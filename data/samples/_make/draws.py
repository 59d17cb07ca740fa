"""Chance with a seed: every part of the company draws from its own stream, so that a change in one part
leaves the others as they were. Only Python's own generator is used; its numbers are the same everywhere."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from typing import TypeVar

from .setting import setting

Item = TypeVar("Item")


def stream(*names: object) -> random.Random:
    """Return the stream of chance that belongs to these names."""
    return random.Random("|".join(str(part) for part in (setting().seed, *names)))


def poisson(chance: random.Random, mean: float) -> int:
    """Draw how many times something happens that happens ``mean`` times on average."""
    limit, product, count = math.exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        count += 1
    return count


def pick(chance: random.Random, items: Sequence[Item], weights: Sequence[float]) -> Item:
    """Draw one item, each as often as its weight says."""
    return chance.choices(items, weights)[0]


def spread(chance: random.Random, sd: float) -> float:
    """Draw a factor around 1 with the given standard deviation of its logarithm and mean 1."""
    return chance.lognormvariate(-sd * sd / 2, sd)
