"""What SQLite and PostgreSQL do differently, one file each, behind one protocol."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from django.db import connection
from django.db.models import DateField, JSONField, Model

from helhet.kit.engines import postgres, sqlite


class Engine(Protocol):
    """What both engines can do."""

    def insert_rows(
        self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], days: Sequence[int] | None = None
    ) -> None:
        """Insert many rows by the fastest way that keeps all constraints.

        `days` are the places in a row that hold dates or instants; when None, the first row tells.
        """

    def insert_new_rows(
        self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], days: Sequence[int] | None = None
    ) -> int:
        """Insert those rows that break no unique constraint, and leave the others; returns how many were inserted."""

    def reserve_ids(self, table: str, count: int) -> list[int]:
        """Reserve `count` ids of the table, rising, inside this transaction."""

    def scratch(self, name: str, columns: str) -> None:
        """Make an empty temporary table that lives at most as long as the connection."""

    def few(self, column: str) -> str:
        """A condition over a positive number of a temporary table that always holds and lets the planner count on few
        rows.
        """

    def json(self, value: Any) -> Any:
        """A value for a JSON column of `insert_rows`."""

    def stamp(self) -> str:
        """SQL for a number that tells a transaction's rows from those of transactions that ended before: see
        `oldest_open`.
        """

    def oldest_open(self) -> str:
        """SQL for a number: whatever bears a lower stamp, the statement sees. Rows of transactions that were under way
        bear this or a higher one.
        """

    def one_view(self) -> AbstractContextManager[None]:
        """All that is read inside is as at one moment; nobody is kept from writing. Inside a transaction it is the
        transaction's own view.
        """

    def refresh_statistics(self, *tables: str) -> None:
        """Let the planner learn of a bulk load: of these tables, or of all."""


def engine() -> Engine:
    """The engine of the default connection."""
    return postgres if connection.vendor == "postgresql" else sqlite


def table_of(model: type[Model]) -> str:
    """The quoted table name of a model."""
    return connection.ops.quote_name(model._meta.db_table)


def insert(model: type[Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows given as values of the named fields, in that order; JSON values must come through `engine().json`."""
    columns = [str(model._meta.get_field(name).column) for name in fields]  # type: ignore[union-attr]
    days = [place for place, name in enumerate(fields) if isinstance(model._meta.get_field(name), DateField)]
    engine().insert_rows(table_of(model), columns, rows, days)


def save(model: type[Model], objects: Iterable[Model], fields: Sequence[str]) -> None:
    """Write the named fields of rows that stand, as the objects have them: one statement, run for each row.

    Django's own `bulk_update` writes a branch for each row and column, which takes ten times as long.
    """
    written: list[Any] = [model._meta.get_field(name) for name in fields]
    names = ", ".join(f"{connection.ops.quote_name(field.column)} = %s" for field in written)
    key = connection.ops.quote_name(str(model._meta.pk.column))
    rows = [[*(_prepared(field, getattr(one, field.attname)) for field in written), one.pk] for one in objects]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(f"UPDATE {table_of(model)} SET {names} WHERE {key} = %s", rows)  # noqa: S608 - own names only


def _prepared(field: Any, value: Any) -> Any:
    if isinstance(field, JSONField):
        return None if value is None else engine().json(value)
    return field.get_db_prep_save(value, connection)
