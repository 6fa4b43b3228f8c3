"""Cells of workbooks as people see them: percentages, days, whole numbers, errors and formulas."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from helhet.importers.checks import Checker
from helhet.importers.days import day_of
from helhet.importers.mapped import Mapped
from helhet.importers.mapping import find_mapping
from helhet.importers.problems import FileRefused, Place, RowRefused
from helhet.importers.reading import read
from helhet.importers.reading.xlsx_cells import Odd, odd_cells
from helhet.importers.reading.xlsx_file import Fill, _fills
from helhet.importers.rows import ItemRow, MemberRow


def book(folder: Path, fill: Callable[[Any, Any], None], name: str = "members") -> Path:
    """A workbook with one sheet, filled by the test."""
    path = folder / "x.xlsx"
    with xlsxwriter.Workbook(str(path)) as written:
        fill(written.add_worksheet(name), lambda code: written.add_format({"num_format": code}))
    return path


def mapped(path: Path) -> tuple[list[Any], list[tuple[str, str, str]]]:
    """Rows, and field, value and code of each note."""
    reading = Mapped(find_mapping("plain"), read(path), ("server",))
    rows = list(reading.rows())
    return rows, [(note.field, note.value, note.code) for note in reading.notes]


@pytest.mark.parametrize(
    ("number", "code", "share"),
    [
        (0.5, "0%", "50"), (0.125, "0.0 %", "12.5"), (1, "0.00%", "100"), (1 / 3, '0" per cent"%', "33.33"),
        (50, "General", "50"), (12.0, "0", "12"), (0.5, "0.0", "0.5"), (50, '0" %"', "50"), (0.07, "0%;[Red]-0%", "7"),
    ],
)  # fmt: skip
def test_a_share_is_what_the_cell_shows(tmp_path, number, code, share):
    def fill(sheet: Any, shown: Any) -> None:
        sheet.write_row(2, 1, ["group", "person", "share"])
        sheet.write_row(3, 1, ["g", "p"])
        sheet.write(3, 3, number, shown(code))

    (row,), notes = mapped(book(tmp_path, fill))
    assert isinstance(row, MemberRow)
    assert (row.share, notes) == (Decimal(share).quantize(Decimal("0.01")), [])


def test_days_are_read_from_day_cells_from_numbers_and_from_texts(tmp_path):
    def fill(sheet: Any, shown: Any) -> None:
        sheet.write_row(0, 0, ["group", "person", "from", "to"])
        sheet.write_row(1, 0, ["g", "a"])
        sheet.write_datetime(1, 2, dt.datetime(2026, 1, 31), shown("yyyy-mm-dd hh:mm"))  # noqa: DTZ001 - sheets have no zone
        sheet.write_datetime(1, 3, dt.datetime(2026, 2, 28, 13, 30), shown("d/m yy"))  # noqa: DTZ001 - sheets have no zone
        sheet.write_row(2, 0, ["g", "b", 46053, 46054.75])
        sheet.write_row(3, 0, ["g", "c", "2026-01-31", "20260201"])
        sheet.write_row(4, 0, ["g", "d", 12, "31/1 2026"])

    rows, notes = mapped(book(tmp_path, fill))
    first, second = dt.date(2026, 1, 31), dt.date(2026, 2, 1)
    assert [(row.from_on, row.to_on) for row in rows] == [
        (first, dt.date(2026, 2, 28)), (first, second), (first, second), (None, None)
    ]  # fmt: skip
    assert notes == [("from", "12", "date_unreadable"), ("to", "31/1 2026", "date_unreadable")]


@given(day=st.dates(dt.date(1954, 10, 4), dt.date(2119, 1, 1)))
def test_a_day_is_the_same_however_it_is_written(day):
    counted = (day - dt.date(1899, 12, 30)).days
    written = (day.isoformat(), f"{day:%Y%m%d}", f"{day} 00:00:00", f"{day}T23:59:59Z", str(counted), f"{counted}.0")
    assert {day_of(text) for text in written} == {day}


@pytest.mark.parametrize("text", ["2026-02-30", "20261301", "2026-1-1", "19999", "80000", "31/1 2026", "-46053", ""])
def test_what_is_no_day_is_none(text):
    assert day_of(text) is None


def test_numbers_have_no_point_or_digits_that_nobody_sees(tmp_path):
    def fill(sheet: Any, shown: Any) -> None:
        sheet.write_row(0, 0, ["key", "kind", "name", "units", "load", "used", "at", "on"])
        sheet.write_row(1, 0, [12.0, "server", 7, 0.1 + 0.2, 1e14])
        sheet.write(1, 5, 0.5, shown("0%"))
        sheet.write_datetime(1, 6, dt.time(0, 0), shown("hh:mm"))
        sheet.write_boolean(1, 7, True)

    (row,), _notes = mapped(book(tmp_path, fill, "items"))
    assert isinstance(row, ItemRow)
    wanted = {"units": "0.3", "load": "100000000000000", "used": "50%", "at": "00:00:00", "on": "true"}
    assert (row.key, row.name, row.attributes) == ("12", "7", wanted)


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#DIV/0!", "#NAME?", "#VALUE!"])
def test_a_failed_formula_is_never_a_value_and_never_lost_without_a_word(tmp_path, error):
    def fill(sheet: Any, _shown: Any) -> None:
        sheet.write_row(0, 1, ["key", "kind", "name", "group", "os", "tags"])
        sheet.write_row(1, 1, ["a", "server", "A"])
        for column in (4, 5, 6):
            sheet.write_formula(1, column, "=B9", None, error)
        sheet.write_row(2, 1, ["b", "server"])
        sheet.write_formula(2, 3, "=B9", None, error)

    (row, refused), notes = mapped(book(tmp_path, fill, "items"))
    assert (row.key, row.group, row.tags, row.attributes) == ("a", None, (), {})
    assert sorted(notes) == [(field, error, "cell_error") for field in ("group", "os", "tags")]
    assert (refused.code, refused.params) == ("cell_error", {"field": "name", "value": error})


@pytest.mark.parametrize("error", ["#REFERENS!", "#SAKNAS!", "#N/A", "#VÄRDEFEL!"])
def test_a_failed_formula_is_known_in_text_files_too(tmp_path, error):
    path = tmp_path / "items.csv"
    path.write_text(f"key,kind,name,group,os\na,server,A,{error},{error}\nb,server,{error},,\nc#,server,C #1,,#1\n")
    (first, second, third), notes = mapped(path)
    assert (first.group, first.attributes) == (None, {})
    assert {(field, code) for field, _value, code in notes} == {("group", "cell_error"), ("os", "cell_error")}
    assert isinstance(second, RowRefused)
    assert (third.key, third.name, third.attributes) == ("c#", "C #1", {"os": "#1"})


def changed(path: Path, pattern: str, new: str) -> Path:
    """The workbook with its sheet's XML altered."""
    old = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
    with zipfile.ZipFile(path, "w") as out:
        for name in old.namelist():
            text = old.read(name)
            out.writestr(name, re.sub(pattern, new, text.decode()) if "sheet1" in name else text)
    return path


@pytest.mark.parametrize(
    "cell", ['<c r="C2"><f>B2</f></c>', '<c r="C2"><f>B2</f><v/></c>', '<c r="C2"><f>B2</f><v></v></c>']
)
def test_a_formula_that_was_never_calculated_refuses_the_file_with_its_cell(tmp_path, cell):
    def fill(sheet: Any, _shown: Any) -> None:
        sheet.write_row(0, 0, ["key", "kind", "name"])
        sheet.write_row(1, 0, ["a", "server", 7])

    path = changed(book(tmp_path, fill, "items"), r'<c r="C2">.*?</c>', cell)
    with pytest.raises(FileRefused) as refused:
        mapped(path)
    assert (refused.value.code, refused.value.params) == ("formula_empty", {"cell": "C2"})
    assert (refused.value.place.where, refused.value.place.line) == ("x.xlsx[items]", 2)
    assert "save it" in refused.value.todo


def test_a_formula_that_gives_an_empty_text_is_an_empty_cell(tmp_path):
    def fill(sheet: Any, _shown: Any) -> None:
        sheet.write_row(0, 0, ["key", "kind", "name", "os"])
        sheet.write_row(1, 0, ["a", "server", "A", 7])

    path = changed(book(tmp_path, fill, "items"), r'<c r="D2">.*?</c>', '<c r="D2" t="str"><f>""</f><v></v></c>')
    (row,), notes = mapped(path)
    assert (row.attributes, notes) == ({}, [])


def test_odd_cells_are_found_wherever_the_pieces_are_cut():
    text = (
        b'<sheetData><row r="3"><c r="A3" s="1"/><c r="B3" s="1"><v>0.5</v></c>'
        b'<c r="AA3" t="e"><f>A1</f><v>#N/A</v></c>'
        b'<c r="AB3"><f>A1</f><v>1</v></c><x:c r="C3"><x:f>A1</x:f></x:c><c s="1"><v>1</v></c></row></sheetData>'
    )
    wanted = [Odd(2, 1, "percent"), Odd(2, 26, "error", "#N/A"), Odd(2, 2, "formula")]
    for size in (1, 2, 7, 50, 1000):
        pieces = [text[at : at + size] for at in range(0, len(text), size)]
        assert list(odd_cells(pieces, frozenset((b"1",)))) == wanted
    assert [one.address for one in wanted] == ["B3", "AA3", "C3"]


def test_a_share_with_a_decimal_comma_is_read():
    row = Checker(()).check("members", {"group": "g", "person": "p", "share": "37,5 %"}, Place("x"))
    assert isinstance(row, MemberRow)
    assert row.share == Decimal("37.50")


GRID = st.lists(st.integers(1, 4), min_size=1, max_size=5)
"""Heights of the cells of a column, from the top: one of more than 1 is merged over so many rows."""


@given(heights=GRID, title=st.booleans(), first=st.integers(0, 2))
def test_a_cell_merged_over_rows_counts_for_each_of_them(tmp_path_factory, heights, title, first):
    shown = [f"g{number}" for number, height in enumerate(heights) for _ in range(height)]

    def fill(sheet: Any, _shown: Any) -> None:
        if title:
            sheet.merge_range(0, first, 1, first + 3, "Servrar 2026")
        row = 2
        sheet.write_row(row, first, ["key", "kind", "name", "group"])
        for number, height in enumerate(heights):
            if height > 1:
                sheet.merge_range(row + 1, first + 3, row + height, first + 3, f"g{number}")
            else:
                sheet.write(row + 1, first + 3, f"g{number}")
            for _ in range(height):
                row += 1
                sheet.write_row(row, first, [f"k{row}", "server", f"N{row}"])

    rows, notes = mapped(book(tmp_path_factory.mktemp("merged"), fill, "items"))
    assert [row.group for row in rows] == shown
    assert notes == []


def test_merged_cells_that_lie_on_top_of_each_other_are_gone_through_once():
    ranges = [((1, 0), (900_000, 0)), ((2, 0), (900_000, 0)), ((3, 1), (3, 4)), ((5, 2), (7, 3)), ((9, 2), (8, 2))]
    assert _fills(ranges, 100, 0) == [Fill(0, 1, 99), Fill(2, 5, 7)]
