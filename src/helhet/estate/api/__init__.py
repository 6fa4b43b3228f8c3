"""The API of items and kinds. The order of the imports is the order of the addresses: one item's own comes last."""

from helhet.estate.api import items, merging, notes, dependencies, seen, impact, redundancy, one  # isort: skip
from helhet.estate.api.findings import dependencies_router
from helhet.estate.api.items import router
from helhet.estate.api.kinds import kinds_router
from helhet.estate.api.types import types_router
from helhet.estate.api.weak import router as weak_router

__all__ = [
    "dependencies",
    "dependencies_router",
    "impact",
    "items",
    "kinds_router",
    "merging",
    "notes",
    "one",
    "redundancy",
    "router",
    "seen",
    "types_router",
    "weak_router",
]
