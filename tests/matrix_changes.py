"""The pages and operations of changes in the rights matrix, and something to point them at."""

from __future__ import annotations

from typing import Any

from helhet.changes.actions import draft_change
from helhet.groups.models import Group
from tests.matrix import READERS, Line, Operation
from tests.world import SYSTEM

PAGES = {
    "changes:changes": Line(READERS),
    "changes:change": Line(READERS, args=("change",)),
}

OPERATIONS: dict[str, Operation] = {}


def samples(group: Group, item: str) -> dict[str, Any]:
    """A change of the group."""
    change = draft_change(by=SYSTEM, title="Byte av nod", group=group.reference, items=[item])
    return {"change": change.reference}
