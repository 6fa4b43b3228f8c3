"""Real graphs: the impact of every node, both ways, is what a plain walk over the file gives."""

from __future__ import annotations

import json
import shutil
from collections import defaultdict
from pathlib import Path

import pytest

from helhet.estate.graph import build_graph, current
from helhet.estate.impact import impact
from helhet.estate.models import Dependency
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


def holds(source: str, edges: set[tuple[str, str]]) -> None:
    """Each node's impact and needs against the walk over the file's own pairs: by the database, then by arrays."""
    assert current() is None
    walks(source, edges)
    build_graph()
    assert current() is not None
    walks(source, edges)


def walks(source: str, edges: set[tuple[str, str]]) -> None:
    """Every node, both ways."""
    keys = {key.item_id: key.key for key in SourceKey.objects.filter(source__name=source, sort=0)}
    ids = {key: item_id for item_id, key in keys.items()}
    stated = {(keys[one.from_item_id], keys[one.to_item_id]) for one in Dependency.objects.filter(source__name=source)}
    assert stated == edges
    providers, dependants = defaultdict(set), defaultdict(set)
    for dependant, provider in edges:
        providers[dependant].add(provider)
        dependants[provider].add(dependant)
    items = Item.objects.in_bulk([ids[key] for key in {key for edge in edges for key in edge}])
    for item in items.values():
        for direction, onward in (("dependants", dependants), ("needs", providers)):
            reach = impact([item], SYSTEM, direction=direction).reach
            got = {keys[pk]: one.distance for pk, one in reach.items.items()}
            assert got == distances(keys[item.pk], onward), (keys[item.pk], direction)


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
