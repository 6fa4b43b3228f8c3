"""Which documents need a check after an import that changed 10,000 items, beside the reading of those changes."""

from __future__ import annotations

import gc
import time
from typing import Any

from django.db import transaction
from django.utils import timezone

from bench.measure import Place, clocked, ratio, say
from helhet.documents.checking import check_all
from helhet.documents.models import Described, Document, Doubt, Sort, Version
from helhet.items.models import Item, Kind
from helhet.items.writing import NewItem, add_items, change_items
from helhet.journal.models import Event
from helhet.journal.sealing import seal_all
from helhet.kit.rights import the_system

CHANGED, FEW, SMALLEST = 10_000, 200, 10_000
EACH = 4
"""Items that one document states; so each changed item is stated by one document."""
TARGET = 5


def doubts(place: Place) -> dict[str, Any]:
    """Seconds of both; half of the documents are doubted, since every second change is of what none of them states."""
    count = CHANGED if place.size >= SMALLEST else FEW
    items = list(Item.objects.filter(kind__is_listed=True, presence=0).exclude(kind__key="document")[:count])
    _write([item.pk for item in items])
    check_all()
    with transaction.atomic():
        changes = [
            (item, {"name": f"{item.name} ny"} if at % 2 else {"description": f"Ny {at}"})
            for at, item in enumerate(items)
        ]
        change_items(changes, by=the_system("bench"), on=timezone.localdate())
    seal_all()
    first = Event.objects.order_by("-id").values_list("sequence", flat=True)[len(items) - 1]
    # A round of the collector within so short a floor would treble it.
    gc.collect()
    with clocked() as floor, clocked(by=time.process_time) as floor_cpu:
        read = list(
            Event.objects.filter(sequence__gte=first).values_list(
                "sequence", "id", "at", "verb", "noun", "noun_id", "before", "after"
            )
        )
    with clocked() as clock, clocked(by=time.process_time) as cpu:
        check_all()
    told = {
        "changed": len(read), "doubts": Doubt.objects.filter(settled_at__isnull=True).count(),
        "documents": Document.objects.filter(is_doubtful=True).count(), "seconds": round(clock.seconds, 3),
        "floor_seconds": round(floor.seconds, 3), "ratio": ratio(clock.seconds, floor.seconds), "target_ratio": TARGET,
        "cpu_seconds": round(cpu.seconds, 3), "floor_cpu_seconds": round(floor_cpu.seconds, 3),
        "ratio_cpu": ratio(cpu.seconds, floor_cpu.seconds),
    }  # fmt: skip
    times = f"{told['ratio']} times the reading, by processor {told['ratio_cpu']}"
    say(f"  {told['changed']} changes, {told['doubts']} doubts: {times}")
    return told


def _write(items: list[int]) -> None:
    """Published documents, each of which states the names of a few items."""
    by, kind = the_system("bench"), Kind.objects.get(key="document")
    with transaction.atomic():
        ids = add_items(
            [NewItem(kind=kind, name=f"Dokument {at}") for at in range(0, len(items), EACH)], by=by,
            on=timezone.localdate(),
        )  # fmt: skip
        rows = Document.objects.bulk_create([Document(item_id=pk, sort=Sort.OTHER) for pk in ids], batch_size=500)
        versions = Version.objects.bulk_create(
            [Version(document=row, major=1, title="Dokument", text="Text") for row in rows], batch_size=500
        )
        for row, version in zip(rows, versions, strict=True):
            row.published = version
        Document.objects.bulk_update(rows, ["published"], batch_size=500)
        Described.objects.bulk_create(
            (
                Described(document=rows[at // EACH], noun="item", noun_id=pk, aspect="name")
                for at, pk in enumerate(items)
            ),
            batch_size=1_000,
        )  # fmt: skip
