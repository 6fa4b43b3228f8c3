"""Addresses of the lists behind the figures of this room."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from django.urls import reverse

from helhet.accounts.ports import UserLink
from helhet.groups.models import Group, Person


def items_url(text: str) -> str:
    """The list of items with this filter."""
    return f"{reverse('items')}?{urlencode({'q': text})}"


def items_of(group: Group, more: str = "") -> str:
    """The items that the group answers for, perhaps narrowed further."""
    return items_url(f"group:{group.reference} {more}".strip())


def persons_of(users: Sequence[int]) -> dict[int, UserLink]:
    """Fills `accounts.user_links`: who users are in the organisation."""
    people = Person.objects.filter(user_id__in=list(users)).exclude(user=None)
    return {person.user_id: UserLink(person.name, person.get_absolute_url()) for person in people if person.user_id}
