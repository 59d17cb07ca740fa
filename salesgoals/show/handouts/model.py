"""What a hand-out is made of: controls, one frame for each setting of them, and views to draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

Tick = tuple[float, str]
DIGITS = 6  # of a place in a drawing: enough for the eye, and keeps the page small


@dataclass(frozen=True)
class Control:
    """A slider or a list: its label and the text of each position.

    Parameters
    ----------
    label : str
        What is set.
    texts : sequence of str
        One a position.
    start : int
        The first position shown.
    slider : bool
        False: a list to choose from.
    """

    label: str
    texts: Sequence[str]
    start: int = 0
    slider: bool = True


@dataclass(frozen=True)
class Line:
    """A line: its name in the legend, its colour's role, and its corners."""

    name: str
    role: str
    points: Sequence[tuple[float, float]]
    dashed: bool = False


@dataclass(frozen=True)
class Area:
    """What lies between two lines: (x, low, high)."""

    name: str
    role: str
    points: Sequence[tuple[float, float, float]]


@dataclass(frozen=True)
class Mark:
    """A point with a word beside it; without y, a line from top to bottom; without x, from side to side."""

    role: str
    x: float | None = None
    y: float | None = None
    text: str = ""


@dataclass(frozen=True)
class Bar:
    """A bar with its name and the text of its value; ``until``: a paler part that may be added."""

    name: str
    value: float
    text: str
    role: str = "forecast"
    until: float | None = None


@dataclass(frozen=True)
class Axis:
    """An axis: its title, where it begins and ends, and its ticks."""

    title: str
    low: float
    high: float
    ticks: Sequence[Tick]


@dataclass(frozen=True)
class View:
    """Everything of a chart that several frames have in common; ``y``: an axis of its own."""

    lines: Sequence[Line] = ()
    areas: Sequence[Area] = ()
    marks: Sequence[Mark] = ()
    bars: Sequence[Bar] = ()
    y: Axis | None = None


@dataclass(frozen=True)
class Frame:
    """What one setting of the controls shows: the finding, the numbers, which view, and marks of its own."""

    finding: str
    numbers: Sequence[str]
    view: int = 0
    marks: Sequence[Mark] = ()


@dataclass(frozen=True)
class Handout:
    """A page that answers one question by controls, numbers and a chart.

    Parameters
    ----------
    controls : sequence of Control
        The last one runs fastest in ``frames``.
    numbers : sequence of str
        Labels of the numbers of each frame.
    frames : sequence of Frame
        One for each combination of positions, worked out by the package's functions: the page works out
        nothing. Only the start where ``weighing`` is given.
    views : sequence of View
        What the frames refer to.
    x, y : Axis or None
        y None: bars.
    assumption : str
        What the figures rest on.
    weighing : dict, optional
        Scores from which the page itself makes weighted means, where settings are too many for frames.
    """

    controls: Sequence[Control]
    numbers: Sequence[str]
    frames: Sequence[Frame]
    views: Sequence[View]
    x: Axis
    y: Axis | None
    assumption: str
    weighing: dict[str, Any] = field(default_factory=dict)

    def frame_at(self, positions: Sequence[int]) -> Frame:
        """Give the frame of one setting of the controls."""
        place = 0
        for control, position in zip(self.controls, positions, strict=True):
            place = place * len(control.texts) + position
        return self.frames[place]

    @property
    def start(self) -> Frame:
        """The frame that the page opens with."""
        if self.weighing:
            return self.frames[0]
        return self.frame_at([control.start for control in self.controls])

    def as_data(self) -> dict[str, Any]:
        """Write everything as plain lists for the page's script."""
        return {
            "sizes": [len(control.texts) for control in self.controls],
            "texts": [list(control.texts) for control in self.controls],
            "x": _axis(self.x), "y": None if self.y is None else _axis(self.y),
            "views": [{"lines": [{"name": line.name, "role": line.role, "dashed": line.dashed,
                                  "points": [_short(point) for point in line.points]} for line in view.lines],
                       "areas": [{"name": area.name, "role": area.role,
                                  "points": [_short(point) for point in area.points]} for area in view.areas],
                       "marks": [_mark(mark) for mark in view.marks],
                       "y": None if view.y is None else _axis(view.y),
                       "bars": [[bar.name, *_short([bar.value]), bar.text, bar.role,
                                 None if bar.until is None else _short([bar.until])[0]] for bar in view.bars]}
                      for view in self.views],
            "frames": [[frame.finding, list(frame.numbers), frame.view, [_mark(mark) for mark in frame.marks]]
                       for frame in self.frames],
            "weighing": self.weighing or None}


def _axis(axis: Axis) -> dict[str, Any]:
    return {"title": axis.title, "low": axis.low, "high": axis.high,
            "ticks": [[value, text] for value, text in axis.ticks]}


def _mark(mark: Mark) -> list[Any]:
    x, y = (None if value is None else _short([value])[0] for value in (mark.x, mark.y))
    return [x, y, mark.role, mark.text]


def _short(values: Sequence[float]) -> list[float]:
    return [float(f"{value:.{DIGITS}g}") for value in values]
