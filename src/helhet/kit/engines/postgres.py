"""PostgreSQL's ways."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from typing import Any

import orjson
from django.db import connection, transaction

FEW_ROWS = 50
FEW_BYTES = 8 * 8_192
"""Below the ten pages that the planner takes any table for at which nobody looked."""


def _names(columns: Sequence[str]) -> str:
    return ", ".join(connection.ops.quote_name(name) for name in columns)


def insert_rows(
    table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], days: Sequence[int] | None = None
) -> None:
    """COPY."""
    del days
    with (
        connection.cursor() as cursor,
        cursor.cursor.copy(f"COPY {table} ({_names(columns)}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def insert_new_rows(
    table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], days: Sequence[int] | None = None
) -> int:
    """COPY into a temporary table, then into the real one where nothing stands in the way; a few rows at once."""
    rows = iter(rows)
    first = list(islice(rows, FEW_ROWS))
    with connection.cursor() as cursor:
        if len(first) < FEW_ROWS:
            cursor.executemany(
                f"INSERT INTO {table} ({_names(columns)}) VALUES ({', '.join(['%s'] * len(columns))}) "  # noqa: S608 - own names only
                "ON CONFLICT DO NOTHING",
                first,
            )
            return int(cursor.rowcount) if first else 0
        cursor.execute("DROP TABLE IF EXISTS pg_temp.incoming")
        cursor.execute(f"CREATE TEMP TABLE incoming ON COMMIT DROP AS SELECT {_names(columns)} FROM {table} LIMIT 0")  # noqa: S608 - own names only
        insert_rows("incoming", columns, chain(first, rows), days)
        cursor.execute(
            f"INSERT INTO {table} ({_names(columns)}) SELECT {_names(columns)} FROM incoming ON CONFLICT DO NOTHING"  # noqa: S608
        )
        made = int(cursor.rowcount)
        cursor.execute("DROP TABLE pg_temp.incoming")
    return made


def reserve_ids(table: str, count: int) -> list[int]:
    """Numbers of the sequence; others may take theirs in between, so they need not follow each other."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(s.name) FROM (SELECT pg_get_serial_sequence(%s, 'id') AS name) s, generate_series(1, %s)",
            [table, count],
        )
        return [number for (number,) in cursor.fetchall()]


def scratch(name: str, columns: str) -> None:
    """Kept by the connection between transactions, emptied at each use. Nobody vacuums it, so what is large is cut off;
    that gives it new files, and costs ten times what deleting a few rows does.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_size(to_regclass(%s))", [f"pg_temp.{name}"])
        (size,) = cursor.fetchone()
        if size is None:
            cursor.execute(f"CREATE TEMP TABLE {name} ({columns})")
        elif size > FEW_BYTES:
            cursor.execute(f"TRUNCATE {name}")
        elif size:
            cursor.execute(f"DELETE FROM {name}")  # noqa: S608 - own names only


def few(column: str) -> str:
    """The planner looks at the table itself."""
    return f"{column} > 0"


def json(value: Any) -> str:
    """JSON is written as text and parsed by the server."""
    return orjson.dumps(value).decode()


def stamp() -> str:
    """The number of the transaction."""
    return "pg_current_xact_id()::text::bigint"


def oldest_open() -> str:
    """The lowest number of a transaction that has not ended; ids of rows are given out of order."""
    return "pg_snapshot_xmin(pg_current_snapshot())::text::bigint"


@contextmanager
def one_view() -> Iterator[None]:
    """Every statement of the transaction sees what the first one does."""
    is_own = not connection.in_atomic_block
    with transaction.atomic():
        if is_own:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def refresh_statistics(*tables: str) -> None:
    """ANALYZE samples, so it takes no longer on a large table."""
    with connection.cursor() as cursor:
        for table in tables or ("",):
            cursor.execute(f"ANALYZE {table}")
