"""A name that stands twice in a record, or a column in a table, loses no value without a word."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from helhet.importers.mapped import Mapped
from helhet.importers.mapping import find_mapping, load_mapping
from helhet.importers.problems import FileRefused, RowRefused
from helhet.importers.reading import read
from helhet.importers.rows import ItemRow
from helhet.importers.tests.rig import take, totals, write
from helhet.items.models import SourceKey

ONE = '{"key":"a","kind":"server","name":"A"}'
TWO = '{"key":"b","kind":"server",\n "name":"B","name":"Not B"}'


def mapped(folder: Path, name: str, content: str, mapping: str = "plain") -> list[object]:
    path = folder / name
    path.write_bytes(gzip.compress(content.encode()) if name.endswith(".gz") else content.encode())
    chosen = load_mapping(mapping) if ":" in mapping else find_mapping(mapping)
    return list(Mapped(chosen, read(path), ("server", "application")).rows())


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("items.json", f"[{ONE},\n{TWO}]"), ("items.jsonl", ONE + "\n" + TWO.replace("\n", "")),
        ("items.ndjson.gz", ONE + "\n" + TWO.replace("\n", "")),
    ],
)  # fmt: skip
def test_a_record_with_a_name_twice_is_refused_with_its_row_key_and_name(tmp_path, name, content):
    rows = mapped(tmp_path, name, content)
    assert [row.key for row in rows if isinstance(row, ItemRow)] == ["a"]
    (refused,) = [row for row in rows if isinstance(row, RowRefused)]
    assert (refused.code, refused.params, refused.key, refused.noun) == ("name_twice", {"name": "name"}, "b", "items")
    assert (refused.place.where, refused.place.line) == (name, 2)
    assert "“name”" in refused.reason


def test_a_document_with_a_name_twice_is_refused_with_the_line_of_the_second(tmp_path):
    with pytest.raises(FileRefused) as refused:
        mapped(tmp_path, "x.json", '{"items": [' + ONE + ', {"key": "c",\n\n"key": "d"}]}')
    assert (refused.value.code, refused.value.place.line, refused.value.params["name"]) == ("json_twice", 3, "key")
    with pytest.raises(FileRefused) as refused:
        mapped(tmp_path, "x.yaml", "items:\n- key: a\n  kind: server\n  key: b\n")
    assert (refused.value.code, refused.value.place.line, refused.value.params["name"]) == ("yaml_twice", 4, "key")


def test_a_record_with_a_name_twice_is_told_also_where_no_rule_takes_it(tmp_path):
    rows = mapped(
        tmp_path, "x.jsonl", ONE + '\n{"a": 1, "a": 2}', "items: {key: .key, kind: .kind, name: .name, when: .key}"
    )
    assert [row.params for row in rows if isinstance(row, RowRefused)] == [{"name": "a"}]


def test_a_whole_file_mapping_refuses_a_file_with_a_name_twice(tmp_path):
    with pytest.raises(FileRefused) as refused:
        mapped(tmp_path, "x.json", f"[{TWO}]", "per: file\nitems: {records: '.[]', key: key, kind: kind, name: name}")
    assert refused.value.code == "json_twice"


def test_two_names_that_differ_only_in_case_are_not_chosen_between(tmp_path):
    rows = mapped(tmp_path, "items.json", '[{"key":"a","kind":"server","name":"A","Name":"B"}]')
    assert [(row.code, row.params) for row in rows] == [("names_alike", {"name": "name", "other": "Name"})]
    rows = mapped(tmp_path, "items.json", '[{"key":"a","kind":"server","Name":"","name":"A","OS":"x","os":"y"}]')
    assert [(row.name, row.attributes) for row in rows] == [("A", {"OS": "x", "os": "y"})]


@pytest.mark.parametrize("header", ["key,kind,name,name", "key,kind,Name,name", "key,kind,tags,name,Tags"])
def test_a_table_with_a_column_twice_that_takes_one_value_is_refused_with_both_places(tmp_path, header):
    with pytest.raises(FileRefused) as refused:
        mapped(tmp_path, "items.csv", f"{header}\n" + ",".join("a" * len(header.split(","))) + "\n")
    assert refused.value.code == "columns_twice"
    assert refused.value.params["places"] in {"3, 4", "3, 5"}
    assert refused.value.todo


def test_columns_that_may_hold_several_values_and_those_kept_as_attributes_may_repeat(tmp_path):
    rows = mapped(tmp_path, "items.csv", "key,kind,name,tags,tags,os,os\na,server,A,x,y,1,2\n")
    assert [(row.tags, row.attributes) for row in rows] == [(("x", "y"), {"os": ["1", "2"]})]


@pytest.mark.django_db
def test_an_item_whose_record_is_refused_for_a_name_twice_has_not_vanished(tmp_path):
    take(write(tmp_path / "a", items=[{"key": one, "kind": "server", "name": one} for one in "ab"]))
    (tmp_path / "b").mkdir()
    (tmp_path / "b/items.jsonl").write_text(ONE + "\n" + TWO.replace("\n", ""))
    assert totals(take(tmp_path / "b")) == (0, 1, 0, 1, 0)
    assert not SourceKey.objects.filter(not_seen_since__isnull=False).exists()
