"""What one reading request has found, so that the parts of its page ask the database once for what they share.

Only requests that change nothing (GET and HEAD) remember, and only until their answer is made; everywhere else what is
asked for is found anew each time. What depends on who asks must have the caller in its key.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")

_found: ContextVar[dict[Hashable, Any] | None] = ContextVar("helhet_found", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Inside, `once` finds a thing at most once."""
    token = _found.set({})
    try:
        yield
    finally:
        _found.reset(token)


def once(key: Hashable, find: Callable[[], T]) -> T:
    """What `find` gives; inside `remembering` what it gave the first time under this key. Not to be altered."""
    found = _found.get()
    if found is None:
        return find()
    if key not in found:
        found[key] = find()
    return found[key]  # type: ignore[no-any-return]
