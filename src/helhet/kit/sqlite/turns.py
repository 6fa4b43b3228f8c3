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


def _file(database: str) -> str | None:
    """The file beside the database; None for one that lives in memory."""
    return None if database.startswith("file:") or database == ":memory:" else f"{database}-turns"


@contextmanager
def knocking(database: str) -> Iterator[None]:
    """Let others hear that somebody waits to write to this database file."""
    name = _file(database)
    if name is None:
        yield
        return
    handle = os.open(name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH)
        yield
    finally:
        os.close(handle)


def somebody_knocks(database: str) -> bool:
    """Whether some process or thread waits to write at this moment."""
    name = _file(database)
    if name is None:
        return False
    handle = os.open(name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False
