"""A picture of some days: lanes with bars, worked out in percent of its width. Its twin is a table of the same bars."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from helhet.changes.times import brief, short_day, told, zone
from helhet.rules.days import start_of_day
from helhet.rules.intervals import Interval

OUT_ROOM = 84.0
"""Words beside a bar stand to its left when it ends further to the right than this."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A day's beginning, and its name."""

    at: float
    label: str
    is_today: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of time. `sort` colours it: `me`, `plan`, `stop`, `over`, `free`, `short`, `window`.

    `words` stand beside it, `inside` in it; `title` says all of it.
    """

    sort: str
    during: Interval
    title: str
    url: str = ""
    words: str = ""
    inside: str = ""
    x: float = 0.0
    width: float = 0.0

    @property
    def is_left(self) -> bool:
        """Whether its words stand to its left."""
        return self.x + self.width > OUT_ROOM

    @property
    def words_x(self) -> float:
        """Where its words begin, or end when they stand to its left."""
        return self.x if self.is_left else round(self.x + self.width, 2)

    @property
    def when(self) -> str:
        """When, in words."""
        return told(self.during)


@dataclass(frozen=True, slots=True)
class Lane:
    """One row of the picture. `is_more` is a further row of the same name, whose bars would not fit into the first."""

    label: str
    bars: Sequence[Bar] = field(default_factory=tuple)
    url: str = ""
    is_more: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """The whole picture."""

    ticks: list[Tick]
    lanes: list[Lane]
    title: str = ""


def band(first: dt.date, days: int, lanes: Sequence[Lane], today: dt.date, *, title: str = "") -> Band:
    """Place every bar; those that lie outside are left out, and lanes stay also when they are empty."""
    edges = [start_of_day(first + dt.timedelta(days=count), zone()) for count in range(days + 1)]
    whole = Interval(edges[0], edges[-1])

    def across(at: dt.datetime) -> float:
        return round(100 * ((at - whole.starts_at) / whole.length), 2)

    def placed(bar: Bar) -> Bar | None:
        shown = bar.during.shared(whole)
        if shown is None:
            return None
        x = across(shown.starts_at)
        return Bar(
            bar.sort, bar.during, bar.title, bar.url, bar.words, bar.inside, x, round(across(shown.ends_at) - x, 2)
        )

    ticks = []
    for count, edge in enumerate(edges[:-1]):
        on = first + dt.timedelta(days=count)
        ticks.append(Tick(across(edge), short_day(on) if days <= 14 or on.weekday() == 0 else "", on == today))
    drawn = [replace(lane, bars=[one for bar in lane.bars if (one := placed(bar))]) for lane in lanes]
    return Band(ticks, drawn, title)


def plain(sort: str, during: Interval, name: str, url: str = "", *, words: str | None = None, inside: str = "") -> Bar:
    """A bar whose title is its name and when it is; beside it stands the same in short unless other words are given."""
    beside = brief(during) if words is None else words
    return Bar(sort, during, f"{name}, {told(during)}", url, beside, inside)


def rows_of(bars: Sequence[Bar]) -> list[list[Bar]]:
    """The bars in as few rows as they need not to lie on one another."""
    rows: list[list[Bar]] = []
    for bar in sorted(bars, key=lambda one: one.during):
        free = next((row for row in rows if row[-1].during.ends_at <= bar.during.starts_at), None)
        if free is None:
            rows.append([bar])
        else:
            free.append(bar)
    return rows
