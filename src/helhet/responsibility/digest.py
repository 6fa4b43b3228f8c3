"""The daily mail: what came to a group, left it or lost its owner. One mail a day, none when nothing is new."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import connection
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helhet.accounts.actions import base_url
from helhet.groups.models import Answer, Group, GroupState, Membership, Role
from helhet.items.models import Item
from helhet.kit.engines import table_of
from helhet.kit.jobs import JobContext, job
from helhet.kit.words import noun
from helhet.responsibility.models import Digest

SHOWN = 25
FIRST = dt.timedelta(days=1)


@dataclass(slots=True)
class News:
    """What is new for one group, as ids of items with the number of each sort."""

    came: list[int] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)


def news(since: dt.datetime, until: dt.datetime) -> dict[int, News]:
    """By group: the items whose answer, recorded in that time and holding now, is another than the one known before.

    `lost` are those that left the group for nobody; they are not counted among `left`.
    """
    answer, item = table_of(Answer), table_of(Item)
    sql = (
        f"SELECT a.item_id, a.group_id, (SELECT p.group_id FROM {answer} p WHERE p.item_id = a.item_id "  # noqa: S608 - own names only
        f"AND p.id <> a.id AND p.recorded_at < %s ORDER BY p.from_on DESC, p.id DESC LIMIT 1) AS earlier "
        f"FROM {answer} a JOIN {item} i ON i.id = a.item_id AND i.presence = 0 "
        f"WHERE a.to_on IS NULL AND a.recorded_at >= %s AND a.recorded_at < %s ORDER BY i.name_key, i.id"
    )
    found: dict[int, News] = defaultdict(News)
    with connection.cursor() as cursor:
        cursor.execute(sql, [since, since, until])
        for item_id, group_id, earlier in cursor.fetchall():
            if group_id == earlier:
                continue
            if group_id is not None:
                found[group_id].came.append(item_id)
            if earlier is not None:
                (found[earlier].left if group_id is not None else found[earlier].lost).append(item_id)
    return dict(found)


def recipients(group: Group, day: dt.date) -> list[tuple[str, str]]:
    """(address, language) of those who lead the group, and of the group's own mailbox."""
    leads = (
        Membership.objects.on(day)
        .filter(group=group, role__in=(Role.CHAIR, Role.DEPUTY))
        .exclude(person__email="")
        .values_list("person__email", "person__user__language")
    )
    found = {address: language or settings.LANGUAGE_CODE for address, language in leads}
    mailbox = group.contacts.get("email") or group.contacts.get("mail")
    if isinstance(mailbox, str) and "@" in mailbox:
        found.setdefault(mailbox, settings.LANGUAGE_CODE)
    return sorted(found.items())


def mail(group: Group, told: News, language: str) -> tuple[str, str]:
    """Subject and text of one group's mail."""
    with translation.override(language):
        parts = []
        if told.came:
            parts.append(ngettext("%d came", "%d came", len(told.came)) % len(told.came))
        if told.left:
            parts.append(ngettext("%d left", "%d left", len(told.left)) % len(told.left))
        if told.lost:
            parts.append(ngettext("%d lost its group", "%d lost their group", len(told.lost)) % len(told.lost))
        subject = f"{group.name}: {', '.join(parts)}"
        shown = {item_id for ids in (told.came, told.left, told.lost) for item_id in ids[:SHOWN]}
        items = Item.objects.select_related("kind").in_bulk(shown)
        blocks = [
            (title, [items[one] for one in ids[:SHOWN] if one in items], max(0, len(ids) - SHOWN))
            for title, ids in (
                (_("Came to the group"), told.came),
                (_("Left the group"), told.left),
                (_("Lost their group, and nobody answers now"), told.lost),
            )
            if ids
        ]
        text = render_to_string(
            "responsibility/digest.txt",
            {"group": group, "blocks": blocks, "base": base_url(), "noun": noun("group", "singular")},
        )
    return subject, text


def send_digest(now: dt.datetime | None = None) -> Digest:
    """Tell every group what is new since the last round. Closed groups are not written to."""
    until = now or timezone.now()
    last = Digest.objects.first()
    since = last.until_at if last else until - FIRST
    found = news(since, until)
    groups = Group.objects.select_related("item").exclude(state=GroupState.CLOSED).in_bulk(found)
    messages = []
    for group_id, group in groups.items():
        for address, language in recipients(group, timezone.localdate(until)):
            subject, text = mail(group, found[group_id], language)
            messages.append(EmailMessage(subject, text, settings.DEFAULT_FROM_EMAIL, [address]))
    digest = Digest.objects.create(since_at=since, until_at=until, mails=len(messages))
    if messages:
        get_connection().send_messages(messages)
    return digest


@job(name="responsibility.digest", max_tries=1)
def daily_digest(context: JobContext) -> dict[str, int]:
    """The timetable's daily round. Tried once: a mail too few is better than the same one five times."""
    context.check()
    return {"mails": send_digest().mails}
