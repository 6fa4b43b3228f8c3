"""The demonstration is generated the same each time."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

import pytest
from django.db import transaction

from helhet.changes.models import Change, ChangeState, ClashSignature, Position, Snapshot, Unregistered
from helhet.groups.models import Answer, Membership, Person, Task
from helhet.home.demo.make import make_demo
from helhet.items.models import Comment, Item
from helhet.journal.models import Event
from helhet.responsibility.models import Reading


def digest() -> str:
    """All that the demonstration wrote, without the numbers that the database gives."""
    facts: list[Any] = [
        list(Item.objects.order_by("prefix", "number").values_list("prefix", "number", "name", "state", "created_on")),
        list(Event.objects.order_by("id").values_list("at", "actor", "verb", "noun", "reason")),
        list(
            Answer.objects.order_by("item__prefix", "item__number", "from_on", "id").values_list(
                "item__name", "group__item__name", "from_on", "to_on", "is_contested", "ground__sort"
            )
        ),
        list(Person.objects.order_by("name").values_list("name", "email", "unit")),
        list(Membership.objects.order_by("person__name", "group__item__name").values_list("from_on", "to_on", "share")),
        list(Task.objects.order_by("created_at", "title").values_list("title", "due_on", "state")),
        list(Reading.objects.order_by("on", "id").values_list("on", "sort", "items", "unowned", "dead_owner")),
        list(Comment.objects.order_by("at", "id").values_list("at", "text", "author")),
        list(
            Change.objects.order_by("item__number").values_list(
                "item__name",
                "type",
                "state",
                "outcome",
                "group__item__name",
                "owner__name",
                "starts_at",
                "asked_at",
                "approved_at",
                "began_at",
                "finished_at",
                "closed_at",
                "learnt",
                "risk",
                "submitted_at",
            )
        ),
        list(
            Position.objects.order_by("change__item__number", "group__item__name").values_list(
                "group__item__name", "stance", "words", "due_at", "answered_at", "answered_by", "escalated_at"
            )
        ),
        list(
            ClashSignature.objects.order_by("at", "id").values_list("change__item__name", "reason", "signed_by", "at")
        ),
        list(Snapshot.objects.order_by("at", "id").values_list("change__item__name", "moment", "at", "reached")),
        list(Unregistered.objects.order_by("at", "id").values_list("item__name", "at", "state", "words")),
    ]
    return hashlib.sha256(repr(facts).encode()).hexdigest()


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(("day", "times"), [("2024-02-29", 1), ("2024-12-24", 1), ("2025-03-30", 2)])
def test_it_can_be_made_on_any_day_and_is_the_same_each_time(day: str, times: int) -> None:
    """A leap day, Christmas Eve, and the Sunday when the clocks change; seen from then its changes lie ahead too."""
    today, found = dt.date.fromisoformat(day), []
    for _run in range(times):
        with transaction.atomic():
            make_demo(add=True, today=today)
            lies_ahead(today)
            found.append(digest())
            transaction.set_rollback(True)
    assert found == found[:1] * times


def lies_ahead(today: dt.date) -> None:
    """Changes of every state, some of them to come, and nothing told before it happened."""
    changes = Change.objects.filter(is_history=False)
    assert set(changes.values_list("state", flat=True)) == set(ChangeState.values)
    coming = changes.filter(starts_at__date__gt=today, starts_at__date__lte=today + dt.timedelta(days=14))
    assert coming.filter(state=ChangeState.SCHEDULED).exists()
    assert coming.filter(state=ChangeState.APPROVED).exists()
    assert not Event.objects.filter(at__date__gt=today).exists()
