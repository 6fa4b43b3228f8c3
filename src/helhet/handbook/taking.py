"""What goes with a part of service documentation that is let out, and what a page says of the part that it was.

Rows point at things by the references of one place. Beside them stands what each thing is called, so that another place
finds its own: by the keys of its sources, its name, or, of a routine that is let out too, the path of its page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from helhet.documents.models import Document, Sort
from helhet.documents.origin import mark_of
from helhet.handbook.models import Part
from helhet.handbook.pointing import REFERENCES, Pointed, pointed_at, rows_of
from helhet.handbook.shapes import CONTACTS, SHAPES, STANDARD
from helhet.items.models import Family, Item, SourceKey
from helhet.kit.errors import Invalid
from helhet.rules.rows import Row
from helhet.suppliers.models import Contact

NAME = "part"
"""Under what the port tells of a part."""
SORTS = ("service", "group", "supplier", "contract", "routine", "item")
"""What a thing is found among."""


class Thing(NamedTuple):
    """What something was called where it came from. `path` is that of a routine's page, `number` a contract's."""

    reference: str
    sort: str
    name: str
    keys: tuple[str, ...] = ()
    path: str = ""
    number: str = ""


class Person(NamedTuple):
    """A contact of a supplier, by role and name."""

    role: str
    name: str = ""


class PartTold(NamedTuple):
    """What a page says of the part that it was.

    `home` marks the place that let it out: there references are what they say. `revision` and `edition` are the
    document's number and version then. `things`, `contacts` and `standards` are by how the rows write them.
    """

    part: str
    service: Thing
    home: str = ""
    revision: int = 0
    edition: str = ""
    things: Mapping[str, Thing] = {}
    contacts: Mapping[str, Person] = {}
    standards: Mapping[str, str] = {}


class Known(NamedTuple):
    """What the rows of many parts point at, with keys by item, contacts by number and paths by document."""

    found: Pointed
    keys: Mapping[int, tuple[str, ...]]
    contacts: Mapping[str, Contact]
    paths: Mapping[int, str]


def told(documents: Sequence[Document], paths: Mapping[int, str]) -> dict[int, dict[str, Any]]:
    """Fills `documents.beside`: which part it is, of what, and what its rows point at."""
    parts = [one for one in documents if one.sort == Sort.DOCUMENTATION and one.part in SHAPES]
    rows = {one.pk: rows_of((one.published or one.draft).fields) for one in parts}
    found = pointed_at(row for some in rows.values() for row in some)
    keys = _keys([*found.items.values(), *(one.item for one in parts)])
    chosen = {str(one) for some in rows.values() for row in some for one in row.get(CONTACTS) or ()}
    numbers = [one for one in chosen if one.isascii() and one.isdigit() and len(one) < 16]
    contacts = {str(one.pk): one for one in Contact.objects.filter(pk__in=numbers)}
    known = Known(found, keys, contacts, paths)
    return {one.pk: {NAME: _part(one, rows[one.pk], known)} for one in parts}


def _keys(items: Iterable[Item]) -> dict[int, tuple[str, ...]]:
    """By item its keys as `source:key`. Routines are pages, whose keys are the paths that they happened to have."""
    ids = {one.pk for one in items if one.kind.family != Family.ROUTINE}
    found: dict[int, tuple[str, ...]] = {}
    rows = SourceKey.objects.filter(item_id__in=ids).order_by("source__name", "key")
    for pk, source, key in rows.values_list("item_id", "source__name", "key"):
        found[pk] = (*found.get(pk, ()), f"{source}:{key}")
    return found


def _part(document: Document, rows: Sequence[Row], known: Known) -> dict[str, Any]:
    found, service = known.found, document.item
    told: dict[str, Any] = {
        "name": document.part, "service": service.name, "keys": list(known.keys.get(service.pk, ())),
        "home": mark_of(service), "revision": document.version,
    }  # fmt: skip
    things = {str(row[name]): found.item(str(row[name])) for row in rows for name in REFERENCES if row.get(name)}
    chosen = [str(one) for row in rows for one in row.get(CONTACTS) or ()]
    standards = {str(row[STANDARD]): found.standards.get(str(row[STANDARD])) for row in rows if row.get(STANDARD)}
    beside = {
        # One that leads nowhere is told too: its number means another thing, or none, where it arrives.
        "things": {text: _thing(item, known) for text, item in things.items() if item or _is_number(text)},
        "contacts": {one: _contact(known.contacts[one]) for one in chosen if one in known.contacts},
        "standards": {text: one.name for text, one in standards.items() if one is not None},
    }
    return {name: value for name, value in (told | beside).items() if value not in ([], {})}


def _is_number(text: str) -> bool:
    before, _dash, after = text.rpartition("-")
    return before.isalpha() and after.isdigit()


def _thing(item: Item | None, known: Known) -> dict[str, Any]:
    if item is None:
        return {}
    found = known.found
    contract = found.contracts.get(item.pk)
    facts: dict[str, Any] = {"sort": _sort_of(item, found), "name": item.name, "keys": [*known.keys.get(item.pk, ())]}
    facts["path"] = known.paths.get(found.written.get(item.pk, 0), "")
    facts["number"] = contract.number if contract is not None else ""
    return {name: value for name, value in facts.items() if value}


def _sort_of(item: Item, found: Pointed) -> str:
    if item.pk in found.groups:
        return "group"
    if item.pk in found.contracts:
        return "contract"
    if item.kind.key == "supplier":
        return "supplier"
    return "routine" if item.kind.family == Family.ROUTINE else "item"


def _contact(contact: Contact) -> dict[str, str]:
    return {"role": contact.role} | ({"name": contact.name} if contact.name else {})


def read_told(raw: Mapping[str, Any], document: object, edition: object) -> PartTold:
    """The same read back; `document` and `edition` are the address and version that the page tells. Raises Invalid."""
    part = raw.get("name")
    if part not in Part.values:
        raise Invalid(
            _("There is no part %(part)s.") % {"part": str(part)[:40]},
            todo=_("Choose one of: %(keys)s.") % {"keys": ", ".join(Part.values)}, field="name",
        )  # fmt: skip
    revision = raw.get("revision")
    service = Thing(_line(document).partition("/")[0], "service", _line(raw.get("service")), _texts(raw.get("keys")))
    return PartTold(
        str(part), service, _line(raw.get("home")), revision if type(revision) is int else 0, _line(edition),
        {text: _read_thing(text, one) for text, one in _objects(raw.get("things"))},
        {text: Person(_line(one.get("role")), _line(one.get("name"))) for text, one in _objects(raw.get("contacts"))},
        {text: _line(name) for text, name in _mapping(raw.get("standards")).items()},
    )  # fmt: skip


def _read_thing(text: str, raw: Mapping[str, Any]) -> Thing:
    sort = raw.get("sort")
    return Thing(
        text, sort if sort in SORTS else "item", _line(raw.get("name")), _texts(raw.get("keys")),
        _line(raw.get("path")), _line(raw.get("number")),
    )  # fmt: skip


def _mapping(raw: object) -> dict[str, Any]:
    return {str(name): value for name, value in raw.items()} if isinstance(raw, Mapping) else {}


def _objects(raw: object) -> list[tuple[str, Mapping[str, Any]]]:
    return [(name, value if isinstance(value, Mapping) else {}) for name, value in _mapping(raw).items()]


def _line(raw: object) -> str:
    """A name as text, one that YAML took for a number too."""
    is_plain = isinstance(raw, str | int | float) and not isinstance(raw, bool)
    return " ".join(str(raw).replace("\x00", "").split())[:700] if is_plain else ""


def _texts(raw: object) -> tuple[str, ...]:
    return tuple(one for one in map(_line, raw) if one) if isinstance(raw, list) else ()
