"""What happened to a window or a freeze, in words."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helhet.journal.models import Event
from helhet.kit.parts import HistoryLine
from helhet.kit.told_values import value_told

DID = {
    "changes.window.stated": gettext_lazy("stated it"),
    "changes.freeze.stated": gettext_lazy("stated it"),
    "changes.window.changed": gettext_lazy("changed"),
    "changes.freeze.changed": gettext_lazy("changed"),
    "changes.window.ended": gettext_lazy("ended it"),
    "changes.freeze.ended": gettext_lazy("ended it"),
}
FIELDS = {
    "name": gettext_lazy("name"), "starts_on": gettext_lazy("first day"), "starts_time": gettext_lazy("from"),
    "minutes": gettext_lazy("length"), "rule": gettext_lazy("rule"), "reason": gettext_lazy("reason"),
    "starts_at": gettext_lazy("from"), "ends_at": gettext_lazy("to"), "item": gettext_lazy("item"),
    "group": gettext_lazy("group"), "filter": gettext_lazy("filter"),
}  # fmt: skip

UNITS = {"minutes": "minutes"}


def lines(events: Iterable[Event]) -> list[HistoryLine]:
    """One line for each changed field of each event, newest first; another event is one line."""
    shown: list[HistoryLine] = []
    for event in events:
        text = format_html("<b>{}</b> {}", event.actor or _("The system"), DID.get(event.verb, event.verb))
        if event.verb.endswith(".changed"):
            shown += [
                HistoryLine(
                    event.at,
                    format_html("{}: {}", text, FIELDS.get(name, name)),
                    value_told(old, UNITS.get(name, "")),
                    value_told(new, UNITS.get(name, "")),
                )
                for name, old, new in event.changes
            ]
        else:
            shown.append(HistoryLine(event.at, text, "", ""))
    return shown
