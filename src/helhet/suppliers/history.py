"""What happened to a supplier, its contacts or a contract, in words."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from helhet.journal.models import Event
from helhet.kit.parts import HistoryLine
from helhet.kit.told_values import value_told
from helhet.suppliers.forms import use_label

DID = {
    "suppliers.supplier.created": gettext_lazy("added the supplier"),
    "suppliers.supplier.changed": gettext_lazy("changed"),
    "suppliers.supplier.ended": gettext_lazy("ended it"),
    "suppliers.supplier.returned": gettext_lazy("took it back"),
    "items.item.changed": gettext_lazy("changed"),
    "suppliers.contact.added": gettext_lazy("added a contact"),
    "suppliers.contact.changed": gettext_lazy("changed a contact"),
    "suppliers.contact.ended": gettext_lazy("ended a contact"),
    "suppliers.contract.created": gettext_lazy("added the contract"),
    "suppliers.contract.adopted": gettext_lazy("described the contract"),
    "suppliers.contract.changed": gettext_lazy("changed"),
    "suppliers.delivery.stated": gettext_lazy("stated a delivery"),
    "suppliers.delivery.removed": gettext_lazy("took a delivery away"),
}
FIELDS = {
    "name": gettext_lazy("name"), "organisation_number": gettext_lazy("organisation number"),
    "web": gettext_lazy("web address"), "note": gettext_lazy("note"), "role": gettext_lazy("role"),
    "use": pgettext_lazy("contact", "for"), "phone": gettext_lazy("phone"), "email": gettext_lazy("e-mail address"),
    "hours": gettext_lazy("hours"), "position": gettext_lazy("place in the order of calling"),
    "supplier": gettext_lazy("supplier"), "number": pgettext_lazy("contract", "number"),
    "begins_on": gettext_lazy("first day"), "ends_on": gettext_lazy("last day"),
    "notice_months": gettext_lazy("notice"), "levels": gettext_lazy("agreed levels"),
    "deliveries": gettext_lazy("delivers"), "ended_at": gettext_lazy("ended"),
}  # fmt: skip


UNITS = {"notice_months": "months"}
TOLD_BY_ITEM = ("suppliers.supplier.ended", "suppliers.supplier.returned", "items.item.changed")
MOST = 20


def of_item(item_id: int) -> list[Event]:
    """What was told of its item: that it was renamed, ended or taken back, newest first."""
    events = Event.objects.filter(noun="item", noun_id=item_id, verb__in=TOLD_BY_ITEM).order_by("-id")[: MOST * 2]
    return [one for one in events if one.verb != "items.item.changed" or "name" in (one.after or {})][:MOST]


def lines(*events: Iterable[Event]) -> list[HistoryLine]:
    """One line for each changed field of each event, newest first."""
    shown: list[HistoryLine] = []
    for event in sorted(chain(*events), key=lambda one: one.pk, reverse=True):
        text = format_html("<b>{}</b> {}", event.actor or _("The system"), DID.get(event.verb, event.verb))
        if event.reason:
            text = format_html("{} ({})", text, event.reason)
        changed = event.changes if event.before or "delivery" in event.verb else []
        if event.noun == "item":
            changed = [one for one in changed if one[0] == "name"]
        shown += [
            HistoryLine(
                event.at, format_html("{}: {}", text, FIELDS.get(name, name)), _told(name, old), _told(name, new)
            )
            for name, old, new in changed
        ] or [HistoryLine(event.at, text)]
    return shown


def _told(name: str, value: Any) -> str:
    if name == "use":
        return use_label(str(value)) if value else ""
    if name == "position" and isinstance(value, int):
        return str(value + 1)
    return value_told(value, UNITS.get(name, ""))
