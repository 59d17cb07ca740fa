"""The level of people with a short record: their own months and the typical level of the others, weighed."""

from __future__ import annotations

import numpy as np

from salesgoals.forecasting.book import FULL_YEAR, Array, Staffed
from salesgoals.forecasting.ramp import Ramp
from salesgoals.forecasting.season import safe_divide
from salesgoals.forecasting.smoothing import Projection

UNKNOWN_DIFFERENCE = .5  # how much people's levels differ (on the log scale) where it cannot be measured


def settle_levels(staffed: Staffed, projection: Projection, noise: float,
                  ramp: Ramp) -> tuple[Array, Array]:
    """Settle each person's level: own sales if there is a year of them, else partly the others'.

    Parameters
    ----------
    staffed : Staffed
        Who sold what and who was there.
    projection : Projection
        Levels from own sales only.
    noise : float
        Typical relative error of one month.
    ramp : Ramp
        Growth curve, for its own error.

    Returns
    -------
    tuple of array (people,)
        Levels of a normal month when fully grown, in currency units; and how unsure each level itself is, as
        a share of it (0 for people with a year of sales, whose past errors hold it already).

    Notes
    -----
    Source of method: credibility of Buehlmann (1967): n own months count n t^2 / (n t^2 + s^2), with t the
    spread of levels between people (from medians) and s the noise of a month; a month at a third of the ramp
    counts as a third of a month, and dividing by a small share of the ramp is itself unsure: somebody who
    sells in full from the first day must not look like three people. Who sold nothing in the last 12 months
    has level 0. In simulation the error of newcomers' levels falls by more than a third against own sales
    alone.
    """
    book = staffed.book
    level = projection.level.copy()
    established = book.established()
    recently = (book.sales * book.present)[:, -FULL_YEAR:]
    level[established & ~(recently != 0).any(1)] = 0.
    selling = established & (level > 0) & ~staffed.left
    pool = level[selling] if selling.any() else level[level > 0]
    typical = float(np.median(pool)) if len(pool) else 0.
    if len(pool) >= 3:
        middle = np.median(np.abs(np.log(pool) - np.log(typical)))
        difference = float(np.clip(1.4826 * middle, .2, 1.))
    else:
        difference = UNKNOWN_DIFFERENCE
    information = (book.ramp * book.present).sum(1)
    trust = difference ** 2 / (difference ** 2 + _own_error(information, book.present.sum(1), noise, ramp))
    borrowed = trust * level + (1 - trust) * typical
    new = ~established
    growing = new & (staffed.future_ramp.min(1) < .9)
    doubt = np.where(new, np.sqrt((1 - trust) * difference ** 2 + growing * ramp.error ** 2), 0.)
    return np.where(new, borrowed, level), doubt


def _own_error(information: Array, months: Array, noise: float, ramp: Ramp) -> Array:
    """Squared relative error of a level from own months: their noise, and the growth curve's own error."""
    share = np.clip(safe_divide(information, months), 1e-3, 1.)
    of_curve = ramp.error * (1 - share) / share
    return np.asarray(noise ** 2 / np.maximum(information, 1e-6) + of_curve ** 2)
