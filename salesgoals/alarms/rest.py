"""The sales still to come: how likely they reach what is needed."""

from __future__ import annotations

import numpy as np
from scipy.special import gammaincc, gammaincinv


def chance_of_rest(needed: np.ndarray, mean: np.ndarray, variance: np.ndarray,
                   size: np.ndarray) -> np.ndarray:
    """Return the chance that what is still to come reaches what is needed.

    Parameters
    ----------
    needed, mean, variance : array
        What is missing to the goal; mean and variance of the sales still to come.
    size : array
        Mean size of a deal: a rest of few deals may well be nothing.

    Returns
    -------
    array
        0 to 1. A gamma distribution with mean and variance of the rest beside a chance of no deal at all.

    Examples
    --------
    >>> one, no = np.array([1.0]), np.array([0.0])
    >>> chance_of_rest(no, one, one, one).item(), chance_of_rest(one, no, no, one).item()
    (1.0, 0.0)
    """
    shape, scale, none = _rest(mean, variance, size)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = (1 - none) * gammaincc(shape, np.maximum(needed, 0) / scale)
    return np.where(needed <= 0, 1., np.where(mean <= 0, 0., found))


def _rest(mean: np.ndarray, variance: np.ndarray,
          size: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Match a gamma distribution, given that there is a deal at all."""
    with np.errstate(invalid="ignore", divide="ignore"):
        none = np.where(size > 0, np.exp(-np.minimum(mean / size, 700)), 0.)
        # Clustered deals may make the rest more uncertain than single ones, never less likely to be nothing.
        none = np.minimum(none, .999)
        given = mean / (1 - none)
        spread = np.maximum((variance + mean ** 2) / (1 - none) - given ** 2, 1e-9 * given ** 2)
        shape = given ** 2 / spread
        return shape, spread / given, none


def quantile_of_rest(mean: np.ndarray, variance: np.ndarray, size: np.ndarray, tail: float) -> np.ndarray:
    """Return the amount below which the sales still to come stay with a chance of ``tail``."""
    shape, scale, none = _rest(mean, variance, size)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = gammaincinv(shape, np.clip((tail - none) / (1 - none), 0, 1)) * scale
    return np.where(mean <= 0, 0., np.where(np.isnan(mean), np.nan, found))
