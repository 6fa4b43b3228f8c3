"""A trial says what applying then does: every count, the findings and what would be tied up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from helhet.importers.models import Finding
from helhet.importers.tests.rig import take, totals, write

pytestmark = pytest.mark.django_db

GROUPS: list[dict[str, Any]] = [{"key": "g1", "name": "Nät", "parent": "g8"}]
MEMBERS: list[dict[str, Any]] = [
    {"group": "g1", "person": "p", "name": "Per", "role": "chair", "email": "no address", "share": "300"},
    {"group": "g9", "person": "q", "name": "", "role": "", "email": "", "share": ""},
]
ITEMS: list[dict[str, Any]] = [
    {"key": "a", "kind": "server", "name": "a", "group": "g1", "part_of": "b"},
    {"key": "b", "kind": "cluster", "name": "b", "group": "g9", "part_of": "other:c"},
    {"key": "c", "kind": "server", "name": "c", "group": "g9", "part_of": "c"},
]
DEPENDENCIES: list[dict[str, Any]] = [
    {"from": "a", "to": "zz", "type": "uses", "criticality": "odd"},
    {"from": "a", "to": "b", "type": "uses", "criticality": "odd"},
]


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIR = tmp_path / "files"


def step(folder: Path, source: str = "cmdb", *, partial: bool = False, **tables: list[dict[str, Any]]) -> list[int]:
    """Try out, apply, compare; then the counts, how many findings are open, and how many were tied."""
    path = write(folder, **tables)
    trial = take(path, source=source, partial=partial, trial=True)
    done = take(path, source=source, partial=partial)
    told = [*totals(trial), trial.findings, trial.tied]
    assert told == [*totals(done), done.findings, done.tied]
    return told


def test_a_trial_and_what_is_then_applied_agree_step_by_step(tmp_path: Path) -> None:
    first = {"groups": GROUPS, "members": MEMBERS, "items": ITEMS, "dependencies": DEPENDENCIES}
    assert step(tmp_path / "1", **first) == [8, 0, 0, 0, 0, 11, 0]
    assert step(tmp_path / "1", **first)[:2] == [0, 0]
    changed = [ITEMS[0], ITEMS[1] | {"name": "b2"}, ITEMS[2] | {"name": "c2", "part_of": "a"}]
    mended = [MEMBERS[0] | {"email": "per@example.org", "share": "50"}, MEMBERS[1]]
    assert step(tmp_path / "2", **(first | {"items": changed, "members": mended}))[5] == 8
    assert step(tmp_path / "3", source="other", items=[{"key": "c", "kind": "cluster", "name": "oc"}]) == [
        1, 0, 0, 0, 0, 0, 1,
    ]  # fmt: skip
    come = [*GROUPS, {"key": "g9", "name": "Drift", "parent": ""}]
    assert step(tmp_path / "4", partial=True, groups=come)[5:] == [4, 3]
    fewer = first | {"groups": come, "items": changed, "members": mended, "dependencies": DEPENDENCIES[1:]}
    told = step(tmp_path / "5", **fewer)
    assert told[4:6] == [1, 2]


def test_a_note_on_a_tie_is_closed_when_the_tie_is_mended(tmp_path: Path) -> None:
    step(tmp_path / "1", groups=GROUPS[:1], members=MEMBERS[:1], items=ITEMS[:2], dependencies=DEPENDENCIES[1:])
    assert Finding.objects.filter(sort="unreadable", closed_at=None).count() == 3
    mended = [MEMBERS[0] | {"email": "per@example.org", "share": "50"}]
    right = [DEPENDENCIES[1] | {"criticality": "hard"}]
    step(tmp_path / "2", groups=GROUPS[:1], members=mended, items=ITEMS[:2], dependencies=right)
    assert not Finding.objects.filter(sort="unreadable", closed_at=None).exists()


def test_a_row_that_is_refused_leaves_no_note(tmp_path: Path) -> None:
    twice = [DEPENDENCIES[1] | {"criticality": "hard"}, DEPENDENCIES[1]]
    assert step(tmp_path / "1", items=ITEMS[:2], dependencies=twice)[3] == 1
    assert not Finding.objects.filter(sort="unreadable").exists()
