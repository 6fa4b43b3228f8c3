"""Files as offices make them: what is plain to whoever made them is taken, and what is not is told."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.utils.translation import override
from hypothesis import assume, example, given
from hypothesis import strategies as st

from helhet.importers.mapped import Mapped
from helhet.importers.mapping import find_mapping
from helhet.importers.problems import FileRefused, RowRefused
from helhet.importers.reading import encoding_named, read
from helhet.importers.reading.table import titles_above
from helhet.importers.rows import ItemRow
from helhet.importers.tests.rig import take, totals
from helhet.importers.words import of_file
from helhet.items.models import SourceKey

HEAD = "key;kind;name;os\n"


def mapped(folder: Path, name: str, content: str | bytes) -> tuple[list[ItemRow], list[tuple[str, int]]]:
    """Items, and code and line of each refusal."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    rows = list(Mapped(find_mapping("plain"), read(path), ("server", "network_device")).rows())
    refused = [(row.code, row.place.line) for row in rows if isinstance(row, RowRefused)]
    return [row for row in rows if isinstance(row, ItemRow)], refused


def refusal(folder: Path, name: str, content: str | bytes) -> FileRefused:
    with pytest.raises(FileRefused) as refused:
        mapped(folder, name, content)
    return refused.value


TAKEN: dict[str, str | bytes] = {
    "semicolons and a mark": "\ufeff" + HEAD.replace("\n", "\r\n") + "a;server;A;x\r\n",
    "tabs": HEAD.replace(";", "\t") + "a\tserver\tA\tx\n",
    "unicode text of Excel": (HEAD.replace(";", "\t") + "a\tserver\tA\tx\r\n").encode("utf-16"),
    "a line that names the delimiter": "sep=;\n" + HEAD + "a;server;A;x\n",
    "empty columns behind": HEAD.replace("\n", ";;\n") + "a;server;A;x;;\n",
    "empty cells behind in rows alone": HEAD + "a;server;A;x;; \n",
    "rows of delimiters and of blanks": HEAD + ";;;\na;server;A;x\n ; ;;\n   \n\t\n;;;\n\n",
    "a title above": "Inventarie 2026;;;\n;;;\n" + HEAD + "a;server;A;x\n",
    "a title and a day above": "Inventarie 2026;;;\n2026-01-31;;;\n" + HEAD + "a;server;A;x\n",
    "a title that is not padded": "Servrar\n\n" + HEAD + "a;server;A;x\n",
    "headings in capitals and with blanks": " KEY; Kind ;NAME;os\na;server;A;x\n",
    "signs that nobody sees": HEAD + "a\u200b;server\u00a0;\ufeffA;x\u00ad\n",
}


@pytest.mark.parametrize("case", TAKEN)
def test_a_csv_file_of_an_office_is_taken_as_its_maker_sees_it(tmp_path, case):
    (row,), refused = mapped(tmp_path, "Inventarie 2026.csv", TAKEN[case])
    assert (row.key, row.kind, row.name, row.attributes) == ("a", "server", "A", {"os": "x"})
    assert not refused


def test_lines_below_a_title_are_counted_as_they_stand(tmp_path):
    _rows, refused = mapped(tmp_path, "x.csv", "Titel;;;\n\n" + HEAD + "a;server;A;x\nb;server;;\nSumma;;;\n")
    assert refused == [("no_value", 5), ("no_value", 6)]


def test_a_filled_cell_beyond_the_header_refuses_its_row(tmp_path):
    rows, refused = mapped(tmp_path, "x.csv", HEAD + "a;server;A;x;;y\nb;server;B;x;\n")
    assert ([row.key for row in rows], refused) == (["b"], [("cells_many", 2)])


@pytest.mark.parametrize(
    ("rows", "number"),
    [
        ([["key"], ["a"], ["b"]], 0), ([["key", "name"], ["a", "A"]], 0), ([["T", ""], ["key", "name"]], 1),
        ([["", "T"], ["key", "name"]], 0), ([["T", ""], ["", ""], ["u", ""], ["k", "n"]], 3),
        ([["", ""], ["k", "n"]], 1),        ([["T", ""]] * 30 + [["k", "n"]], 0), ([], 0),
    ],
)  # fmt: skip
def test_a_title_is_a_row_with_one_cell_above_one_with_several(rows, number):
    assert titles_above(rows) == number


def test_a_workbook_with_a_title_and_loose_cells_is_taken(tmp_path):
    def fill(book: Any) -> None:
        sheet = book.add_worksheet("Blad1")
        sheet.write(0, 0, "Servrar i kommunen")
        sheet.write_row(2, 0, ["Nyckel", "Typ", "Namn", "Operativsystem"])
        sheet.write_row(3, 0, [7.0, "server", "A", "x"])
        sheet.write_row(4, 0, [" ", "", "  "])
        book.add_worksheet("Blad2")

    stored = io.BytesIO()
    with xlsxwriter.Workbook(stored, {"in_memory": True}) as book:
        fill(book)
    (row,), refused = mapped(tmp_path, "Servrar.xlsx", stored.getvalue())
    assert (row.key, row.place.line, row.attributes) == ("7", 4, {"Operativsystem": "x"})
    assert not refused


def packed(*members: tuple[str, bytes]) -> bytes:
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as archive:
        for name, content in members:
            archive.writestr(name, content)
    return stored.getvalue()


TABLE = (HEAD + "a;server;A;x\n").encode()


def test_what_a_desktop_leaves_in_a_folder_or_archive_is_passed_over_and_named(tmp_path):
    left = (
        "__MACOSX/Export/._items.csv",
        "Export/.DS_Store",
        "Export/Thumbs.db",
        "Export/~$lista.xlsx",
        "Export/._x.csv",
    )
    path = tmp_path / "export.zip"
    path.write_bytes(packed(("Export/items.csv", TABLE), *((name, b"\0") for name in left)))
    reading = read(path)
    assert [table.where for table in reading.tables] == ["Export/items.csv"]
    assert {"Export/~$lista.xlsx", "Export/Thumbs.db"} <= set(reading.skipped)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("x.csv", packed(("items.csv", TABLE)), "not_text_file"), ("x.json", gzip.compress(TABLE), "not_text_file"),
        ("x.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "not_text_file"), ("x.txt", b"%PDF-1.7", "not_text_file"),
        ("x.zip.gz", gzip.compress(packed(("items.csv", TABLE))), "zip_in_gz"),
        ("x.csv", (HEAD + "a;server;Växjö;x\n").encode("cp1252"), "encoding_guess"),
        ("x.csv", HEAD.encode() + b"a;server;A\0B;x\n", "nul"),
        ("x.csv", HEAD + 'a;server;"' + "x" * 2_000_000 + '";x\n', "cell_big"),
        ("x.csv", HEAD + 'a;server;"24" skärm;x\n', "csv_broken"), ("x.xlsx", TABLE, "xlsx_broken"),
    ],
)  # fmt: skip
def test_a_file_that_is_something_else_is_refused_in_both_languages(tmp_path, name, content, code):
    refused = refusal(tmp_path, name, content)
    assert refused.code == code
    told = set()
    for language in ("en", "sv"):
        with override(language):
            said = of_file(refused)
            told.add((said.message, said.todo))
            assert said.message
            assert said.todo
    assert len(told) == 2


def test_a_windows_file_is_told_how_excel_saves_it_right(tmp_path):
    refused = refusal(tmp_path, "x.csv", (HEAD + "a;server;Växjö;x\n").encode("cp1252"))
    assert "Växjö" in refused.what
    assert "CSV UTF-8" in refused.todo


def test_a_windows_file_is_told_how_it_is_taken_as_it_is(tmp_path):
    assert "--encoding windows-1252" in refusal(tmp_path, "x.csv", (HEAD + "a;server;Växjö;x\n").encode("cp1252")).todo


def _is_utf_8(content):
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


@given(texts=st.lists(st.text("aåäöÅÄÖé€–§ ", min_size=1), min_size=1, max_size=4), as_utf8=st.booleans())
@example(texts=["åäö"], as_utf8=True)
def test_a_file_is_read_in_the_encoding_that_is_said_unless_it_is_utf_8_after_all(tmp_path_factory, texts, as_utf8):
    path = tmp_path_factory.mktemp("said") / "x.csv"
    rows = [f"k{number};server;N{text}N;x" for number, text in enumerate(texts)]
    content = (HEAD + "\n".join(rows)).encode("utf-8" if as_utf8 else "cp1252")
    # Few texts in the one encoding are texts in the other too: nobody could tell which was meant.
    assume(as_utf8 or content.isascii() or not _is_utf_8(content))
    path.write_bytes(content)
    taken = list(Mapped(find_mapping("plain"), read(path, encoding="windows-1252"), ("server",)).rows())
    assert [row.name for row in taken if isinstance(row, ItemRow)] == [f"N{text}N" for text in texts]


@pytest.mark.parametrize("name", ["cp1252", "Windows-1252", " windows_1252 "])
def test_an_encoding_goes_by_any_of_its_names(name):
    assert encoding_named(name) == "windows-1252"


@pytest.mark.parametrize("name", ["", "klingon", "rot13", "punycode", "idna", "a\0b"])
def test_what_is_no_encoding_of_files_is_told_with_those_that_are(name):
    with pytest.raises(FileRefused, match=r"windows-1252"):
        encoding_named(name)


def test_an_unknown_kind_is_told_with_those_that_there_are(tmp_path):
    (refused,) = Mapped(find_mapping("plain"), read(_file(tmp_path, "a;Xyz;A;x")), ("server", "network_device")).rows()
    assert isinstance(refused, RowRefused)
    assert (refused.code, refused.params["allowed"]) == ("kind_unknown", "network_device, server")


def _file(folder: Path, *lines: str) -> Path:
    path = folder / "items.csv"
    path.write_text(HEAD + "\n".join(lines) + "\n")
    return path


def test_json_documents_one_after_the_other_are_taken_as_lines_are(tmp_path):
    one, two = ({"key": key, "kind": "server", "name": key} for key in "ab")
    rows, _refused = mapped(tmp_path, "x.json", json.dumps(one) + "\n" + json.dumps(two, indent=1) + "\n")
    assert [(row.key, row.place.line) for row in rows] == [("a", 1), ("b", 2)]


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["a\tb", '"a\nb"', "a\u200b", "a\u00a0b", "a  b", "a\u200b  b", '"a\r\n b"'])
def test_a_key_with_odd_signs_is_the_same_at_the_next_import(tmp_path, settings, key):
    settings.FILES_DIR = tmp_path / "files"
    first = take(_file(tmp_path, f"{key};server;A;x", "c;server;C;x"))
    assert totals(first) == (2, 0, 0, 0, 0)
    assert totals(take(_file(tmp_path, f"{key};server;A;x", "c;server;C;x"))) == (0, 0, 2, 0, 0)
    assert totals(take(_file(tmp_path, f"{key};server;A;y", "c;server;C;x"))) == (0, 1, 1, 0, 0)
    assert SourceKey.objects.count() == 2


def test_names_of_two_hundred_characters_are_kept_and_those_too_long_are_told(tmp_path):
    lines = f"a;server;{'å' * 200};x\nb;server;{'å' * 301};x\nc;server;A\x07B;x\n"
    rows, refused = mapped(tmp_path, "x.csv", HEAD + lines)
    assert [row.name for row in rows] == ["å" * 200]
    assert refused == [("value_long", 3), ("value_control", 4)]
