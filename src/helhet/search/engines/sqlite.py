"""SQLite's FTS5 over the words in the table of entries."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection

from helhet.kit.engines import engine as tables
from helhet.search.asking import Asked, Choice
from helhet.search.models import STRIDE

CHUNK = 900


def _quoted(word: str, *, prefix: bool = False) -> str:
    text = '"' + word.replace('"', '""') + '"'
    return f"{text}*" if prefix else text


def _match(way: Choice) -> str:
    parts = [_quoted(word) for word in way.whole]
    if way.prefix:
        parts.append(_quoted(way.prefix, prefix=True))
    return "(" + " AND ".join(parts) + ")"


def ids_sql(asked: Asked) -> tuple[str, list[Any]]:
    """One MATCH."""
    text = " AND ".join("(" + " OR ".join(_match(way) for way in ways) + ")" for ways in asked.words)
    return "SELECT rowid AS id FROM search_index WHERE search_index MATCH %s", [text]


def first(asked: Asked, after: int, most: int) -> list[int]:
    """The index gives them in their order, and no more than are asked for."""
    sql, params = ids_sql(asked)
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} AND rowid > %s ORDER BY rowid LIMIT %s", [*params, after, most])
        return [number for (number,) in cursor.fetchall()]


def is_vast(asked: Asked) -> bool:
    """Never: the index gives its numbers rising, and stops at as many as are asked for."""
    del asked
    return False


def absent(words: Collection[str]) -> frozenset[str]:
    """None: the index passes over what it does not hold."""
    del words
    return frozenset()


def about(asked: Asked, most: int) -> int:
    """Counted, which the index does in no time; whole words first, since beginnings cost as much as they find."""
    number = 0
    for one in (asked.exact(), asked):
        sql, params = ids_sql(one)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM ({sql} LIMIT {most + 1}) many", params)  # noqa: S608 - own names only
            (number,) = cursor.fetchone()
        if number > most:
            break
    return int(number)


def _forget(condition: str, params: Sequence[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO search_index (search_index, rowid, words) "  # noqa: S608 - own names only
            f"SELECT 'delete', id, words FROM search_entry WHERE {condition}",
            params,
        )
        cursor.execute(f"DELETE FROM search_entry WHERE {condition}", params)  # noqa: S608


def forget(first: int, last: int, nouns: Collection[int]) -> None:
    """The index must be told the old words."""
    marks = ", ".join(["%s"] * len(nouns))
    _forget(f"id BETWEEN %s AND %s AND id %% {STRIDE} IN ({marks})", [first, last, *nouns])


def forget_these(ids: Sequence[int]) -> None:
    """As `forget`, by portions of values."""
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        _forget(f"id IN ({', '.join(['%s'] * len(part))})", part)


def add(rows: Sequence[tuple[int, str]]) -> None:
    """Into the table, and the same into the index."""
    tables().insert_rows("search_entry", ("id", "words"), rows)
    tables().insert_rows("search_index", ("rowid", "words"), rows)


def settle() -> None:
    """FTS5 merges as it is written to."""
