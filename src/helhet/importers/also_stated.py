"""A dependency that several sources state belongs to the first; when that one states it no more, to the next."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from helhet.estate.models import Dependency
from helhet.estate.rows import chunks
from helhet.importers.models import Statement
from helhet.items.touching import touch


def hand_over(ids: Collection[int], gone: Collection[int]) -> set[int]:
    """Give those of the dependencies that statements other than `gone` still hold to the source that stated each first;
    returns their ids. What that source says of it counts from its next import on, which reads the row anew.
    """
    ends: set[int] = set()
    for chunk in chunks(sorted(ids)):
        for pair in Dependency.objects.filter(pk__in=chunk).values_list("from_item_id", "to_item_id"):
            ends.update(pair)
    heirs: dict[int, tuple[int, int, int | None]] = {}
    left = set(gone)
    for chunk in chunks(sorted(ends)):
        # By the item that a statement is about, which has an index; what it became has none.
        held = Statement.objects.filter(noun="dependencies", item_id__in=chunk, not_seen_since__isnull=True)
        for pk, row, source, batch in held.values_list("pk", "object_id", "source_id", "batch_id"):
            if row is not None and row in ids and pk not in left and (row not in heirs or pk < heirs[row][0]):
                heirs[row] = (pk, source, batch)
    by_heir: dict[tuple[int, int | None], list[int]] = defaultdict(list)
    for row, (_pk, source, batch) in heirs.items():
        by_heir[source, batch].append(row)
    for (source, batch), rows in by_heir.items():
        for chunk in chunks(rows):
            own = Dependency.objects.filter(pk__in=chunk)
            touch(own.values_list("from_item_id", flat=True))
            own.update(source_id=source, batch_id=batch)
    for chunk in chunks(sorted(pk for pk, _source, _batch in heirs.values())):
        Statement.objects.filter(pk__in=chunk).update(digest=None)
    return set(heirs)


def speaks_for(row: Dependency, source_id: int) -> bool:
    """Whether what this source says of the dependency counts: it is the source's own, no source's, or its own source
    has not seen it.
    """
    return row.source_id in {None, source_id} or row.not_seen_since is not None
