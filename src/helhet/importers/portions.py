"""How an import uses what it shares with others: time at the database."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from django.db import connection

from helhet.kit.sqlite.turns import somebody_knocks

CHUNK_SECONDS = 0.4
"""How long a chunk may take: whoever waits for SQLite is let in after the chunk under way."""
LONGEST = {"sqlite": 3.0, "postgresql": 0.8}
"""How long a portion may hold the database. On SQLite it ends earlier when somebody waits; the longer it is, the fewer
pages are written more than once. On PostgreSQL only those wait who make items of the same kinds, and nobody hears them.
"""
GAP = 0.11
"""The pause between portions when somebody waits; who waits for SQLite looks again at least each tenth of a second."""
FIRST, LEAST, MOST = 500, 200, 20_000
MOST_PAGES = 100
"""Pages in a chunk, each of which may be some megabytes."""


class Portions:
    """Cuts a sequence into portions, each a transaction, and these into chunks that take about as long as they may."""

    def __init__(self, numbers: Sequence[int], most: int | None = None) -> None:
        """Of these row numbers, at most so many in a chunk."""
        self._numbers = numbers
        self._at = 0
        self._most = most or MOST
        self._size = min(FIRST, self._most)

    def __iter__(self) -> Iterator[Iterator[Sequence[int]]]:
        """The portions, one after the other: each must be gone through before the next."""
        while self._at < len(self._numbers):
            yield self._portion()

    def _portion(self) -> Iterator[Sequence[int]]:
        begun = time.monotonic()
        while self._at < len(self._numbers):
            start = time.monotonic()
            chunk = self._numbers[self._at : self._at + self._size]
            self._at += len(chunk)
            yield chunk
            now = time.monotonic()
            size = max(LEAST, int(self._size * min(2.0, CHUNK_SECONDS / max(now - start, 0.001))))
            self._size = min(size, self._most)
            if now - begun >= LONGEST[connection.vendor] or others_wait():
                return


def others_wait() -> bool:
    """Whether somebody waits for SQLite's one write lock."""
    return connection.vendor == "sqlite" and somebody_knocks(str(connection.settings_dict["NAME"]))


def let_others() -> None:
    """On SQLite, leave the one write lock to whoever waits for it."""
    if others_wait():
        time.sleep(GAP)
