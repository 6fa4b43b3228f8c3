"""The demonstration is generated the same each time."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.db import transaction

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
    ]
    return hashlib.sha256(repr(facts).encode()).hexdigest()


@pytest.mark.slow
@pytest.mark.django_db
def test_two_runs_are_equal() -> None:
    found = []
    for _run in range(2):
        with transaction.atomic():
            make_demo(add=True)
            found.append(digest())
            transaction.set_rollback(True)
    assert found[0] == found[1]
