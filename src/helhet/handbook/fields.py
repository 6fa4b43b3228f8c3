"""The fields of a part, cleaned: their shape by `rules/rows.py`, and what they point at looked up.

Fills `documents.fields`. A support path and a task name roles and groups, never people: whoever reads them at night
must not end at somebody who has left.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from helhet.changes.models import StandardChange
from helhet.documents.models import Sort
from helhet.groups.models import Group, Person
from helhet.handbook.pointing import pointed_at
from helhet.handbook.shapes import CONTACTS, CONTRACT, ROUTINE, SHAPES, STANDARD, SUPPLIER, WHO, Shape
from helhet.items.models import Item, Presence
from helhet.items.text import fold
from helhet.kit.errors import Faulty
from helhet.kit.rows_form import fault_words
from helhet.rules.names import Names
from helhet.rules.rows import Fault, Row, Wrong, places_of, read_rows
from helhet.suppliers.models import Contact, Contract

_UNKNOWN = Wrong.UNKNOWN


def clean(sort: str, part: str, raw: object) -> dict[str, Any] | None:
    """The fields as they are kept, None when they are not of a part. Raises Faulty that names each row and column."""
    if sort != Sort.DOCUMENTATION or part not in SHAPES:
        return None
    rows, faults = checked(part, raw)
    if faults:
        fault, words = faults[0]
        label = SHAPES[part].labels().get(fault.column, fault.column)
        place = _("Row %(row)d, %(label)s") % {"row": fault.row + 1, "label": label} if fault.row >= 0 else ""
        told = [{"field": _place_of(one), "message": why} for one, why in faults]
        raise Faulty(told, message=f"{place}: {words}" if place else words, where=fault.column)
    return {"rows": rows} if SHAPES[part].columns else {}


def _place_of(fault: Fault) -> str:
    """Where it stands in what a program sent."""
    parts = ["structured", *(["rows"] if fault.row >= 0 or not fault.column else [])]
    return ".".join([*parts, *([str(fault.row)] if fault.row >= 0 else []), *filter(None, [fault.column])])


def checked(part: str, raw: object) -> tuple[list[Row], list[tuple[Fault, str]]]:
    """The rows cleaned, and every fault in words, at the row and column of what was given."""
    shape = SHAPES[part]
    given = raw.get("rows") if isinstance(raw, dict) else raw
    if isinstance(raw, dict) and (unknown := sorted(set(raw) - {"rows"})):
        name = str(unknown[0])[:40]
        return [], [(Fault(_UNKNOWN, column=name), _("There is no field %(name)s here.") % {"name": name})]
    if not shape.columns and given:
        return [], [(Fault(what=_UNKNOWN), _("The description has no rows; write it as text."))]
    rows, faults = read_rows(given, shape.columns)
    if faults:
        return rows, [(fault, fault_words(fault)) for fault in faults]
    return rows, _astray(shape, rows, places_of(given, shape.columns))


def _astray(shape: Shape, rows: list[Row], places: list[int]) -> list[tuple[Fault, str]]:
    """What points at nothing, at its place in what was given; groups that were written by name become references."""
    names = {column.name for column in shape.columns}
    if WHO in names:
        _name_groups(rows)
    found = pointed_at(rows)
    people = _people(rows, names) if WHO in names else {}
    wrong: list[tuple[Fault, str]] = []
    for place, row in zip(places, rows, strict=True):
        for name, words in _faults_of(row, names, found.item, people):
            wrong.append((Fault(_UNKNOWN, place, name), words))
    return wrong


def _faults_of(row: Row, names: set[str], item_of: Any, people: Mapping[str, str]) -> list[tuple[str, str]]:
    wrong: list[tuple[str, str]] = []
    if row.get(ROUTINE) and _family(item_of(row[ROUTINE])) != "routine":
        wrong.append((ROUTINE, _("There is no routine %(text)s.") % {"text": row[ROUTINE]}))
    if name := people.get(str(row.get(WHO) or "")):
        wrong.append((WHO, _("%(name)s is a person. Write a role or a group.") % {"name": name}))
    if name := people.get(str(row.get("contact") or "")):
        words = _("%(name)s is a person. Write a number or an address that stays when people leave.")
        wrong.append(("contact", words % {"name": name}))
    if STANDARD in names and row.get(STANDARD) and not _is_standard(row[STANDARD]):
        wrong.append((STANDARD, _("There is no standard change %(text)s.") % {"text": row[STANDARD]}))
    if SUPPLIER in names:
        wrong += _of_supplier(row, item_of)
    return wrong


def _of_supplier(row: Row, item_of: Any) -> list[tuple[str, str]]:
    supplier = item_of(row[SUPPLIER])
    if supplier is None or supplier.kind.key != "supplier":
        return [(SUPPLIER, _("There is no supplier %(text)s.") % {"text": row[SUPPLIER]})]
    row[SUPPLIER] = supplier.reference
    if row.get(CONTRACT):
        contract = item_of(row[CONTRACT])
        own = contract and Contract.objects.filter(pk=contract.pk, supplier_id=supplier.pk).exists()
        if not own:
            told = {"contract": row[CONTRACT], "supplier": supplier.name}
            return [(CONTRACT, _("%(contract)s is not a contract with %(supplier)s.") % told)]
        row[CONTRACT] = contract.reference
    numbers = [one for one in row.get(CONTACTS) or () if str(one).isascii() and str(one).isdigit() and len(one) < 16]
    known = set(Contact.objects.filter(supplier_id=supplier.pk, pk__in=numbers).values_list("pk", flat=True))
    if len(numbers) != len(row.get(CONTACTS) or ()) or len(known) != len(numbers):
        return [(CONTACTS, _("Choose among the contacts of %(supplier)s.") % {"supplier": supplier.name})]
    return []


def _family(item: Item | None) -> str:
    return item.kind.family if item is not None else ""


def _is_standard(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 16 and StandardChange.objects.filter(pk=text).exists()


def _name_groups(rows: list[Row]) -> None:
    """A group written by its whole name is kept by its reference, which outlives the name."""
    words = {fold(row[WHO]) for row in rows if row.get(WHO)}
    known: dict[str, list[str]] = {}
    for group in Group.objects.filter(item__presence=Presence.HERE, item__name_fold__in=words).select_related("item"):
        known.setdefault(group.item.name_fold, []).append(group.reference)
    for row in rows:
        references = known.get(fold(row.get(WHO) or ""), [])
        if len(references) == 1:
            row[WHO] = references[0]


def _people(rows: list[Row], columns: set[str]) -> dict[str, str]:
    """The cells that name a person of the register, with the name; who is asked may be told by no address either.

    A number or an address in `contact` is taken also where it is somebody's: in a house of few the duty telephone is,
    and it may stay when he leaves. When it does not, the path is a finding on the day that he has left.
    """
    who = {str(row[WHO]) for row in rows if row.get(WHO)}
    cells = who | {str(row["contact"]) for row in rows if "contact" in columns and row.get("contact")}
    if not cells:
        return {}
    names = Names(Person.objects.values_list("name", flat=True))
    mailed = set(Person.objects.filter(email__in=[one.lower() for one in who]).values_list("email", flat=True))
    found = {cell: names.within(cell) for cell in cells}
    return {cell: name for cell, name in found.items() if name} | {one: one for one in who if one.lower() in mailed}
