"""Persons and memberships as programs give and get them, and the fields that their lists are filtered by."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from ninja import Schema

from helhet.groups.api.lists import Filtered, containing, folded
from helhet.groups.api.shapes_groups import group_field
from helhet.groups.filters import groups_named
from helhet.groups.models import Membership, Person
from helhet.kit.api import Strict
from helhet.kit.api_examples import example
from helhet.kit.filters import Context, Field, Fields, Meaning, day_of_value, only_matching
from helhet.rules.filters import Term


class PersonIn(Strict):
    """A person who is to be."""

    model_config = example(name="Siv Ek", email="siv.ek@example.org", unit="It-avdelningen", title="Systemförvaltare")

    name: str
    email: str = ""
    unit: str = ""
    title: str = ""
    phone: str = ""
    reason: str = ""


class PersonChange(Strict):
    """The fields of a person that are to be altered."""

    model_config = example(title="Driftledare")

    name: str | None = None
    email: str | None = None
    unit: str | None = None
    title: str | None = None
    phone: str | None = None
    reason: str = ""


class PersonOut(Schema):
    """A person."""

    model_config = example(
        id=14,
        name="Siv Ek",
        email="siv.ek@example.org",
        unit="It-avdelningen",
        title="Systemförvaltare",
        phone="",
        signs_in=True,
        ended_on=None,
        version=1,
    )

    id: int
    name: str
    email: str
    unit: str
    title: str
    phone: str
    signs_in: bool
    ended_on: dt.date | None
    version: int


def person_data(person: Person) -> dict[str, Any]:
    """A person as the API gives it."""
    plain = {name: getattr(person, name) for name in ("id", "name", "email", "unit", "title", "phone")}
    return plain | {
        "signs_in": person.user is not None and person.user.is_active,
        "ended_on": person.ended_on,
        "version": person.version,
    }


class PersonEnd(Strict):
    """Which group takes over tasks that are the person's alone."""

    model_config = example(tasks_to="GRP-3", reason="Slutar")

    tasks_to: str = ""
    reason: str = ""


def _ended(term: Term, _context: Context) -> Meaning:
    only_matching(term)
    condition = Q(pk__in=())
    for value in term.values:
        condition |= Q(ended_on__isnull=value.text.lower() in {"no", "nej", "false"})
    return Meaning(condition)


def _in_group(term: Term, context: Context) -> Meaning:
    only_matching(term)
    now = Membership.objects.on(context.today)
    condition = Q(pk__in=())
    for value in term.values:
        if value.asks_for_none:
            condition |= ~Q(pk__in=now.values("person"))
        else:
            condition |= Q(pk__in=now.filter(group__in=groups_named(term, value, context)).values("person"))
    return Meaning(condition)


def person_fields() -> Fields:
    """What lists of persons are filtered by."""
    people = Person.objects.all
    return Fields(
        [
            *(folded(name, people, name) for name in ("name", "email", "unit", "title")),
            Field("ended", "ended", _ended),
            Field("group", "group", _in_group),
        ],
        containing(people, "name", "email", "unit"),
    )


PERSONS = Filtered(PersonOut, {"name": "name_key", "unit": "unit"}, person_data, person_fields)


class MembershipIn(Strict):
    """A membership that is to be. `share` is percent, `to_on` the last day, an empty `from_on` today."""

    model_config = example(person=14, role="member", from_on="2026-01-01", share=40)

    person: int
    role: str = "member"
    from_on: dt.date | None = None
    to_on: dt.date | None = None
    share: Decimal | None = None
    reason: str = ""


class MembershipChange(Strict):
    """The fields of a membership that are to be altered; null takes a day or a share away."""

    model_config = example(role="deputy", share=60, reason="Mer tid")

    role: str | None = None
    from_on: dt.date | None = None
    to_on: dt.date | None = None
    share: Decimal | None = None
    reason: str = ""


class MembershipOut(Schema):
    """A membership. `warning` says when the person's shares come to more than 100 percent."""

    model_config = example(
        id=22,
        group="GRP-3",
        person=14,
        name="Siv Ek",
        role="member",
        from_on="2026-01-01",
        to_on=None,
        share=40.0,
        version=1,
        warning="",
    )

    id: int
    group: str
    person: int
    name: str
    role: str
    from_on: dt.date | None
    to_on: dt.date | None
    share: float | None
    version: int
    warning: str = ""


class ChairIn(Strict):
    """Who is to chair, from when; an empty day is today."""

    model_config = example(person=14, on="2026-06-01", reason="Val")

    person: int
    on: dt.date | None = None
    reason: str = ""


class LastDay(Strict):
    """The last day of a membership; yesterday unless given."""

    model_config = example(last="2026-12-31", reason="Byter grupp")

    last: dt.date | None = None
    reason: str = ""


def membership_data(row: Membership) -> dict[str, Any]:
    """A membership as the API gives it."""
    return {
        "id": row.pk,
        "group": row.group.reference,
        "person": row.person_id,
        "name": row.person.name,
        "role": row.role,
        "from_on": row.from_on,
        "to_on": row.to_on,
        "share": None if row.share is None else float(row.share),
        "version": row.version,
        "warning": "",
    }


def _on(term: Term, context: Context) -> Meaning:
    only_matching(term)
    days = [day_of_value(value, context) for value in term.values]
    ids: list[int] = []
    for day in days:
        ids += Membership.objects.on(day).values_list("pk", flat=True)
    return Meaning(Q(pk__in=ids))


def membership_fields() -> Fields:
    """What lists of memberships are filtered by."""
    return Fields(
        [
            group_field("group", "group"),
            folded("person", Person.objects.all, "name", to="person"),
            folded("role", Membership.objects.all, "role"),
            Field("on", "on", _on),
        ],
        containing(Membership.objects.all, "person__name", "group__item__name"),
    )


MEMBERSHIPS = Filtered(
    MembershipOut, {"group": "by_group", "person": "person__name_key"}, membership_data, membership_fields
)


def warning_of_share(percent: Decimal, on: dt.date | None) -> str:
    """What is said when somebody has promised more than the whole working time."""
    return _("The shares come to %(share)s percent on %(day)s.") % {
        "share": f"{percent.normalize():f}", "day": on.isoformat() if on else ""
    }  # fmt: skip
