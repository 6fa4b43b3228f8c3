"""Telling the product's verbs' writings as if they had been made at an earlier moment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.models import Model
from django.utils import timezone

from helhet.estate.models import Dependency, Observation, Redundancy
from helhet.groups.models import Answer, Person, SavedView, Task
from helhet.items.models import Comment, Item, Link, Source
from helhet.journal.models import Batch, Event
from helhet.responsibility.models import Reading, Rule

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
)
# Where the verbs write that make and change items and assign them, and beside these an import.
WRITTEN = (Event, Item, Answer)
IMPORTED = (*WRITTEN, Batch, Dependency, Source, Reading)


class Clock:
    """Sets back what is written from now on. Events are set back before any of them is sealed."""

    def __init__(self, today: dt.date) -> None:
        """`today` is the day that all others are counted from."""
        self.today = today
        self.began = timezone.now()
        self.on = today

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
        for model, names in INSTANTS:
            if only and model not in only:
                continue
            manager: Any = model._default_manager
            for name in names:
                manager.filter(**{f"{name}__gte": self.began}).update(**{name: moment})
