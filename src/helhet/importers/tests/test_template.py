"""The downloadable template is read by the plain mapping as it is, once filled in."""

import io
import zipfile

import pytest
import python_calamine

from helhet.importers.fields import FIELDS
from helhet.importers.mapped import Mapped
from helhet.importers.mapping import find_mapping
from helhet.importers.problems import FileRefused
from helhet.importers.reading import read
from helhet.importers.template import COLUMNS, LANGUAGES, help_lines, xlsx_template, zip_template

KINDS = {"server": "Server", "application": "Applikation"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_template_says_that_there_is_nothing_in_it(tmp_path, language):
    for name, content in (("t.xlsx", xlsx_template(language, KINDS)), ("t.zip", zip_template(language, KINDS))):
        path = tmp_path / name
        path.write_bytes(content)
        reading = read(path)
        assert sorted(table.name for table in reading.tables) == sorted(COLUMNS)
        with pytest.raises(FileRefused) as refused:
            list(Mapped(find_mapping("plain"), reading, KINDS).rows())
        assert refused.value.code == "nothing_taken"


def test_a_filled_zip_is_taken_whole(tmp_path):
    filled = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(zip_template("sv", KINDS))) as old, zipfile.ZipFile(filled, "w") as new:
        for name in old.namelist():
            more = {"items.csv": "a,server,Å,g,,,,\r\n", "groups.csv": "g,Grupp,,,,\r\n"}.get(name, "")
            new.writestr(name, old.read(name) + more.encode())
    path = tmp_path / "t.zip"
    path.write_bytes(filled.getvalue())
    mapped = Mapped(find_mapping("plain"), read(path), KINDS)
    assert [(type(row).__name__, row.key) for row in mapped.rows()] == [("GroupRow", "g"), ("ItemRow", "a")]
    assert mapped.reading.skipped == ["README.txt"]
    assert mapped.untaken == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_help_names_every_kind_and_stands_on_a_sheet_of_its_own(language):
    assert "server (Server), application (Applikation)" in " ".join(help_lines(language, KINDS))
    names = python_calamine.load_workbook(io.BytesIO(xlsx_template(language, KINDS))).sheet_names
    assert names == [*COLUMNS, {"sv": "Läs mig", "en": "Read me"}[language]]


def test_every_column_of_the_template_is_a_field_of_its_noun():
    for noun, columns in COLUMNS.items():
        assert set(columns) <= set(FIELDS[noun])
