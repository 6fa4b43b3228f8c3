"""What takes long to tell and alters only when something happens, kept until then.

Every change writes an event in its own transaction (ARCHITECTURE.md), so what stands in the database is another as soon
as there is a newer event. On PostgreSQL an event can be kept after one with a higher number; there its snapshot tells.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import TypeVar

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone

from helhet.journal.models import Event

KEPT_SECONDS = 60
"""At the longest, for what no event tells of."""
T = TypeVar("T")


def last_event() -> int:
    """The number of the newest event; 0 when there is none."""
    with connection.cursor() as cursor:
        # Asked by every page: to compose it takes longer than to answer it.
        cursor.execute(f"SELECT max(id) FROM {Event._meta.db_table}")  # noqa: S608 - ours
        (number,) = cursor.fetchone()
    return int(number or 0)


def now_standing() -> str:
    """A mark of all that has been kept: as long as it is the same, so is what one reads."""
    if connection.vendor != "postgresql":
        return str(last_event())
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_current_snapshot()::text, max(id) FROM {Event._meta.db_table}")  # noqa: S608 - ours
        return "{}.{}".format(*cursor.fetchone())


def standing_for(request: HttpRequest) -> str:
    """The mark when a page first asked for it: its frame and its content ask once."""
    mark: str | None = getattr(request, "standing", None)
    if mark is None:
        mark = now_standing()
        request.standing = mark  # type: ignore[attr-defined] # ours
    return mark


def while_standing(name: str, mark: str, make: Callable[[], T], *, worth: Callable[[T], bool] | None = None) -> T:
    """What `make` gave when `mark` (`now_standing`) was this, on this day. `name` tells all else that it depends on.

    What is not `worth` its memory is made each time. What was kept comes as a copy, so whoever gets it may alter it.
    """
    key = f"lately.{sha256(f'{name} {mark} {timezone.localdate()}'.encode()).hexdigest()}"
    kept: tuple[T] | None = cache.get(key)
    if kept is None:
        kept = (make(),)
        if worth is None or worth(kept[0]):
            cache.set(key, kept, KEPT_SECONDS)
    return kept[0]
