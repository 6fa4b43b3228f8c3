"""The index of attribute values and tags, by which lists are filtered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection

from helhet.items.models import ItemValue, Value, ValueName
from helhet.items.text import FOLD_LIMIT, TAG, attribute_name, fold, number_of, plain_text, scalars
from helhet.kit.engines import engine, insert, table_of

CACHE_LIMIT = 200_000
CHUNK = 500

Key = tuple[int, str]


class ValueIndex:
    """Finds or makes the rows for values. One may serve a whole import: it remembers names and common values.

    What it remembers is right only while its transactions commit; make a new one after a rollback.
    """

    def __init__(self) -> None:
        """Empty."""
        self._names: dict[str, int] = {}
        self._values: dict[Key, int] = {}

    def pairs(self, item_id: int, attributes: dict[str, Any], tags: list[str]) -> Iterable[tuple[int, str, str, str]]:
        """(item, name, fold, text) for each value of the item, each value once."""
        seen = set()
        for label, value in attributes.items():
            name = attribute_name(label)
            for scalar in scalars(value):
                text = plain_text(scalar)
                folded = fold(text)[:FOLD_LIMIT]
                if name and folded and (name, folded) not in seen:
                    seen.add((name, folded))
                    yield item_id, name, folded, text
        for tag in tags:
            folded = fold(tag)[:FOLD_LIMIT]
            if folded and (TAG, folded) not in seen:
                seen.add((TAG, folded))
                yield item_id, TAG, folded, tag

    def ids_of(self, wanted: dict[tuple[str, str], str]) -> dict[tuple[str, str], int]:
        """(name, fold) to the id of its row, made where missing; `wanted` gives the text of each."""
        self._learn_names({name for name, _fold in wanted})
        keys = {(self._names[name], folded): text for (name, folded), text in wanted.items()}
        missing = [key for key in keys if key not in self._values]
        if len(self._values) > CACHE_LIMIT:
            kept = {key: self._values[key] for key in keys if key in self._values}
            self._values = kept
        self._read(missing)
        missing = [key for key in missing if key not in self._values]
        if missing:
            self._make(missing, keys)
        return {(name, folded): self._values[self._names[name], folded] for name, folded in wanted}

    def _learn_names(self, names: set[str]) -> None:
        missing = names - self._names.keys()
        if missing:
            ValueName.objects.bulk_create([ValueName(name=name, label=name) for name in missing], ignore_conflicts=True)
            self._names.update(ValueName.objects.filter(name__in=missing).values_list("name", "id"))

    def _make(self, missing: list[Key], texts: dict[Key, str]) -> None:
        """Add rows for new values; where somebody else was first with one, take his."""
        ids = engine().reserve_ids(table_of(Value), len(missing))
        rows = [
            (value_id, name_id, folded, texts[name_id, folded][:FOLD_LIMIT], number_of(texts[name_id, folded]))
            for value_id, (name_id, folded) in zip(ids, missing, strict=True)
        ]
        made = engine().insert_new_rows(table_of(Value), ["id", "name_id", "fold", "text", "number"], rows)
        if made == len(rows):
            self._values.update((row[1:3], row[0]) for row in rows)
        else:
            self._read(missing)

    def _read(self, keys: list[Key]) -> None:
        by_name: dict[int, list[str]] = {}
        for name_id, folded in keys:
            by_name.setdefault(name_id, []).append(folded)
        with connection.cursor() as cursor:
            for name_id, folds in by_name.items():
                for start in range(0, len(folds), CHUNK):
                    chunk = folds[start : start + CHUNK]
                    cursor.execute(
                        f"SELECT fold, id FROM {table_of(Value)} WHERE name_id = %s AND fold IN "  # noqa: S608 - own names only
                        f"({', '.join(['%s'] * len(chunk))})",
                        [name_id, *chunk],
                    )
                    self._values.update(((name_id, folded), value_id) for folded, value_id in cursor.fetchall())

    def add(self, values: Iterable[tuple[int, dict[str, Any], list[str]]]) -> None:
        """Index the values of items that have none indexed yet: (item id, attributes, tags)."""
        pairs = [pair for item_id, attributes, tags in values for pair in self.pairs(item_id, attributes, tags)]
        ids = self.ids_of({(name, folded): text for _item, name, folded, text in pairs}) if pairs else {}
        insert(ItemValue, ("value", "item"), ((ids[name, folded], item_id) for item_id, name, folded, _text in pairs))


def index_values(values: Iterable[tuple[int, dict[str, Any], list[str]]]) -> None:
    """Index the values of new items."""
    ValueIndex().add(values)


def reindex_values(
    changes: Iterable[tuple[int, dict[str, Any], list[str], dict[str, Any], list[str]]],
) -> None:
    """Index items anew: (item id, attributes and tags before, attributes and tags after)."""
    index = ValueIndex()
    gone: list[tuple[int, str, str, str]] = []
    come: list[tuple[int, str, str, str]] = []
    for item_id, old_attributes, old_tags, attributes, tags in changes:
        old = {pair[:3]: pair for pair in index.pairs(item_id, old_attributes, old_tags)}
        new = {pair[:3]: pair for pair in index.pairs(item_id, attributes, tags)}
        gone += [pair for key, pair in old.items() if key not in new]
        come += [pair for key, pair in new.items() if key not in old]
    if gone:
        ids = index.ids_of({(name, folded): text for _item, name, folded, text in gone})
        with connection.cursor() as cursor:
            cursor.executemany(
                f"DELETE FROM {table_of(ItemValue)} WHERE value_id = %s AND item_id = %s",  # noqa: S608 - own names only
                [(ids[name, folded], item_id) for item_id, name, folded, _text in gone],
            )
    if come:
        ids = index.ids_of({(name, folded): text for _item, name, folded, text in come})
        insert(ItemValue, ("value", "item"), ((ids[name, folded], item_id) for item_id, name, folded, _text in come))
