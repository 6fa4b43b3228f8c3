"""An offline copy of 5,000 documents beside the rendering of the same Markdown in a loop."""

from __future__ import annotations

import random
import resource
import tempfile
import time
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from bench.data import TOWNS, WORDS
from bench.measure import Place, clocked, ratio, say
from helhet.documents.models import About, Audience, Document, DocumentAudience, Sort, Version
from helhet.handbook.bundle.holding import find_audience
from helhet.handbook.bundle.keys import own_key
from helhet.handbook.bundle.making import make_bundle
from helhet.handbook.bundle.verifying import look_over
from helhet.items.models import Item, Kind
from helhet.items.writing import NewItem, add_items
from helhet.kit.markdown import html_of
from helhet.kit.rights import the_system
from helhet.routines.models import Routine

DOCUMENTS, FEW = 5_000, 50
SMALLEST = 10_000
TARGET = 2


def bundles(place: Place) -> dict[str, Any]:
    """Seconds and processor seconds of both, and what verifying the copy takes."""
    count = DOCUMENTS if place.size >= SMALLEST else FEW
    texts = _write(count)
    with clocked() as floor, clocked(by=time.process_time) as floor_cpu:
        for text in texts:
            # A mark of its own, so that the copy finds none of this kept.
            html_of(text, mark="floor")
    with tempfile.TemporaryDirectory(dir=place.folder) as folder:
        out = Path(folder) / "out"
        with clocked() as clock, clocked(by=time.process_time) as cpu:
            made = make_bundle(find_audience("operations"), [out], by=the_system("bench"))
        with clocked() as verified:
            is_sound = look_over(out, own_key()).is_sound
        size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    told = {
        "documents": count, "files": len(made.manifest.files), "mib": round(size / 1024 / 1024, 1),
        "seconds": round(clock.seconds, 2), "cpu_seconds": round(cpu.seconds, 2),
        "floor_seconds": round(floor.seconds, 2), "floor_cpu_seconds": round(floor_cpu.seconds, 2),
        "ratio": ratio(clock.seconds, floor.seconds), "ratio_cpu": ratio(cpu.seconds, floor_cpu.seconds),
        "target_ratio": TARGET, "verify_seconds": round(verified.seconds, 2), "is_sound": is_sound,
        "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }  # fmt: skip
    say(f"  {count} documents: {told['ratio']} times the rendering, by processor {told['ratio_cpu']}")
    return told


def _write(count: int) -> list[str]:
    """Routines for items by turns, of about three kilobytes each. Returns their texts."""
    chance = random.Random(41)  # noqa: S311 - the same texts each time
    kind, by, read_by = Kind.objects.get(key="routine"), the_system("bench"), Audience.objects.get(key="operations")
    items = list(Item.objects.exclude(kind__key__in=("group", "routine")).values_list("pk", flat=True)[:2_000])
    texts = [_text(chance) for _number in range(count)]
    with transaction.atomic():
        names = [NewItem(kind=kind, name=f"Rutin {number}") for number in range(count)]
        ids = add_items(names, by=by, on=timezone.localdate())
        rows = Document.objects.bulk_create([Document(item_id=pk, sort=Sort.ROUTINE) for pk in ids], batch_size=500)
        versions = Version.objects.bulk_create(
            [Version(document=row, major=1, title=f"Rutin {at}", text=texts[at]) for at, row in enumerate(rows)],
            batch_size=500,
        )
        for row, version in zip(rows, versions, strict=True):
            row.published = version
        Document.objects.bulk_update(rows, ["published"], batch_size=500)
        DocumentAudience.objects.bulk_create([DocumentAudience(document=row, audience=read_by) for row in rows])
        Routine.objects.bulk_create([Routine(document=row) for row in rows])
        About.objects.bulk_create(
            [About(document=row, item_id=items[at % len(items)]) for at, row in enumerate(rows)], batch_size=500
        )
    return texts


def _text(chance: random.Random) -> str:
    """Headings, paragraphs, a list with commands, a table and a block of code."""

    def words(count: int) -> str:
        return " ".join(chance.choice(WORDS) for _ in range(count))

    steps = "\n".join(f"{at}. {words(12)} `systemctl restart {chance.choice(WORDS)}`" for at in range(1, 11))
    rows = "\n".join(f"| {chance.choice(TOWNS)} | {words(4)} |" for _ in range(8))
    parts = [f"## {words(3)}\n\n{words(60)} **{words(2)}** [{words(2)}](https://example.org/{at})" for at in range(4)]
    return "\n\n".join((*parts, steps, f"| Ort | Vad |\n|---|---|\n{rows}", f"```\n{words(20)}\n```"))
