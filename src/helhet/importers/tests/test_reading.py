"""Readers: every format gives the same records, each with its place."""

import csv
import datetime as dt
import gzip
import io
import json
import tracemalloc
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from helhet.importers.limits import Limits
from helhet.importers.problems import FileRefused, RowRefused
from helhet.importers.reading import ColumnTable, Row, read
from helhet.importers.reading.csv_file import sniff
from helhet.importers.reading.json_file import named_twice
from helhet.importers.reading.table import unmark
from helhet.importers.reading.yaml_file import plain

CSV = "key,name\na,Å\nb,B\n"
RECORDS = [{"key": "a", "name": "Å"}, {"key": "b", "name": "B"}]
FILES = {
    "items.csv": CSV.encode(),
    "items.tsv": CSV.replace(",", "\t").encode(),
    "items.json": json.dumps(RECORDS).encode(),
    "items.jsonl": "\n".join(json.dumps(one) for one in RECORDS).encode(),
    "items.yaml": b"- {key: a, name: \xc3\x85}\n- {key: b, name: B}\n",
    "items.yml": b"key: a\nname: \xc3\x85\n---\nkey: b\nname: B\n",
    "items.xml": b"<items><item><key>a</key><name>\xc3\x85</name></item><item><key>b</key><name>B</name></item></items>",  # noqa: E501 - one case a line
}


def workbook(sheets: dict[str, list[list[object]]]) -> bytes:
    stored = io.BytesIO()
    book = xlsxwriter.Workbook(stored, {"in_memory": True, "strings_to_formulas": False})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    return stored.getvalue()


FILES["items.xlsx"] = workbook({"items": [["key", "name"], ["a", "Å"], ["b", "B"]]})


def stored(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def values(path: Path, **options: object) -> list[object]:
    return [row.values for table in read(path, **options).tables for row in table.rows() if isinstance(row, Row)]  # type: ignore[arg-type]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("packed", [False, True])
def test_every_format_packed_or_not_gives_the_same_records(tmp_path, name, packed):
    content = gzip.compress(FILES[name]) if packed else FILES[name]
    path = stored(tmp_path, name + ".gz" * packed, content)
    reading = read(path)
    assert [table.name for table in reading.tables] == ["items"]
    found = values(path)
    assert [{key: one for key, one in record.items() if key != "@element"} for record in found] == RECORDS


def test_a_folder_and_a_zip_give_their_files_by_name_and_name_what_they_skip(tmp_path):
    folder = tmp_path / "set"
    (folder / "deep").mkdir(parents=True)
    stored(folder, "items.csv", FILES["items.csv"])
    stored(folder / "deep", "groups.json", b"[]")
    stored(folder, "picture.png", b"x")
    (folder / "link.csv").symlink_to(folder / "items.csv")
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as archive:
        for path in (folder / "items.csv", folder / "deep/groups.json", folder / "picture.png"):
            archive.write(path, path.relative_to(folder).as_posix())
    for reading in (read(folder), read(tmp_path / "set.zip")):
        assert [table.where for table in reading.tables] == ["deep/groups.json", "items.csv"]
        assert reading.skipped == ["picture.png"]
        assert len(list(reading.tables[1].rows())) == 2


def test_an_upload_is_read_under_its_own_name(tmp_path):
    path = stored(tmp_path, "0f3a", FILES["items.csv"])
    assert [table.where for table in read(path, name="Mina objekt.csv").tables] == ["Mina objekt.csv"]


def test_lines_are_physical_lines_with_line_ends_in_cells_and_empty_lines(tmp_path):
    path = stored(tmp_path, "x.csv", b'key,name\r\na,"one\r\ntwo\rthree"\r\n\r\nb,B\r\nc\r\nd,D,x\r\n')
    rows = list(read(path).tables[0].rows())
    assert [(row.line, row.values["key"]) for row in rows if isinstance(row, Row)] == [(2, "a"), (6, "b")]
    assert [(row.place.line, row.code) for row in rows if isinstance(row, RowRefused)] == [
        (7, "cells_few"),
        (8, "cells_many"),
    ]


def test_lines_of_json_elements_and_yaml_documents_are_where_they_begin(tmp_path):
    listed = stored(tmp_path, "x.json", b'[\n {"a": 1},\n\n {"a":\n 2},\n {"a": 3}\n]\n')
    assert [row.line for row in read(listed).tables[0].rows()] == [2, 4, 6]
    documents = stored(tmp_path, "x.yaml", b"# note\na: 1\n---\n\na: 2\n---\n- a: 3\n- a: 4\n---\n")
    assert [row.line for row in read(documents).tables[0].rows()] == [2, 5, 7, 8]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_read_with_its_mark(tmp_path, encoding):
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    path = stored(tmp_path, "x.csv", mark + CSV.encode(encoding))
    assert values(path) == RECORDS


def test_a_latin_file_is_refused_with_its_byte_and_line_and_taken_when_the_encoding_is_said(tmp_path):
    path = stored(tmp_path, "x.csv", b"key,name\nb,B\na,\xc5ker\n")
    with pytest.raises(FileRefused) as refused:
        values(path)
    assert refused.value.params["byte"] == "0xC5"
    assert refused.value.place.line == 3
    assert "Åker" in refused.value.what
    assert "UTF-8" in refused.value.todo
    assert values(path, encoding="windows-1252")[1] == {"key": "a", "name": "Åker"}


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_even_when_others_stand_in_cells(sign):
    assert sniff(sign.join(["key", "name", "note"]) + "\n" + sign.join(["1", '"a,b;c"', "x|y"[:1]]) + "\n") == sign


def test_a_first_line_that_names_the_delimiter_is_followed_and_not_read_as_header(tmp_path):
    path = stored(tmp_path, "x.csv", b"sep=;\r\nkey;name\r\na;A\r\n")
    assert [(row.line, row.values) for row in read(path).tables[0].rows()] == [(3, {"key": "a", "name": "A"})]


def test_repeated_column_names_keep_all_their_values(tmp_path):
    path = stored(tmp_path, "x.csv", b"key,label,label,\na,x,y,z\n")
    assert values(path) == [{"key": "a", "label": ["x", "y"], "column 4": "z"}]


def test_texts_that_look_like_formulas_are_data_and_only_our_own_mark_is_taken_off(tmp_path):
    path = stored(tmp_path, "x.csv", b"a,b,c,d\n=1+1,'=1+1,'tis,-5\n")
    assert values(path) == [{"a": "=1+1", "b": "=1+1", "c": "'tis", "d": "-5"}]
    book = stored(tmp_path, "x.xlsx", workbook({"s": [["a", "b"], ["=1", "'+1"]]}))
    assert values(book) == [{"a": "=1", "b": "+1"}]


def test_a_workbook_gives_values_as_people_see_them(tmp_path):
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet = book.add_worksheet("items")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(2, 1, ["key", "number", "share", "sum", "on", "is"])
    sheet.write_row(3, 1, ["a", 7, 0.5])
    sheet.write_formula(3, 4, "=1+1", None, 2)
    sheet.write_datetime(3, 5, dt.date(2026, 1, 31), day)
    sheet.write_boolean(3, 6, True)
    book.add_worksheet("empty")
    book.close()
    reading = read(stored(tmp_path, "x.xlsx", content.getvalue()))
    assert [table.where for table in reading.tables] == ["x.xlsx[items]"]
    (row,) = reading.tables[0].rows()
    wanted = {"key": "a", "number": "7", "share": "0.5", "sum": "2", "on": "2026-01-31", "is": "true"}
    assert (row.line, row.values) == (4, wanted)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"), ("on", "on"), ("true", True), ("~", None), ("2017-5-02", "2017-5-02"), ("007", "007"),
        ("12", 12), ("-1.5", -1.5), ("1:30", "1:30"), ("0x1F", "0x1F"), ("1e3", 1000.0), (".inf", ".inf"), ("-", "-"),
    ],
)  # fmt: skip
def test_yaml_words_are_what_people_mean(text, value):
    assert plain(text) == value
    assert type(plain(text)) is type(value)


def test_yaml_takes_references_and_merges_and_keeps_explicit_texts(tmp_path):
    path = stored(
        tmp_path, "x.yaml", b"base: &b {a: 1, c: 3}\nmine: {<<: *b, a: 2}\nsame: *b\ntext: !!str 12\nquoted: '12'\n"
    )
    base = {"a": 1, "c": 3}
    assert values(path) == [{"base": base, "mine": {"a": 2, "c": 3}, "same": base, "text": "12", "quoted": "12"}]


def test_xml_keeps_attributes_text_and_repeated_children(tmp_path):
    path = stored(tmp_path, "x.xml", b'<r><i id="1">t<a>1</a><a>2</a><b/></i><j x="y">z</j></r>')
    first = {"@element": "i", "@id": "1", "a": ["1", "2"], "b": None, "#text": "t"}
    assert values(path) == [first, {"@element": "j", "@x": "y", "#text": "z"}]


def test_a_long_json_list_streams_through_a_small_window(tmp_path, monkeypatch):
    monkeypatch.setattr("helhet.importers.reading.json_file._PIECE", 7)
    wanted = [{"n": number, "t": "å" * number, "deep": [[number]]} for number in range(60)] + [1, -2.5e3, None, "x", []]
    assert values(stored(tmp_path, "x.json", json.dumps(wanted, indent=1).encode())) == wanted


@given(
    rows=st.lists(
        st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0\x1f")), min_size=2, max_size=2).filter(
            any
        ),
        max_size=30,
    ),
    sign=st.sampled_from(",;|\t"),
)
def test_what_the_csv_module_writes_is_read_back_equal(tmp_path_factory, rows, sign):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=sign, quoting=csv.QUOTE_ALL)
    writer.writerow(["key", "name"])
    writer.writerows(rows)
    path = stored(tmp_path_factory.mktemp("csv"), "x.csv", text.getvalue().encode())
    (table,) = read(path).tables
    assert isinstance(table, ColumnTable)
    found = [cells for batch in table.batches(7) for cells in batch.cells]
    assert found == [[unmark(cell) for cell in row] for row in rows]


def test_limits_refuse_rows_columns_cells_and_sizes(tmp_path):
    path = stored(tmp_path, "x.csv", CSV.encode())
    for limits, code in (
        (Limits(rows=1), "rows_many"), (Limits(columns=1), "columns_many"), (Limits(file=5), "file_big"),
        (Limits(unpacked=5), "unpacked_big"),
    ):  # fmt: skip
        with pytest.raises(FileRefused) as refused:
            values(path, limits=limits)
        assert refused.value.code == code


def test_a_table_of_many_rows_streams(tmp_path):
    path = tmp_path / "x.csv"
    with path.open("w") as out:
        out.write("key,kind,name\n")
        out.writelines(f"k{number},server,name {number}\n" for number in range(60_000))
    (table,) = read(path).tables
    assert isinstance(table, ColumnTable)
    tracemalloc.start()
    count = sum(len(batch.cells) for batch in table.batches())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 60_000
    assert peak < 8 * 1024 * 1024


def test_rows_of_delimiters_alone_are_no_rows(tmp_path):
    path = tmp_path / "items.csv"
    path.write_text("key,kind,name\n,,\na,server,A\n,,\n,server,B\n")
    table = read(path).tables[0]
    assert [row.line for portion in table.batches() for row in table.as_rows(portion)] == [3, 5]


@pytest.mark.parametrize(
    ("text", "name", "line"),
    [
        ('{"a": 1, "a": 2}', "a", 0), ('{"a": {"b" : 1,\n "c": [{"b":1}, {"d":1,\n"d":1}]}}', "d", 2),
        ('{"\\u0061":1,"a":1}', "a", 0), ('{"x": "\\":", "y": ":", "x": null}', "x", 0),
        ('[{"a":1},{"a":1}]', "", 0), ('{"x": "\\": \\": ", "y": {"x": [1, "x"]}}', "", 0), ('"a:b"', "", 0),
    ],
)  # fmt: skip
def test_a_name_that_stands_twice_in_one_json_object_is_found_with_its_line(text, name, line):
    for written in (text, text.encode()):
        found = named_twice(written, json.loads(text))
        assert (found.name, found.line) == (name, line) if found else not name


_VALUES = st.recursive(
    st.none() | st.integers(0, 9) | st.text('":{}[]\\a', max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3) | st.lists(st.tuples(st.text('":\\ab', max_size=2), inner), max_size=4).map(tuple)
    ),
    max_leaves=12,
)


def _as_text(value):
    """JSON of nested pairs, which may repeat a name."""
    if isinstance(value, tuple):
        return "{" + " ,".join(f"{json.dumps(name)} :{_as_text(one)}" for name, one in value) + "}"
    return "[" + ",".join(map(_as_text, value)) + "]" if isinstance(value, list) else json.dumps(value)


def _repeats(value):
    if isinstance(value, tuple):
        return len({name for name, _one in value}) < len(value) or any(_repeats(one) for _name, one in value)
    return isinstance(value, list) and any(map(_repeats, value))


@given(value=_VALUES)
def test_a_repeated_name_is_found_exactly_when_there_is_one(value):
    text = _as_text(value)
    assert (named_twice(text, json.loads(text)) is not None) == _repeats(value)
