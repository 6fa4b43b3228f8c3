"""What time does to positions: silence becomes a matter of the management team, and groups are told in one mail."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helhet.accounts.actions import base_url
from helhet.changes.actions.asking import as_product
from helhet.changes.flow import settled
from helhet.changes.models import ChangeState, Order, Position
from helhet.groups.actions import create_task
from helhet.groups.models import Group, GroupState, TaskState
from helhet.journal.actions import record
from helhet.kit.jobs import JobContext, job
from helhet.kit.rights import the_system
from helhet.responsibility.digest import recipients

SYSTEM = the_system("changes")
ENDED = (ChangeState.CLOSED, ChangeState.DRAFT)


def escalate(now: dt.datetime | None = None) -> int:
    """Silence whose time has passed becomes a task of the management team. Returns how many; each is told once. Where
    there is no such team, nobody has it: the positions wait until there is one.
    """
    at = now or timezone.now()
    teams = Group.objects.filter(is_management_team=True).exclude(state=GroupState.CLOSED)
    team = teams.select_related("item").first()
    if team is None:
        return 0
    silent = Position.objects.open().filter(due_at__lte=at, escalated_at__isnull=True)
    count = 0
    for position_id in silent.exclude(change__state__in=ENDED).values_list("pk", flat=True):
        with transaction.atomic():
            rows = Position.objects.select_for_update(of=("self",)).open().filter(escalated_at__isnull=True)
            position = rows.filter(pk=position_id).select_related("change__item", "group__item").first()
            if position is None or settled(position) is not None:
                continue
            position.escalated_at = at
            position.save(update_fields=["escalated_at"])
            record(
                "changes.position.escalated", "item", position.change_id, by=SYSTEM,
                after={"group": position.group.name},
            )  # fmt: skip
            _settle_task(position, team)
            count += 1
    return count


def _settle_task(position: Position, team: Group) -> None:
    told = {"group": position.group.name, "reference": position.change.reference}
    with translation.override(settings.LANGUAGE_CODE):
        create_task(
            by=as_product(SYSTEM), group=team.reference, item=position.change.reference, origin="settlement",
            origin_id=position.pk, due_on=timezone.localdate(),
            title=_("Settle %(reference)s: %(group)s has not answered") % told,
        )  # fmt: skip


def untold() -> dict[Group, list[Position]]:
    """By group the positions that it has not been told of and has not answered."""
    rows = Position.objects.open().filter(told_at__isnull=True).exclude(change__state__in=ENDED)
    found: dict[Group, list[Position]] = defaultdict(list)
    for position in rows.select_related("group__item", "change__item", "change__group__item").order_by("due_at", "pk"):
        if position.group.state != GroupState.CLOSED:
            found[position.group].append(position)
    return dict(found)


def unmoved() -> dict[Group, list[Order]]:
    """By group the changes that it is asked to move, since what they wait for was moved, and has not been told of."""
    rows = Order.objects.filter(told_at__isnull=True, task__state=TaskState.OPEN, after__group__isnull=False)
    found: dict[Group, list[Order]] = defaultdict(list)
    for order in rows.select_related("before__item", "after__item", "after__group__item").order_by("pk"):
        if order.after.group is not None and order.after.group.state != GroupState.CLOSED:
            found[order.after.group].append(order)
    return dict(found)


def mail(group: Group, positions: Iterable[Position], language: str, orders: Iterable[Order] = ()) -> tuple[str, str]:
    """Subject and text of one group's mail: every question that waits for it and every change that it is asked to move,
    with its address.
    """
    listed, early = list(positions), list(orders)
    with translation.override(language):
        parts = []
        if listed:
            parts.append(ngettext(
                "%(count)d change asks what you think", "%(count)d changes ask what you think", len(listed)
            ) % {"count": len(listed)})  # fmt: skip
        if early:
            parts.append(ngettext(
                "%(count)d change must be moved", "%(count)d changes must be moved", len(early)
            ) % {"count": len(early)})  # fmt: skip
        subject = f"{group.name}: {', '.join(parts)}"
        context = {"group": group, "positions": listed, "orders": early, "base": base_url()}
        text = render_to_string("changes/asked.txt", context)
    return subject, text


def tell(now: dt.datetime | None = None) -> int:
    """One mail to each lead of each group that is newly asked, reminded or to move a change. Returns how many mails."""
    at = now or timezone.now()
    messages = []
    asked, early = untold(), unmoved()
    for group in {**asked, **early}:
        for address, language in recipients(group, timezone.localdate(at)):
            subject, text = mail(group, asked.get(group, ()), language, early.get(group, ()))
            messages.append(EmailMessage(subject, text, settings.DEFAULT_FROM_EMAIL, [address]))
    # First kept, then sent: a mail too few is better than the same one every half hour.
    Position.objects.filter(pk__in=[one.pk for rows in asked.values() for one in rows]).update(told_at=at)
    Order.objects.filter(pk__in=[one.pk for rows in early.values() for one in rows]).update(told_at=at)
    if messages:
        get_connection().send_messages(messages)
    return len(messages)


@job(name="changes.round", max_tries=1)
def change_round(context: JobContext) -> dict[str, int]:
    """The timetable's round over positions."""
    context.check()
    return {"escalated": escalate(), "mails": tell()}
