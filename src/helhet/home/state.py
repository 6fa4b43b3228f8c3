"""How it stands: groups by families, each cell with its worst news, and its trend over twelve weeks."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field, replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helhet.groups.models import Group
from helhet.home.figures import Figures
from helhet.home.links import items_url, joined
from helhet.items.models import Family, Kind
from helhet.responsibility.coverage import Counts
from helhet.responsibility.models import Reading, ReadingSort

WEEKS = 12
MOST_ROWS = 25
LOW, HIGH = 26.0, 24.0


@dataclass(frozen=True, slots=True)
class Cell:
    """The worst of one group in one family. `state` is a mark, or `none` where there is nothing."""

    state: str
    count: int = 0
    word: str = ""
    url: str = ""
    worst: bool = False


@dataclass(frozen=True, slots=True)
class Area:
    """A column: its families, and how a filter names them."""

    label: str
    families: tuple[str, ...]

    @property
    def filter(self) -> str:
        """The term for the kinds of the area."""
        return "kind:" + ",".join(str(family) for family in self.families)


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a spark, in the units of the drawing."""

    x: float
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Trend:
    """What there is to mend, week by week, the last being now."""

    values: list[int]
    bars: list[Bar]
    now: int
    change: int

    @property
    def direction(self) -> str:
        """`worse`, `better` or empty."""
        return "worse" if self.change > 0 else "better" if self.change < 0 else ""


@dataclass(frozen=True, slots=True)
class Row:
    """A group (or those without one) with its cells."""

    name: str
    url: str
    items: int
    items_url: str
    cells: list[Cell]
    trend: Trend
    reference: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """The whole picture. `left_out` groups have no row."""

    heads: list[str]
    rows: list[Row]
    left_out: int
    keys: list[tuple[str, str]] = field(default_factory=list)


def areas() -> list[tuple[str, tuple[str, ...]]]:
    """The columns: label and families. Seldom more than some of each, so that the picture can be read at a glance."""
    return [
        (_("Services"), (Family.SERVICE, Family.PRODUCT)),
        (_("Software"), (Family.SOFTWARE,)),
        (_("Platforms"), (Family.PLATFORM,)),
        (_("Hardware"), (Family.HARDWARE,)),
        (_("Documents"), (Family.DOCUMENT, Family.ROUTINE, Family.PROCESS)),
        (_("Contracts"), (Family.CONTRACT,)),
        (_("Other"), (Family.PLACE, Family.GROUP, Family.OTHER)),
    ]


def trend(values: list[int], top: int = 0) -> Trend:
    """The bars of a spark for these values, `top` being the highest; the last may be worse or better than before."""
    top = max([*values, top, 1])
    bars = []
    for place, value in enumerate(values):
        height = max(round(HIGH * value / top, 1), 1.0)
        bars.append(Bar(place * 6, round(LOW - height, 1), height))
    return Trend(values, bars, values[-1], values[-1] - values[-2] if len(values) > 1 else 0)


@dataclass(slots=True)
class _Sums:
    """Counts by group and area, and how many are not seen."""

    cells: dict[int | None, dict[Area, Counts]] = field(default_factory=lambda: defaultdict(dict))
    unseen: dict[tuple[int | None, Area], int] = field(default_factory=lambda: defaultdict(int))

    @property
    def worst(self) -> int:
        """The largest figure of what nobody living answers for."""
        every = (counts for row in self.cells.values() for counts in row.values())
        return max((counts.dead_owner + counts.unowned for counts in every), default=0)


def state_of(figures: Figures, groups: list[Group], only: frozenset[int] | None) -> State:
    """Rows of what is counted: those without a group first, then groups by what there is to mend, then by size."""
    columns = _areas(figures)
    sums = _summed(figures, columns)
    shown = [group for group in groups if group.pk in sums.cells and (only is None or group.pk in only)]
    shown.sort(key=lambda group: _order(figures.coverage.by_group[group.pk]))
    past = _past(figures.coverage.on, [group.pk for group in shown[:MOST_ROWS]])
    rows = [_gap_row(figures, columns, sums)] if only is None and figures.coverage.all.unowned else []
    rows += [_row(figures, group, columns, sums, past[group.pk]) for group in shown[:MOST_ROWS]]
    return State([area.label for area in columns], _on_one_scale(rows), max(len(shown) - MOST_ROWS, 0), _keys())


def _on_one_scale(rows: list[Row]) -> list[Row]:
    """Bars that stand beneath each other are compared, so the same height is the same number in every row."""
    top = max((value for row in rows for value in row.trend.values), default=0)
    return [replace(row, trend=trend(row.trend.values, top)) for row in rows]


def _summed(figures: Figures, columns: list[Area]) -> _Sums:
    sums = _Sums()
    area_of = _area_of_kinds(columns)
    for (kind, group), counts in figures.coverage.by_both.items():
        into = sums.cells[group].setdefault(area_of[kind], Counts())
        for name, number in counts.as_data().items():
            setattr(into, name, getattr(into, name) + number)
    for (kind, group), number in figures.not_seen.items():
        if kind in area_of:
            sums.unseen[group, area_of[kind]] += number
    return sums


def _gap_row(figures: Figures, columns: list[Area], sums: _Sums) -> Row:
    total = figures.coverage.all.unowned
    cells = [_gap(area, sums.cells[None].get(area), sums.worst) for area in columns]
    url = items_url("coverage:unowned")
    gone = trend([*_unowned(figures.coverage.on), total])
    return Row(_("Without group"), url, total, url, cells, gone, icon="unowned")


def _row(figures: Figures, group: Group, columns: list[Area], sums: _Sums, past: list[int]) -> Row:
    counts = figures.coverage.by_group[group.pk]
    mine = sums.cells[group.pk]
    cells = [_cell(group, area, mine.get(area), sums.unseen[group.pk, area], sums.worst) for area in columns]
    url = items_url(f"coverage:counted group:{group.reference}")
    gone = trend([*past, max(counts.dead_owner, counts.contested)])
    return Row(group.name, group.get_absolute_url(), counts.items, url, cells, gone)


def _areas(figures: Figures) -> list[Area]:
    """The columns in which anything is counted."""
    family_of = dict(Kind.objects.values_list("id", "family"))
    there = {family_of[kind] for kind, counts in figures.coverage.by_kind.items() if counts.items}
    return [area for label, families in areas() if there & set((area := Area(label, families)).families)]


def _area_of_kinds(columns: list[Area]) -> dict[int, Area]:
    column_of = {family: area for area in columns for family in area.families}
    kinds = Kind.objects.values_list("id", "family")
    return {kind: column_of[family] for kind, family in kinds if family in column_of}


def _order(counts: Counts) -> tuple[int, int, int]:
    return -counts.dead_owner, -counts.contested, -counts.items


def _keys() -> list[tuple[str, str]]:
    return [
        ("over", _("No group that can answer")),
        ("due", _("Claimed by several groups")),
        ("unknown", _("Gone from its source")),
        ("good", _("In order")),
    ]


def _gap(area: Area, counts: Counts | None, worst: int) -> Cell:
    if counts is None or not counts.unowned:
        return Cell("none")
    url = items_url(f"coverage:unowned {area.filter}")
    return Cell("over", counts.unowned, _("without group"), url, worst=counts.unowned == worst)


def _cell(group: Group, area: Area, counts: Counts | None, unseen: int, worst: int) -> Cell:
    if counts is None or not counts.items:
        return Cell("none")
    here = f"{area.filter} group:{group.reference}"
    if counts.dead_owner:
        word = ngettext("unanswered", "unanswered", counts.dead_owner)
        url = items_url(joined("coverage:dead", here))
        return Cell("over", counts.dead_owner, word, url, worst=counts.dead_owner == worst)
    if counts.contested:
        word = ngettext("is contested", "are contested", counts.contested)
        return Cell("due", counts.contested, word, items_url(joined("coverage:contested", here)))
    if unseen:
        word = ngettext("is not seen", "are not seen", unseen)
        return Cell("unknown", unseen, word, items_url(joined("seen:no", here)))
    return Cell("good", counts.items, "", items_url(joined("coverage:counted", here)))


def _weeks(today: dt.date) -> list[dt.date]:
    """The days that the weeks before this one are read on, oldest first."""
    return [today - dt.timedelta(days=7 * week) for week in range(WEEKS - 1, 0, -1)]


def _past(today: dt.date, groups: list[int]) -> dict[int, list[int]]:
    """What there was to mend for each group on those days; a day without a reading is as the one before."""
    rows = Reading.objects.filter(sort=ReadingSort.GROUP, on__in=_weeks(today), group_id__in=groups)
    known = {
        (group, on): max(dead, contested)
        for group, on, dead, contested in rows.order_by("read_at").values_list(
            "group_id", "on", "dead_owner", "contested"
        )
    }
    return {
        group: _carried(today, {on: number for (one, on), number in known.items() if one == group}) for group in groups
    }


def _unowned(today: dt.date) -> list[int]:
    rows = Reading.objects.filter(sort=ReadingSort.ALL, on__in=_weeks(today)).order_by("read_at")
    return _carried(today, dict(rows.values_list("on", "unowned")))


def _carried(today: dt.date, known: dict[dt.date, int]) -> list[int]:
    values: list[int] = []
    for day in _weeks(today):
        values.append(known.get(day, values[-1] if values else 0))
    return values
