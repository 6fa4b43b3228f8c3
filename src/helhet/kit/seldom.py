"""Work on many rows at once, which makes no circles for Python to look for."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = (100_000, 20, 20)


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Let Python look for unreachable circles less often: rows make none, and looking took a quarter of an import."""
    before = gc.get_threshold()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
