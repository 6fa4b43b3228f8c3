"""From a reference in a cell to a thing: a key of the same source, then `source:key`, then a Helhet reference."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q

from helhet.items.models import Item, KeySort, Presence, SourceKey

CHUNK = 500
KEEP = 200_000
REFERENCE = re.compile(r"([A-Za-zÅÄÖåäö]{1,8})-(\d{1,15})\Z")

ITEM, GROUP, CHANGE = map(int, (KeySort.ITEM, KeySort.GROUP, KeySort.CHANGE))


class Resolver:
    """Finds items and groups by what a source calls them. What is not found is asked for anew each time."""

    def __init__(
        self, source_id: int | None, source: str, planned: Mapping[int, Mapping[str, Any]] | None = None
    ) -> None:
        """`planned` gives, by sort, the keys that a trial would make: they count as found, with ids below 0."""
        self._source_id = source_id
        self._source = source
        self._planned = planned or {}
        self._ids: dict[tuple[int, str], int] = {}

    def learn(self, sort: int, texts: Iterable[str | None]) -> None:
        """Look up many at once."""
        if len(self._ids) > KEEP:
            self._ids.clear()
        missing = {text for text in texts if text and (sort, text) not in self._ids}
        missing -= self._by_key(sort, self._source_id, {text: text for text in missing})
        self._plan(sort, missing)
        missing = {text for text in missing if (sort, text) not in self._ids}
        if missing:
            self._by_source(sort, missing)
            self._by_reference(sort, {text for text in missing if (sort, text) not in self._ids})

    def id_of(self, sort: int, text: str | None) -> int | None:
        """The id of what was learnt; None when nothing is known by this text. Below 0 for what is only planned."""
        return self._ids.get((sort, text)) if text else None

    def find(self, sort: int, text: str | None) -> int | None:
        """Look up one."""
        self.learn(sort, [text])
        return self.id_of(sort, text)

    def remember(self, sort: int, keys: Iterable[str], ids: Iterable[int]) -> None:
        """What was just made. To be forgotten when the transaction fails, by making a new resolver."""
        self._ids.update(zip(((sort, key) for key in keys), ids, strict=True))

    def _plan(self, sort: int, texts: set[str]) -> None:
        planned = self._planned.get(sort)
        if planned:
            self._ids.update({(sort, text): -1 - planned[text] for text in texts if text in planned})

    def _by_key(self, sort: int, source_id: int | None, texts: Mapping[str, str]) -> set[str]:
        """Keys of one source, each for the text that it stands for; returns the texts found."""
        found: set[str] = set()
        if source_id is None:
            return found
        keys = list(texts)
        for start in range(0, len(keys), CHUNK):
            rows = SourceKey.objects.filter(source_id=source_id, sort=sort, key__in=keys[start : start + CHUNK])
            for key, item_id in rows.filter(item__presence=Presence.HERE).values_list("key", "item_id"):
                self._ids[sort, texts[key]] = item_id
                found.add(texts[key])
        return found

    def _by_source(self, sort: int, texts: set[str]) -> None:
        by_source: dict[str, dict[str, str]] = {}
        for text in texts:
            name, colon, key = text.partition(":")
            if colon and key:
                by_source.setdefault(name.strip(), {})[key.strip()] = text
        if not by_source:
            return
        from_db = SourceKey.objects.filter(source__name__in=list(by_source)).values_list("source__name", "source_id")
        for name, source_id in from_db.distinct():
            self._by_key(sort, source_id, by_source[name])
        if self._source in by_source:
            self._plan_own(sort, by_source[self._source])

    def _plan_own(self, sort: int, texts: Mapping[str, str]) -> None:
        planned = self._planned.get(sort, {})
        self._ids.update({(sort, text): -1 - planned[key] for key, text in texts.items() if key in planned})

    def _by_reference(self, sort: int, texts: set[str]) -> None:
        named = {text: found for text in texts if (found := REFERENCE.match(text))}
        wanted = {(found[1].upper(), int(found[2])): text for text, found in named.items()}
        pairs = list(wanted)
        for start in range(0, len(pairs), 100):
            either = Q()
            for prefix, number in pairs[start : start + 100]:
                either |= Q(prefix=prefix, number=number)
            rows = Item.objects.filter(either)
            if sort == GROUP:
                rows = rows.filter(as_group__isnull=False)
            elif sort == CHANGE:
                rows = rows.filter(as_change__isnull=False)
            for row in rows.values_list("prefix", "number", "id", "presence", "merged_into_id"):
                item_id = standing(*row[2:])
                if item_id is not None:
                    self._ids[sort, wanted[row[0], row[1]]] = item_id


def standing(item_id: int | None, presence: int, merged_into: int | None) -> int | None:
    """The item itself, or what it was merged into."""
    for _step in range(100):
        if presence == Presence.HERE or item_id is None:
            return item_id
        if presence != Presence.MERGED or merged_into is None:
            return None
        row = Item.objects.filter(pk=merged_into).values_list("id", "presence", "merged_into_id").first()
        if row is None:
            return None
        item_id, presence, merged_into = row
    return None
