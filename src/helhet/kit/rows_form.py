"""Rows of columns as a form: a table of fields that needs no script, with empty rows at its end."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from helhet.rules.rows import Column, Fault, Row, Sort, Wrong

SPARE = 3
MOST = 200
_NAME = re.compile(r"rows-([0-9]{1,4})-([a-z_]+)")


@dataclass(frozen=True, slots=True)
class Head:
    """A column with its words: label, help, and where it is chosen from a list the choices (value, label).

    `is_open`: the choices are offered, but anything may be written.
    """

    column: Column
    label: str
    help: str = ""
    choices: Sequence[tuple[str, str]] = ()
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of the table."""

    head: Head
    name: str
    value: str
    values: Sequence[str] = ()
    error: str = ""


@dataclass(frozen=True, slots=True)
class RowsTable:
    """What `kit/_rows.html` shows. `error` is what is wrong with the whole."""

    heads: Sequence[Head]
    rows: list[list[Cell]] = field(default_factory=list)
    error: str = ""


def rows_in(data: Mapping[str, Any], columns: Sequence[Column]) -> list[Row]:
    """The rows that a form sent (`rows-0-measure`), in their order, empty ones too: faults name their places."""
    lists = {column.name for column in columns if column.sort == Sort.LIST}
    found: dict[int, Row] = {}
    for name in data:
        match = _NAME.fullmatch(name)
        if match is None or int(match[1]) > MOST + SPARE:
            continue
        values = data.getlist(name) if hasattr(data, "getlist") else [data[name]]
        many = [one for one in values if one]
        found.setdefault(int(match[1]), {})[match[2]] = many if match[2] in lists else (values[-1] if values else "")
    return [found[number] for number in sorted(found)]


def table_of(heads: Sequence[Head], rows: Sequence[Row], faults: Sequence[Fault] = ()) -> RowsTable:
    """The rows as fields, with what is wrong at its cell, and a few empty rows after them."""
    wrong = {(fault.row, fault.column): fault_words(fault) for fault in faults}
    whole = [words for (row, _column), words in wrong.items() if row < 0]
    shown = [*rows, *({} for _spare in range(SPARE))]
    return RowsTable(
        heads,
        [
            [_cell(head, place, row, wrong.get((place, head.column.name), "")) for head in heads]
            for place, row in enumerate(shown)
        ],
        whole[0] if whole else "",
    )


def _cell(head: Head, place: int, row: Row, error: str) -> Cell:
    value = row.get(head.column.name)
    values = [str(one) for one in value] if isinstance(value, list | tuple) else []
    text = "" if value is None or values or value == [] else str(value)
    return Cell(head, f"rows-{place}-{head.column.name}", text, values, error)


def fault_words(fault: Fault) -> str:
    """What is wrong, in the reader's language."""
    return {
        Wrong.SHAPE: _("This cannot be read."),
        Wrong.MANY: _("There are more than 200 rows."),
        Wrong.UNKNOWN: _("There is no such column: %(name)s.") % {"name": fault.column},
        Wrong.MISSING: _("This is missing."),
        Wrong.LONG: _("This is too long."),
        Wrong.NUMBER: _("Write a number that is not below 0, such as 30."),
    }[fault.what]
