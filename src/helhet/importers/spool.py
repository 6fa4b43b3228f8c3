"""Rows on disk between reading and applying, so that a million of them need little memory."""

from __future__ import annotations

import datetime as dt
import marshal
import tempfile
from array import array
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from helhet.importers.problems import Place
from helhet.importers.rows import (
    OWN,
    PARTS,
    ChangedItemRow,
    ChangeRow,
    DependencyRow,
    GroupRow,
    ItemRow,
    LinkRow,
    MemberRow,
    NormalRow,
    PageRow,
    PartOfRow,
    PersonRow,
    RoleRow,
)

_ROWS: dict[str, Any] = {
    "items": ItemRow, "groups": GroupRow, "persons": PersonRow, "members": MemberRow, "part_of": PartOfRow,
    "responsibilities": RoleRow, "links": LinkRow, "dependencies": DependencyRow, "changes": ChangeRow,
    "changed_items": ChangedItemRow, "pages": PageRow, PARTS: PageRow, OWN: PageRow,
}  # fmt: skip

BLOCK = 64
KEPT = 256
"""How many blocks are held in memory, for rows that are read in another order than they came."""
LARGE = {"pages", PARTS, OWN}
"""Nouns whose rows may be some megabytes each: they lie alone, and few are held."""


class Taken(NamedTuple):
    """A row with its digest."""

    row: Any
    digest: int


class Spool:
    """Rows of one noun in a temporary file that goes with the process; read back in any order by number.

    They lie there in blocks of `BLOCK`, since one call for each row would cost more than the row itself.
    """

    def __init__(self, noun: str) -> None:
        """Empty."""
        self.noun = noun
        self._make = _ROWS[noun]
        self._block_size, self._kept = (1, 4) if noun in LARGE else (BLOCK, KEPT)
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the spool
        self._ends = array("Q", [0])
        self._open: list[tuple[Any, ...]] = []
        self._read: dict[int, list[tuple[Any, ...]]] = {}

    def __len__(self) -> int:
        """How many rows."""
        return (len(self._ends) - 1) * self._block_size + len(self._open)

    def add(self, row: NormalRow, digest: int) -> int:
        """Keep a row; returns its number, from 0."""
        *values, place = row
        if self.noun == "members":
            values = list(map(_plain, values))
        self._open.append((values, tuple(place), digest))
        number = len(self) - 1
        if len(self._open) == self._block_size:
            data = marshal.dumps(self._open)
            self._file.write(data)
            self._ends.append(self._ends[-1] + len(data))
            self._open = []
        return number

    def take(self, numbers: Sequence[int]) -> list[Taken]:
        """The rows with these numbers, in their order."""
        self._file.flush()
        make, at, block = self._make, -1, self._open
        taken = []
        for number in numbers:
            if number // self._block_size != at:
                at = number // self._block_size
                block = self._block(at)
            values, place, digest = block[number % self._block_size]
            taken.append(Taken(_row(make, values, Place(*place)), digest))
        return taken

    def _block(self, at: int) -> list[tuple[Any, ...]]:
        if at == len(self._ends) - 1:
            return self._open
        found = self._read.get(at)
        if found is None:
            if len(self._read) >= self._kept:
                self._read.pop(next(iter(self._read)))
            self._file.seek(self._ends[at])
            found = self._read[at] = marshal.loads(self._file.read(self._ends[at + 1] - self._ends[at]))  # noqa: S302 - our own unnamed file of this process
        return found

    def close(self) -> None:
        """Let the file go."""
        self._file.close()


def row_from(row_class: Any, values: dict[str, Any], place: Place) -> Any:
    """A row from its values by name, as a finding keeps them."""
    return _row(row_class, [values.get(name) for name in row_class._fields[:-1]], place)


def _row(row_class: Any, values: list[Any], place: Place) -> Any:
    if row_class is MemberRow:
        values = [*values[:5], _day(values[5]), _day(values[6]), _share(values[7])]
    return row_class(*values, place)


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, dt.date | Decimal) else value


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _share(text: str | None) -> Decimal | None:
    return Decimal(text) if text is not None else None
