"""Items out as CSV, XLSX and JSON: all that match, in the plain layout that an import takes back."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator
from typing import IO, Any

import orjson
import xlsxwriter
from django.utils.translation import gettext as _

from helhet.estate.rows import Row, rows_of
from helhet.items.listing import ItemList
from helhet.items.models import Criticality, Item, State
from helhet.kit.errors import Clash

PORTION = 2_000
XLSX_ROWS = 200_000
CELL_LIMIT = 32_767
OWN = ("key", "kind", "name", "group", "part_of", "state", "criticality", "tags", "description")
_STARTS_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula: one apostrophe before what begins like one, also behind
    apostrophes of its own, so that taking one away gives the text back.
    """
    return f"'{text}" if _STARTS_FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """What `guarded` was given."""
    return text[1:] if text.startswith("'") and _STARTS_FORMULA.match(text) else text


def all_rows(listed: ItemList) -> Iterator[Row]:
    """Every item that matches, in the list's order, with its group and whole."""
    portion: list[Item] = []
    for item in listed.stream(PORTION):
        portion.append(item)
        if len(portion) == PORTION:
            yield from rows_of(portion, ("group", "whole"))
            portion = []
    yield from rows_of(portion, ("group", "whole"))


def attribute_names(listed: ItemList) -> list[str]:
    """The names of all attributes that these items have, in the order of first seeing."""
    names: dict[str, None] = {}
    found = listed.queryset().order_by().values_list("attributes", flat=True)
    for attributes in found.iterator(5_000):
        if not names.keys() >= attributes.keys():
            names |= dict.fromkeys(attributes)
    return list(names)


def header(attributes: Iterable[str]) -> list[str]:
    """The columns. An attribute with the name of a column of its own gets `attr.` before it."""
    return [*OWN, *(f"attr.{name}" if name in OWN else name for name in attributes)]


def values(row: Row, attributes: Iterable[str]) -> list[Any]:
    """One row's cells, plain values of JSON."""
    item = row.item
    return [
        item.reference, item.kind.key, item.name, row.group.reference if row.group else "",
        row.whole.reference if row.whole else "", State(item.state).key, Criticality(item.criticality).key,
        ",".join(item.tags), item.description, *(item.attributes.get(name) for name in attributes),
    ]  # fmt: skip


def as_text(value: Any) -> str:
    """A value as a cell of text: numbers and truth as JSON writes them, lists and structures as JSON."""
    if value is None:
        return ""
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, list | dict | bool):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


class _Line:
    """Takes what a CSV writer writes and gives it back."""

    def write(self, text: str) -> str:
        return text


def csv_lines(listed: ItemList) -> Iterator[bytes]:
    """CSV in UTF-8 with a mark, so that spreadsheets read å right."""
    writer = csv.writer(_Line())
    attributes = attribute_names(listed)
    yield b"\xef\xbb\xbf" + writer.writerow([guarded(name) for name in header(attributes)]).encode()
    portion: list[bytes] = []
    for row in all_rows(listed):
        line: str = writer.writerow([as_text(value) for value in values(row, attributes)])
        portion.append(line.encode())
        if len(portion) == PORTION:
            yield b"".join(portion)
            portion = []
    yield b"".join(portion)


def json_lines(listed: ItemList) -> Iterator[bytes]:
    """One JSON object, `{"items": [...]}`, with every field that the API gives."""
    yield b'{"items": ['
    first = True
    portion: list[Item] = []

    def written() -> bytes:
        nonlocal first
        texts = [orjson.dumps(row.as_data()) for row in rows_of(portion)]
        text = (b"" if first else b",\n") + b",\n".join(texts)
        first = False
        return text

    for item in listed.stream(PORTION):
        portion.append(item)
        if len(portion) == PORTION:
            yield written()
            portion = []
    if portion:
        yield written()
    yield b"]}\n"


def write_xlsx(listed: ItemList, file: IO[bytes]) -> None:
    """A workbook with the sheet `items`, text as text, numbers as numbers. Raises Clash above 200,000 rows."""
    if listed.count(XLSX_ROWS).more:
        raise Clash(
            _("A workbook holds at most 200,000 items here."), todo=_("Narrow the filter, or take the list as CSV.")
        )
    attributes = attribute_names(listed)
    book = xlsxwriter.Workbook(
        file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
               "strings_to_numbers": False, "nan_inf_to_errors": True},
    )  # fmt: skip
    sheet = book.add_worksheet("items")
    bold = book.add_format({"bold": True})
    for place, name in enumerate(header(attributes)):
        sheet.write_string(0, place, name, bold)
    sheet.freeze_panes(1, 3)
    sheet.set_column(0, 1, 14)
    sheet.set_column(2, 2, 36)
    for line, row in enumerate(all_rows(listed), start=1):
        for place, value in enumerate(values(row, attributes)):
            _write_cell(sheet, line, place, value)
    book.close()


def _write_cell(sheet: Any, line: int, place: int, value: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_boolean(line, place, value)
    elif isinstance(value, int | float) and abs(value) < 10**15:
        sheet.write_number(line, place, value)
    else:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        sheet.write_string(line, place, text[:CELL_LIMIT])
