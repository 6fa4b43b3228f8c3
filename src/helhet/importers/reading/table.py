"""The shapes that every reader gives: a reading of tables, each of rows that know their place."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from helhet.importers.problems import FileRefused, Place, RowRefused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from helhet.importers.limits import Limits


TITLES = 20
"""How far down a header may stand below a title."""


class Row(NamedTuple):
    """One record: its file, its line (physical line, sheet row, or place in the list, from 1), and its values.

    From a table `values` is a dict of column name to text (or a list of texts where the name stands twice);
    from a document it is whatever stood there: object, list or scalar. `twice` is a name that stood in it twice, so
    that one of its values is not among them.
    """

    where: str
    line: int
    values: Any
    part: str = ""
    twice: str = ""

    @property
    def place(self) -> Place:
        """Where it stands."""
        return Place(self.where, self.line, self.part)


class Rows(NamedTuple):
    """Many rows of a column table at once, which is what makes a million of them quick.

    `cells[i]` has exactly one text per column; `lines[i]` is its line. `refused` are rows in between that had
    too few or too many cells.
    """

    cells: list[list[str]]
    lines: list[int] | range
    refused: list[RowRefused]


class Table(ABC):
    """One table or document of a reading, read anew at each call; any call may raise FileRefused.

    `name` is what mappings match: the file's or sheet's name without folder and endings (`items`).
    `where` is for people: `items.csv`, `bundle.zip/items.csv`, `book.xlsx[items]`.
    `portion` is how many records are looked at together.
    """

    portion = 500

    name: str
    where: str

    @abstractmethod
    def rows(self) -> Iterator[Row | RowRefused]:
        """Each record in order."""


class ColumnTable(Table):
    """A table with a header and cells of text."""

    @abstractmethod
    def columns(self) -> tuple[str, ...]:
        """The names in the header, stripped; one without a name is called `column 3`. Names may repeat."""

    @abstractmethod
    def batches(self, size: int = 1000) -> Iterator[Rows]:
        """Rows in portions of about `size`, empty rows left out."""

    def rows(self) -> Iterator[Row | RowRefused]:
        """Each row as a dict; slower than `batches`."""
        for portion in self.batches():
            yield from portion.refused
            yield from self.as_rows(portion)

    def as_rows(self, portion: Rows) -> Iterator[Row]:
        """A portion's rows as dicts; a name that stands twice gets the list of its texts."""
        columns = self.columns()
        twice = {name for name in columns if columns.count(name) > 1}
        for cells, line in zip(portion.cells, portion.lines, strict=True):
            values: dict[str, Any] = dict(zip(columns, cells, strict=True))
            for name in twice:
                values[name] = [cell for column, cell in zip(columns, cells, strict=True) if column == name]
            yield Row(self.where, line, values)


class RecordTable(Table):
    """A document, or a list of documents, of nested values."""


@dataclass(slots=True)
class Reading:
    """What was found in a file, folder or archive.

    `tables` are known at once and read lazily, each as often as wanted. `skipped` are the files in a folder or
    archive that no reader takes (a read-me, a picture), so that nothing is left out silently. `notices` are files, or
    the whole, each with what is to be told of it, a key of `texts.TEXTS`.
    """

    name: str
    tables: list[Table]
    limits: Limits
    skipped: list[str] = field(default_factory=list)
    notices: list[tuple[str, str]] = field(default_factory=list)


def too_many_rows(where: str, limits: Limits) -> FileRefused:
    """The refusal of a table with more rows than the limit."""
    return FileRefused("rows_many", where, limit=limits.rows)


def titles_above(rows: Iterable[Sequence[str]]) -> int:
    """How many rows at the top are no header but a title: a single cell is filled, where a row below fills several."""
    found = 0
    for number, cells in enumerate(islice(rows, TITLES)):
        filled = [cell for cell in cells if cell.strip()]
        if len(filled) > 1:
            return found
        if filled and not cells[0].strip():
            return 0
        found = number + 1
    return 0


def name_columns(header: list[str]) -> tuple[str, ...]:
    """Column names from a header row: stripped, and `column 3` where there is none."""
    return tuple(unmark(cell.strip()) or f"column {number}" for number, cell in enumerate(header, 1))


_MARKED = frozenset("=+-@\t\r")


def unmark(text: str) -> str:
    """The text without the apostrophe that our own export puts before = + - @ tab and carriage return.

    It puts one also where apostrophes stand before such a sign already, so that every text comes back as it was.
    """
    return text[1:] if text[:1] == "'" and text.lstrip("'")[:1] in _MARKED and text.lstrip("'") else text


def unmarked(rows: list[list[str]]) -> list[list[str]]:
    """Rows with our own export's marks taken off; the same list when there are none."""
    for cells in rows:
        for at, cell in enumerate(cells):
            if cell and cell[0] == "'":
                cells[at] = unmark(cell)
    return rows
