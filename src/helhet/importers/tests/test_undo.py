"""An import undone as one: what it made goes, what it changed is set back, what people did since is kept and told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from helhet.estate.models import Dependency
from helhet.groups.models import Group, ItemRole, Membership, Person
from helhet.importers import portions
from helhet.importers.models import Finding, Run, RunRow, Statement
from helhet.importers.tests.rig import SYSTEM, group_of, item, take, totals, write
from helhet.importers.undo import undo_run
from helhet.items.actions import change_item, link
from helhet.items.models import Item, Link, Presence, SourceKey
from helhet.journal.models import Batch
from helhet.kit.errors import Clash

pytestmark = pytest.mark.django_db

TABLES: dict[str, list[dict[str, Any]]] = {
    "groups": [{"key": "g1", "name": "Nät"}],
    "members": [{"group": "g1", "person": "p", "name": "Per", "role": "chair"}],
    "items": [
        {"key": "a", "kind": "application", "name": "Webb", "group": "g1", "part_of": "", "os": ""},
        {"key": "b", "kind": "server", "name": "srv", "group": "g1", "part_of": "a", "os": "linux"},
    ],
    "dependencies": [{"from": "a", "to": "b"}],
    "links": [{"from": "b", "to": "a", "type": "runs"}],
}


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, settings: object, tmp_path: Path) -> None:
    monkeypatch.setattr(portions, "GAP", 0)
    settings.FILES_DIR = tmp_path / "files"  # type: ignore[attr-defined]


def here() -> set[str]:
    return set(Item.objects.filter(presence=Presence.HERE).values_list("name", flat=True))


def test_a_whole_import_is_undone_and_can_be_taken_again(tmp_path: Path) -> None:
    path = write(tmp_path / "x", **TABLES)
    first = totals(take(path))
    batch = undo_run(Run.objects.get(), by=SYSTEM)
    assert here() == set()
    assert batch.counts["kept"] == 0
    for model in (Dependency, Link, Membership, Person, Statement):
        assert not model.objects.exists(), model
    assert not Finding.objects.filter(closed_at=None).exists()
    assert Batch.objects.get(sort="import").state == "undone"
    assert totals(take(path)) == first
    assert here() == {"Nät", "Webb", "srv"}
    assert group_of("b") == "Nät"
    assert item("b").part_of == item("a")
    assert Membership.objects.get().role == "chair"
    assert totals(take(path))[:2] == (0, 0)


def test_an_import_is_undone_only_once(tmp_path: Path) -> None:
    take(write(tmp_path / "x", **TABLES))
    undo_run(Run.objects.get(), by=SYSTEM)
    with pytest.raises(Clash):
        undo_run(Run.objects.get(), by=SYSTEM)


def test_what_somebody_edited_or_linked_since_is_kept_and_told(tmp_path: Path) -> None:
    take(write(tmp_path / "x", **TABLES))
    first = item("a")
    change_item(first.reference, by=SYSTEM, version=first.version, description="mine")
    other = take(write(tmp_path / "y", items=[{"key": "o", "kind": "server", "name": "other"}]), source="other")
    assert totals(other)[0] == 1
    batch = undo_run(Run.objects.get(source__name="cmdb"), by=SYSTEM)
    assert here() == {"Nät", "Webb", "other"}
    assert batch.counts["kept"] == 2
    kept = {row.name: row.reason for row in RunRow.objects.filter(verdict="kept")}
    assert kept.keys() == {"Webb", "Nät"}
    assert group_of("a") == "Nät"


def test_what_is_linked_from_elsewhere_is_kept(tmp_path: Path) -> None:
    take(write(tmp_path / "x", items=TABLES["items"]))
    take(write(tmp_path / "y", items=[{"key": "o", "kind": "server", "name": "other"}]), source="other")
    link(item("o", "other"), item("b"), "replaces", by=SYSTEM)
    undo_run(Run.objects.get(source__name="cmdb"), by=SYSTEM)
    assert here() == {"srv", "other"}
    assert item("b").part_of is None


def test_changed_fields_are_set_back_where_nobody_changed_them_since(tmp_path: Path) -> None:
    take(write(tmp_path / "x", **TABLES))
    groups = [*TABLES["groups"], {"key": "g2", "name": "Klient"}]
    items = [TABLES["items"][0] | {"name": "Webben", "group": "g2"}, TABLES["items"][1] | {"os": "bsd", "name": "srv9"}]
    take(write(tmp_path / "x", groups=groups, items=items, members=[TABLES["members"][0] | {"share": "40"}]))
    assert group_of("a") == "Klient"
    now = item("b")
    change_item(now.reference, by=SYSTEM, version=now.version, name="mine")
    undo_run(Run.objects.order_by("-id")[0], by=SYSTEM)
    assert item("a").name == "Webb"
    assert group_of("a") == "Nät"
    assert item("b").name == "mine"
    assert item("b").attributes == {"os": "linux"}
    assert Membership.objects.get().share is None
    assert {group.name for group in Group.objects.filter(item__presence=0)} == {"Nät"}
    assert RunRow.objects.get(verdict="kept").name == "mine"


def test_what_vanished_is_seen_again(tmp_path: Path) -> None:
    take(write(tmp_path / "x", items=[{"key": one, "kind": "server", "name": one} for one in "ab"]))
    take(write(tmp_path / "x", items=[{"key": "a", "kind": "server", "name": "a"}]))
    assert SourceKey.objects.get(key="b").not_seen_since is not None
    undo_run(Run.objects.order_by("-id")[0], by=SYSTEM)
    assert SourceKey.objects.get(key="b").not_seen_since is None


def roles() -> set[tuple[str, str]]:
    """The further roles that stand now: the group's name and the role."""
    return set(ItemRole.objects.filter(to_on=None).values_list("group__item__name", "role"))


def test_further_roles_that_the_import_ended_stand_again(tmp_path: Path) -> None:
    groups = [{"key": "g1", "name": "Nät"}, {"key": "g2", "name": "Klient"}, {"key": "g3", "name": "Drift"}]
    items = [{"key": "a", "kind": "server", "name": "a"}]
    said = [{"item": "a", "group": group, "role": "supports"} for group in ("g1", "g2")]
    take(write(tmp_path / "x", groups=groups, items=items, responsibilities=said))
    assert roles() == {("Nät", "supports"), ("Klient", "supports")}
    take(write(tmp_path / "x", groups=groups, items=items, responsibilities=[said[0] | {"group": "g3"}]))
    assert roles() == {("Drift", "supports")}
    undo_run(Run.objects.order_by("-id")[0], by=SYSTEM)
    assert roles() == {("Nät", "supports"), ("Klient", "supports")}
    assert totals(take(write(tmp_path / "x", groups=groups, items=items, responsibilities=said)))[0] == 0
    assert roles() == {("Nät", "supports"), ("Klient", "supports")}


def test_a_role_given_anew_since_is_not_opened_twice(tmp_path: Path) -> None:
    helped = "items: {table: items, key: key, kind: kind, name: name, supports: helper}\n"
    helped += "groups: {table: groups, key: key, name: name}"
    groups = [{"key": "g1", "name": "Nät"}]
    items = [{"key": "a", "kind": "server", "name": "a", "helper": "g1"}]
    take(write(tmp_path / "x", groups=groups, items=items), mapping=helped)
    take(write(tmp_path / "x", groups=groups, items=[items[0] | {"helper": ""}]), mapping=helped)
    assert roles() == set()
    ItemRole.objects.create(
        item=item("a"), group=Group.objects.get(), role="supports", from_on=ItemRole.objects.get().from_on
    )
    undo_run(Run.objects.order_by("-id")[0], by=SYSTEM)
    assert roles() == {("Nät", "supports")}
    assert ItemRole.objects.filter(to_on=None).count() == 1
