"""The API of changes, noun by noun: `router` with all that stands below a change, and positions given in advance."""

from helhet.changes.api import changes as _changes  # noqa: F401
from helhet.changes.api import positions as _positions  # noqa: F401
from helhet.changes.api import steps as _steps  # noqa: F401
from helhet.changes.api.router import advances_router, router

__all__ = ["advances_router", "router"]
