"""Groups of one reading, held until all are read, since one may tell of another: its children, or a second key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from helhet.importers.problems import Note
from helhet.importers.rows import GroupRow, digest, digest_of


class Held(NamedTuple):
    """A group's row with its digest, and the digest that was stored before; `is_new` when there was none."""

    row: GroupRow
    mark: int
    old: int | None
    is_new: bool


class Gathered:
    """The groups read so far. Few enough to be held: thousands, where items are a million."""

    def __init__(self) -> None:
        """Empty."""
        self._held: dict[str, Held] = {}
        self._names: dict[str, str] = {}

    def __contains__(self, name: str) -> bool:
        """Whether a group goes by this key, first or further."""
        return name in self._names

    def add(self, held: Held) -> None:
        """Hold a row."""
        self._held[held.row.key] = held

    def settled(self) -> Iterator[tuple[Held, list[Note]]]:
        """Each group with the parent that it has by its own word or that of the parent, and what contradicts that."""
        self._names = self._by_any_key()
        claims: dict[str, list[str]] = {}
        notes: dict[str, list[Note]] = {key: [] for key in self._held}
        for key, (row, *_rest) in self._held.items():
            for child in row.children:
                found = self._names.get(child)
                if found is None:
                    notes[key].append(_note(row, "children", child, "child_unknown"))
                elif key not in claims.setdefault(found, []):
                    claims[found].append(key)
        for key, held in self._held.items():
            yield self._with_parent(held, claims.get(key, []), notes[key]), notes[key]

    def _by_any_key(self) -> dict[str, str]:
        """Every key to the group's first; a further one that several groups have means none of them."""
        further: dict[str, set[str]] = {}
        for key, held in self._held.items():
            for also in held.row.also:
                further.setdefault(also, set()).add(key)
        named = {also: min(keys) for also, keys in further.items() if len(keys) == 1}
        return named | {key: key for key in self._held}

    def _with_parent(self, held: Held, claims: list[str], notes: list[Note]) -> Held:
        row = held.row
        said = self._names.get(row.parent, row.parent) if row.parent else None
        parent = said or (claims[0] if claims else None)
        others = [one for one in claims if one != parent]
        notes.extend(_note(row, "parent", other, "parent_contradicted", parent=parent) for other in others)
        also = tuple(one for one in row.also if self._names.get(one) == row.key and one != row.key)
        settled = row._replace(parent=parent, also=also, children=())
        mark = held.mark ^ digest(row) ^ digest(settled)
        if notes:
            mark ^= digest_of("\n".join(f"{one.field} {one.value}" for one in notes).encode())
        return held._replace(row=settled, mark=mark)


def _note(row: GroupRow, field: str, value: str, code: str, **params: object) -> Note:
    return Note(row.place, "groups", row.key, field, value[:700], code, {"value": value, **params})
