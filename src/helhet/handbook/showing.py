"""A part's fields as people read them: safe HTML for the page, plain text for search and export.

Fills `documents.shown` and `documents.plain`. What is chosen from a register is drawn as it stands now: a supplier's
number, a group's address, what the service needs. Whether the text around it still holds is another question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from helhet.documents.models import Sort
from helhet.documents.ports import Written
from helhet.estate.models import Dependency
from helhet.groups.models import Answer, Group
from helhet.handbook.models import Part
from helhet.handbook.pointing import Pointed, pointed_at, rows_of
from helhet.handbook.shapes import CONTACTS, CONTRACT, ROUTINE, SHAPES, STANDARD, SUPPLIER, WHO
from helhet.items.models import Item, Presence, State
from helhet.kit import spoken
from helhet.kit.markdown import plain_of
from helhet.kit.rights import Caller
from helhet.kit.spoken import NOTHING
from helhet.rules.rows import Row
from helhet.suppliers.models import Contact, Contract, Delivery
from helhet.suppliers.reading import notice_of

DRAWN = 30
LIFECYCLE = ("in_service", "i drift sedan", "support_end", "support till", "warranty_end", "garanti till", "version")


@dataclass(frozen=True, slots=True)
class Words:
    """What a cell says: text, where it leads, its reference, lines under it, and a mark where something is wrong."""

    text: str = ""
    url: str = ""
    reference: str = ""
    lines: Sequence[tuple[str, str]] = ()
    mark: str = ""
    mark_words: str = ""


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of a part: its cells in the order of the heads."""

    cells: list[tuple[str, Words]]


@dataclass(slots=True)
class Drawn:
    """What the register says of the service, beside its description."""

    parts: list[Item] = field(default_factory=list)
    needs: list[Item] = field(default_factory=list)
    suppliers: list[Item] = field(default_factory=list)
    group: Group | None = None
    more_url: str = ""
    facts: list[tuple[str, str]] = field(default_factory=list)


def shown(version: Written, caller: Caller) -> SafeString:
    """The fields as safe HTML; empty for what is no part. Everybody who may read the part sees the same."""
    del caller
    document = version.document
    if document.sort != Sort.DOCUMENTATION or document.part not in SHAPES:
        return mark_safe("")
    context: dict[str, Any] = {"part": document.part}
    if document.part == Part.DESCRIPTION:
        context["drawn"] = drawn_of(document.item)
    else:
        heads, rows = table_of(document.part, rows_of(version.fields))
        context |= {"heads": heads, "rows": rows, "caption": str(Part(document.part).label)}
    return render_to_string("handbook/_fields.html", context)


def plain(version: Written) -> str:
    """The fields as text, one line for each row."""
    document = version.document
    if document.sort != Sort.DOCUMENTATION or document.part not in SHAPES:
        return ""
    _heads, rows = table_of(document.part, rows_of(version.fields))
    return "\n".join(
        "; ".join(f"{label}: {plain_words(words)}" for label, words in row.cells if words.text or words.lines)
        for row in rows
    )


def plain_words(words: Words) -> str:
    """A cell as one line of text."""
    told = f"{words.text} ({words.reference})" if words.reference and words.reference != words.text else words.text
    return "; ".join(filter(None, [told, *(f"{name} {way}".strip() for name, way in words.lines)]))


def table_of(part: str, rows: Sequence[Row], found: Pointed | None = None) -> tuple[list[str], list[ShownRow]]:
    """The heads and rows of a part; columns that no row uses are left out. `found` is what the rows point at, where
    that is known for many parts at once.
    """
    shape = SHAPES[part]
    labels = shape.labels() | _without_units()
    found = pointed_at(rows) if found is None else found
    names = [column.name for column in shape.columns if _is_told(column.name, rows, found)]
    return [labels[name] for name in names], [
        ShownRow([(labels[name], _words(name, row, found)) for name in names]) for row in rows
    ]


def _without_units() -> dict[str, str]:
    """Heads of what is shown with its unit in each cell; a form says the unit in its label."""
    return {"minutes": _("Takes"), "escalate_minutes": _("Goes on after"), "cost": _("Cost each time")}


def _is_told(name: str, rows: Sequence[Row], found: Pointed) -> bool:
    if any(row.get(name) for row in rows):
        return True
    return name in {"contact", CONTACTS} and any(found.called(row) for row in rows)


def _words(name: str, row: Row, found: Pointed) -> Words:
    value = row.get(name)
    if name == CONTACTS:
        return Words(lines=[_called(one) for one in found.called(row)])
    if value in (None, "", []):
        return _way_of(row, found) if name == "contact" else Words()
    if name in {ROUTINE, SUPPLIER, CONTRACT, WHO}:
        return _pointing(name, str(value), found)
    if name == STANDARD:
        standard = found.standards.get(str(value))
        return Words(standard.name, standard.get_absolute_url()) if standard else _gone(str(value))
    return Words(_told(name, value))


def _told(name: str, value: Any) -> str:
    if name in {"minutes", "escalate_minutes"}:
        return spoken.duration(int(value) * 60) if int(value) else _("at once")
    if name == "cost":
        return _("%(amount)s kr") % {"amount": spoken.number(float(value))}
    return str(value)


def _pointing(name: str, value: str, found: Pointed) -> Words:
    item = found.item(value)
    if item is None:
        is_reference = value.upper() == value and "-" in value and value.rpartition("-")[2].isdigit()
        return Words(value) if name == WHO and not is_reference else _gone(value)
    mark, words = ("over", _("has ended")) if item.state == State.RETIRED else ("", "")
    url, lines = item.get_absolute_url(), []
    group = found.groups.get(item.pk)
    if group is not None:
        url = group.get_absolute_url()
        if group.state == "closed":
            mark, words = "over", _("is closed")
    contract = found.contracts.get(item.pk)
    if contract is not None:
        url, lines = contract.get_absolute_url(), _of_contract(contract)
    elif item.kind.key == "supplier":
        url = reverse("suppliers:supplier", args=[item.reference])
    return Words(item.name, url, item.reference, lines, mark, words)


def _gone(value: str) -> Words:
    return Words(value, mark="missing", mark_words=_("is not in the register"))


def _of_contract(contract: Contract) -> list[tuple[str, str]]:
    lines = [(_("until"), spoken.day(contract.ends_on, "full"))] if contract.ends_on else []
    notice = notice_of(contract)
    lines += [(_("last day of notice"), spoken.day(notice.on, "full"))] if notice else []
    return lines + [
        (one.measure, f"{one.target}{', ' if one.hours else ''}{one.hours}") for one in contract.levels.all()
    ]


def _way_of(row: Row, found: Pointed) -> Words:
    """How a step of a support path is reached where it does not say so: the supplier's first contact, the group's
    own ways.
    """
    called = found.called(row)
    if called:
        return Words(lines=[_called(called[0])])
    item = found.item(row.get(WHO) or "")
    group = found.groups.get(item.pk) if item else None
    return Words(lines=[("", str(way)) for way in group.contacts.values() if way]) if group else Words()


def _called(contact: Contact) -> tuple[str, str]:
    ways = [contact.phone, contact.email, contact.web, contact.hours]
    return str(contact), ", ".join(way for way in ways if way)


def drawn_of(item: Item) -> Drawn:
    """What the service consists of and needs, who delivers and answers for it, and where it is in its life."""
    parts = Item.objects.filter(part_of=item, presence=Presence.HERE).exclude(state=State.RETIRED)
    needs = Dependency.objects.filter(from_item=item, not_seen_since__isnull=True, to_item__presence=Presence.HERE)
    facts = [(_("State"), str(State(item.state).label))]
    known = {name.lower(): value for name, value in item.attributes.items()}
    facts += [(name, str(known[name])) for name in LIFECYCLE if known.get(name) not in (None, "")]
    delivered = Delivery.objects.filter(item=item, supplier__item__presence=Presence.HERE)
    return Drawn(
        list(parts.select_related("kind").order_by("name_key", "id")[:DRAWN]),
        [one.to_item for one in needs.filter(~Q(to_item__state=State.RETIRED)).select_related("to_item__kind").order_by(
            "to_item__name_key", "id")[:DRAWN]],
        [one.supplier.item for one in delivered.select_related("supplier__item__kind").order_by(
            "supplier__item__name_key", "id")[:DRAWN]],
        Group.objects.filter(answers__in=Answer.objects.open().filter(item=item)).select_related("item").first(),
        item.get_absolute_url(), facts,
    )  # fmt: skip


def sentence_of(part: str, fields: object, text: str) -> str:
    """What a part says, in one line, for lists: its first words, or its rows by name."""
    rows = rows_of(fields)
    if rows:
        first = next((column.name for column in SHAPES[part].columns), "")
        found = pointed_at(rows)
        named = [_words(first, row, found).text for row in rows]
        return ", ".join(name for name in named if name)[:300] or NOTHING
    return " ".join(plain_of(text).split())[:300]
