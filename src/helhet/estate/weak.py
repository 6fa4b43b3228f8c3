"""What would hurt most: looked for by a job, kept with its age.

An item is *single* when its failure alone stops a service, with redundancy counted; a *cut* when what hangs together
falls apart without it; *understated* when something that it stops is stated as more critical than it is itself.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import F, Max, QuerySet, TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy

from helhet.estate.graph.reading import read_columns
from helhet.estate.models import WeakPoint, WeakReading
from helhet.estate.permissions import EstatePermission
from helhet.estate.rows import Row, rows_of
from helhet.items.models import Criticality, Family, Item, Kind
from helhet.items.permissions import ItemPermission
from helhet.journal.models import Event
from helhet.kit.engines import engine
from helhet.kit.jobs import Job, JobContext, job
from helhet.kit.rights import Caller
from helhet.rules.graph import Graph, Weak, build, cut_places, weak_points

KEPT = 1_000
LINKS_WALKED = 300_000_000
LAYERS_WALKED = 150_000
FEWEST_WALKS, MOST_WALKS = 40, 5_000
MOST_LINKS_FOR_CUTS = 500_000
SLOW_SECONDS = 60
DAY_SECONDS = 86_400


class WeakSort(TextChoices):
    """What makes an item a weak point."""

    SINGLE = "single", gettext_lazy("Stops a service alone")
    CUT = "cut", gettext_lazy("Holds the rest together")
    UNDERSTATED = "understated", gettext_lazy("Stated too low")


@dataclass(frozen=True, slots=True)
class WeakLine:
    """A weak point with its item and group."""

    row: Row
    point: WeakPoint

    @property
    def sorts(self) -> list[WeakSort]:
        """All that it is."""
        found = [WeakSort.SINGLE] if self.point.stops else []
        found += [WeakSort.CUT] if self.point.is_cut else []
        return found + ([WeakSort.UNDERSTATED] if self.point.worst > self.row.item.criticality else [])


def look(context: JobContext | None = None) -> WeakReading:
    """Look for weak points now, and keep them in place of those found before."""
    start = time.monotonic()
    event_id = _last_event()
    with engine().one_view():
        columns = read_columns()
        stated = dict(Item.objects.exclude(criticality=Criticality.UNSET).values_list("pk", "criticality"))
        services = set(Kind.objects.filter(family=Family.SERVICE).values_list("pk", flat=True))
    graph = Graph(build(columns))
    ids = graph.base.ids
    is_service = np.isin(columns.kind, np.fromiter(services, np.int64))
    weight = np.fromiter((stated.get(pk, 0) for pk in ids.tolist()), np.uint8, len(ids))
    walks = max(FEWEST_WALKS, min(MOST_WALKS, LINKS_WALKED // max(1, graph.base.links)))
    found: list[Weak] = []
    walked = 0
    for walked, one in enumerate(weak_points(graph, is_service, weight, walks=walks, layers=LAYERS_WALKED), 1):
        if one.reached:
            found.append(one)
        if context is not None:
            context.progress(walked, walks)
    has_cuts = graph.base.links <= MOST_LINKS_FOR_CUTS
    cuts = set(ids[cut_places(graph)].tolist()) if has_cuts else set()
    relied_on = int(((np.diff(graph.base.down.first) > 0) & (graph.base.gone == 0)).sum())
    told = {
        "at": timezone.now(), "seconds": time.monotonic() - start, "candidates": relied_on,
        "walked": walked, "has_cuts": has_cuts, "event_id": event_id,
    }  # fmt: skip
    with transaction.atomic():
        WeakPoint.objects.all().delete()
        WeakPoint.objects.bulk_create(_kept(found, cuts, stated), batch_size=500)
        return WeakReading.objects.update_or_create(pk=1, defaults=told)[0]


def _kept(found: Sequence[Weak], cuts: set[int], stated: dict[int, int]) -> Iterator[WeakPoint]:
    """Those that are of some sort, the worst first, at most so many."""
    weak = [one for one in found if one.stops or one.item in cuts or one.weight > stated.get(one.item, 0)]
    weak.sort(key=lambda one: (-one.stops, -one.reached, one.item))
    told = {one.item for one in found}
    rest = [Weak(item, 0, 0, 0, False, 0) for item in sorted(cuts - told)]
    for one in [*weak, *rest][:KEPT]:
        yield WeakPoint(
            item_id=one.item, stops=one.stops, degrades=one.degrades, reached=one.reached, worst=one.weight,
            is_cut=one.item in cuts, is_past_redundancy=one.is_past_redundancy,
        )  # fmt: skip


def reading() -> WeakReading | None:
    """When they were last looked for, and how thoroughly."""
    return WeakReading.objects.first()


def points(caller: Caller, sort: str = "") -> QuerySet[WeakPoint]:
    """The weak points of a sort, or all, as last looked for."""
    caller.require(ItemPermission.VIEW)
    found = WeakPoint.objects.filter(item__in=Item.objects.visible_to(caller)).select_related("item__kind")
    if sort == WeakSort.SINGLE:
        return found.filter(stops__gt=0)
    if sort == WeakSort.CUT:
        return found.filter(is_cut=True)
    if sort == WeakSort.UNDERSTATED:
        return found.filter(worst__gt=F("item__criticality"))
    return found


def lines(found: Sequence[WeakPoint]) -> list[WeakLine]:
    """With group."""
    rows = rows_of([one.item for one in found], {"group"})
    return [WeakLine(row, point) for row, point in zip(rows, found, strict=True)]


def as_data(line: WeakLine) -> dict[str, Any]:
    """As the API and the command give it."""
    item, point = line.row.item, line.point
    return {
        "reference": item.reference, "name": item.name, "kind": item.kind.key,
        "group": line.row.group.reference if line.row.group else None,
        "criticality": Criticality(item.criticality).key, "sorts": [sort.value for sort in line.sorts],
        "stops": point.stops, "degrades": point.degrades, "reached": point.reached,
        "worst": Criticality(point.worst).key, "past_redundancy": point.is_past_redundancy,
    }  # fmt: skip


def reading_as_data(known: WeakReading | None) -> dict[str, Any]:
    """How old and how thorough the answer is."""
    return {
        "at": timezone.localtime(known.at).isoformat(timespec="seconds") if known else None,
        "candidates": known.candidates if known else 0, "walked": known.walked if known else 0,
        "is_whole": bool(known and known.walked == known.candidates), "has_cuts": bool(known and known.has_cuts),
    }  # fmt: skip


def _last_event() -> int:
    return Event.objects.aggregate(last=Max("id"))["last"] or 0


@job(name="estate.weakest", title=gettext_lazy("Look for weak points"), max_tries=2, lease=600)
def look_if_due(context: JobContext) -> dict[str, int]:
    """The timetable's look: nothing is done while nothing has happened; where it takes long, once a day."""
    context.check()
    known = reading()
    if known is not None:
        age = (timezone.now() - known.at).total_seconds()
        if known.event_id == _last_event() or (known.seconds > SLOW_SECONDS and age < DAY_SECONDS):
            return {}
    return {"walked": look(context).walked}


def look_later(*, by: Caller) -> Job:
    """Ask for a look now; two who ask at once share one."""
    by.require(EstatePermission.DEPENDENCY_MANAGE)
    return look_if_due.later(caller=by, unique="estate.weakest")
