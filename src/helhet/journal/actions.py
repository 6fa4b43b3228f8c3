"""Writing events. Called by the verbs of every room, inside the transaction of the change."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from helhet.journal.models import Batch, BatchState, Event
from helhet.kit.ports import Port
from helhet.kit.rights import Caller

reactions: Port[Any] = Port("journal.reactions")


def record(
    verb: str,
    noun: str,
    noun_id: int,
    *,
    by: Caller,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
    batch: Batch | None = None,
) -> Event:
    """Write one event and return it. Must run in the transaction that changes the thing."""
    event = make(verb, noun, noun_id, by=by, before=before, after=after, reason=reason, batch=batch)
    event.save(force_insert=True)
    return event


def make(
    verb: str,
    noun: str,
    noun_id: int,
    *,
    by: Caller,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
    batch: Batch | None = None,
) -> Event:
    """An event that is not written yet, for `record_many`."""
    return Event(
        verb=verb,
        noun=noun,
        noun_id=noun_id,
        user_id=by.user_id,
        actor=by.name[:200],
        before=before,
        after=after,
        reason=reason[:500],
        batch=batch,
        request_id=by.request_id,
    )


def record_many(events: Iterable[Event]) -> None:
    """Write events made by `make`, in few statements."""
    Event.objects.bulk_create(events, batch_size=2_000)


def open_batch(sort: str, title: str, *, by: Caller, reason: str = "") -> Batch:
    """Begin many changes that belong together."""
    return Batch.objects.create(
        sort=sort, title=title[:300], user_id=by.user_id, actor=by.name[:200], reason=reason[:500]
    )


def close_batch(batch: Batch, *, by: Caller, counts: dict[str, Any] | None = None) -> None:
    """Finish a batch, with its figures, and tell it as one event."""
    with transaction.atomic():
        batch.state = BatchState.DONE
        batch.finished_at = timezone.now()
        if counts is not None:
            batch.counts = counts
        batch.save(update_fields=["state", "finished_at", "counts"])
        record(f"journal.batch.{batch.sort}", "batch", batch.pk, by=by, after=batch.counts, batch=batch)


def history(noun: str, noun_id: int) -> Any:
    """All events of one thing, newest first."""
    return Event.objects.filter(noun=noun, noun_id=noun_id).select_related("batch").order_by("-id")
