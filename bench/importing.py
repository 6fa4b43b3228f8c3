"""Taking a million items in, and taking the same in again."""

from __future__ import annotations

import csv
import datetime as dt
from typing import Any

from django.db import connection
from django.utils import timezone

from bench import floors
from bench.measure import Place, act, clocked, ratio, say
from helhet.responsibility.coverage import count
from helhet.search.indexing import index_all

TARGET = 5
MEMORY_MIB = 1024


def first(place: Place) -> dict[str, Any]:
    """The first import. Taken in as of yesterday, so that what rules move today is history."""
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    done = act("import", str(place.files.folder), "--source", "cmdb", "--on", yesterday.isoformat())
    created = done["answer"]["created"]
    if created < place.size:
        raise RuntimeError(f"only {created} of {place.size} were taken in: {done['answer']}")
    place.kept["imported"] = done
    say(f"  imported in {done['seconds']:.1f} s, {done['peak_mib']:.0f} MiB")
    return done


def told_first(place: Place) -> dict[str, Any]:
    """The first import beside its floors."""
    done = place.kept["imported"]
    both = floors.load(place, only=floors.BOTH)
    say(f"  floor of items and answers {both['seconds']:.1f} s")
    whole = floors.load(place)
    say(f"  floor of all rows {whole['seconds']:.1f} s")
    with clocked() as search:
        entries = index_all()
    with clocked() as coverage:
        counted = count()
    seconds = done["seconds"]
    return {
        "seconds": round(seconds, 2),
        "us_per_item": round(seconds / place.size * 1e6, 1),
        "cpu_seconds": round(done["cpu_seconds"], 2),
        "items_per_second": round(place.size / seconds),
        "floor_items_and_answers": _told(both, place),
        "floor_all_rows": _told(whole, place),
        "ratio": ratio(seconds, both["seconds"]),
        "ratio_all_rows": ratio(seconds, whole["seconds"]),
        "target_ratio": TARGET,
        "peak_mib": round(done["peak_mib"]),
        "target_peak_mib": MEMORY_MIB,
        "search_right_after_seconds": round(search.seconds, 2),
        "search_entries": entries,
        "coverage_count_seconds": round(coverage.seconds, 3),
        "counted": counted.all.as_data(),
    }


def _told(floor: dict[str, Any], place: Place) -> dict[str, Any]:
    return {
        **floor,
        "seconds": round(floor["seconds"], 2),
        "us_per_item": round(floor["seconds"] / place.size * 1e6, 1),
    }


def again(place: Place) -> dict[str, Any]:
    """The same files once more: nothing may change."""
    connection.close()
    done = act("import", str(place.files.folder), "--source", "cmdb")
    with clocked() as floor:
        rows = 0
        for path in (place.files.groups, place.files.items):
            with path.open(newline="", encoding="utf-8") as file:
                rows += sum(1 for _row in csv.reader(file))
    if done["answer"]["created"] or done["answer"]["changed"]:
        raise RuntimeError(f"the same file changed something: {done['answer']}")
    return {
        "seconds": round(done["seconds"], 2),
        "us_per_item": round(done["seconds"] / place.size * 1e6, 2),
        "cpu_seconds": round(done["cpu_seconds"], 2),
        "floor_csv": {"seconds": round(floor.seconds, 3), "rows": rows},
        "ratio": ratio(done["seconds"], floor.seconds),
        "target_ratio": TARGET,
        "peak_mib": round(done["peak_mib"]),
    }
