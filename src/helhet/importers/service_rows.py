"""The rows of a part of service documentation from another place, as this place keeps them.

What a cell named and is not here is left out of it, or stands as text where the part takes text; a row that cannot do
without it is left out whole. Each is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _

from helhet.changes.models import StandardChange
from helhet.handbook.fields import checked
from helhet.handbook.pointing import REFERENCES
from helhet.handbook.shapes import CONTACTS, SHAPES, STANDARD, SUPPLIER, WHO
from helhet.handbook.taking import PartTold, Person, Thing
from helhet.importers.service_things import Found, Things
from helhet.items.models import Item
from helhet.rules.rows import Fault, Row
from helhet.suppliers.models import Contact


class Astray(NamedTuple):
    """What of a part could not be taken as it was: at which field, what it said, and why, by a code of `texts`."""

    field: str
    value: str
    code: str
    params: dict[str, Any]


@dataclass(slots=True)
class Translation:
    """The rows of one part on their way; `numbers` are their places in what was given."""

    told: PartTold
    things: Things
    service: Item
    is_home: bool
    rows: list[Row] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    astray: list[Astray] = field(default_factory=list)

    def left_out(self, at: int, column: str, value: str, why: str) -> None:
        """A cell (or, without a column, a row) is not as it was."""
        params = {"row": self.numbers[at] + 1, "label": self.label(column), "told": why}
        code = "part_cell" if column else "part_row"
        self.astray.append(Astray(self.where(at, column), value, code, params))

    def where(self, at: int, column: str) -> str:
        """The place in what was given."""
        return f"fields.rows.{self.numbers[at]}" + (f".{column}" if column else "")

    def label(self, column: str) -> str:
        """What people call the column."""
        return SHAPES[self.told.part].labels().get(column, column)


def translated(
    told: PartTold, raw: dict[str, Any] | None, things: Things, service: Item
) -> tuple[dict[str, Any] | None, list[Astray]]:
    """The fields as this place keeps them, and what is not as it was. None: the page tells of none."""
    if raw is None:
        return None, []
    rows = raw.get("rows")
    has_rows = bool(SHAPES[told.part].columns)
    _rows, faults = checked(told.part, {**raw, "rows": []} if has_rows else raw)
    beside = [Astray("fields", words, "fields_refused", {"told": words}) for _fault, words in faults]
    if not has_rows:
        return {}, beside
    if not isinstance(rows, list) or not all(isinstance(one, dict) for one in rows):
        why = _("The rows cannot be read.")
        return None, [*beside, Astray("fields", why, "fields_refused", {"told": why})]
    work = Translation(
        told, things, service, things.is_home(told), [dict(one) for one in rows], [*range(len(rows))], beside
    )  # fmt: skip
    if not work.is_home:
        for at, row in enumerate(work.rows):
            _point(work, at, row)
    whole = _clean(work)
    if whole:
        return None, [*work.astray, Astray("fields", whole, "fields_refused", {"told": whole})]
    return {"rows": work.rows}, work.astray


def _point(work: Translation, at: int, row: Row) -> None:
    """Let the cells of a row point at what is here."""
    for name in REFERENCES:
        thing = work.told.things.get(str(row.get(name) or ""))
        if thing is not None:
            row[name] = _cell(work, at, name, thing)
    if row.get(STANDARD):
        row[STANDARD] = _standard(work, at, str(row[STANDARD]))
    if isinstance(row.get(CONTACTS), list):
        row[CONTACTS] = list(_contacts(work, at, row))


def _cell(work: Translation, at: int, column: str, thing: Thing) -> str:
    found = work.things.find(thing)
    if found.item is not None:
        return found.item.reference
    said = f"{thing.name} ({thing.reference})" if thing.name else thing.reference
    if column == WHO:
        text = thing.name or thing.reference
        params = {"row": work.numbers[at] + 1, "label": work.label(column), "told": _why(found)}
        work.astray.append(Astray(work.where(at, column), said, "part_words", params))
        return text
    if column == SUPPLIER:
        # The row cannot do without it, and is to say what it was when it is left out.
        return thing.name or thing.reference
    if not found.is_coming:
        work.left_out(at, column, said, _why(found))
    return ""


def _why(found: Found) -> str:
    return _("Several things here are called so.") if found.number > 1 else _("Nothing here is called so.")


def _standard(work: Translation, at: int, text: str) -> str:
    name = work.told.standards.get(text, "")
    of = Q(item=work.service) | Q(kind_id=work.service.kind_id)
    named = list(StandardChange.objects.filter(name=name)[:2]) if name else []
    own = list(StandardChange.objects.filter(of, name=name)[:2]) if len(named) > 1 else named
    if len(own) == 1:
        return str(own[0].pk)
    work.left_out(at, STANDARD, name or text, _why(Found(number=len(named))))
    return ""


def _contacts(work: Translation, at: int, row: Row) -> Iterator[str]:
    supplier = work.things.here(str(row.get(SUPPLIER) or ""))
    for text in map(str, row[CONTACTS]):
        one = work.told.contacts.get(text, Person(""))
        found = list(
            Contact.objects.filter(supplier_id=supplier.pk, role=one.role, name=one.name, ended_at=None)[:2]
            if supplier is not None
            else ()
        )
        if len(found) == 1:
            yield str(found[0].pk)
        else:
            said = ", ".join(filter(None, one)) or text
            work.left_out(at, CONTACTS, said, _why(Found(number=len(found))))


def _clean(work: Translation) -> str:
    """Leave out what the part does not take; returns what is wrong with the whole."""
    needed = {column.name for column in SHAPES[work.told.part].columns if column.required}
    while True:
        rows, faults = checked(work.told.part, {"rows": work.rows})
        if not faults:
            work.rows = rows
            return ""
        whole = next((words for fault, words in faults if fault.row < 0), "")
        if whole:
            return whole
        # Each time at least one cell or row is left out, so that this ends.
        _without(work, faults, needed)


def _without(work: Translation, faults: list[tuple[Fault, str]], needed: set[str]) -> None:
    gone: set[int] = set()
    for fault, words in faults:
        row = work.rows[fault.row]
        if fault.column in needed:
            if fault.row not in gone:
                said = "; ".join(f"{name}: {value}" for name, value in row.items() if value not in (None, "", []))
                work.left_out(fault.row, "", said, words)
            gone.add(fault.row)
        elif fault.row not in gone:
            work.left_out(fault.row, fault.column, str(row.pop(fault.column, "")), words)
    kept = [at for at in range(len(work.rows)) if at not in gone]
    work.rows, work.numbers = [work.rows[at] for at in kept], [work.numbers[at] for at in kept]
