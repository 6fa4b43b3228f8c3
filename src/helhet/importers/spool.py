"""Rows on disk between reading and applying, so that a million of them need little memory."""

from __future__ import annotations

import datetime as dt
import marshal
import tempfile
from array import array
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from helhet.importers.problems import Place
from helhet.importers.rows import (
    DependencyRow,
    GroupRow,
    ItemRow,
    LinkRow,
    MemberRow,
    NormalRow,
    PartOfRow,
    PersonRow,
    RoleRow,
)

_ROWS: dict[str, Any] = {
    "items": ItemRow, "groups": GroupRow, "persons": PersonRow, "members": MemberRow, "part_of": PartOfRow,
    "responsibilities": RoleRow, "links": LinkRow, "dependencies": DependencyRow,
}  # fmt: skip


class Taken(NamedTuple):
    """A row with its digest."""

    row: Any
    digest: int


class Spool:
    """Rows of one noun in a temporary file that goes with the process; read back in any order by number."""

    def __init__(self, noun: str) -> None:
        """Empty."""
        self.noun = noun
        self._make = _ROWS[noun]
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the spool
        self._ends = array("Q", [0])

    def __len__(self) -> int:
        """How many rows."""
        return len(self._ends) - 1

    def add(self, row: NormalRow, digest: int) -> int:
        """Keep a row; returns its number, from 0."""
        values = row[:-1] if self.noun != "members" else tuple(map(_plain, row[:-1]))
        data = marshal.dumps((*values, tuple(row.place), digest))
        self._file.write(data)
        self._ends.append(self._ends[-1] + len(data))
        return len(self._ends) - 2

    def take(self, numbers: Sequence[int]) -> list[Taken]:
        """The rows with these numbers, in their order."""
        return list(self._read(numbers))

    def _read(self, numbers: Sequence[int]) -> Iterator[Taken]:
        self._file.flush()
        ends, at = self._ends, -1
        for number in numbers:
            if number != at:
                self._file.seek(ends[number])
            data = self._file.read(ends[number + 1] - ends[number])
            at = number + 1
            *values, place, digest = marshal.loads(data)  # noqa: S302 - our own unnamed file of this process
            yield Taken(_row(self._make, values, Place(*place)), digest)

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
