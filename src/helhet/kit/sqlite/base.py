"""Django's backend for SQLite with two more courtesies: who begins to write is heard by whoever writes for long, and a
connection that is kept open follows the file when another is put in its place.
"""

from __future__ import annotations

from pathlib import Path

from django.db.backends.sqlite3 import base

from helhet.kit.sqlite.turns import knocking


class DatabaseWrapper(base.DatabaseWrapper):
    """As Django's."""

    _opened: tuple[int, int] | None = None

    def _start_transaction_under_autocommit(self) -> None:
        with knocking(str(self.settings_dict["NAME"])):
            super()._start_transaction_under_autocommit()  # type: ignore[misc] # not in the stubs

    def connect(self) -> None:
        """Remember which file it is."""
        super().connect()
        self._opened = self._file()

    def close_if_unusable_or_obsolete(self) -> None:
        """Between two requests: a store that was brought back from a copy is another file of the same name."""
        if self.connection is not None and not self.in_atomic_block and self._opened != self._file():
            self.close()
            return
        super().close_if_unusable_or_obsolete()

    def _file(self) -> tuple[int, int] | None:
        try:
            found = Path(str(self.settings_dict["NAME"])).stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino
