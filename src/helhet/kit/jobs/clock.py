"""The clock that all workers share."""

from __future__ import annotations

from datetime import UTC, datetime

from django.db import connection
from django.utils import timezone


def database_now() -> datetime:
    """The database's clock, in UTC: on PostgreSQL one for all hosts, on SQLite this host's.

    It says when waiting ends and which slot is due. It never ends a lease: a clock can jump (see `lease.Watch`).
    """
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (now,) = cursor.fetchone()
    return now.astimezone(UTC)  # type: ignore[no-any-return]
