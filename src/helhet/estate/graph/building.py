"""Building the file of the graph from the database, when it is due."""

from __future__ import annotations

import time
import uuid
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import F, Min, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from helhet.estate.graph import files
from helhet.estate.graph.reading import read_columns
from helhet.estate.models import GraphFile
from helhet.items.models import Touched
from helhet.kit.engines import engine, table_of
from helhet.kit.jobs import JobContext, job
from helhet.rules.graph import build

FEW_TOUCHED = 500
SHARE_TOUCHED = 200
"""It is built anew when more items than one in so many were touched, and more than FEW_TOUCHED."""
OLDEST = timedelta(hours=6)
FORGOTTEN = timedelta(days=30)


def build_graph() -> GraphFile:
    """Read everything as at one moment, write the file, and let it count. Anybody may do so at any time: of two who do
    it at once the later counts.

    The row of this place is there before anything is read, so that nobody clears away what it will not have seen.
    """
    with files.alone():
        return _build(time.monotonic())


def _build(start: float) -> GraphFile:
    place = files.own_place(make=True)
    row, _is_new = GraphFile.objects.get_or_create(place=place)
    GraphFile.objects.filter(pk=row.pk).update(claimed_at=timezone.now())
    token = uuid.uuid4().hex
    with engine().one_view():
        with connection.cursor() as cursor:
            cursor.execute(
                # Rows that were cleared away count as seen.
                f"SELECT COALESCE((SELECT max(id) FROM {table_of(Touched)}), 0), g.seen, {engine().oldest_open()} "  # noqa: S608 - own names only
                f"FROM {table_of(GraphFile)} g WHERE g.id = %s",
                [row.pk],
            )
            last, seen, oldest_open = cursor.fetchone()
        columns = read_columns()
    arrays = build(columns)
    del columns
    files.write(arrays, token)
    told = {
        "token": token, "seen": max(last, seen), "oldest_open": oldest_open, "built_at": timezone.now(),
        "items": len(arrays.ids), "links": arrays.links, "seconds": time.monotonic() - start,
    }  # fmt: skip
    with transaction.atomic():
        row = GraphFile.objects.select_for_update().get(pk=row.pk)
        # Another host may share the folder, and have seen more by now.
        if row.seen <= told["seen"]:
            GraphFile.objects.filter(pk=row.pk).update(**told)
    _forget()
    row.refresh_from_db()
    files.sweep(row.token)
    return row


def _forget() -> None:
    """Clear away what the files of all places have seen, and places from which nothing was heard for a month."""
    with transaction.atomic():
        GraphFile.objects.filter(claimed_at__lt=timezone.now() - FORGOTTEN).delete()
        least = GraphFile.objects.aggregate(seen=Min("seen"), oldest_open=Min("oldest_open"))
        if least["seen"] is not None:
            Touched.objects.filter(pk__lte=least["seen"], stamp__lt=least["oldest_open"]).delete()


def is_due() -> bool:
    """Whether the file is missing or damaged, or much has changed since, or something has and that is long ago."""
    row = GraphFile.objects.filter(place=files.own_place()).first()
    if row is None or not row.token:
        return True
    try:
        files.read(row.token)
    except files.Unusable as error:
        files.log.warning("the file of the graph is built anew: %s", error)
        return True
    unseen = Touched.objects.filter(pk__gt=row.seen) | Touched.objects.filter(stamp__gte=row.oldest_open)
    touched = unseen.aggregate(items=Sum(F("high") - F("low") + 1))["items"] or 0
    if touched > max(FEW_TOUCHED, row.items // SHARE_TOUCHED):
        return True
    return bool(touched) and row.built_at is not None and timezone.now() - row.built_at > OLDEST


@job(name="estate.graph", title=_("Bring the graph of dependencies up to date"), max_tries=3, lease=300)
def build_if_due(context: JobContext) -> dict[str, int]:
    """The timetable's look: nothing is done unless it is due."""
    context.check()
    if not is_due():
        return {}
    row = build_graph()
    return {"items": row.items, "links": row.links}
