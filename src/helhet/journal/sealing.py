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
from django.db import connection, transaction
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
            _keep(events)
            head.save()
    return len(events)


def _keep(events: list[Event]) -> None:
    """Write places and seals. One plain statement for each: a CASE over many took ten times as long to put together."""
    rows = [(event.sequence, event.salt, event.details_seal, event.seal, event.pk) for event in events]
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE journal_event SET sequence = %s, salt = %s, details_seal = %s, seal = %s WHERE id = %s", rows
        )


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


def head_of_chain() -> tuple[int, str]:
    """How many events the chain says that it holds, and the seal of the last."""
    return Sealed.objects.filter(id=1).values_list("sequence", "seal").first() or (0, START)


def verify(newest: int | None = None) -> Fault | None:
    """Walk the chain; None when every sealed event is as it was sealed, else the first that is not. Sealing may go on
    meanwhile. With `newest` only so many of the latest are walked, from a seal that is taken on trust.
    """
    count, seal = head_of_chain()
    before, done = START, 0
    events = Event.objects.filter(sequence__lte=count)
    if newest is not None and count > newest:
        done = count - newest
        start = events.filter(sequence=done).values_list("seal", flat=True).first()
        if start is None:
            return Fault(done, None, "missing")
        before, events = start, events.filter(sequence__gt=done)
    for event in events.order_by("sequence").only(*COLUMNS).iterator(PORTION):
        if event.sequence != done + 1:
            return Fault(done + 1, None, "missing")
        what = _altered(event, before)
        if what:
            return Fault(done + 1, event.pk, what)
        before, done = event.seal, done + 1
    # An event and the head after it are written at once: whoever sees the one sees the other a moment later.
    beyond = Event.objects.filter(sequence__gt=count).exists()
    if (done, before) != (count, seal) or (beyond and head_of_chain()[0] == count):
        return Fault(done + 1, None, "head")
    return None


def _altered(event: Event, before: str) -> str:
    """What of the event is not as it was sealed: `details`, `facts` or nothing."""
    is_blanked = not (event.salt or event.actor or event.before or event.after or event.reason)
    if not is_blanked and details_of(event) != event.details_seal:
        return "details"
    return "facts" if seal_of(before, event) != event.seal else ""


@job(name="journal.seal", title=_("Seal the history"), max_tries=5)
def seal(context: JobContext) -> dict[str, int]:
    """The timetable's sealing."""
    return {"sealed": seal_all(context)}
