"""The shapes that the components are fed with; the frame's own are in `web`.

Templates read attributes, so anything that has them will do.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Panel:
    """A section that a higher room gives to a page: its template is rendered with `panel`, this context, beside the
    page's own.

    `place` is `left` or `right` of the first two columns, or `below` them; lower `order` stands first.
    """

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    place: str = "below"
    order: int = 100


@dataclass(frozen=True)
class Choice:
    """One choice among several, as a link. With `choices` it opens them instead."""

    label: str
    url: str = ""
    current: bool = False
    count: int | None = None
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Crumb:
    """One step above this page."""

    label: str
    url: str


@dataclass(frozen=True)
class Chip:
    """A thing as `_thing.html` shows it; items, groups and hits offer the same names themselves.

    `state` is the mark beside `state_label`: good, due, over, unknown, none or empty for a bare word.
    """

    name: str
    url: str = ""
    reference: str = ""
    icon: str = ""
    state_label: str = ""
    state: str = ""
    group_name: str = ""


@dataclass(frozen=True, slots=True)
class LineCell:
    """One cell of a list's row: its text, and where it has them a mark before it and classes."""

    text: str
    mark: str = ""
    css: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a list: its thing, and the cells after it."""

    chip: Chip
    cells: list[LineCell]


@dataclass(frozen=True)
class FilterChip:
    """One condition that holds now; `remove_url` is this list without it."""

    label: str
    value: str
    remove_url: str


@dataclass(frozen=True)
class Column:
    """A column of a list. `sort_url` is empty where it cannot be sorted. `sorted`: empty, `ascending`, `descending`."""

    name: str
    label: str
    sort_url: str = ""
    sorted: str = ""
    right: bool = False
    wide_only: bool = False
    shown: bool = True


@dataclass(frozen=True)
class FilterBar:
    """What stands above a list. `text` is in the field; `hidden` are names and values that the form carries."""

    text: str = ""
    name: str = "q"
    action: str = ""
    hidden: list[tuple[str, str]] = field(default_factory=list)
    chips: list[FilterChip] = field(default_factory=list)
    add: list[Choice] = field(default_factory=list)
    views: list[Choice] = field(default_factory=list)
    save_url: str = ""
    columns: list[Column] = field(default_factory=list)
    complete_url: str = ""
    csv_url: str = ""
    xlsx_url: str = ""
    error: str = ""
    error_at: int | None = None


@dataclass(frozen=True)
class Page:
    """One page of a list. `total` is None when it was not counted; `about` says that it is a lower bound."""

    first: int = 0
    last: int = 0
    total: int | None = None
    about: bool = False
    previous_url: str = ""
    next_url: str = ""
    order: str = ""


@dataclass(frozen=True)
class BulkAct:
    """A verb over the chosen rows: the form is sent to `url`, whose page previews before it does anything."""

    label: str
    url: str
    primary: bool = False


@dataclass(frozen=True)
class HistoryLine:
    """One event: `text` may be safe HTML; `before` and `after` show what went and what came."""

    at: object
    text: str
    before: str = ""
    after: str = ""
    undo_url: str = ""


@dataclass(frozen=True)
class FieldChange:
    """One field before and after; an empty side reads as a dash."""

    label: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Cell:
    """A cell of a matrix: the figure and the list it counts. `state` is a mark where it is good or bad news."""

    count: int
    url: str = ""
    state: str = ""


@dataclass(frozen=True)
class MatrixRow:
    """A row of a matrix with its sum; it is shown as a chip."""

    name: str
    cells: list[Cell]
    total: int
    icon: str = ""
    url: str = ""


@dataclass(frozen=True)
class Matrix:
    """Rows by columns; the first column of cells is the gaps."""

    corner: str
    heads: list[str]
    rows: list[MatrixRow]
    sums: list[Cell]
    total: int
    caption: str = ""
