"""SQLite's ways."""

from __future__ import annotations

import datetime as dt
import functools
import itertools
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import orjson
from django.db import connection


@functools.lru_cache(maxsize=1_000)
def _plain(value: dt.date) -> str:
    """Django keeps instants as naive UTC text and days as ISO text."""
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).replace(tzinfo=None).isoformat(" ")
    return value.isoformat()


def _insert(
    verb: str, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], days: Sequence[int] | None
) -> int:
    names = ", ".join(connection.ops.quote_name(name) for name in columns)
    marks = ", ".join("?" * len(columns))
    if days is None:
        rows = iter(rows)
        first = next(rows, ())
        days = [place for place, value in enumerate(first) if isinstance(value, dt.date | None)]
        rows = itertools.chain([first] if first else [], rows)
    connection.ensure_connection()
    raw = connection.connection.cursor()
    try:
        raw.executemany(f"{verb} INTO {table} ({names}) VALUES ({marks})", _with_days(rows, days) if days else rows)
        return int(raw.rowcount)
    finally:
        raw.close()


def _with_days(rows: Iterable[Sequence[Any]], days: Sequence[int]) -> Iterator[Sequence[Any]]:
    for row in rows:
        changed = list(row)
        for place in days:
            value = changed[place]
            if value is not None and isinstance(value, dt.date):
                changed[place] = _plain(value)
        yield changed


def insert_rows(
    table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], days: Sequence[int] | None = None
) -> None:
    """One prepared statement, run for each row."""
    _insert("INSERT", table, columns, rows, days)


def insert_new_rows(
    table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], days: Sequence[int] | None = None
) -> int:
    """Rows that break a unique constraint are left."""
    return _insert("INSERT OR IGNORE", table, columns, rows, days)


def reserve_ids(table: str, count: int) -> list[int]:
    """The write lock is held (transactions begin IMMEDIATE), so nobody can take the next numbers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table.strip('"')])
        row = cursor.fetchone()
        cursor.execute(f"SELECT max(id) FROM {table}")  # noqa: S608 - own names only
        (highest,) = cursor.fetchone()
    first = max(row[0] if row else 0, highest or 0) + 1
    return list(range(first, first + count))


def scratch(name: str, columns: str) -> None:
    """Temporary tables live in memory."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE IF NOT EXISTS {name} ({columns})")
        cursor.execute(f"DELETE FROM {name}")  # noqa: S608 - own names only


def few(column: str) -> str:
    """Of a temporary table nothing is known, so a million rows are counted on: enough to build a Bloom filter, for each
    statement anew, by reading the whole of an index of all items.
    """
    return f"likelihood({column} > 0, 0.0001)"


def json(value: Any) -> str:
    """JSON is text."""
    return orjson.dumps(value).decode()


def stamp() -> str:
    """One transaction writes at a time, so rows become visible in the order of their ids, and need no stamp."""
    return "0"


def oldest_open() -> str:
    """Nothing bears so high a stamp."""
    return "1"


@contextmanager
def one_view() -> Iterator[None]:
    """A deferred transaction reads as of its first statement. Django's own would take the lock for writing."""
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def refresh_statistics(*tables: str) -> None:
    """Bounded, so that it takes no longer on a large table. A table that was never looked at counts as a large one."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA analysis_limit=1000")
        for table in tables or ("",):
            cursor.execute(f"ANALYZE {table}")
        _count_truly(cursor, tables)


def _count_truly(cursor: Any, tables: tuple[str, ...]) -> None:
    """A bounded look guesses the length of a table by each of its indexes on its own, and misses by half: the planner
    then sorts a whole register by way of the index that it takes for the shortest. Counting is quick, so all get the
    true length; the guesses at how many rows are alike stay.
    """
    cursor.execute("SELECT DISTINCT tbl FROM sqlite_stat1 JOIN sqlite_schema ON name = tbl WHERE rootpage > 0")
    for (table,) in cursor.fetchall():
        if tables and table not in tables:
            continue
        cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608 - the name of a table that stands
        (length,) = cursor.fetchone()
        cursor.execute(
            "UPDATE sqlite_stat1 SET stat = %s || substr(stat, instr(stat, ' ')) WHERE tbl = %s AND instr(stat, ' ')"
            " AND idx IN (SELECT name FROM pragma_index_list(%s) WHERE NOT partial)",
            [str(length), table, table],
        )
    cursor.execute("ANALYZE sqlite_schema")
