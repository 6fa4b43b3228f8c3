"""Drawing rows at random inside the database, and asking of those that were drawn."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import BooleanField, F, Func, IntegerField

SHARES = 2**20


class Lottery(Func):
    """1 for each row with the chance `share` (0 to 1), drawn by itself, else 0. Asked anew of each row by both engines;
    Django's own Random calls Python for each on SQLite.
    """

    output_field = IntegerField()

    def __init__(self, share: float, **extra: Any) -> None:
        """`share` is taken to the millionth, about."""
        super().__init__(**extra)
        self.extra["shares"] = round(share * SHARES)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """The last twenty of 64 random bits."""
        return self.as_sql(compiler, connection, template=f"((random() & {SHARES - 1}) < %(shares)s)", **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """A number from 0 to 1."""
        return self.as_sql(compiler, connection, template=f"(random() * {SHARES} < %(shares)s)::integer", **context)


def among(column: str, ids: Iterable[int]) -> Func:
    """The condition that a column of integers is one of these, which may be thousands: written out, where Django would
    look at each several times.
    """
    numbers = ",".join(str(int(one)) for one in ids) or "NULL"
    return Func(F(column), template=f"%(expressions)s IN ({numbers})", output_field=BooleanField())
