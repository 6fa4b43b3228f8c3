"""The rows of a part in the editor. Fills `documents.field_forms`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from helhet.changes.models import StandardChange
from helhet.documents.models import Document, Sort
from helhet.groups.forms import group_choices
from helhet.handbook.fields import checked
from helhet.handbook.pointing import rows_of
from helhet.handbook.shapes import CONTACTS, CONTRACT, ROUTINE, SHAPES, STANDARD, SUPPLIER, WHO, part_label
from helhet.items.models import Item, Presence
from helhet.kit.rows_form import Head, rows_in, table_of
from helhet.rules.rows import Column
from helhet.suppliers.forms import supplier_choices
from helhet.suppliers.models import Contact, Contract

MANY = 500
NOTHING = ("", "–")
Choices = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class PartForm:
    """The editor's part for the rows of one part, and the way back from what was sent."""

    columns: Sequence[Column]
    context: dict[str, Any] = field(default_factory=dict)
    template: str = "handbook/_part_form.html"

    def read(self, posted: Mapping[str, Any]) -> dict[str, Any]:
        """The raw rows that a form sent."""
        return {"rows": rows_in(posted, self.columns)} if self.columns else {}


def part_form(document: Document, fields: Mapping[str, Any]) -> PartForm | None:
    """The form for a part as its fields stand; None for what is no part."""
    shape = SHAPES.get(document.part)
    if document.sort != Sort.DOCUMENTATION or shape is None:
        return None
    labels, helps = shape.labels(), shape.help()
    heads = [
        Head(column, labels[column.name], helps.get(column.name, ""), *_choices(column.name))
        for column in shape.columns
    ]
    rows = list(rows_of(fields))
    faults = [fault for fault, _words in checked(document.part, {"rows": rows})[1]] if rows else []
    context = {
        "table": table_of(heads, rows, faults) if heads else None, "says": shape.says(),
        "caption": part_label(document.part),
    }  # fmt: skip
    return PartForm(shape.columns, context)


def _choices(name: str) -> tuple[Choices, bool]:
    """What a column is chosen from, and whether anything else may be written."""
    of = {WHO: _groups, ROUTINE: _routines, STANDARD: _standards, SUPPLIER: supplier_choices, CONTRACT: _contracts,
          CONTACTS: _contacts}  # fmt: skip
    return of[name]() if name in of else (), name in {WHO, ROUTINE}


def _groups() -> Choices:
    return [(value, label) for value, label in group_choices() if value]


def _routines() -> Choices:
    rows = Item.objects.filter(kind__family="routine", presence=Presence.HERE).order_by("name_key", "pk")[:MANY]
    return [(one.reference, one.name) for one in rows]


def _standards() -> Choices:
    return [NOTHING, *((str(one.pk), one.name) for one in StandardChange.objects.all()[:MANY])]


def _contracts() -> Choices:
    rows = Contract.objects.filter(item__presence=Presence.HERE).select_related("item", "supplier__item")[:MANY]
    return [NOTHING, *((one.item.reference, f"{one.supplier.item.name}: {one.item.name}") for one in rows)]


def _contacts() -> Choices:
    people = Contact.objects.filter(ended_at__isnull=True, supplier__item__presence=Presence.HERE)
    named = people.select_related("supplier__item").order_by("supplier__item__name_key", "position", "pk")[:MANY]
    return [(str(one.pk), f"{one.supplier.item.name}: {one}") for one in named]
