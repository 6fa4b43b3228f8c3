"""The small named company that tests speak of: Sjövik, with three groups, a few people and their things.

Everything is made by the product's own verbs, so that a test begins where a user would stand.
"""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from helhet.accounts.models import Access, User
from helhet.groups.models import Group, Membership, Person, Role
from helhet.groups.policy import caller_of_user
from helhet.items.models import Item, KeySort, Kind, Source
from helhet.items.text import sort_key
from helhet.items.writing import NewItem, NewKey, add_items
from helhet.kit.rights import Caller, the_system

SYSTEM = the_system("test")
DAY = dt.date(2026, 1, 1)
_numbers = itertools.count(1)


def make_person(name: str, *, email: str = "", user: User | None = None, **fields: Any) -> Person:
    """Somebody in Sjövik."""
    return Person.objects.create(name=name, name_key=sort_key(name), email=email, user=user, **fields)


def make_group(name: str, *, chair: Person | str | None = "", members: tuple[Person, ...] = (), **fields: Any) -> Group:
    """A group; with a chair of its own making unless `chair` is None or a person."""
    (item_id,) = add_items([NewItem(kind=Kind.objects.get(key="group"), name=name)], by=SYSTEM, on=DAY)
    group = Group.objects.create(item_id=item_id, **fields)
    if chair is not None:
        who = chair if isinstance(chair, Person) else make_person(chair or f"Chair of {name}")
        Membership.objects.create(group=group, person=who, role=Role.CHAIR, from_on=DAY)
    for member in members:
        Membership.objects.create(group=group, person=member, role=Role.MEMBER, from_on=DAY)
    return group


def make_source(name: str = "cmdb") -> Source:
    """A source of facts."""
    return Source.objects.get_or_create(name=name)[0]


def make_item(
    name: str = "",
    *,
    kind: str = "server",
    says: Group | None = None,
    key: str = "",
    source: str = "cmdb",
    on: dt.date = DAY,
    **fields: Any,
) -> Item:
    """An item. With `says` or `key` it comes from a source, which names that group as responsible."""
    number = next(_numbers)
    draft = NewItem(kind=Kind.objects.get(key=kind), name=name or f"{kind} {number}", **fields)
    if says is not None or key:
        draft.key = NewKey(
            source_id=make_source(source).pk,
            key=key or f"key-{number}",
            sort=KeySort.ITEM,
            says_group_id=says.pk if says else None,
        )
    (item_id,) = add_items([draft], by=SYSTEM, on=on)
    return Item.objects.select_related("kind").get(pk=item_id)


def make_user(email: str, *, access: str = Access.READER, password: str | None = None, name: str = "") -> User:
    """Somebody who can sign in."""
    return User.objects.create_user(
        email, password, access=access, name=name or email.split("@", maxsplit=1)[0].title()
    )


def as_caller(user: User) -> Caller:
    """The user as he asks today."""
    return caller_of_user(User.objects.get(pk=user.pk))


class Cast:
    """One user of every sort, with the group that they are members of."""

    def __init__(self) -> None:
        """Makes them all."""
        self.outsider = make_user("outsider@sjovik.example", access=Access.NONE)
        self.reader = make_user("reader@sjovik.example")
        self.member = make_user("member@sjovik.example")
        self.chair = make_user("chair@sjovik.example")
        self.other = make_user("other@sjovik.example")
        self.coordinator = make_user("coordinator@sjovik.example")
        self.administrator = make_user("administrator@sjovik.example", access=Access.ADMINISTRATOR)
        chair, member, other, coordinator = (
            make_person(str(user), email=user.email, user=user)
            for user in (self.chair, self.member, self.other, self.coordinator)
        )
        self.group = make_group("Drift", chair=chair, members=(member,))
        self.other_group = make_group("Nät", members=(other,))
        self.team = make_group("Ledningsgruppen", chair=coordinator, is_management_team=True)

    def users(self) -> dict[str, User | None]:
        """Every actor by name; nobody is None."""
        return {
            "nobody": None,
            "outsider": self.outsider,
            "reader": self.reader,
            "member": self.member,
            "other": self.other,
            "chair": self.chair,
            "coordinator": self.coordinator,
            "administrator": self.administrator,
        }
