"""A small line over time, worked out here and drawn by `kit/_line_chart.svg.html`, with its table beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from helhet.kit.spoken import number

LEFT, RIGHT, TOP, BOTTOM = 44.0, 564.0, 16.0, 128.0
APART = 84.0
"""So far apart stand the words beneath a line, in the units of the drawing."""


@dataclass(frozen=True)
class Point:
    """A reading: what to write under it, its value, and whether it is out of line.

    `at` is its place in time, in any unit; where each has one, the line is true to time.
    """

    label: str
    value: float
    bad: bool = False
    at: float | None = None


@dataclass(frozen=True)
class Tick:
    """A word at a place along an axis, in the units of the drawing."""

    at: float
    text: str
    anchor: str = "middle"


@dataclass(frozen=True)
class TableRow:
    """A reading in words, for the table twin."""

    label: str
    value: str


@dataclass(frozen=True)
class Line:
    """All that the template draws; `points` is the SVG attribute."""

    points: str
    across: list[Tick]
    up: list[Tick]
    last_x: float
    last_y: float
    last_text: str
    bad: bool
    alt: str
    rows: list[TableRow]


def _round_step(span: float) -> float:
    """A step of 1, 2 or 5 times a power of ten that divides `span` in about two to four parts."""
    step = 1e-6
    while True:
        for factor in (1, 2, 5):
            if span / (step * factor) <= 4:
                return step * factor
        step *= 10


def _plain(texts: list[str]) -> list[str]:
    """The words of a scale without a decimal that is nought in all of them."""
    bare = [re.sub(r"[.,]0(?!\d)", "", text) for text in texts]
    return bare if all(not re.search(r"[.,]\d(?!\d)", text) for text in bare) else texts


def _across(points: Sequence[Point]) -> list[float]:
    """Where each point stands: true to time where each tells its own, else evenly."""
    times = [float(place) for place in range(len(points))]
    told = [point.at for point in points if point.at is not None]
    if len(told) == len(points) and told == sorted(told) and told[0] < told[-1]:
        times = told
    return [round(LEFT + (RIGHT - LEFT) * (time - times[0]) / (times[-1] - times[0]), 1) for time in times]


def _spread(across: Sequence[float]) -> set[int]:
    """Which points get a word beneath them: the last always, and as many as there is room for."""
    chosen = [len(across) - 1]
    for place in range(len(across) - 2, -1, -1):
        if across[chosen[-1]] - across[place] >= APART:
            chosen.append(place)
    return set(chosen)


def line(
    points: Sequence[Point],
    title: str,
    say: Callable[[float], str] = number,
    floor: float | None = None,
    ceiling: float | None = None,
) -> Line | None:
    """Work out the drawing; None with fewer than two points, which are no line.

    `say` puts a value in words; `floor` and `ceiling` bound the scale, as 0 and 1 do for a share.
    """
    if len(points) < 2:
        return None
    values = [point.value for point in points]
    low, high = min(values), max(values)
    step = _round_step((high - low) or abs(high) or 1.0)
    bottom, top = (low // step) * step, -((-high) // step) * step
    if bottom == top:
        bottom, top = bottom - step, top + step
    bottom = bottom if floor is None else max(bottom, floor)
    top = top if ceiling is None else min(top, ceiling)
    if bottom >= top:
        bottom, top = (top - step, top) if floor is None or top - step >= floor else (bottom, bottom + step)

    def y(value: float) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * (value - bottom) / (top - bottom), 1)

    scale = [bottom + step * part for part in range(round((top - bottom) / step) + 1)]
    across = _across(points)
    labelled = _spread(across)
    return Line(
        points=" ".join(f"{place},{y(point.value)}" for place, point in zip(across, points, strict=True)),
        across=[Tick(across[place], point.label) for place, point in enumerate(points) if place in labelled],
        up=[Tick(y(value), text) for value, text in zip(scale, _plain([say(value) for value in scale]), strict=True)],
        last_x=across[-1],
        last_y=y(values[-1]),
        last_text=say(values[-1]),
        bad=points[-1].bad,
        alt=f"{title}: {points[0].label} {say(values[0])}, {points[-1].label} {say(values[-1])}.",
        rows=[TableRow(point.label, say(point.value)) for point in points],
    )
