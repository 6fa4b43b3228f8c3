"""Real graphs: the impact of every node, both ways, is what a plain walk over the file gives."""

from __future__ import annotations

import gzip
import json
import shutil
from collections import defaultdict
from pathlib import Path

import pytest
import yaml

from helhet.estate.graph import build_graph, current
from helhet.estate.impact import impact
from helhet.estate.models import Dependency
from helhet.estate.walking import Direction, walk_by_sql
from helhet.importers import portions
from helhet.importers.tests.rig import SYSTEM, take, totals
from helhet.items.models import Item, SourceKey

pytestmark = pytest.mark.django_db

EXAMPLES = Path(__file__).resolve().parents[4] / "examples"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, settings: object, tmp_path: Path) -> None:
    monkeypatch.setattr(portions, "GAP", 0)
    settings.FILES_DIR = tmp_path / "files"  # type: ignore[attr-defined]
    settings.DATA_DIR = tmp_path / "data"  # type: ignore[attr-defined]


def distances(start: str, onward: dict[str, set[str]]) -> dict[str, int]:
    """How many steps each is from the start, the start left out."""
    found, layer, step = {start: 0}, {start}, 0
    while layer:
        step += 1
        layer = {there for here in layer for there in onward[here]} - found.keys()
        found |= dict.fromkeys(layer, step)
    del found[start]
    return found


Pairs = set[tuple[str, str]]


def holds(source: str, edges: Pairs, parts: Pairs | None = None) -> None:
    """Each node's impact and needs against the walk over the file's own pairs: by the database, by arrays that lag
    behind where there are such, then by new ones. With `parts`, pairs of part and whole, these are walked too.
    """
    walks(source, edges, parts)
    build_graph()
    assert current() is not None
    walks(source, edges, parts)


def walks(source: str, edges: Pairs, parts: Pairs | None) -> None:
    """Every node of the source, both ways, without its parts and with them."""
    keys = {key.item_id: key.key for key in SourceKey.objects.filter(source__name=source, sort=0)}
    of_source = Dependency.objects.filter(source__name=source, not_seen_since=None)
    assert {(keys[one.from_item_id], keys[one.to_item_id]) for one in of_source} == edges
    for with_parts, ties in ((False, edges), (True, None if parts is None else edges | parts)):
        if ties is None:
            continue
        providers, dependants = defaultdict(set), defaultdict(set)
        for dependant, provider in ties:
            providers[dependant].add(provider)
            dependants[provider].add(dependant)
        for item in Item.objects.in_bulk(list(keys)).values():
            for direction, onward in ((Direction.DEPENDANTS, dependants), (Direction.NEEDS, providers)):
                wanted = distances(keys[item.pk], onward)
                told = impact([item], SYSTEM, direction=direction, with_parts=with_parts)
                for reach in (told.reach, walk_by_sql([item.pk], direction, with_parts=with_parts)):
                    got = {keys[pk]: one.distance for pk, one in reach.items.items()}
                    assert got == wanted, (keys[item.pk], direction)


def test_applications_with_their_owners(shared: Path, tmp_path: Path) -> None:
    folder = tmp_path / "applications"
    folder.mkdir()
    for name in ("govuk_app_dependencies.json", "govuk_apps.yml"):
        shutil.copy(shared / "data" / "dependencies" / name, folder)
    take(folder, source="apps", mapping=str(EXAMPLES / "app_dependencies.yaml"))
    document = json.loads((folder / "govuk_app_dependencies.json").read_text(encoding="utf-8"))
    holds("apps", {(one[0], one[1]) for one in document["edges"] if one[0] != one[1]})
    again = take(folder, source="apps", mapping=str(EXAMPLES / "app_dependencies.yaml"))
    assert totals(again)[:2] == (0, 0)


def test_small_graphs_that_share_names(shared: Path) -> None:
    file = shared / "data" / "dependencies" / "microservice_graphs.json"
    take(file, source="graphs", mapping=str(EXAMPLES / "service_graphs.yaml"))
    edges = set()
    for graph in json.loads(file.read_text(encoding="utf-8")):
        place = f"{graph['repo']}/{graph['file']}"
        known = set(graph["services"])
        edges |= {(f"{place}#{a}", f"{place}#{b}") for a, b in graph["depends_on"] if a != b and {a, b} <= known}
    holds("graphs", edges)


@pytest.mark.parametrize("folder_of_year", [False, True], ids=["in turn", "each alone"])
def test_a_catalogue_of_services_year_by_year(shared: Path, tmp_path: Path, *, folder_of_year: bool) -> None:
    """Loops, a service that depends on itself, and targets that are no service, or one that an earlier year knew."""
    known: set[str] = set()
    in_loops: set[str] = set()
    for year in ("2019-01-31", "2019-12-19", "2020-12-14", "2021-12-08", "2022-12-19"):
        source = f"catalogue {year}" if folder_of_year else "catalogue"
        file = shared / "data" / "catalogue" / f"gitlab_services_{year}.yml"
        take(file, source=source, mapping=str(EXAMPLES / "gitlab_services.yaml"))
        services = yaml.safe_load(file.read_text(encoding="utf-8"))["services"]
        named = {one["name"] for one in services}
        known = named if folder_of_year else known | named
        edges = set()
        for one in services:
            for target in (one.get("technical") or {}).get("dependencies") or []:
                to = target["service"] if isinstance(target, dict) else target
                if to in known and to != one["name"]:
                    edges.add((one["name"], to))
        holds(source, edges)
        onward = defaultdict(set)
        for one, to in edges:
            onward[one].add(to)
        in_loops |= {one for one, to in edges if one in distances(to, onward)}
    assert in_loops


@pytest.mark.slow
def test_a_network_estate_with_what_is_part_of_what(shared: Path) -> None:
    file = shared / "data" / "estate" / "netbox_demo_v3.6.json.gz"
    take(file, source="netbox", mapping="netbox_fixture")
    with gzip.open(file) as stored:
        objects = json.load(stored)
    edges, parts = set(), set()
    # What a thing is part of: the first of these that it names.
    sits = {
        "dcim.location": ("parent dcim.location", "site dcim.site"),
        "dcim.rack": ("location dcim.location", "site dcim.site"),
        "dcim.powerpanel": ("location dcim.location", "site dcim.site"),
        "dcim.powerfeed": ("power_panel dcim.powerpanel",),
        "virtualization.cluster": ("site dcim.site",),
        "dcim.device": (
            "cluster virtualization.cluster", "rack dcim.rack", "location dcim.location", "site dcim.site",
        ),
        "virtualization.virtualmachine": (
            "device dcim.device", "cluster virtualization.cluster", "site dcim.site",
        ),
    }  # fmt: skip
    for one in objects:
        fields, me = one["fields"], f"{one['model']}:{one.get('pk')}"
        for way in sits.get(one["model"], ()):
            name, of = way.split()
            if fields[name] is not None:
                parts.add((me, f"{of}:{fields[name]}"))
                break
        if one["model"] == "virtualization.virtualmachine" and fields["cluster"] is not None:
            edges.add((me, f"virtualization.cluster:{fields['cluster']}"))
    assert edges
    assert len(parts) > len(edges)
    holds("netbox", edges, parts)


def test_descriptors_of_components_and_interfaces(shared: Path, tmp_path: Path) -> None:
    """Nothing in them depends on anything, and the systems that some name are in none of the files."""
    folder = tmp_path / "descriptors"
    folder.mkdir()
    for name in ("charts", "crds", "groups"):
        shutil.copy(shared / "data" / "catalogue" / f"backstage_giantswarm_{name}.yaml", folder)
    take(folder, source="backstage", mapping="backstage")
    documents = [
        one for file in folder.iterdir() for one in yaml.safe_load_all(file.read_text(encoding="utf-8")) if one
    ]
    assert not [one for one in documents if {"dependsOn", "consumesApis", "dependencyOf"} & one["spec"].keys()]
    assert [one for one in documents if one["spec"].get("system")]
    assert "System" not in {one["kind"] for one in documents}
    holds("backstage", set(), set())
