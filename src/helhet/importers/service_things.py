"""What a part of service documentation from another place names, found here: by keys, by name, by the path of a page.

Where two could be meant, nothing is guessed. In the place that let the part out, references are what they say.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from helhet.documents.origin import mark_of
from helhet.handbook.pointing import pointed_at
from helhet.handbook.shapes import SUPPLIER, WHO
from helhet.handbook.states import FAMILIES
from helhet.handbook.taking import PartTold, Thing
from helhet.importers.resolving import GROUP, ITEM, Resolver
from helhet.importers.work import CHUNK
from helhet.items.filters import reference_condition
from helhet.items.models import Family, Item, Presence, State
from helhet.items.text import fold
from helhet.suppliers.models import Contract


class Found(NamedTuple):
    """The one that is meant; or, in a trial, that it comes with the file; or of how many (`number`) it may be one."""

    item: Item | None = None
    is_coming: bool = False
    number: int = 0


class Things:
    """What many parts name, looked up at once."""

    def __init__(self, resolver: Resolver, told: Sequence[PartTold]) -> None:
        """`resolver` knows the keys of the source and those of others."""
        self._resolver = resolver
        every = [*(one.service for one in told), *(thing for one in told for thing in one.things.values())]
        resolver.learn(ITEM, _asked(every))
        resolver.learn(GROUP, {key for thing in every if thing.sort == "group" for key in thing.keys})
        self._by_name = _named({fold(thing.name) for thing in every if thing.name})
        ids = {pk for thing in every for pk in self._ids_by_key(thing) if pk > 0}
        self._by_id: dict[int, Item] = {}
        for some in _portions(sorted(ids)):
            self._by_id |= {one.pk: one for one in Item.objects.filter(pk__in=some).select_related("kind")}
        here = pointed_at([{WHO: one.service.reference, SUPPLIER: ""} for one in told if one.service.reference])
        self._here = here.items
        numbers = Contract.objects.filter(item__name_fold__in=list(self._by_name))
        self._numbers = dict(numbers.values_list("pk", "number"))

    def is_home(self, told: PartTold) -> bool:
        """Whether this very place let the part out."""
        item = self._here.get(told.service.reference.upper())
        return item is not None and told.home == mark_of(item)

    def service(self, told: PartTold) -> Found:
        """The service or product that it is a part of. One that tells nothing but a reference means that of here."""
        item = self._here.get(told.service.reference.upper())
        if item is not None and (self.is_home(told) or not (told.home or told.service.name or told.service.keys)):
            return Found(item) if item.kind.family in FAMILIES else Found()
        return self.find(told.service)

    def find(self, thing: Thing) -> Found:
        """The thing that keys (or path) and name agree on, else the one that either tells."""
        keyed = self._ids_by_key(thing)
        if any(pk < 0 for pk in keyed):
            return Found(is_coming=True)
        by_key = {pk: self._by_id[pk] for pk in keyed if pk in self._by_id and _is_of(self._by_id[pk], thing.sort)}
        by_name = {one.pk: one for one in self._by_name.get(fold(thing.name), ()) if _is_of(one, thing.sort)}
        both = {pk: one for pk, one in by_key.items() if pk in by_name}
        found = both or ({} if by_key and by_name else by_key or by_name)
        for test in (self._has_number, _is_in_use):
            some = {pk: one for pk, one in found.items() if test(one, thing)}
            found = some if len(found) > 1 and some else found
        return Found(next(iter(found.values()))) if len(found) == 1 else Found(number=len(found or by_key | by_name))

    def here(self, reference: str) -> Item | None:
        """What has this reference here."""
        named = reference_condition(reference)
        return Item.objects.filter(named, presence=Presence.HERE).first() if named is not None else None

    def _ids_by_key(self, thing: Thing) -> set[int]:
        sort = GROUP if thing.sort == "group" else ITEM
        found = {self._resolver.id_of(sort, key) for key in thing.keys}
        return {one for one in (*found, self._resolver.id_of(ITEM, thing.path)) if one is not None}

    def _has_number(self, item: Item, thing: Thing) -> bool:
        return self._numbers.get(item.pk, "") == thing.number


def _asked(things: Iterable[Thing]) -> set[str]:
    return {text for thing in things for text in (thing.path, *thing.keys) if text}


def _named(names: set[str]) -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = {}
    for some in _portions(sorted(names)):
        rows = Item.objects.filter(presence=Presence.HERE, name_fold__in=some).select_related("kind")
        for item in rows.order_by("pk"):
            found.setdefault(item.name_fold, []).append(item)
    return found


def _portions(listed: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (listed[start : start + CHUNK] for start in range(0, len(listed), CHUNK))


def _is_of(item: Item, sort: str) -> bool:
    family, is_supplier = item.kind.family, item.kind.key == "supplier"
    return {
        "service": family in FAMILIES, "group": family == Family.GROUP, "supplier": is_supplier,
        "contract": family == Family.CONTRACT and not is_supplier, "routine": family == Family.ROUTINE,
    }.get(sort, True)  # fmt: skip


def _is_in_use(item: Item, _thing: Thing) -> bool:
    return item.state != State.RETIRED
