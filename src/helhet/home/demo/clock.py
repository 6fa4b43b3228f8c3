"""Telling the product's verbs' writings as if they had been made at an earlier moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection
from django.db.models import Model
from django.utils import timezone

from helhet.changes.models import (
    Advance,
    Change,
    ClashSignature,
    Consequence,
    Settlement,
    Snapshot,
    StandardChange,
    StandardVersion,
    Threshold,
    Unregistered,
)
from helhet.documents.models import Document, Doubt, Draft, DraftText, Verdict, Version
from helhet.estate.models import Dependency, Observation, Redundancy
from helhet.groups.models import Answer, Person, SavedView, Task
from helhet.items.models import Comment, Item, Link, Source
from helhet.journal.lately import last_event
from helhet.journal.models import Batch, Event
from helhet.kit.engines import table_of
from helhet.responsibility.models import Reading, Rule
from helhet.routines.models import Handover, Run, RunStep

INSTANTS: tuple[tuple[type[Model], tuple[str, ...]], ...] = (
    (Event, ("at",)),
    (Batch, ("started_at", "finished_at")),
    (Item, ("created_at", "updated_at")),
    (Answer, ("recorded_at",)),
    (Comment, ("at",)),
    (Link, ("at",)),
    (Dependency, ("at", "standing_at")),
    (Redundancy, ("at",)),
    (Observation, ("first_at", "last_at")),
    (Task, ("created_at", "closed_at")),
    (Person, ("created_at",)),
    (Source, ("created_at", "last_at")),
    (Rule, ("created_at",)),
    (SavedView, ("created_at",)),
    (Reading, ("read_at",)),
    (Change, ("submitted_at",)),
    (Snapshot, ("at",)),
    (Settlement, ("at",)),
    (Advance, ("given_at",)),
    (ClashSignature, ("at",)),
    (Consequence, ("at",)),
    (StandardChange, ("created_at",)),
    (StandardVersion, ("proposed_at",)),
    (Threshold, ("at",)),
    (Unregistered, ("at",)),
    (Document, ("created_at",)),
    (Version, ("published_at",)),
    (Draft, ("begun_at", "changed_at", "submitted_at")),
    (DraftText, ("at",)),
    (Verdict, ("at",)),
    (Doubt, ("at",)),
    (Run, ("begun_at",)),
    (RunStep, ("at",)),
    (Handover, ("at",)),
)
# Where the verbs write that make and change items and assign them, and beside these an import.
WRITTEN = (Event, Item, Answer)
IMPORTED = (*WRITTEN, Batch, Dependency, Source, Reading, Unregistered, Task)

_believed: ContextVar[dt.datetime | None] = ContextVar("demo_believed", default=None)


@contextmanager
def keeping_time() -> Iterator[None]:
    """While it lasts, `timezone.now` tells what a `Clock.believe` says. A verb that writes the time into its event, or
    reckons from it when an answer is due, then does as it did on that day. Other threads hear the truth all the while.
    """
    real = timezone.now
    timezone.now = lambda: _believed.get() or real()
    try:
        yield
    finally:
        timezone.now = real


class Clock:
    """Sets back what is written from now on. Events are set back before any of them is sealed."""

    def __init__(self, today: dt.date) -> None:
        """`today` is the day that all others are counted from."""
        self.today = today
        self.began = timezone.now()
        self.on = today
        self.last_event = 0
        self.statements = {model: _statements(model, names) for model, names in INSTANTS}

    def moment(self, ago: int, hour: int, minute: int = 0) -> dt.datetime:
        """So many days ago at that local time; never later than now."""
        local = dt.datetime.combine(self.day(ago), dt.time(hour, minute), timezone.get_default_timezone())
        return min(local, self.began - dt.timedelta(minutes=1))

    def day(self, ago: int) -> dt.date:
        """So many days ago."""
        return self.today - dt.timedelta(days=ago)

    @contextmanager
    def at(self, ago: int, hour: int, minute: int = 0, *, only: tuple[type[Model], ...] = ()) -> Iterator[dt.date]:
        """What is written inside bears this moment; gives the day. `only`: nothing else is written there."""
        moment = self.moment(ago, hour, minute)
        yield self.day(ago)
        self._set_back(moment, only)

    @contextmanager
    def believe(
        self, ago: int, hour: int, minute: int = 0, *, only: tuple[type[Model], ...] = ()
    ) -> Iterator[dt.date]:  # fmt: skip
        """As `at`; the verbs too take it for the present. Only inside `keeping_time`."""
        moment = self.moment(ago, hour, minute)
        token = _believed.set(moment)
        try:
            yield self.day(ago)
        finally:
            _believed.reset(token)
        self._set_back(moment, only)

    def _set_back(self, moment: dt.datetime, only: tuple[type[Model], ...]) -> None:
        written = connection.ops.adapt_datetimefield_value
        times = [written(moment), written(self.began)]
        with connection.cursor() as cursor:
            for model, statements in self.statements.items():
                if only and model not in only:
                    continue
                for statement in statements:
                    cursor.execute(statement, [*times, self.last_event] if model is Event else times)
                if model is Event:
                    self.last_event = last_event()


def _statements(model: type[Model], names: tuple[str, ...]) -> list[str]:
    """Plain ones: of thirteen thousand, Django's composing took a tenth of the whole story. Events are many and have no
    index by time: those from before the last setting back are passed over.
    """
    columns = [connection.ops.quote_name(name) for name in names]
    later = " AND id > %s" if model is Event else ""
    return [f"UPDATE {table_of(model)} SET {one} = %s WHERE {one} >= %s{later}" for one in columns]  # noqa: S608 - own names only
