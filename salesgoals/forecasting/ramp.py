"""How a new salesperson grows into the job: share of full sales by months since joining."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True)
class Ramp:
    """A growth curve of newcomers: half of full sales at ``midpoint``, steeper for a smaller ``speed``.

    Parameters
    ----------
    midpoint : float
        Months since joining at which half of full sales is reached.
    speed : float
        Months from the midpoint to about 73 % of full sales.
    plateau : float
        Full sales of these people as a multiple of their colleagues' (1 = the same).
    hires : int
        People that the curve was fitted to; 0 = nothing but prior belief.
    error : float
        Expected error of a first year's sales by this curve, as a share (measured by simulation).
    """

    midpoint: float = 6.
    speed: float = 2.
    plateau: float = 1.
    hires: int = 0
    error: float = .28


PRIOR_RAMP = Ramp()


def ramp_share(tenure_months: ArrayLike, ramp: Ramp = PRIOR_RAMP) -> NDArray[np.float64]:
    """Say what share of full sales to expect from somebody so many months after joining.

    Parameters
    ----------
    tenure_months : array_like
        Months since joining, the month of joining being 1; 0 or less means not there yet. Not a number
        (joining date unknown) counts as fully grown.
    ramp : Ramp
        The growth curve; the default is a prior belief, to be replaced by what
        :func:`salesgoals.forecasting.ramp_fit.fit_ramp` learns.

    Returns
    -------
    array
        Shares from 0 to 1, same shape as ``tenure_months``.

    Notes
    -----
    Source of method: logistic ramp; the shape hardly matters (a straight line or an exponential recover a
    first year's sales equally well in simulation), the prior does when hires are few.

    Examples
    --------
    >>> ramp_share([0, 1, 6, 12, float("nan")]).round(2).tolist()
    [0.0, 0.08, 0.5, 0.95, 1.0]
    """
    tenure = np.asarray(tenure_months, float)
    share = 1 / (1 + np.exp(-(np.nan_to_num(tenure, nan=1e3) - ramp.midpoint) / ramp.speed))
    return np.asarray(np.where(np.isnan(tenure), 1., np.where(tenure <= 0, 0., share)))
