"""A question that is put into SQL once, and then asked of other numbers: Django composes it slower than it is answered.

It may be kept as long as nothing in it depends on when, or for whom, it was composed.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet


class Composed:
    """Rows of values, as the database's driver gives them, of those whose number is among some."""

    def __init__(self, rows: QuerySet[Any, Any], number: str) -> None:
        """`rows` are values without order or limit, one of which, called `number`, is the number."""
        self._number = connection.ops.quote_name(number)
        self._composed: tuple[str, tuple[Any, ...]] | None = None
        try:
            self._composed = rows.query.sql_with_params()
        except EmptyResultSet:
            # Of what nothing can meet there is no SQL.
            return

    def among(self, numbers: Collection[int], most: int | None = None) -> list[tuple[Any, ...]]:
        """The rows of these numbers, rising by number; at most so many."""
        if self._composed is None or not numbers:
            return []
        sql, params = self._composed
        here = ",".join(map(str, map(int, numbers)))
        limit = "" if most is None else f" LIMIT {int(most)}"
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT composed.* FROM ({sql}) composed "  # noqa: S608 - whole numbers, and a name of ours
                f"WHERE composed.{self._number} IN ({here}) ORDER BY composed.{self._number}{limit}",
                params,
            )
            return list(cursor.fetchall())
