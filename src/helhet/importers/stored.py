"""What a source has given so far: keys and digests by noun, against which a file is held."""

from __future__ import annotations

from django.db import connection

from helhet.importers.models import Statement
from helhet.items.models import Item, KeySort, SourceKey
from helhet.kit.engines import table_of

FETCH = 5_000
SORTS = {"items": KeySort.ITEM, "groups": KeySort.GROUP, "changes": KeySort.CHANGE, "pages": KeySort.ITEM}


class Stored:
    """Keys to digests, a noun at a time, read when first asked for.

    A key is taken out when the file has it, so that what is left at the end is what the file lacks. A digest of None
    never equals: the row must be looked at, since it had vanished, or somebody altered what it gave, or its item has
    another key of the same source, and only the file tells which of them decides.
    """

    def __init__(self, source_id: int | None) -> None:
        """`source_id` is None for a source that is not known yet."""
        self._source_id = source_id
        self._nouns: dict[str, dict[str, int | None]] = {}

    def of(self, noun: str) -> dict[str, int | None]:
        """What is not yet seen of this noun."""
        if noun not in self._nouns:
            self._nouns[noun] = self._load(noun)
        return self._nouns[noun]

    def _load(self, noun: str) -> dict[str, int | None]:
        found: dict[str, int | None] = {}
        if self._source_id is None:
            return found
        if noun in SORTS:
            table, column, value = table_of(SourceKey), "sort", int(SORTS[noun])
        else:
            table, column, value = table_of(Statement), "noun", noun  # type: ignore[assignment]
        with connection.chunked_cursor() as cursor:
            cursor.execute(
                f"SELECT key, CASE WHEN not_seen_since IS NULL THEN digest END FROM {table} "  # noqa: S608 - own names only
                f"WHERE source_id = %s AND {column} = %s",
                [self._source_id, value],
            )
            while rows := cursor.fetchmany(FETCH):
                found.update(rows)
        if noun in {"items", "pages"}:
            found |= dict.fromkeys(twins_of(self._source_id))
        return found


def twins_of(source_id: int) -> list[str]:
    """Keys of items that others of the same source were merged into."""
    kept = Item.objects.filter(merged_into__isnull=False).order_by().values("merged_into")
    keys = SourceKey.objects.filter(source_id=source_id, sort=KeySort.ITEM, item_id__in=kept).order_by("id")
    of: dict[int, list[str]] = {}
    for item_id, key in keys.values_list("item_id", "key"):
        of.setdefault(item_id, []).append(key)
    return [key for some in of.values() if len(some) > 1 for key in some]
