"""Taking files in: what comes, changes, vanishes and is left, and what a bad row does."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from helhet.estate.models import Dependency
from helhet.groups.models import Group, Membership, Person
from helhet.importers import portions, runs
from helhet.importers.models import Finding, Run, RunRow
from helhet.importers.problems import FileRefused
from helhet.importers.tests.rig import SYSTEM, group_of, item, take, totals, write
from helhet.items.actions import change_item
from helhet.items.models import Item, Link, Source, SourceKey
from helhet.journal.models import Batch
from helhet.kit.errors import Invalid
from helhet.responsibility.models import Reading

pytestmark = pytest.mark.django_db

GROUPS = [{"key": "g1", "name": "Nät"}, {"key": "g2", "name": "Klient", "parent": "g1"}]
ITEMS = [
    {"key": "a", "kind": "application", "name": "Webb", "group": "g1", "part_of": "", "os": ""},
    {"key": "b", "kind": "server", "name": "srv", "group": "", "part_of": "a", "os": "linux"},
]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, settings: object, tmp_path: Path) -> None:
    monkeypatch.setattr(portions, "GAP", 0)
    settings.FILES_DIR = tmp_path / "files"  # type: ignore[attr-defined]


def test_a_first_import_makes_groups_items_and_answers(tmp_path: Path) -> None:
    outcome = take(write(tmp_path / "x", groups=GROUPS, items=ITEMS))
    assert totals(outcome) == (4, 0, 0, 0, 0)
    assert group_of("a") == "Nät"
    assert group_of("b") == "Nät"
    assert item("b").part_of == item("a")
    assert item("b").attributes == {"os": "linux"}
    assert Group.objects.get(item__name="Klient").parent == Group.objects.get(item__name="Nät")


def test_the_same_file_twice_changes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "x", groups=GROUPS, items=ITEMS)
    take(path)
    before = list(Item.objects.order_by("id").values())
    assert totals(take(path)) == (0, 0, 4, 0, 0)
    assert list(Item.objects.order_by("id").values()) == before


def test_a_trial_tells_the_same_and_writes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "x", groups=GROUPS, items=ITEMS)
    assert totals(take(path, trial=True)) == (4, 0, 0, 0, 0)
    assert not Source.objects.exists()
    assert not Item.objects.exists()
    assert not Run.objects.exists()


def test_changes_are_told_field_by_field(tmp_path: Path) -> None:
    take(write(tmp_path / "x", groups=GROUPS, items=ITEMS))
    changed = [ITEMS[0] | {"name": "Webben", "group": "g2"}, ITEMS[1] | {"os": "bsd"}]
    path = write(tmp_path / "x", groups=GROUPS, items=changed)
    trial = take(path, trial=True)
    assert totals(trial) == (0, 2, 2, 0, 0)
    assert totals(take(path)) == (0, 2, 2, 0, 0)
    rows = {row.key: row.changes for row in RunRow.objects.filter(verdict="changed")}
    assert rows == {
        "a": {"name": ["Webb", "Webben"], "group": ["Nät", "Klient"]},
        "b": {"attributes.os": ["linux", "bsd"]},
    }
    assert group_of("b") == "Klient"


def test_a_vanished_item_is_marked_and_kept_and_comes_back(tmp_path: Path) -> None:
    take(write(tmp_path / "x", groups=GROUPS, items=ITEMS))
    outcome = take(write(tmp_path / "z", items=ITEMS[:1]))
    assert totals(outcome) == (0, 0, 1, 0, 0)
    both = [*ITEMS, {"key": "c", "kind": "server", "name": "c"}]
    take(write(tmp_path / "y", items=both))
    outcome = take(write(tmp_path / "y", items=[both[0], both[2]]))
    assert totals(outcome) == (0, 0, 2, 0, 1)
    key = SourceKey.objects.get(key="b")
    assert key.not_seen_since is not None
    assert group_of("b") == "Nät"
    assert totals(take(write(tmp_path / "y", items=both))) == (0, 0, 3, 0, 0)
    assert SourceKey.objects.get(key="b").not_seen_since is None


def test_vanishing_is_judged_only_for_kinds_and_nouns_that_the_file_has(tmp_path: Path) -> None:
    take(write(tmp_path / "x", groups=GROUPS, items=ITEMS))
    outcome = take(write(tmp_path / "y", items=[{"key": "z", "kind": "server", "name": "z"}]))
    assert totals(outcome)[4] == 1
    assert {row.key for row in RunRow.objects.filter(verdict="not_seen")} == {"b"}


def test_a_partial_file_lets_nothing_vanish(tmp_path: Path) -> None:
    take(write(tmp_path / "x", groups=GROUPS, items=ITEMS))
    outcome = take(write(tmp_path / "y", items=[{"key": "z", "kind": "server", "name": "z"}]), partial=True)
    assert totals(outcome) == (1, 0, 0, 0, 0)


def test_bad_rows_are_refused_alone_with_their_place(tmp_path: Path) -> None:
    rows = [
        ITEMS[0], {"key": "", "kind": "server", "name": "x"}, {"key": "q", "kind": "ufo", "name": "x"},
        {"key": "r", "kind": "server", "name": ""}, {"key": "a", "kind": "server", "name": "again"},
    ]  # fmt: skip
    outcome = take(write(tmp_path / "x", items=rows))
    assert totals(outcome)[:4] == (1, 0, 0, 4)
    assert sorted(one.place.line for one, _reason in outcome.refused()) == [3, 4, 5, 6]


def test_unknown_ends_become_findings_and_are_tied_up_when_they_arrive(tmp_path: Path) -> None:
    path = write(
        tmp_path / "x",
        items=[{"key": "a", "kind": "server", "name": "a", "group": "late", "part_of": "w"}],
        members=[{"group": "late", "person": "p", "name": "Per", "role": "chair"}],
        dependencies=[{"from": "a", "to": "w", "type": ""}],
        links=[{"from": "w", "to": "a", "type": "runs"}],
    )
    outcome = take(path)
    assert outcome.findings == 5
    assert group_of("a") is None
    assert {one.sort for one in Finding.objects.all()} == {"unknown_group", "unknown_whole", "unknown_end"}
    more = write(
        tmp_path / "y",
        groups=[{"key": "late", "name": "Sen"}],
        items=[{"key": "w", "kind": "cluster", "name": "w", "group": ""}],
    )
    outcome = take(more, partial=True)
    assert outcome.findings == 0
    assert outcome.tied == 5
    assert group_of("a") == "Sen"
    assert item("a").part_of == item("w")
    assert Membership.objects.get().group.name == "Sen"
    assert Dependency.objects.get().to_item == item("w")
    assert Link.objects.get().from_item == item("w")
    assert totals(take(path, partial=True))[:2] == (0, 0)


def test_loops_and_dependencies_on_oneself_are_findings(tmp_path: Path) -> None:
    path = write(
        tmp_path / "x",
        items=[
            {"key": "a", "kind": "server", "name": "a", "part_of": "b"},
            {"key": "b", "kind": "server", "name": "b", "part_of": "c"},
            {"key": "c", "kind": "server", "name": "c", "part_of": "a"},
            {"key": "d", "kind": "server", "name": "d", "part_of": "d"},
        ],
        dependencies=[{"from": "a", "to": "a"}],
    )
    assert totals(take(path)) == (4, 0, 0, 0, 0)
    assert sorted(Finding.objects.values_list("sort", "key")) == [
        ("loop", "c"), ("loop", "d"), ("self_link", "a\x1fa\x1fuses"),
    ]  # fmt: skip
    assert item("a").part_of == item("b")
    assert item("c").part_of is None
    assert totals(take(path))[:2] == (0, 0)


def test_a_changed_row_that_closes_a_loop_keeps_what_it_had(tmp_path: Path) -> None:
    rows = [
        {"key": "a", "kind": "server", "name": "a", "part_of": ""},
        {"key": "b", "kind": "server", "name": "b", "part_of": "a"},
    ]
    take(write(tmp_path / "x", items=rows))
    take(write(tmp_path / "x", items=[rows[0] | {"part_of": "b"}, rows[1]]))
    assert item("a").part_of is None
    assert Finding.objects.get(closed_at=None).sort == "loop"
    take(write(tmp_path / "x", items=[rows[0] | {"part_of": "b"}, rows[1] | {"part_of": ""}]))
    assert item("b").part_of is None
    assert item("a").part_of == item("b")
    assert not Finding.objects.filter(closed_at=None).exists()


def test_what_a_person_owns_is_left_and_what_the_source_owns_is_overwritten(tmp_path: Path) -> None:
    mapping = "owns: [name]\nitems:\n  key: key\n  kind: kind\n  name: name\n  state: state\n  attributes: rest\n"
    rows = [{"key": "a", "kind": "server", "name": "a", "state": "live", "os": "linux"}]
    path = write(tmp_path / "x", items=rows)
    take(path, mapping=mapping)
    first = item("a")
    changed = change_item(first.reference, by=SYSTEM, version=first.version, name="mine", state="retiring",
                          attributes={"os": "bsd", "own": "1"})  # fmt: skip
    assert changed.version == 2
    assert totals(take(path, mapping=mapping))[:2] == (0, 1)
    now = item("a")
    assert (now.name, now.state_word.key, now.attributes) == ("a", "retiring", {"os": "bsd", "own": "1"})


def test_an_attribute_that_the_source_gives_no_more_goes_but_not_one_that_a_person_added(tmp_path: Path) -> None:
    rows = [{"key": "a", "kind": "server", "name": "a", "os": "linux", "site": "Malmö"}]
    take(write(tmp_path / "x", items=rows))
    first = item("a")
    change_item(first.reference, by=SYSTEM, version=first.version, attribute=("own", "1"))
    take(write(tmp_path / "x", items=[rows[0] | {"os": ""}]))
    assert item("a").attributes == {"site": "Malmö", "own": "1"}


def test_a_day_before_the_sources_last_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "x", items=ITEMS[:1])
    take(path, on=dt.date(2025, 5, 1))
    with pytest.raises(Invalid, match="2025"):
        take(path, on=dt.date(2025, 4, 30))


def test_a_file_that_cannot_be_read_is_refused_whole_before_anything_is_written(tmp_path: Path) -> None:
    path = write(tmp_path / "x", items=ITEMS)
    with (path / "items.csv").open("ab") as file:
        file.write(b"c,server,\xff\xfe bad,,,\n")
    with pytest.raises(FileRefused):
        take(path)
    assert not Item.objects.exists()
    assert not Source.objects.exists()


def test_persons_are_one_for_each_key_and_tied_by_address(tmp_path: Path) -> None:
    members = [
        {"group": "g1", "person": "p1", "name": "Anna", "role": "chair", "email": "Anna@x.se", "share": "50"},
        {"group": "g2", "person": "p1", "name": "Anna", "role": "member", "email": "Anna@x.se", "share": ""},
    ]
    path = write(tmp_path / "x", groups=GROUPS, members=members)
    assert totals(take(path)) == (5, 0, 0, 0, 0)
    assert Person.objects.get().email == "anna@x.se"
    assert totals(take(path)) == (0, 0, 5, 0, 0)
    take(write(tmp_path / "x", groups=GROUPS, members=[members[0] | {"share": "60"}]))
    assert Membership.objects.get(role="chair").share == 60
    assert Membership.objects.get(role="member").not_seen_since is not None
    take(path, source="other")
    assert Person.objects.count() == 1


def test_responsibilities_in_rows_of_their_own_name_owners_claimants_and_roles(tmp_path: Path) -> None:
    items = [{"key": "a", "kind": "server", "name": "a"}, {"key": "b", "kind": "server", "name": "b"}]
    rows = [
        {"item": "a", "group": "g1", "role": ""}, {"item": "b", "group": "g1", "role": "responsible"},
        {"item": "b", "group": "g2", "role": "responsible"}, {"item": "a", "group": "g2", "role": "supports"},
    ]  # fmt: skip
    path = write(tmp_path / "x", groups=GROUPS, items=items, responsibilities=rows)
    take(path)
    assert group_of("a") == "Nät"
    assert group_of("b") is None
    assert len(SourceKey.objects.get(key="b").claimants or []) == 2
    assert totals(take(path))[:2] == (0, 0)
    write(tmp_path / "x", responsibilities=[rows[1], rows[3]])
    take(tmp_path / "x")
    assert group_of("a") is None
    assert group_of("b") == "Nät"


def test_every_run_has_a_batch_with_its_counts(tmp_path: Path) -> None:
    take(write(tmp_path / "x", groups=GROUPS, items=ITEMS))
    batch = Batch.objects.get()
    assert batch.counts["created"] == {"groups": 2, "items": 2}
    assert Run.objects.get().state == "done"


def test_an_import_that_dies_just_before_its_reading_takes_it_when_it_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    path = write(tmp_path / "a", items=[{"key": "a", "kind": "server", "name": "A"}])
    with monkeypatch.context() as killed:
        killed.setattr(runs, "take_reading", die)
        with pytest.raises(KeyboardInterrupt):
            take(path)
    assert totals(take(path)) == (1, 0, 0, 0, 0)
    assert Reading.objects.filter(batch_id=Run.objects.get().batch_id).exists()
