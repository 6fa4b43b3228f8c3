"""How an import uses what it shares with others: time at the database, and this process's memory."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection

from helhet.kit.sqlite.turns import somebody_knocks

SECONDS = 0.8
"""How long one portion may hold the database: others wait for about as long."""
GAP = 0.11
"""The pause between portions when somebody waits; who waits for SQLite looks again at least each tenth of a second."""
FIRST, LEAST, MOST = 1_000, 200, 20_000
SELDOM = (100_000, 20, 20)


class Portions:
    """Cuts a sequence so that each portion takes about as long as it may."""

    def __init__(self, numbers: Sequence[int]) -> None:
        """Of these row numbers."""
        self._numbers = numbers

    def __iter__(self) -> Iterator[Sequence[int]]:
        """The portions; each is as large as the time that the one before took allows."""
        size, at = FIRST, 0
        while at < len(self._numbers):
            start = time.monotonic()
            yield self._numbers[at : at + size]
            at += size
            took = max(time.monotonic() - start, 0.001)
            size = max(LEAST, min(MOST, int(size * min(2.0, SECONDS / took))))


def let_others() -> None:
    """On SQLite, leave the one write lock to whoever waits for it."""
    if connection.vendor == "sqlite" and somebody_knocks(str(connection.settings_dict["NAME"])):
        time.sleep(GAP)


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Let Python look for unreachable circles less often: rows make none, and looking took a quarter of an import."""
    before = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
