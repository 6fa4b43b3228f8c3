"""PostgreSQL's tsvector of exactly our words, with a GIN index. The server analyses nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.db import connection

from helhet.kit.engines import engine as tables
from helhet.search.asking import Asked, Choice
from helhet.search.models import STRIDE


def _quoted(word: str, *, prefix: bool = False) -> str:
    text = "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
    return f"{text}:*" if prefix else text


def _match(way: Choice) -> str:
    parts = [_quoted(word) for word in way.whole]
    if way.prefix:
        parts.append(_quoted(way.prefix, prefix=True))
    return "(" + " & ".join(parts) + ")"


def _query(asked: Asked) -> str:
    return " & ".join("(" + " | ".join(_match(way) for way in ways) + ")" for ways in asked.words)


def ids_sql(asked: Asked) -> tuple[str, list[Any]]:
    """By the index."""
    return "SELECT id FROM search_entry WHERE vector @@ %s::tsquery", [_query(asked)]


def about(asked: Asked, most: int) -> int:
    """What the planner expects from its statistics of words. To count, each row that is met would have to be read."""
    del most
    sql, params = ids_sql(asked)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
        (plans,) = cursor.fetchone()
    return int(plans[0]["Plan"]["Plan Rows"])


def forget(first: int, last: int, nouns: Collection[int]) -> None:
    """The index follows by itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM search_entry WHERE id BETWEEN %s AND %s AND id %% {STRIDE} = ANY(%s)",  # noqa: S608 - a number
            [first, last, list(nouns)],
        )


def forget_these(ids: Sequence[int]) -> None:
    """All at once."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM search_entry WHERE id = ANY(%s)", [list(ids)])


def add(rows: Sequence[tuple[int, str]]) -> None:
    """COPY; the vector is made from the words."""
    tables().insert_rows("search_entry", ("id", "words"), rows)


def settle() -> None:
    """What waits beside the index is read from end to end by each question, and makes the planner shun the index."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('search_entry_vector')")
    tables().refresh_statistics("search_entry")
