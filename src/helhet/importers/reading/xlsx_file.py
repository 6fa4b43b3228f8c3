"""XLSX by sheet: formulas come as their values, dates as ISO days, whole numbers without a point, percent as shown.

A workbook is an archive, so it is weighed before it is opened: what it really unpacks to, and how far its sheets
reach, since the library lays out every cell between the first and the last.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
import zlib
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import python_calamine

from helhet.importers.problems import FileRefused, Place, RowRefused
from helhet.importers.reading.table import ColumnTable, Rows, name_columns, titles_above, too_many_rows, unmark
from helhet.importers.reading.xlsx_cells import Odd, Parts, is_suspect, odd_cells, parts_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from helhet.importers.limits import Limits
    from helhet.importers.reading.streams import Opener

_ROW = re.compile(rb"\sr\s*=\s*[\"']([0-9]+)[\"']")
_COLUMN = re.compile(rb"\sr\s*=\s*[\"']\$?([A-Za-z]{2,})\$?[0-9]")
_CHUNK = 1024 * 1024
Range = tuple[tuple[int, int], tuple[int, int]]
_OVERLAP = 64


class Fill(NamedTuple):
    """A column (from 0) where one cell was merged with those below it: the first row's value counts up to `last`."""

    column: int
    first: int
    last: int


class Workbook:
    """One XLSX file; gives its visible sheets that are not empty as tables."""

    def __init__(self, where: str, opener: Opener, size: int, limits: Limits) -> None:
        self.where = where
        self._open = opener
        self._size = size
        self._limits = limits
        self._parts = Parts({}, frozenset())
        self._suspects: set[str] = set()

    def tables(self) -> list[SheetTable]:
        """A table for each sheet with cells."""
        with self._open() as stored:
            if not stored.read(1):
                raise FileRefused("empty", self.where)
            self._weigh(stored)
            stored.seek(0)
            book = self._load(stored)
            shown = [
                sheet.name for sheet in book.sheets_metadata if sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
            ]
            return [SheetTable(self, name, self._limits) for name in shown]

    def sheet(self, name: str) -> tuple[list[list[Any]], list[Fill]]:
        """All rows of a sheet from its first line on, and the cells that reach over several of them."""
        with self._open() as stored:
            book = self._load(stored)
            try:
                sheet = book.get_sheet_by_name(name)
                rows = list(sheet.iter_rows())
                first = (sheet.start or (0, 0))[1]
                merged = sheet.merged_cell_ranges or ()
            except BaseException as error:
                raise self._refused(error) from error
            for odd in self._odd_cells(stored, name):
                _put(rows, odd, odd.column - first, f"{self.where}[{name}]")
            return rows, _fills(merged, len(rows), first)

    def _odd_cells(self, stored: IO[bytes], name: str) -> Iterator[Odd]:
        file = self._parts.sheets.get(name, "")
        if file in self._suspects or self._parts.percents:
            stored.seek(0)
            with zipfile.ZipFile(stored) as archive:
                if file in archive.NameToInfo:
                    yield from odd_cells(_pieces(stored, archive.getinfo(file)), self._parts.percents)

    def _load(self, stored: IO[bytes]) -> python_calamine.CalamineWorkbook:
        try:
            return python_calamine.load_workbook(stored)
        except BaseException as error:
            raise self._refused(error) from error

    def _refused(self, error: BaseException) -> BaseException:
        """FileRefused for whatever the library throws, which is a panic of its own sort at times."""
        if isinstance(error, FileRefused | KeyboardInterrupt | SystemExit | MemoryError):
            return error
        if isinstance(error, python_calamine.PasswordError):
            return FileRefused("xlsx_locked", self.where)
        return FileRefused("xlsx_broken", self.where, error=(str(error) or type(error).__name__)[:200])

    def _weigh(self, stored: IO[bytes]) -> None:
        try:
            with zipfile.ZipFile(stored) as archive:
                members = archive.infolist()
                if len(members) > self._limits.members:
                    raise FileRefused("members_many", self.where, count=len(members), limit=self._limits.members)
                unpacked = 0
                for member in members:
                    reach = _Reach(self.where, self._limits) if member.filename.startswith("xl/worksheets/") else None
                    for piece in _pieces(stored, member):
                        unpacked += len(piece)
                        self._check(unpacked)
                        if reach:
                            reach.take(piece)
                            if reach.is_suspect:
                                self._suspects.add(member.filename)
            self._parts = parts_of(stored)
        except (
            zipfile.BadZipFile,
            zlib.error,
            OSError,
            ValueError,
            EOFError,
            NotImplementedError,
            RuntimeError,
        ) as error:
            raise FileRefused("xlsx_broken", self.where, error=(str(error) or "cut off")[:200]) from error

    def _check(self, unpacked: int) -> None:
        limits = self._limits
        if unpacked > limits.unpacked:
            raise FileRefused("unpacked_big", self.where, limit=limits.unpacked)
        if unpacked >= limits.ratio_from and unpacked > limits.ratio * max(self._size, 1):
            raise FileRefused("bomb", self.where, ratio=limits.ratio)


class _Reach:
    """How far a sheet's cells reach, from the references in its XML as they pass by."""

    def __init__(self, where: str, limits: Limits) -> None:
        self._where = where
        self._limits = limits
        self._rows = 1
        self._columns = 26
        self._tail = b""
        self.is_suspect = False

    def take(self, piece: bytes) -> None:
        window = self._tail + piece
        self._tail = window[-_OVERLAP:]
        self.is_suspect = self.is_suspect or is_suspect(window)
        for letters in set(_COLUMN.findall(window)):
            number = 0
            for letter in letters.upper():
                number = number * 26 + letter - 64
            self._columns = max(self._columns, number)
        self._rows = max(self._rows, max(map(_number, _ROW.findall(window)), default=1))
        if self._columns > self._limits.columns:
            raise FileRefused("columns_many", self._where, count=self._columns, limit=self._limits.columns)
        if self._rows * self._columns > self._limits.sheet_cells:
            cells = self._rows * self._columns
            raise FileRefused("sheet_big", self._where, cells=cells, limit=self._limits.sheet_cells)


def _fills(ranges: Sequence[Range], rows: int, first: int) -> list[Fill]:
    """Cells merged downwards, each row of a column in one at most, whatever the file claims."""
    found: list[Fill] = []
    reached: dict[int, int] = {}
    for (top, left), (bottom, _right) in sorted(ranges):
        last = min(bottom, rows - 1)
        if left >= first and top < last and top > reached.get(left, -1):
            reached[left] = last
            found.append(Fill(left - first, top, last))
    return found


def _put(rows: list[list[Any]], odd: Odd, column: int, where: str) -> None:
    """Lay an odd cell over what the library gave for it. Raises FileRefused for a formula that was never calculated."""
    if not (odd.row < len(rows) and 0 <= column < len(rows[odd.row])):
        return
    value = rows[odd.row][column]
    if odd.sort == "formula":
        raise FileRefused("formula_empty", Place(where, odd.row + 1), cell=odd.address)
    if odd.sort == "error":
        rows[odd.row][column] = odd.text
    elif type(value) in {float, int}:
        rows[odd.row][column] = f"{value * 100:.15g}%"


def _number(digits: bytes) -> int:
    return int(digits[:12])


def _pieces(stored: IO[bytes], member: zipfile.ZipInfo) -> Iterator[bytes]:
    """What a member really unpacks to, whatever its header claims."""
    stored.seek(member.header_offset)
    header = stored.read(30)
    if len(header) < 30:
        raise EOFError("cut off")
    stored.seek(
        member.header_offset + 30 + int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:], "little")
    )
    if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise NotImplementedError("packed in a way that is not read")
    unpacker = zlib.decompressobj(-15) if member.compress_type == zipfile.ZIP_DEFLATED else None
    left = member.compress_size
    while left > 0 and (packed := stored.read(min(left, _CHUNK))):
        left -= len(packed)
        if unpacker is None:
            yield packed
            continue
        while packed:
            yield unpacker.decompress(packed, _CHUNK)
            packed = unpacker.unconsumed_tail


class SheetTable(ColumnTable):
    """One sheet; its first row that is not empty is the header."""

    def __init__(self, book: Workbook, name: str, limits: Limits) -> None:
        self.name = name
        self.where = f"{book.where}[{name}]"
        self._book = book
        self._limits = limits
        self._rows: list[list[Any]] | None = None
        self._fills: list[Fill] = []

    def columns(self) -> tuple[str, ...]:
        """The header's names, without empty columns at its end."""
        header = self._header()[1]
        if len(header) > self._limits.columns:
            raise FileRefused("columns_many", self.where, count=len(header), limit=self._limits.columns)
        return name_columns(header)

    def batches(self, size: int = 1000) -> Iterator[Rows]:
        """Portions of rows; the sheet is let go of at the end."""
        start, header = self._header()
        width = len(header)
        rows = self._sheet()
        self._fill_down(start)
        count = 0
        for first in range(start + 1, len(rows), size):
            cells: list[list[str]] = []
            lines: list[int] = []
            refused: list[RowRefused] = []
            for line, raw in enumerate(rows[first : first + size], first + 1):
                texts = [_text(value) for value in raw]
                if not any(map(str.strip, texts)):
                    continue
                if any(map(str.strip, texts[width:])):
                    last = max(number for number, text in enumerate(texts, 1) if text.strip())
                    params = {"count": last, "expected": width}
                    refused.append(RowRefused(Place(self.where, line), "cells_many", params))
                    continue
                cells.append(texts[:width] + [""] * (width - len(texts)))
                lines.append(line)
            count += len(cells) + len(refused)
            if count > self._limits.rows:
                raise too_many_rows(self.where, self._limits)
            yield Rows(cells, lines, refused)
        self._rows = None

    def is_empty(self) -> bool:
        """Whether there is no filled cell at all."""
        return not any(any(value not in {"", None} for value in row) for row in self._sheet())

    def _fill_down(self, start: int) -> None:
        """Give each row below the header what it is seen to have, where one cell stands for several rows."""
        rows = self._sheet()
        for fill in self._fills:
            if fill.first > start and fill.column < len(rows[fill.first]):
                for row in rows[fill.first + 1 : fill.last + 1]:
                    if fill.column < len(row) and row[fill.column] in {"", None}:
                        row[fill.column] = rows[fill.first][fill.column]

    def _sheet(self) -> list[list[Any]]:
        if self._rows is None:
            self._rows, self._fills = self._book.sheet(self.name)
        return self._rows

    def _header(self) -> tuple[int, list[str]]:
        rows = self._sheet()
        titles = titles_above([_text(value) for value in raw] for raw in rows)
        for number, raw in enumerate(rows):
            texts = [_text(value) for value in raw]
            if number >= titles and any(text.strip() for text in texts):
                while not texts[-1].strip():
                    texts.pop()
                return number, texts
        raise FileRefused("empty", self.where)


def _text(value: Any) -> str:
    """A cell as the text that people see in it."""
    if type(value) is str:
        return unmark(value)
    if type(value) is float:
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    if type(value) is bool:
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return "" if value is None else str(value)
