"""Rows of named columns as people fill them in: cleaned, or said what is wrong with which cell.

What a cell may point at (a routine, a group) is for the rooms to look up; here is its shape alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

ROWS = 200
NUMBER_LIMIT = 10_000_000


class Sort(StrEnum):
    """What a cell holds: one line, several lines, a whole number from 0, money with at most 2 decimals, or a list."""

    LINE = "line"
    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, what it holds, whether each row must have it, and its longest text in characters."""

    name: str
    sort: Sort = Sort.LINE
    required: bool = False
    limit: int = 300


class Wrong(StrEnum):
    """What is wrong with a cell, or with the whole."""

    SHAPE = "shape"
    MANY = "many"
    UNKNOWN = "unknown"
    MISSING = "missing"
    LONG = "long"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, in which row (from 0; -1 for the whole) and column."""

    what: Wrong
    row: int = -1
    column: str = ""


Row = dict[str, Any]


def read_rows(raw: object, columns: Sequence[Column]) -> tuple[list[Row], list[Fault]]:
    """The rows with every column, cleaned; those that are all empty are left out. Empty cells are "", None or [].

    Faults name their place in what was given, so that a form can show them there.
    """
    if raw is None:
        return [], []
    if not isinstance(raw, list | tuple) or not all(isinstance(one, dict) for one in raw):
        return [], [Fault(Wrong.SHAPE)]
    if len(raw) > ROWS:
        return [], [Fault(Wrong.MANY)]
    rows: list[Row] = []
    faults: list[Fault] = []
    known = {column.name for column in columns}
    for place, given in enumerate(raw):
        faults += [Fault(Wrong.UNKNOWN, place, str(name)[:60]) for name in given if name not in known]
        row, wrong = _row(given, columns, place)
        if _says_anything(row, wrong):
            rows.append(row)
            faults += wrong
    return rows, faults


def places_of(raw: object, columns: Sequence[Column]) -> list[int]:
    """For each row that `read_rows` gives, its place in what was given."""
    listed = enumerate(raw) if isinstance(raw, list | tuple) else ()
    return [place for place, given in listed if _says_anything(*_row(given, columns, place))]


def _row(given: Row, columns: Sequence[Column], place: int) -> tuple[Row, list[Fault]]:
    row: Row = {}
    wrong: list[Fault] = []
    for column in columns:
        row[column.name], what = _cell(given.get(column.name), column)
        wrong += [Fault(what, place, column.name)] if what else []
    return row, wrong


def _says_anything(row: Row, wrong: Sequence[Fault]) -> bool:
    return any(value not in ("", None, []) for value in row.values()) or any(f.what != Wrong.MISSING for f in wrong)


def _cell(value: object, column: Column) -> tuple[Any, Wrong | None]:
    if column.sort == Sort.LIST:
        return _list(value, column)
    if column.sort in {Sort.NUMBER, Sort.MONEY}:
        return _number(value, column)
    if value is None:
        value = ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return "", Wrong.SHAPE
    text = str(value).replace("\r\n", "\n").replace("\x00", "").strip()
    text = text if column.sort == Sort.TEXT else " ".join(text.split())
    if len(text) > column.limit:
        return text, Wrong.LONG
    return text, Wrong.MISSING if column.required and not text else None


def _list(value: object, column: Column) -> tuple[list[str], Wrong | None]:
    if value is None or value == "":
        return [], Wrong.MISSING if column.required else None
    given = value.split(",") if isinstance(value, str) else value
    if not isinstance(given, list | tuple) or not all(
        isinstance(one, str | int) and not isinstance(one, bool) for one in given
    ):
        return [], Wrong.SHAPE
    kept = list(dict.fromkeys(text for one in given if (text := str(one).replace("\x00", "").strip())))
    if len(kept) > ROWS or any(len(one) > column.limit for one in kept):
        return [], Wrong.LONG
    return kept, Wrong.MISSING if column.required and not kept else None


def _number(value: object, column: Column) -> tuple[int | str | None, Wrong | None]:
    """A whole number as int; money as text with a point, since JSON's numbers are no decimals."""
    if value is None or value == "":
        return None, Wrong.MISSING if column.required else None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None, Wrong.SHAPE
    text = "".join(str(value).split()).replace(",", ".")
    if not text.replace(".", "", 1).isascii() or not text.replace(".", "", 1).isdigit() or len(text) > 20:
        return None, Wrong.NUMBER
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None, Wrong.NUMBER
    if number > NUMBER_LIMIT or number != round(number, 0 if column.sort == Sort.NUMBER else 2):
        return None, Wrong.NUMBER
    return (int(number), None) if column.sort == Sort.NUMBER else (f"{number:.2f}".removesuffix(".00"), None)
