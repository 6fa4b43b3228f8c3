"""Giving committed events their order, and chaining them so that no later edit goes unseen.

Each event's `seal` is SHA-256 over the seal before it, the event's plain facts, and `details_seal`: SHA-256 over a
random salt and the details (who by name, before, after, why). Details and salt can be blanked when the law asks for
it; the chain then still holds, since it is over the hash.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

import orjson
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from helhet.journal.models import Event, Sealed
from helhet.kit.jobs import JobContext, job

PORTION = 2_000
START = "0" * 64
COLUMNS = (
    "id", "sequence", "at", "user_id", "actor", "verb", "noun", "noun_id", "before", "after", "reason", "batch_id",
    "request_id", "salt", "details_seal", "seal",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """The first entry that is not as it was sealed, and what is wrong: `missing`, `details`, `facts` or `head`."""

    sequence: int
    event_id: int | None
    what: str


def _digest(parts: list[object]) -> str:
    return hashlib.sha256(orjson.dumps(parts, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)).hexdigest()


def details_of(event: Event) -> str:
    """The hash of what may be blanked."""
    return _digest([event.salt, event.actor, event.before, event.after, event.reason])


def seal_of(before: str, event: Event) -> str:
    """The seal of an event that has its sequence and the hash of its details, after the seal `before`."""
    return _digest(
        [
            before, event.sequence, event.pk, event.at.astimezone(dt.UTC).isoformat(), event.user_id, event.verb,
            event.noun, event.noun_id, event.batch_id, event.request_id, event.details_seal,
        ]
    )  # fmt: skip


def seal_portion(size: int = PORTION) -> int:
    """Seal up to so many committed events, in one transaction that no other sealing runs beside. Returns how many."""
    with transaction.atomic():
        Sealed.objects.get_or_create(id=1)
        head = Sealed.objects.select_for_update().get(id=1)
        events = list(Event.objects.filter(sequence__isnull=True).order_by("id").only(*COLUMNS)[:size])
        for event in events:
            event.sequence = head.sequence + 1
            event.salt = secrets.token_hex(16)
            event.details_seal = details_of(event)
            event.seal = seal_of(head.seal, event)
            head.sequence, head.seal = event.sequence, event.seal
        if events:
            Event.objects.bulk_update(events, ["sequence", "salt", "details_seal", "seal"], batch_size=200)
            head.save()
    return len(events)


def seal_all(context: JobContext | None = None) -> int:
    """Seal whatever waits, in portions that let others write between them."""
    done = 0
    while count := seal_portion():
        done += count
        if context is not None:
            context.progress(done)
        if count < PORTION:
            break
    return done


def verify() -> Fault | None:
    """Walk the whole chain; None when every sealed event is as it was sealed, else the first that is not."""
    before, expected = START, 1
    for event in Event.objects.filter(sequence__isnull=False).order_by("sequence").only(*COLUMNS).iterator(PORTION):
        if event.sequence != expected:
            return Fault(expected, None, "missing")
        is_blanked = not (event.salt or event.actor or event.before or event.after or event.reason)
        if not is_blanked and details_of(event) != event.details_seal:
            return Fault(expected, event.pk, "details")
        if seal_of(before, event) != event.seal:
            return Fault(expected, event.pk, "facts")
        before, expected = event.seal, expected + 1
    head = Sealed.objects.filter(id=1).first()
    if head is not None and (head.sequence, head.seal) != (expected - 1, before):
        return Fault(expected, None, "head")
    return None


@job(name="journal.seal", title=_("Seal the history"), max_tries=5)
def seal(context: JobContext) -> dict[str, int]:
    """The timetable's sealing."""
    return {"sealed": seal_all(context)}
