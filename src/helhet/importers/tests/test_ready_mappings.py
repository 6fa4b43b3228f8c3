"""The ready mappings on the shapes that the systems really export, each row reckoned by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from helhet.importers.mapped import Mapped
from helhet.importers.mapping import find_mapping, load_mapping
from helhet.importers.problems import RowRefused
from helhet.importers.reading import read
from helhet.importers.rows import DependencyRow, GroupRow, ItemRow, MemberRow, NormalRow, PersonRow

KINDS = (
    "business_service", "supporting_service", "product", "application", "server", "virtual_machine", "network_device",
    "storage", "database", "cluster", "workplace_device", "facility", "location", "software",
)  # fmt: skip


def mapped(folder: Path, name: str, files: Mapping[str, object]) -> list[NormalRow | RowRefused]:
    """What a ready mapping makes of files; whatever is not a text is written as JSON."""
    folder.mkdir(exist_ok=True)
    for file, content in files.items():
        text = content if isinstance(content, str) else json.dumps(content)
        (folder / file).write_text(text, encoding="utf-8")
    return list(Mapped(find_mapping(name), read(folder), KINDS).rows())


def items(rows: list[NormalRow | RowRefused]) -> dict[str, ItemRow]:
    return {row.key: row for row in rows if isinstance(row, ItemRow)}


def netbox(path: str, number: int, name: str, **more: object) -> dict[str, object]:
    return {
        "id": number,
        "url": f"https://netbox.example.org/api/{path}/{number}/",
        "display": name,
        "name": name,
        **more,
    }


def test_each_netbox_answer_becomes_the_one_thing_that_its_url_tells(tmp_path: Path) -> None:
    site, tenant = {"id": 1, "display": "MALMO", "name": "MALMO"}, {"id": 7, "display": "Net", "name": "Net"}
    active = {"value": "active", "label": "Active"}
    rows = mapped(tmp_path / "nb", "netbox_rest", {
        "sites.json": {"count": 1, "results": [netbox("dcim/sites", 1, "MALMO", status=active, tenant=None, tags=[])]},
        "racks.json": [netbox("dcim/racks", 9, "R9", site=site, status=active, tags=[])],
        "devices.json": {"count": 1, "results": [
            netbox("dcim/devices", 1, "sw1", tenant=tenant, site=site, rack={"id": 9, "display": "R9"}, status=active,
                   device_type={"model": "C9300", "display": "C9300"}, role={"name": "Access", "display": "Access"}),
        ]},
        "clusters.json": {"results": [
            netbox("virtualization/clusters", 5, "K1", scope_type="dcim.site", scope=site, status=active),
            netbox("virtualization/clusters", 6, "K2", scope_type="dcim.region", scope={"id": 1}, status=active),
        ]},
        "machines.json": {"results": [
            netbox("virtualization/virtual-machines", 1, "vm1", cluster={"id": 5, "display": "K1"}, status=active),
        ]},
    })  # fmt: skip
    assert not [row for row in rows if isinstance(row, RowRefused | GroupRow)]
    assert {key: (row.kind, row.part_of, row.group) for key, row in items(rows).items()} == {
        "dcim/sites:1": ("location", None, None),
        "dcim/racks:9": ("facility", "dcim/sites:1", None),
        "dcim/devices:1": ("network_device", "dcim/racks:9", "Net"),
        "virtualization/clusters:5": ("cluster", "dcim/sites:1", None),
        "virtualization/clusters:6": ("cluster", None, None),
        "virtualization/virtual-machines:1": ("virtual_machine", "virtualization/clusters:5", None),
    }
    assert [(row.from_, row.to) for row in rows if isinstance(row, DependencyRow)] == [
        ("virtualization/virtual-machines:1", "virtualization/clusters:5")
    ]


def test_racks_of_the_same_name_at_two_sites_are_two_racks(tmp_path: Path) -> None:
    rows = mapped(tmp_path / "nb", "netbox_csv", {
        "netbox_racks.csv": "Name,Location,Site,Status,Tenant\nR1,,MALMO,Active,\nR1,,LUND,Active,\n",
        "netbox_devices.csv": "Name,Status,Tenant,Site,Rack,Role,Type,ID\nsw1,Active,Net,LUND,R1,Switch,C9300,1\n",
        "netbox_virtual machines.csv": "Name,Status,Cluster,vCPUs,ID\nvm1,Active,K1,2.00,11\n",
    })  # fmt: skip
    found = items(rows)
    assert {key: row.part_of for key, row in found.items()} == {
        "rack:MALMO/R1": "site:MALMO",
        "rack:LUND/R1": "site:LUND",
        "device:1": "rack:LUND/R1",
        "vm:11": "cluster:K1",
    }
    assert found["vm:11"].attributes["vcpus"] == "2.00"


CI = "sys_id,name,sys_class_name,operational_status,install_status,support_group,managed_by_group\n"


def test_a_service_now_list_gives_kind_and_state_after_its_own_two_numberings(tmp_path: Path) -> None:
    rows = mapped(tmp_path / "sn", "servicenow_cmdb_ci", {
        "cmdb_ci.csv": CI + "".join(f"{line}\n" for line in (
            "a1,srv,cmdb_ci_linux_server,1,1,Unix,Servers", "a2,old,cmdb_ci_win_server,2,7,Win,",
            "a3,pay,cmdb_ci_service_business,1,1,,", "a4,tech,cmdb_ci_service_technical,4,6,,",
            "a5,vm,cmdb_ci_ec2_instance,4,1,,", "a6,app,cmdb_ci_appl,6,1,,", "a7,,cmdb_ci_server,1,1,,",
            "a8,new,cmdb_ci_server,7,,,",
        )),
    })  # fmt: skip
    assert {key: (row.kind, row.state, row.group) for key, row in items(rows).items()} == {
        "a1": ("server", "live", "Servers"),
        "a2": ("server", "retired", "Win"),
        "a3": ("business_service", "live", None),
        "a4": ("supporting_service", "planned", None),
        "a5": ("virtual_machine", "live", None),
        "a6": ("application", "retired", None),
        "a8": ("server", "planned", None),
    }
    refused = [row for row in rows if isinstance(row, RowRefused)]
    assert [(row.key, str(row.place)) for row in refused] == [("a7", "cmdb_ci.csv:8")]


def test_service_now_groups_their_members_and_relations_are_no_items(tmp_path: Path) -> None:
    rows = mapped(tmp_path / "sn", "servicenow_cmdb_ci", {
        "cmdb_ci.csv": CI + "a1,srv,cmdb_ci_linux_server,1,1,Unix,\na2,clu,cmdb_ci_win_cluster,1,1,Unix,\n",
        "sys_user_group.csv": "name,manager,description,active\nUnix,Jane Doe,Runs Unix,true\nOld,,,false\n",
        "sys_user_grmember.csv": "group,user\nUnix,Bo Ek\n",
        "cmdb_rel_ci.csv": "parent,type,child\na1,Runs on::Runs,a2\na2,Contains::Contained by,a1\n",
    })  # fmt: skip
    assert set(items(rows)) == {"a1", "a2"}
    assert [(row.key, row.state) for row in rows if isinstance(row, GroupRow)] == [
        ("Unix", "active"),
        ("Old", "closed"),
    ]
    assert [(row.person, row.role) for row in rows if isinstance(row, MemberRow)] == [
        ("Bo Ek", "member"),
        ("Jane Doe", "chair"),
    ]
    assert [(row.from_, row.to, row.type) for row in rows if isinstance(row, DependencyRow)] == [
        ("a1", "a2", "runs on"),
        ("a1", "a2", "contained by"),
    ]


G1, G2, U1 = "0a" * 16, "0b" * 16, "0c" * 16


def reference(number: str) -> dict[str, str]:
    """As the table interface refers to a record when it is not asked for display values."""
    return {"link": f"https://x.example.org/api/now/table/t/{number}", "value": number}


def service_now(*names: str) -> dict[str, object]:
    """Tables as the table interface answers them, of these names."""
    ci: dict[str, object] = {
          "sys_id": "0d" * 16, "name": "srv", "sys_class_name": "cmdb_ci_linux_server", "install_status": "1",
          "support_group": reference(G1), "managed_by_group": ""}  # fmt: skip
    tables: dict[str, list[dict[str, object]]] = {
        "cmdb_ci": [ci],
        "sys_user_group": [
            {"sys_id": G1, "name": "Unix", "manager": reference(U1), "parent": reference(G2), "active": "true"},
            {"sys_id": G2, "name": "Drift", "manager": "", "parent": "", "active": "true"},
        ],
        "sys_user": [{"sys_id": U1, "user_name": "jane", "name": "Jane Doe", "email": "jane@example.org"}],
        "sys_user_grmember": [{"group": reference(G2), "user": reference(U1)}],
    }
    return {f"{name}.json": {"result": tables[name]} for name in names}


def test_service_now_references_by_number_are_keys_and_names_come_from_their_records(tmp_path: Path) -> None:
    tables = service_now("cmdb_ci", "sys_user_group", "sys_user", "sys_user_grmember")
    rows = mapped(tmp_path / "sn", "servicenow_cmdb_ci", tables)
    assert [row.group for row in items(rows).values()] == [G1]
    groups = {row.key: (row.name, row.also, row.parent) for row in rows if isinstance(row, GroupRow)}
    assert groups == {G1: ("Unix", ("Unix",), G2), G2: ("Drift", ("Drift",), None)}
    assert [(row.key, row.name, row.email) for row in rows if isinstance(row, PersonRow)] == [
        (U1, "Jane Doe", "jane@example.org")
    ]
    members = {(row.group, row.person, row.role, row.name) for row in rows if isinstance(row, MemberRow)}
    assert members == {(G1, U1, "chair", None), (G2, U1, "member", None)}
    assert not [row for row in rows if isinstance(row, RowRefused)]


def test_a_service_now_unload_in_xml_keeps_the_names_of_what_it_refers_to(tmp_path: Path) -> None:
    rows = mapped(tmp_path / "sn", "servicenow_cmdb_ci", {
        "unload.xml": """<?xml version="1.0" encoding="UTF-8"?><unload unload_date="2024-01-01 00:00:00">
            <cmdb_ci_linux_server action="INSERT_OR_UPDATE"><name>srv</name><sys_id>a1</sys_id><asset_tag/>
              <support_group display_value="Unix">g1</support_group><install_status>1</install_status>
            </cmdb_ci_linux_server>
            <cmdb_rel_ci action="INSERT_OR_UPDATE"><parent>a1</parent><child>a2</child>
              <type display_value="Depends on::Used by">t1</type></cmdb_rel_ci></unload>""",
    })  # fmt: skip
    assert [(row.kind, row.group) for row in items(rows).values()] == [("server", "Unix")]
    assert [row.type for row in rows if isinstance(row, DependencyRow)] == ["depends on"]


def test_backstage_ties_told_from_both_ends_are_one_and_a_nameless_descriptor_is_refused(tmp_path: Path) -> None:
    rows = mapped(tmp_path / "bs", "backstage", {
        "catalog-info.yaml": """
kind: Component
metadata: {name: pay, namespace: finance}
spec: {type: service, owner: 'group:default/team-pay', dependsOn: ['resource:default/db']}
---
kind: Resource
metadata: {name: db}
spec: {type: database, owner: team-pay, dependencyOf: ['component:finance/pay']}
---
kind: Group
metadata: {name: team-pay}
spec: {type: team, children: [], members: [jdoe]}
---
kind: User
metadata: {name: jdoe}
spec: {memberOf: [team-pay]}
---
kind: Component
metadata:
spec: {owner: team-pay}
""",
        "by-query.json": {"items": [{"kind": "API", "metadata": {"name": "a"}, "spec": {"owner": "team-pay"}}]},
    })  # fmt: skip
    assert {key: row.group for key, row in items(rows).items()} == {
        "component:finance/pay": "group:default/team-pay",
        "resource:default/db": "group:default/team-pay",
        "api:default/a": "group:default/team-pay",
    }
    assert len([row for row in rows if isinstance(row, MemberRow)]) == 1
    assert len([row for row in rows if isinstance(row, DependencyRow)]) == 1
    assert [(row.code, row.place.line) for row in rows if isinstance(row, RowRefused)] == [("no_value", 18)]


def test_a_backstage_group_tells_its_children(tmp_path: Path) -> None:
    rows = mapped(tmp_path / "bs", "backstage", {
        "org.yaml": "kind: Group\nmetadata: {name: top, namespace: Org}\nspec: {children: [a, group:default/b]}\n",
    })  # fmt: skip
    assert [row.children for row in rows if isinstance(row, GroupRow)] == [("group:org/a", "group:default/b")]


EXAMPLES = Path(__file__).parents[4] / "examples"

CATALOGUE = """
teams: [{name: alpha}, {name: beta}]
services:
- {name: web, tier: sv, teams: [beta, alpha], technical: {dependencies: [{service: api}, {service: }, db]}}
- {name: api, tier: sv, teams: alpha, technical: {dependencies: {service: db}}}
- {name: db, tier: inf, owner: alpha, teams: [beta], technical: {dependencies: }}
- {friendly_name: nameless, tier: inf}
"""


def test_a_catalogue_of_another_year_may_write_teams_and_dependencies_otherwise(tmp_path: Path) -> None:
    (tmp_path / "services.yml").write_text(CATALOGUE)
    mapping = find_mapping(EXAMPLES / "gitlab_services.yaml")
    rows = list(Mapped(mapping, read(tmp_path / "services.yml"), KINDS).rows())
    assert {key: (row.group, row.groups, row.roles) for key, row in items(rows).items()} == {
        "web": (None, ("beta", "alpha"), ()),
        "api": ("alpha", (), ()),
        "db": ("alpha", (), (("supports", "beta"),)),
    }
    ties = [(row.from_, row.to) for row in rows if isinstance(row, DependencyRow)]
    assert ties == [("web", "api"), ("web", "db"), ("api", "db")]
    refused = [(row.noun, row.code) for row in rows if isinstance(row, RowRefused)]
    assert refused == [("items", "no_value"), ("dependencies", "no_value")]


def test_records_that_cannot_be_worked_out_take_none_of_those_before_with_them(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(json.dumps({"list": [{"a": [{"k": "1"}]}, {"a": [{"k": "2"}]}, {"a": 7}]}))
    text = "items: {records: '.list[] | .a[]', key: .k, name: .k, kind: '\"server\"'}"
    rows = list(Mapped(load_mapping(text), read(tmp_path / "x.json"), KINDS).rows())
    assert set(items(rows)) == {"1", "2"}
    assert [row.code for row in rows if isinstance(row, RowRefused)] == ["mapping_failed"]


def test_a_column_is_found_whatever_its_case_and_an_empty_one_gives_way(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("ID,Label,NAME\n1,first,\n2,second,two\n")
    text = "items: {key: id, name: [name, label], kind: '\"server\"', state: '\"live\" | ascii_downcase'}"
    rows = list(Mapped(load_mapping(text), read(tmp_path / "x.csv"), KINDS).rows())
    assert {key: row.name for key, row in items(rows).items()} == {"1": "first", "2": "two"}


def test_half_characters_and_numbers_beyond_64_bits_are_told_or_kept_as_text(tmp_path: Path) -> None:
    big = 123456789012345678901234567890
    (tmp_path / "items.json").write_text(
        json.dumps([
            {"key": "a\ud800", "kind": "server", "name": "n"},
            {"key": "b", "kind": "server", "name": "n", "number": big, "half": "x\ud800", "far": float("inf")},
        ]).replace("Infinity", "1e400")
    )  # fmt: skip
    rows = list(Mapped(find_mapping("plain"), read(tmp_path / "items.json"), KINDS).rows())
    assert items(rows)["b"].attributes == {"number": str(big), "half": "x\ufffd", "far": "inf"}
    assert [(row.code, row.key) for row in rows if isinstance(row, RowRefused)] == [("value_control", "a\ufffd")]
    text = "items: {key: '.key + \"\"', kind: kind, name: name, attributes: {number: number}}"
    assert set(items(list(Mapped(load_mapping(text), read(tmp_path / "items.json"), KINDS).rows()))) >= {"b"}


def cluster(number: int, **fields: object) -> dict[str, object]:
    """A cluster as a dump of the database has it."""
    given = {"name": f"K{number}", "status": "active", "type": 1, "tenant": None, **fields}
    return {"model": "virtualization.cluster", "pk": number, "fields": given}


def test_a_cluster_stands_at_a_site_or_in_the_scope_of_later_versions(tmp_path: Path) -> None:
    rows = mapped(tmp_path / "nb", "netbox_fixture", {"dump.json": [
        cluster(1, site=4), cluster(2, site=None), cluster(3, scope_type=["dcim", "site"], scope_id=5, _site=5),
        cluster(4, scope_type=["dcim", "location"], scope_id=6, _site=5), cluster(5, scope_type=None, scope_id=None),
        cluster(6, scope_type=["dcim", "region"], scope_id=9), cluster(7, scope_type=31, scope_id=5, _site=5),
    ]})  # fmt: skip
    assert [row.part_of for row in items(rows).values()] == [
        "dcim.site:4", None, "dcim.site:5", "dcim.location:6", None, None, "dcim.site:5"
    ]  # fmt: skip
    lists = {
        "clusters_old.csv": "Name,Type,Status,Site\nA,v,Active,Malmö\n",
        "clusters_new.csv": "Name,Type,Status,Scope Type,Scope\nB,v,Active,DCIM > Site,Malmö\nC,v,Active,region,M\n",
        "clusters_bare.csv": "Name,Type,Status,Scope\nD,v,Active,Malmö\n",
    }
    found = items(mapped(tmp_path / "csv", "netbox_csv", lists))
    assert {row.name: row.part_of for row in found.values()} == {
        "A": "site:Malmö", "B": "site:Malmö", "C": None, "D": "site:Malmö"
    }  # fmt: skip
