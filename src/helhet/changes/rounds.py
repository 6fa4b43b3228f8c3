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
from helhet.changes.models import ChangeState, Position
from helhet.groups.actions import create_task
from helhet.groups.models import Group, GroupState
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
            if position is None:
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


def mail(group: Group, positions: Iterable[Position], language: str) -> tuple[str, str]:
    """Subject and text of one group's mail: every question that waits for it, with its address."""
    listed = list(positions)
    with translation.override(language):
        subject = ngettext(
            "%(group)s: %(count)d change asks what you think", "%(group)s: %(count)d changes ask what you think",
            len(listed),
        ) % {"group": group.name, "count": len(listed)}  # fmt: skip
        text = render_to_string("changes/asked.txt", {"group": group, "positions": listed, "base": base_url()})
    return subject, text


def tell(now: dt.datetime | None = None) -> int:
    """One mail to each lead of each group that is newly asked or reminded. Returns how many mails."""
    at = now or timezone.now()
    messages = []
    told: list[int] = []
    for group, positions in untold().items():
        for address, language in recipients(group, timezone.localdate(at)):
            subject, text = mail(group, positions, language)
            messages.append(EmailMessage(subject, text, settings.DEFAULT_FROM_EMAIL, [address]))
        told += [position.pk for position in positions]
    # First kept, then sent: a mail too few is better than the same one every half hour.
    Position.objects.filter(pk__in=told).update(told_at=at)
    if messages:
        get_connection().send_messages(messages)
    return len(messages)


@job(name="changes.round", max_tries=1)
def change_round(context: JobContext) -> dict[str, int]:
    """The timetable's round over positions."""
    context.check()
    return {"escalated": escalate(), "mails": tell()}
