"""The API of items and kinds. The order of the imports is the order of the addresses: one item's own comes last."""

from helhet.estate.api import items, merging, notes, impact, redundancy, one  # isort: skip
from helhet.estate.api.items import router
from helhet.estate.api.kinds import kinds_router

__all__ = ["impact", "items", "kinds_router", "merging", "notes", "one", "redundancy", "router"]
