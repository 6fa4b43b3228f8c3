"""Writing tables: a folder of CSV, a zip of the same, a workbook, or one JSON document."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import orjson
import xlsxwriter

from helhet.importers.export_rows import OutTable

Advance = Callable[[int], None]
STARTERS = frozenset("=+-@\t\r")
"""A cell that begins so could be run by a spreadsheet program."""


def write(path: Path, tables: Sequence[OutTable], advance: Advance) -> dict[str, int]:
    """Write the tables where the name's ending says how; returns the number of rows by table."""
    ending = path.suffix.lower()
    if ending == ".json":
        return _json(path, tables, advance)
    if ending == ".xlsx":
        return _xlsx(path, tables, advance)
    if ending == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            return {one.name: _csv(one, lambda name: _member(archive, name), advance) for one in tables}
    path.mkdir(parents=True, exist_ok=True)
    return {
        one.name: _csv(one, lambda name: (path / name).open("w", newline="", encoding="utf-8"), advance)
        for one in tables
    }


@contextmanager
def _member(archive: zipfile.ZipFile, name: str) -> Iterator[TextIO]:
    with archive.open(name, "w", force_zip64=True) as stored, io.TextIOWrapper(stored, "utf-8", newline="") as file:
        yield file


def _csv(table: OutTable, opened: Callable[[str], Any], advance: Advance) -> int:
    count = 0
    with opened(f"{table.name}.csv") as file:
        writer = csv.writer(file)
        writer.writerow(map(marked, table.columns))
        for row in table.rows():
            writer.writerow([marked(plain(row.get(name))) for name in table.columns])
            count += 1
            advance(1)
    return count


def _xlsx(path: Path, tables: Sequence[OutTable], advance: Advance) -> dict[str, int]:
    counts = {}
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        bold = book.add_format({"bold": True})
        for table in tables:
            sheet = book.add_worksheet(table.name[:31])
            for at, name in enumerate(table.columns):
                sheet.write_string(0, at, marked(name), bold)
            counts[table.name] = 0
            for number, row in enumerate(table.rows(), 1):
                for at, name in enumerate(table.columns):
                    if text := plain(row.get(name)):
                        sheet.write_string(number, at, marked(text)[:32_767])
                counts[table.name] = number
                advance(1)
    return counts


def _json(path: Path, tables: Sequence[OutTable], advance: Advance) -> dict[str, int]:
    """One object of lists by noun, as the plain mapping reads it; values keep their types."""
    counts: dict[str, int] = {}
    with path.open("wb") as file:
        nouns: dict[str, list[OutTable]] = {}
        for table in tables:
            nouns.setdefault(table.name.partition(".")[0], []).append(table)
        for place, (noun, members) in enumerate(nouns.items()):
            file.write((b"{" if place == 0 else b",\n") + orjson.dumps(noun) + b": [\n")
            first = True
            for table in members:
                counts[table.name] = 0
                for row in table.rows():
                    file.write(b"" if first else b",\n")
                    file.write(
                        orjson.dumps(
                            {name: value for name, value in row.items() if value not in (None, "")}, default=str
                        )
                    )
                    first = False
                    counts[table.name] += 1
                    advance(1)
            file.write(b"\n]")
        file.write(b"}\n" if nouns else b"{}\n")
    return counts


def plain(value: Any) -> str:
    """A value as one cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ",".join(map(plain, value))
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def marked(text: str) -> str:
    """The text, with an apostrophe before what a spreadsheet program could run; the import takes it off again."""
    return f"'{text}" if text.lstrip("'")[:1] in STARTERS and text.lstrip("'") else text
