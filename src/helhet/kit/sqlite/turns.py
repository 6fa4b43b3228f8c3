"""Taking turns at SQLite's one write lock.

SQLite keeps no queue: who finds the lock taken looks again at least each tenth of a second, and misses a pause that is
shorter. So a writer knocks, with a shared lock on an empty file beside the database, for as long as it waits; who has
many portions to write pauses between two of them only when somebody knocks. The locks go with their processes.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager


def _open(database: str) -> int | None:
    """The file beside the database, opened; None for a database in memory, and where it cannot be opened: on a full
    disk, or when somebody else made it. Turns are a courtesy, for which no save may fail.
    """
    if database.startswith("file:") or database == ":memory:":
        return None
    try:
        return os.open(f"{database}-turns", os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError:
        return None


@contextmanager
def knocking(database: str) -> Iterator[None]:
    """Let others hear that somebody waits to write to this database file."""
    handle = _open(database)
    if handle is None:
        yield
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_SH)
        yield
    finally:
        os.close(handle)


def somebody_knocks(database: str) -> bool:
    """Whether some process or thread waits to write at this moment, or may do so, when that cannot be heard."""
    handle = _open(database)
    if handle is None:
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False
