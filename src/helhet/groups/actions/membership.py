"""What people do with memberships: let in, change, end, change the chair."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.groups.actions.group import end_memberships
from helhet.groups.finding import find_group, find_membership, find_person
from helhet.groups.models import Group, GroupState, Membership, Person, Role
from helhet.groups.permissions import GroupPermission
from helhet.groups.writing import NewMembership, add_memberships, change_memberships, remove_memberships
from helhet.kit.errors import Clash, Invalid
from helhet.kit.rights import Caller
from helhet.kit.versions import check_version
from helhet.rules.memberships import Peak, Span, peak

ONE_DAY = dt.timedelta(days=1)
ROLE_LIMIT = 60


def share_peak(person_id: int) -> Peak:
    """The most that the person's shares of working time add up to from today on."""
    today = timezone.localdate()
    rows = Membership.objects.filter(person_id=person_id, share__isnull=False).exclude(to_on__lt=today)
    rows = rows.exclude(group__state=GroupState.CLOSED)
    return peak([(Span(row.from_on, row.to_on), row.share or Decimal(0)) for row in rows], today)


@transaction.atomic
def add_member(
    group_reference: str,
    person_id: int,
    *,
    by: Caller,
    role: str = Role.MEMBER,
    from_on: dt.date | None = None,
    to_on: dt.date | None = None,
    share: Decimal | str | None = None,
    reason: str = "",
) -> Membership:
    """Let a person into a group. `from_on` empty is today; `to_on` is the last day; `share` is percent.

    The same person has the same role in the same group once at a time. More than 100 percent in all is not refused:
    see `share_peak`.
    """
    group = find_group(group_reference, by, for_change=True)
    by.require(GroupPermission.MEMBERSHIP_MANAGE, group)
    if group.state == GroupState.CLOSED:
        raise Clash(_("%(group)s is closed.") % {"group": group.name}, todo=_("Reopen it first."))
    person = find_person(person_id, by)
    if person.ended_on is not None:
        raise Clash(_("%(person)s has ended.") % {"person": person.name}, todo=_("Choose somebody else."))
    draft = NewMembership(
        group.pk, person.pk, checked_role(role), from_on or timezone.localdate(), to_on, checked_share(share)
    )
    _refuse_overlap(group, person, draft.role, Span(draft.from_on, draft.to_on))
    (membership_id,) = add_memberships([draft], by=by, reason=reason)
    return Membership.objects.select_related("group__item", "person").get(pk=membership_id)


@transaction.atomic
def change_membership(
    membership_id: int, *, by: Caller, version: int | None, reason: str = "", **fields: Any
) -> Membership:
    """Set role, from_on, to_on or share of a membership."""
    row = find_membership(membership_id, by, for_change=True)
    by.require(GroupPermission.MEMBERSHIP_MANAGE, row)
    check_version(row, version, _("The membership"))
    wanted: dict[str, Any] = {}
    for name, value in fields.items():
        if name == "role":
            wanted["role"] = checked_role(value or Role.MEMBER)
        elif name == "share":
            wanted["share"] = checked_share(value)
        elif name in {"from_on", "to_on"}:
            wanted[name] = value
        else:
            raise Invalid(_("A membership has no field %(name)s.") % {"name": name}, field=name)
    span = Span(wanted.get("from_on", row.from_on), wanted.get("to_on", row.to_on))
    _refuse_overlap(row.group, row.person, wanted.get("role", row.role), span, but=row.pk)
    change_memberships([(row, wanted)], by=by, reason=reason)
    return row


@transaction.atomic
def end_membership(
    membership_id: int, *, by: Caller, version: int | None, last: dt.date | None = None, reason: str = ""
) -> None:
    """The membership ends; `last` is its last day, yesterday unless given. One that has not begun is taken away."""
    row = find_membership(membership_id, by, for_change=True)
    by.require(GroupPermission.MEMBERSHIP_MANAGE, row)
    check_version(row, version, _("The membership"))
    last = last or timezone.localdate() - ONE_DAY
    if row.to_on is not None and row.to_on <= last:
        raise Clash(_("The membership has ended already."))
    end_memberships([row], by=by, last=last, reason=reason)


@transaction.atomic
def remove_membership(membership_id: int, *, by: Caller, version: int | None, reason: str = "") -> None:
    """Take away a membership that was a mistake, as if it had never been."""
    row = find_membership(membership_id, by, for_change=True)
    by.require(GroupPermission.MEMBERSHIP_MANAGE, row)
    check_version(row, version, _("The membership"))
    remove_memberships([row.pk], by=by, reason=reason)


@transaction.atomic
def change_chair(
    group_reference: str, person_id: int, *, by: Caller, on: dt.date | None = None, reason: str = ""
) -> Membership:
    """From a day on (today unless given) the person chairs the group; who chaired it until then is a member.

    His own membership as member or deputy ends the day before, and its share goes over to the chair's.
    """
    group = find_group(group_reference, by, for_change=True)
    by.require(GroupPermission.MEMBERSHIP_MANAGE, group)
    person = find_person(person_id, by)
    on = on or timezone.localdate()
    current = list(Membership.objects.on(on).filter(group=group))
    chairs = [row for row in current if row.role == Role.CHAIR]
    if any(row.person_id == person.pk for row in chairs):
        raise Clash(_("%(person)s chairs %(group)s already.") % {"person": person.name, "group": group.name})
    own = [row for row in current if row.person_id == person.pk and row.role in {Role.MEMBER, Role.DEPUTY}]
    staying = {row.person_id for row in current if row.role in {Role.MEMBER, Role.DEPUTY}}
    leaving = [
        NewMembership(group.pk, row.person_id, Role.MEMBER, on, row.to_on, row.share)
        for row in chairs
        if row.person_id not in staying
    ]
    _end_before([*chairs, *own], on, by, reason)
    add_memberships(leaving, by=by, reason=reason)
    share = next((row.share for row in own if row.share is not None), None)
    return add_member(group.reference, person.pk, by=by, role=Role.CHAIR, from_on=on, share=share, reason=reason)


def _end_before(rows: list[Membership], on: dt.date, by: Caller, reason: str) -> None:
    """End them the day before `on`; those that began on that day itself are taken away."""
    same_day = [row.pk for row in rows if row.from_on is not None and row.from_on >= on]
    remove_memberships(same_day, by=by, reason=reason)
    end_memberships([row for row in rows if row.pk not in same_day], by=by, last=on - ONE_DAY, reason=reason)


def checked_role(role: str) -> str:
    """One of the product's roles by its word or label, or any other text as a role by name only."""
    text = " ".join(role.split())
    for known in Role:
        if text.lower() in {known.value, str(known.label).lower()}:
            return str(known.value)
    if not text or len(text) > ROLE_LIMIT:
        raise Invalid(_("A role has 1 to 60 characters."), field="role")
    return text


def checked_share(share: Decimal | str | float | None) -> Decimal | None:
    """Percent of working time, more than 0 and at most 100; None and empty are not stated. Raises Invalid."""
    if share is None or str(share).strip() == "":
        return None
    try:
        number = Decimal(str(share).strip().rstrip("%").strip().replace(",", "."))
    except InvalidOperation:
        number = Decimal(-1)
    if not (number.is_finite() and 0 < number <= 100):
        raise Invalid(
            _("%(share)s is no share of working time.") % {"share": share},
            todo=_("Write percent, more than 0 and at most 100."), field="share",
        )  # fmt: skip
    return number.quantize(Decimal("0.01"))


def _refuse_overlap(group: Group, person: Person, role: str, span: Span, *, but: int | None = None) -> None:
    if span.is_empty:
        raise Invalid(_("The last day is before the first."), field="to_on")
    for row in Membership.objects.filter(group=group, person=person, role=role):
        if row.pk != but and span.overlaps(Span(row.from_on, row.to_on)):
            raise Invalid(
                _("%(person)s is %(role)s of %(group)s then already.")
                % {"person": person.name, "role": row.role_label, "group": group.name},
                todo=_("Change that membership, or choose other days."), field="from_on",
            )  # fmt: skip
