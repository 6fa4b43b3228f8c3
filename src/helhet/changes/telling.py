"""What happened to a change, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from helhet.changes.models import ChangeState, ChangeType, Outcome, Stance
from helhet.groups.models import Group, Person
from helhet.journal.models import Event
from helhet.kit.parts import HistoryLine
from helhet.kit.spoken import clock, day

DID = {
    "items.item.created": gettext_lazy("made the change"),
    "changes.change.drafted": gettext_lazy("drafted it"),
    "changes.change.raised": gettext_lazy("raised it from a standard change"),
    "changes.change.told_afterwards": gettext_lazy("wrote it down afterwards"),
    "changes.change.changed": gettext_lazy("changed"),
    "changes.change.moved": gettext_lazy("moved it"),
    "changes.change.undone": gettext_lazy("took back what was changed"),
    "changes.change.asked": gettext_lazy("asked the touched groups"),
    "changes.change.approved": gettext_lazy("approved it"),
    "changes.change.scheduled": gettext_lazy("scheduled it"),
    "changes.change.begun": gettext_lazy("began it"),
    "changes.change.finished": gettext_lazy("said how it went"),
    "changes.change.closed": gettext_lazy("closed the change"),
    "changes.change.taken_back": gettext_lazy("took it back to draft"),
    "changes.change.cancelled": gettext_lazy("cancelled it"),
    "changes.position.asked": gettext_lazy("asked"),
    "changes.position.answered": gettext_lazy("answered for"),
    "changes.position.answered_ahead": gettext_lazy("found the answer given in advance by"),
    "changes.position.settled": gettext_lazy("settled the position of"),
    "changes.position.reminded": gettext_lazy("reminded"),
    "changes.position.withdrawn": gettext_lazy("no longer asks"),
    "changes.position.escalated": gettext_lazy("gave to the management team the silence of"),
    "changes.position.handed_over": gettext_lazy("handed the position over to"),
    "changes.mark.made": gettext_lazy("marked what is hit"),
    "changes.mark.cleared": gettext_lazy("took away a mark"),
    "changes.order.stated": gettext_lazy("put it after"),
    "changes.order.asked": gettext_lazy("asked for it to be moved after"),
    "changes.order.ended": gettext_lazy("no longer puts it after"),
    "changes.consequence.told": gettext_lazy("tied an incident"),
    "changes.consequence.ended": gettext_lazy("untied an incident"),
    "changes.clash.signed": gettext_lazy("signed for"),
    "changes.clash.unsigned": gettext_lazy("withdrew the signature for"),
    "changes.exemption.asked": gettext_lazy("asked for an exemption from"),
}
SUBJECT = ("group", "after", "incident", "clash", "freeze", "item")
FIELDS = {
    "name": gettext_lazy("name"), "type": gettext_lazy("type"), "group_id": gettext_lazy("group"),
    "owner_id": gettext_lazy("owner"), "items": pgettext_lazy("change", "alters"),
    "people": gettext_lazy("takes part"), "purpose": gettext_lazy("why"), "plan": gettext_lazy("plan"),
    "test": gettext_lazy("test"), "way_back": gettext_lazy("way back"), "learnt": gettext_lazy("learnt"),
    "starts_at": gettext_lazy("begins"), "ends_at": gettext_lazy("ends"), "outcome": gettext_lazy("how it went"),
    "stance": gettext_lazy("answer"), "words": gettext_lazy("words"), "conditions": gettext_lazy("conditions"),
}  # fmt: skip
# States and instants of steps are what the verb says already.
WITH_FIELDS = (".changed", ".undone", ".moved", ".finished", ".answered")
CHOICES: dict[str, Any] = {
    "type": ChangeType, "state": ChangeState, "outcome": Outcome, "stance": Stance,
}  # fmt: skip
SHORT = 160


def lines(events: Iterable[Event]) -> list[HistoryLine]:
    """One line for each field that an event altered, else one for the event, newest first."""
    return [line for event in events for line in _lines(event)]


def _lines(event: Event) -> list[HistoryLine]:
    told = event.after or event.before or {}
    subject = next((told[name] for name in SUBJECT if isinstance(told.get(name), str)), "")
    did = " ".join(str(part) for part in (DID.get(event.verb, event.verb), subject) if part)
    text = format_html("<b>{}</b> {}", event.actor or _("The system"), did)
    if event.reason:
        text = format_html("{} <span class='hh-quiet'>({})</span>", text, event.reason)
    changes = [one for one in event.changes if one[0] in FIELDS and (one[1] or one[2])]
    if not event.verb.endswith(WITH_FIELDS) or not changes:
        return [HistoryLine(event.at, text, "", "")]
    return [
        HistoryLine(
            event.at, format_html("{}: {}", text, FIELDS[name]), _told(name, old) if old else "", _told(name, new)
        )
        for name, old, new in changes
    ]  # fmt: skip


def _told(name: str, value: Any) -> str:
    if value in (None, "", []):
        return ""
    if name in CHOICES and value in CHOICES[name].values:
        return str(CHOICES[name](value).label)
    if name in {"starts_at", "ends_at"}:
        at = timezone.localtime(dt.datetime.fromisoformat(str(value)))
        return f"{day(at)} {clock(at)}"
    if name == "group_id":
        group = Group.objects.filter(pk=value).select_related("item").first()
        return group.name if group else str(value)
    if name == "owner_id":
        return str(Person.objects.filter(pk=value).values_list("name", flat=True).first() or value)
    text = ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)
    return f"{text[:SHORT]}…" if len(text) > SHORT else text
