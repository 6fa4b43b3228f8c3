"""A kept connection to SQLite and the file that it stands on."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from django.db.utils import ConnectionHandler


def write(file: Path, word: str) -> Path:
    with sqlite3.connect(file) as made:
        made.execute("CREATE TABLE said (word TEXT)")
        made.execute("INSERT INTO said VALUES (?)", [word])
    made.close()
    return file


@pytest.mark.django_db
def test_a_store_brought_back_from_a_copy_is_read_by_the_next_request(tmp_path: Path) -> None:
    file = write(tmp_path / "helhet.sqlite3", "now")
    settings = {"ENGINE": "helhet.kit.sqlite", "NAME": str(file), "CONN_MAX_AGE": None}
    connection = ConnectionHandler({"default": settings})["default"]

    def said() -> str:
        connection.close_if_unusable_or_obsolete()
        with connection.cursor() as cursor:
            cursor.execute("SELECT word FROM said")
            return str(cursor.fetchone()[0])

    assert said() == "now"
    kept = connection.connection
    assert (said(), connection.connection) == ("now", kept)
    write(tmp_path / "copy.sqlite3", "then").replace(file)
    assert said() == "then"
    connection.close()
