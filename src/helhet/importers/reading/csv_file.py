"""CSV with any of four delimiters, streaming; a million rows take little more than the csv module itself."""

from __future__ import annotations

import csv
from itertools import dropwhile, islice
from typing import TYPE_CHECKING, Any

from helhet.importers.problems import FileRefused, Place, RowRefused
from helhet.importers.reading.table import ColumnTable, Rows, name_columns, titles_above, too_many_rows, unmarked

if TYPE_CHECKING:
    import io
    from collections.abc import Iterator

    from helhet.importers.limits import Limits
    from helhet.importers.reading.streams import TextFile

_DELIMITERS = ",;\t|"
_SAMPLE = 64 * 1024


class CsvTable(ColumnTable):
    """One CSV file. The delimiter is the one that cuts the first rows into equally many cells, the more the better."""

    def __init__(self, name: str, file: TextFile, limits: Limits) -> None:
        self.name = name
        self.where = file.where
        self._file = file
        self._limits = limits
        self._delimiter = ""
        self._skipped = 0
        self._titles = 0
        self._columns: tuple[str, ...] | None = None
        csv.field_size_limit(max(csv.field_size_limit(), limits.cell))

    def columns(self) -> tuple[str, ...]:
        """The header's names; the file is looked into at the first call."""
        if self._columns is None:
            try:
                with self._file.text() as text:
                    self._sniff(text.read(_SAMPLE))
                with self._file.text() as text:
                    self._titles = titles_above(self._reader(text))
                with self._file.text() as text:
                    _, header, _ = self._start(text)
            except UnicodeDecodeError as error:
                raise self._file.not_text(error) from error
            except csv.Error as error:
                raise self._broken(error) from error
            if len(header) > self._limits.columns:
                raise FileRefused("columns_many", self.where, count=len(header), limit=self._limits.columns)
            self._columns = name_columns(header)
        return self._columns

    def batches(self, size: int = 1000) -> Iterator[Rows]:
        """Portions of rows; whatever breaks the file's form raises FileRefused, so apply nothing before the end."""
        width = len(self.columns())
        count = 0
        try:
            with self._file.text() as text:
                reader, _, before = self._start(text)
                while rows := list(islice(reader, size)):
                    after = reader.line_num + self._skipped
                    lines: list[int] | range = range(before + 1, before + 1 + len(rows))
                    if after - before != len(rows):
                        lines = _lines_of(rows, before)
                    before = after
                    batch = self._sorted_out(rows, lines, width)
                    count += len(batch.cells) + len(batch.refused)
                    if count > self._limits.rows:
                        raise too_many_rows(self.where, self._limits)
                    yield batch
        except UnicodeDecodeError as error:
            raise self._file.not_text(error) from error
        except csv.Error as error:
            raise self._broken(error) from error

    def _sniff(self, sample: str) -> None:
        first = sample[:5].lower()
        if first.startswith("sep=") and len(first) == 5 and sample[5:6] in {"\r", "\n"}:
            self._delimiter, self._skipped = sample[4], 1
        else:
            self._delimiter = sniff(sample)

    def _reader(self, text: io.TextIOWrapper) -> Any:
        for _ in range(self._skipped):
            text.readline()
        return csv.reader(text, delimiter=self._delimiter, strict=True)

    def _start(self, text: io.TextIOWrapper) -> tuple[Any, list[str], int]:
        """A csv reader that stands after the header, the header, and the lines behind them."""
        reader = self._reader(text)
        for number, first in enumerate(reader):
            if number >= self._titles and any(cell.strip() for cell in first):
                return reader, first, reader.line_num + self._skipped
        raise FileRefused("empty", self.where)

    def _sorted_out(self, rows: list[list[str]], lines: list[int] | range, width: int) -> Rows:
        """Only rows of the right width, with our own export's marks taken off."""
        refused: list[RowRefused] = []
        if set(map(len, rows)) != {width}:
            kept: list[list[str]] = []
            kept_lines: list[int] = []
            for cells, line in zip(rows, lines, strict=True):
                if len(cells) == width or (len(cells) > width and not any(map(str.strip, cells[width:]))):
                    kept.append(cells[:width])
                    kept_lines.append(line)
                elif any(map(str.strip, cells)):
                    code = "cells_few" if len(cells) < width else "cells_many"
                    refused.append(RowRefused(Place(self.where, line), code, {"count": len(cells), "expected": width}))
            rows, lines = kept, kept_lines
        if not all(cells[0].strip() for cells in rows):
            filled = [(cells, line) for cells, line in zip(rows, lines, strict=True) if any(map(str.strip, cells))]
            rows, lines = [cells for cells, _line in filled], [line for _cells, line in filled]
        return Rows(unmarked(rows) if self._file.is_marked else rows, lines, refused)

    def _broken(self, error: csv.Error) -> FileRefused:
        """The refusal with the line where the row began that the csv module gave up in."""
        line = last = 0
        with self._file.text() as text:
            for _ in range(self._skipped):
                text.readline()
            reader = csv.reader(text, delimiter=self._delimiter or ",", strict=True)
            try:
                for _ in reader:
                    last = reader.line_num
            except (csv.Error, UnicodeDecodeError):
                line = last + 1 + self._skipped
        place, told = Place(self.where, line), str(error)
        if "unexpected end" in told:
            return FileRefused("quote_open", place, line=line)
        if "field larger" in told:
            return FileRefused("cell_big", place, line=line, limit=self._limits.cell)
        return FileRefused("csv_broken", place, line=line, error=told)


def sniff(sample: str) -> str:
    """The delimiter of a CSV text, from its first rows: comma when nothing speaks for another."""
    best, delimiter = (0.0, False, 0), ","
    for sign in _DELIMITERS:
        reader = csv.reader(sample.splitlines(keepends=True)[:60], delimiter=sign)
        try:
            given = [len(cells) for cells in reader if cells]
        except csv.Error:
            continue
        # Rows at the top that it does not cut are a title.
        counts = list(dropwhile(lambda count: count < 2, given))
        if not counts:
            continue
        alike = sum(1 for count in counts if count == counts[0]) / len(counts)
        if (found := (round(alike, 1), len(counts) == len(given), counts[0])) > best:
            best, delimiter = found, sign
    return delimiter


def _lines_of(rows: list[list[str]], before: int) -> list[int]:
    """The first physical line of each row, counting the line ends inside its cells."""
    lines = []
    line = before + 1
    for cells in rows:
        lines.append(line)
        line += 1
        for cell in cells:
            if "\n" in cell or "\r" in cell:
                line += cell.count("\n") + cell.count("\r") - cell.count("\r\n")
    return lines
