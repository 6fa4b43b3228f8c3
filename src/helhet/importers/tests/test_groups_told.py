"""Groups that are told of by others: by number or by name, by their parents, before and after their own record."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from helhet.groups.models import Group, Membership
from helhet.importers.gathering import Gathered, Held
from helhet.importers.models import Finding
from helhet.importers.problems import Place
from helhet.importers.rows import GroupRow, digest
from helhet.importers.runs import Outcome
from helhet.importers.tests.rig import group_of, take, totals
from helhet.importers.told import lead
from helhet.items.models import SourceKey

from .test_ready_mappings import G1, G2, service_now

ITEM = "0d" * 16


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path / "files"


def imported(folder: Path, files: dict[str, Any], mapping: str = "servicenow_cmdb_ci", **options: Any) -> Outcome:
    """Try out and take in; both say the same."""
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_text(content if isinstance(content, str) else json.dumps(content))
    trial = take(folder, mapping=mapping, trial=True, **options)
    done = take(folder, mapping=mapping, **options)
    assert (totals(trial), trial.findings) == (totals(done), done.findings)
    return done


def groups() -> dict[str, str | None]:
    """Group to parent, by name."""
    rows = Group.objects.select_related("item", "parent__item")
    return {group.item.name: group.parent.item.name if group.parent else None for group in rows}


@pytest.mark.django_db
def test_an_item_that_names_its_group_by_number_is_answered_for_by_the_named_group(tmp_path):
    imported(tmp_path / "1", service_now("cmdb_ci", "sys_user_group", "sys_user", "sys_user_grmember"))
    assert groups() == {"Unix": "Drift", "Drift": None}
    assert group_of(ITEM) == "Unix"
    told = {(one.group.item.name, one.person.name, one.role) for one in Membership.objects.all()}
    assert told == {("Unix", "Jane Doe", "chair"), ("Drift", "Jane Doe", "member")}
    assert not Finding.objects.exists()


@pytest.mark.django_db
def test_a_number_without_its_record_makes_no_group_but_a_finding_that_is_tied_up_when_the_record_comes(tmp_path):
    imported(tmp_path / "1", service_now("cmdb_ci"))
    assert groups() == {}
    (finding,) = Finding.objects.all()
    assert (finding.sort, finding.value) == ("unknown_group", G1)
    with override("en"):
        assert "list of groups" in lead(finding)
    imported(tmp_path / "2", service_now("sys_user_group"), partial=True)
    assert group_of(ITEM) == "Unix"
    assert not Finding.objects.filter(closed_at=None).exists()


@pytest.mark.django_db
def test_a_list_by_names_means_the_groups_that_came_by_number(tmp_path):
    imported(tmp_path / "1", service_now("sys_user_group"))
    listed = "sys_id,name,sys_class_name,support_group\na,A,cmdb_ci_server,Unix\nb,B,cmdb_ci_server,Net\n"
    imported(tmp_path / "2", {"cmdb_ci.csv": listed}, partial=True)
    assert (group_of("a"), group_of("b")) == ("Unix", "Net")
    assert sorted(groups()) == ["Drift", "Net", "Unix"]
    again = imported(tmp_path / "3", {**service_now("sys_user_group"), "cmdb_ci.csv": listed})
    assert totals(again)[:2] == (0, 0)
    assert totals(again)[4] == 0


@pytest.mark.django_db
def test_a_group_that_was_made_by_name_is_the_one_whose_record_comes(tmp_path):
    listed = "sys_id,name,sys_class_name,support_group\na,A,cmdb_ci_server,Unix\n"
    imported(tmp_path / "1", {"cmdb_ci.csv": listed})
    first = Group.objects.get(item__name="Unix").pk
    imported(tmp_path / "2", {"cmdb_ci.csv": listed, **service_now("sys_user_group")})
    assert groups() == {"Unix": "Drift", "Drift": None}
    assert set(SourceKey.objects.filter(item_id=first).values_list("key", flat=True)) == {"Unix", G1}
    again = imported(tmp_path / "3", {"cmdb_ci.csv": listed, **service_now("sys_user_group")})
    assert totals(again) == (0, 0, 5, 0, 0)


BACKSTAGE = """
kind: Group
metadata: {name: top}
spec: {children: [a, b, c, gone]}
---
kind: Group
metadata: {name: a}
spec: {children: []}
---
kind: Group
metadata: {name: b}
spec: {parent: top}
---
kind: Group
metadata: {name: c}
spec: {parent: other}
---
kind: Group
metadata: {name: other}
spec: {}
"""


@pytest.mark.django_db
def test_a_backstage_parent_is_drawn_from_either_end_and_what_contradicts_it_is_a_finding(tmp_path):
    imported(tmp_path / "1", {"org.yaml": BACKSTAGE}, "backstage")
    assert groups() == {"top": None, "a": "top", "b": "top", "c": "other", "other": None}
    found = {(one.field, one.value): lead(one) for one in Finding.objects.filter(closed_at=None)}
    assert set(found) == {("children", "group:default/gone"), ("parent", "group:default/top")}
    assert "group:default/other" in found["parent", "group:default/top"]
    mended = BACKSTAGE.replace(", gone", "").replace("parent: other", "parent: top")
    imported(tmp_path / "2", {"org.yaml": mended}, "backstage")
    assert groups()["c"] == "top"
    assert not Finding.objects.filter(closed_at=None).exists()
    assert totals(imported(tmp_path / "3", {"org.yaml": mended}, "backstage")) == (0, 0, 5, 0, 0)


def test_a_key_of_its_own_is_no_further_key(tmp_path):
    rows = [GroupRow(G2, "x", None, None, None, None, {}, ("x", G2), (), Place("f"))]
    (held,) = [held for held, _notes in settled(rows)]
    assert held.row.also == ("x",)


def settled(rows: list[GroupRow]) -> list[tuple[Held, list[Any]]]:
    gathered = Gathered()
    for row in rows:
        gathered.add(Held(row, digest(row), None, True))
    return list(gathered.settled())


NAMES = st.sampled_from("abcde")
ROWS = st.lists(
    st.builds(
        lambda key, parent, also, children: GroupRow(
            key, key, None, parent, None, None, {}, tuple(also), tuple(children), Place("f")
        ),
        NAMES, st.none() | NAMES, st.lists(NAMES, max_size=2), st.lists(NAMES, max_size=3),
    ),
    unique_by=lambda row: row.key, max_size=5,
)  # fmt: skip


@given(rows=ROWS)
def test_each_claim_of_a_parent_holds_or_is_told(rows):
    keys = {row.key for row in rows}
    found = settled(rows)
    assert [held.row.key for held, _notes in found] == [row.key for row in rows]
    parents = {held.row.key: held.row.parent for held, _notes in found}
    told = {(note.key, note.field, note.value) for _held, notes in found for note in notes}
    further = [held.row.also for held, _notes in found]
    assert not keys & {also for one in further for also in one}
    assert len({also for one in further for also in one}) == sum(map(len, map(set, further)))
    means = {key: key for key in keys} | {also: held.row.key for held, _notes in found for also in held.row.also}
    for row in rows:
        if row.parent:
            assert parents[row.key] == means.get(row.parent, row.parent)
        for child in row.children:
            if child in means:
                assert parents[means[child]] == row.key or (means[child], "parent", row.key) in told
            else:
                assert (row.key, "children", child) in told


@given(rows=ROWS, order=st.randoms())
def test_the_order_of_groups_alters_neither_their_digests_nor_their_words(rows, order):
    shuffled = list(rows)
    order.shuffle(shuffled)
    before = {held.row.key: held for held, _notes in settled(rows)}
    claimed = [child for row in rows for child in set(row.children)]
    for held, _notes in settled(shuffled):
        assert held.row.also == before[held.row.key].row.also
        if sum(claimed.count(name) for name in (held.row.key, *held.row.also)) < 2:
            assert held == before[held.row.key]
