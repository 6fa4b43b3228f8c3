"""The rights matrix of controlled documents, and something to point it at."""

from __future__ import annotations

from typing import Any

from helhet.groups.models import Group
from helhet.items.models import Item
from tests.matrix import READERS, Line, Operation
from tests.world import Cast

PAGES: dict[str, Line] = {
    "documents:markdown": Line(READERS),
}
API: dict[str, Operation] = {
    "GET /document-figures": Operation(READERS, writes=False),
    "GET /document-pages": Operation(READERS, writes=False),
}
# Which sample stands in a hole of a path, and where the beginning of a path says that a hole means something else.
HOLES: dict[str, str] = {}
OTHER_HOLES: dict[str, dict[str, str]] = {}
# For each page that changes something, and each that gives a file, the operation that does the same.
SAME: dict[str, str] = {
    "documents:markdown": "GET /document-pages",
}
# What belongs to the browser alone, and why.
ALONE: dict[str, str] = {}


def samples(cast: Cast, item: Item, group: Group | None) -> dict[str, Any]:
    """By name what stands in the holes. The things are the group's, or nobody's."""
    del cast, item, group
    return {}
