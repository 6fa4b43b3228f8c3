"""The figures that the overview and the frame show, with their age.

Where counting is quick it is done anew after each change; where it is not, the job `home.count` counts in the
background and pages show what it last found.
"""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.utils import timezone

from helhet.groups.models import Answer
from helhet.home.models import Kept
from helhet.items.models import SourceKey
from helhet.journal.lately import last_event, while_standing
from helhet.responsibility.coverage import Counts, Coverage, count
from helhet.responsibility.models import Reading, ReadingSort

QUICK_ITEMS = 20_000
"""Up to so many items a count takes some hundredths of a second, and a page may make it."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Coverage as last counted, and by (kind, group) how many items their sources no longer see."""

    coverage: Coverage
    not_seen: dict[tuple[int, int | None], int]
    counted_at: dt.datetime


def count_now() -> Figures:
    """Count coverage and what is not seen."""
    vanished = SourceKey.objects.vanished().order_by().values("item_id")
    answers = Answer.objects.open().filter(item_id__in=vanished).filter(item__presence=0).order_by()
    rows = answers.values_list("item__kind_id", "group_id").annotate(number=Count("item_id"))
    return Figures(count(), {(kind, group): number for kind, group, number in rows}, timezone.now())


def as_plain(figures: Figures) -> dict[str, Any]:
    """Counts as JSON: rows of kind, group and the five figures; and of kind, group and how many are not seen."""
    coverage = figures.coverage
    return {
        "on": coverage.on.isoformat(),
        "items": coverage.all.items,
        "not_seen": [[kind, group, number] for (kind, group), number in figures.not_seen.items()],
        "rows": [[kind, group, *counts.as_data().values()] for (kind, group), counts in coverage.by_both.items()],
    }


def from_plain(data: dict[str, Any], counted_at: dt.datetime) -> Figures:
    """What `as_plain` wrote, summed again."""
    coverage = Coverage(dt.date.fromisoformat(data["on"]))
    for kind, group, *numbers in data["rows"]:
        for counts in (
            coverage.all,
            coverage.by_kind.setdefault(kind, Counts()),
            coverage.by_group.setdefault(group, Counts()),
            coverage.by_both.setdefault((kind, group), Counts()),
        ):
            for name, number in zip(Counts.__slots__, numbers, strict=True):
                setattr(counts, name, getattr(counts, name) + number)
    return Figures(coverage, {(kind, group): number for kind, group, number in data["not_seen"]}, counted_at)


def figures() -> Figures | None:
    """The figures to show; None in a large register that has not been counted yet."""
    kept = Kept.objects.first()
    if kept is None and _is_large():
        return None
    event_id = last_event()
    if kept is not None and (kept.figures["items"] > QUICK_ITEMS or _is_right(kept, event_id)):
        return from_plain(kept.figures, kept.counted_at)
    # By events alone: beside an import, which ends many transactions before its event, each page would count.
    return while_standing("figures", str(event_id), count_now)


def _is_right(kept: Kept, event_id: int) -> bool:
    return kept.event_id == event_id and bool(kept.figures["on"] == timezone.localdate().isoformat())


def _is_large() -> bool:
    latest = Reading.objects.filter(sort=ReadingSort.ALL).order_by("-on", "-read_at").values_list("items", flat=True)
    return (latest.first() or 0) > QUICK_ITEMS


def keep() -> Kept:
    """Count now and keep it."""
    event_id = last_event()
    began = time.monotonic()
    found = count_now()
    kept, _new = Kept.objects.update_or_create(
        id=1,
        defaults={
            "figures": as_plain(found), "event_id": event_id, "seconds": round(time.monotonic() - began, 3),
            "counted_at": found.counted_at,
        },
    )  # fmt: skip
    return kept


def unowned_known() -> int | None:
    """How many have no group, for the menu; None when nobody has counted."""
    known = figures()
    return known.coverage.all.unowned if known else None
