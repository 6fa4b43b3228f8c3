"""Django's backend for SQLite with one more courtesy: who begins to write is heard by whoever writes for long."""

from __future__ import annotations

from django.db.backends.sqlite3 import base

from helhet.kit.sqlite.turns import knocking


class DatabaseWrapper(base.DatabaseWrapper):
    """As Django's."""

    def _start_transaction_under_autocommit(self) -> None:
        with knocking(str(self.settings_dict["NAME"])):
            super()._start_transaction_under_autocommit()  # type: ignore[misc] # not in the stubs
