"""What people do with groups: create, change, close, reopen."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helhet.groups.answering import assign_by_hand
from helhet.groups.finding import find_group, group_named
from helhet.groups.models import Answer, Basis, GroundSort, Group, GroupState, ItemRole, Membership, Task, TaskState
from helhet.groups.permissions import GroupPermission
from helhet.groups.ports import Closing, Hanging, closing, hanging
from helhet.groups.writing import NewGroup, add_groups, change_groups, change_memberships, remove_memberships
from helhet.items.finding import checked_name
from helhet.journal.actions import close_batch, open_batch, record
from helhet.journal.models import BatchSort
from helhet.kit.errors import Clash, Invalid
from helhet.kit.rights import Caller
from helhet.kit.versions import check_version
from helhet.rules.loops import would_loop

MANDATE_LIMIT = 20_000
CONTACT_WAYS = {
    "email": gettext_lazy("E-mail"),
    "phone": gettext_lazy("Phone"),
    "chat": gettext_lazy("Chat"),
    "web": gettext_lazy("Web page"),
    "other": gettext_lazy("Other"),
}
PORTION = 2_000


@dataclass(frozen=True, slots=True)
class Weight:
    """All that hangs on a group."""

    items: int
    tasks: int
    roles: int
    memberships: int
    children: int
    others: list[Hanging] = field(default_factory=list)

    @property
    def is_nothing(self) -> bool:
        """Whether the group can be closed without anything left behind."""
        return not (self.items or self.tasks or self.children or any(one.count for one in self.others))


def weight_of(group: Group) -> Weight:
    """What hangs on the group now."""
    today = timezone.localdate()
    return Weight(
        items=Answer.objects.open().filter(group=group).exclude(item_id=group.pk).count(),
        tasks=Task.objects.filter(group=group, state=TaskState.OPEN).count(),
        roles=ItemRole.objects.filter(group=group, to_on__isnull=True).count(),
        memberships=Membership.objects.on(today).filter(group=group).count(),
        children=Group.objects.filter(parent=group).exclude(state=GroupState.CLOSED).count(),
        others=[one for port in hanging for one in port(group)],
    )


@transaction.atomic
def create_group(*, by: Caller, name: str, reason: str = "", **fields: Any) -> Group:
    """A new group. `fields`: mandate, basis, parent (reference), contacts, is_management_team, description."""
    by.require(GroupPermission.CREATE)
    wanted = wanted_fields(fields, by, None)
    parent_id = wanted.pop("parent_id", None)
    (group_id,) = add_groups(
        [NewGroup(name=checked_name(name), parent_id=parent_id, **wanted)],
        by=by, on=timezone.localdate(), reason=reason,
    )  # fmt: skip
    return Group.objects.select_related("item__kind").get(pk=group_id)


def wanted_fields(fields: dict[str, Any], by: Caller, group: Group | None) -> dict[str, Any]:
    """Words and plain values as the models' values. Raises Invalid for unknown fields and values."""
    wanted: dict[str, Any] = {}
    for name, value in fields.items():
        if name == "name":
            wanted["name"] = checked_name(value or "")
        elif name in {"mandate", "description"}:
            wanted[name] = str(value or "").replace("\r\n", "\n").strip()[:MANDATE_LIMIT]
        elif name == "basis":
            wanted["basis"] = _choice(Basis, value or Basis.OTHER, "basis")
        elif name == "parent":
            wanted["parent_id"] = _parent(value or "", by, group)
        elif name == "contacts":
            wanted["contacts"] = checked_contacts(value or {})
        elif name == "is_management_team":
            wanted["is_management_team"] = _management_team(value=bool(value), group=group)
        elif name == "state":
            wanted["state"] = _choice(GroupState, value or GroupState.ACTIVE, "state")
        else:
            raise Invalid(_("A group has no field %(name)s.") % {"name": name}, field=name)
    return wanted


def _choice(choices: type[Basis | GroupState], value: str, name: str) -> str:
    for one in choices:
        if value.strip().lower() in {one.value, str(one.label).lower()}:
            return str(one.value)
    raise Invalid(
        _("There is no %(field)s %(word)s.") % {"field": name, "word": value},
        todo=_("Choose one of: %(keys)s.") % {"keys": ", ".join(choices.values)}, field=name,
    )  # fmt: skip


def _parent(text: str, by: Caller, group: Group | None) -> int | None:
    if not text.strip():
        return None
    parent = group_named(text.strip(), by)
    if group is not None:
        parents = dict(Group.objects.values_list("pk", "parent_id"))
        if would_loop(parents, group.pk, parent.pk):
            raise Invalid(
                _("%(parent)s itself stands under %(group)s.") % {"parent": parent.name, "group": group.name},
                todo=_("Choose another parent."), field="parent",
            )  # fmt: skip
    return int(parent.pk)


def _management_team(*, value: bool, group: Group | None) -> bool:
    if value:
        others = Group.objects.filter(is_management_team=True).select_related("item")
        other = others.exclude(pk=group.pk).first() if group else others.first()
        if other is not None:
            raise Invalid(
                _("%(group)s is the management team already.") % {"group": other.name},
                todo=_("Take the mark from it first."), field="is_management_team",
            )  # fmt: skip
    return value


def checked_contacts(contacts: dict[str, Any]) -> dict[str, str]:
    """Contact ways, empty ones left out. Raises Invalid for an unknown way or a bad address."""
    kept: dict[str, str] = {}
    for way, value in contacts.items():
        text = " ".join(str(value or "").split())
        if way not in CONTACT_WAYS:
            raise Invalid(
                _("There is no contact way %(way)s.") % {"way": way},
                todo=_("Choose one of: %(keys)s.") % {"keys": ", ".join(CONTACT_WAYS)}, field="contacts",
            )  # fmt: skip
        if not text:
            continue
        try:
            if way == "email":
                validate_email(text)
            elif way == "web":
                URLValidator(schemes=["http", "https"])(text)
        except ValidationError as error:
            raise Invalid(
                _("%(text)s cannot be used as %(way)s.") % {"text": text, "way": CONTACT_WAYS[way]},
                todo=_("Write it in full, such as name@example.org or https://example.org."),
                field=f"contacts.{way}",
            ) from error
        kept[way] = text[:300]
    return kept


LEADS_ALONE = frozenset({"name", "mandate", "contacts", "description"})
"""What a chair may change; the shape of the whole (basis, parent, state, management team) is the coordinators'."""


@transaction.atomic
def change_group(reference: str, *, by: Caller, version: int | None, reason: str = "", **fields: Any) -> Group:
    """Set fields of a group, given as words and plain values. Closing and reopening are verbs of their own."""
    group = find_group(reference, by, for_change=True)
    by.require(GroupPermission.CHANGE, group)
    if set(fields) - LEADS_ALONE:
        by.require(GroupPermission.CREATE)
    check_version(group.item, version, group.item.reference)
    wanted = wanted_fields(fields, by, group)
    if wanted.get("state") == GroupState.CLOSED or (group.state == GroupState.CLOSED and "state" in wanted):
        raise Invalid(_("A group is closed and reopened by an act of its own."), field="state")
    change_groups([(group, wanted)], by=by, on=timezone.localdate(), reason=reason)
    return group


@transaction.atomic
def close_group(
    reference: str, *, by: Caller, version: int | None, to: str = "", leave: bool = False, reason: str = ""
) -> Group:
    """Close a group from today on. What it answers for goes to the group `to` by hand, with its open tasks.

    Without `to`, a group on which something hangs is closed only when `leave` says so; its items then count as owned
    by a dead group until somebody takes them. Memberships and further roles end. Participants may refuse.
    """
    group = find_group(reference, by, for_change=True)
    by.require(GroupPermission.CLOSE, group)
    check_version(group.item, version, group.item.reference)
    if group.state == GroupState.CLOSED:
        raise Clash(_("%(group)s is closed already.") % {"group": group.name})
    taker = _taker(to, by, group)
    weight = weight_of(group)
    if taker is None and not leave and not weight.is_nothing:
        raise Clash(
            _("Things still hang on %(group)s.") % {"group": group.name},
            todo=_("Name the group that takes over, or say that they are to be left."),
            items=weight.items, tasks=weight.tasks, children=weight.children,
            others={one.label: one.count for one in weight.others},
        )  # fmt: skip
    today = timezone.localdate()
    for participant in closing:
        participant(Closing(group, taker, by, today, leave))
    if taker is not None:
        _give(group, taker, by, today, reason)
    end_memberships(list(Membership.objects.filter(group=group)), by=by, last=today, reason=reason)
    ItemRole.objects.filter(group=group, to_on__isnull=True).update(to_on=today)
    change_groups([(group, {"state": GroupState.CLOSED})], by=by, on=today, reason=reason, verb="groups.group.closed")
    return group


def _taker(to: str, by: Caller, group: Group) -> Group | None:
    if not to.strip():
        return None
    taker = group_named(to.strip(), by)
    if taker.pk == group.pk or taker.state != GroupState.ACTIVE:
        raise Invalid(
            _("%(group)s cannot take over.") % {"group": taker.name}, todo=_("Choose an active group."), field="to"
        )
    return taker


def _give(group: Group, taker: Group, by: Caller, on: dt.date, reason: str) -> None:
    """Items by portions, tasks and subgroups, to the group that takes over. Parts follow what they are part of."""
    answers = Answer.objects.open().filter(group=group).order_by("item_id")
    for found in (answers.exclude(ground__sort=GroundSort.PART_OF), answers):
        ids = list(found.values_list("item_id", flat=True))
        if ids:
            title = _("%(group)s closes; %(taker)s takes over") % {"group": group.name, "taker": taker.name}
            batch = open_batch(BatchSort.BULK, title, by=by, reason=reason)
            for start in range(0, len(ids), PORTION):
                assign_by_hand(ids[start : start + PORTION], taker, by=by, on=on, batch=batch, reason=title)
            close_batch(batch, by=by, counts={"items": len(ids)})
    for task in Task.objects.filter(group=group, state=TaskState.OPEN):
        task.group, task.person = taker, None
        task.version += 1
        task.save(update_fields=["group", "person", "version"])
        record("groups.task.handed_over", "task", task.pk, by=by,
               before={"group": group.name}, after={"group": taker.name}, reason=reason)  # fmt: skip
    children = Group.objects.filter(parent=group).exclude(pk=taker.pk).select_related("item__kind")
    change_groups([(child, {"parent_id": taker.pk}) for child in children], by=by, on=on, reason=reason)


def end_memberships(rows: list[Membership], *, by: Caller, last: dt.date, reason: str = "") -> None:
    """End memberships with their last day; those that would only begin later are taken away."""
    later = [row.pk for row in rows if row.from_on is not None and row.from_on > last]
    still = [row for row in rows if row.pk not in later and (row.to_on is None or row.to_on > last)]
    change_memberships([(row, {"to_on": last}) for row in still], by=by, reason=reason, verb="groups.membership.ended")
    remove_memberships(later, by=by, reason=reason)


@transaction.atomic
def reopen_group(reference: str, *, by: Caller, version: int | None, reason: str = "") -> Group:
    """Let a closed group live again. Its former memberships stay ended; say anew who is in it."""
    group = find_group(reference, by, for_change=True)
    by.require(GroupPermission.CLOSE, group)
    check_version(group.item, version, group.item.reference)
    if group.state != GroupState.CLOSED:
        raise Clash(_("%(group)s is not closed.") % {"group": group.name})
    change_groups(
        [(group, {"state": GroupState.ACTIVE})], by=by, on=timezone.localdate(), reason=reason,
        verb="groups.group.reopened",
    )  # fmt: skip
    return group
