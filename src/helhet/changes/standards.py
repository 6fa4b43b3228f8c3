"""What standard changes have been good for, and which may be raised on an item."""

from __future__ import annotations

from collections.abc import Sequence

from helhet.changes.actions.standards import approved_of, visible_standards
from helhet.changes.models import Change, ChangeState, Outcome, StandardChange
from helhet.changes.permissions import ChangePermission
from helhet.items.models import Item
from helhet.kit.parts import Panel
from helhet.kit.rights import Caller


def use_of(standard: StandardChange) -> dict[str, int]:
    """How often it was raised, how many of those ended, and how many of these were done without faults."""
    rows = list(Change.objects.filter(standard__standard=standard).values_list("state", "outcome"))
    ended = [outcome for state, outcome in rows if state == ChangeState.CLOSED and outcome != Outcome.CANCELLED]
    return {"raised": len(rows), "ended": len(ended), "went_well": ended.count(Outcome.DONE)}


def panel(item: Item, caller: Caller) -> Sequence[Panel]:
    """Fills `estate.item_panels`: the standard changes that may be raised on the item."""
    found = visible_standards(caller)
    rows = [one for one in (*found.filter(item=item), *found.filter(kind=item.kind)) if approved_of(one) is not None]
    if not rows:
        return ()
    lines = [(one, caller.may(ChangePermission.DRAFT, Change(group_id=one.group_id))) for one in rows]
    return (Panel("changes/_standards_panel.html", {"lines": lines, "item": item}, "right", 60),)
