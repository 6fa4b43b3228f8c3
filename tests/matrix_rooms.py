"""The lines of the rights matrix that rooms keep in a file of their own, put together."""

from __future__ import annotations

from typing import Any

from helhet.groups.models import Group
from helhet.items.models import Item
from tests import (
    matrix_bundles,
    matrix_documents,
    matrix_editing,
    matrix_handbook,
    matrix_operations,
    matrix_routines,
    matrix_suppliers,
)
from tests.matrix import Line, Operation
from tests.world import Cast

ROOMS = (
    matrix_documents, matrix_editing, matrix_suppliers, matrix_routines, matrix_operations, matrix_handbook,
    matrix_bundles,
)  # fmt: skip

PAGES: dict[str, Line] = {name: line for room in ROOMS for name, line in room.PAGES.items()}
API: dict[str, Operation] = {name: line for room in ROOMS for name, line in room.API.items()}
HOLES: dict[str, str] = {name: sample for room in ROOMS for name, sample in room.HOLES.items()}
OTHER_HOLES: dict[str, dict[str, str]] = {start: holes for room in ROOMS for start, holes in room.OTHER_HOLES.items()}
SAME: dict[str, str] = {page: operation for room in ROOMS for page, operation in room.SAME.items()}
ALONE: dict[str, str] = {page: why for room in ROOMS for page, why in room.ALONE.items()}


def samples(cast: Cast, item: Item, group: Group | None) -> dict[str, Any]:
    """What every room points its lines at."""
    return {name: sample for room in ROOMS for name, sample in room.samples(cast, item, group).items()}
