"""The mappings over real files of others, held against a plain reading of the same files."""

import csv
import gzip
import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from helhet.importers.mapped import Mapped
from helhet.importers.mapping import find_mapping
from helhet.importers.problems import Note, RowRefused
from helhet.importers.reading import Row, read
from helhet.importers.rows import ItemRow

ROOT = Path(__file__).parents[4]
SHARED = Path(os.environ.get("HELHET_SHARED", ROOT.parent / "shared")) / "data"
KINDS = [
    "business_service",
    "supporting_service",
    "product",
    "application",
    "server",
    "virtual_machine",
    "network_device",
    "storage",
    "database",
    "cluster",
    "workplace_device",
    "facility",
    "location",
    "software",
    "licence",
    "certificate",
    "document",
    "routine",
    "process",
    "contract",
    "environment",
]
YEARS = ("2019-01-31", "2019-12-19", "2020-12-14", "2021-12-08", "2022-12-19")


@pytest.fixture(autouse=True)
def _shared() -> None:
    if not SHARED.is_dir():
        pytest.skip(f"the shared data is not there: {SHARED} (set HELHET_SHARED)")


def mapped(mapping: str, file: str) -> tuple[dict[str, list[Any]], list[Note]]:
    """Rows by type and notes."""
    name = str(ROOT / "examples" / mapping) if mapping.endswith(".yaml") else mapping
    one = Mapped(find_mapping(name), read(SHARED / file), KINDS)
    found: dict[str, list[Any]] = {}
    for row in one.rows():
        found.setdefault(type(row).__name__, []).append(row)
    return found, one.notes


def documents(file: str) -> list[Any]:
    return [one for one in yaml.safe_load_all((SHARED / file).read_text()) if one is not None]


@pytest.mark.parametrize("year", YEARS)
def test_the_service_catalogue_of_each_year_comes_whole(year):
    file = f"catalogue/gitlab_services_{year}.yml"
    (raw,) = documents(file)
    found, notes = mapped("gitlab_services.yaml", file)
    services = raw["services"]
    assert {row.key for row in found["ItemRow"]} == {one["name"] for one in services}
    assert len(found["ItemRow"]) == len(services)
    assert len(found.get("GroupRow", [])) == len(raw.get("teams", []))
    ends = [
        (one["name"], two.get("service"))
        for one in services
        for two in (one.get("technical") or {}).get("dependencies") or []
    ]
    assert {(row.from_, row.to) for row in found["DependencyRow"]} == {ends for ends in ends if ends[1]}
    assert len(found["RowRefused"]) == sum(1 for _, to in ends if not to)
    for row, one in zip(sorted(found["ItemRow"]), sorted(services, key=lambda one: one["name"]), strict=True):
        teams = tuple(dict.fromkeys(one.get("teams") or ([one["infra_owner"]] if one.get("infra_owner") else [])))
        assert (row.group, row.groups) == ((teams[0], ()) if len(teams) == 1 else (None, teams))
        assert row.attributes["tier"] == one["tier"]
    assert notes == []


@pytest.mark.parametrize("year", YEARS[3:])
def test_the_teams_in_a_file_of_their_own_come_whole(year):
    (raw,) = documents(f"catalogue/gitlab_teams_{year}.yml")
    found, _ = mapped("gitlab_services.yaml", f"catalogue/gitlab_teams_{year}.yml")
    assert [row.key for row in found["GroupRow"]] == [one["name"] for one in raw["teams"]]
    assert set(found) == {"GroupRow"}


@pytest.mark.parametrize("part", ["charts", "crds"])
def test_backstage_entities_come_once_each_and_repeats_are_refused(part):
    file = f"catalogue/backstage_giantswarm_{part}.yaml"
    raw = documents(file)
    found, notes = mapped("backstage", file)
    names = [f"{one['kind']}:default/{one['metadata']['name']}".lower() for one in raw]
    assert [row.key for row in found["ItemRow"]] == list(dict.fromkeys(names))
    assert [row.code for row in found["RowRefused"]] == ["repeated"] * (len(names) - len(set(names)))
    owners = Counter(
        f"group:default/{one['spec']['owner'].removeprefix('group:').removeprefix('default/')}".lower() for one in raw
    )
    assert {row.group for row in found["ItemRow"]} <= set(owners)
    assert all(row.group for row in found["ItemRow"])
    assert notes == []


def test_backstage_groups_come_with_their_members():
    raw = documents("catalogue/backstage_giantswarm_groups.yaml")
    found, _ = mapped("backstage", "catalogue/backstage_giantswarm_groups.yaml")
    assert [row.name for row in found["GroupRow"]] == [one["spec"]["profile"].get("displayName") for one in raw]
    assert len(found["MemberRow"]) == sum(len(one["spec"]["members"]) for one in raw)
    assert set(found) == {"GroupRow", "MemberRow"}


@pytest.mark.parametrize("day", ["2018-12-31", "2020-07-01", "2022-07-01"])
def test_interest_groups_come_with_mandate_leaders_and_what_they_own(day):
    file = f"groups/kubernetes_sigs_{day}.yaml"
    (raw,) = documents(file)
    groups = [one for several in raw.values() for one in several]
    found, notes = mapped("kubernetes_sigs.yaml", file)
    assert Counter(row.key for row in found["GroupRow"]) == Counter(one["dir"] for one in groups)
    assert sum(1 for row in found["GroupRow"] if row.mandate) == sum(
        1 for one in groups if one.get("mission_statement")
    )
    leaders = Counter(
        (one["dir"], role) for one in groups for word, role in (("chairs", "chair"), ("tech_leads", "tech lead")) for _ in one["leadership"].get(word) or []  # noqa: E501 - one case a line
    )  # fmt: skip
    assert Counter((row.group, row.role) for row in found["MemberRow"]) == leaders
    owned = Counter((one["dir"], two["name"]) for one in groups for two in one.get("subprojects") or [])
    assert Counter((row.group, row.name) for row in found["ItemRow"]) == owned
    assert "RowRefused" not in found
    assert notes == []


def test_platform_applications_come_with_environments_and_one_group_for_each_spelling_of_an_owner():
    with gzip.open(SHARED / "estate/platform_applications.jsonl.gz", "rt") as lines:
        raw = [json.loads(line) for line in lines]
    found, notes = mapped("platform_applications.yaml", "estate/platform_applications.jsonl.gz")
    items: list[ItemRow] = found["ItemRow"]
    assert Counter(row.kind for row in items) == {
        "application": len(raw),
        "environment": sum(len(one["environments"]) for one in raw),
    }
    names = {Path(one["file"]).stem for one in raw}
    assert {row.part_of for row in items if row.kind == "environment"} == names
    groups = {row.key for row in found["GroupRow"]}
    assert {row.group for row in items if row.kind == "application"} == groups
    assert sum(1 for row in items if row.group == "modernisation-platform") == sum(
        1 for one in raw if "p-28593b62" in one["tags"]["owner"]
    )
    assert sum(1 for row in items if row.group == "analytical-platform") == sum(
        1 for one in raw if one["tags"]["owner"].startswith("Analytical")
    )
    assert "RowRefused" not in found
    assert notes == []


def test_the_netbox_estate_comes_with_names_tenants_and_places():
    with gzip.open(SHARED / "estate/netbox_demo_v3.6.json.gz") as stored:
        raw = json.load(stored)
    by_model = Counter(one["model"] for one in raw)
    found, notes = mapped("netbox_fixture", "estate/netbox_demo_v3.6.json.gz")
    items: list[ItemRow] = found["ItemRow"]
    taken = ("dcim.site", "dcim.location", "dcim.rack", "dcim.powerpanel", "dcim.powerfeed", "virtualization.cluster", "dcim.device",  # noqa: E501 - one case a line
             "virtualization.virtualmachine", "circuits.circuit")  # fmt: skip
    assert Counter(row.key.split(":")[0] for row in items) == {model: by_model[model] for model in taken}
    assert len(found["GroupRow"]) == by_model["tenancy.tenant"]
    keys = {row.key for row in items}
    assert {row.part_of for row in items if row.part_of} <= keys
    with_tenant = sum(1 for one in raw if one["model"] in taken and one["fields"].get("tenant"))
    assert sum(1 for row in items if row.group) == with_tenant
    devices = {f"dcim.device:{one['pk']}": one["fields"] for one in raw if one["model"] == "dcim.device"}
    unnamed = [row for row in items if row.key in devices and not devices[row.key]["name"]]
    assert len(unnamed) == 22
    assert len({row.name for row in unnamed}) == 22
    assert "RowRefused" not in found
    assert notes == []


def test_every_other_file_is_read_to_its_end():
    tables = (
        "incidents/servicenow_incident_log.csv.gz",
        "incidents/volvo_incidents.csv.gz",
        "availability/published_downtime.csv",
    )
    for file in tables:
        packed = file.endswith(".gz")
        with (
            gzip.open(SHARED / file, "rt", encoding="utf-8-sig", newline="")
            if packed
            else (SHARED / file).open(encoding="utf-8-sig", newline="") as text
        ):
            wanted = sum(1 for _ in csv.reader(text)) - 1
        assert sum(1 for row in read(SHARED / file).tables[0].rows() if isinstance(row, Row)) == wanted
    for path in sorted(SHARED.glob("*/*.jsonl.gz")):
        with gzip.open(path) as lines:
            wanted = sum(1 for line in lines if line.strip())
        rows = list(read(path).tables[0].rows())
        assert not any(isinstance(row, RowRefused) for row in rows)
        assert len(rows) == wanted
