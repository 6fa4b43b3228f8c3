"""The index of attribute values and tags, by which lists are filtered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from helhet.items.models import ItemValue, Value, ValueName
from helhet.items.text import FOLD_LIMIT, TAG, attribute_name, fold, number_of, plain_text, scalars
from helhet.kit.engines import engine, insert, table_of

CHUNK = 500
MOSTLY_NEW = 0.5

Key = tuple[str, str]
Pair = tuple[int, str, str]
_TAGS = "\x00tags"


class ValueIndex:
    """Finds or makes the rows for the values of some items: one for each writing.

    What it remembers is right only while its transaction commits.
    """

    def __init__(self) -> None:
        """Empty."""
        self._names: dict[str, int] = {}
        self._values: dict[Key, int] = {}

    def pairs(self, item_id: int, attributes: dict[str, Any], tags: list[str]) -> Iterable[Pair]:
        """(item, label, text) for each value of the item; the label of tags is one that no attribute has."""
        for label, value in attributes.items():
            if value.__class__ is str:
                yield item_id, label, value
            else:
                for scalar in scalars(value):
                    yield item_id, label, plain_text(scalar)
        for tag in tags:
            yield item_id, _TAGS, tag

    def ids_of(self, pairs: Iterable[Pair]) -> dict[str, dict[str, int | None]]:
        """By label and text: the id of the value's row, made where missing; None for a text that folds to nothing."""
        texts: dict[str, dict[str, None]] = {}
        counts: dict[str, int] = {}
        for _item, label, text in pairs:
            if label not in texts:
                texts[label] = {}
                counts[label] = 0
            texts[label][text] = None
            counts[label] += 1
        wanted: dict[Key, str] = {}
        keys: dict[str, dict[str, Key | None]] = {}
        mostly_new: set[str] = set()
        for label, some in texts.items():
            name = TAG if label == _TAGS else attribute_name(label)
            if len(some) > CHUNK and len(some) > counts[label] * MOSTLY_NEW:
                mostly_new.add(name)
            keys[label] = {}
            for text in some:
                folded = fold(text)[:FOLD_LIMIT]
                key = keys[label][text] = (name, folded) if name and folded else None
                if key is not None:
                    wanted.setdefault(key, text)
        self._know(wanted, mostly_new)
        return {
            label: {text: self._values[key] if key is not None else None for text, key in some.items()}
            for label, some in keys.items()
        }

    def _know(self, wanted: dict[Key, str], mostly_new: set[str]) -> None:
        """Read the rows for these keys and make those that are missing. What is `mostly_new`, such as serial numbers,
        is not looked for first.
        """
        self._learn_names({name for name, _fold in wanted})
        self._read([key for key in wanted if key[0] not in mostly_new])
        missing = [key for key in wanted if key not in self._values]
        if missing:
            self._make(missing, wanted)

    def _learn_names(self, names: set[str]) -> None:
        missing = names - self._names.keys()
        if not missing:
            return
        self._names.update(ValueName.objects.filter(name__in=missing).values_list("name", "id"))
        missing -= self._names.keys()
        if missing:
            ValueName.objects.bulk_create(
                [ValueName(name=name, label=name) for name in sorted(missing)], ignore_conflicts=True
            )
            self._names.update(ValueName.objects.filter(name__in=missing).values_list("name", "id"))

    def _make(self, missing: list[Key], texts: dict[Key, str]) -> None:
        """Add rows for new values; where somebody else was first with one, take his."""
        ids = engine().reserve_ids(table_of(Value), len(missing))
        rows = [
            (value_id, self._names[key[0]], key[1], texts[key][:FOLD_LIMIT], number_of(texts[key]))
            for value_id, key in zip(ids, missing, strict=True)
        ]
        made = engine().insert_new_rows(table_of(Value), ["id", "name_id", "fold", "text", "number"], rows, days=())
        if made == len(rows):
            self._values.update(zip(missing, ids, strict=True))
        else:
            self._read(missing)

    def _read(self, keys: list[Key]) -> None:
        by_name: dict[str, list[str]] = {}
        for name, folded in keys:
            by_name.setdefault(name, []).append(folded)
        with connection.cursor() as cursor:
            for name, folds in by_name.items():
                for start in range(0, len(folds), CHUNK):
                    chunk = folds[start : start + CHUNK]
                    cursor.execute(
                        f"SELECT fold, id FROM {table_of(Value)} WHERE name_id = %s AND fold IN "  # noqa: S608 - own names only
                        f"({', '.join(['%s'] * len(chunk))})",
                        [self._names[name], *chunk],
                    )
                    self._values.update(((name, folded), value_id) for folded, value_id in cursor.fetchall())

    def rows(self, pairs: Sequence[Pair]) -> Iterable[tuple[int, int]]:
        """(value's id, item) for pairs, each once."""
        ids = self.ids_of(pairs)
        found = ((ids[label][text], item_id) for item_id, label, text in pairs)
        return dict.fromkeys((value_id, item_id) for value_id, item_id in found if value_id is not None)


def index_values(values: Iterable[tuple[int, dict[str, Any], list[str]]]) -> None:
    """Index the values of items that have none indexed yet: (item id, attributes, tags)."""
    index = ValueIndex()
    pairs = [pair for item_id, attributes, tags in values for pair in index.pairs(item_id, attributes, tags)]
    if pairs:
        insert(ItemValue, ("value", "item"), index.rows(pairs))


def reindex_values(
    changes: Iterable[tuple[int, dict[str, Any], list[str], dict[str, Any], list[str]]],
) -> None:
    """Index items anew: (item id, attributes and tags before, attributes and tags after)."""
    index = ValueIndex()
    before: list[Pair] = []
    after: list[Pair] = []
    for item_id, old_attributes, old_tags, attributes, tags in changes:
        old = dict.fromkeys(index.pairs(item_id, old_attributes, old_tags))
        new = dict.fromkeys(index.pairs(item_id, attributes, tags))
        if old.keys() != new.keys():
            before += old
            after += new
    had, has = dict.fromkeys(index.rows(before)), dict.fromkeys(index.rows(after))
    gone = [row for row in had if row not in has]
    if gone:
        with connection.cursor() as cursor:
            cursor.executemany(
                f"DELETE FROM {table_of(ItemValue)} WHERE value_id = %s AND item_id = %s",  # noqa: S608 - own names only
                gone,
            )
    come = [row for row in has if row not in had]
    if come:
        insert(ItemValue, ("value", "item"), come)
