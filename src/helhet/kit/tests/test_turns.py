from __future__ import annotations

import threading
from pathlib import Path

import pytest

from helhet.kit.sqlite.turns import knocking, somebody_knocks


def test_a_knock_is_heard_for_as_long_as_it_lasts(tmp_path: Path) -> None:
    database = str(tmp_path / "db")
    assert not somebody_knocks(database)
    with knocking(database), knocking(database):
        assert somebody_knocks(database)
    assert not somebody_knocks(database)


def test_a_knock_of_another_thread_is_heard_too(tmp_path: Path) -> None:
    database = str(tmp_path / "db")
    inside, done = threading.Event(), threading.Event()

    def wait() -> None:
        with knocking(database):
            inside.set()
            done.wait(5)

    thread = threading.Thread(target=wait)
    thread.start()
    assert inside.wait(5)
    assert somebody_knocks(database)
    done.set()
    thread.join()
    assert not somebody_knocks(database)


@pytest.mark.parametrize("database", ["file:memory?mode=memory", "/no/such/folder/db"])
def test_where_no_file_can_be_had_saves_go_on_and_pauses_are_made(database: str) -> None:
    with knocking(database):
        assert somebody_knocks(database)
