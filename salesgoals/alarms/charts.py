"""Control charts on many series at once: XmR to look at, EWMA and CUSUM for the alarm."""

from __future__ import annotations

import numpy as np

from salesgoals.alarms.run_length import Rule

TO_LIMITS, TO_RANGE, TO_SIGMA = 2.66, 3.267, 1.128
RUN = 8


def xmr_limits(values: np.ndarray) -> dict[str, np.ndarray]:
    """Return the natural limits of series: between them a week is like any other.

    Parameters
    ----------
    values : array (series, weeks)
        Missing weeks are NaN; ranges are taken between neighbours that are both there.

    Returns
    -------
    dict of array (series,)
        centre, low, high, range_high (limit of the moving range), sigma (mean range / 1.128). NaN below two
        ranges. Source of method: Wheeler, centre +- 2.66 mean moving ranges.

    Examples
    --------
    >>> limits = xmr_limits(np.array([[10.0, 12.0, 11.0, 13.0]]))
    >>> {name: found.round(2).item() for name, found in limits.items()}
    {'centre': 11.5, 'low': 7.07, 'high': 15.93, 'range_high': 5.44, 'sigma': 1.48}
    """
    ranges = np.abs(np.diff(values, axis=1))
    count = (~np.isnan(ranges)).sum(1)
    centre = _mean(values)
    moving = np.where(count >= 2, _mean(ranges), np.nan)
    return {"centre": centre, "low": centre - TO_LIMITS * moving, "high": centre + TO_LIMITS * moving,
            "range_high": TO_RANGE * moving, "sigma": moving / TO_SIGMA}


def _mean(values: np.ndarray) -> np.ndarray:
    known = ~np.isnan(values)
    return np.divide(np.where(known, values, 0).sum(1), known.sum(1), out=np.full(len(values), np.nan),
                     where=known.sum(1) > 0)


def xmr_signals(values: np.ndarray, limits: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Mark weeks outside the limits, 3 of 4 nearer a limit than the centre, and the 8th week on one side.

    Returns
    -------
    dict of array (series, weeks) of bool
        outside, near_limit, run. Source of method: Wheeler's three rules.
    """
    centre, low, high = (limits[name][:, None] for name in ("centre", "low", "high"))
    outside = (values < low) | (values > high)
    near = np.zeros(values.shape, dtype=bool)
    run = np.zeros(values.shape, dtype=bool)
    for side in (values > (centre + high) / 2, values < (centre + low) / 2):
        padded = np.pad(side, ((0, 0), (3, 0)))
        several = sum(padded[:, 3 - back:padded.shape[1] - back].astype(int) for back in range(4))
        near |= side & (several >= 3)
    for side in (values > centre, values < centre):
        length = np.zeros(len(values), dtype=int)
        for week in range(values.shape[1]):
            length = np.where(side[:, week], length + 1, 0)
            run[:, week] |= length >= RUN
    return {"outside": outside, "near_limit": near, "run": run}


def follow_scores(scores: np.ndarray, rule: Rule) -> np.ndarray:
    """Follow a rule of alarm for falls along series of scores.

    Parameters
    ----------
    scores : array (series, weeks)
        Standard scores; NaN = week not known, which changes nothing.
    rule : Rule
        EWMA or CUSUM.

    Returns
    -------
    array (series, weeks)
        How much of the way to the alarm has been gone: above 1 is an alarm.

    Examples
    --------
    >>> follow_scores(np.array([[-3.0, -3.0, 0.0]]), Rule("cusum", .5, 4.)).tolist()
    [[0.625, 1.25, 1.125]]
    """
    state, variance = np.zeros(len(scores)), np.zeros(len(scores))
    found = np.zeros(scores.shape)
    for week in range(scores.shape[1]):
        score = scores[:, week]
        known = ~np.isnan(score)
        fall = -np.where(known, score, 0.)
        if rule.kind == "cusum":
            state = np.where(known, np.maximum(0, state + fall - rule.weight), state)
            found[:, week] = state / rule.limit
            continue
        state = np.where(known, rule.weight * fall + (1 - rule.weight) * state, state)
        variance = np.where(known, rule.weight ** 2 + (1 - rule.weight) ** 2 * variance, variance)
        found[:, week] = np.divide(state, rule.limit * np.sqrt(variance), out=np.zeros(len(scores)),
                                   where=variance > 0)
    return found
