"""The file of the graph is never trusted unseen, and no answer is older than the last committed write."""

from __future__ import annotations

import importlib
import os
import threading
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from helhet.estate import walking
from helhet.estate.dependencies import add_dependency
from helhet.estate.graph import building, current, files
from helhet.estate.graph.building import build_graph, build_if_due, is_due
from helhet.estate.impact import impact
from helhet.estate.models import GraphFile
from helhet.estate.walking import Direction, walk
from helhet.items.models import Item, Touched
from helhet.rules.graph import Found
from tests.world import SYSTEM, make_item

now = importlib.import_module("helhet.estate.graph.current")


@pytest.fixture(autouse=True)
def _a_folder_of_its_own(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path


@pytest.fixture
def pair(db: None) -> tuple[Item, Item]:
    base, app = make_item("base"), make_item("app")
    add_dependency(app, base, by=SYSTEM)
    return base, app


def reached(item: Item) -> int:
    """By arrays."""
    found = walk([item.pk], Direction.DEPENDANTS)
    assert isinstance(found, Found)
    return found.count


def abandon(item: Item, provider: Item, base: Item) -> None:
    """State a link that two are then reached through, and let it come to nothing."""
    with transaction.atomic():
        add_dependency(item, provider, by=SYSTEM)
        assert reached(base) == 2
        raise RuntimeError


def test_without_a_file_the_database_is_asked(pair: tuple[Item, Item]) -> None:
    assert current() is None
    assert walk([pair[0].pk], Direction.DEPENDANTS).count == 1
    assert is_due()


def test_the_file_is_mapped_and_built_only_when_it_is_due(pair: tuple[Item, Item]) -> None:
    assert build_if_due.now(caller=SYSTEM) == {"items": Item.objects.count(), "links": 1}
    assert reached(pair[0]) == 1
    assert build_if_due.now(caller=SYSTEM) == {}


@pytest.mark.parametrize("harm", ["cut", "flip", "head", "foreign", "gone", "empty"])
def test_a_file_that_is_not_sound_is_left_unused_and_built_anew(pair: tuple[Item, Item], harm: str) -> None:
    row = build_graph()
    path = files.path_of(row.token)
    content = path.read_bytes()
    path.unlink()
    if harm == "foreign":
        other = build_graph()
        GraphFile.objects.filter(pk=row.pk).update(token=row.token)
        files.path_of(other.token).rename(path)
    elif harm != "gone":
        damage = {
            "cut": content[:-10], "flip": content[:-70] + bytes([content[-70] ^ 1]) + content[-69:],
            "head": content[:40] + b"\0" + content[41:], "empty": b"",
        }  # fmt: skip
        path.write_bytes(damage[harm])
    assert current() is None
    assert walk([pair[0].pk], Direction.DEPENDANTS).count == 1
    assert build_if_due.now(caller=SYSTEM) != {}
    assert reached(pair[0]) == 1


def test_what_a_killed_builder_left_is_cleared_away(pair: tuple[Item, Item], monkeypatch: pytest.MonkeyPatch) -> None:
    build_graph()
    stray = files.folder() / ".0123.77"
    stray.write_bytes(b"half")
    os.utime(stray, (0, 0))

    def killed(*_arguments: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(building.files, "write", killed)
        with pytest.raises(KeyboardInterrupt):
            build_graph()
    assert reached(pair[0]) == 1
    row = build_graph()
    assert {path.name for path in files.folder().iterdir()} == {"place", "lock", f"{row.token}.graph"}


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_every_process_sees_what_was_committed_and_nothing_that_was_not() -> None:
    base, app, other = (make_item(name) for name in ("base", "app", "other"))
    with transaction.atomic():
        add_dependency(app, base, by=SYSTEM)
    build_graph()
    assert reached(base) == 1
    kept = now._Kept.laid
    with pytest.raises(RuntimeError):
        abandon(other, app, base)
    assert reached(base) == 1
    add_dependency(other, app, by=SYSTEM)
    assert reached(base) == 2
    # Another process, which asked last before that.
    now._Kept.laid = kept
    assert reached(base) == 2
    build_graph()
    assert not Touched.objects.exists()
    assert reached(base) == 2
    # One that still holds the file before.
    now._Kept.laid = kept
    assert reached(base) == 2


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_what_was_under_way_while_the_file_was_built_is_seen_when_it_is_committed() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("on SQLite one transaction writes at a time")
    base, app, other = (make_item(name) for name in ("base", "app", "other"))
    build_graph()
    written, go = threading.Event(), threading.Event()

    def slowly() -> None:
        try:
            with transaction.atomic():
                add_dependency(app, base, by=SYSTEM)
                written.set()
                go.wait(30)
        finally:
            connection.close()

    thread = threading.Thread(target=slowly)
    thread.start()
    assert written.wait(30)
    # Rows with higher numbers are committed, seen, built in and cleared away before the lower one is.
    add_dependency(other, app, by=SYSTEM)
    assert reached(app) == 1
    assert reached(base) == 0
    build_graph()
    kept = now._Kept.laid
    assert reached(base) == 0
    go.set()
    thread.join()
    assert reached(base) == 2
    now._Kept.laid = kept
    build_graph()
    assert reached(base) == 2


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_no_row_is_cleared_away_that_another_place_has_not_seen(settings: Any, tmp_path: Path) -> None:
    base, app = make_item("base"), make_item("app")
    build_graph()
    settings.DATA_DIR = tmp_path / "other host"
    build_graph()
    add_dependency(app, base, by=SYSTEM)
    build_graph()
    settings.DATA_DIR = tmp_path
    assert reached(base) == 1


def test_more_than_is_worth_laying_over_is_left_to_the_database(
    pair: tuple[Item, Item], monkeypatch: pytest.MonkeyPatch
) -> None:
    build_graph()
    monkeypatch.setattr(now, "MOST_TOUCHED", 1)
    add_dependency(make_item("third"), pair[1], by=SYSTEM)
    assert current() is None
    assert walk([pair[0].pk], Direction.DEPENDANTS).count == 2
    monkeypatch.setattr(building, "FEW_TOUCHED", 1)
    assert is_due()
    build_graph()
    if connection.vendor != "postgresql":
        assert reached(pair[0]) == 2


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_walk_that_goes_far_builds_the_graph_on_the_way_and_answers_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    items = [make_item(f"Led {number}") for number in range(6)]
    for item, provider in pairwise(items):
        add_dependency(item, provider, by=SYSTEM)
    near = impact(items[-1:], SYSTEM)
    assert current() is None
    monkeypatch.setattr(walking, "FAR", 3)
    far = impact(items[-1:], SYSTEM)
    assert current() is not None
    assert far.ordered() == near.ordered()
    assert far.reached == 5


def test_inside_a_transaction_the_database_is_asked_however_far_it_goes(
    pair: tuple[Item, Item], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walking, "FAR", 0)
    assert walk([pair[0].pk], Direction.DEPENDANTS).count == 1
    assert current() is None
