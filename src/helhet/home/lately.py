"""What the frame of every page shows of the whole, kept until something happens."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache
from django.utils import timezone

KEPT_SECONDS = 60
"""At the longest: what is not told by an event, or by one that was written before another and kept after it."""
T = TypeVar("T")


def until_next_event(name: str, event_id: int, make: Callable[[], T]) -> T:
    """What `make` gave when `event_id` was the newest event (`figures.last_event`), on this day."""
    key = f"home.lately.{name}.{event_id}.{timezone.localdate()}"
    kept: tuple[T] | None = cache.get(key)
    if kept is None:
        kept = (make(),)
        cache.set(key, kept, KEPT_SECONDS)
    return kept[0]
