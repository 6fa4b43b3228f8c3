"""The mapping language: what it allows, what it refuses, and that its ways to a row agree."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helhet.importers.checks import Checker
from helhet.importers.expressions import check, outside_strings
from helhet.importers.mapped import Mapped
from helhet.importers.mapping import find_mapping, load_mapping, shipped
from helhet.importers.problems import FileRefused, MappingError, Place, RowRefused
from helhet.importers.quick import QuickItems, fits
from helhet.importers.reading import read
from helhet.importers.rows import DependencyRow, GroupRow, ItemRow, MemberRow, digest

KINDS = ("server", "virtual_machine", "application", "cluster")
ITEM = "items: {key: key, kind: kind, name: name}"


def rows(folder: Path, mapping: str, name: str, content: str) -> list[object]:
    path = folder / name
    path.write_text(content)
    return list(Mapped(load_mapping(mapping), read(path), KINDS).rows())


@pytest.mark.parametrize(
    ("text", "path", "told"),
    [
        ("items: [", "", "YAML"),
        ("- a", "", "object"),
        ("name: x", "", "items"),
        ("name: x\nname: y\n" + ITEM, "", "“name” stands twice"),
        ("colour: red\n" + ITEM, "colour", "first_group"),
        ("items: {key: a, kind: b, name: c, colour: d}", "items[0].colour", "criticality"),
        ("items: {key: a, name: c}", "items[0]", "kind"),
        ("items: 7", "items", "rules"),
        ("items: [7]", "items[0]", "object"),
        ("items: {key: '.a[', kind: b, name: c}", "items[0].key", "syntax error"),
        ("items: {key: '1) | (1', kind: b, name: c}", "items[0].key", "syntax error"),
        ("items: {key: 'nothing_such(1)', kind: b, name: c}", "items[0].key", "nothing_such"),
        ("items: {key: a, kind: b, name: c, reads: all}", "items[0].reads", "tables, records, both"),
        ("first_group: second\n" + ITEM, "first_group", "responsible, none"),
        ("owns: [colour]\n" + ITEM, "owns", "criticality"),
        ("states: {x: y}\n" + ITEM, "states.x", "planned, live"),
        ("define: 'def a: '\n" + ITEM, "define", "syntax error"),
        ("let: {x: '$y'}\n" + ITEM, "let.x", "$y"),
        ("per: line\n" + ITEM, "per", "record, file"),
        ("invent_groups: maybe\n" + ITEM, "invent_groups", "true, false"),
        ("items: {key: {valve: 1}, kind: b, name: c}", "items[0].key.valve", "value"),
    ],
)
def test_a_wrong_mapping_is_answered_with_the_place_and_what_is_allowed(text, path, told):
    with pytest.raises(MappingError) as wrong:
        load_mapping(text)
    assert wrong.value.path == path
    assert told in str(wrong.value)


@pytest.mark.parametrize(
    "expression",
    [
        "env", "env.PATH", "$ENV", "$ENV.HOME", ". | env", '"\\(env.PATH)"', '"a\\("b\\(env)")"', "input", "inputs", "[inputs]",  # noqa: E501 - one case a line
        "input_filename", "input_line_number", "debug", "stderr", "halt", "halt_error", "halt_error(1)", "modulemeta",
        'import "a" as a; .', 'include "a"; .', "get_search_list", "now", "localtime", "$__prog_args", "$__loc__",
        "{a: env}", "[.[]|env]", ".a|debug", 'debug("x")', "(env)", "-env", "1+env", "def x: env; x", "env?",
        ". as $x|env", "if env then 1 else 2 end", "reduce env as $x (0;1)", ".[env]", '@json "\\(env)"', "\n env",
        "# quiet\nenv", '. # "', "\tinput", "first(inputs)", "limit(1;inputs)", "..|env", "try env", "label $f | env",
    ],
)  # fmt: skip
def test_an_expression_that_reaches_outside_of_its_record_is_refused(expression):
    with pytest.raises(MappingError) as wrong:
        check(expression, "items[0].key")
    assert wrong.value.code in {"mapping_jq_word", "mapping_jq_comment"}


@pytest.mark.parametrize(
    "expression",
    [".env", ".input", '"env"', '.["env"]', ".a.debug", "$environment", '. as $environment | "x\\(.env) env"', ".environment", '{"env": 1}'],  # noqa: E501 - one case a line
)  # fmt: skip
def test_names_that_only_look_like_those_words_are_allowed(expression):
    check(expression, "x", ". as $environment | ")


def test_code_inside_of_strings_inside_of_code_is_seen():
    assert "env" in outside_strings('"a\\("b" + "c\\(1 | env)" + ")")"', "x")
    assert "env" not in outside_strings('"a\\\\(env" + "\\"env"', "x")


def test_all_shipped_mappings_load_and_are_named_as_their_files():
    assert set(shipped()) >= {"plain", "backstage", "netbox_csv", "netbox_rest", "netbox_fixture", "servicenow_cmdb_ci"}
    assert [find_mapping(name).name for name in shipped()] == list(shipped())
    with pytest.raises(MappingError, match="plain"):
        find_mapping("nothing_such")


def test_columns_constants_paths_and_jq_come_to_the_same(tmp_path):
    records = json.dumps([{"id": 7, "n": {"m": "A"}, "t": ["x", "y"], "o": {"p": 1}}])
    quick = "items: {key: id, name: .n.m, kind: '\"server\"', tags: t, attributes: {p: .o.p}}"
    slow = "items: {key: .id|tostring, name: '.n|.m', kind: '\"ser\" + \"ver\"', tags: '.t[]', attributes: '{p: .o.p}'}"
    first, second = rows(tmp_path, quick, "a.json", records), rows(tmp_path, slow, "a.json", records)
    assert first == second
    assert first == [
        ItemRow("7", "server", "A", None, None, ("x", "y"), {"p": 1}, None, (), (), None, None, Place("a.json", 1))
    ]


def test_an_expression_that_fails_refuses_its_row_and_names_the_field(tmp_path):
    mapping = "items: {key: '.k | ascii_downcase', name: .k, kind: '\"server\"'}"
    good, bad = rows(tmp_path, mapping, "a.json", '[{"k": 5}, {"k": "B"}]')
    good, bad = (bad, good) if isinstance(bad, ItemRow) else (good, bad)
    assert isinstance(good, ItemRow)
    assert isinstance(bad, RowRefused)
    assert (bad.code, bad.params["field"], bad.place.line) == ("mapping_failed", "key", 1)


def test_a_let_is_worked_out_over_the_whole_file(tmp_path):
    mapping = """
per: file
let: {names: 'map({(.id | tostring): .name}) | add'}
items:
  records: .[]
  key: .id
  name: .name
  kind: '"server"'
  part_of: '.parent | if . then $names[tostring] else null end'
"""
    found = rows(tmp_path, mapping, "a.json", '[{"id": 1, "name": "A"}, {"id": 2, "name": "B", "parent": 1}]')
    assert [row.part_of for row in found if isinstance(row, ItemRow)] == [None, "A"]


@pytest.mark.parametrize(
    ("first", "group", "groups", "roles"),
    [("none", None, ("a", "b"), ()), ("responsible", "a", (), (("supports", "b"),))],
)
def test_several_groups_are_claimants_or_the_first_answers(tmp_path, first, group, groups, roles):
    mapping = f"first_group: {first}\nitems: {{key: k, name: k, kind: '\"server\"', groups: g}}"
    (row,) = rows(tmp_path, mapping, "a.json", '[{"k": "x", "g": ["a", "b", "a"]}]')
    assert isinstance(row, ItemRow)
    assert (row.group, row.groups, row.roles) == (group, groups, roles)


def test_words_of_the_source_become_ours_and_unknown_kinds_are_refused_with_near_ones(tmp_path):
    mapping = (
        "kinds: {Maskin: server}\nstates: {Drift: live}\ncriticality: {'1': critical}\n"
        + ITEM[:-1]
        + ", state: s, criticality: c}"
    )
    found = rows(
        tmp_path, mapping, "a.csv", "key,kind,name,s,c\na,maskin,A,Drift,1\nb,Virtual machine,B,hej,LÅG\nc,servr,C,,\n"
    )
    taken = [row for row in found if isinstance(row, ItemRow)]
    assert [(row.kind, row.state, row.criticality) for row in taken] == [
        ("server", "live", "critical"),
        ("virtual_machine", None, "low"),
    ]
    (refused,) = [row for row in found if isinstance(row, RowRefused)]
    assert (refused.code, refused.params["near"].split(", ")[0], refused.key) == ("kind_near", "server", "c")


def test_a_mapping_that_takes_no_table_names_them(tmp_path):
    with pytest.raises(FileRefused, match="a") as refused:
        rows(tmp_path, "items: {table: b, key: k, kind: k, name: k}", "a.csv", "k\n1\n")
    assert refused.value.code == "takes_nothing"


PLAIN = {
    "items.csv": 'key,kind,name,group,part_of,state,criticality,tags,os\na,server,A,g,,,high,"x, y",Linux\n',
    "groups.csv": "key,name,basis,parent,mandate,state\ng,G,teknik,,Sköter allt,\n",
    "members.csv": "group,person,name,role,from,to,share\ng,p,Åsa,sammankallande,2024-01-01,2025-12-31,50\n",
    "dependencies.csv": "from,to,type,criticality\na,b,,\n",
    "links.csv": "from,to,type\na,b,replaces\n",
}


def test_the_plain_layout_reads_a_folder_and_one_document_alike(tmp_path):
    folder = tmp_path / "set"
    folder.mkdir()
    document: dict[str, list[dict[str, str]]] = {}
    for name, text in PLAIN.items():
        (folder / name).write_text(text)
        for table in read(folder / name).tables:
            document[table.name] = [row.values for row in table.rows() if not isinstance(row, RowRefused)]
    (tmp_path / "all.json").write_text(json.dumps(document))
    found = []
    for path in (folder, tmp_path / "all.json"):
        mapped = Mapped(find_mapping("plain"), read(path), KINDS)
        found.append({type(row).__name__: row[:-1] for row in mapped.rows()})
        assert mapped.notes == []
        assert {noun for noun, count in mapped.counts.items() if count} == {
            "items",
            "groups",
            "members",
            "dependencies",
            "links",
        }
        assert mapped.kinds == {"server"}
    assert found[0] == found[1]
    assert found[0]["ItemRow"] == (
        "a",
        "server",
        "A",
        "live",
        "high",
        ("x", "y"),
        {"os": "Linux"},
        "g",
        (),
        (),
        None,
        None,
    )
    assert found[0]["GroupRow"][:6] == ("g", "G", "technology", None, "Sköter allt", "active")
    assert found[0]["MemberRow"][4] == "chair"
    assert found[0]["DependencyRow"] == ("a", "b", "uses", "hard", None, None, None)


def test_a_key_that_stood_earlier_is_refused_alone_and_says_where(tmp_path):
    text = (
        "key,kind,name\n"
        + "".join(f"k{number},server,N\n" for number in range(1500))
        + "k3,server,M\nz,server,Z\nz,server,Y\n"
    )
    path = tmp_path / "items.csv"
    path.write_text(text)
    found = list(Mapped(find_mapping("plain"), read(path), KINDS).rows())
    refused = [row for row in found if isinstance(row, RowRefused)]
    assert len(found) - len(refused) == 1501
    assert [(row.key, row.place.line, row.params["earlier"]) for row in refused] == [
        ("k3", 1502, "items.csv:5"),
        ("z", 1504, "items.csv:1503"),
    ]


CELLS = st.sampled_from(
    [
        "",
        " ",
        "a",
        "server",
        "Virtual machine",
        "live",
        "retired",
        "hög",
        "x, y,x",
        " å ",
        "l\nm",
        "w\x01",
        "odd",
        "k" * 400,
    ]
) | st.text(st.characters(codec="utf-8"), max_size=12)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    table=st.lists(st.lists(CELLS, min_size=8, max_size=8), max_size=12),
    columns=st.permutations(["key", "kind", "name", "group", "part_of", "state", "tags", "os"]),
    missing=st.sets(st.sampled_from(["group", "part_of", "state", "tags"])),
)  # fmt: skip
def test_the_quick_way_and_the_careful_way_give_the_same_rows_and_notes(table, columns, missing):
    header = tuple(f"other {name}" if name in missing else name for name in columns)
    mapping = find_mapping("plain")
    rule = next(rule for rule in mapping.rules if rule.noun == "items")
    assert fits(rule, header)
    quick, careful = Checker(KINDS), Checker(KINDS)
    found = QuickItems(rule, header, mapping, quick).build("x", table, range(2, 2 + len(table)))
    fields = {"key", "kind", "name", "group", "part_of", "state", "criticality", "tags"}
    for line, (row, cells) in enumerate(zip(found, table, strict=True), 2):
        values = dict(zip(header, cells, strict=True))
        given_values = {name: value for name, value in values.items() if name in fields}
        given_values["attributes"] = {name: value for name, value in values.items() if name not in fields}
        assert row == careful.check("items", given_values, Place("x", line))
    assert sorted(map(str, quick.notes)) == sorted(map(str, careful.notes))


def test_digests_are_the_same_on_every_machine_and_differ_with_any_field():
    row = ItemRow(
        "a", "server", "Å", "live", None, ("x",), {"n": 1, "m": [1, "2"]}, "g", (), (), None, None, Place("x", 1)
    )
    assert digest(row) == -194803958414791170
    assert digest(row._replace(place=Place("y", 2))) == digest(row)
    assert digest(row._replace(attributes={"m": [1, "2"], "n": 1})) == digest(row)
    changed = [
        row._replace(**{name: value})
        for name, value in {"key": "b", "kind": "x", "name": "y", "state": None, "criticality": "low", "tags": (), "attributes": {"n": "1"},  # noqa: E501 - one case a line
                            "group": None, "groups": ("g",), "roles": (("supports", "g"),), "part_of": "a", "description": "d"}.items()  # noqa: E501 - one case a line
    ]  # fmt: skip
    assert len({digest(one) for one in [row, *changed]}) == 13
    assert digest(GroupRow("a", "b", None, None, None, None, {}, (), (), Place("x"))) != digest(row)
    assert -(2**63) <= digest(DependencyRow("a", "b", "uses", "hard", None, None, None, Place("x"))) < 2**63
    assert MemberRow("g", "p", None, None, "member", None, None, None, Place("x")).key == "g\x1fp\x1fmember\x1f"


def test_digests_of_cells_are_stable_and_depend_on_header_and_mapping(tmp_path):
    def digests(header: str, mapping: str = "") -> list[int]:
        path = tmp_path / "items.csv"
        path.write_text(f"{header}\na,server,A,x\nb,server,B,y\n")
        chosen = load_mapping(mapping) if mapping else find_mapping("plain")
        return [one for batch in Mapped(chosen, read(path), KINDS).batches() for one in batch.digests]

    first = digests("key,kind,name,os")
    assert digests("key,kind,name,os") == first
    assert digests("key,kind,name,ox") != first
    assert digests("key,kind,name,os", ITEM[:-1] + ", attributes: rest}") != first
    assert len(set(first)) == 2


@pytest.mark.parametrize(
    ("given_value", "share", "noted"),
    [("50", "50.00", 0), ("12,5 %", "12.50", 0), ("0", "0.00", 0), ("", None, 0), ("101", None, 1), ("-1", None, 1), ("half", None, 1), ("1e2", None, 1)],  # noqa: E501 - one case a line
)  # fmt: skip
def test_a_share_is_percent_and_anything_else_is_left_out_with_a_note(given_value, share, noted):
    checker = Checker(KINDS)
    row = checker.check("members", {"group": "g", "person": "p", "share": given_value}, Place("x", 1))
    assert isinstance(row, MemberRow)
    assert (str(row.share) if row.share is not None else None, len(checker.notes)) == (share, noted)


@pytest.mark.parametrize(
    ("given_value", "day"),
    [("2026-01-31", "2026-01-31"), ("2026-01-31 00:00:00", "2026-01-31"), ("31/1 2026", None), ("2026-02-30", None)],
)
def test_a_day_is_iso_and_anything_else_is_left_out_with_a_note(given_value, day):
    checker = Checker(KINDS)
    row = checker.check("members", {"group": "g", "person": "p", "from": given_value}, Place("x", 1))
    assert isinstance(row, MemberRow)
    assert (str(row.from_on) if row.from_on else None) == day
    assert [note.value for note in checker.notes] == ([] if day else [given_value])
