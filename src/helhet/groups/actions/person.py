"""What people do with persons: create, change, end, let come back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.accounts.actions import end_sign_in
from helhet.accounts.models import User
from helhet.groups.actions.group import end_memberships
from helhet.groups.finding import find_person, group_named
from helhet.groups.models import Group, Membership, Person, Role, SavedView, Task, TaskState
from helhet.groups.permissions import GroupPermission
from helhet.groups.ports import Hanging, Leaving, person_hanging, person_leaving
from helhet.groups.writing import NewPerson, add_persons, change_persons, tie_users
from helhet.items.finding import checked_name
from helhet.journal.actions import record
from helhet.kit.errors import Clash, Invalid
from helhet.kit.rights import Caller, the_system
from helhet.kit.versions import check_version

LIMITS = {"unit": 200, "title": 200, "phone": 60}
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PersonWeight:
    """What hangs on a person: current and coming memberships, groups that he alone chairs, open tasks, views; and
    what rooms above say.
    """

    memberships: list[Membership]
    alone_in_chair: list[Group]
    tasks: list[Task]
    views: list[SavedView]
    user: User | None
    others: list[Hanging] = field(default_factory=list)


def weight_of_person(person: Person) -> PersonWeight:
    """What hangs on the person now."""
    today = timezone.localdate()
    rows = Membership.objects.filter(person=person).exclude(to_on__lt=today).select_related("group__item")
    chaired = [row.group for row in rows if row.role == Role.CHAIR]
    others = set(
        Membership.objects.on(today).filter(group__in=chaired, role=Role.CHAIR).exclude(person=person)
        .values_list("group_id", flat=True)
    )  # fmt: skip
    return PersonWeight(
        memberships=list(rows),
        alone_in_chair=[group for group in chaired if group.pk not in others],
        tasks=list(Task.objects.filter(person=person, state=TaskState.OPEN).select_related("group__item", "item")),
        views=list(SavedView.objects.filter(user=person.user_id, is_shared=True)) if person.user_id else [],
        user=person.user,
        others=[one for port in person_hanging for one in port(person) if one.count],
    )


@transaction.atomic
def create_person(*, by: Caller, name: str, reason: str = "", **fields: Any) -> Person:
    """A new person. `fields`: email, unit, title, phone. The address ties him to the user who has it."""
    by.require(GroupPermission.PERSON_MANAGE)
    wanted = wanted_person({"name": name, **fields})
    (person_id,) = add_persons([NewPerson(**wanted)], by=by, reason=reason)
    return Person.objects.get(pk=person_id)


@transaction.atomic
def change_person(person_id: int, *, by: Caller, version: int | None, reason: str = "", **fields: Any) -> Person:
    """Set name, email, unit, title or phone. Another address ties him to another user, or to none."""
    by.require(GroupPermission.PERSON_MANAGE)
    person = find_person(person_id, by, for_change=True)
    check_version(person, version, person.name)
    wanted = wanted_person(fields, person)
    if wanted.get("email", person.email) != person.email:
        wanted["user_id"] = None
    change_persons([(person, wanted)], by=by, reason=reason)
    return Person.objects.get(pk=person.pk)


def wanted_person(fields: dict[str, Any], person: Person | None = None) -> dict[str, Any]:
    """Plain values as the model's. Raises Invalid that names the field."""
    wanted: dict[str, Any] = {}
    for name, value in fields.items():
        text = " ".join(str(value or "").split())
        if name == "name":
            wanted["name"] = checked_name(text)[:200]
        elif name == "email":
            wanted["email"] = _email(text.lower(), person)
        elif name in LIMITS:
            wanted[name] = text[: LIMITS[name]]
        else:
            raise Invalid(_("A person has no field %(name)s.") % {"name": name}, field=name)
    return wanted


def _email(text: str, person: Person | None) -> str:
    if not text or (person is not None and person.email == text):
        return text
    try:
        validate_email(text)
    except ValidationError as error:
        raise Invalid(
            _("%(email)s is no e-mail address.") % {"email": text}, todo=_("Write it as name@example.org."),
            field="email",
        ) from error  # fmt: skip
    other = Person.objects.filter(email=text).first()
    if other is not None:
        raise Invalid(
            _("%(person)s has the address %(email)s already.") % {"person": other.name, "email": text}, field="email"
        )
    return text


@transaction.atomic
def end_person(person_id: int, *, by: Caller, version: int | None, tasks_to: str = "", reason: str = "") -> Person:
    """The person leaves today: memberships and sign-in end, open tasks go back to their group.

    A task that is his alone goes to the group `tasks_to`, else to a group that he leaves; raises Clash when there is
    neither.
    """
    by.require(GroupPermission.PERSON_END)
    person = find_person(person_id, by, for_change=True)
    check_version(person, version, person.name)
    if person.ended_on is not None:
        raise Clash(_("%(person)s has ended already.") % {"person": person.name})
    today = timezone.localdate()
    weight = weight_of_person(person)
    _hand_back(person, weight, tasks_to, by, reason)
    rows = [row for row in weight.memberships if row.from_on is None or row.from_on < today]
    end_memberships(rows, by=by, last=today - ONE_DAY, reason=reason)
    end_memberships([row for row in weight.memberships if row not in rows], by=by, last=today, reason=reason)
    for participant in person_leaving:
        participant(Leaving(person, by, reason))
    if person.user is not None:
        end_sign_in(person.user, by=by, reason=reason)
    change_persons([(person, {"ended_on": today})], by=by, reason=reason, verb="groups.person.ended")
    return person


def _hand_back(person: Person, weight: PersonWeight, tasks_to: str, by: Caller, reason: str) -> None:
    heir = group_named(tasks_to, by) if tasks_to.strip() else None
    if heir is None:
        heir = next((row.group for row in weight.memberships if row.group.state != "closed"), None)
    for task in weight.tasks:
        group = task.group or heir
        if group is None:
            raise Clash(
                _("%(person)s has tasks that no group has.") % {"person": person.name},
                todo=_("Name the group that takes them over."), field="tasks_to",
            )  # fmt: skip
        task.group, task.person = group, None
        task.version += 1
        task.save(update_fields=["group", "person", "version"])
        record("groups.task.handed_over", "task", task.pk, by=by, reason=reason,
               before={"person": person.name}, after={"group": group.name})  # fmt: skip


@transaction.atomic
def return_person(person_id: int, *, by: Caller, version: int | None, reason: str = "") -> Person:
    """A person who had ended is back. Memberships and the sign-in are to be given anew."""
    by.require(GroupPermission.PERSON_END)
    person = find_person(person_id, by, for_change=True)
    check_version(person, version, person.name)
    if person.ended_on is None:
        raise Clash(_("%(person)s has not ended.") % {"person": person.name})
    change_persons([(person, {"ended_on": None})], by=by, reason=reason, verb="groups.person.returned")
    return person


def tie_user(user: User) -> None:
    """Fills `accounts.user_written`: a new user, or one with another address, is tied to the person who has it."""
    person = Person.objects.filter(email=user.email, user__isnull=True, ended_on__isnull=True).first()
    if person is not None:
        tie_users([person], by=the_system("Helhet"))
