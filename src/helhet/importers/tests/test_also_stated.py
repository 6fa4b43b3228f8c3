"""A dependency that two sources state stands as long as one of them does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from helhet.estate.models import Dependency
from helhet.estate.walking import Direction, walk
from helhet.importers import portions
from helhet.importers.models import Run
from helhet.importers.tests.rig import SYSTEM, item, take, totals, write
from helhet.importers.undo import undo_run

pytestmark = pytest.mark.django_db

HARD = [{"from": "a", "to": "b", "criticality": "hard"}]
OTHERS = [{"from": "cmdb:a", "to": "cmdb:b", "criticality": "degrades"}]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    monkeypatch.setattr(portions, "GAP", 0)
    settings.FILES_DIR, settings.DATA_DIR = tmp_path / "files", tmp_path / "data"


@pytest.fixture
def cmdb(tmp_path: Path) -> Any:
    """Take the first source in with these dependencies."""
    items = [{"key": key, "kind": "server", "name": key} for key in ("a", "b", "c")]
    stays = {"from": "c", "to": "b", "criticality": "hard"}

    def taken(rows: list[dict[str, str]]) -> Any:
        return take(write(tmp_path / "cmdb", items=items, dependencies=[*rows, stays]))

    return taken


@pytest.fixture
def other(tmp_path: Path) -> Any:
    """Take the second source in, which has no items of its own."""

    def taken(rows: list[dict[str, str]]) -> Any:
        stays = {"from": "cmdb:c", "to": "cmdb:a", "criticality": "hard"}
        return take(write(tmp_path / "other", dependencies=[*rows, stays]), source="other")

    return taken


def told() -> tuple[str, str, bool]:
    """Whose the dependency of a on b is, its criticality, and whether impact walks it."""
    row = Dependency.objects.select_related("source").get(from_item=item("a"), to_item=item("b"))
    reached = walk([item("b").pk], Direction.DEPENDANTS).items
    assert (item("a").pk in reached) == (row.not_seen_since is None)
    return row.source.name if row.source else "", row.criticality, row.not_seen_since is None


def test_what_the_first_says_counts_and_the_second_alters_nothing(cmdb: Any, other: Any) -> None:
    cmdb(HARD)
    assert totals(other(OTHERS))[:2] == (1, 0)
    assert told() == ("cmdb", "hard", True)
    assert totals(cmdb(HARD))[:2] == totals(other(OTHERS))[:2] == (0, 0)
    assert told() == ("cmdb", "hard", True)


def test_when_the_first_states_it_no_more_it_is_the_seconds(cmdb: Any, other: Any) -> None:
    cmdb(HARD)
    other(OTHERS)
    cmdb([])
    assert told() == ("other", "hard", True)
    other(OTHERS)
    assert told() == ("other", "degrades", True)
    other([])
    assert told() == ("other", "degrades", False)


def test_when_the_second_states_it_no_more_it_stays_the_firsts(cmdb: Any, other: Any) -> None:
    cmdb(HARD)
    other(OTHERS)
    other([])
    assert told() == ("cmdb", "hard", True)
    cmdb([])
    assert told() == ("cmdb", "hard", False)


def test_what_no_source_states_any_more_is_taken_over_by_the_next_that_does(cmdb: Any, other: Any) -> None:
    cmdb(HARD)
    cmdb([])
    other(OTHERS)
    assert told() == ("other", "degrades", True)
    cmdb(HARD)
    assert told() == ("other", "degrades", True)
    other([])
    assert told()[::2] == ("cmdb", True)


def test_undoing_the_first_import_leaves_what_the_second_states(cmdb: Any, other: Any, tmp_path: Path) -> None:
    cmdb([])
    cmdb(HARD)
    first = Run.objects.latest("pk")
    other(OTHERS)
    second = Run.objects.latest("pk")
    undo_run(first, by=SYSTEM)
    assert told() == ("other", "hard", True)
    undo_run(second, by=SYSTEM)
    assert not Dependency.objects.filter(from_item=item("a"), to_item=item("b")).exists()
