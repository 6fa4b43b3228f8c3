"""The plain layout under other names: what a file holds is told by its columns, in English or Swedish."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from helhet.importers.headers import nouns_told
from helhet.importers.mapped import Mapped
from helhet.importers.mapping import find_mapping
from helhet.importers.models import Finding
from helhet.importers.problems import FileRefused, RowRefused
from helhet.importers.reading import read
from helhet.importers.rows import DependencyRow, GroupRow, ItemRow, MemberRow, NormalRow, PersonRow
from helhet.importers.tests.rig import item, take, totals
from helhet.items.models import State

from .test_reading import workbook

ITEM = {"key": "a", "kind": "server", "name": "A", "os": "Linux"}
SAMPLES: dict[str, tuple[list[dict[str, str]], type]] = {
    "servers": ([ITEM], ItemRow),
    "lag": ([{"key": "g", "name": "G", "mandate": "Runs it"}], GroupRow),
    "folk": ([{"key": "p", "name": "P", "email": "p@example.org"}], PersonRow),
    "who": ([{"group": "g", "person": "p"}], MemberRow),
    "needs": ([{"from": "a", "to": "b", "criticality": "hard"}], DependencyRow),
}


def mapped(path: Path) -> list[NormalRow | RowRefused]:
    return list(Mapped(find_mapping("plain"), read(path), ("server", "application")).rows())


def written(folder: Path, name: str, rows: list[dict[str, str]]) -> Path:
    """Rows in the format that the name's ending tells."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    path = folder / name
    match path.suffix:
        case ".json":
            path.write_text(json.dumps(rows))
        case ".jsonl":
            path.write_text("\n".join(map(json.dumps, rows)))
        case ".yaml":
            path.write_text("".join(f"- {json.dumps(row)}\n" for row in rows))
        case ".xlsx":
            cells: list[list[object]] = [[row.get(one, "") for one in columns] for row in rows]
            path.write_bytes(workbook({"Blad1": [list(columns), *cells]}))
        case _:
            lines = [columns, *([row.get(one, "") for one in columns] for row in rows)]
            path.write_text("\n".join(map(",".join, lines)))
    return path


@pytest.mark.parametrize("ending", ["csv", "json", "jsonl", "yaml", "xlsx"])
@pytest.mark.parametrize("name", SAMPLES)
def test_a_single_file_under_any_name_is_taken_as_what_its_columns_tell(tmp_path, name, ending):
    rows, row_class = SAMPLES[name]
    (found,) = mapped(written(tmp_path, f"{name}.{ending}", rows))
    assert type(found) is row_class


@pytest.mark.parametrize("ending", ["csv", "json"])
@pytest.mark.parametrize(
    ("row", "nouns"),
    [({"key": "a", "name": "A"}, "items, groups, persons"), ({"from": "a", "to": "b"}, "links, dependencies")],
)
def test_a_file_that_may_hold_several_things_is_refused_with_what_they_are(tmp_path, row, nouns, ending):
    with pytest.raises(FileRefused) as refused:
        mapped(written(tmp_path, f"x.{ending}", [row]))
    assert (refused.value.code, refused.value.params["nouns"]) == ("noun_unclear", nouns)
    assert nouns.split(", ")[0] in refused.value.todo
    assert len(mapped(written(tmp_path, f"{nouns.split(', ')[-1]}.{ending}", [row]))) == 1


@pytest.mark.parametrize("ending", ["csv", "json", "jsonl"])
def test_a_file_of_other_columns_is_refused_with_its_columns(tmp_path, ending):
    with pytest.raises(FileRefused) as refused:
        mapped(written(tmp_path, f"x.{ending}", [{"hostname": "a", "serial": "1"}]))
    assert refused.value.code == "not_a_key_table"
    assert "hostname" in refused.value.what


def test_items_without_a_kind_are_told_that_the_column_is_missing(tmp_path):
    with pytest.raises(FileRefused) as refused:
        mapped(written(tmp_path, "x.csv", [{"key": "a", "name": "A", "group": "g"}]))
    assert (refused.value.code, refused.value.params["missing"]) == ("columns_missing", "kind")


def test_lists_in_a_folder_are_told_apart_and_what_nothing_takes_is_named(tmp_path):
    for name, (rows, _row_class) in SAMPLES.items():
        written(tmp_path, f"{name}.json", rows)
    written(tmp_path, "notes.json", [{"text": "x"}])
    written(tmp_path, "ends.csv", [{"from": "a", "to": "b"}])
    reading = Mapped(find_mapping("plain"), read(tmp_path), ("server",))
    assert {type(row) for row in reading.rows()} == {row_class for _rows, row_class in SAMPLES.values()}
    assert sorted(reading.untaken) == ["ends.csv", "notes.json"]


def test_a_file_in_a_folder_of_an_archive_is_taken_and_the_copies_of_macos_are_passed_over(tmp_path):
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Mina filer/Servrar 2026.csv", "key,kind,name\na,server,A\n")
        archive.writestr("__MACOSX/Mina filer/._Servrar 2026.csv", b"\0\0binary")
        archive.writestr("Mina filer/.DS_Store", b"\0")
    assert [type(row) for row in mapped(path)] == [ItemRow]


def test_an_item_that_has_a_list_called_as_a_noun_is_still_an_item(tmp_path):
    path = tmp_path / "items.json"
    path.write_text(json.dumps([{**ITEM, "links": ["https://example.org"]}]))
    for name in ("items.json", "servers.json"):
        (found,) = mapped(path.rename(tmp_path / name) if name != path.name else path)
        assert found.attributes == {"os": "Linux", "links": ["https://example.org"]}


SWEDISH = "Nyckel;Typ;Namn;Ansvarig grupp;Ingår i;Tillstånd;Kritikalitet;Etiketter;Beskrivning;Serienummer\n"


def test_swedish_headings_are_the_layouts_own_columns(tmp_path):
    path = tmp_path / "Inventarie.csv"
    path.write_text("\ufeff" + SWEDISH + "s1;Server;Webb;drift;;I drift;HÖG;a,b;Kör webben;007\n")
    (found,) = mapped(path)
    assert (found.key, found.kind, found.name, found.group, found.part_of) == ("s1", "server", "Webb", "drift", None)
    assert (found.state, found.criticality, found.tags) == ("live", "high", ("a", "b"))
    assert (found.description, found.attributes) == ("Kör webben", {"Serienummer": "007"})


def test_swedish_headings_stand_beside_english_ones_as_attributes(tmp_path):
    path = tmp_path / "items.csv"
    path.write_text("key,kind,name,Typ,Namn\na,server,A,blade,x\n")
    (found,) = mapped(path)
    assert (found.kind, found.name, found.attributes) == ("server", "A", {"Typ": "blade", "Namn": "x"})


@pytest.mark.parametrize(
    ("header", "nouns"),
    [
        ("Grupp,Person,Från,Till,Andel", ("members",)), ("Nyckel,Namn,Uppdrag", ("groups",)),
        ("Nyckel,Namn,E-post", ("persons",)), ("Objekt,Grupp,Roll", ("responsibilities",)),
        ("Objekt,Ingår i", ("part_of",)), ("FROM,TO,Note", ("dependencies",)), (" Key , KIND,Name", ("items",)),
        ("Från,Till,Typ", ("links", "dependencies")), ("a,b", ()),
    ],
)  # fmt: skip
def test_columns_tell_what_a_table_holds(header, nouns):
    assert nouns_told(header.split(",")) == nouns


def test_a_type_is_a_kind_of_item_and_a_type_of_link(tmp_path):
    path = tmp_path / "Beroenden.csv"
    path.write_text("Från,Till,Typ\na,b,lagrar\n")
    (found,) = mapped(path)
    assert (found.from_, found.to, found.type) == ("a", "b", "lagrar")


@pytest.mark.django_db
def test_kinds_and_states_may_be_written_as_the_pages_show_them(tmp_path):
    words = [
        ("Server", "server", "I bruk", "live"), ("Nätutrustning", "network_device", "Planerad", "planned"),
        ("virtuell  MASKIN", "virtual_machine", "under avveckling", "retiring"),
        ("Servrar", "server", "AVVECKLAD", "retired"),
        ("Network device", "network_device", "live", "live"),
    ]  # fmt: skip
    lines = [f"k{at};{kind};N;{state};INTE ANGIVEN" for at, (kind, _key, state, _ours) in enumerate(words)]
    path = tmp_path / "lista.csv"
    path.write_text("Nyckel;Typ;Namn;Tillstånd;Kritikalitet\n" + "\n".join(lines), encoding="utf-8-sig")
    assert totals(take(path)) == (5, 0, 0, 0, 0)
    assert not Finding.objects.exists()
    found = [(item(f"k{at}").kind.key, State(item(f"k{at}").state).key) for at in range(5)]
    assert found == [(key, state) for _kind, key, _written, state in words]


@pytest.mark.django_db
def test_a_kind_that_is_nearly_a_name_is_refused_with_those_that_are_near(tmp_path):
    path = tmp_path / "lista.csv"
    path.write_text("key,kind,name\na,Nätverksutrustning,A\n")
    (refused,) = take(path).plan.refused
    assert (refused.code, refused.params["near"].split(", ")[0]) == ("kind_near", "network_device")
