"""What the cells of parts point at, found for many cells at once: routines, groups, suppliers, contracts, contacts and
standard changes. What is no longer there is shown as it was written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from helhet.changes.models import StandardChange
from helhet.documents.models import Document
from helhet.groups.models import Group
from helhet.handbook.shapes import CONTACTS, CONTRACT, ROUTINE, STANDARD, SUPPLIER, WHO
from helhet.items.filters import reference_condition
from helhet.items.models import Family, Item, Presence
from helhet.rules.rows import Row
from helhet.suppliers.models import Contact, Contract

REFERENCES = (ROUTINE, WHO, SUPPLIER, CONTRACT)
STEPS = 20
CHUNK = 400


@dataclass(slots=True)
class Pointed:
    """Everything that some rows point at, by how the rows write it. `written` is the document of a routine's item."""

    items: dict[str, Item] = field(default_factory=dict)
    groups: dict[int, Group] = field(default_factory=dict)
    contracts: dict[int, Contract] = field(default_factory=dict)
    contacts: dict[int, list[Contact]] = field(default_factory=dict)
    standards: dict[str, StandardChange] = field(default_factory=dict)
    written: dict[int, int] = field(default_factory=dict)

    def item(self, text: str) -> Item | None:
        """The item that a reference names."""
        return self.items.get(text.strip().upper()) if text else None

    def called(self, row: Row) -> list[Contact]:
        """The contacts of a row's supplier (of the step's, in a support path), in the order of calling."""
        found = self.item(row.get(SUPPLIER) or row.get(WHO) or "")
        standing = self.contacts.get(found.pk, []) if found else []
        chosen = set(row.get(CONTACTS) or ())
        return [one for one in standing if str(one.pk) in chosen] if chosen else standing


def pointed_at(rows: Iterable[Row]) -> Pointed:
    """What the rows point at, in at most seven questions however many they are."""
    rows = list(rows)
    found = Pointed(_items({str(row[name]) for row in rows for name in REFERENCES if row.get(name)}))
    ids = [item.pk for item in found.items.values()]
    if ids:
        found.groups = {one.pk: one for one in Group.objects.filter(pk__in=ids).select_related("item")}
        found.contracts = {
            one.pk: one
            for one in Contract.objects.filter(pk__in=ids)
            .select_related("item", "supplier__item")
            .prefetch_related("levels")
        }
        routines = [item.pk for item in found.items.values() if item.kind.family == Family.ROUTINE]
        if routines:
            documents = Document.objects.filter(item_id__in=routines, part="")
            found.written = dict(documents.values_list("item_id", "pk"))
        for contact in Contact.objects.filter(supplier_id__in=ids, ended_at__isnull=True):
            found.contacts.setdefault(contact.supplier_id, []).append(contact)
    numbers = {str(row[STANDARD]) for row in rows if row.get(STANDARD)}
    if numbers:
        chosen = StandardChange.objects.filter(pk__in=[int(one) for one in numbers if one.isdigit() and len(one) < 16])
        found.standards = {str(one.pk): one for one in chosen.prefetch_related("versions")}
    return found


def _items(texts: set[str]) -> dict[str, Item]:
    """The items by their references; of a merged one, what it became."""
    wanted: dict[str, set[int]] = {}
    written: dict[str, tuple[str, int]] = {}
    for text in texts:
        if reference_condition(text) is not None:
            prefix, _dash, number = text.strip().upper().rpartition("-")
            written[text] = prefix, int(number)
            wanted.setdefault(prefix, set()).add(int(number))
    rows: dict[tuple[str, int], Item] = {}
    for prefix, numbers in wanted.items():
        some = sorted(numbers)
        # SQLite takes no condition of thousands of alternatives.
        for start in range(0, len(some), CHUNK):
            found_here = Item.objects.filter(prefix=prefix, number__in=some[start : start + CHUNK])
            rows.update({(one.prefix, one.number): one for one in found_here.select_related("kind")})
    found: dict[str, Item] = {}
    for text, pair in written.items():
        item = _standing(rows.get(pair))
        if item is not None:
            found[text.strip().upper()] = item
    return found


def _standing(item: Item | None) -> Item | None:
    for _step in range(STEPS):
        if item is None or item.presence != Presence.MERGED or item.merged_into_id is None:
            break
        item = Item.objects.select_related("kind").get(pk=item.merged_into_id)
    return item if item is not None and item.presence == Presence.HERE else None


def rows_of(fields: object) -> Sequence[Row]:
    """The rows in a version's or draft's fields."""
    rows = fields.get("rows") if isinstance(fields, dict) else None
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
