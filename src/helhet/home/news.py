"""What changed since last week, newest first: imports, bulk edits and rules as one line each, people's deeds by day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helhet.home.links import items_url
from helhet.items.models import Item, Source
from helhet.journal.models import Batch, BatchSort, BatchState, Event
from helhet.kit import spoken
from helhet.responsibility.models import Reading, ReadingSort

DAYS = 7
MOST = 8
READ = 400
GROUP_VERBS = ("groups.group.created", "groups.group.closed", "groups.group.reopened")
TOLD = ("groups.answer.assigned", "groups.task.done", "items.item.created", "items.item.changed", *GROUP_VERBS)


@dataclass(frozen=True, slots=True)
class News:
    """One line. `text` is safe HTML; `mark` is `worse`, `better` or empty."""

    at: dt.datetime
    text: str
    mark: str = ""


def news() -> list[News]:
    """The last week's."""
    since = timezone.now() - dt.timedelta(days=DAYS)
    batches = _batches(since)
    sources = sorted(Source.objects.values_list("name", flat=True), key=len, reverse=True)
    lines = [_of_batch(batch, sources) for batch in batches]
    lines += _of_people(since)
    return sorted(lines, key=lambda line: line.at, reverse=True)[:MOST]


def _batches(since: dt.datetime) -> list[Batch]:
    done = Batch.objects.filter(state=BatchState.DONE, finished_at__gte=since).order_by("-id")
    return list(done[: MOST * 2])


def _of_batch(batch: Batch, sources: list[str]) -> News:
    at = batch.finished_at or batch.started_at
    if batch.sort == BatchSort.IMPORT:
        return _of_import(batch, at, _source_in(batch.title, sources))
    moved = next((n for name in ("moved", "items", "changed") if (n := _things(batch.counts.get(name)))), 0)
    text = ngettext("%(title)s: %(n)s item got another group", "%(title)s: %(n)s items got another group", moved)
    if batch.sort != BatchSort.RULE:
        text = ngettext("%(title)s: %(n)s item", "%(title)s: %(n)s items", moved)
    return News(at, format_html("{}", text % {"title": batch.title, "n": spoken.number(moved)}))


def _source_in(title: str, sources: list[str]) -> str:
    """The source that an import's title names first or last; without one the title but for its last word, a day."""
    for name in sources:
        if title.endswith(f" {name}") or title.startswith(f"{name} "):
            return name
    return title.rsplit(" ", 1)[0]


def _things(counted: int | dict[str, int] | None) -> int:
    """How many a batch counted: its items where it counted by noun and had any, else all of it."""
    if isinstance(counted, dict):
        return counted.get("items") or sum(counted.values())
    return counted or 0


def _of_import(batch: Batch, at: dt.datetime, source: str) -> News:
    created, gone = _things(batch.counts.get("created")), _things(batch.counts.get("not_seen"))
    reading = Reading.objects.filter(batch_id=batch.pk, sort=ReadingSort.ALL).first()
    before = None
    if reading is not None:
        earlier = Reading.objects.filter(sort=ReadingSort.ALL, read_at__lt=reading.read_at)
        before = earlier.order_by("-read_at").first()
    more = reading.unowned - before.unowned if reading and before else 0
    day = timezone.localtime(at).date().isoformat()
    parts: list[Any] = []
    if more > 0:
        words = ngettext("%(n)s item more without group", "%(n)s items more without group", more)
        link = format_html('<a href="{}">{}</a>', items_url(f"coverage:unowned created:{day}"), words % {"n": more})
        parts.append(link)
    if created:
        parts.append(ngettext("%(n)s new item", "%(n)s new items", created) % {"n": spoken.number(created)})
    if gone:
        parts.append(
            ngettext("%(n)s not seen any longer", "%(n)s not seen any longer", gone) % {"n": spoken.number(gone)}
        )
    told = format_html(", ".join("{}" for _part in parts), *parts) if parts else _("nothing new")
    return News(
        at, format_html(_("Import from {source}: {what}"), source=source, what=told), "worse" if more > 0 else ""
    )


def _of_people(since: dt.datetime) -> list[News]:
    events = list(Event.objects.filter(batch__isnull=True, at__gte=since, verb__in=TOLD).order_by("-at")[:READ])
    names = dict(
        Item.objects.filter(pk__in={event.noun_id for event in events if event.verb in GROUP_VERBS}).values_list(
            "id", "name"
        )
    )
    bundles: dict[tuple[str, str, Any, str], list[Event]] = {}
    for event in events:
        day = timezone.localtime(event.at).date()
        about = str((event.after or {}).get("group", "")) if event.verb == "groups.answer.assigned" else ""
        if event.verb in GROUP_VERBS:
            about = names.get(event.noun_id, "")
        bundles.setdefault((event.verb, event.actor, day, about), []).append(event)
    return [_of_bundle(verb, actor, about, told) for (verb, actor, _day, about), told in bundles.items()]


def _of_bundle(verb: str, actor: str, about: str, events: list[Event]) -> News:
    number = len(events)
    words = {
        "groups.answer.assigned": ngettext(
            "%(actor)s assigned %(n)s item to %(about)s", "%(actor)s assigned %(n)s items to %(about)s", number
        ),
        "items.item.created": ngettext("%(actor)s wrote down %(n)s item", "%(actor)s wrote down %(n)s items", number),
        "items.item.changed": ngettext("%(actor)s changed %(n)s item", "%(actor)s changed %(n)s items", number),
        "groups.task.done": ngettext("%(actor)s finished %(n)s task", "%(actor)s finished %(n)s tasks", number),
        "groups.group.created": _("%(actor)s formed the group %(about)s"),
        "groups.group.closed": _("%(actor)s closed the group %(about)s"),
        "groups.group.reopened": _("%(actor)s reopened the group %(about)s"),
    }[verb]
    text = words % {"actor": actor or _("Somebody"), "n": spoken.number(number), "about": about}
    mark = {"groups.answer.assigned": "better", "groups.group.closed": "worse"}.get(verb, "")
    return News(events[0].at, format_html("{}", text), mark)
