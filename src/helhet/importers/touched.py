"""Who last set each field of an item: this source, or somebody else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from helhet.importers.models import Run
from helhet.items.models import Item
from helhet.journal.models import Event

CHUNK = 500


@dataclass(slots=True)
class Touched:
    """Field paths (`name`, `attributes.os`) of one item that this source (`ours`) or somebody else set last."""

    ours: set[str] = field(default_factory=set)
    others: set[str] = field(default_factory=set)
    made_by_us: bool = False

    def is_ours(self, path: str) -> bool:
        """Whether what stands there came from this source."""
        return path in self.ours or (self.made_by_us and path not in self.others)

    def is_others(self, path: str) -> bool:
        """Whether somebody else set it since."""
        return path in self.others


def touched(items: Iterable[Item], source_id: int) -> dict[int, Touched]:
    """For each item, who set what last, read from its events."""
    ours = set(Run.objects.filter(source_id=source_id, batch__isnull=False).values_list("batch_id", flat=True))
    found = {item.pk: Touched(made_by_us=item.created_in in ours) for item in items}
    ids = list(found)
    for start in range(0, len(ids), CHUNK):
        _read(ids[start : start + CHUNK], ours, found)
    return found


def _read(ids: Sequence[int], ours: set[int], found: dict[int, Touched]) -> None:
    rows = Event.objects.filter(noun="item", noun_id__in=ids, before__isnull=False).order_by("id")
    for item_id, batch_id, before, after in rows.values_list("noun_id", "batch_id", "before", "after"):
        one = found[item_id]
        mine, theirs = (one.ours, one.others) if batch_id in ours else (one.others, one.ours)
        for path in _paths(before or {}, after or {}):
            mine.add(path)
            theirs.discard(path)


def _paths(before: dict[str, object], after: dict[str, object]) -> Iterable[str]:
    for name in {*before, *after}:
        old, new = before.get(name), after.get(name)
        if name == "attributes" and isinstance(old, dict) and isinstance(new, dict):
            yield from (f"attributes.{one}" for one in {*old, *new} if old.get(one) != new.get(one))
        else:
            yield name
