"""The rights policy: what each level means, decided from memberships and from who answers for the thing."""

from __future__ import annotations

import datetime as dt
from functools import cache, lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from helhet.accounts.actions import token_of
from helhet.accounts.models import Access, Token, User
from helhet.groups.models import Answer, Group, Membership, Person, Role, Task
from helhet.items.models import Item
from helhet.kit.composed import Composed
from helhet.kit.rights import NOBODY, Answered, Caller, Level, Permission

LEADS = (Role.CHAIR, Role.DEPUTY)

permissions: dict[str, Permission] = {}


def know(*enums: type[Permission]) -> None:
    """Make permissions known; one that is not known is denied to everybody."""
    for enum in enums:
        for member in enum:
            permissions[member.value] = member


def today() -> dt.date:
    """The day that it is in the installation's time zone."""
    return timezone.localdate()


def responsible_group_of(thing: Any) -> int | None:
    """The id of the group that answers for the thing: a group answers for itself, a task is its group's, and things of
    higher rooms say it themselves.
    """
    if isinstance(thing, Group):
        return int(thing.pk)
    if isinstance(thing, Membership | Task):
        return thing.group_id
    if isinstance(thing, Item):
        return Answer.objects.open().filter(item_id=thing.pk).values_list("group_id", flat=True).first()
    return thing.answering_group_id if isinstance(thing, Answered) else None


def may(caller: Caller, permission: str, thing: Any = None) -> bool:
    """Whether the caller may. MEMBER and LEAD without a thing ask for any group; coordinators pass both for all."""
    known = permissions.get(str(permission))
    if known is None or (caller.scopes is not None and known.scope not in caller.scopes):
        return False
    if caller.level >= Level.COORDINATOR or known.level <= Level.READER:
        return caller.level >= known.level
    if known.level > Level.LEAD or not caller.is_signed_in:
        return False
    mine = caller.leads if known.level == Level.LEAD else caller.member_of
    if thing is None:
        return bool(mine)
    if isinstance(thing, Task) and caller.person_id is not None and thing.person_id == caller.person_id:
        return True
    return bool(mine) and responsible_group_of(thing) in mine


def caller_of_user(user: User | None, token: Token | None = None) -> Caller:
    """The caller that a user is today: rights follow memberships at once."""
    if user is None or not user.is_active or user.access == Access.NONE:
        return NOBODY
    # Two small questions are planned faster than the one that joins them.
    person_id = next((person for _user, person in _persons().among([user.pk], most=1)), None)
    rows = _memberships(today()).among([person_id]) if person_id is not None else []
    level = Level.READER
    if user.access == Access.ADMINISTRATOR:
        level = Level.ADMINISTRATOR
    elif any(is_team for *_rest, is_team in rows):
        level = Level.COORDINATOR
    return Caller(
        user_id=user.pk,
        person_id=person_id,
        name=str(user),
        level=level,
        member_of=frozenset(group for _person, group, _role, _team in rows),
        leads=frozenset(group for _person, group, role, _team in rows if role in LEADS),
        scopes=frozenset(token.scopes) if token else None,
        language=user.language or settings.LANGUAGE_CODE,
    )


@cache
def _persons() -> Composed:
    """Whom a user is: the number of each."""
    return Composed(Person.objects.order_by().values_list("user_id", "pk"), "user_id")


@lru_cache(maxsize=1)
def _memberships(day: dt.date) -> Composed:
    """Of a person: group, role, and whether the group is the management team, of those that hold on the day."""
    rows = Membership.objects.on(day).exclude(group__state="closed").order_by()
    return Composed(rows.values_list("person_id", "group_id", "role", "group__is_management_team"), "person_id")


def caller_of_request(request: HttpRequest) -> Caller:
    """The caller of a page request."""
    return caller_of_user(request.user if request.user.is_authenticated else None)


def caller_of_user_id(user_id: int | None) -> Caller:
    """The caller of a job: its asker as he is when the job runs."""
    return caller_of_user(User.objects.filter(pk=user_id).first()) if user_id is not None else NOBODY


def caller_of_token(text: str) -> Caller | None:
    """The caller of an API call with this token, None when it lets nobody in."""
    token = token_of(text)
    return caller_of_user(token.user, token) if token else None
