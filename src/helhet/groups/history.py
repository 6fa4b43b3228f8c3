"""What happened to a group, a person or a task, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helhet.groups.models import Basis, Group, GroupState, Person, Role, TaskState
from helhet.journal.models import Event
from helhet.kit.parts import HistoryLine
from helhet.kit.spoken import day

DID = {
    "items.item.created": gettext_lazy("made it"),
    "groups.group.changed": gettext_lazy("changed"),
    "groups.group.closed": gettext_lazy("closed it"),
    "groups.group.reopened": gettext_lazy("reopened it"),
    "groups.person.created": gettext_lazy("made the person"),
    "groups.person.changed": gettext_lazy("changed"),
    "groups.person.ended": gettext_lazy("ended the person"),
    "groups.person.returned": gettext_lazy("let the person come back"),
    "groups.person.tied": gettext_lazy("tied the person to the user"),
    "groups.membership.created": gettext_lazy("added"),
    "groups.membership.changed": gettext_lazy("changed the membership of"),
    "groups.membership.ended": gettext_lazy("ended the membership of"),
    "groups.membership.removed": gettext_lazy("took away the membership of"),
    "groups.task.created": gettext_lazy("made the task"),
    "groups.task.changed": gettext_lazy("changed"),
    "groups.task.taken": gettext_lazy("took it"),
    "groups.task.handed_over": gettext_lazy("handed it over"),
    "groups.task.done": gettext_lazy("did it"),
    "groups.task.dropped": gettext_lazy("dropped it"),
    "groups.task.reopened": gettext_lazy("reopened it"),
    "groups.answer.assigned": gettext_lazy("assigned it by hand"),
    "groups.answer.released": gettext_lazy("left it to the rules"),
    "groups.role.added": gettext_lazy("gave a further role"),
    "groups.role.ended": gettext_lazy("ended a further role"),
}
FIELDS = {
    "name": gettext_lazy("name"),
    "mandate": gettext_lazy("mandate"),
    "basis": gettext_lazy("basis"),
    "parent_id": gettext_lazy("parent"),
    "state": gettext_lazy("state"),
    "contacts": gettext_lazy("contact ways"),
    "is_management_team": gettext_lazy("management team"),
    "description": gettext_lazy("description"),
    "email": gettext_lazy("e-mail address"),
    "unit": gettext_lazy("home unit"),
    "title": gettext_lazy("title"),
    "text": gettext_lazy("text"),
    "phone": gettext_lazy("phone"),
    "role": gettext_lazy("role"),
    "from_on": gettext_lazy("first day"),
    "to_on": gettext_lazy("last day"),
    "share": gettext_lazy("share"),
    "group": gettext_lazy("group"),
    "person": gettext_lazy("person"),
    "item": gettext_lazy("item"),
    "due_on": gettext_lazy("due day"),
    "outcome": gettext_lazy("outcome"),
    "user": gettext_lazy("user"),
    "ended_on": gettext_lazy("ended"),
}
HIDDEN = frozenset({"membership", "person_name", "user_id", "not_seen_since", "presence", "merged_into_id"})
LABELS: dict[str | bool, Any] = {
    **dict(Basis.choices), **dict(GroupState.choices), **dict(Role.choices), **dict(TaskState.choices),
    True: gettext_lazy("yes"), False: gettext_lazy("no"),
}  # fmt: skip
SHORT = 160


def lines(events: Iterable[Event]) -> list[HistoryLine]:
    """One line for each changed field of each event, newest first; an event without fields is one line."""
    shown: list[HistoryLine] = []
    for event in events:
        who = (event.after or event.before or {}).get("person_name")
        did = DID.get(event.verb, event.verb)
        subject = " ".join(str(part) for part in (did, who) if part)
        text = format_html("<b>{}</b> {}", event.actor or _("The system"), subject)
        if event.reason:
            text = format_html("{} <span class='hh-quiet'>({})</span>", text, event.reason)
        changes = [one for one in event.changes if one[0] not in HIDDEN and not (who and one[0] == "person")]
        if event.verb.endswith((".changed", ".ended", ".handed_over", ".tied")) and changes:
            shown += [
                HistoryLine(
                    event.at,
                    format_html("{}: {}", text, FIELDS.get(name, name)),
                    told(name, old) if name in (event.before or {}) else "",
                    told(name, new),
                )
                for name, old, new in changes
            ]
        else:
            shown.append(HistoryLine(event.at, text, "", ""))
    return shown


def told(name: str, value: Any) -> str:
    """A value of an event as people read it."""
    if value in (None, "", {}, []):
        return ""
    if name in TELLERS and not isinstance(value, dict):
        return TELLERS[name](value)
    if isinstance(value, dict):
        return ", ".join(str(one) for one in value.values())
    if isinstance(value, str | bool) and value in LABELS:
        return str(LABELS[value])
    text = str(value)
    return text if len(text) <= SHORT else text[:SHORT] + "…"


def _group_name(value: Any) -> str:
    group = Group.objects.select_related("item").filter(pk=value).first() if isinstance(value, int) else None
    return group.name if group else str(value)


def _person_name(value: Any) -> str:
    person = Person.objects.filter(pk=value).first() if isinstance(value, int) else None
    return person.name if person else str(value)


def _percent(value: Any) -> str:
    text = str(value)
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text} %"


def _as_day(value: Any) -> str:
    try:
        return day(dt.date.fromisoformat(str(value)[:10]))
    except ValueError:
        return str(value)


TELLERS = {
    "parent_id": _group_name,
    "person": _person_name,
    "share": _percent,
    "from_on": _as_day,
    "to_on": _as_day,
    "due_on": _as_day,
    "ended_on": _as_day,
}
