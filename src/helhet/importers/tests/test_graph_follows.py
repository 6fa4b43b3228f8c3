"""Whatever writes dependencies, parts, presence or answers, the graph in arrays follows at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from helhet.estate.dependencies import add_dependency, find_dependency, remove_dependency
from helhet.estate.graph import build_graph, current
from helhet.estate.impact import Direction, impact
from helhet.estate.models import Dependency
from helhet.estate.redundancy import end_redundancy, state_redundancy
from helhet.estate.walking import walk, walk_by_sql
from helhet.groups.answering import assign_by_hand, release
from helhet.importers import portions
from helhet.importers.models import Run
from helhet.importers.tests.rig import SYSTEM, item, take, write
from helhet.importers.undo import undo_run
from helhet.items.actions import change_item
from helhet.items.merging import merge_items, split_items
from helhet.items.models import Item, Presence
from helhet.rules.graph import Found
from tests.world import make_group

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    monkeypatch.setattr(portions, "GAP", 0)
    settings.FILES_DIR = tmp_path / "files"
    settings.DATA_DIR = tmp_path / "data"


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    """Four servers in a cluster, what runs on them, and the graph built."""
    folder = write(
        tmp_path / "first",
        items=[
            {"key": "c", "kind": "cluster", "name": "Kluster", "part_of": ""},
            *({"key": f"s{n}", "kind": "server", "name": f"srv{n}", "part_of": "c"} for n in range(4)),
            {"key": "app", "kind": "application", "name": "App", "part_of": ""},
            {"key": "tj", "kind": "business_service", "name": "Tjänst", "part_of": ""},
        ],
        dependencies=[
            *({"from": "app", "to": f"s{n}", "criticality": "hard"} for n in range(4)),
            {"from": "tj", "to": "app", "criticality": "degrades"},
        ],
    )
    take(folder)
    build_graph()
    follows()
    return folder


def follows() -> None:
    """Every item, both ways, with parts and without: the arrays say and count what the database does."""
    assert current() is not None
    for one in Item.objects.filter(presence=Presence.HERE):
        for way in Direction:
            for with_parts in (False, True):
                found = walk([one.pk], way, with_parts=with_parts)
                wanted = walk_by_sql([one.pk], way, with_parts=with_parts)
                assert isinstance(found, Found)
                assert found.items == wanted.items
                assert found.loops == wanted.loops
        told = impact([one], SYSTEM)
        counted = {owner: count for owner, count, _nearest in told.reach.owners()}  # type: ignore[union-attr]
        owners = told.owner_of([hit.item for hit in told.ordered()])
        assert counted == {
            owner: sum(owners.get(hit.item, 0) == owner for hit in told.ordered()) for owner in counted
        }  # fmt: skip


def test_links_and_redundancy_by_hand(estate: Path) -> None:
    app, nodes = item("app"), [item(f"s{n}") for n in range(4)]
    made = add_dependency(nodes[0], item("tj"), by=SYSTEM)
    follows()
    assert walk([app.pk], Direction.DEPENDANTS).loops
    add_dependency(nodes[0], item("tj"), by=SYSTEM, criticality="none")
    follows()
    remove_dependency(find_dependency(nodes[0], made.pk), by=SYSTEM, version=2)
    follows()
    redundancy = state_redundancy(app, nodes, least=50, is_share=True, by=SYSTEM)
    follows()
    assert walk([nodes[0].pk], Direction.DEPENDANTS).count == 0
    end_redundancy(app, redundancy.pk, by=SYSTEM)
    follows()
    assert walk([nodes[0].pk], Direction.DEPENDANTS).count == 2


def test_parts_kinds_and_groups(estate: Path) -> None:
    node, group = item("s1"), make_group("Drift")
    change_item(node.reference, by=SYSTEM, version=node.version, part_of=None)
    follows()
    assign_by_hand([item("app").pk], group, by=SYSTEM, on=timezone.localdate())
    follows()
    hit = impact([node], SYSTEM)
    assert [(one.name, one.count) for one in hit.groups] == [("Drift", 1), ("", 1)]
    assert [owner for owner, _count, _nearest in hit.reach.owners()] == [0, group.pk]  # type: ignore[union-attr]
    release([item("app").pk], by=SYSTEM, on=timezone.localdate())
    follows()
    app = item("app")
    change_item(app.reference, by=SYSTEM, version=app.version, kind="business_service")
    assert len(impact([node], SYSTEM).services) == 2


def test_an_import_that_changes_lets_vanish_and_adds(estate: Path, tmp_path: Path) -> None:
    take(
        write(
            tmp_path / "second",
            items=[{"key": "s0", "kind": "server", "name": "srv0"},
                   {"key": "app", "kind": "application", "name": "App"},
                   {"key": "ny", "kind": "database", "name": "Ny"}],
            dependencies=[{"from": "app", "to": "s0", "criticality": "degrades"},
                          {"from": "ny", "to": "app", "criticality": "hard"}],
        )
    )  # fmt: skip
    follows()
    assert walk([item("s1").pk], Direction.DEPENDANTS).count == 0
    assert walk([item("s0").pk], Direction.DEPENDANTS).count == 2
    undo_run(Run.objects.order_by("-id")[0], by=SYSTEM)
    follows()
    take(estate)
    follows()
    undo_run(Run.objects.order_by("id")[0], by=SYSTEM)
    follows()


def test_two_items_that_are_one(estate: Path) -> None:
    kept, gone = item("s0"), item("s1")
    add_dependency(gone, item("s2"), by=SYSTEM)
    batch = merge_items(kept.reference, gone.reference, by=SYSTEM, version=kept.version)
    follows()
    assert Dependency.objects.filter(from_item=kept).exists()
    split_items(batch.pk, by=SYSTEM)
    follows()
