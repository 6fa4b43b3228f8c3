"""What the page of coverage shows: sentence, matrix, line and facts, made of counts and readings."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.groups.models import Group
from helhet.items.models import Family, Item, Kind
from helhet.kit.charts import Line, Point, line
from helhet.kit.parts import Cell, Matrix, MatrixRow
from helhet.kit.rights import Caller
from helhet.kit.spoken import day, percent
from helhet.responsibility.coverage import Counts, Coverage, condition_of
from helhet.responsibility.links import counted, items_url
from helhet.responsibility.models import Reading
from helhet.responsibility.readings import over_time

GROUPS_SHOWN = 9
POINTS = 26


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the matrix before it is drawn: some kinds under one name."""

    name: str
    icon: str
    kinds: list[Kind]
    url: str
    family: str = ""


def matrix_rows(coverage: Coverage, family: str) -> list[Row]:
    """Families, or with a family given its kinds; only those that have anything, the gaps first."""
    kinds = [kind for kind in Kind.objects.filter(must_be_owned=True) if kind.pk in coverage.by_kind]
    if family:
        rows = [Row(kind.plural, kind.icon, [kind], "") for kind in kinds if kind.family == family]
    else:
        rows = []
        for one in Family:
            of_family = [kind for kind in kinds if kind.family == one]
            if of_family:
                rows.append(Row(str(one.label), of_family[0].icon, of_family, f"?family={one.value}", one.value))
    return sorted(rows, key=lambda row: -sum(coverage.by_kind[kind.pk].unowned for kind in row.kinds))


def matrix(coverage: Coverage, family: str = "") -> Matrix:
    """Kinds by groups, gaps first, the groups with most things first and the rest in one column."""
    by_size = sorted(
        (group_id for group_id in coverage.by_group if group_id is not None),
        key=lambda group_id: -coverage.by_group[group_id].items,
    )
    groups = Group.objects.select_related("item").in_bulk(by_size)
    shown, rest = by_size[:GROUPS_SHOWN], by_size[GROUPS_SHOWN:]
    rows = matrix_rows(coverage, family)
    heads = [_("Without group"), *(groups[one].name for one in shown), *([_("Other groups")] if rest else [])]
    drawn = [_drawn(coverage, row, shown, rest, groups) for row in rows]
    sums = [Cell(sum(row.cells[place].count for row in drawn)) for place in range(len(heads))]
    return Matrix(
        caption=_("Kinds by groups"), corner=_("Kind"), heads=heads, rows=drawn, sums=sums,
        total=sum(row.total for row in drawn),
    )  # fmt: skip


def _drawn(coverage: Coverage, row: Row, shown: list[int], rest: list[int], groups: dict[int, Group]) -> MatrixRow:
    def number(group_id: int | None) -> int:
        return sum(coverage.by_both.get((kind.pk, group_id), Counts()).items for kind in row.kinds)

    def address(word: str, group: Group | None = None) -> str:
        return items_url(counted(kinds=row.kinds, group=group, word=word))

    cells = [Cell(number(None), address("unowned"))]
    cells += [Cell(number(one), address("owned", groups[one])) for one in shown]
    if rest:
        cells.append(Cell(sum(map(number, rest)), address("owned")))
    return MatrixRow(row.name, cells, sum(cell.count for cell in cells), row.icon, row.url)


def trend(since: dt.date) -> Line | None:
    """The share under a living group over time."""
    readings = thinned(over_time(since))
    points = []
    for reading in readings:
        share = (reading.owned - reading.dead_owner) / reading.items if reading.items else 1.0
        points.append(Point(day(reading.on, "short"), share, bad=share < 1.0, at=reading.on.toordinal()))
    title = _("Share of items under a living group")
    return line(points, title, percent, floor=0.0, ceiling=1.0)


def thinned(readings: list[Reading]) -> list[Reading]:
    """At most POINTS of them, evenly, the last always among them: a line of a year needs no more."""
    step = -(-len(readings) // POINTS)
    return readings[::-1][:: max(step, 1)][::-1]


def newest_unowned(caller: Caller, limit: int) -> list[Item]:
    """The unowned that came last."""
    unowned = Item.objects.visible_to(caller).filter(condition_of("unowned", timezone.localdate()))
    return list(unowned.select_related("kind").order_by("-id")[:limit])


def came_lately(caller: Caller, days: int = 1) -> int:
    """How many of the unowned came in since so many days ago."""
    since = timezone.localdate() - dt.timedelta(days=days)
    unowned = Item.objects.visible_to(caller).filter(condition_of("unowned", timezone.localdate()))
    return unowned.filter(created_on__gte=since).count()
