"""Placing names beside points of a chart so that they cover neither points nor each other."""

from __future__ import annotations

import pandas as pd

from salesgoals.show.charts_base import text_width

#: where a label may stand: to the right, left, above, below
OFFSETS = ((9, 0), (-9, 0), (0, -12), (0, 13))
POINT = 6


def place_labels(spots: pd.DataFrame, width: float, height: float, size: float = 11) -> pd.DataFrame:
    """Choose for each point where its label stands; a label without a free place is left out.

    Parameters
    ----------
    spots : DataFrame
        Columns x, y (pixels), text; the first rows are served first.
    width, height : float
        Of the chart, in pixels.
    size : float
        Of the letters.

    Returns
    -------
    DataFrame
        Columns dx, dy (offset of the anchor: a positive dx means that the text begins there, a negative one
        that it ends there, 0 that it is centred), shown.

    Examples
    --------
    >>> spots = pd.DataFrame({"x": [50., 50., 50.], "y": [50., 50., 50.], "text": ["A", "B", "C" * 60]})
    >>> place_labels(spots, 100, 100).shown.tolist()
    [True, True, False]
    """
    taken = [(x - POINT, y - POINT, x + POINT, y + POINT) for x, y in zip(spots.x, spots.y, strict=True)]
    chosen = []
    for x, y, text in zip(spots.x, spots.y, spots.text, strict=True):
        wide = text_width(text, size)
        found = (0, 0, False)
        for dx, dy in OFFSETS:
            left = x + dx if dx > 0 else x + dx - wide if dx < 0 else x - wide / 2
            box = (left, y + dy - size / 2 - 1, left + wide, y + dy + size / 2 + 1)
            inside = box[0] >= 0 and box[2] <= width and box[1] >= 0 and box[3] <= height
            if inside and not any(_touch(box, other) for other in taken):
                found = (dx, dy, True)
                taken.append(box)
                break
        chosen.append(found)
    return pd.DataFrame(chosen, columns=["dx", "dy", "shown"])


def _touch(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
