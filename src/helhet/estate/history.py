"""What happened to one item: its events and the answers for it, merged in time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from helhet.estate import reasons
from helhet.estate.columns import value_text
from helhet.estate.models import Dependency
from helhet.groups.models import Answer, GroundSort
from helhet.items.models import Criticality, Item, Kind, State
from helhet.journal.actions import history
from helhet.journal.models import Batch, Event
from helhet.kit import spoken
from helhet.kit.parts import HistoryLine

PAGE = 30
# The groups that answered are told from the answers themselves, with their ground.
TOLD_BY_ANSWERS = ("groups.answer.assigned", "groups.answer.released")


@dataclass(frozen=True, slots=True)
class History:
    """Lines, newest first; `before` is the place where older ones begin, 0 when there are none."""

    lines: list[HistoryLine]
    before: int


def history_of(item: Item, *, before: int = 0, may_undo: bool = False) -> History:
    """One page of an item's history. A day's change of group stands at the time when it was recorded."""
    events = history("item", item.pk).exclude(verb__in=TOLD_BY_ANSWERS)
    if before:
        events = events.filter(pk__lt=before)
    found = list(events[: PAGE + 1])
    more = len(found) > PAGE
    found = found[:PAGE]
    answers = _answers(item, found[-1].at if more else None, _at_of(before))
    names = _item_names(found)
    lines = [line for event in found for line in _event_lines(item, event, names, may_undo=may_undo)]
    lines += answers
    if not more:
        lines += _beginning(item)
    lines.sort(key=lambda line: line.at, reverse=True)  # type: ignore[arg-type,return-value]
    return History(lines, found[-1].pk if more else 0)


def _at_of(event_id: int) -> dt.datetime | None:
    return Event.objects.filter(pk=event_id).values_list("at", flat=True).first() if event_id else None


def _answers(item: Item, since: dt.datetime | None, until: dt.datetime | None) -> list[HistoryLine]:
    rows = list(
        Answer.objects.filter(item=item).select_related("group__item", "ground").order_by("from_on", "id")[:500]
    )
    batches = Batch.objects.in_bulk({row.batch_id for row in rows if row.batch_id})
    kinds = list(Kind.objects.all()) if any(row.ground.sort == GroundSort.RULE for row in rows) else []
    lines = []
    previous: Answer | None = None
    for row in rows:
        earlier, previous = previous, row
        if (since and row.recorded_at < since) or (until and row.recorded_at >= until):
            continue
        lines.append(_answer_line(row, earlier, batches, kinds))
    return lines


def _answer_line(row: Answer, earlier: Answer | None, batches: dict[int, Batch], kinds: Sequence[Kind]) -> HistoryLine:
    was = earlier.group.name if earlier and earlier.group else ""
    now = row.group.name if row.group else ""
    if now == was:
        text = _same_group(row, earlier) if earlier else _("No group answers")
        was = now = ""
    else:
        text = _("The responsible group became") if now else _("No group answers any longer")
    if row.from_on != timezone.localtime(row.recorded_at).date():
        text = _("%(text)s from %(day)s") % {"text": text, "day": spoken.day(row.from_on, "full")}
    went = format_html(" <del>{}</del>", was) if was else ""
    came = format_html(" <ins>{}</ins>", now) if now else ""
    said = format_html("{}{}{} ({}){}", text, went, came, _ground(row, kinds), in_batch(batches.get(row.batch_id or 0)))
    return HistoryLine(row.recorded_at, said)


def _same_group(row: Answer, earlier: Answer) -> str:
    if row.ground_id != earlier.ground_id:
        return _("The ground became another")
    return _("Became contested") if row.is_contested else _("Is contested no longer")


def _ground(row: Answer, kinds: Sequence[Kind]) -> str:
    if row.ground.sort == GroundSort.RULE:
        words, note = reasons.told(row.ground.text, kinds)
        return _("rule %(number)d: %(text)s") % {"number": row.ground.number, "text": note or words}
    if row.ground.sort == GroundSort.HAND:
        return _("by hand: %(text)s") % {"text": row.ground.text}
    return str(GroundSort(row.ground.sort).label)


def in_batch(batch: Batch | None) -> str:
    """The words for the batch that something happened in; a bulk change is linked."""
    if batch is None:
        return ""
    if batch.sort == "bulk":
        return format_html(
            ' <a class="hh-quiet" href="{}">{}</a>', reverse("estate:bulk_result", args=[batch.pk]),
            _("in the bulk change “%(title)s”") % {"title": batch.title},
        )  # fmt: skip
    words = {
        "import": _("in the import “%(title)s”"),
        "rule": _("by the rule “%(title)s”"),
        "merge": _("in the merge “%(title)s”"),
        "undo": _("by undoing: %(title)s"),
    }
    told = words.get(batch.sort, "%(title)s") % {
        "title": batch.title.removeprefix(_("Undone: %(title)s") % {"title": ""})
    }
    return format_html(' <span class="hh-quiet">{}</span>', told)


def _beginning(item: Item) -> list[HistoryLine]:
    """An item that came in with a batch has no event of its own; the batch tells."""
    if item.created_in is None:
        return []
    batch = Batch.objects.filter(pk=item.created_in).first()
    by = batch.actor if batch else ""
    text = _("%(who)s brought it in") % {"who": by} if by else _("It came in")
    return [HistoryLine(item.created_at, format_html("{}{}", text, in_batch(batch)))]


def dependency_lines(one: Dependency) -> list[HistoryLine]:
    """What was said of one dependency, newest first, of its item's last 500 events of dependencies."""
    rows = Event.objects.filter(noun="item", noun_id=one.from_item_id, verb__startswith="estate.dependency.")
    own = [
        event
        for event in rows.select_related("batch").order_by("-id")[:500]
        if one.pk in {(event.before or {}).get("dependency"), (event.after or {}).get("dependency")}
    ]
    return [line for event in own for line in _event_lines(one.from_item, event, {}, may_undo=False)]


def _event_lines(item: Item, event: Event, names: dict[int, str], *, may_undo: bool) -> list[HistoryLine]:
    who = event.actor or _("The system")
    tail = format_html("{}{}", in_batch(event.batch), _reason(event))
    if event.verb in CHANGES:
        undo = reverse("estate:undo", args=[item.reference, event.pk]) if may_undo and event.before else ""
        lines = []
        for place, (label, was, now) in enumerate(_told_changes(event, names)):
            text = format_html("{}{}:", CHANGES[event.verb]() % {"who": who, "field": label}, tail)
            lines.append(HistoryLine(event.at, text, was, now, undo if place == 0 else ""))
        return lines
    name, sentence = SENTENCES.get(event.verb, ("", None))
    said = sentence() if sentence is not None else "%(who)s: " + event.verb.replace("%", "%%")
    was, now = (_told_value(data or {}, name) for data in (event.before, event.after))
    text = format_html("{}{}{}", said % {"who": who}, tail, ":" if was or now else "")
    return [HistoryLine(event.at, text, was, now)]


def _told_value(data: dict[str, Any], name: str) -> str:
    """What an event's sentence ends with: the named value, with its sort or role before it."""
    shown = value_text(data[name]) if data.get(name) else ""
    sort = data.get("type") or data.get("role") or ""
    return f"{sort} {shown}" if shown and sort not in {"", "uses"} else shown


def _reason(event: Event) -> str:
    if not event.reason or (event.batch is not None and event.reason in {event.batch.title, event.batch.reason}):
        return ""
    return format_html(' <span class="hh-quiet">({})</span>', event.reason)


CHANGES: dict[str, Callable[[], str]] = {
    "items.item.changed": lambda: _("%(who)s changed %(field)s"),
    "items.item.undone": lambda: _("%(who)s set back %(field)s"),
}
# By verb: which value ends the sentence, and the sentence.
SENTENCES: dict[str, tuple[str, Callable[[], str]]] = {
    "items.item.created": ("", lambda: _("%(who)s added it")),
    "items.item.withdrawn": ("", lambda: _("%(who)s took it out of the register")),
    "items.comment.made": ("comment", lambda: _("%(who)s commented")),
    "items.comment.removed": ("", lambda: _("%(who)s took back a comment")),
    "items.attachment.added": ("attachment", lambda: _("%(who)s attached a file")),
    "items.attachment.removed": ("attachment", lambda: _("%(who)s removed a file")),
    "items.link.made": ("to", lambda: _("%(who)s linked it")),
    "items.link.removed": ("to", lambda: _("%(who)s removed a link")),
    "estate.dependency.stated": ("needs", lambda: _("%(who)s stated what it needs")),
    "estate.dependency.removed": ("needs", lambda: _("%(who)s took away what it needs")),
    "estate.dependency.changed": ("needs", lambda: _("%(who)s changed what it needs")),
    "estate.dependency.confirmed": ("needs", lambda: _("%(who)s confirmed what it needs")),
    "estate.dependency.questioned": ("needs", lambda: _("%(who)s questioned what it needs")),
    "estate.dependency.stood_by": ("needs", lambda: _("%(who)s stood by what it needs")),
    "estate.dependency.taken_over": ("needs", lambda: _("%(who)s took over what was seen")),
    "estate.redundancy.stated": ("of", lambda: _("%(who)s stated what can replace what")),
    "estate.redundancy.ended": ("of", lambda: _("%(who)s ended that these can replace one another")),
    "groups.role.added": ("group", lambda: _("%(who)s gave a further role")),
    "groups.role.ended": ("group", lambda: _("%(who)s ended a further role")),
}
FIELD_LABELS = {
    "name": lambda: _("name"),
    "description": lambda: _("description"),
    "state": lambda: _("state"),
    "criticality": lambda: _("criticality"),
    "kind": lambda: _("kind"),
    "tags": lambda: _("tags"),
    "part_of_id": lambda: _("part of"),
    "presence": lambda: _("its place in the register"),
    "merged_into_id": lambda: _("what it became"),
}


def _told_changes(event: Event, names: dict[int, str]) -> list[tuple[str, str, str]]:
    told = []
    for name, was, now in event.changes:
        if name == "attributes":
            told += _attribute_changes(was or {}, now or {})
        elif name in FIELD_LABELS:
            told.append((FIELD_LABELS[name](), field_text(name, was, names), field_text(name, now, names)))
    return told


def _attribute_changes(was: dict[str, Any], now: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [
        (name, _attribute_text(was.get(name)), _attribute_text(now.get(name)))
        for name in sorted({*was, *now})
        if was.get(name) != now.get(name)
    ]


def _attribute_text(value: Any) -> str:
    return "" if value in (None, "", []) else value_text(value)


def field_text(name: str, value: Any, names: dict[int, str]) -> str:
    """A field's value as an event tells it, in words."""
    if value in (None, "", []):
        return ""
    if name == "state":
        return str(next((one.label for one in State if value in {one.key, one.value}), value))
    if name == "criticality":
        return str(next((one.label for one in Criticality if value in {one.key, one.value}), value))
    if name == "kind":
        kind = value if isinstance(value, Kind) else Kind.objects.filter(key=value).first()
        return kind.name if kind else str(value)
    if name in {"part_of_id", "merged_into_id"}:
        return names.get(value, str(value))
    text = value_text(value)
    return text if len(text) <= 200 else f"{text[:200]}…"


def _item_names(events: list[Event]) -> dict[int, str]:
    ids = set()
    for event in events:
        for data in (event.before or {}, event.after or {}):
            ids |= {data[name] for name in ("part_of_id", "merged_into_id") if isinstance(data.get(name), int)}
    return {item.pk: str(item) for item in Item.objects.filter(pk__in=ids).only("prefix", "number", "name")}
