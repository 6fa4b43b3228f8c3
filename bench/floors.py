"""The floor of a first import: the very rows that it wrote, loaded in bulk into an empty store with the same columns,
indexes and constraints, in one transaction. COPY of prepared text on PostgreSQL, executemany of ready tuples on SQLite.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection

from bench.measure import Clock, Place, clocked

LEFT_OUT = ("django_", "auth_", "search_", "sqlite_", "kit_job")
BOTH = ("items_item", "groups_answer")
CHUNK = 20_000
SMALL = 20
LEAST = 200


def keep_empty(place: Place) -> None:
    """Keep the store as it is after migrating, as the template of floors."""
    if place.database == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        shutil.copyfile(settings.DATABASES["default"]["NAME"], place.folder / "empty.sqlite3")
        return
    connection.close()
    _admin("DROP DATABASE IF EXISTS empty", f"CREATE DATABASE empty TEMPLATE {connection.settings_dict['NAME']}")


def tables(place: Place) -> list[tuple[str, int]]:
    """The tables that hold rows, with how many, the large ones last and in the order of writing."""
    names = [name for name in connection.introspection.table_names() if not name.startswith(LEFT_OUT)]
    counts = []
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f'SELECT count(*) FROM "{name}"')  # noqa: S608 - our own tables
            counts.append((name, int(cursor.fetchone()[0])))
    order = ["items_item", "items_value", "items_itemvalue", "items_sourcekey", "groups_answer"]
    large = max(place.size // SMALL, LEAST)
    found = [one for one in counts if one[1]]
    return sorted(found, key=lambda one: (one[1] > large, order.index(one[0]) if one[0] in order else 0, one[0]))


def load(place: Place, *, only: Sequence[str] = ()) -> dict[str, Any]:
    """Load all that was written, or of the large tables `only` these; seconds by table and in all."""
    large = max(place.size // SMALL, LEAST)
    chosen = [(name, count) for name, count in tables(place) if count <= large or not only or name in only]
    connection.close()
    with _sqlite(place) if place.database == "sqlite" else _postgres(place) as loader:
        by_table = {name: loader.load(name) for name, _count in chosen}
        with clocked() as commit:
            loader.commit()
    seconds = sum(by_table.values()) + commit.seconds
    told = {name: round(by_table[name], 3) for name, count in chosen if count > large}
    return {"seconds": seconds, "rows": sum(count for _name, count in chosen), "tables": told,
            "commit": round(commit.seconds, 3)}  # fmt: skip


class _Sqlite:
    def __init__(self, path: Path) -> None:
        self._from = sqlite3.connect(settings.DATABASES["default"]["NAME"])
        self._to = sqlite3.connect(path, isolation_level=None)
        self._to.executescript(settings.DATABASES["default"]["OPTIONS"]["init_command"])
        self._to.execute("BEGIN IMMEDIATE")

    def load(self, table: str) -> float:
        clock = Clock()
        self._to.execute(f'DELETE FROM "{table}"')  # noqa: S608 - our own tables
        rows = self._from.execute(f'SELECT * FROM "{table}"')  # noqa: S608
        while chunk := rows.fetchmany(CHUNK):
            marks = ", ".join("?" * len(chunk[0]))
            with clocked(clock):
                self._to.executemany(f'INSERT INTO "{table}" VALUES ({marks})', chunk)  # noqa: S608
        return clock.seconds

    def commit(self) -> None:
        self._to.execute("COMMIT")

    def close(self) -> None:
        self._from.close()
        self._to.close()


@contextmanager
def _sqlite(place: Place) -> Iterator[_Sqlite]:
    path = place.folder / "floor.sqlite3"
    shutil.copyfile(place.folder / "empty.sqlite3", path)
    loader = _Sqlite(path)
    try:
        yield loader
    finally:
        loader.close()
        for one in place.folder.glob("floor.sqlite3*"):
            one.unlink()


class _Postgres:
    def __init__(self, names: Sequence[str]) -> None:
        self._from = psycopg.connect(**_address(connection.settings_dict["NAME"]))
        self._to = psycopg.connect(**_address("floor"))
        with self._to.transaction():
            self._to.execute("TRUNCATE " + ", ".join(f'"{name}"' for name in names) + " CASCADE")

    def load(self, table: str) -> float:
        clock = Clock()
        with tempfile.TemporaryFile() as file:
            with self._from.cursor() as cursor, cursor.copy(f'COPY (SELECT * FROM "{table}") TO STDOUT') as copied:  # noqa: S608
                for block in copied:
                    file.write(block)
            file.seek(0)
            with clocked(clock), self._to.cursor() as cursor, cursor.copy(f'COPY "{table}" FROM STDIN') as copy:
                while block := file.read(1 << 20):
                    copy.write(block)
        return clock.seconds

    def commit(self) -> None:
        self._to.commit()

    def close(self) -> None:
        self._from.close()
        self._to.close()


@contextmanager
def _postgres(place: Place) -> Iterator[_Postgres]:
    names = [name for name, _count in tables(place)]
    connection.close()
    _admin("DROP DATABASE IF EXISTS floor", "CREATE DATABASE floor TEMPLATE empty")
    loader = _Postgres(names)
    try:
        yield loader
    finally:
        loader.close()
        _admin("DROP DATABASE IF EXISTS floor")


def _address(name: str) -> dict[str, Any]:
    known = connection.settings_dict
    given = {
        "dbname": name,
        "user": known["USER"],
        "password": known["PASSWORD"],
        "host": known["HOST"] or known["OPTIONS"].get("host"),
        "port": known["PORT"],
    }
    return {key: value for key, value in given.items() if value}


def _admin(*statements: str) -> None:
    with psycopg.connect(**_address("postgres"), autocommit=True) as admin:
        for statement in statements:
            admin.execute(statement)
